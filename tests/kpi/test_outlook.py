"""What the next period will probably show, against statsmodels' state space filter and against simulated truth."""

import math
import random
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import need_package

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.outlook import (
    MIN_PERIODS,
    SPEEDS,
    Filtered,
    advocacy_outlook,
    local_level,
    nps_outlook,
)
from partnerkpi.kpi.scores import ScoreTally

VALUES = [12.0, 30.0, None, 25.0, 41.0, 18.0, 36.0, 50.0]
VARIANCES = [90.0, 140.0, 1.0, 60.0, 200.0, 110.0, 75.0, 130.0]

counts = st.builds(ScoreTally, *[st.integers(0, 30)] * 3)


def state_space(speed: float, values: Sequence[float | None] = VALUES, errors: Sequence[float] = VARIANCES) -> Any:
    """Return what statsmodels makes of the same series: a local level with these measurement errors, diffuse start."""
    need_package("statsmodels")
    from statsmodels.tsa.statespace.kalman_filter import KalmanFilter

    model = KalmanFilter(k_endog=1, k_states=1)
    model.bind(np.array([[math.nan if value is None else value for value in values]]).T.copy())
    model["design", 0, 0] = model["transition", 0, 0] = model["selection", 0, 0] = 1.0
    model["obs_cov"] = np.array(errors).reshape(1, 1, -1)
    model["state_cov", 0, 0] = speed**2
    model.initialize_diffuse()
    return model.filter()


def over_all_speeds(values: Sequence[float | None], errors: Sequence[float]) -> tuple[float, float]:
    """Return statsmodels' level and its variance over all speeds, each as likely as it makes the values."""
    theirs = [state_space(speed, values, errors) for speed in SPEEDS]
    # the first value starts the level and tells nothing of the speed
    likelihoods = np.array([one.llf_obs[1:].sum() for one in theirs])
    weights = np.exp(likelihoods - likelihoods.max())
    weights /= weights.sum()
    levels = np.array([one.predicted_state[0, -1] for one in theirs])
    within = np.array([one.predicted_state_cov[0, 0, -1] for one in theirs])
    return weights @ levels, weights @ (within + (levels - weights @ levels) ** 2)


@pytest.mark.parametrize("speed", [0.0, 1.0, 8.0, 16.0])
def test_the_filter_is_that_of_statsmodels(speed: float) -> None:
    """With one speed, level and variance of the next period are those of statsmodels' exact diffuse Kalman filter."""
    theirs = state_space(speed)
    ours = local_level(VALUES, VARIANCES, [speed])
    assert ours.level == pytest.approx(theirs.predicted_state[0, -1], rel=1e-9)
    assert ours.variance == pytest.approx(theirs.predicted_state_cov[0, 0, -1], rel=1e-9)


def test_the_speeds_weigh_as_their_likelihoods() -> None:
    """Over several speeds the level is the mean of statsmodels' levels, weighted by its likelihoods."""
    level, variance = over_all_speeds(VALUES, VARIANCES)
    ours = local_level(VALUES, VARIANCES)
    assert ours.level == pytest.approx(level, rel=1e-9)
    assert ours.variance == pytest.approx(variance, rel=1e-9)


def test_a_figure_misses_its_level_by_its_own_error() -> None:
    """Six times 2 of 2 partners: 95 % is 1.96 errors of statsmodels' level and of a share of 13/14 of 4 partners.

    One active and one inactive partner are added to the twelve, so that "all of them" does not mean "always all".
    """
    spread = 10_000 * 13 / 14 * 1 / 14
    level, variance = over_all_speeds([100.0] * 6, [spread / 2] * 6)
    found = advocacy_outlook([AdvocacyTally(2, 2, 2)] * 6, expected=4)
    assert level == pytest.approx(100)
    assert found.interval is not None
    assert found.interval.high == 100
    assert found.interval.low == pytest.approx(100 - 1.9599640 * math.sqrt(variance + spread / 4), rel=1e-7)


def test_worked_by_hand() -> None:
    """Without movement the level is the mean weighted by precision; a gap changes nothing but the time that passes."""
    still = local_level([10.0, 20.0], [100.0, 100.0], [0.0])
    assert (still.level, still.variance) == (15.0, 50.0)
    assert local_level([10.0, None, 20.0], [100.0, 1.0, 100.0], [0.0]).level == 15.0
    # speed 10: before 20 the variance is 100 + 100, the gain 2/3, so 16.6667 with variance 66.6667, then + 100
    moving = local_level([10.0, 20.0], [100.0, 100.0], [10.0])
    assert moving.level == pytest.approx(50 / 3)
    assert moving.variance == pytest.approx(500 / 3)


def test_a_single_period_is_its_own_level() -> None:
    """With nothing to compare it with there is no surprise, and the speed alone adds to its variance."""
    assert local_level([10.0], [100.0], [3.0]) == Filtered(level=10, variance=109, overshoot=1, step=9)
    assert local_level([None, 10.0, None], [1.0, 100.0, 1.0], [3.0]) == Filtered(10, 118, 1, 9)


def test_hundreds_of_periods_keep_their_likelihoods() -> None:
    """Of 300 scores the likelihood itself is less than a float holds; the speeds weigh by their ratio all the same.

    A constant figure of variance v that does not move has after n periods the variance v / n. Each has a variance.
    """
    steady = local_level([10.0] * 300, [1e4] * 300, [0.0, 1000.0])
    assert (steady.level, steady.variance) == pytest.approx((10, 1e4 / 300))
    with pytest.raises(ValueError, match="zip"):
        local_level([10.0], [1e4, 1e4])


def test_a_figure_at_the_end_of_the_scale_is_inside() -> None:
    """Where all partners are active, or none, the interval ends at what came: it was foretold."""
    for active in (0, 2):
        test = advocacy_outlook([AdvocacyTally(2, active, active)] * 9).back_test
        assert test is not None
        assert (test.forecasts, test.inside) == (3, 3)


def test_past_misses_widen_the_interval() -> None:
    """Where past scores lay further off than their sampling error allows, the interval widens; it never narrows."""
    wild = local_level([0.0, 60.0, -60.0, 60.0, -60.0], [25.0] * 5, [0.0])
    assert wild.overshoot > 10
    assert local_level([5.0] * 5, [25.0] * 5).overshoot == 1.0


def test_worked_figures() -> None:
    """Eight equal periods foretell their own figure, with the interval of the docstrings."""
    nps = nps_outlook([ScoreTally(10, 20, 30)] * 8)
    assert nps.value == pytest.approx(100 / 3)
    assert nps.interval is not None
    assert [nps.interval.low, nps.interval.high] == pytest.approx([12.0, 54.7], abs=0.05)
    share = advocacy_outlook([AdvocacyTally(40, 28, 30)] * 8)
    assert share.value == pytest.approx(70)
    assert share.interval is not None
    assert [share.interval.low, share.interval.high] == pytest.approx([53.8, 86.2], abs=0.05)


def test_too_few_periods_say_so() -> None:
    """Below six periods with data there is no value, and the reason tells how many there are; gaps do not count."""
    some = [ScoreTally(1, 2, 3), ScoreTally()] * (MIN_PERIODS - 1)
    outlook = nps_outlook(some)
    assert (outlook.value, outlook.interval, outlook.back_test, outlook.periods) == (None, None, None, 5)
    assert outlook.reason == "5 periods have data, and it takes 6"
    assert nps_outlook([]).reason == "no period has data, and it takes 6"
    assert nps_outlook([ScoreTally(1, 2, 3)]).reason == "1 period has data, and it takes 6"
    assert nps_outlook([ScoreTally(1, 2, 3)] * 2).reason == "2 periods have data, and it takes 6"
    assert nps_outlook([*some, ScoreTally(1, 2, 3)]).value is not None


def test_an_interval_is_as_wide_as_past_misses_and_the_next_answers_make_it() -> None:
    """Its half width is z times the root of both variances, widened by how far past scores lay off."""
    periods = [ScoreTally(90, 0, 10), ScoreTally(10, 0, 90)] * 5
    found, expected = nps_outlook(periods, expected=50, confidence=0.8), 50
    pooled = sum(periods, ScoreTally()).adjusted()
    assert pooled is not None
    spread = pooled.standard_error**2 * 1003  # 1,000 answers, and the three that the adjusted Wald interval adds
    level = local_level([period.nps for period in periods], [spread / 100] * 10)
    assert level.overshoot > 1.2
    z = NormalDist().inv_cdf(0.9)
    reach = z * math.sqrt((level.variance + spread / expected) * level.overshoot)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (max(-100, level.level - reach), min(100, level.level + reach))
    )
    assert found.interval.confidence == 0.8
    assert found.periods == 10


def test_a_period_without_answers_is_skipped_by_the_back_test() -> None:
    """What nobody answered is not foretold, and the periods behind it are."""
    periods = [ScoreTally(10, 20, 20 + 5 * (number % 3)) for number in range(9)]
    periods.insert(7, ScoreTally())
    test = nps_outlook(periods).back_test
    assert test is not None
    assert test.forecasts == 3
    # a single partner is active or not, and has no share: neither that period nor the one after it is foretold
    shares = [AdvocacyTally(40, 20 + number % 3, 30) for number in range(11)]
    shares[7] = AdvocacyTally(1, 1, 1)
    shorter = advocacy_outlook(shares).back_test
    assert shorter is not None
    assert shorter.forecasts == 3
    steady = nps_outlook([ScoreTally(10, 20, 30)] * 8).back_test
    assert steady is not None
    assert (steady.forecasts, steady.mean_absolute_error, steady.last_value_error) == pytest.approx((2, 0, 0))


def test_the_interval_is_that_of_an_observed_score() -> None:
    """The fewer answers are expected, the wider: by default as many as the last period with answers had."""
    periods = [ScoreTally(10, 20, 30)] * 7 + [ScoreTally(1, 2, 3), ScoreTally()]
    usual, stated = nps_outlook(periods), nps_outlook(periods, expected=6)
    assert usual == stated
    assert usual.expected == 6
    many = nps_outlook(periods, expected=600).interval
    assert usual.interval is not None
    assert many is not None
    assert many.half_width < usual.interval.half_width / 2
    shares = [AdvocacyTally(40, 28, 30)] * 8
    assert (advocacy_outlook(shares, expected=4).expected, advocacy_outlook(shares).expected) == (4, 40)


def test_the_back_test_uses_the_past_alone() -> None:
    """Each period from the seventh on is foretold from those before it: what came later does not change its error."""
    periods = [ScoreTally(10, 20, 20 + 5 * (number % 3)) for number in range(9)]
    assert nps_outlook(periods[:7]).back_test is None
    test = nps_outlook(periods).back_test
    assert test is not None
    foretold = [nps_outlook(periods[:end], expected=periods[end].responses) for end in (6, 7, 8)]
    errors = [abs((one.value or 0) - (periods[end].nps or 0)) for one, end in zip(foretold, (6, 7, 8), strict=True)]
    assert test.forecasts == 3
    assert test.mean_absolute_error == pytest.approx(sum(errors) / 3)
    naive = [abs((periods[end].nps or 0) - (periods[end - 1].nps or 0)) for end in (6, 7, 8)]
    assert test.last_value_error == pytest.approx(sum(naive) / 3)
    assert test.inside == 3


@pytest.mark.parametrize(("speed", "answers"), [(0.0, 15), (0.0, 200), (4.0, 60), (8.0, 200)])
def test_the_interval_holds_what_comes(speed: float, answers: int) -> None:
    """On simulated partners the 95 % interval holds the next observed score in 90 to 99 of 100 cases."""
    chance = random.Random(7)
    held = 0
    for _ in range(300):
        level, periods = 35.0, []
        for _ in range(9):
            level = max(-50.0, min(75.0, level + chance.gauss(0, speed)))
            weights = [0.375 - level / 200, 0.25, 0.375 + level / 200]
            drawn = chance.choices(range(3), weights, k=answers)
            periods.append(ScoreTally(*(drawn.count(band) for band in range(3))))
        interval = nps_outlook(periods[:-1]).interval
        came = periods[-1].nps
        assert interval is not None
        assert came is not None
        held += interval.low <= came <= interval.high
    assert 270 <= held <= 297


@given(st.lists(counts, max_size=12))
def test_whatever_the_counts(periods: list[ScoreTally]) -> None:
    """Value and interval stay on the scale, the value within the interval; promoters for detractors mirrors them."""
    outlook = nps_outlook(periods)
    mirrored = nps_outlook([ScoreTally(one.promoters, one.passives, one.detractors) for one in periods])
    if outlook.value is None or outlook.interval is None:
        assert sum(one.responses > 0 for one in periods) < MIN_PERIODS
        return
    assert -100 <= outlook.interval.low <= outlook.value <= outlook.interval.high <= 100
    assert mirrored.value == pytest.approx(-outlook.value, abs=1e-6)
    assert mirrored.interval is not None
    assert mirrored.interval.low == pytest.approx(-outlook.interval.high, abs=1e-6)


def test_refused() -> None:
    """A confidence outside 0..1 and a number of answers that is none are errors, also where there is nothing to say."""
    with pytest.raises(KpiValueError, match="confidence is 1"):
        nps_outlook([], confidence=1)
    with pytest.raises(KpiValueError, match="expected answers is -1"):
        nps_outlook([], expected=-1)


def test_further_ahead_the_interval_widens() -> None:
    """Each further period adds the variance of a step: of one speed its square; the value stays where it is."""
    assert local_level([10.0, 20.0, 15.0], [100.0] * 3, speeds=[4.0]).step == pytest.approx(16)
    tallies = [ScoreTally(10 + n % 3, 20, 30) for n in range(8)]
    near, far = nps_outlook(tallies), nps_outlook(tallies, ahead=5)
    assert near.interval is not None
    assert far.interval is not None
    spread = sum(tallies, ScoreTally()).adjusted()
    assert spread is not None
    variance = spread.standard_error**2 * (sum(one.responses for one in tallies) + 3)
    found = local_level([one.nps for one in tallies], [variance / one.responses for one in tallies])
    reach = [
        1.959963985 * ((found.variance + more * found.step + variance / 61) * found.overshoot) ** 0.5 for more in (0, 4)
    ]
    assert [near.interval.half_width, far.interval.half_width] == pytest.approx(reach)
    assert near.value == far.value
    with pytest.raises(KpiValueError):
        nps_outlook(tallies, ahead=0)
