"""Real exports give the answers that R computed from them (../shared/data/oracles)."""

import csv
from pathlib import Path
from typing import Any

import pytest
from command import rows_by, run, run_here
from office import shared_file

NPS = {
    # file, options, name of the oracle, how the oracle calls the groups of an option
    "cran": ("nps/cran_NPS_testdata.csv", ["--score", "REC"], "cran_NPS_testdata.csv"),
    "cran xlsx": ("nps/cran_NPS_testdata.xlsx", ["--score", "REC"], "cran_NPS_testdata.csv"),
    # 83 answers of 1 and none of 0: a hint of a 1-10 scale, which a note says, with the same bands
    "garden": ("nps/garden_retail_nps_fr.csv", [], "garden_retail_nps.csv"),
    "saas": ("nps/saas_whiteboard_nps_comments.csv", [], "saas_whiteboard_nps.csv"),
    "bank": ("nps/bank_nps_by_market_quarter.csv", [], "bank_nps.csv"),
    "users": ("nps/date_user_score.csv", [], "date_user_score.csv"),
    "employees": ("nps/employee_nps_pt.xlsx", [], "employee_nps_pt.csv"),
    "employees csv": ("nps/employee_nps_pt.csv", [], "employee_nps_pt.csv"),
    "telco": ("nps/telco_nps_by_market_region.csv", [], "telco_nps.csv"),
}


def oracle(name: str, group_by: str) -> list[dict[str, str]]:
    """Return the rows of a reference table for one grouping."""
    with shared_file(f"oracles/{name}").open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["group_by"] == group_by]


def same_nps(row: dict[str, Any], reference: dict[str, str]) -> None:
    """Assert that a row has the counts and the score of the reference."""
    counts = {name: row[name] for name in ("promoters", "passives", "detractors")}
    assert counts == {name: int(reference[name]) for name in counts}
    assert row["responses"] == int(reference["n"])
    assert row["nps"] == pytest.approx(float(reference["nps"]), abs=5e-7)  # the reference has six decimals


@pytest.mark.parametrize("name", NPS)
def test_overall(name: str) -> None:
    """The whole of each export has R's counts and score, and every row of the file is accounted for."""
    file, options, reference = NPS[name]
    result = run_here("nps", shared_file(file), *options, "--format", "json").json
    (whole,) = oracle(reference, "ALL")
    same_nps(result["rows"][0], whole)
    source = result["provenance"]
    assert source["rows_read"] == int(whole["rows"])
    assert source["rows_read"] == source["rows_used"] + sum(source["set_aside"].values())


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("cran", "Region"),
        ("cran xlsx", "Region"),
        ("cran", "BU"),
        ("cran", "Account"),
        ("cran xlsx", "PRODUCT"),
        ("garden", "t"),
        ("bank", "market"),
        ("bank", "quarter"),
        ("employees", "Tipo Cargo"),
        ("employees csv", "Cargo"),
        ("telco", "Region"),
        ("telco", "Market"),
    ],
)
def test_groups(name: str, column: str) -> None:
    """Each group has R's counts and score, under the name that stands in the file; NAM is a region, not missing."""
    file, options, reference = NPS[name]
    result = run_here("nps", shared_file(file), *options, "--by", column, "--format", "json").json
    rows = rows_by(result)
    references = oracle(reference, column)
    assert references
    for expected in references:
        # R wrote its missing value as an empty text; the file says NA, and values stand as in the file.
        group = expected["group"] or "NA"
        same_nps(rows[group, None], expected)
    assert len(rows) == len(references) + 1


def test_every_account_and_quarter() -> None:
    """Account by quarter: every cell of R's table, and a row without data for each pair that nobody answered."""
    result = run_here(
        *("nps", shared_file("nps/cran_NPS_testdata.csv"), "--score", "REC", "--by", "Account"),
        *("--date", "date", "--period", "quarter", "--format", "json"),
    ).json
    rows = rows_by(result)
    references = oracle("cran_NPS_testdata.csv", "acct_q")
    assert len(references) == 101
    seen = set()
    for expected in references:
        account, _, quarter = expected["group"].partition("|")
        key = (account, quarter)
        seen.add(key)
        same_nps(rows[key], expected)
    empty = [row for key, row in rows.items() if len(key) == 2 and key[1] is not None and key not in seen]
    assert {row["nps"] for row in empty} == {None}
    assert {tuple(row["flags"]) for row in empty} == {("no data",)}
    assert len(rows) == 5 + 26 * 5


@pytest.mark.parametrize(
    ("name", "period", "how"),
    [("bank", "quarter", "2021-Q{}"), ("bank", "month", "2021-{:0>2}"), ("users", "month", "{}")],
)
def test_periods(name: str, period: str, how: str) -> None:
    """Periods are R's; the day-first dates of the bank are told from the whole column (1/9/21 is in September)."""
    file, options, reference = NPS[name]
    result = run_here("nps", shared_file(file), *options, "--period", period, "--format", "json").json
    rows = {row["period"]: row for row in result["rows"]}
    references = oracle(reference, period)
    assert references
    for expected in references:
        same_nps(rows[how.format(expected["group"])], expected)


def test_five_columns_could_be_the_score() -> None:
    """Where five columns hold 0-10 and none is named like a score, the command stops with exit 2 and lists them."""
    stopped = run("nps", shared_file("nps/cran_NPS_testdata.csv"))
    assert stopped.code == 2
    assert stopped.out == ""
    for column in ("REC", "Product.Tastiness", "Salesman.Smileyness", "Salesman.Chirpiness", "Salesman.Bubbliness"):
        assert repr(column) in stopped.err
    assert "--score" in stopped.err
    assert stopped.err.count("\n") == 1


def test_long_ids_keep_their_digits(tmp_path: Path) -> None:
    """A 19-digit id of a row that was set aside comes out as it went in."""
    source = tmp_path / "answers.csv"
    lines = shared_file("nps/saas_whiteboard_nps_comments.csv").read_text(encoding="utf-8").splitlines()[:1]
    source.write_text(
        "\n".join([*lines, "3074457347487777543,nothing said,", "3074457346925614583,slow,9"]), encoding="utf-8"
    )
    aside = tmp_path / "aside.csv"
    assert run_here("nps", source, "--set-aside", aside).code == 0
    assert "3074457347487777543" in aside.read_text(encoding="utf-8-sig")


def test_advocacy() -> None:
    """34 of 50 AWS partners gave 159 references in the twelve months; 194 references without a date are reported."""
    arguments = [
        *("advocacy", shared_file("partners/aws_partner_references.csv")),
        *("--partners", shared_file("partners/aws_partners.csv"), "--by", "partner_tier"),
    ]
    result = run_here(*arguments, "--from", "2022-11-01", "--to", "2023-10-31", "--format", "json").json
    rows = rows_by(result)
    assert (rows[None,]["active"], rows[None,]["partners"], rows[None,]["activities"]) == (34, 50, 159)
    assert rows[None,]["active_share"] == pytest.approx(68)
    with shared_file("oracles/aws_advocacy_by_tier.csv").open() as stream:
        for expected in csv.DictReader(stream):
            row = rows[expected["tier"], None]
            assert row["partners"] == int(expected["partners"])
            assert row["active"] == int(expected["active_ltm"])
            assert row["activities"] == int(expected["activities_ltm"])
    assert result["provenance"]["set_aside"]["no date"] == 194
    printed = run_here(*arguments, "--from", "2022-11-01", "--to", "2023-10-31")
    assert "194 activities have no date" in printed.err


def test_advocacy_windows() -> None:
    """Every window of R's table gives its activities and active partners."""
    with shared_file("oracles/aws_advocacy_active_share.csv").open() as stream:
        windows = list(csv.DictReader(stream))
    assert len(windows) == 6
    for expected in windows:
        result = run_here(
            *("advocacy", shared_file("partners/aws_partner_references.csv")),
            *("--partners", shared_file("partners/aws_partners.csv")),
            *("--from", expected["from"], "--to", expected["to"], "--format", "json"),
        ).json
        row = result["rows"][0]
        assert (row["activities"], row["active"]) == (int(expected["activities"]), int(expected["active"]))
        assert row["active_share"] == pytest.approx(float(expected["active_pct"]), abs=1e-4)


def test_advocacy_by_partner() -> None:
    """Each partner's references are those that R counted."""
    result = run_here(
        *("advocacy", shared_file("partners/aws_partner_references.csv")),
        *("--partners", shared_file("partners/aws_partners.csv"), "--by", "partner"),
        *("--from", "2022-11-01", "--to", "2023-10-31", "--format", "json"),
    ).json
    rows = rows_by(result)
    with shared_file("oracles/aws_advocacy_by_partner.csv").open(encoding="utf-8") as stream:
        for expected in csv.DictReader(stream):
            assert rows[expected["partner"], None]["activities"] == int(expected["refs_2022_11_to_2023_10"])
    assert len(rows) == 51


@pytest.mark.parametrize("column", ["referral_source", "plan_tier", "industry", "country"])
def test_retention_by_group(column: str) -> None:
    """Retention of the accounts by any column is R's: 78 % overall, 85.393 % of those that partners referred."""
    result = run_here(
        *("retention", shared_file("retention/ravenstack_accounts.csv"), "--churned", "churn_flag"),
        *("--by", column, "--format", "json"),
    ).json
    rows = rows_by(result)
    assert rows[None,]["retention_rate"] == pytest.approx(78.0)
    for expected in oracle("ravenstack_retention_by_referral_source.csv", column):
        row = rows[expected["group"], None]
        assert row["customers"] == int(expected["customers"])
        assert row["retained"] == int(expected["customers"]) - int(expected["churned"])
        assert row["retention_rate"] == pytest.approx(float(expected["retention_pct"]), abs=5e-7)


def test_retention_of_partners() -> None:
    """Partner-attributed accounts retain 85.393 % against 76.399 %: a lift of 8.994 points."""
    result = run_here(
        *("retention", shared_file("retention/ravenstack_accounts.csv"), "--churned", "churn_flag"),
        *("--attributed", "referral_source=partner", "--format", "json"),
    ).json
    whole = result["rows"][0]
    assert (whole["partner_customers"], whole["partner_retained"]) == (89, 76)
    assert 100 * whole["partner_retained"] / whole["partner_customers"] == pytest.approx(85.393258, abs=1e-6)
    assert whole["lift_points"] == pytest.approx(8.994231, abs=1e-6)
    assert whole["lift_low"] < 0 < whole["lift_high"]  # Fisher's p is 0.067: not shown at 95 %
    assert whole["influence_share"] == pytest.approx(whole["influence_index"] * whole["base_share"] / 100)


@pytest.mark.parametrize(
    ("asked", "customers", "rate"),
    [
        (["retention/ibm_telco_churn.csv"], 7043, 73.463013),
        (["retention/telco_transactions_churn.csv"], 20674, 97.615362),
        # R counts subscriptions. Customers are accounts, which stay as long as one of their subscriptions does: all do.
        (["retention/ravenstack_subscriptions.csv", "--customer", "subscription_id"], 5000, 90.28),
        (["retention/ravenstack_subscriptions.csv"], 500, 100),
    ],
)
def test_retention_overall(asked: list[str], customers: int, rate: float) -> None:
    """Overall retention is R's; a customer that stands in a file several times counts once."""
    file, *options = asked
    whole = run_here("retention", shared_file(file), *options, "--format", "json").json["rows"][0]
    assert whole["customers"] == customers
    assert whole["retention_rate"] == pytest.approx(rate, abs=5e-7)
    assert "influence_share" not in whole


def test_a_spouse_is_no_partner() -> None:
    """The telco's column Partner (Yes/No) is not taken for a partner, and saying so by option is refused or obeyed."""
    result = run_here("retention", shared_file("retention/ibm_telco_churn.csv"), "--format", "json").json
    assert "partner" not in result["provenance"]["columns"]
    by_contract = run_here(
        "retention", shared_file("retention/ibm_telco_churn.csv"), "--by", "Contract", "--format", "json"
    ).json
    rows = rows_by(by_contract)
    for expected in oracle("ibm_telco_retention.csv", "Contract"):
        assert rows[expected["group"], None]["retention_rate"] == pytest.approx(
            float(expected["retention_pct"]), abs=5e-7
        )
