"""What every command that reads tables does: settings, a workspace, a sign of life while it works."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from partnerkpi import config as configuration
from partnerkpi.cli.options import CompareWith, DuplicatesRule, OutputFormat, PeriodName, parse_day
from partnerkpi.cli.output import say
from partnerkpi.config import Config
from partnerkpi.periods import fiscal
from partnerkpi.results.opening import workspace_for
from partnerkpi.results.result import Question, SetAside
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.quality import shield_csv
from partnerkpi.tables.table import Table

if TYPE_CHECKING:
    from partnerkpi.scorecard.card import Scorecard
    from partnerkpi.workbook.sheets.responses import Answer


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
        compare: CompareWith | None = None,
        rolling: int | None = None,
    ) -> Question:
        """Return what is asked: an option wins over the settings; what needs periods takes quarters without."""
        settings = self.config
        if (compare is not None or rolling is not None) and period is None:
            configured = settings.period if settings.period != "all" else None
            period = PeriodName(configured or "quarter")
            where = f", as {settings.path} says" if configured else ""
            say(f"Note     compared by {period.value}{where}: --period chooses another", quiet=self.quiet)
        return Question(
            by=tuple(dict.fromkeys(by or ())),
            period=fiscal(period.value if period is not None else "all", settings.fiscal_year_start),
            confidence=confidence if confidence is not None else settings.confidence,
            min_responses=min_responses if min_responses is not None else settings.min_responses,
            duplicates=duplicates.value if duplicates is not None else settings.duplicates,
            population=population,
            day_first=day_first if day_first is not None else settings.day_first,
            compare=compare.value if compare is not None else None,
            rolling=rolling,
        )

    def responses(self, card: Scorecard, partner: str | None = None) -> Iterator[Answer]:
        """Yield the answers that count in a scorecard, or those of one partner alone."""
        from partnerkpi.tally.voices import used_scores

        for answer in used_scores(self.workspace.connection, card.period_kind):
            if (partner is None or answer[0] == partner) and (answer[1] is None or answer[1] in card.periods):
                yield answer

    def card(
        self,
        sources: Sequence[str],
        named: Mapping[str, str | None] | None = None,
        *,
        period: PeriodName | None = None,
        as_of: str | None = None,
        attributed: str | None = None,
        day_first: bool | None = None,
        title: str = "Partner scorecard",
    ) -> tuple[Scorecard, tuple[SetAside, ...]]:
        """Return the scorecard of some sources, and the rows that were not used; an option wins over the settings."""
        from partnerkpi.results.kinds import sort_out
        from partnerkpi.scorecard.build import build_with_rows, check_period

        tables = sort_out(self.workspace, sources, named or {}, self.config.columns)
        wanted = period.value if period is not None else self.config.period
        return build_with_rows(
            tables,
            self.config,
            period=check_period(wanted) if wanted is not None else None,
            as_of=parse_day(as_of, "--as-of"),
            day_first=day_first,
            attributed=attributed,
            title=title,
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
