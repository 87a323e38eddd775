"""A sheet that is only noted down: it has of openpyxl's sheet what the modules of the sheets use."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, Final

from openpyxl.utils.cell import get_column_letter, range_boundaries

from partnerkpi.workbook.model.cache import Cache, NotModelled
from partnerkpi.workbook.model.drawing import Drawing

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

    def __getattr__(self, name: str) -> _Branch:
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
