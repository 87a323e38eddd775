"""Which period a period is compared with, and what is judged together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from partnerkpi.kpi.movement import ActivityChange, judged_together
from partnerkpi.kpi.scores import Change, Word
from partnerkpi.periods import MONTHS, Period

Against = Literal["previous", "year"]
AGAINST: tuple[Against, ...] = ("previous", "year")


def earlier(periods: Sequence[str], period: str, kind: Period, against: Against) -> str | None:
    """Return the period before, or the same one a year before; None where the data do not go back so far.

    `periods` are in order and without a gap, as `periods.gapless` returns them, so their place is enough: it does not
    matter how a fiscal year is labelled.
    """
    if kind == "all":
        return None
    place = periods.index(period) - (1 if against == "previous" else 12 // MONTHS[kind])
    return periods[place] if place >= 0 else None


@dataclass(frozen=True, slots=True)
class Judged:
    """A change of one figure on its own, and as one of those that were judged together with it.

    The total is a question of its own: its `together` is its `change`.
    """

    change: Change | ActivityChange
    together: Change | ActivityChange

    @property
    def word(self) -> Word:
        """Return what may be said: "up", "down" or "cannot tell"."""
        return self.together.word


def judged(
    whole: Change | ActivityChange, others: Sequence[Change | ActivityChange], confidence: float
) -> tuple[Judged, list[Judged]]:
    """Judge the total on its own and all others as one question, by Holm's correction; the order is kept."""
    together = judged_together(others, confidence)
    return Judged(whole, whole), [Judged(alone, other) for alone, other in zip(others, together, strict=True)]
