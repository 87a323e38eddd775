"""Peers: where one partner stands among all of them, told by quartiles that name nobody. Only in a partner's pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.utils.cell import get_column_letter

from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.findings.peers import FEWEST_OTHERS
from partnerkpi.scorecard.parts import Quartiles
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import Given, given, live, tell, when, when_number
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import period_name, whole
from partnerkpi.workbook.model.sheet import SheetModel
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
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import set_heights, set_page, set_widths, widen_for_heads
from partnerkpi.workbook.sheets.parts import SheetContext

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
_HEAD_ROW, _FIRST_ROW = 5, 6
_LIST_HEAD = _FIRST_ROW + len(_COMPARED) + 2
_LIST_FIRST = _LIST_HEAD + 2
_NOTES = (
    message(
        "Quartiles are of all partners with enough data, yours included, and the same in every partner's workbook."
    ),
    message("Each is the mean of the three or four figures around its place, as a whole number."),
    message("A dash: fewer than {others} other partners have data, or the quartiles would tell single figures."),
)


def write_peers(context: SheetContext, sheet: SheetModel) -> None:
    """Write the comparison for the chosen period, and below it the quartiles of every period that it draws on."""
    model, card = context.model, context.card
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
    quartiles = {(one.kpi, one.period): one for one in card.peers}
    for place, (kpi, (key, label, _)) in enumerate(_COMPARED.items()):
        _compare(context, sheet, place, translate(label), key, quartiles.get((kpi, card.current)))
    nps = _cells("${letter}${row}", 0, context.current("nps"), quartiles.get(("nps", card.current)))
    model.put(sheet, "A2", live(_sentence(context, nps)), HEADLINE.but(wrap=False))
    last = _by_period(context, sheet, quartiles)
    for row, note in enumerate(_NOTES, last + 2):
        model.put(sheet, (row, 1), translate(note, others=FEWEST_OTHERS), NOTE)
    set_widths(sheet, {"A": 22, **dict.fromkeys("BCDEFGHIJKLM", 14.0)})
    widen_for_heads(sheet, _LIST_HEAD + 1)
    set_heights(sheet, {1: 30, 2: 20, _HEAD_ROW: 20, _LIST_HEAD + 1: 34})
    set_page(sheet, card.title, [f"A1:M{last + 1 + len(_NOTES)}"])


def _compare(
    context: SheetContext, sheet: SheetModel, place: int, label: str, key: str, quartiles: Quartiles | None
) -> None:
    """Write one figure beside the quartiles of the chosen period."""
    model, layout = context.model, context.layout
    row = _FIRST_ROW + place
    model.put(sheet, (row, 1), label, ROW)
    model.put(sheet, (row, 2), context.chosen(key), ROW_NUMBER.but(bold=True))
    for offset, what in enumerate(_WHAT):
        letter = get_column_letter(2 + 4 * place + offset)
        cells = f"${letter}${_LIST_FIRST}:${letter}${_LIST_FIRST + layout.periods - 1}"
        number = ROW_NUMBER.but(number=COUNT) if what == "partners" else ROW_NUMBER
        shown: Value = getattr(quartiles, what) if quartiles is not None else DASH
        model.put(sheet, (row, 3 + offset), Live(f"=INDEX({cells},{names.PERIOD_NUMBER})", shown), number)
    standing = _standing(_cells("${letter}{row}", place, context.current(key), quartiles))
    model.put(sheet, (row, 7), live(standing), ROW.but(indent=1))
    model.blank(sheet, (row, 8), ROW)


def _cells(address: str, place: int, own: Value, quartiles: Quartiles | None) -> dict[str, Given]:
    """Return the cells of a figure's row on Peers: "own", and what is known of all partners."""
    values = {"own": own, **{what: getattr(quartiles, what) if quartiles is not None else DASH for what in _WHAT}}
    cells = (address.format(letter=letter, row=_FIRST_ROW + place) for letter in "BCDEF")
    return {what: given(cell, value) for cell, (what, value) in zip(cells, values.items(), strict=True)}


def _standing(cells: Mapping[str, Given]) -> Given:
    """Return a figure's place among the quartiles in words."""
    own, lower = cells["own"], cells["lower"]
    quarter = when(own >= lower, tell("below the median"), tell("in the lower quarter"))
    half = when(own >= cells["median"], tell("above the median"), quarter)
    words = when(own >= cells["upper"], tell("in the upper quarter"), half)
    return when_number(own, when_number(lower, words, tell("too few peers to say")), DASH)


def _on_peers(place: int, own: Value, quartiles: Quartiles | None) -> dict[str, Given]:
    """Return the cells of a figure's row, and of its place in words, as another sheet sees them."""
    cells = _cells(f"{names.PEERS}!${{letter}}${{row}}", place, own, quartiles)
    standing = _standing(cells).value(None)
    return {**cells, "standing": given(f"{names.PEERS}!$G${_FIRST_ROW + place}", standing)}


def write_standing(context: SheetContext, sheet: SheetModel, top: int, width: int) -> int:
    """Write on the Scorecard of a pack, from row `top`, what Peers says of the chosen period; return the row below.

    `width` is how many columns the page has.
    """
    model, card = context.model, context.card
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
        quartiles = next((one for one in card.peers if (one.kpi, one.period) == (kpi, card.current)), None)
        row, cells = top + 2 + place, _on_peers(place, context.current(key), quartiles)
        for column in range(1, width + 1):
            model.blank(sheet, (row, column), ROW)
        model.put(sheet, (row, 1), translate(label), ROW.but(indent=1))
        for column, what in enumerate(("own", *_WHAT), 3):
            look = ROW_NUMBER.but(bold=column == 3, number=COUNT if what == "partners" else ROW_NUMBER.number)
            model.put(sheet, (row, column), live(cells[what]), look)
        model.put(sheet, (row, 8), live(cells["standing"]), ROW.but(indent=1))
    return top + 2 + len(_COMPARED)


@dataclass(frozen=True)
class Middle:
    """What Peers says of the NPS in the chosen period, for a tile: the median, the place, quartiles, partners."""

    median: Live
    place: Live
    quartiles: Live
    partners: Live


def middle(context: SheetContext) -> Middle:
    """Return what a pack's tile says of all partners."""
    card = context.card
    quartiles = next((one for one in card.peers if (one.kpi, one.period) == ("nps", card.current)), None)
    cells = _on_peers(0, context.current("nps"), quartiles)
    lower, upper, partners = cells["lower"], cells["upper"], cells["partners"]
    reach = tell("quartiles {lower} and {upper}", lower=whole(lower), upper=whole(upper))
    return Middle(
        live(cells["median"]),
        live(tell("you: {standing}", standing=cells["standing"])),
        live(when_number(lower, reach)),
        live(when_number(lower, tell("of {count} partners", count=partners))),
    )


def _sentence(context: SheetContext, nps: Mapping[str, Given]) -> Given:
    """Say where the NPS of the chosen period stands."""
    period = context.period
    words = tell(
        "Your NPS in {period} is {standing} of {partners} partners.",
        period=period,
        standing=given(f"$G${_FIRST_ROW}", _standing(nps).value(None)),
        partners=nps["partners"],
    )
    cannot: Given = tell("What can be said of {period} stands below, without naming anybody.", period=period)
    return when_number(nps["own"], when_number(nps["lower"], words, cannot), cannot)


def _by_period(context: SheetContext, sheet: SheetModel, quartiles: Mapping[tuple[str, str], Quartiles]) -> int:
    """Write the quartiles of every period; return the last row."""
    model, card = context.model, context.card
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
            one = quartiles.get((kpi, period))
            for offset, what in enumerate(_WHAT):
                content = getattr(one, what) if one is not None else DASH
                model.put(sheet, (row, 2 + 4 * place + offset), content, muted)
    return _LIST_FIRST + len(card.periods) - 1
