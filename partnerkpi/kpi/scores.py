"""Strategic Partner NPS: what changed, what is shown to be above a benchmark, and how partners roll up into one figure.

The public home of the NPS. Bands and the tally are defined in `answers`, and belong to this module's names as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.answers import AdjustedNps, ScoreBand, ScoreTally, Shares, classify
from partnerkpi.kpi.checks import finite_number, whole_number
from partnerkpi.kpi.intervals import shrink, z_value

__all__ = [
    "AdjustedNps",
    "Change",
    "ScoreBand",
    "ScoreTally",
    "Shares",
    "Word",
    "benchmark_test",
    "change",
    "classify",
    "partner_nps",
    "respondent_nps",
    "response_rate",
    "revenue_weighted_nps",
    "rolling_nps",
    "shrunk_nps",
]

Word = Literal["up", "down", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved from one period to the next, and whether chance could have done it.

    `raw` is the difference of the two figures that people see; `adjusted`, `low` and `high` are the difference of the
    adjusted figures and its interval; all in points of the NPS, or percentage points of a share. `p` is two-sided.
    Everything that cannot be computed is None. The word is "cannot tell" whenever up or down is not shown, also when
    there are no data.
    """

    raw: float | None
    adjusted: float | None
    z: float | None
    p: float | None
    low: float | None
    high: float | None
    word: Word

    def with_p(self, p: float | None, confidence: float = 0.95) -> Change:
        """Return the same change judged by another p-value, such as one that `holm` adjusted over many partners."""
        return replace(self, p=p, word=word_of(self.adjusted, p, confidence))


def change(
    before: ScoreTally,
    after: ScoreTally,
    *,
    confidence: float = 0.95,
    population_before: int | None = None,
    population_after: int | None = None,
) -> Change:
    """Compare two periods: raw difference, test and interval in NPS points, and the word that may be said.

    The interval is that of x'2 - x'1, clipped to -200..200. The raw difference needs one answer on either side; the
    test needs two, as an interval does. Two complete censuses have no error: any difference has p = 0. KpiValueError
    for a confidence outside 0..1 or a population below the number of answers. Adjusted Wald for two samples, Rocks
    2016. (8, 8, 4) -> (1, 5, 14): raw +85, z 3.6280, p .00029, "up".
    """
    z = z_value(confidence)
    first, second = before.adjusted(population_before), after.adjusted(population_after)
    raw = None if before.nps is None or after.nps is None else after.nps - before.nps
    if first is None or second is None or min(before.responses, after.responses) < 2:
        return Change(raw, None, None, None, None, None, "cannot tell")
    difference = second.points - first.points
    error = math.hypot(first.standard_error, second.standard_error)
    statistic = _standardised(difference, error)
    p = math.erfc(abs(statistic) / math.sqrt(2))
    low, high = max(-200.0, difference - z * error), min(200.0, difference + z * error)
    return Change(raw, difference, statistic, p, low, high, word_of(difference, p, confidence))


def word_of(difference: float | None, p: float | None, confidence: float = 0.95) -> Word:
    """Return what may be said of a difference with this p-value; None, for no test, is "cannot tell".

    KpiValueError for a confidence outside 0..1. word_of(-3, .01) is "down".
    """
    z_value(confidence)  # refuses what is no confidence
    if difference is None or p is None or p >= 1 - confidence:
        return "cannot tell"
    return "up" if difference > 0 else "down"


def _standardised(difference: float, error: float) -> float:
    """Return difference / error; without error a difference is certain, and no difference is none."""
    if error > 0:
        return difference / error
    return math.copysign(math.inf, difference) if difference else 0.0


def benchmark_test(
    tally: ScoreTally,
    benchmark: float,
    direction: Literal["above", "below"] = "above",
    population: int | None = None,
) -> float | None:
    """Return the one-sided p-value of "the NPS is above (below) this benchmark"; None below two answers.

    `benchmark` in NPS points, -100..100. KpiValueError for another benchmark or direction, or a population below the
    number of answers. z = (x' - b) / se, Rocks 2016. (2, 5, 23) above 50 is .1072.
    """
    finite_number(benchmark, "benchmark", -100, 100)
    if direction not in ("above", "below"):
        raise KpiValueError(f"direction is {direction!r}; allowed: 'above' or 'below'")
    adjusted = tally.adjusted(population)
    if adjusted is None or tally.responses < 2:
        return None
    lead = adjusted.points - benchmark if direction == "above" else benchmark - adjusted.points
    if adjusted.standard_error == 0:  # a census: the statement is true or it is not
        return 0.0 if lead > 0 else 1.0
    return math.erfc(lead / adjusted.standard_error / math.sqrt(2)) / 2


def response_rate(answered: int, invited: int) -> float | None:
    """Return answered / invited in percent; None when nobody was invited.

    Whole numbers of 0 or more, KpiValueError otherwise. Above 100 it says that people answered who were not on the
    list: shown, not hidden. response_rate(30, 120) is 25.
    """
    answered = whole_number(answered, "answered")
    invited = whole_number(invited, "invited")
    return 100 * answered / invited if invited else None


def respondent_nps(tallies: Iterable[ScoreTally]) -> float | None:
    """Roll partners up with one vote for every answer, the default; None without answers.

    A [9, 9, 10, 9, 10], B [3], C [7, 8] is 50.
    """
    return sum(tallies, ScoreTally()).nps


def partner_nps(tallies: Iterable[ScoreTally]) -> float | None:
    """Roll partners up with one vote for every partner that has answers: the mean of their NPS; None without any.

    A [9, 9, 10, 9, 10], B [3], C [7, 8] is 0.
    """
    known = [tally.nps for tally in tallies if tally.nps is not None]
    return math.fsum(known) / len(known) if known else None


def revenue_weighted_nps(tallies: Sequence[ScoreTally], revenues: Sequence[float | None]) -> float | None:
    """Roll partners up by what they are worth; None when no partner has both answers and revenue above 0.

    One revenue of 0 or more for each tally, in any one currency; KpiValueError otherwise. A partner whose revenue is
    None is left out. A [9, 9, 10, 9, 10], B [3], C [7, 8] with 100, 900, 500 is -53.3333.
    """
    if len(tallies) != len(revenues):
        raise KpiValueError(f"{len(tallies)} partners and {len(revenues)} revenues; allowed: one for each")
    known: list[tuple[float, float]] = []
    for tally, revenue in zip(tallies, revenues, strict=True):
        weight = None if revenue is None else finite_number(revenue, "revenue", 0)
        if weight is not None and tally.nps is not None:
            known.append((weight, tally.nps))
    total = math.fsum(weight for weight, _ in known)
    return math.fsum(weight * nps for weight, nps in known) / total if total > 0 else None


def rolling_nps(tallies: Sequence[ScoreTally], window: int) -> list[ScoreTally]:
    """Pool the answers of each period with those of the `window - 1` periods before it; one tally per period.

    The first windows are shorter. `window` is 1 or more, KpiValueError otherwise. (1, 1, 8), (4, 10, 26), (3, 3, 4)
    over 3 periods end at an NPS of 50; the mean of the three scores would be 45.
    """
    width = whole_number(window, "window")
    if width == 0:
        raise KpiValueError("window is 0; allowed: 1 period or more")
    return [sum(tallies[max(0, end - width) : end], ScoreTally()) for end in range(1, len(tallies) + 1)]


def shrunk_nps(tallies: Sequence[ScoreTally]) -> list[float | None]:
    """Return each partner's NPS pulled towards all partners' mean, to rank few answers beside many; None stays None.

    In NPS points, same order. The raw NPS stays what is shown. `shrink` with the adjusted-Wald variances.
    (0, 0, 2), (10, 20, 70), (40, 40, 20) with NPS 100, 60, -20 become 85.1770, 59.7523, -18.9481.
    """
    points = [tally.adjusted() for tally in tallies]
    variances = [None if point is None else point.standard_error**2 for point in points]
    return shrink([tally.nps for tally in tallies], variances)
