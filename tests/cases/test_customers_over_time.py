"""Customers over time: spans, open ends, planned ends, contracts, snapshots, and the words of a customer's life."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import run, run_here
from office import ROOT
from sampled import one_in, quick_where

from partnerkpi.tables import customer_names

CASES = ROOT.parent / "shared" / "cases"


def case(name: str) -> Path:
    """Return a file of ../shared/cases; skip the test where there is none."""
    path = CASES / name
    if not path.exists():
        pytest.skip(f"{name} is in the shared cases, which this machine does not have")
    return path


def written(folder: Path, text: str, name: str = "customers.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def counted(*asked: str | Path) -> dict[str | None, tuple[int, int]]:
    """Return customers and retained of each period, None for the whole."""
    rows = run_here("retention", *asked, "--format", "json").json["rows"]
    return {row["period"]: (row["customers"], row["retained"]) for row in rows if not row["group"]}


def question(*asked: str | Path) -> str:
    """Return the question with which the command stops, in one line."""
    done = run_here("retention", *asked, "--format", "json")
    assert done.code == 2, done.out
    (said,) = json.loads(done.out)["questions"]
    assert "\n" not in said
    return str(said)


@pytest.mark.parametrize("file", ["sub0.csv", "subnull0.csv", "subnull6.csv"])
def test_a_mark_for_an_open_end_is_no_end(file: str) -> None:
    """Whatever stands for nothing: 26 customer-quarters, 22 retained."""
    found = counted(case(f"06-open-end-NULL/{file}"), "--period", "quarter")
    assert found[None] == (26, 22)


FAR = ("2999-12-31", "2099-12-31", "9999-12-31 23:59:59", "0001-01-01", "1900-01-01", "open")
OPEN = ("ongoing", "unbefristet", "-", "Durée indéterminée")
#: Each mark with one of the words and each word with a mark, and all pairs of them where all tests are run.
PAIRS = quick_where(
    lambda mark, more: FAR.index(mark) % len(OPEN) == OPEN.index(more), [(mark, more) for mark in FAR for more in OPEN]
)


@pytest.mark.parametrize(("mark", "more"), one_in(3, PAIRS))
def test_far_years_and_words_are_no_end(tmp_path: Path, mark: str, more: str) -> None:
    """2 of 3 stay: one ended in May."""
    rows = f"a,2025-01-01,{mark}\nb,2025-02-01,{more}\nc,2025-03-01,2025-05-20\nd,2025-05-25,\n"
    path = written(tmp_path, f"customer,start_date,end_date\n{rows}")
    assert counted(path, "--period", "quarter")["2025-Q2"] == (3, 2)
    assert counted(path)[None] == (4, 3)


def test_a_renewed_contract_is_no_loss(tmp_path: Path) -> None:
    """A new contract from the next day goes on with the old one, by the grace also one that begins later."""
    path = case("07-renewed-contract-counts-as-lost/multi.csv")
    for options in ([], ["--customer", "customer_id"]):
        assert counted(path, *options, "--period", "quarter")["2026-Q2"] == (4, 3)
    later = written(tmp_path, path.read_text(encoding="utf-8").replace("C4,Birk,2026-04-11", "C4,Birk,2026-04-20"))
    assert counted(later, "--period", "quarter")["2026-Q2"] == (4, 2)
    assert counted(later, "--period", "quarter", "--grace", "10")["2026-Q2"] == (4, 3)
    settings = written(tmp_path, "[retention]\ngrace_days = 10\n", "partnerkpi.toml")
    assert counted(later, "--period", "quarter", "--config", settings)["2026-Q2"] == (4, 3)


def test_billing_periods_are_joined(tmp_path: Path) -> None:
    """Consecutive rows are one span; what goes on after the last row is not known, so its period is not counted."""
    expected = {None: (11, 10), "2026-02": (3, 3), "2026-03": (3, 3), "2026-04": (3, 2), "2026-05": (2, 2)}
    path = case("29-one-row-per-billing-month/bill.csv")
    assert counted(path, "--period", "month") == expected
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    turned = written(tmp_path, "\n".join([head, *reversed(rows)]))
    assert counted(turned, "--period", "month") == expected
    assert counted(turned, "--period", "month", "--as-of", "2026-06-30")["2026-06"] == (2, 2)
    april = ("--period", "month", "--as-of", "2026-04-30")
    assert counted(turned, *april) == {
        key: found for key, found in expected.items() if key is not None and key <= "2026-04"
    } | {None: (9, 8)}
    # Without the rows of May nothing is known of who pays for it.
    cut = written(tmp_path, "\n".join([head, *(row for row in rows if row.split(",")[3] <= "2026-04-30")]), "cut.csv")
    assert counted(cut, *april) == {None: (9, 9), "2026-02": (3, 3), "2026-03": (3, 3), "2026-04": (3, 3)}
    assert "3 customers end on 30 Apr 2026 or later and count as still there" in run_here("retention", cut, *april).err


def test_several_subscriptions_are_one_customer(tmp_path: Path) -> None:
    """Who keeps two of three subscriptions is retained; their money adds up."""
    path = case("30-several-subscriptions-of-one-customer/subs.csv")
    assert counted(path, "--period", "quarter")["2026-Q2"] == (2, 2)
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    money = [f"{head},revenue_start,revenue_end", *(f"{row},100,{110 if row[-1] == ',' else 100}" for row in rows)]
    result = run_here("retention", written(tmp_path, "\n".join(money)), "--period", "quarter", "--format", "json").json
    (last,) = [row for row in result["rows"] if row["period"] == "2026-Q2"]
    assert last["net_revenue_retention"] == pytest.approx(100 * (110 * 3) / 400)  # A loses 100 of 300 and gains 20
    assert last["gross_revenue_retention"] == pytest.approx(100 * (400 - 80) / 400)


def test_a_planned_end_opens_no_period(tmp_path: Path) -> None:
    """An end alone after all other dates is planned, and said; --as-of says otherwise."""
    path = case("57-the-figure-depends-on-the-day/sched2.csv")
    assert counted(path, "--period", "quarter") == {None: (12, 9), "2026-Q1": (3, 3), "2026-Q2": (9, 6)}
    assert counted(path) == {None: (10, 7)}
    assert "1 customer ends later, on 31 Oct 2026" in run_here("retention", path).err
    assert counted(path, "--as-of", "2026-12-31") == {None: (10, 6)}
    two = path.read_text(encoding="utf-8").replace("K09,2026-03-22,", "K09,2026-03-22,2026-11-30")
    assert counted(written(tmp_path, two), "--period", "quarter") == counted(path, "--period", "quarter")


@pytest.mark.parametrize("day", ["2026-07-05", "2026-11-28", "2027-02-01"])
def test_the_day_of_the_run_decides_nothing(day: str, tmp_path: Path) -> None:
    """The clock of another day gives the same figures; the process is its own, with its own clock."""
    path = case("57-the-figure-depends-on-the-day/sched2.csv")
    clock = written(
        tmp_path,
        "import datetime\nclass Day(datetime.date):\n    @classmethod\n    def today(cls):\n"
        f"        return datetime.date.fromisoformat('{day}')\ndatetime.date = Day\n",
        "sitecustomize.py",
    )
    done = run("retention", path, "--period", "quarter", "--format", "json", PYTHONPATH=f"{clock.parent}:{ROOT}")
    assert [(row["customers"], row["retained"]) for row in done.json["rows"]] == [(12, 9), (3, 3), (9, 6)]


def test_who_has_not_begun_is_no_customer_yet() -> None:
    """Of five contracts two begin after the as-of day."""
    path = case("57-the-figure-depends-on-the-day/future.csv")
    result = run_here("retention", path, "--as-of", "2026-06-30", "--format", "json").json
    assert (result["rows"][0]["customers"], result["rows"][0]["retained"]) == (3, 2)
    assert result["provenance"]["set_aside"] == {"date outside the window": 2}
    assert "--as-of" in question(path)


def test_a_status_says_that_an_end_has_come(tmp_path: Path) -> None:
    """An end alone after all other dates has come where the status says that the customer is gone."""
    rows = "A;aktiv;01.02.2025;\nB;{};13.02.2025;30.06.2025\nC;aktiv;20.03.2025;\n"
    head = "customer_id;Status;Beginn;Vertragsende\n"
    gone = written(tmp_path, head + rows.format("gekündigt"))
    assert counted(gone, "--period", "quarter") == {None: (3, 2), "2025-Q2": (3, 2)}
    planned = written(tmp_path, head + rows.format("aktiv"))
    assert counted(planned) == {None: (3, 3)}
    assert "--as-of" in question(planned, "--period", "quarter")


def test_a_mistyped_start_is_set_aside(tmp_path: Path) -> None:
    """It opens no period, and its customer is told."""
    rows = "".join(f"{number},2025-0{number % 4 + 1}-05,\n" for number in range(20))
    path = written(tmp_path, f"customer,start,end\n{rows}x,2062-03-05,\ny,2025-02-05,2025-05-20\n")
    result = run_here("retention", path, "--period", "quarter", "--format", "json").json
    assert result["rows"][-1]["period"] == "2025-Q2"
    assert result["provenance"]["set_aside"] == {"date far from all others": 1}


def test_a_list_of_those_who_left_has_no_rate(tmp_path: Path) -> None:
    """With starts as well, where the column is called after leaving; terms that all have ended are a question."""
    path = case("58-only-those-who-left/leavers.csv")
    for source in (
        path,
        written(tmp_path, "kunde,beginn,gekündigt am\na,2024-01-05,2025-02-28\nb,2024-03-09,2025-06-30\n"),
    ):
        done = run_here("retention", source)
        assert (done.code, done.out) == (1, "")
        assert "list of those who left" in done.err
    terms = case("58-only-those-who-left/terms.csv")
    for options in ([], ["--period", "year"]):
        assert "--as-of" in question(terms, "--customer", "customer", *options)
    assert counted(terms, "--as-of", "2025-06-30") == {None: (3, 2)}


def test_nobody_has_left_yet(tmp_path: Path) -> None:
    """A column of ends without any date: everybody is there."""
    path = case("65-nobody-has-left-yet/noleft.csv")
    assert counted(path) == {None: (3, 3)}
    assert counted(path, "--period", "quarter") == {None: (3, 3), "2026-Q2": (3, 3)}
    assert "nobody has an end date in 'end_date'" in run_here("retention", path).err
    nulls = path.read_text(encoding="utf-8").replace(",\n", ",NULL\n")
    assert counted(written(tmp_path, nulls), "--period", "quarter")["2026-Q2"] == (3, 3)
    assert counted(written(tmp_path, "client,date de fin\na,\nb,\n")) == {None: (2, 2)}


def test_an_end_before_its_start_is_set_aside(tmp_path: Path) -> None:
    """The row with its reason, and not its customer's other ones."""
    rows = "a,2025-03-01,2025-01-01\na,2025-04-01,\nb,2025-01-01,\nc,2025-01-01,2025-04-20\n"
    result = run_here("retention", written(tmp_path, f"customer,start,end\n{rows}"), "--format", "json").json
    assert (result["rows"][0]["customers"], result["rows"][0]["retained"]) == (3, 2)
    assert result["provenance"]["set_aside"] == {"end before its start": 1}


PAIRS = [
    *(("started_at", "ended_at"), ("subscription_start", "subscription_end"), ("created_at", "canceled_at")),
    *(("contract_start_date", "contract_end_date"), ("ACTIVE_FROM", "ACTIVE_TO"), ("effective_date", "expiry_date")),
    *(("startDate", "endDate"), ("Start Date", "Cancellation Date"), ("valid_from", "valid_to"), ("From", "To")),
    *(("Customer Since", "Churned On"), ("signup_date", "churn_date"), ("activated_on", "terminated_on")),
    *(("service_start_date", "service_end_date"), ("term_start", "term_end"), ("joined", "left on")),
    *(("subscribed_at", "unsubscribed_at"), ("effective_from", "expires_at"), ("Policy Start Date", "Policy End Date")),
    *(
        ("Beginn", "Ende"),
        ("Vertragsbeginn", "Vertragsende"),
        ("Kunde seit", "Gekündigt zum"),
        ("gültig ab", "gültig bis"),
    ),
    *(("début", "fin"), ("Date de début", "Date de fin"), ("date d'effet", "date de résiliation"), ("du", "au")),
    *(("inicio", "fin"), ("Fecha de alta", "Fecha de baja"), ("data de início", "data de término")),
    *(("Start Date (UTC)", "Ended At (UTC)"), ("Account Created At", "Account Closed On")),
    *(("Data inizio", "Data fine"), ("Startdatum", "Einddatum"), ("startdato", "slutdato"), ("data od", "data do")),
]


@pytest.mark.parametrize(("start", "end"), one_in(3, PAIRS))
def test_start_and_end_are_known_by_their_names(tmp_path: Path, start: str, end: str) -> None:
    """As billing and CRM systems call them: 2 of 3 stay in the second quarter."""
    rows = "A,2025-01-05,\nB,2025-02-07,2025-05-20\nC,2025-03-13,\nD,2025-05-25,\n"
    path = written(tmp_path, f"customer_id,{start},{end}\n{rows}")
    assert counted(path, "--period", "quarter")["2025-Q2"] == (3, 2)


def test_no_name_is_both_a_start_and_an_end() -> None:
    """A name that stood on both sides would make one column the other's equal."""
    starts = {name for line in customer_names.START for name in line.split(", ")}
    ends = {name for line in customer_names.END for name in line.split(", ")}
    assert starts & ends == set()
    assert set(customer_names.LEAVING.split(", ")) < ends


SNAPSHOTS = "customer,month,partner,status\n" + "".join(
    f"{who},2026-{month:02d},{partner},{status}\n"
    for who, partner, states in (
        ("a", "Acme", ("active",) * 6),
        ("b", "", ("active", "active", "churned", "churned", "churned", "churned")),
        ("c", "Acme", ("active", "at_risk", "active", "active", "active", "cancelled")),
        ("d", "Birk", (None, None, None, "active", "past_due", "active")),
        ("e", "", ("active", "active", "active", None, None, None)),
    )
    for month, status in enumerate(states, 1)
    if status is not None
)


def test_snapshots_by_month_are_spans(tmp_path: Path) -> None:
    """Who was there last month is the base, who is gone or missing this month is lost, and once only."""
    path = written(tmp_path, SNAPSHOTS)
    expected = {"2026-02": (4, 4), "2026-03": (4, 3), "2026-04": (3, 2), "2026-05": (3, 3), "2026-06": (3, 2)}
    whole = tuple(map(sum, zip(*expected.values(), strict=True)))
    assert counted(path, "--retained", "status", "--period", "month") == expected | {None: whole}
    assert counted(path, "--period", "quarter") == {None: (3, 1), "2026-Q2": (3, 1)}
    assert counted(path) == {None: (5, 2)}
    days = written(
        tmp_path, SNAPSHOTS.replace(",Acme,", "-28,Acme,").replace(",Birk,", "-28,Birk,").replace(",,", "-28,,")
    )
    assert counted(days, "--period", "month", "--date", "month") == expected | {None: whole}


def test_who_comes_back_is_new_again(tmp_path: Path) -> None:
    """Gone for a month: lost in it, and base again after the month in which it came back."""
    states = {1: "active", 2: "active", 3: "churned", 4: "active", 5: "active"}
    rows = "".join(f"a,2026-{month:02d},{status}\nb,2026-{month:02d},active\n" for month, status in states.items())
    found = counted(written(tmp_path, f"customer,month,status\n{rows}"), "--period", "month")
    assert found == {None: (7, 6), "2026-02": (2, 2), "2026-03": (2, 1), "2026-04": (1, 1), "2026-05": (2, 2)}


def test_the_partner_is_that_of_the_contract_in_force(tmp_path: Path) -> None:
    """A customer that changes its partner counts for the one it has at the start of the period, and once."""
    rows = "s1,A,Alder,2025-01-01,2025-12-31\ns2,A,Birk,2026-01-01,\ns3,B,,2025-01-01,\ns4,B,Corvane,2025-06-01,\n"
    path = written(tmp_path, f"subscription_id,customer_id,partner,start_date,end_date\n{rows}s5,C,,2026-05-05,\n")
    result = run_here("retention", path, "--by", "partner", "--period", "year", "--format", "json").json
    found = {(row["group"].get("partner"), row["period"]): row["customers"] for row in result["rows"] if row["group"]}
    assert {key: count for key, count in found.items() if key[1] is not None and count} == {
        ("Birk", "2026"): 1,
        ("Corvane", "2026"): 1,
    }
    quarters = run_here("retention", path, "--by", "partner", "--period", "quarter", "--format", "json").json["rows"]
    assert {row["group"]["partner"] for row in quarters if row["group"] and row["period"] == "2025-Q4"} >= {"Alder"}


# ---- the words of a customer's life


LIFE = "63-life-cycle-words/life.csv"


def test_words_of_life_count_and_open_ones_are_asked(tmp_path: Path) -> None:
    """Paused, trialing and non_renewing are a question with their counts; options and settings answer it."""
    path = case(LIFE)
    for asked in ([path, "--retained", "status"], [path]):
        said = question(*asked)
        assert all(
            word in said for word in ("'paused' (1)", "'trialing' (1)", "'non_renewing' (1)", "--retained-words")
        )
        assert "at_risk" not in said
    answer = ["--retained-words", "paused,trialing,non_renewing"]
    assert counted(path, "--retained", "status", *answer) == {None: (9, 7)}
    assert counted(path, "--retained-words", "paused", "--lost-words", "Trialing,non renewing") == {None: (9, 5)}
    settings = written(
        tmp_path, '[retention]\nretained_words = ["paused", "trialing"]\nlost_words = ["non_renewing"]\n', "p.toml"
    )
    assert counted(path, "--config", settings) == {None: (9, 6)}


@pytest.mark.parametrize(
    "words",
    [
        *(("Ativo", "Churn"), ("aktiv", "gekündigt"), ("actif", "résilié"), ("activo", "baja"), ("actif", "inactif")),
        *(("Active", "verloren"), ("PAST_DUE", "Cancelled"), ("At Risk", "expired"), ("attivo", "disdetto")),
        *(
            ("actief", "opgezegd"),
            ("ACTIF", "RE\u0301SILIE\u0301"),
            ("in\u00a0force", "lapsed\u00a0"),
            ("vigente", "De baja"),
        ),
        *(("oui", "non"), ("sì", "no"), ("Sí", "No"), ("tak", "nie"), ("sim", "não"), ("Y", "N"), ("TRUE", "FALSE")),
        *(("1", "0"), ("ja", "nein"), ("vrai", "faux"), ("wahr", "falsch"), ("ano", "ne"), ("✓", "✗")),
    ],
)
def test_the_words_of_all_languages_say_it(tmp_path: Path, words: tuple[str, str]) -> None:
    """Three stay and one leaves, whatever the case, the accents and the blanks."""
    stayed, left = words
    rows = f"a,{stayed}\nb,{stayed.upper()}\nc,{left}\nd, {stayed} \n"
    assert counted(written(tmp_path, f"customer,state of it\n{rows}"), "--retained", "state of it") == {None: (4, 3)}


def test_a_column_of_numbers_is_no_yes_or_no(tmp_path: Path) -> None:
    """No rate from the few cells that can be read; words that nobody knows are asked for."""
    assert "6 of 9 cells" in question(case("64-a-number-column-as-yes-or-no/frac.csv"), "--retained", "renewal_days")
    path = written(tmp_path, "customer,outcome\na,yes\nb,no\nc,yes\nd,moved\ne,merged\n")
    said = question(path, "--retained", "outcome")
    assert "'moved' (1)" in said
    assert "--lost-words" in said
    assert counted(path, "--retained", "outcome", "--lost-words", "moved,merged") == {None: (5, 2)}


def test_one_answer_and_blanks_are_a_question(tmp_path: Path) -> None:
    """A cross for those who left and nothing for the others is no rate of 0."""
    path = written(tmp_path, "customer,churned\na,x\nb,\nc,\nd,x\ne,\n")
    assert "blank" in question(path)
    assert counted(path, "--retained-words", "blank") == {None: (5, 3)}


def test_several_rows_with_yes_or_no_are_one_customer(tmp_path: Path) -> None:
    """It stays where one of its rows does; the same contract twice is one."""
    rows = "s1,A,yes\ns2,A,no\ns3,B,no\ns3,B,no\ns4,C,yes\n"
    path = written(tmp_path, f"subscription_id,customer_id,renewed\n{rows}")
    result: dict[str, Any] = run_here("retention", path, "--format", "json").json
    assert (result["rows"][0]["customers"], result["rows"][0]["retained"]) == (3, 2)
    assert result["provenance"]["set_aside"] == {"duplicate customer": 1}
    assert counted(path, "--customer", "subscription_id") == {None: (4, 2)}
