"""Exports of survey tools, recognised by what stands in their first rows, never by the name of a file.

One module for each tool says how it is told, which columns it has and which rows are no answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from partnerkpi.errors import FileProblem
from partnerkpi.tables.surveys import (
    asknicely,
    delighted,
    google_forms,
    hubspot,
    limesurvey,
    microsoft_forms,
    qualtrics,
    retently,
    surveymonkey,
    survicate,
    typeform,
    zendesk,
)
from partnerkpi.tables.surveys.layout import Layout, Row
from partnerkpi.tables.tools import PLAIN

#: By the name that `--as` takes, in the order in which they are tried: the surest marks first.
TOOLS: Mapping[str, Callable[[Sequence[Row]], Layout | None]] = {
    "qualtrics": qualtrics.read,
    "surveymonkey": surveymonkey.read,
    "typeform": typeform.TOOL.read,
    "limesurvey": limesurvey.TOOL.read,
    "microsoft-forms": microsoft_forms.TOOL.read,
    "hubspot": hubspot.TOOL.read,
    "asknicely": asknicely.TOOL.read,
    "delighted": delighted.TOOL.read,
    "retently": retently.TOOL.read,
    "zendesk": zendesk.TOOL.read,
    "survicate": survicate.read,
    "google-forms": google_forms.read,
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
