"""What a whole argument means to a function: a number, a choice, a date, a count or a list, one row for each customer.

`cells` says what one cell counts as; nothing of that is decided here again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar

from partnerkpi.cells import CellError, amounts, column, error_code, flags, names, number, scores
from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.checks import finite_number, is_number, whole_number
from partnerkpi.kpi.health import DEFAULT_WEIGHTS
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.periods import Period
from partnerkpi.vocabulary import NO_PARTNER, headings, plain_name

Answer = TypeVar("Answer")

CONFIDENCE = 0.95
MIN_RESPONSES = 5
PERIODS: dict[str, Period] = {"year": "year", "quarter": "quarter", "month": "month", "week": "week"}

FIRST_SERIAL, LAST_SERIAL = 1, 2_958_466  # 1 January 1900 to the end of 31 December 9999
FICTITIOUS_DAY = 60  # 29 February 1900, which Excel has and the calendar has not

#: Headings that a whole column brings along. As the first of several cells they name no partner and no customer.
PARTNER_HEADINGS = headings("partner")
GROUP_HEADINGS = headings("partner", "tier", "region", "owner", "group")
SCORE_HEADINGS = headings("score")
RETAINED_HEADINGS = headings("retained")
INVITED_HEADINGS = headings("invited")


# ---- one cell


def confidence_of(argument: object) -> float:
    """Return a confidence, 0.95 if left out; whether it lies in 0..1 is for the arithmetic to say."""
    return number(argument, CONFIDENCE)


def population_of(argument: object) -> int | None:
    """Return a population, None if left out; KpiValueError unless it is a whole number of 0 or more."""
    size = number(argument, None)
    return None if size is None else whole_number(size, "population")


def minimum_of(argument: object) -> int:
    """Return the minimum number of responses, 5 if left out; KpiValueError unless it is a whole number of 0 or more."""
    return whole_number(number(argument, MIN_RESPONSES), "minimum number of responses")


def figure_of(argument: object) -> float | None:
    """Return a figure that may be missing: None for a blank cell and for #N/A, which is how no data looks."""
    cells = column(argument)
    if len(cells) == 1 and error_code(cells[0]) == "#N/A":
        return None
    return number(argument, None)


def word_of(argument: object) -> str | None:
    """Return a choice in lower case, None if left out; CellError #VALUE! for more than one cell."""
    word = _one_name(argument)
    return None if word is None else word.casefold()


def _one_name(argument: object) -> str | None:
    words = names(argument) or [None]
    if len(words) > 1:
        raise CellError("#VALUE!", f"{len(words)} cells were given where one word is expected")
    return words[0]


def period_of(argument: object) -> Period:
    """Return year, quarter, month or week, quarter if left out; CellError #VALUE! for anything else."""
    word = word_of(argument) or "quarter"
    if word not in PERIODS:
        raise CellError("#VALUE!", f"period is {word!r}; allowed: {', '.join(PERIODS)}")
    return PERIODS[word]


#: The day that Excel's number 0 is, from 1 March 1900 on.
EPOCH = date(1899, 12, 30)
#: The arguments of functions that are days: numbers, counted from a day that the workbook chooses.
DAYS = frozenset({"dates"})


def day_of(cell: object) -> date | None:
    """Return the day of a cell: a date, or the number Excel keeps for one; None for a blank.

    CellError #VALUE! for text and TRUE/FALSE, KpiValueError for a number that is no date. day_of(46053.5) is
    31 January 2026.
    """
    (cell,) = column(cell)
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    serial = amounts([cell])[0]
    if serial is None:
        if names([cell]) != [None]:
            raise CellError("#VALUE!", "a date that is text, or no date at all; convert the cells to dates")
        return None
    finite_number(serial, "date", FIRST_SERIAL, LAST_SERIAL)
    return EPOCH + timedelta(days=min(int(serial), LAST_SERIAL - 1) + (serial < FICTITIOUS_DAY))


# ---- ranges


def each_cell(argument: object, answer: Callable[[object], Answer]) -> Answer | list[list[Answer]]:
    """Return one answer for each cell of a range, in the shape of the range; a single cell gives a single answer."""
    answers = [answer(cell) for cell in column(argument)]
    if len(answers) == 1:
        return answers[0]
    rows = argument.tolist() if hasattr(argument, "tolist") else argument
    block = isinstance(rows, (list, tuple)) and rows and isinstance(rows[0], (list, tuple))
    width = len(rows[0]) if block else len(answers)  # type: ignore[index]  # a block has rows
    return [answers[start : start + width] for start in range(0, len(answers), width or 1)]


def weights_of(argument: object) -> tuple[float, ...]:
    """Return the three weights, the default ones if left out; CellError #VALUE! unless they are three numbers."""
    weights = amounts(argument)
    if len(weights) == 1 and names(argument) == [None]:
        return DEFAULT_WEIGHTS
    known = tuple(weight for weight in weights if weight is not None)
    if not len(known) == len(weights) == len(DEFAULT_WEIGHTS):
        raise CellError("#VALUE!", f"{len(known)} weights in {len(weights)} cells; allowed: three numbers")
    return known


def without_heading(argument: object, known: frozenset[str]) -> list[object]:
    """Return the cells of a range; a heading in the first of several is taken for a blank."""
    cells = column(argument)
    if len(cells) > 1 and _is_heading(cells[0], known):
        cells[0] = None
    return cells


def _is_heading(cell: object, names: frozenset[str]) -> bool:
    return isinstance(cell, str) and plain_name(cell) in names


def same_length(first: int, second: int) -> None:
    """Refuse ranges that do not pair up: CellError #VALUE!."""
    if first != second:
        raise CellError("#VALUE!", f"the ranges have {first} and {second} cells; allowed: as many")


def grouped_scores(groups: object, given: object) -> dict[str | None, list[float | None]]:
    """Return the scores of each group, None for a cell that counts nowhere; the group of blank names is None.

    Rows that are blank in both ranges are passed over, and so are the headings of whole columns. CellError #VALUE! when
    the ranges do not pair up, #N/A when no cell holds a score.
    """
    cells, points = column(groups), _some_scores(given)
    same_length(len(cells), len(points))
    if points[0] is None and (_is_heading(cells[0], GROUP_HEADINGS) or _is_heading(column(given)[0], SCORE_HEADINGS)):
        cells[0] = None
    collected: dict[str | None, list[float | None]] = {}
    for label, point in zip(names(cells), points, strict=True):
        if label is not None or point is not None:
            collected.setdefault(label, []).append(point)
    return collected


def dated_scores(dates: object, given: object) -> list[tuple[date | None, float]]:
    """Return day and score of each row with a score; the other rows, such as headings, are passed over.

    CellError #VALUE! when the ranges do not pair up or a day is text, #N/A when no cell holds a score, and the error
    that a cell of either range holds.
    """
    days, points = column(dates), _some_scores(given)
    same_length(len(days), len(points))
    for cell in days:
        if (code := error_code(cell)) is not None:
            raise CellError(code, "a cell of the dates holds this error")
    return [(day_of(cell), point) for cell, point in zip(days, points, strict=True) if point is not None]


def _some_scores(argument: object) -> list[float | None]:
    points = scores(argument)
    if all(point is None for point in points):
        raise CellError("#N/A", "there is no score in the range")
    return points


# ---- counts and lists


@dataclass(frozen=True, slots=True)
class NameList:
    """The names that a range holds, blanks left out; `numbers_only` where every one of them is a number."""

    names: tuple[str, ...]
    numbers_only: bool

    @property
    def different(self) -> frozenset[str]:
        """Return each name once."""
        return frozenset(self.names)


def count_or_names(argument: object) -> int | NameList | None:
    """Return a count from one cell that holds a number, or the names of a list; None when there is nothing.

    CellError #VALUE! for one cell with TRUE/FALSE, a date or a number as text. KpiValueError for a number that is no
    count.
    """
    cells = without_heading(argument, PARTNER_HEADINGS)
    if len(cells) == 1:
        count = amounts(cells)[0] if isinstance(cells[0], str) else number(cells[0], None)
        if count is not None:
            return whole_number(count, "count")
    known = [(name, cell) for name, cell in zip(names(cells), cells, strict=True) if name is not None]
    if not known:
        return None
    return NameList(tuple(name for name, _ in known), all(is_number(column(cell)[0]) for _, cell in known))


def two_counts(first: object, second: object) -> tuple[int | NameList | None, int | NameList | None]:
    """Return two arguments of `count_or_names`.

    CellError #VALUE! for a list of numbers beside a count: it may hold counts that somebody wants added up, and
    counting its cells would be wrong without a word. Beside another list, numbers are ids.
    """
    given = count_or_names(first), count_or_names(second)
    lists = [one for one in given if isinstance(one, NameList)]
    if len(lists) == 1 and lists[0].numbers_only:
        raise CellError("#VALUE!", "a range of numbers is no list of names; add them up with SUM if they are counts")
    return given


def answered_of_invited(answered: object, invited: object) -> tuple[int, int] | None:
    """Return how many answered and how many were invited: two numbers, two ranges of counts, or of TRUE/FALSE.

    None when either is blank. Where either range is TRUE/FALSE (or `invited` is 0 and 1 only), there is one row for
    each person, and anything but flags beside it is CellError #VALUE!: scores are not counts of people.
    """
    first, second = (without_heading(argument, INVITED_HEADINGS) for argument in (answered, invited))
    same_length(len(first), len(second))
    persons = len(first) > 1 and (_says_yes_or_no(first) or _says_yes_or_no(second) or _is_0_and_1(second))
    totals = [_total(flags(cells) if persons else [number(cell, None) for cell in cells]) for cells in (first, second)]
    return None if totals[0] is None or totals[1] is None else (totals[0], totals[1])


def _total(counts: list[bool | None] | list[float | None]) -> int | None:
    known = [whole_number(float(count), "count") for count in counts if count is not None]
    return sum(known) if known else None


def _says_yes_or_no(cells: list[object]) -> bool:
    return any(isinstance(column(cell)[0], (bool, str)) and names([cell]) != [None] for cell in cells)


def _is_0_and_1(cells: list[object]) -> bool:
    known = {amount for amount in amounts(cells) if amount is not None}
    return bool(known) and known <= {0.0, 1.0}


# ---- customers


def rates_of(first: object, second: object) -> tuple[float, float] | None:
    """Return two rates as fractions when each argument is one cell with a number; None for anything else.

    KpiValueError for a rate outside 0..1.
    """
    cells = [*column(first), *column(second)]
    if len(cells) != 2 or not all(is_number(cell) for cell in cells) or any(map(error_code, cells)):
        return None
    one, other = (finite_number(cell, "rate", 0, 1) for cell in cells)
    return one, other


def customers_of(retained: object, partner: object) -> RetentionTally:
    """Count customers, those retained and those with a partner, from one row for each customer.

    A customer of whom nobody says whether it stayed is not counted. CellError #VALUE! when the ranges do not pair up.
    """
    stayed, partners = flags(without_heading(retained, RETAINED_HEADINGS)), names(partner)
    same_length(len(stayed), len(partners))
    rows = [
        (kept, name is not None and name.casefold() not in NO_PARTNER)
        for kept, name in zip(stayed, partners, strict=True)
        if kept is not None
    ]
    return RetentionTally(
        len(rows),
        sum(kept for kept, _ in rows),
        sum(helped for _, helped in rows),
        sum(kept and helped for kept, helped in rows),
    )


def customers_of_one(retained: object, partner: object, name: object) -> RetentionTally:
    """Count customers as `customers_of`, those of one partner alone as the partners' part.

    Names are compared exactly. A blank name, or a word for no partner, has no customers. CellError #VALUE! for more
    than one name.
    """
    wanted = _one_name(name)
    if wanted is not None and wanted.casefold() in NO_PARTNER:
        wanted = None
    return customers_of(retained, [wanted is not None and one == wanted for one in names(partner)])


@dataclass(frozen=True, slots=True)
class Revenue:
    """What customers paid at the start, and what became of that: paid more, paid less, gone."""

    start: float
    expansion: float
    contraction: float
    churn: float


def revenue_of(start: object, end: object) -> Revenue:
    """Add up what the customers of the start paid then and pay at the end, from one row for each customer.

    Whoever paid nothing at the start is new: not counted. CellError #VALUE! when the ranges do not pair up; #N/A where
    the end of a customer of the start is not known, for a blank is not a 0; KpiValueError for amounts below 0.
    """
    before, after = amounts(start), amounts(end)
    same_length(len(before), len(after))
    for amount in (*before, *after):
        if amount is not None:
            finite_number(amount, "revenue", 0)
    rows = [(had, has) for had, has in zip(before, after, strict=True) if had]
    known = [(had, has) for had, has in rows if has is not None]
    if len(known) < len(rows):
        raise CellError("#N/A", f"revenue at the end is not known for {len(rows) - len(known)} customers")
    return Revenue(
        math.fsum(had for had, _ in known),
        math.fsum(max(0.0, has - had) for had, has in known),
        math.fsum(max(0.0, had - has) for had, has in known if has),
        math.fsum(had for had, has in known if not has),
    )
