"""Periods: months add up to quarters and years, of the calendar or of a financial year."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.errors import UsageError
from partnerkpi.periods import (
    Fiscal,
    first_month,
    fiscal,
    gapless,
    last_day,
    month_number,
    period_label,
    period_words,
    shift,
)

APRIL = month_number(dt.date(2026, 4, 1))


def test_calendar() -> None:
    """July 2026 lies in 2026, in 2026-Q3 and in 2026-07."""
    july = month_number(dt.date(2026, 7, 15))
    assert [period_label(july, kind) for kind in ("year", "quarter", "month")] == ["2026", "2026-Q3", "2026-07"]


def test_financial_year() -> None:
    """A financial year from April is named by the year in which it ends; months keep their own names."""
    quarter, year = fiscal("quarter", 4), fiscal("year", 4)
    assert [period_label(APRIL + month, quarter) for month in (-1, 0, 3, 11, 12)] == [
        "FY2026-Q4", "FY2027-Q1", "FY2027-Q2", "FY2027-Q4", "FY2028-Q1",
    ]  # fmt: skip
    assert [period_label(APRIL + month, year) for month in (-1, 0, 11)] == ["FY2026", "FY2027", "FY2027"]
    assert period_label(APRIL, fiscal("month", 4)) == "2026-04"
    assert last_day("FY2027-Q1", quarter) == dt.date(2026, 6, 30)
    assert last_day("FY2027", year) == dt.date(2027, 3, 31)
    assert shift("FY2027-Q1", quarter, -4) == "FY2026-Q1"
    assert gapless(["FY2026-Q3", "FY2027-Q2"], quarter) == ["FY2026-Q3", "FY2026-Q4", "FY2027-Q1", "FY2027-Q2"]
    assert period_words("FY2027-Q1") == "Q1 FY2027"


def test_january_is_the_calendar() -> None:
    """A financial year from January is the calendar's; the whole and months have none."""
    assert not isinstance(fiscal("quarter", 1), Fiscal)
    assert not isinstance(fiscal("all", 4), Fiscal)
    with pytest.raises(UsageError, match="month 13"):
        fiscal("year", 13)


@given(
    month=st.integers(1900 * 12, 2100 * 12),
    first=st.integers(1, 12),
    kind=st.sampled_from(["year", "quarter", "month"]),
)
def test_every_month_lies_in_its_period(month: int, first: int, kind: str) -> None:
    """The first month of a month's period is at most a period before it, and has the same name."""
    period = fiscal(kind, first)  # type: ignore[arg-type]  # one of the three
    label = period_label(month, period)
    start = first_month(label, period)
    assert start <= month < start + {"year": 12, "quarter": 3, "month": 1}[kind]
    assert period_label(start, period) == label
    assert start == month or period_label(start - 1, period) != label


@pytest.mark.parametrize(("label", "first"), [("FY2027-Q1", 1), ("2026-Q1", 4), ("2026-Q5", 1), ("Q1", 1)])
def test_names_of_no_period(label: str, first: int) -> None:
    """A name that no period has is refused, with what is allowed."""
    with pytest.raises(UsageError, match="names no period"):
        first_month(label, fiscal("quarter", first))
