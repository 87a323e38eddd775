"""partnerkpi-functions.xlsx: the functions as names that hold a LAMBDA, what each gives, and a self-test."""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi._version import __version__
from partnerkpi.carriers.lambdas.splice import with_functions
from partnerkpi.carriers.lambdas.syntax import Formula
from partnerkpi.excel.book import FUNCTIONS, SELF_TEST, Call, Native
from partnerkpi.excel.functions_sheet import described, examples, write_table
from partnerkpi.excel.self_test import FIRST_ROW, OK, cases, write_lines
from partnerkpi.udfs import FUNCTIONS as ALL
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import BODY, FIGURE, NOTE, TITLE, Look
from partnerkpi.workbook.page import set_heights
from partnerkpi.workbook.writer.writer import Writer

_HEAD_ROW = 8
_NOTE = NOTE.but(size=11)  # smaller letters could not be read on an upright page of this width
_STEPS = (
    "They work in Excel 365, Excel 2024 and Excel on the web, on a Mac, a tablet and a phone; no Python, no macros.",
    "Into a workbook of your own: partnerkpi excel add FILE.xlsx, or move a copy of the sheet Self-test into it.",
    "Then type =PARTNER_NPS( and the range. Formulas, Name Manager shows each one; an earlier Excel shows #NAME?.",
)


def workbook_bytes(pack: Mapping[str, Formula]) -> bytes:
    """Return the workbook; the same bytes for the same version and settings."""
    model = WorkbookModel()
    model.title = "Partner KPI functions"
    for title in (FUNCTIONS, SELF_TEST):
        model.sheet(title)
    _write_help(model, model[FUNCTIONS], pack)
    _write_self_test(model, model[SELF_TEST])
    return with_functions(Writer(several=False).write(model), pack)


def put_array(model: WorkbookModel, sheet: SheetModel, place: tuple[int, int], made: Call, look: Look) -> None:
    """Write a call as Excel writes it since it has LAMBDA: what it gives may spill, also where it is one cell."""
    model.put_spill(sheet, place, made.formula, made.values, lambda _down, _right: look)


def _write_help(model: WorkbookModel, sheet: SheetModel, pack: Mapping[str, Formula]) -> None:
    """Write what each function gives, what it is asked with, and an example."""
    model.put(sheet, "A1", "Partner KPI functions", TITLE)
    says = f"{len(pack)} functions as names, partnerkpi {__version__}. Each is one formula of Excel's own functions."
    model.put(sheet, "A2", says, BODY.but(bold=True))
    for row, line in enumerate(_STEPS, 3):
        model.put(sheet, (row, 1), line, _NOTE)
    model.put(sheet, (6, 1), _bands(), _NOTE)
    shown = examples()
    lines = []
    for name in pack:
        function = ALL[name]
        arguments = [f"[{one}]" if one in function.optional else one for one in function.arguments]
        asked = zip(arguments, function.arguments.values(), strict=True)
        lines.append(described(f"{name}({', '.join(arguments)})", function.description, asked, shown[name]))
    write_table(model, sheet, _HEAD_ROW, lines)
    set_heights(sheet, {1: 30.0})


def _bands() -> str:
    return (
        "Ratings are those of the settings when this file was made; names that differ only in capitals are two. What a "
        "cell counts as: docs/functions.md."
    )


def _write_self_test(model: WorkbookModel, sheet: SheetModel) -> None:
    lines = len(cases())
    checks = f"$F${FIRST_ROW}:$F${FIRST_ROW + lines - 1}"
    passed = f'COUNTIF({checks},"{OK}")'
    model.put(sheet, "A1", "Self-test", TITLE)
    model.put(sheet, "A2", Native(f"={passed}", lines), FIGURE.but(fill=None, indent=0, align="left"))
    model.put(sheet, "B2", f"of {lines} pass.", BODY.but(bold=True))
    note = "Excel works each line out anew when it opens the file; figures of before are those of partnerkpi in Python."
    model.put(sheet, "A3", note, NOTE)
    write_lines(model, sheet, put_array)
