"""Qualtrics: three rows of names (codes, questions, import ids), or the legacy export with two.

The second row comes in the language of whoever exported, so the table is told by the third, `{"ImportId": ...}`, or by
the legacy codes V1 to V10. Answers of previews, tests and spam are in the export and are no answers; so are answers
that were not finished. Tried on real files of all three kinds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    first_of_each,
    plain_of,
)
from partnerkpi.vocabulary import NO

NAME = "Qualtrics"

_IMPORT_ID = re.compile(r"""^\{\s*['"]?import_?id['"]?\s*:""", re.IGNORECASE)
_IMPORTED = re.compile(r"""['"]?\s*:\s*['"]?([^'"}]+)""")
_LEGACY = [f"v{number}" for number in range(1, 8)]
#: Columns that every export has, by plain name; what is none of them and no question is embedded data.
_OWN = frozenset(
    {
        *("start date", "end date", "status", "ip address", "ipaddress", "progress", "duration in seconds", "finished"),
        *("duration", "recorded date", "response id", "record id", "response set", "recipient last name"),
        *("recipient first name", "recipient email", "external reference", "external data reference", "name"),
        *("email address", "location latitude", "location longitude", "location accuracy", "distribution channel"),
        *("user language", "responseid", "externaldata reference"),
    }
)
_ROLES = {
    "recorded date": "date",
    "end date": "date",
    "recipient email": "respondent",
    "email address": "respondent",
    "external reference": "respondent",
    "external data reference": "respondent",
}
_RULES = {
    "status": (
        (frozenset({"1", "2", "17", "survey preview", "survey test", "preview", "test", "offline preview"}), PREVIEW),
        (frozenset({"8", "9", "12", "spam", "survey preview spam", "imported spam"}), SPAM),
    ),
    "distribution channel": ((frozenset({"preview", "test"}), PREVIEW),),
    "finished": ((NO, NOT_FINISHED),),
}


def read(rows: Sequence[Row]) -> Layout | None:
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
    return _layout(codes, questions, position, questioned)


def _without_import_ids(rows: Sequence[Row], position: int) -> Layout:
    """Return the layout of an export from which somebody deleted the third row, and perhaps the second as well."""
    second = rows[position + 1] if position + 1 < len(rows) else ()
    under = next((n for n, cell in enumerate(rows[position]) if plain_of(cell) == "start date"), 0)
    start = second[under] if under < len(second) else None
    is_text = start is not None and not any(letter.isdigit() for letter in start)
    return _layout(rows[position], second if is_text else rows[position], position + is_text, None)


def _legacy(rows: Sequence[Row], position: int) -> Layout:
    codes, questions = rows[position], rows[position + 1]
    names = [
        questions[number] if re.fullmatch(r"V[0-9]+", code or "") and number < len(questions) else code
        for number, code in enumerate(codes)
    ]
    return _layout(names, questions, position + 1, None)


def _layout(codes: Row, questions: Row, header: int, questioned: set[int] | None) -> Layout:
    plain = [plain_of(code) for code in codes]
    places = {name: number for number, name in reversed(list(enumerate(plain)))}
    roles = first_of_each((places[name], role) for name, role in _ROLES.items() if name in places)
    for number, code in enumerate(codes):
        if (code or "").endswith("_NPS_GROUP"):
            roles[number] = BAND
            if (score := plain_of((code or "").removesuffix("_NPS_GROUP"))) in places:
                roles[places[score]] = "score"
        elif questioned is not None and code and number not in questioned and plain[number] not in _OWN:
            roles.setdefault(number, DIMENSION)
    rules = [
        Rule(places[name], values, reason)
        for name, pairs in _RULES.items()
        if name in places
        for values, reason in pairs
    ]
    titles = tuple((questions[n] if n < len(questions) else None) or "" for n in range(len(codes)))
    return Layout(NAME, tuple(code or "" for code in codes), header, header + 1, titles, roles, tuple(rules))
