"""The stand-ins for pywin32 stay where they are put."""

import ctypes
import sys
from typing import Any

import pytest
from excel_path import CellRange, ExcelPath

from partnerkpi import udfs


def test_nothing_is_left_behind() -> None:
    """After the stand-ins modules and ctypes are what they were, and within them they are not."""
    before, library = dict(sys.modules), ctypes.PyDLL
    with ExcelPath() as excel:
        assert sys.modules["partnerkpi.udfs"] is excel.functions is not udfs
        assert excel.functions.PARTNER_NPS.__xlfunc__["category"] == "Partner KPI"
        assert "pythoncom" in sys.modules
        assert hasattr(ctypes, "windll")
    assert {name: sys.modules[name] for name in before} == before
    left = {name.partition(".")[0] for name in sys.modules if name not in before}
    assert not left & {"win32com", "win32api", "pythoncom", "pywintypes"}
    assert ctypes.PyDLL is library
    assert hasattr(ctypes, "windll") == (sys.platform == "win32")
    assert sys.modules["partnerkpi"].udfs is udfs


def test_a_fault_on_the_way_is_seen() -> None:
    """The path shows what xlwings would do with a function that is not guarded: its exception comes through."""

    def broken(x: Any) -> float:
        return x / 0  # type: ignore[no-any-return]

    with ExcelPath() as excel:
        excel.add_module("mine", BROKEN=excel.xlwings.func(broken))
        with pytest.raises(ZeroDivisionError):
            excel.call("BROKEN", CellRange(1.0), module="mine")
