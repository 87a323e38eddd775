"""How a sheet is shown and printed, the same for all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.header_footer import HeaderFooterItem

from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.model.values import clean_text

_LONGEST_FOOTER = 60
#: How wide letters are that differ much from a digit, and what stays free beside a word.
_LETTERS = {
    **dict.fromkeys("mwMW%", 1.6),
    **dict.fromkeys("csz", 0.8),
    **dict.fromkeys("frt", 0.7),
    **dict.fromkeys("ijlI.,:-", 0.5),
}
_MARGIN = 1.0


def set_page(
    sheet: SheetModel, title: str, areas: Sequence[str], *, landscape: bool = True, one_page: bool = False
) -> None:
    """Print these areas on A4, one page wide, with the title and the page's number at the foot; hide the gridlines."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    sheet.print_area = list(areas)
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1 if one_page else 0
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.4
    margins.bottom, margins.header, margins.footer = 0.55, 0.2, 0.25
    shown = " ".join(clean_text(title).split())
    shown = shown if len(shown) <= _LONGEST_FOOTER else f"{shown[: _LONGEST_FOOTER - 1]}…"
    feet = cast("HeaderFooterItem", sheet.oddFooter)  # openpyxl always makes one
    number = translate("Page {page} of {pages}", page="&P", pages="&N")
    for footer, text in ((feet.left, shown.replace("&", "&&")), (feet.right, number)):
        footer.text, footer.size, footer.color = text, 8, "5B6472"


def set_widths(sheet: SheetModel, widths: Mapping[str, float]) -> None:
    """Set the widths of columns, in characters."""
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width


def widen_for_heads(sheet: SheetModel, row: int) -> None:
    """Widen the columns in which a word of a head would be broken somewhere: other languages have longer words.

    English heads fit as they are. A head of several words takes several lines; "Rücklaufquote" takes 12.9 characters.
    """
    for letter, head, width in _heads(sheet, row):
        needed = max((_width(word) for word in re.findall(r"[^\s-]+-?", head)), default=0.0)
        if needed > width:
            sheet.column_dimensions[letter].width = needed


def _heads(sheet: Any, row: int) -> list[tuple[str, str, float]]:
    """Return the columns that have a text in a row, with the text and how wide they are."""
    if isinstance(sheet, SheetModel):
        return sheet.heads(row)
    return [
        (cell.column_letter, str(cell.value), sheet.column_dimensions[cell.column_letter].width)
        for cell in sheet[row]
        if isinstance(cell, Cell) and cell.data_type == "s" and cell.column_letter in sheet.column_dimensions
    ]


@lru_cache(maxsize=4096)
def _width(word: str) -> float:
    """Estimate how much a bold word takes, in characters of a column's width."""
    letters = sum(_LETTERS.get(letter, 1.2 if letter.isupper() else 1.05) for letter in word)
    return round(letters + _MARGIN, 1)


def set_heights(sheet: SheetModel, heights: Mapping[int, float]) -> None:
    """Set the heights of rows, in points."""
    for row, height in heights.items():
        sheet.row_dimensions[row].height = height


def lines_needed(text: str, characters: int) -> int:
    """Estimate how many lines a text takes where about so many characters stand in one."""
    return sum(max(1, -(-len(line) // characters)) for line in text.split("\n"))
