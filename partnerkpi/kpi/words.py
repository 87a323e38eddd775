"""Which words set one group of texts apart from another, when most words are rare and a few are everywhere."""

from __future__ import annotations

import math

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import KpiValueError
from partnerkpi.kpi.checks import finite_number, whole_number

#: How many words of general use each group is credited with before its own are looked at.
PRIOR_WORDS = 500.0


@dataclass(frozen=True, slots=True)
class LogOdds:
    """How much more one group uses a word than another: the log-odds ratio, its standard error, z and two-sided p."""

    log_odds: float
    standard_error: float
    z: float
    p: float


def log_odds(
    first: int,
    first_total: int,
    second: int,
    second_total: int,
    prior: float,
    prior_total: float = PRIOR_WORDS,
) -> LogOdds:
    """Compare how often two groups use a word: log-odds ratio with an informative Dirichlet prior.

    `first` of the `first_total` words of one group are this word, `second` of `second_total` in the other; `prior` of
    `prior_total` is what both are expected to use anyway: its share in all texts. Above 0 the first group uses it more.
    Whole numbers, 0 <= count <= total, and 0 < prior < prior_total; KpiValueError otherwise. Monroe, Colaresi and
    Quinn 2008, Political Analysis 16, equations 15, 20 and 22. 12 of 200 against 3 of 300 with a prior of 7.5 of 500:
    log-odds 0.7676, standard error 0.3828, z 2.0054, p .0449.
    """
    first_total = whole_number(first_total, "words of the first group")
    second_total = whole_number(second_total, "words of the second group")
    first = whole_number(first, "this word in the first group", first_total, "its words")
    second = whole_number(second, "this word in the second group", second_total, "its words")
    prior_total = finite_number(prior_total, "prior total", 0)
    prior = finite_number(prior, "prior", 0)
    if not 0 < prior < prior_total:
        raise KpiValueError(f"prior is {prior!r} of {prior_total!r}; allowed: above 0 and below the total")
    in_first, in_second = first + prior, second + prior
    difference = math.log(in_first / (first_total + prior_total - in_first)) - math.log(
        in_second / (second_total + prior_total - in_second)
    )
    error = math.sqrt(1 / in_first + 1 / in_second)
    z = difference / error
    return LogOdds(difference, error, z, math.erfc(abs(z) / math.sqrt(2)))
