"""What may be shown of segments: no group that is too small, and none that follows by subtraction."""

from __future__ import annotations

import cards
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.segments import MOST
from partnerkpi.scorecard.parts import Segment
from partnerkpi.settings import Comments, Settings

PERIOD = "2026-Q3"


def card_of(sizes: dict[str | None, int], smallest: int = 5) -> Scorecard:
    """Return a card of one period with one dimension, each value with so many passives."""
    segments = {"product": {(value, PERIOD): ScoreTally(0, size, 0) for value, size in sizes.items()}}
    settings = Settings(comments=Comments(min_group=smallest))
    return cards.card({}, periods=(PERIOD,), segments=segments, settings=settings)


def shown(segments: tuple[Segment, ...]) -> list[tuple[str | None, int | None]]:
    """Return value and number of answers of each segment, "others" for what is counted together."""
    return [
        ("others" if one.others else one.value, tally.responses if (tally := one.tallies[PERIOD]) is not None else None)
        for one in segments
    ]


def test_a_group_alone_takes_the_next_smallest_with_it() -> None:
    """Groups of 100, 30, 9 and 2 are shown as 100, 30 and 11 together: 2 would be 141 - 139."""
    assert shown(card_of({"a": 100, "b": 30, "c": 9, "d": 2}).visible_segments) == [
        ("a", 100),
        ("b", 30),
        ("c", None),
        ("d", None),
        ("others", 11),
    ]


def test_two_groups_that_are_too_small_together_take_a_third() -> None:
    """1 and 2 answers together are 3 people, who would still be too few."""
    assert shown(card_of({"a": 100, "b": 7, "c": 2, "d": 1}).visible_segments) == [
        ("a", 100),
        ("b", None),
        ("c", None),
        ("d", None),
        ("others", 10),
    ]


def test_nothing_is_hidden_where_all_are_large_enough() -> None:
    """A value that nobody gave has 0 answers, which says nothing about anybody; those without a value come last."""
    assert shown(card_of({"a": 5, None: 30, "b": 0}).visible_segments) == [("a", 5), ("b", 0), (None, 30)]


def test_a_list_of_names_is_no_dimension_of_many_rows() -> None:
    """The values with the fewest answers are counted together."""
    found = shown(card_of({f"v{place:03}": 200 - place for place in range(MOST + 10)}).visible_segments)
    assert len(found) == MOST + 1
    assert found[-1] == ("others", sum(200 - place for place in range(MOST, MOST + 10)))


def test_names_that_are_never_shown_have_no_rows() -> None:
    """Up to five groups that are too small are named; more of them are one row, in which all their answers stand."""
    few = shown(card_of({"a": 100, **{f"v{place}": 4 for place in range(5)}}).visible_segments)
    assert few == [("a", 100), *((f"v{place}", None) for place in range(5)), ("others", 20)]
    assert shown(card_of({"a": 100, **{f"v{place}": 4 for place in range(6)}}).visible_segments) == [
        ("a", 100),
        ("others", 24),
    ]


def test_a_name_that_is_shown_in_most_of_its_periods_keeps_its_row() -> None:
    """Values of two periods of three are shown in them, and counted with the rest in the third."""
    periods = ("2026-07", "2026-08", "2026-09")
    sizes = {"a": (90, 90, 90), **{f"often{place}": (9, 9, 3) for place in range(6)}}
    sizes |= {f"seldom{place}": (9, 3, 3) for place in range(6)}
    segments = {
        (value, period): ScoreTally(0, size, 0)
        for value, numbers in sizes.items()
        for period, size in zip(periods, numbers, strict=True)
    }
    card = cards.card({}, periods=periods, segments={"product": segments})
    *named, rest = card.visible_segments
    assert [one.value for one in named] == ["a", *(f"often{place}" for place in range(6))]
    assert rest.others
    assert [rest.tallies[period] for period in periods] == [ScoreTally(0, size, 0) for size in (54, 18, 36)]


@given(
    st.dictionaries(st.text(max_size=3) | st.none(), st.integers(0, 30), max_size=12),
    st.integers(1, 12),
)
def test_what_is_hidden_cannot_be_calculated(sizes: dict[str | None, int], smallest: int) -> None:
    """What is hidden are two groups or more, together large enough or all there is; nothing is lost or doubled."""
    segments = card_of(sizes, smallest).visible_segments
    seen = [tally.responses for one in segments if (tally := one.tallies[PERIOD]) is not None and not one.others]
    named = {one.value for one in segments if one.tallies[PERIOD] is not None and not one.others}
    hidden = [size for value, size in sizes.items() if value not in named]
    together = [tally.responses for one in segments if one.others and (tally := one.tallies[PERIOD]) is not None]
    assert all(size == 0 or size >= smallest for size in seen)
    assert sum(seen) + sum(together) == sum(sizes.values())
    assert sum(together) == sum(hidden)
    if hidden:
        assert len(hidden) > 1 or sum(seen) == 0
        assert sum(hidden) >= smallest or sum(seen) == 0
