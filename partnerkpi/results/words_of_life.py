"""Whether a column says of customers that they stayed or left: in known words, and in nearly all of its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from partnerkpi.errors import OpenQuestion
from partnerkpi.results.result import Question
from partnerkpi.tables import customer_names
from partnerkpi.tables.columns import OPTIONS, Columns
from partnerkpi.tables.customer_words import NOTHING, folded
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.datetext import looks_like_period
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.roles import named
from partnerkpi.tables.sql import listed
from partnerkpi.tables.table import Table
from partnerkpi.tables.units import unit_of
from partnerkpi.vocabulary import BLANK, HEADINGS, plain_name, reads_as_number

#: More than one in so many cells that say neither make a column that says nothing.
_ONE_IN = 10
#: More different words than this are no words of a status.
_MOST = 200
#: One in so many ends that are words, and no dates, may be an accident; where more are, whoever has one may be there.
_ENDS_IN = 50
#: How columns are called that say how a customer is, whatever words they have.
_SAYING = re.compile(
    named(
        ", ".join((customer_names.STATUS, *HEADINGS["retained"][:2], *customer_names.CHURNED, customer_names.RETAINED))
        + ", outcome, result, decision, ergebnis, resultat, resultado, esito"
    )
)

_LEAVING = re.compile(named(", ".join(customer_names.CHURNED)))


def check_words(table: Table, columns: Columns, column: str, question: Question) -> None:
    """Raise OpenQuestion where a column has words that say neither by themselves, or says nothing in too many cells."""
    text = table.told_by(column)
    blank = f"({text} IS NULL OR lower({text}) IN {listed(BLANK)})"
    says = question.words.kept(f"({text})", means_kept=True)
    found = table.rows.fetch(
        f"SELECT {text}, {says}, count(*) FROM __rows WHERE NOT {blank} GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT {_MOST}"
    )
    where = f"column {column!r} of {table.label}"
    unsaid = [(word, count) for word, says_kept, count in found if says_kept is None]
    undecided = [(word, count) for word, count in unsaid if question.words.is_open(word)]
    if undecided:
        raise OpenQuestion(
            f"{where}: whether {_shown(undecided)} stayed or left is not said by the word. "
            f"{how_to_say(question, example_of(undecided[:1]))}"
        )
    sql = f"SELECT count(*), count(*) FILTER (WHERE ({says}) IS NULL) FROM __rows WHERE NOT {blank}"
    ((filled, neither),) = table.rows.fetch(sql)
    if neither * _ONE_IN > filled:
        _refuse(where, unsaid, filled, neither, question)
    _ask_of_blanks(table, columns, column, question, says, blank, where)


def ask_of_ends(table: Table, end: DateColumn, ended: str, question: Question) -> None:
    """Raise OpenQuestion where words stand among the dates of ends: whether they say that there is none is not told.

    Set aside, those customers would make the rate too low, since most of them are still there.
    """
    text = table.told_by(end.column)
    unread = f"({ended}) AND ({end.expression}) IS NULL"
    for what, where, one_in in (
        ("words", f"{unread} AND NOT regexp_matches({text}, '[0-9#]')", _ENDS_IN),
        ("texts that are no dates", f"{unread} AND NOT regexp_matches({text}, '#')", _ONE_IN),
    ):
        found = table.rows.fetch(
            f"SELECT {text}, count(*) FROM __rows WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST}"
        )
        if not found:
            continue
        ((filled,),) = table.rows.fetch(f"SELECT count(*) FROM __rows WHERE {ended}")
        if sum(count for _, count in found) * one_in > filled:
            raise OpenQuestion(
                f"column {end.column!r} of {table.label} has {what} among its dates: {_shown(found[:4])}. If they say "
                f"that there is no end, they are words of those who stayed. {how_to_say(question, example_of(found))}"
            )


def says_paid(column: ColumnProfile) -> bool:
    """Tell whether a column is called after what a customer pays, and holds amounts."""
    named = re.fullmatch(customer_names.PAID, unit_of(column.name).rest) is not None
    return named and column.holds_amounts and not column.is_yes_no


def words_that_may_say_it(columns: Columns) -> str:
    """Return which columns are called as those that say whether customers stayed, with their words; else nothing."""
    for one in columns.profiles:
        if _SAYING.search(plain_name(one.name)) and not (one.is_blank or one.is_date or one.is_mostly_numbers):
            words = sorted(one.distinct)[:4]
            if len(one.distinct) <= _ONE_IN:
                shown = f"{one.name!r} ({', '.join(map(repr, words))})"
                if all(map(looks_like_period, one.distinct)):
                    return f"{shown} may say when they left: {OPTIONS['end_date']} {one.name!r} counts by it. "
                role = "churned" if _LEAVING.search(plain_name(one.name)) else "retained"
                return f"{shown} may say it: {OPTIONS[role]} {one.name!r} counts by it. "
    by_period = columns.get("customer") is not None and columns.get("period") is not None
    amount = next((one.name for one in columns.profiles if says_paid(one)), None)
    if by_period and amount is not None:
        return (
            f"If each row is what a customer paid in a period, --retained {amount!r} counts those who paid as there. "
        )
    return ""


def _refuse(where: str, words: Sequence[tuple[str, int]], filled: int, neither: int, question: Question) -> None:
    """Raise OpenQuestion for a column in which too many cells say neither yes nor no."""
    what = f"{where}: {neither:,} of {filled:,} cells are neither yes nor no ({_shown(words[:4])})"
    if words and not any(reads_as_number(word) for word, _ in words) and len(words) <= _ONE_IN:
        raise OpenQuestion(f"{what}. {how_to_say(question, example_of(words[:1]))}")
    named = "with --retained COLUMN or --churned COLUMN, or " if question.words_are_options else ""
    raise OpenQuestion(
        f"{what}: this is no column of yes and no. Name another {named}in partnerkpi.toml under [columns]"
    )


def _ask_of_blanks(
    table: Table, columns: Columns, column: str, question: Question, says: str, blank: str, where: str
) -> None:
    """Raise OpenQuestion where all that is filled says the same, and the rest is blank: a blank may say the other."""
    if NOTHING in question.words.decided or columns.profile(column).is_blank:
        return
    sql = f"""SELECT count(*) FILTER (WHERE NOT {blank} AND {says}), count(*) FILTER (WHERE NOT {blank} AND NOT {says}),
              count(*) FILTER (WHERE {blank}) FROM __rows"""
    yes, no, blanks = table.every_row.fetch(sql)[0]
    if (yes and no) or blanks * _ONE_IN <= yes + no + blanks:
        return
    raise OpenQuestion(
        f"{where} says one thing in {yes + no:,} rows and nothing in {blanks:,} others: whether a blank means stayed "
        f"or left is not told. {how_to_say(question, NOTHING)}"
    )


def how_to_say(question: Question, words: str, meant: str = "") -> str:
    """Return how to say what words mean, as the command that asks takes it.

    `meant` is retained or lost where only one of them is meant.
    """
    one = meant or "retained"
    if question.words_are_options:
        quoted = f'"{words}"' if " " in words else words
        options = f"--{meant}-words" if meant else "--retained-words or --lost-words"
        return f"Say it with {options}, such as --{one}-words {quoted}, or in partnerkpi.toml under [retention]"
    listed_words = ", ".join(f'"{word}"' for word in words.split(","))
    other = "" if meant else ", or lost_words"
    return f"Say it in partnerkpi.toml under [retention]: {one}_words = [{listed_words}]{other}"


def _shown(words: Sequence[tuple[str, int]]) -> str:
    shown = [f"{word[:40]!r} ({count:,})" for word, count in words[:8]]
    return ", ".join(shown) + (f" and {len(words) - 8} more" if len(words) > 8 else "")


def example_of(words: Sequence[tuple[str, int]]) -> str:
    """Return the first of some words as an option takes them, each once."""
    return ",".join(dict.fromkeys(folded(word) for word, _ in words[:4]))
