"""Tables of very many columns: a SELECT reads those that it names, and gives what it gives of all."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest
from command import run_here

from partnerkpi.tables.called import called
from partnerkpi.tables.narrowing import narrowed
from partnerkpi.tables.profile import profile
from partnerkpi.tables.roles import ROLES

WIDE = "SELECT * FROM wide"
NAMES = ["partner", "it's", 'a "b"', "s", "Score", *(f"q{number}" for number in range(20)), "__row"]
SAFE = {
    "a sum": 'WITH __rows AS NOT MATERIALIZED (SELECT * EXCLUDE (__row) FROM ({})) SELECT sum("Score") FROM __rows',
    "groups": 'SELECT "partner", count(*) FROM (SELECT *, "Score" AS n FROM ({})) AS t GROUP BY 1 ORDER BY 1',
    "a name in another case": 'SELECT max("SCORE") FROM ({}) AS t',
    "a quotation mark": '''SELECT count("a ""b"""), 'a "q1"' FROM ({}) AS t WHERE concat("it's") <> 'q"2' ''',
    "rows alone": "WITH __rows AS NOT MATERIALIZED (SELECT * EXCLUDE (__row) FROM ({})) SELECT count(*) FROM __rows",
    "the number of a row": "SELECT max(__row) FROM (SELECT * FROM ({}) AS t) AS u",
    "twice": 'SELECT count(*) FROM (SELECT * FROM ({0}) AS a UNION ALL SELECT * FROM ({0}) AS b) AS c WHERE "q1" > 3',
}
OF_ALL = {
    "a star outside": "SELECT * FROM ({}) AS t LIMIT 3",
    "a star with others": 'SELECT *, "q1" + 1 AS more FROM ({}) AS t ORDER BY __row LIMIT 3',
    "whole rows": "SELECT count(*) FROM (SELECT DISTINCT * FROM ({}) AS t) AS u",
    "all columns": "SELECT count(*) FROM (SELECT max(COLUMNS(*)) FROM ({}) AS t) AS u",
    "a row as a value": "WITH __rows AS ({}) SELECT count(DISTINCT hash(__rows)) FROM __rows",
    "rows of two": "SELECT count(*) FROM (SELECT * FROM ({0}) AS a EXCEPT SELECT * FROM ({0}) AS b) AS c",
}


@pytest.fixture(scope="module")
def wide() -> duckdb.DuckDBPyConnection:
    """Return a connection with a table of many columns and three hundred rows."""
    draw = random.Random(3)
    connection = duckdb.connect()
    columns = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}" INTEGER' for name in NAMES)
    connection.execute(f"CREATE TABLE wide ({columns})")
    rows = [[*(draw.randrange(9) for _ in NAMES[1:]), number] for number in range(300)]
    connection.executemany(f"INSERT INTO wide VALUES ({', '.join('?' * len(NAMES))})", rows)
    return connection


@pytest.mark.parametrize("name", SAFE)
def test_only_what_is_named_is_read(name: str, wide: duckdb.DuckDBPyConnection) -> None:
    """The answer is that of all columns, and the text names few of them."""
    sql = SAFE[name].format(WIDE)
    narrow = narrowed(sql, {WIDE: {one.casefold(): one for one in NAMES}})
    assert WIDE not in narrow
    assert '"q7"' not in narrow
    assert wide.execute(narrow).fetchall() == wide.execute(sql).fetchall()


@pytest.mark.parametrize("name", OF_ALL)
def test_what_depends_on_all_columns_reads_all(name: str, wide: duckdb.DuckDBPyConnection) -> None:
    """Where a star reaches the outside, or rows are compared as a whole, the SELECT stays as it is."""
    sql = OF_ALL[name].format(WIDE)
    assert narrowed(sql, {WIDE: {one.casefold(): one for one in NAMES}}) == sql
    assert wide.execute(sql).fetchall()


def test_figures_of_very_many_columns(tmp_path: Path) -> None:
    """As many columns more, of all kinds of values, change no figure, whatever is asked."""
    draw = random.Random(4)
    scores = [draw.choice((10, 9, 8, 6, 3)) for _ in range(40)]
    answers = [(f"P{n % 3}", f"2026-0{7 + n % 3}-1{n % 9}", score, f"EU{n % 2}") for n, score in enumerate(scores)]
    customers = [(f"C{n}", "2025-03-02", f"2026-08-1{n % 9}" if n % 4 == 0 else "", f"P{n % 3}") for n in range(40)]
    for head, rows, command in (
        ("partner,date,nps,area", answers, ["nps", "--by", "area", "--period", "month", "--where", "area!=EU1"]),
        ("customer,start date,churn date,partner", customers, ["retention", "--by", "partner"]),
    ):
        found = []
        for more in (0, 400):
            path = tmp_path / f"{command[0]}{more}.csv"
            values = ("yes", "no", "4", "77", "text of it", "0.5", "", "x%")
            lines = [head + "".join(f",f{number} thing" for number in range(more))]
            lines += [",".join(map(str, row)) + "".join(f",{draw.choice(values)}" for _ in range(more)) for row in rows]
            path.write_text("\n".join(lines), encoding="utf-8")
            found.append(run_here(command[0], path, *command[1:], "--format", "json").json["rows"])
            (checked,) = run_here("check", path, "--format", "json").json["tables"]
            assert checked["questions"] == []
        assert found[0] == found[1]


def test_columns_are_called_what_each_tier_says() -> None:
    """Looked up together they are those that belong to a tier one by one."""
    names = ["NPS", "Partner", "partner id", "E-Mail", "Survey date", "Created at", "Kommentar", "MRR start", "q1"]
    values = [["9", "Acme", "7", "a@b.example", "2026-07-01", "2026-07-02", "good work done", "9,5", "3"]] * 4
    profiles = profile(names, ["VARCHAR"] * len(names), values)
    for tiers in ROLES.values():
        for tier in tiers:
            assert list(called(profiles).fitting(tier)) == [one for one in profiles if tier.fits(one)]
