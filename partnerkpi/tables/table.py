"""Rows to be counted: in which engine they lie, the columns as their source names them, and where they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace

from partnerkpi.dataclass import dataclass
from partnerkpi.tables.backend import Backend, Rows
from partnerkpi.tables.numbertext import Mark
from partnerkpi.tables.part import AsideRow, Part
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.renaming import Renaming
from partnerkpi.tables.sql import key_by, literal, once, person_of, told_by


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to be counted, with the columns as their source names them, and where they came from.

    `questions` are what stayed open of other tables of the same file, which are not counted.

    `scale` is the scale of the score, if the user named one; `renaming` the names that a column shows instead of what
    its rows say; `year_begins` the month in which the settings say that the financial year begins;
    `decimal` the mark before decimals, if the user named it; `question` the one
    whose answers count, as the user says. `where` is SQL for the `rows` that are to be judged; all are `numbered`.
    `chosen` is SQL for those that somebody asks for, and `asked` states it: there are no others.
    """

    backend: Backend = field(repr=False)
    parts: tuple[Part, ...]
    profiles: tuple[ColumnProfile, ...] = field(repr=False)
    notes: tuple[str, ...] = ()
    scale: str | None = None
    year_begins: int | None = None
    renaming: Renaming | None = field(default=None, repr=False)
    questions: tuple[str, ...] = ()
    decimal: Mark | None = None
    question: str | None = None
    where: str | None = None
    chosen: str | None = field(default=None, repr=False)
    asked: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns, in the order of the files."""
        return tuple(column.name for column in self.profiles)

    @property
    def label(self) -> str:
        """Return what was read, for a message."""
        return self.parts[0].label if len(self.parts) == 1 else f"{self.parts[0].label} and {len(self.parts) - 1} more"

    @property
    def aside(self) -> Mapping[str, int]:
        """Return how many rows are no rows of the table, by reason: repeated headers, totals, tests, broken lines."""
        counted: Counter[str] = Counter()
        for part in self.parts:
            counted.update(part.aside)
        return counted

    def rows_aside(self) -> Iterator[tuple[str, AsideRow]]:
        """Yield the rows that are no rows of the table, each with the file that holds it."""
        for part in self.parts:
            for row in part.rows_aside():
                yield part.label, row

    @property
    def rows(self) -> Rows:
        """Return the rows, without numbers."""
        rows = self._shown(union(part.rows for part in self.parts))
        return rows if self.where is None else rows.where(self.where)

    @property
    def every_row(self) -> Rows:
        """Return the rows without numbers, also those that nobody asks for: how a column is read is told by all."""
        return replace(self, chosen=None).rows

    @property
    def numbered(self) -> Rows:
        """Return the rows with `__source` (which file), `__row` (as a spreadsheet would number it) and `__place`."""
        return self._shown(union(part.numbered_rows(place) for place, part in enumerate(self.parts)))

    def _shown(self, sql: str) -> Rows:
        rows = Rows(self.backend, sql if self.renaming is None else self.renaming.over(sql))
        return rows if self.chosen is None else rows.where(self.chosen)

    def kind_of(self, column: str) -> ColumnProfile:
        """Return what is known of a column."""
        return next(known for known in self.profiles if known.name == column)

    def told_by(self, column: str) -> str:
        """Return SQL for what tells one value of a column from another, null where it is blank; see `sql.told_by`."""
        return told_by(column, self.kind_of(column).kind)

    def row_told_by(self, columns: Iterable[str]) -> str:
        """Return SQL for what tells one row from another by some of its columns, as one text; see `told_by`."""
        return f" || {literal(chr(31))} || ".join(f"coalesce({self.told_by(name)}, '')" for name in columns)

    def key_by(self, column: str) -> str:
        """Return SQL for a value whose equals are those that `told_by` tells alike; see `sql.key_by`."""
        return key_by(column, self.kind_of(column).kind)

    def told_apart(self, columns: Iterable[str]) -> tuple[int, int]:
        """Return how many rows there are, and how many that some of their columns tell apart."""
        keys = ", ".join(map(self.key_by, columns))
        each = f"SELECT count(*) AS n FROM __rows GROUP BY {keys}"
        ((rows, different),) = self.rows.fetch(f"SELECT coalesce(sum(n), 0), count(*) FROM ({each}) AS each_one")
        return int(rows), different

    def persons_of(self, respondent: str, partner: str | None, among: str = "true") -> Rows:
        """Return the rows with `person` and `partner`, each null where it is unknown; see `sql.person_of`.

        `among` is SQL that tells which rows.
        """
        who = self.told_by(respondent)
        told = self.told_by(partner) if partner is not None else "CAST(NULL AS VARCHAR)"
        person = person_of("who", self.kind_of(respondent).kind)
        written = once(f"SELECT {who} AS who, {told} AS partner FROM __rows WHERE {among}")
        return self.rows.select(f"SELECT {person} AS person, partner FROM {written}")


def union(selects: Iterable[str]) -> str:
    """Return SQL for the rows of several selects below each other, columns matched by name."""
    return " UNION ALL BY NAME ".join(selects)
