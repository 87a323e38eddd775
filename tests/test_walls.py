"""Who may import whom: each room of the house knows only the rooms to its left."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import partnerkpi

PACKAGE = Path(partnerkpi.__file__).parent

#: The rooms from left to right. A room may import from itself and from rooms of a lower number.
ROOMS = {
    "errors": 0,
    "files": 1,
    "guide": 1,
    "kpi": 1,
    "cells": 2,
    "settings": 2,
    "periods": 2,
    "language": 2,
    "config": 3,
    "tables": 3,
    "tally": 4,
    "udfs": 4,
    "scorecard": 5,
    "demo": 5,
    "workbook": 6,
    "excel": 7,
    "mail": 7,
    "api": 7,
    "cli": 8,
    "__main__": 9,
    "__init__": 9,
}

#: What a room may not touch although it is not ours, and why.
FORBIDDEN = {
    "scorecard": {"openpyxl", "rich", "typer"},  # the scorecard is data: it knows no Excel and no terminal
    "tally": {"openpyxl", "pandas", "polars", "rich", "typer"},  # one expression for every engine
    "tables": {"pandas", "rich", "typer", "narwhals"},
    "workbook": {"rich", "typer", "duckdb"},
    "mail": {"rich", "typer", "duckdb", "pandas"},
    "demo": {"openpyxl", "pandas", "duckdb", "rich", "typer"},
    "udfs": {"openpyxl", "pandas", "numpy", "duckdb", "rich", "typer"},
}
STANDARD_ONLY = {"errors", "files", "periods", "language", "kpi", "cells", "guide", "demo"}


def modules() -> Iterator[tuple[str, Path]]:
    """Yield each module of the package with the room it is in."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path


def imports(path: Path) -> Iterator[str]:
    """Yield every module that a file imports, at its top or within a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute, so that a reader sees the room"
            yield node.module or ""


def test_every_room_has_its_place() -> None:
    """A new room must be given a place among the others."""
    assert {room for room, _ in modules()} <= set(ROOMS)


def test_data_goes_from_left_to_right() -> None:
    """No module imports from a room to its right, and nothing but the entry points imports the command line."""
    wrong = []
    for room, path in modules():
        for name in imports(path):
            parts = name.split(".")
            if parts[0] != "partnerkpi" or len(parts) == 1:
                continue
            other = parts[1]
            if other != room and ROOMS[other] >= ROOMS[room]:
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert wrong == []


def test_rooms_keep_to_their_libraries() -> None:
    """kpi, cells and their like use the standard library only; the scorecard knows no openpyxl."""
    wrong = []
    for room, path in modules():
        for name in imports(path):
            first = name.split(".")[0]
            foreign = first != "partnerkpi" and first not in sys.stdlib_module_names
            if (foreign and room in STANDARD_ONLY) or first in FORBIDDEN.get(room, ()):
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("module", ["partnerkpi", "partnerkpi.kpi", "partnerkpi.cells"])
def test_light_rooms_stay_light(module: str) -> None:
    """Importing the arithmetic loads neither numpy nor pandas nor an engine."""
    heavy = ["numpy", "pandas", "duckdb", "narwhals", "openpyxl"]
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_csv_needs_no_heavy_library(tmp_path: Path) -> None:
    """Counting a CSV file loads neither pandas nor openpyxl nor calamine: the command starts fast."""
    path = tmp_path / "answers.csv"
    path.write_text("partner,score\nAcme,9\n")
    code = (
        "import sys; from partnerkpi.cli import _run; "
        f"code = _run(['nps', {str(path)!r}, '--format', 'json', '--quiet']); "
        "print([m for m in ('pandas', 'openpyxl', 'python_calamine') if m in sys.modules], code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[] 0"


def test_a_module_is_a_room_to_live_in() -> None:
    """No module has outgrown 400 lines."""
    long = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for _, path in modules()}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}
