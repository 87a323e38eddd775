"""From answers to counts: (groups, period) -> detractors, passives, promoters, and what was set aside.

Counts are enough: every figure of the score KPI follows from three of them, and counts add up. So the engine that
holds the answers reduces them to this small table, and the arithmetic after it is exact and the same everywhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from partnerkpi.errors import UsageError
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import MONTHS, Period, months_ahead, period_label
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.sql import PLACE, identifier
from partnerkpi.tables.values import as_text
from partnerkpi.tables.workspace import Workspace
from partnerkpi.tally.facts import REASON_OF, REASONS, REPEATED, Answers, Duplicates

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


def tally(answers: Answers, by: Sequence[str] = ()) -> Tallies:
    """Count answers by the values of some columns and by period.

    Three answers 9, 7 and 3 give one cell with one promoter, one passive and one detractor.
    """
    cells: defaultdict[tuple[Group, str | None], list[int]] = defaultdict(lambda: [0, 0, 0])
    aside: Counter[str] = Counter()
    for *raw, stretch, counts_as, rows, repeated in answers.counted(by):
        counts = cells[tuple(map(as_text, raw)), label_of(stretch, answers.period)]  # also of a group without answers
        aside[REPEATED] += int(repeated)
        if counts_as in REASON_OF:
            aside[REASON_OF[counts_as]] += rows
        else:
            counts[counts_as] += int(rows)
    ordered = sorted(cells.items(), key=lambda item: (tuple(value or "" for value in item[0][0]), item[0][1] or ""))
    found = tuple(Cell(group, label, ScoreTally(*counts)) for (group, label), counts in ordered)
    undated = sum(cell.tally.responses for cell in found if cell.period is None) if answers.period != "all" else 0
    used = sum(cell.tally.responses for cell in found)
    reasons = {reason: aside[reason] for reason in REASONS if aside[reason]}
    return Tallies(tuple(by), answers.period, found, used + aside.total(), reasons, undated)


def label_of(stretch: int | None, period: Period) -> str | None:
    """Return the name of a period that an engine counts as a number: months from year 0, divided by those of one."""
    if stretch is None or period == "all":
        return None
    return period_label(stretch * MONTHS[period] - months_ahead(period), period)


def tally_scores(
    frame: Any,
    *,
    score: str,
    by: Sequence[str] = (),
    partner: str | None = None,
    date: str | None = None,
    period: Period = "all",
    respondent: str | None = None,
    duplicates: Duplicates = "latest",
) -> Tallies:
    """Count the answers of a frame by group and period.

    `frame` is a pandas, Polars (eager or lazy), PyArrow or DuckDB frame; `score` may hold numbers or text; `date` a
    date or date-time (instants with a zone are counted in UTC). With `respondent`, only the latest (or first) answer of
    each partner, respondent and period counts, of two at one time the lower in the frame; answers without a respondent
    always count. Three answers 9, 7 and 3 give one cell with one promoter, one passive and one detractor.
    """
    with Workspace() as workspace:
        engine = workspace.engine
        engine.connection.register("frame", _plain(frame, score))
        kinds = dict(engine.columns("SELECT * FROM frame"))
        day = None
        if date is not None:
            if kinds[date] != "DATE" and not kinds[date].startswith("TIMESTAMP"):
                raise UsageError(f"column {date!r} holds no dates: name the column that does with --date COLUMN")
            name = identifier(date)
            day = f"timezone('UTC', {name})" if "ZONE" in kinds[date] else f"CAST({name} AS TIMESTAMP)"
        rows = Rows(engine, f"SELECT *, row_number() OVER () AS {PLACE} FROM frame")
        kind = "VARCHAR" if kinds[score].startswith("ENUM") else kinds[score]
        who, person = ((name, kinds[name]) if name is not None else None for name in (partner, respondent))
        return tally(Answers(rows, identifier(score), kind, who, person, day, period, duplicates), by)


def _plain(frame: Any, score: str) -> Any:
    """Return a frame as DuckDB reads it, a pandas column of mixed objects as text."""
    if hasattr(frame, "collect"):
        frame = frame.collect()
    if hasattr(frame, "to_arrow_table"):  # a relation of another connection
        return frame.to_arrow_table()
    if hasattr(frame, "iloc") and frame[score].dtype == object:
        return frame.assign(**{score: frame[score].map(as_text).astype("string")})
    return frame
