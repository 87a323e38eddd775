"""Numbers as people write them: which mark stands before the decimals is decided by the whole column, not by one cell.

`1.200` is twelve hundred or one and a fifth. Any value of the column that can be read in one way only (`1.200,50`,
`1100,5`, `1,200,000`) tells for all of it, and so does a count, which is whole, and another column of the table. Where
none tells and nobody says it, 1.200 is a question. So is 1,200 where something speaks against thousands: 2500 beside
it is written without, or the file is separated by semicolons, as where commas stand before decimals; else it is taken
for twelve hundred, with a note. 1.2M and 3,4 Mio. € have the zeros that their words say. Answers on a scale have no
thousands: each of theirs is read by itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, OpenQuestion
from partnerkpi.tables.numbertext import MARKS, Mark, is_plain, number_in, other, styled_sql, written
from partnerkpi.tables.sql import identifier, trimmed
from partnerkpi.tables.units import unit_of

if TYPE_CHECKING:
    from partnerkpi.tables.table import Table


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """How a column is read as numbers: SQL for its value, the mark before decimals, and what to say of it."""

    column: str
    expression: str
    decimal: Mark = "."
    notes: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    zeros: int = 0  # that the heading says: amounts in thousands have three

    def value(self, cell: Any) -> float | None:
        """Return the number of one cell of the column, typed or text, None where it holds none."""
        if isinstance(cell, str):
            found = number_in(cell, self.decimal)
            return found if found is None or not self.zeros else found * 10**self.zeros
        if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
            return None
        return float(cell) * 10**self.zeros if math.isfinite(cell) else None


@dataclass(slots=True)
class _Seen:
    """The values of a column: an example of each kind, how many are in each currency, and whether not all are plain.

    `sized` are amounts such as 1.2M by the word that says how large they are, `bare` one below a thousand without such
    a word. `without` is a number from a thousand on that has nothing between its thousands, `points` that 1.200 is
    among those that may be either.
    """

    examples: dict[str, str] = field(default_factory=dict)
    currencies: Counter[str] = field(default_factory=Counter)
    sized: dict[str, str] = field(default_factory=dict)
    bare: str = ""
    styled: bool = False
    without: bool = False
    points: bool = False

    @property
    def marks(self) -> list[Mark]:
        """Return the marks that some value shows to stand before decimals."""
        return [mark for mark in MARKS if mark in self.examples]


def read_numbers(
    table: Table, columns: Iterable[str], *, whole: bool = False, may_ask: bool = True, money: bool = False
) -> tuple[NumberColumn, ...]:
    """Return how columns are read as numbers, each decided from all its rows; `whole` says that they are counts.

    `money` are amounts, whose unit a heading may say. OpenQuestion where it cannot be decided; where nobody may be
    asked, the point stands before decimals.
    """
    columns = tuple(columns)
    texts = [name for name in columns if table.kind_of(name).is_text]
    looks = {name: _look(table, name, whole=whole) for name in _styled(table, texts)}
    told = {mark for seen in looks.values() if len(marks := seen.marks) == 1 for mark in marks}
    beside = told.pop() if len(told) == 1 else None
    read = (
        _read(table, name, looks[name], beside, whole=whole, may_ask=may_ask)
        if name in looks
        else NumberColumn(name, _engine(name, table.kind_of(name).kind))
        for name in columns
    )
    return tuple(_in_its_unit(table, one, looks.get(one.column)) if money else one for one in read)


def _in_its_unit(table: Table, read: NumberColumn, seen: _Seen | None) -> NumberColumn:
    """Return a column of amounts with the size and the currency that its heading says.

    DataProblem where the cells say a size as well: 12k below thousands may be either.
    """
    unit = unit_of(read.column)
    currencies = tuple(sorted({*read.currencies, unit.currency} - {""}))
    if not unit.zeros:
        return replace(read, currencies=currencies)
    if seen is not None and seen.sized:
        example = next(iter(seen.sized.values()))
        raise DataProblem(
            f"{table.label}: {read.column!r} is in {unit.in_words} by its heading, and {example!r} says a size itself: "
            "whether both count is not told. Rename the column without the unit if the cells alone do"
        )
    note = f"{read.column!r} is in {unit.in_words}, as its heading says: 1 counts as {10**unit.zeros:,}"
    return replace(
        read,
        expression=f"({read.expression}) * {10**unit.zeros}",
        notes=(*read.notes, note),
        currencies=currencies,
        zeros=unit.zeros,
    )


def _engine(name: str, kind: str) -> str:
    """Return SQL for a column that the engine reads by itself; a NaN is no number."""
    column = identifier(name)
    if kind in ("FLOAT", "DOUBLE"):
        return f"nullif(CAST({column} AS DOUBLE), CAST('NaN' AS DOUBLE))"
    return f"TRY_CAST({column if kind == 'VARCHAR' else f'CAST({column} AS VARCHAR)'} AS DOUBLE)"


def _styled(table: Table, names: list[str]) -> list[str]:
    """Return the columns of texts that the engine does not read by itself, or perhaps reads wrongly.

    It takes `1.200` for one and a fifth, also where no other value says so. Plain columns cost this one look at them.
    """
    if not names:
        return []
    counts = []
    for name in names:
        text, number = identifier(name), f"TRY_CAST({identifier(name)} AS DOUBLE)"
        counts += [
            f"count(*) FILTER ({number} IS NULL AND {text} <> '' OR NOT isfinite({number}))",
            f"count(*) FILTER ({text} LIKE '%.___')",
            f"count(*) FILTER (contains({text}, '.') AND {text} NOT LIKE '%.___')",
        ]
    sql = f"SELECT {', '.join(counts)} FROM __rows"
    (found,) = table.every_row.fetch(sql)
    seen = {name: found[3 * place : 3 * place + 3] for place, name in enumerate(names)}
    return [name for name, (strange, dotted, pointed) in seen.items() if strange or (dotted and not pointed)]


def _read(table: Table, name: str, seen: _Seen, beside: Mark | None, *, whole: bool, may_ask: bool) -> NumberColumn:
    """Return how a column of texts is read that has other than plain numbers; `beside` is the mark of other columns.

    OpenQuestion where a value such as 1.200 may be either, and neither the columns nor anybody says which.
    """
    marks, doubtful = seen.marks, seen.examples.get("either")
    given = table.decimal if doubtful is not None and len(marks) != 1 else None
    if doubtful is not None and len(marks) != 1 and given is None:
        given = beside if not marks else None
        if given is None and may_ask and (marks or seen.points or seen.without or _has_semicolons(table)):
            raise OpenQuestion(_question(table, name, doubtful))
    if {"m", "mm"} <= seen.sized.keys():
        raise DataProblem(
            f"{table.label}: {name!r} has both {seen.sized['mm']!r} and {seen.sized['m']!r}: an M beside an MM may be "
            "a thousand or a million. Write these amounts out"
        )
    decimal = given or (marks[0] if marks else ".")
    notes = tuple(_notes(name, seen, marks, decimal, given=given is not None, whole=whole))
    return NumberColumn(
        name, styled_sql(trimmed(identifier(name)), decimal), decimal, notes, tuple(sorted(seen.currencies))
    )


def _has_semicolons(table: Table) -> bool:
    """Tell whether a text file is separated by semicolons: programs do that where commas stand before decimals."""
    return any(part.kind == "text" and "separated by semicolons" in part.detail for part in table.parts)


def _question(table: Table, name: str, doubtful: str) -> str:
    ways = {mark: f"{number_in(doubtful, mark):g}" for mark in MARKS}
    return (
        f"{table.label}: the column does not tell whether {doubtful!r} in {name!r} is {ways[',']} or {ways['.']}: "
        f"say --decimal comma (it is {ways[',']}) or --decimal point (it is {ways['.']}), or [numbers] decimal in "
        "partnerkpi.toml"
    )


def _notes(name: str, seen: _Seen, marks: list[Mark], decimal: Mark, *, given: bool, whole: bool) -> Iterable[str]:
    """Yield what a reader should be told of a column that is not plain."""
    doubtful = seen.examples.get("either")
    if doubtful is not None and len(marks) != 1:
        taken, or_else = (f"{number_in(doubtful, mark):g}" for mark in (decimal, other(decimal)))
        if given:
            yield f"{name!r}: {doubtful!r} is read as {taken}, as you or the columns beside it say"
        else:
            either = f"whether {doubtful!r} is {taken} or {or_else} cannot be told from the column"
            yield f"{name!r}: {either}: read as {taken}"
    if len(marks) == 2:
        both = " and ".join(repr(seen.examples[mark]) for mark in marks)
        yield f"{name!r} has decimals behind points and behind commas ({both}): each is read as it is written"
    elif marks and (seen.styled or decimal == ","):
        example = seen.examples[decimal]
        what = f"{_NAMES[other(decimal)]}s between thousands" if whole else f"a decimal {_NAMES[decimal]}"
        yield f"{name!r} is read as numbers with {what}, seen from {example!r}"
    elif not marks and doubtful is None and seen.styled and not seen.sized:
        yield f"{name!r} is read as numbers without what stands beside them, as in {seen.examples['bare']!r}"
    if seen.sized:
        shown = ", ".join(f"{text!r} as {number_in(text, decimal):,.15g}" for text in list(seen.sized.values())[:3])
        beside = f"; {seen.bare!r}, without such a word, is taken as it stands" if seen.bare else ""
        yield f"{name!r} is read with the zeros that its words say: {shown}{beside}"
    if len(seen.currencies) > 1:
        several = ", ".join(f"{code} ({count:,})" for code, count in sorted(seen.currencies.items()))
        yield f"{name!r} is in several currencies: {several}. The numbers are taken as they stand"


_NAMES: dict[Mark, str] = {".": "point", ",": "comma"}


def _look(table: Table, name: str, *, whole: bool) -> _Seen:
    """Look at all values of a column: which can be read in one way only, which in two, and in which currencies."""
    # One of each shape is looked at: those with the same signs, zeros and number of digits say the same.
    sql = f"""
        SELECT min(t), count(*) FROM (SELECT {trimmed(identifier(name))} AS t FROM __rows)
        WHERE length(t) < 40 GROUP BY translate(t, '12345678', '99999999')"""
    rows = table.every_row.fetch(sql)
    seen = _Seen()
    for text, count in sorted(rows, key=lambda row: (is_plain(row[0]), row[0])):
        parts = written(text)
        if parts is None or not (marks := parts.marks()):
            continue
        among = re.search("[.,]", parts.digits)
        if whole and among and len(marks) == 2 and not parts.digits.endswith("000"):
            marks = [mark for mark in marks if mark != among[0]]  # no count is 1.2: what stands behind are thousands
        seen.without |= len(parts.digits) > 3 and parts.digits.isdecimal()
        seen.points |= among is not None and len(marks) == 2 and "." in parts.digits
        seen.examples.setdefault(marks[0] if len(marks) == 1 else "either" if among else "bare", text)
        seen.styled |= not is_plain(text)
        size = abs(parts.value(marks[0]) or 0)
        if parts.times:
            seen.sized.setdefault(parts.times, text)
        elif 0 < size < 1000:
            seen.bare = text
        if parts.currency:
            seen.currencies[parts.currency] += count
    return seen
