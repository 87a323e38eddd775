"""Comparison and what-if as plain rows for a command's output: numbers unrounded, no data as None."""

from __future__ import annotations

from typing import Any

from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.whatif import Aim
from partnerkpi.scorecard.review.comparison import Comparison, ComparisonRow
from partnerkpi.scorecard.review.whatif import WhatIfRow


def compared_partners(page: Comparison, confidence: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what is true of all partners together, and one row a partner, best first."""
    rolled = page.roll_ups
    about = {
        "kpi": "nps",
        "period": page.period,
        "confidence": confidence,
        "respondent_nps": rolled.respondent,
        "partner_nps": rolled.partner,
        "revenue_weighted_nps": rolled.revenue_weighted,
        "answers": rolled.answers,
        "unnamed_answers": rolled.unnamed_answers,
        "partners": rolled.partners,
        "weighted_partners": rolled.weighted_partners,
    }
    return about, [_partner(row, page.period) for row in page.rows]


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
        "responses": tally.responses,
        "promoters": tally.promoters,
        "passives": tally.passives,
        "detractors": tally.detractors,
        "nps": tally.nps,
        "low": row.interval.low if row.interval is not None else None,
        "high": row.interval.high if row.interval is not None else None,
        "shrunk_nps": one.shrunk,
        "difference": one.against_peers.raw,
        "z": one.against_peers.z,
        "p": one.against_peers.p,
        "p_together": one.p_together,
        "standing": one.standing,
        "rating": row.rating,
        "flags": list(row.flags),
    }


def what_if_rows(
    found: list[WhatIfRow], period: str | None, benchmark: Benchmark
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the thresholds that are aimed at, and one row for all together and for each partner."""
    about = {"kpi": "nps", "period": period, "target": benchmark.target, "thresholds": benchmark.thresholds}
    return about, [_what_if(row, period) for row in found]


def _what_if(row: WhatIfRow, period: str | None) -> dict[str, Any]:
    one, tally, answer = row.what_if, row.tally, row.what_if.one_answer
    return {
        "group": {"partner": row.partner} if row.partner is not None else {},
        "period": period,
        "responses": tally.responses,
        "promoters": tally.promoters,
        "passives": tally.passives,
        "detractors": tally.detractors,
        "nps": tally.nps,
        "rating": row.rating,
        "next_rating": one.next_rating.name if one.next_rating is not None else None,
        **_aim("next", one.next_rating),
        **_aim("target", one.target),
        "reach_detractors_to_passives": one.reach.detractors_to_passives,
        "reach_detractors_to_promoters": one.reach.detractors_to_promoters,
        "reach_passives_to_promoters": one.reach.passives_to_promoters,
        "one_band_step": answer.band_step if answer is not None else None,
        "one_more_promoter": answer.promoter if answer is not None else None,
        "one_more_passive": answer.passive if answer is not None else None,
        "one_more_detractor": answer.detractor if answer is not None else None,
        "flags": [] if tally.responses else ["no data"],
    }


def _aim(name: str, aim: Aim | None) -> dict[str, Any]:
    return {
        f"{name}_from": aim.at_least if aim is not None else None,
        f"{name}_missing": aim.missing if aim is not None else None,
        f"{name}_detractors_to_passives": aim.moves.detractors_to_passives if aim is not None else None,
        f"{name}_detractors_to_promoters": aim.moves.detractors_to_promoters if aim is not None else None,
        f"{name}_passives_to_promoters": aim.moves.passives_to_promoters if aim is not None else None,
    }
