"""The workbooks of the cards, written once in a run of the tests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import cards
import office
import shared

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.build import write_workbook

CASES = ("demo", *cards.odd_cards())
TOGETHER = 6  # workbooks in one call of LibreOffice: half the time of as many calls


def case(name: str) -> Scorecard:
    """Return the scorecard of a case."""
    return cards.demo_card() if name == "demo" else cards.odd_cards()[name]


def book(name: str) -> Path:
    """Return the workbook of a case as it is sent; it is everybody's and may not be changed."""
    return _written(name)[0]


def fingerprint(name: str) -> str:
    """Return what `write_workbook` says of the workbook of a case."""
    return _written(name)[1]


def calculate_with_neighbours(name: str) -> None:
    """Let LibreOffice calculate the workbook of a case and those beside it in one call."""
    start = CASES.index(name) // TOGETHER * TOGETHER
    office.recalculate_together([book(one) for one in CASES[start : start + TOGETHER]])


def _written(name: str) -> tuple[Path, str]:
    def write() -> tuple[Path, str]:
        path = Path(tempfile.mkdtemp(dir=os.environ[shared.FOLDER]), f"{name.replace(' ', '_')}.xlsx")
        return path, write_workbook(case(name), path)

    return shared.once(f"book {name}", write)
