"""What needs a look and what to do next, in a few sentences for one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.review.actions import DETRACTOR, LOST_ADVOCATE, LOST_PROMOTER, Action, actions
from partnerkpi.scorecard.review.alerts import alerts

NO_ALERT = "Nothing is shown to need a look."
NO_STEP = "Nobody needs a call."
_NOUNS = {DETRACTOR: "detractor", LOST_PROMOTER: "lost promoter", LOST_ADVOCATE: "lost advocate"}


def alert_lines(card: Scorecard, most: int = 4) -> list[str]:
    """Return the gravest alerts of the current period, one sentence each; the last says how many more there are.

    "Acme: NPS down 64 since Q2 2026, to −23".
    """
    lines = [f"{one.partner or 'All partners'}: {one.sentence}" for one in alerts(card)]
    return _cut(lines, most, "and {} more alerts") or [NO_ALERT]


def step_lines(card: Scorecard, most: int = 4) -> list[str]:
    """Return whom to call, a sentence for each partner, the most value at stake first.

    "Acme: call 3 detractors and 9 lost promoters by 30 Sep (Ann Fox)".
    """
    by_partner: dict[str | None, list[Action]] = {}
    for action in actions(card):
        by_partner.setdefault(action.partner, []).append(action)
    return _cut([_step(name, own) for name, own in by_partner.items()], most, "and {} more partners: see Actions") or [
        NO_STEP
    ]


def _step(partner: str | None, own: Sequence[Action]) -> str:
    counts = Counter(action.kind for action in own)
    parts = [
        f"{counts[kind]} {_NOUNS[kind]}{'' if counts[kind] == 1 else 's'}"
        for kind in (DETRACTOR, LOST_PROMOTER)
        if counts[kind]
    ]
    who = f"call {' and '.join(parts)}" if parts else "ask why there is no advocacy any more"
    days = [action.due for action in own if action.due is not None]
    due = f" by {min(days).day} {min(days):%b}" if days else ""
    owner = f" ({own[0].owner})" if own[0].owner else ""
    return f"{partner or 'Unnamed partners'}: {who}{due}{owner}"


def _cut(lines: list[str], most: int, more: str) -> list[str]:
    return lines if len(lines) <= most else [*lines[: most - 1], more.format(len(lines) - most + 1)]
