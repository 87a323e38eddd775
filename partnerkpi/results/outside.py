"""What is said of rows that lie outside the days that count: which days those are, and which option names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from partnerkpi.periods import Days
from partnerkpi.tally.facts import OUTSIDE


def outside_notes(
    set_aside: Mapping[str, int], window: Days, column: str | None, *, until_named: bool = True
) -> list[str]:
    """Return which days count, and which option says so, where rows are set aside as outside them.

    `until_named` tells that the user named the last day; else it is that of the last period of which enough has passed.
    """
    rows, (since, until) = set_aside.get(OUTSIDE, 0), window
    until = None if until == dt.date.max else until
    if not rows or column is None or (since is None and until is None):
        return []
    days = " ".join(f"{word} {day.day} {day:%b %Y}" for word, day in (("from", since), ("until", until)) if day)
    named = [*(["--from"] if since else []), *([("--as-of" if until_named else "--to-date")] if until else [])]
    return [f"rows outside the window: {rows:,}, since by {column!r} only days {days} count ({' and '.join(named)})"]
