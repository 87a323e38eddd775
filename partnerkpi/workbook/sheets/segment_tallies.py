"""The segments' and the themes' tallies on Data. What is too small to be shown is not there: a sheet hides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl.utils.cell import get_column_letter

from partnerkpi.scorecard.parts import Segment
from partnerkpi.workbook.model.book import SheetModel, WorkbookModel
from partnerkpi.workbook.model.layout import HEAD_ROW, SEGMENT_HEADS, THEME_HEADS
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.theme import COUNT, HEAD, HEAD_NUMBER, MUTED, ROW, ROW_NUMBER, SECTION
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.page import set_widths
from partnerkpi.workbook.sheets.parts import SheetContext

NOT_GIVEN, OTHERS = message("(not given)"), message("The rest together")
_KEYS = 3  # columns at the end by which rows are found

Row = tuple[str | int | None, ...]


@dataclass(frozen=True)
class Block:
    """A table of tallies: where it begins, its names and heads, and how wide its words are."""

    left: int
    section: str
    table: str
    heads: Sequence[str]
    widths: Sequence[float]


def segment_name(segment: Segment) -> str:
    """Return what a segment is called."""
    if segment.others:
        return translate(OTHERS)
    return translate(NOT_GIVEN) if segment.value is None else segment.value


def dimension_name(dimension: str) -> str:
    """Return what a dimension is called: it begins with a capital letter."""
    return dimension[:1].upper() + dimension[1:]


def write_segments(context: SheetContext, sheet: SheetModel) -> list[str]:
    """Write a row for each segment and period; return the area to print, none without segments.

    Rows are found by the numbers of segment and period, so the table may be sorted. A group that is too small has no
    counts: they would be no secret on a sheet.
    """
    model, card, layout = context.model, context.card, context.layout

    def rows() -> Iterable[Row]:
        for place, segment in enumerate(card.visible_segments, 1):
            for number, period in enumerate(card.periods, 1):
                words = (dimension_name(segment.dimension), segment_name(segment), period_name(period))
                tally = segment.tallies[period]
                counts = (tally.detractors, tally.passives, tally.promoters) if tally is not None else (None,) * 3
                yield (*words, *counts, int(tally is not None), number, place)

    left = layout.segment_column
    block = Block(left, translate("Segments of the answers, by period"), "SegmentTallies", SEGMENT_HEADS, (16, 26, 11))
    return _write(model, sheet, block, rows()) if card.visible_segments else []


def write_themes(context: SheetContext, sheet: SheetModel) -> list[str]:
    """Write a row for each theme of the comments and period; return the area to print, none without themes."""
    model, card, layout = context.model, context.card, context.layout

    def rows() -> Iterable[Row]:
        for place, theme in enumerate(card.themes, 1):
            for number, period in enumerate(card.periods, 1):
                mentions, tally = theme.tallies[period]
                counts = (tally.detractors, tally.passives, tally.promoters) if tally is not None else (None,) * 3
                yield (
                    translate(theme.name),
                    period_name(period),
                    *counts,
                    mentions,
                    int(tally is not None),
                    number,
                    place,
                )

    left = layout.theme_column
    block = Block(left, translate("Themes of the comments, by period"), "ThemeTallies", THEME_HEADS, (30, 11))
    return _write(model, sheet, block, rows()) if card.themes else []


def _write(model: WorkbookModel, sheet: SheetModel, block: Block, rows: Iterable[Row]) -> list[str]:
    """Write a block as a table without filter buttons, which would hide rows of the figures beside it."""
    left, words = block.left, len(block.widths)
    model.put(sheet, (HEAD_ROW - 1, left), block.section, SECTION)
    heads = [translate(head) for head in block.heads]
    for column, head in enumerate(heads):
        model.put(sheet, (HEAD_ROW, left + column), head, HEAD if column < words else HEAD_NUMBER)
    count, key = ROW_NUMBER.but(number=COUNT), ROW_NUMBER.but(colour=MUTED)
    keys = len(block.heads) - _KEYS
    row = HEAD_ROW
    for row, values in enumerate(rows, HEAD_ROW + 1):
        for column, value in enumerate(values):
            look = ROW if column < words else count if column < keys else key
            if value is None:
                model.blank(sheet, (row, left + column), look)
            else:
                model.put(sheet, (row, left + column), value, look)
    first, last = get_column_letter(left), get_column_letter(left + len(block.heads) - 1)
    sheet.add_table(block.table, f"{first}{HEAD_ROW}:{last}{row}", heads)
    widths = dict.fromkeys(range(left, left + len(block.heads)), 11.0) | {left - 1: 3.0}
    widths |= dict(enumerate(block.widths, left))
    set_widths(sheet, {get_column_letter(column): width for column, width in widths.items()})
    return [f"{first}{HEAD_ROW - 1}:{last}{row}"]
