"""An answer of the review commands as plain data: what it is about, its rows, and where they came from."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.plain import provenance


def report(
    name: str, card: Scorecard, rows: Iterable[Mapping[str, Any]], period: str | None = None, **more: Any
) -> dict[str, Any]:
    """Return the object that `--format json` prints: `report` names the command, `rows` are flat and unrounded."""
    return {
        "report": name,
        "period": period or card.current,
        "as_of": card.as_of.isoformat() if card.as_of is not None else None,
        **more,
        "rows": [dict(row) for row in rows],
        "provenance": provenance(card),
        "notes": list(card.notes),
    }


def flat(one: Any, **more: Any) -> dict[str, Any]:
    """Return a dataclass of plain values as a row: days as 2026-09-30, tuples as lists, intervals as low and high."""
    row: dict[str, Any] = {}
    for field in dataclasses.fields(one):
        value = getattr(one, field.name)
        if isinstance(value, dt.date):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = list(value)
        if dataclasses.is_dataclass(value):
            stem = field.name.removesuffix("interval").rstrip("_")
            names = {part.name: f"{stem}_{part.name}".lstrip("_") for part in dataclasses.fields(value)}
            row |= {names[part]: getattr(value, part) for part in names if part != "confidence"}
        else:
            row[field.name] = value
    return row | more
