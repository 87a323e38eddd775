"""Workbooks of a model as they are read back."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
from openpyxl.utils.cell import get_column_letter

from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.writer.writer import Writer


def written(model: WorkbookModel, **options: Any) -> bytes:
    """Return the bytes of a workbook."""
    return Writer(several=False).write(model, **options)


def opened(model: WorkbookModel, *, values: bool = False) -> openpyxl.Workbook:
    """Return a workbook as openpyxl reads it, with formulas or with the stored values."""
    return openpyxl.load_workbook(io.BytesIO(written(model)), data_only=values)


def shown(model: WorkbookModel, title: str) -> dict[tuple[str, str], Any]:
    """Return (sheet, "B4") -> what a viewer that does not calculate shows in the cells of a sheet, before it is a file.

    That the file has all of it is another test's to say.
    """
    held = model[title].held()
    return {(title, f"{get_column_letter(column)}{row}"): value for (row, column), (_, value, _) in held}


def parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def differing(one: bytes, other: bytes) -> list[str]:
    """Return the parts in which two workbooks differ; a diff of their bytes would take hours."""
    if one == other:
        return []
    first, second = parts(one), parts(other)
    names = sorted(first.keys() | second.keys())
    return [name for name in names if first.get(name) != second.get(name)] or ["the archive"]
