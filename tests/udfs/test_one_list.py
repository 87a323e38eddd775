"""There is one list of the functions, `FUNCTIONS`: everything else is made from it, or falls behind it visibly."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import partnerkpi
from partnerkpi import udfs
from partnerkpi.udfs import FUNCTIONS

PACKAGE = Path(partnerkpi.__file__).parent
FILES = sorted(
    path.relative_to(PACKAGE).as_posix()
    for path in PACKAGE.rglob("*")
    if path.suffix in (".py", ".js", ".toml", ".json", ".txt", ".html")
)
NAME = re.compile(r"\bPARTNER_[A-Z_]+\b")
FEW = 3  # names that may stand together without being a list


def _lists(tree: ast.AST) -> Iterator[list[str]]:
    """Yield the texts of each list, tuple, set, and of each table's keys, in a module."""
    for node in ast.walk(tree):
        elements = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
        yield [one.value for one in elements if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def test_no_module_lists_the_functions_again() -> None:
    """No list, tuple, set or table of names of functions stands anywhere but where they are offered."""
    for file in FILES:
        if file.endswith(".py") and file != "udfs/__init__.py":
            for texts in _lists(ast.parse((PACKAGE / file).read_text(encoding="utf-8"))):
                assert len(FUNCTIONS.keys() & set(texts)) <= FEW, f"{file}: {texts}"


def test_the_namespace_offers_every_function() -> None:
    """By `dir`, as by `import *`, exactly the functions of the list are found."""
    assert {name for name in udfs.__all__ if NAME.fullmatch(name)} == set(FUNCTIONS)
    assert {name for name in dir(udfs) if NAME.fullmatch(name)} == set(FUNCTIONS)
    assert all(getattr(udfs, name) is function.call for name, function in FUNCTIONS.items())


def test_what_names_most_functions_names_all() -> None:
    """A file with something for each function, such as an example, has it for every one, but for older names."""
    old = {name for name, one in FUNCTIONS.items() if "the older name of" in one.description}
    found = []
    for file in FILES:
        named = set(NAME.findall((PACKAGE / file).read_text(encoding="utf-8"))) & FUNCTIONS.keys()
        if len(named) > len(FUNCTIONS) / 2:
            found.append(file)
            assert set(FUNCTIONS) - old <= named, f"{file}: {sorted(set(FUNCTIONS) - old - named)}"
    assert "excel/functions_sheet.py" in found
