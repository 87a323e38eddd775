"""Tables of numbers of answers give the same counts wherever they lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import engines
import pytest

import partnerkpi

#: Each table with its columns and rows; a text stands for a number here and there, and some rows do not count.
TABLES: dict[str, tuple[dict[str, str], list[tuple[Any, ...]]]] = {
    "bands": (
        {
            **{"partner": "VARCHAR", "quarter": "VARCHAR", "region": "VARCHAR", "promoters": "BIGINT"},
            **{"passives": "DOUBLE", "detractors": "VARCHAR", "answers": "BIGINT", "nps": "DOUBLE"},
        },
        [
            ("Alder", "2026-Q1", "N", 45, 20.0, "6", 71, 0.549),
            ("Alder", "2026-Q2", "N", 51, 18.0, " 4", 73, 0.644),
            ("Birk", "2026-Q1", "S", 30, 22.0, "1'009", 1061, -0.923),
            ("Birk", "2026-Q2", "S", 33, None, "-", 33, 1.0),
            ("Corvane", "2026-Q2", None, 61, 12.5, "3", 76, 0.5),
            ("Corvane", "2026-Q1", "S", None, None, " ", None, None),
            ("Corvane", "2026-Q1", "S", 7, 1.0, "n.a.", 8, 1.0),
        ],
    ),
    "frequencies": (
        {"partner": "VARCHAR", "month": "VARCHAR", "score": "DOUBLE", "responses": "INTEGER"},
        [("Acme", "2026-01", s, 3 * s + 1) for s in range(11)]
        + [("Bolt", "2026-02", s, 40 - s) for s in range(10)]
        + [("Bolt", "2026-02", None, 4), ("Bolt", "2026-03", 3, -4), ("Bolt", "2026-03", 9, 2_500_000_000 % 97)],
    ),
    "words": (
        {"partner": "VARCHAR", "answer": "VARCHAR", "n": "BIGINT"},
        [
            *(("Acme", "Promoters (9-10)", 3_000_000_000), ("Acme", "passive", 20), ("Acme", "0-6", 6)),
            *(("Bolt", "Förderer", 4), ("Bolt", "Passive ", 7), ("Bolt", "Détracteurs", 900)),
        ],
    ),
    "across": (
        {"agent": "VARCHAR", **{f"score {answer}": "INTEGER" for answer in range(11)}},
        [("Ana", *range(11)), ("Ben", *[None] * 9, 5, 7), ("All", *range(9), 14, 17)],
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("numbers")
    with duckdb.connect() as connection:
        for name, (columns, rows) in TABLES.items():
            kinds = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            connection.execute(f"CREATE TABLE {name} ({kinds})")
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)
            connection.execute(f"COPY {name} TO '{place / name}.parquet' (FORMAT parquet)")
    return place


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def sources(engine: str, folder: Path, stack: ExitStack) -> dict[str, Any]:
    """Return the tables in an engine."""
    files = {name: folder / f"{name}.parquet" for name in TABLES}
    if engine == "files":
        return dict(files)
    if engine == "spark":
        return {name: engines.spark().read.parquet(str(file)) for name, file in files.items()}
    psycopg = pytest.importorskip("psycopg")
    connection = stack.enter_context(psycopg.connect(engines.postgres()))
    for name, (columns, rows) in TABLES.items():
        kinds = ", ".join(f'"{column}" {kind.replace("DOUBLE", "float8")}' for column, kind in columns.items())
        connection.execute(f"CREATE TABLE {name} ({kinds})")
        with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    connection.commit()
    return {name: (connection, name) for name in TABLES}


def bands_of(row: Any) -> tuple[int, int, int]:
    return row["promoters"], row["passives"], row["detractors"]


@pytest.mark.parametrize("engine", ["files", "postgres", pytest.param("spark", marks=pytest.mark.thorough)])
def test_the_same_counts(engine: str, folder: Path, stack: ExitStack) -> None:
    """Bands, groups, periods and rows set aside are those that were worked out by hand."""
    given = sources(engine, folder, stack)

    found = partnerkpi.nps(given["bands"], by=["partner"], period="quarter")
    assert bands_of(found.whole) == (159, 60, 1019)
    by = {(row["group"].get("partner"), row["period"]): bands_of(row) for row in found.rows if row["responses"]}
    assert by["Birk", "2026-Q1"] == (30, 22, 1009)
    assert by["Birk", "2026-Q2"] == (33, 0, 0)
    assert found.provenance["set_aside"] == {"no number of answers": 3}
    assert (found.provenance["rows_read"], found.provenance["rows_used"]) == (7, 4)
    assert "'answers' agrees with the numbers in all 4 rows" in found.notes
    assert "'nps' agrees with the numbers in all 4 rows" in found.notes

    found = partnerkpi.nps(given["frequencies"], by=["partner"], period="month")
    assert bands_of(found.whole) == (28 + 31 + 31 + 2_500_000_000 % 97, 22 + 25 + 33 + 32, 70 + 259)
    assert found.provenance["set_aside"] == {"blank score": 1, "no number of answers": 1}

    found = partnerkpi.nps(given["words"], by=["partner"])
    assert bands_of(found.whole) == (3_000_000_004, 27, 906)
    found = partnerkpi.nps(given["across"], by=["agent"])
    assert bands_of(found.whole) == (31, 15, 21)
    assert found.provenance["set_aside"] == {"sum of other rows": 1}

    card = partnerkpi.build_scorecard(responses=given["bands"], period="quarter")
    segments = {
        (value, period): (t.promoters, t.passives, t.detractors)
        for (value, period), t in card.segments["region"].items()
    }
    assert segments["S", "2026-Q1"] == (30, 22, 1009)
    assert segments["N", "2026-Q2"] == (51, 18, 4)
    assert card.to_call == ()
