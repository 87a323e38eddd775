"""What stands where answers are looked for and is none: ready-made figures; and answers that have a weight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command import Run, run_here
from sampled import one_in

import partnerkpi
from partnerkpi.errors import DataProblem

SCORES = (9, 10, 7, 3, 8, 9, 6, 10, 9, 2)


def written(folder: Path, text: str, name: str = "answers.csv") -> Path:
    """Write a file."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def whole(run: Run) -> tuple[int, int, int]:
    """Return promoters, passives and detractors."""
    row = run.json["rows"][0]
    return row["promoters"], row["passives"], row["detractors"]


def questions(*files: Path) -> list[str]:
    """Return what `check` asks of files."""
    tables = run_here("check", *files, "--format", "json").json["tables"]
    return [question for table in tables for question in table["questions"]]


FIGURES = {
    "answers": "Partner,NPS,Responses\nAlder,7,40\nBirk,8,25\nCorv,6,31\n",
    "of quarters": "Partner,Quarter,NPS,Responses\nAlder,2026-Q1,7,40\nBirk,2026-Q1,8,25\nAlder,2026-Q2,9,42\n",
    "in German": "Partner;NPS;Anzahl Antworten\nAlder;7;40\nBirk;8;25\n",
    "in French": "Partenaire;NPS;Nb de réponses\nAlder;7;40\nBirk;8;25\n",
    "sent": "Partner,NPS,Surveys sent\nAlder,7,40\nBirk,8,25\nCorv,6,31\n",
    "a rate": "Partner;NPS;Rücklaufquote\nAlder;7;40 %\nBirk;8;25 %\nCorv;6;31 %\n",
    "a base": "Tier,NPS,Base\nGold,9,12\nSilver,10,20\nBronze,7,8\n",
    "some outside": "Partner,NPS,Responses\nAlder,42,40\nBirk,8,25\nCorv,6,31\n",
    "averages": "Partner,Score,Respondents\nAlder,7,40\nBirk,8,25\nCorv,6,31\n",
    "a benchmark": "Partner,NPS,Benchmark\nAlder,7,5\nBirk,8,6\n",
    "changes": "Quarter,NPS,Change\nQ1 2026,7,\nQ2 2026,9,2\nQ3 2026,4,-5\n",
    "months": "Month,NPS\n2026-01,7\n2026-02,8\n2026-03,6\n",
    "days of months": "Month,NPS\n2026-01-01,7\n2026-02-01,8\n2026-03-01,6\n",
    "of quarters side by side": "Partner,NPS,NPS Q1 2026,NPS Q2 2026\nAlder,7,8,9\nBirk,8,6,7\nCorv,6,9,10\n",
    "one day": "Partner,Date,NPS,Responses\nAlder,2026-09-30,7,40\nBirk,2026-09-30,8,25\n",
}


@pytest.mark.parametrize("name", one_in(2, FIGURES))
def test_ready_made_figures_that_could_be_answers(name: str, tmp_path: Path) -> None:
    """An NPS of 7 or 8 is no answer of 7 or 8: it is refused without an option that counts it all the same."""
    path = written(tmp_path, FIGURES[name])
    refused = run_here("nps", path)
    assert refused.code == 1
    (line,) = refused.err.splitlines()
    assert "ready-made figures" in line
    assert "--" not in line
    assert any("ready-made figures" in one for one in questions(path))
    score = "Score" if name == "averages" else "NPS"
    assert run_here("nps", path, "--score", score).code == 1


ANSWERS = {
    "one each": "Partner,NPS\n" + "".join(f"P{n},{score}\n" for n, score in enumerate(SCORES)),
    "with what is known of partners": "Partner,Tier,Annual value,NPS\n"
    + "".join(f"P{n},Gold,{n}000,{score}\n" for n, score in enumerate(SCORES)),
    "of persons": "Partner,Contact,NPS,Surveys sent\n"
    + "".join(f"P{n},c{n},{score},{n + 2}\n" for n, score in enumerate(SCORES)),
    "of days": "Partner,Date,NPS,Invited\n"
    + "".join(f"P{n % 3},2026-07-{n + 10},{score},{n + 2}\n" for n, score in enumerate(SCORES)),
    "of months": "Partner,Month,NPS\n" + "".join(f"P{n % 3},2026-07,{score}\n" for n, score in enumerate(SCORES)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_one_answer_of_each_is_an_answer(name: str, tmp_path: Path) -> None:
    """Answers of which each partner gave one, and those beside which more is known, are counted as before."""
    assert whole(run_here("nps", written(tmp_path, ANSWERS[name]), "--format", "json")) == (5, 2, 3)


def test_figures_of_a_frame(tmp_path: Path) -> None:
    """From Python they are refused too, and a scorecard of them."""
    import pandas as pd

    frame = pd.DataFrame({"Partner": ["A", "B", "C"], "NPS": [10, 5, 0], "Responses": [40, 20, 12]})
    with pytest.raises(DataProblem, match="ready-made"):
        partnerkpi.nps(frame)
    path = written(tmp_path, FIGURES["answers"])
    assert run_here("scorecard", "--responses", path, "-o", tmp_path / "card.xlsx").code == 1


def weighted(folder: Path, head: str, weights: tuple[str, ...]) -> Path:
    """Write answers with a weight."""
    rows = (f"P{n % 3};{score};{weights[n % len(weights)]}\n" for n, score in enumerate(SCORES))
    return written(folder, f"Partner;NPS;{head}\n" + "".join(rows))


@pytest.mark.parametrize(
    "head",
    [
        *("weight", "WEIGHT_FINAL", "Survey weight", "weighting factor", "Gewicht", "Gewichtungsfaktor", "poids"),
        *("Coefficient de pondération", "ponderación", "peso", "wgt", "Rim weight 1"),
    ],
)
def test_weights_of_a_survey(head: str, tmp_path: Path) -> None:
    """A weighted sample is not counted without a word: it is asked, and the option that answers works everywhere."""
    path = weighted(tmp_path, head, ("0,8", "1,3", "1,1"))
    asked = run_here("nps", path)
    assert asked.code == 2
    assert f"'{head}' holds weights" in asked.err
    assert any("--frequency none" in one for one in questions(path))
    done = run_here("nps", path, "--frequency", "none", "--format", "json")
    assert whole(done) == (5, 2, 3)
    assert "each answer counts once all the same" in done.err
    (remark,) = (one for one in done.json["provenance"]["quality"] if one["column"] == head)
    assert (remark["rows"], "weight" in remark["what"]) == (10, True)
    card: Any = run_here("scorecard", path, "-o", tmp_path / "card.xlsx", "--frequency", "none", "--format", "json")
    assert card.json["total"]["responses"] == 10


def test_other_weights(tmp_path: Path) -> None:
    """Weights that are all 1 change nothing; what partners weigh is told, with its rows, and asked of nobody."""
    assert "weight" not in run_here("nps", weighted(tmp_path, "weight", ("1",))).err
    done = run_here("nps", weighted(tmp_path, "Account weight", ("120", "50")), "--format", "json")
    assert whole(done) == (5, 2, 3)
    assert "'Account weight' is called a weight" in done.err
    assert any(one["column"] == "Account weight" and one["rows"] == 10 for one in done.json["provenance"]["quality"])


def test_check_asks_what_commands_ask(tmp_path: Path) -> None:
    """Of a file of which nothing is recognised, of one without a score that can be read, and of several together."""
    unknown = written(tmp_path, "A,B\nx,9\ny,3\nz,10\n")
    assert any("'B' holds numbers from 0 to 10" in one and "--score" in one for one in questions(unknown))
    words = written(tmp_path, "Partner,NPS\nA,nine\nB,ten\nA,two\nB,six\n")
    assert any("holds no score from 0 to 10" in one for one in questions(words))
    counted = written(tmp_path, "Partner,Reference,Case study\nA,2,1\nB,0,0\nC,1,3\n", "references.csv")
    assert run_here("advocacy", counted, "--partners", "5").code == 1
    july = written(tmp_path, "partner,date,nps\nAcme,2026-07-01,9\n", "july.csv")
    august = written(tmp_path, "partner,date,Score\nAcme,2026-08-01,10\n", "august.csv")
    assert any("one name in both" in one for one in questions(july, august))


@pytest.mark.parametrize("heading", ["Answer Choices", "Antwortoptionen", "Choix de réponses"])
def test_a_summary_of_a_question(heading: str, tmp_path: Path) -> None:
    """SurveyMonkey lists the answers with their shares, and how many gave each in a column without a name."""
    counts = (1, 0, 0, 0, 1, 2, 1, 5, 6, 7, 7)
    names = ["Not at all likely - 0", *map(str, range(1, 10)), "Extremely likely - 10"]
    rows = "".join(f"{name},{100 * n / 30:.2f}%,{n}\n" for name, n in zip(names, counts, strict=True))
    path = written(tmp_path, f"{heading},Responses,\n{rows}Answered,,30\nSkipped,,2\n")
    asked = run_here("nps", path)
    assert asked.code == 2
    assert "--frequency 'column 3' counts them so" in asked.err
    assert "'Responses'" not in asked.err
    assert whole(run_here("nps", path, "--frequency", "column 3", "--format", "json")) == (14, 11, 5)
