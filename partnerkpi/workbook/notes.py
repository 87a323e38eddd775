"""The notes on the data in the language of the workbook: a card has them in English, as the terminal prints them.

A note is known by its message, whose places are whatever stands there: names of files and columns, numbers, days. One
that is none of these stays as it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache, reduce
from string import Formatter

from partnerkpi.lazily import pattern
from partnerkpi.workbook.model.translation import current_language, message, translate
from partnerkpi.workbook.note_messages import NOTES, REASONS

#: A note of one file among several, what else a list has, and two of anything.
_OF_FILE, _AND_MORE, _TWO = message("{file}: {note}"), message("{names} and {n} more"), message("{one} and {other}")
_EITHER, _MAY_BE = message("{one} or {other}"), message("{name} may be {other}")
#: The places of a note that are no names: numbers of things, kinds of periods, and periods.
_NUMBERS = {"number", "rows", "count"}
_KINDS, _PERIODS = {"unit", "kind"}, {"period", "before"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = pattern(rf"([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}})")
_MORE, _BOTH = pattern(r"(.+) and ([0-9,]+) more"), pattern(r"(--[a-z-]+|'[^']*') and (--[a-z-]+|'[^']*')")
_QUARTER, _MONTH = pattern(r"Q([1-4]) (FY)?([0-9]{4})"), pattern(r"([A-Z][a-z]+) (FY)?([0-9]{4})")
_NAMED = pattern(r"(?<![\w'])'([^'\n]+)'(?![\w'])")  # columns and files
_REASON = pattern(
    r"(responses|activities|customers|partners) \((.+?)\)(?: or (?=(?:activities|customers|partners) \()|$)"
)
_WEEK = pattern(r"((?:FY)?[0-9]{4}) (W[0-9]{2})")


def note_in_words(note: str) -> str:
    """Return a note on the data in the language of the workbook, with its days and periods as this writes them."""
    if (translated := _translated(note, NOTES)) is not None:
        return translated
    file, colon, rest = note.partition(": ")  # that of one file among several
    if colon and (translated := note_in_words(rest)) != rest:
        return translate(_OF_FILE, file=file, note=translated)
    return note


def example_in_words(text: str) -> str:
    """Return what is told of a name, that it may be another one, or a text that was read, in the language's quotes."""
    return _translated(text, (_MAY_BE,)) or _place("", text)


def _translated(text: str, messages: Sequence[str]) -> str | None:
    """Return a text by the first of the messages that it is, None if it is none of them."""
    for english in messages:
        found = _pattern(english).fullmatch(text)
        if found is not None and not any(": " in text for name, text in found.groupdict().items() if name in _PERIODS):
            return translate(english, **_places(found.groupdict()))
    return None


@lru_cache(maxsize=len(NOTES) + len(REASONS))
def _pattern(english: str) -> re.Pattern[str]:
    """Return what a note of this message looks like."""
    known, parts = set[str](), []
    for text, name, _, _ in Formatter().parse(english):
        parts.append(re.escape(text))
        if name is not None:
            parts.append(f"(?P={name})" if name in known else f"(?P<{name}>.+?)")
            known.add(name)
    return re.compile("".join(parts), re.DOTALL)


def _places(found: Mapping[str, str]) -> dict[str, str]:
    return {name: _place(name, text) for name, text in found.items()}


def _place(name: str, text: str) -> str:
    """Return what stands in a place of a note as the language of the workbook says it."""
    texts = current_language()
    if name in _PERIODS:
        return texts.period(_label(text), short=True)
    if name in _KINDS:
        return translate(text)
    if name == "what":
        return note_in_words(text)
    if name == "reasons":
        whys = [(_kind(kind), _translated(why, REASONS) or why) for kind, why in _REASON.findall(text)]
        return _either([f"{kind} ({why})" for kind, why in whys]) or text
    if name == "options" and " or " in text:
        return _either(text.split(" or "))
    if (day := _DAY.fullmatch(text)) is not None:
        return texts.date(dt.date(int(day[3]), 1 + _MONTHS.index(day[2]), int(day[1])))
    if name in _NUMBERS and text.replace(",", "").isdigit():
        return texts.number(int(text.replace(",", "")))
    if (more := _MORE.fullmatch(text)) is not None:
        return translate(_AND_MORE, names=_place(name, more[1]), n=texts.number(int(more[2].replace(",", ""))))
    if (both := _BOTH.fullmatch(text)) is not None:
        return translate(_TWO, one=_place(name, both[1]), other=_place(name, both[2]))
    return _NAMED.sub(lambda named: texts("format.quoted", text=named[1]), text)


def _kind(kind: str) -> str:
    """Return what a table of a kind is called: as on About, within an English sentence in small letters."""
    translated = translate(kind.capitalize())
    return translated.lower() if current_language().code == "en" else translated


def _either(texts: Sequence[str]) -> str:
    """Return some texts of which one holds."""
    return reduce(lambda one, other: translate(_EITHER, one=one, other=other), texts) if texts else ""


def _label(text: str) -> str:
    """Return the label of a period in English words, 2026-Q3 of Q3 2026; a text that is none as it is."""
    if (quarter := _QUARTER.fullmatch(text)) is not None:
        return f"{quarter[2] or ''}{quarter[3]}-Q{quarter[1]}"
    if (week := _WEEK.fullmatch(text)) is not None:
        return f"{week[1]}-{week[2]}"
    if (month := _MONTH.fullmatch(text)) is not None and month[1][:3] in _MONTHS:
        return f"{month[2] or ''}{month[3]}-{1 + _MONTHS.index(month[1][:3]):02d}"
    return text
