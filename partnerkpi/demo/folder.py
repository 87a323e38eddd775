"""A folder to write example files into."""

from __future__ import annotations

from pathlib import Path

from partnerkpi.errors import FileProblem


def make_folder(folder: Path) -> Path:
    """Return the folder, made with its parents if need be. Raises FileProblem where that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise FileProblem(
            f"Cannot write into {folder}: it is a file, or lies in one, not in a folder; name another folder."
        ) from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise FileProblem(f"Cannot make the folder {folder}: {reason}; name another folder.") from problem
    return folder
