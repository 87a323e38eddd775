"""What a message is made from: the figures of one scorecard page, without words and without a language.

`from_scorecard` takes them from a scorecard; `mail.workbook` reads the same from a workbook that one was written to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field, replace

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.intervals import Interval
from partnerkpi.language.figures import CANNOT_TELL
from partnerkpi.language.sentence import Sentence
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.comparing import earlier_of, lead_words, leading_comparison, moved_words
from partnerkpi.scorecard.packs import ONE_PARTNER
from partnerkpi.scorecard.parts import Line
from partnerkpi.scorecard.words import trust_in_words


@dataclass(frozen=True, slots=True)
class Tile:
    """One KPI: its figure and interval, its rating and target, and how it moved; None is no data, never 0.

    `word` says what may be said of the change: "up", "down" or "cannot tell". `rests_on` holds the counts behind it.
    `reading` tells how the interval is to be read (`scorecard.certainty`), empty where that is not said.
    What adds up in a period that is not over is `to_date`: unrated, and compared with as many days of the one before.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    rating: str | None = None
    target: float | None = None
    before: float | None = None
    change: float | None = None
    word: str = CANNOT_TELL
    rests_on: Mapping[str, float] = field(default_factory=dict)
    reading: str | None = None
    to_date: bool = False
    then: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PartnerFigures:
    """The NPS of one partner; `ranked` partners have enough answers, `compared` ones a test of their change."""

    name: str
    tier: str | None
    nps: float | None
    answers: int
    rating: str | None
    change: float | None = None
    word: str = CANNOT_TELL
    ranked: bool = False
    compared: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A partner to call first: how its NPS came down, what it is worth a year, and who calls by when."""

    partner: str
    course: tuple[float, ...]
    answers: int
    value: float | None
    owner: str | None
    due: dt.date | None
    fallen: bool
    stayed: Sentence | None = None


@dataclass(frozen=True, slots=True)
class PageContent:
    """The page of one period. `partner` is the one that a partner's own pack is about, None where all are in it.

    `tiles` has nps, advocacy, influence, retention, activities and response; `lowest` is the worst NPS rating,
    `trust` what those who did not answer can change. `nps_moved` says how the NPS moved, `lead` what leads where that
    is the NPS of several periods together. `calls` are those of the newest period, in the order of the page. What is
    agreed with one partner stands in its `own` card.
    """

    title: str
    period: str
    previous: str | None
    as_of: dt.date | None
    partner: str | None
    tiles: Mapping[str, Tile]
    partners: tuple[PartnerFigures, ...]
    confidence: float
    min_answers: int
    lowest: str
    rows_read: int
    rows_set_aside: int
    nps_moved: Sentence
    trust: Sentence | None = None
    lead: Sentence | None = None
    calls: tuple[Call, ...] = ()
    part: tuple[str, ...] = ()  # which part of the data counts, where not all do
    own: Scorecard | None = field(default=None, compare=False)  # the partner's own card, or that of who looks after it

    @property
    def to_partner(self) -> bool:
        """Tell whether it is the partner itself that reads it."""
        return self.own is not None and not self.own.is_review

    @property
    def answers(self) -> int:
        """Return the number of answers in the period."""
        return int(self.tiles["nps"].rests_on.get("answers", 0))

    def moved(self, word: str) -> list[PartnerFigures]:
        """Return the partners that went "up" or "down" by more than chance, the largest change first."""
        found = [one for one in self.partners if one.word == word and one.change is not None]
        return sorted(found, key=lambda one: -abs(one.change or 0))

    @property
    def tier(self) -> str | None:
        """Return the tier of the one partner that a pack is about."""
        return self.partners[0].tier if self.partner is not None and self.partners else None


def from_scorecard(card: Scorecard, period: str | None = None) -> PageContent:
    """Return the page of a period, by default of the current one."""
    view = card.view(period)
    partner = card.partners[0].name if ONE_PARTNER in card.notes and len(card.partners) == 1 else None
    before = _tiles(card, card.total_line(view.previous), {}) if view.previous is not None else {}
    return PageContent(
        title=card.title.removesuffix(f": {partner}") if partner is not None else card.title,
        period=view.period,
        previous=view.previous,
        as_of=card.as_of,
        partner=partner,
        tiles=_tiles(card, view.total, before),
        partners=tuple(_partner(card, one.name, one.tier, view.partners[one.name]) for one in card.partners),
        confidence=card.confidence,
        min_answers=card.min_responses,
        lowest=card.benchmarks["nps"].bands[0].name,
        rows_read=sum(source.rows_read for source in card.sources),
        rows_set_aside=sum(sum(source.set_aside.values()) for source in card.sources),
        trust=trust_in_words(card, view.period),
        nps_moved=moved_words(view.total, earlier_of(card, view.period), card.confidence),
        calls=_calls(card, view.period) if partner is None else (),
        lead=lead_words(view.total, earlier_of(card, view.period), card.period_kind),
        part=card.part.words,
        own=card if partner is not None else None,
    )


def _calls(card: Scorecard, period: str) -> tuple[Call, ...]:
    """Return whom to call first in a period."""
    of = card if card.current == period else replace(card, current=period)
    return tuple(
        Call(one.partner, one.course, one.answers, one.value, one.owner, one.due, one.fallen, one.stayed)
        for one in of.call_first
    )


def _tiles(card: Scorecard, line: Line, before: Mapping[str, Tile]) -> dict[str, Tile]:
    """Return the tiles of a line; `before` has those of the period before, none where there is no such period."""
    advocacy, retention = line.advocacy, line.retention
    influence = retention.influence_interval(card.confidence) if retention is not None else None
    active, share = line.advocacy_change, line.retention_change
    nps = leading_comparison(line)
    was = {key: tile.value for key, tile in before.items()}.get
    then, to_date = line.advocacy_before, line.to_date
    return {
        "nps": Tile(
            line.scores.nps,
            *_ends(line.stated_interval),
            line.nps_rating,
            card.benchmarks["nps"].target,
            was("nps"),
            nps.alone.raw if nps is not None else None,
            nps.together.word if nps is not None else CANNOT_TELL,
            {"answers": line.scores.responses},
            line.reading or "",
        ),
        "advocacy": Tile(
            advocacy.active_share if advocacy is not None else None,
            None,
            None,  # of all on the list: a full count
            line.advocacy_rating,
            card.benchmarks["advocacy"].target,
            then.active_share if then is not None else None,
            active.points,
            active.word,
            {name: getattr(advocacy, name) for name in ("active", "partners", "activities") if advocacy is not None},
            "full count",
            to_date,
            (then.active, then.partners) if then is not None else None,
        ),
        "influence": Tile(
            line.influence_share,
            *_ends(influence),
            line.retention_rating,
            card.benchmarks["retention"].target,
            was("influence"),
            share.points,
            share.word,
            _known(base=retention.base_share, index=retention.influence_index) if retention is not None else {},
        ),
        "retention": Tile(
            retention.retention_rate if retention is not None else None,
            *_ends(line.retention_interval),
            before=was("retention"),
        ),
        "activities": Tile(
            advocacy.activities if advocacy is not None else None,
            before=then.activities if then is not None else None,
            to_date=to_date,
        ),
        "response": Tile(
            line.response_rate,
            before=line.response_before,
            rests_on=_known(invited=line.invited, answered=_answered(line)),
            to_date=to_date,
        ),
    }


def _answered(line: Line) -> float | None:
    """Return how many of the invited people answered."""
    if line.response_rate is None or not line.invited:
        return None
    return round(line.response_rate * line.invited / 100)


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return (interval.low, interval.high) if interval is not None else (None, None)


def _known(**counts: float | None) -> dict[str, float]:
    return {name: value for name, value in counts.items() if value is not None}


def _partner(card: Scorecard, name: str, tier: str | None, line: Line) -> PartnerFigures:
    scores, change = line.scores, line.nps_change
    return PartnerFigures(
        name,
        tier,
        scores.nps,
        scores.responses,
        line.nps_rating,
        change.raw,
        change.word,
        ranked=scores.nps is not None and not scores.few_responses(card.min_responses),
        compared=change.p is not None,
    )
