"""CSV and TSV as they come: which encoding, which separator, where the header stands.

A file that DuckDB can count where it lies is left there. One that it cannot (another encoding, titles above the
header, rows of unequal length) is copied once into plain UTF-8 CSV, row by row, so that everything after it is alike.
"""

from __future__ import annotations

import codecs
import csv
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from partnerkpi.errors import FileProblem
from partnerkpi.tables.guard import looks_like_utf16
from partnerkpi.tables.header import SEARCHED_ROWS, find_header, name_columns

SEPARATORS = (",", ";", "\t", "|")
#: A cell longer than this is a missing quotation mark that swallowed the rest of the file.
LONGEST_CELL = 16 << 20

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written, and where its table starts.

    `header_row` counts records from 0; `header_lines` the physical lines up to and including the header.
    """

    encoding: str
    separator: str
    names: tuple[str, ...]
    header_row: int
    header_lines: int
    bare_returns: bool = False

    @property
    def plain(self) -> bool:
        """Tell whether DuckDB can count the file in place.

        Lines that end in a carriage return alone, as on old Macs, it cuts in the middle of a quoted cell.
        """
        utf8 = self.encoding in ("utf-8", "utf-8-sig")
        return utf8 and self.header_row == 0 and self.header_lines == 1 and not self.bare_returns


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A row that holds more cells than the header names, with the line on which it ends."""

    line: int
    cells: tuple[str, ...]


def inspect(path: Path) -> Dialect:
    """Return how a text file is written; raise FileProblem if no table can be made out in it."""
    encoding = _encoding(path)
    with _text(path, encoding) as stream:
        sample = stream.read(1 << 18)
    if not sample.strip("\ufeff \t\r\n\x00"):
        raise FileProblem(f"{path} holds no text, only blanks: export it again")
    separator = _separator(sample)
    try:
        with _records(path, encoding, separator) as records:
            lines: list[int] = []
            rows: list[list[str | None]] = []
            for line, record in itertools.islice(records, SEARCHED_ROWS + 40):
                lines.append(line)
                rows.append([cell if cell.strip() else None for cell in record])
    except csv.Error as error:
        raise FileProblem(f"{path} is not a table of text: {error}. Export it again as CSV (UTF-8)") from None
    offset = 1 if rows and _names_separator(rows[0]) else 0
    position = find_header(rows[offset:])
    if position is None:
        raise FileProblem(f"{path} has no header: no row names the columns. Put their names in the first row")
    position += offset
    width = max(len(rows[position]), 1)
    names = tuple(name_columns(rows[position], width))
    bare_returns = "\r" in sample.replace("\r\n", "")
    return Dialect(encoding, separator, names, position, lines[position], bare_returns)


def copy_plain(path: Path, dialect: Dialect, target: Path) -> list[BrokenLine]:
    """Copy the rows below the header into plain UTF-8 CSV without a header, short rows padded with blanks.

    Returns the rows that hold more cells than the header names: which cell belongs where cannot be told, so they are
    set aside rather than read wrong. FileProblem if a quotation mark is never closed.
    """
    try:
        return _copy(path, dialect, target, strict=True)
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise FileProblem(
                f"{path}: a quotation mark is opened and never closed, so the rows after it would run into one cell. "
                "Close it or export the file again"
            ) from None
    try:  # a mark in the middle of a cell is no reason to refuse a file
        return _copy(path, dialect, target, strict=False)
    except csv.Error as error:
        raise FileProblem(
            f"{path}: {error}. A cell of more than {LONGEST_CELL >> 20} MB means a quotation mark that is never "
            "closed: export the file again"
        ) from None


def _copy(path: Path, dialect: Dialect, target: Path, *, strict: bool) -> list[BrokenLine]:
    width = len(dialect.names)
    broken: list[BrokenLine] = []
    with (
        _records(path, dialect.encoding, dialect.separator, strict=strict) as records,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        for line, record in itertools.islice(records, dialect.header_row + 1, None):
            if len(record) > width and any(cell.strip() for cell in record[width:]):
                broken.append(BrokenLine(line, tuple(record)))
            else:
                writer.writerow((record + [""] * (width - len(record)))[:width])
    return broken


def _encoding(path: Path) -> str:
    """Return the encoding of a file from its mark or, by reading it through, from what it can be."""
    with path.open("rb") as stream:
        head = stream.read(4096)
        for mark, encoding in _BYTE_ORDER_MARKS:
            if head.startswith(mark):
                return encoding
        if unmarked := looks_like_utf16(head):
            return unmarked
        decoder = codecs.getincrementaldecoder("utf-8")()
        block = head
        try:
            while block:
                decoder.decode(block)
                block = stream.read(1 << 20)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _lenient_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read the five bytes that Windows-1252 leaves open as Latin-1 does."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("partnerkpi.latin1", _lenient_cp1252)


@contextmanager
def _text(path: Path, encoding: str) -> Iterator[TextIO]:
    errors = "partnerkpi.latin1" if encoding == "cp1252" else "strict"
    try:
        with path.open("r", encoding=encoding, errors=errors, newline="") as stream:
            yield stream
    except UnicodeError:
        raise FileProblem(f"{path} is not readable as {encoding}: export it again as CSV (UTF-8)") from None


@contextmanager
def _records(
    path: Path, encoding: str, separator: str, *, strict: bool = False
) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """Yield (line, cells) for each record that is not a blank line; `line` is the physical line on which it ends."""
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        with _text(path, encoding) as stream:
            reader = csv.reader((line.replace("\x00", "") for line in stream), delimiter=separator, strict=strict)
            yield ((reader.line_num, record) for record in reader if record)
    finally:
        csv.field_size_limit(limit)


def _names_separator(row: list[str | None]) -> bool:
    first = (row[0] or "").lstrip("\ufeff").lower().strip() if row else ""
    return first.startswith("sep=")


def _separator(sample: str) -> str:
    """Return the separator that cuts the first records into the most even columns; a `sep=` line decides."""
    first, _, _ = sample.lstrip("\ufeff").partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) >= 5:
        return first.strip()[4]
    if first.rstrip("\r\n").lower() == "sep=\t":
        return "\t"
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        reader = csv.reader(sample.lstrip("\ufeff").splitlines(keepends=True), delimiter=separator)
        try:
            widths = [len(record) for record in itertools.islice(reader, 200) if record]
        except csv.Error:
            continue
        widths = widths[:-1] or widths  # the sample may end within a record
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        if usual < 2:
            continue
        score = widths.count(usual) / len(widths) * min(usual, 20) ** 0.25
        if score > best_score:
            best, best_score = separator, score
    return best
