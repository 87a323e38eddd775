"""What was counted of people and of their comments by period: facts, for nobody can count them from the tallies."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.workbook.figures.base import Figure, PeriodFigures
from partnerkpi.workbook.figures.themes import counted
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import translate


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        _fact("people", translate("People who answered"), lambda m: _people(m, "people")),
        _fact("returning", translate("Of them, answered before"), lambda m: _people(m, "returning")),
        _fact("commentable", translate("Answers that were read for comments"), lambda m: _comments(m)[0]),
        _fact("comments", translate("Answers with a comment"), lambda m: _comments(m)[1]),
        _fact("no_theme", translate("Comments on no theme"), lambda m: _comments(m)[2]),
    ]


def _fact(key: str, label: str, value: Callable[[PeriodFigures], int]) -> Figure:
    return Figure(key, label, lambda _: "0", value, COUNT, fact=True)


def _people(m: PeriodFigures, which: str) -> int:
    known = m.card.people.get(m.card.periods[m.number - 1])
    return int(getattr(known, which)) if known is not None else 0


def _comments(m: PeriodFigures) -> tuple[int, int, int]:
    return counted(m.card, m.card.periods[m.number - 1])
