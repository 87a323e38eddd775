"""The files that a user copies and fills in: the input workbook and partnerkpi.toml.

They live in the project's top folder, `templates/`, and inside the installed package.
"""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

from partnerkpi.errors import FileProblem
from partnerkpi.files import atomic_write, make_folder, shipped


def template_files() -> list[Traversable]:
    """Return the template files, by name. Raises FileProblem where the installation has lost them."""
    # Hidden files, and those that Excel or an editor leaves beside an open one (~$partner-data.xlsx), are no templates.
    entries = (entry for entry in shipped("templates").iterdir() if entry.is_file())
    return sorted((entry for entry in entries if entry.name[0] not in ".~"), key=lambda entry: entry.name)


def copy_templates(folder: Path, overwrite: bool = False) -> list[Path]:
    """Copy the templates into the folder, which is made if need be, and return the copies.

    Raises FileProblem, before anything is written, where a file is there already and `overwrite` is False: it may hold
    somebody's data.
    """
    sources = template_files()
    taken = [source.name for source in sources if folder.joinpath(source.name).exists()]
    if taken and not overwrite:
        names = " and ".join(taken)
        raise FileProblem(
            f"{folder} already holds {names}, perhaps filled in: nothing was copied. "
            f"Name another folder, or move {'it' if len(taken) == 1 else 'them'} away first."
        )
    make_folder(folder)
    copies = []
    for source in sources:
        copy = folder / source.name
        atomic_write(copy, source.read_bytes(), option="DIR")
        copies.append(copy)
    return copies
