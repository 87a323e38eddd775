"""Columns that show figures of the chosen period, as they stand on Data."""

from __future__ import annotations

from partnerkpi.workbook.sheets.listing import Field
from partnerkpi.workbook.sheets.parts import SheetContext


def chosen_field(context: SheetContext, key: str, number: str, head: str = "") -> Field[SheetContext]:
    """Return a column that shows a figure of the chosen period."""
    formula, value = context.layout.chosen(key), context.figures[key].value(context.current)
    return Field(key, head, lambda _: formula, lambda _: value, number)
