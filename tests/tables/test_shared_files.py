"""Every file that somebody sent is read or refused with a sentence, and every row of it is accounted for."""

from pathlib import Path

import pytest
from office import shared_file

from partnerkpi.errors import PartnerKpiError
from partnerkpi.scorecard.checkup import check_table
from partnerkpi.scorecard.result import Question
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.read import Workspace

FOLDERS = ("csvquirks", "exports", "hostile", "messy", "nps", "partners", "retention")
SHARED = Path(__file__).parents[3] / "shared" / "data"
FILES = sorted(f"{folder}/{path.name}" for folder in FOLDERS for path in SHARED.joinpath(folder).glob("*.*"))

#: Records below the header, as R or a csv module of another language counts them (data/MANIFEST.md).
RECORDS = {
    "nps/bank_nps_by_market_quarter.csv": 5000,
    "nps/cran_NPS_testdata.csv": 1000,
    "nps/cran_NPS_testdata.xlsx": 1000,
    "nps/date_user_score.csv": 1825,
    "nps/employee_nps_pt.csv": 31,
    "nps/employee_nps_pt.xlsx": 31,
    "nps/garden_retail_nps_fr.csv": 13954,
    "nps/saas_whiteboard_nps_comments.csv": 441,
    "nps/telco_nps_by_market_region.csv": 23527,
    "partners/aws_partner_references.csv": 738,
    "partners/aws_partners.csv": 50,
    "partners/creator_affiliate_partners.csv": 25,
    "retention/ibm_telco_churn.csv": 7043,
    "retention/ibm_telco_churn_extended.xlsx": 7043,
    "retention/ravenstack_accounts.csv": 500,
    "retention/ravenstack_churn_events.csv": 600,
    "retention/ravenstack_subscriptions.csv": 5000,
    "retention/telco_transactions_churn.csv": 23527,
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


@pytest.mark.parametrize("name", [name for name in FILES if name not in REFUSED] or [""])
def test_rows_add_up(name: str) -> None:
    """Rows read are rows used plus rows set aside, in every table of every file, and none is lost on the way."""
    path = shared_file(name)
    with Workspace() as workspace:
        tables = list(workspace.candidates(str(path)))
        for table in tables:
            found = check_table(table, Columns(table.profiles, table.label), Question())
            ledger = found.ledger
            assert ledger.rows_read == ledger.rows_used + sum(ledger.set_aside.values())
            assert all(count > 0 for count in ledger.set_aside.values())
            held = table.relation().aggregate("count(*)").fetchall()[0][0]
            assert ledger.rows_read == held + sum(table.aside.values())
        if name in RECORDS:
            assert tables[0].relation().aggregate("count(*)").fetchall()[0][0] == RECORDS[name]


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_reason(name: str) -> None:
    """An empty, encrypted, damaged or malicious file is refused in one sentence that names it and the reason."""
    path = shared_file(name)
    with Workspace() as workspace, pytest.raises(PartnerKpiError) as refused:
        list(workspace.candidates(str(path)))
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
        table = workspace.open([str(shared_file(name))])
        assert table.parts[0].header_row == header_row
        assert list(table.columns[: len(columns)]) == columns
