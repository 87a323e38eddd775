"""`partnerkpi guide`: what each KPI is for, how it is measured and what to do with it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from partnerkpi.cli.declared import argument, option
from partnerkpi.cli.options import LanguageName
from partnerkpi.cli.terminal import echo, echo_json, window
from partnerkpi.guide import KPIS

if TYPE_CHECKING:
    from partnerkpi.guide import KpiGuide


class GuideFormat(StrEnum):
    """How the guide is printed."""

    text = "text"
    markdown = "markdown"
    json = "json"


def guide(
    kpi: Annotated[str | None, argument("[KPI]", "nps, advocacy or retention; all three if left out.", *KPIS)] = None,
    output: Annotated[GuideFormat, option("--format", "How to print it.")] = GuideFormat.text,
    language: Annotated[LanguageName, option("--language", "The language of its words.")] = LanguageName.en,
) -> None:
    """Print the twelve attributes of a KPI: definition, formula, questions to ask, what to do, what to beware of.

    \b
    Example:
      partnerkpi guide nps
    """
    from partnerkpi.guide import as_dict, as_markdown, as_text, guides
    from partnerkpi.guide import guide as one

    chosen = guides(language.value) if kpi is None else (one(kpi, language.value),)
    if language is not LanguageName.en:
        chosen = tuple(_with_titles(each, language.value) for each in chosen)
    if output is GuideFormat.json:
        echo_json([as_dict(each) for each in chosen])
        return
    width = min(100, window() or 100)
    pages = [as_markdown(each) if output is GuideFormat.markdown else as_text(each, width=width) for each in chosen]
    echo("\n\n".join(page.strip("\n") for page in pages))


def _with_titles(guide: KpiGuide, code: str) -> KpiGuide:
    """Return a guide whose attributes have the titles of a language."""
    from partnerkpi.language import language

    echo = language(code)
    return replace(guide, attributes=tuple(replace(one, title=echo.translate(one.title)) for one in guide.attributes))
