"""From what a user names (files, globs, `FILE.xlsx#Sheet`, `FILE.duckdb#table`) to one table that DuckDB can count.

Every file is first looked at by a helper process with limits (`isolated`). Plain text, Parquet and DuckDB files stay
where they are and are counted in place; everything else becomes plain CSV in a folder that goes away with the
workspace. Nothing is loaded into this process but a sample to tell the columns by.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from partnerkpi.errors import DataProblem, FileProblem, UsageError
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.csvsql import countable, read_copy, read_in_place
from partnerkpi.tables.engine import Engine, past_limits
from partnerkpi.tables.guard import DEFAULT_LIMITS, Limits
from partnerkpi.tables.isolated import Reader
from partnerkpi.tables.names import merge_names
from partnerkpi.tables.profile import SAMPLED_CELLS, SAMPLED_ROWS, ColumnProfile, profile
from partnerkpi.tables.scales import check_scale
from partnerkpi.tables.sources import expand
from partnerkpi.tables.sql import literal
from partnerkpi.tables.table import Part, Table, union
from partnerkpi.tables.tasting import plain_columns
from partnerkpi.tables.tools import check_tool

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Fits = Callable[[Sequence[ColumnProfile]], bool]


class Workspace:
    """A DuckDB connection, a helper process and a temporary folder; all go away when the `with` block ends.

    `tool` is the survey tool that files are taken to come from, whatever they look like; `scale` the one that scores
    were asked on; `partner_names` says which spellings are the same partner.
    """

    def __init__(
        self,
        limits: Limits = DEFAULT_LIMITS,
        *,
        tool: str | None = None,
        scale: str | None = None,
        partner_names: Mapping[str, str] | None = None,
    ) -> None:
        self.tool, self.scale = check_tool(tool), check_scale(scale)
        self.partner_names = partner_names or {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._engine = Engine(limits, self._place)
        self._attached: dict[Path, str] = {}
        self._opened: list[Path] = []
        self._reader = Reader(limits)

    def __enter__(self) -> Self:
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reader.stop()
        self._engine.close()
        if self._folder is not None:
            self._folder.cleanup()
        problem = self._engine.explained(error, _named(self._opened))
        if problem is not None:
            raise problem from None

    @property
    def connection(self) -> DuckDBPyConnection:
        """Return the connection that counts, in the limits of memory and time; see `Engine`."""
        return self._engine.connection

    def open(self, sources: Sequence[str], fits: Fits | None = None) -> Table:
        """Return the table that one or several sources hold together, rows of the same columns below each other.

        In a workbook or a database without a named sheet, the first table for which `fits` holds is taken, else the
        first table. FileProblem or DataProblem where nothing can be read; UsageError where several tables on one sheet
        fit.
        """
        parts: list[Part] = []
        notes: list[str] = []
        for path, inner in (found for source in sources for found in expand(source)):
            part, said = self._open_one(path, inner, fits)
            parts.append(part)
            notes += [*said, *(f"{part.label}: {note}" for note in part.notes)]
        if len({part.kind in ("parquet", "duckdb") for part in parts}) == 2:  # text beside typed columns: all as text
            parts = [self._as_text(part) for part in parts]
        profiles = self._profile(parts)
        missing = [
            p.name for p in profiles if any(p.name.casefold() not in map(str.casefold, part.columns) for part in parts)
        ]
        if missing and len(parts) > 1:
            notes.append(f"not every file has the columns {', '.join(missing)}: blank there")
        return Table(self._engine, tuple(parts), profiles, tuple(notes), self.scale)

    def candidates(self, source: str) -> Iterator[Table]:
        """Yield every table that one source holds, each on its own: a workbook's sheets, a database's tables."""
        for path, inner in expand(source):
            for part in self._parts(path, inner):
                yield Table(self._engine, (part,), self._profile([part]), part.notes, self.scale)

    def with_partner_names(self, table: Table, columns: Columns) -> Table:
        """Return a table with the partners' names as the settings spell them, and a note of how many rows changed."""
        partner = columns.get("partner") if self.partner_names else None
        return merge_names(table, partner, self.partner_names) if partner is not None else table

    def _open_one(self, path: Path, inner: str | None, fits: Fits | None) -> tuple[Part, list[str]]:
        first: Part | None = None
        passed: list[str] = []
        parts = self._parts(path, inner)
        for part in parts:
            first = first or part
            if fits is None or fits(self._profile([part])):
                if part.sheet is not None and fits is not None:
                    self._refuse_several(part, parts, fits)
                return part, [f"{path}: passed over {', '.join(passed)}"] if passed and inner is None else []
            passed.append(part.label.rpartition("#")[2])
        if first is None:
            raise DataProblem(f"{path} holds no table: no row names the columns of rows below it")
        return first, []

    def _refuse_several(self, part: Part, others: Iterator[Part], fits: Fits) -> None:
        """Raise UsageError if another table on the same sheet fits as well: which is meant, only the user knows."""
        beside = [other for other in others if other.sheet == part.sheet and fits(self._profile([other]))]
        if beside:
            listed = ", ".join(repr(one.label) for one in (part, *beside))
            raise UsageError(
                f"{part.path}: {len(beside) + 1} tables on sheet {part.sheet!r} fit; name one of them: {listed}"
            )

    def _place(self) -> Path:
        """Return the temporary folder."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="partnerkpi-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    def _prefix(self, path: Path) -> Path:
        """Return what the names of the files begin with to which a file is copied."""
        self._opened.append(path)
        return self._place() / str(len(self._opened))

    def _parts(self, path: Path, inner: str | None) -> Iterator[Part]:
        prefix = self._prefix(path)
        self._reader.start()
        _ = self.connection  # loading the engine takes as long as the helper takes to start
        for told in self._reader.parts(path, inner, self.tool, prefix):
            yield self._part(path, told)

    def _part(self, path: Path, told: dict[str, Any]) -> Part:
        """Return a part from what the helper tells of it."""
        names = tuple(told["names"])
        label = f"{path}#{told['inner']}" if told["inner"] is not None else str(path)
        detail = told["detail"] + (f", exported from {told['tool']}" if told["tool"] is not None else "")
        part = Part(
            label,
            path,
            told["kind"],
            names,
            told["header_row"],
            "",
            detail,
            tool=told["tool"],
            titles=told["titles"],
            roles=told["roles"],
            notes=tuple(told["notes"]),
            sheet=told.get("sheet"),
        )
        if "copy" in told:
            aside = Path(told["aside_file"]) if told["aside_file"] is not None else None
            copied = read_copy(Path(told["copy"]), names)
            return replace(part, sql=copied, numbered=True, aside=told["aside"], aside_file=aside)
        if "in_place" in told:
            return self._in_place(part, told["in_place"])
        if "sql" in told:
            return replace(part, sql=plain_columns(told["sql"], told["columns"]))
        return replace(part, sql=self._in_database(path, told))

    def _in_place(self, part: Part, how: dict[str, Any]) -> Part:
        """Return a part with SQL for a plain text file; one that the engine cannot read in place is copied."""
        sql = read_in_place(part.path, part.columns, how["separator"], how["skip"])
        readable = countable(self.connection, sql, part.columns)
        if readable is not None:
            return replace(part, sql=readable)
        told = next(self._reader.parts(part.path, None, self.tool, self._prefix(part.path), copy=True))
        return self._part(part.path, told)

    def _in_database(self, path: Path, told: dict[str, Any]) -> str:
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
        return plain_columns(f"SELECT * FROM {self._attached[path]}.{told['table']}", told["columns"])

    def _as_text(self, part: Part) -> Part:
        if part.kind not in ("parquet", "duckdb"):
            return part
        return replace(part, sql=f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({part.sql})")

    def _profile(self, parts: Sequence[Part]) -> tuple[ColumnProfile, ...]:
        sql = union(part.rows for part in parts)
        import duckdb

        try:
            relation = self.connection.sql(sql)
            rows = max(50, min(SAMPLED_ROWS, SAMPLED_CELLS // max(len(relation.columns), 1)))
            sample = self.connection.sql(f"SELECT * FROM ({sql}) LIMIT {rows}").fetchall()
        except past_limits():
            raise
        except duckdb.Error as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise FileProblem(f"{parts[0].label} cannot be read ({first[:200]}): export it again") from None
        found = profile(relation.columns, [str(kind) for kind in relation.types], sample)
        titles = {name: title for part in reversed(parts) for name, title in part.titles.items()}
        roles = {name: role for part in reversed(parts) for name, role in part.roles.items()}
        if not titles and not roles:
            return found
        return tuple(
            replace(column, title=titles.get(column.name, ""), role=roles.get(column.name)) for column in found
        )


def _named(paths: Sequence[Path]) -> str:
    """Return the files that were opened, for a message."""
    several = dict.fromkeys(map(str, paths))
    return next(iter(several), "the data") + (f" and {len(several) - 1} more" if len(several) > 1 else "")
