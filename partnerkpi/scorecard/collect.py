"""What one kind of table adds to a scorecard: counts by partner and period, and the rows that are not used."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial

from partnerkpi.comments.names import names_within
from partnerkpi.comments.quotes import own_words
from partnerkpi.comments.review import CommentReview, naming_columns, review_comments
from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.files import sha256_of
from partnerkpi.kpi.conditional import NO_PAIRS, Pairs
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import EVERY_DAY, UNITS, first_month, period_label, period_of
from partnerkpi.results.activity_rows import refuse_numbers_of_activities
from partnerkpi.results.advocacy import PartnerList, refuse_strangers, unknown_partners
from partnerkpi.results.customer_layout import layout_of, roles_of
from partnerkpi.results.kinds import ACTIVITIES, CUSTOMERS, RESPONSES
from partnerkpi.results.nps import CountedAnswers, dates_of
from partnerkpi.results.outside import outside_notes
from partnerkpi.results.remarks import remarks
from partnerkpi.results.result import Question, SetAside
from partnerkpi.results.retention import day_of_row, notes_of
from partnerkpi.scorecard.parts import ALL_TIME, NO_DATE, Partner, Source
from partnerkpi.scorecard.reach import Reach
from partnerkpi.scorecard.stale import ask_of_stale
from partnerkpi.scorecard.worth import Kind, worth_by_kind
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.mistyped import first_and_last, near_dates
from partnerkpi.tables.numbers import read_numbers
from partnerkpi.tables.quality import Ledger
from partnerkpi.tables.roles import named
from partnerkpi.tables.sql import identifier, listed, literal, period_number, person_of
from partnerkpi.tables.table import Table
from partnerkpi.tally.activities import count_activities
from partnerkpi.tally.customers import Money, count_customers
from partnerkpi.tally.facts import PERSON
from partnerkpi.tally.used_answers import UsedAnswers
from partnerkpi.vocabulary import YES, plain_name

OUTSIDE = "date outside the window"


@dataclass
class Collected:
    """Counts in the making."""

    scores: dict[tuple[str | None, str], ScoreTally] = field(default_factory=dict)
    invited: dict[tuple[str | None, str], int] = field(default_factory=dict)
    activities: defaultdict[tuple[str | None, str], int] = field(default_factory=lambda: defaultdict(int))
    customers: dict[tuple[str | None, str], tuple[int, int]] = field(default_factory=dict)
    revenue: dict[tuple[str | None, str], Money] = field(default_factory=dict)
    kinds: dict[tuple[str, str], Kind] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    latest: list[tuple[dt.date, dt.date]] = field(default_factory=list)  # the first and last day of each table
    set_aside: list[SetAside] = field(default_factory=list)
    counted: CountedAnswers | None = None
    invited_by_row: bool = False
    used: UsedAnswers | None = None
    comments: CommentReview | None = None
    own_words: Callable[[str | None], dict[str, tuple[str, ...]]] | None = None  # of a period, by partner

    @property
    def anything(self) -> bool:
        """Tell whether there is an answer, an activity or a customer."""
        answers = any(tally.responses for tally in self.scores.values())
        return answers or any(self.activities.values()) or any(count for count, _ in self.customers.values())


def collect_answers(
    collected: Collected,
    table: Table,
    columns: Columns,
    question: Question,
    date: DateColumn | None,
    config: Config,
    names: Iterable[str] = (),
) -> None:
    """Add the answers of a table: by partner where it names one, up to the as-of day.

    `names` are people's and partners' that stand in other tables: no quote repeats them.
    """
    by = ("partner",) if columns.get("partner") is not None else ()
    if not by:
        collected.notes.append(
            f"{table.label} has no column that names the partner: its answers count in the total only"
        )
    answers = collected.counted = CountedAnswers(table, columns, replace(question, by=by), date)
    label_of = ALL_TIME if question.period == "all" else None
    aside = dict(answers.ledger.set_aside)
    for cell in answers.tallies.cells:
        label = label_of or cell.period
        if label is None:
            if cell.rows:
                aside[NO_DATE] = aside.get(NO_DATE, 0) + cell.rows
            continue
        key = (cell.group[0] if by else None, label)
        collected.scores[key] = collected.scores.get(key, ScoreTally()) + cell.tally
    collected.notes += answers.notes
    collected.sources.append(source(RESPONSES, table, answers.roles, Ledger(answers.ledger.rows_read, aside), columns))
    dated = question.period != "all"
    aside_rows = unused(answers.labelled, dated=dated)
    collected.set_aside.append(
        SetAside(table, aside_rows if answers.counts is None else answers.counts.once(aside_rows))
    )
    found = {"partner": answers.partner, "respondent": columns.get("respondent") if answers.counts is None else None}
    found |= {
        f"dimension {name}": column for name, column in dimensions(columns, config.settings.options.dimensions).items()
    }
    texts = _texts(table, found)
    if (respondent := found["respondent"]) is not None:
        kind = table.kind_of(respondent).kind
        texts["person"] = PERSON if answers.answers.compete else person_of(f"({texts['respondent']})", kind)
    comment = columns.get("comment") if answers.counts is None else None
    collected.used = UsedAnswers(
        answers.labelled,
        question.period,
        texts,
        comment,
        weighed=answers.counts is not None,
        several=answers.answers.several,
        competing=answers.answers.compete,
    )
    if comment is not None:
        collected.comments = review_comments(
            answers, replace(question, by=()), config, names=names, used=collected.used.rows
        )
        collected.own_words = _own_words(collected.used, answers, comment, config, names)
    collected.invited_by_row = answers.counts is None and columns.get("invited") is not None
    if collected.invited_by_row:
        collected.invited |= count_invited(answers, question)


def _own_words(
    used: UsedAnswers, answers: CountedAnswers, comment: str, config: Config, names: Iterable[str]
) -> Callable[[str | None], dict[str, tuple[str, ...]]] | None:
    """Return what gives the comments of a period that their partners may read; None where the settings want none."""
    shown, owners = config.settings.comments, config.settings.owners
    if not shown.pack_quotes:
        return None
    known = [*names, *owners, *owners.values()]
    within = partial(names_within, answers.table.rows, naming_columns(answers, comment), more=known)

    def words(label: str | None) -> dict[str, tuple[str, ...]]:
        rows = used.rows if label is None else used.rows.where(f"stretch = {used.stretch(label)}")
        return own_words(rows, within, quotes=shown.pack_quotes, min_group=shown.min_group)

    return words


def _texts(table: Table, columns: Mapping[str, str | None]) -> dict[str, str]:
    """Return SQL for what tells one value of each column from another, by role."""
    return {role: table.told_by(column) for role, column in columns.items() if column is not None}


def count_invited(answers: CountedAnswers, question: Question) -> dict[tuple[str | None, str], int]:
    """Count the people who were invited where the answers' own table says so, row by row: by partner and period."""
    table, label_of = answers.table, ALL_TIME if question.period == "all" else None
    word = f"lower(trim(CAST({identifier(answers.columns.required('invited'))} AS VARCHAR))) IN {listed(YES)}"
    who = table.told_by(answers.partner) if answers.partner else "NULL"
    day = answers.date.expression if answers.date is not None else "CAST(NULL AS TIMESTAMP)"
    within = "".join(
        f" AND CAST({day} AS DATE) {sign} DATE {literal(bound.isoformat())}"
        for bound, sign in zip(question.window, (">=", "<="), strict=True)
        if bound is not None and answers.date is not None
    )
    number = period_number(day, question.period)
    counted = table.rows.fetch(f"SELECT {who}, {number}, count(*) FROM __rows WHERE {word}{within} GROUP BY ALL")
    invited: dict[tuple[str | None, str], int] = {}
    for name, month, count in counted:
        label = label_of or (period_label(month, question.period) if month is not None else None)
        if label is not None:
            invited[name, label] = invited.get((name, label), 0) + count
    return invited


def collect_activities(
    collected: Collected,
    table: Table,
    columns: Columns,
    listed: PartnerList | None,
    question: Question,
    date: DateColumn | None,
    reach: Reach,
) -> None:
    """Add the activities of a table; those of partners that are not on the list, if there is one, do not count."""
    partner = columns.required("partner")
    refuse_numbers_of_activities(table, columns)
    if date is not None:
        ask_of_stale(table, [date], reach, "no activity")
    counted = count_activities(
        table,
        partner=partner,
        known=listed.names if listed is not None else None,
        date=date,
        period=question.period,
        window=(question.window[0], question.window[1] or dt.date.max) if date is not None else (None, None),
    )
    if listed is not None:
        refuse_strangers(table, counted, listed)
    for (name, _, period), count in counted.counts.items():
        collected.activities[name, period or ALL_TIME] += count
    kind, value = columns.get("activity_type"), columns.get("activity_value")
    if kind is not None and value is not None:
        (amounts,) = read_numbers(table, (value,), money=True)
        collected.kinds |= worth_by_kind(counted.rows, table.told_by(kind), amounts.expression, question.period)
        collected.notes += amounts.notes
    collected.notes += unknown_partners(counted)
    roles = {"partner": partner} | ({"date": date.column} if date is not None else {})
    collected.sources.append(source(ACTIVITIES, table, roles, counted.ledger, columns))
    collected.set_aside.append(SetAside(table, unused(counted.rows)))
    collected.notes += date.notes if date is not None else []
    column = date.column if date is not None else None
    collected.notes += outside_notes(
        counted.ledger.set_aside, question.window, column, until_named=question.until_named
    )


def collect_customers(
    collected: Collected,
    table: Table,
    columns: Columns,
    question: Question,
    attributed: str | None,
    reach: Reach,
) -> bool:
    """Add the customers of a table and return whether it tells the partners' ones from the direct ones."""
    layout = layout_of(table, columns, question, attributed)
    if layout.end is not None:
        ask_of_stale(table, [date for date in (layout.start, layout.end) if date is not None], reach, "no loss")
    counted = count_customers(table, layout, period=question.period, as_of=reach.until, reach=reach.day)
    early, late = _bounds(question, reach.until)
    aside = dict(counted.ledger.set_aside)
    for (name, _, period), (tally, money) in counted.counts.items():
        label = ALL_TIME if question.period == "all" else period
        month = None if label is None or question.period == "all" else first_month(label, question.period)
        if label is None or (month is not None and not (early or 0) <= month <= (late or month)):
            if layout.flag is not None:
                reason = NO_DATE if label is None else OUTSIDE
                aside[reason] = aside.get(reason, 0) + tally.customers
            continue
        old = collected.customers.get((name, label), (0, 0))
        collected.customers[name, label] = (old[0] + tally.customers, old[1] + tally.retained)
        if counted.with_money:
            collected.revenue[name, label] = collected.revenue.get((name, label), Money()) + money
    collected.notes += notes_of(counted, layout, question)
    window = question.window if layout.flag is not None else (None, reach.until)
    collected.notes += outside_notes(aside, window, day_of_row(layout), until_named=question.until_named)
    collected.sources.append(
        source(CUSTOMERS, table, roles_of(layout), Ledger(counted.ledger.rows_read, aside), columns)
    )
    dated = question.period != "all" and layout.flag is not None
    collected.set_aside.append(SetAside(table, unused(counted.rows, early, late, dated=dated)))
    return counted.with_partners


def _bounds(question: Question, until: dt.date | None) -> tuple[int | None, int | None]:
    """Return the first and the last month of the periods that are shown: those of the first and the last day."""
    period = question.period
    if period == "all":
        return None, None
    first, last = (
        first_month(period_of(day, period), period) if day is not None else None for day in (question.window[0], until)
    )
    return first, last + UNITS[period] - 1 if last is not None else None


def dates_and_days(
    table: Table, columns: Columns, question: Question
) -> tuple[DateColumn | None, list[tuple[dt.date, dt.date]]]:
    """Return how the dates of a table are read, if they are needed, and the first and the last day that count.

    The days are those of the whole table, also where only a part of it counts: the part is about the same periods.
    """
    if question.period != "all":
        date = dates_of(table, columns, question)
    elif (column := columns.known("date")) is not None and question.window != EVERY_DAY:
        date = near_dates(table, read_dates(table, column, question.day_first), question.window)
    else:
        return None, []
    days = first_and_last(replace(table, chosen=None), date, question.window)
    return date, [days] if days is not None else []


def unused(rows: Rows, early: int | None = None, late: int | None = None, *, dated: bool = False) -> Rows:
    """Return the rows that carry a reason; on a page of periods also those without a date, and before it or after."""
    if dated:
        beyond = [f"__month {sign} {month}" for sign, month in (("<", early), (">", late)) if month is not None]
        outside = f"WHEN {' OR '.join(beyond)} THEN {literal(OUTSIDE)}" if beyond else ""
        reason = (
            f"CASE WHEN __reason IS NOT NULL THEN __reason WHEN __month IS NULL THEN {literal(NO_DATE)} {outside} END"
        )
        rows = rows.select(f"SELECT * REPLACE ({reason} AS __reason) FROM __rows")
    return rows.where("__reason IS NOT NULL")


def source(kind: str, table: Table, taken: Mapping[str, str], ledger: Ledger, columns: Columns) -> Source:
    """Return what a table contributed, what to look into, the sha256 of each of its files, and the origin of others."""
    paths = dict.fromkeys(part.path for part in table.parts if part.path is not None)
    return Source(
        kind,
        tuple(part.label for part in table.parts),
        dict(taken),
        ledger.rows_read,
        ledger.rows_used,
        dict(ledger.set_aside),
        {path.name: sha256_of(path) for path in paths},
        tuple(part.origin for part in table.parts if part.origin is not None),
        remarks(table, columns, kind, ledger),
    )


#: Names of columns that make segments without being asked; others are named in the settings.
_USUAL = re.compile(
    named(
        "region, tier, partner tier, segment, customer segment, product, product line, market, country, language, "
        "industry, vertical, business unit, programme, program, channel, partner type"
    )
)
#: More different values than this are names or numbers, and no segments.
_MOST = 60

#: What the list of partners says of a partner and divides the answers by.
_OF_PARTNERS = ("region", "tier")


def dimensions(columns: Columns, wanted: Sequence[str] = ()) -> dict[str, str]:
    """Return the columns of the answers that make segments, by the name they are shown under.

    The usual ones by their names, and those that the settings name. A column that the settings name and this table
    does not have belongs to another table.
    """
    found = {
        column.name: column.name
        for column in columns.profiles
        if _USUAL.match(plain_name(column.name))
        and 1 < len(column.distinct) <= _MOST
        and not column.is_mostly_numbers
        and not column.is_date
    }
    asked = {name.casefold() for name in wanted}
    found |= {column.name: column.name for column in columns.profiles if column.name.casefold() in asked}
    return found


def of_partners(
    partners: Iterable[Partner], scores: Mapping[tuple[str | None, str], ScoreTally], taken: Iterable[str]
) -> dict[str, dict[tuple[str | None, str], dict[str | None, ScoreTally]]]:
    """Return the segments that follow from the list of partners, such as their region: the tallies of their partners.

    A dimension that the answers themselves carry (`taken`) is not made again. Answers without a known partner stand
    under None.
    """
    segments: dict[str, dict[tuple[str | None, str], dict[str | None, ScoreTally]]] = {}
    for dimension, values in _values_of_partners(partners, taken):
        cells = segments.setdefault(dimension, {})
        for (name, period), tally in scores.items():
            cells.setdefault((values.get(name), period), {})[name] = tally
    return segments


def pairs_of_partners(
    partners: Iterable[Partner], pairs: Mapping[tuple[str | None, str, str], Pairs], taken: Iterable[str]
) -> dict[str, dict[tuple[str | None, str, str], Pairs]]:
    """Return the persons who answered in two periods by segments of the list of partners: the sums of their partners.

    Of the same dimensions as `of_partners`.
    """
    segments: dict[str, dict[tuple[str | None, str, str], Pairs]] = {}
    for dimension, values in _values_of_partners(partners, taken):
        cells = segments.setdefault(dimension, {})
        for (name, before, after), one in pairs.items():
            key = values.get(name), before, after
            cells[key] = cells.get(key, NO_PAIRS) + one
    return segments


def _values_of_partners(
    partners: Iterable[Partner], taken: Iterable[str]
) -> Iterator[tuple[str, dict[str | None, str | None]]]:
    """Yield each dimension that the list of partners has and the answers have not, with each partner's value."""
    known, listed = {plain_name(name) for name in taken}, list(partners)
    for dimension in _OF_PARTNERS:
        values: dict[str | None, str | None] = {partner.name: getattr(partner, dimension) for partner in listed}
        if dimension not in known and any(values.values()):
            yield dimension, values
