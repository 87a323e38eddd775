"""A workspace as the settings want it: limits on what a file may cost, partners' names, the scale of the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partnerkpi.config import Config
from partnerkpi.tables.columns import Columns, Wanted
from partnerkpi.tables.guard import DEFAULT_LIMITS, Limits
from partnerkpi.tables.names import read_names
from partnerkpi.tables.read import read_table, with_partner_names
from partnerkpi.tables.table import Table
from partnerkpi.tables.workspace import Workspace


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
    sources: Sequence[str],
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
