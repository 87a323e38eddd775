"""A table of a few rows to count, without a file and a helper process."""

from __future__ import annotations

import functools
import itertools
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from partnerkpi.errors import PartnerKpiError
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.engine import Engine
from partnerkpi.tables.guard import DEFAULT_LIMITS
from partnerkpi.tables.profile import profile
from partnerkpi.tables.sql import identifier
from partnerkpi.tables.table import Part, Table
from partnerkpi.tally.counts import read_counts
from partnerkpi.tally.rows_that_add_up import ask_of_rows_that_add_up

_NUMBERS = itertools.count()
_FOLDER = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)


def new_engine() -> Engine:
    """Return an engine of its own; what it keeps in files goes away with this process."""
    return Engine(DEFAULT_LIMITS, lambda: Path(tempfile.mkdtemp(dir=_FOLDER.name)))


@functools.cache
def shared_engine() -> Engine:
    """Return the engine of all tables of this process: to start one takes longer than to count a few rows."""
    return new_engine()


def table_of(rows: Sequence[Mapping[str, object]], folder: Path) -> Table:
    """Return rows as the table that a CSV file with these texts gives."""
    engine = shared_engine()
    columns, name = tuple(rows[0]), f"given{next(_NUMBERS)}"
    engine.connection.execute(f"CREATE TABLE {name} ({', '.join(f'{identifier(one)} VARCHAR' for one in columns)})")
    texts = [[None if row[one] is None else str(row[one]) for one in columns] for row in rows]
    marks = ", ".join([f"({', '.join('?' * len(columns))})"] * len(texts))
    engine.connection.execute(f"INSERT INTO {name} VALUES {marks}", [text for row in texts for text in row])
    part = Part("given.csv", folder / "given.csv", "csv", columns, 1, f"SELECT * FROM {name}")
    return Table(engine, (part,), profile(columns, ["VARCHAR"] * len(columns), texts))


def table_from(text: str, folder: Path) -> Table:
    """Return lines of cells between semicolons as a table; the first line names the columns, a blank cell is none."""
    names, *lines = [line.split(";") for line in text.strip("\n").splitlines()]
    return table_of([dict(zip(names, [cell or None for cell in line], strict=True)) for line in lines], folder)


def said_of_counts(
    text: str, folder: Path, *, scale: str | None = None, **options: str | None
) -> str | tuple[str, ...] | None:
    """Return the error of a table of numbers of answers, or what is said of it; None where it holds answers."""
    table = replace(table_from(text, folder), scale=scale)
    columns = Columns(table.profiles, table.label, options)
    try:
        read = read_counts(table, columns)
        if read is not None:
            ask_of_rows_that_add_up(table, columns, read)
    except PartnerKpiError as error:
        return f"{type(error).__name__} {error}"
    return None if read is None else read.notes
