"""Exact binomial and hypergeometric probabilities: for counts too small for a normal curve. Standard library only."""

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
    return together


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


@lru_cache(maxsize=4096)
def hypergeometric_at_most(count: int, drawn: int, marked: int, total: int) -> float:
    """Return the probability of at most `count` marked ones among `drawn` of `total`, of which `marked` are marked.

    Whole numbers of 0 or more, drawn and marked at most the total; KpiValueError otherwise. Each weight is that of its
    neighbour times the ratio of the two, from the likeliest number outward; their sum is what they are divided by.
    hypergeometric_at_most(1, 3, 4, 10) is 80 / 120 = .6667.
    """
    total = whole_number(total, "total")
    drawn = whole_number(drawn, "drawn", total, "the total")
    marked = whole_number(marked, "marked", total, "the total")
    count = whole_number(count, "count")
    lowest, highest = max(0, drawn + marked - total), min(drawn, marked)
    if count >= highest:
        return 1.0
    if count < lowest:
        return 0.0
    likeliest = (drawn + 1) * (marked + 1) // (total + 2)

    def next_ratio(number: int) -> float:
        """Return how much likelier one more is."""
        return (drawn - number) * (marked - number) / ((number + 1) * (total - drawn - marked + number + 1))

    below: list[float] = []
    above: list[float] = []
    (below if likeliest <= count else above).append(1.0)
    weight = 1.0
    for number in range(likeliest - 1, lowest - 1, -1):
        weight /= next_ratio(number)
        if weight == 0:
            break
        (below if number <= count else above).append(weight)
    weight = 1.0
    for number in range(likeliest, highest):
        weight *= next_ratio(number)
        if weight == 0:
            break
        (below if number < count else above).append(weight)
    tail = math.fsum(below)
    return tail / (tail + math.fsum(above))


def less_often_p(own: tuple[int, int], others: tuple[int, int]) -> float | None:
    """Return the one-sided p-value of "these succeed less often than the others"; None when a side is empty.

    Each side is (successes, total), whole numbers with 0 <= successes <= total; KpiValueError otherwise. Given how many
    succeeded on both sides together, each way to part them is equally likely: Fisher's exact test, Fisher 1935, Journal
    of the Royal Statistical Society 98. 0 of 3 against 150 of 180 is p = .0054.
    """
    own_successes, own_total = _checked(own, "of these")
    other_successes, other_total = _checked(others, "of the others")
    if not own_total or not other_total:
        return None
    return hypergeometric_at_most(own_successes, own_total, own_successes + other_successes, own_total + other_total)


def more_often_p(own: tuple[int, int], others: tuple[int, int]) -> float | None:
    """Return the one-sided p-value of "these succeed more often than the others"; None when a side is empty.

    As `less_often_p`, of those that did not succeed. 20 of 20 against 1024 of 1280 is p = .0120.
    """
    return less_often_p((own[1] - own[0], own[1]), (others[1] - others[0], others[1]))


def equal_shares_p(first: tuple[int, int], second: tuple[int, int]) -> float | None:
    """Return the two-sided p-value of two shares being one: twice the smaller tail, at most 1; None without data.

    As `less_often_p`. 3 of 3 and then 0 of 3 is 2 / 20 = .1.
    """
    less, more = less_often_p(second, first), more_often_p(second, first)
    return None if less is None or more is None else min(1.0, 2 * min(less, more))


def _checked(counts: tuple[int, int], whose: str) -> tuple[int, int]:
    """Return (successes, total) where they are whole numbers and the one is part of the other; KpiValueError if not."""
    total = whole_number(counts[1], f"total {whose}")
    return whole_number(counts[0], f"successes {whose}", total, "its total"), total
