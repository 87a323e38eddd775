"""Reports with remarks below, invitations without answers, running totals, histories of a status: right, or asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import asked, rows_of
from sampled import one_in

from partnerkpi.tables import rows_of_persons

PARTNERS = ("Alder", "Birk", "Corv", "Dorn")
ACTIVITIES = (
    "Partner,Date,Activity\nAlder,2026-07-01,Referral\nBirk,2026-07-02,Case study\nAlder,2026-08-01,Reference\n"
)
#: Five promoters, two passives, three detractors.
SCORES = (10, 9, 9, 8, 7, 3, 6, 10, 10, 2)


def write(folder: Path, name: str, text: str) -> Path:
    """Write a file."""
    path = folder / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    return path


def bands(path: Path, *words: str) -> tuple[int, int, int]:
    """Return promoters, passives and detractors of the whole."""
    whole = rows_of("nps", path, *words)[0]
    return whole["promoters"], whole["passives"], whole["detractors"]


def retained(path: Path, *words: str) -> dict[str | None, tuple[int, int]]:
    """Return customers and retained of each quarter."""
    rows = rows_of("retention", path, "--period", "quarter", *words)
    return {row["period"]: (row["customers"], row["retained"]) for row in rows if row["period"]}


BELOW = (
    *("Total partners: 4,", "Number of partners,4", "Count of partners: 4,", "TOTAL PARTNERS (4),", "4 records,"),
    *("(4 rows),", "Gesamt: 4 Partner,", "Total : 4 partenaires,", "Anzahl: 4,", "Page 1 of 1,", "Stand: 01.10.2026,"),
    *("Gold = more than 1M,", "End of report,", "Confidential,", "Last updated 1 Oct 2026,"),
)


@pytest.mark.parametrize("remark", one_in(4, list(BELOW)))
def test_remarks_below_a_narrow_list(tmp_path: Path, remark: str) -> None:
    """What stands below a list of partners, and says how many there are or what words mean, is no partner of it."""
    done = write(tmp_path, "activities", ACTIVITIES)
    listed = "Partner,Tier\n" + "".join(f"{name},Gold\n" for name in PARTNERS)
    for text in (listed + remark + "\n", listed + ",\n" + remark + "\n"):
        (whole,) = rows_of("advocacy", done, "--partners", write(tmp_path, "partners", text))
        assert (whole["partners"], whole["active"], whole["activities"]) == (4, 2, 3)


def test_the_title_of_each_block_of_a_list(tmp_path: Path) -> None:
    """Silver partners, above a header that comes again, is no partner; a partner without a tier is one."""
    done = write(tmp_path, "activities", ACTIVITIES)
    text = "Gold partners,\nPartner,Country\nAlder,DE\nBirk,AT\n,\nSilver partners,\nPartner,Country\nCorv,FR\nDorn,\n"
    (whole,) = rows_of("advocacy", done, "--partners", write(tmp_path, "partners", text))
    assert (whole["partners"], whole["active"]) == (4, 2)


def test_pages_of_a_list(tmp_path: Path) -> None:
    """A line between two pages is no partner."""
    text = "Partner,Country\nAlder,DE\nBirk,AT\nPage 1 of 2,\nPartner,Country\nCorv,FR\nDorn,FR\nPage 2 of 2,\n"
    path = write(tmp_path, "activities", ACTIVITIES)
    (whole,) = rows_of("advocacy", path, "--partners", write(tmp_path, "partners", text))
    assert (whole["partners"], whole["active"]) == (4, 2)


def answers(persons: list[str]) -> str:
    """Return answers of two partners on some days of one quarter."""
    rows = (f"{PARTNERS[n % 2]},2026-07-{n + 1:02},{score},{persons[n]}\n" for n, score in enumerate(SCORES))
    return "Partner,Date,Score,Respondent\n" + "".join(rows)


@pytest.mark.parametrize(
    "word",
    one_in(
        3, ["Anónimo", "redacted", "(hidden)", "GDPR deleted", "***", "Guest", "匿名", "Anonymous User", "vertraulich"]
    ),
)
def test_nobody_in_other_words(tmp_path: Path, word: str) -> None:
    """Who is not named is no one person, of whose answers the latest alone would count."""
    path = write(tmp_path, "answers", answers([word if n % 3 else f"p{n}@example.com" for n in range(10)]))
    assert bands(path) == (5, 2, 3)


@pytest.mark.parametrize("many_rows", [200_000, 10], ids=["few rows", "very many rows"])
def test_one_address_for_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many_rows: int) -> None:
    """Where nearly all that does not count is of one person, it is asked; both answers work."""
    monkeypatch.setattr(rows_of_persons, "_MANY_ROWS", many_rows)
    rows = "".join(f"Alder,2026-07-{n + 1:02},{SCORES[n % 10]},info@example.com\n" for n in range(20))
    path = write(tmp_path, "answers", answers([f"p{n}@example.com" for n in range(10)]) + rows)
    said = asked("nps", path)
    assert "'info@example.com'" in said
    assert bands(path, "--duplicates", "all") == (15, 6, 9)
    assert bands(path, "--respondent", "Respondent") == (5, 2, 4)  # the last of the twenty is a 2


@pytest.mark.parametrize(
    ("column", "yes", "no"),
    [("Responded", "Yes", "No"), ("Survey status", "Completed", "Sent"), ("Beantwortet", "ja", "nein")],
)
def test_a_number_where_nobody_answered(tmp_path: Path, column: str, yes: str, no: str) -> None:
    """A 0 in the rows of those who did not answer is asked about: it counted as a detractor."""
    given = "".join(f"{PARTNERS[n % 4]},{score},{yes}\n" for n, score in enumerate(SCORES))
    none = "".join(f"{name},0,{no}\n" for name in PARTNERS)
    path = write(tmp_path, "answers", f"Partner,NPS score,{column}\n" + given + none)
    said = asked("nps", path)
    assert f'--where "{column}!={no}"' in said
    assert bands(path, "--where", f"{column}!={no}") == (5, 2, 3)
    assert bands(path, "--score", "NPS score") == (5, 2, 7)


@pytest.mark.parametrize("column", ["Answered on", "Submitted at", "Beantwortet am"])
def test_a_number_without_the_day_of_an_answer(tmp_path: Path, column: str) -> None:
    """Rows without the day on which somebody answered, and all with a 0, are asked about."""
    given = "".join(f"{PARTNERS[n % 4]},{score},2026-07-{n + 1:02}\n" for n, score in enumerate(SCORES))
    none = "".join(f"{name},0,\n" for name in PARTNERS)
    path = write(tmp_path, "answers", f"Partner,NPS score,{column}\n" + given + none)
    assert f'--where "{column}!="' in asked("nps", path)
    assert bands(path, "--where", f"{column}!=") == (5, 2, 3)
    assert bands(path, "--score", "NPS score") == (5, 2, 7)


@pytest.mark.parametrize("shape", ["{0} ({0}0%)", "{0} responses"])
def test_words_beside_numbers_of_answers(tmp_path: Path, shape: str) -> None:
    """The eleven possible answers are no eleven answers since "2 (20%)" stands beside each of them."""
    rows = "".join(f"{score},{shape.format(SCORES.count(score))}\n" for score in range(11))
    said = asked("nps", write(tmp_path, "counts", "Score,Responses\n" + rows))
    assert "write the numbers alone" in said


QUARTERS = {
    "2026-01": (3, 1, 2),
    "2026-02": (5, 2, 1),
    "2026-03": (4, 4, 2),
    "2026-04": (9, 3, 1),
    "2026-05": (7, 1, 4),
}


def counts(rows: dict[str, tuple[int, ...]], head: str = "Period,Promoters,Passives,Detractors") -> str:
    """Return numbers of answers."""
    return head + "\n" + "".join(f"{name},{','.join(map(str, numbers))}\n" for name, numbers in rows.items())


def test_running_totals_are_asked_about(tmp_path: Path) -> None:
    """Three numbers that never fall in five months; of the same months by themselves nothing is asked."""
    running, total = dict[str, tuple[int, ...]](), (0, 0, 0)
    for month, numbers in QUARTERS.items():
        running[month] = total = tuple(a + b for a, b in zip(total, numbers, strict=True))  # type: ignore[assignment]
    path = write(tmp_path, "running", counts(running, "Month,Promoters,Passives,Detractors"))
    assert "running totals" in asked("nps", path)
    sums = tuple(sum(numbers[place] for numbers in running.values()) for place in range(3))
    assert bands(path, "--frequency", "across") == sums
    months = write(tmp_path, "months", counts(QUARTERS, "Month,Promoters,Passives,Detractors"))
    assert bands(months) == (28, 11, 10)


@pytest.mark.parametrize("below", [True, False])
def test_sums_among_numbers_of_answers(tmp_path: Path, below: bool) -> None:
    """A region above or below its partners is their sum: it counted once more."""
    first, second = {"Alder": (9, 2, 4), "Birk": (6, 5, 7)}, {"Corv": (3, 3, 1), "Dorn": (8, 2, 5)}
    rows: dict[str, tuple[int, ...]] = {}
    for region, parts in (("EMEA", first), ("AMER", second)):
        total = {region: tuple(map(sum, zip(*parts.values(), strict=True)))}
        rows |= parts | total if below else total | parts
    path = write(tmp_path, "report", counts(rows))
    said = asked("nps", path)
    assert "'EMEA' in 'Period' is the sum of 'Alder' to 'Birk'" in said
    assert bands(write(tmp_path, "parts", counts(first | second))) == (26, 12, 17)


def test_a_benchmark_among_partners(tmp_path: Path) -> None:
    """What partners are compared with is none of them."""
    rows = {"Alder": (9, 2, 4), "Birk": (6, 5, 7), "Industry benchmark": (50, 30, 20)}
    path = write(tmp_path, "counts", counts(rows, "Partner,Promoters,Passives,Detractors"))
    said = asked("nps", path)
    assert '--where "Partner!=Industry benchmark"' in said
    assert bands(path, "--where", "Partner!=Industry benchmark") == (15, 7, 11)


def test_a_flag_for_each_band(tmp_path: Path) -> None:
    """A 1 in one of three columns of each row says which band its answer is in; rolling numbers are refused as such."""
    rows = "".join(f"Alder,{int(s > 8)},{int(6 < s < 9)},{int(s < 7)}\n" for s in SCORES)
    path = write(tmp_path, "flags", "Partner,Is Promoter,Is Passive,Is Detractor\n" + rows)
    assert bands(path) == (5, 2, 3)
    rolling = "Month,Promoters (rolling),Passives (rolling),Detractors (rolling)"
    assert "cannot be added up" in asked("nps", write(tmp_path, "rolling", counts(QUARTERS, rolling)))


HISTORY = (
    "customer,partner,{status},{start},{end}\n"
    "a,Alder,{there},2025-01-10,\n"
    "b,,{there},2025-02-01,2026-02-14\nb,,{gone},2026-02-15,\n"
    "c,Birk,{there},2025-03-01,2026-04-30\nc,Birk,{gone},2026-05-01,2026-06-30\nc,Birk,archived,2026-07-01,\n"
    "d,,{there},2025-03-01,\n"
)


@pytest.mark.parametrize(
    ("status", "there", "gone", "start", "end"),
    [
        ("status", "active", "churned", "valid_from", "valid_to"),
        ("Kundenstatus", "aktiv", "gekündigt", "gültig ab", "gültig bis"),
        ("State", "Subscribed", "Unsubscribed", "effective_from", "end_date"),
        ("Account Status", "Customer - Active", "Customer - Former", "Effective Start", "Effective End"),
    ],
)
def test_a_history_of_states(tmp_path: Path, status: str, there: str, gone: str, start: str, end: str) -> None:
    """Rows that say since when a customer has left made it one that is there for ever: 4 of 4 in each quarter."""
    names = {"status": status, "there": there, "gone": gone, "start": start, "end": end}
    path = write(tmp_path, "history", HISTORY.format(**names))
    said = asked("retention", path, "--period", "quarter")
    answer = ("--where", f"{status}={there}", "--end-date", end, "--as-of", "2026-07-01")
    assert f'--where "{status}={there}"' in said
    assert "--as-of 2026-07-01" in said
    found = retained(path, *answer)
    assert (found["2025-Q4"], found["2026-Q1"], found["2026-Q2"]) == ((4, 4), (4, 3), (3, 2))


def test_contracts_one_after_the_other_are_no_history(tmp_path: Path) -> None:
    """Renewed, and the next one churned: the customer was there until the end of the second."""
    text = (
        "Customer,Status,Start,End\na,Renewed,2025-01-01,2025-12-31\na,Churned,2026-01-01,2026-05-31\n"
        "b,Renewed,2025-01-01,2025-12-31\nb,Churned,2026-01-01,2026-04-30\nc,Active,2025-03-01,\nd,Active,2026-06-01,\n"
    )
    found = retained(write(tmp_path, "contracts", text))
    assert (found["2026-Q1"], found["2026-Q2"]) == ((3, 3), (3, 1))


def test_lists_of_several_days_below_each_other(tmp_path: Path) -> None:
    """In the list of January B has no end yet: it stayed one without end beside that of March."""
    text = (
        "Snapshot date,Customer ID,Partner,Start date,End date\n"
        "2026-01-31,a,Alder,2025-01-01,\n2026-01-31,b,Birk,2025-01-01,\n2026-01-31,c,,2025-02-01,\n"
        "2026-03-31,a,Alder,2025-01-01,\n2026-03-31,b,Birk,2025-01-01,2026-02-20\n2026-03-31,c,,2025-02-01,\n"
        "2026-03-31,d,,2026-03-01,\n"
    )
    path = write(tmp_path, "lists", text)
    said = asked("retention", path, "--period", "quarter")
    assert '--where "Snapshot date=2026-03-31"' in said
    assert retained(path, "--where", "Snapshot date=2026-03-31")["2026-Q1"] == (3, 2)


def test_the_day_of_a_status_is_no_period(tmp_path: Path) -> None:
    """Whoever stayed stood in the quarter of its last change alone."""
    text = "Customer,Customer since,Status,{}\na,2025-01-01,Active,2026-06-02\nb,2025-01-01,Churned,2026-02-02\n"
    for name in ("Status date", "Date of last status change"):
        path = write(tmp_path, "status", text.format(name))
        said = asked("retention", path, "--period", "quarter")
        assert "End date" in said
        assert rows_of("retention", path)[0]["retained"] == 1


def test_a_customer_of_two_partners_in_two_rows(tmp_path: Path) -> None:
    """Which of them is the primary one is asked, as it is of two in one cell; both answers work."""
    text = "Customer,Partner,Partner role,Retained\n" + "".join(
        f"{name},Alder,Reseller,{stays}\n{name},Birk,Implementer,{stays}\n"
        for name, stays in (("a", "yes"), ("b", "no"), ("c", "yes"))
    )
    path = write(tmp_path, "customers", text)
    said = asked("retention", path, "--by", "partner")
    assert '--where "Partner role=Implementer"' in said
    for words, name in ((("--partner", "Partner"), "Alder"), (("--where", "Partner role=Implementer"), "Birk")):
        rows = rows_of("retention", path, "--by", "partner", *words)
        assert [(row["group"], row["customers"], row["retained"]) for row in rows[1:]] == [({"partner": name}, 3, 2)]
