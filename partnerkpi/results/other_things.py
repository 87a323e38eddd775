"""Tables whose rows are no customers: a deal, a ticket, an order, a booking or a project ends, and nobody has left."""

from __future__ import annotations

import re
from collections.abc import Iterable

from partnerkpi.errors import OpenQuestion
from partnerkpi.tables.columns import OPTIONS, Columns, quoted
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.roles import named
from partnerkpi.tables.table import Table
from partnerkpi.vocabulary import plain_name

_CLOSED = re.compile(
    named(
        "close, close date, closed, closed at, closed on, closed date, closing date, date closed, closure date, "
        "data de encerramento, data encerramento"
    )
)
_CANCELLED = re.compile(r"\bcancel\w*|\b(?:storn\w*|annul\w*|anula\w*)")
#: An end of one of these is that of what a customer has, whatever else the table names.
_OF_A_CONTRACT = re.compile(
    r"contract|subscri|licen[cs]|service|\bterm\b|renewal|agreement|membership|customer|account|churn|vertrag|\babo|kund"
    r"|contrat|abonn|client|suscrip|assinatura|abbonamento|cliente|resili"
)
_NUMBER = r"(?: (?:id|no|nr|number|name|code|key|ref|reference|title|nummer|numero))?$"
_OF_DEALS = re.compile(r"\b(?:deals?|opportunit(?:y|ies)|opps?|pipeline|forecast|probability|sales stage)\b")
_OF_TICKETS = re.compile(r"\b(?:tickets?|cases?|incidents?|severity|priority)\b")
_OF_ORDERS = re.compile(
    rf"^(?:orders?|bestellung|auftrag|commande|pedido|ordine){_NUMBER}"
    r"|\bfulfil\w*|\bfinancial status\b|\bline ?items?\b"
)
#: Rows of these end whatever the day of it is called.
_OF_OTHERS = {
    "booking": re.compile(rf"^(?:booking|reservation|buchung|reservierung|reserva|prenotazione){_NUMBER}"),
    "quote": re.compile(
        rf"^(?:quote|quotation|offer|estimate|angebot|devis|cotizacion|presupuesto|preventivo){_NUMBER}"
    ),
    "project": re.compile(rf"^(?:project|projekt|projet|proyecto|projeto|progetto){_NUMBER}"),
}
#: A stage of a deal, by itself or behind one word: Won, Closed Won, closedwon.
_WON = re.compile(r"^(?:\w+ ?)?\b(?:closed)?(?:won|gewonnen|gagnee?s?|ganad[oa]s?|ganh[oa]s?|vint[oaie])$")
#: Roles of columns whose values are names.
_NAMES = ("customer", "contract", "partner", "owner", "respondent")


def ask_whose_end_it_is(table: Table, columns: Columns, end: str) -> None:
    """Raise OpenQuestion where the end may be that of a deal, a ticket, an order ..., and nobody left on that day.

    They are told by what columns are called, deals by words such as Closed Won as well.
    """
    if columns.choice("end_date").is_named:
        return
    others = [one for one in columns.profiles if one.name != end and not one.is_blank]
    names = {columns.choice(role).column for role in _NAMES}
    worded = [one for one in others if one.name not in names]
    stages = [one for one in worded if any(_WON.search(plain_name(word)) for word in one.distinct)]
    thing, beside = _thing(plain_name(end), others, stages)
    if beside is not None:
        by_stage = (
            f"{OPTIONS['retained']} {quoted(beside.name)} counts by what became of it; " if beside in stages else ""
        )
        raise OpenQuestion(
            f"{table.label}: {end!r} may be the day on which {thing}, since {beside.name!r} stands beside it, and not "
            f"the one on which a customer left. {by_stage}{OPTIONS['end_date']} {quoted(end)} counts it as that"
        )


def _thing(
    end: str, others: Iterable[ColumnProfile], stages: Iterable[ColumnProfile]
) -> tuple[str, ColumnProfile | None]:
    """Return what may have happened on the day of an end, and the column that tells so; None where none does."""
    if _CLOSED.search(end):
        for what, found in (
            ("a deal was closed", [*stages, *_called(others, _OF_DEALS)]),
            ("a ticket was closed", _called(others, _OF_TICKETS)),
        ):
            if found:
                return what, found[0]
    if _CANCELLED.search(end) and not _OF_A_CONTRACT.search(end) and (orders := _called(others, _OF_ORDERS)):
        return "an order was cancelled", orders[0]
    for thing, names in _OF_OTHERS.items():
        if not _OF_A_CONTRACT.search(end) and (found := _called(others, names)):
            return f"a {thing} ended", found[0]
    return "", None


def _called(columns: Iterable[ColumnProfile], names: re.Pattern[str]) -> list[ColumnProfile]:
    return [one for one in columns if names.search(plain_name(one.name))]
