"""What is said of one NPS over time: three comparisons as one family, of which the strongest leads, and a slope.

A figure is compared with the period before, with the same period a year before, and the last periods together with as
many before them. Whoever looks at three of them finds a change by luck more often than at one, so they are judged
together: Holm 1979, Scand. J. Stat. 6, which holds its level however the three depend on each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.conditional import NO_PAIRS, Pairs, common_variance
from partnerkpi.kpi.intervals import z_value
from partnerkpi.kpi.movement import judged_together
from partnerkpi.kpi.scores import Change, ScoreTally, Word, error_of_change, word_of

Compared: TypeAlias = Literal["previous", "year", "rolling"]
#: The three comparisons, in the order in which they are named; the first of equals leads.
COMPARISONS: tuple[Compared, ...] = ("previous", "year", "rolling")

#: A change of so many points should have been found before "within chance" may be said of one.
POINTS_TO_FIND = 10.0
#: So many periods need answers before a line is drawn through them.
FEWEST_PERIODS = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """One NPS against an earlier one: the answers of both sides, the test by itself, and among those of its family.

    `pairs` are the persons who answered on both sides, as far as the test knows of them.
    """

    against: Compared
    before: ScoreTally
    after: ScoreTally
    alone: Change
    together: Change
    pairs: Pairs = NO_PAIRS

    @property
    def holds(self) -> bool:
        """Tell whether the change is more than chance explains, the whole family considered."""
        return self.together.word != "cannot tell"


class AsCompared(NamedTuple):
    """A comparison before it is judged in its family: the answers of both sides, the test by itself, and the pairs."""

    against: Compared
    before: ScoreTally
    after: ScoreTally
    alone: Change
    pairs: Pairs = NO_PAIRS


def families(compared: Sequence[Sequence[AsCompared]], confidence: float = 0.95) -> list[tuple[Comparison, ...]]:
    """Judge the comparisons of one figure, or of many, as one family: Holm's correction over all of them.

    Each figure has its comparisons, and gets them back in their order;
    one without a test stays and does not count. KpiValueError for a confidence outside 0..1. Changes with p .03 and
    .02 of one figure get .04 each: both hold; with a third one of .5 they get .06 each, and none does.
    """
    judged = iter(judged_together([one.alone for figure in compared for one in figure], confidence))
    return [tuple(Comparison(*one[:4], next(judged), one.pairs) for one in figure) for figure in compared]


def strongest(family: Sequence[Comparison]) -> Comparison | None:
    """Return the comparison with the smallest p of those that hold; None where none does. Of equals the first leads."""
    held = [one for one in family if one.holds]
    return min(held, key=lambda one: one.alone.p or 0.0) if held else None


def leading(family: Sequence[Comparison]) -> Comparison | None:
    """Return the comparison to speak of: the strongest that holds, or else the first that has answers on both sides."""
    known = [one for one in family if one.alone.raw is not None]
    return strongest(family) or (known[0] if known else None)


def too_few_to_tell(
    before: ScoreTally, after: ScoreTally, pairs: Pairs = NO_PAIRS, *, confidence: float = 0.95
) -> bool:
    """Tell whether a change of 10 points would have been found in fewer than half of the cases.

    That is so where 10 points are less than z standard errors of the change, those of the adjusted Wald points of both
    sides with what the `pairs` have in common taken off; so also where a side has no answer. KpiValueError for a
    confidence outside 0..1. 40 answers (6, 8, 26) on either side: 1.96 standard errors are 30.8 points, so they are too
    few; 400 of the same kind: 10.3, still; 500: 9.2.
    """
    first, second = before.adjusted(), after.adjusted()
    if first is None or second is None:
        return True
    error = error_of_change(first, second, common_variance(before.bands, after.bands, pairs))
    return z_value(confidence) * error > POINTS_TO_FIND


@dataclass(frozen=True, slots=True)
class Slope:
    """The line through the NPS of several periods: points a period, test, and word; `periods` of them have answers."""

    points: float
    z: float
    p: float
    word: Word
    periods: int

    def with_p(self, p: float | None, confidence: float = 0.95) -> Slope:
        """Return the same slope judged by another p-value, such as one that `holm` adjusted over many partners."""
        judged = self.p if p is None else p
        return Slope(self.points, self.z, judged, word_of(self.points, judged, confidence), self.periods)


def nps_slope(tallies: Sequence[ScoreTally], *, confidence: float = 0.95) -> Slope | None:
    """Draw a line through the NPS of consecutive periods, oldest first; None below three periods with answers.

    Each answer counts once: the line is that of least squares weighted by answers. The test is the linear-by-linear
    association of period and band given the counts of both (Mantel 1963, Journal of the American Statistical
    Association 58; with two bands it is that of Cochran and Armitage): z = sum(t - T)(x) / sqrt(v sum(t - T)^2) with x
    -1, 0 or 1, t the number of the period, T its mean over all N answers and v the variance of x with divisor N - 1.
    p is two-sided; since few answers beside many make the permutations lopsided, they are taken as a Pearson curve of
    type III of the same three moments (Mielke and Berry 2007, Permutation Methods, chapter 2), by the cube root of
    Wilson and Hilferty 1931, PNAS 17, and where their tails are heavier still by the fourth term of Cornish and Fisher
    1938, Rev. Int. Stat. Inst. 5. Where all answers are alike p is 1. KpiValueError for a confidence outside 0..1.
    (5, 3, 2), (4, 3, 3), (3, 3, 4), (2, 3, 5): 20 points a period, z 1.6690, p .0951, "cannot tell".
    """
    z_value(confidence)  # refuses what is no confidence
    known = [(number, tally) for number, tally in enumerate(tallies) if tally.responses]
    if len(known) < FEWEST_PERIODS:
        return None
    answers = sum(tally.responses for _, tally in known)
    lead = sum(tally.promoters - tally.detractors for _, tally in known)
    # whole numbers, N times the sums around the mean: exactly 0 where nothing differs
    times = sum(number * tally.responses for number, tally in known)
    time_spread = answers * sum(number * number * tally.responses for number, tally in known) - times * times
    outer = sum(tally.promoters + tally.detractors for _, tally in known)
    spread = answers * outer - lead * lead
    together = answers * sum(number * (tally.promoters - tally.detractors) for number, tally in known) - times * lead
    points = 100 * together / time_spread
    if not spread:
        return Slope(points, 0.0, 1.0, "cannot tell", len(known))
    z = together * math.sqrt((answers - 1) / (time_spread * spread))
    shape = _shape(known, answers)
    if z < 0:  # mirrored, the lower tail is an upper one
        shape = _Shape(-shape.skewness, shape.kurtosis)
    p = min(1.0, 2 * _upper_tail(abs(z), shape))
    return Slope(points, z, p, word_of(points, p, confidence), len(known))


@dataclass(frozen=True, slots=True)
class _Shape:
    """The skewness and the excess kurtosis of z over all permutations of the answers."""

    skewness: float
    kurtosis: float


def _shape(known: Sequence[tuple[int, ScoreTally]], answers: int) -> _Shape:
    """Return the shape of z: the skewness exactly, the excess kurtosis to the first order of 1 / answers."""
    times = [(number, tally.responses) for number, tally in known]
    scores = [(score, sum(tally.bands[score + 1] for _, tally in known)) for score in (-1, 0, 1)]
    (skew_1, heavy_1), (skew_2, heavy_2) = _moments(times, answers), _moments(scores, answers)
    # of a sum of products in random order: the third moment is that of both times N^2 / ((N - 1) (N - 2))
    skewness = skew_1 * skew_2 * math.sqrt(answers - 1) / (answers - 2)
    return _Shape(skewness, ((heavy_1 - 3) * (heavy_2 - 3) - 6) / answers)


def _moments(values: Sequence[tuple[int, int]], answers: int) -> tuple[float, float]:
    """Return the skewness and the kurtosis of values, each with how often it stands there."""
    mean = sum(value * count for value, count in values) / answers
    square, cube, fourth = (
        math.fsum(count * (value - mean) ** power for value, count in values) / answers for power in (2, 3, 4)
    )
    return cube / square**1.5, fourth / square**2


def _upper_tail(z: float, shape: _Shape) -> float:
    """Return the upper tail of a standardised Pearson curve of type III; of one with heavier tails, that much more."""
    skewness = shape.skewness
    if abs(skewness) > 1e-9:
        inner = 1 + skewness * z / 2
        z = (6 / skewness) * (math.copysign(abs(inner) ** (1 / 3), inner) - 1) + skewness / 6
    heavier = shape.kurtosis - 1.5 * skewness**2
    if heavier > 0:
        z = min(z, math.sqrt(1 + 8 / heavier))  # from there on the correction would turn back
        z -= (z**3 - 3 * z) * heavier / 24
    return math.erfc(z / math.sqrt(2)) / 2
