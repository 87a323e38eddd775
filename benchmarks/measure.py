"""Time and peak memory of a piece of Python in a process of its own, alternating with its peers."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

#: Linux hands the highest mark that `getrusage` tells on from a process to those that it starts, even to another
#: program; VmHWM is that of the program alone.
_FRAME = """
import json, os, resource, sys, time
{setup}
started, before = time.perf_counter(), os.times()
{code}
seconds, after = time.perf_counter() - started, os.times()
processor = sum(after[:4]) - sum(before[:4])
if os.path.exists("/proc/self/status"):
    lines = open("/proc/self/status").read().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)
print(json.dumps([seconds, processor, peak, repr(result)]))
"""
_CONTROL = 200  # MB


@dataclass(frozen=True)
class Measured:
    """The best times in seconds (by the clock, and of processors), the median peak memory in MB, and what came out."""

    seconds: float
    processor: float
    megabytes: float
    result: str


def side_by_side(codes: dict[str, tuple[str, str]], rounds: int = 5) -> dict[str, Measured]:
    """Run each (setup, code) in turn, several times, each time in a new process; `code` leaves its answer in `result`.

    Taking turns spreads a busy moment of the machine over all of them; the best time is the least disturbed one.
    """
    _check_memory()
    runs: dict[str, list[Measured]] = {name: [] for name in codes}
    for _ in range(rounds):
        for name, (setup, code) in codes.items():
            runs[name].append(_measured(name, setup, code))
    return {
        name: Measured(
            min(run.seconds for run in taken),
            min(run.processor for run in taken),
            statistics.median(run.megabytes for run in taken),
            taken[0].result,
        )
        for name, taken in runs.items()
    }


def _measured(name: str, setup: str, code: str) -> Measured:
    command = [sys.executable, "-c", _FRAME.format(setup=setup, code=code)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr}")
    seconds, processor, megabytes, result = json.loads(done.stdout.splitlines()[-1])
    return Measured(seconds, processor, megabytes, result)


@cache
def _check_memory() -> None:
    """Raise RuntimeError unless the memory of a process shows: its own, and not that of the one that starts it."""
    ours = bytearray(b"x") * (2 * _CONTROL << 20)
    little = _measured("control", "", "result = 0").megabytes
    more = _measured("control", "", f"result = len(bytearray(b'x') * ({_CONTROL} << 20))").megabytes
    del ours
    if little > _CONTROL / 2 or abs(more - little - _CONTROL) > _CONTROL / 10:
        raise RuntimeError(
            f"memory is not measured: {little:.0f} MB with nothing, {more:.0f} MB with {_CONTROL} MB more, "
            f"started by a process that held {2 * _CONTROL} MB"
        )


def compare(
    what: str,
    ours: Measured,
    peer: Measured,
    name: str,
    *,
    at_most: float,
    memory_at_most: float | None = None,
    processor: bool = False,
) -> None:
    """Print our time (and memory) against a peer's, and whether the promised ratio holds.

    The time is that of the clock, or with `processor` of all processors that were at work.
    """
    own, other = (ours.processor, peer.processor) if processor else (ours.seconds, peer.seconds)
    ratio = own / other
    times = f"({own:.3f} s / {other:.3f} s{' of processors' if processor else ''})"
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
