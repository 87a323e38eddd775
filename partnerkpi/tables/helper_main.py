"""The helper process that reads files from outside: whatever a file does to it, only this process ends.

`helper` starts it with limits on memory and time. It is told on standard input, in lines of JSON, which file to
look at, and answers on standard output with one line for each table that it finds; what it reads it writes into plain
CSV files. It loads as little as it can, since it is started for every run.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NoReturn

from partnerkpi.errors import FileProblem, PartnerKpiError, TableTooLarge
from partnerkpi.tables.allowance import MOST
from partnerkpi.tables.guard import Kind, Limits, explain, preflight
from partnerkpi.tables.part import Part
from partnerkpi.tables.shortage import shortage
from partnerkpi.tables.sql import read_copy, read_in_place

#: Wider files are copied, since the engine takes long to plan what it does with so many columns.
_MOST_IN_PLACE = 300
#: So many seconds after the longest time this process ends by itself, if nobody has ended it.
_GRACE = 60
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def main() -> NoReturn:
    """Answer requests with the limits that the first argument tells."""
    serve(Limits(**json.loads(sys.argv[1])))


def serve(limits: Limits) -> NoReturn:
    """Answer requests until nobody is there to ask."""
    _keep_libraries_quiet()
    os.environ["RUST_BACKTRACE"] = "0"
    os.umask(0o077)  # what it writes are other people's words
    _limit(limits)
    threading.Thread(target=_listen, daemon=True).start()
    # What every file needs is loaded while the process that asks loads its own libraries.
    import partnerkpi.tables.textfile  # noqa: F401

    request = _next_request()
    while True:
        request = _serve(request, limits)


def _serve(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """Answer one request, part by part, and return the next one: the parts that are left are then not wanted."""
    path = Path(request["path"])
    _end_in(MOST * limits.seconds + _GRACE)
    with suppress(OSError):
        os.chdir(request.get("folder", os.curdir))
    try:
        if request["do"] == "explain":
            explain(path, limits)
        else:
            wanted = {name: request[name] for name in ("inner", "tool", "encoding", "prefix", "database", "copy")}
            for part in find_parts(path, limits, **wanted):
                _send({"part": part.as_plain()})
                following = _next_request()
                if following["do"] != "next":
                    return following
                _end_in(MOST * limits.seconds + _GRACE)
    except PartnerKpiError as error:
        _send({"error": type(error).__name__, "message": str(error)})
    except MemoryError:
        _send({"error": "MemoryError"})
    except Exception as error:  # noqa: BLE001 - whatever a parser raises, the file is at fault
        if (short := shortage(error, _temporary(request))) is not None:
            _send({"error": "FileProblem", "message": str(short)})
            return _next_request()
        _send({"error": "FileProblem", "message": _damaged(path, error)})
    else:
        _send({"end": True})
    return _next_request()


def _damaged(path: Path, error: Exception) -> str:
    words = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return f"{path} cannot be read ({words[:200]}): it may be damaged; export or copy it again"


def parts_here(path: Path, limits: Limits, **asked: Any) -> Iterator[Part]:
    """Yield each table of a file as `find_parts` does, in this process; FileProblem for whatever a reader raises."""
    found = find_parts(path, limits, **asked)
    while True:
        try:
            part = next(found)
        except StopIteration:
            return
        except (PartnerKpiError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - as in `_serve`
            raise shortage(error) or FileProblem(_damaged(path, error)) from None
        yield part


def _temporary(request: dict[str, Any]) -> Path | None:
    """Return the temporary folder in which the run has its own."""
    return Path(request["prefix"]).parent.parent if "prefix" in request else None


def find_parts(
    path: Path,
    limits: Limits,
    *,
    inner: str | None,
    tool: str | None,
    encoding: str | None,
    prefix: str,
    database: str,
    copy: bool,
) -> Iterator[Part]:
    """Yield each table that a file holds; copies are written to `prefix`-1.csv and on.

    FileProblem or UnsafeFile with the reason where a file is refused.
    """
    kind = preflight(path, limits)
    if inner is not None and kind in ("text", "parquet"):
        raise FileProblem(f"{path} has no sheets, so '#{inner}' names nothing: leave it out")
    if kind == "text":
        yield _text_part(path, tool, encoding, prefix, limits, copy=copy)
    elif kind in ("parquet", "duckdb"):
        from partnerkpi.tables.databases import database_parts, parquet_part

        yield from [parquet_part(path, limits)] if kind == "parquet" else database_parts(path, inner, database, limits)
    else:
        yield from _sheet_parts(path, kind, inner, tool, prefix, limits)


def _text_part(path: Path, tool: str | None, encoding: str | None, prefix: str, limits: Limits, *, copy: bool) -> Part:
    from partnerkpi.tables.copying import TableWriter
    from partnerkpi.tables.encodings import in_words
    from partnerkpi.tables.textfile import copy_plain, inspect

    dialect = inspect(path, tool, encoding)
    sign = dialect.separator.sign
    written = in_words(dialect.encoding.removesuffix("-sig"))
    detail = f"text, {written}, separated by {_SEPARATORS.get(sign, repr(sign))}"
    if dialect.header_row > 1:
        detail += f", header in row {dialect.header_row}"
    place = dialect.place
    _check_width(path, len(place.names), limits)
    sql = read_in_place(path, place.names, sign, dialect.header_lines)
    part = replace(_part(str(path), path, "text", place, dialect.header_row, sql, detail), notes=dialect.notes)
    if dialect.plain and not copy and len(place.names) <= _MOST_IN_PLACE:
        return part
    aside = Path(f"{prefix}-1-aside.csv")
    writer = TableWriter(place, Path(f"{prefix}-1.csv"), aside, may_be_broken=not dialect.plain)
    copy_plain(path, dialect, writer)
    return _copied(part, writer)


def _sheet_parts(
    path: Path, kind: Kind, inner: str | None, tool: str | None, prefix: str, limits: Limits
) -> Iterator[Part]:
    from partnerkpi.tables.copying import TableWriter
    from partnerkpi.tables.excel import sheets

    too_wide: TableTooLarge | None = None
    for number, table in enumerate(sheets(path, inner, tool, limits), 1):
        try:
            _check_width(f"{path}#{table.sheet}", len(table.place.names), limits)
        except TableTooLarge as problem:
            if inner is not None:
                raise
            too_wide = too_wide or problem
            continue
        writer = TableWriter(table.place, Path(f"{prefix}-{number}.csv"), Path(f"{prefix}-{number}-aside.csv"))
        writer.copy(table.numbered())
        hidden = "" if table.visible else ", a hidden sheet"
        where = f", {table.range}" if table.several else ""
        detail = f"sheet {table.sheet!r}{where}{hidden}, header in row {table.header_row}"
        part = _part(f"{path}#{inner or table.label}", path, kind, table.place, table.header_row, "", detail)
        sheet = table.sheet if table.several else None
        yield replace(_copied(part, writer), notes=(*table.notes, *writer.notes), sheet=sheet)
    if too_wide is not None:
        raise too_wide


def _check_width(path: Path | str, columns: int, limits: Limits) -> None:
    if columns > limits.columns:
        raise TableTooLarge(
            f"{path} has {columns:,} columns, more than {limits.columns:,}: keep those that matter, and save it again"
        )


def _part(label: str, path: Path, kind: Kind, place: Any, header_row: int, sql: str, detail: str) -> Part:
    """Return a part with what a place of a table says of its columns."""
    exported = f", exported from {place.tool}" if place.tool is not None else ""
    return Part(
        label,
        path,
        kind,
        tuple(place.names),
        header_row,
        sql,
        detail + exported,
        tool=place.tool,
        titles=dict(place.titles),
        roles=dict(place.roles),
    )


def _copied(part: Part, writer: Any) -> Part:
    """Return a part whose rows are those of the copy that was written."""
    return replace(
        part,
        sql=read_copy(writer.target, part.columns),
        numbered=True,
        aside=dict(writer.aside),
        aside_file=writer.aside_path if writer.aside else None,
        notes=(*part.notes, *writer.notes),
    )


_requests: SimpleQueue[str] = SimpleQueue()


def _listen() -> None:
    """Take requests as they come, and end this process when the one that asks is gone, whatever it is doing then."""
    for line in sys.stdin:
        _requests.put(line)
    os._exit(0)


def _next_request() -> dict[str, Any]:
    """Wait for the next request, however long it takes until it comes: who asks may be counting."""
    _end_in(0)
    request: dict[str, Any] = json.loads(_requests.get())
    return request


def _end_in(seconds: int) -> None:
    """Let the system end this process after so many seconds, never for 0: a library may keep every thread waiting."""
    with suppress(AttributeError, OverflowError):
        signal.alarm(seconds)


def _send(answer: dict[str, Any]) -> None:
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
