"""The functions in a browser's Python: the file for xlwings Lite in Pyodide, on 200,000 cells, against a plain loop.

Needs Node and the npm package pyodide, whose folder PARTNERKPI_PYODIDE names.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measured, compare

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from javascript import PYODIDE, in_pyodide

from partnerkpi.carriers.lite import write_main

CELLS = 200_000


def main() -> None:
    """Print how long the cells take, and the ratio to a loop that makes the same checks, both in Pyodide."""
    if not os.environ.get(PYODIDE):
        print(f"Pyodide: not measured, {PYODIDE} does not name the folder of the npm package pyodide")
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        ours, loop = (one / 1000 for one in in_pyodide(write_main(place), place, "--cells", CELLS))
    label = f"=PARTNER_NPS of {CELLS:,} cells in Pyodide"
    compare(label, Measured(ours, ours, 0, ""), Measured(loop, loop, 0, ""), "a nested loop with checks", at_most=0.8)
    print(f"{label:<58} {1000 * ours:.0f} ms")


if __name__ == "__main__":
    main()
