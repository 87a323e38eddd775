"""The public Python API: a page long, and the same answers as the command line."""

import datetime as dt
from pathlib import Path

import pytest
from command import run_here

import partnerkpi
from partnerkpi.demo import write_demo_data


def test_every_public_name_is_there() -> None:
    """Each name that the package promises can be used, and dir() lists it."""
    for name in partnerkpi.__all__:
        assert getattr(partnerkpi, name) is not None
        assert name in dir(partnerkpi)
    with pytest.raises(AttributeError, match="ScoreTally"):
        _ = partnerkpi.no_such_name


def test_same_answers_as_the_commands(tmp_path: Path) -> None:
    """A function of the API and the command of the same name give the same rows and provenance."""
    files = write_demo_data(tmp_path)
    nps = partnerkpi.nps(files.responses, by=["partner"], period="quarter")
    command = run_here("nps", files.responses, "--by", "partner", "--period", "quarter", "--format", "json")
    assert nps.as_dict() == command.json
    advocacy = partnerkpi.advocacy(
        files.activities, files.partners, first=dt.date(2026, 7, 1), last=dt.date(2026, 9, 30), by=["tier"]
    )
    command = run_here(
        *("advocacy", files.activities, "--partners", files.partners, "--by", "tier"),
        *("--from", "2026-07-01", "--to", "2026-09-30", "--format", "json"),
    )
    assert advocacy.as_dict() == command.json
    retention = partnerkpi.retention(files.customers, by=["region"])
    assert retention.as_dict() == run_here("retention", files.customers, "--by", "region", "--format", "json").json


def test_what_stands_before_decimals(tmp_path: Path) -> None:
    """`decimal` says of 1.200 what --decimal does; another word is refused with those that there are."""
    rows = "a,yes,1.200,1.200\nb,no,800,0\n"
    customers = tmp_path / "customers.csv"
    customers.write_text(f"customer,retained,revenue_start,revenue_end\n{rows}", encoding="utf-8")
    found = partnerkpi.retention(customers, decimal="comma")
    asked = ("retention", customers, "--decimal", "comma", "--format", "json")
    assert found.as_dict() == run_here(*asked).json
    assert found.whole["net_revenue_retention"] == 60
    with pytest.raises(partnerkpi.PartnerKpiError, match="decimal 'dot' is not one of point, comma"):
        partnerkpi.retention(customers, decimal="dot")


def test_comparisons_are_those_of_the_commands(tmp_path: Path) -> None:
    """`compare` gives the rows of --compare, by quarter where nothing else is said; another word is refused."""
    files = write_demo_data(tmp_path)
    nps = partnerkpi.nps(files.responses, by=["region"], compare="previous")
    command = run_here("nps", files.responses, "--by", "region", "--compare", "previous", "--format", "json")
    assert nps.as_dict() == command.json
    retention = partnerkpi.retention(files.customers, period="year", compare="year")
    asked = ("retention", files.customers, "--period", "year", "--compare", "year", "--format", "json")
    assert retention.as_dict() == run_here(*asked).json
    with pytest.raises(partnerkpi.PartnerKpiError, match="compare 'before' is not one of previous, year"):
        partnerkpi.advocacy(files.activities, 40, compare="before")


def test_scorecard_of_files(tmp_path: Path) -> None:
    """A scorecard is data, and its whole is what the single KPIs say of the same period."""
    files = write_demo_data(tmp_path)
    card = partnerkpi.build_scorecard([files.partners, files.customers, files.responses, files.activities])
    view = card.view("2026-Q2")
    nps = {row["period"]: row for row in partnerkpi.nps(files.responses, period="quarter").rows}
    assert view.total.scores.nps == nps["2026-Q2"]["nps"]
    interval, population = view.total.nps_interval, view.total.population
    assert population == 1_718  # all people invited, by the list of partners
    assert interval == view.total.scores.interval(population=population)
    assert interval.low > nps["2026-Q2"]["low"]  # which no list of partners tells of how many
    retention = {row["period"]: row for row in partnerkpi.retention(files.customers, period="quarter").rows}
    assert view.total.influence_share == retention["2026-Q2"]["influence_share"]
    advocacy = {
        row["period"]: row for row in partnerkpi.advocacy(files.activities, files.partners, period="quarter").rows
    }
    assert view.total.advocacy is not None
    assert view.total.advocacy.active_share == advocacy["2026-Q2"]["active_share"]
