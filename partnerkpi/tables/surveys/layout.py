"""What an export of a survey tool looks like, as data: how it is told, its columns, and which rows are no answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from partnerkpi.dataclass import dataclass
from partnerkpi.vocabulary import plain_name

Row = Sequence[str | None]

#: How far down the header of an export is looked for: some tools and most people put a title above it.
SEARCHED_ROWS = 8

NOT_FINISHED = "not finished"
PREVIEW = "preview or test answer"
SPAM = "marked as spam"
OTHER_QUESTION = "answer to another kind of question"

#: The role of columns that describe the respondent and can divide the answers: embedded data.
DIMENSION = "dimension"
#: The role of columns that name the band of a score: promoter, passive, detractor.
BAND = "band"


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows that are no answers: those whose cell in a column is one of some values (or, turned round, none of them)."""

    column: int
    values: frozenset[str]
    reason: str
    others: bool = False

    def takes(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is set aside by this rule."""
        cell = cells[self.column].strip().casefold() if self.column < len(cells) else ""
        return (cell in self.values) is not self.others


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table of an export stands among its first rows, and what its columns are.

    `header` is the position of the last row of names; the first answer comes right below it. `roles` and `blanks`
    (values that stand for nothing, such as "anonymous") go by the position of a column.
    """

    tool: str
    names: tuple[str, ...]
    header: int
    titles: tuple[str, ...] = ()
    roles: Mapping[int, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    blanks: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool whose exports have one row of names.

    Each of `marks` lists plain names: the row that holds all of one list is a header of this tool. `roles`, `rules` and
    `blanks` go by plain names; a rule is (column, values, reason), `only` has the values of a column that are answers.
    """

    name: str
    marks: tuple[str, ...]
    roles: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[tuple[str, frozenset[str], str], ...] = ()
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    blanks: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def read(self, rows: Sequence[Row]) -> Layout | None:
        """Return the layout of the first rows of a file, None if they are not of this tool."""
        for position, plain in enumerate(_plain_cells(rows)):
            if any(listed(mark) <= plain for mark in self.marks):
                return self.layout(rows[position], position)
        return None

    def layout(self, row: Row, position: int) -> Layout:
        """Return the layout of a table whose names stand in a row."""
        names = tuple(cell or "" for cell in row)
        places = places_of(names)
        rules = [Rule(places[name], values, reason) for name, values, reason in self.rules if name in places]
        rules += [
            Rule(places[name], values | {""}, OTHER_QUESTION, others=True)
            for name, values in self.only.items()
            if name in places
        ]
        return Layout(
            self.name,
            names,
            position,
            roles=one_each(named(places, self.roles)),
            rules=tuple(rules),
            blanks={places[name]: values for name, values in self.blanks.items() if name in places},
        )


#: The rows that were looked at last, and the plain names in each: every tool looks at the same rows.
_LAST: list[tuple[Sequence[Row], tuple[frozenset[str], ...]]] = []


def _plain_cells(rows: Sequence[Row]) -> tuple[frozenset[str], ...]:
    """Return the plain names in each of the rows in which names are looked for."""
    if not _LAST or _LAST[0][0] is not rows:
        _LAST[:] = [(rows, tuple(frozenset(map(plain_of, row)) for row in rows[:SEARCHED_ROWS]))]
    return _LAST[0][1]


def listed(names: str) -> frozenset[str]:
    """Return names that are written as a list: `listed("email, e mail")`."""
    return frozenset(names.split(", "))


def plain_of(cell: str | None) -> str:
    """Return a header's cell as lower-case words; a sign such as # stays what it is."""
    text = (cell or "").replace("\ufeff", "").strip()
    return plain_name(text) or text


def places_of(names: Sequence[str]) -> dict[str, int]:
    """Return the column of each plain name, the first of equal ones."""
    return {plain_of(name): number for number, name in reversed(list(enumerate(names)))}


def named(places: Mapping[str, int], roles: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Yield the columns that are called by one of the names of a role, in the order of those names."""
    for role, names in roles.items():
        yield from ((places[name], role) for name in names.split(", ") if name in places)


def one_each(found: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Return one column for each role, the first that is named; dimensions may be several."""
    roles: dict[int, str] = {}
    for column, role in found:
        if role == DIMENSION or role not in roles.values():
            roles.setdefault(column, role)
    return roles
