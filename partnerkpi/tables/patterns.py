"""Patterns and characters as DuckDB knows them, in the words of PostgreSQL and of Java, which Spark uses.

What a letter is differs between engines (accents, marks, digits of other scripts), so a class is written out where an
engine has no name for it that means the same.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache

#: RE2's blanks are these five; Java's have a vertical tab as well, and PostgreSQL's those of all scripts.
_BLANKS = r" \t\n\f\r"
_TOKEN = re.compile(r"\\p\{?(\w{1,2})\}?|\\(.)|(\(\?P<(\w+)>)|(.)", re.DOTALL)

#: A number as DuckDB reads it from a text, with blanks around it: 1_000 is a thousand.
AROUND = " \t\n\x0b\f\r"
_AROUND = rf"[{AROUND}]*"
_DIGITS = "[0-9](?:_?[0-9])*"
NUMBER = rf"^{_AROUND}[+-]?(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:[eE][+-]?[0-9]{{1,4}})?{_AROUND}$"

#: A date and, behind it, a time and an offset, as DuckDB reads them: the fields are those of INSTANT_FIELDS.
INSTANT = (
    r"^ *([0-9]{4})([-/])([0-9]{1,2})([-/])([0-9]{1,2})"
    r"(?:(?:T| +)([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(\.[0-9]{0,6})?[0-9]*)?(?: ?(?:UTC|utc)|Z)?"
    r"(?:([+-])([0-9]{2}):?([0-9]{2})?)?)?$"
)
INSTANT_FIELDS = ("y", "s1", "mo", "s2", "d", "h", "mi", "s", "f", "sign", "oh", "om")
_STAMPS = {"Y": ("y", "[0-9]{4}"), "m": ("mo", "[0-9]{1,2}"), "d": ("d", "[0-9]{1,2}"), "H": ("h", "[0-9]{1,2}")}
_STAMPS |= {
    "I": ("h", "0?[1-9]|1[0-2]"),
    "M": ("mi", "[0-9]{1,2}"),
    "S": ("s", "[0-9]{1,2}"),
    "p": ("half", "[AaPp][Mm]"),
}

#: What DuckDB's `trim` takes off: every blank of Unicode that separates words, and no tab or line end.
SEPARATORS = "".join(map(chr, (32, 160, 5760, *range(8192, 8203), 8239, 8287, 12288)))


def stamp(form: str) -> tuple[str, tuple[str, ...]]:
    """Return the pattern of a date in a form of `strptime`, and what its groups hold: `%d/%m` gives a d and a mo."""
    parts = re.split(r"%(\w)", form)
    fields, shape = [], re.escape(parts[0])
    for letter, between in zip(parts[1::2], parts[2::2], strict=True):
        name, digits = _STAMPS[letter]
        fields.append(name)
        shape += f"({digits}){between}"
    return f"^{shape}$", tuple(fields)


class Uncertain(ValueError):
    """Something has no counterpart that would mean the same for certain."""


def for_java(pattern: str) -> str:
    """Return a pattern for Java: `$` is the very end there too, and `(?i)` goes for letters of all scripts."""
    return _written(pattern, lambda name, _: rf"\p{{{name}}}", lambda name: f"(?<{name}>", r"\z", "(?iu)")


def for_postgres(pattern: str) -> str:
    """Return a pattern for PostgreSQL, where groups have no names; to be matched under an ICU collation."""
    return _written(_by_beginnings(pattern), _posix, lambda _: "(", "$", "(?i)")


def _by_beginnings(pattern: str) -> str:
    """Return a choice of words between blanks with what several begin with written once: 10 times as fast there.

    ` (?:port|portal|post) ` gives ` po(?:rt(?:al)?|st) `.
    """
    words = re.fullmatch(r" \(\?:((?:\\.|[^\\()])*)\) ", pattern)
    if words is None:
        return pattern
    several = [re.findall(r"\\.|\[[^]]*\]\*|.[*+?]?", word) for word in re.split(r"(?<!\\)\|", words[1])]
    return f" {_choice(several)} "


def _choice(several: Iterable[list[str]]) -> str:
    follows: dict[str, list[list[str]]] = {}
    ends = False
    for pieces in several:
        if pieces:
            follows.setdefault(pieces[0], []).append(pieces[1:])
        else:
            ends = True
    parts = [first + _choice(rest) for first, rest in follows.items()]
    if len(parts) == 1 and not ends:
        return parts[0]
    return f"(?:{'|'.join(parts)}){'?' if ends else ''}" if parts else ""


def _written(
    pattern: str, of_kind: Callable[[str, bool], str], named: Callable[[str], str], end: str, any_case: str
) -> str:
    out: list[str] = []
    if pattern.startswith("(?i)"):
        out, pattern = [any_case], pattern[4:]
    inside = False
    for match in _TOKEN.finditer(pattern):
        kind, escaped, group, name, plain = match.groups()
        if kind is not None:
            out.append(of_kind(kind, inside))
        elif escaped is not None:
            out.append(_escape(escaped, inside=inside))
        elif group is not None:
            out.append(named(name))
        elif inside:
            inside = plain != "]"
            out.append("\\[" if plain == "[" else plain)
        else:
            inside = plain == "["
            out.append({".": r"[^\n]", "$": end}.get(plain, plain))
    return "".join(out)


def _escape(letter: str, *, inside: bool) -> str:
    if letter == "s":
        return _BLANKS if inside else f"[{_BLANKS}]"
    if letter == "S" and not inside:
        return f"[^{_BLANKS}]"
    if letter == "d":
        return "0-9" if inside else "[0-9]"
    if letter.isalnum() and letter not in "tnfr":
        raise Uncertain(f"a pattern with \\{letter}")
    return f"\\{letter}"


def _posix(name: str, inside: bool) -> str:
    """Return a class of letters or digits for PostgreSQL, whose own digits leave out ² and Ⅷ."""
    if name not in ("L", "N"):
        raise Uncertain(rf"a pattern with \p{name}")
    members = "[:alpha:]" if name == "L" else "[:digit:]" + marked("Nl", "No")
    return members if inside else f"[{members}]"


@cache
def marked(*categories: str) -> str:
    """Return the characters of some categories of Unicode as ranges inside a class of a pattern."""
    codes = (code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in categories)
    return "".join(chr(first) if first == last else f"{chr(first)}-{chr(last)}" for first, last in _runs(codes))


def _runs(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for code in codes:
        if last is None or code != last + 1:
            if first is not None and last is not None:
                yield first, last
            first = code
        last = code
    if first is not None and last is not None:
        yield first, last


@cache
def accented() -> tuple[str, str]:
    """Return the letters that are another letter with marks, and those letters, in the same order."""
    pairs = []
    for code in range(0xA0, sys.maxunicode + 1):
        letter = chr(code)
        bare = [one for one in unicodedata.normalize("NFD", letter) if unicodedata.category(one)[0] != "M"]
        if len(bare) == 1 and bare[0] != letter and unicodedata.category(letter)[0] != "M":
            pairs.append((letter, bare[0]))
    return "".join(letter for letter, _ in pairs), "".join(bare for _, bare in pairs)
