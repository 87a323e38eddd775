"""What all tests of changed workbooks share."""

import pytest
import rebuilding


@pytest.fixture(autouse=True)
def _records_are_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rebuilding.keep(monkeypatch)
