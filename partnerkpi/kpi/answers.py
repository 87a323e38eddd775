"""Answers on 0-10, counted: which band each one has, and the tally that carries the NPS and its interval.

Everything about an NPS follows from three counts, detractors, passives and promoters, and counts add up. So whatever
engine holds the answers reduces them to tallies, and the arithmetic here is exact for a cell, a file and a cluster.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import finite_number, whole_number
from partnerkpi.kpi.intervals import Interval, z_value

ScoreBand = Literal["promoter", "passive", "detractor"]

LOWEST_SCORE = 0.0
PASSIVE_FROM = 7.0
PROMOTER_FROM = 9.0
HIGHEST_SCORE = 10.0


def classify(score: float) -> ScoreBand:
    """Return the band of one answer: promoter from 9, passive from 7, detractor below 7.

    The score lies in 0..10 and may be an average such as 8.5, so every value has exactly one band. KpiValueError
    outside 0..10, for NaN, TRUE/FALSE and text. Bands of Reichheld 2003, Harvard Business Review 81(12).
    classify(8.5) is "passive".
    """
    if type(score) is not float or not LOWEST_SCORE <= score <= HIGHEST_SCORE:  # plain scores skip the long check
        finite_number(score, "score", LOWEST_SCORE, HIGHEST_SCORE)
    if score >= PROMOTER_FROM:
        return "promoter"
    return "passive" if score >= PASSIVE_FROM else "detractor"


@dataclass(frozen=True, slots=True)
class Shares:
    """What part of the answers each band has, in percent; the three add up to 100."""

    detractors: float
    passives: float
    promoters: float


@dataclass(frozen=True, slots=True)
class AdjustedNps:
    """The adjusted-Wald point that tests and intervals are built around, and its standard error, both in NPS points.

    Never shown as the NPS: the figure people see is always the raw one.
    """

    points: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class ScoreTally:
    """How many answers are detractors, passives and promoters: all that an NPS, its interval and its tests need.

    Whole numbers of 0 or more, KpiValueError otherwise. Tallies add up, also with `sum()`. Blank answers are in none
    of the counts.
    """

    detractors: int = 0
    passives: int = 0
    promoters: int = 0

    def __post_init__(self) -> None:
        for band in ("detractors", "passives", "promoters"):
            object.__setattr__(self, band, whole_number(getattr(self, band), band))

    @classmethod
    def from_scores(cls, scores: Iterable[float | None]) -> ScoreTally:
        """Count answers on 0..10; None is a blank answer and counts nowhere.

        KpiValueError for the first score that `classify` refuses. from_scores([9, 10, 7, None, 3]) is
        ScoreTally(1, 1, 2).
        """
        counts = {"promoter": 0, "passive": 0, "detractor": 0}
        for score in scores:
            if score is not None:
                counts[classify(score)] += 1
        return cls(counts["detractor"], counts["passive"], counts["promoter"])

    def __add__(self, other: object) -> ScoreTally:
        if not isinstance(other, ScoreTally):
            return NotImplemented
        return ScoreTally(
            self.detractors + other.detractors, self.passives + other.passives, self.promoters + other.promoters
        )

    def __radd__(self, other: object) -> ScoreTally:
        # sum() starts with the int 0
        return self if type(other) is int and other == 0 else NotImplemented

    @property
    def responses(self) -> int:
        """Count the answers that were given."""
        return self.detractors + self.passives + self.promoters

    @property
    def nps(self) -> float | None:
        """Return 100 * (promoters - detractors) / responses, -100..100; None without answers. (1, 3, 6) is 50."""
        if self.responses == 0:
            return None
        # one division of two whole numbers: 70 is 70.0 and not a hair below its band
        return 100 * (self.promoters - self.detractors) / self.responses

    @property
    def shares(self) -> Shares | None:
        """Return each band's part of the answers in percent; None without answers. (1, 3, 6) is 10, 30, 60."""
        answers = self.responses
        if answers == 0:
            return None
        return Shares(100 * self.detractors / answers, 100 * self.passives / answers, 100 * self.promoters / answers)

    def adjusted(self, population: int | None = None) -> AdjustedNps | None:
        """Return the adjusted-Wald point x' and its standard error, in NPS points; None without answers.

        Three answers are added, split 1/4, 1/2, 1/4. `population` is how many could have answered, where that is
        known: the nearer to a census, the smaller the correction and the error, KpiValueError when it is below the
        number of answers. Rocks 2016, arXiv 1601.07235. (2, 5, 23): 63.6364 and standard error 10.9863.
        """
        answers = self.responses
        if answers == 0:
            return None
        correction = _finite_correction(answers, population)
        total = answers + 3 * correction
        detractors = self.detractors + 0.75 * correction
        promoters = self.promoters + 0.75 * correction
        share = (promoters - detractors) / total
        spread = (promoters + detractors) / total - share**2
        standard_error = 100 * math.sqrt(max(0.0, correction * spread / total))
        return AdjustedNps(100 * (promoters - detractors) / total, standard_error)

    def interval(self, confidence: float = 0.95, population: int | None = None) -> Interval | None:
        """Return the interval of the NPS in points, clipped to -100..100; None below two answers.

        Adjusted Wald as in `adjusted`, same `population`. KpiValueError for a confidence outside 0..1 or a population
        below the number of answers. (1, 3, 6) is -0.2033 ... 77.1264.
        """
        z = z_value(confidence)
        adjusted = self.adjusted(population)
        if adjusted is None or self.responses < 2:
            return None
        reach = z * adjusted.standard_error
        return Interval(max(-100.0, adjusted.points - reach), min(100.0, adjusted.points + reach), confidence)

    def few_responses(self, minimum: int = 5) -> bool:
        """Tell whether there are fewer answers than `minimum`, so that the score needs a caution beside it."""
        return self.responses < whole_number(minimum, "minimum number of responses")


def _finite_correction(answers: int, population: int | None) -> float:
    """Return the f of the definitions: 1 for an endless population, 0 for a census."""
    if population is None:
        return 1.0
    size = whole_number(population, "population")
    if size < answers:
        raise KpiValueError(f"population is {population!r}; allowed: at least {answers}, the number of responses")
    # a lone partner that answered is a census, where (N - n) / (N - 1) would be 0 / 0
    return 0.0 if size == answers else (size - answers) / (size - 1)
