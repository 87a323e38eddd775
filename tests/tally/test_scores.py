"""Counts of answers by group and period from a frame, and which periods are compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest
from counted import shared_engine

from partnerkpi.errors import OpenQuestion, UsageError
from partnerkpi.kpi.conditional import Pairs
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import Period, fiscal
from partnerkpi.tables.backend import Rows
from partnerkpi.tally.facts import Answers
from partnerkpi.tally.pairs import _are_compared, pairs_by, steps_back
from partnerkpi.tally.scores import Cell, label_of, tally_scores
from partnerkpi.tally.used_answers import People, PersonAnswer, ToCall, UsedAnswers

FRAME = pd.DataFrame(
    {
        "who": ["a", "A", "b", "b", None],
        "partner": ["Acme", "Acme", "Acme", "Bolt", "Bolt"],
        "region": ["N", "N", "S", "S", None],
        "day": pd.to_datetime(["2026-01-05", "2026-03-01", "2026-02-01", "2026-04-01", None]),
        "score": [3, 9, 7, 10, 2],
    }
)


def test_counts_of_a_frame() -> None:
    """By group and period; of a person the latest answer of each wave, the first, or all; without a date in none."""
    found = tally_scores(
        FRAME, score="score", partner="partner", date="day", respondent="who", by=["region"], period="quarter"
    )
    assert found.cells == (
        Cell((None,), None, ScoreTally(1, 0, 0), 1),
        Cell(("N",), "2026-Q1", ScoreTally(0, 0, 1), 1),
        Cell(("S",), "2026-Q1", ScoreTally(0, 1, 0), 1),
        Cell(("S",), "2026-Q2", ScoreTally(0, 0, 1), 1),
    )
    assert (found.by, found.period, found.rows_read, found.rows_used) == (("region",), "quarter", 5, 4)
    assert (found.set_aside, found.undated, found.responses) == ({"duplicate respondent": 1}, 1, 4)
    options: dict[str, Any] = {"score": "score", "date": "day", "respondent": "who"}
    first = tally_scores(FRAME, **options, duplicates="first").cells
    assert [cell.tally for cell in first] == [ScoreTally(2, 1, 1)]
    assert tally_scores(FRAME, **options, duplicates="all").responses == 5
    assert tally_scores(FRAME, **options, wave="year").responses == 3
    assert tally_scores(FRAME, **options, partner="partner", wave="year").responses == 4
    assert tally_scores(FRAME, **options, wave="month").responses == 5
    assert tally_scores(FRAME, score="score").undated == 0


def test_counts_by_the_first_columns() -> None:
    """The same counts by fewer columns add up, with how many rows they are."""
    both = tally_scores(FRAME, score="score", by=["partner", "region"])
    found = both.by_first(1)
    assert found.by == ("partner",)
    assert set(found.cells) == {
        Cell(("Acme",), None, ScoreTally(1, 1, 1), 3),
        Cell(("Bolt",), None, ScoreTally(1, 0, 1), 2),
    }
    assert (found.rows_read, both.by_first(0).cells) == (5, (Cell((), None, ScoreTally(2, 1, 2), 5),))


def test_what_is_asked_of_a_frame() -> None:
    """A column of dates must hold dates, and a period needs one; names that are no columns are asked about."""
    texts = FRAME.assign(day="2026-01-05")
    with pytest.raises(UsageError) as refused:
        tally_scores(texts, score="score", date="day")
    assert str(refused.value) == "column 'day' holds no dates: name the column that does with --date COLUMN"
    days = FRAME.assign(day=[dt.date(2026, 1, 5)] * 5)
    assert [cell.period for cell in tally_scores(days, score="score", date="day", period="year").cells] == ["2026"]
    with pytest.raises(UsageError, match=r"^a quarter needs a date column: name it with --date COLUMN$"):
        tally_scores(FRAME, score="score", period="quarter")
    with pytest.raises((UsageError, OpenQuestion), match="nowhere"):
        tally_scores(FRAME, score="score", by=["nowhere"])


def test_options_of_answers() -> None:
    """A period, a wave and a rule that are none of the known ones are refused with them all."""
    rows = Rows(shared_engine(), "SELECT 9 AS score, 1 AS __place")
    periods = "all, month, quarter, year"
    for option, what in (("period", periods), ("wave", periods), ("duplicates", "latest, first, all")):
        with pytest.raises(UsageError) as refused:
            Answers(rows, '"score"', "INTEGER", **{option: "sometimes"})  # type: ignore[arg-type]
        assert str(refused.value).startswith(f"{option} 'sometimes' is not one of ")
        assert all(name in str(refused.value) for name in what.split(", "))


# ---- which periods are compared


def test_how_many_periods_back() -> None:
    """To the period before and to the same a year before, which is one for years and none for all time."""
    periods: list[Period] = ["week", "month", "quarter", fiscal("quarter", 2), "year", "all"]
    assert list(map(steps_back, periods)) == [(1, 52, 53), (1, 12), (1, 4), (1, 4), (1,), ()]


@pytest.mark.parametrize(
    ("before", "after", "compared"),
    [
        ("2025-W52", "2026-W01", True),
        ("2025-W01", "2026-W01", True),
        ("2024-W52", "2026-W01", False),
        ("2025-W51", "2026-W01", False),
        ("2025-W53", "2026-W53", False),
    ],
)
def test_weeks_that_are_compared(before: str, after: str, *, compared: bool) -> None:
    """With the week before and the same of the year before, which lies 52 or 53 back; the other of the two is none."""
    assert _are_compared(before, after, "week") == compared
    assert _are_compared(before, after, "quarter")


def test_names_of_periods() -> None:
    """A number of all time has none."""
    assert [label_of(2026 * 4 + 1, "quarter"), label_of(8105, "all"), label_of(None, "year")] == ["2026-Q2", None, None]


# ---- answers that count


def rows_of(rows: Sequence[Mapping[str, Any]]) -> Rows:
    """Return rows as they come from being marked, all of which count unless they say why not."""
    kinds = {
        "__score": "DOUBLE",
        "__day": "TIMESTAMP",
        "__month": "INTEGER",
        "__stretch": "INTEGER",
        "__weight": "BIGINT",
    }
    usual = {"partner": None, "who": None, "region": None, "tier": None, "__reason": None, "__weight": 1}
    full = [usual | dict.fromkeys(("__day", "__month", "__stretch")) | dict(row) for row in rows]
    connection = shared_engine().connection
    columns = ", ".join(f"{name} {kinds.get(name, 'VARCHAR')}" for name in full[0])
    connection.execute(f"CREATE OR REPLACE TABLE answers ({columns})")
    connection.executemany(
        f"INSERT INTO answers VALUES ({', '.join('?' for _ in full[0])})", [list(row.values()) for row in full]
    )
    return Rows(shared_engine(), "SELECT * FROM answers")


TEXTS = {"partner": "partner", "respondent": "who"}
QUARTER: Period = "quarter"


def answer(who: str | None, partner: str | None, day: str | None, score: float, **more: Any) -> dict[str, Any]:
    when = dt.datetime.fromisoformat(day) if day else None
    month = when.year * 12 + when.month - 1 if when else None
    stretch = month // 3 if month is not None else None
    return {
        "who": who,
        "partner": partner,
        "__score": score,
        "__day": when,
        "__month": month,
        "__stretch": stretch,
    } | more


def test_the_answers_of_some_respondents() -> None:
    """All of a person's to a partner, under each name asked for, by day and score; without a date none."""
    rows = [
        answer("Ann", "Acme", "2026-04-02", 9, region="ann"),
        answer("ANN", "Acme", "2026-01-02", 3, region="ann"),
        answer("Ann", "Bolt", "2026-05-02", 1, region="ann"),
        answer("Ben", None, "2026-04-02", 7, region="ben"),
        answer("Ben", None, "2026-04-02", 2, region="ben"),
        answer("Ben", None, None, 5, region="ben"),
        answer("Cid", "Acme", "2026-04-02", 8, region="cid", __reason="no date"),
    ]
    texts = TEXTS | {"person": "region"}
    answers = UsedAnswers(rows_of(rows), QUARTER, texts)
    ann, ben = dt.date(2026, 4, 2), dt.date(2026, 4, 2)
    assert answers.answers_of(["Ann"]) == [
        PersonAnswer("Acme", "Ann", dt.date(2026, 1, 2), 3),
        PersonAnswer("Acme", "Ann", ann, 9),
        PersonAnswer("Bolt", "Ann", dt.date(2026, 5, 2), 1),
    ]
    assert answers.answers_of(["Ben", "Ben", "Cid"]) == [
        PersonAnswer(None, "Ben", ben, 2),
        PersonAnswer(None, "Ben", ben, 7),
    ]
    assert answers.answers_of([]) == []
    assert UsedAnswers(rows_of(rows), QUARTER, texts, weighed=True).answers_of(["Ann"]) == []


def test_waves_of_each_period() -> None:
    """A year may hold answers of two quarters; without a date there is none, nor where all time is one."""
    rows = [answer("a", "Acme", day, 9) for day in ("2026-01-02", "2026-03-31", "2026-04-01", None)]
    marked = [row | {"__stretch": 2026} if row["__day"] else row for row in rows]
    answers = UsedAnswers(rows_of(marked), "year", TEXTS)
    assert answers.waves("quarter") == {"2026": {"2026-Q1", "2026-Q2"}}
    assert answers.waves("month") == {"2026": {"2026-01", "2026-03", "2026-04"}}
    assert answers.waves("all") == {}


def test_segments_of_several_dimensions() -> None:
    """Each dimension divides all answers, by partner; what one of them does not name stands under None."""
    rows = [
        answer("a", "Acme", "2026-01-02", 9, region="N", tier="Gold"),
        answer("b", "Acme", "2026-01-03", 3, region="N", tier=None),
        answer("c", "Bolt", "2026-04-03", 8, region=None, tier="Gold"),
        answer("d", None, "2026-04-03", 0, region="S", tier="Gold"),
    ]
    texts = TEXTS | {"dimension Region": "region", "dimension Tier": "tier"}
    answers = UsedAnswers(rows_of(rows), QUARTER, texts)
    assert answers.dimensions == {"Region": "d0", "Tier": "d1"}
    assert answers.segments_by_partner() == {
        "Region": {
            ("N", "2026-Q1"): {"Acme": ScoreTally(1, 0, 1)},
            (None, "2026-Q2"): {"Bolt": ScoreTally(0, 1, 0)},
            ("S", "2026-Q2"): {None: ScoreTally(1, 0, 0)},
        },
        "Tier": {
            ("Gold", "2026-Q1"): {"Acme": ScoreTally(0, 0, 1)},
            (None, "2026-Q1"): {"Acme": ScoreTally(1, 0, 0)},
            ("Gold", "2026-Q2"): {"Bolt": ScoreTally(0, 1, 0), None: ScoreTally(1, 0, 0)},
        },
    }
    assert answers.segments()["Tier"]["Gold", "2026-Q2"] == ScoreTally(1, 1, 0)
    weights = [row | {"__weight": 10 + number} for number, row in enumerate(rows)]
    weighed = UsedAnswers(rows_of(weights), QUARTER, texts, weighed=True)
    assert weighed.segments()["Region"]["N", "2026-Q1"] == ScoreTally(11, 0, 10)
    assert weighed.segments()["Tier"]["Gold", "2026-Q2"] == ScoreTally(13, 12, 0)
    assert UsedAnswers(rows_of(rows), QUARTER, TEXTS).segments_by_partner() == {}


def test_calls_where_nobody_is_named() -> None:
    """Numbers of answers, or answers without partner and respondent: detractors are counted by partner."""
    rows = [
        answer(None, "Acme", "2026-04-02", 6, __weight=5),
        answer(None, "Acme", "2026-04-03", 3, __weight=7),
        answer(None, "Bolt", "2026-01-03", 3, __weight=2),
        answer(None, "Cove", "2026-04-03", 3, __weight=0),
        answer(None, "Acme", "2026-04-03", 7, __weight=9),
    ]
    weighed = UsedAnswers(rows_of(rows), QUARTER, {"partner": "partner"}, weighed=True)
    assert weighed.to_call("2026-Q2") == ToCall((), {("Acme", True): 12})
    assert weighed.to_call(None) == ToCall((), {("Acme", True): 12, ("Bolt", True): 2})
    assert (list(weighed.scores()), weighed.pairs()) == ([], ({}, {}))
    unnamed = UsedAnswers(rows_of(rows), QUARTER, {})
    assert unnamed.to_call("2026-Q2") == ToCall((), {(None, True): 3})
    of_partners = UsedAnswers(rows_of(rows), QUARTER, {"partner": "partner"})
    assert of_partners.to_call("2026-Q2") == ToCall((), {("Acme", True): 2, ("Cove", True): 1})
    once = UsedAnswers(rows_of(rows[1:4]), QUARTER, {"partner": "partner"}).to_call("2026-Q2")
    assert [one.partner for one in once.listed] == ["Acme", "Cove"]


def test_so_many_calls_are_listed() -> None:
    """The highest value first, detractors before passives, then the lowest score; the others are counted."""
    rows = [
        answer("p", "Acme", "2026-01-02", 9),
        answer("p", "Acme", "2026-04-02", 7),
        answer("q", "Acme", "2026-04-02", 5),
        answer("r", "Bolt", "2026-04-02", 6),
        answer("s", "Bolt", "2026-04-02", 2),
        answer("t", "Cove", "2026-04-02", 0),
        answer("u", None, "2026-04-02", 1),
    ]
    answers = UsedAnswers(rows_of(rows), QUARTER, TEXTS)
    values = {"Bolt": 5.0, "Acme": 5.0, "Cove": 7.0}
    for most, listed, more in (
        (1, "t", {("Acme", True): 1, ("Acme", False): 1, ("Bolt", True): 2, (None, True): 1}),
        (3, "tsq", {("Acme", False): 1, ("Bolt", True): 1, (None, True): 1}),
        (5, "tsqrp", {(None, True): 1}),
        (6, "tsqrpu", {}),
        (9, "tsqrpu", {}),
        (0, "", {("Acme", True): 1, ("Acme", False): 1, ("Bolt", True): 2, ("Cove", True): 1, (None, True): 1}),
    ):
        found = answers.to_call("2026-Q2", most, values)
        assert ("".join(str(one.respondent) for one in found.listed), found.more) == (listed, more)
    passive = answers.to_call("2026-Q2", 5, values).listed[-1]
    assert passive == PersonAnswer("Acme", "p", dt.date(2026, 4, 2), 7, 9)
    assert [one.respondent for one in answers.to_call("2026-Q2").listed] == ["q", "p", "s", "r", "t", "u"]


def test_people_of_answers_that_compete() -> None:
    """Where a person has one answer in a period rows are people, else persons are told apart at each partner."""
    rows = [
        answer("a", "Acme", "2026-01-02", 9),
        answer("a", "Acme", "2026-01-03", 9),
        answer("a", "Bolt", "2026-01-03", 9),
        answer("a", "Acme", "2026-04-03", 9),
        answer("b", "Acme", "2026-04-03", 9),
        answer(None, "Acme", "2026-04-03", 9),
    ]
    told = UsedAnswers(rows_of(rows), QUARTER, TEXTS)
    assert told.people() == {"2026-Q1": People(2, 0), "2026-Q2": People(2, 1)}
    several = UsedAnswers(rows_of(rows), QUARTER, TEXTS, several=True, competing=True)
    assert several.people() == {"2026-Q1": People(2, 0), "2026-Q2": People(2, 1)}
    once = UsedAnswers(rows_of(rows[1:]), QUARTER, TEXTS, competing=True)
    assert once.people() == {"2026-Q1": People(2, 0), "2026-Q2": People(2, 1)}
    assert several.pairs() == ({}, {})  # who answered twice in one of them
    assert once.pairs() == ({(("Acme",), "2026-Q1", "2026-Q2"): Pairs(1, 2, 1)}, {})
    assert told.pairs() == ({}, {})


def test_pairs_in_several_divisions() -> None:
    """Of each division those whose value is the same both times; the sums of -1, 0 and 1 add up by hand."""
    rows = [
        {"person": who, "partner": partner, "region": region, "stretch": 8104 + late, "score": score}
        for who, partner, region, late, score in [
            *(("a", "Acme", "N", 0, 9), ("a", "Acme", "S", 1, 3)),
            *(("b", "Acme", "N", 0, 10), ("b", "Acme", "N", 1, 9)),
            *(("c", "Bolt", None, 0, 8), ("c", "Bolt", None, 1, 0)),
            *(("d", "Bolt", "N", 0, 3), ("d", "Bolt", "N", 4, 6.5), ("d", "Bolt", "N", 4, 6.5)),
            *(("e", None, "N", 0, 7), ("e", None, "N", 4, 9), ("f", "Acme", "N", 0, 9), ("f", "Bolt", "N", 1, 9)),
            *((None, "Acme", "N", 0, 9), (None, "Acme", "N", 1, 9)),
        ]
    ]
    connection = shared_engine().connection
    connection.execute(
        "CREATE OR REPLACE TABLE pairs (person TEXT, partner TEXT, region TEXT, stretch INT, score DOUBLE)"
    )
    connection.executemany("INSERT INTO pairs VALUES (?, ?, ?, ?, ?)", [list(row.values()) for row in rows])
    answers = Rows(shared_engine(), "SELECT * FROM pairs")
    first, later, year = "2026-Q1", "2026-Q2", "2027-Q1"
    found = pairs_by(answers, "quarter", [("partner",), (), ("region",), ("region", "partner")])
    assert found == [
        {
            ((None,), first, year): Pairs(1, 1, 0),
            (("Acme",), first, later): Pairs(2, 2, 0),
            (("Bolt",), first, later): Pairs(1, -1, 0),
        },
        {((), first, later): Pairs(3, 1, 0), ((), first, year): Pairs(1, 1, 0)},
        {
            ((None,), first, later): Pairs(1, -1, 0),
            (("N",), first, later): Pairs(1, 2, 1),
            (("N",), first, year): Pairs(1, 1, 0),
        },
        {
            ((None, "Bolt"), first, later): Pairs(1, -1, 0),
            (("N", None), first, year): Pairs(1, 1, 0),
            (("N", "Acme"), first, later): Pairs(1, 2, 1),
        },
    ]
    assert [list(one) for one in found] == [
        sorted(one, key=lambda key: tuple(v or "" for v in (*key[0], *key[1:]))) for one in found
    ]
    assert pairs_by(answers, "all", [("partner",), ()]) == [{}, {}]


def test_comments_come_with_where_they_stand() -> None:
    """A column of comments is kept beside the answer, with the file, the row and the month; without one none is."""
    where = {"__source": "a.csv", "__row": 7, "__place": 7}
    rows = [answer("a", "Acme", "2026-04-02", 9, said="good", **where), answer("b", None, None, 3, said=None, **where)]
    texts = TEXTS | {"dimension Region": "region"}
    told = UsedAnswers(rows_of(rows), QUARTER, texts, "said").rows
    shown = "partner, respondent, person, d0, day, score, stretch, comment, __score, __source, __row, __month"
    assert told.fetch(f"SELECT {shown} FROM __rows ORDER BY score DESC") == [
        ("Acme", "a", "a", None, dt.date(2026, 4, 2), 9.0, 8105, "good", 9.0, "a.csv", "7", 24315),
        (None, "b", "b", None, None, 3.0, None, None, 3.0, "a.csv", "7", None),
    ]
    assert {"comment", "__row", "answers"}.isdisjoint(UsedAnswers(rows_of(rows), QUARTER, texts).rows.columns)
    weighed = UsedAnswers(rows_of(rows), QUARTER, texts, weighed=True).rows
    assert weighed.fetch("SELECT answers FROM __rows") == [(1,), (1,)]
    undimensioned = UsedAnswers(rows_of(rows), QUARTER, {"partner": "partner"}).rows
    assert undimensioned.fetch("SELECT respondent, person FROM __rows") == [(None, None)] * 2
