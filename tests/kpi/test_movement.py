"""Changes of shares and activities, many changes at once, and how many answers a test needs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, fisher_exact, norm
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import (
    AdvocacyTally,
    Change,
    RetentionTally,
    SamePartners,
    ScoreTally,
    active_change,
    activity_change,
    agresti_caffo,
    answers_needed,
    change,
    influence_change,
    judged_together,
    rate_change,
    share_change,
)
from partnerkpi.kpi.movement import judged

test_proportions_2indep.__test__ = False

confidences = st.floats(0.5, 0.999)
few = st.integers(0, 300)
tallies = st.builds(ScoreTally, few, few, few).filter(lambda tally: tally.responses > 0)


@st.composite
def parts(draw: st.DrawFn) -> tuple[int, int]:
    total = draw(st.integers(1, 3_000))
    return draw(st.integers(0, total)), total


@st.composite
def attributed(draw: st.DrawFn) -> RetentionTally:
    (own, base), (other, direct) = draw(parts()), draw(parts())
    return RetentionTally(base + direct, own + other, base, own)


def test_the_worked_change_of_a_share() -> None:
    """88 of 120 and 72 of 80: the interval is the one of the definitions, and z and p go with it."""
    moved = share_change((88, 120), (72, 80))
    assert moved.raw == pytest.approx(100 / 6)
    assert (f"{moved.z:.4f}", f"{moved.p:.5f}", moved.word) == ("3.0327", "0.00242", "up")
    assert (f"{moved.low:.4f}", f"{moved.high:.4f}") == ("5.6857", "26.4614")


@given(parts(), parts(), confidences)
def test_a_share_moves_as_statsmodels_says(before: tuple[int, int], after: tuple[int, int], confidence: float) -> None:
    """Test and interval are the Agresti-Caffo ones of statsmodels."""
    moved = share_change(before, after, confidence=confidence)
    with np.errstate(divide="ignore", invalid="ignore"):  # it also divides the shares, of which one may be 0
        oracle = test_proportions_2indep(*after, *before, compare="diff", method="agresti-caffo")
    assert (moved.z, moved.p) == pytest.approx((oracle.statistic, oracle.pvalue), rel=1e-9, abs=1e-12)
    low, high = confint_proportions_2indep(*after, *before, method="agresti-caffo", alpha=1 - confidence)
    expected = (max(-100, 100 * low), min(100, 100 * high))
    assert (moved.low, moved.high) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(parts(), parts(), confidences)
def test_the_word_of_a_share_agrees_with_its_interval(
    before: tuple[int, int], after: tuple[int, int], confidence: float
) -> None:
    """Up means that the whole interval is above 0; the interval is that of the lift."""
    moved = share_change(before, after, confidence=confidence)
    interval = agresti_caffo(*after, *before, confidence)
    assert interval is not None
    assert moved.p is not None
    assert (moved.low, moved.high) == (interval.low, interval.high)
    assume(abs(moved.p - (1 - confidence)) > 1e-9)
    assert moved.word == ("up" if interval.low > 0 else "down" if interval.high < 0 else "cannot tell")


@given(parts(), parts(), confidences)
def test_a_rate_moves_as_fisher_says(before: tuple[int, int], after: tuple[int, int], confidence: float) -> None:
    """P is twice the smaller tail of scipy's exact test, and neither bounds nor what is seen say otherwise."""
    moved = rate_change(before, after, confidence=confidence)
    table = [[after[0], after[1] - after[0]], [before[0], before[1] - before[0]]]
    p = min(1, *(2 * fisher_exact(table, side).pvalue for side in ("less", "greater")))
    assert moved.p == pytest.approx(p, rel=1e-8)
    assume(abs(p - (1 - confidence)) > 1e-9)
    assert moved.word == ("cannot tell" if p >= 1 - confidence else "up" if moved.raw > 0 else "down")
    agrees = {
        "up": 0 <= moved.low <= moved.high and moved.high >= moved.raw,
        "down": moved.low <= moved.high <= 0 and moved.low <= moved.raw,
        "cannot tell": moved.low <= 0 <= moved.high,
    }
    assert agrees[moved.word]


def test_the_worked_changes_of_a_rate() -> None:
    """88 of 120 and 72 of 80 is up; three of three customers that a partner lost are not beyond chance."""
    moved = rate_change((88, 120), (72, 80))
    assert (f"{moved.p:.5f}", f"{moved.low:.4f}", f"{moved.high:.4f}") == ("0.00535", "5.6857", "26.4614")
    assert (moved.word, moved.z) == ("up", None)
    lost = rate_change((3, 3), (0, 3))
    assert (lost.raw, f"{lost.p:.4f}", lost.word) == (-100, "0.1000", "cannot tell")
    assert rate_change((0, 0), (3, 4)).word == rate_change((3, 4), (0, 0)).word == "cannot tell"


@pytest.mark.parametrize(
    ("before", "after", "confidence", "shares", "bounds", "word"),
    [
        ((0, 5000), (1, 1), 0.999, (1 / 5002, 2 / 3), (0, 100), "up"),  # 2 in 5,001: the added ones would hide it
        ((1, 1), (0, 5000), 0.999, (2 / 3, 1 / 5002), (-100, 0), "down"),
        ((0, 1), (4, 4), 0.5, (1 / 3, 5 / 6), (None, 100), "up"),  # what is seen is never left out
        ((1, 1), (0, 4), 0.5, (2 / 3, 1 / 6), (-100, None), "down"),
        ((0, 1), (1, 1), 0.5, (1 / 3, 2 / 3), (0, None), "cannot tell"),  # one of two: p is 1
        ((1, 1), (0, 1), 0.5, (2 / 3, 1 / 3), (None, 0), "cannot tell"),
    ],
)
def test_the_bounds_of_a_rate_are_drawn_to_what_the_test_says(
    before: tuple[int, int],
    after: tuple[int, int],
    confidence: float,
    shares: tuple[float, float],
    bounds: tuple[float | None, float | None],
    word: str,
) -> None:
    """Agresti and Caffo's shares have one success and failure more; where they say otherwise a bound is 0 or raw."""
    moved = rate_change(before, after, confidence=confidence)
    error = math.sqrt(sum(s * (1 - s) / (n + 2) for s, (_, n) in zip(shares, (before, after), strict=True)))
    middle, reach = shares[1] - shares[0], norm.isf((1 - confidence) / 2) * error
    low, high = bounds
    assert moved.low == (pytest.approx(100 * (middle - reach)) if low is None else low)
    assert moved.high == (pytest.approx(100 * (middle + reach)) if high is None else high)
    assert moved.word == word


@given(attributed(), attributed(), confidences)
def test_an_influence_share_moves_as_its_bounds_say(
    before: RetentionTally, after: RetentionTally, confidence: float
) -> None:
    """Up means that all bounds are above 0; what is seen lies within them; backwards only the sign changes."""
    moved = influence_change(before, after, confidence=confidence)
    assume(moved.p is not None and abs(moved.p - (1 - confidence)) > 1e-9)
    assert moved.low <= moved.raw <= moved.high
    assert moved.word == ("up" if moved.low > 0 else "down" if moved.high < 0 else "cannot tell")
    back = influence_change(after, before, confidence=confidence)
    assert (back.raw, back.low, back.high, back.p) == pytest.approx((-moved.raw, -moved.high, -moved.low, moved.p))


def test_the_worked_change_of_an_influence_share() -> None:
    """45 and then 60 is up; z by hand: shares .44929 and .60037, standard errors .016566 and .017395."""
    moved = influence_change(RetentionTally(200, 160, 80, 72), RetentionTally(200, 160, 120, 96))
    assert (moved.raw, f"{moved.z:.4f}", moved.word) == (15, "6.2895", "up")
    nothing = Change(None, None, None, None, None, None, "cannot tell")
    assert influence_change(RetentionTally(), RetentionTally(200, 160, 80, 72)) == nothing
    assert influence_change(RetentionTally(200, 160, 80, 72), RetentionTally(200, 0, 80, 0)) == nothing


def test_a_quarter_of_a_point_of_influence_by_hand() -> None:
    """720 and then 724 of 1,600: shares of half a customer more on either side, and the error of their log odds."""
    points, variances = [], []
    for kept in (720, 724):
        own, others = (kept + 0.5) / 801, (1600 - kept + 0.5) / 1201
        share = 800 * own / (800 * own + 1200 * others)
        points.append(100 * share)
        log_odds = (1 - own) / (kept + 0.5) + (1 - others) / (1600 - kept + 0.5)
        variances.append((100 * share * (1 - share)) ** 2 * log_odds)
    difference, error = points[1] - points[0], math.sqrt(sum(variances))
    moved = influence_change(RetentionTally(2000, 1600, 800, 720), RetentionTally(2000, 1600, 800, 724))
    assert (moved.raw, moved.adjusted, moved.z) == pytest.approx((0.25, 0.25, difference / error))
    assert (moved.low, moved.high) == pytest.approx((difference - 1.96 * error, difference + 1.96 * error), abs=1e-3)
    assert moved.p == pytest.approx(2 * norm.sf(difference / error))


def test_from_no_customer_with_a_partner_to_all_of_them_is_certain() -> None:
    """A share of 0 or 100 whose other side is empty is no matter of chance: z is endless, p 0, the bounds what is seen.

    Where neither period has any chance and nothing moved, nothing is shown.
    """
    without, all_of_them = RetentionTally(9, 5, 0, 0), RetentionTally(9, 5, 9, 5)
    assert influence_change(without, all_of_them) == Change(100, 100, math.inf, 0, 100, 100, "up")
    assert influence_change(all_of_them, without) == Change(-100, -100, -math.inf, 0, -100, -100, "down")
    assert influence_change(all_of_them, all_of_them) == Change(0, 0, 0, 1, 0, 0, "cannot tell")


@given(parts(), parts())
def test_what_is_said_of_a_share_never_contradicts_what_is_seen(
    before: tuple[int, int], after: tuple[int, int]
) -> None:
    """At the usual confidence the added successes never turn a rise that is seen into a fall that is said."""
    moved = share_change(before, after)
    assert moved.raw is not None
    assert not (moved.word == "up" and moved.raw <= 0)
    assert not (moved.word == "down" and moved.raw >= 0)


def test_no_share_moves_by_more_than_a_hundred_points() -> None:
    """Of a single customer each way, even 99.99 % end at the scale; its adjusted share goes from 2/3 to 1/3."""
    fallen, risen = (share_change(*pair, confidence=0.9999) for pair in (((1, 1), (0, 1)), ((0, 1), (1, 1))))
    assert (fallen.low, risen.high) == (-100, 100)
    assert (fallen.adjusted, risen.adjusted) == pytest.approx((-100 / 3, 100 / 3))


def test_a_share_of_nothing_has_no_change() -> None:
    """A period without customers has no data, and the word is that nobody can tell."""
    nothing = Change(None, None, None, None, None, None, "cannot tell")
    assert share_change((0, 0), (3, 4)) == nothing
    assert share_change((3, 4), (0, 0)) == nothing


def test_what_is_no_share_is_refused() -> None:
    """More successes than there were is an error that says in which period."""
    with pytest.raises(KpiValueError, match="successes before is 5; allowed: at most 4, its total"):
        share_change((5, 4), (1, 2))
    with pytest.raises(KpiValueError, match="total after is -1"):
        share_change((1, 4), (0, -1))
    with pytest.raises(KpiValueError, match="confidence is 1"):
        share_change((0, 0), (0, 0), confidence=1)


def test_the_worked_change_of_advocates() -> None:
    """12 of 40, then 19: the difference of the shares, the p of the nine that began and the two that stopped."""
    same = SamePartners.between({*range(12)}, {*range(2, 21)}, 40)
    assert same == SamePartners(40, 9, 2)
    moved = active_change(AdvocacyTally(40, 12, 45), AdvocacyTally(40, 19, 50), same)
    seen = binom.pmf(2, 11, 0.5)
    exact = statsmodels_mcnemar([[10, 9], [2, 19]], exact=True).pvalue
    assert moved == Change(17.5, 17.5, None, pytest.approx(exact - seen), None, None, "up")
    assert (
        active_change(AdvocacyTally(40, 12, 45), AdvocacyTally(40, 19, 50), same, confidence=0.99).word == "cannot tell"
    )


def test_a_changed_list_is_no_change_of_the_same_partners() -> None:
    """Where many active partners joined and the old ones stopped, the share rose and nothing is shown of it."""
    before, after = AdvocacyTally(10, 6, 6), AdvocacyTally(40, 30, 30)
    moved = active_change(before, after, SamePartners(10, 0, 6))
    assert (moved.raw, moved.p, moved.word) == (15, 1, "cannot tell")
    assert active_change(before, after, SamePartners(0)).p is None
    assert active_change(before, None, None) == active_change(before, AdvocacyTally(), None)
    assert active_change(before, None, None).raw is None
    untested = active_change(before, after, SamePartners(0))
    assert untested == Change(15, 15, None, None, None, None, "cannot tell") == active_change(before, after, None)
    nobody = Change(None, None, None, None, None, None, "cannot tell")
    for one in (None, AdvocacyTally(), AdvocacyTally(1, 1, 1)):
        assert active_change(before, one, SamePartners(1)) == active_change(one, after, SamePartners(1)) == nobody


@pytest.mark.parametrize(("began", "stopped", "active", "p"), [(1, 0, 101, 0.5), (0, 1, 99, 0.5), (1, 0, 99, 1)])
def test_half_a_point_is_judged_by_the_one_who_changed(began: int, stopped: int, active: int, p: float) -> None:
    """One of 200 partners: a coin's mid-p of one half; the other way than the shares nothing is shown."""
    moved = active_change(
        AdvocacyTally(200, 100, 100), AdvocacyTally(200, active, 101), SamePartners(9, began, stopped)
    )
    assert (moved.raw, moved.p, moved.word) == ((active - 100) / 2, p, "cannot tell")


def test_the_worked_change_of_activities() -> None:
    """Two activities, then nine: four and a half times as many, and still no proof."""
    moved = activity_change(2, 9)
    assert (moved.raw, moved.ratio, moved.word) == (7, 4.5, "cannot tell")
    assert (f"{moved.p:.4f}", f"{moved.low:.4f}", f"{moved.high:.4f}") == ("0.0654", "-0.3906", "10.4977")
    assert activity_change(2, 12).word == "up"
    assert activity_change(2, 9, confidence=0.9).word == "up"
    assert activity_change(12, 2).word == "down"


def test_another_p_changes_the_word_and_nothing_else() -> None:
    """Judged among many, two activities and then twelve may say nothing; a lower bar says it again."""
    moved = activity_change(2, 12)
    for p, confidence, word in ((0.06, 0.95, "cannot tell"), (0.06, 0.9, "up"), (None, 0.95, "cannot tell")):
        assert moved.with_p(p, confidence) == replace(moved, p=p, word=word)
    assert moved.with_p(0.06).word == "cannot tell"
    assert activity_change(12, 2).with_p(0.04).word == "down"


@given(few, few, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_activities_move_as_scipy_says(before: int, after: int, confidence: float) -> None:
    """The p is that of the exact binomial test, and the bounds are its exact interval of the later period's part."""
    together = before + after
    assume(together > 0)
    moved = activity_change(before, after, confidence=confidence)
    oracle = binomtest(after, together, 0.5)
    share = oracle.proportion_ci(confidence, "exact")
    assert moved.p == pytest.approx(oracle.pvalue, rel=1e-9)
    assert (moved.low, moved.high) == pytest.approx(
        (together * (2 * share.low - 1), together * (2 * share.high - 1)), abs=1e-7
    )
    assert moved.low is not None
    assert moved.high is not None
    assert moved.word == ("up" if moved.low > 0 else "down" if moved.high < 0 else "cannot tell")


def test_no_activities_are_nothing_to_test() -> None:
    """No activity in either period is a difference of 0 without a test; from none to some there is no ratio."""
    none = activity_change(0, 0)
    assert (none.raw, none.ratio, none.p, none.low, none.high, none.word) == (0, None, None, None, None, "cannot tell")
    assert activity_change(0, 9).ratio is None
    assert activity_change(0, 9).word == "up"
    assert activity_change(4, 0).ratio == 0
    with pytest.raises(KpiValueError, match="activities before is -2"):
        activity_change(-2, 1)
    with pytest.raises(KpiValueError, match="confidence is 0"):
        activity_change(0, 0, confidence=0)


def test_many_changes_are_one_question() -> None:
    """The worked p-values get Holm's, in their order; a change without data stays and counts for nothing."""
    given_p = [0.001, 0.012, None, 0.03, 0.04, 0.2]
    changes = [Change(5, 5, None, p, None, None, "cannot tell") for p in given_p]
    judged = judged_together(changes)
    assert [one.p for one in judged] == pytest.approx([0.005, 0.048, None, 0.09, 0.09, 0.2])
    assert [one.word for one in judged] == ["up", "up", "cannot tell", "cannot tell", "cannot tell", "cannot tell"]
    assert judged[2] is changes[2]
    assert [one.word for one in judged_together(changes, 0.9)].count("up") == 4
    with pytest.raises(KpiValueError, match="confidence is 95"):
        judged_together([], 95)


def test_the_total_is_judged_on_its_own() -> None:
    """What moves as a whole is one question; its parts are another, in which each has its own p beside Holm's."""
    whole, *parts = (Change(5, 5, None, p, None, None, "up") for p in (0.04, 0.03, 0.04))
    total, others = judged(whole, parts, 0.95)
    assert (total.change, total.together, total.word) == (whole, whole, "up")
    assert [one.change for one in others] == parts
    assert [one.together.p for one in others] == pytest.approx([0.06, 0.06])
    assert [one.word for one in others] == ["cannot tell", "cannot tell"]
    assert [one.word for one in judged(whole, parts, 0.9)[1]] == ["up", "up"]


def test_activities_are_judged_together_as_statsmodels_does() -> None:
    """Holm's correction over numbers of activities is that of statsmodels, over those that could be tested."""
    pairs = [(2, 19), (0, 0), (7, 7), (30, 9), (0, 5), (12, 20), (40, 3), (0, 0), (1, 0)]
    changes = [activity_change(*pair) for pair in pairs]
    judged = judged_together(changes)
    assert [one.raw for one in judged] == [after - before for before, after in pairs]
    expected = multipletests([one.p for one in changes if one.p is not None], method="holm")[1]
    assert [one.p for one in judged if one.p is not None] == pytest.approx(list(expected))
    assert [one.p is None for one in judged] == [pair == (0, 0) for pair in pairs]


@given(tallies, st.floats(1, 100), st.sampled_from([0.9, 0.95, 0.99]), st.sampled_from([0.5, 0.8, 0.95]))
def test_answers_needed_are_those_of_statsmodels(
    tally: ScoreTally, points: float, confidence: float, power: float
) -> None:
    """The number is the sample size for two means, which statsmodels finds by search, rounded up."""
    needed = answers_needed(tally, points, confidence=confidence, power=power)
    adjusted = tally.adjusted()
    assert needed is not None
    assert adjusted is not None
    deviation = adjusted.standard_error * math.sqrt(tally.responses + 3)
    found = NormalIndPower().power(points / deviation, needed, 1 - confidence)
    assert found >= power - 1e-6
    if needed > 2:  # one answer fewer, and the power is missed; the search also counts findings of the wrong sign
        missed = NormalIndPower().power(points / deviation, needed - 1, (1 - confidence) / 2, alternative="larger")
        assert missed < power


def test_the_worked_number_of_answers() -> None:
    """732 answers in each period tell 10 points of an NPS like (5, 15, 30); a quarter of them tells twice as much."""
    assert answers_needed(ScoreTally(5, 15, 30)) == 732
    assert answers_needed(ScoreTally(5, 15, 30), 20) == 183
    assert answers_needed(ScoreTally(5, 15, 30), 200) == 2
    # 2 x .12566^2 x 4,662 square points: whom half the finds at 10 % confidence satisfy asks few; fewer finds, nobody
    assert answers_needed(ScoreTally(5, 15, 30), 1, confidence=0.1, power=0.5) == 148
    assert answers_needed(ScoreTally(5, 15, 30), 1, confidence=0.1, power=0.4) == 2
    assert answers_needed(ScoreTally()) is None


def test_that_many_answers_find_the_change() -> None:
    """With as many answers as were said to be needed, a change of 20 points is found in about four of five surveys."""
    shares = np.array([0.3, 0.3, 0.4])
    later = np.array([0.2, 0.3, 0.5])
    needed = answers_needed(ScoreTally(3_000, 3_000, 4_000), 20)
    assert needed is not None
    chance = np.random.default_rng(20_260_930)
    pairs = zip(chance.multinomial(needed, shares, 2_000), chance.multinomial(needed, later, 2_000), strict=True)
    found = sum(change(ScoreTally(*map(int, a)), ScoreTally(*map(int, b))).word == "up" for a, b in pairs)
    assert 0.75 < found / 2_000 < 0.85


def test_what_cannot_be_needed_is_refused() -> None:
    """No change at all, more than an NPS can change, and a power that is none are errors with their value."""
    for points in (0, -1, 201, math.nan):
        with pytest.raises(KpiValueError, match="points is"):
            answers_needed(ScoreTally(1, 1, 1), points)
    with pytest.raises(KpiValueError, match="power is 80"):
        answers_needed(ScoreTally(1, 1, 1), power=80)
    with pytest.raises(KpiValueError, match="confidence is 2"):
        answers_needed(ScoreTally(1, 1, 1), confidence=2)
