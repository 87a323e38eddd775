"""`partnerkpi excel`: the functions in Excel: build the workbook, install it, find out why it does not work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.declared import Exit
from partnerkpi.cli.terminal import echo


def install(
    folder: Annotated[Path | None, given.argument("[DIR]", "Where the workbook goes. Default: Documents.")] = None,
    quiet: given.Quiet = False,
) -> None:
    """Tell Excel which Python to start, and put scorecard.xlsm and the add-in into their places (Windows).

    What is of an older version is replaced; a workbook that somebody has saved is kept under another name, and a
    Python that is named already stays. Example: partnerkpi excel install C:/Reports
    """
    from partnerkpi.cli.output import print_note
    from partnerkpi.excel.install import install as do
    from partnerkpi.excel.machine import Machine

    report = do(Machine.this(), folder)
    for line in report.done:
        print_note(f"Done   {line}", quiet=quiet)
    for line in report.left:
        print_note(f"To do  {line}", quiet=quiet)
    echo(str(report.workbook))


def uninstall(quiet: given.Quiet = False) -> None:
    """Take the add-in away from where Excel starts it (Windows); workbooks and settings stay.

    Example: partnerkpi excel uninstall
    """
    from partnerkpi.cli.output import print_note
    from partnerkpi.excel.install import uninstall as do
    from partnerkpi.excel.machine import Machine

    report = do(Machine.this())
    for line in (*report.done, *report.left):
        print_note(line, quiet=quiet)
    echo(str(report.workbook))


def doctor(
    workbook: Annotated[
        Path | None, given.argument("[FILE]", "The workbook. Default: Documents/scorecard.xlsm.")
    ] = None,
) -> None:
    """Check everything that must be right before a cell can call Python; one line each: ok, not ok, what to do.

    Exit 0 when nothing is wrong, 1 otherwise. Example: partnerkpi excel doctor
    """
    from partnerkpi.excel.doctor import all_ok, examine
    from partnerkpi.excel.machine import Machine

    checks = examine(Machine.this(), workbook)
    for check in checks:
        echo(check.line)
    raise Exit(0 if all_ok(checks) else 1)


def build(
    target: Annotated[Path, given.option("-o --output FILE", "The workbook to write.")] = Path("scorecard.xlsm"),
) -> None:
    """Build scorecard.xlsm, or the add-in partnerkpi.xlam, for the installed xlwings; the same every time.

    Needs pip install "pyOpenVBA>=6.5,<7". An existing file is replaced, and the rows in it with it. Example:
    partnerkpi excel build -o scorecard.xlsm
    """
    from partnerkpi.errors import UsageError
    from partnerkpi.excel.build import build as write

    if target.suffix.lower() not in (".xlsm", ".xlam"):
        raise UsageError(f"-o {target}: the file holds macros; name one that ends in .xlsm, or in .xlam for the add-in")
    write(target)
    echo(str(target))
