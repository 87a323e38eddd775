"""List every sentence that claims something of chance, from the message files, with the method and the test behind it.

`python docs/list_claims.py` prints the table of docs/methods.md; with `--write` it puts it there. A sentence that no
rule below knows is an error: find what shows it, and add a rule.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
METHODS = ROOT / "docs" / "methods.md"
LANGUAGE = ROOT / "partnerkpi" / "language"
#: What stands in a sentence that claims something.
_CLAIMS = re.compile(
    r"chance|\{certainty\}|\{moved\}|\{interval\}|too few (?:answers|partners) to|\bshown to|stand for others"
    r"|of these partners|[Bb]etween \{low\}|\{share\} % interval|Wilson|±\{|if all (?:of them )?were|about as in"
    r"|misses \d+ times|full count|seldom",
    re.IGNORECASE,
)
_INTERVALS, _CHANGE = "two-intervals-of-one-nps", "change-of-an-nps"
#: Sentences that match, what shows them in docs/methods.md, and the tests; the first rule that matches counts.
_RULES: tuple[tuple[str, str, str], ...] = (
    (r"stand for others|of these partners", _INTERVALS, "kpi/test_clustered.py, cases/test_two_intervals.py"),
    (r"full count|Everybody answered", _INTERVALS, "cases/test_two_intervals.py"),
    (r"did not answer|if all", "response-quality", "cases/test_two_intervals.py"),
    (r"Customer retention is|Retained customers in percent of the", "rewards", "kpi/test_retention.py"),
    (r"Influence|retained|their rate is", "influence-share", "kpi/test_retention.py, kpi/test_movement.py"),
    (r"shown to set them apart|shown to$", "words-that-set-detractors-apart", "kpi/test_words.py"),
    (r"Nothing is shown|seldom shows any", "alerts", "kpi/test_false_alarms.py, scorecard/review/test_alerts.py"),
    (r"active|advocate|activity", "change-of-the-active-share-of-the-same-partners", "kpi/test_conditional.py"),
    (r"compared|\{up\} up|judged together", "many-changes-at-once", "kpi/test_false_alarms.py, kpi/test_movement.py"),
    (r"[Ii]nterval|±|misses|[Bb]etween", _INTERVALS, "kpi/test_scores.py, kpi/test_clustered.py"),
    (
        r"[Cc]hance|certainty|moved|about as in|too few answers",
        "change-of-an-nps",
        "kpi/test_conditional.py, kpi/test_false_alarms.py",
    ),
)


def sentences() -> list[str]:
    """Return the sentences of workbook and mail that claim something, in English, in the order of the alphabet."""
    workbook = tomllib.loads((LANGUAGE / "workbook" / "de.toml").read_text(encoding="utf-8"))
    mail = tomllib.loads((LANGUAGE / "en.toml").read_text(encoding="utf-8"))
    return sorted(
        {text for text in (*workbook, *_texts(mail)) if _CLAIMS.search(text) and not text.startswith("Please")},
        key=str.casefold,
    )


def _texts(part: Mapping[str, Any]) -> Iterator[str]:
    for value in part.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from _texts(value)


def table() -> str:
    """Return the table of all sentences: what is said, the section that says how it is shown, the tests."""
    lines = ["| said | how it is shown | tests |", "|---|---|---|"]
    for text in sentences():
        known = next(((where, tests) for shape, where, tests in _RULES if re.search(shape, text)), None)
        if known is None:
            raise ValueError(f"no rule knows what shows this: {text}")
        anchor, tests = known
        said = " ".join(text.split()).replace("|", "\\|")
        lines.append(f"| {said} | [{anchor.replace('-', ' ')}](#{anchor}) | {tests} |")
    return "\n".join([*lines, ""])


def written(methods: str) -> str:
    """Return docs/methods.md with the table; ValueError where it has no place for it."""
    methods, places = re.subn(
        r"(?<=<!-- sentences -->\n).*?(?=<!-- end -->)", lambda _: table(), methods, flags=re.DOTALL
    )
    if places != 1:
        raise ValueError(f"docs/methods.md has {places} places for the sentences: <!-- sentences -->")
    return methods


def main() -> None:
    """Print the table, or write it."""
    if "--write" in sys.argv:
        METHODS.write_text(written(METHODS.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table())


if __name__ == "__main__":
    main()
