"""The charts of a workbook: made by openpyxl once, with gaps for what they draw, then filled for each workbook.

What a chart draws is stored in it, so that a preview that cannot calculate shows it all the same.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree
from openpyxl.compat import safe_string
from openpyxl.utils.cell import range_to_tuple

from partnerkpi.dataclass import dataclass
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.brand import Palette
from partnerkpi.workbook.model.sheet import BLANK, Drawing, Place, Scale
from partnerkpi.workbook.model.values import encode, parse, serial, serialize
from partnerkpi.workbook.writer.brand import recolour
from partnerkpi.workbook.writer.openpyxl_private import chart_markup
from partnerkpi.workbook.writer.rows import marked

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_GAP = f"{_CHART}gap"
_MARKS = (-987_654_321.5, 987_654_322.5, 987_654_323.5)  # in the place of a scale: no axis has these ends
_NUMBERS = [safe_string(mark) for mark in _MARKS]
_GAPS = re.compile(f"(<gap/>|{'|'.join(map(re.escape, _NUMBERS))})")
_MOST = 256  # charts that are kept, some 10 KB each: openpyxl takes longer for one than the rest of a sheet


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
    """The pieces of a chart's part; between them its ranges, and which numbers of its scale."""

    pieces: tuple[str, ...]
    gaps: tuple[Drawn | int, ...]

    def filled(self, model: WorkbookModel, scale: Scale) -> bytes:
        """Return the part with what each range holds, and with the scale."""
        made = [self.pieces[0]]
        for gap, piece in zip(self.gaps, self.pieces[1:], strict=True):
            made += (_reference(gap, model) if isinstance(gap, Drawn) else safe_string(scale[gap]), piece)
        return "".join(made).encode()


def chart_frame(drawing: Drawing, language: str, palette: Palette | None = None) -> ChartFrame:
    """Let openpyxl make a chart, in the colours of a brand, and take out of it what it draws and its scale.

    `language` is the one that is spoken now. ValueError for a chart that draws anything but ranges of one sheet each.
    """
    marks = [None if value is None else mark for value, mark in zip(drawing.scale, _MARKS, strict=True)]
    return _framed(replace(drawing, scale=Scale(*marks)), language, palette)


@lru_cache(_MOST)
def _framed(drawing: Drawing, _: str, palette: Palette | None) -> ChartFrame:
    root = parse(chart_markup(drawing.made()))
    if palette is not None:
        recolour(root, palette)
    if next(root.iter(f"{_CHART}multiLvlStrRef"), None) is not None:
        raise ValueError("A chart has categories of several levels: these carry no stored values; use one column.")
    ranges = list[Drawn]()
    for reference in list(root.iter(f"{_CHART}numRef", f"{_CHART}strRef")):
        parent: Any = reference.getparent()
        is_category = parent.tag in (f"{_CHART}cat", f"{_CHART}xVal")
        ranges.append(_range(reference.findtext(f"{_CHART}f") or "", reference.tag == f"{_CHART}strRef", is_category))
        parent.replace(reference, etree.Element(_GAP))
    pieces = _GAPS.split(serialize(root).decode())
    drawn = iter(ranges)
    gaps = [next(drawn) if found == "<gap/>" else _NUMBERS.index(found) for found in pieces[1::2]]
    return ChartFrame(tuple(pieces[::2]), tuple(gaps))


def _range(where: str, is_text: bool, is_category: bool) -> Drawn:
    try:
        quoted, (left, top, right, bottom) = range_to_tuple(where)
    except ValueError as error:
        raise ValueError(f"A chart draws {where!r}, which is not one range of a sheet.") from error
    rows, columns = range(top or 0, (bottom or 0) + 1), range(left or 0, (right or 0) + 1)
    cells = tuple((row, column) for row in rows for column in columns)
    return Drawn(where, quoted.replace("''", "'"), cells, is_text, is_category)


def _reference(one: Drawn, model: WorkbookModel) -> str:
    """Return the markup of a range and of what it holds; text and no data leave a gap in a line of numbers."""
    if one.title not in model.sheets:
        raise ValueError(f"A chart draws {one.where!r}, which is not in this workbook.")
    sheet, held = model[one.title], list[tuple[str, str] | None]()
    is_text = one.is_text
    for place in one.cells:
        _, value, _ = sheet.content(place)
        if value is BLANK:
            held.append(None)
            continue
        kind, text = encode(serial(value) if isinstance(value, date) else value)
        is_text = is_text or (one.is_category and kind == "str")  # openpyxl takes every category for a number
        held.append((kind, text))
    points = "".join(
        f'<pt idx="{index}"><v{marked(found[1]) if found[0] else f">{found[1]}"}</v></pt>'
        for index, found in enumerate(held)
        if found is not None and (is_text or not found[0])
    )
    count = f'<ptCount val="{len(held)}"/>'
    if is_text:
        return f"<strRef><f>{escape(one.where)}</f><strCache>{count}{points}</strCache></strRef>"
    look = sheet.content(one.cells[0])[2]
    code = model.cache.looks[look][0].number if look >= 0 else "General"
    code = f"<formatCode>{escape(code)}</formatCode>"
    return f"<numRef><f>{escape(one.where)}</f><numCache>{code}{count}{points}</numCache></numRef>"
