"""Activities of partners: which count, for whom, when, and what becomes of the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from counted import table_of

from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tally import activities as counting
from partnerkpi.tally.activities import count_activities

DAY = DateColumn("day", 'TRY_CAST("day" AS TIMESTAMP)', "year first")
KNOWN = frozenset({"Acme", "Bolt", "O'Neil; DROP TABLE x"})
ROWS: list[Mapping[str, object]] = [
    {"partner": "Acme", "type": "reference", "day": "2026-03-31"},
    {"partner": " Acme ", "type": "case study", "day": "2026-04-01"},
    {"partner": "Acme", "type": "reference", "day": "2026-06-30"},
    {"partner": "Bolt", "type": "reference", "day": "2026-07-01"},
    {"partner": "O'Neil; DROP TABLE x", "type": None, "day": "2026-04-15"},
    {"partner": "Stranger", "type": "reference", "day": "2026-04-15"},
    {"partner": "  ", "type": "reference", "day": "2026-04-15"},
    {"partner": None, "type": "reference", "day": None},
    {"partner": "Bolt", "type": "reference", "day": None},
    {"partner": "Bolt", "type": "reference", "day": "soon"},
]


def test_each_activity_counts_for_its_partner_type_and_period(tmp_path: Path) -> None:
    """Names are told apart without outer blanks; without a window an activity without a date counts in no period."""
    found = count_activities(
        table_of(ROWS, tmp_path), partner="partner", known=KNOWN, date=DAY, period="quarter", by=["type"]
    )
    assert found.counts == {
        ("Acme", ("reference",), "2026-Q1"): 1,
        ("Acme", ("case study",), "2026-Q2"): 1,
        ("Acme", ("reference",), "2026-Q2"): 1,
        ("Bolt", ("reference",), "2026-Q3"): 1,
        ("O'Neil; DROP TABLE x", (None,), "2026-Q2"): 1,
        ("Bolt", ("reference",), None): 2,
    }
    assert (found.undated, found.ledger.rows_read, found.ledger.rows_used) == (2, 10, 7)
    assert dict(found.ledger.set_aside) == {counting.NO_PARTNER: 2, counting.UNKNOWN_PARTNER: 1}
    assert list(found.ledger.set_aside) == [counting.NO_PARTNER, counting.UNKNOWN_PARTNER]


@pytest.mark.parametrize(
    ("window", "used", "outside"),
    [
        ((dt.date(2026, 4, 1), dt.date(2026, 6, 30)), 3, 2),
        ((dt.date(2026, 4, 2), None), 3, 2),
        ((None, dt.date(2026, 6, 29)), 3, 2),
        ((None, dt.date.max), 5, 0),
    ],
)
def test_a_window_takes_its_first_and_last_day(
    tmp_path: Path, window: tuple[dt.date | None, dt.date | None], used: int, outside: int
) -> None:
    """Days before and after it are outside; no date and one that cannot be read are told apart."""
    found = count_activities(table_of(ROWS, tmp_path), partner="partner", known=KNOWN, date=DAY, window=window)
    aside = {counting.NO_PARTNER: 2, counting.UNKNOWN_PARTNER: 1, counting.NO_DATE: 1, counting.UNREADABLE_DATE: 1}
    assert dict(found.ledger.set_aside) == aside | ({counting.OUTSIDE: outside} if outside else {})
    assert (found.ledger.rows_used, found.undated) == (used, 0)
    assert {label for _, _, label in found.counts} == {None}


def test_without_a_list_every_name_counts_and_without_dates_every_row(tmp_path: Path) -> None:
    """A window needs dates; where only the number of partners is known, a stranger is one of them."""
    found = count_activities(
        table_of(ROWS, tmp_path), partner="partner", known=None, window=(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
    )
    assert {who: count for (who, _, _), count in found.counts.items()} == {
        "Acme": 3,
        "Bolt": 3,
        "Stranger": 1,
        "O'Neil; DROP TABLE x": 1,
    }
    assert (found.undated, dict(found.ledger.set_aside)) == (0, {counting.NO_PARTNER: 2})


def test_advocacy_of_a_part(tmp_path: Path) -> None:
    """Of all, of a period, of a kind of activity, of some partners, and of all three."""
    found = count_activities(
        table_of(ROWS, tmp_path), partner="partner", known=KNOWN, date=DAY, period="quarter", by=["type"]
    )
    assert found.tally(5) == AdvocacyTally(5, 3, 7)
    assert found.tally(5, period="2026-Q2") == AdvocacyTally(5, 2, 3)
    assert found.tally(5, group=("reference",)) == AdvocacyTally(5, 2, 5)
    assert found.tally(5, group=(None,)) == AdvocacyTally(5, 1, 1)
    assert found.tally(2, among=frozenset({"Bolt", "Nobody"})) == AdvocacyTally(2, 1, 3)
    assert found.tally(1, period="2026-Q2", group=("reference",), among=frozenset({"Acme"})) == AdvocacyTally(1, 1, 1)
    assert found.tally(1, period="2026-Q4") == AdvocacyTally(1, 0, 0)


STATES: list[Mapping[str, object]] = [
    {"partner": "Acme", "Status": "Done", "Planned for": "2026-04-01", "Completed on": "2026-04-02", "Results": "3"},
    {
        "partner": "Acme",
        "Status": " DECLINED ",
        "Planned for": "2026-04-01",
        "Completed on": "2026-04-02",
        "Results": "4",
    },
    {"partner": "Bolt", "Status": "planned", "Planned for": "2026-05-01", "Completed on": None, "Results": "5"},
    {"partner": "Bolt", "Status": None, "Planned for": "2026-05-01", "Completed on": None, "Results": "6"},
    {"partner": "Core", "Status": None, "Planned for": "2026-05-01", "Completed on": "2026-05-02", "Results": "7"},
]


def done(rows: list[Mapping[str, object]], folder: Path) -> tuple[dict[str, int], int]:
    """Return the activities of each partner, and how many have not taken place."""
    found = count_activities(table_of(rows, folder), partner="partner", known=None)
    return {who: count for (who, _, _), count in found.counts.items()}, found.ledger.set_aside.get(
        counting.NOT_TAKEN_PLACE, 0
    )


def renamed(**names: str) -> list[Mapping[str, object]]:
    return [{names.get(name.split()[0], name): cell for name, cell in row.items()} for row in STATES]


def test_what_has_not_taken_place_does_not_count(tmp_path: Path) -> None:
    """A status says so, and a day that is missing where another column says for when it was planned."""
    assert done(STATES, tmp_path) == ({"Acme": 1, "Core": 1}, 3)
    assert done(renamed(Status="Remark"), tmp_path) == ({"Acme": 2, "Core": 1}, 2)
    assert done(renamed(Planned="Invoice"), tmp_path) == ({"Acme": 1, "Bolt": 1, "Core": 1}, 2)
    assert done(renamed(Completed="Paid"), tmp_path) == ({"Acme": 1, "Bolt": 1, "Core": 1}, 2)


def test_a_day_done_that_all_rows_have_says_nothing(tmp_path: Path) -> None:
    """Numbers and days are no states, whatever their column is called; words that mean it was done count."""
    filled = [row | {"Completed on": "2026-04-02", "Status": "2026-05-05"} for row in STATES]
    assert done(filled, tmp_path) == ({"Acme": 2, "Bolt": 2, "Core": 1}, 0)
    numbers = [row | {"Completed on": None, "Status": "1"} for row in STATES]
    assert done(numbers, tmp_path) == ({"Acme": 2, "Bolt": 2, "Core": 1}, 0)


def test_a_day_far_from_all_others(tmp_path: Path) -> None:
    """Days outside those near are far, first and last included among the near ones; a window comes after that."""
    near = DateColumn("day", DAY.expression, "year first", near=(dt.date(2026, 4, 1), dt.date(2026, 6, 30)))
    table = table_of(ROWS, tmp_path)
    found = count_activities(table, partner="partner", known=KNOWN, date=near)
    assert (found.ledger.set_aside[counting.FAR], found.ledger.rows_used, found.undated) == (2, 5, 2)
    window = (dt.date(2026, 4, 2), dt.date(2026, 7, 31))
    found = count_activities(table, partner="partner", known=KNOWN, date=near, window=window)
    assert (found.ledger.set_aside[counting.FAR], found.ledger.set_aside[counting.OUTSIDE]) == (2, 1)
    assert dict(found.unknown) == {"Stranger": 1}


def test_activities_of_nobody_on_an_empty_list(tmp_path: Path) -> None:
    """Every partner is unknown where the list has none; those who gave something are told by name and part."""
    table = table_of(ROWS, tmp_path)
    found = count_activities(table, partner="partner", known=frozenset())
    assert dict(found.ledger.set_aside) == {counting.NO_PARTNER: 2, counting.UNKNOWN_PARTNER: 8}
    assert dict(found.unknown) == {"Acme": 3, "Bolt": 3, "O'Neil; DROP TABLE x": 1, "Stranger": 1}
    by_month = count_activities(table, partner="partner", known=frozenset(), date=DAY, period="month", by=["type"])
    assert (by_month.unknown, by_month.ledger.set_aside) == (found.unknown, found.ledger.set_aside)
    known = count_activities(table, partner="partner", known=KNOWN, date=DAY, period="quarter", by=["type"])
    assert known.active(group=None, period="2026-Q2", among=None) == {"Acme", "O'Neil; DROP TABLE x"}
    assert known.active(group=("reference",), period=None, among=frozenset({"Bolt"})) == {"Bolt"}
