"""Formulon, an engine of Excel 365's functions that is not ours, asked what the functions give as LAMBDAs."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from typing import Any

import office
from calls import Argument, Call, Cell
from openpyxl.utils.cell import get_column_letter

from partnerkpi.carriers.lambdas.syntax import Formula

_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
_TYPED = {"#N/A": "NA()", "#DIV/0!": "1/0", "#REF!": "#REF!"}
_APART, _AT = 130, 100  # columns from call to call, and from a call's first cell to its formula
_TOGETHER = 100


class Engine:
    """A workbook with the functions as names."""

    def __init__(self, formulas: Sequence[Formula], *, stored: bool = False) -> None:
        office.need_package("formulon")
        self.formulon = importlib.import_module("formulon")
        self.book = self.formulon.Workbook.create_default()
        for one in formulas:
            self.book.set_defined_name(one.name, f"={as_typed(one.stored) if stored else ' '.join(one.typed.split())}")

    def answers(self, asked: Sequence[Call]) -> Iterator[tuple[Call, Any]]:
        """Yield each call with what the engine gives, in the shape that is expected."""
        for start in range(0, len(asked), _TOGETHER):
            yield from self._batch(asked[start : start + _TOGETHER])

    def _batch(self, asked: Sequence[Call]) -> Iterator[tuple[Call, Any]]:
        used = list[tuple[int, int]]()
        for number, call in enumerate(asked):
            left = number * _APART
            column, written = left, list[str]()
            for argument in call.arguments:
                written.append(self._put(argument, column, used))
                column += len(argument[0]) + 1 if isinstance(argument, list) else 0
            assert column < left + _AT
            used.append((0, left + _AT))
            self.book.set_formula(0, 0, left + _AT, f"={call.function}({','.join(written).rstrip(',')})")
        self.book.recalc()
        for number, call in enumerate(asked):
            rows = call.answer if isinstance(call.answer, list) else [[call.answer]]
            left = number * _APART + _AT
            got = [[self._value(down, left + right) for right in range(len(rows[0]))] for down in range(len(rows))]
            yield call, got if isinstance(call.answer, list) else got[0][0]
        for place in used:
            self.book.set_blank(0, *place)

    def _put(self, argument: Argument, column: int, used: list[tuple[int, int]]) -> str:
        """Write a range into its cells and return its address; a literal stays one."""
        if argument is None:
            return ""
        if not isinstance(argument, list):
            return _literal(argument)
        for row, cells in enumerate(argument):
            for right, cell in enumerate(cells):
                place = row, column + right
                used.append(place)
                if cell is None:
                    continue
                if isinstance(cell, dict) or cell == "":
                    self.book.set_formula(0, *place, f"={_literal(cell)}")
                elif isinstance(cell, bool):
                    self.book.set_bool(0, *place, cell)
                elif isinstance(cell, (int, float)):
                    self.book.set_number(0, *place, float(cell))
                else:
                    self.book.set_text(0, *place, cell)
        first, last = get_column_letter(column + 1), get_column_letter(column + len(argument[0]))
        return f"{first}1" if len(argument) * len(argument[0]) == 1 else f"{first}1:{last}{len(argument)}"

    def _value(self, row: int, column: int) -> Any:
        value = self.book.get_value(0, row, column)
        if value.kind == self.formulon.ValueKind.ERROR:
            return {"error": _ERRORS[value.error_code] if value.error_code < len(_ERRORS) else str(value.error_code)}
        return value.to_python()


def as_typed(stored: str) -> str:
    """Return a formula of a file as Excel shows it: the prefixes are gone, optional parameters stand in brackets."""
    marked = "".join(
        f"[{part.split(',')[0]}],{part.partition(',')[2]}" if number else part
        for number, part in enumerate(stored.split("_xlop."))
    )
    return marked.replace("_xlfn._xlws.", "").replace("_xlfn.", "").replace("_xlpm.", "")


def _literal(cell: Cell) -> str:
    if isinstance(cell, dict):
        return _TYPED[cell["error"]]
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return repr(cell)
    return '"' + str(cell).replace('"', '""') + '"'
