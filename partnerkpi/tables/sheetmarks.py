"""What a sheet's cells do not say: which rows are hidden, where a formula failed, and where none was calculated.

The reader of workbooks gives neither. Both are marks in the sheet's XML, which is small where they matter to a person:
in sheets of more than a few megabytes only a filter that hides rows is noticed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from xml.etree import ElementTree

from partnerkpi.dataclass import dataclass
from partnerkpi.files import of_damage

#: What a note says of formulas that have no values.
UNCALCULATED = "are formulas that no program has calculated"
_LARGEST = 8 << 20
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*?\shidden="(?:1|true)"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\st="e")[^>]*?\sr="([A-Z]{1,3})([0-9]{1,7})"[^>]*>(.*?)</(?:\w+:)?c>', re.DOTALL
)
#: A formula without a value beside it; one whose value is an empty text says that it is a text.
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_VALUE = re.compile(rb"<(?:\w+:)?v>(#[^<]{2,20})</")


@dataclass(frozen=True, slots=True)
class Marks:
    """Hidden rows of a sheet, whether a filter hides rows, its failed cells by row and column, counted from 0.

    `uncalculated` are the cells with a formula of which no program has kept the value.
    """

    hidden_rows: int = 0
    filtered: bool = False
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: tuple[tuple[int, int], ...] = ()


def read_marks(path: Path, sheet: str) -> Marks:
    """Return the marks of one sheet of an .xlsx file; none where the file is written in an unusual way."""
    try:
        with zipfile.ZipFile(path) as package:
            part = package.getinfo(_part_of(package, sheet))
            with package.open(part) as stream:
                content = stream.read(_LARGEST + 1 if part.file_size <= _LARGEST else 4096)
    except of_damage(KeyError, OSError, StopIteration, ElementTree.ParseError):
        return Marks()
    filtered = b'filterMode="1"' in content[:4096]
    hidden = len(_HIDDEN.findall(content)) if b'hidden="' in content else 0
    errors = {}
    if b't="e"' in content:
        for letters, row, inside in _ERROR.findall(content):
            if (value := _VALUE.search(inside)) is not None:
                errors[int(row) - 1, column_number(letters.decode("ascii")) - 1] = value[1].decode("ascii", "replace")
    return Marks(hidden, filtered, errors, tuple(_uncalculated(content)))


def _uncalculated(content: bytes) -> Iterator[tuple[int, int]]:
    for marks in _FORMULA.findall(content):
        place = _PLACE.search(marks)
        if place is not None and b't="str"' not in marks:
            yield int(place[2]) - 1, column_number(place[1].decode("ascii")) - 1


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _part_of(package: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part that holds a sheet, as the workbook's relations give it."""
    book = ElementTree.fromstring(package.read("xl/workbook.xml")[: 4 << 20])  # noqa: S314 - the guard refuses entities
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels")[: 4 << 20])  # noqa: S314
    wanted = next(
        value
        for element in book.iter()
        if element.tag.endswith("}sheet") and element.get("name") == sheet
        for key, value in element.attrib.items()
        if key.endswith("}id")
    )
    target = next(element.get("Target", "") for element in relations.iter() if element.get("Id") == wanted)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
