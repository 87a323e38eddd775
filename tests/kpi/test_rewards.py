"""Incentive levels: the test against all others, the level reached, and the way to the next."""

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from office import need_package
from scipy.stats import fisher_exact

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.intervals import holm
from partnerkpi.kpi.rewards import Kept, Level, above_others, check_levels, limit_among, more_retained, reached

LEVELS = (Level("Bronze", 80), Level("Gold", 90, 10), Level("Platinum", 90, 10, True))


@st.composite
def kept(draw: st.DrawFn) -> Kept:
    customers = draw(st.integers(0, 60))
    return Kept(customers, draw(st.integers(0, customers)))


@pytest.mark.parametrize(("own", "others"), [((80, 72), (120, 88)), ((89, 76), (411, 314)), ((6, 5), (300, 240))])
def test_the_test_is_that_of_scipy(own: tuple[int, int], others: tuple[int, int]) -> None:
    """The one-sided p-value is that of scipy's exact test of two proportions."""
    table = [[own[1], own[0] - own[1]], [others[1], others[0] - others[1]]]
    assert above_others(Kept(*own), Kept(*others)) == pytest.approx(fisher_exact(table, "greater").pvalue, rel=1e-9)


def test_worked_figures() -> None:
    """72 of 80 against 88 of 120 is shown to be above; without customers on a side there is nothing to say."""
    assert above_others(Kept(80, 72), Kept(120, 88)) == pytest.approx(0.0027, abs=5e-5)
    assert above_others(Kept(0, 0), Kept(120, 88)) is None
    assert above_others(Kept(80, 72), Kept(0, 0)) is None


def test_the_highest_level_whose_conditions_hold() -> None:
    """A level begins at its rate exactly, asks for its number of customers, and for the evidence if it says so."""
    assert reached(LEVELS, Kept(5, 4), shown=False) == 0
    assert reached(LEVELS, Kept(10, 9), shown=False) == 1
    assert reached(LEVELS, Kept(9, 9), shown=False) == 0
    assert reached(LEVELS, Kept(10, 9), shown=True) == 2
    assert reached(LEVELS, Kept(10, 7), shown=True) is None
    assert reached(LEVELS, Kept(0, 0), shown=False) is None
    assert reached((), Kept(10, 9), shown=True) is None


def test_how_many_more_it_takes() -> None:
    """The smallest number of lost customers who would have had to stay; None where all of them are not enough."""
    assert more_retained(LEVELS[1], Kept(10, 8), lambda _: False) == 1
    assert more_retained(LEVELS[1], Kept(27, 23), lambda _: False) == 2
    assert more_retained(LEVELS[1], Kept(10, 9), lambda _: False) == 0
    assert more_retained(LEVELS[1], Kept(9, 8), lambda _: False) is None
    assert more_retained(LEVELS[2], Kept(10, 9), lambda _: False) is None
    assert more_retained(LEVELS[2], Kept(10, 8), lambda now: now.retained == 10) == 2


@given(kept(), kept(), st.lists(st.floats(0, 1), max_size=5))
def test_one_more_reaches_it_and_one_fewer_does_not(own: Kept, others: Kept, rest: list[float]) -> None:
    """The number found reaches the level, and no smaller one does: every number is tried."""
    level = Level("Top", 75, 3, True)

    def shown(now: Kept) -> bool:
        adjusted = holm([above_others(now, others), *rest])[0]
        return adjusted is not None and adjusted < 0.05

    found = more_retained(level, own, shown)
    tried = [
        more
        for more in range(own.customers - own.retained + 1)
        if level.holds(now := Kept(own.customers, own.retained + more), shown=shown(now))
    ]
    assert found == (tried[0] if tried else None)


def test_looked_at_together_it_takes_more() -> None:
    """Among many partners the same rate may no longer be shown to be above the others: Holm's correction."""
    own, others = Kept(40, 38), Kept(400, 330)
    p = above_others(own, others)
    assert p is not None
    assert limit_among([]) == pytest.approx(0.05)
    assert limit_among([0.5] * 30) < p < limit_among([])
    assert limit_among([0.5, None, 0.001]) == pytest.approx(0.025)


@given(st.floats(0, 1), st.lists(st.none() | st.floats(0, 0.2), max_size=8))
def test_the_limit_is_holms(p: float, rest: list[float | None]) -> None:
    """To stay below the limit and to be shown after Holm's correction are one statement."""
    limit = limit_among(rest)
    assume(abs(p - limit) > 1e-12)
    adjusted = holm([p, *rest])[0]
    assert adjusted is not None
    assert (p < limit) == (adjusted < 1 - 0.95)


def test_the_limit_is_that_of_statsmodels() -> None:
    """A partner is below its limit where statsmodels' Holm rejects it: each of four p just below or above its step."""
    need_package("statsmodels")
    from statsmodels.stats.multitest import multipletests

    for sides in product((0.99, 1.01), repeat=4):
        together = [side * 0.05 / step for side, step in zip(sides, (4, 3, 2, 1), strict=True)]
        shown = [p < limit_among(together[:place] + together[place + 1 :]) for place, p in enumerate(together)]
        assert shown == list(multipletests(together, 0.05, "holm")[0]), together


def test_levels_that_leave_doubt_are_refused() -> None:
    """Levels ascend and have names of their own; two may begin at the same rate."""
    check_levels(LEVELS)
    with pytest.raises(KpiValueError, match="'Bronze' begins at 80 %, below 'Gold'"):
        check_levels(LEVELS[1::-1])
    with pytest.raises(KpiValueError, match="two levels are called 'Gold'"):
        check_levels((LEVELS[1], Level("Gold", 95)))
    with pytest.raises(KpiValueError, match="retention_from of X is 101"):
        Level("X", 101)
    with pytest.raises(KpiValueError, match="retained customers is 3"):
        Kept(2, 3)
