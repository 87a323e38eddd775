"""Counting in PostgreSQL and Spark, against the same SQL written by hand for each, and themes against DuckDB.

The times are of processors: of the engine where SQL is compared with SQL, of the engine and Python for themes. Persons
and partners mean the same in both: without blanks of any kind around them, a person in small letters, and nobody where
a word for that stands. Both tell what is set aside. A few rows of each kind are among the answers. The same is asked
several times in turn, and the best of each stands: the first time Spark compiles what it runs.

`python -m benchmarks.engines 6000000` has Spark count so many answers; PostgreSQL's server and Java must be there.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from benchmarks.made import write_answers
from benchmarks.measure import Measured, compare
from partnerkpi.tables.sql import listed
from partnerkpi.tally.facts import BLANK as BLANK_SCORE
from partnerkpi.tally.facts import RANGE, REPEATED
from partnerkpi.vocabulary import BLANK, SPACES, UNKNOWN

PARTNERS = 1_000
ROWS_OF_POSTGRES, ROWS_OF_SPARK, ROWS_WITH_COMMENTS = 1_000_000, 2_000_000, 30_000
AT_MOST, THEMES_AT_MOST = 1.3, 3
_ROUNDS = 3

_BANDS = "sum(CASE WHEN used AND score < 7 THEN 1 ELSE 0 END), sum(CASE WHEN used AND score >= 9 THEN 1 ELSE 0 END)"
_LEDGER = "sum(CASE WHEN score IS NULL THEN 1 ELSE 0 END), sum(CASE WHEN NOT score BETWEEN 0 AND 10 THEN 1 ELSE 0 END)"


def _read(engine: str) -> str:
    """Return SQL for the rows as one would read them by hand, with the engine's own functions."""
    # Blanks of all kinds, and what is written for nobody known, which is not one person.
    nobody, of_spark = listed(BLANK | UNKNOWN), engine == "spark"
    escape = r"\u" if of_spark else "\\"
    blanks = "".join(f"{escape}{ord(one):04x}" for one in SPACES)
    partner, respondent = (
        f"trim(BOTH '{blanks}' FROM {column})" if of_spark else f"btrim({column}, U&'{blanks}')"
        for column in ("partner", "respondent")
    )
    return f"""
        SELECT nullif(partner, '') AS partner, CASE WHEN person NOT IN {nobody} THEN person END AS person,
               quarter, date, score, CASE WHEN score BETWEEN 0 AND 10 THEN 1 ELSE 0 END AS usable
        FROM (SELECT {partner} AS partner, lower({respondent}) AS person, date_trunc('quarter', date) AS quarter, date,
                     score FROM answers) AS written"""


#: One answer of each person to a partner in a quarter, in the ways that one would write, and what is set aside, as
#: everybody must count who tells of it: repeated answers, blank scores, and those out of range.
_WINDOW = f"""
    SELECT partner, quarter, sum(CASE WHEN used THEN 1 ELSE 0 END), {_BANDS},
           sum(CASE WHEN usable = 1 AND NOT used THEN 1 ELSE 0 END), {_LEDGER}
    FROM (
        SELECT *, usable = 1 AND (person IS NULL OR place = 1) AS used FROM (
            SELECT *, row_number() OVER (
                PARTITION BY partner, person, quarter, usable ORDER BY date DESC, score) AS place
            FROM ({{read}}) AS q
        ) AS ranked
    ) AS marked GROUP BY partner, quarter"""
_DISTINCT_ON = f"""
    SELECT partner, quarter, sum(used), sum(low), sum(high), sum(usable) - sum(used), sum(blank), sum(outside) FROM (
        SELECT partner, quarter, count(*) AS used, sum(CASE WHEN score < 7 THEN 1 ELSE 0 END) AS low,
               sum(CASE WHEN score >= 9 THEN 1 ELSE 0 END) AS high, 0 AS usable, 0 AS blank, 0 AS outside
        FROM (SELECT DISTINCT ON (partner, person, quarter) * FROM ({{read}}) AS q
              WHERE usable = 1 AND person IS NOT NULL ORDER BY partner, person, quarter, date DESC, score) AS chosen
        GROUP BY partner, quarter
        UNION ALL
        SELECT partner, quarter, sum(nobodys), sum(CASE WHEN nobodys = 1 AND score < 7 THEN 1 ELSE 0 END),
               sum(CASE WHEN nobodys = 1 AND score >= 9 THEN 1 ELSE 0 END), sum(usable), {_LEDGER}
        FROM (SELECT *, CASE WHEN usable = 1 AND person IS NULL THEN 1 ELSE 0 END AS nobodys FROM ({{read}}) AS q) AS r
        GROUP BY partner, quarter
    ) AS both_parts GROUP BY partner, quarter"""
_MAX_BY = f"""
    SELECT partner, quarter, sum(CASE WHEN used THEN n ELSE 0 END), {_BANDS.replace("1 ELSE", "n ELSE")},
           sum(repeated), {_LEDGER.replace("1 ELSE", "n ELSE")}
    FROM (
        SELECT partner, quarter, usable = 1 AS used, max_by(score, struct(date, -score)) AS score, usable,
               CASE WHEN alone IS NULL THEN 1 ELSE count(*) END AS n,
               CASE WHEN alone IS NULL THEN count(*) - 1 ELSE 0 END AS repeated
        FROM (SELECT *, CASE WHEN usable = 0 OR person IS NULL THEN coalesce(score, -1) END AS alone
              FROM ({{read}}) AS q) AS r
        GROUP BY partner, person, quarter, usable, alone
    ) GROUP BY partner, quarter"""


def main(rows_of_spark: int = ROWS_OF_SPARK) -> None:
    """Print the ratios of processor time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            _postgres(folder)
        except Exception as error:  # noqa: BLE001 - whatever a test would skip for
            print(f"PostgreSQL is not measured: {error}")
        try:
            _spark(folder, rows_of_spark)
        except ImportError as error:
            print(f"Spark is not measured: {error}")


def _postgres(folder: Path) -> None:
    import psycopg

    window, distinct_on = (sql.format(read=_read("postgres")) for sql in (_WINDOW, _DISTINCT_ON))
    with _server(folder) as (address, processor):

        def timed(work: Callable[[Any], Any], *, here: int = 0) -> Callable[[], tuple[float, str]]:
            def run() -> tuple[float, str]:
                before = processor() + here * _of_this_process()
                with psycopg.connect(address) as connection:
                    result = work(connection)
                return processor() + here * _of_this_process() - before, result

            return run

        _fill(address, "answers", folder / "answers.parquet", ROWS_OF_POSTGRES, comments=False)
        found = _in_turn(
            {
                "window": timed(lambda one: _whole(one.execute(window).fetchall())),
                "distinct on": timed(lambda one: _whole(one.execute(distinct_on).fetchall())),
                "ours": timed(lambda one: _ours((one, "answers"))),
            }
        )
        _compare(f"PostgreSQL: nps of {ROWS_OF_POSTGRES:,} answers", found, "by hand")

        comments = folder / "comments.parquet"
        _fill(address, "comments", comments, ROWS_WITH_COMMENTS, comments=True)
        found = _in_turn(
            {
                "ours": timed(lambda one: _themes((one, "comments")), here=1),
                "DuckDB": lambda: _of_this(_themes, str(comments)),
            }
        )
        _compare("PostgreSQL: themes of 20,000 comments", found, "", at_most=THEMES_AT_MOST)


def _spark(folder: Path, rows: int) -> None:
    from pyspark.sql import SparkSession

    window, max_by = (sql.format(read=_read("spark")) for sql in (_WINDOW, _MAX_BY))
    path = folder / "spark.parquet"
    _write(path, rows, comments=False)
    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "OFF"}
    settings |= {"spark.driver.memory": "1g", "spark.sql.session.timeZone": "UTC", "spark.local.dir": str(folder)}
    settings |= {"spark.sql.shuffle.partitions": "8", "spark.driver.host": "127.0.0.1"}
    builder = SparkSession.builder.master("local[2]").config("spark.sql.warehouse.dir", str(folder / "warehouse"))
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    java = cast(Any, session)._jvm.java.lang.ProcessHandle.current().pid()
    session.read.parquet(str(path)).createOrReplaceTempView("answers")

    def timed(work: Callable[[], Any]) -> Callable[[], tuple[float, str]]:
        def run() -> tuple[float, str]:
            before = _processor(java)
            result = work()
            return _processor(java) - before, result

        return run

    try:
        found = _in_turn(
            {
                "window": timed(lambda: _whole(session.sql(window).collect())),
                "max_by": timed(lambda: _whole(session.sql(max_by).collect())),
                "ours": timed(lambda: _ours(session.table("answers"))),
            }
        )
    finally:
        session.stop()
    _compare(f"Spark: nps of {rows:,} answers", found, "by hand")


def _ours(source: Any) -> str:
    import partnerkpi

    found = partnerkpi.nps(source, by=["partner"], period="quarter")
    aside = found.provenance["set_aside"]
    counted = (found.whole[key] for key in ("responses", "detractors", "promoters"))
    return repr((*counted, *(aside.get(reason, 0) for reason in (REPEATED, BLANK_SCORE, RANGE))))


def _themes(source: Any) -> str:
    """Return how many comments are about which of the default themes, counted once."""
    from partnerkpi.comments.tallies import read_comments, tally_comments
    from partnerkpi.guide.themes import default_themes
    from partnerkpi.tables.frames import sources_of
    from partnerkpi.tables.read import read_table
    from partnerkpi.tables.workspace import Workspace
    from partnerkpi.tally.facts import Answers

    with Workspace() as workspace:
        table = read_table(workspace, sources_of(source))
        answers = Answers.of(table, "score", day='"date"', period="quarter")
        ready = read_comments(answers.labelled(), default_themes(), comment="comment", period="quarter")
        return repr(tally_comments(ready.stored()).total())


def _whole(rows: list[Any]) -> str:
    return repr(tuple(sum(int(row[place]) for row in rows) for place in range(2, 8)))


def _in_turn(works: dict[str, Callable[[], tuple[float, str]]]) -> dict[str, Measured]:
    """Return the best time of each; AssertionError where they do not count the same."""
    taken: dict[str, list[tuple[float, str]]] = {name: [] for name in works}
    for _ in range(_ROUNDS):
        for name, work in works.items():
            taken[name].append(work())
    assert len({result for runs in taken.values() for _, result in runs}) == 1, taken
    best = {name: min(seconds for seconds, _ in runs) for name, runs in taken.items()}
    return {name: Measured(best[name], best[name], 0, runs[0][1]) for name, runs in taken.items()}


def _compare(what: str, found: dict[str, Measured], how: str, at_most: float = AT_MOST) -> None:
    """Print our time against the best of the others."""
    ours = found.pop("ours")
    peer = min(found, key=lambda name: found[name].processor)
    compare(what, ours, found[peer], f"{how} ({peer})" if how else peer, at_most=at_most, processor=True)


def _of_this(work: Callable[[Any], str], source: Any) -> tuple[float, str]:
    before = _of_this_process()
    result = work(source)
    return _of_this_process() - before, result


def _of_this_process() -> float:
    """Return the seconds that this process has taken, and those it has started that have ended."""
    return sum(os.times()[:4])


def _write(path: Path, rows: int, *, comments: bool) -> None:
    """Write answers to a file, among them blank scores, some out of range, and odd ways to write persons or nobody."""
    import duckdb

    plain = path.with_suffix(".plain")
    write_answers(plain, rows, PARTNERS, comments=comments, different=True)
    odd = "hash(respondent, date) % 1000"
    score = f"CASE {odd} WHEN 0 THEN NULL WHEN 1 THEN 11 ELSE score END"
    respondent = f"CASE {odd} WHEN 2 THEN 'n/a' WHEN 3 THEN upper(respondent) || chr(160) ELSE respondent END"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * REPLACE ({score} AS score, {respondent} AS respondent) FROM read_parquet('{plain}')) "
            f"TO '{path}' (FORMAT parquet)"
        )
    plain.unlink()


def _fill(address: str, table: str, path: Path, rows: int, *, comments: bool) -> None:
    """Write answers to a file, and put them into a table of the server."""
    import duckdb
    import psycopg

    _write(path, rows, comments=comments)
    with psycopg.connect(address) as connection, duckdb.connect() as reader:
        text = ", comment text" if comments else ""
        connection.execute(
            f"CREATE TABLE {table} (score int, partner text, date timestamp, respondent text, region text{text})"
        )
        found = reader.execute(f"SELECT * FROM '{path}'")
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            while block := found.fetchmany(50_000):
                for row in block:
                    copy.write_row(row)
        connection.commit()
        connection.execute(f"ANALYZE {table}")
        connection.commit()


@contextmanager
def _server(folder: Path) -> Iterator[tuple[str, Callable[[], float]]]:
    """Give the address of a PostgreSQL of our own, and what tells the seconds that it has taken."""
    sys.path.append(str(Path(__file__).parent.parent / "tests" / "support"))
    os.environ["PARTNERKPI_TESTS"] = str(folder)
    import engines  # as the tests start it

    address = engines.postgres()
    data = next(Path(file.read_text().split(" ", 1)[1]) for file in folder.glob("*.running"))
    server = int((data / "data" / "postmaster.pid").read_text().splitlines()[0])

    def processor() -> float:
        time.sleep(0.2)  # what a connection has taken is known when its process has ended
        return _processor(server, of_children=True)

    try:
        yield address, processor
    finally:
        with suppress(OSError):
            engines.stop_all()


def _processor(process: int, *, of_children: bool = False) -> float:
    """Return the seconds of processors that a process has taken, or those of its children that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    first = 13 if of_children else 11
    return sum(map(int, fields[first : first + 2])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
