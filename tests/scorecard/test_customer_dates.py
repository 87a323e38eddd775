"""Customers with a start and an end date: which periods they count in, and when dates win over yes or no."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from command import run_here
from office import shared_file

import partnerkpi

# Quarters by hand. Q1 2025: A, B and C are there on 1 January; C leaves in February. Q2: A, B and D; B leaves in May.
ROWS = "customer,start,end\nA,2024-03-01,\nB,2024-07-01,2025-05-20\nC,2024-10-05,2025-02-11\nD,2025-01-15,\n"
EXPECTED = {"2024-Q2": (1, 1), "2024-Q3": (1, 1), "2024-Q4": (2, 2), "2025-Q1": (3, 2), "2025-Q2": (3, 2)}


def by_quarter(path: Path, **options: Any) -> dict[str, tuple[int, int]]:
    """Return customers and retained of each quarter."""
    rows = partnerkpi.retention(path, period="quarter", **options).rows
    return {row["period"]: (row["customers"], row["retained"]) for row in rows if row["period"] is not None}


@pytest.fixture
def dated(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(ROWS)
    return path


def test_the_last_period_is_that_of_the_last_date(dated: Path) -> None:
    """An old file says nothing of the years since; the day on which it is counted decides nothing."""
    assert by_quarter(dated) == EXPECTED


@pytest.mark.parametrize(
    ("period", "day", "last"),
    [
        *(("month", "2025-02-28", "2025-02"), ("month", "2025-02-27", "2025-01")),
        *(("quarter", "2025-06-30", "2025-Q2"), ("quarter", "2025-06-29", "2025-Q1")),
        *(("quarter", "2025-12-31", "2025-Q4"), ("year", "2026-12-31", "2026")),
    ],
)
def test_a_period_counts_once_its_last_day_is_reached(dated: Path, period: str, day: str, last: str) -> None:
    """Whether its last month has 28, 30 or 31 days."""
    result = run_here("retention", dated, "--period", period, "--as-of", day, "--format", "json")
    assert json.loads(result.out)["rows"][-1]["period"] == last


def test_other_data_reach_further(dated: Path, tmp_path: Path) -> None:
    """A scorecard whose answers go on counts the customers until then: nobody has left meanwhile."""
    answers = tmp_path / "answers.csv"
    answers.write_text("partner,date,score\n" + "Acme,2025-08-14,9\nAcme,2025-11-23,10\n" * 3)
    card = partnerkpi.build_scorecard([answers, dated])
    found = {label: card.total_retention(label) for label in ("2025-Q2", "2025-Q3", "2025-Q4")}
    assert {label: (one.customers, one.retained) for label, one in found.items() if one is not None} == {
        "2025-Q2": (3, 2),
        "2025-Q3": (2, 2),
        "2025-Q4": (2, 2),
    }


def test_a_scorecard_of_such_customers_alone_has_their_quarters(dated: Path) -> None:
    """Start and end are dates enough, whatever they are called."""
    card = partnerkpi.build_scorecard(dated)
    assert card.periods == tuple(EXPECTED)
    assert not any("counted together" in note for note in card.notes)


def test_an_end_of_leavers_alone_wins_over_yes_or_no(tmp_path: Path) -> None:
    """By the date of leaving nobody would be retained in any period; a contract's end, which all have, is a period."""
    head, *rows = ROWS.split()
    flagged = [f"{row},{'no' if row.endswith(',') else 'yes'}" for row in rows]
    path = tmp_path / "flagged.csv"
    path.write_text("\n".join([f"{head},churned", *flagged]))
    assert by_quarter(path) == EXPECTED
    result = partnerkpi.retention(path, period="quarter")
    assert any("stands only with customers who left" in note for note in result.notes)
    assert partnerkpi.retention(path).whole["retained"] == 2  # yes or no decides where there are no periods
    contracts = tmp_path / "contracts.csv"
    lines = ("A,2024-01-01,2025-01-31,no", "B,2024-02-01,2025-02-28,yes", "C,2024-04-01,,no")
    contracts.write_text("\n".join(["customer,start_date,end_date,churned", *lines]))
    assert by_quarter(contracts) == {"2025-Q1": (2, 1)}


def test_subscriptions_of_the_shared_data_as_pandas_counts_them() -> None:
    """5,000 subscriptions of 500 accounts by quarter: at risk, and kept, as pandas finds them from the two dates.

    An account is there in all that its subscriptions cover; one that starts on the day after another goes on with it.
    """
    path = shared_file("retention/ravenstack_subscriptions.csv")
    frame = pd.read_csv(path, encoding="utf-8-sig")
    frame["start"], end = (pd.to_datetime(frame[name], dayfirst=True) for name in ("start_date", "end_date"))
    frame["end"] = end.fillna(pd.Timestamp("2200-01-01"))
    spans = []
    for _, own in frame.sort_values("start").groupby("account_id"):
        last = own["end"].cummax().shift()
        new = (own["start"] > last + pd.Timedelta(days=1)) | last.isna()
        spans.append(own.groupby(new.cumsum()).agg({"start": "min", "end": "max"}))
    found = pd.concat(spans)
    expected = {}
    for quarter in pd.period_range(found["start"].min(), max(frame["start"].max(), end.max()), freq="Q"):
        first, after = quarter.start_time, (quarter + 1).start_time
        there = (found["start"] < first) & (found["end"] >= first)
        if there.any():
            label = str(quarter)[:4] + "-" + str(quarter)[4:]
            expected[label] = (int(there.sum()), int((there & (found["end"] >= after)).sum()))
    assert by_quarter(path) == expected
    assert len(expected) == 7
