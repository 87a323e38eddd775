"""The workbooks of the cards, written once in a run of the tests."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import cards
import office
import shared

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.settings import Settings
from partnerkpi.workbook.build import write_workbook

CASES = ("demo", *cards.odd_cards())
#: Of which some are asked in the quick run, in an order in which those stand first.
QUICK = CASES[::3]
IN_ORDER = (*QUICK, *(name for name in CASES if name not in QUICK))
TOGETHER = len(QUICK)  # workbooks in one call of LibreOffice: half the time of as many calls


def case(name: str, code: str = "en") -> Scorecard:
    """Return the scorecard of a case, whose workbook speaks a language."""
    card = cards.demo_card() if name == "demo" else cards.odd_cards()[name]
    return card if code == "en" else speaking(card, code)


def speaking(card: Scorecard, code: str) -> Scorecard:
    """Return a scorecard whose workbook speaks a language."""
    settings = card.settings or Settings()
    options = settings.options.model_copy(update={"language": code})
    return replace(card, settings=settings.model_copy(update={"options": options}))


def book(name: str, code: str = "en") -> Path:
    """Return the workbook of a case as it is sent; it is everybody's and may not be changed."""
    return _written(name, code)[0]


def fingerprint(name: str, code: str = "en") -> str:
    """Return what `write_workbook` says of the workbook of a case."""
    return _written(name, code)[1]


def calculate_with_neighbours(name: str) -> None:
    """Let LibreOffice calculate the workbook of a case and those beside it in one call."""
    start = IN_ORDER.index(name) // TOGETHER * TOGETHER
    office.recalculate_together([book(one) for one in IN_ORDER[start : start + TOGETHER]])


def _written(name: str, code: str) -> tuple[Path, str]:
    def write() -> tuple[Path, str]:
        path = Path(tempfile.mkdtemp(dir=os.environ[shared.FOLDER]), f"{name.replace(' ', '_')}.xlsx")
        return path, write_workbook(case(name, code), path)

    return shared.once(f"book {name} {code}", write)
