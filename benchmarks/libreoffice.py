"""The add-in in LibreOffice on 100,000 cells: whether the time grows in step, and what of it is ours.

Needs LibreOffice with its Python. Each sheet is calculated in a LibreOffice of its own; the time of one without a
formula is taken off.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.cells import in_turn, nested_loop
from benchmarks.measure import Measured, compare

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

import calc

from partnerkpi.carriers.libreoffice import add_in
from partnerkpi.carriers.libreoffice_calls import answer
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS

CELLS = 100_000
FORMULAS = 20
ROUNDS = 2


def sheet(formulas: int, cells: int = CELLS) -> str:
    """Return a sheet of 100,000 scores, and so many formulas over so many of them."""
    draw = random.Random(7)
    found = {(row, 1): calc.cell(draw.randrange(11)) for row in range(1, CELLS + 1)}
    text = f"{calc.PREFIX}PARTNERNPS([.A1:.A{cells}])"
    return str(calc.sheet(found | {(row, 2): calc.formula(text) for row in range(1, formulas + 1)}))


def seconds(profile: Path, text: str) -> float:
    """Return the processor time of a LibreOffice that calculates a sheet."""
    before = os.times()
    calc.calculate(profile, text)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def in_calc() -> None:
    """Print how long a formula takes in Calc, and whether ten over a tenth of the cells take as long."""
    sheets = {"whole": sheet(FORMULAS), "tenths": sheet(10 * FORMULAS, CELLS // 10), "none": sheet(0)}
    with tempfile.TemporaryDirectory() as folder:
        file, profile = Path(folder, "partnerkpi.oxt"), Path(folder, "profile")
        file.write_bytes(add_in(DEFAULT_BENCHMARKS))
        calc.install(file, profile)
        best = dict.fromkeys(sheets, float("inf"))
        for _ in range(ROUNDS):
            for name, text in sheets.items():
                best[name] = min(best[name], seconds(profile, text))
    whole, tenths = ((best[name] - best["none"]) / FORMULAS for name in ("whole", "tenths"))
    label = f"=PARTNER_NPS of {CELLS:,} cells in Calc"
    compare(label, Measured(whole, whole, 0, ""), Measured(tenths, tenths, 0, ""), "ten of 10,000 cells", at_most=1.3)
    print(f"{label:<58} {1000 * whole:.0f} ms")


def in_python() -> None:
    """Print what the add-in itself takes for the cells that Calc has handed over."""
    draw = random.Random(7)
    rows = tuple((float(draw.randrange(11)),) for _ in range(CELLS))
    found = in_turn({"ours": lambda: answer("PARTNER_NPS", (rows,)), "loop": lambda: nested_loop(rows)})
    compare(
        f"of it what the add-in does with {CELLS:,} cells", found["ours"], found["loop"], "a nested loop", at_most=2
    )


def main() -> None:
    """Print both."""
    if shutil.which("soffice") is None or shutil.which("unopkg") is None:
        print("LibreOffice: not measured, it is not installed")
        return
    in_calc()
    in_python()


if __name__ == "__main__":
    main()
