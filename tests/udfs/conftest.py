"""Functions are tested away from the user's own files: no log is written there and no settings are read from there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from excel_path import ExcelPath


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a home and a current folder of its own, both empty."""
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def excel() -> Iterator[ExcelPath]:
    """Open an Excel without Excel, for the tests of one file."""
    with ExcelPath() as path:
        yield path
