"""Periods: months add up to quarters and years, of the calendar or of a financial year."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.errors import UsageError
from partnerkpi.periods import (
    Fiscal,
    first_day,
    first_month,
    fiscal,
    gapless,
    last_day,
    month_number,
    period_label,
    period_of,
    period_words,
    shift,
    year_before,
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


def test_weeks_are_those_of_iso_8601() -> None:
    """Every day of 18 years lies in the week that the calendar of Python says; names lead back to their days."""
    labels = []
    for number in range(dt.date(2014, 12, 25).toordinal(), dt.date(2033, 1, 10).toordinal()):
        day = dt.date.fromordinal(number)
        year, week, weekday = day.isocalendar()
        label = period_of(day, "week")
        assert label == f"{year}-W{week:02}"
        assert first_day(label, "week") == day - dt.timedelta(weekday - 1)
        assert last_day(label, "week") == day + dt.timedelta(7 - weekday)
        labels.append(label)
    every = list(dict.fromkeys(labels))
    assert every == sorted(every)
    assert gapless([every[0], every[400]], "week") == every[:401]
    assert [shift(label, "week", 1) for label in every[:-1]] == every[1:]
    assert [label for label in every if label.endswith("53")] == ["2015-W53", "2020-W53", "2026-W53", "2032-W53"]


def test_the_same_week_of_the_year_before() -> None:
    """It has the same number, 52 or 53 weeks back; a week 53 has none, and a year of 52 weeks no week 53."""
    assert [year_before(one, "week") for one in ("2021-W01", "2020-W53", "2026-W31")] == ["2020-W01", None, "2025-W31"]
    assert year_before("2026-Q3", "quarter") == "2025-Q3"
    assert not isinstance(fiscal("week", 4), Fiscal)
    assert period_words("2026-W31") == "2026 W31"
    with pytest.raises(UsageError, match="names no week"):
        first_month("2021-W53", "week")


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
