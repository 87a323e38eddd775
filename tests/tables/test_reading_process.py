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
