"""The Python API on frames: mixed with files, by kind, the same workbook, and nothing of the caller's changed."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
import zipfile
from collections.abc import Callable
from dataclasses import make_dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pytest
from command import run_here
from sampled import one_in

import partnerkpi
from partnerkpi.demo import write_demo_data
from partnerkpi.errors import DataProblem, PartnerKpiError, UsageError
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.verify import verify
from partnerkpi.workbook.build import write_workbook

KINDS = ("responses", "activities", "customers", "partners")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the files of the demo as Parquet, dates and numbers typed."""
    folder = tmp_path_factory.mktemp("demo")
    files = write_demo_data(folder)
    found = {}
    for kind in KINDS:
        found[kind] = folder / f"{kind}.parquet"
        pl.read_csv(getattr(files, kind), try_parse_dates=True).write_parquet(found[kind])
    return found


@pytest.fixture(scope="module")
def card_of_files(demo: dict[str, Path]) -> Scorecard:
    """Return the scorecard of the Parquet files."""
    return partnerkpi.build_scorecard(list(demo.values()))


def relation(path: Path) -> duckdb.DuckDBPyRelation:
    """Return a relation of a connection that nothing else uses."""
    return duckdb.connect().sql(f"SELECT * FROM '{path}'")


SHAPES: dict[str, Callable[[Path], Any]] = {
    "pandas": pd.read_parquet,
    "Polars": pl.read_parquet,
    "Polars, lazy": pl.scan_parquet,
    "PyArrow": lambda path: pl.read_parquet(path).to_arrow(),
    "relation": relation,
    "records": lambda path: pl.read_parquet(path).to_dicts(),
}


def plain(card: Scorecard) -> Scorecard:
    """Return a scorecard without what it says of where its rows came from."""
    return replace(card, sources=())


@pytest.fixture(scope="module")
def books_of_files(card_of_files: Scorecard, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the workbook of the files, and that without where the rows came from."""
    folder = tmp_path_factory.mktemp("files")
    made = {"files": card_of_files, "plain": plain(card_of_files)}
    for name, card in made.items():
        write_workbook(card, folder / f"{name}.xlsx")
    return {name: folder / f"{name}.xlsx" for name in made}


@pytest.mark.parametrize("shape", one_in(6, SHAPES))
def test_the_workbook_is_the_same_but_for_its_provenance(
    shape: str, demo: dict[str, Path], card_of_files: Scorecard, books_of_files: dict[str, Path], tmp_path: Path
) -> None:
    """Of frames, relations and records the workbook has the bytes of that of the files, but for where it came from."""
    book = tmp_path / "frames.xlsx"
    card = partnerkpi.build_scorecard([SHAPES[shape](path) for path in demo.values()], book)
    assert plain(card) == plain(card_of_files)
    write_workbook(plain(card), tmp_path / "one.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == books_of_files["plain"].read_bytes()
    about = f"xl/worksheets/sheet{openpyxl.load_workbook(book, read_only=True).sheetnames.index('About') + 1}.xml"
    beside = {"customXml/item1.xml", "docProps/custom.xml", "xl/sharedStrings.xml", "xl/styles.xml"}
    assert about in changed_parts(book, books_of_files["files"]) <= {about, *beside}
    assert not verify(book).findings


def changed_parts(one: Path, other: Path) -> set[str]:
    """Return the parts of two workbooks that differ; both have the same ones."""
    with zipfile.ZipFile(one) as left, zipfile.ZipFile(other) as right:
        assert left.namelist() == right.namelist()
        return {name for name in left.namelist() if left.read(name) != right.read(name)}


def test_frames_and_files_are_mixed(demo: dict[str, Path], card_of_files: Scorecard, tmp_path: Path) -> None:
    """Answers from a frame, activities from a relation, customers from a file, partners from records: one scorecard."""
    sources = [
        pd.read_parquet(demo["responses"]),
        relation(demo["activities"]),
        demo["customers"],
        pl.read_parquet(demo["partners"]).to_dicts(),
    ]
    card = partnerkpi.build_scorecard(sources)
    assert plain(card) == plain(card_of_files)
    assert [source.files for source in card.sources] == [
        ("records",),
        ("pandas DataFrame",),
        ("DuckDB relation",),
        (str(demo["customers"]),),
    ]
    assert [len(source.digests) for source in card.sources] == [0, 0, 0, 1]
    half = pl.read_parquet(demo["responses"])
    half[100:].write_csv(tmp_path / "rest.csv")
    together = partnerkpi.nps([half[:100].lazy(), tmp_path / "rest.csv"], by=["partner"], period="quarter")
    assert together.rows == partnerkpi.nps(demo["responses"], by=["partner"], period="quarter").rows


def test_what_a_source_holds_may_be_said(demo: dict[str, Path], card_of_files: Scorecard) -> None:
    """By kind or by their columns, alone or mixed, sources give one scorecard; what is said is not told otherwise."""
    frames = {kind: pl.read_parquet(path) for kind, path in demo.items()}
    card = partnerkpi.build_scorecard(**frames)
    assert plain(card) == plain(card_of_files)
    assert {source.kind: source.files for source in card.sources} == {
        kind: (f"{kind} (Polars DataFrame)",) for kind in KINDS
    }
    rest = [demo["activities"], demo["customers"]]
    assert plain(partnerkpi.build_scorecard(rest, responses=frames["responses"], partners=demo["partners"])) == plain(
        card
    )


@pytest.mark.thorough
def test_what_is_said_wins_over_what_a_workbook_begins_with(demo: dict[str, Path], tmp_path: Path) -> None:
    """Of a workbook that is said to hold answers the sheet with answers counts, and no other."""
    book = tmp_path / "all.xlsx"
    with pd.ExcelWriter(book) as writer:
        for kind in ("partners", "responses"):
            pd.read_parquet(demo[kind]).to_excel(writer, sheet_name=f"my {kind}", index=False)
    card = partnerkpi.build_scorecard(responses=book)
    assert [(source.kind, source.files) for source in card.sources] == [("responses", (f"{book}#my responses",))]
    parts = [tmp_path / "answers-1.csv", tmp_path / "answers-2.csv"]
    answers = pl.read_parquet(demo["responses"])
    for place, path in enumerate(parts):
        answers[place::2].write_csv(path)
    several = partnerkpi.build_scorecard(responses=tmp_path / "answers-*.csv")
    assert several.sources[0].rows_read == answers.height


def test_advocacy_and_retention_of_frames(demo: dict[str, Path]) -> None:
    """The other two KPIs take frames too, also beside files."""
    files = partnerkpi.advocacy(demo["activities"], demo["partners"], by=["tier"], period="quarter")
    found = partnerkpi.advocacy(
        pd.read_parquet(demo["activities"]), pl.read_parquet(demo["partners"]), by=["tier"], period="quarter"
    )
    assert found.rows == files.rows
    assert found.provenance["sources"] == ["activities (pandas DataFrame)", "partners (Polars DataFrame)"]
    assert (
        partnerkpi.advocacy(relation(demo["activities"]), demo["partners"], by=["tier"], period="quarter").rows
        == files.rows
    )
    kept = partnerkpi.retention(pl.scan_parquet(demo["customers"]), by=["region"], period="quarter")
    assert kept.rows == partnerkpi.retention(demo["customers"], by=["region"], period="quarter").rows


def test_provenance_of_a_frame() -> None:
    """A source that is no file is told with what holds it and its size; one that is a file is told as before."""
    found = partnerkpi.nps([{"score": 9}, {"score": 3}])
    (origin,) = found.provenance["origins"]
    assert origin == {
        "name": "records",
        "engine": f"Python {sys.version.split()[0]}",
        "rows": 2,
        "columns": 1,
        "query_sha256": None,
    }
    twice = partnerkpi.nps([pd.DataFrame({"score": [9]}), pl.DataFrame({"score": [9]}), pd.DataFrame({"score": [3]})])
    assert twice.provenance["sources"] == ["pandas DataFrame 1", "Polars DataFrame", "pandas DataFrame 2"]
    assert [origin["engine"] for origin in twice.provenance["origins"]] == [
        f"pandas {pd.__version__}",
        f"Polars {pl.__version__}",
        f"pandas {pd.__version__}",
    ]


def test_the_callers_frames_are_as_they_were() -> None:
    """Nothing of a frame is changed, and nothing refers to it afterwards."""
    frame = pd.DataFrame(
        {
            "key": ["x", "y", "z"],
            "score": pd.Series([9, "ten", None], dtype=object),
            "partner": pd.Categorical(["b", "a", "b"]),
        }
    ).set_index("key")
    before = frame.copy(deep=True)
    polars = pl.DataFrame({"score": [9, 3], "partner": ["a", None]})
    found = [partnerkpi.nps(frame, by=["partner"]), partnerkpi.nps(polars), partnerkpi.nps(polars.lazy())]
    card = partnerkpi.build_scorecard(responses=frame)
    counted = partnerkpi.tally_scores(frame, score="score", by=["partner"])
    pd.testing.assert_frame_equal(frame, before)
    assert polars.equals(pl.DataFrame({"score": [9, 3], "partner": ["a", None]}))
    kept = weakref.ref(frame)
    del frame
    gc.collect()
    assert kept() is None
    assert [one.whole["responses"] for one in found] == [1, 2, 2]
    assert (card.view().total.scores.responses, counted.rows_read) == (1, 3)


def test_the_callers_connection_is_as_it_was() -> None:
    """Counting a relation leaves tables, settings, results and an open transaction of its connection alone."""
    connection = duckdb.connect()
    connection.execute(
        "SET TimeZone = 'America/New_York'; CREATE TABLE answers AS SELECT range % 11 AS score FROM range(5000)"
    )
    connection.execute("BEGIN; INSERT INTO answers VALUES (10)")
    rows = connection.sql("SELECT * FROM answers")
    connection.execute("SELECT * FROM range(3)")
    assert connection.fetchone() == (0,)
    with pytest.raises(DataProblem, match=r"^DuckDB relation cannot be read \(.*unfinished result.* complete\(\)"):
        partnerkpi.nps(rows)
    assert connection.fetchall() == [(1,), (2,)]
    assert partnerkpi.nps(rows).provenance["rows_read"] == 5001
    assert partnerkpi.nps((connection, "answers")).provenance["rows_read"] == 5001
    assert connection.sql("SELECT current_setting('TimeZone')").fetchall() == [("America/New_York",)]
    tables = "SELECT table_name FROM information_schema.tables"
    assert connection.sql(tables).fetchall() == [("answers",)]
    connection.execute("ROLLBACK")
    assert partnerkpi.nps((connection, "main.answers")).provenance["rows_read"] == 5000


def loaded_by(code: str, *, without: str = "") -> set[str]:
    """Return the libraries that a program has loaded at its end; one of them may be missing."""
    lines = [f"import sys; sys.modules[{without!r}] = None" if without else "import sys", code]
    lines.append("print(*(name for name, module in sys.modules.items() if module is not None and '.' not in name))")
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.thorough
def test_no_library_is_loaded_that_the_caller_did_not_load() -> None:
    """Records and Polars need neither pandas nor PyArrow, and pandas none of the others."""
    records = "import partnerkpi; assert partnerkpi.nps([{'score': 9}]).whole['nps'] == 100"
    assert loaded_by(records) & {"pandas", "polars", "pyarrow", "pyspark"} == set()
    polars = "import partnerkpi, polars; frame = polars.DataFrame({'score': [9, None, 3], 'partner': ['a', None, 'b']})"
    polars += "\nassert partnerkpi.nps(frame).whole['nps'] == partnerkpi.nps(frame.lazy()).whole['nps'] == 0"
    assert loaded_by(polars, without="pyarrow") & {"pandas", "pyspark"} == set()
    pandas = "import partnerkpi, pandas; assert partnerkpi.nps(pandas.DataFrame({'score': [9, 3]})).whole['nps'] == 0"
    assert loaded_by(pandas, without="pyarrow") & {"polars", "pyspark"} == set()
    relation = "import duckdb, partnerkpi; assert partnerkpi.nps(duckdb.sql('SELECT 9 AS score')).whole['nps'] == 100"
    assert loaded_by(relation, without="pyarrow") & {"pandas", "polars"} == set()


GONE = duckdb.connect()
GONE_ROWS = GONE.sql("SELECT 9 AS score")
GONE.close()
BAD: dict[str, tuple[Callable[[], Any], type[PartnerKpiError], str]] = {
    "a number": (lambda: 5, UsageError, r"^int is no table: give a path, a frame of pandas"),
    "nothing": (lambda: None, UsageError, r"^NoneType is no table"),
    "a dict": (lambda: {"score": [9]}, UsageError, r"^dict is no table"),
    "a column": (lambda: pd.Series([9]), UsageError, r"^pandas\.Series is no table"),
    "a column of Polars": (lambda: pl.Series([9]), UsageError, r"^polars\.Series is no table"),
    "a generator": (lambda: (row for row in [{"score": 9}]), UsageError, "^generator is no table"),
    "a class": (lambda: make_dataclass("Row", ["score"]), UsageError, "^type is no table"),
    "an empty list": (list, UsageError, "^an empty list was given: give a path"),
    "mixed records": (lambda: [{"score": 9}, 5], UsageError, "^record 2 is int: records are dicts or instances"),
    "no columns": (pd.DataFrame, DataProblem, "^pandas DataFrame has no columns"),
    "no columns of Polars": (pl.DataFrame, DataProblem, "^Polars DataFrame has no columns"),
    "no columns, lazy": (pl.LazyFrame, DataProblem, "^Polars LazyFrame has no columns"),
    "no columns of records": (lambda: [{}], DataProblem, "^records has no columns"),
    "no rows": (
        lambda: pd.DataFrame({"score": []}),
        DataProblem,
        "^pandas DataFrame has a header but no rows below it",
    ),
    "no rows, lazy": (
        lambda: pl.LazyFrame({"score": []}, schema={"score": pl.Int64}),
        DataProblem,
        "^Polars LazyFrame has a header but no rows",
    ),
    "nothing recognised": (
        lambda: pl.DataFrame({"a": ["x y"]}),
        UsageError,
        "^Polars DataFrame has no column that asks for a recommendation by its name. Its columns: 'a'",
    ),
    "a query that fails": (
        lambda: pl.LazyFrame({"a": [1]}).select("b"),
        DataProblem,
        "^Polars LazyFrame cannot be read \\(.*b",
    ),
    "a table that is not there": (
        lambda: (duckdb.connect(), "answers"),
        UsageError,
        "^the connection has no table 'answers'. Its tables are: none",
    ),
    "a closed connection": (lambda: GONE_ROWS, DataProblem, "^DuckDB relation cannot be read"),
    "a type of no engine": (
        lambda: pl.DataFrame({"score": [9]}).to_arrow().cast(wide()),
        DataProblem,
        "^PyArrow Table cannot be read .*: cast its columns to plain types",
    ),
}


def wide() -> Any:
    """Return a schema of a type that DuckDB does not read."""
    import pyarrow as pa

    return pa.schema([("score", pa.decimal256(50, 2))])


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_counted_is_refused_in_one_line(name: str) -> None:
    """What is no table, holds no rows or cannot be read is told in one line, with what to give instead."""
    given, kind, message = BAD[name]
    with pytest.raises(kind, match=message) as refused:
        partnerkpi.nps(given())
    assert "\n" not in str(refused.value)


def test_an_option_that_names_no_column_is_told_the_nearest() -> None:
    """A column that a frame does not have is refused with the nearest name, as with files."""
    frame = pd.DataFrame({"rating": [9, 3], "Partner": ["a", "b"]})
    with pytest.raises(UsageError, match=r"^score: pandas DataFrame has no column 'ratings'\. Did you mean 'rating'\?"):
        partnerkpi.nps(frame, score="ratings")
    with pytest.raises(UsageError, match=r"^by: pandas DataFrame has no column 'Partners'\. Did you mean 'Partner'\?"):
        partnerkpi.nps(frame, score="rating", by=["Partners"])
    with pytest.raises(UsageError, match=r"^Polars DataFrame holds neither .* say what it holds with responses="):
        partnerkpi.build_scorecard(pl.DataFrame({"a": ["x y"]}))
    with pytest.raises(
        UsageError, match=r"^responses \(Polars DataFrame\) has no column that asks for a recommendation by its name"
    ):
        partnerkpi.build_scorecard(responses=pl.DataFrame({"a": ["x y"]}))
    with pytest.raises(UsageError, match="a scorecard needs answers, activities or customers"):
        partnerkpi.build_scorecard()


def test_options_of_a_scorecard_name_columns_of_any_table(tmp_path: Path) -> None:
    """A column that an option names is taken in the tables that have it; one that none has is told the nearest name."""
    answers = pl.DataFrame({"q1": [9, 3, 8, 10], "Acme or so": list("abab"), "other score": [1, 1, 1, 1]})
    activities = [{"partner": "a", "type": "reference", "day": "2026-07-01"}]
    card = partnerkpi.build_scorecard([answers, activities], score="q1", partner="acme or so", period="all")
    assert card.view().total.scores.nps == 25
    assert card.sources[0].columns["partner"] == "Acme or so"
    with pytest.raises(UsageError, match=r"^score: none of the 2 tables has a column 'q11'\. Did you mean 'q1'\?"):
        partnerkpi.build_scorecard([answers, activities], score="q11")
    with pytest.raises(UsageError, match=r"^partner: Polars DataFrame has no column 'Acme'"):
        partnerkpi.build_scorecard(answers, score="q1", partner="Acme")
    answers.write_csv(tmp_path / "answers.csv")
    refused = run_here("scorecard", tmp_path / "answers.csv", "--score", "q11", "-o", tmp_path / "card.xlsx")
    assert refused.code == 2
    assert "has no column 'q11'. Did you mean 'q1'?" in refused.err


def test_what_partners_kept_is_told_from_a_frame(demo: dict[str, Path]) -> None:
    """`attributed` says which customers are partners' in a scorecard as in `retention`."""
    customers = pl.read_parquet(demo["customers"])
    column = next(name for name in customers.columns if name.casefold() == "region")
    value = customers[column].drop_nulls()[0]
    card = partnerkpi.build_scorecard(customers=customers, attributed=f"{column}={value}", period="year")
    found = partnerkpi.retention(customers, attributed=f"{column}={value}", period="year")
    whole = {row["period"]: row for row in found.rows if not row["group"]}
    assert card.view().total.influence_share == whole[card.current]["influence_share"]
