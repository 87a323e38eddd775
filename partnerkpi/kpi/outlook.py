"""What the next period will probably show: the NPS and the share of active advocates, with a prediction interval.

The method is the local level model: behind the scores stands a level that moves a little from period to period, and
each score misses it by its own sampling error, which is known from the number of answers. The Kalman filter finds the
level in closed form. How fast it moves cannot be told from a dozen periods, so several speeds are tried and each
weighs as much as the scores so far speak for it. It won against last value, means, exponential smoothing, damped trend
and Theta in `python -m benchmarks outlook`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Generic, TypeVar

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.checks import whole_number
from partnerkpi.kpi.intervals import Interval, z_value
from partnerkpi.kpi.scores import ScoreTally

__all__ = [
    "HELD",
    "METHOD",
    "MIN_PERIODS",
    "BackTest",
    "Filtered",
    "Outlook",
    "advocacy_outlook",
    "local_level",
    "nps_outlook",
]

METHOD = "local level"

#: The least and the largest part of the next figures that a 95 % interval held, over the simulated programmes of
#: docs/methods.md.
HELD = (0.93, 0.98)

#: With fewer periods than this nothing is said: the level and its noise cannot be told apart.
MIN_PERIODS = 6

#: With fewer periods than this there are not two forecasts to test the method by.
BACK_TEST_FROM = 8

#: How far the level may move from one period to the next, one standard deviation, in points.
SPEEDS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0)

T = TypeVar("T", ScoreTally, AdvocacyTally)


@dataclass(frozen=True, slots=True)
class BackTest:
    """How the method did on the series itself: each period foretold from those before it alone, from the seventh on.

    Errors are mean absolute ones, in points; `last_value_error` is that of saying "as last time". `inside` counts the
    forecasts whose prediction interval held the score that came.
    """

    forecasts: int
    mean_absolute_error: float
    last_value_error: float
    inside: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the next period will probably show, in points or percent; `reason` says why where nothing can be said.

    The interval holds the OBSERVED figure of the next period if it comes from `expected` answers (partners), so it is
    wider than that of the level; it is clipped to the scale. `periods` had data and were used.
    """

    value: float | None
    interval: Interval | None
    expected: int | None
    periods: int
    back_test: BackTest | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Filtered:
    """The level before the next period, its variance, and how much larger past errors were than expected (1 = as).

    `step` is the variance that each further period adds.
    """

    level: float
    variance: float
    overshoot: float
    step: float = 0.0


def nps_outlook(
    tallies: Sequence[ScoreTally], *, expected: int | None = None, confidence: float = 0.95, ahead: int = 1
) -> Outlook:
    """Foretell the NPS of the next period from the periods so far, oldest first; a period without answers is a gap.

    `expected` is how many answers the next period will have, by default as many as the last one with any. `ahead` is
    how many periods on the one is that is foretold: the value stays, the interval widens. KpiValueError for a
    confidence outside 0..1 or an `ahead` below 1. Below 6 periods with answers there is no value, and the reason says
    so. Eight periods of (10, 20, 30) foretell 33.3333, in 95 % of cases 12.0 to 54.7.
    """
    return _outlook(_NPS, tallies, expected, confidence, ahead)


def advocacy_outlook(
    tallies: Sequence[AdvocacyTally], *, expected: int | None = None, confidence: float = 0.95, ahead: int = 1
) -> Outlook:
    """Foretell the share of active advocates of the next period; as `nps_outlook`, for partners instead of answers.

    Each partner counts as active by chance and for itself. Partners keep their habits, so the interval is a little too
    wide rather than too narrow. Eight periods of 28 active out of 40 foretell 70, in 95 % of cases 53.8 to 86.2.
    """
    return _outlook(_ADVOCACY, tallies, expected, confidence, ahead)


def local_level(
    values: Sequence[float | None], variances: Sequence[float], speeds: Sequence[float] = SPEEDS
) -> Filtered:
    """Return the level of the next period, after a Kalman filter for each speed, weighted by its likelihood.

    `values` are the periods' figures, oldest first, None for a gap; `variances` their sampling errors squared; at least
    one value. The first one starts the level (a diffuse start). Harvey 1989, Forecasting, Structural Time Series
    Models and the Kalman Filter, 3.2; Bayesian average over the speeds, all as likely before. Values 10, 20 with
    variance 100 each and the one speed 0: level 15, variance 50.
    """
    steps = [speed**2 for speed in speeds]
    levels: list[float] = []
    variances_of_levels: list[float] = []
    log_likelihoods = [0.0] * len(steps)
    surprises: list[float] = []
    for value, variance in zip(values, variances, strict=True):
        if levels:  # a period has passed: the level may have moved
            variances_of_levels = list(map(operator.add, variances_of_levels, steps))
        if value is None:
            continue
        if not levels:
            levels, variances_of_levels = [value] * len(steps), [variance] * len(steps)
            continue
        expected, unsure = _average(levels, variances_of_levels, log_likelihoods)
        surprises.append((value - expected) ** 2 / (unsure + variance))
        for place, own in enumerate(variances_of_levels):
            total, miss = own + variance, value - levels[place]
            log_likelihoods[place] -= (math.log(total) + miss * miss / total) / 2
            levels[place] += own / total * miss
            variances_of_levels[place] = own * variance / total
    following = list(map(operator.add, variances_of_levels, steps))
    level, unsure = _average(levels, following, log_likelihoods)
    overshoot = max(1.0, sum(surprises) / len(surprises)) if surprises else 1.0
    step, _ = _average(steps, [0.0] * len(steps), log_likelihoods)
    return Filtered(level, unsure, overshoot, step)


def _average(
    levels: Sequence[float], variances: Sequence[float], log_likelihoods: Sequence[float]
) -> tuple[float, float]:
    """Return the level and its variance over all speeds: that within each, and that between them."""
    best = max(log_likelihoods)
    weights = [math.exp(own - best) for own in log_likelihoods]
    total = sum(weights)
    level = sum(map(operator.mul, weights, levels)) / total
    squares = [own + (at - level) ** 2 for own, at in zip(variances, levels, strict=True)]
    return level, sum(map(operator.mul, weights, squares)) / total


@dataclass(frozen=True, slots=True)
class _Kind(Generic[T]):
    """What the method must know of a figure: its scale, its value, and the variance that a single answer adds."""

    lowest: float
    word: str
    value: Callable[[T], float | None]
    size: Callable[[T], int]
    spread: Callable[[Iterable[T]], float]


def _nps_spread(tallies: Iterable[ScoreTally]) -> float:
    pooled = ScoreTally.pooled(tallies)
    adjusted = pooled.adjusted()
    return 0.0 if adjusted is None else adjusted.standard_error**2 * (pooled.responses + 3)


def _share_spread(tallies: Iterable[AdvocacyTally]) -> float:
    counted = [(tally.active, tally.partners) for tally in tallies]
    # one active and one inactive partner are added, so that "all of them" does not mean "always all"
    share = (sum(active for active, _ in counted) + 1) / (sum(partners for _, partners in counted) + 2)
    return 10_000 * share * (1 - share)


_NPS: _Kind[ScoreTally] = _Kind(-100.0, "answers", lambda t: t.nps, lambda t: t.responses, _nps_spread)
_ADVOCACY: _Kind[AdvocacyTally] = _Kind(0.0, "partners", lambda t: t.active_share, lambda t: t.partners, _share_spread)


def _outlook(kind: _Kind[T], tallies: Sequence[T], expected: int | None, confidence: float, ahead: int) -> Outlook:
    z = z_value(confidence)
    if whole_number(ahead, "periods ahead") < 1:
        raise KpiValueError(f"periods ahead is {ahead!r}; allowed: 1, the next period, or more")
    known = [tally for tally in tallies if kind.size(tally)]
    if expected is not None:
        expected = whole_number(expected, f"expected {kind.word}")
    if len(known) < MIN_PERIODS:
        had = f"{len(known)} periods have" if len(known) > 1 else "1 period has" if known else "no period has"
        return Outlook(None, None, None, len(known), None, f"{had} data, and it takes {MIN_PERIODS}")
    size = expected or kind.size(known[-1])
    value, interval = _foretell(kind, tallies, size, z, confidence, ahead)
    return Outlook(value, interval, size, len(known), _back_test(kind, tallies, z, confidence))


def _foretell(
    kind: _Kind[T], tallies: Sequence[T], size: int, z: float, confidence: float, ahead: int = 1
) -> tuple[float, Interval]:
    """Return the forecast for the period so many after these, and its prediction interval for a figure of that size."""
    # One spread for all periods: that of each alone is zero by luck where few answer, and would overrule the others.
    spread = kind.spread(tallies)
    sizes = [kind.size(tally) for tally in tallies]
    found = local_level([kind.value(tally) for tally in tallies], [spread / (n or 1) for n in sizes])
    variance = found.variance + (ahead - 1) * found.step
    reach = z * math.sqrt((variance + spread / size) * found.overshoot)
    low, high = max(kind.lowest, found.level - reach), min(100.0, found.level + reach)
    return min(100.0, max(kind.lowest, found.level)), Interval(low, high, confidence)


def _back_test(kind: _Kind[T], tallies: Sequence[T], z: float, confidence: float) -> BackTest | None:
    known = [position for position, tally in enumerate(tallies) if kind.size(tally)]
    if len(known) < BACK_TEST_FROM:
        return None
    errors, naive, inside = [], [], 0
    for before, position in pairwise(known[MIN_PERIODS - 1 :]):
        came, last = kind.value(tallies[position]), kind.value(tallies[before])
        if came is None or last is None:  # a size above 0 has a value
            continue
        value, interval = _foretell(kind, tallies[:position], kind.size(tallies[position]), z, confidence)
        errors.append(abs(came - value))
        naive.append(abs(came - last))
        inside += interval.low <= came <= interval.high
    return BackTest(len(errors), math.fsum(errors) / len(errors), math.fsum(naive) / len(naive), inside)
