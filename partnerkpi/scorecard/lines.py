"""The lines of a scorecard's page: the three KPIs of one partner, or of all together, in one period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.health import Health
from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.kpi.scores import Change, ScoreTally


@dataclass(frozen=True, slots=True)
class Moved:
    """How a share moved, in percentage points, with its interval, what may be said of it, and its two-sided p.

    A partner's `p` and word are those with Holm's correction over all partners; the interval is that of it alone.
    """

    points: float | None
    interval: Interval | None
    word: str
    p: float | None = None

    @classmethod
    def of(cls, change: Change, confidence: float) -> Moved:
        """Return a change of a share as a line of the scorecard shows it."""
        if change.low is None or change.high is None:
            return cls(change.raw, None, change.word, change.p)
        return cls(change.raw, Interval(change.low, change.high, confidence), change.word, change.p)


@dataclass(frozen=True, slots=True)
class Line:
    """The three KPIs of one partner, or of all, in one period.

    Shares are 0..100. Everything without data is None. `influence_share` of one partner is its part of all retained
    customers: these add up over partners, and are not rated, since the target is one for all partners together. So a
    partner's health is made of its NPS and of whether it was active, which is 100 % of one partner or 0 %.
    A partner's change is judged together with those of all others: `nps_p_together` is its p with Holm's correction,
    and the word follows it; `nps_change.p` is that of the partner alone. `retention_change` is that of the influence
    share of all, and of the retention rate of one partner, judged together as well.
    """

    scores: ScoreTally
    nps_interval: Interval | None
    nps_rating: str | None
    nps_change: Change
    invited: int | None
    response_rate: float | None
    advocacy: AdvocacyTally | None
    active_interval: Interval | None
    advocacy_rating: str | None
    advocacy_change: Moved
    retention: RetentionTally | None
    retention_interval: Interval | None
    influence_share: float | None
    retention_rating: str | None
    retention_change: Moved
    health: Health
    flags: tuple[str, ...] = ()
    nps_p_together: float | None = None


@dataclass(frozen=True, slots=True)
class View:
    """The page of one period: all partners together, and each of them."""

    period: str
    previous: str | None
    total: Line
    partners: Mapping[str, Line]
