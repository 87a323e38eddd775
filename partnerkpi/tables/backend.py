"""What holds rows and counts them: the engine of this process, a server, a cluster. All are asked in one SQL.

Every query of this package is written once, as DuckDB reads it. An engine of its own dialect has the text carried over
(`dialects`); nothing but what a query selects comes to Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Any, Protocol

from partnerkpi.dataclass import dataclass


class Backend(Protocol):
    """An engine that holds rows."""

    @property
    def name(self) -> str:
        """Return the engine and its version: `DuckDB 2.0.1`."""

    @property
    def has_order(self) -> bool:
        """Tell whether rows have places, as those of a file; those of a server or a cluster have none."""

    @property
    def has_hash(self) -> bool:
        """Tell whether `hash` makes a number of values, the same of those that are the same."""

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return all rows of a SELECT."""

    def stream(self, sql: str) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Yield the rows of a SELECT in blocks, of which one is held at a time."""

    def kept(self, sql: str) -> str:
        """Return SQL for the same rows, which are asked for several times; an engine may keep them in a file."""

    def held(self, sql: str) -> str:
        """Return SQL for the same rows with the same types; an engine may compute them once for several questions."""

    def columns(self, sql: str) -> list[tuple[str, str]]:
        """Return the names of the columns of a SELECT, each with its type as DuckDB calls it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that a SELECT gives, as data to select from; nothing is computed until something is fetched."""

    backend: Backend = field(repr=False)
    sql: str

    def select(self, sql: str) -> Rows:
        """Return what a SELECT makes of these rows, which it calls `__rows`."""
        return Rows(self.backend, self._over(sql))

    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT from these rows, which it calls `__rows`."""
        return self.backend.query(self._over(sql))

    def all(self) -> list[tuple[Any, ...]]:
        """Return all rows."""
        return self.backend.query(self.sql)

    def kept(self) -> Rows:
        """Return the same rows, computed once where the engine can keep them in a file."""
        return Rows(self.backend, self.backend.kept(self.sql))

    def held(self) -> Rows:
        """Return the same rows, computed once where the engine can hold them, each column of the type that it has."""
        return Rows(self.backend, self.backend.held(self.sql))

    def where(self, condition: str) -> Rows:
        """Return the rows for which a condition holds."""
        return self.select(f"SELECT * FROM __rows WHERE {condition}")

    def stream(self, sql: str) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Yield the rows of a SELECT from these rows, which it calls `__rows`, block by block."""
        return self.backend.stream(self._over(sql))

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(name for name, _ in self.backend.columns(self.sql))

    def _over(self, sql: str) -> str:
        # Without a copy of the rows, however often the SELECT names them: they may be more than memory holds.
        return f"WITH __rows AS NOT MATERIALIZED ({self.sql}) {sql}"
