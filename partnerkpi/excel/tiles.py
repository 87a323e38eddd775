"""The tiles of the Scorecard: label, figure, rating, and what the figure rests on."""

from __future__ import annotations

import operator
from collections.abc import Iterator

from partnerkpi.excel import period
from partnerkpi.excel.book import BENCHMARKS, CUSTOMERS, PARTNERS, SCORECARD, Call, Given, Native, call, native
from partnerkpi.excel.chart_data import PERIODS_SHOWN, heard, heard_formula
from partnerkpi.excel.inputs import TABLES, WEIGHTS
from partnerkpi.excel.workings import CHANGE, PERIOD_CHART, POINTS, SUMMARY, Results, as_column, at, single
from partnerkpi.excel.workings import FIRST_ROW as WORKINGS_ROW
from partnerkpi.language.figures import INTERVAL
from partnerkpi.udfs.arguments import CONFIDENCE
from partnerkpi.udfs.ratings import current_benchmarks
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.expression import (
    MULTIPLIES,
    Expression,
    applied,
    count,
    given,
    joined,
    live,
    tell,
    when_number,
)
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import counted, interval_at, moved, nearest, shortest, whole
from partnerkpi.workbook.model.ratings import colour_by_own_label, label, rating_formula
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import COUNT, NO_DATA, ROW, ROW_NUMBER, SCORE, SHARE
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.sheets import tiles
from partnerkpi.workbook.sheets.tiles import Tile, write_tile

TOP = 5
HEIGHTS = (*tiles.HEIGHTS[:3], 16.0, tiles.HEIGHTS[-1])  # label, figure, chip, and two lines of what it rests on
_FRACTION = "0%"


def figure_cell(place: int) -> str:
    """Return the cell of a tile's figure; the tiles are counted from 0."""
    return f"${'ACEGIK'[place]}${TOP + 1}"


def write_tiles(model: WorkbookModel, sheet: SheetModel, found: Results) -> None:
    """Write the six tiles side by side: the three KPIs with their ratings, two shares, and how many were heard."""
    for place, (kpi, tile) in enumerate(zip(_OF_KPI, _rated(found), strict=True)):
        _, chip = write_tile(model, sheet, tile, TOP, place, HEIGHTS)
        colour_by_own_label(sheet, chip, current_benchmarks()[kpi], chip, ground=NO_DATA.fill)
    for place, tile in enumerate((_retention_rate(found), _response_rate(found), _heard(found)), len(_OF_KPI)):
        write_tile(model, sheet, tile, TOP, place, HEIGHTS)
    for row, height in enumerate(HEIGHTS, TOP):
        sheet.heights[row] = height


#: The single figure of each KPI.
_OF_KPI = {"nps": "nps", "advocacy": "advocates", "retention": "influence"}
_FEW = "too few answers"
_ANSWERS = f"{at(SUMMARY + 1, WORKINGS_ROW)}"


def _shown(found: Results, key: str) -> Native:
    """Return a figure of the sheet Workings as a tile shows it."""
    return Native(f"={single(key)}", found.singles[key].value)


def _rated(found: Results) -> Iterator[Tile]:
    """Yield the tiles of the KPIs."""
    listed = TABLES[PARTNERS].height
    active = _part_of(figure_cell(1), found.singles["advocates"], f"COUNTA({PARTNERS}[partner])", listed, "partners")
    activities = _figure(single("advocacy"), found.singles["advocacy"].value, "activities a partner", 1)
    index = _figure(single("index"), found.singles["index"].value, "on the index, 100 is parity")
    lift = _figure(single("lift"), found.singles["lift"].value, "points between customers with and without a partner")
    for place, (kpi, title, number, lines) in enumerate(
        (
            ("nps", "Strategic Partner NPS", POINTS, (_interval(found), _moved(found))),
            ("advocacy", "Active advocates", _FRACTION, (active, activities)),
            ("retention", "Influence on retention", SHARE, (index, lift)),
        )
    ):
        made = found.singles[_OF_KPI[kpi]]
        chip = Live(f"={rating_formula(kpi, figure_cell(place))}", label(_rating(kpi, made)))
        if kpi == "nps":
            few = f"AND(ISNUMBER({figure_cell(place)}),{_ANSWERS}<{names.MIN_ANSWERS})"
            chip = Native(f'=IF({few},"{_FEW}",{rating_formula(kpi, figure_cell(place))})', chip.value)
        beside = live(tell("target {target}", target=_target(kpi, current_benchmarks()[kpi].target)))
        yield Tile(title, _shown(found, _OF_KPI[kpi]), number, chip, beside, lines, rated=str(chip.value))


def _retention_rate(found: Results) -> Tile:
    made = found.singles["rate"]
    customers = sum(one not in ("", None) for one in as_column(found.chosen.customers("retained")))
    count = f'COUNTIFS({CUSTOMERS}[period],{period.SHOWN},{CUSTOMERS}[retained],"<>")'
    stayed = _part_of(figure_cell(3), made, count, customers, "customers stayed")
    return Tile("Retention rate", _shown(found, "rate"), _FRACTION, None, None, (stayed, "of the sheet customers"))


def _response_rate(found: Results) -> Tile:
    answers = given(_ANSWERS, found.summarized("Responses"))
    invited = sum(int(str(count)) for count in TABLES[PARTNERS].cells("invited_contacts"))
    asked = given(single("invited"), float(invited))
    lines = (
        native(when_number(answers, count(answers, "{n} answer", "{n} answers"), "no data")),
        native(when_number(asked, joined("of ", counted(asked), " people invited"), "nobody invited")),
    )
    return Tile("Response rate", _shown(found, "response"), _FRACTION, None, None, lines)


def _heard(found: Results) -> Tile:
    """Return the tile of how many partners have answers, beside those on the list."""
    shown = Native(f"={heard_formula()}", float(heard(found)))
    listed = given(f"COUNTA({PARTNERS}[partner])", TABLES[PARTNERS].height)
    return Tile(
        "Partners heard", shown, COUNT, None, None, (native(joined(counted(listed), " on the list")), "with an answer")
    )


def write_targets_reached(model: WorkbookModel, row: int, found: Results) -> None:
    """Write the share of targets reached below its weights on Benchmarks: it is no figure of the first page."""
    sheet, figures = model[BENCHMARKS], [found.singles[key] for key in _OF_KPI.values()]
    first = row - len(figures)
    for place, (made, number) in enumerate(zip(figures, (POINTS, _FRACTION, SHARE), strict=True)):
        figure = Native(f"={SCORECARD}!{figure_cell(place)}", made.value)
        model.put(sheet, (first + place, 4), figure, ROW_NUMBER.but(number=number))
    three = (Given(f"D{first + place}", made.value) for place, made in enumerate(figures))
    model.put(sheet, (row, 1), "All three together, of 100", ROW)
    for column in (2, 3, 5):
        model.blank(sheet, (row, column), ROW)
    model.put(sheet, (row, 4), call("PARTNER_ATTAINMENT", *three, WEIGHTS).single, ROW_NUMBER.but(number=SCORE))


def _interval(found: Results) -> Native:
    """Say between which figures the NPS lies."""
    low, high = (given(at(SUMMARY + 1, WORKINGS_ROW + place), found.summary.values[place][1]) for place in (5, 6))
    reach = tell(INTERVAL, low=whole(low), high=whole(high))
    words = joined(reach, ", ", interval_at(given(names.CONFIDENCE, CONFIDENCE)))
    return native(when_number(low, words, "too few answers"))


def _moved(found: Results) -> Native:
    """Say how the period differs from the one before, and whether that is more than chance at this confidence."""
    last = at(PERIOD_CHART, WORKINGS_ROW + PERIODS_SHOWN - 2)
    before = found.trend.values[found.place - 2][0] if found.place > 1 else ""
    change, word = given(at(CHANGE), found.change.values[0][0]), given(at(CHANGE + 2, WORKINGS_ROW + 1), found.word)
    return native(moved(change, word, given(last, period.word(before) if before else "")))


def _part_of(figure: str, made: Call, count: str, total: int, what: str) -> Native:
    """Say how many of the total a share is: "3 of 4 partners"."""
    share, of = given(figure, made.value), given(count, total)
    part = applied("{}*{}".format, operator.mul, share, of, binds=MULTIPLIES)
    return native(when_number(share, joined(counted(nearest(part)), " of ", counted(of), f" {what}")))


def _figure(cell: str, value: Value, what: str, digits: int = 0) -> Native:
    figure = given(cell, value)
    text = shortest(figure) if digits else whole(figure)
    return native(when_number(figure, joined(text, f" {what}"), "no data"))


def _rating(kpi: str, made: Call) -> str | None:
    """Return the rating of a figure; None where it is an error."""
    return current_benchmarks()[kpi].rating(made.value) if isinstance(made.value, float) else None


def _target(kpi: str, target: float) -> Expression[object, object]:
    """Return a target as it is said: 50, or 75 %; that of advocacy is a part of one."""
    figure = given(names.of_kpi(kpi, "target"), target)
    return whole(figure) if kpi == "nps" else joined(whole(100 * figure if kpi == "advocacy" else figure), " %")
