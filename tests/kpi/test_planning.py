"""How many answers a survey needs and how many come, against SciPy and simulations of another hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

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
    assert coming(20, (0, 0), (0, 0)) is None
    nobody, all_of_them = coming(5, (0, 0), (0, 9)), coming(5, (3, 3), (9, 9))
    assert nobody is not None
    assert all_of_them is not None
    assert (nobody.likely(), all_of_them.likely()) == ((0, 0), (5, 5))


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
