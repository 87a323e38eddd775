"""Whether each row of a table is an activity: not a number of them, not yes or no, and not something else."""

from __future__ import annotations

import re

from partnerkpi.errors import DataProblem, OpenQuestion
from partnerkpi.results.customer_doubts import ask_of_several_partners
from partnerkpi.results.shown import ACTIVITIES, go_along_with_advocacy, is_type, shown
from partnerkpi.tables.activity_words import ADVOCACY, speaks_of_something_else
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.counts import is_row_number
from partnerkpi.tables.datetext import looks_like_period
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.roles import named
from partnerkpi.tables.table import Table
from partnerkpi.vocabulary import FREQUENCY_NAMES, ROW_IDS, plain_name

#: What is done with partners, and paid to them, that is no advocacy.
_OTHER_DEEDS = re.compile(
    r"\b(?:courses?|trainings?|certifi\w+|exams?|commissions?|payouts?|provision(?:en)?|revenue|umsatz|ingresos|hours"
    r"|stunden|horas|logins?|sessions?|clicks?|impressions?|close date|kurs|schulung\w*|lieferung\w*|incidents?"
    r"|overlap\w*|population|last sync|synced"
    r"|renew\w+|referenznummer|reference (?:no|number|nr|id)|code review|discount|rabatt|contract value|acv|tcv)\b"
)
_NUMBER_OF = r"(?:(?:number|no|count|anzahl|nombre|numero|total|sum) (?:of |de |der |di )?)?"
_DONE = r"(?: (?:partner|account|customer|count|given|gegeben|delivered|done|completed|published|provided))?"
_KIND_OF_ACTIVITY = re.compile(rf"{_NUMBER_OF}(?:customer |kunden)?(?:{ADVOCACY}){_DONE}")
_LAST_ONE = re.compile(
    rf"(?:(?:last|latest|most recent|date of(?: the)?(?: last)?|first|letzte[rs]?|derniere?|ultim[oa])(?: date of)? )?"
    rf"(?:{_KIND_OF_ACTIVITY.pattern})(?: (?:date|on|datum|am))?"
)
#: So many partners that each have one row, with a number, are no list of what they did.
_SEVERAL = 3
_COUNT = re.compile(named(f"{FREQUENCY_NAMES[0]}, qty, quantity, menge, volume, quantite, hoeveelheid"))


def ask_of_activities(table: Table, columns: Columns) -> None:
    """Raise OpenQuestion where something says that the rows of a table are something else than advocacy."""
    if why := _no_advocacy(table, columns):
        raise OpenQuestion(
            f"{table.label}: {why}: if its rows are activities that count all the same, say --activities {table.label}"
        )


def _no_advocacy(table: Table, columns: Columns) -> str:
    """Return what says that the rows of a table are something else than advocacy; nothing where nothing does."""
    if shown(table, columns).kind == ACTIVITIES or not columns.has("partner"):
        return ""  # without a partner there is another question first
    for column in columns.profiles:
        if is_type(column) and not column.is_blank and not go_along_with_advocacy(column):
            return f"the types in {column.name!r} ({_listed(column)}) are no advocacy"
    names = [column.name for column in columns.profiles if column.name != columns.choice("partner").column]
    other = next((n for n in names if speaks_of_something_else(n) or _OTHER_DEEDS.search(plain_name(n))), None)
    if other is not None:
        return f"column {other!r} speaks of something else than advocacy"
    measured = _measured(columns)
    return f"each partner stands in it once, with numbers in {measured!r}" if measured is not None else ""


def _measured(columns: Columns) -> str | None:
    """Return a column that measures something of each partner, of which each has one row: no amount of an activity."""
    partner = columns.get("partner")
    of = columns.profile(partner) if partner is not None else None
    if of is None or of.filled < _SEVERAL or len(of.distinct) < min(200, of.filled):
        return None
    if any((is_type(column) and not column.is_blank) or _counts_activities(column) for column in columns.profiles):
        return None  # numbers of activities are refused
    known = {columns.choice(role).column for role in ("partner", "activity_value", "date")}
    numbers = (one for one in columns.profiles if one.is_mostly_numbers and one.name not in known)
    return next((one.name for one in numbers if not (one.is_date or _is_id(one))), None)


def _is_id(column: ColumnProfile) -> bool:
    return plain_name(column.name) in ROW_IDS or is_row_number(column) or column.name.casefold().endswith("id")


def refuse_numbers_of_activities(table: Table, columns: Columns) -> None:
    """Raise DataProblem where a row is a number of activities, or says yes or no: it would count as one activity.

    OpenQuestion where it names several partners.
    """
    if (partner := columns.get("partner")) is not None:
        ask_of_several_partners(table, partner, "an activity counts for one partner: give a row for each of them")
    typed = any(is_type(column) and go_along_with_advocacy(column) for column in columns.profiles)
    once = partner is not None and _stand_once(columns.profile(partner))
    for column in columns.profiles:
        if once and not typed and _is_known_of_a_partner(column):
            what = "a day" if column.is_date else f"a mark ({min(column.distinct)!r})"
            raise DataProblem(
                f"{table.label}: {column.name!r} holds {what} for some partners and nothing for others, and each row "
                "counts as one activity. Give a row for each activity, with its date"
            )
        if column.distinct <= {"1", "1.0"} or not (column.is_mostly_numbers or column.is_yes_no) or column.is_date:
            continue
        if _counts_activities(column, typed=typed):
            what = "yes and no" if column.is_yes_no and not column.is_mostly_numbers else "numbers of activities"
            raise DataProblem(
                f"{table.label}: {column.name!r} holds {what}, and each row counts as one activity. Give a row for "
                "each activity, with its date"
            )


def _stand_once(partner: ColumnProfile) -> bool:
    """Tell whether each partner has one row, as in a list of them."""
    return partner.filled >= _SEVERAL and len(partner.distinct) >= min(200, partner.filled)


def _is_known_of_a_partner(column: ColumnProfile) -> bool:
    """Tell whether a column called after an activity says of some partners that, or when, there was one."""
    some = 0 < column.filled < column.rows and (column.is_date or (column.is_yes_no and len(column.distinct) == 1))
    return some and _LAST_ONE.fullmatch(plain_name(column.name)) is not None


def _counts_activities(column: ColumnProfile, *, typed: bool = False) -> bool:
    """Tell whether a column of numbers is called after a number, a period or an activity; `typed`: types say that."""
    name = plain_name(column.name)
    if looks_like_period(column.name) or _COUNT.fullmatch(name):
        return True
    return not typed and _KIND_OF_ACTIVITY.fullmatch(name) is not None and _no_and_yes(column)


def _no_and_yes(column: ColumnProfile) -> bool:
    """Tell whether some cells say that there was none, or more than one."""
    return len(column.distinct) > 1 or column.distinct <= {"0", "0.0"}


def _listed(column: ColumnProfile) -> str:
    words = sorted(column.distinct)
    return ", ".join(map(repr, words[:3])) + (" ..." if len(words) > 3 else "")
