"""SurveyMonkey: two rows of names. The first has the questions, the second the options of each, or "Response".

A question with several columns (a matrix, a list to tick) has its name above the first of them only. Tried on a real
CSV file and a real workbook.
"""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.tables.surveys.layout import DIMENSION, SEARCHED_ROWS, Layout, Row, first_of_each, plain_of

NAME = "SurveyMonkey"

_FIRST = frozenset({"respondent id", "respondentid", "id des teilnehmers", "teilnehmer id", "id du repondant"})
#: What stands under a question with one column.
_RESPONSE = frozenset(
    {
        *("response", "open ended response", "antwort", "offene antwort", "reponse", "reponse libre", "respuesta"),
        *("respuesta abierta", "resposta", "risposta", "antwoord", "open antwoord", "svar"),
    }
)
_ROLES = {
    "date modified": "date",
    "end date": "date",
    "enddate": "date",
    "date created": "date",
    "start date": "date",
    "email address": "respondent",
    "email": "respondent",
    "respondent id": "respondent",
    "respondentid": "respondent",
}


def read(rows: Sequence[Row]) -> Layout | None:
    """Return the layout of the first rows of a file, None if they are no export of SurveyMonkey."""
    for position, row in enumerate(rows[:SEARCHED_ROWS]):
        if not row or plain_of(row[0]) not in _FIRST or position + 1 >= len(rows):
            continue
        below = rows[position + 1]
        if below and not below[0] and any(plain_of(cell) in _RESPONSE for cell in below):
            return _layout(row, below, position)
    return None


def _layout(questions: Row, options: Row, position: int) -> Layout:
    width = max(len(questions), len(options))
    names: list[str] = []
    question = ""
    for number in range(width):
        own = (questions[number] if number < len(questions) else None) or ""
        option = (options[number] if number < len(options) else None) or ""
        question = own or question
        alone = not option or (bool(own) and plain_of(option) in _RESPONSE)
        names.append((own or question) if alone else f"{question} - {option}" if question else option)
    plain = [plain_of(name) for name in names]
    places = {name: number for number, name in reversed(list(enumerate(plain)))}
    found = [(places[name], role) for name, role in _ROLES.items() if name in places]
    found += [(number, DIMENSION) for number, name in enumerate(plain) if name.startswith("custom data")]
    return Layout(NAME, tuple(names), position + 1, position + 2, roles=first_of_each(found))
