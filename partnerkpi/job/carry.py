"""Statuses of the last workbook carried into the next scorecard: each to its call, and the others kept as earlier."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from partnerkpi.errors import DataProblem
from partnerkpi.job.statuses import Statuses
from partnerkpi.periods import period_words
from partnerkpi.scorecard.called import CALLED, DONE, PARTNER, Called
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.loop import kept
from partnerkpi.tally.used_answers import PersonAnswer, UsedAnswers
from partnerkpi.vocabulary import same_name


def carry_on(
    card: Scorecard, last: Statuses, answers: UsedAnswers | None, partner_names: Mapping[str, str] | None = None
) -> Scorecard:
    """Return a scorecard with what became of the calls of the last workbook.

    `answers` are those that count, in which the next answer of everybody who was called is looked up: its tables must
    still be open. `partner_names` says which spellings are one partner. DataProblem where the last workbook is of a
    later period than the scorecard, or of another part of the data.
    """
    newest = card.periods[-1]
    if _form(last.period) == _form(newest) and last.period > newest:
        raise DataProblem(
            f"--carry-on {last.path} is of {period_words(last.period)}, and this scorecard of {period_words(newest)}: "
            "name the workbook that was made before it"
        )
    if last.part is not None and last.part != card.part:
        of = [f"a part ({'; '.join(part.words)})" if part.words else "all data" for part in (last.part, card.part)]
        raise DataProblem(
            f"--carry-on {last.path} is of {of[0]}, and this scorecard of {of[1]}: name the last workbook of the same"
        )
    names = {same_name(written): name for written, name in (partner_names or {}).items()}
    known = {same_name(partner.name): partner.name for partner in card.partners}

    def named(name: str | None) -> str | None:
        meant = names.get(same_name(name), name) if name is not None else None
        return known.get(same_name(meant), meant) if meant is not None else None

    calls = [dataclasses.replace(one, partner=named(one.partner)) for one in last.calls]
    calls = _with_next(calls, answers)
    card = dataclasses.replace(card, carried=tuple(calls), not_made={})
    earlier = card.newest.bound.earlier
    touched = {id(one) for one in kept(earlier)}
    untouched = {id(one): one for one in earlier if id(one) not in touched}
    lost = Counter(one.period for one in untouched.values() if one.kind != PARTNER)
    return dataclasses.replace(
        card,
        carried=kept(one for one in calls if id(one) not in untouched),
        not_made={label: count for label, count in sorted((last.not_made + lost).items()) if count > 0},
    )


def _form(label: str) -> str:
    return re.sub("[0-9]", "0", label)


def _with_next(calls: Sequence[Called], answers: UsedAnswers | None) -> list[Called]:
    """Return the calls with the first answer of the person after each was made, where there is one."""
    reached = {one.who for one in calls if one.who is not None and one.status in (CALLED, DONE)}
    by_person: defaultdict[tuple[str, str], list[PersonAnswer]] = defaultdict(list)
    for answer in answers.answers_of(sorted(reached)) if answers is not None else ():
        by_person[same_name(answer.partner), answer.respondent or ""].append(answer)
    return [_followed(one, by_person[same_name(one.partner), one.who or ""]) for one in calls]


def _followed(one: Called, later: Sequence[PersonAnswer]) -> Called:
    if one.status not in (CALLED, DONE):
        return dataclasses.replace(one, next_score=None, next_day=None)
    days = [day for day in (one.answered, one.on) if day is not None]
    if not days:
        return one
    after: dt.date = max(days)
    for answer in later:
        if answer.day is not None and answer.day > after:
            return dataclasses.replace(one, next_score=answer.score, next_day=answer.day)
    return one  # what an earlier export showed is not forgotten where this one reaches less far back
