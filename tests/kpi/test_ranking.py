"""The order of partners, and what can be told of it."""

from __future__ import annotations

import itertools
import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office import need_package

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import ScoreTally, change, holm, rank_bounds, ranking, shrunk_nps

counts = st.integers(0, 60)
tallies = st.builds(ScoreTally, counts, counts, counts)
programmes = st.dictionaries(st.text("abC é", max_size=3), tallies, max_size=8)

SMALL, MIDDLE, WEAK = ScoreTally(0, 0, 2), ScoreTally(10, 20, 70), ScoreTally(40, 40, 20)


def test_the_worked_ranking() -> None:
    """Shrunk NPS 85.2, 59.8 and -18.9 in this order; two answers cannot be told from anything."""
    rows = ranking({"weak": WEAK, "middle": MIDDLE, "small": SMALL})
    assert [row.name for row in rows] == ["small", "middle", "weak"]
    assert [f"{row.shrunk:.4f}" for row in rows] == ["85.1770", "59.7523", "-18.9481"]
    assert [(row.rank, row.first_rank, row.last_rank) for row in rows] == [(1, 1, 3), (2, 1, 2), (3, 2, 3)]
    assert [row.standing for row in rows] == ["cannot tell", "above", "below"]


def test_against_its_peers_a_partner_is_tested_by_the_defined_formula() -> None:
    """(x' - x' of the others) / sqrt(se^2 + se^2): worked for 70 promoters of 100 against 22 of 102."""
    middle = ranking({"weak": WEAK, "middle": MIDDLE, "small": SMALL})[1]
    own, others = (70.75 - 10.75) / 103, (22.75 - 40.75) / 105
    errors = [
        math.sqrt(((a + b) / n - ((a - b) / n) ** 2) / n) for a, b, n in ((70.75, 10.75, 103), (22.75, 40.75, 105))
    ]
    assert middle.against_peers.z == pytest.approx((own - others) / math.hypot(*errors))
    assert middle.against_peers.raw == pytest.approx(60 - 100 * (22 - 40) / 102)


def test_equal_partners_are_ordered_by_score_answers_and_name() -> None:
    """Where shrinkage makes all the same, the raw NPS decides, then the answers, then the name without case."""
    few, many = ScoreTally(1, 1, 2), ScoreTally(2, 2, 4)
    rows = ranking({"b": few, "Z": many, "C": few, "a": few, "lead": ScoreTally(1, 0, 3)})
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
def test_a_partner_is_judged_against_all_others_and_among_all(
    partners: dict[str, ScoreTally], confidence: float
) -> None:
    """The test is that of a change from the others' answers to its own; what is said of it is Holm's over all."""
    rows = [row for row in ranking(partners, confidence) if row.rank is not None]
    for row in rows:
        others = sum((tally for name, tally in partners.items() if name != row.name), ScoreTally())
        assert row.against_peers == change(others, row.tally, confidence=confidence)
    assert [row.p_together for row in rows] == holm([row.against_peers.p for row in rows])
    assert [(row.first_rank, row.last_rank) for row in rows] == [
        (min(first, row.rank or 0), max(last, row.rank or 0))
        for row, (first, last) in zip(rows, rank_bounds([row.tally for row in rows], confidence), strict=True)
    ]
    words = {"up": "above", "down": "below", "cannot tell": "cannot tell"}
    assert [row.standing for row in rows] == [
        words[row.against_peers.with_p(row.p_together, confidence).word] for row in rows
    ]


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
    """Twenty answers with 60 are shown to be above 3,000 with 12, and stand below them: both can have both ranks.

    The order is SciPy's of the scores that statsmodels' pooling shrinks.
    """
    need_package("statsmodels")
    import numpy as np
    from scipy.stats import rankdata
    from statsmodels.stats.meta_analysis import combine_effects

    partners = {f"usual {number}": ScoreTally(900, 1200, 900) for number in range(10)}
    partners |= {"steady": ScoreTally(720, 1200, 1080), "few": ScoreTally(0, 8, 12)}
    points = [tally.adjusted() for tally in partners.values()]
    scores = [tally.nps or 0 for tally in partners.values()]
    variances = [0 if point is None else point.standard_error**2 for point in points]
    common = combine_effects(np.array(scores), np.array(variances), method_re="dl")
    shrunk = [
        common.mean_effect_re + common.tau2 / (common.tau2 + variance) * (score - common.mean_effect_re)
        for score, variance in zip(scores, variances, strict=True)
    ]
    theirs = dict(zip(partners, rankdata([-score for score in shrunk], "min"), strict=True))
    steady, few = ranking(partners)[:2]
    assert [(row.name, row.rank) for row in (steady, few)] == [("steady", theirs["steady"]), ("few", theirs["few"])]
    assert rank_bounds([steady.tally, few.tally, *(partners[f"usual {number}"] for number in range(10))])[:2] == [
        (2, 2),
        (1, 1),
    ]
    assert [(row.first_rank, row.last_rank) for row in (steady, few)] == [(1, 2), (1, 2)]


@settings(max_examples=60)
@given(st.lists(tallies, max_size=9), st.sampled_from([0.8, 0.95, 0.99]))
def test_rank_bounds_are_those_of_all_pairs(parts: list[ScoreTally], confidence: float) -> None:
    """The bounds count the pairs that Holm's correction over all of them shows to differ."""
    first, last = [1] * len(parts), [len(parts)] * len(parts)
    pairs = list(itertools.combinations(range(len(parts)), 2))
    changes = [change(parts[a], parts[b], confidence=confidence) for a, b in pairs]
    for (a, b), moved, p in zip(pairs, changes, holm([moved.p for moved in changes]), strict=True):
        if p is not None and p < 1 - confidence:
            higher, lower = (b, a) if (moved.z or 0) > 0 else (a, b)
            last[higher] -= 1
            first[lower] += 1
    assert rank_bounds(parts, confidence) == list(zip(first, last, strict=True))


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
