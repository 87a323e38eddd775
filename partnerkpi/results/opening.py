"""A workspace as the settings want it: limits on what a file may cost, partners' names, the scale of the score."""

from __future__ import annotations

from partnerkpi.config import Config
from partnerkpi.tables.guard import DEFAULT_LIMITS, Limits
from partnerkpi.tables.names import read_names
from partnerkpi.tables.read import Workspace


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
