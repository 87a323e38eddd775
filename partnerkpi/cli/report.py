"""Print a report of the review commands: a table for reading, one JSON object, or CSV rows."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import typer

from partnerkpi.cli.options import OutputFormat
from partnerkpi.cli.output import account, print_table, say
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.tables.quality import harmless

#: A column of the printed table: its heading and the text of one row.
Column = tuple[str, Callable[[Mapping[str, Any]], str]]


def show_report(
    found: Mapping[str, Any],
    card: Scorecard,
    columns: Sequence[Column],
    output: OutputFormat,
    *,
    quiet: bool,
    keys: Sequence[str],
    nothing: str,
    sentences: Sequence[str] = (),
) -> None:
    """Print a report; `keys` are the columns of the CSV also where there is no row, and `nothing` says so in a table.

    What went into it, and the sentences, go to standard error.
    """
    rows = found["rows"]
    if output is OutputFormat.json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False))
    elif output is OutputFormat.csv:
        print_rows(rows, keys)
    elif rows:
        print_table([{"group": {}, "period": None, **row} for row in rows], columns)
    else:
        typer.echo(nothing)
    for line in [*account(card), *sentences]:
        say(line, quiet=quiet)


def print_rows(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> None:
    """Print flat rows as CSV: numbers unrounded, no data as an empty cell, no text that a spreadsheet would run."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(keys)
    for row in rows:
        writer.writerow([_cell(row[key]) for key in keys])


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    return "" if value is None else harmless(value) if isinstance(value, str) else value
