"""What one partner may know of the others: quartiles and words from which no single figure can be worked out.

Six rules make them anonymous. They are of all partners with enough data, the reader's own figure among them, and the
same in every pack. There are eight such partners or more. A quartile is the mean of the three or four figures around
its place, rounded to the nearest 5. Where more than a quarter of the partners share one figure it is rounded to the
nearest 10. What comes to the end of the scale is only said to be so much or more: of many partners that keep every
customer it is known that they keep 90 % or more. And activities, small numbers, are compared in words alone.
`benchmarks/anonymity.py` attacks them with linear programs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil, floor

from partnerkpi.language.figures import rounded
from partnerkpi.language.sentence import message
from partnerkpi.scorecard.data import CardData
from partnerkpi.scorecard.parts import Quartiles

#: With fewer partners nothing is compared.
FEWEST = 8
#: To what quartiles are rounded: usually, and where figures pile up on one value.
STEP, PILED_STEP = 5, 10
#: Nearer than this to an end of the scale a quartile is not told: 90 stands for 90 or more.
EDGE = 10
#: Of each figure that has quartiles, where its scale begins and ends.
SCALES: Mapping[str, tuple[float, float]] = {"nps": (-100, 100), "retention": (0, 100)}
_PLACES = (0.25, 0.5, 0.75)

#: How many activities a partner has, beside the others: all that is said.
MORE, AS_MANY, FEWER = message("more than most"), message("about as many as most"), message("fewer than most")


def peers(card: CardData) -> tuple[Quartiles, ...]:
    """Return the quartiles of each KPI and period that may be shown, in the order of the periods.

    NPS: points, of partners with the minimum of answers; retention: percent, of partners with as many customers as the
    minimum of answers.
    """
    return tuple(
        quartiles
        for period in card.periods
        for kpi, figures in _figures(card, period).items()
        if (quartiles := quartiles_of(kpi, period, figures)) is not None
    )


def activities_beside(card: CardData, partner: str) -> dict[str, str]:
    """Return by period how many activities a partner has beside the others: `MORE`, `AS_MANY` or `FEWER`.

    Periods in which that cannot be said without telling of others, or in which it has none, are left out.
    """
    if not (card.has_activities and card.has_partner_list):
        return {}
    found = {}
    for period in card.periods:
        listed = card.activities_of_listed(period)
        if partner in listed and not card.is_to_date(period) and (word := beside(listed[partner], [*listed.values()])):
            found[period] = word
    return found


def quartiles_of(kpi: str, period: str, figures: Sequence[float]) -> Quartiles | None:
    """Return the quartiles of some partners' figures, None of too few.

    The figures 10, 20 ... 80 have the quartile places 1.75, 3.5 and 5.25 from 0: means of the four figures around them
    are 25, 45 and 65.
    """
    if len(figures) < FEWEST:
        return None
    ranked = sorted(figures)
    step = PILED_STEP if 4 * max(Counter(ranked).values()) > len(ranked) else STEP
    lowest, highest = SCALES[kpi]
    lower, median, upper = (
        min(highest - EDGE, max(lowest + EDGE, step * rounded(_around(ranked, share) / step))) for share in _PLACES
    )
    return Quartiles(kpi, period, len(ranked), lower, median, upper, step)


def beside(own: int, all_partners: Sequence[int]) -> str | None:
    """Return how a number of activities stands among those of all partners; None where nothing is said.

    Of 0, 0, 1, 1, 2, 2, 3, 9 the means around the places of the quartiles are 0.5 and 4: 9 is more than most. Of one
    activity nothing is said: were it more than most, the others would have none.
    """
    if own < 2 or len(all_partners) < FEWEST:
        return None
    ranked = sorted(all_partners)
    if own > _around(ranked, _PLACES[-1]):
        return MORE
    return FEWER if own < _around(ranked, _PLACES[0]) else AS_MANY


def around(number: int, share: float) -> range:
    """Return which of so many ranked figures a quartile is the mean of: those at its place and one on either side."""
    place = share * (number - 1)
    return range(floor(place) - 1, ceil(place) + 2)


def _around(ranked: Sequence[float], share: float) -> float:
    near = [ranked[place] for place in around(len(ranked), share)]
    return sum(near) / len(near)


def _figures(card: CardData, period: str) -> dict[str, list[float]]:
    """Return the figures of the partners with enough data, by KPI."""
    counts = [card.count(partner.name, period) for partner in card.partners]
    scores = (one.scores for one in counts if one.scores.responses >= card.min_responses)
    found = {"nps": [score.nps for score in scores if score.nps is not None]}
    if card.has_customers and card.customers_have_partners:
        enough = (one for one in counts if one.customers >= max(1, card.min_responses))
        found["retention"] = [100 * one.retained / one.customers for one in enough]
    return found
