"""Pieces of the product's SQL give in PostgreSQL and Spark what they give in DuckDB, value by value."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import duckdb
import engines
import pytest

from partnerkpi.comments.folding import folded
from partnerkpi.tables import datetext, numbers, numbertext, scales
from partnerkpi.tables.dialects import Dialect, NotCarried, carried
from partnerkpi.tables.sql import is_blank, text_form, trimmed

#: What people and programs write: numbers of every kind, names of many scripts, dates of every form.
TEXTS: list[str | None] = [
    *(
        "9",
        *("$1.2M", "3,4 Mio. €", "T€ 1,5", "5 t", "1,2 тыс.", "95千円", "12k%", "-2.5BN"),
        "10",
        " 8 ",
        "9,0",
        "10.0001",
        "1e1",
        "-1",
        "eight",
        "n/a",
        "N/A",
        "",
        None,
        "nan",
        "inf",
        "-inf",
        "Infinity",
    ),
    *("10/10", " 8 / 10", "8 out of 10", "Score 7", "score 8", "10 - Extremely likely", "11/10", "8/100"),
    *("6.999999999", "٩", "+9", "1e400", "1e-400", "-0.0", "1_000", "\u00a09", "9\u3000", "\t9\n", "9f", "9d", "0x1p3"),
    *("1.", "1e", "NaN", "-nan", ".5", "-.5e3", "00012", "1e9999", "9\x0b", "1__0", "_1", "1_", "--1", "+ 9"),
    *("Acme", "Beta ", "  Gamma", "O'Neil", "Ünal", "acme", "İstanbul", "ıI", "ΠΟΛΎΣ", "привет Ёж", "東京ガ", "한국어"),
    *(
        "a\\b",
        "a\nb",
        "it''s \"q\"",
        "ﬁne",
        "CAFÉ",
        "Straße",
        "ẞ",
        "²½Ⅷ",
        "हिन्दी",
        "e\u0301",
        "\u212b",
        "\uf900",
        "😀 ok",
    ),
    *("\u200bx", "tab\tx", "a_b-c", "\x1fx", "ǅ", "100%", "a%sb", "{x}", "$1", "${x}", ":x", "-- x", "/* x */", ";"),
    *("2026-01-05", "2026-1-5", "2026/01/05", "2026/1-5", "2026-02-30", "2026-02-29", "2024-02-29", "2026-01-05 10:20"),
    *("2026-01-05T10:20:30.123456Z", "2026-01-05 10:20:30+02", "2026-01-05 23:20:30-0230", "2026-01-01T00:30:00+02:00"),
    *("2026-01-05 10", "2026-01", "2026-13-01", "0001-01-01", "2026-01-05 10:20:60", "2026-01-05 1:2:3", "2026-01-05 "),
    *("2026-04-31T10:20Z", "2026-04-30T10:20Z", "2026-12-31 24:00:01"),
    *("2026-01-05  10:20", "2026-01-05 10:20:30.5 (x)", "2026-01-05 10:20:30 UTC", "2026-06-30T23:59:59-05:00"),
    *("2026-01-05 10:20:30.", "2026-03-08 02:30:00", "2026-01-05Z", "2026-11-01T05:30:00Z", "1899-12-31", "9999-12-31"),
    *(
        "30/9/2026",
        "3/4/2026",
        "13.12.25",
        "9/30/2026 2:05 PM",
        "9/30/2026 12:05:06 am",
        "30/9/2026 14:05",
        "30 Sept. 2026",
    ),
    *(
        "Sep 30, 2026",
        "2026-W30",
        "KW 30/2026",
        *(
            "202607",
            "202613",
            "2026M07",
            "2026-M07",
            "M07/2026",
            "1Q26",
            "26Q3",
            "5Q26",
            "2026-Jul",
            "2026-Xyz",
            "Jul/26",
        ),
        *("FY26 Q1", "FY2026-Q4", "Q2 FY26", "fy26", "FY 2026", "GJ26 Q2"),
        "Q3 2026",
        "2026 Q3",
        "Jul-26",
        "March 2026",
        "2026",
        "2026-07",
        "20260930",
    ),
    *(
        "令和6年7月1日",
        "令和元年5月",
        "平成31年4月30日 10:30",
        "R6.7.1",
        "s63/1/8",
        "R6.13.1",
        "2026년 7월 1일",
        "2026년 7월",
    ),
    *("2026年第3四半期", "2026年2季度", "2026년 3분기", "昭和64年", "예", "갱신 여부", "継続中"),
    *("2026年", "30 septembre 2026 à 10h", "Mon, 30 Nov 2026 10:00:00 GMT", "30.11.2026 10:00:00 +0200", "31/02/2026"),
    *(
        "1 août 2026",
        "45000",
        "1.200",
        "1.200,50",
        "€ 1.200",
        "(12)",
        "12 %",
        "-5",
        "5-",
        "1'000",
        "$ 8,000.5",
        "1,200,000",
    ),
    *("US$ 3", "1 234,5", "kr 5", "1100,5", "−3", "(5-)", "1.2.3", "12 people 2026"),
]

#: SQL of the product for one column of texts, `a`.
OF_TEXTS = {
    "a text": "a",
    "without outer blanks": trimmed("a"),
    "trimmed": "trim(a)",
    "in lower case": "lower(trim(a))",
    "blank": is_blank("a"),
    "a plain number": numbertext.plain_sql("a"),
    "a number that is finite": "isfinite(TRY_CAST(a AS DOUBLE))",
    "the engine's number": numbers._engine("a", "VARCHAR"),
    "an answer with words beside it": scales.score_number("a", "VARCHAR"),
    "a number with a decimal comma": numbertext.styled_sql(trimmed("a"), ","),
    "a number with a decimal point": numbertext.styled_sql(trimmed("a"), "."),
    "a whole number": "TRY_CAST(a AS INTEGER)",
    "a small number": "TRY_CAST(a AS SMALLINT)",
    "folded": folded("a"),
    "without accents": "strip_accents(a)",
    "an ISO date": datetext.iso_timestamp("a"),
    "the kind of a period": datetext.period_kind("a"),
    "the first instant of a period": datetext.period_timestamp(trimmed("a")),
    "the first instant of a financial quarter": datetext.period_timestamp(trimmed("a"), 9),
    "a part of a financial year": datetext.is_fiscal("a"),
    "a first number": datetext.first_numbers("a")[0],
    "a second number": datetext.first_numbers("a")[1],
    "a date, day first": datetext.timestamp("a", day_first=True),
    "a date, month first": datetext.timestamp("a", day_first=False),
    "its length": "length(a)",
    "like": "a LIKE '%.___'",
    "after another": "a > 'B'",
    "other digits": "translate(a, '12345678', '99999999')",
    "one of a list": "[10, 20][list_position(['Acme', 'Ünal'], a)]",
    "an address": r"regexp_replace(a, '\S*(?:@|://|www\.)\S*', ' ', 'g')",
    "letters of any script": r"regexp_matches(a, '^\pL+$')",
    "whatever the case": "regexp_matches(a, '(?i)^ünal|^cafÉ$')",
    "the last letter": "a[-1]",
    "the last three letters": "right(a, 3)",
    "a last letter between two": "a[-1] BETWEEN '0' AND '9'",
    "a last letter that can be seen": "a[-1] BETWEEN '!' AND '~'",
    "a theme": r"regexp_matches(' ' || a || ' ', ' (?:Ac[^ ]*|Acme|Beta +|pri|30 +Sept\.|30|Q3 +2026|a\\b) ')",
}

_LONG_TWINS = ("a date, month first", "a number with a decimal point")

#: What an engine holds of other types, as DuckDB writes the value; and SQL of the product for it, `a`.
OF_TYPES = {
    "DOUBLE": (
        ["9.0", "10.0001", "-0.0", "6.999999999", "1e14", "0.1", "NaN", "Infinity", "-Infinity", None, "-3.5"],
        ["isnan(a)", "a >= 9", "a < 7", "trunc(a)", "nullif(a, CAST('NaN' AS DOUBLE))", "TRY_CAST(a AS DOUBLE)"],
    ),
    "TIMESTAMP": (
        ["2026-01-01 00:00:00", "2025-12-31 23:59:59.999999", "2026-03-08 02:30:00", "1969-12-31 12:00:00", None],
        ["year(a) * 12 + month(a) - 1", "CAST(a AS DATE)", "(year(a) * 12 + month(a) - 1) // 3", "epoch_us(a)"],
    ),
    "TIMESTAMP WITH TIME ZONE": (
        ["2026-01-01 00:30:00+00", "2025-12-31 23:59:59-05", "2026-11-01 05:30:00+00", "2026-11-01 06:30:00+00", None],
        ["timezone('UTC', a)", "year(timezone('UTC', a))", "CAST(timezone('UTC', a) AS DATE)"],
    ),
    "DATE": (["2026-01-01", "2024-02-29", "9999-12-31", None], ["year(a)", "week(a)", "a > DATE '2025-01-01'"]),
    "DECIMAL(20, 4)": (["9.0000", "6.9999", "1234567890123456.1234", None], ["a >= 7", "a = trunc(a)", "-a"]),
    "BOOLEAN": (["true", "false", None], ["CAST(a AS VARCHAR)", "NOT a", "CASE WHEN a THEN 1 ELSE 0 END"]),
    "BIGINT": (
        ["0", "-7", "9007199254740993", None],
        ["a // 2", "a & 5", "a % 3", "bit_count(a)", "a <> 0", "hash(a, 1) = hash(a // 1, 1)"],
    ),
}

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def duck() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; CREATE TABLE texts (i INTEGER, a VARCHAR)")
    connection.executemany("INSERT INTO texts VALUES (?, ?)", list(enumerate(TEXTS)))
    for number, (kind, (values, _)) in enumerate(OF_TYPES.items()):
        connection.execute(f"CREATE TABLE typed_{number} (i INTEGER, a {kind})")
        connection.executemany(f"INSERT INTO typed_{number} VALUES (?, CAST(? AS {kind}))", list(enumerate(values)))
    return connection


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def _postgres(duck: duckdb.DuckDBPyConnection, stack: ExitStack) -> tuple[Ask, str]:
    import psycopg

    connection = stack.enter_context(psycopg.connect(engines.postgres(), autocommit=True))
    connection.execute("SET TimeZone = 'America/New_York'")
    names = {"texts": "text"} | {f"typed_{n}": k.replace("DOUBLE", "DOUBLE PRECISION") for n, k in enumerate(OF_TYPES)}
    for name, kind in names.items():
        connection.execute(f"CREATE TABLE {name} (i int, a {kind})")
        rows = duck.execute(f"SELECT i, CAST(a AS VARCHAR) FROM {name}").fetchall()
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {name} VALUES (%s, CAST(%s::text AS {kind}))", rows)
    return (lambda sql: connection.execute(sql).fetchall()), 'a COLLATE "C" AS a'


def _spark(duck: duckdb.DuckDBPyConnection, stack: ExitStack) -> tuple[Ask, str]:  # noqa: ARG001
    session = engines.spark()
    names = {"texts": "string"} | {f"typed_{n}": _IN_SPARK.get(k, k) for n, k in enumerate(OF_TYPES)}
    for name, kind in names.items():
        rows = duck.execute(f"SELECT i, CAST(a AS VARCHAR) FROM {name}").fetchall()
        frame = session.createDataFrame(rows, "i int, a string").selectExpr("i", f"CAST(a AS {kind}) AS a")
        frame.createOrReplaceTempView(name)
    return (lambda sql: [tuple(row) for row in session.sql(sql).collect()]), "a"


_IN_SPARK = {"TIMESTAMP": "timestamp_ntz", "TIMESTAMP WITH TIME ZONE": "timestamp"}
_ENGINES = {"postgres": _postgres, "spark": _spark}


@pytest.mark.parametrize("dialect", ["postgres", pytest.param("spark", marks=pytest.mark.thorough)])
def test_value_by_value(dialect: Dialect, duck: duckdb.DuckDBPyConnection, stack: ExitStack) -> None:
    """What a text or a number is taken for is the same in every engine, in a session whose zone is New York."""
    ask, column = _ENGINES[dialect](duck, stack)
    # Spark compiles long expressions for half a minute each: one order of day and month stands for both there.
    asked = [sql for what, sql in OF_TEXTS.items() if dialect != "spark" or what not in _LONG_TWINS]
    different = _differences(duck, ask, dialect, "texts", column, asked)
    for number, (kind, (_, expressions)) in enumerate(OF_TYPES.items()):
        form = text_form("a", kind.replace(" ", "")) if "ZONE" not in kind else "1"
        form = f"CASE WHEN isfinite(a) THEN {form} END" if kind == "DOUBLE" else form  # and what is infinite is no name
        different += _differences(duck, ask, dialect, f"typed_{number}", "a", [*expressions, form])
    assert different == []


def _differences(
    duck: duckdb.DuckDBPyConnection, ask: Ask, dialect: Dialect, table: str, column: str, expressions: list[str]
) -> list[tuple[Any, ...]]:
    """Return where an engine gives another value than DuckDB: the expression, what it was asked of, and both."""
    asked = ", ".join(f"{expression} AS r{number}" for number, expression in enumerate(expressions))
    start, end = f"SELECT i, {asked} FROM (SELECT i, ", f" FROM {table}) ORDER BY i"
    wanted = duck.execute(f"{start}a{end}").fetchall()
    found = ask(carried(f"{start}{column}{end}", dialect))
    assert len(wanted) == len(found) > 0
    values = dict(duck.execute(f"SELECT i, a FROM {table}").fetchall())
    return [
        (expression, values[row[0]], value, theirs)
        for row, other in zip(wanted, found, strict=True)
        for expression, value, theirs in zip(expressions, row[1:], other[1:], strict=True)
        if _plain(value) != _plain(theirs)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    return value


def test_a_time_just_after_24_ends_no_run(duck: duckdb.DuckDBPyConnection, stack: ExitStack) -> None:
    """Half a second after 24:00 is no time of a day, in a text as DuckDB reads it: PostgreSQL refuses to make one."""
    sql = f"SELECT {datetext.iso_timestamp('a')} FROM (SELECT '2026-01-05 24:00:00.5' AS a) AS one"
    ask, _ = _postgres(duck, stack)
    assert duck.execute(sql).fetchall() == ask(carried(sql, "postgres")) == [(None,)]


def test_a_difference_is_seen(duck: duckdb.DuckDBPyConnection) -> None:
    """A letter that an engine lowers in its own way makes the comparison fail: it is no comparison of nothing."""
    ask = lambda sql: [(i, a.lower() if a else a) for i, a in duck.execute("SELECT * FROM texts").fetchall()]  # noqa: E731, ARG005
    found = _differences(duck, ask, "postgres", "texts", "a", ["lower(a)"])
    assert {value for _, value, *_ in found} == {"İstanbul", "ΠΟΛΎΣ"}


@pytest.mark.parametrize("dialect", _ENGINES)
@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ('SELECT entropy("a b") FROM t', "entropy of 'a b'"),
        ("SELECT list_sum([1, 2])", "list_sum"),
        ("SELECT regexp_matches(a, b) FROM t", "a pattern that is not written out"),
        ("SELECT regexp_matches(a, '\\bx') FROM t", "a pattern with \\b"),
    ],
)
def test_what_is_not_certain(dialect: Dialect, sql: str, what: str) -> None:
    """What has no certain counterpart is refused in one line that says what to do, and never passed on."""
    with pytest.raises(NotCarried, match=r"^\S+ cannot be asked for .*: cast the column to .* in a view") as refused:
        carried(sql, dialect)
    assert what in str(refused.value)
