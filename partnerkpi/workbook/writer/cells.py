"""Put values into cells: what somebody typed stays text, and only a `Live` is a formula.

Excel takes "=...", "#N/A" or "12" for more than text, and openpyxl follows it. A survey's comments and partners' names
must never get that far, so every cell of a workbook is written through a `Writer`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.workbook.model.formula import Block, Live
from partnerkpi.workbook.model.markup import MAX_NUMBER, NO_DATA, Value, serial
from partnerkpi.workbook.model.theme import BODY, DATE, GENERAL, Look, Wardrobe
from partnerkpi.workbook.model.values import clean_text, needs_quote, plain_value
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

    def __getitem__(self, title: str) -> Any:
        return self.workbook[title]

    def put(self, sheet: Any, ref: str | tuple[int, int], content: Any, style: Look = BODY) -> Cell:
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
            self._wardrobe.dress(cell, style, quoted=needs_quote(plain))
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
        self, sheet: Any, ref: str | tuple[int, int], formula: str, value: Value | date, style: Look = BODY
    ) -> Cell:
        """Write one cell that holds a formula and what it gives, as `put` with a `Live`."""
        return self.put(sheet, ref, Live(formula, value), style)

    def put_block(self, sheet: Any, block: Block, values: Iterable[Value | date]) -> None:
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

    def blank(self, sheet: Any, ref: str | tuple[int, int], style: Look) -> None:
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
