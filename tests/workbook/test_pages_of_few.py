"""Pages of little data: nothing is said of what there is not, nothing twice, and nothing that finds nothing."""

from __future__ import annotations

from dataclasses import replace

import books
import cards
import pytest

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_partner, for_review
from partnerkpi.scorecard.parts import Counts, Partner, Source
from partnerkpi.workbook.build import build
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.sheet import BLANK
from partnerkpi.workbook.model.theme import SECTION
from partnerkpi.workbook.page import _room
from partnerkpi.workbook.sheets import page_chart
from partnerkpi.workbook.sheets.pack_words import TOGETHER
from partnerkpi.workbook.sheets.page_head import FIRST_WIDTH

ONE = ("2026-Q3",)


def _said(card: Scorecard, sheet: str) -> list[str]:
    return [str(value) for value in books.shown(build(card, sheets="with-data"), sheet).values()]


def test_a_finding_names_a_segment_and_not_the_rest() -> None:
    """The rest together takes most from the NPS here, but nobody can do anything about it: EMEA is named."""
    groups = {
        "EMEA": ScoreTally(9, 0, 6),
        "APAC": ScoreTally(0, 0, 40),
        **{f"S{n}": ScoreTally(4, 0, 0) for n in range(4)},
    }
    segments = {"region": {(value, ONE[0]): tally for value, tally in groups.items()}}
    total = ScoreTally.pooled(groups.values())
    card = cards.card({(None, ONE[0]): Counts(total)}, periods=ONE, segments=segments)
    model = build(card)
    said = books.shown(model, names.NPS)
    (rest,) = [cell for (_, cell), value in said.items() if value == "The rest together"]
    assert any("Q3 2026: EMEA takes most from the NPS" in str(value) for value in said.values())
    assert said[names.NPS, rest.replace("A", "M")] is BLANK


def test_without_segments_nothing_is_said_of_grey_ones() -> None:
    """What fewer answers are printed in is told where a group could have fewer."""
    alone = cards.odd_cards()["one period, answers alone"]
    grey = "Grey: fewer answers than Benchmarks asks for."
    assert any(grey in text for text in _said(alone, names.NPS))
    assert not any(grey in text for text in _said(replace(alone, segments={}), names.NPS))


@pytest.mark.parametrize("aside", [{}, {"blank score": 2}])
def test_about_lists_what_was_set_aside_if_anything_was(aside: dict[str, int]) -> None:
    """All rows used are said once, in the sentence; sums stand in cells that add up in either case."""
    rows = sum(aside.values())
    source = Source("responses", ("a.csv",), {"score": "nps"}, 10 + rows, 10, aside, {})
    said = _said(cards.card(cards.filled(("Acme",)), sources=(source,)), names.ABOUT)
    assert ("Reason" in said) == bool(aside)
    assert ("All 10 rows read were used." in said) != bool(aside)
    assert said.count("yes") == 2


def test_that_partners_of_customers_are_not_named_is_said_once() -> None:
    """How to name them is no finding: it stands beside the table, in one period as in several."""
    for periods in (cards.QUARTERS, ONE):
        card = cards.card(cards.filled(("Acme", None), periods), periods=periods, customers_have_partners=False)
        said = _said(card, names.RETENTION)
        assert sum("names the partner of each customer" in text for text in said) == 1
        assert not any("Name the partner of each customer." in text for text in said)


def test_a_value_that_says_who_has_a_partner_is_no_partner() -> None:
    """`--attributed source=partner` names none: the table of partners is neither printed nor led to."""
    counts = {("partner", ONE[0]): Counts(customers=9, retained=8), (None, ONE[0]): Counts(customers=20, retained=15)}
    card = cards.card(counts, periods=ONE, has_partner_list=False, has_activities=False)
    told = build(replace(card, options={"attributed": "source=partner"}), sheets="with-data")
    named = build(card, sheets="with-data")
    assert told[names.PARTNERS].view.hidden
    assert not named[names.PARTNERS].view.hidden
    links = [[str(value) for value in books.shown(model, names.SCORECARD).values()] for model in (told, named)]
    assert ["Partners ›" in some for some in links] == [False, True]


def test_two_partners_tell_nothing_of_others() -> None:
    """An interval of the whole scale is no figure: the page says so, and how well the NPS of these two is known."""
    counts = {("Acme", ONE[0]): Counts(ScoreTally(0, 0, 9), 9), ("Bolt", ONE[0]): Counts(ScoreTally(7, 0, 0), 7)}
    counts["Cedar", ONE[0]] = Counts(invited=90)
    said = _said(cards.card(counts, periods=ONE), names.SCORECARD)
    assert not any("±100" in text for text in said)
    assert any(
        text.startswith("These 2 partners tell nothing of others; of them the NPS is known to ±") for text in said
    )


@pytest.mark.parametrize("rows", range(18, 40))
def test_no_heading_of_about_ends_a_page(rows: int) -> None:
    """Whatever stands above it, a heading is printed with the rows that it heads."""
    source = Source("responses", ("a.csv",), {f"dimension {n}": f"column {n}" for n in range(rows)}, 9, 9, {}, {})
    card = cards.card(cards.filled(("Acme",)), sources=(source,), notes=("a note of two lines " * 8,) * 6)
    sheet = build(card)[names.ABOUT]
    assert sheet.page is not None
    heads = {row for (row, _), (_, _, look) in sheet.held() if sheet.cache.looks[look][0] == SECTION}
    last = int(sheet.page.areas[0].rpartition("F")[2])
    ends, used = list(sheet.row_breaks), 0.0
    for row in range(1, last + 1):
        high = sheet.heights.get(row, 15.0)
        if row - 1 in sheet.row_breaks:
            used = 0.0
        if used + high > _room(sheet, "ABCDEF", sheet.page):
            ends.append(row - 1)
            used = 0.0
        used += high
    assert sheet.page.pages or not {one for end in ends for one in (end, end - 1)} & heads


def test_a_long_name_is_made_no_smaller_than_can_be_read() -> None:
    """A name of two lines has them on the page; one that is a little long is made a little smaller."""
    long, longer = "Quartz Technologies International", "Quartz Technologies International Holdings GmbH & Co. KG"
    card = cards.card(cards.filled((long, longer, "Acme")))
    model = build(card)
    rows = {value: int(cell[1:]) for (_, cell), value in books.shown(model, names.SCORECARD).items() if cell[0] == "A"}
    heights = [model[names.SCORECARD].heights[rows[name]] for name in ("Acme", long, longer)]
    assert len(long) > FIRST_WIDTH - 1
    assert heights[0] == heights[1] < heights[2]


def test_names_in_a_chart_stand_on_few_squares() -> None:
    """A name goes to the side where it covers fewest squares, and is left out where it covers many on every side."""
    named = [("Alder Consulting", 0.5, 0.5)]
    right = [(0.56 + 0.03 * n, 0.5) for n in range(5)]
    around = [(0.3 + 0.02 * n, 0.3 + 0.05 * m) for n in range(20) for m in range(9)]
    assert page_chart.sides_of([(*named[0],)], right)[0] not in "r"
    assert page_chart.sides_of(named, around)[0] == page_chart.NO_ROOM
    assert page_chart.sides_of(named)[0] != page_chart.NO_ROOM


def test_a_partner_without_a_list_is_one() -> None:
    """Answers that name a partner name one, though customers are told by a value."""
    card = cards.card({("Acme", ONE[0]): Counts(ScoreTally(1, 1, 8))}, periods=ONE, partners=(Partner("Acme"),))
    card = replace(card, options={"attributed": "source=partner"}, has_partner_list=False)
    assert not build(card)[names.PARTNERS].view.hidden


def test_a_review_of_a_partner_of_which_nobody_answered_draws_no_empty_chart() -> None:
    """It asks for no file of answers, which there is, and says that there are none."""
    card = cards.card(
        {("Acme", "2026-Q3"): Counts(customers=4, retained=3), ("Bolt", "2026-Q3"): Counts(ScoreTally(1, 1, 8))}
    )
    for partner, charts in (("Acme", 0), ("Bolt", 2)):
        model = build(for_review(card, partner))
        said = [str(value) for value in books.shown(model, names.SCORECARD).values()]
        assert len(model[names.SCORECARD].charts) == charts
        assert not any("Add a file with the answers" in text for text in said)
        assert ("No answers in Q3 2026." in said) == (partner == "Acme")


def test_the_axis_of_a_long_trend_has_round_numbers() -> None:
    """Programs write each twentieth number on it, from where it begins: from -80 and not from -70."""
    wide = cards.card(
        {("Acme", "2026-Q2"): Counts(ScoreTally(3, 1, 1)), ("Acme", "2026-Q3"): Counts(ScoreTally(0, 0, 9))}
    )
    narrow = cards.card({("Acme", period): Counts(ScoreTally(200, 100, 300)) for period in cards.QUARTERS})
    lows = [
        drawing.scale.lowest
        for card in (wide, narrow)
        for drawing, _ in build(for_review(card, "Acme"))[names.SCORECARD].charts
        if drawing.scale is not None and drawing.scale.lowest is not None
    ]
    assert lows[0] % 20 == 0
    assert lows[0] < -60
    assert lows[-1] == 0


def test_where_advocates_alone_are_called_a_partner_has_one_day_and_one_status() -> None:
    """Without answers nobody is a detractor: the row of a partner says the day of its call, which has the status."""
    card = cards.card({("Acme", "2026-Q1"): Counts(activities=2), ("Bolt", "2026-Q3"): Counts(activities=1)})
    model = build(card)
    said = books.shown(model, names.ACTIONS)
    assert said[names.ACTIONS, "A2"] == "1 call to make for Q3 2026, still open."
    assert said[names.ACTIONS, "C6"] == said[names.ACTIONS, "C7"]
    assert (said[names.ACTIONS, "H6"], said[names.ACTIONS, "H7"]) == (BLANK, "open")


def test_a_partner_reads_its_whole_name() -> None:
    """In its own workbook a long name stands in lines of its own, beside the place of a logo."""
    long = "The Greater Meridian Association of Business Technology Advisers"
    for name, lines in (("Acme", 1), (long, 2)):
        model = build(for_partner(cards.card(cards.filled((name,))), name))
        assert books.shown(model, TOGETHER)[TOGETHER, "A1"] == name
        assert model.sheets[TOGETHER].heights[1] == 5 + 25 * lines


def test_a_review_has_no_empty_tables_of_what_was_read() -> None:
    """What was read is not told in it: it says so, and nothing of rows, columns and files."""
    card = for_review(cards.demo_card(), "Kestrelane Consulting")
    said = _said(card, names.ABOUT)
    assert "What was read is not listed in this workbook." in said
    assert not {"Rows", "Columns", "Files", "Adds up", "SHA-256"} & set(said)
    assert {"Rows", "Columns", "Files"} <= set(_said(cards.demo_card(), names.ABOUT))


@pytest.mark.parametrize(("most", "highest", "unit"), [(0, 1, 1), (1, None, 1), (7, None, 1), (8, None, None)])
def test_few_activities_have_marks_at_whole_numbers(most: int, highest: int | None, unit: int | None) -> None:
    """A chart left to itself has 0, 0.5 and 1, which are shown as 0, 1 and 1."""
    counts = {("Acme", period): Counts(ScoreTally(3, 2, 1), activities=most) for period in ("2026-Q2", "2026-Q3")}
    model = build(cards.card(counts))
    (scale,) = [
        drawing.scale
        for sheet in model.sheets.values()
        for drawing, _ in sheet.charts
        if drawing.function.__name__ == "bars"
    ]
    assert (scale.highest, scale.unit) == (highest, unit)
