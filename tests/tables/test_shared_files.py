"""Every file that somebody sent is read or refused with a sentence, and every row of it is accounted for."""

import csv
from pathlib import Path

import pytest
from command import run_here
from office import shared_file

from partnerkpi.errors import PartnerKpiError
from partnerkpi.results.checkup import check_table
from partnerkpi.results.result import Question
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.read import read_each, read_table
from partnerkpi.tables.workspace import Workspace

FOLDERS = ("csvquirks", "exports", "hostile", "messy", "nps", "partners", "retention")
SHARED = Path(__file__).parents[3] / "shared" / "data"
FILES = sorted(f"{folder}/{path.name}" for folder in FOLDERS for path in SHARED.joinpath(folder).glob("*.*"))

ROWS = "rows"
NOTE, TOTAL, HEADER = "note below the table", "total below the table", "repeated header"
TEST = "preview or test answer"

#: Each table of each file: its sheet or range, the survey tool, the row of its header, the rows below it that are rows
#: (as R, or a csv module of another language, counts them: data/MANIFEST.md) and those that are none, by reason.
TABLES: dict[str, list[tuple[str, str | None, int, dict[str, int]]]] = {
    "csvquirks/php_line_break_in_enclosure.csv": [("", None, 1, {ROWS: 5})],
    "csvquirks/php_premiere.utf16lebom.csv": [("", None, 1, {ROWS: 1})],
    "csvquirks/php_premiere.utf8bom.csv": [("", None, 1, {ROWS: 1})],
    "csvquirks/php_semicolon_separated.csv": [("", None, 1, {ROWS: 2})],
    "csvquirks/php_sep.csv": [("", None, 2, {ROWS: 1})],
    "exports/googleforms_varksam_2017.csv": [("", "Google Forms", 1, {ROWS: 120})],
    "exports/qualtrics_insights_singleMC_3hdr_pyquote.csv": [("", "Qualtrics", 3, {TEST: 5})],
    "exports/qualtrics_legacy_nobasis_2hdr.csv": [("", "Qualtrics", 2, {TEST: 15})],
    "exports/qualtrics_qualtRics_sample_3hdr.csv": [("", "Qualtrics", 3, {ROWS: 1})],
    "exports/qualtrics_qualtRics_sample_legacy_2hdr.csv": [("", "Qualtrics", 2, {ROWS: 1})],
    "exports/surveymonkey_export_2hdr.xlsx": [
        ("Raw_Data", "SurveyMonkey", 2, {ROWS: 198}),
        ("Desired_Format", None, 1, {}),
        ("Question_R", None, 1, {ROWS: 100}),
        ("Question", None, 1, {ROWS: 100}),
        ("Edited_Data", None, 1, {ROWS: 198}),
    ],
    "exports/surveymonkey_starwars_2hdr_latin.csv": [("", "SurveyMonkey", 2, {ROWS: 1186})],
    "exports/typeform_osmi_2018.csv": [("", "Typeform", 1, {ROWS: 417})],
    "hostile/poi_MalformedSSTCount.xlsx": [("Sheet1", None, 1, {ROWS: 2})],
    "hostile/poi_xlsx-corrupted.xlsx": [("Sheet1", None, 1, {ROWS: 2})],
    "messy/big_texty_numbers.xlsx": [("Sheet1", None, 1, {ROWS: 6})],
    "messy/calamine_date_1904.xlsx": [],
    "messy/calamine_error_cells.xlsx": [],
    "messy/calamine_header_row.xlsx": [("Sheet1", None, 9, {ROWS: 1})],
    "messy/calamine_merge_cells.xlsx": [("Sheet1", None, 1, {ROWS: 1})],
    "messy/deaths_title_and_footer.xls": [
        ("arts", None, 5, {ROWS: 10, NOTE: 4}),
        ("other", None, 5, {ROWS: 10, NOTE: 4}),
    ],
    "messy/deaths_title_and_footer.xlsx": [
        ("arts", None, 5, {ROWS: 10, NOTE: 4}),
        ("other", None, 5, {ROWS: 10, NOTE: 4}),
    ],
    "messy/enron_nested.xlsx": [
        ("Preschedule", None, 2, {ROWS: 167, NOTE: 7}),
        ("Deals!A2:D105", None, 2, {ROWS: 65, NOTE: 5}),
        ("Deals!F2:BV101", None, 2, {ROWS: 84}),
        ("Fuel", None, 11, {ROWS: 39}),
        ("Economics", None, 1, {ROWS: 43}),
        ("spin reserve log sheet", None, 4, {ROWS: 26}),
        ("Balancing!A3:L31", None, 3, {ROWS: 26, TOTAL: 1}),
        ("Balancing!N3:R28", None, 3, {ROWS: 25}),
        ("Unit Summary", None, 2, {ROWS: 32}),
        ("HeatRate", None, 2, {ROWS: 216}),
        ("Top", None, 2, {ROWS: 2}),
    ],
    "messy/php_1900_Calendar.xlsx": [],
    "messy/php_HiddenSheet.xlsx": [],
    "messy/smungs_cashflows.xlsx": [("Cash Flow 12 mo", None, 4, {ROWS: 37, "total between rows": 2})],
    "messy/smungs_school.xlsx": [
        ("Sheet1", None, 1, {ROWS: 32}),
        ("Sheet2", None, 3, {ROWS: 6}),
        ("Sheet3", None, 5, {ROWS: 4}),
    ],
    "messy/smungs_toronto_transit.xlsx": [("1985-2017 ACTUALS", None, 6, {ROWS: 44, "total between rows": 5})],
    "messy/texty_dates.xlsx": [("Sheet1", None, 1, {ROWS: 2})],
    "messy/titanic_multiheader.xlsx": [("Sheet1", None, 1, {ROWS: 10})],
    "messy/unnamed_duplicated_columns.xlsx": [("Sheet1", None, 1, {ROWS: 2})],
    "messy/unpivotr_purpose_crosstabs.xlsx": [
        ("README", None, 1, {ROWS: 10}),
        ("NZ.Stat export!A4:C48", None, 4, {ROWS: 44}),
        ("NZ.Stat export!E3:F44", None, 3, {ROWS: 40}),
        ("Tidy", None, 1, {ROWS: 79}),
        ("Pivot", None, 5, {ROWS: 10}),
        ("up-left left-up", None, 3, {ROWS: 20}),
        ("up-right left-down", None, 3, {ROWS: 20}),
        ("up-ish left-ish", None, 3, {ROWS: 10}),
        ("up-ish left-ish border", None, 3, {ROWS: 10}),
        ("Small multiples!A2:B14", None, 2, {ROWS: 6, HEADER: 2, NOTE: 2}),
        ("Small multiples!D2:E9", None, 2, {ROWS: 4, HEADER: 1, NOTE: 1}),
    ],
    "messy/unpivotr_two_tables.xlsx": [
        ("tidy", None, 1, {ROWS: 8}),
        ("untidy", None, 1, {ROWS: 6}),
        ("pivoted", None, 2, {ROWS: 6}),
    ],
    "messy/varksam_handmade_nps_two_tables.xlsx": [
        ("agree!A1:D54", None, 1, {ROWS: 53}),
        ("agree!F5:H12", None, 5, {ROWS: 6}),
        ("agree!J1:M46", None, 1, {ROWS: 45}),
        ("agree!O5:Q12", None, 5, {ROWS: 6}),
        ("disagree!A1:D16", None, 1, {ROWS: 12}),
        ("disagree!G1:J16", None, 1, {ROWS: 8}),
    ],
    "nps/bank_nps_by_market_quarter.csv": [("", None, 1, {ROWS: 5000})],
    "nps/cran_NPS_testdata.csv": [("", None, 1, {ROWS: 1000})],
    "nps/cran_NPS_testdata.xlsx": [("cran_NPS_testdata", None, 1, {ROWS: 1000})],
    "nps/date_user_score.csv": [("", None, 1, {ROWS: 1825})],
    "nps/employee_nps_pt.csv": [("", None, 1, {ROWS: 31})],
    "nps/employee_nps_pt.xlsx": [("NPS", None, 1, {ROWS: 31})],
    "nps/garden_retail_nps_fr.csv": [("", None, 1, {ROWS: 13954})],
    "nps/saas_whiteboard_nps_comments.csv": [("", None, 1, {ROWS: 441})],
    "nps/telco_nps_by_market_region.csv": [("", None, 1, {ROWS: 23527})],
    "partners/aws_partner_references.csv": [("", None, 1, {ROWS: 738})],
    "partners/aws_partners.csv": [("", None, 1, {ROWS: 50})],
    "partners/creator_affiliate_partners.csv": [("", None, 1, {ROWS: 25})],
    "retention/ibm_telco_churn.csv": [("", None, 1, {ROWS: 7043})],
    "retention/ibm_telco_churn_extended.xlsx": [("Telco_Churn", None, 1, {ROWS: 7043})],
    "retention/ravenstack_accounts.csv": [("", None, 1, {ROWS: 500})],
    "retention/ravenstack_churn_events.csv": [("", None, 1, {ROWS: 600})],
    "retention/ravenstack_subscriptions.csv": [("", None, 1, {ROWS: 5000})],
    "retention/telco_transactions_churn.csv": [("", None, 1, {ROWS: 23527})],
}

#: What each file of answers holds: options, the column of the score or None, answers and NPS by the oracle.
ANSWERS: dict[str, tuple[list[str], str | None, int, float]] = {
    "exports/googleforms_varksam_2017.csv": (
        ["--score", "I will recommend a friend/relative to work at Varks.am․", "--scale", "1-10"],
        "I will recommend a friend/relative to work at Varks.am․",
        120,
        37.5,
    ),
    "nps/bank_nps_by_market_quarter.csv": ([], "rating", 5000, 11.8),
    "nps/cran_NPS_testdata.csv": (["--score", "REC"], "REC", 1000, 10.0),
    "nps/cran_NPS_testdata.xlsx": (["--score", "REC"], "REC", 1000, 10.0),
    "nps/date_user_score.csv": ([], "Score", 1825, -46.739726),
    "nps/employee_nps_pt.csv": ([], "Resposta", 31, -45.161290),
    "nps/employee_nps_pt.xlsx": ([], "Resposta", 31, -45.161290),
    "nps/garden_retail_nps_fr.csv": ([], "nps", 13612, 53.416103),
    "nps/saas_whiteboard_nps_comments.csv": ([], "NPS_Score", 441, 60.317460),
    "messy/varksam_handmade_nps_two_tables.xlsx#agree!A1:D54": (
        ["--score", "I will recommend a friend/relative to work at Varks.am", "--scale", "1-10"],
        "I will recommend a friend/relative to work at Varks.am",
        53,
        52.830189,
    ),
    "messy/varksam_handmade_nps_two_tables.xlsx#agree!J1:M46": (
        ["--score", "I will recommend a friend/relative to work at Varks.am", "--scale", "1-10"],
        "I will recommend a friend/relative to work at Varks.am",
        45,
        8.888889,
    ),
}
REFUSED = {
    "csvquirks/php_empty.csv": "empty",
    "hostile/calamine_pass_protected.xlsx": "password",
    "hostile/php_utf8entity.xlsx": "entities",
    "hostile/poi_54764.xlsx": "entities",
    "hostile/poi_poc-xmlbomb.xlsx": "entities",
    "hostile/poi_crash-274d6342e4842d61be0fb48eaadad6208ae767ae.xlsx": "damaged",
    "hostile/poi_clusterfuzz-testcase-minimized-POIXSSFFuzzer-4828727001088000.xlsx": "damaged",
    "hostile/poi_clusterfuzz-testcase-minimized-POIXSSFFuzzer-6123461607817216.xlsx": "damaged",
    "hostile/poi_clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5636439151607808.xlsx": "damaged",
}


def test_every_file_has_a_line() -> None:
    """No file is left out: each is in the table, or among those that are refused."""
    shared_file("MANIFEST.md")
    assert set(FILES) == set(TABLES) | set(REFUSED)


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str) -> None:
    """Each table is found where it stands, with its tool, its rows, and the rows that are none; all rows add up."""
    path = shared_file(name)
    told = []
    with Workspace() as workspace:
        for table in read_each(workspace, str(path)):
            part = table.parts[0]
            rows = table.rows.fetch("SELECT count(*) FROM __rows")[0][0]
            told.append((part.label.partition("#")[2], part.tool, part.header_row, {ROWS: rows, **table.aside}))
            found = check_table(table, Columns(table.profiles, table.label), Question())
            ledger = found.ledger
            assert found.passed_over == (part.label.rpartition("#")[2] == "README")  # a page to read, without data
            assert ledger.rows_read == ledger.rows_used + sum(ledger.set_aside.values())
            assert ledger.rows_read == (0 if found.passed_over else rows + sum(table.aside.values()))
            assert all(count > 0 for count in ledger.set_aside.values())
            assert sum(1 for _ in table.rows_aside()) == sum(table.aside.values())
    expected = [(label, tool, row, {ROWS: 0, **counts}) for label, tool, row, counts in TABLES[name]]
    assert told == expected


@pytest.mark.parametrize("name", ANSWERS)
def test_answers(name: str) -> None:
    """The score column, the number of answers and the NPS are those of the oracle."""
    options, score, answers, expected = ANSWERS[name]
    file, mark, inner = name.partition("#")
    result = run_here("nps", f"{shared_file(file)}{mark}{inner}", *options, "--format", "json").json
    assert result["provenance"]["columns"]["score"] == score
    assert result["rows"][0]["responses"] == answers
    assert result["rows"][0]["nps"] == pytest.approx(expected, abs=5e-7)


def test_side_by_side_is_asked() -> None:
    """Where two tables on one sheet fit, the command stops and names both."""
    path = shared_file("messy/varksam_handmade_nps_two_tables.xlsx")
    result = run_here("nps", path, "--score", "I will recommend a friend/relative to work at Varks.am")
    assert result.code == 2
    assert "agree!A1:D54" in result.err
    assert "agree!J1:M46" in result.err


@pytest.mark.parametrize("number", range(7))
def test_each_question_of_a_survey(number: int) -> None:
    """Every 0-10 question of the Typeform export has R's counts and score."""
    with shared_file("oracles/typeform_osmi_2018.csv").open(encoding="utf-8") as stream:
        references = list(csv.DictReader(stream))
    reference = references[number]
    with Workspace() as workspace:  # R counts columns from 1
        question = read_table(workspace, [str(shared_file("exports/typeform_osmi_2018.csv"))]).columns[
            int(reference["col"]) - 1
        ]
    assert question.startswith(reference["question"][:60])
    result = run_here("nps", shared_file("exports/typeform_osmi_2018.csv"), "--score", question, "--format", "json")
    row = result.json["rows"][0]
    assert row["responses"] == int(reference["n"])
    assert row["nps"] == pytest.approx(float(reference["nps"]), abs=5e-7)


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_reason(name: str) -> None:
    """An empty, encrypted, damaged or malicious file is refused in one sentence that names it and the reason."""
    path = shared_file(name)
    with Workspace() as workspace, pytest.raises(PartnerKpiError) as refused:
        list(read_each(workspace, str(path)))
    assert REFUSED[name] in str(refused.value)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "header_row", "columns"),
    [
        ("messy/deaths_title_and_footer.xlsx", 5, ["Name", "Profession", "Age", "Has kids"]),
        ("messy/deaths_title_and_footer.xls", 5, ["Name", "Profession", "Age", "Has kids"]),
        ("messy/big_texty_numbers.xlsx", 1, ["number", "number as text", "notes"]),
        ("csvquirks/php_semicolon_separated.csv", 1, ["This", "Are", "Headers"]),
        ("csvquirks/php_premiere.utf16lebom.csv", 1, ["première", "second", "troisième"]),
        ("csvquirks/php_premiere.utf8bom.csv", 1, ["première", "second", "troisième"]),
        ("csvquirks/php_line_break_in_enclosure.csv", 1, ["Name", "Copy", "URL"]),
        ("nps/garden_retail_nps_fr.csv", 1, ["column 1", "id", "nps", "satisfaction"]),
    ],
)
def test_where_the_table_stands(name: str, header_row: int, columns: list[str]) -> None:
    """The row that names the columns is found below titles, in any encoding and with any separator."""
    with Workspace() as workspace:
        table = read_table(workspace, [str(shared_file(name))])
        assert table.parts[0].header_row == header_row
        assert list(table.columns[: len(columns)]) == columns
