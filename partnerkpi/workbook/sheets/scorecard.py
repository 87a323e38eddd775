"""Scorecard of a review: the page of one partner. The sentence first, then the figures, then its place among all."""

from __future__ import annotations

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import (
    count,
    given,
    live,
    tell,
)
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import risk
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    ACCENT,
    HEADLINE,
    NOTE,
    SECTION,
)
from partnerkpi.workbook.model.translation import current_language, translate
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.notes import note_in_words
from partnerkpi.workbook.page import lines_needed, set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.charts import described, lowest_of_trend, mix_chart, trend_chart
from partnerkpi.workbook.sheets.page_head import (
    COLUMNS,
    PERIOD_ROW,
    logo_box,
    part_in_words,
    write_period_cell,
    write_title,
)
from partnerkpi.workbook.sheets.parts import SheetContext
from partnerkpi.workbook.sheets.peers import write_standing
from partnerkpi.workbook.sheets.tiles import HEIGHTS as TILE_HEIGHTS
from partnerkpi.workbook.sheets.tiles import write_tiles

_HEADLINE_ROW, _TILE_ROW = 3, 5
_CHART_HEAD = _TILE_ROW + len(TILE_HEIGHTS) + 1
_CHART_ROWS = 10
_STANDING = _CHART_HEAD + _CHART_ROWS + 2
_LONGEST_NOTE = 160
_COLUMN_WIDTH = 11.7
LOGO_BOX = logo_box(_COLUMN_WIDTH)


def write_scorecard(context: SheetContext, sheet: SheetModel) -> None:
    """Write the page for the chosen period."""
    model, card = context.model, context.card
    _head(context, sheet)
    _headline(context, sheet)
    write_tiles(context, sheet, _TILE_ROW)
    standing = _STANDING if card.has_answers else _CHART_HEAD
    if card.has_answers:
        _charts(context, sheet)
    foot = write_standing(context, sheet, standing, len(COLUMNS)) + 1
    model.put(sheet, f"A{foot}", _foot(context), NOTE)
    if card.notes:
        model.put(sheet, f"A{foot + 1}", _first_note(card), NOTE)
    set_widths(sheet, dict.fromkeys(COLUMNS, _COLUMN_WIDTH))
    heights: dict[int, float] = {
        _HEADLINE_ROW: 34,
        _TILE_ROW - 1: 6,
        _CHART_HEAD - 1: 8,
    }
    if card.has_answers:
        heights |= dict.fromkeys(range(_CHART_HEAD + 1, _CHART_HEAD + _CHART_ROWS + 1), 15.5)
    heights |= {standing - 1: 8, foot - 1: 4, foot: 14, _CHART_HEAD: 18}
    if part := part_in_words(card):
        model.put(sheet, f"A{_HEADLINE_ROW + 1}", part, HEADLINE.but(colour=ACCENT, vertical="center"))
        sheet.merge_cells(f"A{_HEADLINE_ROW + 1}:L{_HEADLINE_ROW + 1}")
        heights[_HEADLINE_ROW + 1] = 6 + 15 * min(3, lines_needed(part, 130))
    set_heights(sheet, heights)
    set_page(sheet, card.title, [f"A1:L{foot + bool(card.notes)}"], one_page=True)


def _charts(context: SheetContext, sheet: SheetModel) -> None:
    """Draw the NPS over the periods, and what the answers were made of."""
    for column, key in (("A", "above_trend"), ("G", "above_mix")):
        context.model.put(sheet, f"{column}{_CHART_HEAD}", context.chosen(key), SECTION.but(indent=1))
    data, layout = context.model[names.DATA], context.layout
    top = _CHART_HEAD
    sheet.place_chart(
        trend_chart(data, layout).scaled(lowest_of_trend(context)),
        (0, 6, top, top + _CHART_ROWS),
        described("NPS", context.periods, context.course("nps")),
    )
    mix = str(context.current("above_mix"))
    sheet.place_chart(mix_chart(data, layout), (6, 12, top, top + _CHART_ROWS), mix)


def _head(context: SheetContext, sheet: SheetModel) -> None:
    """Write title, period cell, as-of date and number of answers."""
    model, card = context.model, context.card
    write_title(context, sheet)
    write_period_cell(context, sheet)
    row = PERIOD_ROW
    model.put(sheet, f"D{row}", translate("choose a period: everything follows"), NOTE.but(indent=1))
    right = NOTE.but(align="right")
    day = current_language().date(card.as_of) if card.as_of is not None else ""
    undated = translate("No dates in the data") if card.period_kind == "all" else ""
    as_of = translate("Data to {day}", day=day) if day else undated
    model.put_if_known(sheet, f"H{row}", as_of or None, right)
    sheet.merge_cells(f"H{row}:J{row}")
    model.put(sheet, f"K{row}", live(count(context.figure("answers"), "{n} answer", "{n} answers")), right)
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
    note = " ".join(clean_text(note_in_words(card.notes[0])).split())
    shown = note if len(note) <= _LONGEST_NOTE else f"{note[: _LONGEST_NOTE - 1]}…"
    more = " " + translate("({count} more on About)", count=len(card.notes) - 1) if len(card.notes) > 1 else ""
    return translate("Note: {note}", note=shown + more)
