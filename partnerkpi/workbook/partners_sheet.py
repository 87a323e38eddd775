"""Partners: one row each, with the figures of the chosen period. A table: it may be sorted and filtered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook import names
from partnerkpi.workbook.cells import Live, Writer, check_formula
from partnerkpi.workbook.columns import Cells, Known, PartnerColumn
from partnerkpi.workbook.layout import FIRST_ROW, HEAD_ROW, Layout
from partnerkpi.workbook.page import set_heights, set_page, set_widths
from partnerkpi.workbook.phrases import CANNOT_TELL, period_name
from partnerkpi.workbook.ratings import colour_by_own_label
from partnerkpi.workbook.sheet_things import add_table, colour_where
from partnerkpi.workbook.theme import (
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
    colours,
)

_WIDEST_NAME = 46  # characters; a longer name is cut by its neighbour
_NO_ROWS = (9_999_991, 8_888_883)  # that no sheet has
_CHIP = CHIPS["no data"].but(fill=None, align="left", line=LINE)


def write_partners(
    writer: Writer,
    sheet: Worksheet,
    card: Scorecard,
    layout: Layout,
    columns: Sequence[PartnerColumn],
    known: Sequence[Known],
) -> None:
    """Write the table of partners and what it says, in a sentence."""
    writer.put(sheet, "A1", "Partners", TITLE)
    writer.put(sheet, "A2", _sentence(card, layout, known), HEADLINE.but(wrap=False))
    note = (
        "Grey: fewer answers than Benchmarks asks for. "
        "Changes are judged together, so that chance seldom makes one look sure (Holm)."
    )
    writer.put(sheet, "A3", note, NOTE)
    for place, column in enumerate(columns, 1):
        if column.group:
            writer.put(sheet, (HEAD_ROW - 1, place), column.group, SECTION)
        writer.put(
            sheet, (HEAD_ROW, place), column.head, HEAD.but(indent=column.indent) if column.left else HEAD_NUMBER
        )
    formulas = [_in_any_row(column, layout) for column in columns] if known else []
    for row, partner in enumerate(known, FIRST_ROW):
        _row(writer, sheet, row, columns, formulas, partner)
    letters = [layout.partner_letter(column.key) for column in columns]
    if known:
        ref = f"A{HEAD_ROW}:{letters[-1]}{layout.last_partner}"
        add_table(sheet, "PartnerFigures", ref)
        _colours(sheet, card, layout, columns)
    else:
        writer.put(sheet, (FIRST_ROW, 2), "No partner is named in the data.", NOTE)
    sheet.freeze_panes = f"B{FIRST_ROW}"
    longest = max((len(one.partner.name) for one in known), default=0)
    widths = {letter: column.width for letter, column in zip(letters, columns, strict=True)}
    set_widths(sheet, widths | {"A": min(_WIDEST_NAME, max(widths["A"], longest))})
    for letter, column in zip(letters, columns, strict=True):
        if column.formula is None and all(column.value(one) is None for one in known):
            sheet.column_dimensions[letter].hidden = bool(known)  # nobody's tier, region or owner is known
    set_heights(sheet, {1: 30, 2: 20, HEAD_ROW: 34})
    set_page(sheet, card.title, [f"A1:{layout.partner_letter('note')}{layout.last_partner}"])
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def _in_any_row(column: PartnerColumn, layout: Layout) -> Callable[[int], str]:
    """Return the formula of a column for any row: written out once, and then only its row is changed."""
    formula = column.formula
    if formula is None:
        return str
    first, second = (f"={formula(Cells(layout, row))}" for row in _NO_ROWS)
    check_formula(first)
    pieces = first.split(str(_NO_ROWS[0]))
    if str(_NO_ROWS[1]).join(pieces) != second:  # it does more with its row than to name it
        return lambda row: f"={formula(Cells(layout, row))}"
    return lambda row: str(row).join(pieces)


def _row(
    writer: Writer,
    sheet: Worksheet,
    row: int,
    columns: Sequence[PartnerColumn],
    formulas: Sequence[Callable[[int], str]],
    known: Known,
) -> None:
    for place, (column, formula) in enumerate(zip(columns, formulas, strict=True), 1):
        value = column.value(known)
        look = ROW.but(indent=column.indent) if column.left else ROW_NUMBER.but(number=column.number)
        if column.key == "rating":
            look = _CHIP.but(indent=column.indent)
        if column.formula is not None:
            writer.put_formula(sheet, (row, place), formula(row), value, look)
        elif value is None:
            writer.blank(sheet, (row, place), look)
        else:
            writer.put(sheet, (row, place), value, look)


def _colours(sheet: Worksheet, card: Scorecard, layout: Layout, columns: Sequence[PartnerColumn]) -> None:
    """Colour ratings, and grey what rests on few answers or cannot be told from noise."""
    cells, last = Cells(layout, FIRST_ROW), layout.last_partner

    def column(key: str, until: str | None = None) -> str:
        return f"{layout.partner_letter(key)}{FIRST_ROW}:{layout.partner_letter(until or key)}{last}"

    answers = cells("answers")
    grey = colours(MUTED)
    few = f"AND(ISNUMBER({answers}),{answers}<{names.MIN_ANSWERS})"
    enough = f"AND(ISNUMBER({answers}),{answers}>={names.MIN_ANSWERS})"
    colour_by_own_label(sheet, column("rating"), card.benchmarks["nps"], cells("rating"), enough)
    colour_where(sheet, column("name", "note"), few, grey)
    unsure = f'{cells("certainty")}="{CANNOT_TELL}"'
    colour_where(sheet, column("change", "certainty"), unsure, grey)
    workings = column(columns[[c.key for c in columns].index("note") + 1].key, columns[-1].key)
    colour_where(sheet, workings, "TRUE", grey)


def _sentence(card: Scorecard, layout: Layout, known: Sequence[Known]) -> Live:
    """Say how many partners there are, how many can be judged, and how many moved."""
    people, order, word = (layout.partner_column(key) for key in ("name", "order", "certainty"))
    period = f"INDEX({names.PERIODS},{names.PERIOD_NUMBER})"
    formula = (
        f'=COUNTA({people})&IF(COUNTA({people})=1," partner in "," partners in ")&{period}&": "&COUNT({order})'
        f'&" with "&{names.MIN_ANSWERS}&" answers or more; "&COUNTIF({word},"up")&" up and "&COUNTIF({word},"down")'
        f'&" down by more than noise."'
    )
    ranked = sum(one.order is not None for one in known)
    moved = [one.line.nps_change.word for one in known if one.line.nps_change.raw is not None]
    value = (
        f"{len(known)} {'partner' if len(known) == 1 else 'partners'} in {period_name(card.current)}: {ranked} with "
        f"{card.min_responses} answers or more; {moved.count('up')} up and {moved.count('down')} down "
        "by more than noise."
    )
    return Live(formula, value)
