"""CSV as this program writes it, the only place that does: texts quoted, and none that a spreadsheet program would run.

A file is opened with whatever separator a country's settings have. With another one than ours a quoted field is cut up,
and what stands behind a comma, semicolon, tab, bar or line end inside it begins a cell of its own. So an apostrophe
is put before whatever would begin a formula there too; `unshielded` takes it away again, and nothing else.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any, TextIO

#: What parts cells in some program or some country's settings: separators and line ends.
_PARTS = frozenset(",;\t|\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
#: What may stand between the beginning of a cell and its first sign without keeping it from being a formula: those,
#: blanks, quotation marks, apostrophes, and characters that programs drop when they read.
_BEFORE = _PARTS | frozenset(
    {*map(chr, (*range(33), *range(0x7F, 0xA1), 0xAD, 0x61C, 0x1680, 0x180E, *range(0x2000, 0x2010)))}
    | {*map(chr, (*range(0x2028, 0x2030), *range(0x205F, 0x2070), 0x3000, 0xFEFF)), '"', "'"}
)
#: What begins a formula, in full width too, and the line that sets a separator: OWASP, CSV injection.
_LIVE = re.compile(r"[=+\-@＝＋－＠]|sep=", re.IGNORECASE)
#: A number, however it is written, is none of them: -3, +1.5, -1,234.50, -12 %.
_NUMBER = re.compile(r"[+-](?:[0-9]+(?:[.,][0-9]+)*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?[ \xa0\u202f]?%?")

#: The first columns of files that this program writes, and those of its figures: it reads their texts as they were.
SET_ASIDE_HEADER = ("file", "row", "reason")
NAMES_HEADER = ("as written", "partner", "rows", "how sure")
_FIGURES_HEADER = "period, responses, promoters, passives, detractors, nps, low, high, rating"

_ON: ContextVar[bool] = ContextVar("shielded", default=True)


def shield_csv(*, on: bool) -> None:
    """Say whether texts are shielded, as the settings want it."""
    _ON.set(on)


def shielded(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula: `=1+1` becomes `'=1+1`, -3 stays a number."""
    if not _ON.get() or _LIVE.search(text) is None or _NUMBER.fullmatch(text) is not None:
        return text
    pieces, last = [], 0
    for place in _beginnings(text):
        pieces.append(text[last:place])
        last = place
    return "'".join([*pieces, text[last:]])


def unshielded(text: str) -> str:
    """Return the text of which `shielded` made another one."""
    if "'" not in text:
        return text
    pieces, last = [], 0
    for place in _beginnings(text):
        if text[place] == "'":
            pieces.append(text[last:place])
            last = place + 1
    return "".join([*pieces, text[last:]])


def _beginnings(text: str) -> Iterator[int]:
    """Yield each place at which a cell begins that would be a formula."""
    last = 0
    for sign in _LIVE.finditer(text):
        first = sign.start()
        while first > last and text[first - 1] in _BEFORE:
            first -= 1
        if first == 0:
            yield 0
        yield from (place for place in range(first + 1, sign.start() + 1) if text[place - 1] in _PARTS)
        last = sign.end()


def is_ours(header: Sequence[str | None]) -> bool:
    """Tell whether a file is one of ours by the names of its columns: then its texts are shielded."""
    names = [(cell or "").strip() for cell in header]
    first = any(tuple(names[: len(ours)]) == ours for ours in (SET_ASIDE_HEADER, NAMES_HEADER))
    return first or _FIGURES_HEADER in ", ".join(names)


class ShieldedWriter:
    """Writes rows for people and their spreadsheet programs: every text shielded and quoted, numbers as they are.

    None is an empty cell. The stream is one that changes no line ends (`newline=""`).
    """

    def __init__(self, out: TextIO, line_end: str = "\r\n") -> None:
        self._out, self._line_end = out, line_end

    def row(self, cells: Iterable[Any]) -> None:
        """Write one row."""
        self._out.write(",".join(map(_cell, cells)) + self._line_end)

    def rows(self, rows: Iterable[Iterable[Any]]) -> None:
        """Write some rows."""
        for cells in rows:
            self.row(cells)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    text = shielded(str(value))
    return f'"{text.replace(chr(34), chr(34) * 2)}"'


def copy_writer(out: TextIO) -> Callable[[Iterable[Any]], Any]:
    """Return what writes a row of a copy that only this program reads: all quoted, every text as it is."""
    return csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow


def export_writer(out: TextIO) -> Callable[[Iterable[Any]], Any]:
    """Return what writes a row as survey tools export it: for the invented files of the demo."""
    return csv.writer(out, lineterminator="\n").writerow
