"""A table of a few rows to count, without a file and a helper process."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from partnerkpi.tables.engine import Engine
from partnerkpi.tables.guard import DEFAULT_LIMITS
from partnerkpi.tables.profile import profile
from partnerkpi.tables.sql import identifier
from partnerkpi.tables.table import Part, Table

_FOLDER = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)


def new_engine() -> Engine:
    """Return an engine of its own; what it keeps in files goes away with this process."""
    return Engine(DEFAULT_LIMITS, lambda: Path(tempfile.mkdtemp(dir=_FOLDER.name)))


def table_of(rows: Sequence[Mapping[str, object]], folder: Path) -> Table:
    """Return rows as the table that a CSV file with these texts gives."""
    engine = Engine(DEFAULT_LIMITS, lambda: folder)
    columns = tuple(rows[0])
    connection = engine.connection
    connection.execute(f"CREATE TABLE given ({', '.join(f'{identifier(name)} VARCHAR' for name in columns)})")
    texts = [[None if row[name] is None else str(row[name]) for name in columns] for row in rows]
    connection.executemany(f"INSERT INTO given VALUES ({', '.join('?' for _ in columns)})", texts)
    part = Part("given.csv", folder / "given.csv", "csv", columns, 1, "SELECT * FROM given")
    return Table(engine, (part,), profile(columns, ["VARCHAR"] * len(columns), texts))
