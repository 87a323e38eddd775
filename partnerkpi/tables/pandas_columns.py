"""The columns of a pandas frame as the engine reads them where they lie: types of its own, and texts.

DuckDB reads NumPy's types, texts, categories of texts, times with a zone and what Arrow holds. Columns of objects get
one type (`objects`), as do periods, intervals and whatever else is no type of a database. The frame is not changed.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from partnerkpi.tables.objects import Typed, encodable, typed

_KINDS: dict[str, Any] = {"VARCHAR": object, "BOOLEAN": "boolean", "BIGINT": "Int64", "DOUBLE": "Float64"}
_BLANKS = {type(None), float, type(pd.NA), type(pd.NaT)}


def columns_of(frame: pd.DataFrame) -> tuple[list[Any], pd.DataFrame, dict[int, str]]:
    """Return the names of a frame's columns, a frame to be read, and which columns hold objects that hold others.

    Levels of the index that have a name are columns, the first ones; what others hold is no data.
    """
    index = frame.index
    columns: list[tuple[Any, Any]] = [
        (name, index.get_level_values(at)) for at, name in enumerate(index.names) if name is not None
    ]
    columns += [(name, frame.iloc[:, at]) for at, name in enumerate(frame.columns)]
    arrays: dict[str, Any] = {}
    nested: dict[int, str] = {}
    for at, (_, values) in enumerate(columns):
        arrays[f"c{at}"], holds = _readable(values.array)
        if holds:
            nested[at] = holds
    return [name for name, _ in columns], pd.DataFrame(arrays, copy=False), nested


def _readable(values: Any) -> tuple[Any, str]:
    """Return the values of a column as the engine reads them, and what they are if they hold others."""
    dtype = values.dtype
    if isinstance(dtype, pd.SparseDtype):
        return _readable(pd.array(values.to_dense()))
    if isinstance(dtype, pd.CategoricalDtype):
        return (values, "") if dtype.categories.inferred_type == "string" else _one_type(values)
    if isinstance(dtype, pd.DatetimeTZDtype | pd.ArrowDtype) or _is_arrow_text(dtype):
        return values, ""
    if dtype.kind in "biufmM":
        return (values if dtype.itemsize <= 8 else values.astype("float64")), ""
    return _one_type(values)


def _is_arrow_text(dtype: Any) -> bool:
    return isinstance(dtype, pd.StringDtype) and dtype.storage != "python"


def _one_type(values: Any) -> tuple[Any, str]:
    """Return objects as a column of one type; texts stay where they are, among what the engine takes for nothing."""
    objects: Any = values.to_numpy(dtype=object)
    missing = pd.isna(objects)
    present = objects[~missing]
    as_they_are = set(map(type, present)) <= {str} and set(map(type, objects[missing])) <= _BLANKS
    if as_they_are and encodable(present) is present:
        return pd.Series(objects, dtype=object, copy=False), ""  # pandas would look for another type
    objects = objects.copy()
    objects[missing] = None
    found = typed(objects)
    return _column(found), found.nested


def _column(found: Typed) -> Any:
    """Return a column of one type as pandas keeps it."""
    values: Any = found.values
    if found.kind == "TIMESTAMP WITH TIME ZONE":
        plain = [value.replace(tzinfo=None) if value is not None else None for value in values]
        return pd.Series(plain, dtype="datetime64[us]").dt.tz_localize("UTC")
    return pd.Series(values, dtype=_KINDS.get(found.kind, "datetime64[us]"))
