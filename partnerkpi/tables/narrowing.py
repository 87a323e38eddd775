"""SELECTs from tables of thousands of columns, of which only those are read that they name.

Each `SELECT *` within makes the engine plan for every column, which takes a tenth of a second for 4,000 of them. What a
SELECT gives does not change where none of its stars reaches the outside: then the table is read with the columns that
are named somewhere in the text. Names of columns are always written in quotation marks (`sql.identifier`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from partnerkpi.lazily import pattern
from partnerkpi.tables.sql import ROW, identifier

#: A text, or a name in quotation marks: whichever begins first.
_QUOTED = pattern(r"'(?:[^']|'')*'|\"(?P<name>(?:[^\"]|\"\")*)\"")
#: What depends on all columns though it names none of them.
_OF_ALL = pattern(
    r"\bDISTINCT\s+\*|\bCOLUMNS\b|\bEXCEPT\b|\bINTERSECT\b|\bBY\s+NAME\b|\bGROUP\s+BY\s+ALL\b|\bUSING\b|\bNATURAL\b"
    r"|\bDESCRIBE\b|\bSUMMARIZE\b|\bPIVOT\b|\bUNPIVOT\b|\bUNION\b(?!\s+ALL\b)|[(,]\s*__rows\s*[,)]|\bhash\s*\(\s*\*",
    re.IGNORECASE,
)
_BRACKETS = pattern("[()]")


def narrowed(sql: str, wide: Mapping[str, Mapping[str, str]]) -> str:
    """Return a SELECT that reads wide tables with the columns that it names, itself where a star reaches the outside.

    `wide` has the SELECT of each such table, `SELECT * FROM ...`, with its columns by their names in lower case.
    """
    for source, columns in wide.items():
        if source not in sql:
            continue
        rest = sql.replace(source, " ")
        bare = _QUOTED.sub(" ", rest)
        if _OF_ALL.search(bare) or "*" in _outside(bare):
            continue
        named = {found["name"].replace('""', '"').casefold() for found in _QUOTED.finditer(rest) if found["name"]}
        first = next(iter(columns))  # beside the numbers of rows, which a SELECT may leave out
        some = [name for key, name in columns.items() if key in named or key in (ROW, first)]
        names = ", ".join(map(identifier, some))
        sql = sql.replace(source, source.replace("SELECT *", f"SELECT {names}", 1))
    return sql


def _outside(bare: str) -> str:
    """Return what of a SELECT stands in no brackets: its own list of columns, with what joins it to others."""
    depth, start, parts = 0, 0, list[str]()
    for found in _BRACKETS.finditer(bare):
        if found[0] == "(":
            if depth == 0:
                parts.append(bare[start : found.start()])
            depth += 1
        else:
            depth -= 1
            start = found.end()
    return " ".join([*parts, bare[start:] if depth == 0 else "*"])
