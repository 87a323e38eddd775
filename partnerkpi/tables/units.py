"""The unit that the heading of a column of amounts says: `Revenue start (k€)` is in thousands, and in euros."""

from __future__ import annotations

from functools import cache

from partnerkpi.dataclass import dataclass
from partnerkpi.lazily import pattern
from partnerkpi.tables.numbertext import TIMES
from partnerkpi.vocabulary import CURRENCIES, plain_name

_MONEY = {sign.strip("."): code for sign, code in CURRENCIES.items()} | {
    **dict.fromkeys(("euros", "euro"), "EUR"),
    **dict.fromkeys(("dollars", "dollar"), ""),
    "pounds": "",
}
_SIZES = {word.strip("."): zeros for word, zeros in TIMES.items()} | {
    **dict.fromkeys(("000", "000s", "milliers", "miles", "migliaia", "milhares", "duizend", "duizenden", "tusen"), 3),
    **dict.fromkeys(("tusind", "tausender", "tysiace", "tysiecy"), 3),
}
#: What says that a size follows: Umsatz in Tsd.
_IN = frozenset({"in", "en", "em", "i", "w"})
#: A size that stands alone is one in long words, or as the last word: a T or M may be many things.
_ALONE = pattern("[^m]{3,}|m.{2,}|k")
_TOGETHER = pattern(rf"(k|t|m|mn|mio|tsd|bn)({'|'.join(k for k in _MONEY if len(k) == 3)})")
_TURNED = pattern(rf"({'|'.join(k for k in _MONEY if len(k) == 3)})(k|m|mn|mio|bn)")
_WORD = pattern(r"000s?(?![0-9])|[^\W\d_]+|[€$£¥₹₩₺]|[0-9]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """How many zeros a heading adds to each amount, the currency that it names, and what else it says, plainly."""

    zeros: int
    currency: str
    rest: str

    @property
    def in_words(self) -> str:
        """Return the size in words: thousands, millions."""
        return {3: "thousands", 6: "millions", 9: "thousand millions"}.get(self.zeros, f"{10**self.zeros:,}s")


@cache
def unit_of(heading: str) -> Unit:
    """Return the unit of a heading: `ARR start in TEUR` has 3 zeros, EUR, and `arr start`."""
    words: list[str] = []
    for word in _WORD.findall(heading.casefold()):
        found = _TOGETHER.fullmatch(word) or _TURNED.fullmatch(word)
        words += found.groups() if found else [word]
    zeros, currency, rest = 0, "", list[str]()
    for place, word in enumerate(words):
        before, after = words[place - 1] if place else "", words[place + 1] if place + 1 < len(words) else ""
        if word in _SIZES and _is_size(word, before, after):
            zeros = _SIZES[word]
        elif word in _MONEY and (place or after in _SIZES):
            currency = currency or _MONEY[word]
        elif word not in _IN or not (after in _SIZES or after in _MONEY):
            rest.append(word)
    return Unit(zeros, currency, plain_name(" ".join(rest)))


def _is_size(word: str, before: str, after: str) -> bool:
    beside_money = before in _MONEY or after in _MONEY
    return beside_money or (before in _IN and word != "t") or (_ALONE.fullmatch(word) is not None and not after)
