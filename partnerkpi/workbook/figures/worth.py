"""Money by period: revenue of the customers at the start and what became of it, and what activities are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.worth import Kind, gross, net
from partnerkpi.tally.customers import Money
from partnerkpi.workbook.figures.base import POINTS, Column, Figure, PeriodFigures
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import message, translate
from partnerkpi.workbook.model.values import Value

#: What is known of money at the start of a period, and what it is called on Data.
AMOUNTS = {
    "start": message("Revenue at the start"),
    "expansion": message("Revenue, paid more at the end"),
    "contraction": message("Revenue, paid less at the end"),
    "churn": message("Revenue of those who left"),
}
#: What is counted of a kind of activities.
KINDS = {
    "activities": message("Activities of kind {n}"),
    "valued": message("Activities of kind {n} that say what they are worth"),
    "value": message("What activities of kind {n} are worth"),
}
#: Whose money it is, by the beginning of its keys: of all, of those with a partner, of the partners to call first.
EVERYBODY, WITH_PARTNER, AT_RISK = "", "own_", "risk_"
MOST_KINDS = 8


def figures(card: Scorecard) -> list[Figure]:
    """Return the figures in the order of their rows; none where nobody says what is paid."""
    return [*_revenue(card), *(one for number, _ in enumerate(kinds_of(card)) for one in _kind(number))]


def whose_of(card: Scorecard) -> tuple[str, ...]:
    """Return whose money is known; with one partner there is no part of all, and at risk are those to call first."""
    if not card.worth.revenue:
        return ()
    several = card.customers_have_partners and card.several_partners and not card.part.by_partner
    at_risk = several and bool(card.as_made.call_first)
    return (EVERYBODY, *((WITH_PARTNER,) if several else ()), *((AT_RISK,) if at_risk else ()))


def money_of(card: Scorecard, whose: str, period: str) -> Money | None:
    """Return the money of some customers in a period; None where it is not told: at risk is who is so now."""
    partners = [one.name for one in card.partners]
    if whose == AT_RISK:
        if period != card.periods[-1]:
            return None
        partners = [one.partner for one in card.as_made.call_first]
    return card.worth.money(period, [None, *partners] if whose == EVERYBODY else partners)


def kinds_of(card: Scorecard) -> list[str]:
    """Return the kinds of activities that are worth something, those worth most first."""
    whole: dict[str, Kind] = {}
    for (name, period), one in card.worth.kinds.items():
        if period in card.periods:
            whole[name] = whole.get(name, Kind()) + one
    worth = [name for name, one in whole.items() if one.valued]
    return sorted(worth, key=lambda name: (-whole[name].value, name))[:MOST_KINDS]


def _revenue(card: Scorecard) -> Iterator[Figure]:
    for whose in whose_of(card):
        for key, label in amount_labels(whose).items():
            yield Figure(f"{whose}{key}", label, _none, partial(_amount, whose, key), COUNT, fact=True)
        if whose == EVERYBODY:
            yield Figure("nrr", translate("Net revenue retention, %"), nrr_formula, partial(_share, net), POINTS)
            yield Figure("grr", translate("Gross revenue retention, %"), grr_formula, partial(_share, gross), POINTS)


def amount_labels(whose: str) -> dict[str, str]:
    """Return what the rows of some customers' money are called, by the amount."""
    return {key: _of(whose, translate(label)) for key, label in AMOUNTS.items()}


def kind_labels(number: int) -> dict[str, str]:
    """Return what the rows of one kind of activities are called, by what they count."""
    return {which: translate(label, n=number) for which, label in KINDS.items()}


def _of(whose: str, label: str) -> str:
    if whose == WITH_PARTNER:
        return translate("{figure}, customers with a partner", figure=label)
    return translate("{figure}, customers of partners to call first", figure=label) if whose == AT_RISK else label


def _none(_: Column) -> str:
    return ""


def nrr_formula(c: Callable[[str], str]) -> str:
    """Return the net revenue retention from the cells of the four amounts."""
    kept = f"{c('start')}+{c('expansion')}-{c('contraction')}-{c('churn')}"
    return arithmetic.share(f"({kept})", c("start"))


def grr_formula(c: Callable[[str], str]) -> str:
    """Return the gross revenue retention from the cells of the four amounts."""
    kept = f"({c('start')}-{c('contraction')}-{c('churn')})"
    return arithmetic.when_number(c("start"), f'IF({c("start")}>0,MIN(100,100*{kept}/{c("start")}),"{DASH}")')


def _amount(whose: str, key: str, m: PeriodFigures) -> Value:
    money = m.remember(("money", whose), lambda: money_of(m.card, whose, m.period))
    return DASH if money is None else float(getattr(money, key))


def _share(share: Callable[[Money], float | None], m: PeriodFigures) -> Value:
    money = money_of(m.card, EVERYBODY, m.period)
    return shown(share(money) if money is not None else None)


def _kind(number: int) -> Iterator[Figure]:
    def value(which: str, m: PeriodFigures) -> Value:
        found = m.card.worth.kinds.get((kinds_of(m.card)[number], m.period), Kind())
        return float(getattr(found, which))

    for which, label in kind_labels(number + 1).items():
        yield Figure(f"kind_{number + 1}_{which}", label, _none, partial(value, which), COUNT, fact=True)
