"""A workbook that is only noted down: what every cell holds, and how everything around the cells is to be laid out.

To lay a workbook out with openpyxl takes most of the time that a workbook takes. The layouts of a thousand partners are
nearly always the same, so `press` lets openpyxl lay each out once; a sketch tells which of them it is. A sketch has of
openpyxl's sheets what the modules of the sheets use. Whatever it does not know it refuses with `NotModelled`, and the
workbook is then written in the usual way, cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, TypeVar

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

from partnerkpi.workbook.model.cache import Cache, NotModelled
from partnerkpi.workbook.model.drawing import Drawing
from partnerkpi.workbook.model.formula import Block, Live
from partnerkpi.workbook.model.markup import Value, serial
from partnerkpi.workbook.model.theme import BODY, DATE, GENERAL, Look
from partnerkpi.workbook.model.translation import current_language
from partnerkpi.workbook.model.values import classify, clean_text
from partnerkpi.workbook.writer.brand import Palette
from partnerkpi.workbook.writer.custom_part import Provenance
from partnerkpi.workbook.writer.rows import Stream

Place = tuple[int, int]
#: The formula of a cell or None, what it holds or gives, and the number of its look.
Noted = tuple[str | None, Any, int]
#: A cell and its look as `coded`, or what was done beside the cells.
Entry = int | tuple[Any, ...]


class _Blank:
    """What an empty cell holds."""


BLANK: Final = _Blank()
# What of a sheet is noted by the name under which openpyxl has it.
_BRANCHES = frozenset(
    {
        *("sheet_view", "page_setup", "sheet_properties", "sheet_properties.pageSetUpPr", "print_options"),
        *("page_margins", "oddFooter", "oddFooter.left", "oddFooter.center", "oddFooter.right"),
    }
)
_LEAVES = frozenset({"print_area", "print_title_rows", "print_title_cols", "freeze_panes"})
FOOTER = ("oddFooter.left", "text")  # the title of the scorecard: not part of the layout


class Spot:
    """A cell of a sketch."""

    __slots__ = ("_sheet", "column", "row")

    def __init__(self, sheet: SheetModel, row: int, column: int) -> None:
        self._sheet, self.row, self.column = sheet, row, column

    def _dress(self, name: str, thing: Any) -> None:
        sheet = self._sheet
        sheet.log.append(("dress", sheet.number, self.row, self.column, name, sheet.cache.keep(thing)))

    border = property(fset=lambda self, border: self._dress("border", border))
    alignment = property(fset=lambda self, alignment: self._dress("alignment", alignment))
    protection = property(fset=lambda self, protection: self._dress("protection", protection))

    @property
    def coordinate(self) -> str:
        """Return its address."""
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def column_letter(self) -> str:
        """Return the name of its column."""
        return get_column_letter(self.column)


class _Branch:
    """A part of a sheet whose attributes are noted."""

    __slots__ = ("_path", "_sheet")
    _path: str
    _sheet: SheetModel

    def __init__(self, sheet: SheetModel, path: str) -> None:
        object.__setattr__(self, "_sheet", sheet)
        object.__setattr__(self, "_path", path)

    def __getattr__(self, name: str) -> _Branch:
        path = f"{self._path}.{name}"
        if path not in _BRANCHES:
            raise NotModelled(path)
        return _Branch(self._sheet, path)

    def __setattr__(self, name: str, value: Any) -> None:
        sheet = self._sheet
        if (self._path, name) == FOOTER:
            sheet.footer = value
        else:
            sheet.log.append(("set", sheet.number, self._path, name, sheet.cache.keep(value)))


class _Rows:
    """The rows or columns of a sheet."""

    __slots__ = ("_key", "_kind", "_sheet")
    _key: int | str
    _kind: str
    _sheet: SheetModel

    def __init__(self, sheet: SheetModel, kind: str) -> None:
        object.__setattr__(self, "_sheet", sheet)
        object.__setattr__(self, "_kind", kind)

    def __getitem__(self, key: int | str) -> _Rows:
        object.__setattr__(self, "_key", key)
        return self

    def __setattr__(self, name: str, value: Any) -> None:
        sheet = self._sheet
        kept = float(value) if name in ("height", "width") else sheet.cache.keep(value)
        sheet.log.append((self._kind, sheet.number, self._key, name, kept))
        if name == "width":
            sheet.widths[str(self._key)] = float(value)


class _Breaks:
    """The page breaks of a sheet."""

    def __init__(self, sheet: SheetModel) -> None:
        self._sheet = sheet

    def append(self, one: Any) -> None:
        """Note one."""
        self._sheet.log.append(("break", self._sheet.number, self._sheet.cache.keep(one)))


class SheetModel:
    """A sheet of a sketch; its methods are those of openpyxl that the modules of the sheets call, and a few more."""

    title: str
    number: int
    log: list[Entry]
    cache: Cache
    cells: dict[Place, Noted]
    covered: set[Place]  # by merged cells, but for the first of each
    charts: list[tuple[Drawing, str]]  # what is drawn, and what it shows in words
    tables: list[str]
    footer: str
    widths: dict[str, float]  # of columns, as they were set last

    def __init__(self, title: str, number: int, log: list[Entry], cache: Cache) -> None:
        own = self.__dict__  # past __setattr__
        own["title"], own["number"], own["log"], own["cache"] = title, number, log, cache
        own["cells"] = dict[Place, Noted]()
        own["covered"], own["charts"] = set[Place](), list[tuple[Drawing, str]]()
        own["tables"] = list[str]()
        own["footer"], own["widths"] = "", dict[str, float]()
        own["row_dimensions"], own["column_dimensions"] = (
            _Rows(self, "row_dimensions"),
            _Rows(self, "column_dimensions"),
        )
        own["row_breaks"] = _Breaks(self)

    def __getattr__(self, name: str) -> Any:
        if name not in _BRANCHES:
            raise NotModelled(name)
        branch = self.__dict__[name] = _Branch(self, name)
        return branch

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "footer":
            self.__dict__[name] = value
        elif name in _LEAVES:
            self.log.append(("set", self.number, "", name, self.cache.keep(value)))
        else:
            raise NotModelled(name)

    def cell(self, row: int, column: int) -> Spot:
        """Return a cell; it is then there, as in openpyxl."""
        if (row, column) not in self.cells:
            self.log.append(("cell", self.number, row, column))
        return Spot(self, row, column)

    def merge_cells(self, cells: str | None = None, **ends: int) -> None:
        """Note merged cells: only the first keeps what it holds."""
        if cells is None:
            left, top, right, bottom = (ends[f"{end}_{way}"] for end in ("start", "end") for way in ("column", "row"))
        else:
            left, top, right, bottom = (int(end or 0) for end in range_boundaries(cells))
        self.log.append(("merge", self.number, left, top, right, bottom))
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    held = self.cells.pop((row, column), None)
                    if held is not None and held[1] is not BLANK:
                        raise NotModelled("merged cells that hold something")
                    self.covered.add((row, column))

    def heads(self, row: int) -> list[tuple[str, str, float]]:
        """Return the columns that have a text in a row, with the text and how wide they were made."""
        found = []
        for column in sorted(column for place, column in self.cells if place == row):
            formula, value, _ = self.cells[row, column]
            letter = get_column_letter(column)
            if formula is None and value.__class__ is str and letter in self.widths:
                found.append((letter, value, self.widths[letter]))
        return found

    def numbers(self) -> Iterator[tuple[Place, str]]:
        """Yield the cells that hold a formula or a number, with their number formats."""
        looks = self.cache.looks
        for place, (formula, value, look) in self.cells.items():
            if formula is not None or value.__class__ is int or value.__class__ is float:
                yield place, looks[look][0].number

    def note(self, kind: str, *about: Hashable) -> None:
        """Note something that the sheet holds beside its cells, told by values alone."""
        self.log.append((kind, self.number, *about))

    def draw(self, drawing: Drawing, cells: tuple[int, int, int, int], words: str, end: int) -> None:
        """Note a chart; where it lies belongs to the layout, what it draws does not."""
        self.log.append(("chart", self.number, *cells, end, bool(words)))
        self.charts.append((drawing, words))


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
