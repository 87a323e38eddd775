"""How sure a figure is: confidence intervals, many comparisons at once, and rankings of small samples.

Nothing here knows a partner or a survey; the KPI modules put the field's words on it. Standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from statistics import NormalDist

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import finite_number, is_number, whole_number

STANDARD_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Interval:
    """The range of values that the data do not contradict, at a confidence of 0..1; units are those of the figure."""

    low: float
    high: float
    confidence: float = 0.95

    @property
    def half_width(self) -> float:
        """Give half the distance between the bounds, the figure people quote as plus or minus."""
        return (self.high - self.low) / 2


def z_value(confidence: float) -> float:
    """Return how many standard errors to either side give a two-sided interval of this confidence.

    `confidence` lies between 0 and 1, both excluded; KpiValueError otherwise. Standard normal quantile at
    (1 + confidence) / 2. z_value(.95) is 1.95996.
    """
    if not is_number(confidence) or not 0 < confidence < 1:
        raise KpiValueError(f"confidence is {confidence!r}; allowed: between 0 and 1, such as 0.95 for 95 %")
    return _quantile(float(confidence))


def is_shown(p: float, confidence: float) -> bool:
    """Tell whether a p-value is below 1 - confidence, which is when something is called more than chance.

    Both are probabilities, p from 0 to 1 and `confidence` between; neither is checked. Exact tests have p-values such
    as 1/8 and 1/20, so both sides are compared to 12 decimals: neither the order in which a tail is added up decides
    nor that 1 - .95 is a little above .05. is_shown(.05, .95) is False, is_shown(.0499, .95) True.
    """
    return round(p, 12) < round(1 - confidence, 12)


@lru_cache(maxsize=64)
def _quantile(confidence: float) -> float:
    # the lower tail keeps its digits where (1 + confidence) / 2 would round to 1
    return abs(STANDARD_NORMAL.inv_cdf((1 - confidence) / 2))


def wilson(successes: int, total: int, confidence: float = 0.95) -> Interval | None:
    """Return the Wilson score interval of a share, in percent 0..100; None when there is nothing to count.

    `successes` and `total` are whole numbers, 0 <= successes <= total; KpiValueError otherwise. Wilson 1927,
    J. Am. Stat. Assoc. 22. wilson(12, 40) is 18.0748 ... 45.4300.
    """
    z = z_value(confidence)
    total = whole_number(total, "total")
    successes = whole_number(successes, "successes", total, "the total")
    if total == 0:
        return None
    weight = total + z * z
    centre = 100 * (successes + z * z / 2) / weight
    half_width = 100 * z / weight * math.sqrt(successes * (total - successes) / total + z * z / 4)
    # none or all of them: the bound is exactly 0 or 100, which rounding would miss by a hair
    low = 0.0 if successes == 0 else max(0.0, centre - half_width)
    high = 100.0 if successes == total else min(100.0, centre + half_width)
    return Interval(low, high, confidence)


def agresti_caffo(
    successes_1: int, total_1: int, successes_2: int, total_2: int, confidence: float = 0.95
) -> Interval | None:
    """Return the interval of share 1 minus share 2, in percentage points -100..100; None when a group is empty.

    Whole numbers, 0 <= successes <= total in each group; KpiValueError otherwise. One success and one failure are
    added to each group: Agresti and Caffo 2000, The American Statistician 54. agresti_caffo(72, 80, 88, 120) is
    5.6857 ... 26.4614.
    """
    z = z_value(confidence)
    adjusted = adjusted_difference(successes_1, total_1, successes_2, total_2)
    if adjusted is None:
        return None
    difference, standard_error = adjusted
    return Interval(
        max(-100.0, difference - z * standard_error), min(100.0, difference + z * standard_error), confidence
    )


def adjusted_difference(successes_1: int, total_1: int, successes_2: int, total_2: int) -> tuple[float, float] | None:
    """Return the difference that `agresti_caffo` is built around, and its standard error, both in percentage points.

    Same arguments and errors; None when a group is empty. adjusted_difference(72, 80, 88, 120) is 16.0736, 5.3010.
    """
    total_1 = whole_number(total_1, "total of the first group")
    total_2 = whole_number(total_2, "total of the second group")
    successes_1 = whole_number(successes_1, "successes of the first group", total_1, "its total")
    successes_2 = whole_number(successes_2, "successes of the second group", total_2, "its total")
    if total_1 == 0 or total_2 == 0:
        return None
    share_1 = (successes_1 + 1) / (total_1 + 2)
    share_2 = (successes_2 + 1) / (total_2 + 2)
    variance = share_1 * (1 - share_1) / (total_1 + 2) + share_2 * (1 - share_2) / (total_2 + 2)
    return 100 * (share_1 - share_2), 100 * math.sqrt(variance)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values for being looked at together, so that chance alone seldom marks any of them.

    Order is kept; None (no data) stays None and does not count as a comparison. Each p lies in 0..1, KpiValueError
    otherwise. Step-down Bonferroni: Holm 1979, Scand. J. Stat. 6. .001, .012, .03, .04, .2 become .005, .048, .09,
    .09, .2.
    """
    known = sorted(
        (finite_number(p, "p-value", 0, 1), position) for position, p in enumerate(p_values) if p is not None
    )
    adjusted: list[float | None] = [None] * len(p_values)
    running = 0.0
    for already, (p, position) in enumerate(known):
        running = max(running, min(1.0, (len(known) - already) * p))
        adjusted[position] = running
    return adjusted


@dataclass(frozen=True, slots=True)
class Pooled:
    """What several estimates have in common: their weighted mean, and the variance of the true values around it."""

    mean: float
    variance_between: float


def pooled(estimates: Sequence[float | None], variances: Sequence[float | None]) -> Pooled | None:
    """Return the weighted mean of the estimates and how much the true values differ; None without any estimate.

    Units are those of the estimates (the variance: squared). An estimate or a variance of None leaves that one out.
    Variances are above 0 and both sequences equally long; KpiValueError otherwise. Method of moments of DerSimonian
    and Laird 1986, Control. Clin. Trials 7. Estimates 0, 10, 50 with variance 100 each: mean 20, variance 600.
    """
    return _pool(_known_pairs(estimates, variances))


def shrink(estimates: Sequence[float | None], variances: Sequence[float | None]) -> list[float | None]:
    """Pull each estimate towards the pooled mean, the more the less certain it is: a fair order for small samples.

    Same units, order and length as `estimates`; None stays None. When the estimates differ no more than chance
    explains, all of them become the mean. Variances are above 0, KpiValueError otherwise. Empirical Bayes on top
    of `pooled`: Morris 1983, J. Am. Stat. Assoc. 78. 0, 10, 50 with variance 100 each become 2.8571, 11.4286, 45.7143.
    """
    pairs = _known_pairs(estimates, variances)
    common = _pool(pairs)
    if common is None:
        return [None] * len(pairs)
    shrunk: list[float | None] = []
    for pair in pairs:
        if pair is None:
            shrunk.append(None)
            continue
        estimate, variance = pair
        trust = common.variance_between / (common.variance_between + variance)
        shrunk.append(common.mean + trust * (estimate - common.mean))
    return shrunk


def _known_pairs(
    estimates: Sequence[float | None], variances: Sequence[float | None]
) -> list[tuple[float, float] | None]:
    if len(estimates) != len(variances):
        raise KpiValueError(f"{len(estimates)} estimates and {len(variances)} variances; allowed: one for each")
    pairs: list[tuple[float, float] | None] = []
    for estimate, variance in zip(estimates, variances, strict=True):
        if estimate is None or variance is None:
            pairs.append(None)
            continue
        checked = finite_number(variance, "variance", 0)
        if checked == 0:
            raise KpiValueError(f"variance is {variance!r}; allowed: above 0, no estimate is beyond doubt")
        pairs.append((finite_number(estimate, "estimate"), checked))
    return pairs


def _pool(pairs: Iterable[tuple[float, float] | None]) -> Pooled | None:
    known = [pair for pair in pairs if pair is not None]
    if not known:
        return None
    weights = [1 / variance for _, variance in known]
    total = math.fsum(weights)
    mean = _weighted_mean(known, 0.0)
    spread = math.fsum(1 / variance * (estimate - mean) ** 2 for estimate, variance in known)
    scale = total - math.fsum(weight * (weight / total) for weight in weights)
    # one estimate, or one that outweighs all others: nothing to see a spread in
    between = max(0.0, (spread - (len(known) - 1)) / scale) if len(known) > 1 and scale > 0 else 0.0
    return Pooled(_weighted_mean(known, between), between)


def _weighted_mean(known: Sequence[tuple[float, float]], between: float) -> float:
    """Return the mean of the estimates, each weighted by one over its variance and that between them."""
    weighted = math.fsum(1 / (variance + between) * estimate for estimate, variance in known)
    return weighted / math.fsum(1 / (variance + between) for _, variance in known)
