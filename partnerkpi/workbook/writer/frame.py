"""The layout of a workbook without what its cells hold: laid out by openpyxl once, filled many times.

A frame holds of the model from which it was made only what `WorkbookModel.layout` tells. Where a text of one workbook
would stand, the frame has a gap, so that nothing of that workbook is in another one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook
from openpyxl.drawing.fill import Blip
from openpyxl.drawing.geometry import PresetGeometry2D
from openpyxl.drawing.picture import PictureFrame
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.formatting.rule import Rule
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.dataclass import dataclass
from partnerkpi.workbook.model.book import Provenance, WorkbookModel
from partnerkpi.workbook.model.brand import Logo
from partnerkpi.workbook.model.grid import Grid
from partnerkpi.workbook.model.sheet import LOOK, PageSetup, Paper, SheetModel, coded, decoded, heads_of
from partnerkpi.workbook.model.theme import MUTED
from partnerkpi.workbook.writer.bars import bar_rule
from partnerkpi.workbook.writer.custom_part import ITEM, PROPERTY, add_part
from partnerkpi.workbook.writer.openpyxl_private import (
    ChartPlace,
    DescribedAnchor,
    Merging,
    Picture,
    begin_columns,
    cells_of,
)
from partnerkpi.workbook.writer.package import STRINGS, framed, ordered, sheet_titles
from partnerkpi.workbook.writer.styles import StyleTable

# Where it stands, a text of the workbook is put. It is never written, and nobody could have typed it.
_GAP = f"gap {secrets.token_hex(16)}"
_EMU = 9525  # to the pixel
_ROWS = "<sheetData/>"
_PAPERS: Mapping[Paper, int] = {"a4": 9, "letter": 1}  # ECMA-376, part 1, 18.3.1.63


@dataclass(frozen=True)
class SheetFrame:
    """A sheet: its part, what stands before the rows and, with a gap for the footer, after them.

    `cells` are the places in the order of the file, each with what stands before its value; for a row of a table it is
    the negative of the row's number. `end` follows the last.
    """

    part: str
    head: str
    tail: Sequence[str]
    cells: Sequence[tuple[int, str]]
    end: str


@dataclass(frozen=True)
class Frame:
    """A workbook: the parts that are the same whatever the cells hold, and the pieces of the others between gaps."""

    order: Sequence[str]
    parts: Mapping[str, bytes]
    sheets: Mapping[str, SheetFrame]
    charts: Sequence[str]
    drawings: Mapping[str, Sequence[str]]  # between the words of the charts
    core: Sequence[str]
    custom: Sequence[str]
    looks: Sequence[int]  # the numbers of those that rows after the cells wear
    marks: Mapping[int, str]  # of looks, as they stand in a cell


def frame_of(model: WorkbookModel, when: datetime | None) -> Frame:
    """Let openpyxl lay a model out."""
    layout = _Layout(model)
    rows = {title: _rows(layout, title) for title in model.sheets}
    parts = framed(
        layout.workbook,
        {title: ends for title, (_, _, ends) in rows.items()},
        when=when,
        palette=model.palette,
        has_spills=bool(layout.spills),
    )
    if model.provenance is not None:
        add_part(parts, Provenance("", "", _GAP))
    order = ordered(parts)
    sheets = {}
    for part, title in sheet_titles(parts).items():
        head, _, tail = parts.pop(part).decode("utf-8").partition(_ROWS)
        sheets[title] = SheetFrame(part, head, tail.split(_GAP), *rows[title][:2])
    charts = sorted((name for name in parts if name.startswith("xl/charts/chart")), key=_number)
    drawings = [name for name in parts if name.startswith("xl/drawings/drawing")]
    gaps = {
        name: parts.pop(name, b"").decode("utf-8").split(_GAP)
        for name in (*drawings, "docProps/core.xml", "docProps/custom.xml")
    }
    for name in (*charts, STRINGS, ITEM):
        parts.pop(name, None)
    core, custom = gaps.pop("docProps/core.xml"), gaps.pop("docProps/custom.xml")
    return Frame(order, parts, sheets, charts, gaps, core, custom, layout.looks, layout.marks)


class _Layout:
    """A model laid out by openpyxl: everything of it, but of the cells only what styles depend on."""

    def __init__(self, model: WorkbookModel) -> None:
        self.model = model
        self.things: list[Any] = list(model.cache.things)
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        self.styles, self.merging = StyleTable(self.workbook), Merging()
        self.sheets: list[Worksheet] = [self.workbook.create_sheet(title) for title in model.sheets]
        self.looks: list[int] = []
        self.marks: dict[int, str] = {}  # of looks, as they stand in a cell
        self.spills = {entry[1:] for entry in model.log if not isinstance(entry, int) and entry[0] == "spill"}
        self.real = _touched(model.log)
        real = {coded(*place, 0) >> 20 for place in self.real}
        met = set[int]()
        for entry in model.log:
            if not isinstance(entry, int):
                getattr(self, f"_{entry[0]}")(*entry[1:])
                continue
            look = entry & LOOK
            if entry >> 20 in real:
                number, row, column, _ = decoded(entry)
                self.styles.dress(self.sheets[number].cell(row, column), *model.cache.looks[look])
            elif look not in met:
                self.styles.style(*model.cache.looks[look])
            met.add(look)
        for sheet, settings in zip(self.sheets, model.sheets.values(), strict=True):
            _set_up(sheet, settings)
        self._describe()

    def mark(self, look: int) -> str:
        """Return the mark of a look in the file."""
        number = self.styles.number(*self.model.cache.looks[look])
        mark = self.marks[look] = f' s="{number}"' if number else ""
        return mark

    def mark_table(self, grid: Grid, row: int) -> None:
        """Give the looks that are met in a row of a table their marks, in the order in which they are met."""
        for column in grid.columns:
            if row == grid.first or column.looks.__class__ is tuple:
                look = column.looks if isinstance(column.looks, int) else column.looks[row - grid.first]
                if look not in self.marks:
                    self.mark(look)

    def _describe(self) -> None:
        """Say what the file is, and what it says of itself."""
        model, about = self.model, self.workbook.properties
        about.creator = "partnerkpi"
        about.title, about.subject = _GAP if model.title else None, model.subject or None
        about.keywords = model.keywords or None
        if model.code_name is not None:
            self.workbook.code_name = model.code_name
        if model.provenance is not None:
            properties = self.workbook.custom_doc_props  # type: ignore[attr-defined]  # missing in types-openpyxl
            properties.append(StringProperty(name=PROPERTY, value=_GAP))

    def _day(self, sheet: int, row: int, column: int, has_time: bool) -> None:
        # Any day: openpyxl registers a number format as soon as a cell holds one.
        self.sheets[sheet].cell(row, column).value = datetime(2000, 1, 1) if has_time else date(2000, 1, 1)

    def _restyle(self, sheet: int, row: int, column: int, name: str, thing: int) -> None:
        setattr(self.sheets[sheet].cell(row, column), name, self.things[thing])

    def _link(self, sheet: int, row: int, column: int, location: str, tooltip: str) -> None:
        cell = self.sheets[sheet].cell(row, column)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location, tooltip=tooltip)

    def _column(self, sheet: int, letter: str, number: str, alignment: int) -> None:
        column = self.sheets[sheet].column_dimensions[letter]
        column.number_format, column.alignment = number, self.things[alignment]

    def _merge(self, sheet: int, left: int, top: int, right: int, bottom: int) -> None:
        self.merging.merge(self.sheets[sheet], left, top, right, bottom)

    def _rule(self, sheet: int, cells: str, formula: str, thing: int) -> None:
        self.sheets[sheet].conditional_formatting.add(
            cells, Rule("expression", dxf=self.things[thing], formula=[formula])
        )

    def _bars(self, sheet: int, cells: str, colour: str, low: float, high: float | None) -> None:
        self.sheets[sheet].conditional_formatting.add(cells, bar_rule(colour, low, high))

    def _table(self, sheet: int, name: str, ref: str, heads: tuple[str, ...], style: str | None) -> None:
        table = Table(displayName=name, ref=ref)
        if heads:
            table.tableColumns = [TableColumn(id=place, name=head) for place, head in enumerate(heads, 1)]
        else:
            begin_columns(table)
            own = self.model[self.sheets[sheet].title]
            for column, place in zip(table.tableColumns, heads_of(ref), strict=True):
                column.name = str(own.content(place)[1])
        if style is not None:
            table.tableStyleInfo = TableStyleInfo(name=style, showRowStripes=True)
        self.sheets[sheet].add_table(table)

    def _check(self, sheet: int, cells: str, rule: tuple[tuple[str, Any], ...]) -> None:
        check = DataValidation(**dict(rule))
        check.add(cells)
        self.sheets[sheet].add_data_validation(check)

    def _chart(
        self, sheet: int, left: int, right: int, top: int, bottom: int, start: int, end: int, described: bool
    ) -> None:
        chart = ChartPlace()
        chart.anchor = anchor = DescribedAnchor(  # type: ignore[assignment]  # the stubs know the name of a cell only
            editAs="twoCell",
            _from=AnchorMarker(col=left, row=top, colOff=start),
            to=AnchorMarker(col=right - 1, row=bottom, colOff=end),
        )
        anchor.description = _GAP if described else ""
        self.sheets[sheet].add_chart(chart)

    def _logo(self, sheet: int, logo: Logo, words: str, box: tuple[int, int, int]) -> None:
        last, column, row = box
        scale = min(1.0, (row - 4) / logo.height, 2 * column / logo.width)
        width, height = max(1, round(scale * logo.width)), max(1, round(scale * logo.height))
        top, before = (row - height) // 2, width > column
        left = 2 * column - width if before else column - width
        anchor = TwoCellAnchor(
            editAs="oneCell",
            _from=AnchorMarker(col=last - 1 - before, colOff=left * _EMU, row=0, rowOff=top * _EMU),
            to=AnchorMarker(col=last - 1, colOff=column * _EMU, row=0, rowOff=(top + height) * _EMU),
        )
        anchor.pic = PictureFrame()
        about = anchor.pic.nvPicPr.cNvPr
        about.id, about.name, about.descr = 99, "Logo", words  # the charts count from 1
        anchor.pic.blipFill.blip = Blip(cstate="print")
        anchor.pic.spPr.prstGeom = PresetGeometry2D(prst="rect")
        anchor.pic.spPr.ln = None
        self.sheets[sheet].add_image(Picture(logo.kind, logo.data, anchor))

    def _name(self, name: str, target: str) -> None:
        self.workbook.defined_names[name] = DefinedName(name, attr_text=target)

    def _grid(self, _sheet: int, _first: int, _rows: int, *looks: int | tuple[int, ...]) -> None:
        """Register the looks of a table as if its cells were met row by row."""
        met: dict[int, tuple[int, int]] = {}
        for column, of_column in enumerate(looks):
            for row, look in enumerate(of_column if isinstance(of_column, tuple) else (of_column,)):
                met[look] = min(met.get(look, (row, column)), (row, column))
        for look in sorted(met, key=lambda look: met[look]):
            self.styles.style(*self.model.cache.looks[look])

    def _looks(self, *looks: int) -> None:
        self.looks += [self.styles.number(*self.model.cache.looks[look]) for look in looks]

    def _spill(self, sheet: int, row: int, column: int) -> None:
        """Nothing but the mark that `_rows` puts on the cell."""


def _touched(log: Sequence[int | tuple[Any, ...]]) -> set[tuple[int, int, int]]:
    """Return sheet, row and column of the cells whose style is more than a look."""
    found = set[tuple[int, int, int]]()
    for entry in log:
        if isinstance(entry, int):
            continue
        if entry[0] in ("restyle", "day", "link"):
            found.add(entry[1:4])
        elif entry[0] == "merge":
            _, sheet, left, top, right, bottom = entry
            found |= {(sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
    return found


def _set_up(sheet: Any, model: SheetModel) -> None:
    """Give a sheet what is not in the log: sizes, how it is shown, how it is printed."""
    for letter, width in model.widths.items():
        sheet.column_dimensions[letter].width = width
    for letter, hidden in model.hidden.items():
        sheet.column_dimensions[letter].hidden = hidden
    for row, height in model.heights.items():
        sheet.row_dimensions[row].height = height
    for row in model.row_breaks:
        sheet.row_breaks.append(Break(id=row))
    for name in ("freeze_panes", "print_title_rows", "print_title_cols"):
        if (value := getattr(model, name)) is not None:
            setattr(sheet, name, value)
    view = model.view
    shown = {"showGridLines": view.gridlines, "zoomScale": view.zoom, "tabSelected": view.selected}
    for name, value in shown.items():
        if value is not None:
            setattr(sheet.sheet_view, name, value)
    if view.cell is not None:
        for selection in sheet.sheet_view.selection:
            selection.activeCell = selection.sqref = view.cell
    if view.hidden:
        sheet.sheet_state = "hidden"
    sheet.sheet_properties.codeName = view.code_name
    if view.tab_colour is not None:
        sheet.sheet_properties.tabColor = view.tab_colour
    if model.page is not None:
        _set_page(sheet, model, model.page)


def _set_page(sheet: Any, model: SheetModel, page: PageSetup) -> None:
    setup, margins = sheet.page_setup, sheet.page_margins
    setup.paperSize, setup.orientation = _PAPERS[page.paper], "landscape" if page.landscape else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, page.pages
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = page.centered
    margins.left = margins.right = margins.top = page.side
    margins.bottom, margins.header, margins.footer = page.bottom, page.header, page.footer
    if page.areas:
        sheet.print_area = list(page.areas)
    foot = sheet.oddFooter
    for item, text in (
        (foot.left, _GAP if model.footer_left else ""),
        (foot.center, model.footer_center),
        (foot.right, model.footer_right),
        (sheet.oddHeader.center, model.header_center),
    ):
        if text:
            item.text, item.size, item.color = text, 8, MUTED


def _rows(layout: _Layout, title: str) -> tuple[list[tuple[int, str]], str, str]:
    """Return the cells of a sheet in the order of the file, each with what stands before its value; the end; the range.

    Among them stands the negative of its number for each row of a table. openpyxl holds only some of the cells.
    """
    sheet, model = layout.workbook[title], layout.model[title]
    made, number = cells_of(sheet), model.number
    real, spills = ({place[1:] for place in some if place[0] == number} for some in (layout.real, layout.spills))
    places = {place: index for index, place in enumerate(model.cells)}
    looks = [look for _, _, look in model.cells.values()]
    tables = {row: grid for grid in model.grids for row in grid.rows}
    used: dict[int, list[int]] = {}
    for row, column in sorted(places.keys() | made.keys()):
        if row in tables and column <= len(tables[row].columns):
            raise ValueError(f"Sheet {title!r}, row {row}, column {column}: a cell in a table has a style of its own")
        used.setdefault(row, []).append(column)
    columns = {column for of_row in used.values() for column in of_row}
    columns |= {column for grid in model.grids for column in range(1, len(grid.columns) + 1)}
    letters = {column: get_column_letter(column) for column in columns or {1}}
    found, before = list[tuple[int, str]](), ""
    for row in sorted(used.keys() | sheet.row_dimensions.keys() | tables.keys()):
        own = dict(sheet.row_dimensions[row]) if row in sheet.row_dimensions else {}
        before += f"<row{''.join(f' {name}={quoteattr(str(value))}' for name, value in {'r': row, **own}.items())}>"
        if row in tables:
            found.append((-row, before))
            before = ""
            layout.mark_table(tables[row], row)
        for column in used.get(row, ()):
            where = row, column
            place = places.get(where)
            if place is None or where in real:
                cell = made.get(where)
                style = f' s="{cell.style_id}"' if cell is not None and cell.has_style else ""
            else:
                style = layout.marks.get(looks[place]) or layout.mark(looks[place])
            ref = f'<c r="{letters[column]}{row}"{style}'
            if place is not None:
                found.append((place, f'{before}{ref} cm="1"' if where in spills else before + ref))
                before = ""
            elif style:
                before += f"{ref}/>"
        before += "</row>"
    numbers = used.keys() | tables.keys() or {1}
    ends = f"{letters[min(letters)]}{min(numbers)}:{letters[max(letters)]}{max(numbers)}"
    return found, before, ends


def _number(part: str) -> int:
    return int("".join(filter(str.isdigit, part)))
