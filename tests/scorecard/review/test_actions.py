"""Whom to call: everybody who needs it, the most at stake first, by a working day."""

import datetime as dt

import pytest
from review_cards import build

from partnerkpi.errors import ConfigError
from partnerkpi.scorecard.findings.actions import working_days_after
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.settings import Actions, Alerts, Settings
from partnerkpi.tally.used_answers import PersonAnswer

DAY = dt.date(2026, 9, 10)


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2026-09-24", 2, "2026-09-28"),  # Thursday: Friday, Monday
        ("2026-09-25", 1, "2026-09-28"),
        ("2026-09-26", 0, "2026-09-28"),  # a Saturday is no working day
        ("2026-09-26", 1, "2026-09-29"),
        ("2026-12-23", 2, "2026-12-28"),  # the 25th is a holiday, then comes a weekend
        ("2026-09-28", 0, "2026-09-28"),
    ],
)
def test_working_days(day: str, count: int, due: str) -> None:
    """Weekends and holidays are no working days."""
    holidays = {dt.date(2026, 12, 25)}
    assert working_days_after(dt.date.fromisoformat(day), count, holidays) == dt.date.fromisoformat(due)


def test_order_and_dates() -> None:
    """Value at stake decides, then what it is, then the score; each kind has its own rule for the date."""
    voices = (
        PersonAnswer("Small", "s", DAY, 0.0),
        PersonAnswer("Big", "p", DAY, 8.0, before=10.0),
        PersonAnswer("Big", "d", DAY, 6.0, before=9.0),
        PersonAnswer("Big", "e", DAY, 2.0, before=1.0),
        PersonAnswer(None, "x", None, 3.0),
    )
    counts = {"Big": [Counts(activities=2), Counts(), Counts()], "Small": [Counts(), Counts(), Counts(activities=1)]}
    partners = {"Big": Partner("Big", owner="Ann", annual_value=9.0), "Small": Partner("Small", annual_value=1.0)}
    found = build(counts, partners, to_call=voices).actions
    assert [(one.kind, one.partner, one.who, one.due.isoformat()) for one in found if one.due] == [
        ("detractor", "Big", "e", "2026-10-02"),
        ("detractor", "Big", "d", "2026-10-02"),
        ("lost promoter", "Big", "p", "2026-10-07"),
        ("lost advocate", "Big", None, "2026-10-14"),
        ("detractor", "Small", "s", "2026-10-02"),
        ("detractor", None, "x", "2026-10-02"),
    ]
    assert found[0].reason == "answered 2 on 10 Sep 2026, was a detractor before (1)"
    assert found[1].reason == "answered 6 on 10 Sep 2026, was a promoter before (9)"
    assert found[3].reason == "no advocacy since Q1 2026, when it gave 2 activities"
    assert found[-1].reason == "answered 3"
    assert (found[0].owner, found[0].value_at_stake, found[0].status) == ("Ann", 9.0, "open")
    assert found[-1].value_at_stake is None


def test_rules_of_the_settings() -> None:
    """The settings say how many days there are, which of them are holidays, and when advocacy has stopped."""
    settings = Settings(
        actions=Actions(detractor_days=0, holidays=["2026-09-30"]), alerts=Alerts(advocacy_stopped_periods=1)
    )
    card = build(
        {"A": [Counts(activities=1), Counts()]}, to_call=(PersonAnswer("A", "a", DAY, 3.0),), settings=settings
    )
    assert [(one.kind, one.due) for one in card.actions] == [
        ("detractor", dt.date(2026, 10, 1)),
        ("lost advocate", dt.date(2026, 10, 15)),
    ]


def test_no_day_no_due_date() -> None:
    """Without an as-of day nobody can say when something is due."""
    card = build({"A": [Counts()]}, to_call=(PersonAnswer("A", "a", None, 3.0),), as_of=None)
    assert card.actions[0].due is None


def test_a_holiday_that_is_no_day() -> None:
    """A holiday that is no day is named, with how to write one."""
    card = build({"A": [Counts()]}, settings=Settings(actions=Actions(holidays=["25 Dec"])))
    with pytest.raises(ConfigError, match=r"'25 Dec' is no day: write 2026-12-25"):
        _ = card.actions
