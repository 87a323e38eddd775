"""What is used of openpyxl's insides is there and does what is relied on; a new version that moves it is told here."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.chart import LineChart
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.styles import Font, Protection
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table

from partnerkpi.workbook.model.theme import LOOKS, Look
from partnerkpi.workbook.writer import openpyxl_private as private
from partnerkpi.workbook.writer.styles import StyleTable

PACKAGE = Path(private.__file__).parents[2]
LARGE = (1, 12, 4, 15), (1, 20, 4, 24)  # merged cells
ALLOWED = {"etree._Element", "os._exit"}  # lxml's only name for the type


def test_no_other_module_reaches_into_openpyxl() -> None:
    """Elsewhere a name with an underscore belongs to the module or the object that uses it."""
    for path in sorted(file for room in ("workbook", "excel", "verify") for file in (PACKAGE / room).rglob("*.py")):
        if path.name == "openpyxl_private.py":
            continue
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        reached = {
            ast.unparse(node)
            for node in nodes
            if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
            if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
        }
        assert reached <= ALLOWED, path
        modules = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
        assert [name for name in modules if name.startswith("openpyxl.") and "._" in name] == [], path


def test_a_style_is_an_array_that_a_cell_carries() -> None:
    """A copy of it makes another cell look the same, and stays as it is when the first one changes."""
    sheet = Workbook().worksheets[0]
    one, other = sheet["A1"], sheet["A2"]
    one.font = Font(bold=True)
    private.set_style(other, private.style_of(one))
    one.font = Font(bold=False)
    assert (one.font.bold, other.font.bold) == (False, True)


def test_the_number_of_a_style_is_that_in_the_file() -> None:
    """It is the one that the cell says, and 0 is the look of a cell that says nothing."""
    workbook = Workbook()
    cell = workbook.worksheets[0]["A1"]
    assert private.style_number(workbook, StyleArray()) == 0
    cell.font = Font(bold=True)
    assert private.style_number(workbook, private.style_of(cell)) == cell.style_id > 0


def test_the_cells_of_a_sheet_are_those_that_were_made() -> None:
    """By row and column; to look makes none."""
    sheet = Workbook().worksheets[0]
    sheet["B3"] = 1
    assert list(private.cells_of(sheet)) == [(3, 2)]
    assert private.cells_of(sheet)[3, 2].value == 1


def test_a_table_begins_with_a_column_for_each_of_its_cells() -> None:
    """And with buttons to filter; saving it then makes no cells."""
    table = Table(displayName="One", ref="B2:D9")
    private.begin_columns(table)
    assert [column.id for column in table.tableColumns] == [2, 3, 4]
    assert table.autoFilter.ref == "B2:D9"
    sheet = Workbook().worksheets[0]
    sheet.add_table(table)
    private.saved_parts(sheet.parent, {"Sheet": "B2:D9"})
    assert not private.cells_of(sheet)


def test_a_chart_is_written_as_its_part() -> None:
    """With the root that the schema demands."""
    assert private.chart_markup(LineChart()).startswith(b"<chartSpace ")


def test_a_workbook_is_saved_without_its_rows() -> None:
    """Everything else is there: the range of cells, a link, a chart with its words, a picture as it is."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet["A1"], sheet["B9"] = "text", 1
    sheet["A1"].hyperlink = Hyperlink(ref="A1", location="Sheet!B9")
    chart = private.ChartPlace()
    chart.anchor = private.DescribedAnchor(_from=AnchorMarker(), to=AnchorMarker(col=2, row=2))
    chart.anchor.description = "in words"
    sheet.add_chart(chart)
    sheet.add_image(private.Picture("png", b"a picture", TwoCellAnchor(_from=AnchorMarker(), to=AnchorMarker())))
    parts = private.saved_parts(workbook, {"Sheet": "A1:C10"})
    written = parts["xl/worksheets/sheet1.xml"]
    assert b'<dimension ref="A1:C10"' in written
    assert b"<row" not in written
    assert b"<sheetData" in written
    assert b'location="Sheet!B9"' in written
    assert b'descr="in words"' in parts["xl/drawings/drawing1.xml"]
    assert parts["xl/media/image1.png"] == b"a picture"
    assert "xl/charts/chart1.xml" in parts
    assert "xl/sharedStrings.xml" in parts or b"sharedStrings" not in parts["[Content_Types].xml"]


@pytest.mark.parametrize("look", [*LOOKS.values(), *(replace(look, line="AAAAAA") for look in LOOKS.values())])
def test_cells_are_merged_as_openpyxl_merges_them(look: Look) -> None:
    """Twice with the same style, several rows, with last cells that have a line or none, and of a cell not locked."""
    made = []
    for is_ours in (False, True):
        workbook = Workbook()
        sheet, styles, merging = workbook.worksheets[0], StyleTable(workbook), private.Merging()
        for place in ((1, 1), (3, 2), (5, 1), (8, 1), (8, 4), (12, 1), (20, 1), (30, 1), (30, 2), (31, 1), (32, 1)):
            styles.dress(sheet.cell(*place), look)
        for place in ((31, 4), (32, 4), (32, 3)):
            styles.dress(sheet.cell(*place), replace(look, line="BBBBBB" if place[0] == 31 else None))
        sheet.cell(20, 1).protection = Protection(locked=False)
        for left, top, right, bottom in (
            (1, 1, 4, 1),
            (2, 3, 4, 3),
            (1, 5, 3, 6),
            (1, 8, 4, 8),
            (1, 10, 2, 10),
            (1, 30, 2, 30),
            (1, 31, 4, 31),
            (1, 32, 4, 32),
            *LARGE,
        ):
            if is_ours:
                merging.merge(sheet, left, top, right, bottom)
            else:
                sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        styled = {place: private.style_of(cell).tolist() for place, cell in private.cells_of(sheet).items()}
        tables: Any = workbook
        known = list(tables._borders), list(tables._protections)  # in the order of the file
        made.append((styled, sorted(map(str, sheet.merged_cells.ranges)), known))
    assert made[0] == made[1]
    assert len(made[0][1]) == 10
