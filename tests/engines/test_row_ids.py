"""Rows with one id count once wherever they lie."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import duckdb
import engines
import pytest

import partnerkpi

#: An answer that stands twice, one that was corrected, and two without an id.
ROWS = [
    *((f"R{n:02d}x", f"2026-07-{n + 1:02d}", "AB"[n % 2], n % 11) for n in range(20)),
    *(("R03x", "2026-07-04", "B", 3), ("R05x", "2026-07-06", "B", 6)),
    *((None, "2026-07-20", "A", 9), (None, "2026-07-20", "A", 9)),
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ids") / "answers.parquet"
    with duckdb.connect() as connection:
        connection.execute('CREATE TABLE a ("Response ID" VARCHAR, "date" VARCHAR, partner VARCHAR, score INTEGER)')
        connection.executemany("INSERT INTO a VALUES (?, ?, ?, ?)", ROWS)
        connection.execute(f"COPY a TO '{path}' (FORMAT parquet)")
    return path


def source(engine: str, path: Path, stack: ExitStack) -> Any:
    """Return the answers in an engine."""
    if engine == "files":
        return path
    if engine == "spark":
        return engines.spark().read.parquet(str(path))
    psycopg = pytest.importorskip("psycopg")
    connection = stack.enter_context(closing(psycopg.connect(engines.postgres())))
    connection.execute('CREATE TEMP TABLE row_ids ("Response ID" text, "date" text, partner text, score integer)')
    connection.cursor().executemany("INSERT INTO row_ids VALUES (%s, %s, %s, %s)", ROWS)
    return (connection, "row_ids")


@pytest.mark.parametrize("engine", ["files", "postgres", pytest.param("spark", marks=pytest.mark.thorough)])
def test_rows_with_one_id(engine: str, answers: Path) -> None:
    """One row of each id counts, and those without one all do; the others are set aside with that reason."""
    with ExitStack() as stack:
        result = partnerkpi.nps(source(engine, answers, stack), by=["partner"])
    assert result.provenance["set_aside"] == {"the same id twice": 2}
    assert [row["responses"] for row in result.rows] == [22, 12, 10]
    assert any("2 rows stand again under the same 'Response ID'" in note for note in result.notes)
