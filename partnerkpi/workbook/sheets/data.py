"""Data: the tallies that everything is calculated from, and the figures of each period that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.clustered import Clusters
from partnerkpi.kpi.comparisons import COMPARISONS
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.comparing import chances
from partnerkpi.scorecard.to_date import by_the_same_day, compared_until
from partnerkpi.workbook.columns.base import shrinkage_formulas
from partnerkpi.workbook.figures import Column, Figure, has_formula, shape_of
from partnerkpi.workbook.figures.base import FINE
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.formula import Block, Live
from partnerkpi.workbook.model.grid import TableColumn
from partnerkpi.workbook.model.layout import (
    FIRST_ROW,
    HEAD_ROW,
    P_OF_CHANGE,
    PERIOD_LABEL_COLUMN,
    SEGMENT_HEADS,
    SETTINGS,
    SO_FAR_HEADS,
    TALLIES,
    THEME_HEADS,
)
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    COUNT,
    GENERAL,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    MUTED,
    NOTE,
    ROW,
    ROW_NUMBER,
    SECTION,
    TEXT,
    TITLE,
)
from partnerkpi.workbook.model.translation import current_language, message, translate
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.page_data import write_page_data
from partnerkpi.workbook.sheets.parts import SheetContext
from partnerkpi.workbook.sheets.segments import dimension_name, segment_name

NO_PARTNER = message("(no partner)")
_WIDEST_NAME, _WIDEST_LABEL = 46, 64  # characters
_SETTING = ROW_NUMBER.but(number=GENERAL)
_ROW_KEYS = 3  # columns at the end of a table of tallies by which its rows are found

Row = tuple[str | float | None, ...]


@dataclass(frozen=True)
class TallyTable:
    """A table of tallies: where it begins, its names and heads, and how wide its words are."""

    left: int
    section: str
    table: str
    heads: Sequence[str]
    widths: Sequence[float]


def write_data(context: SheetContext, sheet: SheetModel, figures: Sequence[Figure]) -> None:
    """Write the tallies as a table, beside it a column of figures for each period, and segments and themes."""
    model, card, layout = context.model, context.card, context.layout
    model.put(sheet, "A1", translate("Data"), TITLE)
    sentence = translate(
        "What was counted, partner by partner and period by period: every figure of this workbook follows from it."
    )
    model.put(sheet, "A2", sentence, HEADLINE.but(wrap=False))
    _tallies(context, sheet)
    _periods(context, sheet, figures)
    _settings(context, sheet)
    _shrinkage(context, sheet)
    write_page_data(context, sheet)
    sheet.freeze_panes = f"A{FIRST_ROW}"
    widths = {get_column_letter(column): 11.0 for column in range(3, len(TALLIES) + 1)}
    names_wide = _width([partner.name for partner in card.partners], 30, _WIDEST_NAME)
    labels_wide = _width([figure.label for figure in figures], 40, _WIDEST_LABEL)
    widths |= {"A": names_wide, "B": 11, get_column_letter(PERIOD_LABEL_COLUMN - 1): 3}
    widths[layout.period_letter(0)] = labels_wide
    set_widths(sheet, widths | {layout.period_letter(number): 13 for number in range(1, max(layout.periods, 5) + 1)})
    set_heights(sheet, {1: 30, 2: 20, HEAD_ROW: 32})
    _segments(context, sheet)
    _themes(context, sheet)
    _so_far(context, sheet)
    note = translate("Its figures are not printed: clear the print area where they are wanted on paper.")
    model.put(sheet, "A3", note, NOTE)
    set_page(sheet, card.title, ["A1:J3"])


def _width(texts: Sequence[str], least: int, most: int) -> int:
    """Return how wide a column is in which these texts stand, in characters."""
    return min(most, max(least, *(len(text) for text in texts))) if texts else least


def _tallies(context: SheetContext, sheet: SheetModel) -> None:
    """Write a row for each partner and period, and a last block for what belongs to no partner."""
    model, card = context.model, context.card
    model.put(sheet, (HEAD_ROW - 1, 1), translate("Tallies"), SECTION)
    for column, head in enumerate(TALLIES, 1):
        model.put(sheet, (HEAD_ROW, column), translate(head), HEAD if column <= 2 else HEAD_NUMBER)
    partners = (*card.partners, None)
    labels = [period_name(period) for period in card.periods]
    counts = [card.count(one.name if one else None, period) for one in partners for period in card.periods]
    names_down = [one.name if one else translate(NO_PARTNER) for one in partners for _ in labels]
    tallies: tuple[Sequence[Value], ...] = (
        [one.scores.detractors for one in counts],
        [one.scores.passives for one in counts],
        [one.scores.promoters for one in counts],
        [one.invited for one in counts],  # unknown, which is not 0
        [one.activities for one in counts],
        [one.customers for one in counts],
        [one.retained for one in counts],
    )
    pairs, tests = _pairs(card), _p_values(card)
    keys: tuple[Sequence[Value], ...] = (
        [int(one is not None and card.on_list(one, period)) for one in partners for period in card.periods],
        [int(one is not None) for one in partners for _ in labels],
        list(range(1, len(labels) + 1)) * len(partners),
        range(1, len(counts) + 1),
    )
    columns = [TableColumn(names_down, ROW), TableColumn(labels * len(partners), ROW)]
    columns += [TableColumn(values, ROW_NUMBER.but(number=COUNT)) for values in tallies]
    columns += [TableColumn(values, ROW_NUMBER.but(number=COUNT)) for values in pairs]
    columns += [TableColumn(values, ROW_NUMBER.but(number=FINE)) for values in tests]
    columns += [TableColumn(values, ROW_NUMBER.but(colour=MUTED)) for values in keys]
    model.put_table(sheet, HEAD_ROW + 1, columns)
    row = HEAD_ROW + len(counts)
    # No filter buttons: a filter would hide rows of the periods beside it.
    heads = [translate(head) for head in TALLIES]
    sheet.add_table("Tallies", f"A{HEAD_ROW}:{get_column_letter(len(TALLIES))}{row}", heads)


def _pairs(card: Scorecard) -> list[list[int | None]]:
    """Return the persons who answered in an earlier period too, and their sums; None where there are none."""
    found: list[list[int | None]] = []
    names = [*(partner.name for partner in card.partners), None]
    for earlier in (card.previous_of, card.year_before):
        both = [(earlier(period), period) for period in card.periods]
        rows = [card.pairs_of(name, before, period) for name in names for before, period in both]
        parts = zip(*((one.persons, one.sums, one.products) for one in rows), strict=True)
        known = [one.persons > 0 for one in rows]
        found += [[value if there else None for value, there in zip(part, known, strict=True)] for part in parts]
    return found


def _p_values(card: Scorecard) -> list[list[float | None]]:
    """Return the p of each comparison down the rows of the tallies, by itself; None where nothing is tested."""
    names = [partner.name for partner in card.partners]
    rows = [
        row
        for of_partner in zip(*(chances(card, period, names) for period in card.periods), strict=True)
        for row in of_partner
    ]
    rows += [{} for _ in card.periods]  # what belongs to no partner
    return [[row.get(against) for row in rows] for against in COMPARISONS]


def _periods(context: SheetContext, sheet: SheetModel, figures: Sequence[Figure]) -> None:
    """Write the list of periods and below it their figures."""
    model, layout, periods = context.model, context.layout, context.periods
    model.put(sheet, (HEAD_ROW - 1, PERIOD_LABEL_COLUMN), translate("All partners together, by period"), SECTION)
    model.put(sheet, (HEAD_ROW, PERIOD_LABEL_COLUMN), translate("Figure"), HEAD)
    for row, figure in enumerate(figures, FIRST_ROW):
        model.put(sheet, (row, PERIOD_LABEL_COLUMN), figure.label, ROW)
    shape = shape_of(periods[0].card)
    for number, period in enumerate(periods, 1):
        place = PERIOD_LABEL_COLUMN + number
        model.put(sheet, (HEAD_ROW, place), period.name, HEAD_NUMBER.but(number=TEXT))
        column = Column(layout, number)
        block = model.cached(("figures", layout, shape, number), partial(_block, figures, column))
        model.put_block(sheet, block, [period(one.key) for one in figures if has_formula(one, column)])
        for row, figure in enumerate(figures, FIRST_ROW):
            if not has_formula(figure, column):
                value = period(figure.key) if figure.fact else DASH
                model.put(sheet, (row, place), value, ROW_NUMBER.but(number=figure.number))
    first, last = layout.period_letter(1), layout.period_letter(layout.periods)
    names.define(model, names.PERIODS, sheet.title, f"{first}{HEAD_ROW}:{last}{HEAD_ROW}")


def _block(figures: Sequence[Figure], column: Column) -> Block:
    """Return the formulas of a period; they follow from the places of the cells and from `shape_of` alone."""
    place = PERIOD_LABEL_COLUMN + column.number
    return Block(
        [
            ((row, place), f"={figure.formula(column)}", ROW_NUMBER.but(number=figure.number))
            for row, figure in enumerate(figures, FIRST_ROW)
            if has_formula(figure, column)
        ]
    )


def _settings(context: SheetContext, sheet: SheetModel) -> None:
    """Write which period was chosen and what was given: without it there is no data, which is not 0."""
    model, card, layout = context.model, context.card, context.layout
    row, column = layout.settings_row, PERIOD_LABEL_COLUMN
    model.put(sheet, (row - 1, column), translate("What was chosen and what was given"), SECTION)
    chosen = f'=IFERROR(MATCH({names.PERIOD}&"",{names.PERIODS},0),{len(card.periods)})'
    settings = (
        (
            names.PERIOD_NUMBER,
            translate("Number of the chosen period; of none, the newest"),
            Live(chosen, card.periods.index(card.current) + 1),
        ),
        (names.HAS_ANSWERS, translate("Answers were given (1) or not (0)"), int(card.has_answers)),
        (names.HAS_ACTIVITIES, translate("Activities were given"), int(card.has_activities)),
        (names.HAS_PARTNER_LIST, translate("A list of partners was given"), int(card.has_partner_list)),
        (names.HAS_CUSTOMERS, translate("Customers were given"), int(card.has_customers)),
        (
            names.HAS_CUSTOMER_PARTNERS,
            translate("The customers' partners are known"),
            int(card.customers_have_partners),
        ),
        (names.ANSWERS_ONCE, translate("A person answers once in a period"), int(card.answers_once)),
    )
    for place, (given, (name, label, content)) in enumerate(zip(names.GIVEN, settings, strict=True), row):
        if name != given:
            raise ValueError(f"{name} stands where {given} belongs")
        model.put(sheet, (place, column), label, ROW)
        model.put(sheet, (place, column + 1), content, _SETTING)
        names.define(model, name, sheet.title, f"{get_column_letter(column + 1)}{place}")


def _shrinkage(context: SheetContext, sheet: SheetModel) -> None:
    """Write what all partners have in common, for the order in which they are ranked."""
    model, layout = context.model, context.layout
    row, column = layout.settings_row + SETTINGS - len(names.PULL), PERIOD_LABEL_COLUMN
    shrinkage = context.partners[0].shrinkage if context.partners else None
    values: tuple[Value, ...] = shrinkage.values if shrinkage is not None else (DASH, DASH, DASH, DASH, DASH, 0, DASH)
    for place, (name, (label, formula), value) in enumerate(
        zip(names.PULL, shrinkage_formulas(layout), values, strict=True), row
    ):
        model.put(sheet, (place, column), translate("Ranking: {figure}", figure=translate(label)), ROW)
        model.put(sheet, (place, column + 1), Live(f"={formula}", value), _SETTING)
        names.define(model, name, sheet.title, f"{get_column_letter(column + 1)}{place}")


def _segments(context: SheetContext, sheet: SheetModel) -> None:
    """Write a row for each segment and period.

    Rows are found by the numbers of segment and period, so the table may be sorted. A group that is too small has no
    counts: they would be no secret on a sheet.
    """
    model, card, layout = context.model, context.card, context.layout

    def rows() -> Iterable[Row]:
        for place, segment in enumerate(card.visible_segments, 1):
            for number, period in enumerate(card.periods, 1):
                words = (dimension_name(segment.dimension), segment_name(segment), period_name(period))
                tally, clusters = segment.tallies[period], segment.clusters.get(period)
                yield (*words, *_bands_of(tally), *_sums_of(clusters), int(tally is not None), number, place)

    left = layout.segment_column
    block = TallyTable(
        left, translate("Segments of the answers, by period"), "SegmentTallies", SEGMENT_HEADS, (16, 26, 11)
    )
    if card.visible_segments:
        _write_tallies(model, sheet, block, rows())


def _themes(context: SheetContext, sheet: SheetModel) -> None:
    """Write a row for each theme of the comments and period."""
    model, card, layout = context.model, context.card, context.layout

    def rows() -> Iterable[Row]:
        for place, theme in enumerate(card.themes, 1):
            for number, period in enumerate(card.periods, 1):
                mentions, tally = theme.tallies[period]
                words = (translate(theme.name), period_name(period))
                p = theme.change_to(card, period).p
                yield (*words, *_bands_of(tally), mentions, p, int(tally is not None), number, place)

    left = layout.theme_column
    block = TallyTable(left, translate("Themes of the comments, by period"), "ThemeTallies", THEME_HEADS, (30, 11))
    if card.themes:
        _write_tallies(model, sheet, block, rows())


def _so_far(context: SheetContext, sheet: SheetModel) -> None:
    """Write what the newest period is compared with where it is to date."""
    model, card, layout = context.model, context.card, context.layout
    until = compared_until(card, card.periods[-1])
    if not layout.so_far or until is None:
        return
    before = layout.periods - 1
    people = [translate(NO_PARTNER), *(partner.name for partner in card.partners)]

    def rows() -> Iterable[Row]:
        for row, (name, one) in enumerate(zip(people, by_the_same_day(card, card.periods[-1]), strict=True), 1):
            words = (name, period_name(card.periods[before - 1]))
            yield (*words, one.answers, one.invited, one.activities, int(one.listed), before, row)

    title = translate(
        "{period} until {day}", period=period_name(card.periods[before - 1]), day=current_language().date(until)
    )
    block = TallyTable(layout.so_far_column, title, "SoFarTallies", SO_FAR_HEADS, (30, 11))
    _write_tallies(model, sheet, block, rows())


def _bands_of(tally: ScoreTally | None) -> tuple[int | None, ...]:
    return (tally.detractors, tally.passives, tally.promoters) if tally is not None else (None,) * 3


def _sums_of(clusters: Clusters | None) -> tuple[int | None, ...]:
    if clusters is None:
        return (None,) * 4
    return clusters.partners, clusters.squares, clusters.products, clusters.sizes


def _write_tallies(model: WorkbookModel, sheet: SheetModel, block: TallyTable, rows: Iterable[Row]) -> None:
    """Write a block as a table without filter buttons, which would hide rows of the figures beside it."""
    left, words = block.left, len(block.widths)
    model.put(sheet, (HEAD_ROW - 1, left), block.section, SECTION)
    heads = [translate(head) for head in block.heads]
    for column, head in enumerate(heads):
        model.put(sheet, (HEAD_ROW, left + column), head, HEAD if column < words else HEAD_NUMBER)
    count, key = ROW_NUMBER.but(number=COUNT), ROW_NUMBER.but(colour=MUTED)
    fine = ROW_NUMBER.but(number=FINE)
    keys = len(block.heads) - _ROW_KEYS
    row = HEAD_ROW
    for row, values in enumerate(rows, HEAD_ROW + 1):
        for column, value in enumerate(values):
            tested = block.heads[column] == P_OF_CHANGE
            look = ROW if column < words else fine if tested else count if column < keys else key
            model.put_if_known(sheet, (row, left + column), value, look)
    first, last = get_column_letter(left), get_column_letter(left + len(block.heads) - 1)
    sheet.add_table(block.table, f"{first}{HEAD_ROW}:{last}{row}", heads)
    widths = dict.fromkeys(range(left, left + len(block.heads)), 11.0) | {left - 1: 3.0}
    widths |= dict(enumerate(block.widths, left))
    set_widths(sheet, {get_column_letter(column): width for column, width in widths.items()})
