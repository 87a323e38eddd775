"""Formulas as cells hold them: only those that every spreadsheet program reads and calculates alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from partnerkpi.dataclass import dataclass
from partnerkpi.workbook.model.theme import Look
from partnerkpi.workbook.model.values import Value

MAX_FORMULA = 8_192

# Tried side by side in LibreOffice and IronCalc with the same results; older Excel and Protected View know them too.
SAFE_FUNCTIONS = frozenset(
    {
        *(
            "COUNT",
            "COUNTA",
            "COUNTIF",
            "COUNTIFS",
            "SUM",
            "SUMIF",
            "SUMIFS",
            "AVERAGEIFS",
            "MIN",
            "MAX",
            "LARGE",
            "RANK",
        ),
        *("INDEX", "MATCH", "LOOKUP", "CHOOSE", "IF", "AND", "OR", "IFERROR", "ISNUMBER", "NA", "TEXT", "REPT"),
        *("ABS", "SIGN", "SQRT", "EXP", "ROUND", "INT", "MOD", "NORMSDIST", "NORMSINV", "TINV", "BINOMDIST"),
        *("SUMPRODUCT", "N"),
    }
)

_STRING = re.compile(r'"(?:[^"]|"")*"')
_QUOTED_SHEET = re.compile(r"'(?:[^']|'')*'!")
_CONSTANT = re.compile(r"\b(?:TRUE|FALSE)\b")
_FUNCTION = re.compile(r"([A-Za-z_@][\w.]*)\s*\(")


@dataclass(frozen=True)
class Live:
    """A formula together with the value that it gives, so that the cell shows the right figure before it is calculated.

    `formula` starts with "=", is in English with commas and calls safe functions only. None is no data, shown as #N/A.
    """

    formula: str
    value: Value | date

    def __post_init__(self) -> None:
        check_formula(self.formula)


@dataclass(frozen=True, eq=False)
class Block:
    """Cells with formulas that many workbooks have at the same places: row and column, formula and look of each.

    With `gaps` a cell without a value stays empty; else it shows #N/A.
    """

    cells: Sequence[tuple[tuple[int, int], str, Look]]
    gaps: bool = False

    def __post_init__(self) -> None:
        for _, formula, _ in self.cells:
            check_formula(formula)


@lru_cache(maxsize=65_536)
def check_formula(formula: str) -> None:
    """Raise ValueError for a formula that some spreadsheet program would read differently, or not at all."""
    bare = _STRING.sub('""', formula)
    if not bare.startswith("=") or len(formula) > MAX_FORMULA:
        raise ValueError(f'A formula starts with "=" and has at most {MAX_FORMULA:,} characters: {formula[:80]!r}.')
    if "[" in bare or "|" in bare:
        raise ValueError(f"A formula must not reach outside the workbook: {formula!r}.")
    bare = _QUOTED_SHEET.sub("", bare)
    if found := re.search(r"[;{}]", bare):
        raise ValueError(
            f"{found.group()!r} has no place in a formula; arguments are separated by commas: {formula!r}."
        )
    if bare.count("(") != bare.count(")") or bare.count('"') % 2:
        raise ValueError(f"The brackets or quotation marks of a formula do not match: {formula!r}.")
    for name in _FUNCTION.findall(bare):
        if name.upper() not in SAFE_FUNCTIONS:
            raise ValueError(f"{name} is not among the functions that every program calculates alike: {formula!r}.")
    if _CONSTANT.search(bare):
        raise ValueError(f"TRUE and FALSE are written as functions by some programs: write 1=1 and 1=0: {formula!r}.")
