"""Tables of numbers of answers in the place of answers: in which columns they stand, told by names and values.

A table of frequencies has a row for each answer and a column that says how many gave it; one of bands has a column each
for promoters, passives and detractors; one that lies across has a column for each answer from 0 to 10. What the rows
of such a table then say is read in `tally.counts`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE, PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.lazily import pattern
from partnerkpi.tables.profile import BANDS, ColumnProfile
from partnerkpi.vocabulary import (
    ALL_OF_THEM,
    FREQUENCY_NAMES,
    HEADINGS,
    NUMBER_WORDS,
    SHARE_WORDS,
    TOTALS,
    plain_name,
    whole_number,
)

Layout = Literal["frequencies", "bands", "across"]

#: What an option says in the place of a column: each answer, or band, has a column; each row is one answer.
ACROSS, NONE = "across", "none"

#: So many of the eleven answers must have a column, the 0 among them, before a table is known to lie across.
_ENOUGH, _SOME = 8, 4

#: Names of columns with so many words are questions.
_LONG = 6
#: So many rows below the possible answers may say how many answered in all.
_BELOW = 3
#: From so many possible answers on, each once, a table is no list of answers.
_POSSIBLE = 6

_LOWEST = (int(LOWEST_SCORE), int(PASSIVE_FROM), int(PROMOTER_FROM))
_BANDS = {plain_name(word): int(lowest) for word, lowest in BANDS.items()}
_RANGES = {("0", "6"): _LOWEST[0], ("7", "8"): _LOWEST[1], ("9", "10"): _LOWEST[2]}
_RANGE = pattern(r"\(?\s*(0|7|9)\s*(?:-|–|—|to|bis|à|a|al|tot|til)\s*(6|8|10)\s*\)?", re.IGNORECASE)
_ANSWER = pattern(r"(?P<before>[^0-9]*)(?P<number>10|[0-9])(?P<after>[^0-9]*)")
#: What may stand before the number in the name of a column that holds how many gave it.
_BEFORE = NUMBER_WORDS | {word for line in HEADINGS["score"] for name in line.split(", ") for word in name.split()}
_FIGURE = pattern(r"\bnps\b|net promoter")
_RUNNING = pattern(r"\b(?:cum\w*|kum\w*|running|acum\w*|to date)\b")
_NO_NUMBER = pattern(r"\b(?:id|no|nr|row|index|year|quarter|month|week|day|period|wave)\b")
_NO_BAND = NUMBER_WORDS | {"is", "flag"}  # a flag in each row is a number of answers
_OF_ANSWERS = frozenset(FREQUENCY_NAMES[0].split(", "))
_WORDED = re.compile(r"\s*\d[\d.,]*\s*[^\d\s.,%].*")
_SUMS = frozenset(", ".join(FREQUENCY_NAMES).split(", "))


@dataclass(frozen=True, slots=True)
class CountsColumns:
    """The columns of a table that holds numbers of answers.

    `numbers` are columns of numbers, each with the answer that they are of (frequencies have one, and the answer stands
    in `score`). Beside them may stand their sum, their shares by band, and the NPS that somebody made of them. `wanted`
    tells that the user wants them counted so, `question` what is to be asked before they are, `refusal` why not.
    """

    layout: Layout
    numbers: tuple[tuple[str, int], ...] = ()
    score: str | None = None
    total: str | None = None
    figure: str | None = None
    shares: tuple[tuple[str, int], ...] = ()
    wanted: bool = False
    question: str = ""
    refusal: str = ""

    @property
    def roles(self) -> dict[str, str]:
        """Return the columns taken, by what they hold."""
        if self.layout == "frequencies":
            return {"score": self.score or "", "frequency": self.numbers[0][0]}
        if self.layout == "bands":
            names = {_LOWEST[2]: "promoters", _LOWEST[1]: "passives", _LOWEST[0]: "detractors"}
            return {name: column for lowest, name in names.items() for column, of in self.numbers if of == lowest}
        return {"frequency": f"{self.numbers[0][0]} ... {self.numbers[-1][0]}"}

    @property
    def in_words(self) -> str:
        """Return where the numbers of answers stand."""
        if self.layout == "frequencies":
            return f"{self.numbers[0][0]!r} says how many gave the answer in {self.score!r}"
        first, *_, last = (repr(column) for column, _ in self.numbers)
        if self.layout == "across":
            return f"{first} to {last} say how many gave each answer"
        return f"{', '.join(repr(column) for column, _ in self.numbers[:2])} and {last} say how many there are of each"


def find_counts(
    profiles: Sequence[ColumnProfile],
    score: ColumnProfile | None,
    frequency: str | None,
    *,
    wanted: str | None = None,
    several: Sequence[str] = (),
    of_persons: bool = False,
) -> CountsColumns | None:
    """Return the columns of numbers of answers, None where a table shows none.

    `score` is the column that would be counted as answers, `frequency` the one that could say how often each was given,
    or `several` that could; `wanted` is what the user says of it: its name, `across` or `none`. `of_persons` tells that
    somebody is named, or wrote something, in each row.
    """
    if wanted == NONE:
        return None
    columns = [one for one in profiles if not one.nested]
    beside = _Beside(columns)
    known = wanted is not None
    if wanted is None or wanted == ACROSS:
        found = _bands(columns, score, beside, wanted=known) or _across(columns, score, beside, wanted=wanted)
        if found is not None:
            return found
    given = _column_of_answers(columns, score, frequency)
    if frequency is not None and given is not None:
        if wanted is None and of_persons:
            return None
        shares = tuple((one.name, -1) for one in columns if is_share(one) and one.name not in (given.name, frequency))
        return CountsColumns("frequencies", ((frequency, -1),), given.name, shares=shares, wanted=known)
    if of_persons or given is None:
        return None
    if worded := _with_words(columns, given):
        return CountsColumns("frequencies", score=given.name, refusal=worded)
    if question := _each_once(columns, given, several):
        return CountsColumns("frequencies", score=given.name, question=question)
    return None


def band_of(text: str) -> int | None:
    """Return the lowest score of the band that a text names: of "Promoters (9-10)", "# promoters" and "9 to 10" 9."""
    words = [word for word in plain_name(text).split() if not word.isdigit() and word not in _NO_BAND]
    if len(words) == 1 and words[0] in _BANDS:
        return _BANDS[words[0]]
    return _RANGES.get(ends.groups()) if (ends := _RANGE.fullmatch(text.strip())) is not None else None  # type: ignore[arg-type]


def is_share(column: ColumnProfile) -> bool:
    """Tell whether a column says, in its name or with its values, that it holds shares."""
    return column.has_percents or "%" in column.name or not SHARE_WORDS.isdisjoint(plain_name(column.name).split())


def says_number(name: str) -> bool:
    """Tell whether the name of a band's column says that it holds numbers: "Promoter count", "# Promoters"."""
    return "#" in name or bool(set(plain_name(name).split()) & NUMBER_WORDS)


def is_row_number(column: ColumnProfile) -> bool:
    """Tell whether a column numbers the rows of a sample."""
    numbered = column.whole == column.rows == len(column.distinct) > 1
    return numbered and column.low in (0, 1) and column.high == column.rows - 1 + column.low


def keys_of(columns: Iterable[ColumnProfile], counts: CountsColumns) -> list[ColumnProfile]:
    """Return the columns that tell one group of frequencies from another: none that follows from the numbers."""
    own = {counts.score, counts.figure, *(name for name, _ in (*counts.numbers, *counts.shares))}
    return [
        one
        for one in columns
        if one.name not in own
        and not one.is_blank
        and not one.is_band
        and not is_share(one)
        and not _RUNNING.search(plain_name(one.name))
        and not (one.numbers and one.whole < one.numbers)
    ]


class _Beside:
    """What stands beside numbers of answers and follows from them."""

    def __init__(self, columns: Sequence[ColumnProfile]) -> None:
        numbers = [one for one in columns if one.holds_amounts and not one.is_date]
        sums = [one.name for one in numbers if plain_name(one.name) in _SUMS and not is_share(one)]
        self.total = sums[0] if len(sums) == 1 else None
        figures = [one.name for one in numbers if _FIGURE.search(plain_name(one.name)) and band_of(one.name) is None]
        self.figure = figures[0] if len(figures) == 1 else None
        self.shares = tuple(
            (one.name, band) for one in columns if is_share(one) and (band := _band_of_share(one.name)) is not None
        )


def _bands(
    columns: Sequence[ColumnProfile], score: ColumnProfile | None, beside: _Beside, *, wanted: bool
) -> CountsColumns | None:
    shares = dict(beside.shares)
    named: defaultdict[int, list[str]] = defaultdict(list)
    high = 0.0
    for one in columns:
        band = band_of(one.name) if one.holds_amounts and not one.is_date and one.name not in shares else None
        if band is not None:
            named[band].append(one.name)
            high = max(high, one.high or 0)
    shown = {*named, *shares.values()}
    if len(shown) < 2:
        several = _several_of_a_band(columns) if not (score is not None and score.is_score) else []
        return CountsColumns("bands", refusal=_of_several(several)) if several else None
    answers = score is not None and score.is_score and score.name not in sum(named.values(), [*shares])
    if score is not None and answers and not wanted:
        if high <= 1 or len(named) < 3:
            return None  # each row has its answer, and says which band it is in
        if score.name != beside.figure:
            return CountsColumns("bands", question=_both(score.name, [names[0] for names in named.values()]))
    if len(named) == 3 and all(len(names) == 1 for names in named.values()):
        numbers = tuple((named[lowest][0], lowest) for lowest in reversed(_LOWEST))
        return CountsColumns(
            "bands", numbers, total=beside.total, figure=beside.figure, shares=beside.shares, wanted=wanted
        )
    return CountsColumns("bands", refusal=_no_bands(named, shares))


def _several_of_a_band(columns: Sequence[ColumnProfile]) -> list[list[str]]:
    """Return columns of numbers that are called a band and something more, such as a period, of two bands at least."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for one in columns:
        words = plain_name(one.name).split() if one.holds_amounts and not one.is_date and not is_share(one) else []
        bands = {_BANDS[word] for word in words if word in _BANDS}
        if len(bands) == 1 and len(words) < _LONG:
            found[bands.pop()].append(one.name)
    return list(found.values()) if len(found) > 1 else []


def _of_several(columns: Sequence[Sequence[str]]) -> str:
    of = f"numbers of {', '.join(repr(names[0]) for names in columns)}"
    if len(columns) == len(_LOWEST) == sum(map(len, columns)):
        how = "if each row has the answers of its own period alone, call them Promoters, Passives and Detractors"
        return f"{of}, which say more: {how}; running or rolling numbers cannot be added up"
    how = "put them below each other, with promoters, passives and detractors in three columns"
    return f"{of} beside those of other periods or groups: {how} and the period or group in another"


def _both(score: str, bands: Sequence[str]) -> str:
    return (
        f"{score!r} holds answers, and {', '.join(map(repr, bands))} numbers: --frequency {ACROSS} counts the numbers, "
        f"--frequency {NONE} the answers"
    )


def _no_bands(named: dict[int, list[str]], shares: dict[str, int]) -> str:
    if shares and len(named) < 3:
        listed = ", ".join(map(repr, shares))
        return (
            f"shares of promoters, passives and detractors ({listed}) and not how many there are: they cannot be "
            "counted. Give the numbers, or the answers"
        )
    if len(named) == 3:
        twice = next(names for names in named.values() if len(names) > 1)
        return f"{' and '.join(map(repr, twice))} for the same band: keep one of the two"
    listed = " and ".join(repr(names[0]) for names in named.values())
    return f"{listed}, but no column for the third band: give promoters, passives and detractors"


def _band_of_share(name: str) -> int | None:
    words = [word for word in plain_name(name).split() if word not in SHARE_WORDS]
    return band_of(" ".join(words))


def _across(
    columns: Sequence[ColumnProfile], score: ColumnProfile | None, beside: _Beside, *, wanted: str | None
) -> CountsColumns | None:
    found: defaultdict[int, list[ColumnProfile]] = defaultdict(list)
    for one in columns:
        answer = _answer_of(one.name) if not one.is_date and (one.is_blank or one.holds_amounts) else None
        if answer is not None:
            found[answer].append(one)
    numbers_of = [(one.name, whole_number(one.name.strip())) for one in columns if one.name.strip().isdecimal()]
    others = [name for name, number in numbers_of if number is None or number > HIGHEST_SCORE]
    if len(found) < _SOME or others or any(len(alike) > 1 for alike in found.values()):
        return None
    numbers = tuple((alike[0].name, answer) for answer, alike in sorted(found.items()))
    if refusal := _no_numbers({answer: alike[0] for answer, alike in found.items()}):
        return CountsColumns("across", refusal=refusal)
    taken = {name for name, _ in numbers}
    if wanted is None and score is not None and score.name not in taken and score.is_score:
        return None
    if not any(answer >= PROMOTER_FROM for answer in found) or not any(answer < PASSIVE_FROM for answer in found):
        return None
    question = ""
    if wanted is None and (len(found) < _ENOUGH or 0 not in found):
        question = (
            f"{numbers[0][0]!r} to {numbers[-1][0]!r} may say how many gave each answer, or be answers to several "
            f"questions: --frequency {ACROSS} counts them as numbers of answers, --score COLUMN names the answers"
        )
    return CountsColumns(
        "across",
        numbers,
        total=beside.total,
        figure=beside.figure,
        shares=beside.shares,
        wanted=wanted is not None,
        question=question,
    )


def _no_numbers(columns: Mapping[int, ColumnProfile]) -> str:
    """Return why columns named for an answer each hold no numbers of answers: shares, or the answer itself."""
    shares = [one.name for one in columns.values() if is_share(one)]
    if 2 * len(shares) > len(columns):
        return (
            f"the share of each answer ({', '.join(map(repr, sorted(shares)[:3]))} ...) and not how many gave it: that "
            "cannot be counted. Give the numbers, or the answers"
        )
    filled = {answer: one for answer, one in columns.items() if not one.is_blank}
    own = all(one.distinct <= {str(answer), f"{answer}.0"} for answer, one in filled.items())
    if own and any(answer > 1 for answer in filled):
        return "a column for each answer, which holds that answer where it was given: put the answers into one column"
    return ""


def _answer_of(name: str) -> int | None:
    """Return the answer that a column is named for: `7`, `Score 7`, `0 - Not at all likely`."""
    match = _ANSWER.fullmatch(name.strip())
    if match is None:
        return None
    before, after = plain_name(match["before"]).split(), match["after"].strip()
    if not set(before) <= _BEFORE:
        return None
    bare = not after or (not before and after[0] in "-–—=:(.)")
    return int(match["number"]) if bare else None


def _column_of_answers(
    columns: Sequence[ColumnProfile], score: ColumnProfile | None, frequency: str | None
) -> ColumnProfile | None:
    """Return the column with an answer, or a band, in each row."""
    if score is not None and score.name != frequency:
        return score
    bands = [one for one in columns if _names_bands(one)]
    return bands[0] if len(bands) == 1 else None


def _names_bands(column: ColumnProfile) -> bool:
    if not column.is_text or len(column.distinct) > 20:
        return False
    named = {text: band_of(text) for text in column.distinct}
    sums = {text for text in named if plain_name(text) in ALL_OF_THEM or plain_name(text) in TOTALS}
    return len({band for band in named.values() if band is not None}) > 1 and all(
        band is not None or text in sums for text, band in named.items()
    )


def _stand_once(given: ColumnProfile) -> bool:
    """Tell whether the possible answers, or bands, stand in a column once each."""
    # Below the answers may stand how many answered, and how many did not.
    within = (given.low or 0) >= LOWEST_SCORE and (given.high or 0) <= HIGHEST_SCORE
    once = within and len(given.tallied) == given.whole >= max(_POSSIBLE, given.rows - _BELOW)
    return once or (_names_bands(given) and given.rows == len(given.distinct))


def _with_words(columns: Sequence[ColumnProfile], given: ColumnProfile) -> str:
    """Return why numbers of answers with words beside them, "12 (20 %)", cannot be counted; nothing where none are."""
    for one in columns if _stand_once(given) else ():
        shaped = one.is_text and all(map(_WORDED.fullmatch, one.distinct))
        if shaped and plain_name(one.name) in _OF_ANSWERS:
            what = f"words beside the numbers in {one.name!r} ({min(one.distinct)!r}), which seem to say how many gave"
            return f"{what} each answer in {given.name!r}: write the numbers alone, or say --frequency {NONE}"
    return ""


def _each_once(columns: Sequence[ColumnProfile], given: ColumnProfile, several: Sequence[str]) -> str:
    """Return a question where each answer stands once, in order, and numbers beside it: it is no list of answers."""
    once = _stand_once(given)
    if not (once or several):
        return ""
    numbers = several or [
        one.name
        for one in columns
        if one.name != given.name
        and one.holds_amounts
        and not (one.is_date or one.is_yes_no or is_share(one))
        and (one.low or 0) >= 0
        and one.whole >= one.numbers
        and not _NO_NUMBER.search(plain_name(one.name))
        and not is_row_number(one)
    ]
    others = [
        one
        for one in columns
        if one.name not in (given.name, *numbers) and not (one.is_blank or one.is_band or is_share(one))
    ]
    texts = [one for one in others if one.is_text and not one.distinct <= {"0", "1"}]  # where few answered
    listed_once = once and not texts
    if not numbers or not (listed_once or several):
        return ""
    which = numbers[0] if len(numbers) == 1 else "COLUMN"
    listed = ", ".join(map(repr, numbers[:5]))
    return (
        f"{given.name!r} seems to list the possible answers and {listed} how many gave each: "
        f"--frequency {which!r} counts them so, --frequency {NONE} takes each row for one answer"
    ).replace("'COLUMN' counts them so", "COLUMN counts one of these columns")
