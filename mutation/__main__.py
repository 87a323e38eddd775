"""`python -m mutation [ROOM]...` asks of every line of a room whether a test fails when it says something else.

mutmut changes one thing at a time, such as < to <=, and runs the tests that reach it. A change that no test notices is
printed: write the test, or make the code simpler. A room passes with 90 % noticed. The rooms and their tests stand in
pyproject.toml.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "pyproject.toml"
WORK = ROOT / "build" / "mutation"
NOTICED_AT_LEAST = 0.9
#: What differs is not shown, which of a workbook takes minutes; and what mutmut leaves open at the end of a run is no
#: fault of a test: the run would end with an error, which mutmut takes for a timeout, whatever the tests found.
PYTEST = ["--hypothesis-profile=mutation", "--assert=plain", "--tb=no", "-p", "no:unraisableexception"]
UNTRIED = 255  # what a run of mutmut ends with that could not start, or not end
#: What a string says that is SQL.
_SQL = re.compile(
    r"\b(?:SELECT|FROM|WHERE|AND|OR|NOT|NULL|NULLS|CASE|WHEN|ELSE|END|CAST|ORDER|GROUP|UNION|OVER|DOUBLE|TRUE|FALSE)\b"
    r"|\"__[a-z]|\b(?:count|sum|lower)\(|__p\."
)
_QUOTED = re.compile("'[^']*'")
TESTS_READ = ("templates", "scorecard.xlsm", "README.md")


def main() -> int:
    """Try the rooms that were asked for, and return 1 if one of them falls short."""
    rooms = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))["tool"]["mutation"]
    options = argparse.ArgumentParser(prog="python -m mutation", description=__doc__)
    options.add_argument("rooms", nargs="*", metavar="ROOM", help=f"{', '.join(rooms)}; all if not told")
    options.add_argument("--again", action="store_true", help="only what no test noticed the last time")
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = options.parse_args()
    if unknown := set(asked.rooms) - set(rooms):
        options.error(f"no room is called {', '.join(sorted(unknown))}; known: {', '.join(rooms)}")
    shares = [noticed(room, rooms[room], asked.again, asked.processes) for room in asked.rooms or rooms]
    return 0 if min(shares) >= NOTICED_AT_LEAST else 1


def noticed(room: str, settings: dict[str, list[str]], again: bool, processes: int) -> float:
    """Try one room, print what no test noticed, and return the share that was."""
    folder = WORK / room
    if not again:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("partnerkpi", "tests", *TESTS_READ):
            (folder / name).symlink_to(ROOT / name)
    write_settings(folder, settings)
    names = [name for name, _ in unnoticed(folder)] if again else []
    (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)  # which test reaches what: tests have changed
    mutmut(folder, "run", f"--max-children={processes}", *names)
    refuse_untried(folder)
    same = 0
    for name, verdict in unnoticed(folder):
        lines = mutmut(folder, "show", name).splitlines()
        changed = [line for line in lines if line[:1] in ("-", "+") and line[:3] not in ("---", "+++")]
        if is_same_sql(changed):
            same += 1
        else:
            print(f"{verdict}: {name}", *changed, sep="\n    ")
    mutmut(folder, "export-cicd-stats")
    counts = json.loads((folder / "mutants" / "mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    killed, total = counts["killed"] + counts["timeout"], counts["total"] - same
    print(f"{room}: {killed:,} of {total:,} changes noticed, {100 * killed / total:.1f} %")
    return float(killed / total)


def write_settings(folder: Path, settings: dict[str, list[str]]) -> None:
    """Give mutmut, which is told by pyproject.toml alone, the project's own with what holds for the room."""
    own = {
        "source_paths": ["partnerkpi"],
        "also_copy": TESTS_READ,
        "only_mutate": settings["change"],
        "process_isolation": "forkserver",  # from a process that has run no test yet: its caches are empty
        "timeout_constant": 4.0,  # times 15: a busy machine is not an endless loop
        "pytest_add_cli_args": PYTEST,
        "pytest_add_cli_args_test_selection": settings["tests"],
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in own.items()]  # the same in TOML
    text = SETTINGS.read_text(encoding="utf-8") + "\n".join(["\n[tool.mutmut]", *lines, ""])
    (folder / SETTINGS.name).write_text(text, encoding="utf-8")


def refuse_untried(folder: Path) -> None:
    """End with a message if pytest could not run the tests of a change: mutmut takes that for a timeout."""
    verdicts = [json.loads(file.read_text(encoding="utf-8")) for file in (folder / "mutants").rglob("*.meta")]
    untried = [name for verdict in verdicts for name, code in verdict["exit_code_by_key"].items() if code == UNTRIED]
    if untried:
        sys.exit(f"{len(untried):,} changes were not tried, since pytest ended with an error; the first: {untried[0]}")


def unnoticed(folder: Path) -> list[tuple[str, str]]:
    """Return the changes that no test noticed, each with mutmut's word for it."""
    lines = [line.strip().rpartition(": ") for line in mutmut(folder, "results").splitlines()]
    return [(name, verdict) for name, _, verdict in lines if verdict != "timeout"]


def is_same_sql(changed: Sequence[str]) -> bool:
    """Tell whether a change writes SQL in other letters, `select` for `SELECT`, which is the same SQL to every engine.

    What stands in quotes in it would be another text.
    """
    before, after = ("".join(line[1:] for line in changed if line[0] == sign) for sign in "-+")
    same = before.lower() == after.lower() and _QUOTED.findall(before) == _QUOTED.findall(after)
    return same and _SQL.search(before) is not None


def mutmut(folder: Path, command: str, *arguments: str) -> str:
    """Run a command of mutmut; its progress goes to the terminal, anything else is returned."""
    shown = None if command == "run" else subprocess.PIPE
    call = [sys.executable, "-m", "mutmut", command, *arguments]
    return subprocess.run(call, cwd=folder, check=True, stdout=shown, text=True).stdout or ""


if __name__ == "__main__":
    sys.exit(main())
