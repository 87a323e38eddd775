"""How people write numbers: the patterns, and the SQL that reads them as Python does.

Blanks and apostrophes between thousands, currencies, per cent, brackets and any minus are understood: 12 % is 12. Which
mark stands before the decimals is asked where a text alone does not say it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from partnerkpi.errors import UsageError
from partnerkpi.tables.sql import fields, listed, literal, with_fields
from partnerkpi.vocabulary import CURRENCIES, MINUS, SPACES

Mark = Literal[".", ","]
#: What a mark is called where somebody says it.
DECIMALS: Mapping[str, Mark] = {"point": ".", "comma": ","}


def check_decimal(name: str | None) -> Mark | None:
    """Return the mark that a name says; UsageError for another name."""
    if name is None or name in DECIMALS:
        return DECIMALS[name] if name is not None else None
    raise UsageError(f"decimal {name!r} is not one of {', '.join(DECIMALS)}")


#: A number with either mark before its decimals and none between thousands.
PLAIN = r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
_PLAIN = re.compile(PLAIN)

_APART = f"[{SPACES}'\u2019]"  # between thousands, in any column
_GAP = f"[{SPACES}]*"
_SIGN = f"([{MINUS}+]?)"
_CURRENCY = f"({'|'.join(re.escape(sign) for sign in sorted(CURRENCIES, key=len, reverse=True))})?"
_DIGITS = rf"([1-9][0-9]{{0,2}}(?:{_APART}[0-9]{{3}})+(?:[.,][0-9]*)?|(?:[0-9][0-9.,]*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?)"
#: Any style: brackets or one sign around currency, digits and per cent.
_SHAPE = "(?i)^" + _GAP.join(("", r"(\(?)", _SIGN, _CURRENCY, _SIGN, _DIGITS, "(%?)", _CURRENCY, _SIGN, r"(\)?)", "$"))
_FIELDS = ("open", "before", "left", "inner", "digits", "percent", "right", "behind", "close")
_TOGETHER = f"regexp_replace(__p.digits, {literal(_APART)}, '', 'g')"


def _grammar(decimal: Mark) -> str:
    """Return the pattern of digits with this mark before the decimals and the other one between thousands, if any."""
    point, apart = re.escape(decimal), re.escape(other(decimal))
    thousands = rf"[1-9][0-9]{{0,2}}(?:{apart}[0-9]{{2,3}})*{apart}[0-9]{{3}}"
    single = rf"(?:[0-9]+(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?"
    return rf"^(?:{thousands}(?:{point}[0-9]*)?|{single})$"


def other(mark: Mark) -> Mark:
    """Return the other mark, which stands between thousands where this one stands before decimals."""
    return "," if mark == "." else "."


MARKS: tuple[Mark, Mark] = (".", ",")
_GRAMMARS: dict[Mark, str] = {mark: _grammar(mark) for mark in MARKS}


def is_plain(text: str) -> bool:
    """Tell whether a text is a number as engines read it: digits, a sign, a point, an exponent."""
    return "," not in text and _PLAIN.fullmatch(text) is not None


def plain_number(text: str) -> float | None:
    """Return the number of a text that holds nothing else, with either mark before its decimals: `7,5` is 7.5."""
    return float(text.replace(",", ".")) if _PLAIN.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Written:
    """A text taken apart: whether it is below 0, its digits with the marks among them, and its currency."""

    negative: bool
    digits: str
    currency: str | None

    def marks(self) -> list[Mark]:
        """Return the marks that may stand before the decimals: of 1.200 both, of 1.200,5 the comma, of 1.2.3 none."""
        return [mark for mark in MARKS if re.match(_GRAMMARS[mark], self.digits)]

    def value(self, decimal: Mark) -> float | None:
        """Return the number, with this mark before the decimals where both may be."""
        marks = self.marks()
        if not marks:
            return None
        mark = decimal if decimal in marks else marks[0]
        size = float(self.digits.replace(other(mark), "").replace(mark, "."))
        return None if math.isinf(size) else -size if self.negative else size


@cache
def _styled() -> re.Pattern[str]:
    """Return the pattern of any style, which most files need for nothing and which takes long to be made."""
    return re.compile(_SHAPE)


def written(text: str) -> Written | None:
    """Return a text taken apart, None where it is no number in any style; its digits may still have too many marks."""
    found = _styled().match(text)
    if found is None:
        return None
    part = dict(zip(_FIELDS, (group or "" for group in found.groups()), strict=True))
    signs = part["before"] + part["inner"] + part["behind"]
    if len(signs) > 1 or bool(part["open"]) != bool(part["close"]):
        return None
    currency = CURRENCIES.get((part["left"] or part["right"]).casefold())
    return Written(bool(part["open"]) or signs in tuple(MINUS), re.sub(_APART, "", part["digits"]), currency)


def number_in(text: str, decimal: Mark = ".") -> float | None:
    """Return the number of a text in any style, None where there is none.

    `decimal` decides where the text alone does not: "€ 1.200" is 1.2, with "," 1200. "1.200,5-" is -1200.5 with either.
    """
    found = written(text)
    return None if found is None else found.value(decimal)


def plain_sql(text: str) -> str:
    """Return SQL for the number of a text as `plain_number` reads it; other texts that engines take are NULL or NaN."""
    return f"TRY_CAST(replace({text}, ',', '.') AS DOUBLE)"


def styled_sql(text: str, decimal: Mark) -> str:
    """Return SQL for the number of a text, as `number_in` reads it."""
    sizes = " ".join(
        f"WHEN regexp_matches({_TOGETHER}, {literal(_GRAMMARS[mark])}) THEN {_size(_TOGETHER, mark)}"
        for mark in (decimal, other(decimal))
    )
    signs = "(__p.before || __p.inner || __p.behind)"
    well = f"length({signs}) < 2 AND (__p.open = '') = (__p.close = '')"
    minus = f"__p.open <> '' OR {signs} IN {listed(MINUS)}"
    value = f"CASE WHEN {well} THEN (CASE {sizes} END) * (CASE WHEN {minus} THEN -1 ELSE 1 END) END"
    strict = with_fields(fields(text, _SHAPE, _FIELDS), value)
    # Most values have nothing beside them: to match them alone takes a tenth of the time.
    simple = f"regexp_matches({text}, {literal(_GRAMMARS[decimal])})"
    return f"CASE WHEN {simple} THEN {_size(text, decimal)} ELSE {strict} END"


def _size(digits: str, decimal: Mark) -> str:
    """Return SQL for the number that digits make with a mark before the decimals; NULL beyond what a number can be."""
    number = f"replace(replace({digits}, {literal(other(decimal))}, ''), {literal(decimal)}, '.')"
    return f"nullif(TRY_CAST({number} AS DOUBLE), CAST('Infinity' AS DOUBLE))"
