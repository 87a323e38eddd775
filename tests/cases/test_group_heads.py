"""Reports that name a group in its first row only: the rows below are not shown to be of nobody."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from command import run_here

HEADS = """partner,score,date
Acme,9,2026-07-01
,8,2026-07-02
,7,2026-07-02
,3,2026-07-03
Bolt,3,2026-07-05
,4,2026-07-04
Cora,10,2026-07-05
,9,2026-07-04
,9,2026-07-09
"""
#: Of nine answers three name a partner, each another one; the first does not.
SELDOM = "partner,score\n,9\n,8\nAcme,9\n,3\nBolt,3\n,4\n,7\nCora,10\n,9\n"


def file(folder: Path, text: str) -> Path:
    """Write a table as a file."""
    path = folder / "answers.csv"
    path.write_text(text, encoding="utf-8")
    return path


def answers_of(path: Path, partner: str) -> int:
    """Return how many answers a partner has."""
    told = run_here("nps", path, "--by", "partner", "--format", "json").json["rows"]
    return next(int(row["responses"]) for row in told if row["group"] == {"partner": partner})


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (HEADS, ["nps", "--by", "partner"]),
        (
            "partner,activity,date\nAcme,reference,2026-07-01\n,case study,2026-07-02\nBolt,referral,2026-07-03\n"
            ",reference,2026-07-04\n",
            ["advocacy", "--partners", "5"],
        ),
        ("partner,score,responses\nAcme,9,4\n,8,2\nBolt,3,5\n,10,4\n", ["nps", "--frequency", "responses"]),
        ("region,score\nEMEA,9\n,8\n,8\nAPAC,3\n,10\n", ["nps"]),
        ("partner,score\nAcme,9\n  ,8\nBolt,3\n\u00a0,10\n", ["nps"]),
    ],
)
def test_a_name_for_a_whole_group(text: str, command: list[str], tmp_path: Path) -> None:
    """It is asked whose rows those below are, and `check` asks it too."""
    path = file(tmp_path, text)
    asked = run_here(command[0], path, *command[1:])
    assert (asked.code, asked.out) == (2, "")
    assert "stands once, with blank cells below it" in asked.err
    assert "stands once" in "".join(run_here("check", path, "--format", "json").json["tables"][0]["questions"])


def test_both_answers_work(tmp_path: Path) -> None:
    """Names that are filled down, and a - where there is none, are counted as they then stand."""
    lines, name, filled = HEADS.splitlines(), "", []
    for line in lines[1:]:
        name = line.partition(",")[0] or name
        filled.append(f"{name},{line.partition(',')[2]}")
    assert answers_of(file(tmp_path, "\n".join([lines[0], *filled])), "Acme") == 4
    assert answers_of(file(tmp_path, HEADS.replace("\n,", "\n-,")), "Acme") == 1


@pytest.mark.parametrize(
    "text",
    [
        SELDOM,
        "partner,score\nAcme,9\nBolt,3\nCora,10\n,9\n,8\n,8\n,7\n",  # sorted: blanks last
        "partner,score\nAcme,9\n,3\nBolt,10\n,9\nAcme,8\n,7\n",  # a name stands again
    ],
)
def test_rows_without_a_partner(text: str, tmp_path: Path) -> None:
    """Answers of which some name a partner are counted."""
    assert run_here("nps", file(tmp_path, text), "--by", "partner").code == 0


def test_those_who_left_are_few(tmp_path: Path) -> None:
    """A column of ends is blank for all who are still there: each end stands once, and that is no report."""
    text = (
        "customer,start date,end date\na,2025-01-01,2026-02-03\nb,2025-01-01,\nc,2025-02-01,2026-03-04\nd,2025-02-01,\n"
    )
    assert run_here("retention", file(tmp_path, text), "--period", "quarter").code == 0


def test_merged_cells_of_a_workbook_are_filled(tmp_path: Path) -> None:
    """A workbook says which cells are one, so nothing is asked."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("partner", "score"), ("Acme", 9), (None, 3), ("Bolt", 10), (None, 9)):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A4:A5")
    book.save(tmp_path / "answers.xlsx")
    assert [answers_of(tmp_path / "answers.xlsx", name) for name in ("Acme", "Bolt")] == [2, 2]
