"""scorecard.xlsm read by other means than those that wrote it: its formulas, and what they give when they are asked."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from excel_path import CellRange, ExcelPath
from lxml import etree
from openpyxl.utils.cell import range_boundaries

from partnerkpi.cells import COM_ERRORS
from partnerkpi.workbook.model.values import serial

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ERROR_NUMBERS = {text: number for number, text in COM_ERRORS.items()}

Rows = tuple[tuple[Any, ...], ...]
_OURS = re.compile(r"PARTNER_|PartnerSetUp\(")  # what only the workbook's own macros calculate


@dataclass(frozen=True)
class Formula:
    """One formula cell: where it is, what it says, and what it and the cells that it fills hold."""

    sheet: str
    ref: str
    text: str
    area: str | None  # of a formula that spills
    is_dynamic: bool
    stored: Rows


class MacroBook:
    """The workbook: its cells' stored values, its formulas, its names and tables."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values = openpyxl.load_workbook(path, data_only=True, keep_vba=False)
        with zipfile.ZipFile(path) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.formulas = list(self._formulas())

    def cells(self, sheet: str, area: str) -> Rows:
        """Return the stored values of a range, row by row."""
        left, top, right, bottom = range_boundaries(area.replace("$", ""))
        rows = self.values[sheet].iter_rows(top, bottom, left, right, values_only=True)
        return tuple(rows)

    def calling(self) -> list[Formula]:
        """Return the formulas that call our functions."""
        return [formula for formula in self.formulas if "PARTNER_" in formula.text]

    def sheet_parts(self) -> dict[str, bytes]:
        """Return the part of each sheet by its title."""
        relations = etree.fromstring(self.parts["xl/_rels/workbook.xml.rels"])
        targets = {relation.get("Id"): f"xl/{relation.get('Target')}" for relation in relations}
        key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
        sheets = etree.fromstring(self.parts["xl/workbook.xml"]).iter(f"{MAIN}sheet")
        return {sheet.get("name", ""): self.parts[targets[sheet.get(key)]] for sheet in sheets}

    def _formulas(self) -> Iterator[Formula]:
        for title, part in self.sheet_parts().items():
            for cell in etree.fromstring(part).iter(f"{MAIN}c"):
                formula = cell.find(f"{MAIN}f")
                if formula is None:
                    continue
                ref, area = cell.get("r", ""), formula.get("ref")
                stored = self.cells(title, area or ref)
                yield Formula(title, ref, formula.text or "", area, cell.get("cm") == "1", stored)


def without_functions(book: MacroBook, target: Path) -> Path:
    """Write the workbook with our functions' results in the place of their calls, and without macros.

    What is left is Excel's own formulas, which other programs can calculate.
    """
    with zipfile.ZipFile(target, "w") as package:
        for name, data in book.parts.items():
            if name.startswith("xl/worksheets/sheet"):
                data = _without_calls(data)
            elif name == "[Content_Types].xml":
                data = data.replace(
                    b"vnd.ms-excel.sheet.macroEnabled.main",
                    b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
                )
                data = re.sub(rb'<Override PartName="/xl/(vbaProject\.bin|metadata\.xml)"[^>]*/>', b"", data)
            elif name == "xl/_rels/workbook.xml.rels":
                data = re.sub(rb'<Relationship [^>]*Target="(vbaProject\.bin|metadata\.xml)"[^>]*/>', b"", data)
            if name not in ("xl/vbaProject.bin", "xl/metadata.xml"):
                package.writestr(name, data)
    return target


def _without_calls(part: bytes) -> bytes:
    root = etree.fromstring(part)
    for cell in root.iter(f"{MAIN}c"):
        formula = cell.find(f"{MAIN}f")
        if formula is not None and _OURS.search(formula.text or ""):
            cell.remove(formula)
            cell.attrib.pop("cm", None)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


class Asker:
    """A formula with our functions, worked out: the functions by the way that xlwings calls them, the rest here."""

    _TOKEN = re.compile(
        r"""\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<number>\d+(?:\.\d+)?)|(?P<table>\w+\[\w+\])
        |(?P<cell>\$?[A-Z]{1,3}\$?\d+)(?!\w)|(?P<name>[A-Za-z_]\w*)|(?P<sign><>|>=|<=|[-*<>=(){},;&]))""",
        re.VERBOSE,
    )

    def __init__(self, book: MacroBook, excel: ExcelPath) -> None:
        self._book, self._excel = book, excel
        self._sheet, self._tokens, self._at = "", [("", "")], 0

    def ask(self, formula: Formula) -> Rows:
        """Return what the formula gives, row by row."""
        text, place, self._sheet = formula.text, 0, formula.sheet
        self._tokens, self._at = [], 0
        while place < len(text):
            found = self._TOKEN.match(text, place)
            assert found is not None, f"{text!r} at {place}"
            assert found.lastgroup is not None
            self._tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()
        result = self._product()
        assert self._at == len(self._tokens), text
        return as_rows(result)

    def _next(self) -> tuple[str, str]:
        self._at += 1
        return self._tokens[self._at - 1]

    def _takes(self, *signs: str) -> str | None:
        if self._at < len(self._tokens) and self._tokens[self._at] in [("sign", sign) for sign in signs]:
            return self._next()[1]
        return None

    def _product(self) -> Any:
        left = self._comparison()
        while self._takes("*"):
            left = _each(lambda one, other: float(one) * float(other), left, self._comparison())
        return left

    def _comparison(self) -> Any:
        left = self._value()
        sign = self._takes("<>", ">=", "<", "=")
        if sign is None:
            return left
        compare: dict[str, Callable[[Any, Any], bool]] = {
            "<>": lambda one, other: ("" if one is None else one) != other,
            ">=": lambda one, other: (one or 0.0) >= other,
            "<": lambda one, other: (one or 0.0) < other,
            "=": lambda one, other: one == other,
        }
        return _each(compare[sign], left, self._value())

    def _value(self) -> Any:
        kind, text = self._next()
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "number":
            return float(text)
        if kind == "table":
            table, head = text[:-1].split("[")
            return self._column(table, head)
        if kind == "cell":
            return self._range(self._sheet, text)
        if kind == "name":
            return self._call(text) if self._takes("(") else self._named(text)
        if text == "(":
            inner = self._product()
            assert self._takes(")")
            return inner
        assert text == "{", text
        rows = [[self._value()]]
        while (sign := self._next()[1]) != "}":
            if sign == ";":
                rows.append([])
            rows[-1].append(self._value())
        return tuple(map(tuple, rows))  # an array constant is no range

    def _call(self, name: str) -> Any:
        arguments = []
        while not self._takes(")"):
            arguments.append(self._product())
            self._takes(",")
        if name.startswith("PARTNER_"):
            return self._excel.call(name, *arguments)
        if name == "NA":
            return ERROR_NUMBERS["#N/A"]
        if name == "IF":
            return _each(lambda test, value: value if test else arguments[2], arguments[0], arguments[1])
        cells = [cell for row in as_rows(arguments[0]) for cell in row]
        if name == "INDEX":
            return as_rows(arguments[0])[int(arguments[1]) - 1][int(arguments[2]) - 1]
        numbers = [cell for cell in cells if isinstance(cell, float)]
        return {"ROWS": len(as_rows(arguments[0])), "COUNT": len(numbers), "SUM": sum(numbers)}[name]

    def _named(self, name: str) -> CellRange:
        ((sheet, area),) = self._book.values.defined_names[name].destinations
        return self._range(sheet, area)

    def _column(self, table: str, head: str) -> CellRange:
        sheet = next(sheet for sheet in self._book.values.worksheets if table in sheet.tables)
        left, top, right, bottom = range_boundaries(sheet.tables[table].ref)
        heads = [cell.value for cell in sheet[top][left - 1 : right]]
        column = left + heads.index(head)
        return CellRange(tuple((handed_over(sheet.cell(row, column).value),) for row in range(top + 1, bottom + 1)))

    def _range(self, sheet: str, area: str) -> CellRange:
        rows = tuple(tuple(map(handed_over, row)) for row in self._book.cells(sheet, area))
        return CellRange(rows[0][0] if len(rows) == len(rows[0]) == 1 else rows)


def handed_over(cell: Any) -> Any:
    """Return what Value2 gives of a cell: every number is a float, a date is its number, an error has one too."""
    if isinstance(cell, bool) or cell is None:
        return cell
    if isinstance(cell, date):
        return serial(cell)
    if isinstance(cell, str):
        return ERROR_NUMBERS.get(cell, cell)
    return float(cell)


def as_rows(value: Any) -> Rows:
    """Return a value as rows: of a range, of a table that a function gave, of a row of it, of one value."""
    if isinstance(value, CellRange):
        value = value.Value
    if not isinstance(value, (list, tuple)):
        return ((value,),)
    if value and not isinstance(value[0], (list, tuple)):
        return (tuple(value),)
    return tuple(tuple(row) for row in value)


def _each(work: Callable[[Any, Any], Any], left: Any, right: Any) -> CellRange:
    """Work on two ranges cell by cell; a single value goes with every cell."""
    first, second = as_rows(left), as_rows(right)
    size = max(len(first), len(second))
    first, second = (rows * size if len(rows) == 1 else rows for rows in (first, second))
    return CellRange(tuple((work(one[0], other[0]),) for one, other in zip(first, second, strict=True)))
