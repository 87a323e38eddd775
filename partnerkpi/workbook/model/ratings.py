"""Ratings in cells: the label that a figure earns, and the colours that follow the thresholds on Benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.kpi.benchmark import RATING_ORDER, Benchmark
from partnerkpi.language.figures import DASH
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import INK, NO_DATA, RATINGS, TILE, WHITE, Look, Rating, colours


def rating_named(name: str | None) -> Rating:
    """Return how a rating is shown; a name that is none of ours gets a mark of its own."""
    return NO_DATA if name is None else RATINGS.get(name, Rating(name, "◆", INK, TILE))


def label(name: str | None) -> str:
    """Return what stands in a cell for a rating: "● Strong", or a dash without data."""
    return DASH if name is None else rating_named(name).label


def rating_formula(kpi: str, value: str) -> str:
    """Return the formula of the label that a figure earns; a dash for what is no number."""
    return f'IF(ISNUMBER({value}),LOOKUP({value},{names.thresholds(kpi)},{names.labels(kpi)}),"{DASH}")'


def colour_by_figure(sheet: SheetModel, cells: str, benchmark: Benchmark, value: str, condition: str = "") -> None:
    """Colour cells by the band that holds a figure; `value` and `condition` are written for the first of the cells.

    The rules name the thresholds, so they follow them; what is no number keeps its own colours.
    """
    for position, band in enumerate(benchmark.bands):
        tests = [f"ISNUMBER({value})"]
        if position:
            tests.append(f"{value}>={names.of_kpi(benchmark.kpi, band.name)}")
        if position + 1 < len(benchmark.bands):
            tests.append(f"{value}<{names.of_kpi(benchmark.kpi, benchmark.bands[position + 1].name)}")
        if condition:
            tests.append(condition)
        sheet.colour_where(cells, f"AND({','.join(tests)})", rating_named(band.name).colours)


def tier_rating_formula(kpi: str, value: str, starts: Sequence[str]) -> str:
    """Return the formula of the label that a figure earns where cells say from where each but the worst begins."""
    chosen = f"INDEX({names.labels(kpi)},1)"
    for position, start in enumerate(starts, 2):
        chosen = f"IF({value}>={start},INDEX({names.labels(kpi)},{position}),{chosen})"
    return f'IF(ISNUMBER({value}),{chosen},"{DASH}")'


def chip(shown: object, plain: Look) -> Look:
    """Return how a cell with the label of a rating looks by itself, for programs that follow no rules; else `plain`."""
    found = next((one for one in RATINGS.values() if one is not NO_DATA and one.label == shown), None)
    return plain if found is None else plain.but(colour=found.text, fill=found.fill, bold=True)


def colour_by_own_label(
    sheet: SheetModel, cells: str, benchmark: Benchmark, value: str, condition: str = "", *, ground: str = WHITE
) -> None:
    """Colour cells by the label of a KPI's rating that stands in them, whichever thresholds gave it.

    What has no label any more loses the colours that it was given by itself, and stands on `ground`.
    """
    for position, band in enumerate(benchmark.bands, 1):
        test = f"{value}=INDEX({names.labels(benchmark.kpi)},{position})"
        sheet.colour_where(cells, f"AND({test},{condition})" if condition else test, rating_named(band.name).colours)
    none = f"ISNA(MATCH({value},{names.labels(benchmark.kpi)},0))"
    sheet.colour_where(cells, none, colours(NO_DATA.text, bold=False, fill=ground))


def colour_by_label(sheet: SheetModel, cells: str, value: str, condition: str = "") -> None:
    """Colour cells by a label of the ratings that all KPIs share."""
    for position, name in enumerate(RATING_ORDER, 1):
        test = f"{value}=INDEX({names.RATING_LABELS},{position})"
        sheet.colour_where(cells, f"AND({test},{condition})" if condition else test, rating_named(name).colours)
