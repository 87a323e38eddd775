"""A declared NPS, against every count that could have given it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.declared import declared
from partnerkpi.kpi.scores import ScoreTally, benchmark_test


def every_tally(answers: int) -> list[ScoreTally]:
    """Return all ways in which so many answers can fall."""
    return [
        ScoreTally(detractors, answers - detractors - promoters, promoters)
        for detractors in range(answers + 1)
        for promoters in range(answers + 1 - detractors)
    ]


@given(st.integers(1, 25), st.integers(-1000, 1000), st.integers(0, 1))
def test_against_every_count(answers: int, tenths: int, decimals: int) -> None:
    """Possible is what some count rounds to; the intervals and p-values are the outermost of all such counts."""
    figure = Fraction(tenths, 10) if decimals else Fraction(tenths // 10)
    half = Fraction(1, 2 * 10**decimals)
    fitting = [
        tally
        for tally in every_tally(answers)
        if abs(Fraction(100 * (tally.promoters - tally.detractors), answers) - figure) <= half
    ]
    found = declared(float(figure), answers, decimals=decimals)
    assert found.possible == bool(fitting)
    if not fitting:
        low, high = found.nearest
        assert low < figure < high
        values = sorted(tally.nps for tally in every_tally(answers) if tally.nps is not None)
        assert not any(low < value < high for value in values)
        return
    intervals = [interval for tally in fitting if (interval := tally.interval())]
    if answers == 1:
        assert found.widest is None
        return
    assert found.widest is not None
    assert found.narrowest is not None
    assert found.widest.low == min(one.low for one in intervals)
    assert found.widest.high == max(one.high for one in intervals)
    assert found.narrowest.high - found.narrowest.low == min(one.high - one.low for one in intervals)
    above = [p for tally in fitting if (p := benchmark_test(tally, 50)) is not None]
    below = [p for tally in fitting if (p := benchmark_test(tally, 50, "below")) is not None]
    assert found.p_above(50) == (min(above), max(above))
    assert found.p_below(50) == (min(below), max(below))


def test_worked_figures() -> None:
    """62 cannot come from 7 answers; 70 from 30 is 21 more promoters than detractors."""
    impossible = declared(62, 7)
    assert not impossible.possible
    assert impossible.answers == 7
    assert impossible.nearest == pytest.approx((57.1429, 71.4286), abs=1e-4)
    assert declared(12.34, 1000, decimals=2).nearest == (12.3, 12.4)
    assert impossible.p_above(50) is None
    found = declared(70, 30)
    assert found.leads == (21, 21)
    assert found.narrowest is not None
    assert found.widest is not None
    # (0, 9, 21) and (4, 1, 25), as the NPS of those counts has them
    assert found.narrowest == ScoreTally(0, 9, 21).interval()
    assert found.widest == ScoreTally(4, 1, 25).interval()
    assert [found.narrowest.low, found.narrowest.high] == pytest.approx([45.7, 81.6], abs=0.05)
    assert [found.widest.low, found.widest.high] == pytest.approx([39.1, 88.2], abs=0.05)
    assert (found.answers, found.nearest) == (30, ())
    assert declared(70, 30, confidence=0.9).widest == ScoreTally(4, 1, 25).interval(0.9)


def test_bad_figures_mirror_good_ones() -> None:
    """-70 from 30 is 21 more detractors than promoters, with the intervals of 70 turned round."""
    good, bad = declared(70, 30), declared(-70, 30)
    assert bad.leads == (-21, -21)
    for own, other in ((good.narrowest, bad.narrowest), (good.widest, bad.widest)):
        assert own is not None
        assert other is not None
        assert (other.low, other.high) == pytest.approx((-own.high, -own.low))


def test_many_answers_can_round_to_one_figure() -> None:
    """70 from 300 is a lead of 209 to 211: surest without a detractor, least sure without a passive."""
    found = declared(70, 300)
    assert found.leads == (209, 211)
    assert declared(70, 30_000).leads == (20_850, 21_150)
    assert found.narrowest == ScoreTally(0, 89, 211).interval()
    low, high = ScoreTally(45, 1, 254).interval(), ScoreTally(44, 1, 255).interval()
    assert found.widest is not None
    assert low is not None
    assert high is not None
    assert (found.widest.low, found.widest.high) == (low.low, high.high)


def test_a_single_answer_has_neither_interval_nor_test() -> None:
    """100 from one answer is possible, and nothing can be said of how sure it is."""
    found = declared(100, 1)
    assert (found.answers, found.leads, found.nearest, found.narrowest, found.widest) == (1, (1, 1), (), None, None)
    assert found.p_above(50) is None


def test_printed_decimals_matter() -> None:
    """33 can come from 3 answers as 33.3 can, 33.0 cannot; a half may have been rounded either way."""
    assert declared(33, 3).possible
    assert declared(33.3, 3, decimals=1).possible
    assert not declared(33.0, 3, decimals=1).possible
    assert declared(46.2, 13, decimals=1).possible  # 6 of 13 is 46.154
    assert not declared(46.1, 13, decimals=1).possible
    assert declared(12, 8).possible
    assert declared(13, 8).possible
    assert not declared(11, 8).possible


def test_refused() -> None:
    """A figure off the scale and no answers are errors."""
    with pytest.raises(KpiValueError, match="declared NPS is 101"):
        declared(101, 10)
    with pytest.raises(KpiValueError, match="answers is 0"):
        declared(50, 0)
