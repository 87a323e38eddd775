"""Tables of PostgreSQL: taken like files, read in one state, and what goes wrong said in one line."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import engines
import pytest

import partnerkpi
from partnerkpi.errors import DataProblem, EngineProblem, OpenQuestion, PartnerKpiError, UsageError
from partnerkpi.tables import rows_of_persons
from partnerkpi.tables.postgres import Postgres

psycopg = pytest.importorskip("psycopg")

ROWS = [("Acme", "ann", "2026-01-05", 9), ("Acme", "bob", "2026-01-06", 3), ("Bolt", "cid", "2026-04-07", 7)]


@pytest.fixture(scope="module")
def server() -> str:
    return engines.postgres()


@pytest.fixture
def connection(server: str) -> Iterator[Any]:
    """Give a connection to a schema of its own with a table of answers, between two transactions."""
    with psycopg.connect(server) as opened:
        opened.execute("DROP SCHEMA IF EXISTS kpi CASCADE")
        opened.execute("CREATE SCHEMA kpi")
        opened.execute("CREATE TABLE kpi.answers (partner text, respondent text, date date, nps int)")
        with opened.cursor() as cursor:
            cursor.executemany("INSERT INTO kpi.answers VALUES (%s, %s, %s, %s)", ROWS)
        opened.commit()
        yield opened


@pytest.fixture
def other(server: str) -> Iterator[Any]:
    with psycopg.connect(server, autocommit=True) as opened:
        yield opened


def test_a_table_is_counted(connection: Any) -> None:
    """A table is named with its connection; its columns are recognised, its engine stands in the provenance."""
    result = partnerkpi.nps((connection, "kpi.answers"), by=["partner"], period="quarter")
    counted = [(row["group"], row["period"], row["responses"], row["nps"]) for row in result.rows]
    assert counted[0] == ({}, None, 3, 0.0)
    assert ({"partner": "Bolt"}, "2026-Q2", 1, 0.0) in counted
    (origin,) = result.provenance["origins"]
    assert origin["name"] == "kpi.answers"
    assert origin["engine"].startswith("PostgreSQL ")
    assert len(origin["query_sha256"]) == 64


def test_the_answers_to_one_of_several_questions(connection: Any) -> None:
    """The rows of the question that asks to recommend count, the others are set aside; scales and figures are told."""
    connection.execute("CREATE TABLE kpi.long (email text, date date, question text, score int)")
    with connection.cursor() as cursor:
        for number, score in enumerate((9, 10, 7, 3)):
            asked = {"Would you recommend us?": score, "Was it easy?": 1, "Why?": None}
            rows = [(f"p{number}", f"2026-07-0{number + 1}", question, value) for question, value in asked.items()]
            cursor.executemany("INSERT INTO kpi.long VALUES (%s, %s, %s, %s)", rows)
    connection.execute("CREATE TABLE kpi.stars AS SELECT 1 + n % 5 AS rating FROM generate_series(1, 40) AS n")
    connection.execute("CREATE TABLE kpi.figures (programme text, nps float8)")
    connection.execute("INSERT INTO kpi.figures VALUES ('A', 0.45), ('B', -0.17), ('C', 1)")
    connection.commit()
    for period in ("all", "month"):
        result = partnerkpi.nps((connection, "kpi.long"), period=period)
        assert (result.whole["responses"], result.whole["nps"]) == (4, 25.0)
        assert result.provenance["set_aside"] == {"answer to another question": 8}
    assert partnerkpi.nps((connection, "kpi.long"), question="Was it easy?").whole["nps"] == -100.0
    with pytest.raises(DataProblem, match="a scale from 1 to 5"):
        partnerkpi.nps((connection, "kpi.stars"))
    with pytest.raises(DataProblem, match="fractions of one"):
        partnerkpi.nps((connection, "kpi.figures"))


LOOKED_INTO = {
    "all are different": ([("Acme", "ann", "2026-01-05", 9), ("Acme", "bob", "2026-01-05", 9)], {}),
    "another column tells them apart": ([("Acme", "ann", "2026-01-05", 9), ("Bolt", "ann", "2026-01-05", 9)], {}),
    "blanks around tell nothing apart": (
        [*ROWS, ("Acme ", " ann", "2026-01-05", 9)],
        {("the same as another row in all columns", None): 1, ("duplicate respondent", None): 1},
    ),
    "blank keys": (
        [*ROWS, (None, "eve", "2026-01-07", 9), ("Acme", " ", None, 3), (" ", None, "2026-01-08", 5)],
        {("missing key", "partner"): 2, ("missing key", "respondent"): 2, ("missing key", "date"): 1},
    ),
}


@pytest.mark.parametrize(("rows", "told"), LOOKED_INTO.values(), ids=LOOKED_INTO)
def test_what_to_look_into(
    connection: Any, rows: list[tuple[Any, ...]], told: dict[tuple[str, str | None], int]
) -> None:
    """Rows that are the same in all columns and blank keys are told as of a file."""
    connection.execute("TRUNCATE kpi.answers")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO kpi.answers VALUES (%s, %s, %s, %s)", rows)
    connection.commit()
    as_dicts = [dict(zip(("partner", "respondent", "date", "nps"), row, strict=True)) for row in rows]
    for source in ((connection, "kpi.answers"), as_dicts):
        quality = partnerkpi.nps(source, by=["partner"], period="quarter").provenance["quality"]
        assert {(one["what"], one["column"]): one["rows"] for one in quality} == told, source


def test_the_connection_is_left_as_it_was(connection: Any) -> None:
    """A connection that was between transactions is so again, and may write; its rows may be of any kind."""
    connection.row_factory = psycopg.rows.dict_row
    assert partnerkpi.nps((connection, "kpi.answers")).whole["responses"] == 3
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    connection.execute("INSERT INTO kpi.answers VALUES ('Acme', 'dan', '2026-05-01', 10)")
    connection.commit()
    assert partnerkpi.nps((connection, "kpi.answers")).whole["responses"] == 4


def test_autocommit(other: Any, connection: Any) -> None:
    """With autocommit a transaction is opened and ended as well."""
    connection.commit()
    assert partnerkpi.nps((other, "kpi.answers")).whole["responses"] == 3
    assert other.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_adbc(server: str, connection: Any) -> None:
    """A connection of ADBC gives the same figures."""
    dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi", reason="ADBC's driver is not installed")
    connection.execute("ALTER TABLE kpi.answers ALTER nps TYPE numeric(6, 2)")
    connection.commit()
    parts = dict(part.split("=") for part in server.split())
    with dbapi.connect(f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/{parts['dbname']}") as opened:
        found = partnerkpi.nps((opened, "kpi.answers"), by=["partner"], period="quarter")
    assert found.rows == partnerkpi.nps((connection, "kpi.answers"), by=["partner"], period="quarter").rows


def between(monkeypatch: pytest.MonkeyPatch, number: int, act: Any) -> None:
    """Have something happen before a query of a run."""
    asked = []
    query = Postgres.query

    def watched(self: Postgres, sql: str) -> list[tuple[Any, ...]]:
        asked.append(sql)
        if len(asked) == number:
            act()
        return query(self, sql)

    monkeypatch.setattr(Postgres, "query", watched)


def insert_more(other: Any) -> None:
    rows = "SELECT 'Acme', 'x' || i, '2026-06-01', i % 11 FROM generate_series(1, 50) AS i"
    other.execute(f"INSERT INTO kpi.answers {rows}")


def test_one_state_of_the_rows(connection: Any, other: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that come in between two queries count in neither: all queries of a run see one state."""
    between(monkeypatch, 2, lambda: insert_more(other))
    result = partnerkpi.nps((connection, "kpi.answers"), by=["partner"], period="quarter")
    assert sum(row["responses"] for row in result.rows if row["period"] and not row["group"]) == 3
    assert not any("transaction" in note for note in result.notes)
    assert partnerkpi.nps((connection, "kpi.answers")).whole["responses"] == 53


def test_a_transaction_of_the_callers_own(connection: Any) -> None:
    """What a transaction of the caller's own has not committed counts; that it sees changes is said."""
    connection.execute("INSERT INTO kpi.answers VALUES ('Acme', 'dan', '2026-05-01', 10)")
    result = partnerkpi.nps((connection, "kpi.answers"))
    assert result.whole["responses"] == 4
    assert any("sees changes between two queries" in note for note in result.notes)
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
    connection.rollback()
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    connection.execute("SELECT 1")
    assert not any("changes" in note for note in partnerkpi.nps((connection, "kpi.answers")).notes)


def said(error: pytest.ExceptionInfo[PartnerKpiError]) -> str:
    """Return a message, which is one line."""
    assert "\n" not in str(error.value)
    return str(error.value)


def test_no_such_table(connection: Any) -> None:
    """A table that is not there is refused with the nearest name."""
    with pytest.raises(UsageError) as error:
        partnerkpi.nps((connection, "kpi.anwsers"))
    assert said(error).endswith("has no table or view 'kpi.anwsers'. Did you mean 'kpi.answers'?")


def test_no_such_column(connection: Any) -> None:
    """A column that is not there is refused with the nearest name."""
    with pytest.raises(UsageError) as error:
        partnerkpi.nps((connection, "kpi.answers"), by=["partnr"])
    assert "has no column 'partnr'. Did you mean 'partner'?" in said(error)


def test_no_right_to_read(connection: Any) -> None:
    """A table that the user may not read is refused with what to do; columns that may be read are enough."""
    connection.execute("DROP ROLE IF EXISTS reader")
    connection.execute("CREATE ROLE reader")
    connection.execute("GRANT USAGE ON SCHEMA kpi TO reader")
    connection.commit()
    connection.execute("SET ROLE reader")
    connection.commit()
    with pytest.raises(EngineProblem) as error:
        partnerkpi.nps((connection, "kpi.answers"))
    assert said(error) == "kpi.answers cannot be read: the user may not read it: GRANT SELECT on it"
    connection.execute("RESET ROLE")
    connection.execute("GRANT SELECT (nps, date) ON kpi.answers TO reader")
    connection.commit()
    connection.execute("SET ROLE reader")
    connection.commit()
    assert partnerkpi.nps((connection, "kpi.answers")).whole["responses"] == 3


def test_too_slow(connection: Any) -> None:
    """A query that is cancelled by the server's own limit is told with that limit."""
    connection.execute("CREATE VIEW kpi.slow AS SELECT *, CAST(pg_sleep(5) AS text) AS waited FROM kpi.answers")
    connection.execute("SET statement_timeout = 100")
    connection.commit()
    with pytest.raises(EngineProblem, match="statement_timeout allows: raise it, or count a smaller view") as error:
        partnerkpi.nps((connection, "kpi.slow"))
    said(error)


def test_a_date_without_end(connection: Any) -> None:
    """A date that Python has none for is told as that, and not as a connection that was lost."""
    connection.execute("INSERT INTO kpi.answers VALUES ('Acme', 'eve', 'infinity', 9)")
    connection.commit()
    with pytest.raises(EngineProblem, match=r"such as a date that is infinite: count a view without it$") as error:
        partnerkpi.nps((connection, "kpi.answers"))
    said(error)
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_connection_that_is_lost(
    connection: Any, other: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A connection that is lost half-way is told in one line, and nothing is written."""
    backend = connection.info.backend_pid
    between(monkeypatch, 5, lambda: other.execute("SELECT pg_terminate_backend(%s)", [backend]))
    with pytest.raises(EngineProblem, match="the connection was lost") as error:
        partnerkpi.build_scorecard((connection, "kpi.answers"), tmp_path / "card.xlsx")
    said(error)
    assert list(tmp_path.iterdir()) == []


def test_without_sqlglot(connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library that carries the SQL over, the extra is named that brings it."""
    monkeypatch.setitem(sys.modules, "partnerkpi.tables.dialects", None)
    with pytest.raises(EngineProblem) as error:
        partnerkpi.nps((connection, "kpi.answers"))
    assert said(error).endswith('pip install "sqlglot>=30.30,<31"')


def test_two_tables_below_each_other(connection: Any) -> None:
    """Two tables of a server are not put below each other here: a view of both is asked for."""
    with pytest.raises(UsageError, match="make one view of both") as error:
        partnerkpi.nps([(connection, "kpi.answers"), (connection, "kpi.answers")])
    said(error)


def test_types(connection: Any) -> None:
    """Domains, enums and exact numbers count as what they are; what holds other values cannot be counted."""
    connection.execute("CREATE DOMAIN kpi.points AS numeric(4, 1)")
    connection.execute("CREATE TYPE kpi.area AS ENUM ('EMEA', 'APAC')")
    connection.execute(
        "CREATE TABLE kpi.typed AS SELECT partner, CAST(nps AS kpi.points) AS nps, CAST('EMEA' AS kpi.area) AS region, "
        "ARRAY[partner] AS tags, CAST('NaN' AS numeric) AS nothing, date::timestamptz AS date FROM kpi.answers"
    )
    connection.execute(
        "INSERT INTO kpi.typed (partner, nps, region) VALUES ('Acme', 'NaN', 'APAC'), ('Acme', 10, 'APAC')"
    )
    connection.commit()
    result = partnerkpi.nps((connection, "kpi.typed"), by=["region"])
    assert result.whole["responses"] == 4
    assert result.provenance["set_aside"] == {"blank score": 1}
    assert {row["group"].get("region"): row["responses"] for row in result.rows} == {None: 4, "APAC": 1, "EMEA": 3}
    with pytest.raises(UsageError, match=r"'tags' .* is of type text\[\], which cannot be counted") as error:
        partnerkpi.nps((connection, "kpi.typed"), score="tags")
    said(error)


def test_texts_that_are_no_plain_dates(connection: Any) -> None:
    """Dates as people write them are read as in files, also in PostgreSQL."""
    connection.execute("ALTER TABLE kpi.answers ALTER date TYPE text USING to_char(date, 'DD.MM.YYYY')")
    connection.execute("INSERT INTO kpi.answers VALUES ('Acme', 'eve', '30 Sept. 2026', 9)")
    connection.commit()
    result = partnerkpi.nps((connection, "kpi.answers"), period="quarter", day_first=True)
    assert {row["period"]: row["responses"] for row in result.rows} == {
        None: 4,
        "2026-Q1": 2,
        "2026-Q2": 1,
        "2026-Q3": 1,
    }


def test_equals_where_rows_have_no_order(connection: Any) -> None:
    """Of two answers of one person at one time the lower counts, the first as the latest: no row is the later one."""
    connection.execute("INSERT INTO kpi.answers VALUES ('Acme', 'ann', '2026-01-05', 2), ('Bolt', 'cid', NULL, 10)")
    connection.execute("INSERT INTO kpi.answers VALUES ('Bolt', 'dan', NULL, 10), ('Bolt', 'dan', NULL, 8)")
    connection.commit()
    for duplicates in ("latest", "first"):
        result = partnerkpi.nps((connection, "kpi.answers"), by=["partner"], period="quarter", duplicates=duplicates)
        counted = {(row["group"].get("partner"), row["period"]): row["detractors"] for row in result.rows}
        assert counted["Acme", "2026-Q1"] == 2
        assert result.whole["promoters"] == 1
        assert result.whole["passives"] == 2
        assert result.provenance["set_aside"] == {"duplicate respondent": 2}


QUESTIONS = {
    "history": (
        "customer text, status text, valid_from date, valid_to date",
        "('a', 'active', '2025-01-01', NULL), ('b', 'active', '2025-01-01', '2026-02-14'), "
        "('b', 'churned', '2026-02-15', NULL), ('c', 'active', '2025-01-01', '2026-04-30'), "
        "('c', 'churned', '2026-05-01', '2026-06-30')",
        "a history",
    ),
    "lists": (
        "snapshot_date date, customer text, start_date date, end_date date",
        "('2026-01-31', 'a', '2025-01-01', NULL), ('2026-01-31', 'b', '2025-01-01', NULL), "
        "('2026-03-31', 'a', '2025-01-01', NULL), ('2026-03-31', 'b', '2025-01-01', '2026-02-20')",
        "lists that were kept",
    ),
    "partners": (
        "customer text, partner text, retained text",
        "('a', 'Alder', 'yes'), ('a', 'Birk', 'yes'), ('b', 'Alder', 'no'), ('b', 'Birk', 'no')",
        "primary partner",
    ),
    "deals": (
        "account text, partner text, stage text, close_date date",
        "('a', 'Alder', 'Closed Won', '2026-03-01'), ('b', 'Birk', 'Closed Lost', '2026-03-02'), "
        "('c', 'Alder', 'Negotiation', NULL)",
        "may be the day on which a deal was closed",
    ),
    "renewing": (
        "customer text, start_date date, end_date date, auto_renew boolean",
        "('a', '2024-01-01', '2025-01-01', true), ('b', '2024-01-01', '2025-06-01', false), "
        "('c', '2026-01-01', '2026-12-31', true), ('d', '2026-02-01', NULL, true)",
        "1 row renews itself, and its",
    ),
    "turned": (
        "customer text, start_date date, end_date date",
        "('a', '2025-01-01', '2024-01-01'), ('b', '2025-01-01', '2024-01-01'), ('c', '2025-02-01', NULL)",
        "in 2 of the 2 rows that have both days",
    ),
    "numbered": (
        "partner text, nps int",
        ", ".join(f"('Alder', {1 + n % 11})" for n in range(33)),
        "with 3 answers of 11 and none of 0",
    ),
    "benchmark": (
        "partner text, promoters int, passives int, detractors int",
        "('Alder', 9, 2, 4), ('Birk', 6, 5, 7), ('Industry benchmark', 50, 30, 20)",
        "compared with",
    ),
    "invited": (
        "partner text, score int, responded text",
        "('Alder', 9, 'yes'), ('Birk', 8, 'yes'), ('Alder', 0, 'no'), ('Birk', 0, 'no'), ('Corv', 0, 'no')",
        "as if nobody had answered",
    ),
    "one": (
        "partner text, score int, respondent text",
        ", ".join(f"('Alder', {n % 11}, '{'info' if n > 3 else f'p{n}'}@example.com')" for n in range(24)),
        "'info@example.com'",
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_asked_of_files_is_asked_of_tables(connection: Any, name: str) -> None:
    """Histories, lists below each other, benchmarks and rows of those who did not answer are questions here too."""
    columns, rows, said = QUESTIONS[name]
    connection.execute(f"CREATE TABLE kpi.{name} ({columns})")
    connection.execute(f"INSERT INTO kpi.{name} VALUES {rows}")
    connection.commit()
    of_customers = ("history", "lists", "partners", "deals", "renewing", "turned")
    count = partnerkpi.retention if name in of_customers else partnerkpi.nps
    more = {"period": "quarter"} if name in ("history", "lists") else {}
    with pytest.raises(OpenQuestion, match=re.escape(said)):
        count((connection, f"kpi.{name}"), **more)  # type: ignore[operator]


def test_one_person_among_very_many_rows(connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where persons are counted by parts of them first, the same is asked."""
    monkeypatch.setattr(rows_of_persons, "_MANY_ROWS", 10)
    test_what_is_asked_of_files_is_asked_of_tables(connection, "one")
