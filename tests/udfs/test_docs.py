"""docs/functions.md describes every function as it is, and its examples come out as printed."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from partnerkpi import udfs
from partnerkpi.udfs import FUNCTIONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "functions.md"
TEXT = PAGE.read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"(?ms)^### (\w+)\n(.*?)(?=^### |^## |^---|\Z)", TEXT))
EXAMPLE = re.compile(r"\*\*Example:\*\* `=(\w+)\((.*)\)` gives(?: `(.+?)`|[^\n]*\n\n((?:\|.*\n)+))")
EXAMPLES = [(heading, *found) for heading, body in SECTIONS.items() for found in EXAMPLE.findall(body)]

NOT_AVAILABLE = -2146826246  # how COM hands over what NA() gives

# Some of the names that VBA reserves: an argument called so would not compile.
RESERVED = frozenset({"as", "by", "date", "end", "error", "name", "new", "next", "on", "option", "set", "to", "type"})
WORDS = {"TRUE": "True", "FALSE": "False", "NA()": str(NOT_AVAILABLE), "{": "((", "}": ",),)", ";": ",),("}


def parsed(text: str) -> Any:
    """Return the arguments of a formula as Python values; {1,2;3,4} becomes rows."""
    python = re.sub(r'"[^"]*"|TRUE|FALSE|NA\(\)|\{|\}|;', lambda found: WORDS.get(found[0], found[0]), text)
    return ast.literal_eval(f"({python},)")


def decimals(shown: str) -> int:
    """Return how many digits stand behind the point."""
    return len(shown.partition(".")[2])


def shown_as(value: object, shown: str) -> bool:
    """Tell whether a result is the one that the page shows, to the digits that it shows."""
    if isinstance(value, str):
        return value == shown.strip('"')
    return isinstance(value, (int, float)) and f"{value + 0.0:.{decimals(shown)}f}" == shown


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_described(name: str) -> None:
    """Signature, every argument, the result, its errors and an example."""
    function, body = FUNCTIONS[name], SECTIONS[name]
    arguments = ", ".join(f"[{one}]" if one in function.optional else one for one in function.arguments)
    assert body.strip().startswith(f"`={name}({arguments})` · ")
    assert re.findall(r"(?m)^\| `(\w+)` \|", body) == list(function.arguments)
    for part in ("**Result:**", "**Errors:**", "**Example:**"):
        assert part in body
    assert f"[{name}](#{name.lower()})" in TEXT


def test_nothing_else_is_described() -> None:
    """A function that is gone is gone from the page."""
    assert set(SECTIONS) == set(FUNCTIONS)


def test_every_example_is_checked() -> None:
    """No example is written in a way that the test below would pass over."""
    assert len(EXAMPLES) == TEXT.count("**Example:**")
    assert {heading for heading, *_ in EXAMPLES} == set(FUNCTIONS)


@pytest.mark.parametrize(("heading", "name", "arguments", "value", "table"), EXAMPLES)
def test_examples_come_out_as_printed(heading: str, name: str, arguments: str, value: str, table: str) -> None:
    """Typed into a cell, each example shows what the page says."""
    assert name == heading
    result: Any = FUNCTIONS[name].call(*parsed(arguments))
    if value:
        assert shown_as(result, value), result
        return
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.splitlines()[2:]]
    assert len(rows) == len(result)
    for row, cells in zip(rows, result, strict=True):
        assert len(row) == len(cells)
        for shown, cell in zip(row, cells, strict=True):
            assert shown_as(cell, shown), (shown, cell)


# ---- what Excel's function wizard shows


@pytest.mark.parametrize("name", FUNCTIONS)
def test_help_fits_into_the_function_wizard(name: str) -> None:
    """One line of at most 255 characters for the function and for each argument, none of them missing."""
    function = FUNCTIONS[name]
    for text in (function.description, *function.arguments.values()):
        assert 20 < len(text) <= 255
        assert "\n" not in text
        assert text.endswith(".")
    parameters = function.call.__wrapped__.__code__.co_varnames[: len(function.arguments)]  # type: ignore[attr-defined]
    assert tuple(function.arguments) == parameters
    assert not set(parameters) & RESERVED
    assert all(argument == argument.lower() for argument in parameters)
    for argument, text in function.arguments.items():
        assert text.startswith("Optional: ") == (argument in function.optional)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_help_states_the_scale(name: str) -> None:
    """Whoever reads the help knows whether to expect 0.85, 85 or a word."""
    scales = ("points", "fraction", "0 to 100", "a mean", "Promoter", "exceptional")
    assert any(scale in FUNCTIONS[name].description for scale in scales)


def test_all_functions_are_in_one_module() -> None:
    """Xlwings imports one module and offers what it finds there."""
    assert {name for name in dir(udfs) if name.startswith("PARTNER_")} == set(FUNCTIONS)
    assert set(FUNCTIONS) <= set(udfs.__all__)
    assert all(getattr(udfs, name) is function.call for name, function in FUNCTIONS.items())
