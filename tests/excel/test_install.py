"""`partnerkpi excel install`: what it writes, what it leaves alone, and what it says."""

from __future__ import annotations

import dataclasses
import re
import zipfile
from pathlib import Path

import office
import pytest
from command import run

from partnerkpi.errors import FileProblem, PartnerKpiError
from partnerkpi.excel import install as installing
from partnerkpi.excel.install import install
from partnerkpi.excel.machine import Machine, read_interpreter, wanted, write_interpreter
from partnerkpi.excel.package import shipped_workbook, versions_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Make up a Windows machine, its folders below the test's own."""
    for name in ("Documents", "Python", "Roaming"):
        tmp_path.joinpath(name).mkdir()
    return Machine(
        platform="win32",
        executable=tmp_path / "Python" / "python.exe",
        base_prefix=tmp_path / "Python",
        user_base=tmp_path / "Roaming",
        documents=tmp_path / "Documents",
        config_file=tmp_path / ".xlwings" / "xlwings.conf",
        encoding="cp1252",
        python_version="3.11.7",
        xlwings_version=installed_xlwings(),
        has_pywin32=True,
    )


def installed_xlwings() -> str:
    """Return the version of the installed xlwings."""
    import xlwings

    return str(xlwings.__version__)


def config_of(machine: Machine) -> str:
    """Return what the settings hold."""
    return machine.config_file.read_text(encoding="cp1252")


# --- on Windows -----------------------------------------------------------------------------------------------------


def test_install_on_a_new_machine(machine: Machine) -> None:
    """The interpreter is written as xlwings writes it, the workbook goes to Documents, and what is left is said."""
    report = install(machine, None, shipped_workbook)
    assert config_of(machine) == f'"INTERPRETER_WIN","{machine.executable}"\n'
    assert report.workbook == machine.documents / "scorecard.xlsm"
    assert report.workbook.read_bytes() == ROOT.joinpath("scorecard.xlsm").read_bytes()
    assert [str(machine.executable) in report.done[0], str(report.workbook) in report.done[1]] == [True, True]
    assert "Enable Content" in report.left[0]
    assert "Self-test" in report.left[1]


def test_xlwings_reads_what_was_written(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Xlwings' own reader finds the interpreter."""
    import xlwings
    from xlwings.utils import read_user_config

    write_interpreter(machine)
    monkeypatch.setattr(xlwings, "USER_CONFIG_FILE", str(machine.config_file))
    assert read_user_config()["interpreter_win"] == str(machine.executable)


def test_install_into_a_folder(machine: Machine, tmp_path: Path) -> None:
    """The workbook goes to the folder that was named; a folder that is not there is not made up."""
    folder = tmp_path / "Reports"
    with pytest.raises(FileProblem, match="Reports"):
        install(machine, folder, shipped_workbook)
    assert not machine.config_file.exists()
    folder.mkdir()
    assert install(machine, folder, shipped_workbook).workbook == folder / "scorecard.xlsm"


def test_other_settings_stay(machine: Machine) -> None:
    """The interpreter is added to a file that has other settings; those stay."""
    machine.config_file.parent.mkdir()
    machine.config_file.write_text('"LICENSE_KEY","abc"\n"SHOW CONSOLE","True"\n', encoding="cp1252")
    install(machine, None, shipped_workbook)
    assert config_of(machine).splitlines() == [
        '"LICENSE_KEY","abc"',
        '"SHOW CONSOLE","True"',
        f'"INTERPRETER_WIN","{machine.executable}"',
    ]


def test_another_interpreter_stays(machine: Machine) -> None:
    """An interpreter that is named already is left alone, and the user is told what that means."""
    machine.config_file.parent.mkdir()
    machine.config_file.write_text('"Interpreter_Win","C:\\Other\\python.exe"\n', encoding="cp1252")
    report = install(machine, None, shipped_workbook)
    assert config_of(machine) == '"Interpreter_Win","C:\\Other\\python.exe"\n'
    assert "left as it is" in report.done[0]
    assert str(machine.executable) in report.left[0]


def test_an_empty_interpreter_is_replaced(machine: Machine) -> None:
    """An interpreter without a value stops xlwings' search: it is replaced, not doubled."""
    machine.config_file.parent.mkdir()
    machine.config_file.write_text('"INTERPRETER_WIN",""\n"PYTHONPATH","C:\\x"\n', encoding="cp1252")
    install(machine, None, shipped_workbook)
    assert config_of(machine).splitlines() == ['"PYTHONPATH","C:\\x"', f'"INTERPRETER_WIN","{machine.executable}"']


def test_conda(machine: Machine) -> None:
    """In a conda environment folder and environment are written, as xlwings does it."""
    conda = dataclasses.replace(machine, conda=("C:\\miniconda", "kpi"))
    install(conda, None, shipped_workbook)
    assert config_of(conda) == '"CONDA PATH","C:\\miniconda"\n"CONDA ENV","kpi"\n'
    assert read_interpreter(conda) == wanted(conda)


def test_twice_changes_nothing(machine: Machine) -> None:
    """A second run finds everything in place and says so."""
    first = install(machine, None, shipped_workbook)
    config, changed = config_of(machine), first.workbook.stat().st_mtime_ns
    second = install(machine, None, shipped_workbook)
    assert config_of(machine) == config
    assert second.workbook.stat().st_mtime_ns == changed
    assert "already" in second.done[0]
    assert "already" in second.done[1]


def test_a_workbook_of_another_version_stays(machine: Machine) -> None:
    """A workbook for another xlwings may hold somebody's rows: it stays, and the fitting one is put beside it."""
    old = machine.documents / "scorecard.xlsm"
    old.write_bytes(shipped_workbook())
    before = old.read_bytes()
    newer = dataclasses.replace(machine, xlwings_version="9.9.9")
    report = install(newer, None, lambda: b"the fitting one")
    assert old.read_bytes() == before
    assert report.workbook.name == "scorecard (xlwings 9.9.9).xlsm"
    assert report.workbook.read_bytes() == b"the fitting one"
    assert f"xlwings {installed_xlwings()}" in report.done[1]
    assert any("Copy your rows" in line for line in report.left)


def test_path_that_excel_cannot_read(machine: Machine, tmp_path: Path) -> None:
    """A path with letters outside the code page is refused in words: VBA could not read it from the file."""
    strange = dataclasses.replace(machine, executable=tmp_path / "Пайтон" / "python.exe")
    with pytest.raises(FileProblem, match="code page"):
        install(strange, None, shipped_workbook)
    assert not machine.config_file.exists()


def test_store_python_is_refused(machine: Machine) -> None:
    """With the Microsoft Store's Python nothing is written: Excel could not start it."""
    path = Path("C:/Users/me/AppData/Local/Microsoft/WindowsApps/PythonSoftwareFoundation.Python.3.11/python.exe")
    with pytest.raises(PartnerKpiError, match="Microsoft Store"):
        install(dataclasses.replace(machine, executable=path), None, shipped_workbook)
    assert not machine.config_file.exists()
    assert not list(machine.documents.iterdir())


def test_fresh_where_it_can_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workbook is built where pyOpenVBA is there; otherwise the shipped one is taken."""
    monkeypatch.setattr(installing, "workbook_bytes", lambda: b"built")
    monkeypatch.setattr(installing, "can_build", lambda: True)
    assert installing.fresh_workbook() == b"built"
    monkeypatch.setattr(installing, "can_build", lambda: False)
    assert installing.fresh_workbook() == shipped_workbook()


# --- which xlwings a workbook is for --------------------------------------------------------------------------------


def test_version_with_and_without_pyopenvba(monkeypatch: pytest.MonkeyPatch) -> None:
    """The version in the file's properties is the one whose DLLs the VBA declares."""
    office.need_package("pyopenvba")
    path = ROOT / "scorecard.xlsm"
    assert versions_of(path) == {installed_xlwings()}
    monkeypatch.setattr("partnerkpi.excel.package.can_build", lambda: False)
    assert versions_of(path) == {installed_xlwings()}


def test_what_is_no_macro_workbook(tmp_path: Path) -> None:
    """A text is no workbook, a plain workbook calls no DLL, a missing file is said to be missing."""
    text = tmp_path / "text.xlsm"
    text.write_text("hello", encoding="utf-8")
    with pytest.raises(FileProblem, match=r"text\.xlsm"):
        versions_of(text)
    with pytest.raises(FileProblem, match="no file"):
        versions_of(tmp_path / "none.xlsm")
    with zipfile.ZipFile(tmp_path / "plain.xlsm", "w") as package:
        package.writestr("docProps/core.xml", "<x/>")
    assert versions_of(tmp_path / "plain.xlsm") == set()


# --- elsewhere ------------------------------------------------------------------------------------------------------


def test_elsewhere(machine: Machine, tmp_path: Path) -> None:
    """Away from Windows one sentence says that the functions need it and what works instead; nothing is written."""
    for platform in ("linux", "darwin"):
        with pytest.raises(PartnerKpiError, match=r"need Windows and Excel.*partnerkpi nps.*excel build"):
            install(dataclasses.replace(machine, platform=platform), tmp_path, shipped_workbook)
    assert not machine.config_file.exists()


@pytest.mark.skipif("sys.platform == 'win32'")
def test_command_elsewhere(tmp_path: Path) -> None:
    """The command prints that sentence as one line on standard error and exits with 1."""
    done = run("excel", "install", folder=tmp_path)
    assert (done.code, done.out) == (1, "")
    assert re.fullmatch(r"partnerkpi: the Excel functions need Windows and Excel\..*\n", done.err)
    assert not list(tmp_path.iterdir())
