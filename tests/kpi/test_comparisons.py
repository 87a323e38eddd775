"""Three comparisons as one family, the one that leads, and the slope, against statsmodels and every permutation."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests

from partnerkpi.kpi.comparisons import AsCompared, Compared, families, leading, nps_slope, strongest, too_few_to_tell
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


def test_a_slope_needs_three_periods_and_answers_that_differ() -> None:
    """Two periods make no line, and where all answers are alike nothing rises: p is 1."""
    assert nps_slope([ScoreTally(1, 2, 3), ScoreTally(), ScoreTally(3, 2, 1)]) is None
    level = nps_slope([ScoreTally(0, 0, 4)] * 5)
    assert level is not None
    assert (level.points, level.p, level.word) == (0.0, 1.0, "cannot tell")
    fall = nps_slope([ScoreTally(number, 5, 20 - number) for number in range(0, 16, 2)])
    assert fall is not None
    assert (fall.word, fall.periods) == ("down", 8)
    assert fall.with_p(0.2).word == "cannot tell"
