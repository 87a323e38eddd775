"""Words about figures, as expressions: each is a formula and the text that it gives.

Only functions that every program knows are used. A figure in a sentence has the signs of the sentence's language,
whatever the reader's Excel puts into its cells: TEXT gets a whole number, and the decimal sign is a letter of its
format like any other (`0\\,0` makes 40,8 of 408). A number that is joined to a text as it is, and a format with a
decimal sign or a thousands sign of its own, come out otherwise in a German Excel than in an English one. A number is
rounded at its ninth decimal first, because 70 - 67.5 may come out a hair below 2.5.
"""

from __future__ import annotations

from partnerkpi.language import figures
from partnerkpi.language.figures import DASH, DOWN, NOT_SHOWN, NOTHING_BEFORE, SHOWN, UP, rounded
from partnerkpi.workbook.model import translation
from partnerkpi.workbook.model.expression import (
    C,
    Expression,
    K,
    Part,
    and_,
    applied,
    expression,
    in_brackets,
    joined,
    or_,
    size,
    tell,
    when,
    when_number,
)
from partnerkpi.workbook.model.translation import current_language, message

#: The unit of a share, with what stands between it and the figure.
PERCENT = message(" %")


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
    """Return an NPS, a share or points as a whole number with a true minus sign; thousands, if any, are not parted."""
    return applied(lambda ref: f'TEXT({_round(ref)},"0;\\−0")', _written, figure)


def part(share: Expression[C, K]) -> Expression[C, K]:
    """Return a share as a whole number, but what is more than nothing and would be 0 as "<1"."""
    return when(and_(share > 0, nearest(share).equals(0)), "<1", whole(share))


def counted(number: Part[C, K]) -> Expression[C, K]:
    """Return a number of things, its thousands parted as the language does it: 1,718."""
    return applied(translation.counted_formula, translation.counted, number)


def with_unit(text: Expression[C, K], unit: str) -> Expression[C, K]:
    """Return a figure in words with its unit, if it has one: a message, as `PERCENT`."""
    return joined(text, tell(unit)) if unit else text


def decimal(figure: Part[C, K]) -> Expression[C, K]:
    """Return a figure with one decimal, which is also written where it is 0: "40.8", in German "40,8"."""
    return applied(_decimal, lambda value: _written(value, 1), figure)


def shortest(figure: Part[C, K]) -> Expression[C, K]:
    """Return a figure with one decimal where it has one: 95, 99.9."""
    return when(nearest(figure, 1).equals(nearest(figure)), whole(figure), decimal(figure))


def signed(figure: Part[C, K]) -> Expression[C, K]:
    """Return a change with its sign and one decimal: "+1.5", "−0.4", "0.0"."""
    plus = applied(
        lambda ref: f'IF({_round(ref, 1)}>0,"+","")', lambda value: "+" if rounded(value, 1) > 0 else "", figure
    )
    return joined(plus, decimal(figure))


def between(low: Part[C, K], high: Part[C, K], unit: str = "") -> Expression[C, K]:
    """Return an interval, as whole as the figure that it belongs to: "41 to 52", "55 to 82 %"."""
    return with_unit(tell(figures.INTERVAL, low=whole(low), high=whole(high)), unit)


def interval_at(confidence: Part[C, K]) -> Expression[C, K]:
    """Return what an interval is at a confidence of 0..1: "95 % interval"."""
    return tell(figures.AT, share=shortest(in_brackets(100 * expression(confidence))))


def risk(confidence: Part[C, K]) -> Expression[C, K]:
    """Return in how many of 100 cases chance alone may give what is called more than chance: 5 at .95."""
    return shortest(in_brackets(100 - 100 * expression(confidence)))


def is_shown(word: Expression[C, K]) -> Expression[C, K]:
    """Return whether a word of a change says that it moved."""
    return or_(word.equals(tell(UP)), word.equals(tell(DOWN)))


def certainty(word: Expression[C, K]) -> Expression[C, K]:
    """Return whether a figure moved, from its word: "more than chance" or "within chance"."""
    return when(is_shown(word), tell(SHOWN), tell(NOT_SHOWN))


def direction(change: Expression[C, K], word: Expression[C, K], *, share: bool = False) -> Expression[C, K]:
    """Return a change in words: "up 11", "down 4", "unchanged", of a share "up 3 points"; a shown one is never none."""
    falls = when(word.equals(tell(DOWN)), tell(figures.DOWN_A_LITTLE), tell(figures.UNCHANGED))
    small = when(word.equals(tell(UP)), tell(figures.UP_A_LITTLE), falls)
    points = whole(size(change))
    up, down = (figures.UP_BY_POINTS, figures.DOWN_BY_POINTS) if share else (figures.UP_BY, figures.DOWN_BY)
    large = when(change > 0, tell(up, points=points), tell(down, points=points))
    if share:
        one = when(change > 0, tell(figures.UP_A_POINT), tell(figures.DOWN_A_POINT))
        large = when(nearest(size(change)).equals(1), one, large)
    return when(nearest(change).equals(0), small, large)


def moved(
    change: Expression[C, K], word: Expression[C, K], before: Part[C, K], *, to_date: bool = False, share: bool = False
) -> Expression[C, K]:
    """Return a change, as `figures.moved` does: "up 11 on Q2 2026: more than chance"."""
    english = figures.MOVED_SO_FAR if to_date else figures.MOVED
    words = tell(english, change=direction(change, word, share=share), before=before, certainty=certainty(word))
    as_before = tell(figures.AS_BEFORE_SO_FAR if to_date else figures.AS_BEFORE, before=before)
    told = when(_is_unclear(word, nearest(change).equals(0)), as_before, words)
    return when_number(change, told, tell(NOTHING_BEFORE))


def moved_count(
    now: Expression[C, K],
    then: tuple[Expression[C, K], Expression[C, K]],
    change: Expression[C, K],
    word: Expression[C, K],
    before: Part[C, K],
    *,
    to_date: bool = False,
    thousands: bool = True,
) -> Expression[C, K]:
    """Return how many there are against the period before, as `figures.moved_count` does; there is a change.

    `thousands`: whether there can be as many; else their numbers are written with shorter formulas.
    """
    write = counted if thousands else whole
    more = in_brackets(now - then[0])
    was = tell(figures.OF_ALL, active=write(then[0]), all=write(then[1]))
    few, many = write(size(more)), when(more > 0, tell(figures.ONE_MORE), tell(figures.ONE_FEWER))
    several = when(more > 0, tell(figures.MORE, n=few), tell(figures.FEWER, n=few))
    by = when(size(more).equals(1), many, several)
    english = figures.THAN_SO_FAR if to_date else figures.THAN
    words = tell(english, number=by, before=before, then=was, certainty=certainty(word))
    as_many = tell(figures.AS_MANY_SO_FAR if to_date else figures.AS_MANY, before=before, then=was)
    counted_words = when(more.equals(0), as_many, words)
    # a share that moved the other way, because there are others to count among, is told in points
    against = applied("{}*{}<=0".format, lambda one, other: one * other <= 0, more, in_brackets(change))
    moved_words = figures.MOVED_SO_FAR if to_date else figures.MOVED
    points = tell(moved_words, change=direction(change, word, share=True), before=before, certainty=tell(SHOWN))
    return when(and_(is_shown(word), against), points, counted_words)


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
    # size of a change in points as it is rounded before it is shown, 9 decimals
    nearly = applied(
        lambda ref: f"ABS(ROUND({ref},9))<={figures.NEARLY}",
        lambda value: abs(rounded(value, 9)) <= figures.NEARLY,
        change,
    )
    alike = when(few, nearest(change).equals(0), nearly)
    about = tell(figures.ABOUT, before=before, figure=whole(was))
    return when(_is_unclear(word, alike), when(few, tell(figures.AS_BEFORE_FEW, before=before), about), words)


def _is_unclear(word: Expression[C, K], alike: Expression[C, K]) -> Expression[C, K]:
    """Return whether a figure did not move by more than chance, and is as it was before."""
    return and_(word.differs(tell(UP)), word.differs(tell(DOWN)), alike)


def _decimal(ref: str) -> str:
    sign = current_language()("format.decimal")
    return f'TEXT(10*{_round(ref, 1)},"0\\{sign}0;\\−0\\{sign}0")'


def _written(value: float, digits: int = 0) -> str:
    """Return a figure as those formulas write it: with the decimal sign of the language and no other."""
    return figures.number(value, digits).digits.replace(".", current_language()("format.decimal"))


def _round(ref: str, digits: int = 0) -> str:
    return f"ROUND(ROUND({ref},9),{digits})"
