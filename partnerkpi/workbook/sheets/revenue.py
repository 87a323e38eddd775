"""What customers pay, on Retention: of whom at the start and at the end of the chosen period."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.worth import gross, net
from partnerkpi.tally.customers import Money
from partnerkpi.workbook.figures.worth import (
    AMOUNTS,
    AT_RISK,
    EVERYBODY,
    WITH_PARTNER,
    grr_formula,
    money_of,
    nrr_formula,
    whose_of,
)
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.expression import live, tell
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import COUNT, NOTE, SECTION, SHARE
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import set_widths
from partnerkpi.workbook.sheets.listing import (
    Entry,
    Field,
    Place,
    write_entry,
    write_heads,
)
from partnerkpi.workbook.sheets.parts import SheetContext

HEADS = dict(
    zip(AMOUNTS, (message("At the\nstart"), message("Paid\nmore"), message("Paid\nless"), message("Left")), strict=True)
)
RETAINED = {"nrr": message("Revenue\nkept, net"), "grr": message("Revenue\nkept, gross")}
_DIRECT = "direct"


def write_revenue(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write what the customers of the chosen period pay, and return the row below."""
    known = whose_of(context.card)
    if not known:
        return top
    model = context.model
    model.put(sheet, (top, 1), live(tell("Revenue of these customers in {period}", period=context.period)), SECTION)
    write_heads(model, sheet, top + 1, translate("Customers"), _fields(lambda key: key))
    everybody = [money_of(context.card, EVERYBODY, period) or Money() for period in context.card.periods]
    longest = max(len(f"{amount:,.0f}") for one in everybody for amount in (one.start, one.start + one.expansion))
    set_widths(sheet, {letter: max(sheet.widths[letter], 1.15 * longest) for letter in "BCDEF"})
    rows = [(EVERYBODY, translate("All"))]
    if WITH_PARTNER in known:
        rows += [(WITH_PARTNER, translate("With a partner")), (_DIRECT, translate("Direct"))]
    if AT_RISK in known:
        rows.append((AT_RISK, translate("At risk: partners to call first")))
    row = top + 1
    for row, (whose, label) in enumerate(rows, top + 2):
        amount = partial(_amount, context, whose)
        entry = Entry(label, 0, _money(context, whose), bold=whose == EVERYBODY)
        write_entry(model, sheet, row, _fields(amount), entry)
    row += 1
    note = translate("Of customers at the start. Net: what they pay at the end; gross: without what they pay more.")
    if AT_RISK in known:
        note += " " + translate("At risk is known of the newest period and the benchmarks of this workbook.")
    model.put(sheet, (row, 1), note, NOTE)
    return row + 1


def _amount(context: SheetContext, whose: str, key: str) -> str:
    """Return one of the four amounts in the chosen period, as a formula."""
    if whose == _DIRECT:
        return f"{context.layout.chosen(key)}-{context.layout.chosen(f'{WITH_PARTNER}{key}')}"
    amount = context.layout.chosen(f"{whose}{key}")
    return f'IF({names.SENTENCES_HOLD}=1,{amount},"{DASH}")' if whose == AT_RISK else amount


def _money(context: SheetContext, whose: str) -> Money | None:
    """Return what Python knows of the same; None where it is not told."""
    card = context.card
    if whose == AT_RISK and not card.calls_hold:
        return None
    if whose == _DIRECT:
        return card.worth.money(card.current, [None])
    return money_of(card, whose, card.current)


def _fields(amount: Callable[[str], str]) -> list[Field[Money | None]]:
    """Return the columns; `amount` gives the formula of each of the four amounts."""

    def value(key: str, k: Money | None) -> Value:
        return DASH if k is None else float(getattr(k, key))

    def of_row(key: str) -> Field[Money | None]:
        return Field(key, translate(HEADS[key]), lambda _: amount(key), partial(value, key), COUNT)

    def end(p: Place) -> str:
        return when_number(p("start"), f"{p('start')}+{p('expansion')}-{p('contraction')}-{p('churn')}")

    def at_end(k: Money | None) -> Value:
        return DASH if k is None else k.start + k.expansion - k.contraction - k.churn

    return [
        *(of_row(key) for key in AMOUNTS),
        Field("end", translate("At the\nend"), end, at_end, COUNT),
        Field(
            "nrr", translate(RETAINED["nrr"]), nrr_formula, lambda k: shown(net(k) if k is not None else None), SHARE
        ),
        Field(
            "grr",
            translate(RETAINED["grr"]),
            grr_formula,
            lambda k: shown(gross(k) if k is not None else None),
            SHARE,
        ),
    ]
