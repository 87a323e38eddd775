"""Partners side by side: their order by NPS, how sure it is, and three ways to roll them up into one figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.clustered import Clustered, clustered_partner_nps, clustered_revenue_nps
from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.ranking import Ranked, ranking
from partnerkpi.kpi.scores import partner_nps, revenue_weighted_nps
from partnerkpi.results.clusters import clustered_columns
from partnerkpi.results.kinds import RESPONSES
from partnerkpi.results.result import answers, bounds
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Partner
from partnerkpi.scorecard.review.result import Review, notes_about


@dataclass(frozen=True, slots=True)
class RollUps:
    """One programme, three figures: every answer one vote, every partner one vote, every unit of revenue one vote.

    NPS in points, None for no data. `answers` counts all answers, those that name no partner (`unnamed_answers`) too;
    they are part of the respondent figure alone. `weighted_partners` have both answers and an annual value.
    `clustered` has each figure by its name with the interval that it has if these partners stand for others.
    """

    respondent: float | None
    partner: float | None
    revenue_weighted: float | None
    answers: int
    unnamed_answers: int
    partners: int
    weighted_partners: int
    clustered: Mapping[str, Clustered | None]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One partner in the order: who it is, its rank and what is told of it, its interval and its rating."""

    partner: Partner
    ranked: Ranked
    interval: Interval | None
    rating: str | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The partners of one period, best first, and their roll-ups; those without answers are at the end."""

    period: str
    benchmark: Benchmark
    roll_ups: RollUps
    rows: tuple[ComparisonRow, ...]


def comparison(card: Scorecard, period: str | None = None) -> Comparison:
    """Return the partners of a period, by default the current one, in the order of their shrunk NPS, with roll-ups."""
    period = period or card.current
    partners = {partner.name: partner for partner in card.partners}
    view = card.view(period)
    scores = {name: card.count(name, period).scores for name in partners}
    ranked = ranking(scores, card.confidence, min_responses=card.min_responses)
    rows = [
        ComparisonRow(
            partners[one.name],
            one,
            view.partners[one.name].nps_interval,
            view.partners[one.name].nps_rating,
            view.partners[one.name].flags,
        )
        for one in ranked
    ]
    return Comparison(period, card.benchmarks["nps"], roll_ups(card, period), tuple(rows))


def roll_ups(card: Scorecard, period: str) -> RollUps:
    """Return the three figures into which the partners of a period roll up."""
    tallies = [card.count(partner.name, period).scores for partner in card.partners]
    revenues = [_revenue(partner) for partner in card.partners]
    everything = card.total_scores(period)
    clustered = {
        "respondent": card.total_line(period).clustered,
        "partner": clustered_partner_nps(tallies, card.confidence),
        "revenue_weighted": clustered_revenue_nps(tallies, revenues, card.confidence),
    }
    return RollUps(
        everything.nps,
        partner_nps(tallies),
        revenue_weighted_nps(tallies, revenues),
        everything.responses,
        card.count(None, period).scores.responses,
        sum(tally.responses > 0 for tally in tallies),
        sum(tally.responses > 0 and bool(revenue) for tally, revenue in zip(tallies, revenues, strict=True)),
        clustered,
    )


def _revenue(partner: Partner) -> float | None:
    """Return what a partner is worth; a value below 0 is no weight."""
    return partner.annual_value if partner.annual_value is not None and partner.annual_value >= 0 else None


def compare_partners(card: Scorecard) -> Review:
    """Return what is true of all partners together in the current period, and one row a partner, best first."""
    page = comparison(card)
    rolled = page.roll_ups
    about = {
        "kpi": "nps",
        "period": page.period,
        "confidence": card.confidence,
        "respondent_nps": rolled.respondent,
        "partner_nps": rolled.partner,
        "revenue_weighted_nps": rolled.revenue_weighted,
        "answers": rolled.answers,
        "unnamed_answers": rolled.unnamed_answers,
        "partners": rolled.partners,
        "weighted_partners": rolled.weighted_partners,
    }
    for name, found in rolled.clustered.items():
        about |= clustered_columns(found, f"{name}_")
    rows = tuple(_partner(row, page.period) for row in page.rows)
    return Review("compare", rows, about, card.sources, tuple(notes_about(card, RESPONSES)))


def _partner(row: ComparisonRow, period: str) -> dict[str, Any]:
    one, tally = row.ranked, row.ranked.tally
    return {
        "group": {"partner": one.name},
        "period": period,
        "rank": one.rank,
        "first_rank": one.first_rank,
        "last_rank": one.last_rank,
        "quartile": one.quartile,
        "tier": row.partner.tier,
        "region": row.partner.region,
        "owner": row.partner.owner,
        "annual_value": row.partner.annual_value,
        **answers(tally),
        **bounds(row.interval),
        "shrunk_nps": one.shrunk,
        "difference": one.against_peers.raw,
        "z": one.against_peers.z,
        "p": one.against_peers.p,
        "p_together": one.p_together,
        "standing": one.standing,
        "rating": row.rating,
        "flags": list(row.flags),
    }
