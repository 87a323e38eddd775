"""`partnerkpi excel doctor`: everything that must be right before a cell can call Python, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from partnerkpi.errors import PartnerKpiError
from partnerkpi.excel.machine import Interpreter, Machine, interpreter_for, wanted
from partnerkpi.excel.package import NAME, versions_of

Mark = Literal["ok", "not ok", "unknown"]

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
        advice = "use Windows; what works here is 'partnerkpi nps', 'advocacy', 'retention' and 'scorecard'."
        return [Check("not ok", "Excel calls Python on Windows only.", advice), *_workbook(machine, path)]
    interpreter, problem = _interpreter(machine, path)
    return [
        Check("ok", "This is Windows."),
        _store(machine),
        problem,
        _pywin32(machine),
        *_libraries(machine, interpreter),
        *_workbook(machine, path),
        Check(
            "unknown",
            "Whether Excel itself may run macros: a rule of your company can forbid it.",
            "File, Options, Trust Center, Macro Settings; 'Disable with notification' is enough.",
        ),
    ]


def all_ok(checks: list[Check]) -> bool:
    """Tell whether nothing is wrong; what cannot be known from here is not wrong."""
    return all(check.mark != "not ok" for check in checks)


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
            advice = (
                "use a virtual environment: py -m venv C:\\partnerkpi, and in the folder of partnerkpi "
                "C:\\partnerkpi\\Scripts\\pip install ."
            )
            yield Check("not ok", what, advice)
        else:
            what = f"{name}, for Excel of {bits} bits, is not in {places[0]} or {places[1]}"
            advice = f"py -m pip install --force-reinstall xlwings=={machine.xlwings_version}"
            yield Check("not ok", what, advice)


def _workbook(machine: Machine, path: Path) -> Iterator[Check]:
    """Check that the workbook is there, fits the installed xlwings and may run its macros."""
    if not path.exists():
        yield Check(
            "not ok",
            f"There is no workbook {path}",
            "partnerkpi excel install, or name the file: partnerkpi excel doctor FILE",
        )
        return
    try:
        versions = versions_of(path)
    except PartnerKpiError as error:
        yield Check("not ok", str(error), "partnerkpi excel install")
        return
    installed = machine.xlwings_version
    if versions == {installed}:
        yield Check("ok", f"The workbook and xlwings {installed} belong together: {path}")
    elif versions:
        made = ", ".join(sorted(versions))
        advice = "partnerkpi excel install brings the fitting workbook; copy your rows into it."
        yield Check("not ok", f"The workbook is for xlwings {made}, installed is {installed}: {path}", advice)
    else:
        yield Check(
            "not ok", f"The workbook calls no DLL of xlwings: {path}", "partnerkpi excel install brings one that does."
        )
    yield _mark_of_the_web(path)


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
