"""scorecard.xlsm from the installed xlwings: the whole workbook, the same bytes every time."""

from __future__ import annotations

import functools
from pathlib import Path

from partnerkpi.excel import vba
from partnerkpi.excel.benchmarks_sheet import write_benchmarks
from partnerkpi.excel.book import Book
from partnerkpi.excel.data_sheets import write_data_sheets
from partnerkpi.excel.functions import Catalogue, catalogue
from partnerkpi.excel.functions_sheet import write_functions
from partnerkpi.excel.package import add_project, as_macro_workbook
from partnerkpi.excel.project import require_builder, vba_project
from partnerkpi.excel.scorecard_sheet import write_scorecard
from partnerkpi.excel.self_test_sheet import write_self_test
from partnerkpi.excel.set_up_sheet import write_set_up, write_settings
from partnerkpi.excel.shipped import KEYWORD
from partnerkpi.excel.workings_sheet import results, write_workings
from partnerkpi.files import atomic_write
from partnerkpi.workbook.writer.writer import Writer


def build(target: Path) -> None:
    """Write scorecard.xlsm. Raises PartnerKpiError without pyOpenVBA, FileProblem where it cannot be written."""
    atomic_write(target, workbook_bytes())


@functools.cache
def workbook_bytes() -> bytes:
    """Return the bytes of scorecard.xlsm for the installed xlwings. Raises PartnerKpiError without pyOpenVBA."""
    require_builder()
    described = catalogue()
    plain = sheets_bytes(described)
    return add_project(plain, vba_project(plain, vba.modules(described)))


def sheets_bytes(described: Catalogue) -> bytes:
    """Return the workbook without its VBA project: all sheets, every formula with its value."""
    book = Book()
    book.model.keywords = f"{KEYWORD} {described.xlwings_version}"
    found = results()
    write_benchmarks(book)
    write_data_sheets(book)
    write_workings(book, found)
    write_scorecard(book, found)
    write_set_up(book, described.xlwings_version)
    write_self_test(book)
    write_functions(book, described.functions)
    write_settings(book)
    if book.button is None:
        raise RuntimeError("the sheet Set-up has no button")
    return as_macro_workbook(Writer(several=False).write(book.model), book.button)
