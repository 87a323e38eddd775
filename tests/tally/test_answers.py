"""Answers that stand for several, that are to another question, or whose rows have no order; and who gave them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from counted import shared_engine, table_from

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import Period, fiscal
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.engine import Engine
from partnerkpi.tally.facts import (
    ERROR,
    FAR,
    NO_NUMBER,
    OF_OTHERS,
    OTHER,
    OUTSIDE,
    RANGE,
    REASON_OF,
    REPEATED,
    TEXT,
    UNDATED,
    Answers,
    Duplicates,
)
from partnerkpi.tally.pairs import pairs_by
from partnerkpi.tally.scores import tally
from partnerkpi.tally.several import Several

NUMBER = {reason: number for number, reason in REASON_OF.items()}
COLUMNS = {"partner": "VARCHAR", "who": "VARCHAR", "day": "TIMESTAMP", "score": "DOUBLE", "asked": "VARCHAR"}


class Unordered:
    """The engine, which says of itself that its rows have no places, as those of a server."""

    has_order = False

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


def rows_of(rows: Sequence[tuple[Any, ...]], columns: dict[str, str] | None = None, *, ordered: bool = True) -> Rows:
    """Return rows with their places, of an engine whose rows have an order or have none."""
    kinds = {"__place": "BIGINT"} | (columns or COLUMNS)
    engine = shared_engine()
    named = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    engine.connection.execute(f"CREATE OR REPLACE TABLE rows_of_answers ({named})")
    marks = ", ".join("?" for _ in kinds)
    full = [[place, *row] for place, row in enumerate(rows, 2)]
    engine.connection.executemany(f"INSERT INTO rows_of_answers VALUES ({marks})", full)
    backend: Any = engine if ordered else Unordered(engine)
    return Rows(backend, "SELECT * FROM rows_of_answers")


def answers(rows: Rows, **options: Any) -> Answers:
    told = {"partner": ("partner", "VARCHAR"), "respondent": ("who", "VARCHAR"), "day": "day"}
    return Answers(rows, "score", "DOUBLE", **(told | options))


GIVEN = [
    ("Acme", "a", "2026-01-05", 3, "nps"),
    ("Acme", " A ", "2026-02-05", 9, "nps"),
    ("Acme", "a", "2026-04-05", 7, "nps"),
    ("Bolt", "a", "2026-02-05", 10, "nps"),
    ("Bolt", "b", "2026-02-05", 6, "csat"),
    ("Bolt", "b", "2026-02-05", 8, "nps"),
    ("Bolt", "b", "2026-02-05", 2, "nps"),
    ("Bolt", None, "2026-02-05", 2, "nps"),
    ("Bolt", None, "2026-02-05", 2, "nps"),
    (None, "c", None, 9, "nps"),
    (None, "c", "2026-02-05", 11, "nps"),
]


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize(
    ("duplicates", "acme", "bolt", "aside"),
    [
        ("latest", ScoreTally(0, 1, 1), (3, 0, 1), 3),
        ("first", ScoreTally(1, 1, 0), (3, 0, 1), 3),
        ("all", ScoreTally(1, 1, 1), (4, 1, 1), 0),
    ],
)
def test_one_answer_of_a_person_in_a_wave(
    duplicates: Duplicates, acme: ScoreTally, bolt: tuple[int, int, int], aside: int, *, ordered: bool
) -> None:
    """The latest or the first; of two at one time the one below, without an order the lower score."""
    rows = rows_of(GIVEN, ordered=ordered)
    told = answers(rows, duplicates=duplicates)
    by_partner = tally(told, ["partner"])
    assert [(cell.group[0], cell.tally) for cell in by_partner.cells] == [
        (None, ScoreTally(0, 0, 1)),
        ("Acme", acme),
        ("Bolt", ScoreTally(*bolt)),
    ]
    assert by_partner.set_aside == {RANGE: 1} | ({REPEATED: aside} if aside else {})
    whole = ScoreTally.pooled(cell.tally for cell in by_partner.cells)
    for by in ([], ["asked"], ["partner", "asked"]):
        found = tally(told, by)
        assert ScoreTally.pooled(cell.tally for cell in found.cells) == whole
        assert (found.set_aside, found.rows_read) == (by_partner.set_aside, len(GIVEN))
    if ordered and duplicates != "all":
        found = tally(told, ["partner", "asked"], Several.of(told, ["partner", "asked"]))
        assert (found.cells, found.set_aside) == (tally(told, ["partner", "asked"]).cells, by_partner.set_aside)


@pytest.mark.parametrize("ordered", [True, False])
def test_the_score_decides_or_the_place(*, ordered: bool) -> None:
    """Of a 9 and a 2 at one time, the 9 lower in the file, one counts; who has no time is before all others."""
    rows = [("Acme", "a", "2026-02-05", 2, ""), ("Acme", "a", "2026-02-05", 9, ""), ("Acme", "a", None, 7, "")]
    for duplicates, latest in (("latest", ScoreTally(0, 0, 1) if ordered else ScoreTally(1, 0, 0)), ("first", None)):
        expected = latest or ScoreTally(0, 1, 0)
        told = answers(rows_of(rows, ordered=ordered), duplicates=duplicates, wave="all")
        for by in ([], ["partner"], ["asked"]):
            assert [cell.tally for cell in tally(told, by).cells] == [expected]
        dated = answers(rows_of(rows[:2], ordered=ordered), duplicates=duplicates, wave="all")
        first = ScoreTally(1, 0, 0)
        assert [cell.tally for cell in tally(dated, []).cells] == [expected if duplicates == "latest" else first]


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("period", ["week", "month", "quarter", "year", fiscal("quarter", 2), fiscal("year", 2), "all"])
@pytest.mark.parametrize("wave", ["month", "quarter", "year", fiscal("quarter", 2)])
def test_waves_and_periods_are_counted_alike_by_person_and_row_by_row(
    period: Period, wave: Period, *, ordered: bool
) -> None:
    """By partner, where persons are counted at once, and by another column, where each row is looked at."""
    days = [dt.datetime(2026, 1, 1) + dt.timedelta(days=9 * step, hours=step) for step in range(40)]
    rows = [(f"P{n % 2}", f"w{n % 3}" if n % 5 else None, day, (n * 7) % 11, f"P{n % 2}") for n, day in enumerate(days)]
    told = answers(rows_of(rows, ordered=ordered), period=period, wave=wave)
    by_person, by_row = tally(told, ["partner"]), tally(told, ["asked"])
    assert by_person.cells == tuple(cell for cell in by_row.cells if cell in by_person.cells or cell.rows)
    assert by_person.set_aside == by_row.set_aside
    if wave == "month":
        persons = {(who, partner, day.month, day.year) for partner, who, day, _, _ in rows if who is not None}
        assert by_person.rows_used == len(persons) + sum(who is None for _, who, *_ in rows)


def test_answers_to_another_question_do_not_count() -> None:
    """They displace none, have no score, and are told apart from what is no answer."""
    told = answers(rows_of(GIVEN), other="asked = 'csat'", duplicates="first")
    found = tally(told, ["partner"])
    assert found.set_aside == {RANGE: 1, REPEATED: 2, OTHER: 1}
    assert [cell.tally for cell in found.cells] == [ScoreTally(0, 0, 1), ScoreTally(1, 1, 0), ScoreTally(2, 1, 1)]
    rows = told.labelled().fetch("SELECT __place, __score, __reason FROM __rows WHERE asked = 'csat'")
    assert rows == [(6, None, OTHER)]


WEIGHED = {"partner": "VARCHAR", "__answer": "INTEGER", "__weight": "BIGINT", "__first": "INTEGER", "__lost": "INTEGER"}


def test_rows_that_stand_for_several_answers() -> None:
    """Rows are counted once and answers as often as they say; a row that does not count has its reason once."""
    rows = rows_of(
        [
            *(("Acme", 9, 40, 1, None), ("Acme", 7, 10, 0, None), ("Acme", 0, 5, 0, None)),
            *(("Bolt", 9, None, 1, NUMBER[NO_NUMBER]), ("Bolt", 7, None, 0, NUMBER[NO_NUMBER])),
            *(("All", 9, None, 1, NUMBER[OF_OTHERS]), ("Cove", 11, 3, 1, None)),
        ],
        WEIGHED,
    )
    told = Answers(rows, "__answer", "INTEGER", ("partner", "VARCHAR"), weighed=True)
    found = tally(told, ["partner"])
    assert {cell.group[0]: (cell.tally, cell.rows) for cell in found.cells} == {
        "Acme": (ScoreTally(5, 10, 40), 1),
        "All": (ScoreTally(), 0),
        "Bolt": (ScoreTally(), 0),
        "Cove": (ScoreTally(), 0),
    }
    assert found.set_aside == {RANGE: 1, NO_NUMBER: 1, OF_OTHERS: 1}
    assert (found.rows_read, found.responses) == (4, 55)
    labelled = told.labelled().fetch("SELECT partner, __answer, __reason FROM __rows ORDER BY __place")
    assert labelled == [
        *(("Acme", 9, None), ("Acme", 7, None), ("Acme", 0, None)),
        *(("Bolt", 9, NO_NUMBER), ("All", 9, OF_OTHERS), ("Cove", 11, RANGE)),
    ]


@pytest.mark.parametrize("ordered", [True, False])
def test_answers_of_those_who_are_known(*, ordered: bool) -> None:
    """Person, partner, period and score, with what else is asked for; from what was counted, the band of each alone."""
    told = answers(rows_of(GIVEN, ordered=ordered), period="quarter")
    shown = "SELECT person, partner, stretch, score"
    first, later, low = 2026 * 4, 2026 * 4 + 1, 2.0
    expected = [
        *(("a", "Acme", first, 9.0), ("a", "Acme", later, 7.0), ("a", "Bolt", first, 10.0)),
        *(("b", "Bolt", first, low), ("c", None, None, 9.0)),
    ]
    order = "FROM __rows ORDER BY partner NULLS LAST, person, stretch"
    assert told.of_persons({}).fetch(f"{shown} {order}") == expected
    known = told.of_persons({"question": "asked"}).fetch(f"{shown}, question {order}")
    assert known == [(*row, "nps") for row in expected]
    bands = told.of_persons({}, told.by_person()).fetch(f"{shown} {order}")
    assert bands == [(*row[:3], 9 if row[3] >= 9 else 7 if row[3] >= 7 else 0) for row in expected]
    assert told.of_persons({"q": "asked"}, told.by_person()).fetch(f"{shown}, q {order}") == known
    nobody = answers(rows_of(GIVEN), respondent=None, period="quarter")
    assert not nobody.compete


@pytest.mark.parametrize(
    ("period", "wave", "options", "several"),
    [
        ("year", "quarter", {}, True),
        ("quarter", "quarter", {}, False),
        ("month", "quarter", {}, False),
        ("week", "quarter", {}, True),
        ("all", "quarter", {}, True),
        ("all", "all", {}, False),
        ("year", "all", {}, False),
        ("year", "quarter", {"duplicates": "all"}, False),
        ("all", "quarter", {"day": None}, False),
        ("year", "quarter", {"respondent": None}, False),
    ],
)
def test_whether_a_person_may_have_several_answers_in_a_period(
    period: Period, wave: Period, options: dict[str, Any], *, several: bool
) -> None:
    """One of each wave that the period holds, or that a week lies in."""
    assert answers(rows_of(GIVEN), period=period, wave=wave, **options).several == several


def test_answers_of_a_table(tmp_path: Path) -> None:
    """Columns are taken by name with their types; an expression is a text in the score's place."""
    table = table_from("who;partner;score\na;Acme;9\na;Acme;3\nb;Acme;x7\nc;Acme;#N/A", tmp_path)
    told = Answers.of(table, "score", partner="partner", respondent="who", duplicates="first")
    assert (told.partner, told.respondent, told.kind) == (("partner", "VARCHAR"), ("who", "VARCHAR"), "VARCHAR")
    found = tally(told)
    assert found.set_aside == {TEXT: 1, ERROR: 1, REPEATED: 1}
    assert [cell.tally for cell in found.cells] == [ScoreTally(0, 0, 1)]
    without = Answers.of(table, "score", expression="ltrim(score, 'x')")
    assert (without.partner, without.respondent, without.kind) == (None, None, "VARCHAR")
    assert tally(without).responses == 3
    assert "__place" not in without.rows.columns


def test_days_that_do_not_count() -> None:
    """Far from all others, outside the window, or none, each with the first and last day that count."""
    days = ["2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01", "2030-01-01", None]
    rows = [("Acme", None, day, 9, "") for day in days] + [("Acme", None, None, 11, "")]
    window, near = (dt.date(2026, 1, 1), dt.date(2026, 3, 31)), (None, dt.date(2029, 1, 1))
    found = tally(answers(rows_of(rows), window=window, near=near, period="quarter"))
    assert found.set_aside == {RANGE: 1, UNDATED: 1, FAR: 1, OUTSIDE: 2}
    assert {(cell.period, cell.tally.responses) for cell in found.cells} == {("2026-Q1", 2), (None, 0)}
    undated = tally(answers(rows_of(rows), near=near, period="quarter"))
    assert (undated.set_aside, undated.undated) == ({RANGE: 1, FAR: 1}, 1)
    near_only = tally(answers(rows_of(rows), near=(dt.date(2026, 1, 1), None)))
    assert near_only.set_aside == {RANGE: 1, FAR: 1}


@pytest.mark.parametrize("duplicates", ["latest", "first"])
@pytest.mark.parametrize("wave", ["month", "quarter", "year", "all"])
def test_pairs_of_those_who_answered_several_times_are_those_of_all(wave: Period, duplicates: Duplicates) -> None:
    """Nobody with one answer is in a pair: the persons with several give the same, of a region each or together."""
    days = [dt.datetime(2026, 1, 1) + dt.timedelta(days=11 * step) for step in range(60)]
    rows = [(f"P{n % 2}", f"w{n * n % 7}", day, (n * 7) % 11, f"region {n % 5 // 3}") for n, day in enumerate(days)]
    rows += [("P0", "once", "2026-01-01", 9, "region 0"), ("P0", None, "2026-01-01", 9, "region 0")]
    told = answers(rows_of(rows), period="quarter", wave=wave, duplicates=duplicates)
    several = Several.of(told, ["asked"])
    ways: list[Sequence[str]] = [(), ("region",)]
    narrow = pairs_by(several.of_persons({"region": "g0"}), "quarter", ways, once=not told.several, narrowed=True)
    assert narrow == pairs_by(told.of_persons({"region": "asked"}), "quarter", ways)
    assert bool(narrow[0]) == (wave != "all")
    known = several.of_persons({"region": "g0"})
    assert known.fetch("SELECT count(*) FROM __rows WHERE region IS NULL OR person IS NULL") == [(0,)]
    assert set(known.fetch("SELECT DISTINCT score FROM __rows")) == {(0,), (7,), (9,)}
    found = tally(told, ["asked"], several)
    assert (found.cells, found.set_aside) == (tally(told, ["asked"]).cells, tally(told, ["asked"]).set_aside)


def test_persons_that_were_counted_before_are_not_counted_again() -> None:
    """What is known of persons is taken as it is given; by another column each row is looked at."""
    told = answers(rows_of(GIVEN))
    persons = told.by_person().where("\"__with\" = 'Acme'")
    assert [cell.group for cell in tally(told, ["partner"], persons).cells] == [("Acme",)]
    assert len(tally(told, ["asked"], persons).cells) == 2
