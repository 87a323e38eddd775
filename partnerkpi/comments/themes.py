"""What the comments are about: each theme with its mentions, the NPS of those who mention it, and how it moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from partnerkpi.comments.tallies import CommentCell, CommentTallies, Group
from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.intervals import Interval, holm
from partnerkpi.kpi.scores import Change, ScoreTally, change
from partnerkpi.results.result import bounds

TOO_FEW = "too few to show"


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme in one period (None: all time).

    `share` is in per cent of the comments. `scores` counts those who mention the theme; None hides them where they
    are too few to show. `points` is what they add to the NPS of all answers, or take from it: their share of all
    answers times the distance of their NPS from it.
    """

    theme: str
    period: str | None
    mentions: int
    share: float | None
    scores: ScoreTally | None
    interval: Interval | None
    points: float | None
    change: Change

    @property
    def flags(self) -> list[str]:
        """Return what to beware of."""
        return [TOO_FEW] if self.scores is None and self.mentions else []


def theme_lines(
    tallies: CommentTallies,
    *,
    period: str | None = None,
    previous: str | None = None,
    group: Group | None = None,
    min_group: int = 5,
    confidence: float = 0.95,
) -> tuple[ThemeLine, ...]:
    """Return every theme of one period (None: all time) and group (None: all), what hurts most first.

    Order: the points that a theme takes from the NPS, the most first; equals by mentions, then by name; themes that are
    too rare to show last. The change since `previous` is judged with Holm's correction over the themes. Of 40 answers 8
    detractors and 2 promoters mention support, and the NPS of all is 25: mentions 10, NPS -60, points -21.25.
    """
    now = tallies.total(period, group)
    before = tallies.total(previous, group) if previous is not None else None
    moves = []
    for number, scores in enumerate(now.themes):
        earlier = before.themes[number] if before is not None else ScoreTally()
        shown = min(scores.responses, earlier.responses) >= min_group
        moves.append(change(*((earlier, scores) if shown else (ScoreTally(), ScoreTally())), confidence=confidence))
    judged = holm([move.p for move in moves])
    lines = [
        _line(name, scores, now, move.with_p(p, confidence), max(min_group, 1), confidence)
        for name, scores, move, p in zip(tallies.themes, now.themes, moves, judged, strict=True)
    ]
    return tuple(sorted(lines, key=_what_hurts))


def _line(
    name: str, scores: ScoreTally, everything: CommentCell, move: Change, fewest: int, confidence: float
) -> ThemeLine:
    mentions, comments = scores.responses, everything.comments.responses
    share = 100 * mentions / comments if comments else None
    if mentions < fewest:
        return ThemeLine(name, everything.period, mentions, share, None, None, None, move)
    whole, answers = everything.answers, everything.answers.responses
    distance = (scores.promoters - scores.detractors) * answers - mentions * (whole.promoters - whole.detractors)
    points = 100 * distance / answers**2  # of whole numbers: equals are equal
    return ThemeLine(name, everything.period, mentions, share, scores, scores.interval(confidence), points, move)


def _what_hurts(line: ThemeLine) -> tuple[bool, float, int, str]:
    return (line.points is None, line.points or 0.0, -line.mentions, line.theme.casefold())


def as_rows(lines: Sequence[ThemeLine]) -> list[dict[str, Any]]:
    """Return the lines under flat keys, numbers unrounded, what is hidden or unknown as None."""
    return [
        {
            "theme": line.theme,
            "period": line.period,
            "mentions": line.mentions,
            "share": line.share,
            "promoters": line.scores.promoters if line.scores is not None else None,
            "passives": line.scores.passives if line.scores is not None else None,
            "detractors": line.scores.detractors if line.scores is not None else None,
            "nps": line.scores.nps if line.scores is not None else None,
            **bounds(line.interval),
            "points": line.points,
            "change": line.change.raw,
            "change_p": line.change.p,
            "change_word": line.change.word,
            "flags": line.flags,
        }
        for line in lines
    ]
