"""Whom to call first: the partners at risk, those worth most first.

One list for the page, the calls, the mail and the terminal. It is made of the alerts about partners that are rated
worst, whose NPS is shown to have fallen, or whose customers are shown to leave, in the order of these alerts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from partnerkpi.dataclass import dataclass
from partnerkpi.language.figures import SHOWN, whole
from partnerkpi.language.sentence import FigureWords, Sentence, message
from partnerkpi.scorecard.data import CardData
from partnerkpi.scorecard.findings.actions import DETRACTOR, due_days
from partnerkpi.scorecard.findings.alerts import BELOW, FALLEN, RISKS, Alert
from partnerkpi.scorecard.parts import Partner

#: So many values of an NPS say how it came down.
_LONGEST_COURSE = 3
#: How many of a partner's customers stayed.
STAYED = message("{retained} of {n} customer stayed"), message("{retained} of {n} customers stayed")


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A partner to call first: why, by when, and how its NPS came to where it is.

    `course` has the NPS of the last period in which it was not rated worst and of those since, oldest first, from
    enough answers each; empty where there are not enough now, and where it is called for its customers alone, of whom
    `stayed` says then how many did. `fallen` tells whether it fell by more than chance,
    `certain` whether any of the alerts is more than chance. `value` is the yearly value, None where the list has none.
    """

    partner: str
    value: float | None
    owner: str | None
    due: dt.date | None
    course: tuple[float, ...]
    answers: int
    low: bool
    fallen: bool
    certain: bool
    alerts: tuple[Alert, ...]
    stayed: Sentence | None = None


def call_first(card: CardData, alerts: Iterable[Alert]) -> tuple[AtRisk, ...]:
    """Return the partners at risk in the current period, in the order of the alerts: by their yearly value."""
    by_partner: dict[str, list[Alert]] = {}
    for one in alerts:
        if one.partner is not None and one.rule in RISKS:
            by_partner.setdefault(one.partner, []).append(one)
    partners = {partner.name: partner for partner in card.partners}
    due = due_days(card)[DETRACTOR] if by_partner else None
    return tuple(_at_risk(card, partners[name], raised, due) for name, raised in by_partner.items())


def _at_risk(card: CardData, partner: Partner, alerts: list[Alert], due: dt.date | None) -> AtRisk:
    of_nps = any(one.kpi == "nps" for one in alerts)
    own = card.count(partner.name, card.current)
    return AtRisk(
        partner.name,
        partner.annual_value,
        partner.owner,
        due,
        _course(card, partner) if of_nps else (),
        own.scores.responses,
        low=any(one.rule == BELOW for one in alerts),
        fallen=any(one.rule == FALLEN and one.kpi == "nps" for one in alerts),
        certain=any(one.certainty == SHOWN for one in alerts),
        alerts=tuple(alerts),
        stayed=None if of_nps else Sentence.of(own.customers, *STAYED, retained=FigureWords(str(own.retained))),
    )


def _course(card: CardData, partner: Partner) -> tuple[float, ...]:
    """Return how the NPS came down: from the last period that was not rated worst, at the most three values."""
    tallies = [card.count(partner.name, label).scores for label in card.window(card.current, len(card.periods))]
    if tallies[-1].few_responses(card.min_responses):
        return ()
    rated = [tally.nps for tally in tallies if tally.nps is not None and not tally.few_responses(card.min_responses)]
    rated = [nps for place, nps in enumerate(rated) if not place or whole(nps) != whole(rated[place - 1])]
    floor = card.benchmark_of("nps", partner.tier).bands[0].high
    start = len(rated) - 1
    while start > 0 and rated[start - 1] < floor:
        start -= 1
    if start == 0:  # it never was better
        return tuple(rated[-2:])
    course = rated[start - 1 :]
    return tuple(course) if len(course) <= _LONGEST_COURSE else (course[0], course[-1])
