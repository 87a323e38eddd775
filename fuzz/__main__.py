"""`python -m fuzz [SECONDS] [--seed N] [--keep DIR]` reads randomly changed files for so long; 60 seconds if not told.

Every file must be read, or be refused by a PartnerKpiError in one sentence; rows read must be rows used plus rows set
aside. What is neither is kept in a folder, made as small as it can be, for somebody to turn into a test.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from fuzz.changes import change, shrink
from fuzz.judge import judge
from fuzz.seeds import seeds


def main() -> int:
    """Run for as long as asked and return 1 if something was found."""
    options = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    options.add_argument("seconds", nargs="?", type=float, default=60)
    options.add_argument("--seed", type=int, default=None, help="repeats a run")
    options.add_argument("--keep", type=Path, default=Path("fuzz-findings"), help="where findings are kept")
    asked = options.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    draw = random.Random(seed)
    files = seeds()
    end = time.monotonic() + asked.seconds
    tried, outcomes, findings = 0, {"read": 0, "refused": 0}, 0
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            name, content = draw.choice(files)
            changed = change(content, draw, files)
            path = Path(folder) / f"case{Path(name).suffix}"
            path.write_bytes(changed)
            verdict = judge(path)
            tried += 1
            if verdict in outcomes:
                outcomes[verdict] += 1
                continue
            findings += 1
            smallest = shrink(changed, path, verdict, judge)
            asked.keep.mkdir(exist_ok=True)
            kept = asked.keep / f"{seed}-{tried}{path.suffix}"
            kept.write_bytes(smallest)
            print(f"{kept} (from {name}, {len(smallest):,} bytes): {verdict}", flush=True)
    print(f"{tried:,} files: {outcomes['read']:,} read, {outcomes['refused']:,} refused, {findings:,} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
