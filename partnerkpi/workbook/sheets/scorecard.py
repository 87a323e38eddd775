"""Scorecard: the executive's page. The sentence first, then the figures, then the evidence, on one printed page.

Alerts and next steps at its foot are sentences about the newest period, and about no other. They stand as text on Data,
since names of partners are in them; where another period is chosen or a benchmark was changed, the page says so instead
of showing them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor

from openpyxl.styles import Alignment
from openpyxl.utils.cell import get_column_letter

from partnerkpi.language.figures import DASH, NOT_SHOWN
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.columns import PartnerColumns
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import (
    Given,
    Part,
    count,
    expression,
    given,
    joined,
    live,
    tell,
    when,
    when_number,
)
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import LONGEST, PERIOD_LABEL_COLUMN, RANKS, SENTENCES
from partnerkpi.workbook.model.phrases import direction, is_shown, period_name, risk
from partnerkpi.workbook.model.ratings import colour_by_own_label
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    CELL_INPUT,
    CHIPS,
    COUNT,
    GENERAL,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    LINE,
    MUTED,
    NOTE,
    NOTE_SIZE,
    ROW,
    ROW_NUMBER,
    SCORE,
    SECTION,
    TEXT,
    TITLE,
    WHITE,
    Look,
    colours,
    edge,
)
from partnerkpi.workbook.model.translation import message, quoted, translate, translate_formula, translated
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
_RANK_HEAD = _CHART_HEAD + _CHART_ROWS + 2
_ALERTS_HEAD = _RANK_HEAD + 8
_FOOT_ROW = _ALERTS_HEAD + SENTENCES + 2
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
    foot = _FOOT_ROW
    if card.is_pack:
        foot = write_standing(context, sheet, _RANK_HEAD, len(COLUMNS)) + 1
    else:
        _write_ranks(context, sheet, _RANK_HEAD)
        _show_sentences(context, sheet, _ALERTS_HEAD)
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
    heights |= {_CHART_HEAD: 18, _RANK_HEAD - 1: 8, foot - 1: 4, foot: 14}
    if not card.is_pack:
        heights[_ALERTS_HEAD - 1] = 6
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
    if not context.card.is_pack:
        sentence = joined(sentence, " ", _rated(context))
    context.model.put(sheet, f"A{_HEADLINE_ROW}", live(sentence), HEADLINE.but(vertical="center"))
    sheet.merge_cells(f"A{_HEADLINE_ROW}:L{_HEADLINE_ROW}")


def _rated(context: SheetContext) -> Given:
    """Say how many partners have the lowest rating; nothing where nobody has answers enough."""
    some, low = context.ranked, context.lowest_rated
    places = {"answers": context.fewest_answers, "rating": context.lowest_rating}
    alone = when(
        low.equals(1),
        tell("The one partner with {answers} answers or more rates {rating}.", **places),
        tell("The one partner with {answers} answers or more does not rate {rating}.", **places),
    )
    many = count(
        low,
        "{n} of {partners} partners with {answers} answers or more rates {rating}.",
        "{n} of {partners} partners with {answers} answers or more rate {rating}.",
        partners=some,
        **places,
    )
    return when(some.equals(0), "", when(some.equals(1), alone, many))


def _foot(context: SheetContext) -> Live:
    """Say what was set aside, and by which rules partners are ranked and changes judged."""
    card = context.card
    by_chance = risk(given(names.CONFIDENCE, card.confidence))
    if card.is_pack:
        rule = tell(
            "Quartiles are of all partners and name nobody: see Peers. "
            "More than chance: chance alone gives as much in fewer than {risk} % of cases.",
            risk=by_chance,
        )
        return live(rule)
    rows = given(names.ROWS_READ, sum(source.rows_read for source in card.sources))
    left_out = given(names.ROWS_SET_ASIDE, sum(sum(source.set_aside.values()) for source in card.sources))
    aside = tell("{aside} of {rows} rows were set aside: see About.", aside=left_out, rows=rows)
    rule = tell(
        "Partners are ranked by shrunk NPS (few answers count less) from {answers} answers on. "
        "More than chance: chance alone gives as much in fewer than {risk} % of cases.",
        answers=context.fewest_answers,
        risk=by_chance,
    )
    return live(joined(when(rows > 0, joined(aside, " ")), rule))


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


HEADS = (message("Partner"), "", message("NPS"), message("Answers"), message("Change"), message("Rating"))


def _write_ranks(context: SheetContext, sheet: SheetModel, top: int) -> None:
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
    put(4, when(is_shown(word), direction(found("change"), word), word), ROW.but(indent=1, size=NOTE_SIZE))
    put(5, found("rating"), CHIPS["no data"].but(fill=None, line=LINE))


def _colours(sheet: SheetModel, card: Scorecard, first: int, left: int) -> None:
    """Colour the ratings, and grey the changes that is within chance."""
    last = first + RANKS - 1
    change, rating = (get_column_letter(left + offset) for offset in (4, 5))
    colour_by_own_label(sheet, f"{rating}{first}:{rating}{last}", card.benchmarks["nps"], f"${rating}{first}")
    unsure = f"{change}{first}={translate_formula(NOT_SHOWN)}"
    sheet.colour_where(f"{change}{first}:{change}{last}", unsure, colours(MUTED))


def _gap(sheet: SheetModel, rows: Iterable[int], column: int) -> None:
    """Draw a white line at the left of a list, to part it from its neighbour."""
    for row in rows:
        sheet.restyle(row, column, border=edge(left=WHITE, hair=LINE))


ALERTS, NEXT = message("Alerts"), message("What to do next")


def write_sentences(context: SheetContext, sheet: SheetModel) -> None:
    """Write the sentences on Data; a partner's own workbook has none, for they speak to those who look after it."""
    model, card, layout = context.model, context.card, context.layout
    if card.is_pack:
        return
    row = layout.sentences_row
    head = translate(
        "Said on the Scorecard of {period}; it holds (1) or not (0):", period=period_name(card.periods[-1])
    )
    model.put(sheet, (row - 1, PERIOD_LABEL_COLUMN), head, SECTION)
    worst = card.benchmarks["nps"].bands[0].high
    tests = (
        f"{names.PERIOD_NUMBER}={len(card.periods)}",
        f"INDEX({names.thresholds('nps')},2)={worst!r}",
        f"{names.CONFIDENCE}={card.confidence!r}",
        f"{names.MIN_ANSWERS}={card.min_responses}",
    )
    holds = Live(f"=IF(AND({','.join(tests)}),1,0)", int(card.current == card.periods[-1]))
    cell = f"{get_column_letter(PERIOD_LABEL_COLUMN + 1)}{row - 1}"
    model.put(sheet, cell, holds, ROW_NUMBER.but(number=GENERAL))
    names.define(model, names.SENTENCES_HOLD, sheet.title, cell)
    for place, lines in enumerate(_lines(card)):
        for number, text in enumerate(lines):
            model.put(sheet, (row + place * SENTENCES + number, PERIOD_LABEL_COLUMN), text, ROW)


def _show_sentences(context: SheetContext, sheet: SheetModel, top: int) -> None:
    """Write both lists on the Scorecard from row `top`, side by side."""
    model, card, layout = context.model, context.card, context.layout
    if card.is_pack:
        return
    newest = card.periods[-1]
    other = translate(
        "They are of {period} and its benchmarks: choose it above, or build the workbook again.",
        period=period_name(newest),
    )
    holds = given(names.SENTENCES_HOLD, int(card.current == newest)).equals(1)
    for place, (title, lines) in enumerate(zip((ALERTS, NEXT), _lines(card), strict=True)):
        left = 1 + place * 6
        model.put(sheet, (top, left), translate(title), SECTION.but(indent=1))
        for number in range(SENTENCES):
            place_on_data = layout.sentences_row + place * SENTENCES + number
            cell = f"{names.DATA}!${get_column_letter(PERIOD_LABEL_COLUMN)}${place_on_data}"
            otherwise = other if number == 0 else ""
            text = given(f'{cell}&""', lines[number] if number < len(lines) else "")
            row = top + 1 + number
            model.put(sheet, (row, left), live(when(holds, text, otherwise)), ROW.but(indent=1, size=NOTE_SIZE))
            for column in range(left + 1, left + 6):
                model.blank(sheet, (row, column), ROW)


def _lines(card: Scorecard) -> tuple[list[str], list[str]]:
    """Return the sentences of the newest period, cut to the width of half a page."""
    newest = card.newest
    return (
        [_short(translated(line)) for line in newest.alert_lines],
        [_short(translated(line)) for line in newest.step_lines],
    )


def _short(line: str) -> str:
    plain = " ".join(line.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
