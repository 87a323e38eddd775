"""Scorecard of a pack: the page of one partner. The sentence first, then the figures, then its place among all."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from openpyxl.styles import Alignment

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import (
    given,
    live,
    tell,
)
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import period_name, risk
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    CELL_INPUT,
    HEADLINE,
    NOTE,
    SECTION,
    TEXT,
    TITLE,
)
from partnerkpi.workbook.model.translation import quoted, translate
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.page import set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.charts import mix_chart, trend_chart
from partnerkpi.workbook.sheets.parts import SheetContext
from partnerkpi.workbook.sheets.peers import write_standing
from partnerkpi.workbook.sheets.tiles import HEIGHTS as TILE_HEIGHTS
from partnerkpi.workbook.sheets.tiles import write_tiles

COLUMNS = "ABCDEFGHIJKL"
_TITLE_ROW, _PERIOD_ROW, _HEADLINE_ROW, _TILE_ROW = 1, 2, 3, 5
_CHART_HEAD = _TILE_ROW + len(TILE_HEIGHTS) + 1
_CHART_ROWS = 10
_STANDING = _CHART_HEAD + _CHART_ROWS + 2
_LONGEST_TITLE, _LONGEST_NOTE = 75, 160
_COLUMN_WIDTH, _TITLE_HEIGHT = 11.7, 30
#: Where a logo may stand: the last column, and in pixels its width and the height of the title.
LOGO_BOX = (len(COLUMNS), int(7 * _COLUMN_WIDTH), _TITLE_HEIGHT * 4 // 3)


def write_scorecard(context: SheetContext, sheet: SheetModel) -> None:
    """Write the page for the chosen period."""
    model, card, layout, periods = context.model, context.card, context.layout, context.periods
    _head(context, sheet)
    _headline(context, sheet)
    write_tiles(context, sheet, _TILE_ROW)
    for column, key in (("A", "above_trend"), ("G", "above_mix")):
        model.put(sheet, f"{column}{_CHART_HEAD}", context.chosen(key), SECTION.but(indent=1))
    data = model[names.DATA]
    top = _CHART_HEAD
    sheet.place_chart(
        trend_chart(data, layout).scaled(_lowest(periods, card.benchmarks["nps"].target)),
        (0, 6, top, top + _CHART_ROWS),
    )
    sheet.place_chart(mix_chart(data, layout), (6, 12, top, top + _CHART_ROWS))
    foot = write_standing(context, sheet, _STANDING, len(COLUMNS)) + 1
    model.put(sheet, f"A{foot}", _foot(context), NOTE)
    if card.notes:
        model.put(sheet, f"A{foot + 1}", _first_note(card), NOTE)
    set_widths(sheet, dict.fromkeys(COLUMNS, _COLUMN_WIDTH))
    heights: dict[int, float] = {
        _TITLE_ROW: _TITLE_HEIGHT,
        _PERIOD_ROW: 20,
        _HEADLINE_ROW: 34,
        _TILE_ROW - 1: 6,
        _CHART_HEAD - 1: 8,
    }
    heights |= dict.fromkeys(range(_CHART_HEAD + 1, _CHART_HEAD + _CHART_ROWS + 1), 15.5)
    heights |= {_CHART_HEAD: 18, _STANDING - 1: 8, foot - 1: 4, foot: 14}
    set_heights(sheet, heights)
    set_page(sheet, card.title, [f"A1:L{foot + bool(card.notes)}"], one_page=True)


def _head(context: SheetContext, sheet: SheetModel) -> None:
    """Write title, period cell, as-of date and number of answers."""
    model, card = context.model, context.card
    title = " ".join(clean_text(card.title).split())
    shown = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    model.put(sheet, f"A{_TITLE_ROW}", shown, TITLE)
    sheet.restyle(_TITLE_ROW, 1, alignment=Alignment(horizontal="left", vertical="center", shrink_to_fit=True))
    sheet.merge_cells(f"A{_TITLE_ROW}:J{_TITLE_ROW}")  # the last two columns are for a logo
    row = _PERIOD_ROW
    model.put(sheet, f"A{row}", translate("Period"), NOTE.but(size=11))
    for ref in (f"B{row}", f"C{row}"):
        model.blank(sheet, ref, CELL_INPUT)
    model.put(sheet, f"B{row}", period_name(card.current), CELL_INPUT.but(align="left", number=TEXT, indent=1))
    sheet.merge_cells(f"B{row}:C{row}")
    names.define(model, names.PERIOD, sheet.title, f"B{row}")
    sheet.check_entry(
        f"B{row}",
        type="list",
        formula1=names.PERIODS,
        promptTitle=translate("Period"),
        prompt=translate("Choose a period: every figure of this workbook follows."),
        errorTitle=translate("Period"),
        error=translate("Please choose one of the list."),
        showInputMessage=True,
        showErrorMessage=True,
    )
    model.put(sheet, f"D{row}", translate("choose a period: everything follows"), NOTE.but(indent=1))
    right = NOTE.but(align="right")
    as_of = card.as_of if card.as_of is not None else translate("No dates in the data")
    model.put(sheet, f"H{row}", as_of, right.but(number=f"{quoted(translate('Data to') + ' ')}d mmm yyyy"))
    sheet.merge_cells(f"H{row}:J{row}")
    model.put(
        sheet, f"K{row}", context.chosen("answers"), right.but(number=f"#,##0{quoted(' ' + translate('answers'))}")
    )
    sheet.merge_cells(f"K{row}:L{row}")


def _headline(context: SheetContext, sheet: SheetModel) -> None:
    """Write what the page says, in words; one partner has no place in a count of partners."""
    sentence = context.headline()
    context.model.put(sheet, f"A{_HEADLINE_ROW}", live(sentence), HEADLINE.but(vertical="center"))
    sheet.merge_cells(f"A{_HEADLINE_ROW}:L{_HEADLINE_ROW}")


def _foot(context: SheetContext) -> Live:
    """Say whose the quartiles are, and how changes are judged."""
    by_chance = risk(given(names.CONFIDENCE, context.card.confidence))
    rule = tell(
        "Quartiles are of all partners and name nobody: see Peers. "
        "More than chance: chance alone gives as much in fewer than {risk} % of cases.",
        risk=by_chance,
    )
    return live(rule)


def _first_note(card: Scorecard) -> str:
    """Return the first note on the data, and how many more there are."""
    note = " ".join(clean_text(card.notes[0]).split())
    shown = note if len(note) <= _LONGEST_NOTE else f"{note[: _LONGEST_NOTE - 1]}…"
    more = " " + translate("({count} more on About)", count=len(card.notes) - 1) if len(card.notes) > 1 else ""
    return translate("Note: {note}", note=shown + more)


def _lowest(periods: Sequence[PeriodFigures], target: float) -> float:
    """Return where the axis of the trend begins: the full ten below everything that is drawn, -100 at the least."""
    ends = [period.line.nps_interval.low for period in periods if period.line.nps_interval is not None]
    ends += [period.line.scores.nps for period in periods if period.line.scores.nps is not None]
    return max(-100.0, 10 * floor((min([*ends, target]) - 1) / 10))
