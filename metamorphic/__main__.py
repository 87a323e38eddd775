"""`python -m metamorphic [FILES] [--seed N] [--keep DIR]` changes tables in ways that must not change a figure.

3,000 changed files if not told. Each is counted by the command line. A figure that differs with exit 0 is a fault; what
is asked or refused is listed by how often, since a question that nobody needs is one as well. Then what tells the
answer is taken away (columns without a name, 03/04/2026): a figure all the same is a fault too.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from metamorphic.judge import asked as questions
from metamorphic.judge import one_helper, several
from metamorphic.tables import demo, shared


def main() -> int:
    """Try as many changed files as asked for and return 1 if a figure differs."""
    options = argparse.ArgumentParser(prog="python -m metamorphic", description=__doc__)
    options.add_argument("files", nargs="?", type=int, default=3000)
    options.add_argument("--seed", type=int, default=1, help="the first; repeats a run")
    options.add_argument("--only", help="trials whose names contain this")
    options.add_argument("--keep", type=Path, default=None, help="where files that were not counted alike are kept")
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = options.parse_args()
    trials = [number for number, trial in enumerate((*demo(), *shared())) if not asked.only or asked.only in trial.name]
    each = [(trials[number % len(trials)], asked.seed + number // len(trials)) for number in range(asked.files)]
    batches = [(each[start : start + 25], asked.keep) for start in range(0, len(each), 25)]
    verdicts: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor(asked.processes, multiprocessing.get_context("spawn")) as pool:
        for done in pool.map(several, batches):
            for name, verdict, seed, what in done:
                verdicts[name, verdict] += 1
                if verdict != "same":
                    print(f"{verdict}: {name} {seed}: {what}", flush=True)
    total: Counter[str] = Counter()
    for (name, verdict), count in sorted(verdicts.items()):
        total[verdict] += count
        print(f"{name}: {count:,} {verdict}")
    print(", ".join(f"{count:,} {verdict}" for verdict, count in sorted(total.items())))
    counted = 0
    with one_helper():
        for trial in (*demo(), *shared()):
            for how, was_asked, said in questions(trial, asked.seed):
                counted += not was_asked
                print(f"{'asked' if was_asked else 'COUNTED'}: {trial.name}, {how}: {said}")
    return 1 if total["different"] or counted else 0


if __name__ == "__main__":
    sys.exit(main())
