"""Benchmarks: thresholds, targets and weights. Change one, and the Scorecard's ratings and colours follow."""

from __future__ import annotations

from partnerkpi.excel import book as sheets
from partnerkpi.excel.book import Book
from partnerkpi.excel.calls import Given, block
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, RATING_ORDER, Benchmark
from partnerkpi.kpi.health import DEFAULT_WEIGHTS
from partnerkpi.udfs.arguments import CONFIDENCE, MIN_RESPONSES
from partnerkpi.udfs.ratings import SCALES, current_benchmarks
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.ratings import rating_named
from partnerkpi.workbook.model.theme import (
    CELL_INPUT,
    CHIPS,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    LINE,
    MUTED,
    NOTE,
    ROW,
    ROW_NUMBER,
    SECTION,
    TITLE,
)
from partnerkpi.workbook.page import set_heights, set_page, set_widths

FRACTION = "0%"
NUMBERS = {"nps": "0.##", "advocacy": FRACTION, "retention": "0.##"}
WEIGHTS = block("Health_weights", [[weight] for weight in DEFAULT_WEIGHTS])
MIN_ANSWERS = Given(names.MIN_ANSWERS, float(MIN_RESPONSES))
SURE = Given(names.CONFIDENCE, CONFIDENCE)

_UNITS = {"nps": "points, -100 to 100", "advocacy": "share of the partner list", "retention": "points, 0 to 100"}
_BELOW_ALL = -1e9  # where the lowest rating begins: below every figure that there is
_MUTED = ROW.but(colour=MUTED, indent=1)
_INPUT = CELL_INPUT.but(line=LINE)


def write_benchmarks(book: Book) -> None:
    """Write what figures are measured against, and name each of it."""
    sheet = book.sheet(sheets.BENCHMARKS)
    book.put(sheet, "A1", "Benchmarks", TITLE)
    says = "Change a number in a yellow cell: ratings, colours and tiles of the Scorecard follow."
    book.put(sheet, "A2", says, HEADLINE.but(wrap=False))
    note = "The words of PARTNER_RATING, _NPS_SUMMARY and _NPS_BY follow partnerkpi.toml in your own folder instead."
    book.put(sheet, "A3", note, NOTE)
    row = _head(book, sheet, 5, "Ratings and targets", ("KPI", "Rating", "From", "Unit"))
    for kpi, benchmark in current_benchmarks().items():
        row = _bands(book, sheet, row, kpi, benchmark)
    row = _head(book, sheet, row + 1, "Partner health", ("KPI", "", "Weight", ""))
    for place, (kpi, weight) in enumerate(zip(names.KPI_NAMES, DEFAULT_WEIGHTS, strict=True)):
        book.put(sheet, (row + place, 1), DEFAULT_BENCHMARKS[kpi].label, ROW)
        _rest(book, sheet, row + place, "")
        _input(book, sheet, row + place, weight, "0.##", (0, 100), "The part of this KPI in partner health.")
    book.name(WEIGHTS.text, sheet, f"C{row}:C{row + 2}")
    row = _head(book, sheet, row + 4, "How sure", ("Rule", "", "Value", ""))
    book.put(sheet, (row, 1), "Confidence of the intervals", ROW)
    _rest(book, sheet, row, "0.95: an interval misses 5 times in 100")
    _input(book, sheet, row, CONFIDENCE, "0.00##", (0.5, 0.9999), "Between 0.5 and 0.9999; 0.95 is usual.")
    book.name(SURE.text, sheet, f"C{row}")
    book.put(sheet, (row + 1, 1), "Fewest answers for a rating", ROW)
    _rest(book, sheet, row + 1, "partners with fewer are shown in grey")
    _input(book, sheet, row + 1, MIN_RESPONSES, "0", (0, 1_000_000), "A whole number.")
    book.name(MIN_ANSWERS.text, sheet, f"C{row + 1}")
    row = _head(book, sheet, row + 3, "Ratings that the KPIs share", ("From worst to best", "Rating", "", ""))
    for place, name in enumerate(RATING_ORDER):
        book.put(sheet, (row + place, 1), place + 1, ROW)
        book.put(sheet, (row + place, 2), rating_named(name).label, CHIPS[name].but(line=LINE))
    last = row + len(RATING_ORDER) - 1
    book.name(names.RATING_LABELS, sheet, f"B{row}:B{last}")
    set_widths(sheet, {"A": 34, "B": 18, "C": 12, "D": 40})
    set_heights(sheet, {1: 30, 2: 20})
    set_page(sheet, "Benchmarks", [f"A1:D{last}"], landscape=False, one_page=True)


def _head(book: Book, sheet: SheetModel, row: int, section: str, heads: tuple[str, ...]) -> int:
    book.put(sheet, (row, 1), section, SECTION)
    for place, head in enumerate(heads, 1):
        look = HEAD_NUMBER if place == 3 else HEAD.but(indent=1) if place == 4 else HEAD
        book.put(sheet, (row + 1, place), head, look)
    return row + 2


def _bands(book: Book, sheet: SheetModel, first: int, kpi: str, benchmark: Benchmark) -> int:
    """Write a KPI's ratings from the lowest up, so that they can be looked up, and its target; return the row below."""
    scale = SCALES[kpi]
    book.put(sheet, (first, 1), DEFAULT_BENCHMARKS[kpi].label, ROW.but(bold=True))
    for place, band in enumerate(benchmark.bands):
        row = first + place
        if place:
            book.model.blank(sheet, (row, 1), ROW)
        book.put(sheet, (row, 2), rating_named(band.name).label, CHIPS.get(band.name, CHIPS["no data"]).but(line=LINE))
        book.put(sheet, (row, 4), _UNITS[kpi] if place == 0 else "", _MUTED)
        if place == 0:
            book.put(sheet, (row, 3), _BELOW_ALL, ROW_NUMBER.but(number='0;"any lower"', colour=MUTED))
        else:
            _input(
                book, sheet, row, band.low, NUMBERS[kpi], scale, f"From here on it rates {band.name}. Keep them rising."
            )
            book.name(names.of_kpi(kpi, band.name), sheet, f"C{row}")
    last = first + len(benchmark.bands) - 1
    book.name(names.thresholds(kpi), sheet, f"C{first}:C{last}")
    book.name(names.labels(kpi), sheet, f"B{first}:B{last}")
    book.model.blank(sheet, (last + 1, 1), ROW)
    book.put(sheet, (last + 1, 2), "Target", ROW)
    _input(book, sheet, last + 1, benchmark.target, NUMBERS[kpi], scale, "The figure to reach.")
    book.put(sheet, (last + 1, 4), "shown in the tile", _MUTED)
    book.name(names.of_kpi(kpi, "target"), sheet, f"C{last + 1}")
    return last + 2


def _rest(book: Book, sheet: SheetModel, row: int, note: str) -> None:
    book.model.blank(sheet, (row, 2), ROW)
    book.put(sheet, (row, 4), note, _MUTED)


def _input(
    book: Book, sheet: SheetModel, row: int, value: float, number: str, limits: tuple[float, float], prompt: str
) -> None:
    """Write a number that the reader may change."""
    book.put(sheet, (row, 3), value, _INPUT.but(number=number))
    sheet.check_entry(
        f"C{row}",
        type="decimal",
        operator="between",
        formula1=f"{limits[0]:g}",
        formula2=f"{limits[1]:g}",
        promptTitle="Benchmark",
        prompt=prompt,
        errorTitle="Benchmark",
        error=f"A number between {limits[0]:g} and {limits[1]:g}, please.",
        showInputMessage=True,
        showErrorMessage=True,
    )
