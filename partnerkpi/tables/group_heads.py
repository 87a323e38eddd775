"""A report that names a group in its first row only: a pivot table, or merged cells that were saved as text.

The rows below a name are of that group, or of none: the table does not say.
"""

from __future__ import annotations

from partnerkpi.errors import OpenQuestion
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.sql import PLACE, ROW, identifier, trimmed
from partnerkpi.tables.table import Table

#: What a report has groups of.
_ROLES = ("partner", "customer", "date", "region", "tier")
#: What is blank in most rows of those who are still there.
_SPANS = ("start_date", "end_date", "joined_date", "left_date")
#: Such a share of the names has a blank cell below it.
_FOLLOWED = 2 / 3


def ask_of_group_heads(table: Table, columns: Columns) -> None:
    """Raise OpenQuestion where each name of a column stands once, in the first row of all, with blank cells below it.

    Of answers of which few name a partner, each another one, hardly ever the first does.
    """
    # Most columns are filled, and what their sample shows already is not asked of all rows.
    sparse = [one.name for one in table.profiles if one.is_text and 2 * one.filled <= one.rows]
    if not sparse or not table.parts:
        return
    taken = {columns.choice(role).column for role in _ROLES} - {columns.choice(role).column for role in _SPANS}
    names = {name: table.told_by(name) for name in sparse if name in taken}
    if not names:
        return
    counts = ", ".join(f"count({told}), count(DISTINCT {told})" for told in names.values())
    (found,) = table.rows.fetch(f"SELECT count(*), {counts} FROM __rows")
    for place, (name, told) in enumerate(names.items()):
        named, different = found[1 + 2 * place : 3 + 2 * place]
        if not 2 <= named == different <= found[0] / 2:
            continue
        empty = f"coalesce({trimmed(identifier(name))}, '') = ''"
        order = f"OVER (ORDER BY {PLACE}, {ROW})"
        ((blank, followed, head),) = table.numbered.fetch(
            f"""SELECT count(*) FILTER (blank), count(*) FILTER (named AND below), max(first) FROM
                (SELECT {empty} AS blank, {told} IS NOT NULL AS named, lead({empty}) {order} AS below,
                 CASE WHEN row_number() {order} = 1 THEN {told} END AS first FROM __rows) AS each"""
        )
        if head is not None and blank >= named and followed >= _FOLLOWED * named:
            raise OpenQuestion(
                f"{table.label}: each name in column {name!r} stands once, with blank cells below it ({blank:,} rows), "
                "as in a report that names a group in its first row only: whose rows those are is not shown. Fill the "
                "names down (in a pivot table: Repeat All Item Labels), or write - in rows that have none"
            )
