"""Who answered, seen beyond the counts of partners: segments, people who answered before, and whom to call.

Everything is counted by DuckDB from the rows that were used; the rows themselves never come into Python, except those
of people who need a call in the current period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from partnerkpi.kpi.scores import PASSIVE_FROM, PROMOTER_FROM, ScoreTally
from partnerkpi.periods import MONTHS, Period, first_month, months_ahead, period_label
from partnerkpi.tables.sql import identifier
from partnerkpi.tables.values import as_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

#: The table of rows that were used; it lives as long as the workspace.
USED = "used_answers"


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """One answer of one person: the score now, and the one before where the person answered in an earlier period."""

    partner: str | None
    respondent: str | None
    day: dt.date | None
    score: float
    before: float | None = None


@dataclass(frozen=True, slots=True)
class People:
    """How many different people answered in a period, and how many of them had answered in an earlier one."""

    people: int
    returning: int


class UsedAnswers:
    """The answers that count, kept in a table beside the data, so that each question is a short query."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        labelled: DuckDBPyRelation,
        period: Period,
        columns: Mapping[str, str | None],
        late: int | None = None,
    ) -> None:
        """Keep the used rows of `labelled`, a relation with the reason why a row does not count.

        `columns` names the columns of score, partner, respondent and comment, and under `dimension ...` those of the
        segments; `late` is the last month that counts.
        """
        self.connection, self.period = connection, period
        self.dimensions = {
            role.removeprefix("dimension "): f"d{number}"
            for number, role in enumerate(role for role in columns if role.startswith("dimension "))
        }
        known = set(labelled.columns)
        score = "__score" if "__score" in known else identifier(columns["score"] or "")
        texts = {"partner": "partner", "respondent": "respondent", "comment": "comment"}
        texts |= {f"dimension {name}": short for name, short in self.dimensions.items()}
        parts = [f"CAST({score} AS DOUBLE) AS score", _stretch(period, known), _day(known)]
        parts += [f"{_text(columns.get(role))} AS {short}" for role, short in texts.items()]
        limit = f"AND __month <= {late}" if late is not None and "__month" in known else ""
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {USED} AS SELECT {', '.join(parts)} "
            f"FROM ({labelled.sql_query()}) WHERE __reason IS NULL {limit}"
        )

    def label(self, stretch: int | None) -> str | None:
        """Return the name of a period that the table holds as a number."""
        if stretch is None or self.period == "all":
            return None
        return period_label(stretch * MONTHS[self.period] - months_ahead(self.period), self.period)

    def stretch(self, label: str) -> int:
        """Return the number under which the table holds a period."""
        return (first_month(label, self.period) + months_ahead(self.period)) // MONTHS[self.period]

    def segments(self, dimension: str) -> dict[tuple[str | None, str | None], ScoreTally]:
        """Return the counts of each value of a dimension in each period; None is an answer without the value."""
        column = self.dimensions[dimension]
        sql = f"SELECT {column}, stretch, {_BANDS} FROM {USED} GROUP BY ALL ORDER BY ALL"
        found = self.connection.sql(sql).fetchall()
        tallies: dict[tuple[str | None, str | None], ScoreTally] = {}
        for value, stretch, detractors, passives, promoters in found:
            key = (as_text(value), self.label(stretch))
            tallies[key] = tallies.get(key, ScoreTally()) + ScoreTally(detractors, passives, promoters)
        return tallies

    def people(self) -> dict[str | None, People]:
        """Return by period how many people answered and how many had answered in an earlier one."""
        found = self.connection.sql(
            f"""SELECT stretch, count(*), count(*) FILTER (first < stretch) FROM (
                SELECT DISTINCT respondent, partner, stretch,
                    min(stretch) OVER (PARTITION BY respondent, partner) AS first
                FROM {USED} WHERE respondent IS NOT NULL) GROUP BY ALL"""
        ).fetchall()
        return {self.label(stretch): People(people, returning) for stretch, people, returning in found}

    def to_call(self, label: str | None) -> list[PersonAnswer]:
        """Return the detractors of a period, and its passives who were promoters when they answered last before.

        Of several answers on that last day the highest is taken: nobody who was a promoter is overlooked.
        """
        now = f"stretch = {self.stretch(label)}" if label is not None and self.period != "all" else "TRUE"
        earlier = f"before.stretch < {self.stretch(label)}" if label is not None and self.period != "all" else "FALSE"
        found = self.connection.sql(
            f"""WITH low AS (SELECT * FROM {USED} WHERE {now} AND score < {PROMOTER_FROM}),
            before AS (
                SELECT low.partner, low.respondent, max((before.stretch, before.day, before.score))[3] AS score
                FROM (SELECT DISTINCT partner, respondent FROM low) AS low JOIN {USED} AS before
                ON before.respondent = low.respondent AND before.partner IS NOT DISTINCT FROM low.partner
                WHERE {earlier} GROUP BY ALL)
            SELECT low.partner, low.respondent, low.day, low.score, before.score FROM low LEFT JOIN before
            ON before.respondent = low.respondent AND before.partner IS NOT DISTINCT FROM low.partner
            WHERE low.score < {PASSIVE_FROM} OR before.score >= {PROMOTER_FROM}
            ORDER BY low.partner, low.score, low.day, low.respondent"""
        ).fetchall()
        return [PersonAnswer(*row) for row in found]


def used_scores(connection: DuckDBPyConnection, period: Period) -> Iterator[tuple[str | None, str | None, Any, float]]:
    """Yield partner, name of the period, day and score of each answer that counts, in an order that is always the same.

    The name is None on a page of all time; answers without a date count on no other. Nothing where no answers were
    given.
    """
    if not connection.sql(f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{USED}'").fetchall():
        return
    known = "" if period == "all" else "WHERE stretch IS NOT NULL"
    cursor = connection.execute(
        f"SELECT partner, stretch, day, score FROM {USED} {known} ORDER BY partner NULLS LAST, stretch, day, score"
    )
    labels: dict[int | None, str | None] = {None: None}
    while block := cursor.fetchmany(10_000):
        for partner, stretch, day, score in block:
            if stretch not in labels:
                labels[stretch] = period_label(stretch * MONTHS[period] - months_ahead(period), period)
            yield partner, labels[stretch], day, score


_BANDS = (
    f"count(*) FILTER (score < {PASSIVE_FROM}), "
    f"count(*) FILTER (score >= {PASSIVE_FROM} AND score < {PROMOTER_FROM}), "
    f"count(*) FILTER (score >= {PROMOTER_FROM})"
)


def _stretch(period: Period, known: Sequence[str] | set[str]) -> str:
    if period == "all" or "__month" not in known:
        return "CAST(NULL AS INTEGER) AS stretch"
    return f"CAST((__month + {months_ahead(period)}) // {MONTHS[period]} AS INTEGER) AS stretch"


def _day(known: Sequence[str] | set[str]) -> str:
    return f"CAST({'__date' if '__date' in known else 'NULL'} AS DATE) AS day"


def _text(column: str | None) -> str:
    return f"nullif(trim(CAST({identifier(column)} AS VARCHAR)), '')" if column is not None else "CAST(NULL AS VARCHAR)"
