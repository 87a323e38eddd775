"""A workbook as data: what every cell holds, and everything that is laid out around the cells.

The modules of the sheets write to a model; `writer` makes the file of it. What decides the layout (looks, rules,
tables, places of charts) is noted in the order in which it was written, apart from what the cells hold: workbooks whose
layouts are equal share all the work of laying them out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, wraps
from typing import Any, Concatenate, Final, NamedTuple, NoReturn, ParamSpec, TypeVar

from openpyxl.chart import BarChart, LineChart
from openpyxl.descriptors.serialisable import Serialisable
from openpyxl.styles import Alignment, Border, Protection
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.cell import column_index_from_string, coordinate_to_tuple, get_column_letter, range_boundaries

from partnerkpi.scorecard.record import fingerprint
from partnerkpi.workbook.model.brand import Logo, Palette
from partnerkpi.workbook.model.formula import Block, Live
from partnerkpi.workbook.model.theme import BODY, DATE, GENERAL, Look
from partnerkpi.workbook.model.translation import current_language
from partnerkpi.workbook.model.values import Value, classify, clean_text, plain_value, serial

_MOST_KEPT = 10_000


class Cache:
    """Looks and openpyxl's own objects by number, and what was made for one workbook and serves the next."""

    def __init__(self) -> None:
        self.looks: list[tuple[Look, bool]] = []
        self.things: list[Serialisable] = []
        self.memory: dict[Hashable, Any] = {}
        self.blocks: dict[Hashable, Any] = {}  # of cells, as they were written last
        self._looks: dict[tuple[Look, bool], int] = {}
        self._places: dict[tuple[int, bool], int] = {}  # by identity: most looks are met again as the same object
        self._things: dict[Serialisable, int] = {}
        self._known: dict[int, int] = {}
        self._kept: list[Look] = []

    def look(self, look: Look, quoted: bool = False) -> int:
        """Return the number of a look; `quoted` marks text that must stay text."""
        number = self._places.get((id(look), quoted))
        if number is None:
            number = self._looks.setdefault((look, quoted), len(self.looks))
            if number == len(self.looks):
                self.looks.append((look, quoted))
            if len(self._kept) < _MOST_KEPT:
                self._kept.append(look)  # while it lives, no other object has its identity
                self._places[id(look), quoted] = number
        return number

    def keep(self, thing: Serialisable) -> int:
        """Return the number of one of openpyxl's objects: equal where what openpyxl would write is equal."""
        number = self._known.get(id(thing))
        if number is None:
            number = self._things.setdefault(thing, len(self.things))
            if number == len(self.things):
                self.things.append(thing)
                self._known[id(thing)] = number
        return number


T = TypeVar("T")
P = ParamSpec("P")
Chart = LineChart | BarChart
Place = tuple[int, int]  # row and column, from 1


class Spill(NamedTuple):
    """A formula that fills several cells: its text, and the range that it fills."""

    formula: str
    ref: str


#: In the place of a formula: the cell shows what the formula of another one spills.
SPILLED: Final = ""
#: The formula of a cell or None, what it holds or gives, and the number of its look.
CellContent = tuple[str | Spill | None, Any, int]
#: A cell and its look as `coded`, or what was laid out beside the cells: its kind, its sheet's number, and the rest.
Entry = int | tuple[Any, ...]


class _Blank:
    """What an empty cell holds."""


BLANK: Final = _Blank()
LOOK = 0xFFFFF  # the part of a code that is the look
EPOCH = datetime(1899, 12, 30)  # the first day of Excel's calendar
_PLAIN = frozenset({int, float, str, bool, type(None)})
_GAP, _CHART_END = 6 * 9525, 80 * 9525  # of a chart, in EMU, 9525 to the pixel


class Scale(NamedTuple):
    """Where the axis of values begins and ends, and how far its marks are apart; None leaves it to the chart."""

    lowest: float | None = None
    highest: float | None = None
    unit: float | None = None


_OWN_SCALE = Scale()


@dataclass(frozen=True)
class Drawing:
    """A chart that is not made yet: its function, the sheet whose cells it draws, what else it is given, its scale.

    Equal drawings give equal charts, and scales with other numbers charts that differ in these numbers alone.
    """

    function: Callable[..., Chart]
    title: str
    given: tuple[Any, ...]
    scale: Scale = _OWN_SCALE

    def scaled(self, lowest: float, highest: float | None = None, unit: float | None = None) -> Drawing:
        """Return the drawing with a scale."""
        return replace(self, scale=Scale(lowest, highest, unit))

    def made(self) -> Chart:
        """Return the chart."""
        chart = self.function(self.title, *self.given)
        axis = chart.y_axis
        for part, name, value in zip(
            (axis.scaling, axis.scaling, axis), ("min", "max", "majorUnit"), self.scale, strict=True
        ):
            if value is not None:
                setattr(part, name, value)
        return chart


def drawn(function: Callable[Concatenate[str, P], Chart]) -> Callable[Concatenate[SheetModel, P], Drawing]:
    """Let a function that makes a chart of the cells of a sheet, by its title, return the drawing instead."""

    @wraps(function)
    def drawing(sheet: SheetModel, /, *given: P.args, **named: P.kwargs) -> Drawing:
        if named:
            raise TypeError("a chart is given everything by place")
        return Drawing(function, sheet.title, given)

    return drawing


@dataclass(frozen=True)
class Provenance:
    """What a workbook says of itself: its record, its page for other programs, and the record's fingerprint."""

    record: str
    page: str
    stated: str  # the fingerprint that stands in the file

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


@dataclass(frozen=True)
class PageSetup:
    """How a sheet is printed: on A4, one page wide, margins in inches."""

    areas: tuple[str, ...] = ()
    landscape: bool = True
    one_page: bool = False  # else as many pages high as it takes
    centered: bool = True
    side: float = 0.4  # margins: left, right and top
    bottom: float = 0.55
    header: float = 0.2
    footer: float = 0.25


@dataclass(frozen=True)
class View:
    """How a sheet is shown; None leaves to Excel what it does."""

    gridlines: bool | None = None
    zoom: int | None = None
    selected: bool | None = None  # its tab
    cell: str | None = None  # the one where the cursor stands
    tab_colour: str | None = None
    code_name: str | None = None  # that of its VBA module


class SheetModel:
    """A sheet: what its cells hold, how it is shown and printed, and in the log of its workbook everything else."""

    # So that a setting which nothing writes is an error where it is made.
    __slots__ = (
        *("title", "number", "log", "cache", "cells", "covered", "charts", "tables", "widths", "heights", "hidden"),
        *("row_breaks", "freeze_panes", "print_title_rows", "print_title_cols", "page", "view"),
        *("footer_left", "footer_center", "footer_right"),
    )

    def __init__(self, title: str, number: int, log: list[Entry], cache: Cache) -> None:
        self.title, self.number, self.log, self.cache = title, number, log, cache
        self.cells: dict[Place, CellContent] = {}
        self.covered: set[Place] = set()  # by merged cells, but for the first of each
        self.charts: list[tuple[Drawing, str]] = []  # what is drawn, and what it shows in words
        self.tables: list[str] = []
        self.widths: dict[str, float] = {}  # of columns, in characters
        self.heights: dict[int, float] = {}  # of rows, in points
        self.hidden: dict[str, bool] = {}  # columns
        self.row_breaks: list[int] = []  # rows after which a new page begins
        self.freeze_panes: str | None = None
        self.print_title_rows: str | None = None
        self.print_title_cols: str | None = None
        self.page: PageSetup | None = None
        self.view = View()
        #: What is printed at the foot of a page; the text at the left is not part of the layout.
        self.footer_left = self.footer_center = self.footer_right = ""

    def settings(self) -> Hashable:
        """Return what of the sheet belongs to the layout, but for what stands in the log."""
        sizes = tuple(self.widths.items()), tuple(self.heights.items()), tuple(self.hidden.items())
        prints = self.print_title_rows, self.print_title_cols, self.page, tuple(self.row_breaks)
        feet = self.footer_left != "", self.footer_center, self.footer_right
        heads = tuple(tuple(self.content(place)[1] for place in heads_of(ref)) for ref in self.tables)
        return self.title, sizes, self.freeze_panes, prints, feet, self.view, heads

    def content(self, place: Place) -> CellContent:
        """Return what a cell holds; a blank without a look for one that there is not."""
        return self.cells.get(place, (None, BLANK, -1))

    def merge_cells(self, cells: str | None = None, **ends: int) -> None:
        """Merge cells; ValueError where another one than the first holds something, which Excel would drop."""
        if cells is None:
            left, top, right, bottom = (ends[f"{end}_{way}"] for end in ("start", "end") for way in ("column", "row"))
        else:
            left, top, right, bottom = _boundaries(cells)
        self._note("merge", left, top, right, bottom)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    if self.cells.pop((row, column), (None, BLANK, -1))[1] is not BLANK:
                        refuse(self, (row, column), "it holds something and would be covered by merged cells")
                    self.covered.add((row, column))

    def restyle(
        self,
        row: int,
        column: int,
        *,
        border: Border | None = None,
        alignment: Alignment | None = None,
        protection: Protection | None = None,
    ) -> None:
        """Change a part of how a cell looks that has its look already."""
        for name, thing in (("border", border), ("alignment", alignment), ("protection", protection)):
            if thing is not None:
                self._note("restyle", row, column, name, self.cache.keep(thing))

    def style_column(self, letter: str, number: str, alignment: Alignment) -> None:
        """Give the cells of a column that are still empty a number format and an alignment."""
        self._note("column", letter, number, self.cache.keep(alignment))

    def link(self, row: int, column: int, location: str, tooltip: str) -> None:
        """Let a cell lead to another place of the workbook."""
        self._note("link", row, column, location, tooltip)

    def colour_where(self, cells: str, formula: str, colours: DifferentialStyle) -> None:
        """Colour the cells for which `formula`, written for the first of them without "=", holds.

        Excel ranks text above numbers, so a formula that compares must ask ISNUMBER first.
        """
        self._note("rule", cells, formula, self.cache.keep(colours))

    def colour_before(self, rules: Sequence[tuple[str, str, DifferentialStyle]]) -> None:
        """Add rules (cells, formula, look) that come before all others: LibreOffice follows the first alone."""
        start = len(self.log)
        for one in rules:
            self.colour_where(*one)
        self.log[:] = [*self.log[start:], *self.log[:start]]

    def draw_bars(self, cells: str, colour: str, low: float, high: float | None = None) -> None:
        """Draw a bar in each cell that holds a number, without the number; `high` None ends at the largest one."""
        self._note("bars", cells, colour, low, high)

    def add_table(self, name: str, ref: str, heads: Sequence[str] = (), *, style: str | None = None) -> None:
        """Make cells a table. With `heads` it has no filter buttons; else its columns are called what their heads say.

        `style` is one of Excel's own, such as "TableStyleLight1", with every second row shaded.
        """
        self.tables.append(ref)
        self._note("table", name, ref, tuple(heads), style)

    def check_entry(self, cells: str, **rule: str | bool | None) -> None:
        """Let only some values be entered into cells; `rule` is what openpyxl's DataValidation takes."""
        self._note("check", cells, tuple(rule.items()))

    def place_chart(
        self,
        drawing: Drawing,
        cells: tuple[int, int, int, int],
        words: str = "",
        *,
        start: int = _GAP,
        end: int = _CHART_END,
    ) -> None:
        """Lay a chart over cells: left and right column, top and bottom row, from 0; it moves and grows with them.

        `words` are for those who do not see it. It begins `start` EMU into its first column, unless that is A, and
        reaches `end` EMU into its last. What it draws is no part of the layout.
        """
        self._note("chart", *cells, start if cells[0] else 0, end, bool(words))
        self.charts.append((drawing, words))

    def place_logo(self, logo: Logo, words: str, box: tuple[int, int, int]) -> None:
        """Lay a logo into the right end of the first row, with `words` for those who do not see it.

        `box` is the last column, from 1, and in pixels its width, which the one before shares, and the row's height.
        The picture keeps its proportions and is never larger than its own pixels.
        """
        self._note("logo", logo, words, box)

    def heads(self, row: int) -> list[tuple[str, str, float]]:
        """Return the columns that have a text in a row, with the text and how wide they were made."""
        found = []
        for letter, width in self.widths.items():
            formula, value, _ = self.content((row, column_index_from_string(letter)))
            if formula is None and value.__class__ is str:
                found.append((letter, value, width))
        return found

    def numbers(self, formats: Mapping[str, T]) -> Iterator[tuple[Place, T]]:
        """Yield the cells that hold a formula or a number of certain formats, with what these stand for."""
        wanted = {
            number: formats[look.number] for number, (look, _) in enumerate(self.cache.looks) if look.number in formats
        }
        for place, (formula, value, look) in self.cells.items():
            if look in wanted and (formula is not None or value.__class__ is int or value.__class__ is float):
                yield place, wanted[look]

    def _note(self, kind: str, *about: Hashable) -> None:
        self.log.append((kind, self.number, *about))


class WorkbookModel:
    """A workbook in the making; `cache` is what it shares with others that are made before or after it."""

    __slots__ = (
        *("cache", "log", "sheets", "title", "subject", "keywords", "code_name", "provenance", "rows", "palette"),
        "language",
    )

    def __init__(self, cache: Cache | None = None) -> None:
        self.cache = cache or Cache()
        self.log: list[Entry] = []
        self.sheets: dict[str, SheetModel] = {}
        self.title = self.subject = self.keywords = ""
        self.code_name: str | None = None  # that of its VBA module
        self.provenance: Provenance | None = None
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
        memory, key = self.cache.memory, (self.language, key)
        if key not in memory:
            memory[key] = make()
        return memory[key]  # type: ignore[no-any-return]  # the key tells what it is

    def cached_block(self, sheet: SheetModel, key: Hashable, write: Callable[[], T]) -> T:
        """Write cells and the heights of their rows, which follow from `key` alone; the next time they are copied."""
        memory, log, key = self.cache.memory, self.log, (sheet.title, sheet.number, self.language, key)
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
        held = (cell for sheet in self.sheets.values() for cell in sheet.cells.values())
        return {value for formula, value, _ in held if formula is None and isinstance(value, str)}

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
                value = serial(value, EPOCH)
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
        ref = f"{get_column_letter(left)}{top}:{get_column_letter(last[1])}{last[0]}"
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
            for (row, column), (formula, value, _) in sheet.cells.items()
            if formula
        }

    def layout(self) -> Hashable:
        """Return what the layout follows from: everything that was written, but for what the cells hold.

        Equal layouts of models with the same cache give equal files, cells and drawings apart.
        """
        own = self.title != "", self.subject, self.keywords, self.code_name, self.provenance is None, self.palette
        sheets = tuple(sheet.settings() for sheet in self.sheets.values())
        return self.cache, tuple(self.log), sheets, own


def refuse(sheet: SheetModel, place: Place, why: object) -> NoReturn:
    """Raise ValueError about a cell of a sheet."""
    row, column = place
    raise ValueError(f"Sheet {sheet.title!r}, cell {get_column_letter(column)}{row}: {why}") from None


def coded(sheet: int, row: int, column: int, look: int) -> int:
    """Return a cell and its look as one number: a hundred thousand of them take little room and compare fast."""
    return ((sheet << 20 | row) << 14 | column) << 20 | look


def decoded(code: int) -> tuple[int, int, int, int]:
    """Return what `coded` was given: sheet, row, column and look."""
    return code >> 54, code >> 34 & 0xFFFFF, code >> 20 & 0x3FFF, code & LOOK


_place = lru_cache(maxsize=4096)(coordinate_to_tuple)


def _boundaries(cells: str) -> tuple[int, int, int, int]:
    """Return left and top, right and bottom of a range."""
    left, top, right, bottom = (int(end or 0) for end in range_boundaries(cells))
    return left, top, right, bottom


def heads_of(ref: str) -> list[Place]:
    """Return the cells that head the columns of a table."""
    left, top, right, _ = _boundaries(ref)
    return [(top, column) for column in range(left, right + 1)]
