"""The layout of a workbook without what its cells hold: laid out by openpyxl once, printed many times.

A frame is made from a sketch, and holds of it only what its key tells. Where a text of one workbook would stand, the
frame has a gap, so that nothing of the workbook from which it was made is in another one.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.workbook.model.book import FOOTER, LOOK, WorkbookModel, coded, decoded, heads_of
from partnerkpi.workbook.model.cache import NotModelled
from partnerkpi.workbook.model.theme import Wardrobe
from partnerkpi.workbook.writer import package
from partnerkpi.workbook.writer.charts import place_chart
from partnerkpi.workbook.writer.custom_part import ITEM, Provenance
from partnerkpi.workbook.writer.logo import Logo, place_logo
from partnerkpi.workbook.writer.things import add_table, check_entry, colour_where, draw_bars

# Nobody's text: where one of these stands, a text of the workbook is put.
_FOOTER, _WORDS, _TITLE, _STATED = "GapOfFooter{}End", "GapOfWords{}End", "GapOfTitleEnd", "GapOfFingerprintEnd"
_GAP_OF_WORDS = re.compile(_WORDS.format(r"\d+"))


@dataclass(frozen=True)
class SheetFrame:
    """A sheet: its part, what stands before the rows and, with a gap for the footer, after them.

    `cells` are the places in the order of the file, each with what stands before its value; `end` follows the last.
    """

    part: str
    head: str
    tail: tuple[str, str]
    cells: Sequence[tuple[int, str]]
    end: str


@dataclass(frozen=True)
class Frame:
    """A workbook: the parts that are the same whatever the cells hold, and the gaps of the others."""

    order: Sequence[str]
    parts: Mapping[str, bytes]
    sheets: Mapping[str, SheetFrame]
    charts: Sequence[str]
    drawings: Mapping[str, Sequence[str]]  # the pieces between the words of its charts
    core: tuple[str, str]
    custom: tuple[str, str]
    asked: Sequence[int]  # the numbers of looks that rows outside the layout wear


def frame_of(sketch: WorkbookModel, when: datetime | None) -> Frame:
    """Let openpyxl lay a sketch out; NotModelled where a gap cannot be told from the rest."""
    replay = _Replay(sketch)
    workbook = replay.workbook
    numbers = dict[int, str]()
    rows = {title: _rows(replay, title, numbers) for title in sketch.sheets}
    for sheet in workbook.worksheets:
        _set_dimension(sheet, sketch)
    workbook.properties.title = _TITLE
    workbook.properties.subject = sketch.properties.subject
    workbook.active = 0
    own = Provenance("", "", _STATED) if sketch.provenance is not None else None
    if own is not None:
        package.state(workbook, own)
    parts = package.framed(workbook, when=when, provenance=own, palette=sketch.palette)
    order = package.ordered(parts)
    sheets = {}
    for part, title in package.sheet_titles(parts).items():
        text = parts.pop(part).decode("utf-8")
        head, empty, tail = text.partition("<sheetData></sheetData>")
        if not empty:
            raise NotModelled("a sheet that is a chart")
        number = sketch.sheets[title].number
        sheets[title] = SheetFrame(part, head, _parted(tail, _FOOTER.format(number)), *rows[title])
    charts = sorted((name for name in parts if name.startswith("xl/charts/chart")), key=_number)
    for name in charts:
        del parts[name]
    drawings = {}
    for name in [name for name in parts if name.startswith("xl/drawings/drawing")]:
        drawings[name] = _pieces(parts.pop(name).decode("utf-8"))
    core = _parted(parts.pop("docProps/core.xml").decode("utf-8"), _TITLE)
    custom = ("", "")
    if own is not None:
        custom = _parted(parts.pop("docProps/custom.xml").decode("utf-8"), _STATED)
        del parts[ITEM]
    del parts[package.STRINGS]
    return Frame(order, parts, sheets, charts, drawings, core, custom, replay.asked)


class _Replay:
    """A sketch laid out by openpyxl: everything that was noted, but of the cells only what styles depend on."""

    def __init__(self, sketch: WorkbookModel) -> None:
        self.sketch, self.cache = sketch, sketch.cache
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        self.workbook.properties.creator = "partnerkpi"
        self.wardrobe = Wardrobe(self.workbook)
        self.sheets: list[Worksheet] = [self.workbook.create_sheet(title) for title in sketch.sheets]
        self.charts = [iter(sheet.charts) for sheet in sketch.sheets.values()]
        self.drawn = 0
        self.asked: list[int] = []  # numbers of looks
        self.real = _touched(sketch.log)
        real = {coded(*place, 0) >> 20 for place in self.real}
        for sheet, noted in zip(self.sheets, sketch.sheets.values(), strict=True):
            path, name = FOOTER
            setattr(_branch(sheet, path), name, _FOOTER.format(noted.number) if noted.footer else noted.footer)
        met = set[int]()
        for entry in sketch.log:
            if not isinstance(entry, int):
                getattr(self, f"_{entry[0]}")(*entry[1:])
                continue
            look = entry & LOOK
            if entry >> 20 in real:
                number, row, column, _ = decoded(entry)
                self._dressed(self.sheets[number].cell(row, column), look)
            elif look not in met:
                self.wardrobe.style(*self.cache.looks[look])
            met.add(look)

    def _dressed(self, cell: Cell | MergedCell, number: int) -> None:
        look, quoted = self.cache.looks[number]
        self.wardrobe.dress(cell, look, quoted=quoted)

    def _cell(self, sheet: int, row: int, column: int) -> None:
        self.sheets[sheet].cell(row, column)

    def _day(self, sheet: int, row: int, column: int, has_time: bool) -> None:
        # Any day: openpyxl registers a number format as soon as a cell holds one.
        self.sheets[sheet].cell(row, column).value = datetime(2000, 1, 1) if has_time else date(2000, 1, 1)

    def _dress(self, sheet: int, row: int, column: int, name: str, key: Hashable) -> None:
        setattr(self.sheets[sheet].cell(row, column), name, self.cache.kept(key))

    def _merge(self, sheet: int, left: int, top: int, right: int, bottom: int) -> None:
        self.sheets[sheet].merge_cells(start_row=top, end_row=bottom, start_column=left, end_column=right)

    def _set(self, sheet: int, path: str, name: str, key: Hashable) -> None:
        setattr(_branch(self.sheets[sheet], path), name, self.cache.kept(key))

    def _row_dimensions(self, sheet: int, key: int, name: str, value: Any) -> None:
        setattr(self.sheets[sheet].row_dimensions[key], name, self.cache.kept(value))

    def _column_dimensions(self, sheet: int, key: str, name: str, value: Any) -> None:
        setattr(self.sheets[sheet].column_dimensions[key], name, self.cache.kept(value))

    def _break(self, sheet: int, key: Hashable) -> None:
        self.sheets[sheet].row_breaks.append(copy(self.cache.kept(key)))

    def _rule(self, sheet: int, cells: str, formula: str, key: Hashable) -> None:
        colour_where(self.sheets[sheet], cells, formula, self.cache.kept(key))

    def _table(self, sheet: int, name: str, ref: str, heads: tuple[str, ...]) -> None:
        add_table(self.sheets[sheet], name, ref, heads)
        if heads:
            return
        # openpyxl would make every cell of the table to find out what its heads say.
        table: Any = self.sheets[sheet].tables[name]
        table._initialise_columns()
        for column, place in zip(table.tableColumns, heads_of(ref), strict=True):
            column.name = str(self.sketch.held(self.sheets[sheet].title, place)[1])

    def _bars(self, sheet: int, cells: str, colour: str, low: float, high: float | None) -> None:
        draw_bars(self.sheets[sheet], cells, colour, low, high)

    def _logo(self, sheet: int, logo: Logo, words: str, box: tuple[int, int, int]) -> None:
        place_logo(self.sheets[sheet], logo, words, box)

    def _check(self, sheet: int, cells: str, rule: tuple[tuple[str, Any], ...]) -> None:
        check_entry(self.sheets[sheet], cells, **dict(rule))

    def _chart(self, sheet: int, left: int, right: int, top: int, bottom: int, end: int, described: bool) -> None:
        drawing, _ = next(self.charts[sheet])
        gap = _WORDS.format(self.drawn) if described else ""
        self.drawn += 1
        place_chart(self.sheets[sheet], drawing, (left, right, top, bottom), gap, end)

    def _name(self, name: str, target: str) -> None:
        self.workbook.defined_names[name] = DefinedName(name, attr_text=target)

    def _style(self, look: int) -> None:
        model = Cell(self.sheets[0], row=1, column=1)
        self._dressed(model, look)
        self.asked.append(int(model.style_id))


def _touched(log: Sequence[int | tuple[Any, ...]]) -> set[tuple[int, int, int]]:
    """Return sheet, row and column of the cells whose style is more than a look."""
    found = set[tuple[int, int, int]]()
    for entry in log:
        if isinstance(entry, int):
            continue
        if entry[0] in ("dress", "day"):
            found.add(entry[1:4])
        elif entry[0] == "merge":
            _, sheet, left, top, right, bottom = entry
            found |= {(sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
    return found


def _branch(sheet: Worksheet, path: str) -> Any:
    """Return the part of a sheet at a path such as "oddFooter.left"; the sheet itself without one."""
    found: Any = sheet
    for name in path.split(".") if path else ():
        found = getattr(found, name)
    return found


def _rows(replay: _Replay, title: str, numbers: dict[int, str]) -> tuple[list[tuple[int, str]], str]:
    """Return the cells of a sheet in the order of the file, each with what stands before its value, and the end."""
    sheet, noted = replay.workbook[title], replay.sketch.sheets[title]
    places = {place: number for number, place in enumerate(noted.cells)}
    looks = [look for _, _, look in noted.cells.values()]
    rows: dict[int, list[int]] = {row: [] for row in sheet.row_dimensions}
    for row, column in sorted(places.keys() | sheet._cells.keys()):
        rows.setdefault(row, []).append(column)
    found, before = list[tuple[int, str]](), ""
    for row in sorted(rows):
        own = dict(sheet.row_dimensions[row]) if row in sheet.row_dimensions else {}
        before += f"<row{''.join(f' {name}={quoteattr(str(value))}' for name, value in {'r': row, **own}.items())}>"
        for column in rows[row]:
            place = places.get((row, column))
            cell = sheet._cells.get((row, column))
            if place is None or (noted.number, row, column) in replay.real:
                style = f' s="{cell.style_id}"' if cell is not None and cell.has_style else ""
            else:
                style = _style(replay, looks[place], numbers)
            ref = f'<c r="{get_column_letter(column)}{row}"{style}'
            if place is not None:
                found.append((place, before + ref))
                before = ""
            elif style:
                before += f"{ref}/>"
        before += "</row>"
    return found, before


def _style(replay: _Replay, look: int, numbers: dict[int, str]) -> str:
    """Return the mark of a look in the file."""
    mark = numbers.get(look)
    if mark is None:
        style = replay.wardrobe.style(*replay.cache.looks[look])
        number = replay.workbook._cell_styles.add(style)  # type: ignore[attr-defined]  # missing in types-openpyxl
        mark = numbers[look] = f' s="{number}"' if any(style) else ""
    return mark


def _set_dimension(sheet: Worksheet, sketch: WorkbookModel) -> None:
    """Let openpyxl write which cells are used: it holds only some of them."""
    places = sketch.sheets[sheet.title].cells.keys() | sheet._cells.keys()
    rows, columns = {row for row, _ in places} or {1}, {column for _, column in places} or {1}
    first = f"{get_column_letter(min(columns))}{min(rows)}"
    ref = f"{first}:{get_column_letter(max(columns))}{max(rows)}"
    sheet.calculate_dimension = lambda: ref  # type: ignore[method-assign]


def _parted(text: str, gap: str) -> tuple[str, str]:
    """Return what stands before and after a gap; all of it before where there is none."""
    pieces = text.split(gap)
    if len(pieces) > 2:
        raise NotModelled(f"{gap} stands in a text")
    return pieces[0], pieces[1] if len(pieces) > 1 else ""


def _pieces(text: str) -> list[str]:
    """Return what stands between the gaps for the words of charts."""
    return _GAP_OF_WORDS.split(text)


def _number(part: str) -> int:
    return int("".join(filter(str.isdigit, part)))
