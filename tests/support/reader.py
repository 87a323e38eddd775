"""A workbook's cells, as its parts say; openpyxl would build everything else of it, ten times as long."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from lxml import etree
from openpyxl.formula.translate import Translator
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.datetime import from_excel, from_ISO8601

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL, _VALUE, _FORMULA, _INLINE = (f"{_MAIN}{name}" for name in ("c", "v", "f", "is"))

#: A field of LibreOffice's text files: a text in quotes, or what stands without, and what ends it.
_WRITTEN = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])')

Place = tuple[str, str]


@dataclass
class Read:
    """What the cells of a workbook hold: (sheet, "B4") -> value that is stored, and -> formula."""

    values: dict[Place, Any] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)


def read(file: Path | IO[bytes]) -> Read:
    """Return the stored values and the formulas of all cells that are not empty, in the order of the sheets."""
    found = Read()
    with zipfile.ZipFile(file) as parts:
        strings = _strings(parts)
        dates = _dates(parts)
        for title, part in _sheets(parts):
            _read_sheet(title, etree.fromstring(parts.read(part)), strings, dates, found)
    return found


def read_calculated(folder: Path, book: Path) -> dict[Place, Any]:
    """Return the values of a workbook's cells as LibreOffice has written its sheets into a folder: a text file each.

    It takes a third of the time of a workbook. Texts are in quotes; numbers are not, and have all their digits.
    """
    found: dict[Place, Any] = {}
    with zipfile.ZipFile(book) as parts:
        titles = [title for title, _ in _sheets(parts)]
    for title in titles:
        text = (folder / f"{book.stem}-{title}.csv").read_text(encoding="utf-8")
        row = column = 1
        for quoted, plain, end in _WRITTEN.findall(text):
            value = quoted.replace('""', '"') if quoted else _of_plain(plain)
            if value not in (None, ""):
                found[title, f"{get_column_letter(column)}{row}"] = value
            row, column = (row + 1, 1) if end == "\n" else (row, column + 1)
    return found


def _of_plain(text: str) -> Any:
    """Return the number, date, truth or error that stands without quotes."""
    if not text or text.startswith(("#", "Err:")):
        return text or None
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    if text.count("-") == 2 and text[0].isdigit():
        return dt.datetime.fromisoformat(text)
    if text.count("/") == 2:
        month, day, year = map(int, text.split("/"))
        return dt.datetime(year, month, day)
    if text.endswith("%"):
        return float(text[:-1]) / 100
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def _read_sheet(title: str, sheet: Any, strings: list[str], dates: dict[int, bool], found: Read) -> None:
    shared: dict[str, Translator] = {}
    for cell in sheet.iter(_CELL):
        place = title, cell.get("r")
        formula = cell.find(_FORMULA)
        if formula is not None:
            found.formulas[place] = _formula(formula, place[1], shared)
        value = _value(cell, strings, dates)
        if value not in (None, ""):  # an empty text is nothing
            found.values[place] = value


def _formula(formula: Any, ref: str, shared: dict[str, Translator]) -> str:
    number = formula.get("si") if formula.get("t") == "shared" else None
    if number is None:
        return f"={formula.text or ''}"
    if formula.text:
        shared[number] = Translator(f"={formula.text}", ref)
        return f"={formula.text}"
    return str(shared[number].translate_formula(ref))


def _value(cell: Any, strings: list[str], dates: dict[int, bool]) -> Any:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell.find(_INLINE))
    text = cell.findtext(_VALUE)
    if not text:
        return None
    if kind == "s":
        return strings[int(text)]
    if kind == "b":
        return text == "1"
    if kind == "d":
        return from_ISO8601(text)
    if kind != "n":
        return text
    number = float(text) if any(letter in text for letter in ".eE") else int(text)
    style = int(cell.get("s", 0))
    return from_excel(number, timedelta=dates[style]) if style in dates else number


def _text(item: Any) -> str:
    """Return a text, which may be in runs of several looks; how it is pronounced is none of it."""
    runs = [item.find(f"{_MAIN}t"), *(run.find(f"{_MAIN}t") for run in item.iter(f"{_MAIN}r"))]
    return "".join(run.text or "" for run in runs if run is not None).replace("x005F_", "")


def _strings(parts: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in parts.namelist():
        return []
    return [_text(item) for item in etree.fromstring(parts.read(name)).iter(f"{_MAIN}si")]


def _dates(parts: zipfile.ZipFile) -> dict[int, bool]:
    """Return the styles by which a number is shown as a date, and whether as a length of time."""
    if "xl/styles.xml" not in parts.namelist():
        return {}
    styles = etree.fromstring(parts.read("xl/styles.xml"))
    formats = dict(BUILTIN_FORMATS)
    formats |= {int(one.get("numFmtId")): one.get("formatCode") for one in styles.iter(f"{_MAIN}numFmt")}
    found = {}
    looks = styles.find(f"{_MAIN}cellXfs")
    for number, look in enumerate(looks if looks is not None else ()):
        shown = formats.get(int(look.get("numFmtId", 0)), "General")
        if is_date_format(shown):
            found[number] = bool(is_timedelta_format(shown))
    return found


def _sheets(parts: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return the title of each sheet with cells and the name of its part, in order."""
    relations = etree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target") for one in relations if one.get("Type").endswith("/worksheet")}
    book = etree.fromstring(parts.read("xl/workbook.xml"))
    return [
        (sheet.get("name"), posixpath.normpath(posixpath.join("/xl", targets[sheet.get(_RELATION)])).lstrip("/"))
        for sheet in book.iter(f"{_MAIN}sheet")
        if sheet.get(_RELATION) in targets
    ]
