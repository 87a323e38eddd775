"""The Excel functions: `=PARTNER_NPS(A2:A200)` and its family, all in this one namespace, which xlwings imports.

Thin: `cells` judges what is in a range, `kpi` does the arithmetic, and the guard in `function` turns every failure
into an Excel error. Importing this works on every system; calling from a cell needs Windows, or xlwings Lite.
"""

from partnerkpi.udfs.advocacy import PARTNER_ADVOCACY, PARTNER_ADVOCATES
from partnerkpi.udfs.function import CATEGORY, FUNCTIONS, ExcelFunction
from partnerkpi.udfs.nps import (
    PARTNER_NPS,
    PARTNER_NPS_BY,
    PARTNER_NPS_CHANGE,
    PARTNER_NPS_GROUP,
    PARTNER_NPS_HIGH,
    PARTNER_NPS_LOW,
    PARTNER_NPS_MARGIN,
    PARTNER_NPS_SUMMARY,
    PARTNER_NPS_TREND,
    PARTNER_RESPONSE_RATE,
)
from partnerkpi.udfs.ratings import PARTNER_HEALTH, PARTNER_RATING
from partnerkpi.udfs.retention import (
    PARTNER_RETENTION,
    PARTNER_RETENTION_INDEX,
    PARTNER_RETENTION_INFLUENCE,
    PARTNER_RETENTION_LIFT,
    PARTNER_RETENTION_RATE,
)

__all__ = [
    "CATEGORY",
    "FUNCTIONS",
    "PARTNER_ADVOCACY",
    "PARTNER_ADVOCATES",
    "PARTNER_HEALTH",
    "PARTNER_NPS",
    "PARTNER_NPS_BY",
    "PARTNER_NPS_CHANGE",
    "PARTNER_NPS_GROUP",
    "PARTNER_NPS_HIGH",
    "PARTNER_NPS_LOW",
    "PARTNER_NPS_MARGIN",
    "PARTNER_NPS_SUMMARY",
    "PARTNER_NPS_TREND",
    "PARTNER_RATING",
    "PARTNER_RESPONSE_RATE",
    "PARTNER_RETENTION",
    "PARTNER_RETENTION_INDEX",
    "PARTNER_RETENTION_INFLUENCE",
    "PARTNER_RETENTION_LIFT",
    "PARTNER_RETENTION_RATE",
    "ExcelFunction",
]
