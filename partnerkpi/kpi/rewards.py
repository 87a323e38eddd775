"""Incentives by retention: which level a partner's customers earn it, and how far the next one is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import finite_number, whole_number
from partnerkpi.kpi.exact import more_often_p
from partnerkpi.kpi.intervals import is_shown


@dataclass(frozen=True, slots=True)
class Kept:
    """How many customers there were and how many of them stayed: of one partner, or of all others."""

    customers: int
    retained: int

    def __post_init__(self) -> None:
        customers = whole_number(self.customers, "customers")
        whole_number(self.retained, "retained customers", customers, "the number of customers")

    @property
    def rate(self) -> float | None:
        """Return the retention rate in percent; None without customers. 9 of 10 is 90."""
        return 100 * self.retained / self.customers if self.customers else None


@dataclass(frozen=True, slots=True)
class Level:
    """One level of incentive: the rate in percent at which it begins, and what else it takes."""

    name: str
    retention_from: float
    min_customers: int = 0
    shown_above_others: bool = False

    def __post_init__(self) -> None:
        finite_number(self.retention_from, f"retention_from of {self.name}", 0, 100)
        whole_number(self.min_customers, f"min_customers of {self.name}")

    def holds(self, own: Kept, *, shown: bool) -> bool:
        """Tell whether a partner meets every condition; `shown`: its rate is shown to be above all others'."""
        if own.rate is None or own.customers < self.min_customers or own.rate < self.retention_from:
            return False
        return shown or not self.shown_above_others


def check_levels(levels: Sequence[Level]) -> None:
    """Refuse levels that do not ascend or share a name, KpiValueError: nobody could tell which one is the higher."""
    for lower, higher in pairwise(levels):
        if higher.retention_from < lower.retention_from:
            raise KpiValueError(
                f"level {higher.name!r} begins at {higher.retention_from:g} %, below {lower.name!r} before it at "
                f"{lower.retention_from:g} %; allowed: lowest level first"
            )
    names = [level.name for level in levels]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise KpiValueError(f"two levels are called {twice!r}; allowed: a name for each")


def above_others(own: Kept, others: Kept) -> float | None:
    """Return the one-sided p-value of "these customers stay more often than all others"; None when a side is empty.

    Fisher's exact test: a normal curve takes few customers for more than they are. 72 of 80 against 88 of 120 is
    p = .0027.
    """
    return more_often_p((own.retained, own.customers), (others.retained, others.customers))


def reached(levels: Sequence[Level], own: Kept, *, shown: bool) -> int | None:
    """Return the position of the highest level whose conditions all hold; None where none does. Lowest level first."""
    held = [position for position, level in enumerate(levels) if level.holds(own, shown=shown)]
    return held[-1] if held else None


def more_retained(level: Level, own: Kept, shown: Callable[[Kept], bool]) -> int | None:
    """Return how many more of the lost customers would have had to stay for a level; None where all were not enough.

    `shown` tells of a number of retained customers whether its rate is shown to be above all others'. 8 of 10 customers
    and a level from 90 %: 1 more.
    """

    def holds(more: int) -> bool:
        now = Kept(own.customers, own.retained + more)
        return level.holds(now, shown=not level.shown_above_others or shown(now))

    lost = own.customers - own.retained
    needed = bisect_left(range(lost + 1), True, key=holds)  # one more that stays never undoes a condition
    return needed if needed <= lost else None


def limit_among(p_of_the_rest: Iterable[float | None], confidence: float = 0.95) -> float:
    """Return what a partner's p-value must stay below to be shown after Holm's correction, the others' being these.

    None is no comparison. Holm 1979 turned round: those of the rest that are shown anyway no longer count.
    Beside .001 and .5 at 95 % it is .05 / 2 = .025.
    """
    rest = sorted(p for p in p_of_the_rest if p is not None)
    alpha = 1 - confidence
    steps = ((len(rest) + 1 - place) * p for place, p in enumerate(rest))
    shown = next((place for place, step in enumerate(steps) if not is_shown(step, confidence)), len(rest))
    return alpha / (len(rest) + 1 - shown)
