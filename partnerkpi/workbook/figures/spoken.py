"""What was counted of people and of their comments by period: facts, for nobody can count them from the tallies."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.workbook.figures.base import Figure, Month
from partnerkpi.workbook.figures.themes import counted
from partnerkpi.workbook.model.say import say
from partnerkpi.workbook.model.theme import COUNT


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        _fact("people", say("People who answered"), lambda m: _people(m, "people")),
        _fact("returning", say("Of them, answered before"), lambda m: _people(m, "returning")),
        _fact("commentable", say("Answers that were read for comments"), lambda m: _comments(m)[0]),
        _fact("comments", say("Answers with a comment"), lambda m: _comments(m)[1]),
        _fact("no_theme", say("Comments on no theme"), lambda m: _comments(m)[2]),
    ]


def _fact(key: str, label: str, value: Callable[[Month], int]) -> Figure:
    return Figure(key, label, lambda _: "0", value, COUNT, fact=True)


def _people(m: Month, which: str) -> int:
    known = m.card.people.get(m.card.periods[m.number - 1])
    return int(getattr(known, which)) if known is not None else 0


def _comments(m: Month) -> tuple[int, int, int]:
    return counted(m.card, m.card.periods[m.number - 1])
