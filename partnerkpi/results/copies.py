"""Whether two tables of one workbook or database are copies of each other."""

from __future__ import annotations

from partnerkpi.tables.table import Table

#: Fewer rows than this may be alike by chance.
_FEWEST = 3
#: A table most of whose rows are like no other one of it is a copy where half of them stand in the other as well.
_TOLD_APART, _HALF = 0.9, 0.5


def shared_rows(one: Table, other: Table) -> str:
    """Return how many rows of the second table stand in the first as well, in words; nothing where it is no copy.

    That it is a copy is shown where all its rows are there; or half of them, if rows are told apart by what they hold.
    """
    own = {name.casefold(): name for name in one.columns}
    theirs = [name for name in other.columns if name.casefold() in own]
    names = [own[name.casefold()] for name in theirs]
    if len(names) < max(2, 0.8 * min(len(one.columns), len(other.columns))) or one.backend is not other.backend:
        return ""
    (rows, different), (others, _) = other.told_apart(theirs), one.told_apart(names)
    if rows < _FEWEST or not others:
        return ""
    both = (
        f"SELECT {other.row_told_by(theirs)} FROM ({other.rows.sql}) INTERSECT ALL "
        f"SELECT {one.row_told_by(names)} FROM ({one.rows.sql})"
    )
    ((shared,),) = one.backend.query(f"SELECT count(*) FROM ({both})")
    if shared == rows:
        return f"the same {rows:,} rows as stand in"
    told_apart = different >= _TOLD_APART * rows
    return f"{shared:,} of its {rows:,} rows that are rows" if told_apart and shared >= _HALF * rows else ""
