"""What tools and people export in other words than ours: the right figure, or a question that can be answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command import asked, rows_of, run_here
from sampled import one_in

PARTNERS = "partner,tier\nAlder,Gold\nBirk,Gold\nCorv,Silver\nDorn,Silver\n"
#: Five promoters, two passives, three detractors; of two partners.
SCORES = (10, 9, 9, 8, 7, 3, 6, 10, 10, 2)


def write(folder: Path, **texts: str) -> list[Path]:
    """Write files by their names."""
    paths = [folder / f"{name}.csv" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def bands(row: dict[str, Any]) -> tuple[int, int, int]:
    """Return promoters, passives and detractors."""
    return row["promoters"], row["passives"], row["detractors"]


def retained(path: Path, *words: str) -> dict[str | None, tuple[int, int]]:
    """Return customers and retained of each period, None for the whole."""
    return {row["period"]: (row["customers"], row["retained"]) for row in rows_of("retention", path, *words)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("20262", "20263"),
        ("2. Quartal 2026", "3. Quartal 2026"),
        ("Qtr 2 2026", "Qtr 3 2026"),
        ("2º trimestre de 2026", "3T26"),
    ],
)
def test_quarters_as_programs_write_them(tmp_path: Path, first: str, second: str) -> None:
    """20262 is a quarter, and no day of 1955."""
    rows = "".join(f"Alder;{first if n < 5 else second};{score}\n" for n, score in enumerate(SCORES))
    (path,) = write(tmp_path, answers="Partner;Quarter;NPS\n" + rows)
    found = rows_of("nps", path, "--period", "quarter")[1:]
    assert [(row["period"], bands(row)) for row in found] == [("2026-Q2", (3, 2, 0)), ("2026-Q3", (2, 0, 3))]


def test_months_in_polish(tmp_path: Path) -> None:
    """Names of months, as words alone and behind a day."""
    for number, months in enumerate((("lipiec 2026", "sierpień 2026"), ("3 lipca 2026", "14 sierpnia 2026"))):
        rows = "".join(f"Alder;{months[n // 5]};{score}\n" for n, score in enumerate(SCORES))
        (path,) = write(tmp_path, **{f"a{number}": "Partner;Date;NPS\n" + rows})
        assert [row["period"] for row in rows_of("nps", path, "--period", "month")[1:]] == ["2026-07", "2026-08"]


@pytest.mark.parametrize(
    "mark", one_in(2, ["rolling", "bezterminowa", "tacite reconduction", "1900-01-00", "in Kraft", "see contract"])
)
def test_words_among_the_ends(tmp_path: Path, mark: str) -> None:
    """What says that there is no end is known, or asked for: without those who are there the rate would be too low."""
    ends = [mark, mark, "", "", "2026-02-10", "2026-05-20", "2026-06-30"]
    rows = "".join(f"c{n},2025-01-15,{end}\n" for n, end in enumerate(ends))
    (path,) = write(tmp_path, customers="Customer,Start,End\n" + rows)
    more: tuple[str, ...] = ()
    if mark in ("in Kraft", "see contract"):
        said = asked("retention", path, "--period", "quarter")
        assert f"{mark!r} (2)" in said
        assert "--retained-words" in said
        more = ("--retained-words", mark)
    found = retained(path, "--period", "quarter", *more)
    assert (found["2026-Q1"], found["2026-Q2"]) == ((7, 6), (6, 4))


def test_a_status_in_other_words_is_shown(tmp_path: Path) -> None:
    """The column that may say it is named with its words, and the option counts by it."""
    (path,) = write(tmp_path, customers="Customer,Partner,Status\na,P,Live\nb,,Offboarded\nc,P,Live\nd,Q,Live\n")
    said = asked("retention", path)
    assert "'Live', 'Offboarded'" in said
    assert "--retained 'Status'" in said
    assert "'Live'" not in asked(
        "retention", path, "--retained", "Status", "--lost-words", "Live", "--retained-words", "Live"
    )
    assert retained(path, "--retained", "Status") == {None: (4, 3)}


def test_a_customer_in_another_case_goes_on(tmp_path: Path) -> None:
    """A renewed contract under the same name in capitals is no loss; ids differ by case."""
    text = (
        "{},Start,End\nKoch GmbH,2025-01-01,2026-03-31\nKOCH GMBH,2026-04-01,\nWeber AG,2025-01-15,2026-05-31\n"
        "X,2025-01-01,\n"
    )
    names, ids = write(tmp_path, names=text.format("Customer"), ids=text.format("Customer ID"))
    assert retained(names, "--period", "quarter")["2026-Q1"] == (3, 3)
    assert retained(ids, "--period", "quarter")["2026-Q1"] == (3, 2)


@pytest.mark.parametrize(
    "mark",
    [
        *("keine Angabe", "N.N.", "House Account", "Direct (no partner)", "non renseigné", "nie dotyczy"),
        *("Organic", "INBOUND", "Google Ads", "Kaltakquise"),
    ],
)
def test_more_marks_for_no_partner(tmp_path: Path, mark: str) -> None:
    """They name no partner, and the note counts them."""
    (path,) = write(
        tmp_path, customers=f"Customer,Partner,Retained\na,{mark},yes\nb,{mark},yes\nc,Alder,yes\nd,Birk,no\n"
    )
    done = run_here("retention", path, "--format", "json")
    assert (done.json["rows"][0]["partner_customers"], done.json["rows"][0]["partner_retained"]) == (2, 1)
    assert f"{mark!r} (2)" in done.err


OTHER_THINGS = {
    "invoices": "Partner,Datum,Art\nAlder,2026-07-05,Rechnung\nBirk,2026-07-06,Gutschrift\nAlder,2026-07-09,Rechnung\n",
    "courses": "Partner,Course,Completed on\nAlder,Sales,2026-07-05\nBirk,Sales,2026-07-06\nAlder,Tech,2026-07-09\n",
    "payouts": "Partner,Payout date,Commission\nAlder,2026-07-05,9\nBirk,2026-07-06,3\nAlder,2026-07-09,4\n",
    "renewals": "Partner,Renewal date,Contract value\nAlder,2026-07-05,9\nBirk,2026-07-06,3\nAlder,2026-07-09,4\n",
    "calls": "Activity ID,Partner,Type,Date\n1,Alder,Call,2026-07-05\n2,Birk,Mail,2026-07-06\n3,Alder,Call,2026-07-09",
}


@pytest.mark.parametrize("name", OTHER_THINGS)
def test_the_command_asks_what_is_no_advocacy(tmp_path: Path, name: str) -> None:
    """Invoices, courses and payouts are no advocacy since `advocacy` was asked of them; --activities says they are."""
    path, listed = write(tmp_path, **{name: OTHER_THINGS[name]}, partners=PARTNERS)
    assert "--activities" in asked("advocacy", path, "--partners", listed)
    (whole,) = rows_of("advocacy", "--activities", path, "--partners", listed)
    assert (whole["partners"], whole["active"], whole["activities"]) == (4, 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "Partner,Month,References,Webinars\nAlder,2026-07,2,1\nBirk,2026-07,0,0\nCorv,2026-07,0,1\n",
        "Partner,Type,Date,Qty\nAlder,Webinar,2026-07-05,3\nBirk,Case study,2026-07-09,1\n",
        "Partner,Type,2026-07,2026-08\nAlder,Webinar,3,0\nBirk,Case study,0,0\n",
        "Partner,Activity type,Count,Month\nAlder,Webinar,2,2026-07\nBirk,Webinar,0,2026-07\nCorv,Talk,1,2026-07\n",
        "Partner,Date,Case study,Reference given?\nAlder,2026-07-01,yes,no\nBirk,2026-07-01,no,no\n"
        "Corv,2026-07-01,no,yes\n",
    ],
)
def test_numbers_of_activities_are_no_activities(tmp_path: Path, text: str) -> None:
    """A row that says 0, or no, is not one activity: it is refused, in the scorecard as well."""
    path, listed = write(tmp_path, activities=text, partners=PARTNERS)
    assert "each row counts as one activity" in asked("advocacy", path, "--partners", listed)
    assert "each row counts as one" in asked("scorecard", "--activities", path, listed, "-o", tmp_path / "o.xlsx")


def test_what_did_not_take_place_is_set_aside(tmp_path: Path) -> None:
    """A reference that was declined, and a talk that is planned, are rows set aside with that reason."""
    path, listed = write(
        tmp_path,
        activities="Partner,Activity,Date,Status\nAlder,Webinar,2026-07-05,Completed\n"
        "Birk,Case study,2026-07-08,Declined\nCorv,Reference call,2026-07-09,done\nDorn,Speaker,2026-07-09,Geplant\n",
        partners=PARTNERS,
    )
    done = run_here("advocacy", path, "--partners", listed, "--format", "json").json
    assert (done["rows"][0]["active"], done["rows"][0]["activities"]) == (2, 2)
    assert done["provenance"]["set_aside"] == {"has not taken place": 2}


def long(folder: Path, column: str, first: str, second: str) -> Path:
    """Write two rows for each person: the score beside the first value, another number beside the second."""
    rows = "".join(
        f"Alder,p{n}@x.org,2026-07-{n + 10},{value},{number}\n"
        for n, score in enumerate(SCORES)
        for value, number in ((first, score), (second, n * 3 % 11))
    )
    return write(folder, answers=f"Partner,E-Mail,Date,{column},Score\n" + rows)[0]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("Item", ("NPS", "CSAT")),
        ("Dimension", ("Recommendation", "Product quality")),
        ("q_label", ("Q1 recommend", "Q2 ease")),
    ],
)
def test_questions_below_each_other_by_their_values(tmp_path: Path, column: str, values: tuple[str, str]) -> None:
    """However the column is called: one value asks to recommend, another for something else."""
    assert bands(rows_of("nps", long(tmp_path, column, *values))[0]) == (5, 2, 3)


@pytest.mark.parametrize(
    ("column", "values"),
    [("Topic", ("Recommend", "Delivery")), ("Frage-Nr.", ("1", "2")), ("Survey", ("NPS brand", "NPS shop"))],
)
def test_several_rows_of_a_person_are_asked_about(tmp_path: Path, column: str, values: tuple[str, str]) -> None:
    """Most persons have the same two values in their rows of one day: which of them counts, only the user knows."""
    path = long(tmp_path, column, *values)
    said = asked("nps", path)
    assert f"10 of 10 persons have several rows of one day, one for each {column!r}" in said
    assert bands(rows_of("nps", path, "--question", values[0])[0]) == (5, 2, 3)
    assert rows_of("nps", path, "--duplicates", "all")[0]["responses"] == 20


@pytest.mark.parametrize(
    ("of_group", "of_all"),
    [
        ("{} (5 records)", "Total (10 records)"),
        ("Ø {}", "Ø gesamt"),
        ("Somme de {}", "Total"),
        ("Average for {}", "Grand Average"),
    ],
)
def test_more_rows_that_add_up(tmp_path: Path, of_group: str, of_all: str) -> None:
    """Groups with their number of records, averages and sums in other words."""
    rows = ""
    for number, name in enumerate(("Alder", "Birk")):
        rows += (
            "".join(f"{name},{score}\n" for score in SCORES[number * 5 : number * 5 + 5])
            + of_group.format(name)
            + ",7\n"
        )
    (path,) = write(tmp_path, answers=f"Partner,NPS\n{rows}{of_all},7\n")
    found = rows_of("nps", path, "--by", "partner")
    assert bands(found[0]) == (5, 2, 3)
    assert {row["group"]["partner"] for row in found[1:]} == {"Alder", "Birk"}


def test_ids_as_programs_write_them(tmp_path: Path) -> None:
    """12.0 is partner 12; a scorecard stops where not one partner of the activities stands on the list."""
    acts = "{},date,type\n12.0,2026-07-01,Reference\n13.0,2026-07-02,Webinar\n,2026-07-03,Reference\n"
    listed = "{},Partnername,Stufe\n12,Alder,Gold\n13,Birk,Gold\n14,Corv,Gold\n"
    for name in ("partner_id", "Partner-Nr.", "ID du partenaire"):
        path, partners = write(tmp_path, acts=acts.format(name), listed=listed.format(name))
        (whole,) = rows_of("advocacy", path, "--partners", partners)
        assert (whole["partners"], whole["active"]) == (3, 2)
    strangers, partners = write(tmp_path, strangers=acts.format("partner").replace("1", "Q"), listed=PARTNERS)
    assert "no partner of" in asked("scorecard", strangers, partners, "-o", tmp_path / "o.xlsx")
    assert "no partner of" in asked("advocacy", strangers, "--partners", partners)


@pytest.mark.parametrize(
    ("joined", "left"),
    [
        ("Beitritt", "Austritt"),
        ("Partner seit", "Partner bis"),
        ("Active from", "Active to"),
        ("Signed on", "Deactivated on"),
    ],
)
def test_more_names_of_joining_and_leaving(tmp_path: Path, joined: str, left: str) -> None:
    """A partner counts in the periods in which it was on the list."""
    partners, acts = write(
        tmp_path,
        partners=f"Partner,Tier,{joined},{left}\nAlder,G,2025-01-01,\nBirk,G,2025-01-01,2026-06-15\nCorv,G,2026-07-15,\n",
        acts="Partner,Date,Type\nAlder,2026-05-05,Reference\nCorv,2026-09-25,Case study\n",
    )
    found = rows_of("advocacy", acts, "--partners", partners, "--period", "quarter")[1:]
    assert [(row["partners"], row["active"]) for row in found] == [(2, 1), (2, 1)]


def test_rows_that_come_again_in_another_dress(tmp_path: Path) -> None:
    """An export pasted below itself; one with ids whose scores were corrected; a copy with other dates and capitals."""
    days = [f"2026-07-{n + 11}" for n in range(10)]
    plain = [f"{1000 + n},Alder,{day},{score}" for n, (day, score) in enumerate(zip(days, SCORES, strict=True))]
    header = "Response ID,Partner,Date,NPS\n"
    later = [f"{1000 + n},Alder,{day},{10 - n}" for n, day in enumerate(days)]
    twice, first, second = write(
        tmp_path,
        twice=header + "\n".join([*plain, *plain]),
        first=header + "\n".join(plain),
        second=header + "\n".join(later),
    )
    assert rows_of("nps", twice)[0]["responses"] == 10
    assert bands(rows_of("nps", first, second)[0]) == (2, 2, 6)
    dressed = "".join(f"ALDER;{day[8:]}.07.2026;{score};Gut\n" for day, score in zip(days, SCORES, strict=True))
    one, other = write(
        tmp_path,
        one="Partner,Date,NPS,Comment\n" + "".join(f"Alder,{d},{s},gut\n" for d, s in zip(days, SCORES, strict=True)),
        other="Partner;Date;NPS;Comment\n" + dressed,
    )
    assert bands(rows_of("nps", one, other)[0]) == (5, 2, 3)


def test_a_column_for_each_answer_that_holds_no_numbers(tmp_path: Path) -> None:
    """Shares, and the answer itself in its own column, are no numbers of answers."""
    names = ",".join(map(str, range(11)))
    own = "".join("A," + ",".join(str(n) if n == score else "" for n in range(11)) + "\n" for score in SCORES)
    shares = f"A,{','.join(f'{n * 2}%' for n in range(11))}\nB,{','.join(['9%'] * 11)}\n"
    asks = ",".join(f"Would you recommend us? - {n}" for n in range(11))
    paths = write(
        tmp_path, own=f"Partner,{names}\n{own}", shares=f"Partner,{names}\n{shares}", survey=f"Partner,{asks}\n{own}"
    )
    for path, words in zip(
        paths, ("holds that answer", "share of each answer", "one possible answer each"), strict=True
    ):
        assert words in asked("nps", path)


def test_more_texts_than_answers(tmp_path: Path) -> None:
    """No figure from the few cells that can be read, unless the user names the column."""
    (path,) = write(tmp_path, answers="Partner,NPS\nA,9-10\nA,9-10\nA,7-8\nA,9-10\nB,3\nB,2\n")
    assert "'9-10'" in asked("nps", path)
    assert bands(rows_of("nps", path, "--score", "NPS")[0]) == (0, 0, 2)


def test_a_pivot_of_averages_is_no_sheet_of_answers(tmp_path: Path) -> None:
    """A column called after an average is no score beside the answers; 1 to 10 may be said in words."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Etiquetas de fila", "Promedio de NPS"])
    for row in (["Alder", 8.4], ["Birk", 6.4]):
        book.active.append(row)
    sheet = book.create_sheet("Datos")
    for row in (["Partner", "NPS"], *(["Alder", score] for score in SCORES)):
        sheet.append(row)
    book.save(tmp_path / "libro.xlsx")
    assert bands(rows_of("nps", tmp_path / "libro.xlsx")[0]) == (5, 2, 3)
    (path,) = write(tmp_path, words="Partner,From one to ten: would you recommend us?\nA,10\nA,9\nB,3\n")
    assert "--scale 1-10" in asked("nps", path)


def test_codes_of_questions(tmp_path: Path) -> None:
    """LimeSurvey in German says who did not finish; of Q01 beside Q02[SQ001] it is asked which is meant."""
    rows = [f"{n + 1},2026-07-{n + 10} 10:00:00,3,de,{score},{n % 5},A\n" for n, score in enumerate(SCORES)]
    text = "Antwort ID,Datum Abgeschickt,Letzte Seite,Start-Sprache,{},{},Partner\n" + "".join(rows) + "11,,1,de,9,,A\n"
    named, coded = write(
        tmp_path,
        named=text.format("Würden Sie uns weiterempfehlen?", "Wie bewerten Sie? [Preis]"),
        coded=text.format("Q01", "Q02[SQ001]"),
    )
    assert bands(rows_of("nps", named)[0]) == (5, 2, 3)
    assert "'Q01', 'Q02[SQ001]'" in asked("nps", coded)
    assert bands(rows_of("nps", coded, "--score", "Q01")[0]) == (5, 2, 3)


def test_a_month_before_the_sheet_of_the_year(tmp_path: Path) -> None:
    """A sheet all of whose rows stand in a later one is asked about, as one that stands behind it is."""
    import openpyxl

    book = openpyxl.Workbook()
    rows = [["Alder", f"2026-0{7 + n // 4}-{n + 11}", score] for n, score in enumerate(SCORES)]
    for sheet, some in ((book.active, rows[:4]), (book.create_sheet("YTD"), rows)):
        for row in (["Partner", "Date", "NPS"], *some):
            sheet.append(row)
    book.active.title = "Jul"
    book.save(tmp_path / "book.xlsx")
    said = asked("nps", tmp_path / "book.xlsx")
    assert "#Jul holds the same 4 rows as stand in 'YTD'" in said
    assert bands(rows_of("nps", f"{tmp_path / 'book.xlsx'}#YTD")[0]) == (5, 2, 3)


@pytest.mark.parametrize(
    ("start", "end", "rate"),
    [
        (("$1.2M", "850k", "900"), ("$1.1M", "900K", "0"), 97.518),
        (("3,4 Mio. €", "120 Tsd. €", "1,2 Mio. €"), ("3,1 Mio. €", "110 T€", "900 TEUR"), 87.076),
        (("5 lakh", "1.2 crore", "0"), ("4 lakh", "1 crore", "0"), 83.2),
        (("1200", "1.2k", "950"), ("1100", "1300", "1000"), 101.493),
    ],
)
def test_amounts_with_words_for_their_size(
    tmp_path: Path, start: tuple[str, ...], end: tuple[str, ...], rate: float
) -> None:
    """Revenue retention of amounts as dashboards round them; they were no amounts, or a row of them was left out."""
    rows = "".join(f"c{n};yes;{one};{other}\n" for n, (one, other) in enumerate(zip(start, end, strict=True)))
    (path,) = write(tmp_path, customers="Customer;Retained;Revenue start;Revenue end\n" + rows)
    assert rows_of("retention", path)[0]["net_revenue_retention"] == pytest.approx(rate, abs=0.001)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("Contract start", "Contract end"),
        ("Agreement Start Date", "Agreement End Date"),
        ("Vertragsbeginn", "Vertragsende"),
        ("Signed", "Terminated"),
        ("Effective date", "Expiration date"),
    ],
)
def test_contracts_say_who_is_a_partner(tmp_path: Path, start: str, end: str) -> None:
    """A list with contracts counts a partner in the periods of its contract; the settings may say that it does not."""
    listed = (
        f"Partner,Tier,{start},{end}\nAlder,Gold,2024-01-01,2026-03-31\nBirk,Gold,2025-01-01,\n"
        "Corv,Silver,2026-08-01,\nDorn,Silver,2024-01-01,open\nElm,Silver,2024-01-01,2027-12-31\n"
    )
    deeds = "Partner,Activity,Date\nBirk,Reference,2026-05-01\nDorn,Case study,2026-08-02\nBirk,Reference,2026-09-28\n"
    partners, activities = write(tmp_path, partners=listed, activities=deeds)
    words = ("advocacy", activities, "--partners", partners, "--period", "quarter")
    assert {row["period"]: (row["active"], row["partners"]) for row in rows_of(*words)[1:]} == {
        "2026-Q2": (1, 3),
        "2026-Q3": (2, 4),
    }
    settings = tmp_path / "partnerkpi.toml"
    settings.write_text('[columns]\njoined_date = "none"\nleft_date = "none"\n')
    assert [row["partners"] for row in rows_of(*words, "--config", settings)] == [5, 5, 5]


def test_partners_that_are_not_named(tmp_path: Path) -> None:
    """Other and Various may be partners or none: they count as they stand, and a note says so."""
    text = "Customer,Partner,Retained\na,Other,yes\nb,Various,yes\nc,Alder,yes\nd,Organic,no\n"
    done = run_here("retention", *write(tmp_path, customers=text), "--format", "json")
    assert done.json["rows"][0]["partner_customers"] == 3
    assert "counted as a partner of that name: 'Other' (1), 'Various' (1)" in done.err


def test_ids_that_lost_their_zeros(tmp_path: Path) -> None:
    """A spreadsheet made 1 of 0001: it is the same partner, unless a table has both."""
    listed = "partner_id,partner_name,tier\n0001,Alder,Gold\n0002,Birk,Gold\n0003,Corv,Silver\n"
    deeds = "partner_id,activity,date\n1,Reference,2026-07-01\n2.0,Case study,2026-07-02\n0002,Reference,2026-07-03\n"
    partners, both, activities = write(
        tmp_path, partners=listed, both=listed + "1,Elm,Gold\n", activities=deeds.replace("0002", "003")
    )
    done = run_here("advocacy", activities, "--partners", partners, "--format", "json")
    assert (done.json["rows"][0]["active"], done.json["rows"][0]["partners"]) == (3, 3)
    assert "ids that differ by zeros in front are one" in done.err
    activities.write_text(deeds)
    (row,) = rows_of("advocacy", activities, "--partners", both)
    assert (row["active"], row["partners"]) == (2, 4)


def test_partners_that_are_none_stand_in_the_list(tmp_path: Path) -> None:
    """Prospects and former partners count, as all that the list has; a note names them with their number."""
    listed = "Partner,Tier,Status\nAlder,Gold,Active\nBirk,Gold,Prospect\nCorv,Silver,Terminated\nDorn,Silver,Active\n"
    partners, activities = write(
        tmp_path, partners=listed, activities="Partner,Activity,Date\nAlder,Reference,2026-07-01\n"
    )
    done = run_here("advocacy", activities, "--partners", partners, "--format", "json")
    assert done.json["rows"][0]["partners"] == 4
    assert "'Status' in the list of partners says 'Prospect' (1), 'Terminated' (1)" in done.err
    active = run_here("advocacy", activities, "--partners", partners, "--where", "Status=Active", "--format", "json")
    assert (active.json["rows"][0]["partners"], "Prospect" in active.err) == (2, False)


def test_references_of_accounts(tmp_path: Path) -> None:
    """A report of references by account: which column is the partner is asked, and that is all that is open."""
    deeds = (
        "Reference ID,Account Name,Reference Type,Status,Created Date\nR1,Alder,Case Study,Completed,7/13/2026\n"
        "R2,Alder,Reference Call,Completed,7/14/2026\nR3,Birk,Testimonial,Completed,7/15/2026\n"
        "R4,Corv,Webinar,Cancelled,7/16/2026\n"
    )
    activities, partners = write(tmp_path, report=deeds, partners=PARTNERS)
    assert "--partner COLUMN" in asked("advocacy", activities, "--partners", partners)
    (row,) = rows_of("advocacy", activities, "--partners", partners, "--partner", "Account Name")
    assert (row["activities"], row["active"], row["partners"]) == (3, 2, 4)


@pytest.mark.parametrize(
    "days",
    [("2026年7月13日", "2026年8月3日"), ("13.07.2026, 10:05 Uhr", "03.08.2026, 9:40 Uhr"), ("2026年7月", "2026年8月")],
)
def test_days_in_japanese_and_german(tmp_path: Path, days: tuple[str, str]) -> None:
    """With the words for year, month, day and o'clock; a Polish export knows its partner."""
    rows = "".join(f'Olcha;"{days[n // 5]}";{score}\n' for n, score in enumerate(SCORES))
    (path,) = write(tmp_path, answers="Nazwa partnera;Data odpowiedzi;Ocena NPS\n" + rows)
    found = rows_of("nps", path, "--period", "month", "--by", "partner")
    assert {row["period"]: bands(row) for row in found if row["group"]} == {
        None: (5, 2, 3),
        "2026-07": (3, 2, 0),
        "2026-08": (2, 0, 3),
    }


@pytest.mark.parametrize(
    ("column", "mark", "usual"),
    [("Is test", "yes", "no"), ("Response status", "Partial", "Complete"), ("Deleted", "TRUE", "FALSE")],
)
def test_answers_that_are_marked(tmp_path: Path, column: str, mark: str, usual: str) -> None:
    """Tests and deleted rows count as the others do: a note says so, and its advice leaves them out."""
    rows = [*(f"Alder,{score},{usual}\n" for score in SCORES), *[f"Alder,10,{mark}\n"] * 2]
    (path,) = write(tmp_path, answers=f"Partner,NPS,{column}\n" + "".join(rows))
    done = run_here("nps", path, "--format", "json")
    assert bands(done.json["rows"][0]) == (7, 2, 3)
    assert f'--where "{column}!={mark}" leaves them out' in done.err
    alone = run_here("nps", path, "--where", f"{column}!={mark}", "--format", "json")
    assert bands(alone.json["rows"][0]) == (5, 2, 3)


def test_other_surveys_of_an_nps(tmp_path: Path) -> None:
    """That of employees is another question, and one after each ticket is no second wave of the relationship."""
    rows = "".join(f"Alder,{{}},{score}\n" for score in SCORES) + "Alder,{},1\nBirk,{},2\n"
    employees, tickets = write(
        tmp_path,
        employees="Partner,Survey type,Score\n" + rows.format(*["NPS"] * 10, *["eNPS"] * 2),
        tickets="Partner,Survey,NPS\n" + rows.format(*["Relationship NPS"] * 10, *["Transactional NPS"] * 2),
    )
    assert bands(rows_of("nps", employees)[0]) == (5, 2, 3)
    assert "--question TEXT" in asked("nps", tickets)
    assert bands(rows_of("nps", tickets, "--question", "Relationship NPS")[0]) == (5, 2, 3)


@pytest.mark.parametrize("total", ["Total,,10", "合計,,10", "Razem,,7"])
def test_a_total_above_the_rows(tmp_path: Path, total: str) -> None:
    """As Power BI and Polish or Japanese spreadsheets put it: without a date, it is none of the answers."""
    rows = [f"Alder,2026-07-{n + 10},{score}" for n, score in enumerate(SCORES)]
    above, below = write(
        tmp_path,
        above="\n".join(["Partner,Date,NPS", total, *rows, ""]),
        below="\n".join(["Partner,Date,NPS", *rows, total, ""]),
    )
    for path in (above, below):
        assert bands(rows_of("nps", path)[0]) == (5, 2, 3)


def test_ids_that_differ_by_case(tmp_path: Path) -> None:
    """Ids of Salesforce with 15 characters are two where one letter is a capital: accounts, and persons who answer."""
    one, other = "0015g00000AbCdE", "0015g00000AbCde"
    partners, activities, answers = write(
        tmp_path,
        partners=f"Partner Account ID,Partner Name,Tier\n{one},Alder,Gold\n{other},Birk,Gold\n",
        activities=f"Partner Account ID,Activity,Date\n{one},Reference,2026-07-01\n",
        answers=f"Contact ID,Partner Account ID,Date,NPS\n{one},{one},2026-07-01,9\n{other},{one},2026-07-02,3\n"
        f"x,{other},2026-07-02,10\n",
    )
    found = rows_of("advocacy", activities, "--partners", partners, "--by", "partner")
    assert [(row["active"], row["partners"]) for row in found] == [(1, 2), (1, 1), (0, 1)]
    assert sorted(map(bands, rows_of("nps", answers, "--by", "partner"))) == [(1, 0, 0), (1, 0, 1), (2, 0, 1)]


def test_a_second_column_as_pandas_names_it(tmp_path: Path) -> None:
    """NPS.1 is a second NPS: which of the two counts is asked."""
    rows = "".join(f"Alder,{score},{n}\n" for n, score in enumerate(SCORES))
    (path,) = write(tmp_path, answers="Partner,NPS,NPS.1\n" + rows)
    assert "'NPS', 'NPS.1'" in asked("nps", path)
    assert bands(rows_of("nps", path, "--score", "NPS")[0]) == (5, 2, 3)
