"""The KPIs of all partners together, period by period: each figure as a formula and as the value that it gives.

The Data sheet has a row for each figure and a column for each period; the Scorecard shows the column that the reader
chose.
"""

from __future__ import annotations

from partnerkpi.workbook.figures import advocacy, charts, contexts, health, nps, responses, retention, words
from partnerkpi.workbook.figures.base import Column, Figure, Month

__all__ = ["Column", "Figure", "Month", "all_figures"]


def all_figures() -> list[Figure]:
    """Return the figures in the order of their rows; the first is the number of the period."""
    number = Figure("number", "Period number", lambda c: str(c.number), lambda m: m.number)
    parts = (nps, responses, advocacy, retention, health, charts, words, contexts)
    return [number, *(figure for part in parts for figure in part.figures())]
