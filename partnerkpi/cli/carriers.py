"""`partnerkpi excel lite`: the functions for where there is no Excel on Windows with Python."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.terminal import say


def lite(
    folder: Annotated[
        Path, given.option("-o --output DIR", "The folder to write it to; made if it is not there. Default: this one.")
    ] = Path(),
    quiet: given.Quiet = False,
) -> None:
    """Write a wheel of the functions alone, for xlwings Lite: Excel on the web, on a Mac, without Python.

    It needs xlwings and nothing else. Example: partnerkpi excel lite -o wheels
    """
    from partnerkpi.carriers.lite import write_wheel
    from partnerkpi.cli.output import print_note

    say(str(write_wheel(folder)))
    print_note(
        "In xlwings Lite: its address in requirements.txt, and in main.py: from partnerkpi.udfs import *", quiet=quiet
    )
