"""Rows of numbers of answers that hold those of other rows too: running totals, quarters below their months, regions.

Nothing but the numbers shows it, so that it is a question.
"""

from __future__ import annotations

import itertools
import operator
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from partnerkpi.errors import DataProblem, OpenQuestion, UsageError
from partnerkpi.kpi.scores import PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.lazily import pattern
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.counts import ACROSS, CountsColumns, keys_of
from partnerkpi.tables.dates import read_dates
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.sql import ROW, SOURCE
from partnerkpi.tables.table import Table
from partnerkpi.tally.counts import CountedRows
from partnerkpi.vocabulary import plain_name

#: Of more rows than this nobody makes a report with sums by hand; in so few, one sum of so many answers is no accident.
_MOST_ROWS, _FEW_ROWS, _NO_ACCIDENT = 400, 60, 30
#: A sum of fewer answers may be one by accident.
_LEAST = 10
#: So often must numbers rise, and never fall, to be running totals.
_RISES = 10
#: What a row is called that others are compared with, and that is no partner or period.
_COMPARED = pattern(
    r"(?:(?:industry|market|sector|branchen|peer|our|company|global|nps|sector) ?)?(?:benchmarks?|targets?|goals?"
    r"|zielwerte?|objectifs?|objetivos?|obiettivi|obiettivo|referenzwerte?|vergleichswerte?|peers|peer group)(?: .*)?"
    r"|(?:industry|market|branchen|sector|peer|peer group|global) ?(?:averages?|means?|norms?|schnitt|durchschnitt"
    r"|mittel\w*)"
)

_Bands = tuple[int, int, int]


def ask_of_rows_that_add_up(table: Table, columns: Columns, read: CountedRows) -> None:
    """Raise OpenQuestion where rows with numbers of answers in several columns hold those of other rows too."""
    found, wide = read.columns, read.wide(table.numbered)
    if found.wanted or found.layout == "frequencies":
        return
    keys = [one for one in keys_of(columns.profiles, found) if one.name not in (found.total, found.figure)]
    _ask_of_comparisons(table, keys)
    if not wide.backend.has_order:
        return
    bands: list[list[str]] = [[], [], []]
    for place, (_, answer) in enumerate(found.numbers):
        bands[0 if answer < PASSIVE_FROM else 1 if answer < PROMOTER_FROM else 2].append(f"__n{place}")
    sums = ", ".join(f"CAST({' + '.join(names) or '0'} AS BIGINT)" for names in bands)
    named = [one for one in keys if one.is_text or one.is_date]
    if not named:
        return
    told = ", ".join(f"CAST({table.told_by(one.name)} AS VARCHAR)" for one in named)
    when = _order_of(table, columns)
    taken = f"{when or 'CAST(NULL AS TIMESTAMP)'}, {sums}, {told}"
    rows = wide.fetch(f"SELECT {taken} FROM __rows ORDER BY {SOURCE}, {ROW} LIMIT {_MOST_ROWS + 1}")
    if len(rows) > _MOST_ROWS:
        return
    if when is not None:
        _ask_of_running_totals(table, columns, found, named, rows)
    _ask_of_sums(table, named, rows)


def _ask_of_comparisons(table: Table, keys: Sequence[ColumnProfile]) -> None:
    for one in keys:
        if not one.is_text or one.is_date or len(one.distinct) < 2:
            continue
        text = table.told_by(one.name)
        compared = sorted(text for text in one.distinct if _COMPARED.fullmatch(plain_name(text)))
        if compared and table.chosen is not None:  # by --where
            compared = [
                value for (value,) in table.rows.fetch(f"SELECT DISTINCT {text} FROM __rows") if value in compared
            ]
        if compared and len(compared) < len(one.distinct):
            raise OpenQuestion(
                f"{table.label}: {compared[0]!r} in {one.name!r} is what others are compared with: "
                f'--where "{one.name}!={compared[0]}" leaves it out, --frequency {ACROSS} counts it with them'
            )


def _order_of(table: Table, columns: Columns) -> str | None:
    name = columns.get("date")
    if name is None:
        return None
    try:
        return read_dates(table, name).expression
    except (UsageError, DataProblem):  # where periods are asked for, the question comes then
        return None


def _ask_of_running_totals(
    table: Table,
    columns: Columns,
    found: CountsColumns,
    named: Sequence[ColumnProfile],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    date = columns.get("date")
    others = [4 + place for place, one in enumerate(named) if one.name != date]
    series: defaultdict[tuple[Any, ...], dict[Any, list[int]]] = defaultdict(dict)
    for row in rows:
        group = series[tuple(row[place] for place in others)]
        if row[0] is None or row[0] in group:
            return  # several rows of one group and period: none of them is all that came until then
        group[row[0]] = [int(value or 0) for value in row[1:4]]
    rises = 0
    for group in series.values():
        in_order = [bands for _, bands in sorted(group.items())]
        for before, after in itertools.pairwise(in_order):
            steps = list(map(operator.sub, after, before))
            if min(steps) < 0:
                return
            rises += sum(step > 0 for step in steps)
    if rises >= _RISES:
        names = ", ".join(repr(name) for name, _ in found.numbers[:3])
        raise OpenQuestion(
            f"{table.label}: {names} never fall from one {date!r} to the next, as running totals do: if they are, give "
            f"the numbers of each period; --frequency {ACROSS} counts them as such"
        )


def _ask_of_sums(table: Table, named: Sequence[ColumnProfile], rows: Sequence[tuple[Any, ...]]) -> None:
    bands: list[_Bands] = [(int(row[1] or 0), int(row[2] or 0), int(row[3] or 0)) for row in rows]
    sums = list(_sums_in(bands))
    covered = {place for _, of in sums for place in of}
    alone = [(place, of) for place, of in sums if sum(bands[place]) >= _NO_ACCIDENT and len(rows) <= _FEW_ROWS]
    if len(sums) > 1 and 2 * len(covered) >= len(rows) - len(sums):
        place, of = sums[0]
    elif alone:
        place, of = alone[0]
    else:
        return
    names = [" ".join(str(cell).strip() for cell in row[4:] if cell is not None) for row in rows]
    raise OpenQuestion(
        f"{table.label}: {names[place]!r} in {named[0].name!r} is the sum of {names[of[0]]!r} to {names[of[-1]]!r}: "
        f"take out the rows that add others up, or count them too with --frequency {ACROSS}"
    )


def _sums_in(bands: Sequence[_Bands]) -> Iterator[tuple[int, list[int]]]:
    """Yield the places of rows that are the sum of two or more below them, or above them, with theirs."""
    for place, own in enumerate(bands):
        if sum(own) < _LEAST:
            continue
        for step in (1, -1):
            total, of, other = [0, 0, 0], list[int](), place + step
            while 0 <= other < len(bands) and sum(total) < sum(own):
                total = list(map(operator.add, total, bands[other]))
                of += [other] if sum(bands[other]) else []
                other += step
            if tuple(total) == own and len(of) > 1:
                yield place, sorted(of)
                break
