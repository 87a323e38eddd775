"""What a column holds, judged by a sample of its values: scores, dates, yes and no, names."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from partnerkpi.tables.datetext import looks_like_date, looks_like_period
from partnerkpi.tables.sql import BLANKS

#: Enough rows to tell a column by; wide exports are sampled with fewer rows so that the sample stays small.
SAMPLED_ROWS = 4_000
SAMPLED_CELLS = 200_000

#: How people say yes and no in a column: English, German, French, Spanish, Portuguese, Italian, Dutch, Nordic, Polish.
YES = frozenset({"yes", "y", "true", "t", "1", "1.0", "ja", "oui", "si", "sí", "sì", "sim", "tak", "x"})
NO = frozenset({"no", "n", "false", "f", "0", "0.0", "nein", "non", "não", "nao", "nee", "nej", "nei", "nie"})

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
#: After so many texts that are no dates, a column is taken for one of words: looking at every comment would be slow.
_TRIED = 50
_BLANK = frozenset({"", "na", "n/a", "#n/a", "nan", "nat", "null", "none", "-", "<na>"})


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a sample of a column holds: how many values are filled, numbers, dates or yes/no, and their bounds."""

    name: str
    kind: str
    rows: int
    filled: int
    numbers: int
    whole: int
    low: float | None
    high: float | None
    dates: int
    yes_no: int
    distinct: frozenset[str]
    periods: int = 0

    @property
    def is_text(self) -> bool:
        """Tell whether the values are stored as text."""
        return self.kind == "VARCHAR"

    @property
    def is_score(self) -> bool:
        """Tell whether the column could hold answers from 0 to 10: all numbers within, more than two different ones."""
        return (
            self.filled > 0
            and self.numbers >= 0.9 * self.filled
            and self.low is not None
            and self.high is not None
            and self.low >= 0
            and self.high <= 10
            and len(self.distinct) > 2
        )

    @property
    def is_mostly_numbers(self) -> bool:
        """Tell whether most values are numbers."""
        return self.filled > 0 and self.numbers > 0.5 * self.filled

    @property
    def is_date(self) -> bool:
        """Tell whether most values are dates: typed ones, texts, or numbers such as 20260930."""
        if self.kind == "DATE" or self.kind.startswith("TIMESTAMP"):
            return True
        low, high = self.low or 0, self.high or 0
        if self.numbers == self.whole == self.filled and 19000101 <= low <= high <= 20991231:
            return True
        return self.filled > 0 and self.dates >= 0.8 * self.filled

    @property
    def is_period(self) -> bool:
        """Tell whether most values name a month or a quarter: 2026-Q3, Jul 2026."""
        return self.filled > 0 and self.periods >= 0.8 * self.filled

    @property
    def is_yes_no(self) -> bool:
        """Tell whether every value says yes or no (or 1 and 0, or TRUE and FALSE)."""
        return self.filled > 0 and self.yes_no == self.filled

    @property
    def is_free_text(self) -> bool:
        """Tell whether people wrote what they liked: sentences, few of them alike, and no choice from a list."""
        sentences = sum(len(value.split()) >= 3 for value in self.distinct)
        return (
            len(self.distinct) >= 5
            and not self.is_mostly_numbers
            and not self.is_date
            and len(self.distinct) >= min(200, self.filled) / 2
            and 2 * sentences >= len(self.distinct)
        )

    @property
    def is_blank(self) -> bool:
        """Tell whether the sample holds no value at all."""
        return self.filled == 0


def profile(names: Sequence[str], kinds: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[ColumnProfile, ...]:
    """Return what each column of a sample holds; `kinds` are the engine's types."""
    return tuple(
        _column(name, kind, [row[position] for row in rows])
        for position, (name, kind) in enumerate(zip(names, kinds, strict=True))
    )


def _column(name: str, kind: str, values: Sequence[Any]) -> ColumnProfile:
    filled = numbers = whole = dates = yes_no = periods = tried = 0
    low: float | None = None
    high: float | None = None
    distinct: set[str] = set()
    for value, count in Counter(values).items():  # a column of answers has few different ones: each is judged once
        text = value.strip(BLANKS) if isinstance(value, str) else value
        if text is None or text != text or (isinstance(text, str) and text.casefold() in _BLANK):
            continue
        filled += count
        shown = str(text)
        if len(distinct) < 200:
            distinct.add(shown[:200])
        yes_no += count * (shown.casefold() in YES or shown.casefold() in NO)
        if isinstance(text, dt.date):
            dates += count
        elif (number := _number(text)) is not None:
            numbers += count
            whole += count * number.is_integer()
            low = number if low is None or number < low else low
            high = number if high is None or number > high else high
        elif isinstance(text, str) and (tried < _TRIED or dates or periods):
            tried += 1
            dates += count * looks_like_date(text)
            periods += count * looks_like_period(text)
    known = frozenset(distinct)
    return ColumnProfile(name, kind, len(values), filled, numbers, whole, low, high, dates, yes_no, known, periods)


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return float(value.replace(",", ".")) if _NUMBER.fullmatch(value) else None
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None
