"""Persons who answered in two periods that are compared: what their answers have in common, as sums that add up.

A change is judged with them (`kpi.conditional`): who was happy is mostly happy again. The engine joins each person's
two answers and adds them up; no person comes into Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from partnerkpi.kpi.conditional import Pairs
from partnerkpi.kpi.scores import PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.periods import UNITS, Period, shift, year_before
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.values import as_text
from partnerkpi.tally.scores import Group, label_of

#: By the values of a division, the earlier period and the later one.
PairsBy: TypeAlias = Mapping[tuple[Group, str, str], Pairs]


def steps_back(period: Period) -> tuple[int, ...]:
    """Return how many periods back a period is compared: to the one before, and to the same a year before.

    The same week of the year before lies 52 weeks back, or 53.
    """
    if period == "week":
        return 1, 52, 53
    return tuple(dict.fromkeys((1, 12 // UNITS[period]))) if period != "all" else ()


def pairs_by(
    rows: Rows, period: Period, divisions: Sequence[Sequence[str]], *, once: bool = False, narrowed: bool = False
) -> list[PairsBy]:
    """Count the persons with exactly one answer in either of two periods, divided in each of these ways.

    `rows` are answers that count, with person, partner, stretch (the number of the period) and score. A person is
    somebody at one partner, known by name. Each of the `divisions` names columns of the rows by whose values
    persons are told apart, none for all together; a person whose two answers differ there is in no group. Where a
    person has at most one answer in a period (`once`) that need not be looked at; where the rows are `narrowed` to
    persons with several answers, those are not looked for, and `person`
    tells of the partner as well. Three persons who answered 9 and then 3, 10 and 10, 7 and 8 are Pairs(3, 2, 0).
    """
    steps = steps_back(period)
    if not steps:
        return [{} for _ in divisions]
    columns = dict.fromkeys(column for division in divisions for column in division)
    keys = ["person"] if narrowed else ["person", "partner"]
    one = _one_answer(rows, keys, [column for column in columns if column not in keys], once=once)
    at_one_partner = "" if narrowed else "AND earlier.partner IS NOT DISTINCT FROM later.partner "
    alike = [
        " AND ".join(f"earlier.{column} IS NOT DISTINCT FROM later.{column}" for column in division) or "TRUE"
        for division in divisions
    ]
    shown = [f"later.{column} AS {column}" for column in columns]
    shown += [f"CASE WHEN {test} THEN 1 ELSE 0 END AS same{number}" for number, test in enumerate(alike)]
    flags = [f"same{number}" for number in range(len(divisions))]
    sets = (", ".join([*own, flags[number], "former", "latter"]) for number, own in enumerate(divisions))
    # grouping has one bit a flag, the first the highest, and it is set where that one is not of this division
    found = rows.fetch(
        f"SELECT grouping({', '.join(flags)}), former, latter, count(*), sum(total), sum(product), "
        f"{', '.join([*flags, *columns])} FROM (SELECT {', '.join(shown)}, earlier.stretch AS former, "
        "later.stretch AS latter, earlier.answer + later.answer AS total, earlier.answer * later.answer AS product "
        f"FROM ({one}) AS earlier JOIN ({one}) AS later ON earlier.person = later.person "
        f"{at_one_partner}AND later.stretch - earlier.stretch IN ({', '.join(map(str, steps))})) AS both_answers "
        f"GROUP BY GROUPING SETS ({', '.join(f'({one_set})' for one_set in sets)})"
    )
    every = (1 << len(divisions)) - 1
    places = {every ^ (1 << (len(divisions) - 1 - number)): number for number in range(len(divisions))}
    pairs: list[defaultdict[tuple[Group, str, str], Pairs]] = [defaultdict(Pairs) for _ in divisions]
    for bits, former, latter, persons, sums, products, *rest in found:
        place = places[bits]
        before, after = label_of(former, period), label_of(latter, period)
        if before is not None and after is not None and rest[place] and _are_compared(before, after, period):
            values = {column: as_text(rest[len(divisions) + number]) for number, column in enumerate(columns)}
            key = tuple(values[column] for column in divisions[place]), before, after
            pairs[place][key] += Pairs(int(persons), int(sums), int(products))
    return [dict(sorted(one_way.items(), key=_order)) for one_way in pairs]


def _are_compared(before: str, after: str, period: Period) -> bool:
    """Tell whether one period is that before another, or the same a year before; of weeks 52 or 53 back, one is not."""
    return period != "week" or before in (shift(after, period, -1), year_before(after, period))


def _one_answer(rows: Rows, by: Sequence[str], columns: Sequence[str], *, once: bool) -> str:
    """Return SQL for the answers of persons who have exactly one to a partner in a period, -1, 0 or 1."""
    known = "person IS NOT NULL AND stretch IS NOT NULL"
    if rows.backend.has_order and "partner" in by:
        # many persons may have answered but once; they are told by a number, which is smaller than their names
        number = "hash(person, partner)"
        several = f"SELECT {number} FROM __rows WHERE {known} GROUP BY 1 HAVING count(*) > 1"
        known += f" AND {number} IN ({several})"
    keys, answer = ", ".join([*by, "stretch"]), f"CASE WHEN {_DETRACTS} THEN -1 WHEN {_PASSES} THEN 0 ELSE 1 END"
    if once:
        return f"SELECT {', '.join([keys, *columns])}, {answer} AS answer FROM __rows WHERE {known}"
    parts = [keys, *(f"min({column}) AS {column}" for column in columns), f"min({answer}) AS answer"]
    return f"SELECT {', '.join(parts)} FROM __rows WHERE {known} GROUP BY {keys} HAVING count(*) = 1"


_DETRACTS, _PASSES = f"score < {PASSIVE_FROM}", f"score < {PROMOTER_FROM}"


def _order(item: tuple[tuple[Group, str, str], Pairs]) -> tuple[tuple[str, ...], str, str]:
    (group, before, after), _ = item
    return tuple(value or "" for value in group), before, after
