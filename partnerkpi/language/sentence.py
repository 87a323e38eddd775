"""Sentences that are English text wherever they go, and can be said in another language where somebody wants that.

The terminal and JSON print them as they are. A workbook asks for the message and for what was filled in, and says the
same in its reader's language.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from partnerkpi.periods import period_words


def message(english: str) -> str:
    """Mark a message that is kept in a table and said later; returns it as it is."""
    return english


class Sentence(str):
    """An English sentence that knows its message and what fills its places.

    `Sentence("{points} below {floor}", points="-35", floor="30")` is the text "-35 below 30".
    """

    __slots__ = ("message", "places")
    message: str
    places: Mapping[str, object]

    def __new__(cls, message: str, /, **places: object) -> Sentence:
        """Return the sentence with its places filled in."""
        made = super().__new__(cls, message.format(**places))
        made.message, made.places = message, places
        return made

    @classmethod
    def of(cls, number: int, one: str, other: str, /, **places: object) -> Sentence:
        """Return the sentence about a number of things, `{n}` in it, written with commas: 1,718 answers."""
        return cls(one if number == 1 else other, n=FigureWords(str(number)), **places)

    def __reduce__(self) -> tuple[object, ...]:
        """Copy and pickle it with what it knows."""
        return _made, (self.message, dict(self.places))


_UNPARTED = 3  # digits, which no language parts


class FigureWords(str):
    """A figure in words, 1,718.5, that knows its digits, 1718.5: each language writes them with its own signs."""

    __slots__ = ("digits",)
    digits: str

    def __new__(cls, digits: str) -> FigureWords:
        """Return the words for digits with a point and a true minus, no thousands parted."""
        whole, point, rest = digits.partition(".")
        if len(whole) > _UNPARTED:
            whole = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", ",", whole)
        made = super().__new__(cls, whole + point + rest)
        made.digits = digits
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """Copy and pickle it with what it knows."""
        return FigureWords, (self.digits,)


class PeriodWords(str):
    """A period in words, Q3 2026, that knows its label, 2026-Q3."""

    __slots__ = ("label",)
    label: str

    def __new__(cls, label: str) -> PeriodWords:
        """Return the words for a label."""
        made = super().__new__(cls, period_words(label))
        made.label = label
        return made


class DayWords(str):
    """A day in words, 30 Sep 2026, that knows the day; without its year where that goes without saying."""

    __slots__ = ("day", "year")
    day: dt.date
    year: bool

    def __new__(cls, day: dt.date, *, year: bool = True) -> DayWords:
        """Return the words for a day."""
        made = super().__new__(cls, f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}")
        made.day, made.year = day, year
        return made


def _made(message: str, places: Mapping[str, object]) -> Sentence:
    return Sentence(message, **places)


def translate_sentence(
    text: object,
    message: Callable[..., str],
    period: Callable[[str], str],
    day: Callable[[DayWords], str],
    figure: Callable[[str], str],
) -> object:
    """Return a sentence in another language; what is none of ours comes back as it is.

    `message` gives the other language's message for an English one with its places filled in, `period`, `day` and
    `figure` its words for those.
    """
    if isinstance(text, Sentence):
        places = {name: translate_sentence(value, message, period, day, figure) for name, value in text.places.items()}
        return message(text.message, **places) if places else message(text.message)
    if isinstance(text, FigureWords):
        return figure(text.digits)
    if isinstance(text, PeriodWords):
        return period(text.label)
    if isinstance(text, DayWords):
        return day(text)
    return text
