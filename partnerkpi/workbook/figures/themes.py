"""The themes of the comments in a scorecard's own periods: who mentions each, and how many comments there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from partnerkpi.comments.themes import ThemeLine, theme_lines
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import ALL_TIME, Scorecard
from partnerkpi.settings import Comments


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: by period how often it is mentioned, and by whom; None where those are too few to show."""

    name: str
    tallies: Mapping[str, tuple[int, ScoreTally | None]]


def smallest_group(card: Scorecard) -> int:
    """Return how many answers a group has at least that is shown by itself."""
    return card.settings.comments.min_group if card.settings is not None else int(Comments().min_group)


def lines_of(card: Scorecard, period: str) -> dict[str, ThemeLine]:
    """Return each theme in a period, compared with the one before, in the order of what hurts most."""
    if card.comments is None:
        return {}
    found = theme_lines(
        card.comments.tallies,
        period=_label(period),
        previous=card.previous_of(period),
        min_group=smallest_group(card),
        confidence=card.confidence,
    )
    return {line.theme: line for line in found}


def themes_of(card: Scorecard) -> tuple[Theme, ...]:
    """Return the themes that anybody mentions in one of the periods, what hurts most in the newest first."""
    by_period = {period: lines_of(card, period) for period in card.periods}
    return tuple(
        Theme(name, {period: (lines[name].mentions, lines[name].scores) for period, lines in by_period.items()})
        for name in by_period[card.periods[-1]]
        if any(lines[name].mentions for lines in by_period.values())
    )


def counted(card: Scorecard, period: str) -> tuple[int, int, int]:
    """Return the answers of a period that could have a comment, those that have one, and those on no theme."""
    if card.comments is None:
        return 0, 0, 0
    cell = card.comments.tallies.total(_label(period))
    return cell.answers.responses, cell.comments.responses, cell.no_theme.responses


def _label(period: str) -> str | None:
    return None if period == ALL_TIME else period
