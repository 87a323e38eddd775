"""An NPS that somebody else declares: whether whole counts can give it, and how sure it can be at best and at worst."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import finite_number, whole_number
from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.scores import ScoreTally, benchmark_test


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declared NPS with its number of answers allows to be said.

    `leads` are the smallest and the largest number of promoters less detractors that round to the figure, None where
    none does; `nearest` are then the figures below and above that whole counts can give. `narrowest` and `widest` are
    the intervals at best and at worst: with as many passives as possible, and with as few.
    """

    answers: int
    leads: tuple[int, int] | None
    nearest: tuple[float, ...]
    narrowest: Interval | None
    widest: Interval | None

    @property
    def possible(self) -> bool:
        """Tell whether any counts of so many answers give the figure."""
        return self.leads is not None

    def p_above(self, benchmark: float) -> tuple[float, float] | None:
        """Return the one-sided p of "above the benchmark" at best and at worst; None where nothing can be tested."""
        return self._p_values(benchmark, "above")

    def p_below(self, benchmark: float) -> tuple[float, float] | None:
        """Return the one-sided p of "below the benchmark" at best and at worst; None where nothing can be tested."""
        return self._p_values(benchmark, "below")

    def _p_values(self, benchmark: float, direction: Literal["above", "below"]) -> tuple[float, float] | None:
        if self.leads is None:
            return None
        values = [
            p
            for tally in _extremes(self.answers, self.leads)
            if (p := benchmark_test(tally, benchmark, direction)) is not None
        ]
        return (min(values), max(values)) if values else None


def declared(figure: float, answers: int, *, decimals: int = 0, confidence: float = 0.95) -> Declared:
    """Look into a declared NPS: -100..100, rounded to so many decimals, from so many answers.

    Rounding may have gone either way at a half. The interval needs the counts, which are not declared: the narrowest
    and the widest adjusted-Wald intervals of all counts that give the figure stand for them. KpiValueError for a figure
    off the scale or no answers. 70 from 30 answers: at best 45.7 to 81.6, at worst 39.1 to 88.2.
    """
    finite_number(figure, "declared NPS", -100, 100)
    answers = whole_number(answers, "answers")
    if answers == 0:
        raise KpiValueError("answers is 0; allowed: 1 or more, a declared NPS comes from answers")
    exact, unit = Fraction(str(figure)), Fraction(1, 10 ** whole_number(decimals, "decimals"))
    lowest = math.ceil((exact - unit / 2) * answers / 100)
    highest = math.floor((exact + unit / 2) * answers / 100)
    lowest, highest = max(lowest, -answers), min(highest, answers)
    if lowest > highest:
        around = {math.floor(exact * answers / 100), math.ceil(exact * answers / 100)}
        return Declared(answers, None, tuple(100 * lead / answers for lead in sorted(around)), None, None)
    leads = (lowest, highest)
    intervals = [interval for tally in _extremes(answers, leads) if (interval := tally.interval(confidence))]
    if not intervals:  # a single answer has no interval
        return Declared(answers, leads, (), None, None)
    widest = Interval(min(one.low for one in intervals), max(one.high for one in intervals), confidence)
    return Declared(answers, leads, (), min(intervals, key=lambda one: one.high - one.low), widest)


def _extremes(answers: int, leads: tuple[int, int]) -> Iterable[ScoreTally]:
    """Yield the counts with the most and the fewest passives, for the smallest and the largest lead."""
    for lead in dict.fromkeys(leads):
        for fewer in dict.fromkeys((0, (answers - abs(lead)) // 2)):
            promoters, detractors = fewer + max(lead, 0), fewer + max(-lead, 0)
            yield ScoreTally(detractors, answers - promoters - detractors, promoters)
