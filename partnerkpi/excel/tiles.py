"""The tiles of the Scorecard: label, figure, rating, and what the figure rests on."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

from partnerkpi.excel import book as sheets
from partnerkpi.excel.benchmarks_sheet import FRACTION, WEIGHTS
from partnerkpi.excel.book import Book
from partnerkpi.excel.calls import Call, Given, Native, call, native
from partnerkpi.excel.data_sheets import TABLES
from partnerkpi.excel.workings_sheet import CHANGE, SUMMARY, Results, at, period_word, previous_quarter, single
from partnerkpi.excel.workings_sheet import FIRST_ROW as WORKINGS_ROW
from partnerkpi.kpi.benchmark import RATING_ORDER
from partnerkpi.language.figures import DASH, INTERVAL, shortest
from partnerkpi.udfs.arguments import CONFIDENCE
from partnerkpi.udfs.ratings import current_benchmarks
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.expression import MULTIPLIES, Expression, applied, given, joined, tell, when_number
from partnerkpi.workbook.model.phrases import moved, sure, whole
from partnerkpi.workbook.model.ratings import colour_by_figure, colour_by_label, label, rating_formula
from partnerkpi.workbook.model.theme import ACCENT, CHIPS, FIGURE, LABEL, MUTED, SCORE, SHARE, TILE_NOTE, WHITE, edge
from partnerkpi.workbook.model.values import Value

TOP = 5
HEIGHTS = (17.0, 34.0, 17.0, 16.0, 26.0)  # label, figure, chip, and two lines of what it rests on
_NOTE = TILE_NOTE.but(colour=MUTED)
_POINTS = "0;−0;0"
_COLUMNS = "ACEGIK"
_FIGURE_ROW, _CHIP_ROW = TOP + 1, TOP + 2


def figure_cell(place: int) -> str:
    """Return the cell of a tile's figure; the tiles are counted from 0."""
    return f"${_COLUMNS[place]}${_FIGURE_ROW}"


def chip_cell(place: int) -> str:
    """Return the cell of a tile's rating."""
    return f"${_COLUMNS[place]}${_CHIP_ROW}"


@dataclass(frozen=True)
class Tile:
    """What stands in a tile; `kpi` names the benchmark that rates it, if there is one."""

    label: str
    figure: Call
    number: str
    kpi: str
    lines: tuple[Native | str, Native | str]


def write_tiles(book: Book, sheet: SheetModel, found: Results) -> Sequence[Tile]:
    """Write the six tiles side by side and return them."""
    tiles = _tiles(found)
    tiles = (*tiles, _health(tiles))
    benchmarks = current_benchmarks()
    for place, tile in enumerate(tiles):
        _write(book, sheet, tile, place)
        chip = chip_cell(place)
        if tile.kpi:
            benchmark = benchmarks[tile.kpi]
            beside = joined("target ", _target(tile.kpi, benchmark.target))
            book.put(sheet, (_CHIP_ROW, 2 + 2 * place), native(beside), _NOTE)
            book.put(
                sheet,
                chip.replace("$", ""),
                Native(f"={rating_formula(tile.kpi, figure_cell(place))}", _label(tile)),
                CHIPS["no data"],
            )
            colour_by_figure(sheet, chip.replace("$", ""), benchmark, figure_cell(place))
    _worst(book, sheet, tiles)
    for row, height in enumerate(HEIGHTS, TOP):
        sheet.heights[row] = height
    return tiles


def _tiles(found: Results) -> tuple[Tile, ...]:
    """Return the tiles that read the tables."""
    responses, customers = TABLES[sheets.RESPONSES], TABLES[sheets.CUSTOMERS]
    partners, activities = TABLES[sheets.PARTNERS], TABLES[sheets.ACTIVITIES]
    scores, retained, partner = responses.column("Score"), customers.column("Retained"), customers.column("Partner")
    answers = sum(score is not None for score in responses.cells("Score"))
    invited = sum(int(str(count)) for count in partners.cells("Invited"))
    asked = Given("SUM(Partners[Invited])", float(invited))
    advocates = call("PARTNER_ADVOCATES", partners.column("Partner"), activities.column("Partner"))
    rate = call("PARTNER_RETENTION_RATE", retained)
    listed, customers_there = len(partners.rows), len(customers.rows)
    return (
        Tile("Strategic Partner NPS", call("PARTNER_NPS", scores), _POINTS, "nps", (_interval(found), _moved(found))),
        Tile(
            "Active advocates",
            advocates,
            FRACTION,
            "advocacy",
            (
                _part_of(figure_cell(1), advocates, "COUNTA(Partners[Partner])", listed, "partners"),
                _figure(single("advocacy"), found.advocacy.value, "activities a partner", 1),
            ),
        ),
        Tile(
            "Influence on retention",
            call("PARTNER_RETENTION_INFLUENCE", retained, partner),
            SHARE,
            "retention",
            (
                _figure(single("index"), found.index.value, "on the index, 100 is parity"),
                _figure(single("lift"), found.lift.value, "points between customers with and without a partner"),
            ),
        ),
        Tile(
            "Retention rate",
            rate,
            FRACTION,
            "",
            (
                _part_of(figure_cell(3), rate, "COUNTA(Customers[Retained])", customers_there, "customers stayed"),
                "from the table Customers",
            ),
        ),
        Tile(
            "Response rate",
            call("PARTNER_RESPONSE_RATE", Given("COUNT(Responses[Score])", float(answers)), asked),
            FRACTION,
            "",
            (
                Native('=COUNT(Responses[Score])&" answers"', f"{answers} answers"),
                Native('="to "&SUM(Partners[Invited])&" invitations"', f"to {invited} invitations"),
            ),
        ),
    )


def _health(tiles: Sequence[Tile]) -> Tile:
    nps, advocates, influence = (
        Given(figure_cell(place).replace("$", ""), tiles[place].figure.value) for place in range(3)
    )
    return Tile(
        "Partner health",
        call("PARTNER_HEALTH", nps, advocates, influence, WEIGHTS),
        SCORE,
        "",
        (
            "of 100, the first three weighed",
            "the chip is the worst of their ratings",
        ),
    )


def _interval(found: Results) -> Native:
    """Say between which figures the NPS lies."""
    low, high = (given(at(SUMMARY + 1, WORKINGS_ROW + place), found.summary.values[place][1]) for place in (5, 6))
    words = joined(tell(INTERVAL, low=whole(low), high=whole(high)), ", ", sure(given(names.CONFIDENCE, CONFIDENCE)))
    return native(when_number(low, words, "too few answers"))


def _moved(found: Results) -> Native:
    """Say how the latest quarter differs from the one before, and whether that can be told from noise."""
    change, _, word = found.change.values[0]
    before = given(previous_quarter(), period_word(found.trend.values[-2][0]))
    return native(moved(given(at(CHANGE), change), given(at(CHANGE + 2), word), before))


def _part_of(figure: str, made: Call, count: str, total: int, what: str) -> Native:
    """Say how many of the total a share is: "3 of 4 partners"."""
    share, of = given(figure, made.value), given(count, total)
    part = applied("{}*{}".format, operator.mul, share, of, binds=MULTIPLIES)
    return native(when_number(share, joined(whole(part), " of ", of, f" {what}")))


def _figure(cell: str, value: Value, what: str, digits: int = 0) -> Native:
    figure = given(cell, value)
    text = (
        applied(f"ROUND({{}},{digits})".format, lambda one: shortest(one, digits), figure) if digits else whole(figure)
    )
    return native(when_number(figure, joined(text, f" {what}"), "no data"))


def _write(book: Book, sheet: SheetModel, tile: Tile, place: int) -> None:
    left = 1 + 2 * place
    last = TOP + len(HEIGHTS) - 1
    for row in range(TOP, last + 1):
        for column in (left, left + 1):
            book.model.blank(sheet, (row, column), TILE_NOTE)
    book.put(sheet, (TOP, left), tile.label, LABEL)
    book.call(sheet, (_FIGURE_ROW, left), tile.figure, FIGURE.but(number=tile.number))
    book.put(sheet, (last - 1, left), tile.lines[0], _NOTE)
    sheet.merge_cells(start_row=last, end_row=last, start_column=left, end_column=left + 1)
    book.put(sheet, (last, left), tile.lines[1], _NOTE.but(wrap=True, vertical="top"))
    for row in range(TOP, last + 1):  # an accent at the left, a gap at the right
        sheet.restyle(row, left, border=edge(left=ACCENT))
        sheet.restyle(row, left + 1, border=edge(right=WHITE))


def _worst(book: Book, sheet: SheetModel, tiles: Sequence[Tile]) -> None:
    """Write the worst of the three ratings beside the composite, which could hide it."""
    place = len(tiles) - 1
    rated = [chip_cell(number) for number, tile in enumerate(tiles) if tile.kpi]
    ranks = ",".join(f"IFERROR(MATCH({chip},{names.RATING_LABELS},0),9)" for chip in rated)
    formula = f'=IF(MIN({ranks})<9,INDEX({names.RATING_LABELS},MIN({ranks})),"{DASH}")'
    known = [
        position
        for position, name in enumerate(RATING_ORDER)
        if label(name) in {_label(tile) for tile in tiles if tile.kpi}
    ]
    worst = label(RATING_ORDER[known[0]]) if known else DASH
    chip = chip_cell(place)
    book.put(sheet, chip.replace("$", ""), Native(formula, worst), CHIPS["no data"])
    colour_by_label(sheet, chip.replace("$", ""), chip)


def _label(tile: Tile) -> str:
    value = tile.figure.value
    return label(current_benchmarks()[tile.kpi].rating(value)) if isinstance(value, float) else DASH


def _target(kpi: str, target: float) -> Expression[object, object]:
    """Return a target as it is said: 50, or 75 %; that of advocacy is a part of one."""
    figure = given(names.of_kpi(kpi, "target"), target)
    return whole(figure) if kpi == "nps" else joined(whole(100 * figure if kpi == "advocacy" else figure), " %")
