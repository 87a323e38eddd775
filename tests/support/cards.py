"""Scorecards for tests: the demo's, and small odd ones, each for a case that a workbook must bear."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from shared import once

from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts, Partner, SoFar, Source
from partnerkpi.scorecard.worth import Kind, Worth
from partnerkpi.tally.customers import Money
from partnerkpi.tally.used_answers import People, PersonAnswer

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")
HOSTILE_NAMES = (
    *("=HYPERLINK(1)", "A*", "acme", "ACME", "x" * 300, "شركة المستقبل", "😀 Emoji & Söhne", "#N/A", "TRUE", "0012"),
    *("+1-800", "'quoted", 'say "hi"', "<b>&amp;", "(no partner)", "~?*", "line\nbreak", " blank "),
)

#: Benchmarks of two tiers for other KPIs than the NPS.
OF_TIERS = {
    "Gold": {"advocacy": Benchmark.from_thresholds("advocacy", {"watch": 10, "strong": 20.5}, target=20)},
    "Silver*": {
        "advocacy": Benchmark.from_thresholds("advocacy", {"watch": 99, "strong": 100}, target=100),
        "retention": Benchmark.from_thresholds("retention", {"watch": 1, "strong": 5}, target=5),
    },
}

#: Nobody pays anything at the start of the second quarter, and of Café cents.
MONEY = Worth(
    {
        (None, "2026-Q1"): Money(1000, 0, 50, 100),
        ("Acme", "2026-Q1"): Money(400, 80, 0, 0),
        (None, "2026-Q3"): Money(900, 300, 0, 900),
        ("Acme", "2026-Q3"): Money(0.3, 0, 0.1, 0.2),
        ("Café", "2026-Q3"): Money(1234567.25, 17.5, 0, 0.75),
    },
    {("referral", "2026-Q1"): Kind(3, 2, 4500), ("=talk", "2026-Q3"): Kind(2, 1, 0.5), ("quote", "2026-Q3"): Kind(4)},
)

Tally = Mapping[tuple[str | None, str], Counts]


def card(
    counts: Tally, *, periods: tuple[str, ...] = QUARTERS, partners: tuple[Partner, ...] | None = None, **changes: Any
) -> Scorecard:
    """Return a scorecard of these counts, with everything given and the last period current."""
    if partners is None:
        partners = tuple(Partner(name) for name in dict.fromkeys(name for name, _ in counts) if name is not None)
    made = Scorecard(
        title="Partner scorecard",
        period_kind="quarter",
        periods=periods,
        current=periods[-1],
        as_of=dt.date(2026, 9, 30),
        partners=partners,
        counts=dict(counts),
        benchmarks=DEFAULT_BENCHMARKS,
        weights=(0.4, 0.3, 0.3),
        confidence=0.95,
        min_responses=5,
        has_partner_list=True,
        has_activities=True,
        has_customers=True,
        customers_have_partners=True,
        sources=(
            Source(
                "responses",
                ("/home/somebody/answers.csv",),
                {"score": "=Score", "partner": "Partner"},
                120,
                100,
                {"blank score": 15, "out of range": 5},
                {"answers.csv": "0" * 64},
            ),
        ),
        notes=("3 activities have no date",),
        options={"period": "quarter", "duplicates": "latest"},
        version="1.2.3",
    )
    return replace(made, **changes)


def filled(names: tuple[str | None, ...], periods: tuple[str, ...] = QUARTERS) -> dict[tuple[str | None, str], Counts]:
    """Return different counts for each name and period."""
    counts = {}
    for place, name in enumerate(names):
        for number, period in enumerate(periods):
            scores = ScoreTally((place * 3 + number) % 7, (place + 2) % 5, (place * 5 + 2 * number) % 11 + 1)
            customers = (place * 2 + number) % 9
            invited = None if place % 4 == 3 else scores.responses + place
            counts[name, period] = Counts(
                scores, invited, (place + number) % 3, customers, customers - (number % 2) * (customers > 1)
            )
    return counts


def changed(counts: Tally, change: Callable[[Counts], Counts], period: str | None = None) -> Tally:
    """Return counts with a change in every cell, or in those of one period."""
    return {key: change(value) if period in (None, key[1]) else value for key, value in counts.items()}


NAMES = ("Acme", "Brüder & Söhne", "Café", "Dunder", "Eureka", "Fabrikam", "Globex", "Hooli")


def so_far(period: str) -> dict[tuple[str | None, str], SoFar]:
    """Return different counts of each partner by a day of a period; one was not on the list yet."""
    invited = [None if place % 4 == 3 else place + 3 for place in range(len(NAMES))]
    made = {
        (name, period): SoFar(place if number is not None else 0, number, place % 3, place != 2)
        for place, (name, number) in enumerate(zip(NAMES, invited, strict=True))
    }
    return {**made, (None, period): SoFar()}


QUARTERS_OF_TWO_YEARS = tuple(f"{year}-Q{number}" for year in (2025, 2026) for number in (1, 2, 3, 4))


def divided(values: tuple[str | None, ...], periods: tuple[str, ...] = QUARTERS) -> dict[Any, ScoreTally]:
    """Return different counts for each value of a dimension in each period: some too small to show, some nobody's."""
    sizes = ((9, 20, 31), (3, 1, 0), (0, 0, 0), (2, 5, 9), (0, 1, 1), (4, 4, 4))
    return {
        (value, period): ScoreTally(*sizes[(place + number * (place > 1)) % len(sizes)])
        for place, value in enumerate(values)
        for number, period in enumerate(periods)
    }


def talkative(usual: Tally) -> Scorecard:
    """Return a scorecard with everything that the sheets behind the first page show."""
    tiers, regions = ("Gold", "gold", None, "=1+1"), ("EMEA", None)
    partners = tuple(
        Partner(name, place != 2, tiers[place % 4], regions[place % 2], "Ann" if place % 3 else None, value)
        for place, (name, value) in enumerate(zip(NAMES, (100.5, None, 0, 70, 5, 9000, 12, 1), strict=True))
    )
    voices = (
        PersonAnswer("Acme", "=cmd|' /C calc'!A0", dt.date(2026, 9, 1), 3.0, 10.0),
        PersonAnswer("Café", None, None, 0.0),
        PersonAnswer(None, "#N/A", dt.date(2026, 9, 30), 8.0, 9.0),
    )
    segments = {
        "product": divided(("Core", "=1+1", "A*", "core", "x" * 300, None)),
        "region": divided(("EMEA",)),
        "many": divided(tuple(f"value {place}" for place in range(45))),
    }
    people = {"2026-Q2": People(5, 0), "2026-Q3": People(40, 12)}
    return card(usual, partners=partners, segments=segments, to_call=voices, people=people)


@cache
def odd_cards() -> dict[str, Scorecard]:
    """Return a scorecard for each case, by what is odd about it."""
    usual = filled((*NAMES, None))
    scores = {"no answers": lambda c: replace(c, scores=ScoreTally())}
    listed = tuple(Partner(name, place != 2, "Gold", "EMEA", None) for place, name in enumerate(NAMES))
    months = ("2026-07", "2026-08", "2026-09")
    years = ("2025", "2026")
    return {
        "usual": card(usual, partners=listed),
        "one partner": card(filled(("Acme",))),
        "segments": talkative(usual),
        "two years": card(
            filled((*NAMES, None), QUARTERS_OF_TWO_YEARS),
            periods=QUARTERS_OF_TWO_YEARS,
            segments={"product": divided(("Core", "Cloud"), QUARTERS_OF_TWO_YEARS)},
        ),
        "two partners": card(filled(("Acme", "Bolt"))),
        "one period": card(filled((*NAMES, None), ("2026-Q3",)), periods=("2026-Q3",)),
        "one period, answers alone": card(
            changed(filled((None,), ("2026-Q3",)), lambda c: Counts(c.scores)),
            periods=("2026-Q3",),
            segments={
                "one": divided(("EMEA",), ("2026-Q3",)),
                "product": divided(("Core", "Edge", "=1+1", "Cloud"), ("2026-Q3",)),
            },
            has_activities=False,
            has_customers=False,
            has_partner_list=False,
        ),
        "one period, customers alone": card(
            changed(filled(("Acme", None), ("2026-Q3",)), lambda c: Counts(customers=c.customers, retained=c.retained)),
            periods=("2026-Q3",),
            has_activities=False,
            has_partner_list=False,
        ),
        "all time": card(
            filled(NAMES, ("all time",)), periods=("all time",), period_kind="all", as_of=None, has_partner_list=False
        ),
        "months": card(filled(NAMES, months), periods=months, period_kind="month"),
        "years": card(filled(NAMES, years), periods=years, period_kind="year", so_far=so_far("2025")),
        "first period": card(usual, current="2026-Q1"),
        "no activities": card(changed(usual, lambda c: replace(c, activities=0)), has_activities=False),
        "no customers": card(changed(usual, lambda c: replace(c, customers=0, retained=0)), has_customers=False),
        "customers without partners": card(usual, customers_have_partners=False, worth=MONEY),
        "money": card(usual, partners=listed, worth=MONEY),
        "nobody retained": card(changed(usual, lambda c: replace(c, retained=0))),
        "no partner list": card(changed(usual, lambda c: replace(c, invited=None)), has_partner_list=False),
        "no answers now": card(changed(usual, scores["no answers"], "2026-Q3")),
        "no answers before": card(changed(usual, scores["no answers"], "2026-Q2")),
        "no answers at all": card(changed(usual, scores["no answers"])),
        "nothing at all": card(
            {("Acme", "2026-Q3"): Counts()},
            has_activities=False,
            has_customers=False,
            has_partner_list=False,
            customers_have_partners=False,
            sources=(),
            notes=(),
        ),
        "no partner named": card(filled((None,)), has_partner_list=False),
        "all scores equal": card(changed(usual, lambda c: replace(c, scores=ScoreTally(0, 10, 0)))),
        "all promoters": card(changed(usual, lambda c: replace(c, scores=ScoreTally(0, 0, 20)))),
        "all detractors": card(changed(usual, lambda c: replace(c, scores=ScoreTally(30, 0, 0)))),
        "single answer": card({("Acme", "2026-Q3"): Counts(ScoreTally(0, 0, 1), 1, 1, 1, 1)}),
        "a sure rise": card(
            {("Acme", "2026-Q2"): Counts(ScoreTally(400, 50, 50)), ("Acme", "2026-Q3"): Counts(ScoreTally(50, 50, 400))}
        ),
        "hostile names": card(filled((*HOSTILE_NAMES, None)), title="=1+1 & <title> \x07" + "long " * 40),
        "tiers with benchmarks of their own": card(
            usual,
            partners=tuple(
                Partner(name, tier=("Gold", "Silver*", None)[place % 3]) for place, name in enumerate(NAMES)
            ),
            tier_benchmarks={
                tier: dict(DEFAULT_BENCHMARKS) | {"nps": benchmark} | OF_TIERS.get(tier, {})
                for tier, benchmark in {
                    "Gold": Benchmark.from_thresholds(
                        "nps", {"watch": 40, "strong": 60.5, "exceptional": 90}, target=60
                    ),
                    "Silver*": Benchmark.from_thresholds("nps", {"watch": 0, "strong": 5, "exceptional": 10}, target=5),
                    "Bronze": Benchmark.from_thresholds("nps", {"watch": 1, "strong": 2, "exceptional": 3}, target=2),
                }.items()
            },
        ),
        "other rules": card(
            usual,
            confidence=0.8,
            min_responses=9,
            weights=(1.0, 0.0, 3.0),
            benchmarks={
                **DEFAULT_BENCHMARKS,
                "nps": Benchmark.from_thresholds("nps", {"watch": -20.5, "strong": 12.25}, target=-5),
                "advocacy": Benchmark.from_thresholds("advocacy", {"strong": 40}, worst="watch", target=33.5),
            },
        ),
    }


@cache
def demo_card() -> Scorecard:
    """Return the scorecard of the demo's data, counted once."""
    return once("demo card", _count_demo)


def _count_demo() -> Scorecard:
    """Read the demo's data."""
    from partnerkpi.config import Config
    from partnerkpi.demo import write_demo_data
    from partnerkpi.results.kinds import sort_out
    from partnerkpi.scorecard.build import build_scorecard
    from partnerkpi.tables.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder, Workspace() as workspace:
        files = write_demo_data(Path(folder))
        sources = [str(path) for path in (files.responses, files.activities, files.customers, files.partners)]
        return build_scorecard(sort_out(workspace, sources, {}, {}), Config())
