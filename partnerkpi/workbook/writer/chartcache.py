"""What a chart draws, stored in the chart: a preview that cannot calculate shows it all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lxml import etree
from openpyxl import Workbook
from openpyxl.utils.cell import range_to_tuple

from partnerkpi.workbook.model.markup import NO_DATA, Values, encode, parse, serial, serialize, set_text

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def fill_chart(xml: bytes, workbook: Workbook, values: Values) -> bytes:
    """Store with every range that a chart draws what it holds, so that a preview can draw it too."""
    root = parse(xml)
    for reference in references(root):
        where = reference.findtext(f"{CHART}f") or ""
        cells = list(_range_values(workbook, values, where))
        if is_category(reference) and any(encode(value)[0] == "str" for value, _ in cells):
            reference.tag = f"{CHART}strRef"  # openpyxl takes every category for a number
        as_text = reference.tag == f"{CHART}strRef"
        for old in reference.findall(f"{CHART}numCache") + reference.findall(f"{CHART}strCache"):
            reference.remove(old)
        cache = etree.Element(f"{CHART}{'strCache' if as_text else 'numCache'}")
        reference.insert(1, cache)  # right after the formula, before any extension
        if not as_text:
            etree.SubElement(cache, f"{CHART}formatCode").text = cells[0][1]
        etree.SubElement(cache, f"{CHART}ptCount", val=str(len(cells)))
        for index, (value, _) in enumerate(cells):
            kind, text = encode(value)
            if value is not None and (as_text or not kind):  # text and no data leave a gap in a line of numbers
                point = etree.SubElement(cache, f"{CHART}pt", idx=str(index))
                set_text(etree.SubElement(point, f"{CHART}v"), text)
    return serialize(root)


def references(root: etree._Element) -> list[etree._Element]:
    """Return the ranges that a chart draws."""
    if next(root.iter(f"{CHART}multiLvlStrRef"), None) is not None:
        raise ValueError("A chart has categories of several levels: these carry no stored values; use one column.")
    return list(root.iter(f"{CHART}numRef", f"{CHART}strRef"))


def is_category(reference: etree._Element) -> bool:
    """Tell whether a range names the points of a chart."""
    parent = reference.getparent()
    return parent is not None and parent.tag in (f"{CHART}cat", f"{CHART}xVal")


def _range_values(workbook: Workbook, values: Values, where: str) -> Iterator[tuple[object, str]]:
    """Yield value and number format of each cell of a range such as 'Data'!$B$2:$B$9; None for an empty one."""
    try:
        quoted, (left, top, right, bottom) = range_to_tuple(where)
        title = quoted.replace("''", "'")
        sheet = workbook[title]
        rows, columns = range(top or 0, (bottom or 0) + 1), range(left or 0, (right or 0) + 1)
    except (KeyError, ValueError) as error:
        raise ValueError(f"A chart draws {where!r}, which is not one range of a sheet in this workbook.") from error
    for row in rows:
        for column in columns:
            # Not sheet.cell(), which would add the cell to the workbook.
            cell = sheet._cells.get((row, column))
            if cell is None:
                yield None, "General"
            elif cell.data_type == "f":
                value = values[title, cell.coordinate]
                yield (NO_DATA if value is None else value), cell.number_format
            else:
                constant = cell.value
                if isinstance(constant, date):  # and datetime, which is one
                    constant = serial(constant, workbook.epoch)
                yield (str(constant) if cell.data_type == "s" else constant), cell.number_format
