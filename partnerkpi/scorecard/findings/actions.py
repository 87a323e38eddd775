"""Whom to call, why, and by when: detractors, promoters who are none any more, partners whose advocacy stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import ConfigError
from partnerkpi.kpi.scores import PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.language.sentence import DayWords, PeriodWords, Sentence
from partnerkpi.scorecard.called import OPEN, Called
from partnerkpi.scorecard.data import CardData
from partnerkpi.scorecard.parts import Partner
from partnerkpi.tally.used_answers import PersonAnswer

DETRACTOR, LOST_PROMOTER, LOST_ADVOCATE = "detractor", "lost promoter", "lost advocate"
#: Of two people of one partner, this is called first.
_ORDER = (DETRACTOR, LOST_PROMOTER, LOST_ADVOCATE)
#: So many calls are listed, in a workbook and with a scorecard; `partnerkpi actions` lists all.
MOST_CALLS = 500
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Action:
    """One call to make. `value_at_stake` is the partner's yearly value, None where the list does not say."""

    kind: str
    partner: str | None
    who: str | None
    owner: str | None
    reason: Sentence
    value_at_stake: float | None
    due: dt.date | None
    score: float | None = None
    since: str | None = None  # the day of the answer, or the last period with advocacy: which call it is
    called: Called | None = None  # what became of it, as the team typed it

    @property
    def status(self) -> str:
        """Return whether it is open, called, done or not reached."""
        return self.called.status if self.called is not None else OPEN


def actions_of(card: CardData, first: Sequence[str] = ()) -> tuple[Action, ...]:
    """Return the calls to make after the current period, those with the most value at stake first.

    Those of the partners in `first` come before all others, in that order.

    Due dates are working days after the as-of day, by the rules of the settings; without an as-of day there are none.
    The detractors of the period are listed; so is a passive who was a promoter when asked before, and a partner that
    was active and has given no advocacy for as many periods as the alert of that name takes.
    """
    settings = card.rules
    partners = {partner.name: partner for partner in card.partners}
    due = due_days(card)
    found = [_call(one, partners.get(one.partner or ""), due) for one in card.to_call]
    limit = settings.alerts.advocacy_stopped_periods or 2
    found += [
        Action(
            LOST_ADVOCATE,
            name,
            None,
            partners[name].owner,
            reason,
            partners[name].annual_value,
            due[LOST_ADVOCATE],
            since=since,
        )
        for name, since, reason in _stopped(card, card.current, limit)
    ]
    place = {name: number for number, name in enumerate(first)}
    return tuple(sorted(found, key=lambda one: (place.get(one.partner or "", len(place)), *_first(one))))


def due_days(card: CardData) -> dict[str, dt.date | None]:
    """Return by when each kind of call is to be made; never where the data have no day."""
    rules = card.rules.actions
    holidays = _holidays(rules.holidays)
    days = {
        DETRACTOR: rules.detractor_days,
        LOST_PROMOTER: rules.lost_promoter_days,
        LOST_ADVOCATE: rules.lost_advocate_days,
    }
    return {
        kind: working_days_after(card.as_of, count, holidays) if card.as_of else None for kind, count in days.items()
    }


def stopped_advocates(card: CardData, period: str, periods: int) -> list[tuple[str, Sentence]]:
    """Return the partners that were active once and then in none of the last periods, with the reason as a sentence.

    A period that is to date is none of them, but whoever was active in it has not stopped.
    """
    return [(name, reason) for name, _, reason in _stopped(card, period, periods)]


def _stopped(card: CardData, period: str, periods: int) -> list[tuple[str, str, Sentence]]:
    """Return partner, last active period and reason."""
    if not card.has_activities or card.period_kind == "all":
        return []
    labels = card.window(period, len(card.periods))
    over = labels[:-1] if card.is_to_date(period) else labels
    if len(over) <= periods:
        return []
    late = {*over[-periods:], *labels[len(over) :]}
    stopped = []
    for partner in card.partners:
        active = [label for label in labels if card.count(partner.name, label).activities]
        if active and active[-1] not in late:
            given = card.count(partner.name, active[-1]).activities
            reason = Sentence.of(
                given,
                "no advocacy since {period}, when it gave {n} activity",
                "no advocacy since {period}, when it gave {n} activities",
                period=PeriodWords(active[-1]),
            )
            stopped.append((partner.name, active[-1], reason))
    return stopped


def working_days_after(day: dt.date, count: int, holidays: Collection[dt.date] = ()) -> dt.date:
    """Return the day so many working days after a day; Saturdays, Sundays and holidays are none.

    0 is the day itself, or the next working day. Two working days after a Thursday are the Monday after.
    """
    due = day
    while due.weekday() >= _SATURDAY or due in holidays:
        due += dt.timedelta(days=1)
    for _ in range(count):
        due += dt.timedelta(days=1)
        while due.weekday() >= _SATURDAY or due in holidays:
            due += dt.timedelta(days=1)
    return due


def _call(one: PersonAnswer, partner: Partner | None, due: dict[str, dt.date | None]) -> Action:
    kind = DETRACTOR if one.score < PASSIVE_FROM else LOST_PROMOTER
    answered = Sentence("answered {score}", score=f"{one.score:g}")
    if one.day is not None:
        answered = Sentence("answered {score} on {day}", score=f"{one.score:g}", day=DayWords(one.day))
    reason = answered
    if one.before is not None and one.before >= PROMOTER_FROM:
        before = f"{one.before:g}"
        reason = Sentence("{answered}, was a promoter before ({score})", answered=answered, score=before)
    elif one.before is not None and one.before < PASSIVE_FROM:
        reason = Sentence("{answered}, was a detractor before ({score})", answered=answered, score=f"{one.before:g}")
    return Action(
        kind,
        one.partner,
        one.respondent,
        partner.owner if partner is not None else None,
        reason,
        partner.annual_value if partner is not None else None,
        due[kind],
        one.score,
        one.day.isoformat() if one.day is not None else None,
    )


def _first(action: Action) -> tuple[float, str, str, int, float, str]:
    """Sort by value, the highest first and unknown last; then by partner, kind, the lowest score, and names."""
    value = action.value_at_stake
    return (
        -value if value is not None else float("inf"),
        (action.partner or "").casefold(),
        action.partner or "",
        _ORDER.index(action.kind),
        action.score if action.score is not None else 0.0,
        action.who or "",
    )


def _holidays(written: Collection[str]) -> frozenset[dt.date]:
    days = set()
    for text in written:
        try:
            days.add(dt.date.fromisoformat(text))
        except ValueError:
            raise ConfigError(f"[actions] holidays: {text!r} is no day: write 2026-12-25") from None
    return frozenset(days)
