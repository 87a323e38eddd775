"""scorecard.xlsm in an analyst's hands: its period, its partners, what is the matter with the data, what counts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from statistics import NormalDist
from typing import Any

import office
import openpyxl
import pytest
from command import run_here
from lxml import etree
from macro_book import MAIN, MacroBook, without_functions
from openpyxl.utils.cell import get_column_letter
from sampled import one_in

from partnerkpi.excel.workings import FIRST_ROW, TREND

ROOT = Path(__file__).resolve().parents[2]
DATA = ("responses", "activities", "customers", "partners")
HEAD_ROW = 5
Changes = Mapping[tuple[str, str], float | str | None]


@pytest.fixture(scope="module")
def shipped() -> MacroBook:
    """Read the workbook at the top of the project."""
    return MacroBook(ROOT / "scorecard.xlsm")


def rows_of(book: MacroBook, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table, by the names of its columns."""
    heads, *rows = book.cells(name, book.values[name].tables[name].ref)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def changed(
    book: MacroBook, changes: Changes, target: Path, engine: Callable[[Path], office.Cells] = office.ironcalc_values
) -> office.Cells:
    """Return what IronCalc calculates of the workbook with other cells; a function's result stays, or is given.

    It takes a fourth of LibreOffice's time, and `test_two_engines_agree_with_changed_inputs` compares the two.
    """
    return engine(edited(book, changes, target))


def edited(book: MacroBook, changes: Changes, target: Path) -> Path:
    """Write the workbook with other cells, and with what the functions gave in the place of their calls."""
    book = MacroBook(book.path)
    names = {part: name for name, part in book.parts.items()}
    for title, part in book.sheet_parts().items():
        of_sheet = {place: value for (sheet, place), value in changes.items() if sheet == title}
        if not of_sheet:
            continue
        root = etree.fromstring(part)
        cells = {cell.get("r"): cell for cell in root.iter(f"{MAIN}c")}
        for place, value in of_sheet.items():
            put(cells[place], value)
        book.parts[names[part]] = etree.tostring(root)
    return without_functions(book, target)


def put(cell: Any, value: float | str | None) -> None:
    """Write a value in the place of what a cell holds."""
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    cell.attrib.pop("cm", None)
    if value is None:
        return
    if isinstance(value, str):
        cell.set("t", "e" if value.startswith("#") else "str")
    etree.SubElement(cell, f"{MAIN}v").text = str(value)


# --- the same words as the template ---------------------------------------------------------------------------------


def test_columns_are_those_of_the_template(shipped: MacroBook) -> None:
    """Sheets, tables, columns and their order are the template's, so that a block of one pastes into the other."""
    template = openpyxl.load_workbook(ROOT / "templates" / "partner-data.xlsx")
    for name in DATA:
        sheet = shipped.values[name]
        heads = [cell.value for cell in sheet[HEAD_ROW] if cell.value is not None]
        assert heads == [cell.value for cell in template[name][1]]
        assert list(sheet.tables) == list(template[name].tables) == [name]
    assert [title for title in shipped.values.sheetnames if title in DATA] == [*DATA]


def test_what_is_typed_is_checked(shipped: MacroBook) -> None:
    """Partners and periods are offered, a score is 0 to 10, a date is one that has been."""
    checks = {}
    for name in DATA:
        sheet = shipped.values[name]
        heads = [cell.value for cell in sheet[HEAD_ROW]]
        for found in sheet.data_validations.dataValidation:
            checks[name, heads[openpyxl.utils.cell.range_boundaries(str(found.sqref))[0] - 1]] = found
    for place in (("responses", "partner"), ("activities", "partner"), ("customers", "partner")):
        assert (checks[place].type, checks[place].formula1) == ("list", "Partner_names")
    assert (checks["customers", "period"].type, checks["customers", "period"].formula1) == ("list", "Period_labels")
    assert (checks["responses", "score"].formula1, checks["responses", "score"].formula2) == ("0", "10")
    for place in (("responses", "date"), ("activities", "date")):
        assert (checks[place].type, checks[place].formula2, checks[place].errorStyle) == ("date", "TODAY()", "stop")
    page = {str(found.sqref): found for found in shipped.values["Scorecard"].data_validations.dataValidation}
    assert page["B2"].formula1 == "Period_labels"
    assert page["D2"].formula1 == '"week,month,quarter,year"'
    assert shipped.values.defined_names["Partner_names"].attr_text == "partners[partner]"


def test_a_filled_in_workbook_is_read_by_the_command_line(shipped: MacroBook, tmp_path: Path) -> None:
    """The command line reads the four sheets as those of the template, and finds the figures of the first page."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in DATA:
        sheet = book.create_sheet(name)
        for row in shipped.cells(name, shipped.values[name].tables[name].ref):
            sheet.append(row)
    path = tmp_path / "partner-data.xlsx"
    book.save(path)
    done = run_here("nps", path, "--period", "quarter", "--format", "json")
    assert done.code == 0, done.err
    shown = office.stored_values(shipped.path)
    (quarter,) = (row for row in json.loads(done.out)["rows"] if row["period"] == "2026-Q3")
    assert shown["Scorecard", "A6"] == pytest.approx(quarter["nps"], abs=1e-3)
    assert shown["Scorecard", "L2"] == f"{quarter['responses']} answers"


# --- the period -----------------------------------------------------------------------------------------------------


def naive_nps(scores: list[float]) -> float:
    """Count again, in the plainest way."""
    return 100 * (sum(score >= 9 for score in scores) - sum(score < 7 for score in scores)) / len(scores)


def test_the_first_page_shows_its_period(shipped: MacroBook) -> None:
    """The page names its period, and its figures are those of that period, counted again here from the rows."""
    shown = office.stored_values(shipped.path)
    assert shown["Scorecard", "A1"] == "Partner scorecard, Q3 2026"
    first, last = datetime(2026, 7, 1), datetime(2026, 9, 30)
    answers = [
        row for row in rows_of(shipped, "responses") if first <= row["date"] <= last and row["score"] is not None
    ]
    assert shown["Scorecard", "A6"] == pytest.approx(naive_nps([row["score"] for row in answers]))
    assert shown["Scorecard", "L2"] == f"{len(answers)} answers"
    partners = [row["partner"] for row in rows_of(shipped, "partners")]
    active = {row["partner"] for row in rows_of(shipped, "activities") if first <= row["date"] <= last}
    assert shown["Scorecard", "C6"] == pytest.approx(len(active & set(partners)) / len(partners))
    customers = [row for row in rows_of(shipped, "customers") if row["period"] == "2026-Q3"]
    stayed = [row for row in customers if row["retained"] == "yes"]
    assert shown["Scorecard", "G6"] == pytest.approx(len(stayed) / len(customers))
    assert shown["Scorecard", "E6"] == pytest.approx(
        100 * sum(row["partner"] is not None for row in stayed) / len(stayed)
    )
    invited = sum(row["invited_contacts"] for row in rows_of(shipped, "partners"))
    assert shown["Scorecard", "I6"] == pytest.approx(len(answers) / invited)


def place_of(book: MacroBook, name: str) -> tuple[str, str]:
    """Return sheet and cell of a name."""
    ((sheet, area),) = book.values.defined_names[name].destinations
    return sheet, area.replace("$", "")


@pytest.mark.parametrize(
    ("choice", "title", "first", "behind"),
    one_in(
        3,
        [
            ("2026-Q1", "Q1 2026", date(2026, 1, 1), date(2026, 4, 1)),
            ("2025-Q4", "Q4 2025", date(2025, 10, 1), date(2026, 1, 1)),
            ("2020-W53", "2020-W53", date(2020, 12, 28), date(2021, 1, 4)),
            ("2031-Q9", "Q3 2026", date(2026, 7, 1), date(2026, 10, 1)),  # there is none: the latest
        ],
    ),
)
def test_another_period(shipped: MacroBook, tmp_path: Path, choice: str, title: str, first: date, behind: date) -> None:
    """A period that is chosen is the page's; its days are the filter of every function."""
    cells: dict[tuple[str, str], Any] = {("Scorecard", "B2"): choice}
    if "W" in choice:  # as the function gives it where weeks are asked for
        cells["Workings", f"{get_column_letter(TREND)}{FIRST_ROW}"] = choice
    found = changed(shipped, cells, tmp_path / "changed.xlsx")
    assert found["Scorecard", "A1"] == f"Partner scorecard, {title}"
    days = [found[place_of(shipped, name)] for name in ("Period_from", "Period_to")]
    assert [as_date(day) for day in days] == [first, behind]
    filters = [formula.text for formula in shipped.calling() if formula.sheet == "Workings" and "IF(" in formula.text]
    assert len(filters) >= 9
    assert all("Period_from" in text or "Period_shown" in text for text in filters)


def as_date(value: object) -> date:
    """Return a day that an engine gives, as a date or as its number."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromordinal(date(1899, 12, 30).toordinal() + int(value))  # type: ignore[call-overload]


@pytest.mark.thorough
def test_months_and_years(shipped: MacroBook, tmp_path: Path) -> None:
    """Periods of a month or a year have the days of a month or a year."""
    for label, title, first, behind in (
        ("2026-08", "2026-08", date(2026, 8, 1), date(2026, 9, 1)),
        ("2025-12", "2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        ("2026", "2026", date(2026, 1, 1), date(2027, 1, 1)),
    ):
        changes: Changes = {("Workings", "I9"): label, ("Scorecard", "B2"): label}
        found = changed(shipped, changes, tmp_path / "changed.xlsx")
        assert found["Scorecard", "A1"] == f"Partner scorecard, {title}"
        assert [as_date(found[place_of(shipped, name)]) for name in ("Period_from", "Period_to")] == [first, behind]


def test_one_mistyped_date_is_not_the_page(shipped: MacroBook, tmp_path: Path) -> None:
    """With one answer of 2062 the page stays on the latest period that has enough answers, and Checks names the row."""
    heads = [cell.value for cell in shipped.values["responses"][HEAD_ROW]]
    cell = f"{get_column_letter(heads.index('date') + 1)}41"
    far = float((date(2062, 7, 14) - date(1899, 12, 30)).days)
    changes: dict[tuple[str, str], float | str | None] = {("responses", cell): far}
    changes |= {
        ("Workings", f"{column}10"): value for column, value in zip("IJK", ("2062-Q3", 1.0, 100.0), strict=True)
    }
    found = changed(shipped, changes, tmp_path / "changed.xlsx")
    assert found["Scorecard", "A1"] == "Partner scorecard, Q3 2026"
    assert found["Scorecard", "A4"] == "1 thing in the data to look at: sheet Checks"
    assert any(value == "row 41 is of the year 2062" for (sheet, _), value in found.items() if sheet == "Checks")


# --- the partners ---------------------------------------------------------------------------------------------------


def test_best_and_worst_of_many(shipped: MacroBook, tmp_path: Path) -> None:
    """Of 30 rated partners table and chart show the best six and the worst six; the title names two that are shown."""
    values = {}
    for place in range(30):
        row = (f"Partner {place + 1}", 9.0, 95.0 - 6 * place, -50.0, 50.0, 90.0 - 6 * place, "watch")
        values |= {("Workings", f"{column}{6 + place}"): cell for column, cell in zip("ABCDEFG", row, strict=True)}
    for place in range(30, 34):  # and four with too few answers, which have no place
        row = (f"Small {place}", 2.0, 100.0, -50.0, 50.0, 60.0, "few responses")
        values |= {("Workings", f"{column}{6 + place}"): cell for column, cell in zip("ABCDEFG", row, strict=True)}
    found = changed(shipped, values, tmp_path / "many.xlsx")
    names = [found.get(("Scorecard", f"A{row}")) for row in range(27, 39)]
    assert names == [f"Partner {place}" for place in (1, 2, 3, 4, 5, 6, 25, 26, 27, 28, 29, 30)]
    assert [found["Scorecard", f"D{row}"] for row in range(27, 39)] == [1, 2, 3, 4, 5, 6, 25, 26, 27, 28, 29, 30]
    assert found["Scorecard", "G11"] == "Partner 1 leads, Partner 30 trails"
    assert found["Scorecard", "A39"] == "22 more, between these, on the sheet Workings"


# --- what is changed on Benchmarks reaches every figure --------------------------------------------------------------


def test_confidence_and_fewest_answers_reach_every_figure(shipped: MacroBook, tmp_path: Path) -> None:
    """At 80 % every interval is that of 80 %, worked out here; partners with fewer answers are not rated."""
    confidence, fewest = place_of(shipped, "Confidence"), place_of(shipped, "Min_answers")
    found = changed(shipped, {confidence: 0.8, fewest: 7.0}, tmp_path / "changed.xlsx")
    first, last = datetime(2026, 7, 1), datetime(2026, 9, 30)
    rows = [row for row in rows_of(shipped, "responses") if first <= row["date"] <= last and row["score"] is not None]
    for row in range(27, 39):
        scores = [one["score"] for one in rows if one["partner"] == found["Scorecard", f"A{row}"]]
        up, down, total = sum(s >= 9 for s in scores), sum(s < 7 for s in scores), len(scores) + 3
        point, both = (up - down) / total, (up + down + 1.5) / total
        reach = NormalDist().inv_cdf(0.9) * ((both - point * point) / total) ** 0.5
        assert found["Scorecard", f"G{row}"] == pytest.approx(max(-100, 100 * (point - reach)))
        assert found["Scorecard", f"H{row}"] == pytest.approx(min(100, 100 * (point + reach)))
        assert str(found["Scorecard", f"J{row}"]).startswith("n = ") == (len(scores) < 7)
    calls = {formula.text.split("(")[0]: formula.text for formula in shipped.calling() if formula.sheet == "Workings"}
    assert "Confidence" in calls["PARTNER_NPS_SUMMARY"]
    assert "Min_answers" in calls["PARTNER_NPS_BY"]


def test_labels_are_those_of_benchmarks(shipped: MacroBook, tmp_path: Path) -> None:
    """A label that is changed on Benchmarks is the one of table, tiles and headline."""
    label = book_label(shipped)
    found = changed(shipped, {label: "Call today"}, tmp_path / "changed.xlsx")
    assert found["Scorecard", "J38"] == "Call today"
    assert "rate Call today." in found["Scorecard", "A3"]
    assert found["Scorecard", "A7"] == "Call today"


def book_label(book: MacroBook) -> tuple[str, str]:
    """Return the cell with the label of the lowest rating."""
    ((sheet, area),) = book.values.defined_names["NPS_labels"].destinations
    return sheet, area.replace("$", "").split(":")[0]


# --- the data -------------------------------------------------------------------------------------------------------


def column_of(book: MacroBook, name: str, head: str) -> str:
    """Return the letter of a column of a table."""
    return get_column_letter([cell.value for cell in book.values[name][HEAD_ROW]].index(head) + 1)


@pytest.mark.parametrize(
    ("cells", "says"),
    one_in(
        2,
        [
            (
                {"score": ("9", "8", "10")},
                r"3 cells of score \(responses\) are text, row 41 holds 9: if they are numbers: .*Text to Columns",
            ),
            ({"score": (11.0,)}, r"1 cell of score \(responses\) is above 10, row 41 holds 11: a score is 0 to 10"),
            ({"score": (-1.0,)}, r"1 cell of score \(responses\) is below 0, row 41 holds -1"),
            (
                {"date": ("14/07/2026", "15/07/2026")},
                r"2 cells of date \(responses\) are text, row 41 holds 14/07/2026",
            ),
        ],
    ),
)
def test_a_fault_of_the_data_is_said_as_that(
    shipped: MacroBook, tmp_path: Path, cells: dict[str, tuple[float | str, ...]], says: str
) -> None:
    """What stops the functions in the data stands in the headline, with the row, not as a fault of the set-up."""
    changes: dict[tuple[str, str], float | str | None] = {}
    for head, values in cells.items():
        letter = column_of(shipped, "responses", head)
        changes |= {("responses", f"{letter}{41 + place}"): value for place, value in enumerate(values)}
    single = next(formula for formula in shipped.calling() if formula.text.startswith("PARTNER_NPS("))
    assert single.sheet in ("Workings", "Self-test")
    nps = next(f for f in shipped.calling() if f.sheet == "Workings" and f.text.startswith("PARTNER_NPS("))
    found = changed(shipped, {**changes, ("Workings", nps.ref): None}, tmp_path / "changed.xlsx", office.recalculate)
    stops = place_of(shipped, "Data_fault")
    assert re.match(says, str(found[stops])), found[stops]


@pytest.mark.parametrize(
    ("error", "score", "headline"),
    one_in(
        3,
        [
            ("#VALUE!", "9", r"1 cell of score \(responses\) is text, row 41 holds 9: .*Text to Columns"),
            ("#NUM!", 11.0, r"1 cell of score \(responses\) is above 10, row 41 holds 11: a score is 0 to 10"),
            ("#NAME?", "9", "The functions do not answer yet: the sheet Set-up says what to do"),
            ("#NAME?", 9.0, "The functions do not answer yet: the sheet Set-up says what to do"),
            ("#N/A", 9.0, "There are no answers in this period"),
        ],
    ),
)
def test_which_fault_the_headline_says(
    shipped: MacroBook, tmp_path: Path, error: str, score: float | str, headline: str
) -> None:
    """#NAME? in the figure is the set-up's, whatever the data hold; another error is the data's, with the row."""
    nps = next(f for f in shipped.calling() if f.sheet == "Workings" and f.text.startswith("PARTNER_NPS("))
    cell = f"{column_of(shipped, 'responses', 'score')}41"
    changes: Changes = {("Workings", nps.ref): error, ("responses", cell): score}
    found = changed(shipped, changes, tmp_path / "changed.xlsx", office.recalculate)
    assert re.match(headline, str(found["Scorecard", "A3"])), found["Scorecard", "A3"]


def test_two_engines_agree_with_changed_inputs(shipped: MacroBook, tmp_path: Path) -> None:
    """With another period, confidence, fewest answers and other rows, LibreOffice and IronCalc show one first page."""
    changes: dict[tuple[str, str], float | str | None] = {("Scorecard", "B2"): "2026-Q2"}
    changes |= {place_of(shipped, "Confidence"): 0.9, place_of(shipped, "Min_answers"): 6.0}
    score, day = column_of(shipped, "responses", "score"), column_of(shipped, "responses", "date")
    changes |= {("responses", f"{score}200"): 0.0, ("responses", f"{score}201"): None, ("responses", f"{day}202"): None}
    path = edited(shipped, changes, tmp_path / "changed.xlsx")
    one, other = office.recalculate(path), office.ironcalc_values(path)
    compared = 0
    for place in office.formulas(path):
        if place[0] in ("Scorecard", "Workings", "Checks", "Benchmarks"):
            first, second = one.get(place), other.get(place)
            if isinstance(first, (int, float)) and isinstance(second, (int, float)):
                assert first == pytest.approx(second), place
            elif not isinstance(first, (date, datetime)):
                assert (first or "") == (second or ""), place
            compared += 1
    assert one["Scorecard", "A1"] == "Partner scorecard, Q2 2026"
    assert compared > 500


def test_rows_add_up(shipped: MacroBook, tmp_path: Path) -> None:
    """The rows of each table are all accounted for, also with odd ones among them. LibreOffice."""
    score, day = column_of(shipped, "responses", "score"), column_of(shipped, "responses", "date")
    odd: dict[tuple[str, str], float | str | None] = {
        ("responses", f"{score}20"): "n/a",
        ("responses", f"{score}21"): 11.0,
        ("responses", f"{day}22"): None,
        ("responses", f"{day}23"): "soon",
        ("activities", f"{column_of(shipped, 'activities', 'date')}9"): None,
        ("customers", f"{column_of(shipped, 'customers', 'period')}9"): None,
    }
    for changes in ({}, odd):
        found = changed(shipped, changes, tmp_path / "changed.xlsx", office.recalculate)
        groups: list[list[float]] = []
        for row in range(1, 60):
            title, count = found.get(("Checks", f"A{row}")), found.get(("Checks", f"C{row}"))
            if str(title).startswith("Rows of"):
                groups.append([])
            elif str(title).startswith("Of partners"):
                break
            elif groups and isinstance(count, (int, float)):
                groups[-1].append(float(count))
        assert len(groups) == 3
        for whole, *parts in groups:
            assert whole == sum(parts)
            assert min(parts) >= 0


def test_partners_that_are_not_on_the_list(shipped: MacroBook, tmp_path: Path) -> None:
    """What is of partners that are not on the list is counted, and so are partners that stand on it twice.

    What the functions give is set as they give it with two unlisted answers and a partner twice.
    """
    lines = [f for f in shipped.calling() if f.sheet == "Checks"]
    answers = next(f for f in lines if "responses[partner]" in f.text)
    ones = [f for f in lines if f.text.startswith("PARTNER_ADVOCACY(1,")]
    row = int(re.sub(r"\D", "", answers.ref))
    changes: dict[tuple[str, str], float | str | None] = {("Checks", one.ref): 1 / 11 for one in ones}
    changes["Checks", answers.ref] = 69 / 11
    found = changed(shipped, changes, tmp_path / "changed.xlsx")
    assert found["Checks", f"C{row}"] == 69
    assert found["Checks", f"D{row}"] == "2 of 71 are of partners that are not on it"
    last = max(int(re.sub(r"\D", "", one.ref)) for one in ones)
    assert found["Checks", f"D{last}"] == "1 of 12 rows name a partner that stands above already"


def test_commands_take_what_is_filled_in(tmp_path: Path) -> None:
    """The workbook as a source: its four tables are read, and none of those that compute from them."""
    result = run_here("nps", ROOT / "scorecard.xlsm", "--format", "json")
    assert result.code == 0, result.err
    assert (
        json.loads(result.out)["rows"][0]["responses"]
        == json.loads(run_here("nps", f"{ROOT / 'scorecard.xlsm'}#responses", "--format", "json").out)["rows"][0][
            "responses"
        ]
    )
    made = run_here("scorecard", ROOT / "scorecard.xlsm", "-o", tmp_path / "card.xlsx", "--format", "json")
    assert made.code == 0, made.err
    told = json.loads(made.out)["provenance"]
    assert {source.rpartition("#")[2] for one in told for source in one["sources"]} == set(DATA)
