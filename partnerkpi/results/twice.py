"""Rows that come twice: those that stand in two files, and those with one id, count once.

An export is copied, a cumulative one lies beside monthly ones, two exports overlap. A row is the same as another where
both have the same id, or where two files hold it as a whole. Within one file only an id tells: two people may well say
the same on one day. Where ids are numbered anew in each file, or where whole rows do not tell anything apart, all
rows count and that is said.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections.abc import Sequence
from dataclasses import replace

from partnerkpi.csvtext import copy_writer
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.results.shown import ACTIVITIES, CUSTOMERS, RESPONSES
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import read_dates
from partnerkpi.tables.group_heads import ask_of_group_heads
from partnerkpi.tables.part import Part
from partnerkpi.tables.sql import PLACE, ROW, identifier, told_by
from partnerkpi.tables.table import Table
from partnerkpi.tables.values import as_text
from partnerkpi.tables.workspace import Workspace
from partnerkpi.tally.counts import read_counts
from partnerkpi.vocabulary import ROW_IDS, SURE_ROW_IDS, plain_name

TWICE = "the same row in another file"
SAME_ID = "the same id twice"

#: Roles of which one must be there for whole rows to tell answers, activities or customers apart.
_TELLING = {RESPONSES: ("date", "respondent", "comment"), ACTIVITIES: ("date",), CUSTOMERS: ("customer",)}
#: An id that so many rows share is one of something else, such as a person or a survey.
_MOST_REPEATED = 0.2
#: So many times as often as within a file must rows be alike in two for them to be the same; a copy has so many rows.
_TIMES, _COPY = 5, 3
#: In tables up to this size rows that are alike are counted; more than so many, and than this share, are told.
_LOOKED_AT, _COLUMNS, _FEW, _SHARE = 100_000, 100, 5, 0.01
#: Numbers that each file may count anew.
_NUMBERED = "^[^0-9]*[0-9]{1,7}$"


@dataclass(frozen=True, slots=True)
class _Overlap:
    """How many rows are alike within a file, how many another has, and whether a file is a copy."""

    within: int
    shared: int
    is_copy: bool


def each_once(workspace: Workspace, table: Table, columns: Columns, kind: str) -> Table:
    """Return a table without the rows that come twice, which are set aside, and with what is to be said of them.

    OpenQuestion where a column names a group in its first row only.
    """
    if kind not in _TELLING or not table.parts:
        return table
    ask_of_group_heads(table, columns)
    reader = _Reader(workspace, table, columns, kind)
    return reader.of_files() if reader.sources > 1 else reader.of_one()


class _Reader:
    """The rows of a table, each with its file, its id and what stands in all its cells."""

    def __init__(self, workspace: Workspace, table: Table, columns: Columns, kind: str) -> None:
        self.workspace, self.table, self.columns, self.kind = workspace, table, columns, kind
        self.numbers = _files_of(table.parts)
        self.sources = len(set(self.numbers))
        shared = set.intersection(*({name.casefold() for name in part.columns} for part in table.parts))
        self.names = [name for name in table.columns if name.casefold() in shared]
        self.ids = [name for name in self.names if plain_name(name) in ROW_IDS] if kind != CUSTOMERS else []
        roles = ("customer", "contract", "start_date", "period") if kind == CUSTOMERS else ()
        known = {role: name for role in roles if (name := columns.choice(role).column) in self.names}
        self.known = known if known.keys() & {"customer", "contract"} else {}
        self.sure = [name for name in self.ids if plain_name(name) in SURE_ROW_IDS]

    def of_one(self) -> Table:
        """Return a table of one file without the rows whose id stands further down again."""
        table = self.table
        person = self.columns.get("respondent")
        ids = self.sure or [name for name in self.ids if self._has_what_tells() and name != person]
        if len(ids) != 1:
            return self._with_alike(table)
        own = self._told(ids[0])
        ((filled, different),) = table.rows.fetch(f"SELECT count({own}), count(DISTINCT {own}) FROM __rows")
        if different == filled:
            return table
        few = filled - different <= _MOST_REPEATED * filled
        is_of_rows = (few and self.sure) or ((few or self.sure) and self._holds_the_same(own))
        if not is_of_rows:  # but of something else, such as a person or a partner
            return table
        words = f"stand again under the same {ids[0]!r}: the last of each counts"
        if not table.backend.has_order:
            return self._without_order(own, words)
        nth = f"CASE WHEN {own} IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY {own} ORDER BY {PLACE} DESC) END"
        return self._without(table.numbered.select(f"SELECT {PLACE}, {nth} AS __once FROM __rows"), SAME_ID, words)

    def _holds_the_same(self, own: str) -> bool:
        """Tell whether rows of one id hold the same in every cell: an export that was pasted twice into one file."""
        cells = ", ".join(map(self._cell, self.names))
        ((differ,),) = self.table.rows.fetch(
            f"SELECT count(*) FROM (SELECT {own} AS own FROM __rows WHERE {own} IS NOT NULL GROUP BY 1 "
            f"HAVING count(DISTINCT concat_ws(chr(31), {cells})) > 1) AS other"
        )
        return not differ

    def _without_order(self, own: str, words: str) -> Table:
        """Return a table of an engine whose rows have no order with the first row of each id, sorted by all cells."""
        (part,) = self.table.parts
        columns = ", ".join(map(identifier, part.columns))
        nth = f"row_number() OVER (PARTITION BY {own} ORDER BY {', '.join(map(self._told, self.names))})"
        marked = Rows(self.table.backend, part.sql).select(
            f"SELECT *, CASE WHEN {own} IS NULL THEN 1 ELSE {nth} END AS __once FROM __rows"
        )
        aside = marked.where("__once > 1").select(f"SELECT CAST(NULL AS BIGINT) AS {ROW}, {columns} FROM __rows")
        again = self._put_aside(part, aside, SAME_ID)
        kept = marked.where("__once = 1").select(f"SELECT {columns} FROM __rows")
        words = words.replace("the last", "one")
        return replace(self._noted(_rows_that(again.aside[SAME_ID], words)), parts=(replace(again, sql=kept.sql),))

    def of_files(self) -> Table:
        """Return a table of several files without the rows that two of them hold."""
        if self._lie_apart() or len(self.names) < 2:
            return self.table
        if (again := self._updated()) is not None:
            return again
        note = ""
        if (name := self._id()) is not None:
            if self._is_one_id(name):
                own = f"__id{self.ids.index(name)}"
                key = f"CASE WHEN {own} IS NOT NULL THEN {own} ELSE __all || ' ' || __nth END"
                return self._once(key, f"stand in several files under the same {name!r}: each counts once")
            note = f"{name!r} numbers other rows in each file"
        overlap = self._overlap()
        if not overlap.shared:
            return self.table
        alike = "1 row stands" if overlap.shared == 1 else f"{overlap.shared:,} rows stand"
        if overlap.is_copy or (self._tells_apart() and overlap.shared >= _TIMES * overlap.within):
            return self._once("__all || ' ' || __nth", "stand in several files: each counts once")
        why = note or "nothing in them tells one from another"
        return self._noted(f"{alike} in several files, and {why}: all of them count. Leave out what is there twice")

    def _updated(self) -> Table | None:
        """Return a table of customers with the newest row of each where a later export says another end or status.

        So it is where a customer's contract of one start or period has one row in each file; where no column of
        contracts says so, half of those that two files have must be alike.
        """
        if not self.known:
            return None
        counted = self._rows.fetch(
            "SELECT count(*), count(DISTINCT __known), count(DISTINCT __contract) FROM __rows GROUP BY __from"
        )
        ((matched, equal),) = self._rows.fetch(
            "SELECT count(*), count(*) FILTER (WHERE one = 1) FROM (SELECT count(DISTINCT __all) AS one FROM __rows "
            "GROUP BY __known HAVING count(DISTINCT __from) > 1)"
        )
        contracts = all(rows == contracts for rows, _, contracts in counted)
        once_each = all(rows == known for rows, known, _ in counted)
        if not once_each or matched == equal or not (contracts or equal * 2 >= matched):
            return None
        return self._once("__known", "stand in several files, with another end or status: that of the last file counts")

    def _id(self) -> str | None:
        """Return the column whose values tell the rows of each file apart."""
        for name in (*self.sure, *self.ids):
            own = f"__id{self.ids.index(name)}"
            counted = self._rows.fetch(
                f"SELECT __from, count({own}), count(DISTINCT {own}) FROM __rows GROUP BY __from"
            )
            repeated = [(filled - different) / filled for _, filled, different in counted if filled]
            if len(repeated) == len(counted) and max(repeated) <= (_MOST_REPEATED if name in self.sure else 0):
                return name
        return None

    def _is_one_id(self, name: str) -> bool:
        """Tell whether the same id in two files is the same row: not where each file numbers its rows from 1 on.

        Of a row that was changed meanwhile, day and person are the same.
        """
        own = f"__id{self.ids.index(name)}"
        matched, equal, numbered = self._rows.fetch(
            "SELECT count(*), count(*) FILTER (WHERE one = 1), "
            f"count(*) FILTER (WHERE regexp_matches(own, '{_NUMBERED}')) FROM ("
            f"SELECT {own} AS own, count(DISTINCT __core) AS one FROM __rows WHERE {own} IS NOT NULL "
            "GROUP BY 1 HAVING count(DISTINCT __from) > 1)"
        )[0]
        return bool(matched) and (equal * 2 >= matched or numbered * 2 < matched)

    def _tells_apart(self) -> bool:
        known = {name.casefold() for name in self.names}
        if self.kind == RESPONSES and read_counts(self.table, self.columns) is not None:
            date = self.columns.get("date")
            return date is not None and date.casefold() in known
        return self._has_what_tells() or bool(self.ids)

    def _has_what_tells(self) -> bool:
        """Tell whether there is a column of the roles that tell answers, activities or customers apart."""
        known = {name.casefold() for name in self.names}
        found = (self.columns.get(role) for role in _TELLING[self.kind])
        return any(name is not None and name.casefold() in known for name in found)

    def _overlap(self) -> _Overlap:
        """Return how many rows two files hold, as often as both do."""
        rows = self._rows
        ((within,),) = rows.fetch("SELECT count(*) FILTER (WHERE __nth > 1) FROM __rows")
        counted = rows.fetch(
            "SELECT __from, count(*), count(*) FILTER (WHERE files > 1) FROM (SELECT __from, "
            "count(*) OVER (PARTITION BY __all, __nth) AS files FROM __rows) GROUP BY __from"
        )
        ((shared,),) = rows.fetch(
            "SELECT coalesce(sum(files - 1), 0) FROM "
            "(SELECT count(*) AS files FROM __rows GROUP BY __all, __nth HAVING count(*) > 1)"
        )
        copies = sorted(number for _, number, also in counted if also == number >= _COPY)
        # What tells no rows apart shows a copy only where two files hold all the same.
        is_copy = bool(copies) if self._tells_apart() else any(map(int.__eq__, copies, copies[1:]))
        return _Overlap(within, int(shared), is_copy)

    def _lie_apart(self) -> bool:
        """Tell whether a column shows cheaply that no two files can hold a row both: their dates do not overlap."""
        date = self.columns.get("date") if not self.ids else None
        if date is None or date not in self.names:
            return False
        rows = self.table.numbered.select(
            f"SELECT nullif({self._cell(date)}, '') AS day, {PLACE} >> 44 AS part FROM __rows"
        )
        bounds = rows.fetch("SELECT min(day), max(day), count(*) - count(day) FROM __rows GROUP BY part")
        ends = sorted((low, high) for low, high, blank in bounds if low is not None and not blank)
        return len(ends) == len(self.table.parts) and all(one[1] < other[0] for one, other in itertools.pairwise(ends))

    def _told(self, name: str) -> str:
        return told_by(name, self.table.kind_of(name).kind)

    @property
    def _all_cells(self) -> str:
        """Return SQL for what stands in all cells of a row."""
        cells = ", ".join(f"coalesce(CAST({identifier(name)} AS VARCHAR), '')" for name in self.names)
        return f"md5(concat_ws(chr(31), {cells}))"

    @functools.cached_property
    def _rows(self) -> Rows:
        """Return of each row its place, its file, its ids, and all it holds, numbered among the alike of its file."""
        which = " ".join(f"WHEN {PLACE} >> 44 = {place} THEN {number}" for place, number in enumerate(self.numbers))
        ids = "".join(f", {self._told(name)} AS __id{number}" for number, name in enumerate(self.ids))
        named = [name for role in ("date", "respondent") if (name := self.columns.get(role)) in self.names]
        told = [self._cell(name) for name in named if name is not None and self.table.kind_of(name).filled]
        whole = f"md5(concat_ws(chr(31), {', '.join(map(self._cell, self.names))}))"
        core = f"concat_ws(chr(31), {', '.join(told)})" if told else whole
        if self.known:
            days = ("start_date", "period")
            of_row = (self._cell(name) if role in days else self._told(name) for role, name in self.known.items())
            own = self._told(self.known["contract"]) if "contract" in self.known else "CAST(NULL AS VARCHAR)"
            ids += f", concat_ws(chr(31), {', '.join(of_row)}) AS __known, {own} AS __contract"
        rows = self.table.numbered.select(
            f"SELECT {PLACE}, CASE {which} END AS __from{ids}, {whole} AS __all, {core} AS __core FROM __rows"
        )
        return rows.select(
            f"SELECT *, row_number() OVER (PARTITION BY __from, __all ORDER BY {PLACE}) AS __nth FROM __rows"
        ).kept()

    def _cell(self, name: str) -> str:
        """Return SQL for what a cell says: a day however it is written, a text without regard to case and blanks."""
        told = self._told(name)
        if self.table.backend.has_order and self.table.kind_of(name).is_date:
            with contextlib.suppress(UsageError, DataProblem):
                return f"coalesce(CAST({read_dates(self.table, name).expression} AS VARCHAR), {told}, '')"
        return f"lower(coalesce({told}, ''))"

    def _once(self, key: str, words: str) -> Table:
        nth = f"row_number() OVER (PARTITION BY {key} ORDER BY __from DESC, {PLACE} DESC)"
        return self._without(self._rows.select(f"SELECT {PLACE}, {nth} AS __once FROM __rows"), TWICE, words)

    def _without(self, marked: Rows, reason: str, words: str) -> Table:
        """Return the table without the rows that are not the first of theirs; those are set aside."""
        places = marked.select(f"SELECT {PLACE} FROM __rows WHERE __once > 1").kept()
        parts, dropped = [], 0
        for number, part in enumerate(self.table.parts):
            columns = ", ".join((ROW, *map(identifier, part.columns)))
            mine = Rows(self.table.backend, part.numbered_rows(number))
            aside = mine.where(f"{PLACE} IN ({places.sql})").select(f"SELECT {columns} FROM __rows ORDER BY {ROW}")
            again = self._put_aside(part, aside, reason)
            if again is not part:
                kept = mine.where(f"{PLACE} NOT IN ({places.sql})").select(f"SELECT {columns} FROM __rows")
                again = replace(again, sql=kept.sql, numbered=True)
                dropped += again.aside[reason]
            parts.append(again)
        return replace(self._noted(_rows_that(dropped, words)), parts=tuple(parts)) if dropped else self.table

    def _put_aside(self, part: Part, rows: Rows, reason: str) -> Part:
        """Return a part with rows beside those that are none of the table already."""
        file = self.workspace.copies_of(part.label).with_suffix(".csv")
        count = 0
        with file.open("w", encoding="utf-8", newline="") as out:
            write = copy_writer(out)
            for row in part.rows_aside():
                write([row.line, row.reason, *row.cells])
            for block in rows.stream("SELECT * FROM __rows"):
                count += len(block)
                for cells in block:
                    write([cells[0] or 0, reason, *(as_text(cell) or "" for cell in cells[1:])])
        if not count:
            return part
        return replace(part, aside={**part.aside, reason: count}, aside_file=file)

    def _with_alike(self, table: Table) -> Table:
        """Return a table with a note of how many rows are like others, where they are more than a few."""
        if not table.backend.has_order or self.kind == CUSTOMERS or self.ids or len(self.names) > _COLUMNS:
            return table
        if not self._tells_apart():
            return table
        ((rows,),) = table.rows.fetch("SELECT count(*) FROM __rows")
        if rows > _LOOKED_AT:
            return table
        ((different,),) = table.rows.fetch(f"SELECT count(DISTINCT {self._all_cells}) FROM __rows")
        alike = rows - different
        if alike <= max(_FEW, _SHARE * rows):
            return table
        return self._noted(f"{alike:,} rows are like another one in every cell, and no id tells them apart: all count")

    def _noted(self, note: str) -> Table:
        return replace(self.table, notes=(*self.table.notes, note))


def _files_of(parts: Sequence[Part]) -> list[int]:
    """Return the number of the file that each part is from; a file that is named twice is two."""
    numbers: list[int] = []
    seen: set[str] = set()
    last: dict[str, int] = {}
    for part in parts:
        key = str(part.path) if part.path is not None else part.label
        if key not in last or part.label in seen:
            last[key] = max(numbers, default=-1) + 1
        seen.add(part.label)
        numbers.append(last[key])
    return numbers


def _rows_that(rows: int, words: str) -> str:
    """Return what is said of rows, in words of several that begin with "stand"."""
    return f"{rows:,} rows {words}" if rows > 1 else f"1 row {words.replace('stand', 'stands', 1)}"
