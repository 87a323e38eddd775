"""The product's SQL, which is DuckDB's, as PostgreSQL and Spark understand it: the same rows give the same result.

sqlglot parses the text and writes it in the other dialect. What it does not know, or takes for the same where it is
not, is written here: blanks that are trimmed, letters in lower case, texts that may be numbers or dates, patterns,
places in lists. A function that is not known to mean the same is refused, never passed on.

Texts are compared by code points, as DuckDB compares them: the rows that everything is asked of (`rows_of` in
`tables/postgres.py`) carry the collation "C".
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from partnerkpi.errors import UsageError
from partnerkpi.tables import stars
from partnerkpi.tables.dialect_postgres import PostgresWriter
from partnerkpi.tables.dialect_spark import SparkWriter
from partnerkpi.tables.patterns import Uncertain
from partnerkpi.tables.sql import ONCE

Dialect = Literal["postgres", "spark"]

_WRITERS = {"postgres": PostgresWriter, "spark": SparkWriter}
_NAMES: dict[Dialect, str] = {"postgres": "PostgreSQL", "spark": "Spark"}

#: What gives the same in all engines as sqlglot writes it, or is written by both of our writers.
_KNOWN: tuple[type[exp.Expr], ...] = (
    *(exp.Abs, exp.Case, exp.If, exp.Cast, exp.TryCast, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Round),
    *(exp.Count, exp.CountIf, exp.Sum, exp.Min, exp.Max, exp.BitwiseOrAgg, exp.LogicalOr, exp.LogicalAnd, exp.Exists),
    *(exp.RowNumber, exp.Rank, exp.Avg, exp.ArgMax, exp.ArgMin, exp.And, exp.Or, exp.Xor, exp.Not),
    *(exp.Lower, exp.Trim, exp.Length, exp.Replace, exp.Translate, exp.Contains, exp.StartsWith, exp.Concat),
    *(exp.RegexpLike, exp.RegexpExtract, exp.RegexpReplace, exp.Split, exp.Explode, exp.ArrayDistinct, exp.Array),
    *(exp.Year, exp.Month, exp.Day, exp.TimestampTrunc, exp.DateTrunc, exp.IsNan, exp.Trunc, exp.Floor, exp.ToDays),
    *(
        exp.GenerateSeries,
        exp.Transform,
        exp.UnixToTime,
        exp.Week,
        exp.DateFromParts,
        exp.Extract,
        exp.IntDiv,
        exp.Collate,
        exp.Grouping,
    ),
    *(exp.ArrayConcat, exp.ArrayOverlaps, exp.RegexpFullMatch, exp.MD5, exp.Substring),
    *(exp.Left, exp.Right, exp.SplitPart),
)
_KNOWN_NAMES = {"strip_accents", "timezone", "isfinite", "list_position", "bit_count", "to_seconds", "to_minutes"}
_KNOWN_NAMES |= {"row", "hash", "try_strptime", "epoch_us", "to_json"}


#: A larger limit is none.
_MOST_ROWS = 2**31


class NotCarried(UsageError):
    """A piece of SQL has no counterpart in the engine that would give the same result for certain."""


@lru_cache(maxsize=512)
def carried(sql: str, dialect: Dialect) -> str:
    """Return a text of DuckDB's SQL for another engine; NotCarried where the result might not be the same.

    `SELECT year(d) FROM t` gives `SELECT CAST(DATE_PART('YEAR', d) AS INT) FROM t` for PostgreSQL.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    _refuse_unknown(tree, dialect)
    stars.name_apart(tree)
    for number, query in enumerate(list(tree.find_all(exp.Subquery))):
        if not query.alias and isinstance(query.parent, exp.From | exp.Join):
            query.set("alias", exp.TableAlias(this=exp.to_identifier(f"__q{number}")))
        if query.alias == ONCE and dialect == "postgres":
            query.this.set("offset", exp.Offset(expression=exp.Literal.number(0)))  # it moves nothing across that
    for limit in list(tree.find_all(exp.Limit)):
        if isinstance(limit.expression, exp.Literal) and int(limit.expression.name) > _MOST_ROWS:
            limit.pop()  # it tells DuckDB's planner something, and no other's
    if dialect == "postgres":
        for select in list(tree.find_all(exp.Select)):
            _write_out_all(select)
    try:
        for select in list(tree.find_all(exp.Select)):
            stars.write_out(select)
            if dialect == "spark":
                _generate_alone(select)
        return _WRITERS[dialect](dialect=dialect, unsupported_level=ErrorLevel.RAISE).generate(tree)
    except (SqlglotError, Uncertain) as error:
        raise _refused(dialect, str(error).splitlines()[0], tree) from None


def _refuse_unknown(tree: exp.Expr, dialect: Dialect) -> None:
    """Raise NotCarried for a function that is not known to mean the same."""
    for call in tree.find_all(exp.Func):
        known = call.name.lower() in _KNOWN_NAMES if isinstance(call, exp.Anonymous) else isinstance(call, _KNOWN)
        if not known:
            name = call.name if isinstance(call, exp.Anonymous) else call.sql_name()
            raise _refused(dialect, name.lower(), call)


def _refused(dialect: Dialect, what: str, node: exp.Expr) -> NotCarried:
    columns = dict.fromkeys(
        column.name
        for column in node.find_all(exp.Column)
        if isinstance(column.this, exp.Identifier) and column.this.quoted
    )
    where = f" of {', '.join(map(repr, columns))}" if 0 < len(columns) < 4 else ""
    return NotCarried(
        f"{_NAMES[dialect]} cannot be asked for {what}{where} with the result that files give: cast the column to a "
        "date, a number or plain text in a view, and count the view"
    )


def _write_out_all(select: exp.Select) -> None:
    """Replace GROUP BY ALL and ORDER BY ALL by the places of the columns."""
    group, order = select.args.get("group"), select.args.get("order")
    if group is not None and group.args.get("all"):
        keys = [
            exp.Literal.number(place)
            for place, column in enumerate(select.expressions, 1)
            if not any(_is_own(found, select) for found in column.find_all(exp.AggFunc))
        ]
        select.set("group", exp.Group(expressions=keys) if keys else None)
    if order is not None and [one.this.name for one in order.expressions if isinstance(one.this, exp.Var)] == ["ALL"]:
        places = [exp.Ordered(this=exp.Literal.number(place)) for place in range(1, len(select.expressions) + 1)]
        select.set("order", exp.Order(expressions=places))


def _generate_alone(select: exp.Select) -> None:
    """Put rows that are made of a list into a query of their own: Spark makes them nowhere inside an expression."""
    for column in select.expressions:
        made = column.find(exp.Explode)
        if made is None or column.unalias() is made:
            continue
        if len(select.expressions) > 1 or made.parent_select is not select:
            raise Uncertain("rows made of a list inside an expression")
        rest = column.copy()
        rest.find(exp.Explode).replace(exp.column("__made"))
        inner = select.copy()
        inner.set("expressions", [exp.alias_(made.copy(), "__made")])
        outer = exp.select(rest).from_(inner.subquery("__list"))
        for name in list(select.args):
            select.set(name, outer.args.get(name))


def _is_own(aggregate: exp.Expr, select: exp.Select) -> bool:
    """Tell whether an aggregate is one of this SELECT: not of a query inside it, and not over a window."""
    window = aggregate.find_ancestor(exp.Window)
    return aggregate.parent_select is select and window is None
