"""Delighted: one row of names. Made after the fields that its API documents; not tried on a real file."""

from partnerkpi.tables.surveys.layout import OTHER_QUESTION, Tool

TOOL = Tool(
    "Delighted",
    marks=(
        frozenset({"score", "comment", "permalink"}),
        frozenset({"score", "comment", "survey type", "person"}),
        frozenset({"score", "comment", "survey responded at"}),
        frozenset({"score", "comment", "delighted source"}),
    ),
    roles={
        "score": "score",
        "comment": "comment",
        "survey responded at": "date",
        "responded at": "date",
        "created at": "date",
        "email": "respondent",
        "person email": "respondent",
        "person": "respondent",
        "person id": "respondent",
    },
    only={"survey type": frozenset({"nps", "enps", "net promoter score"})},
    rules=(("response type", frozenset({"csat", "ces", "5-star", "thumbs", "smileys"}), OTHER_QUESTION),),
)
