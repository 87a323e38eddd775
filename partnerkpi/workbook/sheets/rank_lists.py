"""The strongest and the weakest partners, side by side at the foot of the Scorecard."""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl.utils.cell import get_column_letter

from partnerkpi.language.figures import CANNOT_TELL, DASH
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.columns import PartnerColumns
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.expression import Given, Part, expression, given, live, tell, when, when_number
from partnerkpi.workbook.model.layout import RANKS
from partnerkpi.workbook.model.phrases import direction, is_shown
from partnerkpi.workbook.model.ratings import colour_by_own_label
from partnerkpi.workbook.model.theme import (
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
    Look,
    colours,
    edge,
)
from partnerkpi.workbook.model.translation import message, translate, translate_formula
from partnerkpi.workbook.sheets.parts import SheetContext

HEADS = (message("Partner"), "", message("NPS"), message("Answers"), message("Change"), message("Rating"))


def write_ranks(context: SheetContext, sheet: SheetModel, top: int) -> None:
    """Write both lists from row `top`; a place that nobody takes stays empty, the first one says so."""
    model, card, layout, partners = context.model, context.card, context.layout, context.partners
    nobody = when(context.ranked.equals(0), tell("too few answers"), tell("nobody else"))
    order = sorted((one for one in partners if one.order is not None), key=lambda one: -(one.order or 0))
    weakest = order[: RANKS - 1 : -1][:RANKS]
    for strongest, people, left in ((True, order[:RANKS], 1), (False, weakest, 1 + len(HEADS))):
        title = translate("Strongest partners") if strongest else translate("Weakest partners")
        model.put(sheet, (top, left), title, SECTION.but(indent=1))
        for column, head in enumerate(HEADS, left):
            look = HEAD_NUMBER if head in ("NPS", "Answers") else HEAD.but(indent=1)
            model.put(sheet, (top + 1, column), translate(head) if head else "", look)
        for place in range(1, RANKS + 1):
            one = people[place - 1] if place <= len(people) else None
            empty = nobody if place == 1 else expression("")
            rank = f"{names.DATA}!{layout.rank(strongest=strongest, place=place)}"
            _row(context, sheet, one, rank, (top + 1 + place, left), empty)
        _colours(sheet, card, top + 2, left)
        if not strongest:
            _gap(sheet, range(top + 1, top + 2 + RANKS), left)


def _row(
    context: SheetContext,
    sheet: SheetModel,
    one: PartnerColumns | None,
    rank: str,
    start: tuple[int, int],
    empty: Given,
) -> None:
    """Write one place of a list from its first cell; `rank` is the cell that says which partner takes it."""
    model, layout = context.model, context.layout
    row, left = start

    def found(key: str) -> Given:
        return given(f"INDEX({layout.partner_column(key)},{rank})", one(key) if one is not None else "")

    def put(column: int, content: Part[object, object], look: Look, otherwise: Part[object, object] = "") -> None:
        taken = given(rank, 1 if one is not None else DASH)
        model.put(sheet, (row, left + column), live(when_number(taken, content, otherwise)), look)

    word = found("certainty")
    put(0, found("name"), ROW.but(indent=1), empty)
    model.blank(sheet, (row, left + 1), ROW)
    put(2, found("nps"), ROW_NUMBER.but(number=SCORE))
    put(3, found("answers"), ROW_NUMBER.but(number=COUNT))
    put(4, when(is_shown(word), direction(found("change"), word), word), ROW.but(indent=1))
    put(5, found("rating"), CHIPS["no data"].but(fill=None, line=LINE))


def _colours(sheet: SheetModel, card: Scorecard, first: int, left: int) -> None:
    """Colour the ratings, and grey the changes that cannot be told from noise."""
    last = first + RANKS - 1
    change, rating = (get_column_letter(left + offset) for offset in (4, 5))
    colour_by_own_label(sheet, f"{rating}{first}:{rating}{last}", card.benchmarks["nps"], f"${rating}{first}")
    unsure = f"{change}{first}={translate_formula(CANNOT_TELL)}"
    sheet.colour_where(f"{change}{first}:{change}{last}", unsure, colours(MUTED))


def _gap(sheet: SheetModel, rows: Iterable[int], column: int) -> None:
    """Draw a white line at the left of a list, to part it from its neighbour."""
    for row in rows:
        sheet.restyle(row, column, border=edge(left=WHITE, hair=LINE))
