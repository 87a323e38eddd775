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
        )(_with_errors(function.call))
    return list(FUNCTIONS)


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
