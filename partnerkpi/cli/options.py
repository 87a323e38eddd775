"""The options that several commands share: one name, one help text, one default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from partnerkpi.errors import UsageError

Row = Mapping[str, Any]


class OutputFormat(StrEnum):
    """How figures are printed."""

    table = "table"
    json = "json"
    csv = "csv"


class PeriodName(StrEnum):
    """What figures are counted by."""

    all = "all"
    year = "year"
    quarter = "quarter"
    month = "month"


class SheetChoice(StrEnum):
    """Which sheets a workbook has."""

    all = "all"
    with_data = "with-data"


class CompareWith(StrEnum):
    """Which earlier period each period is compared with."""

    previous = "previous"
    year = "year"


class DuplicatesRule(StrEnum):
    """Which answers of one respondent count."""

    latest = "latest"
    first = "first"
    all = "all"


Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="Files to read: CSV, TSV, .xlsx, .xls, .ods, Parquet, a DuckDB file; a pattern (q3/*.csv); one sheet "
        "or table of a file as FILE.xlsx#Sheet or FILE.duckdb#table.",
        show_default=False,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Settings; by default partnerkpi.toml in this folder, if there is one.",
        show_default=False,
    ),
]
Format = Annotated[OutputFormat, typer.Option("--format", help="How to print the figures.")]
SetAsideFile = Annotated[
    Path | None,
    typer.Option(
        "--set-aside",
        metavar="FILE",
        help="Write the rows that were not used to this CSV file, with the reason.",
        show_default=False,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print the figures only: no notes on standard error.")]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="COLUMN",
        help="Group by a column, or by a role such as partner. May be repeated.",
        show_default=False,
    ),
]
Period = Annotated[
    PeriodName | None, typer.Option("--period", help="Also count by period. Default: all.", show_default=False)
]
Compare = Annotated[
    CompareWith | None,
    typer.Option(
        "--compare",
        help="Compare each period with the one before (previous) or the same one a year before (year).",
        show_default=False,
    ),
]
Confidence = Annotated[
    float | None,
    typer.Option("--confidence", metavar="SHARE", help="Of the intervals. Default: 0.95.", show_default=False),
]
MinResponses = Annotated[
    int | None,
    typer.Option(
        "--min-responses",
        metavar="NUMBER",
        help="Flag figures with fewer answers (or customers). Default: 5.",
        show_default=False,
    ),
]
DayFirst = Annotated[
    bool | None,
    typer.Option(
        "--day-first/--month-first",
        help="How to read 3/4/2026, where the column itself does not tell.",
        show_default=False,
    ),
]
PartnerColumn = Annotated[
    str | None,
    typer.Option("--partner", metavar="COLUMN", help="The column that names the partner.", show_default=False),
]
DateColumn = Annotated[
    str | None, typer.Option("--date", metavar="COLUMN", help="The column that holds the date.", show_default=False)
]

ScoreColumn = Annotated[
    str | None,
    typer.Option("--score", metavar="COLUMN", help="The column with the answers from 0 to 10.", show_default=False),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Count until this day. Default: the last one in the data.", show_default=False
    ),
]
CardPeriod = Annotated[
    PeriodName | None,
    typer.Option("--period", help="What a period is. Default: quarter; all without dates.", show_default=False),
]
Attributed = Annotated[
    str | None,
    typer.Option(
        "--attributed",
        metavar="COLUMN=VALUE[,VALUE]",
        help="Which customers count as partner-attributed, such as referral_source=partner.",
        show_default=False,
    ),
]
SurveyTool = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="TOOL",
        help="Read the file as an export of this survey tool, or as an ordinary 'table'. Default: recognised.",
        show_default=False,
    ),
]
ScaleName = Annotated[
    str | None,
    typer.Option(
        "--scale",
        metavar="SCALE",
        help="The scale of the scores, if not 0-10: 1-10, 1-7, 1-5 or 0-100. Not a standard NPS.",
        show_default=False,
    ),
]


def parse_day(text: str | None, option: str) -> dt.date | None:
    """Return the day that an option names; UsageError unless it is written as 2026-09-30."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is not a day: write it as 2026-09-30") from None
