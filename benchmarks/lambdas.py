"""The functions as LAMBDAs in an engine of Excel 365's functions: whether their time grows in step with the rows.

Measured against the plain formula of COUNTIF, over 10,000 and 100,000 scores, and over as many with a word among them.
Needs formulon, which is not Excel: what counts is how the ratio grows, not what it is.
"""

from __future__ import annotations

import importlib
import io
import random
import time
from importlib.util import find_spec
from typing import Any

import xlsxwriter

from partnerkpi.carriers.lambdas.source import pack

ROWS = (10_000, 100_000)
ROUNDS = 3
_AT = 0, 5  # where the formula stands


def book_of(rows: int) -> Any:
    """Return a workbook with so many scores in column A, a word among those of column B, and the function's name."""
    draw, made = random.Random(7), io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as written:
        sheet = written.add_worksheet()
        for row in range(rows):
            score = draw.randrange(11)
            sheet.write_number(row, 0, score)
            sheet.write_number(row, 1, score)
        sheet.write_string(rows // 2, 1, "n/a")
    book = importlib.import_module("formulon").Workbook.load(made.getvalue())
    book.set_defined_name("PARTNER_NPS", f"={' '.join(pack()['PARTNER_NPS'].typed.split())}")
    return book


def seconds(book: Any, formula: str) -> float:
    """Return the best processor time of a recalculation with this formula."""
    best = float("inf")
    for _ in range(ROUNDS):
        book.set_formula(0, *_AT, f"={formula}")
        started = time.process_time()
        book.recalc()
        best = min(best, time.process_time() - started)
    return best


def main() -> None:
    """Print the times and their ratios."""
    if find_spec("formulon") is None:
        print("LAMBDAs: not measured, formulon is not installed")
        return
    for rows in ROWS:
        book = book_of(rows)
        scores = f"A1:A{rows}"
        plain = seconds(book, f'100*(COUNTIF({scores},">=9")-COUNTIF({scores},"<7"))/COUNT({scores})')
        for what, formula in (
            ("=PARTNER_NPS of numbers", f"PARTNER_NPS({scores})"),
            ("=PARTNER_NPS with a word among them", f"PARTNER_NPS(B1:B{rows})"),
        ):
            taken = seconds(book, formula)
            label = f"{what}, {rows:,} rows"
            print(f"{label:<58} {taken / plain:.1f} of COUNTIF ({1000 * taken:.0f} ms of {1000 * plain:.1f} ms)")


if __name__ == "__main__":
    main()
