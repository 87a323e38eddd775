"""partnerkpi.xlam: the macros of scorecard.xlsm, unchanged, in a file that Excel takes for an add-in."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import office
import pytest
from command import run_here
from lxml import etree

from partnerkpi.excel.add_in import add_in
from partnerkpi.excel.package import modules_in, read_parts, versions_of
from partnerkpi.excel.stamp import installed, settings_of, stamp_of

ROOT = Path(__file__).resolve().parents[2]
ADD_IN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the add-in of the shipped workbook."""
    path = tmp_path_factory.mktemp("add-in") / "partnerkpi.xlam"
    path.write_bytes(add_in(ROOT.joinpath("scorecard.xlsm").read_bytes()))
    return path


def test_macros_and_settings_are_the_workbooks(made: Path) -> None:
    """The VBA project is the workbook's, byte for byte, and so are settings, version and list of functions."""
    office.need_package("pyopenvba")
    workbook = ROOT / "scorecard.xlsm"
    assert read_parts(made.read_bytes())["xl/vbaProject.bin"] == read_parts(workbook.read_bytes())["xl/vbaProject.bin"]
    assert settings_of(made) == settings_of(workbook)
    assert stamp_of(made) == installed()
    assert versions_of(made) == versions_of(workbook)


def test_nothing_is_calculated_when_excel_starts(made: Path) -> None:
    """No sheet but that of the settings has cells, none has a formula, and no name, table or chart is left."""
    parts = read_parts(made.read_bytes())
    sheets = {name: etree.fromstring(part) for name, part in parts.items() if name.startswith("xl/worksheets/")}
    assert sum(bool(list(sheet.iter("{*}c"))) for sheet in sheets.values()) == 1
    assert not [name for name, sheet in sheets.items() if list(sheet.iter("{*}f"))]
    workbook = etree.fromstring(parts["xl/workbook.xml"])
    assert not list(workbook.iter("{*}definedNames", "{*}calcPr"))
    assert not [name for name in parts if "table" in name or "chart" in name or "drawing" in name]


def test_every_sheet_keeps_its_module(made: Path) -> None:
    """Each sheet has the code name of its module in the VBA project, as the workbook's have."""
    office.need_package("pyopenvba")
    parts = read_parts(made.read_bytes())
    names = {
        next(etree.fromstring(part).iter("{*}sheetPr")).get("codeName")
        for name, part in parts.items()
        if name.startswith("xl/worksheets/")
    }
    modules = modules_in(ROOT / "scorecard.xlsm")
    assert names == {name for name in modules if name.startswith("Sheet")}


def test_excel_takes_it_for_an_add_in(made: Path) -> None:
    """The content type is that of an add-in, the window is hidden, as in the add-in that xlwings ships."""
    import xlwings

    theirs = Path(xlwings.__file__).with_name("quickstart_addin.xlam")
    for path in (made, theirs):
        with zipfile.ZipFile(path) as package:
            types = etree.fromstring(package.read("[Content_Types].xml"))
            workbook = etree.fromstring(package.read("xl/workbook.xml"))
        (main,) = (one.get("ContentType") for one in types if one.get("PartName") == "/xl/workbook.xml")
        assert main == ADD_IN_TYPE
        assert next(workbook.iter("{*}workbookView")).get("visibility") == "hidden"


def test_nobody_finds_a_fault(made: Path) -> None:
    """Microsoft's Open XML SDK, the schemas and pyOpenVBA's check have no findings."""
    assert office.open_xml_sdk(made) == []
    assert office.validate(made) == []
    office.need_package("pyopenvba")
    import pyopenvba

    report = pyopenvba.check_file(made)
    assert report.ok, report.issues


def test_virus_scanners_have_no_cause(made: Path) -> None:
    """No code runs by itself: mraptor says Macro OK."""
    office.need_package("oletools")
    command = [sys.executable, "-W", "ignore", "-m", "oletools.mraptor", str(made)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 2, said.stdout  # Macro OK
    assert "Macro OK" in said.stdout


def test_the_command_builds_it(tmp_path: Path, made: Path) -> None:
    """`excel build` writes the add-in where the file's name ends in .xlam."""
    office.need_package("pyopenvba")
    done = run_here("excel", "build", "-o", tmp_path / "mine.xlam")
    assert done.code == 0
    built = read_parts(tmp_path.joinpath("mine.xlam").read_bytes())
    assert list(built) == list(read_parts(made.read_bytes()))
