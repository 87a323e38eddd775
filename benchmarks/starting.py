"""`partnerkpi nps` on a small file from start to finish, against a bare import of the libraries that count it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Measured, compare

ROUNDS = 7


def main() -> None:
    """Print the ratio of times."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        rows = "".join(f"Partner {n % 20},2026-0{n % 9 + 1}-11,{n % 11}\n" for n in range(1_000))
        path.write_text("partner,date,score\n" + rows, encoding="utf-8")
        commands = {
            "bare": [sys.executable, "-c", "import duckdb"],
            "ours": [sys.executable, "-m", "partnerkpi", "nps", str(path)],
        }
        best = dict.fromkeys(commands, float("inf"))
        for _ in range(ROUNDS):
            for name, command in commands.items():
                started = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                best[name] = min(best[name], time.perf_counter() - started)
    ours, bare = (Measured(best[name], best[name], 0, "") for name in ("ours", "bare"))
    compare("partnerkpi nps on 1,000 rows, start to finish", ours, bare, "python -c 'import duckdb'", at_most=5)


if __name__ == "__main__":
    main()
