"""The days that a table of customers knows, and which ends are planned: each limit to the day, worked by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from counted import shared_engine

from partnerkpi.tables.backend import Rows
from partnerkpi.tally.known_days import KnownDays, _is_term


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def counted(text: str) -> Counter[dt.date]:
    """Return days, each as often as it stands in a text."""
    return Counter(map(day, text.split()))


def known(starts: str = "", ends: str = "", *, inner: str = "", gone: str = "", active: str = "") -> KnownDays:
    began, ended, went_on = counted(starts), counted(ends), counted(inner)
    rows = max(began.total(), ended.total() + went_on.total())
    return KnownDays(began, went_on, ended, rows, set(counted(gone)), 0, counted(active))


def spans(*rows: tuple[str | None, ...]) -> Rows:
    """Return rows with start, end, until, last day of the span, whether the customer is there, and reason."""
    engine = shared_engine()
    engine.connection.execute(
        "CREATE OR REPLACE TABLE spans (__start DATE, __end DATE, __until DATE, __to DATE, __kept BOOLEAN, "
        "__reason VARCHAR)"
    )
    engine.connection.executemany("INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?)", [list(row) for row in rows])
    return Rows(engine, "SELECT * FROM spans")


def test_days_of_rows() -> None:
    """Ends within a span and at its end are told apart, and what a status says of them; rows set aside say nothing."""
    end, later = "2026-03-31", "2026-06-30"
    found = KnownDays.of(
        spans(
            ("2026-01-01", end, end, later, None, None),
            ("2026-01-01", end, end, end, "false", None),
            ("2026-02-01", later, later, later, "true", None),
            ("2026-02-01", later, later, later, "true", None),
            ("2026-02-01", end, end, later, "true", None),
            ("2026-02-01", None, "9000-01-01", "9000-01-01", "false", None),
            ("2026-02-01", None, "9000-01-01", "9000-01-01", "false", None),
            (None, None, "9000-01-01", "9000-01-01", None, None),
            ("2026-05-05", end, end, end, "false", "no customer"),
        )
    )
    assert found == KnownDays(
        {day("2026-01-01"): 2, day("2026-02-01"): 5},
        {day(end): 2},
        {day(end): 1, day(later): 2},
        8,
        {day(end)},
        2,
        {day(later): 2},
    )
    assert not found.all_ended


def test_whether_every_row_has_an_end() -> None:
    """One without is enough, and no row at all has none."""
    assert known("2026-01-01 2026-01-01", "2026-03-01", inner="2026-02-01").all_ended
    assert not known("2026-01-01 2026-01-01 2026-01-01", "2026-03-01", inner="2026-02-01").all_ended
    assert not known().all_ended


def test_the_last_day_that_has_come() -> None:
    """Somebody began, went on, or is gone; an end alone may be planned."""
    days = known("2026-01-01", "2026-09-09", inner="2026-02-02", gone="2026-03-03", active="2026-02-20 2026-09-09")
    assert days.floor(None) == days.floor(day("2026-03-02")) == day("2026-03-03")
    assert days.floor(day("2026-03-04")) == day("2026-03-04")
    assert known("2026-01-01", inner="2026-02-02").floor(None) == day("2026-02-02")
    assert known("2026-03-01", inner="2026-02-02").floor(None) == day("2026-03-01")
    assert known("", "2026-02-02").floor(None) is None
    assert days.yet_to_come(None) == {day("2026-09-09"): 1}
    assert days.yet_to_come(day("2026-09-09")) == {}
    assert known("", "2026-02-02", active="2026-02-02").yet_to_come(None) == {}


#: A month after each other for more than a year.
MONTHLY = " ".join(f"{2024 + n // 12}-{n % 12 + 1:02}-01" for n in range(13))


@pytest.mark.parametrize(
    ("starts", "ends", "reach", "planned"),
    [
        ("2026-01-01 2026-01-15", "2026-02-15", None, ""),  # 31 days
        ("2026-01-01 2026-01-15", "2026-02-16", None, "2026-02-16"),
        ("2026-01-01 2026-01-15", "2026-02-16", "2026-01-16", ""),
        ("2026-01-01 2026-01-15", "2026-02-17", "2026-01-16", "2026-02-17"),
        ("2026-01-01 2026-01-15", "2026-02-17", "2026-02-17", ""),
        ("2025-06-01 2025-09-01", "2025-12-02", None, ""),  # 92 days, as the pause before
        ("2025-06-01 2025-09-01", "2025-12-03", None, "2025-12-03"),
        (f"2023-01-01 {MONTHLY}", "2025-02-15", None, "2025-02-15"),  # a pause until 366 days before
        (f"2023-01-01 2024-01-02 {MONTHLY[11:]}", "2025-02-15", None, "2025-02-15"),  # until 365 days before
        (f"2023-01-01 2024-01-03 {MONTHLY[11:]}", "2025-02-15", None, ""),
        ("2026-01-15", "2025-11-01 2026-01-10 2026-05-01 2026-05-20", None, "2026-05-01 2026-05-20"),
        ("2026-01-15", "2026-01-10 2026-05-01 2026-05-20", None, ""),  # one end is known
        ("2026-01-15", "2026-05-01 2026-05-01", None, "2026-05-01 2026-05-01"),  # of one day
        ("", "2025-11-01 2026-05-01", None, ""),  # nothing has come
        ("", "2025-11-01", None, ""),
        ("", "2025-10-20 2025-11-01 2026-05-01", None, "2026-05-01"),
        ("2026-01-15", "", None, ""),
    ],
)
def test_an_end_that_stands_alone_is_planned(starts: str, ends: str, reach: str | None, planned: str) -> None:
    """More than a month after all other days, and than any pause in the year before; several only among as many."""
    assert known(starts, ends).planned(day(reach) if reach else None) == counted(planned)


def test_what_has_come_is_not_planned() -> None:
    """A day on which somebody is gone, or went on, is known."""
    assert known("2026-01-01", "2026-05-01 2026-05-20", gone="2026-05-20").planned(None) == {}
    assert known("2026-01-01", "2026-05-01", inner="2026-04-10").planned(None) == {}


@pytest.mark.parametrize(
    ("starts", "ends", "reach", "later"),
    [
        ("2025-01-01 2025-07-01 " * 5, "2025-12-31 2025-02-02", None, "2025-12-31"),  # 10 a year, 183 days: 5.01
        ("2025-01-01 2025-07-01 " * 5, "2025-12-30 2025-02-02", None, ""),  # 182 days: 4.99
        ("2025-07-01 " * 5, "2026-07-01 2025-06-02", None, "2026-07-01"),  # 5 a year, 365 days
        ("2025-07-01 " * 5, "2026-06-30 2025-06-02", None, ""),
        ("2024-07-01 2025-07-01 2025-07-01 2025-07-01 2025-07-01", "2026-07-01 2025-06-02", None, ""),
        ("2024-07-02 2025-07-01 2025-07-01 2025-07-01 2025-07-01", "2026-07-01 2025-06-02", None, "2026-07-01"),
        ("2025-07-01 " * 5, "2026-07-01 2026-07-01 2025-06-02 2025-06-03", None, "2026-07-01 2026-07-01"),
        ("2025-07-01 " * 5, "2026-07-01 2026-07-01 2025-06-02", None, ""),  # most ends are among them
        ("2025-07-01 " * 5, "2026-07-01 2025-06-02", "2025-07-02", ""),
        ("2025-07-01 " * 5, "2026-07-02 2025-06-02", "2025-07-02", "2026-07-02"),
        ("2025-07-01 " * 50, "2025-06-02", None, ""),
        ("", "2026-07-01 2025-06-02", "2025-07-02", ""),
        ("", "2026-07-01 2025-06-02", None, ""),
    ],
)
def test_ends_after_the_day_from_which_on_nobody_begins(starts: str, ends: str, reach: str | None, later: str) -> None:
    """Five would have begun by the last of them, as in the year before; as many ends are known before it."""
    assert known(starts, ends).after_all_starts(day(reach) if reach else None) == counted(later)


def test_ends_that_may_be_those_of_terms() -> None:
    """Most end after whole half years, or with a quarter, and the last of them more than a month after all else."""
    rows = [("2026-01-10", end, end, end, None, None) for end in ("2026-07-10", "2026-06-30", "2026-06-02")]
    days = known("2026-01-10 2026-01-20", "2026-07-10 2026-06-30 2026-06-02")
    later = counted("2026-07-10 2026-06-30 2026-06-02")
    assert days.may_be_planned(None, spans(*rows)) == later
    two = [rows[0], rows[2]]
    halves = known("2026-01-10 2026-01-20", "2026-07-10 2026-06-02")
    assert halves.may_be_planned(None, spans(*two)) == {}  # one of two are not most
    assert halves.may_be_planned(day("2026-06-02"), spans(*two)) == counted("2026-07-10")
    assert halves.may_be_planned(day("2026-06-09"), spans(*two)) == {}  # a month
    assert halves.may_be_planned(day("2026-06-08"), spans(*two)) == counted("2026-07-10")
    gone = [(*rows[0][:5], "no customer"), rows[2], rows[2]]
    assert days.may_be_planned(None, spans(*gone)) == {}
    followed = [("2026-01-10", "2026-07-10", "2026-07-10", "2026-08-10", None, None)] * 3
    assert days.may_be_planned(None, spans(*followed)) == {}
    assert known("", "2026-07-10").may_be_planned(day("2026-01-01"), spans(*rows)) == {}
    assert known("", "2026-07-10").may_be_planned(None, spans(*rows)) == {}
    assert known("2026-01-10", "2026-01-09").may_be_planned(None, spans(*rows)) == {}


def test_ends_apart_may_be_planned_unless_all_began_together() -> None:
    """Whatever their terms: where starts are spread over more than a month."""
    odd = spans(("2026-01-01", "2026-06-02", "2026-06-02", "2026-06-02", None, None))
    spread, together = known("2026-01-01 2026-02-02", "2026-06-02"), known("2026-01-01 2026-02-01", "2026-06-02")
    assert spread.may_be_planned(None, odd) == counted("2026-06-02")
    assert together.may_be_planned(None, odd) == {}
    near = known("2025-01-01 2026-02-02", "2026-06-02")
    assert near.may_be_planned(None, odd) == {}  # no further than the pause between the starts


@pytest.mark.parametrize(
    ("start", "end", "is_term"),
    [
        ("2026-01-10", "2026-07-10", True),
        ("2026-01-10", "2026-07-09", True),  # the last day, or the one after it
        ("2026-01-10", "2026-07-08", False),
        ("2026-01-10", "2026-07-11", False),
        ("2025-01-10", "2026-01-10", True),
        ("2025-01-10", "2026-04-10", False),
        ("2026-01-10", "2026-01-10", False),
        ("2026-07-10", "2026-01-10", False),
        (None, "2026-01-10", False),
        (None, "2026-03-31", True),
        ("2026-01-10", "2026-06-30", True),
        ("2026-01-10", "2026-09-30", True),
        ("2026-01-10", "2026-12-31", True),
        ("2026-01-10", "2026-05-31", False),
        ("2026-01-10", "2026-06-29", False),
        ("2026-01-10", "2026-07-01", False),
    ],
)
def test_terms(start: str | None, end: str, *, is_term: bool) -> None:
    """Half years and years from the first day, and the ends of quarters."""
    assert _is_term(day(start) if start else None, day(end)) == is_term
