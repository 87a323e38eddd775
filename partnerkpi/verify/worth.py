"""Money of a workbook without its record: what its sheet Data says of all customers, of some, and of activities."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.utils.cell import get_column_letter

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.worth import Kind, Worth
from partnerkpi.tally.customers import Money
from partnerkpi.verify.contents import Contents
from partnerkpi.verify.figures import rows_of_figures
from partnerkpi.workbook.figures.worth import AT_RISK, EVERYBODY, MOST_KINDS, WITH_PARTNER, amount_labels, kind_labels
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.layout import PERIOD_LABEL_COLUMN
from partnerkpi.workbook.model.values import Value

_Amounts = Mapping[str, float]


def worth_on_data(card: Scorecard, contents: Contents) -> Worth:
    """Return money that gives the sums on Data; which partner's it is, Data does not say, and no figure hangs on it.

    What partners to call first are paid for is put down for the first of them, the rest of what partners' customers pay
    for one that is not to be called.
    """
    rows = rows_of_figures(contents)
    called = [one.partner for one in card.as_made.call_first]
    other = next((one.name for one in card.partners if one.name not in called), None)
    revenue, kinds = dict[tuple[str | None, str], Money](), dict[tuple[str, str], Kind]()
    for number, period in enumerate(card.periods, 1):

        def amounts(labels: Mapping[str, str], number: int = number) -> _Amounts:
            letter = get_column_letter(PERIOD_LABEL_COLUMN + number)
            cells = {key: contents.shown(names.DATA, f"{letter}{rows[label]}") for key, label in labels.items()}
            return {key: _number(value) for key, value in cells.items()}

        whole, own, risk = (
            amounts(amount_labels(whose)) if amount_labels(whose)["start"] in rows else {}
            for whose in (EVERYBODY, WITH_PARTNER, AT_RISK)
        )
        if whole:
            revenue[None, period] = _less(whole, own)
            if called and risk:
                revenue[called[0], period] = _less(risk, {})
            if other is not None and own:
                revenue[other, period] = _less(own, risk)
        for kind in range(1, MOST_KINDS + 1):
            if kind_labels(kind)["activities"] in rows:
                found = amounts(kind_labels(kind))
                kinds[f"kind {kind}", period] = Kind(int(found["activities"]), int(found["valued"]), found["value"])
    return Worth(revenue, kinds)


def _less(amounts: _Amounts, others: _Amounts) -> Money:
    return Money(**{key: amount - others.get(key, 0.0) for key, amount in amounts.items()})


def _number(value: Value) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0
