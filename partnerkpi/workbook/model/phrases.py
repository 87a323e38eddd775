"""Words about figures, twice: as formulas, and as the text that they give.

Only functions that every program knows are used, and no number format inside a text: those are written differently
in each language of Excel. A number is rounded at its ninth decimal first, because 70 - 67.5 may come out a hair below
2.5.
"""

from __future__ import annotations

from partnerkpi.language import figures
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.names import CONFIDENCE, DECIMAL_POINT
from partnerkpi.workbook.model.translation import current_language, message, translate, translate_formula, translated

DASH, NOTHING_BEFORE = figures.DASH, figures.NOTHING_BEFORE
UP, DOWN, CANNOT_TELL = figures.UP, figures.DOWN, figures.CANNOT_TELL
SHOWN, NOT_SHOWN = figures.SHOWN, figures.NOT_SHOWN
rounded, whole_text, decimal_text = figures.rounded, figures.whole, figures.decimal


def live(english: str, /, **places: tuple[str, object]) -> Live:
    """Return a message that follows cells: each place is a formula, and what it gives now."""
    return Live(
        f"={translate_formula(english, **{place: formula for place, (formula, _) in places.items()})}",
        translate(english, **{place: value for place, (_, value) in places.items()}),
    )


def shown(value: float | str | None) -> float | str:
    """Return a figure as a cell shows it: without data a dash, never 0."""
    return DASH if value is None else value


def period_name(label: str) -> str:
    """Return a period as it stands in the workbook: Q3 2026, Sep 2026, 2026, all time."""
    return current_language().period(label, short=True)


def whole(ref: str) -> str:
    """Return the formula of a figure as a whole number with a proper minus sign."""
    return f'IF({_round(ref)}<0,"−","")&ABS({_round(ref)})'


def decimal(ref: str) -> str:
    """Return the formula of a figure with one decimal, which is also written where it is 0."""
    tenth = _round(ref, 1)
    return f'IF({tenth}<0,"−","")&ABS({tenth})&IF({tenth}={_round(ref)},{DECIMAL_POINT}&"0","")'


def between(low: str, high: str, unit: str = "") -> str:
    """Return the formula of an interval: "40.8 to 51.6", "54.6 to 81.9 %"."""
    return translate_formula("{low} to {high}", low=decimal(low), high=decimal(high)) + (f'&"{unit}"' if unit else "")


def between_text(low: float, high: float, unit: str = "") -> str:
    """Return what `between` gives."""
    return translated(figures.between(low, high)) + unit


def sure() -> str:
    """Return the formula of the confidence in words: "95 % sure"."""
    return translate_formula("{share} % sure", share=_round(f"(100*{CONFIDENCE})", 1))


def sure_text(confidence: float) -> str:
    """Return what `sure` gives."""
    return translated(figures.sure(confidence))


def is_shown(word: str) -> str:
    """Return the formula that asks whether a cell's word of a change says that it moved."""
    return f"OR({word}={translate_formula(UP)},{word}={translate_formula(DOWN)})"


_MOVED = message("up {points}"), message("down {points}")


def direction(change: str, word: str) -> str:
    """Return the formula of a change in words: "up 11", "down 4", "unchanged"; a shown one is never unchanged."""
    up, down = translate_formula("up less than 1"), translate_formula("down less than 1")
    unchanged = translate_formula("unchanged")
    small = f"IF({word}={translate_formula(UP)},{up},IF({word}={translate_formula(DOWN)},{down},{unchanged}))"
    points = f"ABS({_round(change)})"
    up, down = (translate_formula(text, points=points) for text in _MOVED)
    moved = f"IF({change}>0,{up},{down})"
    return f"IF({_round(change)}=0,{small},{moved})"


def direction_text(change: float, word: str) -> str:
    """Return what `direction` gives."""
    return translated(figures.direction(change, word))


def moved(change: str, word: str, before: str) -> str:
    """Return the formula of a tile's change: "up 11 on Q2 2026: more than noise"."""
    certain = f"IF({word}={translate_formula(CANNOT_TELL)},{translate_formula(CANNOT_TELL)},{translate_formula(SHOWN)})"
    words = translate_formula(
        "{change} on {before}: {certainty}", change=direction(change, word), before=before, certainty=certain
    )
    return f"IF(ISNUMBER({change}),{words},{translate_formula(NOTHING_BEFORE)})"


def moved_text(change: float | None, word: str, before: str | None) -> str:
    """Return what `moved` gives."""
    return translated(figures.moved(change, word, before))


def _round(ref: str, digits: int = 0) -> str:
    return f"ROUND(ROUND({ref},9),{digits})"
