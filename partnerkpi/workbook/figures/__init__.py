"""The KPIs of all partners together, period by period: each figure as a formula and as the value that it gives.

The Data sheet has a row for each figure and a column for each period; the Scorecard shows the column that the reader
chose.
"""

from __future__ import annotations

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.figures import (
    advocacy,
    answers,
    charts,
    contexts,
    health,
    lift,
    lines,
    nps,
    pooled,
    responses,
    retention,
    sparklines,
    spoken,
    words,
)
from partnerkpi.workbook.figures.base import Column, Figure, Month

__all__ = ["Column", "Figure", "Month", "all_figures"]


def all_figures(card: Scorecard) -> list[Figure]:
    """Return the figures in the order of their rows; the first is the number of the period.

    How many periods are pooled, and which lies a year before, follows from the card.
    """
    number = Figure("number", "Period number", lambda c: str(c.number), lambda m: m.number, fact=True)
    parts = (nps, responses, advocacy, retention, health, lift, spoken)
    counted = [figure for part in parts for figure in part.figures()]
    said = [figure for part in (charts, lines, words, contexts) for figure in part.figures()]
    return [number, *counted, *pooled.figures(card), *said, *sparklines.figures(card), *answers.figures(card)]
