"""What it would take to reach the next rating and the target."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import (
    DEFAULT_BENCHMARKS,
    Benchmark,
    Moves,
    OneAnswer,
    Reach,
    ScoreTally,
    moves_to,
    one_answer,
    what_if,
)

NPS = DEFAULT_BENCHMARKS["nps"]
counts = st.integers(0, 40)
tallies = st.builds(ScoreTally, counts, counts, counts)
answered = tallies.filter(lambda tally: tally.responses > 0)
# thresholds that are an NPS of some survey, written as people write them, and any others
thresholds = st.one_of(st.floats(-100, 100), st.sampled_from([33.3, 66.7, 14.3, 12.5, 0.1, 100 / 3, 200 / 3, 50, 70]))


def moved(tally: ScoreTally, way: int, people: int) -> ScoreTally:
    """Return the answers after so many people moved one of the three ways."""
    steps = ((-1, 1, 0), (-1, 0, 1), (0, -1, 1))[way]
    return ScoreTally(
        *(
            count + people * step
            for count, step in zip((tally.detractors, tally.passives, tally.promoters), steps, strict=True)
        )
    )


def test_the_worked_case() -> None:
    """8 detractors, 7 passives, 5 promoters: NPS -15, 45 points from watch and 65 from the target of 50."""
    found = what_if(ScoreTally(8, 7, 5), NPS)
    assert found.next_rating is not None
    assert found.target is not None
    assert (found.next_rating.name, found.next_rating.at_least, found.next_rating.missing) == ("watch", 30, 45)
    # 20 answers: 9 steps of 5 points are missing; two steps a person, or one, of which 8 and 7 are not enough
    assert found.next_rating.moves == Moves(None, 5, None)
    assert (found.target.at_least, found.target.missing, found.target.moves) == (50, 65, Moves(None, 7, None))
    assert found.target.name == "target"
    assert found.reach == Reach(25, 65, 20)
    assert found.one_answer == one_answer(ScoreTally(8, 7, 5))


def test_one_answer_of_ten() -> None:
    """1, 3, 6: a step is 10 points; an eleventh promoter makes 600/11, a passive 500/11, a detractor 400/11."""
    one = one_answer(ScoreTally(1, 3, 6))
    assert one is not None
    assert (one.band_step, one.promoter, one.passive, one.detractor) == pytest.approx(
        (10, 600 / 11 - 50, 500 / 11 - 50, 400 / 11 - 50)
    )


@given(answered)
def test_one_answer_is_the_difference_it_makes(tally: ScoreTally) -> None:
    """The effect of one more answer is the NPS with it minus the NPS without."""
    one, now = one_answer(tally), tally.nps
    assert one is not None
    assert now is not None
    for effect, extra in (
        (one.promoter, ScoreTally(0, 0, 1)),
        (one.passive, ScoreTally(0, 1, 0)),
        (one.detractor, ScoreTally(1, 0, 0)),
    ):
        assert effect == pytest.approx((tally + extra).nps - now, abs=1e-9)  # type: ignore[operator]  # there are answers
    if tally.passives:
        assert one.band_step == pytest.approx(moved(tally, 2, 1).nps - now, abs=1e-9)  # type: ignore[operator]


@given(answered, thresholds)
def test_moves_are_the_fewest(tally: ScoreTally, at_least: float) -> None:
    """With so many people the threshold is reached and with one fewer it is not; None means that all are not enough."""
    found = moves_to(tally, at_least)
    ways = (found.detractors_to_passives, found.detractors_to_promoters, found.passives_to_promoters)
    for way, fewest in enumerate(ways):
        available = tally.passives if way == 2 else tally.detractors
        first = next((n for n in range(available + 1) if (moved(tally, way, n).nps or 0) >= at_least), None)
        assert fewest == first


@given(answered, st.floats(-99, 98), st.floats(0.5, 40), st.floats(0.5, 40))
def test_the_rating_after_the_move_is_the_next_one(tally: ScoreTally, low: float, step: float, more: float) -> None:
    """Whatever the thresholds, so many people make the next rating and one fewer does not: no hair's breadth."""
    benchmark = Benchmark.from_thresholds(
        "nps", {"watch": low, "strong": low + step, "exceptional": low + step + more}, target=low
    )
    found = what_if(tally, benchmark).next_rating
    now = benchmark.rating(tally.nps)
    if found is None:
        assert now == "exceptional"
        return
    assert now is not None
    assert benchmark.rank(found.name) == benchmark.rank(now) + 1
    assert found.missing > 0
    fewest = found.moves.detractors_to_promoters
    if fewest is not None:
        reached, short = (benchmark.rating(moved(tally, 1, people).nps) for people in (fewest, fewest - 1))
        assert benchmark.rank(reached or "") >= benchmark.rank(found.name)
        assert short == now


@given(answered)
def test_how_far_everybody_comes(tally: ScoreTally) -> None:
    """The reach is the NPS after all of them moved, and a way reaches a threshold exactly when its reach does."""
    found = what_if(tally, NPS)
    reach = (
        found.reach.detractors_to_passives,
        found.reach.detractors_to_promoters,
        found.reach.passives_to_promoters,
    )
    people = (tally.detractors, tally.detractors, tally.passives)
    assert reach == tuple(moved(tally, way, count).nps for way, count in enumerate(people))
    assert found.target is not None
    moves = found.target.moves
    needed = (moves.detractors_to_passives, moves.detractors_to_promoters, moves.passives_to_promoters)
    assert [count is not None for count in needed] == [far is not None and far >= 50 for far in reach]


def test_the_best_rating_has_no_next_one() -> None:
    """An exceptional NPS is as good as it gets; the target is reached by nobody moving."""
    found = what_if(ScoreTally(0, 1, 9), NPS)
    assert found.next_rating is None
    assert found.target is not None
    assert (found.target.missing, found.target.moves) == (0, Moves(0, 0, 0))


def test_a_threshold_itself_is_reached() -> None:
    """Bands are half-open: exactly 50 is strong already, and 10 detractors of 1,000 to 33.3 are exactly enough."""
    assert what_if(ScoreTally(1, 3, 6), NPS).next_rating.name == "exceptional"  # type: ignore[union-attr]
    assert moves_to(ScoreTally(343, 0, 657), 33.3) == Moves(19, 10, None)
    assert (ScoreTally(343 - 19, 19, 657).nps, ScoreTally(333, 0, 667).nps) == (33.3, 33.4)


def test_without_answers_nothing_would_help() -> None:
    """No answers are no data: no aim, no reach, no effect; and a threshold must be a number."""
    found = what_if(ScoreTally(), NPS)
    assert (found.next_rating, found.target, found.one_answer) == (None, None, None)
    assert found.reach == Reach(None, None, None)
    assert moves_to(ScoreTally(), 0) == Moves(None, None, None)
    assert one_answer(ScoreTally()) is None
    assert isinstance(one_answer(ScoreTally(0, 0, 1)), OneAnswer)
    with pytest.raises(KpiValueError, match="NPS to reach is nan"):
        moves_to(ScoreTally(1, 1, 1), math.nan)
