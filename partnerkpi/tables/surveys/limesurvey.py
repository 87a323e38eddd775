"""LimeSurvey: codes, full questions, or both ("submitdate. Date submitted"). An answer without that date is unfinished.

Made after headers that others publish; not tried on a real file.
"""

from partnerkpi.tables.surveys.layout import NOT_FINISHED, Tool
from partnerkpi.vocabulary import BLANK

_SUBMITTED = (
    "submitdate",
    "submitdate date submitted",
    "date submitted",
    "abgeschickt",
    "submitdate datum abgeschickt",
)

TOOL = Tool(
    "LimeSurvey",
    marks=(
        frozenset({"id response id", "submitdate date submitted"}),
        frozenset({"submitdate", "lastpage", "startlanguage"}),
        frozenset({"response id", "date submitted", "last page"}),
        frozenset({"id antwort id", "submitdate datum abgeschickt"}),
    ),
    roles={
        **dict.fromkeys(_SUBMITTED, "date"),
        **dict.fromkeys(("email", "email email address", "email address", "token", "token access code"), "respondent"),
    },
    rules=tuple((name, BLANK | {"1980-01-01 00:00:00"}, NOT_FINISHED) for name in _SUBMITTED),
)
