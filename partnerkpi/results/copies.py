"""Which of a workbook's tables count: none twice, and what is said of one that is too large to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from partnerkpi.errors import OpenQuestion, TableTooLarge
from partnerkpi.results.shown import PARTNERS
from partnerkpi.tables.part import Part
from partnerkpi.tables.table import Table

#: Fewer rows than this may be alike by chance.
_FEWEST = 3
#: A table most of whose rows are like no other one of it is a copy where half of them stand in the other as well.
_TOLD_APART, _HALF = 0.9, 0.5


def shared_rows(one: Table, other: Table, *, among_unlike: bool = False) -> str:
    """Return how many rows of the second table stand in the first as well, in words; nothing where it is no copy.

    That it is a copy is shown where all its rows are there; or half of them, if rows are told apart by what they hold.
    With `among_unlike` only where the rows of the first are: among many that are alike a few stand by chance.
    """
    own = {name.casefold(): name for name in one.columns}
    theirs = [name for name in other.columns if name.casefold() in own]
    names = [own[name.casefold()] for name in theirs]
    if len(names) < max(2, 0.8 * min(len(one.columns), len(other.columns))) or one.backend is not other.backend:
        return ""
    (rows, different), (others, unlike) = other.told_apart(theirs), one.told_apart(names)
    if rows < _FEWEST or not others or (among_unlike and unlike < _TOLD_APART * others):
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


def refuse_twice(tables: Sequence[Table], kinds: Sequence[str | None]) -> None:
    """Raise OpenQuestion where only the user knows which of a workbook's tables of one kind counts."""
    if (question := twice(tables, kinds)) is not None:
        raise question


def twice(tables: Sequence[Table], kinds: Sequence[str | None]) -> OpenQuestion | None:
    """Return what to ask where two tables of one kind stand on one sheet, or one holds the rows of the other."""
    for place, (one, kind) in enumerate(zip(tables, kinds, strict=True)):
        before = [other for other, also in zip(tables[:place], kinds[:place], strict=True) if kind == also is not None]
        for other in before:
            first, second = other.parts[0], one.parts[0]
            if first.sheet is not None and first.sheet == second.sheet:
                return OpenQuestion(
                    f"{first.path}: two tables on sheet {first.sheet!r} hold {kind}; name one of them: "
                    f"{first.label!r}, {second.label!r}"
                )
            if kind == PARTNERS:
                continue
            if rows := shared_rows(other, one):
                return _which_counts(second, rows, first, kind)
            if rows := shared_rows(one, other, among_unlike=True):  # a month before the sheet of the whole year
                return _which_counts(first, rows, second, kind)
    return None


def _which_counts(copy: Part, rows: str, whole: Part, kind: str | None) -> OpenQuestion:
    return OpenQuestion(
        f"{copy.label} holds {rows} {whole.inner!r}: name the sheet that counts, "
        f"{whole.label!r} (of a scorecard: --{kind} {whole.label!r}), or delete the copy"
    )


def beside_the_too_large(some: Sequence[Table], taken: Sequence[Table], *, known: bool) -> list[Table]:
    """Return the tables that are taken of a file, with what is to be said of others that were too large to be read.

    TableTooLarge where it is not `known` that those which are taken hold what was asked for.
    """
    left = tuple(question for table in some for question in table.questions)
    too_large = tuple(dict.fromkeys(left))
    if not too_large:
        return list(taken)
    if not known:
        raise TableTooLarge(too_large[0])
    open_ones = tuple(one for one in taken[-1].questions if one not in too_large)
    notes = (*(f"passed over: {one}" for one in too_large), *taken[-1].notes)
    others = [replace(one, questions=()) for one in taken[:-1]]
    return [*others, replace(taken[-1], notes=notes, questions=(*open_ones, *too_large))]
