"""What it would take: how many people would have to change their minds for the next rating or the target.

Everything is counted with whole people, and a figure has reached a threshold exactly when its rating says so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.checks import finite_number
from partnerkpi.kpi.scores import ScoreTally


@dataclass(frozen=True, slots=True)
class Moves:
    """The fewest people that would have to move to reach an NPS, each way on its own.

    0 where it is reached already, None where not even all of them are enough.
    """

    detractors_to_passives: int | None
    detractors_to_promoters: int | None
    passives_to_promoters: int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """The NPS if all detractors turned passive, if all of them turned promoters, and if all passives turned promoters.

    How far each way goes, in points; None without answers.
    """

    detractors_to_passives: float | None
    detractors_to_promoters: float | None
    passives_to_promoters: float | None


@dataclass(frozen=True, slots=True)
class Aim:
    """Something to reach: a rating or the target, where it begins, the points that are missing, and what it takes."""

    name: str
    at_least: float
    missing: float
    moves: Moves


@dataclass(frozen=True, slots=True)
class OneAnswer:
    """What a single answer does to the NPS, in points.

    `band_step` is a person who moves up one band, from detractor to passive or from passive to promoter; the others
    are one more answer of each kind.
    """

    band_step: float
    promoter: float
    passive: float
    detractor: float


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What it would take to reach the next rating and the target; None for no data, and for no better rating."""

    next_rating: Aim | None
    target: Aim | None
    reach: Reach
    one_answer: OneAnswer | None


def what_if(tally: ScoreTally, benchmark: Benchmark) -> WhatIf:
    """Return what it would take for these answers to be rated one band better, and to reach the target.

    (8, 7, 5) with the default bands: NPS -15, 45 points from watch: 5 detractors would have to turn promoters, while
    all 8 turned passive are not enough, +25.
    """
    reach = Reach(*(_all_moved(tally, move) for move in _WAYS))
    target = _aim(tally, "target", benchmark.target)
    return WhatIf(_next_rating(tally, benchmark), target, reach, one_answer(tally))


def moves_to(tally: ScoreTally, at_least: float) -> Moves:
    """Return the fewest people that would have to move for an NPS of at least so many points.

    `at_least` is a finite number, KpiValueError otherwise. Without answers no move is possible. (1, 3, 6) to 70:
    None, 1 and 2.
    """
    at_least = finite_number(at_least, "NPS to reach")
    return Moves(*(_fewest(tally, move, at_least) for move in _WAYS))


def one_answer(tally: ScoreTally) -> OneAnswer | None:
    """Return what a single answer does to the NPS; None without answers. (1, 3, 6), NPS 50: 10, +4.5455 and -13.6364.

    With n answers a step of one band is 100 / n; one more promoter is (100 - NPS) / (n + 1), one more passive
    -NPS / (n + 1), one more detractor -(100 + NPS) / (n + 1).
    """
    answers, lead = tally.responses, tally.promoters - tally.detractors
    if not answers:
        return None
    grown = answers * (answers + 1)
    return OneAnswer(
        100 / answers, 100 * (answers - lead) / grown, -100 * lead / grown, -100 * (answers + lead) / grown
    )


def _detractors_to_passives(tally: ScoreTally, people: int) -> ScoreTally:
    return ScoreTally(tally.detractors - people, tally.passives + people, tally.promoters)


def _detractors_to_promoters(tally: ScoreTally, people: int) -> ScoreTally:
    return ScoreTally(tally.detractors - people, tally.passives, tally.promoters + people)


def _passives_to_promoters(tally: ScoreTally, people: int) -> ScoreTally:
    return ScoreTally(tally.detractors, tally.passives - people, tally.promoters + people)


_Move = Callable[[ScoreTally, int], ScoreTally]

#: Who can move, and what a move of some of them makes of the answers; in the order of `Moves`.
_WAYS: tuple[tuple[str, _Move], ...] = (
    ("detractors", _detractors_to_passives),
    ("detractors", _detractors_to_promoters),
    ("passives", _passives_to_promoters),
)


def _all_moved(tally: ScoreTally, way: tuple[str, _Move]) -> float | None:
    band, moved = way
    return moved(tally, getattr(tally, band)).nps


def _fewest(tally: ScoreTally, way: tuple[str, _Move], at_least: float) -> int | None:
    band, moved = way
    people = getattr(tally, band)
    if not tally.responses:
        return None
    # the figure itself decides, as it does for the rating: thresholds such as 33.3 are no exact fractions
    fewest = bisect_left(range(people + 1), True, key=lambda some: _reached(moved(tally, some).nps, at_least))
    return fewest if fewest <= people else None


def _reached(nps: float | None, at_least: float) -> bool:
    return nps is not None and nps >= at_least


def _next_rating(tally: ScoreTally, benchmark: Benchmark) -> Aim | None:
    rating = benchmark.rating(tally.nps)
    if rating is None:
        return None
    better = benchmark.bands[benchmark.rank(rating) + 1 :]
    return _aim(tally, better[0].name, better[0].low) if better else None


def _aim(tally: ScoreTally, name: str, at_least: float) -> Aim | None:
    if tally.nps is None:
        return None
    return Aim(name, at_least, max(0.0, at_least - tally.nps), moves_to(tally, at_least))
