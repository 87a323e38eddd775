"""What billing and CRM systems export of customers: the right figure, or a question that can be answered."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from command import run_here
from sampled import one_in

#: Customer, partner, first day, last day: counted by hand, 6 customers and 5 retained in each of the two quarters.
PEOPLE = (
    ("A", "Alder", "2025-01-10", ""),
    ("B", "Alder", "2025-02-03", "2026-02-14"),
    ("C", "Birk", "2025-03-15", ""),
    ("D", "", "2025-04-01", "2026-05-20"),
    ("E", "", "2025-06-11", ""),
    ("F", "Corv", "2026-01-20", ""),
    ("G", "", "2026-04-05", "2026-06-25"),
    ("H", "Birk", "2025-11-02", ""),
)
QUARTERS = {"2025-Q4": (5, 5), "2026-Q1": (6, 5), "2026-Q2": (6, 5)}


def written(folder: Path, text: str, name: str = "customers") -> Path:
    path = folder / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    return path


def counted(*asked: str | Path) -> dict[str | None, tuple[int, int]]:
    """Return customers and retained of each period, None for the whole."""
    rows = run_here("retention", *asked, "--format", "json").json["rows"]
    return {row["period"]: (row["customers"], row["retained"]) for row in rows if not row["group"]}


def quarters(*asked: str | Path) -> dict[str | None, tuple[int, int]]:
    """Return the quarters that are counted by hand."""
    return {key: found for key, found in counted(*asked, "--period", "quarter").items() if key in QUARTERS}


def asked(*words: str | Path) -> str:
    """Return the one question with which the command stops."""
    done = run_here("retention", *words, "--format", "json")
    assert done.code == 2, done.out
    (said,) = json.loads(done.out)["questions"]
    return str(said)


def people(header: str, row: str, **more: Any) -> str:
    """Return a table of the customers; a row is a pattern of c, p, s and e."""
    change = more.get("change", str)
    return header + "".join(
        row.format(c=c, p=p, s=change(s), e=change(e) if e else more.get("none", "")) + "\n" for c, p, s, e in PEOPLE
    )


def compact(day: str) -> str:
    return day.replace("-", "")


@pytest.mark.parametrize(
    "none",
    one_in(3, ["99991231", "29991231", "00000000", "99999999", "00010101", "20991231", "9999-12-31", "open ended", ""]),
)
def test_days_without_marks_between(tmp_path: Path, none: str) -> None:
    """SAP's 99991231 is no unreadable date: with it those who stay were set aside, and the rate fell."""
    change = str if "-" in none else compact
    path = written(tmp_path, people("Kunde;Vertragsbeginn;Vertragsende\n", "{c};{s};{e}", change=change, none=none))
    assert quarters(path) == QUARTERS
    if not none:
        floats = people(
            "Kunde;Vertragsbeginn;Vertragsende\n", "{c};{s};{e}", change=lambda day: f"{compact(day)}.0", none=""
        )
        assert quarters(written(tmp_path, floats)) == QUARTERS


@pytest.mark.parametrize("mark", ["31.02.9999 (?)", "offen (29)", "2026-99-99"])
def test_ends_that_cannot_be_read_are_asked_about(tmp_path: Path, mark: str) -> None:
    """More than one in ten: those who have them may be there still, and no rate leaves them out."""
    path = written(tmp_path, people("Customer,Start,End\n", "{c},{s},{e}", none=mark))
    said = asked(path, "--start-date", "Start", "--end-date", "End", "--period", "quarter")
    assert f"{mark!r} (5)" in said
    assert quarters(path, "--start-date", "Start", "--end-date", "End", "--retained-words", mark) == QUARTERS


@pytest.mark.parametrize(
    ("start", "end", "customer", "also"),
    [
        ("Start (UTC)", "Ended At (UTC)", "Customer ID", "Start Date (UTC)"),
        ("subscriptions.started_at", "subscriptions.cancelled_at", "customers.id", "subscriptions.created_at"),
        ("Contract: Contract Start Date", "Contract: Contract End Date", "Account: Account Name", "Contract Start"),
    ],
)
def test_starts_that_hold_the_same_are_one(tmp_path: Path, start: str, end: str, customer: str, also: str) -> None:
    """Stripe writes a start twice: of columns that fit and hold the same the first is taken; of others it is asked."""
    text = people(f"{customer},{start},{also},{end}\n", "{c},{s},{s},{e}")
    assert quarters(written(tmp_path, text)) == QUARTERS
    if also.startswith("Start"):
        assert "--start-date" in asked(
            written(tmp_path, text.replace("2025-04-01,2025-04-01", "2025-04-01,2025-03-01"))
        )


@pytest.mark.parametrize(("notice", "last"), [("canceled_at", "expires_at"), ("Kündigungsdatum", "gültig bis")])
def test_the_day_of_the_notice_is_not_the_last_day(tmp_path: Path, notice: str, last: str) -> None:
    """Recurly's canceled_at comes before expires_at: which is meant is asked, unless the other one is there for all."""
    rows = (
        "A,2025-01-10,,{}\nB,2025-02-03,2026-03-20,2026-04-14\nC,2025-03-15,2025-12-30,2026-01-20\nD,2026-06-01,,{}\n"
    )
    path = written(tmp_path, f"customer_id,start_date,{notice},{last}\n" + rows.format("", ""))
    said = asked(path, "--period", "quarter")
    assert f"{notice!r}, {last!r}" in said
    found = quarters(path, "--end-date", last)
    assert (found["2026-Q1"], found["2026-Q2"]) == ((3, 2), (2, 1))
    for_all = written(tmp_path, path.read_text(encoding="utf-8").replace(",,\n", ",,2026-12-31\n"))
    assert quarters(for_all)["2026-Q1"] == (2, 1)


SIDES = "Customer,Partner,{}\nAcme,Alder,Yes,Yes,Yes\nBolt,,Yes,No,No\nCray,,No,Yes,Yes\nDorn,Birk,No,Yes,No\n"


@pytest.mark.parametrize("periods", ["2024,2025,2026", "Jan-26,Feb-26,Mar-26", "2026-Q1,2026-Q2,2026-Q3"])
def test_periods_side_by_side(tmp_path: Path, periods: str) -> None:
    """Yes in 2026 says nothing of who was there before it: three were and two are, which is no half of four."""
    path = written(tmp_path, SIDES.format(periods))
    names = periods.split(",")
    for more in ([], ["--retained", names[-1]], ["--churned", names[0]]):
        assert "Customer, Period and Active" in asked(path, *more)
    rows = [line.split(",") for line in SIDES.splitlines()[1:]]
    below = "".join(f"{row[0]},{name},{said}\n" for row in rows for name, said in zip(names, row[2:], strict=True))
    kind = {4: "year", 6: "month", 7: "quarter"}[len(names[0])]
    found = list(counted(written(tmp_path, f"Customer,Period,Active\n{below}"), "--period", kind).items())
    assert [two for period, two in found if period] == [(2, 1), (3, 2)]


@pytest.mark.parametrize(
    ("months", "ends", "kind"),
    [
        (("2025-01", "2025-12", "2026-01", "2026-05"), "2026-02", "month"),
        (("Q1 2025", "Q4 2025", "Q1 2026", "Q2 2026"), "Q1 2026", "quarter"),
        (("2024", "2024", "2025", "2026"), "2025", "year"),
    ],
)
def test_a_month_ends_on_its_last_day(tmp_path: Path, months: tuple[str, ...], ends: str, kind: str) -> None:
    """A contract until December and one from January are one span: the renewed customer was counted as lost."""
    first, last, next_one, late = months
    rows = f"1,A,{first},{last}\n2,A,{next_one},\n3,B,{first},{last}\n4,C,{first},\n5,D,{first},{ends}\n6,E,{late},\n"
    path = written(tmp_path, f"Contract,Customer,Start,End\n{rows}")
    more = ("--start-date", "Start", "--end-date", "End", "--period", "year" if kind == "year" else "quarter")
    found = counted(path, *more)
    if kind == "year":
        assert (found["2025"], found["2026"]) == ((3, 2), (2, 2))
    else:
        assert (found["2025-Q4"], found["2026-Q1"], found["2026-Q2"]) == ((4, 3), (3, 2), (2, 2))


def test_the_day_after_the_last(tmp_path: Path) -> None:
    """Billing periods that end on the day on which the next begins: who paid for March is no customer in April."""
    spans = [
        (who, month) for who, months in (("A", "123456"), ("B", "123"), ("C", "23456")) for month in map(int, months)
    ]
    rows = "".join(f"i{n},{who},2026-{m:02d}-01,2026-{m + 1:02d}-01\n" for n, (who, m) in enumerate(spans))
    path = written(tmp_path, f"invoice,customer_id,period_start,period_end\n{rows}")
    found = counted(path, "--period", "month")
    assert (found["2026-03"], found["2026-04"]) == ((3, 2), (2, 2))
    assert "'period_end' is the day after the last" in run_here("retention", path).err
    inclusive = "".join(
        f"i{n},{who},2026-{m:02d}-01,{dt.date(2026, m + 1, 1) - dt.timedelta(1)}\n" for n, (who, m) in enumerate(spans)
    )
    assert (
        counted(written(tmp_path, f"invoice,customer_id,period_start,period_end\n{inclusive}"), "--period", "month")
        == found
    )


@pytest.mark.parametrize("header", ["subscription_id,customer_id", "Product,customer_id"])
def test_a_later_export_says_who_has_left(tmp_path: Path, header: str) -> None:
    """The export of June beside that of May: B's contract has an end now, and is not one more that goes on."""
    rows = "s1,A,2025-01-01,\ns2,B,2025-01-01,{}\ns3,C,2025-02-01,2026-02-02\n"
    may = written(tmp_path, f"{header},start_date,end_date\n{rows.format('')}", "may")
    june = written(tmp_path, f"{header},start_date,end_date\n{rows.format('2026-05-20')}s4,D,2026-06-20,\n", "june")
    found = quarters(may, june)
    assert (found["2026-Q1"], found["2026-Q2"]) == ((3, 2), (2, 1))
    other = written(tmp_path, f"{header},start_date,end_date\ns8,B,2025-05-01,\ns9,A,2025-05-01,2026-01-31\n", "other")
    assert quarters(may, other)["2026-Q1"] == (3, 2)


def test_a_later_list_says_who_has_left(tmp_path: Path) -> None:
    """Two lists of the same customers with a status: that of the file named last counts."""
    lists = [
        written(tmp_path, f"customer_id,status\nA,active\nB,{b}\nC,active\nD,churned\n", b)
        for b in ("active", "churned")
    ]
    assert counted(*lists) == {None: (4, 2)}
    assert counted(*reversed(lists)) == {None: (4, 3)}


def test_ends_after_the_last_start(tmp_path: Path) -> None:
    """Somebody began every five days, and nobody after 20 June: ends of autumn are planned, or the data go on."""
    days = [dt.date(2025, 1, 1) + dt.timedelta(5 * number) for number in range(108)]
    ends = {number: dt.date(2025, 9, 10) + dt.timedelta(20 * number) for number in range(12)}
    ends |= {number: dt.date(2026, 7, 5) + dt.timedelta(15 * (number - 20)) for number in range(20, 28)}
    rows = "".join(f"c{number},{day},{ends.get(number, '')}\n" for number, day in enumerate(days))
    path = written(tmp_path, f"Customer,Start,End\n{rows}")
    for more in ([], ["--period", "quarter"]):
        said = asked(path, *more)
        assert "--as-of DATE: 2026-06-20, or 2026-10-18" in said
    assert list(counted(path, "--period", "quarter", "--as-of", "2026-06-30"))[-1] == "2026-Q2"
    assert counted(path, "--as-of", "2026-10-18")[None] == (108, 88)


@pytest.mark.parametrize(("year", "used"), [("2206", 7), ("0206", 7), ("9999", 8)])
def test_a_mistyped_end_is_set_aside(tmp_path: Path, year: str, used: int) -> None:
    """20 May 2206 is no mark for an open end, as the last day of a far year is."""
    day = f"{year}-12-31" if year == "9999" else f"{year}-05-20"
    path = written(tmp_path, people("Customer,Start,End\n", "{c},{s},{e}").replace("2026-05-20", day))
    done = run_here("retention", path, "--period", "quarter", "--format", "json").json["provenance"]
    assert (done["rows_used"], done["set_aside"]) == (used, {"date far from all others": 1} if used < 8 else {})


@pytest.mark.parametrize("day", ["0202-03-01", "1925-03-01"])
def test_a_mistyped_start_of_a_small_table(tmp_path: Path, day: str) -> None:
    """One row of nine, a century and more before all others, is no history: it opened 1,200 quarters."""
    path = written(tmp_path, people("Customer,Start,End\n", "{c},{s},{e}") + f"Z,{day},\n")
    assert f"1 row with a date in 'Start' far from all others ({day})" in asked(path, "--period", "quarter")


MONEY = (
    "Customer,Renewed,Currency,Starting ARR,Ending ARR\n"
    "A,yes,{0},{1}1000,{1}1200\nB,yes,{2},{3}2000,{3}1500\nC,no,{0},{1}500,0\n"
)


@pytest.mark.parametrize("codes", [("EUR", "", "EUR", ""), ("EUR", "", "USD", ""), ("", "€ ", "", "$ ")])
def test_several_currencies_do_not_add_up(tmp_path: Path, codes: tuple[str, ...]) -> None:
    """Of 3,500 at the start 2,700 are left; euros and dollars have no sum, and no revenue retention."""
    path = written(tmp_path, MONEY.format(*codes))
    done = run_here("retention", path, "--format", "json")
    (row,) = done.json["rows"]
    expected = 100 * 2700 / 3500 if codes == ("EUR", "", "EUR", "") else None
    assert row["customers"] == 3
    assert row.get("net_revenue_retention") == (pytest.approx(expected) if expected else None)
    assert ("do not add up" in done.err) is (expected is None)
    if codes[0] != codes[2]:
        (row,) = run_here("retention", path, "--where", "Currency=EUR", "--format", "json").json["rows"]
        assert row["net_revenue_retention"] == pytest.approx(100 * 1200 / 1500)


@pytest.mark.parametrize("between", ["; ", ";", " | "])
def test_several_partners_in_a_cell(tmp_path: Path, between: str) -> None:
    """A customer counts once, for its primary partner: which of a list that is, only the user knows."""
    text = f"Customer,Partner,Primary,Renewed\nA,Alder{between}Birk,Birk,yes\nB,Alder,Alder,yes\nC,,,no\n"
    said = asked(written(tmp_path, text))
    assert f"'Alder{between}Birk'" in said
    (row,) = run_here("retention", tmp_path / "customers.csv", "--partner", "Primary", "--format", "json").json["rows"]
    assert (row["partner_customers"], row["partner_retained"]) == (2, 2)


def test_ids_as_whole_numbers_with_decimals(tmp_path: Path) -> None:
    """1001.0 is customer 1001, in one column and in two files; 0042 is not 42."""
    rows = "1001.0,a,2025-01-01,2025-12-31\n1001,b,2026-01-01,\n0042,c,2025-01-01,\n42,d,2025-02-01,2026-02-01\n"
    found = quarters(written(tmp_path, f"Customer ID,Contract,Start,End\n{rows}7,e,2026-06-20,\n"))
    assert (found["2025-Q4"], found["2026-Q1"]) == ((3, 3), (3, 2))


def test_a_list_of_cancelled_subscriptions(tmp_path: Path) -> None:
    """Canceled At (UTC) is called after leaving, whatever stands around the words."""
    rows = "".join(f"c{n},2025-0{n}-05 10:00,2026-0{n}-11 10:00\n" for n in range(1, 7))
    done = run_here("retention", written(tmp_path, f"Customer ID,Start Date (UTC),Canceled At (UTC)\n{rows}"))
    assert (done.code, done.out) == (1, "")
    assert "list of those who left" in done.err


PARTNERS = "partner,tier,invited\nAlder,Gold,30\nBirk,Gold,30\n"


@pytest.mark.parametrize(("months", "rate"), [((4, 5, 6), None), ((3, 6), 16 / 60)])
def test_a_month_is_a_part_of_a_wave(tmp_path: Path, months: tuple[int, ...], rate: float | None) -> None:
    """The list says whom a quarter's wave invites: one of its months has no response rate, unless it has them all."""
    rows = "".join(
        f"{partner},r{month}{partner}{n}@x.org,2026-0{month}-{n + 13},{9 - n % 4}\n"
        for month in months
        for partner in ("Alder", "Birk")
        for n in range(8)
    )
    answers = written(tmp_path, f"Partner,Email,Date,NPS\n{rows}", "answers")
    listed = written(tmp_path, PARTNERS, "partners")
    out = tmp_path / "o.xlsx"
    done = run_here("scorecard", answers, listed, "--period", "month", "-o", out, "--format", "json")
    assert done.json["total"]["response_rate"] == (pytest.approx(100 * rate) if rate else None)
    assert ("has a part of the answers of one" in done.err) is (rate is None)


def test_months_are_not_cut_by_days(tmp_path: Path) -> None:
    """Until 15 August a table of months has all of August or nothing: it is compared with no part of May."""
    rows = "".join(
        f"{who},Reference,2026-0{month}\n" for month, who in enumerate(("Alder", "Birk", "Alder", "Alder", "Birk"), 4)
    )
    acts, listed = written(tmp_path, f"Partner,Type,Month\n{rows}", "acts"), written(tmp_path, PARTNERS, "partners")
    asked_for = ("--partners", listed, "--period", "quarter", "--compare", "previous", "--format", "json")
    for day, until, before in (("2026-08-31", "2026-05-31", 2), ("2026-08-15", None, None)):
        row = run_here("advocacy", acts, *asked_for, "--as-of", day).json["rows"][-1]
        assert (row["activities"], row["compared_until"], row["previous_activities"]) == (2, until, before)
        out = tmp_path / "o.xlsx"
        card = run_here("scorecard", acts, listed, "--as-of", day, "-o", out, "--format", "json").json
        assert (card["total"]["advocacy_change"] is None) is (until is None)
        assert run_here("verify", out).code == 0


#: Renewals as CRM systems list them: who, whose, and what became of it; four of six were won.
DEALS = [
    *(("A", "Alder", "Closed Won"), ("B", "Birk", "Closed Lost"), ("C", "Alder", "Closed Won")),
    *(("D", "", "Closed Won"), ("E", "", "Closed Lost"), ("F", "Birk", "Closed Won")),
]


@pytest.mark.parametrize(
    ("header", "won", "lost"),
    [
        ("Account Name,Partner Account,Stage,Close Date", "Closed Won", "Closed Lost"),
        ("Company,Partner,Deal Stage,Close Date", "closedwon", "closedlost"),
        ("Kunde,Partner,Phase,Closed Date", "Gewonnen", "Verloren"),
        ("Client,Partenaire,Étape,Closed On", "Gagnée", "Perdue"),
    ],
)
def test_the_day_on_which_a_deal_was_closed_is_no_end(tmp_path: Path, header: str, won: str, lost: str) -> None:
    """One that is still open has none, so that all that were won counted as lost; what became of them tells."""
    rows = "".join(
        f"{who},{partner},{won if stage == 'Closed Won' else lost},2026-03-{day:02d}\n"
        for day, (who, partner, stage) in enumerate(DEALS, 10)
    )
    path = written(tmp_path, f"{header}\n{rows}G,Alder,Negotiation,\n")
    stage, closed = header.split(",")[2:]
    said = asked(path)
    assert f"{closed!r} may be the day on which a deal was closed" in said
    assert f"--end-date '{closed}' counts it as that" in said
    assert counted(path, "--end-date", closed) == {None: (7, 1)}
    assert (f"--retained '{stage}'" if " " in stage else f"--retained {stage}") in said
    words = ("--retained-words", f"{won},Negotiation", "--lost-words", lost)
    assert counted(path, "--retained", stage, *words) == {None: (7, 5)}


def test_a_name_is_no_stage_of_a_deal(tmp_path: Path) -> None:
    """Won is a name, and what people write of a deal is no stage of one."""
    rows = "A,Kim Won,They have won a deal,2026-03-01\nB,Birk,,\nC,Kim Won,Nothing,2026-03-09\n"
    assert counted(written(tmp_path, f"Customer,Partner,Comment,Closed Date\n{rows}")) == {None: (3, 1)}


@pytest.mark.parametrize("also", ["Ticket", "Case Number", "Priority"])
def test_the_day_on_which_a_ticket_was_closed_is_no_end(tmp_path: Path, also: str) -> None:
    """Customers whose tickets are closed have not left; accounts that were closed have."""
    text = "Customer,Partner,{},Closed At\nA,Alder,1,2026-03-01\nB,Birk,2,\nC,Alder,3,2026-03-09\n"
    assert "the day on which a ticket was closed" in asked(written(tmp_path, text.format(also)))
    assert counted(written(tmp_path, text.format("Seats"))) == {None: (3, 1)}


@pytest.mark.parametrize(
    ("header", "thing", "customers"),
    [
        ("Booking ID,Guest,Cancelled on", "a booking ended", "Membership ID,Guest,Cancelled on"),
        ("Projekt-Nr.,Kunde,Enddatum", "a project ended", "Projekt-Nr.,Kunde,Vertragsende"),
        ("Quote,Account,Valid until", "a quote ended", "Licence,Account,Valid until"),
        ("Order,Customer,Cancelled At", "an order was cancelled", "Order,Customer,Subscription end"),
        ("Financial Status,Customer,Cancelled At", "an order was cancelled", "Order,Customer,Contract end"),
    ],
)
def test_the_end_of_something_else_is_asked_about(tmp_path: Path, header: str, thing: str, customers: str) -> None:
    """A booking that took place is no customer that stayed; what a contract names beside its end does no harm."""
    rows = "".join(f"N{number},Name {number},{'2026-03-01' if number % 3 == 0 else ''}\n" for number in range(12))
    path = written(tmp_path, f"{header}\n{rows}")
    assert f"may be the day on which {thing}" in asked(path)
    assert counted(path, "--end-date", header.split(",")[2]) == {None: (12, 8)}
    customer = ("--customer", customers.split(",")[1])
    assert counted(written(tmp_path, f"{customers}\n{rows}"), *customer) == {None: (12, 8)}


def test_words_that_decide_are_offered_one_by_one(tmp_path: Path) -> None:
    """All of them together as words of those who stayed would count what is still being negotiated."""
    rows = "".join(f"{number},{word}\n" for number, word in enumerate(["won"] * 4 + ["lost"] * 2 + ["signing"] * 2))
    said = asked(written(tmp_path, f"Customer,Outcome\n{rows}"), "--retained", "Outcome")
    assert "'won' (4), 'signing' (2)" in said
    assert said.endswith("such as --retained-words won, or in partnerkpi.toml under [retention]")


@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize(
    "below",
    [
        "Copyright © 2000-2026 salesforce.com, inc. All rights reserved.\n",
        "Run by Ann Lee, Operations\n",
        "Generated by: Ann Lee, 3 Dec 2026, Ops\n",
        "Exported for you only, by Ann\nCreated by Ann, Ops\n",
    ],
)
def test_a_sentence_with_separators_below_customers_is_no_customer(tmp_path: Path, gap: str, below: str) -> None:
    """It has no end, and counted as one that is still there."""
    table = people("Customer,Partner,Start,End,Owner\n", "{c},{p},{s},{e},Ann")
    assert quarters(written(tmp_path, f"{table}{gap}{below}")) == QUARTERS


def test_a_short_last_row_stays_one(tmp_path: Path) -> None:
    """Programs leave out cells at the end that hold nothing; with a number or a day in it the row is no sentence."""
    table = people("Customer,Partner,Start,End,Owner\n", "{c},{p},{s},{e},Ann")
    for last in ("I,The Alder Group Ltd,2025-02-01\n", "\nI,The Alder Group Ltd,2025-02-01\n"):
        found = quarters(written(tmp_path, f"{table}{last}"))
        assert found == {key: (there + 1, stayed + 1) for key, (there, stayed) in QUARTERS.items()}


@pytest.mark.parametrize(
    ("heading", "yes", "no"),
    [
        ("Auto renew", "Yes", "No"),
        ("Automatische Verlängerung", "ja", "nein"),
        ("Renewal type", "Automatic", "Manual"),
        ("Auto-Renewal", "TRUE", "FALSE"),
    ],
)
def test_what_renews_itself_has_not_ended(tmp_path: Path, heading: str, yes: str, no: str) -> None:
    """Its end is that of a term: three of these four are still there, and all four would be gone by their ends."""
    rows = [("A", "2025-05-14", yes), ("B", "2025-06-30", yes), ("C", "2025-07-13", yes), ("D", "2025-08-31", no)]
    text = f"Customer,Start,End,{heading}\n" + "".join(f"{c},2024-01-15,{e},{word}\n" for c, e, word in rows)
    text += "E,2026-01-20,2026-12-31,\n"
    said = asked(written(tmp_path, text))
    assert f"by {heading!r} 3 rows renew themselves, and their 'End' is before the last of all" in said
    assert "31 Dec 2026" in said
    ends = ("--end-date", "End", "--as-of", "2026-02-28")
    assert counted(written(tmp_path, text), *ends) == {None: (5, 1)}
    for _, end, word in rows:
        text = text.replace(f"{end},{yes}", f",{yes}") if word == yes else text
    assert counted(written(tmp_path, text), "--as-of", "2026-02-28") == {None: (5, 4)}


def test_a_term_that_goes_on_in_another_row_is_not_asked_about(tmp_path: Path) -> None:
    """The last row of a customer tells; who did not renew says no there."""
    text = "Customer,Start,End,Auto renew\nA,2024-01-15,2025-01-14,Yes\nA,2025-01-15,2026-01-14,No\n"
    text += "B,2024-01-20,2025-01-19,No\nC,2025-03-01,,Yes\n"
    assert counted(written(tmp_path, text), "--as-of", "2026-02-28") == {None: (3, 1)}


def test_a_column_of_churned_is_offered_as_what_it_is(tmp_path: Path) -> None:
    """Months in it are those in which they left; --retained would turn the rate round."""
    rows = "".join(f"N{number},{'2026-03' if number % 6 == 0 else ''}\n" for number in range(12))
    path = written(tmp_path, f"Customer,Churned\n{rows}")
    assert "'Churned' ('2026-03') may say when they left: --end-date 'Churned' counts by it" in asked(path)
    assert counted(path, "--end-date", "Churned") == {None: (12, 10)}
    path = written(tmp_path, f"Customer,Churn status\n{rows.replace('2026-03', 'went')}", "words")
    assert "'Churn status' ('went') may say it: --churned 'Churn status' counts by it" in asked(path)
