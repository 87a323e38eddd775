"""The options that several commands share: one name, one help text, one default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from partnerkpi.cli.declared import argument as argument
from partnerkpi.cli.declared import option as option
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import OpenQuestion, UsageError
from partnerkpi.periods import Days

Row = Mapping[str, Any]


class OutputFormat(StrEnum):
    """How figures are printed."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


class PeriodName(StrEnum):
    """What figures are counted by."""

    all = "all"
    year = "year"
    quarter = "quarter"
    month = "month"
    week = "week"


class LanguageName(StrEnum):
    """The languages of a message and of the guide."""

    en = "en"
    de = "de"
    fr = "fr"
    es = "es"


class SheetChoice(StrEnum):
    """Which sheets a workbook has."""

    all = "all"
    with_data = "with-data"


class CompareWith(StrEnum):
    """Which earlier period each period is compared with."""

    previous = "previous"
    year = "year"


class NpsCompareWith(StrEnum):
    """Which earlier periods those of an NPS are compared with."""

    previous = "previous"
    year = "year"
    rolling = "rolling"


class DuplicatesRule(StrEnum):
    """Which answers of one respondent count."""

    latest = "latest"
    first = "first"
    all = "all"


class DecimalMark(StrEnum):
    """What stands before the decimals of a number."""

    point = "point"
    comma = "comma"


Sources = Annotated[
    list[str],
    argument(
        "SOURCE",
        "Files to read: CSV, TSV, .xlsx, .xls, .ods, Parquet, a DuckDB file, also as .gz, .zst or .zip; a folder, a "
        "pattern (q3/*.csv), - for a pipe; one sheet or table of a file as FILE.xlsx#Sheet or FILE.duckdb#table.",
    ),
]
CardSources = Annotated[
    list[str] | None,
    argument(
        "SOURCE",
        "Files to read, as CSV, TSV, .xlsx, .xls, .ods, Parquet, a DuckDB file; a pattern; FILE.xlsx#Sheet. Each table "
        "is told by its columns; what they do not show is said with the options --responses to --partners.",
    ),
]
ResponsesFiles = Annotated[
    list[str] | None, option("--responses FILE", "A file that holds answers. May be repeated, as the next three.")
]
ActivitiesFiles = Annotated[list[str] | None, option("--activities FILE", "A file that holds partners' activities.")]
CustomersFiles = Annotated[list[str] | None, option("--customers FILE", "A file that holds customers.")]
PartnersFiles = Annotated[list[str] | None, option("--partners FILE", "A file that lists the partners.")]
Config = Annotated[
    Path | None, option("--config FILE", "Settings; by default partnerkpi.toml in this folder, if there is one.")
]
Format = Annotated[OutputFormat, option("--format", "How to print the figures. Default: table.")]
Shown = Annotated[
    str | None,
    option("--columns NAME[,NAME]", "Print these columns of the table, as their heads call them, beside the names."),
]
Wide = Annotated[bool, option("--wide", "Print the whole table, each row in one line, however narrow the window is.")]
Into = Annotated[
    Path | None,
    option(
        "-o --output FILE",
        "Write the figures to this file instead; its ending says how: .csv, .xlsx, .json, .md, .parquet.",
    ),
]
SetAsideFile = Annotated[
    Path | None, option("--set-aside FILE", "Write the rows that were not used to this CSV file, with the reason.")
]
Encoding = Annotated[
    str | None,
    option("--encoding NAME", "Of text files that are not UTF-8, such as cp1250 or shift_jis. Default: told or asked."),
]
Decimal = Annotated[
    DecimalMark | None,
    option(
        "--decimal", "What stands before decimals, where a column of amounts does not tell (1.200). Default: asked."
    ),
]
Quiet = Annotated[bool, option("--quiet", "Print the figures only: no notes on standard error.")]
By = Annotated[
    list[str] | None, option("--by COLUMN", "Group by a column, or by a role such as partner. May be repeated.")
]
Period = Annotated[PeriodName | None, option("--period", "Also count by period. Default: all.")]
Compare = Annotated[
    CompareWith | None,
    option("--compare", "Compare each period with the one before (previous) or the same one a year before (year)."),
]
NpsCompare = Annotated[
    NpsCompareWith | None,
    option(
        "--compare",
        "Compare each period with the one before (previous) or the same one a year before (year), or the last periods "
        "together with as many before them (rolling).",
    ),
]
Confidence = Annotated[float | None, option("--confidence SHARE", "Of the intervals. Default: 0.95.")]
MinResponses = Annotated[
    int | None, option("--min-responses NUMBER", "Flag figures with fewer answers (or customers). Default: 5.")
]
DayFirst = Annotated[
    bool | None, option("--day-first/--month-first", "How to read 3/4/2026, where the column itself does not tell.")
]
PartnerColumn = Annotated[str | None, option("--partner COLUMN", "The column that names the partner.")]
DateColumn = Annotated[str | None, option("--date COLUMN", "The column that holds the date.")]

ScoreColumn = Annotated[str | None, option("--score COLUMN", "The column with the answers from 0 to 10.")]
FrequencyColumn = Annotated[
    str | None,
    option(
        "--frequency COLUMN",
        "The column that says how many gave an answer; 'across' where each answer or band has a column of its own, "
        "'none' where each row is one answer.",
    ),
]
QuestionText = Annotated[
    str | None,
    option("--question TEXT", "The question whose answers count, where a column names the question of each row."),
]
Until = Annotated[str | None, option("--to DATE", "Count until this day, as --as-of does.")]
Where = Annotated[
    list[str] | None,
    option(
        "--where CONDITION",
        "Count only rows such as 'region=EMEA': =, !=, <, >, <=, >=, or 'tier in Gold, Silver'. Again: all hold.",
    ),
]
CardWhere = Annotated[
    list[str] | None,
    option(
        "--where CONDITION",
        "Count a part: rows and partners such as 'region=EMEA' or 'tier in Gold, Silver'. Again: all hold.",
    ),
]
Sort = Annotated[
    str | None, option("--sort KEY", "Groups by this figure of the JSON, largest first; KEY:up smallest first.")
]
Top = Annotated[int | None, option("--top NUMBER", "Show so many groups: the largest, or the first by --sort.")]
RowSort = Annotated[
    str | None,
    option("--sort KEY", "Rows by this key of the JSON: numbers largest first; KEY:up or KEY:down says which way."),
]
RowTop = Annotated[int | None, option("--top NUMBER", "Show so many rows: the first, or those by --sort.")]
AsOf = Annotated[str | None, option("--as-of DATE", "Count until this day. Default: the last one in the data.")]
Since = Annotated[str | None, option("--from DATE", "Count from this day. Default: the first one in the data.")]
ToDate = Annotated[
    bool,
    option("--to-date", "Show the period that has just begun. Default: the newest that is half over."),
]
CardPeriod = Annotated[PeriodName | None, option("--period", "What a period is. Default: quarter; all without dates.")]
Attributed = Annotated[
    str | None,
    option(
        "--attributed COLUMN=VALUE[,VALUE]",
        "Which customers count as partner-attributed, such as referral_source=partner.",
    ),
]
CarryOn = Annotated[
    Path | None,
    option(
        "--carry-on LAST.xlsx",
        "The last workbook: what was typed there beside its calls (status, date, note) is carried into this one.",
    ),
]
SurveyTool = Annotated[
    str | None,
    option(
        "--as TOOL", "Read the file as an export of this survey tool, or as an ordinary 'table'. Default: recognised."
    ),
]
ScaleName = Annotated[
    str | None,
    option("--scale SCALE", "The scale of the scores, if not 0-10: 1-10, 1-7, 1-5, 0-100, or 1-11 for 0-10."),
]


@dataclass(frozen=True)
class Common:
    """What every command takes that reads tables: its settings, and how it prints."""

    config: Config = None
    output: Format = OutputFormat.table
    into: Into = None
    shown: Shown = None
    wide: Wide = False
    set_aside: SetAsideFile = None
    encoding: Encoding = None
    decimal: Decimal = None
    quiet: Quiet = False

    @property
    def wanted(self) -> list[str] | None:
        """Return the columns of the table that are to be printed; None for all."""
        return [name.strip() for name in self.shown.split(",") if name.strip()] if self.shown is not None else None


@dataclass(frozen=True)
class Grouping:
    """What a KPI is counted by."""

    by: By = None
    period: Period = None
    compare: Compare = None
    where: Where = None
    sort: Sort = None
    top: Top = None


@dataclass(frozen=True)
class NpsGrouping(Grouping):
    """What an NPS is counted by."""

    compare: NpsCompare = None  # type: ignore[assignment]  # of one comparison more


@dataclass(frozen=True)
class Window:
    """From when and until when rows count."""

    since: Since = None
    until: Until = None
    as_of: AsOf = None

    def days(self, day_first: bool | None) -> Days:
        """Return the first and the last day that count."""
        return _days(self.since, self.until, self.as_of, day_first)


@dataclass(frozen=True)
class CardTime(Window):
    """From when and until when a scorecard counts, by which periods, and which part of the data."""

    to_date: ToDate = False
    period: CardPeriod = None
    where: CardWhere = None


@dataclass(frozen=True)
class Ordering:
    """In which order the rows of a list stand, and how many are shown."""

    sort: RowSort = None
    top: RowTop = None


@dataclass(frozen=True)
class CardColumns:
    """How the tables of a scorecard are read."""

    score: ScoreColumn = None
    question: QuestionText = None
    frequency: FrequencyColumn = None
    partner: PartnerColumn = None
    date: DateColumn = None
    attributed: Attributed = None
    day_first: DayFirst = None
    tool: SurveyTool = None
    scale: ScaleName = None


@dataclass(frozen=True)
class CardKinds:
    """The files of which the user says what they hold, beside those that are told by their columns."""

    responses: ResponsesFiles = None
    activities: ActivitiesFiles = None
    customers: CustomersFiles = None
    partners: PartnersFiles = None

    @property
    def of_kinds(self) -> dict[str, list[str]]:
        """Return the files by what they hold."""
        given = {name.name: getattr(self, name.name) for name in fields(CardKinds)}
        return {kind: files for kind, files in given.items() if files}


@dataclass(frozen=True)
class CardOptions(Common, CardColumns, CardTime, CardKinds):
    """What a command takes that prints what follows from a scorecard: the options of each group, the last one first."""


def parse_day(text: str | None, option: str, *, day_first: bool | None = None) -> dt.date | None:
    """Return the day that an option names, in any form that a column may have; UsageError if it names none.

    A month, a quarter or a year is its first day for `--from`, and its last one for others.
    """
    if text is None:
        return None
    try:
        if len(text) != 10 or "W" in text.upper():  # a week is all its days, and no Monday
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        from partnerkpi.tables.dates import read_day

        try:
            found = read_day(text, day_first=day_first, last=option != "--from")
        except OpenQuestion as question:
            raise OpenQuestion(f"{option} {question}; or write it as 2026-09-30") from None
        if found is None:
            raise UsageError(f"{option} {text!r} is not a day: write it as 2026-09-30") from None
        return found


def _days(since: str | None, until: str | None, as_of: str | None, day_first: bool | None) -> Days:
    """Return the first and the last day that count, of which the last has two names."""
    if until is not None and as_of is not None:
        raise UsageError("--to and --as-of both name the last day that counts: use one of them")
    last = "--to" if until is not None else "--as-of"
    return window_of(since, until or as_of, day_first, last)


def window_of(since: str | None, until: str | None, day_first: bool | None, last: str = "--as-of") -> Days:
    """Return the first and the last day that count; UsageError where they are the wrong way round."""
    window = parse_day(since, "--from", day_first=day_first), parse_day(until, last, day_first=day_first)
    if window[0] is not None and window[1] is not None and window[0] > window[1]:
        raise UsageError(f"--from {since} is after {last} {until}: exchange them")
    return window
