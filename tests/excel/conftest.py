"""One built workbook for all tests of it, made where nobody's settings count."""

from __future__ import annotations

from pathlib import Path

import office
import pytest
from macro_book import MacroBook

from partnerkpi.excel.build import build


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build scorecard.xlsm."""
    office.need_package("pyopenvba")
    folder = tmp_path_factory.mktemp("built")
    target = folder / "scorecard.xlsm"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "USERPROFILE"):
            patch.setenv(name, str(folder))
        patch.chdir(folder)
        build(target)
    return target


@pytest.fixture(scope="session")
def book(workbook: Path) -> MacroBook:
    """Read scorecard.xlsm."""
    return MacroBook(workbook)
