"""A call of a function from Calc: what its cells arrive as, and how an answer goes back. Runs within LibreOffice.

Calc hands arguments over more roughly than Excel does, and that cannot be had otherwise:

    the argument is                       it arrives as
    ------------------------------------  ------------------------------------------------------------------
    a range, a list in braces, a formula  rows of numbers and texts; a blank cell is "", TRUE is 1
    a range that holds an error           not at all: Calc answers Err:504 itself
    one cell, or a value                  the number or the text; TRUE is 1, and a blank cell is 0 as in A1*2
    one cell that holds an error          not at all: Calc answers that error itself
    left out                              nothing

An error is a NaN that carries LibreOffice's number of it, in both directions.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from partnerkpi.udfs import FUNCTIONS
from partnerkpi.udfs.arguments import DAYS, EPOCH
from partnerkpi.vocabulary import ERROR_CELLS

#: LibreOffice's number of each error that Excel has too; it knows no other, which are #VALUE!.
ERROR_NUMBERS: Mapping[str, int] = {
    "#NUM!": 503,
    "#VALUE!": 519,
    "#NULL!": 521,
    "#REF!": 524,
    "#NAME?": 525,
    "#DIV/0!": 532,
    "#N/A": 32767,
}
#: "Invalid argument": what the cell shows where 0 and a blank cell, which arrive alike, have two answers.
ZERO_OR_BLANK = 502

_ERROR_TEXTS = {number: text for text, number in ERROR_NUMBERS.items()}
_OTHER_ERROR = "#VALUE!"


def answer(name: str, arguments: tuple[object, ...], later: int = 0) -> object:
    """Return what the cell of a call gets: a number, a text, an error as a NaN; rows of them from a table function.

    Days are counted from so many days `later` than Excel's: 1,462 in a document that counts from 1904. A single 0 is
    taken as 0 and as a blank cell; where these have two answers the cell shows Err:502.
    """
    function = FUNCTIONS[name]
    given = [_given(argument) for argument in arguments]
    for place, argument in enumerate(function.arguments) if later else ():
        if argument in DAYS and place < len(given):
            given[place] = _shifted(given[place], later)
    found: object = function.call(*given)
    if any(function.call(*others) != found for others in _with_blanks(given)):
        return _rows(error(ZERO_OR_BLANK)) if function.table else error(ZERO_OR_BLANK)
    if isinstance(found, list):
        return tuple(tuple(_value(cell) for cell in row) for row in found)
    return _rows(_value(found)) if function.table else _value(found)


def error(number: int) -> float:
    """Return the NaN that LibreOffice shows as an error, by its number of it: 32767 is #N/A, 502 is Err:502."""
    nan: float = struct.unpack(">d", struct.pack(">II", 0x7FF80000, number))[0]
    return nan


def _given(argument: object) -> object:
    """Return an argument as `cells` wants it, with its errors as texts; a blank "" is one there too."""
    if not isinstance(argument, tuple):
        return _error_in(argument) if isinstance(argument, float) and math.isnan(argument) else argument
    if all(cell == cell for cell in itertools.chain.from_iterable(argument)):  # a NaN is not itself
        return argument
    return tuple(tuple(cell if cell == cell else _error_in(cell) for cell in row) for row in argument)


def _shifted(days: object, later: int) -> object:
    """Return days, or rows of them, so many days later; what is no number stays."""
    if isinstance(days, tuple):
        return tuple(_shifted(one, later) for one in days)
    return days + later if isinstance(days, (int, float)) else days


def first_day(document: Any) -> int:
    """Return by how many days a document counts from later than Excel's day 0, which is 30 December 1899."""
    own = document.getPropertyValue("NullDate")
    return (dt.date(own.Year, own.Month, own.Day) - EPOCH).days


def _error_in(nan: float) -> str:
    return _ERROR_TEXTS.get(error_number(nan), _OTHER_ERROR)


def error_number(nan: float) -> int:
    """Return LibreOffice's number of the error that a NaN is."""
    number: int = struct.unpack(">II", struct.pack(">d", nan))[1]
    return number


def _with_blanks(given: list[object]) -> Iterator[list[object]]:
    """Yield the arguments with a blank in the place of each single 0, of each two ..."""
    zeros = [place for place, one in enumerate(given) if isinstance(one, (int, float)) and one == 0]
    for size in range(1, len(zeros) + 1):
        for blanks in itertools.combinations(zeros, size):
            yield [None if place in blanks else one for place, one in enumerate(given)]


def _value(cell: object) -> object:
    if isinstance(cell, str) and cell in ERROR_CELLS:
        return error(ERROR_NUMBERS.get(cell, ERROR_NUMBERS[_OTHER_ERROR]))
    return float(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else cell


def _rows(value: object) -> tuple[tuple[object]]:
    return ((value,),)


def method_of(name: str) -> str:
    """Return what the method of a function, or an argument, is called in LibreOffice: PARTNER_NPS is partnerNps."""
    first, *others = name.lower().split("_")
    return first + "".join(map(str.capitalize, others))
