"""Rows and cells as they stand in a file: what openpyxl writes of the same values, and nothing between the elements."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import books
import openpyxl
import pytest
from lxml import etree

from partnerkpi.workbook.model.book import Rows, WorkbookModel
from partnerkpi.workbook.model.theme import BODY, DATE, NOTE
from partnerkpi.workbook.writer.rows import SharedStrings, rows_of

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LOOKS = [BODY, replace(BODY, number=DATE), NOTE]
#: More rows than are written at a time; texts that come again, days, and cells that hold nothing.
VALUES = [
    (f"Partner {number % 7}", dt.date(2026, 1, 1) + dt.timedelta(number % 90), number / 4 if number % 5 else None)
    for number in range(1203)
]


def cells_in(data: bytes) -> list[tuple[str, list[tuple[str, str | None, float | None]]]]:
    """Return the number of each row with its cells: place, text, number. No text may stand between elements."""
    parts = books.parts(data)
    texts = [one.findtext(f"{_MAIN}t") for one in etree.fromstring(parts[_STRINGS])] if _STRINGS in parts else []
    (rows,) = etree.fromstring(parts[_SHEET]).iter(f"{_MAIN}sheetData")
    assert not [one for one in rows.iter() if one.tail or (one.text and one.tag[len(_MAIN) :] not in ("v", "t"))]
    found = []
    for row in rows:
        cells = []
        for cell in row:
            value, inline = cell.findtext(f"{_MAIN}v"), cell.findtext(f"{_MAIN}is/{_MAIN}t")  # openpyxl has no table
            if cell.get("t") == "s":
                inline, value = texts[int(value or "")], None
            cells.append((cell.get("r"), inline, None if value is None else float(value)))
        found.append((row.get("r"), cells))
    return found


def by_openpyxl(rows: Sequence[Sequence[Any]], first: int) -> bytes:
    """Return a workbook of the same rows that openpyxl has written."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for number, values in enumerate(rows, first):
        for column, value in enumerate(values, 1):
            sheet.cell(number, column).value = value
            sheet.cell(number, column).font = openpyxl.styles.Font(bold=True)  # else an empty one is not written
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_rows_stand_in_the_file_as_openpyxl_writes_them() -> None:
    """Of a stream longer than a block, and of a shorter one below a cell."""
    for first, rows in ((1, VALUES), (4, VALUES[:3])):
        model = WorkbookModel()
        model.add_rows(model.sheet("One"), Rows(first, LOOKS, iter(rows)))
        data = books.written(model)
        assert cells_in(data) == cells_in(by_openpyxl(rows, first))
        strings = etree.fromstring(books.parts(data)[_STRINGS])
        assert (strings.get("count"), strings.get("uniqueCount")) == (str(len(rows)), str(min(7, len(rows))))


def test_rows_come_in_blocks_and_are_counted_at_the_end() -> None:
    """Not all of a long stream is in memory at once; texts that were used before are counted beside."""
    strings = SharedStrings()
    strings.share("before")
    blocks = list(rows_of(Rows(1, LOOKS, iter(VALUES)), [3, 4, 5], strings))
    assert [block.count("<row ") for block in blocks] == [500, 500, 203]
    assert strings.uses == 1 + len(VALUES)
    assert list(rows_of(Rows(1, [BODY], []), [3], SharedStrings())) == [""]


def test_a_row_of_another_width_is_refused() -> None:
    """With the row, and how many values it should have."""
    with pytest.raises(ValueError, match=r"\('Acme', 1\) are not 3 values"):
        list(rows_of(Rows(1, LOOKS, [("Acme", 1)]), [1, 2, 3], SharedStrings()))


def test_a_workbook_of_rows_is_a_package(tmp_path: Any) -> None:
    """It opens, and each row is there once."""
    model = WorkbookModel()
    model.add_rows(model.sheet("One"), Rows(1, LOOKS, iter(VALUES)))
    target = tmp_path / "rows.xlsx"
    target.write_bytes(books.written(model))
    assert zipfile.ZipFile(target).testzip() is None
    sheet = openpyxl.load_workbook(target)["One"]
    read = list(sheet.iter_rows(values_only=True))
    assert [(name, day.date(), number) for name, day, number in read] == VALUES
