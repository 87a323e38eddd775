"""`partnerkpi excel install` and `uninstall`: which Python Excel starts, the workbook, and the add-in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem, PartnerKpiError
from partnerkpi.excel.add_in import NAME as ADD_IN
from partnerkpi.excel.add_in import add_in
from partnerkpi.excel.build import workbook_bytes
from partnerkpi.excel.machine import Machine, read_interpreter, wanted, write_interpreter
from partnerkpi.excel.package import NAME, can_build, shipped_workbook, versions_of
from partnerkpi.excel.stamp import Stamp, installed, stamp_of, was_saved
from partnerkpi.files import atomic_write, make_folder

ELSEWHERE = (
    "the macros need Windows and Excel. What works here: 'partnerkpi excel lite' for Excel on a Mac and on the web, "
    "'partnerkpi excel libreoffice', 'partnerkpi excel sheets' for Google Sheets, and a workbook without functions "
    "with 'partnerkpi scorecard'. 'partnerkpi excel build' writes scorecard.xlsm for somebody with Windows"
)
FROM_STORE = (
    "this is the Microsoft Store's Python, which Excel cannot start. Install Python from python.org, then partnerkpi "
    "with it, in its folder: py -m pip install ., and run this command again"
)
_CLOSE = "close Excel and run the command again"


@dataclass(frozen=True)
class Report:
    """What was done and what is left to do, in sentences, and the file that it is about."""

    done: tuple[str, ...]
    left: tuple[str, ...]
    workbook: Path


def install(machine: Machine, folder: Path | None, make: Callable[[], bytes] | None = None) -> Report:
    """Write the interpreter to the user's settings if there is none, and put workbook and add-in where they belong.

    The workbook goes into the folder, without one into the user's Documents, the add-in into the one from which Excel
    starts add-ins. What is older is replaced; a workbook that somebody has saved is kept under another name. `make`
    gives the workbook's bytes. Raises PartnerKpiError where Excel could not call Python anyway, before anything is
    written.
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
    path = target / NAME
    workbook_done, workbook_left = _put_workbook(machine, path, data)
    add_in_done, add_in_left = _put_add_in(machine, add_in(data))
    left = [
        *settings_left,
        *workbook_left,
        *add_in_left,
        f"Close Excel, open {path} and click Enable Content.",
        "Look at the sheet Self-test: its second row says how many lines pass. If not all do: partnerkpi excel doctor",
    ]
    return Report((settings_done, workbook_done, add_in_done), tuple(left), path)


def uninstall(machine: Machine) -> Report:
    """Take the add-in away from where Excel starts it; settings and workbooks stay.

    Raises PartnerKpiError away from Windows, for a file of that name that is not ours, and while Excel has it open.
    """
    if not machine.is_windows:
        raise PartnerKpiError(ELSEWHERE)
    path = machine.startup / ADD_IN
    left = (f"Your workbooks stay, and {machine.config_file}, which names the Python that Excel uses.",)
    if not path.exists():
        return Report((f"There is no add-in {path}: nothing to take away.",), left, path)
    _refuse_another(path)
    try:
        path.unlink()
    except OSError as error:
        raise FileProblem(f"Cannot take away {path}: {error.strerror}; {_CLOSE}.") from error
    return Report((f"The add-in {path} was taken away: in other workbooks its functions show #NAME? now.",), left, path)


def fresh_workbook() -> bytes:
    """Return the workbook for the installed xlwings: built where pyOpenVBA is there, otherwise the one that shipped."""
    return workbook_bytes() if can_build() else shipped_workbook()


def difference(machine: Machine, path: Path) -> str | None:
    """Say how a workbook or add-in differs from what is installed, None where both belong together.

    Raises FileProblem for what is no macro workbook.
    """
    versions = versions_of(path)
    if not versions:
        return "it calls no DLL of xlwings"
    if versions != {machine.xlwings_version}:
        return f"it is for xlwings {', '.join(sorted(versions))}, installed is {machine.xlwings_version}"
    return stamp_of(path).differs_from(installed())


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


def _put_workbook(machine: Machine, path: Path, data: bytes) -> tuple[str, list[str]]:
    """Write the workbook; one of another version gives way to it, under another name where somebody has saved it."""
    if not path.exists():
        atomic_write(path, data, option="another folder")
        return f"The workbook is {path}.", []
    there = stamp_of(path)
    differs = difference(machine, path)
    if differs is None:
        return f"The workbook {path} is there already and fits: left as it is.", []
    if there.is_newer_than(installed()):
        return f"The workbook {path} is of {there.shown}, which is newer: left as it is.", [_upgrade(there)]
    if not was_saved(path):
        atomic_write(path, data, option="another folder")
        return f"The workbook {path} was replaced: {differs}.", []
    kept = _free(path.with_name(f"{path.stem} (of {there.shown}){path.suffix}"))
    try:
        path.rename(kept)
    except OSError as error:
        raise FileProblem(f"Cannot rename {path}, which is to be replaced: {error.strerror}; {_CLOSE}.") from error
    atomic_write(path, data, option="another folder")
    return (
        f"The workbook {path} is new; the one that was there is {kept.name} now: {differs}.",
        [f"Copy your rows from {kept} into the new workbook, if you had any there."],
    )


def _put_add_in(machine: Machine, data: bytes) -> tuple[str, list[str]]:
    """Write the add-in to where Excel starts it; one of another version is replaced."""
    path = machine.startup / ADD_IN
    if path.exists():
        _refuse_another(path)
        there = stamp_of(path)
        if there.is_newer_than(installed()):
            return f"The add-in {path} is of {there.shown}, which is newer: left as it is.", [_upgrade(there)]
        if difference(machine, path) is None:
            return f"The add-in {path} is there already and fits: left as it is.", []
    make_folder(machine.startup)
    replaced = path.exists()
    try:
        atomic_write(path, data, option="another folder")
    except FileProblem as error:
        raise FileProblem(f"Cannot write the add-in {path}: {_CLOSE}.") from error
    end = "replaced" if replaced else "new"
    return f"The add-in {path} is {end}: Excel starts it, and every workbook has the functions.", []


def _refuse_another(path: Path) -> None:
    """Raise FileProblem for an add-in of our name that is not ours."""
    if not stamp_of(path).version:
        raise FileProblem(f"{path} is not the add-in of partnerkpi: move it away, and run the command again.")


def _upgrade(there: Stamp) -> str:
    return (
        f"This Python has partnerkpi {installed().version}: install {there.version} in it, or use the one that has it."
    )


def _free(path: Path) -> Path:
    """Return a path at which nothing is yet, numbered if need be."""
    number, free = 2, path
    while free.exists():
        free, number = path.with_name(f"{path.stem} {number}{path.suffix}"), number + 1
    return free
