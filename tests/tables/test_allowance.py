"""A limit in seconds is spent on work: other programs on the machine do not use it up."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

import pytest

from partnerkpi.tables.allowance import MOST, Allowance, processor_seconds


def over_after(share: float | None, seconds: float = 10) -> float:
    """Return how long something goes on that gets this share of a processor; None: the system does not tell."""
    now = 0.0
    allowed = Allowance(seconds, lambda: None if share is None else share * now, lambda: now)
    while (left := allowed.left()) > 0:
        assert now <= MOST * seconds  # else it has no end
        now += left
    return now


@pytest.mark.parametrize(
    ("share", "over"),
    [
        (None, 10),  # the clock alone
        (1.0, 10),
        (4.0, 10),  # on four processors it is no shorter
        (0.5, 20),  # beside one other program
        (0.25, 40),
        (0.01, 10),  # it waits for something
        (0.0, 10),
    ],
)
def test_waiting_for_other_programs_is_no_work(share: float | None, over: float) -> None:
    """Half a processor gives twice the time; who does nothing ends by the clock."""
    assert over_after(share) == pytest.approx(over, abs=0.2)


def test_it_ends_however_busy_the_machine_is() -> None:
    """A twentieth of a processor would take twenty times as long: ten times is the most."""
    assert 10 * (MOST - 1) <= over_after(0.05) <= 10 * (MOST + 1)


def test_a_new_question_has_all_seconds() -> None:
    """What was worked before does not count."""
    moments: Iterator[float] = iter([0, 9, 9, 18, 19])
    allowed = Allowance(10, lambda: None, lambda: next(moments))
    assert allowed.left() == 1
    allowed.start_anew()
    assert (allowed.left(), allowed.left()) == (1, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell it this way")
def test_the_system_tells_what_a_process_had() -> None:
    """What /proc tells of this process is what Python's own clock of it says; of none it is nothing."""
    assert processor_seconds(os.getpid()) == pytest.approx(time.process_time(), abs=0.2)
    assert processor_seconds(2**22 + 1) is None
