"""Where a table starts: the row that names its columns, below whatever titles and notes stand above it.

People put a title, a date and a blank row above a table and notes below it. The header is told from a title by how many
of the columns below it it names, and from data by what it holds: names, not numbers. A file without a header is
refused rather than read with its first row of data as names: that row would be lost, and nobody would be told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from partnerkpi.tables.datetext import looks_like_date
from partnerkpi.vocabulary import ERROR_CELLS, MISSING, NO, YES, reads_as_number, whole_number

Row = Sequence[str | None]

#: How far down a header is looked for. Notes above a table are a handful of lines, not a page.
SEARCHED_ROWS = 60
#: Enough rows below a header to see what its columns hold.
_BODY_ROWS = 40
#: How many rows a caller should hand over.
SAMPLED_ROWS = SEARCHED_ROWS + _BODY_ROWS

_YEAR = re.compile(r"(?:19|20)[0-9]{2}", re.ASCII)
_TIME = re.compile(r"[0-9]{1,3}:[0-9]{2}(?::[0-9]{2})?", re.ASCII)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.\w+|https?://\S+", re.IGNORECASE)
#: What only a row of data holds. A name may be what people write for nothing: "No answer" heads a column of counts.
_NO_NAME = MISSING | {error.casefold() for error in ERROR_CELLS}

#: A row must name this much of what stands below it to be a header, and a later row this much more to be a better one.
_LEAST_COVER, _BETTER_COVER = 0.25, 0.12


def find_header(rows: Sequence[Row]) -> int | None:
    """Return the position of the row that names the columns, None if the rows hold no table or no names.

    `rows` are the first rows as text, None for blanks. Of the rows above the first full row of values, the one that
    names most of the columns below it is taken, the first of equals.
    """
    rows = [[cell.strip() or None if cell is not None else None for cell in row] for row in rows]
    widths = [sum(cell is not None for cell in row) for row in rows]
    body = _usual_width(widths)
    if body == 0:
        return None
    values = next((p for p, row in enumerate(rows) if _has_values(row) and widths[p] * 4 >= body * 3), None)
    last = max(position for position, width in enumerate(widths) if width)
    above = range(min(SEARCHED_ROWS, last if values is None else values))
    named = [position for position in above if widths[position] and _is_names(rows[position])]
    if values is None and (not named or widths[last] > max(widths[p] for p in named)) and _is_names(rows[last]):
        return last  # a title above a header without rows: an empty table, which the caller reports
    covers = {position: _cover(rows, position) for position in named}
    if values is None:  # nothing but texts: rows of data look like names too, so the first good row is taken
        return next((p for p in named if covers[p] >= 0.6), max(named, key=lambda p: (covers[p], -p), default=None))
    if (numbered := _numbered_header(rows, values)) is not None:
        named, covers[numbered] = [*named, numbered], _cover(rows, numbered)
    best = None
    for position in named:
        if covers[position] >= (_LEAST_COVER if best is None else covers[best] + _BETTER_COVER):
            best = position
    return best


def name_columns(header: Row, width: int, above: Row = ()) -> list[str]:
    """Return one unique name for each column: blanks become `column 3`, repeats get a number behind them.

    The names of a header "score, , score" with four columns are score, column 2, score 2, column 4. `above` is the row
    over the header, if that holds names as well: it names what the header leaves blank, and tells repeats apart.
    """
    given = _with_row_above(header, above) if above else list(header)
    return unique_names(clean_name(cell or "") for cell in [*given, *[None] * (width - len(given))])


def unique_names(given: Iterable[str]) -> list[str]:
    """Return names that differ without case: those of blanks and repeats get a number, as `name_columns` says."""
    names: list[str] = []
    taken: set[str] = set()
    repeats: Counter[str] = Counter()  # where to go on: a name may come thousands of times
    for number, text in enumerate(given, 1):
        base = text or f"column {number}"
        key = base.casefold()
        name, repeat = base, max(1, repeats[key])
        while name.casefold() in taken:  # engines compare column names without case
            repeat += 1
            name = f"{base} {repeat}"
        repeats[key] = repeat
        taken.add(name.casefold())
        names.append(name)
    return names


#: How pandas names a second column of a name.
_DOTTED = re.compile(r"(.*[^\d\W])\.[1-9]")


def repeated_names(names: Sequence[str], header: Sequence[str]) -> dict[str, str]:
    """Return what stands in the header over each column whose name got a number: `score 2` is a second `score`."""
    given = map(clean_name, header)
    dotted = {name: match[1] for name in names if (match := _DOTTED.fullmatch(name)) and match[1] in names}
    return dotted | {
        name: text
        for name, text in zip(names, given, strict=False)
        if text and name != text and re.fullmatch(rf"{re.escape(text)} [0-9]+", name)
    }


def clean_name(text: str) -> str:
    """Return a column's name as it is shown: markup, byte order marks and outer blanks go, the words stay.

    Two underscores in front become one: names like `__row` are kept for the columns that counting adds.
    """
    plain = re.sub(r"<[^<>]{1,40}>", "", text.replace("\ufeff", "").replace("\u200b", "").replace("\x00", ""))
    plain = re.sub(r"(?<!\w)\*([^*\s][^*]*)\*(?!\w)", r"\1", plain)
    return re.sub(r"^__+", "_", re.sub(r"\s+", " ", plain).strip())


def second_header(rows: Sequence[Row], position: int) -> Row:
    """Return the row over a header if it holds names of groups of columns, an empty one if it is a title or data.

    Survey tools write the question into one row and its parts into the next.
    """
    if position == 0:
        return ()
    above = rows[position - 1]
    filled = sum(1 for cell in above if cell is not None and cell.strip())
    return above if filled > 1 and _is_names([cell.strip() or None if cell else None for cell in above]) else ()


def _with_row_above(header: Row, above: Row) -> list[str | None]:
    cells = [(cell or "").strip() for cell in header]
    groups = [(cell or "").strip() for cell in above] + [""] * (len(cells) - len(above))
    repeated = {cell for cell, count in Counter(cell.casefold() for cell in cells if cell).items() if count > 1}
    names: list[str | None] = []
    group = ""
    for number, cell in enumerate(cells):
        group = groups[number] or group
        alone = bool(groups[number]) and (number + 1 >= len(cells) or bool(groups[number + 1]) or not cells[number + 1])
        if not cell:
            names.append(groups[number])
        elif cell.casefold() not in repeated or not group:
            names.append(cell)
        else:
            names.append(group if alone else f"{group} - {cell}")
    return names


def _numbered_header(rows: Sequence[Row], until: int) -> int | None:
    """Return a row of names of which some are numbers, such as "Partner, 2025": numbers unlike those below them."""
    for position in range(min(until + 1, SEARCHED_ROWS)):
        row = rows[position]
        numbers = [number for number, cell in enumerate(row) if cell and _kind(cell) != "name"]
        if not numbers or len(numbers) == sum(cell is not None for cell in row):
            continue
        below = rows[position + 1 : position + 1 + _BODY_ROWS]
        kinds = _Kinds(below)
        if not any(any(kinds.of(n)) for n in numbers):
            continue
        # A name over nothing but values names them: "A;1" over "2;3" is a header in spite of its 1.
        of_numbers = set(numbers)
        over_values = (cell and n not in of_numbers and kinds.are_values(n) for n, cell in enumerate(row))
        unlike = ((kinds.are_values(n) and _kind(row[n]) not in kinds.of(n)) or not any(kinds.of(n)) for n in numbers)
        if all(unlike) or any(over_values) or _counts_up(row):
            return position
    return None


class _Kinds:
    """What the cells below a row are, column by column: a name ends the search, since of wide tables it takes long."""

    def __init__(self, below: Sequence[Row]) -> None:
        self._below = below

    def of(self, column: int) -> Iterator[str]:
        """Yield what the filled cells of a column are."""
        return (_kind(row[column]) for row in self._below if column < len(row) and row[column])

    def are_values(self, column: int) -> bool:
        """Tell whether a column has filled cells, none of them a name."""
        some = False
        for kind in self.of(column):
            if kind == "name":
                return False
            some = True
        return some


def _counts_up(row: Row) -> bool:
    """Tell whether the numbers of a row are 1, 2, 3 and so on: numbers of questions."""
    numbers = [number for cell in row if (number := whole_number(cell)) is not None]
    return len(numbers) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@lru_cache(maxsize=8_192)
def _kind(cell: str | None) -> str:
    if cell is None:
        return "blank"
    if _YEAR.fullmatch(cell):
        return "year"
    if reads_as_number(cell):
        return "number"
    if looks_like_date(cell) or _TIME.fullmatch(cell):
        return "date"
    if cell.casefold() in _NO_NAME or _ADDRESS.fullmatch(cell):
        return "data"
    return "name"


def _has_values(row: Row) -> bool:
    return any(cell is not None and _kind(cell) in ("number", "year", "date") for cell in row)


def _is_names(row: Row) -> bool:
    """Tell whether a row holds names only: no numbers, dates or addresses, and not mostly yes and no."""
    cells = [cell for cell in row if cell is not None]
    answers = sum(len(cell) > 1 and cell.casefold() in YES | NO for cell in cells)
    return bool(cells) and all(_kind(cell) == "name" for cell in cells) and (answers * 2 < len(cells))


def _cover(rows: Sequence[Row], position: int) -> float:
    """Return the share of the filled cells below a row that stand in a column which the row names."""
    named = {number for number, cell in enumerate(rows[position]) if cell is not None}
    filled = [
        n for row in rows[position + 1 : position + 1 + _BODY_ROWS] for n, cell in enumerate(row) if cell is not None
    ]
    return sum(number in named for number in filled) / len(filled) if filled else 0.0


def _usual_width(widths: Sequence[int]) -> int:
    """Return how many cells a typical row of the table fills: the most frequent width, the larger of equals."""
    counted = Counter(width for width in widths if width)
    if not counted:
        return 0
    several = {width: count for width, count in counted.items() if width > 1} or counted
    most = max(several.values())
    return max(width for width, count in several.items() if count == most)
