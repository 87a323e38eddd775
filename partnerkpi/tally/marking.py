"""What each row of answers counts as, as expressions that every engine understands.

One order decides: a blank score, a text in a score, a score out of 0..10, a repeated answer of the same respondent,
used. Null and NaN are taken out first, because engines rank NaN above 9 and send nulls to the `otherwise` of a
condition: a silent promoter and a silent detractor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw

from partnerkpi import vocabulary
from partnerkpi.errors import UsageError
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE, PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.periods import MONTHS, PERIODS, Period, months_ahead
from partnerkpi.tables.numbertext import PLAIN
from partnerkpi.tables.values import as_text

Duplicates = Literal["latest", "first", "all"]

DUPLICATES: tuple[Duplicates, ...] = ("latest", "first", "all")

BLANK = "blank score"
TEXT = "text in a score"
RANGE = "out of range"
REPEATED = "duplicate respondent"
REASONS = (BLANK, TEXT, RANGE, REPEATED)

# Whole numbers, so that an engine does not turn whole scores into floats to compare them.
LOWEST, PASSIVE, PROMOTER, HIGHEST = map(int, (LOWEST_SCORE, PASSIVE_FROM, PROMOTER_FROM, HIGHEST_SCORE))

# Names of the columns that the expression adds; two underscores keep them out of a survey's way.
_SCORE, _TEXT_FORM, MONTH, _REPEATED, _ORDER, KEY, COUNT = (
    f"__{name}" for name in ("score", "text", "month", "repeated", "order", "key", "count_")
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A frame with the conditions that decide what each of its rows counts as."""

    frame: nw.LazyFrame[Any]
    value: nw.Expr
    blank: nw.Expr
    text: nw.Expr | None
    repeated: nw.Expr | None = None


def mark(
    frame: Any,
    score: str,
    partner: str | None,
    date: str | None,
    period: Period,
    respondent: str | None,
    duplicates: Duplicates,
    row: str | None,
) -> Marked:
    """Return a frame with the conditions that decide what its rows count as; takes what `scores.tally` takes."""
    if period not in PERIODS:
        raise UsageError(f"period {period!r} is not one of {', '.join(PERIODS)}")
    if duplicates not in DUPLICATES:
        raise UsageError(f"duplicates {duplicates!r} is not one of {', '.join(DUPLICATES)}")
    if period != "all" and date is None:
        raise UsageError(f"a {period} needs a date column: name it with --date COLUMN")
    marked = _with_score(_plain_text(_plain_zone(frame, date), score), score)
    lazy = marked.frame
    if period != "all" and date is not None:
        lazy = lazy.with_columns(_month_number(lazy, date).alias(MONTH))
    if respondent is not None and duplicates != "all":
        usable = (marked.value >= LOWEST) & (marked.value <= HIGHEST) & ~marked.blank
        lazy = _with_repeats(lazy, usable, partner, date, period, respondent, duplicates, row)
        return Marked(lazy, marked.value, marked.blank, marked.text, nw.col(_REPEATED) == 1)
    return Marked(lazy, marked.value, marked.blank, marked.text)


def _with_score(lazy: nw.LazyFrame[Any], score: str) -> Marked:
    kind = lazy.collect_schema()[score]
    column = nw.col(score)
    if kind.is_float():
        return Marked(lazy, column, column.is_null() | column.is_nan(), None)
    if kind.is_numeric():
        return Marked(lazy, column, column.is_null(), None)
    if kind == nw.String:
        lazy = lazy.with_columns(column.str.strip_chars().alias(_TEXT_FORM))
        plain, value = nw.col(_TEXT_FORM), nw.col(_SCORE)
        number = nw.when(plain.str.contains(f"^{PLAIN}$")).then(plain.str.replace_all(",", ".", literal=True))
        lazy = lazy.with_columns(number.cast(nw.Float64).alias(_SCORE))
        blank = plain.is_null() | plain.str.to_lowercase().is_in(sorted(vocabulary.BLANK))
        return Marked(lazy, value, blank, value.is_null() & ~blank)
    # A column of dates or TRUE/FALSE holds no score at all: every value in it is a text.
    lazy = lazy.with_columns(nw.lit(None).cast(nw.Float64).alias(_SCORE))
    return Marked(lazy, nw.col(_SCORE), column.is_null(), ~column.is_null())


def _month_number(lazy: nw.LazyFrame[Any], date: str) -> nw.Expr:
    """Return months since year 0; quarters and years are added up from them.

    A number and not a truncated date: that comes back as date, datetime or Timestamp depending on the engine.
    """
    kind = lazy.collect_schema()[date]
    if kind != nw.Date and kind != nw.Datetime:
        raise UsageError(f"column {date!r} holds no dates: name the column that does with --date COLUMN")
    return nw.col(date).dt.year() * 12 + nw.col(date).dt.month() - 1


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
    keys = {f"{KEY}_competes": (usable & ~person.is_null()).cast(nw.Int64).fill_null(0)}
    keys[f"{KEY}_respondent"] = person.fill_null("")
    if partner is not None:
        keys[f"{KEY}_partner"] = _as_text(lazy, partner).fill_null("")
    if period != "all":
        keys[f"{KEY}_period"] = ((nw.col(MONTH) + months_ahead(period)) // MONTHS[period]).fill_null(-1)
    lazy = lazy.with_columns(*(expression.alias(name) for name, expression in keys.items()))
    position = nw.col(_ORDER).cast(nw.Int64)
    kept = (position.max() if duplicates == "latest" else position.min()).over(*keys)
    lazy = lazy.with_columns(kept.alias(f"{_ORDER}_kept"))
    repeated = (nw.col(f"{KEY}_competes") == 1) & (position != nw.col(f"{_ORDER}_kept"))
    return lazy.with_columns(repeated.cast(nw.Int64).alias(_REPEATED))


def _with_file_order(lazy: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
    """Add the number of each row as the engine holds them; without an order, by all columns, always alike."""
    if lazy.implementation.is_duckdb():
        from duckdb import SQLExpression, StarExpression

        numbered = lazy.to_native().select(StarExpression(), SQLExpression("row_number() over ()").alias(name))
        return _wrapped(numbered)
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
    lazy = _wrapped(frame)
    if date is None:
        return lazy
    kind = lazy.collect_schema()[date]
    if not isinstance(kind, nw.Datetime) or kind.time_zone is None:
        return lazy
    if lazy.implementation.is_duckdb():  # DuckDB keeps the zone in the connection, so narwhals cannot convert it
        from duckdb import ColumnExpression, ConstantExpression, FunctionExpression, StarExpression

        instant = FunctionExpression("timezone", ConstantExpression("UTC"), ColumnExpression(date)).alias(date)
        return _wrapped(lazy.to_native().select(StarExpression(exclude=[date]), instant))
    return lazy.with_columns(nw.col(date).dt.convert_time_zone("UTC").dt.replace_time_zone(None))


def _wrapped(frame: Any) -> nw.LazyFrame[Any]:
    wrapped: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(frame)
    return wrapped.lazy() if isinstance(wrapped, nw.DataFrame) else wrapped


def _plain_text(lazy: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
    """Return the frame with a column of mixed Python objects (pandas) or categories as text."""
    kind = lazy.collect_schema()[name]
    if kind == nw.Object and lazy.implementation.is_pandas_like():
        native = lazy.collect().to_native()
        plain = native[name].map(as_text).astype("string")
        return _wrapped(native.assign(**{name: plain}))
    if kind in (nw.Categorical, nw.Enum):
        return lazy.with_columns(nw.col(name).cast(nw.String))
    return lazy
