"""The KPIs of all partners together, period by period: each figure as a formula and as the value that it gives.

The Data sheet has a row for each figure and a column for each period; the Scorecard shows the column that the reader
chose.
"""

from __future__ import annotations

from collections.abc import Hashable

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.to_date import has_so_far
from partnerkpi.workbook.figures import advocacy, certainty, charts, health, nps, page, pooled, retention, words, worth
from partnerkpi.workbook.figures.base import Column, Figure, PeriodFigures
from partnerkpi.workbook.model.translation import translate

__all__ = ["Column", "Figure", "PeriodFigures", "all_figures", "has_formula", "shape_of"]


def all_figures(card: Scorecard) -> list[Figure]:
    """Return the figures in the order of their rows; the first is the number of the period.

    How many periods are pooled, and which lies a year before, follows from the card.
    """
    number = Figure("number", translate("Period number"), lambda c: str(c.number), lambda m: m.number, fact=True)
    shape = pooled.window_of(card), pooled.years_before(card)
    then = [*advocacy.compared_with(), *nps.compared_with()] if has_so_far(card) else []
    return [
        number,
        *(*nps.figures(), *nps.responses(), *advocacy.figures(), *retention.figures(), *health.figures()),
        *(*advocacy.intensity(), *retention.lift(), *nps.people(), *worth.figures(card)),
        *(*pooled.figures(*shape), *then),
        *(*certainty.figures(shape[0]), *charts.figures()),
        *(
            *words.figures(*shape, str(card.period_kind), so_far=has_so_far(card), is_pack=card.is_pack),
            *words.contexts(is_pack=card.is_pack, by_partner=card.part.by_partner),
            *charts.sparklines(counts=not leads_with_answers(card), revenue=bool(card.worth.revenue)),
            *words.headlines(*shape, so_far=has_so_far(card), is_pack=card.is_pack, thousands=_has_thousands(card)),
            *([] if card.is_pack else _page(card)),
        ),
    ]


def _page(card: Scorecard) -> list[Figure]:
    shape = pooled.window_of(card), pooled.years_before(card)
    kept = bool(card.worth.revenue)
    return page.figures(*shape, str(card.period_kind), answers=card.has_answers, revenue=kept)


def _has_thousands(card: Scorecard) -> bool:
    """Tell whether there are a thousand partners, whose numbers are written with a sign between the thousands."""
    return len(card.partners) >= 1_000


def leads_with_answers(card: Scorecard) -> bool:
    """Tell whether the first page is about answers: then it draws no counts of activities and customers."""
    return card.has_answers and not card.is_pack


def has_formula(figure: Figure, column: Column) -> bool:
    """Tell whether a figure has a formula in a period: a change has none in the first."""
    return not (figure.fact or (figure.change and column.number == 1) or (figure.to_date and not column.is_to_date))


def shape_of(card: Scorecard) -> Hashable:
    """Return all that the figures take of a scorecard, their values apart."""
    return (
        pooled.window_of(card),
        tuple(pooled.years_before(card).items()),
        str(card.period_kind),
        has_so_far(card),
        _has_thousands(card),
        leads_with_answers(card),
        card.part.by_partner,
        worth.whose_of(card),
        len(worth.kinds_of(card)),
    )
