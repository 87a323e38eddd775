"""What it would take for all together, and for each partner, to be rated better and to reach the target."""

from __future__ import annotations

from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.kpi.whatif import Aim, WhatIf, what_if
from partnerkpi.results.kinds import RESPONSES
from partnerkpi.results.result import answers
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.review.result import Review, notes_about


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
    fewest = card.min_responses
    whole = what_if_row(None, card.total_scores(period), card.benchmarks["nps"], fewest)
    partners = (
        what_if_row(one.name, card.count(one.name, period).scores, card.benchmark_of("nps", one.tier), fewest)
        for one in card.partners
    )
    return [whole, *partners]


def what_if_row(partner: str | None, tally: ScoreTally, benchmark: Benchmark, fewest: int = 5) -> WhatIfRow:
    """Return what it would take for these answers; fewer than `fewest` are not rated."""
    rating = None if tally.few_responses(fewest) else benchmark.rating(tally.nps)
    return WhatIfRow(partner, tally, rating, what_if(tally, benchmark))


def what_if_rows(
    found: list[WhatIfRow], period: str | None, benchmark: Benchmark
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the thresholds that are aimed at, and one row for all together and for each partner."""
    about = {"kpi": "nps", "period": period, "target": benchmark.target, "thresholds": benchmark.thresholds}
    return about, [_what_if(row, period) for row in found]


def _what_if(row: WhatIfRow, period: str | None) -> dict[str, Any]:
    one, tally, answer = row.what_if, row.tally, row.what_if.one_answer
    return {
        "group": {"partner": row.partner} if row.partner is not None else {},
        "period": period,
        **answers(tally),
        "rating": row.rating,
        "next_rating": one.next_rating.name if one.next_rating is not None else None,
        **_aim("next", one.next_rating),
        **_aim("target", one.target),
        "reach_detractors_to_passives": one.reach.detractors_to_passives,
        "reach_detractors_to_promoters": one.reach.detractors_to_promoters,
        "reach_passives_to_promoters": one.reach.passives_to_promoters,
        "one_band_step": answer.band_step if answer is not None else None,
        "one_more_promoter": answer.promoter if answer is not None else None,
        "one_more_passive": answer.passive if answer is not None else None,
        "one_more_detractor": answer.detractor if answer is not None else None,
        "flags": [] if tally.responses else ["no data"],
    }


def _aim(name: str, aim: Aim | None) -> dict[str, Any]:
    return {
        f"{name}_from": aim.at_least if aim is not None else None,
        f"{name}_missing": aim.missing if aim is not None else None,
        f"{name}_detractors_to_passives": aim.moves.detractors_to_passives if aim is not None else None,
        f"{name}_detractors_to_promoters": aim.moves.detractors_to_promoters if aim is not None else None,
        f"{name}_passives_to_promoters": aim.moves.passives_to_promoters if aim is not None else None,
    }


def whatif_review(card: Scorecard) -> Review:
    """Return what it would take in the current period, for all together and each partner."""
    about, rows = what_if_rows(what_ifs(card), card.current, card.benchmarks["nps"])
    return Review("whatif", tuple(rows), about, card.sources, tuple(notes_about(card, RESPONSES)))


def whatif_of_counts(tally: ScoreTally, benchmark: Benchmark, counts: str) -> Review:
    """Return what it would take for three numbers at hand."""
    about, rows = what_if_rows([what_if_row(None, tally, benchmark)], None, benchmark)
    return Review("whatif", tuple(rows), about | {"counts": counts})
