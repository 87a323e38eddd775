"""Small tables of figures: a row for each period or group, each cell a formula with its value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Generic, TypeVar

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.intervals import Interval
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.figures.base import high, low
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.formula import Block, Live
from partnerkpi.workbook.model.layout import HEAD_ROW, Layout
from partnerkpi.workbook.model.ratings import chip
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    COUNT,
    HEAD,
    HEAD_NUMBER,
    MUTED,
    NOTE_SIZE,
    ROW,
    ROW_NUMBER,
    TILE,
    Look,
    colours,
)
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import widen_for_heads, widen_for_text

K = TypeVar("K")
_WIDEST_LABEL = 36.0  # characters


@dataclass(frozen=True)
class Place:
    """The cells of one row, for formulas: columns fixed, row free; `number` is that of its period or group."""

    letters: Mapping[str, str]
    row: int
    number: int

    def __call__(self, key: str) -> str:
        """Return the cell of a figure in this row."""
        return f"${self.letters[key]}{self.row}"


@dataclass(frozen=True)
class Field(Generic[K]):
    """A column: its key and head, formula without the equals sign, and value; None leaves a cell empty."""

    key: str
    head: str
    formula: Callable[[Place], str]
    value: Callable[[K], Value]
    number: str = COUNT
    left: bool = False
    small: bool = False  # words that are to take no more than a figure


@dataclass(frozen=True)
class Entry(Generic[K]):
    """A row: what stands in its first cell, its number, and what Python knows of it."""

    label: str | Live
    number: int
    known: K
    bold: bool = False


def interval_fields(
    ends: Callable[[Place], tuple[str, str]],
    interval: Callable[[K], Interval | None],
    number: str,
    prefix: str = "",
) -> list[Field[K]]:
    """Return the columns of the two ends of an interval; a dash without one."""
    return [
        Field(f"{prefix}low", translate("Low"), lambda p: ends(p)[0], lambda k: low(interval(k)), number),
        Field(f"{prefix}high", translate("High"), lambda p: ends(p)[1], lambda k: high(interval(k)), number),
    ]


def letters_of(fields: Iterable[Field[K]], first: int = 2) -> dict[str, str]:
    """Return the column of each field by its key; the first column of a table holds the labels."""
    return {field.key: get_column_letter(column) for column, field in enumerate(fields, first)}


def write_heads(model: WorkbookModel, sheet: SheetModel, row: int, label: str, fields: Sequence[Field[K]]) -> None:
    """Write the heads of a table."""
    model.put(sheet, (row, 1), label, HEAD)
    for column, field in enumerate(fields, 2):
        model.put(sheet, (row, column), field.head, HEAD.but(indent=1) if field.left else HEAD_NUMBER)
    sheet.heights[row] = 34
    widen_for_heads(sheet, row)


def write_entry(model: WorkbookModel, sheet: SheetModel, row: int, fields: Sequence[Field[K]], entry: Entry[K]) -> None:
    """Write one row of a table."""
    model.put(sheet, (row, 1), entry.label, ROW.but(bold=entry.bold))
    if isinstance(entry.label, str):
        widen_for_text(sheet, 1, entry.label, ROW, _WIDEST_LABEL)
    place = Place(letters_of(fields), row, entry.number)
    for column, field in enumerate(fields, 2):
        look = _look(field)
        value = field.value(entry.known)
        if value is None:
            model.blank(sheet, (row, column), look)
        else:
            live = Live(f"={field.formula(place)}", value)
            model.put(sheet, (row, column), live, look.but(bold=entry.bold))
            if field.left:
                widen_for_text(sheet, column, str(value), look)


def by_period(layout: Layout, key: str, head: str, number: str = COUNT, *, left: bool = False) -> Field[PeriodFigures]:
    """Return the column of a figure by period, which is calculated on Data."""

    def formula(place: Place) -> str:
        return f"{names.DATA}!{layout.period_letter(place.number)}{layout.figure_row(key)}"

    return Field(key, head, formula, lambda m: m(key), number, left)


def write_periods(
    model: WorkbookModel,
    sheet: SheetModel,
    top: int,
    layout: Layout,
    fields: Sequence[Field[PeriodFigures]],
    periods: Sequence[PeriodFigures],
    ratings: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> int:
    """Write a table with a row for each period, the chosen one marked; return the row below.

    `ratings` are the labels of a column by period whose colours its cells have themselves.
    """
    write_heads(model, sheet, top, translate("Period"), fields)
    columns = tuple((field.key, field.number, field.left, field.small) for field in fields)
    shape = "periods", sheet.title, top, layout, columns, len(periods), tuple(map(tuple, ratings.values()))
    block = model.cached(shape, partial(_rows, top, fields, periods, ratings))
    for row, period in enumerate(periods, top + 1):
        label = Live(f"={names.DATA}!{layout.period_letter(period.number)}{HEAD_ROW}", period.name)
        model.put(sheet, (row, 1), label, ROW)
    model.put_block(sheet, block, [field.value(period) for period in periods for field in fields])
    for column, field in enumerate(fields, 2):
        for text in {str(field.value(period)) for period in periods if field.left}:
            widen_for_text(sheet, column, text, _look(field))
    last = get_column_letter(1 + sum(not field.key.endswith("_rating") for field in fields))  # ratings keep their own
    chosen = f"$A{top + 1}={names.CHOSEN_PERIOD}"
    sheet.colour_where(f"A{top + 1}:{last}{top + len(periods)}", chosen, colours(bold=True, fill=TILE))
    return top + len(periods) + 1


def _rows(
    top: int,
    fields: Sequence[Field[PeriodFigures]],
    periods: Sequence[PeriodFigures],
    ratings: Mapping[str, Sequence[str]],
) -> Block:
    """Return the formulas of a row for each period."""
    letters = letters_of(fields)
    return Block(
        [
            (
                (row, column),
                f"={field.formula(Place(letters, row, period.number))}",
                chip(ratings[field.key][row - top - 1], _look(field)) if field.key in ratings else _look(field),
            )
            for row, period in enumerate(periods, top + 1)
            for column, field in enumerate(fields, 2)
        ],
        gaps=True,
    )


def _look(field: Field[K]) -> Look:
    words = ROW.but(indent=1, size=NOTE_SIZE) if field.small else ROW.but(indent=1)
    return words if field.left else ROW_NUMBER.but(number=field.number)


def grey_where(sheet: SheetModel, cells: str, condition: str) -> None:
    """Print cells in grey where a condition holds, written for the first of them."""
    sheet.colour_where(cells, condition, colours(MUTED))
