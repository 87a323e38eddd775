"""How many answers the next survey needs, for an interval of so many points or to tell a change, and how many come.

All of it rests on how people answered before: on the shares of detractors, passives and promoters, and on how many of
those invited answered. Intervals and tests are those that the figures will have (`scores`, `conditional`). Standard
library only.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import finite_number, is_number, whole_number
from partnerkpi.kpi.conditional import COUNTED_OUT
from partnerkpi.kpi.intervals import STANDARD_NORMAL, z_value
from partnerkpi.kpi.scores import ScoreTally

#: What is promised holds in so many cases: an interval as narrow as planned, a change that is told, answers that come.
POWER = 0.8

#: A partner's own answers, or people, weigh against so many of all: few of its own say little of the next ones.
OF_ALL = 10

#: Where nobody has answered yet: a quarter detractors, a quarter passives, half promoters.
UNKNOWN = ScoreTally(1, 1, 2)

#: Up to so many answers all ways in which they can fall are counted out; above, a normal curve is as good.
_COUNTED = 80
_MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class Shares:
    """How the next answers are taken to fall: shares of 0..1 that add up to 1."""

    detractors: float
    passives: float
    promoters: float

    @property
    def mean(self) -> float:
        """Return NPS / 100."""
        return self.promoters - self.detractors

    @property
    def variance(self) -> float:
        """Return the variance of one answer, which is -1, 0 or 1."""
        return self.promoters + self.detractors - self.mean**2

    def moved(self, change: float) -> Shares | None:
        """Return the shares with an NPS / 100 so much higher, the nearest to these; None where there are none.

        Each share is multiplied by e^(t x), x = -1, 0, 1: the tilt that changes them least (Kullback and Leibler 1951).
        """
        wanted = self.mean + change
        if not -1 < wanted < 1 or min(self.detractors, self.promoters) <= 0:
            return None
        low, high = -40.0, 40.0
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if self._tilted(middle).mean < wanted else (low, middle)
        return self._tilted((low + high) / 2)

    def _tilted(self, t: float) -> Shares:
        parts = self.detractors * math.exp(-t), self.passives, self.promoters * math.exp(t)
        total = math.fsum(parts)
        return Shares(*(part / total for part in parts))


def expected_shares(own: ScoreTally, everybody: ScoreTally) -> Shares:
    """Return how the next answers are taken to fall: as the own ones together with ten of everybody's.

    Everybody's are those of the adjusted Wald interval, with three answers added, so no share is 0; without any answer
    they are `UNKNOWN`. Own (0, 0, 5) and all (20, 30, 50): .1343, .2039, .6618.
    """
    of_all = everybody if everybody.responses else UNKNOWN
    total = of_all.responses + 3
    parts = (of_all.detractors + 0.75) / total, (of_all.passives + 1.5) / total, (of_all.promoters + 0.75) / total
    answers = own.responses + OF_ALL
    return Shares(*((count + OF_ALL * part) / answers for count, part in zip(own.bands, parts, strict=True)))


@lru_cache(maxsize=4096)
def answers_for_interval(
    points: float,
    shares: Shares,
    *,
    confidence: float = 0.95,
    population: int | None = None,
    often: float = POWER,
) -> int:
    """Return from how many answers on the interval of the NPS reaches at most so many points to either side.

    As narrow it is at least `often`, since answers fall one way or another. The interval is that of
    `ScoreTally.interval`, of a known `population` too, whose size is the most that is ever needed. Up to 80 answers all
    ways they can fall are counted out, above that the variance among them is taken as normal. KpiValueError unless
    0 < points <= 100, and for a confidence or a share outside 0..1. Ten points with shares .15, .25, .60: 223.
    """
    finite_number(points, "points", 0, 100)
    if points == 0:
        raise KpiValueError("points is 0; allowed: above 0, only everybody's answer leaves no doubt")
    z = z_value(confidence)
    _refuse_no_share(often, "often")
    if population is not None and whole_number(population, "population") < 2:
        return population
    most = population or _MOST

    def narrow(answers: int) -> bool:
        return _is_narrow(answers, shares, points / 100 / z, population, often)

    return _first(narrow, 2, most)


def interval_expected(
    answers: int, shares: Shares, *, confidence: float = 0.95, population: int | None = None
) -> float | None:
    """Return how many points to either side the interval has of so many answers that fall as expected; None below two.

    That of `ScoreTally.interval`, not clipped. 223 answers with shares .15, .25, .60: 9.7.
    """
    if answers < 2:
        return None
    factor = _correction(answers, population)
    total = answers + 3 * factor
    outer = (answers * (shares.promoters + shares.detractors) + 1.5 * factor) / total
    variance = max(0.0, factor * (outer - (answers * shares.mean / total) ** 2) / total)
    return 100 * z_value(confidence) * math.sqrt(variance)


def _first(holds: Callable[[int], bool], low: int, most: int) -> int:
    """Return the first number from which on something holds, `most` where it does not hold below that."""
    high = low
    while high < most and not holds(high):
        low, high = high + 1, min(most, 2 * high)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _is_narrow(answers: int, shares: Shares, error: float, population: int | None, often: float) -> bool:
    """Tell whether the standard error of so many answers is at most this, so often."""
    factor = _correction(answers, population)
    total = answers + 3 * factor

    def is_within(outer: float, lead: float) -> bool:
        return factor * ((outer + 1.5 * factor) / total - (lead / total) ** 2) / total <= error**2

    if answers > _COUNTED:
        mean, variance = shares.mean, shares.variance
        parts = shares.detractors, shares.passives, shares.promoters
        fourth = math.fsum(part * (x - mean) ** 4 for x, part in enumerate(parts, -1))
        spread = math.sqrt(max(0.0, fourth - variance**2) / answers)
        # as large as the variance among the answers is at most, so often
        largest = min(1.0, variance + STANDARD_NORMAL.inv_cdf(often) * spread)
        return is_within(answers * (largest + mean**2), answers * mean)
    found = []
    for detractors in range(answers + 1):
        for promoters in range(answers - detractors + 1):
            if is_within(detractors + promoters, promoters - detractors):
                passives = answers - detractors - promoters
                ways = math.comb(answers, detractors) * math.comb(answers - detractors, promoters)
                chance = shares.detractors**detractors * shares.passives**passives * shares.promoters**promoters
                found.append(ways * chance)
    return math.fsum(found) >= often


def _correction(answers: int, population: int | None) -> float:
    """Return the f of the definitions: 1 for an endless population, 0 where everybody answers."""
    if population is None:
        return 1.0
    return 0.0 if answers >= population else (population - answers) / (population - 1)


@lru_cache(maxsize=4096)
def answers_to_tell(
    points: float, shares: Shares, *, confidence: float = 0.95, power: float = POWER, before: int | None = None
) -> int | None:
    """Return how many answers tell a change of so many NPS points, up or down, with this power; None where none do.

    As many in each of two periods, or in the next one, after `before` answers in this. A change that cannot be, since
    the NPS is too near an end of the scale, is left out. The power is that of `conditional_test` by its normal form,
    of the pooled variance without a change against that with it, less half a step where the test is counted out.
    KpiValueError unless 0 < points <= 200, and for a confidence or power outside 0..1. Twenty points with shares .15,
    .25, .60: 240 in each.
    """
    finite_number(points, "points", 0, 200)
    if points == 0:
        raise KpiValueError("points is 0; allowed: above 0, no number of answers tells no change")
    z_value(confidence)
    _refuse_no_share(power, "power")
    afterwards = [moved for sign in (-1, 1) if (moved := shares.moved(sign * points / 100)) is not None]
    if not afterwards or (before is not None and before < 2):
        return None

    def told(answers: int) -> bool:
        sizes = (before if before is not None else answers), answers
        return all(power_to_tell(shares, moved, *sizes, confidence) >= power for moved in afterwards)

    return _first(told, 2, _MOST) if told(_MOST) else None


def power_to_tell(before: Shares, after: Shares, first: int, second: int, confidence: float = 0.95) -> float:
    """Return how often a change from one set of shares to another is told, in its way, of so many answers each time.

    As in `answers_to_tell`. (.15, .25, .60) to (.25, .25, .50), 240 each: .791.
    """
    together = first + second
    gap = abs(after.mean - before.mean)
    within = (first * before.variance + second * after.variance) / together
    pooled = (within + first * second / together**2 * gap**2) * together / (together - 1)
    harmonic = 1 / first + 1 / second
    step = harmonic / 2 if min(first, second) <= COUNTED_OUT else 0.0
    error = math.sqrt(before.variance / first + after.variance / second)
    if error == 0:
        return 1.0 if gap > 0 else 0.0
    return STANDARD_NORMAL.cdf((gap - step - z_value(confidence) * math.sqrt(pooled * harmonic)) / error)


def change_told(
    shares: Shares, first: int, second: int, *, confidence: float = 0.95, power: float = POWER
) -> float | None:
    """Return from how many points on a change is told with this power, of so many answers before and now; None if none.

    The larger of up and down, as far as the scale reaches. Shares .15, .25, .60 and 240 answers each time: 20.0.
    """
    if min(first, second) < 2:
        return None
    found = []
    for sign in (-1, 1):
        reach = 1 - sign * shares.mean

        def told(change: float, sign: int = sign) -> bool:
            moved = shares.moved(sign * change)
            return moved is not None and power_to_tell(shares, moved, first, second, confidence) >= power

        low, high = 0.0, reach * (1 - 1e-9)
        if not told(high):
            continue
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (low, middle) if told(middle) else (middle, high)
        found.append(100 * high)
    return max(found, default=None)


@dataclass(frozen=True, slots=True)
class Coming:
    """How many of those invited answer: a beta-binomial, of `invited` people, with the counts behind its rate."""

    invited: int
    answered: float
    silent: float

    @property
    def rate(self) -> float:
        """Return the response rate that is expected, in percent."""
        return 100 * self.answered / (self.answered + self.silent)

    @property
    def mean(self) -> float:
        """Return how many answers are expected."""
        return self.invited * self.rate / 100

    @property
    def variance(self) -> float:
        """Return the variance of their number."""
        share, weight = self.rate / 100, self.answered + self.silent
        return self.invited * share * (1 - share) * (weight + self.invited) / (weight + 1)

    def at_least(self, answers: int) -> float:
        """Return how likely so many answers are, or more."""
        if answers <= 0:
            return 1.0
        return min(1.0, math.fsum(self._probability(count) for count in range(answers, self.invited + 1)))

    def likely(self, share: float = POWER) -> tuple[int, int]:
        """Return the fewest and the most answers that are likely: as many fall below as above, `share` between."""
        tail, below, low = (1 - share) / 2, 0.0, None
        for count in range(self.invited + 1):
            below += self._probability(count)
            low = count if low is None and below > tail else low
            if below >= 1 - tail - 1e-12:
                break
        return low or 0, count

    def _probability(self, count: int) -> float:
        a, b, n = self.answered, self.silent, self.invited
        if a <= 0 or b <= 0:  # nobody ever, or everybody always
            return float(count == (0 if a <= 0 else n))
        ways = math.lgamma(n + 1) - math.lgamma(count + 1) - math.lgamma(n - count + 1)
        ways += math.lgamma(count + a) + math.lgamma(n - count + b) - math.lgamma(n + a + b)
        return math.exp(ways + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b))


def coming(invited: int, own: tuple[int, int], everybody: tuple[int, int]) -> Coming | None:
    """Return how many of those to invite will answer; None where nobody was invited before.

    `own` and `everybody` are answered and invited of the last periods. The rate is the own one together with ten people
    of everybody's: 2 of 10 and 400 of 1,000, 20 to invite: (2 + 4) / (10 + 10) = 30 %, 6 answers, likely 2 to 10.
    """
    people = whole_number(invited, "invited")
    if everybody[1] <= 0:
        return None
    rate = min(1.0, everybody[0] / everybody[1])
    answered = min(own)
    return Coming(people, answered + OF_ALL * rate, own[1] - answered + OF_ALL * (1 - rate))


def to_invite(answers: int, most: int, of: Callable[[int], Coming], often: float = POWER) -> int | None:
    """Return how many people to invite, at most so many, for that many answers to come so often; None if that is none.

    `of` gives what comes of a number of people.
    """
    if most < answers or of(most).at_least(answers) < often:
        return None
    return _first(lambda people: of(people).at_least(answers) >= often, answers, most)


def _refuse_no_share(value: float, name: str) -> None:
    if not (is_number(value) and 0 < value < 1):
        raise KpiValueError(f"{name} is {value!r}; allowed: between 0 and 1, such as 0.8 for 80 %")
