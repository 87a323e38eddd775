"""What a figure by period is made of.

A formula names other figures of its period by key: `c("answers")`; `c.before("answers")` is that of the period before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, TypeAlias, TypeVar

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Line
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.expression import Expression, Part, expression
from partnerkpi.workbook.model.layout import HEAD_ROW, Layout
from partnerkpi.workbook.model.names import of_kpi
from partnerkpi.workbook.model.phrases import period_name, shown
from partnerkpi.workbook.model.theme import GENERAL, TENTHS
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.model.values import Value

T = TypeVar("T")

POINTS = TENTHS
FINE = "0.0000;−0.0000;0.0000"


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

    def name(self, back: int = 0) -> str:
        """Return the cell that names this period, or the one so many periods before."""
        return f"{self.layout.period_letter(self.number - back)}${HEAD_ROW}"

    def total(self, head: str, **criteria: str) -> str:
        """Return the sum of a column of the tallies in this period, over the rows that meet the criteria."""
        return f"SUMIFS({self.layout.tally(head)},{self._where(criteria)})"

    def count(self, **criteria: str) -> str:
        """Return how many partners of this period meet the criteria."""
        return f"COUNTIFS({self._where(criteria)})"

    @property
    def is_to_date(self) -> bool:
        """Tell whether this period is not over: what adds up in it is neither rated nor compared with a whole one."""
        return self.layout.to_date and self.number == self.layout.periods

    def total_by_then(self, head: str, **criteria: str) -> str:
        """Return the sum of a column over the partners by the same day of the period before."""
        return f"SUM{'IFS' if criteria else ''}({','.join([self.layout.by_then(head), *self._then(criteria)])})"

    def count_by_then(self, **criteria: str) -> str:
        """Return how many partners meet the criteria by the same day of the period before."""
        return f"COUNTIFS({','.join(self._then(criteria))})"

    def _then(self, criteria: dict[str, str]) -> list[str]:
        return [f"{self.layout.by_then(_HEADS[key])},{test}" for key, test in criteria.items()]

    def _where(self, criteria: dict[str, str]) -> str:
        """Return the condition of a period, by its number: a label such as 2026 might be taken for something else."""
        pairs = [f"{self.layout.tally(_HEADS[key])},{test}" for key, test in criteria.items()]
        return ",".join([self.layout.tally("Period number"), self("number"), *pairs])


_HEADS = {"listed": "On list", "own": "Partner's", "activities": "Activities", "invited": "Invited"}


@dataclass(frozen=True)
class PeriodFigures:
    """What Python knows of one period, of whatever length: its figures by key are `m("nps")`."""

    card: Scorecard
    figures: Mapping[str, Figure]
    number: int
    line: Line
    before: Sequence[PeriodFigures]  # those before it, oldest first

    def __call__(self, key: str) -> Value:
        """Return a figure of this period. Data, the Scorecard and the sheet of a KPI all ask for the same ones."""
        made = self._made
        if key not in made:
            made[key] = self.figures[key].value(self)
        return made[key]  # type: ignore[no-any-return]  # what is kept for a figure is its value

    def back(self, periods: int) -> PeriodFigures:
        """Return the period so many periods before."""
        return self.before[-periods] if periods else self

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is asked of this period many times, worked out the first time."""
        made = self._made
        if key not in made:
            made[key] = make()
        return made[key]  # type: ignore[no-any-return]  # the key tells what it is

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    @property
    def period(self) -> str:
        """Return the label of the period."""
        return self.card.periods[self.number - 1]

    @cached_property
    def name(self) -> str:
        """Return the period as it is shown."""
        return period_name(self.period)

    @cached_property
    def answered(self) -> int:
        """Count the answers of those whose number of invited people is known."""
        counts = (
            self.card.count(name, self.period) for name in (None, *(partner.name for partner in self.card.partners))
        )
        return sum(count.scores.responses for count in counts if count.invited is not None)

    @property
    def kpis(self) -> tuple[float | None, float | None, float | None]:
        """Return NPS, active advocates and influence share, the three of the composite; None is no part of it."""
        advocacy = self.line.advocacy
        share = advocacy.reached if advocacy is not None and not self.line.to_date else None
        return self.line.scores.nps, share, self.line.influence_share


@dataclass(frozen=True)
class Figure:
    """A row: its key, what it is called, its formula without the equals sign, and its value.

    A change compares with the period before, so it has no formula in the first one, where it is a dash. A fact has no
    formula at all; what only a period to date has is a dash in all others (`to_date`).
    """

    key: str
    label: str
    formula: Callable[[Column], str]
    value: Callable[[PeriodFigures], Value]
    number: str = GENERAL
    change: bool = False
    fact: bool = False
    to_date: bool = False


#: What is said of a period: a formula among its cells, and the value that it gives.
OfPeriod: TypeAlias = Expression[Column, PeriodFigures]


def figure(key: str, back: int = 0) -> OfPeriod:
    """Return a figure of a period, or of the one so many periods before."""
    if not back:
        return Expression(lambda c: c(key), lambda m: m(key))
    return Expression(lambda c: c.back(key, back), lambda m: m.back(back)(key))


def name_of_period(back: int = 0) -> OfPeriod:
    """Return the name of a period, or of the one so many periods before."""
    return Expression(lambda c: c.name(back), lambda m: m.back(back).name)


def setting(name: str, value: Callable[[Scorecard], Any]) -> OfPeriod:
    """Return what stands under a defined name, the same for all periods."""
    return Expression(lambda _: name, lambda m: value(m.card))


def target_of(kpi: str) -> OfPeriod:
    """Return the target of a KPI."""
    return setting(of_kpi(kpi, "target"), lambda card: card.benchmarks[kpi].target)


def by_number(choose: Callable[[int], Part[Column, PeriodFigures]]) -> OfPeriod:
    """Return an expression that follows from the number of the period: the first one has nothing before it."""
    made = cache(lambda number: expression(choose(number)))
    return Expression(lambda c: made(c.number).formula(c), lambda m: made(m.number).value(m))


def if_later(words: OfPeriod, at_first: OfPeriod) -> OfPeriod:
    """Return words that compare with the period before; in the first period, which has none, others."""
    return by_number(lambda number: words if number > 1 else at_first)


def if_to_date(words: Part[Column, PeriodFigures], otherwise: Part[Column, PeriodFigures]) -> OfPeriod:
    """Return words for a period that is not over; for one that is, others."""
    so_far, whole = expression(words), expression(otherwise)
    return Expression(
        lambda c: (so_far if c.is_to_date else whole).formula(c),
        lambda m: (so_far if m.line.to_date else whole).value(m),
    )


def expressed(key: str, label: str, expression: OfPeriod, number: str = GENERAL) -> Figure:
    """Return an expression as a figure: a sentence has a row on Data as any other."""
    return Figure(key, label, expression.formula, expression.value, number)


def low(interval: Interval | None) -> float | str:
    """Return the lower end of an interval, a dash without one."""
    return DASH if interval is None else interval.low


def high(interval: Interval | None) -> float | str:
    """Return the upper end of an interval, a dash without one."""
    return DASH if interval is None else interval.high


def attribute(tally: Callable[[Any], object]) -> Callable[[str], Callable[[Any], Value]]:
    """Return how to take a figure from a tally by its name; a dash where there is no tally."""

    def named(name: str) -> Callable[[Any], Value]:
        return lambda known: shown(getattr(found, name) if (found := tally(known)) is not None else None)

    return named


def score_figures(
    key: str, text: str, prefix: str, tally: Callable[[PeriodFigures], ScoreTally], *, finite: str = ""
) -> list[Figure]:
    """Return the NPS of answers whose counts begin with a prefix, its adjusted Wald point and error, and its ends.

    `finite` is the key of the finite correction where the answers are those of a population that is known.
    """

    def bands(c: Column) -> tuple[str, str, str]:
        return c(f"{prefix}promoters"), c(f"{prefix}detractors"), c(f"{prefix}answers")

    def estimate(c: Column) -> tuple[str, str, str]:
        return c(f"{prefix}answers"), c(adjusted), c(error)

    def interval(m: PeriodFigures) -> Interval | None:
        return m.line.nps_interval if finite else tally(m).interval(m.card.confidence)

    def ends(c: Column) -> tuple[str, str]:
        return arithmetic.nps_ends_of(*bands(c), c(finite)) if finite else arithmetic.nps_ends(*estimate(c))

    adjusted, error = f"{prefix}adjusted", f"{prefix}error"
    return [
        Figure(key, text, lambda c: arithmetic.nps(*bands(c)), lambda m: shown(tally(m).nps), POINTS),
        Figure(
            adjusted,
            translate("{figure}, adjusted Wald point", figure=text),
            lambda c: arithmetic.adjusted_nps(*bands(c)),
            lambda m: shown(point.points if (point := tally(m).adjusted()) else None),
            POINTS,
        ),
        Figure(
            error,
            translate("{figure}, standard error", figure=text),
            lambda c: arithmetic.standard_error(*bands(c), c(adjusted)),
            lambda m: shown(point.standard_error if (point := tally(m).adjusted()) else None),
            FINE,
        ),
        *interval_figures(key, text, ends, interval),
    ]


def interval_figures(
    key: str,
    text: str,
    ends: Callable[[Column], tuple[str, str]],
    interval: Callable[[PeriodFigures], Interval | None],
) -> list[Figure]:
    """Return the two ends of an interval."""
    lower, upper = translate("{figure}, low", figure=text), translate("{figure}, high", figure=text)
    return [
        Figure(f"{key}_low", lower, lambda c: ends(c)[0], lambda m: low(interval(m)), POINTS),
        Figure(f"{key}_high", upper, lambda c: ends(c)[1], lambda m: high(interval(m)), POINTS),
    ]
