"""Names with ids, marks instead of rows, other languages' headings, ends that are none: right, or asked."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from command import asked, rows_of, run_here
from sampled import one_in

LISTED = "Partner,Tier\nAlder Ltd,Gold\nBirk,Gold\nCorv,Silver\nDorn,Silver\n"


def write(folder: Path, name: str, text: str) -> Path:
    """Write a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def advocacy(folder: Path, text: str, listed: str = LISTED) -> tuple[int, int, int]:
    """Return partners, active ones and activities of a table of activities."""
    words = write(folder, "activities.csv", text), "--partners", write(folder, "partners.csv", listed)
    (whole,) = rows_of("advocacy", *words)
    return whole["partners"], whole["active"], whole["activities"]


@pytest.mark.parametrize(
    "text",
    [
        "Partner,Reference,Case study\nAlder Ltd,x,\nBirk,,x\nCorv,,\nDorn,,\n",
        "Partner,Reference partner\nAlder Ltd,yes\nBirk,\nCorv,\nDorn,\n",
        "Partner,Last reference\nAlder Ltd,2026-05-05\nBirk,\nCorv,\nDorn,2026-02-01\n",
        "Partner;Letzte Referenz\nAlder Ltd;05.05.2026\nBirk;\nCorv;\nDorn;\n",
    ],
)
def test_marks_of_each_partner_are_no_activities(tmp_path: Path, text: str) -> None:
    """A row each with a mark, or a last day, for some of them made all partners active."""
    path = write(tmp_path, "activities.csv", text)
    said = asked("advocacy", path, "--partners", write(tmp_path, "partners.csv", LISTED))
    assert "Give a row for each activity" in said


@pytest.mark.parametrize(
    "head",
    [
        *("Planned date,Completed date", "Due date,Done on", "Geplant am,Durchgeführt am", "Scheduled for,Delivered"),
        *(
            "Reference requested on,Reference given on",
            "Asked on,Provided on",
            "Referenz angefragt am,Referenz erfolgt am",
        ),
    ],
)
def test_planned_and_not_done(tmp_path: Path, head: str) -> None:
    """What has a day for which it was planned and none on which it was done has not taken place."""
    text = f"Partner,{head},Activity\nAlder Ltd,2026-05-01,2026-05-03,Referral\nCorv,2026-09-01,,Case study\n"
    assert advocacy(tmp_path, text) == (4, 1, 1)


@pytest.mark.parametrize("shape", ["{} (P-{})", "{} [{}]", "P-{1} - {0}", "{} / {}", "{}, Inc."])
def test_names_with_an_id(tmp_path: Path, shape: str) -> None:
    """Half of the activities did not count since the name has an id beside it: asked, and merged by the file."""
    names = ("Birk", "Corv", "Alder", "Dorn")
    written = [shape.format(name, 100 + n) if n < 3 else name for n, name in enumerate(names)]
    rows = [f'"{name}",2026-05-0{n + 1},Referral' for n, name in enumerate(written)]
    path = write(tmp_path, "activities.csv", "Partner,Date,Activity\n" + "\n".join(rows) + "\n")
    listed = write(tmp_path, "partners.csv", LISTED)
    said = asked("advocacy", path, "--partners", listed)
    assert "--names names.csv" in said
    merged = tmp_path / "names.csv"
    assert run_here("check", path, listed, "--names", merged).code == 0
    settings = write(tmp_path, "partnerkpi.toml", f'[options]\npartner_names = "{merged.as_posix()}"\n')
    (whole,) = rows_of("advocacy", path, "--partners", listed, "--config", settings)
    assert (whole["partners"], whole["active"], whole["activities"]) == (4, 4, 4)


def test_nobody_of_the_list_but_for_ids(tmp_path: Path) -> None:
    """No --partner COLUMN helps where the names have ids: the message names what does."""
    text = "Partner,Date,Activity\nBirk (P-1),2026-05-01,Referral\nCorv (P-2),2026-05-02,Referral\n"
    path, listed = write(tmp_path, "activities.csv", text), write(tmp_path, "partners.csv", LISTED)
    assert "--names names.csv" in asked("advocacy", path, "--partners", listed)
    other = text.replace("Birk (P-1)", "Esche").replace("Corv (P-2)", "Fjord")
    assert "--partner COLUMN" in asked("advocacy", write(tmp_path, "others.csv", other), "--partners", listed)


ENDS = ("2026-02-10", "2026-05-20", "2026-06-20")


def retained(path: Path, *words: str) -> dict[str | None, tuple[int, int]]:
    """Return customers and retained of each quarter."""
    rows = rows_of("retention", path, "--period", "quarter", *words)
    return {row["period"]: (row["customers"], row["retained"]) for row in rows if row["period"]}


def customers(mark: str, head: str = "Customer,Partner,Start,End") -> str:
    """Return seven customers, of whom three leave, one in the first quarter and two in the second, and one begins."""
    ends = [*ENDS, mark, mark, mark, mark]
    rows = "".join(f"c{n},{'Alder' if n % 2 else ''},2025-01-15,{end}\n" for n, end in enumerate(ends))
    return f"{head}\n{rows}c9,,2026-06-25,{mark}\n"


@pytest.mark.parametrize("mark", ["1970-01-01", "M2M", "süresiz", "MTM"])
def test_marks_for_no_end(tmp_path: Path, mark: str) -> None:
    """The day on which computers begin to count is no end before the start, for which rows were set aside."""
    found = retained(write(tmp_path, "customers.csv", customers(mark)))
    assert (found["2026-Q1"], found["2026-Q2"]) == ((7, 6), (6, 4))


def test_an_end_years_away_that_many_share(tmp_path: Path) -> None:
    """31 December 2049 is asked about with the option that says what it means; --as-of 2049 would be no answer."""
    path = write(tmp_path, "customers.csv", customers("2049-12-31"))
    said = asked("retention", path, "--period", "quarter")
    assert "--retained-words 2049-12-31" in said
    found = retained(path, "--retained-words", "2049-12-31")
    assert (found["2026-Q1"], found["2026-Q2"]) == ((7, 6), (6, 4))


HEADS = (
    *("Müşteri,İş Ortağı,Başlangıç Tarihi,Bitiş Tarihi", "Customer,Partner,Start date,Offboarded on"),
    *("Kunde,Betreuender Partner,Vertragsbeginn,Vertrag endet am", "Klant,Partner,Ingangsdatum,Opgezegd per"),
    *("customers.id,customers.cf_partner,subscriptions.started_at,subscriptions.cancelled_at",),
    *("Klient,Partner,Data rozpoczęcia umowy,Koniec umowy", "Customer,partner (metadata),Start Date (UTC),Ended At"),
)


@pytest.mark.parametrize("head", one_in(2, list(HEADS)))
def test_headings_of_customers(tmp_path: Path, head: str) -> None:
    """As billing systems and people of other languages write them, the partner's among them."""
    path = write(tmp_path, "customers.csv", customers("", head))
    rows = rows_of("retention", path, "--period", "quarter")
    (second,) = (row for row in rows if row["period"] == "2026-Q2")
    assert (second["customers"], second["retained"], second["partner_customers"]) == (6, 4, 3)


def test_the_month_in_which_a_customer_left(tmp_path: Path) -> None:
    """A churn month is an end, on its last day."""
    text = customers("", "Customer,Partner,Customer since,Churn month")
    for day in ENDS:
        text = text.replace(f",{day}", f",{day[:7]}")
    found = retained(write(tmp_path, "customers.csv", text))
    assert (found["2026-Q1"], found["2026-Q2"]) == ((7, 6), (6, 4))


QUESTIONS = (
    "Насколько вероятно, что вы порекомендуете нас?",
    "Kuinka todennäköisesti suosittelisit meitä?",
    "Cât de probabil este să ne recomandați?",
    "Πόσο πιθανό είναι να μας συστήσετε;",
)


@pytest.mark.parametrize("question", one_in(2, list(QUESTIONS)))
def test_the_question_in_more_languages(tmp_path: Path, question: str) -> None:
    """It asks to recommend, in Russian, Finnish, Romanian and Greek."""
    rows = "".join(f"{score},7\n" for score in (10, 9, 8, 3, 0))
    (whole,) = rows_of("nps", write(tmp_path, "answers.csv", f'"{question}",Other\n{rows}'))
    assert (whole["promoters"], whole["passives"], whole["detractors"]) == (2, 1, 2)


def test_points_and_feedback_of_a_form(tmp_path: Path) -> None:
    """Microsoft Forms writes columns of a quiz beside each question: they are called like it, and are none."""
    question = "How likely are you to recommend us?"
    rows = "".join(f"{score},,\n" for score in (10, 9, 8, 3, 0))
    text = f'"{question}","Points - {question}","Feedback - {question}"\n{rows}'
    (whole,) = rows_of("nps", write(tmp_path, "answers.csv", text))
    assert (whole["promoters"], whole["passives"], whole["detractors"]) == (2, 1, 2)


def test_a_sheet_of_figures_beside_those_of_answers(tmp_path: Path) -> None:
    """Nobody is told to give both columns one name: the figures of a summary are no answers."""
    answers = [["Partner", "Contact", "Score"]] + [["Alder", f"p{n}", n] for n in range(11)]
    summary = [["Region", "Responses", "NPS"], ["EMEA", 11, 31], ["AMER", 9, 12], ["APAC", 12, 20]]
    path, book = tmp_path / "book.xlsx", openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in {"Summary": summary, "EMEA": answers, "AMER": [*answers[:1], ["Birk", "q", 9]]}.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    said = asked("nps", path)
    assert "ready-made figures" in said
    assert "one name" not in said


def test_kinds_of_companies_in_a_list(tmp_path: Path) -> None:
    """A competitor in a list of companies is told, as a former partner is."""
    listed = "Account Name,Type\nAlder Ltd,Partner\nBirk,Partner\nCompo,Competitor\n"
    path = write(tmp_path, "activities.csv", "Partner,Date,Activity\nBirk,2026-05-01,Referral\n")
    done = run_here("advocacy", path, "--partners", write(tmp_path, "partners.csv", listed))
    assert "'Competitor' (1)" in done.err


@pytest.mark.parametrize("head", ["Churned", "Cancelled", "Gekündigt", "Résilié"])
def test_days_under_the_name_of_yes_and_no(tmp_path: Path, head: str) -> None:
    """A column called Churned that holds days says when customers left."""
    found = retained(write(tmp_path, "customers.csv", customers("", f"Customer,Partner,Start,{head}")))
    assert (found["2026-Q1"], found["2026-Q2"]) == ((7, 6), (6, 4))


def test_who_is_no_active_partner_is_told(tmp_path: Path) -> None:
    """A no in a column called Active is named with its number."""
    listed = "Partner,Active\nAlder Ltd,Yes\nBirk,Yes\nCorv,No\n"
    path = write(tmp_path, "activities.csv", "Partner,Date,Activity\nBirk,2026-05-01,Referral\n")
    done = run_here("advocacy", path, "--partners", write(tmp_path, "partners.csv", listed))
    assert "'No' (1)" in done.err
