"""Where a table starts: the row that names its columns, below whatever titles and notes stand above it.

People put a title, a date and a blank row above a table and notes below it. The header is told from a title by its
width (it names about as many columns as the rows below it hold) and from data by what it holds (names, not numbers).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

#: How far down a header is looked for. Notes above a table are a handful of lines, not a page.
SEARCHED_ROWS = 60

_NUMBER_OR_DATE = re.compile(
    r"^[+-]?[$€£]?[0-9][0-9.,' ]*%?$|^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}([T ].*)?$", re.ASCII
)
_YES_NO = frozenset({"true", "false", "yes", "no"})


def find_header(rows: Sequence[Sequence[str | None]]) -> int | None:
    """Return the position of the row that names the columns, None if the rows hold no table.

    `rows` are the first rows as text, None for blanks. The first row that is as wide as the table below it, holds
    names rather than values and is followed by at least one row is taken.
    """
    widths = [_width(row) for row in rows[:SEARCHED_ROWS]]
    body = _body_width(widths)
    if body == 0:
        return None
    wide_enough = max(1, min(body, (body + 1) // 2 + 1))
    candidates = [
        position
        for position, width in enumerate(widths)
        if width >= wide_enough and _names(rows[position]) and any(widths[position + 1 :])
    ]
    if candidates:
        # A title may be spread over several cells: until the first row of values, a fuller row of names wins.
        first_values = next((p for p, row in enumerate(rows) if p > candidates[0] and _has_values(row)), 0)
        above = [position for position in candidates if position <= max(first_values, candidates[0])]
        return max(above, key=lambda position: (min(widths[position], body), -position))
    # Nothing looks like names alone (a column may be called 2026): the first full row with any name in it, then, where
    # only a header is left, that row: it has no rows below it, and the caller says so.
    for position, width in enumerate(widths):
        if width >= wide_enough and any(cell and not _NUMBER_OR_DATE.match(cell.strip()) for cell in rows[position]):
            return position
    return None


def name_columns(header: Sequence[str | None], width: int) -> list[str]:
    """Return one unique name for each column: blanks become `column 3`, repeats get a number behind them.

    The names of a header "score, , score" with four columns are score, column 2, score 2, column 4.
    """
    names: list[str] = []
    taken: set[str] = set()
    for number in range(1, max(width, len(header)) + 1):
        given = header[number - 1] if number <= len(header) else None
        base = clean_name(given) if given else ""
        base = base or f"column {number}"
        name, repeat = base, 1
        while name.casefold() in taken:  # engines compare column names without case
            repeat += 1
            name = f"{base} {repeat}"
        taken.add(name.casefold())
        names.append(name)
    return names


def clean_name(text: str) -> str:
    """Return a column's name as it is shown: markup, byte order marks and outer blanks go, the words stay."""
    plain = re.sub(r"<[^<>]{1,40}>", "", text.replace("\ufeff", "").replace("\u200b", ""))
    return re.sub(r"\s+", " ", plain).strip()


def _width(row: Sequence[str | None]) -> int:
    return sum(1 for cell in row if cell is not None and cell.strip())


def _body_width(widths: Sequence[int]) -> int:
    """Return how many cells a typical row of the table fills: the most frequent width, the larger of equals."""
    counted = Counter(width for width in widths if width)
    if not counted:
        return 0
    several = {width: count for width, count in counted.items() if width > 1} or counted
    most = max(several.values())
    return max(width for width, count in several.items() if count == most)


def _has_values(row: Sequence[str | None]) -> bool:
    return any(cell and _NUMBER_OR_DATE.match(cell.strip()) for cell in row)


def _names(row: Sequence[str | None]) -> bool:
    """Tell whether a row holds names: no dates or numbers (save years and the like as a minority), few repeats."""
    cells = [cell.strip() for cell in row if cell is not None and cell.strip()]
    values = sum(1 for cell in cells if _NUMBER_OR_DATE.match(cell) or cell.casefold() in _YES_NO)
    return bool(cells) and values * 2 < len(cells) and (values == 0 or len(cells) > 2)
