"""Rows that are not used: counted by reason, and written out with the reason for whoever wants to mend them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path

from partnerkpi.csvtext import SET_ASIDE_HEADER, ShieldedWriter
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.files import replacing
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.sql import ROW, SOURCE, identifier
from partnerkpi.tables.table import Table
from partnerkpi.tables.values import as_text


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rows of one table: how many were read, and how many were set aside for which reason.

    `rows_used` is the rest, so the three always add up.
    """

    rows_read: int
    set_aside: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.rows_used < 0 or any(count < 0 for count in self.set_aside.values()):
            raise DataProblem(
                f"the count of rows does not add up: {self.rows_read} read, {dict(self.set_aside)} set aside"
            )

    @property
    def rows_used(self) -> int:
        """Return the number of rows that count."""
        return self.rows_read - sum(self.set_aside.values())

    def with_broken(self, table: Table) -> Ledger:
        """Return the ledger with the rows of the file that are none of the table: broken lines, totals, tests."""
        aside = table.aside
        if not aside:
            return self
        return Ledger(self.rows_read + sum(aside.values()), {**self.set_aside, **aside})


def write_set_aside(target: Path, tables: Iterable[tuple[Table, Rows | None, Sequence[str]]]) -> int:
    """Write the rows that were not used to a CSV file, with file, row and reason, and return how many.

    Each table comes with its rows that were set aside (columns `__source`, `__row`, `__reason` and the table's own) and
    the columns to write. The file replaces an older one only when it is complete.
    """
    if target.suffix.lower() not in (".csv", ".txt"):
        raise UsageError(
            f"--set-aside {target}: rows that were not used are written as CSV; name a file that ends in .csv"
        )
    written = 0
    with (
        replacing(target, option="--set-aside") as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="") as out,
    ):
        writer = ShieldedWriter(out)
        for table, rows, columns in tables:
            writer.row([*SET_ASIDE_HEADER, *columns])
            for label, line in table.rows_aside():
                writer.row([label, line.line, line.reason, *line.cells])
                written += 1
            if rows is None:
                continue
            chosen = ", ".join(identifier(name) for name in (SOURCE, ROW, "__reason", *columns))
            for block in rows.stream(f"SELECT {chosen} FROM __rows ORDER BY {SOURCE}, {ROW}"):
                writer.rows([*row[:3], *map(as_text, row[3:])] for row in block)
                written += len(block)
    return written
