"""Retention, partner influence, lift and revenue retention."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import (
    RetentionTally,
    gross_revenue_retention,
    influence_index_from_rates,
    net_revenue_retention,
    retention_rate_from_counts,
)

money = st.floats(0, 1e9)


@st.composite
def attributed(draw: st.DrawFn) -> RetentionTally:
    partner_customers, direct = draw(st.integers(0, 400)), draw(st.integers(0, 400))
    partner_retained, direct_retained = draw(st.integers(0, partner_customers)), draw(st.integers(0, direct))
    return RetentionTally(
        partner_customers + direct, partner_retained + direct_retained, partner_customers, partner_retained
    )


@pytest.mark.parametrize(
    ("tally", "rate", "share", "index", "base", "lift"),
    [
        ((200, 160, 80, 72), 80, 45, 112.5, 40, "16.6667"),
        ((500, 400, 400, 340), 80, 85, 106.25, 80, "25.0000"),
    ],
)
def test_figures_are_the_defined_ones(
    tally: tuple[int, int, int, int], rate: float, share: float, index: float, base: float, lift: str
) -> None:
    """Retention rate, influence share and index, base share and lift of the definitions' table."""
    retention = RetentionTally(*tally)
    assert retention.retention_rate == rate
    assert retention.influence_share == share
    assert retention.influence_index == index
    assert retention.base_share == base
    assert f"{retention.lift_points:.4f}" == lift


def test_a_real_churn_table_has_the_lift_that_r_computed() -> None:
    """500 accounts, 89 referred by partners: 85.393 % against 76.399 %, +8.994 points, as base R gives."""
    accounts = RetentionTally(customers=500, retained=390, partner_customers=89, partner_retained=76)
    assert accounts.retention_rate == 78
    assert f"{accounts.lift_points:.3f}" == "8.994"


def test_intervals_are_the_defined_ones() -> None:
    """Wilson for the rate, Agresti-Caffo for the lift, and for the share the log odds, attribution being fixed."""
    lift = RetentionTally(200, 160, 80, 72).lift_interval()
    rate = RetentionTally(200, 170).retention_interval()
    share = RetentionTally(200, 160, 80, 72).influence_interval()
    assert lift is not None
    assert rate is not None
    assert share is not None
    assert (f"{lift.low:.4f}", f"{lift.high:.4f}") == ("5.6857", "26.4614")
    assert (f"{rate.low:.4f}", f"{rate.high:.4f}") == ("79.3944", "89.2864")
    assert (f"{share.low:.4f}", f"{share.high:.4f}") == ("41.7083", "48.1928")


def test_the_interval_of_the_share_is_that_of_a_ratio_of_rates() -> None:
    """Statsmodels' interval of the ratio of two rates, with half a customer and a half added, times the base: its odds.

    Its log-adjusted method adds .5 to the retained and to all: the interval of the share is a little narrower.
    """
    tally = RetentionTally(2_000, 1_600, 800, 720)
    low, high = confint_proportions_2indep(720, 800, 880, 1_200, compare="ratio", method="log-adjusted")
    odds = [bound * 800 / 1_200 for bound in (low, high)]
    interval = tally.influence_interval()
    assert interval is not None
    expected = [100 * one / (1 + one) for one in odds]
    assert (interval.low, interval.high) == pytest.approx(expected, abs=0.02)


def test_the_interval_of_the_share_holds_it_as_often_as_promised() -> None:
    """Of 400 draws each the 95 % interval holds the true share in 93 % or more, with 5 to 200 customers a side."""
    chance = np.random.default_rng(20_261_004)
    programmes = ((140, 94, 0.89, 0.82), (20, 20, 0.8, 0.8), (10, 200, 0.7, 0.9), (5, 50, 0.8, 0.8))
    for base, others, own_rate, other_rate in programmes:
        true = 100 * base * own_rate / (base * own_rate + others * other_rate)
        held = 0
        for _ in range(400):
            kept, other = int(chance.binomial(base, own_rate)), int(chance.binomial(others, other_rate))
            interval = RetentionTally(base + others, kept + other, base, kept).influence_interval()
            held += interval is not None and interval.low <= true <= interval.high
        assert held >= 372, (base, others, held)


def test_intervals_take_the_confidence() -> None:
    """Each interval widens with the confidence it is asked for."""
    tally = RetentionTally(200, 160, 80, 72)
    for interval in (tally.retention_interval, tally.influence_interval, tally.lift_interval):
        usual, surer = interval(), interval(0.99)
        assert usual is not None
        assert surer is not None
        assert surer.confidence == 0.99
        assert surer.half_width > usual.half_width


def test_no_customers_are_no_data() -> None:
    """Without customers there is no figure at all."""
    nothing = RetentionTally(0, 0, 0, 0)
    assert (nothing.retention_rate, nothing.influence_share, nothing.influence_index) == (None, None, None)
    assert (nothing.base_share, nothing.lift_points) == (None, None)
    assert (nothing.retention_interval(), nothing.influence_interval(), nothing.lift_interval()) == (None, None, None)


def test_losing_everybody_is_a_zero_and_leaves_nothing_to_attribute() -> None:
    """With customers and none retained the rate is 0, and there is no influence on what did not happen."""
    lost = RetentionTally(50, 0, 20, 0)
    assert (lost.retention_rate, lost.base_share, lost.lift_points) == (0, 40, 0)
    assert (lost.influence_share, lost.influence_index, lost.influence_interval()) == (None, None, None)


def test_losing_all_partner_customers_is_an_index_of_0() -> None:
    """Partners that kept nobody have an influence of 0, which is data."""
    tally = RetentionTally(50, 20, 10, 0)
    assert (tally.influence_share, tally.influence_index, tally.lift_points) == (0, 0, -50)


def test_without_partner_customers_there_is_nothing_to_compare() -> None:
    """Nobody attributed: the share is 0, index and lift are no data."""
    direct = RetentionTally(50, 40, 0, 0)
    assert (direct.influence_share, direct.base_share) == (0, 0)
    assert (direct.influence_index, direct.lift_points, direct.lift_interval()) == (None, None, None)
    assert direct.influence_interval() is None


def test_with_only_partner_customers_there_is_nothing_to_compare() -> None:
    """Everybody attributed: share and index are 100, and the lift is no data."""
    partners = RetentionTally(50, 40, 50, 40)
    assert (partners.influence_share, partners.influence_index, partners.base_share) == (100, 100, 100)
    assert (partners.lift_points, partners.lift_interval(), partners.influence_interval()) == (None, None, None)


def test_unknown_attribution_is_no_data() -> None:
    """Where nobody knows which customers came with a partner, only the rate is known."""
    unknown = RetentionTally(200, 160)
    assert unknown.retention_rate == 80
    assert (unknown.influence_share, unknown.influence_index, unknown.base_share) == (None, None, None)
    assert (unknown.lift_points, unknown.influence_interval(), unknown.lift_interval()) == (None, None, None)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((10, 11), "retained customers is 11; allowed: at most 10"),
        ((-1, 0), "customers is -1"),
        ((10, -1), "retained customers is -1"),
        ((10, 2.5), "retained customers is 2.5"),
        ((10, 5, 11, 5), "partner customers is 11; allowed: at most 10"),
        ((10, 5, 4, 5), "retained partner customers is 5; allowed: at most 4"),
        ((10, 5, 8, 6), "retained partner customers is 6; allowed: at most 5"),
        ((10, 9, 8, 2), "retained customers without a partner is 7; allowed: at most 2"),
        ((10, 5, 4, None), "both known, or both None"),
        ((10, 5, None, 4), "both known, or both None"),
        ((10, 5, -1, 0), "partner customers is -1"),
    ],
)
def test_counts_that_contradict_each_other_are_refused(counts: tuple[int, ...], message: str) -> None:
    """Retained is part of all, the partners' part is within the whole, and so is the rest."""
    with pytest.raises(KpiValueError, match=message):
        RetentionTally(*counts)


def test_counts_from_data_frames_become_ints() -> None:
    """A count that went through a float is still that count."""
    tally = RetentionTally(200.0, 160.0, 80.0, 72.0)  # type: ignore[arg-type]
    assert tally == RetentionTally(200, 160, 80, 72)
    assert type(tally.customers) is type(tally.retained) is type(tally.partner_customers) is int
    assert type(tally.partner_retained) is int


@given(attributed(), attributed())
def test_tallies_of_different_customers_add_up(first: RetentionTally, second: RetentionTally) -> None:
    """Two groups together have the customers and the retained of both, attributed or not."""
    both = first + second
    assert both.customers == first.customers + second.customers
    assert both.retained == first.retained + second.retained
    assert both.partner_customers == (first.partner_customers or 0) + (second.partner_customers or 0)
    assert both.partner_retained == (first.partner_retained or 0) + (second.partner_retained or 0)
    assert sum([first, second]) == both == second + first


def test_unknown_attribution_stays_unknown_when_added() -> None:
    """Unknown plus unknown is unknown; unknown plus known is refused; an empty tally changes nothing."""
    unknown, known, empty = RetentionTally(10, 5), RetentionTally(10, 5, 4, 3), RetentionTally()
    assert unknown + unknown == RetentionTally(20, 10)
    for left, right in ((unknown, known), (known, unknown)):
        with pytest.raises(KpiValueError, match="the other does not"):
            left + right
    assert empty == RetentionTally(0, 0, None, None)
    assert known + empty == empty + known == sum([empty, known]) == known
    assert unknown + empty == empty + unknown == unknown


def test_only_tallies_can_be_added() -> None:
    """A number is not a tally."""
    for wrong in (1, False, "x"):
        with pytest.raises(TypeError):
            wrong + RetentionTally(1, 1)
        with pytest.raises(TypeError):
            RetentionTally(1, 1) + wrong


@given(attributed())
def test_share_is_index_times_base_share(tally: RetentionTally) -> None:
    """A bigger partner base alone raises the share: share = index * base share / 100."""
    if tally.influence_index is None:
        return
    assert tally.base_share is not None
    assert tally.influence_share == pytest.approx(tally.influence_index * tally.base_share / 100)


@given(attributed())
def test_index_above_parity_and_lift_above_zero_are_one_statement(tally: RetentionTally) -> None:
    """Partners retain better than all exactly when they retain better than the rest."""
    if tally.influence_index is None or tally.lift_points is None:
        return
    assert (tally.influence_index > 100) == (tally.lift_points > 0)
    assert (tally.influence_index < 100) == (tally.lift_points < 0)


@given(attributed())
def test_figures_stay_in_bounds(tally: RetentionTally) -> None:
    """Rates and shares are percent of a whole; a difference of two rates is at most 100 points."""
    for share in (tally.retention_rate, tally.influence_share, tally.base_share):
        assert share is None or 0 <= share <= 100
    assert tally.lift_points is None or -100 <= tally.lift_points <= 100
    assert (tally.lift_points is None) == (tally.lift_interval() is None)
    share, interval = tally.influence_share, tally.influence_interval()
    assert (interval is None) == (share is None or tally.lift_points is None)
    assert interval is None or 0 <= interval.low <= share <= interval.high <= 100
    assert (tally.retention_rate is None) == (tally.retention_interval() is None)


def test_retention_from_counts_takes_out_the_new_ones() -> None:
    """(200, 210, 40) is 85; a start of 0 is no data."""
    assert retention_rate_from_counts(200, 210, 40) == 85
    assert retention_rate_from_counts(200.0, 0, 0) == 0
    assert retention_rate_from_counts(0, 5, 5) is None


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((200, 30, 40), "new customers is 40; allowed: at most 30"),
        ((200, 300, 40), "customers at the end without the new ones is 260; allowed: at most 200"),
        ((-1, 0, 0), "customers at the start is -1; allowed: 0 or more"),
        ((1, -1, 0), "customers at the end is -1"),
        ((1, 1, math.nan), "new customers is nan"),
    ],
)
def test_retention_from_counts_refuses_what_cannot_be(counts: tuple[float, float, float], message: str) -> None:
    """The new ones are among those at the end, and the others were there at the start."""
    with pytest.raises(KpiValueError, match=message):
        retention_rate_from_counts(*counts)


def test_influence_index_from_rates_is_their_ratio() -> None:
    """90 % over 80 % is 112.5, in percent or as fractions; without an overall rate there is none."""
    assert influence_index_from_rates(90, 80) == 112.5
    assert influence_index_from_rates(0.9, 0.8) == pytest.approx(112.5)
    assert influence_index_from_rates(0, 80) == 0
    assert influence_index_from_rates(90, 0) is None
    assert influence_index_from_rates(None, 80) is None
    assert influence_index_from_rates(90, None) is None
    with pytest.raises(KpiValueError, match="partner retention rate is 101; allowed: 0 to 100"):
        influence_index_from_rates(101, 80)
    with pytest.raises(KpiValueError, match="overall retention rate is -1; allowed: 0 to 100"):
        influence_index_from_rates(90, -1)


def test_revenue_retention_is_what_is_left_of_the_start() -> None:
    """NRR counts expansion, GRR does not; a start of 0 is no data."""
    assert net_revenue_retention(1000, 150, 50, 100) == 100
    assert net_revenue_retention(1000, 400, 0, 100) == 130
    assert gross_revenue_retention(1000, 50, 100) == 85
    assert gross_revenue_retention(1000, 0, 1000) == 0
    assert net_revenue_retention(0, 10, 0, 0) is None
    assert gross_revenue_retention(0, 0, 0) is None


@pytest.mark.parametrize("amounts", [(-1, 0, 0, 0), (9, -1, 0, 0), (9, 0, -1, 0), (9, 0, 0, -1), (9, math.inf, 0, 0)])
def test_amounts_of_money_are_0_or_more(amounts: tuple[float, float, float, float]) -> None:
    """A loss is written as a positive amount: a sign in the wrong place is refused."""
    with pytest.raises(KpiValueError, match="allowed: 0 or more"):
        net_revenue_retention(*amounts)


def test_keeping_everything_is_100_exactly() -> None:
    """Rounding takes no rate above 100, whatever the unit: money here is in quadrillions."""
    start = 4.100790109851996e-17
    assert 100 * start / start > 100
    assert gross_revenue_retention(start, 0, 0) == 100
    assert retention_rate_from_counts(start, start, 0) == 100


def test_nobody_loses_more_than_there_was() -> None:
    """Contraction and churn together stay within the revenue there was; cents that round do not count as more."""
    with pytest.raises(KpiValueError, match="contraction and churn is 1001; allowed: at most 1000"):
        gross_revenue_retention(1000, 1, 1000)
    with pytest.raises(KpiValueError, match="contraction and churn is 1201; allowed: at most 1200"):
        net_revenue_retention(1000, 200, 1, 1200)
    assert gross_revenue_retention(0.3, 0.1, 0.2) == 0
    assert net_revenue_retention(1000, 200, 200, 1000) == 0


@given(start=money, expansion=money, lost=st.floats(0, 1), split=st.floats(0, 1))
def test_gross_is_at_most_100_and_at_most_net(start: float, expansion: float, lost: float, split: float) -> None:
    """Without expansion nothing grows."""
    contraction, churn = start * lost * split, start * lost * (1 - split)
    gross, net = (
        gross_revenue_retention(start, contraction, churn),
        net_revenue_retention(start, expansion, contraction, churn),
    )
    if gross is None:
        assert start == 0
        assert net is None
        return
    assert net is not None
    assert 0 <= gross <= 100
    assert gross <= net * (1 + 1e-9) + 1e-9
