"""A Windows machine that is made up: its folders below a test's own, its registry a table, its programs a function."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from partnerkpi.excel.live import answer
from partnerkpi.excel.machine import Machine
from partnerkpi.excel.stamp import installed

APP_PATHS = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
EXCEL = r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"


def a_machine(folder: Path, rules: Mapping[tuple[str, str], int | str] | None = None) -> Machine:
    """Make up a machine on which everything is right; `rules` are values of its registry by key and name."""
    import xlwings

    there: dict[tuple[str, str], int | str] = {(APP_PATHS, ""): EXCEL} | dict(rules or {})
    made = Machine(
        platform="win32",
        executable=folder / "env" / "Scripts" / "python.exe",
        base_prefix=folder / "Python",
        user_base=folder / "Roaming",
        documents=folder / "Documents",
        config_file=folder / ".xlwings" / "xlwings.conf",
        encoding="cp1252",
        python_version="3.11.7",
        xlwings_version=xlwings.__version__,
        has_pywin32=True,
        startup=folder / "Roaming" / "Microsoft" / "Excel" / "XLSTART",
        gen_py=folder / "Temp" / "gen_py" / "3.11",
        one_drives=(folder / "OneDrive - Example Ltd",),
        registry=lambda key, name: there.get((key, name)),
        run=lambda _: (0, answers() + "\n"),
    )
    for place in (made.executable.parent, made.documents, made.user_base, made.base_prefix):
        place.mkdir(parents=True)
    made.executable.touch()
    return made


def answers() -> str:
    """Return what a Python that has this partnerkpi answers."""
    return answer(*(text for _, text in installed().settings))


def run_here(command: str) -> tuple[int, str]:
    """Run the part of a command line that the command prompt would hand on, with the Python of the tests."""
    before, inner = command.split('  /C "', 1)
    assert (before, inner[-1]) == ("cmd.exe", '"')
    _, *arguments = shlex.split(inner[:-1])
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout + done.stderr
