"""A workbook that somebody sent, read as it stands: every cell with its formula and its stored value.

Nothing is calculated and nothing is looked up outside the package. Any program may have written it, so parts are found
by their relationships and not by their names.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree
from openpyxl.utils.cell import get_column_letter, range_to_tuple

from partnerkpi.errors import DataProblem, FileProblem
from partnerkpi.tables.guard import preflight
from partnerkpi.workbook.model.values import Value

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORKBOOK = "xl/workbook.xml"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error that a cell shows, such as #N/A."""

    code: str


@dataclass(slots=True)
class Found:
    """What a cell holds: the formula without its equals sign, or None; the stored value, None for none."""

    formula: str | None
    value: Value | ErrorValue


@dataclass
class Sheet:
    """One sheet: its part, whether it is visible, and its cells."""

    title: str
    part: str
    state: str
    cells: dict[str, Found] = field(default_factory=dict)


@dataclass
class Table:
    """A table of a sheet: where it stands and the heads of its columns."""

    sheet: str
    ref: str
    heads: tuple[str, ...]


@dataclass
class Contents:
    """A whole package."""

    parts: dict[str, bytes]
    sheets: dict[str, Sheet]
    names: dict[str, str]
    tables: dict[str, Table]

    def cell(self, title: str, ref: str) -> Found | None:
        """Return a cell, None for an empty one."""
        sheet = self.sheets.get(title)
        return sheet.cells.get(ref) if sheet is not None else None

    def shown(self, title: str, ref: str) -> Value:
        """Return what a cell shows, as a report can hold it; None for an empty one."""
        found = self.cell(title, ref)
        return as_shown(found.value) if found is not None else None

    def named(self, name: str) -> list[tuple[str, str]]:
        """Return the cells that a defined name stands for, row by row; none where it is not one range."""
        return list(cells_of(self.names.get(name, "")))

    def named_value(self, name: str) -> Value | ErrorValue:
        """Return what the first cell of a defined name holds."""
        for title, ref in self.named(name):
            found = self.cell(title, ref)
            return found.value if found is not None else None
        return None

    def relations(self, part: str) -> Iterator[etree._Element]:
        """Yield the relationships of a part."""
        folder, name = posixpath.split(part)
        xml = self.parts.get(f"{folder}/_rels/{name}.rels")
        if xml is not None:
            yield from parsed(xml, part)

    def related(self, part: str, kind: str) -> Iterator[str]:
        """Yield the parts of a kind that a part refers to."""
        for relation in self.relations(part):
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
                yield posixpath.normpath(posixpath.join(posixpath.dirname(part), relation.get("Target", ""))).lstrip(
                    "/"
                )


def as_shown(value: Value | ErrorValue) -> Value:
    """Return a value as a report can hold it."""
    return value.code if isinstance(value, ErrorValue) else value


def read_contents(path: Path) -> Contents:
    """Return what a workbook holds; FileProblem for what must not be opened or is no workbook."""
    if preflight(path) != "xlsx":
        raise FileProblem(f"{path} is not an Excel workbook: a scorecard ends in .xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    contents = Contents(parts, {}, {}, {})
    if _WORKBOOK not in parts:
        raise DataProblem(f"{path} has no {_WORKBOOK}: it was not made by partnerkpi")
    strings = list(_strings(contents))
    book = parsed(parts[_WORKBOOK], _WORKBOOK)
    targets = {relation.get("Id"): relation.get("Target", "") for relation in contents.relations(_WORKBOOK)}
    for element in book.iter(f"{MAIN}sheet"):
        part = posixpath.normpath(posixpath.join("/xl", targets.get(element.get(f"{{{_OFFICE}}}id"), ""))).lstrip("/")
        sheet = Sheet(element.get("name", ""), part, element.get("state", "visible"))
        contents.sheets[sheet.title] = sheet
        if part in parts:
            sheet.cells = dict(_cells(parsed(parts[part], part), strings))
            contents.tables |= _tables(contents, sheet)
    contents.names = {one.get("name", ""): one.text or "" for one in book.iter(f"{MAIN}definedName")}
    return contents


def parsed(xml: bytes, part: str) -> etree._Element:
    """Return the root of a part; FileProblem where it is damaged."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise FileProblem(f"the workbook is damaged: {part} is not XML ({error})") from None


def cells_of(where: str) -> Iterator[tuple[str, str]]:
    """Yield the cells of a range such as 'Data'!$B$2:$B$9, row by row; none of what is no such range."""
    try:
        quoted, (left, top, right, bottom) = range_to_tuple(where)
    except (ValueError, TypeError):
        return
    title = quoted.replace("''", "'")
    for row in range(top or 0, (bottom or 0) + 1):
        for column in range(left or 0, (right or 0) + 1):
            yield title, f"{get_column_letter(column)}{row}"


def _strings(contents: Contents) -> Iterator[str]:
    for part in contents.related(_WORKBOOK, "sharedStrings"):
        if part in contents.parts:
            for item in parsed(contents.parts[part], part).iter(f"{MAIN}si"):
                yield _text(item)


def _text(item: etree._Element) -> str:
    """Return the text of a string item; how it is pronounced in Japanese is no part of it."""
    texts = (
        one.text or "" for one in item.iter(f"{MAIN}t") if (up := one.getparent()) is None or up.tag != f"{MAIN}rPh"
    )
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    """Return text as a reader sees it: the file writes odd characters as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _cells(root: etree._Element, strings: list[str]) -> Iterator[tuple[str, Found]]:
    """Yield every cell that holds something."""
    for cell in root.iter(f"{MAIN}c"):
        kind, formula = cell.get("t", "n"), cell.find(f"{MAIN}f")
        text = cell.findtext(f"{MAIN}v")
        value = _value(kind, text, cell, strings)
        if formula is not None or value is not None:
            yield cell.get("r", ""), Found((formula.text or "") if formula is not None else None, value)


def _value(kind: str, text: str | None, cell: etree._Element, strings: list[str]) -> Value | ErrorValue:
    if kind == "inlineStr":
        inline = cell.find(f"{MAIN}is")
        return _text(inline) if inline is not None else ""
    if kind == "str":
        return _unescaped(text or "") if cell.find(f"{MAIN}v") is not None else None
    if not text:  # an empty value is how some programs say that they have none
        return None
    if kind == "s":
        return strings[int(text)] if text.isdigit() and int(text) < len(strings) else ErrorValue(f"text {text}")
    if kind == "b":
        return text == "1"
    if kind == "e":
        return ErrorValue(text)
    try:
        return float(text)
    except ValueError:
        return ErrorValue(text)


def _tables(contents: Contents, sheet: Sheet) -> dict[str, Table]:
    tables = {}
    for part in contents.related(sheet.part, "table"):
        if part in contents.parts:
            root = parsed(contents.parts[part], part)
            heads = tuple(column.get("name", "") for column in root.iter(f"{MAIN}tableColumn"))
            tables[root.get("displayName", "")] = Table(sheet.title, root.get("ref", ""), heads)
    return tables
