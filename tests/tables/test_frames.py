"""Frames, relations and records are tables like those of files: the same columns, the same figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import make_dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampled import one_in

import partnerkpi
from partnerkpi.config import Config
from partnerkpi.errors import UsageError
from partnerkpi.results.kinds import RESPONSES, open_table
from partnerkpi.results.nps import nps
from partnerkpi.results.result import Question, TieredBenchmark
from partnerkpi.tables.frames import sources_of
from partnerkpi.tables.quality import write_set_aside
from partnerkpi.tables.read import read_table
from partnerkpi.tables.workspace import Workspace

NAMES = ("Acme", "acme ", " Bolt", "Łódź Söhne", "北京 合作", 'O\'Neil "x"', "", None, "1", "=1+1", "Tom\n& Co")
SCORES = (*range(11), *range(11), 10.0001, 11, -1, 6.5, None, float("nan"), float("inf"), -0.0)
WRITTEN = ("0", "10", " 9 ", "7,5", "6.5", "8", "9", "5", "ten", "", "n/a", None, "11", "1e1", "+8", "10 ", "NaN")
#: What a connection of the caller's is read into Python by, and none of it.
RELATION = duckdb.connect()


def odd_rows(number: int = 6_000) -> pl.DataFrame:
    """Return answers of all that is odd: blanks, repeats, bounds, scripts, times with and without a zone."""
    draw = np.random.default_rng(13)

    def of(values: tuple[Any, ...]) -> list[Any]:
        return [values[place] for place in draw.integers(0, len(values), number)]

    days = [None if n % 17 == 0 else dt.datetime(2025, 12, 30) + dt.timedelta(minutes=200 * n) for n in range(number)]
    return pl.DataFrame(
        {
            "Partner": of(NAMES),
            "score": pl.Series(of(SCORES), dtype=pl.Float64, strict=False),
            "written": of(WRITTEN),
            "date": pl.Series(days, dtype=pl.Datetime("us")),
            "instant": pl.Series(days, dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone("America/New_York"),
            "day": pl.Series(days, dtype=pl.Datetime("us")).cast(pl.Date),
            "respondent": of(("a", "b", "c", None, "", "d ", "D", "7")),
            "number": pl.Series(of((1, 2, 3, None)), dtype=pl.Int64),
            "money": pl.Series(of((Decimal("1.10"), Decimal("2.00"), None)), dtype=pl.Decimal(10, 2)),
            "flag": of((True, False, None)),
        }
    )


def as_records(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows as dicts, those without a value without the key."""
    return [{key: value for key, value in row.items() if value is not None} for row in frame.iter_rows(named=True)]


def as_dataclasses(frame: pl.DataFrame) -> list[Any]:
    """Return rows as instances of a dataclass."""
    made = make_dataclass("Answer", frame.columns)
    return [made(*row) for row in frame.iter_rows()]


def as_objects(frame: pl.DataFrame) -> pd.DataFrame:
    """Return a pandas frame whose columns hold Python's objects."""
    return pd.DataFrame({name: pd.Series(frame[name].to_list(), dtype=object) for name in frame.columns})


def as_categories(frame: pl.DataFrame) -> pd.DataFrame:
    """Return a pandas frame whose texts are categories and whose numbers may be missing."""
    found = frame.to_pandas().convert_dtypes()
    return found.astype({"Partner": "category", "respondent": "category", "number": "category"})


def as_index(frame: pl.DataFrame) -> pd.DataFrame:
    """Return a pandas frame whose index holds the partner and the score."""
    return frame.to_pandas().set_index(["Partner", "score"])


def as_relation(frame: pl.DataFrame) -> duckdb.DuckDBPyRelation:
    """Return a relation of a connection of its own."""
    RELATION.register("given", frame.to_arrow())
    RELATION.execute("CREATE OR REPLACE TABLE answers AS SELECT * FROM given")
    return RELATION.sql("SELECT * FROM answers ORDER BY rowid")


def as_named(frame: pl.DataFrame) -> Any:
    """Return a connection with the name of a table in it."""
    as_relation(frame)
    return RELATION, "main.answers"


SHAPES: dict[str, Callable[[pl.DataFrame], Any]] = {
    "pandas": lambda frame: frame.to_pandas(),
    "pandas of objects": as_objects,
    "pandas of categories": as_categories,
    "pandas of Arrow": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
    "pandas with an index": as_index,
    "Polars": lambda frame: frame,
    "Polars of categories": lambda frame: frame.with_columns(pl.col("Partner", "respondent").cast(pl.Categorical)),
    "Polars, lazy": lambda frame: frame.lazy(),
    "PyArrow": lambda frame: frame.to_arrow(),
    "PyArrow reader": lambda frame: frame.to_arrow().to_reader(max_chunksize=700),
    "relation": as_relation,
    "connection": as_named,
    "records": as_records,
    "dataclasses": as_dataclasses,
}
QUESTIONS: dict[str, dict[str, Any]] = {
    "scores": {"score": "score", "by": ["partner"], "period": "quarter"},
    "texts": {"score": "written", "by": ["partner", "flag"], "period": "month", "date": "instant"},
    "days": {"score": "score", "by": ["number", "money"], "date": "day", "period": "year", "duplicates": "all"},
}


def facts(result: partnerkpi.api.KpiResult) -> dict[str, Any]:
    """Return everything that a result says but for where its rows came from."""
    told = result.as_dict()
    for key in ("sources", "origins"):
        told["provenance"].pop(key, None)
    return told


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return what a Parquet file of the odd rows answers to each question."""
    path = tmp_path_factory.mktemp("odd") / "odd.parquet"
    pq.write_table(odd_rows().to_arrow(), path)
    return {name: facts(partnerkpi.nps(path, **asked)) for name, asked in QUESTIONS.items()}


@pytest.mark.parametrize(
    ("shape", "question"), one_in(6, [(shape, question) for question in QUESTIONS for shape in SHAPES])
)
def test_every_shape_gives_the_figures_of_the_file(shape: str, question: str, files: dict[str, Any]) -> None:
    """Whatever holds the rows, the figures, columns, counts of rows and notes are those of the Parquet file."""
    found = partnerkpi.nps(SHAPES[shape](odd_rows()), **QUESTIONS[question])
    assert found.provenance["rows_read"] == 6_000
    told = facts(found)
    if shape == "pandas with an index":
        told["provenance"]["columns"] = files[question]["provenance"]["columns"]
    assert told == files[question]


@pytest.mark.parametrize("shape", one_in(4, ["pandas of objects", "Polars", "records", "relation"]))
def test_the_figures_are_those_of_a_text_file_too(shape: str, tmp_path: Path) -> None:
    """Typed rows count as the .csv file of them does: numbers, blanks, names, times with a zone."""
    rows = odd_rows().with_columns(pl.when(pl.col("score").is_finite()).then("score"))  # infinity is a text there
    written = rows.with_columns(pl.col("instant").dt.to_string("%Y-%m-%d %H:%M:%S%z"))
    written.write_csv(tmp_path / "odd.csv")
    for asked in (QUESTIONS["scores"], {**QUESTIONS["texts"], "by": ["number"], "duplicates": "first"}):
        found, file = (facts(partnerkpi.nps(of, **asked)) for of in (SHAPES[shape](rows), tmp_path / "odd.csv"))
        assert found["rows"] == file["rows"]
        assert found["provenance"]["set_aside"] == file["provenance"]["set_aside"]


def test_typed_rows_match_those_of_a_text_file(tmp_path: Path) -> None:
    """Below each other, 7.0 of a frame and 7 of a file are one person, one partner, and midnight is its day."""
    path = tmp_path / "rest.csv"
    path.write_text("partner,score,respondent,date\n1,8,7,2026-07-01\n2,3,8,2026-07-02\n", encoding="utf-8")
    days = pd.to_datetime(["2026-07-01", "2026-07-03"])
    frame = pd.DataFrame({"partner": [1.0, 2.0], "score": [9.0, 10.0], "respondent": [7.0, 9.0], "date": days})
    found = partnerkpi.nps([frame, path], by=["partner", "date"], period="quarter")
    assert found.provenance["set_aside"] == {"duplicate respondent": 1}
    groups = [(row["group"], row["responses"]) for row in found.rows if row["group"] and row["period"] is None]
    assert groups == [
        ({"partner": "1", "date": "2026-07-01"}, 1),
        ({"partner": "2", "date": "2026-07-02"}, 1),
        ({"partner": "2", "date": "2026-07-03"}, 1),
    ]


def test_the_rows_of_a_file_can_tell(files: dict[str, Any]) -> None:
    """The figures that all shapes share are no accident: one row less, or one score more, changes them."""
    rows = odd_rows()
    assert facts(partnerkpi.nps(rows[:-1], **QUESTIONS["scores"])) != files["scores"]
    changed = rows.with_columns(score=pl.col("score").fill_null(10))
    assert facts(partnerkpi.nps(changed, **QUESTIONS["scores"])) != files["scores"]


def held(source: Any) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """Return the columns of a source with their types, and its rows, as the engine has them."""
    with Workspace() as workspace:
        return held_in(workspace, source)


def held_in(workspace: Workspace, source: Any) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """Return what `held` does, of a source in a workspace that holds others."""
    table = read_table(workspace, sources_of(source))
    rows = workspace.connection.sql(table.parts[0].sql).fetchall()
    return {column.name: column.kind for column in table.profiles}, rows


class Region(Enum):
    """A choice of a program."""

    NORTH = "North"


BERLIN = dt.timezone(dt.timedelta(hours=2))
#: Python's objects, the type that a column of them has, and the values in it.
OBJECTS: list[tuple[list[Any], str, list[Any]]] = [
    ([9, None, 7], "BIGINT", [9, None, 7]),
    ([9, 7.5, Decimal("3"), float("nan"), pd.NA, np.int8(2)], "DOUBLE", [9, 7.5, 3, None, None, 2]),
    ([Decimal("0.1"), Decimal("NaN"), 2], "DOUBLE", [0.1, None, 2]),
    ([9, "ten", None, 7.0, True], "VARCHAR", ["9", "ten", None, "7", "TRUE"]),
    ([Decimal("12345678901234567890.5"), 1], "VARCHAR", ["12345678901234567890.5", "1"]),
    ([2**70, 1], "VARCHAR", [str(2**70), "1"]),
    ([2**60 + 1, 0.5], "VARCHAR", [str(2**60 + 1), "0.5"]),
    ([True, None, np.bool_(False)], "BOOLEAN", [True, None, False]),
    ([dt.date(2026, 7, 1), None], "DATE", [dt.date(2026, 7, 1), None]),
    (
        [dt.date(2026, 7, 1), dt.datetime(2026, 7, 2, 3), pd.Timestamp("2026-07-03 04:00"), pd.NaT],
        "TIMESTAMP",
        [dt.datetime(2026, 7, 1), dt.datetime(2026, 7, 2, 3), dt.datetime(2026, 7, 3, 4), None],
    ),
    (
        [dt.datetime(2026, 7, 1, tzinfo=BERLIN), pd.Timestamp("2026-07-01", tz="Europe/Berlin"), None],
        "TIMESTAMP WITH TIME ZONE",
        [dt.datetime(2026, 6, 30, 22, tzinfo=dt.UTC), dt.datetime(2026, 6, 30, 22, tzinfo=dt.UTC), None],
    ),
    (
        [dt.datetime(2026, 7, 1, 1, tzinfo=BERLIN), dt.datetime(2026, 7, 1)],
        "VARCHAR",
        ["2026-07-01 01:00:00+02:00", "2026-07-01"],
    ),
    (["South", Region.NORTH, np.str_("East")], "VARCHAR", ["South", "North", "East"]),
    ([dt.time(3), 1], "VARCHAR", ["03:00:00", "1"]),
    (["half \ud83d", " kept ", ""], "VARCHAR", ["half ?", " kept ", ""]),
    ([np.datetime64("2026-07-01T03"), None], "TIMESTAMP", [dt.datetime(2026, 7, 1, 3), None]),
    ([None, float("nan"), pd.NaT], "VARCHAR", [None, None, None]),
    (["a", Decimal("NaN"), np.float64("nan"), np.datetime64("NaT")], "VARCHAR", ["a", None, None, None]),
    ([b"9", "ten", b"\xff"], "VARCHAR", ["9", "ten", "\\xff"]),
    (
        [dt.datetime(9999, 12, 31, tzinfo=dt.UTC), dt.datetime(1, 1, 2, tzinfo=BERLIN)],
        "TIMESTAMP WITH TIME ZONE",
        [dt.datetime(9999, 12, 31, tzinfo=dt.UTC), dt.datetime(1, 1, 1, 22, tzinfo=dt.UTC)],
    ),
    ([dt.datetime(1, 1, 1, tzinfo=BERLIN)], "VARCHAR", ["0001-01-01 00:00:00+02:00"]),
    ([dt.date(1, 1, 1), dt.date(9999, 12, 31)], "DATE", [dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
]


@pytest.mark.parametrize("place", range(len(OBJECTS)))
@pytest.mark.parametrize("shape", ["records", "pandas", "Polars"])
def test_a_column_of_objects_has_one_type(place: int, shape: str) -> None:
    """Objects of one kind keep it, numbers are numbers together, and what is mixed is text as in a .csv file."""
    given, kind, values = OBJECTS[place]
    if shape == "records":
        source: Any = [{"held": value} for value in given]
    elif shape == "pandas":
        source = pd.DataFrame({"held": pd.Series(given, dtype=object)})
    else:
        source = pl.DataFrame({"held": pl.Series(given, dtype=pl.Object)})
    kinds, rows = held(source)
    if (shape, kind) == ("pandas", "DATE"):  # which pandas keeps with a time
        kind, values = "TIMESTAMP", [day and dt.datetime.combine(day, dt.time()) for day in values]
    assert [value for (value,) in rows] == values
    assert kinds["held"] == kind


ZONES = st.none() | st.just(dt.timezone(dt.timedelta(hours=5, minutes=30)))
KINDS_OF_OBJECTS: tuple[st.SearchStrategy[Any], ...] = (
    *(st.integers(), st.floats(), st.decimals().filter(lambda number: not number.is_snan()), st.booleans()),
    *(
        st.text(),
        st.binary(max_size=3),
        st.characters(categories=["Cs"]),
        st.uuids(),
        st.lists(st.integers(), max_size=2),
    ),
    *(st.dates(), st.times(), st.timedeltas(), st.datetimes(), st.datetimes(timezones=ZONES)),
    *(st.sampled_from([pd.NA, pd.NaT, np.datetime64("NaT"), np.float64("nan"), np.int8(7), np.float32(0.5)]),),
)


@given(
    st.one_of(
        [st.lists(st.none() | of, min_size=1, max_size=6) for of in (*KINDS_OF_OBJECTS, st.one_of(KINDS_OF_OBJECTS))]
    )
)
def test_records_and_pandas_agree_on_any_objects(objects: list[Any]) -> None:
    """Whatever objects a column holds, records and a frame of them give the same type and the same values."""
    with Workspace() as workspace:
        kinds, rows = held_in(workspace, [{"held": value} for value in objects])
        others, found = held_in(workspace, pd.DataFrame({"held": pd.Series(objects, dtype=object)}))
    if kinds["held"] == "DATE":  # which pandas keeps with a time
        kinds, rows = {"held": "TIMESTAMP"}, [(day and dt.datetime.combine(day, dt.time()),) for (day,) in rows]
    assert (others, found) == (kinds, rows)


def test_columns_of_pandas() -> None:
    """Periods, intervals, sparse and wide numbers, categories and units of time are what a file of them would hold."""
    times = pd.Series(pd.to_datetime(["2026-07-01 10:00", None]))
    frame = pd.DataFrame(
        {
            "period": pd.Series(pd.period_range("2026Q3", periods=2, freq="Q")),
            "sparse": pd.arrays.SparseArray([0.0, 9.0]),
            "wide": np.array([1, 2], dtype="longdouble"),
            "small": np.array([1, 2], dtype="float16"),
            "texts": pd.Series(["a", None], dtype="category"),
            "chosen": pd.Series([7, None], dtype="category"),
            "seconds": times.astype("datetime64[s]"),
            "zoned": times.astype("datetime64[ns]").dt.tz_localize("Europe/Berlin"),
            "python": pd.Series(["x\ud800", pd.NA], dtype="string[python]"),
            "interval": pd.Series(pd.interval_range(0, 2)),
            "complex": [1 + 2j, 0],
        }
    )
    kinds, rows = held(frame)
    noon = dt.datetime(2026, 7, 1, 10)
    assert rows == [
        ("2026Q3", 0, 1, 1, "a", 7, noon, noon.replace(hour=8, tzinfo=dt.UTC), "x?", "(0, 1]", "(1+2j)"),
        ("2026Q4", 9, 2, 2, None, None, None, None, None, "(1, 2]", "0j"),
    ]
    assert kinds["seconds"] == "TIMESTAMP"
    assert kinds["texts"] == "VARCHAR"
    found = partnerkpi.nps(frame.assign(score=[9, 7]), date="period", period="quarter")
    assert [row["period"] for row in found.rows] == [None, "2026-Q3", "2026-Q4"]


def test_names_of_columns() -> None:
    """Names are texts, each another; levels are joined, blanks numbered, and two underscores are the engine's own."""
    columns = pd.MultiIndex.from_tuples([("Q3", "score"), ("", "partner"), ("x", 2026)])
    assert list(held(pd.DataFrame([[9, "Acme", 1]], columns=columns))[0]) == ["Q3 score", "partner", "x 2026"]
    frame = pd.DataFrame([[1, 2, 3, 4, 5, 6]], columns=["score", "Score", None, 7, "__row", pd.Timestamp("2026-07-01")])
    assert list(held(frame)[0]) == ["score", "Score 2", "column 3", "7", "_row", "2026-07-01"]
    table = pa.table([[1], [2]], names=["a", "a"])
    assert held(table) == ({"a": "BIGINT", "a 2": "BIGINT"}, [(1, 2)])
    assert held(RELATION.sql("SELECT 1 AS a, 2 AS b, 3 AS A"))[1] == [(1, 2, 3)]


def test_an_index_is_a_column_where_it_has_a_name() -> None:
    """Levels with a name are columns, first; numbers of rows and levels without a name hold no data."""
    frame = pd.DataFrame({"partner": ["Acme", "Bolt"], "score": [9, 3]})
    assert list(held(frame)[0]) == ["partner", "score"]
    assert list(held(frame.set_index("partner"))[0]) == ["partner", "score"]
    assert list(held(frame.set_index("partner").rename_axis(None))[0]) == ["score"]
    assert list(held(frame.set_index(["partner", frame.index]))[0]) == ["partner", "score"]
    assert list(held(frame.rename_axis("score"))[0]) == ["score", "partner", "score 2"]
    found = partnerkpi.nps(frame.set_index("partner"), by=["partner"])
    assert [row["group"] for row in found.rows] == [{}, {"partner": "Acme"}, {"partner": "Bolt"}]


def test_columns_of_polars() -> None:
    """Wide numbers, spans, blank columns and enumerations are read alike from a frame and from a query."""
    frame = pl.DataFrame(
        {
            "wide": pl.Series([2**100, None], dtype=pl.Int128),
            "blank": [None, None],
            "chosen": pl.Series(["b", "a"], dtype=pl.Enum(["a", "b"])),
            "money": [Decimal("1.10"), None],
            "when": pl.Series([dt.datetime(2026, 7, 1, 10)] * 2, dtype=pl.Datetime("ms", "Europe/Berlin")),
        }
    )
    kinds, rows = held(frame)
    assert (kinds, rows) == held(frame.lazy())
    when = dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC)
    assert rows == [(str(2**100), None, "b", Decimal("1.10"), when), (None, None, "a", None, when)]
    assert set(kinds.values()) == {"VARCHAR", "DECIMAL(38,2)", "TIMESTAMP WITH TIME ZONE"}
    spans = pl.DataFrame({"span": [dt.timedelta(days=1)]})
    assert held(spans) == held(spans.lazy()) == ({"span": "VARCHAR"}, [("P1D",)])


def test_columns_of_arrow() -> None:
    """Dictionaries, large and viewed texts, decimals, blanks and times in nanoseconds are plain columns."""
    table = pa.table(
        {
            "large": pa.array(["x"], pa.large_string()),
            "view": pa.array(["x"], pa.string_view()),
            "dictionary": pa.array(["x"]).dictionary_encode(),
            "numbers": pa.array([7]).dictionary_encode(),
            "blank": pa.nulls(1),
            "money": pa.array([Decimal("1.10")], pa.decimal128(5, 2)),
            "when": pa.array([dt.datetime(2026, 7, 1)], pa.timestamp("ns")),
        }
    )
    when = dt.datetime(2026, 7, 1)
    for source in (table, table.to_batches()[0], table.to_reader()):
        kinds, rows = held(source)
        assert rows == [("x", "x", "x", 7, None, Decimal("1.10"), when)]
        assert list(kinds.values())[-2:] == ["DECIMAL(5,2)", "TIMESTAMP"]


@pytest.mark.parametrize("shape", ["Polars", "PyArrow", "relation", "records", "pandas", "file"])
def test_values_that_hold_others_name_groups_and_play_no_role(shape: str, tmp_path: Path) -> None:
    """Lists and structures are texts of groups; as the score they are refused by their type, and never recognised."""
    rows: list[dict[str, Any]] = [{"score": [9, 8], "grade": 9}, {"score": [3], "grade": 3}]
    frame = pl.DataFrame(rows)
    pq.write_table(frame.to_arrow(), tmp_path / "rows.parquet")
    sources = {"Polars": frame, "PyArrow": frame.to_arrow(), "records": rows, "file": tmp_path / "rows.parquet"}
    sources |= {"relation": as_relation(frame), "pandas": pd.DataFrame(rows)}
    with pytest.raises(UsageError, match=r"^score: column 'score' of .* is of type (BIGINT\[\]|list), which cannot be"):
        partnerkpi.nps(sources[shape], score="score")
    if shape not in ("PyArrow reader",):
        found = partnerkpi.nps(sources[shape], score="grade", by=["score"])
        assert [row["group"] for row in found.rows] == [{}, {"score": "[3]"}, {"score": "[9, 8]"}]


@pytest.mark.parametrize("shape", one_in(3, [shape for shape in SHAPES if shape not in ("records", "dataclasses")]))
def test_a_row_is_called_by_its_place(shape: str) -> None:
    """Rows are numbered from 1 in the order of the frame, also where several threads read it in blocks."""
    frame = pl.DataFrame({"Partner": "Acme", "score": 9.0, "n": range(1, 400_001)}).with_columns(
        respondent=pl.col("n").cast(pl.String), number=pl.col("n") % 7
    )
    with Workspace() as workspace:
        numbered = read_table(workspace, sources_of(SHAPES[shape](frame))).numbered
        asked = "SELECT count(*), count(*) FILTER (n <> __row), min(__source) FROM __rows"
        ((rows, moved, source),) = numbered.fetch(asked)
    assert (rows, moved) == (400_000, 0)
    assert source == sources_of(SHAPES[shape](frame[:1]))[0].label  # type: ignore[union-attr]  # none is a path


def test_rows_that_are_not_used_are_told_by_their_place(tmp_path: Path) -> None:
    """What is set aside of a frame is written with the frame's name and the row's number in it."""
    frame = pd.DataFrame({"score": ["9", "ten", "11"], "partner": ["=a", "b", "=1+1"]}, index=[7, 8, 9])
    with Workspace() as workspace:
        table, columns = open_table(workspace, Config(), sources_of(frame, "responses"), {}, RESPONSES)
        result = nps(table, columns, Question(), TieredBenchmark.of(Config(), "nps"))
        (aside,) = result.set_aside
        assert write_set_aside(tmp_path / "aside.csv", [(aside.table, aside.rows, ("score", "partner"))]) == 2
    written = (tmp_path / "aside.csv").read_text(encoding="utf-8-sig").replace('"', "").splitlines()
    assert written[1:] == [
        "responses (pandas DataFrame),2,text in a score,ten,b",
        "responses (pandas DataFrame),3,out of range,11,'=1+1",
    ]
