"""What a figure by period is made of.

A formula names other figures of its period by key: `c("answers")`; `c.before("answers")` is that of the period before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from partnerkpi.kpi.intervals import Interval
from partnerkpi.scorecard.card import Line, Moved, Scorecard
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.layout import HEAD_ROW, Layout
from partnerkpi.workbook.model.markup import Value
from partnerkpi.workbook.model.names import Z_VALUE
from partnerkpi.workbook.model.phrases import CANNOT_TELL, DASH, DOWN, UP, period_name, shown
from partnerkpi.workbook.model.theme import GENERAL
from partnerkpi.workbook.model.translation import translate, translate_formula

T = TypeVar("T")

POINTS = "0.0"
FINE = "0.0000"
_UNKNOWN: Final = object()


@dataclass(frozen=True)
class Column:
    """The cells of one period, for formulas."""

    layout: Layout
    number: int

    def __call__(self, key: str) -> str:
        """Return the cell of a figure in this period."""
        return f"{self.layout.period_letter(self.number)}{self.layout.figure_row(key)}"

    def before(self, key: str) -> str:
        """Return the cell of a figure in the period before."""
        return self.back(key, 1)

    def back(self, key: str, periods: int) -> str:
        """Return the cell of a figure so many periods before."""
        return f"{self.layout.period_letter(self.number - periods)}{self.layout.figure_row(key)}"

    @property
    def name(self) -> str:
        """Return the cell that names this period."""
        return f"{self.layout.period_letter(self.number)}${HEAD_ROW}"

    @property
    def name_before(self) -> str:
        """Return the cell that names the period before."""
        return f"{self.layout.period_letter(self.number - 1)}${HEAD_ROW}"

    def total(self, head: str, **criteria: str) -> str:
        """Return the sum of a column of the tallies in this period, over the rows that meet the criteria."""
        return f"SUMIFS({self.layout.tally(head)},{self._where(criteria)})"

    def count(self, **criteria: str) -> str:
        """Return how many partners of this period meet the criteria."""
        return f"COUNTIFS({self._where(criteria)})"

    def _where(self, criteria: dict[str, str]) -> str:
        """Return the condition of a period, by its number: a label such as 2026 might be taken for something else."""
        heads = {"listed": "On list", "own": "Partner's", "activities": "Activities", "invited": "Invited"}
        pairs = [f"{self.layout.tally(heads[key])},{test}" for key, test in criteria.items()]
        return ",".join([self.layout.tally("Period number"), self("number"), *pairs])


@dataclass(frozen=True)
class PeriodFigures:
    """What Python knows of one period, of whatever length, for values."""

    card: Scorecard
    number: int
    line: Line
    previous: Line | None
    lines: Sequence[Line]  # of all periods up to this one

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is asked of this period many times, worked out the first time."""
        known = self.known
        if key not in known:
            known[key] = make()
        return known[key]  # type: ignore[no-any-return]  # the key tells what it is

    @cached_property
    def known(self) -> dict[Hashable, Any]:
        """Return what was worked out so far."""
        return {}

    @cached_property
    def name(self) -> str:
        """Return the period as it is shown."""
        return period_name(self.card.periods[self.number - 1])

    @cached_property
    def name_before(self) -> str | None:
        """Return the period before as it is shown."""
        return period_name(self.card.periods[self.number - 2]) if self.number > 1 else None

    @cached_property
    def answered(self) -> int:
        """Count the answers of those whose number of invited people is known."""
        period = self.card.periods[self.number - 1]
        counts = (self.card.count(name, period) for name in (None, *(partner.name for partner in self.card.partners)))
        return sum(count.scores.responses for count in counts if count.invited is not None)

    @property
    def kpis(self) -> tuple[float | None, float | None, float | None]:
        """Return NPS, active advocates and influence share, the three of the composite."""
        return kpis_of(self.line)


@dataclass(frozen=True)
class Figure:
    """A row: its key, what it is called, its formula without the equals sign, and its value.

    A change compares with the period before, so it has no formula in the first one, where it is a dash. A fact has no
    formula at all.
    """

    key: str
    label: str
    formula: Callable[[Column], str]
    value: Callable[[PeriodFigures], Value]
    number: str = GENERAL
    change: bool = False
    fact: bool = False

    def __post_init__(self) -> None:
        value = self.value

        def remembered(month: PeriodFigures) -> Value:
            # Data, the Scorecard and the sheet of a KPI all ask for the same figures.
            known = month.known
            found = known.get(value, _UNKNOWN)
            if found is _UNKNOWN:
                found = known[value] = value(month)
            return found  # type: ignore[no-any-return]  # what is kept for a figure is its value

        object.__setattr__(self, "value", remembered)


def kpis_of(line: Line) -> tuple[float | None, float | None, float | None]:
    """Return NPS, active advocates and influence share of a line."""
    advocacy = line.advocacy
    return line.scores.nps, advocacy.active_share if advocacy is not None else None, line.influence_share


def low(interval: Interval | None) -> float | str:
    """Return the lower end of an interval, a dash without one."""
    return DASH if interval is None else interval.low


def high(interval: Interval | None) -> float | str:
    """Return the upper end of an interval, a dash without one."""
    return DASH if interval is None else interval.high


def wilson_figures(
    key: str, text: str, part: str, whole: str, value: Callable[[PeriodFigures], Interval | None]
) -> list[Figure]:
    """Return the two ends of the Wilson interval of a share."""

    def figure(end: str, formula: Callable[[str, str], str], of: Callable[[Interval | None], float | str]) -> Figure:
        return Figure(
            f"{key}_{end}",
            translate("{figure}, low", figure=text) if end == "low" else translate("{figure}, high", figure=text),
            lambda c: when_number(c(key), formula(c(part), c(whole))),
            lambda m: of(value(m)),
            POINTS,
        )

    return [figure("low", arithmetic.wilson_low, low), figure("high", arithmetic.wilson_high, high)]


def change_figures(
    key: str,
    text: str,
    part: str,
    whole: str,
    counts: Callable[[PeriodFigures], tuple[int, int]],
    moved: Callable[[PeriodFigures], Moved],
) -> list[Figure]:
    """Return how a share moved, with its Agresti-Caffo interval: one success and one failure are added to each group.

    `counts` gives the part and the whole, (0, 0) without data.
    """
    smoothed, variance = f"{key}_smoothed", f"{key}_variance"
    change, change_low, change_high = f"{key}_change", f"{key}_change_low", f"{key}_change_high"

    def smoothed_value(m: PeriodFigures) -> float | None:
        successes, total = counts(m)
        return (successes + 1) / (total + 2) if total else None

    def variance_value(m: PeriodFigures) -> float | None:
        point = smoothed_value(m)
        return None if point is None else point * (1 - point) / (counts(m)[1] + 2)

    def bound(c: Column, sign: str) -> str:
        reach = f"{Z_VALUE}*SQRT({c(variance)}+{c.before(variance)})"
        return f"100*({c(smoothed)}-{c.before(smoothed)}{sign}{reach})"

    def word(c: Column) -> str:
        down = f"IF({c(change_high)}<0,{translate_formula(DOWN)},{translate_formula(CANNOT_TELL)})"
        return when_number(c(change), f"IF({c(change_low)}>0,{translate_formula(UP)},{down})")

    return [
        Figure(
            smoothed,
            translate("{figure}, one added to either side", figure=text),
            lambda c: when_number(c(key), f"({c(part)}+1)/({c(whole)}+2)"),
            lambda m: shown(smoothed_value(m)),
            FINE,
        ),
        Figure(
            variance,
            translate("{figure}, variance of that", figure=text),
            lambda c: when_number(c(key), f"{c(smoothed)}*(1-{c(smoothed)})/({c(whole)}+2)"),
            lambda m: shown(variance_value(m)),
            FINE,
        ),
        Figure(
            change,
            translate("{figure}, change in points", figure=text),
            lambda c: when_number(c(key), when_number(c.before(key), f"{c(key)}-{c.before(key)}")),
            lambda m: shown(moved(m).points),
            POINTS,
            change=True,
        ),
        Figure(
            change_low,
            translate("{figure}, change, low", figure=text),
            lambda c: when_number(c(change), f"MAX(-100,{bound(c, '-')})"),
            lambda m: low(moved(m).interval),
            POINTS,
            change=True,
        ),
        Figure(
            change_high,
            translate("{figure}, change, high", figure=text),
            lambda c: when_number(c(change), f"MIN(100,{bound(c, '+')})"),
            lambda m: high(moved(m).interval),
            POINTS,
            change=True,
        ),
        Figure(
            f"{key}_word",
            translate("{figure}, what may be said", figure=text),
            word,
            lambda m: DASH if moved(m).points is None else translate(moved(m).word),
            change=True,
        ),
    ]
