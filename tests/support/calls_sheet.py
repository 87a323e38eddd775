"""The odd calls as a sheet: where the cells of their arguments lie, and the formula of each call beside them.

Each call has rows of its own: its arguments from the left, its answer in the column `ANSWERS`. Cells and literals are
written as each program wants them, so they are plain data here, as in `calls`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from calls import Call, Cell
from openpyxl.utils.cell import get_column_letter

ANSWERS = 70  # the column of the answers, counted from 1, beyond the arguments of any call


@dataclass(frozen=True, slots=True)
class Placed:
    """A call at its place: the row of its answer, its cells by (row, column), and an argument each.

    An argument is the reference of its range, such as A1:B3, or ("literal", cell); None is left out.
    """

    call: Call
    row: int
    cells: dict[tuple[int, int], Cell]
    arguments: tuple[str | tuple[str, Cell] | None, ...]

    @property
    def height(self) -> int:
        """Return how many rows the answer has."""
        return len(self.call.answer) if isinstance(self.call.answer, list) else 1

    @property
    def width(self) -> int:
        """Return how many columns the answer has."""
        return len(self.call.answer[0]) if isinstance(self.call.answer, list) else 1

    def formula(self, literal: Callable[[Cell], str], *, reference: Callable[[str], str] = str, between: str) -> str:
        """Return the arguments of the call, with literals and references as a program spells them."""
        return between.join(
            "" if one is None else reference(one) if isinstance(one, str) else literal(one[1]) for one in self.arguments
        )


def placed(calls: Iterable[Call], *, first: int = 1) -> list[Placed]:
    """Place calls one below the other, with a row between them."""
    found, row = [], first
    for call in calls:
        column, height = 1, 1
        cells: dict[tuple[int, int], Cell] = {}
        arguments: list[str | tuple[str, Cell] | None] = []
        for argument in call.arguments:
            if not isinstance(argument, list):
                arguments.append(None if argument is None else ("literal", argument))
                continue
            rows, columns = len(argument), len(argument[0])
            for down, line in enumerate(argument):
                for right, cell in enumerate(line):
                    cells[row + down, column + right] = cell
            start = f"{get_column_letter(column)}{row}"
            end = f"{get_column_letter(column + columns - 1)}{row + rows - 1}"
            arguments.append(start if rows * columns == 1 else f"{start}:{end}")
            column, height = column + columns + 1, max(height, rows)
        one = Placed(call, row, cells, tuple(arguments))
        assert column <= ANSWERS, call
        found.append(one)
        row += max(height, one.height) + 1
    return found
