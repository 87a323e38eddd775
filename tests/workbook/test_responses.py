"""The sheet of answers: what stands there, what never does, and that it adds up to the tallies."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import cards
import office
import openpyxl
import pytest
import tampering
from command import run_here

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts
from partnerkpi.verify import verify
from partnerkpi.workbook.build import write_workbook
from partnerkpi.workbook.model import names
from partnerkpi.workbook.sheets.responses import HEAD_ROW, Answer

DAY = dt.date(2026, 8, 1)
ANSWERS: list[Answer] = [
    ("=A & <B>", "2026-Q3", DAY, 10.0),
    ("=A & <B>", "2026-Q3", DAY, 8.5),
    (" blank ", "2026-Q3", None, 0.0),
    (None, "2026-Q3", dt.date(2026, 9, 30), 7.0),
]


def small() -> Scorecard:
    """Return the scorecard that these answers are counted in."""
    return cards.card(
        {
            ("=A & <B>", "2026-Q3"): Counts(ScoreTally(0, 1, 1)),
            (" blank ", "2026-Q3"): Counts(ScoreTally(1, 0, 0)),
            (None, "2026-Q3"): Counts(ScoreTally(0, 1, 0)),
        }
    )


def test_every_answer_stands_there_as_it_was_given(tmp_path: Path) -> None:
    """Names stay text, days are days, scores numbers; both validators and verify are content."""
    path = tmp_path / "scorecard.xlsx"
    write_workbook(small(), path, responses=iter(ANSWERS))
    sheet = openpyxl.load_workbook(path)[names.RESPONSES]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD_ROW + 1)]
    midnight = dt.time()
    assert rows == [
        ["=A & <B>", "Q3 2026", dt.datetime.combine(DAY, midnight), 10],
        ["=A & <B>", "Q3 2026", dt.datetime.combine(DAY, midnight), 8.5],
        [" blank ", "Q3 2026", None, 0],
        ["(no partner)", "Q3 2026", dt.datetime(2026, 9, 30), 7],
    ]
    assert all(row[0].data_type == "s" for row in sheet.iter_rows(min_row=HEAD_ROW + 1))
    assert office.open_xml_sdk(path) == []
    assert [line for line in office.validate(path) if line.startswith("ERROR")] == []
    assert verify(path).findings == []
    again = tmp_path / "again.xlsx"
    write_workbook(small(), again, responses=iter(ANSWERS))
    assert again.read_bytes() == path.read_bytes()


def test_an_answer_that_was_changed_or_added_is_found(tmp_path: Path) -> None:
    """The answers of a partner and period must add up to its tally, band by band."""
    path = tmp_path / "scorecard.xlsx"
    write_workbook(small(), path, responses=iter(ANSWERS))
    part = tampering.part_of(path, names.RESPONSES)
    change = {part: tampering.stored(f"D{HEAD_ROW + 1}", "3.0")}
    report = verify(tampering.changed(path, tmp_path / "changed.xlsx", change))
    assert [(one.kind, one.says, one.should_say) for one in report.findings] == [("tally", 1, 0), ("tally", 0, 1)]
    odd = {part: tampering.stored(f"D{HEAD_ROW + 1}", "11.0")}
    report = verify(tampering.changed(path, tmp_path / "changed.xlsx", odd))
    assert report.findings[0].place == f"Responses!D{HEAD_ROW + 1}"


@pytest.mark.thorough
def test_the_command_writes_them_only_when_asked(tmp_path: Path) -> None:
    """By default there is no such sheet; with it verify finds that everything adds up; nobody's name is on it."""
    folder = tmp_path / "demo"
    assert run_here("demo", folder, "--quiet").code == 0
    sources = [folder / f"{kind}.csv" for kind in ("responses", "activities", "customers", "partners")]
    path = tmp_path / "scorecard.xlsx"
    assert run_here("scorecard", *sources, "-o", path, "--quiet").code == 0
    assert names.RESPONSES not in openpyxl.load_workbook(path).sheetnames
    done = run_here("scorecard", *sources, "-o", path, "--with-responses", "--format", "json")
    total = json.loads(done.out)["total"]
    report = verify(path)
    assert report.findings == []
    values = office.stored_values(path)
    current = [place for place, value in values.items() if place[0] == "Responses" and value == "Q3 2026"]
    assert len(current) == total["responses"]
    with sources[0].open(encoding="utf-8-sig", newline="") as stream:
        people = {row["respondent"] for row in csv.DictReader(stream)} - {""}
    assert len(people) > 100
    assert [value for (sheet, _), value in values.items() if sheet == names.RESPONSES and value in people] == []
