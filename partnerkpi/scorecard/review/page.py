"""What a scorecard says beyond its figures, as plain data: segments, response quality, alerts, calls, comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from partnerkpi.kpi.clustered import Clusters
from partnerkpi.kpi.comparisons import Comparison
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import NOT_SHOWN, SHOWN
from partnerkpi.results.clusters import clustered_columns
from partnerkpi.results.kinds import ACTIVITIES, PARTNERS, RESPONSES
from partnerkpi.results.result import answers, bounds
from partnerkpi.results.segments import SegmentRow, segments
from partnerkpi.scorecard.called import Called
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.certainty import Silent
from partnerkpi.scorecard.findings.actions import MOST_CALLS
from partnerkpi.scorecard.findings.alerts import Alert
from partnerkpi.scorecard.findings.call_first import AtRisk
from partnerkpi.scorecard.findings.falls import segment_families
from partnerkpi.scorecard.findings.loop import LoopLine
from partnerkpi.scorecard.findings.quality import Coverage, PartnerQuality, Quality
from partnerkpi.scorecard.findings.targets import Standing
from partnerkpi.scorecard.plain import compared
from partnerkpi.scorecard.review.result import Review, notes_about


def review_as_dict(card: Scorecard) -> dict[str, Any]:
    """Return the review of the current period, numbers unrounded, no data as None.

    Segments with fewer answers than the minimum group show their number of answers alone.
    """
    families = {(one.dimension, one.value): family for one, family in segment_families(card, card.current)}
    return {
        "rolling": _rolling(card),
        "changes": [asdict(one) for one in card.changes],
        "segments": {name: _segments(card, name, families) for name in card.segments},
        "quality": _quality(card, card.quality),
        "call_first": [_at_risk(one) for one in card.call_first],
        "alerts": list(alerts_review(card).rows),
        "targets": [target_as_dict(one) for one in card.targets],
        "actions": list(actions_review(card).rows[:MOST_CALLS]),
        "calls": card.calls,
        "closed_loop": closed_loop(card),
        "comments": card.comments.as_dict() if card.comments is not None else None,
    }


def actions_review(card: Scorecard) -> Review:
    """Return the calls to make as rows of plain data, a `group` for each partner."""
    rows = tuple(
        {
            "group": {"partner": one.partner},
            "period": card.current,
            "due": one.due.isoformat() if one.due is not None else None,
            "who": one.who,
            "owner": one.owner,
            "kind": one.kind,
            "reason": one.reason,
            "score": one.score,
            "value_at_stake": one.value_at_stake,
            "status": one.status,
            "status_on": one.called.on.isoformat() if one.called is not None and one.called.on is not None else None,
            "note": one.called.note if one.called is not None else None,
        }
        for one in card.actions
    )
    facts = {"as_of": card.as_of.isoformat() if card.as_of is not None else None}
    return Review("actions", rows, facts, card.sources, tuple(notes_about(card, RESPONSES, ACTIVITIES, PARTNERS)))


def closed_loop(card: Scorecard) -> dict[str, Any] | None:
    """Return what became of the calls of all periods, and those that are listed no more; None without --carry-on."""
    newest = card.newest
    if not newest.loop:
        return None
    together, *periods = map(_loop_line, newest.loop)
    return {
        "total": together,
        "periods": periods,
        "earlier_calls": [_earlier_call(one) for one in newest.bound.earlier],
    }


def _loop_line(line: LoopLine) -> dict[str, Any]:
    return {
        "period": line.period,
        "calls": line.calls,
        "done": line.done,
        "called": line.called,
        "not_reached": line.not_reached,
        "open": line.open,
        "closed_share": line.closed_share,
        "reached_share": line.reached_share,
        "days_to_close": line.days,
        "days_known": line.dated,
        "answered_again": line.next_scores.responses,
        "promoters_now": line.next_scores.promoters,
        "passives_now": line.next_scores.passives,
        "detractors_now": line.next_scores.detractors,
        "active_again": line.active_again,
    }


def _earlier_call(one: Called) -> dict[str, Any]:
    return {
        "partner": one.partner,
        "who": one.who,
        "kind": one.kind,
        "period": one.period,
        "since": one.since,
        "score": one.score,
        "status": one.status,
        "status_on": one.on.isoformat() if one.on is not None else None,
        "note": one.note,
        "days_to_close": one.days,
        "next_score": one.next_score,
        "next_day": one.next_day.isoformat() if one.next_day is not None else None,
    }


def alerts_review(card: Scorecard) -> Review:
    """Return the alerts of the current period as rows of plain data.

    `group` {} is about all together, {"region": "North"} about a segment.
    """
    rows = tuple(
        {
            "group": _whose(one),
            "period": card.current,
            "rule": one.rule,
            "kpi": one.kpi,
            "value": one.value,
            "threshold": one.threshold,
            "p": one.p,
            "certainty": one.certainty,
            "sentence": one.sentence,
            "owner": one.owner,
        }
        for one in card.alerts
    )
    return Review(
        "alerts",
        rows,
        {"confidence": card.confidence, "rules": card.rules.alerts.model_dump()},
        card.sources,
        card.notes,
    )


def target_as_dict(one: Standing) -> dict[str, Any]:
    """Return where a target stands, with the outlook for the period of its day."""
    aim, foretold = one.aim, one.foretold
    group = {"partner": aim.partner} if aim.partner is not None else {"tier": aim.tier} if aim.tier is not None else {}
    return {
        "group": group,
        "kpi": aim.kpi,
        "target": aim.target,
        "by": aim.by.isoformat() if aim.by is not None else None,
        "period": one.period,
        "value": one.value,
        **bounds(one.interval),
        "outlook": foretold.value if foretold is not None else None,
        **bounds(foretold.interval if foretold is not None else None, "outlook_"),
        "status": one.status,
        "owner": one.owner,
    }


def _at_risk(one: AtRisk) -> dict[str, Any]:
    return {
        "partner": one.partner,
        "value": one.value,
        "owner": one.owner,
        "due": one.due.isoformat() if one.due is not None else None,
        "nps_then_and_now": list(one.course),
        "responses": one.answers,
        "certainty": SHOWN if one.certain else NOT_SHOWN,
        "reasons": [alert.sentence for alert in one.alerts],
    }


def _whose(alert: Alert) -> dict[str, str]:
    """Return whom an alert is about: a partner, a segment by its dimension, or all, who have no name."""
    if alert.dimension is not None and alert.segment is not None:
        return {alert.dimension: alert.segment}
    return {} if alert.partner is None else {"partner": alert.partner}


def _rolling(card: Scorecard) -> dict[str, Any]:
    """Return the NPS of the last periods, pooled."""
    length = card.rules.options.rolling
    pooled = card.rolling_scores(card.current, length)
    return {"periods": list(card.window(card.current, length)), **_scores(card, pooled)}


def _segments(
    card: Scorecard, dimension: str, families: Mapping[tuple[str, str | None], Sequence[Comparison]]
) -> list[dict[str, Any]]:
    before = card.previous_of(card.current)
    found = segments(card.segments[dimension], card.current, before, card.confidence)
    clusters = card.segment_clusters.get(dimension, {})
    return [
        _segment(card, row, clusters.get((row.segment, card.current)), families.get((dimension, row.segment), ()))
        for row in found.rows
        if row.tally.responses or row.since is not None
    ]


def _segment(
    card: Scorecard, row: SegmentRow[str | None], clusters: Clusters | None, family: Sequence[Comparison]
) -> dict[str, Any]:
    least = card.rules.comments.min_group
    previous = next((one for one in family if one.against == "previous"), None)
    if 0 < row.tally.responses < least:
        return {"segment": row.segment, "responses": row.tally.responses, "flags": ["too few to show"]}
    since = row.since if row.since is not None and row.since.tally.responses >= least else None
    return {
        "segment": row.segment,
        **_scores(card, row.tally),
        **clustered_columns(clusters.clustered(card.confidence) if clusters is not None else None),
        "answer_share": row.contribution.answer_share,
        "contribution": row.contribution.contribution,
        "change": since.judged.change.raw if since is not None else None,
        "change_word": previous.together.word if since is not None and previous is not None else None,
        "nps_comparisons": [compared(one) for one in family],
        "score_effect": since.effects.score if since is not None else None,
        "mix_effect": since.effects.mix if since is not None else None,
        "flags": ["few responses"] if row.tally.few_responses(card.min_responses) else [],
    }


def _scores(card: Scorecard, tally: ScoreTally) -> dict[str, Any]:
    interval = tally.interval(card.confidence)
    return {
        **answers(tally),
        **bounds(interval),
    }


def _quality(card: Scorecard, found: Quality) -> dict[str, Any]:
    people = found.people
    return {
        "partners": [_partner(one) for one in found.partners],
        "coverage": _coverage(found.coverage),
        "tiers": [_coverage(tier) for tier in found.tiers],
        "respondents": people.people if people is not None else None,
        "returning_respondents": people.returning if people is not None else None,
        "never_heard_from": list(found.never_heard),
        "warnings": list(found.warnings),
        **_silent(card.silent(card.current)),
    }


def _silent(found: Silent | None) -> dict[str, Any]:
    """Return how many of those invited did not answer, and what the NPS would be with them."""
    return {
        "not_answered": found.people if found is not None else None,
        "not_answered_share": found.share if found is not None else None,
        "nps_if_not_answered_passive": found.if_passive if found is not None else None,
        "nps_if_not_answered_detractors": found.if_detractors if found is not None else None,
    }


def _partner(one: PartnerQuality) -> dict[str, Any]:
    interval = one.rate_interval
    return {
        "partner": one.partner,
        "responses": one.responses,
        "invited": one.invited,
        "response_rate": one.response_rate,
        **bounds(interval),
        "answer_share": one.answer_share,
        "value_share": one.value_share,
        "silent_periods": one.silent_periods,
        "flags": list(one.flags),
    }


def _coverage(one: Coverage) -> dict[str, Any]:
    return {
        "tier": one.name,
        "partners": one.partners,
        "heard": one.heard,
        "partner_share": one.partner_share,
        "value_share": one.value_share,
    }
