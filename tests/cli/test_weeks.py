"""`--period week`: ISO weeks, counted as pandas' isocalendar counts them, over the ends of years."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from command import run_here

import partnerkpi
from partnerkpi.language import language
from partnerkpi.mail.message import message_of
from partnerkpi.mail.workbook import read_book

NAMES = ("Acme", "Bolt", "Cato", "Dune")
FIRST = dt.date(2019, 12, 16)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Return answers from December 2019 to January 2021: 2020 has a week 53, and 1 January 2021 lies in it."""
    draw = random.Random(7)
    days = [FIRST + dt.timedelta(draw.randrange(400)) for _ in range(930)]
    found = pd.DataFrame(
        {
            "partner": [draw.choice(NAMES) for _ in days],
            "date": pd.to_datetime(days),
            "score": [draw.choice((0, 3, 6, 7, 8, 9, 10, 10, 9)) for _ in days],
            "respondent": [f"r{draw.randrange(150)}" for _ in days],
        }
    )
    iso = found["date"].dt.isocalendar()
    found["week"] = [f"{year}-W{week:02}" for year, week in zip(iso["year"], iso["week"], strict=True)]
    return found


def text_of(label: str, form: str) -> str:
    year, week = label.split("-W")
    return form.format(year=year, week=week, bare=int(week))


FORMS = ("{year}-W{week}", "W{bare} {year}", "{year}W{week}", "KW {bare} {year}", "{year} KW{week}", "w{bare}/{year}")


@pytest.mark.parametrize("form", [None, *FORMS])
def test_weeks_are_those_of_iso(form: str | None, answers: pd.DataFrame) -> None:
    """Days, and texts that name a week, are counted in the week that pandas gives; none is empty by its place."""
    table = answers.assign(date=answers["week"].map(lambda one: text_of(one, form))) if form else answers
    result = partnerkpi.nps(table[["partner", "date", "score"]], period="week", by="partner")
    found = {
        (row["group"].get("partner"), row["period"]): (row["responses"], row["promoters"] - row["detractors"])
        for row in result.rows
        if row["period"] and row["responses"]
    }
    value = (answers["score"] >= 9).astype(int) - (answers["score"] <= 6).astype(int)
    told = answers.assign(value=value)
    whole = {(None, label): (len(some), some["value"].sum()) for label, some in told.groupby("week")}
    of_partners = {key: (len(some), some["value"].sum()) for key, some in told.groupby(["partner", "week"])}
    assert found == whole | of_partners
    assert (None, "2020-W53") in found
    labels = [row["period"] for row in result.rows if not row["group"] and row["period"]]
    mondays = pd.date_range(FIRST, answers["date"].max(), freq="W-MON")
    assert labels == [f"{day.isocalendar().year}-W{day.isocalendar().week:02}" for day in mondays]


def test_a_week_is_compared_with_the_same_of_the_year_before(answers: pd.DataFrame) -> None:
    """2021-W01 with 2020-W01, 53 weeks before; a week 53 with none, which is said; the last four with four before."""
    told = partnerkpi.nps(answers, period="week", compare="year", duplicates="all")
    rows = {row["period"]: row for row in told.rows if row["period"]}
    assert rows["2021-W01"]["compared_with"] == "2020-W01"
    assert rows["2020-W51"]["compared_with"] == "2019-W51"
    assert (rows["2020-W53"]["compared_with"], rows["2020-W53"]["change"]) == (None, None)
    assert any("2020 W53: the year before has no week 53" in note for note in told.notes)
    both = answers[answers["week"].isin(["2020-W01", "2021-W01"])]
    once = both.groupby(["respondent", "partner"]).filter(lambda some: len(some) == 2 and some["week"].nunique() == 2)
    assert (rows["2021-W01"]["paired_persons"] or 0) == len(once) // 2
    rolled = partnerkpi.nps(answers, period="week", compare="rolling", duplicates="all")
    last, weeks = [row for row in rolled.rows if row["period"]][-1], sorted(answers["week"].unique())
    assert last["previous_responses"] == answers["week"].isin(weeks[-8:-4]).sum()


def test_one_answer_of_a_person_in_a_wave_whatever_the_week(answers: pd.DataFrame) -> None:
    """A wave is a quarter: in each the latest counts, also where a week lies in two of them."""
    found = partnerkpi.nps(answers, period="week")
    quarter = answers["date"].dt.to_period("Q")
    latest = answers.assign(quarter=quarter, place=range(len(answers))).sort_values(["date", "place"])
    latest = latest.groupby(["respondent", "partner", "quarter"]).tail(1)
    wanted = latest.groupby("week").size().to_dict()
    assert {row["period"]: row["responses"] for row in found.rows if row["period"] and row["responses"]} == wanted


def test_activities_and_customers_by_week(answers: pd.DataFrame) -> None:
    """Activities, renewals, and customers with a start and an end: at risk on Monday, retained past Sunday."""
    acts = answers.rename(columns={"score": "type"}).assign(type="reference")[["partner", "type", "date"]]
    done = partnerkpi.advocacy(acts, 4, period="week")
    wanted = answers.groupby("week").size().to_dict()
    assert {row["period"]: row["activities"] for row in done.rows if row["period"]} == wanted
    stayed = ["yes" if score > 3 else "no" for score in answers["score"]]
    renewals = answers.assign(customer=range(len(answers)), retained=stayed)
    kept = partnerkpi.retention(renewals[["customer", "date", "retained"]], date="date", period="week")
    assert {row["period"]: row["retained"] for row in kept.rows if row["period"] and row["customers"]} == {
        label: int((some["score"] > 3).sum()) for label, some in answers.groupby("week")
    }
    spans = answers.assign(
        customer=range(len(answers)),
        start_date=answers["date"],
        end_date=[day + dt.timedelta(20 + 9 * (n % 9)) if n % 3 else None for n, day in enumerate(answers["date"])],
    )[["customer", "start_date", "end_date"]]
    until = dt.date(2021, 1, 3)
    rows = partnerkpi.retention(spans, period="week", as_of=until).rows
    start = pd.to_datetime(spans["start_date"])
    end = pd.to_datetime(spans["end_date"]).fillna(pd.Timestamp("2100-01-01"))
    for row in [row for row in rows if row["period"]]:
        monday = pd.Timestamp(dt.date.fromisocalendar(int(row["period"][:4]), int(row["period"][6:]), 1))
        there = (start < monday) & (end >= monday)
        assert row["customers"] == there.sum()
        assert row["retained"] == (there & (end >= monday + pd.Timedelta(days=7))).sum()
    assert rows[-1]["period"] == "2020-W53"


def test_what_is_no_week(answers: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Months cannot be counted by week; a financial year does not change weeks; a day may be named by its week."""
    months = answers.assign(date=answers["date"].dt.strftime("%Y-%m"))
    months.to_csv(tmp_path / "months.csv", index=False)
    refused = run_here("nps", tmp_path / "months.csv", "--period", "week")
    assert (refused.code, "holds a month in each row, which cannot be counted by week" in refused.err) == (2, True)
    answers.drop(columns="week").to_csv(tmp_path / "answers.csv", index=False)
    (tmp_path / "partnerkpi.toml").write_text("[options]\nfiscal_year_start = 4\nperiod = 'week'\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    asked = ["--period", "week", "--from", "2020-W10", "--to", "2020 W12", "--format", "json"]
    told = run_here("nps", "answers.csv", *asked)
    assert [row["period"] for row in told.json["rows"]] == [None, "2020-W10", "2020-W11", "2020-W12"]
    inside = answers["week"].isin(["2020-W10", "2020-W11", "2020-W12"])
    assert told.json["provenance"]["set_aside"]["date outside the window"] == int((~inside).sum())
    assert "weeks are those of ISO 8601: the financial year (fiscal_year_start = 4) does not change them" in told.err


@pytest.mark.thorough
def test_a_scorecard_of_weeks(answers: pd.DataFrame, tmp_path: Path) -> None:
    """Page, periods, mail, comparison and tables for others name weeks; the newest over half of it is the page's."""
    table, made, earlier = tmp_path / "answers.csv", tmp_path / "card.xlsx", tmp_path / "earlier.xlsx"
    answers.drop(columns="week").to_csv(table, index=False)
    asked = ["scorecard", table, "--period", "week", "--format", "json"]
    told = run_here(*asked, "-o", made, "--as-of", "2021-01-03").json
    assert (told["period"], told["previous_period"], told["to_date"]) == ("2020-W53", "2020-W52", False)
    assert [one["against"] for one in told["total"]["nps_comparisons"]] == ["previous", "rolling"]
    assert any("2020 W53: the year before has no week 53" in note for note in told["notes"])
    asked += ["--from", "2020-11-02"]
    begun = run_here(*asked, "-o", tmp_path / "x.xlsx", "--as-of", "2020-12-29").json
    assert (begun["period"], begun["as_of"]) == ("2020-W52", "2020-12-29")
    late = run_here(*asked, "-o", earlier, "--as-of", "2020-12-31", "--to-date").json
    assert (late["period"], late["to_date"]) == ("2020-W53", True)
    assert run_here("verify", made, earlier).code == 0
    book = openpyxl.load_workbook(made, data_only=True)
    assert book["Scorecard"]["B2"].value == "2020 W53"
    page = read_book(made).page
    words = {code: message_of(page, code, "card.xlsx").period for code in ("en", "de", "fr", "es")}
    assert words == {"en": "2020 W53", "de": "KW 53 2020", "fr": "S53 2020", "es": "S53 2020"}
    assert language("de").period("2020-W01") == "KW 01 2020"
    assert json.loads(run_here("diff", earlier, made, "--format", "json").out)["new"]["period"] == "2020-W53"
    assert run_here("export", tmp_path / "tables", table, "--period", "week", "--as-of", "2021-01-03").code == 0
    periods = pd.read_csv(tmp_path / "tables" / "periods.csv").set_index("period")
    assert list(periods.loc["2020-W53", ["first_day", "last_day", "kind"]]) == ["2020-12-28", "2021-01-03", "week"]
    assert pd.isna(periods.loc["2020-W53", "year_before"])
    assert periods.loc["2020-W51", "year_before"] == "2019-W51"
