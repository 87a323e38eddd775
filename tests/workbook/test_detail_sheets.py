"""What the sheets behind the Scorecard say: figures worked by hand, and what they must not show."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import books
import cards
import cases
import numpy as np
import openpyxl
import pytest
from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.guide import guides
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language import LANGUAGES, figures
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.actions import MOST_CALLS
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.settings import Options, Settings
from partnerkpi.tally.used_answers import PersonAnswer
from partnerkpi.verify import verify
from partnerkpi.workbook.build import build, write_workbook
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.layout import FIRST_ROW, HEAD_ROW, PERIOD_LABEL_COLUMN
from partnerkpi.workbook.sheets import advocacy as advocacy_sheet
from partnerkpi.workbook.sheets import comments as comments_sheet
from partnerkpi.workbook.sheets import nps as nps_sheet
from partnerkpi.workbook.sheets import retention as retention_sheet
from partnerkpi.workbook.sheets.guide import as_printed
from partnerkpi.workbook.sheets.segments import TOO_FEW

NOW = "2026-Q3"


def opened(card: Scorecard, **options: Any) -> openpyxl.Workbook:
    """Return a scorecard's workbook as it is read back, with stored values."""
    return books.opened(build(card, **options), values=True)


def row_of(sheet: Worksheet, label: str, column: int = 1, after: int = 1) -> int:
    """Return the first row whose first cell says this."""
    return next(row for row in range(after, sheet.max_row + 1) if sheet.cell(row, column).value == label)


def line(sheet: Worksheet, label: str, after: int = 1) -> dict[str, Any]:
    """Return the row of a label by the heads above it; a head that comes twice is numbered."""
    row = row_of(sheet, label, after=after)
    heads = next(r for r in range(row, 0, -1) if sheet.cell(r, 1).fill.fgColor.rgb == "FF1B2A41")
    found: dict[str, Any] = {}
    times: Counter[str] = Counter()
    for column in range(2, sheet.max_column + 1):
        head = str(sheet.cell(heads, column).value or "").replace("\n", " ")
        if head:
            times[head] += 1
            found[head if times[head] == 1 else f"{head} {times[head]}"] = sheet.cell(row, column).value
    return found


def of_one_period(counts: dict[str | None, Counts], **more: Any) -> Scorecard:
    """Return a card of one period."""
    return cards.card({(name, NOW): one for name, one in counts.items()}, periods=(NOW,), **more)


# --- NPS ------------------------------------------------------------------------------------------------------------


def test_segments_add_up_to_the_nps() -> None:
    """A segment adds its share times its distance: 20 answers at 100 and 60 at 0 make 25, +18.75 and -18.75."""
    card = of_one_period(
        {"Acme": Counts(ScoreTally(30, 0, 50))},
        segments={"product": {("Core", NOW): ScoreTally(0, 0, 20), ("Cloud", NOW): ScoreTally(30, 0, 30)}},
    )
    sheet = opened(card)[names.NPS]
    core, cloud = line(sheet, "Core"), line(sheet, "Cloud")
    assert (core["Share of answers"], core["NPS"], core["Adds to NPS"]) == (25, 100, 18.75)
    assert (cloud["Share of answers"], cloud["NPS"], cloud["Adds to NPS"]) == (75, 0, -18.75)
    assert line(sheet, "All answers")["NPS"] == 25
    assert "Cloud takes most from the NPS (−18.8 points)" in sheet.cell(row_of(sheet, "Segment") - 1, 1).value


def test_the_parts_of_a_bar_add_up_to_100() -> None:
    """So do the three shares of each row on NPS, and what the chart of the first page draws of each period."""
    workbook = opened(cards.demo_card())
    rows = [[row[place].value for place in (6, 7, 8)] for row in workbook[names.NPS].iter_rows(min_row=FIRST_ROW)]
    shares = [row for row in rows if all(isinstance(one, int) for one in row)]
    assert len(shares) > 20
    assert {sum(row) for row in shares} == {100}
    data = {row[0].value: row for row in workbook[names.DATA].iter_rows(min_col=PERIOD_LABEL_COLUMN)}
    bands = [data[f"Chart, {band} in % of answers"][1:9] for band in ("promoters", "passives", "detractors")]
    assert [sum(cell.value for cell in period) for period in zip(*bands, strict=True)] == [100] * 8


def test_a_group_that_is_too_small_is_nowhere_in_the_workbook() -> None:
    """Neither its row on NPS nor the tallies on Data have its counts; the others together do."""
    card = of_one_period(
        {"Acme": Counts(ScoreTally(3, 3, 32))},
        segments={
            "product": {
                ("Big", NOW): ScoreTally(0, 0, 30),
                ("Mid", NOW): ScoreTally(0, 3, 2),
                ("Few", NOW): ScoreTally(3),
            }
        },
    )
    workbook = opened(card)
    few, mid, others = (line(workbook[names.NPS], label) for label in ("Few", "Mid", "The rest together"))
    assert few == mid
    assert few["Note"] == TOO_FEW
    assert set(few.values()) == {"–", TOO_FEW, 0}  # 0 is "shown", among the workings
    assert (others["Answers"], others["Promoters"], others["Passives"], others["Detractors"]) == (8, 2, 3, 3)
    table = workbook[names.DATA].tables["SegmentTallies"]
    rows = [[cell.value for cell in row] for row in workbook[names.DATA][table.ref][1:]]
    assert [row[1:2] + row[3:6] + row[10:11] for row in rows] == [
        ["Big", 0, 0, 30, 1],
        ["Mid", None, None, None, 0],
        ["Few", None, None, None, 0],
        ["The rest together", 3, 3, 2, 1],
    ]


def test_what_the_answers_can_carry() -> None:
    """Heard are partners with enough answers: one of three here, with 30 of 40 of the yearly value."""
    partners = (Partner("A", tier="Gold", annual_value=30), Partner("B", tier="Tin", annual_value=10), Partner("C"))
    counts = {"A": Counts(ScoreTally(0, 0, 10), 8), "B": Counts(ScoreTally(1, 0, 0), 4), "C": Counts(invited=8)}
    sheet = opened(of_one_period(dict(counts), partners=partners))[names.NPS]

    def said(label: str) -> tuple[str, str]:
        row = row_of(sheet, label)
        return sheet.cell(row, 2).value, sheet.cell(row, 9).value or ""

    assert said("Partners heard") == (
        "1 of 3 partners gave 5 answers or more (33 %)",
        "▲ the total does not speak for the programme",
    )
    assert said("Revenue heard") == ("75 % of the partners' yearly value is theirs", "")
    assert said("Loudest partner") == ("91 % of the answers are from A", "▲ the total speaks for that partner")
    assert said("Invitations") == ("11 of 20 invited answered", "▲ 1 partner has more answers than invitations")
    assert said("Precision")[1] == "▲ a comparison with a target means little"
    gold, tin = line(sheet, "Gold"), line(sheet, "Tin")
    assert (gold["Partners"], gold["Heard"], gold["Heard, %"], gold["Revenue heard, %"]) == (1, 1, 100, 100)
    assert (tin["Partners"], tin["Heard"], tin["Heard, %"], tin["Revenue heard, %"]) == (1, 0, 0, 0)


# --- advocacy, retention, trend ---------------------------------------------------------------------------------------


def test_advocacy_by_tier_is_of_the_partners_on_the_list() -> None:
    """Two of three gold partners on the list gave three activities; a partner that is not listed is not counted."""
    partners = tuple(Partner(name, name != "D", "Gold" if name != "E" else None) for name in "ABCDE")
    counts = {
        "A": Counts(activities=2),
        "B": Counts(activities=1),
        "C": Counts(),
        "D": Counts(activities=9),
        "E": Counts(),
    }
    sheet = opened(of_one_period(dict(counts), partners=partners))[names.ADVOCACY]
    gold = line(sheet, "Gold")
    assert (gold["Partners on the list"], gold["Active"], gold["Activities"], gold["For each active one"]) == (
        3,
        2,
        3,
        1.5,
    )
    assert gold["Active, %"] == pytest.approx(200 / 3)
    assert line(sheet, "(not given)")["Active"] == 0
    assert line(sheet, "All partners")["Active"] == 2
    assert sheet["A2"].value.startswith("2 of 4 partners were active in Q3 2026 (50 %). The target")


def test_retention_is_that_of_the_definitions() -> None:
    """200 customers, 160 retained; 80 with a partner, 72 retained: share 45, index 112.5, base 40, lift 16.67."""
    counts = {"A": Counts(customers=80, retained=72), None: Counts(customers=120, retained=88), "B": Counts()}
    partners = (Partner("A", region="EMEA"), Partner("B", region="APAC"))
    found_in = {(name, period): one for name, one in counts.items() for period in ("2026-Q2", NOW)}
    sheet = opened(cards.card(found_in, periods=("2026-Q2", NOW), partners=partners))[names.RETENTION]
    for label in ("With a partner", "EMEA", "Q3 2026"):
        found = line(sheet, label)
        share = "Influence share" if label == "Q3 2026" else "Part of all retained"
        assert found[share] == pytest.approx(45)
        assert found["Influence index"] == pytest.approx(112.5)
        assert found["Base share"] == pytest.approx(40)
        assert found["Lift, points"] == pytest.approx(16.6667, abs=1e-4)
    lift = row_of(sheet, "EMEA")
    assert [sheet.cell(lift, column).value for column in (13, 14)] == pytest.approx([5.6857, 26.4614], abs=1e-4)
    assert line(sheet, "Direct")["Retention rate"] == pytest.approx(100 * 88 / 120)
    assert line(sheet, "APAC")["Retention rate"] == "–"
    assert "their rate is 17 points above that of the others: more than chance" in sheet["A2"].value


def test_a_rolling_nps_pools_the_answers() -> None:
    """(1, 1, 8), (4, 10, 26), (3, 3, 4) make 50 over three periods; the mean of the three scores would be 45."""
    tallies = ((1, 1, 8), (4, 10, 26), (3, 3, 4))
    counts = {("A", period): Counts(ScoreTally(*one)) for period, one in zip(cards.QUARTERS, tallies, strict=True)}
    sheet = opened(cards.card(counts, settings=Settings(options=Options(rolling=3))))[names.TREND]
    assert line(sheet, "Q3 2026")["NPS of 3 periods"] == 50
    assert line(sheet, "Q1 2026")["NPS of 3 periods"] == 70
    assert sheet["A2"].value.startswith("NPS 50 over 3 periods together (")
    assert "The data do not reach back a year." in sheet["A2"].value


def test_a_year_is_compared_with_the_same_period_before() -> None:
    """The published pair (8, 8, 4) and (1, 5, 14) a year apart: +85, and more than chance."""
    periods = ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
    counts = {("A", period): Counts() for period in periods}
    counts["A", "2025-Q3"], counts["A", NOW] = Counts(ScoreTally(8, 8, 4)), Counts(ScoreTally(1, 5, 14))
    sheet = opened(cards.card(counts, periods=periods))[names.TREND]
    below = row_of(sheet, "How the NPS moved")
    found = line(sheet, "Q3 2026", below)
    assert (found["Change in a year"], found["Certainty 2"]) == (85, "up")
    assert found["Change"] == "–"
    assert line(sheet, "Q2 2026", below)["Change in a year"] == "–"
    assert "4 on 4 before" not in found  # five periods do not reach back so far
    assert "In a year, since Q3 2025, it is up 85: more than chance." in sheet["A2"].value


def test_the_last_periods_and_the_slope_are_told_where_they_are_known() -> None:
    """(2, 2, 6) four times and then (0, 1, 9) four times: 90 is up 50, and eight periods rise by 9.5 points each."""
    periods = tuple(f"{year}-Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4))
    sides = [ScoreTally(2, 2, 6)] * 4 + [ScoreTally(0, 1, 9)] * 4
    counts = {("A", period): Counts(one) for period, one in zip(periods, sides, strict=True)}
    sheet = opened(cards.card(counts, periods=periods))[names.TREND]
    found = line(sheet, "Q4 2026", row_of(sheet, "How the NPS moved"))
    assert (found["4 on 4 before"], found["Certainty 3"]) == (50, "up")
    assert found["Points a period"] == pytest.approx(np.polyfit(range(8), [40] * 4 + [90] * 4, 1)[0])


# --- actions, comments, guide ---------------------------------------------------------------------------------------


def test_actions_are_a_table_to_work_in() -> None:
    """Due date, partner and reason stand as facts; the status is chosen; what a respondent typed stays text."""
    workbook = opened(cards.odd_cards()["segments"])
    sheet = workbook[names.ACTIONS]
    heads = [cell.value for cell in sheet[HEAD_ROW]]
    assert heads == ["Partner", "Who", "Due", "Owner", "Kind", "Why", "Value a year", "Status", "Date", "Note"]
    assert sheet.tables["ActionList"].ref == f"A{HEAD_ROW}:J{sheet.max_row}"
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"open,called,done,not reached"'
    assert str(choice.sqref) == f"H{FIRST_ROW}:H{sheet.max_row}"
    top = next(row for row in range(FIRST_ROW, sheet.max_row) if sheet.cell(row, 1).value == "Acme")
    partner, first = ([cell.value for cell in sheet[row]] for row in (top, top + 1))
    assert partner[:3] == ["Acme", "1 person", dt.datetime(2026, 10, 2)]
    assert first[:5] == ["Acme", "=cmd|' /C calc'!A0", dt.datetime(2026, 10, 2), None, "detractor"]
    assert sheet.cell(top + 1, 2).data_type == "s"
    assert sheet.cell(top, 8).value is None  # a status is for each call
    assert sheet["A2"].value == "3 calls to make for Q3 2026, all still open."


def test_actions_hide_what_is_known_of_nobody() -> None:
    """Without a list of partners nobody has an owner or a value, and no order is by it: the columns are hidden."""
    voices = (PersonAnswer("Acme", "r1", None, 2.0),)
    sheet = opened(of_one_period({"Acme": Counts(ScoreTally(9))}, to_call=voices))[names.ACTIONS]
    assert {letter for letter, one in sheet.column_dimensions.items() if one.hidden} == {"D", "G"}
    assert "worth most" not in sheet["A3"].value
    listed = opened(cards.demo_card())[names.ACTIONS]
    assert not [letter for letter, one in listed.column_dimensions.items() if one.hidden]
    assert "worth most" in listed["A3"].value


def test_a_long_list_of_actions_says_how_many_more_there_are() -> None:
    """A workbook holds 500 calls; the sentence counts all of them."""
    voices = tuple(PersonAnswer("Acme", f"r{place}", None, 2.0) for place in range(MOST_CALLS + 17))
    sheet = opened(of_one_period({"Acme": Counts(ScoreTally(517))}, to_call=voices))[names.ACTIONS]
    assert sheet.max_row == HEAD_ROW + 1 + MOST_CALLS
    assert sheet["A2"].value == "517 calls to make for Q3 2026; all 500 listed here are open."
    assert "17 more are not listed here" in sheet["A3"].value


def test_themes_and_quotes_of_the_demo() -> None:
    """Themes stand with their figures, quotes with who said them, and neither names anybody."""
    card = cards.demo_card()
    assert card.comments is not None
    sheet = opened(card)[names.COMMENTS]
    for found in card.comments.lines[card.current]:
        row = line(sheet, found.theme)
        assert found.scores is not None
        assert (row["Mentions"], row["Promoters"]) == (found.mentions, found.scores.promoters)
        assert row["NPS"] == pytest.approx(found.scores.nps)
        assert row["Adds to NPS"] == pytest.approx(found.points)
        assert row["Certainty"] == figures.change_in_words(found.change.word)
    said = {cell.value for row in sheet.iter_rows() for cell in row}
    quotes = [quote.text for some in card.comments.quotes.values() for quote in some]
    assert set(quotes) <= said
    worst = "The theme Support and responsiveness takes most from the NPS: −5.6 points."
    assert sheet["A2"].value == f"333 of 729 answers have a comment in Q3 2026. {worst}"
    by_hand = 95 / 729 * (100 * (34 - 31) / 95 - 100 * (448 - 110) / 729)  # share times distance, as on NPS
    assert line(sheet, "Support and responsiveness")["Adds to NPS"] == pytest.approx(by_hand)


def test_a_theme_that_few_mention_is_not_split() -> None:
    """With a larger smallest group neither the sheet nor Data have its promoters and detractors."""
    settings = Settings.model_validate({"comments": {"min_group": 60}})
    workbook = opened(replace(cards.demo_card(), settings=settings))
    row = line(workbook[names.COMMENTS], "Portal and tools")
    assert (row["Mentions"], row["Promoters"], row["NPS"], row["Note"]) == (32, "–", "–", TOO_FEW)
    table = workbook[names.DATA].tables["ThemeTallies"]
    rows = [[cell.value for cell in one] for one in workbook[names.DATA][table.ref][1:]]
    assert all((one[2] is None) == (one[7] == 0) == (one[5] < 60) for one in rows)


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_each_kpi_of_the_guide_takes_two_pages(code: str, paper: Literal["a4", "letter"]) -> None:
    """On either paper and in each language: a page begins with a KPI or an attribute, so that no line stands alone."""
    card = cases.case("usual", code)
    brand = card.rules.brand.model_copy(update={"paper": paper})
    sheet = opened(replace(card, settings=card.rules.model_copy(update={"brand": brand})))[names.GUIDE]
    breaks = [one.id for one in sheet.row_breaks.brk]
    assert len(breaks) == 5
    assert all(sheet.cell(row + 1, 1).value for row in breaks)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_guide_is_there_in_full(code: str) -> None:
    """Every line of the twelve attributes of each KPI stands in a cell that shows all of it, in the language."""
    sheet = opened(cases.case("usual", code))[names.GUIDE]
    said = [str(cell.value).removeprefix("•  ") for cell in sheet["B"]]
    lines = [as_printed(text) for guide in guides(code) for one in guide.attributes for text in one.lines]
    assert [text for text in lines if text not in said] == []
    assert not [text for text in said if re.search(r"(?<= )-\d", text)]
    assert all((height.height or 0) < 409 for height in sheet.row_dimensions.values())
    kpis = [row_of(sheet, guide.title) - 1 for guide in guides(code)]
    breaks = {one.id for one in sheet.row_breaks.brk}
    assert set(kpis[1:]) <= breaks
    assert all(sheet.cell(row + 1, 1).value for row in breaks)  # a page begins with an attribute


def test_the_guide_prints_what_is_measured() -> None:
    """KPIs without data come last and are not printed: nobody reads on paper how to measure what is not measured."""
    sheet = opened(cards.odd_cards()["no activities"])[names.GUIDE]
    nps, advocacy, retention = (row_of(sheet, guide.title) for guide in guides("en"))
    last = int(str(sheet.print_area).rpartition("$")[2])
    assert nps < retention < last < advocacy


def test_the_quotes_of_a_theme_stand_on_one_page() -> None:
    """A page of Comments begins with a theme, and what detractors say stands first."""
    sheet = opened(cards.demo_card())[names.COMMENTS]
    breaks = [one.id + 1 for one in sheet.row_breaks.brk]
    assert breaks
    assert all(sheet.cell(row, 1).value for row in breaks)
    quotes = [
        [str(sheet.cell(row, column).value or "") for column in (1, 2)]
        for row in range(row_of(sheet, "Support and responsiveness", after=20), sheet.max_row + 1)
    ]
    kinds = [words.split()[-1] for _, words in quotes if words]
    starts = [place for place, (theme, words) in enumerate(quotes) if theme and words]
    order = ["detractor", "promoter", "passive"]
    for start, end in pairwise([*starts, len(kinds)]):
        assert kinds[start:end] == sorted(kinds[start:end], key=order.index)


def test_one_period_has_nothing_that_takes_two() -> None:
    """It has no change, no course and no table of periods: no column is a row of dashes, and no chart has one point."""
    workbook = opened(replace(cards.demo_card(), periods=(NOW,)))
    for name, head in ((names.NPS, "Segment"), (names.ADVOCACY, "Partners"), (names.COMMENTS, "Theme")):
        sheet = workbook[name]
        said = {str(cell.value) for row in sheet.iter_rows(max_col=14) for cell in row}
        assert not said & {"Change", "Certainty", "Period", "Returning people", "The same people"}, name
        assert head in said
    assert not workbook[names.ADVOCACY]._charts
    assert not workbook[names.RETENTION]._charts


# --- all of them ------------------------------------------------------------------------------------------------------

EMPTY = (
    (names.NPS, nps_sheet.HOW_TO),
    (names.ADVOCACY, advocacy_sheet.HOW_TO),
    (names.RETENTION, retention_sheet.HOW_TO),
    (names.COMMENTS, comments_sheet.HOW_TO),
)


@pytest.mark.parametrize(("name", "how"), EMPTY)
def test_a_sheet_without_data_says_how_to_supply_it(name: str, how: tuple[str, ...]) -> None:
    """What is missing is said, and no figure is 0 for want of data."""
    sheet = opened(cards.odd_cards()["nothing at all"])[name]
    said = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert set(how) <= set(said)
    assert not [value for value in said if isinstance(value, (int, float))]


@pytest.mark.parametrize(
    ("case", "kept_back"),
    [
        ("nothing at all", {names.TREND, names.NPS, names.ADVOCACY, names.RETENTION, names.ACTIONS}),
        ("all time", {names.TREND, names.ADVOCACY}),
        ("no customers", {names.RETENTION}),
        ("no partner named", {names.PARTNERS, names.ADVOCACY, names.ACTIONS}),
    ],
)
def test_what_only_says_how_to_supply_data_is_not_printed(case: str, kept_back: set[str]) -> None:
    """Data, a KPI without data and the trend of one period are on the screen: their print area holds nothing."""
    empty = set[str]()
    for sheet in opened(cards.odd_cards()[case]):
        found = sheet[str(sheet.print_area).split(",")[0].rpartition("!")[2]]
        rows = found if isinstance(found, tuple) else ((found,),)
        empty |= {sheet.title} if all(cell.value is None for row in rows for cell in row) else set()
    assert empty == kept_back | {names.DATA, names.COMMENTS}  # nobody said anything


def test_sheets_without_data_can_be_left_out() -> None:
    """The executive's page and what it rests on are always there."""
    card = cards.odd_cards()
    always = [names.SCORECARD, names.PARTNERS, names.BENCHMARKS, names.GUIDE, names.DATA, names.ABOUT]
    assert opened(card["nothing at all"], sheets="with-data").sheetnames == always
    found = opened(card["no customers"], sheets="with-data").sheetnames
    assert names.RETENTION not in found
    assert {names.NPS, names.ADVOCACY, names.TREND} <= set(found)


def test_every_chart_says_what_it_shows() -> None:
    """Those who do not see a chart are told its figures."""
    parts = books.parts(books.written(build(cards.demo_card())))
    texts = [
        element.get("descr", "")
        for name in sorted(parts)
        if name.startswith("xl/drawings/drawing")
        for element in etree.fromstring(parts[name]).iter("{*}cNvPr")
    ]
    assert len(texts) == 1 + 1 + 2 + 2 + 6
    assert "One bar of all answers in Q3 2026: 61 % promoters, 24 % passives, 15 % detractors." in texts
    assert any(text.startswith("Active advocates by period: Q4 2024 62 %, ") for text in texts)
    assert all(texts)


def test_a_workbook_without_empty_sheets_is_verified_as_it_was_made(tmp_path: Path) -> None:
    """Left out on purpose is not missing."""
    path = tmp_path / "book.xlsx"
    write_workbook(cards.odd_cards()["no customers"], path, sheets="with-data")
    assert verify(path).findings == []


def test_a_partner_is_named_once_above_its_people_and_on_every_page() -> None:
    """The name stands in each row; a rule hides it where the row above has it, but not where a page begins."""
    workbook = books.opened(build(cards.demo_card()))
    sheet = workbook[names.ACTIONS]
    breaks = [one.id for one in sheet.row_breaks.brk]
    assert len(breaks) >= 3
    hidden = {
        row
        for cells in sheet.conditional_formatting
        for rule in cells.rules
        if "SUBTOTAL" in str(rule.formula)
        for area in cells.sqref.ranges
        for row in range(area.min_row, area.max_row + 1)
    }
    rows = [row for row in range(HEAD_ROW + 1, sheet.max_row + 1) if sheet.cell(row, 1).value]
    people = {row for row in rows if sheet.cell(row, 8).value}
    assert hidden == people - {row + 1 for row in breaks}
    assert all(sheet.cell(row, 1).value == sheet.cell(row - 1, 1).value for row in hidden)
