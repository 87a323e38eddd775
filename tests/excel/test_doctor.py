"""`partnerkpi excel doctor`: each fault has its line, and says what to do."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import openpyxl
import pytest
from command import run, run_here

from partnerkpi.excel.doctor import Check, all_ok, examine
from partnerkpi.excel.machine import Machine, write_interpreter
from partnerkpi.excel.package import shipped_workbook

MARK = "[ZoneTransfer]\r\nZoneId={}\r\nHostUrl=https://example.com/\r\n"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Make up a Windows machine on which everything is right."""
    import xlwings

    made = Machine(
        platform="win32",
        executable=tmp_path / "env" / "Scripts" / "python.exe",
        base_prefix=tmp_path / "Python",
        user_base=tmp_path / "Roaming",
        documents=tmp_path / "Documents",
        config_file=tmp_path / ".xlwings" / "xlwings.conf",
        encoding="cp1252",
        python_version="3.11.7",
        xlwings_version=xlwings.__version__,
        has_pywin32=True,
    )
    for folder in (made.executable.parent, made.documents, made.user_base):
        folder.mkdir(parents=True)
    made.executable.touch()
    for bits in (64, 32):
        dll(made, bits, tmp_path / "env").touch()
    made.documents.joinpath("scorecard.xlsm").write_bytes(shipped_workbook())
    write_interpreter(made)
    return made


def dll(machine: Machine, bits: int, folder: Path) -> Path:
    """Return the path of xlwings' DLL in a folder."""
    return folder / f"xlwings{bits}-{machine.xlwings_version}.dll"


def faults(machine: Machine, workbook: Path | None = None) -> list[Check]:
    """Return what is wrong."""
    return [check for check in examine(machine, workbook) if check.mark == "not ok"]


def test_all_is_well(machine: Machine) -> None:
    """On a machine that is set up nothing is wrong; what cannot be known from here is called unknown."""
    checks = examine(machine, None)
    assert faults(machine) == []
    assert all_ok(checks)
    assert [check.mark for check in checks].count("unknown") == 1
    assert all(check.line.startswith(("ok      ", "unknown ")) for check in checks)


def test_every_fault_says_what_to_do(machine: Machine, tmp_path: Path) -> None:
    """Whatever is wrong, the line says what and what to do about it, and nothing is all right any more."""
    broken = dataclasses.replace(
        machine,
        base_prefix=Path("C:/Program Files/WindowsApps/PythonSoftwareFoundation.Python.3.11"),
        config_file=tmp_path / "none.conf",
        xlwings_version="9.9.9",
        has_pywin32=False,
    )
    found = faults(broken)
    assert len(found) == 6  # Store, interpreter, pywin32, two DLLs, workbook
    assert all(check.to_do and "What to do: " in check.line for check in found)
    assert not all_ok(examine(broken, None))


def test_no_interpreter(machine: Machine) -> None:
    """Without an interpreter in the settings Excel would take any Python."""
    machine.config_file.unlink()
    (fault,) = faults(machine)
    assert fault.to_do == "partnerkpi excel install"


def test_another_interpreter(machine: Machine, tmp_path: Path) -> None:
    """Another Python in the settings is a fault: one that is gone, and one that may lack partnerkpi."""
    gone = tmp_path / "gone" / "python.exe"
    machine.config_file.write_text(f'"INTERPRETER_WIN","{gone}"\n', encoding="cp1252")
    (fault,) = faults(machine)
    assert "is not there" in fault.what
    gone.parent.mkdir()
    gone.touch()
    named = faults(machine)
    assert "another Python" in named[0].what
    assert len(named) == 3  # and neither DLL is beside it


def test_no_pywin32(machine: Machine) -> None:
    """Without pywin32 cells show Object required."""
    (fault,) = faults(dataclasses.replace(machine, has_pywin32=False))
    assert "Object required" in fault.what


@pytest.mark.parametrize("bits", [64, 32])
def test_no_dll(machine: Machine, tmp_path: Path, bits: int) -> None:
    """The DLL for each Excel must be beside python.exe, or a folder above; elsewhere Excel does not find it."""
    found = dll(machine, bits, tmp_path / "env")
    found.rename(dll(machine, bits, machine.executable.parent))
    assert faults(machine) == []
    dll(machine, bits, machine.executable.parent).rename(dll(machine, bits, machine.user_base))
    (fault,) = faults(machine)
    assert "--user" in fault.what
    assert "virtual environment" in fault.to_do
    dll(machine, bits, machine.user_base).unlink()
    (fault,) = faults(machine)
    assert f"Excel of {bits} bits" in fault.what


def test_another_xlwings(machine: Machine, tmp_path: Path) -> None:
    """A workbook for another xlwings cannot work, even where that xlwings' DLLs are in place."""
    newer = dataclasses.replace(machine, xlwings_version="9.9.9")
    for bits in (64, 32):
        dll(newer, bits, tmp_path / "env").touch()
    (fault,) = faults(newer)
    assert "installed is 9.9.9" in fault.what
    assert "partnerkpi excel install" in fault.to_do


def test_no_workbook(machine: Machine, tmp_path: Path) -> None:
    """A workbook that is missing, unreadable or without xlwings is a fault each."""
    (fault,) = faults(machine, tmp_path / "none.xlsm")
    assert "no workbook" in fault.what
    strange = tmp_path / "strange.xlsm"
    strange.write_text("hello", encoding="utf-8")
    (fault,) = faults(machine, strange)
    assert "cannot be read" in fault.what


@pytest.mark.parametrize(("zone", "blocked"), [(3, True), (4, True), (2, False), (0, False)])
def test_mark_of_the_web(machine: Machine, zone: int, blocked: bool) -> None:
    """A file that Windows marked as coming from the internet has its macros blocked, from a trusted place not."""
    path = machine.documents / "scorecard.xlsm"
    Path(f"{path}:Zone.Identifier").write_text(MARK.format(zone), encoding="utf-8")
    found = faults(machine)
    assert bool(found) == blocked
    if blocked:
        assert "Unblock" in found[0].to_do


def test_conda(machine: Machine) -> None:
    """An interpreter that is a conda environment is compared with the one that runs this."""
    conda = dataclasses.replace(machine, conda=("C:\\miniconda", "kpi"))
    assert "another Python" in faults(conda)[0].what
    write_interpreter(conda)
    machine.config_file.write_text('"CONDA PATH","C:\\miniconda"\n"CONDA ENV","kpi"\n', encoding="cp1252")
    assert faults(conda) == []


def test_elsewhere(machine: Machine) -> None:
    """Away from Windows the workbook alone is examined, and the answer is still not all right."""
    checks = examine(dataclasses.replace(machine, platform="linux"), None)
    assert [check.mark for check in checks] == ["not ok", "ok", "ok"]


@pytest.mark.skipif("sys.platform == 'win32'")
def test_command(machine: Machine) -> None:
    """The command prints a line for each check to standard output and exits with 1 when something is wrong."""
    done = run("excel", "doctor", machine.documents / "scorecard.xlsm")
    assert done.code == 1
    assert [line[:8] for line in done.out.splitlines()] == ["not ok  ", "ok      ", "ok      "]


def test_command_when_all_is_well(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command exits with 0 when nothing is wrong."""
    monkeypatch.setattr(Machine, "this", classmethod(lambda _: machine))
    done = run_here("excel", "doctor")
    assert done.code == 0
    assert "not ok" not in done.out


def test_this_machine() -> None:
    """What the machine really is can be asked on every system."""
    found = Machine.this()
    assert found.executable.exists()
    assert found.xlwings_version
    assert found.config_file.name == "xlwings.conf"


def test_settings_nearer_to_the_workbook_win(machine: Machine, tmp_path: Path) -> None:
    """As in xlwings, the workbook's own sheet comes first, then a file beside it, then the user's file."""
    (machine.documents / "xlwings.conf").write_text('"INTERPRETER_WIN","C:\\Beside\\python.exe"\n', encoding="cp1252")
    fault = faults(machine)[0]
    assert "C:\\Beside" in fault.what
    assert str(machine.documents / "xlwings.conf") in fault.what
    path = tmp_path / "Documents" / "scorecard.xlsm"
    book = openpyxl.load_workbook(path, keep_vba=True)
    book["xlwings.conf"]["A3"], book["xlwings.conf"]["B3"] = "INTERPRETER_WIN", str(machine.executable)
    book.save(path)
    assert faults(machine) == []
