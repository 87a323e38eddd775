"""The themes of the comments in a scorecard's own periods: who mentions each, and how many comments there are."""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi.comments.themes import ThemeLine, theme_lines
from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.scores import Change, ScoreTally, change
from partnerkpi.scorecard.data import CardData
from partnerkpi.scorecard.parts import ALL_TIME


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: by period how often it is mentioned, and by whom; None where those are too few to show."""

    name: str
    tallies: Mapping[str, tuple[int, ScoreTally | None]]

    def change_to(self, card: CardData, period: str) -> Change:
        """Return the change from the period before, judged by itself; none where too few mention it in one of them."""
        before = card.previous_of(period)
        earlier = self.tallies[before][1] if before is not None else None
        now = self.tallies[period][1]
        both = (earlier, now) if earlier is not None and now is not None else (ScoreTally(), ScoreTally())
        return change(*both, confidence=card.confidence)


def lines_of(card: CardData, period: str) -> dict[str, ThemeLine]:
    """Return each theme in a period, compared with the one before, in the order of what hurts most."""
    if card.comments is None:
        return {}
    found = theme_lines(
        card.comments.tallies,
        period=_label(period),
        previous=card.previous_of(period),
        min_group=card.rules.comments.min_group,
        confidence=card.confidence,
    )
    return {line.theme: line for line in found}


def themes_of(card: CardData, by_period: Mapping[str, Mapping[str, ThemeLine]]) -> tuple[Theme, ...]:
    """Return the themes that anybody mentions in one of the periods, what hurts most in the newest first."""
    return tuple(
        Theme(name, {period: (lines[name].mentions, lines[name].scores) for period, lines in by_period.items()})
        for name in by_period[card.periods[-1]]
        if any(lines[name].mentions for lines in by_period.values())
    )


def comment_counts(card: CardData, period: str) -> tuple[int, int, int]:
    """Return the answers of a period that could have a comment, those that have one, and those on no theme."""
    if card.comments is None:
        return 0, 0, 0
    cell = card.comments.tallies.total(_label(period))
    return cell.answers.responses, cell.comments.responses, cell.no_theme.responses


def _label(period: str) -> str | None:
    return None if period == ALL_TIME else period
