"""`python -m fuzz [SECONDS] [--of TARGET] [--seed N] [--keep DIR]` tries changed input so long; 60 seconds if not told.

files      changed files are read, or refused by a PartnerKpiError in one sentence; all rows read are used or set aside
verify     changed scorecards are no longer called right, unless they show the same
functions  the Excel functions, called with anything, give values or Excel errors

What is neither is kept in a folder, a file made as small as it can be, for somebody to turn into a test.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

#: What was tried: what it was made from, its verdict, and what makes it small.
Case = tuple[str, str, Callable[[], bytes]]


def main() -> int:
    """Run for as long as asked and return 1 if something was found."""
    options = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    options.add_argument("seconds", nargs="?", type=float, default=60)
    options.add_argument("--of", choices=("files", "verify", "functions"), default="files", help="what is tried")
    options.add_argument("--seed", type=int, default=None, help="repeats a run")
    options.add_argument("--keep", type=Path, default=Path("fuzz-findings"), help="where findings are kept")
    asked = options.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    draw = random.Random(seed)
    end = None  # counted from the first result: to make what is changed takes its own time
    tried, outcomes, findings, said = 0, {"read": 0, "refused": 0}, 0, set[str]()
    with tempfile.TemporaryDirectory() as folder:
        targets: dict[str, Callable[[], Iterator[Case]]] = {
            "files": lambda: _files(draw, Path(folder)),
            "verify": lambda: _scorecards(draw, Path(folder)),
            "functions": lambda: _calls(draw),
        }
        for name, verdict, smallest in targets[asked.of]():
            tried += 1
            end = end or time.monotonic() + asked.seconds
            if verdict in outcomes:
                outcomes[verdict] += 1
            elif verdict not in said:
                findings += 1
                said.add(verdict)
                asked.keep.mkdir(parents=True, exist_ok=True)
                kept = asked.keep / f"{seed}-{tried}{Path(name).suffix}"
                content = smallest()
                kept.write_bytes(content)
                print(f"{kept} (from {name}, {len(content):,} bytes): {verdict}", flush=True)
            if time.monotonic() >= end:
                break
    print(f"{tried:,} tried: {outcomes['read']:,} read, {outcomes['refused']:,} refused, {findings:,} findings")
    return 1 if findings else 0


def _files(draw: random.Random, folder: Path) -> Iterator[Case]:
    """Yield files of all kinds that were changed and read: their name, the verdict, and what makes them small."""
    from fuzz.changes import change, shrink
    from fuzz.judge import judge
    from fuzz.seeds import seeds

    files = seeds()
    while True:
        name, content = draw.choice(files)
        changed = change(content, draw, files)
        path = folder / f"case{Path(name).suffix}"
        path.write_bytes(changed)
        verdict = judge(path)
        yield name, verdict, lambda made=changed, at=path, why=verdict: shrink(made, at, why, judge)  # type: ignore[misc]


def _scorecards(draw: random.Random, folder: Path) -> Iterator[Case]:
    """Yield scorecards that were changed and verified."""
    from fuzz.changes import shrink
    from fuzz.workbooks import changed_scorecard, judge_of, scorecards

    files = scorecards()
    judges = {name: judge_of(content) for name, content in files}
    while True:
        name, content = draw.choice(files)
        changed = changed_scorecard(content, draw, files)
        path = folder / "case.xlsx"
        path.write_bytes(changed)
        judge = judges[name]
        verdict = judge(path)
        yield (
            name,
            verdict,
            lambda made=changed, why=verdict, by=judge: shrink(made, folder / "case.xlsx", why, by, 40),  # type: ignore[misc]
        )


def _calls(draw: random.Random) -> Iterator[Case]:
    """Yield calls of the functions with whatever a cell can hold, and more."""
    from fuzz.arguments import draw_call, judge_call

    while True:
        name, arguments = draw_call(draw)
        yield f"{name}.txt", judge_call(name, arguments), lambda given=arguments: repr(given).encode()  # type: ignore[misc]


if __name__ == "__main__":
    sys.exit(main())
