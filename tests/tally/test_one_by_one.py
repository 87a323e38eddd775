"""Segments, people and calls of a table of answers, against the same answers gone through one by one."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from counted import new_engine

from partnerkpi.kpi import ScoreTally
from partnerkpi.periods import UNITS, Period, fiscal, month_number, months_ahead, period_label
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.sql import told_by
from partnerkpi.tally.scores import label_of
from partnerkpi.tally.used_answers import People, PersonAnswer, UsedAnswers

ROLES = {"partner": told_by("partner", "VARCHAR"), "respondent": told_by("who", "VARCHAR")}
ROLES["dimension region"] = told_by("region", "VARCHAR")
KINDS = {"__score": "DOUBLE", "__day": "TIMESTAMP", "__month": "INTEGER", "__stretch": "INTEGER"}
PERIODS = ["all", "month", "quarter", "year", fiscal("quarter", 2)]


@dataclass(frozen=True)
class Answer:
    """An answer that counts, as it is to be understood."""

    partner: str | None
    who: str | None
    region: str | None
    day: dt.date | None
    score: float
    label: str | None


def answers_of(
    rows: Sequence[Mapping[str, Any]], period: Period, roles: Mapping[str, str] = ROLES, *, several: bool = False
) -> UsedAnswers:
    """Return rows, each with the reason why it does not count, as the answers come from being marked."""
    engine = new_engine()
    connection = engine.connection
    columns = ", ".join(f'"{name}" {KINDS.get(name, "VARCHAR")}' for name in rows[0])
    connection.execute(f"CREATE TABLE marked ({columns})")
    marks = ", ".join("?" for _ in rows[0])
    connection.executemany(f"INSERT INTO marked VALUES ({marks})", [list(row.values()) for row in rows])
    stretch = f"(__month + {months_ahead(period)}) // {UNITS[period]}" if period != "all" else "NULL"
    rows = Rows(engine, f"SELECT * REPLACE (CAST({stretch} AS INTEGER) AS __stretch) FROM marked")
    return UsedAnswers(rows, period, roles, several=several)


def some_rows() -> list[dict[str, Any]]:
    """Return 160 answers of a year and a half, some of which do not count, have no date, no person or no partner."""
    chance = Random(11)
    rows = []
    for after in chance.sample(range(540), 160):  # no two on one day: which is the later would be anybody's guess
        day = None if chance.random() < 0.05 else dt.datetime(2025, 1, 1) + dt.timedelta(days=after, hours=9)
        rows.append(
            {
                "partner": chance.choice(("Acme", "Bolt", None)),
                "who": chance.choice(("a", "b", " c ", "", None)),
                "region": chance.choice(("North", "North\t", " South", "", None)),
                "__score": float(chance.randrange(11)),
                "__day": day,
                "__month": day and month_number(day.date()),
                "__stretch": None,
                "__reason": chance.choice((None, None, None, "duplicate respondent")),
            }
        )
    return rows


def one_by_one(rows: Sequence[Mapping[str, Any]], period: Period) -> list[Answer]:
    """Return the answers that count."""
    found = []
    for row in rows:
        if row["__reason"] is None:
            month, day = row["__month"], row["__day"]
            label = None if month is None or period == "all" else period_label(month, period)
            who, region = ((row[name] or "").strip() or None for name in ("who", "region"))
            found.append(Answer(row["partner"], who, region, day and day.date(), row["__score"], label))
    return found


@pytest.mark.parametrize("period", PERIODS)
def test_segments_and_people_of_each_period(period: Period) -> None:
    """A region is its text without outer blanks; who answered the same partner in an earlier period comes back."""
    rows = some_rows()
    answers, expected = answers_of(rows, period), one_by_one(rows, period)
    segments: defaultdict[tuple[str | None, str | None], list[float]] = defaultdict(list)
    people: defaultdict[str | None, set[tuple[str | None, str]]] = defaultdict(set)
    for one in expected:
        segments[one.region, one.label].append(one.score)
        if one.who is not None:
            people[one.label].add((one.partner, one.who))
    assert answers.segments()["region"] == {key: ScoreTally.from_scores(scores) for key, scores in segments.items()}
    assert answers.people() == {
        label: People(
            len(those),
            sum(any(one in people[before] for before in people if before and before < label) for one in those)
            if label
            else 0,
        )
        for label, those in people.items()
    }


def call_order(one: PersonAnswer, values: Mapping[str, float]) -> tuple[Any, ...]:
    """Return what calls are sorted by: value, detractors first, the lowest score, names; who has none is last."""
    value = -values[one.partner] if one.partner in values else math.inf
    names = [(name is None, name or "") for name in (one.partner, one.respondent)]
    return value, one.score >= 7, one.score, *names


@pytest.mark.parametrize("period", PERIODS)
def test_whom_to_call(period: Period) -> None:
    """Detractors of a period, and passives who were promoters of the same partner when they answered last before it."""
    rows = some_rows()
    answers, expected = answers_of(rows, period), one_by_one(rows, period)
    for label in sorted({one.label for one in expected if one.label}) or [None]:
        voices = []
        for one in expected:
            earlier = [
                (old.day or dt.date.min, old.score)
                for old in expected
                if one.who and (old.who, old.partner) == (one.who, one.partner)
                if label and old.label and old.label < label
            ]
            before = max(earlier)[1] if earlier else None
            if label in (None, one.label) and (one.score < 7 or (one.score < 9 and before is not None and before >= 9)):
                voices.append(PersonAnswer(one.partner, one.who, one.day, one.score, before))
        assert sorted(map(repr, answers.to_call(label).listed)) == sorted(map(repr, voices))
        for most, values in ((7, {}), (3, {"Bolt": 5.0}), (9, {"Acme": 1.0, "Bolt": 2.0}), (500, {})):
            first = sorted(voices, key=lambda one: call_order(one, values))[:most]
            found = answers.to_call(label, most, values)
            assert [call_order(one, values) for one in found.listed] == [call_order(one, values) for one in first]
            others = Counter((one.partner, one.score < 7) for one in voices)
            others.subtract(Counter((one.partner, one.score < 7) for one in found.listed))
            assert found.more == {key: count for key, count in others.items() if count}


@pytest.mark.parametrize("period", PERIODS)
def test_scores_come_in_an_order_that_is_always_the_same(period: Period) -> None:
    """By partner, nobody's last, period, day and score; without a date only on a page of all time."""
    rows = some_rows()
    answers = answers_of(rows, period)
    found = list(answers.scores())
    known = [one for one in one_by_one(rows, period) if period == "all" or one.label is not None]
    assert sorted(map(repr, found)) == sorted(repr((one.partner, one.label, one.day, one.score)) for one in known)
    assert found == sorted(
        found, key=lambda one: (one[0] is None, one[0] or "", one[1] or "", one[2] or dt.date.max, one[3])
    )


def test_a_table_without_dates_has_one_period_and_no_days() -> None:
    """A role without a column is nobody's."""
    undated = {"__day": None, "__month": None, "__stretch": None, "__reason": None}
    rows = [{"__score": 9.0, "who": "a", **undated}, {"__score": 3.0, "who": "a", **undated}]
    answers = answers_of(rows, "all", {"respondent": told_by("who", "VARCHAR")})
    assert answers.people() == {None: People(1, 0)}
    assert answers.to_call(None).listed == (PersonAnswer(None, "a", None, 3.0),)
    assert answers.dimensions == {}


def test_of_several_waves_in_a_period_the_latest_answer_calls() -> None:
    """Who was low in spring and high in autumn needs no call on a page of a year; nobody's answers stand alone."""
    spring, autumn = dt.datetime(2026, 4, 2), dt.datetime(2026, 10, 2)
    told = [("a", spring, 3.0), ("a", autumn, 9.0), ("b", spring, 9.0), ("b", autumn, 2.0), (None, spring, 1.0)]
    rows = [
        {
            **{"partner": "Acme", "who": who, "region": None, "__score": score, "__day": day},
            **{"__month": month_number(day.date()), "__stretch": None, "__reason": None},
        }
        for who, day, score in [*told, (None, spring, 0.0)]
    ]
    for period, label in (("year", "2026"), ("all", None)):
        calls = answers_of(rows, period, several=True).to_call(label).listed
        assert [(one.respondent, one.score) for one in calls] == [(None, 0.0), (None, 1.0), ("b", 2.0)]


@pytest.mark.parametrize("period", PERIODS[1:])
def test_a_period_and_its_number_are_one(period: Period) -> None:
    """The number under which a period stands leads back to its name; what has no period has no name."""
    answers = answers_of(some_rows(), period)
    for month in range(month_number(dt.date(2024, 11, 1)), month_number(dt.date(2026, 3, 1))):
        name = period_label(month, period)
        assert label_of(answers.stretch(name), period) == name
    assert label_of(None, period) is None
