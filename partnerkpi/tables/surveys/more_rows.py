"""Survey tools whose exports have two or three rows of names: Qualtrics, SurveyMonkey, Survicate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from partnerkpi.tables.surveys.layout import (
    BAND,
    DIMENSION,
    NOT_FINISHED,
    PREVIEW,
    SEARCHED_ROWS,
    SPAM,
    Layout,
    Row,
    Rule,
    listed,
    named,
    one_each,
    places_of,
    plain_of,
)
from partnerkpi.vocabulary import NO


def _cell(row: Row, column: int) -> str:
    return (row[column] if column < len(row) else None) or ""


def _pairs(above: Row, below: Row) -> Iterator[tuple[str, str]]:
    """Yield the cells of two rows of names, column by column."""
    for column in range(max(len(above), len(below))):
        yield _cell(above, column), _cell(below, column)


# Qualtrics: three rows of names (codes, questions, import ids), or the legacy export with two. The second row comes in
# the language of whoever exported, so the table is told by the third, `{"ImportId": ...}`, or by the legacy codes V1 to
# V10. Answers of previews, tests and spam are in the export and are no answers; so are answers that were not finished.
# Tried on real files of all three kinds.

_IMPORT_ID = re.compile(r"""^\{\s*['"]?import_?id['"]?\s*:""", re.IGNORECASE)
_IMPORTED = re.compile(r"""['"]?\s*:\s*['"]?([^'"}]+)""")
_LEGACY = [f"v{number}" for number in range(1, 8)]
#: Columns that every export has, by plain name; what is none of them and no question is embedded data.
_OWN = listed(
    "start date, end date, status, ip address, ipaddress, progress, duration in seconds, finished, duration, "
    "recorded date, response id, record id, response set, recipient last name, recipient first name, recipient email, "
    "external reference, external data reference, name, email address, location latitude, location longitude, "
    "location accuracy, distribution channel, user language, responseid, externaldata reference"
)
_QUALTRICS_ROLES = {
    "date": "recorded date, end date",
    "respondent": "recipient email, email address, external reference, external data reference",
}
_QUALTRICS_RULES = (
    ("status", listed("1, 2, 17, survey preview, survey test, preview, test, offline preview"), PREVIEW),
    ("status", listed("8, 9, 12, spam, survey preview spam, imported spam"), SPAM),
    ("distribution channel", listed("preview, test"), PREVIEW),
    ("finished", NO, NOT_FINISHED),
)


def qualtrics(rows: Sequence[Row]) -> Layout | None:
    """Return the layout of the first rows of a file, None if they are no export of Qualtrics."""
    for position, row in enumerate(rows[:SEARCHED_ROWS]):
        filled = [cell for cell in row if cell]
        if position and filled and sum(bool(_IMPORT_ID.match(cell)) for cell in filled) * 2 > len(filled):
            return _with_import_ids(rows, position)
    for position, row in enumerate(rows[:SEARCHED_ROWS]):
        plain = [plain_of(cell) for cell in row]
        if position + 1 < len(rows) and plain[: len(_LEGACY)] == _LEGACY:
            return _legacy(rows, position)
        if {"start date", "end date", "recorded date", "distribution channel"} <= set(plain):
            return _without_import_ids(rows, position)
    return None


def _with_import_ids(rows: Sequence[Row], position: int) -> Layout:
    questions = rows[position - 1]
    codes = rows[position - 2] if position > 1 else questions
    questioned = {
        number
        for number, cell in enumerate(rows[position])
        if (match := _IMPORTED.search(cell or "")) and match[1].upper().startswith("QID")
    }
    return _of_qualtrics(codes, questions, position, questioned)


def _without_import_ids(rows: Sequence[Row], position: int) -> Layout:
    """Return the layout of an export from which somebody deleted the third row, and perhaps the second as well."""
    second = rows[position + 1] if position + 1 < len(rows) else ()
    under = next((n for n, cell in enumerate(rows[position]) if plain_of(cell) == "start date"), 0)
    start = second[under] if under < len(second) else None
    is_text = start is not None and not any(letter.isdigit() for letter in start)
    return _of_qualtrics(rows[position], second if is_text else rows[position], position + is_text, None)


def _legacy(rows: Sequence[Row], position: int) -> Layout:
    codes, questions = rows[position], rows[position + 1]
    names = [
        questions[number] if re.fullmatch(r"V[0-9]+", code or "") and number < len(questions) else code
        for number, code in enumerate(codes)
    ]
    return _of_qualtrics(names, questions, position + 1, None)


def _of_qualtrics(codes: Row, questions: Row, header: int, questioned: set[int] | None) -> Layout:
    names = tuple(code or "" for code in codes)
    places = places_of(names)
    roles = one_each(named(places, _QUALTRICS_ROLES))
    for number, code in enumerate(names):
        if code.endswith("_NPS_GROUP"):
            roles[number] = BAND
            if (score := plain_of(code.removesuffix("_NPS_GROUP"))) in places:
                roles[places[score]] = "score"
        elif questioned is not None and code and number not in questioned and plain_of(code) not in _OWN:
            roles.setdefault(number, DIMENSION)
    rules = tuple(Rule(places[name], values, reason) for name, values, reason in _QUALTRICS_RULES if name in places)
    titles = tuple(_cell(questions, number) for number in range(len(codes)))
    return Layout("Qualtrics", names, header, titles, roles, rules)


# SurveyMonkey: two rows of names. The first has the questions, the second the options of each, or "Response". A
# question with several columns (a matrix, a list to tick) has its name above the first of them only. Tried on a real
# CSV file and a real workbook.

_FIRST = listed("respondent id, respondentid, id des teilnehmers, teilnehmer id, id du repondant")
#: What stands under a question with one column.
_RESPONSE = listed(
    "response, open ended response, antwort, offene antwort, reponse, reponse libre, respuesta, respuesta abierta, "
    "resposta, risposta, antwoord, open antwoord, svar"
)
_SURVEYMONKEY_ROLES = {
    "date": "date modified, end date, enddate, date created, start date",
    "respondent": "email address, email, respondent id, respondentid",
}


def surveymonkey(rows: Sequence[Row]) -> Layout | None:
    """Return the layout of the first rows of a file, None if they are no export of SurveyMonkey."""
    for position, row in enumerate(rows[:SEARCHED_ROWS]):
        if not row or plain_of(row[0]) not in _FIRST or position + 1 >= len(rows):
            continue
        below = rows[position + 1]
        if below and not below[0] and any(plain_of(cell) in _RESPONSE for cell in below):
            return _of_surveymonkey(row, below, position + 1)
    return None


def _of_surveymonkey(questions: Row, options: Row, header: int) -> Layout:
    names: list[str] = []
    question = ""
    for own, option in _pairs(questions, options):
        question = own or question
        alone = not option or (bool(own) and plain_of(option) in _RESPONSE)
        names.append((own or question) if alone else f"{question} - {option}" if question else option)
    found = [*named(places_of(names), _SURVEYMONKEY_ROLES)]
    found += [(number, DIMENSION) for number, name in enumerate(names) if plain_of(name).startswith("custom data")]
    return Layout("SurveyMonkey", tuple(names), header, roles=one_each(found))


# Survicate and tools like it: two rows of names, the question above and Answer, Score, Label or Comment below it. Made
# after documented layouts; not tried on a real file.

_PARTS = listed("answer, answers, score, label, comment, tag, tags, rating, response, category")
_SURVICATE_ROLES = {
    "date": "date, response date, date time, date utc, submitted at, created at",
    "respondent": "email, user id, respondent id, respondent uuid",
}


def survicate(rows: Sequence[Row]) -> Layout | None:
    """Return the layout of the first rows of a file, None if they have no such pair of rows of names."""
    for position in range(min(SEARCHED_ROWS, len(rows) - 1)):
        above, below = rows[position], rows[position + 1]
        parts = {plain_of(cell) for cell in below if cell}
        if not ({"score", "rating"} & parts and {"label", "answer", "answers", "comment"} & parts and parts <= _PARTS):
            continue
        # Who and when stands in the upper row alone; a table of "score" and "comment" below a title has none of it.
        if any(own and not part for own, part in _pairs(above, below)):
            return _of_survicate(above, below, position + 1)
    return None


def _of_survicate(above: Row, below: Row, header: int) -> Layout:
    names: list[str] = []
    parts: list[str] = []
    question = ""
    for own, part in _pairs(above, below):
        question = own or (question if part else "")
        parts.append(plain_of(part))
        names.append(f"{question} - {part}" if question and part and question != part else question or part)
    found: list[tuple[int, str]] = []
    scores = [number for number, part in enumerate(parts) if part in ("score", "rating")]
    if len(scores) == 1:
        comments = [number for number, part in enumerate(parts) if part == "comment" and number > scores[0]]
        found += [(scores[0], "score"), *((number, "comment") for number in comments[:1])]
    found += [(number, BAND) for number, part in enumerate(parts) if part in ("label", "category")]
    found += named(places_of(names), _SURVICATE_ROLES)
    return Layout("Survicate", tuple(names), header, roles=one_each(found))
