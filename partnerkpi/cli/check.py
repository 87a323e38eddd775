"""`partnerkpi check`: what was recognised and what would be set aside; changes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from partnerkpi.cli import options as given

if TYPE_CHECKING:
    from partnerkpi.scorecard.checkup import Found


def check(
    sources: given.Sources,
    score: given.ScoreColumn = None,
    partner: given.PartnerColumn = None,
    date: given.DateColumn = None,
    day_first: given.DayFirst = None,
    config: given.Config = None,
    output: given.Format = given.OutputFormat.table,
    set_aside: given.SetAsideFile = None,
    quiet: given.Quiet = False,
) -> None:
    """Show what was understood of each file: its table, its columns, the rows that would not be used and why.

    Changes nothing.

    \b
    Example:
      partnerkpi check survey.xlsx --set-aside not-used.csv
    """
    from partnerkpi.cli.output import say
    from partnerkpi.cli.session import session
    from partnerkpi.errors import DataProblem
    from partnerkpi.scorecard.checkup import check_table
    from partnerkpi.tables.columns import Columns
    from partnerkpi.tables.quality import write_set_aside

    with session(config, quiet=quiet) as run:
        question = run.question(None, None, day_first=day_first)
        found = []
        with run.working("Looking at the files ..."):
            for source in sources:
                tables = list(run.workspace.candidates(source))
                if not tables:
                    raise DataProblem(f"{source} holds no table: no row names the columns of rows below it")
                for table in tables:
                    names = {name.casefold() for name in table.columns}
                    named = {
                        role: column
                        for role, column in {"score": score, "partner": partner, "date": date}.items()
                        if column is not None and (len(tables) * len(sources) == 1 or column.casefold() in names)
                    }
                    columns = Columns(table.profiles, table.label, named, run.config.columns)
                    found.append(check_table(table, columns, question))
        if set_aside is not None:
            asides = [one.set_aside for one in found if one.set_aside is not None]
            count = write_set_aside(set_aside, [(one.table, one.rows, one.columns) for one in asides])
            say(f"{count:,} rows that would not be used are in {set_aside}", quiet=quiet)
        if output is given.OutputFormat.json:
            typer.echo(json.dumps({"tables": [one.as_dict() for one in found]}, ensure_ascii=False, indent=2))
        elif output is given.OutputFormat.csv:
            _print_csv(found)
        else:
            typer.echo("\n\n".join(_page(one) for one in found))


def _page(found: Found) -> str:
    lines = [found.source, f"  Found      {found.detail}"]
    lines.append(
        f"  Holds      {found.kind or 'nothing that is recognised (answers, activities, customers or partners)'}"
    )
    for role, column in found.roles.items():
        how = f" ({found.dates[column]})" if column in found.dates else ""
        lines.append(f"  {role.replace('_', ' ').capitalize():<18} {column!r}{how}")
    others = [name for name in found.columns if name not in found.roles.values()]
    if others:
        shown = ", ".join(repr(name if len(name) <= 40 else name[:37] + "...") for name in others[:12])
        lines.append(f"  {'Other columns':<18} {shown}" + (f" and {len(others) - 12} more" if len(others) > 12 else ""))
    ledger = found.ledger
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in ledger.set_aside.items())
    lines.append(
        f"  {'Rows':<18} {ledger.rows_read:,} read = {ledger.rows_used:,} used + {sum(ledger.set_aside.values()):,} "
        "set aside" + (f" ({reasons})" if reasons else "")
    )
    lines += [f"  Question   {question}" for question in found.open_questions]
    lines += [f"  Note       {note}" for note in found.notes]
    lines += ["  First rows", *(f"    {_short(row)}" for row in (found.columns, *found.first_rows))]
    return "\n".join(lines)


def _short(row: tuple[str | None, ...]) -> str:
    cells = [(cell or "").replace("\n", " ") for cell in row[:8]]
    text = " | ".join(cell if len(cell) <= 18 else cell[:17] + "…" for cell in cells)
    return text + (" | …" if len(row) > 8 else "")


def _print_csv(found: list[Found]) -> None:
    import csv
    import sys

    from partnerkpi.tables.quality import harmless

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["source", "kind", "role", "column", "rows_read", "rows_used"])
    for one in found:
        counts = [one.ledger.rows_read, one.ledger.rows_used]
        for role, column in one.roles.items() or [("", "")]:
            writer.writerow([harmless(one.source), one.kind or "", role, harmless(column), *counts])
