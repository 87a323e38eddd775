"""Strategic Partner NPS: answers on 0-10 counted, what changed, what is shown, and how partners roll up into one.

Everything about an NPS follows from three counts, detractors, passives and promoters, and counts add up. So whatever
engine holds the answers reduces them to tallies, and the arithmetic here is exact for a cell, a file and a cluster.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import finite_number, whole_number
from partnerkpi.kpi.conditional import NO_PAIRS, Bands, Pairs, common_variance, conditional_test
from partnerkpi.kpi.intervals import Interval, is_shown, z_value

ScoreBand = Literal["promoter", "passive", "detractor"]

LOWEST_SCORE = 0.0
PASSIVE_FROM = 7.0
PROMOTER_FROM = 9.0
HIGHEST_SCORE = 10.0

Word = Literal["up", "down", "cannot tell"]


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
        if (
            type(self.detractors) is type(self.passives) is type(self.promoters) is int
            and self.detractors >= 0
            and self.passives >= 0
            and self.promoters >= 0
        ):
            return  # nearly always, and of tens of thousands of partners very often
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

    @classmethod
    def pooled(cls, tallies: Iterable[ScoreTally]) -> ScoreTally:
        """Return all answers of some tallies together, without a tally for each step as `sum()` makes.

        Of (1, 0, 2) and (0, 1, 1): (1, 1, 3). Of none: no answers.
        """
        detractors = passives = promoters = 0
        for one in tallies:
            detractors += one.detractors
            passives += one.passives
            promoters += one.promoters
        return cls(detractors, passives, promoters)

    def __add__(self, other: object) -> ScoreTally:
        if not isinstance(other, ScoreTally):
            return NotImplemented
        if not self.responses:
            return other
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
    def bands(self) -> Bands:
        """Return the three counts as they stand: detractors, passives, promoters."""
        return self.detractors, self.passives, self.promoters

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


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved from one period to the next, and whether chance could have done it.

    `raw` is the difference of the two figures that people see; `adjusted`, `low` and `high` are the difference of the
    adjusted figures and its interval; all in points of the NPS, or percentage points of a share. `p` is two-sided, and
    the word follows from it and from the way of `raw`, not from the interval. Everything that cannot be computed is
    None. The word is "cannot tell" whenever up or down is not shown, also when there are no data.
    """

    raw: float | None
    adjusted: float | None
    z: float | None
    p: float | None
    low: float | None
    high: float | None
    word: Word

    def with_p(self, p: float | None, confidence: float = 0.95) -> Change:
        """Return the same change judged by another p-value, such as one that `holm` adjusted over many partners."""
        return replace(self, p=p, word=word_of(self.raw, p, confidence))


def change(
    before: ScoreTally,
    after: ScoreTally,
    *,
    confidence: float = 0.95,
    population_before: int | None = None,
    population_after: int | None = None,
    pairs: Pairs = NO_PAIRS,
) -> Change:
    """Compare two periods: raw difference, test and interval in NPS points, and the word that may be said.

    z and p are those of `conditional_test`, also for the persons who answered in both periods, the `pairs`. The
    interval is that of x'2 - x'1, adjusted Wald for two samples (Rocks 2016), clipped to -200..200; from 10 pairs on
    what they have in common is taken off its variance too, and the populations narrow it. They do not enter the test:
    it asks whether chance in what people answer explains the difference, and that is there in a census as well. The raw
    difference needs one answer on either side; the test needs two, as an interval does. KpiValueError for a confidence
    outside 0..1, a population below the number of answers, or more pairs than answers.
    (8, 8, 4) -> (1, 5, 14): raw +85, z 3.3589, p .00103, "up".
    """
    z = z_value(confidence)
    first, second = before.adjusted(population_before), after.adjusted(population_after)
    raw = None if before.nps is None or after.nps is None else after.nps - before.nps
    tested = conditional_test(before.bands, after.bands, pairs)
    if raw is None or first is None or second is None or tested is None or min(before.responses, after.responses) < 2:
        return Change(raw, None, None, None, None, None, "cannot tell")
    difference = second.points - first.points
    reach = z * error_of_change(first, second, common_variance(before.bands, after.bands, pairs))
    low, high = max(-200.0, difference - reach), min(200.0, difference + reach)
    return Change(raw, difference, tested.z, tested.p, low, high, word_of(raw, tested.p, confidence))


def error_of_change(first: AdjustedNps, second: AdjustedNps, common: float) -> float:
    """Return the standard error, in points, of the difference of two adjusted points with this `common_variance`."""
    variance = first.standard_error**2 + second.standard_error**2 - 2 * 100**2 * common
    return math.sqrt(max(0.0, variance))


def chance_of(before: ScoreTally, after: ScoreTally, pairs: Pairs = NO_PAIRS) -> float | None:
    """Return the p that `change` tells of two periods, which needs two answers on either side; None with fewer.

    (8, 8, 4) -> (1, 5, 14): .00103.
    """
    tested = conditional_test(before.bands, after.bands, pairs)
    return tested.p if tested is not None and min(before.responses, after.responses) >= 2 else None


def word_of(difference: float | None, p: float | None, confidence: float = 0.95) -> Word:
    """Return what may be said of a difference with this p-value; None, for no test, and 0 are "cannot tell".

    KpiValueError for a confidence outside 0..1. word_of(-3, .01) is "down".
    """
    z_value(confidence)  # refuses what is no confidence
    if not difference or p is None or not is_shown(p, confidence):
        return "cannot tell"
    return "up" if difference > 0 else "down"


def benchmark_test(
    tally: ScoreTally,
    benchmark: float,
    direction: Literal["above", "below"] = "above",
    population: int | None = None,
) -> float | None:
    """Return the one-sided p-value of "the NPS is above (below) this benchmark"; None below two answers.

    `benchmark` in NPS points, -100..100. The score test: the error is that of the likeliest shares with an NPS of
    exactly the benchmark, of Tango 1998, Statistics in Medicine 17, in closed form. With a `population` its variance
    is multiplied by (N - n) / (N - 1), as that of the interval. Where there is no error the statement is true or not,
    0 or 1, and .5 where answers that are all alike lie on the benchmark itself. KpiValueError for another benchmark or
    direction, or a population below the number of answers.
    (2, 5, 23) above 50 is z = 1.4826, p = .0691.
    """
    finite_number(benchmark, "benchmark", -100, 100)
    if direction not in ("above", "below"):
        raise KpiValueError(f"direction is {direction!r}; allowed: 'above' or 'below'")
    answers = tally.responses
    if answers == 0:
        return None
    variance = _finite_correction(answers, population) * variance_at(tally, benchmark) / answers
    if answers < 2:
        return None
    lead = (tally.promoters - tally.detractors) / answers - benchmark / 100
    if direction == "below":
        lead = -lead
    if variance <= 0:
        if lead == 0 and population != answers:  # all alike, on the benchmark itself: as from ever nearer benchmarks
            return 0.5
        return 0.0 if lead > 0 else 1.0
    return math.erfc(lead / math.sqrt(2 * variance)) / 2


def variance_at(tally: ScoreTally, benchmark: float) -> float:
    """Return the variance of one answer (-1, 0 or 1) under the likeliest shares whose NPS is exactly this benchmark.

    With q = |benchmark| / 100 the share d of the side away from the benchmark (detractors above 0) is the root of
    2n d^2 + (2nq - (P + D) - (P - D) benchmark / 100) d - D q (1 - q) = 0, and the variance 2d + q (1 - q). The tally
    has answers, the benchmark lies in -100..100: neither is checked. (2, 5, 23) at 50: .5460.
    """
    share = abs(benchmark) / 100
    away = tally.promoters if benchmark < 0 else tally.detractors
    double, free, linear = 2 * tally.responses, share * (1 - share), linear_at(tally, benchmark)
    return (math.sqrt(linear * linear + 4 * double * away * free) - linear) / double + free


def linear_at(tally: ScoreTally, benchmark: float) -> float:
    """Return the factor of d in the equation of `variance_at`, 2nq - (P + D) - (P - D) benchmark / 100."""
    lead = tally.promoters - tally.detractors
    outer = tally.promoters + tally.detractors
    return 2 * tally.responses * (abs(benchmark) / 100) - outer - lead * (benchmark / 100)


def response_rate(answered: int, invited: int) -> float | None:
    """Return answered / invited in percent; None when nobody was invited.

    Whole numbers of 0 or more, KpiValueError otherwise. Above 100 it says that people answered who were not on the
    list: shown, not hidden. response_rate(30, 120) is 25.
    """
    answered = whole_number(answered, "answered")
    invited = whole_number(invited, "invited")
    return 100 * answered / invited if invited else None


def respondent_nps(tallies: Iterable[ScoreTally]) -> float | None:
    """Roll partners up with one vote for every answer, the default; None without answers.

    A [9, 9, 10, 9, 10], B [3], C [7, 8] is 50.
    """
    return ScoreTally.pooled(tallies).nps


def partner_nps(tallies: Iterable[ScoreTally]) -> float | None:
    """Roll partners up with one vote for every partner that has answers: the mean of their NPS; None without any.

    A [9, 9, 10, 9, 10], B [3], C [7, 8] is 0.
    """
    known = [tally.nps for tally in tallies if tally.nps is not None]
    return math.fsum(known) / len(known) if known else None


def revenue_weighted_nps(tallies: Sequence[ScoreTally], revenues: Sequence[float | None]) -> float | None:
    """Roll partners up by what they are worth; None when no partner has both answers and revenue above 0.

    One revenue of 0 or more for each tally, in any one currency; KpiValueError otherwise. A partner whose revenue is
    None is left out. A [9, 9, 10, 9, 10], B [3], C [7, 8] with 100, 900, 500 is -53.3333.
    """
    if len(tallies) != len(revenues):
        raise KpiValueError(f"{len(tallies)} partners and {len(revenues)} revenues; allowed: one for each")
    known: list[tuple[float, float]] = []
    for tally, revenue in zip(tallies, revenues, strict=True):
        weight = None if revenue is None else finite_number(revenue, "revenue", 0)
        if weight is not None and tally.nps is not None:
            known.append((weight, tally.nps))
    total = math.fsum(weight for weight, _ in known)
    return math.fsum(weight * nps for weight, nps in known) / total if total > 0 else None


def rolling_nps(tallies: Sequence[ScoreTally], window: int) -> list[ScoreTally]:
    """Pool the answers of each period with those of the `window - 1` periods before it; one tally per period.

    The first windows are shorter. `window` is 1 or more, KpiValueError otherwise. (1, 1, 8), (4, 10, 26), (3, 3, 4)
    over 3 periods end at an NPS of 50; the mean of the three scores would be 45.
    """
    width = whole_number(window, "window")
    if width == 0:
        raise KpiValueError("window is 0; allowed: 1 period or more")
    return [ScoreTally.pooled(tallies[max(0, end - width) : end]) for end in range(1, len(tallies) + 1)]
