"""`partnerkpi template`: the files to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.terminal import say


def template(
    folder: Annotated[Path, given.argument("DIR", "The folder to write them to; made if it is not there.")],
    quiet: given.Quiet = False,
) -> None:
    """Write the files to fill in: a workbook for the data, the settings with every key commented, and the mail.

    Files that are there already are not overwritten.

    \b
    Example:
      partnerkpi template .
    """
    from partnerkpi.cli.output import print_note
    from partnerkpi.demo.templates import copy_templates

    for path in copy_templates(folder):
        say(str(path))
    print_note("Fill in the workbook, then: partnerkpi scorecard partner-data.xlsx -o scorecard.xlsx", quiet=quiet)
