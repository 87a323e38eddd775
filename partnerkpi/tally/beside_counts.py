"""What stands beside numbers of answers, compared with them: sums, shares, an NPS, and words for numbers."""

from __future__ import annotations

import math

from partnerkpi.errors import OpenQuestion
from partnerkpi.kpi.scores import PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.counts import ACROSS, CountsColumns
from partnerkpi.tables.numbers import read_numbers
from partnerkpi.tables.table import Table
from partnerkpi.tally.facts import LOST, WEIGHT

#: A share, or a figure, that is shown as a whole number may be so far off, in points.
_ROUNDED = 0.51


def checks_of_rows(table: Table, found: CountsColumns, wide: Rows) -> list[str]:
    """Return what to say of sums, shares and an NPS that stand beside the numbers of a row, `__n0` and on in `wide`."""

    def of(first: float, last: float) -> str:
        return " + ".join(f"__n{place}" for place, (_, a) in enumerate(found.numbers) if first <= a < last) or "0"

    bands = {0: of(0, PASSIVE_FROM), int(PASSIVE_FROM): of(PASSIVE_FROM, PROMOTER_FROM)}
    bands[int(PROMOTER_FROM)] = of(PROMOTER_FROM, math.inf)
    answers = of(0, math.inf)
    expected = {found.total: answers} if found.total is not None else {}
    parts = {name: f"100.0 * ({bands[band]}) / ({answers})" for name, band in found.shares}
    if found.figure is not None:
        parts[found.figure] = f"100.0 * (({bands[int(PROMOTER_FROM)]}) - ({bands[0]})) / ({answers})"
    notes = []
    for name, value in (expected | parts).items():
        (number,) = read_numbers(table, (name,), whole=name == found.total, may_ask=False)
        rows, most, wrong, wrong_of_one = wide.fetch(
            f"SELECT count(c), max(abs(c)), count(*) FILTER (abs(c - f) > {_ROUNDED}), "
            f"count(*) FILTER (abs(100 * c - f) > {_ROUNDED}) "
            f"FROM (SELECT {number.expression} AS c, {value} AS f FROM __rows WHERE ({answers}) > 0) "
            "WHERE c IS NOT NULL"
        )[0]
        if not rows:
            continue
        differ = int(min(wrong, wrong_of_one) if name in parts and most <= 1 else wrong)
        if not differ:
            notes.append(f"{name!r} agrees with the numbers in all {rows:,} rows")
            continue
        stated = f"{name!r} is not what the numbers give in {differ:,} of {rows:,} rows"
        if 2 * differ > rows and not found.wanted:
            raise OpenQuestion(
                f"{table.label}: {stated}: check which columns belong together; --frequency {ACROSS} counts "
                f"{', '.join(repr(column) for column, _ in found.numbers[:3])} all the same"
            )
        notes.append(f"{stated}: the numbers count")
    return notes


def check_shares(table: Table, found: CountsColumns, counted: Rows) -> list[str]:
    """Return what to say of shares of all answers that stand beside frequencies, the rows of which are `counted`."""
    notes = []
    for name, _ in found.shares:
        (share,) = read_numbers(table, (name,), may_ask=False)
        rows = counted.where(f"{LOST} IS NULL")
        total, shares = rows.fetch(f"SELECT sum({WEIGHT}), sum({share.expression}) FROM __rows")[0]
        unit = next((unit for unit in (1, 100) if shares is not None and abs(unit * shares - 100) <= 2), None)
        if unit is None or not total:
            continue  # of a group, or added up
        ((wrong,),) = rows.fetch(
            f"SELECT count(*) FILTER (abs({unit} * {share.expression} - 100.0 * {WEIGHT} / {total}) > {_ROUNDED}) "
            "FROM __rows"
        )
        where = "1 row" if wrong == 1 else f"{wrong:,} rows"
        what = f"is not what the numbers give in {where}: the numbers count" if wrong else "agrees with the numbers"
        notes.append(f"{name!r} {what}")
    return notes


def unknown_numbers(table: Table, found: CountsColumns, counted: Rows) -> list[str]:
    """Return what to say of rows that do not count since one of their numbers is a word: n/a beside 4 and 1.

    `counted` has the numbers as `__n0` and on, and why a row does not count. Nobody knows how many `n/a` are, and
    without them the others would be another figure: the whole row is set aside, and this says how much it holds.
    """
    rows = counted.where(f"{LOST} IS NOT NULL")
    notes = []
    for place, (name, _) in enumerate(found.numbers):
        others = " + ".join(f"coalesce(__n{other}, 0)" for other in range(len(found.numbers)) if other != place)
        number, answers, word = rows.fetch(
            f"SELECT count(*), sum({others}), min({table.told_by(name)}) FROM __rows "
            f"WHERE __n{place} IS NULL AND ({others}) > 0"
        )[0]
        if number:
            notes.append(
                f"{name!r} says {word!r} where a number of answers should stand, in {int(number):,} "
                f"{'row' if number == 1 else 'rows'}: the {int(answers):,} other answers there do not count either. "
                "Where nobody gave that answer, write 0 or leave the cell blank"
            )
    return notes
