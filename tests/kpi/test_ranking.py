"""The order of partners, and what can be told of it."""

from __future__ import annotations

import itertools
import math
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from office import need_package

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import ScoreTally, answer_variance, change, holm, rank_bounds, ranking, shrunk_nps

counts = st.integers(0, 60)
tallies = st.builds(ScoreTally, counts, counts, counts)
programmes = st.dictionaries(st.text("abC é", max_size=3), tallies, max_size=8)

NEITHER = ["cannot tell"] * 2
SMALL, MIDDLE, WEAK = ScoreTally(0, 0, 6), ScoreTally(10, 20, 70), ScoreTally(40, 40, 20)


def test_the_worked_ranking() -> None:
    """Shrunk NPS 88.4, 59.7 and -19.0 in this order; who is first of the upper two cannot be told."""
    rows = ranking({"weak": WEAK, "middle": MIDDLE, "small": SMALL})
    assert [row.name for row in rows] == ["small", "middle", "weak"]
    assert [f"{row.shrunk:.4f}" for row in rows] == ["88.3509", "59.7421", "-19.0432"]
    assert [(row.rank, row.first_rank, row.last_rank) for row in rows] == [(1, 1, 2), (2, 1, 2), (3, 3, 3)]
    assert [row.standing for row in rows] == ["above", "above", "below"]


def test_too_few_answers_have_no_place() -> None:
    """Below the minimum a partner stands at the end, with its scores, without rank, bound, test or standing.

    Nor is it anybody's peer: the others are judged as if it were not there.
    """
    few = {"lucky": ScoreTally(0, 0, 4), "one": ScoreTally(4, 0, 0)}
    rows = ranking({**few, "weak": WEAK, "middle": MIDDLE})
    assert [row.name for row in rows] == ["middle", "weak", "lucky", "one"]
    for row in rows[2:]:
        assert row.shrunk is not None
        assert (row.rank, row.quartile, row.first_rank, row.last_rank, row.p_together) == (None,) * 5
        assert (row.against_peers.raw, row.standing) == (None, "cannot tell")
    alone = {row.name: row for row in ranking({"weak": WEAK, "middle": MIDDLE})}
    for row in rows[:2]:
        assert (row.against_peers, row.last_rank) == (alone[row.name].against_peers, alone[row.name].last_rank)
    assert [row.rank for row in ranking({**few, "weak": WEAK}, min_responses=4)] == [1, 2, 3]


def test_a_single_answer_varies_as_those_of_all_partners_do() -> None:
    """The pooled variance is the mean square within groups of a one-way analysis of variance, as statsmodels has it."""
    need_package("statsmodels")
    import numpy as np
    from statsmodels.api import OLS

    parts = [SMALL, MIDDLE, WEAK, ScoreTally(1, 0, 0), ScoreTally()]
    answers = np.concatenate(
        [np.repeat([-100, 0, 100], [part.detractors, part.passives, part.promoters]) for part in parts]
    )
    partner = np.repeat(range(len(parts)), [part.responses for part in parts])
    fitted = OLS(answers, np.eye(len(parts))[partner][:, :4]).fit()
    assert answer_variance(parts) == pytest.approx(fitted.mse_resid, rel=1e-12)
    # a passive and a promoter are half a point from their mean each: .5 over the five answers less two partners
    assert answer_variance([ScoreTally(0, 1, 1), ScoreTally(0, 0, 3)]) == pytest.approx(10_000 * 0.5 / 3)
    alike = [ScoreTally(0, 0, 5), ScoreTally(0, 4, 0)]
    assert answer_variance(alike) == pytest.approx(np.var([100] * 5 + [0] * 4, ddof=1))
    assert answer_variance([ScoreTally(0, 0, 5), ScoreTally(0, 0, 1)]) is None
    assert shrunk_nps([ScoreTally(0, 0, 5), ScoreTally(), ScoreTally(0, 0, 1)]) == [100, None, 100]


def test_against_its_peers_a_partner_is_tested_as_one_period_against_another() -> None:
    """The difference over the spread of all answers together: 70 promoters of 100 against 29 of 109."""
    middle = ranking({"weak": WEAK, "middle": MIDDLE, "small": ScoreTally(0, 0, 9)})[1]
    promoters, detractors, n = 70 + 29, 10 + 40, 209
    variance = ((promoters + detractors) / n - ((promoters - detractors) / n) ** 2) * n / (n - 1)
    lead = (70 - 10) / 100 - (29 - 40) / 109
    assert middle.against_peers.z == pytest.approx(lead / math.sqrt(variance * (1 / 100 + 1 / 109)))
    assert middle.against_peers.raw == pytest.approx(100 * lead)


def test_equal_partners_are_ordered_by_score_answers_and_name() -> None:
    """Where shrinkage makes all the same, the raw NPS decides, then the answers, then the name without case."""
    few, many = ScoreTally(2, 2, 4), ScoreTally(4, 4, 8)
    rows = ranking({"b": few, "Z": many, "C": few, "a": few, "lead": ScoreTally(2, 0, 6)})
    assert len({row.shrunk for row in rows}) == 1
    assert [row.name for row in rows] == ["lead", "Z", "a", "b", "C"]
    assert [row.rank for row in rows] == [1, 2, 3, 4, 5]
    assert all((row.first_rank, row.last_rank) == (1, 5) for row in rows)


def test_a_score_of_0_is_a_score() -> None:
    """It stands below one of half a point, shrunk or not, and above one of minus half a point."""
    spread = {"best": ScoreTally(0, 0, 50), "worst": ScoreTally(50, 0, 0)}
    half = {"over": ScoreTally(100, 0, 101), "even": ScoreTally(10, 10, 10), "under": ScoreTally(101, 0, 100)}
    assert [row.name for row in ranking(half | spread)] == ["best", "over", "even", "under", "worst"]
    alike = ranking(half)
    assert len({row.shrunk for row in alike}) == 1
    assert [row.name for row in alike] == ["over", "even", "under"]


@given(programmes, st.sampled_from([0.8, 0.95, 0.99]))
def test_a_partner_is_judged_against_its_peers_and_among_all(
    partners: dict[str, ScoreTally], confidence: float
) -> None:
    """The test is that of a change from the peers' answers to its own; what is said of it is Holm's over all."""
    rows = [row for row in ranking(partners, confidence) if row.rank is not None]
    for row in rows:
        peers = sum((other.tally for other in rows if other.name != row.name), ScoreTally())
        assert row.against_peers == change(peers, row.tally, confidence=confidence)
    words = {"up": "above", "down": "below", "cannot tell": "cannot tell"}
    for row, p in zip(rows, holm([row.against_peers.p for row in rows]), strict=True):
        if row.p_together is None:  # not tested, or the order does not bear it out
            assert row.standing == "cannot tell"
        else:
            assert row.p_together == p
            assert row.standing == words[row.against_peers.with_p(p, confidence).word]


sizes = st.sampled_from([0, 1, 3, 5, 8, 20, 60, 400, 3000])


@st.composite
def programmes_of_any_size(draw: st.DrawFn) -> dict[str, ScoreTally]:
    """Draw partners of very unequal size and score: one may have nearly all answers, and all may be alike."""
    found = {}
    for place in range(draw(st.integers(1, 12))):
        answers, weights = draw(sizes), draw(st.tuples(*[st.integers(0, 9)] * 3))
        total = sum(weights) or 1
        detractors, promoters = answers * weights[0] // total, answers * weights[2] // total
        found[f"p{place:02}"] = ScoreTally(detractors, answers - detractors - promoters, promoters)
    return found


@settings(max_examples=300)
@given(programmes_of_any_size(), st.sampled_from([0.5, 0.95]), st.integers(1, 9))
def test_a_row_never_contradicts_itself(partners: dict[str, ScoreTally], confidence: float, fewest: int) -> None:
    """Rank, possible ranks, quartile, standing and p of a partner can all be true at once.

    Too few answers have none of them. Above its peers is nobody who may be last or stands in the worse half of the
    order, below them nobody who may be first or stands in the better half; who can only be first is above its peers.
    """
    rows = ranking(partners, confidence, min_responses=fewest)
    ranked = [row for row in rows if row.rank is not None]
    assert {row.name for row in ranked} == {name for name, tally in partners.items() if tally.responses >= fewest}
    n = len(ranked)
    for row in rows:
        said = (row.rank, row.first_rank, row.last_rank)
        if row.rank is None or row.first_rank is None or row.last_rank is None:
            assert said == (None, None, None)
            assert (row.quartile, row.standing, row.p_together) == (None, "cannot tell", None)
            continue
        assert 1 <= row.first_rank <= row.rank <= row.last_rank <= n
        assert (row.standing != "cannot tell") == (row.p_together is not None and row.p_together < 1 - confidence)
        if row.standing == "above":
            assert row.last_rank < n
            assert (row.quartile or 1) <= 2
            assert (row.against_peers.raw or 0) > 0
        if row.standing == "below":
            assert row.first_rank > 1
            assert (row.quartile or 4) >= 3
            assert (row.against_peers.raw or 0) < 0
        if n > 1 and row.last_rank == 1:
            assert row.standing == "above"
        if n > 1 and row.first_rank == n:
            assert row.standing == "below"


def test_silent_partners_have_no_rank() -> None:
    """Without answers there is neither rank nor quartile nor bound; the name stays in the list, at its end."""
    rows = ranking({"Quiet": ScoreTally(), "b": MIDDLE, "also quiet": ScoreTally()})
    assert [row.name for row in rows] == ["b", "also quiet", "Quiet"]
    for row in rows[1:]:
        assert row.tally == ScoreTally()
        assert (row.rank, row.quartile, row.first_rank, row.last_rank, row.shrunk) == (None, None, None, None, None)
        assert (row.against_peers.raw, row.p_together, row.standing) == (None, None, "cannot tell")
    assert (rows[0].rank, rows[0].first_rank, rows[0].last_rank) == (1, 1, 1)
    assert ranking({}) == []


@pytest.mark.parametrize(
    ("partners", "quartiles"),
    [(1, [None]), (3, [None] * 3), (4, [1, 2, 3, 4]), (5, [1, 1, 2, 3, 4]), (8, [1, 1, 2, 2, 3, 3, 4, 4])],
)
def test_quartile_one_is_the_best_quarter(partners: int, quartiles: list[int | None]) -> None:
    """Quartile 1 is the best quarter of the order, as rank 1 is the best; a quarter of three partners is nothing."""
    rows = ranking({f"p{number}": ScoreTally(number * 10, 10, 100) for number in range(partners)})
    assert [row.quartile for row in rows] == quartiles


@given(programmes, st.sampled_from([0.8, 0.95, 0.99]))
def test_a_ranking_is_an_order(partners: dict[str, ScoreTally], confidence: float) -> None:
    """Every partner is there once, ranks count up, shrunk scores go down, and each rank lies within its bounds."""
    rows = ranking(partners, confidence)
    assert sorted(row.name for row in rows) == sorted(partners)
    ranked = [row for row in rows if row.rank is not None]
    assert [row.rank for row in ranked] == list(range(1, len(ranked) + 1))
    shown = [row.shrunk for row in ranked if row.shrunk is not None]
    assert shown == sorted(shown, reverse=True)
    assert dict(zip(partners, shrunk_nps(list(partners.values())), strict=True)) == {r.name: r.shrunk for r in rows}
    for row in ranked:
        assert row.rank is not None
        assert row.first_rank is not None
        assert row.last_rank is not None
        assert 1 <= row.first_rank <= row.rank <= row.last_rank <= len(ranked)


def test_a_shown_rank_is_possible_also_where_shrinkage_turns_the_order() -> None:
    """Forty-five answers with 60 are shown to be above 3,000 with 12, and stand below them: both can have both ranks.

    The order is SciPy's of the scores that statsmodels' pooling shrinks.
    """
    need_package("statsmodels")
    import numpy as np
    from scipy.stats import rankdata
    from statsmodels.stats.meta_analysis import combine_effects

    partners = {f"usual {number}": ScoreTally(900, 1200, 900) for number in range(10)}
    partners |= {"steady": ScoreTally(720, 1200, 1080), "few": ScoreTally(0, 18, 27)}
    scores = [tally.nps or 0 for tally in partners.values()]
    variances = [(answer_variance(list(partners.values())) or 0) / tally.responses for tally in partners.values()]
    common = combine_effects(np.array(scores), np.array(variances), method_re="dl")
    shrunk = [
        common.mean_effect_re + common.tau2 / (common.tau2 + variance) * (score - common.mean_effect_re)
        for score, variance in zip(scores, variances, strict=True)
    ]
    assert shrunk_nps(list(partners.values())) == pytest.approx(shrunk, abs=1e-9)
    theirs = dict(zip(partners, rankdata([-score for score in shrunk], "min"), strict=True))
    steady, few = ranking(partners)[:2]
    assert [(row.name, row.rank) for row in (steady, few)] == [("steady", theirs["steady"]), ("few", theirs["few"])]
    assert rank_bounds([steady.tally, few.tally, *[ScoreTally(900, 1200, 900)] * 10])[:2] == [(2, 2), (1, 1)]
    assert [(row.first_rank, row.last_rank) for row in (steady, few)] == [(1, 2), (1, 2)]


@settings(max_examples=15)
@given(st.lists(tallies, max_size=5), st.sampled_from([0.8, 0.95, 0.99]))
@example([ScoreTally(1, 1, 8), ScoreTally(17, 17, 16), ScoreTally(9, 0, 2)], 0.95)  # p .0229, .0045, .0465: all shown
@example([ScoreTally(9, 0, 2), ScoreTally(1, 1, 8), ScoreTally(17, 17, 16)], 0.95)
@example([ScoreTally(3, 3, 3), ScoreTally(4, 4, 4)], 0.1)
@example([ScoreTally(0, 0, 3), ScoreTally(0, 1, 1)], 0.15)  # (|3 - 2.4| - .5) / sqrt(.24) is .20, more than .19
def test_rank_bounds_are_those_of_all_pairs(parts: list[ScoreTally], confidence: float) -> None:
    """The bounds count the pairs that Holm's correction over all of them shows to differ.

    A pair's z is by SciPy's mean and covariance of the counts of one side, given those of both, half a step nearer 0.
    """
    from scipy.stats import multivariate_hypergeom, norm

    first, last = [1] * len(parts), [len(parts)] * len(parts)
    pairs = [pair for pair in itertools.combinations(range(len(parts)), 2) if min(parts[k].responses for k in pair) > 1]
    found, signs = [], []
    for a, b in pairs:
        both, step = parts[a] + parts[b], [-1, 0, 1]
        given_both = multivariate_hypergeom([both.detractors, both.passives, both.promoters], parts[a].responses)
        away = parts[a].promoters - parts[a].detractors - step @ given_both.mean()
        error = math.sqrt(max(0.0, step @ given_both.cov() @ step))
        found.append(2 * norm.sf((abs(away) - 0.5) / error) if abs(away) > 0.5 else 1.0)
        signs.append(away)
    for (a, b), away, p in zip(pairs, signs, holm(found), strict=True):
        if p is not None and p < 1 - confidence:
            higher, lower = (a, b) if away > 0 else (b, a)
            last[higher] -= 1
            first[lower] += 1
    assert rank_bounds(parts, confidence) == list(zip(first, last, strict=True))


@pytest.mark.parametrize(
    ("partners", "standings"),
    [
        ([ScoreTally(0, 0, 60), ScoreTally(60, 0, 0)], ["above", "below"]),
        ([SMALL, MIDDLE, WEAK], ["above", "above", "below"]),
        ([ScoreTally(0, 0, 60)] * 2 + [ScoreTally(60, 0, 0)] * 2, ["above", "above", "below", "below"]),
        ([ScoreTally(0, 0, 60), *[ScoreTally(20, 20, 20)] * 2, ScoreTally(60, 0, 0)], ["above", *NEITHER, "below"]),
    ],
)
def test_below_is_above_upside_down(partners: list[ScoreTally], standings: list[str]) -> None:
    """With promoters for detractors the order turns round, and with it what is said of the peers and possible ranks."""
    rows = ranking({f"p{place}": tally for place, tally in enumerate(partners)})
    assert [row.standing for row in rows] == standings
    mirrored = [ScoreTally(*tally.bands[::-1]) for tally in partners]
    turned = ranking({f"p{len(partners) - place}": tally for place, tally in enumerate(mirrored)})
    opposite = {"above": "below", "below": "above", "cannot tell": "cannot tell"}
    assert [row.standing for row in turned] == [opposite[standing] for standing in standings[::-1]]
    n = len(partners) + 1
    bounds = [(row.first_rank or 0, row.last_rank or 0) for row in rows]
    assert [(row.first_rank, row.last_rank) for row in turned] == [
        (n - last, n - first) for first, last in bounds[::-1]
    ]


def test_of_two_partners_one_is_first_where_both_tests_say_so() -> None:
    """12 of 25 promoters against none of 11 are told apart by one comparison; tested twice p is .0812.

    So either can be first.
    """
    rows = ranking({"a": ScoreTally(10, 3, 12), "b": ScoreTally(7, 4, 0)})
    assert rank_bounds([row.tally for row in rows]) == [(1, 1), (2, 2)]
    assert [(row.name, row.standing, row.first_rank, row.last_rank) for row in rows] == [
        ("a", "cannot tell", 1, 2),
        ("b", "cannot tell", 1, 2),
    ]


def test_possible_ranks_are_those_at_the_confidence() -> None:
    """An NPS of 60 and one of 40, of 100 answers each, are told apart at 80 %, with their ranks, and not at 95 %."""
    partners = {"a": MIDDLE, "b": ScoreTally(20, 20, 60)}
    for confidence, bounds in ((0.8, [(1, 1), (2, 2)]), (0.95, [(1, 2), (1, 2)])):
        rows = ranking(partners, confidence)
        assert [(row.first_rank, row.last_rank) for row in rows] == bounds
        assert [row.standing == "cannot tell" for row in rows] == [confidence == 0.95] * 2


def test_two_answers_have_bounds_and_one_has_none() -> None:
    """One answer can be anywhere; two are compared with the others."""
    many, other = ScoreTally(0, 0, 400), ScoreTally(400, 0, 0)
    assert rank_bounds([many, ScoreTally(1, 0, 0), other]) == [(1, 2), (1, 3), (2, 3)]
    assert rank_bounds([many, ScoreTally(2, 0, 0), other]) == [(1, 1), (2, 3), (2, 3)]


def test_true_ranks_lie_within_their_bounds() -> None:
    """In at least 95 % of 200 seeded programmes, all twelve partners' true ranks lie within their bounds at once."""
    chance = Random(2024)
    shares = [(0.35 - 0.02 * place, 0.3 + 0.02 * place) for place in range(12)]  # the last is the best
    right = 0
    for _ in range(200):
        parts = []
        for detractors, promoters in shares:
            draws = [chance.random() for _ in range(chance.choice((20, 80, 300)))]
            fallen = sum(draw < detractors for draw in draws)
            risen = sum(draw > 1 - promoters for draw in draws)
            parts.append(ScoreTally(fallen, len(draws) - fallen - risen, risen))
        bounds = rank_bounds(parts)
        right += all(first <= 12 - place <= last for place, (first, last) in enumerate(bounds))
    assert right >= 190


def test_a_confidence_is_checked_first() -> None:
    """A confidence that is none is refused, also where there is nobody to rank."""
    with pytest.raises(KpiValueError, match="confidence is 95"):
        ranking({}, 95)
    with pytest.raises(KpiValueError, match="confidence is 0"):
        rank_bounds([], 0)
