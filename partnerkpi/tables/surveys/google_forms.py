"""Google Forms: a first column of timestamps, in the form's language, and then the questions. Tried on a real file.

Timestamps come with a zone (`2017/11/24 12:39:58 PM GMT+4`) or without one.
"""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.tables.surveys.layout import SEARCHED_ROWS, Layout, Row, Tool, plain_of

NAME = "Google Forms"

_TIMESTAMP = frozenset(
    {
        *("timestamp", "zeitstempel", "horodateur", "marca temporal", "carimbo de data hora", "tijdstempel"),
        *("informazioni cronologiche", "tidsstampel", "tidsstempel", "sygnatura czasowa", "aikaleima"),
    }
)
_TOOL = Tool(
    NAME,
    marks=(),
    roles={
        **dict.fromkeys(_TIMESTAMP, "date"),
        **dict.fromkeys(("email address", "e mail adresse", "username", "nutzername"), "respondent"),
        **dict.fromkeys(("adresse e mail", "direccion de correo electronico", "endereco de e mail"), "respondent"),
    },
)


def read(rows: Sequence[Row]) -> Layout | None:
    """Return the layout of the first rows of a file, None if they are no export of Google Forms."""
    for position, row in enumerate(rows[:SEARCHED_ROWS]):
        if row and plain_of(row[0]) in _TIMESTAMP and any(_is_question(cell) for cell in row[1:]):
            return _TOOL.layout(row, [plain_of(cell) for cell in row], position)
    return None


def _is_question(cell: str | None) -> bool:
    return cell is not None and (cell.rstrip().endswith("?") or len(cell.split()) > 4)
