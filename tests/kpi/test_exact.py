"""Exact binomial and hypergeometric probabilities, against scipy."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, fisher_exact, hypergeom

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import (
    binomial_at_most,
    clopper_pearson,
    equal_counts_p,
    equal_shares_p,
    hypergeometric_at_most,
    less_often_p,
    more_often_p,
)

counts = st.integers(0, 400)


@st.composite
def parts(draw: st.DrawFn, most: int = 400) -> tuple[int, int]:
    total = draw(st.integers(1, most))
    return draw(st.integers(0, total)), total


def test_the_worked_figures() -> None:
    """Two of ten at even odds: 56 of the 1,024 sequences have at most two; the rest as documented."""
    assert binomial_at_most(2, 10, 0.5) == pytest.approx(56 / 1024)
    interval = clopper_pearson(2, 10)
    assert interval is not None
    assert (f"{interval.low:.4f}", f"{interval.high:.4f}") == ("2.5211", "55.6095")
    # 1 + 11 + 55 of the 2,048 ways to share out eleven activities leave one period two at most
    assert equal_counts_p(2, 9) == pytest.approx(2 * 67 / 2048)


@given(parts(), st.floats(0, 1))
def test_the_tail_is_that_of_scipy(part: tuple[int, int], share: float) -> None:
    """The probability of at most so many successes is the one that scipy gives."""
    count, total = part
    assert binomial_at_most(count, total, share) == pytest.approx(binom.cdf(count, total, share), rel=1e-9, abs=1e-12)


@given(parts(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_interval_is_that_of_scipy(part: tuple[int, int], confidence: float) -> None:
    """The bounds are scipy's exact ones."""
    interval = clopper_pearson(*part, confidence)
    oracle = binomtest(*part).proportion_ci(confidence, "exact")
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((100 * oracle.low, 100 * oracle.high), abs=1e-7)


@given(counts, counts.filter(bool))
def test_two_counts_are_compared_as_scipy_does(first: int, second: int) -> None:
    """The two-sided p is that of the exact binomial test at one half, whichever count comes first."""
    p = equal_counts_p(first, second)
    assert p == equal_counts_p(second, first)
    assert p == pytest.approx(binomtest(first, first + second, 0.5).pvalue, rel=1e-9)


def test_large_counts_keep_their_digits() -> None:
    """Half a million activities are compared as well as five."""
    assert equal_counts_p(400_000, 402_000) == pytest.approx(binomtest(400_000, 802_000, 0.5).pvalue, rel=1e-6)


def test_nothing_is_not_zero() -> None:
    """Without observations there is no interval, and two zeros cannot be compared."""
    assert clopper_pearson(0, 0) is None
    assert equal_counts_p(0, 0) is None
    assert clopper_pearson(0, 5).low == 0  # type: ignore[union-attr]
    assert clopper_pearson(5, 5).high == 100  # type: ignore[union-attr]


def test_what_is_no_probability_is_refused() -> None:
    """Shares outside 0..1, counts below 0 and parts larger than the whole are errors with their value."""
    for share in (-0.1, 1.1, math.nan):
        with pytest.raises(KpiValueError, match=r"share is .*allowed: 0 to 1"):
            binomial_at_most(1, 2, share)
    with pytest.raises(KpiValueError, match="successes is 6; allowed: at most 5, the total"):
        clopper_pearson(6, 5)
    with pytest.raises(KpiValueError, match="first count is -1"):
        equal_counts_p(-1, 5)
    with pytest.raises(KpiValueError, match="confidence is 95"):
        clopper_pearson(0, 0, 95)


@given(st.data())
def test_the_hypergeometric_tail_is_that_of_scipy(data: st.DataObject) -> None:
    """The probability of at most so many marked ones is scipy's, far out in either tail as well."""
    total = data.draw(st.integers(1, 3_000))
    drawn, marked = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    count = data.draw(st.integers(0, drawn))
    expected = hypergeom.cdf(count, total, marked, drawn)
    assert hypergeometric_at_most(count, drawn, marked, total) == pytest.approx(expected, rel=1e-8, abs=1e-300)


@given(parts(), parts())
def test_two_shares_are_compared_as_fisher_did(own: tuple[int, int], others: tuple[int, int]) -> None:
    """Both one-sided p-values are those of scipy's exact test, and the two-sided one twice the smaller."""
    table = [[own[0], own[1] - own[0]], [others[0], others[1] - others[0]]]
    less, greater = (fisher_exact(table, side).pvalue for side in ("less", "greater"))
    assert (less_often_p(own, others), more_often_p(own, others)) == pytest.approx((less, greater), rel=1e-8)
    assert equal_shares_p(own, others) == pytest.approx(min(1, 2 * less, 2 * greater), rel=1e-8)


def test_three_of_three_lost_customers() -> None:
    """Of 20 ways to part three kept and three lost customers one is the worst; without customers there is no p."""
    assert equal_shares_p((3, 3), (0, 3)) == pytest.approx(2 / 20)
    assert less_often_p((0, 3), (150, 180)) == pytest.approx(0.0054, abs=5e-5)
    assert more_often_p((20, 20), (1024, 1280)) == pytest.approx(0.0120, abs=5e-5)
    assert less_often_p((0, 0), (1, 2)) is more_often_p((1, 2), (0, 0)) is equal_shares_p((0, 0), (1, 1)) is None
    with pytest.raises(KpiValueError, match="successes of these is 3; allowed: at most 2"):
        less_often_p((3, 2), (1, 2))
    with pytest.raises(KpiValueError, match="drawn is 3; allowed: at most 2"):
        hypergeometric_at_most(1, 3, 1, 2)
