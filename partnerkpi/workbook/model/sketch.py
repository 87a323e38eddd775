"""A workbook that is only noted down: what every cell holds, and how everything around the cells is to be laid out.

To lay a workbook out with openpyxl takes most of the time that a workbook takes. The layouts of a thousand partners are
nearly always the same, so `press` lets openpyxl lay each out once; a sketch tells which of them it is. A sketch has of
openpyxl's sheets what the modules of the sheets use. Whatever it does not know it refuses with `NotModelled`, and the
workbook is then written in the usual way, cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from partnerkpi.workbook.model.cache import Cache, NotModelled
from partnerkpi.workbook.model.formula import Block, Live
from partnerkpi.workbook.model.markup import Value, serial
from partnerkpi.workbook.model.sketch_sheet import BLANK, Entry, Noted, Place, SheetModel, Spot
from partnerkpi.workbook.model.theme import BODY, DATE, GENERAL, Look
from partnerkpi.workbook.model.translation import current_language
from partnerkpi.workbook.writer.brand import Palette
from partnerkpi.workbook.writer.cells import classify, clean_text
from partnerkpi.workbook.writer.custom_part import Provenance
from partnerkpi.workbook.writer.rows import Stream

T = TypeVar("T")
LOOK = 0xFFFFF  # the part of a code that is the look
_COPIED = frozenset({"row_dimensions", "column_dimensions", "break"})
_PLAIN = frozenset({int, float, str, bool, type(None)})
EPOCH = datetime(1899, 12, 30)  # that of a new workbook


class _Properties:
    """The properties of a sketched workbook."""

    title, subject = "", ""


class WorkbookModel:
    """A writer that notes down; the modules of the sheets write to it as to `cells.Writer`."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.log: list[Entry] = []
        self.sheets: dict[str, SheetModel] = {}
        self.properties = _Properties()
        self.provenance: Provenance | None = None
        self.streams: dict[str, Stream] = {}
        self.numbers: list[StyleNumber] = []
        self.epoch = EPOCH
        self.palette: Palette | None = None  # of a brand
        self.language = current_language().code  # what is kept for other workbooks is kept in this language

    @property
    def workbook(self) -> WorkbookModel:
        """Return what stands for openpyxl's workbook."""
        return self

    def __getitem__(self, title: str) -> SheetModel:
        return self.sheets[title]

    def __getattr__(self, name: str) -> Any:
        raise NotModelled(name)

    def sheet(self, title: str) -> SheetModel:
        """Add a sheet after the others and return it."""
        made = self.sheets[title] = SheetModel(title, len(self.sheets), self.log, self.cache)
        return made

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what many workbooks have in common, made once for all with the same key."""
        memory, key = self.cache.memory, (self.language, key)
        if key not in memory:
            memory[key] = make()
        return memory[key]  # type: ignore[no-any-return]  # the key tells what it is

    def cached_block(self, sheet: SheetModel, key: Hashable, write: Callable[[], T]) -> T:
        """Write a block that follows from `key` and what `recall` may keep; the next time its cells are copied."""
        memory, log, key = self.cache.memory, self.log, (self.language, key)
        found = memory.get((sheet.title, key))
        if found is None:
            start, before = len(log), dict(sheet.cells)
            result = write()
            new = {place: held for place, held in sheet.cells.items() if before.get(place) is not held}
            if not all(isinstance(entry, int) or entry[0] in _COPIED for entry in log[start:]):
                raise NotModelled("a block of more than cells")
            memory[sheet.title, key] = sheet.number, log[start:], new, result
            return result
        number, entries, cells, result = found
        if number != sheet.number:
            return write()
        log += entries
        sheet.cells.update(cells)
        return result

    def carry(self, provenance: Provenance) -> None:
        """Let the file say of itself what `provenance` says."""
        self.provenance = provenance

    def texts(self) -> set[Any]:
        """Return the texts that stand in cells, those of formulas apart."""
        held = (cell for sheet in self.sheets.values() for cell in sheet.cells.values())
        return {value for formula, value, _ in held if formula is None and isinstance(value, str)}

    def define(self, name: str, target: str) -> None:
        """Give a cell or a range a name."""
        self.log.append(("name", name, target))

    def style_of(self, look: Look) -> StyleNumber:
        """Return the number of a look in the file, which is known once the workbook is printed."""
        number = StyleNumber()
        self.log.append(("style", self.cache.look(look)))
        self.numbers.append(number)
        return number

    def put(self, sheet: SheetModel, ref: str | Place, content: Any, style: Look = BODY) -> Spot:
        """Note one cell, exactly as `cells.Writer` would write it."""
        if content.__class__ is Live:
            return self.put_formula(sheet, ref, content.formula, content.value, style)
        place = _place(ref) if isinstance(ref, str) else ref
        try:
            value, quoted = classify(content)
        except (TypeError, ValueError) as error:
            raise NotModelled(str(error)) from error
        if value.__class__ not in _PLAIN and isinstance(value, date):
            if style.number == GENERAL:
                style = style.but(number=DATE)
            self.log.append(("day", sheet.number, *place, isinstance(value, datetime)))
        return self._note(sheet, place, None, value, self.cache.look(style, quoted))

    def put_formula(self, sheet: SheetModel, ref: str | Place, formula: str, value: Any, style: Look = BODY) -> Spot:
        """Note a cell with a formula, as `put` with a `Live`."""
        if value.__class__ is str:
            value = clean_text(value)
        elif value.__class__ not in _PLAIN and isinstance(value, date):
            if style.number == GENERAL:
                style = style.but(number=DATE)
            value = serial(value, EPOCH)
        place = _place(ref) if isinstance(ref, str) else ref
        return self._note(sheet, place, formula, value, self.cache.look(style))

    def put_block(self, sheet: SheetModel, block: Block, values: Iterable[Value | date]) -> None:
        """Note the formulas of a block and what they give, as `put_formula` does one by one."""
        noted = self.cache.blocks.get(block)
        if noted is None or noted[0] != sheet.number:
            looks = [self.cache.look(look) for _, _, look in block.cells]
            codes = [coded(sheet.number, *place, look) for (place, _, _), look in zip(block.cells, looks, strict=True)]
            held = [(place, formula, look) for (place, formula, _), look in zip(block.cells, looks, strict=True)]
            noted = self.cache.blocks[block] = sheet.number, codes, held
        _, codes, held = noted
        if sheet.covered and not sheet.covered.isdisjoint(place for place, _, _ in held):
            raise NotModelled("a cell below merged cells")
        cells = sheet.cells
        for (place, formula, look), value in zip(held, values, strict=True):
            if value.__class__ is str:
                cells[place] = formula, clean_text(value), look
            elif value is None and block.gaps:
                cells[place] = None, BLANK, look
            elif value.__class__ in _PLAIN:
                cells[place] = formula, value, look
            else:
                raise NotModelled("a date among the figures of a block")
        self.log += codes

    def _note(self, sheet: SheetModel, place: Place, formula: str | None, value: Any, look: int) -> Spot:
        if place in sheet.covered:
            raise NotModelled("a cell below merged cells")
        row, column = place
        sheet.cells[place] = formula, value, look
        self.log.append(coded(sheet.number, row, column, look))
        return Spot(sheet, row, column)

    def blank(self, sheet: SheetModel, ref: str | Place, style: Look) -> None:
        """Give an empty cell a look."""
        place = _place(ref) if isinstance(ref, str) else ref
        look = self.cache.look(style)
        if place not in sheet.covered:
            sheet.cells[place] = None, BLANK, look
        self.log.append(coded(sheet.number, *place, look))

    def held(self, title: str, place: Place) -> Noted:
        """Return what a cell holds; a blank for one that there is not."""
        return self.sheets[title].cells.get(place, (None, BLANK, -1))

    def key(self) -> Hashable:
        """Return what the layout follows from: everything that was noted, but for what the cells hold."""
        heads = [
            tuple(self.held(title, place)[1] for place in heads_of(ref))
            for title, sheet in self.sheets.items()
            for ref in sheet.tables
        ]
        feet = tuple(sheet.footer != "" for sheet in self.sheets.values())
        whole = self.properties.subject, self.provenance is None, self.palette
        return tuple(self.sheets), tuple(self.log), tuple(heads), feet, whole


class StyleNumber:
    """The number of a look in a file that is not made yet."""

    number: int | None = None

    def __str__(self) -> str:
        if self.number is None:
            raise RuntimeError("a workbook is printed before its rows are written")
        return str(self.number)


def coded(sheet: int, row: int, column: int, look: int) -> int:
    """Return a cell and its look as one number: a hundred thousand of them take little room and compare fast."""
    return ((sheet << 20 | row) << 14 | column) << 20 | look


def decoded(code: int) -> tuple[int, int, int, int]:
    """Return what `coded` was given: sheet, row, column and look."""
    return code >> 54, code >> 34 & 0xFFFFF, code >> 20 & 0x3FFF, code & LOOK


_place = lru_cache(maxsize=4096)(coordinate_to_tuple)


def heads_of(ref: str) -> list[Place]:
    """Return the cells that head the columns of a table."""
    left, top, right, _ = (int(end or 0) for end in range_boundaries(ref))
    return [(top, column) for column in range(left, right + 1)]
