"""The two sides of a comparison of NPS: one period against another, or several together against as many before them."""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.periods import earlier
from partnerkpi.results.result import Question


@dataclass(frozen=True, slots=True)
class Sides:
    """The periods of both sides of a comparison; `name` is what the earlier one is called: 2025-Q1 to 2025-Q4."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def pair(self) -> tuple[str, str] | None:
        """Return the two periods where each side is one."""
        return (self.before[0], self.after[0]) if len(self.before) == len(self.after) == 1 else None


def sides_of(periods: Sequence[str], period: str | None, question: Question) -> Sides | None:
    """Return what a period is compared with; None for all time, and where the data do not reach back so far.

    `periods` are in order and without a gap.
    """
    if period is None or question.compare is None:
        return None
    if question.against is not None:
        before = earlier(periods, period, question.period, question.against)
        return Sides(before, (before,), (period,)) if before is not None else None
    length, end = question.rolling or 1, periods.index(period) + 1
    if end < 2 * length:
        return None
    former = tuple(periods[end - 2 * length : end - length])
    name = former[0] if length == 1 else f"{former[0]} to {former[-1]}"
    return Sides(name, former, tuple(periods[end - length : end]))
