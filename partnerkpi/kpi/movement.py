"""What moved from one period to the next: shares, activities, many changes at once, and how many answers a test needs.

The change of an NPS itself is `scores.change`. That of the active share is judged on the same partners; otherwise both
periods are taken as independent samples: where the same customers are seen twice, and mostly stay what they were, the
tests are on the careful side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.advocacy import AdvocacyTally, SamePartners
from partnerkpi.kpi.checks import finite_number, is_number, whole_number
from partnerkpi.kpi.conditional import mcnemar
from partnerkpi.kpi.exact import clopper_pearson, equal_counts_p, equal_shares_p
from partnerkpi.kpi.intervals import STANDARD_NORMAL, adjusted_difference, holm, z_value
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.kpi.scores import Change, ScoreTally, Word, word_of

# the most that one NPS differs from another
_WIDEST = 200.0


@dataclass(frozen=True, slots=True)
class ActivityChange:
    """How a number of activities moved from one period to an equally long one, and whether chance could have done it.

    `raw` is the difference of the two counts, `ratio` the later one over the earlier one (None from 0). `low` and
    `high` bound the difference that the rates of the two periods make of as many activities as both periods had
    together. `p` is two-sided. Without any activity there is nothing to test: `p`, `low` and `high` are None.
    """

    raw: int
    ratio: float | None
    p: float | None
    low: float | None
    high: float | None
    word: Word

    def with_p(self, p: float | None, confidence: float = 0.95) -> ActivityChange:
        """Return the same change judged by another p-value, such as one that `judged_together` adjusted."""
        return replace(self, p=p, word=word_of(self.raw, p, confidence))


class _Judged(Protocol):
    @property
    def p(self) -> float | None: ...

    def with_p(self, p: float | None, confidence: float = ...) -> Any: ...


_Change = TypeVar("_Change", bound=_Judged)


def share_change(before: tuple[int, int], after: tuple[int, int], *, confidence: float = 0.95) -> Change:
    """Compare a share in two periods: raw difference, test and interval in percentage points, and the word.

    Each period is (successes, total), whole numbers with 0 <= successes <= total; KpiValueError otherwise, and for a
    confidence outside 0..1. A period with a total of 0 has no data. Interval and test are both those of the shares
    with one success and one failure added to each period, so they agree: Agresti and Caffo 2000, The American
    Statistician 54. (88, 120) -> (72, 80): raw +16.6667, z 3.0322, p .00243, "up".
    """
    z = z_value(confidence)
    (kept_1, total_1), (kept_2, total_2) = _checked(before, "before"), _checked(after, "after")
    found = adjusted_difference(kept_2, total_2, kept_1, total_1)
    if found is None:
        return Change(None, None, None, None, None, None, "cannot tell")
    # one division of two whole numbers: the difference that people see is not a hair off
    raw = 100 * (kept_2 * total_1 - kept_1 * total_2) / (total_1 * total_2)
    difference, error = found
    p = math.erfc(abs(difference / error) / math.sqrt(2))
    low, high = max(-100.0, difference - z * error), min(100.0, difference + z * error)
    return Change(raw, difference, difference / error, p, low, high, word_of(difference, p, confidence))


def active_change(
    before: AdvocacyTally | None, after: AdvocacyTally | None, same: SamePartners | None, *, confidence: float = 0.95
) -> Change:
    """Compare the share of active partners in two periods: raw difference in percentage points, test and word.

    The difference is that of the two shares. Whether it is more than chance is judged on the partners that were on the
    list both times, `same`: p is `mcnemar` of those who began and those who stopped. Where they went another way than
    the shares, which a changed list can do, nothing is shown and p is 1. A share of all partners is a count, so there
    is no interval, and no z. Without partners in one of the periods, or with one alone, there are no data, and without
    the same ones no test. KpiValueError for a confidence outside 0..1. 12 of 40 active, then 19, since 9 began and 2
    stopped: raw +17.5, p .0386, "up".
    """
    z_value(confidence)  # refuses what is no confidence
    if before is None or after is None or before.active_share is None or after.active_share is None:
        return Change(None, None, None, None, None, None, "cannot tell")
    # one division of two whole numbers: the difference that people see is not a hair off
    raw = 100 * (after.active * before.partners - before.active * after.partners) / (before.partners * after.partners)
    if same is None or not same.partners:
        return Change(raw, raw, None, None, None, None, "cannot tell")
    p = mcnemar(same.began, same.stopped) if raw * (same.began - same.stopped) > 0 else 1.0
    return Change(raw, raw, None, p, None, None, word_of(raw, p, confidence))


def rate_change(before: tuple[int, int], after: tuple[int, int], *, confidence: float = 0.95) -> Change:
    """Compare a retention rate in two periods: raw difference, test and interval in percentage points, and the word.

    Each period is (retained, customers), whole numbers with 0 <= retained <= customers; KpiValueError otherwise, and
    for a confidence outside 0..1. A period without customers has no data. p is twice the smaller tail of Fisher's exact
    test (`equal_shares_p`); there is no z. The interval is that of Agresti and Caffo 2000, The American Statistician
    54, drawn to 0 where it would say otherwise than the test. (88, 120) -> (72, 80): raw +16.6667, p .00535,
    5.6857 ... 26.4614, "up". (3, 3) -> (0, 3): p .1, "cannot tell".
    """
    z = z_value(confidence)
    (kept_1, total_1), (kept_2, total_2) = _checked(before, "before"), _checked(after, "after")
    found = adjusted_difference(kept_2, total_2, kept_1, total_1)
    if found is None:
        return Change(None, None, None, None, None, None, "cannot tell")
    raw = 100 * (kept_2 * total_1 - kept_1 * total_2) / (total_1 * total_2)
    p = equal_shares_p((kept_1, total_1), (kept_2, total_2))
    word = word_of(raw, p, confidence)
    difference, error = found
    low, high = max(-100.0, difference - z * error), min(100.0, difference + z * error)
    if word == "up":
        low, high = max(low, 0.0), max(high, raw)
    elif word == "down":
        low, high = min(low, raw), min(high, 0.0)
    else:
        low, high = min(low, 0.0), max(high, 0.0)
    return Change(raw, raw, None, p, low, high, word)


def influence_change(before: RetentionTally, after: RetentionTally, *, confidence: float = 0.95) -> Change:
    """Compare the influence share in two periods: raw difference, test and interval in percentage points, and the word.

    As in its interval, whose customers came with a partner is fixed in either period and chance is only in who stayed.
    With a = S_p r_p and b = S_o r_o of `RetentionTally.influence_sides` the share is s = a / (a + b) and its variance
    (s (1 - s))^2 times that of ln(a / b): z is the difference of the two over its standard error. A share of 0 or 100
    without any chance has no error. (200, 160, 80, 72) -> (200, 160, 120, 96): raw +15, z 6.2895, p < .00001, "up".
    """
    z = z_value(confidence)
    first, second = before.influence_sides, after.influence_sides
    share_1, share_2 = before.influence_share, after.influence_share
    if first is None or second is None or share_1 is None or share_2 is None:
        return Change(None, None, None, None, None, None, "cannot tell")
    raw = share_2 - share_1
    (point_1, variance_1), (point_2, variance_2) = influence_point(first), influence_point(second)
    difference, error = 100 * (point_2 - point_1), 100 * math.sqrt(variance_1 + variance_2)
    low, high = max(-100.0, difference - z * error), min(100.0, difference + z * error)
    low, high = min(low, raw), max(high, raw)  # what is seen is never left out
    statistic = 0.0 if raw * difference <= 0 else difference / error if error else math.copysign(math.inf, raw)
    p = math.erfc(abs(statistic) / math.sqrt(2))
    return Change(raw, raw, statistic, p, low, high, word_of(raw, p, confidence))


def influence_point(sides: tuple[float, float, float]) -> tuple[float, float]:
    """Return a share as part of one, from (with, without, variance of the log odds), and its variance."""
    own, others, variance = sides
    point = own / (own + others)
    return point, point * (1 - point) * (point * (1 - point)) * variance


def _checked(counts: tuple[int, int], when: str) -> tuple[int, int]:
    total = whole_number(counts[1], f"total {when}")
    return whole_number(counts[0], f"successes {when}", total, "its total"), total


def activity_change(before: int, after: int, *, confidence: float = 0.95) -> ActivityChange:
    """Compare the numbers of activities in two equally long periods: exact test, interval, and the word.

    Whole numbers of 0 or more, KpiValueError otherwise, and for a confidence outside 0..1. Activities are taken to
    come independently of each other. Conditional test of Przyborowski and Wilenski 1940, Biometrika 31; the bounds
    are those of Clopper and Pearson. 2 -> 9: +7, ratio 4.5, p .0654, -0.3906 ... 10.4978, "cannot tell".
    """
    z_value(confidence)  # refuses what is no confidence
    before, after = whole_number(before, "activities before"), whole_number(after, "activities after")
    together, raw = before + after, after - before
    share = clopper_pearson(after, together, confidence)
    if share is None:
        return ActivityChange(raw, None, None, None, None, "cannot tell")
    p = equal_counts_p(before, after)
    low, high = (together * (2 * bound / 100 - 1) for bound in (share.low, share.high))
    return ActivityChange(raw, after / before if before else None, p, low, high, word_of(raw, p, confidence))


def judged_together(changes: Sequence[_Change], confidence: float = 0.95) -> list[_Change]:
    """Judge many changes as one question: each gets the p-value that Holm's correction gives it, and its word.

    Order is kept; a change without a p-value stays as it is and does not count as a comparison. KpiValueError for a
    confidence outside 0..1. Changes with p .001, .012, .03, .04, .2 get .005, .048, .09, .09, .2: two words remain.
    """
    z_value(confidence)  # refuses what is no confidence
    adjusted = holm([change.p for change in changes])
    return [change if p is None else change.with_p(p, confidence) for change, p in zip(changes, adjusted, strict=True)]


@dataclass(frozen=True, slots=True)
class Judged:
    """A change of one figure on its own, and as one of those that were judged together with it.

    The total is a question of its own: its `together` is its `change`.
    """

    change: Change | ActivityChange
    together: Change | ActivityChange

    @property
    def word(self) -> Word:
        """Return what may be said: "up", "down" or "cannot tell"."""
        return self.together.word


def judged(
    whole: Change | ActivityChange, others: Sequence[Change | ActivityChange], confidence: float
) -> tuple[Judged, list[Judged]]:
    """Judge the total on its own and all others as one question, by Holm's correction; the order is kept."""
    together = judged_together(others, confidence)
    return Judged(whole, whole), [Judged(alone, other) for alone, other in zip(others, together, strict=True)]


def answers_needed(
    tally: ScoreTally, points: float = 10, *, confidence: float = 0.95, power: float = 0.8
) -> int | None:
    """Return how many answers each of two periods needs to tell a change of so many NPS points; None without data.

    n = 2 (z(confidence) + z(power))^2 variance / points^2, rounded up and at least 2: the sample size of a comparison
    of two means, Chow, Shao and Wang 2008, Sample Size Calculations in Clinical Research, 3.2. The variance is that of
    one answer around the adjusted NPS of `tally`, taken to hold in both periods. `power` is how often such a change
    is found. KpiValueError unless 0 < points <= 200, and for a confidence or power outside 0..1. (5, 15, 30): 732.
    """
    finite_number(points, "points", 0, _WIDEST)
    if points == 0:
        raise KpiValueError("points is 0; allowed: above 0, no number of answers tells no change")
    if not (is_number(power) and 0 < power < 1):
        raise KpiValueError(f"power is {power!r}; allowed: between 0 and 1, such as 0.8 for 80 %")
    reach = z_value(confidence) + STANDARD_NORMAL.inv_cdf(power)
    adjusted = tally.adjusted()
    if adjusted is None:
        return None
    variance = adjusted.standard_error**2 * (tally.responses + 3)
    return max(2, math.ceil(2 * max(0.0, reach) ** 2 * variance / points**2))
