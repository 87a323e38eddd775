"""A workbook that somebody sent, read as it stands: every cell with its formula and its stored value.

Nothing is calculated and nothing is looked up outside the package. Any program may have written it, so parts are found
by their relationships and not by their names. What programs could read in two ways is noted as an oddity.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path

from lxml import etree
from openpyxl.formula.translate import Translator
from openpyxl.utils.cell import get_column_letter, range_to_tuple

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, FileProblem
from partnerkpi.tables.guard import preflight
from partnerkpi.verify.package import Package, parsed, plain_number, read_package
from partnerkpi.vocabulary import whole_number
from partnerkpi.workbook.model.values import Value

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
#: Of a formula's element: what makes it more than a formula. How programs note it is no part of it.
_USUAL = {"t", "ref", "si", "ca", "aca", "bx", "{http://www.w3.org/XML/1998/namespace}space"}
#: Neither a chart nor a name of a scorecard takes so many; a forged one may say that it takes a whole sheet.
_MOST_CELLS = 4096


#: The title of a sheet, and a cell on it.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error that a cell shows, such as #N/A."""

    code: str


@dataclass(slots=True)
class Found:
    """What a cell holds: the formula without its equals sign, or None; the stored value, None for none.

    `style` is its place in the table of styles; `spills` the range that its formula fills, "" for its own cell;
    `runs` are the looks that parts of a text have of their own.
    """

    formula: str | None
    value: Value | ErrorValue
    style: int = 0
    spills: str = ""
    runs: tuple[etree._Element, ...] = ()


@dataclass
class Sheet:
    """One sheet: its part, whether it is visible, its root and its cells."""

    title: str
    part: str
    state: str
    root: etree._Element | None = None
    cells: dict[str, Found] = field(default_factory=dict)


@dataclass
class Table:
    """A table of a sheet: where it stands, the heads of its columns, and its root."""

    sheet: str
    ref: str
    heads: tuple[str, ...]
    root: etree._Element


@dataclass
class Contents:
    """A whole workbook; `oddities` are places that programs could read in two ways, and how."""

    package: Package
    workbook: str
    book: etree._Element
    sheets: dict[str, Sheet] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    oddities: list[tuple[str, str]] = field(default_factory=list)

    @property
    def parts(self) -> dict[str, bytes]:
        """Return the parts by name."""
        return self.package.parts

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


def as_shown(value: Value | ErrorValue) -> Value:
    """Return a value as a report can hold it."""
    return value.code if isinstance(value, ErrorValue) else value


def same(found: Value | ErrorValue, should: Value | ErrorValue) -> bool:
    """Tell whether two values of cells mean the same: numbers to 1e-9, an empty text is nothing."""
    if isinstance(found, bool) or isinstance(should, bool):
        return found is should
    if isinstance(found, (int, float)) and isinstance(should, (int, float)):
        return math.isclose(found, should, rel_tol=1e-9, abs_tol=1e-9)
    return (found if found is not None else "") == (should if should is not None else "")


def package_of(path: Path) -> Package:
    """Return the parts of a workbook; FileProblem for what must not be opened or is no workbook."""
    if preflight(path) != "xlsx":
        raise FileProblem(f"{path} is not an Excel workbook: a scorecard ends in .xlsx")
    return read_package(path)


def read_contents(path: Path) -> Contents:
    """Return what a workbook holds; FileProblem for what must not be opened or is no workbook."""
    return contents_of(package_of(path), path)


def titles_of(package: Package) -> list[str]:
    """Return the titles of the sheets without reading them; none where there is no workbook."""
    workbook = next(package.related("", "officeDocument"), "")
    if not workbook:
        return []
    return [one.get("name", "") for one in parsed(package.parts[workbook], workbook).iter(f"{MAIN}sheet")]


def contents_of(package: Package, path: Path | str = "the workbook") -> Contents:
    """Return what the workbook of a package holds; DataProblem where there is none."""
    workbook = next(package.related("", "officeDocument"), "")
    if not workbook:
        raise DataProblem(f"{path} has no workbook part: it was not made by partnerkpi")
    book = parsed(package.parts[workbook], workbook)
    contents = Contents(package, workbook, book)
    strings = list(_strings(contents))
    targets = {one.id: one for one in package.relations(workbook)}
    titles, parts = set[str](), set[str]()
    for element in book.iter(f"{MAIN}sheet"):
        title = element.get("name", "")
        relation = targets.get(element.get(f"{OFFICE}id", ""))
        part = relation.target if relation is not None else ""
        if title.casefold() in titles:
            contents.oddities.append((title, "two sheets have this name"))
            continue
        titles.add(title.casefold())
        if part in parts:  # which is read once, or many sheets of one part would take minutes
            contents.oddities.append((title, "shows the part of another sheet"))
            continue
        parts.add(part)
        sheet = contents.sheets[title] = Sheet(title, part, element.get("state", "visible"))
        if part in package.parts:
            sheet.root = parsed(package.parts[part], part)
            _read_cells(contents, sheet, strings)
            _read_tables(contents, sheet)
    # a name of one sheet hides that of the workbook there: `layout` compares both
    for one in book.iter(f"{MAIN}definedName"):
        if one.get("localSheetId") is None:
            contents.names[one.get("name", "")] = one.text or ""
    return contents


def cells_of(where: str) -> Iterator[tuple[str, str]]:
    """Yield the cells of a range such as 'Data'!$B$2:$B$9, row by row; none of what is no such range.

    None of whole rows and columns either, nor of more cells than a chart or a name of a scorecard takes.
    """
    try:
        quoted, (left, top, right, bottom) = range_to_tuple(where)
    except (ValueError, TypeError):
        return
    if not (left and top and right and bottom) or (bottom - top + 1) * (right - left + 1) > _MOST_CELLS:
        return
    title = quoted.replace("''", "'")
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            yield title, f"{get_column_letter(column)}{row}"


Item = tuple[str, tuple[etree._Element, ...]]


def _strings(contents: Contents) -> Iterator[Item]:
    for part in list(contents.package.related(contents.workbook, "sharedStrings"))[:1]:
        for item in parsed(contents.parts[part], part):
            if item.tag == f"{MAIN}si":
                yield _item(contents, "shared texts", item)


def _item(contents: Contents, place: str, item: etree._Element) -> Item:
    """Return a text, and the looks that parts of it have of their own."""
    if item.find(f"{MAIN}rPh") is not None:
        contents.oddities.append((place, f"a text is shown with another above it: {_text(item)[:60]!r}"))
    return _text(item), tuple(item.iterfind(f"{MAIN}r/{MAIN}rPr"))


def _text(item: etree._Element) -> str:
    """Return the text of a string item; how it is pronounced in Japanese is no part of it."""
    texts = (
        one.text or "" for one in item.iter(f"{MAIN}t") if (up := one.getparent()) is None or up.tag != f"{MAIN}rPh"
    )
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    """Return text as a reader sees it: the file writes odd characters as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _read_cells(contents: Contents, sheet: Sheet, strings: list[Item]) -> None:
    """Read every cell that holds something or has a look."""
    root, title = sheet.root, sheet.title
    if root is None:
        return
    if any(not one.tag.startswith(MAIN) and not _in_extension(one) for one in root.iter("{*}*")):
        contents.oddities.append((title, "holds elements of another kind, which some programs read as its own"))
    data = root.findall(f"{MAIN}sheetData")
    if len(data) != 1 or root.tag != f"{MAIN}worksheet":
        contents.oddities.append((title, "is no sheet of cells" if len(data) != 1 else f"is a {root.tag}"))
    shared = dict[str, tuple[str, str]]()
    rows = set[str]()
    for row in data[0] if data else ():
        number = row.get("r", "")
        if row.tag != f"{MAIN}row" or number in rows or whole_number(number) is None:
            contents.oddities.append((f"{title}, row {number}", "stands twice or is none"))
        rows.add(number)
        for cell in row:
            ref, kind = cell.get("r", ""), cell.get("t", "n")
            place = f"{title}!{ref}"
            if cell.tag != f"{MAIN}c" or not _CELL.fullmatch(ref) or ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != number:
                contents.oddities.append((place, "is not where its row says"))
                continue
            if ref in sheet.cells:
                contents.oddities.append((place, "the cell is there twice"))
                continue
            held = [child.tag.removeprefix(MAIN) for child in cell if child.tag != f"{MAIN}extLst"]
            if held not in ([["is"]] if kind == "inlineStr" else [[], ["f"], ["v"], ["f", "v"]]):
                contents.oddities.append((place, "the cell holds more than a formula and a value"))
            if any(len(child) for child in cell if child.tag != f"{MAIN}is") or cell.get("vm"):
                contents.oddities.append((place, "the cell shows something else than its value"))
            style = cell.get("s", "0")
            found = Found(None, _value(kind, cell.findtext(f"{MAIN}v"), cell, strings))
            found.style = whole_number(style) or 0
            if kind == "s" and isinstance(found.value, str):
                found.runs = strings[whole_number(cell.findtext(f"{MAIN}v")) or 0][1]
            elif kind == "inlineStr" and (inline := cell.find(f"{MAIN}is")) is not None:
                found.runs = _item(contents, place, inline)[1]
            element = cell.find(f"{MAIN}f")
            if element is not None:
                _read_formula(contents, found, element, ref, place, shared)
            sheet.cells[ref] = found


def _in_extension(element: etree._Element) -> bool:
    return any(one.tag == f"{MAIN}extLst" for one in element.iterancestors())


def _read_formula(
    contents: Contents, found: Found, element: etree._Element, ref: str, place: str, shared: dict[str, tuple[str, str]]
) -> None:
    """Note the formula of a cell, one that it shares with others as it reads there."""
    kind, found.formula = element.get("t", "normal"), element.text or ""
    if any(element.get(name) not in ("0", "false") for name in element.keys() if name not in _USUAL):  # noqa: SIM118
        contents.oddities.append((place, "a table of what-if values fills this cell"))
    if kind == "shared":
        group = element.get("si", "")
        if found.formula:
            shared[group] = (found.formula, ref)
        elif group in shared:
            formula, origin = shared[group]
            try:
                found.formula = str(Translator(f"={formula}", origin=origin).translate_formula(ref))[1:]
            except Exception:  # noqa: BLE001 - whatever it cannot read is no formula of ours
                contents.oddities.append((place, "the formula that it shares cannot be read"))
        else:
            contents.oddities.append((place, "shares a formula that is not there"))
    elif kind == "array":
        found.spills = element.get("ref", ref)
    elif kind != "normal":
        contents.oddities.append((place, "a table of what-if values fills this cell"))
    if not found.formula:
        contents.oddities.append((place, "has a formula without a text"))


def _value(kind: str, text: str | None, cell: etree._Element, strings: list[Item]) -> Value | ErrorValue:
    if kind == "inlineStr":
        inline = cell.find(f"{MAIN}is")
        return _text(inline) if inline is not None else ""
    if kind == "str":
        return _unescaped(text or "") if cell.find(f"{MAIN}v") is not None else None
    if not text:  # an empty value is how some programs say that they have none
        return None
    if kind == "s":
        place = whole_number(text) if text.isascii() else None
        return strings[place][0] if place is not None and place < len(strings) else ErrorValue(f"text {text}")
    if kind == "b":
        return text == "1"
    if kind == "e":
        return ErrorValue(text)
    number = plain_number(text)
    return number if number is not None else ErrorValue(text)


def _read_tables(contents: Contents, sheet: Sheet) -> None:
    for part in contents.package.related(sheet.part, "table"):
        root = parsed(contents.parts[part], part)
        heads = tuple(column.get("name", "") for column in root.iter(f"{MAIN}tableColumn"))
        name = root.get("displayName", "")
        if name in contents.tables:
            contents.oddities.append((sheet.title, f"two tables are called {name}"))
        contents.tables[name] = Table(sheet.title, root.get("ref", ""), heads, root)
