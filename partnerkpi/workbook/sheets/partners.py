"""Partners: one row each, with the figures of the chosen period. A table: it may be sorted and filtered."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from openpyxl.utils.cell import column_index_from_string

from partnerkpi.language.figures import DOWN, NOT_SHOWN, UP, rounded
from partnerkpi.workbook.columns import Cells, PartnerColumn, PartnerColumns
from partnerkpi.workbook.columns.health import MADE_OF
from partnerkpi.workbook.columns.shown import ADVOCACY, LOYALTY, RETENTION
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import count, given, live, tell, total, when
from partnerkpi.workbook.model.formula import Live, check_formula
from partnerkpi.workbook.model.grid import TableColumn
from partnerkpi.workbook.model.layout import FIRST_ROW, HEAD_ROW, Layout
from partnerkpi.workbook.model.phrases import counted, period_name
from partnerkpi.workbook.model.ratings import chip, colour_by_own_label, label
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    ACCENT,
    CHIPS,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    LINE,
    MUTED,
    NOTE,
    PASSIVE,
    ROW,
    ROW_NUMBER,
    SECTION,
    TITLE,
    colours,
)
from partnerkpi.workbook.model.translation import message, translate, translate_formula
from partnerkpi.workbook.page import (
    is_readable,
    lines_in_column,
    set_heights,
    set_page,
    set_widths,
    widen_for_heads,
    widen_for_text,
)
from partnerkpi.workbook.sheets.parts import FEW_NOTE, SheetContext, any_invited, goes_on, notes, write_missing

_WIDEST_NAME = 46  # characters; a longer name goes on in a second line
_WIDEST_FACT = 30.0  # characters of a column of facts
_COMPARED = 20  # so many of its longest texts are measured
_LINE = 14  # points
_NO_ROWS = (9_999_991, 8_888_883)  # that no sheet has
_JUDGED = message("Changes are judged together, so that chance seldom makes one look sure (Holm).")
_HOW_TO = (
    message("Add a column that names the partner to the answers, the activities or the customers."),
    message("Add the list of partners as well, with tier, region, owner and yearly value where they are known."),
)
#: All columns on one page would be too small to read: from the rank on they are printed on a page of their own.
_REST = "shrunk"
_CHIP = CHIPS["no data"].but(fill=None, align="left", line=LINE)


def write_partners(context: SheetContext, sheet: SheetModel, columns: Sequence[PartnerColumn]) -> None:
    """Write the table of partners and what it says, in a sentence."""
    model, card, layout, partners = context.model, context.card, context.layout, context.partners
    model.put(sheet, "A1", translate("Partners"), TITLE)
    if not partners:
        _nobody(context, sheet)
        return
    model.put(sheet, "A2", _sentence(context), HEADLINE.but(wrap=False))
    if card.has_answers:
        model.put(sheet, "A3", notes((FEW_NOTE, True), (_JUDGED, goes_on(context))), NOTE)
    for place, column in enumerate(columns, 1):
        if column.group:
            model.put(sheet, (HEAD_ROW - 1, place), translate(column.group), SECTION)
        model.put(
            sheet,
            (HEAD_ROW, place),
            translate(column.head),
            HEAD.but(indent=column.indent) if column.left else HEAD_NUMBER,
        )
    # They follow from the layout, which has the keys of the columns.
    formulas = model.cached(("partners", layout), lambda: [_in_any_row(column, layout) for column in columns])
    filled = [_filled(context, *one) for one in zip(columns, formulas, strict=True)]
    model.put_table(sheet, FIRST_ROW, filled)
    letters = [layout.partner_letter(column.key) for column in columns]
    sheet.add_table("PartnerFigures", f"A{HEAD_ROW}:{letters[-1]}{layout.last_partner}")
    _colours(context, sheet, columns)
    _explain(sheet, layout)
    sheet.freeze_panes = f"B{FIRST_ROW}"
    longest = max(len(one.partner.name) for one in partners)
    widths = {letter: column.width for letter, column in zip(letters, columns, strict=True)}
    set_widths(sheet, widths | {"A": min(_WIDEST_NAME, max(widths["A"], longest))})
    for place, column in enumerate(columns[1:], 2):
        if column.left:
            for text in _longest_texts(context, column):
                look = _CHIP if column.key == "rating" else ROW
                widen_for_text(sheet, place, text, look.but(indent=column.indent), _WIDEST_FACT)
        if column.key == "note":
            break  # the workings behind it are in a group that is closed
    sheet.hidden |= dict.fromkeys(_without_data(context, columns), True)
    set_heights(sheet, {1: 30, 2: 20, HEAD_ROW: 28, **_high_rows(partners)})
    widen_for_heads(sheet, HEAD_ROW, column_index_from_string(layout.partner_letter("note")))
    printed = [
        letter for letter in letters[: 1 + letters.index(layout.partner_letter("note"))] if letter not in sheet.hidden
    ]
    rest = bisect_left(printed, column_index_from_string(layout.partner_letter(_REST)), key=column_index_from_string)
    areas = [f"A1:{printed[-1]}{layout.last_partner}"]
    if not is_readable(sheet, printed):
        second = f"{printed[rest]}{HEAD_ROW - 1}:{printed[-1]}{layout.last_partner}"
        areas = [f"A1:{printed[rest - 1]}{layout.last_partner}", second]
    set_page(sheet, card.title, areas)
    sheet.print_title_cols = "A:A"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def _longest_texts(context: SheetContext, column: PartnerColumn) -> list[str]:
    """Return the texts of a column that take most room: of ratings all that there are."""
    if column.key == "rating":
        return [label(band.name) for band in context.card.benchmarks["nps"].bands]
    texts = {str(column.value(one) or "") for one in context.partners}
    return sorted(texts, key=len)[-_COMPARED:]


def _nobody(context: SheetContext, sheet: SheetModel) -> None:
    """Say that no partner is named, and how to name them."""
    context.model.put(sheet, "A2", translate("No partner is named in the data."), HEADLINE.but(wrap=False))
    set_widths(sheet, dict.fromkeys("ABCDEFGHIJKL", 13.0))
    set_heights(sheet, {1: 30, 2: 20})
    # Other sheets count the names in the rows of partners: nothing stands there.
    below = context.layout.last_partner + 1
    write_missing(context, sheet, translate("How to supply them:"), _HOW_TO, "L", below)


def _without_data(context: SheetContext, columns: Sequence[PartnerColumn]) -> Iterator[str]:
    """Yield the columns of facts that nobody is known of, and those of KPIs that have no data in any period.

    So is the NPS that trusts few answers less where it is the same of all: no more differ than chance lets them.
    """
    card = context.card
    customers = card.has_customers and card.customers_have_partners
    known = {LOYALTY: card.has_answers, ADVOCACY: card.has_activities, RETENTION: customers}
    moved = dict.fromkeys(("change", "certainty"), card.has_answers and len(card.periods) > 1)
    moved["shrunk"] = len({rounded(one.shrunk, 1) for one in context.partners if one.shrunk is not None}) > 1
    own = moved | {"health": sum(known.values()) > 1, "note": card.has_answers, "response": any_invited(card)}
    group = ""
    for column in columns:
        group = column.group or group
        if column.formula is None:
            shown = any(column.value(one) is not None for one in context.partners)
        else:
            shown = own.get(column.key, True) and (column.key in own or known.get(group, True))
        if not shown:
            yield context.layout.partner_letter(column.key)
        if column.key == "note":  # the workings behind it are in a group that is closed
            return


def _high_rows(partners: Sequence[PartnerColumns]) -> dict[int, float]:
    """Return the heights of the rows whose name takes more than one line, in points."""
    lines = (lines_in_column(one.partner.name, _WIDEST_NAME) for one in partners)
    return {row: _LINE * number for row, number in enumerate(lines, FIRST_ROW) if number > 1}


def _in_any_row(column: PartnerColumn, layout: Layout) -> Sequence[str] | None:
    """Return the pieces of a column's formula between which the number of a row stands; None for a column of facts."""
    formula = column.formula
    if formula is None:
        return None
    first, second = (f"={formula(Cells(layout, row))}" for row in _NO_ROWS)
    check_formula(first)
    pieces = first.split(str(_NO_ROWS[0]))
    if str(_NO_ROWS[1]).join(pieces) != second:
        raise ValueError(f"the formula of {column.key!r} does more with its row than to name it")
    return pieces


def _filled(context: SheetContext, column: PartnerColumn, formula: Sequence[str] | None) -> TableColumn:
    partners = context.partners
    look = ROW.but(indent=column.indent) if column.left else ROW_NUMBER.but(number=column.number)
    if column.key == "rating":
        look = _CHIP.but(indent=column.indent)
    values = [column.value(partner) for partner in partners]
    if column.key == "rating" and formula is not None:
        made = [context.rating_as_made("nps", one.partner.name) for one in partners]
        return TableColumn(values, look, formula, [chip(rating, look) for rating in made])
    if column.key == "name" and _high_rows(partners):
        look = look.but(wrap=True)
    return TableColumn(values, look, formula)


def _colours(context: SheetContext, sheet: SheetModel, columns: Sequence[PartnerColumn]) -> None:
    """Colour ratings, and grey what rests on few answers or is within chance."""
    card, layout = context.card, context.layout
    cells, last = Cells(layout, FIRST_ROW), layout.last_partner

    def column(key: str, until: str | None = None) -> str:
        return f"{layout.partner_letter(key)}{FIRST_ROW}:{layout.partner_letter(until or key)}{last}"

    answers = cells("answers")
    grey = colours(MUTED)
    few = f"AND(ISNUMBER({answers}),{answers}<{names.MIN_ANSWERS})"
    enough = f"AND(ISNUMBER({answers}),{answers}>={names.MIN_ANSWERS})"
    colour_by_own_label(sheet, column("rating"), card.benchmarks["nps"], cells("rating"), enough)
    if card.has_answers:
        sheet.colour_where(column("name", "note"), few, grey)
    unsure = f"{cells('certainty')}={translate_formula(NOT_SHOWN)}"
    sheet.colour_where(column("change", "certainty"), unsure, grey)
    workings = column(columns[[c.key for c in columns].index("note") + 1].key, columns[-1].key)
    sheet.colour_where(workings, "TRUE", grey)

    sheet.draw_bars(column("nps_bar"), ACCENT, -100, 100)
    sheet.draw_bars(column("answers_bar"), PASSIVE, 0)


def _explain(sheet: SheetModel, layout: Layout) -> None:
    """Say at the head of a column what it is made of, when a reader selects it."""
    head = f"{layout.partner_letter('health')}{HEAD_ROW}"
    sheet.check_entry(
        head, promptTitle=translate("Share of targets reached"), prompt=translate(MADE_OF), showInputMessage=True
    )


def _sentence(context: SheetContext) -> Live:
    """Say how many partners there are, how many can be judged, and how many moved."""
    partners = given(f"COUNTA({context.layout.partner_column('name')})", len(context.partners))
    if not context.card.has_answers:
        words = count(partners, "{n} partner in {period}.", "{n} partners in {period}.", period=context.period)
        return live(words)
    enough = count(
        partners,
        "{n} partner in {period}, {ranked} with {fewest} answers or more",
        "{n} partners in {period}, {ranked} with {fewest} answers or more",
        period=context.period,
        ranked=counted(context.ranked),
        fewest=counted(context.fewest_answers),
    )
    up, down = context.shown_to_move(UP), context.shown_to_move(DOWN)
    number = given(names.PERIOD_NUMBER, context.card.periods.index(context.card.current) + 1)
    before = context.card.view().previous
    name = given(
        f"INDEX({names.PERIODS},1,MAX(1,{names.PERIOD_NUMBER}-1))",
        period_name(before if before is not None else context.card.current),
    )
    places = {"partners": enough, "before": name}
    alone = tell("{partners}. Since {before} none moved by more than chance.", **places)
    fallen = 0 if context.card.is_pack else sum(one.fallen for one in context.card.as_made.call_first)
    longer = tell(
        "{partners}. Since {before} none moved by more than chance; over a longer time {n} of those to call fell.",
        n=str(fallen),
        **places,
    )
    newest = number.equals(len(context.card.periods))  # of an earlier one it is not known who would be called
    none = when(newest, longer, alone) if fallen else alone
    some = tell(
        "{partners}. By more than chance {up} went up and {down} down since {before}.",
        up=counted(up),
        down=counted(down),
        **places,
    )
    compared = when(total(up, down).equals(0), none, some)
    plain = tell("{partners}.", partners=enough)
    return live(when(number > 1, when(context.ranked > 0, compared, plain), plain))
