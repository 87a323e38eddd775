"""What of openpyxl is used here that it does not promise to keep: nothing outside this module reaches for it.

openpyxl writes the cells of a sheet itself, one by one, and has no place for the alternative text of a chart, for a
picture without Pillow, or for a style that no cell wears. tests/workbook/test_openpyxl_private.py tells when a new
version moves one of these names, or when it stops doing what is relied on.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from copy import copy
from typing import Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.chart._chart import ChartBase
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing, TwoCellAnchor
from openpyxl.styles import Alignment, Border, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import tostring

Place = tuple[int, int]
Part = Font | PatternFill | Border | Alignment
_TABLES: Mapping[type[Part], str] = {
    Font: "_fonts",
    PatternFill: "_fills",
    Border: "_borders",
    Alignment: "_alignments",
}
_PLAIN = StyleArray()


def style_of(cell: Cell | MergedCell) -> StyleArray:
    """Return the style of a cell: a place in the tables of fonts, fills, borders ... for each."""
    style: StyleArray = cell._style  # type: ignore[union-attr]  # missing in types-openpyxl
    return style


def set_style(cell: Cell | MergedCell, style: StyleArray) -> None:
    """Give a cell a style."""
    # A copy, because openpyxl changes it in place, and would restyle every cell that shares it.
    cell._style = copy(style)  # type: ignore[union-attr]


def part_number(workbook: Workbook, part: Part) -> int:
    """Return the number of a font, fill, border or alignment, which it gets when it is asked for first."""
    number: int = getattr(workbook, _TABLES[part.__class__]).add(part)
    return number


def style_number(workbook: Workbook, style: StyleArray) -> int:
    """Return the number of a style in the file, which it gets when it is asked for first."""
    number: int = workbook._cell_styles.add(style)  # type: ignore[attr-defined]
    return number


def cells_of(sheet: Worksheet) -> Mapping[Place, Cell | MergedCell]:
    """Return the cells that a sheet has, by row and column, without making others."""
    return sheet._cells


class Merging:
    """Merges cells of one workbook as openpyxl does, which compares and registers a style for each of them anew.

    Our looks have no line but one below, which is drawn below the cells of the last row: what openpyxl does for the
    first of these lines and a protection is done for the others. Nothing else of the other cells is kept.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[bool, int, int, int | None], tuple[int, StyleArray, StyleArray]] = {}

    def merge(self, sheet: Worksheet, left: int, top: int, right: int, bottom: int) -> None:
        """Merge the cells from the first to the last, both among them."""
        cells: dict[Place, Any] = sheet._cells
        merged = CellRange(min_row=top, max_row=bottom, min_col=left, max_col=right)
        first = cells.get((top, left))
        if first is None or left == right:
            sheet.merge_cells(merged.coord)
            return
        style, last = style_of(first), cells.get((bottom, right))
        key = top == bottom, style.borderId, style.protectionId, None if last is None else style_of(last).borderId
        if key not in self._known:
            sheet.merge_cells(merged.coord)
            self._known[key] = style.borderId, style_of(cells[top, right]), style_of(cells[bottom, right])
            return
        sheet.merged_cells.add(merged)
        style.borderId, above, below = self._known[key]
        for row, column in merged.cells:
            if (row, column) != (top, left):
                cells[row, column] = MergedCell(sheet, row, column)
                set_style(cells[row, column], below if row == bottom else above)


def begin_columns(table: Table) -> None:
    """Give a table its columns and filter buttons; openpyxl does so late, and then makes every cell of the table."""
    own: Any = table
    own._initialise_columns()


def chart_markup(chart: ChartBase) -> bytes:
    """Return the part of a chart."""
    own: Any = chart
    markup: bytes = tostring(own._write())
    return markup


class ChartPlace(ChartBase):
    """Where a chart is to be: its part is written later."""

    def _write(self) -> etree._Element:
        return etree.Element("later")


class DescribedAnchor(TwoCellAnchor):
    """Where a chart lies, and what it shows in words: openpyxl has no place for a chart's alternative text."""

    description = ""
    # openpyxl collects these class by class, and would write nothing of what the parent holds.
    tagname, __elements__, __attrs__ = TwoCellAnchor.tagname, TwoCellAnchor.__elements__, TwoCellAnchor.__attrs__

    def __setattr__(self, name: str, value: Any) -> None:
        """Describe the frame of the chart as soon as openpyxl has made it."""
        if name == "graphicFrame" and value is not None:
            value.nvGraphicFramePr.cNvPr.descr = self.description
        super().__setattr__(name, value)


class Picture(Image):
    """A picture that openpyxl writes as it is; its own class asks Pillow for the size."""

    def __init__(self, kind: str, data: bytes, anchor: TwoCellAnchor) -> None:
        self.format, self.anchor, self._bytes = kind, anchor, data

    def _data(self) -> bytes:
        return self._bytes


class _SheetWriter(WorksheetWriter):
    """Writes everything of a sheet but its rows; `used` is the range of its cells."""

    def __init__(self, sheet: Worksheet, used: str) -> None:
        super().__init__(sheet, io.BytesIO())  # not a temporary file, which a run that is killed would leave
        self.used = used

    def write_dimensions(self) -> None:
        own: Any = self
        own.xf.send(SheetDimension(self.used).to_tree())

    def rows(self) -> list[Any]:
        sheet: Any = self.ws
        sheet._hyperlinks += [cell.hyperlink for cell in sheet._cells.values() if cell.hyperlink is not None]
        return []


class _Writer(ExcelWriter):
    """openpyxl's own writer, but for the rows of sheets; its insides are untyped."""

    def __init__(self, workbook: Workbook, archive: zipfile.ZipFile, used: Mapping[str, str]) -> None:
        super().__init__(workbook, archive)
        self.used = used

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        own: Any = self
        writer: Any = _SheetWriter(ws, self.used[ws.title])
        writer.write()
        ws._rels = writer._rels
        own._archive.writestr(ws.path[1:], writer.out.getvalue())
        own.manifest.append(ws)


def saved_parts(workbook: Workbook, used: Mapping[str, str]) -> dict[str, bytes]:
    """Return the parts of a workbook, its sheets without rows; `used` is the range of cells of each, by title."""
    buffer = io.BytesIO()
    _Writer(workbook, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED, allowZip64=True), used).save()
    with zipfile.ZipFile(buffer) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}
