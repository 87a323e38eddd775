"""Names that a column has instead of what its rows say: a small table that the engine joins to them.

Whose row it is may stand in two columns, an id and a name: the first that is known decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.tables.backend import Backend
from partnerkpi.tables.sql import identifier, literal

#: So many names stand in the text of a query; more are kept in a file where the engine can.
_IN_THE_TEXT = 200


@dataclass(frozen=True, slots=True)
class Renaming:
    """What a column shows: SQL that tells each of some columns' values, and SQL of the small table of their names."""

    column: str
    steps: tuple[tuple[str, str], ...]
    otherwise: str

    def over(self, sql: str) -> str:
        """Return SQL for the same rows with the names in the place of what the column says."""
        cases, joins = [], []
        for number, (told, names) in enumerate(self.steps):
            cases.append(f"WHEN n{number}.__written IS NOT NULL THEN n{number}.__shown")
            joins.append(f"LEFT JOIN ({names}) AS n{number} ON n{number}.__written = ({told})")
        shown = f"CASE {' '.join(cases)} ELSE {self.otherwise} END" if cases else self.otherwise
        shown = f"{shown} AS {identifier(self.column)}"
        return f"SELECT r.* REPLACE ({shown}) FROM ({sql}) AS r {' '.join(joins)}"


def small_table(backend: Backend, names: Mapping[str, str | None]) -> str:
    """Return SQL for a table of what is written and what it is shown as, null where it is no name."""
    rows = ", ".join(f"({literal(one)}, {_text(shown)})" for one, shown in sorted(names.items()))
    sql = (
        "SELECT CAST(v.__written AS VARCHAR) AS __written, CAST(v.__shown AS VARCHAR) AS __shown "
        f"FROM (VALUES {rows}) AS v(__written, __shown)"
    )
    return sql if len(names) <= _IN_THE_TEXT else backend.kept(sql)


def _text(text: str | None) -> str:
    return "NULL" if text is None else literal(text)


def renamed_by(
    backend: Backend, column: str, steps: Sequence[tuple[str, Mapping[str, str | None]]], otherwise: str
) -> Renaming:
    """Return what a column shows: each step is SQL that tells a value, with the names of those; and otherwise."""
    return Renaming(column, tuple((told, small_table(backend, names)) for told, names in steps if names), otherwise)
