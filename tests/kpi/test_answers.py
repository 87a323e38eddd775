"""Score bands, tallies and the interval of an NPS."""

from __future__ import annotations

import dataclasses
import math
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import ScoreTally, Shares, classify

counts = st.integers(0, 2_000)
tallies = st.builds(ScoreTally, counts, counts, counts)
scores = st.floats(0, 10) | st.integers(0, 10)
confidences = st.floats(0.01, 0.999)


@pytest.mark.parametrize(
    ("score", "band"),
    [
        *((score, "detractor") for score in (0, 1, 2, 3, 4, 5, 6, 6.5, 6.999, 0.0, -0.0, math.nextafter(7, 0))),
        *((score, "passive") for score in (7, 8, 7.0, 8.5, 8.999, math.nextafter(9, 0), Decimal("8.99"))),
        *((score, "promoter") for score in (9, 10, 9.0, 9.5, 10.0, Decimal("9"), Fraction(19, 2))),
    ],
)
def test_every_score_has_exactly_one_band(score: float, band: str) -> None:
    """0-6 detractor, 7-8 passive, 9-10 promoter; averages fall below 7, below 9 or from 9."""
    assert classify(score) == band


@pytest.mark.parametrize(
    "score",
    [-1, 11, 10.000001, -1e-9, 10**400, math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("10.00000000000000001")],
)
def test_a_score_off_the_scale_is_refused(score: float) -> None:
    """A number outside 0..10 is an error that carries it, never a silent promoter or detractor."""
    with pytest.raises(KpiValueError, match=r"score is .*; allowed: 0 to 10") as caught:
        classify(score)
    assert repr(score) in str(caught.value)


@pytest.mark.parametrize("score", [True, False, "9", "", None, [9], 9j])
def test_what_is_no_number_is_no_score(score: float) -> None:
    """TRUE is not a 1, and a text is not its number."""
    with pytest.raises(KpiValueError, match="allowed: 0 to 10"):
        classify(score)


@pytest.mark.parametrize(
    ("tally", "nps"),
    [((1, 3, 6), 50), ((2, 5, 23), 70), ((0, 0, 5), 100), ((5, 0, 0), -100), ((3, 4, 3), 0), ((4, 2, 3), -100 / 9)],
)
def test_nps_is_promoters_minus_detractors_over_answers(tally: tuple[int, int, int], nps: float) -> None:
    """The score is 100 * (P - D) / n."""
    assert ScoreTally(*tally).nps == nps


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "nps"),
    [
        (462, 176, 362, "10.000"),
        (8465, 3953, 1194, "53.416"),
        (306, 95, 40, "60.317"),
        (2309, 972, 1719, "11.800"),
        (338, 296, 1191, "-46.740"),
        (5, 7, 19, "-45.161"),
    ],
)
def test_real_surveys_have_the_score_that_r_computed(promoters: int, passives: int, detractors: int, nps: str) -> None:
    """Six published surveys: the same figure as base R gives."""
    assert f"{ScoreTally(detractors, passives, promoters).nps:.3f}" == nps


def test_no_answers_are_no_data() -> None:
    """Without answers there is no score, no shares, no interval: never 0."""
    nothing = ScoreTally()
    assert nothing.responses == 0
    assert nothing.nps is None
    assert nothing.shares is None
    assert nothing.adjusted() is None
    assert nothing.interval() is None
    assert nothing.interval(population=0) is None


@given(detractors=counts, passives=counts, promoters=st.integers(1, 2_000))
def test_a_whole_score_is_whole(detractors: int, passives: int, promoters: int) -> None:
    """A score that is a whole number is that number exactly, so it is in the band that starts there."""
    tally = ScoreTally(detractors, passives, promoters)
    exact = Fraction(100 * (promoters - detractors), tally.responses)
    assert tally.nps == float(exact)


def test_shares_are_percent_of_the_answers() -> None:
    """(2, 5, 13) is 10 % detractors, 25 % passives, 65 % promoters."""
    assert ScoreTally(2, 5, 13).shares == Shares(detractors=10, passives=25, promoters=65)


def test_blank_answers_are_not_counted() -> None:
    """A blank is not a 0; a 0 is a detractor."""
    assert ScoreTally.from_scores([9, 10, 7, None, 0]) == ScoreTally(detractors=1, passives=1, promoters=2)
    assert ScoreTally.from_scores([]) == ScoreTally()


@pytest.mark.parametrize("score", [11, math.nan, "9", True])
def test_a_bad_answer_stops_the_count(score: float) -> None:
    """Counting refuses what `classify` refuses."""
    with pytest.raises(KpiValueError, match="score is"):
        ScoreTally.from_scores([9, score])


@given(st.lists(scores), st.randoms())
def test_the_order_of_answers_does_not_matter(answers: list[float], random: Random) -> None:
    """The same answers in another order are the same tally."""
    shuffled = random.sample(answers, len(answers))
    assert ScoreTally.from_scores(shuffled) == ScoreTally.from_scores(answers)


@given(st.lists(scores), st.lists(scores))
def test_tallies_add_up(first: list[float], second: list[float]) -> None:
    """Counting two lists and adding is counting both together."""
    both = ScoreTally.from_scores(first + second)
    assert ScoreTally.from_scores(first) + ScoreTally.from_scores(second) == both
    assert sum([ScoreTally.from_scores(first), ScoreTally.from_scores(second)]) == both
    assert both.responses == len(first) + len(second)


def test_only_tallies_can_be_added() -> None:
    """A number is not a tally, apart from the 0 that sum() starts with."""
    for wrong in (1, 0.0, False, "x", None):
        with pytest.raises(TypeError):
            wrong + ScoreTally(1, 1, 1)
        with pytest.raises(TypeError):
            ScoreTally(1, 1, 1) + wrong


@pytest.mark.parametrize("count", [-1, 1.5, math.nan, math.inf, "3", None, True])
def test_counts_are_whole_numbers_of_0_or_more(count: int) -> None:
    """A count that cannot be one is refused with its name and value."""
    with pytest.raises(KpiValueError, match=r"passives is .*; allowed: a whole number of 0 or more"):
        ScoreTally(1, count, 1)


@pytest.mark.parametrize("three", [3, 3.0, Decimal(3), Fraction(3)])
def test_counts_from_data_frames_become_ints(three: int) -> None:
    """A count that went through a float or a Decimal is still that count."""
    tally = ScoreTally(three, three, three)
    assert tally == ScoreTally(3, 3, 3)
    assert {type(count) for count in dataclasses.astuple(tally)} == {int}


def test_a_tally_cannot_be_changed() -> None:
    """Tallies are values: they can be keys, and nobody changes them behind another's back."""
    tally = ScoreTally(1, 2, 3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        tally.promoters = 4  # type: ignore[misc]
    assert {tally: 1}[ScoreTally(1, 2, 3)] == 1


@pytest.mark.parametrize(
    ("tally", "population", "low", "high"),
    [
        ((1, 3, 6), None, "-0.2033", "77.1264"),
        ((2, 5, 23), None, "42.1099", "85.1628"),
        ((0, 0, 5), None, "17.4915", "100.0000"),
        # the table of the definitions prints 57.5270 ... 78.9730: its formula gives these
        ((2, 5, 23), 40, "57.5269", "78.9731"),
    ],
)
def test_intervals_are_the_defined_ones(
    tally: tuple[int, int, int], population: int | None, low: str, high: str
) -> None:
    """The adjusted-Wald interval has the digits that the definitions print."""
    interval = ScoreTally(*tally).interval(population=population)
    assert interval is not None
    assert (f"{interval.low:.4f}", f"{interval.high:.4f}") == (low, high)


def test_the_adjusted_point_is_the_documented_one() -> None:
    """(2, 5, 23): three answers are added, one quarter each to promoters and detractors."""
    point = ScoreTally(2, 5, 23).adjusted()
    assert point is not None
    assert point.points == pytest.approx(100 * (23.75 - 2.75) / 33)
    assert point.standard_error == pytest.approx(100 * math.sqrt(((23.75 + 2.75) / 33 - (21 / 33) ** 2) / 33))


@pytest.mark.parametrize("tally", [(1, 0, 0), (0, 1, 0), (0, 0, 1)])
def test_one_answer_has_no_interval(tally: tuple[int, int, int]) -> None:
    """There is no interval below two answers, not even for a census of one."""
    assert ScoreTally(*tally).interval() is None
    assert ScoreTally(*tally).interval(population=1) is None


@pytest.mark.parametrize("tally", [(1, 1, 0), (0, 2, 0), (0, 0, 2)])
def test_two_answers_have_an_interval(tally: tuple[int, int, int]) -> None:
    """From two answers on there is an interval, and it is not of zero width."""
    interval = ScoreTally(*tally).interval()
    assert interval is not None
    assert interval.half_width > 0


@pytest.mark.parametrize("population", [9, 0, -1, 10.5, math.nan, "40"])
def test_a_population_holds_at_least_those_who_answered(population: int) -> None:
    """More answers than people is a mistake in one of the two, and is said."""
    with pytest.raises(KpiValueError, match=r"population is .*; allowed"):
        ScoreTally(1, 3, 6).interval(population=population)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_an_interval_needs_a_confidence(confidence: float) -> None:
    """A confidence outside 0..1 is refused, also where there is no interval."""
    with pytest.raises(KpiValueError, match="confidence"):
        ScoreTally().interval(confidence)


@given(tallies, confidences)
def test_score_and_interval_stay_in_bounds(tally: ScoreTally, confidence: float) -> None:
    """Nothing leaves -100..100, and the bounds are in order around the adjusted point."""
    assume(tally.responses >= 2)
    interval, point = tally.interval(confidence), tally.adjusted()
    assert tally.nps is not None
    assert interval is not None
    assert point is not None
    assert -100 <= tally.nps <= 100
    assert -100 <= interval.low <= point.points <= interval.high <= 100
    assert interval.confidence == confidence


@given(tallies, confidences, confidences)
def test_more_confidence_is_a_wider_interval(tally: ScoreTally, confidence: float, more: float) -> None:
    """To be surer costs width."""
    assume(tally.responses >= 2)
    assume(confidence < more)
    narrow, wide = tally.interval(confidence), tally.interval(more)
    assert narrow is not None
    assert wide is not None
    assert wide.low <= narrow.low
    assert narrow.high <= wide.high


@given(tallies)
def test_a_census_is_certain(tally: ScoreTally) -> None:
    """When everybody has answered the interval is the raw score and has no width."""
    assume(tally.responses >= 2)
    interval = tally.interval(population=tally.responses)
    assert interval is not None
    assert interval.low == interval.high == tally.nps


@given(tallies, st.integers(1, 500), st.integers(1, 10**6))
def test_the_standard_error_grows_with_the_population(tally: ScoreTally, silent: int, more: int) -> None:
    """The more people kept silent, the less their number is known, up to the endless population."""
    assume(tally.responses >= 1)
    small = tally.adjusted(tally.responses + silent)
    large = tally.adjusted(tally.responses + silent + more)
    endless = tally.adjusted()
    assert small is not None
    assert large is not None
    assert endless is not None
    assert small.standard_error <= large.standard_error * (1 + 1e-12)
    assert large.standard_error <= endless.standard_error * (1 + 1e-12)


@given(tallies)
def test_promoters_and_detractors_mirror_each_other(tally: ScoreTally) -> None:
    """Swapping promoters and detractors changes the sign of everything."""
    assume(tally.responses >= 2)
    mirrored = ScoreTally(tally.promoters, tally.passives, tally.detractors)
    interval, other = tally.interval(), mirrored.interval()
    assert tally.nps is not None
    assert interval is not None
    assert other is not None
    assert mirrored.nps == -tally.nps
    assert (-other.high, -other.low) == pytest.approx((interval.low, interval.high))


def test_few_responses_are_fewer_than_the_minimum() -> None:
    """The caution stands below five answers, or below the minimum that is asked for."""
    assert ScoreTally(0, 1, 3).few_responses()
    assert not ScoreTally(0, 1, 4).few_responses()
    assert ScoreTally(0, 1, 4).few_responses(6)
    assert not ScoreTally().few_responses(0)
    with pytest.raises(KpiValueError, match="minimum number of responses"):
        ScoreTally().few_responses(-1)
