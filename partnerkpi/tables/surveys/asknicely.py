"""AskNicely: one row of names. Made after the fields that its API documents; not tried on a real file.

Moments are written as seconds since 1970 or as dates.
"""

from partnerkpi.tables.surveys.layout import BAND, DIMENSION, Tool

TOOL = Tool(
    "AskNicely",
    marks=(
        frozenset({"answer", "responded", "response id"}),
        frozenset({"answer", "answer label", "responded"}),
        frozenset({"answer", "question type", "responded"}),
        frozenset({"answer", "comment", "lastemailed"}),
    ),
    roles={
        "answer": "score",
        "comment": "comment",
        "responded": "date",
        "email": "respondent",
        "contact id": "respondent",
        "answer label": BAND,
        "segment": DIMENSION,
    },
    only={"question type": frozenset({"nps"})},
)
