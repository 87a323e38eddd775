"""Numbers that the list of partners says: what they are worth, and how many people a survey invites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from partnerkpi.errors import OpenQuestion
from partnerkpi.periods import period_of
from partnerkpi.results.advocacy import PartnerList
from partnerkpi.results.result import Question
from partnerkpi.scorecard.collect import Collected
from partnerkpi.scorecard.parts import ALL_TIME
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import read_dates
from partnerkpi.tables.mistyped import first_and_last, near_dates
from partnerkpi.tables.numbers import read_numbers
from partnerkpi.tables.table import Table

#: Of how many survey waves the answers of a period are: all of one, of several, or a part of those of one.
ONE, SEVERAL, PART = "one", "several", "part"


def add_invited(
    collected: Collected,
    answers: tuple[Table, Columns] | None,
    listed: PartnerList | None,
    labels: Sequence[str],
    away: frozenset[tuple[str, str]],
    question: Question,
) -> None:
    """Take the number of invited contacts from the list of partners: it is the same in each survey wave.

    So it says nothing of a period whose answers are of several waves, or a part of those of one, which may not be set
    against it.
    """
    if listed is None or answers is None or collected.invited or not collected.scores:
        return
    numbers = numbers_of(listed, "invited_contacts", collected, whole=True)
    if not numbers:
        return
    is_one = _is_one_wave(collected, *answers, question)
    several, parts = ({label for label, one in is_one.items() if one is kind} for kind in (SEVERAL, PART))
    says, wave = f"{listed.table.label} says how many people a survey wave invites", str(question.wave)
    if last := next((label for label in reversed(labels) if label in several), None):
        collected.notes.append(
            f"{says}, and {last} has the answers of several, "
            f"or of days that cannot be told (a wave is a {wave}): there is no response rate; --period {wave} has one "
            'of each wave, and wave = "none" under [options] in partnerkpi.toml says that all answers are of one'
        )
    if last := next((label for label in reversed(labels) if label in parts), None):
        collected.notes.append(
            f"{says}, and {last} has a part of the answers of one (a wave is a {wave}): there is no response rate; "
            f'--period {wave} has one of each wave, and wave = "{question.period}" under [options] in partnerkpi.toml '
            f"says that each {question.period} invites them anew"
        )
    surveyed = {label for _, label in collected.scores} - several - parts
    for name, number in numbers.items():
        if number >= 0:
            for label in labels:
                if label in surveyed and (name, label) not in away:
                    collected.invited[name, label] = int(number)


def _is_one_wave(collected: Collected, table: Table, columns: Columns, question: Question) -> Mapping[str, str]:
    """Tell of each period with dated answers whether they are of several survey waves, or a part of those of one."""
    if question.wave == "all" or collected.used is None:
        return {}
    if waves := collected.used.waves(question.wave):
        shared = Counter(wave for found in waves.values() for wave in found)
        return {
            label or ALL_TIME: SEVERAL if len(found) > 1 else PART if max(map(shared.__getitem__, found)) > 1 else ONE
            for label, found in waves.items()
        }
    # For all time nothing hangs on the days but this: they are looked at here alone.
    try:
        if (column := columns.known("date")) is None:
            return {}
        date = near_dates(table, read_dates(table, column, question.day_first), question.window)
    except OpenQuestion:
        return {ALL_TIME: SEVERAL}
    days = first_and_last(table, date, question.window)
    ends = {period_of(day, question.wave) for day in days} if days is not None else set()
    return {ALL_TIME: ONE if len(ends) <= 1 else SEVERAL}


def numbers_of(listed: PartnerList, role: str, collected: Collected, *, whole: bool = False) -> dict[str, float]:
    """Return what the list of partners says in numbers of those of whom it does; how they are written is noted."""
    column = listed.columns.get(role)
    if column is None:
        return {}
    (read,) = read_numbers(listed.table, (column,), whole=whole, money=not whole)
    collected.notes += read.notes
    found = {name: read.value(record[column]) for name, record in listed.partners.items()}
    return {name: number for name, number in found.items() if number is not None}
