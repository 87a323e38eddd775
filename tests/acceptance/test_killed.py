"""Whenever a run is killed: nothing half written, nothing lost or doubled, nothing left after the next run."""

from __future__ import annotations

import sys

import pytest
from killing import KINDS, kill
from sampled import one_in

#: By hand: `python tests/support/killing.py 100`.
MOMENTS = 1


@pytest.mark.skipif(sys.platform != "linux", reason="what goes on after a kill is seen in /proc")
@pytest.mark.parametrize("kind", one_in(len(KINDS), KINDS))
def test_killed_at_any_moment(kind: str) -> None:
    """Files are whole, everybody gets one mail or is named as in doubt, and the next run finds a clean place."""
    tally = kill(kind, MOMENTS)
    assert (tally.half, tally.wrong, tally.left, tally.alive) == ([], [], [], 0)
