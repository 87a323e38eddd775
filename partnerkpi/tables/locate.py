"""Where a table stands among the first rows of a file or sheet: its names, its columns, its first row of values.

An export of a survey tool is known by its rows of names; any other table by a header that names what stands below it.
Tables that stand side by side on a sheet are told apart by the blank column between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from partnerkpi.dataclass import dataclass
from partnerkpi.tables.header import find_header, name_columns, repeated_names, second_header
from partnerkpi.tables.surveys import recognise
from partnerkpi.tables.surveys.layout import Layout, Rule

Row = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A table among rows: its names, the position of its header and of its first row, its columns `first` to `last`.

    `last` is the column behind its last; `rules` and `blanks` count columns from `first`. `titles` are the questions
    that stand behind names which are codes, `roles` what the survey tool says of its columns; both go by name.
    """

    names: tuple[str, ...]
    header: int
    body: int
    first: int
    last: int
    tool: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    blanks: Mapping[int, frozenset[str]] = field(default_factory=dict)
    header_cells: tuple[str, ...] = ()


def locate(rows: Sequence[Row], tool: str | None = None) -> Place | None:
    """Return where the table stands among the first rows of a file, None if no row names the columns of others.

    FileProblem if they are not of the survey tool that was named.
    """
    rows = [[cell.strip() or None if cell is not None else None for cell in row] for row in rows]
    if (layout := recognise(rows, tool)) is not None:
        return _of_survey(layout, rows)
    return _of_header(rows, 0, max(map(len, rows), default=0), wanted=True)


def locate_all(rows: Sequence[Row], tool: str | None = None) -> list[Place]:
    """Return every table that stands among the first rows of a sheet, from left to right."""
    rows = [[cell.strip() or None if cell is not None else None for cell in row] for row in rows]
    if (layout := recognise(rows, tool)) is not None:
        return [_of_survey(layout, rows)]
    width = max(map(len, rows), default=0)
    whole = _of_header(rows, 0, width)
    beside = [place for first, last in _blocks(rows, width) if (place := _of_header(rows, first, last)) is not None]
    if len(beside) > 1 and _are_separate(beside, rows):
        return beside
    return [whole] if whole is not None else []


def _of_survey(layout: Layout, rows: Sequence[Row]) -> Place:
    width = max(len(layout.names), *(len(row) for row in rows[layout.header :]))
    while width > 1 and not any(row[width - 1] for row in rows[layout.header :] if len(row) >= width):
        width -= 1  # a separator at the end of every line makes no column
    names = tuple(name_columns(layout.names[:width], width))
    titles = {name: title for name, title in zip(names, layout.titles, strict=False) if title and title != name}
    roles = {names[column]: role for column, role in layout.roles.items() if column < width}
    header = tuple((cell or "") for cell in rows[layout.header])
    return Place(
        names,
        layout.header,
        layout.header + 1,
        0,
        width,
        layout.tool,
        titles,
        roles,
        tuple(rule for rule in layout.rules if rule.column < width),
        layout.blanks,
        header,
    )


def _of_header(rows: Sequence[Row], first: int, last: int, *, wanted: bool = False) -> Place | None:
    """Return the table of some columns; with `wanted` it is as wide as its header, as in a text file."""
    rows = [row[first:last] for row in rows]
    position = find_header(rows)
    if position is None:
        return None
    begin, end = (0, len(rows[position])) if wanted else _extent(rows[position:])
    header = _cells(rows[position], begin, end)
    above = second_header(rows, position)
    names = name_columns(header, end - begin, _cells(above, begin, end) if above else ())
    cells = tuple(cell or "" for cell in header)
    titles = repeated_names(names, cells)
    return Place(tuple(names), position, position + 1, first + begin, first + end, titles=titles, header_cells=cells)


def _extent(rows: Sequence[Row]) -> tuple[int, int]:
    """Return the first column of a table and the one behind its last: those with a name, and filled ones beside them.

    To the left of the names a column must be filled in a third of the rows: a note there does not belong to the table.
    """
    header, body = rows[0], [row for row in rows[1:] if any(row)]
    first = next(number for number, cell in enumerate(header) if cell)
    counts = [sum(1 for row in body if number < len(row) and row[number]) for number in range(first)]
    first = next((number for number, count in enumerate(counts) if count * 3 >= max(len(body), 1)), first)
    return first, max(number + 1 for row in rows for number, cell in enumerate(row) if cell)


def _cells(row: Row, first: int, last: int) -> list[str | None]:
    cells = list(row[first:last])
    return cells + [None] * (last - first - len(cells))


def _blocks(rows: Sequence[Row], width: int) -> list[tuple[int, int]]:
    """Return the runs of columns that hold something, each at least two columns wide."""
    filled = [any(number < len(row) and row[number] for row in rows) for number in range(width)]
    blocks: list[tuple[int, int]] = []
    start: int | None = None
    for number, holds in enumerate([*filled, False]):
        if holds and start is None:
            start = number
        elif not holds and start is not None:
            blocks.append((start, number))
            start = None
    return [(first, last) for first, last in blocks if last - first > 1]


def _are_separate(places: Sequence[Place], rows: Sequence[Row]) -> bool:
    """Tell tables side by side from one table with a blank column in it.

    They are separate if their headers stand in different rows, if a name occurs in both, or if one ends well above.
    """
    if len({place.header for place in places}) > 1:
        return True
    names = [{cell.casefold() for cell in place.header_cells if cell} for place in places]
    if any(a & b for number, a in enumerate(names) for b in names[number + 1 :]):
        return True
    ends = [max((n for n, row in enumerate(rows) if any(row[place.first : place.last])), default=0) for place in places]
    return max(ends) - min(ends) > 2
