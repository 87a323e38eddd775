"""DuckDB without its layer of Python, which takes five times as long to load as all that files need of it."""

from __future__ import annotations

import sys
from types import ModuleType


def duckdb_core() -> ModuleType:
    """Return DuckDB: the package where it is loaded, else its compiled part, which opens, counts and has the errors.

    `connection.sql`, relations and frames are the package's: who needs them imports it, at any time.
    """
    if (package := sys.modules.get("duckdb")) is not None:
        return package
    try:
        import _duckdb
    except ImportError:  # what it is called inside is its own affair
        import duckdb

        return duckdb
    return _duckdb
