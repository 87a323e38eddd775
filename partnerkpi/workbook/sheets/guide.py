"""Guide: the twelve attributes of each KPI, below the figure that they explain."""

from __future__ import annotations

from functools import partial

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.guide import Attribute, KpiGuide, guides
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import DASH, live, whole, whole_text
from partnerkpi.workbook.model.say import quoted, say
from partnerkpi.workbook.model.theme import ACCENT, HEAD, LINE, NOTE, NOTE_SIZE, TEXT_BLOCK
from partnerkpi.workbook.page import lines_needed, set_heights, set_page
from partnerkpi.workbook.sheets.parts import FIRST, Book, as_place, write_top

_WIDTHS = {"A": 19, "B": 96}
_CHARACTERS = 128  # that fit into one line of column B at the size of a note
_LINE = 11.9  # points


def write_guide(book: Book, sheet: Worksheet) -> None:
    """Write a section for each KPI, each beginning on a page of its own; every line of a list is a row."""
    write_top(book.writer, sheet, say("Guide"), _sentence(book), _WIDTHS)
    row = FIRST - 1
    for guide in guides():
        if row > FIRST:
            sheet.row_breaks.append(Break(id=row - 1))
        row = book.writer.again(sheet, (guide.kpi, row), partial(_section, book, sheet, row, guide)) + 1
    set_page(sheet, book.card.title, [f"A1:B{row - 2}"], landscape=False)


def _sentence(book: Book) -> Live:
    """Say where each KPI stands, and what the sheet is for."""
    return live(
        "{period}: NPS {nps}, active advocates {advocacy}, influence share {influence}. "
        "What each means, how to measure it, what to ask and what to do next.",
        period=as_place(book.period),
        nps=_figure(book, "nps"),
        advocacy=_figure(book, "advocacy", " %"),
        influence=_figure(book, "influence", " %"),
    )


def _figure(book: Book, key: str, unit: str = "") -> tuple[str, object]:
    """Return a figure of the chosen period as it stands in the sentence."""
    figure = book.chosen(key)
    cell = figure.formula[1:]
    text = f"{whole_text(figure.value)}{unit}" if isinstance(figure.value, (int, float)) else DASH
    return when_number(cell, f"{whole(f'({cell})')}&{quoted(unit)}"), text


def _section(book: Book, sheet: Worksheet, row: int, guide: KpiGuide) -> int:
    """Write one KPI from row `row`; return the row below."""
    book.writer.put(sheet, (row, 1), say(guide.title), HEAD.but(wrap=False))
    book.writer.blank(sheet, (row, 2), HEAD)
    book.writer.put(sheet, (row + 1, 1), guide.question, NOTE)
    set_heights(sheet, {row: 20, row + 1: 18})
    row += 1
    for attribute in guide.attributes:
        row = _attribute(book, sheet, row + 1, attribute)
    return row + 1


def _attribute(book: Book, sheet: Worksheet, row: int, attribute: Attribute) -> int:
    """Write one attribute, a row for each of its lines; return its last row."""
    listed = not isinstance(attribute.text, str)
    small = TEXT_BLOCK.but(size=NOTE_SIZE)
    end = row + len(attribute.lines) - 1
    for place, line in enumerate(attribute.lines, row):
        rule = LINE if place == end else None
        if place == row:
            book.writer.put(sheet, (place, 1), say(attribute.title), small.but(bold=True, colour=ACCENT, line=rule))
        else:
            book.writer.blank(sheet, (place, 1), small.but(line=rule))
        text = f"•  {line}" if listed else line
        book.writer.put(sheet, (place, 2), text, small.but(line=rule))
        sheet.row_dimensions[place].height = 2 + _LINE * lines_needed(text, _CHARACTERS)
    return end
