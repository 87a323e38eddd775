"""Workbooks as they come (.xlsx, .xlsm, .xls, .ods): each sheet as rows of text, the tables in it found.

Cells become the text that stands for them, and then everything goes the way of any CSV. Only files that passed
`guard.preflight` may come here, and only `child` calls this: in a process of its own, with limits.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import field
from pathlib import Path
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem, PartnerKpiError, TableTooLarge, UnsafeFile
from partnerkpi.tables.analyst import filled_in
from partnerkpi.tables.guard import DEFAULT_LIMITS, Limits
from partnerkpi.tables.header import SAMPLED_ROWS
from partnerkpi.tables.locate import Place, locate_all
from partnerkpi.tables.sheetmarks import UNCALCULATED, Marks, column_letters, column_number, read_marks
from partnerkpi.tables.values import as_text
from partnerkpi.vocabulary import NOT_CALCULATED

Rows = Sequence[Sequence[Any]]

_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
#: Text that is no longer than so many times the file is nothing that expands.
_UNPACKED = 20
#: What is no fault of the file.
_OURS = (MemoryError, KeyboardInterrupt, SystemExit)


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, rows and columns counted from 0; the ends do not belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table on a sheet: where it stands, what it is called, and the rows of the sheet from `top` on.

    `several` tells whether other tables stand beside it; then its `label` is its range.
    """

    sheet: str
    visible: bool
    place: Place
    top: int
    several: bool
    rows: Rows = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def header_row(self) -> int:
        """Return the number of the row that names the columns, as the spreadsheet shows it."""
        return self.top + self.place.header + 1

    @property
    def range(self) -> str:
        """Return where the table stands: B3:F60."""
        first, last = column_letters(self.place.first + 1), column_letters(self.place.last)
        below = range(len(self.rows) - 1, self.place.header, -1)
        end = next((n for n in below if _holds(self.rows[n][self.place.first : self.place.last])), self.place.header)
        return f"{first}{self.header_row}:{last}{self.top + end + 1}"

    @property
    def label(self) -> str:
        """Return the name by which this table can be asked for."""
        return f"{self.sheet}!{self.range}" if self.several else self.sheet

    def numbered(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows below the header as text, each with its number."""
        first, last = self.place.first, self.place.last
        for number, row in enumerate(self.rows[self.place.body :], self.top + self.place.body + 1):
            yield number, [cell if type(cell) is str else _written(cell) for cell in row[first:last]]


def sheets(
    path: Path, only: str | None = None, tool: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Iterator[SheetTable]:
    """Yield the tables of a workbook: those of visible sheets in order, then of hidden ones; with `only`, of that one.

    `only` is a sheet's name, `Sheet!B3:F60`, or a range of the first sheet. FileProblem if the workbook cannot be
    read, has no such sheet, or the named sheet holds no table. TableTooLarge for a sheet with too many rows: at once if
    it is named, else when the others have been read.
    """
    book = _open(path, limits)
    found = book.names()
    ours = filled_in(found, lambda name: book.rows(name)[0]) if only is None else found
    wanted, cut = _wanted(path, ours, only)
    if len(wanted) > limits.sheets:
        raise UnsafeFile(
            f"{path} has {len(wanted):,} sheets, more than the limit of {limits.sheets:,}: name the one that counts, "
            f"as in '{path}#{wanted[0][0]}', or raise limits.sheets in partnerkpi.toml"
        )
    hidden = [name for name, visible in ours if not visible]
    too_large: TableTooLarge | None = None
    for name, visible in sorted(wanted, key=lambda entry: not entry[1]):
        rows, merged = book.rows(name)
        if len(rows) > limits.rows:
            problem = TableTooLarge(
                f"{path}#{name} has {len(rows):,} rows, more than the limit of {limits.rows:,}: save the sheet as "
                ".csv, or raise limits.rows in partnerkpi.toml"
            )
            if only is not None:
                raise problem
            too_large = too_large or problem
            continue
        marks = read_marks(path, name) if book.marked else Marks()
        notes = _notes(visible, marks, [other for other in hidden if other != name] if visible else [])
        tables = list(_tables(name, visible, _patched(rows, marks, merged), cut, tool, notes))
        yield from tables
        if not tables and only is not None:
            raise FileProblem(f"{path}#{only} holds no table: no row names the columns of rows below it")
    if too_large is not None:
        raise too_large


def _wanted(
    path: Path, found: Sequence[tuple[str, bool]], only: str | None
) -> tuple[Sequence[tuple[str, bool]], Range | None]:
    """Return the sheets that were asked for, and the range of cells if one was."""
    if only is None:
        return found, None
    if named := _named(found, only):
        return named, None
    name, mark, cells = only.rpartition("!")
    if (match := _RANGE.fullmatch(cells.strip())) is not None:
        columns = sorted((column_number(match[1]), column_number(match[3])))
        rows = sorted((int(match[2]), int(match[4])))
        cut = Range(rows[0] - 1, columns[0] - 1, rows[1], columns[1])
        if not mark:
            return found[:1], cut
        if named := _named(found, name.strip().strip("'").replace("''", "'")):
            return named, cut
    names = ", ".join(name for name, _ in found) or "none"
    raise FileProblem(f"{path} has no sheet named {only!r}; its sheets are: {names}")


def _named(found: Sequence[tuple[str, bool]], only: str) -> list[tuple[str, bool]]:
    """Return the sheet of a name: as it is written, else without regard to case and outer blanks."""
    exact = [entry for entry in found if entry[0] == only]
    return exact or [entry for entry in found if entry[0].strip().casefold() == only.strip().casefold()]


def _tables(
    name: str, visible: bool, rows: Rows, cut: Range | None, tool: str | None, notes: tuple[str, ...]
) -> Iterator[SheetTable]:
    top = cut.first_row if cut is not None else 0
    if cut is not None:
        blank = [""] * cut.first_column
        rows = [[*blank, *row[cut.first_column : cut.last_column]] for row in rows[cut.first_row : cut.last_row]]
    start = next((number for number, row in enumerate(rows) if _holds(row)), len(rows))
    rows, top = rows[start:], top + start  # blank rows above a table are not part of what is searched
    texts = [[as_text(cell) for cell in row] for row in rows[:SAMPLED_ROWS]]
    places = locate_all(texts, tool)
    for place in places:
        yield SheetTable(name, visible, _widened(place, rows, len(places)), top, len(places) > 1, rows, notes)


def _widened(place: Place, rows: Rows, tables: int) -> Place:
    """Return a table that stands alone with the columns that only its later rows fill, beyond those with a name."""
    from dataclasses import replace

    from partnerkpi.tables.header import name_columns

    width = max((len(row) for row in rows), default=0)
    if tables > 1 or place.tool is not None or width <= place.last:
        return place
    beyond = [n for row in rows[SAMPLED_ROWS:] for n in range(place.last, len(row)) if row[n] not in ("", None)]
    if not beyond:
        return place
    last = max(beyond) + 1
    return replace(place, last=last, names=tuple(name_columns(place.names, last - place.first)))


def _patched(rows: Rows, marks: Marks, merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> Rows:
    """Return the rows with failed formulas as what a person sees (#N/A), and merged cells filled downwards.

    A formula that no program has calculated is no blank: a customer whose end is one has not stayed for that.
    """
    downwards = [area for area in merged if area[1][0] > area[0][0] and area[0][1] == area[1][1]]
    unread = {**marks.errors, **dict.fromkeys(marks.uncalculated, NOT_CALCULATED)}
    if not unread and not downwards:
        return rows
    changed = [list(row) for row in rows]
    for (row, column), text in unread.items():
        if row < len(changed):
            changed[row] += [""] * (column + 1 - len(changed[row]))
            changed[row][column] = text
    for (top, column), (bottom, _) in downwards:
        if top < len(changed) and column < len(changed[top]) and bottom - top < 10_000:
            for row in range(top + 1, min(bottom + 1, len(changed))):
                if column < len(changed[row]):
                    changed[row][column] = changed[top][column]
    return changed


def _notes(visible: bool, marks: Marks, hidden: Sequence[str]) -> tuple[str, ...]:
    notes = [] if visible else ["the sheet is hidden"]
    if hidden:
        notes.append(f"hidden sheets in the workbook: {', '.join(hidden[:5])}")
    if marks.hidden_rows:
        notes.append(
            "1 row is hidden and counted all the same"
            if marks.hidden_rows == 1
            else f"{marks.hidden_rows:,} rows are hidden and counted all the same"
        )
    elif marks.filtered:
        notes.append("a filter hides rows, which are counted all the same")
    if errors := len(marks.errors):
        kinds = ", ".join(sorted(set(marks.errors.values())))
        notes.append(f"1 cell holds an error ({kinds})" if errors == 1 else f"{errors:,} cells hold errors ({kinds})")
    if uncalculated := len(marks.uncalculated):
        row, column = min(marks.uncalculated)
        letters = column_letters(column + 1)
        notes.append(
            f"1 cell, {letters}{row + 1}, is a formula that no program has calculated: open the workbook in Excel or "
            "LibreOffice and save it"
            if uncalculated == 1
            else f"{uncalculated:,} cells, the first {letters}{row + 1}, {UNCALCULATED}: open the workbook in Excel or "
            "LibreOffice and save it"
        )
    return tuple(notes)


def _holds(row: Sequence[Any]) -> bool:
    return any(cell != "" and cell is not None for cell in row)


def _written(cell: Any) -> str:
    """Return a cell that is no text as one; whole numbers lose the point that a workbook gives them."""
    if cell is None:
        return ""
    if type(cell) is float:
        return str(int(cell)) if cell.is_integer() and -1e15 < cell < 1e15 else repr(cell)
    return as_text(cell) or ""


class _Budget:
    """How much text the cells of a file may hold together: the limit, and more for a larger file."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        self._left = (limits.text << 20) + _UNPACKED * path.stat().st_size

    def spent(self, rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
        """Return rows as a list; UnsafeFile as soon as their texts are too long together."""
        left, kept = self._left, []
        for row in rows:
            kept.append(row)
            for cell in row:
                if type(cell) is str:
                    left -= len(cell)
            if left < 0:
                raise UnsafeFile(
                    f"{self._path} holds more than {self._limits.text:,} MB of text in its cells, from a file of "
                    f"{self._path.stat().st_size / 1000:,.0f} KB: it may be made to do harm. If you trust it, raise "
                    "limits.text in partnerkpi.toml"
                )
        self._left = left
        return kept


class _Calamine:
    """The fast reader, of all four formats."""

    def __init__(self, path: Path, limits: Limits) -> None:
        from python_calamine import CalamineWorkbook

        self._budget = _Budget(path, limits)
        self._limits = limits
        self._book = CalamineWorkbook.from_path(str(path))
        self._path = path
        self.marked = path.suffix.lower() in (".xlsx", ".xlsm")

    def names(self) -> list[tuple[str, bool]]:
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        return [
            (entry.name, entry.visible == SheetVisibleEnum.Visible)
            for entry in self._book.sheets_metadata
            if entry.typ == SheetTypeEnum.WorkSheet
        ]

    def rows(self, name: str) -> tuple[Rows, Sequence[Any]]:
        try:
            sheet = self._book.get_sheet_by_name(name)
            # it gives the empty rows above the first cell that holds something, and not the columns left of it
            left = [""] * (sheet.start[1] if sheet.start is not None else 0)
            rows = self._budget.spent(([*left, *row] if left else row) for row in sheet.iter_rows())
        except (*_OURS, PartnerKpiError):
            raise
        except BaseException as refused:  # noqa: BLE001 - a panic of the reader is no Exception
            return _second_reader(self._path, refused, self._limits).rows(name)
        merged: Sequence[Any] = ()
        with suppress(Exception):  # not every format tells
            merged = sheet.merged_cell_ranges or ()
        return rows, merged


class _Openpyxl:
    """The slow and patient reader: it opens .xlsx files with loose ends that the fast one refuses."""

    marked = False

    def __init__(self, path: Path, limits: Limits) -> None:
        import openpyxl

        self._budget = _Budget(path, limits)
        with _silenced():
            self._book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)

    def names(self) -> list[tuple[str, bool]]:
        return [(sheet.title, sheet.sheet_state == "visible") for sheet in self._book.worksheets]

    def rows(self, name: str) -> tuple[Rows, Sequence[Any]]:
        sheet = self._book[name]
        sheet.reset_dimensions()  # a stale dimension would hide all rows but the first
        with _silenced():
            return self._budget.spent(sheet.iter_rows(values_only=True)), ()


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep openpyxl from warning of parts that it would not write: nothing is written here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _open(path: Path, limits: Limits) -> _Calamine | _Openpyxl:
    try:
        return _Calamine(path, limits)
    except _OURS:
        raise
    except BaseException as refused:  # noqa: BLE001 - a panic of the reader is no Exception
        return _second_reader(path, refused, limits)


def _second_reader(path: Path, refused: BaseException, limits: Limits) -> _Openpyxl:
    """Return the other reader; FileProblem if it refuses too or cannot read this kind of file."""
    reason = refused
    if "pointer is null" in str(reason):  # so the first reader says that there is no memory left
        raise MemoryError
    if "password" in str(reason).lower():
        raise FileProblem(f"{path} is protected by a password: save a copy without the password and use that") from None
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        try:
            return _Openpyxl(path, limits)
        except _OURS:
            raise
        except Exception as error:  # noqa: BLE001 - it raises whatever its parsers raise, and the file is at fault
            reason = error
    words = (str(reason).strip().splitlines() or [type(reason).__name__])[0]
    raise FileProblem(
        f"{path} cannot be read as a workbook ({words[:200]}): open it, save it again as .xlsx and use that"
    ) from None
