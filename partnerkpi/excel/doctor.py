"""`partnerkpi excel doctor`: everything that must be right before a cell can call Python, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import PartnerKpiError
from partnerkpi.excel.add_in import NAME as ADD_IN
from partnerkpi.excel.install import difference
from partnerkpi.excel.machine import Interpreter, Machine, interpreter_for, is_of_the_store, more_paths, wanted
from partnerkpi.excel.package import NAME
from partnerkpi.excel.policies import ADD_INS, MACROS, broken, command_prompt
from partnerkpi.excel.server import try_server
from partnerkpi.excel.stamp import installed

Mark = Literal["ok", "not ok", "unknown"]

_VENV = (
    "A virtual environment in another folder will do: py -m venv C:\\partnerkpi, and in the folder of partnerkpi "
    "C:\\partnerkpi\\Scripts\\pip install ."
)
#: What to take where no Excel calls Python, each with the command that makes it.
_WITHOUT_PYTHON = (
    "for Excel 365 or 2024, on a Mac and on the web too: 'partnerkpi excel add FILE.xlsx' puts the functions into a "
    "workbook of yours, 'partnerkpi excel functions' writes them alone; for Excel 2021: 'partnerkpi excel lite'; for "
    "LibreOffice: 'partnerkpi excel libreoffice'; for Google Sheets: 'partnerkpi excel sheets'. Without a spreadsheet: "
    "'partnerkpi scorecard'."
)
#: The folder of Excel's objects in what pywin32 keeps, and what a whole file of it has.
_EXCEL_OBJECTS, _WHOLE = "00020813-0000-0000-C000-000000000046*", "CLSIDToClassMap"
_INTERNET_ZONE = 3  # and above: files from the internet and from restricted sites


@dataclass(frozen=True)
class Check:
    """One line: whether something is right, what it is, and what to do if it is not."""

    mark: Mark
    what: str
    to_do: str = ""

    @property
    def line(self) -> str:
        """What is printed."""
        advice = f" What to do: {self.to_do}" if self.to_do else ""
        return f"{self.mark:<8}{self.what}{advice}"


def examine(machine: Machine, workbook: Path | None) -> list[Check]:
    """Return every check, in the order in which faults should be mended.

    Without a workbook it is scorecard.xlsm in the user's Documents. Away from Windows only the workbook is examined.
    """
    path = workbook if workbook is not None else machine.documents / NAME
    if not machine.is_windows:
        what = "Excel calls Python on Windows only; here spreadsheets take the same functions without Python."
        return [Check("not ok", what, _WITHOUT_PYTHON), *_file(machine, path, "workbook")]
    interpreter, named = _interpreter(machine, path)
    return [
        Check("ok", "This is Windows."),
        _excel(machine),
        _store(machine),
        named,
        *_place(machine, interpreter),
        _pywin32(machine),
        *_libraries(machine, interpreter),
        _command_prompt(machine),
        _server(machine, interpreter, path),
        _gen_py(machine),
        *_file(machine, path, "workbook"),
        *_add_in(machine),
        *_rules(machine),
    ]


def all_ok(checks: list[Check]) -> bool:
    """Tell whether nothing is wrong; what cannot be known from here is not wrong."""
    return all(check.mark != "not ok" for check in checks)


def _excel(machine: Machine) -> Check:
    """Check that Excel is there, and that it is not the Microsoft Store's, which shuts other programs out."""
    found = machine.registry(r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", "")
    if not found:
        return Check("unknown", "Whether Excel is installed: Windows does not say where it is.", "open Excel once.")
    if is_of_the_store(str(found)):
        advice = "uninstall it, and install Microsoft 365 from office.com or as your company provides it."
        return Check("not ok", f"Excel is the Microsoft Store's, which starts no other program: {found}", advice)
    return Check("ok", f"Excel is not the Microsoft Store's: {found}")


def _store(machine: Machine) -> Check:
    if machine.from_store:
        return Check(
            "not ok",
            f"Python {machine.python_version} is the Microsoft Store's, which Excel cannot start.",
            "install Python from python.org, then in the folder of partnerkpi: py -m pip install .",
        )
    return Check("ok", f"Python {machine.python_version} is not the Microsoft Store's: {machine.executable}")


def _interpreter(machine: Machine, workbook: Path) -> tuple[Interpreter, Check]:
    """Return the Python that Excel starts, and whether it is the one that partnerkpi is in."""
    meant = wanted(machine)
    try:
        found, where = interpreter_for(machine, workbook)
    except PartnerKpiError as error:
        return meant, Check("not ok", str(error), "close the programs that have it open.")
    if not found:
        what = f"No Python is named in {machine.config_file}: Excel would take the first one it finds."
        return meant, Check("not ok", what, "partnerkpi excel install")
    if str(found).lower() == str(meant).lower():
        return meant, Check("ok", f"Excel starts this Python, says {where}")
    if found.path and not Path(found.path).exists():
        what = f"Excel is told to start {found}, which is not there, by {where}"
        return meant, Check("not ok", what, f"write {meant} in its place.")
    advice = f"write {meant} in its place, or run doctor with that Python: it must have partnerkpi as well."
    return found, Check("not ok", f"Excel starts another Python, {found}, says {where}", advice)


def _place(machine: Machine, interpreter: Interpreter) -> Iterator[Check]:
    """Check that the path of Excel's Python is one that its command line can hold and that is always there."""
    shown = str(interpreter)
    if interpreter.conda is not None and " " in interpreter.conda[1]:
        what = f"The name of the {shown} has a blank, at which Excel's command line ends."
        yield Check("not ok", what, "make an environment with a name in one word, and install partnerkpi in it.")
    place = Path(interpreter.conda[0] if interpreter.conda else interpreter.path)
    if (drive := machine.in_one_drive(place)) is not None:
        what = f"Excel's Python lies in OneDrive, {drive}, which may take its files from this machine: {shown}"
        yield Check("not ok", what, _VENV)


def _command_prompt(machine: Machine) -> Check:
    if (found := command_prompt(machine)) is not None:
        return Check("not ok", *found)
    return Check("ok", "No rule forbids the command prompt, by which Excel starts Python.")


def _server(machine: Machine, interpreter: Interpreter, workbook: Path) -> Check:
    """Start the Python that Excel would start, as Excel would, and import the functions in it."""
    trial = try_server(machine, interpreter, workbook, more_paths(machine, workbook))
    if trial.answers:
        return Check("ok", f"Started as Excel starts it: {trial.answer}.")
    advice = "mend what is not ok above, then run doctor again."
    if "partnerkpi" in trial.answer:
        advice = f"install partnerkpi {installed().version} in that Python, {interpreter}; then run doctor again."
    return Check("not ok", f"Started as Excel starts it, Python does not answer as it should: {trial.answer}.", advice)


def _gen_py(machine: Machine) -> Check:
    """Check what pywin32 keeps of Excel's objects: half a file of it stops every call."""
    for kept in sorted(machine.gen_py.glob(_EXCEL_OBJECTS)):
        part = kept / "__init__.py" if kept.is_dir() else kept
        try:
            whole = _WHOLE in part.read_text(encoding="utf-8", errors="replace")
        except OSError:
            whole = False
        if not whole:
            what = f"What pywin32 keeps of Excel's objects is incomplete: {kept}"
            return Check("not ok", what, f"close Excel and delete the folder {machine.gen_py}: it is made again.")
    return Check("ok", "What pywin32 keeps of Excel's objects is whole, or not there yet.")


def _pywin32(machine: Machine) -> Check:
    if machine.has_pywin32:
        return Check("ok", "pywin32 can be imported.")
    return Check(
        "not ok",
        "pywin32 cannot be imported: cells show Object required.",
        "py -m pip install --force-reinstall pywin32",
    )


def _libraries(machine: Machine, interpreter: Interpreter) -> Iterator[Check]:
    """Check the DLL that Excel loads: it must lie beside python.exe, or one folder above in a virtual environment."""
    python = Path(interpreter.path) if interpreter.path else machine.executable
    places = (python.parent, python.parent.parent)
    for bits in (64, 32):
        name = f"xlwings{bits}-{machine.xlwings_version}.dll"
        if any((place / name).exists() for place in places):
            yield Check("ok", f"{name}, for Excel of {bits} bits, is beside Python.")
        elif (machine.user_base / name).exists():
            what = f"{name} is in {machine.user_base}, where Excel does not look: xlwings was installed with --user."
            yield Check("not ok", what, _VENV)
        else:
            what = f"{name}, for Excel of {bits} bits, is not in {places[0]} or {places[1]}"
            advice = f"py -m pip install --force-reinstall xlwings=={machine.xlwings_version}"
            yield Check("not ok", what, advice)


def _file(machine: Machine, path: Path, kind: str) -> Iterator[Check]:
    """Check that workbook or add-in is there, belongs to what is installed and may run its macros."""
    brings = "partnerkpi excel install brings the fitting one" + (
        "; copy your rows into it." if kind == "workbook" else ""
    )
    if not path.exists():
        named = ", or name the file: partnerkpi excel doctor FILE" if kind == "workbook" else ""
        yield Check("not ok", f"There is no {kind} {path}.", f"partnerkpi excel install{named}")
        return
    try:
        differs = difference(machine, path)
    except PartnerKpiError as error:
        yield Check("not ok", str(error), "partnerkpi excel install")
        return
    if differs is None:
        what = f"The {kind} belongs to partnerkpi {installed().version} and xlwings {machine.xlwings_version}: {path}"
        yield Check("ok", what)
    else:
        yield Check("not ok", f"The {kind} {path} is of another version: {differs}.", brings)
    yield _mark_of_the_web(path)


def _add_in(machine: Machine) -> Iterator[Check]:
    """Check the add-in where there is one: without it the functions are those of the workbook."""
    path = machine.startup / ADD_IN
    if not path.exists():
        what = f"There is no add-in {path}: the functions work in scorecard.xlsm alone."
        yield Check("unknown", what, "partnerkpi excel install, for the functions in every workbook.")
        return
    yield from _file(machine, path, "add-in")
    for what, advice in broken(machine, ADD_INS):
        yield Check("not ok", f"{what}.", advice)


def _rules(machine: Machine) -> Iterator[Check]:
    """Check the rules about macros, a company's and the user's own."""
    found = [Check("not ok", f"{what}.", advice) for what, advice in broken(machine, MACROS)]
    yield from found or [Check("ok", "No rule in the registry stops macros; Excel may ask before it runs them.")]


def _mark_of_the_web(path: Path) -> Check:
    """Check the mark that Windows leaves on files from the internet: Excel runs no macros of such a file."""
    try:
        mark = Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return Check("ok", "Windows has not marked the file as coming from the internet.")
    zone = next((line.partition("=")[2].strip() for line in mark.splitlines() if line.startswith("ZoneId")), "")
    if zone.isdigit() and int(zone) < _INTERNET_ZONE:
        return Check("ok", "Windows has marked the file as coming from a place that it trusts.")
    advice = "right-click the file in the Explorer, Properties, tick Unblock, OK."
    return Check("not ok", "Windows has marked the file as coming from the internet: Excel blocks its macros.", advice)
