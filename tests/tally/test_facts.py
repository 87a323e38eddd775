"""What every answer counts as, against the same answers gone through one by one."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import pytest
from counted import new_engine

from partnerkpi.periods import Period, fiscal, month_number, months_ahead
from partnerkpi.tables.backend import Rows
from partnerkpi.tally.facts import BLANK, DUPLICATES, RANGE, REASON_OF, REPEATED, TEXT, Answers, Duplicates
from partnerkpi.tally.scores import label_of, tally

TEXTS = {
    "9": 9, " 10 ": 10, "7,5": 7.5, "8.9999": 8.9999, "0": 0, "6.999": 6.999, "1e1": 10, "+3": 3, ".5": 0.5,
    "10.0001": 10.0001, "-1": -1, "1e999": float("inf"), "\u00a09": 9,
}  # fmt: skip
PERIODS: list[Period] = ["all", "month", "quarter", "year", fiscal("quarter", 2), fiscal("year", 4)]


@dataclass(frozen=True)
class Row:
    """A row as the file has it."""

    place: int
    score: str | None
    partner: str | None
    who: str | None
    region: str | None
    day: dt.datetime | None


def some_rows() -> list[Row]:
    """Return 1,200 rows of few people on few days, so that many fall together, on one moment too."""
    chance = Random(5)
    scores = [*TEXTS, *TEXTS, "", " ", None, "n/a", "NaN", "-", "seven", "9/10", "nine", "٧"]
    return [
        Row(
            place,
            chance.choice(scores),
            chance.choice(("Acme", " Acme", "Bolt\t", "O'Neil", "", None)),
            chance.choice(("a", " a", "b", "\u00a0c", "Ünal", "", "  ", None)),
            chance.choice(("EMEA", "APAC", None)),
            chance.choice([None, *(dt.datetime(2025, 1, 1) + dt.timedelta(days=20 * step) for step in range(30))]),
        )
        for place in range(1, 1201)
    ]


ROWS = some_rows()


@pytest.fixture(scope="module")
def rows() -> Rows:
    engine = new_engine()
    engine.connection.execute(
        "CREATE TABLE given (__place BIGINT, score VARCHAR, partner VARCHAR, who VARCHAR, region VARCHAR, "
        "day TIMESTAMP)"
    )
    engine.connection.executemany(
        "INSERT INTO given VALUES (?, ?, ?, ?, ?, ?)",
        [(row.place, row.score, row.partner, row.who, row.region, row.day) for row in ROWS],
    )
    return Rows(engine, "SELECT * FROM given")


def text(cell: str | None) -> str | None:
    """Return a text without outer blanks, None where nothing is left."""
    return (cell or "").strip() or None


def alone(row: Row) -> str | float:
    """Return the score of a row, or why it has none that counts."""
    if text(row.score) is None or (row.score or "").strip().lower() in ("n/a", "nan", "-"):
        return BLANK
    if row.score not in TEXTS:
        return TEXT
    return TEXTS[row.score] if 0 <= TEXTS[row.score] <= 10 else RANGE


def stretch(row: Row, period: Period) -> int | None:
    """Return the number of a row's period."""
    if row.day is None or period == "all":
        return None
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    return (month_number(row.day.date()) + months_ahead(period)) // months


def one_by_one(wave: Period, duplicates: Duplicates, *, dated: bool = True) -> dict[int, str | float]:
    """Return the score of each row that counts, and the reason of each other, by place."""
    found = {row.place: alone(row) for row in ROWS}
    persons: defaultdict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in ROWS:
        if not isinstance(found[row.place], str) and text(row.who) is not None:
            persons[text(row.who), text(row.partner), stretch(row, wave)].append(row)
    if duplicates != "all":
        for answers in persons.values():
            order = sorted(answers, key=lambda row: ((row.day or dt.datetime.min) if dated else 0, row.place))
            for row in order[:-1] if duplicates == "latest" else order[1:]:
                found[row.place] = REPEATED
    return found


def answers_of(
    rows: Rows, period: Period, duplicates: Duplicates, wave: Period = "quarter", *, dated: bool = True
) -> Answers:
    """Return the rows as answers to be counted."""
    partner, who = ("partner", "VARCHAR"), ("who", "VARCHAR")
    return Answers(rows, '"score"', "VARCHAR", partner, who, '"day"' if dated else None, period, duplicates, wave=wave)


def cases() -> Iterator[tuple[Period, Duplicates, Period]]:
    """Yield every period with every rule for repeated answers, in waves as long, longer, shorter and across."""
    for period in PERIODS:
        for duplicates in DUPLICATES:
            yield period, duplicates, "quarter"
        for wave in (period, "all", "month", fiscal("quarter", 2)):
            yield period, "first", wave


@pytest.mark.parametrize(("period", "duplicates", "wave"), list(cases()))
def test_each_row_has_its_reason(rows: Rows, period: Period, duplicates: Duplicates, wave: Period) -> None:
    """A blank, a text, a number outside and a repeated answer are told apart, row by row; what counts has its score."""
    expected = one_by_one(wave, duplicates)
    found = answers_of(rows, period, duplicates, wave).labelled()
    for place, score, reason, number in found.fetch("SELECT __place, __score, __reason, __stretch FROM __rows"):
        assert expected[place] == (reason if reason is not None else score)
        assert number == stretch(ROWS[place - 1], period)


@pytest.mark.parametrize("by", [(), ("partner",), ("region",), ("region", "partner")])
@pytest.mark.parametrize(("period", "duplicates", "wave"), list(cases()))
def test_groups_are_counted_as_their_rows(
    rows: Rows, period: Period, duplicates: Duplicates, wave: Period, by: tuple[str, ...]
) -> None:
    """By partner, where the person tells all, and by anything else: bands, reasons and rows add up."""
    expected = one_by_one(wave, duplicates)
    bands: defaultdict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in ROWS:
        group = tuple(text(getattr(row, name)) for name in by)
        counts = bands[group, label_of(stretch(row, period), period)]
        score = expected[row.place]
        if not isinstance(score, str):
            counts[0 if score < 7 else 1 if score < 9 else 2] += 1
    found = tally(answers_of(rows, period, duplicates, wave), by)
    cells = {
        (cell.group, cell.period): [cell.tally.detractors, cell.tally.passives, cell.tally.promoters]
        for cell in found.cells
    }
    assert cells == dict(bands)
    assert found.set_aside == Counter(reason for reason in expected.values() if isinstance(reason, str))
    assert list(found.set_aside) == [reason for reason in REASON_OF.values() if reason in found.set_aside]
    assert found.rows_read == len(ROWS)
    undated = sum(not isinstance(expected[row.place], str) for row in ROWS if row.day is None)
    assert found.undated == (0 if period == "all" else undated)


@pytest.mark.parametrize("duplicates", DUPLICATES)
def test_without_a_time_the_place_decides(rows: Rows, duplicates: Duplicates) -> None:
    """The row that is lower in the file is the later answer."""
    expected = one_by_one("all", duplicates, dated=False)
    answers = answers_of(rows, "all", duplicates, "quarter", dated=False)
    found = dict(answers.labelled().fetch("SELECT __place, __reason FROM __rows"))
    assert {place for place, reason in found.items() if reason is None} == {
        place for place, score in expected.items() if not isinstance(score, str)
    }
    assert tally(answers, ("partner",)).rows_used == sum(reason is None for reason in found.values())


@pytest.mark.parametrize(
    ("kind", "values", "counts", "aside"),
    [
        ("DOUBLE", [6.9999, 7, 9, 10, -0.0, "nan", "inf", "-inf", None, 10.0001], (2, 1, 2), {BLANK: 2, RANGE: 3}),
        ("FLOAT", [0, 7, 9.5, "nan", None, 11], (1, 1, 1), {BLANK: 2, RANGE: 1}),
        ("DECIMAL(20,18)", ["6.999999999999999999", "9", None, "10.5"], (1, 0, 1), {BLANK: 1, RANGE: 1}),
        ("UTINYINT", [0, 8, 10, 200, None], (1, 1, 1), {BLANK: 1, RANGE: 1}),
        ("HUGEINT", [-1, 8, None], (0, 1, 0), {BLANK: 1, RANGE: 1}),
        ("BOOLEAN", [True, False, None], (0, 0, 0), {BLANK: 1, TEXT: 2}),
        ("DATE", ["2026-01-09", None], (0, 0, 0), {BLANK: 1, TEXT: 1}),
    ],
)
def test_types(kind: str, values: list[object], counts: tuple[int, ...], aside: dict[str, int]) -> None:
    """NaN is blank and infinity outside; a decimal just below 7 is a detractor; dates and truths are texts."""
    engine = new_engine()
    engine.connection.execute(f"CREATE TABLE typed (__place BIGINT, v {kind})")
    engine.connection.executemany("INSERT INTO typed VALUES (?, ?)", list(enumerate(values)))
    found = tally(Answers(Rows(engine, "SELECT * FROM typed"), '"v"', kind))
    (cell,) = found.cells
    assert (cell.tally.detractors, cell.tally.passives, cell.tally.promoters) == counts
    assert found.set_aside == aside


@pytest.mark.parametrize("duplicates", DUPLICATES)
@pytest.mark.parametrize("period", ["all", "month", "year"])
def test_the_whole_is_the_same_whatever_period_is_shown(rows: Rows, period: Period, duplicates: Duplicates) -> None:
    """A year is the sum of its quarters, and all of it that of its months: one answer of a person counts in a wave."""

    def whole(shown: Period) -> tuple[int, ...]:
        cells = tally(answers_of(rows, shown, duplicates)).cells
        bands = [(one.tally.detractors, one.tally.passives, one.tally.promoters) for one in cells]
        return tuple(map(sum, zip(*bands, strict=True)))

    assert whole(period) == whole("quarter")


@pytest.mark.parametrize("wave", ["quarter", "all"])
def test_an_answer_outside_the_window_does_not_compete(rows: Rows, wave: Period) -> None:
    """Until a day: later answers are set aside, and so are those without a date and those of a mistyped year."""
    first, last, near = dt.date(2025, 2, 10), dt.date(2025, 6, 30), dt.date(2026, 1, 1)
    answers = replace(answers_of(rows, "quarter", "latest", wave), window=(first, last), near=(None, near))
    within = replace(answers, rows=rows.where("day::DATE BETWEEN DATE '2025-02-10' AND DATE '2025-06-30'"))
    found = tally(answers)
    counted = tally(replace(within, window=(None, None), near=(None, None)))
    assert [one for one in found.cells if one.tally.responses] == [one for one in counted.cells if one.tally.responses]
    assert {one.period for one in found.cells} == {None, "2025-Q1", "2025-Q2"}
    aside = Counter(
        "no date"
        if row.day is None
        else "date far from all others"
        if row.day.date() > near
        else "date outside the window"
        for row in ROWS
        if not isinstance(alone(row), str) and not (row.day is not None and first <= row.day.date() <= last)
    )
    assert {reason: found.set_aside[reason] for reason in aside} == aside
