"""A chart without the figures that it draws: made by openpyxl once, then filled for each workbook that has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree
from openpyxl import Workbook
from openpyxl.utils.cell import range_to_tuple
from openpyxl.xml.functions import tostring

from partnerkpi.workbook.model.book import BLANK, EPOCH, Place, WorkbookModel
from partnerkpi.workbook.model.cache import NotModelled
from partnerkpi.workbook.model.drawing import Drawing
from partnerkpi.workbook.model.markup import encode, parse, serial, serialize
from partnerkpi.workbook.writer.brand import Palette
from partnerkpi.workbook.writer.chartcache import CHART, is_category, references
from partnerkpi.workbook.writer.rows import marked

_GAP, _PART = "GapOfFiguresEnd", "xl/charts/chart1.xml"


@dataclass(frozen=True)
class Drawn:
    """A range that a chart draws: its sheet and cells, whether it holds texts, whether it names the points."""

    where: str
    title: str
    cells: tuple[Place, ...]
    is_text: bool
    is_category: bool


@dataclass(frozen=True)
class ChartFrame:
    """The pieces of a chart's part, between them its ranges."""

    pieces: tuple[str, ...]
    ranges: tuple[Drawn, ...]

    def filled(self, sketch: WorkbookModel) -> bytes:
        """Return the part with what each range holds."""
        made = [self.pieces[0]]
        for one, piece in zip(self.ranges, self.pieces[1:], strict=True):
            made += (_reference(one, sketch), piece)
        return "".join(made).encode()


def chart_frame(drawing: Drawing, palette: Palette | None = None) -> ChartFrame:
    """Let openpyxl make a chart, in the colours of a brand, and take out of it what it draws."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = drawing.title
    chart: Any = drawing.made(sheet)
    parts = {_PART: tostring(chart._write())}
    if palette is not None:
        palette.dress(parts)
    root = parse(parts[_PART])
    ranges = []
    for reference in references(root):
        if len(reference) != 1:
            raise NotModelled("a range that holds more than its address")
        where = reference.findtext(f"{CHART}f") or ""
        ranges.append(_range(where, reference.tag == f"{CHART}strRef", is_category(reference)))
        parent, gap = reference.getparent(), etree.Element(f"{CHART}{_GAP}")
        if parent is None:
            raise NotModelled("a range that belongs to nothing")
        parent.replace(reference, gap)
    return ChartFrame(tuple(serialize(root).decode().split(f"<{_GAP}/>")), tuple(ranges))


def _range(where: str, is_text: bool, category: bool) -> Drawn:
    quoted, (left, top, right, bottom) = range_to_tuple(where)
    rows, columns = range(top or 0, (bottom or 0) + 1), range(left or 0, (right or 0) + 1)
    cells = tuple((row, column) for row in rows for column in columns)
    return Drawn(where, quoted.replace("''", "'"), cells, is_text, category)


def _reference(one: Drawn, sketch: WorkbookModel) -> str:
    """Return the markup of a range and of what it holds."""
    cells, held = sketch.sheets[one.title].cells, list[tuple[str, str] | None]()
    is_text = one.is_text
    for place in one.cells:
        noted = cells.get(place)
        if noted is None or noted[1] is BLANK:
            held.append(None)
            continue
        kind, text = _encoded(noted[1])
        is_text = is_text or (one.is_category and kind == "str")
        held.append((kind, text))
    points = "".join(
        f'<pt idx="{index}"><v{marked(found[1]) if found[0] else f">{found[1]}"}</v></pt>'
        for index, found in enumerate(held)
        if found is not None and (is_text or not found[0])
    )
    count = f'<ptCount val="{len(held)}"/>'
    if is_text:
        return f"<strRef><f>{escape(one.where)}</f><strCache>{count}{points}</strCache></strRef>"
    look = sketch.held(one.title, one.cells[0])[2]
    code = sketch.cache.looks[look][0].number if look >= 0 else "General"
    code = f"<formatCode>{escape(code)}</formatCode>"
    return f"<numRef><f>{escape(one.where)}</f><numCache>{code}{count}{points}</numCache></numRef>"


def _encoded(value: Any) -> tuple[str, str]:
    if value.__class__ is float or value.__class__ is str:
        return encode(value)
    return encode(serial(value, EPOCH) if isinstance(value, date) else value)
