"""A sheet as data: what its cells hold, and what is laid out around them: rules, tables, charts, page and view."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, Final, Literal, NamedTuple, NoReturn, ParamSpec, TypeVar

from openpyxl.chart import BarChart, LineChart, ScatterChart
from openpyxl.styles import Alignment, Border, Protection
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.cell import column_index_from_string, get_column_letter, range_boundaries

from partnerkpi.dataclass import dataclass
from partnerkpi.workbook.model.brand import Logo
from partnerkpi.workbook.model.cache import Cache
from partnerkpi.workbook.model.grid import Grid

T = TypeVar("T")
P = ParamSpec("P")
Chart = LineChart | BarChart | ScatterChart
#: A4 or, in the United States and Canada, US Letter.
Paper = Literal["a4", "letter"]
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
class PageSetup:
    """How a sheet is printed: one page wide, margins in inches."""

    areas: tuple[str, ...] = ()
    landscape: bool = True
    pages: int = 0  # how many it is high at most; 0: as many as it takes
    paper: Paper = "a4"
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
    hidden: bool = False  # until somebody unhides it


class SheetModel:
    """A sheet: what its cells hold, how it is shown and printed, and in the log of its workbook everything else."""

    # So that a setting which nothing writes is an error where it is made.
    __slots__ = (
        *("title", "number", "log", "cache", "cells", "grids", "covered", "charts", "tables", "widths", "heights"),
        *("hidden", "row_breaks", "freeze_panes", "print_title_rows", "print_title_cols", "page", "view"),
        *("footer_left", "footer_center", "footer_right", "header_center"),
    )

    def __init__(self, title: str, number: int, log: list[Entry], cache: Cache) -> None:
        self.title, self.number, self.log, self.cache = title, number, log, cache
        self.cells: dict[Place, CellContent] = {}
        self.grids: list[Grid] = []  # the rows of large tables, which are in none of the cells
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
        self.header_center = ""  # what is printed at the head of a page

    def settings(self) -> Hashable:
        """Return what of the sheet belongs to the layout, but for what stands in the log."""
        sizes = tuple(self.widths.items()), tuple(self.heights.items()), tuple(self.hidden.items())
        prints = self.print_title_rows, self.print_title_cols, self.page, tuple(self.row_breaks)
        feet = self.footer_left != "", self.footer_center, self.footer_right, self.header_center
        heads = tuple(tuple(self.content(place)[1] for place in heads_of(ref)) for ref in self.tables)
        return self.title, sizes, self.freeze_panes, prints, feet, self.view, heads

    def content(self, place: Place) -> CellContent:
        """Return what a cell holds; a blank without a look for one that there is not."""
        found = self.cells.get(place)
        if found is None:
            found = next((cell for grid in self.grids if (cell := grid.content(*place)) is not None), None)
        return found or (None, BLANK, -1)

    def held(self) -> Iterator[tuple[Place, CellContent]]:
        """Yield every cell and what it holds."""
        yield from self.cells.items()
        for grid in self.grids:
            yield from grid.held()

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
        """Return the columns that have a text in a row that takes lines, with it and how wide they were made."""
        found = []
        for letter, width in self.widths.items():
            formula, value, look = self.content((row, column_index_from_string(letter)))
            if formula is None and value.__class__ is str and self.cache.looks[look][0].wrap:
                found.append((letter, value, width))
        return found

    def formatted(self, formats: Mapping[str, T]) -> Iterator[tuple[Place, T]]:
        """Yield the cells of certain number formats, whatever they hold, with what these stand for."""
        wanted = {
            number: formats[look.number] for number, (look, _) in enumerate(self.cache.looks) if look.number in formats
        }
        for place, (_, _, look) in self.cells.items():
            if look in wanted:
                yield place, wanted[look]
        for grid in self.grids:
            for number, column in enumerate(grid.columns, 1):
                if isinstance(column.looks, int) and column.looks in wanted:  # quoted texts beside are no numbers
                    yield from (((row, number), wanted[column.looks]) for row in grid.rows)

    def _note(self, kind: str, *about: Hashable) -> None:
        self.log.append((kind, self.number, *about))


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


def _boundaries(cells: str) -> tuple[int, int, int, int]:
    """Return left and top, right and bottom of a range."""
    left, top, right, bottom = (int(end or 0) for end in range_boundaries(cells))
    return left, top, right, bottom


def heads_of(ref: str) -> list[Place]:
    """Return the cells that head the columns of a table."""
    left, top, right, _ = _boundaries(ref)
    return [(top, column) for column in range(left, right + 1)]
