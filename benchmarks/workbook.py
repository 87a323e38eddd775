"""The scorecard workbook with 1,000 partners and 100,000 answers, against XlsxWriter writing the same cells.

XlsxWriter, in its constant_memory mode, gets every cell, formula, value, style and width handed to it as a list; we
begin with the counts and the answers. Afterwards both files are read and must hold the same.
"""

from __future__ import annotations

import pickle
import tempfile
from pathlib import Path

from benchmarks.measure import compare, in_own_process, side_by_side

PARTNERS, ANSWERS = 1_000, 100_000

_MADE = """
import random
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts, Partner
import datetime as dt

def made():
    draw = random.Random(7)
    day = dt.date(2026, 7, 1)
    answers = sorted(
        (
            f"Partner {draw.randrange(PARTNERS):04d}", "2026-Q3",
            day + dt.timedelta(draw.randrange(90)), float(draw.randrange(11)),
        )
        for _ in range(ANSWERS)
    )
    scores = {}
    for partner, _, _, score in answers:
        tally = scores.setdefault(partner, [0, 0, 0])
        tally[0 if score < 7 else 1 if score < 9 else 2] += 1
    partners = tuple(Partner(f"Partner {n:04d}", True, "Gold", "EMEA", "Jane Doe") for n in range(PARTNERS))
    counts = {
        (one.name, "2026-Q3"): Counts(ScoreTally(*scores.get(one.name, (0, 0, 0))), 200, n % 4, 20, n % 21)
        for n, one in enumerate(partners)
    }
    card = Scorecard(
        title="Partner scorecard", period_kind="quarter", periods=("2026-Q3",), current="2026-Q3",
        as_of=dt.date(2026, 9, 30), partners=partners, counts=counts, benchmarks=DEFAULT_BENCHMARKS,
        weights=(0.4, 0.3, 0.3), confidence=0.95, min_responses=5, has_partner_list=True, has_activities=True,
        has_customers=True, customers_have_partners=True, sources=(),
    )
    return card, answers
""".replace("PARTNERS", str(PARTNERS)).replace("ANSWERS", str(ANSWERS))

_SETUP = (
    _MADE
    + """
from pathlib import Path
from partnerkpi.workbook.build import write_workbook
card, answers = made()
"""
)
_WRITTEN = "write_workbook(card, Path({folder!r}) / 'ours.xlsx', responses=answers)\nresult = 0"

_THEIRS_SETUP = """
import pickle, xlsxwriter
sheets = pickle.load(open({folder!r} + '/cells.pickle', 'rb'))
"""
_THEIRS = """
book = xlsxwriter.Workbook({folder!r} + '/theirs.xlsx', {{'constant_memory': True}})
formats = {{}}
for title, widths, rows in sheets:
    sheet = book.add_worksheet(title)
    for column, width in widths.items():
        sheet.set_column(column, column, width)
    for row, cells in rows:
        for column, kind, value, formula, look in cells:
            if look not in formats:
                formats[look] = book.add_format(dict(look))
            style = formats[look]
            if formula is not None:
                sheet.write_formula(row, column, formula, style, '' if value is None else value)
            elif kind == 's':
                sheet.write_string(row, column, value, style)
            elif kind == 'n':
                sheet.write_number(row, column, value, style)
            else:
                sheet.write_blank(row, column, None, style)
book.close()
result = 0
"""


def prepare(folder: str) -> None:
    """Write our workbook, and leave its cells for XlsxWriter in the folder."""
    space: dict[str, object] = {}
    exec(_SETUP + _WRITTEN.format(folder=folder), space)  # noqa: S102 - the very text that is measured
    Path(folder, "cells.pickle").write_bytes(pickle.dumps(_cells_of(Path(folder, "ours.xlsx"))))


def check(folder: str) -> None:
    """Read what both have written: AssertionError where it differs."""
    content = _cells_of(Path(folder, "ours.xlsx"))
    assert _plain(_cells_of(Path(folder, "theirs.xlsx"))) == _plain(content), "the two files differ"
    print(f"{sum(len(row) for _, _, rows in content for _, row in rows):,} cells, the same in both files")


def main() -> None:
    """Print the ratios of time and of peak memory, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        in_own_process("workbook", "prepare", folder)
        theirs = _THEIRS_SETUP.format(folder=folder), _THEIRS.format(folder=folder)
        found = side_by_side(
            {
                "written": (_SETUP, _WRITTEN.format(folder=folder)),
                "theirs": theirs,
                "our imports": (_SETUP.replace("card, answers = made()", ""), "result = 0"),
                "our data": (_SETUP, "result = 0"),
                "their cells": (theirs[0], "result = 0"),
            },
            rounds=3,
        )
        in_own_process("workbook", "check", folder)
    what = f"scorecard, {PARTNERS:,} partners, {ANSWERS:,} answers, from the counts"
    compare(what, found["written"], found["theirs"], "XlsxWriter", at_most=0.18, memory_at_most=1.7)
    held = ", ".join(f"{name} {found[name].megabytes:.0f} MB" for name in ("our imports", "our data", "their cells"))
    print(f"  of the memory, before anything is written: {held}")


def _cells_of(path: Path) -> list[tuple[str, dict[int, float], list[tuple[int, list[tuple[object, ...]]]]]]:
    """Return every cell of a workbook with its look, sheet by sheet and row by row, for XlsxWriter to write."""
    import openpyxl
    from openpyxl.utils.cell import column_index_from_string, coordinate_to_tuple
    from openpyxl.utils.datetime import to_excel

    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    looks: dict[int, tuple[tuple[str, object], ...]] = {}
    sheets = []
    for sheet in formulas.worksheets:
        widths = {column_index_from_string(name) - 1: one.width for name, one in sheet.column_dimensions.items()}
        stored = values[sheet.title]
        rows = []
        for row in sheet.iter_rows():
            cells: list[tuple[object, ...]] = []
            for cell in row:
                if cell.value is None and not cell.has_style:
                    continue
                if cell.style_id not in looks:
                    looks[cell.style_id] = _look(cell)
                value = stored[cell.coordinate].value
                kind = "blank" if value is None else "s" if isinstance(value, str) else "n"
                formula = cell.value if cell.data_type == "f" else None
                if kind == "n" and not isinstance(value, (int, float)):
                    value = to_excel(value)  # type: ignore[no-untyped-call]  # openpyxl says no types
                cells.append((coordinate_to_tuple(cell.coordinate)[1] - 1, kind, value, formula, looks[cell.style_id]))
            if cells:
                rows.append((coordinate_to_tuple(row[0].coordinate)[0] - 1, cells))
        sheets.append((sheet.title, widths, rows))
    return sheets


def _look(cell: object) -> tuple[tuple[str, object], ...]:
    """Return a cell's look in XlsxWriter's words."""
    font, fill, align = cell.font, cell.fill, cell.alignment  # type: ignore[attr-defined]
    look: dict[str, object] = {"font_name": font.name, "font_size": font.size, "bold": bool(font.bold)}
    look["num_format"] = cell.number_format  # type: ignore[attr-defined]
    if font.color is not None and isinstance(font.color.rgb, str):
        look["font_color"] = f"#{font.color.rgb[2:]}"
    if fill.fill_type == "solid":
        look["bg_color"] = f"#{fill.fgColor.rgb[2:]}"
    look |= {"valign": {"center": "vcenter"}.get(align.vertical or "", align.vertical or "bottom")}
    if align.horizontal not in (None, "general"):
        look["align"] = align.horizontal
    look |= {"text_wrap": bool(align.wrap_text), "indent": int(align.indent or 0)}
    bottom = cell.border.bottom  # type: ignore[attr-defined]
    if bottom is not None and bottom.style == "hair":
        look["bottom"] = 7
    return tuple(look.items())


def _plain(sheets: list[tuple[str, dict[int, float], list[tuple[int, list[tuple[object, ...]]]]]]) -> object:
    """Return what two files must have in common: places, formulas, values to 15 digits and number formats."""
    return {
        title: {
            (row, cell[0]): (cell[1], _to_15(cell[2]), cell[3], dict(cell[4])["num_format"])  # type: ignore[call-overload]
            for row, cells in rows
            for cell in cells
        }
        for title, _, rows in sheets
    }


def _to_15(value: object) -> object:
    """Return a number with the digits that XlsxWriter writes of every one; it writes 16, and ours has up to 17."""
    return float(f"{value:.15g}") if isinstance(value, float) else value


if __name__ == "__main__":
    main()
