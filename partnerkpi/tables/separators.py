"""What separates the cells of a text: that which the header has as often as the rows.

How often a sign occurs tells nothing: a remark in each row may hold more semicolons than the table has commas. So every
separator is tried, and the one is taken that cuts all rows alike, from the header on.
"""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Sequence

from partnerkpi.dataclass import dataclass

SEPARATORS = (",", ";", "\t", "|")

#: So many records are looked at, and so many of the first must be as wide as the others.
_RECORDS, _FIRST = 200, 20
#: What is left of a separator's worth where rows at the top are narrower than the others, or where blanks follow it.
_NARROWER, _PROSE = 0.5, 0.7
#: So many records must be one quoted cell that holds a row.
_MOST = 0.8


@dataclass(frozen=True, slots=True)
class Separator:
    """A separator; where each line is quoted as a whole, `outer` separates that one cell from nothing behind it."""

    sign: str
    outer: str | None = None


@dataclass(frozen=True, slots=True)
class _Cut:
    """How a separator cuts the first records: its worth, how many at the top are narrower, and its sign."""

    worth: float
    narrower: int
    sign: str


def separator_of(sample: str) -> Separator:
    """Return the separator of the first lines of a text; a `sep=` line decides."""
    text = sample.lstrip("\ufeff")
    first, _, _ = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) >= 5:
        return Separator(first.strip()[4])
    if first.rstrip("\r\n").lower() == "sep=\t":
        return Separator("\t")
    lines = text.splitlines(keepends=True)
    return _of_wrapped(lines) or Separator(_best(lines) or ",")


def split_again(record: list[str], separator: Separator) -> list[str]:
    """Return the cells of a line that was quoted as a whole, or of one that was left as it was."""
    outer = separator.outer or separator.sign
    if not any(map(str.strip, record[1:])):
        return next(csv.reader(record[:1], delimiter=separator.sign), [])
    return record if outer == separator.sign else next(csv.reader([outer.join(record)], delimiter=separator.sign), [])


def _best(lines: Sequence[str]) -> str | None:
    """Return the separator that cuts the first records into the most even columns, None if none cuts them."""
    cuts = [cut for sign in SEPARATORS if (cut := _cut(lines, sign)) is not None]
    least = min((cut.narrower for cut in cuts), default=0)
    worth = {cut.sign: cut.worth * (1 if cut.narrower <= least else _NARROWER) for cut in cuts}
    return max(worth, key=lambda sign: worth[sign], default=None)


def _cut(lines: Sequence[str], sign: str) -> _Cut | None:
    try:
        records = [one for one in itertools.islice(csv.reader(lines, delimiter=sign), _RECORDS) if one]
    except csv.Error:
        return None
    records = records[:-1] or records  # the sample may end within a record
    widths = [len(record) for record in records]
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
    if usual < 2:
        return None
    worth = widths.count(usual) / len(widths) * min(usual, 20) ** 0.25
    inner = [cell for record in records for cell in record[1:] if cell.strip()]
    spaced = sum(cell.startswith(" ") for cell in inner)
    if sign != "\t" and spaced * 2 > len(inner) > 0:
        worth *= _PROSE
    return _Cut(worth, sum(width < usual for width in widths[:_FIRST]), sign)


def _of_wrapped(lines: Sequence[str]) -> Separator | None:
    """Return the separator within lines of which each is one quoted cell, None for any other text.

    The header may be left as it was; separators without anything between them may stand behind the cell.
    """
    quoted = next((line.rstrip() for line in lines[1:3] if line.startswith('"')), None)
    if quoted is None:
        return None
    outer = quoted[-1] if quoted[-1] in SEPARATORS else ","
    if not quoted.rstrip(outer).endswith('"'):
        return None
    try:
        # Strictly: a quotation mark within the line that is no end of a cell makes it an ordinary one.
        records = [one for one in itertools.islice(csv.reader(lines, delimiter=outer, strict=True), _RECORDS) if one]
    except csv.Error:
        return None
    body = records[1:-1] or records[1:]
    alone = [record[0] for record in body if not any(map(str.strip, record[1:])) and "\n" not in record[0]]
    if not body or len(alone) < _MOST * len(body):
        return None
    header = outer.join(records[0]).rstrip(outer)
    for sign in SEPARATORS:
        named = len(next(csv.reader([header], delimiter=sign), []))
        widths = Counter(len(next(csv.reader([cell], delimiter=sign), [])) for cell in alone)
        if named > 1 and widths[named] >= _MOST * len(body):
            return Separator(sign, outer)
    return None
