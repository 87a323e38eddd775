"""What the KPIs mean: pure functions and small frozen values. Standard library only, no files, no frames."""

from __future__ import annotations

from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, RATING_ORDER, Band, Benchmark, worst_rating
from partnerkpi.kpi.clustered import (
    Clustered,
    Clusters,
    clustered_change,
    clustered_nps,
    clustered_partner_nps,
    clustered_revenue_nps,
    t_value,
)
from partnerkpi.kpi.drivers import Contribution, Effects, contributions, effects
from partnerkpi.kpi.exact import binomial_at_most, clopper_pearson, equal_counts_p
from partnerkpi.kpi.health import DEFAULT_ANCHORS, DEFAULT_WEIGHTS, Health, health
from partnerkpi.kpi.intervals import Interval, Pooled, agresti_caffo, holm, pooled, shrink, wilson, z_value
from partnerkpi.kpi.movement import ActivityChange, activity_change, answers_needed, judged_together, share_change
from partnerkpi.kpi.ranking import Ranked, rank_bounds, ranking
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
from partnerkpi.kpi.whatif import Aim, Moves, OneAnswer, Reach, WhatIf, moves_to, one_answer, what_if

__all__ = [
    "DEFAULT_ANCHORS",
    "DEFAULT_BENCHMARKS",
    "DEFAULT_WEIGHTS",
    "RATING_ORDER",
    "ActivityChange",
    "AdjustedNps",
    "AdvocacyTally",
    "Aim",
    "Band",
    "Benchmark",
    "Change",
    "Clustered",
    "Clusters",
    "Contribution",
    "Effects",
    "Health",
    "Interval",
    "Moves",
    "OneAnswer",
    "Pooled",
    "Ranked",
    "Reach",
    "RetentionTally",
    "ScoreTally",
    "Shares",
    "WhatIf",
    "activity_change",
    "agresti_caffo",
    "answers_needed",
    "benchmark_test",
    "binomial_at_most",
    "change",
    "classify",
    "clopper_pearson",
    "clustered_change",
    "clustered_nps",
    "clustered_partner_nps",
    "clustered_revenue_nps",
    "contributions",
    "effects",
    "equal_counts_p",
    "gross_revenue_retention",
    "health",
    "holm",
    "influence_index_from_rates",
    "judged_together",
    "moves_to",
    "net_revenue_retention",
    "one_answer",
    "partner_nps",
    "pooled",
    "rank_bounds",
    "ranking",
    "respondent_nps",
    "response_rate",
    "retention_rate_from_counts",
    "revenue_weighted_nps",
    "rolling_nps",
    "share_change",
    "shrink",
    "shrunk_nps",
    "t_value",
    "what_if",
    "wilson",
    "worst_rating",
    "z_value",
]
