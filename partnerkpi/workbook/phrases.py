"""Words about figures, twice: as formulas, and as the text that they give.

Only functions that every program knows are used, and no number format inside a text: those are written differently
in each language of Excel. A number is rounded at its ninth decimal first, because 70 - 67.5 may come out a hair below
2.5.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from partnerkpi.periods import spoken
from partnerkpi.scorecard.card import ALL_TIME
from partnerkpi.workbook.names import CONFIDENCE, DECIMAL_POINT

DASH = "–"
CANNOT_TELL, SHOWN = "cannot tell", "more than noise"
NOTHING_BEFORE = "nothing to compare it with"


def shown(value: float | str | None) -> float | str:
    """Return a figure as a cell shows it: without data a dash, never 0."""
    return DASH if value is None else value


def period_name(label: str) -> str:
    """Return a period as it stands in the workbook: Q3 2026, Sep 2026, 2026, all time."""
    if label == ALL_TIME:
        return label
    words = spoken(label).split()
    return f"{words[0][:3]} {words[1]}" if len(words) > 1 else words[0]


def rounded(value: float, digits: int = 0) -> float:
    """Round as `ROUND(ROUND(value, 9), digits)` does: half away from zero."""
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-9), ROUND_HALF_UP)
    return float(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) + 0.0


def whole(ref: str) -> str:
    """Return the formula of a figure as a whole number with a proper minus sign."""
    return f'IF({_round(ref)}<0,"−","")&ABS({_round(ref)})'


def whole_text(value: float) -> str:
    """Return what `whole` gives."""
    number = round(rounded(value))
    return f"−{-number}" if number < 0 else str(number)


def decimal(ref: str) -> str:
    """Return the formula of a figure with one decimal, which is also written where it is 0."""
    tenth = _round(ref, 1)
    return f'IF({tenth}<0,"−","")&ABS({tenth})&IF({tenth}={_round(ref)},{DECIMAL_POINT}&"0","")'


def decimal_text(value: float) -> str:
    """Return what `decimal` gives in an English Excel."""
    number = rounded(value, 1)
    return f"{'−' if number < 0 else ''}{abs(number):.1f}"


def between(low: str, high: str, unit: str = "") -> str:
    """Return the formula of an interval: "40.8 to 51.6", "54.6 to 81.9 %"."""
    return f'{decimal(low)}&" to "&{decimal(high)}' + (f'&"{unit}"' if unit else "")


def between_text(low: float, high: float, unit: str = "") -> str:
    """Return what `between` gives."""
    return f"{decimal_text(low)} to {decimal_text(high)}{unit}"


def sure() -> str:
    """Return the formula of the confidence in words: "95 % sure"."""
    return f'{_round(f"(100*{CONFIDENCE})", 1)}&" % sure"'


def sure_text(confidence: float) -> str:
    """Return what `sure` gives."""
    return f"{rounded(100 * confidence, 1):g} % sure"


def direction(change: str, word: str) -> str:
    """Return the formula of a change in words: "up 11", "down 4", "unchanged"; a shown one is never unchanged."""
    small = f'IF(OR({word}="up",{word}="down"),{word}&" less than 1","unchanged")'
    return f'IF({_round(change)}=0,{small},IF({change}>0,"up ","down ")&ABS({_round(change)}))'


def direction_text(change: float, word: str) -> str:
    """Return what `direction` gives."""
    number = round(rounded(change))
    if number:
        return f"{'up' if number > 0 else 'down'} {abs(number)}"
    return f"{word} less than 1" if word in ("up", "down") else "unchanged"


def moved(change: str, word: str, before: str) -> str:
    """Return the formula of a tile's change: "up 11 on Q2 2026: more than noise"."""
    certain = f'IF({word}="{CANNOT_TELL}","{CANNOT_TELL}","{SHOWN}")'
    words = f'{direction(change, word)}&" on "&{before}&": "&{certain}'
    return f'IF(ISNUMBER({change}),{words},"{NOTHING_BEFORE}")'


def moved_text(change: float | None, word: str, before: str | None) -> str:
    """Return what `moved` gives."""
    if change is None or before is None:
        return NOTHING_BEFORE
    certain = CANNOT_TELL if word == CANNOT_TELL else SHOWN
    return f"{direction_text(change, word)} on {before}: {certain}"


def _round(ref: str, digits: int = 0) -> str:
    return f"ROUND(ROUND({ref},9),{digits})"
