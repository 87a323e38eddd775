"""A small programme in months: exports that are appended, people who are called, and how a team types statuses."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from lxml import etree
from tamperings import MAIN, Forgery

HEAD = "partner,respondent,date,score\n"


def _quarter(*answers: tuple[int, int, str, int]) -> str:
    """Return the same answers for each partner: month, day, person, score."""
    return "".join(
        f"{partner},{who},2026-0{month}-{day:02d},{score}\n"
        for partner in ("Acme", "Bolt & Co", "Café Nord")
        for month, day, who, score in answers
    )


Q1 = _quarter(
    (1, 5, "ann", 2), (1, 6, "ben", 9), (2, 7, "cas", 9), (2, 8, "dee", 4), (3, 9, "eve", 10), (3, 10, "fay", 6)
)
Q2 = _quarter(
    (4, 5, "ann", 9), (4, 6, "ben", 7), (5, 7, "cas", 9), (5, 8, "dee", 3), (6, 9, "eve", 10), (6, 10, "gus", 8)
)
PARTNERS = "partner,tier,annual_value\nAcme,Gold,300\nBolt & Co,Silver,200\nCafé Nord,Silver,100\n"


def sheet_of(path: Path) -> Any:
    """Return the workbook as openpyxl reads it, and its sheet Actions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    return book, book["Actions"]


def row_of(sheet: Any, partner: str, who: str | None, kind: str) -> int:
    """Return the first row in which a call stands."""
    for row in range(1, sheet.max_row + 1):
        if [sheet.cell(row, column).value for column in (1, 2, 5)] == [partner, who, kind]:
            return row
    raise AssertionError(f"there is no call {partner}, {who}, {kind}")


def type_with_openpyxl(
    path: Path, target: Path, typed: Mapping[tuple[str, str | None, str], tuple[str, dt.date | None, str | None]]
) -> Path:
    """Type statuses, days and notes beside calls; the library drops the record of the workbook."""
    book, sheet = sheet_of(path)
    for call, (status, day, note) in typed.items():
        row = row_of(sheet, *call)
        for column, value in zip("HIJ", (status, day, note), strict=True):
            if value is not None:
                sheet[f"{column}{row}"] = value
    book.save(target)
    return target


def statuses(path: Path) -> dict[tuple[str, str | None, str, str], tuple[str, dt.date | None, str | None]]:
    """Return what stands beside each call that is not open, by partner, person, kind and reason."""
    _, sheet = sheet_of(path)
    found = {}
    for row in range(6, sheet.max_row + 1):
        partner, who, _, _, kind, why, _, status, day, note = (sheet.cell(row, column).value for column in range(1, 11))
        if kind in ("detractor", "lost promoter", "lost advocate") and (status != "open" or day or note):
            found[partner, who, kind, str(why).partition(",")[0]] = status, day.date() if day else None, note
    return found


def type_as_a_program(
    path: Path, target: Path, typed: Mapping[tuple[str, str | None, str], tuple[str, dt.date | None, str | None]]
) -> Path:
    """Type statuses, days and notes into the sheet's own part, as a program does that keeps everything else."""
    _, sheet = sheet_of(path)
    forged = Forgery(path)
    rows = {row.get("r"): row for row in forged.sheet("Actions").iter(f"{{{MAIN}}}row")}
    for call, (status, day, note) in typed.items():
        number = row_of(sheet, *call)
        line = rows[str(number)]
        for column, value in zip("HIJ", (status, day, note), strict=True):
            if value is None:
                continue
            ref = f"{column}{number}"
            cell = next((one for one in line if one.get("r") == ref), None)
            if cell is None:
                cell = etree.SubElement(line, f"{{{MAIN}}}c", r=ref)
            for child in list(cell):
                cell.remove(child)
            if isinstance(value, dt.date):
                cell.attrib.pop("t", None)
                etree.SubElement(cell, f"{{{MAIN}}}v").text = str((value - dt.date(1899, 12, 30)).days)
            else:
                cell.set("t", "inlineStr")
                etree.SubElement(etree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t").text = value
    return forged.write(target)


def calls_of(path: Path) -> list[tuple[str, str | None, str, str]]:
    """Return the calls of a workbook that stand once in it: partner, person, kind and the beginning of the reason."""
    _, sheet = sheet_of(path)
    found = []
    for row in range(6, sheet.max_row + 1):
        partner, who, _, _, kind, why = (sheet.cell(row, column).value for column in range(1, 7))
        if kind in ("detractor", "lost promoter", "lost advocate"):
            found.append((partner, who, kind, str(why).partition(",")[0]))
    return [one for one in found if sum(one[:3] == other[:3] for other in found) == 1]
