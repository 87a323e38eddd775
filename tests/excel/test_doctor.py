"""`partnerkpi excel doctor`: each fault has its line, and says what to do."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from pathlib import Path

import office
import openpyxl
import pytest
import windows
from command import run, run_here
from windows import APP_PATHS, a_machine

from partnerkpi._version import __version__
from partnerkpi.excel.doctor import Check, all_ok, examine
from partnerkpi.excel.install import install
from partnerkpi.excel.machine import Interpreter, Machine, write_interpreter
from partnerkpi.excel.package import modules_in, pack, read_parts, shipped_workbook
from partnerkpi.excel.server import command_line

MARK = "[ZoneTransfer]\r\nZoneId={}\r\nHostUrl=https://example.com/\r\n"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Make up a Windows machine on which everything is right."""
    made = a_machine(tmp_path)
    for bits in (64, 32):
        dll(made, bits, tmp_path / "env").touch()
    install(made, None, shipped_workbook)
    return made


def dll(machine: Machine, bits: int, folder: Path) -> Path:
    """Return the path of xlwings' DLL in a folder."""
    return folder / f"xlwings{bits}-{machine.xlwings_version}.dll"


def faults(machine: Machine, workbook: Path | None = None) -> list[Check]:
    """Return what is wrong."""
    return [check for check in examine(machine, workbook) if check.mark == "not ok"]


def test_all_is_well(machine: Machine) -> None:
    """On a machine that is set up nothing is wrong, and nothing is unknown."""
    checks = examine(machine, None)
    assert faults(machine) == []
    assert all_ok(checks)
    assert all(check.line.startswith("ok      ") for check in checks)
    assert len(checks) >= 15


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
    assert len(found) == 7  # Store, interpreter, pywin32, two DLLs, workbook, add-in
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
    assert len(faults(newer)) == 2  # the workbook, and the add-in
    for fault in faults(newer):
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


OFFICE = r"Microsoft\Office\16.0"
POLICY, OWN = rf"HKCU\Software\Policies\{OFFICE}", rf"HKCU\Software\{OFFICE}"
CLOUD = r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0"


def ruled(machine: Machine, *rules: tuple[str, str, int | str]) -> Machine:
    """Return the machine with these values in its registry: key, name, value."""
    added = {(key, name): value for key, name, value in rules}
    return dataclasses.replace(machine, registry=lambda key, name: added.get((key, name), machine.registry(key, name)))


@pytest.mark.parametrize(
    ("root", "key", "name", "value", "says"),
    [
        (POLICY, r"Excel\Security", "VBAWarnings", 4, "runs no macros"),
        (CLOUD, r"Excel\Security", "VBAWarnings", 3, "signed macros only"),
        (OWN, r"Excel\Security", "VBAWarnings", 4, "runs no macros"),
        (POLICY.replace("HKCU", "HKLM"), "Common", "vbaoff", 1, "no macros at all"),
        (POLICY, r"Excel\Security", "DisableAllAddins", 1, "no add-ins"),
        (OWN, r"Excel\Security", "RequireAddinSig", 1, "signed add-ins only"),
        (OWN, r"Excel\Security\Trusted Locations", "AllLocationsDisabled", 1, "trusts no folder"),
    ],
)
def test_rules_about_macros(machine: Machine, root: str, key: str, name: str, value: int, says: str) -> None:
    """A rule of the company or of the user that stops macros or add-ins is named with its place in the registry."""
    (fault,) = faults(ruled(machine, (rf"{root}\{key}", name, value)))
    assert says in fault.what
    assert rf"{name} is {value} in {root}\{key}" in fault.what
    assert ("Trust Center" in fault.to_do) == (root == OWN)
    assert faults(ruled(machine, (rf"{root}\{key}", name, 2 if name == "VBAWarnings" else 0))) == []


def test_the_company_goes_before_the_user(machine: Machine) -> None:
    """What the user set does not count where the company has a rule."""
    key = r"\Excel\Security"
    both = ruled(machine, (POLICY + key, "VBAWarnings", 2), (OWN + key, "VBAWarnings", 4))
    assert faults(both) == []


def test_no_command_prompt(machine: Machine) -> None:
    """Excel starts Python by the command prompt: a rule that forbids it, or a start that fails, is a fault."""
    key = r"HKCU\Software\Policies\Microsoft\Windows\System"
    (fault,) = faults(ruled(machine, (key, "DisableCMD", 2)))
    assert "DisableCMD is 2" in fault.what

    def blocked(_: str) -> tuple[int, str]:
        raise PermissionError(13, "Access is denied")

    (fault,) = faults(dataclasses.replace(machine, run=blocked))
    assert "Access is denied" in fault.what


def test_excel_of_the_store(machine: Machine) -> None:
    """The Microsoft Store's Excel starts no other program; an Excel that is nowhere to be found is unknown."""
    store = r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop.Excel_16051\EXCEL.EXE"
    (fault,) = faults(ruled(machine, (APP_PATHS, "", store)))
    assert "Microsoft Store" in fault.what
    marks = [check.mark for check in examine(ruled(machine, (APP_PATHS, "", "")), None)]
    assert marks.count("unknown") == 1


@pytest.mark.parametrize(("text", "is_whole"), [("CLSIDToClassMap = {}", True), ("# half", False), (None, False)])
def test_what_pywin32_keeps(machine: Machine, text: str | None, is_whole: bool) -> None:
    """Half a file in pywin32's cache of Excel's objects stops every call: the folder is named, to be deleted."""
    kept = machine.gen_py / "00020813-0000-0000-C000-000000000046x0x1x9"
    kept.mkdir(parents=True)
    if text is not None:
        kept.joinpath("__init__.py").write_text(text, encoding="utf-8")
    found = faults(machine)
    assert (found == []) == is_whole
    if not is_whole:
        assert str(machine.gen_py) in found[0].to_do


@pytest.mark.parametrize(
    ("said", "to_do"),
    [
        ("Traceback ...\nModuleNotFoundError: No module named 'partnerkpi'\n", "install partnerkpi"),
        ("ImportError: DLL load failed while importing win32api: not found\n", "mend what is not ok above"),
        ("Another version: the file lacks PARTNER_NPS; run partnerkpi excel install\n", "install partnerkpi"),
        ("", "mend what is not ok above"),
    ],
)
def test_a_server_that_does_not_answer(machine: Machine, said: str, to_do: str) -> None:
    """What Excel's Python says in the place of an answer is shown, its last line, with what to do."""
    (fault,) = faults(dataclasses.replace(machine, run=lambda _: (1, said)))
    assert (said.strip().splitlines() or ["said nothing"])[-1] in fault.what
    assert to_do in fault.to_do


def test_a_server_that_hangs(machine: Machine) -> None:
    """A Python that does not answer in time is a fault, not a doctor that waits for ever."""

    def hangs(command: str) -> tuple[int, str]:
        raise subprocess.TimeoutExpired(command, 120)

    (fault,) = faults(dataclasses.replace(machine, run=hangs))
    assert "two minutes" in fault.what


def test_the_server_is_started_and_asked(machine: Machine) -> None:
    """The line that is run, with the Python of the tests in Excel's place, imports the functions and answers."""
    asked: list[str] = []

    def real(command: str) -> tuple[int, str]:
        asked.append(command.replace("xlwings.serve; ", ""))  # xlwings has it on Windows only
        return windows.run_here(asked[-1])

    line = next(check for check in examine(dataclasses.replace(machine, run=real), None) if "Started" in check.what)
    assert line.mark == "ok", line.what
    assert windows.answers() in line.what
    assert str(machine.executable) in asked[0]


def test_the_line_is_that_of_xlwings() -> None:
    """The line is the one that xlwings' own macro makes, run in an interpreter, for blanks and odd signs as well."""
    office.need_package("pyopenvba")
    for python, workbook, more in (
        (r"C:\Program Files\Python 3\python.exe", r"C:\Users\Ana O'Neill\R&D\scorecard.xlsm", ""),
        (r"C:\p\python.exe", "https://example.sharepoint.com/x/scorecard.xlsm", r"C:\more;D:\else"),
    ):
        theirs = of_xlwings({"INTERPRETER_WIN": python, "PYTHONPATH": more}, workbook)
        ours = command_line(Interpreter(python), workbook, more, "RUN")
        assert ours.replace("/C", "/K") == theirs.replace("xlwings.serve('$(CLSID)')", "RUN")
    conda = {"CONDA PATH": r"C:\mini conda", "CONDA ENV": "kpi"}
    ours = command_line(Interpreter(conda=(r"C:\mini conda", "kpi")), r"C:\a.xlsm", "", "RUN")
    theirs = of_xlwings(conda, r"C:\a.xlsm")
    assert ours.replace("/C", "/K") == theirs.replace("xlwings.serve('$(CLSID)')", "RUN")


def of_xlwings(settings: dict[str, str], workbook: str) -> str:
    """Return what the macro XLPyCommand of the installed xlwings makes of settings, run by pyOpenVBA."""
    import xlwings
    from pyopenvba.apps.excel import ExcelApplication

    source = modules_in(Path(xlwings.__file__).with_name("quickstart_standalone.xlsm"))["xlwings"]
    body = source[source.index("Function XLPyCommand()") :]
    body = body[: body.index("End Function") + len("End Function")]
    body = body[: body.index("#Else")] + body[body.index("' Escaping") :]  # what is for other programs than Excel
    body = re.sub(r"(?m)^ *#.*$", "", body).replace("ThisWorkbook.FullName", "FullName()")
    cases = "\r\n".join(f'        Case "{key}": GetConfig = "{value}"' for key, value in settings.items())
    stubs = f'''
Function FullName() As String
    FullName = "{workbook}"
End Function
Function GetConfig(key, Optional default = "")
    GetConfig = IIf(key = "ADD_WORKBOOK_TO_PYTHONPATH", "False", default)
    Select Case key
{cases}
    End Select
End Function
'''
    app = ExcelApplication()
    app.add_workbook()
    app.add_module(re.sub(r"(?m)^ *Dim wb As Workbook.*$", "", body) + stubs, name="Theirs")
    return str(app.run("XLPyCommand"))


def test_odd_places_of_python(machine: Machine, tmp_path: Path) -> None:
    """A blank in a path is quoted and no fault; a folder of OneDrive and a blank in conda's name of it are."""
    blank = dataclasses.replace(machine, executable=tmp_path / "My Python" / "Scripts" / "python.exe")
    drive = dataclasses.replace(machine, executable=machine.one_drives[0] / "env" / "Scripts" / "python.exe")
    for placed, said in ((blank, None), (drive, "OneDrive")):
        placed.executable.parent.mkdir(parents=True)
        placed.executable.touch()
        for bits in (64, 32):
            dll(placed, bits, placed.executable.parent).touch()
        write_interpreter(placed)
        found = faults(placed)
        assert [check.what for check in found if said is None or said not in check.what] == []
        assert len(found) == (said is not None)
    conda = dataclasses.replace(machine, conda=("C:\\miniconda", "my kpi"))
    machine.config_file.write_text('"CONDA PATH","C:\\miniconda"\n"CONDA ENV","my kpi"\n', encoding="cp1252")
    assert any("has a blank" in check.what for check in faults(conda))


def test_another_version_of_the_file(machine: Machine) -> None:
    """A workbook or an add-in of another version, or with other functions, is not ok, whatever its xlwings."""
    for path in (machine.documents / "scorecard.xlsm", machine.startup / "partnerkpi.xlam"):
        whole = path.read_bytes()
        for before, after, says in (
            (b"<t>PARTNER_ADVOCACY;", b"<t>", "lacks PARTNER_ADVOCACY"),
            (f"<t>{__version__}</t>".encode(), b"<t>0.0.9</t>", "is of partnerkpi 0.0.9"),
        ):
            parts = read_parts(whole)
            parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(before, after)
            path.write_bytes(pack(parts))
            (fault,) = faults(machine)
            assert says in fault.what
            assert str(path) in fault.what
        path.write_bytes(whole)


def test_no_add_in(machine: Machine) -> None:
    """Without the add-in nothing is wrong: the functions are in the workbook alone."""
    (machine.startup / "partnerkpi.xlam").unlink()
    assert faults(machine) == []
    assert [check.mark for check in examine(machine, None)].count("unknown") == 1


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
    book["xlwings.conf"]["A5"], book["xlwings.conf"]["B5"] = "INTERPRETER_WIN", str(machine.executable)
    book.save(path)
    assert faults(machine) == []
