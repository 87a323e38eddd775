"""The wording of what is refused."""

from __future__ import annotations

import math

import pytest

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import describe_range, finite_number, whole_number


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 10, "0 to 10"),
        (0, math.inf, "0 or more"),
        (-math.inf, 100, "100 or less"),
        (-math.inf, math.inf, "any finite number"),
    ],
)
def test_a_range_is_said_in_words(low: float, high: float, words: str) -> None:
    """People read "0 or more", not an interval with infinity in it."""
    assert describe_range(low, high) == words
    with pytest.raises(KpiValueError) as caught:
        finite_number(math.nan, "revenue", low, high)
    assert str(caught.value) == f"revenue is nan; allowed: {words}"


def test_a_limit_is_named() -> None:
    """A count that is too large is said with the count it may not exceed, and whose that is."""
    with pytest.raises(KpiValueError) as caught:
        whole_number(7, "active partners", 5, "the number of partners")
    assert str(caught.value) == "active partners is 7; allowed: at most 5, the number of partners"
    assert whole_number(5, "active partners", 5, "the number of partners") == 5
