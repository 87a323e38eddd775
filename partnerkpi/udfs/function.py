"""What makes a Python function an Excel function: its help, raw arguments, and the guard around it."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any

import xlwings as xw

from partnerkpi.cells import CellError
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError, PartnerKpiError
from partnerkpi.udfs import log

CATEGORY = "Partner KPI"

NO_DATA = "#N/A"
LONGEST_TEXT = 255  # COM turns a longer text inside an array into #VALUE!
LONGEST_COM_INTEGER = 2**31 - 1

Value = float | int | str | bool
Result = Value | list[list[Value]]


@dataclass(frozen=True, slots=True)
class ExcelFunction:
    """An Excel function as the function wizard shows it: one description, one line for each argument.

    `table` tells whether it can answer with rows of cells, which spill.
    """

    name: str
    description: str
    arguments: Mapping[str, str]
    optional: tuple[str, ...]
    call: Callable[..., Result]
    table: bool


#: Every Excel function by its name.
FUNCTIONS: dict[str, ExcelFunction] = {}


def excel_function(**arguments: str) -> Callable[[Callable[..., object]], Callable[..., Result]]:
    """Make a function an Excel function; its docstring is the help, `arguments` holds a line for each parameter."""
    return functools.partial(_as_excel_function, arguments, table=False)


def excel_table(**arguments: str) -> Callable[[Callable[..., object]], Callable[..., Result]]:
    """Make a function that returns rows of cells an Excel function, as `excel_function` does."""
    return functools.partial(_as_excel_function, arguments, table=True)


def _as_excel_function(
    arguments: Mapping[str, str], function: Callable[..., object], *, table: bool
) -> Callable[..., Result]:
    call: Callable[..., Any] = _guarded(function)
    call.__doc__ = " ".join((function.__doc__ or "").split())
    for name, line in arguments.items():
        call = xw.arg(name, "raw", doc=line)(call)
    call = xw.func(category=CATEGORY)(call)  # last: each decorator below it would reset the category
    parameters = inspect.signature(function).parameters.values()
    optional = tuple(one.name for one in parameters if one.default is not inspect.Parameter.empty)
    FUNCTIONS[function.__name__] = ExcelFunction(
        function.__name__, call.__doc__ or "", dict(arguments), optional, call, table
    )
    return call


def as_fraction(percent: float | None) -> float | None:
    """Return a share as Excel keeps it: 0.85 for 85 %."""
    return None if percent is None else percent / 100


def _guarded(function: Callable[..., object]) -> Callable[..., Result]:
    """Wrap a function so that a cell gets a value or an Excel error, whatever happens."""

    @functools.wraps(function)
    def call(*arguments: object, **named: object) -> Result:
        try:
            return _result(function(*arguments, **named))
        except CellError as error:
            return error.code
        except KpiValueError:  # a number outside of what the figure is defined for
            return "#NUM!"
        except PartnerKpiError:  # a choice that does not exist, or settings that cannot be read
            return "#VALUE!"
        except Exception as error:  # noqa: BLE001 - xlwings would write its traceback into the cell
            log.record(function.__name__, (*arguments, *named.values()), error)
            return "#VALUE!"

    call.__annotations__ = {}  # xlwings would look for a converter for each of them
    return call


def _result(value: object) -> Result:
    if not isinstance(value, list):
        return _value(value)
    rows = [[_value(cell) for cell in row] for row in value]
    if not rows or not rows[0]:
        return NO_DATA
    if any(len(row) != len(rows[0]) for row in rows):
        raise CellError("#VALUE!", "the rows are not equally long")
    return rows


def _value(value: object) -> Value:
    """Return the value as a cell can take it: no data is #N/A, a long text is cut."""
    if value is None:
        return NO_DATA
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)[:LONGEST_TEXT]
    if isinstance(value, int):
        return value if abs(value) <= LONGEST_COM_INTEGER else float(value)
    if not isinstance(value, float):
        raise TypeError(f"{type(value).__name__} is nothing that a cell can hold")
    if math.isnan(value):
        return NO_DATA
    return float(value) if math.isfinite(value) else "#NUM!"
