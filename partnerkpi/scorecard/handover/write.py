"""The tables in a folder, with their dictionary: all of them, or none."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Literal

from partnerkpi._version import __version__
from partnerkpi.csvtext import ShieldedWriter
from partnerkpi.errors import FileProblem
from partnerkpi.files import make_folder, replacing, sha256_of
from partnerkpi.leftovers import left_beside
from partnerkpi.scorecard.handover.dictionary import DICTIONARY, LAYOUTS, Layout

FileFormat = Literal["csv", "parquet"]
Rows = Sequence[Mapping[str, Any]]

#: The file that describes the others, as Frictionless Data's "Data Package" does.
PACKAGE = "datapackage.json"
_TITLE = "partnerkpi export"


def write_tables(
    folder: Path,
    rows: Mapping[str, Rows],
    form: FileFormat,
    to_parquet: Callable[[Path, Mapping[str, str], Rows], None],
    *,
    part: Sequence[str] = (),
) -> dict[str, int]:
    """Write each table, `dictionary.csv` and `datapackage.json` into a folder; return the rows by file.

    Nothing is put in place before all of it is on the disk, the description last: it has the SHA-256 of each file.
    `to_parquet` writes one table as Parquet; the description names the conditions of a `part` of the data. FileProblem
    where the folder holds files of these names that no export wrote, or an export in the other format.
    """
    make_folder(folder)
    names = {layout.name: f"{layout.name}.{form}" for layout in LAYOUTS}
    _refuse_what_is_there(folder, [*names.values(), f"{DICTIONARY.name}.csv"])
    with ExitStack() as places:

        def place(name: str) -> Path:
            return places.enter_context(replacing(folder / name, option="DIR"))

        package = place(PACKAGE)  # entered first, so put in place last
        written = {}
        for layout in LAYOUTS:
            path = written[layout.name] = place(names[layout.name])
            if form == "parquet":
                to_parquet(path, {one.name: one.kind for one in layout.fields}, rows[layout.name])
            else:
                path.write_text(_csv(layout, rows[layout.name]), encoding="utf-8", newline="")
        listing = list(dictionary_rows())
        words = place(f"{DICTIONARY.name}.csv")
        words.write_text(_csv(DICTIONARY, listing), encoding="utf-8", newline="")
        resources = [
            _resource(layout, names[layout.name], form, len(rows[layout.name]), sha256_of(written[layout.name]))
            for layout in LAYOUTS
        ]
        resources.append(_resource(DICTIONARY, f"{DICTIONARY.name}.csv", "csv", len(listing), sha256_of(words)))
        described = {
            "name": "partnerkpi-export",
            "title": _TITLE,
            "profile": "tabular-data-package",
            "created_with": f"partnerkpi {__version__}",
            **({"where": list(part)} if part else {}),
            "resources": resources,
        }
        package.write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return {names[layout.name]: len(rows[layout.name]) for layout in LAYOUTS} | {f"{DICTIONARY.name}.csv": len(listing)}


def dictionary_rows() -> Iterator[dict[str, str]]:
    """Yield a row for each column of each table: table, column, type, unit, meaning."""
    for layout in (*LAYOUTS, DICTIONARY):
        for one in layout.fields:
            values = (layout.name, one.name, one.kind, one.unit, one.meaning)
            yield dict(zip(DICTIONARY.columns, values, strict=True))


def _refuse_what_is_there(folder: Path, names: Iterable[str]) -> None:
    """Raise FileProblem where files would be replaced that no export wrote, or stay that this one does not describe."""
    packages = [folder / PACKAGE, *left_beside(folder, Path(PACKAGE).suffix)]  # a killed run may have put some in place
    known = [_described(path) for path in packages]
    old = {name for one in known for name in one}
    names = [*names, PACKAGE]
    there = [name for name in names if os.path.lexists(folder / name) and not (name == PACKAGE and known[0])]
    foreign = [name for name in there if not any(_is_as_written(folder / name, one.get(name)) for one in known)]
    if foreign:
        raise FileProblem(
            f"{folder} holds {', '.join(foreign)}, not as an export wrote it: nothing was written; "
            "name another folder, or move it away first"
        )
    left = sorted(name for name in old - set(names) if (folder / Path(name).name).is_file())
    if left:
        raise FileProblem(
            f"{folder} holds an export in another format ({', '.join(left)}): nothing was written; "
            "name another folder, or delete those files first"
        )


def _described(package: Path) -> dict[str, str]:
    """Return the hash of each file that the description of an export names; nothing where it is none of ours."""
    with suppress(OSError, ValueError, AttributeError, KeyError, TypeError):
        found = json.loads(package.read_text(encoding="utf-8"))
        if found["title"] == _TITLE:
            return {str(one["path"]): str(one["hash"]) for one in found["resources"]}
    return {}


def _is_as_written(path: Path, digest: str | None) -> bool:
    return digest is not None and path.is_file() and digest == f"sha256:{sha256_of(path)}"


def _csv(layout: Layout, rows: Rows) -> str:
    out = io.StringIO(newline="")
    writer = ShieldedWriter(out)
    writer.row(layout.columns)
    writer.rows([_cell(row.get(name)) for name in layout.columns] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, dt.date) else value


def _resource(layout: Layout, path: str, form: str, count: int, digest: str) -> dict[str, Any]:
    """Return one table as a Data Package describes it."""
    names = {"text": "string"}
    fields = [
        {
            "name": one.name,
            "type": names.get(one.kind, one.kind),
            "description": one.meaning,
            **({"unit": one.unit} if one.unit else {}),
        }
        for one in layout.fields
    ]
    links = [
        {"fields": column, "reference": {"resource": table, "fields": column}} for column, table in layout.links.items()
    ]
    kinds = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
    return {
        "name": layout.name,
        "path": path,
        "format": form,
        "mediatype": kinds[form],
        "encoding": "utf-8",
        "description": f"One row is {layout.row}.",
        "rows": count,
        "hash": f"sha256:{digest}",
        "schema": {
            "fields": fields,
            "missingValues": [""],
            **({"primaryKey": list(layout.key)} if layout.key else {}),
            **({"foreignKeys": links} if links else {}),
        },
    }
