"""Survey tools whose exports have one row of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partnerkpi.tables.surveys.layout import (
    BAND,
    DIMENSION,
    NOT_FINISHED,
    OTHER_QUESTION,
    SEARCHED_ROWS,
    Layout,
    Row,
    Tool,
    listed,
    plain_of,
)
from partnerkpi.vocabulary import BLANK

# A first column `#` and, at the end, when it was started and submitted. Tried on a real file. Questions carry the
# form's markup: HTML in older exports, `*bold*` in newer ones.
_TYPEFORM = Tool(
    "Typeform",
    marks=(
        *("#, network id", "#, submit date utc", "#, submitted at, token"),
        "response type, stage date utc, network id",
    ),
    roles={"date": "submit date utc, submitted at"},
    rules=(("response type", listed("partial, started, incomplete, viewed"), NOT_FINISHED),),
)

# Codes, full questions, or both ("submitdate. Date submitted"); an answer without that date is unfinished. Made after
# headers that others publish; not tried on a real file.
_SUBMITTED = (
    "submitdate, submitdate date submitted, date submitted, abgeschickt, submitdate datum abgeschickt, "
    "datum abgeschickt"
)
_LIMESURVEY = Tool(
    "LimeSurvey",
    marks=(
        "id response id, submitdate date submitted",
        "submitdate, lastpage, startlanguage",
        "response id, date submitted, last page",
        "id antwort id, submitdate datum abgeschickt",
        "antwort id, datum abgeschickt, letzte seite",
    ),
    roles={"date": _SUBMITTED, "respondent": "email, email email address, email address, token, token access code"},
    rules=tuple((name, BLANK | {"1980-01-01 00:00:00"}, NOT_FINISHED) for name in _SUBMITTED.split(", ")),
)

# ID, start and completion time, e-mail and name, then the questions. Made after headers that others publish; not tried
# on a real file. Who answers without signing in is called anonymous: that is nobody, not one person who answered often.
_MAIL = "email, e mail, adresse de messagerie, correo electronico"
_NOBODY = listed("anonymous, anonym, anonyme, anónimo, anônimo, anonimo, anoniem")
_MICROSOFT_FORMS = Tool(
    "Microsoft Forms",
    marks=(
        "id, start time, completion time",
        "id, startzeit, fertigstellungszeit",
        "id, heure de debut, heure de fin",
        "id, hora de inicio, hora de finalizacion",
        "id, hora de inicio, hora de conclusao",
    ),
    roles={
        "date": "completion time, fertigstellungszeit, heure de fin, hora de finalizacion, hora de conclusao",
        "respondent": _MAIL,
    },
    blanks=dict.fromkeys(("name", *_MAIL.split(", ")), _NOBODY),
)

# Feedback submissions, with the names of properties as they are shown or as the API documents them. Not tried on a real
# file.
_LOYALTY = listed("nps, customer loyalty, customer loyalty (nps), loyalty, net promoter score (nps)")
_HUBSPOT = Tool(
    "HubSpot",
    marks=(
        *("hs value, hs survey type", "hs value, hs sentiment"),
        "survey name, survey type, sentiment",
        "survey name, survey type, rating",
        "survey name, survey type, feedback sentiment",
    ),
    roles={
        "score": "hs value, rating, response, score",
        "comment": "hs content, follow up, follow up response",
        "date": "hs submission timestamp, submission timestamp, date submitted, date",
        "respondent": "hs contact id, hs responder email, contact email, email",
        BAND: "hs sentiment, sentiment, feedback sentiment",
        DIMENSION: "survey name, hs survey name, survey channel",
    },
    only={"hs survey type": _LOYALTY, "survey type": _LOYALTY},
)

# The rest are made after the fields that their help or API documents; not tried on a real file.

# Moments are written as seconds since 1970 or as dates.
_ASKNICELY = Tool(
    "AskNicely",
    marks=(
        *("answer, responded, response id", "answer, answer label, responded"),
        *("answer, question type, responded", "answer, comment, lastemailed"),
    ),
    roles={
        "score": "answer",
        "comment": "comment",
        "date": "responded",
        "respondent": "email, contact id",
        BAND: "answer label",
        DIMENSION: "segment",
    },
    only={"question type": frozenset({"nps"})},
)
_DELIGHTED = Tool(
    "Delighted",
    marks=(
        *("score, comment, permalink", "score, comment, survey type, person"),
        *("score, comment, survey responded at", "score, comment, delighted source"),
    ),
    roles={
        "score": "score",
        "comment": "comment",
        "date": "survey responded at, responded at, created at",
        "respondent": "email, person email, person, person id",
    },
    only={"survey type": listed("nps, enps, net promoter score")},
    rules=(("response type", listed("csat, ces, 5-star, thumbs, smileys"), OTHER_QUESTION),),
)
_RETENTLY = Tool(
    "Retently",
    marks=(
        *("score, feedback, campaign name", "score, feedback, campaign, company"),
        *("score, feedback, campaign, tags", "score, feedback, rating category"),
    ),
    roles={
        "score": "score",
        "comment": "feedback",
        "date": "created date, response date, date",
        "respondent": "email, customer id",
        BAND: "rating category",
        DIMENSION: "company, company name, country, campaign, campaign name",
    },
    only=dict.fromkeys(("metric", "survey type"), frozenset({"nps"})),
)
_ZENDESK = Tool(
    "Zendesk",
    marks=("rating, rated at", "rating, recipient id, survey id", "rating, comment, recipient id"),
    roles={
        "score": "rating",
        "comment": "comment",
        "date": "rated at, created at",
        "respondent": "user email, recipient email, user id, recipient id",
        DIMENSION: "survey name",
    },
)

#: By the name that `--as` takes, in the order in which they are tried.
TOOLS: Mapping[str, Tool] = {
    "typeform": _TYPEFORM,
    "limesurvey": _LIMESURVEY,
    "microsoft-forms": _MICROSOFT_FORMS,
    "hubspot": _HUBSPOT,
    "asknicely": _ASKNICELY,
    "delighted": _DELIGHTED,
    "retently": _RETENTLY,
    "zendesk": _ZENDESK,
}

# A first column of timestamps, in the form's language, and then the questions. Tried on a real file. Timestamps come
# with a zone (`2017/11/24 12:39:58 PM GMT+4`) or without one.
_TIMESTAMP = (
    "timestamp, zeitstempel, horodateur, marca temporal, carimbo de data hora, tijdstempel, "
    "informazioni cronologiche, tidsstampel, tidsstempel, sygnatura czasowa, aikaleima"
)
_GOOGLE_FORMS = Tool(
    "Google Forms",
    marks=(),
    roles={
        "date": _TIMESTAMP,
        "respondent": "email address, e mail adresse, username, nutzername, adresse e mail, "
        "direccion de correo electronico, endereco de e mail",
    },
)


def google_forms(rows: Sequence[Row]) -> Layout | None:
    """Return the layout of the first rows of a file, None if they are no export of Google Forms."""
    for position, row in enumerate(rows[:SEARCHED_ROWS]):
        if row and plain_of(row[0]) in listed(_TIMESTAMP) and any(_is_question(cell) for cell in row[1:]):
            return _GOOGLE_FORMS.layout(row, position)
    return None


def _is_question(cell: str | None) -> bool:
    return cell is not None and (cell.rstrip().endswith("?") or len(cell.split()) > 4)
