"""Figures like answers, planned ends, unnamed persons, days outside: what a file leaves open is asked, or told."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import Run, run_here


def written(folder: Path, text: str) -> Path:
    """Write a file."""
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def asked(done: Run, *words: str) -> None:
    """Assert that a command stopped with one line that has these words."""
    assert done.code != 0, done.out
    (line,) = done.err.strip().splitlines()
    assert all(word in line for word in words), line


def questions(path: Path) -> str:
    """Return what `check` asks of a file."""
    return "\n".join(run_here("check", path, "--format", "json").json["tables"][0]["questions"])


# ---- figures


WITH_NUMBERS = {
    "responses": "Partner,Responses,NPS\nAlder,12,4\nBirk,20,7\nCorv,9,10\nDahl,33,0\n",
    "a base, in German": "Partner;Basis n;NPS;Teilnehmer\nAlder;12;4;30\nBirk;20;7;31\nCorv;9;10;40\n",
    "sent": "Region,NPS,Surveys sent\nNorth,4,12\nSouth,7,20\nWest,10,9\n",
}


@pytest.mark.parametrize("name", WITH_NUMBERS)
def test_that_there_are_no_counts_makes_figures_no_answers(name: str, tmp_path: Path) -> None:
    """What --frequency none says is of counts; the file still has one figure for each group."""
    path = written(tmp_path, WITH_NUMBERS[name])
    for told in ((), ("--frequency", "none"), ("--frequency", "none", "--score", "NPS")):
        asked(run_here("nps", path, *told), "ready-made figures")


SCORES = (4, 5, 7, 9, 10, 5, 10, 8, 0, 5, 0, 6)
BY_PERIOD = {
    "quarters": "Partner,Quarter,NPS\n" + "".join(f"P{n // 2},2026Q{1 + n % 2},{s}\n" for n, s in enumerate(SCORES)),
    "months": "Partner,Month,NPS Score\n"
    + "".join(f"P{n % 3},2026-{n // 3 + 1:02},{s}\n" for n, s in enumerate(SCORES)),
    "last days": "Partner,Tier,Period end,NPS\n"
    + "".join(f"P{n // 2},Gold,2026-{('03-31', '06-30')[n % 2]},{s}\n" for n, s in enumerate(SCORES)),
    "of regions": "Region,Month,NPS\n" + "".join(f"R{n % 3},2026-{n // 3 + 1:02},{s}\n" for n, s in enumerate(SCORES)),
    "weeks": "Partner,Week,NPS\n" + "".join(f"P{n % 3},2026-W{n // 3 + 10},{s}\n" for n, s in enumerate(SCORES)),
    "accounts": "Account,Quarter,NPS,CSM\n"
    + "".join(f"A{n // 2},2026Q{1 + n % 2},{s},Kim\n" for n, s in enumerate(SCORES)),
    "with a trend": "Partner,NPS,Trend\n"
    + "".join(f"P{n},{s},{('up', 'down')[n % 2]}\n" for n, s in enumerate(SCORES)),
    "with a share": "Partner,NPS,Response rate\n" + "".join(f"P{n},{s},{20 + n} %\n" for n, s in enumerate(SCORES)),
}


@pytest.mark.parametrize("name", BY_PERIOD)
def test_one_number_from_0_to_10_of_each_partner_and_period(name: str, tmp_path: Path) -> None:
    """A column called NPS may hold figures that all happen to lie there: without a sign of a person it is asked."""
    path = written(tmp_path, BY_PERIOD[name])
    asked(run_here("nps", path), "--scale 0-10", "respondent, day or comment")
    asked(run_here("nps", path, "--frequency", "none"), "--scale 0-10")
    assert "--scale 0-10" in questions(path)
    assert run_here("nps", path, "--scale", "0-10", "--format", "json").json["rows"][0]["responses"] == len(SCORES)


ANSWERS = {
    "days": ("Date", "2026-0{q}-{day:02}"),
    "respondents": ("Respondent ID", "r{n}"),
    "titles": ("Job title", "Head of {n}"),
    "ids": ("ID", "{n}"),
    "another rating": ("Ease", "{day}"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_shows_a_person_is_not_asked(name: str, tmp_path: Path) -> None:
    """A day, a respondent, a job, an id or a second rating is of somebody's answer."""
    head, shape = ANSWERS[name]
    rows = "".join(
        f"P{n // 2},2026Q{1 + n % 2},{score},{shape.format(n=n, q=1 + 3 * (n % 2), day=(n * 7) % 9 + 1)}\n"
        for n, score in enumerate(SCORES)
    )
    path = written(tmp_path, f"Partner,Quarter,NPS,{head}\n{rows}")
    assert run_here("nps", path, "--format", "json").json["rows"][0]["responses"] == len(SCORES)


# ---- customers


PLANNED = {
    "years": "C1,A,2025-01-10,\nC2,A,2025-03-01,2026-03-01\nC3,B,2025-09-15,2026-09-14\nC4,,2025-05-20,2026-05-20\n",
    "ends of quarters": "C1,A,2025-01-10,\nC2,A,2025-03-01,2026-12-31\nC3,B,2025-09-15,2026-06-30\nC4,B,2025-04-01,\n",
    "begun together": "C1,A,2025-01-01,\nC2,A,2025-01-01,2026-01-01\nC3,B,2025-01-08,2027-01-08\nC4,B,2025-01-08,\n",
    "one known before": "C1,A,2025-01-10,2025-04-02\nC2,A,2025-03-01,2027-02-28\n"
    "C3,B,2025-09-15,2026-09-14\nC4,,2025-05-20,\n",
}


@pytest.mark.parametrize("period", ["all", "quarter"])
@pytest.mark.parametrize("name", PLANNED)
def test_terms_of_few_contracts_that_end_after_all_other_dates(name: str, period: str, tmp_path: Path) -> None:
    """Nothing says that the ends have come: no rate, and no period until the last of them."""
    path = written(tmp_path, "Customer,Partner,Start,End\n" + PLANNED[name])
    asked(run_here("retention", path, "--period", period), "whether they have left", "--as-of DATE")
    assert "--as-of" in questions(path)


def test_ends_among_other_dates_have_come(tmp_path: Path) -> None:
    """Who left within a month of the last start, or long before it, has left: 2 of 5 are there, as counted by hand."""
    rows = "C1,A,2025-01-10,\nC2,A,2025-03-01,2025-11-02\nC3,B,2025-09-15,2025-10-13\nC4,,2025-05-15,\n"
    path = written(tmp_path, f"Customer,Partner,Start,End\n{rows}C5,,2025-05-20,2025-08-15\n")
    row = run_here("retention", path, "--format", "json").json["rows"][0]
    assert (row["customers"], row["retained"]) == (5, 2)


# ---- persons, and days outside


@pytest.mark.parametrize("head", ["User ID", "pers_uid", "Employee", "会員番号", "Benutzer"])
def test_persons_of_whom_no_name_says_that_they_answered(head: str, tmp_path: Path) -> None:
    """All their answers count, which is told with how many there are; --respondent takes one of each."""
    rows = "Acme,u1,9\nAcme,U1,3\nAcme,u2,9\nBrix,u3,8\nBrix,u3,10\nBrix,u3,10\n"
    path = written(tmp_path, f"Partner,{head},NPS\n{rows}")
    done = run_here("nps", path, "--format", "json")
    assert done.json["rows"][0]["responses"] == 6
    assert f"{head!r} may name persons, 2 of whom answered several times (3 more answers): all count" in done.err
    once = run_here("nps", path, "--respondent", head, "--format", "json").json
    assert once["rows"][0]["responses"] == 3


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (("--from", "2026-07-15"), "from 15 Jul 2026 count (--from)"),
        (("--to", "2026-07-15"), "until 15 Jul 2026 count (--as-of)"),
        (
            ("--from", "2026-07-02", "--as-of", "2026-07-31"),
            "from 2 Jul 2026 until 31 Jul 2026 count (--from and --as-of)",
        ),
    ],
)
def test_rows_outside_say_which_days_count(told: tuple[str, ...], says: str, tmp_path: Path) -> None:
    """How many rows lie outside is told with the days, the column and the option that names them."""
    rows = "Acme,2026-07-01,9\nAcme,2026-07-20,3\nBrix,2026-08-03,8\nBrix,2026-07-03,10\n"
    path = written(tmp_path, f"Partner,Date,NPS\n{rows}")
    (note,) = (line for line in run_here("nps", path, *told).err.splitlines() if "outside the window:" in line)
    assert "'Date'" in note
    assert note.endswith(says)
    card = tmp_path / "card.xlsx"
    of_card = says if "--from" not in told[0] or len(told) > 2 else "until 31 Jul 2026 count (--from and --to-date)"
    assert of_card in run_here("scorecard", path, *told, "--period", "month", "-o", card).err


@pytest.mark.parametrize("head", ["Churn date", "解約日", "Fecha de baja"])
def test_days_of_leaving_have_come(head: str, tmp_path: Path) -> None:
    """A column that is called after leaving says who left, however long after the last start that was."""
    rows = "C1,A,2025-01-10,\nC2,A,2025-03-01,2026-08-11\nC3,B,2025-06-15,2026-08-17\nC4,,2025-05-15,\n"
    path = written(tmp_path, f"Customer,Partner,Start date,{head}\n{rows}")
    row = run_here("retention", path, "--format", "json").json["rows"][0]
    assert (row["customers"], row["retained"]) == (4, 2)
    ends = written(tmp_path, f"Customer,Partner,Start date,End date\n{rows}")
    asked(run_here("retention", ends), "--as-of")


#: Answers from 0 to 10, with more than one in twenty of 10: 12 promoters, 6 passives, 6 detractors, by hand NPS 25.
GIVEN = [10, 10, 10, 10, 10, 10, 9, 9, 9, 9, 9, 9, 8, 8, 8, 7, 7, 7, 6, 5, 5, 3, 2, 0]


@pytest.mark.parametrize("name", ["NPS", "How likely are you to recommend us?", "Score"])
def test_answers_numbered_from_1_to_11(name: str, tmp_path: Path) -> None:
    """Qualtrics numbers 0 to 10 so: those of 11 were set aside as out of range, and 10, a 9, was the best answer."""
    rows = "".join(f"P{n % 4},{answer + 1}\n" for n, answer in enumerate(GIVEN))
    path = written(tmp_path, f"Partner,{name}\n{rows}")
    said = questions(path)
    assert "runs from 1 to 11, with 6 answers of 11 and none of 0" in said
    assert "--scale 1-11" in said
    done = run_here("nps", path, "--scale", "1-11", "--format", "json")
    row = done.json["rows"][0]
    assert (row["promoters"], row["passives"], row["detractors"], row["nps"]) == (12, 6, 6, 25.0)
    assert "no standard" not in done.err
    assert "10 to 11 as promoters, 8 to 9 as passives, 1 to 7 as detractors" in done.err
    row = run_here("nps", path, "--scale", "0-10", "--format", "json").json["rows"][0]
    assert row["responses"] == 18


@pytest.mark.parametrize("answers", [[*GIVEN, 11], [*GIVEN[:-1], 11, 11, 0], [*GIVEN, 12]])
def test_a_stray_11_is_a_mistake(answers: list[int], tmp_path: Path) -> None:
    """One of 25 is no scale, nor are two beside a 0."""
    path = written(tmp_path, "Partner,NPS\n" + "".join(f"P{n % 4},{answer}\n" for n, answer in enumerate(answers)))
    aside = run_here("nps", path, "--format", "json").json["provenance"]["set_aside"]
    assert aside == {"out of range": sum(answer > 10 for answer in answers)}


@pytest.mark.parametrize("marked", ["9*", "9 (phone)", "10+", "9 1/2"])
def test_texts_with_numbers_in_more_than_a_tenth(marked: str, tmp_path: Path) -> None:
    """They may be answers, and the figure of the others is another one; texts without a number are none."""

    def table(text: str) -> Path:
        cells = [text if n % 8 == 0 else str(answer) for n, answer in enumerate(GIVEN)]
        return written(tmp_path, "Partner,NPS\n" + "".join(f"P{n % 4},{cell}\n" for n, cell in enumerate(cells)))

    if "phone" not in marked:  # words in brackets beside a number are read with it
        said = questions(table(marked))
        assert f"holds texts in 3 rows ({marked!r})" in said
        assert "in 21: --score 'NPS' counts those" in said
    assert run_here("nps", table(marked), "--score", "NPS", "--format", "json").json["rows"][0]["responses"] >= 21
    assert run_here("nps", table("no answer yet"), "--format", "json").json["rows"][0]["responses"] == 21


def test_a_day_on_which_rows_were_deleted_is_told(tmp_path: Path) -> None:
    """Those rows count, as with a mark of yes, and the note leaves them out."""
    rows = "".join(f"P{n % 4},{answer},{'2026-05-03' if n < 2 else ''}\n" for n, answer in enumerate(GIVEN))
    path = written(tmp_path, f"Partner,NPS,Deleted at\n{rows}")
    done = run_here("nps", path, "--format", "json")
    assert "'Deleted at' has a day in some rows, which count as all others do" in done.err
    assert done.json["rows"][0]["responses"] == 24
    assert run_here("nps", path, "--where", "Deleted at=", "--format", "json").json["rows"][0]["responses"] == 22
