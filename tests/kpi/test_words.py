"""Words that set two groups of texts apart: the published formula, and what must hold of any count."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.words import log_odds


def published(first: int, n_1: int, second: int, n_2: int, prior: float, prior_total: float) -> tuple[float, float]:
    """Return difference and z as Monroe, Colaresi and Quinn 2008 print them, in numpy."""
    y, n = np.array([first, second], float), np.array([n_1, n_2], float)
    omega = (y + prior) / (n + prior_total - y - prior)
    delta = np.log(omega)[0] - np.log(omega)[1]
    return float(delta), float(delta / np.sqrt(np.sum(1 / (y + prior))))


def test_by_hand() -> None:
    """12 of 200 against 3 of 300 with a prior of 7.5 of 500: ln(19.5/680.5) - ln(10.5/789.5), 1/19.5 + 1/10.5."""
    found = log_odds(12, 200, 3, 300, 7.5)
    assert found.log_odds == pytest.approx(math.log(19.5 / 680.5) - math.log(10.5 / 789.5))
    assert (round(found.log_odds, 4), round(found.standard_error, 4)) == (0.7676, 0.3828)
    assert (round(found.z, 4), round(found.p, 4)) == (2.0054, 0.0449)


def test_a_published_example() -> None:
    """The example of the Python package fightin_words: a word of one of nine against none of nine has z 0.6894."""
    assert log_odds(0, 9, 1, 9, 0.05, 0.05 * 11).z == pytest.approx(-0.6894227886807968, abs=1e-12)
    assert log_odds(1, 9, 0, 9, 0.05, 0.05 * 11).z == pytest.approx(0.6894227886807968, abs=1e-12)


counts = st.integers(0, 1000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@given(first=counts, second=counts, share=st.floats(0.0001, 0.9999), total=st.floats(1, 10_000))
def test_the_formula(first: tuple[int, int], second: tuple[int, int], share: float, total: float) -> None:
    """Any counts and prior give the published difference and z, and the groups the other way round the opposite."""
    found = log_odds(*first, *second, share * total, total)
    delta, z = published(*first, *second, share * total, total)
    assert found.log_odds == pytest.approx(delta, abs=1e-9)
    assert found.z == pytest.approx(z, rel=1e-9, abs=1e-9)
    assert log_odds(*second, *first, share * total, total).z == pytest.approx(-found.z, abs=1e-12)


@pytest.mark.parametrize("arguments", [(3, 2, 0, 5, 1.0), (0, 5, 6, 5, 1.0), (0, 5, 0, 5, 0.0), (0, 5, 0, 5, 500.0)])
def test_impossible_counts(arguments: tuple[int, int, int, int, float]) -> None:
    """More of a word than words, and a prior of nothing or of everything, are refused."""
    with pytest.raises(KpiValueError):
        log_odds(*arguments)
