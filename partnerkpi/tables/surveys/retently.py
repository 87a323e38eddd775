"""Retently: one row of names. Made after the fields that its help and API document; not tried on a real file."""

from partnerkpi.tables.surveys.layout import BAND, DIMENSION, Tool

TOOL = Tool(
    "Retently",
    marks=(
        frozenset({"score", "feedback", "campaign name"}),
        frozenset({"score", "feedback", "campaign", "company"}),
        frozenset({"score", "feedback", "campaign", "tags"}),
        frozenset({"score", "feedback", "rating category"}),
    ),
    roles={
        "score": "score",
        "feedback": "comment",
        "created date": "date",
        "response date": "date",
        "date": "date",
        "email": "respondent",
        "customer id": "respondent",
        "rating category": BAND,
        "company": DIMENSION,
        "company name": DIMENSION,
        "country": DIMENSION,
        "campaign": DIMENSION,
        "campaign name": DIMENSION,
    },
    only={"metric": frozenset({"nps"}), "survey type": frozenset({"nps"})},
)
