"""Exports of survey tools, recognised by what stands in their first rows, never by the name of a file.

It is known of each tool how it is told, which columns it has and which rows are no answers: `one_row` for exports with
one row of names, `more_rows` for those with two or three.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from partnerkpi.errors import FileProblem
from partnerkpi.tables.surveys import more_rows, one_row
from partnerkpi.tables.surveys.layout import Layout, Row
from partnerkpi.tables.tools import PLAIN

#: By the name that `--as` takes, in the order in which they are tried: the surest marks first.
TOOLS: Mapping[str, Callable[[Sequence[Row]], Layout | None]] = {
    "qualtrics": more_rows.qualtrics,
    "surveymonkey": more_rows.surveymonkey,
    **{name: tool.read for name, tool in one_row.TOOLS.items()},
    "survicate": more_rows.survicate,
    "google-forms": one_row.google_forms,
}


def recognise(rows: Sequence[Row], tool: str | None = None) -> Layout | None:
    """Return the layout of the first rows of a file, None if they are an ordinary table.

    `tool` is one of `TOOLS`, or "table" for none: then nothing else is tried, and FileProblem says that the rows are
    not of that tool.
    """
    if tool == PLAIN:
        return None
    if tool is not None:
        layout = TOOLS[tool](rows)
        if layout is None:
            raise FileProblem(
                f"this is no export of {tool}: its rows of names were not found. Leave out --as, or name another tool"
            )
        return layout
    return next((layout for read in TOOLS.values() if (layout := read(rows)) is not None), None)
