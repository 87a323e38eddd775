"""No text is cut off where a sheet is printed, in any language: added up letter by letter, not as estimated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cards
import cut
import pytest

from partnerkpi.language import LANGUAGES
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_partner, for_review
from partnerkpi.settings import Settings
from partnerkpi.workbook.build import build
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.theme import HEAD, ROW
from partnerkpi.workbook.page import set_heights, set_page, set_widths

CARDS = ("demo", "segments", "two years", "money", "all time", "months", "years")


def _books(card: Scorecard, code: str) -> Iterator[WorkbookModel]:
    settings = card.settings or Settings()
    options = settings.options.model_copy(update={"language": code})
    card = replace(card, settings=settings.model_copy(update={"options": options}))
    yield build(card, sheets="with-data")
    yield build(for_review(card, card.partners[0].name))
    yield build(for_partner(card, card.partners[0].name))


@pytest.mark.parametrize("code", list(LANGUAGES))
@pytest.mark.parametrize("name", CARDS)
def test_no_text_is_cut_off(name: str, code: str) -> None:
    """On every sheet of a workbook, a review and a pack; but for names as long as nobody has any."""
    card = cards.demo_card() if name == "demo" else cards.odd_cards()[name]
    found = [one for book in _books(card, code) for sheet in book.sheets.values() for one in cut.cuts(sheet)]
    assert [one for one in found if len(max(one.text.split(), key=len)) < 100] == []


def test_what_is_cut_off_is_found() -> None:
    """A text beside another, a head of three lines in a row for two, and a word that is broken; not one that fits."""
    book = WorkbookModel()
    sheet = book.sheet("Sheet")
    set_widths(sheet, {"A": 12.0, "B": 12.0, "C": 20.0})
    set_heights(sheet, {2: 30.0})
    set_page(sheet, "Title", ["A1:C4"])
    book.put(sheet, "A1", "A longer text than that", ROW)
    book.put(sheet, "B1", "short", ROW)
    book.put(sheet, "A2", "A head that takes its lines", HEAD)
    book.put(sheet, "B2", "Kundenzufriedenheit", HEAD)
    book.put(sheet, "A3", "What goes on over free cells", ROW)
    found = {one.cell: one.how for one in cut.cuts(sheet)}
    assert found == {"A1": "too narrow", "A2": "too low", "B2": "a broken word"}
