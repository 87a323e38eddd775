"""Formulas that no program has calculated, failed ones, and odd ways to write an answer."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from command import run_here


def book(path: Path, **sheets: list[list[object]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


ACTIVITIES = [["date", "partner", "type"], ["2026-07-01", "Alder", "reference"], ["2026-07-02", "Birk", "referral"]]


def test_scores_that_no_program_has_calculated(tmp_path: Path) -> None:
    """`nps` says what to do in one line; a scorecard counts the rest and says it too."""
    answers = [["date", "partner", "score"], *([f"2026-07-{day:02}", "Alder", "=5+4"] for day in range(1, 9))]
    source = book(tmp_path / "book.xlsx", responses=answers, activities=ACTIVITIES)
    stopped = run_here("nps", source)
    assert stopped.code == 1
    assert (
        "8 cells, the first C2, are formulas that no program has calculated: open the workbook in Excel" in stopped.err
    )
    assert stopped.err.count("\n") == 1
    run = run_here("scorecard", source, "-o", tmp_path / "card.xlsx", "--format", "json")
    assert run.json["total"]["responses"] == 0
    assert "Activities  2 of 2 rows used" in run.err
    assert "formulas that no program has calculated" in run.err


def test_an_end_that_is_not_calculated_is_no_open_end(tmp_path: Path) -> None:
    """Whose end is an uncalculated formula is set aside: nobody knows whether the customer is still there."""
    rows = [["customer", "start_date", "end_date"], ["b", "2025-01-01", None]]
    rows += [[f"a{number}", "2025-01-01", "2026-02-01"] for number in range(9)]
    source = book(tmp_path / "book.xlsx", customers=[*rows, ["c", "2025-01-01", "=DATE(2026,2,1)"]])
    run = run_here("retention", source, "--period", "quarter", "--as-of", "2026-03-31", "--format", "json")
    assert run.json["provenance"]["set_aside"] == {"unreadable date": 1}


def test_failed_formulas_are_told(tmp_path: Path) -> None:
    """An error in a cell is no answer and no partner."""
    path = tmp_path / "answers.csv"
    rows = [
        "Alder,9",
        "Alder,10",
        "#REF!,9",
        "Birk,#DIV/0!",
        "Birk, #N/A",
        "Birk,#¡REF!",
        "Birk,#WERT!",
        "Birk,#7",
        "#N/A,3",
    ]
    path.write_text("\n".join(["partner,score", *rows]) + "\n", encoding="utf-8")
    run = run_here("nps", path, "--by", "partner", "--format", "json")
    groups = {row["group"]["partner"]: row["responses"] for row in run.json["rows"][1:]}
    assert {name: count for name, count in groups.items() if count} == {"Alder": 2, None: 2}
    assert run.json["provenance"]["set_aside"] == {"text in a score": 1, "error cell": 4}


@pytest.mark.parametrize("answers", [["10/10", "9 / 10", "3/10", "7/10"], ["score 10", "Score 9", "score 3", "NPS 7"]])
def test_an_answer_with_words_beside_it(tmp_path: Path, answers: list[str]) -> None:
    """10/10 is a 10 and "score 8" an 8; with no-break and zero-width blanks around them too."""
    path = tmp_path / "answers.csv"
    lines = [f"r{number},\u00a0{answer}\u200b" for number, answer in enumerate([*answers, "9"])]
    path.write_text("respondent,score\n" + "\n".join(lines) + "\n", encoding="utf-8")
    whole = run_here("nps", path, "--format", "json").json["rows"][0]
    assert (whole["promoters"], whole["passives"], whole["detractors"]) == (3, 1, 1)
