"""Cards built from counts, for the parts of the review."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from partnerkpi.kpi import DEFAULT_BENCHMARKS, ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts, Partner


def build(counts: Mapping[str, list[Counts]], partners: Mapping[str, Partner] | None = None, **more: Any) -> Scorecard:
    """Return a card of partners: name -> counts of each quarter from 2026-Q1 on."""
    periods = tuple(f"2026-Q{number}" for number in range(1, 1 + max(map(len, counts.values()))))
    given: dict[str, Any] = {
        "title": "Review",
        "period_kind": "quarter",
        "periods": periods,
        "current": periods[-1],
        "as_of": dt.date(2026, 9, 30),
        "partners": tuple((partners or {}).get(name, Partner(name)) for name in counts),
        "counts": {(name, label): one for name, row in counts.items() for label, one in zip(periods, row, strict=True)},
        "benchmarks": DEFAULT_BENCHMARKS,
        "weights": (0.4, 0.3, 0.3),
        "confidence": 0.95,
        "min_responses": 5,
        "has_partner_list": True,
        "has_activities": True,
        "has_customers": True,
        "customers_have_partners": True,
        "sources": (),
    }
    return Scorecard(**(given | more))


def answers(detractors: int, passives: int, promoters: int, **more: Any) -> Counts:
    """Return counts with these answers."""
    return Counts(ScoreTally(detractors, passives, promoters), **more)
