"""Share of targets reached: the three KPIs read together, because an NPS alone misleads."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.benchmark import worst_rating
from partnerkpi.kpi.checks import finite_number

DEFAULT_WEIGHTS = (0.4, 0.3, 0.3)
DEFAULT_ANCHORS = ((0.0, 50.0), (0.0, 75.0), (0.0, 75.0))

# what each figure is called in a message, and the values it can have
FIGURES = (("NPS", -100.0), ("active share", 0.0), ("influence share", 0.0))


@dataclass(frozen=True, slots=True)
class Health:
    """The composite on 0..100, the part of the weight that has data (0..1), and the worst single rating.

    The worst rating stands beside the score because a red KPI can hide in a good composite. `score` is None when no
    KPI has data; `worst` is None when no rating was given.
    """

    score: float | None
    covered_weight: float
    worst: str | None


def health(
    nps: float | None,
    active_share: float | None,
    influence_share: float | None,
    *,
    weights: Sequence[float] = DEFAULT_WEIGHTS,
    anchors: Sequence[tuple[float, float]] = DEFAULT_ANCHORS,
    ratings: Iterable[str | None] = (),
) -> Health:
    """Put the three KPIs on 0..100 and take their weighted mean over those that have data.

    NPS in points, the shares in percent; None is no data and not a zero. `weights` and `anchors` (the value that
    counts 0 and the one that counts 100) are in the same order; `ratings` are the single ratings the worst is taken
    of. KpiValueError unless there are three weights of 0 or more, not all 0, and three anchors with low < high, and
    for a figure outside its range. 45, 60, 70 is 88; 62, None, 55 is 88.5714 with .7 of the weight.
    """
    weights = _checked_weights(weights)
    anchors = _checked_anchors(anchors)
    covered: list[float] = []
    earned: list[float] = []
    for value, (name, lowest), weight, (low, high) in zip(
        (nps, active_share, influence_share), FIGURES, weights, anchors, strict=True
    ):
        if value is None:
            continue
        figure = finite_number(value, name, lowest, 100)
        covered.append(weight)
        earned.append(weight * _clamped(100 * (figure - low) / (high - low)))
    with_data = math.fsum(covered)
    score = _clamped(math.fsum(earned) / with_data) if with_data > 0 else None
    return Health(score, with_data / math.fsum(weights), worst_rating(ratings))


def _clamped(points: float) -> float:
    return min(100.0, max(0.0, points))


def _checked_weights(weights: Sequence[float]) -> list[float]:
    checked = [finite_number(weight, "weight", 0) for weight in weights]
    if len(checked) != len(FIGURES) or math.fsum(checked) == 0:
        raise KpiValueError(f"weights are {tuple(weights)!r}; allowed: three numbers of 0 or more, not all 0")
    return checked


def _checked_anchors(anchors: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    checked = [(finite_number(low, "anchor"), finite_number(high, "anchor")) for low, high in anchors]
    if len(checked) != len(FIGURES) or any(low >= high for low, high in checked):
        raise KpiValueError(f"anchors are {tuple(anchors)!r}; allowed: three pairs with the low one below the high one")
    return checked
