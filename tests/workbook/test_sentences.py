"""What a workbook says reads as a person would say it: kinds of slips that were found by reading."""

from __future__ import annotations

import functools
import io
import re

import books
import cards
import pytest
import reader

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.parts import Counts
from partnerkpi.workbook.build import build
from partnerkpi.workbook.model import names

#: Cards in which there is one of something, none of something, or the same twice.
ODD = ("one partner", "single answer", "all scores equal", "no answers now", "nobody retained", "two years")
#: What no sentence may hold, and what is wrong with it.
SLIPS = {
    r"(?<![\d.,−+])1 (?:partners|answers|customers|points|calls|people|periods|activities)\b": "one is told as several",
    r"(?<!\S)(−?[\d.,]+(?: %)?) to \1(?!\S)": "an interval or a course from a figure to itself",
    r"(?:^|NPS )(−?\d+) → \1\b": "a course that does not move",
    r"\b0 of the 0\b|\b0 up and 0 down\b": "a count of nothing",
    r"([A-Z][^.|]{14,}\.)\s.*\1": "a sentence that stands twice in one text",
}


@functools.cache
def said(name: str) -> dict[tuple[str, str], str]:
    """Return every text of a card's workbook but the guide's paragraphs, by its place."""
    values = reader.read(io.BytesIO(books.written(build(cards.odd_cards()[name])))).values
    return {place: text for place, text in values.items() if isinstance(text, str) and text and place[0] != names.GUIDE}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("slip", SLIPS, ids=list(SLIPS.values()))
def test_no_slip_is_left(name: str, slip: str) -> None:
    """One partner, one point, one answer; nothing from a figure to itself; nothing twice."""
    assert {place: text for place, text in said(name).items() if re.search(slip, text)} == {}


def test_the_sheets_do_not_contradict_the_page() -> None:
    """Partners says since when nobody moved, Actions whom there is to call, Trend how many periods there are."""
    texts = said("all scores equal")
    assert texts[names.PARTNERS, "A2"].endswith("Since Q2 2026 none moved by more than chance.")
    assert texts[names.ACTIONS, "A2"] == "8 partners to call for Q3 2026."
    assert [text for place, text in texts.items() if place[0] == names.TREND and text.startswith("NPS of 4")] == []


def test_a_partner_that_ends_above_where_it_began_did_not_fall() -> None:
    """A large period in between pulls the line over all periods down; nobody would say that 31, −63 and 75 fell."""
    courses = {
        "Up": (ScoreTally(800, 1200, 1300), ScoreTally(2000, 500, 100), ScoreTally(20, 30, 160)),
        "Down": (ScoreTally(100, 50, 450), ScoreTally(200, 50, 350), ScoreTally(300, 50, 250)),
    }
    counts = {
        (name, label): Counts(one)
        for name, row in courses.items()
        for label, one in zip(cards.QUARTERS, row, strict=True)
    }
    card = cards.card(counts)
    assert [one.partner for one in card.call_first if one.fallen] == ["Down"]


def test_partners_that_still_recommend_us_have_not_turned_against_us() -> None:
    """From 58 to 25 is less than before; from 58 to −25 is against us."""
    for low, told in ((200, "1 partner recommends us less than before."), (350, "1 partner turned against us.")):
        falls = {"2026-Q1": (100, 450), "2026-Q2": (100, 450), "2026-Q3": (low, 550 - low)}
        card = cards.card({("Acme", label): Counts(ScoreTally(down, 50, up)) for label, (down, up) in falls.items()})
        headline = build(card).values()[names.SCORECARD, "A3"]
        assert str(headline).endswith(told)
