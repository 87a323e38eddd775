"""What the sheets behind the Scorecard share: what they are made of, how they begin, what one without data says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.columns import PartnerColumns
from partnerkpi.workbook.figures import Figure, PeriodFigures
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import SheetModel, WorkbookModel
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import Layout
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.theme import HEADLINE, NOTE, SECTION, TEXT_BLOCK, TITLE
from partnerkpi.workbook.page import lines_needed, set_heights, set_widths

TITLE_ROW, SENTENCE_ROW, NOTE_ROW, FIRST = 1, 2, 3, 5
ONE_PAGE = 50  # rows that are still readable on one printed page


@dataclass(frozen=True)
class SheetContext:
    """A workbook in the making, and everything that its sheets are written from."""

    model: WorkbookModel
    card: Scorecard
    layout: Layout
    figures: Mapping[str, Figure]
    months: Sequence[PeriodFigures]
    known: Sequence[PartnerColumns]

    @property
    def current(self) -> PeriodFigures:
        """Return what is known of the chosen period."""
        return self.months[self.card.periods.index(self.card.current)]

    @property
    def data(self) -> SheetModel:
        """Return the sheet that holds the figures by period."""
        sheet: SheetModel = self.model[names.DATA]
        return sheet

    @property
    def period(self) -> Live:
        """Return the name of the chosen period."""
        return Live(f"=INDEX({names.PERIODS},{names.PERIOD_NUMBER})", period_name(self.card.current))

    def chosen(self, key: str) -> Live:
        """Return a figure of the chosen period."""
        return Live(f"={self.layout.chosen(key)}", self.figures[key].value(self.current))


def write_top(
    model: WorkbookModel,
    sheet: SheetModel,
    title: str,
    sentence: Live | str,
    widths: Mapping[str, float],
    note: Live | str = "",
) -> None:
    """Write the sheet's title, what it says in a sentence, and a note; set the widths of the columns that are printed.

    The sentence stands over all of them, on two lines where it is long.
    """
    set_widths(sheet, widths)
    model.put(sheet, (TITLE_ROW, 1), title, TITLE)
    model.put(sheet, (SENTENCE_ROW, 1), sentence, HEADLINE)
    sheet.merge_cells(f"A{SENTENCE_ROW}:{list(widths)[-1]}{SENTENCE_ROW}")
    text = str(sentence.value) if isinstance(sentence, Live) else sentence
    lines = lines_needed(text, int(sum(widths.values())))
    if note:
        model.put(sheet, (NOTE_ROW, 1), note, NOTE)
    set_heights(sheet, {TITLE_ROW: 30, SENTENCE_ROW: 4 + 16 * min(3, lines)})


def write_missing(model: WorkbookModel, sheet: SheetModel, row: int, head: str, lines: Sequence[str]) -> int:
    """Say what is missing and how to supply it; return the row below."""
    model.put(sheet, (row, 1), head, SECTION)
    for line in lines:
        row += 1
        model.put(sheet, (row, 1), line, TEXT_BLOCK.but(wrap=False))
    return row + 1


def as_place(live: Live) -> tuple[str, object]:
    """Return a formula and what it gives as the place of a message, for `phrases.live`."""
    return live.formula[1:], live.value


def joined(*parts: Live | str) -> Live:
    """Return texts and formulas of texts one after the other, as one formula."""
    formula = "&".join(part.formula[1:] if isinstance(part, Live) else f'"{part}"' for part in parts)
    return Live(f"={formula}", "".join(str(part.value) if isinstance(part, Live) else part for part in parts))
