"""The functions through PyXLL, asked of its own package on the index, which has the names of the add-in."""

from __future__ import annotations

import inspect
import os
from typing import Any

import pytest
from calls import calls, same

from partnerkpi.carriers.pyxll import ERRORS, register
from partnerkpi.udfs import CATEGORY, FUNCTIONS

if os.environ.get("CI") == "true":
    import pyxll
else:
    pyxll = pytest.importorskip("pyxll", reason="PyXLL's package is not installed")


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, Any, dict[str, Any]]]:
    """Return what PyXLL's decorator was given for each function: its signature, the function, the other options."""
    seen: dict[str, tuple[str, Any, dict[str, Any]]] = {}
    decorator = pyxll.xl_func

    def noting(signature: str, **options: Any) -> Any:
        inspect.signature(decorator).bind(signature, **options)  # an option that PyXLL does not have fails

        def note(function: Any) -> Any:
            seen[options["name"]] = signature, function, options
            return decorator(signature, **options)(function)

        return note

    monkeypatch.setattr(pyxll, "xl_func", noting)
    assert register() == list(FUNCTIONS)
    return seen


def test_every_function_is_registered_with_its_help(registered: dict[str, Any]) -> None:
    """Name, arguments, category and help are those of the list; optional arguments may be left out."""
    assert list(registered) == list(FUNCTIONS)
    for name, (signature, function, options) in registered.items():
        arguments = FUNCTIONS[name].arguments
        assert signature == ", ".join(f"var[][] {one}" for one in arguments) + ": var[][]"
        assert (options["category"], options["arg_descriptions"]) == (CATEGORY, dict(arguments))
        parameters = inspect.signature(function).parameters
        left_out = {one for one, spec in parameters.items() if spec.default is not inspect.Parameter.empty}
        assert (list(parameters), left_out) == (list(arguments), set(FUNCTIONS[name].optional))
        assert function.__doc__ == FUNCTIONS[name].description


@pytest.mark.parametrize("code", ERRORS)
def test_errors_are_those_of_pyxll(code: str) -> None:
    """PyXLL's own reading of each exception is the error that it stands for here."""
    context = pyxll.ErrorContext(pyxll.ErrorContext.Type.UDF)
    value = ERRORS[code](code)
    said = pyxll.error_handler(context, pyxll.PropagatedError, pyxll.PropagatedError(value), None)
    assert said == "##PropagatedError: " + {"#NAME?": "#NAME!"}.get(code, code)


def test_errors_come_and_go_as_exceptions(registered: dict[str, Any]) -> None:
    """No data, a score of 11 and a number as text are #N/A, #NUM! and #VALUE!; an error in a cell is passed on."""
    nps, group = registered["PARTNER_NPS"][1], registered["PARTNER_NPS_GROUP"][1]

    def kind(*cells: Any) -> type:
        ((answer,),) = nps([[cell] for cell in cells])
        return type(answer)

    assert kind(None, "n/a") is RuntimeError
    assert kind(9.0, 11.0) is ArithmeticError
    assert kind(9.0, "8") is ValueError
    assert kind(9.0, ZeroDivisionError("#DIV/0!")) is ZeroDivisionError
    assert kind(9.0, OSError("of another kind")) is ValueError
    assert nps([[9.0], [None], [True], [3.0], [10.0]]) == [[pytest.approx(100 / 3)]]
    words = group([[9.0, 7.0], [11.0, None]])
    assert [words[0], *map(type, words[1])] == [["Promoter", "Passive"], ArithmeticError, RuntimeError]


def test_no_data_of_one_kpi_is_no_fault_of_health(registered: dict[str, Any]) -> None:
    """#N/A, which PyXLL hands over as an exception, is a KPI without data."""
    health = registered["PARTNER_HEALTH"][1]
    assert health([[62.0]], [[RuntimeError("#N/A")]], [[55.0]]) == [[pytest.approx(88.5714, abs=1e-4)]]


def test_the_odd_calls_are_answered_alike(registered: dict[str, Any]) -> None:
    """Thousands of odd calls with rows of cells and errors as exceptions: the same answers."""

    def given(argument: Any) -> Any:
        rows = argument if isinstance(argument, list) else [[argument]]
        return [
            [ERRORS[cell["error"]](cell["error"]) if isinstance(cell, dict) else cell for cell in row] for row in rows
        ]

    def answered(cell: Any) -> Any:
        return {"error": str(cell)} if isinstance(cell, Exception) else cell

    for one in calls():
        found = [list(map(answered, row)) for row in registered[one.function][1](*map(given, one.arguments))]
        assert same(one.answer if isinstance(one.answer, list) else [[one.answer]], found), (str(one), one.made, found)


class _Caller:
    """A cell of a workbook that says from when it counts days, as PyXLL and COM hand it over."""

    def __init__(self, *, from_1904: bool) -> None:
        self.Date1904 = from_1904
        self.Worksheet = self.Parent = self

    def to_range(self) -> _Caller:
        return self


def test_days_of_a_workbook_that_counts_from_1904(registered: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The periods are those of the days that are shown: 46,204 is 1 July 2026 from 1900, and 44,742 is it from 1904."""
    trend = registered["PARTNER_NPS_TREND"][1]
    for from_1904, day in ((False, 46204.0), (True, 44742.0)):
        caller = _Caller(from_1904=from_1904)
        monkeypatch.setattr(pyxll, "xlfCaller", lambda caller=caller: caller)
        ((label, *_),) = trend([[day], [day + 1]], [[9.0], [3.0]])
        assert label == "2026-Q3"
    monkeypatch.setattr(pyxll, "xlfCaller", lambda: None)  # called from no cell: the active workbook is asked
    monkeypatch.setattr(pyxll, "xl_app", lambda: type("App", (), {"ActiveWorkbook": _Caller(from_1904=True)})())
    assert trend([[44742.0], [None]], [[9.0], [3.0]])[0][0] == "2026-Q3"
