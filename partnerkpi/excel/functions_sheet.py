"""Functions: what each one means, what it is asked with, a live example and what it must give."""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi.excel.book import FUNCTIONS, Call, array, call, put_call
from partnerkpi.excel.functions import ExcelFunction
from partnerkpi.excel.self_test import AFTER, BEFORE, DATES, HELPED, PARTNERS, SCORES, STAYED
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import ACCENT, MUTED, NOTE, ROW, SECTION, TEXT_BLOCK, TILE, Look
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import lines_in_column, rows_on_page, set_heights, set_page
from partnerkpi.workbook.sheets.parts import NOTE_ROW, write_top

FIRST_ROW = 5
_FIGURES = "CDEFGHI"
_WIDTHS = {"A": 18.0, "B": 66.0} | dict.fromkeys(_FIGURES, 10.0)
_TITLE, _TOP = 30.0, 90.0  # points: the row that each page repeats, and all above the first function
_NOTE = NOTE.but(size=11)  # an upright page is so wide that smaller letters could not be read on it
_LIVE = ROW.but(bold=True, align="right", number="0.####;−0.####;0", fill=TILE)
_FIXED = ROW.but(colour=MUTED, align="right", number="0.####;−0.####;0")


def write_functions(model: WorkbookModel, functions: tuple[ExcelFunction, ...]) -> None:
    """Write a block for each function, in the order given."""
    sheet = model[FUNCTIONS]
    says = f"{len(functions)} functions, in the category Partner KPI of the function wizard (fx)."
    scales = "Shares are fractions (0.68, which Excel shows as 68 %); NPS, influence, index and lift are points."
    write_top(model, sheet, FUNCTIONS, says, _WIDTHS)
    note = f"{scales} The examples ask about the samples on Self-test."
    model.put(sheet, (NOTE_ROW, 1), note, _NOTE)
    described = {function.name: function for function in functions}
    page = rows_on_page([*_WIDTHS.values()])
    row, used = FIRST_ROW, _TOP
    for name, example in examples().items():
        height = _height(described[name], example)
        used += height
        if used > page:  # a function is not torn apart by the end of a page
            sheet.row_breaks.append(row - 1)
            used = _TITLE + height
        row = _function(model, sheet, row, described[name], example) + 1
    set_page(sheet, "Functions", [f"A1:I{row - 2}"], landscape=False)
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = f"A{FIRST_ROW - 1}"


def _function(model: WorkbookModel, sheet: SheetModel, row: int, function: ExcelFunction, example: Call) -> int:
    """Write one function's block; return the row below it."""
    model.put(sheet, (row, 1), function.signature, SECTION)
    row += 1
    _text(model, sheet, row, "Returns", function.help.removeprefix("Return "), TEXT_BLOCK)
    for argument in function.arguments:
        row += 1
        _text(model, sheet, row, argument.name, argument.help, TEXT_BLOCK.but(colour=MUTED))
    row += 1
    model.put(sheet, (row, 1), "Example", _NOTE)
    model.put(sheet, (row, 2), example.formula, ROW.but(colour=ACCENT, bold=True))
    put_call(model, sheet, (row, 3), example, lambda _, right: _aligned(_LIVE, example.values[0][right]))
    row += len(example.values)
    model.put(sheet, (row, 1), "Must give", _NOTE)
    for down, values in enumerate(example.values):
        for right, value in enumerate(values):
            model.put(sheet, (row + down, 3 + right), value, _aligned(_FIXED, example.values[0][right]))
    return row + len(example.values)


def _height(function: ExcelFunction, example: Call) -> float:
    """Return how many points high a function's block is."""
    texts = [function.help, *(argument.help for argument in function.arguments)]
    return 15.0 * (2 + 2 * len(example.values) + sum(map(_lines, texts)))


def _lines(text: str) -> int:
    return lines_in_column(text, _WIDTHS["B"])


def _text(model: WorkbookModel, sheet: SheetModel, row: int, name: str, text: str, look: Look) -> None:
    model.put(sheet, (row, 1), name, look.but(indent=1))
    model.put(sheet, (row, 2), text[:1].upper() + text[1:], look)
    set_heights(sheet, {row: 15.0 * _lines(text)})


def _aligned(look: Look, value: Value) -> Look:
    """Return the look for a column whose first cell holds this value: words at the left, figures at the right."""
    return look.but(align="left", indent=1) if isinstance(value, str) else look


def examples() -> Mapping[str, Call]:
    """Return an example of each function by its name, over the samples of the sheet Self-test."""
    scores, stayed, helped = SCORES.argument, STAYED.argument, HELPED.argument
    money = array([100], [200], [50]), array([120], [150], [0])
    made = (
        call("PARTNER_NPS", scores),
        call("PARTNER_NPS_MARGIN", scores, 0.9),
        call("PARTNER_NPS_LOW", scores),
        call("PARTNER_NPS_HIGH", scores, 0.95, 40),
        call("PARTNER_NPS_SUMMARY", scores),
        call("PARTNER_NPS_BY", PARTNERS.argument, scores),
        call("PARTNER_NPS_TREND", DATES.argument, scores, "quarter"),
        call("PARTNER_NPS_SHIFT", BEFORE.argument, AFTER.argument),
        call("PARTNER_NPS_ABOVE", AFTER.argument, 50),
        call("PARTNER_NPS_CLUSTERED", PARTNERS.argument, scores, 0.5),
        call("PARTNER_NPS_GROUP", array([9], [7], [3])),
        call("PARTNER_RESPONSE_RATE", 30, 120),
        call("PARTNER_ADVOCACY", 45, 40),
        call("PARTNER_ADVOCATES", 40, 12),
        call("PARTNER_RETENTION", 200, 210, 40),
        call("PARTNER_RETENTION_RATE", stayed),
        call("PARTNER_RETENTION_INFLUENCE", stayed, helped),
        call("PARTNER_RETENTION_INDEX", 0.9, 0.8),
        call("PARTNER_RETENTION_LIFT", stayed, helped),
        call("PARTNER_RETENTION_PART", stayed, helped, "Acme"),
        call("PARTNER_NRR", *money),
        call("PARTNER_GRR", *money),
        call("PARTNER_ATTAINMENT", 45, 0.6, 70, array([0.4, 0.3, 0.3])),
        call("PARTNER_HEALTH", 45, 0.6, 70),
        call("PARTNER_RATING", "nps", 46),
    )
    return {one.formula[1:].partition("(")[0]: one for one in made}
