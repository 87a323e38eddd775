"""The next survey planned: whom to invite, how many answers it takes, and how many will probably come."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.intervals import STANDARD_NORMAL
from partnerkpi.kpi.planning import (
    POWER,
    Coming,
    answers_for_interval,
    answers_to_tell,
    change_told,
    coming,
    expected_shares,
    interval_expected,
    to_invite,
)
from partnerkpi.scorecard.parts import Source
from partnerkpi.scorecard.review.plan_basis import OfPartner, PlanBasis
from partnerkpi.scorecard.review.result import Review

INVITE, LATER, UNKNOWN = "invite", "asked too recently", "contacts not known"
LIKELY, UNCERTAIN, UNLIKELY = "likely", "uncertain", "unlikely"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the survey is to show: so many points to either side, and a change of so many; and when it goes out.

    Nobody is asked again within `rest_days` of the last time.
    """

    points: float
    change: float
    rest_days: int
    day: dt.date | None
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class _Together:
    """What comes of several partners: the sum of what comes of each, as a normal curve."""

    mean: float
    variance: float

    def at_least(self, answers: int) -> float:
        """Return how likely so many answers are, or more."""
        if self.variance <= 0:
            return float(self.mean >= answers)
        return 1 - STANDARD_NORMAL.cdf((answers - 0.5 - self.mean) / math.sqrt(self.variance))

    def likely(self) -> tuple[int, int]:
        """Return the fewest and the most answers that are likely."""
        reach = STANDARD_NORMAL.inv_cdf((1 + POWER) / 2) * math.sqrt(self.variance)
        return max(0, math.floor(self.mean - reach)), math.ceil(self.mean + reach)


def is_resting(one: OfPartner, person: str, wanted: Wanted) -> bool:
    """Tell whether one person of a partner was asked too recently, by itself or with all of them."""
    if wanted.day is None:
        return False
    days = [day for day in (one.asked.get(person), one.last_asked) if day is not None]
    return any(day + dt.timedelta(days=wanted.rest_days) > wanted.day for day in days)


def resting(one: OfPartner, wanted: Wanted) -> tuple[int, dt.date | None]:
    """Return how many people of a partner were asked too recently, and from when on the first of them may be again."""
    if wanted.day is None:
        return 0, None
    rest = dt.timedelta(days=wanted.rest_days)
    recent = [day for day in one.asked.values() if day + rest > wanted.day]
    if one.last_asked is not None and one.last_asked + rest > wanted.day:
        return one.contacts or 0, one.last_asked + rest
    count = len(recent) if one.contacts is None else min(len(recent), one.contacts)
    return count, min(recent) + rest if recent else None


def survey_plan(known: PlanBasis, wanted: Wanted, sources: Sequence[Source] = (), notes: Sequence[str] = ()) -> Review:
    """Return a row for all partners together and one for each, those worth most first.

    Needs are numbers of answers; chances are 0..1, rates per cent, changes points. Where contacts or response rates are
    not known, what rests on them is None.
    """
    everybody = sum(one.answered for one in known.partners), sum(one.invited for one in known.partners)
    partners = sorted(known.partners, key=lambda one: (-one.value, one.name.casefold(), one.name))
    rows = [_row(one, known, wanted, everybody) for one in partners]
    shares = expected_shares(known.everybody, known.everybody)
    facts = {
        "points": wanted.points,
        "change": wanted.change,
        "confidence": wanted.confidence,
        "power": POWER,
        "day": wanted.day.isoformat() if wanted.day is not None else None,
        "rest_days": wanted.rest_days,
        "assumed_shares": {
            "detractors": 100 * shares.detractors,
            "passives": 100 * shares.passives,
            "promoters": 100 * shares.promoters,
        },
    }
    whole = _whole(rows, known, wanted, everybody)
    return Review("plan", (whole, *rows), facts, tuple(sources), (*notes, *known.notes, *_remarks(known, wanted, rows)))


def _row(one: OfPartner, known: PlanBasis, wanted: Wanted, everybody: tuple[int, int]) -> dict[str, Any]:
    recent, again = resting(one, wanted)
    free = max(0, one.contacts - recent) if one.contacts is not None else None
    shares = expected_shares(one.own, known.everybody)
    came = coming(free, (one.answered, one.invited), everybody) if free is not None else None
    least = answers_for_interval(wanted.points, shares, confidence=wanted.confidence, population=one.contacts or None)
    tell = answers_to_tell(wanted.change, shares, confidence=wanted.confidence)
    row = _needs(one.contacts, recent, free, came, least, tell)
    row["rate"] = came.rate if came is not None else None
    if came is not None and free:
        row["invite_for_points"] = to_invite(least, free, lambda people: _of(people, came))
    expected = round(came.mean) if came is not None else 0
    row["points_likely"] = interval_expected(
        expected, shares, confidence=wanted.confidence, population=one.contacts or None
    )
    row["change_told"] = change_told(shares, one.last.responses, expected, confidence=wanted.confidence)
    row["last"] = one.last.responses
    word = UNKNOWN if one.contacts is None else INVITE if free else LATER if recent else UNKNOWN
    return _told({"partner": one.name}, known.period, one.owner, word, again if word == LATER else None, row)


def _of(people: int, came: Coming) -> Coming:
    return Coming(people, came.answered, came.silent)


def _whole(
    rows: Sequence[dict[str, Any]], known: PlanBasis, wanted: Wanted, everybody: tuple[int, int]
) -> dict[str, Any]:
    counted = [row for row in rows if row["contacts"] is not None]
    contacts = sum(row["contacts"] for row in counted) if counted else None
    free = sum(row["to_invite"] for row in counted) if counted else None
    shares = expected_shares(known.everybody, known.everybody)
    parts = [
        part
        for one in known.partners
        if one.contacts is not None
        and (part := coming(max(0, one.contacts - resting(one, wanted)[0]), (one.answered, one.invited), everybody))
    ]
    came = _Together(sum(part.mean for part in parts), sum(part.variance for part in parts)) if parts else None
    least = answers_for_interval(wanted.points, shares, confidence=wanted.confidence, population=contacts or None)
    tell = answers_to_tell(wanted.change, shares, confidence=wanted.confidence)
    recent = sum(row["asked_recently"] for row in rows)
    row = _needs(contacts, recent, free, came, least, tell)
    row["rate"] = 100 * came.mean / free if came is not None and free else None
    expected = round(came.mean) if came is not None else 0
    row["points_likely"] = interval_expected(
        expected, shares, confidence=wanted.confidence, population=contacts or None
    )
    row["change_told"] = change_told(shares, known.last.responses, expected, confidence=wanted.confidence)
    row["last"] = known.last.responses
    word = UNKNOWN if contacts is None else INVITE if free else LATER
    return _told({}, known.period, None, word, None, row)


def _needs(
    contacts: int | None, recent: int, free: int | None, came: Coming | _Together | None, least: int, tell: int | None
) -> dict[str, Any]:
    """Return the numbers of a row that partners and the whole have alike."""
    low, high = came.likely() if came is not None else (None, None)
    return {
        "contacts": contacts,
        "recent": recent,
        "free": free,
        "expected": came.mean if came is not None else None,
        "low": low,
        "high": high,
        "least": least,
        "chance": came.at_least(least) if came is not None else None,
        "tell": tell,
        "tell_chance": came.at_least(tell) if came is not None and tell is not None else None,
        "invite_for_points": None,
    }


def _told(
    group: dict[str, str],
    period: str | None,
    owner: str | None,
    word: str,
    again: dt.date | None,
    row: dict[str, Any],
) -> dict[str, Any]:
    chance = row["chance"]
    outlook = None if chance is None else LIKELY if chance >= POWER else UNCERTAIN if chance > 1 - POWER else UNLIKELY
    return {
        "group": group,
        "period": period,
        "owner": owner,
        "invite": word,
        "invite_from": again.isoformat() if again is not None else None,
        "contacts": row["contacts"],
        "asked_recently": row["recent"],
        "to_invite": row["free"],
        "response_rate": row["rate"],
        "expected": row["expected"],
        "likely_low": row["low"],
        "likely_high": row["high"],
        "answers_for_points": row["least"],
        "chance_for_points": chance,
        "word": outlook,
        "invite_for_points": row["invite_for_points"],
        "points_likely": row["points_likely"],
        "answers_for_change": row["tell"],
        "chance_for_change": row["tell_chance"],
        "last_answers": row["last"],
        "change_told": row["change_told"],
    }


def _remarks(known: PlanBasis, wanted: Wanted, rows: Sequence[dict[str, Any]]) -> list[str]:
    """Say what the plan takes for granted, and what would make it better."""
    told = []
    if not known.everybody.responses:
        told.append(
            "no answers were given: the needs are those of a quarter detractors, a quarter passives and half "
            "promoters; with the answers of the last survey they are your own"
        )
    if not any(one.invited for one in known.partners):
        told.append("how many of those invited answer is not known, so no answers are foretold")
    missing = [row["group"]["partner"] for row in rows if row["contacts"] is None]
    if missing:
        shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        told.append(
            f"the number of contacts is not known of {shown}: a column invited_contacts of the list of partners, or "
            "--contacts FILE, says it"
        )
    if wanted.day is None:
        told.append("when the survey goes out is not known, so nobody counts as asked too recently: --on DATE says it")
    return told
