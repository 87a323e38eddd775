"""Customers kept and lost: what DuckDB counts against the same rows counted one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import pytest
from counted import table_of

from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.periods import UNITS, Period, fiscal, month_number, months_ahead, period_label
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.numbers import NumberColumn
from partnerkpi.tally import customer_rows as counting
from partnerkpi.tally.customer_rows import Layout
from partnerkpi.tally.customers import Money, count_customers
from partnerkpi.tally.facts import FAR, OUTSIDE

TODAY = dt.date(2026, 7, 14)


def dates(column: str) -> DateColumn:
    return DateColumn(column, f'TRY_CAST("{column}" AS TIMESTAMP)', "year first")


def numbers(column: str) -> NumberColumn:
    return NumberColumn(column, f'TRY_CAST("{column}" AS DOUBLE)')


DATED = Layout("customer", start=dates("start"), end=dates("end"), partner="partner")


def first_day(month: int) -> dt.date:
    """Return the first day of a month counted from year 0."""
    return dt.date(month // 12, month % 12 + 1, 1)


def one_by_one(
    spans: Sequence[tuple[dt.date, dt.date | None]], period: Period, as_of: dt.date
) -> dict[str, tuple[int, int]]:
    """Return customers at the start and retained at the end of each period that is over on a day."""
    found = {}
    ahead, months = months_ahead(period), UNITS[period]
    start = month_number(min(start for start, _ in spans))
    start -= (start + ahead) % months
    while first_day(start + months) <= as_of + dt.timedelta(days=1):
        first, after = first_day(start), first_day(start + months)
        there = [end for start_day, end in spans if start_day < first and (end is None or end >= first)]
        if there:
            found[period_label(start, period)] = len(there), sum(end is None or end >= after for end in there)
        start += months
    return found


@pytest.mark.parametrize("period", ["month", "quarter", "year", fiscal("quarter", 2), fiscal("year", 4)])
@pytest.mark.parametrize("as_of", [dt.date(2025, 6, 30), dt.date(2025, 6, 29), dt.date(2024, 12, 31), TODAY])
def test_spans_are_counted_in_each_period_that_is_over(tmp_path: Path, period: Period, as_of: dt.date) -> None:
    """At risk is who started before a period and had not left by its first day; retained, who was there at its end."""
    chance = Random(5)
    spans: list[tuple[dt.date, dt.date | None]] = []
    for _ in range(60):
        start = dt.date(2023, 11, 1) + dt.timedelta(days=chance.choice((0, 29, 30, 60, 61, 91, 152, 242, 400)))
        lasted = chance.choice((None, 0, 1, 30, 31, 91, 92, 151, 365))
        spans.append((start, None if lasted is None else start + dt.timedelta(days=lasted)))
    rows = [{"customer": n, "start": s, "end": e, "partner": None} for n, (s, e) in enumerate(spans)]
    found = count_customers(table_of(rows, tmp_path), DATED, period=period, as_of=as_of)
    expected = one_by_one(spans, period, as_of)
    assert {label: (tally.customers, tally.retained) for (_, _, label), (tally, _) in found.counts.items()} == expected
    assert (found.undated, found.with_money) == (0, False)


@pytest.mark.parametrize(
    ("reach", "last"),
    [(None, "2025-Q2"), (dt.date(2025, 10, 1), "2025-Q4"), (dt.date(2024, 1, 1), "2025-Q2"), (TODAY, "2026-Q3")],
)
def test_the_last_period_is_that_of_the_last_date(tmp_path: Path, reach: dt.date | None, last: str) -> None:
    """Of this table or of other data; a row that does not count and a planned end say nothing."""
    rows = [
        {"customer": "A", "start": "2024-01-01", "end": None, "partner": None},
        {"customer": "B", "start": "2024-01-01", "end": "2025-05-05", "partner": None},
        {"customer": "C", "start": "2024-01-01", "end": "2027-05-05", "partner": None},
        {"customer": None, "start": "2024-01-01", "end": "2026-05-05", "partner": None},
    ]
    found = count_customers(table_of(rows, tmp_path), DATED, period="quarter", reach=reach)
    assert max(label or "" for _, _, label in found.counts) == last


def test_without_periods_an_end_up_to_the_day_is_a_loss(tmp_path: Path) -> None:
    """Who left on the as-of day is lost, who leaves on the next day is there; without the day it is the last one."""
    ends = [None, "2026-07-13", "2026-07-14", "2026-07-15"]
    rows = [{"customer": n, "start": "2024-01-01", "end": end, "partner": None} for n, end in enumerate(ends)]
    table = table_of(rows, tmp_path)
    kept = {}
    for as_of in (None, dt.date(2026, 7, 12), dt.date(2026, 7, 13)):
        ((tally, _),) = count_customers(table, DATED, as_of=as_of).counts.values()
        kept[as_of] = tally.retained
    assert kept == {None: 1, dt.date(2026, 7, 12): 4, dt.date(2026, 7, 13): 3}


FLAGGED = Layout(
    "customer",
    flag="kept",
    period=dates("due"),
    partner="partner",
    revenue=(numbers("before"), numbers("after")),
    notes=("chosen",),
)
CONTRACTS: list[Mapping[str, object]] = [
    {"customer": "A", "kept": "yes", "due": "2026-01-31", "partner": "Acme", "before": 100, "after": 130},
    {"customer": "A", "kept": "no", "due": "2026-01-31", "partner": "Bolt", "before": 900, "after": 900},  # again
    {"customer": "A", "kept": "yes", "due": "2026-04-01", "partner": "Acme", "before": 130, "after": 90},
    {"customer": "B", "kept": "NO ", "due": "2026-03-31", "partner": "direct", "before": 50, "after": None},
    {"customer": "C", "kept": "maybe", "due": "2026-03-31", "partner": "Acme", "before": 7, "after": 7},
    {"customer": " ", "kept": "yes", "due": "2026-03-31", "partner": "Acme", "before": 7, "after": 7},
    {"customer": "D", "kept": "renewed", "due": "soon", "partner": " Acme ", "before": 20, "after": 25},
    {"customer": "E", "kept": "churned", "due": "2026-02-01", "partner": "Acme", "before": 40, "after": 10},
    {"customer": "F", "kept": "yes", "due": "2026-02-01", "partner": "Acme", "before": None, "after": 10},
]


def test_a_row_with_yes_or_no_is_a_customer_in_its_period(tmp_path: Path) -> None:
    """Worked by hand: a customer counts once a date, with its first partner, and its money adds up."""
    found = count_customers(table_of(CONTRACTS, tmp_path), FLAGGED, period="quarter")
    assert found.counts == {
        ("Acme", (), "2026-Q1"): (RetentionTally(3, 2, 3, 2), Money(1040, 0, 870, 40)),
        ("Acme", (), "2026-Q2"): (RetentionTally(1, 1, 1, 1), Money(130, 0, 40, 0)),
        (None, (), "2026-Q1"): (RetentionTally(1, 0, 0, 0), Money(50, 0, 0, 50)),
        ("Acme", (), None): (RetentionTally(1, 1, 1, 1), Money(20, 5, 0, 0)),
    }
    assert found.ledger.rows_read == len(CONTRACTS)
    assert dict(found.ledger.set_aside) == {
        counting.NO_ANSWER: 1,
        counting.NO_CUSTOMER: 1,
    }
    assert found.notes == ("1 customer has rows that stayed and rows that left: still there, and counted as retained",)
    assert (found.undated, found.with_partners, found.with_money) == (1, True, True)
    assert found.read_as_direct == {"direct": 1}


def test_all_time_is_one_period(tmp_path: Path) -> None:
    """Counted together no customer is undated, and its groups are texts."""
    found = count_customers(table_of(CONTRACTS, tmp_path), FLAGGED, by=["before"])
    assert found.undated == 0
    assert {(group, label) for _, group, label in found.counts} == {
        ((value,), None) for value in ("100", "130", "50", "20", "40", None)
    }
    assert sum(tally.customers for tally, _ in found.counts.values()) == 6


def test_yes_and_no_are_said_of_the_column(tmp_path: Path) -> None:
    """Yes in a column of the retained is no in a column of the churned; retained and churned say it themselves."""
    words = dict.fromkeys(("yes", "TRUE", "1"), True) | dict.fromkeys(("no", "False", "0"), False)
    own = {"retained": True, "Renewed": True, "churned": False, "cancelled": False}
    table = table_of([{"kept": word} for word in (*words, *own)], tmp_path)
    for means_kept in (True, False):
        found = count_customers(table, Layout(flag="kept", flag_means_kept=means_kept), by=["kept"]).counts
        expected = {word: kept == means_kept for word, kept in words.items()} | own
        assert {word: tally for (_, (word,), _), (tally, _) in found.items()} == {
            word: RetentionTally(1, int(kept)) for word, kept in expected.items()
        }


def test_whose_customers_came_with_a_partner(tmp_path: Path) -> None:
    """A column and its values may say it, without case; otherwise the names do; without either nobody knows."""
    rows = [
        {"kept": "yes", "source": " Partner "},
        {"kept": "no", "source": "REFERRAL"},
        {"kept": "yes", "source": "web"},
    ]
    table = table_of(rows, tmp_path)
    by_value = count_customers(table, Layout(flag="kept", attributed=("source", ("partner", " Referral"))))
    assert {name: tally for (name, _, _), (tally, _) in by_value.counts.items()} == {
        "Partner": RetentionTally(1, 1, 1, 1),
        "REFERRAL": RetentionTally(1, 0, 1, 0),
        None: RetentionTally(1, 1, 0, 0),
    }
    assert (by_value.with_partners, by_value.read_as_direct) == (True, {})
    unknown = count_customers(table, Layout(flag="kept"))
    assert {name: tally for (name, _, _), (tally, _) in unknown.counts.items()} == {None: RetentionTally(3, 2)}
    assert not unknown.with_partners


def test_rows_with_dates_that_say_nothing_are_set_aside(tmp_path: Path) -> None:
    """No start, an end that is no date, no customer, and the same twice; who comes back is one customer, and there."""
    rows = [
        {"customer": "A", "start": "2024-01-01", "end": "2024-05-05", "partner": "Acme"},
        {"customer": "A", "start": "2024-01-01", "end": "2024-05-05", "partner": "Bolt"},
        {"customer": "A", "start": "2024-08-01", "end": "9999-12-31", "partner": "Acme"},
        {"customer": "B", "start": None, "end": None, "partner": "Acme"},
        {"customer": "C", "start": "2024-01-01", "end": "soon", "partner": "Acme"},
        {"customer": "C", "start": "2024-01-01", "end": "n/a", "partner": "Acme"},
        {"customer": None, "start": "2024-01-01", "end": None, "partner": "Acme"},
        {"customer": "D", "start": "2024-03-01", "end": "2024-02-01", "partner": "Acme"},
        {"customer": "E", "start": "2026-08-01", "end": None, "partner": "Acme"},
    ]
    found = count_customers(table_of(rows, tmp_path), DATED, as_of=TODAY)
    assert found.counts == {("Acme", (), None): (RetentionTally(2, 2, 2, 2), Money())}
    assert found.ledger.rows_read == 9
    assert dict(found.ledger.set_aside) == {
        counting.NO_CUSTOMER: 1,
        counting.NO_START: 1,
        counting.UNREADABLE_DATE: 1,
        counting.END_BEFORE_START: 1,
        OUTSIDE: 1,
        counting.DUPLICATE: 1,
    }
    assert list(found.ledger.set_aside) == [
        reason
        for reason in counting.REASONS
        if reason not in (counting.NO_ANSWER, counting.NO_MONTH, counting.LEFT_UNDATED, FAR)
    ]


def test_ends_alone_tell_who_left(tmp_path: Path) -> None:
    """Without a column of starts nobody lacks one, and everybody was there."""
    layout = Layout("customer", end=dates("end"))
    rows = [{"customer": "A", "end": None}, {"customer": "B", "end": "2026-01-01"}]
    ((tally, _),) = count_customers(table_of(rows, tmp_path), layout, as_of=TODAY).counts.values()
    assert tally == RetentionTally(2, 1)
