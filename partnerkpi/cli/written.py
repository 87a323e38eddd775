"""Figures as a file of the kind that its ending says, and as Markdown: for whoever goes on with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from partnerkpi.cli.options import OutputFormat
from partnerkpi.cli.table import Column, texts_of
from partnerkpi.cli.terminal import visible
from partnerkpi.csvtext import ShieldedWriter
from partnerkpi.errors import UsageError
from partnerkpi.results.views import flat

#: What a file is by its ending.
ENDINGS = {".csv": "csv", ".xlsx": "xlsx", ".json": "json", ".md": "markdown", ".parquet": "parquet"}


def kind_of(target: Path, output: OutputFormat) -> str:
    """Return what is written to a file by its ending; UsageError where it says nothing, or --format another."""
    kind = ENDINGS.get(target.suffix.lower())
    if kind is None:
        raise UsageError(f"-o {target}: name a file that ends in {', '.join(ENDINGS)}: its ending says what is written")
    if output is not OutputFormat.table and output.value != kind:
        raise UsageError(f"-o {target} and --format {output.value} say different things: leave out one of them")
    return kind


def markdown(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> str:
    """Return rows as a table of Markdown, each column of the printed table, figures to the right."""
    shown = texts_of(rows, columns)
    lines = [[heading for heading, _, _ in shown], ["---" if words else "---:" for _, words, _ in shown]]
    lines += [list(cells) for cells in zip(*(cells for _, _, cells in shown), strict=True)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def write_figures(
    target: Path,
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    content: Callable[[], Mapping[str, Any]],
    text: Callable[[], str],
) -> None:
    """Write figures to a file, whole or not at all: rows as a table, `content` as JSON, `text` as Markdown."""
    from partnerkpi.files import replacing

    with replacing(target) as temporary:
        if kind == "json":
            import json

            whole = json.dumps(content(), ensure_ascii=False, indent=2, allow_nan=False)
            temporary.write_text(whole + "\n", encoding="utf-8")
        elif kind == "markdown":
            temporary.write_text(visible(text()) + "\n", encoding="utf-8")
        elif kind == "csv":
            names, cells = flat(rows)
            out = StringIO()
            writer = ShieldedWriter(out)
            writer.row(names)
            writer.rows(cells)
            # With the mark by which Excel knows UTF-8.
            temporary.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode("utf-8"))
        else:
            _write_typed(temporary, kind, *flat(rows))


def _write_typed(path: Path, kind: str, names: list[str], cells: list[list[Any]]) -> None:
    from partnerkpi.tables.written import write_parquet, write_xlsx

    kinds = {name: _kind([row[place] for row in cells]) for place, name in enumerate(names)}
    rows = [dict(zip(kinds, row, strict=True)) for row in cells]
    if kind == "xlsx":
        write_xlsx(path, kinds, rows)
    else:
        write_parquet(None, path, kinds, rows)


def _kind(values: Iterable[Any]) -> str:
    """Return what a column holds: text, number, integer, date or boolean."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return "integer"
    if kinds and kinds <= {int, float}:
        return "number"
    return "date" if kinds == {dt.date} else "text"
