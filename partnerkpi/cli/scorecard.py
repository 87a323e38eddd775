"""`partnerkpi scorecard`: from exports to the workbook that is mailed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnerkpi.cli import options as given

if TYPE_CHECKING:
    from partnerkpi.scorecard.card import Scorecard


def scorecard(
    sources: given.Sources,
    target: Annotated[
        Path, typer.Option("-o", "--output", metavar="OUT.xlsx", help="The workbook to write.", show_default=False)
    ],
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="Count until this day. Default: the last one in the data.",
            show_default=False,
        ),
    ] = None,
    period: Annotated[
        given.PeriodName | None,
        typer.Option("--period", help="What a period is. Default: quarter.", show_default=False),
    ] = None,
    per_partner: Annotated[
        Path | None,
        typer.Option(
            "--per-partner",
            metavar="DIR",
            help="Also write one workbook for each partner, with its figures alone.",
            show_default=False,
        ),
    ] = None,
    title: Annotated[str, typer.Option("--title", help="The heading of the first page.")] = "Partner scorecard",
    score: Annotated[
        str | None,
        typer.Option("--score", metavar="COLUMN", help="The column with the answers from 0 to 10.", show_default=False),
    ] = None,
    partner: given.PartnerColumn = None,
    date: given.DateColumn = None,
    attributed: Annotated[
        str | None,
        typer.Option(
            "--attributed",
            metavar="COLUMN=VALUE[,VALUE]",
            help="Which customers count as partner-attributed, such as referral_source=partner.",
            show_default=False,
        ),
    ] = None,
    day_first: given.DayFirst = None,
    config: given.Config = None,
    quiet: given.Quiet = False,
) -> None:
    """Build the scorecard workbook from answers, activities, customers and the list of partners.

    Name the files in any order, or one workbook with these sheets: each table is recognised by its columns.

    \b
    Example:
      partnerkpi scorecard responses.csv activities.csv customers.csv partners.csv -o scorecard.xlsx
    """
    from partnerkpi.cli.options import parse_day
    from partnerkpi.cli.output import say
    from partnerkpi.cli.session import session
    from partnerkpi.errors import UsageError
    from partnerkpi.scorecard.build import build_scorecard, check_period
    from partnerkpi.scorecard.kinds import sort_out
    from partnerkpi.workbook.build import write_workbook

    if target.suffix.lower() != ".xlsx":
        raise UsageError(f"-o {target}: the scorecard is an Excel workbook; name a file that ends in .xlsx")
    with session(config, quiet=quiet) as run:
        with run.working("Counting answers, activities and customers ..."):
            named = {"score": score, "partner": partner, "date": date}
            tables = sort_out(run.workspace, sources, named, run.config.columns)
            card = build_scorecard(
                tables,
                run.config,
                period=check_period(period.value if period is not None else run.config.period or "quarter"),
                as_of=parse_day(as_of, "--as-of"),
                day_first=day_first,
                attributed=attributed,
                title=title,
            )
        with run.working("Laying out the workbook ..."):
            write_workbook(card, target)
        if per_partner is not None:
            _write_packs(card, per_partner, quiet=quiet)
    for line in _account(card):
        say(line, quiet=quiet)
    for line in headline(card):
        say(line, quiet=quiet)
    typer.echo(str(target))


def headline(card: Scorecard) -> list[str]:
    """Return what the scorecard says, in sentences: each KPI with its interval, and how it moved."""
    from partnerkpi.scorecard.words import headline as sentences

    return sentences(card)


def _account(card: Scorecard) -> list[str]:
    lines = []
    for source in card.sources:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in source.set_aside.items())
        columns = ", ".join(f"{role}: {name!r}" for role, name in source.columns.items())
        lines.append(
            f"{source.kind.capitalize():<11} {source.rows_used:,} of {source.rows_read:,} rows used"
            + (f"; set aside: {reasons}" if reasons else "")
        )
        lines.append(f"{'':<11} {columns}")
    return lines + [f"Note        {note}" for note in card.notes]


def _write_packs(card: Scorecard, folder: Path, *, quiet: bool) -> None:
    import sys

    from partnerkpi.cli.output import say
    from partnerkpi.demo.folder import make_folder
    from partnerkpi.scorecard.packs import file_names, for_partner
    from partnerkpi.workbook.build import write_workbook

    make_folder(folder)
    names = file_names([partner.name for partner in card.partners])
    packs = list(names.items())
    if not quiet and sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import track

        packs = track(packs, "Writing one workbook a partner", console=Console(stderr=True))  # type: ignore[assignment]
    for partner, name in packs:
        write_workbook(for_partner(card, partner), folder / name)
    say(f"{len(names):,} workbooks, one a partner, are in {folder}", quiet=quiet)
