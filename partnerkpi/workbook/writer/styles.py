"""Looks as openpyxl keeps them: fonts, fills, borders, number formats and named styles of one workbook."""

from __future__ import annotations

from functools import lru_cache

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray

from partnerkpi.workbook.model.theme import DATE, FONT, LOOKS, Look
from partnerkpi.workbook.model.translation import current_language
from partnerkpi.workbook.writer.openpyxl_private import set_style, style_number, style_of

_MOST = 1024  # looks whose parts are kept: openpyxl takes longer to make than to find them


class StyleTable:
    """The looks that one workbook has registered so far: finding a cell's style is then one dictionary look-up."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._styles: dict[tuple[Look, bool], StyleArray] = {}

    def dress(self, cell: Cell | MergedCell, look: Look, quoted: bool = False) -> None:
        """Give the cell a look; `quoted` marks text that must stay text when somebody edits the cell."""
        set_style(cell, self.style(look, quoted))

    def number(self, look: Look, quoted: bool = False) -> int:
        """Return the number of a look in the file."""
        return style_number(self._workbook, self.style(look, quoted))

    def style(self, look: Look, quoted: bool) -> StyleArray:
        """Return the style array of a look, which is registered on first sight."""
        style = self._styles.get((look, quoted))
        if style is None:
            style = self._styles[look, quoted] = self._register(look, quoted)
        return style

    def _register(self, look: Look, quoted: bool) -> StyleArray:
        """Return the style array of a look, registering its named style on first sight."""
        name = f"KPI {look.name}"  # "Title" and "Note" alone are Excel's own styles
        base = LOOKS.get(look.name, look)
        if name not in self._workbook.named_styles:
            self._workbook.add_named_style(_named_style(name, base))
        # A cell that is on no sheet: named style first, the variation on top.
        cell = Cell(self._workbook.worksheets[0], row=1, column=1)
        cell.style = name
        if look != base:
            cell.font, cell.fill, cell.border = _font(look), _fill(look), _border(look)
            cell.alignment, cell.number_format = _alignment(look), _number(look)
        if quoted:
            cell.quotePrefix = True
        return style_of(cell)


def _named_style(name: str, look: Look) -> NamedStyle:
    return NamedStyle(
        name,
        font=_font(look),
        fill=_fill(look),
        border=_border(look),
        alignment=_alignment(look),
        number_format=_number(look),
    )


def _number(look: Look) -> str:
    """Return a number format; that of days is as the workbook's language writes them."""
    return current_language()("format.cell_day") if look.number == DATE else look.number


@lru_cache(_MOST)
def _font(look: Look) -> Font:
    return Font(name=FONT, size=look.size, bold=look.bold, color=f"FF{look.colour}", family=2)


@lru_cache(_MOST)
def _fill(look: Look) -> PatternFill:
    return PatternFill("solid", fgColor=f"FF{look.fill}") if look.fill else PatternFill()


@lru_cache(_MOST)
def _border(look: Look) -> Border:
    return Border(bottom=Side("hair", color=f"FF{look.line}")) if look.line else Border()


@lru_cache(_MOST)
def _alignment(look: Look) -> Alignment:
    return Alignment(horizontal=look.align, vertical=look.vertical, indent=look.indent, wrap_text=look.wrap)
