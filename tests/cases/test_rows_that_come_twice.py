"""Rows that come twice: those that stand in two files, and those with one id, count once; the note says how many."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from command import run_here

import partnerkpi

CASES = Path(__file__).parents[3] / "shared" / "cases" / "25-the-same-rows-twice"
ID, DATE, PARTNER, SCORE = "id", "date", "partner", "score"


def case(*names: str) -> list[Path]:
    """Return files of the case; the test is skipped where they are not there."""
    if not CASES.exists():
        pytest.skip(f"{CASES} is not there")
    return [CASES / name for name in names]


def written(path: Path, header: list[str], rows: list[list[Any]]) -> Path:
    """Write a CSV file."""
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    return path


def answers(count: int, month: int = 7, seed: int = 1) -> list[list[Any]]:
    """Return answers of one month: date, partner, score, person."""
    draw = random.Random(seed + month)
    return [
        [f"2026-{month:02d}-{1 + n % 28:02d}", draw.choice("ABC"), draw.randint(0, 10), f"p{month}{n}@x.org"]
        for n in range(count)
    ]


def whole(*files: Path | str, command: str = "nps") -> tuple[dict[str, Any], dict[str, int], str]:
    """Return the first row, what was set aside, and the notes."""
    done = run_here(command, *files, "--format", "json")
    return done.json["rows"][0], done.json["provenance"]["set_aside"], done.err


def test_a_copy_and_a_cumulative_export() -> None:
    """July beside its copy is July; July and August beside the export of both are that export, in any order."""
    row, aside, said = whole(*case("july.csv", "july-copy.csv"))
    assert (row["responses"], row["promoters"], row["passives"], row["detractors"]) == (8, 4, 2, 2)
    assert aside == {"the same row in another file": 8}
    assert "8 rows stand in several files" in said
    for names in (["july.csv", "august.csv", "cumulative.csv"], ["cumulative.csv", "august.csv", "july.csv"]):
        row, aside, _ = whole(*case(*names))
        assert (row["responses"], row["promoters"], row["passives"], row["detractors"]) == (12, 7, 2, 3)
        assert sum(aside.values()) == 12


def test_activities_that_come_twice(tmp_path: Path) -> None:
    """An activity in two files is one, in the command and in the scorecard."""
    first, second, partners = case("acts.csv", "acts-copy.csv", "partners.csv")
    row, aside, _ = whole(first, second, "--partners", partners, command="advocacy")
    assert row["activities"] == 3
    assert aside == {"the same row in another file": 3}
    card = run_here("scorecard", first, second, partners, "-o", tmp_path / "o.xlsx", "--format", "json")
    assert card.json["total"]["activities"] == 3
    assert "3 rows stand in several files" in card.err


def test_the_same_file_twice(tmp_path: Path) -> None:
    """A file that is named twice, or that a pattern names again, is one file."""
    path = written(tmp_path / "a.csv", [DATE, PARTNER, SCORE, "email"], answers(20))
    alone, _, _ = whole(path)
    twice, aside, _ = whole(path, path)
    assert twice == alone
    assert sum(aside.values()) == 20
    assert whole(path, str(tmp_path / "*.csv"))[0] == alone


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_overlapping_exports_without_an_id(tmp_path: Path, suffix: str) -> None:
    """Whole rows that two files hold count once, whatever kind of file they are in."""
    header, rows = [DATE, PARTNER, SCORE, "comment"], [[*row[:3], f"remark {n}"] for n, row in enumerate(answers(40))]
    first = written(tmp_path / "a.csv", header, rows[:25])
    second = tmp_path / f"b{suffix}"
    frame = pd.DataFrame(rows[15:], columns=header)
    if suffix == ".csv":
        frame.to_csv(second, index=False)
    elif suffix == ".xlsx":
        frame.to_excel(second, index=False)
    else:
        frame.to_parquet(second)
    row, aside, _ = whole(first, second)
    assert row["responses"] == 40
    assert aside == {"the same row in another file": 10}
    assert partnerkpi.nps([first, frame]).whole["responses"] == 40


def test_what_one_file_holds_twice_counts_twice(tmp_path: Path) -> None:
    """Two people who said the same on one day are two, in a file and in its copy; more than a few are told."""
    rows = [row[:3] for row in answers(30)]
    rows += rows[:10]
    first = written(tmp_path / "a.csv", [DATE, PARTNER, SCORE], rows)
    alone, aside, said = whole(first)
    assert (alone["responses"], aside) == (40, {})
    assert "10 rows are like another one in every cell" in said
    second = written(tmp_path / "b.csv", [DATE, PARTNER, SCORE], rows)
    both, aside, _ = whole(first, second)
    assert both == alone
    assert sum(aside.values()) == 40


def test_rows_that_tell_nothing_apart(tmp_path: Path) -> None:
    """Answers of two months without a date, a person or an id are alike by chance: all count, and that is said."""
    first = written(tmp_path / "july.csv", [PARTNER, SCORE], [["A", 9], ["A", 10], ["B", 3], ["B", 8], ["A", 7]])
    second = written(tmp_path / "august.csv", [PARTNER, SCORE], [["A", 9], ["B", 2], ["B", 3], ["C", 10]])
    row, aside, said = whole(first, second)
    assert (row["responses"], aside) == (9, {})
    assert "2 rows stand in several files" in said


def test_few_answers_within_many(tmp_path: Path) -> None:
    """A small file all of whose answers a large one holds too is no copy where nothing tells answers apart."""
    first = written(tmp_path / "a.csv", [PARTNER, SCORE], [[name, score] for name in "ABC" for score in range(11)])
    second = written(tmp_path / "b.csv", [PARTNER, SCORE], [["A", 9], ["B", 10], ["C", 3], ["A", 2]])
    assert whole(first, second)[0]["responses"] == 37
    copy = written(tmp_path / "c.csv", [PARTNER, SCORE], [["A", 9], ["B", 10], ["C", 3], ["A", 2]])
    assert whole(second, copy)[0]["responses"] == 4


def test_ids_that_each_file_numbers_anew(tmp_path: Path) -> None:
    """Row 1 of July is not row 1 of August: where the rows differ, a number is no id, and all count."""
    files = [
        written(
            tmp_path / f"{month}.csv",
            [ID, DATE, PARTNER, SCORE],
            [[n + 1, *row[:3]] for n, row in enumerate(answers(20, month))],
        )
        for month in (7, 8)
    ]
    row, aside, _ = whole(*files)
    assert (row["responses"], aside) == (40, {})


def test_an_id_of_something_else(tmp_path: Path) -> None:
    """An `id` that rows of one file share is a person's or a partner's, and says nothing of rows."""
    files = [
        written(
            tmp_path / f"{month}.csv",
            [ID, DATE, PARTNER, SCORE],
            [[f"c{n % 5}", *row[:3]] for n, row in enumerate(answers(20, month))],
        )
        for month in (7, 8)
    ]
    assert whole(*files)[0]["responses"] == 40


def test_an_answer_that_was_corrected(tmp_path: Path) -> None:
    """Under one id the file that is named last has the answer."""
    header = ["Response ID", DATE, PARTNER, SCORE]
    rows = [[f"R_{n:x}zq{n}", *row[:3]] for n, row in enumerate(answers(10))]
    later = [[*row[:3], 10] if n == 0 else row for n, row in enumerate(rows)]
    first, second = written(tmp_path / "a.csv", header, rows), written(tmp_path / "b.csv", header, later)
    assert whole(first, second)[0]["promoters"] == whole(second)[0]["promoters"]
    assert whole(second, first)[0]["promoters"] == whole(first)[0]["promoters"]


@pytest.mark.parametrize("name", ["Response ID", "ticket_id", "SubmissionId", "Antwort-ID"])
def test_an_id_twice_in_one_file(tmp_path: Path, name: str) -> None:
    """In one file the id of a row alone decides; rows that are set aside can be looked at."""
    rows = [[f"x{n}", *row[:3]] for n, row in enumerate(answers(30))]
    path = written(tmp_path / "a.csv", [name, DATE, PARTNER, SCORE], [*rows, *rows[:3]])
    aside = tmp_path / "aside.csv"
    done = run_here("nps", path, "--format", "json", "--set-aside", aside)
    assert done.json["rows"][0]["responses"] == 30
    assert done.json["provenance"]["set_aside"] == {"the same id twice": 3}
    listed = list(csv.reader(aside.read_text(encoding="utf-8-sig").splitlines()))
    assert [line[1:4] for line in listed[1:]] == [[str(n + 2), "the same id twice", f"x{n}"] for n in range(3)]


def test_an_id_of_several_questions(tmp_path: Path) -> None:
    """Where each answer has a row a question, its id stands many times and takes nothing away."""
    rows = [[f"x{n // 2}", *row[:3]] for n, row in enumerate(answers(30))]
    path = written(tmp_path / "a.csv", ["response_id", DATE, PARTNER, SCORE], rows)
    assert whole(path)[0]["responses"] == 30


def test_customers_of_two_files(tmp_path: Path) -> None:
    """A customer in an export and its copy is one customer, with its money once."""
    header = ["customer", PARTNER, "retained", "revenue_start", "revenue_end"]
    rows = [[f"C{n}", "A" if n % 2 else "", "yes" if n % 3 else "no", 100, 90] for n in range(12)]
    first, second = written(tmp_path / "a.csv", header, rows), written(tmp_path / "b.csv", header, rows)
    assert whole(first, second, command="retention")[0] == whole(first, command="retention")[0]


def test_numbers_of_answers_are_alike_by_chance(tmp_path: Path) -> None:
    """Two tables of frequencies hold the same line without being the same."""
    first = written(tmp_path / "a.csv", [SCORE, "responses"], [[n, 3 + n] for n in range(11)])
    second = written(tmp_path / "b.csv", [SCORE, "responses"], [[n, 3 + n * (n % 2)] for n in range(11)])
    assert whole(first, second)[0]["responses"] == sum(3 + n for n in range(11)) + sum(
        3 + n * (n % 2) for n in range(11)
    )


@pytest.mark.parametrize("name", ["ID", "Nr.", "Key"])
def test_a_row_that_was_pasted_twice_counts_once_by_any_number_of_its_own(tmp_path: Path, name: str) -> None:
    """It has the same number and holds the same; where anything of it differs, the number is one of something else."""
    rows = [[f"A{n}", "Alder", "Referral", f"2026-02-{1 + n % 28:02d}"] for n in range(20)]
    header = [name, "Partner", "Activity", "Date"]
    listed = written(tmp_path / "partners.csv", ["Partner"], [["Alder"], ["Birk"]])

    def counted(*more: list[str]) -> tuple[int, str]:
        path = written(tmp_path / "activities.csv", header, [*rows, *more])
        done = run_here("advocacy", path, "--partners", listed, "--format", "json")
        return done.json["rows"][0]["activities"], done.err

    assert counted()[0] == 20
    activities, said = counted(rows[3], rows[7])
    assert activities == 20
    assert f"2 rows stand again under the same {name!r}" in said
    assert counted(rows[3], ["A7", "Alder", "Referral", "2026-03-01"])[0] == 22
    assert counted(*(rows[n] for n in range(6)))[0] == 26  # more than a fifth: the number of something else


def test_a_person_who_answers_twice_on_a_day_is_no_row_that_was_pasted(tmp_path: Path) -> None:
    """An id of respondents tells persons apart, of whose answers one counts in each period."""
    rows = [[f"P{n}", "Alder", 9, f"2026-02-{1 + n % 28:02d}"] for n in range(20)]
    path = written(tmp_path / "answers.csv", ["Respondent ID", "Partner", "Score", "Date"], [*rows, rows[3]])
    done = run_here("nps", path, "--format", "json")
    assert done.json["provenance"]["set_aside"] == {"duplicate respondent": 1}
