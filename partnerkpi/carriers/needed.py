"""Which modules of this package a module needs, so that it can be carried to where the package is not installed."""

from __future__ import annotations

import ast
from importlib.resources import files

PACKAGE = "partnerkpi"


def needed(module: str) -> dict[str, bytes]:
    """Return the source of a module and of all that it imports from this package, by path, in alphabetical order.

    Imports within functions are left out, as are those for type checkers alone. needed("partnerkpi.errors") has
    partnerkpi/__init__.py, partnerkpi/_version.py and partnerkpi/errors.py.
    """
    found: dict[str, bytes] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        for one in _with_packages(name):
            path, source = _source(one)
            if path not in found:
                found[path] = source
                waiting += _imported(source)
    return dict(sorted(found.items()))


def _with_packages(name: str) -> list[str]:
    """Return a module with the packages that it lies in."""
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _source(name: str) -> tuple[str, bytes]:
    """Return the path of a module within the package, and its text."""
    parts = name.split(".")[1:]
    for path in ("/".join((*parts, "__init__.py")), f"{'/'.join(parts)}.py"):
        place = files(PACKAGE).joinpath(path)
        if place.is_file():
            return f"{PACKAGE}/{path}", place.read_bytes()
    raise ModuleNotFoundError(name)


def _imported(source: bytes) -> list[str]:
    """Return the modules of this package that a module imports when it is imported."""
    names = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Import):
            names += [one.name for one in statement.names]
        elif isinstance(statement, ast.ImportFrom) and statement.module is not None:
            names.append(statement.module)
            names += [f"{statement.module}.{one.name}" for one in statement.names]
    return [name for name in names if name.split(".")[0] == PACKAGE and _is_module(name)]


def _is_module(name: str) -> bool:
    """Tell whether a name is a module, not something in one."""
    try:
        _source(name)
    except ModuleNotFoundError:
        return False
    return True
