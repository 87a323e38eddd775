"""How the workbook looks: colours, type, number formats, and the looks that cells share.

A `Look` is a value: the same look is the same style in the file, however many cells wear it. Every look belongs to a
named style ("KPI body", ...), so a user can restyle the workbook in Excel; `look.but(number=SHARE)` is a variation.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.workbook.model.translation import current_language

INK = "1B2A41"
MUTED = "5B6472"
ACCENT = "2B5C8A"
WHITE = "FFFFFF"
LINE = "D9DEE5"
TILE = "F4F6F9"
INPUT = "FFF9E5"
PROMOTER = "2E7D5B"
PASSIVE = "B8BEC8"
DETRACTOR = "C44536"
BAND = "C9D8E8"  # a light accent: how far a figure could be from what was measured

FONT = "Calibri"  # LibreOffice draws it with Carlito, which has the same widths
TITLE_SIZE, FIGURE_SIZE, BODY_SIZE, NOTE_SIZE = 20, 24, 11, 9

GENERAL = "General"
TEXT = "@"
SCORE = "0"
CHANGE = "+0;-0;0"
PULL = "+0.0;-0.0;0.0"  # what a group adds to the NPS of all
SHARE = '0"%"'  # shares are 0..100 everywhere in this package, so Excel's own % format would show 4500%
RATIO = "0.00"
COUNT = "#,##0"
DATE = "d mmm yyyy"


@dataclass(frozen=True)
class Rating:
    """A rating as it is shown: glyph and word carry it without the colour."""

    name: str
    glyph: str
    text: str
    fill: str

    @property
    def label(self) -> str:
        """What stands in a cell, such as "● Strong"."""
        return f"{self.glyph} {current_language().rating(self.name)}"

    @property
    def colours(self) -> DifferentialStyle:
        """Return how cells with this rating are coloured."""
        return colours(self.text, bold=True, fill=self.fill)

    def rule(self, formula: str) -> Rule:
        """Colour the cells for which `formula` (without "=") holds; `sheet_things.colour_where` is for sketches too."""
        return Rule("expression", dxf=self.colours, formula=[formula])


@lru_cache(maxsize=256)
def colours(ink: str | None = None, *, bold: bool | None = None, fill: str | None = None) -> DifferentialStyle:
    """Return what a colour rule changes; the same object for the same colours, which openpyxl never alters."""
    font = Font(color=f"FF{ink}" if ink is not None else None, bold=bold)
    ground = PatternFill("solid", fgColor=f"FF{fill}", bgColor=f"FF{fill}") if fill is not None else None
    return DifferentialStyle(font=font, fill=ground)


NO_DATA = Rating("no data", "–", "5B6472", "EEF0F3")
RATINGS: Mapping[str, Rating] = MappingProxyType(
    {
        rating.name: rating
        for rating in (
            Rating("exceptional", "★", "0B5C4B", "D5EFE6"),
            Rating("strong", "●", "1F6B3A", "E1F2E3"),
            Rating("watch", "▲", "7A4B00", "FCEBC8"),
            Rating("investigate", "■", "9B1C1C", "FBE0DD"),
            NO_DATA,
        )
    }
)
GLYPHS = "".join(rating.glyph for rating in RATINGS.values()) + "▼"


@dataclass(frozen=True)
class Look:
    """One way a cell looks. `name` is the named style that it belongs to; colours are RRGGBB, sizes points."""

    name: str
    size: int = BODY_SIZE
    bold: bool = False
    colour: str = INK
    fill: str | None = None
    number: str = GENERAL
    align: Literal["general", "left", "center", "right"] = "general"
    vertical: Literal["top", "center", "bottom"] = "center"
    indent: int = 0
    wrap: bool = False
    line: str | None = None  # colour of a hairline below the cell

    def but(self, **changes: Any) -> Look:
        """Return this look with some fields changed: `BODY.but(number=SHARE, align="right")`."""
        # A workbook asks for the same variation a thousand times, and making it anew takes as long as writing a cell.
        asked = tuple(changes.items())
        try:
            return self._made[asked]
        except KeyError:
            found = self._made[asked] = replace(self, **changes)
            return found

    @cached_property
    def _made(self) -> dict[tuple[tuple[str, Any], ...], Look]:
        return {}


TITLE = Look("title", TITLE_SIZE, bold=True, align="left")
HEADLINE = Look("headline", BODY_SIZE, bold=True, align="left", wrap=True, vertical="top")
SECTION = Look("section", BODY_SIZE, bold=True, colour=ACCENT, align="left")
BODY = Look("body")
TEXT_BLOCK = Look("text", align="left", vertical="top", wrap=True)
NOTE = Look("note", NOTE_SIZE, colour=MUTED, align="left")
LABEL = Look("tile label", NOTE_SIZE, colour=MUTED, fill=TILE, align="left", indent=1)
FIGURE = Look("tile figure", FIGURE_SIZE, bold=True, fill=TILE, number=SCORE, align="left", indent=1)
TILE_NOTE = Look("tile note", NOTE_SIZE, fill=TILE, align="left", indent=1)
HEAD = Look("table head", bold=True, colour=WHITE, fill=INK, align="left", wrap=True)
HEAD_NUMBER = HEAD.but(align="right")
ROW = Look("table text", align="left", line=LINE)
ROW_NUMBER = Look("table number", align="right", number=SCORE, line=LINE)
ROW_FEW = Look("few responses", colour=MUTED, align="right", number=SCORE, line=LINE)
CELL_INPUT = Look("input", bold=True, colour=ACCENT, fill=INPUT, align="right")
CHIPS: Mapping[str, Look] = MappingProxyType(
    {
        rating.name: Look(
            f"rating {rating.name}", NOTE_SIZE, bold=True, colour=rating.text, fill=rating.fill, align="center"
        )
        for rating in RATINGS.values()
    }
)
LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        look.name: look
        for look in (
            *(TITLE, HEADLINE, SECTION, BODY, TEXT_BLOCK, NOTE, LABEL, FIGURE, TILE_NOTE),
            *(HEAD, ROW, ROW_NUMBER, ROW_FEW, CELL_INPUT),
            *CHIPS.values(),
        )
    }
)


class Wardrobe:
    """The looks that one workbook has registered so far: finding a cell's style is then one dictionary look-up."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._styles: dict[tuple[Look, bool], StyleArray] = {}

    def dress(self, cell: Cell | MergedCell, look: Look, *, quoted: bool = False) -> None:
        """Give the cell a look; `quoted` marks text that must stay text when somebody edits the cell."""
        # A copy, because openpyxl changes a cell's style array in place: cell.font = ... would restyle every sharer.
        cell._style = copy(self.style(look, quoted))  # type: ignore[union-attr]  # missing in types-openpyxl

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
        sheet = self._workbook.worksheets[0]
        model = _model(sheet, name, look)
        if quoted:
            model.quotePrefix = True
        style: StyleArray = model._style  # type: ignore[attr-defined]  # missing in types-openpyxl
        return style


def _named_style(name: str, look: Look) -> NamedStyle:
    return NamedStyle(
        name,
        font=_font(look),
        fill=_fill(look),
        border=_border(look),
        alignment=_alignment(look),
        number_format=look.number,
    )


def _model(sheet: Worksheet, name: str, look: Look) -> Cell:
    """Return a cell that is on no sheet and wears the look: named style first, the variation on top."""
    model = Cell(sheet, row=1, column=1)
    model.style = name
    model.font, model.fill, model.border = _font(look), _fill(look), _border(look)
    model.alignment, model.number_format = _alignment(look), look.number
    return model


def _font(look: Look) -> Font:
    return Font(name=FONT, size=look.size, bold=look.bold, color=f"FF{look.colour}", family=2)


def _fill(look: Look) -> PatternFill:
    return PatternFill("solid", fgColor=f"FF{look.fill}") if look.fill else PatternFill()


def _border(look: Look) -> Border:
    return Border(bottom=Side("hair", color=f"FF{look.line}")) if look.line else Border()


def _alignment(look: Look) -> Alignment:
    return Alignment(horizontal=look.align, vertical=look.vertical, indent=look.indent, wrap_text=look.wrap)
