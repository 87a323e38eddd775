"""What a status says of customers beside the days on which they begin and end, where the two do not agree."""

from __future__ import annotations

import datetime as dt
import re

from partnerkpi.errors import OpenQuestion
from partnerkpi.results.result import Question
from partnerkpi.results.words_of_life import example_of, how_to_say
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.columns import OPTIONS, Columns, quoted
from partnerkpi.tables.customer_names import STATUS
from partnerkpi.tables.customer_words import folded, has_end, is_state
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.roles import named
from partnerkpi.tables.sql import PLACE, listed, literal
from partnerkpi.tables.table import Table
from partnerkpi.tally.customer_rows import OPEN
from partnerkpi.vocabulary import lines, plain_name

_STATUS = re.compile(named(STATUS))
_NEARLY_ALL = 0.8
#: One in so many customers that are still there by their status may have an end that has passed by accident.
_ENDED_IN = 50
#: One in so many that are gone by their status may have no day of leaving by accident.
_UNDATED_IN = 10

#: What says of a contract that it goes on by itself after its end, as yes or in a word of its own.
_RENEWS_ITSELF = re.compile(
    r"\bauto ?(?:matic(?:ally)?)? ?(?:renew\w*|extend\w*|extension)|\brenews? automatically\b|\bevergreen\b"
    r"|\bautomatische? (?:vertrags)?verlangerung|\bverlangert sich\b|\bautoverlangerung"
    r"|\btacite reconduction|\breconduction tacite"
    r"|\brenouvellement automatique|\brenovacion automatica|\brenovacao automatica|\brinnovo (?:automatico|tacito)"
    r"|\bautomatisch\w* verleng\w*|\bstilzwijgend\w* verleng\w*"
)
_RENEWAL = re.compile(r"\brenewal(?: type| term| mode| method)?$|^verlangerung(?:sart)?$")
_BY_ITSELF = lines("auto, automatic, automatically, auto renew, auto-renew, auto-renewal, evergreen, automatisch")


def status_beside_dates(columns: Columns) -> str | None:
    """Return the column called a status nearly all of whose words say how a customer is, None if there is none.

    Beside starts and ends it need not say "active" to be that of a customer: laufend and abgelaufen do.
    """
    for one in columns.profiles:
        if _STATUS.search(plain_name(one.name)):
            known = sum(map(is_state, one.distinct))
            if 0 < known >= _NEARLY_ALL * len(one.distinct):
                return one.name
    return None


def ask_of_status(
    table: Table,
    columns: Columns,
    question: Question,
    status: tuple[str, bool],
    known: tuple[str | None, DateColumn | None, DateColumn],
) -> None:
    """Raise OpenQuestion where a status and the days of a table contradict each other in more than a few rows.

    `status` is the column and whether yes says that a customer stayed; `known` are the columns of the customer, the
    start and the end. A contract that renews itself is active after its end; one that was lost without a day of it is
    no customer for ever.
    """
    column, _ = status
    _, start, end = known
    rows = states_of(table, question, status, known)
    if start is not None and not columns.choice("end_date").is_named:
        _ask_of_passed(rows, f"{column!r} of {table.label}", end.column, start.near[1], question)
    if question.period != "all":
        _ask_of_undated(rows, f"{column!r} of {table.label}", end.column, question)


def ask_of_renewing(table: Table, columns: Columns, question: Question, end: DateColumn) -> None:
    """Raise OpenQuestion where a column says that contracts renew themselves, and days before the last are their ends.

    Such a day is the end of a term; only who cancelled has left on it.
    """
    if columns.choice("end_date").is_named:
        return
    for one in columns.profiles:
        text = table.told_by(one.name)
        if _RENEWS_ITSELF.search(plain_name(one.name)) and one.is_yes_no:
            renews = question.words.kept(f"({text})", means_kept=True)
        elif _RENEWAL.search(plain_name(one.name)):
            renews = f"lower(trim({text})) IN {listed(_BY_ITSELF)}"
        else:
            continue
        day = f"CAST({end.expression} AS DATE)"
        customer = columns.known("customer")
        who = table.told_by(customer) if customer is not None else None
        own = f"max(coalesce({day}, {OPEN})) OVER (PARTITION BY {who})" if who is not None else day
        ((rows, last),) = table.every_row.fetch(
            "SELECT count(*) FILTER (WHERE renews AND until = own AND until < newest), max(newest) FROM "
            f"(SELECT {renews} AS renews, {day} AS until, {own} AS own, max({day}) OVER () AS newest FROM __rows)"
        )
        if rows:
            which = "1 row renews itself, and its" if rows == 1 else f"{rows:,} rows renew themselves, and their"
            raise OpenQuestion(
                f"{table.label}: by {one.name!r} {which} {end.column!r} is before the last of all, {last:%d %b %Y}. If "
                "those customers went on, leave the cell blank: what renews itself ends when somebody cancels it. "
                f"{OPTIONS['end_date']} {quoted(end.column)} counts them as gone on that day"
            )


def states_of(
    table: Table,
    question: Question,
    status: tuple[str, bool],
    known: tuple[str | None, DateColumn | None, DateColumn],
) -> Rows:
    """Return rows of who, since, until, word and kept: the status of each row, and what it says; as `ask_of_status`."""
    column, means_kept = status
    customer, start, end = known
    text = f"({table.told_by(column)})"
    who = table.told_by(customer) if customer is not None else PLACE
    since = f"CAST({start.expression} AS DATE)" if start is not None else "CAST(NULL AS DATE)"
    until = f"CASE WHEN {has_end(table, end.column, question.words)} THEN {end.last_day_of_row} END"
    return table.numbered.select(
        f"SELECT {who} AS who, {since} AS since, {until} AS until, {text} AS word, "
        f"{question.words.kept(text, means_kept=means_kept)} AS kept FROM __rows"
    )


def _ask_of_passed(rows: Rows, column: str, end: str, late: dt.date | None, question: Question) -> None:
    """Raise OpenQuestion where customers are still there by their status, and their last day is before the last start.

    `late` is the day after which starts are mistyped.
    """
    within = f" WHERE since <= DATE {literal(late.isoformat())}" if late is not None else ""
    ((last,),) = rows.fetch(f"SELECT max(since) FROM __rows{within}")
    if last is None:
        return
    goes = f"SELECT *, max(coalesce(until, {OPEN})) OVER (PARTITION BY who) AS goes FROM __rows"
    passed = f"kept AND until = goes AND until < DATE {literal(last.isoformat())}"
    if open_ones := _undecided(rows.select(goes), "kept", passed, _ENDED_IN, question):
        words = ", ".join(f"{word!r} ({count:,})" for word, count in open_ones[:4])
        raise OpenQuestion(
            f"column {column} says that customers are still there, and their {end!r} has passed: {words}. "
            f"{OPTIONS['end_date']} {quoted(end)} counts them as gone on that day. If they are still there, as where "
            f"terms renew themselves: {how_to_say(question, example_of(open_ones), 'retained')}"
        )


def _ask_of_undated(rows: Rows, column: str, end: str, question: Question) -> None:
    """Raise OpenQuestion where too many customers are gone by their status, and no day says since when."""
    if open_ones := _undecided(rows, "NOT kept", "until IS NULL", _UNDATED_IN, question):
        words = ", ".join(f"{word!r} ({count:,})" for word, count in open_ones[:4])
        raise OpenQuestion(
            f"column {column} says that customers have left who have nothing in {end!r}: {words}, and in which "
            f"{question.period} is not told. Fill in the day, count without periods (--period all), or set them aside. "
            f"{how_to_say(question, example_of(open_ones), 'lost')}"
        )


def _undecided(rows: Rows, state: str, odd: str, one_in: int, question: Question) -> list[tuple[str, int]]:
    """Return the words that nobody has decided of rows in a state that are odd, with their counts; none of few.

    `state` and `odd` are conditions in SQL; more than one in so many of the state must be odd.
    """
    found = rows.fetch(
        f"SELECT word, count(*) FILTER (WHERE {odd}), count(*) FROM __rows WHERE {state} GROUP BY word "
        "ORDER BY 2 DESC, 1"
    )
    open_ones = [(word, count) for word, count, _ in found if count and folded(word) not in question.words.decided]
    many = sum(count for _, count in open_ones)
    return open_ones if many * one_in > sum(count for _, _, count in found) else []
