"""Looks as openpyxl keeps them: fonts, fills, borders, number formats and named styles of one workbook."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray

from partnerkpi.workbook.model.theme import DATE, FONT, LOOKS, Look
from partnerkpi.workbook.model.translation import current_language
from partnerkpi.workbook.writer.openpyxl_private import Part, part_number, set_style, style_number, style_of

#: What of a look tells one font, fill, border or alignment from another.
Key = tuple[Hashable, ...]

_MOST = 1024  # looks whose parts are kept: openpyxl takes longer to make than to find them


class StyleTable:
    """The looks that one workbook has registered so far: finding a cell's style is then one dictionary look-up."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._styles: dict[tuple[Look, bool], StyleArray] = {}
        self._named: dict[str, StyleArray] = {}
        self._parts: dict[tuple[Callable[..., Part], Key], int] = {}

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
        # A cell that is on no sheet: named style first, the variation on top.
        cell = Cell(self._workbook.worksheets[0], row=1, column=1)
        base = LOOKS.get(look.name, look)
        if look.name not in self._named:
            name = f"KPI {look.name}"  # "Title" and "Note" alone are Excel's own styles
            self._workbook.add_named_style(_named_style(name, base))
            cell.style = name
            self._named[look.name] = style_of(cell)
        set_style(cell, self._named[look.name])
        if look != base:
            style = style_of(cell)
            style.fontId, style.fillId = self._part(_font, _of_font(look)), self._part(_fill, _of_fill(look))
            style.borderId = self._part(_border, _of_border(look))
            style.alignmentId = self._part(_alignment, _of_alignment(look))
            cell.number_format = _number(look)
        if quoted:
            cell.quotePrefix = True
        return style_of(cell)

    def _part(self, made: Callable[..., Part], key: Key) -> int:
        """Return the number of a font, fill ...: openpyxl compares each with all of them, attribute by attribute."""
        number = self._parts.get((made, key))
        if number is None:
            number = self._parts[made, key] = part_number(self._workbook, made(*key))
        return number


def _named_style(name: str, look: Look) -> NamedStyle:
    return NamedStyle(
        name,
        font=_font(*_of_font(look)),
        fill=_fill(*_of_fill(look)),
        border=_border(*_of_border(look)),
        alignment=_alignment(*_of_alignment(look)),
        number_format=_number(look),
    )


def _number(look: Look) -> str:
    """Return a number format; that of days is as the workbook's language writes them."""
    return current_language()("format.cell_day") if look.number == DATE else look.number


def _of_font(look: Look) -> Key:
    return look.size, look.bold, look.colour


@lru_cache(_MOST)
def _font(size: float, bold: bool, colour: str) -> Font:
    return Font(name=FONT, size=size, bold=bold, color=f"FF{colour}", family=2)


def _of_fill(look: Look) -> Key:
    return (look.fill,)


@lru_cache(_MOST)
def _fill(colour: str | None) -> PatternFill:
    return PatternFill("solid", fgColor=f"FF{colour}") if colour else PatternFill()


def _of_border(look: Look) -> Key:
    return (look.line,)


@lru_cache(_MOST)
def _border(colour: str | None) -> Border:
    return Border(bottom=Side("hair", color=f"FF{colour}")) if colour else Border()


def _of_alignment(look: Look) -> Key:
    return look.align, look.vertical, look.indent, look.wrap


@lru_cache(_MOST)
def _alignment(horizontal: str | None, vertical: str | None, indent: int, wrap: bool) -> Alignment:
    return Alignment(horizontal=horizontal, vertical=vertical, indent=indent, wrap_text=wrap)
