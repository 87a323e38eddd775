"""Texts that are cut off where a sheet is printed, by the widths of the letters of Calibri, which are Carlito's.

The program estimates how wide a text is; here it is added up letter by letter, from tables of the typeface.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.styles import Alignment
from openpyxl.utils.cell import get_column_letter, range_boundaries

from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.sheet import BLANK, SheetModel
from partnerkpi.workbook.model.theme import Look

#: How wide letters are, in thousandths of their size; an accent adds nothing.
_PLAIN = (
    *(
        (226, " "),
        (221, "'"),
        (229, "il"),
        (239, "j"),
        (250, ",‘’"),
        (252, ".I·"),
        (268, ":;"),
        (303, "()"),
        (305, "f"),
    ),
    *((306, "-"), (307, "[]"), (319, "J"), (326, "!"), (335, "t"), (339, "›‹"), (349, "r"), (386, "/"), (391, "s")),
    *((395, "z"), (401, '"'), (418, "“”„"), (420, "L"), (423, "c"), (433, "x"), (452, "v"), (453, "y"), (455, "k")),
    *((459, "FS"), (460, "|"), (463, "?"), (468, "Z"), (471, "g"), (479, "a"), (487, "TY"), (488, "E"), (517, "P")),
    *((498, "#*+<=>_e×–−±"), (512, "«»"), (519, "X"), (520, "K"), (525, "bdhnpqu"), (527, "oß"), (533, "C")),
    *((543, "R"), (544, "B"), (567, "V"), (579, "A"), (615, "D"), (623, "H"), (631, "G"), (642, "U"), (646, "N")),
    *((662, "O"), (673, "Q"), (682, "&"), (690, "…"), (715, "%w"), (799, "m"), (855, "M"), (890, "W"), (894, "@")),
)
_BOLD = (
    *((226, " "), (233, "'"), (246, "il"), (255, "j"), (258, ",‘’"), (267, ".I"), (276, ":;"), (306, "-"), (312, "()")),
    *((316, "f"), (325, "[]"), (326, "!"), (331, "J"), (347, "t"), (355, "r"), (397, "z"), (399, "s"), (418, "c")),
    *((423, "L"), (430, "/"), (435, "“”„"), (438, '"'), (459, "Fx"), (463, "?"), (473, "Sv"), (474, "gy"), (478, "Z")),
    *((480, "k"), (488, "E"), (494, "a"), (495, "T"), (498, "#*+<=>_×–−±"), (503, "e"), (520, "Y"), (529, "C")),
    *((532, "P"), (537, "bdhnpqu"), (538, "o"), (547, "K"), (551, "X"), (561, "B"), (563, "R"), (591, "V"), (606, "A")),
    *((630, "D"), (631, "H"), (637, "G"), (653, "U"), (659, "N"), (676, "O"), (686, "Q"), (705, "&"), (711, "…")),
    *((729, "%"), (745, "w"), (813, "m"), (874, "M"), (898, "@"), (906, "W")),
)
_LETTERS = [{letter: width for width, letters in table for letter in letters} for table in (_PLAIN, _BOLD)]
_DIGIT, _OTHER = 507, 650  # of a digit, and of a sign that the typeface has not
_SIDES = 2.2  # points: the margins of a cell
_LINE = 1.21  # the height of a line, of its letters
_INDENT = 6.6  # points
_SPARE = 1.5  # points by which a row may be too low: what letters have above and below them


@dataclass(frozen=True)
class Cut:
    """A text that is cut off: where, how, and by how many points."""

    sheet: str
    cell: str
    how: str
    points: float
    text: str


def wide(text: str, size: float, *, bold: bool) -> float:
    """Return how many points a text takes in one line."""
    table = _LETTERS[bold]
    letters = [one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one)]
    return sum(_DIGIT if one.isdigit() else table.get(one, _OTHER) for one in letters) * size / 1000


def lines(text: str, room: float, size: float, *, bold: bool) -> int:
    """Return how many lines a text takes that is broken between words."""
    found = 0
    for paragraph in text.split("\n"):
        found, used = found + 1, 0.0
        for word in re.findall(r"[^ -]+-?|[ -]", paragraph):
            own = wide(word, size, bold=bold)
            if word != " " and used and used + own > room:
                found, used = found + 1, 0.0
            used += own
    return found


def cuts(sheet: SheetModel) -> Iterator[Cut]:
    """Yield the texts of a sheet that are cut off where it is printed."""
    if sheet.page is None or sheet.title in (names.DATA, names.RESPONSES):
        return
    merged, shrunk = _merged(sheet)
    for area in sheet.page.areas:
        left, top, right, bottom = (int(end or 0) for end in range_boundaries(area))
        for (row, column), (formula, value, number) in sheet.held():
            inside = top <= row <= bottom and left <= column <= right and _width(sheet, column)
            if inside and isinstance(value, str) and value.strip() and (row, column) not in shrunk:
                look = sheet.cache.looks[number][0]
                found = _cut(sheet, (row, column), merged.get((row, column), column), right, value, look)
                if found is not None:
                    how, points = found
                    yield Cut(sheet.title, f"{get_column_letter(column)}{row}", how, round(points, 1), value)
            del formula


def _cut(
    sheet: SheetModel, place: tuple[int, int], last: int, right: int, text: str, look: Look
) -> tuple[str, float] | None:
    row, column = place
    own = sum(_width(sheet, one) for one in range(column, last + 1)) - _SIDES - look.indent * _INDENT
    high = sheet.heights.get(row, 15.0)
    if look.wrap:
        needed = lines(text, own, look.size, bold=look.bold) * look.size * _LINE
        longest = max(wide(word, look.size, bold=look.bold) for word in re.findall(r"[^\s-]+-?|-", text))
        if needed > high + _SPARE:
            return "too low", needed - high
        return ("a broken word", longest - own) if longest > own else None
    room, step, end = own, 1, last
    if look.align == "right":
        step, end = -1, column
    while look.align != "center" and 1 <= end + step <= right and _is_free(sheet, row, end + step):
        end += step
        room += _width(sheet, end)
    needed = max(wide(line, look.size, bold=look.bold) for line in text.split("\n"))
    return ("too narrow", needed - room) if needed > room else None


def _is_free(sheet: SheetModel, row: int, column: int) -> bool:
    """Tell whether a text may go on into a cell: it holds nothing, and no formula that shows nothing."""
    formula, value, _ = sheet.content((row, column))
    return formula is None and (value is None or value is BLANK) and (row, column) not in sheet.covered


def _width(sheet: SheetModel, column: int) -> float:
    """Return how many points wide a column is."""
    letter = get_column_letter(column)
    return 0.0 if sheet.hidden.get(letter) else 0.75 * 7 * sheet.widths.get(letter, 9.14)


def _merged(sheet: SheetModel) -> tuple[dict[tuple[int, int], int], set[tuple[int, int]]]:
    """Return the last column of each merged cell, and the cells whose text is made smaller until it fits."""
    merged, shrunk = dict[tuple[int, int], int](), set[tuple[int, int]]()
    for entry in sheet.log:
        if isinstance(entry, int):
            continue  # a cell of it
        kind, number, *about = entry
        if number == sheet.number and kind == "merge":
            left, top, right, _ = about
            merged[top, left] = right
        elif number == sheet.number and kind == "restyle":
            row, column, what, thing = about
            alignment = sheet.cache.things[thing] if what == "alignment" else None
            if isinstance(alignment, Alignment) and alignment.shrink_to_fit:
                shrunk.add((row, column))
    return merged, shrunk
