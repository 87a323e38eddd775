"""The add-in for LibreOffice: what is in it, and that Calc gives through it what `partnerkpi.udfs` answers."""

from __future__ import annotations

import ast
import datetime as dt
import io
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import calc
import pytest
from calls import calls, same
from calls_sheet import placed
from command import run_here
from office import need_office_python

from partnerkpi.carriers.libreoffice import add_in
from partnerkpi.carriers.libreoffice_calls import method_of
from partnerkpi.carriers.libreoffice_types import ROWS, VALUE, type_library
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.udfs import FUNCTIONS

#: What unoidl-write of LibreOffice 7.4.7 makes of an interface with two methods:
#: any partnerNps([in] any scores); sequence< sequence<any> > partnerNpsBy([in] any groups, [in] any scores);
NOTE = b"** Created by LibreOffice 7.4.7.2 unoidl-write **"
WRITTEN_BY_LIBREOFFICE = """
554e4f49444cff002201000001000000002a2a2043726561746564206279204c696272654f666669636520372e342e372e3220756e6f69646c2d7772
697465202a2a0005010000001b000000636f6d2e73756e2e737461722e756e6f2e58496e746572666163650000000000000000020000000a00000070
6172746e65724e707303000000616e7901000000000600000073636f72657381000080000000000c000000706172746e65724e70734279070000005b
5d5b5d616e7902000000000600000067726f75707381000080008d000080810000800000000058506172746e65724b7069000001000000da00000043
000000616464696e000001000000f3000000e6000000706172746e65726b706900000100000006010000f90000006f7267001e01000011010000
"""


@pytest.fixture(scope="module")
def package() -> zipfile.ZipFile:
    """Make the .oxt with the benchmarks that are built in."""
    return zipfile.ZipFile(io.BytesIO(add_in(DEFAULT_BENCHMARKS)))


def test_the_type_library_is_what_libreoffice_writes() -> None:
    """Byte for byte what LibreOffice's own SDK makes of the same interface, its note included."""
    methods = {"partnerNps": (VALUE, ["scores"]), "partnerNpsBy": (ROWS, ["groups", "scores"])}
    ours = type_library("org.partnerkpi.addin.XPartnerKpi", methods, NOTE)
    assert ours == bytes.fromhex("".join(WRITTEN_BY_LIBREOFFICE.split()))


def test_the_same_bytes_every_time() -> None:
    """The file depends on the functions and the benchmarks alone, and is small enough to be mailed."""
    made = add_in(DEFAULT_BENCHMARKS)
    assert made == add_in(DEFAULT_BENCHMARKS)
    assert len(made) < 110_000


def test_every_function_is_in_every_part(package: zipfile.ZipFile) -> None:
    """Type library, names and help texts are made from `FUNCTIONS`, each function with each of its arguments."""
    types, about = package.read("XPartnerKpi.rdb"), package.read("about.txt").decode()
    named = ET.fromstring(package.read("CalcAddIns.xcu"))  # noqa: S314 - written just now
    names = {one.get(_oor("name")): one for one in named.iter("node")}
    for name, function in FUNCTIONS.items():
        texts = [one.text for one in names[method_of(name)].iter("value")]
        assert {name, function.description, *function.arguments, *function.arguments.values()} <= set(texts)
        for method in (name, *function.arguments):
            assert method_of(method).encode() in types
        assert name in about
    methods = [method_of(name) for name in FUNCTIONS]
    assert len(set(methods)) == len(methods)


def _oor(name: str) -> str:
    return f"{{http://openoffice.org/2001/registry}}{name}"


def test_standard_library_only(package: zipfile.ZipFile) -> None:
    """What is carried along imports nothing that LibreOffice's Python lacks when it is started."""
    for name in package.namelist():
        if not name.startswith("functions/"):
            continue
        for statement in ast.parse(package.read(name)).body:
            given = [one.name for one in statement.names] if isinstance(statement, ast.Import) else []
            given += [statement.module or ""] if isinstance(statement, ast.ImportFrom) else []
            libraries = {one.split(".")[0] for one in given} - sys.stdlib_module_names - {"partnerkpi"}
            assert libraries <= ({"xlwings"} if name.endswith("udfs/function.py") else set()), name


def test_only_what_is_needed_is_carried(package: zipfile.ZipFile) -> None:
    """Neither the command line nor the workbook goes along."""
    rooms = {name.split("/")[2] for name in package.namelist() if name.startswith("functions/")}
    assert {"cells", "kpi", "udfs"} <= rooms
    assert not rooms & {"cli", "excel", "mail", "scorecard", "settings.py", "tables", "workbook"}


# ---- as Calc calls it, without Calc

#: Runs the add-in out of the file with stand-ins for what LibreOffice brings, in a Python that has nothing else.
CALLER = """
import json, sys
from types import ModuleType
folder = sys.argv[1]
for name, members in {
    "unohelper": ("Base", "ImplementationHelper"), "com": (), "com.sun": (), "com.sun.star": (),
    "com.sun.star.lang": ("Locale", "XServiceInfo", "XServiceName"), "com.sun.star.sheet": ("XAddIn",),
    "org": (), "org.partnerkpi": (), "org.partnerkpi.addin": ("XPartnerKpi",),
}.items():
    module = sys.modules[name] = ModuleType(name)
    for member in members:
        setattr(module, member, type(member, (), {"__init__": lambda self, *_: None}))
sys.modules["unohelper"].ImplementationHelper.addImplementation = lambda *_: None
sys.modules["partnerkpi"] = other = ModuleType("partnerkpi")  # an older one, say
source = compile(open(folder + "/partnerkpi_addin.py", encoding="utf-8").read(), "add-in", "exec")
space = {"__file__": folder + "/partnerkpi_addin.py", "__name__": "uno_component"}
exec(source, space)
assert sys.modules["partnerkpi"] is other and "xlwings" not in sys.modules
add_in = space["PartnerKpi"](None)
def got(value):
    if isinstance(value, tuple): return [[got(cell) for cell in row] for row in value]
    if value != value: return {"nan": space["calls"].error_number(value)}
    return value
def given(value):
    return tuple(tuple(row) for row in value) if isinstance(value, list) else value
for line in sys.stdin:
    method, arguments = json.loads(line)
    print(json.dumps(got(getattr(add_in, method)(*map(given, arguments)))))
"""
NUMBERS = {502: "Err:502", 503: "#NUM!", 519: "#VALUE!", 524: "#REF!", 532: "#DIV/0!", 32767: "#N/A"}


def test_the_add_in_answers_as_the_functions_do(package: zipfile.ZipFile, tmp_path: Path) -> None:
    """Every call that reaches the add-in has its answer, in a Python that has neither this package nor xlwings."""
    package.extractall(tmp_path)
    asked = [one for one in map(calc.handed_over, calls()) if one is not None]
    assert len(asked) > 2_000
    lines = [json.dumps([method_of(call.function), list(call.arguments)]) for call in asked]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", CALLER, str(tmp_path)],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    for call, line in zip(asked, done.stdout.splitlines(), strict=True):
        got = _with_errors(json.loads(line))
        if FUNCTIONS[call.function].table and not isinstance(call.answer, list):
            ((got,),) = got
        assert same(call.answer, got), str(call)


def _with_errors(value: object) -> object:
    if isinstance(value, list):
        return [_with_errors(one) for one in value]
    return {"error": NUMBERS[value["nan"]]} if isinstance(value, dict) else value


# ---- in Calc itself


@pytest.fixture(scope="module")
def profile() -> Iterator[Path]:
    """Install the add-in into a new profile of LibreOffice."""
    need_office_python()
    # pytest closes its own folders to others with each run that begins, and Calc runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="partnerkpi-calc-"))
    file = folder / "partnerkpi.oxt"
    strict = Benchmark.from_thresholds("nps", {"good": 20}, worst="bad", target=20)
    file.write_bytes(add_in({**DEFAULT_BENCHMARKS, "nps": strict}))
    calc.install(file, folder / "other")
    file.write_bytes(add_in(DEFAULT_BENCHMARKS))
    calc.install(file, folder / "profile")
    yield folder / "profile"
    shutil.rmtree(folder)


@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.thorough)])
def test_calc_answers_as_the_functions_do(profile: Path, every: int) -> None:
    """Through the add-in in Calc each odd call has the answer of `partnerkpi.udfs` to what Calc hands over.

    That differs from what Excel hands over in four ways, which `calc.way` tells apart; all other answers are the same.
    """
    asked = placed([calc.expected(one) for one in calls()[::every]])
    values = calc.calculate(profile, calc.sheet(calc.cells_of(asked)))
    got = [calc.answers(one, values) for one in asked]
    wrong = [
        f"{one.call}: {one.call.answer}, not {answer}"
        for one, answer in zip(asked, got, strict=True)
        if not same(one.call.answer, answer)
    ]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(asked)}", *wrong[:20]])
    ways = Counter(calc.way(given, one.call) for given, one in zip(calls()[::every], asked, strict=True))
    assert ways["as in Excel"] > 0.85 * len(asked), ways
    assert set(ways) == {"as in Excel", "Err:502", "Err:504", "TRUE is 1", "a single error is the answer"}, ways


def test_the_ways_round(profile: Path) -> None:
    """What the page tells to do, where Calc hands a cell over too roughly, does it; errors are real ones."""
    name = f"{calc.PREFIX}PARTNERNPS"
    scores = [9, None, 10, 3]
    cells = {(row, 1): calc.cell(score) for row, score in enumerate(scores, 1) if score is not None}
    cells |= {(1, 2): calc.formula("TRUE()"), (2, 2): calc.formula("NA()"), (3, 2): calc.cell(9)}
    cells[1, 3] = calc.formula('IF(ISLOGICAL([.B1]);"";[.B1])')
    asked = {
        f"{name}([.A1:.A4])": 100 / 3,
        f"{name}([.A1:.A1048576])": 100 / 3,
        f"{name}GROUP([.A2])": calc.error("Err:502"),
        f"{name}GROUP([.A2:.A2])": calc.error("#N/A"),
        f"{name}GROUP({{0}})": "Detractor",
        f"{name}([.B1:.B1])": -100,
        f"{name}([.C1:.C1])": calc.error("#N/A"),
        f"{name}([.B2:.B3])": calc.error("Err:504"),
        f"ISNA({name}([.A2:.A2]))": True,
        f'IFERROR({name}({{11}});"caught")': "caught",
        f"ERROR.TYPE({name}({{11}}))": 6,  # #NUM!
        f"1+{name}({{9;10;3}})": 103 / 3,
        f'{calc.PREFIX}PARTNERHEALTH(IFERROR([.B2];"");0.6;70)': 260 / 3,
    }
    matrix = f'{name}(IFERROR([.B2:.B3];""))'
    for row, text in enumerate(asked, 1):
        cells[row, 5] = calc.formula(text)
    cells[len(asked) + 1, 5] = calc.formula(matrix, (1, 1))
    values = calc.calculate(profile, calc.sheet(cells))
    for row, (text, answer) in enumerate({**asked, matrix: 100}.items(), 1):
        assert same(answer, values[row, 5]), text


def test_tables_are_matrices(profile: Path) -> None:
    """Names with any letter come back as they are; dates are dates, formatted or computed; what is beyond is #N/A."""
    names, scores = ["A&B <Ü>", 'the "best"', "A&B <Ü>"], [9, 3, 10]
    cells = {(row, 1): calc.cell(name) for row, name in enumerate(names, 1)}
    cells |= {(row, 2): calc.cell(score) for row, score in enumerate(scores, 1)}
    cells |= {(row, 3): calc.formula(f"DATE(2026;{month};28)") for row, month in enumerate((1, 2, 8), 1)}
    cells[1, 5] = calc.formula(f"{calc.PREFIX}PARTNERNPSBY([.A1:.A3];[.B1:.B3])", (3, 2))
    cells[5, 5] = calc.formula(f'{calc.PREFIX}PARTNERNPSTREND([.C1:.C3];[.B1:.B3];"quarter")', (3, 3))
    values = calc.calculate(profile, calc.sheet(cells))
    nothing = calc.error("#N/A")
    assert [[values[row, column] for column in (5, 6)] for row in (1, 2, 3)] == [
        ["A&B <Ü>", 2],
        ['the "best"', 1],
        [nothing, nothing],
    ]
    assert [[values[row, column] for column in (5, 6, 7)] for row in (5, 6, 7)] == [
        ["2026-Q1", 2, 0],
        ["2026-Q2", 0, nothing],
        ["2026-Q3", 1, 100],
    ]


@pytest.mark.parametrize("first_day", ["1899-12-30", "1904-01-01"])
def test_days_are_those_that_calc_shows(profile: Path, first_day: str) -> None:
    """Years, quarters, months and weeks are those of the days that are shown, from whichever day they are counted."""
    days = [dt.date(2025, 12, 29), dt.date(2026, 1, 1), dt.date(2026, 1, 5), dt.date(2026, 2, 28), dt.date(2026, 8, 28)]
    scores = [9, 3, 10, 7, 0]
    cells = {(row, 2): calc.cell(score) for row, score in enumerate(scores, 1)}
    cells |= {(row, 3): calc.formula(f"DATE({one.year};{one.month};{one.day})") for row, one in enumerate(days, 1)}
    wanted, row = {}, 1
    for period in ("year", "quarter", "month", "week"):
        found: Any = FUNCTIONS["PARTNER_NPS_TREND"].call([[day] for day in days], [[score] for score in scores], period)
        formula = f'{calc.PREFIX}PARTNERNPSTREND([.C1:.C5];[.B1:.B5];"{period}")'
        cells[row, 5] = calc.formula(formula, (len(found), 3))
        wanted |= {
            (row + down, 5 + right): cell for down, one in enumerate(found) for right, cell in enumerate(one[:3])
        }
        row += len(found) + 1
    settings = (
        f'<table:calculation-settings><table:null-date table:date-value="{first_day}"/></table:calculation-settings>'
    )
    sheet = calc.sheet(cells).replace("<office:spreadsheet>", f"<office:spreadsheet>{settings}")
    values = calc.calculate(profile, sheet)
    assert {place: values[place] for place in wanted} == {
        place: calc.error("#N/A") if cell == "#N/A" else cell for place, cell in wanted.items()
    }
    assert wanted[row - 2, 5] == "2026-W35"


def test_an_older_python_is_told_so(package: zipfile.ZipFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where LibreOffice's Python is too old the extension manager says what is needed, before anything else fails."""
    source = compile(package.read("partnerkpi_addin.py"), "add-in", "exec")
    monkeypatch.setattr(sys, "version_info", (3, 10, 18))
    with pytest.raises(RuntimeError, match=r"need Python 3\.11\. LibreOffice brings it along"):
        exec(source, {"__file__": "add-in"})  # noqa: S102 - our own file


def test_ratings_follow_the_benchmarks_of_the_file(profile: Path) -> None:
    """An NPS of 33 is rated by the benchmarks with which the add-in was written."""
    asked = f'{calc.PREFIX}PARTNERRATING("nps";33)'
    for folder, rating in ((profile, "watch"), (profile.with_name("other"), "good")):
        assert calc.calculate(folder, calc.sheet({(1, 1): calc.formula(asked)})) == {(1, 1): rating}


def test_the_command_writes_what_is_asked(tmp_path: Path) -> None:
    """The file holds the benchmarks of the settings; another ending, or the settings themselves, are refused."""
    settings = tmp_path / "mine.toml"
    settings.write_text("[benchmarks.nps]\nstrong = 44\n", encoding="utf-8")
    done = run_here("excel", "libreoffice", "-o", tmp_path / "a.oxt", "--config", settings)
    assert (done.code, done.out.strip()) == (0, str(tmp_path / "a.oxt"))
    assert "strong 44" in zipfile.ZipFile(tmp_path / "a.oxt").read("about.txt").decode()
    refused = run_here("excel", "libreoffice", "-o", tmp_path / "a.zip")
    assert refused.code == 2
    assert "ends in .oxt" in refused.err
