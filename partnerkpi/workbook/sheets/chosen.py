"""Columns that show figures of the chosen period, as they stand on Data."""

from __future__ import annotations

from partnerkpi.workbook.sheets.listing import Field
from partnerkpi.workbook.sheets.parts import Book


def chosen_field(book: Book, key: str, number: str, head: str = "") -> Field[Book]:
    """Return a column that shows a figure of the chosen period."""
    formula, value = book.layout.chosen(key), book.figures[key].value(book.current)
    return Field(key, head, lambda _: formula, lambda _: value, number)
