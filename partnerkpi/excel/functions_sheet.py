"""Functions: what each one means, what it is asked with, a live example and what it must give."""

from __future__ import annotations

from partnerkpi.excel import book as sheets
from partnerkpi.excel.book import Book
from partnerkpi.excel.calls import Call
from partnerkpi.excel.examples import examples
from partnerkpi.excel.functions import ExcelFunction
from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.theme import ACCENT, HEADLINE, MUTED, NOTE, ROW, SECTION, TEXT_BLOCK, TILE, TITLE, Look
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import set_heights, set_page, set_widths

FIRST_ROW = 5
_PAGE = 590.0  # points of rows on a printed page, the first with its title
_WIDE = 88  # characters of a help text in one line
_FIGURES = "CDEFGHI"
_LIVE = ROW.but(bold=True, align="right", number="0.####", fill=TILE)
_FIXED = ROW.but(colour=MUTED, align="right", number="0.####")


def write_functions(book: Book, functions: tuple[ExcelFunction, ...]) -> None:
    """Write a block for each function, in the order given."""
    sheet = book.sheet(sheets.FUNCTIONS)
    book.put(sheet, "A1", "Functions", TITLE)
    says = f"{len(functions)} functions, in the category Partner KPI of the function wizard (fx)."
    book.put(sheet, "A2", says, HEADLINE.but(wrap=False))
    scales = "Shares are fractions (0.68, which Excel shows as 68 %); NPS, influence, index and lift are points."
    book.put(sheet, "A3", f"{scales} The examples ask about the samples on Self-test.", NOTE)
    described = {function.name: function for function in functions}
    row, used = FIRST_ROW, 0.0
    for name, example in examples().items():
        height = _height(described[name], example)
        used += height
        if used > _PAGE:  # a function is not torn apart by the end of a page
            sheet.row_breaks.append(row - 1)
            used = height
        row = _function(book, sheet, row, described[name], example) + 1
    set_widths(sheet, {"A": 20.0, "B": 74.0} | dict.fromkeys(_FIGURES, 12.0))
    set_heights(sheet, {1: 30, 2: 20})
    set_page(sheet, "Functions", [f"A1:I{row - 2}"])
    sheet.freeze_panes = f"A{FIRST_ROW - 1}"


def _function(book: Book, sheet: SheetModel, row: int, function: ExcelFunction, example: Call) -> int:
    """Write one function's block; return the row below it."""
    book.put(sheet, (row, 1), function.signature, SECTION)
    row += 1
    _text(book, sheet, row, "Returns", function.help.removeprefix("Return "), TEXT_BLOCK)
    for argument in function.arguments:
        row += 1
        _text(book, sheet, row, argument.name, argument.help, TEXT_BLOCK.but(colour=MUTED))
    row += 1
    book.put(sheet, (row, 1), "Example", NOTE.but(size=11))
    book.put(sheet, (row, 2), example.formula, ROW.but(colour=ACCENT, bold=True))
    book.call(sheet, (row, 3), example, lambda _, right: _aligned(_LIVE, example.values[0][right]))
    row += len(example.values)
    book.put(sheet, (row, 1), "Must give", NOTE.but(size=11))
    for down, values in enumerate(example.values):
        for right, value in enumerate(values):
            book.put(sheet, (row + down, 3 + right), value, _aligned(_FIXED, example.values[0][right]))
    return row + len(example.values)


def _height(function: ExcelFunction, example: Call) -> float:
    """Return how many points high a function's block is."""
    texts = [function.help, *(argument.help for argument in function.arguments)]
    return 15.0 * (2 + 2 * len(example.values) + sum(map(_lines, texts)))


def _lines(text: str) -> int:
    return max(1, -(-len(text) // _WIDE))


def _text(book: Book, sheet: SheetModel, row: int, name: str, text: str, look: Look) -> None:
    book.put(sheet, (row, 1), name, look.but(indent=1))
    book.put(sheet, (row, 2), text[:1].upper() + text[1:], look)
    set_heights(sheet, {row: 15.0 * _lines(text)})


def _aligned(look: Look, value: Value) -> Look:
    """Return the look for a column whose first cell holds this value: words at the left, figures at the right."""
    return look.but(align="left", indent=1) if isinstance(value, str) else look
