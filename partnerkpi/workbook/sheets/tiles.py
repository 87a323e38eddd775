"""The tiles of the Scorecard: label, figure, rating and target, interval, change, last periods, what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.styles import Alignment
from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.language.figures import SHOWN
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.expression import given, live, tell, when_number
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import PERCENT, whole, with_unit
from partnerkpi.workbook.model.ratings import chip as chip_look
from partnerkpi.workbook.model.ratings import colour_by_own_label
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    ACCENT,
    BLOCKS,
    CHIPS,
    COUNT,
    FIGURE,
    INK,
    LABEL,
    MUTED,
    NO_DATA,
    SCORE,
    SHARE,
    TILE_NOTE,
    WHITE,
    colours,
    edge,
)
from partnerkpi.workbook.model.translation import message, translate, translate_formula
from partnerkpi.workbook.sheets.parts import SheetContext
from partnerkpi.workbook.sheets.peers import middle

HEIGHTS = (17.0, 34.0, 17.0, 26.0, 37.0, 16.0, 27.0)  # label, figure, chip, interval, change, blocks, what it rests on
WIDTH = 2  # columns
_NOTE = TILE_NOTE.but(colour=MUTED)
_BLOCKS = TILE_NOTE.but(colour=BLOCKS)
_SHRUNK = Alignment(horizontal="left", vertical="center", indent=1, shrink_to_fit=True)
_LOW = Alignment(horizontal="left", vertical="bottom")
_IN_LINES = 24.0  # points: a row of this height takes two lines of a note


@dataclass(frozen=True)
class Kpi:
    """A KPI that has a tile: the keys of its figures by period, and the benchmark that rates it."""

    label: str
    key: str
    number: str = SHARE
    kpi: str = ""


KPIS = (
    Kpi(message("Strategic Partner NPS"), "nps", SCORE, "nps"),
    Kpi(message("Active advocates"), "advocacy", SHARE, "advocacy"),
    Kpi(message("Retained customers with a partner"), "influence", SHARE, "retention"),
)


@dataclass(frozen=True)
class Tile:
    """What stands in a tile, from top to bottom, the lines below the chip; None leaves a place empty."""

    label: str
    figure: Live
    number: str
    chip: Live | None
    beside: Live | None
    lines: Sequence[Live | str | None]
    drawn: bool = False  # whether the last line but one is blocks
    rated: str = ""  # the label of the rating on the day the workbook was made, whose colours the chip has itself


def write_tiles(context: SheetContext, sheet: SheetModel, top: int) -> None:
    """Write the tiles side by side from column A, their labels in row `top`."""
    model, card = context.model, context.card
    _, chip = write_tile(model, sheet, _rated(context, KPIS[0]), top, 0)
    colour_by_own_label(sheet, chip, card.benchmarks["nps"], chip, ground=NO_DATA.fill)
    _stress(sheet, top + 4, 0)
    # of one partner there is no share of active ones, and no influence share
    for place, tile in enumerate((_activities, _retention, _customers, _response, _peers), 1):
        write_tile(model, sheet, tile(context), top, place)
    for row, height in enumerate(HEIGHTS, top):
        sheet.heights[row] = height


def write_tile(
    model: WorkbookModel, sheet: SheetModel, tile: Tile, top: int, place: int, heights: Sequence[float] = HEIGHTS
) -> tuple[str, str]:
    """Write a tile; return the cells of its figure and of its chip, for colour rules. Its rows have these `heights`."""
    left = 1 + place * WIDTH
    last = top + 2 + len(tile.lines)
    for row in range(top, last + 1):  # a number that does not fit would be ####; beside a figure stands its target
        if row != top + 1 or tile.beside is None:
            sheet.merge_cells(start_row=row, end_row=row, start_column=left, end_column=left + WIDTH - 1)
    for row in range(top, last + 1):
        for column in range(left, left + WIDTH):
            model.blank(sheet, (row, column), TILE_NOTE)
    model.put(sheet, (top, left), tile.label, LABEL)
    letter = get_column_letter(left)
    model.put(sheet, (top + 1, left), tile.figure, FIGURE.but(number=tile.number))
    chip = f"{letter}{top + 2}"
    if tile.chip is not None:
        model.put(sheet, chip, tile.chip, chip_look(tile.rated, CHIPS["no data"]))
    if tile.beside is not None:
        model.put(sheet, (top + 1, left + 1), tile.beside, _NOTE)
        sheet.restyle(top + 1, left + 1, alignment=_LOW)
    sheet.restyle(top, left, alignment=_SHRUNK)
    for row, (line, height) in enumerate(zip(tile.lines, heights[3:], strict=False), top + 3):
        if line is not None:
            drawn = tile.drawn and row == last - 1
            lines = height >= _IN_LINES and not drawn
            look = _BLOCKS if drawn else _NOTE.but(wrap=True, vertical="top") if lines else _NOTE
            model.put(sheet, (row, left), line, look)
            if not lines:  # a long one is printed a little smaller rather than cut
                sheet.restyle(row, left, alignment=_SHRUNK)
    for row in range(top, last + 1):  # an accent at the left, a gap at the right
        sheet.restyle(row, left, border=edge(left=ACCENT))
        sheet.restyle(row, left + 1, border=edge(right=WHITE))
    return f"${letter}${top + 1}", chip


def _stress(sheet: SheetModel, row: int, place: int) -> None:
    """Print a change in ink where it is more than chance; bold would not fit."""
    cell = f"{get_column_letter(1 + place * WIDTH)}{row}"
    shown = f"RIGHT({cell},{len(translate(SHOWN))})={translate_formula(SHOWN)}"
    sheet.colour_where(cell, shown, colours(INK))


def _rated(context: SheetContext, kpi: Kpi) -> Tile:
    card = context.card
    figure, rating = context.chosen(kpi.key), context.chosen(f"{kpi.key}_rating")
    target = whole(given(names.of_kpi(kpi.kpi, "target"), card.benchmarks[kpi.kpi].target))
    return Tile(
        translate(kpi.label),
        figure,
        kpi.number,
        _chip(figure, rating),
        live(tell("target {target}", target=with_unit(target, "" if kpi.kpi == "nps" else PERCENT))),
        (
            context.chosen(f"{kpi.key}_interval"),
            context.chosen(f"{kpi.key}_moved"),
            context.chosen(f"{kpi.key}_line"),
            context.chosen(f"{kpi.key}_context"),
        ),
        drawn=True,
        rated=context.rating_as_made(kpi.kpi),
    )


def _chip(figure: Live, rating: Live) -> Live:
    """Return the rating of a figure; where there is none, "no data"."""
    return live(when_number(figure, rating, NO_DATA.label))


def _response(context: SheetContext) -> Tile:
    figure = context.chosen("response")
    full_count = _when(figure, translate("a full count: no interval"))
    return _unrated(context, "response", translate("Response rate"), SHARE, full_count)


def _when(figure: Live, text: str) -> Live:
    """Return a text that stands only beside a figure."""
    return live(when_number(figure, text))


def _retention(context: SheetContext) -> Tile:
    return _unrated(context, "retention", translate("Retention rate"), SHARE, context.chosen("retention_interval"))


def _activities(context: SheetContext) -> Tile:
    return _unrated(context, "activities", translate("Activities"), COUNT, None)


def _customers(context: SheetContext) -> Tile:
    return _unrated(context, "customers", translate("Customers"), COUNT, None)


def _unrated(context: SheetContext, key: str, label: str, number: str, second: Live | None) -> Tile:
    """Return the tile of a figure that has no target; `second` is what stands below it."""
    figure = context.chosen(key)
    rests_on = None if key in ("activities", "customers") else context.chosen(f"{key}_context")
    lines = (second, context.chosen(f"{key}_was"), context.chosen(f"{key}_line"), rests_on)
    return Tile(label, figure, number, _chip(figure, live(tell("not rated"))), None, lines, drawn=True)


def _peers(context: SheetContext) -> Tile:
    """Return the tile of a pack: where its NPS stands among those of all partners."""
    all_partners = middle(context)
    rule = live(tell("those with enough answers: see Peers"))
    lines = (all_partners.place, all_partners.quartiles, all_partners.partners, rule)
    return Tile(translate("Median NPS of all partners"), all_partners.median, SCORE, None, None, lines)
