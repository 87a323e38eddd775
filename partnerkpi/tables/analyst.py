"""Our own workbook with macros, as a source: four of its sheets are filled in, and the others compute from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

#: The kinds of tables, and what the sheets are called that hold them in scorecard.xlsm and in the template.
KINDS = ("responses", "activities", "customers", "partners")
#: The hidden sheet of the settings that xlwings reads, and ours on it which no other workbook has.
SETTINGS_SHEET, VERSION = "xlwings.conf", "PARTNERKPI_VERSION"


def filled_in(
    sheets: Sequence[tuple[str, bool]], rows_of: Callable[[str], Iterable[Sequence[Any]]]
) -> Sequence[tuple[str, bool]]:
    """Return the sheets that hold tables: of our own workbook those that are filled in, of any other all of them."""
    if not any(name == SETTINGS_SHEET for name, _ in sheets):
        return sheets
    if not any(row and row[0] == VERSION for row in rows_of(SETTINGS_SHEET)):
        return sheets
    return [one for one in sheets if one[0] in KINDS] or sheets
