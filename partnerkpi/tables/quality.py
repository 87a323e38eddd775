"""Rows that are not used: counted by reason, and written out with the reason for whoever wants to mend them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.files import replacing
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.sql import ROW, SOURCE, identifier
from partnerkpi.tables.table import Table
from partnerkpi.tables.values import as_text

#: What makes a spreadsheet program take a text for a formula, and what it may do: OWASP, CSV injection.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SHIELDED: ContextVar[bool] = ContextVar("shielded", default=True)


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
    the columns to write. Texts that a spreadsheet program would run as a formula get an apostrophe in front. The file
    replaces an older one only when it is complete.
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
        writer = csv.writer(out)
        for table, rows, columns in tables:
            writer.writerow(["file", "row", "reason", *map(harmless, columns)])
            for label, line in table.rows_aside():
                writer.writerow([label, line.line, line.reason, *(harmless(cell) for cell in line.cells)])
                written += 1
            if rows is None:
                continue
            chosen = ", ".join(identifier(name) for name in (SOURCE, ROW, "__reason", *columns))
            for block in rows.stream(f"SELECT {chosen} FROM __rows ORDER BY {SOURCE}, {ROW}"):
                writer.writerows(
                    [harmless(as_text(cell)) if number > 1 else cell for number, cell in enumerate(row)]
                    for row in block
                )
                written += len(block)
    return written


def shield_csv(*, on: bool) -> None:
    """Say whether CSV output is made harmless for spreadsheet programs, as the settings want it."""
    _SHIELDED.set(on)


def harmless(value: Any) -> str:
    """Return a text that no spreadsheet program takes for a formula: `=1+1` becomes `'=1+1`, -3 stays a number."""
    text = "" if value is None else str(value)
    if _SHIELDED.get() and text.startswith(_DANGEROUS):
        try:
            float(text)
        except ValueError:
            return "'" + text
    return text
