"""Advocacy per partner, active advocates and intensity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import AdvocacyTally


@st.composite
def tallies(draw: st.DrawFn) -> AdvocacyTally:
    partners = draw(st.integers(0, 500))
    active = draw(st.integers(0, partners))
    return AdvocacyTally(partners, active, active + (draw(st.integers(0, 500)) if active else 0))


@pytest.mark.parametrize(
    ("tally", "per_partner", "active_share", "intensity"), [((40, 12, 45), 1.125, 30, 3.75), ((10, 1, 30), 3, 10, 30)]
)
def test_figures_are_the_defined_ones(
    tally: tuple[int, int, int], per_partner: float, active_share: float, intensity: float
) -> None:
    """Activities per partner, active partners in percent, and activities per active partner."""
    advocacy = AdvocacyTally(*tally)
    assert (advocacy.per_partner, advocacy.active_share, advocacy.intensity) == (per_partner, active_share, intensity)


def test_the_interval_is_wilsons() -> None:
    """12 of 40 active: the interval has the digits that the definitions print."""
    interval = AdvocacyTally(40, 12, 45).interval()
    assert interval is not None
    assert (f"{interval.low:.4f}", f"{interval.high:.4f}") == ("18.0748", "45.4300")
    surer = AdvocacyTally(40, 12, 45).interval(0.99)
    assert surer is not None
    assert surer.half_width > interval.half_width


def test_no_partners_are_no_data() -> None:
    """An empty partner list has no figure, not a 0."""
    nothing = AdvocacyTally()
    assert (nothing.per_partner, nothing.active_share, nothing.intensity, nothing.interval()) == (None,) * 4


def test_idle_partners_are_a_zero() -> None:
    """Partners without any activity are 0 per partner and 0 % active: they are known, and idle."""
    idle = AdvocacyTally(partners=8)
    assert (idle.per_partner, idle.active_share) == (0, 0)
    assert idle.intensity is None


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((3, 4, 9), "active partners is 4; allowed: at most 3"),
        ((9, 4, 3), "active partners is 4 with 3 activities"),
        ((9, 0, 1), "activities is 1 with no active partner"),
        ((-1, 0, 0), "partners is -1"),
        ((9, -1, 0), "active partners is -1"),
        ((9, 0, -1), "activities is -1"),
        ((9, 1.5, 3), "active partners is 1.5"),
        ((True, 1, 1), "partners is True"),
    ],
)
def test_counts_that_contradict_each_other_are_refused(counts: tuple[int, int, int], message: str) -> None:
    """An active partner is a partner with an activity, and every activity has one."""
    with pytest.raises(KpiValueError, match=message):
        AdvocacyTally(*counts)


@given(tallies(), tallies())
def test_tallies_of_different_partners_add_up(first: AdvocacyTally, second: AdvocacyTally) -> None:
    """Two segments together have the partners, the active ones and the activities of both."""
    both = first + second
    assert (both.partners, both.active, both.activities) == (
        first.partners + second.partners,
        first.active + second.active,
        first.activities + second.activities,
    )
    assert sum([first, second]) == both == second + first
    assert first + AdvocacyTally() == first


def test_only_tallies_can_be_added() -> None:
    """A number is not a tally."""
    for wrong in (1, False, "x"):
        with pytest.raises(TypeError):
            wrong + AdvocacyTally(1, 1, 1)
        with pytest.raises(TypeError):
            AdvocacyTally(1, 1, 1) + wrong


@given(tallies())
def test_the_mean_is_intensity_times_active_share(tally: AdvocacyTally) -> None:
    """Activities per partner split into how many are active and how much each of them gives."""
    interval = tally.interval()
    if tally.active_share is None:
        assert interval is None
        return
    assert interval is not None
    assert 0 <= interval.low <= tally.active_share + 1e-9
    assert tally.active_share - 1e-9 <= interval.high <= 100
    assert tally.per_partner == pytest.approx((tally.intensity or 0) * tally.active_share / 100)
