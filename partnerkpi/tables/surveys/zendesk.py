"""Zendesk: answers to its NPS surveys. Made after the fields that its API documents; not tried on a real file."""

from partnerkpi.tables.surveys.layout import DIMENSION, Tool

TOOL = Tool(
    "Zendesk",
    marks=(
        frozenset({"rating", "rated at"}),
        frozenset({"rating", "recipient id", "survey id"}),
        frozenset({"rating", "comment", "recipient id"}),
    ),
    roles={
        "rating": "score",
        "comment": "comment",
        "rated at": "date",
        "created at": "date",
        "user email": "respondent",
        "recipient email": "respondent",
        "user id": "respondent",
        "recipient id": "respondent",
        "survey name": DIMENSION,
    },
)
