"""What one partner may know of the others: quartiles that no single figure can be read from.

Three rules make them anonymous. They are of all partners with enough data, the reader's own figure among them, and the
same in every pack: two partners who lay their packs side by side learn nothing more. There are six such partners or
more, so at least five others. And a quartile is the mean of the three or four figures around its place, rounded to a
whole number: nobody's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from partnerkpi.language.figures import rounded
from partnerkpi.scorecard.data import CardData
from partnerkpi.scorecard.parts import Quartiles

FEWEST_OTHERS = 5
_PLACES = (0.25, 0.5, 0.75)


def peers(card: CardData) -> tuple[Quartiles, ...]:
    """Return the quartiles of each KPI and period that may be shown, in the order of the periods.

    NPS: points, of partners with the minimum of answers; advocacy: activities, of the partners on the list; retention:
    percent, of partners with as many customers as the minimum of answers. None are shown where too few partners have
    data, or where the lower and the upper quartile are the same: then many figures would be known.
    """
    return tuple(
        quartiles
        for period in card.periods
        for kpi, figures in _figures(card, period).items()
        if (quartiles := quartiles_of(kpi, period, figures)) is not None
    )


def quartiles_of(kpi: str, period: str, figures: Sequence[float]) -> Quartiles | None:
    """Return the quartiles of some partners' figures, None where they would tell too much.

    The figures 10, 20, 30, 40, 50, 60 have the quartile places 1.25, 2.5 and 3.75 from 0: means of 10 to 40, 20 to 50
    and 30 to 60, so 25, 35 and 45.
    """
    if len(figures) <= FEWEST_OTHERS:
        return None
    ranked = sorted(figures)
    lower, median, upper = (_around(ranked, share * (len(ranked) - 1)) for share in _PLACES)
    return Quartiles(kpi, period, len(ranked), lower, median, upper) if lower < upper else None


def _around(ranked: Sequence[float], place: float) -> float:
    """Return the mean of the figures at a place, and of one more on either side, as a whole number."""
    near = ranked[floor(place) - 1 : ceil(place) + 2]
    return rounded(sum(near) / len(near))


def _figures(card: CardData, period: str) -> dict[str, list[float]]:
    """Return the figures of the partners with enough data, by KPI."""
    counts = [(partner, card.count(partner.name, period)) for partner in card.partners]
    scores = (one.scores for _, one in counts if one.scores.responses >= card.min_responses)
    found = {"nps": [score.nps for score in scores if score.nps is not None]}
    if card.has_activities and card.has_partner_list:
        found["advocacy"] = [float(one.activities) for partner, one in counts if card.on_list(partner, period)]
    if card.has_customers and card.customers_have_partners:
        enough = (one for _, one in counts if one.customers >= max(1, card.min_responses))
        found["retention"] = [100 * one.retained / one.customers for one in enough]
    return found
