"""The strongest and the weakest partners, side by side at the foot of the Scorecard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl.utils.cell import get_column_letter

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.columns import PartnerColumns
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import SheetModel, WorkbookModel
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import RANKS, Layout
from partnerkpi.workbook.model.markup import Value
from partnerkpi.workbook.model.phrases import CANNOT_TELL, DASH, direction, direction_text, is_shown
from partnerkpi.workbook.model.ratings import colour_by_own_label, label
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
    colours,
)
from partnerkpi.workbook.model.translation import choice, message, translate, translate_formula
from partnerkpi.workbook.writer.things import colour_where, edge

NOBODY, NOBODY_ELSE = message("too few answers"), message("nobody else")
HEADS = (message("Partner"), "", message("NPS"), message("Answers"), message("Change"), message("Rating"))


def write_ranks(
    model: WorkbookModel, sheet: SheetModel, card: Scorecard, layout: Layout, known: Sequence[PartnerColumns], top: int
) -> None:
    """Write both lists from row `top`; a place that nobody takes stays empty, the first one says so."""
    ranked = sorted((one for one in known if one.order is not None), key=lambda one: -(one.order or 0))
    weakest = ranked[: RANKS - 1 : -1][:RANKS]
    for strongest, people, left in ((True, ranked[:RANKS], 1), (False, weakest, 1 + len(HEADS))):
        title = translate("Strongest partners") if strongest else translate("Weakest partners")
        model.put(sheet, (top, left), title, SECTION.but(indent=1))
        for column, head in enumerate(HEADS, left):
            look = HEAD_NUMBER if head in ("NPS", "Answers") else HEAD.but(indent=1)
            model.put(sheet, (top + 1, column), translate(head) if head else "", look)
        for place in range(1, RANKS + 1):
            one = people[place - 1] if place <= len(people) else None
            empty = _empty(layout, anyone=bool(ranked)) if place == 1 else Live('=""', "")
            rank = f"{names.DATA}!{layout.rank(strongest=strongest, place=place)}"
            _row(model, sheet, layout, one, rank, (top + 1 + place, left), empty)
        _colours(sheet, card, top + 2, left)
        if not strongest:
            _gap(sheet, range(top + 1, top + 2 + RANKS), left)


def _empty(layout: Layout, *, anyone: bool) -> Live:
    """Return what the first place says where nobody takes it."""
    formula = choice(f"COUNT({layout.partner_column('order')})=0", NOBODY, NOBODY_ELSE)
    return Live(f"={formula}", translate(NOBODY_ELSE if anyone else NOBODY))


def _row(
    model: WorkbookModel,
    sheet: SheetModel,
    layout: Layout,
    one: PartnerColumns | None,
    rank: str,
    start: tuple[int, int],
    empty: Live,
) -> None:
    """Write one place of a list from its first cell; `rank` is the cell that says which partner takes it."""
    row, left = start

    def found(key: str) -> str:
        return f"INDEX({layout.partner_column(key)},{rank})"

    def live(formula: str, value: Value, otherwise: str = '""') -> Live:
        return Live(f"=IF(ISNUMBER({rank}),{formula},{otherwise})", value)

    certain = is_shown(found("certainty"))
    moved = direction(found("change"), found("certainty"))
    name = live(found("name"), one.partner.name if one else str(empty.value), empty.formula[1:])
    model.put(sheet, (row, left), name, ROW.but(indent=1))
    model.blank(sheet, (row, left + 1), ROW)
    nps = live(found("nps"), one.line.scores.nps if one else "")
    model.put(sheet, (row, left + 2), nps, ROW_NUMBER.but(number=SCORE))
    answers = live(found("answers"), one.line.scores.responses if one else "")
    model.put(sheet, (row, left + 3), answers, ROW_NUMBER.but(number=COUNT))
    change = live(f"IF({certain},{moved},{found('certainty')})", _change(one) if one else "")
    model.put(sheet, (row, left + 4), change, ROW.but(indent=1))
    rating = live(found("rating"), label(one.line.nps_rating) if one else "")
    model.put(sheet, (row, left + 5), rating, CHIPS["no data"].but(fill=None, line=LINE))


def _change(one: PartnerColumns) -> str:
    """Return a change in words where it is more than noise, and otherwise that nobody can tell."""
    change = one.line.nps_change
    if change.raw is None:
        return DASH
    return translate(CANNOT_TELL) if change.word == CANNOT_TELL else direction_text(change.raw, change.word)


def _colours(sheet: SheetModel, card: Scorecard, first: int, left: int) -> None:
    """Colour the ratings, and grey the changes that cannot be told from noise."""
    last = first + RANKS - 1
    change, rating = (get_column_letter(left + offset) for offset in (4, 5))
    colour_by_own_label(sheet, f"{rating}{first}:{rating}{last}", card.benchmarks["nps"], f"${rating}{first}")
    unsure = f"{change}{first}={translate_formula(CANNOT_TELL)}"
    colour_where(sheet, f"{change}{first}:{change}{last}", unsure, colours(MUTED))


def _gap(sheet: SheetModel, rows: Iterable[int], column: int) -> None:
    """Draw a white line at the left of a list, to part it from its neighbour."""
    for row in rows:
        sheet.cell(row, column).border = edge(left=WHITE, hair=LINE)
