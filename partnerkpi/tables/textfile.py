"""CSV and TSV as they come: which separator, where the header stands, and whether the file is plain.

A file that the engine can count where it lies is left there. One that it cannot (another encoding, titles above the
header, rows of unequal length) is copied once into plain UTF-8 CSV, row by row, so that everything after it is alike.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from partnerkpi.errors import FileProblem
from partnerkpi.tables.encoding import examine, open_text
from partnerkpi.tables.header import SAMPLED_ROWS, find_header, name_columns, second_header
from partnerkpi.tables.records import Record, cut, long_cells

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 1 << 18


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written, and where its table starts.

    `header_row` is the row that names the columns, as a spreadsheet numbers it; `plain` tells whether the engine can
    count the file in place, with `line_end` between its rows.
    """

    encoding: str
    separator: str
    names: tuple[str, ...]
    header_row: int
    plain: bool
    line_end: str = "\n"
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A row that holds more cells than the header names, with its number."""

    line: int
    cells: tuple[str, ...]


def inspect(path: Path) -> Dialect:
    """Return how a text file is written; raise FileProblem if no table can be made out in it."""
    form = examine(path)
    with open_text(path, form.encoding) as stream:
        sample = stream.read(_SAMPLE)
    if not sample.strip("\ufeff \t\r\n\x00\x1a"):
        raise FileProblem(f"{path} holds no text, only blanks: export it again")
    sample = sample.lstrip("\ufeff")
    stated = _stated_separator(sample)
    separator = stated or _separator(sample)
    spaced = re.search(rf'(?:^|{re.escape(separator)}) +"', sample[:10_000], re.MULTILINE) is not None
    with _records(path, form.encoding, separator, spaced) as found:
        first = list(itertools.islice(found, SAMPLED_ROWS + bool(stated)))[bool(stated) :]
    rows = [[cell if cell.strip() else None for cell in record.cells] for record in first]
    position = find_header(rows)
    if position is None:
        raise FileProblem(
            f"{path} has no header: no row names the columns above the values. Put their names into the first row"
        )
    header = rows[position]
    names = name_columns(header, max(len(header), 1), second_header(rows, position))
    line_end = _line_end(sample)
    alone = sample.partition(line_end)[0].count('"') % 2 == 0  # the header stands on one line
    plain = form.clean and first[position].row == 1 and alone and not spaced
    return Dialect(form.encoding, separator, tuple(names), first[position].row, plain, line_end, spaced)


def copy_plain(path: Path, dialect: Dialect, target: Path) -> list[BrokenLine]:
    """Copy the rows below the header into plain UTF-8 CSV without a header, each with its number in front.

    Short rows are padded with blanks. Returns the rows that hold more cells than the header names: which cell belongs
    where cannot be told, so they are set aside rather than read wrong.
    """
    width = len(dialect.names)
    padding = [""] * width
    broken: list[BrokenLine] = []
    with (
        _records(path, dialect.encoding, dialect.separator, dialect.spaced) as found,
        target.open("w", encoding="utf-8", errors="replace", newline="") as out,
    ):
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for record in found:
            cells = record.cells
            if record.row <= dialect.header_row:
                continue
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                broken.append(BrokenLine(record.row, tuple(cells)))
            else:
                writer.writerow([record.row, *(cells + padding)[:width]])
    return broken


@contextmanager
def _records(path: Path, encoding: str, separator: str, spaced: bool) -> Iterator[Iterator[Record]]:
    with long_cells(), open_text(path, encoding) as stream:
        lines: Iterator[str] = stream
        first = next(lines, "").lstrip("\ufeff")
        yield cut(itertools.chain([first], lines), separator, spaced=spaced)


def _stated_separator(sample: str) -> str | None:
    """Return the separator that a line such as `sep=;` at the top of the file states; Excel writes and reads it."""
    match = re.match(r'"?sep=([^\r\n"])"?[,;\t|]*\s*(?:\r|\n|$)', sample, re.IGNORECASE)
    return match[1] if match else None


def _line_end(sample: str) -> str:
    match = re.search(r"\r\n|\n|\r", sample)
    return match[0] if match else "\n"


def _separator(sample: str) -> str:
    """Return the separator that cuts the first records into the most even columns."""
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        lines = io.StringIO(sample, newline="")
        with long_cells():
            widths = [len(record.cells) for record in itertools.islice(cut(lines, separator), 200)]
        if len(sample) >= _SAMPLE:
            widths = widths[:-1]  # the sample ends within a record
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        if usual < 2:
            continue
        score = widths.count(usual) / len(widths) * min(usual, 20) ** 0.25
        if score > best_score:
            best, best_score = separator, score
    return ";" if best == "," and _is_one_column_of_decimals(sample) else best


def _is_one_column_of_decimals(sample: str) -> bool:
    """Tell whether the commas of a text are those of numbers such as 9,5 in its only column."""
    name, *values = [line for line in sample.splitlines()[:200] if line.strip()]
    return bool(values) and "," not in name and all(re.fullmatch(r'"?[0-9]+(,[0-9]+)?"?', v.strip()) for v in values)
