"""What every command that reads tables does: settings, a workspace, a sign of life while it works."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from partnerkpi import config as configuration
from partnerkpi.cli.options import DuplicatesRule, OutputFormat, PeriodName
from partnerkpi.config import Config
from partnerkpi.scorecard.opening import workspace_for
from partnerkpi.scorecard.result import Question
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.quality import shield_csv
from partnerkpi.tables.table import Table


class Session:
    """One run of a command: its settings and the workspace it reads tables in."""

    def __init__(
        self,
        config: Path | None,
        *,
        quiet: bool,
        output: OutputFormat = OutputFormat.table,
        tool: str | None = None,
        scale: str | None = None,
    ) -> None:
        self.config: Config = configuration.load(config)
        self.quiet = quiet
        self.output = output
        shield_csv(on=self.config.given is None or self.config.given.options.shield_csv)
        self.workspace = workspace_for(self.config, tool, scale)

    def open(
        self, sources: Sequence[str], role: str, options: Mapping[str, str | None] | None = None
    ) -> tuple[Table, Columns]:
        """Return the table of some sources and its columns; in a workbook the first sheet that has the role."""

        def fits(profiles: Sequence[object]) -> bool:
            columns = Columns(profiles, "", {}, self.config.columns)  # type: ignore[arg-type]  # profiles of one table
            wanted = (options or {}).get(role)
            if wanted is not None:
                return any(column.name == wanted for column in columns.profiles)
            choice = columns.choice(role)
            return choice.column is not None or bool(choice.equals)

        table = self.workspace.open(sources, fits)
        columns = Columns(table.profiles, table.label, options, self.config.columns)
        return self.workspace.with_partner_names(table, columns), columns

    def question(
        self,
        by: Sequence[str] | None,
        period: PeriodName | None,
        *,
        confidence: float | None = None,
        min_responses: int | None = None,
        duplicates: DuplicatesRule | None = None,
        population: int | None = None,
        day_first: bool | None = None,
    ) -> Question:
        """Return what is asked: an option wins over the settings."""
        settings = self.config
        return Question(
            by=tuple(dict.fromkeys(by or ())),
            period=period.value if period is not None else "all",
            confidence=confidence if confidence is not None else settings.confidence,
            min_responses=min_responses if min_responses is not None else settings.min_responses,
            duplicates=duplicates.value if duplicates is not None else settings.duplicates,
            population=population,
            day_first=day_first if day_first is not None else settings.day_first,
        )

    @contextlib.contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Show what is being done while it takes long, on standard error and only to a person."""
        if self.quiet or not sys.stderr.isatty():
            yield
            return
        from rich.console import Console

        with Console(stderr=True).status(what):
            yield


@contextlib.contextmanager
def session(
    config: Path | None,
    *,
    quiet: bool,
    output: OutputFormat = OutputFormat.table,
    tool: str | None = None,
    scale: str | None = None,
) -> Iterator[Session]:
    """Yield a session; its temporary files and the process that reads files go away at the end."""
    run = Session(config, quiet=quiet, output=output, tool=tool, scale=scale)
    with run.workspace:
        yield run
