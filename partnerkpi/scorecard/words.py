"""The scorecard in sentences, as the terminal prints them."""

from __future__ import annotations

import datetime as dt

from partnerkpi.kpi.intervals import Interval
from partnerkpi.language.figures import FULL_COUNT, SILENT, between, moved, moved_count, read_as, whole
from partnerkpi.language.sentence import Sentence
from partnerkpi.periods import period_words
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.comparing import earlier_of, lead_words, moved_words
from partnerkpi.scorecard.parts import Line


def headline(card: Scorecard, period: str | None = None) -> list[str]:
    """Return one sentence a KPI for a period: the figure, its interval, and how it moved since the period before."""
    view = card.view(period)
    line = view.total
    before = period_words(view.previous) if view.previous is not None else None
    until = card.as_of if card.is_to_date(view.period) else None
    nps, trust = _nps(card, line, view.period), trust_in_words(card, view.period)
    sentences = [nps if trust is None else f"{nps} {trust}.", _advocacy(line, before, until)]
    return [*sentences, _retention(card, line, before)]


def trust_in_words(card: Scorecard, period: str) -> Sentence | None:
    """Say what those who did not answer can change of an NPS; None where everybody did, or nobody was counted."""
    found = card.silent(period)
    if found is None:
        return None
    return Sentence(
        SILENT, share=whole(found.share), passive=whole(found.if_passive), detractors=whole(found.if_detractors)
    )


def _between(interval: Interval | None, unit: str = "") -> str:
    return f" ({between(interval.low, interval.high, 0)}{unit})" if interval is not None else ""


def _answers(number: int) -> Sentence:
    return Sentence.of(number, "{n} answer", "{n} answers")


def _nps(card: Scorecard, line: Line, period: str) -> str:
    now, earlier = period_words(period), earlier_of(card, period)
    previous = card.previous_of(period)
    if line.scores.nps is None:
        return f"Strategic Partner NPS, {now}: no data."
    lead = lead_words(line, earlier, card.period_kind)
    head = f"Strategic Partner NPS, {now}" if lead is None else f"Strategic Partner NPS: {lead}. {now}"
    interval = line.stated_interval
    sure = read_as(between(interval.low, interval.high, 0), line.reading) if interval is not None else ""
    if line.reading == "full count":
        sure = FULL_COUNT
    return (
        f"{head}: {whole(line.scores.nps)}{f' ({sure})' if sure else ''} from {_answers(line.scores.responses)}, "
        f"{line.nps_rating or 'too few to rate'}{_next(moved_words(line, earlier, card.confidence), previous)}."
    )


def _advocacy(line: Line, before: str | None, until: dt.date | None) -> str:
    tally = line.advocacy
    if tally is not None and tally.partners == 1:
        return f"Active advocates: the only partner {'was' if tally.active else 'was not'} active."
    if tally is None or tally.active_share is None:
        return "Active advocates: no data."
    then = line.advocacy_before
    change = moved_count(
        (tally.active, tally.partners),
        (then.active, then.partners) if then is not None else None,
        line.advocacy_change.points,
        line.advocacy_change.word,
        before,
        to_date=until is not None,
    )
    if until is not None:  # more will come: it is not rated
        so_far = f"{tally.active:,} of {tally.partners:,} partners, {whole(tally.active_share)} %"
        return f"Active advocates to {until:%d %b %Y}: {so_far}{_next(change, before)}."
    return (
        f"Active advocates: {tally.active:,} of {tally.partners:,} partners, {whole(tally.active_share)} %, "
        f"{line.advocacy_rating}{_next(change, before)}."  # of all on the list: a full count
    )


def _retention(card: Scorecard, line: Line, before: str | None) -> str:
    tally = line.retention
    if tally is None or tally.retention_rate is None:
        return "Customer retention: no data."
    kept = f"Customer retention: {whole(tally.retention_rate)} %{_between(line.retention_interval, ' %')}"
    if line.influence_share is None and card.part.by_partner:
        return f"{kept}; all of these customers came with a partner, so there is no influence share."
    if line.influence_share is None and not tally.retained:
        return f"{kept}; nobody was retained, so there is no influence share."
    if line.influence_share is None and tally.partner_customers:
        return f"{kept}; the only partner there is has no influence share."
    if line.influence_share is None:
        return f"{kept}; no customer is attributed to a partner, so there is no influence share."
    change = moved(line.retention_change.points, line.retention_change.word, before, share=True)
    influence = f"partner influence {whole(line.influence_share)} %, {line.retention_rating}"
    return f"{kept}; {influence}{_next(change, before)}."


def _next(change: str, before: str | None) -> str:
    """Return what is said of a change; nothing in the first period, which has nothing before it."""
    return f"; {change}" if before is not None else ""
