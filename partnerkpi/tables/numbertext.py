"""How people write numbers: the patterns, and the SQL that reads them as Python does.

Blanks and apostrophes between thousands, currencies, per cent, brackets and any minus are understood: 12 % is 12. Which
mark stands before the decimals is asked where a text alone does not say it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError
from partnerkpi.lazily import pattern
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
_PLAIN = pattern(PLAIN)

#: What stands behind the digits of a large amount, and how many zeros each says. A T says that beside a currency alone.
TIMES: Mapping[str, int] = {
    word: zeros
    for zeros, words in {
        3: "k, t, tsd, tsd., tausend, thsd, thousand, thousands, mila, mille, tys, tys., тыс, тыс., 千, 千円",
        4: "万, 万円, 萬, 만",
        5: "lakh, lakhs, lac, lacs",
        6: "m, mm, mn, mln, mln., mio, mio., mill, mill., million, millions, millionen, millones, milhões, milioni, "
        "miljoen, milj, milj., млн, млн., 百万, 百万円",
        7: "crore, crores, cr, cr.",
        8: "億, 億円, 亿, 억",
        9: "b, bn, mrd, mrd., mld, mld., md, billion, billions, milliard, milliards, milliarden, miliardi, млрд, млрд.",
    }.items()
    for word in words.split(", ")
}
_BESIDE_CURRENCY = "t"


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of some words, the longest first."""
    return f"({'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"


_APART = f"[{SPACES}'\u2019]"  # between thousands, in any column
_GAP = f"[{SPACES}]*"
_SIGN = f"([{MINUS}+]?)"
_CURRENCY = _any_of(CURRENCIES)
_TIMES = _any_of(TIMES)
_DIGITS = rf"([1-9][0-9]{{0,2}}(?:{_APART}[0-9]{{3}})+(?:[.,][0-9]*)?|(?:[0-9][0-9.,]*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?)"
_LEFT = f"(?:{_TIMES}?{_GAP}{_CURRENCY})?"  # TEUR 900
#: Any style: brackets or one sign around currency, digits and per cent, or what says how large they are.
_SHAPE = "(?i)^" + _GAP.join(
    ("", r"(\(?)", _SIGN, _LEFT, _SIGN, _DIGITS, "(%?)", f"{_TIMES}?", f"{_CURRENCY}?", _SIGN, r"(\)?)", "$")
)
_FIELDS = ("open", "before", "large", "left", "inner", "digits", "percent", "times", "right", "behind", "close")
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
    """A text taken apart: whether it is below 0, its digits with the marks among them, its currency, and its size.

    `times` is the word for a thousand, a million ... beside the digits, as `TIMES` has it.
    """

    negative: bool
    digits: str
    currency: str | None
    times: str = ""

    def marks(self) -> list[Mark]:
        """Return the marks that may stand before the decimals: of 1.200 both, of 1.200,5 the comma, of 1.2.3 none."""
        return [mark for mark in MARKS if re.match(_GRAMMARS[mark], self.digits)]

    def value(self, decimal: Mark) -> float | None:
        """Return the number, with this mark before the decimals where both may be."""
        marks = self.marks()
        if not marks:
            return None
        mark = decimal if decimal in marks else marks[0]
        digits = self.digits.replace(other(mark), "").replace(mark, ".")
        # 1.1k is 1100 and not 1.1 times 1000, which is a little more
        size = float(f"{digits}e{TIMES[self.times]}" if self.times else digits)
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
    times, beside = (part["large"] + part["times"]).lower(), (part["left"] or part["right"]).casefold()
    if len(signs) > 1 or bool(part["open"]) != bool(part["close"]) or (part["large"] and part["times"]):
        return None
    if times and ((times == _BESIDE_CURRENCY and not beside) or part["percent"] or "e" in part["digits"].lower()):
        return None
    negative, digits = bool(part["open"]) or signs in tuple(MINUS), re.sub(_APART, "", part["digits"])
    return Written(negative, digits, CURRENCIES.get(beside), times)


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
    times = "lower(__p.large || __p.times)"
    words = " ".join(
        f"WHEN {times} IN {listed(word for word, many in TIMES.items() if many == one)} THEN 'e{one}'"
        for one in sorted(set(TIMES.values()))
    )
    zeros = f"CASE {words} ELSE '' END"
    sizes = " ".join(
        f"WHEN regexp_matches({_TOGETHER}, {literal(_GRAMMARS[mark])}) THEN {_size(_TOGETHER, mark, zeros)}"
        for mark in (decimal, other(decimal))
    )
    signs = "(__p.before || __p.inner || __p.behind)"
    well = (
        f"length({signs}) < 2 AND (__p.open = '') = (__p.close = '') AND ({times} = '' OR ((__p.large = '' OR "
        f"__p.times = '') AND ({times} <> '{_BESIDE_CURRENCY}' OR (__p.left || __p.right) <> '') AND "
        "__p.percent = '' AND NOT contains(lower(__p.digits), 'e')))"
    )
    minus = f"__p.open <> '' OR {signs} IN {listed(MINUS)}"
    value = f"CASE WHEN {well} THEN (CASE {sizes} END) * (CASE WHEN {minus} THEN -1 ELSE 1 END) END"
    strict = with_fields(fields(text, _SHAPE, _FIELDS), value)
    # Most values have nothing beside them: to match them alone takes a tenth of the time.
    simple = f"regexp_matches({text}, {literal(_GRAMMARS[decimal])})"
    return f"CASE WHEN {simple} THEN {_size(text, decimal)} ELSE {strict} END"


def _size(digits: str, decimal: Mark, zeros: str = "") -> str:
    """Return SQL for the number that digits make with a mark before the decimals; NULL beyond what a number can be."""
    number = f"replace(replace({digits}, {literal(other(decimal))}, ''), {literal(decimal)}, '.')"
    if zeros:
        number = f"({number} || {zeros})"
    return f"nullif(TRY_CAST({number} AS DOUBLE), CAST('Infinity' AS DOUBLE))"
