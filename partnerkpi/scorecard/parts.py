"""What a scorecard is made of: the partners, what is counted of each, and the tables that it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.sentence import PeriodWords, Sentence

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
class Quartiles:
    """What lies between the partners of a programme in one period, without saying who is where; see `peers`."""

    kpi: str
    period: str
    partners: int
    lower: float
    median: float
    upper: float


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of table that went into the scorecard: what was read, taken and set aside."""

    kind: str
    files: tuple[str, ...]
    columns: Mapping[str, str]
    rows_read: int
    rows_used: int
    set_aside: Mapping[str, int]
    digests: Mapping[str, str] = field(default_factory=dict)


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
        """Return why, its places filled in."""
        return Sentence(self.why, **{n: PeriodWords(one) if n == "period" else one for n, one in self.places.items()})


@dataclass(frozen=True, slots=True)
class Segment:
    """One value of a dimension by period; None is an answer without the value.

    A period in which the group is too small to be shown has the tally None. `others` is the one that counts together
    what is not shown: it has no value of its own.
    """

    dimension: str
    value: str | None
    tallies: Mapping[str, ScoreTally | None]
    others: bool = False
