"""Whether everything of a model is in the file that was written of it, by openpyxl's own reading of the file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import openpyxl
import reader
from books import parts
from lxml import etree
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.cell import get_column_letter, range_to_tuple
from openpyxl.worksheet.cell_range import MultiCellRange

from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import BLANK, SheetModel, Spill
from partnerkpi.workbook.model.theme import DATE, FONT, Look
from partnerkpi.workbook.model.values import encode, serial

_VIEW = ("showGridLines", "zoomScale", "tabSelected")
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def missing(model: WorkbookModel, data: bytes) -> list[str]:
    """Return what of a model is not in its file, or is there otherwise."""
    formulas, values = openpyxl.load_workbook(io.BytesIO(data)), reader.read(io.BytesIO(data)).values
    assert formulas.sheetnames == list(model.sheets)
    found = list[str]()
    own = (model.title or None, model.subject or None)
    if (formulas.properties.title, formulas.properties.subject) != own:
        found.append("properties")
    names = {name: given.attr_text for name, given in formulas.defined_names.items()}
    if names != {entry[1]: entry[2] for entry in entries(model, "name")}:
        found.append("names")
    for title, sheet in model.sheets.items():
        wrong = [*_cells(sheet, formulas[title], values, model), *_around(sheet, formulas[title], model)]
        found += [f"{title}: {one}" for one in wrong]
    package = parts(data)
    drawings = [etree.fromstring(package[name]) for name in package if name.startswith("xl/drawings/drawing")]
    pictures = sum(1 for drawing in drawings for _ in drawing.iter("{*}pic"))  # openpyxl reads them with Pillow alone
    if pictures != len(entries(model, "logo")):
        found.append(f"pictures: {pictures}")
    return found + _charts(model, package)


def entries(model: WorkbookModel, kind: str, sheet: SheetModel | None = None) -> list[tuple[Any, ...]]:
    """Return what was laid out beside the cells, of one kind."""
    noted = [entry for entry in model.log if not isinstance(entry, int) and entry[0] == kind]
    return [entry for entry in noted if sheet is None or entry[1] == sheet.number]


def _cells(sheet: SheetModel, formulas: Any, values: Mapping[reader.Place, Any], model: WorkbookModel) -> list[str]:
    found = []
    restyled = {entry[2:4] for entry in entries(model, "restyle", sheet)}
    for place, (formula, value, look) in sheet.held():
        cell = formulas.cell(*place)
        stored = values.get((sheet.title, cell.coordinate))
        written = cell.value.text if isinstance(formula, Spill) else cell.value
        if formula and written != (formula.formula if isinstance(formula, Spill) else formula):
            found.append(f"{cell.coordinate} formula {cell.value!r}")
        if isinstance(formula, Spill) and formula and cell.value.ref != formula.ref:
            found.append(f"{cell.coordinate} spills over {cell.value.ref}")
        if not _same(value, stored, formula is None):
            found.append(f"{cell.coordinate} value {stored!r} is not {value!r}")
        # The writer leaves out the blanks of large tables, which are looked up and not looked at.
        left_out = value is BLANK and formula is None and any(place[0] in grid.rows for grid in sheet.grids)
        if place not in restyled and not left_out:
            found += [f"{cell.coordinate} {what}" for what in _looks(cell, *model.cache.looks[look], model.language)]
    extra = {cell.coordinate for row in formulas.iter_rows() for cell in row if cell.value is not None} - {
        f"{get_column_letter(column)}{row}" for (row, column), _ in sheet.held()
    }
    rows = model.rows.get(sheet.title)
    return found + [f"{ref} was added" for ref in extra if rows is None or int(ref.lstrip("ABCD")) < rows.first]


def _same(value: Any, stored: Any, is_constant: bool) -> bool:
    """Tell whether a value that was read back is the one that was noted."""
    if value is BLANK or value == "":
        return stored is None
    if isinstance(stored, (date, datetime)):
        stored = serial(stored)
    value = serial(value) if isinstance(value, date) else value
    kind, text = encode(value)
    if kind == "str" or (is_constant and isinstance(value, str)):
        # openpyxl loses the "x005F_" that marks what only looks escaped
        return str(stored).replace("x005F_", "") == str(value).replace("x005F_", "")
    if kind == "b":
        return stored is value
    return stored == (text if kind else value)


#: How a day is shown; German has a point after its number.
_DAYS = {"en": "d mmm yyyy", "de": r"d\. mmm yyyy", "fr": "d mmm yyyy", "es": "d mmm yyyy"}


def _looks(cell: Cell | MergedCell, look: Look, quoted: bool, language: str) -> list[str]:
    number = _DAYS[language] if look.number == DATE else look.number
    told = {
        "style": (cell.style, f"KPI {look.name}"),
        "font": (
            (cell.font.name, cell.font.size, bool(cell.font.bold), str(cell.font.color.rgb)),  # type: ignore[union-attr]
            (FONT, look.size, look.bold, f"FF{look.colour}"),
        ),
        "fill": (cell.fill.fgColor.rgb if cell.fill.fill_type else None, f"FF{look.fill}" if look.fill else None),
        "number format": (cell.number_format, number),
        "alignment": (
            (cell.alignment.horizontal, cell.alignment.vertical, cell.alignment.indent, bool(cell.alignment.wrap_text)),
            (look.align, look.vertical, look.indent, look.wrap),
        ),
        "quote": (bool(cell.quotePrefix), quoted),  # type: ignore[union-attr]
    }
    return [f"{what}: {is_there!r} is not {noted!r}" for what, (is_there, noted) in told.items() if is_there != noted]


def _around(sheet: SheetModel, found: Any, model: WorkbookModel) -> list[str]:
    """Compare what is laid out around the cells: a line for each kind that differs."""
    by_priority = sorted(
        (rule.priority, str(area.sqref), rule) for area in found.conditional_formatting for rule in area.rules
    )
    rules = [(cells, rule.formula[0]) for _, cells, rule in by_priority if rule.type != "dataBar"]
    bars = len(by_priority) - len(rules)
    checks = [(str(rule.sqref), rule) for rule in found.data_validations.dataValidation]
    noted_checks = entries(model, "check", sheet)
    page = sheet.page
    told = {
        "rules": (
            rules,
            [(str(MultiCellRange(cells)), formula) for _, _, cells, formula, _ in entries(model, "rule", sheet)],
        ),
        "bars": (bars, len(entries(model, "bars", sheet))),
        "checks": (
            [
                (cells, [getattr(rule, name) for name, _ in noted[3]])
                for (cells, rule), noted in zip(checks, noted_checks, strict=True)
            ],
            [(str(MultiCellRange(noted[2])), [value for _, value in noted[3]]) for noted in noted_checks],
        ),
        "tables": (
            {(table.displayName, table.ref) for table in found.tables.values()},
            {entry[2:4] for entry in entries(model, "table", sheet)},
        ),
        "merged cells": (
            {cells.bounds for cells in found.merged_cells.ranges},
            {entry[2:] for entry in entries(model, "merge", sheet)},
        ),
        "widths": ({key: found.column_dimensions[key].width for key in sheet.widths}, sheet.widths),
        "hidden": ({key: found.column_dimensions[key].hidden for key in sheet.hidden}, sheet.hidden),
        "heights": ({key: found.row_dimensions[key].height for key in sheet.heights}, sheet.heights),
        "breaks": ([one.id for one in found.row_breaks.brk], sheet.row_breaks),
        "view": (
            [
                getattr(found.sheet_view, name)
                for name, value in zip(_VIEW, (sheet.view.gridlines, sheet.view.zoom, sheet.view.selected), strict=True)
                if value is not None
            ],
            [value for value in (sheet.view.gridlines, sheet.view.zoom, sheet.view.selected) if value is not None],
        ),
        "panes": (found.freeze_panes, sheet.freeze_panes),
        "titles": (
            (found.print_title_rows, found.print_title_cols),
            tuple(
                "$" + given.replace(":", ":$") if given else given
                for given in (sheet.print_title_rows, sheet.print_title_cols)
            ),
        ),
        "feet": (
            tuple(foot.text or "" for foot in (found.oddFooter.left, found.oddFooter.center, found.oddFooter.right)),
            (sheet.footer_left, sheet.footer_center, sheet.footer_right),
        ),
        "page": (
            page and tuple(getattr(found.page_setup, name) for name in ("orientation", "fitToWidth", "fitToHeight")),
            page and ("landscape" if page.landscape else "portrait", 1, page.pages),
        ),
        "centered": (found.print_options.horizontalCentered, page and page.centered),
        "places of charts": (
            [_place(chart.anchor) for chart in found._charts],
            [
                ("twoCell", (left, top, start), (right - 1, bottom, end))
                for _, _, left, right, top, bottom, start, end, _ in entries(model, "chart", sheet)
            ],
        ),
    }
    return [f"{what}: {is_there!r} is not {noted!r}" for what, (is_there, noted) in told.items() if is_there != noted]


def _place(anchor: Any) -> tuple[Any, ...]:
    """Return how a chart moves with the cells below it, and where it begins and ends: column, row and distance."""
    ends = ((end.col, end.row, end.colOff) for end in (anchor._from, anchor.to))
    return anchor.editAs, *ends


def _charts(model: WorkbookModel, package: dict[str, bytes]) -> list[str]:
    """Compare what every chart has stored with what the cells hold, and its description."""
    found = []
    drawings = [drawing for sheet in model.sheets.values() for drawing in sheet.charts]
    charts, drawn = (
        sorted((name for name in package if name.startswith(f"xl/{folder}")), key=lambda name: (len(name), name))
        for folder in ("charts/chart", "drawings/drawing")
    )
    words = [
        element.get("descr")
        for name in drawn
        for element in etree.fromstring(package[name]).iter("{*}cNvPr")
        if (element.get("name") or "").startswith("Chart")
    ]
    if (len(charts), words) != (len(drawings), [said for _, said in drawings]):
        found.append(f"charts: {len(charts)} with the words {words}")
    for name in charts:
        for reference in etree.fromstring(package[name]).iter(f"{CHART}numRef", f"{CHART}strRef"):
            where = reference.findtext(f"{CHART}f") or ""
            title, (left, top, right, bottom) = range_to_tuple(where)
            sheet = model[title.replace("''", "'")]
            cells = [
                sheet.content((row, column))[1] for row in range(top, bottom + 1) for column in range(left, right + 1)
            ]
            stored = {
                int(point.get("idx", "-1")): point.findtext(f"{CHART}v") for point in reference.iter(f"{CHART}pt")
            }
            is_text = reference.tag == f"{CHART}strRef"
            expected = {
                index: encode(value)[1]
                for index, value in enumerate(cells)
                if value is not BLANK and (is_text or not encode(value)[0])
            }
            if stored != expected:
                found.append(f"{name} {where}: {stored} is not {expected}")
            look = sheet.content((top, left))[2]
            number = model.cache.looks[look][0].number if look >= 0 else "General"
            if not is_text and reference.findtext(f".//{CHART}formatCode") != number:
                found.append(f"{name} {where}: the first number has the format {number}")
    return found
