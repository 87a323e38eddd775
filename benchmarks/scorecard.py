"""The whole command `scorecard`, from a Parquet file to the workbook: 1 and 10 million answers, 10,000 partners.

No peer does the same, so the figures are held against what was promised. A million answers are measured once more with
comments that all differ, of which none is looked into once for many.

`python -m benchmarks.scorecard 100000000` measures so many answers instead of 10 million.
"""

from __future__ import annotations

import math
import sys
import tempfile
from pathlib import Path

from benchmarks.made import write_answers
from benchmarks.measure import Measured, side_by_side

LARGE = 10_000_000
#: Answers and partners, and the most that it may take: seconds of processors, and megabytes.
USUAL, MANY_PARTNERS = (1_000_000, 1_000, 12, 450), (1_000_000, 10_000, 25, 700)
MOST_SECONDS_OF_LARGE, MOST_MEMORY_OF_LARGE, MOST_EXPONENT = 60, 1.2, 1.05
_FEW = 10_000  # answers, of whose scorecard nearly all is what every scorecard costs

_RUN = """
import contextlib, gc, io
from partnerkpi.cli import OBJECTS, main
gc.set_threshold(OBJECTS)  # as the program does where it is not called from another one
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(["scorecard", {source!r}, "-o", {target!r}, "--quiet"])
result = os.path.getsize({target!r}) > 0
"""


def main(large: int = LARGE) -> None:
    """Print what each takes beside what was promised, and how the time grows."""
    few = _measured(_FEW, USUAL[1])
    usual = _promised(*USUAL)
    different = _measured(*USUAL[:2], different=True)
    print(
        f"{'  where all comments differ':<58} {different.processor:5.1f} s of processors, {different.megabytes:.0f} MB"
    )
    _promised(*MANY_PARTNERS)
    found = _measured(large, USUAL[1])
    seconds = MOST_SECONDS_OF_LARGE * large / LARGE
    _print(large, USUAL[1], found, seconds, MOST_MEMORY_OF_LARGE * usual.megabytes)
    exponent = math.log((found.processor - few.processor) / (usual.processor - few.processor), large / USUAL[0])
    verdict = "ok" if exponent <= MOST_EXPONENT else "NOT MET"
    print(
        f"{'  time grows with the answers to the power of':<58} {exponent:5.2f} without the {few.processor:.1f} s of "
        f"{_FEW:,} answers, promised at most {MOST_EXPONENT:g} {verdict}"
    )


def _promised(answers: int, partners: int, seconds: float, megabytes: float) -> Measured:
    found = _measured(answers, partners)
    _print(answers, partners, found, seconds, megabytes)
    return found


def _measured(answers: int, partners: int, *, different: bool = False) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "answers.parquet", Path(folder) / "scorecard.xlsx"
        write_answers(source, answers, partners, different=different)
        code = "", _RUN.format(source=str(source), target=str(target))
        return side_by_side({"scorecard": code}, rounds=1)["scorecard"]


def _print(answers: int, partners: int, found: Measured, seconds: float, megabytes: float) -> None:
    kept = found.processor <= seconds and found.megabytes <= megabytes
    print(
        f"{f'scorecard of {answers:,} answers, {partners:,} partners':<58} {found.processor:5.1f} s of processors, "
        f"{found.megabytes:.0f} MB; promised {seconds:g} s, {megabytes:.0f} MB {'ok' if kept else 'NOT MET'}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
