"""What a user names, opened as the settings want it: one table, or the tables of a scorecard, told by their columns."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import OpenQuestion, TableTooLarge, UsageError
from partnerkpi.results.choosing import EVERYTHING, Part
from partnerkpi.results.copies import beside_the_too_large, refuse_twice
from partnerkpi.results.pooling import unlike
from partnerkpi.results.shown import (
    ACTIVITIES,
    CUSTOMERS,
    NEEDED,
    PARTNERS,
    RESPONSES,
    Shown,
    contradiction,
    own_name,
    shown,
)
from partnerkpi.results.twice import each_once
from partnerkpi.tables.analyst import KINDS
from partnerkpi.tables.columns import OPTIONS, Columns, is_word
from partnerkpi.tables.encodings import check_encoding
from partnerkpi.tables.frames import Frame
from partnerkpi.tables.guard import DEFAULT_LIMITS, Limits
from partnerkpi.tables.identity import Opened, lists_partners, name_the_list, told_apart
from partnerkpi.tables.names import read_names
from partnerkpi.tables.read import below_each_other, read_each
from partnerkpi.tables.table import Table
from partnerkpi.tables.workspace import Workspace

__all__ = ["ACTIVITIES", "CUSTOMERS", "KINDS", "PARTNERS", "RESPONSES", "open_table", "sort_out", "workspace_for"]

#: The options whose column tells which of a workbook's sheets is meant.
_TELLING = {RESPONSES: ("score", "respondent"), CUSTOMERS: ("retained", "churned", "customer", "end_date")}

#: The roles that tables of any kind have, and the kind of those that have a role of their own; customers have the rest.
_OF_ANY = ("partner", "date", "region", "tier", "owner")
_KIND_OF = {
    **dict.fromkeys(("score", "respondent", "comment", "invited"), RESPONSES),
    **dict.fromkeys(("activity_type", "activity_value"), ACTIVITIES),
    **dict.fromkeys(("invited_contacts", "annual_value", "joined_date", "left_date"), PARTNERS),
    **dict.fromkeys(("target", "target_date"), PARTNERS),
}


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a scorecard, each with its columns; None where there is none of the kind. A `part` may count."""

    responses: tuple[Table, Columns] | None = None
    activities: tuple[Table, Columns] | None = None
    customers: tuple[Table, Columns] | None = None
    partners: tuple[Table, Columns] | None = None
    notes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    part: Part = EVERYTHING

    def given(self) -> list[Table]:
        """Return the tables that there are."""
        return [one[0] for one in (self.responses, self.activities, self.customers, self.partners) if one is not None]


def sort_out(
    workspace: Workspace,
    sources: Sequence[str | Frame],
    options: Mapping[str, str | None],
    configured: Mapping[str, str],
    of_kinds: Mapping[str, Sequence[str | Frame]] | None = None,
    *,
    list_alone: bool = False,
) -> Tables:
    """Return the tables that some sources hold, each kind together; UsageError for a source that is none of them.

    With `list_alone` a list of partners is enough. UsageError too where no table has a column that an option names.
    `of_kinds` are sources of which the user says what they hold; in a workbook that is the first sheet that could be.
    """
    named = [
        (kind, one)
        for kind, told in (of_kinds or {}).items()
        for one in _of_kind(workspace, told, kind, options, configured)
    ]
    plain = [(source, list(read_each(workspace, source))) for source in sources]
    _refuse_unknown([*(one for _, one in named), *(table for _, some in plain for table in some)], options)
    tables: dict[str, list[Table]] = {kind: [one for also, one in named if also == kind] for kind in KINDS}
    notes: list[str] = []
    questions: list[str] = [question for _, one in named for question in one.questions]
    for source, some, seen in _seen(plain, named, options, configured):
        asked = [what.asked(one.label, source) for one, what in zip(some, seen, strict=True) if what.question]
        partly = {kind for kind, one in named if one.parts[0].path in {also.parts[0].path for also in some} - {None}}
        left = [question for one in some for question in one.questions]
        if left and not partly and not any(what.kind for what in seen):
            raise TableTooLarge(left[0])
        if not partly and not any(what.kind for what in seen):
            raise OpenQuestion(asked[0] if asked else unrecognised(source, some))
        questions += [*asked, *left]
        notes += [f"not counted: {question}" for question in asked] + [f"passed over: {one}" for one in left]
        # The sheet of which the user says what it holds replaces the others of that kind in its workbook.
        kinds = [what.kind if what.kind not in partly else None for what in seen]
        refuse_twice(some, kinds)
        for table, found in zip(some, kinds, strict=True):
            if found is None:
                continue
            if any(column.rows for column in table.profiles):
                tables[found].append(table)
            else:
                notes.append(f"{table.parts[0].name} has no rows: passed over")
    _refuse_absent(tables, configured)
    opened: dict[str, tuple[Table, Columns] | None] = dict.fromkeys(KINDS)
    for kind, alike in tables.items():
        if alike:
            table, columns = _together(workspace, kind, alike, options, configured)
            once = each_once(workspace, table, columns, kind)
            if kind != RESPONSES:  # the notes of the answers are told with their count
                notes += [f"{table.label}: {note}" for note in once.notes[len(table.notes) :]]
                notes += [f"{part.name}: {note}" for part in table.parts if part.kind == "text" for note in part.notes]
            opened[kind] = (once, columns)
    notes += _told_apart(workspace, opened)
    enough = (RESPONSES, ACTIVITIES, CUSTOMERS, *((PARTNERS,) if list_alone else ()))
    if all(opened[kind] is None for kind in enough):
        raise UsageError("a scorecard needs answers, activities or customers: name at least one file that holds them")
    return Tables(
        opened[RESPONSES], opened[ACTIVITIES], opened[CUSTOMERS], opened[PARTNERS], tuple(notes), tuple(questions)
    )


def _together(
    workspace: Workspace,
    kind: str,
    alike: Sequence[Table],
    options: Mapping[str, str | None],
    configured: Mapping[str, str],
) -> tuple[Table, Columns]:
    """Return the tables of one kind as one; OpenQuestion where they call by another name what counts."""
    table = below_each_other(workspace, alike)
    columns = _columns(table, options, configured)
    some = [(one, _columns(one, options, configured)) for one in alike] if len(alike) > 1 else []
    if some and (question := unlike(kind, some, columns)) is not None:
        raise question
    return table, columns


def _told_apart(workspace: Workspace, opened: dict[str, tuple[Table, Columns] | None]) -> list[str]:
    """Give each partner one name in all tables, and return what is to be said of it."""
    some = {kind: one for kind, one in opened.items() if one is not None}
    if PARTNERS in some:
        name_the_list(some[PARTNERS][1])
    known = [Opened(table, columns, kind == PARTNERS) for kind, (table, columns) in some.items()]
    tables, notes = told_apart(known, workspace.partner_names)
    for (kind, (_, columns)), table in zip(some.items(), tables, strict=True):
        opened[kind] = (table, columns)
    return notes


def _seen(
    plain: Sequence[tuple[str | Frame, Sequence[Table]]],
    named: Sequence[tuple[str, Table]],
    options: Mapping[str, str | None],
    configured: Mapping[str, str],
) -> list[tuple[str | Frame, list[Table], list[Shown]]]:
    """Return each source with those of its tables of which nothing is said, and what they are shown to be."""
    told = {one.label for _, one in named if one.parts[0].path is not None}
    columns = [[_columns(table, options, configured) for table in some] for _, some in plain]
    seen = [list(map(shown, some, own)) for (_, some), own in zip(plain, columns, strict=True)]
    known = [_columns(one, options, configured) for kind, one in named if kind != PARTNERS]
    for own, found in zip(columns, seen, strict=True):
        known += [one for one, what in zip(own, found, strict=True) if what.kind not in (None, PARTNERS)]
    for own, found, (_, some) in zip(columns, seen, plain, strict=True):
        for number, one in enumerate(own):
            # Columns called `id` and `name` tell a list of partners where others know partners by them.
            if found[number].kind is None and lists_partners(one, known, called=own_name(some[number])):
                found[number] = Shown(PARTNERS, "others know partners by its columns")
    left = []
    for (source, some), found in zip(plain, seen, strict=True):
        pairs = [(one, what) for one, what in zip(some, found, strict=True) if one.label not in told]
        if pairs or not some:
            left.append((source, [one for one, _ in pairs], [what for _, what in pairs]))
    return left


def unrecognised(source: str | Frame, tables: Sequence[Table]) -> str:
    """Return what to say of a source of which no table is recognised."""
    what = "holds neither answers, activities, customers nor a list of partners" if tables else "holds no table"
    if isinstance(source, Frame):
        options, columns = "responses=, activities=, customers= or partners=", ""
    else:
        options = "--responses FILE, --activities FILE, --customers FILE or --partners FILE"
        columns = f" ('partnerkpi check {source}' shows its columns)"
    return (
        f"{source.label if isinstance(source, Frame) else source} {what} that can be recognised{columns}: say what it "
        f"holds with {options}, name the column with the answers, or its columns in partnerkpi.toml"
    )


def _columns(table: Table, options: Mapping[str, str | None], configured: Mapping[str, str]) -> Columns:
    """Return which column of a table is which; options whose column another table has say nothing of this one."""
    own = {
        role: name for role, name in options.items() if name is not None and (is_word(role, name) or _has(table, name))
    }
    return Columns(table.profiles, table.label, own, configured)


def _has(table: Table, name: str) -> bool:
    with suppress(UsageError):
        return bool(Columns(table.profiles, table.label).find(name, ""))
    return False


def _refuse_unknown(tables: Sequence[Table], options: Mapping[str, str | None]) -> None:
    """Raise UsageError, with the nearest name, where an option names a column that no table has."""
    for role, name in options.items():
        if name is None or not tables or is_word(role, name) or any(_has(table, name) for table in tables):
            continue
        if len(tables) == 1:
            Columns(tables[0].profiles, tables[0].label).find(name, OPTIONS[role])
        near = difflib.get_close_matches(name, [column for table in tables for column in table.columns], 1, 0.6)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"{OPTIONS[role]}: none of the {len(tables)} tables has a column {name!r}.{hint}")


def _refuse_absent(tables: Mapping[str, Sequence[Table]], configured: Mapping[str, str]) -> None:
    """Raise OpenQuestion where the settings name a column that the tables of its kind should have, and none has."""
    every = [table for alike in tables.values() for table in alike]
    for role, name in configured.items():
        alike = tables.get(_KIND_OF.get(role, CUSTOMERS), ()) if role not in _OF_ANY else every
        if alike and not any(_has(table, name) for table in every):
            Columns(alike[0].profiles, alike[0].label, {}, {role: name}, alone=True).known(role)


def _of_kind(
    workspace: Workspace,
    sources: Sequence[str | Frame],
    kind: str,
    options: Mapping[str, str | None],
    configured: Mapping[str, str],
) -> list[Table]:
    """Return the tables of a kind that some sources hold, which the user says are of that kind.

    A file with one table is taken at that word; of several those that show it, else the first that could be. UsageError
    where a table is another kind without doubt, OpenQuestion where one is a copy of another.
    """
    chosen: list[Table] = []
    for source in sources:
        # A folder is one whole, as a workbook is: those of its tables count that are of the kind.
        together = isinstance(source, str) and Path(source).is_dir()
        for _, alike in groupby(read_each(workspace, source), key=lambda table: together or table.parts[0].path):
            some = list(alike)
            taken = some if len(some) == 1 else _those(some, kind, options, configured)
            known = any(options.values()) or not any(table.questions for table in some)  # none was too large
            known = known or any(shown(one, _columns(one, options, configured)).kind == kind for one in taken)
            taken = beside_the_too_large(some, taken, known=known)
            for one in taken:
                if why := contradiction(kind, one, _columns(one, options, configured)):
                    raise UsageError(f"{one.label} {why}: exchange the files, or name the one that is")
            refuse_twice(taken, [kind] * len(taken))
            chosen += taken
    return chosen


def _those(
    some: Sequence[Table], kind: str, options: Mapping[str, str | None], configured: Mapping[str, str]
) -> list[Table]:
    """Return the tables of one workbook or database that hold a kind."""
    named = [options[role] for role in _TELLING.get(kind, ()) if options.get(role) is not None]
    if named:
        some = [table for table in some if all(_has(table, name or "") for name in named)] or some[:1]
    showing = [table for table in some if shown(table, _columns(table, options, configured)).kind == kind]
    if showing:
        filled = [table for table in showing if any(column.rows for column in table.profiles)] or showing[:1]
        others = ", ".join(table.parts[0].inner for table in some if table not in showing)
        if others:
            note = f"{some[0].parts[0].path}: passed over {others}" if _is_one_file(some) else f"passed over {others}"
            open_ones = tuple(
                f"{table.label}: {what.question}: name the sheet as well if it belongs to them"
                for table in some
                if table not in showing and (what := shown(table, _columns(table, options, configured))).question
            )
            last = filled[-1]
            filled[-1] = replace(last, notes=(note, *open_ones, *last.notes), questions=(*last.questions, *open_ones))
        return filled
    if not _is_one_file(some):  # of a folder, each file is what the user says
        return list(some)
    could = [table for table in some if _columns(table, options, configured).has(NEEDED[kind])]
    return list(could[:1] or some[:1])


def _is_one_file(some: Sequence[Table]) -> bool:
    return len({table.parts[0].path for table in some}) == 1


def workspace_for(
    config: Config,
    tool: str | None = None,
    scale: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
) -> Workspace:
    """Return a workspace for the files of one run.

    `tool` is the survey tool that they come from, `scale` the one that scores were asked on, `encoding` that of text
    files which are not UTF-8, `decimal` (point or comma) what stands before decimals. ConfigError where the settings
    name a file of partners' names that cannot be read; UsageError for an unknown tool, scale or encoding.
    """
    if config.given is None:
        return Workspace(DEFAULT_LIMITS, tool=tool, scale=scale, encoding=encoding, decimal=decimal)
    given = config.given.limits
    options = config.given.options
    names = options.partner_names
    read = [path for path in (config.path, config.beside(names) if names is not None else None) if path is not None]
    workspace = Workspace(
        Limits(megabytes=given.megabytes, seconds=given.seconds, rows=given.rows, text=given.text, sheets=given.sheets),
        tool=tool,
        scale=scale,
        encoding=encoding or check_encoding(options.encoding, "[options] encoding"),
        decimal=decimal or config.given.numbers.decimal,
        year_begins=options.fiscal_year_start if "fiscal_year_start" in options.model_fields_set else None,
        partner_names=read_names(config.beside(names)) if names is not None else None,
        settings=config.path,
    )
    for path in read:
        workspace.reads(path)
    return workspace


def open_table(
    workspace: Workspace,
    config: Config,
    sources: Sequence[str | Frame],
    options: Mapping[str, str | None],
    kind: str,
    *,
    told: bool = True,
) -> tuple[Table, Columns]:
    """Return the table of some sources, of which the user says what they hold, and which of its columns is which.

    Of a workbook's sheets those count that hold that kind; not `told`: only the command says that they are activities.
    One table is counted once, and may take more memory for it than a scorecard, unless the settings say how much.
    """
    table, columns = _opened(workspace, config, sources, options, kind, alone=True, told=told)
    return named_alike(workspace, table, columns), columns


def named_alike(workspace: Workspace, table: Table, columns: Columns) -> Table:
    """Return a table in which each partner has one name, with what is to be said of it."""
    (named,), notes = told_apart([Opened(table, columns)], workspace.partner_names)
    return replace(named, notes=(*named.notes, *notes))


def open_with_list(
    workspace: Workspace,
    config: Config,
    sources: Sequence[str | Frame],
    partners: Sequence[str | Frame],
    options: Mapping[str, str | None],
    *,
    told: bool = True,
) -> tuple[tuple[Table, Columns], tuple[Table, Columns]]:
    """Return the table of some sources and that of a list of partners, in which partners have the same names.

    `told` and `options` are of the first, as in `open_table`; of the list the column that is named as its partner.
    """
    table, columns = _opened(workspace, config, sources, options, ACTIVITIES, told=told)
    named = options.get("partner")
    listed, of_list = _opened(workspace, config, partners, {}, PARTNERS)
    if named is not None and _has(listed, named):
        of_list = Columns(listed.profiles, listed.label, {"partner": named}, config.columns)
    name_the_list(of_list)
    both, notes = told_apart([Opened(table, columns), Opened(listed, of_list, is_list=True)], workspace.partner_names)
    return (replace(both[0], notes=(*both[0].notes, *notes)), columns), (both[1], of_list)


def _opened(
    workspace: Workspace,
    config: Config,
    sources: Sequence[str | Frame],
    options: Mapping[str, str | None],
    kind: str,
    *,
    alone: bool = False,
    told: bool = True,
) -> tuple[Table, Columns]:
    if config.given is None or "megabytes" not in config.given.limits.model_fields_set:
        workspace.engine.give_room()
    alike = _of_kind(workspace, sources, kind, options, config.columns)
    for one in [] if told else alike:
        from partnerkpi.results.activity_rows import ask_of_activities  # whose patterns take long to be made

        ask_of_activities(one, _columns(one, options, config.columns))
    table, _ = _together(workspace, kind, alike, options, config.columns)
    columns = Columns(table.profiles, table.label, options, config.columns, alone=alone)
    return each_once(workspace, table, columns, kind), columns
