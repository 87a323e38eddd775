"""The scorecard as plain data for other programs: one object, numbers unrounded, no data as null."""

from __future__ import annotations

from typing import Any

from partnerkpi.kpi.comparisons import Comparison
from partnerkpi.results.clusters import clustered_columns
from partnerkpi.results.result import bounds, origins_of
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Line, Moved, Source
from partnerkpi.scorecard.to_date import compared_until


def as_dict(card: Scorecard, period: str | None = None) -> dict[str, Any]:
    """Return one period's page: all partners together, each of them, and where the figures came from."""
    view = card.view(period)
    until = compared_until(card, view.period)
    return {
        "title": card.title,
        "where": list(card.part.words),
        "period": view.period,
        "previous_period": view.previous,
        "periods": list(card.periods),
        "as_of": card.as_of.isoformat() if card.as_of is not None else None,
        "to_date": view.total.to_date,
        "compared_until": until.isoformat() if until is not None else None,
        "total": line(view.total),
        "partners": [
            {
                "partner": partner.name,
                "listed": partner.listed,
                "tier": partner.tier,
                "region": partner.region,
                "owner": partner.owner,
                **line(view.partners[partner.name]),
            }
            for partner in card.partners
        ],
        "provenance": provenance(card),
        "questions": list(card.questions),
        "notes": list(card.notes),
    }


def provenance(card: Scorecard) -> list[dict[str, Any]]:
    """Return where the figures came from: the files of each kind, their columns, and what became of their rows."""
    return [{**provenance_of(source), "sha256": dict(source.digests)} for source in card.sources]


def provenance_of(source: Source) -> dict[str, Any]:
    """Return what one kind of table contributed, under the keys that every command prints."""
    return {
        "kind": source.kind,
        "sources": list(source.files),
        **origins_of(source.origins),
        "columns": dict(source.columns),
        "rows_read": source.rows_read,
        "rows_used": source.rows_used,
        "set_aside": dict(source.set_aside),
        "quality": [remark.as_dict() for remark in source.quality],
    }


def line(one: Line) -> dict[str, Any]:
    """Return the figures of one partner, or of all, under flat keys."""
    advocacy, retention = one.advocacy, one.retention
    shared = one.influence_share is not None
    return {
        "responses": one.scores.responses,
        "promoters": one.scores.promoters,
        "passives": one.scores.passives,
        "detractors": one.scores.detractors,
        "response_rate": one.response_rate,
        "nps": one.scores.nps,
        **bounds(one.nps_interval, "nps_"),
        "population": one.population,
        **clustered_columns(one.clustered, "nps_"),
        "nps_interval_reading": one.reading,
        "nps_rating": one.nps_rating,
        "nps_change": one.nps_change.raw,
        "nps_change_p": one.nps_change.p,
        "nps_change_p_together": one.nps_p_together,
        "nps_change_word": one.nps_change.word,
        "nps_comparisons": [compared(comparison) for comparison in one.comparisons],
        **clustered_columns(one.change_clustered, "nps_change_"),
        "partners": advocacy.partners if advocacy is not None else None,
        "active": advocacy.active if advocacy is not None else None,
        "activities": advocacy.activities if advocacy is not None else None,
        "active_share": advocacy.active_share if advocacy is not None else None,
        **bounds(one.active_interval, "active_"),
        "advocacy_rating": one.advocacy_rating,
        **_moved("advocacy", one.advocacy_change),
        "customers": retention.customers if retention is not None else None,
        "retained": retention.retained if retention is not None else None,
        "retention_rate": retention.retention_rate if retention is not None else None,
        **bounds(one.retention_interval, "retention_"),
        "influence_share": one.influence_share,
        "part_of_retained": one.part_of_retained,
        "influence_index": retention.influence_index if retention is not None and shared else None,
        "base_share": retention.base_share if retention is not None and shared else None,
        "lift_points": retention.lift_points if retention is not None else None,
        "retention_rating": one.retention_rating,
        **_moved("retention", one.retention_change),
        "targets_reached": one.health.score,
        "targets_reached_weight": one.health.covered_weight,
        "worst_rating": one.health.worst,
        "flags": list(one.flags),
    }


def compared(one: Comparison) -> dict[str, Any]:
    """Return a comparison of an NPS: what it found by itself, and judged in its family."""
    return {
        "against": one.against,
        "nps": one.after.nps,
        "nps_before": one.before.nps,
        "change": one.alone.raw,
        "p": one.alone.p,
        "p_together": one.together.p,
        "word": one.together.word,
        "paired_persons": one.pairs.persons if one.against != "rolling" else None,
    }


def _moved(name: str, moved: Moved) -> dict[str, Any]:
    return {f"{name}_change": moved.points, f"{name}_change_word": moved.word}
