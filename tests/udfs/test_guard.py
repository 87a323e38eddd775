"""Whatever is put into a function, a cell gets a value or an Excel error; faults go to a log that quotes no cell."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerkpi.cells import CellError
from partnerkpi.errors import ConfigError, KpiValueError, UsageError
from partnerkpi.udfs import FUNCTIONS, function, log
from partnerkpi.vocabulary import ERROR_CELLS

QUOTE = "salary of Anna"

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=300)
    | st.sampled_from(sorted(ERROR_CELLS))
    | st.sampled_from([-2147352572, -2146826246, -2146826238, 9.0, 46053.0, "8", "yes", "quarter", "nps", "Acme"])
    | st.dates()
    | st.datetimes()
    | st.decimals()
    | st.binary(max_size=3)
    | st.complex_numbers()
    | st.builds(object)
    | st.builds(lambda: np.float64("nan"))
    | st.dictionaries(st.sampled_from(["type", "basicValue"]), st.text(max_size=3) | st.floats(), max_size=2)
)
rows = st.lists(scalars, max_size=4)
garbage = (
    scalars
    | st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple), max_leaves=12
    )
    | st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[scalars] * width), max_size=4).map(tuple))
    | rows.map(lambda row: np.array(row, dtype=object))
)


def is_value(value: object) -> bool:
    """Tell whether a cell can show this."""
    if type(value) is str:
        return len(value) <= 255 and "Traceback" not in value and "Error(" not in value
    return type(value) in (bool, int, float) and value == value and abs(value) != float("inf")  # type: ignore[arg-type]


def is_result(value: object) -> bool:
    """Tell whether a cell, or a rectangle of them, can show this."""
    if type(value) is not list:
        return is_value(value)
    return (
        bool(value)
        and len({len(row) for row in value}) == 1
        and all(type(row) is list and row for row in value)
        and all(is_value(cell) for row in value for cell in row)
    )


@pytest.mark.parametrize("name", FUNCTIONS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=150)
def test_whatever_comes_in_a_result_goes_out(name: str, data: st.DataObject) -> None:
    """Any nesting of anything gives a float, int, str, bool or a rectangle of them."""
    arguments = [data.draw(garbage) for _ in FUNCTIONS[name].arguments]
    assert is_result(FUNCTIONS[name].call(*arguments))


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("count", [0, 9])
def test_a_wrong_number_of_arguments_is_value(name: str, count: int) -> None:
    """An old workbook that calls with other arguments gets #VALUE!, not a traceback."""
    assert FUNCTIONS[name].call(*[9.0] * count) == "#VALUE!"


def test_a_range_within_itself_is_value() -> None:
    """Even a list that holds itself is no reason for a traceback."""
    endless: list[Any] = [1.0]
    endless.append(endless)
    for name, one in FUNCTIONS.items():
        assert is_result(one.call(*[endless] * len(one.arguments))), name


def guarded(body: Callable[..., object]) -> Callable[..., Any]:
    """Put the guard around a function of the test's own."""
    return function._guarded(body)


def failing(error: BaseException) -> Callable[..., Any]:
    """Return a guarded function that raises."""

    def KPI(*_: object) -> object:  # noqa: N802 - as Excel's functions are called
        raise error

    return guarded(KPI)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CellError("#DIV/0!"), "#DIV/0!"),
        (KpiValueError("population is -1"), "#NUM!"),
        (UsageError("unknown kpi"), "#VALUE!"),
        (ConfigError("partnerkpi.toml"), "#VALUE!"),
        (ZeroDivisionError(), "#VALUE!"),
        (MemoryError(), "#VALUE!"),
        (RecursionError(), "#VALUE!"),
    ],
)
def test_every_exception_becomes_an_error_value(error: Exception, code: str) -> None:
    """A cell's own error, #NUM! for a number that is not allowed, #VALUE! for all else."""
    assert failing(error)(9.0) == code


def test_stopping_python_still_stops_it() -> None:
    """A request to end the process is no fault of a function."""
    with pytest.raises(KeyboardInterrupt):
        failing(KeyboardInterrupt())()


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (None, "#N/A"),
        (float("nan"), "#N/A"),
        (float("inf"), "#NUM!"),
        (True, True),
        (3, 3),
        (2**31, 2147483648.0),
        (np.float64(0.5), 0.5),
        ("é" * 300, "é" * 255),
        ([["Acme", None], [1, 2.5]], [["Acme", "#N/A"], [1, 2.5]]),
        ([], "#N/A"),
        ([[]], "#N/A"),
        ([[1], [1, 2]], "#VALUE!"),
        (date(2026, 1, 1), "#VALUE!"),
        (Decimal(1), "#VALUE!"),
        ({1}, "#VALUE!"),
    ],
)
def test_results_are_what_com_can_carry(value: object, result: object) -> None:
    """No data is #N/A, long texts are cut, large whole numbers become floats, anything strange is #VALUE!."""
    found = guarded(lambda: value)()
    assert found == result
    assert type(found) is type(result)


# ---- the log


def log_text() -> str:
    """Return what stands in the log."""
    path = log.folder() / log.FILE_NAME
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_a_fault_is_logged_without_the_cells() -> None:
    """The log says when, which function, which shapes and where in the code: enough to report, nothing to hide."""
    failing(ValueError(QUOTE))(((QUOTE, 1.0), (QUOTE, 2.0)), QUOTE, None, [9.0])
    (line,) = log_text().splitlines()
    assert datetime.fromisoformat(line.split()[0]).tzinfo is not None
    assert "KPI(tuple 2x2, str, NoneType, list 1) ValueError at test_guard.py:" in line
    assert QUOTE not in line


def test_expected_errors_are_not_logged() -> None:
    """An empty range or a score of 11 is the user's business and no fault."""
    for name, one in FUNCTIONS.items():
        assert is_result(one.call(*[[QUOTE]] * len(one.arguments))), name
        assert is_result(one.call(*[[11.0]] * len(one.arguments))), name
    assert log_text() == ""


def test_the_log_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in each of a million cells fills no disk: the file before the last is let go."""
    monkeypatch.setattr(log, "LARGEST", 1_000)
    for _ in range(50):
        failing(ValueError())(9.0)
    sizes = [path.stat().st_size for path in log.folder().iterdir()]
    assert len(sizes) == 2
    assert max(sizes) < 1_400


def test_a_log_that_cannot_be_written_is_no_second_fault(home: Path) -> None:
    """A file in the place of the folder: the cell gets its error all the same."""
    log.folder().parent.mkdir(parents=True, exist_ok=True)
    folder = log.folder()
    if folder.exists():
        folder.rmdir()
    folder.write_text("in the way", encoding="utf-8")
    assert failing(ValueError())(9.0) == "#VALUE!"
    assert home.exists()


@pytest.mark.parametrize(
    ("platform", "expected"),
    [("win32", "partnerkpi/Logs"), ("darwin", "Library/Logs/partnerkpi"), ("linux", "partnerkpi")],
)
def test_the_log_is_where_logs_are(platform: str, expected: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each system has its folder for them, within the user's own."""
    monkeypatch.setattr(sys, "platform", platform)
    assert log.folder() == home / expected
    for name in ("LOCALAPPDATA", "XDG_STATE_HOME"):
        monkeypatch.delenv(name)
    assert log.folder().is_relative_to(home)


# ---- what importing brings along


def test_importing_brings_nothing_but_xlwings() -> None:
    """Excel starts Python for the first cell: nothing is loaded beyond what xlwings itself loads."""
    code = (
        "import sys, xlwings; before = set(sys.modules); import partnerkpi.udfs; "
        "print(sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    brought = set(eval(done.stdout))  # noqa: S307 - our own list of names
    assert {name for name in brought if name not in sys.stdlib_module_names} == {"partnerkpi"}


def test_functions_can_be_loaded_again() -> None:
    """Xlwings reloads the module when its file changes: the functions are there afterwards."""
    import partnerkpi.udfs

    names = set(FUNCTIONS)
    importlib.reload(partnerkpi.udfs)
    assert set(partnerkpi.udfs.FUNCTIONS) == names
    assert partnerkpi.udfs.PARTNER_NPS([9.0]) == 100
