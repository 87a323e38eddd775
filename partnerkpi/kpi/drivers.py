"""What drives an NPS: what each segment contributes, and what part of a change is its scores and what part the mix.

A segment is any part of the answers, such as a region, a product or a partner; together the segments are the total.
Everything is computed with fractions of whole numbers and turned into floats at the end, so that it adds up.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.scores import ScoreTally

_Segment = TypeVar("_Segment", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Contribution:
    """How a segment stands to the total: its part of the answers, how it lifts the NPS, its part of the NPS.

    `answer_share` is in percent and adds up to 100. `contribution` is the share times (NPS of the segment - NPS of the
    total), in points: above 0 where the segment lifts the total, and 0 over all segments. `pull` is the share times the
    NPS of the segment, in points: it adds up to the NPS of the total. None without answers.
    """

    answer_share: float | None
    contribution: float | None
    pull: float | None


@dataclass(frozen=True, slots=True)
class Effects:
    """What a segment did to the change of the total, in points: by its own score, and by its part of the answers.

    Both together, over all segments, add up to the change of the total. None where the total has no data in one of the
    periods, or the segment in both.
    """

    score: float | None
    mix: float | None


def contributions(segments: Mapping[_Segment, ScoreTally]) -> dict[_Segment, Contribution]:
    """Return what each segment contributes to the NPS of all of them; they must not overlap.

    A segment without answers has a share of 0 and contributes nothing. Two segments (0, 0, 30) and (10, 0, 0): NPS 50,
    shares 75 and 25, contributions +37.5 and -37.5, pulls 75 and -25.
    """
    answers = sum(tally.responses for tally in segments.values())
    if not answers:
        return dict.fromkeys(segments, Contribution(None, None, None))
    lead = sum(tally.promoters - tally.detractors for tally in segments.values())
    found = {}
    for segment, tally in segments.items():
        share = 100 * tally.responses / answers
        if not tally.responses:
            found[segment] = Contribution(share, None, None)
            continue
        own = tally.promoters - tally.detractors
        lift = 100 * (own * answers - tally.responses * lead) / (answers * answers)
        found[segment] = Contribution(share, lift, 100 * own / answers)
    return found


def effects(before: Mapping[_Segment, ScoreTally], after: Mapping[_Segment, ScoreTally]) -> dict[_Segment, Effects]:
    """Split the change of the total between two periods into a score effect and a mix effect of each segment.

    With the shares w and the scores x of a segment in the two periods, and the NPS T of the total:
    score effect = (w1 + w2) / 2 * (x2 - x1), mix effect = (w2 - w1) * ((x1 + x2) / 2 - (T1 + T2) / 2). Kitagawa 1955,
    J. Am. Stat. Assoc. 50; the mean of the totals is taken off because growth of a segment lifts the total only where
    it scores better, and changes no sum. A segment that has answers in one period only has no score to compare: all it
    did counts as mix. (0, 0, 30), (10, 0, 0) -> (0, 0, 10), (10, 5, 15): NPS 50 -> 37.5, scores +58.3333, mix -70.8333.
    """
    names = list(dict.fromkeys([*before, *after]))
    totals = ScoreTally.pooled(before.values()), ScoreTally.pooled(after.values())
    level = [_score(total) for total in totals]
    found = {}
    for name in names:
        pair = before.get(name, ScoreTally()), after.get(name, ScoreTally())
        scores = [_score(tally) for tally in pair]
        known = [score for score in scores if score is not None]
        if level[0] is None or level[1] is None or not known:
            found[name] = Effects(None, None)
            continue
        first, second = known[0], known[-1]
        share_1, share_2 = (
            Fraction(tally.responses, total.responses) for tally, total in zip(pair, totals, strict=True)
        )
        score = (share_1 + share_2) / 2 * (second - first)
        mix = (share_2 - share_1) * ((first + second) / 2 - (level[0] + level[1]) / 2)
        found[name] = Effects(float(score), float(mix))
    return found


def _score(tally: ScoreTally) -> Fraction | None:
    """Return the NPS without rounding; None without answers."""
    return Fraction(100 * (tally.promoters - tally.detractors), tally.responses) if tally.responses else None
