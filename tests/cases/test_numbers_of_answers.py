"""Tables that hold numbers of answers are counted as those: frequencies, bands, a column for each answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from command import Run, rows_by, run_here

import partnerkpi
from partnerkpi.errors import DataProblem, OpenQuestion

CASES = Path(__file__).parents[2].parent / "shared" / "cases"

FREQUENCIES = [2, 1, 1, 2, 3, 6, 9, 25, 41, 52, 78]
BANDS = [
    ["Alder", "2026-Q1", 45, 20, 6],
    ["Alder", "2026-Q2", 51, 18, 4],
    ["Birk", "2026-Q1", 30, 22, 9],
    ["Birk", "2026-Q2", 33, 15, 8],
    ["Corvane", "2026-Q1", 61, 12, 3],
]


def written(path: Path, rows: Iterable[Sequence[Any]], separator: str = ",") -> Path:
    """Write rows to a text file and return it."""
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def counts(run: Run) -> tuple[int, int, int, int, float]:
    """Return answers, promoters, passives, detractors and the NPS of the whole; the rows must add up."""
    told = run.json["provenance"]
    assert told["rows_read"] == told["rows_used"] + sum(told["set_aside"].values())
    whole = run.json["rows"][0]
    return *(whole[key] for key in ("responses", "promoters", "passives", "detractors")), round(whole["nps"], 3)


def nps(path: Path | str, *options: str) -> Run:
    return run_here("nps", path, *options, "--format", "json")


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("04-frequency-table/freq1.csv", (220, 130, 66, 24, 48.182)),
        ("05-counts-per-band/bands.csv", (337, 220, 87, 30, 56.38)),
        ("61-one-column-per-answer/wide.csv", (113, 63, 32, 18, 39.823)),
        ("59-nps-as-a-fraction/ratio.csv", (133, 82, 32, 19, 47.368)),
    ],
)
def test_the_cases(file: str, expected: tuple[float, ...]) -> None:
    """Each table is counted as what it is, and the note says so."""
    if not (CASES / file).exists():
        pytest.skip(f"needs ../shared/cases/{file}")
    run = nps(CASES / file)
    assert counts(run) == expected
    assert f"{expected[0]} answers in" in run.err


# ---- frequencies


@pytest.mark.parametrize(
    "names",
    [
        *(("Score", "Count"), ("NPS", "n"), ("Rating", "Frequency"), ("Punkte", "Anzahl"), ("Note", "Nombre")),
        *(("Nota", "Respostas"), ("Puntuación", "Cantidad"), ("Cijfer", "Aantal"), ("Antwort", "Häufigkeit")),
        *(("How likely are you to recommend us?", "Count of Response ID"), ("Score", "Number of respondents")),
        ("Score", "Total"),
    ],
)
def test_frequencies_in_the_known_languages(tmp_path: Path, names: tuple[str, str]) -> None:
    """A column of answers, each once, beside one that says how many."""
    path = written(tmp_path / "f.csv", [names, *enumerate(FREQUENCIES)])
    assert counts(nps(path)) == (220, 130, 66, 24, 48.182)


def test_frequencies_of_groups_and_periods(tmp_path: Path) -> None:
    """Groups and periods have their own frequencies, and the whole is their sum."""
    rows = [("Partner", "Quarter", "Score", "Responses")]
    rows += [(p, q, s, n) for p in ("Acme", "Bolt") for q in ("2026-Q1", "2026-Q2") for s, n in enumerate(FREQUENCIES)]
    path = written(tmp_path / "f.csv", rows)
    run = nps(path, "--by", "partner", "--period", "quarter")
    assert counts(run) == (880, 520, 264, 96, 48.182)
    found = rows_by(run.json)
    assert found["Acme", "2026-Q2"]["responses"] == 220
    assert found["Bolt", None]["detractors"] == 48


def test_frequencies_of_bands_and_texts(tmp_path: Path) -> None:
    """The answer may be the name of a band, its range, or have words beside it; the numbers have thousands."""
    words = [("Category", "Responses"), ("Promoters", "1,220"), ("Passives", 87), ("Detractors", 30)]
    assert counts(nps(written(tmp_path / "a.csv", words, ";"))) == (1337, 1220, 87, 30, 89.005)
    ranges = [("Group", "Answer", "Count")]
    ranges += [(group, *one) for group in "AB" for one in (("0 to 6", 30), ("7 to 8", 87), ("9 to 10", 220))]
    assert counts(nps(written(tmp_path / "b.csv", ranges))) == (674, 440, 174, 60, 56.38)
    labels = [("Score", "Responses"), ("0 - Not at all likely", 2), *((s, 5) for s in range(1, 10))]
    labels.append(("10 - Extremely likely", 7))
    assert counts(nps(written(tmp_path / "c.csv", labels))) == (54, 12, 10, 32, -37.037)


def test_shares_beside_frequencies(tmp_path: Path) -> None:
    """Percentages beside the numbers are compared with them; running totals are left alone."""
    rows = [("Score", "Responses", "Percent", "Cumulative %")]
    total = 0
    for score, number in enumerate(FREQUENCIES):
        total += number
        rows.append((score, number, f"{100 * number / 220:.1f}%", f"{100 * total / 220:.1f}%"))
    run = nps(written(tmp_path / "f.csv", rows))
    assert counts(run) == (220, 130, 66, 24, 48.182)
    assert "'Percent' agrees with the numbers" in run.err
    rows[4] = (3, 2, "31.2%", "2.7%")
    rows[11] = (10, 78, "5.1%", "100%")
    run = nps(written(tmp_path / "g.csv", rows))
    assert counts(run) == (220, 130, 66, 24, 48.182)
    assert "'Percent' is not what the numbers give in 2 rows" in run.err


def test_rows_of_frequencies_that_do_not_count(tmp_path: Path) -> None:
    """A number that is none, a score out of range and a blank score are rows set aside, each with its reason."""
    rows = [("Score", "Responses"), *enumerate(FREQUENCIES), (11, 4), (None, 3)]
    rows[1], rows[2] = (0, "?"), (1, -2)
    run = nps(written(tmp_path / "f.csv", rows), "--set-aside", str(tmp_path / "not.csv"))
    assert counts(run)[0] == 217
    assert run.json["provenance"]["set_aside"] == {"blank score": 1, "out of range": 1, "no number of answers": 2}
    assert len((tmp_path / "not.csv").read_text(encoding="utf-8").splitlines()) == 5


def test_another_scale_in_frequencies(tmp_path: Path) -> None:
    """Answers from 1 to 5 are no NPS, however many rows they have."""
    rows = [("Score", "Responses"), (1, 4), (2, 9), (3, 20), (4, 50), (5, 70)]
    path = written(tmp_path / "f.csv", rows)
    assert nps(path).code == 1
    assert counts(nps(path, "--scale", "1-5"))[:4] == (153, 70, 50, 33)
    assert nps(written(tmp_path / "stray.csv", [*rows, (9, 1)])).code == 1
    assert nps(written(tmp_path / "ten.csv", [*rows, (9, 1), (10, 9)])).code == 0


@pytest.mark.parametrize("few", [(1, 0), (1, 2), (0, 1)])
def test_a_column_of_numbers_for_each_partner(few: tuple[int, int], tmp_path: Path) -> None:
    """Answers that stand once each, with a column for each partner beside them, are no list of seven answers."""
    rows = [("Score", "Alder", "Birk"), (10, *few), *((n, 1, 2) for n in (9, 8, 7)), (6, 0, 1), (3, 1, 0), (2, 1, 0)]
    done = nps(written(tmp_path / "f.csv", rows))
    assert done.code == 2
    assert "--frequency" in done.err


@pytest.mark.parametrize(
    "rows",
    [
        [("Score", "Responses"), (9, 3), (9, 4), (7, 1), (2, 8), (10, 9)],
        [
            ("Partner", "Score", "Responses"),
            *(("Acme", s, 4) for s in (9, 7, 2, 10)),
            *(("Bolt", s, 2) for s in (9, 3)),
        ],
        [("Score", "Volumen"), *enumerate(FREQUENCIES)],
        [("Score", "Acme", "Bolt"), *((s, n, n + 1) for s, n in enumerate(FREQUENCIES))],
        [("Band", "2026-Q1", "2026-Q2"), ("Promoters", 40, 51), ("Passives", 20, 18), ("Detractors", 6, 4)],
    ],
)
def test_numbers_that_are_not_shown_to_be_of_answers(tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    """Where it is not shown whether rows are answers or numbers of them, the command asks; either answer works."""
    path = written(tmp_path / "f.csv", rows)
    asked = nps(path)
    assert asked.code == 2
    assert "--frequency" in asked.err
    assert counts(nps(path, "--frequency", rows[0][-1]))[0] == sum(row[-1] for row in rows[1:])
    if "Band" not in rows[0]:
        assert counts(nps(path, "--frequency", "none"))[0] == len(rows) - 1
    (question,) = run_here("check", path, "--format", "json").json["tables"][0]["questions"]
    assert "--frequency" in question


@pytest.mark.parametrize(
    "rows",
    [
        [("n", "Score"), *((n, s) for n, s in enumerate((9, 10, 7, 3, 8, 9, 10, 2), 1))],
        [("Respondent", "Score", "Responses"), *((f"r{n}", s, n * 3) for n, s in enumerate((9, 10, 7, 3, 8)))],
        [("Partner", "Score", "Count"), *(("Acme", s, 1) for s in (9, 10, 9, 3, 8))],
        [
            ("Partner", "Score", "Promoter", "Passive", "Detractor"),
            ("A", 9, 1, 0, 0),
            ("B", 7, 0, 1, 0),
            ("C", 3, 0, 0, 1),
        ],
    ],
)
def test_answers_stay_answers(tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    """Numbers of rows, numbers about a person, and flags beside each answer are no numbers of answers."""
    assert counts(nps(written(tmp_path / "a.csv", rows)))[0] == len(rows) - 1


# ---- bands


@pytest.mark.parametrize(
    "names",
    [
        ("Promoters", "Passives", "Detractors"),
        ("# Promoters", "# Passives", "# Detractors"),
        ("Promoters (9-10)", "Passives (7-8)", "Detractors (0-6)"),
        ("promoter_count", "passive_count", "detractor_count"),
        ("Promotoren", "Passive", "Detraktoren"),
        ("Anzahl Promotoren", "Anzahl Indifferente", "Anzahl Kritiker"),
        ("Promoteurs", "Passifs", "Détracteurs"),
        ("Promotores", "Pasivos", "Detractores"),
        ("Promotores", "Neutros", "Detratores"),
        ("Promotori", "Passivi", "Detrattori"),
        ("9-10", "7-8", "0-6"),
    ],
)
def test_bands_in_the_known_languages(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Three columns with the words for the bands, whole numbers below them."""
    path = written(tmp_path / "b.csv", [("Partner", "Quarter", *names), *BANDS])
    run = nps(path, "--by", "partner", "--period", "quarter")
    assert counts(run) == (337, 220, 87, 30, 56.38)
    found = rows_by(run.json)
    assert found["Birk", "2026-Q2"]["passives"] == 15
    assert [row["nps"] for row in run.json["rows"][:3]] == [
        pytest.approx(one, abs=5e-4) for one in (56.38, 56.731, 55.814)
    ]


def with_figures(rows: Iterable[Sequence[Any]], *, fraction: bool) -> list[list[Any]]:
    """Return bands with their sum, their shares and the NPS, as a report shows them."""
    made = []
    for *keys, p, a, d in rows:
        n = p + a + d
        shares = [f"{100 * one / n:.0f}%" for one in (p, a, d)]
        made.append(
            [*keys, n, p, shares[0], a, shares[1], d, shares[2], round((p - d) / n * (1 if fraction else 100), 2)]
        )
    return made


@pytest.mark.parametrize("fraction", [False, True])
def test_what_stands_beside_bands_is_compared(tmp_path: Path, *, fraction: bool) -> None:
    """A sum, shares and a ready-made NPS are compared with the numbers: told where they agree, and where not."""
    header = ["Partner", "Quarter", "Responses", "Promoters", "Promoters %", "Passives", "Passives %"]
    header += ["Detractors", "Detractors %", "NPS"]
    rows = with_figures(BANDS, fraction=fraction)
    run = nps(written(tmp_path / "b.csv", [header, *rows]))
    assert counts(run) == (337, 220, 87, 30, 56.38)
    for name in ("Responses", "Promoters %", "Detractors %", "NPS"):
        assert f"'{name}' agrees with the numbers in all 5 rows" in run.err
    rows[0][2], rows[1][-1] = 99, -0.5
    run = nps(written(tmp_path / "c.csv", [header, *rows]))
    assert counts(run) == (337, 220, 87, 30, 56.38)
    assert "'Responses' is not what the numbers give in 1 of 5 rows" in run.err
    assert "'NPS' is not what the numbers give in 1 of 5 rows" in run.err
    for row in rows:
        row[-1] = 12
    asked = nps(written(tmp_path / "d.csv", [header, *rows]))
    assert asked.code == 2
    assert counts(nps(tmp_path / "d.csv", "--frequency", "across"))[0] == 337


@pytest.mark.parametrize(
    "rows",
    [
        [("Partner", "Promoters %", "Passives %", "Detractors %"), ("A", 60, 25, 15), ("B", 50, 30, 20)],
        [("Partner", "Promoters", "Passives", "Detractors"), ("A", "60%", "25%", "15%"), ("B", "50%", "30%", "20%")],
        [("Partner", "Promoters", "Passives", "Detractors"), ("A", 0.6, 0.25, 0.15), ("B", 0.5, 0.3, 0.2)],
        [("Partner", "Promoters", "Detractors", "NPS"), ("A", 61, 25, 36), ("B", 50, 30, 20)],
        [("Score", "Percent"), *((s, f"{100 * n / 220:.1f}%") for s, n in enumerate(FREQUENCIES))],
        [("Partner", "Score", "Share"), *((p, s, n / 220) for p in "AB" for s, n in enumerate(FREQUENCIES))],
        [
            ("Partner", "Promoters Q1", "Detractors Q1", "Promoters Q2", "Detractors Q2"),
            ("A", 6, 2, 5, 1),
            ("B", 9, 3, 7, 4),
        ],
        [("Quarter", "% Promotoren", "% Passive", "% Detraktoren", "NPS"), ("2026-Q1", 60, 25, 15, 45)],
    ],
)
def test_shares_alone_are_refused(tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    """Shares of answers, and two bands of three, cannot be counted: one line says so."""
    run = nps(written(tmp_path / "s.csv", rows))
    assert run.code == 1
    assert run.out == ""
    assert len(run.err.splitlines()) == 1
    assert run_here("scorecard", tmp_path / "s.csv", "-o", tmp_path / "s.xlsx").code == 1
    assert not (tmp_path / "s.xlsx").exists()


def test_rows_that_add_up_to_100_are_asked_about(tmp_path: Path) -> None:
    """Whole numbers that add up to 100 in each row may be percentages; a sum beside them shows what they are."""
    rows = [("Partner", "Promoters", "Passives", "Detractors"), ("A", 60, 25, 15), ("B", 51, 30, 20)]
    path = written(tmp_path / "b.csv", rows)
    assert nps(path).code == 2
    assert counts(nps(path, "--frequency", "across"))[:4] == (201, 111, 55, 35)
    summed = [(*row, "Answers" if number == 0 else sum(row[1:])) for number, row in enumerate(rows)]
    assert counts(nps(written(tmp_path / "c.csv", summed)))[0] == 201
    shares_of_few = [(*row, "Answers" if number == 0 else 20) for number, row in enumerate(rows)]
    assert nps(written(tmp_path / "d.csv", shares_of_few)).code == 2


def test_a_part_that_is_the_sum_of_the_others(tmp_path: Path) -> None:
    """Rows of "All" that add up the others are set aside; a sum that is none, or is not called one, is asked about."""
    header = ("Region", "Quarter", "Promoters", "Passives", "Detractors")
    north, south = ("North", "2026-Q1", 40, 10, 5), ("South", "2026-Q1", 20, 12, 9)
    run = nps(written(tmp_path / "a.csv", [header, ("All", "2026-Q1", 60, 22, 14), north, south]))
    assert counts(run)[:4] == (96, 60, 22, 14)
    assert run.json["provenance"]["set_aside"] == {"sum of other rows": 1}
    asked = nps(written(tmp_path / "b.csv", [header, ("All", "2026-Q1", 70, 22, 14), north, south]))
    assert asked.code == 2
    assert "'All' in 'Region'" in asked.err
    asked = nps(written(tmp_path / "c.csv", [header, ("EMEA", "2026-Q1", 60, 22, 14), north, south]))
    assert asked.code == 2
    assert counts(nps(tmp_path / "c.csv", "--frequency", "across"))[0] == 192


def test_the_same_answers_cut_in_several_ways(tmp_path: Path) -> None:
    """Where each cut of a report holds all answers, they would be counted once for each: the command asks."""
    rows = [("Breakdown", "Value", "Promoters", "Passives", "Detractors"), ("Region", "North", 40, 10, 5)]
    rows += [("Region", "South", 20, 12, 9), ("Tier", "Gold", 33, 15, 4), ("Tier", "Silver", 27, 7, 10)]
    path = written(tmp_path / "b.csv", rows)
    asked = nps(path)
    assert asked.code == 2
    assert "'Breakdown'" in asked.err
    assert counts(nps(written(tmp_path / "c.csv", rows[:3])))[0] == 96


def test_rows_of_bands_that_do_not_count(tmp_path: Path) -> None:
    """A row is set aside as one row; a blank among numbers is nobody."""
    rows = [
        ("Partner", "Promoters", "Passives", "Detractors"),
        ("A", 45, 20, None),
        ("B", 30, "?", 9),
        ("C", 61, 12, -3),
    ]
    rows += [("D", None, None, None), ("E", 5, "-", 2), ("F", "1'061", 12.5, 3)]
    run = nps(written(tmp_path / "b.csv", rows), "--set-aside", str(tmp_path / "not.csv"))
    assert counts(run)[:4] == (72, 50, 20, 2)
    told = run.json["provenance"]
    assert (told["rows_read"], told["rows_used"], told["set_aside"]) == (6, 2, {"no number of answers": 4})
    assert "'Passives' says '?' where a number of answers should stand, in 1 row: the 39 other answers" in run.err
    assert len((tmp_path / "not.csv").read_text(encoding="utf-8").splitlines()) == 5


# ---- a column for each answer


@pytest.mark.parametrize(
    "names",
    [
        [str(answer) for answer in range(11)],
        [f"Score {answer}" for answer in range(11)],
        ["0 (Not at all likely)", *map(str, range(1, 10)), "10 - Extremely likely"],
    ],
)
def test_a_column_for_each_answer(tmp_path: Path, names: list[str]) -> None:
    """One column for each answer is a table of frequencies lying down; blanks in it are nobody."""
    lines = [["Agent", "Month", *names, "Total"], ["Ana", "2026-07", *FREQUENCIES, 220]]
    lines.append(["Ben", "2026-08", *(number or None for number in [0, 0, 1, 0, 0, 2, 0, 5, 9, 12, 20]), 49])
    run = nps(written(tmp_path / "w.csv", lines), "--by", "Agent", "--period", "month")
    assert counts(run) == (269, 162, 80, 27, 50.186)
    assert rows_by(run.json)["Ben", "2026-08"]["passives"] == 14
    assert "'Total' agrees" in run.err


def test_columns_that_may_be_questions(tmp_path: Path) -> None:
    """Columns from 1 to 10 may be ten questions: the command asks."""
    rows = [["Agent", *range(1, 11)], ["Ana", *range(10)], ["Ben", *range(2, 12)]]
    path = written(tmp_path / "w.csv", rows)
    assert nps(path).code == 2
    assert counts(nps(path, "--frequency", "across"))[0] == 45 + 65


# ---- the same everywhere


def test_a_workbook(tmp_path: Path) -> None:
    """In a workbook the sheet that holds the numbers is found, its header being of numbers or words."""
    made = openpyxl.Workbook()
    made.active.append(["Remark"])
    made.active.append(["Nothing to see"])
    sheet = made.create_sheet("NPS by agent")
    sheet.append(["Agent", *range(11)])
    sheet.append(["Ana", *FREQUENCIES])
    sheet.append(["Ben", *FREQUENCIES])
    made.save(tmp_path / "w.xlsx")
    assert counts(nps(tmp_path / "w.xlsx"))[:4] == (440, 260, 132, 48)


def test_a_scorecard_of_numbers(tmp_path: Path) -> None:
    """A scorecard has the trend and the partners of the numbers, beside a list of partners; it lists no calls."""
    answers = written(tmp_path / "b.csv", [("Partner", "Quarter", "Promoters", "Passives", "Detractors"), *BANDS])
    listed = written(tmp_path / "p.csv", [("Partner", "Region"), ("Alder", "N"), ("Birk", "S"), ("Corvane", "S")])
    run = run_here("scorecard", answers, listed, "-o", tmp_path / "s.xlsx", "--format", "json")
    card = run.json
    assert card["period"] == "2026-Q2"
    assert (card["total"]["responses"], round(card["total"]["nps"], 3)) == (129, 55.814)
    assert {row["partner"]: row["responses"] for row in card["partners"]} == {"Alder": 73, "Birk": 56, "Corvane": 0}
    assert run_here("verify", tmp_path / "s.xlsx").code == 0
    assert json.loads(run_here("actions", answers, "--format", "json").out)["rows"] == []
    assert "12 detractors to call" in run_here("actions", answers).out
    refused = run_here("scorecard", answers, "-o", tmp_path / "t.xlsx", "--with-responses")
    assert refused.code == 2


def test_rows_per_month_without_a_date(tmp_path: Path) -> None:
    """Rows without a readable date are counted as rows, once each."""
    rows = [
        ("Month", "Promoters", "Passives", "Detractors"),
        ("2026-07", 4, 3, 2),
        ("2026-08", 5, 1, 1),
        (None, 2, 1, 1),
    ]
    answers = written(tmp_path / "b.csv", rows)
    (source,) = partnerkpi.build_scorecard(answers).sources
    assert (source.rows_read, source.rows_used) == (3, 2)
    run_here("scorecard", answers, "-o", tmp_path / "s.xlsx", "--set-aside", tmp_path / "n.csv")
    assert len((tmp_path / "n.csv").read_text(encoding="utf-8").splitlines()) == 2


def test_answers_beside_numbers(tmp_path: Path) -> None:
    """Where each row has an answer and numbers as well, the command asks which of them is meant."""
    rows = [("Partner", "Score", "Promoters", "Passives", "Detractors"), ("A", 9, 40, 10, 5), ("B", 7, 20, 12, 9)]
    path = written(tmp_path / "b.csv", [*rows, ("C", 3, 8, 1, 1)])
    assert nps(path).code == 2
    assert counts(nps(path, "--frequency", "none"))[0] == 3
    assert counts(nps(path, "--frequency", "across"))[0] == 106


def test_what_makes_no_sense_of_numbers_is_refused(tmp_path: Path) -> None:
    """Nobody is named in numbers of answers: --respondent, --comment and --themes are errors."""
    path = written(tmp_path / "b.csv", [("Partner", "Quarter", "Promoters", "Passives", "Detractors"), *BANDS])
    for options in (("--respondent", "Partner"), ("--comment", "Partner"), ("--themes",)):
        run = run_here("nps", path, *options)
        assert run.code == 2
        assert len(run.err.splitlines()) == 1


def test_frames() -> None:
    """A frame is counted as its file is, from Python."""
    wide = pd.DataFrame([["Ana", *FREQUENCIES], ["Ben", *FREQUENCIES]], columns=["Agent", *range(11)])
    assert partnerkpi.nps(wide).whole["responses"] == 440
    bands = pd.DataFrame(BANDS, columns=["Partner", "Quarter", "Promoters", "Passives", "Detractors"])
    result = partnerkpi.nps(bands, by=["partner"], period="quarter")
    assert result.whole["nps"] == pytest.approx(56.37982195845697)
    assert partnerkpi.build_scorecard(responses=bands).view().total.scores.responses == 129
    doubtful = pd.DataFrame({"NPS": [10, 10, 0], "Responses": [40, 20, 12]})
    with pytest.raises(OpenQuestion, match='frequency="none"'):
        partnerkpi.nps(doubtful)
    assert partnerkpi.nps(doubtful, frequency="none").whole["responses"] == 3
    with pytest.raises(DataProblem, match="shares"):
        partnerkpi.nps(pd.DataFrame({"Promoters": [0.5, 0.61], "Passives": [0.25, 0.2], "Detractors": [0.25, 0.19]}))


def test_several_files(tmp_path: Path) -> None:
    """Frequencies of two months in two files add up."""
    written(tmp_path / "july.csv", [("Score", "Responses"), *enumerate(FREQUENCIES)])
    written(tmp_path / "august.csv", [("Score", "Responses"), *enumerate(range(5, 16))])
    run = run_here("nps", tmp_path / "july.csv", tmp_path / "august.csv", "--format", "json")
    assert counts(run)[0] == 220 + 110


def test_numbers_that_stand_in_two_files(tmp_path: Path) -> None:
    """Rows of a cumulative export count once; other numbers for the same group and period are asked about."""
    header = ("Partner", "Quarter", "Promoters", "Passives", "Detractors")
    first = written(tmp_path / "july.csv", [header, *BANDS[:4]])
    both = written(tmp_path / "august.csv", [header, *BANDS])
    run = run_here("nps", first, both, "--format", "json")
    assert counts(run) == (337, 220, 87, 30, 56.38)
    changed = written(tmp_path / "changed.csv", [header, (*BANDS[0][:2], 50, 20, 6), *BANDS[1:]])
    asked = run_here("nps", first, changed)
    assert asked.code == 2
    assert "leave out the older file" in asked.err


def test_our_own_table_is_read_back_with_its_row_of_all(tmp_path: Path) -> None:
    """The row of all partners has no name: it is what the others add up to, and counts once."""
    rows = [f"P{number % 4},2026-0{1 + number % 3}-01,{(number * 7) % 11}" for number in range(90)]
    source = tmp_path / "answers.csv"
    source.write_text("\n".join(["partner,date,score", *rows]), encoding="utf-8")
    back = tmp_path / "back.csv"
    back.write_text(run_here("nps", source, "--by", "partner", "--format", "csv").out, encoding="utf-8")
    again = nps(back)
    assert counts(again)[0] == counts(nps(source))[0] == 90
    assert again.json["provenance"]["set_aside"] == {"sum of other rows": 1}


def test_a_nameless_row_of_few_answers_is_asked_about(tmp_path: Path) -> None:
    """Four answers may be the sum of two and two by accident: it is a question, and an option counts them all."""
    source = tmp_path / "few.csv"
    source.write_text("partner,promoters,passives,detractors\n,2,1,1\nA,1,0,1\nB,1,1,0\n", encoding="utf-8")
    asked = nps(source)
    assert asked.code == 2
    assert "what has no name in 'partner' is the sum of all others (4 of 8 answers)" in asked.err
    assert counts(nps(source, "--frequency", "across"))[0] == 8
