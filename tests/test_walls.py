"""Walls that hold: import-linter reads the contracts in pyproject.toml; what it cannot say is tested here."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import partnerkpi

PACKAGE = Path(partnerkpi.__file__).parent
ROOT = Path(__file__).parents[1]

BELOW = "Each room knows only the rooms below it"
ENTRY = "Nothing but the entry point knows the command line"
WITHIN = "Within the workbook: a model, the figures in it, its sheets, and what writes them"
CIRCLE = "No circle within any room"
TRADE = "Each room keeps to the libraries of its trade"

Plant = Callable[[str, str], set[str]]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Plant:
    """Return a function that adds a line to a copy of the package and returns the contracts that are then broken."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(PACKAGE, copy / "partnerkpi", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "tests" / "support").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "support" / "contracts.py", copy / "tests" / "support")
    shutil.copy(ROOT / "pyproject.toml", copy)
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    environment = {**os.environ, "COLUMNS": "200", "PYTHONPATH": str(copy)}

    def broken(file: str, line: str) -> set[str]:
        path = copy / "partnerkpi" / file
        before = path.read_text(encoding="utf-8") if path.exists() else None
        path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
        done = subprocess.run(lint, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
        found = set(re.findall(r"^(.*) BROKEN$", done.stdout, re.MULTILINE))
        assert f"{len(found)} broken" in done.stdout, done.stdout + done.stderr
        assert bool(found) == bool(done.returncode)
        return found

    return broken


def test_the_walls_stand(plant: Plant) -> None:
    """The package as it is breaks no contract."""
    assert plant("py.typed", "") == set()


@pytest.mark.parametrize(
    ("file", "line", "contracts"),
    [
        ("kpi/words.py", "from partnerkpi import cli", {BELOW, ENTRY}),
        ("kpi/words.py", "def late():\n    from partnerkpi import cli", {BELOW, ENTRY}),
        ("__init__.py", "from partnerkpi.cli import main", {ENTRY}),
        ("scorecard/card.py", "from partnerkpi.workbook import build", {BELOW, CIRCLE}),
        ("attic.py", "from partnerkpi import errors", {BELOW}),
        ("workbook/model/theme.py", "from partnerkpi.workbook.sheets import about", {WITHIN, CIRCLE}),
        ("kpi/checks.py", "from partnerkpi.kpi import words", {CIRCLE}),
        ("cells/__init__.py", "import numpy", {TRADE}),
        ("kpi/words.py", "from scipy.stats import norm", {TRADE}),
        ("language/__init__.py", "def late():\n    import babel", {TRADE}),
        ("scorecard/card.py", "import openpyxl", {TRADE}),
        ("workbook/build.py", "import duckdb", {TRADE}),
        ("tables/read.py", "import numpy", {TRADE}),
    ],
)
def test_what_is_planted_is_found(plant: Plant, file: str, line: str, contracts: set[str]) -> None:
    """An import that breaks a contract is found wherever it stands, and a room that nobody gave a place."""
    assert plant(file, line) >= contracts


@pytest.mark.parametrize("module", ["partnerkpi", "partnerkpi.kpi", "partnerkpi.cells"])
def test_light_rooms_stay_light(module: str) -> None:
    """Importing the arithmetic loads neither numpy nor pandas nor an engine."""
    heavy = ["numpy", "pandas", "duckdb", "openpyxl"]
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


def test_the_version_stands_once() -> None:
    """The number of the version is written in _version.py and nowhere else in the project's code."""
    written = [
        path.name
        for path in [ROOT / "pyproject.toml", *PACKAGE.rglob("*.py")]
        if re.search(rf"""["']{re.escape(partnerkpi.__version__)}["']""", path.read_text(encoding="utf-8"))
    ]
    assert written == ["_version.py"]


def test_a_module_is_a_room_to_live_in() -> None:
    """A module reads best in 150 to 400 lines; none has outgrown 400."""
    lines = {path.relative_to(PACKAGE): path.read_text(encoding="utf-8").count("\n") for path in PACKAGE.rglob("*.py")}
    assert {path: count for path, count in lines.items() if count > 400} == {}


def test_names_are_those_that_a_stranger_expects() -> None:
    """What is said is a sentence, a note, a word or an answer, and is called that; so is what is known or pressed."""
    unclear = {"say", "said", "spoken", "retold", "recall", "Sketch", "Shelf", "Press", "Known", "Month"}
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = getattr(node, "name", None), getattr(node, "id", None), getattr(node, "arg", None)
            found |= {(path.name, name) for name in names if isinstance(name, str) and name.strip("_") in unclear}
    assert found == set()


def test_contributing_draws_the_house_as_it_is() -> None:
    """Every room stands in the drawing, and every file of the package and the tests that the page names is there."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawing = page[page.index("## The house") : page.index("### Where does it go?")]
    rooms = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    rooms -= {"__init__", "__main__", "__pycache__", "py.typed"}
    named = set(re.findall(r"[\w_]+", drawing))
    assert {room for room in rooms if not room.endswith(".xlsm") and room != "templates"} <= named
    files = re.findall(r"`([\w/.]+/[\w.]+\.(?:py|toml|md))`", page)
    assert len(files) > 20
    assert [name for name in files if not any((place / name).exists() for place in (ROOT, PACKAGE))] == [
        "language/CODE.toml",
        "language/workbook/CODE.toml",
    ]
