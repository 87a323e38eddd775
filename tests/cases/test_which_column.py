"""Which column is what, and on which scale: by its name, by the tool's layout or as the user says; else a question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import Run, run_here

CASES = Path(__file__).parents[3] / "shared" / "cases"


def case(name: str) -> Path:
    """Return a file of the shared cases; a test skips where they are not."""
    path = CASES / name
    if not path.is_file():
        pytest.skip(f"no {path}")
    return path


def table(folder: Path, header: str, *rows: str, name: str = "answers.csv") -> Path:
    """Write a small file."""
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def asked(run: Run) -> str:
    """Return the question with which a command stopped, as its JSON has it."""
    assert run.code == 2, run.out
    (question,) = json.loads(run.out)["questions"]
    assert question in run.err
    return question


def whole(run: Run) -> dict[str, Any]:
    """Return the row over everything."""
    return run.json["rows"][0]


# ---- a count is no answer


@pytest.mark.parametrize("name", ["tickets", "fx", "sales", "tenure"])
def test_a_count_is_no_answer(name: str, tmp_path: Path) -> None:
    """Small numbers of any table are no answers in any command: the question names the columns and --score."""
    source = case(f"55-a-count-is-no-answer/{name}.csv")
    assert "--score COLUMN" in asked(run_here("nps", source, "--format", "json"))
    if name in ("tickets", "tenure"):  # the others may be deals of partners, and contracts of customers
        card = run_here("scorecard", source, "-o", tmp_path / "card.xlsx")
        assert card.code == 2
        assert not (tmp_path / "card.xlsx").exists()
    (found,) = run_here("check", source, "--format", "json").json["tables"]
    assert found["kind"] != "responses"


@pytest.mark.parametrize("column", ["Certifications", "nation_jersey_number", "survival_probability", "sentiment"])
def test_numbers_that_happen_to_be_small(column: str, tmp_path: Path) -> None:
    """Certificates, numbers on jerseys, probabilities and sentiments are asked about, and no figure comes of them."""
    values = {"survival_probability": "0.{n}5", "sentiment": "-0.{n}"}.get(column, "{n}")
    rows = [f"P{n},{values.format(n=n)}" for n in range(10)]
    question = asked(run_here("nps", table(tmp_path, f"person,{column}", *rows), "--format", "json"))
    assert "--score COLUMN" in question


def test_the_user_may_say_so(tmp_path: Path) -> None:
    """What the user names counts, whatever it is called."""
    source = table(tmp_path, "id,Q7_a", *(f"{n},{score}" for n, score in enumerate([9, 10, 7, 3])))
    assert run_here("nps", source).code == 2
    assert whole(run_here("nps", source, "--score", "Q7_a", "--format", "json"))["nps"] == 25.0


# ---- satisfaction, effort and the like


@pytest.mark.parametrize(
    "column", ["Customer_Satisfaction_Score", "CSAT", "effort score", "Zufriedenheit", "Ease rating"]
)
def test_satisfaction_is_no_recommendation(column: str, tmp_path: Path) -> None:
    """A 0-10 column that asks for something else gives no NPS unless --score says so; then a note stays."""
    source = table(tmp_path, f"id,{column}", *(f"{n},{score}" for n, score in enumerate([9, 10, 7, 3])))
    assert "no NPS" in asked(run_here("nps", source, "--format", "json"))
    named = run_here("nps", source, "--score", column, "--format", "json")
    assert whole(named)["nps"] == 25.0
    assert "not for a recommendation" in named.err


def test_the_shared_file_of_satisfaction() -> None:
    """The same of a file of calls."""
    asked(run_here("nps", case("66-satisfaction-is-not-recommendation/callcsat.csv"), "--format", "json"))


# ---- scales


@pytest.mark.parametrize("name", ["clean", "one0", "outlier"])
def test_a_stray_value_does_not_hide_a_scale(name: str) -> None:
    """Of 62 answers 60 run from 1 to 5: refused with the stray ones named, whether the column is named or not."""
    source = case(f"56-a-stray-zero-in-a-csat-column/csat_{name}.csv")
    unnamed = run_here("nps", source)
    named = run_here("nps", source, "--score", "csat")
    assert unnamed.code == 2
    assert named.code == 1
    assert "a scale from 1 to 5" in named.err
    strays = {"clean": "", "one0": "but for 0", "outlier": "but for 0, 6"}[name]
    assert strays in named.err
    assert {"clean": "", "one0": "the others are 0", "outlier": "the others are 0 and 6"}[name] in unnamed.err


@pytest.mark.parametrize("stray", ["0", "9"])
def test_stars_with_a_stray_value(stray: str, tmp_path: Path) -> None:
    """A column called rating that runs from 1 to 5 is no scale to 10 because of one other value."""
    rows = [f"{n},{1 + n % 5}" for n in range(40)]
    done = run_here("nps", table(tmp_path, "id,rating", *rows, f"40,{stray}"))
    assert done.code == 1
    assert f"but for {stray}" in done.err


@pytest.mark.parametrize(
    ("name", "answers", "scale"),
    [
        ("score", [7, 6, 5, 7, 4, 6, 3, 7, 5, 6] * 4 + [9], "1-7"),
        ("nps", [7, 6, 5, 7, 4, 6, 3, 7, 5, 6] * 3 + [99], "1-7"),
        ("Would you recommend us (1-7)?", [7, 6, 5, 9], "1-7"),
        ("Would you recommend us (1-10)?", [10, 9, 5, 7, 0], "1-10"),
        ("score", [f"{n} - {'not likely' if n < 5 else 'likely'}" for n in range(1, 11)] * 3 + ["0"], "1-10"),
    ],
)
def test_a_stray_value_on_other_scales(name: str, answers: list[int | str], scale: str, tmp_path: Path) -> None:
    """One 9 among answers up to 7, and one 0 where the question or its words begin at 1, show no scale to 10."""
    source = table(tmp_path, f'id,"{name}"', *(f"{n},{answer}" for n, answer in enumerate(answers)))
    done = run_here("nps", source)
    assert done.code == 1, done.out
    assert f"but for {answers[-1]}" in done.err
    assert f"--scale {scale}" in done.err
    assert run_here("nps", source, "--scale", scale).code == 0


@pytest.mark.parametrize(("most", "stray"), [(7, ""), (5, ""), (7, "9")])
def test_few_answers_on_a_shorter_scale(most: int, stray: str, tmp_path: Path) -> None:
    """Too few to refuse: a note names the scale that they may be on. Seven low answers say nothing."""
    answers = [*(1 + n % most for n in range(19 if most == 5 else 27)), *([stray] if stray else [])]
    done = run_here("nps", table(tmp_path, "id,score", *(f"{n},{answer}" for n, answer in enumerate(answers))))
    assert done.code == 0
    assert f"{'1 of them' if stray else 'none'} above {most}" in done.err
    assert f"--scale 1-{most}" in done.err
    few = run_here("nps", table(tmp_path, "id,score", *(f"{n},{answer}" for n, answer in enumerate(answers[:7]))))
    assert "--scale" not in few.err


@pytest.mark.parametrize("file", ["scale0_14", "scale0_40"])
def test_a_question_is_believed_of_its_scale(file: str) -> None:
    """A question that says 1-10 was asked from 1 to 10, with 14 answers as with 40."""
    done = run_here("nps", case(f"02-asked-1-to-10-few/{file}.csv"))
    assert done.code == 1
    assert "--scale 1-10" in done.err


@pytest.mark.parametrize(
    ("question", "scale"),
    [
        ("Would you recommend us? 1 = not at all, 10 = extremely likely", "1-10"),
        ("Wie wahrscheinlich ist eine Weiterempfehlung (1 bis 10)?", "1-10"),
        ("nps_1_to_10", "1-10"),
        ("How likely are you to recommend us (1–5)?", "1-5"),
        ("On a scale from 1 (not at all) to 7 (very), would you recommend us?", "1-7"),
    ],
)
def test_words_of_a_scale(question: str, scale: str, tmp_path: Path) -> None:
    """However a question writes its scale, three answers are enough to refuse it; --scale takes it."""
    source = table(tmp_path, f'id,"{question}"', "1,2", "2,4", "3,5")
    done = run_here("nps", source)
    assert done.code == 1
    assert f"--scale {scale}" in done.err
    assert run_here("nps", source, "--scale", scale).code == 0


@pytest.mark.parametrize("question", ["1. Would you recommend us? (0-10)", "Q1_10 recommend", "Recommend us, 0 to 10"])
def test_numbers_that_are_no_scale(question: str, tmp_path: Path) -> None:
    """The number of a question is no scale, and 0 to 10 is the one that is counted."""
    source = table(tmp_path, f'id,"{question}"', "1,9", "2,10", "3,7", "4,3")
    assert whole(run_here("nps", source, "--format", "json"))["nps"] == 25.0


# ---- ready-made figures


@pytest.mark.parametrize("name", ["ratio", "ratio2"])
def test_figures_as_fractions_are_no_answers(name: str) -> None:
    """0.45 and -0.1667 are ready-made figures: counted from the counts beside them, or refused; never -100."""
    done = run_here("nps", case(f"59-nps-as-a-fraction/{name}.csv"), "--format", "json")
    if done.code == 0:
        assert name == "ratio"
        assert whole(done)["nps"] == pytest.approx(47.368, abs=0.001)
        assert whole(done)["responses"] == 133
    else:
        assert "--scale" not in done.err


@pytest.mark.parametrize(
    "figures",
    [
        [45, 76, 100, 0, -17, 60],
        [45, 76, 100, 30, 17, 60],
        [5, 8, -12, 3, 9, 7, 2, 10, 6, 4, 8, 1],
        [0.05, 0.08, 0.1],
        [45, 76],
    ],
)
def test_ready_made_figures_are_refused(figures: list[float], tmp_path: Path) -> None:
    """A column of NPS figures, whole or as fractions, gives no figure, named or not, and no advice that would."""
    source = table(tmp_path, "Programme,NPS", *(f"P{n},{value}" for n, value in enumerate(figures)))
    for options in ((), ("--score", "NPS")):
        done = run_here("nps", source, *options)
        assert done.code != 0, done.out
        assert "--scale" not in done.err


def test_yes_and_no_are_no_answers(tmp_path: Path) -> None:
    """1 and 0 in a column that asks to recommend are yes and no, not the lowest answers."""
    source = table(tmp_path, "id,would_recommend", *(f"{n},{n % 3 // 2}" for n in range(9)))
    done = run_here("nps", source)
    assert done.code == 1
    assert "yes and no" in done.err


def test_averages_are_asked_about(tmp_path: Path) -> None:
    """A column of averages counts when the user says so, with a note."""
    source = table(tmp_path, "account,score", "A,6.5", "B,8.5", "C,9.2", "D,9")
    assert "--score" in asked(run_here("nps", source, "--format", "json"))
    named = run_here("nps", source, "--score", "score", "--format", "json")
    assert whole(named)["nps"] == 25.0
    assert "3 of 4 answers" in named.err


# ---- bands in words


def test_words_are_compared_and_never_preferred() -> None:
    """The column with numbers is the score, and the one with words is compared with it."""
    done = run_here("nps", case("13-words-in-nps-column/t_simplesat.csv"), "--format", "json")
    assert done.json["provenance"]["columns"]["score"] == "Rating"
    assert whole(done)["nps"] == 25.0
    assert "'Score' agrees with the score in all 12 rows" in done.err


def test_words_that_contradict(tmp_path: Path) -> None:
    """How often words and numbers disagree is said, and the numbers count."""
    rows = ["1,Promotor,9", "2,Neutro,10", "3,Detractor,3", "4,Promotor,7"]
    done = run_here("nps", table(tmp_path, "id,NPS,ValorNPS", *rows), "--format", "json")
    assert whole(done)["nps"] == 25.0
    assert "'NPS' contradicts the score in 2 of 4 rows" in done.err


# ---- two columns of one name


def test_two_columns_of_one_name() -> None:
    """Which of two columns of one name is meant is asked; the number behind the name tells them apart."""
    source = case("27-two-columns-of-one-name/dup.csv")
    question = asked(run_here("nps", source, "--format", "json"))
    assert "2 columns are named 'score'" in question
    assert "'score', 'score 2'" in question
    assert run_here("nps", source, "--score", "score 2").code == 0


def test_two_columns_of_one_name_in_a_frame() -> None:
    """A frame may have two columns of one name as well."""
    import pandas as pd

    import partnerkpi
    from partnerkpi.errors import OpenQuestion

    frame = pd.DataFrame([[9, 1], [10, 2], [3, 9]], columns=["NPS", "NPS"])
    with pytest.raises(OpenQuestion, match="2 columns are named 'NPS'"):
        partnerkpi.nps(frame)


def test_the_same_column_twice_is_no_question(tmp_path: Path) -> None:
    """A column that stands twice with the same cells says nothing new."""
    source = table(tmp_path, "partner,score,Score", "A,9,9", "B,10,10", "C,7,7", "D,3,3")
    assert whole(run_here("nps", source, "--format", "json"))["nps"] == 25.0


# ---- the settings


@pytest.mark.parametrize("role", ["left_date", "joined_date", "respondent", "activity_type"])
def test_every_column_of_the_settings_is_looked_for(role: str, tmp_path: Path) -> None:
    """A column of the settings that no list, answers or activities have is a question, whatever its role."""
    answers = table(tmp_path, "partner,score", "A,9", "B,10", "C,3", name="answers.csv")
    partners = table(tmp_path, "partner,tier,until", "A,Gold,", "B,Gold,2026-01-31", "C,Silver,", name="partners.csv")
    acts = table(tmp_path, "partner,date,activity_type", "A,2026-07-01,Reference", name="activities.csv")
    settings = tmp_path / "partnerkpi.toml"
    settings.write_text(f'[columns]\n{role} = "untill"\n', encoding="utf-8")
    done = run_here("scorecard", answers, acts, partners, "-o", tmp_path / "card.xlsx", "--config", settings)
    assert done.code == 2
    assert "'untill'" in done.err


def test_a_column_of_the_settings_that_no_table_has(tmp_path: Path) -> None:
    """A mistyped column in the settings stops the command, in one table as in several."""
    source = table(tmp_path, "partner,score,grade,date", "A,9,1,2026-07-01", "B,10,2,2026-07-02", "C,3,9,2026-07-03")
    settings = tmp_path / "partnerkpi.toml"
    settings.write_text('[columns]\nscore = "grad"\n', encoding="utf-8")
    for command in (("nps", source), ("scorecard", source, "-o", tmp_path / "card.xlsx")):
        done = run_here(*command, "--config", settings)
        assert done.code == 2
        assert "'grad'" in done.err
        assert "'grade'" in done.err
    settings.write_text('[columns]\nscore = "grade"\nretained = "renewed"\n', encoding="utf-8")
    assert run_here("nps", source, "--config", settings).code == 0


# ---- several dates


def test_the_answers_own_date() -> None:
    """When the answer was given wins over when its row was made, and the note names the other."""
    done = run_here("nps", case("28-two-dates/two.csv"), "--period", "month", "--format", "json")
    assert {row["period"]: row["responses"] for row in done.json["rows"]} == {None: 4, "2026-07": 2, "2026-08": 2}
    assert done.json["provenance"]["columns"]["date"] == "surveyed_at"
    assert "'created_at'" in done.err


@pytest.mark.parametrize("own", ["responded_at", "Response Date", "Antwortdatum", "submitted_on", "Data resposta"])
@pytest.mark.parametrize("other", ["created_at", "Date", "sent_at"])
def test_the_own_date_in_any_place(own: str, other: str, tmp_path: Path) -> None:
    """The answer's own date is taken whichever of the two stands first."""
    for first, second in ((own, other), (other, own)):
        day = {own: "2026-08-15", other: "2026-05-15"}
        source = table(tmp_path, f"{first},{second},score", f"{day[first]},{day[second]},9")
        rows = run_here("nps", source, "--period", "month", "--format", "json").json["rows"]
        assert [row["period"] for row in rows] == [None, "2026-08"]


@pytest.mark.parametrize("names", ["created_at,closed_at", "visit date,invoice date"])
def test_two_dates_that_fit(names: str, tmp_path: Path) -> None:
    """Of two dates of which neither says that it is the answer's, the user chooses, where a date is needed."""
    source = table(tmp_path, f"{names},score", "2026-05-02,2026-07-02,9", "2026-05-03,2026-08-03,3")
    assert "--date COLUMN" in asked(run_here("nps", source, "--period", "month", "--format", "json"))
    assert run_here("nps", source, "--period", "month", "--date", names.split(",")[1]).code == 0
    assert run_here("nps", source).code == 0


# ---- several measures in one column


def test_only_the_question_that_asks_to_recommend() -> None:
    """Of two questions below each other one asks to recommend; the rows of the other are set aside."""
    source = case("12-long-format/t_long2.csv")
    done = run_here("nps", source, "--format", "json")
    row = whole(done)
    assert (row["responses"], row["promoters"], row["passives"], row["detractors"]) == (12, 6, 3, 3)
    assert row["nps"] == 25.0
    assert done.json["provenance"]["set_aside"] == {"answer to another question": 12}
    assert "12 of 'How easy was it to work with us?' are set aside" in done.err


def long(folder: Path, column: str, *measures: str) -> Path:
    """Write answers of four people to each of some measures: to the first 9, 10, 7 and 3, to the others 1."""
    rows = [
        f"p{person},2026-08-1{person},{measure},{score if number == 0 else 1}"
        for person, score in enumerate([9, 10, 7, 3])
        for number, measure in enumerate(measures)
    ]
    return table(folder, f"email,date,{column},value", *rows)


@pytest.mark.parametrize(
    ("column", "measures"),
    [
        ("metric", ("NPS", "CSAT", "CES")),
        ("KPI", ("Net Promoter Score", "On-time delivery")),
        ("Frage", ("Würden Sie uns weiterempfehlen?", "Wie zufrieden sind Sie?")),
        ("survey_type", ("NPS", "CSAT")),
        ("question_id", ("nps", "q2", "q3")),
    ],
)
@pytest.mark.parametrize("score", ["value", "score"])
def test_measures_below_each_other(column: str, measures: tuple[str, ...], score: str, tmp_path: Path) -> None:
    """However the column of measures is called, the answers that count are those of the recommendation."""
    source = long(tmp_path, column, *measures)
    source.write_text(source.read_text(encoding="utf-8").replace(",value", f",{score}", 1), encoding="utf-8")
    for period in ((), ("--period", "month")):
        done = run_here("nps", source, "--score", score, *period, "--format", "json")
        assert whole(done)["nps"] == 25.0
        assert whole(done)["responses"] == 4
        assert done.json["provenance"]["set_aside"] == {"answer to another question": 4 * (len(measures) - 1)}


@pytest.mark.parametrize(
    ("column", "measures"),
    [
        ("question", ("How easy was it?", "How fast were we?")),
        ("metric", ("M1", "M2")),
        ("question", ("Would you recommend us?", "Would you recommend our portal?", "Was it easy?")),
        ("question", ("How satisfied are you?",)),
        ("survey", ("CSAT", "Annual survey")),
    ],
)
def test_where_no_measure_is_told_apart(column: str, measures: tuple[str, ...], tmp_path: Path) -> None:
    """Where no value, or more than one, asks to recommend, the user says which counts."""
    source = long(tmp_path, column, *measures)
    options = ("--score", "value", "--format", "json")
    assert "--question TEXT" in asked(run_here("nps", source, *options))
    assert whole(run_here("nps", source, "--question", measures[0], *options))["nps"] == 25.0
    missing = run_here("nps", source, "--question", "no such question", *options)
    assert missing.code == 2


def test_texts_below_the_numbers(tmp_path: Path) -> None:
    """Answers in words to other questions stand in the same column: the score is recognised by the rows that count."""
    rows = [
        f"{n},{q},{a}" for n, score in enumerate([9, 10, 7, 3]) for q, a in (("Recommend us?", score), ("Why?", "so"))
    ]
    done = run_here("nps", table(tmp_path, "id,question,answer", *rows), "--format", "json")
    assert whole(done)["nps"] == 25.0


def test_names_of_waves_are_no_measures(tmp_path: Path) -> None:
    """Surveys of several waves are all counted, and so is a column of numbers that says itself that it is an NPS."""
    source = table(tmp_path, "survey,score", "Spring,9", "Autumn,10", "Spring,7", "Autumn,3")
    assert whole(run_here("nps", source, "--format", "json"))["responses"] == 4
    source = table(tmp_path, "question,nps", "Why us?,9", "What else?,10", "Price?,7", "Other?,3")
    assert whole(run_here("nps", source, "--format", "json"))["responses"] == 4


def test_a_scorecard_of_measures(tmp_path: Path) -> None:
    """The scorecard counts the same rows, and `check` says what became of the others."""
    rows = [
        f"p{n},2026-08-1{n},{partner},{question},{score}"
        for n, (partner, score) in enumerate([("Alder", 9), ("Birk", 10), ("Alder", 7), ("Birk", 3)])
        for question, score in (("Would you recommend us?", score), ("Was it easy?", 1))
    ]
    source = table(tmp_path, "email,date,partner,question,score", *rows)
    card = run_here("scorecard", source, "-o", tmp_path / "card.xlsx", "--format", "json").json
    assert "25" in json.dumps(card)
    (found,) = run_here("check", source, "--format", "json").json["tables"]
    assert found["set_aside"] == {"answer to another question": 4}
    assert (found["rows_read"], found["rows_used"]) == (8, 4)
