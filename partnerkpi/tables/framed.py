"""Rows of plain data as a frame of pandas or Polars: for whoever goes on with them in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from partnerkpi.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    PandasFrame = pd.DataFrame
    PolarsFrame = pl.DataFrame


def to_pandas(names: Sequence[str], cells: Sequence[Sequence[Any]]) -> PandasFrame:
    """Return rows as a DataFrame of pandas, each column of the type of its values; no data is missing."""
    import pandas as pd

    frame = pd.DataFrame([list(row) for row in cells], columns=list(names))
    return frame.convert_dtypes() if len(frame) else frame


def to_polars(names: Sequence[str], cells: Sequence[Sequence[Any]]) -> PolarsFrame:
    """Return rows as a DataFrame of Polars; UsageError where it is not installed."""
    try:
        import polars as pl
    except ImportError:
        raise UsageError("to_polars() needs Polars: pip install polars, or take to_pandas()") from None
    return pl.DataFrame([list(row) for row in cells], schema=list(names), orient="row", infer_schema_length=None)
