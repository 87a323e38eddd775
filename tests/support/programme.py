"""A scorecard of eight partners in which everything that could tell of one is given, and all text of a package."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import cards
import tampering

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.settings import Settings
from partnerkpi.tally.used_answers import PersonAnswer

NAMES = tuple(
    f"Partner {word}" for word in ("Quokka", "Wombat", "Numbat", "Bilby", "Dugong", "Potoroo", "Quoll", "Dingo")
)


def programme() -> Scorecard:
    """Return a scorecard in which everything that could tell of a partner is given."""
    counts = {
        (name, period): Counts(
            ScoreTally(2 + place, 3, 4 + 2 * place), 30 + place, place % 4, 10 + place, 9 + place * (place % 2)
        )
        for place, name in enumerate(NAMES)
        for period in cards.QUARTERS
    }
    partners = tuple(
        Partner(name, True, f"Tier {name[8:]}", f"Region {name[8:]}", f"owner-{name[8:]}", 1000.0 + place)
        for place, name in enumerate(NAMES)
    )
    answers = tuple(PersonAnswer(name, f"person-{name[8:]}@example.com", None, 3.0) for name in NAMES for _ in range(6))
    card = cards.card({**counts, (None, "2026-Q3"): Counts(ScoreTally(1, 1, 1))}, partners=partners)
    return replace(
        card,
        to_call=answers,
        settings=Settings.model_validate({"owners": {name: f"owner-{name[8:]}" for name in NAMES}}),
        segments={"region": {(f"Region {name[8:]}", "2026-Q3"): ScoreTally(1, 2, 3) for name in NAMES}},
        notes=(f"not on the list: {', '.join(NAMES)}",),
        sources=tuple(replace(one, files=(f"{NAMES[2]}.csv",)) for one in card.sources),
    )


def everything_in(path: Path) -> str:
    """Return all text of a package: every part and every part's name, with the escapes of XML and JSON undone."""
    texts = []
    for name, data in tampering.parts_of(path).items():
        text = html.unescape(data.decode("utf-8", "replace"))
        texts += [name, text, text.encode("utf-8").decode("unicode_escape", "replace") if "\\u" in text else ""]
    return "\n".join(texts)
