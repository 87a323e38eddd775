"""The segments' tallies on Data. What is too small to be shown is not there either: a workbook hides nothing safely."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.grouping import Segment
from partnerkpi.workbook.cells import Writer
from partnerkpi.workbook.layout import HEAD_ROW, SEGMENT_HEADS, Layout
from partnerkpi.workbook.page import set_widths
from partnerkpi.workbook.phrases import period_name
from partnerkpi.workbook.theme import COUNT, HEAD, HEAD_NUMBER, MUTED, ROW, ROW_NUMBER, SECTION

NOT_GIVEN = "(not given)"
OTHERS = "Others together"
_TEXTS = 3  # columns of words, before those of numbers


def segment_name(segment: Segment) -> str:
    """Return what a segment is called."""
    if segment.others:
        return OTHERS
    return NOT_GIVEN if segment.value is None else segment.value


def dimension_name(dimension: str) -> str:
    """Return what a dimension is called: it begins with a capital letter."""
    return dimension[:1].upper() + dimension[1:]


def write_segments(
    writer: Writer, sheet: Worksheet, card: Scorecard, layout: Layout, segments: Sequence[Segment]
) -> list[str]:
    """Write a row for each segment and period; return the area to print, none without segments.

    Rows are found by the numbers of segment and period, so the table may be sorted. A group that is too small has no
    counts: they would be no secret on a sheet.
    """
    if not segments:
        return []
    left = layout.segment_column
    writer.put(sheet, (HEAD_ROW - 1, left), "Segments of the answers, by period", SECTION)
    for column, head in enumerate(SEGMENT_HEADS, left):
        writer.put(sheet, (HEAD_ROW, column), head, HEAD if column < left + _TEXTS else HEAD_NUMBER)
    count, number = ROW_NUMBER.but(number=COUNT), ROW_NUMBER.but(colour=MUTED)
    row = HEAD_ROW
    for place, segment in enumerate(segments, 1):
        for period_number, period in enumerate(card.periods, 1):
            row += 1
            words = (dimension_name(segment.dimension), segment_name(segment), period_name(period))
            for column, word in enumerate(words, left):
                writer.put(sheet, (row, column), word, ROW)
            tally = segment.tallies[period]
            counts = (tally.detractors, tally.passives, tally.promoters) if tally is not None else (None,) * 3
            for column, value in enumerate(counts, left + _TEXTS):
                if value is None:
                    writer.blank(sheet, (row, column), count)
                else:
                    writer.put(sheet, (row, column), value, count)
            for column, key in enumerate((int(tally is not None), period_number, place), left + 2 * _TEXTS):
                writer.put(sheet, (row, column), key, number)
    first, last = get_column_letter(left), get_column_letter(left + len(SEGMENT_HEADS) - 1)
    table = Table(displayName="SegmentTallies", ref=f"{first}{HEAD_ROW}:{last}{row}")
    table.tableColumns = [TableColumn(id=place, name=head) for place, head in enumerate(SEGMENT_HEADS, 1)]
    sheet.add_table(table)  # without filter buttons: they would hide rows of the figures beside it
    widths = dict.fromkeys(range(left, left + len(SEGMENT_HEADS)), 11.0) | {left - 1: 3.0, left: 16.0, left + 1: 26.0}
    set_widths(sheet, {get_column_letter(column): width for column, width in widths.items()})
    return [f"{first}{HEAD_ROW - 1}:{last}{row}"]
