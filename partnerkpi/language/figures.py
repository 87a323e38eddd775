"""Figures in words: rounded as a spreadsheet rounds them, written with a true minus, and how they moved.

The terminal prints what stands here as it is; a workbook and a mail say the same sentences in their language. A fall
from 70 to 32.5 may come out as 37.49999999999999: it is "down 38 on Q2 2026: within chance" everywhere, because the
workbook's formulas round it in the same way, `ROUND(ROUND(x,9),0)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from partnerkpi.language.sentence import FigureWords, Sentence, message

#: What stands for a figure without data, which is never 0.
DASH = "–"
#: What may be said of a change.
UP, DOWN, CANNOT_TELL = message("up"), message("down"), message("cannot tell")
SHOWN, NOT_SHOWN = message("more than chance"), message("within chance")
#: What stands for the rating of a period that is not over.
TO_DATE = message("to date")
NOTHING_BEFORE = message("nothing to compare it with")
#: The parts of those sentences; a workbook makes formulas of the same messages.
INTERVAL, AT = message("{low} to {high}"), message("{share} % interval")
#: How an interval of an NPS is to be read, by `scorecard.certainty`; a full count has none.
READ_AS = {
    "these partners": message("{interval}, of these partners"),
    "other partners": message("{interval}, if these partners stand for others"),
}
#: What those who did not answer can change.
SILENT = message(
    "{share} % of those invited did not answer: if all of them were passive the NPS would be {passive}, if all were "
    "detractors {detractors}"
)
FULL_COUNT = message("a full count: no interval")
UP_BY, DOWN_BY, UNCHANGED = message("up {points}"), message("down {points}"), message("unchanged")
#: The same of a share, whose points are said.
UP_A_POINT, UP_BY_POINTS = message("up 1 point"), message("up {points} points")
DOWN_A_POINT, DOWN_BY_POINTS = message("down 1 point"), message("down {points} points")
UP_A_LITTLE, DOWN_A_LITTLE = message("up less than 1"), message("down less than 1")
MOVED = message("{change} on {before}: {certainty}")
#: The same of a period that is not over: of the one before only as many days count.
MOVED_SO_FAR = message("{change} on {before}, same day: {certainty}")
#: What is said of what comes out as it was before, as far as it is shown.
AS_BEFORE, AS_BEFORE_SO_FAR = message("about as in {before}"), message("about as by the same day of {before}")
AS_BEFORE_FEW = message("about as in {before}: too few answers to tell")
#: How many of all there are against then, and how many there were.
ONE_MORE, MORE, ONE_FEWER, FEWER = (
    message("one more"),
    message("{n} more"),
    message("one fewer"),
    message("{n} fewer"),
)
THAN = message("{number} than in {before} ({then}): {certainty}")
THAN_SO_FAR = message("{number} than by the same day of {before} ({then}): {certainty}")
AS_MANY, AS_MANY_SO_FAR = (
    message("as many as in {before} ({then})"),
    message("as many as by the same day of {before} ({then})"),
)
OF_ALL = message("{active} of {all}")
#: What is said of an NPS that did not move by more than chance: nearly the same, within chance, or too few to say.
ABOUT = message("about as in {before} ({figure})")
TOO_FEW = message("too few answers to tell")
#: Up to so many points within chance are nearly the same.
NEARLY = 5
#: The last periods together against as many before them.
OVER = message("{figure} over {periods}, {change} on the {number} before: {certainty}")
PERIODS = {
    "year": message("{n} years"),
    "quarter": message("{n} quarters"),
    "month": message("{n} months"),
    "week": message("{n} weeks"),
}

_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)  # digits enough for every float


@lru_cache(maxsize=65_536)  # the same figures stand in many sentences
def rounded(value: float, digits: int = 0) -> float:
    """Round as `ROUND(ROUND(value,9),digits)` does: halves away from zero, and a hair below the half is the half.

    37.49999999999999 is 38, -2.5 is -3, and -0.4 is 0 without a sign.
    """
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-9), context=_EXACT)
    return float(exact.quantize(Decimal(1).scaleb(-digits), context=_EXACT)) + 0.0


def whole_shares(counts: Sequence[int]) -> tuple[int, ...]:
    """Return what each count is of their sum, in whole percent that add up to 100; all 0 where the sum is.

    All are cut off, and what is missing to 100 goes to those that lost most, of equals the first (largest remainder,
    Hamilton's method). 448, 171 and 110 are 61, 24 and 15, not 61, 23 and 15.
    """
    whole_sum = sum(counts)
    if not whole_sum:
        return (0,) * len(counts)
    shares = [100 * one // whole_sum for one in counts]
    lost = sorted(range(len(counts)), key=lambda place: (-(100 * counts[place] % whole_sum), place))
    for place in lost[: 100 - sum(shares)]:
        shares[place] += 1
    return tuple(shares)


def number(value: float, digits: int = 0, *, sign: bool = False) -> FigureWords:
    """Return a figure with so many decimals and a true minus, with a plus if asked: 38, −35.5, +11.0; 0 has no sign."""
    figure = rounded(value, digits)
    mark = "−" if figure < 0 else "+" if sign and figure > 0 else ""
    return FigureWords(f"{mark}{abs(figure):.{digits}f}")


def whole(value: float) -> FigureWords:
    """Return a figure as a whole number: 37.49999999999999 is "38", -35.2 is "−35", -0.4 is "0"."""
    return number(value)


def decimal(value: float) -> FigureWords:
    """Return a figure with one decimal, which is also written where it is 0: "40.8", "−3.0"."""
    return number(value, 1)


def signed(value: float, digits: int = 0) -> FigureWords:
    """Return a change with its sign: "+11", "−4", "0"."""
    return number(value, digits, sign=True)


def shortest(value: float, digits: int = 6) -> FigureWords:
    """Return a figure with no more decimals than it has: a limit of "−20.5" or "50", and "95" or "99.9" per cent."""
    text = number(value, digits)
    return FigureWords(text.digits.rstrip("0").rstrip(".")) if digits else text


def between(low: float, high: float, digits: int = 1, *, sign: bool = False) -> Sentence:
    """Return an interval: "40.8 to 51.6"; with no digits "41 to 52", with signs "−0.4 to +10.5"."""
    return Sentence(INTERVAL, low=number(low, digits, sign=sign), high=number(high, digits, sign=sign))


def read_as(interval: Sentence, reading: str | None) -> Sentence:
    """Return an interval and how it is to be read: "41 to 52, of these partners"; as it is without."""
    return Sentence(READ_AS[reading], interval=interval) if reading in READ_AS else interval


def interval_at(confidence: float) -> Sentence:
    """Return what an interval is at a confidence of 0..1: "95 % interval", "99.9 % interval"."""
    return Sentence(AT, share=shortest(100 * confidence, 1))


def direction(change: float, word: str, *, share: bool = False) -> Sentence:
    """Return which way a figure moved, and by how much: "up 11", "down 4", "unchanged"; of a share "up 3 points".

    `word` is what may be said of the change: up, down or cannot tell. A change that is shown is never called unchanged:
    0.3 is "up less than 1" where the word is "up".
    """
    points = round(rounded(change))
    if share and abs(points) == 1:
        return Sentence(UP_A_POINT if points > 0 else DOWN_A_POINT)
    if points > 0:
        return Sentence(UP_BY_POINTS if share else UP_BY, points=whole(points))
    if points < 0:
        return Sentence(DOWN_BY_POINTS if share else DOWN_BY, points=whole(-points))
    return Sentence({UP: UP_A_LITTLE, DOWN: DOWN_A_LITTLE}.get(word, UNCHANGED))


def certainty(word: str) -> Sentence:
    """Return whether a figure moved, as people say it: "more than chance" or "within chance"."""
    return Sentence(NOT_SHOWN if word == CANNOT_TELL else SHOWN)


def change_in_words(word: str) -> str:
    """Return the word of a change as people read it: "up" and "down" as they are, "cannot tell" as "within chance"."""
    return NOT_SHOWN if word == CANNOT_TELL else word


def moved(
    change: float | None, word: str, before: str | None, *, to_date: bool = False, share: bool = False
) -> Sentence:
    """Return how a figure moved since the period before: "up 11 on Q2 2026: more than chance".

    A figure that adds up is compared `to_date` with as many days: "up 11 on Q2 2026, same day: within chance". A
    `share` moves by points; what comes out the same and moved within chance is "about as in Q2 2026".
    """
    if change is None or before is None:
        return Sentence(NOTHING_BEFORE)
    if word == CANNOT_TELL and not rounded(change):
        return Sentence(AS_BEFORE_SO_FAR if to_date else AS_BEFORE, before=before)
    way = direction(change, word, share=share)
    return Sentence(MOVED_SO_FAR if to_date else MOVED, change=way, before=before, certainty=certainty(word))


def moved_count(
    now: tuple[int, int],
    then: tuple[int, int] | None,
    change: float | None,
    word: str,
    before: str | None,
    *,
    to_date: bool = False,
) -> Sentence:
    """Return how many of all there are against the period before: "one more than in Q2 2026 (27 of 40): within chance".

    `now` and `then` are how many, and of how many. What is judged is the `change` of their share, of which `word` is
    said: where that moved the other way, because there are others to count among, it is told in points.
    """
    if change is None or before is None or then is None:
        return Sentence(NOTHING_BEFORE)
    more = now[0] - then[0]
    if word != CANNOT_TELL and more * change <= 0:
        return moved(change, word, before, to_date=to_date, share=True)
    was = Sentence(OF_ALL, active=whole(then[0]), all=whole(then[1]))
    if not more:
        return Sentence(AS_MANY_SO_FAR if to_date else AS_MANY, before=before, then=was)
    one, several = (ONE_MORE, MORE) if more > 0 else (ONE_FEWER, FEWER)
    by = Sentence(one) if abs(more) == 1 else Sentence(several, n=whole(abs(more)))
    told = certainty(word)
    return Sentence(THAN_SO_FAR if to_date else THAN, number=by, before=before, then=was, certainty=told)


def moved_nps(change: float | None, word: str, before: str | None, was: float | None, *, few: bool) -> Sentence:
    """Return how an NPS moved, and what may be said of it: "up 11 on Q2 2026: more than chance".

    What chance explains is "about as in Q2 2026 (45)" up to 5 points and "down 8 on Q2 2026: within chance" beyond;
    where there were too `few` answers to find a change of 10 points, that is said in its place.
    """
    if change is None or before is None or was is None:
        return Sentence(NOTHING_BEFORE)
    if word == CANNOT_TELL and not few and abs(rounded(change, 9)) <= NEARLY:
        return Sentence(ABOUT, before=before, figure=whole(was))
    if word == CANNOT_TELL and not rounded(change):
        return Sentence(AS_BEFORE_FEW, before=before)
    told = Sentence(SHOWN if word != CANNOT_TELL else TOO_FEW if few else NOT_SHOWN)
    return Sentence(MOVED, change=direction(change, word), before=before, certainty=told)


def over_periods(figure: float, change: float, word: str, number: int, kind: str) -> Sentence:
    """Return how the NPS of several periods together moved: "43 over 4 quarters, up 5 on the 4 before: ..."."""
    periods = Sentence(PERIODS[kind], n=number)
    way = direction(change, word)
    return Sentence(OVER, figure=whole(figure), periods=periods, change=way, number=number, certainty=certainty(word))
