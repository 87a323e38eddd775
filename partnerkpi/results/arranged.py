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
