"""Formulas and ranges written in one way, whichever program wrote them."""

from __future__ import annotations

import re
import string

_STRING = re.compile(r'("(?:[^"]|"")*")')
_QUOTED = re.compile(r"('(?:[^']|'')*'!)")
_BARE = re.compile(r"'([A-Za-z_][A-Za-z_0-9.]*)'!")
_NUMBER = re.compile(r"(?<![A-Za-z_$.0-9])([0-9]+\.?[0-9]*(?:[Ee][+-]?[0-9]+)?)(?![A-Za-z_0-9.(!])")
#: Blanks mean nothing beside a sign; within a reference, or of another kind, they make another formula, or none.
_BLANKS = re.compile(r"(?<=[-+*/^&=<>(),;:{}])[ \t\r\n]+|[ \t\r\n]+(?=[-+*/^&=<>(),;:{}])|^[ \t\r\n]+|[ \t\r\n]+$")
#: Only these letters are the same in capitals wherever they stand: of others, two can have one capital.
_CAPITALS = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
#: Of a number that is written in a formula; LibreOffice cuts the rest off, and Excel does.
_DIGITS = 15
#: What LibreOffice writes for TRUE and FALSE.
_CONSTANTS = ((re.compile(r"\bTRUE(?:\(\))?(?![\w(])"), "1"), (re.compile(r"\bFALSE(?:\(\))?(?![\w(])"), "0"))


def plain_formula(formula: str) -> str:
    """Return a formula without what programs write differently: blanks, capitals, quotation of sheets, digits."""
    parts = _STRING.split(formula)
    for place in range(0, len(parts), 2):
        pieces = _QUOTED.split(parts[place])
        for at in range(0, len(pieces), 2):
            text = _BLANKS.sub("", pieces[at]).translate(_CAPITALS)
            for pattern, number in _CONSTANTS:
                text = pattern.sub(number, text)
            pieces[at] = _NUMBER.sub(lambda match: f"{float(match[1]):.{_DIGITS}g}", text)
        for at in range(1, len(pieces), 2):
            bare = _BARE.fullmatch(pieces[at])
            pieces[at] = (f"{bare[1]}!" if bare is not None else pieces[at]).translate(_CAPITALS)
        parts[place] = "".join(pieces)
    return "".join(parts)


def same_formula(one: str, other: str) -> bool:
    """Tell whether two formulas differ in nothing but what programs write differently."""
    return one == other or plain_formula(one) == plain_formula(other)


def plain_ranges(cells: str) -> str:
    """Return some ranges in one order, a range of one cell as that cell."""
    found = (one.replace("$", "") for one in cells.split())
    single = (first if first == last else one for one in found for first, _, last in [one.partition(":")])
    return " ".join(sorted(single))
