"""One value of a table as the text that stands for it: in a group's name, in a copied sheet, in a list of rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from partnerkpi.vocabulary import SPACES


def as_text(value: Any) -> str | None:
    """Return a value as text, None where there is none: outer blanks go, 7.0 is 7, midnight is its date.

    The same data gives the same text from a .csv, an .xlsx, a Parquet file or a frame, so that groups and
    respondents match. 7.0 gives "7", " Acme " gives "Acme", an empty text gives None.
    """
    if isinstance(value, str):
        return value.strip(SPACES) or None
    if value is None or not _is_itself(value):
        return None
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        value = value.item()  # NumPy's numbers and truths are not Python's
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Decimal):
        return str(int(value)) if value == value.to_integral_value() else f"{value.normalize():f}"
    if isinstance(value, dt.datetime):
        plain = value.time() == dt.time() and value.tzinfo is None
        return value.date().isoformat() if plain else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):  # how a workbook keeps 30:15 hours
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)


def _is_itself(value: Any) -> bool:
    """Tell whether a value is equal to itself: NaN and NaT are not, and pandas' NA will not say."""
    try:
        return bool(value == value)
    except TypeError:
        return False
    except ValueError:  # an array: whether it is equal has no one answer
        return True
