"""What stands on the sheets of the scorecard, and what must never stand there."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import books
import cards
import cases
import office
import openpyxl
import pytest
from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet
from sampled import one_in

from partnerkpi.comments.review import CommentReview
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_partner, for_review
from partnerkpi.scorecard.parts import Counts, Source
from partnerkpi.scorecard.record import from_record, to_record
from partnerkpi.tables.part import Origin
from partnerkpi.workbook.build import build, write_workbook
from partnerkpi.workbook.columns import all_columns, partner_columns
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.layout import FIRST_ROW, HEAD_ROW, TALLIES
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.theme import RATINGS
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.sheets.about import MARK
from partnerkpi.workbook.sheets.page_data import CALLS

SHEETS = (
    *(names.SCORECARD, names.ACTIONS, names.PARTNERS, names.TREND, names.NPS, names.ADVOCACY, names.RETENTION),
    *(names.COMMENTS, names.BENCHMARKS, names.GUIDE, names.DATA, names.ABOUT),
)
ONE_PAGE = (names.SCORECARD, names.ADVOCACY, names.RETENTION, names.TREND, names.BENCHMARKS)


def packed(card: Scorecard) -> bytes:
    """Return the bytes of a scorecard's workbook."""
    return books.written(build(card))


def opened(card: Scorecard, *, values: bool = True) -> openpyxl.Workbook:
    """Return a scorecard's workbook as it is read back, with stored values or with formulas."""
    return openpyxl.load_workbook(io.BytesIO(packed(card)), data_only=values)


def texts(sheet: Worksheet) -> list[str]:
    """Return every text of a sheet."""
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def usual() -> Scorecard:
    """Return a scorecard without anything odd."""
    return cards.odd_cards()["usual"]


def demo_comments() -> CommentReview:
    """Return what the demo's comments are about."""
    comments = cards.demo_card().comments
    assert comments is not None
    return comments


# --- the file -------------------------------------------------------------------------------------------------------


def test_the_sheets_stand_in_their_order_and_the_first_is_open() -> None:
    """A reader sees the Scorecard from its first cell."""
    workbook = opened(usual())
    assert tuple(workbook.sheetnames) == SHEETS
    assert workbook.active is workbook[names.SCORECARD]
    assert [sheet.sheet_view.tabSelected for sheet in workbook] == [True, *[False] * (len(SHEETS) - 1)]
    view = workbook[names.SCORECARD].sheet_view
    assert (view.selection[0].activeCell, view.showGridLines, view.zoomScale) == ("A1", False, 100)


@pytest.mark.thorough
def test_the_same_scorecard_gives_the_same_bytes(tmp_path: Path) -> None:
    """Neither the hour nor the order of a hash leaves a trace."""
    program = (
        "import sys; sys.path[:0] = sys.argv[2:]; import cards; from pathlib import Path;"
        "from partnerkpi.workbook.build import write_workbook;"
        "write_workbook(cards.odd_cards()['hostile names'], Path(sys.argv[1]))"
    )
    made = []
    for seed in ("1", "2"):
        target = tmp_path / f"{seed}.xlsx"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", program, str(target), *sys.path], check=True, env=environment)
        made.append(target.read_bytes())
    assert made[0] == made[1] == packed(cards.odd_cards()["hostile names"])


def test_the_demo_is_small_enough_to_mail(tmp_path: Path) -> None:
    """40 partners and two years take less than 300 KB."""
    write_workbook(cards.demo_card(), tmp_path / "demo.xlsx")
    assert (tmp_path / "demo.xlsx").stat().st_size < 300_000


def test_properties_say_what_the_file_is() -> None:
    """Title and subject are found by a search for documents; characters that XML forbids are replaced."""
    properties = opened(cards.odd_cards()["hostile names"]).properties
    assert properties.title.startswith("=1+1 & <title> \ufffdlong")
    assert properties.subject == "Partner KPIs, Q3 2026"


@pytest.mark.parametrize("name", one_in(3, SHEETS))
def test_every_sheet_prints_one_page_wide(name: str) -> None:
    """The page is A4, has a print area, and its number at the foot."""
    sheet = opened(usual())[name]
    assert sheet.print_area
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (9, 1)
    assert sheet.page_setup.fitToHeight == (1 if name in ONE_PAGE else 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter.right.text == "Page &P of &N"


def test_long_tables_repeat_their_heads() -> None:
    """Each printed page of Partners begins with the heads; on the screen they stay in view, on Data too."""
    workbook = opened(usual())
    assert workbook[names.PARTNERS].print_title_rows == f"${HEAD_ROW}:${HEAD_ROW}"
    for name, frozen in ((names.PARTNERS, f"B{FIRST_ROW}"), (names.DATA, f"A{FIRST_ROW}")):
        assert workbook[name].freeze_panes == frozen
    nothing = str(workbook[names.DATA].print_area).rpartition("!")[2]  # its figures print on request
    assert workbook[names.DATA][nothing].value is None


def test_nothing_of_the_page_lies_outside_what_is_printed() -> None:
    """The page is A to L: a phone, a preview and the paper show the same."""
    sheet = opened(cards.demo_card())[names.SCORECARD]
    assert sheet.max_column == 12
    assert sheet.print_area == f"'Scorecard'!$A$1:$L${sheet.max_row}"


# --- names, rules, tables, charts -----------------------------------------------------------------------------------


def test_every_name_leads_to_cells_that_hold_something() -> None:
    """Formulas and colours refer to names: each is one range of an existing sheet."""
    workbook = opened(usual())
    assert len(workbook.defined_names) > 30
    for name in workbook.defined_names.values():
        ((sheet, ref),) = name.destinations
        found = workbook[sheet][ref.replace("$", "")]
        cells = [cell for row in found for cell in row] if isinstance(found, tuple) else [found]
        assert all(cell.value is not None for cell in cells), name.name


def test_colours_refer_to_names_and_ask_for_a_number_first() -> None:
    """A colour rule of the main part must not name another sheet, and text would pass as above every threshold."""
    with zipfile.ZipFile(io.BytesIO(packed(usual()))) as archive:
        rules = [
            element.text or ""
            for name in archive.namelist()
            if name.startswith("xl/worksheets/sheet")
            for rule in etree.fromstring(archive.read(name)).iter("{*}cfRule")
            for element in rule.iter("{*}formula")
        ]
    assert len(rules) > 20
    assert not [rule for rule in rules if "!" in rule]
    assert all("ISNUMBER(" in rule for rule in rules if ">" in rule or "<" in rule)
    assert any("Advocacy_strong" in rule for rule in rules)
    assert any("NPS_labels" in rule for rule in rules)


def test_table_heads_are_texts_of_their_own() -> None:
    """Excel offers a repair when a head is doubled, no text, or not what its cell says."""
    workbook = opened(usual(), values=False)
    for name, table in ((names.PARTNERS, "PartnerFigures"), (names.DATA, "Tallies")):
        found = workbook[name].tables[table]
        cells = [cell.value for cell in workbook[name][found.ref][0]]
        assert found.column_names == cells
        assert len({str(cell).casefold() for cell in cells}) == len(cells)
    assert workbook[names.PARTNERS].tables["PartnerFigures"].autoFilter is not None
    assert workbook[names.DATA].tables["Tallies"].autoFilter is None  # it would hide the figures beside it


def test_the_period_is_chosen_from_a_list() -> None:
    """The list holds the periods, oldest first; the cell is text, so that 2026 stays the year."""
    card = cards.odd_cards()["years"]
    workbook = opened(card)
    ((sheet, ref),) = workbook.defined_names[names.PERIOD].destinations
    cell = workbook[sheet][ref.replace("$", "")]
    (choice,) = workbook[sheet].data_validations.dataValidation
    assert (choice.type, choice.formula1, str(choice.sqref)) == ("list", names.PERIODS, cell.coordinate)
    ((sheet, ref),) = workbook.defined_names[names.PERIODS].destinations
    assert [one.value for one in workbook[sheet][ref.replace("$", "")][0]] == ["2025", "2026"]
    assert (cell.value, cell.number_format) == ("2026", "@")


def test_what_may_be_changed_is_unlocked_and_says_so() -> None:
    """Each input of Benchmarks stays open on a protected sheet, and has a message of allowed length."""
    sheet = opened(usual())[names.BENCHMARKS]
    checked = {str(rule.sqref) for rule in sheet.data_validations.dataValidation}
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert checked == unlocked
    assert len(unlocked) == 7 + 3 + 9 + 2  # thresholds, targets, their weights, confidence and fewest answers
    for rule in sheet.data_validations.dataValidation:
        assert rule.showInputMessage
        assert len(rule.promptTitle) <= 32
        assert len(rule.prompt) <= 255


def test_charts_move_with_their_cells_and_carry_what_they_draw() -> None:
    """They have axes, are anchored at two cells, say what they show, and store figures for previews."""
    for name in ("demo", "no values"):
        card = cards.demo_card()
        if name == "no values":  # the NPS by period stands in the place of the NPS by value
            card = replace(card, partners=tuple(replace(one, annual_value=None) for one in card.partners))
        with zipfile.ZipFile(io.BytesIO(packed(card))) as archive:
            drawing = etree.fromstring(archive.read("xl/drawings/drawing1.xml"))
            chart = etree.fromstring(archive.read("xl/charts/chart1.xml"))
        assert len(list(drawing.iter("{*}twoCellAnchor"))) == 1
        assert [one.get("descr") for one in drawing.iter("{*}cNvPr") if one.get("descr")]
        assert {axis.get("val") for axis in chart.iter("{*}delete")} == {"0"}
        caches = [cache for cache in chart.iter("{*}numCache", "{*}strCache") if len(cache) > 2]
        assert all(cache.findall("{*}pt") for cache in caches)
        assert sum(len(cache.findall("{*}pt")) for cache in caches) > 16


# --- what is not ours -----------------------------------------------------------------------------------------------


def test_no_name_becomes_a_formula_or_part_of_one() -> None:
    """Partners' names are text, whatever they say, and are found by place: no formula holds one."""
    card = cards.odd_cards()["hostile names"]
    workbook = opened(card, values=False)
    partners = [workbook[names.PARTNERS].cell(row, 1) for row in range(FIRST_ROW, FIRST_ROW + len(card.partners))]
    assert {cell.value for cell in partners} == {clean_text(partner.name) for partner in card.partners}
    assert {cell.data_type for cell in partners} == {"s"}
    formulas = {cell.value for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    assert not [name for name in ("HYPERLINK", "acme", "Emoji", "xxx", "800", "quoted") for f in formulas if name in f]
    with zipfile.ZipFile(io.BytesIO(packed(card))) as archive:
        assert not [name for name in archive.namelist() if "external" in name.casefold()]


def test_names_that_differ_in_case_only_keep_their_own_figures() -> None:
    """A criterion would take acme and ACME, or A* and everything with an A, for one."""
    card = cards.odd_cards()["hostile names"]
    sheet = opened(card)[names.PARTNERS]
    lines = card.view().partners
    heads = [cell.value for cell in sheet[HEAD_ROW]]
    answers, nps = heads.index("Answers") + 1, heads.index("NPS") + 1
    for row, known in enumerate(partner_columns(card, all_columns(card)), FIRST_ROW):
        line = lines[known.partner.name]
        assert sheet.cell(row, 1).value == clean_text(known.partner.name)
        assert (sheet.cell(row, answers).value, sheet.cell(row, nps).value) == (line.scores.responses, line.scores.nps)


def test_a_pack_holds_nothing_of_other_partners() -> None:
    """The workbook of one partner names no other, and no segment or call of others, in no part of the package."""
    card = replace(cards.odd_cards()["segments"], notes=("Hooli sent its answers late",), comments=demo_comments())
    with zipfile.ZipFile(io.BytesIO(packed(for_partner(card, "Acme")))) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "ignore")
    assert "Acme" in content
    assert not [name for name in cards.NAMES if name != "Acme" and name.replace("&", "&amp;") in content]
    segments = [value for cells in card.segments.values() for value, _ in cells if value not in (None, "EMEA")]
    assert not [value for value in (*segments, "Product", "Many") if f">{value}<" in content]
    assert "answered 0" not in content  # the call to Café
    assert "answered 8" not in content  # the call to nobody's respondent
    assert not [theme for theme in demo_comments().tallies.themes if theme in content]


def test_folders_of_somebodys_machine_stay_there() -> None:
    """About names files without their folders."""
    found = texts(opened(usual())[names.ABOUT])
    assert "answers.csv" in found
    assert not [text for text in found if "somebody" in text]


# --- what it says ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no answers now", "No answers in Q3 2026."),
        ("nothing at all", "There is nothing to show yet: no answers, activities or customers were read."),
        ("one period", "the target of 50."),
        ("a sure rise", "up 140 on Q2 2026: more than chance"),
        ("usual", "on the data stand"),
    ],
)
def test_the_page_says_what_there_is(name: str, said: str) -> None:
    """The headline and the foot are sentences about the data that there are."""
    assert [text for text in texts(opened(cards.odd_cards()[name])[names.SCORECARD]) if said in text]


#: What the page calls a KPI, and the card that has no data on it.
MISSING = (
    ("no answers at all", "Strategic Partner NPS"),
    ("no activities", "Active advocates"),
    ("no partner list", "Active advocates"),
    ("no customers", "Customer retention"),
    ("customers without partners", "Retained customers with a partner"),
)


@pytest.mark.parametrize(("name", "label"), one_in(2, MISSING))
def test_a_kpi_without_data_has_no_place_on_the_page(name: str, label: str) -> None:
    """No row, no dash, no advice: how data are supplied is said on the sheet of the KPI, and Partners has dashes."""
    card = cards.odd_cards()[name]
    page = texts(opened(card)[names.SCORECARD])
    assert label in texts(opened(usual())[names.SCORECARD])
    assert label not in page
    assert not [text for text in page if "Add " in text or ".csv" in text or "--" in text]
    if name == "no activities":
        partners = opened(card)[names.PARTNERS]
        activities = next(cell.column for cell in partners[HEAD_ROW] if cell.value == "Activities")
        assert {partners.cell(row, activities).value for row in range(HEAD_ROW + 1, partners.max_row + 1)} == {"–"}


def test_the_headline_says_it_in_words() -> None:
    """The comparison that holds, those who turned against us and what they are worth; then the money at risk."""
    sheet = opened(cards.demo_card())[names.SCORECARD]
    assert sheet["A3"].value == (
        "Partners recommend us more than before: NPS 43 over 4 quarters, up 5. "
        "But 3 partners worth 3.8 million a year turned against us."
    )
    assert sheet["A4"].value == (
        "4.5 of 26.8 million (17 %) of yearly partner business sits with 7 partners rated ■ Investigate. "
        "None of the 3 KPIs with a target has reached it."
    )


def test_the_page_names_those_whom_alerts_and_calls_name() -> None:
    """Page, alerts and the sheet Actions have the same partners in the same order; the page has the first of them."""
    for name, card in cards.odd_cards().items():
        first = [" ".join(clean_text(one.partner).split()) for one in card.newest.call_first]
        stored = office.stored_values(cases.book(name))
        page = {row: str(stored.get((names.SCORECARD, f"A{row}"))) for row in range(1, 30)}
        head = next((row for row in range(1, 20) if page[row].startswith("Call first")), None)
        assert (head is not None) == bool(first), name
        if head is not None and card.current == card.periods[-1]:
            shown = [page[row] for row in range(head + 1, head + 1 + min(CALLS, len(first)))]
            assert [" ".join(text.split()) for text in shown] == first[:CALLS], name


def test_a_long_name_of_a_partner_is_read_whole() -> None:
    """A name that its column does not hold goes on below; without such a name nothing wraps."""
    long = "The Greater Meridian Association of Business Technology Advisers"
    for names_of, wraps in (((long, "Acme"), True), (("Bolt", "Acme"), False)):
        sheet = opened(cards.card(cards.filled((*names_of, None))))[names.PARTNERS]
        cells = [cell for (cell,) in sheet.iter_rows(min_col=1, max_col=1) if cell.value in names_of]
        assert [bool(cell.alignment.wrap_text) for cell in cells] == [wraps, wraps]
        heights = {cell.value: sheet.row_dimensions[cell.row].height for cell in cells}
        assert heights == {names_of[0]: 28 if wraps else None, "Acme": None}  # two lines


def test_the_page_stores_figures_as_it_shows_them() -> None:
    """A viewer that ignores number formats reads 46, not 46.364883401; days are text."""
    sheet = opened(cards.demo_card())[names.SCORECARD]
    numbers = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, (int, float))]
    assert len(numbers) > 100
    assert all(float(number).is_integer() for number in numbers)
    assert not [cell for row in sheet.iter_rows() for cell in row if getattr(cell, "is_date", False)]
    assert "Data to 28 Sep 2026 · 729 answers" in texts(sheet)


def test_what_matters_stands_in_the_first_rows_and_columns() -> None:
    """KPIs and whom to call stand above row 19 and left of column L, where a laptop and a phone show them."""
    sheet = opened(cards.demo_card())[names.SCORECARD]
    places = {cell.value: (cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value}
    for text in (
        "Strategic Partner NPS",
        "Customer retention",
        "Call first (by value at risk)",
        "Grauwald Datentechnik",
    ):
        row, column = places[text]
        assert row < 19, text
        assert column < 12, text


def test_about_shows_whether_the_rows_add_up() -> None:
    """Rows read are rows used and rows set aside, or the sheet says no."""
    good = usual()
    wrong = replace(good, sources=(replace(good.sources[0], rows_used=99),))
    for card, word in ((good, "yes"), (wrong, "no")):
        sheet = opened(card)[names.ABOUT]
        assert [sheet.cell(row, 6).value for row in (6, 7)] == [word, word]
    assert MARK in texts(opened(good)[names.ABOUT])


def test_about_bears_any_source() -> None:
    """A source without files or reasons, long names and many notes are written like the others."""
    source = Source("customers", ("C:\\data\\book.xlsx#Kunden & Co", "x" * 300), {}, 0, 0, {}, {"book.xlsx": "f" * 64})
    found = texts(opened(replace(usual(), sources=(source,), notes=("=1+1", "long " * 200)))[names.ABOUT])
    assert "book.xlsx#Kunden & Co" in found
    assert "f" * 64 in found
    assert "=1+1" in found


def test_about_tells_what_stands_in_the_place_of_a_file() -> None:
    """A frame has a size and what holds it, a table of an engine the SHA-256 of its query; both come back whole."""
    frame = Origin("pandas DataFrame", "pandas 3.1.1", 5, rows=1200)
    asked = Origin("a/b.answers", "PostgreSQL 15.18", 4, query="e" * 64)
    source = Source("responses", ("pandas DataFrame", "a/b.answers", "/x/c.csv"), {}, 0, 0, {}, {}, (frame, asked))
    card = replace(usual(), sources=(source,))
    found = texts(opened(card)[names.ABOUT])
    assert "pandas DataFrame (pandas 3.1.1); rows × columns: 1,200 × 5" in found
    assert "a/b.answers (PostgreSQL 15.18); the SHA-256 is that of its query" in found
    assert {"e" * 64, "c.csv"} <= set(found)
    (read,) = from_record(to_record(card)).sources
    assert read == replace(source, files=("pandas DataFrame", "a/b.answers", "c.csv"))


def test_unknown_and_zero_are_kept_apart_in_the_tallies() -> None:
    """Nobody invited is 0, nobody knows how many is blank; (no partner) is on no list and nobody's."""
    counts = {
        ("Acme", "2026-Q3"): Counts(ScoreTally(1, 1, 1), 0),
        ("Bolt", "2026-Q3"): Counts(ScoreTally(1, 1, 1), None),
        (None, "2026-Q3"): Counts(customers=3, retained=2),
    }
    sheet = opened(cards.card(counts, periods=("2026-Q3",)))[names.DATA]
    rows = [
        [cell.value for cell in row[: len(TALLIES)]]
        for row in sheet.iter_rows(min_row=FIRST_ROW, max_row=FIRST_ROW + 2)
    ]
    untested = (None,) * 9  # nothing before to compare with: no persons in both periods, no p
    assert rows == [
        ["Acme", "Q3 2026", 1, 1, 1, 0, 0, 0, 0, *untested, 1, 1, 1, 1],
        ["Bolt", "Q3 2026", 1, 1, 1, None, 0, 0, 0, *untested, 1, 1, 1, 2],
        ["(no partner)", "Q3 2026", 0, 0, 0, None, 0, 3, 2, *untested, 0, 0, 1, 3],
    ]


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "shown"),
    [("2026-Q3", "Q3 2026"), ("2026-09", "Sep 2026"), ("2026", "2026"), ("all time", "all time")],
)
def test_periods_are_short_enough_for_an_axis(label: str, shown: str) -> None:
    """A period has one name on all sheets."""
    assert period_name(label) == shown


@pytest.mark.parametrize("name", ["usual", "tiers with benchmarks of their own", "one period", "months"])
def test_a_rating_has_its_colours_where_no_rules_are_drawn(name: str) -> None:
    """The cell itself is filled as its label says, on every sheet that shows ratings; one without a rating is not."""
    card, found = cards.odd_cards()[name], set[str]()
    labels = {rating.label: rating for rating in RATINGS.values() if rating.name != "no data"}
    for one in (card, for_review(card, card.partners[0].name), for_partner(card, card.partners[0].name)):
        for sheet in opened(one):
            if sheet.title == names.DATA:
                continue
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                rating = labels.get(cell.value)
                if rating is not None:
                    found.add(sheet.title)
                    looks = cell.font.color.rgb, cell.fill.fgColor.rgb
                    assert looks == (f"FF{rating.text}", f"FF{rating.fill}"), (sheet.title, cell.coordinate)
                elif isinstance(cell.value, str):
                    assert cell.fill.fgColor.rgb[2:] not in {rating.fill for rating in labels.values()}, cell.coordinate
    assert found >= {names.SCORECARD, names.PARTNERS, names.ADVOCACY, names.RETENTION, names.BENCHMARKS}


@pytest.mark.parametrize(
    ("name", "shown"),
    [("one period, answers alone", ("Product", "Core")), ("one period, customers alone", ("With a partner", "Direct"))],
)
def test_one_period_without_partners_is_made_of_what_there_is(name: str, shown: tuple[str, ...]) -> None:
    """Segments with their NPS, or who stayed and who left: a page is not half empty."""
    page = opened(cards.odd_cards()[name])[names.SCORECARD]
    assert set(shown) <= set(texts(page))
    assert ("Target" in texts(page)) == (name == "one period, answers alone")  # no head of a column without data
