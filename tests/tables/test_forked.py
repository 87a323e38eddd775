"""The reading process that is a copy of the one that asks: all that a process of its own is kept from, it is too."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is started")

#: In a process of one thread, which has a file open and a handler of signals that no copy may keep.
_BEGIN = """
import os, signal, sys, threading
from pathlib import Path
from partnerkpi.errors import FileProblem, UnsafeFile
from partnerkpi.tables import helper_main
from partnerkpi.tables.forked import Forked, may_be_copied
from partnerkpi.tables.guard import Limits
from partnerkpi.tables.helper import Helper
folder, kept_open = Path(sys.argv[1]), open(os.devnull)
signal.signal(signal.SIGALRM, lambda *_: print("alarm of the program"))
path = folder / "answers.csv"
def alone():
    while len(os.listdir("/proc/self/task")) > 1:  # the system ends a thread a moment after Python does
        os.sched_yield()
def asked(limits=Limits()):
    alone()  # the thread of the one before has ended
    with Helper(limits) as helper:
        assert isinstance(helper._running.process, Forked)
        return list(helper.parts(path, None, None, folder / "1"))
def problem(limits=Limits()):
    try:
        asked(limits)
    except (FileProblem, UnsafeFile) as found:
        return f"{type(found).__name__}: {found}"
def does(work):
    helper_main.preflight = lambda path, limits: work()
"""


def done(code: str, folder: Path) -> list[str]:
    """Return the lines that a process prints that reads a file of answers in a copy of itself."""
    (folder / "answers.csv").write_text("partner,score\nAcme,9\nBolt,3\n", encoding="utf-8")
    command = [sys.executable, "-c", _BEGIN + code, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.splitlines()


def test_it_reads_as_a_process_of_its_own(tmp_path: Path) -> None:
    """It tells what a process tells that is started for it, as where this one has two threads or DuckDB."""
    code = """
copied = asked()
stop = threading.Event()
other = threading.Thread(target=stop.wait)
other.start()
print(may_be_copied(2048))
with Helper() as helper:
    print(isinstance(helper._running.process, Forked), list(helper.parts(path, None, None, folder / "1")) == copied)
stop.set()
other.join()
alone()
print(copied[0].columns, may_be_copied(2048), may_be_copied(20))
import duckdb
print(may_be_copied(2048))
"""
    lines = ["False", "False True", "('partner', 'score') True False", "False"]
    assert done(code, tmp_path) == lines


def test_it_keeps_nothing_of_the_program(tmp_path: Path) -> None:
    """It has three files, no handler of signals, no right of others on what it writes; its prints are no answers."""
    code = """
def look():
    number = len(os.listdir("/proc/self/fd")) - 1  # without the one that lists them
    print("no answer", file=sys.__stdout__, flush=True)
    raise FileProblem(f"{number} files, alarm {signal.getsignal(signal.SIGALRM)!r}, umask {os.umask(0):o}")
does(look)
print(problem())
"""
    (line,) = done(code, tmp_path)
    # Standard input, output and errors, and the copy of output that keeps answers apart from what libraries print.
    assert line == "FileProblem: 4 files, alarm <Handlers.SIG_DFL: 0>, umask 77"


def test_what_a_file_does_to_it_ends_it_alone(tmp_path: Path) -> None:
    """Memory and time are limited, a crash and an exit are told with its last words, and the next file is read."""
    code = """
def crash():
    print("last words", file=sys.stderr, flush=True)
    os.abort()
for work, limits in (
    (lambda: len(bytearray(600 << 20)), Limits(megabytes=512)),
    (threading.Event().wait, Limits(seconds=1)),
    (crash, Limits()),
    (sys.exit, Limits()),
):
    does(work)
    print(problem(limits))
helper_main.preflight = lambda path, limits: "text"
print(len(asked()))
"""
    memory, time, crashed, left, after = done(code, tmp_path)
    assert "more than 512 MB of memory" in memory
    assert "longer than 1 seconds" in time
    assert "(last words)" in crashed
    assert "ended the process that read it" in left
    assert after == "1"


@pytest.mark.parametrize(
    "killed",
    [
        # While the copy reads, and while it waits to be asked.
        "does(lambda: (note(os.getpid()), os.kill(os.getppid(), signal.SIGKILL), threading.Event().wait()))\nasked()",
        "helper = Helper()\nhelper.start()\nlist(helper.parts(path, None, None, folder / '1'))\n"
        "note(helper._running.process.pid)\nos.kill(os.getpid(), signal.SIGKILL)",
    ],
)
def test_it_ends_with_the_program(tmp_path: Path, killed: str) -> None:
    """A program that is killed leaves no copy of itself."""
    with pytest.raises(subprocess.CalledProcessError, match="SIGKILL"):
        done("def note(pid):\n    (folder / 'pid').write_text(str(pid))\n" + killed, tmp_path)
    with contextlib.suppress(ProcessLookupError):  # it is gone already
        end = os.pidfd_open(int((tmp_path / "pid").read_text()))
        assert select.select([end], [], [], 60)[0] == [end]
        os.close(end)
