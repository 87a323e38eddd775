"""A table or view of PostgreSQL, counted where it lies: what a query selects comes here, and never the rows.

The connection is the caller's. All queries of a run see one state of the rows: where the connection is between
transactions, one is opened that only reads (REPEATABLE READ), and ended when the workspace is closed; one that the
caller has begun is used as it is. A connection of ADBC is cloned, and the clone closed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any, NamedTuple

from partnerkpi.errors import EngineProblem, PartnerKpiError, UsageError
from partnerkpi.tables.backend import Backend
from partnerkpi.tables.sql import identifier, literal

#: How many rows of a long result are held at a time.
_BLOCK = 5_000
#: Answers of so many rows are remembered for a second question.
_REMEMBERED = 10_000
#: The first version that makes a number of a row.
_HASHES_ROWS = 140_000

#: PostgreSQL's types by their own names, as DuckDB names them; all others are counted as texts.
_KINDS = {
    **{"int2": "SMALLINT", "int4": "INTEGER", "int8": "BIGINT", "float4": "FLOAT", "float8": "DOUBLE"},
    **{"bool": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMP WITH TIME ZONE"},
    **{"numeric": "DECIMAL(38,10)", "money": "DECIMAL(38,2)"},
}
_TEXTS = {"text", "varchar", "bpchar", "char", "name", "citext", "uuid"}

#: What errors mean, by the beginning of their SQLSTATE, and what to do.
_MEANINGS = {
    "42501": "the user may not read it: GRANT SELECT on it",
    "42P01": "it is gone: look for its name again",
    "57014": "the query was cancelled or took longer than statement_timeout allows: raise it, or count a smaller view",
    "55P03": "it is locked: wait for the program that holds it",
    "25P02": "the connection's own transaction has failed: roll it back first",
    "53": "the server is short of memory, disk or connections",
    "08": "the connection was lost: connect again",
    "57P": "the connection was lost, since the server was stopped: connect again",
    "40": "the rows were changed meanwhile: try again",
}


class Column(NamedTuple):
    """A column of a table: its name, its type (of a domain that below it), and the full type if it is no plain one."""

    name: str
    kind: str
    nested: str | None
    is_domain: bool


class Postgres(Backend):
    """A connection of psycopg, psycopg2 or ADBC to PostgreSQL 13 or later, as an engine that counts."""

    def __init__(self, connection: Any) -> None:
        """Open a transaction that only reads, unless the connection is in one of its own."""
        self._cloned = hasattr(connection, "adbc_clone")
        self._connection = connection.adbc_clone() if self._cloned else connection
        self.notes: tuple[str, ...] = ()
        self._ours = self._cloned or _is_idle(connection)
        self._cursors = 0
        if self._ours:
            start = "BEGIN" if getattr(connection, "autocommit", False) is True else "SET TRANSACTION"
            self._run(f"{start} ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        elif self._run("SELECT current_setting('transaction_isolation')")[0][0] == "read committed":
            self.notes = (
                "the connection is in a transaction of its own, which sees changes between two queries: commit it "
                "first, and all queries see the same rows",
            )
        version, number = self._run(
            "SELECT current_setting('server_version'), CAST(current_setting('server_version_num') AS INT)"
        )[0]
        self._name = f"PostgreSQL {version.split()[0]}"
        self._has_hash: bool = number >= _HASHES_ROWS
        self._known: dict[str, list[tuple[Any, ...]]] | None = None if self.notes else {}

    @property
    def name(self) -> str:
        """Return the engine and its version."""
        return self._name

    @property
    def has_order(self) -> bool:
        """Tell whether rows have places: they have none."""
        return False

    @property
    def has_hash(self) -> bool:
        """Tell whether `hash` makes a number of values: it does from PostgreSQL 14 on."""
        return self._has_hash

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return all rows of a SELECT, which is DuckDB's; what was asked of the same state is not asked again."""
        if self._known is None:
            return self._run(carried(sql))
        if (found := self._known.get(sql)) is None:
            found = self._run(carried(sql))
            if len(found) <= _REMEMBERED:
                self._known[sql] = found
        return list(found)

    def stream(self, sql: str) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Yield the rows of a SELECT in blocks, through a cursor that the server holds."""
        text = carried(sql)
        if self._cloned:  # ADBC copies the result in, block by block
            with self._explained(), self._connection.cursor() as cursor:
                cursor.execute(text)
                for batch in cursor.fetch_record_batch():
                    yield _plain_rows(batch)
            return
        self._cursors += 1
        cursor = f"partnerkpi_{self._cursors}"
        self._run(f"DECLARE {cursor} NO SCROLL CURSOR FOR {text}")
        while block := self._run(f"FETCH FORWARD {_BLOCK} FROM {cursor}"):
            yield block
        self._run(f"CLOSE {cursor}")

    def kept(self, sql: str) -> str:
        """Return the SELECT itself: a transaction that only reads keeps nothing."""
        return sql

    held = kept

    def columns(self, sql: str) -> list[tuple[str, str]]:
        """Return the names of the columns of a SELECT, each with its type as DuckDB calls it."""
        text = carried(sql)
        with self._explained(), self._cursor() as cursor:
            cursor.execute(f"SELECT * FROM ({text}) AS q LIMIT 0")
            names = [column[0] for column in cursor.description or ()]
            if self._cloned:
                cursor.fetchall()
        types = ", ".join(f"CAST(pg_typeof(q.{identifier(name)}) AS TEXT)" for name in names)
        # A row of nothing, so that the types are told of a table without rows too.
        (kinds,) = self._run(f"SELECT {types} FROM (SELECT) AS one LEFT JOIN ({text} LIMIT 0) AS q ON TRUE")
        return [(name, _kind(kind)) for name, kind in zip(names, kinds, strict=True)]

    def close(self) -> None:
        """End the transaction, if it is ours; the connection stays the caller's."""
        with suppress(Exception):
            if self._cloned:
                self._connection.close()
            elif self._ours:
                self._connection.rollback()

    def table(self, name: str) -> tuple[str, list[Column]]:
        """Return how a table or view is called in SQL, and its columns; UsageError with the nearest name for none."""
        found = self._run(f"SELECT CAST(to_regclass({literal(name)}) AS OID)")[0][0]
        if found is None:
            schema, _, inner = name.rpartition(".")
            quoted = ".".join(identifier(part) for part in (schema, inner) if part)
            found = self._run(f"SELECT CAST(to_regclass({literal(quoted)}) AS OID)")[0][0]
        if found is None:
            raise UsageError(f"{self.name} has no table or view {name!r}.{self._nearest(name)}")
        schema, inner, readable = self._run(
            "SELECT nspname, relname, has_table_privilege(c.oid, 'SELECT') FROM pg_catalog.pg_class c "
            f"JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = {int(found)}"
        )[0]
        listed = self._run(
            "SELECT attname, coalesce(b.typname, t.typname), t.typtype, format_type(atttypid, atttypmod), "
            f"has_column_privilege({int(found)}, attnum, 'SELECT') FROM pg_catalog.pg_attribute a "
            "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
            "LEFT JOIN pg_catalog.pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype "
            f"WHERE attrelid = {int(found)} AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        )
        columns = [
            Column(column, kind, None if kind in _KINDS or kind in _TEXTS or form == "e" else full, form == "d")
            for column, kind, form, full, allowed in listed
            if readable or allowed
        ]
        if not columns:
            raise EngineProblem(f"{schema}.{inner} cannot be read: {_MEANINGS['42501']}")
        return f"{identifier(schema)}.{identifier(inner)}", columns

    def _nearest(self, name: str) -> str:
        known = [
            f"{schema}.{table}"
            for schema, table in self._run(
                "SELECT table_schema, table_name FROM information_schema.tables "
                "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
            )
        ]
        wanted = name if "." in name else f"public.{name}"
        near = difflib.get_close_matches(wanted, known, 1, 0.6)
        return f" Did you mean {near[0]!r}?" if near else f" It has {', '.join(known[:10]) or 'none'}"

    def _run(self, text: str) -> list[tuple[Any, ...]]:
        with self._explained(), self._cursor() as cursor:
            cursor.execute(text)
            if cursor.description is None:
                return []
            if self._cloned:
                return _plain_rows(cursor.fetch_arrow_table())
            return [tuple(map(_plain, row)) for row in cursor.fetchall()]

    def _cursor(self) -> Any:
        cursor = self._connection.cursor()
        if hasattr(cursor, "row_factory"):  # the caller's may make dicts of rows
            cursor.row_factory = lambda _: tuple
        return cursor

    def _explained(self) -> _Explained:
        return _Explained(self)


class _Explained:
    """Says in one line what an error of the driver means."""

    def __init__(self, backend: Postgres) -> None:
        self._backend = backend

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if error is None or isinstance(error, PartnerKpiError) or not _is_drivers(error):
            return
        state = str(getattr(error, "sqlstate", None) or getattr(error, "pgcode", None) or "")
        first_line = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        meaning = next((text for start, text in _MEANINGS.items() if state.startswith(start)), None)
        if meaning is None and not state and type(error).__name__ == "DataError":
            meaning = "a value of it cannot be read, such as a date that is infinite: count a view without it"
        if meaning is None and (not state or _is_closed(self._backend._connection)):
            meaning = _MEANINGS["08"]
        name = getattr(self._backend, "_name", "PostgreSQL")
        raise EngineProblem(f"{name} cannot answer ({first_line})" + (f": {meaning}" if meaning else "")) from error


def carried(sql: str) -> str:
    """Return a text of DuckDB's SQL as PostgreSQL reads it; EngineProblem where sqlglot is not installed."""
    try:
        from partnerkpi.tables.dialects import carried as carry
    except ImportError:
        raise EngineProblem('to count in PostgreSQL, sqlglot is needed: pip install "sqlglot>=30.30,<31"') from None
    return carry(sql, "postgres")


def rows_of(table: str, columns: Sequence[Column]) -> str:
    """Return SQL for the rows of a table with types that are counted: instants in UTC, texts by code points."""
    return f"SELECT {', '.join(map(_selected, columns))} FROM {table}"


def _selected(column: Column) -> str:
    kind = column.kind
    quoted = identifier(column.name)
    if kind == "timestamptz":
        return f"timezone('UTC', {quoted}) AS {quoted}"
    if kind in ("numeric", "money"):  # PostgreSQL's exact numbers may be NaN
        exact = quoted if kind == "numeric" else f"CAST({quoted} AS DECIMAL(38, 2))"
        return f"nullif({exact}, CAST('NaN' AS DECIMAL(38, 10))) AS {quoted}"
    if kind in _KINDS:
        return f"CAST({quoted} AS {_KINDS[kind]}) AS {quoted}" if column.is_domain else quoted
    return f'CAST({quoted} AS VARCHAR) COLLATE "C" AS {quoted}'


def _kind(kind: str) -> str:
    """Return a type, as `pg_typeof` writes it, as DuckDB names it."""
    return _SPELLED.get(kind, "VARCHAR")


_SPELLED = {
    **{"smallint": "SMALLINT", "integer": "INTEGER", "bigint": "BIGINT", "real": "FLOAT", "boolean": "BOOLEAN"},
    **{"double precision": "DOUBLE", "numeric": "DECIMAL(38,10)", "date": "DATE"},
    **{"timestamp without time zone": "TIMESTAMP", "timestamp with time zone": "TIMESTAMP WITH TIME ZONE"},
}


def _plain(value: Any) -> Any:
    """Return a value as DuckDB would give it: PostgreSQL adds whole numbers up to an exact one, which is whole."""
    if isinstance(value, Decimal) and value.is_finite() and value.as_tuple().exponent == 0:
        return int(value)
    return value


def _plain_rows(table: Any) -> list[tuple[Any, ...]]:
    """Return the rows of an Arrow table of ADBC, which gives exact numbers as texts."""
    exact = {
        number
        for number, field in enumerate(table.schema)
        if (field.metadata or {}).get(b"ADBC:postgresql:typname") == b"numeric"
    }
    columns = [
        [_plain(Decimal(value)) if value is not None and number in exact else value for value in column.to_pylist()]
        for number, column in enumerate(table.columns)
    ]
    return list(zip(*columns, strict=True))


def is_connection(thing: Any) -> bool:
    """Tell whether something is a connection to PostgreSQL that is known here: of psycopg, psycopg2 or ADBC."""
    module = type(thing).__module__.partition(".")[0]
    return module in ("psycopg", "psycopg2", "adbc_driver_manager", "adbc_driver_postgresql")


def _is_drivers(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in ("psycopg", "psycopg2", "adbc_driver_manager")


def _is_idle(connection: Any) -> bool:
    """Tell whether a connection is between two transactions."""
    if hasattr(connection, "info") and hasattr(connection.info, "transaction_status"):
        return int(connection.info.transaction_status) == 0
    return hasattr(connection, "get_transaction_status") and connection.get_transaction_status() == 0


def _is_closed(connection: Any) -> bool:
    return bool(getattr(connection, "closed", False))
