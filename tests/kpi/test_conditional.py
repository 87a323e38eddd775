"""The exact conditional test of two sides, pairs of persons, and McNemar's test, against SciPy and statsmodels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binom, multivariate_hypergeom, norm
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.conditional import COUNTED_OUT, Bands, Pairs, conditional_test, mcnemar

some = st.integers(0, 20)
small_sides = st.tuples(some, some, some).filter(lambda side: 0 < sum(side) <= COUNTED_OUT)
sides = st.tuples(*[st.integers(0, 700)] * 3).filter(lambda side: sum(side) > 0)
tables = st.tuples(*[st.tuples(some, some, some)] * 3)


def counted_out(side: Bands, other: Bands) -> float:
    """Return twice the smaller tail of the sum of a side, from SciPy's probability of every way to share out."""
    pool, size = np.add(side, other), sum(side)
    ways = np.array(
        [(d, size - p - d, p) for p in range(size + 1) for d in range(size + 1 - p) if p <= pool[2] and d <= pool[0]]
    )
    chances = multivariate_hypergeom.pmf(ways, pool, size)
    sums = ways[:, 2] - ways[:, 0]
    seen = side[2] - side[0]
    return min(1.0, 2 * min(chances[sums <= seen].sum(), chances[sums >= seen].sum()))


@settings(max_examples=60)
@given(small_sides, sides)
def test_p_is_that_of_every_way_to_share_out_the_answers(side: Bands, other: Bands) -> None:
    """Twice the smaller tail of SciPy's multivariate hypergeometric distribution, whichever side comes first."""
    small, large = sorted((side, other), key=sum)
    found = conditional_test(large, small)
    assert found is not None
    assert found.p == pytest.approx(counted_out(small, large), rel=1e-9, abs=1e-12)
    turned = conditional_test(small, large)
    assert turned is not None
    assert (turned.z, turned.p) == pytest.approx((-found.z, found.p), rel=1e-12)


@given(sides, sides)
def test_many_answers_have_the_normal_form(first: Bands, second: Bands) -> None:
    """Above 60 answers on either side z is the difference over NumPy's variance of all answers, n - 1 in it."""
    assume(min(sum(first), sum(second)) > COUNTED_OUT)
    found = conditional_test(first, second)
    x, y = (np.repeat([-1, 0, 1], side) for side in (first, second))
    everybody = np.concatenate([x, y])
    assume(everybody.std() > 0)
    z = (y.mean() - x.mean()) / math.sqrt(everybody.var(ddof=1) * (1 / len(x) + 1 / len(y)))
    assert found is not None
    assert (found.z, found.p) == pytest.approx((z, 2 * norm.sf(abs(z))), rel=1e-9, abs=1e-12)


def test_worked_tests() -> None:
    """Of 23 answers 20, 2 and 1: that the one detractor is among the last three has the chance 3 in 23."""
    few = conditional_test((0, 0, 20), (1, 0, 2))
    assert few is not None
    assert few.p == pytest.approx(2 * 3 / 23)
    assert f"{few.z:.4f}" == "-2.5820"
    # three of three lost where 1 in 20 of a thousand are: SciPy's hypergeom has 53 choose 3 over 1,003 choose 3
    lost = conditional_test((50, 0, 950), (3, 0, 0))
    assert lost is not None
    assert lost.p == pytest.approx(2 * math.comb(53, 3) / math.comb(1003, 3), rel=1e-12)


def test_what_cannot_differ_is_not_different() -> None:
    """Chance explains answers that are all alike, and one on either side; without answers there is no test."""
    for same in (((0, 0, 5), (0, 0, 900)), ((0, 70, 0), (0, 80, 0)), ((4, 0, 0), (4, 0, 0))):
        found = conditional_test(*same)
        assert found is not None
        assert (found.z, found.p) == (0, 1)
    single = conditional_test((1, 0, 0), (0, 0, 1))
    assert single is not None
    assert single.p == 1
    assert conditional_test((0, 0, 0), (1, 2, 3)) is None
    assert conditional_test((1, 2, 3), (0, 0, 0)) is None


def test_very_large_counts_keep_their_digits() -> None:
    """A billion answers on one side are as endless: p is that of SciPy's binomial for 50 answers."""
    found = conditional_test((10**9, 0, 10**9), (15, 0, 35))
    assert found is not None
    assert found.p == pytest.approx(2 * binom.sf(34, 50, 0.5), rel=1e-6)


@given(tables, small_sides, small_sides)
def test_pairs_take_their_covariance_off(table: tuple[Bands, Bands, Bands], first: Bands, second: Bands) -> None:
    """With ten persons in both or more, the variance is less twice NumPy's sum of products around the common mean."""
    cells = np.array(table)
    assume(cells.sum() >= 10)
    both = np.array([(x, y) for x in range(3) for y in range(3) for _ in range(cells[x, y])]) - 1
    x = np.concatenate([both[:, 0], np.repeat([-1, 0, 1], first)])
    y = np.concatenate([both[:, 1], np.repeat([-1, 0, 1], second)])
    everybody = np.concatenate([x, y])
    assume(everybody.std() > 0)
    common = ((both[:, 0] - everybody.mean()) * (both[:, 1] - everybody.mean())).sum() / len(x) / len(y)
    variance = everybody.var(ddof=1) * (1 / len(x) + 1 / len(y)) - 2 * common
    bands = [tuple(int(count) for count in np.bincount(side + 1, minlength=3)) for side in (x, y)]
    found = conditional_test(bands[0], bands[1], Pairs.of_table(table))
    z = (y.mean() - x.mean()) / math.sqrt(variance)
    assert found is not None
    assert (found.z, found.p) == pytest.approx((z, 2 * norm.sf(abs(z))), rel=1e-9, abs=1e-12)


def test_nine_persons_are_no_pairs_yet() -> None:
    """Below ten persons who answered on both sides the test is that of answers that have nothing in common."""
    alone = conditional_test((5, 5, 20), (9, 6, 15))
    assert conditional_test((5, 5, 20), (9, 6, 15), Pairs(9, 9, 9)) == alone
    assert conditional_test((5, 5, 20), (9, 6, 15), Pairs(10, 9, 9)) != alone


def test_pairs_of_different_people_add_up() -> None:
    """The three sums of two tables are those of both together; there is no more in common than there are answers."""
    assert Pairs.of_table(((2, 1, 0), (1, 3, 2), (0, 1, 5))) == Pairs(15, 7, 7)
    assert sum([Pairs(3, 2, 1), Pairs(4, -2, 2)]) == Pairs(7, 0, 3)
    for wrong in (1, False, 0.0, "x"):
        with pytest.raises(TypeError):
            wrong + Pairs(3, 2, 1)
        with pytest.raises(TypeError):
            Pairs(3, 2, 1) + wrong
    with pytest.raises(KpiValueError, match="products is 4; allowed: a whole number from -3 to 3"):
        Pairs(3, 0, 4)
    with pytest.raises(KpiValueError, match="sums is -7; allowed: a whole number from -6 to 6"):
        Pairs(3, -7, 0)
    with pytest.raises(KpiValueError, match="11 persons answered on both sides; allowed: at most 10"):
        conditional_test((5, 5, 0), (9, 9, 9), Pairs(11))
    with pytest.raises(KpiValueError, match="number of answers is -1"):
        conditional_test((-1, 5, 0), (9, 9, 9))


@given(st.integers(0, 60), st.integers(0, 60))
def test_advocates_are_tested_as_statsmodels_does(began: int, stopped: int) -> None:
    """The mid-p is the exact p of statsmodels less the probability of what is seen; of nobody, or as many, it is 1."""
    exact = statsmodels_mcnemar([[0, began], [stopped, 0]], exact=True).pvalue
    seen = binom.pmf(min(began, stopped), began + stopped, 0.5) if began != stopped else 0
    assert mcnemar(began, stopped) == pytest.approx(exact - seen, rel=1e-9, abs=1e-12)


def test_worked_advocates() -> None:
    """Nine began and two stopped: 2 (1 + 11) + 55 of the 2,048 ways; the exact test alone would say .0654."""
    assert mcnemar(9, 2) == pytest.approx((2 * (1 + 11) + 55) / 2048)
    assert mcnemar(2, 9) == mcnemar(9, 2)
    assert mcnemar(0, 0) == 1
    with pytest.raises(KpiValueError, match="partners that stopped is -1"):
        mcnemar(3, -1)
