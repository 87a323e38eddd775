"""What the KPIs mean: pure functions and small frozen values. Standard library only, no files, no frames."""

from __future__ import annotations

from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, RATING_ORDER, Band, Benchmark, worst_rating
from partnerkpi.kpi.health import DEFAULT_ANCHORS, DEFAULT_WEIGHTS, Health, health
from partnerkpi.kpi.intervals import Interval, Pooled, agresti_caffo, holm, pooled, shrink, wilson, z_value
from partnerkpi.kpi.retention import (
    RetentionTally,
    gross_revenue_retention,
    influence_index_from_rates,
    net_revenue_retention,
    retention_rate_from_counts,
)
from partnerkpi.kpi.scores import (
    AdjustedNps,
    Change,
    ScoreTally,
    Shares,
    benchmark_test,
    change,
    classify,
    partner_nps,
    respondent_nps,
    response_rate,
    revenue_weighted_nps,
    rolling_nps,
    shrunk_nps,
)

__all__ = [
    "DEFAULT_ANCHORS",
    "DEFAULT_BENCHMARKS",
    "DEFAULT_WEIGHTS",
    "RATING_ORDER",
    "AdjustedNps",
    "AdvocacyTally",
    "Band",
    "Benchmark",
    "Change",
    "Health",
    "Interval",
    "Pooled",
    "RetentionTally",
    "ScoreTally",
    "Shares",
    "agresti_caffo",
    "benchmark_test",
    "change",
    "classify",
    "gross_revenue_retention",
    "health",
    "holm",
    "influence_index_from_rates",
    "net_revenue_retention",
    "partner_nps",
    "pooled",
    "respondent_nps",
    "response_rate",
    "retention_rate_from_counts",
    "revenue_weighted_nps",
    "rolling_nps",
    "shrink",
    "shrunk_nps",
    "wilson",
    "worst_rating",
    "z_value",
]
