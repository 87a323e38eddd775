"""What a user names, opened as the settings want it: one table, or the tables of a scorecard, told by their columns."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePath

from partnerkpi.config import Config
from partnerkpi.errors import OpenQuestion, UsageError
from partnerkpi.tables.columns import OPTIONS, Columns, Wanted, is_word
from partnerkpi.tables.frames import Frame
from partnerkpi.tables.guard import DEFAULT_LIMITS, Limits
from partnerkpi.tables.identity import Known, lists_partners, name_the_list, told_apart
from partnerkpi.tables.names import read_names
from partnerkpi.tables.read import below_each_other, read_each, read_table, read_wanted
from partnerkpi.tables.roles import ROLES
from partnerkpi.tables.table import Table
from partnerkpi.tables.workspace import Workspace

RESPONSES, ACTIVITIES, CUSTOMERS, PARTNERS = "responses", "activities", "customers", "partners"
KINDS = (RESPONSES, ACTIVITIES, CUSTOMERS, PARTNERS)

#: The column without which a table cannot be of a kind.
_NEEDED = {RESPONSES: "score", ACTIVITIES: "partner", CUSTOMERS: "customer", PARTNERS: "partner"}

#: How many tiers of score names are sure enough to call a table answers before anything else is looked at.
_SURE_TIERS = 3


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a scorecard, each with its columns; None where there is none of the kind."""

    responses: tuple[Table, Columns] | None = None
    activities: tuple[Table, Columns] | None = None
    customers: tuple[Table, Columns] | None = None
    partners: tuple[Table, Columns] | None = None
    notes: tuple[str, ...] = ()

    def given(self) -> list[Table]:
        """Return the tables that there are."""
        return [one[0] for one in (self.responses, self.activities, self.customers, self.partners) if one is not None]


def kind_of(table: Table, columns: Columns) -> str | None:
    """Return what a table holds, None if its columns do not tell.

    A sheet or file with the name of a kind is that kind if it has the columns for it; otherwise the columns decide.
    """
    stem = _own_name(table).casefold().strip()
    if stem in KINDS and _could_be(stem, columns):
        return stem
    if columns.counts is not None and not columns.counts.question:
        return RESPONSES
    if columns.has("retained") or columns.has("churned"):
        return CUSTOMERS
    if any(tier.fits(column) for tier in ROLES["score"][:_SURE_TIERS] for column in columns.profiles):
        return RESPONSES
    if columns.has("partner") and columns.has("activity_type"):
        return ACTIVITIES
    if columns.has("partner") and _each_once(columns):
        return PARTNERS
    if columns.has("score"):
        return RESPONSES
    if columns.has("customer") and columns.has("end_date") and columns.has("start_date"):
        return CUSTOMERS
    return ACTIVITIES if columns.has("partner") and columns.has("date") else None


def sort_out(
    workspace: Workspace,
    sources: Sequence[str | Frame],
    options: Mapping[str, str | None],
    configured: Mapping[str, str],
    of_kinds: Mapping[str, Sequence[str | Frame]] | None = None,
) -> Tables:
    """Return the tables that some sources hold, each kind together; UsageError for a source that is none of them.

    `of_kinds` are sources of which the user says what they hold; in a workbook that is the first sheet that could be.
    UsageError too where no table has the column that an option names.
    """
    given: list[tuple[str | None, str | Frame, list[Table]]] = []
    for kind, told in (of_kinds or {}).items():
        wanted = Wanted(_NEEDED[kind], options.get("score") if kind == RESPONSES else None, configured)
        given += [(kind, source, list(read_wanted(workspace, source, wanted))) for source in told]
    given += [(None, source, list(read_each(workspace, source))) for source in sources]
    _refuse_unknown([table for *_, some in given for table in some], options)
    tables: dict[str, list[Table]] = {kind: [] for kind in KINDS}
    notes: list[str] = []
    found_kinds = _kinds([(said, some) for said, _, some in given], options, configured)
    for (_, source, some), kinds in zip(given, found_kinds, strict=True):
        if not any(kinds):
            raise OpenQuestion(_unrecognised(source, some))
        for table, found in zip(some, kinds, strict=True):
            if found is None:
                continue
            if any(column.rows for column in table.profiles):
                tables[found].append(table)
            else:
                notes.append(f"{table.parts[0].name} has no rows: passed over")
    opened: dict[str, tuple[Table, Columns] | None] = dict.fromkeys(KINDS)
    for kind, alike in tables.items():
        if alike:
            table = below_each_other(workspace, alike)
            opened[kind] = (table, _columns(table, options, configured))
    notes += _told_apart(workspace, opened)
    if opened[RESPONSES] is None and opened[ACTIVITIES] is None and opened[CUSTOMERS] is None:
        raise UsageError("a scorecard needs answers, activities or customers: name at least one file that holds them")
    return Tables(opened[RESPONSES], opened[ACTIVITIES], opened[CUSTOMERS], opened[PARTNERS], tuple(notes))


def _kinds(
    given: Sequence[tuple[str | None, Sequence[Table]]],
    options: Mapping[str, str | None],
    configured: Mapping[str, str],
) -> list[list[str | None]]:
    """Return what each table holds, as it is said or as its columns tell."""
    columns = [[_columns(table, options, configured) for table in some] for _, some in given]
    kinds = [
        [said or kind_of(table, one) for table, one in zip(some, own, strict=True)]
        for (said, some), own in zip(given, columns, strict=True)
    ]
    known = [
        one
        for own, found in zip(columns, kinds, strict=True)
        for one, kind in zip(own, found, strict=True)
        if kind not in (None, PARTNERS)
    ]
    for own, found, (_, some) in zip(columns, kinds, given, strict=True):
        for number, one in enumerate(own):
            # Columns called `id` and `name` tell a list of partners where others know partners by them.
            if found[number] is None and lists_partners(one, known, called=_own_name(some[number])):
                found[number] = PARTNERS
    return kinds


def _told_apart(workspace: Workspace, opened: dict[str, tuple[Table, Columns] | None]) -> list[str]:
    """Give each partner one name in all tables, and return what is to be said of it."""
    some = {kind: one for kind, one in opened.items() if one is not None}
    if PARTNERS in some:
        name_the_list(some[PARTNERS][1])
    known = [Known(table, columns, kind == PARTNERS) for kind, (table, columns) in some.items()]
    tables, notes = told_apart(known, workspace.partner_names)
    for (kind, (_, columns)), table in zip(some.items(), tables, strict=True):
        opened[kind] = (table, columns)
    return notes


def _own_name(table: Table) -> str:
    """Return what a table is called where it comes from: its sheet, its file or its name in a database."""
    part = table.parts[0]
    if part.path is None:
        return part.label.rpartition(".")[2]
    return PurePath(part.label.rpartition("#")[2]).stem


def _unrecognised(source: str | Frame, tables: Sequence[Table]) -> str:
    """Return what to say of a source of which no table is recognised."""
    what = "holds neither answers, activities, customers nor a list of partners" if tables else "holds no table"
    if isinstance(source, Frame):
        return (
            f"{source.label} {what} that can be recognised: say what it holds with responses=, activities=, customers= "
            "or partners=, or name its columns in partnerkpi.toml"
        )
    return (
        f"{source} {what} that can be recognised. 'partnerkpi check' shows its columns; name the one with the answers "
        "with --score COLUMN, or the columns in partnerkpi.toml"
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


def _could_be(kind: str, columns: Columns) -> bool:
    return columns.has(_NEEDED[kind])


def _each_once(columns: Columns) -> bool:
    name = columns.get("partner")
    if name is None:
        return False
    column = columns.profile(name)
    return len(column.distinct) >= min(200, 0.9 * column.filled)


def workspace_for(config: Config, tool: str | None = None, scale: str | None = None) -> Workspace:
    """Return a workspace for the files of one run.

    `tool` is the survey tool that they come from, `scale` the one that scores were asked on. ConfigError where the
    settings name a file of partners' names that cannot be read; UsageError for an unknown tool or scale.
    """
    if config.given is None:
        return Workspace(DEFAULT_LIMITS, tool=tool, scale=scale)
    given = config.given.limits
    names = config.given.options.partner_names
    return Workspace(
        Limits(megabytes=given.megabytes, seconds=given.seconds, rows=given.rows),
        tool=tool,
        scale=scale,
        partner_names=read_names(config.beside(names)) if names is not None else None,
    )


def open_table(
    workspace: Workspace,
    config: Config,
    sources: Sequence[str | Frame],
    options: Mapping[str, str | None],
    role: str | None = None,
) -> tuple[Table, Columns]:
    """Return the table of some sources, and which of its columns is which.

    In a workbook that is the first sheet with a column for the role, without a role the first sheet. One table is
    counted once, and may take more memory for it than a scorecard, unless the settings say how much.
    """
    table, columns = _opened(workspace, config, sources, options, role)
    return named_alike(workspace, table, columns), columns


def named_alike(workspace: Workspace, table: Table, columns: Columns) -> Table:
    """Return a table in which each partner has one name, with what is to be said of it."""
    (named,), notes = told_apart([Known(table, columns)], workspace.partner_names)
    return replace(named, notes=(*named.notes, *notes))


def open_with_list(
    workspace: Workspace,
    config: Config,
    sources: Sequence[str | Frame],
    partners: Sequence[str | Frame],
    options: Mapping[str, str | None],
) -> tuple[tuple[Table, Columns], tuple[Table, Columns]]:
    """Return the table of some sources and that of a list of partners, in which partners have the same names.

    `options` are of the first; of the list the column that is named as its partner, if it has one of that name.
    """
    table, columns = _opened(workspace, config, sources, options, "partner")
    named = options.get("partner")
    listed, of_list = _opened(workspace, config, partners, {}, "partner")
    if named is not None and _has(listed, named):
        of_list = Columns(listed.profiles, listed.label, {"partner": named}, config.columns)
    name_the_list(of_list)
    both, notes = told_apart([Known(table, columns), Known(listed, of_list, is_list=True)], workspace.partner_names)
    return (replace(both[0], notes=(*both[0].notes, *notes)), columns), (both[1], of_list)


def _opened(
    workspace: Workspace,
    config: Config,
    sources: Sequence[str | Frame],
    options: Mapping[str, str | None],
    role: str | None,
) -> tuple[Table, Columns]:
    if config.given is None or "megabytes" not in config.given.limits.model_fields_set:
        workspace.engine.give_room()
    wanted = Wanted(role, options.get(role), config.columns) if role is not None else None
    table = read_table(workspace, sources, wanted)
    return table, Columns(table.profiles, table.label, options, config.columns)
