"""What people read when a number cannot be: word for word, because it stands in a cell or a terminal."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import AdvocacyTally, Band, Benchmark, RetentionTally, SamePartners, ScoreTally
from partnerkpi.kpi.benchmark import worst_rating
from partnerkpi.kpi.clustered import clustered_change, clustered_revenue_nps, t_value
from partnerkpi.kpi.conditional import Pairs, conditional_test, mcnemar
from partnerkpi.kpi.declared import declared
from partnerkpi.kpi.exact import (
    binomial_at_most,
    clopper_pearson,
    equal_counts_p,
    hypergeometric_at_most,
    less_often_p,
)
from partnerkpi.kpi.health import health
from partnerkpi.kpi.intervals import adjusted_difference, holm, shrink, wilson, z_value
from partnerkpi.kpi.movement import activity_change, answers_needed, rate_change, share_change
from partnerkpi.kpi.outlook import advocacy_outlook, nps_outlook
from partnerkpi.kpi.planning import Shares, answers_for_interval, answers_to_tell, coming
from partnerkpi.kpi.ranking import ranking
from partnerkpi.kpi.retention import (
    gross_revenue_retention,
    influence_index_from_rates,
    net_revenue_retention,
    retention_rate_from_counts,
)
from partnerkpi.kpi.rewards import Kept, Level, check_levels
from partnerkpi.kpi.scores import benchmark_test, classify, response_rate, revenue_weighted_nps, rolling_nps
from partnerkpi.kpi.whatif import moves_to
from partnerkpi.kpi.words import log_odds

INFINITY = math.inf
TALLY = ScoreTally(1, 3, 6)
WHOLE = "allowed: a whole number of 0 or more"
MONEY = "allowed: 0 or more"
ANY = "allowed: any finite number"
SHARE = "allowed: between 0 and 1, such as 0.8 for 80 %"
USUAL = Shares(0.15, 0.25, 0.6)

REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: AdvocacyTally(-1, 0, 0), f"partners is -1; {WHOLE}"),
    (lambda: AdvocacyTally(1, 0, -1), f"activities is -1; {WHOLE}"),
    (lambda: AdvocacyTally(4, 5, 9), "active partners is 5; allowed: at most 4, the number of partners"),
    (
        lambda: AdvocacyTally(4, 3, 2),
        "active partners is 3 with 2 activities; allowed: at most one active partner for each activity",
    ),
    (lambda: AdvocacyTally(4, 0, 1), "activities is 1 with no active partner; allowed: 0, or name who gave them"),
    (lambda: AdvocacyTally(4, -1, 9), f"active partners is -1; {WHOLE}"),
    (lambda: SamePartners(-1), f"partners of both periods is -1; {WHOLE}"),
    (lambda: SamePartners(4, 5), "partners that began is 5; allowed: at most 4, the partners of both periods"),
    (
        lambda: SamePartners(4, 3, 2),
        "partners that stopped is 2; allowed: at most 1, the partners that did not begin",
    ),
    (lambda: t_value(0.95, -1), f"degrees of freedom is -1; {WHOLE}"),
    (lambda: t_value(0.95, 0), "degrees of freedom is 0; allowed: 1 or more"),
    (lambda: clustered_revenue_nps([TALLY], []), "1 partners and 0 revenues; allowed: one for each"),
    (lambda: clustered_revenue_nps([TALLY], [-1]), f"revenue is -1; {MONEY}"),
    (lambda: clustered_change([TALLY], []), "1 partners before and 0 after; allowed: the same ones"),
    (lambda: Pairs(-1), f"persons is -1; {WHOLE}"),
    (lambda: Pairs(3, 7), "sums is 7; allowed: a whole number from -6 to 6"),
    (lambda: Pairs(3, 1.0), "sums is 1.0; allowed: a whole number from -6 to 6"),  # type: ignore[arg-type]
    (lambda: Pairs(3, 0, True), "products is True; allowed: a whole number from -3 to 3"),
    (lambda: conditional_test((1, 2, 3), (0, -1, 2)), f"number of answers is -1; {WHOLE}"),
    (
        lambda: conditional_test((5, 5, 0), (9, 9, 9), Pairs(11)),
        "11 persons answered on both sides; allowed: at most 10",
    ),
    (lambda: mcnemar(-1, 3), f"partners that began is -1; {WHOLE}"),
    (lambda: mcnemar(3, -1), f"partners that stopped is -1; {WHOLE}"),
    (lambda: classify(11), "score is 11; allowed: 0 to 10"),
    (lambda: ScoreTally(0, 2.5, 0), f"passives is 2.5; {WHOLE}"),  # type: ignore[arg-type]
    (lambda: TALLY.few_responses(-1), f"minimum number of responses is -1; {WHOLE}"),
    (lambda: TALLY.adjusted(-1), f"population is -1; {WHOLE}"),
    (lambda: TALLY.adjusted(9), "population is 9; allowed: at least 10, the number of responses"),
    (lambda: Band(" ", 0, 1), "band name is ' '; allowed: a word"),
    (lambda: Band("watch", 2, 1), "band 'watch' runs from 2 to 1; allowed: low below high"),
    (lambda: Benchmark("nps", (), 50), "nps has no bands; allowed: one or more, worst first"),
    (lambda: Benchmark("nps", (Band("watch", -INFINITY, INFINITY),), math.nan), f"target of nps is nan; {ANY}"),
    (
        lambda: Benchmark("nps", (Band("watch", 0, INFINITY),), 50),
        "bands of nps run from 0 to inf; allowed: the lowest open below, the highest open above",
    ),
    (
        lambda: Benchmark("nps", (Band("watch", -INFINITY, 30), Band("strong", 50, INFINITY)), 50),
        "bands of nps: 'watch' ends at 30, 'strong' starts at 50; allowed: the end of one is the start of the next",
    ),
    (
        lambda: Benchmark("nps", (Band("watch", -INFINITY, 30), Band("watch", 30, INFINITY)), 50),
        "bands of nps are watch, watch; allowed: each name once",
    ),
    (
        lambda: Benchmark("nps", (Band("strong", -INFINITY, 30), Band("watch", 30, INFINITY)), 50),
        "bands of nps are strong, watch, worst first; allowed: investigate < watch < strong < exceptional",
    ),
    (
        lambda: Benchmark.from_thresholds("nps", {"watch": INFINITY}, target=50),
        f"threshold of 'watch' is inf; {ANY}",
    ),
    (
        lambda: Benchmark.from_thresholds("nps", {"watch": 30}, target=50).rank("strong"),
        "rating is 'strong'; allowed for nps: investigate, watch",
    ),
    (lambda: Benchmark.from_thresholds("nps", {"watch": 30}, target=50).rating(math.nan), f"nps is nan; {ANY}"),
    (
        lambda: Benchmark.from_thresholds("nps", {"watch": 30}, target=50, label="NPS").rating(INFINITY),
        f"NPS is inf; {ANY}",
    ),
    (lambda: worst_rating(["amber"]), "rating is 'amber'; allowed: investigate, watch, strong, exceptional"),
    (lambda: declared(101, 30), "declared NPS is 101; allowed: -100 to 100"),
    (lambda: declared(70, -1), f"answers is -1; {WHOLE}"),
    (lambda: declared(70, 0), "answers is 0; allowed: 1 or more, a declared NPS comes from answers"),
    (lambda: declared(70, 30, decimals=-1), f"decimals is -1; {WHOLE}"),
    (lambda: binomial_at_most(1, -1, 0.5), f"trials is -1; {WHOLE}"),
    (lambda: binomial_at_most(-1, 2, 0.5), f"successes is -1; {WHOLE}"),
    (lambda: binomial_at_most(1, 2, 1.5), "share is 1.5; allowed: 0 to 1"),
    (lambda: binomial_at_most(1, 2, -0.5), "share is -0.5; allowed: 0 to 1"),
    (lambda: clopper_pearson(1, -1), f"total is -1; {WHOLE}"),
    (lambda: clopper_pearson(3, 2), "successes is 3; allowed: at most 2, the total"),
    (lambda: equal_counts_p(-1, 1), f"first count is -1; {WHOLE}"),
    (lambda: equal_counts_p(1, -1), f"second count is -1; {WHOLE}"),
    (lambda: hypergeometric_at_most(1, 1, 1, -1), f"total is -1; {WHOLE}"),
    (lambda: hypergeometric_at_most(1, 3, 1, 2), "drawn is 3; allowed: at most 2, the total"),
    (lambda: hypergeometric_at_most(1, 1, 3, 2), "marked is 3; allowed: at most 2, the total"),
    (lambda: hypergeometric_at_most(-1, 1, 1, 2), f"count is -1; {WHOLE}"),
    (lambda: less_often_p((1, -1), (1, 2)), f"total of these is -1; {WHOLE}"),
    (lambda: less_often_p((3, 2), (1, 2)), "successes of these is 3; allowed: at most 2, its total"),
    (lambda: less_often_p((1, 2), (1, -1)), f"total of the others is -1; {WHOLE}"),
    (lambda: less_often_p((1, 2), (3, 2)), "successes of the others is 3; allowed: at most 2, its total"),
    (lambda: health(101, 50, 50), "NPS is 101; allowed: -100 to 100"),
    (lambda: health(50, -1, 50), "active share is -1; allowed: 0 to 100"),
    (lambda: health(50, 50, -1), "influence share is -1; allowed: 0 to 100"),
    (lambda: health(50, 50, 50, weights=(1, -1, 1)), f"weight is -1; {MONEY}"),
    (
        lambda: health(50, 50, 50, weights=(0, 0, 0)),
        "weights are (0, 0, 0); allowed: three numbers of 0 or more, not all 0",
    ),
    (lambda: health(50, 50, 50, anchors=((math.nan, 50), (0, 75), (0, 75))), f"anchor is nan; {ANY}"),
    (lambda: health(50, 50, 50, anchors=((0, INFINITY), (0, 75), (0, 75))), f"anchor is inf; {ANY}"),
    (
        lambda: health(50, 50, 50, anchors=((0, 50), (75, 75), (0, 75))),
        "anchors are ((0, 50), (75, 75), (0, 75)); allowed: three pairs with the low one below the high one",
    ),
    (lambda: z_value(95), "confidence is 95; allowed: between 0 and 1, such as 0.95 for 95 %"),
    (lambda: wilson(1, -1), f"total is -1; {WHOLE}"),
    (lambda: wilson(3, 2), "successes is 3; allowed: at most 2, the total"),
    (lambda: adjusted_difference(1, -1, 1, 2), f"total of the first group is -1; {WHOLE}"),
    (lambda: adjusted_difference(1, 2, 1, -1), f"total of the second group is -1; {WHOLE}"),
    (lambda: adjusted_difference(3, 2, 1, 2), "successes of the first group is 3; allowed: at most 2, its total"),
    (lambda: adjusted_difference(1, 2, 3, 2), "successes of the second group is 3; allowed: at most 2, its total"),
    (lambda: holm([1.5]), "p-value is 1.5; allowed: 0 to 1"),
    (lambda: holm([-0.5]), "p-value is -0.5; allowed: 0 to 1"),
    (lambda: shrink([1, 2], [1]), "2 estimates and 1 variances; allowed: one for each"),
    (lambda: shrink([1], [-1]), f"variance is -1; {MONEY}"),
    (lambda: shrink([1], [0]), "variance is 0; allowed: above 0, no estimate is beyond doubt"),
    (lambda: shrink([math.nan], [1]), f"estimate is nan; {ANY}"),
    (lambda: share_change((1, -1), (1, 2)), f"total before is -1; {WHOLE}"),
    (lambda: share_change((3, 2), (1, 2)), "successes before is 3; allowed: at most 2, its total"),
    (lambda: share_change((1, 2), (1, -1)), f"total after is -1; {WHOLE}"),
    (lambda: share_change((1, 2), (3, 2)), "successes after is 3; allowed: at most 2, its total"),
    (lambda: rate_change((3, 2), (1, 2)), "successes before is 3; allowed: at most 2, its total"),
    (lambda: rate_change((1, 2), (1, -1)), f"total after is -1; {WHOLE}"),
    (lambda: activity_change(-1, 2), f"activities before is -1; {WHOLE}"),
    (lambda: activity_change(2, -1), f"activities after is -1; {WHOLE}"),
    (lambda: answers_needed(TALLY, 201), "points is 201; allowed: 0 to 200"),
    (lambda: answers_needed(TALLY, 0), "points is 0; allowed: above 0, no number of answers tells no change"),
    *(
        (
            lambda power=power: answers_needed(TALLY, power=power),
            f"power is {power}; {SHARE}",
        )
        for power in (0, 1, 1.5, 80)
    ),
    (lambda: nps_outlook([], expected=-1), f"expected answers is -1; {WHOLE}"),
    (lambda: advocacy_outlook([], expected=-1), f"expected partners is -1; {WHOLE}"),
    (lambda: nps_outlook([], ahead=-1), f"periods ahead is -1; {WHOLE}"),
    (lambda: nps_outlook([], ahead=0), "periods ahead is 0; allowed: 1, the next period, or more"),
    (lambda: answers_for_interval(101, USUAL), "points is 101; allowed: 0 to 100"),
    (lambda: answers_for_interval(-1, USUAL), "points is -1; allowed: 0 to 100"),
    (
        lambda: answers_for_interval(0, USUAL),
        "points is 0; allowed: above 0, only everybody's answer leaves no doubt",
    ),
    (lambda: answers_for_interval(10, USUAL, often=1), f"often is 1; {SHARE}"),
    (lambda: answers_for_interval(10, USUAL, population=-1), f"population is -1; {WHOLE}"),
    (lambda: answers_to_tell(201, USUAL), "points is 201; allowed: 0 to 200"),
    (lambda: answers_to_tell(-1, USUAL), "points is -1; allowed: 0 to 200"),
    (lambda: answers_to_tell(0, USUAL), "points is 0; allowed: above 0, no number of answers tells no change"),
    (lambda: answers_to_tell(20, USUAL, power=0), f"power is 0; {SHARE}"),
    (lambda: coming(-1, (1, 2), (1, 2)), f"invited is -1; {WHOLE}"),
    (lambda: ranking({}, min_responses=-1), f"minimum number of responses is -1; {WHOLE}"),
    (lambda: RetentionTally(-1, 0), f"customers is -1; {WHOLE}"),
    (lambda: RetentionTally(10, 11), "retained customers is 11; allowed: at most 10, the number of customers"),
    (lambda: RetentionTally(10, 5, 11, 5), "partner customers is 11; allowed: at most 10, the number of customers"),
    (
        lambda: RetentionTally(10, 5, 4, 5),
        "retained partner customers is 5; allowed: at most 4, the number of partner customers",
    ),
    (
        lambda: RetentionTally(10, 5, 8, 6),
        "retained partner customers is 6; allowed: at most 5, all customers that were retained",
    ),
    (
        lambda: RetentionTally(10, 9, 8, 2),
        "retained customers without a partner is 7; allowed: at most 2, the customers without a partner",
    ),
    (
        lambda: RetentionTally(10, 5, 4, None),
        "partner customers is 4 and retained partner customers is None; allowed: both known, or both None",
    ),
    (
        lambda: RetentionTally(10, 5) + RetentionTally(10, 5, 4, 3),
        "one tally knows which customers came with a partner and the other does not; "
        "allowed: add tallies that both know, or leave the partners out of both",
    ),
    (lambda: retention_rate_from_counts(-1, 2, 1), f"customers at the start is -1; {MONEY}"),
    (lambda: retention_rate_from_counts(2, -1, 1), f"customers at the end is -1; {MONEY}"),
    (lambda: retention_rate_from_counts(2, 2, -1), f"new customers is -1; {MONEY}"),
    (lambda: retention_rate_from_counts(9, 5, 6), "new customers is 6; allowed: at most 5, the customers at the end"),
    (
        lambda: retention_rate_from_counts(3, 5, 1),
        "customers at the end without the new ones is 4; allowed: at most 3, the customers at the start",
    ),
    (lambda: influence_index_from_rates(101, 80), "partner retention rate is 101; allowed: 0 to 100"),
    (lambda: influence_index_from_rates(-1, 80), "partner retention rate is -1; allowed: 0 to 100"),
    (lambda: influence_index_from_rates(90, 101), "overall retention rate is 101; allowed: 0 to 100"),
    (lambda: influence_index_from_rates(90, -1), "overall retention rate is -1; allowed: 0 to 100"),
    (lambda: net_revenue_retention(-1, 0, 0, 0), f"revenue at the start is -1; {MONEY}"),
    (lambda: net_revenue_retention(1, -1, 0, 0), f"expansion is -1; {MONEY}"),
    (lambda: gross_revenue_retention(-1, 0, 0), f"revenue at the start is -1; {MONEY}"),
    (lambda: gross_revenue_retention(1, -1, 0), f"contraction is -1; {MONEY}"),
    (lambda: gross_revenue_retention(1, 0, -1), f"churn is -1; {MONEY}"),
    (
        lambda: gross_revenue_retention(1, 1, 1),
        "contraction and churn is 2; allowed: at most 1, the revenue there was",
    ),
    (lambda: Kept(-1, 0), f"customers is -1; {WHOLE}"),
    (lambda: Kept(2, 3), "retained customers is 3; allowed: at most 2, the number of customers"),
    (lambda: Level("Gold", -1), "retention_from of Gold is -1; allowed: 0 to 100"),
    (lambda: Level("Gold", 90, -1), f"min_customers of Gold is -1; {WHOLE}"),
    (
        lambda: check_levels([Level("Gold", 90), Level("Bronze", 80)]),
        "level 'Bronze' begins at 80 %, below 'Gold' before it at 90 %; allowed: lowest level first",
    ),
    (
        lambda: check_levels([Level("Gold", 80), Level("Gold", 90)]),
        "two levels are called 'Gold'; allowed: a name for each",
    ),
    (lambda: benchmark_test(TALLY, 101), "benchmark is 101; allowed: -100 to 100"),
    (
        lambda: benchmark_test(TALLY, 50, "over"),  # type: ignore[arg-type]
        "direction is 'over'; allowed: 'above' or 'below'",
    ),
    (lambda: response_rate(-1, 2), f"answered is -1; {WHOLE}"),
    (lambda: response_rate(2, -1), f"invited is -1; {WHOLE}"),
    (lambda: revenue_weighted_nps([TALLY], [1, 2]), "1 partners and 2 revenues; allowed: one for each"),
    (lambda: revenue_weighted_nps([TALLY], [-1]), f"revenue is -1; {MONEY}"),
    (lambda: rolling_nps([TALLY], -1), f"window is -1; {WHOLE}"),
    (lambda: rolling_nps([TALLY], 0), "window is 0; allowed: 1 period or more"),
    (lambda: moves_to(TALLY, math.nan), f"NPS to reach is nan; {ANY}"),
    (lambda: log_odds(1, -1, 1, 2, 1), f"words of the first group is -1; {WHOLE}"),
    (lambda: log_odds(1, 2, 1, -1, 1), f"words of the second group is -1; {WHOLE}"),
    (lambda: log_odds(3, 2, 1, 2, 1), "this word in the first group is 3; allowed: at most 2, its words"),
    (lambda: log_odds(1, 2, 3, 2, 1), "this word in the second group is 3; allowed: at most 2, its words"),
    (lambda: log_odds(1, 2, 1, 2, 1, -1), f"prior total is -1; {MONEY}"),
    (lambda: log_odds(1, 2, 1, 2, -1), f"prior is -1; {MONEY}"),
    (lambda: log_odds(1, 2, 1, 2, 5.0, 5.0), "prior is 5.0 of 5.0; allowed: above 0 and below the total"),
]


@pytest.mark.parametrize(("refused", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_a_refusal_says_what_was_given_and_what_is_allowed(refused: Callable[[], object], message: str) -> None:
    """The whole message: which number, its value, and what it may be."""
    with pytest.raises(KpiValueError) as caught:
        refused()
    assert str(caught.value) == message
