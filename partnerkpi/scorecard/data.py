"""The scorecard as data: counts for every partner and period; with the benchmarks, every page follows from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.benchmark import Benchmark, of_tier
from partnerkpi.kpi.clustered import Clustered, Clusters, clustered_change, clustered_nps
from partnerkpi.kpi.conditional import NO_PAIRS, Pairs
from partnerkpi.kpi.health import DEFAULT_ANCHORS, health
from partnerkpi.kpi.movement import influence_change
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.kpi.scores import Change, ScoreTally, change, response_rate
from partnerkpi.periods import UNITS, Period, is_to_date, year_before
from partnerkpi.results.choosing import EVERYTHING, Part
from partnerkpi.scorecard.called import Called
from partnerkpi.scorecard.certainty import Silent, flags_of, heard, population_of, rating_of, reading_of, silent
from partnerkpi.scorecard.comparing import comparisons, in_family, rates_moved
from partnerkpi.scorecard.parts import (
    NOTHING,
    Agreed,
    Counts,
    Line,
    Moved,
    Partner,
    Quartiles,
    Segment,
    SoFar,
    Source,
    View,
    WorkedOut,
)
from partnerkpi.scorecard.to_date import active_change, advocacy_before, response_before
from partnerkpi.scorecard.worth import Worth
from partnerkpi.tally.used_answers import People, PersonAnswer

if TYPE_CHECKING:
    from partnerkpi.comments.review import CommentReview
    from partnerkpi.settings import Settings

#: Of one dimension: what was counted of a value in a period; the value None is an answer without one.
Segments = Mapping[tuple[str | None, str], ScoreTally]


@dataclass(frozen=True)
class CardData:
    """Everything a scorecard is made of. `counts` maps (partner or None, period) to what was counted there."""

    title: str
    period_kind: Period
    periods: tuple[str, ...]
    current: str
    as_of: dt.date | None
    partners: tuple[Partner, ...]
    counts: Mapping[tuple[str | None, str], Counts]
    benchmarks: Mapping[str, Benchmark]
    weights: tuple[float, float, float]
    confidence: float
    min_responses: int
    has_partner_list: bool
    has_activities: bool
    has_customers: bool
    customers_have_partners: bool
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    worth: Worth = field(default_factory=Worth)
    options: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    segments: Mapping[str, Segments] = field(default_factory=dict)
    segment_clusters: Mapping[str, Mapping[tuple[str | None, str], Clusters]] = field(default_factory=dict)
    segment_pairs: Mapping[str, Mapping[tuple[str | None, str, str], Pairs]] = field(default_factory=dict)
    shown_segments: tuple[Segment, ...] | None = None
    people: Mapping[str, People] = field(default_factory=dict)
    to_call: tuple[PersonAnswer, ...] = ()
    more_to_call: Mapping[tuple[str | None, str], int] = field(default_factory=dict)  # by partner and kind of call
    comments: CommentReview | None = field(default=None, repr=False)
    settings: Settings | None = field(default=None, repr=False)
    is_pack: bool = False  # the workbook of one partner, which knows of the others only these quartiles
    is_review: bool = False  # a pack with a page for the quarterly talk
    agreed: tuple[Agreed, ...] = ()  # what there is to do after such a talk
    peers: tuple[Quartiles, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)  # by period: a pack's activities beside those of others
    withheld: tuple[str, ...] = ()  # of a pack the periods with so few answers that they are not shown
    has_own_customers: bool = False  # whether a pack knows which customers are the partner's
    pack_quotes: tuple[str, ...] = ()  # what people of the partner wrote, in its pack
    own_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)  # that of all, by partner
    tier_benchmarks: Mapping[str, Mapping[str, Benchmark]] = field(default_factory=dict)
    away: tuple[tuple[str, str], ...] = ()  # partners with the periods in which they were not on the list
    #: What the newest period, if it is to date, is compared with: by partner (or None) and earlier period.
    so_far: Mapping[tuple[str | None, str], SoFar] = field(default_factory=dict)
    carried: tuple[Called, ...] | None = None  # what became of calls, as typed into the last workbook, if one was named
    not_made: Mapping[str, int] = field(default_factory=dict)  # by period: earlier calls of which nobody said anything
    pairs: Mapping[tuple[str | None, str, str], Pairs] = field(default_factory=dict)  # who answered in both periods
    part: Part = EVERYTHING  # which part of the data counts, where not all do

    @cached_property
    def rules(self) -> Settings:
        """Return the settings, or the usual ones where none were given."""
        from partnerkpi.settings import Settings

        return self.settings or Settings()

    def previous_of(self, period: str) -> str | None:
        """Return the period before, None for the first."""
        position = self.periods.index(period)
        return self.periods[position - 1] if position else None

    def year_before(self, period: str) -> str | None:
        """Return the same period of the year before, None where the data do not reach back so far."""
        earlier = year_before(period, self.period_kind) if self.period_kind != "all" else None
        return earlier if earlier in self.periods else None

    def benchmark_of(self, kpi: str, tier: str | None) -> Benchmark:
        """Return the benchmark of a KPI for the partners of a tier: its own, or everybody's."""
        return of_tier(tier, self.tier_benchmarks, self.benchmarks)[kpi]

    def window(self, period: str, length: int) -> tuple[str, ...]:
        """Return a period with those before it, oldest first: at most so many, fewer at the beginning."""
        end = self.periods.index(period) + 1
        return self.periods[max(0, end - length) : end]

    def rolling_scores(self, period: str, length: int, partner: str | None = None) -> ScoreTally:
        """Return the answers of a window of periods, pooled: of one partner, or of all."""
        of_all = self.total_scores if partner is None else lambda label: self.count(partner, label).scores
        return ScoreTally.pooled(map(of_all, self.window(period, length)))

    def count(self, partner: str | None, period: str | None) -> Counts:
        """Return what was counted of a partner in a period; nothing for a period that there is not."""
        return NOTHING if period is None else self.counts.get((partner, period), NOTHING)

    def counts_of(self, period: str | None) -> Sequence[Counts]:
        """Return what was counted of no partner, and then of each, as `names` has them; they are looked up once."""
        if period not in self._done.counts:
            self._done.counts[period] = [self.count(name, period) for name in self.names()]
        return self._done.counts[period]

    @property
    def has_answers(self) -> bool:
        """Tell whether there are answers in any period."""
        return any(counts.scores.responses for counts in self.counts.values())

    @property
    def listed(self) -> int:
        """Return the number of partners on the list: the denominator of advocacy."""
        return sum(partner.listed for partner in self.partners)

    def is_to_date(self, period: str) -> bool:
        """Tell whether a period is not over by the last day of the data: what adds up in it is not all there yet."""
        return is_to_date(period, self.period_kind, self.as_of)

    def on_list(self, partner: Partner, period: str) -> bool:
        """Tell whether a partner was on the list in a period, for a day or more."""
        return partner.listed and not self.is_away(partner, period)

    def is_away(self, partner: Partner, period: str) -> bool:
        """Tell whether the list says that a partner had not joined yet, or had left, for all of a period."""
        return (partner.name, period) in self._away

    @cached_property
    def _away(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.away)

    @cached_property
    def _done(self) -> WorkedOut:
        return WorkedOut()

    def view(self, period: str | None = None) -> View:
        """Return the page of a period, by default of the current one; each is worked out once."""
        if (period := period or self.current) not in self._done.views:
            self._done.views[period] = self._view(period)
        return self._done.views[period]

    def total_line(self, period: str) -> Line:
        """Return all partners together in a period, without working out each of them: `view(period).total`."""
        if period not in self._done.lines:
            self._done.lines[period] = self._total_line(period, self.previous_of(period))
        return self._done.lines[period]

    def _view(self, period: str) -> View:
        previous = self.previous_of(period)
        total = self.total_retention(period)
        retained = total.retained if total is not None else 0
        moved = self._retention_changes(period, previous)
        lines = {one.name: self._partner_line(one, period, previous, retained, moved) for one in self.partners}
        families = zip(lines.items(), comparisons(self, period, list(lines)), strict=True)  # of all partners at once
        judged = {name: in_family(line, family) for (name, line), family in families}
        return View(period, previous, self.total_line(period), judged)

    def _retention_changes(self, period: str, previous: str | None) -> dict[str, Moved]:
        """Return how the retention rate of each partner moved, judged together."""
        known = self.has_customers and self.customers_have_partners
        counts = {one.name: (self.count(one.name, previous), self.count(one.name, period)) for one in self.partners}
        return rates_moved(counts if known else dict.fromkeys(counts, (NOTHING, NOTHING)), self.confidence)

    def nps_change(self, partner: str | None, before: str | None, after: str) -> Change:
        """Return how the NPS of a partner, or of the answers of none, moved between two periods, judged by itself."""
        sides = self.count(partner, before).scores, self.count(partner, after).scores
        return change(*sides, confidence=self.confidence, pairs=self.pairs_of(partner, before, after))

    def total_nps_change(self, before: str | None, after: str) -> Change:
        """Return how the NPS of all answers moved between two periods."""
        sides, pairs = (self.total_scores(before), self.total_scores(after)), self.total_pairs(before, after)
        return change(*sides, confidence=self.confidence, pairs=pairs)

    def pairs_of(self, partner: str | None, before: str | None, after: str) -> Pairs:
        """Return the persons who answered about a partner, or about none, in both of two periods."""
        return NO_PAIRS if before is None else self.pairs.get((partner, before, after), NO_PAIRS)

    def total_pairs(self, before: str | None, after: str) -> Pairs:
        """Return the persons who answered in both of two periods, those of every partner and of none."""
        return sum((self.pairs_of(name, before, after) for name in self.names()), NO_PAIRS) if self.pairs else NO_PAIRS

    def total_scores(self, period: str | None) -> ScoreTally:
        """Return all answers of a period, of every partner and of none; they are added up once."""
        if period not in self._done.scores:
            self._done.scores[period] = ScoreTally.pooled(one.scores for one in self.counts_of(period))
        return self._done.scores[period]

    def total_advocacy(self, period: str | None) -> AdvocacyTally | None:
        """Return the advocacy of the partners on the list; None without a list or without activities."""
        if period is None or not (self.has_activities and self.has_partner_list):
            return None
        counts = self.activities_of_listed(period).values()
        return AdvocacyTally(len(counts), sum(1 for count in counts if count), sum(counts))

    def activities_of_listed(self, period: str) -> Mapping[str, int]:
        """Return how many activities each partner on the list has in a period; they are looked up once."""
        if period not in self._done.activities:
            listed = (one.name for one in self.partners if self.on_list(one, period))
            self._done.activities[period] = {name: self.count(name, period).activities for name in listed}
        return self._done.activities[period]

    def total_retention(self, period: str | None) -> RetentionTally | None:
        """Return all customers of a period and the partners' part of them, added up once; None without customers."""
        if period is None or not self.has_customers:
            return None
        known = self._done.retentions
        if period not in known:
            direct, *own = self.counts_of(period)
            customers, retained = sum(c.customers for c in own), sum(c.retained for c in own)
            of_partners = (customers, retained) if self.customers_have_partners else ()
            known[period] = RetentionTally(customers + direct.customers, retained + direct.retained, *of_partners)
        return known[period]

    def total_invited(self, period: str | None) -> int | None:
        """Return how many people were invited in a period; None where no partner says."""
        known = [one.invited for one in self.counts_of(period) if one.invited is not None]
        return sum(known) if known else None

    @cached_property
    def answers_once(self) -> bool:
        """Tell whether a person answers once in a period, so that answers can be set against those who were invited."""
        wave = self.rules.options.wave
        if self.options.get("duplicates") == "all":
            return False
        if wave == "none" or (self.period_kind == "all" and self.as_of is None):
            return True
        return self.period_kind != "all" and UNITS[self.period_kind] <= UNITS[wave]

    def population(self, period: str, partner: str | None = None) -> int | None:
        """Return how many people could have answered in a period, of one partner or of all; None if it is not known."""
        counts = self.counts_of(period) if partner is None else [self.count(partner, period)]
        return population_of(counts) if self.answers_once else None

    def silent(self, period: str) -> Silent | None:
        """Return what those who were invited and did not answer can change; None where it is not known."""
        if not self.answers_once:
            return None
        return silent(self.total_scores(period), self.total_invited(period) or 0, self.answers_of_invited(period))

    def heard_share(self, period: str) -> float | None:
        """Return which part of the list of partners answered in a period, in per cent; None without a list."""
        if not self.has_partner_list:
            return None
        return heard([self.count(one.name, period) for one in self.partners if self.on_list(one, period)])

    def by_partner(self, *periods: str) -> list[ScoreTally]:
        """Return the answers of some periods by partner; those that name none come first, as one more."""
        by_partner = zip(*map(self.counts_of, periods), strict=True)
        return [ScoreTally.pooled(one.scores for one in counts) for counts in by_partner]

    def rolling_clustered(self, period: str, length: int) -> Clustered | None:
        """Return the NPS of a window of periods with its interval if these partners stand for others."""
        return None if self.is_pack else clustered_nps(self.by_partner(*self.window(period, length)), self.confidence)

    @property
    def several_partners(self) -> bool:
        """Tell whether there are others: one partner, and a part chosen by partner, has no share; but --attributed."""
        return not self.part.by_partner and (len(self.partners) != 1 or "attributed" in self.options)

    def _has_other_customers(self, partner: Partner, period: str) -> bool:
        """Tell whether customers came without this partner: otherwise it has all of them, by construction."""
        total = self.total_retention(period)
        return total is not None and total.customers > self.count(partner.name, period).customers

    def names(self) -> list[str | None]:
        """Return no partner, and then each of them."""
        return [None, *(partner.name for partner in self.partners)]

    def _total_line(self, period: str, previous: str | None) -> Line:
        scores = self.total_scores(period)
        advocacy, compared = self.total_advocacy(period), advocacy_before(self, period, previous)
        retention, retention_before = self.total_retention(period), self.total_retention(previous)
        active, reached = (advocacy.active_share, advocacy.reached) if advocacy is not None else (None, None)
        share = retention.influence_share if retention is not None and self.several_partners else None
        if to_date := self.is_to_date(period):  # more will come: it is neither rated nor a part of health
            active = reached = None
        ratings = (
            rating_of(self.benchmarks["nps"], scores, self.min_responses),
            self.benchmarks["advocacy"].rating(active),
            self.benchmarks["retention"].rating(share),
        )
        invited, population = self.total_invited(period), self.population(period)
        clustered = None if self.is_pack else clustered_nps(self.by_partner(period), self.confidence)
        moved = None
        if previous is not None and not self.is_pack:
            moved = clustered_change(self.by_partner(previous), self.by_partner(period), self.confidence)
        alone = Line(
            scores=scores,
            nps_interval=scores.interval(self.confidence, population),
            nps_rating=ratings[0],
            nps_change=self.total_nps_change(previous, period),
            invited=invited,
            response_rate=response_rate(self.answers_of_invited(period), invited) if invited else None,
            advocacy=advocacy,
            active_interval=advocacy.interval(self.confidence) if advocacy is not None else None,
            advocacy_rating=ratings[1],
            advocacy_change=Moved.of(active_change(self, previous, period), self.confidence),
            retention=retention,
            retention_interval=retention.retention_interval(self.confidence) if retention is not None else None,
            influence_share=share,
            retention_rating=ratings[2],
            retention_change=self._influence_moved(retention_before if self.several_partners else None, retention),
            health=health(scores.nps, reached, share, weights=self.weights, anchors=DEFAULT_ANCHORS, ratings=ratings),
            flags=flags_of(scores, self.min_responses),
            population=population,
            clustered=clustered,
            change_clustered=moved,
            reading=reading_of(scores.responses, population, self.heard_share(period), clustered),
            to_date=to_date,
            response_before=response_before(self, period, previous),
            advocacy_before=compared,
        )
        return in_family(alone, comparisons(self, period)[0])

    def answers_of_invited(self, period: str) -> int:
        """Return the answers of partners whose number of invited people is known: like is compared with like."""
        return sum(one.scores.responses for one in self.counts_of(period) if one.invited is not None)

    def _influence_moved(self, before: RetentionTally | None, after: RetentionTally | None) -> Moved:
        none = RetentionTally()
        return Moved.of(influence_change(before or none, after or none, confidence=self.confidence), self.confidence)

    def _partner_line(
        self, partner: Partner, period: str, previous: str | None, all_retained: int, moved: Mapping[str, Moved]
    ) -> Line:
        now = self.count(partner.name, period)
        retention = (
            RetentionTally(now.customers, now.retained) if self.has_customers and self.customers_have_partners else None
        )
        advocacy = AdvocacyTally(1, int(now.activities > 0), now.activities) if self.has_activities else None
        told = all_retained and retention is not None and self._has_other_customers(partner, period)
        part = 100 * now.retained / all_retained if told else None
        listed = self.has_partner_list and self.on_list(partner, period)
        to_date = self.is_to_date(period)
        active = advocacy.reached if advocacy is not None and listed and not to_date else None
        rating = rating_of(self.benchmark_of("nps", partner.tier), now.scores, self.min_responses)
        population = self.population(period, partner.name)
        return Line(
            scores=now.scores,
            nps_interval=now.scores.interval(self.confidence, population),
            nps_rating=rating,
            nps_change=self.nps_change(partner.name, previous, period),
            invited=now.invited,
            response_rate=response_rate(now.scores.responses, now.invited) if now.invited else None,
            advocacy=advocacy,
            active_interval=None,
            advocacy_rating=None,
            advocacy_change=Moved(None, None, "cannot tell"),
            retention=retention,
            retention_interval=retention.retention_interval(self.confidence) if retention is not None else None,
            influence_share=None,
            retention_rating=None,
            retention_change=moved[partner.name],
            health=health(
                now.scores.nps, active, None, weights=self.weights, anchors=DEFAULT_ANCHORS, ratings=(rating,)
            ),
            flags=flags_of(now.scores, self.min_responses),
            population=population,
            to_date=to_date,
            part_of_retained=part,
        )
