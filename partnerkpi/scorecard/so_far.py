"""What a period to date is compared with: as many days of the period before, and of the same one a year before.

Only what adds up is counted again, up to that day as it was counted up to the last one: activities, answers, and who
was invited.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from partnerkpi.periods import EVERY_DAY, Days, earlier, first_day, is_to_date, period_words, same_day, shares_a_day
from partnerkpi.results.advocacy import PartnerList
from partnerkpi.results.kinds import Tables
from partnerkpi.results.result import Question
from partnerkpi.scorecard.collect import Collected, count_invited
from partnerkpi.scorecard.parts import SoFar
from partnerkpi.scorecard.reach import Reach
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tally.activities import count_activities
from partnerkpi.tally.scores import tally


def count_so_far(
    collected: Collected,
    tables: Tables,
    listed: PartnerList | None,
    question: Question,
    labels: Sequence[str],
    reach: Reach,
    names: Sequence[str],
    activity_date: DateColumn | None,
) -> dict[tuple[str | None, str], SoFar]:
    """Return by partner and period what the newest period, if it is to date, is compared with; nothing otherwise.

    Activities from January to 20 August 2026: those of the second quarter count until 21 May, its 51st day.
    """
    newest, period = labels[-1], question.period
    day = reach.until or reach.day
    if day is None or not is_to_date(newest, period, day):
        return {}
    dates = [activity_date, collected.counted.date if collected.counted is not None else None]
    if named := [one for one in dates if one is not None and not one.tells(day)]:
        collected.notes.append(
            f"{period_words(newest)} until {day:%d %b %Y} is compared with nothing: each row of {named[0].column!r} "
            f"names a {named[0].granularity}, which is not cut by days"
        )
        return {}
    before = {earlier(labels, newest, period, "previous"), earlier(labels, newest, period, "year")} - {None}
    spans = listed.spans(question.day_first) if listed is not None else {}
    found: dict[tuple[str | None, str], SoFar] = {}
    for label in sorted(one for one in before if one is not None):
        first = max(question.window[0] or dt.date.min, first_day(label, period))
        activities: Mapping[str, int] = {}
        if activity_date is not None:
            until = same_day(newest, period, day, label, by_months=activity_date.granularity == "month")
            activities = _activities(tables, listed, activity_date, (first, until))
        answers, invited = _answers(collected, question, label, newest, day)
        until = same_day(newest, period, day, label)
        for name in (None, *names):
            by_then = shares_a_day(spans.get(name or "", EVERY_DAY), (first, until))
            asked = invited.get(name) if by_then else None
            there = by_then and name is not None and (listed is None or name in listed.names)
            given = answers.get(name, 0) if asked is not None else 0
            found[name, label] = SoFar(given, asked, activities.get(name or "", 0), there)
    return found


def _activities(tables: Tables, listed: PartnerList | None, date: DateColumn, window: Days) -> Mapping[str, int]:
    if tables.activities is None:
        return {}
    table, columns = tables.activities
    counted = count_activities(
        table,
        partner=columns.required("partner"),
        known=listed.names if listed is not None else None,
        date=date,
        window=window,
    )
    found: Counter[str] = Counter()
    for (name, _, _), count in counted.counts.items():
        found[name] += count
    return found


def _answers(
    collected: Collected, question: Question, label: str, newest: str, day: dt.date
) -> tuple[Mapping[str | None, int], Mapping[str | None, int | None]]:
    """Return the answers of each partner by the same day of a period, and how many people were invited by then."""
    counted = collected.counted
    known = {name: number for (name, of), number in collected.invited.items() if of == label}
    if counted is None or counted.date is None or not known:
        return {}, {}
    until = same_day(newest, question.period, day, label, by_months=counted.date.granularity == "month")
    window = (question.window[0], until)
    found: Counter[str | None] = Counter()
    for cell in tally(replace(counted.answers, window=window), list(counted.by.values())).cells:
        if cell.period == label:
            found[cell.group[0] if counted.by else None] += cell.tally.responses
    if collected.invited_by_row:
        asked = count_invited(counted, replace(question, window=window))
        return found, {name: asked.get((name, label)) for name in known}
    return found, dict(known)
