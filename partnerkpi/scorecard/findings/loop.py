"""The closed loop: which calls were made and closed, how soon, and what those who were called answered next."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from statistics import median

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.sentence import DayWords, PeriodWords, Sentence
from partnerkpi.scorecard.called import CALLED, DONE, NOT_REACHED, OPEN, PARTNER, Called
from partnerkpi.scorecard.data import CardData
from partnerkpi.scorecard.findings.actions import LOST_ADVOCATE, Action
from partnerkpi.vocabulary import same_name

_NEAR = 1  # days by which one answer may be dated otherwise in another export: time zones


@dataclass(frozen=True, slots=True)
class Bound:
    """The calls with what is known of each, the rows of partners, and what is known of calls that are not listed."""

    actions: tuple[Action, ...]
    partners: Mapping[str, Called]
    earlier: tuple[Called, ...]


@dataclass(frozen=True, slots=True)
class LoopLine:
    """What became of the calls of one period, or of all (`period` None).

    `closed_share` are those done and `reached_share` those called or done, in per cent of the calls, None without any.
    `days` is the median from answer to done, of the `dated` calls that have both days. `next_scores` are the first
    answers of those reached, after they were; `active_again` counts partners asked for advocacy who gave some since.
    """

    period: str | None
    calls: int
    done: int
    called: int
    not_reached: int
    open: int
    days: float | None
    dated: int
    next_scores: ScoreTally
    active_again: int

    @property
    def closed_share(self) -> float | None:
        """Return the closed-loop rate."""
        return 100 * self.done / self.calls if self.calls else None

    @property
    def reached_share(self) -> float | None:
        """Return the share of calls that somebody made."""
        return 100 * (self.done + self.called) / self.calls if self.calls else None


def bind(actions: Sequence[Action], carried: Sequence[Called], period: str) -> Bound:
    """Give each call the status that was carried for it, wherever its row stood; `period` is that of the calls.

    A call is known by partner, kind, person and the day of the answer; of people without a name by the score too.
    """
    free = {id(one) for one in carried}
    found: dict[int, Called] = {}
    for key in (_exactly, _nearly):
        places: defaultdict[Hashable, list[Called]] = defaultdict(list)
        for one in carried:
            for name in key(one) if id(one) in free else ():
                places[name].append(one)
        for number, action in enumerate(actions):
            for name in key(action)[:1] if number not in found else ():
                fitting = next((one for one in places[name] if id(one) in free), None)
                if fitting is not None:
                    found[number] = fitting
                    free.remove(id(fitting))
    told = tuple(
        dataclasses.replace(action, called=found[number]) if number in found else action
        for number, action in enumerate(actions)
    )
    left = [one for one in carried if id(one) in free]
    partners = {same_name(one.partner): one for one in left if one.kind == PARTNER and one.period == period}
    earlier = [one for one in left if one.kind != PARTNER or one.period != period]
    earlier.sort(
        key=lambda one: (one.period, one.since or "", one.partner or "", one.kind, one.who or ""), reverse=True
    )
    return Bound(told, partners, tuple(earlier))


def _exactly(one: Action | Called) -> list[Hashable]:
    return [(*_who(one), one.since, one.score if one.who is None else None)]


def _nearly(one: Action | Called) -> list[Hashable]:
    """Return under what else a call of a person may be found: dated a day earlier or later, with the same score."""
    if one.who is None or one.since is None:
        return []
    try:
        day = dt.date.fromisoformat(one.since)
    except ValueError:
        return []
    near = [0] if isinstance(one, Action) else range(-_NEAR, _NEAR + 1)
    return [(*_who(one), day + dt.timedelta(days=days), one.score) for days in near]


def _who(one: Action | Called) -> tuple[str | None, str, str | None]:
    return same_name(one.partner), one.kind, same_name(one.who) if one.who is not None else None


def called_of(action: Action, period: str) -> Called:
    """Return what is known of a call that is listed in a period's workbook."""
    if action.called is not None:
        return dataclasses.replace(action.called, period=period)
    return Called(action.partner, action.kind, action.who, period, action.since, action.score, OPEN)


def loop_lines(card: CardData, bound: Bound, not_made: Mapping[str, int], period: str) -> tuple[LoopLine, ...]:
    """Return what became of the calls: all of them together, then by period, newest first.

    `not_made` are calls of earlier workbooks of which nobody said anything, by period.
    """
    every: defaultdict[str, list[Called]] = defaultdict(list)
    every[period] += (called_of(action, period) for action in bound.actions)
    for one in bound.earlier:
        if one.kind != PARTNER:
            every[one.period].append(one)
    lines = [_line(card, label, every[label], not_made.get(label, 0)) for label in sorted({*every, *not_made})]
    together = [one for several in every.values() for one in several]
    return (_line(card, None, together, sum(not_made.values())), *reversed(lines))


def _line(card: CardData, period: str | None, calls: Sequence[Called], not_made: int) -> LoopLine:
    count = Counter(one.status for one in calls)
    days = [one.days for one in calls if one.days is not None and one.days >= 0]
    reached = [one for one in calls if one.status in (DONE, CALLED)]
    return LoopLine(
        period,
        len(calls) + not_made,
        count[DONE],
        count[CALLED],
        count[NOT_REACHED],
        count[OPEN] + not_made,
        float(median(days)) if days else None,
        len(days),
        ScoreTally.from_scores([one.next_score for one in reached if one.next_score is not None]),
        sum(one.kind == LOST_ADVOCATE and active_again(card, one) for one in reached),
    )


def active_again(card: CardData, one: Called) -> bool:
    """Tell whether a partner that was asked for advocacy gave some in a period after the one in which it was."""
    names = [partner.name for partner in card.partners if same_name(partner.name) == same_name(one.partner)]
    later = [label for label in card.periods if label > one.period]
    return any(card.count(name, label).activities for name in names for label in later)


def reason_of(one: Called) -> Sentence | None:
    """Return why a call was listed, as far as its status tells."""
    if one.kind == LOST_ADVOCATE and one.since is not None:
        return Sentence("no advocacy since {period}", period=PeriodWords(one.since))
    if one.score is None:
        return None
    answered = one.answered
    if answered is None:
        return Sentence("answered {score}", score=f"{one.score:g}")
    return Sentence("answered {score} on {day}", score=f"{one.score:g}", day=DayWords(answered))


def next_of(one: Called) -> Sentence | None:
    """Return what somebody answered next, None where nothing is known."""
    if one.next_score is None:
        return None
    if one.next_day is None:
        return Sentence("answered {score}", score=f"{one.next_score:g}")
    return Sentence("answered {score} on {day}", score=f"{one.next_score:g}", day=DayWords(one.next_day))


def kept(several: Iterable[Called]) -> tuple[Called, ...]:
    """Return of some statuses those that say something: an open call without a note is as nobody had touched it."""
    return tuple(one for one in several if one.status != OPEN or one.on is not None or one.note)
