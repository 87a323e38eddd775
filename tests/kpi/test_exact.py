"""Exact binomial probabilities, against scipy."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import binomial_at_most, clopper_pearson, equal_counts_p

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
