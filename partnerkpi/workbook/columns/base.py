"""What a column of the Partners sheet is made of.

A formula names other figures of its row by key: `r("answers")`. Rows refer to themselves and to Data only, so the table
may be sorted: a row finds its counts by "Data row", the number of rows above the partner's block of tallies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from partnerkpi.scorecard.card import Counts, Line, Partner, Scorecard
from partnerkpi.workbook.layout import Layout
from partnerkpi.workbook.markup import Value
from partnerkpi.workbook.theme import GENERAL

NOT_LISTED = "not on the list"
TIE = "0.000000001"  # an NPS point for each place: breaks ties, and is far below any real difference


@dataclass(frozen=True)
class Cells:
    """The cells of one row, for formulas: columns fixed, row free."""

    layout: Layout
    row: int

    def __call__(self, key: str) -> str:
        """Return the cell of a figure in this row."""
        return f"${self.layout.partner_letter(key)}{self.row}"

    def tally(self, head: str, row: str = "row_now") -> str:
        """Return a count of this partner in the chosen period, or the one before."""
        return f"INDEX({self.layout.tally(head)},{self(row)})"


@dataclass(frozen=True)
class Known:
    """What Python knows of one partner in the chosen period; tier and region are numbers of groups."""

    card: Scorecard
    partner: Partner
    place: int
    period: int
    line: Line
    before: Counts
    tier: int = 0
    region: int = 0

    @property
    def counted(self) -> bool:
        """Tell whether the partner's customers are known."""
        return self.line.retention is not None

    @property
    def order(self) -> float | None:
        """Return the key by which partners are ranked; None with too few answers."""
        scores = self.line.scores
        if scores.nps is None or scores.few_responses(self.card.min_responses):
            return None
        return scores.nps - float(TIE) * self.place


@dataclass(frozen=True)
class PartnerColumn:
    """A column: its key, head and width, formula without the equals sign, and value. Without a formula it is a fact."""

    key: str
    head: str
    width: float
    formula: Callable[[Cells], str] | None
    value: Callable[[Known], Value]
    number: str = GENERAL
    left: bool = False
    indent: int = 0
    group: str = ""


def bands(r: Cells, old: str = "") -> tuple[str, str, str]:
    """Return the cells of promoters, detractors and answers; of the period before with "old_"."""
    return r(f"{old}promoters"), r(f"{old}detractors"), r(f"{old}answers")


def estimate(r: Cells, old: str = "") -> tuple[str, str, str]:
    """Return the cells of answers, adjusted NPS and its standard error; of the period before with "old_"."""
    return r(f"{old}answers"), r(f"{old}adjusted"), r(f"{old}error")
