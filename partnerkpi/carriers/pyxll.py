"""The functions in Excel through the add-in PyXLL, for whoever has that: its decorators, its own Excel errors.

In a module that `pyxll.cfg` names:

    from partnerkpi.carriers.pyxll import register

    register()
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping

from partnerkpi.udfs import CATEGORY, FUNCTIONS
from partnerkpi.udfs.arguments import DAYS
from partnerkpi.vocabulary import ERROR_CELLS

#: The exception that PyXLL takes for an Excel error, and gives for one, in the order in which it asks for their kinds.
ERRORS: Mapping[str, type[Exception]] = {
    "#NULL!": LookupError,
    "#DIV/0!": ZeroDivisionError,
    "#VALUE!": ValueError,
    "#REF!": ReferenceError,
    "#NAME?": NameError,
    "#NUM!": ArithmeticError,
    "#N/A": RuntimeError,
}
_ROWS = "var[][]"
#: By how many days a workbook that counts them from 1904 counts from later than others.
_LATER = 1462


def register() -> list[str]:
    """Make every function of `FUNCTIONS` a worksheet function of PyXLL; return their names.

    ImportError where PyXLL is not installed. Each argument is taken as rows of cells, so that a cell, a range and a
    list in braces are one, and each answer is given as rows, of which a single value is one.
    """
    from pyxll import xl_func

    for function in FUNCTIONS.values():
        signature = ", ".join(f"{_ROWS} {name}" for name in function.arguments)
        xl_func(
            f"{signature}: {_ROWS}",
            name=function.name,
            category=CATEGORY,
            arg_descriptions=dict(function.arguments),
        )(_with_errors(_with_days(function.call, list(function.arguments))))
    return list(FUNCTIONS)


def _with_days(call: Callable[..., object], names: list[str]) -> Callable[..., object]:
    """Wrap a function that takes days: those of a workbook that counts from 1904 are counted as all others."""
    places = [place for place, name in enumerate(names) if name in DAYS]
    if not places:
        return call

    @functools.wraps(call)
    def counted(*arguments: object, **named: object) -> object:
        if not _counts_from_1904():
            return call(*arguments, **named)
        given = [_shifted(one) if place in places else one for place, one in enumerate(arguments)]
        return call(*given, **{name: _shifted(one) if name in DAYS else one for name, one in named.items()})

    return counted


def _counts_from_1904() -> bool:
    """Tell whether the workbook of the cell that calls counts from 1904; False where Excel does not tell."""
    from pyxll import xl_app, xlfCaller

    try:
        book = xlfCaller().to_range().Worksheet.Parent
    except Exception:  # noqa: BLE001 - whatever COM raises: what is called from no cell, or while Excel is busy
        try:
            book = xl_app().ActiveWorkbook
        except Exception:  # noqa: BLE001 - no Excel that could be asked
            return False
    return bool(getattr(book, "Date1904", False))


def _shifted(days: object) -> object:
    """Return days, or rows of them, as a workbook that counts from 1900 has them; what is no number stays."""
    if isinstance(days, (list, tuple)):
        return [_shifted(one) for one in days]
    return days + _LATER if isinstance(days, (int, float)) and not isinstance(days, bool) else days


def _with_errors(call: Callable[..., object]) -> Callable[..., list[list[object]]]:
    """Wrap a function: errors come as exceptions and go as exceptions, which is how PyXLL has them."""

    @functools.wraps(call)
    def answer(*arguments: object, **named: object) -> list[list[object]]:
        given = map(_as_text, arguments)
        found = call(*given, **{name: _as_text(argument) for name, argument in named.items()})
        rows = found if isinstance(found, list) else [[found]]
        return [[_as_error(cell) for cell in row] for row in rows]

    answer.__signature__ = inspect.signature(call)  # type: ignore[attr-defined]  # for who asks the wrapper alone
    return answer


def _as_text(argument: object) -> object:
    """Return an argument with its errors as texts, which `cells` knows; an exception of another kind is #VALUE!."""
    if isinstance(argument, (list, tuple)):
        return [_as_text(cell) for cell in argument]
    if isinstance(argument, Exception):
        return next((code for code, kind in ERRORS.items() if isinstance(argument, kind)), "#VALUE!")
    return argument


def _as_error(cell: object) -> object:
    """Return a value of an answer with an Excel error as PyXLL's exception; one that it has no kind for is #VALUE!."""
    if not isinstance(cell, str) or cell not in ERROR_CELLS:
        return cell
    return ERRORS.get(cell, ValueError)(cell)
