"""Peers: where one partner stands among all of them, told by quartiles that name nobody. Only in a partner's pack."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.peers import EDGE, FEWEST, SCALES
from partnerkpi.scorecard.parts import Quartiles
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import Given, given, live, tell, total, when, when_number
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import counted, period_name, whole
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
    SCORE,
    SECTION,
    TITLE,
)
from partnerkpi.workbook.model.translation import current_language, message, translate
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import set_heights, set_page, set_widths, widen_for_heads, widen_for_text
from partnerkpi.workbook.sheets.parts import SheetContext

#: Of each KPI with quartiles the figure by period, and what it is called with its unit and without.
_COMPARED = {
    "nps": ("nps", message("NPS"), message("NPS")),
    "retention": ("retention", message("Retention rate, %"), message("Retention rate")),
}
#: Of how much each is, and what is said where that is less than the fewest that are rated.
_TOO_FEW = {"nps": ("answers", message("too few answers")), "retention": ("customers", message("too few customers"))}
#: What is said of each, and its head in the list of periods.
_WHAT = {
    "lower": message("{figure}, lower"),
    "median": message("{figure}, median"),
    "upper": message("{figure}, upper"),
    "partners": message("{figure}, partners"),
    "step": message("{figure}, rounded to"),
}
_HEAD_ROW, _FIRST_ROW = 5, 6
_ACTIVITIES_ROW = _FIRST_ROW + len(_COMPARED)
_LIST_HEAD = _ACTIVITIES_ROW + 3
_STANDING = 8  # the column that says in words where the partner stands
_LIST_FIRST = _LIST_HEAD + 2
_WORDS_COLUMN = 2 + len(_COMPARED) * len(_WHAT)
_NOTES = (
    message(
        "Quartiles are of all partners with enough data, yours included, and the same in every partner's workbook."
    ),
    message("Each is the mean of the three or four figures around its place, rounded to the nearest 5 or 10."),
    message(
        "90 stands for 90 or more. They are shown from {fewest} partners on. Activities are compared in words alone."
    ),
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
        *(translate("Partners"), translate("Rounded to"), translate("Where you stand"), ""),
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
    for place, kpi in enumerate(_COMPARED):
        _compare(context, sheet, place, kpi, quartiles.get((kpi, card.current)))
    _compare_activities(context, sheet)
    nps = _cells("${letter}${row}", 0, context.current("nps"), quartiles.get(("nps", card.current)))
    model.put(sheet, "A2", live(_sentence(context, nps)), HEADLINE.but(wrap=False))
    last = _by_period(context, sheet, quartiles)
    for row, note in enumerate(_NOTES, last + 2):
        model.put(sheet, (row, 1), translate(note, fewest=FEWEST), NOTE)
    set_widths(sheet, {"A": 22, **dict.fromkeys("BCDEFGHIJK", 15.5), "L": 24})
    set_heights(sheet, {1: 30, 2: 20, _HEAD_ROW: 20, _LIST_HEAD + 1: 34})
    for row in (_HEAD_ROW, _LIST_HEAD + 1):
        widen_for_heads(sheet, row)
    for row in range(_HEAD_ROW, _ACTIVITIES_ROW + 1):
        widen_for_text(sheet, _STANDING, str(sheet.content((row, _STANDING))[1]), ROW.but(indent=1))
    set_page(sheet, card.title, [f"A1:L{last + 1 + len(_NOTES)}"])


def _compare(context: SheetContext, sheet: SheetModel, place: int, kpi: str, quartiles: Quartiles | None) -> None:
    """Write one figure beside the quartiles of the chosen period."""
    model, layout = context.model, context.layout
    key, label, _ = _COMPARED[kpi]
    row = _FIRST_ROW + place
    model.put(sheet, (row, 1), translate(label), ROW)
    model.put(sheet, (row, 2), context.chosen(key), ROW_NUMBER.but(bold=True))
    for offset, what in enumerate(_WHAT):
        letter = get_column_letter(2 + len(_WHAT) * place + offset)
        cells = f"${letter}${_LIST_FIRST}:${letter}${_LIST_FIRST + layout.periods - 1}"
        shown: Value = getattr(quartiles, what) if quartiles is not None else DASH
        look = ROW_NUMBER.but(number=COUNT if what in ("partners", "step") else SCORE)
        model.put(sheet, (row, 3 + offset), Live(f"=INDEX({cells},{names.PERIOD_NUMBER})", shown), look)
    standing = _standing_of_chosen(context, kpi, _cells("${letter}{row}", place, context.current(key), quartiles))
    model.put(sheet, (row, _STANDING), live(standing), ROW.but(indent=1))


def _compare_activities(context: SheetContext, sheet: SheetModel) -> None:
    """Write how many activities there were, and in words how many that is beside the others."""
    model, row = context.model, _ACTIVITIES_ROW
    model.put(sheet, (row, 1), translate("Activities"), ROW)
    model.put(sheet, (row, 2), context.chosen("activities"), ROW_NUMBER.but(bold=True))
    for column in range(3, 8):
        model.blank(sheet, (row, column), ROW)
    letter = get_column_letter(_WORDS_COLUMN)
    cells = f"${letter}${_LIST_FIRST}:${letter}${_LIST_FIRST + context.layout.periods - 1}"
    found = Live(f"=INDEX({cells},{names.PERIOD_NUMBER})", _beside(context.card, context.card.current))
    model.put(sheet, (row, _STANDING), found, ROW.but(indent=1))


def _beside(card: Scorecard, period: str) -> str:
    """Return how many activities the partner has beside the others, a dash where nothing is said."""
    return translate(card.beside[period]) if period in card.beside else DASH


def _cells(address: str, place: int, own: Value, quartiles: Quartiles | None) -> dict[str, Given]:
    """Return the cells of a figure's row on Peers: "own", and what is known of all partners."""
    values = {"own": own, **{what: getattr(quartiles, what) if quartiles is not None else DASH for what in _WHAT}}
    cells = (address.format(letter=letter, row=_FIRST_ROW + place) for letter in "BCDEFG")
    return {what: given(cell, value) for cell, (what, value) in zip(cells, values.items(), strict=True)}


def quartile_in_words(kpi: str, quartile: float) -> str | float:
    """Return a quartile as a reader of the shown period sees it: near an end of the scale in words."""
    lowest, highest = SCALES[kpi]
    written = current_language().number(quartile)
    if quartile >= highest - EDGE:
        return translate("{n} or more", n=written)
    return translate("{n} or less", n=written) if quartile <= lowest + EDGE else quartile


def standing_of(kpi: str, own: float, quartiles: Quartiles) -> str:
    """Return where a figure stands among the quartiles, in words and in the language of the workbook."""
    return str(_standing(kpi, _cells("{letter}{row}", 0, own, quartiles)).value(None))


def _standing_of_chosen(context: SheetContext, kpi: str, cells: Mapping[str, Given]) -> Given:
    """Return the place of the chosen period's figure in words; one of too few is set beside nobody's."""
    fewest = given(names.MIN_ANSWERS, context.card.min_responses)
    key, too_few = _TOO_FEW[kpi]
    count = context.figure(key)
    return when_number(count, when(count >= fewest, _standing(kpi, cells), tell(too_few)), DASH)


def _standing(kpi: str, cells: Mapping[str, Given]) -> Given:
    """Return a figure's place among the quartiles in words; as near as they are rounded it is "near" one of them."""
    own, lower, median, upper = (cells[what] for what in ("own", "lower", "median", "upper"))
    near = cells["step"] / 2
    lowest, highest = SCALES[kpi]
    ends = when(upper < highest - EDGE, total(upper, near), highest)  # what is 90 or more may be anything up to 100
    words: Given = tell("in the lower quarter")
    steps: tuple[tuple[Given, Given, Given, Given], ...] = (
        (lower, total(lower, near), tell("near the lower quartile"), tell("below the median")),
        (median, total(median, near), tell("near the median"), tell("above the median")),
        (upper, ends, tell("near the upper quartile"), tell("in the upper quarter")),
    )
    for at, end, beside, above in steps:
        words = when(total(own, near) > at, when(own < end, beside, above), words)
    # What is 90 or more may be 85.7 as well as 100: only who is at the end of the scale is surely beyond it.
    beside_it: Given = tell("near the median")
    many = when(own < highest, when(total(own, near) > median, beside_it, words), tell("in the upper half"))
    few = when(own > lowest, when(own < total(median, near), beside_it, words), tell("in the lower half"))
    words = when(median < highest - EDGE, when(median > lowest + EDGE, words, few), many)
    return when_number(own, when_number(lower, words, tell("too few peers to say")), DASH)


def _on_peers(context: SheetContext, place: int, quartiles: Quartiles | None) -> dict[str, Given]:
    """Return the cells of a figure's row, and of its place in words, as another sheet sees them."""
    kpi = tuple(_COMPARED)[place]
    own = context.current(_COMPARED[kpi][0])
    cells = _cells(f"{names.PEERS}!${{letter}}${{row}}", place, own, quartiles)
    standing = _standing_of_chosen(context, kpi, cells).value(None)
    return {**cells, "standing": given(f"{names.PEERS}!$H${_FIRST_ROW + place}", standing)}


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
        *(translate("Partners"), translate("Rounded to"), translate("Where you stand")),
    )
    for column in range(1, width + 1):
        head = heads[column - 1] if column <= len(heads) else ""
        numbers = head in heads[2:-1]
        model.put(sheet, (top + 1, column), head, HEAD_NUMBER if numbers else HEAD.but(indent=1))
    set_heights(sheet, {top + 1: 32})
    for place, (kpi, (_, label, _)) in enumerate(_COMPARED.items()):
        quartiles = next((one for one in card.peers if (one.kpi, one.period) == (kpi, card.current)), None)
        row, cells = top + 2 + place, _on_peers(context, place, quartiles)
        for column in range(1, width + 1):
            model.blank(sheet, (row, column), ROW)
        model.put(sheet, (row, 1), translate(label), ROW.but(indent=1))
        for column, what in enumerate(("own", *_WHAT), 3):
            shown = COUNT if what in ("partners", "step") else SCORE
            model.put(sheet, (row, column), live(cells[what]), ROW_NUMBER.but(bold=column == 3, number=shown))
        model.put(sheet, (row, 9), live(cells["standing"]), ROW.but(indent=1))
    row = top + 2 + len(_COMPARED)
    for column in range(1, width + 1):
        model.blank(sheet, (row, column), ROW)
    model.put(sheet, (row, 1), translate("Activities"), ROW.but(indent=1))
    model.put(sheet, (row, 3), context.chosen("activities"), ROW_NUMBER.but(bold=True))
    words = Live(f"={names.PEERS}!$H${_ACTIVITIES_ROW}", _beside(card, card.current))
    model.put(sheet, (row, 9), words, ROW.but(indent=1))
    return row + 1


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
    cells = _on_peers(context, 0, quartiles)
    lower, upper, partners = cells["lower"], cells["upper"], cells["partners"]
    reach = tell("quartiles {lower} and {upper}", lower=whole(lower), upper=whole(upper))
    return Middle(
        live(cells["median"]),
        live(tell("you: {standing}", standing=cells["standing"])),
        live(when_number(lower, reach)),
        live(when_number(lower, tell("of {count} partners", count=counted(partners)))),
    )


def _sentence(context: SheetContext, nps: Mapping[str, Given]) -> Given:
    """Say where the NPS of the chosen period stands."""
    period = context.period
    words = tell(
        "Your NPS in {period} is {standing} of {partners} partners.",
        period=period,
        standing=given(f"$H${_FIRST_ROW}", _standing_of_chosen(context, "nps", nps).value(None)),
        partners=counted(nps["partners"]),
    )
    cannot: Given = tell("What can be said of {period} stands below, without naming anybody.", period=period)
    enough = context.figure("answers") >= given(names.MIN_ANSWERS, context.card.min_responses)
    return when_number(nps["own"], when_number(nps["lower"], when(enough, words, cannot), cannot), cannot)


def _by_period(context: SheetContext, sheet: SheetModel, quartiles: Mapping[tuple[str, str], Quartiles]) -> int:
    """Write the quartiles of every period; return the last row."""
    model, card = context.model, context.card
    model.put(sheet, (_LIST_HEAD, 1), translate("Quartiles by period"), SECTION)
    model.put(sheet, (_LIST_HEAD + 1, 1), translate("Period"), HEAD)
    wide = len(_WHAT)
    for place, (_, _, label) in enumerate(_COMPARED.values()):
        for offset, head in enumerate(_WHAT.values()):
            text = translate(head, figure=translate(label))
            model.put(sheet, (_LIST_HEAD + 1, 2 + wide * place + offset), text, HEAD_NUMBER)
    model.put(sheet, (_LIST_HEAD + 1, _WORDS_COLUMN), translate("Activities"), HEAD.but(indent=1))
    for row, period in enumerate(card.periods, _LIST_FIRST):
        model.put(sheet, (row, 1), period_name(period), ROW)
        for place, kpi in enumerate(_COMPARED):
            one = quartiles.get((kpi, period))
            for offset, what in enumerate(_WHAT):
                content = getattr(one, what) if one is not None else DASH
                look = ROW_NUMBER.but(colour=MUTED, number=COUNT if what in ("partners", "step") else SCORE)
                model.put(sheet, (row, 2 + wide * place + offset), content, look)
        model.put(sheet, (row, _WORDS_COLUMN), _beside(card, period), ROW.but(colour=MUTED, indent=1))
    return _LIST_FIRST + len(card.periods) - 1
