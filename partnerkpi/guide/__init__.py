"""The twelve attributes of each KPI, as data: what it means, how to read it, what to do about it.

The words are in nps.toml, advocacy.toml and retention.toml beside this module, in other languages in the folder of the
language. A text of several lines is one string with line ends (definition, standard formula) or a tuple of sentences
(the other ten). No line is longer than `LINE_LIMIT`, so that each fits a worksheet cell. What a reader types or looks
up by name stands in `backticks`.
"""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import MappingProxyType

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError

#: The KPIs in the order in which every page, sheet and list shows them.
KPIS = ("nps", "advocacy", "retention")

#: Key and heading of the twelve attributes, in order.
ATTRIBUTE_TITLES = MappingProxyType(
    {
        "definition": "Definition",
        "business_insights": "Business insights",
        "measurement_approach": "Measurement approach",
        "standard_formula": "Standard formula",
        "trend_analysis": "Trend analysis",
        "diagnostic_questions": "Diagnostic questions",
        "actionable_tips": "Actionable tips",
        "visualisation_suggestions": "Visualisation suggestions",
        "risk_warnings": "Risk warnings",
        "tools_and_technology": "Tools and technology",
        "integration_points": "Integration points",
        "change_impact": "Change impact",
    }
)

#: Characters in the longest line.
LINE_LIMIT = 300

_PAGE_HEAD = """\
# The three KPIs, in twelve attributes each

What each figure means, how to measure it, which other explanations to rule out and what to do next. The terminal
shows the same text with `partnerkpi guide`, or for one KPI with `partnerkpi guide nps`; every scorecard carries it on
its Guide sheet. The arithmetic in full is in [What every number means](definitions.md).
"""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One of the twelve: a text, or a tuple of sentences where it is a list."""

    key: str
    title: str
    text: str | tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the text line by line, one worksheet cell each, whichever form it has."""
        return tuple(self.text.splitlines()) if isinstance(self.text, str) else self.text


@dataclass(frozen=True, slots=True)
class KpiGuide:
    """One KPI: its key, its name, the question it answers and the twelve attributes in order."""

    kpi: str
    title: str
    question: str
    attributes: tuple[Attribute, ...]


def guide(kpi: str, language: str = "en") -> KpiGuide:
    """Return the guide of one KPI: "nps", "advocacy" or "retention", or the KPI's whole name.

    Upper case and outer blanks do not matter. Raises `UsageError`, with the nearest KPI, for any other name.
    """
    wanted = kpi.strip().lower()
    names = {name.lower(): found for found in guides(language) for name in (found.kpi, found.title)}
    if wanted in names:
        return names[wanted]
    from difflib import get_close_matches

    near = get_close_matches(wanted, names, n=1, cutoff=0.4)
    hint = f"; did you mean {names[near[0]].kpi!r}?" if near else "."
    raise UsageError(f"no KPI is called {kpi!r}{hint} The KPIs are {', '.join(KPIS)}.")


@cache
def guides(language: str = "en") -> tuple[KpiGuide, ...]:
    """Return the guides of all KPIs in their fixed order, in English, "de", "fr" or "es".

    The titles of the attributes are English in all of them; `partnerkpi.language` translates these.
    """
    return tuple(_load(kpi, language) for kpi in KPIS)


def as_text(guide: KpiGuide, width: int = 100) -> str:
    """Return a guide as plain text for a terminal, wrapped at `width` characters; a command stays on one line."""
    blocks = [f"{guide.title}\n{'=' * len(guide.title)}\n{textwrap.fill(guide.question, width)}"]
    blocks += ["\n".join([each.title.upper(), *_wrapped(each, width)]) for each in guide.attributes]
    return "\n\n".join(blocks) + "\n"


def as_markdown(guide: KpiGuide) -> str:
    """Return a guide as a section of Markdown: the KPI is a second-level heading, each attribute a third-level one."""
    blocks = [f"## {guide.title}", f"*{guide.question}*"]
    for attribute in guide.attributes:
        blocks.append(f"### {attribute.title}")
        if isinstance(attribute.text, str):
            blocks.extend(attribute.lines)
        else:
            blocks.append("\n".join(f"- {line}" for line in attribute.lines))
    return "\n\n".join(blocks) + "\n"


def as_dict(guide: KpiGuide) -> dict[str, object]:
    """Return a guide as JSON can hold it: lists stay lists, the order of the attributes is kept."""
    attributes = [
        {"key": each.key, "title": each.title, "text": each.text if isinstance(each.text, str) else list(each.text)}
        for each in guide.attributes
    ]
    return {"kpi": guide.kpi, "title": guide.title, "question": guide.question, "attributes": attributes}


def page() -> str:
    """Return all guides as one Markdown page: docs/guide.md is this text, and a test keeps it so."""
    return "\n".join([_PAGE_HEAD, *(as_markdown(each) for each in guides())])


def _load(kpi: str, language: str) -> KpiGuide:
    folder = Path(__file__).parent / ("" if language == "en" else language)
    data = tomllib.loads((folder / f"{kpi}.toml").read_text(encoding="utf-8"))
    texts: dict[str, str | list[str]] = data["attributes"]
    attributes = (
        Attribute(key, title, text.strip() if isinstance(text := texts[key], str) else tuple(text))
        for key, title in ATTRIBUTE_TITLES.items()
    )
    return KpiGuide(data["kpi"], data["title"], data["question"], tuple(attributes))


def _wrapped(attribute: Attribute, width: int) -> Iterator[str]:
    """Yield the lines of one attribute for a terminal, indented, list items with a dash."""
    first, rest = ("  ", "  ") if isinstance(attribute.text, str) else ("  - ", "    ")
    wrapper = textwrap.TextWrapper(
        width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    for line in attribute.lines:
        # Blanks inside backticks are hidden from the wrapping, so that a command can be copied from one line.
        parts = line.split("`")
        parts[1::2] = [part.replace(" ", "\0") if len(part) + 2 <= width - len(rest) else part for part in parts[1::2]]
        yield wrapper.fill("`".join(parts)).replace("\0", " ")
