"""CSV and TSV as they come: which encoding, which separator, where the table stands, and whether the file is plain.

A file that DuckDB can count where it lies is left there. One that it cannot (another encoding, titles above the
header, several rows of names, rows of unequal length) is copied once into plain UTF-8 CSV, row by row, so that
everything after it is alike. Only `child` calls this: in a process of its own, with limits.
"""

from __future__ import annotations

import codecs
import csv
import functools
import io
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from partnerkpi.csvtext import is_ours, unshielded
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem, OpenQuestion, UnsafeFile
from partnerkpi.tables.copying import TableWriter, is_broken, is_cut, is_note, is_sentence
from partnerkpi.tables.encodings import in_words, tell
from partnerkpi.tables.guard import looks_like_utf16
from partnerkpi.tables.header import SAMPLED_ROWS
from partnerkpi.tables.locate import Place, locate
from partnerkpi.tables.separators import Separator, separator_of, split_again
from partnerkpi.tables.totals import is_figure, is_total, may_hold_totals

#: Among so many lines at the end stands an empty one where lines below a table are set apart from it.
_LINES_BELOW = 8
#: A cell longer than this is a missing quotation mark that swallowed the rest of the file.
LONGEST_CELL = 16 << 20

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 20
#: So many times as many lines must be of one encoding as of another for the others to be broken.
_MOSTLY = 2
#: How many rows at the end of a file are looked at for totals and notes.
_LAST_BYTES = 16 << 10
#: So far into a file rows of totals between others are looked for: what has them has them from the first group on.
_REPORT_BYTES = 256 << 10


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written, and where its table stands.

    `header_lines` are the physical lines up to and including the header; `header_row` is its number as a spreadsheet
    would show it; `offset` how many records stand before those among which `place` counts. `plain` tells whether the
    engine can count the file where it lies; `notes` what there is to say of how it is written; `ours` whether this
    program wrote it, with apostrophes before what a spreadsheet program would run.
    """

    encoding: str
    separator: Separator
    place: Place
    offset: int
    header_lines: int
    header_row: int
    plain: bool
    notes: tuple[str, ...] = ()
    ours: bool = False


@dataclass(frozen=True, slots=True)
class _Form:
    """What reading a file through tells: its encoding, and whether the engine could read it where it lies.

    It could not where its first line comes again, or where it holds zeros or other bytes than those of its encoding.
    """

    encoding: str
    clean: bool = False
    notes: tuple[str, ...] = ()


def inspect(path: Path, tool: str | None = None, encoding: str | None = None) -> Dialect:
    """Return how a text file is written; raise FileProblem if no table can be made out in it.

    `encoding` is what the user says of files that are not UTF-8; OpenQuestion where neither tells.
    """
    form = _examine(path, encoding)
    with _text(path, form.encoding) as stream:
        sample = stream.read(1 << 18)
    if not sample.strip("\ufeff \t\r\n\x00"):
        raise FileProblem(f"{path} holds no text, only blanks: export it again")
    separator = separator_of(sample)
    numbers: list[int] = []
    lines: list[int] = []
    rows: list[list[str | None]] = []
    try:
        with _records(path, form.encoding, separator) as records:
            for number, line, record in itertools.islice(records, SAMPLED_ROWS + 1):
                numbers.append(number)
                lines.append(line)
                rows.append([cell if cell.strip() else None for cell in record])
    except csv.Error as error:
        raise FileProblem(f"{path} is not a table of text: {error}. Export it again as CSV (UTF-8)") from None
    offset = 1 if rows and _names_separator(rows[0]) else 0
    ours = len(rows) > offset and is_ours(rows[offset])
    if ours:
        rows = [[cell and unshielded(cell) for cell in row] for row in rows]
    place = locate(rows[offset:], tool)
    if place is None:
        raise FileProblem(f"{path} has no header: no row names the columns. Put their names in the first row")
    at = offset + place.header
    if any(is_broken(name) for name in place.names):
        raise OpenQuestion(
            f"{path}: the names of its columns are not readable as {in_words(form.encoding)}: say what it is written "
            "in with --encoding NAME, such as cp1252"
        )
    bare_returns = "\r" in sample.replace("\r\n", "")
    simple = place.header == 0 and place.body == 1 and not (place.first or place.rules or place.blanks)
    same_width = place.last - place.first == len(rows[at])
    plain = form.clean and simple and not ours and same_width and offset == 0 and lines[at] == 1 and not bare_returns
    plain = (
        plain and separator.outer is None and not _has_remarks_below(path, form.encoding, separator, len(place.names))
    )
    plain = plain and not _may_hold_totals(path, form.encoding)
    notes = form.notes
    if separator.outer is not None:
        notes += ("each line is quoted as a whole: what stands within the quotation marks was read as the line",)
    return Dialect(form.encoding, separator, place, offset, lines[at], numbers[at], plain, notes, ours)


def copy_plain(path: Path, dialect: Dialect, writer: TableWriter) -> None:
    """Copy the rows below the header with their numbers; FileProblem if a quotation mark is never closed."""
    try:
        _copy(path, dialect, writer, strict=True)
        return
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise FileProblem(
                f"{path}: a quotation mark is opened and never closed, so the rows after it would run into one cell. "
                "Close it or export the file again"
            ) from None
    writer.start_again()
    try:  # a mark in the middle of a cell is no reason to refuse a file
        _copy(path, dialect, writer, strict=False)
    except csv.Error as error:
        raise FileProblem(
            f"{path}: {error}. A cell of more than {LONGEST_CELL >> 20} MB means a quotation mark that is never "
            "closed: export the file again"
        ) from None


def _copy(path: Path, dialect: Dialect, writer: TableWriter, *, strict: bool) -> None:
    first = dialect.place.first
    with _records(path, dialect.encoding, dialect.separator, strict=strict) as records:
        below = itertools.islice(records, dialect.offset + dialect.place.body, None)
        undo = (lambda cells: [*map(unshielded, cells)]) if dialect.ours else _as_it_is
        writer.copy((number, undo(record[first:] if first else record)) for number, _, record in below)


def _has_remarks_below(path: Path, encoding: str, separator: Separator, width: int) -> bool:
    """Tell whether the last row of a file is a total or a note, which only copying leaves out."""
    with path.open("rb") as stream:
        stream.seek(0, io.SEEK_END)
        stream.seek(max(0, stream.tell() - _LAST_BYTES))
        lines = stream.read().decode(encoding.removesuffix("-sig"), "replace").rstrip().splitlines()
    if len(lines) < 2:
        return False
    try:
        cells = next(csv.reader([lines[-1]], delimiter=separator.sign), [])
    except csv.Error:
        return False
    is_remark = is_note(cells) or is_cut(cells, width, below_a_gap=not all(map(str.strip, lines[-_LINES_BELOW:])))
    return is_total(cells) or is_figure(cells) or (len(cells) <= width and is_remark and is_sentence(cells))


def _may_hold_totals(path: Path, encoding: str) -> bool:
    """Tell whether rows of totals may stand between others: then some stand near the beginning."""
    with path.open("rb") as stream:
        return may_hold_totals(stream.read(_REPORT_BYTES), encoding.removesuffix("-sig"))


def _examine(path: Path, told: str | None) -> _Form:
    """Return the encoding of a file from its mark or, by reading it through, from what it can be.

    UnsafeFile if it goes on for longer than any row without the end of a line.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
        stream.seek(0)
        for mark, encoding in _BYTE_ORDER_MARKS:
            if head.startswith(mark) and encoding != "utf-8-sig":
                return _Form(encoding, notes=(_read_as(encoding),))
        if unmarked := looks_like_utf16(head):
            return _Form(unmarked, notes=(_read_as(unmarked),))
        form = _read_through(path, stream, head)
    if form.encoding:
        return form
    marked = head.startswith(codecs.BOM_UTF8)
    return _Form(told, notes=(_read_as(told),)) if told is not None and not marked else _told(path, marked=marked)


def _read_through(path: Path, stream: BinaryIO, head: bytes) -> _Form:
    """Return the form of a file that is UTF-8, one without an encoding if it is not."""
    marked = head.startswith(codecs.BOM_UTF8)
    first = head.removeprefix(codecs.BOM_UTF8).partition(b"\n")[0].rstrip(b"\r")
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, zeros, seen, unbroken, tail = True, False, 0, 0, b""
    while block := stream.read(_BLOCK):
        if utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                utf8 = False
        zeros = zeros or b"\x00" in block
        if len(first) > 7:
            seen += (tail + block).count(first)
            tail = block[-(len(first) - 1) :]
        place = max(block.rfind(b"\n"), block.rfind(b"\r"))
        unbroken = unbroken + len(block) if place < 0 else len(block) - place
        if unbroken > LONGEST_CELL:
            raise UnsafeFile(
                f"{path} goes on for more than {LONGEST_CELL >> 20} MB without the end of a line: it is no table of "
                "text. Export it again as CSV"
            )
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        utf8 = False
    if not utf8:
        return _Form("")
    return _Form("utf-8-sig" if marked else "utf-8", clean=not zeros and seen <= 1)


def _told(path: Path, *, marked: bool) -> _Form:
    """Return the encoding of a file that is not UTF-8, or only nearly; OpenQuestion if it shows none."""
    whole, broken, beyond = 0, 0, bytearray()
    with path.open("rb") as stream:
        for line in iter(functools.partial(stream.readline, LONGEST_CELL), b""):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                whole += 1
            except UnicodeDecodeError:
                broken += 1
                if len(beyond) < _BLOCK:
                    beyond += line
    if marked or whole > _MOSTLY * broken:
        return _Form("utf-8-sig" if marked else "utf-8")
    if whole * _MOSTLY > broken:
        raise OpenQuestion(
            f"{path} mixes encodings: {whole:,} of its lines are UTF-8, {broken:,} are not. Say what to read it as "
            "with --encoding NAME, such as cp1252 (or utf-8, which sets the other lines aside)"
        )
    told = tell(bytes(beyond))
    if len(told.readings) > 1:
        readings = ", ".join(
            f"{one!r} in {in_words(name)} ({name})" for one, name in zip(told.example, told.readings, strict=True)
        )
        raise OpenQuestion(
            f"{path} is not UTF-8, and does not show what it is written in: the same letters are {readings}. "
            "Say which with --encoding NAME"
        )
    return _Form(told.readings[0], notes=(_read_as(told.readings[0]),))


def _read_as(encoding: str) -> str:
    """Return the note that names an encoding which is not UTF-8; that of UTF-16 is no matter of opinion."""
    if encoding.startswith(("utf-16", "utf-32")):
        return f"read as {in_words(encoding[:6])}"
    return f"not UTF-8: read as {in_words(encoding)}; another is named with --encoding"


def _lenient_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read the five bytes that Windows-1252 leaves open as Latin-1 does."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("partnerkpi.latin1", _lenient_cp1252)


@contextmanager
def _text(path: Path, encoding: str) -> Iterator[TextIO]:
    # Rows with bytes that the encoding does not know are set aside one by one.
    errors = "strict" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    if encoding == "cp1252":
        errors = "partnerkpi.latin1"
    try:
        with path.open("r", encoding=encoding, errors=errors, newline="") as stream:
            yield stream
    except UnicodeError:
        raise FileProblem(f"{path} is not readable as {encoding}: export it again as CSV (UTF-8)") from None


@contextmanager
def _records(
    path: Path, encoding: str, separator: Separator, *, strict: bool = False
) -> Iterator[Iterator[tuple[int, int, list[str]]]]:
    """Yield (number, line, cells) for each record that is not a blank line.

    `number` counts records as a spreadsheet does, blank lines too; `line` is the physical line on which one ends.
    """
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        with _text(path, encoding) as stream:
            # A file without line ends does not fill the memory.
            lines = iter(functools.partial(stream.readline, LONGEST_CELL), "")
            plain = (line.replace("\x00", "") if "\x00" in line else line for line in lines)
            first = next(plain, "").removeprefix("\ufeff")
            outer = separator.outer or separator.sign
            reader = csv.reader(itertools.chain([first], plain), delimiter=outer, strict=strict)
            split = functools.partial(split_again, separator=separator) if separator.outer else _as_it_is
            yield ((number, reader.line_num, split(record)) for number, record in enumerate(reader, 1) if record)
    finally:
        csv.field_size_limit(limit)


def _names_separator(row: list[str | None]) -> bool:
    first = (row[0] or "").lstrip("\ufeff").lower().strip() if row else ""
    return first.startswith("sep=")


def _as_it_is(record: list[str]) -> list[str]:
    return record
