"""Time: survey waves, months as programs write them, days that count, periods that are not over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import office
import openpyxl
import pytest
from command import rows_by, run_here
from sampled import one_in

import partnerkpi
from partnerkpi.mail.message import message_of
from partnerkpi.mail.workbook import read_book


def case(name: str) -> Path:
    """Return the folder of a case beside the project; skip the test where there is none."""
    path = office.ROOT.parent / "shared" / "cases" / name
    if not path.exists():
        pytest.skip(f"{name} is in the shared cases, which this machine does not have")
    return path


def rows(*arguments: str | Path) -> dict[str | None, tuple[int, int, int]]:
    """Return promoters, passives and detractors of the whole and each period that has any, as `nps` says them."""
    told = run_here("nps", *arguments, "--format", "json", "--quiet").json["rows"]
    return {
        row["period"]: (row["promoters"], row["passives"], row["detractors"])
        for row in told
        if not row["group"] and row["responses"]
    }


def written(folder: Path, lines: str, name: str = "given.csv") -> Path:
    """Write a table as a CSV file."""
    path = folder / name
    path.write_text(lines, encoding="utf-8")
    return path


def scorecard(folder: Path, *arguments: str | Path) -> Any:
    """Return what `scorecard` prints as JSON."""
    return run_here("scorecard", *arguments, "-o", folder / "card.xlsx", "--format", "json", "--quiet").json


@pytest.mark.parametrize("period", ["all", "quarter", "month", "year"])
def test_one_figure_for_one_file(period: str) -> None:
    """A person has one answer in each quarter, whatever period is shown; all answers count where that is asked for."""
    answers = case("34-one-figure-for-one-file") / "r.csv"
    assert rows(answers, "--period", period)[None] == (3, 1, 0)
    assert rows(answers, "--period", period, "--duplicates", "all")[None] == (3, 1, 1)
    assert rows(answers, "--period", period, "--duplicates", "first")[None] == (2, 1, 1)


WAVES = """date,partner,respondent,score
2025-12-30,Alder,P1,9
2026-01-02,Alder,p1 ,3
2026-02-11,Alder,p1,10
2026-06-30,Alder,p1,7
2026-07-01,Alder,p1,8
"""


@pytest.mark.parametrize(
    ("wave", "whole"), [("quarter", (2, 2, 0)), ("month", (2, 2, 1)), ("year", (1, 1, 0)), ("none", (0, 1, 0))]
)
def test_the_wave_is_a_setting(tmp_path: Path, wave: str, whole: tuple[int, int, int]) -> None:
    """So long is a wave as the settings say; the scorecard adds up to the same."""
    settings = written(tmp_path, f'[options]\nwave = "{wave}"\n', "settings.toml")
    answers = written(tmp_path, WAVES.replace("P1", "p1").replace("p1 ", "p1"))
    for period in ("all", "year", "quarter", "month"):
        counted = rows(answers, "--period", period, "--config", settings)
        assert counted.pop(None) == whole
        if period != "all":
            assert tuple(map(sum, zip(*counted.values(), strict=True))) == whole
    card = scorecard(tmp_path, answers, "--config", settings, "--period", "all")
    assert (card["total"]["promoters"], card["total"]["passives"], card["total"]["detractors"]) == whole


def test_without_dates_the_file_is_one_wave(tmp_path: Path) -> None:
    """Of two answers of a person the lower row counts."""
    answers = written(tmp_path, "partner,respondent,score\nAlder,p1,3\nAlder,p1,9\nBirk,p1,7\n")
    assert rows(answers) == {None: (1, 1, 0)}


def test_months_as_numbers() -> None:
    """202607 is July 2026."""
    counted = rows(case("31-months-as-202607") / "m.csv", "--period", "month")
    assert counted == {None: (2, 1, 1), "2026-07": (1, 0, 1), "2026-08": (1, 1, 0)}


@pytest.mark.parametrize(
    ("first", "second", "period", "labels"),
    [
        ("2026M07", "2026M08", "month", ("2026-07", "2026-08")),
        ("2026-M07", "2026-M08", "month", ("2026-07", "2026-08")),
        ("M07/2026", "M08/2026", "month", ("2026-07", "2026-08")),
        ("Jul-26", "Aug-26", "month", ("2026-07", "2026-08")),
        ("Jul/26", "Aug/26", "month", ("2026-07", "2026-08")),
        ("2026-Jul", "2026-Aug", "month", ("2026-07", "2026-08")),
        ("juil. 2026", "août 2026", "month", ("2026-07", "2026-08")),
        ("1Q26", "2Q26", "quarter", ("2026-Q1", "2026-Q2")),
        ("26Q1", "26Q2", "quarter", ("2026-Q1", "2026-Q2")),
        ("2026-Q3", "2026-Q4", "quarter", ("2026-Q3", "2026-Q4")),
        ("Q3 2026", "Q4 2026", "quarter", ("2026-Q3", "2026-Q4")),
        ("T3 2026", "T4 2026", "quarter", ("2026-Q3", "2026-Q4")),
        ("Q3'26", "Q4'26", "quarter", ("2026-Q3", "2026-Q4")),
    ],
)
def test_periods_as_programs_write_them(
    tmp_path: Path, first: str, second: str, period: str, labels: tuple[str, str]
) -> None:
    """Months and quarters are read in every usual form, in a column that is called after them."""
    name = {"month": "month", "quarter": "survey quarter"}[period]
    told = written(
        tmp_path, f"{name},partner,score\n{first},Alder,9\n{first},Birk,3\n{second},Alder,10\n{second},Birk,8\n"
    )
    assert rows(told, "--period", period) == {None: (2, 1, 1), labels[0]: (1, 0, 1), labels[1]: (1, 1, 0)}


@pytest.mark.parametrize("form", ["FY26 Q1", "FY2026-Q1", "Q1 FY26", "FY26Q1"])
def test_quarters_of_a_financial_year(tmp_path: Path, form: str) -> None:
    """FY26 Q1 is April to June 2025 where the year begins in April, and a question where nobody has said when."""
    told = written(tmp_path, f"quarter,partner,score\n{form},Alder,9\n{form.replace('Q1', 'Q4')},Birk,3\n")
    asked = run_here("nps", told, "--period", "quarter", "--config", written(tmp_path, "", "none.toml"))
    assert asked.code == 2
    assert "fiscal_year_start" in asked.err
    settings = written(tmp_path, "[options]\nfiscal_year_start = 4\n", "settings.toml")
    counted = rows(told, "--period", "quarter", "--config", settings)
    assert counted == {None: (1, 0, 1), "FY2026-Q1": (1, 0, 0), "FY2026-Q4": (0, 0, 1)}
    settings = written(tmp_path, "[options]\nfiscal_year_start = 1\n", "calendar.toml")
    counted = rows(told, "--period", "quarter", "--config", settings)
    assert counted == {None: (1, 0, 1), "2026-Q1": (1, 0, 0), "2026-Q4": (0, 0, 1)}


def test_a_mistyped_year_opens_no_period(tmp_path: Path) -> None:
    """One answer of 2062 is set aside with its reason and a note, with and without periods."""
    answers = case("08-year-mistyped") / "typo.csv"
    card = scorecard(tmp_path, answers)
    assert card["period"] == "2026-Q3"
    assert card["provenance"][0]["set_aside"] == {"date far from all others": 1}
    assert any("2062-09-14" in note for note in card["notes"])
    quarters = rows(answers, "--period", "quarter")
    assert list(quarters) == [None, "2026-Q2", "2026-Q3"]
    assert rows(answers)[None] == quarters[None] == (56, 45, 19)


def days(*told: tuple[str, int]) -> str:
    """Return answers of so many days from a day on, a line each."""
    lines = ["date,partner,score"]
    for first, count in told:
        year, month, day = map(int, first.split("-"))
        lines += [f"{year}-{month:02d}-{day + after:02d},Alder,{9 if after % 2 else 7}" for after in range(count)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("slip", ["2206-08-11", "1926-08-11", "2062-08-11"])
@pytest.mark.parametrize("style", one_in(3, ["{0}-{1}-{2}", "{2}.{1}.{0}", "{1}/{2}/{0}"]))
def test_a_slip_in_any_century_and_style(tmp_path: Path, slip: str, style: str) -> None:
    """Before or after all others, however dates are written; activities as well as answers."""
    head, *lines = days(("2026-04-14", 17), ("2026-08-13", 17), (slip, 1)).split()
    turned = [",".join([style.format(*line.split(",")[0].split("-")), *line.split(",")[1:]]) for line in lines]
    answers = written(tmp_path, "\n".join([head, *turned]))
    for period in ("all", "quarter"):
        told = run_here("nps", answers, "--period", period, "--format", "json").json
        assert told["provenance"]["set_aside"] == {"date far from all others": 1}
        assert told["rows"][0]["responses"] == 34
    acts = written(tmp_path, "\n".join(["date,partner,activity type", *(f"{one[:-2]},reference" for one in turned)]))
    for period in ("all", "quarter"):
        told = run_here("advocacy", acts, "--partners", "3", "--period", period, "--format", "json").json
        assert told["provenance"]["set_aside"] == {"date far from all others": 1}


def test_more_than_a_few_are_a_question(tmp_path: Path) -> None:
    """The days that count answer it; a programme that paused for some years is none."""
    answers = written(tmp_path, days(("2026-08-01", 25), ("2062-08-01", 8)))
    asked = run_here("nps", answers, "--period", "quarter")
    assert asked.code == 2
    assert "--as-of DATE" in asked.err
    assert rows(answers, "--period", "quarter", "--as-of", "2026-12-31")[None] == (12, 13, 0)
    assert rows(answers, "--period", "quarter", "--as-of", "2062-12-31")[None] == (16, 17, 0)
    history = written(tmp_path, days(("2021-08-01", 12), ("2026-08-01", 25)))
    assert rows(history, "--period", "year") == {None: (18, 19, 0), "2021": (6, 6, 0), "2026": (12, 13, 0)}


def test_as_of_cuts_every_table(tmp_path: Path) -> None:
    """Nothing after the day counts, whichever command asks, and it takes the place of nothing before."""
    folder = case("24-as-of-cuts-every-table")
    files = [folder / f"{name}.csv" for name in ("resp", "acts", "cust", "partners")]
    until = ("--as-of", "2026-08-15")
    card = scorecard(tmp_path, *files, *until)
    assert (card["period"], card["total"]["responses"], round(card["total"]["nps"], 4)) == ("2026-Q3", 46, 13.0435)
    assert (card["total"]["active"], card["as_of"]) == (1, "2026-08-15")
    assert rows(folder / "resp.csv", "--from", "2026-07-01", *until)[None] == (19, 14, 13)
    told = run_here("advocacy", folder / "acts.csv", "--partners", folder / "partners.csv", *until, "--format", "json")
    assert (told.json["rows"][0]["active"], told.json["rows"][0]["activities"]) == (1, 1)
    for command in ("actions", "alerts", "compare", "outlook", "rewards", "whatif"):
        made = run_here(command, *files, *until, "--format", "json")
        assert made.code == 0, made.err
        assert not any(later in made.out for later in ("2026-08-2", "2026-09-02", "2026-09-10")), command


@pytest.mark.parametrize("day", ["15 Aug 2026", "15.8.2026", "2026/08/15", "8/15/2026", "Aug 15, 2026"])
def test_days_of_options_are_written_as_in_a_column(day: str) -> None:
    """Options take what the reader takes; of a month or a quarter the first or the last day."""
    answers = case("24-as-of-cuts-every-table") / "resp.csv"
    assert rows(answers, "--from", "Q3 2026", "--as-of", day)[None] == (19, 14, 13)
    assert rows(answers, "--from", "2026-07", "--as-of", "2026-Q3") == rows(answers, "--from", "2026-07-01")


def test_days_of_options_that_cannot_be_told(tmp_path: Path) -> None:
    """3/4/2026 is a question, and no day is an error."""
    answers = written(tmp_path, days(("2026-08-01", 25)))
    for day, told in (("3/4/2026", "--day-first"), ("soon", "2026-09-30")):
        asked = run_here("nps", answers, "--as-of", day)
        assert asked.code == 2
        assert told in asked.err


def test_a_quarter_that_has_just_begun(tmp_path: Path) -> None:
    """Five days of a quarter are no page, unless they are asked for."""
    files = sorted(case("35-a-quarter-that-has-just-begun").glob("*.csv"))
    card = scorecard(tmp_path, *files)
    assert (card["period"], card["total"]["active"], card["total"]["advocacy_rating"]) == ("2026-Q3", 8, "strong")
    assert any("Q4 2026 has begun" in note for note in card["notes"])
    begun = scorecard(tmp_path, *files, "--to-date")
    assert (begun["period"], begun["to_date"], begun["total"]["active"]) == ("2026-Q4", True, 1)
    assert begun["total"]["advocacy_rating"] is None
    # one of 8 partners in the first five days, five of 8 in as many of the quarter before: not 8
    assert (begun["total"]["advocacy_change"], begun["compared_until"]) == (-50, "2026-07-05")
    assert run_here("alerts", *files, "--to-date", "--format", "json", "--quiet").json["rows"] == []


def test_as_many_days_of_the_period_before(tmp_path: Path) -> None:
    """What adds up is compared with as many days: activities, who was on the list by then, answers, invitations.

    The 51st day of the third quarter is 20 August, and that of the second 21 May. By then Alder and Birk had been
    active of three partners, Dunmore joined in June; three of the four who answered that quarter had done so.
    """
    deeds = ["2026-04-01,Alder", "2026-05-21,Birk", "2026-05-22,Corvane", "2026-06-30,Dunmore", "2026-08-20,Alder"]
    acts = written(tmp_path, "date,partner,activity type\n" + "".join(f"{one},reference\n" for one in deeds), "a.csv")
    listed = "partner,joined_date,invited_contacts\nAlder,,4\nBirk,,4\nCorvane,,\nDunmore,2026-06-01,2\n"
    partners = written(tmp_path, listed, "p.csv")
    said = ["Alder,ann,2026-04-02", "Alder,bea,2026-05-21", "Birk,cem,2026-05-01", "Birk,dee,2026-06-09"]
    said += ["Alder,ann,2026-05-30", "Alder,ann,2026-07-02", "Birk,cem,2026-08-19", "Corvane,eva,2026-08-20"]
    answers = "partner,respondent,date,score\n" + "".join(f"{one},9\n" for one in said)
    files = (acts, partners, written(tmp_path, answers, "r.csv"))
    card = scorecard(tmp_path, *files)
    assert (card["period"], card["to_date"], card["compared_until"]) == ("2026-Q3", True, "2026-05-21")
    assert card["total"]["advocacy_change"] == pytest.approx(25 - 100 * 2 / 3)
    asked = ("advocacy", acts, "--partners", partners, "--period", "quarter", "--by", "partner", "--compare")
    told = run_here(*asked, "previous", "--format", "json")
    assert "compared with Q2 2026 until 21 May 2026, as many days" in told.err
    rows = rows_by(told.json)
    assert [
        rows["2026-Q3",][key] for key in ("change", "compared_until", "previous_activities", "rating", "flags")
    ] == [*(pytest.approx(25 - 100 * 2 / 3), "2026-05-21", 2, None, ["to date"])]
    # of the three that were on the list by then one stopped, and a single coin gives either side half of the time
    total = partnerkpi.build_scorecard([*files]).view().total
    assert rows["2026-Q3",]["p"] == total.advocacy_change.p == 0.5
    assert [rows[name, "2026-Q3"]["change"] for name in ("Alder", "Birk", "Corvane", "Dunmore")] == [0, -1, 0, 0]
    assert rows["2026-Q2",]["rating"] == "strong"
    assert run_here(*asked, "year", "--format", "json").json["rows"][2]["compared_until"] is None
    over = rows_by(run_here(*asked, "previous", "--as-of", "2026-09-30", "--format", "json").json)["2026-Q3",]
    assert (over["change"], over["compared_until"], over["rating"]) == (25 - 100, None, "investigate")
    book = tmp_path / "to date.xlsx"
    assert run_here("scorecard", *files, "-o", book, "--quiet").code == 0
    assert run_here("verify", book, "--quiet").code == 0
    data = openpyxl.load_workbook(book, data_only=True)["Data"]
    rows = list(data.iter_rows(values_only=True))
    figures = {cell: row[place : place + 3] for row in rows for place, cell in enumerate(row) if cell}
    then = "{}, by the same day of the period before"
    kinds = ("Partners on the list", "Active partners", "Activities", "Answers of the invited", "Invited")
    assert [figures[then.format(kind)] for kind in kinds] == [
        (then.format(kind), "–", count) for kind, count in zip(kinds, (3, 2, 2, 3, 8), strict=True)
    ]
    told = message_of(read_book(book).page, "en", book.name)
    assert len(told.sentences) == 1  # of the NPS: what moved within chance stands in the table alone
    assert {row.name: row.moved for row in told.rows}[
        "Active advocates"
    ] == "one fewer than by the same day of Q2 2026 (2 of 3): within chance"
    assert {row.name: row.moved for row in told.rows}["Response rate"] == "was 38\u00a0%, same day of Q2 2026"


def test_a_partner_has_stopped_when_whole_periods_say_so(tmp_path: Path) -> None:
    """A quarter to date is none of the two in which nobody is missed: the call comes when it is over."""
    deeds = {"Alder": "2026-01-10", "Birk": "2026-04-10"}
    lines = [f"{day},{name}" for name, day in deeds.items()] + ["2026-08-20,Corvane"]
    acts = written(tmp_path, "date,partner,activity type\n" + "".join(f"{one},reference\n" for one in lines), "a.csv")
    for day, stopped in (("2026-08-20", []), ("2026-09-30", ["Alder"]), ("2026-12-31", ["Alder", "Birk"])):
        told = run_here("actions", acts, "--as-of", day, "--format", "json", "--quiet").json["rows"]
        assert sorted(row["group"]["partner"] for row in told) == stopped, day


@pytest.mark.parametrize(
    ("last", "period", "over"),
    [
        ("2026-08-14", "2026-Q2", True),  # 45 of 92 days have passed
        ("2026-08-15", "2026-Q3", False),
        ("2026-09-23", "2026-Q3", False),  # 7 days are to go, which are 7.6 %
        ("2026-09-24", "2026-Q3", True),
        ("2026-10-01", "2026-Q3", True),
    ],
)
def test_half_of_a_period_and_its_end(tmp_path: Path, last: str, period: str, over: bool) -> None:
    """The page is about the newest period of which half has passed, and is over if no more than 7 % is to go."""
    lines = ["2026-04-10", "2026-05-11", "2026-07-02", last]
    acts = written(
        tmp_path, "date,partner,activity type\n" + "".join(f"{day},Alder,reference\n" for day in lines), "a.csv"
    )
    listed = written(tmp_path, "partner,tier\nAlder,Gold\nBirk,Silver\n", "p.csv")
    card = scorecard(tmp_path, acts, listed)
    assert (card["period"], not card["to_date"]) == (period, over)
    assert (card["total"]["advocacy_rating"] is not None) == over


def advocates(*arguments: str | Path) -> dict[str | None, tuple[int, int]]:
    """Return partners and active ones of the whole and each period."""
    told = run_here("advocacy", *arguments, "--format", "json", "--quiet").json["rows"]
    return {row["period"]: (row["partners"], row["active"]) for row in told if not row["group"]}


def test_partners_who_joined_later() -> None:
    """A partner counts in the periods in which it was on the list for a day or more."""
    folder = case("52-partners-who-joined-later")
    counted = advocates(folder / "acts.csv", "--partners", folder / "partners.csv", "--period", "quarter")
    assert counted == {None: (5, 3), "2026-Q2": (3, 2), "2026-Q3": (4, 1)}


LIST = """partner,tier,partner since,partner until
A,Gold,01.01.2024,
B,Gold,30.06.2026,-
C,Gold,01.07.2026,31.12.9999
D,Silver,01.01.2024,30.06.2026
E,Silver,01.01.2024,31.03.2026
"""
ACTS = """date,partner,activity type
2026-04-02,A,reference
2026-06-30,B,reference
2026-06-30,D,case study
2026-09-20,C,reference
"""


def test_one_day_on_the_list_is_enough(tmp_path: Path) -> None:
    """Who joined on the last day of a quarter or left on its first belongs to it, in each command and the workbook."""
    acts, listed = written(tmp_path, ACTS, "a.csv"), written(tmp_path, LIST, "p.csv")
    assert advocates(acts, "--partners", listed, "--period", "quarter") == {
        **{None: (5, 4), "2026-Q2": (3, 3), "2026-Q3": (3, 1)}
    }
    assert advocates(acts, "--partners", listed, "--as-of", "2026-06-29") == {None: (3, 1)}
    assert advocates(acts, "--partners", listed, "--from", "2026-04-01", "--to", "2026-06-30") == {None: (3, 3)}
    told = run_here("advocacy", acts, "--partners", listed, "--period", "quarter", "--by", "tier", "--format", "json")
    of_tiers = {(row["group"].get("tier"), row["period"]): row["partners"] for row in told.json["rows"]}
    assert (of_tiers["Gold", "2026-Q2"], of_tiers["Silver", "2026-Q2"], of_tiers["Silver", "2026-Q3"]) == (2, 1, 0)
    card = scorecard(tmp_path, acts, listed)
    assert (card["total"]["partners"], card["total"]["active"], card["total"]["activities"]) == (3, 1, 1)
    earlier = scorecard(tmp_path, acts, listed, "--as-of", "2026-06-30")
    assert (earlier["total"]["partners"], earlier["total"]["active"]) == (3, 3)
    assert run_here("verify", tmp_path / "card.xlsx").code == 0


def test_a_pack_does_not_say_when_others_joined(tmp_path: Path) -> None:
    """The workbook of one partner holds no name of another."""
    acts, listed = written(tmp_path, ACTS, "a.csv"), written(tmp_path, LIST.replace("\nD,", "\nDelmont,"), "p.csv")
    made = run_here(
        "scorecard", acts, listed, "-o", tmp_path / "c.xlsx", "--per-partner", tmp_path / "packs", "--quiet"
    )
    assert made.code == 0
    import zipfile

    pack = next((tmp_path / "packs").glob("*A.xlsx"))
    with zipfile.ZipFile(pack) as parts:
        assert not any(b"Delmont" in parts.read(name) for name in parts.namelist())


def test_activities_of_partners_off_the_list(tmp_path: Path) -> None:
    """What a partner did while it was not on the list does not count in that period, and a note says whose it is."""
    deeds = "2026-04-02,C\n2026-05-02,C\n2026-08-03,D\n2026-08-04,A\n2026-09-28,C\n"
    lines = [f"{line},reference" for line in deeds.splitlines()]
    acts = written(tmp_path, "\n".join(["date,partner,activity type", *lines, ""]), "a.csv")
    listed = written(tmp_path, LIST, "p.csv")
    note = "3 activities are of partners that were not on the list in that period, and do not count in it: "
    note += "'C' (2), 'D' (1)"
    run = run_here("advocacy", acts, "--partners", listed, "--period", "quarter", "--format", "json")
    assert note in run.err
    assert [(row["period"], row["activities"]) for row in run.json["rows"]] == [
        *((None, 5), ("2026-Q2", 0), ("2026-Q3", 2))
    ]
    assert note in scorecard(tmp_path, acts, listed)["notes"]
    assert "not on the list in that period" not in run_here("advocacy", acts, "--partners", listed).err
