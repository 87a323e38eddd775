"""Changes between periods, benchmark tests, response rates and roll-ups."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from office import need_package

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import (
    Change,
    ScoreTally,
    benchmark_test,
    change,
    holm,
    partner_nps,
    respondent_nps,
    response_rate,
    revenue_weighted_nps,
    rolling_nps,
    shrunk_nps,
)
from partnerkpi.kpi.conditional import Pairs
from partnerkpi.kpi.scores import chance_of

counts = st.integers(0, 500)
tallies = st.builds(ScoreTally, counts, counts, counts)
answered = tallies.filter(lambda tally: tally.responses >= 2)
programmes = st.lists(tallies, max_size=8)

A = ScoreTally.from_scores([9, 9, 10, 9, 10])
B = ScoreTally.from_scores([3])
C = ScoreTally.from_scores([7, 8])
NO_DATA = Change(None, None, None, None, None, None, "cannot tell")


@given(programmes)
def test_pooled_answers_are_the_sum_of_all(tallies: list[ScoreTally]) -> None:
    """Tallies pooled at once are those that add up one after the other."""
    assert ScoreTally.pooled(tallies) == sum(tallies, ScoreTally())


@pytest.mark.parametrize(
    ("before", "after", "raw", "z", "p", "word"),
    [
        ((10, 15, 25), (5, 15, 30), 20, "1.3540", "0.22292", "cannot tell"),
        ((8, 8, 4), (1, 5, 14), 85, "3.3589", "0.00103", "up"),
        ((1, 5, 14), (8, 8, 4), -85, "-3.3589", "0.00103", "down"),
    ],
)  # SciPy's multivariate_hypergeom gives the same p-values: see test_conditional.py
def test_changes_are_the_defined_ones(
    before: tuple[int, int, int], after: tuple[int, int, int], raw: float, z: str, p: str, word: str
) -> None:
    """Raw change, z and p have the digits that the exact test gives, and the word follows."""
    moved = change(ScoreTally(*before), ScoreTally(*after))
    assert moved.raw == raw
    assert (f"{moved.z:.4f}", f"{moved.p:.5f}", moved.word) == (z, p, word)


def test_the_interval_of_a_change_is_around_the_adjusted_difference() -> None:
    """Low and high are the adjusted difference minus and plus 1.96 of both periods' standard errors together."""
    before, after = ScoreTally(10, 15, 25), ScoreTally(5, 15, 30)
    moved = change(before, after)
    assert moved.adjusted == pytest.approx(100 * (25 - 15) / 53)
    # (P + D + 1.5) / (n + 3) - ((P - D) / (n + 3))^2, over n + 3, of either period
    variance = sum((p + d + 1.5) / 53 - ((p - d) / 53) ** 2 for d, _, p in ((10, 15, 25), (5, 15, 30))) / 53
    reach = 100 * 1.9599639845 * math.sqrt(variance)
    assert (moved.low, moved.high) == pytest.approx((moved.adjusted - reach, moved.adjusted + reach))


def test_the_interval_of_a_change_is_clipped() -> None:
    """No NPS can move by more than 200 points."""
    moved = change(ScoreTally(3, 0, 0), ScoreTally(0, 0, 3), confidence=0.999)
    assert moved.high == 200
    fallen = change(ScoreTally(0, 0, 3), ScoreTally(3, 0, 0), confidence=0.999)
    assert fallen.low == -200


def test_without_answers_there_is_no_change() -> None:
    """A period without data gives no figures, and the word is that nobody can tell."""
    assert change(ScoreTally(), ScoreTally(1, 2, 3)) == NO_DATA
    assert change(ScoreTally(1, 2, 3), ScoreTally()) == NO_DATA


def test_a_single_answer_shows_no_change() -> None:
    """One answer has a raw score but no test, however many the other period has."""
    moved = change(ScoreTally(1, 0, 0), ScoreTally(0, 0, 1000))
    assert moved == Change(200, None, None, None, None, None, "cannot tell")
    assert change(ScoreTally(0, 0, 1000), ScoreTally(1, 0, 0)).word == "cannot tell"


def test_two_answers_on_either_side_are_tested() -> None:
    """From two answers on there is a test, and its interval is as wide as it must be."""
    moved = change(ScoreTally(2, 0, 0), ScoreTally(0, 0, 2))
    assert moved.z is not None
    assert moved.z > 0


def test_half_a_point_is_a_change_where_a_million_answer() -> None:
    """Up and down have no least size: with enough answers half a point is shown, with its finite z."""
    before, after = ScoreTally(300_000, 400_000, 300_000), ScoreTally(297_500, 400_000, 302_500)
    moved = change(before, after)
    assert (moved.raw, moved.word) == (0.5, "up")
    assert moved.z == pytest.approx(4.564, abs=0.001)  # 0.005 / sqrt(0.6 * 2 / 1e6)
    assert change(after, before).word == "down"


def test_no_difference_is_not_called_stable() -> None:
    """Equal scores are "cannot tell" as well: absence of proof is no proof of absence."""
    moved = change(ScoreTally(5, 5, 5), ScoreTally(5, 5, 5))
    assert (moved.raw, moved.z, moved.p, moved.word) == (0, 0, 1, "cannot tell")


def test_a_census_is_tested_as_any_answers_are() -> None:
    """Who was asked is no chance, what they answer is: a population narrows the interval and not the test."""
    before, after = ScoreTally(5, 10, 5), ScoreTally(5, 9, 6)
    moved = change(before, after, population_before=20, population_after=20)
    assert (moved.low, moved.high) == (5, 5)
    assert (moved.z, moved.p, moved.word) == (change(before, after).z, change(before, after).p, "cannot tell")
    with pytest.raises(KpiValueError, match="population is 19; allowed: at least 20"):
        change(before, after, population_before=19)
    with pytest.raises(KpiValueError, match="population is 18; allowed: at least 20"):
        change(before, after, population_after=18)


def test_persons_who_answered_twice_narrow_a_change() -> None:
    """15 persons have q = 21/60 and a covariance of (7 - 7 q + 15 q^2) / 30^2, taken twice off the variance.

    One answer has no chance of a change, and what `chance_of` tells is the p of the change.
    """
    before, after = ScoreTally(5, 5, 20), ScoreTally(9, 6, 15)
    pairs = Pairs.of_table(((2, 1, 0), (1, 3, 2), (0, 1, 5)))
    moved = change(before, after, pairs=pairs)
    variance = sum((p + d + 1.5) / 33 - ((p - d) / 33) ** 2 for d, p in ((5, 20), (9, 15))) / 33
    variance -= 2 * (7 - 7 * 0.35 + 15 * 0.35**2) / 900
    reach = 100 * 1.9599639845 * math.sqrt(variance)
    assert moved.adjusted == pytest.approx(-900 / 33)
    assert (moved.low, moved.high) == pytest.approx((-900 / 33 - reach, -900 / 33 + reach))
    assert chance_of(before, after, pairs) == moved.p != change(before, after).p == chance_of(before, after)
    assert chance_of(ScoreTally(2, 0, 0), ScoreTally(0, 0, 2)) == change(ScoreTally(2, 0, 0), ScoreTally(0, 0, 2)).p
    assert chance_of(ScoreTally(1, 0, 0), after) is chance_of(before, ScoreTally(1, 0, 0)) is None
    assert chance_of(ScoreTally(), after) is None


def test_the_word_depends_on_the_confidence() -> None:
    """What can be told at 75 % cannot be told at 80 %."""
    before, after = ScoreTally(10, 15, 25), ScoreTally(5, 15, 30)  # p = .2229
    assert change(before, after, confidence=0.75).word == "up"
    assert change(after, before, confidence=0.75).word == "down"
    assert change(before, after, confidence=0.8).word == "cannot tell"
    with pytest.raises(KpiValueError, match="confidence is 95"):
        change(ScoreTally(), after, confidence=95)


def test_many_partners_are_judged_by_their_adjusted_p() -> None:
    """A change that stands alone can fall among many: Holm's p decides the word, the figures stay."""
    moved = change(ScoreTally(8, 8, 4), ScoreTally(2, 8, 10))
    assert moved.word == "up"
    adjusted = holm([moved.p, 0.5, 0.6, 0.7])[0]
    judged = moved.with_p(adjusted)
    assert judged.p == adjusted
    assert judged.word == "cannot tell"
    assert (judged.raw, judged.z, judged.low, judged.high) == (moved.raw, moved.z, moved.low, moved.high)
    assert judged.with_p(moved.p) == moved
    assert moved.with_p(adjusted, confidence=0.9).word == "up"
    assert NO_DATA.with_p(0.001).word == "cannot tell"
    assert moved.with_p(None).word == "cannot tell"


@given(answered, answered, st.floats(0.5, 0.999))
def test_a_change_backwards_is_the_opposite(before: ScoreTally, after: ScoreTally, confidence: float) -> None:
    """From new to old everything changes its sign but the p-value."""
    forth, back = change(before, after, confidence=confidence), change(after, before, confidence=confidence)
    assert forth.raw is not None
    assert back.raw == -forth.raw
    assert forth.z is not None
    assert back.z == pytest.approx(-forth.z)
    assert forth.p is not None
    assert 0 <= forth.p <= 1
    assert back.p == pytest.approx(forth.p)
    assert {forth.word, back.word} in ({"up", "down"}, {"cannot tell"})


@given(answered, answered, st.floats(0.5, 0.999))
def test_the_word_is_that_of_p_and_of_what_is_seen(before: ScoreTally, after: ScoreTally, confidence: float) -> None:
    """Up means that p is below 1 - confidence and that the NPS that people see rose; the interval lies on the scale."""
    moved = change(before, after, confidence=confidence)
    assert moved.low is not None
    assert moved.high is not None
    assert moved.p is not None
    assert -200 <= moved.low <= moved.high <= 200
    assert moved.raw is not None
    shown = "up" if moved.raw > 0 else "down"
    assert moved.word == (shown if moved.raw and moved.p < 1 - confidence else "cannot tell")


@pytest.mark.parametrize(
    ("tally", "benchmark", "direction", "p"),
    [((2, 5, 23), 50, "above", "0.0691"), ((8, 7, 5), 30, "below", "0.0054")],
)
def test_benchmark_tests_are_the_defined_ones(
    tally: tuple[int, int, int], benchmark: float, direction: str, p: str
) -> None:
    """The one-sided p has the digits that the definitions print."""
    assert f"{benchmark_test(ScoreTally(*tally), benchmark, direction):.4f}" == p  # type: ignore[arg-type]


def error_at(tally: ScoreTally, benchmark: float) -> float:
    """Return the standard error of the NPS / 100 under the likeliest shares with this NPS, which SciPy searches."""
    from scipy.optimize import brentq

    q = benchmark / 100
    lowest, highest = max(0.0, -q), (1 - q) / 2

    def slope(d: float) -> float:  # of the log-likelihood along the shares d, 1 - 2d - q, d + q, times all three
        a, p = 1 - 2 * d - q, d + q
        return tally.detractors * a * p - 2 * tally.passives * d * p + tally.promoters * d * a

    inside = lowest + 1e-12, highest - 1e-12
    if slope(inside[0]) <= 0:
        d = lowest
    else:
        d = highest if slope(inside[1]) >= 0 else brentq(slope, *inside, xtol=1e-15, rtol=1e-14)
    return math.sqrt((2 * d + q - q * q) / tally.responses)


@pytest.mark.parametrize("benchmark", [-100, -80, -33.3, -0.5, 0, 0.5, 12.5, 30, 50, 70, 80, 99, 100])
def test_a_benchmark_test_is_the_score_test_of_a_searched_likelihood(benchmark: float) -> None:
    """For all counts of 2 to 9 answers the closed form is the root that SciPy finds, to ten digits."""
    from scipy.stats import norm

    for answers in range(2, 10):
        for detractors, promoters in itertools.product(range(answers + 1), repeat=2):
            if detractors + promoters > answers:
                continue
            tally = ScoreTally(detractors, answers - detractors - promoters, promoters)
            lead = (promoters - detractors) / answers - benchmark / 100
            error = error_at(tally, benchmark)
            for direction, sign in (("above", 1), ("below", -1)):
                p = benchmark_test(tally, benchmark, direction)  # type: ignore[arg-type]
                if error > 1e-7:
                    assert p == pytest.approx(norm.sf(sign * lead / error), abs=1e-10), tally
                else:  # every answer must be alike: the statement is true or it is not, or on the edge
                    assert p == (0.5 if lead == 0 else float(sign * lead <= 0)), tally


def test_without_passives_a_benchmark_test_is_the_score_test_of_a_share() -> None:
    """Statsmodels' test of a share, with the variance of the share that is asked for, for ten counts of each size."""
    need_package("statsmodels")
    from statsmodels.stats.proportion import proportions_ztest

    for answers, benchmark in itertools.product((5, 20, 400), (-50, 0, 30, 70)):
        for promoters in range(0, answers + 1, max(1, answers // 10)):
            share = (1 + benchmark / 100) / 2
            for direction, theirs in (("above", "larger"), ("below", "smaller")):
                _, p = proportions_ztest(promoters, answers, share, theirs, prop_var=share)
                ours = benchmark_test(ScoreTally(answers - promoters, 0, promoters), benchmark, direction)  # type: ignore[arg-type]
                assert ours == pytest.approx(p, abs=1e-10)


def test_a_known_population_makes_the_error_smaller_as_that_of_a_mean() -> None:
    """With 30 answers of 40 people z is that of an endless population times the root of 39 / 10."""
    from scipy.stats import norm

    tally = ScoreTally(2, 5, 23)
    endless = norm.isf(benchmark_test(tally, 50))
    assert benchmark_test(tally, 50, population=40) == pytest.approx(norm.sf(endless * math.sqrt(39 / 10)), abs=1e-12)


def test_a_benchmark_test_asks_above_unless_told() -> None:
    """Above is the usual question."""
    assert benchmark_test(ScoreTally(2, 5, 23), 50) == benchmark_test(ScoreTally(2, 5, 23), 50, "above")


@given(answered, st.floats(-100, 100))
def test_above_and_below_share_the_certainty(tally: ScoreTally, benchmark: float) -> None:
    """What is unlikely to be above is likely to be below."""
    above, below = benchmark_test(tally, benchmark), benchmark_test(tally, benchmark, "below")
    assert above is not None
    assert below is not None
    assert above + below == pytest.approx(1)


@given(answered, st.floats(-100, 99))
def test_a_higher_benchmark_is_harder_to_beat(tally: ScoreTally, benchmark: float) -> None:
    """Raising the bar never lowers the p-value of being above it."""
    lower, higher = benchmark_test(tally, benchmark), benchmark_test(tally, benchmark + 1)
    assert lower is not None
    assert higher is not None
    assert lower <= higher


def test_a_census_is_above_its_benchmark_or_not() -> None:
    """When everybody answered there is nothing to doubt; equal is neither above nor below."""
    tally = ScoreTally(1, 3, 6)
    assert benchmark_test(tally, 49, population=10) == 0
    assert benchmark_test(tally, 51, population=10) == 1
    assert benchmark_test(tally, 50, population=10) == 1
    assert benchmark_test(tally, 50, "below", population=10) == 1
    assert benchmark_test(tally, 51, "below", population=10) == 0


def test_a_benchmark_test_needs_two_answers() -> None:
    """Below two answers there is no test, as there is no interval."""
    assert benchmark_test(ScoreTally(), 50) is None
    assert benchmark_test(ScoreTally(0, 0, 1), 50) is None
    assert benchmark_test(ScoreTally(0, 0, 2), 50) is not None


def test_a_benchmark_test_refuses_what_it_cannot_test() -> None:
    """The benchmark is an NPS, the direction above or below, the population large enough: said with the value."""
    with pytest.raises(KpiValueError, match="benchmark is 101; allowed: -100 to 100"):
        benchmark_test(ScoreTally(1, 1, 1), 101)
    with pytest.raises(KpiValueError, match="direction is 'over'; allowed: 'above' or 'below'"):
        benchmark_test(ScoreTally(1, 1, 1), 50, "over")  # type: ignore[arg-type]
    with pytest.raises(KpiValueError, match="population is 2; allowed: at least 3"):
        benchmark_test(ScoreTally(1, 1, 1), 50, population=2)


def test_response_rate_is_answered_of_invited() -> None:
    """The response rate is in percent; without invitations there is none."""
    assert response_rate(30, 120) == 25
    assert response_rate(0, 120) == 0
    assert response_rate(6, 5) == 120
    assert response_rate(3, 0) is None
    with pytest.raises(KpiValueError, match="answered is -1"):
        response_rate(-1, 5)
    with pytest.raises(KpiValueError, match=r"invited is 2.5"):
        response_rate(1, 2.5)  # type: ignore[arg-type]


def test_roll_ups_are_the_defined_ones() -> None:
    """The same partners: respondent 50, partner 0, revenue-weighted -53.3333."""
    assert respondent_nps([A, B, C]) == 50
    assert partner_nps([A, B, C]) == 0
    assert f"{revenue_weighted_nps([A, B, C], [100, 900, 500]):.4f}" == "-53.3333"


def test_partners_without_answers_have_no_vote() -> None:
    """No data is not a zero in any roll-up."""
    silent = ScoreTally()
    assert respondent_nps([A, silent]) == 100
    assert partner_nps([A, silent, B]) == 0
    assert revenue_weighted_nps([A, silent, B], [100, 10_000, 300]) == -50


@pytest.mark.parametrize("nobody", [[], [ScoreTally()]])
def test_nobody_rolls_up_to_no_data(nobody: list[ScoreTally]) -> None:
    """Without answers there is no roll-up."""
    assert respondent_nps(nobody) is None
    assert partner_nps(nobody) is None
    assert revenue_weighted_nps(nobody, [100.0] * len(nobody)) is None


def test_unknown_revenue_is_left_out_and_no_revenue_weighs_nothing() -> None:
    """None is not a revenue of 0, but neither has a say; when nobody has, there is no data."""
    assert revenue_weighted_nps([A, B], [None, 5]) == -100
    assert revenue_weighted_nps([A, B], [0, Decimal(5)]) == -100  # type: ignore[list-item]
    assert revenue_weighted_nps([A, B], [0.1, 0.3]) == pytest.approx(-50)
    assert revenue_weighted_nps([A, B], [0, 0]) is None
    assert revenue_weighted_nps([A, B], [None, None]) is None


@pytest.mark.parametrize("revenue", [-1, math.nan, math.inf, "100", True])
def test_a_revenue_is_0_or_more(revenue: float) -> None:
    """A revenue that cannot weigh anything is refused, also for a partner without answers."""
    with pytest.raises(KpiValueError, match=r"revenue is .*; allowed: 0 or more"):
        revenue_weighted_nps([A, ScoreTally()], [1, revenue])


def test_every_partner_has_a_revenue_or_none() -> None:
    """Lists of different lengths are refused with both lengths."""
    with pytest.raises(KpiValueError, match="2 partners and 3 revenues"):
        revenue_weighted_nps([A, B], [1, 2, 3])


@given(programmes)
def test_weighting_by_answers_is_the_respondent_roll_up(programme: list[ScoreTally]) -> None:
    """The respondent roll-up is the mean of the partners weighted by how many answered."""
    weighted = revenue_weighted_nps(programme, [tally.responses for tally in programme])
    assert weighted == pytest.approx(respondent_nps(programme))


@given(programmes, st.randoms(), st.floats(0.1, 1e6))
def test_roll_ups_depend_neither_on_order_nor_on_currency(
    programme: list[ScoreTally], random: Random, rate: float
) -> None:
    """Any order of partners and any currency give the same figures."""
    shuffled = random.sample(programme, len(programme))
    assert respondent_nps(shuffled) == respondent_nps(programme)
    assert partner_nps(shuffled) == pytest.approx(partner_nps(programme))
    revenues = [float(tally.passives) for tally in programme]
    converted = [rate * revenue for revenue in revenues]
    assert revenue_weighted_nps(programme, converted) == pytest.approx(revenue_weighted_nps(programme, revenues))


@given(programmes)
def test_roll_ups_stay_between_the_worst_and_the_best_partner(programme: list[ScoreTally]) -> None:
    """A mean, weighted or not, never leaves the range of what it is the mean of."""
    known = [tally.nps for tally in programme if tally.nps is not None]
    assume(known)
    for figure in (respondent_nps(programme), partner_nps(programme)):
        assert figure is not None
        assert min(known) - 1e-9 <= figure <= max(known) + 1e-9


def test_a_rolling_score_pools_the_answers() -> None:
    """Three periods pooled are 50; the mean of their three scores would be 45."""
    periods = [ScoreTally(1, 1, 8), ScoreTally(4, 10, 26), ScoreTally(3, 3, 4)]
    pooled = rolling_nps(periods, 3)
    assert pooled == [ScoreTally(1, 1, 8), ScoreTally(5, 11, 34), ScoreTally(8, 14, 38)]
    assert pooled[-1].nps == 50
    assert partner_nps(periods) == 45
    assert rolling_nps([], 3) == []


@given(programmes, st.integers(1, 10))
def test_a_window_holds_as_many_periods_as_it_says(periods: list[ScoreTally], window: int) -> None:
    """Each tally is the sum of its period and the ones before, at most `window` of them."""
    pooled = rolling_nps(periods, window)
    assert len(pooled) == len(periods)
    for position, tally in enumerate(pooled):
        start = max(0, position - window + 1)
        assert tally.responses == sum(each.responses for each in periods[start : position + 1])
        assert tally.promoters == sum(each.promoters for each in periods[start : position + 1])


@pytest.mark.parametrize("window", [0, -1, 1.5])
def test_a_window_is_at_least_one_period(window: int) -> None:
    """A window without a period is refused."""
    with pytest.raises(KpiValueError, match="window is"):
        rolling_nps([A], window)


def test_few_answers_do_not_lead_the_ranking() -> None:
    """Two promoters out of two are pulled further than a hundred answers, as documented; no answers stay no data."""
    shrunk = shrunk_nps([ScoreTally(0, 0, 2), ScoreTally(10, 20, 70), ScoreTally(40, 40, 20), ScoreTally()])
    assert [None if value is None else f"{value:.4f}" for value in shrunk] == ["72.2270", "59.6463", "-19.0909", None]


@given(programmes)
def test_shrunk_scores_stay_on_the_scale(programme: list[ScoreTally]) -> None:
    """Ranking figures are NPS points, one for each partner that has answers."""
    shrunk = shrunk_nps(programme)
    assert [value is None for value in shrunk] == [tally.nps is None for tally in programme]
    assert all(-100 - 1e-6 <= value <= 100 + 1e-6 for value in shrunk if value is not None)
