"""Single values in the markup of a workbook: how a number, a text, an error stands in a cell or a chart."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Mapping
from datetime import date, datetime

from lxml import etree
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils.datetime import to_excel

Value = float | int | str | bool | None
Values = Mapping[tuple[str, str], Value]  # (sheet title, "B4") -> what the formula there gives

NO_DATA = "#N/A"
MAX_TEXT = 32_767  # characters in a cell, counted as Excel does, in UTF-16 units
MAX_NUMBER = 9.99999999999999e307  # a float can be larger, a cell cannot

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NEEDS_SPACE = re.compile(r"^\s|\s$|[\n\r\t]|  ")


def parse(xml: bytes) -> etree._Element:
    """Return the root of a part, with nothing looked up outside it."""
    # openpyxl wrote these bytes a moment ago, but images, comments and themes may come from elsewhere.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)
    return etree.fromstring(xml, parser)


def serialize(root: etree._Element) -> bytes:
    """Return a part's bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def encode(value: object) -> tuple[str, str]:
    """Return the cell type ("" for a number) and the text in the file of a `Value`.

    Raises ValueError for text that does not fit in a cell and TypeError for anything but a value.
    """
    if value.__class__ is float and -MAX_NUMBER <= value <= MAX_NUMBER:  # the usual kinds first, as in a cell
        return "", repr(value)
    if value is None:
        return "e", NO_DATA
    if value.__class__ is int:
        return "", str(value)
    if isinstance(value, bool):
        return "b", "1" if value else "0"
    if isinstance(value, str):
        if len(value.encode("utf-16-le", "surrogatepass")) > 2 * MAX_TEXT:
            raise ValueError(f"a text of more than {MAX_TEXT:,} characters does not fit in a cell")
        return ("e", value) if value in ERROR_CODES else ("str", value)
    if isinstance(value, numbers.Integral):
        return "", str(int(value))
    if isinstance(value, numbers.Real):
        number = float(value)
        if math.isnan(number):
            return "e", NO_DATA
        return ("e", "#NUM!") if abs(number) > MAX_NUMBER else ("", repr(number))
    raise TypeError(f"{value!r} ({type(value).__name__}) is not a value that a formula can give")


def serial(day: date, epoch: datetime) -> float:
    """Return the number that Excel keeps for a date or a time of a day; `epoch` is the workbook's first day."""
    return float(to_excel(day, epoch))  # type: ignore[no-untyped-call]  # openpyxl leaves it untyped


def set_text(element: etree._Element, text: str) -> None:
    """Write text so that Excel reads it back unchanged: "_x0041_" means "A", and unmarked blanks get lost."""
    element.text = _LOOKS_ESCAPED.sub("_x005F_", text)
    if _SPACE in element.attrib:
        del element.attrib[_SPACE]
    if _NEEDS_SPACE.search(text):
        element.set(_SPACE, "preserve")
