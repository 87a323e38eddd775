"""Rows that come twice: those that stand in two files, and those with one id, count once.

An export is copied, a cumulative one lies beside monthly ones, two exports overlap. A row is the same as another where
both have the same id, or where two files hold it as a whole. Within one file only an id tells: two people may well say
the same on one day. Where ids are numbered anew in each file, or where whole rows do not tell anything apart, all
rows count and that is said.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from partnerkpi.results.shown import ACTIVITIES, CUSTOMERS, RESPONSES
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.part import Part
from partnerkpi.tables.sql import PLACE, ROW, SOURCE, identifier, literal, told_by
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
    """Return a table without the rows that come twice, which are set aside, and with what is to be said of them."""
    if kind not in _TELLING or not table.parts:
        return table
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
        self.sure = [name for name in self.ids if plain_name(name) in SURE_ROW_IDS]

    def of_one(self) -> Table:
        """Return a table of one file without the rows whose id stands further down again."""
        table = self.table
        if len(self.sure) != 1:
            return self._with_alike(table)
        own = told_by(self.sure[0], table.kind_of(self.sure[0]).kind)
        ((filled, different),) = table.rows.fetch(f"SELECT count({own}), count(DISTINCT {own}) FROM __rows")
        if different == filled or filled - different > _MOST_REPEATED * filled:
            return table
        order = f"{PLACE} DESC" if table.backend.has_order else ", ".join(self._texts())
        nth = f"CASE WHEN {own} IS NOT NULL THEN row_number() OVER (PARTITION BY {own} ORDER BY {order}) ELSE 1 END"
        return self._split(nth, SAME_ID, f"stand again under the same {self.sure[0]!r}: the last of each counts")

    def of_files(self) -> Table:
        """Return a table of several files without the rows that two of them hold."""
        if self._lie_apart() or len(self.names) < 2:
            return self.table
        note = ""
        if (name := self._id()) is not None:
            if self._is_one_id(name):
                own = told_by(name, self.table.kind_of(name).kind)
                key = f"CASE WHEN {own} IS NOT NULL THEN {own} ELSE __all || ' ' || __nth END"
                return self._once(key, f"stand in several files under the same {name!r}: each counts once")
            note = f"{name!r} numbers other rows in each file"
        overlap = self._overlap()
        if not overlap.shared:
            return self.table
        alike = f"{overlap.shared:,} rows stand in several files"
        if overlap.is_copy or (self._tells_apart() and overlap.shared >= _TIMES * overlap.within):
            return self._once("__all || ' ' || __nth", "stand in several files: each counts once")
        why = note or "nothing in them tells one from another"
        return self._noted(f"{alike}, and {why}: all of them count. Leave out what is there twice")

    def _id(self) -> str | None:
        """Return the column whose values tell the rows of each file apart."""
        for name in (*self.sure, *self.ids):
            own = told_by(name, self.table.kind_of(name).kind)
            counted = self._rows().fetch(
                f"SELECT __from, count({own}), count(DISTINCT {own}) FROM __rows GROUP BY __from"
            )
            repeated = [(filled - different) / filled for _, filled, different in counted if filled]
            if len(repeated) == len(counted) and max(repeated) <= (_MOST_REPEATED if name in self.sure else 0):
                return name
        return None

    def _is_one_id(self, name: str) -> bool:
        """Tell whether the same id in two files is the same row: not where each file numbers its rows from 1 on."""
        own = told_by(name, self.table.kind_of(name).kind)
        matched, equal, numbered = self._rows().fetch(
            "SELECT count(*), count(*) FILTER (WHERE one = 1), "
            f"count(*) FILTER (WHERE regexp_matches(own, '{_NUMBERED}')) FROM ("
            f"SELECT {own} AS own, count(DISTINCT __all) AS one FROM __rows WHERE {own} IS NOT NULL "
            "GROUP BY 1 HAVING count(DISTINCT __from) > 1)"
        )[0]
        return bool(matched) and (equal * 2 >= matched or numbered * 2 < matched)

    def _tells_apart(self) -> bool:
        if self.kind == RESPONSES and read_counts(self.table, self.columns) is not None:
            return False
        known = {name.casefold() for name in self.names}
        found = (self.columns.get(role) for role in _TELLING[self.kind])
        return any(name is not None and name.casefold() in known for name in found) or bool(self.ids)

    def _overlap(self) -> _Overlap:
        """Return how many rows two files hold, as often as both do."""
        rows = self._rows()
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
        own = told_by(date, self.table.kind_of(date).kind)
        bounds = self._rows(whole=False).fetch(
            f"SELECT min({own}), max({own}), count(*) - count({own}) FROM __rows GROUP BY __from"
        )
        ends = sorted((low, high) for low, high, blank in bounds if low is not None and not blank)
        return len(ends) == self.sources and all(one[1] < other[0] for one, other in itertools.pairwise(ends))

    def _texts(self) -> list[str]:
        return [told_by(name, self.table.kind_of(name).kind) for name in self.names]

    def _rows(self, *, whole: bool = True) -> Rows:
        """Return the rows with the number of their file and, with `whole`, all that they hold, numbered among alike."""
        which = " ".join(f"WHEN {PLACE} >> 44 = {place} THEN {number}" for place, number in enumerate(self.numbers))
        rows = self.table.numbered.select(f"SELECT *, CASE {which} END AS __from FROM __rows")
        if not whole:
            return rows
        cells = ", ".join(f"coalesce({text}, '')" for text in self._texts())
        rows = rows.select(f"SELECT *, md5(concat_ws(chr(31), {cells})) AS __all FROM __rows")
        return rows.select(
            f"SELECT *, row_number() OVER (PARTITION BY __from, __all ORDER BY {PLACE}) AS __nth FROM __rows"
        )

    def _once(self, key: str, words: str) -> Table:
        nth = f"row_number() OVER (PARTITION BY {key} ORDER BY __from DESC, {PLACE} DESC)"
        return self._split(nth, TWICE, words, rows=self._rows())

    def _split(self, nth: str, reason: str, words: str, rows: Rows | None = None) -> Table:
        """Return the table with the rows that are the first of theirs; the others are set aside."""
        marked = (rows or self.table.numbered).select(f"SELECT *, {nth} AS __once FROM __rows").kept()
        parts, dropped = [], 0
        for number, part in enumerate(self.table.parts):
            mine = marked.where(
                f"{SOURCE} = {literal(part.label)}" if part.kind == "engine" else f"{PLACE} >> 44 = {number}"
            )
            aside = mine.where("__once > 1")
            columns = ", ".join(map(identifier, self._columns_of(part)))
            again = self._put_aside(part, aside.select(f"SELECT {ROW}, {columns} FROM __rows ORDER BY {ROW}"), reason)
            numbered = part.kind != "engine"
            kept = mine.where("__once = 1").select(f"SELECT {f'{ROW}, ' if numbered else ''}{columns} FROM __rows")
            parts.append(replace(again, sql=kept.sql, numbered=numbered))
            dropped += again.aside.get(reason, 0)
        if not dropped:
            return self.table
        return replace(self._noted(f"{dropped:,} rows {words}"), parts=tuple(parts))

    def _columns_of(self, part: Part) -> list[str]:
        own = {name.casefold() for name in part.columns}
        return [name for name in self.table.columns if name.casefold() in own]

    def _put_aside(self, part: Part, rows: Rows, reason: str) -> Part:
        """Return a part with rows beside those that are none of the table already."""
        file = self.workspace.copies_of(part.label).with_suffix(".csv")
        count = 0
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            for row in part.rows_aside():
                writer.writerow([row.line, row.reason, *row.cells])
            for block in rows.stream("SELECT * FROM __rows"):
                count += len(block)
                writer.writerows([row[0] or 0, reason, *(as_text(cell) or "" for cell in row[1:])] for row in block)
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
        overlap = self._overlap()
        if overlap.within <= max(_FEW, _SHARE * rows):
            return table
        return self._noted(
            f"{overlap.within:,} rows are like another one in every cell, and no id tells them apart: all count"
        )

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
