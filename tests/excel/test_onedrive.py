"""A workbook in OneDrive, whose address is one of the web, is no trouble: xlwings' own code is asked."""

from __future__ import annotations

import sys

import pytest
from xlwings.utils import prepare_sys_path

from partnerkpi.excel.set_up import _SETTINGS

ADDRESS = "https://d.docs.live.net/0123456789abcdef/Documents/scorecard.xlsm"


def test_the_workbook_s_folder_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the workbook's settings hand over keeps Python from asking where an address lies; with True it would ask."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = list(sys.path)
    setting = dict(_SETTINGS)["ADD_WORKBOOK_TO_PYTHONPATH"]
    prepare_sys_path(f"{setting};{ADDRESS};{ADDRESS};;;;")
    assert [one for one in sys.path if one] == [one for one in before if one]
    with pytest.raises(Exception, match="OneDrive"):
        prepare_sys_path(f"True;{ADDRESS};{ADDRESS};;;;")
