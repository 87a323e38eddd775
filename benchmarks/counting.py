"""Counting 30 million answers in Parquet by partner and quarter, against SQL written by hand for DuckDB.

First as the command does it, where of several answers of a person to a partner in a quarter the latest counts: against
the better of two ways to write that by hand. Then without respondents, from Python, against plain SQL and pandas. Last
what it costs to compare 3 million by a column that is not the partner, with the persons who answered twice: few did, or
everybody in each of four quarters.

`python -m benchmarks.counting 10000000` counts so many.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.made import write_answers
from benchmarks.measure import Measured, compare, side_by_side

ROWS, COMPARED, PARTNERS = 30_000_000, 3_000_000, 1_000

_QUARTER = "year(date) * 4 + (month(date) - 1) // 3"
_BANDS = """
    sum((score >= 0 AND score < 7)::BIGINT) AS detractors, sum((score >= 7 AND score < 9)::BIGINT) AS passives,
    sum((score >= 9 AND score <= 10)::BIGINT) AS promoters
"""
#: Persons are compared without case and outer blanks, partners without outer blanks (docs/definitions.md).
_READ = f"""
    SELECT trim(partner) AS partner, lower(trim(respondent)) AS person, {_QUARTER} AS quarter, date,
           file_row_number, score
    FROM read_parquet('{{path}}', file_row_number = true)"""

#: Of equal times the later row counts. What is set aside is counted as well, as everybody must who tells of it.
_WINDOW = f"""
found = duckdb.sql('''
    SELECT partner, quarter, sum((place = 1)::BIGINT) AS used, sum((place > 1)::BIGINT) AS repeated,
           sum((place = 1 AND score < 7)::BIGINT) AS detractors, sum((place = 1 AND score >= 9)::BIGINT) AS promoters
    FROM (SELECT *, row_number() OVER (
              PARTITION BY partner, person, quarter ORDER BY date DESC, file_row_number DESC) AS place
          FROM ({_READ}) WHERE score BETWEEN 0 AND 10)
    GROUP BY ALL''').fetchall()
result = sum(row[2] for row in found), sum(row[4] for row in found), sum(row[5] for row in found)
"""
_ARG_MAX = f"""
found = duckdb.sql('''
    SELECT partner, quarter, count(*) AS used, sum(rows - 1) AS repeated,
           sum((score < 7)::BIGINT) AS detractors, sum((score >= 9)::BIGINT) AS promoters
    FROM (SELECT partner, quarter, arg_max(score, (date, file_row_number)) AS score, count(*) AS rows
          FROM ({_READ}) WHERE score BETWEEN 0 AND 10 GROUP BY partner, person, quarter)
    GROUP BY ALL''').fetchall()
result = sum(row[2] for row in found), sum(row[4] for row in found), sum(row[5] for row in found)
"""
_COMMAND = """
import contextlib, io, json
from partnerkpi.cli import main
out = io.StringIO()
with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
    main(["nps", {path!r}, "--by", "{by}", "--period", "quarter", {more}"--format", "json", "--quiet"])
whole = json.loads(out.getvalue())["rows"][0]
result = whole["responses"], whole["detractors"], whole["promoters"]
"""

_HAND = f"""
result = sum(row[2] for row in duckdb.sql('''
    SELECT partner, {_QUARTER} AS quarter, count(*) AS rows, sum((score IS NULL)::BIGINT) AS blank,
           sum((score < 0 OR score > 10)::BIGINT) AS outside, {_BANDS}
    FROM read_parquet('{{path}}') GROUP BY ALL''').fetchall())
"""
_OURS_SETUP = """
import partnerkpi
partnerkpi.nps([{"score": 9, "partner": "A", "date": "2026-01-01"}], by=["partner"], period="quarter")
"""
_OURS = """
result = partnerkpi.nps({path!r}, by=["partner"], period="quarter", duplicates="all").provenance["rows_read"]
"""
_PANDAS = """
frame = pd.read_parquet('{path}', columns=["partner", "date", "score"])
quarter = frame["date"].dt.year * 4 + (frame["date"].dt.month - 1) // 3
bands = pd.cut(frame["score"], [-0.001, 6.999, 8.999, 10], labels=["d", "p", "q"])
result = int(frame.groupby([frame["partner"], quarter, bands], observed=True).size().sum())
"""


def main(rows: int = ROWS) -> None:
    """Print the ratios of time and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.parquet"
        write_answers(path, rows, PARTNERS, comments=False)
        found = _side_by_side(
            {
                "window": ("import duckdb", _WINDOW),
                "arg_max": ("import duckdb", _ARG_MAX),
                "ours": ("", _command("partner")),
            },
            path,
        )
        hand = min(("window", "arg_max"), key=lambda name: found[name].processor)
        what = f"nps of {rows:,} answers, one of each person counts"
        _compare(what, found["ours"], found[hand], f"DuckDB by hand ({hand})")
        setups = {
            "hand": ("import duckdb", _HAND),
            "ours": (_OURS_SETUP, _OURS),
            "pandas": ("import pandas as pd", _PANDAS),
        }
        found = _side_by_side(setups, path, rounds=2)
        what = f"count {rows:,} answers by partner and quarter"
        _compare(what, found["ours"], found["hand"], "DuckDB by hand")
        compare(what, found["ours"], found["pandas"], "pandas", at_most=0.5)
        write_answers(path, min(rows, COMPARED), PARTNERS, comments=False)
        ways = {"alone": _command("region"), "compared": _command("region", '"--compare", "previous", ')}
        found = _side_by_side({name: ("", code) for name, code in ways.items()}, path, rounds=2)
        what = f"nps of {min(rows, COMPARED):,} answers by region, compared"
        compare(what, found["compared"], found["alone"], "without --compare", at_most=1.15, processor=True)
        _write_everybody(path, min(rows, COMPARED))
        found = _side_by_side({name: ("", code) for name, code in ways.items()}, path, rounds=2)
        compare(
            f"{what}, everybody in each quarter",
            found["compared"],
            found["alone"],
            "without --compare",
            at_most=2.5,
            memory_at_most=2.75,
            processor=True,
        )


def _write_everybody(path: Path, rows: int) -> None:
    """Write answers of persons who answer once in each of four quarters."""
    import duckdb

    duckdb.sql(f"""COPY (
        SELECT 'Partner ' || (person % {PARTNERS}) AS partner, 'Region ' || (person % {PARTNERS} % 4) AS region,
            'person' || person || '@example.com' AS respondent,
            DATE '2026-01-05' + CAST(91 * quarter + person % 60 AS INTEGER) AS date,
            CAST(hash(person, quarter) % 11 AS TINYINT) AS score
        FROM range({rows // 4}) AS persons(person), range(4) AS quarters(quarter) ORDER BY hash(person, quarter, 1)
    ) TO '{path}'""")


def _command(by: str, more: str = "") -> str:
    return _COMMAND.replace("{by}", by).replace("{more}", more)


def _side_by_side(codes: dict[str, tuple[str, str]], path: Path, rounds: int = 1) -> dict[str, Measured]:
    """Measure each way to count a file; AssertionError where they do not count the same."""
    given = {name: (setup, code.replace("{path!r}", repr(str(path))).replace("{path}", str(path)))
             for name, (setup, code) in codes.items()}  # fmt: skip
    found = side_by_side(given, rounds)
    assert len({one.result for one in found.values()}) == 1, {name: one.result for name, one in found.items()}
    return found


def _compare(what: str, ours: Measured, hand: Measured, name: str) -> None:
    compare(what, ours, hand, name, at_most=1.25, memory_at_most=1.5, processor=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
