"""The Excel functions on 1,048,576 cells, against loops over the cells and against xlwings' default converter."""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measure import Measured, compare

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from excel_path import CellRange, ExcelPath

from partnerkpi.cells import count_scores

CELLS = 1_048_576
FEW = 200
ROUNDS = 11
MICROSECONDS = 100  # promised for 200 cells

Rows = Any


def nested_loop(rows: Rows) -> tuple[int, int, int]:
    """Count scores as anybody would write it: numbers by band, nothing checked that may be left out."""
    detractors = passives = promoters = 0
    for row in rows:
        for cell in row:
            if isinstance(cell, (int, float)):
                if cell >= 9:
                    promoters += 1
                elif cell >= 7:
                    passives += 1
                else:
                    detractors += 1
    return detractors, passives, promoters


def bare_loop(rows: Rows) -> None:
    """Touch every cell and do nothing."""
    for row in rows:
        for _ in row:
            pass


def scores(blank: float, kind: type = float) -> list[Any]:
    """Return the cells of a whole column; a part of them is blank."""
    draw = random.Random(7)
    return [None if draw.random() < blank else kind(draw.randrange(11)) for _ in range(CELLS)]


def in_turn(tasks: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, Measured]:
    """Run the tasks in turn, several times; the best processor time of each is the least disturbed one."""
    best = dict.fromkeys(tasks, float("inf"))
    for _ in range(rounds):
        for name, task in tasks.items():
            gc.collect()
            started = time.process_time()
            task()
            best[name] = min(best[name], time.process_time() - started)
    return {name: Measured(seconds, seconds, 0, "") for name, seconds in best.items()}


def counting() -> None:
    """Compare counting with loops over the same cells."""
    for label, blank in (("all filled", 0.0), ("four in five blank", 0.8)):
        column = tuple((cell,) for cell in scores(blank))
        found = in_turn(
            {
                "ours": lambda rows=column: count_scores(rows),  # type: ignore[misc]  # bound now
                "nested": lambda rows=column: nested_loop(rows),  # type: ignore[misc]
                "bare": lambda rows=column: bare_loop(rows),  # type: ignore[misc]
            }
        )
        compare(f"count a whole column, {label}", found["ours"], found["nested"], "a nested loop", at_most=0.8)
        compare(f"count a whole column, {label}", found["ours"], found["bare"], "bare iteration", at_most=4)


def shapes() -> None:
    """Compare counting with the nested loop in every other shape."""
    # COM hands over floats; whole numbers as int come from xlwings Lite only
    columns = {"": scores(0), ", four in five blank": scores(0.8), ", whole numbers": scores(0, int)}
    for label, cells in columns.items():
        block = tuple(tuple(cells[start : start + 16]) for start in range(0, CELLS, 16))
        given: dict[str, tuple[Rows, Rows]] = {
            "a row": ((tuple(cells),), (tuple(cells),)),
            "a flat list": (cells, [cells]),
            "lists of one": ([[cell] for cell in cells], [[cell] for cell in cells]),
            "a block 16 wide": (block, block),
            "lists of 16": ([list(row) for row in block], [list(row) for row in block]),
        }
        for shape, (argument, rows) in given.items():
            found = in_turn(
                {
                    "ours": lambda argument=argument: count_scores(argument),  # type: ignore[misc]  # bound now
                    "nested": lambda rows=rows: nested_loop(rows),  # type: ignore[misc]
                }
            )
            compare(f"count {shape}{label}", found["ours"], found["nested"], "a nested loop", at_most=1.1)


def call_path() -> None:
    """Compare the way through xlwings with its default converter, and with a function that does nothing."""
    with ExcelPath() as excel:
        func, arg = excel.xlwings.func, excel.xlwings.arg

        # without annotations: xlwings would look for a converter for them
        def converted(scores):  # type: ignore[no-untyped-def]
            return count_scores(scores).nps

        def empty(scores):  # type: ignore[no-untyped-def]  # noqa: ARG001 - that is the point
            return 0.0

        excel.add_module("peers", converted=func(converted), empty=func(arg("scores", "raw")(empty)))
        column = CellRange(tuple((cell,) for cell in scores(0)))
        found = in_turn(
            {
                "ours": lambda: excel.call("PARTNER_NPS", column),
                "converted": lambda: excel.call("converted", column, module="peers"),
            },
            rounds=3,
        )
        name = "the same with xlwings' default converter"
        compare("=PARTNER_NPS(A:A) through xlwings, all filled", found["ours"], found["converted"], name, at_most=0.2)
        few = CellRange(tuple((cell,) for cell in scores(0)[:FEW]))
        found = in_turn(
            {
                "ours": lambda: [excel.call("PARTNER_NPS", few) for _ in range(200)],
                "empty": lambda: [excel.call("empty", few, module="peers") for _ in range(200)],
            }
        )
        more = (found["ours"].seconds - found["empty"].seconds) / 200 * 1e6
        verdict = "ok" if more < MICROSECONDS else "NOT MET"
        what = f"=PARTNER_NPS of {FEW} cells through xlwings"
        print(f"{what:<58} {more:5.1f} microseconds over an empty function, promised below {MICROSECONDS} {verdict}")


def main() -> None:
    """Print the ratios."""
    counting()
    shapes()
    call_path()


if __name__ == "__main__":
    main()
