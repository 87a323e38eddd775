"""Heads of tables keep their words whole, and tiles hold what they say, in languages that have longer words as well."""

from __future__ import annotations

from dataclasses import replace

import books
import cards
import pytest

from partnerkpi.language import LANGUAGES
from partnerkpi.scorecard.packs import for_review
from partnerkpi.settings import Settings
from partnerkpi.workbook.build import build
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import HEAD
from partnerkpi.workbook.page import lines_in_column, set_page, set_paper, set_widths, widen_for_heads

#: How many lines of a note the rows of a tile take, on the page of a review.
LINES = {5: 1, 7: 1, 8: 2, 9: 3, 11: 2}


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_tiles_hold_what_they_say(code: str) -> None:
    """In every language: label and rating in a line, interval and what it rests on in two, the change in three."""
    card = cards.odd_cards()["months"]
    settings = card.settings or Settings()
    options = settings.options.model_copy(update={"language": code})
    card = replace(card, settings=settings.model_copy(update={"options": options}))
    for partner in ("Eureka", "Globex"):  # of too few answers to rate, and of some
        model = build(for_review(card, partner))
        sheet, values = model[names.SCORECARD], books.shown(build(for_review(card, partner)), names.SCORECARD)
        width = (sheet.widths["A"] + sheet.widths["B"]) * 11 / 9 - 2  # an indent at the left
        for letter in "ACEGIK":
            for row, most in LINES.items():
                said = values.get((names.SCORECARD, f"{letter}{row}"))
                if isinstance(said, str):
                    assert lines_in_column(said, width) <= most, (letter, row, said)
                    assert sheet.heights[row] >= 11.5 * most


def test_a_sheet_in_two_parts_leaves_no_few_rows_alone() -> None:
    """Three rows on a page of their own are printed with the others, a little smaller; half a page of them is not."""
    model = WorkbookModel()
    sheet = model.sheet("Sheet")
    set_widths(sheet, dict.fromkeys("ABCDEFGHIJKLMNOPQRST", 11.0))
    for rows, pages in ((39, 1), (30, 0), (60, 0)):
        set_page(sheet, "Title", [f"A1:J{rows}", f"K1:T{rows}"])
        set_paper([sheet], "letter")
        assert sheet.page is not None
        assert sheet.page.pages == pages, rows


def test_a_part_with_names_repeated_beside_it_is_as_high_as_it_is_printed() -> None:
    """A part that fills its page to the last point is kept on it, in the size that it has beside the first column."""
    model = WorkbookModel()
    sheet = model.sheet("Sheet")
    set_widths(sheet, {"A": 40.0, **dict.fromkeys("BCDEFGHIJKLMNOPQRSTUVWX", 11.0)})
    sheet.print_title_cols = "A:A"
    for rows, pages in ((36, 0), (40, 0), (41, 1), (44, 1)):
        set_page(sheet, "Title", [f"A1:N{rows}", f"O1:X{rows}"])
        set_paper([sheet], "letter")
        assert sheet.page is not None
        assert sheet.page.pages == pages, rows


def _sheet(head: str, width: float) -> SheetModel:
    model = WorkbookModel()
    sheet = model.sheet("Sheet")
    model.put(sheet, "B3", head, HEAD)
    set_widths(sheet, {"B": width})
    widen_for_heads(sheet, 3)
    return sheet


@pytest.mark.parametrize("head", ["Rücklaufquote", "NPS\nRücklaufquote", "Rücklaufquote, %"])
def test_a_column_is_as_wide_as_the_longest_word_of_its_head(head: str) -> None:
    """A word is never broken somewhere: 13 letters need about 13 characters, whatever stands beside them."""
    assert 12.5 <= _sheet(head, 9.8).widths["B"] <= 14


@pytest.mark.parametrize("head", ["Response rate", "Base\nshare", "Partner-Gesundheit", "NPS", ""])
def test_a_head_whose_words_fit_leaves_the_column_as_it_is(head: str) -> None:
    """A head of several words takes several lines, also where a hyphen joins them; no column becomes narrower."""
    assert _sheet(head, 11.0).widths["B"] == 11.0
