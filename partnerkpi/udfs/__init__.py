"""The Excel functions: `=PARTNER_NPS(A2:A200)` and its family, all in this one namespace, which xlwings imports.

Thin: `cells` judges what is in a range, `kpi` does the arithmetic, and the guard in `function` turns every failure
into an Excel error. Importing this works on every system; calling from a cell needs Windows, or xlwings Lite.
"""

import warnings
from collections.abc import Callable

from partnerkpi.udfs.advocacy import PARTNER_ADVOCACY, PARTNER_ADVOCATES
from partnerkpi.udfs.function import CATEGORY, FUNCTIONS, ExcelFunction, Result
from partnerkpi.udfs.nps import (
    PARTNER_NPS,
    PARTNER_NPS_ABOVE,
    PARTNER_NPS_BY,
    PARTNER_NPS_CLUSTERED,
    PARTNER_NPS_GROUP,
    PARTNER_NPS_HIGH,
    PARTNER_NPS_LOW,
    PARTNER_NPS_MARGIN,
    PARTNER_NPS_SHIFT,
    PARTNER_NPS_SUMMARY,
    PARTNER_NPS_TREND,
    PARTNER_RESPONSE_RATE,
)
from partnerkpi.udfs.ratings import PARTNER_ATTAINMENT, PARTNER_HEALTH, PARTNER_RATING
from partnerkpi.udfs.retention import (
    PARTNER_GRR,
    PARTNER_NRR,
    PARTNER_RETENTION,
    PARTNER_RETENTION_INDEX,
    PARTNER_RETENTION_INFLUENCE,
    PARTNER_RETENTION_LIFT,
    PARTNER_RETENTION_PART,
    PARTNER_RETENTION_RATE,
)

#: Names that workbooks of the version before still call. Macro scanners take one that ends in _Change for an event.
FORMER_NAMES = {"PARTNER_NPS_CHANGE": "PARTNER_NPS_SHIFT"}


def __getattr__(name: str) -> Callable[..., Result]:
    """Answer to a name of the version before, unseen by xlwings, which offers in Excel what it finds by `dir`."""
    if name not in FORMER_NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    now = FORMER_NAMES[name]
    warnings.warn(f"{name} is called {now} now", DeprecationWarning, stacklevel=2)
    return FUNCTIONS[now].call


__all__ = [
    "CATEGORY",
    "FUNCTIONS",
    "PARTNER_ADVOCACY",
    "PARTNER_ADVOCATES",
    "PARTNER_ATTAINMENT",
    "PARTNER_GRR",
    "PARTNER_HEALTH",
    "PARTNER_NPS",
    "PARTNER_NPS_ABOVE",
    "PARTNER_NPS_BY",
    "PARTNER_NPS_CLUSTERED",
    "PARTNER_NPS_GROUP",
    "PARTNER_NPS_HIGH",
    "PARTNER_NPS_LOW",
    "PARTNER_NPS_MARGIN",
    "PARTNER_NPS_SHIFT",
    "PARTNER_NPS_SUMMARY",
    "PARTNER_NPS_TREND",
    "PARTNER_NRR",
    "PARTNER_RATING",
    "PARTNER_RESPONSE_RATE",
    "PARTNER_RETENTION",
    "PARTNER_RETENTION_INDEX",
    "PARTNER_RETENTION_INFLUENCE",
    "PARTNER_RETENTION_LIFT",
    "PARTNER_RETENTION_PART",
    "PARTNER_RETENTION_RATE",
    "ExcelFunction",
]
