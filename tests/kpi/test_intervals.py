"""Intervals, Holm's correction and shrinkage."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binomtest

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.intervals import Interval, agresti_caffo, holm, is_shown, pooled, shrink, wilson, z_value

confidences = st.floats(0.01, 0.999)
p_values = st.lists(st.none() | st.floats(0, 1), max_size=12)
estimates = st.floats(-100, 100)
variances = st.floats(0.01, 10_000)


@st.composite
def parts(draw: st.DrawFn) -> tuple[int, int]:
    total = draw(st.integers(1, 5_000))
    return draw(st.integers(0, total)), total


def test_half_width_is_half_the_distance_between_the_bounds() -> None:
    """Half the distance between the bounds is the plus-or-minus that people quote."""
    assert Interval(-10, 30).half_width == 20


def test_the_usual_confidence_is_ninety_five_percent() -> None:
    """An interval that says nothing else is a 95 % interval."""
    assert Interval(0, 1).confidence == 0.95


@pytest.mark.parametrize(("confidence", "z"), [(0.95, "1.959964"), (0.9, "1.644854"), (0.99, "2.575829")])
def test_z_values_are_those_of_the_normal_table(confidence: float, z: str) -> None:
    """The quantile is the two-sided one of the normal distribution."""
    assert f"{z_value(confidence):.6f}" == z


def test_z_value_stays_finite_next_to_certainty() -> None:
    """The largest confidence below 1 still has a quantile."""
    assert 8 < z_value(math.nextafter(1, 0)) < 9


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, math.nan, math.inf, "0.95", None, True])
def test_a_confidence_lies_between_0_and_1(confidence: float) -> None:
    """What is no confidence is refused with its value, also 95 for 95 %."""
    with pytest.raises(KpiValueError, match=r"confidence is .*allowed: between 0 and 1") as caught:
        z_value(confidence)
    assert repr(confidence) in str(caught.value)


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"), [(12, 40, "18.0748", "45.4300"), (170, 200, "79.3944", "89.2864")]
)
def test_wilson_gives_the_defined_figures(successes: int, total: int, low: str, high: str) -> None:
    """Wilson's interval has the digits that the definitions print."""
    interval = wilson(successes, total)
    assert interval is not None
    assert (f"{interval.low:.4f}", f"{interval.high:.4f}") == (low, high)


@pytest.mark.parametrize("part", [(1, 3), (1, 1000), (999, 1000), (500_000, 1_000_003)])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
def test_wilson_is_that_of_scipy(part: tuple[int, int], confidence: float) -> None:
    """The bounds are SciPy's, from one of three to half a million of a million."""
    interval = wilson(*part, confidence)
    theirs = binomtest(*part).proportion_ci(confidence, "wilson")
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((100 * theirs.low, 100 * theirs.high), rel=1e-9)


def test_wilson_of_nothing_is_no_data() -> None:
    """No total, no interval."""
    assert wilson(0, 0) is None


@pytest.mark.parametrize("total", [1, 3, 7, 1_000_003])
def test_wilson_starts_at_0_and_ends_at_100_exactly(total: int) -> None:
    """None of them starts at 0 to the last digit, all of them ends at 100."""
    none, everybody = wilson(0, total), wilson(total, total)
    assert none is not None
    assert everybody is not None
    assert none.low == 0
    assert everybody.high == 100


@pytest.mark.parametrize(
    ("successes", "total"), [(5, 4), (-1, 4), (1, -4), (1.5, 4), (True, 4), ("1", 4), (1, math.nan)]
)
def test_wilson_takes_whole_parts_of_a_whole(successes: int, total: int) -> None:
    """Successes are whole and at most the total."""
    with pytest.raises(KpiValueError, match="allowed"):
        wilson(successes, total)


@given(part=parts(), confidence=confidences)
def test_wilson_holds_the_share_and_stays_in_bounds(part: tuple[int, int], confidence: float) -> None:
    """The share itself is inside, and the interval within 0..100."""
    interval = wilson(*part, confidence)
    assert interval is not None
    share = 100 * part[0] / part[1]
    assert 0 <= interval.low <= share + 1e-9
    assert share - 1e-9 <= interval.high <= 100
    assert interval.confidence == confidence


@given(part=parts(), confidence=confidences)
def test_wilson_of_the_others_is_the_mirror_image(part: tuple[int, int], confidence: float) -> None:
    """Counting failures in place of successes turns the interval around."""
    successes, total = part
    interval, mirrored = wilson(successes, total, confidence), wilson(total - successes, total, confidence)
    assert interval is not None
    assert mirrored is not None
    assert (100 - mirrored.high, 100 - mirrored.low) == pytest.approx((interval.low, interval.high), abs=1e-9)


@given(part=parts(), confidence=confidences, more=confidences)
def test_wilson_widens_with_confidence(part: tuple[int, int], confidence: float, more: float) -> None:
    """To be surer costs width."""
    assume(confidence < more)
    narrow, wide = wilson(*part, confidence), wilson(*part, more)
    assert narrow is not None
    assert wide is not None
    assert wide.low <= narrow.low + 1e-9
    assert narrow.high <= wide.high + 1e-9


def test_agresti_caffo_gives_the_defined_figures() -> None:
    """The interval of a lift has the digits that the definitions print."""
    interval = agresti_caffo(72, 80, 88, 120)
    assert interval is not None
    assert (f"{interval.low:.4f}", f"{interval.high:.4f}") == ("5.6857", "26.4614")


@pytest.mark.parametrize("groups", [(0, 0, 1, 2), (1, 2, 0, 0)])
def test_agresti_caffo_needs_both_groups(groups: tuple[int, int, int, int]) -> None:
    """A difference from an empty group is no data."""
    assert agresti_caffo(*groups) is None


@pytest.mark.parametrize("groups", [(3, 2, 0, 1), (0, 1, 3, 2), (-1, 2, 0, 1), (0, 1, 0, -1)])
def test_agresti_caffo_takes_whole_parts_of_a_whole(groups: tuple[int, int, int, int]) -> None:
    """Successes of either group are at most its total."""
    with pytest.raises(KpiValueError, match="allowed"):
        agresti_caffo(*groups)


@given(first=parts(), second=parts(), confidence=confidences)
def test_agresti_caffo_changes_sign_with_the_groups(
    first: tuple[int, int], second: tuple[int, int], confidence: float
) -> None:
    """Group 1 minus group 2 is the opposite of group 2 minus group 1, and within -100..100."""
    interval, swapped = agresti_caffo(*first, *second, confidence), agresti_caffo(*second, *first, confidence)
    assert interval is not None
    assert swapped is not None
    assert -100 <= interval.low <= interval.high <= 100
    assert (-swapped.high, -swapped.low) == pytest.approx((interval.low, interval.high))


def test_agresti_caffo_is_clipped() -> None:
    """No two shares differ by more than 100 points, however few and however sure."""
    low, high = agresti_caffo(0, 1, 1, 1, 0.999), agresti_caffo(1, 1, 0, 1, 0.999)
    assert low is not None
    assert high is not None
    assert (low.low, high.high) == (-100, 100)


def test_holm_gives_the_defined_figures() -> None:
    """Holm's correction has the digits that the definitions print."""
    assert holm([0.001, 0.012, 0.03, 0.04, 0.2]) == pytest.approx([0.005, 0.048, 0.09, 0.09, 0.2])


def test_holm_passes_over_what_was_not_compared() -> None:
    """None stays where it is and does not count as a comparison."""
    assert holm([None, 0.04, None, 0.01]) == [None, 0.04, None, 0.02]
    assert holm([]) == []


@pytest.mark.parametrize("p", [-0.01, 1.01, math.nan, "0.1", True])
def test_holm_takes_probabilities(p: float) -> None:
    """A p-value lies in 0..1."""
    with pytest.raises(KpiValueError, match=r"p-value is .*allowed: 0 to 1"):
        holm([0.5, p])


@given(p_values)
def test_holm_never_makes_a_p_value_smaller(values: list[float | None]) -> None:
    """Adjusted values are at least the raw ones, at most 1, and in the same order."""
    adjusted = holm(values)
    assert [value is None for value in adjusted] == [value is None for value in values]
    pairs = sorted((raw, new) for raw, new in zip(values, adjusted, strict=True) if raw is not None and new is not None)
    assert all(raw <= new <= 1 for raw, new in pairs)
    assert [new for _, new in pairs] == sorted(new for _, new in pairs)


@given(values=p_values, data=st.data())
def test_holm_does_not_depend_on_the_order(values: list[float | None], data: st.DataObject) -> None:
    """Each partner's adjusted value is the same wherever it stands in the list."""
    order = data.draw(st.permutations(range(len(values))))
    adjusted = holm(values)
    assert holm([values[position] for position in order]) == [adjusted[position] for position in order]


def test_shrinkage_gives_the_documented_figures() -> None:
    """Three estimates, equally certain: mean 20, variance between them 600, each keeps 6/7 of its distance."""
    common = pooled([0, 10, 50], [100, 100, 100])
    assert common is not None
    assert (common.mean, common.variance_between) == pytest.approx((20, 600))
    assert shrink([0, 10, 50], [100, 100, 100]) == pytest.approx([20 - 120 / 7, 20 - 60 / 7, 20 + 180 / 7])


def test_unequal_variances_follow_dersimonian_and_laird() -> None:
    """Weights 1, 1, 1/4 about their mean 40/9: Q = 400/9 - 2 over 3/2 is the variance, worked by hand."""
    common = pooled([0, 10, 0], [1, 1, 4])
    assert common is not None
    q = 1 * (40 / 9) ** 2 + 1 * (50 / 9) ** 2 + 0.25 * (40 / 9) ** 2
    between = (q - 2) / (2.25 - (1 + 1 + 0.0625) / 2.25)
    weights = [1 / (1 + between), 1 / (1 + between), 1 / (4 + between)]
    assert common.variance_between == pytest.approx(between)
    assert common.mean == pytest.approx(10 * weights[1] / sum(weights))


def test_differences_that_chance_explains_shrink_to_the_mean() -> None:
    """With nothing but noise between them the partners tie."""
    assert shrink([10, 12, 14], [400, 400, 400]) == pytest.approx([12, 12, 12])


def test_two_estimates_show_a_spread() -> None:
    """0 and 50 with variance 100 each: Q is 12.5, the variance between them 1150, by hand."""
    common = pooled([0, 50], [100, 100])
    assert common is not None
    assert (common.mean, common.variance_between) == pytest.approx((25, 1150))


def test_an_estimate_that_outweighs_all_others_is_the_mean() -> None:
    """Where one weight swallows the rest there is no spread to be seen, and no division by it."""
    common = pooled([10, 90], [1e-20, 1e20])
    assert common is not None
    assert (common.mean, common.variance_between) == (10, 0)


def test_a_single_estimate_has_nowhere_to_shrink_to() -> None:
    """One partner is its own mean."""
    assert shrink([None, 30], [None, 25]) == [None, 30]
    alone = pooled([30], [25])
    assert alone is not None
    assert (alone.mean, alone.variance_between) == (30, 0)


def test_an_estimate_or_a_variance_that_is_missing_leaves_that_one_out() -> None:
    """None stays None and does not move the others."""
    assert shrink([0, None, 10, 50, 99], [100, 100, 100, 100, None]) == pytest.approx(
        [*shrink([0, 10], [100, 100])[:0], 20 - 120 / 7, None, 20 - 60 / 7, 20 + 180 / 7, None]
    )
    assert pooled([None], [1]) is None
    assert shrink([], []) == []


@pytest.mark.parametrize("variance", [0, -1, math.nan, math.inf])
def test_a_variance_is_above_0(variance: float) -> None:
    """An estimate without error, or with an impossible one, is refused."""
    with pytest.raises(KpiValueError, match=r"variance is .*allowed"):
        shrink([1, 2], [1, variance])


def test_estimates_and_variances_come_in_pairs() -> None:
    """Lists of different lengths are refused with both lengths."""
    with pytest.raises(KpiValueError, match="2 estimates and 1 variances"):
        shrink([1, 2], [1])


@given(st.lists(st.tuples(estimates, variances), min_size=1, max_size=12))
def test_shrunk_values_lie_between_the_raw_one_and_the_mean(pairs: list[tuple[float, float]]) -> None:
    """Shrinking pulls towards the pooled mean and never past it."""
    raw, spreads = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    common = pooled(raw, spreads)
    assert common is not None
    assert min(raw) - 1e-6 <= common.mean <= max(raw) + 1e-6
    assert common.variance_between >= 0
    for before, after in zip(raw, shrink(raw, spreads), strict=True):
        assert after is not None
        assert min(before, common.mean) - 1e-6 <= after <= max(before, common.mean) + 1e-6


@given(st.lists(st.tuples(estimates, variances), min_size=2, max_size=8), st.data())
def test_shrinking_does_not_depend_on_the_order(pairs: list[tuple[float, float]], data: st.DataObject) -> None:
    """Each value is the same wherever it stands in the list."""
    order = data.draw(st.permutations(range(len(pairs))))
    shrunk = shrink([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    reordered = shrink([pairs[at][0] for at in order], [pairs[at][1] for at in order])
    assert reordered == pytest.approx([shrunk[at] for at in order], abs=1e-6)


@pytest.mark.parametrize(
    ("p", "confidence", "shown"),
    [
        (1 / math.comb(6, 3), 0.95, False),  # Fisher's test of 3 of 3 beside 0 of 3; 1 - .95 is .05000000000000004
        (1 / math.comb(6, 3) - 1e-9, 0.95, True),
        (0.1 + 0.1 + 0.1, 0.7, False),  # .30000000000000004 beside .30000000000000004
        (math.nextafter(0.125, 0), 0.875, False),
        (0.05 - 4e-13, 0.95, False),  # the thirteenth decimal does not decide
        (0.05 - 6e-13, 0.95, True),
        (0.0, 0.999999999, True),
    ],
)
def test_a_p_value_of_just_the_limit_is_not_shown(p: float, confidence: float, shown: bool) -> None:
    """Whatever the last digit of a sum is."""
    assert is_shown(p, confidence) is shown
