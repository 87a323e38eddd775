"""Exact binomial probabilities: for counts that are too small for a normal curve. Standard library only."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from partnerkpi.kpi.checks import finite_number, whole_number
from partnerkpi.kpi.intervals import Interval, z_value

# halvings until a bound is right to a ten-billionth of a per cent
_HALVINGS = 40


def binomial_at_most(count: int, total: int, share: float) -> float:
    """Return the probability of at most `count` successes in `total` trials that each succeed with `share`.

    Whole numbers of 0 or more and a share within 0..1; KpiValueError otherwise. binomial_at_most(2, 10, .5) is
    56 / 1024 = .0546875.
    """
    total = whole_number(total, "trials")
    count = whole_number(count, "successes")
    share = finite_number(share, "share", 0, 1)
    if count >= total or share == 0:
        return 1.0
    if share == 1:
        return 0.0
    if count < total * share:
        return _lower_tail(count, total, math.log(share), math.log1p(-share))
    return 1 - _lower_tail(total - count - 1, total, math.log1p(-share), math.log(share))


def _lower_tail(count: int, total: int, log_success: float, log_failure: float) -> float:
    """Add up the probabilities from `count` downwards, where each is smaller than the one before."""
    ways = math.lgamma(total + 1) - math.lgamma(count + 1) - math.lgamma(total - count + 1)
    probability = math.exp(ways + count * log_success + (total - count) * log_failure)
    if count == 0:
        return probability
    odds = math.exp(log_failure - log_success)
    together = first = probability
    for successes in range(count, 0, -1):
        probability *= successes / (total - successes + 1) * odds
        together += probability
        if probability < first * 1e-17:
            break
    return min(1.0, together)


@lru_cache(maxsize=4096)
def clopper_pearson(successes: int, total: int, confidence: float = 0.95) -> Interval | None:
    """Return the exact interval of a share, in percent 0..100; None when there is nothing to count.

    Whole numbers, 0 <= successes <= total; KpiValueError otherwise. It holds the true share at least as often as it
    says, and with few observations more often. Clopper and Pearson 1934, Biometrika 26. clopper_pearson(2, 10) is
    2.5211 ... 55.6095.
    """
    z_value(confidence)  # refuses what is no confidence
    total = whole_number(total, "total")
    successes = whole_number(successes, "successes", total, "the total")
    if total == 0:
        return None
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else _where(lambda share: binomial_at_most(total - successes, total, 1 - share) < tail)
    high = 1.0 if successes == total else _where(lambda share: binomial_at_most(successes, total, share) > tail)
    return Interval(100 * low, 100 * high, confidence)


def _where(below: Callable[[float], bool]) -> float:
    """Return the share at which `below` turns from true to false."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2


def equal_counts_p(first: int, second: int) -> float | None:
    """Return the two-sided p-value of two counts coming from one rate; None when both are 0.

    Whole numbers of 0 or more, KpiValueError otherwise. Given how many there were together, each belongs to either
    period with the probability 1/2: Przyborowski and Wilenski 1940, Biometrika 31. equal_counts_p(2, 9) is .06543.
    """
    first, second = whole_number(first, "first count"), whole_number(second, "second count")
    if first + second == 0:
        return None
    return min(1.0, 2 * binomial_at_most(min(first, second), first + second, 0.5))
