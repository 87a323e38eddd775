"""From any engine's frame to counts: (groups, period) -> detractors, passives, promoters, and what was set aside.

Counts are enough: every figure of the score KPI follows from three of them, and counts add up. So the engine that
holds the data (pandas, Polars, DuckDB, Spark) reduces it to this small table with one narwhals expression, and the
arithmetic after it is exact and the same everywhere.

What a row counts as is decided in one order: a blank score, a text in a score, a score out of 0..10, a repeated
answer of the same respondent, used. Null and NaN are taken out first, because engines rank NaN above 9 and send
nulls to the `otherwise` of a condition: a silent promoter and a silent detractor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import narwhals as nw

from partnerkpi.errors import UsageError
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.tables.values import as_text
from partnerkpi.tally.periods import MONTHS, PERIODS, Period, period_label

Duplicates = Literal["latest", "first", "all"]

DUPLICATES: tuple[Duplicates, ...] = ("latest", "first", "all")

BLANK = "blank score"
TEXT = "text in a score"
RANGE = "out of range"
REPEATED = "duplicate respondent"
REASONS = (BLANK, TEXT, RANGE, REPEATED)

#: Texts that survey tools, R and spreadsheets write for "no answer"; compared without case.
NO_ANSWER = (
    "",
    "na",
    "n/a",
    "#n/a",
    "nan",
    "null",
    "none",
    "nil",
    "-",
    "--",
    "–",
    "—",
    ".",
    "?",
    "<na>",
    "no answer",
    "not answered",
)

_NUMBER = r"^[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?$"

# Names of the columns that the expression adds; two underscores keep them out of a survey's way.
_SCORE, _TEXT_FORM, _MONTH, _REPEATED, _ORDER, _KEY = (
    f"__{name}" for name in ("score", "text", "month", "repeated", "order", "key")
)



@dataclass(frozen=True, slots=True)
class Cell:
    """The counts of one group in one period."""

    group: tuple[str | None, ...]
    period: str | None
    tally: ScoreTally


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counts per group and period, with every row of the source accounted for.

    `period` is None where no period was asked for and for answers without a date. `rows_read` equals the responses
    of all cells plus the sum of `set_aside`.
    """

    by: tuple[str, ...]
    period: Period
    cells: tuple[Cell, ...]
    rows_read: int
    set_aside: dict[str, int] = field(default_factory=dict)
    undated: int = 0

    @property
    def rows_used(self) -> int:
        """Return the number of rows that count."""
        return sum(cell.tally.responses for cell in self.cells)


def tally(
    frame: Any,
    *,
    score: str,
    by: Sequence[str] = (),
    partner: str | None = None,
    date: str | None = None,
    period: Period = "all",
    respondent: str | None = None,
    duplicates: Duplicates = "latest",
    row: str | None = None,
) -> Tallies:
    """Count the answers of a frame by group and period.

    `frame` is a pandas, Polars (eager or lazy), DuckDB or Spark frame; `score` may hold numbers or text; `date` a date
    or date-time (instants with a zone are counted in UTC). With `respondent`, only the latest (or first) answer of each
    partner, respondent and period counts; answers without a respondent always count. `row` names the column that holds
    the order of the file and breaks ties; without it the frame's own order is taken where the engine has one.

    Three answers 9, 7 and 3 give one cell with one promoter, one passive and one detractor.
    """
    marked = _mark(frame, score, partner, date, period, respondent, duplicates, row)
    value, counts = marked.value, marked.counts
    bands = {"detractors": (value >= 0) & (value < 7), "passives": (value >= 7) & (value < 9), "promoters": (value >= 9) & (value <= 10)}
    conditions = {**bands, BLANK: marked.blank}
    if marked.text is not None:
        conditions[TEXT] = marked.text
    if marked.repeated is not None:
        conditions = {name: condition & counts for name, condition in conditions.items()} | {
            BLANK: marked.blank,
            REPEATED: marked.repeated,
        }
    # Booleans are cast before they are added up: sum(bool) fails on some engines. What no condition takes is out of
    # range: a remainder, so that the reasons and the answers add up to the rows whatever an engine makes of NaN.
    sums = [condition.cast(nw.Int64).sum().alias(name) for name, condition in conditions.items()]
    # Raw values are grouped and put in order afterwards: trimming ten million names costs more than counting them.
    keys = {f"{_KEY}{number}": name for number, name in enumerate(by)}
    lazy = marked.frame
    if keys:
        lazy = lazy.with_columns(*(nw.col(name).alias(key) for key, name in keys.items()))
    grouping = [*keys, *([_MONTH] if period != "all" else [])]
    sums.append(nw.len().alias("rows"))
    result = lazy.group_by(grouping).agg(*sums) if grouping else lazy.select(*sums)
    return _collect(result, tuple(by), period, list(conditions))


def label(
    frame: Any,
    *,
    score: str,
    partner: str | None = None,
    date: str | None = None,
    period: Period = "all",
    respondent: str | None = None,
    duplicates: Duplicates = "latest",
    row: str | None = None,
) -> nw.LazyFrame[Any]:
    """Add to each row the column `__reason`: why it does not count, null if it does.

    Takes what `tally` takes and decides the same. Nothing is computed until the frame is collected.
    """
    marked = _mark(frame, score, partner, date, period, respondent, duplicates, row)
    reason = nw.when(~((marked.value >= 0) & (marked.value <= 10))).then(nw.lit(RANGE))
    if marked.repeated is not None:
        reason = nw.when(marked.repeated).then(nw.lit(REPEATED)).otherwise(reason)
    if marked.text is not None:
        reason = nw.when(marked.text).then(nw.lit(TEXT)).otherwise(reason)
    return marked.frame.with_columns(nw.when(marked.blank).then(nw.lit(BLANK)).otherwise(reason).alias("__reason"))


@dataclass(frozen=True, slots=True)
class _Marked:
    """A frame with the conditions that decide what each of its rows counts as."""

    frame: nw.LazyFrame[Any]
    value: nw.Expr
    blank: nw.Expr
    text: nw.Expr | None
    repeated: nw.Expr | None = None

    @property
    def counts(self) -> nw.Expr:
        return ~self.repeated if self.repeated is not None else ~self.blank


def _mark(
    frame: Any,
    score: str,
    partner: str | None,
    date: str | None,
    period: Period,
    respondent: str | None,
    duplicates: Duplicates,
    row: str | None,
) -> _Marked:
    if period not in PERIODS:
        raise UsageError(f"period {period!r} is not one of {', '.join(PERIODS)}")
    if duplicates not in DUPLICATES:
        raise UsageError(f"duplicates {duplicates!r} is not one of {', '.join(DUPLICATES)}")
    if period != "all" and date is None:
        raise UsageError(f"a {period} needs a date column: name it with --date COLUMN")
    marked = _with_score(_plain_text(_plain_zone(frame, date), score), score)
    lazy = marked.frame
    if period != "all" and date is not None:
        lazy = lazy.with_columns(_month_number(lazy, date).alias(_MONTH))
    if respondent is not None and duplicates != "all":
        usable = (marked.value >= 0) & (marked.value <= 10) & ~marked.blank
        lazy = _with_repeats(lazy, usable, partner, date, period, respondent, duplicates, row)
        return _Marked(lazy, marked.value, marked.blank, marked.text, nw.col(_REPEATED) == 1)
    return _Marked(lazy, marked.value, marked.blank, marked.text)


def _with_score(lazy: nw.LazyFrame[Any], score: str) -> _Marked:
    kind = lazy.collect_schema()[score]
    column = nw.col(score)
    if kind.is_float():
        return _Marked(lazy, column, column.is_null() | column.is_nan(), None)
    if kind.is_numeric():
        return _Marked(lazy, column, column.is_null(), None)
    if kind == nw.String:
        lazy = lazy.with_columns(column.str.strip_chars().alias(_TEXT_FORM))
        plain, value = nw.col(_TEXT_FORM), nw.col(_SCORE)
        number = nw.when(plain.str.contains(_NUMBER)).then(plain.str.replace_all(",", ".", literal=True))
        lazy = lazy.with_columns(number.cast(nw.Float64).alias(_SCORE))
        blank = plain.is_null() | plain.str.to_lowercase().is_in(NO_ANSWER)
        return _Marked(lazy, value, blank, value.is_null() & ~blank)
    # A column of dates or TRUE/FALSE holds no score at all: every value in it is a text.
    lazy = lazy.with_columns(nw.lit(None).cast(nw.Float64).alias(_SCORE))
    return _Marked(lazy, nw.col(_SCORE), column.is_null(), ~column.is_null())


def _month_number(lazy: nw.LazyFrame[Any], date: str) -> nw.Expr:
    """Return months since year 0; quarters and years are added up from them.

    A number and not a truncated date: that comes back as date, datetime or Timestamp depending on the engine.
    """
    kind = lazy.collect_schema()[date]
    if kind != nw.Date and kind != nw.Datetime:
        raise UsageError(f"column {date!r} holds no dates: name the column that does with --date COLUMN")
    year, month = nw.col(date).dt.year().cast(nw.Int64), nw.col(date).dt.month().cast(nw.Int64)
    return year * 12 + month - 1


def _with_repeats(
    lazy: nw.LazyFrame[Any],
    usable: nw.Expr,
    partner: str | None,
    date: str | None,
    period: Period,
    respondent: str,
    duplicates: Duplicates,
    row: str | None,
) -> nw.LazyFrame[Any]:
    """Mark all but the latest (or first) answer of one partner, respondent and period.

    Only answers that could count compete: a later blank does not displace an earlier score.
    """
    if row is None:
        row = f"{_ORDER}_file"
        lazy = _with_file_order(lazy, row)
    lazy = lazy.with_row_index(_ORDER, order_by=[*([date] if date is not None else []), row])
    person = _as_text(lazy, respondent)
    keys = {f"{_KEY}_competes": (usable & ~person.is_null()).cast(nw.Int64).fill_null(0)}
    keys[f"{_KEY}_respondent"] = person.fill_null("")
    if partner is not None:
        keys[f"{_KEY}_partner"] = _as_text(lazy, partner).fill_null("")
    if period != "all":
        keys[f"{_KEY}_period"] = (nw.col(_MONTH) // MONTHS[period]).fill_null(-1)
    lazy = lazy.with_columns(*(expression.alias(name) for name, expression in keys.items()))
    position = nw.col(_ORDER).cast(nw.Int64)
    kept = (position.max() if duplicates == "latest" else position.min()).over(*keys)
    lazy = lazy.with_columns(kept.alias(f"{_ORDER}_kept"))
    repeated = (nw.col(f"{_KEY}_competes") == 1) & (position != nw.col(f"{_ORDER}_kept"))
    return lazy.with_columns(repeated.cast(nw.Int64).alias(_REPEATED))


def _with_file_order(lazy: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
    """Number the rows as the engine holds them; an engine without an order numbers them by all columns, always alike."""
    if lazy.implementation.is_duckdb():
        from duckdb import SQLExpression, StarExpression

        numbered = lazy.to_native().select(StarExpression(), SQLExpression("row_number() over ()").alias(name))
        return nw.from_native(numbered)
    if lazy.implementation.is_pandas_like() or lazy.implementation.is_polars():
        return lazy.collect().with_row_index(name).lazy()
    return lazy.with_row_index(name, order_by=lazy.collect_schema().names())


def _as_text(lazy: nw.LazyFrame[Any], name: str) -> nw.Expr:
    """Return a column as text that tells respondents or partners apart: outer blanks go, empty is null."""
    kind = lazy.collect_schema()[name]
    text = nw.col(name).cast(nw.String) if kind != nw.String else nw.col(name).str.strip_chars()
    if kind.is_float():
        text = nw.when(~nw.col(name).is_nan()).then(text)
    return nw.when(text != "").then(text)


def _plain_zone(frame: Any, date: str | None) -> nw.LazyFrame[Any]:
    """Return the frame lazily, its date column without a zone: an instant is counted in UTC, on every engine alike."""
    wrapped = nw.from_native(frame)
    lazy = wrapped.lazy() if isinstance(wrapped, nw.DataFrame) else wrapped
    if date is None:
        return lazy
    kind = lazy.collect_schema()[date]
    if not isinstance(kind, nw.Datetime) or kind.time_zone is None:
        return lazy
    if lazy.implementation.is_duckdb():  # DuckDB keeps the zone in the connection, so narwhals cannot convert it
        from duckdb import ColumnExpression, ConstantExpression, FunctionExpression, StarExpression

        instant = FunctionExpression("timezone", ConstantExpression("UTC"), ColumnExpression(date)).alias(date)
        return nw.from_native(lazy.to_native().select(StarExpression(exclude=[date]), instant))
    return lazy.with_columns(nw.col(date).dt.convert_time_zone("UTC").dt.replace_time_zone(None))


def _plain_text(lazy: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
    """Return the frame with a column of mixed Python objects (pandas) or categories as text."""
    kind = lazy.collect_schema()[name]
    if kind == nw.Object and lazy.implementation.is_pandas_like():
        native = lazy.collect().to_native()
        plain = native[name].map(as_text).astype("string")
        return nw.from_native(native.assign(**{name: plain})).lazy()
    if kind in (nw.Categorical, nw.Enum):
        return lazy.with_columns(nw.col(name).cast(nw.String))
    return lazy


def _collect(result: nw.LazyFrame[Any], by: tuple[str, ...], period: Period, counted: list[str]) -> Tallies:
    native = result.to_native()
    if result.implementation.is_duckdb():  # fetchall needs neither pandas nor pyarrow
        names, rows = native.columns, native.fetchall()
    else:
        collected = result.collect()
        names, rows = collected.columns, collected.rows()
    reasons = [name for name in counted if name in REASONS]
    cells: dict[tuple[tuple[str | None, ...], str | None], ScoreTally] = {}
    set_aside: Counter[str] = Counter()
    rows_read = undated = 0
    for values in rows:
        record = dict(zip(names, values, strict=True))
        counts = ScoreTally(*(int(record[band] or 0) for band in ("detractors", "passives", "promoters")))
        aside = {reason: int(record[reason] or 0) for reason in reasons}
        aside[RANGE] = int(record["rows"]) - counts.responses - sum(aside.values())
        set_aside.update(aside)
        rows_read += int(record["rows"])
        group = tuple(as_text(record[f"{_KEY}{number}"]) for number in range(len(by)))
        month = record.get(_MONTH)
        label = None if month is None or month != month else period_label(int(month), period)
        if period != "all" and label is None:
            undated += counts.responses
        cells[group, label] = cells.get((group, label), ScoreTally()) + counts
    ordered = sorted(cells.items(), key=lambda item: (tuple(value or "" for value in item[0][0]), item[0][1] or ""))
    return Tallies(
        by,
        period,
        tuple(Cell(group, label, counts) for (group, label), counts in ordered),
        rows_read,
        {reason: set_aside[reason] for reason in REASONS if set_aside[reason]},
        undated,
    )
