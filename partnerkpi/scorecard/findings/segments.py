"""The segments of the answers as they may be shown: groups too small to be split out are counted together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from partnerkpi.kpi.clustered import Clusters
from partnerkpi.kpi.conditional import FEWEST_PAIRS, Pairs
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.data import CardData, Segments
from partnerkpi.scorecard.parts import Segment

#: More values of one dimension than this are a list of names: those with the fewest answers are counted together.
MOST = 40
#: So many values that are seldom shown have rows of their own, to name them; more are counted together.
_NAMED = 5


def shown_segments(card: CardData) -> tuple[Segment, ...]:
    """Return each dimension's segments, those with the most answers first and what is counted together last.

    A group with fewer answers in a period than [comments] min_group is not split out then. Nor is the smallest of the
    others, where the hidden ones together would still be too few, or one alone: it would follow by subtraction. Where
    many are not shown in most of the periods in which they have answers, they are counted together in all of them.
    With a minimum of 5, groups of 100, 30, 9 and 2 are shown as 100, 30 and 11 together. A scorecard that was read from
    a workbook knows only what is shown.
    """
    if card.shown_segments is not None:
        return card.shown_segments
    smallest = card.rules.comments.min_group
    found: list[Segment] = []
    for dimension, segments in card.segments.items():
        known = card.segment_clusters.get(dimension, {}), card.segment_pairs.get(dimension, {})
        found.extend(_of_dimension(dimension, segments, *known, card.periods, smallest))
    return tuple(found)


def _of_dimension(
    dimension: str,
    segments: Segments,
    clusters: Mapping[tuple[str | None, str], Clusters],
    pairs: Mapping[tuple[str | None, str, str], Pairs],
    periods: Sequence[str],
    smallest: int,
) -> Iterable[Segment]:
    values = list(dict.fromkeys(value for value, _ in segments))
    sizes = {value: sum(_tally(segments, value, period).responses for period in periods) for value in values}
    order = sorted(values, key=lambda value: (value is None, -sizes[value], (value or "").casefold(), value or ""))
    shown, hidden = _divided(segments, order[:MOST], order[MOST:], periods, smallest)
    for value in shown:
        tallies = {period: None if value in hidden[period] else _tally(segments, value, period) for period in periods}
        known = {
            period: clusters[value, period]
            for period in periods
            if tallies[period] is not None and (value, period) in clusters
        }
        both = {
            (before, after): one
            for (of, before, after), one in pairs.items()
            if of == value
            and one.persons >= FEWEST_PAIRS
            and tallies.get(before) is not None
            and tallies.get(after) is not None
        }
        yield Segment(dimension, value, tallies, clusters=known, pairs=both)
    if any(hidden.values()):
        together = {
            period: ScoreTally.pooled(_tally(segments, value, period) for value in hidden[period]) for period in periods
        }
        yield Segment(dimension, None, together, others=True)


def _divided(
    segments: Segments, shown: list[str | None], rest: list[str | None], periods: Sequence[str], smallest: int
) -> tuple[list[str | None], dict[str, set[str | None]]]:
    """Return the values with a row of their own, and those that are counted together in each period."""
    hidden = {period: _hidden(segments, shown, rest, period, smallest) for period in periods}

    def is_rare(value: str | None) -> bool:
        known = [value in hidden[period] for period in periods if _tally(segments, value, period).responses]
        return 2 * sum(known) > len(known)

    rare = [value for value in shown if is_rare(value)]
    if len(rare) <= _NAMED:
        return shown, hidden
    return _divided(segments, [value for value in shown if value not in rare], [*rest, *rare], periods, smallest)


def _hidden(
    segments: Segments, shown: Sequence[str | None], rest: Sequence[str | None], period: str, smallest: int
) -> set[str | None]:
    """Return the values that are counted together in a period: those that are too small, and enough besides."""
    sizes = {value: _tally(segments, value, period).responses for value in (*shown, *rest)}
    hidden = {value for value in shown if 0 < sizes[value] < smallest} | {value for value in rest if sizes[value]}
    others = sorted((value for value in shown if sizes[value] and value not in hidden), key=lambda value: sizes[value])
    while hidden and others and (len(hidden) < 2 or sum(sizes[value] for value in hidden) < smallest):
        hidden.add(others.pop(0))
    return hidden


def _tally(segments: Segments, value: str | None, period: str) -> ScoreTally:
    return segments.get((value, period), ScoreTally())
