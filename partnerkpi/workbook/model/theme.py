"""How the workbook looks: colours, type, number formats, and the looks that cells share.

A `Look` is a value: the same look is the same style in the file, however many cells wear it. Every look belongs to a
named style ("KPI body", ...), so a user can restyle the workbook in Excel; `look.but(number=SHARE)` is a variation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Literal

from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle

from partnerkpi.dataclass import dataclass
from partnerkpi.workbook.model.translation import current_language

INK = "1B2A41"
MUTED = "5B6472"
ACCENT = "2B5C8A"
BLOCKS = "2B5C8B"  # the accent in letters that are bars: red is no colour for them
WHITE = "FFFFFF"
LINE = "D9DEE5"
TILE = "F4F6F9"
INPUT = "FFF9E5"
PROMOTER = "0F4D37"  # so dark that in grey it is no detractor
PASSIVE = "B8BEC8"
DETRACTOR = "C44536"
BAND = "C9D8E8"  # a light accent: how far a figure could be from what was measured

FONT = "Calibri"  # LibreOffice draws it with Carlito, which has the same widths
TITLE_SIZE, FIGURE_SIZE, BODY_SIZE, NOTE_SIZE = 20, 24, 11, 9

GENERAL = "General"
TEXT = "@"
SCORE = "0;−0;0"
TENTHS = "0.0;−0.0;0.0"
CHANGE = "+0;−0;0"
PULL = "+0.0;−0.0;0.0"  # what a group adds to the NPS of all
#: As sentences write it; shares are 0..100 here, so Excel's own % format would show 4500 %. The sign is never alone.
#: What is more than nothing is not shown as nothing.
SHARE = '[=0]0"\u00a0%";[<0.5]"<1\u00a0%";0"\u00a0%"'
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


@lru_cache(maxsize=256)
def colours(ink: str | None = None, *, bold: bool | None = None, fill: str | None = None) -> DifferentialStyle:
    """Return what a colour rule changes; the same object for the same colours, which openpyxl never alters."""
    font = Font(color=f"FF{ink}" if ink is not None else None, bold=bold)
    ground = PatternFill("solid", fgColor=f"FF{fill}", bgColor=f"FF{fill}") if fill is not None else None
    return DifferentialStyle(font=font, fill=ground)


NO_DATA = Rating("no data", "–", "5B6472", "F9FAFB")
RATINGS: Mapping[str, Rating] = MappingProxyType(
    {
        rating.name: rating
        for rating in (
            Rating("exceptional", "★", "0B5442", "C6E6DA"),
            Rating("strong", "●", "1F6B3A", "E6F4E7"),
            Rating("watch", "▲", "704400", "F2C76F"),
            Rating("investigate", "■", "800E11", "EFA096"),
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


@lru_cache(maxsize=64)
def edge(*, left: str | None = None, right: str | None = None, hair: str | None = None) -> Border:
    """Return thick lines beside a cell and a hairline below it, by their colours."""
    beside, other = (Side("thick", color=f"FF{colour}") if colour else None for colour in (left, right))
    return Border(left=beside, right=other, bottom=Side("hair", color=f"FF{hair}") if hair else None)
