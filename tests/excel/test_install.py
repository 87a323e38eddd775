"""`partnerkpi excel install`: what it writes, what it leaves alone, and what it says."""

from __future__ import annotations

import dataclasses
import re
import zipfile
from pathlib import Path

import office
import pytest
from command import run, run_here
from windows import a_machine

from partnerkpi._version import __version__
from partnerkpi.errors import FileProblem, PartnerKpiError
from partnerkpi.excel import install as installing
from partnerkpi.excel.add_in import NAME as ADD_IN
from partnerkpi.excel.add_in import add_in
from partnerkpi.excel.install import install, uninstall
from partnerkpi.excel.machine import Machine, read_interpreter, wanted, write_interpreter
from partnerkpi.excel.package import pack, read_parts, shipped_workbook, versions_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Make up a Windows machine, its folders below the test's own."""
    return a_machine(tmp_path)


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
    assert str(machine.startup / ADD_IN) in report.done[2]
    assert (machine.startup / ADD_IN).read_bytes() == add_in(shipped_workbook())
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


def saved(package: bytes) -> bytes:
    """Return a workbook as if Excel had saved it: with the name of its maker in the properties."""
    parts = read_parts(package)
    parts["docProps/app.xml"] = parts["docProps/app.xml"].replace(b"Openpyxl", b"16.0300")
    return pack(parts)


def of_version(package: bytes, version: str) -> bytes:
    """Return a workbook or an add-in that says it is of another version."""
    parts = read_parts(package)
    before = f"<t>{__version__}</t>".encode()
    assert parts["xl/sharedStrings.xml"].count(before) == 1
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(before, f"<t>{version}</t>".encode())
    return pack(parts)


def test_an_older_workbook_gives_way(machine: Machine) -> None:
    """A workbook of an older version is replaced; one that somebody has saved is kept, under another name."""
    path, old = machine.documents / "scorecard.xlsm", of_version(shipped_workbook(), "0.0.9")
    path.write_bytes(old)
    report = install(machine, None, shipped_workbook)
    assert path.read_bytes() == shipped_workbook()
    assert "was replaced: the file is of partnerkpi 0.0.9" in report.done[1]
    assert list(machine.documents.iterdir()) == [path]
    for name in ("scorecard (of partnerkpi 0.0.9).xlsm", "scorecard (of partnerkpi 0.0.9) 2.xlsm"):
        path.write_bytes(saved(old))
        report = install(machine, None, shipped_workbook)
        assert report.workbook.read_bytes() == shipped_workbook()
        assert path.with_name(name).read_bytes() == saved(old)
        assert any(f"Copy your rows from {path.with_name(name)}" in line for line in report.left)


def test_a_workbook_before_versions_gives_way(machine: Machine) -> None:
    """A workbook that carries no version yet, or is for another xlwings, is an older one."""
    path = machine.documents / "scorecard.xlsm"
    path.write_bytes(saved(of_version(shipped_workbook(), "")))
    report = install(machine, None, shipped_workbook)
    assert path.with_name("scorecard (of an earlier partnerkpi).xlsm").exists()
    assert "the file is of an earlier partnerkpi" in report.done[1]
    newer = dataclasses.replace(machine, xlwings_version="9.9.9")
    report = install(newer, None, shipped_workbook)
    assert f"is for xlwings {installed_xlwings()}, installed is 9.9.9" in report.done[1]


def test_a_newer_workbook_stays(machine: Machine) -> None:
    """Workbook and add-in of a newer version are left alone, and what to upgrade is said."""
    path, start = machine.documents / "scorecard.xlsm", machine.startup / ADD_IN
    newer = of_version(shipped_workbook(), "99.1.0")
    path.write_bytes(newer)
    start.parent.mkdir(parents=True)
    start.write_bytes(add_in(newer))
    report = install(machine, None, shipped_workbook)
    assert (path.read_bytes(), start.read_bytes()) == (newer, add_in(newer))
    assert sum("install 99.1.0" in line for line in report.left) == 2


def test_an_older_add_in_is_replaced(machine: Machine) -> None:
    """An add-in of an older version, or with other functions, is replaced: nobody's rows are in it."""
    path = machine.startup / ADD_IN
    path.parent.mkdir(parents=True)
    for old in (of_version(shipped_workbook(), "0.0.9"), without_a_function(shipped_workbook())):
        path.write_bytes(add_in(old))
        report = install(machine, None, shipped_workbook)
        assert path.read_bytes() == add_in(shipped_workbook())
        assert "is replaced" in report.done[2]
    changed = path.stat().st_mtime_ns
    assert "left as it is" in install(machine, None, shipped_workbook).done[2]
    assert path.stat().st_mtime_ns == changed


def without_a_function(package: bytes) -> bytes:
    """Return a workbook whose list of functions lacks one."""
    parts = read_parts(package)
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(b"<t>PARTNER_ADVOCACY;", b"<t>")
    return pack(parts)


def test_uninstall(machine: Machine) -> None:
    """The add-in is taken away, workbook and settings stay; twice is no fault, and another's file is left alone."""
    workbook = install(machine, None, shipped_workbook).workbook
    config = config_of(machine)
    report = uninstall(machine)
    assert not (machine.startup / ADD_IN).exists()
    assert "taken away" in report.done[0]
    assert (workbook.read_bytes(), config_of(machine)) == (shipped_workbook(), config)
    assert "nothing to take away" in uninstall(machine).done[0]
    (machine.startup / ADD_IN).write_bytes(b"somebody else's")
    for do in (lambda: uninstall(machine), lambda: install(machine, None, shipped_workbook)):
        with pytest.raises(FileProblem, match="not the add-in of partnerkpi: move it away"):
            do()
    assert (machine.startup / ADD_IN).read_bytes() == b"somebody else's"
    with pytest.raises(PartnerKpiError, match="need Windows"):
        uninstall(dataclasses.replace(machine, platform="linux"))


@pytest.mark.skipif("sys.platform == 'win32'")
def test_uninstall_command_elsewhere() -> None:
    """Away from Windows the command says so in one line."""
    done = run_here("excel", "uninstall")
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)


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
        with pytest.raises(PartnerKpiError, match=r"need Windows and Excel.*excel lite.*excel sheets.*excel build"):
            install(dataclasses.replace(machine, platform=platform), tmp_path, shipped_workbook)
    assert not machine.config_file.exists()


@pytest.mark.skipif("sys.platform == 'win32'")
def test_command_elsewhere(tmp_path: Path) -> None:
    """The command prints that sentence as one line on standard error and exits with 1."""
    done = run("excel", "install", folder=tmp_path)
    assert (done.code, done.out) == (1, "")
    assert re.fullmatch(r"partnerkpi: the macros need Windows and Excel\..*\n", done.err)
    assert not list(tmp_path.iterdir())
