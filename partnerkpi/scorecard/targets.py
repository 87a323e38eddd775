"""What each partner is to reach, from the list of partners, else from the settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from partnerkpi.config import Config
from partnerkpi.errors import DataProblem
from partnerkpi.results.advocacy import PartnerList
from partnerkpi.scorecard.findings.targets import aims_of
from partnerkpi.scorecard.parts import Partner
from partnerkpi.tables.dates import read_dates
from partnerkpi.tables.numbers import read_numbers
from partnerkpi.vocabulary import same_name


def with_targets(
    partners: Sequence[Partner], listed: PartnerList | None, config: Config, notes: list[str]
) -> list[Partner]:
    """Return the partners with their targets; ConfigError for entries of the settings that say two things.

    DataProblem for a target of the list that no NPS can be. Targets of partners that there are not are noted.
    """
    place = f"{config.path or 'partnerkpi.toml'}: [[targets]]"
    aims = {same_name(one.partner): one for one in aims_of(config.settings.targets, place) if one.partner is not None}
    values, days = _of_list(listed, config, notes)
    found = []
    for one in partners:
        aim = aims.pop(same_name(one.name), None)
        if one.name in values:
            found.append(replace(one, target=values[one.name], target_date=days.get(one.name)))
        elif aim is not None:
            found.append(replace(one, target=float(aim.target), target_date=aim.by))
        else:
            found.append(one)
    if aims:
        names = ", ".join(repr(one.partner) for one in aims.values())
        notes.append(f"[[targets]] of the settings names {names}: no partner of the data is called so")
    return found


def _of_list(
    listed: PartnerList | None, config: Config, notes: list[str]
) -> tuple[dict[str, float], dict[str, dt.date]]:
    """Return the targets of the list of partners, and their days."""
    column = listed.columns.get("target") if listed is not None else None
    if listed is None or column is None:
        return {}, {}
    (read,) = read_numbers(listed.table, (column,))
    notes += [*read.notes, f"{column!r} of the list of partners is taken as the NPS that each is to reach"]
    numbers = {name: read.value(record[column]) for name, record in listed.partners.items()}
    values = {name: float(number) for name, number in numbers.items() if number is not None}
    wrong = [f"{name!r} has {number:g}" for name, number in values.items() if not -100 <= number <= 100]
    if wrong:
        raise DataProblem(
            f"{listed.table.label}: column {column!r} holds targets that no NPS can be ({', '.join(wrong[:3])}): an "
            "NPS is -100 to 100; correct them, or rename the column if it is about something else"
        )
    dates = listed.columns.get("target_date")
    if dates is None or listed.columns.profile(dates).is_blank:
        return values, {}
    day = f"CAST({read_dates(listed.table, dates, config.day_first).expression} AS DATE)"
    rows = listed.rows.fetch(f"SELECT {listed.table.told_by(listed.column)}, {day} FROM __rows WHERE __reason IS NULL")
    return values, {name: when for name, when in rows if when is not None}
