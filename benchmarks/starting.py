"""What starting costs: pages of help, the guide and `nps` of a small file, in processor time against Python itself."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measured, compare

ROUNDS = 15
#: Each command, and the most times that it may take what `python -c pass` takes.
AT_MOST = {"--help": 5, "nps --help": 6, "guide": 6, "nps FILE": 20}


def main() -> None:
    """Print the ratios of processor time, of the command and all processes that it starts."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        rows = "".join(f"Partner {n % 20},2026-0{n % 9 + 1}-11,{n % 11}\n" for n in range(1_000))
        path.write_text("partner,date,score\n" + rows, encoding="utf-8")
        ours = [sys.executable, "-m", "partnerkpi"]
        words = {name: [str(path) if word == "FILE" else word for word in name.split()] for name in AT_MOST}
        commands = {"pass": [sys.executable, "-c", "pass"], "import duckdb": [sys.executable, "-c", "import duckdb"]}
        commands |= {name: ours + own for name, own in words.items()}
        # As where it is installed: what is imported was compiled before.
        compiled = {"PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}
        environment = {**os.environ, **compiled}
        for command in commands.values():
            _processor(command, environment)
        best = dict.fromkeys(commands, float("inf"))
        for _ in range(ROUNDS):
            for name, command in commands.items():
                best[name] = min(best[name], _processor(command, environment))
    bare, engine = _measured(best["pass"]), _measured(best["import duckdb"])
    for name, most in AT_MOST.items():
        what = f"partnerkpi {name}" + (", 1,000 rows" if "FILE" in name else "")
        compare(what, _measured(best[name]), bare, "python -c pass", at_most=most, processor=True)
    name = "python -c 'import duckdb'"
    compare("partnerkpi nps FILE, 1,000 rows", _measured(best["nps FILE"]), engine, name, at_most=5, processor=True)


def _processor(command: list[str], environment: dict[str, str]) -> float:
    """Return the seconds that a process and its own took of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _measured(seconds: float) -> Measured:
    return Measured(seconds, seconds, 0, "")


if __name__ == "__main__":
    main()
