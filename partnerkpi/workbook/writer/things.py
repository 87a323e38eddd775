"""What is on a sheet beside its cells: colour rules, tables, what may be entered. On a sketch it is only noted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.writer.bars import bar_rule


def colour_where(sheet: Worksheet | SheetModel, cells: str, formula: str, colours: DifferentialStyle) -> None:
    """Colour the cells for which `formula`, written for the first of them without "=", holds.

    Excel ranks text above numbers, so a formula that compares must ask ISNUMBER first.
    """
    if isinstance(sheet, SheetModel):
        sheet.note("rule", cells, formula, sheet.cache.keep(colours))
    else:
        sheet.conditional_formatting.add(cells, Rule("expression", dxf=colours, formula=[formula]))


def add_table(sheet: Worksheet | SheetModel, name: str, ref: str, heads: Sequence[str] = ()) -> None:
    """Make cells a table. With `heads` it has no filter buttons; else its columns are called what their heads say."""
    if isinstance(sheet, SheetModel):
        sheet.tables.append(ref)
        sheet.note("table", name, ref, tuple(heads))
        return
    table = Table(displayName=name, ref=ref)
    if heads:
        table.tableColumns = [TableColumn(id=place, name=head) for place, head in enumerate(heads, 1)]
    sheet.add_table(table)


def colour_before(sheet: Worksheet | SheetModel, rules: Sequence[tuple[str, str, DifferentialStyle]]) -> None:
    """Add rules (cells, formula, look) that come before all others: LibreOffice follows the first that holds alone."""
    if isinstance(sheet, SheetModel):
        log, start = sheet.log, len(sheet.log)
        for one in rules:
            colour_where(sheet, *one)
        log[:] = [*log[start:], *log[:start]]
        return
    others = [(str(cells.sqref), rule) for cells in sheet.conditional_formatting for rule in cells.rules]
    sheet.conditional_formatting = ConditionalFormattingList()
    for one in rules:
        colour_where(sheet, *one)
    for cells, rule in others:
        rule.priority = 0  # it gets a new one
        sheet.conditional_formatting.add(cells, rule)


def draw_bars(sheet: Worksheet | SheetModel, cells: str, colour: str, low: float, high: float | None = None) -> None:
    """Draw a bar in each cell that holds a number, without the number; `high` None ends at the largest one."""
    if isinstance(sheet, SheetModel):
        sheet.note("bars", cells, colour, low, high)
    else:
        sheet.conditional_formatting.add(cells, bar_rule(colour, low, high))


def check_entry(sheet: Worksheet | SheetModel, cells: str, **rule: Any) -> None:
    """Let only some values be entered into cells; `rule` is what openpyxl's DataValidation takes."""
    if isinstance(sheet, SheetModel):
        sheet.note("check", cells, tuple(rule.items()))
        return
    check = DataValidation(**rule)
    check.add(cells)
    sheet.add_data_validation(check)


@lru_cache(maxsize=64)
def edge(*, left: str | None = None, right: str | None = None, hair: str | None = None) -> Border:
    """Return thick lines beside a cell and a hairline below it, by their colours."""
    beside, other = (Side("thick", color=f"FF{colour}") if colour else None for colour in (left, right))
    return Border(left=beside, right=other, bottom=Side("hair", color=f"FF{hair}") if hair else None)
