"""What the workbook says: each message as text, and as the formula that gives this text, in the reader's language.

English stands in the code, where the message is used; the other languages are in `partnerkpi/language/workbook`, by the
English message. `with in_language("de"):` is for one build. Whatever came from outside - names of partners, columns,
comments - is filled in and never looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from string import Formatter

from partnerkpi.language import PERIOD_PLACES, Language, language
from partnerkpi.language.sentence import message
from partnerkpi.scorecard.card import Scorecard

__all__ = ["counted", "counted_formula", "current_language", "in_language", "is_one", "is_one_formula", "language_of"]
__all__ += ["message", "quoted", "translate", "translate_count", "translate_formula", "translated"]

_LONGEST = 250  # of one text inside a formula, in characters: Excel takes 255

_CODE: ContextVar[str] = ContextVar("language of the workbook", default="en")
_PERIODS: ContextVar[str] = ContextVar("kind of the periods of the workbook", default="usual")


@contextmanager
def in_language(code: str, *, period: str = "") -> Iterator[None]:
    """Say everything in one language while a workbook is built or compared; UsageError for one that there is not.

    `period` is the label of one of its periods: by its kind formulas say "im September 2026", but "in Q3 2026".
    """
    tokens = _CODE.set(code), _PERIODS.set(language(code).kind_of(period))
    try:
        yield
    finally:
        _CODE.reset(tokens[0])
        _PERIODS.reset(tokens[1])


def kind_of_periods() -> str:
    """Return what kind of periods the workbook in the making has."""
    return _PERIODS.get()


def language_of(card: Scorecard) -> str:
    """Return the language of a scorecard's workbook, by the settings; English without any."""
    return card.rules.options.language


def current_language() -> Language:
    """Return the language of the workbook in the making, for numbers, periods and what mails say in the same words."""
    return language(_CODE.get())


def translate(english: str, /, **values: object) -> str:
    """Return a message, its places filled in: `translate("of {count} ranked", count=12)` is "of 12 ranked"."""
    texts = {name: counted(value) if isinstance(value, int) else value for name, value in values.items()}
    return current_language().translate(english, **texts)


def translate_formula(english: str, /, **cells: str) -> str:
    """Return the formula of a message, without its equals sign; its places are formulas of texts or of numbers.

    `translate_formula("of {count} ranked", count="A1")` is `"of "&A1&" ranked"`.
    """
    found = current_language().translate(english)
    for name in PERIOD_PLACES:
        if name in cells:
            found = current_language().fitting(found, name, kind_of_periods())
    if not cells:
        return quoted(found)
    parts: list[str] = []
    for text, place, _, _ in Formatter().parse(found):
        if text:
            parts.append(quoted(text))
        if place is not None:
            parts.append(cells[place])
    return "&".join(parts)


def translate_count(number: int, one: str, other: str, /, **values: object) -> str:
    """Return the message for a number of things, `{n}` in it: `translate_count(1, "{n} partner", "{n} partners")`."""
    return translate(one if is_one(number) else other, n=counted(number), **values)


def is_one(number: int) -> bool:
    """Tell whether a number of things takes the singular; in French 0 does."""
    return number in (0, 1) if _CODE.get() == "fr" else number == 1


def is_one_formula(number: str) -> str:
    """Return the test of a cell that `is_one` is of a number."""
    return f"{number}<2" if _CODE.get() == "fr" else f"{number}=1"


def counted(number: float) -> str:
    """Return a number of things as the language writes it: 1,718."""
    return current_language().number(number)


def counted_formula(number: str) -> str:
    """Return the formula of a number of things; a sign in a format stands at its place, however long the number is."""
    texts = current_language()
    sign, first = texts("format.thousands"), 10 ** (int(texts.messages["format.grouped_from"]) - 1)
    millions = f'TEXT({number},"0\\{sign}000\\{sign}000")'
    thousands = f'TEXT({number},"0\\{sign}000")'
    return f'IF({number}<{first},TEXT({number},"0"),IF({number}<1000000,{thousands},{millions}))'


def quoted(text: str) -> str:
    """Return a text as it stands in a formula; a long one in several pieces."""
    pieces = [text[start : start + _LONGEST] for start in range(0, len(text), _LONGEST)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def translated(text: str) -> str:
    """Return a sentence of the scorecard in its language; a text that is none comes back as it is."""
    return current_language().translated(text)
