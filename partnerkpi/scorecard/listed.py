"""Numbers that the list of partners says: what they are worth, and how many people a survey invites."""

from __future__ import annotations

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


def add_invited(
    collected: Collected,
    answers: tuple[Table, Columns] | None,
    listed: PartnerList | None,
    labels: Sequence[str],
    away: frozenset[tuple[str, str]],
    question: Question,
) -> None:
    """Take the number of invited contacts from the list of partners: it is the same in each survey wave.

    So it says nothing of a period whose answers are of several waves, which may not be set against it.
    """
    if listed is None or answers is None or collected.invited or not collected.scores:
        return
    numbers = numbers_of(listed, "invited_contacts", collected, whole=True)
    if not numbers:
        return
    several = {label for label, is_one in _is_one_wave(collected, *answers, question).items() if not is_one}
    if last := next((label for label in reversed(labels) if label in several), None):
        wave = str(question.wave)
        collected.notes.append(
            f"{listed.table.label} says how many people a survey wave invites, and {last} has the answers of several, "
            f"or of days that cannot be told (a wave is a {wave}): there is no response rate; --period {wave} has one "
            'of each wave, and wave = "none" under [options] in partnerkpi.toml says that all answers are of one'
        )
    surveyed = {label for _, label in collected.scores} - several
    for name, number in numbers.items():
        if number >= 0:
            for label in labels:
                if label in surveyed and (name, label) not in away:
                    collected.invited[name, label] = int(number)


def _is_one_wave(collected: Collected, table: Table, columns: Columns, question: Question) -> Mapping[str, bool]:
    """Tell of each period with dated answers whether they are all of one survey wave."""
    if question.wave == "all" or collected.used is None:
        return {}
    if waves := collected.used.waves(question.wave):
        return {label or ALL_TIME: number == 1 for label, number in waves.items()}
    # For all time nothing hangs on the days but this: they are looked at here alone.
    try:
        if (column := columns.known("date")) is None:
            return {}
        date = near_dates(table, read_dates(table, column, question.day_first), question.window)
    except OpenQuestion:
        return {ALL_TIME: False}
    days = first_and_last(table, date, question.window)
    ends = {period_of(day, question.wave) for day in days} if days is not None else set()
    return {ALL_TIME: len(ends) <= 1}


def numbers_of(listed: PartnerList, role: str, collected: Collected, *, whole: bool = False) -> dict[str, float]:
    """Return what the list of partners says in numbers of those of whom it does; how they are written is noted."""
    column = listed.columns.get(role)
    if column is None:
        return {}
    (read,) = read_numbers(listed.table, (column,), whole=whole)
    collected.notes += read.notes
    found = {name: read.value(record[column]) for name, record in listed.partners.items()}
    return {name: number for name, number in found.items() if number is not None}
