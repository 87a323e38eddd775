"""What a user names, opened as the settings want it: one table, or the tables of a scorecard, told by their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from partnerkpi.config import Config
from partnerkpi.errors import UsageError
from partnerkpi.tables.columns import Columns, Wanted
from partnerkpi.tables.frames import Frame
from partnerkpi.tables.guard import DEFAULT_LIMITS, Limits
from partnerkpi.tables.names import read_names
from partnerkpi.tables.read import below_each_other, read_each, read_table, read_wanted, with_partner_names
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
    """
    tables: dict[str, list[Table]] = {kind: [] for kind in KINDS}
    notes: list[str] = []
    for said, told in (of_kinds or {}).items():
        for source in told:
            wanted = Wanted(_NEEDED[said], None, configured)
            for table in read_wanted(workspace, source, wanted):
                _add(tables[said], table, notes)
    for source in sources:
        found = 0
        seen = 0
        for table in read_each(workspace, source):
            seen += 1
            columns = Columns(table.profiles, table.label, _present(table, options), configured)
            kind = kind_of(table, columns)
            if kind is None:
                continue
            found += 1
            _add(tables[kind], table, notes)
        if not found:
            what = (
                "holds no table" if not seen else "holds neither answers, activities, customers nor a list of partners"
            )
            raise UsageError(
                f"{source.label} {what} that can be recognised: say what it holds with responses=, activities=, "
                "customers= or partners=, or name its columns in partnerkpi.toml"
                if isinstance(source, Frame)
                else f"{source} {what} that can be recognised. 'partnerkpi check' shows its columns; name the one with "
                "the answers with --score COLUMN, or the columns in partnerkpi.toml"
            )
    opened: dict[str, tuple[Table, Columns] | None] = dict.fromkeys(KINDS)
    for kind, some in tables.items():
        if some:
            table = below_each_other(workspace, some)
            columns = Columns(table.profiles, table.label, _present(table, options), configured)
            merged = with_partner_names(workspace, table, columns)
            if kind != RESPONSES:  # the notes of the answers are told with their count
                notes += [f"{table.label}: {note}" for note in merged.notes[len(table.notes) :]]
            opened[kind] = (merged, columns)
    if opened[RESPONSES] is None and opened[ACTIVITIES] is None and opened[CUSTOMERS] is None:
        raise UsageError("a scorecard needs answers, activities or customers: name at least one file that holds them")
    return Tables(opened[RESPONSES], opened[ACTIVITIES], opened[CUSTOMERS], opened[PARTNERS], tuple(notes))


def _own_name(table: Table) -> str:
    """Return what a table is called where it comes from: its sheet, its file or its name in a database."""
    part = table.parts[0]
    if part.path is None:
        return part.label.rpartition(".")[2]
    return PurePath(part.label.rpartition("#")[2]).stem


def _add(tables: list[Table], table: Table, notes: list[str]) -> None:
    """Add a table to those of its kind; one without rows is passed over with a note."""
    if any(column.rows for column in table.profiles):
        tables.append(table)
    else:
        notes.append(f"{table.parts[0].name} has no rows: passed over")


def _present(table: Table, options: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the options whose column this table has: one command line serves several tables."""
    names = {name.casefold() for name in table.columns}
    return {role: name for role, name in options.items() if name is not None and name.casefold() in names}


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

    In a workbook that is the first sheet with a column for the role, without a role the first sheet.
    """
    wanted = Wanted(role, options.get(role), config.columns) if role is not None else None
    table = read_table(workspace, sources, wanted)
    columns = Columns(table.profiles, table.label, options, config.columns)
    return with_partner_names(workspace, table, columns), columns
