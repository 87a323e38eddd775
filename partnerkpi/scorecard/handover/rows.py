"""The rows of the tables that are handed over: the figures of the KPI commands, and the scorecard's calls.

Figures are those that `nps`, `advocacy` and `retention` print with `--by partner` and the same period and options, so
nothing is worked out twice. Counts are kept apart from figures, at one level, so that they add up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.benchmark import of_tier
from partnerkpi.kpi.scores import response_rate
from partnerkpi.periods import Period, first_day, gapless, is_to_date, last_day, period_words, shift, year_before
from partnerkpi.results.advocacy import advocacy, read_partners
from partnerkpi.results.kinds import Tables
from partnerkpi.results.nps import nps
from partnerkpi.results.result import KpiResult, Question, TieredBenchmark
from partnerkpi.results.retention import retention
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.handover.dictionary import BOTH, PARTNER, PERIOD, WHOLE
from partnerkpi.scorecard.parts import ALL_TIME
from partnerkpi.tables.columns import Columns

Row = Mapping[str, Any]

_POINTS, _PERCENT, _INDEX, _DIFFERENCE = "points", "per cent", "index, 100 is parity", "percentage points"


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of a KPI's rows: its key, its unit, what its bounds begin with, what it is of, and if it is rated."""

    key: str
    unit: str
    count: str
    bounds: str | None = None
    rated: bool = False
    always: bool = False  # a row without data says so


_FIGURES: Mapping[str, tuple[_Figure, ...]] = {
    "nps": (_Figure("nps", _POINTS, "responses", "", rated=True, always=True),),
    "advocacy": (
        _Figure("active_share", _PERCENT, "partners", "", rated=True, always=True),
        _Figure("advocacy_per_partner", "activities per partner", "partners"),
        _Figure("intensity", "activities per active partner", "active"),
    ),
    "retention": (
        _Figure("retention_rate", _PERCENT, "customers", "", always=True),
        _Figure("influence_share", _PERCENT, "retained", "influence_", rated=True),
        _Figure("influence_index", _INDEX, "customers"),
        _Figure("base_share", _PERCENT, "customers"),
        _Figure("lift_points", _DIFFERENCE, "customers", "lift_"),
        _Figure("part_of_retained", _PERCENT, "customers"),
        _Figure("others_rate", _PERCENT, "customers"),
        _Figure("net_revenue_retention", _PERCENT, "customers"),
        _Figure("gross_revenue_retention", _PERCENT, "customers"),
    ),
}


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The rows by table, and what a reader should be told."""

    rows: Mapping[str, list[Row]]
    notes: tuple[str, ...]


def hand_over(
    tables: Tables, card: Scorecard, config: Config, *, as_of: dt.date | None = None, attributed: str | None = None
) -> HandedOver:
    """Return the rows of every table; those of a kind that was not given are none.

    `as_of` is the last day that counts, as for the commands. The period is the scorecard's. Answers 9, 9, 7, 3 of one
    partner have the figure nps 25 at every level.
    """
    kind = card.period_kind
    question = replace(Question.of(config, by=("partner",), period=kind, window=(None, as_of)), period=kind)
    results, notes = _results(tables, question, config, as_of, attributed)
    labels = {row["period"] for result in results.values() for row in result.rows if row["period"] is not None}
    periods = gapless(labels | set(card.periods), kind) if kind != "all" else []
    targets = {kpi: TieredBenchmark.of(config, kpi) for kpi in _FIGURES}
    tiers = {one.name: one.tier for one in card.partners}
    figures = [row for result in results.values() for row in _figures(result, targets[result.kpi], tiers)]
    rows = {
        "partners": _partners(card),
        "periods": [_period(card, kind, label, periods) for label in periods],
        "figures": [*figures, *_response_rates(card)],
        "answers": list(_answers(card, results.get("nps"))),
        "activities": list(_activities(tables, results.get("advocacy"), question, config)),
        "customers": list(_customers(results.get("retention"))),
        "actions": _actions(card),
    }
    return HandedOver(rows, notes)


def _results(
    tables: Tables, question: Question, config: Config, as_of: dt.date | None, attributed: str | None
) -> tuple[dict[str, KpiResult], tuple[str, ...]]:
    """Return the result of each KPI that has its tables, and why there is none of the others."""
    results: dict[str, KpiResult] = {}
    notes = []
    if tables.responses is not None:
        results["nps"] = nps(
            *tables.responses, _by_what(*tables.responses, question), TieredBenchmark.of(config, "nps")
        )
    if tables.activities is not None and tables.partners is not None:
        members = read_partners(*tables.partners)
        benchmark = TieredBenchmark.of(config, "advocacy")
        results["advocacy"] = advocacy(*tables.activities, members, question, question.window, benchmark)
    elif tables.activities is not None:
        notes.append("no list of partners was given, so there are no figures of advocacy and no activities")
    if tables.customers is not None:
        results["retention"] = retention(
            *tables.customers,
            _by_what(*tables.customers, question),
            attributed=attributed,
            as_of=as_of,
            benchmark=TieredBenchmark.of(config, "retention"),
        )
    return results, tuple(notes)


def _by_what(_: Any, columns: Columns, question: Question) -> Question:
    """Return the question by partner where the table names partners, else that of the whole."""
    return question if columns.get("partner") is not None else replace(question, by=())


def _level(row: Row) -> str:
    return (BOTH if row["period"] else PARTNER) if row["group"] else (PERIOD if row["period"] else WHOLE)


def _figures(result: KpiResult, targets: TieredBenchmark, tiers: Mapping[str, str | None]) -> Iterator[Row]:
    for row in result.rows:
        partner = row["group"].get("partner")
        benchmark = of_tier(tiers.get(partner or ""), targets.tiers, targets.everybodys)
        for one in _FIGURES[result.kpi]:
            value = row.get(one.key)
            if value is None and not one.always:
                continue
            bounds = one.bounds is not None
            rated = one.rated and (result.kpi == "nps" or not row["group"])
            yield {
                "level": _level(row),
                "partner": partner,
                "period": row["period"],
                "kpi": result.kpi,
                "figure": one.key,
                "unit": one.unit,
                "value": value,
                "low": row[f"{one.bounds}low"] if bounds else None,
                "high": row[f"{one.bounds}high"] if bounds else None,
                "clustered_low": row.get("clustered_low"),
                "clustered_high": row.get("clustered_high"),
                "count": row[one.count],
                "rating": row["rating"] if rated else None,
                "target": benchmark.target if rated else None,
                "flags": "; ".join(row["flags"]),
            }


def _response_rates(card: Scorecard) -> Iterator[Row]:
    """Yield the response rates, of everybody and of each partner, in each period in which people were invited."""
    for period in card.periods:
        label = None if period == ALL_TIME else period
        invited = card.total_invited(period)
        told: list[tuple[str | None, bool, int, int | None]] = [(None, False, card.answers_of_invited(period), invited)]
        for one in card.partners:
            count = card.count(one.name, period)
            told.append((one.name, True, count.scores.responses, count.invited))
        for name, grouped, answered, asked in told:
            rate = response_rate(answered, asked) if asked else None
            if rate is not None:
                row = {"group": {"partner": name} if grouped else {}, "period": label}
                yield {
                    "level": _level(row),
                    "partner": name,
                    "period": label,
                    "kpi": "nps",
                    "figure": "response_rate",
                    "unit": _PERCENT,
                    "value": rate,
                    "count": asked,
                    "flags": "to date" if card.is_to_date(period) else "",
                }


def _partners(card: Scorecard) -> list[Row]:
    standings = {one.aim.partner: one.status for one in card.targets if one.aim.partner is not None}
    return [
        {
            "partner": one.name,
            "listed": one.listed,
            "tier": one.tier,
            "region": one.region,
            "owner": one.owner,
            "annual_value": one.annual_value,
            "target": one.target,
            "target_date": one.target_date,
            "target_status": standings.get(one.name),
        }
        for one in card.partners
    ]


def _period(card: Scorecard, kind: Period, label: str, periods: Sequence[str]) -> Row:
    before, year = shift(label, kind, -1), year_before(label, kind)
    return {
        "period": label,
        "name": period_words(label),
        "kind": str(kind),
        "first_day": first_day(label, kind),
        "last_day": last_day(label, kind),
        "is_current": label == card.current,
        "is_to_date": is_to_date(label, kind, card.as_of),
        "previous_period": before if before in periods else None,
        "year_before": year if year in periods else None,
    }


def _each(result: KpiResult | None, keys: Sequence[str]) -> Iterator[Row]:
    """Yield the counts of a result by group and period, and those that are in no period: they add up to the whole."""
    if result is None:
        return
    grouped = [row for row in result.rows if row["group"]] or list(result.rows)
    whole = {tuple(row["group"].items()): row for row in grouped if row["period"] is None}
    dated = any(row["period"] is not None for row in grouped)
    for group, all_time in whole.items():
        parts = [row for row in grouped if row["period"] is not None and tuple(row["group"].items()) == group]
        rest = {key: all_time[key] - sum(row[key] for row in parts) for key in keys}
        for period, counts in [*((row["period"], row) for row in parts), (None, rest)]:
            if any(counts[key] for key in keys):
                named = dict(group)
                yield {
                    **{name: value for name, value in named.items() if name != "partner"},
                    "level": BOTH if dated else PARTNER,
                    "partner": named.get("partner"),
                    "period": period,
                    **{key: counts[key] for key in keys},
                }


def _answers(card: Scorecard, result: KpiResult | None) -> Iterator[Row]:
    """Yield the counts of answers; who was invited and did not answer at all has a row as well."""
    seen = set()
    for row in _each(result, ("responses", "promoters", "passives", "detractors")):
        label = row["period"] or (ALL_TIME if card.period_kind == "all" else "")
        seen.add((row["partner"], label))
        yield {**row, "invited": card.count(row["partner"], label).invited}
    for name in card.names():
        for label in card.periods:
            invited = card.count(name, label).invited
            if invited and (name, label) not in seen:
                none = dict.fromkeys(("responses", "promoters", "passives", "detractors"), 0)
                dated = label != ALL_TIME
                yield {
                    "level": BOTH if dated else PARTNER,
                    "partner": name,
                    "period": label if dated else None,
                    **none,
                    "invited": invited,
                }


def _activities(tables: Tables, result: KpiResult | None, question: Question, config: Config) -> Iterable[Row]:
    """Return the activities by partner, period and type, where the activities have a column of types of their own."""
    if result is None or tables.activities is None or tables.partners is None:
        return ()
    kind = tables.activities[1].get("activity_type")
    if kind is None or kind in {one.name for one in tables.partners[1].profiles}:
        return _each(result, ("activities",))
    typed = replace(question, by=("partner", kind))
    members = read_partners(*tables.partners)
    counted = advocacy(*tables.activities, members, typed, typed.window, TieredBenchmark.of(config, "advocacy"))
    return ({**row, "type": row.get(kind)} for row in _each(counted, ("activities",)))


def _customers(result: KpiResult | None) -> Iterator[Row]:
    for row in _each(result, ("customers", "retained")):
        yield {**row, "lost": row["customers"] - row["retained"]}


def _actions(card: Scorecard) -> list[Row]:
    return [
        {
            "partner": one.partner,
            "period": card.current if card.current != ALL_TIME else None,
            "due": one.due,
            "who": one.who,
            "owner": one.owner,
            "kind": one.kind,
            "reason": str(one.reason),
            "score": one.score,
            "value_at_stake": one.value_at_stake,
            "status": one.status,
        }
        for one in card.actions
    ]
