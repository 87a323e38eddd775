"""Small ranges of known content: what the examples and the self-test of scorecard.xlsm are asked about.

They stand on the sheet Self-test, each under a name, so that nobody's own data changes what comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from partnerkpi.excel.calls import Cell, Given, Native, column

Content = Cell | Native


@dataclass(frozen=True)
class Sample:
    """A named range of one column; a formula in it stands for what it gives."""

    name: str
    cells: Sequence[Content]

    @property
    def argument(self) -> Given:
        """Return the range as an argument of a function."""
        return column(self.name, [cell.value if isinstance(cell, Native) else cell for cell in self.cells])


SCORES = Sample("Sample_scores", (9, 10, 9, 10, 9, 10, 8, 7, 8, 3))
PARTNERS = Sample("Sample_partners", ("Acme",) * 5 + ("Borealis",) * 5)
DATES = Sample("Sample_dates", tuple(date(2026, 4 + 3 * (row // 5), 6 + 2 * row) for row in range(10)))
MIXED = Sample("Sample_mixed", (9, None, Native('=""', ""), "n/a", True, 10, 3))
BEFORE = Sample("Sample_before", (2, 6, 0, 5, 3, 6, 4, 1, 7, 8, 7, 8, 8, 7, 7, 8, 9, 10, 9, 10))
AFTER = Sample("Sample_after", (5, 7, 8, 7, 8, 8, 9, 10, 10, 9, 10, 9, 9, 10, 10, 9, 10, 9, 10, 10))
STAYED = Sample("Sample_stayed", (True, True, True, False, True, True, True, False, True, True))
HELPED = Sample("Sample_with", ("Acme", None, "Acme", None, "Borealis", None, None, None, "Acme", "direct"))
BLANK = Sample("Sample_blank", (None, None, None))
TYPED = Sample("Sample_text", ("8", "9", "10"))
BROKEN = Sample("Sample_error", (9, Native("=1/0", "#DIV/0!"), 7))

SAMPLES = (SCORES, PARTNERS, DATES, MIXED, BEFORE, AFTER, STAYED, HELPED, BLANK, TYPED, BROKEN)
