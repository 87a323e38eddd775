"""`partnerkpi excel lite`, `libreoffice` and `sheets`: the functions where there is no Excel on Windows with Python."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.terminal import echo


def lite(
    folder: Annotated[
        Path, given.option("-o --output DIR", "The folder to write it to; made if it is not there. Default: this one.")
    ] = Path(),
    quiet: given.Quiet = False,
) -> None:
    """Write the functions alone, for xlwings Lite: Excel on the web, on a Mac, without Python.

    One file to paste into its main.py, and the same as a wheel, which needs xlwings and nothing else. Example:
    partnerkpi excel lite -o lite
    """
    from partnerkpi.carriers.lite import write_main, write_wheel
    from partnerkpi.cli.output import print_note

    echo(str(write_main(folder)))
    echo(str(write_wheel(folder)))
    print_note("In xlwings Lite: paste the first file into main.py, and restart it.", quiet=quiet)


def libreoffice(
    target: Annotated[Path, given.option("-o --output FILE", "The add-in to write.")] = Path("partnerkpi.oxt"),
    config: given.Config = None,
    quiet: given.Quiet = False,
) -> None:
    """Write the functions as an add-in for LibreOffice Calc, for any system; nothing else has to be installed there.

    Ratings in it follow the settings of now. Example: partnerkpi excel libreoffice -o partnerkpi.oxt
    """
    from partnerkpi.carriers.libreoffice import add_in
    from partnerkpi.cli.output import print_note
    from partnerkpi.config import load
    from partnerkpi.errors import UsageError
    from partnerkpi.files import atomic_write, refuse_to_replace

    if target.suffix.lower() != ".oxt":
        raise UsageError(f"-o {target}: LibreOffice knows an add-in by its ending; name a file that ends in .oxt")
    settings = load(config)
    if settings.path is not None:
        refuse_to_replace(target, settings.path, "-o")
    atomic_write(target, add_in(settings.benchmarks))
    print_note("To do  Open it with LibreOffice, which installs it, then start LibreOffice again.", quiet=quiet)
    echo(str(target))


def sheets(
    target: Annotated[Path, given.option("-o --output FILE", "The script to write. Default: partnerkpi.gs.")] = Path(
        "partnerkpi.gs"
    ),
    config: given.Config = None,
    quiet: given.Quiet = False,
) -> None:
    """Write one file of Apps Script that brings the functions to Google Sheets.

    Ratings go by the bands of the settings at the time of writing. Example: partnerkpi excel sheets -o partnerkpi.gs
    """
    from partnerkpi import config as settings
    from partnerkpi.carriers.sheets import script
    from partnerkpi.cli.output import print_note
    from partnerkpi.files import atomic_write, refuse_to_replace

    read = settings.load(config)
    if read.path is not None:
        refuse_to_replace(target, read.path, "-o")
    atomic_write(target, script(read.benchmarks).encode())
    echo(str(target))
    print_note("In Google Sheets: Extensions, Apps Script, paste the file over what is there, save.", quiet=quiet)
