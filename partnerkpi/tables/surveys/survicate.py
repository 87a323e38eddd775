"""Survicate and tools like it: two rows of names, the question above and Answer, Score, Label or Comment below it.

Made after documented layouts; not tried on a real file.
"""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.tables.surveys.layout import BAND, SEARCHED_ROWS, Layout, Row, first_of_each, plain_of

NAME = "Survicate"

_PARTS = frozenset({"answer", "answers", "score", "label", "comment", "tag", "tags", "rating", "response", "category"})
_ROLES = {
    "date": "date",
    "response date": "date",
    "date time": "date",
    "date utc": "date",
    "submitted at": "date",
    "created at": "date",
    "email": "respondent",
    "user id": "respondent",
    "respondent id": "respondent",
    "respondent uuid": "respondent",
}


def read(rows: Sequence[Row]) -> Layout | None:
    """Return the layout of the first rows of a file, None if they have no such pair of rows of names."""
    for position in range(min(SEARCHED_ROWS, len(rows) - 1)):
        above, below = rows[position], rows[position + 1]
        parts = {plain_of(cell) for cell in below if cell}
        if not ({"score", "rating"} & parts and {"label", "answer", "answers", "comment"} & parts and parts <= _PARTS):
            continue
        # Who and when stands in the upper row alone; a table of "score" and "comment" below a title has none of it.
        if any(cell and not (number < len(below) and below[number]) for number, cell in enumerate(above)):
            return _layout(above, below, position)
    return None


def _layout(above: Row, below: Row, position: int) -> Layout:
    names: list[str] = []
    parts: list[str] = []
    question = ""
    for number in range(max(len(above), len(below))):
        own = (above[number] if number < len(above) else None) or ""
        part = (below[number] if number < len(below) else None) or ""
        question = own or (question if part else "")
        parts.append(plain_of(part) if plain_of(part) in _PARTS else "")
        names.append(f"{question} - {part}" if question and part and question != part else question or part)
    found: list[tuple[int, str]] = []
    scores = [number for number, part in enumerate(parts) if part in ("score", "rating")]
    if len(scores) == 1:
        found.append((scores[0], "score"))
        comments = [number for number, part in enumerate(parts) if part == "comment" and number > scores[0]]
        found += [(comments[0], "comment")] if comments else []
    found += [(number, BAND) for number, part in enumerate(parts) if part in ("label", "category")]
    plain = [plain_of(name) for name in names]
    places = {name: number for number, name in reversed(list(enumerate(plain)))}
    found += [(places[name], role) for name, role in _ROLES.items() if name in places]
    return Layout(NAME, tuple(names), position + 1, position + 2, roles=first_of_each(found))
