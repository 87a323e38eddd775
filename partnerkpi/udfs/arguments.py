"""The arguments of the Excel functions: pairs of ranges, a number or a list, dates, choices.

`cells` says what one cell counts as; here is what a whole argument means to a function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import TypeVar

from partnerkpi.cells import CellError, amounts, column, error_code, flags, is_omitted, names, number, scores
from partnerkpi.kpi.checks import finite_number, is_number, whole_number
from partnerkpi.kpi.health import DEFAULT_WEIGHTS
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.tally.periods import MONTHS, Period

Answer = TypeVar("Answer")

CONFIDENCE = 0.95
MIN_RESPONSES = 5

FIRST_SERIAL, LAST_SERIAL = 1, 2_958_466  # 1 January 1900 to the end of 31 December 9999
FICTITIOUS_DAY = 60  # 29 February 1900, which Excel has and the calendar has not

#: What people write for "no partner" where they do not leave the cell blank, as the command line reads it.
DIRECT = frozenset(
    {"direct", "none", "no partner", "(none)", "(direct)", "n/a", "na", "-", "–", "no", "null", "n", "false", "0"}
)

#: A heading that a whole column brings along; as the first of several cells it is no partner and no customer.
HEADINGS = frozenset(
    {
        *("partner", "partners", "partner name", "partner id", "company", "account", "name", "group", "region"),
        *("retained", "renewed", "stayed", "kept", "still a customer", "active", "customer", "answered", "invited"),
    }
)


def confidence_of(argument: object) -> float:
    """Return a confidence, 0.95 if left out; whether it lies in 0..1 is for the arithmetic to say."""
    return number(argument, CONFIDENCE)


def population_of(argument: object) -> int | None:
    """Return a population, None if left out; KpiValueError unless it is a whole number of 0 or more."""
    size = number(argument, None)
    return None if size is None else whole_number(size, "population")


def minimum_of(argument: object) -> int:
    """Return the minimum number of responses, 5 if left out; KpiValueError unless it is a whole number."""
    return whole_number(number(argument, MIN_RESPONSES), "minimum number of responses")


def required_number(argument: object) -> float | None:
    """Return a number that has no default: None for a blank cell, which is no data."""
    return number(argument, None)


def figure_of(argument: object) -> float | None:
    """Return a figure that may be missing: None for a blank cell and for #N/A, which is how no data looks."""
    cells = column(argument)
    if len(cells) == 1 and error_code(cells[0]) == "#N/A":
        return None
    return number(argument, None)


def weights_of(argument: object) -> tuple[float, ...]:
    """Return the three weights, the default ones if left out; CellError #VALUE! unless they are three numbers."""
    if is_omitted(argument):
        return DEFAULT_WEIGHTS
    weights = amounts(argument)
    known = tuple(weight for weight in weights if weight is not None)
    if len(weights) != len(DEFAULT_WEIGHTS) or len(known) < len(weights):
        raise CellError("#VALUE!", f"{len(known)} weights in {len(weights)} cells; allowed: three numbers")
    return known


def word_of(argument: object) -> str | None:
    """Return a choice in lower case, None if left out; CellError #VALUE! for more than one cell."""
    words = names(argument)
    if len(words) > 1:
        raise CellError("#VALUE!", f"{len(words)} cells were given where one word is expected")
    return words[0].casefold() if words and words[0] is not None else None


def period_of(argument: object) -> Period:
    """Return year, quarter or month, quarter if left out; CellError #VALUE! for anything else."""
    word = word_of(argument) or "quarter"
    for period in ("year", "quarter", "month"):
        if word == period and period in MONTHS:
            return period  # type: ignore[return-value]
    raise CellError("#VALUE!", f"period is {word!r}; allowed: {', '.join(MONTHS)}")


def score_of(cell: object) -> float | None:
    """Return the score of one cell, None where it counts nowhere; CellError as in `scores`."""
    return scores([cell])[0]


def each_cell(argument: object, answer: Callable[[object], Answer]) -> Answer | list[list[Answer]]:
    """Return one answer for each cell of a range, in the shape of the range; a single cell gives a single answer."""
    cells = column(argument)
    rows = argument.tolist() if hasattr(argument, "tolist") else argument
    if not isinstance(rows, (list, tuple)):
        return answer(cells[0])
    width = len(rows[0]) if rows and isinstance(rows[0], (list, tuple)) else len(cells)
    answers = [answer(cell) for cell in cells]
    return [answers[start : start + width] for start in range(0, len(answers), width or 1)]


def without_heading(argument: object) -> list[object]:
    """Return the cells of a range, with a heading in the first of several taken as blank."""
    cells = column(argument)
    if len(cells) > 1 and isinstance(cells[0], str) and cells[0].strip().rstrip("?").casefold() in HEADINGS:
        cells[0] = None
    return cells


def count_or_names(argument: object) -> int | list[str] | None:
    """Return a count from one cell that holds a number, the names of a list otherwise; None when it is blank."""
    cells = without_heading(argument)
    if len(cells) == 1:
        count = number(cells[0], None) if not isinstance(cells[0], str) else amounts(cells)[0]
        if count is not None:
            return whole_number(count, "count")
    known = [name for name in names(cells) if name is not None]
    return known or None


def same_length(first: list[object], second: list[object]) -> None:
    """Refuse ranges that do not pair up: CellError #VALUE!."""
    if len(first) != len(second):
        raise CellError("#VALUE!", f"the ranges have {len(first)} and {len(second)} cells; allowed: as many")


def totals(answered: object, invited: object) -> tuple[int, int]:
    """Return what two counts or two ranges of counts or TRUE/FALSE add up to."""
    first, second = without_heading(answered), without_heading(invited)
    same_length(first, second)
    return _total(first), _total(second)


def _total(cells: list[object]) -> int:
    return sum(whole_number(value, "count") for value in amounts(cells) if value is not None)


def named_scores(groups: object, given: object) -> Iterator[tuple[str | None, float | None]]:
    """Yield name and score of each row that has either; CellError #VALUE! when the ranges do not pair up."""
    cells, points = without_heading(groups), scores(given)
    same_length(cells, list(points))
    if not any(point is not None for point in points):
        raise CellError("#N/A", "there is no score in the range")
    for name, point in zip(names(cells), points, strict=True):
        if name is not None or point is not None:
            yield name, point


def dated_scores(dates: object, given: object) -> Iterator[tuple[date | None, float]]:
    """Yield day and score of each row with a score; CellError #VALUE! when the ranges do not pair up."""
    cells, points = column(dates), scores(given)
    same_length(cells, list(points))
    if not any(point is not None for point in points):
        raise CellError("#N/A", "there is no score in the range")
    for cell, point in zip(cells, points, strict=True):
        code = error_code(cell)
        if code is not None:
            raise CellError(code, "a date is this error")
        if point is not None:
            yield day_of(cell), point


def day_of(cell: object) -> date | None:
    """Return the day of a cell: a date, or the number Excel keeps for one; None for a blank.

    CellError #VALUE! for text and TRUE/FALSE, #NUM! for a number that is no date.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date) or cell is None:
        return cell
    if isinstance(cell, str) and not cell.strip():
        return None
    if not is_number(cell):
        raise CellError("#VALUE!", "a date that is text, or no date at all; convert the cells to dates")
    serial = finite_number(cell, "date", FIRST_SERIAL, LAST_SERIAL)
    return date(1899, 12, 30) + timedelta(days=int(serial) + (serial < FICTITIOUS_DAY))


def rates_of(first: object, second: object) -> tuple[float, float] | None:
    """Return two rates as fractions when each argument is one cell with a number; None for anything else."""
    cells = [*column(first), *column(second)]
    if len(cells) != 2 or not all(is_number(cell) for cell in cells) or any(error_code(cell) for cell in cells):
        return None
    one, other = (finite_number(cell, "rate", 0, 1) for cell in cells)
    return one, other


def customers_of(retained: object, partner: object) -> RetentionTally:
    """Count customers, retained ones and those with a partner from one row for each customer."""
    kept, with_partner = flags(without_heading(retained)), [_has_partner(cell) for cell in without_heading(partner)]
    if len(kept) != len(with_partner):
        raise CellError("#VALUE!", f"the ranges have {len(kept)} and {len(with_partner)} cells; allowed: as many")
    pairs = [(stayed, helped) for stayed, helped in zip(kept, with_partner, strict=True) if stayed is not None]
    return RetentionTally(
        len(pairs),
        sum(stayed for stayed, _ in pairs),
        sum(helped for _, helped in pairs),
        sum(stayed and helped for stayed, helped in pairs),
    )


def _has_partner(cell: object) -> bool:
    name = names([cell])[0]
    return name is not None and name.casefold() not in DIRECT
