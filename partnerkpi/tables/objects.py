"""Python's own objects as a column of one type: what a frame of objects, or a list of records, holds.

A column of one kind keeps it; whole numbers, decimals and floats are numbers together, dates and times without a zone
times. Whatever else is mixed becomes the text that `values.as_text` gives, as if it came from a .csv file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Literal

from partnerkpi.dataclass import dataclass
from partnerkpi.tables.values import as_text

Kind = Literal["VARCHAR", "BOOLEAN", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"]

#: The whole numbers that an engine counts with, and those that a float holds exactly.
_LARGEST, _EXACT = 2**63 - 1, 2**53


@dataclass(frozen=True, slots=True)
class Typed:
    """Values of one type, None where there is none; `nested` is what some of them are that hold others."""

    kind: Kind
    values: Sequence[Any]
    nested: str = ""


def typed(values: Iterable[Any]) -> Typed:
    """Return values as a column: [9, None, Decimal("7.5")] are DOUBLE, [9, "ten"] are VARCHAR."""
    plain: Sequence[Any] = list(values)
    kinds = set(map(type, plain))
    if not kinds <= {str, NoneType}:
        plain = [_plain(value) for value in plain]
        kinds = set(map(type, plain))
    kinds -= {NoneType}
    if kinds <= {str}:
        return Typed("VARCHAR", encodable(plain))
    if kinds == {bool}:
        return Typed("BOOLEAN", plain)
    if kinds <= {int, float, Decimal}:
        found = _numbers(plain, kinds)
    elif kinds <= {dt.date, dt.datetime}:
        found = _dates(plain, kinds)
    else:
        found = None
    nested = next((kind.__name__ for kind in kinds if issubclass(kind, dict | list | tuple | set | frozenset)), "")
    return found or Typed("VARCHAR", encodable([_text(value) for value in plain]), nested)


def encodable(texts: Sequence[str | None]) -> Sequence[str | None]:
    """Return texts without halves of characters, which no engine takes: they become question marks."""
    for start in range(0, len(texts), 10_000):
        try:
            "".join(text for text in texts[start : start + 10_000] if text is not None).encode()
        except UnicodeEncodeError:
            return [text.encode("utf-8", "replace").decode() if text is not None else None for text in texts]
    return texts


def _plain(value: Any) -> Any:
    """Return a value as one of Python's own types, None for what is no value, such as NaN, NaT and pandas' NA."""
    if type(value) in (NoneType, bool, int, dt.date):
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if type(value).__module__ == "numpy":  # of a time with nanoseconds NumPy makes a whole number
        value = value.astype("datetime64[us]").item() if type(value).__name__ == "datetime64" else value.tolist()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, Decimal):
        return value if value.is_finite() else None if value.is_nan() else float(value)
    if isinstance(value, dt.datetime):  # pandas' own too; its NaT is one, and not equal to itself
        return dt.datetime.combine(value.date(), value.timetz()) if value == value else None
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day)
    return None if as_text(value) is None else value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else as_text(value)


def _numbers(plain: Sequence[Any], kinds: set[type]) -> Typed | None:
    """Return numbers as a column, None where an engine's numbers would be others than these."""
    numbers = [value for value in plain if value is not None]
    if kinds == {int}:
        return Typed("BIGINT", plain) if all(abs(number) <= _LARGEST for number in numbers) else None
    if not all(_is_exact(number) for number in numbers):
        return None
    return Typed("DOUBLE", [float(value) if value is not None else None for value in plain])


def _is_exact(number: int | float | Decimal) -> bool:
    if isinstance(number, int):
        return abs(number) <= _EXACT
    return isinstance(number, float) or Decimal(repr(float(number))) == number


def _dates(plain: Sequence[Any], kinds: set[type]) -> Typed | None:
    """Return dates as a column, instants in UTC; None where some times have a zone and others none."""
    if kinds == {dt.date}:
        return Typed("DATE", plain)
    zoned = {isinstance(value, dt.datetime) and value.tzinfo is not None for value in plain if value is not None}
    if zoned == {True}:
        try:
            instants = [value.astimezone(dt.UTC) if value is not None else None for value in plain]
        except OverflowError:  # the first or the last day that there is, moved beyond it
            return None
        return Typed("TIMESTAMP WITH TIME ZONE", instants)
    if zoned != {False}:
        return None
    midnight = dt.time()
    return Typed(
        "TIMESTAMP",
        [
            value if value is None or isinstance(value, dt.datetime) else dt.datetime.combine(value, midnight)
            for value in plain
        ],
    )
