"""Functions against SciPy, statsmodels and sums done by hand: nothing here uses this project's arithmetic."""

from __future__ import annotations

import warnings
from fractions import Fraction
from math import isclose, sqrt
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from excel_path import ExcelPath
from scipy import optimize, stats

import partnerkpi.udfs
from partnerkpi.udfs import (
    FUNCTIONS,
    PARTNER_ATTAINMENT,
    PARTNER_GRR,
    PARTNER_HEALTH,
    PARTNER_NPS_ABOVE,
    PARTNER_NPS_CLUSTERED,
    PARTNER_NRR,
    PARTNER_RETENTION_PART,
)
from tests.support.command import run_here

NA = "#N/A"


def answers(detractors: int, passives: int, promoters: int) -> list[float]:
    """Return a range of scores."""
    return [3.0] * detractors + [7.0] * passives + [9.0] * promoters


def p_above(detractors: int, passives: int, promoters: int, benchmark: float) -> float:
    """Return the p of the score test with the shares found by searching for the largest likelihood."""
    n, q = detractors + passives + promoters, benchmark / 100
    lowest = max(0.0, -q)
    highest = (1 - q) / 2  # the passives are what is left

    def unlikely(share: float) -> float:
        parts = (share, 1 - q - 2 * share, share + q)
        counts = (detractors, passives, promoters)
        return -sum(count * np.log(max(part, 1e-300)) for count, part in zip(counts, parts, strict=True) if count)

    found = optimize.minimize_scalar(unlikely, bounds=(lowest, highest), method="bounded", options={"xatol": 1e-13})
    variance = (2 * found.x + q - q * q) / n
    return float(stats.norm.sf(((promoters - detractors) / n - q) / sqrt(variance)))


@pytest.mark.parametrize("counts", [(2, 5, 23), (1, 5, 14), (1, 3, 6), (4, 4, 2), (7, 1, 22), (20, 30, 50)])
@pytest.mark.parametrize("benchmark", [-30, 0, 30, 50, 70])
def test_above_is_the_score_test(counts: tuple[int, int, int], benchmark: float) -> None:
    """One-sided, with the error of the likeliest answers whose NPS is the benchmark."""
    assert PARTNER_NPS_ABOVE(answers(*counts), benchmark) == pytest.approx(p_above(*counts, benchmark), abs=1e-6)


def test_above_needs_answers_and_a_benchmark() -> None:
    """One answer shows nothing; a benchmark that is left blank is no benchmark of 0; 101 cannot be."""
    assert PARTNER_NPS_ABOVE([9.0], 50.0) == PARTNER_NPS_ABOVE(answers(1, 3, 6), None) == NA
    assert PARTNER_NPS_ABOVE(answers(1, 3, 6), 101.0) == "#NUM!"
    assert PARTNER_NPS_ABOVE(answers(1, 3, 6), "50") == "#VALUE!"


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99])
def test_the_clustered_interval_is_that_of_statsmodels(seed: int, confidence: float) -> None:
    """A mean of (1, 0, -1) with errors clustered by partner and Student's t with one degree less than partners."""
    api = pytest.importorskip("statsmodels.api", reason="statsmodels is not installed")
    chance = Random(seed)
    sizes = [chance.randint(1, 12) for _ in range(chance.choice([4, 9, 40]))]
    partners = [f"P{place}" for place, size in enumerate(sizes) for _ in range(size)]
    scores = [float(chance.randint(0, 10)) for _ in partners]
    signs = [(score >= 9) - (score < 7) for score in scores]
    groups = [int(name[1:]) for name in partners]
    fitted = api.OLS(signs, np.ones(len(signs))).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    low, high = fitted.conf_int(1 - confidence)[0]
    found: Any = PARTNER_NPS_CLUSTERED(partners, scores, confidence)
    assert found == [[pytest.approx(max(-100, 100 * low)), pytest.approx(min(100, 100 * high))]]


def test_the_clustered_interval_needs_two_partners_that_differ() -> None:
    """One partner, or partners who all say the same, show nothing of others."""
    assert PARTNER_NPS_CLUSTERED(["Acme"] * 3, [9.0, 3.0, 7.0]) == NA
    assert PARTNER_NPS_CLUSTERED(["Acme", "Bolt"], [9.0, 10.0]) == NA
    assert PARTNER_NPS_CLUSTERED(["Acme", None, None], [9.0, 3.0, 7.0]) != NA  # answers of nobody are one more
    assert PARTNER_NPS_CLUSTERED(["Acme", "Bolt"], [9.0, 3.0], 2.0) == "#NUM!"


@pytest.mark.parametrize("seed", range(8))
def test_revenue_retention_adds_up(seed: int) -> None:
    """NRR is what customers of the start pay at the end over what they paid; GRR counts nobody above its start."""
    chance = Random(seed)
    start = [chance.choice([0.0, None, float(chance.randint(1, 10**6)) / 100]) for _ in range(60)]
    end = [float(chance.randint(0, 10**6)) / 100 * chance.choice([0, 1, 1]) for _ in start]
    known = [(Fraction(had), Fraction(has)) for had, has in zip(start, end, strict=True) if had]
    paid = sum(had for had, _ in known)
    assert PARTNER_NRR(start, end) == pytest.approx(float(sum(has for _, has in known) / paid), rel=1e-12)
    assert PARTNER_GRR(start, end) == pytest.approx(float(sum(map(min, known)) / paid), rel=1e-12)


def test_a_customer_of_whom_nobody_knows_the_end() -> None:
    """A blank beside a start is no 0: no figure. New customers and a heading above both ranges change nothing."""
    assert PARTNER_NRR([100.0, 50.0], [100.0, None]) == PARTNER_GRR([100.0, 50.0], [100.0, "left"]) == NA
    assert PARTNER_NRR(["Start", 100.0, None, 0.0], ["End", 120.0, 40.0, None]) == 1.2
    assert PARTNER_NRR([None, 0.0], [10.0, 20.0]) == NA
    assert PARTNER_NRR([100.0, -1.0], [100.0, 0.0]) == PARTNER_GRR([100.0, 1.0], [100.0, -1.0]) == "#NUM!"


def test_gross_revenue_never_exceeds_the_whole() -> None:
    """Amounts that add up to a hair above what there was are 1."""
    amounts = [0.1] * 10 + [0.3]
    assert PARTNER_GRR(amounts, amounts) == 1
    assert isclose(float(PARTNER_NRR(amounts, amounts)), 1, abs_tol=1e-15)  # type: ignore[arg-type]


def test_the_command_line_says_the_same_of_revenue(tmp_path: Path) -> None:
    """Who paid nothing at the start is new business in a cell and in a table of customers."""
    start, end = [100.0, 200.0, 0.0, None, 50.0], [120.0, 150.0, 80.0, 40.0, 0.0]
    rows = [
        f"c{place},{'yes' if after else 'no'},{'' if before is None else before},{after}"
        for place, (before, after) in enumerate(zip(start, end, strict=True))
    ]
    path = tmp_path / "customers.csv"
    path.write_text("\n".join(["customer,retained,revenue_start,revenue_end", *rows]), encoding="utf-8")
    whole = run_here("retention", path, "--format", "json").json["rows"][0]
    assert whole["net_revenue_retention"] == pytest.approx(100 * 270 / 350)
    assert whole["gross_revenue_retention"] == pytest.approx(100 * 250 / 350)
    assert PARTNER_NRR(start, end) == pytest.approx(270 / 350)
    assert PARTNER_GRR(start, end) == pytest.approx(250 / 350)


def test_one_partners_part_of_all_retained() -> None:
    """3 of the 8 customers that stayed are Acme's; a partner that is nowhere, or everywhere, has no part."""
    retained = [True, True, True, False, True, True, True, False, True, True]
    partner = ["Acme", None, "Acme", None, "Bolt", None, None, "Cord", "Acme", "direct"]
    assert PARTNER_RETENTION_PART(retained, partner, "Acme") == 37.5
    assert PARTNER_RETENTION_PART(retained, partner, "Cord") == 0
    for name in ("acme", "direct", "Nobody", None):
        assert PARTNER_RETENTION_PART(retained, partner, name) == NA
    assert PARTNER_RETENTION_PART([True, True], ["Acme", "Acme"], "Acme") == NA
    assert PARTNER_RETENTION_PART(retained, partner, ["Acme", "Bolt"]) == "#VALUE!"


def test_attainment_is_the_name_of_the_share_of_targets_reached() -> None:
    """PARTNER_HEALTH is its older name, with the same arguments and answers."""
    for arguments in [(45.0, 0.6, 70.0), (62.0, NA, 55.0), (45.0, 0.6, 70.0, [1.0, 1.0, 1.0]), (101.0, 0.6, 70.0)]:
        assert PARTNER_ATTAINMENT(*arguments) == PARTNER_HEALTH(*arguments)
    assert FUNCTIONS["PARTNER_ATTAINMENT"].arguments == FUNCTIONS["PARTNER_HEALTH"].arguments
    assert PARTNER_ATTAINMENT(45.0, 0.6, 70.0) == pytest.approx(88)


def test_the_former_name_still_answers(excel: ExcelPath) -> None:
    """A workbook of the version before calls PARTNER_NPS_CHANGE; it is offered to nobody new."""
    module: ModuleType = partnerkpi.udfs
    with pytest.warns(DeprecationWarning, match="PARTNER_NPS_SHIFT"):
        assert module.PARTNER_NPS_CHANGE is module.PARTNER_NPS_SHIFT
    assert "PARTNER_NPS_CHANGE" not in {*dir(module), *FUNCTIONS}
    before, after = [[score] for score in answers(8, 8, 4)], [[score] for score in answers(1, 5, 14)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert excel.call("PARTNER_NPS_CHANGE", before, after) == excel.call("PARTNER_NPS_SHIFT", before, after)
    with pytest.raises(AttributeError, match="PARTNER_NPS_NOTHING"):
        _ = module.PARTNER_NPS_NOTHING
