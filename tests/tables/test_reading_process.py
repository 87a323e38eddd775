"""The process that reads files ends when nobody is there to read its answers."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from partnerkpi.tables.guard import DEFAULT_LIMITS

#: The reading process with a file that takes for ever; it says when it has begun to read.
_ENDLESS = """
import sys, threading
from partnerkpi.tables import helper_main
def for_ever(path, limits):
    print("reading", file=sys.stderr, flush=True)
    threading.Event().wait()
helper_main.preflight = for_ever
helper_main.main()
"""


def test_it_ends_with_the_process_that_asks(tmp_path: Path) -> None:
    """While it reads, and while it waits for a request, it ends when the pipe on which it is asked is closed."""
    request = {"do": "open", "path": str(tmp_path / "a.csv"), "inner": None, "tool": None, "encoding": None}
    request |= {"prefix": str(tmp_path / "1"), "database": "", "copy": False}
    for asked in ("", json.dumps(request) + "\n"):
        with subprocess.Popen(
            [sys.executable, "-c", _ENDLESS, json.dumps(asdict(DEFAULT_LIMITS))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as reading:
            assert reading.stdin is not None
            assert reading.stderr is not None
            if asked:
                reading.stdin.write(asked)
                reading.stdin.flush()
                assert reading.stderr.readline() == "reading\n"
            reading.stdin.close()
            assert reading.wait(60) == 0


#: The reading process, which says when the system is to end it in so many seconds, 0 for never.
_TIMED = """
import sys
from partnerkpi.tables import helper_main
helper_main.signal.alarm = lambda seconds: print(seconds, file=sys.stderr, flush=True)
helper_main.main()
"""


def test_its_time_runs_only_while_it_reads(tmp_path: Path) -> None:
    """While it waits for the next request its time stands still: who asks may count for longer than a file takes."""
    file = tmp_path / "a.csv"
    file.write_text("partner,score\nAcme,9\n", encoding="utf-8")
    request = {"do": "open", "path": str(file), "inner": None, "tool": None, "encoding": None}
    request |= {"prefix": str(tmp_path / "1"), "database": "", "copy": False}
    asked = "".join(json.dumps(one) + "\n" for one in (request, {"do": "next"}))
    command = [sys.executable, "-c", _TIMED, json.dumps(asdict(DEFAULT_LIMITS))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as reading:
        assert reading.stdin is not None
        assert reading.stdout is not None
        assert reading.stderr is not None
        reading.stdin.write(asked)
        reading.stdin.flush()
        assert [next(iter(json.loads(reading.stdout.readline()))) for _ in range(2)] == ["part", "end"]
        times = [int(reading.stderr.readline()) for _ in range(5)]
        reading.stdin.close()
        assert reading.wait(60) == 0
    while_it_reads = times[1]
    assert while_it_reads > DEFAULT_LIMITS.seconds
    assert times == [0, while_it_reads, 0, while_it_reads, 0]
