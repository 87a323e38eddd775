"""Several measures below each other: a column that names the question of each row, of which one asks to recommend.

Only its answers count; the others are set aside with their number. Where no value tells it, or several do, the user is
asked, and says it with `--question TEXT`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import OpenQuestion, UsageError
from partnerkpi.tables.profile import ColumnProfile, profile, sampled_rows
from partnerkpi.tables.questions import (
    MEASURE_NAMES,
    QUESTION_NAMES,
    SURVEY_NAMES,
    asks_to_recommend,
    other_measure,
)
from partnerkpi.tables.sql import identifier, listed
from partnerkpi.vocabulary import plain_name

if TYPE_CHECKING:
    from partnerkpi.tables.columns import Columns
    from partnerkpi.tables.table import Table

_NAMES = QUESTION_NAMES | MEASURE_NAMES | SURVEY_NAMES
#: A column with more different values names no questions: it holds what people ask.
_MOST = 200
#: An NPS that is asked after a purchase or a ticket: another one than that of the whole relationship.
_OF_A_DEAL = re.compile(r"transaction|\btnps\b|support|ticket|onboarding", re.IGNORECASE)
#: So many questions stand below each other in a column of another name.
_LISTED = 30


@dataclass(frozen=True, slots=True)
class Measure:
    """The column that names the question of each row, and those of its values whose answers count."""

    column: str
    values: tuple[str, ...]
    condition: str
    note: str


def asked_alone(table: Table, columns: Columns) -> tuple[Table, Measure | None]:
    """Return the rows of a table that answer the question which counts, to be judged, and which question that is.

    None where every row answers the same. OpenQuestion where the table holds several questions and does not tell which
    one asks to recommend; UsageError where it has none that the user named.
    """
    chosen = columns.choice("score").column
    if table.question is None and chosen is not None and asks_to_recommend(_plain(table.kind_of(chosen))):
        for column in table.profiles:
            if plain_name(column.name) in SURVEY_NAMES and column.is_category:
                _ask_of_deals(table, column.name, sorted(column.distinct))
        return table, None
    found, held = None, False
    open_question: OpenQuestion | None = None
    called = [column for column in table.profiles if column.name != chosen and _names_questions(column)]
    taken = {chosen, *(columns.choice(role).column for role in ("partner", "date", "respondent", "comment"))}
    taken |= {column.name for column in called}
    others = (one for one in table.profiles if one.name not in taken and _lists_questions(one, table.question))
    for column in (*called, *others):
        counted = _values(table, column.name)
        if counted is None:
            continue
        try:
            values = _chosen(table, column, counted)
        except OpenQuestion as question:
            open_question = open_question or question
            continue
        if values is not None and set(values) != set(counted):
            found = _measure(table, column.name, values, counted)
            break
        held = held or values is not None
    if found is None:
        if open_question is not None:
            raise open_question
        if table.question is not None and not held:
            raise UsageError(
                f"--question {table.question!r}: no column of {table.label} that names questions holds it. "
                f"Its columns: {columns.listed()}"
            )
        return table, None
    alone = replace(table, where=f"NOT ({found.condition})")
    return replace(alone, profiles=_profiles(alone)), found


def _plain(column: ColumnProfile) -> str:
    return plain_name(f"{column.name} {column.title}")


def _names_questions(column: ColumnProfile) -> bool:
    """Tell whether a column is called as one that names questions, metrics or surveys."""
    return plain_name(column.name) in _NAMES and not column.is_blank and not column.is_date and not column.nested


def _lists_questions(column: ColumnProfile, question: str | None) -> bool:
    """Tell whether the values of a column are those of one that names questions, however it is called.

    One asks to recommend and another for something else, such as satisfaction; or the user names one of them.
    """
    if not 1 < len(column.distinct) <= _LISTED or column.is_date or column.nested:
        return False
    if question is not None:
        return question in column.distinct or plain_name(question) in map(plain_name, column.distinct)
    if column.is_mostly_numbers or column.is_yes_no:
        return False
    plain = set(map(plain_name, column.distinct))
    return any(map(asks_to_recommend, plain)) and any(map(_is_other, plain)) and not column.is_prose


def _values(table: Table, column: str) -> Mapping[str, int] | None:
    """Return the values of a column with the number of their rows, None where they are too many to be questions."""
    text = table.told_by(column)
    found = table.rows.fetch(f"SELECT {text}, count(*) FROM __rows GROUP BY 1 ORDER BY 1 LIMIT {_MOST + 1}")
    if len(found) > _MOST:
        return None
    return {value: rows for value, rows in found if value is not None}


def _chosen(table: Table, column: ColumnProfile, counted: Mapping[str, int]) -> list[str] | None:
    """Return the values whose answers count, None where the column tells nothing; OpenQuestion where only users can."""
    if table.question is not None:
        return _named(table.question, counted)
    asking = [value for value in counted if asks_to_recommend(plain_name(value))]
    others = [value for value in counted if value not in asking and _is_other(plain_name(value))]
    if plain_name(column.name) in SURVEY_NAMES:  # each wave may have a name of its own
        _ask_of_deals(table, column.name, asking)
        if not others:
            return None
        if asking and len(asking) + len(others) == len(counted):
            return asking
    elif len({plain_name(value) for value in asking}) == 1:
        return asking
    elif len(counted) == 1 and not others:
        return None
    raise OpenQuestion(_asked(table, column.name, asking or list(counted), told=bool(asking)))


def _ask_of_deals(table: Table, column: str, asking: Sequence[str]) -> None:
    """Raise OpenQuestion where some surveys were about a purchase or a ticket, and some about all of it."""
    if 0 < sum(_OF_A_DEAL.search(value) is not None for value in asking) < len(asking):
        raise OpenQuestion(_asked(table, column, asking, told=True))


def _is_other(plain: str) -> bool:
    return other_measure(plain) is not None or plain in ("enps", "ces", "csat")


def _named(question: str, counted: Mapping[str, int]) -> list[str] | None:
    """Return the values that the user names: as they are written, else the only one that holds the text."""
    wanted = plain_name(question) or question
    exact = [value for value in counted if value == question or plain_name(value) == wanted]
    if exact:
        return exact
    within = [value for value in counted if wanted in plain_name(value)]
    return within if len(within) == 1 else None


def _asked(table: Table, column: str, values: Iterable[str], *, told: bool) -> str:
    """Return the question which of several questions counts."""
    values = list(values)
    named = ", ".join(repr(_short(value)) for value in values[:4])
    more = f" and {len(values) - 4} more" if len(values) > 4 else ""
    if len(values) == 1:
        return (
            f"{table.label}: {column!r} says that every row answers {named}, which asks for no recommendation: no NPS, "
            "unless --question TEXT says that it does"
        )
    what = "several questions that could count" if told else "several questions, and none asks for a recommendation"
    return f"{table.label}: {column!r} names {what}: {named}{more}. Say which one counts with --question TEXT"


def _measure(table: Table, column: str, values: list[str], counted: Mapping[str, int]) -> Measure:
    """Return the rows that count, and what to say of the others."""
    condition = f"coalesce({table.told_by(column)} NOT IN {listed(values)}, TRUE)"
    taken = sum(counted[value] for value in values)
    others = [value for value in counted if value not in values]
    named = ", ".join(repr(_short(value)) for value in others[:3])
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    note = (
        f"{column!r} names several questions: {taken:,} rows of {', '.join(repr(_short(one)) for one in values)} "
        f"count; {sum(counted[value] for value in others):,} of {named}{more} are set aside"
    )
    return Measure(column, tuple(values), condition, note)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _profiles(table: Table) -> tuple[ColumnProfile, ...]:
    """Return what the columns of the rows that count hold."""
    rows = sampled_rows(len(table.columns))
    chosen = ", ".join(map(identifier, table.columns))
    sample = table.rows.fetch(f"SELECT {chosen} FROM __rows LIMIT {rows}")
    found = profile(table.columns, [one.kind for one in table.profiles], sample)
    return tuple(
        replace(one, title=before.title, role=before.role, nested=before.nested)
        for one, before in zip(found, table.profiles, strict=True)
    )
