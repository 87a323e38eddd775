"""Which columns of a table say what about customers: who they are, whether they stayed, when, and whose they are."""

from __future__ import annotations

import datetime as dt
import re

from partnerkpi.errors import DataProblem, OpenQuestion, UsageError
from partnerkpi.results.choosing import restricted
from partnerkpi.results.customer_columns import ask_of_created, ask_who_it_is
from partnerkpi.results.customer_doubts import (
    ask_of_periods,
    ask_of_several_partners,
    ask_of_turned,
    ask_of_two_ends,
    one_currency,
    rows_of_no_customers,
    take_equals,
)
from partnerkpi.results.customer_histories import (
    ask_of_lists_kept,
    ask_of_partners_in_rows,
    ask_of_states,
    status_of_rows,
)
from partnerkpi.results.customer_states import ask_of_renewing, ask_of_status, status_beside_dates
from partnerkpi.results.other_things import ask_whose_end_it_is
from partnerkpi.results.result import Question
from partnerkpi.results.words_of_life import ask_of_ends, check_words, says_paid, words_that_may_say_it
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.customer_words import Words, has_end, is_state
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.mistyped import near_dates
from partnerkpi.tables.numbers import NumberColumn, read_numbers
from partnerkpi.tables.roles import says_leaving
from partnerkpi.tables.table import Table
from partnerkpi.tally.customer_rows import Layout
from partnerkpi.vocabulary import plain_name

#: New ARR beside an opening one is that of new customers; beside the old one it is what became of it.
_NEW, _OLD = re.compile(r"\bnew\b"), re.compile(r"\b(?:old|previous|prior|before)\b")
_OF_CHANGE = re.compile(
    r"\b(?:status|state|stage|updated?|modified|modification|changed?|refreshed|exported|printed|geandert|aktualisiert"
    r"|last (?:activity|login|seen|contact|contacted|order|purchase|invoice|payment|sync|touch|call|meeting|visit|used)"
    r"|letzte\w*|dernier\w*|ultim[oa]s?)\b"
)
_CHOSEN = ("as you named it", "from partnerkpi.toml")


def layout_of(table: Table, columns: Columns, question: Question, attributed: str | None = None) -> Layout:
    """Return which columns say what about a customer; OpenQuestion where none says whether it was retained."""
    take_equals(table, columns)
    flag, kept = _flag(columns)
    start = end = status = None
    notes = list[str]()
    if flag is not None and question.period != "all":
        stays = _kept(table, flag, question, means_kept=kept)
        by_dates = _leavers_alone_are_dated(table, columns, stays, question.words)
        if by_dates:
            flag, status, notes = None, flag, [by_dates]
    paid = _paid(table, columns, flag) if flag is not None and kept else None
    if paid is not None:
        notes.append(f"whoever pays something by {paid.column!r} is there, with 0 or nothing it is gone")
        notes += paid.notes
    elif flag is not None:
        ask_of_periods(table, columns, flag)
        check_words(table, columns, flag, question)
    else:
        start, end = _dates(table, columns, question)
    customer = columns.known("customer")
    if customer is None and start is not None and end is not None:
        ask_who_it_is(table, columns, start, end)
    if flag is None and end is not None:
        if status is None:  # its yes says that a customer is there
            kept, status = True, columns.get("status") or status_beside_dates(columns)
        ask_of_lists_kept(table, columns, customer, start)
        if (states := status or status_of_rows(columns)) is not None:
            ask_of_states(table, columns, question, (states, kept), (customer, start, end))
        if status is not None:
            ask_of_status(table, columns, question, (status, kept), (customer, start, end))
    contract = columns.get("contract")
    if contract is not None and contract == customer and not columns.choice("customer").is_named:
        notes.append(f"{contract!r} names contracts and no column names customers: each contract counts as a customer")
    period = _period(table, columns, question) if flag is not None else None
    snapshots = flag is not None and _are_snapshots(table, columns, flag, customer, period, paid=paid is not None)
    if paid is not None and not snapshots:
        raise OpenQuestion(
            f"{table.label}: {flag!r} says what customers pay, and tells who stayed only where they stand in several "
            "periods: name the customer with --customer COLUMN and the period with --date COLUMN"
        )
    if snapshots:
        assert period is not None  # noqa: S101 - snapshots have dates
        unit = {"day": "month"}.get(period.granularity, period.granularity)
        notes.append(
            f"{flag!r} says how each customer is by {unit}: it is lost in the first {unit} in which it is gone"
        )
    if (partner := _partner(columns, attributed)) is not None:
        ask_of_several_partners(table, partner)
        same = [one.column for one in (period, start, end) if one is not None]
        same += [name for name in (contract, flag) if name is not None]
        ask_of_partners_in_rows(table, columns, customer, partner, same)
    notes += rows_of_no_customers(columns)
    revenue, note = one_currency(table, columns, _revenue(table, columns))
    return Layout(
        customer=customer,
        flag=flag,
        flag_means_kept=kept,
        start=start,
        end=end,
        period=period,
        partner=partner,
        attributed=_attributed(columns, attributed),
        revenue=(revenue[0], revenue[1]) if revenue else None,
        notes=(*notes, note) if note else tuple(notes),
        contract=contract if contract != customer else None,
        paid=paid,
        words=question.words,
        snapshots=snapshots,
        grace=question.grace_days,
        status=status,
        leavers=end is not None and says_leaving(end.column),
    )


def _kept(table: Table, flag: str, question: Question, *, means_kept: bool) -> str:
    return question.words.kept(f"({table.told_by(flag)})", means_kept=means_kept)


def _dates(table: Table, columns: Columns, question: Question) -> tuple[DateColumn | None, DateColumn]:
    """Return the columns of starts and ends; the first may be missing where no periods are asked for."""
    end_column = columns.known("end_date")
    if end_column is None:
        ask_of_periods(table, columns, None)
        raise OpenQuestion(
            f"{table.label} has no column that says whether a customer was retained. "
            f"Its columns: {columns.listed()}. {words_that_may_say_it(columns)}"
            "Name one with --retained COLUMN (yes = stayed) or --churned COLUMN (yes = left), or the last day of each "
            "customer with --end-date COLUMN"
        )
    ask_whose_end_it_is(table, columns, end_column)
    ask_of_two_ends(table, columns, end_column, question.words)
    start_column = columns.known("start_date")
    start = None
    if start_column is not None:
        start = near_dates(table, read_dates(table, start_column, question.day_first), cuts=False)
        ask_of_created(table, columns, start, end_column, question.day_first)
    if question.period != "all" and start is None:
        raise OpenQuestion(
            f"{table.label}: retention by {question.period} needs the start date of each customer: "
            "name it with --start-date COLUMN"
        )
    ended = has_end(table, end_column, question.words)
    if not table.every_row.fetch(f"SELECT 1 FROM __rows WHERE {ended} LIMIT 1"):
        return start, DateColumn(end_column, "CAST(NULL AS TIMESTAMP)", "no dates")  # nobody has left yet
    end = read_dates(table, end_column, question.day_first)
    ask_of_ends(table, end, ended, question)
    ask_of_renewing(table, columns, question, end)
    if start is not None:
        ask_of_turned(table, columns, start, end, question.words)
    return start, end


def _flag(columns: Columns) -> tuple[str | None, bool]:
    """Return the yes/no column and whether yes means retained; an option for one of the two wins over the other."""
    for role, kept in (("retained", True), ("churned", False)):
        if columns.choice(role).why in _CHOSEN:
            return columns.choice(role).column, kept
    retained, churned = columns.known("retained"), columns.known("churned")
    if retained is None and churned is None and columns.get("end_date") is None:
        return columns.get("status"), True
    return (retained, True) if retained is not None else (churned, False)


def _leavers_alone_are_dated(table: Table, columns: Columns, kept: str, words: Words) -> str | None:
    """Say so where start and end dates tell more of periods than yes or no: the end stands with those who left alone.

    By such a date nobody would be retained in any period. None where the user chose the columns, or where those who
    stayed have a date as well, as with contracts that run out.
    """
    if any(columns.choice(role).why in _CHOSEN for role in ("retained", "churned", "date", "period")):
        return None
    end, start = columns.known("end_date"), columns.known("start_date")
    if end is None or start is None or period_column(columns) not in (None, end):
        return None
    sql = f"""SELECT count(*) FILTER (WHERE dated AND kept), count(*) FILTER (WHERE dated),
              count(*) FILTER (WHERE NOT dated)
              FROM (SELECT {kept} AS kept, {has_end(table, end, words)} AS dated FROM __rows)"""
    dated_and_kept, dated, undated = table.every_row.fetch(sql)[0]
    if dated_and_kept or not dated or not undated:
        return None
    return f"{end!r} stands only with customers who left: by period they are counted from {start!r} to {end!r}"


def _paid(table: Table, columns: Columns, flag: str) -> NumberColumn | None:
    """Return an amount that was named for who stayed, such as MRR by month: whoever pays is there."""
    if not says_paid(columns.profile(flag)):
        return None
    (read,) = read_numbers(table, (flag,), money=True)
    return read


def _are_snapshots(
    table: Table, columns: Columns, flag: str, customer: str | None, period: DateColumn | None, *, paid: bool
) -> bool:
    """Tell whether rows say how customers are in one period after the other, not what became of each in its period.

    So it is where the words are those of a state, and some customers stand in several periods.
    """
    if customer is None or period is None:
        return False
    words = columns.profile(flag).distinct
    active = columns.choice("status").column == flag and columns.profile(flag).is_yes_no
    if not active and not paid and not (words and all(map(is_state, words))):
        return False
    who, when = table.told_by(customer), table.told_by(period.column)
    sql = f"SELECT 1 FROM __rows WHERE {who} IS NOT NULL GROUP BY {who} HAVING count(DISTINCT {when}) > 1 LIMIT 1"
    return bool(table.every_row.fetch(sql))


def _partner(columns: Columns, attributed: str | None) -> str | None:
    if attributed is not None and columns.choice("partner").why == "as you named it":
        raise UsageError("--partner and --attributed both say which customers are a partner's: use one of them")
    return None if attributed is not None else columns.known("partner")


def _attributed(columns: Columns, text: str | None) -> tuple[str, tuple[str, ...]] | None:
    if text is None:
        return None
    name, mark, values = text.partition("=")
    wanted = tuple(value.strip() for value in values.split(",") if value.strip())
    if not mark or not wanted:
        raise UsageError(
            f"--attributed {text!r} is not of the form COLUMN=VALUE[,VALUE], such as referral_source=partner"
        )
    column = columns.find(name.strip(), "--attributed")
    known = columns.profile(column).distinct
    unknown = [value for value in wanted if value.casefold() not in {one.casefold() for one in known}]
    if unknown and len(known) < 200:
        raise UsageError(
            f"--attributed: column {column!r} never holds {unknown[0]!r}; it holds {', '.join(sorted(known)[:12])}"
        )
    return column, wanted


def _period(table: Table, columns: Columns, question: Question) -> DateColumn | None:
    """Return what dates a customer's row: asked for with --period, and known without asking where a column says so."""
    if question.period == "all":
        column = _named_period(columns)
        if column is None:
            return None
        try:
            return read_dates(table, column, question.day_first)
        except (UsageError, DataProblem):  # not needed to count, only to tell a customer's occasions apart
            return None
    column = period_column(columns)
    if column is None:
        raise UsageError(
            f"{table.label} has no column that is recognised as the period or renewal date. "
            f"Its columns: {columns.listed()}. {_of_change(columns)}"
            "Name one with --date COLUMN, or count without periods: --period all"
        )
    found = read_dates(table, column, question.day_first)
    found.check_period(question.period)
    return found


def period_column(columns: Columns) -> str | None:
    """Return the column that tells in which period a customer could leave, None if there is none."""
    column = _named_period(columns)
    if column is None:
        # The day on which a customer came is no day on which it could leave: that would count cohorts as periods.
        column = columns.known("date") if columns.get("date") != columns.get("start_date") else None
        # Nor is the day on which a status was last changed: whoever stayed would count in the period of that alone.
        if column is not None and not columns.choice("date").is_named and _OF_CHANGE.search(plain_name(column)):
            return None
    return column


def _of_change(columns: Columns) -> str:
    name = columns.get("date")
    if name is None or not _OF_CHANGE.search(plain_name(name)):
        return ""
    return (
        f"{name!r} is the day of a change: where it is the last day of those who left, put it into a column End date, "
        "blank for all others. "
    )


def has_periods(table: Table, columns: Columns) -> bool:
    """Tell whether customers can be counted by period: by a date of their own, or by their start and end."""
    take_equals(table, columns)
    lasted = columns.known("start_date") is not None and columns.known("end_date") is not None
    return lasted or period_column(columns) is not None


def _named_period(columns: Columns) -> str | None:
    option = columns.choice("date")
    return option.column if option.why == "as you named it" else columns.known("period")


def _revenue(table: Table, columns: Columns) -> tuple[NumberColumn, ...]:
    start, end = columns.get("revenue_start"), columns.get("revenue_end")
    if start is None or end is None or (_NEW.search(plain_name(end)) and not _OLD.search(plain_name(start))):
        return ()
    return read_numbers(table, (start, end), money=True)


def roles_of(layout: Layout) -> dict[str, str]:
    """Return the columns taken, by role."""
    taken = {
        "customer": layout.customer,
        "contract": layout.contract,
        "retained" if layout.flag_means_kept else "churned": layout.flag,
        "partner": layout.partner,
        "attributed": f"{layout.attributed[0]}={','.join(layout.attributed[1])}" if layout.attributed else None,
        "period": layout.period.column if layout.period else None,
        "start_date": layout.start.column if layout.start else None,
        "end_date": layout.end.column if layout.end else None,
        "revenue_start": layout.revenue[0].column if layout.revenue else None,
        "revenue_end": layout.revenue[1].column if layout.revenue else None,
    }
    return {role: name for role, name in taken.items() if name is not None}


def from_day(table: Table, columns: Columns, question: Question, since: dt.date | None) -> Table:
    """Return the customers of a day and after it, by the period or the day of each row.

    UsageError where rows say from when and until when customers were there: those are in every period between.
    """
    if since is None:
        return table
    spans = _named_period(columns) is None and columns.known("end_date") is not None
    column = period_column(columns) if not spans else None
    if column is None:
        raise UsageError(
            "--from needs a period or a day of each row, and these customers have none (those with a start and an end "
            "are in every period between): name it with --date COLUMN, or ask for --period quarter without --from"
        )
    at = read_dates(table, column, question.day_first).expression
    condition = f"{at} >= CAST('{since.isoformat()}' AS TIMESTAMP)"
    return restricted(table, [(f"{column} from {since.isoformat()}", condition)], "--from")
