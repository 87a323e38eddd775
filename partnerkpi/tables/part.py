"""One file, sheet, database table or frame: what it is, and the SQL that selects its rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import asdict, field
from pathlib import Path
from typing import Any, Literal, Self

from partnerkpi.dataclass import dataclass
from partnerkpi.tables.guard import Kind
from partnerkpi.tables.sql import PLACE, ROW, SOURCE, literal

#: Two to this power is more than the rows of any file.
_PLACES = 44


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A row that is no row of the table: its number, why, and its cells."""

    line: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """What stands in the place of a file: a frame, or a table of an engine.

    `name` is what it is called (pandas DataFrame, public.answers), `engine` what holds it, with its version (pandas
    3.1.1, PostgreSQL 15.18). `rows` is None where only counting tells; `query` is the SHA-256 of the SQL that selects
    the rows in an engine.
    """

    name: str
    engine: str
    columns: int
    rows: int | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One file, sheet, database table or frame that a table was read from: `path` or `origin` says which.

    `header_row` is the row that names the columns (0 where the format has names of its own); `sql` selects the rows,
    with their numbers in `__row` where `numbered` says so. `aside` counts rows that are no rows of the table by reason;
    they stand in `aside_file`. `tool` is the survey tool that the part was exported from, if one was recognised, with
    the roles and the full questions that it gives its columns. `sheet` is set where several tables stand on one sheet.
    `nested` columns hold lists, structures and the like, of the type named, and are texts here.
    """

    label: str
    path: Path | None
    kind: Kind | Literal["frame", "engine"]
    columns: tuple[str, ...]
    header_row: int
    sql: str
    detail: str = ""
    numbered: bool = False
    aside: Mapping[str, int] = field(default_factory=dict)
    aside_file: Path | None = None
    tool: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sheet: str | None = None
    nested: Mapping[str, str] = field(default_factory=dict)
    origin: Origin | None = None

    @property
    def name(self) -> str:
        """Return the label without folders, for what is passed on: those of a machine are nobody's business."""
        start = self.label.find(self.path.name) if self.path is not None else 0
        return self.label[start:] if start > 0 else self.label

    @property
    def inner(self) -> str:
        """Return the name of the sheet or of the database's table."""
        return self.label.rpartition("#")[2]

    @property
    def is_typed(self) -> bool:
        """Tell whether the columns have types of their own; those of text files and sheets are texts."""
        return self.kind in ("parquet", "duckdb", "frame", "engine")

    @property
    def is_in_place(self) -> bool:
        """Tell whether the rows are read from the text file itself, and not from a copy that the helper made."""
        return self.kind == "text" and not self.numbered

    @property
    def rows(self) -> str:
        """Return SQL for the rows without their numbers."""
        return f"SELECT * EXCLUDE ({ROW}) FROM ({self.sql})" if self.numbered else self.sql

    def numbered_rows(self, place: int) -> str:
        """Return SQL for the rows with `__source`, `__row` and `__place`; `place` is that of this part among others."""
        if self.kind == "engine":  # where rows have no order
            nothing = "CAST(NULL AS BIGINT)"
            label = literal(self.label)
            return f"SELECT *, {label} AS {SOURCE}, {nothing} AS {ROW}, {nothing} AS {PLACE} FROM ({self.sql})"
        number = ROW if self.numbered else f"row_number() OVER () + {self.header_row}"
        kept = f"* EXCLUDE ({ROW})" if self.numbered else "*"
        before = place << _PLACES
        return (
            f"SELECT *, {ROW} + {before} AS {PLACE} FROM "
            f"(SELECT {kept}, {literal(self.label)} AS {SOURCE}, {number} AS {ROW} FROM ({self.sql}))"
        )

    def rows_aside(self) -> Iterator[AsideRow]:
        """Yield the rows that are no rows of the table, in the order of the file."""
        if self.aside_file is None:
            return
        with self.aside_file.open(encoding="utf-8", newline="") as stream:
            for number, reason, *cells in csv.reader(stream):
                yield AsideRow(int(number), reason, tuple(cells))

    def as_plain(self) -> dict[str, Any]:
        """Return the part as JSON can hold it."""
        paths = {"path": self.path, "aside_file": self.aside_file}
        return asdict(self) | {name: str(path) if path is not None else None for name, path in paths.items()}

    @classmethod
    def of_plain(cls, told: Mapping[str, Any]) -> Self:
        """Return the part that `as_plain` gave."""
        lists = {name: tuple(told[name]) for name in ("columns", "notes")}
        paths = {name: Path(told[name]) if told[name] is not None else None for name in ("path", "aside_file")}
        return cls(**{**told, **lists, **paths})
