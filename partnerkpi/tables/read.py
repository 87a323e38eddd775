"""From what a user names (files, globs, `FILE.xlsx#Sheet`, frames) to one table that an engine can count.

Step by step, each with the value of the one before: a source is found (`Found`: files), opened (`Part`: SQL for the
rows of each table in a file), profiled (`Profiled`: what its columns hold) and merged (`Table`: the rows of several
files below each other). Which of a file's tables is meant, and what is counted of it, is the business of `results`.

Every file but a small text is first looked at by a helper process with limits. Plain text, Parquet and DuckDB files
stay where they are and are counted in place; everything else becomes plain CSV in the folder of the workspace. A file's
tables are read one after the other, and none that is not asked for. Nothing is loaded into this process but a sample of
the rows. What is no file (`frames`) takes the same way from the second step on.
"""

from __future__ import annotations

import contextlib
import glob
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, FileProblem, PartnerKpiError, TableTooLarge, UsageError, in_settings
from partnerkpi.files import in_text
from partnerkpi.tables import engines
from partnerkpi.tables.embedded import duckdb_core
from partnerkpi.tables.engine import past_limits
from partnerkpi.tables.frames import Frame, part_of
from partnerkpi.tables.guard import is_small_text
from partnerkpi.tables.helper_main import parts_here
from partnerkpi.tables.packed import PIPES, Plain, files_of
from partnerkpi.tables.part import Part
from partnerkpi.tables.profile import ColumnProfile, profile, sampled_rows
from partnerkpi.tables.sql import ROW, identifier, text_form
from partnerkpi.tables.table import Table, union
from partnerkpi.tables.workspace import Workspace

#: From so many bytes on, a text file is kept by columns. So is a copy from so many columns on: the engine takes longer
#: to plan what it does with them than to do it.
_MUCH_TEXT = 4 << 20
_MANY_COLUMNS = 300


@dataclass(frozen=True, slots=True)
class Found:
    """A file, the sheet or table of it that is named, and what there is to say of the choice."""

    path: Path
    inner: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Profiled:
    """A table of a file, what its columns hold, and what there is to say of the choice."""

    part: Part
    columns: tuple[ColumnProfile, ...]
    notes: tuple[str, ...] = ()


def read_table(workspace: Workspace, sources: Sequence[str | Frame]) -> Table:
    """Return the table that one or several sources hold together, rows of the same columns below each other.

    In a workbook or a database without a named sheet the first table is taken. FileProblem or DataProblem where nothing
    can be read.
    """
    tables = [table for source in sources for table in _first_of_each(workspace, source)]
    return below_each_other(workspace, tables)


def read_each(workspace: Workspace, source: str | Frame) -> Iterator[Table]:
    """Yield every table that one source holds, each on its own: a workbook's sheets, a database's tables."""
    if isinstance(source, Frame):
        yield _of_frame(workspace, source)
    else:
        for found in find(source):
            yield from _but_the_too_large(workspace, _tables(workspace, profiled(workspace, opened(workspace, found))))


def _but_the_too_large(workspace: Workspace, tables: Iterator[Table]) -> Iterator[Table]:
    """Yield the tables of a file; that one is too large to be read is a question beside the last of the others."""
    last: Table | None = None
    try:
        for table in tables:
            if last is not None:
                yield last
            last = table
    except TableTooLarge as problem:
        if last is None:
            raise
        last = replace(last, questions=(*last.questions, in_settings(str(problem), workspace.settings)))
    if last is not None:
        yield last


def below_each_other(workspace: Workspace, tables: Iterable[Table]) -> Table:
    """Return one table of several that were read each on its own, as `read_table` gives those of the same names."""
    chosen = []
    tables = list(tables)
    if len(tables) == 1:
        return tables[0]
    if not tables:
        raise FileProblem("what was named holds no table: no row names the columns of rows below it")
    for table in tables:
        (part,) = table.parts
        if part.kind == "engine":
            raise UsageError(
                f"{part.label} is counted in {table.backend.name} and cannot be put below "
                f"{next(other.label for other in tables if other is not table)}: make one view of both, and count it"
            )
        chosen.append(Profiled(part, table.profiles, table.notes[: len(table.notes) - len(part.notes)]))
    return replace(merged(workspace, chosen), questions=tuple(one for table in tables for one in table.questions))


def find(source: str) -> list[Found]:
    """Return the files that a source names, each with the sheet or table behind its `#`, if any."""
    if source in PIPES:
        return [Found(Path(source))]
    if _exists(source):
        return _in_folder(Path(source)) if Path(source).is_dir() else [Found(Path(source))]
    # A sheet's name may hold a # as well as a file's: the first cut that leaves a file is the one that was meant.
    cuts = [(source[:place], source[place + 1 :]) for place, letter in enumerate(source) if letter == "#"]
    for outer, inner in cuts:
        if inner and _exists(outer):
            return [Found(Path(outer), inner)]
    named = next(((outer, inner) for outer, inner in cuts if inner and Path(outer).suffix), None)
    pattern, sheet = named if named is not None else (source, None)
    if glob.has_magic(pattern):
        names = glob.glob(pattern, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute patterns
        files = sorted(path for path in map(Path, names) if path.is_file())
        if not files:
            raise FileProblem(f"{source} names no file: no file fits this pattern")
        return [Found(path, sheet) for path in files]
    return [Found(Path(pattern), sheet)]


def _in_folder(folder: Path) -> list[Found]:
    """Return the files of a folder that hold tables; what else lies there is said with the first."""
    files, others = files_of(folder)
    more = f" and {len(others) - 5:,} more" if len(others) > 5 else ""
    note = f"passed over in {folder}: {', '.join(others[:5])}{more}" if others else ""
    return [Found(file, note=note if place == 0 else "") for place, file in enumerate(files)]


def opened(workspace: Workspace, found: Found) -> Iterator[Part]:
    """Yield each table of a file, as the helper tells of it; each is read when it is asked for."""
    if found.note:
        first = opened(workspace, replace(found, note=""))
        yield from (replace(part, notes=(found.note, *part.notes)) for part in itertools.islice(first, 1))
        yield from first
        return
    if str(found.path) not in PIPES:
        workspace.reads(found.path)
    plain = workspace.plain(found.path, found.inner)
    link = workspace.nameable(plain.path)
    if link != found.path:
        parts = opened(workspace, Found(link, plain.inner))
        yield from _under_its_name(plain, link, parts, found.path)
        return
    copies, database = workspace.copies_of(str(found.path)), workspace.database(found.path)
    for part in _parts(workspace, found, copies, database):
        if part.kind == "duckdb":
            workspace.attach(found.path)
        elif part.kind == "parquet":
            workspace.engine.distrust_statistics()
        yield _countable(workspace, part, found.path) if part.is_in_place else _by_columns(workspace, part, copies)


def _parts(
    workspace: Workspace, found: Found, copies: Path, database: str = "", *, copy: bool = False
) -> Iterator[Part]:
    """Return each table of a file as the helper tells of it; a small text is looked at in this process."""
    if is_small_text(found.path):
        asked = {"inner": found.inner, "tool": workspace.tool, "encoding": workspace.encoding, "prefix": str(copies)}
        return parts_here(found.path, workspace.limits, **asked, database=database, copy=copy)
    workspace.helper.start()
    _ = workspace.connection  # loading the engine takes as long as the helper takes to start
    return workspace.helper.parts(
        *(found.path, found.inner, workspace.tool, copies, database), encoding=workspace.encoding, copy=copy
    )


def _under_its_name(plain: Plain, link: Path, parts: Iterator[Part], path: Path) -> Iterator[Part]:
    """Yield the tables of a file that was read by another path, and its errors, under its own name."""
    shown, own = in_text(plain.shown), None if str(path) in PIPES else path
    try:
        for part in parts:
            told = replace(part, label=part.label.replace(str(link), shown))
            yield replace(told, path=own) if plain.path != path else told
    except PartnerKpiError as error:
        raise type(error)(str(error).replace(str(link), shown)) from None


def profiled(workspace: Workspace, parts: Iterable[Part]) -> Iterator[Profiled]:
    """Yield each table with what its columns hold."""
    for part in parts:
        yield Profiled(part, _columns(workspace, [part]))


def merged(workspace: Workspace, chosen: Sequence[Profiled]) -> Table:
    """Return the rows of the chosen tables below each other, columns matched by name."""
    parts = tuple(one.part for one in chosen)
    notes = [note for one in chosen for note in (*one.notes, *(f"{one.part.label}: {note}" for note in one.part.notes))]
    if len(parts) == 1:
        return Table(
            workspace.engine,
            parts,
            chosen[0].columns,
            tuple(notes),
            workspace.scale,
            workspace.year_begins,
            decimal=workspace.decimal,
            question=workspace.question,
        )
    if len({part.is_typed for part in parts}) == 2:  # text beside typed columns: all as text
        parts = tuple(_as_texts(workspace, part) if part.is_typed else part for part in parts)
    columns = _columns(workspace, parts)
    everywhere = set.intersection(*({name.casefold() for name in part.columns} for part in parts))
    missing = [one.name for one in columns if one.name.casefold() not in everywhere]
    if missing:
        notes.append(f"not every file has the columns {', '.join(missing)}: blank there")
    return Table(
        workspace.engine,
        parts,
        columns,
        tuple(notes),
        workspace.scale,
        workspace.year_begins,
        decimal=workspace.decimal,
        question=workspace.question,
    )


def _as_texts(workspace: Workspace, part: Part) -> Part:
    """Return a table of typed columns with the texts that a file of it would hold: 7.0 is 7, midnight is its date."""
    columns = workspace.engine.columns(part.rows)
    texts = ", ".join(f"{text_form(name, kind)} AS {identifier(name)}" for name, kind in columns)
    return replace(part, sql=f"SELECT {texts}{f', {ROW}' if part.numbered else ''} FROM ({part.sql})")


def _of_frame(workspace: Workspace, frame: Frame) -> Table:
    """Return the table of what is no file: counted by the engine that holds it, or by this process's own."""
    if engines.is_engine(frame.rows):
        return engines.table_of(workspace, frame.rows, frame.label)
    (table,) = _tables(workspace, profiled(workspace, [part_of(workspace, frame)]))
    return table


def _first_of_each(workspace: Workspace, source: str | Frame) -> Iterator[Table]:
    """Yield the first table of each file of a source; no more are read."""
    if isinstance(source, Frame):
        yield _of_frame(workspace, source)
        return
    for found in find(source):
        first = next(_tables(workspace, profiled(workspace, opened(workspace, found))), None)
        if first is None:
            raise DataProblem(no_table(str(found.path)))
        yield first


def no_table(source: str) -> str:
    """Return what to say of a source that was read and holds no table."""
    return f"{source} holds no table: no row names the columns of rows below it"


def _tables(workspace: Workspace, chosen: Iterable[Profiled]) -> Iterator[Table]:
    """Yield each table as one to be counted."""
    for one in chosen:
        yield Table(
            workspace.engine,
            (one.part,),
            one.columns,
            (*one.notes, *one.part.notes),
            workspace.scale,
            workspace.year_begins,
            decimal=workspace.decimal,
            question=workspace.question,
        )


def _exists(name: str) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return Path(name).exists()
    return False


def _countable(workspace: Workspace, part: Part, path: Path) -> Part:
    """Return a text file without the rows that hold nothing; one that the engine cannot read in place is copied.

    Its text would be read again for each question: a small one is held as a table, a large one kept by columns in the
    folder of the workspace.
    """
    duckdb = duckdb_core()

    cells = ", ".join(f"nullif(trim({identifier(name)}), '')" for name in part.columns)
    filled = f"coalesce({cells}) IS NOT NULL"
    rows = f"SELECT * FROM ({part.sql}) WHERE {filled}"
    engine = workspace.engine
    try:
        return replace(part, sql=engine.kept(rows) if path.stat().st_size > _MUCH_TEXT else engine.held(rows))
    except past_limits():
        raise
    except duckdb.Error:
        copies = workspace.copies_of(str(path))
        return next(_parts(workspace, Found(path), copies, copy=True))


def _by_columns(workspace: Workspace, part: Part, copies: Path) -> Part:
    """Return a part whose copy, if it is large, is kept by columns as a large text file is."""
    if part.is_typed:
        return part
    if len(part.columns) > _MANY_COLUMNS:
        return replace(part, sql=workspace.engine.kept_wide(part.sql, (*part.columns, ROW)))
    size = sum(file.stat().st_size for file in copies.parent.glob(f"{copies.name}-*.csv"))
    return replace(part, sql=workspace.engine.kept(part.sql)) if size > _MUCH_TEXT else part


def _columns(workspace: Workspace, parts: Sequence[Part]) -> tuple[ColumnProfile, ...]:
    """Return what a sample of some tables' rows shows of each column."""
    duckdb = duckdb_core()

    sql = union(part.rows for part in parts)
    try:
        rows = sampled_rows(len({name for part in parts for name in part.columns}))
        columns, sample = workspace.engine.typed(f"SELECT * FROM ({sql}) LIMIT {rows}")
    except past_limits():
        raise
    except duckdb.Error as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise FileProblem(f"{parts[0].label} cannot be read ({first[:200]}): export it again") from None
    names = [name for name, _ in columns]
    found = profile(names, [kind for _, kind in columns], sample)
    titles: dict[str, str] = {}
    roles: dict[str, str] = {}
    nested: dict[str, str] = {}
    for part in reversed(parts):
        titles |= part.titles
        roles |= part.roles
        nested |= part.nested
    titles = _without_copies(titles, names, sample)
    if not titles and not roles and not nested:
        return found
    return tuple(
        replace(one, title=titles.get(one.name, ""), role=roles.get(one.name), nested=nested.get(one.name, ""))
        for one in found
    )


def _without_copies(titles: dict[str, str], names: Sequence[str], sample: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Return the titles without those of columns that repeat another of that name cell by cell."""
    places = {name.casefold(): place for place, name in enumerate(names)}

    def is_another(name: str, title: str) -> bool:
        own, first = places[name.casefold()], places.get(title.casefold())
        return first is None or first == own or any(row[first] != row[own] for row in sample)

    return {name: title for name, title in titles.items() if name.casefold() not in places or is_another(name, title)}
