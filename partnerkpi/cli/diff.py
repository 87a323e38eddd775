"""`partnerkpi diff`: what changed from one scorecard to the next."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from partnerkpi.cli import options as given
from partnerkpi.cli.terminal import echo, echo_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partnerkpi.config import Config
    from partnerkpi.job.differences import Made
    from partnerkpi.job.told import Section

_MOST = 20  # rows of a section in the terminal


class DiffFormat(StrEnum):
    """How differences are printed."""

    table = "table"
    json = "json"
    markdown = "markdown"


def diff(
    old: Annotated[
        Path | None, given.argument("[OLD.xlsx]", "The earlier workbook. Default: that of the run before the last.")
    ] = None,
    new: Annotated[Path | None, given.argument("[NEW.xlsx]", "The later one. Default: that of the last run.")] = None,
    config: given.Config = None,
    output: Annotated[
        DiffFormat, given.option("--format", "How to print what differs: table, json or markdown. Default: table.")
    ] = DiffFormat.table,
    quiet: given.Quiet = False,
) -> None:
    """Say what changed from one scorecard workbook to the next, and whether it is more than chance.

    Figures, ratings, partners that are new or gone, definitions and settings, and earlier periods that late answers
    changed. Both are told from the records that they carry: what was typed into cells is not looked at.

    \b
    Example:
      partnerkpi diff 2026-06.xlsx 2026-09.xlsx
    """
    from partnerkpi.config import load
    from partnerkpi.job.differences import differences, names_of, read_made
    from partnerkpi.job.told import headline, markdown, sections

    settings = load(config)
    names = names_of(settings)
    if old is not None and new is not None:
        found = differences(read_made(old), read_made(new), names)
    else:
        found = differences(*_last_runs(old, settings), names)
    if output is DiffFormat.json:
        echo_json(found.as_dict())
    elif output is DiffFormat.markdown:
        echo(markdown(headline(found), sections(found)), fold=False)
    else:
        echo(headline(found))
        print_sections(sections(found), quiet=quiet)


def _last_runs(old: Path | None, loaded: Config) -> tuple[Made, Made]:
    """Return the scorecards of the last two runs."""
    from partnerkpi.errors import UsageError
    from partnerkpi.job.history import History

    if old is not None:
        raise UsageError(f"{old}: name the other workbook too, the later one behind it")
    folder = loaded.beside(loaded.settings.run.keep)
    history = History(folder, loaded.beside(""))
    if len(history) < 2:
        raise UsageError(f"{folder} remembers {len(history)} runs, and two are compared: name two workbooks")
    return history.entry(-2).made(), history.entry(-1).made()


def print_sections(told: Sequence[Section], *, quiet: bool) -> None:
    """Print sections one below the other, the first rows of each."""
    from partnerkpi.cli.table import print_table

    for one in told:
        echo(f"\n{one.title}")
        rows = [_row(one, cells) for cells in one.rows[:_MOST]]
        if rows:
            print_table(rows, [(head, _cell(head)) for head in one.heads if head != "Partner"], quiet=quiet)
        if (left := len(one.rows) - _MOST) > 0:
            echo(f"... and {left:,} more: --format json has all of them")
        for text in one.below:
            echo(text)


def _row(section: Section, cells: Sequence[str]) -> dict[str, Any]:
    texts = dict(zip(section.heads, cells, strict=True))
    partner = texts.pop("Partner", None)
    return {"group": {"Partner": partner} if partner is not None else {}, "period": None, **texts}


def _cell(head: str) -> Any:
    return lambda row: row[head]
