"""The groups of a result in another order, or the first of them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from partnerkpi.errors import UsageError
from partnerkpi.results.result import KpiResult

#: What says how much a group is: by it the first are chosen where nothing else is said.
_SIZES = ("responses", "activities", "customers")
_UP, _DOWN = "up", "down"


def arranged(result: KpiResult, sort: str | None = None, top: int | None = None) -> KpiResult:
    """Return a result whose groups stand in the order of a figure of all time, and of which the first are left.

    `sort` is a key of the rows, largest first, with ":up" smallest first; groups without data come last. The whole
    stays first, with its periods, and counts all. UsageError for a key that is no figure, or without groups.
    """
    if sort is None and top is None:
        return result
    if top is not None and top < 1:
        raise UsageError(f"--top {top} is below 1: give the number of groups to show")
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in result.rows:
        groups.setdefault(tuple(row["group"].values()), []).append(row)
    whole = groups.pop((), [])
    if not groups:
        raise UsageError(f"{'--sort' if sort is not None else '--top'} puts groups in order: add --by COLUMN")
    key, _, way = (sort or next(name for name in _SIZES if name in result.whole)).partition(":")
    if way not in ("", _UP, _DOWN):
        raise UsageError(f"--sort {sort!r}: what stands behind the colon is {_UP} or {_DOWN}")
    _check(key, result.rows)

    def place(some: Sequence[Mapping[str, Any]]) -> tuple[bool, float]:
        value = some[0][key]
        return (value is None, 0.0 if value is None else float(value) if way == _UP else -float(value))

    ordered = sorted(groups.values(), key=place)
    kept = ordered[:top]
    notes = result.notes
    if len(kept) < len(ordered):
        notes = (f"the first {len(kept):,} of {len(ordered):,} groups by {key} are shown (--top)", *notes)
    return replace(result, rows=(*whole, *(row for some in kept for row in some)), notes=notes)


def in_order(
    rows: Sequence[Mapping[str, Any]], sort: str | None = None, top: int | None = None
) -> tuple[tuple[Mapping[str, Any], ...], tuple[str, ...]]:
    """Return the rows of a list in the order of a key, or the first of them, with the note that says so.

    Numbers stand largest first, texts and days from the first to the last; ":up" and ":down" say which way. Rows
    without a value come last, and those of no group stay first. UsageError for a key that the rows have not.
    """
    if top is not None and top < 1:
        raise UsageError(f"--top {top} is below 1: give the number of rows to show")
    if sort is None and top is None:
        return tuple(rows), ()
    of_all, some = [row for row in rows if row.get("group") == {}], [row for row in rows if row.get("group") != {}]
    if sort is not None and some:
        key, _, way = sort.partition(":")
        if way not in ("", _UP, _DOWN):
            raise UsageError(f"--sort {sort!r}: what stands behind the colon is {_UP} or {_DOWN}")
        some = _sorted([{**row["group"], **row} for row in some], some, key, way)
    kept = some[:top]
    by = f" by {sort.partition(':')[0]}" if sort is not None else ""
    notes = (f"the first {len(kept):,} of {len(some):,} rows{by} are shown (--top)",) if len(kept) < len(some) else ()
    return (*of_all, *kept), notes


def _sorted(
    flat: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], key: str, way: str
) -> list[Mapping[str, Any]]:
    """Return rows in the order of a key, which `flat` has beside the names of their groups."""
    known = [name for name, value in flat[0].items() if not isinstance(value, Mapping | list | tuple)]
    if key not in known:
        near = difflib.get_close_matches(key, known, 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else f"sort by one of {', '.join(known)}"
        raise UsageError(f"--sort {key!r} is no key of these rows: {hint}")
    pairs = list(zip((one[key] for one in flat), rows, strict=True))
    there = [pair for pair in pairs if pair[0] is not None]
    numbers = all(isinstance(value, int | float) for value, _ in there)
    falling = way == _DOWN or (numbers and way != _UP)
    there.sort(key=lambda pair: pair[0] if numbers else str(pair[0]).casefold(), reverse=falling)
    return [row for _, row in there] + [row for value, row in pairs if value is None]


def _check(key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    figures = [
        name
        for name in rows[0]
        if any(isinstance(row[name], int | float) for row in rows) and not isinstance(rows[0][name], bool)
    ]
    if key not in figures:
        near = difflib.get_close_matches(key, figures, 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else f"sort by one of {', '.join(figures)}"
        raise UsageError(f"--sort {key!r} is no figure of these rows: {hint}")
