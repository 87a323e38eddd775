"""One built workbook for all tests of it, made where no settings of anybody's count."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import office
import pytest
from macro_book import MacroBook

from partnerkpi.excel.build import build


@pytest.fixture(scope="session")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Work in an empty folder of a user without any settings."""
    folder = tmp_path_factory.mktemp("nobody")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_STATE_HOME"):
            patch.setenv(name, str(folder))
        patch.chdir(folder)
        yield folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Return a function that builds the workbook, once; a test that needs it skips where pyOpenVBA is missing."""

    @functools.cache
    def once() -> Path:
        if find_spec("pyopenvba") is None:
            office.missing("pyOpenVBA is not installed")
        target = tmp_path_factory.mktemp("built") / "scorecard.xlsm"
        build(target)
        return target

    return once
