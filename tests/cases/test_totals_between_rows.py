"""Subtotals, counts and averages between groups and below them are no answers and no partners, also in text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command import run_here

HEADER = ["Partner Account ↑", "Created Date", "Contact: Email", "How likely are you to recommend us?", "Comments"]
GROUPS = {"Alder Systems": [9, 7, 10], "Birk & Co": [3, 6], "Corvane": [9, 8, 10, 10]}


def report(words: tuple[str, str, str, str], *, repeated: bool = False) -> list[list[Any]]:
    """Return the rows of a report in groups, each with its subtotal, count and average, and the whole below."""
    subtotal, count, average, total = words
    rows: list[list[Any]] = [HEADER]
    for name, scores in GROUPS.items():
        for number, score in enumerate(scores):
            shown = name if repeated or number == 0 else ""
            rows.append([shown, f"2026-08-{number + 10}", f"p{len(rows)}@x.example", score, "good" if number else ""])
        rows.append([subtotal.format(name), "", count, len(scores), ""])
        rows.append(["", "", average, sum(scores) / len(scores), ""])
    rows.append([total, "", count, 9, ""])
    rows.append(["", "", average, 8, ""])
    return rows


WORDS = {
    "salesforce": ("Subtotal", "Count", "Avg", "Total"),
    "excel": ("{} Total", "Count", "Average", "Grand Total"),
    "german": ("Teilsumme", "Anzahl", "Mittelwert", "Gesamtergebnis"),
    "german pivot": ("{} Ergebnis", "Anzahl", "Mittelwert", "Gesamtsumme"),
    "french": ("Sous-total", "Nombre", "Moyenne", "Total général"),
    "with other words": ("Sous-total", "Effectif du groupe", "Note moyenne", "Total général"),
    "spanish": ("Total {}", "Suma", "Promedio", "Total general"),
}


def saved(rows: list[list[Any]], path: Path) -> Path:
    if path.suffix == ".csv":
        lines = (
            ";".join(str(cell).replace(".", ",") if isinstance(cell, float) else str(cell) for cell in r) for r in rows
        )
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell if cell != "" else None for cell in row])
    book.save(path)
    return path


@pytest.mark.parametrize("repeated", [False, True], ids=["grouped", "repeated"])
@pytest.mark.parametrize("name", ["report.csv", "report.xlsx"])
@pytest.mark.parametrize("style", WORDS)
def test_totals_between_groups(tmp_path: Path, style: str, name: str, *, repeated: bool) -> None:
    """Nine answers: 5 promoters, 2 passives and 2 detractors, of three partners; every row that adds up is told."""
    source = saved(report(WORDS[style], repeated=repeated), tmp_path / name)
    run = run_here("nps", source, "--partner", HEADER[0], "--by", "partner", "--format", "json")
    whole, *groups = run.json["rows"]
    assert (whole["promoters"], whole["passives"], whole["detractors"]) == (5, 2, 2)
    assert whole["nps"] == pytest.approx(100 / 3)
    assert {one["group"]["partner"]: one["responses"] for one in groups} == {n: len(s) for n, s in GROUPS.items()}
    assert sum(run.json["provenance"]["set_aside"].values()) == 8


def test_a_partner_called_total_stays(tmp_path: Path) -> None:
    """A row that has all that the others have is a row, whatever the partner is called."""
    source = tmp_path / "answers.csv"
    source.write_text("date,partner,score\n2026-07-01,Alder,9\n2026-07-02,Total,8\n2026-07-03,Count & Co,3\n")
    run = run_here("nps", source, "--by", "partner", "--format", "json").json
    assert run["rows"][0]["responses"] == 3
    assert run["provenance"]["set_aside"] == {}
    source.write_text("partner,score\nAlder,9\nTotal,8\nBirk,3\n")
    assert run_here("nps", source, "--format", "json").json["rows"][0]["responses"] == 3


@pytest.mark.parametrize(
    "below",
    [
        ["Average,7.4", "NPS,20"],
        ["Promoters,5", "Passives,2", "Detractors,3", "NPS,20"],
        ["Median,8.5"],
        ["Anzahl Promotoren,5", "NPS gesamt,9"],
    ],
)
def test_figures_below_the_answers(tmp_path: Path, below: list[str]) -> None:
    """What somebody worked out below a table of answers is none: 5 promoters are no answer of 5."""
    rows = [f"Alder,{score}" for score in (10, 9, 9, 8, 7, 3, 6, 10, 10, 2)]
    source = tmp_path / "answers.csv"
    source.write_text("\n".join(["Partner,NPS", *rows, ",", *below, ""]))
    done = run_here("nps", source, "--format", "json")
    assert [done.json["rows"][0][name] for name in ("promoters", "passives", "detractors")] == [5, 2, 3]
    assert done.json["provenance"]["set_aside"] == {"total below the table": len(below)}


def test_bands_below_each_other_are_no_figures(tmp_path: Path) -> None:
    """A table of bands holds such rows and nothing else, also behind one that names none."""
    source = tmp_path / "bands.csv"
    for first in ("", "Total,10\n"):
        source.write_text(f"Category,Responses\n{first}Promoters,5\nPassives,2\nDetractors,3\n")
        row = run_here("nps", source, "--format", "json").json["rows"][0]
        assert (row["promoters"], row["passives"], row["detractors"]) == (5, 2, 3)


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("name", ["answers.csv", "answers.xlsx"])
@pytest.mark.parametrize(
    "words", ["Alder Systems - Subtotal", "Alder Systems Zwischensumme", "Alder Systems – Sous-total:"]
)
def test_the_subtotal_of_a_group_that_stands_elsewhere(tmp_path: Path, words: str, name: str, place: int) -> None:
    """A report cut into two files, or sorted anew: a sum is no answer, though it could be, and its words no partner."""
    rows = [["Partner", "Date", "Score"], *([f"P{n}", f"2026-08-{n + 10}", 9 - n] for n in range(5))]
    rows.insert(1 + place, [words, "", 8])
    run = run_here("nps", saved(rows, tmp_path / name), "--by", "partner", "--format", "json")
    assert [one["group"]["partner"] for one in run.json["rows"][1:]] == [f"P{n}" for n in range(5)]
    assert run.json["provenance"]["set_aside"] == {"total between rows": 1}
    run = run_here("nps", saved([[row[0], row[-1]] for row in rows], tmp_path / f"two {name}"), "--format", "json")
    assert (run.json["rows"][0]["responses"], run.json["provenance"]["set_aside"]) == (5, {"total between rows": 1})


def test_a_name_that_ends_like_a_sum_is_a_partner_where_its_row_lacks_nothing(tmp_path: Path) -> None:
    rows = [["Partner", "Date", "Score"], *([f"P{n}", f"2026-08-{n + 10}", 9 - n] for n in range(5))]
    rows.insert(1, ["Alder Group Total", "2026-08-09", 8])
    run = run_here("nps", saved(rows, tmp_path / "answers.csv"), "--by", "partner", "--format", "json")
    assert [one["responses"] for one in run.json["rows"]] == [6, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize("name", ["answers.csv", "answers.xlsx"])
def test_an_answer_below_a_total_stays_an_answer(tmp_path: Path, name: str) -> None:
    """Of a file that begins with the end of a group: one row with a comment says little of what all rows have."""
    rows = [
        ["Partner", "Date", "Region", "Score", "Comment"],
        ["Alder", "2026-08-01", "EMEA", 6, "Too expensive."],
        ["Alder Total", "", "", 55, ""],
        *([f"P{n}", f"2026-08-{n + 10}", "APAC", 9 - n, ""] for n in range(5)),
    ]
    run = run_here("nps", saved(rows, tmp_path / name), "--by", "partner", "--format", "json")
    assert run.json["rows"][0]["responses"] == 6
    assert run.json["provenance"]["set_aside"] == {"total between rows": 1}
