"""One expression, many engines: whatever holds the answers, the counts are the same."""

import datetime as dt
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerkpi.errors import UsageError
from partnerkpi.kpi import ScoreTally
from partnerkpi.tally.facts import BLANK, RANGE, REPEATED, TEXT
from partnerkpi.tally.scores import Tallies, tally_scores

NEW_YORK = dt.timezone(dt.timedelta(hours=-4))
ENGINES = ("pandas", "pandas objects", "polars", "polars lazy", "duckdb")


def frame(engine: str, data: dict[str, list[Any]]) -> Any:
    """Return the same columns in an engine's frame."""
    if engine == "pandas":
        return pd.DataFrame(data)
    if engine == "pandas objects":
        return (
            pd.DataFrame(data, dtype=object).infer_objects()
            if _all_one_type(data)
            else pd.DataFrame(data, dtype=object)
        )
    polars = pl.DataFrame(data, strict=False)
    if engine == "polars":
        return polars
    if engine == "polars lazy":
        return polars.lazy()
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Tokyo'")  # a zone that is not the data's must not move an answer
    table = polars.to_arrow()
    connection.register("answers", table)
    return connection.table("answers")


def _all_one_type(data: dict[str, list[Any]]) -> bool:
    return any(isinstance(value, dt.date) for values in data.values() for value in values)


def cells(result: Tallies) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """Return the counts by group and period, detractors first."""
    return {
        (*cell.group, cell.period): (cell.tally.detractors, cell.tally.passives, cell.tally.promoters)
        for cell in result.cells
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers(engine: str) -> None:
    """Null and NaN are blank, below 0 and above 10 (however little) is out of range, bands are half-open."""
    scores = [0.0, 6.0, 6.9999, 7.0, 8.9999, 9.0, 10.0, None, float("nan"), -1.0, -0.0001, 10.0001, 11.0]
    result = tally_scores(frame(engine, {"score": scores}), score="score")
    assert cells(result) == {(None,): (3, 2, 2)}
    assert result.set_aside == {BLANK: 2, RANGE: 4}
    assert result.rows_read == 13


@pytest.mark.parametrize("engine", ENGINES)
def test_texts(engine: str) -> None:
    """Text numbers count, words are set aside as text, and what tools write for "no answer" is blank."""
    scores = [
        "9",
        " 10 ",
        "7.5",
        "8,5",
        "1e1",
        "0",
        "",
        "  ",
        None,
        "NA",
        "n/a",
        "NaN",
        "-",
        "good",
        "9/10",
        "10.0001",
        "-1",
        "٧",
    ]
    result = tally_scores(frame(engine, {"score": scores}), score="score")
    assert cells(result) == {(None,): (1, 2, 3)}
    assert result.set_aside == {BLANK: 7, TEXT: 3, RANGE: 2}


@pytest.mark.parametrize("engine", ["pandas objects"])
def test_mixed_objects(engine: str) -> None:
    """A pandas column of mixed objects is judged value by value: TRUE is a text, not a one."""
    result = tally_scores(frame(engine, {"score": [9, "9", 7.0, True, None, "x", float("nan")]}), score="score")
    assert cells(result) == {(None,): (0, 1, 2)}
    assert result.set_aside == {BLANK: 2, TEXT: 2}


@pytest.mark.parametrize("engine", ENGINES)
def test_whole_numbers(engine: str) -> None:
    """A column of whole numbers without blanks is counted like any other."""
    result = tally_scores(frame(engine, {"score": [0, 6, 7, 8, 9, 10, 11, -5]}), score="score")
    assert cells(result) == {(None,): (2, 2, 2)}
    assert result.set_aside == {RANGE: 2}


@pytest.mark.parametrize("engine", ENGINES)
def test_groups(engine: str) -> None:
    """Groups are told apart by their text without outer blanks; a blank group is None, NAM and NA are names."""
    data = {
        "score": [9.0, 3.0, 8.0, 9.0, 1.0, 10.0],
        "region": ["NAM", " NAM", "NA", "", None, "NA"],
        "size": [1.0, 1.0, 2.5, 2.5, None, 1.0],
    }
    by_region = tally_scores(frame(engine, data), score="score", by=["region"])
    assert cells(by_region) == {("NAM", None): (1, 0, 1), ("NA", None): (0, 1, 1), (None, None): (1, 0, 1)}
    by_size = tally_scores(frame(engine, data), score="score", by=["size"])
    assert cells(by_size) == {("1", None): (1, 0, 2), ("2.5", None): (0, 1, 1), (None, None): (1, 0, 0)}


@pytest.mark.parametrize("engine", ENGINES)
def test_edges_of_a_quarter(engine: str) -> None:
    """The last moment of March is in the first quarter and the first of April in the second; no date is no period."""
    moments = [dt.datetime(2026, 3, 31, 23, 59, 59), dt.datetime(2026, 4, 1), dt.datetime(2025, 12, 31, 12), None]
    data = {"score": [9.0, 9.0, 3.0, 8.0], "when": moments}
    result = tally_scores(frame(engine, data), score="score", date="when", period="quarter")
    assert cells(result) == {
        ("2026-Q1",): (0, 0, 1),
        ("2026-Q2",): (0, 0, 1),
        ("2025-Q4",): (1, 0, 0),
        (None,): (0, 1, 0),
    }
    assert result.undated == 1
    yearly = tally_scores(frame(engine, data), score="score", date="when", period="year")
    assert cells(yearly) == {("2026",): (0, 0, 2), ("2025",): (1, 0, 0), (None,): (0, 1, 0)}
    monthly = tally_scores(frame(engine, data), score="score", date="when", period="month")
    assert cells(monthly) == {
        ("2026-03",): (0, 0, 1),
        ("2026-04",): (0, 0, 1),
        ("2025-12",): (1, 0, 0),
        (None,): (0, 1, 0),
    }


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine != "pandas objects"])
def test_instants_are_counted_in_utc(engine: str) -> None:
    """23:30 on 31 March in New York is April in UTC, on every engine and whatever zone its connection is set to."""
    data = {"score": [9.0], "when": [dt.datetime(2026, 3, 31, 23, 30, tzinfo=NEW_YORK)]}
    result = tally_scores(frame(engine, data), score="score", date="when", period="quarter")
    assert cells(result) == {("2026-Q2",): (0, 0, 1)}


@pytest.mark.parametrize("engine", ENGINES)
def test_plain_dates(engine: str) -> None:
    """A column of days without times is a date column."""
    data = {"score": [9.0, 2.0], "when": [dt.date(2026, 9, 30), dt.date(2026, 10, 1)]}
    if engine == "pandas objects":
        data["when"] = list(pd.to_datetime(data["when"]))
    result = tally_scores(
        frame("pandas" if engine == "pandas objects" else engine, data)
        if engine != "pandas"
        else pd.DataFrame({"score": data["score"], "when": pd.to_datetime(data["when"])}),
        score="score",
        date="when",
        period="quarter",
    )
    assert cells(result) == {("2026-Q3",): (0, 0, 1), ("2026-Q4",): (1, 0, 0)}


REPEATS = {
    "score": ["3", "9", "", "10", "8", "7", "9", "abc"],
    "partner": ["A", "A", "A", "B", "A", None, None, "A"],
    "who": ["x", "x ", "x", "x", "y", "", None, "x"],
    "when": [dt.datetime(2026, 1, day) for day in (1, 2, 3, 1, 1, 1, 1, 9)],
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("rule", "expected", "repeated"),
    [("latest", (0, 2, 3), 1), ("first", (1, 2, 2), 1), ("all", (1, 2, 3), 0)],
)
def test_repeated_respondents(engine: str, rule: Any, expected: tuple[int, int, int], repeated: int) -> None:
    """One answer per partner and respondent counts, the latest or first that can count; anonymous ones all do."""
    given_frame = frame(engine, REPEATS)
    result = tally_scores(given_frame, score="score", partner="partner", respondent="who", date="when", duplicates=rule)
    assert cells(result) == {(None,): expected}
    assert result.set_aside.get(REPEATED, 0) == repeated
    assert result.rows_read == result.rows_used + sum(result.set_aside.values()) == 8


@pytest.mark.parametrize("engine", ENGINES)
def test_repeats_are_told_by_period(engine: str) -> None:
    """A respondent who answers in two quarters is heard in both."""
    data = {
        "score": [3.0, 9.0, 10.0],
        "who": ["x", "x", "x"],
        "when": [dt.datetime(2026, 1, 1), dt.datetime(2026, 2, 1), dt.datetime(2026, 4, 1)],
    }
    result = tally_scores(frame(engine, data), score="score", respondent="who", date="when", period="quarter")
    assert cells(result) == {("2026-Q1",): (0, 0, 1), ("2026-Q2",): (0, 0, 1)}
    assert result.set_aside == {REPEATED: 1}


@pytest.mark.parametrize("engine", ["pandas", "polars", "polars lazy", "duckdb"])
def test_without_dates_the_order_of_the_file_decides(engine: str) -> None:
    """Without a date the last row of a respondent is the latest answer."""
    data = {"score": [9.0, 1.0, 8.0], "who": ["x", "x", "y"]}
    assert cells(tally_scores(frame(engine, data), score="score", respondent="who")) == {(None,): (1, 1, 0)}
    first = tally_scores(frame(engine, data), score="score", respondent="who", duplicates="first")
    assert cells(first) == {(None,): (0, 1, 1)}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_of_truth_values_holds_no_score(engine: str) -> None:
    """TRUE is not a 1: a column of truth values is text."""
    result = tally_scores(frame(engine, {"score": [True, False, True]}), score="score")
    assert result.rows_used == 0
    assert result.set_aside == {TEXT: 3}


@settings(max_examples=30)  # each asks three engines
@given(
    scores=st.lists(
        st.one_of(
            st.none(), st.floats(-2, 12), st.just(float("nan")), st.sampled_from([0.0, 6.9999, 7.0, 8.9999, 9.0, 10.0])
        ),
        min_size=1,
        max_size=40,
    )
)
def test_engines_agree_on_anything(scores: list[float | None]) -> None:
    """pandas, Polars and DuckDB give the same counts for any column of numbers, and they add up to the rows."""
    data = {"score": scores}
    results = [tally_scores(frame(engine, data), score="score") for engine in ("pandas", "polars")]
    duck = pl.DataFrame(data, schema={"score": pl.Float64})  # noqa: F841 - DuckDB finds it by name
    results.append(tally_scores(duckdb.sql("SELECT * FROM duck"), score="score"))
    assert cells(results[0]) == cells(results[1]) == cells(results[2])
    assert all(result.rows_read == len(scores) for result in results)
    usable = [score for score in scores if score is not None and 0 <= score <= 10]
    assert sum((cell.tally for cell in results[0].cells), ScoreTally()) == ScoreTally.from_scores(usable)


def test_unknown_words_are_refused() -> None:
    """A period or a rule for duplicates that does not exist is an error that lists the ones that do."""
    with pytest.raises(UsageError, match="all, year, quarter, month"):
        tally_scores(pd.DataFrame({"s": [1], "d": [pd.NaT]}), score="s", date="d", period="decade")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(UsageError, match="latest, first, all"):
        tally_scores(pd.DataFrame({"s": [1]}), score="s", duplicates="last")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(UsageError, match="--date"):
        tally_scores(pd.DataFrame({"s": [1]}), score="s", period="year")
    with pytest.raises(UsageError, match="no dates"):
        tally_scores(pd.DataFrame({"s": [1], "d": ["x"]}), score="s", date="d", period="year")
