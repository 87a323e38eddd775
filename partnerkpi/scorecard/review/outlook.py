"""What the next period will probably show, of a scorecard: all partners together, and each with enough periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from partnerkpi.errors import UsageError
from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.outlook import HELD, METHOD, MIN_PERIODS, Outlook, advocacy_outlook, nps_outlook
from partnerkpi.periods import is_unfinished, last_day, period_words, shift
from partnerkpi.results.kinds import ACTIVITIES, PARTNERS, RESPONSES
from partnerkpi.results.result import bounds
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.targets import outlook_status
from partnerkpi.scorecard.review.result import Review, notes_about

Kpi = Literal["nps", "advocacy"]

KPIS: tuple[Kpi, ...] = ("nps", "advocacy")


def outlook(card: Scorecard, kpis: Sequence[Kpi] = KPIS, *, by_partner: bool = False) -> Review:
    """Foretell the period after the current one; UsageError for a scorecard that has no periods.

    A row for each KPI, and with `by_partner` one for the NPS of each partner with at least six periods with answers.
    Forecasts in points (NPS) or per cent (active advocates), with the interval that holds the next figure. Answers of a
    period that is not over are answers; its activities are too few yet, so advocacy is foretold for that period.
    """
    if card.period_kind == "all":
        raise UsageError("an outlook needs a past to learn from: choose --period week, month, quarter or year")
    history = card.periods[: card.periods.index(card.current) + 1]
    over = history[:-1] if is_unfinished(card.current, card.period_kind, card.as_of) else history
    rows = [_row(card, kpi, history if kpi == "nps" else over) for kpi in kpis]
    notes = []
    if "advocacy" in kpis and card.has_activities and over != history:
        notes.append(
            f"{period_words(card.current)} is not over: its active advocates are foretold from the periods before it; "
            f"if it is complete, say --as-of {last_day(card.current, card.period_kind)}"
        )
    if by_partner and "nps" in kpis:
        partners = [_row(card, "nps", history, partner.name) for partner in card.partners]
        enough = [row for row in partners if row["value"] is not None]
        rows += enough
        if len(enough) < len(partners):
            notes.append(
                f"cannot tell for {len(partners) - len(enough)} of {len(partners)} partners: they have fewer than "
                f"{MIN_PERIODS} periods with answers"
            )
    if by_partner and "advocacy" in kpis:
        notes.append("a single partner is active or is not: there is no share to foretell by partner")
    if any(row["value"] is not None for row in rows):
        notes.append(
            f"in simulated programmes the 95 % interval held {100 * HELD[0]:.0f} to {100 * HELD[1]:.0f} % of the "
            "figures that came; a break that nothing announces is in no interval"
        )
    facts = {"method": METHOD, "confidence": card.confidence, "held_at_95": list(HELD)}
    return Review(
        "outlook", tuple(rows), facts, card.sources, (*notes_about(card, RESPONSES, ACTIVITIES, PARTNERS), *notes)
    )


def _row(card: Scorecard, kpi: Kpi, history: Sequence[str], partner: str | None = None) -> dict[str, Any]:
    used, last, found = _nps(card, history, partner) if kpi == "nps" else _advocacy(card, history)
    interval, test = found.interval, found.back_test
    return {
        "group": {"partner": partner} if partner is not None else {},
        "period": shift(history[-1], card.period_kind, 1) if history else card.current,
        "kpi": kpi,
        "periods": found.periods,
        "first_period": used[0] if used else None,
        "last_period": used[-1] if used else None,
        "last_value": last,
        "value": found.value,
        **bounds(interval),
        "expected": found.expected,
        "word": "cannot tell" if found.value is None else "",
        "reason": found.reason,
        **_target(card, kpi, partner, found),
        "back_test_forecasts": test.forecasts if test is not None else None,
        "back_test_error": test.mean_absolute_error if test is not None else None,
        "back_test_last_value_error": test.last_value_error if test is not None else None,
        "back_test_inside": test.inside if test is not None else None,
    }


def _target(card: Scorecard, kpi: Kpi, partner: str | None, found: Outlook) -> dict[str, Any]:
    """Return what is to be reached, and whether it is on track: a partner's own target; of all that of the settings.

    Where the settings have none for everybody, it is that of the benchmark.
    """
    own = next(
        (one for one in card.targets if (one.aim.kpi, one.aim.partner, one.aim.tier) == (kpi, partner, None)), None
    )
    if own is not None:
        by = own.aim.by.isoformat() if own.aim.by is not None else None
        return {"target": own.aim.target, "target_by": by, "on_track": own.status}
    if partner is not None:
        return {"target": None, "target_by": None, "on_track": None}
    target = card.benchmarks[kpi].target
    return {"target": target, "target_by": None, "on_track": outlook_status(found, target)}


def _nps(card: Scorecard, history: Sequence[str], partner: str | None) -> tuple[list[str], float | None, Outlook]:
    tallies = [
        card.total_scores(period) if partner is None else card.count(partner, period).scores for period in history
    ]
    used = [period for period, tally in zip(history, tallies, strict=True) if tally.responses]
    last = next((tally.nps for tally in reversed(tallies) if tally.responses), None)
    return used, last, nps_outlook(tallies, confidence=card.confidence)


def _advocacy(card: Scorecard, history: Sequence[str]) -> tuple[list[str], float | None, Outlook]:
    known = {period: tally for period in history if (tally := card.total_advocacy(period)) is not None}
    known = _since_the_first_activity(known)
    found = advocacy_outlook(list(known.values()), confidence=card.confidence)
    last = list(known.values())[-1].active_share if known else None
    return list(known), last, found


def _since_the_first_activity(known: Mapping[str, AdvocacyTally]) -> dict[str, AdvocacyTally]:
    """Leave out the periods before the log of activities begins: nobody wrote down what happened then."""
    started = False
    kept = {}
    for period, tally in known.items():
        started = started or tally.activities > 0
        if started:
            kept[period] = tally
    return kept
