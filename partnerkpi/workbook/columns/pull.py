"""What all partners have in common: how they are pulled towards their mean, and the keys that rank them.

The steps are those of `partnerkpi.kpi.intervals.shrink`: the weight of an estimate is 1 / its variance, and the spread
of the estimates beyond chance is the variance between partners (DerSimonian and Laird).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import DASH, rounded
from partnerkpi.workbook.model.layout import Layout
from partnerkpi.workbook.model.translation import message

#: Ranks are whole numbers. Equal ones are parted by the raw NPS, equal ones of these by answers, then by place.
RAW_PART, ANSWERS_PART, PLACE_PART = 1e5, 1e12, 1e10


@dataclass(frozen=True)
class Pull:
    """What all partners have in common: the sums and means that each of them is pulled by."""

    weight: float
    first_mean: float
    spread: float
    squares: float
    between: float
    mean: float

    @classmethod
    def of(cls, tallies: Sequence[ScoreTally]) -> Pull | None:
        """Return what the tallies have in common; None without any answer."""
        known = [(variance_of(tally), tally.nps) for tally in tallies if tally.responses]
        pairs = [(1 / variance, nps) for variance, nps in known if variance is not None and nps is not None]
        if not pairs:
            return None
        weight = math.fsum(w for w, _ in pairs)
        first = math.fsum(w * nps for w, nps in pairs) / weight
        spread = math.fsum(w * (nps - first) * (nps - first) for w, nps in pairs)
        squares = math.fsum(w * w for w, _ in pairs)
        scale = weight - squares / weight
        between = max(0.0, (spread - (len(pairs) - 1)) / scale) if len(pairs) > 1 and scale > 0 else 0.0
        second = [(1 / (1 / w + between), nps) for w, nps in pairs]
        mean = math.fsum(w * nps for w, nps in second) / math.fsum(w for w, _ in second)
        return cls(weight, first, spread, squares, between, mean)

    @property
    def values(self) -> tuple[float, ...]:
        """Return the figures in the order of their formulas."""
        return (self.weight, self.first_mean, self.spread, self.squares, self.between, self.mean)


def pull_formulas(layout: Layout) -> list[tuple[str, str]]:
    """Return what each common figure is called and its formula, without the equals sign."""

    def total(key: str) -> str:
        return f"SUM({layout.partner_column(key)})"

    weights = layout.partner_column("weight")
    count, weight = f"COUNT({weights})", total("weight")
    scale = f"({weight}-{total('squared')}/{weight})"
    return [
        (message("weights together"), f'IF({count}>0,{weight},"{DASH}")'),
        (message("mean by the first weights"), f'IF({count}>0,{total("weighted")}/{weight},"{DASH}")'),
        (message("spread around it"), f'IF({count}>0,{total("spread")},"{DASH}")'),
        (message("squares of the weights"), f'IF({count}>0,{total("squared")},"{DASH}")'),
        (
            message("variance between partners"),
            f"IF({count}>1,IF({scale}>0,MAX(0,({total('spread')}-({count}-1))/{scale}),0),0)",
        ),
        (
            message("mean that partners are pulled to"),
            f'IF({count}>0,{total("second_weighted")}/{total("second")},"{DASH}")',
        ),
    ]


def shrunk_of(scores: ScoreTally, pull: Pull | None) -> float | None:
    """Return the NPS of a partner pulled towards the mean of all; None without answers."""
    variance, nps = variance_of(scores), scores.nps
    if variance is None or nps is None or pull is None:
        return None
    return pull.mean + pull.between / (pull.between + variance) * (nps - pull.mean)


def ranking_keys(people: Sequence[tuple[ScoreTally, float | None]], minimum: int) -> list[float | None]:
    """Return the ranking key of each partner, from (scores, shrunk NPS): the highest is best; None with few answers."""
    enough = [shrunk is not None and not scores.few_responses(minimum) for scores, shrunk in people]
    first = [
        rounded(shrunk, 9) if ok and shrunk is not None else None
        for ok, (_, shrunk) in zip(enough, people, strict=True)
    ]
    second = [
        (scores.nps or 0.0) + scores.responses / ANSWERS_PART if ok else None
        for ok, (scores, _) in zip(enough, people, strict=True)
    ]
    ranks, raw = _ranks(first), _ranks(second)
    return [
        None if rank is None or raw_rank is None else -(rank + raw_rank / RAW_PART + place / PLACE_PART)
        for place, (rank, raw_rank) in enumerate(zip(ranks, raw, strict=True), 1)
    ]


def _ranks(values: Sequence[float | None]) -> list[int | None]:
    """Return what RANK gives: 1 and the number of greater ones."""
    ordered = sorted((value for value in values if value is not None), reverse=True)
    firsts: dict[float, int] = {}
    for place, value in enumerate(ordered, 1):
        firsts.setdefault(value, place)
    return [None if value is None else firsts[value] for value in values]


def variance_of(scores: ScoreTally) -> float | None:
    """Return the variance of an adjusted NPS; None without answers."""
    point = scores.adjusted()
    return None if point is None else point.standard_error * point.standard_error
