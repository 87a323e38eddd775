"""No minus before a nought: -0.3 as a whole number is 0, in every program.

A number format cannot say so alone, since its part for what is negative writes the sign whatever is left of the number.
So a rule gives the cells that are 0 as they are shown another format.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils.cell import get_column_letter

from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import CHANGE, PULL, SCORE, TENTHS

#: The formats of figures that may be negative: how many decimals they show.
_DECIMALS = {SCORE: 0, CHANGE: 0, TENTHS: 1, PULL: 1}
_PLAIN = ("0;0;0", "0.0;0.0;0.0")
_NUMBERS = (200, 201)  # of these formats; Excel wants one, below 164 are its own
_STYLES = [
    DifferentialStyle(numFmt=NumberFormat(number, plain)) for number, plain in zip(_NUMBERS, _PLAIN, strict=True)
]


def plain_zeros(sheet: SheetModel) -> None:
    """Show a 0 without its sign in every cell of a sheet whose format belongs to a figure that may be negative."""
    places: defaultdict[int, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for (row, column), decimals in sheet.formatted(_DECIMALS):
        places[decimals][column].append(row)
    rules = []
    for decimals, columns in sorted(places.items()):
        for left, right, top, bottom in _areas(columns):
            first = f"{get_column_letter(left)}{top}"
            formula = f"IF(ISNUMBER({first}),ROUND({first},{decimals})=0,FALSE)"
            rules.append((f"{first}:{get_column_letter(right)}{bottom}", formula, _STYLES[decimals]))
    sheet.colour_before(rules)


def _areas(columns: dict[int, list[int]]) -> Iterable[tuple[int, int, int, int]]:
    """Yield rectangles that cover the rows of columns: left and right column, top and bottom row."""
    spans: dict[tuple[int, int], list[int]] = defaultdict(list)
    for column, rows in sorted(columns.items()):
        for top, bottom in _runs(rows):
            spans[top, bottom].append(column)
    for (top, bottom), side_by_side in sorted(spans.items()):
        for left, right in _runs(side_by_side):
            yield left, right, top, bottom


def _runs(numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Yield first and last of the numbers that follow each other."""
    first = last = None
    for number in sorted(numbers):
        if last is not None and first is not None and number > last + 1:
            yield first, last
            first = None
        first, last = number if first is None else first, number
    if first is not None and last is not None:
        yield first, last
