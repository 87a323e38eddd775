"""The strongest and the weakest partners, side by side at the foot of the Scorecard."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook import names
from partnerkpi.workbook.cells import Live, Writer
from partnerkpi.workbook.columns import Known
from partnerkpi.workbook.layout import RANKS, Layout
from partnerkpi.workbook.markup import Value
from partnerkpi.workbook.phrases import CANNOT_TELL, DASH, direction, direction_text
from partnerkpi.workbook.ratings import colour_by_figure, label
from partnerkpi.workbook.theme import (
    CHIPS,
    COUNT,
    HEAD,
    HEAD_NUMBER,
    LINE,
    MUTED,
    ROW,
    ROW_NUMBER,
    SCORE,
    SECTION,
    WHITE,
)

HEADS = ("Partner", "", "NPS", "Answers", "Change", "Rating")


def write_ranks(
    writer: Writer, sheet: Worksheet, card: Scorecard, layout: Layout, known: Sequence[Known], top: int
) -> None:
    """Write both lists from row `top`; a place that nobody takes stays empty."""
    ranked = sorted((one for one in known if one.order is not None), key=lambda one: -(one.order or 0))
    weakest = ranked[: RANKS - 1 : -1][:RANKS]
    for strongest, people, left in ((True, ranked[:RANKS], 1), (False, weakest, 1 + len(HEADS))):
        writer.put(sheet, (top, left), "Strongest partners" if strongest else "Weakest partners", SECTION.but(indent=1))
        for column, head in enumerate(HEADS, left):
            writer.put(sheet, (top + 1, column), head, HEAD_NUMBER if head in ("NPS", "Answers") else HEAD.but(indent=1))
        for place in range(1, RANKS + 1):
            one = people[place - 1] if place <= len(people) else None
            _row(writer, sheet, layout, one, top + 1 + place, left, layout.rank(strongest=strongest, place=place))
        for row in range(top + 1, top + 2 + RANKS):
            if not strongest:  # a gap between the two lists
                sheet.cell(row, left).border = Border(left=Side("thick", color=f"FF{WHITE}"), bottom=Side("hair", color=f"FF{LINE}"))
        nps = f"${get_column_letter(left + 2)}{top + 2}"
        rating = get_column_letter(left + 5)
        colour_by_figure(sheet, f"{rating}{top + 2}:{rating}{top + 1 + RANKS}", card.benchmarks["nps"], nps)
        change = get_column_letter(left + 4)
        grey = DifferentialStyle(font=Font(color=f"FF{MUTED}"))
        unsure = Rule("expression", dxf=grey, formula=[f'{change}{top + 2}="{CANNOT_TELL}"'])
        sheet.conditional_formatting.add(f"{change}{top + 2}:{change}{top + 1 + RANKS}", unsure)


def _row(
    writer: Writer, sheet: Worksheet, layout: Layout, one: Known | None, row: int, left: int, rank: str
) -> None:
    place = f"{names.DATA}!{rank}"

    def found(key: str) -> str:
        return f"INDEX({layout.partner_column(key)},{place})"

    def live(formula: str, value: Value) -> Live:
        return Live(f'=IF(ISNUMBER({place}),{formula},"")', "" if one is None else value)

    certain = f'OR({found("certainty")}="up",{found("certainty")}="down")'
    moved = direction(found("change"), found("certainty"))
    writer.put(sheet, (row, left), live(found("name"), one.partner.name if one else ""), ROW.but(indent=1))
    writer.blank(sheet, (row, left + 1), ROW)
    writer.put(sheet, (row, left + 2), live(found("nps"), one.line.scores.nps if one else ""), ROW_NUMBER.but(number=SCORE))
    writer.put(sheet, (row, left + 3), live(found("answers"), one.line.scores.responses if one else ""), ROW_NUMBER.but(number=COUNT))
    formula = f'IF({certain},{moved},{found("certainty")})'
    writer.put(sheet, (row, left + 4), live(formula, _change(one)), ROW.but(indent=1))
    writer.put(sheet, (row, left + 5), live(found("rating"), label(one.line.nps_rating) if one else ""), CHIPS["no data"].but(fill=None, line=LINE))


def _change(one: Known | None) -> str:
    """Return a change in words where it is more than noise, and otherwise that nobody can tell."""
    if one is None or one.line.nps_change.raw is None:
        return DASH
    change = one.line.nps_change
    return CANNOT_TELL if change.word == CANNOT_TELL else direction_text(change.raw or 0.0, change.word)
