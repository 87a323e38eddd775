"""HubSpot: feedback submissions, with the names of properties as they are shown or as its API documents them.

Not tried on a real file.
"""

from partnerkpi.tables.surveys.layout import BAND, DIMENSION, Tool

_LOYALTY = frozenset({"nps", "customer loyalty", "customer loyalty (nps)", "loyalty", "net promoter score (nps)"})

TOOL = Tool(
    "HubSpot",
    marks=(
        frozenset({"hs value", "hs survey type"}),
        frozenset({"hs value", "hs sentiment"}),
        frozenset({"survey name", "survey type", "sentiment"}),
        frozenset({"survey name", "survey type", "rating"}),
        frozenset({"survey name", "survey type", "feedback sentiment"}),
    ),
    roles={
        "hs value": "score",
        "rating": "score",
        "response": "score",
        "score": "score",
        "hs content": "comment",
        "follow up": "comment",
        "follow up response": "comment",
        "hs submission timestamp": "date",
        "submission timestamp": "date",
        "date submitted": "date",
        "date": "date",
        "hs sentiment": BAND,
        "sentiment": BAND,
        "feedback sentiment": BAND,
        "hs contact id": "respondent",
        "hs responder email": "respondent",
        "contact email": "respondent",
        "email": "respondent",
        "survey name": DIMENSION,
        "hs survey name": DIMENSION,
        "survey channel": DIMENSION,
    },
    only={"hs survey type": _LOYALTY, "survey type": _LOYALTY},
)
