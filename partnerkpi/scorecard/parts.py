"""What a scorecard is made of: partners, what is counted of each, the lines of a page, and the tables behind them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import field

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.clustered import Clustered, Clusters
from partnerkpi.kpi.comparisons import Comparison
from partnerkpi.kpi.conditional import Pairs
from partnerkpi.kpi.health import Health
from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.kpi.scores import Change, ScoreTally
from partnerkpi.language.sentence import FigureWords, PeriodWords, Sentence
from partnerkpi.results.remarks import Remark
from partnerkpi.tables.part import Origin

ALL_TIME = "all time"


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner and what the list says of it; `listed` is False for one that only appears among the data."""

    name: str
    listed: bool = True
    tier: str | None = None
    region: str | None = None
    owner: str | None = None
    annual_value: float | None = None
    target: float | None = None  # the NPS that it is to reach, by the day
    target_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of one partner in one period; the partner None holds direct customers and unnamed answers."""

    scores: ScoreTally = field(default_factory=ScoreTally)
    invited: int | None = None
    activities: int = 0
    customers: int = 0
    retained: int = 0


NOTHING = Counts()


@dataclass(frozen=True, slots=True)
class SoFar:
    """What had added up of one partner by a day of a period: what a later period to date is compared with.

    `answers` are those of partners whose number of invited people is known; `listed` tells whether the partner was on
    the list by then.
    """

    answers: int = 0
    invited: int | None = None
    activities: int = 0
    listed: bool = False


NOTHING_YET = SoFar()


@dataclass(frozen=True, slots=True)
class Quartiles:
    """What lies between the partners of a programme in one period, without saying who is where; see `peers`.

    Quartiles are rounded to a whole `step`; one that is only a step from an end of the scale may lie beyond it.
    """

    kpi: str
    period: str
    partners: int
    lower: float
    median: float
    upper: float
    step: int = 5


#: Why rows are set aside that belong to no period.
NO_DATE = "no date"


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of table that went into the scorecard: what was read, taken and set aside.

    `files` are called as the user named them; those that are no files have their origin in `origins`.
    """

    kind: str
    files: tuple[str, ...]
    columns: Mapping[str, str]
    rows_read: int
    rows_used: int
    set_aside: Mapping[str, int]
    digests: Mapping[str, str] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    quality: tuple[Remark, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the files without their folders, whichever system they come from, and the others as they are."""
        others = {origin.name for origin in self.origins}
        return tuple(label if label in others else re.split(r"[\\/]", label)[-1] for label in self.files)


#: The places of a reason that hold figures.
_FIGURES = frozenset({"n", "customers", "value", "target"})


def _place(name: str, text: str) -> str:
    return PeriodWords(text) if name == "period" else FigureWords(text.replace(",", "")) if name in _FIGURES else text


@dataclass(frozen=True, slots=True)
class Agreed:
    """Something to do after a review with a partner: when, what, why, and whose it is. Names no respondent.

    `why` is a message whose places are filled by `places`, a period by its label; `reason` is the whole sentence.
    """

    due: dt.date | None
    what: str
    why: str
    owner: str | None
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> Sentence:
        """Return why, its places filled in; a record holds figures as they are written in English."""
        return Sentence(self.why, **{name: _place(name, text) for name, text in self.places.items()})


@dataclass(frozen=True, slots=True)
class Segment:
    """One value of a dimension by period; None is an answer without the value.

    A period in which the group is too small to be shown has the tally None. `others` is the one that counts together
    what is not shown: it has no value of its own. `clusters` has what its partners add up to, where that is known and
    shown; `pairs` the persons who answered in an earlier and a later period, where both are shown and they are enough
    to be tested with.
    """

    dimension: str
    value: str | None
    tallies: Mapping[str, ScoreTally | None]
    others: bool = False
    clusters: Mapping[str, Clusters] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], Pairs] = field(default_factory=dict)


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

    Shares are 0..100. Everything without data is None. One partner has no `influence_share`, which of its own customers
    is 100 by construction, and no rating of its retention or of whether it was active. `part_of_retained` is its part
    of all retained customers, which add up over partners; it is None for all together. A partner's health is made of
    its NPS and of whether it was active, which counts 100 or 0.
    `comparisons` are those of the NPS: with the period before, with a year before, and over several periods. Those of
    the total are one family, those of all partners another: `nps_p_together` is the p of the change since the period
    before with Holm's correction over the family, and the word follows it; `nps_change.p` is that of it alone.
    `retention_change` is that of the influence share of all, and of the retention rate of one partner, judged together
    as well.
    `nps_interval` is that of the answers, for these partners, of a `population` where that is known. What is said of
    all partners has another one if they stand for others, `clustered`, and so has its change; `reading` tells which of
    them a sentence uses (`scorecard.certainty`), and `stated_interval` gives it.
    `response_before` and `advocacy_before` are what the two are compared with: of a period to date, which is not over,
    as many days of the one before. Such a period's advocacy is not rated and no part of its health.
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
    part_of_retained: float | None = None
    comparisons: tuple[Comparison, ...] = ()
    population: int | None = None
    clustered: Clustered | None = None
    change_clustered: Clustered | None = None
    reading: str | None = None
    to_date: bool = False
    response_before: float | None = None
    advocacy_before: AdvocacyTally | None = None

    @property
    def stated_interval(self) -> Interval | None:
        """Return the interval that stands beside the NPS in a sentence; none beside a full count."""
        if self.reading == "full count":
            return None
        return self.clustered.interval if self.reading == "other partners" and self.clustered else self.nps_interval


@dataclass(frozen=True, slots=True)
class View:
    """The page of one period: all partners together, and each of them."""

    period: str
    previous: str | None
    total: Line
    partners: Mapping[str, Line]


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What a scorecard has worked out so far, by period: each partner's pack asks for it again.

    `lines`, `scores` and `retentions` are of all partners together, `activities` by the name of each on the list,
    `counts` of no partner and then of each.
    """

    counts: dict[str | None, Sequence[Counts]] = field(default_factory=dict)

    views: dict[str, View] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    scores: dict[str | None, ScoreTally] = field(default_factory=dict)
    retentions: dict[str, RetentionTally] = field(default_factory=dict)
    activities: dict[str, dict[str, int]] = field(default_factory=dict)
