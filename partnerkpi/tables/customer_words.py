"""What the words of a customer's life say: that it is still there, that it left, or neither by themselves."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import field

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError
from partnerkpi.tables.sql import listed
from partnerkpi.tables.table import Table
from partnerkpi.vocabulary import LEFT, NO, OPEN_END, RENEWED, SPACES, STAYED, UNDECIDED, YES

#: How a setting writes that a cell with nothing in it says something too.
NOTHING = "blank"

#: Read alike: at_risk, at-risk and At Risk, with whatever blank between.
_BETWEEN = "_-–\u00a0\u2009\u202f"


def folded(text: str) -> str:
    """Return a word as it is compared: `At_Risk` gives `at risk`, `gekündigt` gives `gekundigt`."""
    bare = unicodedata.normalize("NFD", text.strip(SPACES).lower())
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", letters).translate(dict.fromkeys(map(ord, _BETWEEN), " "))


def _all(*words: Iterable[str]) -> frozenset[str]:
    return frozenset(folded(word) for some in words for word in some)


_YES, _NO, _STAYED, _LEFT, _OPEN = _all(YES), _all(NO), _all(STAYED), _all(LEFT), _all(UNDECIDED)
#: What says how a customer is, and not what became of it in a period.
_STATES = (_STAYED - _all(RENEWED)) | _LEFT | _OPEN
#: What stands in the place of an end where there is none; the marks as they are written, and what says "still there".
_NO_END = frozenset(OPEN_END) | _all(STAYED)


@dataclass(frozen=True, slots=True)
class Words:
    """The words that say of a customer that it stayed or left, with those that the user decided, which win."""

    stayed: frozenset[str] = field(default_factory=frozenset)
    left: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, stayed: Iterable[str], left: Iterable[str]) -> Words:
        """Return the words with those of the settings; UsageError where a word stands on both sides."""
        made = cls(_all(stayed), _all(left))
        if both := made.stayed & made.left:
            raise UsageError(f"{min(both)!r} cannot say both that a customer stayed and that it left: name it once")
        return made

    @property
    def decided(self) -> frozenset[str]:
        """Return the words that the user decided."""
        return self.stayed | self.left

    def kept(self, text: str, *, means_kept: bool) -> str:
        """Return SQL that is true where a text says that a customer was kept, NULL where it says neither."""
        yes, no = (_YES | _STAYED, _NO | _LEFT) if means_kept else (_NO | _STAYED, _YES | _LEFT)
        yes, no = self.stayed | (yes - self.decided), self.left | (no - self.decided)
        blank = "".join(
            f" WHEN {text} IS NULL THEN {stays}"
            for words, stays in ((self.stayed, "TRUE"), (self.left, "FALSE"))
            if NOTHING in words
        )
        word = folded_sql(text)
        return f"CASE WHEN {word} IN {listed(yes)} THEN TRUE WHEN {word} IN {listed(no)} THEN FALSE{blank} END"

    def is_open(self, word: str) -> bool:
        """Tell whether a word says neither by itself, and nobody decided it."""
        return folded(word) in _OPEN - self.decided

    def is_known(self, word: str) -> bool:
        """Tell whether a word says something of a customer's life, or yes or no."""
        return folded(word) in _YES | _NO | _STAYED | _LEFT | _OPEN | self.decided


def is_state(word: str) -> bool:
    """Tell whether a word says how a customer is, such as active; renewed and yes say what it did."""
    return folded(word) in _STATES


def is_gone(word: str) -> bool:
    """Tell whether a word says of a customer that it left."""
    return folded(word) in _LEFT


def folded_sql(text: str) -> str:
    """Return SQL for a text as `folded` gives it; the text comes without outer blanks."""
    return f"translate(lower(strip_accents({text})), '{_BETWEEN}', '{' ' * len(_BETWEEN)}')"


def has_end(table: Table, column: str, words: Words | None = None) -> str:
    """Return SQL that tells whether a column of end dates says that a customer has left: anything but an open end.

    `words` are those that the user decided: what says that a customer stayed is an open end.
    """
    text, known = table.told_by(column), _NO_END | (words.stayed if words is not None else frozenset())
    return f"coalesce(lower({text}) NOT IN {listed(known)} AND {folded_sql(text)} NOT IN {listed(known)}, FALSE)"


def is_open_end(word: str) -> bool:
    """Tell whether a text in a column of end dates says that there is none."""
    return word.strip(SPACES).lower() in _NO_END or folded(word) in _NO_END
