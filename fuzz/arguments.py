"""Arguments of the Excel functions, drawn at random: a cell always gets a value or an Excel error, never a fault."""

from __future__ import annotations

import datetime as dt
import math
import random
from decimal import Decimal
from typing import Any

from partnerkpi.udfs import FUNCTIONS, log

_ERRORS = {"#N/A", "#NUM!", "#VALUE!", "#DIV/0!", "#REF!", "#NAME?", "#NULL!"}
_WORDS = (
    *("", " ", "9", "9,5", "1.200", "#N/A", "#REF!", "yes", "no", "Acme", "acme ", "\u200bAcme", "Partner", "Score"),
    *(
        "quarter",
        "month",
        "nps",
        "influence",
        "watch",
        "2026-Q3",
        "31.12.2026",
        "x" * 300,
        "NaN",
        "inf",
        "=1+1",
        "\ud800",
    ),
)
_NUMBERS = (
    *(0, 1, 6, 7, 8, 9, 10, 11, -1, 0.5, 0.95, 9.0, 1e-300, 1e300, 45_000, 60, 2_958_466, -2_146_826_246, 2**63),
    *(math.nan, math.inf, -math.inf, -0.0),
)


class Recorded(Exception):
    """A function met a fault of its own, which it would have written to its log."""


def _record(name: str, _: object, error: Exception) -> None:
    raise Recorded(f"{name}: {type(error).__name__}: {error}") from error


def draw_call(draw: random.Random) -> tuple[str, list[Any]]:
    """Return a function and what it is called with."""
    name = draw.choice(sorted(FUNCTIONS))
    about = FUNCTIONS[name]
    least = len(about.arguments) - len(about.optional)
    count = draw.randrange(least, len(about.arguments) + 1)
    rows = draw.choice((1, 1, 2, 3, 8, 30))
    return name, [_argument(draw, rows) for _ in range(count)]


def judge_call(name: str, arguments: list[Any]) -> str:
    """Return "read" for a value, "refused" for an Excel error, or what went wrong."""
    own = log.record
    log.record = _record  # type: ignore[assignment]  # as long as one call takes
    try:
        result = FUNCTIONS[name].call(*arguments)
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return f"{name}: {type(error).__name__}: {(str(error).splitlines() or [''])[0][:160]}"
    finally:
        log.record = own
    cells = [cell for row in result for cell in row] if isinstance(result, list) else [result]
    for cell in cells:
        if not isinstance(cell, (bool, int, float, str)) or (isinstance(cell, float) and not math.isfinite(cell)):
            return f"{name}: {cell!r} is nothing that a cell can hold"
        is_nps = name in ("PARTNER_NPS", "PARTNER_NPS_LOW", "PARTNER_NPS_HIGH") and isinstance(cell, (int, float))
        if is_nps and not -100 <= float(cell) <= 100:
            return f"{name}: {cell!r} is no NPS"
    return "refused" if cells and all(cell in _ERRORS for cell in cells) else "read"


def _argument(draw: random.Random, rows: int) -> Any:
    """Return an argument as Excel hands it over: one cell, a row, a column or a block; lists or tuples."""
    kind = draw.randrange(6)
    if kind == 0:
        return _cell(draw)
    if draw.random() < 0.2:
        rows = draw.randrange(0, 5)
    columns = draw.choice((1, 1, 1, 2, 3))
    shape = tuple if draw.random() < 0.5 else list
    usual = draw.random() < 0.5
    block = [shape(_usual(draw) if usual else _cell(draw) for _ in range(columns)) for _ in range(rows)]
    if kind == 1 and block:
        return block[0]
    return shape(block)


def _usual(draw: random.Random) -> Any:
    return draw.choice((draw.randrange(11), draw.choice(("Acme", "Bolt", "yes", "no")), dt.datetime(2026, 7, 1), None))


def _cell(draw: random.Random) -> Any:
    kind = draw.randrange(8)
    if kind < 3:
        return draw.choice(_NUMBERS)
    if kind < 5:
        return draw.choice(_WORDS)
    return draw.choice((None, True, False, Decimal("9.5"), dt.datetime(2026, 9, 30, 12), dt.date(1899, 12, 31)))
