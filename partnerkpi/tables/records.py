"""A text cut into records and cells, as a spreadsheet would number them.

Quotation marks are read by the book (RFC 4180). Where a line breaks the book, such as `A,9,"best" in class` or a mark
that is never closed, that line alone is cut at its separators, and the marks in it are letters: one careless line does
not swallow the rows below it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

#: A cell with more lines or letters than this is a quotation mark that is never closed, not a comment.
LONGEST_CELL_LINES = 1_000
LONGEST_CELL = 4 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row, and its number as a spreadsheet shows it: blank lines have a number of their own."""

    row: int
    cells: list[str]


def cut(lines: Iterable[str], separator: str, *, spaced: bool = False) -> Iterator[Record]:
    """Yield the records of a text, without blank lines; with `spaced`, blanks before a quotation mark are no content."""
    feed = _Feed(lines)
    reader = _reader(feed, separator, spaced)
    row = 0
    while True:
        feed.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong):
            first, *rest = feed.taken
            feed.put_back(rest)
            cells = _mended(first, separator, spaced)
            reader = _reader(feed, separator, spaced)
        row += 1
        if cells:
            yield Record(row, cells)


@contextmanager
def long_cells() -> Iterator[None]:
    """Let cells be as long as `LONGEST_CELL` while the block runs."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


class _TooLong(Exception):
    """A record goes on for more lines than a comment has."""


class _Feed:
    """Lines that remember which of them the current record has taken, so that they can be put back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._waiting: list[str] = []
        self.taken: list[str] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._waiting.pop() if self._waiting else next(self._lines)
        if "\x00" in line or "\x1a" in line:
            line = line.replace("\x00", "").replace("\x1a", "")
        self.taken.append(line)
        if len(self.taken) > LONGEST_CELL_LINES:
            raise _TooLong
        return line

    def put_back(self, lines: list[str]) -> None:
        self._waiting += reversed(lines)


def _reader(lines: Iterable[str], separator: str, spaced: bool) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=spaced)


def _mended(line: str, separator: str, spaced: bool) -> list[str]:
    """Return the cells of a line that breaks the rules of quoting, by the first reading that makes sense of it."""
    readings: tuple[Callable[[], Iterator[list[str]]], ...] = (
        # Blanks between a closing mark and the separator.
        lambda: _reader([re.sub(rf'" +(?={re.escape(separator)}|[\r\n]*$)', '"', line)], separator, spaced),
        # A backslash before a mark within a cell, as MySQL and JavaScript write it.
        lambda: csv.reader([line], delimiter=separator, strict=True, doublequote=False, escapechar="\\"),
    )
    for reading in readings[: 2 if '\\"' in line else 1]:
        try:
            (cells,) = reading()
        except (csv.Error, ValueError):
            continue
        return cells
    plain = next(csv.reader([line], delimiter=separator, quoting=csv.QUOTE_NONE), [])
    return [cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in plain]
