"""Where things stand in the workbook: the rows and columns that sheets refer to on each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.comparisons import Compared
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.to_date import has_so_far
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.translation import message

HEAD_ROW = 5  # of the tables on Partners and Data
FIRST_ROW = HEAD_ROW + 1

#: The p-value of a change since the period before, counted out from the tallies: no formula of a spreadsheet can.
P_OF_CHANGE = message("p of the change")
#: The same of the change in a year, and of several periods together on as many before.
P_IN_A_YEAR, P_OF_SEVERAL = message("p of the change in a year"), message("p of the change, several periods")
#: The persons who answered in the period before and in this one: what the test of the change takes off. In a year too.
PAIRS: Mapping[Compared, tuple[str, str, str]] = {
    "previous": (
        message("Persons in the period before too"),
        message("Sum of their two answers"),
        message("Sum of their products"),
    ),
    "year": (
        message("Persons a year before too"),
        message("Sum of their two answers in a year"),
        message("Sum of their products in a year"),
    ),
}
#: The columns of the tallies, from A. A row is found by its number, so the table may be sorted.
TALLIES = (
    *(message("Partner"), message("Period"), message("Detractors"), message("Passives"), message("Promoters")),
    *(message("Invited"), message("Activities"), message("Customers"), message("Retained")),
    *(head for heads in PAIRS.values() for head in heads),
    *(P_OF_CHANGE, P_IN_A_YEAR, P_OF_SEVERAL),
    *(message("On list"), message("Partner's"), message("Period number"), message("Row")),
)
PERIOD_LABEL_COLUMN = len(TALLIES) + 2  # a blank gutter column lies between
#: The columns of the segments' tallies, right of the figures by period. "Shown" is 0 where a group is too small.
SEGMENT_HEADS = (
    *(message("Dimension"), message("Segment"), message("Period")),
    *(message("Detractors"), message("Passives"), message("Promoters")),
    # what the partners add up to, for the clustered interval: with a promoters less detractors, n answers
    *(message("Partners"), message("Sum of a squared"), message("Sum of a n"), message("Sum of n squared")),
    *(message("Shown"), message("Period number"), message("Segment number")),
)
SETTINGS = len(names.GIVEN) + len(names.PULL)  # rows of them on Data, with what all partners have in common
#: The columns of the themes' tallies, right of the segments. "Shown" is 0 where too few mention a theme.
THEME_HEADS = (
    *(message("Theme"), message("Period"), message("Detractors"), message("Passives"), message("Promoters")),
    *(message("Mentions"), P_OF_CHANGE),
    *(message("Shown"), message("Period number"), message("Theme number")),
)
#: The columns of what the newest period, if it is to date, is compared with, right of the themes: a row each partner.
SO_FAR_HEADS = (
    *(message("Partner"), message("Period"), message("Answers of the invited"), message("Invited")),
    *(message("Activities"), message("On list"), message("Period number"), message("Row")),
)
PAGE_COLUMNS = 12  # of what the first page lists and draws
_FEWEST_COLUMNS = 5  # of the figures by period, whose headings are long


@dataclass(frozen=True)
class Layout:
    """The addresses of one workbook, which follow from the numbers of its partners and periods."""

    partners: int
    periods: int
    figures: tuple[str, ...]
    columns: tuple[str, ...]
    is_pack: bool = False
    segments: int = 0
    themes: int = 0
    to_date: bool = False  # the newest period is not over
    so_far: bool = False  # and there is one before that it is compared with
    alone: bool = False  # there is one partner, which has no part of what partners do

    @classmethod
    def of(
        cls, card: Scorecard, figures: Sequence[str], columns: Sequence[str], segments: int = 0, themes: int = 0
    ) -> Layout:
        """Return the addresses for a scorecard, from the keys of its figures and of a partner's columns."""
        return cls(
            len(card.partners),
            len(card.periods),
            tuple(figures),
            tuple(columns),
            card.is_pack,
            segments,
            themes,
            card.is_to_date(card.periods[-1]),
            has_so_far(card),
            not card.several_partners,
        )

    @property
    def last_tally(self) -> int:
        """Return the last row of the tallies: each partner, and no partner, in each period."""
        return HEAD_ROW + (self.partners + 1) * self.periods

    @property
    def last_partner(self) -> int:
        """Return the last row of the partners, the first one where there are none."""
        return HEAD_ROW + max(1, self.partners)

    def tally(self, head: str) -> str:
        """Return a column of the tallies, seen from any sheet."""
        letter = get_column_letter(TALLIES.index(head) + 1)
        return f"{names.DATA}!${letter}${FIRST_ROW}:${letter}${self.last_tally}"

    @property
    def page_column(self) -> int:
        """Return the first column of what the first page lists and draws, right of the figures by period."""
        return PERIOD_LABEL_COLUMN + max(self.periods, _FEWEST_COLUMNS) + 2

    @property
    def segment_column(self) -> int:
        """Return the first column of the segments' tallies; a partner's own workbook has nothing for a page before."""
        return self.page_column + (0 if self.is_pack else PAGE_COLUMNS + 1)

    @property
    def theme_column(self) -> int:
        """Return the first column of the themes' tallies."""
        return self.segment_column + (len(SEGMENT_HEADS) + 1 if self.segments else 0)

    def theme(self, head: str) -> str:
        """Return a column of the themes' tallies, seen from any sheet."""
        letter = get_column_letter(self.theme_column + THEME_HEADS.index(head))
        return f"{names.DATA}!${letter}${FIRST_ROW}:${letter}${HEAD_ROW + self.themes * self.periods}"

    @property
    def so_far_column(self) -> int:
        """Return the first column of what the newest period is compared with."""
        return self.theme_column + (len(THEME_HEADS) + 1 if self.themes else 0)

    def by_then(self, head: str) -> str:
        """Return a column of what the newest period is compared with, seen from any sheet."""
        letter = get_column_letter(self.so_far_column + SO_FAR_HEADS.index(head))
        return f"{names.DATA}!${letter}${FIRST_ROW}:${letter}${FIRST_ROW + self.partners}"

    def on_page(self, row: int, column: int = 0, last: int | None = None) -> str:
        """Return a cell of that block, or the cells of a column down to the row `last`; rows and columns from 0."""
        letter, first = get_column_letter(self.page_column + column), FIRST_ROW + row
        return f"{names.DATA}!${letter}${first}" + (f":${letter}${FIRST_ROW + last}" if last is not None else "")

    @property
    def last_segment(self) -> int:
        """Return the last row of the segments' tallies: each segment in each period."""
        return HEAD_ROW + self.segments * self.periods

    def segment(self, head: str) -> str:
        """Return a column of the segments' tallies, seen from any sheet."""
        letter = get_column_letter(self.segment_column + SEGMENT_HEADS.index(head))
        return f"{names.DATA}!${letter}${FIRST_ROW}:${letter}${self.last_segment}"

    def figure_row(self, key: str) -> int:
        """Return the row of a figure in the block that has a column for each period."""
        return self._figure_rows[key]

    @cached_property
    def _figure_rows(self) -> dict[str, int]:
        return {key: row for row, key in reversed(list(enumerate(self.figures, FIRST_ROW)))}

    def period_letter(self, number: int) -> str:
        """Return the column of a period, counted from 1."""
        return get_column_letter(PERIOD_LABEL_COLUMN + number)

    def figure(self, key: str) -> str:
        """Return a figure over all periods, seen from any sheet."""
        row = self.figure_row(key)
        return f"{names.DATA}!${self.period_letter(1)}${row}:${self.period_letter(self.periods)}${row}"

    def chosen(self, key: str) -> str:
        """Return the formula of a figure in the period that the reader chose, without its equals sign."""
        known = self._chosen
        if key not in known:
            known[key] = f"INDEX({self.figure(key)},1,{names.PERIOD_NUMBER})"
        return known[key]

    @cached_property
    def _chosen(self) -> dict[str, str]:
        return {}

    @property
    def settings_row(self) -> int:
        """Return the first row below the figures by period: what was given."""
        return FIRST_ROW + len(self.figures) + 2

    def partner_letter(self, key: str) -> str:
        """Return the column of a partner's figure."""
        return get_column_letter(self.columns.index(key) + 1)

    def partner_column(self, key: str) -> str:
        """Return a column of the partners, seen from any sheet."""
        letter = self.partner_letter(key)
        return f"{names.PARTNERS}!${letter}${FIRST_ROW}:${letter}${self.last_partner}"
