"""The value of a cell: what it holds for a value from outside, and how that stands in the markup of a workbook.

What somebody typed stays text. Excel takes "=...", "#N/A" or "12" for more than text: a survey's comments and partners'
names must never get that far.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lxml import etree
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils.datetime import to_excel

from partnerkpi.workbook.model.theme import GLYPHS

Value = float | int | str | bool | None
Values = Mapping[tuple[str, str], Value]  # (sheet title, "B4") -> what the formula there gives

NO_DATA = "#N/A"
MAX_TEXT = 32_767  # characters in a cell, counted as Excel does, in UTF-16 units
MAX_NUMBER = 9.99999999999999e307  # a float can be larger, a cell cannot


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
        if len(value) > MAX_TEXT // 2 and len(value.encode("utf-16-le", "surrogatepass")) > 2 * MAX_TEXT:
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


def serial(day: date) -> float:
    """Return the number that Excel keeps for a date or a time of a day: 30 September 2026 is 46295."""
    return float(to_excel(day))  # type: ignore[no-untyped-call]  # openpyxl leaves it untyped


MAX_WHOLE = 10**15  # Excel keeps 15 digits: a longer number is an identity, and must not lose its end

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def plain_value(content: Any) -> Value | date:
    """Return what a cell holds for a value from outside: cleaned text, number, boolean, date, or None for no data."""
    kind = type(content)
    if kind is str:  # the usual kinds first: to ask for an abstract number takes ten times as long
        return clean_text(content)
    if kind is int and -MAX_WHOLE < content < MAX_WHOLE:
        return int(content)
    if content is None or isinstance(content, bool):
        return content
    if isinstance(content, str):
        return clean_text(content)
    if content != content:  # NaN and NaT, of every library
        return None
    if isinstance(content, numbers.Integral):
        whole = int(content)
        return whole if abs(whole) < MAX_WHOLE else str(whole)
    if isinstance(content, (numbers.Real, Decimal)):
        return float(content)
    if isinstance(content, date):
        if isinstance(content, datetime) and content.tzinfo is not None:
            raise ValueError(f"{content} has a time zone, which a cell cannot hold; convert it first.")
        return content if content.year >= 1900 else content.isoformat()  # Excel's calendar begins in 1900
    raise TypeError(f"{content!r} ({type(content).__name__}) is not a value that a cell can hold.")


def classify(content: Any) -> tuple[Value | date, bool]:
    """Return what a cell holds, and whether it is text that needs the quote mark; errors as `plain_value`."""
    return _classified(content) if content.__class__ is str else (plain_value(content), False)


@lru_cache(maxsize=4096)
def _classified(text: str) -> tuple[str, bool]:
    clean = clean_text(text)
    return clean, needs_quote(clean)


def clean_text(text: str) -> str:
    """Return text that a workbook can hold, with every change visible.

    Characters that XML forbids become U+FFFD, line ends become line feeds, and text over 32,767 characters (as Excel
    counts them) ends in an ellipsis.
    """
    if 2 * len(text) <= MAX_TEXT and text.isprintable():  # most texts are: none of what follows would change them
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SURROGATE.search(text):  # two halves that belong together are joined, a lone one is replaced
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _UNWRITABLE.sub("\ufffd", text)
    if 2 * len(text) > MAX_TEXT:  # only now can it be too long: a character is one unit or two
        units = text.encode("utf-16-le")
        if len(units) > 2 * MAX_TEXT:
            return units[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"
    return text


def needs_quote(text: str) -> bool:
    """Tell whether text could turn into something else when somebody edits its cell: then it needs the quote mark.

    Words and our own glyphs cannot; everything with a figure or a sign could (1/2, MAR1, =..., full-width signs).
    """
    first = text[:1]
    is_word = (first.isalpha() or (first != "" and first in GLYPHS)) and not any(char.isdigit() for char in text)
    return text != "" and (not is_word or text.strip().upper() in {"TRUE", "FALSE"})
