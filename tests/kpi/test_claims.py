"""What docs/methods.md says of chance is what the simulations gave."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from partnerkpi.kpi.outlook import HELD

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.claims import (
    METHODS,
    Row,
    advocates,
    alerts_without_difference,
    answers_as_planned,
    benchmark_at_the_truth,
    changes_as_planned,
    changes_without_change,
    clustered_intervals,
    comparisons_without_change,
    first_places,
    influence_shares,
    intervals_as_planned,
    next_periods,
    paired_as_counted,
    paired_changes,
    peers_without_difference,
    place_of,
    ranks_without_difference,
    retention_without_change,
    rewards_without_difference,
    slopes_without_trend,
)

#: So far two draws of a part may lie apart on other versions of NumPy.
_APART = 0.03


def table_of(claim: str) -> dict[str, tuple[str, float]]:
    """Return what docs/methods.md has of a claim: what is promised of each programme, and what came out."""
    (found,) = place_of(claim).findall(METHODS.read_text(encoding="utf-8"))
    lines = re.findall(r"^\| (.+) \| (at .+ %) \| ([\d.]+) % \|$", found, re.MULTILINE)
    return {programme: (promised, float(figure) / 100) for programme, promised, figure in lines}


@pytest.mark.parametrize(
    "simulation",
    [
        changes_without_change,
        comparisons_without_change,
        slopes_without_trend,
        paired_changes,
        paired_as_counted,
        advocates,
        peers_without_difference,
        next_periods,
        benchmark_at_the_truth,
        clustered_intervals,
        rewards_without_difference,
        alerts_without_difference,
        retention_without_change,
        influence_shares,
        ranks_without_difference,
        first_places,
        intervals_as_planned,
        changes_as_planned,
        answers_as_planned,
    ],
    ids=lambda simulation: simulation.__name__,
)
def test_the_page_has_what_the_simulation_gave(simulation: Callable[[], Iterator[Row]]) -> None:
    """The first programme of each claim is drawn again, and all that stand on the page keep the promise."""
    row = next(simulation())
    stands = table_of(row.claim)
    promised, figure = stands[row.programme]
    assert promised == row.promised
    assert figure == pytest.approx(row.simulated, abs=_APART)
    for programme, (promise, came) in stands.items():
        bounds = {how: float(most) / 100 for how, most in re.findall(r"at (most|least) ([\d.]+) %", promise)}
        assert bounds, programme
        assert came <= bounds.get("most", 1), programme
        assert came >= bounds.get("least", 0), programme


def test_the_outlook_says_what_was_measured() -> None:
    """The least and the largest part that the command names are those of the table."""
    parts = [part for _, part in table_of("outlook holds the next score").values()]
    assert (round(min(parts), 2), round(max(parts), 2)) == HELD
