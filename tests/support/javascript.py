"""Node, and Python in it: programs that run what is made for a browser or for Google Sheets.

A test skips, saying so, where Node or Pyodide is missing; under CI=true that is a failure, because CI installs both.
"""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlwings
from calls import Argument, Call, error
from office import missing, need

from partnerkpi.vocabulary import ERROR_CELLS

HERE = Path(__file__).parent
PYODIDE = "PARTNERKPI_PYODIDE"  # environment variable: the folder of the npm package pyodide
SECONDS = 300  # a program that takes longer hangs


def node(script: str, *arguments: object) -> Any:
    """Run a script beside this file in Node; return what it prints, which is JSON."""
    command = [need("node"), str(HERE / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def in_pyodide(main: Path, folder: Path, *arguments: object) -> Any:
    """Run `in_pyodide.mjs` with a `main.py` of the functions and the xlwings that is installed here."""
    place = os.environ.get(PYODIDE, "")
    if not (Path(place) / "pyodide.mjs").is_file():
        missing(f"Pyodide is not installed: npm install pyodide, and name its folder in {PYODIDE}")
    return node("in_pyodide.mjs", place, main, xlwings_zip(folder), *arguments)


def xlwings_zip(folder: Path) -> Path:
    """Pack the modules of the xlwings that is installed, without the part that has its own terms; return where."""
    package, target = Path(xlwings.__file__).parent, folder / "xlwings.zip"
    with zipfile.ZipFile(target, "w") as made:
        for path in sorted(package.rglob("*.py")):
            if path.relative_to(package).parts[0] != "pro":
                made.write(path, path.relative_to(package.parent))
    return target


def answers_in_pyodide(main: Path, folder: Path, asked: Sequence[Call]) -> dict[str, Any]:
    """Return the answers of a `main.py` in Pyodide to some calls, and which heavy libraries it has loaded."""
    path = folder / "calls.json"
    path.write_text(json.dumps([[one.function, [*map(_as_lite_gives, one.arguments)]] for one in asked]), "utf-8")
    return dict(in_pyodide(main, folder, path))


def as_answered(answer: Any) -> Any:
    """Return an answer as `calls` notes it: an error that is given as its text is an error, not a text."""
    if isinstance(answer, list):
        return [as_answered(cell) for cell in answer]
    return error(answer) if isinstance(answer, str) and answer in ERROR_CELLS else answer


def _as_lite_gives(argument: Argument) -> Any:
    """Return an argument as xlwings Lite hands it over: an error is a value of its own kind."""
    if isinstance(argument, list):
        return [[_as_lite_gives(cell) for cell in row] for row in argument]
    if isinstance(argument, dict):
        return {"type": "Error", "basicType": "Error", "basicValue": argument["error"]}
    return argument
