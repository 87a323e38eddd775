"""The reading process as a copy of this one: it has what this process has loaded, and is there at once.

Only where nothing can be lost by that: on Linux, while this process has one thread and is small. Then no lock is held
by a thread that the copy lacks, and the limit of memory is that of a process that was started. The copy keeps none of
this one's files, handlers of signals or streams, and never comes back from its work: nothing of this program runs in it
but the reading. Everywhere else `helper` starts a process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, NoReturn

_OWN = Path("/proc/self")
#: The part of the limit of memory that this process may have taken itself.
_SMALL = 1 / 4
#: So many seconds pass between two looks whether the copy has ended.
_LOOK = 0.002


def may_be_copied(megabytes: int) -> bool:
    """Return whether a copy of this process can read files within a limit of memory as a new process would."""
    if sys.platform != "linux" or "_duckdb" in sys.modules:  # which does not say that it may be copied
        return False
    try:
        threads = sum(1 for _ in (_OWN / "task").iterdir())
        taken = int((_OWN / "statm").read_bytes().split()[0]) * os.sysconf("SC_PAGE_SIZE") >> 20
    except (OSError, ValueError):
        return False
    return threads == 1 and taken <= megabytes * _SMALL


class Forked:
    """A copy of this process at work, with the pipes to it: what `subprocess.Popen` offers of that."""

    def __init__(self, work: Callable[[], object], stderr: int) -> None:
        """Copy this process, and let the copy do its work; `stderr` is where its errors go.

        OSError where the system has no room for another process.
        """
        asked, ask = os.pipe()
        answered, answer = os.pipe()
        try:
            self.pid = os.fork()
        except OSError:
            for end in (asked, ask, answered, answer):
                os.close(end)
            raise
        if self.pid == 0:
            _only(work, asked, answer, stderr)
        os.close(asked)
        os.close(answer)
        self.stdin: IO[str] = os.fdopen(ask, "w", encoding="utf-8")
        self.stdout: IO[str] = os.fdopen(answered, encoding="utf-8")
        self.returncode: int | None = None
        self._one_at_a_time = threading.Lock()

    def poll(self) -> int | None:
        """Return how the copy ended, as `Popen` tells it; None while it is there."""
        return self._ended(os.WNOHANG)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the copy has ended, and return how; subprocess.TimeoutExpired after so many seconds."""
        end = time.monotonic() + timeout if timeout is not None else None
        while (code := self._ended(0 if end is None else os.WNOHANG)) is None:
            if end is not None and time.monotonic() > end:
                from subprocess import TimeoutExpired

                raise TimeoutExpired("partnerkpi", timeout or 0)
            time.sleep(_LOOK)
        return code

    def _ended(self, how: int) -> int | None:
        with self._one_at_a_time:
            if self.returncode is None:
                ended, status = os.waitpid(self.pid, how)
                if ended:
                    self.returncode = os.waitstatus_to_exitcode(status)
            return self.returncode

    def kill(self) -> None:
        """End the copy, if it is there."""
        with self._one_at_a_time:
            if self.returncode is None:  # else its number may be that of another process
                os.kill(self.pid, signal.SIGKILL)

    def communicate(self) -> None:
        """Close the pipes to the copy, and wait until it has ended."""
        for pipe in (self.stdin, self.stdout):
            with suppress(OSError):  # what was written last went to nobody
                pipe.close()
        self.wait()


def _only(work: Callable[[], object], asked: int, answer: int, stderr: int) -> NoReturn:
    """Do a piece of work in a copy of this process, on the given files as its standard ones, and end."""
    code = 1
    try:
        for one in signal.valid_signals():
            if callable(signal.getsignal(one)):
                signal.signal(one, signal.SIG_DFL)
        # First out of the way of the numbers 0 to 2, where a program that closed its own may have them.
        ends = [_above(end) for end in (asked, answer, stderr)]
        for number, end in enumerate(ends):
            os.dup2(end, number)
        for file in list((_OWN / "fd").iterdir()):
            if int(file.name) > 2:
                with suppress(OSError):  # that which listed them is closed
                    os.close(int(file.name))
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - nothing of the program that was copied may go on here
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def _above(number: int) -> int:
    import fcntl

    return fcntl.fcntl(number, fcntl.F_DUPFD, 3)
