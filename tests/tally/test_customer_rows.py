"""What each row of a table of customers says, or why it does not count: days, words, names and snapshots by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from counted import table_from

from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.periods import Period
from partnerkpi.tables.customer_words import Words
from partnerkpi.tables.dates import DateColumn, Granularity
from partnerkpi.tables.numbers import NumberColumn
from partnerkpi.tally.customer_rows import (
    DUPLICATE,
    END_BEFORE_START,
    LEFT_UNDATED,
    NO_ANSWER,
    NO_CUSTOMER,
    NO_MONTH,
    NO_START,
    UNREADABLE_DATE,
    Layout,
    says_id,
)
from partnerkpi.tally.customers import Customers, Money, count_customers
from partnerkpi.tally.facts import FAR, OUTSIDE


def dates(column: str, granularity: Granularity = "day", **near: Any) -> DateColumn:
    return DateColumn(column, f'TRY_CAST("{column}" AS TIMESTAMP)', "year first", granularity, **near)


def counted(text: str, folder: Path, layout: Layout, period: Period = "all", **options: Any) -> Customers:
    return count_customers(table_from(text, folder), layout, period=period, **options)


def by_period(found: Customers) -> dict[str | None, tuple[int, int]]:
    """Return customers and retained, of all partners together."""
    tallies: dict[str | None, RetentionTally] = {}
    for (_, _, label), (tally, _) in found.counts.items():
        tallies[label] = tallies[label] + tally if label in tallies else tally
    return {label: (tally.customers, tally.retained) for label, tally in tallies.items()}


def aside(found: Customers) -> Mapping[str, int]:
    return dict(found.ledger.set_aside)


# ---- who a customer is


@pytest.mark.parametrize(
    ("name", "is_id"),
    [
        *(("Customer ID", True), ("customerid", True), ("Kundennummer", True), ("Account No", True), ("Code", True)),
        *(("Customer", False), ("Idea", False), ("Nova", False), ("Company name", False), ("Kunden-Nr.", True)),
    ],
)
def test_names_of_ids(name: str, *, is_id: bool) -> None:
    """A word for a number or an id, by itself or at the end of a word."""
    assert says_id(name) == is_id


def test_names_of_customers_and_ids(tmp_path: Path) -> None:
    """Names of several words are one whatever their case; ids differ by it; 1001.0 is 1001."""
    rows = "{};start;end\nAlder Ltd;2025-01-01;2025-06-30\nALDER LTD;2025-07-01;\n"
    rows += "Birk;2025-01-01;2025-06-30\nbirk;2025-07-01;"
    for name, customers in (("Customer", 2), ("Customer ID", 4)):
        layout = Layout(name, start=dates("start"), end=dates("end"))
        assert by_period(counted(rows.format(name), tmp_path, layout)) == {None: (customers, 2)}
    words = rows.format("Customer").replace("Alder Ltd", "Alder").replace("ALDER LTD", "ALDER")
    assert by_period(counted(words, tmp_path, Layout("Customer", start=dates("start"), end=dates("end")))) == {
        None: (4, 2)
    }
    numbers = "id;start;end\n1001;2025-01-01;2025-06-30\n1001.0;2025-07-01;\n1001.5;2025-01-01;\nx.0;2025-01-01;"
    assert by_period(counted(numbers, tmp_path, Layout("id", start=dates("start"), end=dates("end")))) == {None: (3, 3)}


def test_whose_a_customer_is(tmp_path: Path) -> None:
    """A word for nobody is no partner; of a column of sources some values are."""
    rows = "customer;kept;partner\na;yes;Acme\nb;no;n/a\nc;yes;Direct\nd;yes;\ne;no;ACME"
    found = counted(rows, tmp_path, Layout("customer", flag="kept", partner="partner"))
    assert {who: (tally.customers, tally.retained) for (who, _, _), (tally, _) in found.counts.items()} == {
        "Acme": (1, 1),
        "ACME": (1, 0),
        None: (3, 2),
    }
    assert found.read_as_direct == {"Direct": 1, "n/a": 1}


# ---- why a row does not count


def test_rows_with_dates(tmp_path: Path) -> None:
    """Each reason alone: no customer, no start, a start far off, an end that is no day, or before its start."""
    rows = (
        "customer;start;end\na;2025-01-01;\n;2025-01-01;\nb;;\nc;1999-01-01;\nd;2099-01-01;\ne;2025-01-01;soon\n"
        "f;2025-01-01;2024-12-31\ng;2025-01-01;2025-01-01\na;2025-01-01;\nh;2000-01-01;\ni;2030-12-31;"
    )
    near = (dt.date(2000, 1, 1), dt.date(2030, 12, 31))
    layout = Layout("customer", start=dates("start", near=near), end=dates("end"))
    found = counted(rows, tmp_path, layout, as_of=dt.date(2031, 1, 1))
    assert aside(found) == {
        NO_CUSTOMER: 1,
        NO_START: 1,
        UNREADABLE_DATE: 1,
        END_BEFORE_START: 1,
        FAR: 2,
        DUPLICATE: 1,
    }
    assert by_period(found) == {None: (4, 3)}


@pytest.mark.parametrize(
    ("end", "is_there", "is_far"),
    [
        *(("9999-12-31", True, False), ("9999-05-05", True, False), ("2999-12-31", True, False)),
        *(("2262-04-11", True, False), ("2262-04-12", False, True), ("2400-01-01", True, False)),
        *(("2400-01-02", True, False), ("2400-12-01", True, False), ("2400-12-30", True, False)),
        *(("2400-05-05", False, True), ("1900-01-01", True, False), ("1900-05-05", False, True)),
        *(("2098-05-05", True, False), ("2099-05-05", False, True), ("1900-12-31", True, False)),
        *(("2025-05-05", False, False), ("open", True, False), ("-", True, False)),
    ],
)
def test_far_ends(end: str, tmp_path: Path, *, is_there: bool, is_far: bool) -> None:
    """Days on which programs let end what has no end stand for none; any other day of such a year is mistyped."""
    rows = f"customer;start;end\na;2025-01-01;{end}\nb;2025-01-01;"
    found = counted(
        rows, tmp_path, Layout("customer", start=dates("start"), end=dates("end")), as_of=dt.date(2026, 1, 1)
    )
    assert aside(found) == ({FAR: 1} if is_far else {})
    assert by_period(found) == {None: (1, 1) if is_far else (2, 2 if is_there else 1)}


def test_what_was_read_as_no_end(tmp_path: Path) -> None:
    """The words are told with how often each stands, no more than five of them."""
    words = ["-", "-", "n/a", "none", "open", "ongoing", "active"]
    rows = "customer;start;end\n" + "\n".join(f"c{n};2025-01-01;{word}" for n, word in enumerate(words))
    layout = Layout("customer", start=dates("start"), end=dates("end"))
    (*_, note) = counted(rows, tmp_path, layout).notes
    told = Counter(words)
    first = ", ".join(f"{word!r} ({told[word]})" for word in sorted(told)[:5])
    assert note == f"read as no end: {first}"


def test_rows_with_a_flag_and_a_day(tmp_path: Path) -> None:
    """A word that says neither; a day after the one that is given is outside, that day itself is not."""
    rows = "customer;kept;due\na;yes;2025-03-31\nb;no;2025-04-01\nc;perhaps;2025-01-01\n;yes;2025-01-01\nd;yes;"
    layout = Layout("customer", flag="kept", period=dates("due"))
    found = counted(rows, tmp_path, layout, "quarter", as_of=dt.date(2025, 3, 31))
    assert aside(found) == {NO_ANSWER: 1, NO_CUSTOMER: 1, OUTSIDE: 1}
    assert by_period(found) == {"2025-Q1": (1, 1), None: (1, 1)}
    assert found.undated == 1
    assert counted(rows, tmp_path, layout).undated == 0


def test_a_status_beside_dates(tmp_path: Path) -> None:
    """Who is gone and has no end is lost in a whole, and set aside in periods, where its day matters."""
    rows = "customer;start;end;status\na;2024-01-01;;cancelled\nb;2024-01-01;;active\nc;2024-01-01;2024-05-05;cancelled"
    layout = Layout("customer", start=dates("start"), end=dates("end"), status="status")
    assert by_period(counted(rows, tmp_path, layout)) == {None: (3, 1)}
    found = counted(rows, tmp_path, layout, "quarter", as_of=dt.date(2024, 6, 30))
    assert (aside(found), by_period(found)) == ({LEFT_UNDATED: 1}, {"2024-Q2": (2, 1)})
    still = replace(layout, words=Words.of(["cancelled"], []))
    assert by_period(counted(rows, tmp_path, still)) == {None: (3, 3)}
    without_start = replace(layout, start=None)
    assert by_period(counted(rows, tmp_path, without_start)) == {None: (3, 1)}


def test_rows_that_say_the_same_twice(tmp_path: Path) -> None:
    """The same customer and days count once, unless contracts or amounts tell them apart."""
    rows = "customer;start;end;contract;mrr\na;2025-01-01;;c1;10\na;2025-01-01;;c2;10\na;2025-01-01;;c2;20\n"
    rows += "b;2025-01-01;;c1;5"
    amount = NumberColumn("mrr", 'TRY_CAST("mrr" AS DOUBLE)')
    layout = Layout("customer", start=dates("start"), end=dates("end"))
    assert aside(counted(rows, tmp_path, layout)) == {DUPLICATE: 2}
    assert aside(counted(rows, tmp_path, replace(layout, contract="contract"))) == {DUPLICATE: 1}
    assert aside(counted(rows, tmp_path, replace(layout, revenue=(amount, amount)))) == {DUPLICATE: 1}
    flags = "customer;kept;due\na;yes;2025-01-01\na;no;2025-01-01\na;yes;2025-01-01\na;yes;2025-02-01"
    found = counted(flags, tmp_path, Layout("customer", flag="kept", period=dates("due")))
    assert aside(found) == {DUPLICATE: 1}
    assert found.notes == ("1 customer has rows that stayed and rows that left: still there, and counted as retained",)
    two = flags + "\nb;no;2025-01-01\nb;yes;2025-01-01"
    found = counted(two, tmp_path, Layout("customer", flag="kept", period=dates("due")))
    assert found.notes == (
        "2 customers have rows that stayed and rows that left: still there, and counted as retained",
    )


# ---- snapshots


MONTHS = "customer;month;state\na;2024-01-31;active\na;2024-02-29;active\na;2024-03-31;active\nb;2024-01-31;active\n"


def snapshots(granularity: Granularity = "day", **changes: Any) -> Layout:
    usual = {"flag": "state", "period": dates("month", granularity), "snapshots": True}
    return Layout("customer", **(usual | changes))


def test_snapshots_of_each_month(tmp_path: Path) -> None:
    """A customer is there until the next snapshot; one in which it is gone, or that lacks it, ends that."""
    rows = MONTHS + "b;2024-02-29;cancelled\nc;2024-02-29;active\nc;2024-03-31;active\nd;;active\ne;2024-03-31;maybe"
    found = counted(rows, tmp_path, snapshots(), "month")
    assert by_period(found) == {"2024-02": (2, 1), "2024-03": (2, 2)}
    assert aside(found) == {NO_MONTH: 1, NO_ANSWER: 1}
    assert by_period(counted(rows, tmp_path, snapshots())) == {None: (3, 2)}
    assert by_period(counted(rows, tmp_path, snapshots(), "month", as_of=dt.date(2024, 2, 29))) == {"2024-02": (2, 1)}


def test_periods_that_the_last_snapshot_does_not_fill_are_not_over(tmp_path: Path) -> None:
    """The month of the last snapshot is, but not its quarter, nor a week that ends on the second of the next month."""
    rows = "customer;month;state\n" + "\n".join(f"a;2024-0{month}-01;active" for month in (1, 2, 3, 4, 5))
    found = {
        period: by_period(counted(rows, tmp_path, snapshots("month"), period))
        for period in ("month", "quarter", "week")
    }
    assert [max(label or "" for label in one) for one in (found["month"], found["week"])] == ["2024-05", "2024-W21"]
    assert found["quarter"] == {}
    june = rows + "\na;2024-06-01;active"
    assert by_period(counted(june, tmp_path, snapshots("month"), "quarter")) == {"2024-Q2": (1, 1)}


def test_the_last_snapshot_of_a_month_counts(tmp_path: Path) -> None:
    """Of two in one month the later one; on one day, that which says the customer is there; contracts by themselves."""
    rows = MONTHS + "b;2024-02-10;active\nb;2024-02-20;cancelled\nb;2024-03-31;active"
    assert by_period(counted(rows, tmp_path, snapshots(), "month")) == {"2024-02": (2, 1), "2024-03": (1, 1)}
    same = MONTHS + "b;2024-02-20;cancelled\nb;2024-02-20;active\nb;2024-03-31;active"
    assert by_period(counted(same, tmp_path, snapshots(), "month")) == {"2024-02": (2, 2), "2024-03": (2, 2)}
    head, *lines = rows.splitlines()
    contracts = "\n".join([f"{head};contract", *(f"{line};c1" for line in lines[:-3]), "b;2024-02-10;active;c2"])
    contracts += "\nb;2024-02-20;cancelled;c1\nb;2024-03-31;active;c2"
    found = counted(contracts, tmp_path, snapshots(contract="contract"), "month")
    assert by_period(found) == {"2024-02": (2, 2), "2024-03": (2, 2)}


@pytest.mark.parametrize(("granularity", "last"), [("quarter", "2024-Q2"), ("year", "2024-Q4")])
def test_snapshots_of_longer_times(granularity: Granularity, last: str, tmp_path: Path) -> None:
    """A quarter stands for three months and a year for twelve: the periods until its end are over."""
    first, then = {"quarter": ("2024-01-01", "2024-04-01"), "year": ("2023-01-01", "2024-01-01")}[granularity]
    rows = f"customer;month;state\na;{first};active\nb;{first};active\na;{then};active\nb;{then};cancelled"
    found = by_period(counted(rows, tmp_path, snapshots(granularity), "quarter"))
    assert max(label or "" for label in found) == last
    if granularity == "quarter":
        assert found == {"2024-Q2": (2, 1)}


def test_snapshots_of_what_is_paid(tmp_path: Path) -> None:
    """Whoever pays is there, and the amounts of a month and the next are what it began and ended with."""
    rows = "customer;month;mrr\n" + "\n".join(
        f"{who};2024-0{month}-01;{paid}"
        for who, payments in {"a": (100, 130, 130), "b": (50, 0, 0), "c": (40, 20, ""), "d": ("", 7, 7)}.items()
        for month, paid in enumerate(payments, 1)
    )
    amount = NumberColumn("mrr", 'TRY_CAST("mrr" AS DOUBLE)')
    layout = snapshots("month", flag="mrr", paid=amount, revenue=(amount, amount))
    found = counted(rows, tmp_path, layout, "month")
    assert by_period(found) == {"2024-02": (3, 2), "2024-03": (3, 2)}
    amounts = {label: money for (_, _, label), (_, money) in found.counts.items()}
    assert amounts == {"2024-02": Money(190, 30, 20, 50), "2024-03": Money(157, 0, 0, 20)}


# ---- wide tables


@pytest.mark.parametrize("columns", [0, 60])
def test_a_wide_table_is_counted_as_a_narrow_one(columns: int, tmp_path: Path) -> None:
    """Of more than sixty columns those are held that are counted; its rows come back whole, with their reasons."""
    head = ";".join(["customer", "start", "end", "region", *(f"x{number}" for number in range(columns))])
    tail = "".join(f";v{number}" for number in range(columns))
    rows = [f"a;2024-01-01;;N{tail}", f"b;2024-01-01;2024-05-05;S{tail}", f"c;;;N{tail}", f"a;2024-01-01;;N{tail}"]
    layout = Layout("customer", start=dates("start"), end=dates("end"))
    text = "\n".join([head, *rows])
    found = counted(text, tmp_path, layout, "quarter", by=["region"], as_of=dt.date(2024, 6, 30))
    assert {
        (group, label): (tally.customers, tally.retained) for (_, group, label), (tally, _) in found.counts.items()
    } == {
        (("N",), "2024-Q2"): (1, 1),
        (("S",), "2024-Q2"): (1, 0),
    }
    assert set(head.split(";")) <= set(found.rows.columns)
    told = found.rows.fetch("SELECT customer, region, __reason FROM __rows ORDER BY __place")
    assert told == [("a", "N", None), ("b", "S", None), ("c", "N", NO_START), ("a", "N", DUPLICATE)]
