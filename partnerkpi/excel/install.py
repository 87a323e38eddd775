"""`partnerkpi excel install`: tell Excel which Python to start, and bring the workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from partnerkpi.errors import FileProblem, PartnerKpiError
from partnerkpi.excel.build import workbook_bytes
from partnerkpi.excel.machine import Machine, read_interpreter, wanted, write_interpreter
from partnerkpi.excel.package import NAME, can_build, shipped_workbook, versions_of
from partnerkpi.files import atomic_write

ELSEWHERE = (
    "the Excel functions need Windows and Excel. What works here: the same figures with 'partnerkpi nps', 'partnerkpi "
    "advocacy' and 'partnerkpi retention', and a workbook that needs no functions with 'partnerkpi scorecard'. "
    "'partnerkpi excel build' writes scorecard.xlsm for somebody with Windows"
)
FROM_STORE = (
    "this is the Microsoft Store's Python, which Excel cannot start. Install Python from python.org, then partnerkpi "
    "with it, in its folder: py -m pip install ., and run this command again"
)


@dataclass(frozen=True)
class Report:
    """What was done and what is left to do, in sentences."""

    done: tuple[str, ...]
    left: tuple[str, ...]
    workbook: Path


def install(machine: Machine, folder: Path | None, make: Callable[[], bytes] | None = None) -> Report:
    """Write the interpreter to the user's settings if there is none, and put scorecard.xlsm into the folder.

    Without a folder it is the user's Documents. Nothing that is there is overwritten: neither another interpreter nor a
    workbook, which may hold somebody's data. `make` gives the workbook's bytes. Raises PartnerKpiError where Excel
    could not call Python anyway, before anything is written.
    """
    if not machine.is_windows:
        raise PartnerKpiError(ELSEWHERE)
    if machine.from_store:
        raise PartnerKpiError(FROM_STORE)
    target = folder if folder is not None else machine.documents
    if not target.is_dir():
        raise FileProblem(f"There is no folder {target}: create it, or name another one.")
    data = (make or fresh_workbook)()
    settings_done, settings_left = _settings(machine)
    path, workbook_done, workbook_left = _put(machine, target / NAME, data)
    left = [
        *settings_left,
        *workbook_left,
        f"Open {path} and click Enable Content.",
        "Look at the sheet Self-test: its second row says how many lines pass. If not all do: partnerkpi excel doctor",
    ]
    return Report((settings_done, workbook_done), tuple(left), path)


def fresh_workbook() -> bytes:
    """Return the workbook for the installed xlwings: built where pyOpenVBA is there, otherwise the one that shipped."""
    return workbook_bytes() if can_build() else shipped_workbook()


def _settings(machine: Machine) -> tuple[str, list[str]]:
    """Write the interpreter if there is none; return what was done and what is left."""
    there, meant = read_interpreter(machine), wanted(machine)
    if not there:
        write_interpreter(machine)
        return f"Excel will use {meant}: written to {machine.config_file}.", []
    if str(there).lower() == str(meant).lower():
        return f"Excel uses {meant} already, says {machine.config_file}.", []
    return (
        f"Excel uses {there}, says {machine.config_file}: left as it is.",
        [f"partnerkpi is in {meant}. Unless it is in {there} as well, write that into {machine.config_file} instead."],
    )


def _put(machine: Machine, path: Path, data: bytes) -> tuple[Path, str, list[str]]:
    """Write the workbook where there is none; return where it is, what was done and what is left."""
    if not path.exists():
        atomic_write(path, data, option="another folder")
        return path, f"The workbook is {path}.", []
    versions = versions_of(path)
    if versions == {machine.xlwings_version}:
        return path, f"The workbook {path} is there already and fits: left as it is.", []
    beside = path.with_name(f"{path.stem} (xlwings {machine.xlwings_version}){path.suffix}")
    if not beside.exists():
        atomic_write(beside, data, option="another folder")
    made_for = f"is for xlwings {', '.join(sorted(versions))}" if versions else "is another workbook"
    return (
        beside,
        f"The workbook is {beside}, because {path} {made_for}: that one was left as it is.",
        [f"Copy your rows from {path} into the new workbook, if you had any there."],
    )
