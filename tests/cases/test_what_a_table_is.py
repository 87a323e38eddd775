"""What a table is: it is counted as answers, activities, customers or partners only where its columns show it."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from command import Run, run_here
from office import ROOT
from sampled import one_in

import partnerkpi

ANSWERS = "partner,date,score\nAcme,2026-07-02,9\nBolt,2026-07-20,10\nAcme,2026-08-02,3\n"
PARTNERS = "partner,tier,region\nAcme,Gold,EMEA\nBolt,Gold,EMEA\nCog,Silver,APAC\n"
DEEDS = "partner,type,date\nAcme,reference,2026-07-03\nAcme,case study,2026-08-03\n"


def case(name: str) -> Path:
    """Return a folder of ../shared/cases; skip the test where there is none."""
    folder = ROOT.parent / "shared" / "cases" / name
    if not folder.exists():
        pytest.skip(f"needs ../shared/cases/{name}")
    return folder


def write(folder: Path, **texts: str) -> list[Path]:
    """Write files by their names."""
    files = [folder / f"{name}.csv" for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def asked(run: Run, *words: str) -> None:
    """Assert that a command stopped with one question that has these words."""
    assert run.code == 2, run.err or run.out
    (line,) = run.err.strip().splitlines()
    assert all(word in line for word in words), line


def kind(path: Path) -> str | None:
    """Return what `check` says that a file holds."""
    (found,) = run_here("check", path, "--format", "json").json["tables"]
    assert isinstance(found["kind"], str | None)
    return found["kind"]


def test_a_question_is_json_too_and_check_lists_all(tmp_path: Path) -> None:
    """Whoever asked for JSON gets the question as JSON; `check` goes on after the first one."""
    source = tmp_path / "answers.csv"
    source.write_text("nps,score,partner,reseller name,date\n9,8,A,B,3/4/2026\n2,3,B,A,5/6/2026\n", encoding="utf-8")
    stopped = run_here("nps", source, "--format", "json", "--by", "partner")
    assert stopped.code == 2
    (question,) = json.loads(stopped.out)["questions"]
    assert "--score COLUMN" in question
    assert question in stopped.err
    (found,) = run_here("check", source, "--format", "json").json["tables"]
    asked = found["questions"]
    assert any("'nps', 'score'" in one and "--score COLUMN" in one for one in asked)
    assert any("--day-first" in one for one in asked)


def test_a_partner_and_a_date_are_no_advocacy(tmp_path: Path) -> None:
    """Revenue by month and invoices are asked about; said to be activities they are."""
    folder, out = case("03-anything-with-partner-and-date-is-advocacy"), tmp_path / "card.xlsx"
    known = (folder / "resp.csv", folder / "partners.csv")
    for name in ("mrr.csv", "invoices.csv"):
        asked(
            run_here("scorecard", *known, folder / name, "-o", out), name, "--activities", "--customers", "--partners"
        )
    said = run_here("scorecard", *known, "--activities", folder / "invoices.csv", "-o", out, "--format", "json").json
    assert said["total"]["activities"] is not None


OTHER_THINGS = {
    "renewals": "Renewal date,Partner,Contract,Amount\n2026-07-01,Acme,C1,100\n2026-08-01,Bolt,C2,90\n"
    "2026-09-01,Acme,C3,1\n",
    "deals": "Deal,Partner,Type,Close date\nD1,Acme,New business,2026-07-01\nD2,Bolt,Renewal,2026-07-02\n"
    "D3,Acme,Referral,2026-08-01\nD4,Acme,Upsell,2026-08-02\n",
    "tickets": "ticket id,reseller,type,created at\n1,Acme,Incident,2026-07-01\n2,Bolt,Question,2026-07-02\n"
    "3,Acme,Incident,2026-07-05\n",
    "tasks": "activity id,partner,activity type,date\n1,Acme,Call,2026-07-01\n2,Bolt,Email,2026-07-02\n"
    "3,Acme,Meeting,2026-07-03\n",
    "payments": "Payment ref,Partner,Date\nR-4711,Acme,2026-07-01\nR-4712,Bolt,2026-07-02\nR-4713,Acme,2026-07-03",
    "once": "Invoice,Invoice date,Partner,Amount\nI1,2026-07-01,Acme,10\nI2,2026-07-02,Bolt,20\n",
    "reviews": "Partner,Type,Date\nAcme,Business review,2026-07-01\nBolt,Contract review,2026-07-02\n"
    "Acme,Business review,2026-07-09\n",
}


@pytest.mark.parametrize("name", OTHER_THINGS)
def test_what_else_partners_stand_beside(name: str, tmp_path: Path) -> None:
    """Deals, tickets, renewals, tasks of a CRM and business reviews are no activities: the option is named."""
    answers, other, listed = write(tmp_path, answers=ANSWERS, **{name: OTHER_THINGS[name]}, list=PARTNERS)
    assert kind(other) is None
    asked(run_here("scorecard", answers, other, listed, "-o", tmp_path / "card.xlsx"), other.name, "--activities")
    asked(run_here("compare", answers, other), "--activities")


NO_CUSTOMERS = {
    "opportunities": "Opportunity,Account Name,Partner,Stage,Close Date\nO1,k1,Acme,Closed Won,2026-07-01\n"
    "O2,k2,Bolt,Prospecting,\nO3,k1,Acme,Closed Lost,2026-09-02\n",
    "trainings": "id,partner,course,start date,end date\n1,Acme,Basics,2026-07-01,2026-07-02\n"
    "2,Bolt,Basics,2026-07-01,\n3,Acme,Pro,2026-08-01,2026-08-03\n",
    "projects": "project,company,start date,end date,partner\nP1,k1,2026-01-01,2026-03-01,Acme\n"
    "P2,k2,2026-01-01,,Bolt\nP3,k1,2026-04-01,2026-06-01,Acme\n",
    "tickets": "ticket id,customer,partner,status,created\n1,k1,Acme,open,2026-07-01\n2,k2,Bolt,closed,2026-07-02\n"
    "3,k1,Acme,open,2026-07-03\n",
}


@pytest.mark.parametrize("name", NO_CUSTOMERS)
def test_what_else_has_a_start_and_an_end(name: str, tmp_path: Path) -> None:
    """Opportunities, trainings, projects and tickets are no customers, though they have customers, starts and ends."""
    (path,) = write(tmp_path, **{name: NO_CUSTOMERS[name]})
    assert kind(path) is None
    asked(run_here("rewards", path), "--customers", "--activities")


def test_a_list_of_partners_with_id_and_name(tmp_path: Path) -> None:
    """A file that is called partners lists them under `name`, whatever their status is: they are no customers."""
    (path,) = write(tmp_path, partners="id,name,status\nP1,Acme,active\nP2,Bolt,inactive\n")
    (found,) = run_here("check", path, "--format", "json").json["tables"]
    assert (found["kind"], found["roles"]["partner"], found["rows_used"]) == ("partners", "name", 2)


def test_tables_that_call_it_by_other_names(tmp_path: Path) -> None:
    """Two files whose scores or partners stand under two names are not put below each other: half would be blank."""
    july, august, resellers = write(
        tmp_path,
        july="partner,date,nps\nAcme,2026-07-01,9\n",
        august="partner,date,Score\nAcme,2026-08-01,10\n",
        resellers="reseller,date,nps\nAcme,2026-08-01,10\n",
    )
    asked(run_here("nps", july, august), "'nps'", "'Score'", "one name")
    asked(run_here("nps", july, august, "--score", "nps"), "'nps'", "'Score'", "one name")
    asked(run_here("scorecard", july, resellers, "-o", tmp_path / "o.xlsx"), "'partner'", "'reseller'", "one name")
    flagged, dated = write(
        tmp_path,
        flagged="customer,partner,retained\n1,Acme,yes\n2,Acme,no\n",
        dated="customer,partner,start_date,end_date\n3,Acme,2025-01-01,\n4,Bolt,2025-01-01,2026-01-01\n",
    )
    asked(run_here("retention", flagged, dated), "who stayed", "days")
    again = july.with_name("again.csv")
    again.write_text("Partner,Date,NPS\nBolt,2026-07-02,3\n", encoding="utf-8")
    assert run_here("nps", july, again, "--format", "json").json["rows"][0]["responses"] == 2


ACTIVITIES = {
    "by type": "partner,record type,date\nAcme,Manual Public Reference,2026-07-01\nAcme,Case Study,2026-07-02\n",
    "german": "Partner,Art,Datum\nAcme,Referenz,2026-07-01\nAcme,Fallstudie,2026-07-02\nAcme,Vortrag,2026-07-02\n",
    "french": "Partenaire,Type,Date\nAcme,Témoignage,2026-07-01\nAcme,Étude de cas,2026-07-02\n",
    "polish": "partner,rodzaj,date\nAcme,referencje,2026-07-01\nAcme,rekomendacja,2026-07-02\n",
    "by id": "activity id,partner,activity type,date\n1,Acme,Logo,2026-07-01\n2,Acme,Quote,2026-07-02\n",
    "by column": "partner,case study,date\nAcme,How we grew,2026-07-01\nAcme,Faster still,2026-07-02\n",
    "some beside": "partner,type,date\nAcme,Reference,2026-07-01\nAcme,Blog post,2026-07-02\nAcme,Video,2026-07-02\n"
    "Acme,Other,2026-07-03\n",
    "one each": "partner,type,date\nAcme,webinar,2026-07-01\nBolt,speaker,2026-07-02\n",
}


@pytest.mark.parametrize("name", ACTIVITIES)
def test_what_shows_activities(name: str, tmp_path: Path) -> None:
    """A word of advocacy in the types or in a column's name, in the known languages; an activity id beside a type."""
    (path,) = write(tmp_path, log=ACTIVITIES[name])
    assert kind(path) == "activities"


def test_what_shows_partners_and_customers(tmp_path: Path) -> None:
    """A directory with types and days of signing lists partners; customers with start and end are customers."""
    directory, customers, contacts = write(
        tmp_path,
        directory="Partner,Type,Country,Date of signing\nAcme,Reseller,PT,2024-01-02\nBolt,Technology,DE,2025-03-04\n",
        cust="customer,partner,start_date,end_date\nk1,Acme,2025-01-01,\nk2,Bolt,2025-01-01,2026-09-10\n",
        contacts="partner,invited contacts\nAcme,12\nBolt,8\n",
    )
    assert kind(directory) == "partners"
    assert kind(customers) == "customers"
    assert kind(contacts) == "partners"


def test_customers_in_whatever_order(tmp_path: Path) -> None:
    """The table of customers is one wherever it stands among the files."""
    folder = case("24-as-of-cuts-every-table")
    for names in (("cust", "resp", "acts", "partners"), ("partners", "acts", "cust", "resp")):
        files = [folder / f"{name}.csv" for name in names]
        page = run_here("scorecard", *files, "-o", tmp_path / "card.xlsx", "--format", "json").json
        rows = {source["kind"]: source["rows_read"] for source in page["provenance"]}
        assert rows == {"partners": 3, "responses": 183, "activities": 3, "customers": 3}


def test_swapped_files(tmp_path: Path) -> None:
    """A list of partners given as activities is refused, and the reverse, and either beside the right one."""
    folder = case("26-swapped-files")
    partners, acts = folder / "partners.csv", folder / "acts.csv"
    asked(run_here("advocacy", partners, "--partners", acts), "partners.csv", "list of partners")
    asked(run_here("advocacy", acts, "--partners", acts), "acts.csv", "list of activities")
    asked(run_here("advocacy", partners, "--partners", "5"), "list of partners")
    invited, logos = write(
        tmp_path,
        invited="partner,invited contacts\nAcme,12\nBolt,8\n",
        logos="partner,type,date\nAcme,Logo,2026-07-01\nBolt,Quote,2026-07-02\nAcme,Logo,2026-07-03\n",
    )
    asked(run_here("advocacy", invited, "--partners", "5"), "list of partners")
    asked(run_here("advocacy", acts, "--partners", logos), "list of activities")
    asked(run_here("scorecard", "--activities", partners, "--partners", acts, "-o", tmp_path / "o.xlsx"), "partners")
    right = run_here("advocacy", acts, "--partners", partners, "--format", "json").json["rows"][0]
    assert (right["active"], right["partners"], right["activities"]) == (2, 3, 4)


def test_a_workbook_with_a_sheet_of_each_kind() -> None:
    """Each command takes the sheet that holds its kind, from Python too."""
    book = case("48-our-own-template") / "book.xlsx"
    row = run_here("advocacy", book, "--partners", book, "--format", "json").json["rows"][0]
    assert (row["activities"], row["active"], row["partners"], row["active_share"]) == (12, 4, 5, 80)
    assert partnerkpi.advocacy(book, book).whole["active_share"] == 80
    assert run_here("retention", book, "--format", "json").json["rows"][0]["customers"] == 40
    assert partnerkpi.retention(book).whole["customers"] == 40
    assert partnerkpi.nps(book).whole["responses"] == 50


def test_sheets_of_one_kind_count_together(tmp_path: Path) -> None:
    """Answers that stand on a sheet a month are those of all sheets, for `nps` as for `scorecard`."""
    book = openpyxl.Workbook()
    book.active.title = "Notes"  # type: ignore[union-attr]  # a new workbook has a sheet
    for month, scores in {"July": (9, 10, 3), "August": (9, 8)}.items():
        sheet = book.create_sheet(month)
        sheet.append(["partner", "date", "score"])
        for day, score in enumerate(scores, 1):
            sheet.append(["Acme", f"2026-0{7 if month == 'July' else 8}-{day:02}", score])
    book.save(tmp_path / "months.xlsx")
    whole = run_here("nps", tmp_path / "months.xlsx", "--format", "json").json["rows"][0]
    assert (whole["responses"], whole["nps"]) == (5, 40)
    card = partnerkpi.build_scorecard(tmp_path / "months.xlsx")
    assert card.view().total.scores.responses == 5


def test_a_copy_of_a_sheet(tmp_path: Path) -> None:
    """A sheet that holds another one's rows is asked about; the sheet that is named counts."""
    book = case("50-a-copy-of-a-sheet") / "book.xlsx"
    for arguments in (("scorecard", book, "-o", tmp_path / "card.xlsx"), ("nps", book), ("whatif", book)):
        asked(run_here(*arguments), "responses Q2 (old)", "50 rows", "#responses")
    named = run_here("whatif", book, "--responses", f"{book}#responses", "--format", "json").json
    assert {source["kind"]: source["rows_used"] for source in named["provenance"]}["responses"] == 50


def test_a_copy_that_another_program_wrote(tmp_path: Path) -> None:
    """A copy is one although its numbers became text and its header is in another case."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "answers"
    other = book.create_sheet("backup")
    first.append(["Respondent", "Partner", "Score"])
    other.append(["RESPONDENT", "partner", "score"])
    for number in range(10):
        first.append([f"r{number}", "Acme", number % 11])
        other.append([f"r{number} ", "Acme", str(number % 11)])
    book.save(tmp_path / "book.xlsx")
    asked(run_here("nps", tmp_path / "book.xlsx"), "backup", "10 rows")


def test_a_copy_that_somebody_worked_on(tmp_path: Path) -> None:
    """Most of the rows are enough where rows are told apart by what they hold; sheets alike by chance are none."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "answers"
    other = book.create_sheet("answers (2)")
    for sheet, gone in ((first, ()), (other, (3, 7))):
        sheet.append(["respondent", "partner", "score"])
        for number in range(10):
            if number not in gone:
                sheet.append([f"r{number}", "Acme", number % 11])
    other.append(["new", "Acme", 9])
    book.save(tmp_path / "worked.xlsx")
    asked(run_here("nps", tmp_path / "worked.xlsx"), "answers (2)", "8 of its 9 rows")

    chance = openpyxl.Workbook()
    chance.remove(chance.worksheets[0])
    for name, scores in {"north": (9, 9, 10, 3), "south": (9, 10, 9, 8, 7)}.items():
        sheet = chance.create_sheet(name)
        sheet.append(["partner", "score"])
        for score in scores:
            sheet.append(["Acme", score])
    chance.save(tmp_path / "chance.xlsx")
    assert run_here("nps", tmp_path / "chance.xlsx", "--format", "json").json["rows"][0]["responses"] == 9


def test_two_kinds_in_one_table(tmp_path: Path) -> None:
    """Answers of customers of whom it is said whether they stayed are both: which is meant, the option says."""
    (path,) = write(tmp_path, both="customer,nps,churned,partner\n1,9,no,Acme\n2,3,yes,\n3,10,no,Acme\n")
    out = tmp_path / "card.xlsx"
    asked(run_here("scorecard", path, "-o", out), "--responses", "--customers")
    page = run_here("scorecard", "--responses", path, "--customers", path, "-o", out, "--format", "json").json
    assert page["total"]["responses"] == 3
    assert page["total"]["customers"] == 3


QUALITY = (
    "customer,partner,period,retained,revenue_start,revenue_end\n1,Alder Systems,2026-Q3,yes,100,110\n"
    "2,Alder System,2026-Q3,yes,about 90,80\n,Birk,2026-Q3,no,70,0\n4,Birk,2026-Q3,no,70,0\n4,Birk,2026-Q3,no,70,0\n"
)


def test_check_shows_what_matters(tmp_path: Path) -> None:
    """First the columns that were decided, each with its runner-up; and what is the matter with the data, counted."""
    (path,) = write(
        tmp_path, accounts="note,other,account id," + QUALITY.replace("\n", "\nx,y,7,").removesuffix("x,y,7,")
    )
    (found,) = run_here("check", path, "--format", "json").json["tables"]
    assert found["kind"] == "customers"
    assert "'retained'" in found["why"]
    assert found["runners_up"]["customer"] == "account id"
    quality = {(one["what"], one["column"]): one for one in found["quality"]}
    assert quality["missing key", "customer"]["rows"] == 1
    assert quality["amount that cannot be read", "revenue_start"]["examples"] == ["'about 90'"]
    assert quality["the same as another row in all columns", None]["rows"] == 1
    assert quality["name nearly equal to another one", "partner"]["rows"] == 1
    assert quality["duplicate customer", None]["set_aside"]
    page = run_here("check", path).out
    rows = page.partition("First rows")[2].strip().splitlines()
    assert rows[0].split(" | ")[:3] == ["customer", "retained", "partner"]
    assert "next best 'account id'" in page


def test_the_same_list_everywhere(tmp_path: Path) -> None:
    """What `check` says of the data stands in the JSON of the figures and on the sheet About too."""
    (path,) = write(tmp_path, accounts=QUALITY)
    (found,) = run_here("check", path, "--format", "json").json["tables"]
    assert run_here("retention", path, "--format", "json").json["provenance"]["quality"] == found["quality"]
    out = tmp_path / "card.xlsx"
    page = run_here("scorecard", path, "-o", out, "--format", "json").json
    (source,) = page["provenance"]
    assert source["quality"] == found["quality"]
    assert page["questions"] == []
    about = [str(cell.value) for row in openpyxl.load_workbook(out)["About"].iter_rows() for cell in row]
    assert "missing key (“customer”), rows: 1" in about
    assert "amount that cannot be read (“revenue_start”), rows: 1: “about 90”" in about


def test_what_stayed_open_is_told_with_the_figure(tmp_path: Path) -> None:
    """A sheet of which nothing shows what it is does not stop the others: it is a question beside the figure."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, text in {"answers": ANSWERS, "Invoices": OTHER_THINGS["renewals"]}.items():
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append(line.split(","))
    book.save(tmp_path / "two.xlsx")
    (question,) = run_here("nps", tmp_path / "two.xlsx", "--format", "json").json["provenance"]["questions"]
    assert "#Invoices" in question
    assert question.endswith("name the sheet as well if it belongs to them")  # nps has no --activities
    card = run_here("scorecard", tmp_path / "two.xlsx", "-o", tmp_path / "card.xlsx", "--format", "json").json
    assert "two.xlsx#Invoices" in card["questions"][0]
    assert any("not counted" in note for note in card["notes"])


def test_check_takes_what_is_said(tmp_path: Path) -> None:
    """`check --activities FILE` looks at the file as activities; a copy of a sheet is among its questions."""
    (path,) = write(tmp_path, log=OTHER_THINGS["deals"])
    (found,) = run_here("check", "--activities", path, "--format", "json").json["tables"]
    assert (found["kind"], found["rows_used"], found["questions"]) == ("activities", 4, [])
    book = case("50-a-copy-of-a-sheet") / "book.xlsx"
    asked_of = [one["questions"] for one in run_here("check", book, "--format", "json").json["tables"]]
    assert any("holds the same 50 rows" in question for questions in asked_of for question in questions)


CONTRACTS = "K1,Acme,2025-01-01,\nK2,Acme,2025-02-01,2026-03-01\nK3,Bolt,2025-02-01,\n"


@pytest.mark.parametrize(
    ("header", "asked"),
    one_in(
        3,
        [
            ("Contract,Partner,Start,End", True),
            ("Vertragsnummer,Partner,Beginn,Ende", True),
            ("agreement id,partner,start date,end date", True),
            ("subscription id,partner,started at,ended at", False),  # partners do not subscribe
            ("customer,partner,start date,end date", False),
        ],
    ),
)
def test_contracts_of_nobody_knows_whom(tmp_path: Path, header: str, asked: bool) -> None:
    """Contracts of partners without a customer may be the partners' own: a question, which --customers answers."""
    path = tmp_path / "k.csv"
    path.write_text(f"{header}\n{CONTRACTS}", encoding="utf-8")
    card = ("-o", tmp_path / "card.xlsx", "--as-of", "2026-06-30", "--format", "json")
    run = run_here("scorecard", path, *card)
    assert (run.code, "--customers FILE or --partners FILE" in run.err) == ((2, True) if asked else (0, False))
    said = run_here("scorecard", "--customers", path, *card)
    assert (said.code, said.json["total"]["customers"]) == (0, 2)
    note = "each contract counts as a customer"
    assert (note in run_here("retention", path, "--as-of", "2026-06-30").err) == (not header.startswith("customer"))


def test_a_sheet_that_is_too_large_for_the_limits(tmp_path: Path) -> None:
    """One that nobody named stops its workbook only where no other sheet holds what is asked for."""
    settings = tmp_path / "own.toml"
    settings.write_text("[limits]\nrows = 60\n", encoding="utf-8")
    log = "\n".join(["when,what", *(f"2026-07-01,line {number}" for number in range(90))])

    def book(name: str, **sheets: str) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.worksheets[0])
        for title, text in sheets.items():
            sheet = made.create_sheet(title)
            for line in text.splitlines():
                sheet.append([int(cell) if cell.isdecimal() else cell for cell in line.split(",")])
        made.save(tmp_path / name)
        return tmp_path / name

    told = "#Log has 91 rows, more than the limit of 60"
    both = book("both.xlsx", Log=log, Answers=ANSWERS)
    found = run_here("nps", both, "--format", "json", "--config", settings)
    assert (found.code, found.json["rows"]) == (0, run_here("nps", f"{both}#Answers", "--format", "json").json["rows"])
    (question,) = found.json["provenance"]["questions"]
    assert told in question
    assert f"raise limits.rows in {settings}" in question
    assert "passed over: " in found.err
    card = ("-o", tmp_path / "card.xlsx", "--config", settings, "--format", "json")
    run = run_here("scorecard", both, *card)
    assert (run.code, [told in one for one in run.json["questions"]]) == (0, [True])
    assert any(told in note for note in run.json["notes"])
    for stopped in (
        run_here("nps", f"{both}#Log", "--config", settings),
        run_here("nps", book("one.xlsx", Log=log), "--config", settings),
        run_here("nps", book("other.xlsx", Log=log, Things="colour,size\nred,1\nblue,2\n"), "--config", settings),
        run_here("scorecard", tmp_path / "other.xlsx", *card[:4]),
    ):
        assert (stopped.code, told in stopped.err) == (1, True)


NO_ACTIVITIES = {
    "overlaps": "Partner Name,Population,Overlap Accounts,Last Sync\nAcme,Customers,20,2026-07-02\n"
    "Acme,Leads,4,2026-07-02\nBolt,Customers,9,2026-07-02\n",
    "seats": "partner,date,seats in use\nAcme,2026-07-02,20\nBolt,2026-07-02,4\nCog,2026-07-02,9\n",
    "visits": "Partner;Datum;Besuche\nAcme;2.7.2026;20\nBolt;13.7.2026;4\nCog;2.8.2026;9\n",
}


@pytest.mark.parametrize("name", NO_ACTIVITIES)
def test_numbers_of_each_partner_are_no_activities(name: str, tmp_path: Path) -> None:
    """One row a partner with a number that is no amount of an activity: said to be activities they are."""
    (path,) = write(tmp_path, numbers=NO_ACTIVITIES[name])
    asked(run_here("advocacy", path, "--partners", "5"), "--activities")
    told = run_here("advocacy", "--activities", path, "--partners", "5", "--format", "json").json
    assert told["rows"][0]["activities"] == 3


def test_activities_of_one_row_a_partner_with_their_amount_and_id(tmp_path: Path) -> None:
    """An id, or the worth of each referral, measures nothing of a partner."""
    (path,) = write(
        tmp_path, acts="id,partner,date,value\n17,Acme,2026-07-02,900\n18,Bolt,2026-07-13,80\n21,Cog,2026-08-02,1\n"
    )
    assert run_here("advocacy", path, "--partners", "5", "--format", "json").json["rows"][0]["activities"] == 3


def checked(*arguments: str | Path) -> tuple[str, str]:
    """Return the questions and the notes of the one table that `check` looked at."""
    (found,) = run_here("check", *arguments, "--format", "json").json["tables"]
    return "\n".join(found["questions"]), "\n".join(found["notes"])


def test_check_says_what_counting_by_periods_asks(tmp_path: Path) -> None:
    """A date that no column is: a note, and with --period, or a period in the settings, the question of the command."""
    answers, acts = write(tmp_path, answers="partner,nps\nAcme,9\nBolt,3\n", acts="partner,type\nAcme,reference\n")
    settings = tmp_path / "partnerkpi.toml"
    settings.write_text('[options]\nperiod = "quarter"\n', encoding="utf-8")
    for path, command in ((answers, ["nps"]), (acts, ["advocacy", "--partners", "5"])):
        assert "--date COLUMN" in checked(path)[1]
        asked(run_here(*command, path, "--period", "quarter"), "--date COLUMN")
        for told in (("--period", "quarter"), ("--config", settings)):
            assert "no column that is recognised as the date" in checked(path, *told)[0]


def test_check_says_what_a_command_of_another_kind_asks(tmp_path: Path) -> None:
    """Another rating, numbers of activities in what could be a list of partners, and deals."""
    csat, counts, deals, listed = write(
        tmp_path,
        csat="Ticket,Partner,CSAT (0-10)\n1,Acme,9\n2,Bolt,3\n3,Acme,10\n4,Bolt,7\n",
        counts="Partner,References\nAcme,2\nBolt,1\nCog,3\n",
        deals="Deal,Partner,Customer,Close Date\nD1,Acme,F1,2026-07-01\nD2,Acme,F2,2026-08-13\n",
        listed=PARTNERS,
    )
    assert "'CSAT (0-10)' asks for satisfaction" in checked(csat)[0]
    assert "as activities: " in checked(counts)[1]
    assert "holds numbers of activities" in checked(counts)[1]
    assert all(word in checked(deals)[1] for word in ("as activities: ", "as customers: "))
    assert checked(listed) == ("", "")
    assert "is a list of partners" in checked("--activities", listed)[0]
