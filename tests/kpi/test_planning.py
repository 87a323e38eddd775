"""How many answers a survey needs and how many come, against SciPy and simulations of another hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, stats

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.planning import (
    Coming,
    Shares,
    answers_for_interval,
    answers_to_tell,
    change_told,
    coming,
    expected_shares,
    interval_expected,
    power_to_tell,
    to_invite,
)
from partnerkpi.kpi.scores import ScoreTally

USUAL, POLAR, LOVED = Shares(0.15, 0.25, 0.6), Shares(0.4, 0.2, 0.4), Shares(0.05, 0.1, 0.85)


def half_width(detractors: np.ndarray, promoters: np.ndarray, answers: int, population: int | None) -> np.ndarray:
    """Return half the adjusted Wald interval of Rocks 2016, written out here again."""
    f = 1.0 if population is None else (population - answers) / (population - 1)
    d, p, n = detractors + 0.75 * f, promoters + 0.75 * f, answers + 3 * f
    return 100 * 1.959963985 * np.sqrt(f * ((p + d) / n - ((p - d) / n) ** 2) / n)


@pytest.mark.parametrize("shares", [USUAL, POLAR, LOVED])
@pytest.mark.parametrize(("points", "population"), [(25.0, None), (10.0, None), (5.0, None), (20.0, 60), (10.0, 400)])
def test_the_answers_give_the_interval(shares: Shares, points: float, population: int | None) -> None:
    """So many answers give at most ±points in 80 % of 10,000 draws or more, from all or from so many people."""
    chance = np.random.default_rng(20_261_201)
    answers = answers_for_interval(points, shares, population=population)
    parts = shares.detractors, shares.passives, shares.promoters
    if population is None:
        counts = chance.multinomial(answers, parts, 10_000)
    else:
        people = chance.multinomial(population, parts, 10_000)
        counts = np.array([chance.multivariate_hypergeometric(one, answers) for one in people])
    narrow = half_width(counts[:, 0], counts[:, 2], answers, population) <= points
    assert narrow.mean() >= 0.79  # 80 % less the error of so many draws
    assert narrow.mean() <= 0.97 or (population or 0) <= 100


def test_few_answers_are_counted_out() -> None:
    """Up to 80 answers the part of all ways they can fall is that of SciPy's multinomial; one fewer is not enough."""
    for shares, points, population in ((USUAL, 25.0, None), (POLAR, 20.0, None), (LOVED, 20.0, 60)):
        needed = answers_for_interval(points, shares, population=population)
        parts = shares.detractors, shares.passives, shares.promoters
        kept = {}
        for answers in (needed - 1, needed):
            falls = [(d, answers - d - p, p) for d in range(answers + 1) for p in range(answers + 1 - d)]
            counts = np.array(falls)
            chances = stats.multinomial.pmf(counts, answers, parts)
            kept[answers] = chances[half_width(counts[:, 0], counts[:, 2], answers, population) <= points].sum()
        assert kept[needed] >= 0.8 > kept[needed - 1]


def part_within(answers: int, shares: Shares, points: float, population: int | None) -> float:
    """Return how often so many answers have an interval of at most so many points, from SciPy's multinomial."""
    counts = np.array([(d, answers - d - p, p) for d in range(answers + 1) for p in range(answers + 1 - d)])
    chances = stats.multinomial.pmf(counts, answers, (shares.detractors, shares.passives, shares.promoters))
    return float(chances[half_width(counts[:, 0], counts[:, 2], answers, population) <= points].sum())


@pytest.mark.parametrize("often", [0.5, 0.95])
@pytest.mark.parametrize("shares", [USUAL, LOVED, Shares(0, 0.4, 0.6), Shares(0.2, 0, 0.8)])
def test_of_few_people_as_many_as_needed_answer(shares: Shares, often: float) -> None:
    """Of 3 to 30 people it is the first number whose part of narrow intervals is large enough, or all of them."""
    for population, points in ((3, 30), (5, 40), (8, 12), (12, 20), (30, 25), (30, 10)):
        needed = answers_for_interval(points, shares, population=population, often=often)
        enough = [n for n in range(2, population) if part_within(n, shares, points, population) >= often]
        assert needed == min(enough, default=population)


@pytest.mark.parametrize(("shares", "points", "often"), [(USUAL, 10.0, 0.8), (LOVED, 5.0, 0.9), (POLAR, 8.0, 0.3)])
@pytest.mark.parametrize("population", [None, 5_000, 300])
def test_many_answers_are_taken_as_normal(shares: Shares, points: float, often: float, population: int | None) -> None:
    """Above 80 the variance among the answers has the error of a variance, (m4 - v^2) / n: one fewer is too few."""
    x, chances = np.array([-1, 0, 1]), np.array([shares.detractors, shares.passives, shares.promoters])
    mean = x @ chances
    variance, fourth = (x - mean) ** 2 @ chances, (x - mean) ** 4 @ chances

    def narrow(n: int) -> bool:
        f = 1 if population is None else (population - n) / (population - 1)
        largest = min(1, variance + stats.norm.ppf(often) * math.sqrt((fourth - variance**2) / n))
        total = n + 3 * f
        squares = (n * (largest + mean**2) + 1.5 * f) / total - (n * mean / total) ** 2
        return 1.959963984540054 * math.sqrt(f * squares / total) <= points / 100

    needed = answers_for_interval(points, shares, often=often, population=population)
    assert needed > 81
    assert narrow(needed)
    assert not narrow(needed - 1)


def test_the_interval_that_is_expected_is_that_of_the_expected_answers() -> None:
    """Of 40 answers of 100 people f is 60/99: 30 and 18 of the 40 are no passives and the lead; of two there is one."""
    f = 60 / 99
    expected = math.sqrt(f * ((30 + 1.5 * f) / (40 + 3 * f) - (18 / (40 + 3 * f)) ** 2) / (40 + 3 * f))
    assert interval_expected(40, USUAL, population=100) == pytest.approx(195.9963985 * expected)
    assert interval_expected(40, USUAL, population=100, confidence=0.99) == pytest.approx(257.5829304 * expected)
    # two answers and three: (1.5 + 1.5) / 5 - (.9 / 5)^2, over 5
    assert interval_expected(2, USUAL) == pytest.approx(195.9963985 * math.sqrt((0.6 - 0.18**2) / 5))
    assert interval_expected(1, USUAL) is None
    assert interval_expected(41, USUAL, population=40) == 0


@pytest.mark.parametrize("shares", [USUAL, POLAR, LOVED])
@pytest.mark.parametrize("points", [10.0, 20.0, 30.0])
def test_the_answers_tell_the_change(shares: Shares, points: float) -> None:
    """So many answers each time tell the change in 80 % of 20,000 draws, up and down, by the test's normal form."""
    needed = answers_to_tell(points, shares)
    assert needed is not None
    assert needed > 60  # those that are counted out: the next test
    for sign in (-1, 1):
        after = shares.moved(sign * points / 100)
        if after is None:
            continue
        assert after.mean == pytest.approx(shares.mean + sign * points / 100, abs=1e-9)
        chance = np.random.default_rng(20_261_202)
        first = chance.multinomial(needed, (shares.detractors, shares.passives, shares.promoters), 20_000)
        second = chance.multinomial(needed, (after.detractors, after.passives, after.promoters), 20_000)
        both, size = first + second, 2 * needed
        mean = (both[:, 2] - both[:, 0]) / size
        variance = ((both[:, 2] + both[:, 0]) / size - mean**2) * size / (size - 1)
        lead = (second[:, 2] - second[:, 0] - first[:, 2] + first[:, 0]) / needed
        told = sign * lead / np.sqrt(variance * 2 / needed) > 1.959964
        assert told.mean() >= 0.79
        assert told.mean() == pytest.approx(power_to_tell(shares, after, needed, needed), abs=0.02)


def test_the_answers_tell_a_change_that_is_counted_out() -> None:
    """Up to 60 answers the test is SciPy's multivariate hypergeometric distribution, counted out: 80 % all the same."""
    needed = answers_to_tell(60, USUAL)
    assert needed == 34
    after = USUAL.moved(-0.6)
    assert after is not None
    chance = np.random.default_rng(20_261_203)
    told = 0
    for _ in range(400):
        first = chance.multinomial(needed, (USUAL.detractors, USUAL.passives, USUAL.promoters))
        second = chance.multinomial(needed, (after.detractors, after.passives, after.promoters))
        told += _p(tuple(first), tuple(second)) < 0.05
    assert told / 400 >= 0.76


def _p(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """Return twice the smaller tail of the sum of one side, given both together."""
    pool, size = [a + b for a, b in zip(first, second, strict=True)], sum(first)
    falls = np.array(
        [
            (d, size - d - p, p)
            for d in range(min(size, pool[0]) + 1)
            for p in range(min(size - d, pool[2]) + 1)
            if size - d - p <= pool[1]
        ]
    )
    chances = stats.multivariate_hypergeom.pmf(falls, pool, size)
    sums, own = falls[:, 2] - falls[:, 0], first[2] - first[0]
    return float(min(1.0, 2 * min(chances[sums <= own].sum(), chances[sums >= own].sum())))


def tilted(shares: Shares, mean: float) -> Shares:
    """Return the shares d / x, a, p x with this mean, from the root of p (1 - m) x^2 - a m x - d (1 + m) = 0."""
    d, a, p = shares.detractors, shares.passives, shares.promoters
    x = (a * mean + math.sqrt(a * a * mean * mean + 4 * p * d * (1 - mean * mean))) / (2 * p * (1 - mean))
    total = d / x + a + p * x
    return Shares(d / x / total, a / total, p * x / total)


def chance_to_tell(before: Shares, after: Shares, first: int, second: int, z: float = 1.959963984540054) -> float:
    """Return the power of the test's normal form, with the pooled variance as that of all answers about their mean."""
    sides = [(first, before.detractors, before.promoters), (second, after.detractors, after.promoters)]
    n = first + second
    squares = sum(size * (d + p) for size, d, p in sides)
    lead = sum(size * (p - d) for size, d, p in sides)
    pooled = (squares - lead**2 / n) / (n - 1)
    own = sum((d + p - (p - d) ** 2) / size for size, d, p in sides)
    gap = abs((after.promoters - after.detractors) - (before.promoters - before.detractors))
    step = 0.5 * (1 / first + 1 / second) if min(first, second) <= 60 else 0
    return float(stats.norm.cdf((gap - step - z * math.sqrt(pooled * (1 / first + 1 / second))) / math.sqrt(own)))


@pytest.mark.parametrize("shares", [USUAL, POLAR, LOVED, Shares(0.6, 0.25, 0.15)])
def test_moved_shares_are_the_root_of_a_square(shares: Shares) -> None:
    """The tilt that moves the NPS is a quadratic equation; there is none to the ends of the scale or beyond.

    Without detractors or without promoters nothing can be tilted.
    """
    for mean in (-0.99, -0.3, 0.0, 0.7, 0.999):
        moved = shares.moved(mean - shares.mean)
        right = tilted(shares, mean)
        assert moved is not None
        assert (moved.detractors, moved.passives, moved.promoters) == pytest.approx(
            (right.detractors, right.passives, right.promoters), abs=1e-12
        )
    assert Shares(0.25, 0.5, 0.25).moved(1.0) is Shares(0.25, 0.5, 0.25).moved(-1.0) is None
    assert Shares(0.0, 0.5, 0.5).moved(0.1) is Shares(0.5, 0.5, 0.0).moved(0.1) is None


@pytest.mark.parametrize("sizes", [(240, 240), (60, 300), (300, 60), (61, 300), (300, 61), (8, 5)])
def test_the_power_is_that_of_the_pooled_variance(sizes: tuple[int, int]) -> None:
    """Written out from the sums of both sides; with 60 answers or fewer on either side half a step less."""
    for shares, after in ((USUAL, Shares(0.25, 0.25, 0.5)), (LOVED, Shares(0.0, 0.1, 0.9)), (POLAR, USUAL)):
        assert power_to_tell(shares, after, *sizes) == pytest.approx(chance_to_tell(shares, after, *sizes), rel=1e-9)
        surer = power_to_tell(shares, after, *sizes, 0.99)
        assert surer == pytest.approx(chance_to_tell(shares, after, *sizes, 2.5758293035489), rel=1e-9)


def test_answers_that_are_all_alike_tell_every_change() -> None:
    """All passives and then all promoters differ for sure, all promoters twice do not."""
    passives, promoters = Shares(0, 1, 0), Shares(0, 0, 1)
    assert (power_to_tell(passives, promoters, 5, 5), power_to_tell(promoters, passives, 5, 5)) == (1, 1)
    assert power_to_tell(promoters, promoters, 5, 5) == 0


@pytest.mark.parametrize("shares", [USUAL, LOVED, Shares(0.6, 0.25, 0.15)])
@pytest.mark.parametrize(
    ("points", "power", "before"), [(20, 0.8, None), (40, 0.9, None), (30, 0.8, 100), (60, 0.5, 2)]
)
def test_one_answer_fewer_does_not_tell_the_change(
    shares: Shares, points: float, power: float, before: int | None
) -> None:
    """The number is the first with which both up and down, as far as the scale goes, are told so often."""

    def told(answers: int) -> bool:
        sizes = (before or answers), answers
        means = [shares.mean + sign * points / 100 for sign in (-1, 1)]
        return all(chance_to_tell(shares, tilted(shares, mean), *sizes) >= power for mean in means if -1 < mean < 1)

    needed = answers_to_tell(points, shares, power=power, before=before)
    if needed is None:
        assert before is not None
        assert not told(10**7)
    else:
        assert told(needed)
        assert not told(needed - 1)


def test_no_number_of_answers_tells_what_cannot_be() -> None:
    """A change off the scale either way, or from one answer before, is told by no number of answers; two may do."""
    assert answers_to_tell(198, USUAL) is None
    assert answers_to_tell(150, Shares(0.85, 0.1, 0.05), confidence=0.5, power=0.1, before=1) is None
    assert answers_to_tell(150, Shares(0.85, 0.1, 0.05), confidence=0.5, power=0.1, before=2) == 2


@pytest.mark.parametrize(
    ("sizes", "power", "confidence"),
    [
        ((240, 240), 0.8, 0.95),
        ((60, 300), 0.9, 0.99),
        ((8, 5), 0.8, 0.95),
        ((2, 2), 0.8, 0.95),
        ((2, 300), 0.5, 0.5),
        ((300, 2), 0.5, 0.5),
    ],
)
@pytest.mark.parametrize("shares", [USUAL, LOVED, Shares(0.6, 0.25, 0.15)])
def test_the_change_that_is_told_is_a_root_of_the_power(
    shares: Shares, sizes: tuple[int, int], power: float, confidence: float
) -> None:
    """SciPy finds where up and where down are told so often; the larger of both is the change, mirrored the same."""
    found, z = [], float(stats.norm.isf((1 - confidence) / 2))
    for sign in (-1, 1):
        reach = (1 - sign * shares.mean) * (1 - 1e-9)

        def missing(change: float, sign: int = sign) -> float:
            return chance_to_tell(shares, tilted(shares, shares.mean + sign * change), *sizes, z) - power

        if missing(reach) >= 0:
            found.append(100 * float(optimize.brentq(missing, 1e-6, reach, xtol=1e-12)))
    right = pytest.approx(max(found), abs=1e-6) if found else None
    assert change_told(shares, *sizes, power=power, confidence=confidence) == right
    mirrored = Shares(shares.promoters, shares.passives, shares.detractors)
    assert change_told(mirrored, *sizes, power=power, confidence=confidence) == right


def test_what_comes_is_a_beta_binomial() -> None:
    """Chances and bounds are those of SciPy's distribution; more people invited are never fewer answers."""
    found = coming(20, (2, 10), (400, 1_000))
    assert found is not None
    other = stats.betabinom(20, 2 + 4, 8 + 6)
    assert (found.rate, found.mean) == (30, 6)
    assert found.variance == pytest.approx(other.var())
    for answers in range(22):
        assert found.at_least(answers) == pytest.approx(other.sf(answers - 1), abs=1e-12)
    assert found.likely() == (other.ppf(0.1), other.ppf(0.9)) == (2, 10)
    assert [found.likely(share) for share in (0.5, 0.95, 0.99)] == [
        (other.ppf((1 - share) / 2), other.ppf((1 + share) / 2)) for share in (0.5, 0.95, 0.99)
    ]
    assert (found.at_least(0), found.at_least(-1)) == (1, 1)
    seldom, often = coming(5, (0, 0), (1, 20)), coming(5, (0, 0), (19, 20))
    assert seldom is not None
    assert often is not None
    for one, rare in ((seldom, stats.betabinom(5, 0.5, 9.5)), (often, stats.betabinom(5, 9.5, 0.5))):
        assert [one.at_least(answers) for answers in range(7)] == pytest.approx([rare.sf(k - 1) for k in range(7)])
    # more answers than people asked count as everybody's
    assert coming(5, (12, 10), (12, 10)) == Coming(5, 20, 0)
    assert coming(20, (0, 0), (0, 0)) is None
    nobody, all_of_them = coming(5, (0, 0), (0, 9)), coming(5, (3, 3), (9, 9))
    assert nobody is not None
    assert all_of_them is not None
    assert (nobody.likely(), all_of_them.likely()) == ((0, 0), (5, 5))
    assert all_of_them.likely(1.0) == (5, 5)
    assert [(nobody.at_least(k), all_of_them.at_least(k)) for k in (1, 5, 6)] == [(0, 1), (0, 1), (0, 0)]


def test_how_many_to_invite() -> None:
    """The number is the first with which so many answers come in 80 % of cases; none where all are too few."""

    def of(people: int) -> Coming:
        found = coming(people, (40, 100), (400, 1_000))
        assert found is not None
        return found

    people = to_invite(10, 200, of)
    assert people is not None
    assert of(people).at_least(10) >= 0.8 > of(people - 1).at_least(10)
    assert to_invite(10, 20, of) is None
    assert to_invite(10, people, of) == people
    assert to_invite(10, people - 1, of) is None
    even = to_invite(10, 200, of, 0.5)
    assert even is not None
    assert of(even).at_least(10) >= 0.5 > of(even - 1).at_least(10)
    everybody = Coming(0, 1, 0)
    assert to_invite(10, 10, lambda invited: replace(everybody, invited=invited)) == 10
    assert to_invite(10, 20, lambda invited: replace(everybody, invited=invited), 1.0) == 10  # they come for sure
    assert to_invite(10, 9, lambda invited: replace(everybody, invited=invited)) is None


def test_worked_figures() -> None:
    """The numbers of the documentation."""
    assert [answers_for_interval(10, USUAL, population=people) for people in (None, 800, 40)] == [223, 176, 35]
    assert answers_to_tell(20, USUAL) == 240
    assert change_told(USUAL, 240, 240) == pytest.approx(20, abs=0.05)
    assert change_told(USUAL, 1, 240) is None
    assert interval_expected(223, USUAL) == pytest.approx(9.66, abs=0.01)
    assert interval_expected(40, USUAL, population=40) == 0
    own = expected_shares(ScoreTally(0, 0, 5), ScoreTally(20, 30, 50))
    assert (own.detractors, own.passives, own.promoters) == pytest.approx((0.1343, 0.2039, 0.6618), abs=5e-5)
    assert expected_shares(ScoreTally(), ScoreTally()).mean == pytest.approx(1 / 7)
    assert answers_for_interval(10, USUAL, population=1) == 1
    assert answers_to_tell(20, USUAL, before=600) is not None
    assert answers_to_tell(20, USUAL, before=100) is None
    assert answers_to_tell(150, Shares(0.05, 0.9, 0.05)) is None
    assert math.isclose(power_to_tell(USUAL, Shares(0.25, 0.25, 0.5), 240, 240), 0.791, abs_tol=5e-4)


@pytest.mark.parametrize("points", [0, -1, 101, float("nan")])
def test_no_such_plan(points: float) -> None:
    """An interval or a change that nothing could be is refused, and so is a share outside 0 to 1."""
    with pytest.raises(KpiValueError):
        answers_for_interval(points, USUAL)
    with pytest.raises(KpiValueError):
        answers_to_tell(2 * points, USUAL)
    with pytest.raises(KpiValueError):
        answers_to_tell(20, USUAL, power=1.0)
    with pytest.raises(KpiValueError):
        answers_for_interval(10, USUAL, often=0.0)
