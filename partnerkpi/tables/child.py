"""The helper process that reads files from outside: whatever a file does to it, only this process ends.

`isolated` starts it with limits on memory and time. It is told on standard input, in lines of JSON, which file to
look at, and answers on standard output with one line for each table that it finds; what it reads it writes into plain
CSV files. It loads as little as it can, since it is started for every run.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from partnerkpi.errors import FileProblem, PartnerKpiError, UnsafeFile
from partnerkpi.tables.guard import Limits, explain, preflight

_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows-1252 or Latin-1",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
}
#: Wider files are copied, since the engine takes long to plan what it does with so many columns.
_MOST_IN_PLACE = 300
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def main() -> None:
    """Answer requests until there are none."""
    _keep_libraries_quiet()
    limits = Limits(**json.loads(sys.argv[1]))
    _limit(limits)
    # What every file needs is loaded while the process that asks loads its own libraries.
    import partnerkpi.tables.textfile  # noqa: F401

    request = _next_request()
    while request is not None:
        request = _serve(request, limits)


def _serve(request: dict[str, Any], limits: Limits) -> dict[str, Any] | None:
    """Answer one request, part by part, and return the next one: the parts that are left are then not wanted."""
    path = Path(request["path"])
    with suppress(OSError):
        os.chdir(request.get("folder", os.curdir))
    try:
        if request["do"] == "explain":
            explain(path, limits)
        else:
            parts = find_parts(path, request["inner"], request["tool"], request["prefix"], limits, copy=request["copy"])
            for part in parts:
                _say({"part": part})
                following = _next_request()
                if following is None or following["do"] != "next":
                    return following
    except PartnerKpiError as error:
        _say({"error": type(error).__name__, "message": str(error)})
    except MemoryError:
        _say({"error": "MemoryError"})
    except Exception as error:  # noqa: BLE001 - whatever a parser raises, the file is at fault
        words = (str(error).strip().splitlines() or [type(error).__name__])[0]
        problem = f"{path} cannot be read ({words[:200]}): it may be damaged; export or copy it again"
        _say({"error": "FileProblem", "message": problem})
    else:
        _say({"end": True})
    return _next_request()


def find_parts(
    path: Path, inner: str | None, tool: str | None, prefix: str, limits: Limits, *, copy: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield what is known of each table that a file holds, as plain data; copies are written to `prefix`-1.csv and on.

    FileProblem or UnsafeFile with the reason where a file is refused.
    """
    kind = preflight(path, limits)
    if inner is not None and kind in ("text", "parquet"):
        raise FileProblem(f"{path} has no sheets, so '#{inner}' names nothing: leave it out")
    if kind == "text":
        yield _text_part(path, tool, prefix, limits, copy=copy)
    elif kind in ("parquet", "duckdb"):
        from partnerkpi.tables.tasting import taste_database, taste_parquet

        yield from taste_parquet(path, limits) if kind == "parquet" else taste_database(path, inner, limits)
    else:
        yield from _sheet_parts(path, kind, inner, tool, prefix, limits)


def _text_part(path: Path, tool: str | None, prefix: str, limits: Limits, *, copy: bool) -> dict[str, Any]:
    from partnerkpi.tables.copying import TableWriter
    from partnerkpi.tables.textfile import copy_plain, inspect

    dialect = inspect(path, tool)
    separator = _SEPARATORS.get(dialect.separator, repr(dialect.separator))
    detail = f"text, {_ENCODINGS.get(dialect.encoding, dialect.encoding)}, separated by {separator}"
    if dialect.header_row > 1:
        detail += f", header in row {dialect.header_row}"
    place = dialect.place
    _check_width(path, len(place.names), limits)
    part = {
        "kind": "text",
        "inner": None,
        "detail": detail,
        "header_row": dialect.header_row,
        "notes": [],
        **_columns(place),
    }
    if dialect.plain and not copy and len(place.names) <= _MOST_IN_PLACE:
        return part | {"in_place": {"separator": dialect.separator, "skip": dialect.header_lines}}
    writer = TableWriter(place, Path(f"{prefix}-1.csv"), Path(f"{prefix}-1-aside.csv"))
    copy_plain(path, dialect, writer)
    return part | _copied(writer)


def _sheet_parts(
    path: Path, kind: str, inner: str | None, tool: str | None, prefix: str, limits: Limits
) -> Iterator[dict[str, Any]]:
    from partnerkpi.tables.copying import TableWriter
    from partnerkpi.tables.excel import sheets

    for number, table in enumerate(sheets(path, inner, tool, limits), 1):
        _check_width(path, len(table.place.names), limits)
        writer = TableWriter(table.place, Path(f"{prefix}-{number}.csv"), Path(f"{prefix}-{number}-aside.csv"))
        writer.copy(table.numbered())
        hidden = "" if table.visible else ", a hidden sheet"
        where = f", {table.range}" if table.several else ""
        yield {
            "kind": kind,
            "inner": inner or table.label,
            "sheet": table.sheet if table.several else None,
            "detail": f"sheet {table.sheet!r}{where}{hidden}, header in row {table.header_row}",
            "header_row": table.header_row,
            "notes": list(table.notes),
            **_columns(table.place),
            **_copied(writer),
        }


def _check_width(path: Path, columns: int, limits: Limits) -> None:
    if columns > limits.columns:
        raise UnsafeFile(
            f"{path} has {columns:,} columns, more than {limits.columns:,}: keep those that matter, and save it again"
        )


def _columns(place: Any) -> dict[str, Any]:
    return {
        "names": list(place.names),
        "titles": dict(place.titles),
        "roles": dict(place.roles),
        "tool": place.tool,
    }


def _copied(writer: Any) -> dict[str, Any]:
    return {
        "copy": str(writer.target),
        "rows": writer.rows,
        "aside": dict(writer.aside),
        "aside_file": str(writer.aside_path) if writer.aside else None,
    }


def _next_request() -> dict[str, Any] | None:
    line = sys.stdin.readline()
    return json.loads(line) if line else None


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _keep_libraries_quiet() -> None:
    """Keep standard output for the answers: what a library prints there, such as a progress bar, goes to the errors."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    sys.stdout = answers


def _limit(limits: Limits) -> None:
    """Limit the memory of this process where the system can do that."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        memory = limits.megabytes << 20
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory if most < 0 else min(memory, most), most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
