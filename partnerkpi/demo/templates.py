"""The files that a user copies and fills in: the input workbook and partnerkpi.toml.

They live in the project's top folder, `templates/`, and inside the installed package.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from partnerkpi.errors import FileProblem
from partnerkpi.files import atomic_write, make_folder


def template_files() -> list[Traversable]:
    """Return the template files, by name. Raises FileProblem where the installation has lost them."""
    installed = files("partnerkpi").joinpath("templates")
    # A source checkout, or an editable install of one: the folder is beside the package, not in it.
    beside = Path(__file__).parents[2] / "templates"
    folder: Traversable = installed if installed.is_dir() else beside
    if not folder.is_dir():
        raise FileProblem(
            "partnerkpi is installed without its templates; install it again: pip install --force-reinstall partnerkpi"
        )
    # Hidden files, and those that Excel or an editor leaves beside an open one (~$partner-data.xlsx), are no templates.
    found = [entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith((".", "~"))]
    return sorted(found, key=lambda entry: entry.name)


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
