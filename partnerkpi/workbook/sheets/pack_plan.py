"""Plan and Others, of a partner's own workbook: what follows, what was agreed, and where the partner stands."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.styles import Protection

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Quartiles
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    CELL_INPUT,
    COUNT,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    LINE,
    NOTE,
    ROW,
    ROW_NUMBER,
    SCORE,
    SECTION,
    TITLE,
)
from partnerkpi.workbook.model.translation import current_language, message, translate, translated
from partnerkpi.workbook.page import lines_in_column, set_heights, set_page, set_widths, widen_for_heads, widen_for_text
from partnerkpi.workbook.sheets.pack_counts import Counted
from partnerkpi.workbook.sheets.pack_words import place_among_others, shown_quartiles
from partnerkpi.workbook.sheets.peers import quartile_in_words, standing_of

_PLAN_WIDTHS = {"A": 32, "B": 36, "C": 14, "D": 20}
_FREE_ROWS = 6
_INPUT = CELL_INPUT.but(align="left", bold=False, wrap=True, vertical="top", line=LINE)
_OTHERS_WIDTHS = {"A": 22, "B": 10, "C": 12, "D": 12, "E": 12, "F": 11, "G": 26}


def write_plan(model: WorkbookModel, sheet: SheetModel, card: Scorecard) -> None:
    """Write what the company does, and room for what both agree on."""
    model.put(sheet, "A1", translate("What we do next"), TITLE)
    row = 3
    if card.agreed:
        sentence = translate("This is what we do. Everything else we would like to agree on with you.")
        model.put(sheet, "A2", sentence, HEADLINE.but(wrap=False))
        heads = (translate("What we do"), translate("Why"), translate("By"), translate("Who"))
        for column, head in enumerate(heads, 1):
            model.put(sheet, (row + 1, column), head, HEAD)
        row += 2
        for one in card.agreed:
            what, why = translate(one.what), translated(one.reason)
            due = current_language().date(one.due) if one.due is not None else None
            for column, text in enumerate((what, why, due, one.owner), 1):
                model.put_if_known(sheet, (row, column), text, ROW.but(wrap=True, vertical="top"))
            lines = max(lines_in_column(what, _PLAN_WIDTHS["A"]), lines_in_column(why, _PLAN_WIDTHS["B"]))
            set_heights(sheet, {row: 4 + 15 * lines})
            row += 1
        row += 1
    else:
        model.put(
            sheet,
            "A2",
            translate("Nothing is open on our side: let us agree on what comes next."),
            HEADLINE.but(wrap=False),
        )
    model.put(sheet, (row, 1), translate("What we agree on"), SECTION)
    row += 1
    for column, head in enumerate(
        (translate("What"), translate("How we notice it"), translate("By"), translate("Who")), 1
    ):
        model.put(sheet, (row, column), head, HEAD)
    for _ in range(_FREE_ROWS):
        row += 1
        for column in range(1, len(_PLAN_WIDTHS) + 1):
            model.blank(sheet, (row, column), _INPUT)
            sheet.restyle(row, column, protection=Protection(locked=False))
        set_heights(sheet, {row: 26})
    model.put(sheet, (row + 1, 1), translate("The yellow cells are for our talk."), NOTE)
    set_widths(sheet, _PLAN_WIDTHS)
    set_heights(sheet, {1: 30, 2: 20})
    set_page(sheet, card.title, [f"A1:D{row + 1}"], landscape=False, one_page=True)


def _steps(shown: Sequence[tuple[Quartiles, float]]) -> str:
    """Return to what quartiles are rounded: 5, 10, or both."""
    steps = sorted({one.step for one, _ in shown})
    return translate("{low} or {high}", low=steps[0], high=steps[-1]) if len(steps) > 1 else str(steps[0])


def write_others(model: WorkbookModel, sheet: SheetModel, card: Scorecard, counted: Counted) -> None:
    """Write where the partner stands among all, in the current period."""
    model.put(sheet, "A1", translate("How you stand among other partners"), TITLE)
    model.put(sheet, "A2", place_among_others(card), HEADLINE.but(wrap=False))
    shown = shown_quartiles(card)
    heads = (
        *(translate("Figure"), translate("Yours"), translate("Lower quartile"), translate("Median")),
        *(translate("Upper quartile"), translate("Partners"), translate("Where you stand")),
    )
    for column, head in enumerate(heads, 1):
        if shown or column in (1, 2, 7):
            look = HEAD.but(indent=1 if column == 7 else 0) if column in (1, 7) else HEAD_NUMBER
            model.put(sheet, (4, column), head, look)
        else:
            model.put(sheet, (4, column), "", HEAD)
    row = 4
    for quartiles, own in shown:
        row += 1
        nps = quartiles.kpi == "nps"
        model.put(sheet, (row, 1), translate("NPS") if nps else translate("Retention rate, %"), ROW)
        figure = counted.at("nps" if nps else "rate", card.current)
        model.put(sheet, (row, 2), figure, ROW_NUMBER.but(bold=True, number=SCORE))
        for column, value in enumerate((quartiles.lower, quartiles.median, quartiles.upper), 3):
            model.put(sheet, (row, column), quartile_in_words(quartiles.kpi, value), ROW_NUMBER)
        model.put(sheet, (row, 6), quartiles.partners, ROW_NUMBER.but(number=COUNT))
        model.put(sheet, (row, 7), standing_of(quartiles.kpi, own, quartiles), ROW.but(indent=1))
    if card.current in card.beside:
        row += 1
        model.put(sheet, (row, 1), translate("Times you spoke for us"), ROW)
        model.put(sheet, (row, 2), counted.at("activities", card.current), ROW_NUMBER.but(bold=True, number=COUNT))
        for column in range(3, 7):
            model.blank(sheet, (row, column), ROW)
        model.put(sheet, (row, 7), translate(card.beside[card.current]), ROW.but(indent=1))
    notes = list[str]()
    if shown:
        made = message("Each is rounded to {step}, and made so that it gives away no single partner's figure.")
        notes += [
            translate("Half of the partners lie between the lower and the upper quartile; half lie below the median."),
            translate(made, step=_steps(shown)),
        ]
    notes.append(translate("Nobody is named, here or in the workbook of any other partner."))
    for line, note in enumerate(notes, row + 2):
        model.put(sheet, (line, 1), note, NOTE)
    set_widths(sheet, _OTHERS_WIDTHS)
    set_heights(sheet, {1: 30, 2: 20, 4: 32 if shown else 20})
    widen_for_heads(sheet, 4)
    for line in range(5, row + 1):
        for column in (1, 7):
            widen_for_text(sheet, column, str(sheet.content((line, column))[1]), ROW)
    set_page(sheet, card.title, [f"A1:G{row + 1 + len(notes)}"], landscape=False, one_page=True)
