"""What a spreadsheet range may hold, and what each cell counts as.

One policy for every argument of every function, in Excel on Windows (COM) and in xlwings Lite (JSON), raw or converted:

    the cell holds                              as a score                      as a name
    ------------------------------------------  ------------------------------  ------------------
    nothing, "" or only spaces                  skipped: no answer, not a 0     None
    a number within 0..10 (float, int, Decimal) counted                         its text, 12.0 as 12
    a number outside 0..10                      #NUM!                           its text
    a number of 16 digits or more               #NUM!                           #NUM!: the 16th is lost
    NaN or infinity                             #NUM!                           #NUM!
    text                                        skipped, as AVERAGE does        the text, trimmed
    text that reads as a number: "8", " 7,5 "   #VALUE!: no silent loss         the text, trimmed
    TRUE or FALSE                               skipped, as AVERAGE does        TRUE or FALSE
    a date                                      #VALUE!                         2026-01-31
    an error, as text, COM number or JSON       that error                      that error
    an error of a kind not listed here          #VALUE!                         #VALUE!
    anything else                               #VALUE!                         #VALUE!
    no usable score in the whole range          #N/A                            -

The first cell in reading order that is an error decides. Standard library only: this runs inside Excel's start.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import chain
from math import ceil, floor
from typing import TypeVar

from partnerkpi.errors import KpiValueError, PartnerKpiError
from partnerkpi.kpi.checks import INFINITY, finite_number, is_number
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE, PASSIVE_FROM, PROMOTER_FROM, ScoreTally
from partnerkpi.vocabulary import ERROR_CELLS, NO, NUMBERED_ERRORS, SPACES, YES, reads_as_number

# An error cell comes through COM as the int 0x800A0000 + its number in the XlCVError enumeration
FIRST_COM_ERROR = -2146828288
LAST_COM_ERROR = FIRST_COM_ERROR + 0xFFFF
COM_ERRORS = {FIRST_COM_ERROR + number: text for number, text in NUMBERED_ERRORS.items()}

PARAMETER_NOT_FOUND = -2147352572  # DISP_E_PARAMNOTFOUND: an optional argument that was left out
# how pywin32 and Pyodide spell "nothing here"; told by name, because neither can be imported everywhere
NOTHING_TYPES = frozenset({"PyOleMissing", "PyOleEmpty", "PyOleArgNotFound", "JsNull"})

#: A cell keeps 15 digits of a number: two longer ids may be one there. Up to the other one a float holds whole numbers.
_LOST_FROM, _EXACT = 10**15, 2**53

Default = TypeVar("Default")

# the bands for each kind of number: a comparison of two ints takes half the time of one with a float
BOUNDS: dict[type, tuple[float, float, float, float]] = {
    float: (PASSIVE_FROM, PROMOTER_FROM, LOWEST_SCORE, HIGHEST_SCORE),
    int: (ceil(PASSIVE_FROM), ceil(PROMOTER_FROM), ceil(LOWEST_SCORE), floor(HIGHEST_SCORE)),
}


class CellError(PartnerKpiError):
    """The Excel error that a cell should show: `code` is its text, such as #N/A; the message says why."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code}: {reason}" if reason else code)
        self.code = code


def error_code(value: object) -> str | None:
    """Return the Excel error that a cell holds, such as #N/A; None when it holds no error.

    Takes error texts, the numbers COM hands over and xlwings Lite's JSON. error_code(-2146826246) is "#N/A".
    """
    value = _plain(value)
    if isinstance(value, str):
        text = value.strip().upper()
        return text if text in ERROR_CELLS else None
    if isinstance(value, int) and FIRST_COM_ERROR <= value <= LAST_COM_ERROR:
        return COM_ERRORS.get(value, "#VALUE!")
    return None


def is_omitted(argument: object) -> bool:
    """Tell whether an optional argument was left out, or is a blank cell, which looks the same."""
    return _is_nothing(argument) or (type(argument) is int and argument == PARAMETER_NOT_FOUND)


def _plain(value: object) -> object:
    """Unwrap what is not plain Python: NumPy scalars and arrays, xlwings Lite's JSON cells, spellings of nothing."""
    if _is_nothing(value):
        return None
    if isinstance(value, dict):  # {"type": "Error", "basicValue": "#N/A"}, {"type": "FormattedNumber", "basicValue": 9}
        return value.get("basicValue", "#VALUE!")
    to_list = getattr(value, "tolist", None)
    return to_list() if callable(to_list) else value


def _is_nothing(value: object) -> bool:
    """Tell whether a value is nothing, however it is spelt."""
    return value is None or type(value).__name__ in NOTHING_TYPES


def column(argument: object) -> list[object]:
    """Return any range as one flat list of its cells in reading order, blanks included.

    Takes a scalar, a row or column as a flat list, lists of lists, tuples of tuples, a NumPy array; an omitted argument
    is one blank cell. column(((9.0, None), (7.0, 10.0))) is [9.0, None, 7.0, 10.0].
    """
    return list(_cells(argument))


def _cells(argument: object) -> Iterable[object]:
    if is_omitted(argument):
        return (None,)
    argument = _plain(argument)
    if not isinstance(argument, (list, tuple)):
        return (argument,)
    if not argument or not isinstance(argument[0], (list, tuple)):
        return argument
    try:
        # one column, as COM hands it over: unpacking is much the fastest
        return [cell for (cell,) in argument]
    except (TypeError, ValueError):
        pass
    if not set(map(type, argument)) <= {list, tuple}:  # or a text among the rows would come apart into its letters
        raise CellError("#VALUE!", "the range mixes rows and single cells")
    return chain.from_iterable(argument)


def count_scores(argument: object) -> ScoreTally:
    """Count the scores of a range by the policy at the top of this module.

    CellError #NUM!, #VALUE! or the error that a cell holds; #N/A when no cell holds a score.
    count_scores([9.0, None, "n/a", 7.0, 0.0]) is ScoreTally(1, 1, 1).
    """
    cells = iter(_cells(argument))
    first = next((cell for cell in cells if cell is not None), None)
    # whichever kind the range begins with first: floats come through COM, whole numbers from xlwings Lite
    kinds = (int, float) if type(first) is int else (float, int)
    tally, rest = _count_kind(chain((first,), cells), kinds[0])
    if rest:
        more, rest = _count_kind(rest, kinds[1])
        tally += more
    tally += _count_rest(rest)
    if tally.responses == 0:
        raise CellError("#N/A", "there is no score in the range")
    return tally


def _count_kind(cells: Iterable[object], kind: type[float] | type[int]) -> tuple[ScoreTally, list[object]]:
    """Count the cells of exactly one kind of number, TRUE not being an int; return what else is not blank."""
    # 1,048,576 floats and blanks in one column, raw from COM: 0.2 to 0.4 of a plain nested loop that makes the same
    # checks. Bounds of the cells' own kind do it: comparing a float with the int 9 takes twice as long. Tried and
    # slower: Counter over the distinct values (0.6, and 2.5 where all differ), sets of types, one comprehension a band.
    passive_from, promoter_from, lowest, highest = BOUNDS[kind]
    detractors = passives = promoters = 0
    rest: list[object] = []
    for cell in cells:
        if cell is None:
            continue
        if type(cell) is kind:
            if cell >= promoter_from:
                if cell <= highest:
                    promoters += 1
                else:
                    rest.append(cell)
            elif cell >= passive_from:
                passives += 1
            elif cell >= lowest:
                detractors += 1
            else:
                rest.append(cell)
        else:
            rest.append(cell)
    return ScoreTally(detractors, passives, promoters), rest


def _count_rest(cells: list[object]) -> ScoreTally:
    """Count what is no plain number on the scale: few cells, or many of TRUE, FALSE and the "" that formulas return."""
    skipped: set[str] = set()
    counted: list[float | None] = []
    for cell in cells:
        if type(cell) is bool or (type(cell) is str and cell in skipped):
            continue
        counted.append(_number_in(cell, LOWEST_SCORE, HIGHEST_SCORE))
        if type(cell) is str:
            skipped.add(cell)
    return ScoreTally.from_scores(counted)


def scores(argument: object) -> list[float | None]:
    """Return one entry for each cell: its score, or None where the cell counts nowhere; for ranges that pair up.

    CellError as in `count_scores`, but an empty range is no error. scores(((9.0,), ("n/a",))) is [9.0, None].
    """
    return [_number_in(cell, LOWEST_SCORE, HIGHEST_SCORE) for cell in _cells(argument)]


def amounts(argument: object) -> list[float | None]:
    """Return one entry for each cell: its number of any size, such as a revenue, or None where it counts nowhere.

    Cells are judged like scores, without the bounds. amounts((100.0, None, 900)) is [100.0, None, 900.0].
    """
    return [_number_in(cell, -INFINITY, INFINITY) for cell in _cells(argument)]


def names(argument: object) -> list[str | None]:
    """Return one trimmed text for each cell, such as a partner's name; a blank is None.

    Numbers are written without a .0, dates as 2026-01-31. CellError for an error cell. names([" Acme ", 12.0, None]) is
    ["Acme", "12", None].
    """
    return [_name_in(cell) for cell in _cells(argument)]


def flags(argument: object) -> list[bool | None]:
    """Return True, False or None for each cell; a blank is None.

    TRUE/FALSE, 1/0 and the words of `vocabulary` for yes and no are taken. CellError #VALUE! for anything else, and for
    an error cell its error. flags([True, 0.0, "yes", None]) is [True, False, True, None].
    """
    return [_flag_in(cell) for cell in _cells(argument)]


def number(argument: object, default: Default) -> float | Default:
    """Return a single number argument, or the default when it was left out or its cell is blank.

    CellError #VALUE! for text, TRUE/FALSE, a date or more than one cell, #NUM! for NaN and infinity, and for an error
    cell its error. number(((0.9,),), 0.95) is 0.9.
    """
    cells = list(_cells(argument))
    if len(cells) > 1:
        raise CellError("#VALUE!", f"{len(cells)} cells were given where one number is expected")
    cell = _checked(cells[0]) if cells else None
    if cell is None:
        return default
    if isinstance(cell, (bool, str)):
        raise CellError("#VALUE!", f"{cell!r} is no number")
    return _number_in(cell, -INFINITY, INFINITY) or 0.0


def _number_in(cell: object, low: float, high: float) -> float | None:
    cell = _checked(cell)
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, str):
        if reads_as_number(cell):
            raise CellError("#VALUE!", f"{cell!r} is a number stored as text; convert the cell to a number")
        return None
    if not is_number(cell):
        raise CellError("#VALUE!", f"{cell!r} is no number")
    try:
        return finite_number(cell, "the cell", low, high)
    except KpiValueError as reason:
        raise CellError("#NUM!", str(reason)) from None


def _name_in(cell: object) -> str | None:
    cell = _checked(cell)
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, int) and (abs(cell) < _LOST_FROM or abs(cell) > _EXACT):  # TRUE is spelt as Excel does
        return str(cell).upper()  # ids of more digits than a float holds come from no cell, and stay whole
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    exact = _number_in(cell, -INFINITY, INFINITY) or 0.0
    if abs(exact) >= _LOST_FROM:
        raise CellError("#NUM!", "a number of more than 15 digits has lost some in a cell: keep such ids as text")
    return f"{exact:.15g}"


def _flag_in(cell: object) -> bool | None:
    cell = _checked(cell)
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and cell.casefold() in YES | NO:
        return cell.casefold() in YES
    if is_number(cell) and cell in (0, 1):
        return cell == 1
    raise CellError("#VALUE!", f"{cell!r} is neither TRUE nor FALSE, 1 nor 0, yes nor no")


def _checked(cell: object) -> object:
    """Return the cell in plain Python, text trimmed and blank text as None; raise the error that it holds."""
    code = error_code(cell)
    if code is not None:
        raise CellError(code, "a cell of the range holds this error")
    cell = _plain(cell)
    return (cell.strip(SPACES) or None) if isinstance(cell, str) else cell
