"""What `--compare`, and groups of answers, add to the rows of a KPI: keys that every row of a result has or has not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from partnerkpi.kpi.advocacy import AdvocacyTally, SamePartners
from partnerkpi.kpi.conditional import FEWEST_PAIRS, NO_PAIRS, Pairs
from partnerkpi.kpi.movement import (
    ActivityChange,
    Judged,
    active_change,
    activity_change,
    influence_change,
    judged,
    rate_change,
)
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.kpi.scores import Change, ScoreTally
from partnerkpi.periods import earlier, month_number, period_label, period_words, year_before
from partnerkpi.results.result import Group, Question
from partnerkpi.results.segments import SegmentRow, Since, segments
from partnerkpi.results.so_far import SoFar
from partnerkpi.results.windows import Sides, sides_of
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.table import Table

#: The added keys of each row, by its group (None: the whole) and its period (None: all time).
Added = dict[tuple[Group | None, str | None], dict[str, Any]]

#: The persons who answered in two periods, an earlier and a later one, of a group; None is the whole.
PairsOf = Mapping[tuple[Group | None, str, str], Pairs]

#: What both sides of a comparison are called.
_NOW, _BEFORE = "now", "before"

#: What stands for all time where a period is asked for.
_ALL = ""


def comparison_notes(groups: int, question: Question, periods: Sequence[str]) -> list[str]:
    """Return what a reader should know of weeks, and of the p-values and words of groups."""
    notes = week_notes(question, periods if question.compare == "year" else ())
    if question.compare is None or groups < 2:
        return notes
    return [
        *notes,
        f"p and word of a group allow for the {groups:,} groups that each period compares at once (Holm's correction)",
    ]


def week_notes(question: Question, compared: Sequence[str]) -> list[str]:
    """Say that weeks know no financial year, and which of them have no week of their number a year before."""
    if question.period != "week":
        return []
    notes = []
    if question.year_begins > 1:
        notes.append(
            f"weeks are those of ISO 8601: the financial year (fiscal_year_start = {question.year_begins}) does not "
            "change them"
        )
    if alone := [period_words(label) for label in compared if year_before(label, "week") is None]:
        notes.append(f"{', '.join(alone)}: the year before has no week 53, so there is nothing to compare it with")
    return notes


def paired_notes(pairs: PairsOf, periods: Sequence[str], question: Question) -> list[str]:
    """Say of how many persons two answers are compared, where they are enough to change the test."""
    sides = sides_of(periods, periods[-1], question) if periods else None
    if sides is None or sides.pair is None:
        return []
    persons = pairs.get((None, *sides.pair), NO_PAIRS).persons
    if persons < FEWEST_PAIRS:
        return []
    before, after = map(period_words, sides.pair)
    return [f"{persons:,} persons answered in {before} and in {after}: the change is judged with them (paired)"]


def segment_columns(
    cells: Mapping[tuple[Group | None, str | None], ScoreTally],
    groups: Iterable[Group],
    periods: Sequence[str],
    question: Question,
    pairs: PairsOf,
) -> Added:
    """Return what the rows of an NPS gain: each group's part of the answers and of the NPS, and what changed."""
    groups = list(groups)
    parts: list[Group | None] = [*groups] or [None]  # without groups the whole is the one segment

    def pooled(side: str, labels: Sequence[str | None]) -> dict[tuple[Group | None, str], ScoreTally]:
        return {
            (group, side): ScoreTally.pooled(cells.get((group, label), ScoreTally()) for label in labels)
            for group in parts
        }

    added: Added = {}
    for period in (None, *periods):
        sides = sides_of(periods, period, question)
        known: dict[Group | None, Pairs] = {}
        if sides is not None and sides.pair is not None:
            known = {one: pairs.get((one, *sides.pair), NO_PAIRS) for one in (None, *parts)}
        page = moved = None
        if sides is not None:
            both = pooled(_BEFORE, sides.before) | pooled(_NOW, sides.after)
            moved = segments(both, _NOW, _BEFORE, question.confidence, known, known.get(None, NO_PAIRS))
            page = moved if sides.after == (period,) else None
        page = page or segments(pooled(_NOW, [period]), _NOW, confidence=question.confidence)
        since: dict[Group | None, Since | None] = {}
        if moved is not None:
            since = {None: moved.total.since, **{row.segment: row.since for row in moved.rows if groups}}
        for group, row in ((None, page.total), *((one.segment, one) for one in page.rows if groups)):
            persons = known[group].persons if known else None
            added[group, period] = {
                **_parts(row, with_groups=bool(groups)),
                **_compared(since.get(group), row, sides, persons, question, with_groups=bool(groups)),
            }
    return added


def _parts(row: SegmentRow[Group | None], *, with_groups: bool) -> dict[str, Any]:
    if not with_groups:
        return {}
    return {"answer_share": row.contribution.answer_share, "contribution": row.contribution.contribution}


def _compared(
    since: Since | None,
    row: SegmentRow[Group | None],
    sides: Sides | None,
    persons: int | None,
    question: Question,
    *,
    with_groups: bool,
) -> dict[str, Any]:
    if question.compare is None:
        return {}
    added = {
        "compared_with": sides.name if sides is not None else None,
        "previous_responses": since.tally.responses if since is not None else None,
        "previous_nps": since.tally.nps if since is not None else None,
        "paired_persons": persons,
        **_moved(since.judged if since is not None else None),
        "answers_needed": row.answers_needed if since is not None else None,
    }
    if with_groups:
        added |= {
            "score_effect": since.effects.score if since is not None else None,
            "mix_effect": since.effects.mix if since is not None else None,
        }
    return added


def advocacy_columns(
    tally_of: Callable[[Group | None, str | None], AdvocacyTally],
    groups: Iterable[Group],
    periods: Sequence[str],
    question: Question,
    so_far: SoFar | None,
    so_far_of: Callable[[Group | None, str | None], AdvocacyTally],
    same_of: Callable[[Group | None, str, str], SamePartners],
) -> Added:
    """Return what the rows of advocacy gain: the change of the active share; of one partner's activities by count.

    Of a newest period that is to date, `so_far_of` counts as many days of the earlier one. `same_of` counts who of the
    partners of two periods began and who stopped: on them the change of a share is judged.
    """

    def earlier_of(group: Group | None, before: str, period: str) -> AdvocacyTally:
        counted = so_far_of if so_far is not None and period == so_far.period else tally_of
        return counted(group, before)

    def compare(group: Group | None, before: str, period: str) -> Change | ActivityChange:
        first, second = earlier_of(group, before, period), tally_of(group, period)
        if _one_partner(group, second):
            return activity_change(first.activities, second.activities, confidence=question.confidence)
        return active_change(first, second, same_of(group, before, period), confidence=question.confidence)

    def columns(group: Group | None, period: str, before: str | None, one: Judged | None) -> dict[str, Any]:
        single = _one_partner(group, tally_of(group, period))
        previous = earlier_of(group, before, period) if before is not None else None
        until = so_far.until if so_far is not None and period == so_far.period else None
        return {
            "compared": ("activities" if single else "active_share") if previous is not None else None,
            "compared_with": before,
            "compared_until": until.isoformat() if until is not None else None,
            "previous_activities": previous.activities if previous is not None else None,
            "previous_active_share": previous.active_share if previous is not None else None,
            **_moved(one),
        }

    alone = so_far.period if so_far is not None and so_far.by != "day" else None
    return _added(groups, periods, question, compare, columns, alone)


def _one_partner(group: Group | None, tally: AdvocacyTally) -> bool:
    return group is not None and tally.partners == 1


def retention_columns(
    tallies: Mapping[tuple[Group | None, str | None], RetentionTally],
    groups: Iterable[Group],
    periods: Sequence[str],
    question: Question,
    *,
    with_partners: bool,
    with_shares: bool,
    with_share_of_all: bool = True,
) -> Added:
    """Return what the rows of retention gain: the change of the rate and, with partners, of their influence share.

    Without `with_shares` each group is one partner, which has no influence share of its own; without
    `with_share_of_all` there is only one.
    """

    def tally(group: Group | None, period: str) -> RetentionTally:
        return tallies.get((group, period), RetentionTally())

    def rate(group: Group | None, before: str, period: str) -> Change:
        first, second = tally(group, before), tally(group, period)
        return rate_change(
            (first.retained, first.customers), (second.retained, second.customers), confidence=question.confidence
        )

    def rate_columns(group: Group | None, _: str, before: str | None, one: Judged | None) -> dict[str, Any]:
        return {
            "compared_with": before,
            "previous_customers": tally(group, before).customers if before is not None else None,
            "previous_retention_rate": tally(group, before).retention_rate if before is not None else None,
            **_moved(one),
        }

    def influence(group: Group | None, before: str, period: str) -> Change:
        return influence_change(tally(group, before), tally(group, period), confidence=question.confidence)

    def influence_columns(group: Group | None, _: str, before: str | None, one: Judged | None) -> dict[str, Any]:
        has_share = before is not None and (with_shares if group is not None else with_share_of_all)
        return {
            "previous_influence_share": tally(group, before).influence_share if has_share and before else None,
            **_moved(one if has_share else None, "influence_"),
        }

    groups = list(groups)
    added = _added(groups, periods, question, rate, rate_columns)
    if with_partners:
        for key, more in _added(groups, periods, question, influence, influence_columns).items():
            added[key] |= more
    return added


def _added(
    groups: Iterable[Group],
    periods: Sequence[str],
    question: Question,
    compare: Callable[[Group | None, str, str], Change | ActivityChange],
    columns: Callable[[Group | None, str, str | None, Judged | None], dict[str, Any]],
    alone: str | None = None,
) -> Added:
    """Compare each period's groups with those of an earlier one; rows of all time, and of one `alone`, with nothing."""
    groups = list(groups)
    added: Added = {}
    for period in (None, *periods):
        before = _earlier(periods, period, question) if period != alone else None
        pairs: list[Judged | None] = [None] * (len(groups) + 1)
        if period is not None and before is not None:
            others = [compare(group, before, period) for group in groups]
            whole, together = judged(compare(None, before, period), others, question.confidence)
            pairs = [whole, *together]
        for group, one in zip((None, *groups), pairs, strict=True):
            compared = question.compare is not None
            added[group, period] = columns(group, period or _ALL, before, one) if compared else {}
    return added


def _earlier(periods: Sequence[str], period: str | None, question: Question) -> str | None:
    if period is None or question.against is None:
        return None
    return earlier(periods, period, question.period, question.against)


def _moved(one: Judged | None, prefix: str = "") -> dict[str, Any]:
    """Return the difference, its bounds, its p-values and the word; None where there is nothing to compare with."""
    change = one.change if one is not None else None
    return {
        f"{prefix}change": change.raw if change is not None else None,
        f"{prefix}change_low": change.low if change is not None else None,
        f"{prefix}change_high": change.high if change is not None else None,
        f"{prefix}p": change.p if change is not None else None,
        f"{prefix}p_together": one.together.p if one is not None else None,
        f"{prefix}word": one.word if one is not None else None,
    }


def span_notes(
    table: Table,
    date: DateColumn | None,
    periods: Sequence[str],
    question: Question,
    window: tuple[dt.date | None, dt.date | None] = (None, None),
    *,
    to_date: bool = False,
) -> list[str]:
    """Say where the data, or the window of days that count, begin or end months within a period that is compared.

    Of a newest period `to_date` as many days are compared: nothing is said of its end.
    """
    if question.compare is None or date is None or len(periods) < 2 or date.granularity not in ("day", "month"):
        return []
    if question.period == "week":  # a month tells nothing of a week
        return []
    months = f"year({date.expression}) * 12 + month({date.expression}) - 1"
    sql = f"SELECT min({months}), max({months}) FROM __rows"
    first, last = table.rows.fetch(sql)[0]
    if first is None:
        return []
    if window[0] is not None:
        first = max(first, month_number(window[0]))
    if window[1] is not None:
        last = min(last, month_number(window[1]))
    notes = []
    if _same(first - 1, first, question):
        notes.append(f"{periods[0]} is compared as if it were whole: the data begin in {_month(first)}")
    if not to_date and _same(last, last + 1, question):
        notes.append(f"{periods[-1]} is compared as if it were whole: the data end in {_month(last)}")
    return notes


def _same(month: int, other: int, question: Question) -> bool:
    return period_label(month, question.period) == period_label(other, question.period)


def _month(month: int) -> str:
    return period_words(period_label(month, "month"))
