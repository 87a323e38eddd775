"""Exports in other languages and ways of writing: headings, digits, months, and how far an activity is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command import rows_of, run_here

SCORES = (9, 10, 7, 3, 8, 9, 6, 10, 9, 2)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def written(folder: Path, header: str, rows: list[str], name: str = "answers.csv") -> Path:
    """Write a table."""
    (folder / name).write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return folder / name


def bands(row: Any) -> tuple[int, int, int]:
    """Return promoters, passives and detractors."""
    return row["promoters"], row["passives"], row["detractors"]


@pytest.mark.parametrize(
    ("partner", "date", "score"),
    [
        ("パートナー名", "回答日", "推奨度"),
        ("代理店名", "日付", "当社を友人に推奨する可能性はどのくらいですか？"),
        ("パートナー企業", "回答日時", "NPSスコア"),
        ("合作伙伴", "日期", "推荐分数"),
        ("파트너명", "응답일", "추천 점수"),
        ("Partner handlowy", "Data ankiety", "Ocena rekomendacji"),
        ("Nome do parceiro", "Data da resposta", "Nota de recomendação"),
        ("Nome del partner", "Data risposta", "Voto raccomandazione"),
        ("Partnernaam", "Datum antwoord", "Aanbevelingscijfer"),
        ("Vertriebspartner", "Antwortdatum", "Weiterempfehlungsbereitschaft"),
    ],
)
def test_headings(partner: str, date: str, score: str, tmp_path: Path) -> None:
    """Partner, day and answer are known by their names, and the digits may be as wide as the letters."""
    rows = [f"{'AB'[n % 2]},2026-0{7 + n // 5}-03,{value}" for n, value in enumerate(SCORES)]
    path = written(tmp_path, f"{partner},{date},{score}", rows)
    whole, *others = rows_of("nps", path, "--by", "partner", "--period", "month")
    assert bands(whole) == (5, 2, 3)
    assert {row["period"] for row in others if not row["group"]} == {"2026-07", "2026-08"}
    wide = written(tmp_path, f"{partner},{score}", [f"A,{str(value).translate(WIDE)}" for value in SCORES], "wide.csv")
    assert bands(rows_of("nps", wide)[0]) == (5, 2, 3)


@pytest.mark.parametrize("how", ["{} points", "{}点", '"=""{}"""', "'{}", "[{}]", "{} Punkte", "{} / 10"])
def test_a_number_with_its_unit(how: str, tmp_path: Path) -> None:
    """What stands beside every number alike tells no scale: 24 answers from 1 to 10 may have been asked from 0."""
    scores = [score for score in (*SCORES, *SCORES, *SCORES) if score > 0]
    path = written(tmp_path, "Partner,NPS", [f"A,{how.format(score)}" for score in (1, *scores)])
    assert bands(rows_of("nps", path)[0]) == (15, 6, 10)


@pytest.mark.parametrize(
    ("heading", "months"),
    [
        *(
            ("Month", one)
            for one in (("Jul 26", "Aug 26"), ("JUL26", "AUG26"), ("Jul.26", "Aug.26"), ("07/26", "08/26"))
        ),
        ("Mois", ("26 juil.", "26 août")),
        ("Mois", ("juil. 26", "août 26")),
        ("Monat", ("Juli 26", "August 26")),
        ("Month", ("26-Jul", "26-Aug")),
        ("Month", ("July, 2026", "August, 2026")),
        ("Month", ("2026.07", "2026.08")),
        ("回答月", ("2026年7月", "2026年8月")),
        ("Miesiąc", ("lip 26", "sie 26")),
        ("年月", ("令和8年7月", "令和8年8月")),
        ("월", ("2026년 7월", "2026년 8월")),
    ],
)
def test_months_in_a_column_called_month(heading: str, months: tuple[str, str], tmp_path: Path) -> None:
    """Jul 26 is July 2026 there; in a column of days it is a day without its year, which nobody can know."""
    rows = [f'A;"{months[n // 5]}";{score}' for n, score in enumerate(SCORES)]
    path = written(tmp_path, f"Partner;{heading};NPS", rows)
    found = {row["period"]: bands(row) for row in rows_of("nps", path, "--period", "month")}
    assert found == {None: (5, 2, 3), "2026-07": (2, 2, 1), "2026-08": (3, 0, 2)}
    days = written(tmp_path, "Partner;Response date;NPS", ["A;Jul 26;9", "A;Jul 27;3", "A;Aug 2;10"], "days.csv")
    assert run_here("nps", days, "--period", "month").code == 2


@pytest.mark.parametrize(
    "heading",
    [
        *("E-Mail-Adresse", "Adresse e-mail", "Correo electrónico", "Indirizzo email", "E-mailadres", "Adres e-mail"),
        *("Endereço de e-mail", "メールアドレス", "Work email", "Contact: Email", "Participant ID"),
    ],
)
def test_whoever_answers_again(heading: str, tmp_path: Path) -> None:
    """Of two answers of a person in a quarter the later counts, whatever the column of addresses is called."""
    rows = [f"A,2026-07-{n + 10},{score},u{n % 5}@a.example" for n, score in enumerate(SCORES)]
    path = written(tmp_path, f"Partner,Date,NPS,{heading}", rows)
    assert bands(rows_of("nps", path)[0]) == (3, 0, 2)
    ours = written(tmp_path, "Partner,Date,NPS,Account manager email", rows, "ours.csv")
    assert bands(rows_of("nps", ours)[0]) == (5, 2, 3)


def test_a_scale_that_its_heading_turns_round(tmp_path: Path) -> None:
    """0 = extremely likely, in the heading alone: it is refused as it is where the words stand in the cells."""
    heading = '"NPS (0 = extremely likely, 10 = not at all likely)"'
    path = written(tmp_path, f"Partner,{heading}", [f"A,{10 - score}" for score in SCORES])
    refused = run_here("nps", path)
    assert refused.code == 1
    assert "--scale 10-0" in refused.err
    assert bands(rows_of("nps", path, "--scale", "10-0")[0]) == (5, 2, 3)


@pytest.mark.parametrize(
    ("figure", "words"), [("6.9", "an average"), ("7.31", "an average"), ("10", "the number of all others")]
)
def test_a_figure_without_a_word_below_the_answers(figure: str, words: str, tmp_path: Path) -> None:
    """An average, or a count, that stands alone in the last row is no answer; the option leaves it out."""
    rows = [f"A,2026-07-{n + 10},{score}" for n, score in enumerate(SCORES)]
    path = written(tmp_path, "Partner,Date,NPS", [*rows, f",,{figure}"])
    asked = run_here("nps", path)
    assert asked.code == 2
    assert words in asked.err
    assert '--where "Partner!="' in asked.err
    assert bands(rows_of("nps", path, "--where", "Partner!=")[0]) == (5, 2, 3)


def test_a_sheet_of_figures_beside_the_answers(tmp_path: Path) -> None:
    """One number for each partner that answers on another sheet is a summary: it is asked, and the advice works."""
    import openpyxl

    book = openpyxl.Workbook()
    for title, header, rows in (
        ("Summary", ["Partner", "NPS"], [["A", 8], ["B", 7]]),
        ("Data", ["Partner", "Date", "NPS"], [["AB"[n % 2], "2026-07-03", score] for n, score in enumerate(SCORES)]),
    ):
        sheet = book.create_sheet(title)
        for row in (header, *rows):
            sheet.append(row)
    book.remove(book.worksheets[0])
    path = tmp_path / "book.xlsx"
    book.save(path)
    asked = run_here("nps", path)
    assert (asked.code, "#Data" in asked.err) == (2, True)
    assert bands(rows_of("nps", f"{path}#Data")[0]) == (5, 2, 3)
    card = run_here("scorecard", path, "--responses", f"{path}#Data", "-o", tmp_path / "c.xlsx", "--format", "json")
    assert card.json["total"]["responses"] == 10
    tables = run_here("check", path, "--format", "json").json["tables"]
    assert any("summary" in question for table in tables for question in table["questions"])


def test_a_list_of_partners_with_a_score(tmp_path: Path) -> None:
    """A score of each partner in the list is none of their answers, whatever both columns are called."""
    rows = [f"{'AB'[n % 2]},2026-07-03,{score}" for n, score in enumerate(SCORES)]
    answers = written(tmp_path, "Partner,Date,Score", rows)
    listed = written(tmp_path, "Partner,Tier,Score", ["A,Gold,7", "B,Gold,8", "C,Silver,9"], "list.csv")
    asked = run_here("scorecard", answers, listed, "-o", tmp_path / "card.xlsx")
    assert asked.code == 2
    assert "has one 'Score' for each partner" in asked.err
    assert f"--partners '{listed}'" in asked.err
    card = run_here("scorecard", answers, "--partners", listed, "-o", tmp_path / "card.xlsx", "--format", "json")
    assert (card.json["total"]["responses"], len(card.json["partners"])) == (10, 3)


@pytest.mark.parametrize(
    ("types", "state", "words"),
    [
        (("Case study", "Reference call"), "Outcome", ("Completed", "No show")),
        (("Caso di successo", "Testimonianza"), "Esito", ("fatto", "annullato")),
        (("導入事例", "推薦"), "Status", ("done", "planned")),
        (("Klantcase", "Referentie"), "Resultaat", ("klaar", "geannuleerd")),
    ],
)
def test_activities_in_other_words(types: tuple[str, str], state: str, words: tuple[str, str], tmp_path: Path) -> None:
    """What did not take place is set aside by its outcome too; the types are known as advocacy."""
    rows = [
        f"A,{types[0]},2026-07-01,{words[0]}",
        f"B,{types[1]},2026-07-02,{words[1]}",
        f"C,{types[1]},2026-07-03,{words[0]}",
    ]
    acts = written(tmp_path, f"Partner,Type,Date,{state}", rows, "acts.csv")
    partners = written(tmp_path, "Partner,Tier", ["A,Gold", "B,Gold", "C,Silver", "D,Silver"], "partners.csv")
    (row,) = rows_of("advocacy", acts, "--partners", partners)
    assert (row["active"], row["activities"], row["partners"]) == (2, 2, 4)


#: What a column calls a day or a quarter, and the day or quarter that it is (years of eras: 1926, 1989 and 2019 are 1).
DAYS = {
    "令和6年7月1日": ("month", "2024-07"),
    "令和元年5月1日": ("month", "2019-05"),
    "平成31年4月30日": ("month", "2019-04"),
    "昭和63年1月8日": ("month", "1988-01"),
    "R6.7.1": ("month", "2024-07"),
    "H30/12/3": ("month", "2018-12"),
    "2024년 7월 1일": ("month", "2024-07"),
    "2024年第3四半期": ("quarter", "2024-Q3"),
    "2024年2季度": ("quarter", "2024-Q2"),
    "2024년 4분기": ("quarter", "2024-Q4"),
}


@pytest.mark.parametrize("text", DAYS)
def test_days_of_japan_china_and_korea(text: str, tmp_path: Path) -> None:
    """Eras of Japan, and days and quarters as China and Korea write them, are read as what they are."""
    period, label = DAYS[text]
    path = written(tmp_path, "パートナー,日付,点数", [f"A,{text},{score}" for score in SCORES])
    found = {row["period"]: bands(row) for row in rows_of("nps", path, "--period", period)}
    assert found == {None: (5, 2, 3), label: (5, 2, 3)}


def test_an_era_that_nobody_knows_is_no_date(tmp_path: Path) -> None:
    """A thirteenth month, or another era, is unreadable: nothing is guessed."""
    for text in ("令和6年13月1日", "慶応3年7月1日"):
        path = written(tmp_path, "パートナー,日付,点数", [f"A,{text},{score}" for score in SCORES])
        assert run_here("nps", path, "--period", "month").code != 0


CUSTOMERS = {
    "契約": "顧客名,契約開始日,契約終了日,代理店\n甲,2025年4月1日,,A\n乙,2025年5月1日,2026年3月12日,A\n"
    "丙,2025年6月1日,,直販\n丁,2026年7月1日,,A\n",
    "eras": "会社名,利用開始日,解約日,パートナー名\n甲,令和7年4月1日,,A\n乙,令和7年5月1日,令和8年3月12日,A\n"
    "丙,R7.6.1,,なし\n丁,令和8年7月1日,,A\n",
    "Korean": "고객명,갱신 여부,파트너\n갑,예,A\n을,아니오,A\n병,예,없음\n정,네,A\n",
    "Chinese": "客户名称,客户状态,合作伙伴\n甲,活跃,A\n乙,已流失,A\n丙,活跃,无\n丁,活跃,A\n",
    "Japanese": "取引先名,解約有無,代理店\n甲,無,A\n乙,有,A\n丙,無,自社\n丁,無,A\n",
}


@pytest.mark.parametrize("name", CUSTOMERS)
def test_customers_of_japan_china_and_korea(name: str, tmp_path: Path) -> None:
    """Of four customers three stayed, two of the three that came with a partner; direct sales name no partner."""
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS[name], encoding="utf-8")
    row = rows_of("retention", path)[0]
    assert [row[key] for key in ("customers", "retained", "partner_customers", "partner_retained")] == [4, 3, 3, 2]


def test_a_company_is_no_partner_by_its_name_alone(tmp_path: Path) -> None:
    """会社名 of an answer may be anybody's: nothing is grouped by it unasked, and --partner says that it is one."""
    path = written(tmp_path, "会社名,回答日,推奨度", [f"A,2026年7月{n + 1}日,{s}点" for n, s in enumerate(SCORES)])
    assert run_here("nps", path, "--by", "partner").code == 2
    rows = rows_of("nps", path, "--by", "partner", "--partner", "会社名")
    assert [bands(row) for row in rows] == [(5, 2, 3), (5, 2, 3)]
