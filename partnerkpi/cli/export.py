"""`partnerkpi export`: tidy tables with a dictionary, for Power BI, Tableau, a spreadsheet or a warehouse."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.declared import leaving_out
from partnerkpi.cli.terminal import echo
from partnerkpi.dataclass import dataclass


class FileFormat(StrEnum):
    """What the tables are written as."""

    csv = "csv"
    parquet = "parquet"


Files = Annotated[FileFormat, given.option("--format", "What to write the tables as. Default: csv.")]


@dataclass(frozen=True)
class ExportOptions(given.CardOptions):
    """What the command takes: a scorecard's options, with formats of files."""

    output: Files = FileFormat.csv  # type: ignore[assignment]  # of files, not of what is printed


@leaving_out("since", "into", "shown", "wide")
def export(
    folder: Annotated[Path, given.argument("DIR", "The folder to write the tables to; made if it is not there.")],
    sources: given.CardSources = None,
    *,
    options: ExportOptions,
) -> None:
    """Write tidy tables for other programs: partners, periods, figures with bounds, counts, and the calls to make.

    Takes the files of a scorecard. The figures are those of nps, advocacy and retention --by partner --period quarter
    (or another --period). Each table has a column level, so that no total is added to its parts; dictionary.csv and
    datapackage.json say what each column means. All files are written, or none.

    \b
    Example:
      partnerkpi export tables responses.csv activities.csv customers.csv partners.csv --format parquet
    """
    from functools import partial

    from partnerkpi.cli.output import print_note, write_unused
    from partnerkpi.cli.session import session
    from partnerkpi.scorecard.handover.rows import hand_over
    from partnerkpi.scorecard.handover.write import write_tables
    from partnerkpi.tables.written import write_parquet

    with session(options) as run:
        tables = run.sorted_out(sources, options)
        card, rows = run.card(sources, options, every_call=True, tables=tables)
        config = run.config.override(day_first=options.day_first)
        with run.working("Counting each partner and period ..."):
            as_of = options.days(config.day_first)[1]
            made = hand_over(tables, card, config, as_of=as_of, attributed=options.attributed)
            written = write_tables(
                folder,
                made.rows,
                options.output.value,
                partial(write_parquet, run.workspace.connection),
                part=card.part.words,
            )
        write_unused(rows, options)
    for name, count in written.items():
        echo(f"{folder / name}  {count:,} rows")
    for note in (*card.notes, *made.notes):
        print_note(f"Note     {note}", quiet=options.quiet)
