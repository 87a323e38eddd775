"""Typeform: a first column `#` and, at the end, when it was started and submitted. Tried on a real file.

Questions carry the form's markup: HTML in older exports, `*bold*` in newer ones.
"""

from partnerkpi.tables.surveys.layout import NOT_FINISHED, Tool

TOOL = Tool(
    "Typeform",
    marks=(
        frozenset({"#", "network id"}),
        frozenset({"#", "submit date utc"}),
        frozenset({"#", "submitted at", "token"}),
        frozenset({"response type", "stage date utc", "network id"}),
    ),
    roles={"submit date utc": "date", "submitted at": "date"},
    rules=(("response type", frozenset({"partial", "started", "incomplete", "viewed"}), NOT_FINISHED),),
)
