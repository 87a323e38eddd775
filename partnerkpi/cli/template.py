"""`partnerkpi template`: the files to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.terminal import echo


def template(
    folder: Annotated[Path, given.argument("DIR", "The folder to write them to; made if it is not there.")],
    quiet: given.Quiet = False,
) -> None:
    """Write the files to fill in: a workbook for the data, the settings with every key commented, and the mail.

    What is missing in the folder is written; files that are there already stay as they are.

    \b
    Example:
      partnerkpi template .
    """
    from partnerkpi.cli.output import print_note
    from partnerkpi.demo.templates import copy_templates

    copies = copy_templates(folder)
    for path in copies.written:
        echo(str(path))
    for path in copies.left:
        print_note(f"left as it is: {path}", quiet=quiet)
    print_note("Fill in the workbook, then: partnerkpi scorecard partner-data.xlsx -o scorecard.xlsx", quiet=quiet)
