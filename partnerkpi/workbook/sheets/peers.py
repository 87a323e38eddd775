"""Peers: where one partner stands among all of them, told by quartiles that name nobody. Only in a partner's pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.utils.cell import get_column_letter

from partnerkpi.scorecard.card import Quartiles, Scorecard
from partnerkpi.scorecard.peers import FEWEST_OTHERS
from partnerkpi.workbook.figures import Figure, PeriodFigures
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.book import SheetModel, WorkbookModel
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import Layout
from partnerkpi.workbook.model.markup import Value
from partnerkpi.workbook.model.phrases import DASH, live, period_name, whole, whole_text
from partnerkpi.workbook.model.theme import (
    COUNT,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    MUTED,
    NOTE,
    ROW,
    ROW_NUMBER,
    SECTION,
    TITLE,
)
from partnerkpi.workbook.model.translation import choice, message, translate, translate_formula
from partnerkpi.workbook.page import set_heights, set_page, set_widths, widen_for_heads

#: Of each KPI the figure by period that is compared, and what it is called: with its unit, and without.
_COMPARED = {
    "nps": ("nps", "NPS", "NPS"),
    "advocacy": ("activities", message("Activities"), message("Activities")),
    "retention": ("retention", message("Retention rate, %"), message("Retention rate")),
}
#: What is said of each, and its head in the list of periods.
_WHAT = {
    "lower": message("{figure}, lower"),
    "median": message("{figure}, median"),
    "upper": message("{figure}, upper"),
    "partners": message("{figure}, partners"),
}
_UPPER, _ABOVE = message("in the upper quarter"), message("above the median")
_BELOW, _LOWER = message("below the median"), message("in the lower quarter")
_TOO_FEW = message("too few peers to say")
_SAYS = message("Your NPS in {period} is {standing} of {partners} partners.")
_CANNOT_SAY = message("What can be said of {period} stands below, without naming anybody.")
_HEAD_ROW, _FIRST_ROW = 5, 6
_NOTHING = '""'
_OF_ALL, _QUARTILES = message("of {count} partners"), message("quartiles {lower} and {upper}")
_LIST_HEAD = _FIRST_ROW + len(_COMPARED) + 2
_LIST_FIRST = _LIST_HEAD + 2
_NOTES = (
    message(
        "Quartiles are of all partners with enough data, yours included, and the same in every partner's workbook."
    ),
    message("Each is the mean of the three or four figures around its place, as a whole number."),
    message("A dash: fewer than {others} other partners have data, or the quartiles would tell single figures."),
)


def write_peers(
    model: WorkbookModel,
    sheet: SheetModel,
    card: Scorecard,
    layout: Layout,
    figures: Mapping[str, Figure],
    month: PeriodFigures,
) -> None:
    """Write the comparison for the chosen period, and below it the quartiles of every period that it draws on."""
    model.put(sheet, "A1", translate("Peers"), TITLE)
    model.put(sheet, (_HEAD_ROW - 1, 1), translate("Where you stand"), SECTION)
    heads = (
        *(
            translate("Figure"),
            translate("Yours"),
            translate("Lower quartile"),
            translate("Median"),
            translate("Upper quartile"),
        ),
        *(translate("Partners"), translate("Where you stand"), ""),
    )
    for column, head in enumerate(heads, 1):
        left = column in (1, len(heads) - 1, len(heads))
        model.put(
            sheet,
            (_HEAD_ROW, column),
            head,
            HEAD.but(indent=1 if column > 1 else 0, wrap=False) if left else HEAD_NUMBER,
        )
    known = {(one.kpi, one.period): one for one in card.peers}
    for place, (kpi, (key, label, _)) in enumerate(_COMPARED.items()):
        own = figures[key].value(month)
        _compare(model, sheet, layout, place, translate(label), (key, own), known.get((kpi, card.current)))
    sentence = _sentence(card.current, known.get(("nps", card.current)), figures["nps"].value(month))
    model.put(sheet, "A2", sentence, HEADLINE.but(wrap=False))
    last = _by_period(model, sheet, card, known)
    for row, note in enumerate(_NOTES, last + 2):
        model.put(sheet, (row, 1), translate(note, others=FEWEST_OTHERS), NOTE)
    set_widths(sheet, {"A": 22, **dict.fromkeys("BCDEFGHIJKLM", 14.0)})
    widen_for_heads(sheet, _LIST_HEAD + 1)
    set_heights(sheet, {1: 30, 2: 20, _HEAD_ROW: 20, _LIST_HEAD + 1: 34})
    set_page(sheet, card.title, [f"A1:M{last + 1 + len(_NOTES)}"])


def _compare(
    model: WorkbookModel,
    sheet: SheetModel,
    layout: Layout,
    place: int,
    label: str,
    own: tuple[str, Value],
    known: Quartiles | None,
) -> None:
    """Write one figure beside the quartiles of the chosen period."""
    row = _FIRST_ROW + place
    key, value = own
    model.put(sheet, (row, 1), label, ROW)
    model.put(sheet, (row, 2), Live(f"={layout.chosen(key)}", value), ROW_NUMBER.but(bold=True))
    for offset, what in enumerate(_WHAT):
        letter = get_column_letter(2 + 4 * place + offset)
        cells = f"${letter}${_LIST_FIRST}:${letter}${_LIST_FIRST + layout.periods - 1}"
        number = ROW_NUMBER.but(number=COUNT) if what == "partners" else ROW_NUMBER
        shown: Value = getattr(known, what) if known is not None else DASH
        model.put(sheet, (row, 3 + offset), Live(f"=INDEX({cells},{names.PERIOD_NUMBER})", shown), number)
    model.put(sheet, (row, 7), Live(f"={_stands(row)}", _stands_text(value, known)), ROW.but(indent=1))
    model.blank(sheet, (row, 8), ROW)


def _stands(row: int) -> str:
    """Return the formula of a figure's place among the quartiles in words."""
    own, lower, median, upper = (f"${letter}{row}" for letter in "BCDE")
    quarter = choice(f"{own}>={lower}", _BELOW, _LOWER)
    words = f"IF({own}>={upper},{translate_formula(_UPPER)},IF({own}>={median},{translate_formula(_ABOVE)},{quarter}))"
    return when_number(own, when_number(lower, words, translate_formula(_TOO_FEW)))


def _stands_text(own: Value, known: Quartiles | None) -> str:
    """Return what `_stands` gives."""
    if not isinstance(own, (int, float)):
        return DASH
    if known is None:
        return translate(_TOO_FEW)
    if own >= known.upper:
        return translate(_UPPER)
    if own >= known.median:
        return translate(_ABOVE)
    return translate(_BELOW if own >= known.lower else _LOWER)


def write_standing(
    model: WorkbookModel, sheet: SheetModel, card: Scorecard, figures: Mapping[str, Value], top: int, width: int
) -> int:  # fmt: skip
    """Write on the Scorecard of a pack, from row `top`, what Peers says of the chosen period; return the row below.

    `figures` are those of the period by key, `width` is how many columns the page has.
    """
    model.put(sheet, (top, 1), translate("Where you stand among all partners"), SECTION.but(indent=1))
    heads = (
        *(
            translate("Figure"),
            "",
            translate("Yours"),
            translate("Lower quartile"),
            translate("Median"),
            translate("Upper quartile"),
        ),
        *(translate("Partners"), translate("Where you stand")),
    )
    for column in range(1, width + 1):
        head = heads[column - 1] if column <= len(heads) else ""
        numbers = head in heads[2:-1]
        model.put(sheet, (top + 1, column), head, HEAD_NUMBER if numbers else HEAD.but(indent=1))
    set_heights(sheet, {top + 1: 32})
    for place, (kpi, (key, label, _)) in enumerate(_COMPARED.items()):
        known = next((one for one in card.peers if (one.kpi, one.period) == (kpi, card.current)), None)
        row, there = top + 2 + place, _FIRST_ROW + place
        values = [figures[key], *(getattr(known, what) if known is not None else DASH for what in _WHAT)]
        for column in range(1, width + 1):
            model.blank(sheet, (row, column), ROW)
        model.put(sheet, (row, 1), translate(label), ROW.but(indent=1))
        for column, (letter, value) in enumerate(zip("BCDEF", values, strict=True), 3):
            look = ROW_NUMBER.but(bold=column == 3, number=COUNT if letter == "F" else ROW_NUMBER.number)
            model.put(sheet, (row, column), Live(f"={names.PEERS}!${letter}${there}", value), look)
        stands = Live(f"={names.PEERS}!$G${there}", _stands_text(figures[key], known))
        model.put(sheet, (row, 8), stands, ROW.but(indent=1))
    return top + 2 + len(_COMPARED)


@dataclass(frozen=True)
class Middle:
    """What Peers says of the NPS in the chosen period, for a tile: the median, the place, quartiles, partners."""

    median: Live
    place: Live
    quartiles: Live
    partners: Live


def middle(card: Scorecard, nps: Value) -> Middle:
    """Return what a pack's tile says of all partners."""
    known = next((one for one in card.peers if (one.kpi, one.period) == ("nps", card.current)), None)
    lower, median, upper, partners = (f"{names.PEERS}!${letter}${_FIRST_ROW}" for letter in "CDEF")
    spread = translate_formula(_QUARTILES, lower=whole(lower), upper=whole(upper))
    shown_spread = of_all = ""
    if known is not None:
        shown_spread = translate(_QUARTILES, lower=whole_text(known.lower), upper=whole_text(known.upper))
        of_all = translate(_OF_ALL, count=known.partners)
    return Middle(
        Live(f"={median}", known.median if known is not None else DASH),
        live("you: {standing}", standing=(f"{names.PEERS}!$G${_FIRST_ROW}", _stands_text(nps, known))),
        Live(f"={when_number(lower, spread, _NOTHING)}", shown_spread),
        Live(f"={when_number(lower, translate_formula(_OF_ALL, count=partners), _NOTHING)}", of_all),
    )


def _sentence(current: str, known: Quartiles | None, nps: Value) -> Live:
    """Say where the NPS of the chosen period stands."""
    period = f"INDEX({names.PERIODS},{names.PERIOD_NUMBER})"
    words = translate_formula(_SAYS, period=period, standing=f"$G${_FIRST_ROW}", partners=f"$F${_FIRST_ROW}")
    cannot = translate_formula(_CANNOT_SAY, period=period)
    formula = f"=IF(ISNUMBER($B${_FIRST_ROW}),{when_number(f'$C${_FIRST_ROW}', words, cannot)},{cannot})"
    name = period_name(current)
    if not isinstance(nps, (int, float)) or known is None:
        return Live(formula, translate(_CANNOT_SAY, period=name))
    return Live(formula, translate(_SAYS, period=name, standing=_stands_text(nps, known), partners=known.partners))


def _by_period(
    model: WorkbookModel, sheet: SheetModel, card: Scorecard, known: Mapping[tuple[str, str], Quartiles]
) -> int:  # fmt: skip
    """Write the quartiles of every period; return the last row."""
    model.put(sheet, (_LIST_HEAD, 1), translate("Quartiles by period"), SECTION)
    model.put(sheet, (_LIST_HEAD + 1, 1), translate("Period"), HEAD)
    for place, (_, _, label) in enumerate(_COMPARED.values()):
        for offset, head in enumerate(_WHAT.values()):
            text = translate(head, figure=translate(label))
            model.put(sheet, (_LIST_HEAD + 1, 2 + 4 * place + offset), text, HEAD_NUMBER)
    muted = ROW_NUMBER.but(colour=MUTED)
    for row, period in enumerate(card.periods, _LIST_FIRST):
        model.put(sheet, (row, 1), period_name(period), ROW)
        for place, kpi in enumerate(_COMPARED):
            one = known.get((kpi, period))
            for offset, what in enumerate(_WHAT):
                content = getattr(one, what) if one is not None else DASH
                model.put(sheet, (row, 2 + 4 * place + offset), content, muted)
    return _LIST_FIRST + len(card.periods) - 1
