"""Whether two sets of answers, or of partners, differ by more than chance, from what both of them together hold.

Given all answers of both sides, chance alone decides which of them fell to which side: so the sum of one side, with -1
for a detractor, 0 for a passive and 1 for a promoter, has a multivariate hypergeometric distribution, which is counted
out (a permutation test: Fisher 1935, The Design of Experiments; Pitman 1937, J. R. Stat. Soc. Suppl. 4). Nothing is
assumed of the size of either side, nor added to it. Standard library only.
"""

from __future__ import annotations

import math
from functools import lru_cache
from operator import mul
from typing import TypeAlias

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import whole_number
from partnerkpi.kpi.exact import binomial_at_most

#: Detractors, passives and promoters.
Bands: TypeAlias = tuple[int, int, int]

#: Up to so many answers on the smaller side each way to share them out is counted; above, a normal curve is as good.
COUNTED_OUT = 60
#: So many persons must have answered on both sides before what they have in common is taken off.
FEWEST_PAIRS = 10


@dataclass(frozen=True, slots=True)
class Pairs:
    """The persons who answered on both sides, of whom a test needs three sums; those of different people add up.

    Each of a person's two answers is -1, 0 or 1, detractor, passive or promoter. `persons` is their number, `sums` the
    sum of all their answers, `products` the sum over persons of one answer times the other. Whole numbers with
    persons >= 0, |sums| <= 2 persons and |products| <= persons; KpiValueError otherwise. From a 3 x 3 table of bands,
    `of_table`.
    """

    persons: int = 0
    sums: int = 0
    products: int = 0

    def __post_init__(self) -> None:
        persons = whole_number(self.persons, "persons")
        for name, most in (("sums", 2 * persons), ("products", persons)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or abs(value) > most:
                raise KpiValueError(f"{name} is {value!r}; allowed: a whole number from {-most} to {most}")

    @classmethod
    def of_table(cls, table: tuple[Bands, Bands, Bands]) -> Pairs:
        """Count persons by the band of their first answer (rows) and of their second one (columns).

        Each in the order detractor, passive, promoter. ((2, 1, 0), (1, 3, 2), (0, 1, 5)) is Pairs(15, 7, 7).
        """
        cells = [(x, y, table[x + 1][y + 1]) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        return cls(
            sum(count for *_, count in cells),
            sum((x + y) * count for x, y, count in cells),
            sum(x * y * count for x, y, count in cells),
        )

    def __add__(self, other: object) -> Pairs:
        if not isinstance(other, Pairs):
            return NotImplemented
        return Pairs(self.persons + other.persons, self.sums + other.sums, self.products + other.products)

    def __radd__(self, other: object) -> Pairs:
        # sum() starts with the int 0
        return self if type(other) is int and other == 0 else NotImplemented


NO_PAIRS = Pairs()


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test of two sides found: the standardised difference, second less first, and the two-sided p-value."""

    z: float
    p: float


@lru_cache(maxsize=1 << 16)
def conditional_test(first: Bands, second: Bands, pairs: Pairs = NO_PAIRS) -> Tested | None:
    """Test whether the NPS of two sides differs by more than chance; None where either side has no answer.

    Each side is detractors, passives, promoters, whole numbers of 0 or more, KpiValueError otherwise. p is twice the
    smaller tail of the sum of the smaller side, at most 1: counted out up to 60 answers on that side, above that by its
    normal form z = (x2 - x1) / sqrt(v (1/n1 + 1/n2)) with v = ((P + D) / N - q^2) N / (N - 1), where x and n are
    NPS / 100 and answers of a side, and D, P, N, q = (P - D) / N are of both together. From 10 `pairs` on, the
    persons who answered on both sides, p is that of the normal form with 2 c taken off its variance,
    c = (sum over persons of (x - q)(y - q)) / (n1 n2). Where all answers are alike p is 1 and z 0. (0, 0, 20) and
    (1, 0, 2): z -2.5820, p .2609. KpiValueError for more pairs than answers on a side.
    """
    first, second = _counts(first), _counts(second)
    n1, n2 = sum(first), sum(second)
    if pairs.persons > min(n1, n2):
        raise KpiValueError(f"{pairs.persons} persons answered on both sides; allowed: at most {min(n1, n2)}")
    if not n1 or not n2:
        return None
    detractors, promoters, together = first[0] + second[0], first[2] + second[2], n1 + n2
    total = promoters - detractors
    # whole numbers as long as can be: where all are alike, this is 0 and not a hair off
    spread = (promoters + detractors) * together - total * total
    if not spread:
        return Tested(0.0, 1.0)
    lead = ((second[2] - second[0]) * n1 - (first[2] - first[0]) * n2) / (n1 * n2)
    variance = spread / (n1 * n2 * (together - 1))
    variance -= 2 * common_variance(first, second, pairs)
    z = lead / math.sqrt(variance)
    if pairs.persons >= FEWEST_PAIRS or min(n1, n2) > COUNTED_OUT:
        return Tested(z, math.erfc(abs(z) / math.sqrt(2)))
    small = first if n1 <= n2 else second
    pool = (detractors, first[1] + second[1], promoters)
    # the tail that z points to; mirrored, it is that of the lower sums
    if (z > 0) == (small is second):
        small, pool = (small[2], small[1], small[0]), (pool[2], pool[1], pool[0])
    tail, seen = _lower_tail(small, pool)
    return Tested(z, min(1.0, 2 * min(tail, 1 - tail + seen)))


def common_variance(first: Bands, second: Bands, pairs: Pairs) -> float:
    """Return the c of `conditional_test`, the covariance of both sides' NPS / 100; 0 with fewer than 10 pairs.

    Around the mean of all answers, so that 2 c is never more than the variance that it is taken off.
    """
    if pairs.persons < FEWEST_PAIRS:
        return 0.0
    n1, n2 = sum(first), sum(second)
    share = (first[2] + second[2] - first[0] - second[0]) / (n1 + n2)
    return (pairs.products - share * pairs.sums + pairs.persons * share * share) / (n1 * n2)


def _counts(side: Bands) -> Bands:
    detractors, passives, promoters = side
    if type(detractors) is type(passives) is type(promoters) is int and min(side) >= 0:
        return side  # nearly always, and of tens of thousands of partners very often
    detractors, passives, promoters = (whole_number(count, "number of answers") for count in side)
    return detractors, passives, promoters


def _lower_tail(side: Bands, pool: Bands) -> tuple[float, float]:
    """Return the probability of a sum of at most, and of exactly, that of a side which chance took from a pool.

    The ways to take p promoters, d detractors and the rest passives are C(P, p) C(D, d) C(A, n - p - d), each over
    N^n so that they stay numbers; for each p all d are added up at once, of those that the pool has.
    """
    size, sum_seen, everybody = sum(side), side[2] - side[0], sum(pool)
    detractors, passives, promoters = (_ways(count, size, everybody) for count in pool)
    rest = passives[::-1]  # the place p + d holds the ways to take it
    most, fewest = (
        min(pool[0], size),
        size - pool[1],
    )  # detractors that can be taken, detractors and promoters that must
    tail = seen = 0.0
    for took in range(max(0, fewest - most), min(pool[2], size) + 1):
        ways, edge = promoters[took], took - sum_seen  # so many detractors make the sum that is seen
        start, end = max(0, edge, fewest - took), min(most, size - took) + 1
        if start < end:
            tail += ways * sum(map(mul, detractors[start:end], rest[took + start : took + end]))
        if 0 <= edge < end:
            seen += ways * detractors[edge] * rest[took + edge]
    whole = _ways(everybody, size, everybody)[size]
    return tail / whole, seen / whole


@lru_cache(maxsize=1 << 15)  # of thousands of partners most have few answers
def _ways(count: int, most: int, everybody: int) -> tuple[float, ...]:
    """Return C(count, k) / everybody^k for k from 0 to `most`; 0 where there are not so many."""
    ways = [1.0]
    for taken in range(most):
        ways.append(ways[-1] * ((count - taken) / ((taken + 1) * everybody)) if taken < count else 0.0)
    return tuple(ways)


def mcnemar(began: int, stopped: int) -> float:
    """Return the two-sided mid-p value of McNemar's test: of those who changed, whether chance chose the way.

    Whole numbers of 0 or more, KpiValueError otherwise: how many of the same partners began and how many stopped.
    Each of them is a coin; half of the probability of what is seen counts, which makes the test neither blind nor rash
    (Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13). Nobody who changed: 1.
    mcnemar(9, 2) is .0386; the exact test without the half gives .0654.
    """
    began, stopped = whole_number(began, "partners that began"), whole_number(stopped, "partners that stopped")
    changed, fewer = began + stopped, min(began, stopped)
    if began == stopped:
        return 1.0
    below = binomial_at_most(fewer - 1, changed, 0.5) if fewer else 0.0
    return below + binomial_at_most(fewer, changed, 0.5)
