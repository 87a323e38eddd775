"""Time and peak memory of a piece of Python in a process of its own, alternating with its peers."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass

_FRAME = """
import json, resource, sys, time
{setup}
started = time.perf_counter()
{code}
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
print(json.dumps([seconds, peak, repr(result)]))
"""


@dataclass(frozen=True)
class Measured:
    """The best time in seconds, the median peak memory in MB, and what came out."""

    seconds: float
    megabytes: float
    result: str


def side_by_side(codes: dict[str, tuple[str, str]], rounds: int = 5) -> dict[str, Measured]:
    """Run each (setup, code) in turn, several times, each time in a new process; `code` leaves its answer in `result`.

    Taking turns spreads a busy moment of the machine over all of them; the best time is the least disturbed one.
    """
    runs: dict[str, list[tuple[float, float, str]]] = {name: [] for name in codes}
    for _ in range(rounds):
        for name, (setup, code) in codes.items():
            done = subprocess.run(
                [sys.executable, "-c", _FRAME.format(setup=setup, code=code)],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"{name}: {done.stderr}")
            runs[name].append(tuple(json.loads(done.stdout.splitlines()[-1])))  # type: ignore[arg-type]  # three values
    return {
        name: Measured(min(r[0] for r in taken), statistics.median(r[1] for r in taken), taken[0][2])
        for name, taken in runs.items()
    }


def compare(
    what: str, ours: Measured, peer: Measured, name: str, *, at_most: float, memory_at_most: float | None = None
) -> None:
    """Print our time (and memory) against a peer's, and whether the promised ratio holds."""
    ratio = ours.seconds / peer.seconds
    times = f"({ours.seconds:.3f} s / {peer.seconds:.3f} s)"
    verdict = "ok" if ratio <= at_most else "NOT MET"
    print(f"{what:<58} {ratio:5.2f} x {name} {times}, promised at most {at_most:g} x {verdict}")
    if memory_at_most is not None:
        memory = ours.megabytes / peer.megabytes
        verdict = "ok" if memory <= memory_at_most else "NOT MET"
        print(
            f"{'  peak memory':<58} {memory:5.2f} x ({ours.megabytes:.0f} MB / {peer.megabytes:.0f} MB), "
            f"promised at most {memory_at_most:g} x {verdict}"
        )


def in_own_process(module: str, function: str, folder: str) -> None:
    """Call a function of a benchmark with a folder; a process begins with the peak memory of the one that starts it."""
    call = f"from benchmarks.{module} import {function}; {function}({folder!r})"
    subprocess.run([sys.executable, "-c", call], check=True)
