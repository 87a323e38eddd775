"""Until when customers are counted, and what is said of it, word for word; rows joined to spans; money of spans."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from counted import table_from

from partnerkpi.errors import PartnerKpiError
from partnerkpi.periods import Period, fiscal
from partnerkpi.tables.customer_words import Words
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.numbers import NumberColumn
from partnerkpi.tally.customer_rows import Layout
from partnerkpi.tally.customers import Money, count_customers
from partnerkpi.tally.spans import _periods

SPANS = "customer;start;end;partner;status;mrr\n"


def dates(column: str) -> DateColumn:
    return DateColumn(column, f'TRY_CAST("{column}" AS TIMESTAMP)', "year first")


def amounts(column: str) -> NumberColumn:
    return NumberColumn(column, f'TRY_CAST("{column}" AS DOUBLE)')


def layout(**changes: Any) -> Layout:
    usual = {"customer": "customer", "start": dates("start"), "end": dates("end"), "partner": "partner"}
    return Layout(**(usual | changes))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def lines(text: str, head: str = SPANS) -> str:
    """Return rows written as `a 2025-01-10 2026-01-10, b 2025-01-10`, with what is missing blank."""
    width = head.count(";") + 1
    rows = [row.split() for row in text.split(", ")]
    return head + "\n".join(
        ";".join([*("" if cell == "_" else cell for cell in row), *[""] * (width - len(row))]) for row in rows
    )


def counted(
    text: str,
    folder: Path,
    period: Period = "all",
    *,
    as_of: str | None = None,
    reach: str | None = None,
    **changes: Any,
) -> tuple[dict[str | None, tuple[int, int]], tuple[str, ...]] | str:
    """Return customers and retained by period, and what is said; or the error."""
    try:
        found = count_customers(
            table_from(lines(text), folder),
            layout(**changes),
            period=period,
            as_of=day(as_of) if as_of else None,
            reach=day(reach) if reach else None,
        )
    except PartnerKpiError as error:
        return f"{type(error).__name__} {error}"
    by_period: dict[str | None, tuple[int, int]] = {}
    for (_, _, label), (tally, _) in found.counts.items():
        customers, retained = by_period.get(label, (0, 0))
        by_period[label] = customers + tally.customers, retained + tally.retained
    return by_period, found.notes


# ---- until when


def until(text: str) -> str:
    return f"counted until {text}, the last day in the data: --as-of names another"


LATER = "1 customer ends later, on 11 Feb 2026, after all other dates: planned, so it counts as still there"
TWO_LATER = "2 customers end later, {}, after all other dates: planned, so they count as still there"
NOBODY = "nobody has an end date in 'end': all customers count as still there"


@pytest.mark.parametrize(
    ("rows", "options", "expected"),
    [
        ("a 2025-01-10, b 2025-03-01", {}, ({None: (2, 2)}, (NOBODY,))),
        ("a 2025-01-10, b 2025-03-01", {"as_of": "2025-02-01"}, ({None: (1, 1)}, (NOBODY,))),
        ("a 2025-01-10, b 2025-03-01 2025-03-20", {}, ({None: (2, 1)}, (until("20 Mar 2025"),))),
        ("a 2025-01-10, b 2025-03-01 2025-03-20", {"reach": "2025-04-30"}, ({None: (2, 1)}, (until("30 Apr 2025"),))),
        ("a 2025-01-10, b 2025-03-01 2025-03-20", {"reach": "2025-03-02"}, ({None: (2, 1)}, (until("20 Mar 2025"),))),
        ("a 2025-01-10, b 2025-03-01 2025-03-20", {"as_of": "2025-03-19"}, ({None: (2, 2)}, ())),
        (
            "a 2025-01-10, b 2025-03-01 2026-02-11, c 2025-03-01 2025-03-02",
            {},
            (
                {None: (3, 2)},
                (
                    LATER,
                    until("2 Mar 2025"),
                ),
            ),
        ),
        (
            "a 2025-01-10, b 2025-03-01 2026-02-11, e 2025-03-01 2026-02-11, c 2025-03-01 2025-03-02",
            {},
            (
                {None: (4, 3)},
                (
                    TWO_LATER.format("on 11 Feb 2026"),
                    until("2 Mar 2025"),
                ),
            ),
        ),
        (
            "a 2025-01-10, b 2025-03-01 2026-02-11, e 2025-03-01 2026-02-20, c 2025-03-01 2025-03-02, "
            "d 2025-03-01 2025-03-03",
            {},
            (
                {None: (5, 3)},
                (
                    TWO_LATER.format("between 11 Feb 2026 and 20 Feb 2026"),
                    until("3 Mar 2025"),
                ),
            ),
        ),
    ],
)
def test_without_periods(rows: str, options: dict[str, str], expected: object, tmp_path: Path) -> None:
    """Until the last day in the data, of this table or another one, or until a day that is given."""
    assert counted(rows, tmp_path, **options) == expected


def test_planned_ends_and_periods(tmp_path: Path) -> None:
    """They open no period; where nothing but one of them would, it is asked."""
    rows = "a 2024-12-10, b 2024-11-01 2026-02-11, c 2024-11-03 2025-02-20, d 2025-02-01"
    assert counted(rows, tmp_path, "quarter") == (
        {"2025-Q1": (3, 2)},
        (LATER,),
    )
    began = "a 2025-01-10, b 2025-03-01 2026-02-11, c 2025-03-01 2025-03-02"
    assert counted(began, tmp_path, "quarter") == (
        "OpenQuestion until 2 Mar 2025 nobody was there at the start of a quarter, and whether what ends on 11 Feb "
        "2026 in 'end' is planned is not told. Say until when to count with --as-of DATE, such as --as-of 2026-02-11"
    )
    assert counted(began, tmp_path, "quarter", as_of="2025-06-30") == ({"2025-Q2": (2, 2)}, ())


def test_ends_after_all_starts_are_asked_about(tmp_path: Path) -> None:
    """Who began last, or which other day came last, with the days that answer the question."""
    rows = "a 2025-01-10, b 2025-03-01 2026-03-01, c 2025-09-15 2026-09-14, d 2025-05-20 2026-05-20"
    asked = (
        "OpenQuestion 3 customers end after the last one began on 15 Sep 2025, until 14 Sep 2026 in 'end', and none "
        "began in all that time: whether they have left or are to leave is not told. Say until when to count with "
        "--as-of DATE: 2025-09-15, or 2026-09-14 if they have"
    )
    for period in ("all", "quarter"):
        assert counted(rows, tmp_path, period) == asked
    assert counted(rows, tmp_path, reach="2025-10-01") == asked.replace(
        "the last one began on 15 Sep 2025", "all other dates, the last on 1 Oct 2025"
    ).replace("2025-09-15", "2025-10-01")
    assert counted(rows, tmp_path, leavers=True) == ({None: (4, 1)}, (until("14 Sep 2026"),))
    one = "a 2025-01-10, b 2025-09-15 2026-09-14"
    assert isinstance(said := counted(one + ", c 2025-01-11 2025-12-31, d 2025-01-12 2025-03-31", tmp_path), str)
    assert said.startswith("OpenQuestion 1 customer ends after the last one began on 15 Sep 2025, until 31 Dec 2025 in")


def test_ends_of_half_a_year_in_which_nobody_began(tmp_path: Path) -> None:
    """Twelve began in the year before, so that six would have: asked about, of whatever terms and after leaving too."""
    known = ", ".join(f"a{n} 2025-{n:02}-05 2025-{n + 5:02}-09" for n in range(1, 7))
    later = ", ".join(f"b{n} 2025-{n + 6:02}-05 2026-{n:02}-01" for n in range(1, 7))
    asked = (
        "OpenQuestion 6 customers end after the last one began on 5 Dec 2025, until 1 Jun 2026 in 'end', and none "
        "began in all that time: whether they have left or are to leave is not told. Say until when to count with "
        "--as-of DATE: 2025-12-05, or 2026-06-01 if they have"
    )
    rows = f"{known}, {later}, c 2025-01-05"
    assert counted(rows, tmp_path) == counted(rows, tmp_path, leavers=True) == asked


def test_lists_of_those_who_left(tmp_path: Path) -> None:
    """Where every row has an end and nothing says when customers began, or the column is called after leaving."""
    refused = (
        "DataProblem every one of the 2 rows has a date in 'end': this is a list of those who left, and without those "
        "who stayed there is no rate. Use a table of all customers"
    )
    rows = "a 2025-01-10 2025-05-05, b 2025-03-01 2025-06-06"
    assert counted(rows, tmp_path, start=None) == counted(rows, tmp_path, leavers=True) == refused
    assert counted(rows + ", c 2025-03-01", tmp_path, start=None) == ({None: (3, 1)}, (until("6 Jun 2025"),))
    assert counted("a, b", tmp_path, start=None) == ({None: (2, 2)}, (NOBODY,))


def test_status_without_an_end(tmp_path: Path) -> None:
    """Who is gone by a status and has no end is lost where there are no periods, and told of."""
    rows = "a 2025-01-10 _ _ active, b 2025-03-01 _ _ cancelled, c 2025-01-10 2025-03-03 _ cancelled"
    notes = ("1 row is gone by 'status' and has no end: it counts as lost", until("3 Mar 2025"))
    assert counted(rows, tmp_path, status="status") == ({None: (3, 1)}, notes)
    two = "2 rows are gone by 'status' and have no end: they count as lost"
    again = counted(rows + ", d 2025-03-02 _ _ cancelled", tmp_path, status="status")
    assert again == ({None: (4, 1)}, (two, until("3 Mar 2025")))


def test_status_of_an_end_to_come(tmp_path: Path) -> None:
    """Who is there by a status is still there, however near the end is; ends that have come are none of these."""
    rows = "a 2025-01-10 2025-03-20 _ active, b 2025-03-01 _ _ active, c 2025-01-10 2025-03-03 _ cancelled"
    planned = "1 customer ends later, on 20 Mar 2025, after all other dates: planned, so it counts as still there"
    assert counted(rows, tmp_path, status="status") == ({None: (3, 2)}, (planned, until("3 Mar 2025")))
    gone = "d 2025-01-10 2025-03-20 _ cancelled"
    assert counted(f"{rows}, {gone}", tmp_path, status="status") == ({None: (4, 1)}, (until("20 Mar 2025"),))


def test_some_who_end_on_a_day_are_still_there_and_others_are_gone(tmp_path: Path) -> None:
    """Of those who end on the last day the one who is there by a status goes on, with all rows of its span."""
    rows = "a 2025-01-10 2025-02-09 _ active, a 2025-02-10 2025-03-20 _ active, b 2025-01-10 2025-03-20, c 2025-03-01"
    planned = "1 customer ends later, on 20 Mar 2025, after all other dates: planned, so it counts as still there"
    assert counted(rows, tmp_path, status="status") == ({None: (3, 2)}, (planned, until("20 Mar 2025")))
    months = {"2025-02": (2, 2), "2025-03": (2, 1)}
    assert counted(rows, tmp_path, "month", status="status") == (months, (planned,))
    assert counted(rows, tmp_path, customer=None, status="status")[0] == {None: (4, 2)}
    earlier = rows.replace("b 2025-01-10 2025-03-20", "b 2025-01-10 2025-03-25")
    assert counted(earlier, tmp_path, status="status") == ({None: (3, 2)}, (planned, until("25 Mar 2025")))
    far = rows.replace("2025-03-20", "2025-06-20") + ", d 2025-01-10 2025-02-20"
    two = "2 customers end later, on 20 Jun 2025, after all other dates: planned, so they count as still there"
    assert counted(far, tmp_path, status="status") == ({None: (4, 3)}, (two, until("1 Mar 2025")))


# ---- terms: every row has an end


def test_terms_are_counted_until_the_last_begins(tmp_path: Path) -> None:
    """Who ends later may have another term; who ends before it is gone."""
    rows = "a 2024-01-01 2024-12-31, a 2025-01-01 2025-12-31, b 2024-02-01 2024-11-30, c 2024-03-01 2025-06-30"
    said = "counted until 1 Jan 2025, when the last row starts, since every row has an end: 2 customers end later and "
    assert counted(rows, tmp_path) == ({None: (3, 2)}, (f"{said}count as still there",))
    one = rows.replace("2025-06-30", "2024-12-01")
    assert counted(one, tmp_path) == (
        {None: (3, 1)},
        (f"{said.replace('2 customers end', '1 customer ends')}counts as still there",),
    )
    assert counted(rows, tmp_path, "quarter") == (
        {"2024-Q2": (3, 3), "2024-Q3": (3, 3), "2024-Q4": (3, 2)},
        (f"{said}count as still there",),
    )


def test_terms_until_a_day(tmp_path: Path) -> None:
    """Who ends on that day or later counts as still there, and is told of; nobody is where no row ends then."""
    rows = "a 2024-01-01 2024-12-31, a 2025-01-01 2025-12-31, b 2024-02-01 2024-11-30, c 2024-03-01 2025-06-30"
    two = ("2 customers end on 30 Jun 2025 or later and count as still there",)
    assert counted(rows, tmp_path, as_of="2025-06-30") == ({None: (3, 2)}, two)
    one = ("1 customer ends on 1 Jul 2025 or later and counts as still there",)
    assert counted(rows, tmp_path, as_of="2025-07-01") == ({None: (3, 1)}, one)
    assert counted(rows, tmp_path, as_of="2026-01-01") == ({None: (3, 0)}, ())
    assert counted(rows, tmp_path, as_of="2024-12-31") == ({None: (3, 2)}, ())  # a term begins after it
    assert counted(rows, tmp_path, as_of="2025-01-01") == (
        {None: (3, 2)},
        ("2 customers end on 1 Jan 2025 or later and count as still there",),
    )


def test_a_quarter_that_is_not_over_on_the_day_is_not_counted(tmp_path: Path) -> None:
    """Until a day that is given the last quarter is one that is over by it, also of terms."""
    rows = "a 2024-01-01 2024-12-31, a 2025-01-01 2025-12-31, b 2024-02-01 2024-11-30, c 2024-03-01 2025-06-30"
    for as_of, last in (("2025-03-30", "2024-Q4"), ("2025-03-31", "2025-Q1")):
        for text in (rows, f"{rows}, d 2024-01-01"):
            (quarters, _) = counted(text, tmp_path, "quarter", as_of=as_of)
            assert max(quarters) == last


def test_terms_that_tell_nothing(tmp_path: Path) -> None:
    """No customer has two, or nobody ended before the last began: the day is asked for."""
    asked = (
        "OpenQuestion every one of the 2 rows has a date in 'end', the last on 31 Mar 2025: whether customers stayed "
        "after it is not told. Say until when to count with --as-of DATE, such as --as-of 2025-03-31"
    )
    assert counted("a 2024-01-01 2024-12-31, b 2024-04-01 2025-03-31", tmp_path) == asked
    assert counted("a 2024-01-01 2024-12-31, a 2025-01-01 2025-03-31", tmp_path) == asked
    rows = "a 2024-01-01 2024-03-31, a 2024-04-01 2025-03-31, b 2024-01-15 2024-04-01"
    said = (
        "counted until 1 Apr 2024, when the last row starts, since every row has an end: 1 customer ends later and ",
    )
    assert counted(rows, tmp_path) == ({None: (2, 2)}, (f"{said[0]}counts as still there",))
    asked_of_periods = counted(rows, tmp_path, "quarter")
    assert asked_of_periods == asked.replace("2 rows", "3 rows")


def test_a_far_end_that_many_share(tmp_path: Path) -> None:
    """A quarter of all rows that end more than ten years after the last start may have none."""
    rows = "a 2024-01-01 2024-12-31, a 2025-01-01 2025-12-31, b 2024-02-01 {0}, c 2024-03-01 2024-06-30"
    asked = (
        "OpenQuestion 1 of 4 rows end on 31 Dec 2036 in 'end': if that stands for no end, --retained-words 2036-12-31 "
        "says so (as the column writes it); if it is one, say until when to count with --as-of DATE, such as --as-of "
        "2025-01-01"
    )
    assert counted(rows.format("2036-12-31"), tmp_path) == asked
    assert isinstance(counted(rows.format("2035-12-31"), tmp_path), tuple)
    assert isinstance(counted(rows.format("2036-12-31") + ", d 2024-03-01 2025-07-30", tmp_path), tuple)
    two = rows.format("2036-12-31") + ", d 2024-03-01 2036-12-31"
    assert counted(two, tmp_path) == asked.replace("1 of 4", "2 of 5")
    assert isinstance(counted(two, tmp_path, as_of="2025-01-01"), tuple)


# ---- rows of one customer


@pytest.mark.parametrize(
    ("second", "grace", "retained"),
    [
        ("2024-04-01", 1, 1),  # the day after
        ("2024-04-02", 1, 0),
        ("2024-04-02", 2, 1),
        ("2024-04-03", 2, 0),
        ("2024-03-15", 1, 1),  # they overlap
        ("2024-03-31", 1, 1),
    ],
)
def test_rows_that_follow_each_other_are_one_span(second: str, grace: int, retained: int, tmp_path: Path) -> None:
    """Within the days of grace; a pause in between is a loss in its quarter, and a new customer after it."""
    rows = f"a 2023-12-01 2024-03-31, a {second}, b 2023-12-01"
    (quarters, _) = counted(rows, tmp_path, "quarter", as_of="2024-06-30", grace=grace)
    assert quarters == {"2024-Q1": (2, 1 + retained), "2024-Q2": (1 + retained, 1 + retained)}


def test_a_row_within_another_ends_nothing(tmp_path: Path) -> None:
    """The longest row decides until when a span is; rows set aside are no part of it."""
    rows = "a 2024-01-01 2024-12-31, a 2024-02-01 2024-02-28, a 2025-01-01, b 2024-01-01"
    (years, _) = counted(rows, tmp_path, "year", as_of="2025-12-31")
    assert years == {"2025": (2, 2)}
    broken = "a 2024-01-01 2024-03-31, a 2024-04-01 soon, a 2024-10-01, b 2024-01-01"
    (quarters, _) = counted(broken, tmp_path, "quarter", as_of="2024-06-30")
    assert quarters == {"2024-Q2": (1, 1)}


def test_ends_that_are_the_day_after_the_last(tmp_path: Path) -> None:
    """Three rows that end on the day on which the next one begins show it, if no others end near one."""
    first = "a 2024-01-01 2024-04-01, a 2024-04-01 2024-07-01, b 2024-01-01 2024-04-01, b 2024-04-01"
    three = f"{first}, c 2024-02-01 2024-07-01"
    rows = f"{three}, a 2024-07-01"
    (quarters, notes) = counted(rows, tmp_path, "quarter", as_of="2024-09-30")
    assert notes == ("'end' is the day after the last: 3 rows end on the day on which the next one begins",)
    assert quarters == {"2024-Q2": (3, 2), "2024-Q3": (2, 2)}
    (quarters, notes) = counted(three, tmp_path, "quarter", as_of="2024-09-30")
    assert (quarters["2024-Q3"], notes) == ((3, 1), ())
    for near, moved in (("2024-07-04", False), ("2024-07-05", True), ("2024-06-28", False), ("2024-06-27", True)):
        told = counted(f"{rows}, d 2024-01-01 2024-07-01, d {near}", tmp_path, "quarter", as_of="2024-09-30")
        assert bool(told[1]) == moved
    same = counted(f"{rows}, e 2024-03-03 2024-03-03", tmp_path, as_of="2024-09-30")
    assert same[0] == {None: (4, 2)}


# ---- periods


@pytest.mark.parametrize(
    ("period", "first", "last", "numbers"),
    [
        ("quarter", "2024-02-10", "2024-09-30", ["2024-01-01", "2024-04-01", "2024-07-01"]),
        ("quarter", "2024-02-10", "2024-09-29", ["2024-01-01", "2024-04-01"]),
        ("quarter", "2024-02-10", "2024-03-30", []),
        ("year", "2023-12-31", "2024-12-31", ["2023-01-01", "2024-01-01"]),
        ("month", "2024-02-10", "2024-03-31", ["2024-02-01", "2024-03-01"]),
        ("week", "2024-02-14", "2024-02-25", ["2024-02-12", "2024-02-19"]),
        (fiscal("quarter", 2), "2024-01-31", "2024-04-30", ["2023-11-01", "2024-02-01"]),
        (fiscal("year", 4), "2024-03-31", "2025-03-31", ["2023-04-01", "2024-04-01"]),
    ],
)
def test_periods_that_are_over(period: Period, first: str, last: str, numbers: list[str]) -> None:
    """From that of the first day to the last one that is over; each ends where the next begins."""
    found = _periods(day(first), period, day(last))
    assert [start.isoformat() for start, _, _ in found] == numbers
    assert [after for _, after, _ in found[:-1]] == [start for start, _, _ in found[1:]]


def test_no_more_than_1200_periods() -> None:
    """A mistyped year opens no more: the last ones are kept."""
    found = _periods(day("1800-01-01"), "month", day("2024-12-31"))
    assert (len(found), found[0][0], found[-1][1]) == (1200, day("1925-01-01"), day("2025-01-01"))


def test_which_periods_are_shown(tmp_path: Path) -> None:
    """All until the last that holds a day of the data, or that is over on a given day; one more if nobody left."""
    rows = "a 2024-01-10, b 2024-04-20, c 2024-01-15 2024-05-02"
    (quarters, _) = counted(rows, tmp_path, "quarter")
    assert quarters == {"2024-Q2": (2, 1)}
    assert counted(rows, tmp_path, "quarter", as_of="2024-06-29")[0] == {}
    assert counted("a 2024-01-10, b 2024-02-01", tmp_path, "quarter") == ({"2024-Q2": (2, 2)}, (NOBODY,))
    assert counted("a 2024-01-10, b 2024-04-01", tmp_path, "quarter") == ({"2024-Q2": (1, 1)}, (NOBODY,))


# ---- money and partners of spans


def money(
    text: str, folder: Path, period: Period, as_of: str, **changes: Any
) -> dict[tuple[str | None, str | None], Money]:
    revenue = (amounts("mrr"), amounts("mrr"))
    found = count_customers(
        table_from(lines(text), folder), layout(revenue=revenue, **changes), period=period, as_of=day(as_of)
    )
    return {(partner, label): amount for (partner, _, label), (_, amount) in found.counts.items()}


def test_money_of_rows_that_follow_each_other(tmp_path: Path) -> None:
    """What a customer pays at the start and at the end of a quarter: 100 become 130, 50 become 20, 40 are lost."""
    rows = (
        "a 2023-12-01 2024-02-28 Acme _ 100, a 2024-02-29 _ Acme _ 130, b 2023-12-01 2024-01-31 Acme _ 50, "
        "b 2024-02-01 _ Acme _ 20, c 2023-12-01 2024-02-01 Acme _ 40, d 2024-02-01 _ Acme _ 70, e 2023-12-01 _ _ _ 5"
    )
    assert money(rows, tmp_path, "quarter", "2024-06-30") == {
        ("Acme", "2024-Q1"): Money(190, 30, 30, 40),
        (None, "2024-Q1"): Money(5, 0, 0, 0),
        ("Acme", "2024-Q2"): Money(220, 0, 0, 0),
        (None, "2024-Q2"): Money(5, 0, 0, 0),
    }


def test_money_of_a_renewal_on_the_first_day_of_a_period(tmp_path: Path) -> None:
    """It is there when the old row ends on the day before: no fall in one quarter, and no customer without money."""
    rows = "a 2023-12-01 2024-03-31 Acme _ 100, a 2024-04-01 _ Acme _ 130, b 2023-11-01 _ Acme _ 10"
    quarters = {("Acme", "2024-Q1"): Money(110, 30, 0, 0), ("Acme", "2024-Q2"): Money(140, 0, 0, 0)}
    assert money(rows, tmp_path, "quarter", "2024-06-30") == quarters
    later = rows.replace("2024-04-01", "2024-04-05")
    assert money(later, tmp_path, "quarter", "2024-06-30", grace=5) == quarters
    gone = money(later, tmp_path, "quarter", "2024-06-30")
    assert gone == {("Acme", "2024-Q1"): Money(110, 0, 0, 100), ("Acme", "2024-Q2"): Money(10, 0, 0, 0)}
    before = rows.replace("2024-03-31", "2024-04-01").replace("2024-04-01 _", "2024-04-02 _")
    assert money(before, tmp_path, "quarter", "2024-06-30") == {
        ("Acme", "2024-Q1"): Money(110, 0, 0, 0),
        ("Acme", "2024-Q2"): Money(110, 30, 0, 0),
    }
    both = rows.replace("2024-03-31", "2024-04-15")  # they overlap: what began later is paid besides
    assert money(both, tmp_path, "quarter", "2024-06-30") == {
        ("Acme", "2024-Q1"): Money(110, 0, 0, 0),
        ("Acme", "2024-Q2"): Money(110, 30, 0, 0),
    }


def test_money_without_periods(tmp_path: Path) -> None:
    """The first row of a span is the start; a row that follows the last day at once is its end, a later one is not."""
    rows = "a 2024-01-01 2024-06-30 Acme _ 100, a 2024-07-01 _ Acme _ 130, b 2024-01-01 2024-03-31 Acme _ 40"
    assert money(rows, tmp_path, "all", "2024-06-30") == {("Acme", None): Money(140, 30, 0, 40)}
    later = rows.replace("2024-07-01", "2024-07-02")
    assert money(later, tmp_path, "all", "2024-06-30") == {("Acme", None): Money(140, 0, 0, 140)}


def test_whose_a_customer_is(tmp_path: Path) -> None:
    """Its partner is that of the row in force on the first day, or without periods at the end."""
    first = "a 2023-12-01 2024-02-28 Acme _ 1, b 2023-12-01 2024-02-28 _ _ 1"
    rows = f"{first}, a 2024-02-29 _ Bolt _ 1, b 2024-02-29 _ Bolt _ 1"
    found = money(rows, tmp_path, "quarter", "2024-06-30")
    assert set(found) == {("Acme", "2024-Q1"), (None, "2024-Q1"), ("Bolt", "2024-Q2")}
    assert set(money(rows, tmp_path, "all", "2024-06-30")) == {("Bolt", None)}
    ended = rows.replace("2024-02-29 _", "2024-02-29 2024-05-05")
    assert set(money(ended, tmp_path, "all", "2024-06-30")) == {("Acme", None), ("Bolt", None)}


def test_words_that_say_who_is_there(tmp_path: Path) -> None:
    """What the user calls staying has no end that has come, whatever day stands beside it."""
    rows = "a 2024-01-01 2024-02-02 _ running, b 2024-01-01 _ _ running, c 2024-01-01 2024-03-03 _ ended"
    words = Words.of(["running"], ["ended"])
    assert counted(rows, tmp_path, status="status", words=words)[0] == {None: (3, 2)}
