"""What a reader of the pages would stumble over: orders, heads, scales and names that do not go with each other."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import books
import cards
import office
import openpyxl
import pytest

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import NOT_SHOWN, SHOWN
from partnerkpi.results.remarks import SAME_ROW, Remark
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.actions import DETRACTOR
from partnerkpi.scorecard.parts import Counts, Partner, Source
from partnerkpi.tally.used_answers import PersonAnswer
from partnerkpi.workbook.build import build
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.expression import given, joined, live
from partnerkpi.workbook.model.layout import FIRST_ROW
from partnerkpi.workbook.model.phrases import moved_count, part
from partnerkpi.workbook.model.sheet import PageSetup
from partnerkpi.workbook.model.theme import ROW_NUMBER, SHARE
from partnerkpi.workbook.page import keep_together, page_ends
from partnerkpi.workbook.sheets import page_chart
from partnerkpi.workbook.sheets.charts import label_side, scale_of

NOW = "2026-Q3"


def opened(card: Scorecard) -> openpyxl.Workbook:
    """Return a scorecard's workbook with its stored values."""
    return books.opened(build(card), values=True)


def unvalued() -> Scorecard:
    """Return three partners without yearly values, two of them rated worst, with unlike numbers of answers."""
    counts = {
        ("Alder", NOW): Counts(ScoreTally(5, 1, 0)),
        ("Birch", NOW): Counts(ScoreTally(0, 2, 7)),
        ("Cedar", NOW): Counts(ScoreTally(9, 2, 1)),
        ("Alder", "2026-Q1"): Counts(ScoreTally(5, 60, 60)),
        ("Dogwood", NOW): Counts(ScoreTally(0, 9, 9)),
    }
    return cards.card({**counts, (None, NOW): Counts()}, has_activities=False, has_customers=False)


def test_partners_without_values_stand_by_their_answers() -> None:
    """Whoever is called comes first; then most answers of the newest period, as on the first page."""
    book = opened(unvalued())
    partners = [book[names.PARTNERS].cell(row, 1).value for row in range(FIRST_ROW, FIRST_ROW + 4)]
    assert partners[2:] == ["Dogwood", "Birch"]
    assert set(partners[:2]) == {"Alder", "Cedar"}
    page = [row for row in book["Scorecard"].iter_rows(values_only=True) if row[0] in partners]
    heat = [row for row in page if row[0] == "Dogwood"][-1]
    shown = page[page.index(heat) :]
    assert [row[0] for row in shown] == ["Dogwood", "Cedar", "Birch", "Alder"]


def test_people_to_call_are_those_of_the_page() -> None:
    """A partner's row on Actions counts all its people to call, listed or not, as the first page does."""
    answers = tuple(PersonAnswer("Cedar", f"{number}@example.com", None, 2.0) for number in range(3))
    card = cards.card(
        {("Cedar", NOW): Counts(ScoreTally(9, 2, 1)), ("Birch", NOW): Counts(ScoreTally(0, 2, 7))},
        to_call=answers,
        more_to_call={("Cedar", DETRACTOR): 3_675, ("Cedar", "lost_promoter"): 1},
    )
    book = opened(card)
    (row,) = (row for row in book[names.ACTIONS].iter_rows(values_only=True) if row[:2] == ("Cedar", "3,679 people"))
    assert row[4] == "call first"
    assert row[2].date() == card.call_first[-1].due
    (called,) = (row for row in book["Scorecard"].iter_rows(values_only=True) if row[0] == "Cedar" and 3_679 in row)
    assert "all 3 listed here are open" in str(book[names.ACTIONS]["A2"].value)
    assert called


def test_thousands_of_partners_are_parted() -> None:
    """As everywhere else: 504 of 1,000."""
    now, then, of_all = (given(ref, number) for ref, number in (("A1", 1504), ("B1", 460), ("C1", 2000)))
    words = moved_count(now, (then, of_all), given("D1", 4.4), given("E1", "up"), "Q2 2026")
    assert words.value(None) == "1,044 more than in Q2 2026 (460 of 2,000): more than chance"


@pytest.mark.parametrize(
    ("values", "floor_at", "scale"),
    [
        ([12.0, 36.0, 75.0], 0.0, (0, 80, 20)),
        ([-6.0, 14.0, 50.0], -100.0, (-20, 60, 20)),
        ([-100.0, 100.0], -100.0, (-100, 100, 50)),
        ([100.0, 121.0], 0.0, (90, 130, 10)),
        ([71.0, 98.0, None], 0.0, (70, 100, 5)),
        ([], 0.0, (0, 100, 20)),
    ],
)
def test_scales_have_full_steps(values: list[float | None], floor_at: float, scale: tuple[int, int, int]) -> None:
    """An axis begins and ends at a mark, has 0 among its marks, and everything that is drawn lies on it."""
    lowest, highest, marks = scale_of(values, floor_at)
    known = [value for value in values if value is not None]
    assert (lowest % marks, highest % marks) == (0, 0)
    assert all(lowest <= value <= highest for value in known)
    assert (lowest, highest, marks) == scale


@pytest.mark.parametrize(
    ("values", "target", "side"),
    [
        ([36, 40, 45, 46], 50, "b"),  # above, two of them would be crossed by the line
        ([36, 40, 55, 56], 50, "t"),  # below, two others
        ([22, 40, 45, 46], 50, "t"),  # below there is no room for 22 above the axis
        ([36, 40, None, 41], 50, "t"),
        ([36, 40, 45, 46], None, "t"),
        ([], 50, "t"),
    ],
)
def test_figures_stand_where_the_target_does_not_cross_them(
    values: list[float | None], target: float | None, side: str
) -> None:
    """On an axis from 20 to 60 a figure takes some 6 points above its own, or below."""
    assert label_side(values, target, 20, 60) == side


def test_the_figures_of_the_trend_stand_equally_far_apart() -> None:
    """Table and changes below share columns of one width, and the words about changes fit into them."""
    sheet = opened(cards.demo_card())[names.TREND]
    widths = {letter: sheet.column_dimensions[letter].width for letter in "BCDEFGHI"}
    assert len(set(widths.values())) == 1
    words = {cell.value: cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value in (SHOWN, NOT_SHOWN)}
    assert words == {NOT_SHOWN: 9}


def test_names_in_the_chart_do_not_cover_each_other() -> None:
    """A name takes another side where its own is taken, and is left out where all are; apart, each has its own."""
    assert page_chart.sides_of([("Alder", 0.1, 0.1), ("Birch", 0.5, 0.5), ("Cedar", 0.9, 0.9)]) == "tbrt"
    close = page_chart.sides_of([(f"{name} Consulting Ltd", 0.2, 0.5) for name in ("Alder", "Birch", "Cedar", "Dill")])
    assert len(set(close) - {"-"}) == len(close.replace("-", ""))
    crowded = page_chart.sides_of([("International Business Holding Group", 0.2, 0.5)] * 4)
    assert "-" not in crowded[:2]
    # near each other in height, and one line or two, as programs break them: neither is written into the other
    assert page_chart.sides_of([("Kestrelane Consulting", 0.66, 0.82), ("Ostermoor Beratung", 0.31, 0.74)])[:2] != "tb"
    # none is written over the numbers of the axis where there is room beside its square
    assert page_chart.sides_of([("Lumivère Numérique", 0.01, 0.5)])[0] == "r"


def test_no_page_ends_with_the_head_of_a_group() -> None:
    """A partner's row on Actions goes to the next page with the first of its people."""
    sheet = WorkbookModel().sheet("Sheet")
    sheet.page = PageSetup(("A1:B200",))
    usual = page_ends(sheet, 5, 200, "a4")
    assert usual
    assert page_ends(sheet, 5, 200, "a4", {usual[0] + 1}) == usual
    moved = page_ends(sheet, 5, 200, "a4", {usual[0]})
    assert moved[0] == usual[0] - 1


def test_no_page_begins_with_the_last_row_of_a_group() -> None:
    """Of several rows beneath a head two go to the next page; a single one stays with its head."""
    sheet = WorkbookModel().sheet("Sheet")
    sheet.page = PageSetup(("A1:B200",))
    (end, *_) = page_ends(sheet, 5, 200, "a4")
    groups = {
        "of five": {end - 4, end + 2},
        "of two": {end - 1, end + 2},
        "of one": {end, end + 2},
        "at its end": {end + 1},
    }
    ends = {name: page_ends(sheet, 5, 200, "a4", heads)[0] for name, heads in groups.items()}
    assert ends == {"of five": end - 1, "of two": end - 2, "of one": end - 1, "at its end": end}


@pytest.mark.parametrize("rows", range(88, 100))
def test_a_block_that_is_divided_leaves_no_row_alone(rows: int) -> None:
    """A page begins with a block of seven rows, or with two of one at least where that would take a page more."""
    sheet = WorkbookModel().sheet("Sheet")
    sheet.page = PageSetup((f"A1:B{rows}",), landscape=False)
    blocks = [(first, min(first + 6, rows)) for first in range(3, rows, 7)]
    keep_together(sheet, blocks, "a4")
    (end,) = sheet.row_breaks
    (block,) = (block for block in blocks if block[0] <= end <= block[1])
    assert (end == block[1]) == (rows < 95)
    assert end == block[1] or (end > block[0] and block[1] - end >= 2)


@pytest.mark.parametrize("segments", [3, 40])
def test_each_page_of_segments_has_their_heads(segments: int) -> None:
    """Few segments stand above the periods; many stand last, for a sheet repeats the heads of one table."""
    tallies = {(f"Segment {number}", NOW): ScoreTally(3, 4, 5) for number in range(segments)}
    card = cards.card({(None, NOW): Counts(ScoreTally(120, 160, 200))}, segments={"region": tallies})
    sheet = opened(card)["NPS"]
    (segment,) = (row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "Segment")
    (period,) = (row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "Period")
    assert (segment > period) == (segments == 40)
    assert sheet.print_title_rows == (f"${segment}:${segment}" if segments == 40 else None)


def test_long_names_are_made_smaller() -> None:
    """No name on the first page is cut off by the figure beside it."""
    long = "Vexfin Technologies International Holding"
    counts = {(name, NOW): Counts(ScoreTally(9, 2, 1)) for name in (long, "Birch")}
    card = cards.card(counts, partners=(Partner(long), Partner("Birch")))
    cells = [row[0] for row in opened(card)["Scorecard"].iter_rows() if row[0].value in (long, "Birch")]
    assert {(cell.value, bool(cell.alignment.shrink_to_fit)) for cell in cells} == {(long, True), ("Birch", False)}


@pytest.mark.parametrize(("invited", "last"), [(None, "M"), (30, "N")])
def test_the_last_column_holds_its_words(invited: int | None, last: str) -> None:
    """Without response rates the certainty of a change stands in another column, which is as wide as its words."""
    counts = {
        (name, period): Counts(ScoreTally(2, 3, 4), invited) for name in ("Alder", None) for period in cards.QUARTERS
    }
    partners = (Partner("Alder"),)
    sheet = opened(cards.card(counts, partners=partners))["NPS"]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == "Certainty"]
    assert [cell.column_letter for cell in found] == [last]
    assert sheet.column_dimensions[last].width >= 15


def test_answers_that_name_nobody_are_calls_to_their_partners() -> None:
    """Actions has a row for each partner with its detractors and a status to choose, and is printed with a link."""
    card = replace(unvalued(), more_to_call={("Alder", DETRACTOR): 5, ("Birch", DETRACTOR): 1, (None, DETRACTOR): 4})
    book = opened(card)
    sheet = book["Actions"]
    rows = [row[:6] for row in sheet.iter_rows(min_row=FIRST_ROW, values_only=True)]
    due = rows[0][2]
    assert [row[0] for row in rows] == ["Cedar", "Alder", "Birch"]
    assert rows[2] == ("Birch", "1 person", due, None, None, "1 detractor")
    assert sheet["A2"].value == "3 partners to call for Q3 2026."
    assert "The answers do not say who gave them." in sheet["A3"].value
    assert [sheet.cell(row, 8).fill.fgColor.rgb for row in range(FIRST_ROW, FIRST_ROW + 3)] == ["FFFFF9E5"] * 3
    assert sheet.print_area != book["Data"].print_area
    assert "Actions ›" in [cell.value for row in book["Scorecard"].iter_rows() for cell in row]


def test_little_is_not_shown_as_nothing(tmp_path: Path) -> None:
    """A share that is more than nothing is not 0 %, in cells as LibreOffice shows them and in sentences."""
    shares = {0: "0 %", 0.1: "<1 %", 0.49: "<1 %", 0.6: "1 %", 99.4: "99 %"}
    model = WorkbookModel()
    sheet = model.sheet("Shares")
    for row, share in enumerate(shares, 1):
        model.put(sheet, (row, 1), share, ROW_NUMBER.but(number=SHARE))
        model.put(sheet, (row, 2), live(joined(part(given(f"A{row}", share)), " %")))
    path = tmp_path / "shares.xlsx"
    path.write_bytes(books.written(model))
    assert office.disagreements(path) == []
    pdf = [office.need("pdftotext"), "-layout", office.to_pdf(path, tmp_path), "-"]
    seen = subprocess.run(pdf, check=True, capture_output=True, text=True).stdout
    assert "".join(seen.split()) == "".join(2 * words.replace(" ", "") for words in shares.values())


def test_what_is_set_aside_is_no_remark_as_well() -> None:
    """Rows without a date, and those that come again, are set aside: what is the matter is not said a second time."""
    quality = Remark("missing key", 4, "day"), Remark("missing key", 4, "id"), Remark(SAME_ROW, 3), Remark(SAME_ROW, 2)
    aside = {"no date": 4, "duplicate customer": 3}
    source = Source("customers", ("c.csv",), {"customer": "id", "date": "day"}, 20, 13, aside, quality=quality)
    sheet = opened(replace(cards.odd_cards()["usual"], sources=(source,)))["About"]
    said = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert [text for text in said if ", rows: " in text] == ["missing key (“id”), rows: 4", f"{SAME_ROW}, rows: 2"]


def test_about_says_what_figures_mean_that_are_there() -> None:
    """Without customers nobody reads what an influence share is; without invitations no response rate."""

    def told(case: str) -> set[Any]:
        return {cell.value for cell in opened(cards.odd_cards()[case])["About"]["A"]}

    customers = {"Retention rate", "Influence share", "Base share, index"}
    assert customers <= told("usual")
    assert not customers & told("no customers")
    assert "Strategic Partner NPS" in told("no customers")
    assert "Response rate" in told("usual")
    demo = {cell.value for cell in opened(cards.demo_card())["About"]["A"]}
    assert {"Active advocates", "Response rate", *customers} <= demo


def test_why_a_partner_comes_first_says_its_nps_once() -> None:
    """Where a fall says what the NPS is now, the course that ends with it is left out; each of the others has one."""
    card = cards.demo_card()
    sheet = opened(card)["Actions"]
    why = {row[0]: row[5] for row in sheet.iter_rows(values_only=True) if row[4] == "call first"}
    assert why["Ostermoor Beratung"] == "NPS falling over 8 periods, by about 53 in all, to −11"
    assert why["Grauwald Datentechnik"] == "NPS 38 → 15 → 21"
    assert all(text.count("NPS") == 1 for text in why.values())


@pytest.mark.parametrize("nps", [0, 60])
def test_the_same_nps_for_all_has_no_column(nps: int) -> None:
    """Partners that differ no more than chance lets them have one shrunk NPS, which is the total's: it says nothing."""
    counts = {
        (name, NOW): Counts(ScoreTally(20, 0, 20 + (nps if name == "Alder" else 0)))
        for name in ("Alder", "Birch", "Cedar")
    }
    sheet = opened(cards.card({**counts, (None, NOW): Counts()}))[names.PARTNERS]
    (column,) = (cell.column_letter for cell in sheet[5] if cell.value == "Shrunk NPS")
    assert sheet.column_dimensions[column].hidden == (nps == 0)
