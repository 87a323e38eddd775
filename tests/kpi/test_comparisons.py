"""Three comparisons as one family, the one that leads, and the slope, against statsmodels and every permutation."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.stats import kurtosis, norm, skew
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests

from partnerkpi.kpi.comparisons import (
    AsCompared,
    Compared,
    Slope,
    families,
    leading,
    nps_slope,
    strongest,
    too_few_to_tell,
)
from partnerkpi.kpi.conditional import Pairs
from partnerkpi.kpi.scores import ScoreTally, change

tallies = st.builds(ScoreTally, *[st.integers(0, 40)] * 3)
small = st.builds(ScoreTally, *[st.integers(0, 6)] * 3)


def compared(quarters: list[ScoreTally]) -> list[AsCompared]:
    """Return the three comparisons of eight quarters."""
    pairs: list[tuple[Compared, ScoreTally, ScoreTally]] = [
        ("previous", quarters[6], quarters[7]),
        ("year", quarters[3], quarters[7]),
        ("rolling", sum(quarters[:4], ScoreTally()), sum(quarters[4:], ScoreTally())),
    ]
    return [AsCompared(*pair, change(*pair[1:])) for pair in pairs]


@settings(max_examples=10)
@given(st.lists(st.lists(small, min_size=8, max_size=8), min_size=1, max_size=3))
def test_all_comparisons_are_one_family(partners: list[list[ScoreTally]]) -> None:
    """The p of each is that of statsmodels' Holm over all comparisons of all partners, and the words follow from it."""
    asked = [compared(quarters) for quarters in partners]
    found = [one for family in families(asked) for one in family]
    known = [one for one in found if one.alone.p is not None]
    assert [one.alone for one in found] == [one.alone for family in asked for one in family]
    assume(known)
    right = multipletests([one.alone.p for one in known], method="holm")[1]
    assert [one.together.p for one in known] == pytest.approx(right.tolist(), rel=1e-12)
    assert all(one.holds == (one.together.p is not None and one.together.p < 0.05) for one in found)


def test_the_strongest_that_holds_leads() -> None:
    """43 over four quarters, up 5.4 on the four before, leads where the last quarter alone shows nothing."""
    earlier, later = ScoreTally(145, 180, 400), ScoreTally(118, 172, 436)  # NPS 35.2 and 43.8
    (family,) = families([compared([earlier] * 4 + [later] * 4)])
    lead = strongest(family)
    assert lead is not None
    assert lead.against == "rolling"
    assert [one.holds for one in family] == [False, False, True]
    (still,) = families([compared([earlier] * 8)])
    assert strongest(still) is None
    spoken = leading(still)
    assert spoken is not None
    assert spoken.against == "previous"


def test_too_few_answers_cannot_show_ten_points() -> None:
    """A change of 10 points is found in fewer than half of the cases just where 10 points are no 1.96 errors."""
    for answers, few in ((40, True), (400, True), (500, False)):
        side = ScoreTally(3 * answers // 20, answers // 5, 13 * answers // 20)
        adjusted = side.adjusted()
        assert adjusted is not None
        power = norm.sf(1.959964 - 10 / (adjusted.standard_error * math.sqrt(2)))
        assert too_few_to_tell(side, side) == few == (power < 0.5)
    assert too_few_to_tell(ScoreTally(), ScoreTally(1, 1, 1))
    assert too_few_to_tell(ScoreTally(500, 0, 500), ScoreTally())


def test_what_persons_have_in_common_and_less_confidence_make_answers_enough() -> None:
    """470 answers (70, 90, 310) on either side have 1.96 errors of 9.4 points, and 2.17 of 10.4.

    Against 360 others 1.96 are more than 10; where 30 persons said the same both times, no longer.
    """
    side, other = ScoreTally(70, 90, 310), ScoreTally(60, 60, 240)
    error = 100 * math.sqrt(2 * (381.5 / 473 - (240 / 473) ** 2) / 473)
    assert f"{1.959964 * error:.1f}" == "9.4"
    assert not too_few_to_tell(side, side)
    assert too_few_to_tell(side, side, confidence=0.97)  # 2.17 errors
    assert too_few_to_tell(side, other)
    # those with the same answer twice have a covariance around the mean of all 830 answers
    mean = 420 / 830
    for detractors, promoters, few in ((3, 14, True), (5, 20, False)):  # with as many passives as detractors
        pairs = Pairs.of_table(((detractors, 0, 0), (0, detractors, 0), (0, 0, promoters)))
        common = detractors * ((1 + mean) ** 2 + mean**2) + promoters * (1 - mean) ** 2
        variance = (381.5 / 473 - (240 / 473) ** 2) / 473 + (301.5 / 363 - (180 / 363) ** 2) / 363
        variance -= 2 * common / (470 * 360)
        assert (100 * 1.959964 * math.sqrt(variance) > 10) == few == too_few_to_tell(side, other, pairs)


def test_a_comparison_keeps_its_pairs_and_the_strongest_of_two_is_the_surer_one() -> None:
    """Both hold: the one with the smaller p by itself leads, wherever it stands; the persons of each stay with it."""
    before, weaker, surer = ScoreTally(40, 20, 40), ScoreTally(15, 20, 65), ScoreTally(5, 20, 75)
    pairs = Pairs(12, 3, 2)
    asked = [
        AsCompared("previous", before, weaker, change(before, weaker, pairs=pairs), pairs),
        AsCompared("year", before, surer, change(before, surer)),
    ]
    (family,) = families([asked])
    assert [one.pairs for one in family] == [pairs, Pairs()]
    assert [(one.against, one.before, one.after, one.alone, one.pairs) for one in family] == asked
    assert [one.holds for one in family] == [True, True]
    assert strongest(family) is leading(family) is family[1]
    assert strongest(family[::-1]) is family[1]
    assert leading([]) is None
    (silent,) = families([[AsCompared("year", ScoreTally(), surer, change(ScoreTally(), surer)), asked[0]]], 0.999999)
    assert leading(silent) is silent[1]  # the first has no answers before
    assert not silent[1].holds


@given(st.lists(tallies, min_size=3, max_size=9))
def test_the_slope_is_that_of_the_linear_by_linear_association(quarters: list[ScoreTally]) -> None:
    """The z is statsmodels' ordinal association of period and band; points are NumPy's weighted least squares."""
    known = [(number, tally) for number, tally in enumerate(quarters) if tally.responses]
    found = nps_slope(quarters)
    if len(known) < 3:
        assert found is None
        return
    assert found is not None
    table = np.array([tally.bands for _, tally in known])
    assume((table.sum(axis=0) > 0).sum() > 1)
    times = np.array([number for number, _ in known])
    right = Table(table, shift_zeros=False).test_ordinal_association(times, np.array([-1, 0, 1]))
    assert found.z == pytest.approx(right.zscore, rel=1e-9, abs=1e-9)
    scores = [tally.nps for _, tally in known]
    line = np.polyfit(times, scores, 1, w=np.sqrt(table.sum(axis=1)))
    assert found.points == pytest.approx(line[0], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    "quarters",
    [
        [ScoreTally(2, 1, 0), ScoreTally(1, 1, 1), ScoreTally(0, 0, 2)],
        [ScoreTally(1, 1, 4), ScoreTally(0, 0, 1), ScoreTally(1, 0, 0)],  # lopsided: six answers and then two
        [ScoreTally(1, 0, 0), ScoreTally(1, 1, 2), ScoreTally(0, 0, 3)],
    ],
)
def test_p_of_a_slope_is_near_that_of_every_permutation(quarters: list[ScoreTally]) -> None:
    """Of eight answers each order is tried: p lies within the step of the exact distribution."""
    times = np.repeat(np.arange(3), [tally.responses for tally in quarters])
    scores = np.concatenate([np.repeat([-1, 0, 1], tally.bands) for tally in quarters])
    every = np.array(sorted(set(permutations(scores.tolist()))))
    sums, seen = every @ times, scores @ times
    at_least = 2 * min((sums >= seen).mean(), (sums <= seen).mean())
    beyond = 2 * min((sums > seen).mean(), (sums < seen).mean())
    found = nps_slope(quarters)
    assert found is not None
    assert beyond <= found.p <= min(1.0, at_least)


def p_of_a_slope(quarters: list[ScoreTally], z: float, skewness: float | None = None) -> float:
    """Return p by Wilson and Hilferty's root and Cornish and Fisher's term, with the moments of SciPy."""
    times = np.repeat(np.arange(len(quarters)), [tally.responses for tally in quarters])
    scores = np.concatenate([np.repeat([-1, 0, 1], tally.bands) for tally in quarters])
    n = len(times)
    if skewness is None:
        skewness = float(skew(times) * skew(scores) * np.sqrt(n - 1) / (n - 2))
    excess = float((kurtosis(times) * kurtosis(scores) - 6) / n)
    skewness *= math.copysign(1, z)
    z = abs(z)
    if abs(skewness) > 1e-9:
        z = float(6 / skewness * (np.cbrt(1 + skewness * z / 2) - 1) + skewness / 6)
    heavier = excess - 3 / 2 * skewness**2
    if heavier > 0:
        z = min(z, math.sqrt(1 + 8 / heavier))
        z -= (z**3 - 3 * z) * heavier / 24
    return float(min(1.0, 2 * norm.sf(z)))


def quarters_of(*bands: tuple[int, int, int]) -> list[ScoreTally]:
    return [ScoreTally(*one) for one in bands]


@settings(max_examples=40)
@given(st.lists(small, min_size=3, max_size=6))
@example(quarters_of((40, 0, 5), (300, 2, 0), (40, 2, 1), (0, 2, 2)))  # tails heavier than the skewness makes them
@example(quarters_of((5, 0, 0), (300, 0, 0), (0, 1, 0)))  # so heavy that the correction would turn back, root below 0
@example(quarters_of((0, 0, 1), (0, 200, 0), (1, 0, 0)))  # heavy without any skewness
@example(quarters_of((0, 1, 3), (0, 2, 6), (0, 5, 15)))  # level, and lopsided in both
@example(quarters_of((5, 0, 300), (0, 0, 1), (0, 0, 2)))  # a median so far off that twice the tail is above 1
def test_p_of_a_slope_is_that_of_its_moments(quarters: list[ScoreTally]) -> None:
    """Skewness and kurtosis of periods and bands as SciPy has them; turned round in time or in bands p stays."""
    found = nps_slope(quarters)
    assume(found is not None and np.count_nonzero(np.sum([tally.bands for tally in quarters], axis=0)) > 1)
    assert found is not None
    assert found.p == pytest.approx(p_of_a_slope(quarters, found.z), rel=1e-7)
    assume(found.z)
    turned = nps_slope(quarters[::-1])
    mirrored = nps_slope([ScoreTally(*tally.bands[::-1]) for tally in quarters])
    for other in (turned, mirrored):
        assert other is not None
        assert (other.points, other.z, other.p) == pytest.approx((-found.points, -found.z, found.p), rel=1e-7)


def test_the_skewness_of_a_slope_is_that_of_every_permutation() -> None:
    """Of nine answers each order is tried: the third moment of their sums is the one that p rests on."""
    quarters = [ScoreTally(0, 1, 5), ScoreTally(0, 0, 1), ScoreTally(1, 1, 0)]
    times = np.repeat(np.arange(3), [tally.responses for tally in quarters])
    scores = np.concatenate([np.repeat([-1, 0, 1], tally.bands) for tally in quarters])
    sums = np.array(sorted(set(permutations(scores.tolist())))) @ times
    found = nps_slope(quarters)
    assert found is not None
    assert found.p == pytest.approx(p_of_a_slope(quarters, found.z, float(skew(sums))), rel=1e-9)


def test_a_slope_needs_three_periods_and_answers_that_differ() -> None:
    """Two periods make no line, and where all answers are alike nothing rises: p is 1."""
    assert nps_slope([ScoreTally(1, 2, 3), ScoreTally(), ScoreTally(3, 2, 1)]) is None
    level = nps_slope([ScoreTally(0, 0, 4)] * 5)
    assert level is not None
    assert (level.points, level.p, level.word) == (0.0, 1.0, "cannot tell")
    fall = nps_slope([ScoreTally(number, 5, 20 - number) for number in range(0, 16, 2)])
    assert fall is not None
    assert (fall.word, fall.periods) == ("down", 8)
    assert fall.with_p(0.2) == Slope(fall.points, fall.z, 0.2, "cannot tell", 8)
    assert fall.with_p(0.2, 0.7).word == "down"
    assert fall.with_p(None) == fall
