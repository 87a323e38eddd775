"""Thousands of odd calls of the Excel functions as plain data, with the answers of `partnerkpi.udfs`.

Whatever else carries the functions (names in a workbook, an add-in, a script) is asked the same calls. They are made
from `FUNCTIONS`: each function x each shape of an argument x each kind of cell, and calls drawn at random. A function
that is added there is called as well. What an argument means is told by its name; one that is unknown here takes
figures.

    python tests/support/calls.py -o calls.json        all of them as JSON
    python tests/support/calls.py --seed 7 -o ...      others, drawn from another seed

A call is {"function", "arguments", "answer", "made"}. An argument is null (left out), a cell (a literal), or rows of
cells (a range; [[null]] is a blank cell). A cell is null (blank), a number, true or false, a text ("" is what a formula
gives that ends in nothing) or {"error": "#N/A"}. The answer is a cell, or rows of cells. `made` says how to make it
again.
"""

from __future__ import annotations

import argparse
import functools
import json
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from math import isclose
from pathlib import Path
from typing import Any
from unittest import mock

from partnerkpi.cells import COM_ERRORS
from partnerkpi.udfs import FUNCTIONS, log, ratings
from partnerkpi.vocabulary import ERROR_CELLS

SEED = 2026
DRAWN = 40  # calls of each function that are drawn at random

Cell = float | str | bool | dict[str, str] | None
Rows = list[list[Cell]]
Argument = Cell | Rows

_COM_NUMBERS = {text: number for number, text in COM_ERRORS.items()}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one function, what `partnerkpi.udfs` answers, and how this call was made."""

    function: str
    arguments: tuple[Argument, ...]
    answer: Cell | Rows
    made: str

    def __str__(self) -> str:
        return f"{self.function}({', '.join(json.dumps(one, ensure_ascii=False) for one in self.arguments)})"

    def as_json(self) -> dict[str, Any]:
        """Return the call as data of JSON."""
        return {
            "function": self.function,
            "arguments": list(self.arguments),
            "answer": self.answer,
            "made": self.made,
        }


def error(code: str) -> dict[str, str]:
    """Return a cell that holds an Excel error."""
    return {"error": code}


# ---- kinds of cell

KINDS: dict[str, Cell] = {
    "blank": None,
    "empty text": "",
    "spaces": "  ",
    "text": "later",
    "not answered": "n/a",
    "text number": "8",
    "text with a comma": " 7,5 ",
    "text percentage": "90%",
    "text with a thousands mark": "1'000",
    "text true": "TRUE",
    "true": True,
    "false": False,
    "nothing": 0,
    "one": 1,
    "a share": 0.36,
    "half a step": 3.5,
    "just no promoter": 8.999,
    "the highest score": 10,
    "above the scale": 11,
    "negative": -1,
    "a day": 46053,
    "too large": 1e300,
    "#N/A": error("#N/A"),
    "#DIV/0!": error("#DIV/0!"),
    "#REF!": error("#REF!"),
    "a name": "Acme",
    "a name between spaces": " Acme ",
    "no partner": "Direct",
    "yes": "yes",
    "a heading of scores": "Score",
    "a heading of partners": "Partner",
    "a heading of customers": "Renewed?",
}

# ---- what an argument means, told by its name


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the cells of an argument are: some that are fine, others it may be given, and whether it is one cell."""

    fine: tuple[Cell, ...]
    odd: tuple[Cell, ...] = ()
    single: bool = False
    length: int | None = None  # where only so many cells are fine
    heading: str = ""

    def cells(self, size: int) -> list[Cell]:
        """Return so many cells, all fine; as many as the argument takes where that is fixed."""
        return list(islice(cycle(self.fine), self.length or size))


_SCORES = Meaning(
    (9, 3, 7, 10, 10, 6, 8, 0),
    (8.5, 6.9, 8.999, None, None, None, "n/a", "no answer", "9-10", "7 or 8", ".", "", True, False, 5, 1, 2, 4),
    heading="Score",
)
_NAMES = Meaning(
    ("Acme", "Acme", "Bolt", "Cord", "Bolt"),
    (" Acme ", "Échos", "Dunder", None, "", 12, True, "bolt"),
    heading="パートナー企業",
)
_COUNTED = Meaning(
    ("Acme", "Acme", "Bolt", "Cord"), (40, 12, 0, 45, 3.5, -1, None, "", True, "12", 2), heading="パートナー企業"
)
_FLAGS = Meaning(
    (True, False, True, True), (1, 0, "yes", "no", "Y", "n", None, "", 2, "maybe", 0.36, 0.8, 1.2), heading="Renewed?"
)
_WHOSE = Meaning(("Acme", "Acme", None, "Direct"), ("", "None", "n/a", True, False, 0, 5, "Bolt", 0.8, 0.9, 1))
_CUSTOMERS = (0, 5, None, "x", "", -1, True, 3.5)
_PEOPLE = (3, 4, 0, None, True, False, 2.5, -1, "yes", "n/a")
_FIGURES = Meaning((100.0, 90.5, 120.25, 40.0), (0, None, -3.5, "", "n/a", True, 0.7, 1, 50))

MEANINGS: dict[str, Meaning] = {
    **dict.fromkeys(("scores", "score", "before", "after"), _SCORES),
    "groups": _NAMES,
    **dict.fromkeys(("activities", "partners", "active_partners"), _COUNTED),
    "retained": _FLAGS,
    "partner": _WHOSE,
    "one_partner": Meaning(("Acme",), ("Bolt", " Acme ", "Direct", None, "", True, 12), single=True),
    "start_revenue": Meaning((100.0, 80.5, 60, 250), (0, None, "", -5, "n/a", True), heading="Revenue"),
    "end_revenue": Meaning((120.0, 80.5, 0, 90), (60, None, 250.25, "", -5, "n/a", True), heading="Revenue"),
    "start_customers": Meaning((200,), _CUSTOMERS, single=True),
    "end_customers": Meaning((210,), _CUSTOMERS, single=True),
    "new_customers": Meaning((40,), _CUSTOMERS, single=True),
    "answered": Meaning((3, 4, 5, 6), _PEOPLE),
    "invited": Meaning((9, 12, 8, 15), _PEOPLE, heading="Invited"),
    "dates": Meaning((46023, 46054, 46143, 46388.75), (None, "", 60, 1, 45990, 46300.5, 0, "later"), heading="Date"),
    "confidence": Meaning((0.9,), (0.99, 0.5, 1, 0, 2, "x", True, None, ""), single=True),
    "population": Meaning((40,), (200, 10, 5, 3.5, None, 0, -1), single=True),
    "min_responses": Meaning((2,), (3, 5, 0, 1.5, None, "x"), single=True),
    "period": Meaning(("year",), ("month", "quarter", " Quarter ", "YEAR", "week", "day", None, ""), single=True),
    "kpi": Meaning(("nps",), ("NPS ", "advocacy", "retention", "loyalty", "", None, 5), single=True),
    "value": Meaning((45,), (70, 50, 30, 29.9, 0.75, 0.5, 0.3, 75, 60, None, 101, "x", 1), single=True),
    "nps": Meaning((45,), (62, -30, 100, None, 101, error("#N/A"), "x"), single=True),
    "advocates": Meaning((0.6,), (0.3, 1, None, 60, 0, error("#N/A")), single=True),
    "influence": Meaning((70,), (55, None, 101, error("#N/A")), single=True),
    "benchmark": Meaning((30,), (0, -40, 50, 70, 100, -100, 101, None, "x"), single=True),
    "weights": Meaning((0.4, 0.3, 0.3), (1, 0, 2, -1, None, "a"), length=3),
}

SHAPES: dict[str, Callable[[list[Cell]], Argument]] = {
    "a literal": lambda cells: [[cells[0]]] if cells[0] is None else cells[0],
    "a cell": lambda cells: [[cells[0]]],
    "a column": lambda cells: [[cell] for cell in cells],
    "a row": lambda cells: [cells],
    "a block": lambda cells: [cells[:2], cells[2:4], cells[4:6]] if len(cells) == 6 else [cells],
}
SIZES = {"a literal": 1, "a cell": 1, "a column": 6, "a row": 6, "a block": 6}


def meaning_of(argument: str) -> Meaning:
    """Return what the cells of an argument are, by its name."""
    return MEANINGS.get(argument, _FIGURES)


# ---- calls


@functools.cache
def calls(seed: int = SEED) -> tuple[Call, ...]:
    """Return all calls with their answers, the same ones for the same seed."""
    return tuple(_answered(*one) for one in (*_each_kind(), *_drawn(seed)))


def _each_kind() -> Iterator[tuple[str, list[Argument], str]]:
    """Each function x each shape x each kind of cell; every argument meets every kind in one shape or another."""
    for name, function in FUNCTIONS.items():
        arguments = list(function.arguments)
        for turn, (shape, build) in enumerate(SHAPES.items()):
            for number, (kind, cell) in enumerate(KINDS.items()):
                odd = arguments[(turn + number) % len(arguments)]
                place = number % SIZES[shape]
                given = [_with(one, cell if one == odd else _FINE, place, shape, build) for one in arguments]
                yield name, given, f"{odd} as {shape} with {kind} at cell {place + 1}"


_FINE = object()


def _with(argument: str, cell: Any, place: int, shape: str, build: Callable[[list[Cell]], Argument]) -> Argument:
    """Return an argument with the odd cell in it, or all fine; one cell stays one, but for a column of two."""
    meaning = meaning_of(argument)
    if cell is _FINE:
        return meaning.fine[0] if meaning.single else build(meaning.cells(SIZES[shape]))
    size = SIZES[shape]
    if meaning.single:
        size = 2 if shape == "a column" else 1
    cells = meaning.cells(size)[: SIZES[shape]]
    cells[place % len(cells)] = cell
    return build(cells)


def _drawn(seed: int) -> Iterator[tuple[str, list[Argument], str]]:
    """Draw calls at random, for each function from a seed of its own: another function changes none of its calls."""
    for name, function in FUNCTIONS.items():
        for number in range(DRAWN):
            made = f"{seed} {name} {number}"
            draw = random.Random(made)
            size = draw.choice([1, 2, 3, 5, 8, 13, 30])
            given = [_drawn_argument(draw, one, size, one in function.optional) for one in function.arguments]
            while given and given[-1] is None:
                given.pop()
            yield name, given, f"drawn from the seed {made!r}"


def _drawn_argument(draw: random.Random, argument: str, size: int, optional: bool) -> Argument:
    meaning = meaning_of(argument)
    if optional and draw.random() < 0.4:
        return None
    if meaning.single:
        cell = _drawn_cell(draw, meaning, 0.2)
        return [[cell]] if cell is None or draw.random() < 0.5 else cell
    if draw.random() < 0.05:
        size += 1  # a range that does not pair up with the others
    if draw.random() < 0.06:
        cells = [draw.choice([None, None, "", "n/a"]) for _ in range(size)]
    else:
        oddness = draw.choice([0.05, 0.2, 0.5])
        cells = [_drawn_cell(draw, meaning, oddness) for _ in range(meaning.length or size)]
    if meaning.heading and len(cells) > 1 and draw.random() < 0.2:
        cells[0] = meaning.heading
    if len(cells) == 1:
        return [cells] if cells[0] is None or draw.random() < 0.5 else cells[0]
    if len(cells) % 2 == 0 and draw.random() < 0.15:
        return [cells[start : start + 2] for start in range(0, len(cells), 2)]
    return [cells] if draw.random() < 0.15 else [[cell] for cell in cells]


def _drawn_cell(draw: random.Random, meaning: Meaning, oddness: float) -> Cell:
    if draw.random() >= oddness:
        return draw.choice(meaning.fine)
    if meaning.odd and draw.random() < 0.85:
        return draw.choice(meaning.odd)
    return draw.choice(list(KINDS.values()))


# ---- answers


def _answered(function: str, arguments: list[Argument], made: str) -> Call:
    return Call(function, tuple(arguments), answer(function, arguments), made)


def answer(function: str, arguments: list[Argument] | tuple[Argument, ...]) -> Cell | Rows:
    """Return what a cell gets from `partnerkpi.udfs`, through its guard, with the benchmarks that are built in.

    A fault inside a function, which the guard would write to the log and show as #VALUE!, is raised.
    """
    with mock.patch.object(ratings, "_stamp", _no_file), mock.patch.object(log, "record", _raise):
        found = FUNCTIONS[function].call(*map(as_excel_gives, arguments))
    return [[_cell(one) for one in row] for row in found] if isinstance(found, list) else _cell(found)


def as_excel_gives(argument: Argument) -> Any:
    """Return an argument as Excel on Windows hands it over: numbers as floats, errors by number, rows as tuples."""
    if isinstance(argument, list):
        return tuple(tuple(as_excel_gives(cell) for cell in row) for row in argument)
    if isinstance(argument, dict):
        return _COM_NUMBERS[argument["error"]]
    return float(argument) if isinstance(argument, (int, float)) and not isinstance(argument, bool) else argument


def _cell(value: Any) -> Cell:
    return error(value) if isinstance(value, str) and value in ERROR_CELLS else value


def _no_file() -> None:
    """Find no settings file."""


def _raise(_function: str, _arguments: object, fault: Exception) -> None:
    raise AssertionError("a function failed by a fault of its own") from fault


def same(expected: Any, got: Any, *, tolerance: float = 1e-9) -> bool:
    """Tell whether two answers are the same: numbers to nine digits, TRUE apart from 1, an error from another."""
    if isinstance(expected, list) and isinstance(got, (list, tuple)):
        return len(expected) == len(got) and all(map(same, expected, got))
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(expected, (int, float)) and isinstance(got, (int, float)):
        return isclose(expected, got, rel_tol=tolerance, abs_tol=tolerance)
    return type(expected) is type(got) and expected == got


def main() -> None:
    """Write the calls as JSON."""
    options = argparse.ArgumentParser(description="The odd calls, with their answers, as JSON.")
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("-o", "--output", type=Path, default=Path("calls.json"))
    given = options.parse_args()
    made = calls(given.seed)
    given.output.write_text(json.dumps([one.as_json() for one in made], ensure_ascii=False), encoding="utf-8")
    sys.stdout.write(f"{len(made)} calls of {len(FUNCTIONS)} functions, seed {given.seed}: {given.output}\n")


if __name__ == "__main__":
    main()
