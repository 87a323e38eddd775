"""Work that is done once in a run of the tests, however many processes run them."""

from __future__ import annotations

import functools
import os
import pickle
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

FOLDER = (
    "PARTNERKPI_TESTS"  # environment variable: where the processes of this run keep what they made; conftest.py sets it
)

Result = TypeVar("Result")


def once(name: str, make: Callable[[], Result]) -> Result:
    """Return what `make` gives, from whichever process asked first; each caller has a copy of its own."""
    if FOLDER not in os.environ:  # a script that uses the tests' cards
        return make()
    path = _path(name)
    with FileLock(f"{path}.lock"):
        if not path.exists():
            made = pickle.dumps(make())
            path.with_suffix(".part").write_bytes(made)
            path.with_suffix(".part").replace(path)  # nobody reads half of it
    return pickle.loads(path.read_bytes())  # noqa: S301 (this run wrote it)


def is_known(name: str) -> bool:
    """Tell whether `once` has this answer already."""
    return _path(name).exists()


def once_a_file(ask: Callable[[Path], Result]) -> Callable[[Path], Result]:
    """Ask a question about a file once for each content that a file has, whatever the file is called."""

    @functools.wraps(ask)
    def asked(path: Path) -> Result:
        return once(f"{ask.__name__} {content(path)}", lambda: ask(path))

    return asked


def content(path: Path) -> str:
    """Return the hash of what a file holds."""
    return sha256(path.read_bytes()).hexdigest()


def _path(name: str) -> Path:
    return Path(os.environ[FOLDER], sha256(name.encode()).hexdigest())
