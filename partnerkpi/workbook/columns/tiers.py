"""The groups of a partner: tiers with benchmarks of their own, and what other sheets group the partners by."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.columns.base import Cells, PartnerColumn, PartnerColumns
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.ratings import tier_rating_formula
from partnerkpi.workbook.model.theme import COUNT, GENERAL, SCORE
from partnerkpi.workbook.model.translation import message

#: The ratings that begin somewhere: every one but the worst.
STARTS = ("watch", "strong", "exceptional")
START_HEADS = {
    "watch": message("Watch from"),
    "strong": message("Strong from"),
    "exceptional": message("Exceptional from"),
}


def tiers_of(card: Scorecard, kpi: str = "nps") -> dict[str, Benchmark]:
    """Return a KPI's benchmarks of the tiers that have their own and partners in them, in the order of their names."""
    present = {partner.tier for partner in card.partners}
    own = {tier: benchmarks[kpi] for tier, benchmarks in sorted(card.tier_benchmarks.items()) if tier in present}
    return {tier: benchmark for tier, benchmark in own.items() if benchmark != card.benchmarks[kpi]}


def tier_columns(card: Scorecard) -> list[PartnerColumn]:
    """Return a partner's tier as a number, and from where its ratings begin; nothing where no tier has its own."""
    tiers = tiers_of(card)
    if not tiers:
        return []
    numbers = {tier: number for number, tier in enumerate(tiers, 1)}

    def start(band: str) -> PartnerColumn:
        def formula(r: Cells) -> str:
            own = f"INDEX({names.of_tiers('nps', band)},{r('own_tier')})"
            return f"IF({r('own_tier')}>0,{own},{names.of_kpi('nps', band)})"

        def value(known: PartnerColumns) -> float:
            benchmark = tiers.get(known.partner.tier or "", card.benchmarks["nps"])
            return benchmark.thresholds[band]

        return PartnerColumn(f"from_{band}", START_HEADS[band], 11, formula, value, SCORE)

    number = PartnerColumn(
        "own_tier",
        message("Tier with its own benchmark"),
        11,
        None,
        lambda k: numbers.get(k.partner.tier or "", 0),
        GENERAL,
    )
    return [number, *(start(band) for band in STARTS)]


def tier_rating(r: Cells) -> str:
    """Return the formula of a partner's rating by the thresholds of its tier."""
    return tier_rating_formula("nps", r("nps"), [r(f"from_{band}") for band in STARTS])


def group_columns() -> list[PartnerColumn]:
    """Return facts of the list as numbers, so that no name becomes a criterion; each row keeps its own when sorted."""

    def fact(
        key: str, head: str, value: Callable[[PartnerColumns], float | None], number: str = GENERAL
    ) -> PartnerColumn:
        return PartnerColumn(key, head, 11, None, value, number)

    return [
        fact("on_list", message("On list"), lambda k: int(k.partner.listed)),
        fact("tier_number", message("Tier number"), lambda k: k.tier),
        fact("region_number", message("Region number"), lambda k: k.region),
        fact("annual_value", message("Annual value"), lambda k: k.partner.annual_value, COUNT),
    ]
