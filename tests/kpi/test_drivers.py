"""Contributions of segments, and the split of a change into scores and mix."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.kpi import Contribution, Effects, ScoreTally, contributions, effects

counts = st.integers(0, 5_000)
tallies = st.builds(ScoreTally, counts, counts, counts)
segments = st.dictionaries(st.sampled_from("abcdefgh"), tallies, max_size=8)

EAST, WEST = ScoreTally(0, 0, 30), ScoreTally(10, 0, 0)


def test_the_worked_contributions() -> None:
    """Three quarters at 100 and one at -100: 37.5 points up and as many down; 75 and -25 of the 50 points."""
    assert contributions({"east": EAST, "west": WEST}) == {
        "east": Contribution(75, 37.5, 75),
        "west": Contribution(25, -37.5, -25),
    }


def test_a_segment_without_answers_has_a_share_of_0_and_nothing_else() -> None:
    """Nobody answered in the south: it contributes nothing, and has no score that could."""
    found = contributions({"south": ScoreTally(), "east": EAST})
    assert found == {"south": Contribution(0, None, None), "east": Contribution(100, 0, 100)}


@given(segments)
def test_contributions_add_up(parts: dict[str, ScoreTally]) -> None:
    """Shares add up to 100, contributions to nothing, pulls to the NPS of the total, however many answers there are."""
    total = sum(parts.values(), ScoreTally())
    found = contributions(parts)
    assert list(found) == list(parts)
    if total.nps is None:
        assert set(found.values()) <= {Contribution(None, None, None)}
        return
    assert math.fsum(one.answer_share or 0 for one in found.values()) == pytest.approx(100, abs=1e-9)
    assert math.fsum(one.contribution or 0 for one in found.values()) == pytest.approx(0, abs=1e-9)
    assert math.fsum(one.pull or 0 for one in found.values()) == pytest.approx(total.nps, abs=1e-9)
    for name, tally in parts.items():
        assert (found[name].contribution is None) == (tally.responses == 0)


@given(segments)
def test_a_segment_lifts_if_it_scores_better(parts: dict[str, ScoreTally]) -> None:
    """The sign of a contribution is that of the segment's lead over the total."""
    total = sum(parts.values(), ScoreTally())
    for name, one in contributions(parts).items():
        own = parts[name]
        if one.contribution is not None:
            lead = Fraction(own.promoters - own.detractors, own.responses) - Fraction(
                total.promoters - total.detractors, total.responses
            )
            assert math.copysign(1, one.contribution) == math.copysign(1, lead) or lead == one.contribution == 0


def test_the_worked_effects() -> None:
    """The weak segment gets better and grows from a quarter to three quarters: the total falls by 12.5 all the same."""
    found = effects({"east": EAST, "west": WEST}, {"east": ScoreTally(0, 0, 10), "west": ScoreTally(10, 5, 15)})
    # the totals are 50 and 37.5; west goes from -100 to 16.67 with half of the answers on average
    assert found["west"].score == pytest.approx(0.5 * (100 / 6 + 100))
    assert found["west"].mix == pytest.approx(0.5 * ((100 / 6 - 100) / 2 - 43.75))
    assert (found["east"].score, found["east"].mix) == (0, -0.5 * (100 - 43.75))
    together = sum((one.score or 0) + (one.mix or 0) for one in found.values())
    assert together == pytest.approx(-12.5)


@given(segments, segments)
def test_effects_add_up_to_the_change(before: dict[str, ScoreTally], after: dict[str, ScoreTally]) -> None:
    """Score and mix effects of all segments together are the change of the total, to a billionth of a point."""
    first, second = sum(before.values(), ScoreTally()).nps, sum(after.values(), ScoreTally()).nps
    found = effects(before, after)
    assert set(found) == set(before) | set(after)
    if first is None or second is None:
        assert set(found.values()) <= {Effects(None, None)}
        return
    known = [one for one in found.values() if one.score is not None and one.mix is not None]
    together = math.fsum([one.score or 0 for one in known] + [one.mix or 0 for one in known])
    assert together == pytest.approx(second - first, abs=1e-9)


@given(segments, segments)
def test_effects_backwards_are_the_opposite(before: dict[str, ScoreTally], after: dict[str, ScoreTally]) -> None:
    """Neither period is the base: seen from the other side every effect changes its sign."""
    back = effects(after, before)
    for name, one in effects(before, after).items():
        assert (one.score, one.mix) == (
            (None, None) if back[name].score is None else (-(back[name].score or 0), -(back[name].mix or 0))
        )


@given(segments)
def test_the_same_answers_have_no_effects(parts: dict[str, ScoreTally]) -> None:
    """Where nothing changed, nothing has an effect; three times the same answers change neither scores nor mix."""
    thrice = {name: tally + tally + tally for name, tally in parts.items()}
    for one in effects(parts, thrice).values():
        assert not one.score
        assert not one.mix


def test_same_scores_in_another_mix_are_all_mix() -> None:
    """When each segment keeps its score, the whole change is mix; when each keeps its share, it is all scores."""
    east, west = ScoreTally(0, 0, 10), ScoreTally(10, 0, 0)
    moved = effects({"e": east, "w": west}, {"e": east + east + east, "w": west})
    assert [one.score for one in moved.values()] == [0, 0]
    assert sum(one.mix or 0 for one in moved.values()) == 50
    better = effects({"e": east, "w": west}, {"e": east, "w": ScoreTally(0, 0, 10)})
    assert [one.mix for one in better.values()] == [0, 0]
    assert better["w"].score == 100


def test_a_segment_that_came_or_went_is_mix() -> None:
    """A segment of one period has no score to compare: all that it did is its arrival, or its leaving."""
    before = {"old": ScoreTally(0, 5, 5), "gone": ScoreTally(10, 0, 0)}
    after = {"old": ScoreTally(0, 5, 5), "new": ScoreTally(0, 0, 10), "never": ScoreTally()}
    found = effects(before, after)
    assert (found["gone"].score, found["new"].score, found["old"].score) == (0, 0, 0)
    # totals -25 and 75: half the answers, at -100 and at 100, each 125 and 75 points from their mean of 25
    assert found["gone"].mix == pytest.approx(-0.5 * (-100 - 25))
    assert found["new"].mix == pytest.approx(0.5 * (100 - 25))
    assert found["old"].mix == 0
    assert found["never"] == Effects(None, None)
