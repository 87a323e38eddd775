"""What a column holds, judged by a sample of its values: scores, dates, yes and no, names."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE, PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.lazily import pattern
from partnerkpi.tables.datetext import looks_like_date, looks_like_period
from partnerkpi.tables.numbertext import number_in, plain_number
from partnerkpi.vocabulary import BLANK, DETRACTOR_WORDS, NO, PASSIVE_WORDS, PROMOTER_WORDS, SPACES, YES

#: Enough rows to tell a column by; wide exports are sampled with fewer rows so that the sample stays small.
_SAMPLED_ROWS, _FEWEST_ROWS = 4_000, 50
_SAMPLED_CELLS = 200_000

#: The lowest score of each band, by the words for it.
BANDS = {
    word: lowest
    for lowest, words in {
        PROMOTER_FROM: PROMOTER_WORDS,
        PASSIVE_FROM: PASSIVE_WORDS,
        LOWEST_SCORE: DETRACTOR_WORDS,
    }.items()
    for word in sorted(words)
}

YES_OR_NO = YES | NO
#: What a value is: a number, one with words beside it, an amount in another style, a day, a text, something else.
_NUMBER, _WITH_WORDS, _AMOUNT, _DAY, _TEXT, _OTHER = range(6)
#: After so many texts that are no dates, a column is taken for one of words: looking at every comment would be slow.
_TRIED = 50
#: So many different numbers are counted each: those of a scale with a few strays.
_TALLIED = 30
# A number from 0 to 10 with words beside it, and no other number: "10 - Extremely likely", "Not at all likely (0)".
LABELLED_FIRST = r"^\s*(10|[0-9])\s*[-–—=:.)(|]+\s*[^0-9]*\pL[^0-9]*$"
LABELLED_LAST = r"^[^0-9]*\pL[^0-9]*[-–—=:(|]\s*(10|[0-9])\s*\)?\s*$"
# "10/10", "8 out of 10"; "score 8", where the words say that the number is the answer
OUT_OF_TEN = r"(?i)^\s*(10|[0-9])\s*(?:/|out of|of|von|sur|de|su|van|av|z)\s*10\s*$"
AFTER_ITS_NAME = r"(?i)^\s*(?:score|nps|rating|note|nota|punkte|points|bewertung|antwort|answer)\s+(10|[0-9])\s*$"
# "9 points", "9点"; ="9", '9 and [9], as programs write a number that no spreadsheet shall change
WITH_ITS_UNIT = r"(?i)^\s*(10|[0-9])\s*(?:points?|pts?\.?|punkte?|puntos?|pontos?|punti|punten|pkt\.?|点|分|점)\s*$"
WRAPPED = r"^\s*[=\['\"]+(10|[0-9])[\]'\"]*\s*$"
LABELLED = (LABELLED_FIRST, LABELLED_LAST, OUT_OF_TEN, AFTER_ITS_NAME, WITH_ITS_UNIT, WRAPPED)
#: Digits as wide as the letters of Chinese, Japanese and Korean, and the same as other programs know them.
WIDE_DIGITS, DIGITS = "０１２３４５６７８９．", "0123456789."
_ASCII_DIGITS = str.maketrans(WIDE_DIGITS, DIGITS)
_LABELLED = tuple(pattern(shape.replace(r"\pL", r"[^\W\d_]")) for shape in LABELLED)


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a sample of a column holds: how many values are filled, numbers, dates or yes/no, and their bounds.

    `labelled` numbers have words beside them ("10 - Extremely likely"), `amounts` a style that is not plain
    ("€ 1.200,50"). `title` is the question behind a name that is a code, `role` what a survey tool says of the column.
    `nested` is the type of a column whose values hold other values; it plays no role and names groups at most.
    `tallied` says how often each number occurs, where there are few different ones. `is_whole` says that these
    are all rows.
    """

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
    labelled: int = 0
    amounts: int = 0
    title: str = ""
    role: str | None = None
    nested: str = ""
    tallied: tuple[tuple[float, int], ...] = ()
    is_whole: bool = False
    has_percents: bool = False

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
            and self.low >= LOWEST_SCORE
            and self.high <= HIGHEST_SCORE
            and len(self.distinct) > 2
        )

    @property
    def holds_plain_numbers(self) -> bool:
        """Tell whether each value of the column, not of a sample, is a number and nothing beside it."""
        return self.is_whole and self.numbers - self.labelled == self.filled

    @property
    def is_mostly_whole(self) -> bool:
        """Tell whether at least half of the numbers are whole, as answers are; averages and shares are not."""
        return 2 * self.whole >= self.numbers

    @property
    def is_mostly_numbers(self) -> bool:
        """Tell whether most values are numbers."""
        return self.filled > 0 and self.numbers > 0.5 * self.filled

    @property
    def holds_amounts(self) -> bool:
        """Tell whether most values are numbers in any style, such as "€ 1.200,50"."""
        return self.filled > 0 and self.numbers + self.amounts > 0.5 * self.filled

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
    def is_day_number(self) -> bool:
        """Tell whether all values are numbers as spreadsheets keep dates: 20,000 to 60,000 days, 1954 to 2064.

        20261 to 20264 are quarters, and no days of 1955.
        """
        days = (
            self.filled > 0 and self.numbers == self.filled and 20_000 <= (self.low or 0) <= (self.high or 0) < 60_000
        )
        return days and not all(map(looks_like_period, self.distinct))

    @property
    def is_month_number(self) -> bool:
        """Tell whether all values are numbers such as 202607, a month each: a matter of the column's name too."""
        whole = self.filled > 0 and self.whole == self.filled
        in_years = 190_001 <= (self.low or 0) <= (self.high or 0) <= 209_912
        return whole and in_years and all(text[4:6] < "13" and text[4:6] > "00" for text in self.distinct)

    @property
    def names_periods(self) -> bool:
        """Tell whether all values name a month or a quarter with its year, such as Jul-26 or 2026-Q3."""
        return self.filled > 0 and (self.is_month_number or all(map(looks_like_period, self.distinct)))

    @property
    def is_epoch(self) -> bool:
        """Tell whether all values are whole seconds since 1970, or thousandths of them, of the years 2000 to 2100."""
        low, high = self.low or 0, self.high or 0
        seconds = 946_684_800 <= low <= high <= 4_102_444_800
        return (
            self.filled > 0
            and self.whole == self.filled
            and (seconds or 946_684_800e3 <= low <= high <= 4_102_444_800e3)
        )

    @property
    def is_yes_no(self) -> bool:
        """Tell whether every value says yes or no (or 1 and 0, or TRUE and FALSE)."""
        return self.filled > 0 and self.yes_no == self.filled

    @property
    def is_prose(self) -> bool:
        """Tell whether people wrote what they liked: sentences, few of them alike, and no choice from a list."""
        # Nothing else speaks for the column, so this asks for more than `is_free_text`.
        return (
            len(self.distinct) >= 5
            and not self.is_mostly_numbers
            and not self.is_date
            and len(self.distinct) >= min(200, self.filled) / 2
            and 2 * sum(len(value.split()) >= 3 for value in self.distinct) >= len(self.distinct)
        )

    @property
    def is_band(self) -> bool:
        """Tell whether the values name the bands of a score: promoter, passive, detractor."""
        return self.filled > 0 and all(text.casefold() in BANDS for text in self.distinct)

    @property
    def is_free_text(self) -> bool:
        """Tell whether the values are what people write in their own words: many different ones, some of them long."""
        # For a column whose name or place says already that it is a comment: two short answers of a small file will do.
        texts = self.filled - self.numbers - self.dates
        several = len(self.distinct) >= min(20, self.filled)
        return self.filled > 0 and texts * 2 > self.filled and several and any(" " in text for text in self.distinct)

    @property
    def is_question(self) -> bool:
        """Tell whether the name (or the question behind it) is one that somebody is asked."""
        words = self.title or self.name
        return words.rstrip().endswith(("?", ":", ".")) or len(words.split()) > 3

    @property
    def is_category(self) -> bool:
        """Tell whether the values are a short list of texts, such as regions: each occurs several times."""
        texts = self.filled - self.numbers - self.dates
        few = 1 < len(self.distinct) <= min(30, self.filled / 2)
        return few and texts * 2 > self.filled and all(len(text) <= 40 for text in self.distinct)

    @property
    def is_blank(self) -> bool:
        """Tell whether the sample holds no value at all."""
        return self.filled == 0


def sampled_rows(columns: int) -> int:
    """Return how many rows are the sample of a table with so many columns."""
    return max(_FEWEST_ROWS, min(_SAMPLED_ROWS, _SAMPLED_CELLS // max(columns, 1)))


def profile(names: Sequence[str], kinds: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[ColumnProfile, ...]:
    """Return what each column of a sample holds; `kinds` are the engine's types."""
    is_whole = len(rows) < sampled_rows(len(names))
    return tuple(
        _column(name, kind, [row[position] for row in rows], is_whole=is_whole)
        for position, (name, kind) in enumerate(zip(names, kinds, strict=True))
    )


def _column(name: str, kind: str, values: Sequence[Any], *, is_whole: bool) -> ColumnProfile:
    filled = numbers = whole = dates = yes_no = labelled = amounts = tried = 0
    low: float | None = None
    high: float | None = None
    distinct: set[str] = set()
    tallied: Counter[float] = Counter()
    for value, count in Counter(values).items():  # a column of answers has few different ones: each is judged once
        text = value.strip(SPACES) if isinstance(value, str) else value
        if text is None or text != text:
            continue
        if isinstance(text, str):
            found = _short(text) if len(text) <= _SHORT else _read(text)
            if found is None:
                continue
            what, number, says = found
            shown = text
        else:
            shown = str(text)
            says = shown.casefold() in YES_OR_NO
            number = None if isinstance(text, dt.date) else _number(text)
            what = _NUMBER if number is not None else _DAY if isinstance(text, dt.date) else _OTHER
        filled += count
        if len(distinct) < 200:
            distinct.add(shown[:200])
        yes_no += count * says
        if number is not None:
            numbers += count
            whole += count * number.is_integer()
            labelled += count * (what == _WITH_WORDS)
            if len(tallied) <= _TALLIED:
                tallied[number] += count
            low = number if low is None or number < low else low
            high = number if high is None or number > high else high
        elif what == _DAY:
            dates += count
        elif what == _AMOUNT:
            amounts += count
        elif what == _TEXT and (tried < _TRIED or dates):
            tried += 1
            dates += count * _looks_like_date(shown)
    known = frozenset(distinct)
    few = tuple(sorted(tallied.items())) if len(tallied) <= _TALLIED else ()
    seen = filled, numbers, whole, low, high, dates, yes_no, known, labelled, amounts
    percents = any("%" in text for text in known)
    return ColumnProfile(name, kind, len(values), *seen, tallied=few, is_whole=is_whole, has_percents=percents)


def _read(text: str) -> tuple[int, float | None, bool] | None:
    """Return what a text is, the number that it holds, and whether it says yes or no; None for a mark for nothing."""
    folded = text.casefold()
    if folded in BLANK:
        return None
    says = folded in YES_OR_NO
    if (number := plain_number(text)) is not None:
        return _NUMBER, number, says
    if len(text) < 80 and (number := labelled_number(text)) is not None:
        return _WITH_WORDS, number, says
    return _AMOUNT if len(text) < 40 and number_in(text) is not None else _TEXT, None, says


#: Many columns hold the same short texts: each is judged once.
_SHORT = 24
_short = lru_cache(maxsize=16_384)(_read)
_looks_like_date = lru_cache(maxsize=4_096)(looks_like_date)


def labelled_number(text: str) -> float | None:
    """Return the number of a text such as "10 - Extremely likely" or "0 = not at all likely", None for any other."""
    match = next((found for shape in _LABELLED if (found := shape.match(text)) is not None), None)
    if match is None:
        return None if text.isascii() else plain_number(text.translate(_ASCII_DIGITS))
    return float(match[1])


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None
