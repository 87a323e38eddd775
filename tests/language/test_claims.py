"""Every sentence that claims something stands in docs/methods.md, with the section and the tests behind it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def listing() -> ModuleType:
    """Return the script that lists the sentences."""
    spec = importlib.util.spec_from_file_location("list_claims", ROOT / "docs" / "list_claims.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_sentence_that_claims_something_is_listed(listing: ModuleType) -> None:
    """The table is what `python docs/list_claims.py --write` writes: a sentence that is missing fails here."""
    methods = listing.METHODS.read_text(encoding="utf-8")
    assert len(listing.sentences()) > 40
    assert listing.written(methods) == methods


def test_what_is_behind_a_sentence_is_there(listing: ModuleType) -> None:
    """Each section of the table is one of the page, each test file is one of the suite and holds tests."""
    methods = listing.METHODS.read_text(encoding="utf-8")
    titles = re.findall(r"^##+ (.+)$", methods, re.MULTILINE)
    sections = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    for anchor, tests in re.findall(r"\(#([\w-]+)\) \| (.+) \|$", listing.table(), re.MULTILINE):
        assert anchor in sections
        for name in tests.split(", "):
            assert "def test_" in (ROOT / "tests" / name).read_text(encoding="utf-8"), name


@pytest.mark.parametrize(
    "said", ["Up 5, more than chance", "NPS {nps} ({interval})", "between {low} and {high}", "shown to be above 50"]
)
def test_a_new_sentence_would_be_seen(listing: ModuleType, said: str) -> None:
    """What claims something is told by its words."""
    assert listing._CLAIMS.search(said)
