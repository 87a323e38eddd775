"""The files that a user copies and fills in: the input workbook and partnerkpi.toml.

They live in the project's top folder, `templates/`, and inside the installed package.
"""

from __future__ import annotations

import os
from importlib.resources.abc import Traversable
from pathlib import Path

from partnerkpi.dataclass import dataclass
from partnerkpi.files import atomic_write, make_folder, shipped


def template_files() -> list[Traversable]:
    """Return the template files, by name. Raises FileProblem where the installation has lost them."""
    # Hidden files, and those that Excel or an editor leaves beside an open one (~$partner-data.xlsx), are no templates.
    entries = (entry for entry in shipped("templates").iterdir() if entry.is_file())
    return sorted((entry for entry in entries if entry.name[0] not in ".~"), key=lambda entry: entry.name)


@dataclass(frozen=True)
class Copies:
    """The templates that were copied, and those that were there already and stay: they may hold somebody's data."""

    written: tuple[Path, ...]
    left: tuple[Path, ...]


def copy_templates(folder: Path) -> Copies:
    """Copy the templates that the folder does not hold into it; it is made if need be.

    What is there under the name of a template stays as it is.
    """
    sources = template_files()
    make_folder(folder)
    written, left = [], []
    for source in sources:
        copy = folder / source.name
        if os.path.lexists(copy):
            left.append(copy)
        else:
            atomic_write(copy, source.read_bytes(), option="DIR")
            written.append(copy)
    return Copies(tuple(written), tuple(left))
