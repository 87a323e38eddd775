"""A part of all tables of a scorecard: the partners for which conditions hold with their rows, or the rows themselves.

Where the list of partners has the column, a condition chooses partners, and rows go with their partner; those of no
partner of the list go by their own column, if their table has it. Where the list has not, rows go by their own column.
So each figure is one of the part: nothing of others is in its denominator. A table that neither has the column nor
names partners of the list would be counted whole beside it, and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError
from partnerkpi.results.choosing import Condition, Part, condition_of, condition_sql, split
from partnerkpi.results.kinds import ACTIVITIES, CUSTOMERS, KINDS, PARTNERS, RESPONSES, Tables
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.sql import listed
from partnerkpi.tables.table import Table

_COUNTED = (RESPONSES, ACTIVITIES, CUSTOMERS)
TableAndColumns = tuple[Table, Columns]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One condition, as each table that has the column understands it."""

    words: str
    of: dict[str, Condition]

    @property
    def takes_blanks(self) -> bool:
        """Tell whether it holds for a row that has no such value."""
        one = next(iter(self.of.values()))
        return one.sign == "!=" if one.values else one.sign != "!="


def part_of(tables: Tables, where: Sequence[str], day_first: bool | None = None) -> Tables:
    """Return the part of all tables for which all conditions hold; its notes say how many rows of each that leaves.

    UsageError for a condition that cannot be read or that holds for nothing, for a column that no table has, and for a
    table that it cannot part.
    """
    if not where:
        return tables
    opened = {kind: one for kind in KINDS if (one := getattr(tables, kind)) is not None}
    asked = [_asked(text, opened) for text in where]
    words = tuple(one.words for one in asked)
    sql: dict[str, list[str]] = {kind: [] for kind in opened}
    for one in asked:
        for kind, condition in _conditions(one, opened, day_first).items():
            sql[kind].append(condition)
    some: dict[str, Any] = {kind: _restricted(one, sql[kind]) for kind, one in opened.items()}
    left = {kind: (_size(opened[kind]), _size(some[kind])) for kind in opened}
    if PARTNERS in left and not left[PARTNERS][1]:
        raise UsageError(f"--where: no partner of {opened[PARTNERS][0].label} has {' and '.join(words)}")
    if not any(now for kind, (_, now) in left.items() if kind in _COUNTED or len(left) == 1):
        named = ", ".join(table.label for table, _ in opened.values())
        raise UsageError(f"--where: no row of {named} has {' and '.join(words)}")
    notes = [f"this is a part of the data: only {' and '.join(words)} counts"]
    if any(PARTNERS in one.of and one.of.keys() & {*_COUNTED} for one in asked):
        notes.append("rows go with their partner on the list, those of no partner of the list by their own column")
    notes += [f"{now:,} of {every:,} rows of {opened[kind][0].label} are in it" for kind, (every, now) in left.items()]
    return replace(
        tables,
        **some,
        notes=(*notes, *tables.notes),
        part=Part(
            words,
            by_partner=any(_by_partner(one, CUSTOMERS, opened) and not one.takes_blanks for one in asked),
            of_rows=tuple(one.words for one in asked if not _by_partner(one, RESPONSES, opened)),
        ),
    )


def _asked(text: str, opened: Mapping[str, TableAndColumns]) -> _Asked:
    """Return a condition with the tables that have its column; UsageError where none has, or one cannot be parted."""
    found = {kind: one for kind, (_, columns) in opened.items() if (one := split(text, columns)) is not None}
    if not found:
        _refuse_unknown(text, opened)
    if RESPONSES in found and found[RESPONSES].column == opened[RESPONSES][1].known("score"):
        raise UsageError(f"--where {text!r} chooses answers by what they say, and an NPS of those says nothing")
    asked = _Asked(next(iter(found.values())).words, found)
    for kind, (table, columns) in opened.items():
        known = PARTNERS in found and columns.known("partner") is not None
        if kind not in found and kind != PARTNERS and not known:
            column = next(iter(found.values())).column
            of = ", ".join(opened[one][0].label for one in found)
            whole = f"{column!r} is a column of {of}, and not of {table.label}, which would be counted whole"
            how = "or choose by a column of the list of partners"
            if PARTNERS in found:
                how = "or name the column with its partners"
            raise UsageError(f"--where {text!r}: {whole}: leave {table.label} out, {how}")
    return asked


def _refuse_unknown(text: str, opened: Mapping[str, TableAndColumns]) -> None:
    """Raise UsageError for a condition that no table understands, with the nearest column of any."""
    errors: list[UsageError] = []
    for _, columns in opened.values():
        try:
            condition_of(text, columns)
        except UsageError as error:
            errors.append(error)
    raise next((one for one in errors if "Did you mean" in str(one)), errors[0])


def _conditions(one: _Asked, opened: Mapping[str, TableAndColumns], day_first: bool | None) -> dict[str, str]:
    """Return a condition in SQL for each table; UsageError for a value that no table holds."""
    absent: dict[str, set[str]] = {kind: set() for kind in one.of}
    own = {kind: condition_sql(*opened[kind], asked, day_first, absent[kind]) for kind, asked in one.of.items()}
    if set.intersection(*absent.values()):
        kind = PARTNERS if PARTNERS in one.of else next(iter(one.of))
        condition_sql(*opened[kind], one.of[kind], day_first)  # which says so, and what the column holds
    if PARTNERS not in own:
        return own
    every, chosen = (_partners(opened[PARTNERS], condition) for condition in (None, own[PARTNERS]))
    found = {PARTNERS: own[PARTNERS]}
    for kind in (kind for kind in _COUNTED if kind in opened):
        table, columns = opened[kind]
        who = columns.known("partner")
        if who is None or (kind in own and one.of[kind].column == who):
            found[kind] = own[kind]
            continue
        told = table.told_by(who)
        others = own.get(kind, "TRUE" if one.takes_blanks else "FALSE")
        of_list = f"{told} IN {listed(chosen)}" if chosen else "FALSE"
        found[kind] = f"({of_list}) OR (({told} IS NULL OR {told} NOT IN {listed(every)}) AND ({others}))"
    return found


def _partners(of_list: TableAndColumns, condition: str | None) -> set[str]:
    """Return the partners of a list for which a condition holds."""
    table, columns = of_list
    rows = table.rows if condition is None else table.rows.where(condition)
    told = table.told_by(columns.required("partner"))
    return {row[0] for row in rows.fetch(f"SELECT DISTINCT {told} AS t FROM __rows WHERE {told} IS NOT NULL")}


def _restricted(one: TableAndColumns, conditions: Sequence[str]) -> TableAndColumns:
    table, columns = one
    if not conditions:
        return one
    together = " AND ".join(f"({sql})" for sql in (*filter(None, [table.chosen]), *conditions))
    return replace(table, chosen=together), columns


def _size(one: TableAndColumns) -> int:
    ((rows,),) = one[0].rows.fetch("SELECT count(*) FROM __rows")
    return int(rows)


def _by_partner(one: _Asked, kind: str, opened: Mapping[str, TableAndColumns]) -> bool:
    """Tell whether a condition chooses the rows of a table by the partner that they name, if some name one."""
    if kind not in opened:
        return PARTNERS in one.of
    if kind != CUSTOMERS and PARTNERS in one.of:
        return True
    return kind not in one.of or one.of[kind].column == opened[kind][1].known("partner")
