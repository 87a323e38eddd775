"""How long something may work: a limit in seconds that is spent on work, not on waiting for a machine that is busy."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

#: Beside much other work something may take so many times its seconds, as long as it gets this share of a processor.
MOST = 10
_AT_WORK = 0.02
_STEP = 0.1  # seconds between two looks, at least


class Allowance:
    """The seconds that something may take: by the clock, and beside other work until it has worked so long.

    `worked` tells how many seconds of processor time it has had until now, None where the system does not tell: then
    the clock alone counts. What does nothing, such as a read from a drive that does not answer, is over by the clock.
    """

    def __init__(
        self, seconds: float, worked: Callable[[], float | None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds, self._worked, self._clock = seconds, worked, clock
        self.start_anew()

    def start_anew(self) -> None:
        """Give it all seconds from now on."""
        self._began = self._looked = self._clock()
        self._had = self._seen = self._worked()
        self._due = self._began + self._seconds

    def left(self) -> float:
        """Return after how many seconds to look again; 0 or less when the time is over."""
        now = self._clock()
        if now < self._due:
            return self._due - now
        worked = self._worked()
        if worked is None or self._had is None or self._seen is None:
            return 0.0
        rest = self._seconds - (worked - self._had)
        if worked - self._seen < _AT_WORK * (now - self._looked) or now - self._began >= MOST * self._seconds:
            return 0.0
        if rest <= 0:
            return 0.0
        self._looked, self._seen = now, worked
        self._due = now + max(rest, _STEP)
        return self._due - now


def processor_seconds(process: int) -> float | None:
    """Return how much processor time another process has had, None on systems that do not tell (other than Linux)."""
    with suppress(OSError, ValueError, IndexError, AttributeError):
        times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
    return None
