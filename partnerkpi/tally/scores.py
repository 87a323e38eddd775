"""From any engine's frame to counts: (groups, period) -> detractors, passives, promoters, and what was set aside.

Counts are enough: every figure of the score KPI follows from three of them, and counts add up. So the engine that
holds the data (pandas, Polars, DuckDB, Spark) reduces it to this small table with one narwhals expression, and the
arithmetic after it is exact and the same everywhere.

What a row counts as is decided in one order: a blank score, a text in a score, a score out of 0..10, a repeated
answer of the same respondent, used. Null and NaN are taken out first, because engines rank NaN above 9 and send
nulls to the `otherwise` of a condition: a silent promoter and a silent detractor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import MONTHS, Period, months_ahead, period_label
from partnerkpi.tables.values import as_text
from partnerkpi.tally.marking import (
    BLANK,
    COUNT,
    HIGHEST,
    KEY,
    LOWEST,
    MONTH,
    PASSIVE,
    PROMOTER,
    RANGE,
    REASONS,
    REPEATED,
    TEXT,
    Duplicates,
    mark,
)

Group = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """The counts of one group in one period."""

    group: Group
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
    marked = mark(frame, score, partner, date, period, respondent, duplicates, row)
    value = marked.value
    # The rarer test comes first in each pair, so that the other is made for few rows. NaN is above everything for some
    # engines: `<= infinity` keeps it out of what is out of range, where it would be counted beside the blanks.
    conditions = {
        "detractors": (value < PASSIVE) & (value >= LOWEST),
        "promoters": (value >= PROMOTER) & (value <= HIGHEST),
        RANGE: (value < LOWEST) | ((value > HIGHEST) & (value <= float("inf"))),
        BLANK: marked.blank,
    }
    if marked.text is not None:
        conditions[TEXT] = marked.text
    if marked.repeated is not None:
        for band in ("detractors", "promoters"):
            conditions[band] = conditions[band] & ~marked.repeated
        conditions[REPEATED] = marked.repeated
    # Booleans are cast before they are added up: sum(bool) fails on some engines. What no condition takes is passive:
    # most rows of most surveys would have to be looked at once more to count what is left anyway.
    # Raw values are grouped and put in order afterwards: trimming ten million names costs more than counting them.
    keys = {f"{KEY}{number}": name for number, name in enumerate(by)}
    ones = [condition.cast(nw.Int64).alias(f"{COUNT}{name}") for name, condition in conditions.items()]
    lazy = marked.frame.with_columns(*(nw.col(name).alias(key) for key, name in keys.items()), *ones)
    sums = [*(nw.col(f"{COUNT}{name}").sum().alias(name) for name in conditions), nw.len().alias("rows")]
    grouping = [*keys, *([MONTH] if period != "all" else [])]
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
    marked = mark(frame, score, partner, date, period, respondent, duplicates, row)
    reason: nw.Expr = nw.when(~((marked.value >= LOWEST) & (marked.value <= HIGHEST))).then(nw.lit(RANGE))
    if marked.repeated is not None:
        reason = nw.when(marked.repeated).then(nw.lit(REPEATED)).otherwise(reason)
    if marked.text is not None:
        reason = nw.when(marked.text).then(nw.lit(TEXT)).otherwise(reason)
    return marked.frame.with_columns(nw.when(marked.blank).then(nw.lit(BLANK)).otherwise(reason).alias("__reason"))


def _collect(result: nw.LazyFrame[Any], by: tuple[str, ...], period: Period, counted: list[str]) -> Tallies:
    native = result.to_native()
    if result.implementation.is_duckdb():  # fetchall needs neither pandas nor pyarrow
        names, rows = list(native.columns), native.fetchall()
    else:
        collected = result.collect()
        names, rows = collected.columns, collected.rows()
    reasons = [name for name in counted if name in REASONS]
    order = [names.index(name) for name in ("rows", "detractors", "promoters", *reasons)]
    at_month = names.index(MONTH) if MONTH in names else None
    at_group = [names.index(f"{KEY}{number}") for number in range(len(by))]
    # Plain numbers are added up first, since months make three times as many rows as quarters; the rest is built once.
    totals: dict[tuple[Group, int | None], list[int]] = {}
    ahead = months_ahead(period)
    for row in rows:
        month = row[at_month] if at_month is not None else None
        stretch = None if month is None or month != month else (int(month) + ahead) // MONTHS[period]
        key = (tuple(row[position] for position in at_group), stretch)
        values = [int(row[position] or 0) for position in order]
        known = totals.get(key)
        totals[key] = values if known is None else [a + b for a, b in zip(known, values, strict=True)]
    cells: dict[tuple[Group, str | None], ScoreTally] = {}
    for (raw, stretch), values in totals.items():
        label = None if stretch is None else period_label(stretch * MONTHS[period] - ahead, period)
        group = tuple(as_text(value) for value in raw)
        rows_read, detractors, promoters, *aside = values
        counts = ScoreTally(detractors, rows_read - detractors - promoters - sum(aside), promoters)
        cells[group, label] = cells[group, label] + counts if (group, label) in cells else counts
    sums = [sum(column) for column in zip(*totals.values(), strict=True)] or [0] * len(order)
    set_aside = dict(zip(reasons, sums[3:], strict=True))
    undated = [counts.responses for (_, label), counts in cells.items() if label is None and period != "all"]
    ordered = sorted(cells.items(), key=lambda item: (tuple(value or "" for value in item[0][0]), item[0][1] or ""))
    return Tallies(
        by,
        period,
        tuple(Cell(group, label, counts) for (group, label), counts in ordered),
        sums[0],
        {reason: set_aside[reason] for reason in REASONS if set_aside.get(reason)},
        sum(undated),
    )
