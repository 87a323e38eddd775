"""Columns of customers under the names that systems give them: who it is, since when, what it pays, in which unit."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import run_here
from sampled import one_in

from partnerkpi.tables.units import unit_of

#: Number, name, partner, first day, last day: B goes on in a second contract, which is no loss.
ROWS = (
    ("1001", "Adler GmbH", "Alder", "2025-01-10", ""),
    ("1002", "Brightwater", "", "2025-02-03", "2026-01-31"),
    ("1002", "Brightwater", "", "2026-02-01", ""),
    ("1003", "Cobalt", "Birk", "2025-03-15", "2026-02-20"),
    ("1004", "Delta", "", "2025-04-01", ""),
    ("1005", "Elm", "Birk", "2026-05-20", ""),
)
RIGHT = (4, 3)  # of the first quarter of 2026: Cobalt left


def written(folder: Path, header: str, row: str) -> Path:
    path = folder / "contracts.csv"
    lines = [row.format(n=n, c=c, p=p, s=s, e=e, i=i) for i, (n, c, p, s, e) in enumerate(ROWS)]
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    return path


def first_quarter(*words: str | Path) -> tuple[int, int]:
    rows = run_here("retention", *words, "--period", "quarter", "--format", "json").json["rows"]
    (found,) = [(row["customers"], row["retained"]) for row in rows if row["period"] == "2026-Q1"]
    return found


@pytest.mark.parametrize(
    "header",
    one_in(
        2,
        [
            *("Kundennummer,Kunde", "Customer ID,Customer", "Client ID,Client", "customer_id,customer_name"),
            *("Auftraggeber,Name 1", "Cod. cliente,Ragione sociale", "Code client,Raison sociale", "KUNNR,NAME1"),
        ],
    ),
)
def test_a_number_and_a_name_of_a_customer(header: str, tmp_path: Path) -> None:
    """Where each name has one number nothing is asked: it is the same customer."""
    path = written(tmp_path, f"Contract,{header},Partner,Start,End", "k{i},{n},{c},{p},{s},{e}")
    assert first_quarter(path) == RIGHT
    checked = run_here("check", path, "--format", "json").json["tables"][0]
    assert checked["questions"] == []


def test_a_name_of_two_numbers_is_asked(tmp_path: Path) -> None:
    """Two branches of one name, or one customer whose number changed: only the user knows."""
    path = written(tmp_path, "Customer ID,Customer,Partner,Start,End", "{n}{i},{c},{p},{s},{e}")
    said = run_here("retention", path, "--period", "quarter")
    assert (said.code, "'Customer ID', 'Customer'" in said.err) == (2, True)
    assert first_quarter(path, "--customer", "Customer") == RIGHT
    assert first_quarter(path, "--customer", "Customer ID") == (4, 2)


@pytest.mark.parametrize("name", ["Besteller", "Nr. des Bestellers"])
def test_who_a_customer_is_under_a_name_nobody_knows(name: str, tmp_path: Path) -> None:
    """Each row counted as a customer, and a renewed contract as lost, without a word."""
    path = written(tmp_path, f"Beleg,{name},Partner,Plan,Beginn,Ende", "k{i},{n},{p},Basic,{s},{e}")
    said = run_here("retention", path)
    assert (said.code, f"{name!r} stands in several rows" in said.err) == (2, True)
    assert first_quarter(path, "--customer", name) == RIGHT
    assert first_quarter(path, "--customer", "Beleg") == (4, 2)
    alone = path.read_text("utf-8").replace("k2,1002", "k2,1099")
    path.write_text(alone, "utf-8")
    assert first_quarter(path) == (4, 2)


def test_the_day_of_a_record_is_no_beginning(tmp_path: Path) -> None:
    """A CRM makes a record before its account is a customer; a known name says since when, of another it is asked."""
    row = "{n},{c},{p},2024-06-30,{s},2026-05-01,{e}"
    path = written(
        tmp_path, "Record ID,Company name,Partner,Create Date,Became a Customer Date,Last Modified Date,Churn Date", row
    )
    assert first_quarter(path) == RIGHT
    path = written(tmp_path, "Record ID,Company name,Partner,Create Date,Handshake,Last Modified Date,Churn Date", row)
    said = run_here("retention", path, "--period", "quarter")
    assert (said.code, "'Handshake' may be the one since when" in said.err) == (2, True)
    assert first_quarter(path, "--start-date", "Handshake") == RIGHT
    path = written(
        tmp_path,
        "Record ID,Company name,Partner,Create Date,Last Modified Date,Churn Date",
        "{n},{c},{p},{s},2026-05-01,{e}",
    )
    assert first_quarter(path) == RIGHT


MONEY = (
    *(("Revenue start (k€)", "Revenue end (k€)"), ("ARR start in TEUR", "ARR end in TEUR")),
    *(("Starting MRR (USD thousands)", "Ending MRR (USD thousands)"), ("Start ARR, $K", "End ARR, $K")),
    *(("Umsatz Beginn", "Umsatz Ende"), ("CA début", "CA fin"), ("Ingresos inicio", "Ingresos fin")),
    *(
        ("old_mrr", "new_mrr"),
        ("MRR at start", "MRR at end"),
        ("ARR BoP", "ARR EoP"),
        ("Opening ARR [€]", "Closing ARR"),
    ),
    *(("ARR up for renewal", "ARR after renewal"), ("Ricavi inizio", "Ricavi fine"), ("ARR_START_USD", "ARR_END_USD")),
)


@pytest.mark.parametrize(("start", "end"), one_in(3, MONEY))
def test_money_at_the_start_and_the_end(start: str, end: str, tmp_path: Path) -> None:
    """Of 30 at the start 21 are left, and 19.5 without what was sold more."""
    path = tmp_path / "customers.csv"
    path.write_text(f'Customer,Renewed,"{start}","{end}"\nA,yes,12.5,14\nB,no,10,0\nC,yes,7.5,7\n', "utf-8")
    (row,) = run_here("retention", path, "--format", "json").json["rows"]
    assert row["net_revenue_retention"] == pytest.approx(70)
    assert row["gross_revenue_retention"] == pytest.approx(65)


def test_the_unit_of_one_column(tmp_path: Path) -> None:
    """12.5 (k€) and 14000 (€) are one customer's; euros and dollars in two headings have no sum."""
    path = tmp_path / "customers.csv"
    text = "Customer,Renewed,Revenue start (k€),Revenue end (€)\nA,yes,12.5,14000\nB,no,10,0\nC,yes,7.5,7000\n"
    path.write_text(text, "utf-8")
    done = run_here("retention", path, "--format", "json")
    assert done.json["rows"][0]["net_revenue_retention"] == pytest.approx(70)
    assert "'Revenue start (k€)' is in thousands, as its heading says: 1 counts as 1,000" in done.err
    path.write_text(text.replace("end (€)", "end ($)"), "utf-8")
    done = run_here("retention", path, "--format", "json")
    assert "net_revenue_retention" not in done.json["rows"][0]
    assert "do not add up" in done.err
    path.write_text(text.replace("12.5", "12.5k"), "utf-8")
    assert "says a size itself" in run_here("retention", path).err


def test_new_revenue_is_no_end(tmp_path: Path) -> None:
    """New MRR beside an opening and a closing one is that of new customers."""
    path = tmp_path / "customers.csv"
    path.write_text("Customer,Renewed,Starting MRR,New MRR,Ending MRR\nA,yes,10,3,12\nB,no,10,3,0\n", "utf-8")
    assert run_here("retention", path, "--format", "json").json["rows"][0]["net_revenue_retention"] == pytest.approx(60)
    path.write_text("Customer,Renewed,Starting MRR,New MRR\nA,yes,10,3\nB,no,10,3\n", "utf-8")
    assert "net_revenue_retention" not in run_here("retention", path, "--format", "json").json["rows"][0]


@pytest.mark.parametrize(
    ("heading", "zeros", "currency", "rest"),
    [
        *(("Annual value (k€)", 3, "EUR", "annual value"), ("ARR TEUR", 3, "EUR", "arr")),
        *(("Umsatz in Tsd. €", 3, "EUR", "umsatz"), ("Revenue ($M)", 6, "USD", "revenue")),
        *(("Revenue (in thousands)", 3, "", "revenue"), ("Revenue ('000)", 3, "", "revenue"), ("arr_k", 3, "", "arr")),
        *(
            ("Revenue $'000s", 3, "USD", "revenue"),
            ("CA (M€)", 6, "EUR", "ca"),
            ("Umsatz Mio. CHF", 6, "CHF", "umsatz"),
        ),
        *(("MRR (EUR)", 0, "EUR", "mrr"), ("MRR M", 0, "", "mrr m"), ("Value T", 0, "", "value t")),
        *(("Revenue in 2026", 0, "", "revenue in 2026"), ("Made in Italy", 0, "", "made in italy")),
    ],
)
def test_what_a_heading_says_of_the_unit(heading: str, zeros: int, currency: str, rest: str) -> None:
    """A size beside a currency, behind in, or in words; an M or T alone says nothing."""
    found = unit_of(heading)
    assert (found.zeros, found.currency, found.rest) == (zeros, currency, rest)


def test_the_value_of_partners_in_thousands(tmp_path: Path) -> None:
    """A list in thousands of euros is worth what its heading says."""
    partners, answers = tmp_path / "partners.csv", tmp_path / "answers.csv"
    partners.write_text("partner,tier,annual value (k€)\nAlder,Gold,12.5\nBirk,Gold,7\n", "utf-8")
    answers.write_text("partner,date,nps\nAlder,2026-04-01,3\nBirk,2026-05-01,9\n", "utf-8")
    rows = run_here("compare", partners, answers, "--format", "json").json["rows"]
    assert {row["group"]["partner"]: row["annual_value"] for row in rows} == {"Alder": 12_500, "Birk": 7_000}


STATES = (
    "Customer,Partner,Status,Start,End\n"
    "A,Alder,{0},2025-01-10,{1}\nB,,Active,2025-02-03,{2}\nC,Birk,{3},2025-03-15,2026-02-20\n"
    "D,,Active,2025-04-01,\nE,Birk,Active,2026-05-20,\nF,,Active,2026-06-20,\n"
)


@pytest.mark.parametrize(
    ("status", "state"),
    [("Active", "active"), ("laufend", "laufend"), ("In force", "in force"), ("vigente", "vigente")],
)
def test_active_after_its_end(status: str, state: str, tmp_path: Path) -> None:
    """A term that renews itself, or an old status: one of them is not true, and which is asked; both answers work."""
    path = tmp_path / "contracts.csv"
    path.write_text(STATES.format(status, "2025-12-31", "2025-12-31", "Expired").replace("Active", status), "utf-8")
    said = run_here("retention", path, "--period", "quarter")
    assert (said.code, f"{status!r} (2)" in said.err) == (2, True)
    assert first_quarter(path, "--end-date", "End") == (2, 1)
    assert first_quarter(path, "--retained-words", state) == (4, 3)


@pytest.mark.parametrize("end", ["2026-06-25", "2026-07-05", "2026-12-31"])
def test_an_end_that_has_not_come(end: str, tmp_path: Path) -> None:
    """Of seven customers one is active, and ends after all other dates: planned, however few they are."""
    path = tmp_path / "contracts.csv"
    path.write_text(STATES.format("Active", end, "", "Expired"), "utf-8")
    rows = run_here("retention", path, "--period", "quarter", "--format", "json").json["rows"]
    found = {row["period"]: (row["customers"], row["retained"]) for row in rows}
    assert list(found)[-1] == "2026-Q2"
    assert (found["2026-Q1"], found["2026-Q2"]) == ((4, 3), (3, 3))
    assert "planned" in run_here("retention", path, "--period", "quarter").err
    rows = run_here("retention", path, "--period", "quarter", "--as-of", "2026-12-31", "--format", "json").json["rows"]
    lost = "2026-Q2" if end < "2026-07" else "2026-Q3" if end < "2026-10" else "2026-Q4"
    assert {row["period"] for row in rows if row["period"] and row["retained"] < row["customers"]} == {"2026-Q1", lost}


@pytest.mark.parametrize(("name", "zero"), [("MRR", "0"), ("Umsatz (k€)", "0,00"), ("Amount", ""), ("arr_usd", None)])
def test_what_customers_pay_by_month(name: str, zero: str | None, tmp_path: Path) -> None:
    """Amounts by month say who is there: the question names the column, and its answer counts; gone is 0 or no row."""
    paid = {"A": "111111", "B": "110000", "C": "011111", "D": "111101", "E": "000011"}
    rows = [
        f"{who};2026-0{month};{'12,5' if one == '1' else zero}"
        for who, months in paid.items()
        for month, one in enumerate(months, 1)
        if one == "1" or zero is not None
    ]
    path = tmp_path / "mrr.csv"
    path.write_text("\n".join([f"Customer;Month;{name}", *rows]), "utf-8")
    said = run_here("retention", path, "--period", "quarter")
    assert (said.code, f"--retained {name!r}" in said.err) == (2, True)
    told = run_here("retention", path, "--period", "month", "--retained", name, "--format", "json").json["rows"]
    found = {row["period"]: (row["customers"], row["retained"]) for row in told}
    assert [found[f"2026-0{month}"] for month in range(2, 7)] == [(3, 3), (4, 3), (3, 3), (3, 2), (3, 3)]


@pytest.mark.parametrize(("heading", "yes", "no"), [("Is Active", "Yes", "No"), ("aktiv", "ja", "nein")])
def test_yes_to_active_beside_dates(heading: str, yes: str, no: str, tmp_path: Path) -> None:
    """It says of who is there, whatever a column called churn would say with it: nothing contradicts the dates."""
    text = STATES.format("Active", "", "", "Expired").replace("Status", heading)
    path = tmp_path / "contracts.csv"
    path.write_text(
        text.replace("Active,", f"{yes},").replace("Expired", no).replace(f"Is {yes}", "Is Active"), "utf-8"
    )
    assert first_quarter(path) == (4, 3)
    path.write_text(path.read_text("utf-8").replace(",2026-02-20", ","), "utf-8")
    assert f"{no!r} (1)" in run_here("retention", path, "--period", "quarter").err


def test_gone_without_a_day(tmp_path: Path) -> None:
    """Who left, no one knows when, was there for ever: it is asked, set aside where said, and lost in all."""
    path = tmp_path / "contracts.csv"
    path.write_text(STATES.format("Churned", "", "", "Churned"), "utf-8")
    said = run_here("retention", path, "--period", "quarter")
    assert (said.code, "'Churned' (1)" in said.err) == (2, True)
    assert "--lost-words churned" in said.err
    assert first_quarter(path, "--lost-words", "churned") == (3, 2)
    done = run_here("retention", path, "--period", "quarter", "--lost-words", "churned", "--format", "json").json
    assert done["provenance"]["set_aside"] == {"left without a date": 1}
    (row,) = run_here("retention", path, "--format", "json").json["rows"]
    assert (row["customers"], row["retained"]) == (6, 4)


@pytest.mark.parametrize("heading", ["Renewed (Y/N)", "Renouvelé (O/N)", "Verlängert (J/N)", "Churned? (yes/no)"])
def test_the_answers_may_stand_in_the_heading(heading: str, tmp_path: Path) -> None:
    """Two of three stay."""
    yes, no = {"O": "ON", "J": "JN"}.get(heading[-4], "YN")
    left = heading.startswith("Churned")
    path = tmp_path / "customers.csv"
    stays, goes = (no, yes) if left else (yes, no)
    path.write_text(f"Customer,{heading}\nA,{stays}\nB,{goes}\nC,{stays}\n", "utf-8")
    (row,) = run_here("retention", path, "--format", "json").json["rows"]
    assert (row["customers"], row["retained"]) == (3, 2)


@pytest.mark.parametrize("name", ["Partner of Record", "Referral Partner", "Vertriebspartner", "Apporteur"])
def test_whose_a_customer_is(name: str, tmp_path: Path) -> None:
    """In the words of CRM systems; under any other name a note says how to name it."""
    path = written(tmp_path, f"Customer ID,{name},Start,End", "{n},{p},{s},{e}")
    rows = run_here("retention", path, "--format", "json").json["rows"]
    assert rows[0]["partner_customers"] == 3
    path = written(tmp_path, "Customer ID,Won by,Start,End", "{n},{p},{s},{e}")
    assert "--partner COLUMN" in run_here("retention", path).err


def test_a_wide_table_of_customers(tmp_path: Path) -> None:
    """Of a hundred columns those that are counted are held; figures and rows that are set aside are the same."""
    lines = [
        f"{n},{p},{s},{e},{'ab'[i % 2]}"
        for i, (n, _, p, s, e) in enumerate((*ROWS, ("9", "", "", "2025-09-01", "2025-01-01")))
    ]
    found = []
    for more in (0, 100):
        path, aside = tmp_path / "customers.csv", tmp_path / "aside.csv"
        header = ",".join(["customer_id,partner,start_date,end_date,area", *(f"x{n}" for n in range(more))])
        path.write_text("\n".join([header, *(line + ",1" * more for line in lines)]), "utf-8")
        asked = ("--period", "quarter", "--by", "area", "--set-aside", aside, "--format", "json")
        rows = run_here("retention", path, *asked).json["rows"]
        (row,) = aside.read_text("utf-8").splitlines()[1:]
        found.append((rows, row.removesuffix(",1" * more) if more else row))
    assert found[0][0] == found[1][0]
    assert "end before its start" in found[1][1]
    assert found[0][1].split(",")[:6] == found[1][1].split(",")[:6]


FOLLOWING = (
    "contract,customer,partner,start_date,end_date\n"
    "1,A,Alder,2025-01-01,2026-06-30\n2,A,Birk,2026-07-01,\n3,B,Alder,2025-02-01,\n4,C,Birk,2025-03-01,2026-05-20\n"
    "5,D,Alder,2025-03-01,2026-08-31\n6,D,Birk,2026-08-01,\n7,E,,2026-09-10,\n"
)


def test_a_contract_after_the_day_tells_who_goes_on(tmp_path: Path) -> None:
    """As of 30 June A has renewed from 1 July and is still Alder's, as D is; E is no customer yet."""
    path, cut = tmp_path / "customers.csv", tmp_path / "until.csv"
    path.write_text(FOLLOWING, "utf-8")
    rows = [line for line in FOLLOWING.splitlines() if not line.startswith(("2,", "6,", "7,"))]
    cut.write_text("\n".join(rows).replace("2026-06-30", "").replace("2026-08-31", ""), "utf-8")
    for more in ((), ("--period", "quarter"), ("--period", "quarter", "--by", "partner"), ("--by", "partner")):
        asked = (*more, "--as-of", "2026-06-30", "--format", "json")
        found = [run_here("retention", one, *asked).json["rows"] for one in (path, cut)]
        assert found[0] == found[1]
    assert (found[0][0]["customers"], found[0][0]["retained"]) == (4, 3)
    alders = next(row for row in found[0] if row["group"] == {"partner": "Alder"})
    assert (alders["customers"], alders["retained"]) == (3, 3)


@pytest.mark.parametrize(("begins", "kept"), [("2026-07-01", 120), ("2026-08-10", 0)])
def test_money_of_a_contract_after_the_day(tmp_path: Path, begins: str, kept: int) -> None:
    """A renewal that follows at once is what its customer goes on with; one that begins later is another beginning."""
    path = tmp_path / "customers.csv"
    head = "customer,partner,start_date,end_date,revenue_start,revenue_end\n"
    rows = f"A,Alder,2025-07-01,2026-06-30,100,100\nA,Birk,{begins},,120,120\nB,Alder,2025-07-01,,100,100\n"
    path.write_text(head + rows, "utf-8")
    whole = run_here("retention", path, "--as-of", "2026-06-30", "--format", "json").json["rows"][0]
    assert (whole["customers"], whole["retained"]) == (2, 1 + (kept > 0))
    assert whole["net_revenue_retention"] == pytest.approx(100 * (100 + kept) / 200)


def test_a_quarter_that_has_begun_tells_who_went_on(tmp_path: Path) -> None:
    """The page of a scorecard is about the quarter before it; A's contract of 1 July is there all the same."""
    path, answers = tmp_path / "customers.csv", tmp_path / "answers.csv"
    path.write_text(FOLLOWING.replace("2026-08-01", "2026-07-05").replace("7,E,,2026-09-10,\n", ""), "utf-8")
    answers.write_text("partner,date,nps\n" + "".join(f"Alder,2026-0{m}-05,9\n" for m in range(1, 8)), "utf-8")
    asked = ("scorecard", path, answers, "-o", tmp_path / "o.xlsx", "--format", "json")
    for more in ((), ("--as-of", "2026-06-30")):
        total = run_here(*asked, *more).json["total"]
        assert (total["customers"], total["retained"]) == (4, 3)


def test_who_is_asked_after_the_day_is_not_resting(tmp_path: Path) -> None:
    """A plan as of 30 June knows nothing of the people who answered in August."""
    files = [tmp_path / "answers.csv", tmp_path / "until.csv"]
    days = [("a", "2025-11-05"), ("b", "2026-02-05"), ("c", "2026-06-05"), ("a", "2026-08-01"), ("b", "2026-08-02")]
    for path, last in zip(files, ("2026-12-31", "2026-06-30"), strict=True):
        rows = [f"Alder,{who},{day},9" for who, day in days if day <= last]
        path.write_text("\n".join(["partner,email,date,nps", *rows]), "utf-8")
    plans = [run_here("plan", path, "--as-of", "2026-06-30", "--format", "json").json["rows"] for path in files]
    assert plans[0] == plans[1]


def test_ends_before_their_starts_are_asked_about(tmp_path: Path) -> None:
    """Set aside, those who left would make the rate 100 %; one in twenty ends that is a slip is set aside and told."""
    rows = "".join(f"N{n},2025-0{1 + n % 9}-11,{'2024-01-01' if n % 4 == 0 else ''}\n" for n in range(12))
    path = tmp_path / "customers.csv"
    path.write_text(f"Customer,Start,End\n{rows}", encoding="utf-8")
    done = run_here("retention", path)
    assert done.code == 2
    assert "in 3 of the 3 rows that have both days, 'End' is before 'Start'" in done.err
    named = run_here("retention", path, "--end-date", "End", "--format", "json").json
    assert named["provenance"]["set_aside"] == {"end before its start": 3}
    rows = "".join(f"N{n},2025-01-11,{'2024-12-01' if n == 3 else '2025-06-01'}\n" for n in range(20))
    path.write_text(f"Customer,Start,End\n{rows}Z,2026-01-01,\n", encoding="utf-8")
    assert run_here("retention", path, "--format", "json").json["provenance"]["set_aside"] == {
        "end before its start": 1
    }


def test_rows_that_are_no_customers_are_told(tmp_path: Path) -> None:
    """They count, and the note says how to leave them out; a type of company or of contract says nothing of it."""
    rows = "".join(
        f"N{n},{'Churned' if n % 4 == 0 else 'Active'},{'Prospect' if n < 3 else 'Paying'}\n" for n in range(12)
    )
    path = tmp_path / "customers.csv"
    path.write_text(f"Customer,Status,Type\n{rows}", encoding="utf-8")
    done = run_here("retention", path, "--format", "json")
    assert "'Type' says 'Prospect' of some rows, which count as all others do" in done.err
    assert (done.json["rows"][0]["customers"], done.json["rows"][0]["retained"]) == (12, 9)
    without = run_here("retention", path, "--where", "Type!=Prospect", "--format", "json").json["rows"][0]
    assert (without["customers"], without["retained"]) == (9, 7)
    path.write_text(f"Customer,Status,Type\n{rows}".replace("Prospect", "Annual"), encoding="utf-8")
    assert "of some rows" not in run_here("retention", path).err
