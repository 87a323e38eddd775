"""A workbook as data: what every cell holds, and everything that is laid out around the cells.

The modules of the sheets write to a model; `writer` makes the file of it. What decides the layout (looks, rules,
tables, places of charts) is noted in the order in which it was written, apart from what the cells hold: workbooks whose
layouts are equal share all the work of laying them out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.scorecard.record import fingerprint
from partnerkpi.workbook.model.brand import Palette
from partnerkpi.workbook.model.cache import Cache
from partnerkpi.workbook.model.formula import Block, Live
from partnerkpi.workbook.model.grid import Grid, GridColumn, TableColumn
from partnerkpi.workbook.model.sheet import BLANK, SPILLED, Entry, Place, SheetModel, Spill, coded, refuse
from partnerkpi.workbook.model.theme import BODY, DATE, GENERAL, Look
from partnerkpi.workbook.model.translation import current_language, kind_of_periods
from partnerkpi.workbook.model.values import MAX_WHOLE, Value, classify, clean_text, plain_value, serial

T = TypeVar("T")
_PLAIN = frozenset({int, float, str, bool, type(None)})
_place = lru_cache(maxsize=4096)(coordinate_to_tuple)


@dataclass(frozen=True)
class Provenance:
    """What a workbook says of itself: its record, its page for other programs, the record's fingerprint, who signed."""

    record: str
    page: str
    stated: str  # the fingerprint that stands in the file
    signed: str = ""  # what was signed: when, and of which record and answers
    signature: str = ""

    @property
    def actual(self) -> str:
        """Return the fingerprint of the record as it stands."""
        return fingerprint(self.record)

    @property
    def holds(self) -> bool:
        """Tell whether the record is the one that the fingerprint was taken of."""
        return self.actual == self.stated


@dataclass(frozen=True)
class Rows:
    """Rows that follow the cells of a sheet, so many that they are taken only while the file is written.

    A column holds texts alone, or numbers and days; None leaves a cell empty.
    """

    first: int
    looks: Sequence[Look]
    rows: Iterable[Sequence[Value | date]]


class WorkbookModel:
    """A workbook in the making; `cache` is what it shares with others that are made before or after it."""

    __slots__ = (
        *("cache", "log", "sheets", "title", "subject", "keywords", "code_name", "provenance", "rows", "palette"),
        *("language", "sign"),
    )

    def __init__(self, cache: Cache | None = None) -> None:
        self.cache = cache or Cache()
        self.log: list[Entry] = []
        self.sheets: dict[str, SheetModel] = {}
        self.title = self.subject = self.keywords = ""
        self.code_name: str | None = None  # that of its VBA module
        self.provenance: Provenance | None = None
        self.sign: Callable[[Provenance], Provenance] | None = None  # asked when all rows have been written
        self.rows: dict[str, Rows] = {}  # by sheet: those that follow its cells
        self.palette: Palette | None = None  # the colours and the font of a brand
        self.language = current_language().code  # what is kept for other workbooks is kept in this language

    def __getitem__(self, title: str) -> SheetModel:
        return self.sheets[title]

    def sheet(self, title: str) -> SheetModel:
        """Add a sheet after the others and return it."""
        made = self.sheets[title] = SheetModel(title, len(self.sheets), self.log, self.cache)
        return made

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what many workbooks have in common, made once for all with the same key."""
        memory, key = self.cache.memory, (self.language, kind_of_periods(), key)
        if key not in memory:
            memory[key] = make()
        return memory[key]  # type: ignore[no-any-return]  # the key tells what it is

    def cached_block(self, sheet: SheetModel, key: Hashable, write: Callable[[], T]) -> T:
        """Write cells and the heights of their rows, which follow from `key` alone; the next time they are copied."""
        memory, log, key = (
            self.cache.memory,
            self.log,
            (sheet.title, sheet.number, self.language, kind_of_periods(), key),
        )
        if key not in memory:
            start, before = len(log), set(sheet.cells)
            heights, sheet.heights = sheet.heights, {}
            result = write()
            new = {place: content for place, content in sheet.cells.items() if place not in before}
            memory[key] = log[start:], new, sheet.heights, result
            sheet.heights = heights | sheet.heights
            return result
        entries, cells, heights, result = memory[key]
        log += entries
        sheet.cells.update(cells)
        sheet.heights.update(heights)
        return result

    def texts(self) -> set[str]:
        """Return the texts that stand in cells, those of formulas apart."""
        sheets = self.sheets.values()
        alone = (cell[1] for sheet in sheets for cell in sheet.cells.values() if cell[0] is None)
        columns = (column for sheet in sheets for grid in sheet.grids for column in grid.columns)
        below = (value for column in columns if column.formula is None for value in column.values)
        return {value for value in chain(alone, below) if isinstance(value, str)}

    def define(self, name: str, target: str) -> None:
        """Give a cell or a range a name for the whole workbook."""
        self.log.append(("name", name, target))

    def add_rows(self, sheet: SheetModel, rows: Rows) -> None:
        """Let rows follow the cells of a sheet, once."""
        self.log.append(("looks", *map(self.cache.look, rows.looks)))
        self.rows[sheet.title] = rows

    def put(self, sheet: SheetModel, ref: str | Place, content: Any, look: Look = BODY) -> None:
        """Write one cell; `ref` is "B4" or (row, column), counted from 1.

        Text is cleaned and stays text whatever it says. None, NaN and NaT are no data: #N/A. Whole numbers of more than
        15 digits become text. A date without a format of its own is shown as 30 Sep 2026.
        Raises ValueError, naming sheet and cell, for anything that a cell cannot hold.
        """
        if content.__class__ is Live or isinstance(content, Live):
            self.put_formula(sheet, ref, content.formula, content.value, look)
            return
        place = _place(ref) if isinstance(ref, str) else ref
        try:
            value, quoted = classify(content)
        except (TypeError, ValueError) as error:
            refuse(sheet, place, error)
        if value.__class__ not in _PLAIN and isinstance(value, date):
            if look.number == GENERAL:
                look = look.but(number=DATE)
            self.log.append(("day", sheet.number, *place, isinstance(value, datetime)))
        self._put(sheet, place, None, value, self.cache.look(look, quoted))

    def put_formula(
        self, sheet: SheetModel, ref: str | Place, formula: str | Spill, value: Value | date, look: Look = BODY
    ) -> None:
        """Write one cell that holds a formula, with the value that this gives, as `put` with a `Live`.

        Formulas see cells whose text is clean and whose dates are numbers: so is the value.
        """
        place = _place(ref) if isinstance(ref, str) else ref
        if value.__class__ is str:
            value = clean_text(value)
        elif value.__class__ not in _PLAIN:
            try:
                value = plain_value(value)
            except (TypeError, ValueError) as error:
                refuse(sheet, place, error)
            if isinstance(value, date):
                if look.number == GENERAL:
                    look = look.but(number=DATE)
                value = serial(value)
        self._put(sheet, place, formula, value, self.cache.look(look))

    def put_spill(
        self,
        sheet: SheetModel,
        place: Place,
        formula: str,
        values: Sequence[Sequence[Value]],
        look: Callable[[int, int], Look],
    ) -> None:
        """Write a formula that fills cells to the right and down with its values, row by row.

        `look` is given row and column, counted from 0. ValueError, naming sheet and cell, where one is not free.
        """
        (top, left), last = place, (place[0] + len(values) - 1, place[1] + len(values[0]) - 1)
        ref = f"{get_column_letter(left)}{top}"
        if last != place:
            ref += f":{get_column_letter(last[1])}{last[0]}"
        self.log.append(("spill", sheet.number, top, left))
        for down, row in enumerate(values):
            for right, value in enumerate(row):
                where = top + down, left + right
                if where in sheet.cells:
                    refuse(sheet, where, "a formula spills over a cell that is not free")
                is_first = where == place
                self.put_formula(sheet, where, Spill(formula, ref) if is_first else SPILLED, value, look(down, right))

    def put_block(self, sheet: SheetModel, block: Block, values: Iterable[Value]) -> None:
        """Write the formulas of a block and what they give, in their order."""
        noted = self.cache.blocks.get(block)
        if noted is None or noted[0] != sheet.number:
            looks = [self.cache.look(look) for _, _, look in block.cells]
            codes = [coded(sheet.number, *place, look) for (place, _, _), look in zip(block.cells, looks, strict=True)]
            held = [(place, formula, look) for (place, formula, _), look in zip(block.cells, looks, strict=True)]
            noted = self.cache.blocks[block] = sheet.number, codes, held
        _, codes, held = noted
        cells = sheet.cells
        for (place, formula, look), value in zip(held, values, strict=True):
            if value.__class__ is str:
                cells[place] = formula, clean_text(value), look
            elif value is None and block.gaps:
                cells[place] = None, BLANK, look
            elif value.__class__ in _PLAIN:
                cells[place] = formula, value, look
            else:
                refuse(sheet, place, f"{value!r} is no figure of a block")
        self.log += codes

    def put_table(self, sheet: SheetModel, first: int, columns: Sequence[TableColumn]) -> None:
        """Write the rows of a table below each other, from column A on, as `put_if_known` and `put_formula` would."""
        made = []
        for number, column in enumerate(columns, 1):
            plain, quoted = self.cache.look(column.look), self.cache.look(column.look, quoted=True)
            values, looks = list[Any](), list[int]()
            for row, content in enumerate(column.values, first):
                if content.__class__ not in _PLAIN:
                    refuse(sheet, (row, number), f"{content!r} is nothing that a table holds")
                if column.formula is not None:
                    values.append(clean_text(content) if isinstance(content, str) else content)
                    continue
                if content.__class__ is int and -MAX_WHOLE < content < MAX_WHOLE:  # most are: to ask takes longer
                    values.append(content)
                    looks.append(plain)
                    continue
                value, needs_quote = (BLANK, False) if content is None else classify(content)
                values.append(value)
                looks.append(quoted if needs_quote else plain)
            if column.looks is not None:
                made.append(GridColumn(values, column.formula, tuple(self.cache.look(look) for look in column.looks)))
                continue
            made.append(GridColumn(values, column.formula, tuple(looks) if quoted in looks else plain))
        sheet.grids.append(Grid(first, tuple(made)))
        self.log.append(("grid", sheet.number, first, len(made[0].values), *(column.looks for column in made)))

    def put_if_known(self, sheet: SheetModel, ref: str | Place, content: Any, look: Look) -> None:
        """Write one cell, or give it its look alone where there is no content."""
        if content is None:
            self.blank(sheet, ref, look)
        else:
            self.put(sheet, ref, content, look)

    def blank(self, sheet: SheetModel, ref: str | Place, look: Look) -> None:
        """Give an empty cell a look: the ground of a tile, the end of a row."""
        place = _place(ref) if isinstance(ref, str) else ref
        number = self.cache.look(look)
        if place not in sheet.covered:
            sheet.cells[place] = None, BLANK, number
        self.log.append(coded(sheet.number, *place, number))

    def _put(self, sheet: SheetModel, place: Place, formula: str | Spill | None, value: Any, look: int) -> None:
        if place in sheet.covered:
            refuse(sheet, place, "only the first of merged cells can be written")
        row, column = place
        sheet.cells[place] = formula, value, look
        self.log.append(((sheet.number << 20 | row) << 14 | column) << 20 | look)  # as `coded`, which takes its time

    def values(self) -> Mapping[tuple[str, str], Value]:
        """Return what each formula gives, by sheet and cell."""
        return {
            (title, f"{get_column_letter(column)}{row}"): value
            for title, sheet in self.sheets.items()
            for (row, column), (formula, value, _) in sheet.held()
            if formula
        }

    def layout(self) -> Hashable:
        """Return what the layout follows from: everything that was written, but for what the cells hold.

        Equal layouts of models with the same cache give equal files, cells and drawings apart.
        """
        own = self.title != "", self.subject, self.keywords, self.code_name, self.provenance is None, self.palette
        sheets = tuple(sheet.settings() for sheet in self.sheets.values())
        return self.cache, tuple(self.log), sheets, own, self.language
