"""Names and texts of the user's, written so that SQL takes them for nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from partnerkpi.vocabulary import SPACES

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation


def identifier(name: str) -> str:
    """Return a column's or table's name as SQL: `a"b` gives `"a""b"`."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL: `it's` gives `'it''s'`."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Return texts as SQL's list, always in the same order: `["b", "a"]` gives `('a', 'b')`."""
    return "(" + ", ".join(map(literal, sorted(texts))) + ")"


def trimmed(expression: str) -> str:
    """Return SQL for a text without outer blanks of any kind: tabs, line ends and no-break spaces go as spaces do."""
    # Trimming a set of characters is slow (and SQL's own trim knows the space alone), but nearly every text begins and
    # ends with something to see.
    clean = " AND ".join(f"{expression}[{place}] BETWEEN '!' AND '~'" for place in ("1:1", "-1:"))
    return f"CASE WHEN {clean} THEN {expression} ELSE trim({expression}, {literal(SPACES)}) END"


def is_blank(name: str) -> str:
    """Return SQL that tells whether a text column holds nothing to see."""
    column = identifier(name)
    return f"({column} IS NULL OR (NOT {column}[1:1] BETWEEN '!' AND '~' AND trim({column}, {literal(SPACES)}) = ''))"


def text_form(name: str, kind: str) -> str:
    """Return SQL for a typed column as the text that `values.as_text` gives: 7.0 is 7, midnight is its date.

    `kind` is the engine's type. So the same data matches itself, whether it came typed or as text.
    """
    column = identifier(name)
    if kind in ("FLOAT", "DOUBLE"):
        whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
        return (
            f"CASE WHEN isnan({column}) THEN NULL WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) "
            f"ELSE CAST({column} AS VARCHAR) END"
        )
    if kind.startswith("DECIMAL"):
        whole = f"CAST(CAST({column} AS HUGEINT) AS VARCHAR)"
        return f"CASE WHEN {column} = trunc({column}) THEN {whole} ELSE rtrim(CAST({column} AS VARCHAR), '0') END"
    if kind == "BOOLEAN":
        return f"CASE WHEN {column} THEN 'TRUE' WHEN NOT {column} THEN 'FALSE' END"
    if kind.startswith("TIMESTAMP"):
        plain = f"timezone('UTC', {column})" if "ZONE" in kind else column
        return f"regexp_replace(CAST({plain} AS VARCHAR), ' 00:00:00$', '')"
    return f"CAST({column} AS VARCHAR)"


def select(rows: DuckDBPyRelation, name: str, sql: str) -> DuckDBPyRelation:
    """Return what a SELECT makes of some rows, which it knows by a name; nothing is computed until it is fetched."""
    found = rows.query(name, sql)
    if found is None:  # only statements that select nothing
        raise TypeError(sql)
    return found


def fetch(rows: DuckDBPyRelation, name: str, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows that a SELECT makes of some rows, which it knows by a name."""
    return select(rows, name, sql).fetchall()
