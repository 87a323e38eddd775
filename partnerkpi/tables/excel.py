"""Workbooks as they come (.xlsx, .xlsm, .xls, .ods): each sheet as rows of text, the table in it found.

Cells are written out as the text that stands for them and then read like any CSV: one path for all that was exported,
and nothing of the workbook stays in memory. Only files that passed `guard.preflight` may come here.
"""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partnerkpi.errors import FileProblem
from partnerkpi.tables.header import SEARCHED_ROWS, find_header, name_columns
from partnerkpi.tables.values import as_text


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that holds a table: its name, its column names and the cells below them.

    `header_row` is the row number as the spreadsheet shows it; `first_column` the position of the table's first column.
    """

    name: str
    visible: bool
    names: tuple[str, ...]
    header_row: int
    first_column: int
    rows: Sequence[Sequence[Any]]

    def write(self, target: Path) -> None:
        """Write the rows below the header as plain UTF-8 CSV without a header."""
        first, last = self.first_column, self.first_column + len(self.names)
        with target.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, quoting=csv.QUOTE_ALL).writerows(
                [cell if type(cell) is str else "" if cell is None else as_text(cell) or "" for cell in row[first:last]]
                for row in self.rows[self.header_row :]
            )


def sheets(path: Path, only: str | None = None) -> Iterator[Sheet]:
    """Yield the sheets that hold a table: the visible ones in order, then hidden ones; with `only`, that one.

    FileProblem if the workbook cannot be read, has no such sheet, or the named sheet holds no table.
    """
    book = _open(path)
    found = book.names()
    wanted = found if only is None else [entry for entry in found if entry[0].casefold() == only.casefold()]
    if not wanted:
        names = ", ".join(name for name, _ in found) or "none"
        raise FileProblem(f"{path} has no sheet named {only!r}; its sheets are: {names}")
    for name, visible in sorted(wanted, key=lambda entry: not entry[1]):
        sheet = _table(name, visible, book.rows(name))
        if sheet is not None:
            yield sheet
        elif only is not None:
            raise FileProblem(f"{path}#{name} holds no table: no row names the columns of rows below it")


class _Calamine:
    """The fast reader, of all four formats."""

    def __init__(self, path: Path) -> None:
        from python_calamine import CalamineWorkbook

        self._book = CalamineWorkbook.from_path(str(path))

    def names(self) -> list[tuple[str, bool]]:
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        return [
            (entry.name, entry.visible == SheetVisibleEnum.Visible)
            for entry in self._book.sheets_metadata
            if entry.typ == SheetTypeEnum.WorkSheet
        ]

    def rows(self, name: str) -> Sequence[Sequence[Any]]:
        return self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)


class _Openpyxl:
    """The slow and patient reader: it opens .xlsx files with loose ends that the fast one refuses."""

    def __init__(self, path: Path) -> None:
        import openpyxl

        with _silenced():
            self._book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)

    def names(self) -> list[tuple[str, bool]]:
        return [(sheet.title, sheet.sheet_state == "visible") for sheet in self._book.worksheets]

    def rows(self, name: str) -> Sequence[Sequence[Any]]:
        sheet = self._book[name]
        sheet.reset_dimensions()  # a stale dimension would hide all rows but the first
        with _silenced():
            return [list(row) for row in sheet.iter_rows(values_only=True)]


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep openpyxl from warning of parts that it would not write: nothing is written here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _open(path: Path) -> _Calamine | _Openpyxl:
    from python_calamine import CalamineError

    try:
        return _Calamine(path)
    except (CalamineError, OSError, ValueError, KeyError) as refused:
        reason: Exception = refused
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        try:
            return _Openpyxl(path)
        except Exception as error:  # noqa: BLE001 - it raises whatever its parsers raise, and the file is at fault
            reason = error
    raise FileProblem(
        f"{path} cannot be read as a workbook ({reason}): open it, save it again as .xlsx and use that"
    ) from None


def _table(name: str, visible: bool, rows: Sequence[Sequence[Any]]) -> Sheet | None:
    start = 0
    while start < len(rows) and not any(cell != "" and cell is not None for cell in rows[start]):
        start += 1  # blank rows above a table are not part of what is searched
    first_rows = [[as_text(cell) for cell in row] for row in rows[start : start + SEARCHED_ROWS + 40]]
    position = find_header(first_rows)
    if position is None:
        return None
    header = first_rows[position]
    first = next(number for number, cell in enumerate(header) if cell)
    width = max((number + 1 for row in first_rows[position:] for number, cell in enumerate(row) if cell), default=0)
    names = name_columns(header[first:], width - first)
    return Sheet(name, visible, tuple(names), start + position + 1, first, rows)
