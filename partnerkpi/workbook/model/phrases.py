"""Words about figures, as expressions: each is a formula and the text that it gives.

Only functions that every program knows are used, and no number format inside a text: those are written differently
in each language of Excel. A number is rounded at its ninth decimal first, because 70 - 67.5 may come out a hair below
2.5.
"""

from __future__ import annotations

from partnerkpi.language import figures
from partnerkpi.language.figures import DASH, DOWN, NOT_SHOWN, NOTHING_BEFORE, SHOWN, UP, rounded
from partnerkpi.workbook.model.expression import (
    JOINS,
    C,
    Expression,
    K,
    Part,
    applied,
    expression,
    in_brackets,
    joined,
    or_,
    tell,
    when,
    when_number,
)
from partnerkpi.workbook.model.names import DECIMAL_POINT
from partnerkpi.workbook.model.translation import current_language


def shown(value: float | str | None) -> float | str:
    """Return a figure as a cell shows it: without data a dash, never 0."""
    return DASH if value is None else value


def period_name(label: str) -> str:
    """Return a period as it stands in the workbook: Q3 2026, Sep 2026, 2026, all time."""
    return current_language().period(label, short=True)


def nearest(figure: Part[C, K], digits: int = 0) -> Expression[C, K]:
    """Return a figure rounded as it is shown."""
    return applied(lambda ref: _round(ref, digits), lambda value: rounded(value, digits), figure)


def whole(figure: Part[C, K]) -> Expression[C, K]:
    """Return a figure as a whole number with a proper minus sign."""
    return applied(_whole, figures.whole, figure, binds=JOINS)


def with_unit(text: Expression[C, K], unit: str) -> Expression[C, K]:
    """Return a figure in words with its unit, if it has one."""
    return joined(text, unit) if unit else text


def decimal(figure: Part[C, K]) -> Expression[C, K]:
    """Return a figure with one decimal, which is also written where it is 0; its value is that of an English Excel."""

    def formula(ref: str) -> str:
        tenth = _round(ref, 1)
        return f'IF({tenth}<0,"−","")&ABS({tenth})&IF({tenth}={_round(ref)},{DECIMAL_POINT}&"0","")'

    return applied(formula, figures.decimal, figure, binds=JOINS)


def signed(figure: Part[C, K]) -> Expression[C, K]:
    """Return a change with its sign and one decimal: "+1.5", "−0.4", "0.0"."""
    plus = applied(
        lambda ref: f'IF({_round(ref, 1)}>0,"+","")', lambda value: "+" if rounded(value, 1) > 0 else "", figure
    )
    return joined(plus, decimal(figure))


def between(low: Part[C, K], high: Part[C, K], unit: str = "") -> Expression[C, K]:
    """Return an interval: "40.8 to 51.6", "54.6 to 81.9 %"."""
    return with_unit(tell(figures.INTERVAL, low=decimal(low), high=decimal(high)), unit)


def interval_at(confidence: Part[C, K]) -> Expression[C, K]:
    """Return what an interval is at a confidence of 0..1: "95 % interval"."""
    share = applied(
        lambda ref: _round(ref, 1), lambda value: figures.shortest(value, 1), in_brackets(100 * expression(confidence))
    )
    return tell(figures.AT, share=share)


def risk(confidence: Part[C, K]) -> Expression[C, K]:
    """Return in how many of 100 cases chance alone may give what is called more than chance: 5 at .95."""
    return applied(
        lambda ref: _round(f"100-100*{ref}", 1),
        lambda value: figures.shortest(100 - 100 * value, 1),
        expression(confidence),
    )


def is_shown(word: Expression[C, K]) -> Expression[C, K]:
    """Return whether a word of a change says that it moved."""
    return or_(word.equals(tell(UP)), word.equals(tell(DOWN)))


def certainty(word: Expression[C, K]) -> Expression[C, K]:
    """Return whether a figure moved, from its word: "more than chance" or "within chance"."""
    return when(is_shown(word), tell(SHOWN), tell(NOT_SHOWN))


def direction(change: Expression[C, K], word: Expression[C, K]) -> Expression[C, K]:
    """Return a change in words: "up 11", "down 4", "unchanged"; a shown one is never unchanged."""
    falls = when(word.equals(tell(DOWN)), tell(figures.DOWN_A_LITTLE), tell(figures.UNCHANGED))
    small = when(word.equals(tell(UP)), tell(figures.UP_A_LITTLE), falls)
    points = applied("ABS({})".format, lambda value: figures.whole(abs(value)), nearest(change))
    large = when(change > 0, tell(figures.UP_BY, points=points), tell(figures.DOWN_BY, points=points))
    return when(nearest(change).equals(0), small, large)


def moved(
    change: Expression[C, K], word: Expression[C, K], before: Part[C, K], english: str = figures.MOVED
) -> Expression[C, K]:
    """Return a tile's change: "up 11 on Q2 2026: more than chance"; `english` says it of a period to date."""
    words = tell(english, change=direction(change, word), before=before, certainty=certainty(word))
    return when_number(change, words, tell(NOTHING_BEFORE))


def moved_nps(
    change: Expression[C, K],
    word: Expression[C, K],
    before: Part[C, K],
    was: Expression[C, K],
    few: Expression[C, K],
) -> Expression[C, K]:
    """Return how an NPS moved, as `figures.moved_nps` does; there is a change, and `few` is a test."""
    unsure = when(few, tell(figures.TOO_FEW), tell(NOT_SHOWN))
    told = when(is_shown(word), tell(SHOWN), unsure)
    words = tell(figures.MOVED, change=direction(change, word), before=before, certainty=told)
    about = tell(figures.ABOUT, before=before, figure=whole(was))
    # size of a change in points as it is rounded before it is shown, 9 decimals
    nearly = applied(
        lambda ref: f"ABS(ROUND({ref},9))<={figures.NEARLY}",
        lambda value: abs(rounded(value, 9)) <= figures.NEARLY,
        change,
    )
    return when(is_shown(word), words, when(few, words, when(nearly, about, words)))


def _whole(ref: str) -> str:
    return f'IF({_round(ref)}<0,"−","")&ABS({_round(ref)})'


def _round(ref: str, digits: int = 0) -> str:
    return f"ROUND(ROUND({ref},9),{digits})"
