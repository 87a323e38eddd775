"""What partners did for us: activities per partner and period, and which of them do not count.

The denominator is the list of partners, never the partners that happen to appear among the activities.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.periods import EVERY_DAY, Period, period_label
from partnerkpi.tables.activity_words import NOT_DONE
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.quality import Ledger
from partnerkpi.tables.sql import identifier, listed, literal, period_number
from partnerkpi.tables.table import Table
from partnerkpi.tables.values import as_text
from partnerkpi.tally.facts import FAR, OUTSIDE
from partnerkpi.vocabulary import plain_name

NO_PARTNER = "no partner"
UNKNOWN_PARTNER = "unknown partner"
NO_DATE = "no date"
UNREADABLE_DATE = "unreadable date"
NOT_TAKEN_PLACE = "has not taken place"
REASONS = (NO_PARTNER, UNKNOWN_PARTNER, NOT_TAKEN_PLACE, NO_DATE, UNREADABLE_DATE, FAR, OUTSIDE)

#: What a column is called that says how far an activity is.
_STATE = re.compile(
    r"(?:activity |request |reference |event |task |call |meeting |aktivitats)?"
    r"(?:status|state|stand|statut|estado|stato|zustand"
    r"|outcome|results?|done|completed|ergebnis|erledigt|resultats?|fait|resultado|hecho|feito|esito|fatto|uitkomst"
    r"|resultaat|wynik)"
)
#: What the day is called on which it was done, and that for which it is planned.
_OF = r"(?:actual |date |activity |reference |request |event |call |case study |referenz )?"
_ON = r"(?: (?:date|on|at|for|day|am|fur|le|pour|el|para|il|em|op|voor))?"
_DAY_DONE = re.compile(
    rf"{_OF}(?:completed|completion|done|given|provided|fulfilled|delivered|published|publication|executed|held|erledigt|erfolgt"
    rf"|durchgefuhrt|veroffentlicht|realise|publie|realizado|publicado|effettuato|pubblicato|uitgevoerd|wykonano){_ON}"
    r"|actual date|date (?:de realisation|de publication|realisee)|fecha de realizacion"
)
_DAY_PLANNED = re.compile(
    rf"{_OF}(?:planned|plan|scheduled|due|target|expected|requested|asked|geplant|soll|angefragt|prevue?|planifiee?"
    rf"|previst[ao]|planificad[ao]|pianificat[ao]|gepland|planowan[ay]){_ON}|(?:plan|soll|ziel)(?:datum|termin)"
    r"|date (?:prevue|planifiee)|fecha prevista|data prevista"
)


@dataclass(frozen=True, slots=True)
class Activities:
    """Counts of activities by partner, group of the activity and period (None for those without a date).

    `unknown` counts those of each partner that is not on the list.
    """

    counts: Mapping[tuple[str, tuple[str | None, ...], str | None], int]
    ledger: Ledger
    undated: int
    rows: Rows
    unknown: Mapping[str, int] = field(default_factory=dict)

    def tally(
        self,
        partners: int,
        *,
        group: tuple[str | None, ...] | None = None,
        period: str | None = None,
        among: frozenset[str] | None = None,
    ) -> AdvocacyTally:
        """Return the advocacy of so many partners: of one period, one group of activities, some partners, or all."""
        by_partner = self._by_partner(group, period, among)
        return AdvocacyTally(partners, len(by_partner), sum(by_partner.values()))

    def active(
        self, *, group: tuple[str | None, ...] | None, period: str | None, among: frozenset[str] | None
    ) -> frozenset[str]:
        """Return the partners that gave at least one activity, of those that `tally` counts."""
        return frozenset(self._by_partner(group, period, among))

    def _by_partner(
        self, group: tuple[str | None, ...] | None, period: str | None, among: frozenset[str] | None
    ) -> Counter[str]:
        by_partner: Counter[str] = Counter()
        for (partner, own_group, own_period), count in self.counts.items():
            if (
                (group is None or own_group == group)
                and (period is None or own_period == period)
                and (among is None or partner in among)
            ):
                by_partner[partner] += count
        return by_partner


def count_activities(
    table: Table,
    *,
    partner: str,
    known: frozenset[str] | None,
    date: DateColumn | None = None,
    period: Period = "all",
    window: tuple[dt.date | None, dt.date | None] = (None, None),
    by: Sequence[str] = (),
) -> Activities:
    """Count activities by partner, by the values of `by`, and by period.

    `known` is the list of partners; None where only their number is known, and then every partner counts. With a
    window (first and last day, both included) only the activities in it count, and those without a date do not.
    """
    name = table.told_by(partner)
    day = f"CAST({date.expression} AS DATE)" if date is not None else "CAST(NULL AS DATE)"
    cases = [f"WHEN {name} IS NULL THEN {literal(NO_PARTNER)}"]
    if known is not None:
        unknown = f"{name} NOT IN {listed(known)}" if known else "TRUE"
        cases.append(f"WHEN {unknown} THEN {literal(UNKNOWN_PARTNER)}")
    cases += [f"WHEN lower({state}) IN {listed(NOT_DONE)} THEN {literal(NOT_TAKEN_PLACE)}" for state in _states(table)]
    cases += [f"WHEN {done} IS NULL THEN {literal(NOT_TAKEN_PLACE)}" for done in _days_done(table)]
    first, last = window
    if date is not None and (first is not None or last is not None):
        filled = table.told_by(date.column)
        cases.append(f"WHEN {filled} IS NULL THEN {literal(NO_DATE)}")
        cases.append(f"WHEN {day} IS NULL THEN {literal(UNREADABLE_DATE)}")
    for (earliest, latest), reason in ((date.near if date is not None else EVERY_DAY, FAR), (window, OUTSIDE)):
        for bound, sign in ((earliest, "<"), (latest, ">")):
            if bound is not None and date is not None:
                cases.append(f"WHEN {day} {sign} DATE {literal(bound.isoformat())} THEN {literal(reason)}")
    rows = table.numbered.select(
        f"SELECT *, CASE {' '.join(cases)} END AS __reason, {name} AS __partner, "
        f"{period_number(day, period)} AS __month FROM __rows"
    )
    groups = "".join(f", {identifier(column)}" for column in by)
    keys = f"__reason, __partner, __month{groups}"
    counted = rows.fetch(f"SELECT {keys}, count(*) FROM __rows GROUP BY {keys}")
    counts: defaultdict[tuple[str, tuple[str | None, ...], str | None], int] = defaultdict(int)
    set_aside: Counter[str] = Counter()
    unknown_partners: Counter[str] = Counter()
    read = undated = 0
    for reason, who, month, *values, count in counted:
        read += count
        if reason is not None:
            set_aside[reason] += count
            if reason == UNKNOWN_PARTNER:
                unknown_partners[who] += count
            continue
        label = period_label(month, period) if month is not None and period != "all" else None
        undated += count if month is None and date is not None else 0
        counts[who, tuple(as_text(value) for value in values), label] += count
    ledger = Ledger(read, {reason: set_aside[reason] for reason in REASONS if set_aside[reason]})
    return Activities(dict(counts), ledger.with_broken(table), undated, rows, unknown_partners)


def _days_done(table: Table) -> list[str]:
    """Return SQL for the day on which an activity was done, where another column says for when it was planned."""
    days = [column for column in table.profiles if column.is_date and not column.nested]
    done = [column for column in days if _DAY_DONE.fullmatch(plain_name(column.name)) and column.filled < column.rows]
    planned = any(_DAY_PLANNED.fullmatch(plain_name(column.name)) for column in days)
    return [f"({table.told_by(column.name)})" for column in done] if planned else []


def _states(table: Table) -> list[str]:
    """Return SQL for what the columns say that tell how far an activity is: done, planned, declined."""
    named = (column for column in table.profiles if _STATE.fullmatch(plain_name(column.name)) and not column.nested)
    return [
        f"({table.told_by(column.name)})" for column in named if not column.is_mostly_numbers and not column.is_date
    ]
