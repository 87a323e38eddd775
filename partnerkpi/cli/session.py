"""What every command that reads tables does: settings, a workspace, a sign of life while it works."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerkpi import config as configuration
from partnerkpi.cli.declared import options_of_the_command
from partnerkpi.cli.options import (
    CardOptions,
    Common,
    Grouping,
    NpsGrouping,
    OutputFormat,
    Window,
)
from partnerkpi.cli.output import print_note
from partnerkpi.cli.terminal import echo_json
from partnerkpi.cli.written import kind_of
from partnerkpi.config import Config
from partnerkpi.csvtext import shield_csv
from partnerkpi.errors import OpenQuestion, PartnerKpiError, UsageError
from partnerkpi.kpi.comparisons import COMPARISONS
from partnerkpi.periods import AGAINST, EVERY_DAY
from partnerkpi.results.kinds import open_table, workspace_for
from partnerkpi.results.result import Question, SetAside
from partnerkpi.spelling import spelled
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.scales import check_scale
from partnerkpi.tables.table import Table
from partnerkpi.tables.tools import check_tool

if TYPE_CHECKING:
    from partnerkpi.results.kinds import Tables
    from partnerkpi.scorecard.card import Scorecard
    from partnerkpi.tally.used_answers import UsedAnswers
    from partnerkpi.workbook.sheets.responses import Answer


class Session:
    """One run of a command: its settings and the workspace it reads tables in."""

    def __init__(self, common: Common, tool: str | None, scale: str | None, question: str | None) -> None:
        self.config: Config = configuration.load(common.config)
        self.quiet = common.quiet
        shield_csv(on=self.config.given is None or self.config.given.options.shield_csv)
        self.workspace = workspace_for(
            self.config, tool, scale, common.encoding, common.decimal.value if common.decimal is not None else None
        )
        self.workspace.question = question
        self.workspace.writes(common.set_aside, "--set-aside")
        if common.into is not None:
            kind_of(common.into, common.output)  # said before anything is counted
            self.workspace.writes(common.into, "-o")
        self.answers: UsedAnswers | None = None  # of the card that was built last
        self._told = False

    def open(
        self, sources: Sequence[str], kind: str, options: Mapping[str, str | None] | None = None
    ) -> tuple[Table, Columns]:
        """Return the table of some sources and its columns; of a workbook the sheets that hold the kind."""
        return open_table(self.workspace, self.config, sources, options or {}, kind)

    def question(
        self,
        grouping: Grouping,
        *,
        rolling: int | None = None,
        population: int | None = None,
        window: Window | None = None,
        **options: Any,
    ) -> Question:
        """Return what is asked; further options win over those of the settings."""
        by, period, compare = grouping.by or (), grouping.period, grouping.compare
        config = self.config.override(**options)
        question = Question.of(
            config,
            by=by,
            period=period,
            compare=compare,
            comparisons=COMPARISONS if isinstance(grouping, NpsGrouping) else AGAINST,
            rolling=rolling,
            population=population,
            window=window.days(config.day_first) if window is not None else EVERY_DAY,
        )
        if period is None and question.period != "all":
            where = f", as {self.config.path} says" if question.period == self.config.period else ""
            print_note(f"Note     compared by {question.period}{where}: --period chooses another", quiet=self.quiet)
        return question

    def responses(self, card: Scorecard, partner: str | None = None) -> Iterator[Answer]:
        """Yield the answers that count in a scorecard, or those of one partner alone."""
        if self.answers is not None and self.answers.weighed:
            raise UsageError("--with-responses: numbers of answers tell no single answer: leave it out")
        for answer in self.answers.scores() if self.answers is not None else ():
            if (partner is None or answer[0] == partner) and (answer[1] is None or answer[1] in card.periods):
                yield answer

    def named(self, sources: Sequence[str] | None, options: CardOptions) -> tuple[Sequence[str] | None, CardOptions]:
        """Return what is read: the files that are named, or where there are none those of [sources] in the settings."""
        if sources or options.of_kinds or self.config.path is None:
            return sources, options
        files, options = of_settings(self.config, options)
        if not files and not options.of_kinds:
            return sources, options
        if not self._told:
            print_note(f"Note     the files are those of [sources] in {self.config.path}", quiet=self.quiet)
            self._told = True
        return files, options

    def sorted_out(self, sources: Sequence[str] | None, options: CardOptions, *, list_alone: bool = False) -> Tables:
        """Return the tables that some sources hold, by kind, or the part that is asked for.

        With `list_alone` a list of partners is enough.
        """
        from partnerkpi.results.kinds import sort_out
        from partnerkpi.results.part import part_of

        sources, options = self.named(sources, options)
        self.workspace.question = options.question
        self.workspace.tool = self.workspace.tool or check_tool(options.tool)
        self.workspace.scale = self.workspace.scale or check_scale(options.scale)
        of_kinds = options.of_kinds
        if not sources and not of_kinds:
            raise UsageError("name at least one file that holds answers, activities or customers")
        named = {
            "score": options.score,
            "frequency": options.frequency,
            "partner": options.partner,
            "date": options.date,
        }
        tables = sort_out(self.workspace, sources or [], named, self.config.columns, of_kinds, list_alone=list_alone)
        day_first = options.day_first if options.day_first is not None else self.config.day_first
        return part_of(tables, options.where or (), day_first)

    def card(
        self,
        sources: Sequence[str] | None,
        options: CardOptions,
        *,
        title: str = "Partner scorecard",
        counted: str = "answers, activities and customers",
        every_call: bool = False,
        tables: Tables | None = None,
        carry_on: Path | None = None,
        carried_record: str | None = None,
    ) -> tuple[Scorecard, tuple[SetAside, ...]]:
        """Return the scorecard of some sources, and the rows that were not used; an option wins over the settings.

        `counted` is what is said to be counted while it takes long; `every_call` lists all, not only the first. Where
        the `tables` are sorted out already, they are taken; `carry_on` is the last workbook, whose statuses are, and
        `carried_record` its record, where that is kept elsewhere.
        """
        from partnerkpi.scorecard.build import build_with_rows
        from partnerkpi.scorecard.findings.actions import MOST_CALLS

        sources, options = self.named(sources, options)
        if carry_on is not None:
            self.workspace.reads(carry_on)
        with self.working(f"Counting {counted} ..."):
            config = self.config.override(period=options.period, day_first=options.day_first)
            since, as_of = options.days(config.day_first)
            card, set_aside, self.answers = build_with_rows(
                tables or self.sorted_out(sources, options),
                config,
                as_of=as_of,
                since=since,
                to_date=options.to_date,
                attributed=options.attributed,
                title=title,
                calls=None if every_call else MOST_CALLS,
            )
            if carry_on is not None:
                card = self._carried(card, carry_on, config.day_first, carried_record)
        return card, set_aside

    def _carried(self, card: Scorecard, last: Path, day_first: bool | None, record: str | None) -> Scorecard:
        """Return a scorecard with what was typed into the last workbook."""
        from partnerkpi.job.carry import carry_on
        from partnerkpi.job.statuses import read_statuses

        found = read_statuses(last, day_first=day_first, record=record)
        for note in found.notes:
            print_note(f"Note        {note}", quiet=self.quiet)
        return carry_on(card, found, self.answers, self.workspace.partner_names)

    def spelled(self, text: str) -> str:
        """Return a message as the command that runs takes it: with options that it has, or keys of its settings."""
        return spelled(text, options_of_the_command(), self.config.path)

    @contextlib.contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Show what is being done while it takes long, on standard error and only to a person."""
        if self.quiet or not sys.stderr.isatty():
            yield
            return
        from rich.console import Console

        self.workspace.helper.start()  # as long as this process has one thread: what is shown has its own
        with Console(stderr=True).status(what):
            yield


def of_settings(config: Config, options: CardOptions) -> tuple[list[str], CardOptions]:
    """Return the files of [sources] that are told by their columns, and options that name the others.

    A source is named from here; a connection stays as it is. What an option says wins over the settings.
    """
    configured = config.settings.sources

    def placed(names: Sequence[str]) -> list[str]:
        return [name if "://" in name else str(config.beside(name)) for name in names]

    return placed(configured.files), replace(
        options,
        responses=placed(configured.responses) or None,
        activities=placed(configured.activities) or None,
        customers=placed(configured.customers) or None,
        partners=placed(configured.partners) or None,
        attributed=options.attributed or configured.attributed,
        question=options.question or configured.question,
        tool=options.tool or configured.tool,
        scale=options.scale or configured.scale,
    )


@contextlib.contextmanager
def session(
    common: Common, *, tool: str | None = None, scale: str | None = None, question: str | None = None
) -> Iterator[Session]:
    """Yield a session; its temporary files and the process that reads files go away at the end.

    A program that asked for JSON gets the question with which a command stops as JSON too, where the figures would be.
    """
    if isinstance(common, CardOptions):
        tool, scale = common.tool, common.scale
    run = Session(common, tool, scale, question)
    try:
        with run.workspace:
            yield run
    except PartnerKpiError as error:
        error.put_as(run.spelled(str(error)))
        if not isinstance(error, OpenQuestion):
            raise
        if common.output is OutputFormat.json:
            echo_json({"questions": [str(error)]})
        raise
