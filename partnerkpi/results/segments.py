"""Segments of the answers side by side: what each contributes, what changed, and why the total did.

A segment is a value of any column, such as a region or a product; None is the answers that name none.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.conditional import NO_PAIRS, Pairs
from partnerkpi.kpi.drivers import Contribution, Effects, contributions, effects
from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.movement import Judged, answers_needed, judged
from partnerkpi.kpi.scores import ScoreTally, Shares, change

#: The change that `answers_needed` is about, in points of the NPS.
POINTS_TO_TELL = 10.0

_Segment = TypeVar("_Segment", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since an earlier period: its answers, the test, Holm's p-value over all segments, the causes.

    The effects of the total are the sums of those of the segments, and together they are its change.
    """

    period: str
    tally: ScoreTally
    judged: Judged
    effects: Effects


@dataclass(frozen=True, slots=True)
class SegmentRow(Generic[_Segment]):
    """One segment in one period: its answers, its part in the NPS of all, and what changed.

    What has no data is None, and so is `since` where nothing is compared. `answers_needed` is how many answers a period
    needs to tell a change of 10 points. The total has a contribution of 0 and `segment` None, as have the answers that
    name no segment; `Segments` keeps them apart.
    """

    segment: _Segment | None
    tally: ScoreTally
    shares: Shares | None
    interval: Interval | None
    contribution: Contribution
    answers_needed: int | None
    since: Since | None


@dataclass(frozen=True, slots=True)
class Segments(Generic[_Segment]):
    """All segments of a period, and the total that they make up."""

    period: str
    total: SegmentRow[_Segment]
    rows: tuple[SegmentRow[_Segment], ...]


def segments(
    tallies: Mapping[tuple[_Segment, str], ScoreTally],
    period: str,
    compared_with: str | None = None,
    confidence: float = 0.95,
    pairs: Mapping[_Segment, Pairs] | None = None,
    pairs_of_all: Pairs = NO_PAIRS,
) -> Segments[_Segment]:
    """Return the segments of a period, in the order in which the mapping names them, and their total.

    `tallies` maps (segment, period) to the answers; the segments must not overlap. With an earlier period to compare
    with, each segment is tested, Holm's correction is over all of them, and the change of the total is split into the
    segments' score and mix effects. `pairs` are the persons of each segment, and of all, who answered in both
    periods: those of the segments need not add up to these. A segment without answers in one of the periods stays in
    the list. KpiValueError for a confidence outside 0..1.
    """
    names = list(dict.fromkeys(segment for segment, _ in tallies))
    now = _of_period(tallies, names, period)
    total = ScoreTally.pooled(now.values())
    since: list[Since | None] = [None] * (len(names) + 1)
    if compared_with is not None:
        before = _of_period(tallies, names, compared_with)
        since = [*_since(before, now, compared_with, confidence, pairs or {}, pairs_of_all)]
    parts = contributions(now)
    known = total.responses > 0
    whole = Contribution(100.0, 0.0, total.nps) if known else Contribution(None, None, None)
    return Segments(
        period,
        _row(None, total, whole, since[0], confidence),
        tuple(_row(name, now[name], parts[name], one, confidence) for name, one in zip(names, since[1:], strict=True)),
    )


def _of_period(
    tallies: Mapping[tuple[_Segment, str], ScoreTally], names: Iterable[_Segment], period: str
) -> dict[_Segment, ScoreTally]:
    return {name: tallies.get((name, period), ScoreTally()) for name in names}


def _row(
    segment: _Segment | None, tally: ScoreTally, contribution: Contribution, since: Since | None, confidence: float
) -> SegmentRow[_Segment]:
    needed = answers_needed(tally, POINTS_TO_TELL, confidence=confidence)
    return SegmentRow(segment, tally, tally.shares, tally.interval(confidence), contribution, needed, since)


def _since(
    before: Mapping[_Segment, ScoreTally],
    now: Mapping[_Segment, ScoreTally],
    period: str,
    confidence: float,
    pairs: Mapping[_Segment, Pairs],
    pairs_of_all: Pairs,
) -> Iterator[Since]:
    """Yield what changed: of the total, then of each segment."""
    first, second = ScoreTally.pooled(before.values()), ScoreTally.pooled(now.values())
    whole, others = judged(
        change(first, second, confidence=confidence, pairs=pairs_of_all),
        [
            change(before[name], tally, confidence=confidence, pairs=pairs.get(name, NO_PAIRS))
            for name, tally in now.items()
        ],
        confidence,
    )
    causes = effects(before, now)
    yield Since(period, first, whole, _together(causes.values()))
    for name, one in zip(now, others, strict=True):
        yield Since(period, before[name], one, causes[name])


def _together(causes: Iterable[Effects]) -> Effects:
    known = [(one.score, one.mix) for one in causes if one.score is not None and one.mix is not None]
    if not known:
        return Effects(None, None)
    return Effects(math.fsum(score for score, _ in known), math.fsum(mix for _, mix in known))
