"""From what a user names (files, globs, `FILE.xlsx#Sheet`, `FILE.duckdb#table`) to one table that DuckDB can count.

Text and Parquet files stay where they are and are counted in place. Everything else becomes plain CSV in a folder
that goes away with the workspace. Nothing is loaded into this process but a sample to tell the columns by.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from partnerkpi.errors import DataProblem, FileProblem
from partnerkpi.tables import textfile
from partnerkpi.tables.guard import Kind, preflight
from partnerkpi.tables.profile import SAMPLED_CELLS, SAMPLED_ROWS, ColumnProfile, profile
from partnerkpi.tables.sources import expand
from partnerkpi.tables.sql import identifier, literal
from partnerkpi.tables.table import Part, Table, union

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Fits = Callable[[Sequence[ColumnProfile]], bool]


class Workspace:
    """A DuckDB connection and a temporary folder; both go away when the `with` block ends."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._connection: DuckDBPyConnection | None = None
        self._attached: dict[Path, str] = {}
        self._copies = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def connection(self) -> DuckDBPyConnection:
        """Return the connection: instants in UTC, no extension fetched from anywhere."""
        if self._connection is None:
            import duckdb

            self._connection = duckdb.connect(
                config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
            )
            self._connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        return self._connection

    def new_file(self) -> Path:
        """Return the path of a new file in the temporary folder."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="partnerkpi-", ignore_cleanup_errors=True)
        self._copies += 1
        return Path(self._folder.name) / f"{self._copies}.csv"

    def open(self, sources: Sequence[str], fits: Fits | None = None) -> Table:
        """Return the table that one or several sources hold together, rows of the same columns below each other.

        In a workbook or a database without a named sheet, the first table for which `fits` holds is taken, else the
        first table. FileProblem or DataProblem where nothing can be read.
        """
        parts: list[Part] = []
        notes: list[str] = []
        for path, inner in (found for source in sources for found in expand(source)):
            part, said = self._open_one(path, inner, fits)
            parts.append(part)
            notes += said
        if len({part.kind in ("parquet", "duckdb") for part in parts}) == 2:  # text beside typed columns: all as text
            parts = [self._as_text(part) for part in parts]
        sql = union(part.sql for part in parts)
        profiles = self._profile(sql)
        missing = [
            p.name for p in profiles if any(p.name.casefold() not in map(str.casefold, part.columns) for part in parts)
        ]
        if missing and len(parts) > 1:
            notes.append(f"not every file has the columns {', '.join(missing)}: blank there")
        return Table(self.connection, tuple(parts), profiles, tuple(notes))

    def candidates(self, source: str) -> Iterator[Table]:
        """Yield every table that one source holds, each on its own: a workbook's sheets, a database's tables."""
        for path, inner in expand(source):
            for part in self._parts(path, inner):
                yield Table(self.connection, (part,), self._profile(part.sql))

    def _open_one(self, path: Path, inner: str | None, fits: Fits | None) -> tuple[Part, list[str]]:
        first: Part | None = None
        passed: list[str] = []
        for part in self._parts(path, inner):
            if first is None:
                first = part
            if fits is None or fits(self._profile(part.sql)):
                return part, [f"{path}: passed over {', '.join(passed)}"] if passed and inner is None else []
            passed.append(part.label.rpartition("#")[2])
        if first is None:
            raise DataProblem(f"{path} holds no table: no row names the columns of rows below it")
        return first, []

    def _parts(self, path: Path, inner: str | None) -> Iterator[Part]:
        kind = preflight(path)
        if inner is not None and kind in ("text", "parquet"):
            raise FileProblem(f"{path} has no sheets, so '#{inner}' names nothing: leave it out")
        if kind == "text":
            yield self._text_part(path)
        elif kind == "parquet":
            sql = f"SELECT * FROM read_parquet({literal(str(path))})"
            yield Part(str(path), path, kind, self._columns(path, sql), 0, self._plain_columns(sql), "Parquet")
        elif kind == "duckdb":
            yield from self._database_parts(path, inner)
        else:
            yield from self._sheet_parts(path, kind, inner)

    def _text_part(self, path: Path) -> Part:
        dialect = textfile.inspect(path)
        separator = _SEPARATORS.get(dialect.separator, repr(dialect.separator))
        detail = f"text, {_ENCODINGS.get(dialect.encoding, dialect.encoding)}, separated by {separator}"
        if dialect.plain:
            sql = _read_csv(path, dialect.names, dialect.separator, dialect.header_lines)
            if (readable := self._countable(sql, dialect.names)) is not None:
                return Part(str(path), path, "text", dialect.names, 1, readable, detail)
        copy = self.new_file()
        broken = textfile.copy_plain(path, dialect, copy)
        copied = self._countable(_read_csv(copy, dialect.names, ",", 0), dialect.names)
        if copied is None:
            raise FileProblem(f"{path} is not a table of text that can be read: export it again as CSV (UTF-8)")
        return Part(str(path), path, "text", dialect.names, dialect.header_row + 1, copied, detail, tuple(broken))

    def _countable(self, sql: str, names: Sequence[str]) -> str | None:
        """Read a text file through once: None if a row does not fit; rows without any value are not rows."""
        import duckdb

        cells = ", ".join(f"nullif(trim({identifier(name)}), '')" for name in names)
        filled = f"coalesce({cells}) IS NOT NULL"
        try:
            total, used = self.connection.sql(
                f"SELECT count(*), count(*) FILTER (WHERE {filled}) FROM ({sql})"
            ).fetchall()[0]
        except duckdb.Error:
            return None
        return sql if total == used else f"SELECT * FROM ({sql}) WHERE {filled}"

    def _sheet_parts(self, path: Path, kind: Kind, inner: str | None) -> Iterator[Part]:
        from partnerkpi.tables.excel import sheets

        for sheet in sheets(path, inner):
            copy = self.new_file()
            sheet.write(copy)
            sql = self._countable(_read_csv(copy, sheet.names, ",", 0), sheet.names)
            if sql is not None:
                hidden = "" if sheet.visible else ", a hidden sheet"
                detail = f"sheet {sheet.name!r}{hidden}, header in row {sheet.header_row}"
                yield Part(f"{path}#{sheet.name}", path, kind, sheet.names, sheet.header_row, sql, detail)

    def _database_parts(self, path: Path, inner: str | None) -> Iterator[Part]:
        import duckdb

        if path not in self._attached:
            name = f"source{len(self._attached)}"
            try:
                self.connection.execute(f"ATTACH {literal(str(path))} AS {name} (READ_ONLY)")
            except duckdb.Error as error:
                first = str(error).splitlines()[0]
                raise FileProblem(
                    f"{path} cannot be opened ({first}): close the program that holds it, or copy it"
                ) from None
            self._attached[path] = name
        database = self._attached[path]
        rows = self.connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = ? ORDER BY ALL",
            [database],
        ).fetchall()
        known = [(schema, table, table if schema == "main" else f"{schema}.{table}") for schema, table in rows]
        wanted = (
            known
            if inner is None
            else [entry for entry in known if inner.casefold() in (entry[1].casefold(), entry[2].casefold())]
        )
        if not wanted:
            names = ", ".join(label for _, _, label in known) or "none"
            asked = f"no table named {inner!r}" if inner is not None else "no table"
            raise FileProblem(f"{path} has {asked}; its tables are: {names}")
        for schema, table, shown in wanted:
            sql = f"SELECT * FROM {database}.{identifier(schema)}.{identifier(table)}"
            yield Part(
                f"{path}#{shown}",
                path,
                "duckdb",
                self._columns(path, sql),
                0,
                self._plain_columns(sql),
                f"table {shown!r}",
            )

    def _columns(self, path: Path, sql: str) -> tuple[str, ...]:
        import duckdb

        try:
            return tuple(self.connection.sql(sql).columns)
        except duckdb.Error as error:
            raise FileProblem(f"{path} cannot be read ({str(error).splitlines()[0]}): export it again") from None

    def _plain_columns(self, sql: str) -> str:
        """Select lists, structures and other nested columns as text: they name groups at most."""
        relation = self.connection.sql(sql)
        nested = [
            n
            for n, t in zip(relation.columns, relation.types, strict=True)
            if str(t).endswith("]") or ("(" in str(t) and not str(t).startswith("DECIMAL"))
        ]
        if not nested:
            return sql
        changed = ", ".join(f"CAST({identifier(name)} AS VARCHAR) AS {identifier(name)}" for name in nested)
        return f"SELECT * REPLACE ({changed}) FROM ({sql})"

    def _as_text(self, part: Part) -> Part:
        if part.kind == "text":
            return part
        from dataclasses import replace

        return replace(part, sql=f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({part.sql})")

    def _profile(self, sql: str) -> tuple[ColumnProfile, ...]:
        relation = self.connection.sql(sql)
        rows = max(50, min(SAMPLED_ROWS, SAMPLED_CELLS // max(len(relation.columns), 1)))
        sample = self.connection.sql(f"SELECT * FROM ({sql}) LIMIT {rows}").fetchall()
        return profile(relation.columns, [str(kind) for kind in relation.types], sample)


_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows-1252 or Latin-1",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _read_csv(path: Path, names: Sequence[str], separator: str, skip: int) -> str:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    # A file name with * or [ in it would be taken for a pattern.
    shielded = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
    return (
        f"SELECT * FROM read_csv({literal(shielded)}, auto_detect = false, header = false, skip = {skip}, "
        f"delim = {literal(separator)}, quote = '\"', escape = '\"', max_line_size = {textfile.LONGEST_CELL * 2}, "
        f"columns = {{{columns}}})"
    )
