"""What needs a look and what to do next, in a few sentences for one page."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from partnerkpi.language.sentence import DayWords, Sentence, message
from partnerkpi.scorecard.findings.actions import DETRACTOR, LOST_PROMOTER, Action
from partnerkpi.scorecard.findings.alerts import Alert

#: So many sentences at most; the last of them then says how many more there are.
MOST_LINES = 4

NO_ALERT = Sentence("Nothing is shown to need a look.")
NO_STEP = Sentence("Nobody needs a call.")
_NOUNS = {
    DETRACTOR: (message("{n} detractor"), message("{n} detractors")),
    LOST_PROMOTER: (message("{n} lost promoter"), message("{n} lost promoters")),
}


def alert_lines(alerts: Iterable[Alert]) -> tuple[Sentence, ...]:
    """Return the gravest alerts, one sentence each.

    "Acme: NPS down 64 since Q2 2026, to −23".
    """
    everybody = Sentence("All partners")
    lines = [
        Sentence("{partner}: {what}", partner=one.partner or one.segment or everybody, what=one.sentence)
        for one in alerts
    ]
    return _cut(lines, message("and {number} more alerts")) or (NO_ALERT,)


def step_lines(
    actions: Iterable[Action], more: Mapping[tuple[str | None, str], int], due: Mapping[str, dt.date | None]
) -> tuple[Sentence, ...]:
    """Return whom to call, a sentence for each partner, the most value at stake first.

    `more` are calls that are not among the actions, by partner and kind. "Acme: call 3 detractors and 9 lost promoters
    by 30 Sep (Ann Fox)".
    """
    by_partner: dict[str | None, Counter[str]] = {}
    owners: dict[str | None, str | None] = {}
    for action in actions:
        by_partner.setdefault(action.partner, Counter())[action.kind] += 1
        owners.setdefault(action.partner, action.owner)
    for (partner, kind), count in more.items():
        by_partner.setdefault(partner, Counter())[kind] += count
    steps = [_step(name, counts, owners.get(name), due) for name, counts in by_partner.items()]
    return _cut(steps, message("and {number} more partners: see Actions")) or (NO_STEP,)


def _step(partner: str | None, counts: Counter[str], owner: str | None, due: Mapping[str, dt.date | None]) -> Sentence:
    people = [Sentence.of(counts[kind], *nouns) for kind, nouns in _NOUNS.items() if counts[kind]]
    if len(people) == 2:
        who = Sentence("call {some} and {others}", some=people[0], others=people[1])
    elif people:
        who = Sentence("call {some}", some=people[0])
    else:
        who = Sentence("ask why there is no advocacy any more")
    days = [day for kind in counts if (day := due[kind]) is not None]
    if days:
        who = Sentence("{what} by {day}", what=who, day=DayWords(min(days), year=False))
    if owner:
        who = Sentence("{what} ({owner})", what=who, owner=owner)
    return Sentence("{partner}: {what}", partner=partner or Sentence("Unnamed partners"), what=who)


def _cut(lines: Sequence[Sentence], more: str) -> tuple[Sentence, ...]:
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[: MOST_LINES - 1], Sentence(more, number=len(lines) - MOST_LINES + 1))
