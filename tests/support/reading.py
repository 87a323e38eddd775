"""One helper process reads the files of all tests of a process: starting one is half of a small command's time."""

from __future__ import annotations

import atexit
import functools
from collections.abc import Iterator
from typing import Any

from partnerkpi.tables.guard import DEFAULT_LIMITS, Limits
from partnerkpi.tables.helper import Helper


class Kept(Helper):
    """A helper that goes on when a run ends, and serves the next one."""

    def __init__(self, helper: Helper) -> None:
        self._helper = helper

    def start(self) -> None:
        """Start it if it has ended."""
        self._helper.start()

    def parts(self, *arguments: Any, **named: Any) -> Iterator[Any]:
        """Yield each table of a file."""
        return self._helper.parts(*arguments, **named)

    def stop(self) -> None:
        """Let it go on."""


def kept(limits: Limits = DEFAULT_LIMITS) -> Helper:
    """Return the helper of this process, or one of its own for a run that has other limits."""
    return Kept(_of_this_process()) if limits == DEFAULT_LIMITS else Helper(limits)


@functools.cache
def _of_this_process() -> Helper:
    helper = Helper(DEFAULT_LIMITS)
    atexit.register(helper.stop)
    return helper
