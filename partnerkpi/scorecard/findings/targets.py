"""Whether partners, tiers and everybody are on the way to what they are to reach, and by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import ConfigError
from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.outlook import Outlook, advocacy_outlook, nps_outlook
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import shortest, whole
from partnerkpi.language.sentence import DayWords, PeriodWords, Sentence, message
from partnerkpi.periods import UNITS, first_month, period_of
from partnerkpi.scorecard.data import CardData
from partnerkpi.settings import Target
from partnerkpi.vocabulary import same_name

REACHED, MISSED = "reached", "missed"
ON_TRACK, IN_REACH, OFF_TRACK = "on track", "within reach", "not on track"
CANNOT_TELL = "cannot tell"
#: What a target is that somebody should look at.
BEHIND = (MISSED, OFF_TRACK)

Kpi = Literal["nps", "advocacy"]

#: What is said of a target without a day, of one with a day, and of one that was missed.
_SAID = {
    ("nps", "open"): message("NPS {value}, target {target}: not on track"),
    ("nps", "dated"): message("NPS {value}, target {target} by {day}: not on track"),
    ("nps", "missed"): message("NPS {value} in {period}: the target of {target} by {day} was missed"),
    ("advocacy", "open"): message("{value} % active advocates, target {target} %: not on track"),
    ("advocacy", "dated"): message("{value} % active advocates, target {target} % by {day}: not on track"),
    ("advocacy", "missed"): message(
        "{value} % active advocates in {period}: the target of {target} % by {day} was missed"
    ),
}


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be reached: of a partner, of a tier together, or of everybody, where both are None."""

    kpi: Kpi
    target: float
    by: dt.date | None = None
    partner: str | None = None
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a target stands after the current period; figures in points (NPS) or per cent (active advocates).

    `period` is the one that holds the day, or without a day the next one; `foretold` is the outlook for it, None where
    it is over, or where the past is too short. `value` is that of the current period, or of the target's own where
    that is over.
    """

    aim: Aim
    status: str
    value: float | None
    interval: Interval | None
    period: str | None
    foretold: Outlook | None
    owner: str | None = None

    @property
    def sentence(self) -> Sentence:
        """Return what is said of a target that is missed or out of reach."""
        figure, target = whole(self.value or 0.0), shortest(self.aim.target)
        kind = "open" if self.aim.by is None else "missed" if self.status == MISSED else "dated"
        places: dict[str, object] = {"value": figure, "target": target}
        if self.aim.by is not None:
            places["day"] = DayWords(self.aim.by)
        if kind == "missed":
            places["period"] = PeriodWords(self.period or "")
        return Sentence(_SAID[self.aim.kpi, kind], **places)


def aims_of(targets: Sequence[Target], place: str = "[[targets]]") -> list[Aim]:
    """Return the targets of the settings; ConfigError for one that says two things, or a day that is none."""
    aims = []
    for number, one in enumerate(targets, 1):
        where = f"{place} {number}"
        if one.partner is not None and one.tier is not None:
            raise ConfigError(f"{where} names a partner and a tier: write one of the two, or an entry for each")
        if one.kpi == "advocacy" and one.partner is not None:
            raise ConfigError(f"{where}: one partner is active or it is not: name a tier, or nobody for everybody")
        if one.kpi == "advocacy" and one.target < 0:
            raise ConfigError(f"{where}: target is {one.target:g}; active advocates are a share from 0 to 100 per cent")
        by = None
        if one.by is not None:
            try:
                by = dt.date.fromisoformat(one.by)
            except ValueError:
                raise ConfigError(f"{where}: by {one.by!r} is no day: write it as 2026-12-31") from None
        aims.append(Aim(one.kpi, one.target, by, one.partner, one.tier))
    return aims


def targets_of(card: CardData) -> tuple[Standing, ...]:
    """Return where each target stands: of everybody, of tiers, of partners.

    Over is the period of the target's day where the current one is it or later, and not to date: the target is reached
    or missed. Before that it is on track where the outlook for that period, which knows no trend, is at the target or
    above, within reach where its interval holds the target, and not on track where it lies below. Where the past is too
    short to foretell, the figure of now and its interval stand for it. One period of (10, 20, 70), target 60 by a day
    in the next: NPS 60, on track.
    """
    standings = [_standing(card, aim) for aim in _aims(card)]
    order = {one.name: place for place, one in enumerate(card.partners)}
    return tuple(
        sorted(
            standings,
            key=lambda one: (
                one.aim.partner is not None,
                one.aim.tier or "",
                order.get(one.aim.partner or "", 0),
                one.aim.kpi != "nps",
            ),
        )
    )


def outlook_status(foretold: Outlook, target: float) -> str:
    """Return whether a figure that is foretold is on track for a target."""
    if foretold.value is None or foretold.interval is None:
        return CANNOT_TELL
    return _compared(foretold.value, foretold.interval.high, target)


def _compared(middle: float, high: float | None, target: float) -> str:
    if middle >= target:
        return ON_TRACK
    return IN_REACH if high is not None and high >= target else OFF_TRACK


def _aims(card: CardData) -> Iterator[Aim]:
    if not card.is_pack:
        for aim in aims_of(card.rules.targets):
            if aim.partner is None and (aim.tier is None or any(_in_tier(one.tier, aim.tier) for one in card.partners)):
                yield aim
    for one in card.partners:
        if one.target is not None:
            yield Aim("nps", one.target, one.target_date, one.name)


def _in_tier(tier: str | None, wanted: str) -> bool:
    return same_name(tier) == same_name(wanted)


def _standing(card: CardData, aim: Aim) -> Standing:
    history = card.periods[: card.periods.index(card.current) + 1]
    owner = next((one.owner for one in card.partners if one.name == aim.partner), None)
    due, ahead = _due(card, aim)
    if ahead is not None and ahead <= 0 and due in card.periods:
        value, interval = _figure(card, aim, due)
        status = CANNOT_TELL if value is None else REACHED if value >= aim.target else MISSED
        return Standing(aim, status, value, interval, due, None, owner)
    value, interval = _figure(card, aim, card.current)
    foretold = _outlook(card, aim, history, max(1, ahead or 1)) if card.period_kind != "all" else None
    middle, high = value, interval.high if interval is not None else None
    if foretold is not None and foretold.value is not None and foretold.interval is not None:
        middle, high = foretold.value, foretold.interval.high
    elif aim.kpi == "nps" and _scores(card, aim, card.current).few_responses(card.min_responses):
        return Standing(aim, CANNOT_TELL, value, interval, due, foretold, owner)
    status = CANNOT_TELL if middle is None else _compared(middle, high, aim.target)
    return Standing(aim, status, value, interval, due, foretold, owner)


def _due(card: CardData, aim: Aim) -> tuple[str | None, int | None]:
    """Return the period of the target's day, and how many periods after the current one it lies; not for no day.

    A current period that is not over is still to come.
    """
    kind = card.period_kind
    if aim.by is None or kind == "all":
        return None, None
    due = period_of(aim.by, kind)
    ahead = (first_month(due, kind) - first_month(card.current, kind)) // UNITS[kind]
    return due, 1 if ahead == 0 and card.is_to_date(card.current) else ahead


def _figure(card: CardData, aim: Aim, period: str) -> tuple[float | None, Interval | None]:
    if aim.kpi == "advocacy":
        advocacy = _advocacy(card, aim, period)
        return (advocacy.active_share, None) if advocacy is not None else (None, None)
    scores = _scores(card, aim, period)
    population = card.population(period, aim.partner) if aim.tier is None else None
    return scores.nps, scores.interval(card.confidence, population)


def _scores(card: CardData, aim: Aim, period: str) -> ScoreTally:
    if aim.partner is not None:
        return card.count(aim.partner, period).scores
    if aim.tier is None:
        return card.total_scores(period)
    own = [one.name for one in card.partners if _in_tier(one.tier, aim.tier)]
    return ScoreTally.pooled(card.count(name, period).scores for name in own)


def _advocacy(card: CardData, aim: Aim, period: str) -> AdvocacyTally | None:
    if aim.tier is None:
        return card.total_advocacy(period)
    if not (card.has_activities and card.has_partner_list):
        return None
    there = [one for one in card.partners if _in_tier(one.tier, aim.tier) and card.on_list(one, period)]
    counts = [card.count(one.name, period).activities for one in there]
    return AdvocacyTally(len(counts), sum(1 for count in counts if count), sum(counts))


def _outlook(card: CardData, aim: Aim, history: Sequence[str], ahead: int) -> Outlook:
    if aim.kpi == "nps":
        tallies = [_scores(card, aim, period) for period in history]
        return nps_outlook(tallies, confidence=card.confidence, ahead=ahead)
    over = [period for period in history if not card.is_to_date(period)]
    known = [tally for period in over if (tally := _advocacy(card, aim, period)) is not None]
    first = next((place for place, tally in enumerate(known) if tally.activities), len(known))
    return advocacy_outlook(known[first:], confidence=card.confidence, ahead=ahead)
