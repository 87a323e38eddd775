"""What it would take for all together, and for each partner, to be rated better and to reach the target."""

from __future__ import annotations

from dataclasses import dataclass

from partnerkpi.kpi.answers import ScoreTally
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.whatif import WhatIf, what_if
from partnerkpi.scorecard.card import Scorecard


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """The answers of one partner, or of all (`partner` None), their rating, and what would change it."""

    partner: str | None
    tally: ScoreTally
    rating: str | None
    what_if: WhatIf


def what_ifs(card: Scorecard, period: str | None = None) -> list[WhatIfRow]:
    """Return what it would take in a period, by default the current one: for all together, then for each partner."""
    period = period or card.current
    whole = what_if_row(None, card.total_scores(period), card.benchmarks["nps"])
    partners = (
        what_if_row(one.name, card.count(one.name, period).scores, card.benchmark_of("nps", one.tier))
        for one in card.partners
    )
    return [whole, *partners]


def what_if_row(partner: str | None, tally: ScoreTally, benchmark: Benchmark) -> WhatIfRow:
    """Return what it would take for these answers."""
    return WhatIfRow(partner, tally, benchmark.rating(tally.nps), what_if(tally, benchmark))
