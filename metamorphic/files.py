"""A table as files: text of many encodings and separators, workbooks, Parquet, a database; whole, in parts, twice."""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from metamorphic.tables import Grid, Trial

_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1")
_SEPARATORS = (",", ";", "\t")


def written(trial: Trial, folder: Path, draw: random.Random) -> tuple[dict[str, list[Path]], list[str]]:
    """Write the tables of a trial, each in a way that is drawn, and return their files and what was done."""
    files, done = {}, []
    for grid in trial.grids.values():
        parts, how = _parts(grid, draw, apart=draw.random() < 0.25)
        way, writer = draw.choice(_WRITERS)
        plain = grid.is_report and way in ("parquet", "duckdb")  # a database has no titles and totals
        way, writer = ("csv", as_text) if plain else (way, writer)
        paths = [writer(part, folder, draw) for part in parts]
        if draw.random() < 0.1:
            copy = paths[0].with_name(f"copy of {paths[0].name}")
            shutil.copyfile(paths[0], copy)
            paths.append(copy)
            how += ", one twice"
        files[grid.stem] = draw.sample(paths, len(paths))
        done.append(f"{grid.stem} as {way}{how}")
    return files, done


def _parts(grid: Grid, draw: random.Random, *, apart: bool) -> tuple[list[Grid], str]:
    if not apart or len(grid.rows) < 40:
        return [grid], ""
    cut = draw.randrange(10, len(grid.rows) - 10)
    halves = [
        replace(grid, stem=f"{grid.stem}-{number}", rows=rows)
        for number, rows in enumerate((grid.rows[:cut], grid.rows[cut:]))
    ]
    return halves, " in two files"


def as_text(grid: Grid, folder: Path, draw: random.Random) -> Path:
    """Write a text file with a separator, an encoding that has all its letters, and quotes that are drawn."""
    separator = draw.choice(_SEPARATORS)
    text = io.StringIO(newline="")
    out = csv.writer(
        text,
        delimiter=separator,
        quoting=draw.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
        lineterminator=draw.choice(("\n", "\r\n")),
    )
    out.writerows([*grid.above, grid.header, *grid.rows])
    content = text.getvalue()
    for encoding in draw.sample(_ENCODINGS, len(_ENCODINGS)):
        try:
            coded = content.encode(encoding)
        except UnicodeEncodeError:
            continue
        path = folder / f"{grid.stem}.{draw.choice(('csv', 'txt' if separator != chr(9) else 'tsv'))}"
        path.write_bytes(coded)
        return path
    raise AssertionError("UTF-8 has every letter")


def as_workbook(grid: Grid, folder: Path, draw: random.Random) -> Path:
    """Write an .xlsx file, with numbers as numbers or all as text."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(draw.choice(("Sheet1", "Export", "Daten")))
    typed = draw.random() < 0.5
    for row in (*grid.above, grid.header, *grid.rows):
        sheet.append([_cell(sheet, _typed(text) if typed else text or None) for text in row])
    path = folder / f"{grid.stem}.xlsx"
    book.save(path)
    return path


def _cell(sheet: Any, value: str | float | None) -> Any:
    """Return a cell whose text stays one, though it begins as a formula does."""
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str) or not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def as_open_document(grid: Grid, folder: Path, draw: random.Random) -> Path:
    """Write an .ods file."""
    import pandas as pd

    path = folder / f"{grid.stem}.ods"
    rows = [[_typed(text) for text in row] for row in (*_padded(grid), grid.header, *grid.rows)]
    with pd.ExcelWriter(path, engine="odf") as book:
        pd.DataFrame(rows).to_excel(book, header=False, index=False)
    return path


def as_parquet(grid: Grid, folder: Path, draw: random.Random) -> Path:
    """Write a Parquet file of texts, or of the types that the texts show."""
    path = folder / f"{grid.stem}.parquet"
    _engine(grid, folder, f"COPY (SELECT * FROM grid) TO '{path}' (FORMAT parquet)", typed=draw.random() < 0.5)
    return path


def as_database(grid: Grid, folder: Path, draw: random.Random) -> Path:
    """Write a file of DuckDB with one table."""
    import duckdb

    path = folder / f"{grid.stem}.duckdb"
    with duckdb.connect(str(path)) as database:
        database.execute(f"CREATE TABLE rows AS {_select(grid, folder, typed=draw.random() < 0.5)}")
    return path


def _engine(grid: Grid, folder: Path, command: str, *, typed: bool) -> None:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW grid AS {_select(grid, folder, typed=typed)}")
        connection.execute(command)


def _select(grid: Grid, folder: Path, *, typed: bool) -> str:
    plain = folder / f"{grid.stem}.plain"
    with plain.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([grid.header, *grid.rows])
    how = "auto_detect=true, sample_size=-1" if typed else "all_varchar=true"
    return f"SELECT * FROM read_csv('{plain}', header=true, delim=',', quote='\"', escape='\"', {how})"


def _padded(grid: Grid) -> Sequence[Sequence[str]]:
    width = len(grid.header)
    return [(*row, *[""] * (width - len(row))) for row in grid.above]


def _typed(text: str) -> str | float | None:
    """Return a plain number as one; what has a leading zero or more digits than a number keeps stays text."""
    if not text:
        return None
    whole = text.removeprefix("-")
    if (
        whole.replace(".", "", 1).isdigit()
        and whole.isascii()
        and len(whole) < 15
        and not (whole[0] == "0" and whole[1:2].isdigit())
    ):
        return float(text) if "." in text else int(text)
    return text


_WRITERS: Sequence[tuple[str, Callable[[Grid, Path, random.Random], Path]]] = (
    *[("csv", as_text)] * 5,
    *[("xlsx", as_workbook)] * 2,
    ("ods", as_open_document),
    ("parquet", as_parquet),
    ("duckdb", as_database),
)
