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
    path = Path(os.environ[FOLDER], sha256(name.encode()).hexdigest())
    with FileLock(f"{path}.lock"):
        if not path.exists():
            path.write_bytes(pickle.dumps(make()))
    return pickle.loads(path.read_bytes())  # noqa: S301 (this run wrote it)


def once_a_file(ask: Callable[[Path], Result]) -> Callable[[Path], Result]:
    """Ask a question about a file once for each content that a file has, whatever the file is called."""

    @functools.wraps(ask)
    def asked(path: Path) -> Result:
        return once(f"{ask.__name__} {sha256(path.read_bytes()).hexdigest()}", lambda: ask(path))

    return asked
