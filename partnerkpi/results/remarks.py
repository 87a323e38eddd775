"""What of a table's rows somebody should look into: keys that are missing, amounts that cannot be read, names alike.

The same list stands in `check`, in the JSON of every command (`quality`) and on the sheet About.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import PartnerKpiError
from partnerkpi.results.shown import ACTIVITIES, CUSTOMERS, PARTNERS, RESPONSES
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.names import count_names, propose
from partnerkpi.tables.numbers import read_numbers
from partnerkpi.tables.quality import Ledger
from partnerkpi.tables.sql import is_never_blank, listed, once
from partnerkpi.tables.table import Table
from partnerkpi.tables.weights import is_weight
from partnerkpi.vocabulary import BLANK

MISSING_KEY = "missing key"
UNREADABLE_AMOUNT = "amount that cannot be read"
SAME_ROW = "the same as another row in all columns"
SIMILAR_NAME = "name nearly equal to another one"
WEIGHT = "weight that is not used, since each answer counts once"
CUT_OFF = "as many as a worksheet can hold, so that others may have been cut off when it was saved"

#: The columns in which a blank cell leaves something uncounted.
_KEYS: Mapping[str, tuple[str, ...]] = {
    RESPONSES: ("partner", "date", "respondent"),
    ACTIVITIES: ("partner", "date", "activity_type"),
    CUSTOMERS: ("customer", "period", "start_date"),
    PARTNERS: ("partner", "tier", "owner"),
}
#: The columns of amounts; those that hold counts.
AMOUNTS = {"revenue_start": False, "revenue_end": False, "annual_value": False, "invited_contacts": True}
#: Looking at every row once more takes long for more of them than this, and so do names that are compared in pairs.
_MOST_ROWS, _MOST_NAMES, _MOST_COLUMNS = 1_000_000, 1_000, 60
#: The rows below a header that a worksheet can hold: of Excel before 2007, as other systems still write it, and since.
_FULL = (65_535, 1_048_575)
#: So many names are told as examples.
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Remark:
    """What is the matter, in how many rows, and in which column; `set_aside` says that the rows do not count."""

    what: str
    rows: int
    column: str = ""
    set_aside: bool = False
    examples: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "what": self.what,
            "rows": self.rows,
            "column": self.column or None,
            "set_aside": self.set_aside,
            "examples": list(self.examples),
        }

    def words(self) -> str:
        """Return it as a line: `3 rows: missing key ('Partner')`."""
        where = f" ({self.column!r})" if self.column else ""
        shown = f": {', '.join(self.examples)}" if self.examples else ""
        aside = ", set aside" if self.set_aside else ""
        return f"{self.rows:,} {'row' if self.rows == 1 else 'rows'}: {self.what}{where}{aside}{shown}"


def remarks(table: Table, columns: Columns, kind: str | None, ledger: Ledger) -> tuple[Remark, ...]:
    """Return what somebody should look into: the rows that are set aside, and what else is the matter with a table.

    Of more than a million rows only what counting tells anyway.
    """
    if kind is None:
        return ()
    found = [Remark(reason, rows, set_aside=True) for reason, rows in ledger.set_aside.items() if rows]
    if ledger.rows_read in _FULL and len(table.parts) == 1:
        found.append(Remark(CUT_OFF, ledger.rows_read))
    if ledger.rows_read <= _MOST_ROWS:
        partner = columns.get("partner")
        names = count_names(table, partner) if partner is not None else {}
        keys = [name for role in _KEYS[kind] if (name := columns.get(role)) is not None]
        rows, filled, are_different = _passed_over(table, [name for name in keys if name != partner])
        if partner is not None:
            filled[partner] = sum(names.values())
        # A column in which nothing stands at all has no cells that are missing.
        found += [Remark(MISSING_KEY, rows - filled[name], name) for name in keys if 0 < filled[name] < rows]
        found += _weights(table) if kind == RESPONSES else ()
        found += _unreadable(table, columns)
        found += _twice(table) if not are_different else ()
        found += _alike(names, partner)
    return tuple(found)


def remarks_of(table: Table, columns: Columns, kind: str, ledger: Ledger) -> list[dict[str, Any]]:
    """Return the remarks as plain data."""
    return [one.as_dict() for one in remarks(table, columns, kind, ledger)]


def _passed_over(table: Table, keys: Sequence[str]) -> tuple[int, dict[str, int], bool]:
    """Return how many rows there are, how many of them each key is filled in, and whether all are seen to be different.

    All is asked in one pass. Rows differ where a number does that is made of their keys and of all that is no text;
    where it does not, other columns may tell them apart.
    """
    telling = dict.fromkeys([*keys, *(one.name for one in table.profiles if is_never_blank(one.kind))])
    names = {name: f"__k{place}" for place, name in enumerate(telling)}
    different = "0"
    if names and table.backend.has_hash and 1 < len(table.columns) <= _MOST_COLUMNS:
        different = f"count(DISTINCT hash({', '.join(names.values())}))"
    each = ", ".join(f"{table.key_by(name)} AS {own}" for name, own in names.items()) or "1 AS __k"
    counts = "".join(f", count({names[name]})" for name in keys)
    (found,) = table.rows.fetch(f"SELECT count(*), {different}{counts} FROM {once(f'SELECT {each} FROM __rows')}")
    rows, unlike, *filled = map(int, found)
    return rows, dict(zip(keys, filled, strict=True)), rows == unlike


def _unreadable(table: Table, columns: Columns) -> Iterator[Remark]:
    """Yield the columns of amounts with cells that are none."""
    for role, whole in AMOUNTS.items():
        name = columns.get(role)
        if name is None or not table.kind_of(name).is_text:
            continue
        with suppress(PartnerKpiError):
            (read,) = read_numbers(table, (name,), whole=whole, money=not whole)
            text = table.told_by(name)
            unread = f"{text} IS NOT NULL AND lower({text}) NOT IN {listed(BLANK)} AND ({read.expression}) IS NULL"
            rows = table.rows.fetch(f"SELECT {text}, count(*) FROM __rows WHERE {unread} GROUP BY 1 ORDER BY 2 DESC, 1")
            if rows:
                shown = tuple(repr(str(one)) for one, _ in rows[:_EXAMPLES])
                yield Remark(UNREADABLE_AMOUNT, sum(count for _, count in rows), name, examples=shown)


def _weights(table: Table) -> Iterator[Remark]:
    """Yield the columns of weights, with the rows that have one."""
    for one in table.profiles:
        if is_weight(one):
            ((rows,),) = table.rows.fetch(f"SELECT count({table.told_by(one.name)}) FROM __rows")
            yield Remark(WEIGHT, rows, one.name)


def _twice(table: Table) -> Iterator[Remark]:
    """Yield how many rows are the same as another one in all columns, where most rows are told apart by them."""
    if not 1 < len(table.columns) <= _MOST_COLUMNS:
        return
    rows, different = table.told_apart(table.columns)
    if rows > different >= rows / 2:
        yield Remark(SAME_ROW, rows - different)


def _alike(names: Mapping[str, int], partner: str | None) -> Iterator[Remark]:
    """Yield the names of partners that are nearly equal."""
    if partner is not None and len(names) <= _MOST_NAMES and (found := propose(names)):
        shown = tuple(f"{one.written!r} may be {one.partner!r}" for one in found[:_EXAMPLES])
        yield Remark(SIMILAR_NAME, sum(one.rows for one in found), partner, examples=shown)
