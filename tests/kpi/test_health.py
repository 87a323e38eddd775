"""The composite of the three KPIs."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import Health, health

points = st.none() | st.floats(-100, 100)
percent = st.none() | st.floats(0, 100)


@pytest.mark.parametrize(
    ("figures", "score", "covered"),
    [((45, 60, 70), "88.0000", 1), ((62, None, 55), "88.5714", 0.7), ((None, None, 75), "100.0000", 0.3)],
)
def test_scores_are_the_defined_ones(figures: tuple[Any, Any, Any], score: str, covered: float) -> None:
    """The weighted mean over the KPIs that have data has the digits that the definitions print."""
    composite = health(*figures)
    assert f"{composite.score:.4f}" == score
    assert composite.covered_weight == pytest.approx(covered)


def test_a_missing_kpi_is_not_a_zero() -> None:
    """No data takes its weight out; a 0 drags the composite down."""
    missing, zero = health(50, None, 75), health(50, 0, 75)
    assert (missing.score, zero.score) == pytest.approx((100, 70))
    assert (missing.covered_weight, zero.covered_weight) == pytest.approx((0.7, 1))


def test_without_data_there_is_no_score() -> None:
    """Three times no data is no data, and so is data on a KPI that weighs nothing."""
    assert health(None, None, None) == Health(None, 0, None)
    assert health(50, None, None, weights=(0, 1, 1)) == Health(None, 0, None)


def test_figures_beyond_the_anchors_are_clamped() -> None:
    """Above the upper anchor is 100, below the lower one is 0."""
    assert health(100, 100, 100).score == 100
    assert health(-100, 0, 0).score == 0
    assert health(-100, 75, 75).score == pytest.approx(60)


def test_the_worst_rating_stands_beside_the_score() -> None:
    """A red KPI cannot hide in a good composite."""
    composite = health(60, 75, 40, ratings=["strong", "strong", "investigate"])
    assert composite.worst == "investigate"
    assert health(60, None, None, ratings=["strong", None, None]).worst == "strong"
    assert health(60, 75, 75).worst is None
    with pytest.raises(KpiValueError, match="rating is 'amber'"):
        health(60, 75, 40, ratings=["amber"])


def test_weights_need_not_add_up_to_one() -> None:
    """Weights are shares of their own sum."""
    assert health(45, 60, 70, weights=(4, 3, 3)).score == pytest.approx(88)
    assert health(62, None, 55, weights=(40, 30, 30)).covered_weight == pytest.approx(0.7)


def test_anchors_move_what_counts_as_full() -> None:
    """With anchors -100..100 for the NPS, an NPS of 0 is halfway."""
    assert health(0, None, None, anchors=((-100, 100), (0, 75), (0, 75))).score == 50


@pytest.mark.parametrize(
    "weights", [(1, 1), (1, 1, 1, 1), (0, 0, 0), (1, -1, 1), (1, math.nan, 1), ("1", 1, 1), (True, 1, 1)]
)
def test_weights_are_three_and_not_all_zero(weights: tuple[float, ...]) -> None:
    """Weights that cannot weigh three KPIs are refused."""
    with pytest.raises(KpiValueError, match="weight"):
        health(50, 75, 75, weights=weights)


@pytest.mark.parametrize(
    "anchors",
    [
        ((0, 50), (0, 75)),
        ((50, 0), (0, 75), (0, 75)),
        ((0, 50), (75, 75), (0, 75)),
        ((0, 50), (0, 75), (0, math.inf)),
    ],
)
def test_anchors_are_three_pairs_in_order(anchors: tuple[tuple[float, float], ...]) -> None:
    """Anchors that span nothing are refused."""
    with pytest.raises(KpiValueError, match="anchor"):
        health(50, 75, 75, anchors=anchors)


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ((101, 1, 1), "NPS is 101; allowed: -100 to 100"),
        ((1, -1, 1), "active share is -1; allowed: 0 to 100"),
        ((1, 1, 100.5), "influence share is 100.5; allowed: 0 to 100"),
        ((math.nan, 1, 1), "NPS is nan"),
    ],
)
def test_figures_stay_in_their_range(figures: tuple[float, float, float], message: str) -> None:
    """A KPI outside what it can be is a mix-up of columns, not a healthy partner."""
    with pytest.raises(KpiValueError, match=message):
        health(*figures)


@given(nps=points, active=percent, influence=percent)
def test_the_composite_stays_between_0_and_100(
    nps: float | None, active: float | None, influence: float | None
) -> None:
    """Whatever has data, the composite is on 0..100, and None exactly when nothing has."""
    composite = health(nps, active, influence)
    assert 0 <= composite.covered_weight <= 1 + 1e-12
    if nps is active is influence is None:
        assert composite.score is None
    else:
        assert composite.score is not None
        assert 0 <= composite.score <= 100


@given(nps=st.floats(-100, 99), more=st.floats(0, 1), active=percent, influence=percent)
def test_a_better_kpi_never_lowers_the_composite(
    nps: float, more: float, active: float | None, influence: float | None
) -> None:
    """Health does not fall when a KPI rises."""
    before, after = health(nps, active, influence), health(nps + more, active, influence)
    assert before.score is not None
    assert after.score is not None
    assert before.score <= after.score + 1e-9
