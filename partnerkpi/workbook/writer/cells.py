"""Put values into cells: what somebody typed stays text, and only a `Live` is a formula.

Excel takes "=...", "#N/A" or "12" for more than text, and openpyxl follows it. A survey's comments and partners' names
must never get that far, so every cell of a workbook is written through a `Writer`.
"""

from __future__ import annotations

import numbers
import re
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.workbook.model.formula import Block, Live
from partnerkpi.workbook.model.markup import MAX_NUMBER, MAX_TEXT, NO_DATA, Value, serial
from partnerkpi.workbook.model.theme import BODY, DATE, GENERAL, GLYPHS, Look, Wardrobe
from partnerkpi.workbook.writer import package
from partnerkpi.workbook.writer.custom_part import Provenance
from partnerkpi.workbook.writer.rows import Stream

T = TypeVar("T")

if TYPE_CHECKING:
    from partnerkpi.workbook.writer.brand import Palette

MAX_WHOLE = 10**15  # Excel keeps 15 digits: a longer number is an identity, and must not lose its end

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Writer:
    """A workbook in the making, with the value of every formula that it holds."""

    def __init__(self) -> None:
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        self.workbook.properties.creator = "partnerkpi"
        self.values: dict[tuple[str, str], Value] = {}
        self.provenance: Provenance | None = None  # what the file says of itself
        self.streams: dict[str, Stream] = {}  # by sheet: rows that follow its cells
        self.palette: Palette | None = None  # the colours and the font of a brand
        self._wardrobe = Wardrobe(self.workbook)

    def sheet(self, title: str) -> Worksheet:
        """Add a sheet after the others and return it."""
        sheet: Worksheet = self.workbook.create_sheet(title)
        return sheet

    def put(self, sheet: Worksheet, ref: str | tuple[int, int], content: Any, style: Look = BODY) -> Cell:
        """Write one cell and return it; `ref` is "B4" or (row, column), counted from 1.

        Text is cleaned and stays text whatever it says. None, NaN and NaT are no data: #N/A. Whole numbers of more than
        15 digits become text. A date without a format of its own is shown as 30 Sep 2026.
        Raises ValueError, naming sheet and cell, for anything that a cell cannot hold.
        """
        row, column = coordinate_to_tuple(ref) if isinstance(ref, str) else ref
        cell = sheet.cell(row, column)
        if not isinstance(cell, Cell):
            raise ValueError(f"Sheet {sheet.title!r}, {ref}: only the first cell of merged cells can be written.")
        place = (sheet.title, cell.coordinate)
        self.values.pop(place, None)
        try:
            plain = content.value if isinstance(content, Live) else plain_value(content)
        except (TypeError, ValueError) as error:
            raise ValueError(f"Sheet {sheet.title!r}, cell {cell.coordinate}: {error}") from error
        if isinstance(plain, date) and style.number == GENERAL:
            style = style.but(number=DATE)
        if isinstance(content, Live):
            cell.value = content.formula
            self.values[place] = self._result(plain)
            self._wardrobe.dress(cell, style)
        elif isinstance(plain, str):
            cell.value = plain
            cell.data_type = "s"  # after the value, which openpyxl has just taken for a formula or an error
            self._wardrobe.dress(cell, style, quoted=_would_turn(plain))
        else:
            # openpyxl would silently leave the cell of an infinite number empty.
            too_large = isinstance(plain, float) and abs(plain) > MAX_NUMBER
            cell.value = NO_DATA if plain is None else "#NUM!" if too_large else plain
            self._wardrobe.dress(cell, style)
        return cell

    def define(self, name: str, target: str) -> None:
        """Give a cell or a range a name for the whole workbook."""
        self.workbook.defined_names[name] = DefinedName(name, attr_text=target)

    def cached(self, _key: Hashable, make: Callable[[], T]) -> T:
        """Return what many workbooks have in common; a sketch makes it once for all with the same key."""
        return make()

    def cached_block(self, _sheet: Worksheet, _key: Hashable, write: Callable[[], T]) -> T:
        """Write a block of cells that is the same wherever the key is; a sketch writes it once."""
        return write()

    def put_formula(
        self, sheet: Worksheet, ref: str | tuple[int, int], formula: str, value: Value | date, style: Look = BODY
    ) -> Cell:
        """Write one cell that holds a formula and what it gives, as `put` with a `Live`."""
        return self.put(sheet, ref, Live(formula, value), style)

    def put_block(self, sheet: Worksheet, block: Block, values: Iterable[Value | date]) -> None:
        """Write the formulas of a block, and what they give in their order."""
        for (place, formula, look), value in zip(block.cells, values, strict=True):
            if value is None and block.gaps:
                self.blank(sheet, place, look)
            else:
                self.put_formula(sheet, place, formula, value, look)

    def carry(self, provenance: Provenance) -> None:
        """Let the file say of itself what `provenance` says, the fingerprint also among its properties."""
        self.provenance = provenance
        package.state(self.workbook, provenance)

    def texts(self) -> set[Any]:
        """Return the texts that stand in cells, those of formulas apart."""
        return {
            cell.value for sheet in self.workbook.worksheets for cell in sheet._cells.values() if cell.data_type == "s"
        }

    def style_of(self, look: Look) -> int:
        """Return the number of a look in the file, for rows that are no cells of the layout."""
        model = Cell(self.workbook.worksheets[0], row=1, column=1)
        self._wardrobe.dress(model, look)
        return int(model.style_id)

    def _result(self, value: Value | date) -> Value:
        """Return a value as its formula gives it, over cells whose text is cleaned and whose dates are numbers."""
        if isinstance(value, str):
            return clean_text(value)
        return serial(value, self.workbook.epoch) if isinstance(value, date) else value

    def blank(self, sheet: Worksheet, ref: str | tuple[int, int], style: Look) -> None:
        """Give an empty cell a look: the ground of a tile, the end of a row."""
        row, column = coordinate_to_tuple(ref) if isinstance(ref, str) else ref
        cell = sheet.cell(row, column)
        if isinstance(cell, Cell):
            cell.value = None
            self.values.pop((sheet.title, cell.coordinate), None)
        self._wardrobe.dress(cell, style)

    def save(self, target: Path, *, when: datetime | None = None) -> None:
        """Write the workbook to `target`, whole or not at all; see `package.save`."""
        package.save(
            self.workbook,
            target,
            self.values,
            when=when,
            provenance=self.provenance,
            streams=self.streams,
            palette=self.palette,
        )

    def packed(self, *, when: datetime | None = None) -> bytes:
        """Return the bytes that `save` writes."""
        return package.pack(
            self.workbook,
            self.values,
            when=when,
            provenance=self.provenance,
            streams=self.streams,
            palette=self.palette,
        )


def plain_value(content: Any) -> Value | date:
    """Return what a cell holds for a value from outside: cleaned text, number, boolean, date, or None for no data."""
    kind = type(content)
    if kind is str:  # the usual kinds first: to ask for an abstract number takes ten times as long
        return clean_text(content)
    if kind is int and -MAX_WHOLE < content < MAX_WHOLE:
        return int(content)
    if content is None or isinstance(content, bool):
        return content
    if isinstance(content, str):
        return clean_text(content)
    if content != content:  # NaN and NaT, of every library
        return None
    if isinstance(content, numbers.Integral):
        whole = int(content)
        return whole if abs(whole) < MAX_WHOLE else str(whole)
    if isinstance(content, (numbers.Real, Decimal)):
        return float(content)
    if isinstance(content, date):
        if isinstance(content, datetime) and content.tzinfo is not None:
            raise ValueError(f"{content} has a time zone, which a cell cannot hold; convert it first.")
        return content if content.year >= 1900 else content.isoformat()  # Excel's calendar begins in 1900
    raise TypeError(f"{content!r} ({type(content).__name__}) is not a value that a cell can hold.")


def classify(content: Any) -> tuple[Value | date, bool]:
    """Return what a cell holds, and whether it is text that needs the quote mark; errors as `plain_value`."""
    return _classified(content) if content.__class__ is str else (plain_value(content), False)


@lru_cache(maxsize=4096)
def _classified(text: str) -> tuple[str, bool]:
    clean = clean_text(text)
    return clean, _would_turn(clean)


def clean_text(text: str) -> str:
    """Return text that a workbook can hold, with every change visible.

    Characters that XML forbids become U+FFFD, line ends become line feeds, and text over 32,767 characters (as Excel
    counts them) ends in an ellipsis.
    """
    if 2 * len(text) <= MAX_TEXT and text.isprintable():  # most texts are: none of what follows would change them
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SURROGATE.search(text):  # two halves that belong together are joined, a lone one is replaced
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _UNWRITABLE.sub("\ufffd", text)
    if 2 * len(text) > MAX_TEXT:  # only now can it be too long: a character is one unit or two
        units = text.encode("utf-16-le")
        if len(units) > 2 * MAX_TEXT:
            return units[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"
    return text


def _would_turn(text: str) -> bool:
    """Tell whether text could turn into something else when somebody edits its cell: then it needs the quote mark.

    Words and our own glyphs cannot; everything with a figure or a sign could (1/2, MAR1, =..., full-width signs).
    """
    first = text[:1]
    is_word = (first.isalpha() or (first != "" and first in GLYPHS)) and not any(char.isdigit() for char in text)
    return text != "" and (not is_word or text.strip().upper() in {"TRUE", "FALSE"})
