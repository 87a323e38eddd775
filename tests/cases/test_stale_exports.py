"""An export that is older than the others, and days that none of the data reach: nothing there is not shown to be 0."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pytest
from command import run_here


def days(first: str, last: str, step: int) -> Iterable[dt.date]:
    """Return every so manieth day from a first to a last one."""
    day = dt.date.fromisoformat(first)
    while day <= dt.date.fromisoformat(last):
        yield day
        day += dt.timedelta(step)


def answers(folder: Path, last: str = "2026-09-30") -> Path:
    """Write answers of two partners, one every five days."""
    path = folder / "answers.csv"
    rows = [f"{('Alder', 'Birch')[n % 2]},{day},{9 - n % 4}" for n, day in enumerate(days("2025-10-02", last, 5))]
    path.write_text("\n".join(["partner,date,nps", *rows]), encoding="utf-8")
    return path


def activities(folder: Path, last: str, step: int, first: str = "2025-10-01") -> Path:
    """Write activities of two partners."""
    path = folder / "references.csv"
    rows = [f"{('Alder', 'Birch')[n % 2]},reference,{day}" for n, day in enumerate(days(first, last, step))]
    path.write_text("\n".join(["partner,activity type,date", *rows]), encoding="utf-8")
    return path


def contracts(folder: Path, last: str) -> Path:
    """Write customers of whom one begins or leaves every four days."""
    path, began = folder / "contracts.csv", list(days("2024-01-01", last, 8))
    rows = [f"C{n},Alder,{day},{day + dt.timedelta(400) if n % 2 else ''}" for n, day in enumerate(began)]
    rows = [row if row.rpartition(",")[2] <= last else row.rpartition(",")[0] + "," for row in rows]
    path.write_text("\n".join(["customer,partner,start date,end date", *rows]), encoding="utf-8")
    return path


def partners(folder: Path) -> Path:
    """Write the list of two partners."""
    path = folder / "partners.csv"
    path.write_text("partner,tier\nAlder,Gold\nBirch,Gold\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["scorecard", "alerts", "actions"])
def test_activities_that_end_a_quarter_before_the_answers(command: str, tmp_path: Path) -> None:
    """No activity in the export is not no activity: it is asked, and both answers that the question names work."""
    files = (answers(tmp_path), activities(tmp_path, "2026-06-29", 4), partners(tmp_path))
    checked = run_here("check", *files, "--format", "json").json["tables"]
    assert ["ends on 26 Jun 2026" in "".join(one["questions"]) for one in checked] == [False, True, False]
    written = ["-o", tmp_path / "card.xlsx"] if command == "scorecard" else []
    asked = run_here(command, *files, *written)
    assert (asked.code, asked.out) == (2, "")
    assert "references.csv ends on 26 Jun 2026 and the other data on 27 Sep 2026" in asked.err
    assert not (tmp_path / "card.xlsx").exists()
    for day in ("2026-06-26", "2026-09-27"):
        assert f"--as-of {day}" in asked.err
        assert run_here(command, *files, *written, "--as-of", day).code == 0


def asked_of(folder: Path, *sources: Path) -> bool:
    """Tell whether a scorecard of files asks about an old one; where it does not, it is written."""
    done = run_here("scorecard", *sources, "-o", folder / "card.xlsx")
    assert done.code == (2 if "Give a newer export" in done.err else 0), done.err
    return done.code == 2


@pytest.mark.parametrize(
    ("step", "last", "first", "asks"),
    [
        (4, "2026-08-20", "2025-10-01", True),  # forty days without one, where four were usual
        (4, "2026-09-20", "2025-10-01", False),
        (91, "2026-07-01", "2021-10-01", False),  # entered once a quarter, on its first day
        (20, "2026-08-25", "2025-05-01", False),  # a pause of 33 days where 20 are usual
        (9, "2026-06-29", "2026-01-01", True),
        (40, "2026-05-29", "2025-10-01", False),  # too few to tell
    ],
)
def test_pauses_that_are_usual(step: int, last: str, first: str, asks: bool, tmp_path: Path) -> None:
    """Asked is where the pause at the end is twice as long as any before; what is entered in batches is not stale."""
    files = (answers(tmp_path), activities(tmp_path, last, step, first), partners(tmp_path))
    assert asked_of(tmp_path, *files) is asks


def test_customers_that_end_before_the_answers(tmp_path: Path) -> None:
    """Where nobody begins or leaves since June, retention of September is not 100 %: it is asked."""
    files = answers(tmp_path), contracts(tmp_path, "2026-06-29")
    asked = run_here("scorecard", *files, "-o", tmp_path / "card.xlsx")
    assert asked.code == 2
    assert "that there was no loss since then is not shown" in asked.err
    assert "that there was no loss" in run_here("check", *files).out
    assert "Question" not in run_here("check", *files, "--as-of", "2026-06-29").out
    assert not asked_of(tmp_path, answers(tmp_path), contracts(tmp_path, "2026-09-27"))


@pytest.mark.parametrize(
    "command",
    [
        ["nps", "answers.csv"],
        ["advocacy", "references.csv", "--partners", "partners.csv"],
        ["scorecard", "answers.csv", "references.csv", "-o", "card.xlsx"],
        ["alerts", "answers.csv"],
    ],
    ids=lambda words: words[0],
)
def test_days_that_no_row_has(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window before or after all data has no figure, not 0 of all: the message says which days there are."""
    monkeypatch.chdir(tmp_path)
    answers(tmp_path), activities(tmp_path, "2026-09-20", 4), partners(tmp_path)
    done = run_here(*command, "--from", "2027-01-01")
    assert (done.code, done.out) == (1, "")
    assert "has nothing from 2027-01-01: its dates (column 'date') go from 2025-10-0" in done.err
    assert "--from" in done.err
    before = run_here(*command, "--as-of", "2020-12-31")
    assert (before.code, before.out) == (1, "")


@pytest.mark.parametrize(("rows", "said"), [(65_535, True), (65_534, False)])
def test_as_many_rows_as_a_worksheet_holds(rows: int, said: bool, tmp_path: Path) -> None:
    """What a sheet could not hold was cut off without a word when it was saved: the number of rows shows it."""
    path = tmp_path / "answers.csv"
    path.write_text("score\n" + "9\n3\n" * (rows // 2) + "7\n" * (rows % 2))
    (quality,) = (one["quality"] for one in run_here("check", path, "--format", "json").json["tables"])
    assert [one["rows"] for one in quality if "cut off" in one["what"]] == [rows] * said


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("customer,retained,period\na,yes,2026-Q1\nb,no,2026-Q2\n", "period"),
        ("customer,start date,end date\na,2026-01-05,\nb,2026-02-01,2026-05-31\n", "start date"),
    ],
)
def test_days_before_all_customers(text: str, column: str, tmp_path: Path) -> None:
    """Retention of days before all customers is none either, and the column is not to be named anew."""
    path = tmp_path / "customers.csv"
    path.write_text(text, encoding="utf-8")
    done = run_here("retention", path, "--as-of", "2020-12-31")
    assert (done.code, done.out) == (1, "")
    assert f"has nothing until 2020-12-31: its dates (column '{column}') go from 2026-01-0" in done.err
