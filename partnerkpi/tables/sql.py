"""Names and texts of the user's, written so that SQL takes them for nothing else."""

from __future__ import annotations


def identifier(name: str) -> str:
    """Return a column's or table's name as SQL: `a"b` gives `"a""b"`."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL: `it's` gives `'it''s'`."""
    return "'" + text.replace("'", "''") + "'"
