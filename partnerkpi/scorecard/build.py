"""From the tables that a user names to a scorecard: which table holds what, counted by partner and period."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import partnerkpi
from partnerkpi.config import Config
from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.advocacy import PartnerList, read_partners
from partnerkpi.scorecard.card import ALL_TIME, Counts, Partner, Scorecard, Source
from partnerkpi.scorecard.kinds import ACTIVITIES, CUSTOMERS, PARTNERS, RESPONSES, Tables
from partnerkpi.scorecard.nps import CountedAnswers
from partnerkpi.scorecard.result import Question, SetAside
from partnerkpi.scorecard.retention import layout_of, notes_of, roles_of
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.quality import Ledger
from partnerkpi.tables.read import Table
from partnerkpi.tables.sql import identifier, literal
from partnerkpi.tables.values import as_text
from partnerkpi.tally.activities import count_activities
from partnerkpi.tally.customers import count_customers
from partnerkpi.tally.periods import MONTHS, Period, first_month, gapless, last_day, month_number, period_label

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

NO_DATE = "no date"
OUTSIDE = "date outside the window"


@dataclass
class _Collected:
    """Counts in the making."""

    scores: dict[tuple[str | None, str], ScoreTally] = field(default_factory=dict)
    invited: dict[tuple[str | None, str], int] = field(default_factory=dict)
    activities: defaultdict[tuple[str | None, str], int] = field(default_factory=lambda: defaultdict(int))
    customers: dict[tuple[str | None, str], tuple[int, int]] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    latest: list[dt.date] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)


def build_scorecard(tables: Tables, config: Config, **options: Any) -> Scorecard:
    """Count what the tables hold, by partner and period; takes what `build_with_rows` takes."""
    return build_with_rows(tables, config, **options)[0]


def build_with_rows(
    tables: Tables,
    config: Config,
    *,
    period: Period = "quarter",
    as_of: dt.date | None = None,
    day_first: bool | None = None,
    attributed: str | None = None,
    title: str = "Partner scorecard",
) -> tuple[Scorecard, tuple[SetAside, ...]]:
    """Count what the tables hold, by partner and period, up to a day; by default the last one in the data.

    The current period is the one that holds that day. Returns the scorecard and the rows that were not used, which can
    be read while the workspace is open. DataProblem where there is nothing to show.
    """
    question = Question(
        period=period,
        confidence=config.confidence,
        min_responses=config.min_responses,
        duplicates=config.duplicates,
        day_first=day_first if day_first is not None else config.day_first,
    )
    collected = _Collected()
    listed = read_partners(*tables.partners) if tables.partners is not None else None
    if listed is not None:
        collected.sources.append(_source(PARTNERS, listed.table, {"partner": listed.column}, listed.ledger))
        collected.set_aside.append(SetAside(listed.table, _unused(listed.rows), listed.table.columns))
    if tables.responses is not None:
        _collect_answers(collected, *tables.responses, question, as_of)
    if tables.activities is not None:
        _collect_activities(collected, *tables.activities, listed, question, as_of)
    with_partners = False
    if tables.customers is not None:
        with_partners = _collect_customers(collected, *tables.customers, question, attributed, as_of)
    labels = _periods(collected, question, as_of)
    partners = _partners(listed, collected)
    _add_invited(collected, listed, labels)
    counts = {
        (name, label): Counts(
            collected.scores.get((name, label), ScoreTally()),
            collected.invited.get((name, label)),
            collected.activities.get((name, label), 0),
            *collected.customers.get((name, label), (0, 0)),
        )
        for name in (None, *(partner.name for partner in partners))
        for label in labels
    }
    day = as_of or max(collected.latest, default=None)
    card = Scorecard(
        title=title,
        period_kind=period,
        periods=tuple(labels),
        current=labels[-1],
        as_of=day,
        partners=tuple(partners),
        counts=counts,
        benchmarks=config.benchmarks,
        weights=config.weights,
        confidence=config.confidence,
        min_responses=config.min_responses,
        has_partner_list=listed is not None,
        has_activities=tables.activities is not None,
        has_customers=tables.customers is not None,
        customers_have_partners=with_partners,
        sources=tuple(collected.sources),
        notes=tuple(dict.fromkeys([*tables.notes, *collected.notes, *_missing(tables)])),
        options={"period": period, "duplicates": config.duplicates, "confidence": config.confidence},
        version=partnerkpi.__version__,
    )
    return card, tuple(collected.set_aside)


def _unused(rows: DuckDBPyRelation, late: int | None = None, *, dated: bool = False) -> DuckDBPyRelation:
    """Return the rows that carry a reason; on a page of periods also those without a date or after its end."""
    if dated:
        outside = f"WHEN __month > {late} THEN {literal(OUTSIDE)}" if late is not None else ""
        reason = (
            f"CASE WHEN __reason IS NOT NULL THEN __reason WHEN __month IS NULL THEN {literal(NO_DATE)} {outside} END"
        )
        rows = rows.project(f"* REPLACE ({reason} AS __reason)")
    return rows.filter("__reason IS NOT NULL")


def _collect_answers(
    collected: _Collected, table: Table, columns: Columns, question: Question, as_of: dt.date | None
) -> None:
    by = ("partner",) if columns.get("partner") is not None else ()
    if not by:
        collected.notes.append(
            f"{table.label} has no column that names the partner: its answers count in the total only"
        )
    answers = CountedAnswers(table, columns, replace(question, by=by))
    label_of = ALL_TIME if question.period == "all" else None
    late = _beyond(as_of, question.period)
    aside = dict(answers.ledger.set_aside)
    for cell in answers.tallies.cells:
        label = label_of or cell.period
        if label is None or (late is not None and first_month(label) > late):
            reason = NO_DATE if label is None else OUTSIDE
            if cell.tally.responses:
                aside[reason] = aside.get(reason, 0) + cell.tally.responses
            continue
        key = (cell.group[0] if by else None, label)
        collected.scores[key] = collected.scores.get(key, ScoreTally()) + cell.tally
    collected.notes += answers.notes
    collected.sources.append(_source(RESPONSES, table, answers.roles, Ledger(answers.ledger.rows_read, aside)))
    dated = question.period != "all"
    collected.set_aside.append(SetAside(table, _unused(answers.labelled(question), late, dated=dated), table.columns))
    if answers.date is not None:
        collected.latest += _latest(table, answers.date, as_of)
    _count_invited(collected, table, columns, answers, label_of, question.period)


def _count_invited(
    collected: _Collected, table: Table, columns: Columns, answers: CountedAnswers, label_of: str | None, period: Period
) -> None:
    """Count the people who were invited where the answers' own table says so, row by row."""
    column = columns.get("invited")
    if column is None:
        return
    word = f"lower(trim(CAST({identifier(column)} AS VARCHAR))) IN ('yes', 'y', 'true', 't', '1', '1.0', 'x')"
    who = f"nullif(trim(CAST({identifier(answers.partner)} AS VARCHAR)), '')" if answers.partner else "NULL"
    day = answers.date.expression if answers.date is not None else "CAST(NULL AS TIMESTAMP)"
    counted = table.workspace.connection.sql(
        f"SELECT {who}, year({day}) * 12 + month({day}) - 1, count(*) FROM ({table.relation().sql_query()}) "
        f"WHERE {word} GROUP BY ALL"
    ).fetchall()
    for name, month, count in counted:
        label = label_of or (period_label(month, period) if month is not None else None)
        if label is not None:
            collected.invited[name, label] = collected.invited.get((name, label), 0) + count


def _collect_activities(
    collected: _Collected,
    table: Table,
    columns: Columns,
    listed: PartnerList | None,
    question: Question,
    as_of: dt.date | None,
) -> None:
    date = None
    if question.period != "all":
        date = read_dates(table, columns.required("date"), question.day_first)
        date.check_period(question.period)
    partner = columns.required("partner")
    counted = count_activities(
        table,
        partner=partner,
        known=listed.names if listed is not None else None,
        date=date,
        period=question.period,
        window=(None, as_of or dt.date.max) if date is not None else (None, None),
    )
    for (name, _, period), count in counted.counts.items():
        collected.activities[name, period or ALL_TIME] += count
    roles = {"partner": partner} | ({"date": date.column} if date is not None else {})
    collected.sources.append(_source(ACTIVITIES, table, roles, counted.ledger))
    collected.set_aside.append(SetAside(table, _unused(counted.rows), table.columns))
    if date is not None:
        collected.latest += _latest(table, date, as_of)


def _collect_customers(
    collected: _Collected,
    table: Table,
    columns: Columns,
    question: Question,
    attributed: str | None,
    as_of: dt.date | None,
) -> bool:
    layout = layout_of(table, columns, question, attributed)
    counted = count_customers(table, layout, period=question.period, as_of=as_of)
    late = _beyond(as_of, question.period)
    aside = dict(counted.ledger.set_aside)
    for (name, _, period), (tally, _) in counted.counts.items():
        label = ALL_TIME if question.period == "all" else period
        if label is None or (late is not None and first_month(label) > late):
            if layout.flag is not None:
                reason = NO_DATE if label is None else OUTSIDE
                aside[reason] = aside.get(reason, 0) + tally.customers
            continue
        old = collected.customers.get((name, label), (0, 0))
        collected.customers[name, label] = (old[0] + tally.customers, old[1] + tally.retained)
    collected.notes += notes_of(counted, layout, question)
    collected.sources.append(_source(CUSTOMERS, table, roles_of(layout), Ledger(counted.ledger.rows_read, aside)))
    dated = question.period != "all" and layout.flag is not None
    collected.set_aside.append(SetAside(table, _unused(counted.rows, late, dated=dated), table.columns))
    return counted.with_partners


def _beyond(as_of: dt.date | None, period: Period) -> int | None:
    """Return the last month of the period that holds the as-of day: later periods are not shown."""
    if as_of is None or period == "all":
        return None
    return first_month(period_label(month_number(as_of), period)) + MONTHS[period] - 1


def _latest(table: Table, date: DateColumn, as_of: dt.date | None) -> list[dt.date]:
    limit = f"WHERE CAST({date.expression} AS DATE) <= DATE '{as_of.isoformat()}'" if as_of is not None else ""
    sql = f"SELECT max(CAST({date.expression} AS DATE)) FROM ({table.relation().sql_query()}) {limit}"
    (found,) = table.workspace.connection.sql(sql).fetchall()[0]
    return [found] if found is not None else []


def _periods(collected: _Collected, question: Question, as_of: dt.date | None) -> list[str]:
    labels = {label for counts in (collected.scores, collected.activities, collected.customers) for _, label in counts}
    if question.period != "all" and as_of is not None:
        labels.add(period_label(month_number(as_of), question.period))
    if not labels:
        raise DataProblem(
            "none of the files holds anything that can be counted: 'partnerkpi check FILE' shows what was found"
        )
    if question.period == "all":
        return [ALL_TIME]
    if as_of is None:
        # Renewals are known ahead and answers are not: the page ends with the last period that has been asked about.
        asked = {label for counts in (collected.scores, collected.activities) for _, label in counts}
        last = max(asked, default=max(labels))
        labels = {label for label in labels if label <= last}
    return gapless(labels, question.period)


def _partners(listed: PartnerList | None, collected: _Collected) -> list[Partner]:
    names = {
        name for counts in (collected.scores, collected.activities, collected.customers) for name, _ in counts if name
    }
    partners = []
    if listed is not None:
        columns = listed.columns
        taken = {role: columns.get(role) for role in ("tier", "region", "owner", "annual_value")}
        for name, record in listed.partners.items():
            own = {role: as_text(record[column]) if column else None for role, column in taken.items()}
            value = _money(own["annual_value"])
            partners.append(Partner(name, True, own["tier"], own["region"], own["owner"], value))
        unknown = sorted(names - listed.names, key=str.casefold)
        if unknown:
            shown = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
            collected.notes.append(f"not on the list of partners, and no part of the advocacy share: {shown}")
        names -= listed.names
    partners += [Partner(name, listed is None) for name in names]
    return sorted(partners, key=lambda partner: (not partner.listed, partner.name.casefold(), partner.name))


def _add_invited(collected: _Collected, listed: PartnerList | None, labels: Sequence[str]) -> None:
    """Take the number of invited contacts from the list of partners: it is the same in each period's survey."""
    if listed is None or collected.invited or not collected.scores:
        return
    column = listed.columns.get("invited_contacts")
    if column is None:
        return
    surveyed = {label for _, label in collected.scores}
    for name, record in listed.partners.items():
        number = _money(as_text(record[column]))
        if number is not None and number >= 0:
            for label in labels:
                if label in surveyed:
                    collected.invited[name, label] = int(number)


def _money(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return float(text.replace(",", "").lstrip("$€£ "))
    except ValueError:
        return None


def _source(kind: str, table: Table, columns: Mapping[str, str], ledger: Ledger) -> Source:
    paths = dict.fromkeys(part.path for part in table.parts)
    return Source(
        kind,
        tuple(part.label for part in table.parts),
        dict(columns),
        ledger.rows_read,
        ledger.rows_used,
        dict(ledger.set_aside),
        {path.name: _digest(path) for path in paths},
    )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _missing(tables: Tables) -> list[str]:
    """Say what a scorecard could not show for want of a table, and how to supply it."""
    needed: dict[str, tuple[Any, str]] = {
        RESPONSES: (tables.responses, "the NPS: add a file with the answers from 0 to 10"),
        ACTIVITIES: (tables.activities, "advocacy: add a file with the partners' activities (partner, type, date)"),
        CUSTOMERS: (tables.customers, "retention: add a file with the customers (customer, period, retained, partner)"),
        PARTNERS: (tables.partners, "the share of active advocates and the response rate: add the list of partners"),
    }
    return [
        f"no {kind} were given, so there is no data for {what}"
        for kind, (table, what) in needed.items()
        if table is None
    ]


def latest_day(card: Scorecard) -> dt.date | None:
    """Return the last day of the current period, None where there are no periods."""
    return None if card.period_kind == "all" else last_day(card.current, card.period_kind)


def check_period(period: str) -> Period:
    """Return the period kind that was asked for; UsageError for another word."""
    if period not in ("all", "year", "quarter", "month"):
        raise UsageError(f"period {period!r} is not one of all, year, quarter, month")
    return cast("Period", period)
