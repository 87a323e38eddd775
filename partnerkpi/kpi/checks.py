"""Refuse numbers that the KPIs are not defined for, in one wording.

Every message carries the value and what is allowed, because it ends up in front of somebody who typed the value
into a cell or a file. Counts that took a detour through a data frame or a spreadsheet come back as `45.0`; a whole
number in another type is still a whole number, so it is taken. TRUE is not 1 here: a column of TRUE/FALSE that is
read as counts or scores is a mix-up.
"""

from __future__ import annotations

import math
from decimal import Decimal
from numbers import Real
from typing import TypeGuard

from partnerkpi.errors import KpiValueError

INFINITY = math.inf


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether the value is a real number: int, float, Decimal, a NumPy scalar; not a bool, not text."""
    kind = type(value)  # the usual kinds first: to ask for an abstract number takes ten times as long
    return kind is float or kind is int or (isinstance(value, (Real, Decimal)) and not isinstance(value, bool))


def whole_number(value: object, what: str, at_most: int | None = None, limit: str = "") -> int:
    """Return the value as an int of 0 or more, and not above `at_most`, which `limit` names in the message.

    Raises KpiValueError: `partners is -3; allowed: a whole number of 0 or more`.
    """
    count = value if type(value) is int else _as_int(value)
    if count is None or count < 0:
        raise KpiValueError(f"{what} is {value!r}; allowed: a whole number of 0 or more")
    if at_most is not None and count > at_most:
        raise KpiValueError(f"{what} is {value!r}; allowed: at most {at_most}, {limit}")
    return count


def _as_int(value: object) -> int | None:
    if is_number(value) and math.isfinite(value) and value == int(value):
        return int(value)
    return None


def finite_number(value: object, what: str, low: float = -INFINITY, high: float = INFINITY) -> float:
    """Return the value as a finite float within [low, high].

    Raises KpiValueError: `score is 11; allowed: 0 to 10`.
    """
    try:
        # the value itself is compared: the nearest float of a Decimal may lie inside where it lies outside
        if is_number(value) and math.isfinite(value) and low <= value <= high:
            return float(value)
    except (OverflowError, ValueError):  # a whole number too long for a float; a signalling NaN
        pass
    raise KpiValueError(f"{what} is {value!r}; allowed: {describe_range(low, high)}")


def describe_range(low: float, high: float) -> str:
    """Say a range of allowed numbers in words: `0 to 10`, `0 or more`, `any finite number`."""
    if low == -INFINITY and high == INFINITY:
        return "any finite number"
    if high == INFINITY:
        return f"{low:g} or more"
    if low == -INFINITY:
        return f"{high:g} or less"
    return f"{low:g} to {high:g}"
