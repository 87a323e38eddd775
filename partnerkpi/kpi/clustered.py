"""How sure an NPS is if these partners stand for others: answers of one partner are alike, so partners count.

The interval of `ScoreTally.interval` is that of the answers, for these partners. This one asks what other partners, or
the same ones in another quarter, would have said. It needs counts by partner alone, in whole numbers that any engine
can add up. Standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import field
from functools import lru_cache

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import finite_number, whole_number
from partnerkpi.kpi.intervals import Interval, z_value
from partnerkpi.kpi.scores import ScoreTally

# from so many degrees on the expansion around the normal quantile is exact to the last digits
_MANY_DEGREES = 1000
_NEWTON_STEPS = 60
_FRACTION_STEPS = 500
_TINY = 1e-300


def t_value(confidence: float, degrees: int) -> float:
    """Return how many standard errors to either side give a two-sided interval where the error itself is estimated.

    `confidence` lies between 0 and 1, `degrees` of freedom is a whole number of 1 or more; KpiValueError otherwise.
    Quantile of Student's t at (1 + confidence) / 2: Student 1908, Biometrika 6. t_value(.95, 9) is 2.26216.
    """
    z = z_value(confidence)
    degrees = whole_number(degrees, "degrees of freedom")
    if degrees < 1:
        raise KpiValueError(f"degrees of freedom is {degrees!r}; allowed: 1 or more")
    return _t_quantile(1 - confidence, degrees, z)


@lru_cache(maxsize=1024)
def _t_quantile(tail: float, degrees: int, z: float) -> float:
    """Return the t beyond which to either side lies this part of the distribution.

    Newton's method on the logarithms of both: the curve is concave there, so it arrives from wherever it begins.
    """
    if degrees >= _MANY_DEGREES:
        return _expansion(z, degrees)
    half = degrees / 2
    scale = math.lgamma(half + 0.5) - math.lgamma(half) - math.log(degrees * math.pi) / 2
    at = math.log(z) if z > 0 else -1.0
    for _ in range(_NEWTON_STEPS):
        t = math.exp(at)
        beyond = _beyond(t, degrees)
        density = math.exp(scale - (half + 0.5) * math.log1p(t * t / degrees))
        step = (math.log(beyond) - math.log(tail)) * beyond / (2 * density * t)
        at += step
        if abs(step) < 1e-15 * max(1.0, abs(at)):
            break
    return math.exp(at)


def _expansion(z: float, degrees: int) -> float:
    """Return the quantile from that of the normal curve: Abramowitz and Stegun 1964, 26.7.5."""
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / degrees**power for power, term in enumerate(terms, 1))


def _beyond(t: float, degrees: int) -> float:
    """Return which part of Student's distribution lies further from 0 than t: a regularised incomplete beta."""
    square = t * t
    part = degrees / (degrees + square)
    if part < (degrees / 2 + 1) / (degrees / 2 + 2.5):
        return _beta(part, square / (degrees + square), degrees / 2, 0.5)
    return 1 - _beta(square / (degrees + square), part, 0.5, degrees / 2)


def _beta(x: float, rest: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta I_x(a, b), `rest` being 1 - x, by Lentz' continued fraction."""
    ways = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(ways + a * math.log(x) + b * math.log(rest)) / a
    above, below = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = below
    for m in range(1, _FRACTION_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            below = 1 / _not_zero(1 + term * below)
            above = _not_zero(1 + term / above)
            value *= above * below
        if abs(above * below - 1) < 1e-16:
            break
    return front * value


def _not_zero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY


@dataclass(frozen=True, slots=True)
class Clustered:
    """A figure with the interval that it has if these partners stand for others.

    `points` and `standard_error` are in NPS points; `partners` is the number K of those with answers. `design_effect`
    is the variance over the one that as many independent answers would have: 4 says that the interval is twice as
    wide. None where that is no question, as in a mean of partners.
    """

    points: float
    standard_error: float
    interval: Interval
    design_effect: float | None
    partners: int


@dataclass(frozen=True, slots=True)
class Clusters:
    """What partners' answers add up to, as far as the clustered interval of their NPS needs it: whole numbers.

    With n_k the answers of a partner and a_k its promoters less its detractors: `squares` is the sum of a_k^2,
    `products` of a_k n_k, `sizes` of n_k^2, over the `partners` with answers; `tally` is all answers together.
    """

    tally: ScoreTally = field(default_factory=ScoreTally)
    partners: int = 0
    squares: int = 0
    products: int = 0
    sizes: int = 0

    @classmethod
    def of(cls, tallies: Iterable[ScoreTally]) -> Clusters:
        """Add up the answers of partners, one tally each; those without answers count nowhere.

        Of (1, 0, 2) and (0, 1, 1): (1, 1, 3), 2 partners, squares 2, products 5, sizes 13.
        """
        known = [tally for tally in tallies if tally.responses]
        sides = [(tally.promoters - tally.detractors, tally.responses) for tally in known]
        return cls(
            ScoreTally.pooled(known),
            len(known),
            sum(lead * lead for lead, _ in sides),
            sum(lead * answers for lead, answers in sides),
            sum(answers * answers for _, answers in sides),
        )

    @property
    def spread(self) -> float | None:
        """Return the sum over partners of u_k^2, u_k being a_k less n_k times NPS / 100; None without answers."""
        answers = self.tally.responses
        return self._squares / answers**2 if answers else None

    @property
    def _squares(self) -> int:
        """Return `spread` times the square of the number of answers, a whole number: nothing cancels out."""
        answers, lead = self.tally.responses, self.tally.promoters - self.tally.detractors
        return answers**2 * self.squares - 2 * answers * lead * self.products + lead**2 * self.sizes

    def clustered(self, confidence: float = 0.95) -> Clustered | None:
        """Return the NPS of all answers with its interval clustered by partner; None where `clustered_nps` has none."""
        z_value(confidence)  # refuses what is no confidence
        answers, lead = self.tally.responses, self.tally.promoters - self.tally.detractors
        squares = self._squares
        plain = (self.tally.promoters + self.tally.detractors) * answers - lead**2  # times answers^-2: of one answer
        if self.partners < 2 or squares == 0:
            return None
        variance = self.partners / (self.partners - 1) * (squares / answers**4)
        effect = variance / (plain / answers**3)  # answers of partners that differ are not all alike
        return _around(100 * lead / answers, 100 * math.sqrt(variance), self.partners, confidence, effect)


def clustered_nps(tallies: Iterable[ScoreTally], confidence: float = 0.95) -> Clustered | None:
    """Return the NPS of all answers with the interval that it has if these partners stand for others.

    One tally for each partner; answers that name none are one more, for nobody knows how alike they are. With u_k the
    sum of a partner's (1, 0, -1) less n_k times the mean of all: `se = sqrt(K / (K - 1) sum(u_k^2)) / n`, quantile of
    Student's t with K - 1 degrees. Linearisation by clusters: Liang and Zeger 1986, Biometrika 73. None below two
    partners with answers, and where they do not differ at all. KpiValueError for a confidence outside 0..1.
    (1, 2, 7), (4, 4, 2), (0, 3, 3), (5, 3, 8): 23.8095, -28.2589 ... 75.8780, design effect 1.7097.
    """
    return Clusters.of(tallies).clustered(confidence)


def clustered_partner_nps(tallies: Iterable[ScoreTally], confidence: float = 0.95) -> Clustered | None:
    """Return the mean of the partners' NPS, one vote each, with the interval that it has if they stand for others.

    Standard error of a mean, `sqrt(sum((x_k - m)^2) / (K (K - 1)))`, and Student's t with K - 1 degrees. None below two
    partners with answers, and where all have the same NPS. KpiValueError for a confidence outside 0..1.
    (1, 2, 7), (4, 4, 2), (0, 3, 3), (5, 3, 8): 27.1875, -30.1475 ... 84.5225.
    """
    return _weighted([(tally.nps, 1.0) for tally in tallies if tally.nps is not None], confidence)


def clustered_revenue_nps(
    tallies: Sequence[ScoreTally], revenues: Sequence[float | None], confidence: float = 0.95
) -> Clustered | None:
    """Return the revenue-weighted NPS with the interval that it has if these partners stand for others.

    Revenues as in `revenue_weighted_nps`, same errors. A ratio of two sums, linearised: with w_k a partner's part of
    the revenue and R the figure, `se = sqrt(K / (K - 1) sum((w_k (x_k - R))^2))` and Student's t with K - 1 degrees:
    Cochran 1977, Sampling Techniques, 6.3. None below two partners with answers and revenue, and where they do not
    differ. Where one partner is most of the revenue the interval is too narrow. (1, 2, 7), (4, 4, 2), (0, 3, 3),
    (5, 3, 8) with 4, 1, 2, 3: 37.6250, -7.6058 ... 82.8558.
    """
    if len(tallies) != len(revenues):
        raise KpiValueError(f"{len(tallies)} partners and {len(revenues)} revenues; allowed: one for each")
    weighed = [
        (tally.nps, weight)
        for tally, revenue in zip(tallies, revenues, strict=True)
        if (weight := 0.0 if revenue is None else finite_number(revenue, "revenue", 0)) and tally.nps is not None
    ]
    return _weighted(weighed, confidence)


def clustered_change(
    before: Sequence[ScoreTally], after: Sequence[ScoreTally], confidence: float = 0.95
) -> Clustered | None:
    """Return by how much the NPS of all answers changed, with the interval if these partners stand for others.

    One tally for each partner in either period, in the same order; KpiValueError otherwise, and for a confidence
    outside 0..1. What a partner adds to the difference is `u_k2 / n2 - u_k1 / n1` (u as in `clustered_nps`), 0 in a
    period without answers: who stays what it was in both adds little. K is the number of partners with answers in
    either. None where a period has no answers, below two partners, and where nothing differs. In points, -200..200.
    (2, 3, 5), (4, 4, 2), (0, 3, 3) -> (1, 2, 7), (4, 3, 3), (1, 3, 2): +7.6923, -59.7993 ... 75.1840.
    """
    if len(before) != len(after):
        raise KpiValueError(f"{len(before)} partners before and {len(after)} after; allowed: the same ones")
    first, second = ScoreTally.pooled(before), ScoreTally.pooled(after)
    if first.nps is None or second.nps is None:
        z_value(confidence)
        return None
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if old.responses or new.responses]
    # u_k2 / n2 - u_k1 / n1 over one denominator: whole numbers, so that no difference is exactly none
    parts = [_part(new, second) * first.responses**2 - _part(old, first) * second.responses**2 for old, new in pairs]
    squares = sum(part * part for part in parts) / (first.responses * second.responses) ** 4
    return _linearised(second.nps - first.nps, squares, len(pairs), confidence, _plain(first) + _plain(second), 200.0)


def _part(tally: ScoreTally, whole: ScoreTally) -> int:
    """Return u_k n: what one partner's distance from all adds to their NPS, as a whole number."""
    lead, of_all = tally.promoters - tally.detractors, whole.promoters - whole.detractors
    return lead * whole.responses - of_all * tally.responses


def _plain(tally: ScoreTally) -> float:
    """Return the variance of an NPS / 100 of as many independent answers."""
    answers, lead = tally.responses, tally.promoters - tally.detractors
    return ((tally.promoters + tally.detractors) * answers - lead**2) / answers**3


def _weighted(weighed: Sequence[tuple[float, float]], confidence: float) -> Clustered | None:
    """Return the mean of partners' points, each with a weight above 0, with its interval."""
    if len({point for point, _ in weighed}) < 2:
        z_value(confidence)  # refuses what is no confidence
        return None
    total = math.fsum(weight for _, weight in weighed)
    mean = math.fsum(weight * point for point, weight in weighed) / total
    squares = math.fsum((weight * (point - mean) / total / 100) ** 2 for point, weight in weighed)
    return _linearised(mean, squares, len(weighed), confidence)


def _linearised(
    points: float, squares: float, partners: int, confidence: float, plain: float = 0.0, widest: float = 100.0
) -> Clustered | None:
    """Return a figure with its interval from the sum of what each partner adds, squared, as parts of 1."""
    z_value(confidence)  # refuses what is no confidence
    if partners < 2 or not squares:
        return None
    variance = partners / (partners - 1) * squares
    effect = variance / plain if plain else None
    return _around(points, 100 * math.sqrt(variance), partners, confidence, effect, widest)


def _around(
    points: float, error: float, partners: int, confidence: float, effect: float | None, widest: float = 100.0
) -> Clustered:
    reach = t_value(confidence, partners - 1) * error
    interval = Interval(max(-widest, points - reach), min(widest, points + reach), confidence)
    return Clustered(points, error, interval, effect, partners)
