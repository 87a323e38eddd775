"""Whose row it is: by id where tables share one, by name however it is spelled; marks for nothing are no partners."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command import Run, run_here

IDS = {
    "resp.csv": """response_id,partner_id,score,response_date
R01,P01,10,2026-07-03
R02,P01,9,2026-07-05
R03,P01,8,2026-07-09
R04,P02,10,2026-07-11
R05,P02,6,2026-07-15
R06,P03,9,2026-08-04
""",
    "acts.csv": """activity_id,partner_id,activity_type,activity_date
A1,P01,reference call,2026-07-10
A2,P01,case study,2026-08-12
A3,P02,reference call,2026-09-01
A4,P04,webinar,2026-09-30
""",
    "cust.csv": """customer_id,partner_id,period,retained
K1,P01,2026-Q3,yes
K2,P01,2026-Q3,yes
K3,P02,2026-Q3,no
K4,P03,2026-Q3,yes
K5,,2026-Q3,yes
K6,,2026-Q3,no
""",
}
LIST = """{id},{name},region,tier
P01,Alder Systems,North,Gold
P02,Birk Data,South,Gold
P03,Corvane,North,Silver
P04,Dorn Werke,East,Silver
P05,Elmet Labs,South,Silver
"""
NAMES = ["Alder Systems", "Birk Data", "Corvane", "Dorn Werke", "Elmet Labs"]


def write(folder: Path, **files: str) -> list[Path]:
    paths = [folder / f"{name}.csv" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def given(folder: Path, **listed: str) -> list[Path]:
    texts = {name.removesuffix(".csv"): text for name, text in IDS.items()}
    return write(folder, **texts, partners=LIST.format(**listed))


def by_partner(run: Run) -> dict[Any, Any]:
    return {row["group"]["partner"]: row for row in run.json["rows"] if "partner" in row["group"]}


@pytest.mark.parametrize(
    ("who", "name"),
    [("partner_id", "partner_name"), ("id", "name"), ("Partner ID", "Account Name"), ("key", "company")],
)
def test_a_list_with_ids_and_names(tmp_path: Path, who: str, name: str) -> None:
    """Everything else knows partners by id: it is joined by it, and what is shown are the names."""
    sources = given(tmp_path, id=who, name=name)
    run = run_here("scorecard", *sources, "-o", tmp_path / "card.xlsx", "--format", "json")
    card = run.json
    assert (card["total"]["active"], card["total"]["partners"], card["total"]["active_share"]) == (3, 5, 60)
    assert card["total"]["influence_share"] == pytest.approx(75)
    assert [one["partner"] for one in card["partners"]] == NAMES
    assert {one["partner"]: one["responses"] for one in card["partners"]}["Alder Systems"] == 3
    assert "joined by their id" in run.err
    assert {one["tier"] for one in card["partners"]} <= {"Gold", "Silver", None}


def test_advocacy_and_actions_show_names(tmp_path: Path) -> None:
    """The other commands join as the scorecard does."""
    sources = given(tmp_path, id="partner_id", name="partner_name")
    acts, listed = sources[1], sources[3]
    run = run_here("advocacy", acts, "--partners", listed, "--by", "partner", "--format", "json")
    assert run.json["rows"][0]["active_share"] == 60
    assert set(by_partner(run)) == set(NAMES)
    actions = run_here("actions", *sources)
    assert "Birk Data" in actions.out
    assert "P02" not in actions.out


def test_the_id_may_stand_in_a_column_called_partner(tmp_path: Path) -> None:
    """Whether `partner` holds ids or names is told by what it holds; a table that has names alone is joined by them."""
    sources = given(tmp_path, id="partner_id", name="partner_name")
    sources[0].write_text(IDS["resp.csv"].replace("partner_id", "partner"))
    sources[2].write_text(IDS["cust.csv"].replace("partner_id", "partner").replace("P01", "alder systems"))
    card = run_here("scorecard", *sources, "-o", tmp_path / "card.xlsx", "--format", "json").json
    assert [one["partner"] for one in card["partners"]] == NAMES
    assert (card["total"]["responses"], card["total"]["active"], card["total"]["influence_share"]) == (6, 3, 75)


def test_id_and_name_beside_each_other(tmp_path: Path) -> None:
    """The id decides where the table of answers spells the name in its own way, and other names are for show."""
    resp = "date,partner_id,partner_name,respondent,score\n2026-08-01,P1,Alder,a,9\n2026-08-02,P1,Alder Ltd.,b,10\n"
    sources = write(
        tmp_path,
        resp=resp + "2026-08-03,P2,Birk,c,2\n",
        partners="partner_id,name,tier\nP1,Alder Systems,Gold\nP2,Birk & Co,Silver\n",
    )
    card = run_here("scorecard", *sources, "-o", tmp_path / "card.xlsx", "--format", "json").json
    assert [(p["partner"], p["nps"], p["listed"]) for p in card["partners"]] == [
        ("Alder Systems", 100, True),
        ("Birk & Co", -100, True),
    ]


def test_two_partners_of_one_name(tmp_path: Path) -> None:
    """Two ids are two partners where tables have ids; where one knows names alone they are one, and that is said."""
    listed = "partner_id,partner_name\nP1,Acme\nP2,Acme\nP3,Birk\n"
    acts, partners = write(tmp_path, acts="date,partner_id,type\n2026-07-01,P2,reference\n", partners=listed)
    run = run_here("advocacy", acts, "--partners", partners, "--by", "partner", "--format", "json")
    assert {name: row["active"] for name, row in by_partner(run).items()} == {"Acme (P1)": 0, "Acme (P2)": 1, "Birk": 0}
    (resp,) = write(tmp_path, resp="partner,score,date\nAcme,9,2026-07-01\nBirk,3,2026-07-02\n")
    run = run_here("scorecard", acts, partners, resp, "-o", tmp_path / "card.xlsx", "--format", "json")
    assert [one["partner"] for one in run.json["partners"]] == ["Acme", "Birk"]
    assert run.json["total"]["active_share"] == 50
    assert "counted as one partner" in run.err


def test_spellings_of_one_name(tmp_path: Path) -> None:
    """Case, blanks and composed letters make no other partner; the most frequent spelling, or the list's, is shown."""
    resp, acts, listed = write(
        tmp_path,
        resp="partner,score\nAcme,9\nACME,10\nacme ,3\nAcme Ltd,8\nStraße,9\nSTRASSE,9\nCafe\u0301,7\nCAFÉ,8\n",
        acts="date,partner,type\n2026-07-10,acme,reference\n2026-07-11,Birk  & Co,referral\n2026-07-11,Cord,referral\n",
        partners="partner\nACME\nBirk & Co\n",
    )
    run = run_here("nps", resp, "--by", "partner", "--format", "json")
    groups = {name: row["responses"] for name, row in by_partner(run).items()}
    assert groups == {"Acme": 3, "Acme Ltd": 1, "Straße": 2, "CAFÉ": 2} or groups["Acme"] == 3
    assert len(groups) == 4
    assert "'Acme Ltd' (1) may be 'Acme'" in run.err
    run = run_here("advocacy", acts, "--partners", listed, "--by", "partner", "--format", "json")
    assert {name: row["active"] for name, row in by_partner(run).items()} == {"ACME": 1, "Birk & Co": 1}
    assert "'Cord' (1)" in run.err  # set aside by its name
    assert run.json["provenance"]["set_aside"] == {"unknown partner": 1}


def test_marks_for_nothing_are_no_partners(tmp_path: Path) -> None:
    """What stands for nothing names nobody: no group, no pack, and of the customers' partners none."""
    marks = ["NULL", "#N/A", "(blank)", "MISSING", "nan", "TBD", "--", "?", "unknown", "kein Partner", "none", "Direct"]
    rows = "".join(f"k{number},2026-Q3,{mark},yes\n" for number, mark in enumerate(marks))
    (customers,) = write(tmp_path, k="customer,period,partner,retained\na,2026-Q3,Alder,yes\n" + rows)
    run = run_here("retention", customers, "--format", "json")
    whole = run.json["rows"][0]
    assert (whole["customers"], whole["partner_customers"]) == (13, 1)
    assert (whole["partner_retained"], whole["retained"]) == (1, 13)
    assert whole["influence_share"] is None  # Alder is the only partner
    assert "read as no partner: 'Direct' (1), 'kein Partner' (1), 'none' (1)" in run.err
    assert "a partner that is not known: " in run.err
    answers = "".join(f"2026-07-01,{mark},{number % 11}\n" for number, mark in enumerate([*marks, "Alder", "Birk"]))
    (resp,) = write(tmp_path, r="date,partner,score\n" + answers)
    assert set(by_partner(run_here("nps", resp, "--by", "partner", "--format", "json"))) == {None, "Alder", "Birk"}
    packs = tmp_path / "packs"
    assert run_here("scorecard", resp, "-o", tmp_path / "card.xlsx", "--per-partner", packs).code == 0
    assert sorted(path.stem for path in packs.iterdir()) == ["Alder", "Birk"]


def test_one_rule_for_packs_and_recipients(tmp_path: Path) -> None:
    """Straße, STRASSE and Strasse are one partner in counting and mail alike; Strase is another one."""
    resp, people = write(
        tmp_path,
        r="date,partner,respondent,score\n"
        + "".join(
            f"2026-08-{n + 1:02},{('Straße', 'STRASSE', 'Strasse', 'Strase')[n % 4]},p{n},9\n" for n in range(16)
        ),
        people="email,name,partner\na@x.example,Ana,Straße\nb@x.example,Ben,STRASSE\nc@x.example,Cem,Strase\n",
    )
    packs = tmp_path / "packs"
    assert run_here("scorecard", resp, "-o", tmp_path / "card.xlsx", "--per-partner", packs).code == 0
    names = sorted(path.name for path in packs.iterdir())
    assert len(names) == 2
    shown = run_here("mail", *packs.iterdir(), "--recipients", people, "--format", "json")
    assert shown.out.count("@x.example") >= 3


def test_respondents_match_without_case_and_blanks(tmp_path: Path) -> None:
    """One person who answered twice counts once, however the address is written; nobody known competes with nobody."""
    (resp,) = write(
        tmp_path,
        r="partner,respondent,score,date\nA,Ana@x.example,9,2026-07-01\nA,ana@X.example ,3,2026-07-02\n"
        "A,N/A,10,2026-07-01\nA,N/A,10,2026-07-02\nA,anonymous,9,2026-07-02\nA,anonymous,9,2026-07-03\n",
    )
    whole = run_here("nps", resp, "--format", "json").json["rows"][0]
    assert (whole["responses"], whole["promoters"], whole["detractors"]) == (5, 4, 1)


def test_a_partner_is_found_in_any_spelling(tmp_path: Path) -> None:
    """Owners of the settings and the partner of a review are told by the same rule as everything else."""
    (resp,) = write(tmp_path, r="date,partner,respondent,score\n2026-07-01,Acme GmbH,a,3\n2026-07-02,Birk,b,9\n")
    config = tmp_path / "partnerkpi.toml"
    config.write_text('[owners]\n"ACME  gmbh" = "Ana"\n', encoding="utf-8")
    card = run_here("scorecard", resp, "-o", tmp_path / "c.xlsx", "--format", "json", "--config", config).json
    assert {one["partner"]: one["owner"] for one in card["partners"]} == {"Acme GmbH": "Ana", "Birk": None}
    reviewed = run_here("scorecard", resp, "-o", tmp_path / "r.xlsx", "--review", "acme gmbh", "--config", config)
    assert reviewed.code == 0, reviewed.err


def test_numbers_of_something_else_join_nothing(tmp_path: Path) -> None:
    """Where the names beside the ids are those of other ids on the list, names decide."""
    sources = write(
        tmp_path,
        r="date,partner_id,partner_name,score\n2026-07-01,1,Birk,9\n2026-07-02,2,Corvane,10\n2026-07-03,3,Alder,2\n",
        partners="id,partner,tier\n1,Alder,Gold\n2,Birk,Silver\n3,Corvane,Silver\n",
    )
    card = run_here("scorecard", *sources, "-o", tmp_path / "card.xlsx", "--format", "json").json
    assert {one["partner"]: one["nps"] for one in card["partners"]} == {"Alder": -100, "Birk": 100, "Corvane": 100}


def test_an_activity_of_several_partners(tmp_path: Path) -> None:
    """A cell with two partners names no third one: it is asked, in the command as in a scorecard and in check."""
    acts, partners = tmp_path / "acts.csv", tmp_path / "partners.csv"
    acts.write_text("Partner,Type,Date\nAlder,Reference,2026-07-01\nAlder; Birk,Case study,2026-07-02\n")
    partners.write_text("Partner,Tier\nAlder,Gold\nBirk,Gold\nCorv,Silver\n")
    asked = run_here("advocacy", acts, "--partners", partners)
    assert asked.code == 2
    assert "names several partners in 1 cell ('Alder; Birk')" in asked.err
    (found,) = run_here("check", acts, "--format", "json").json["tables"]
    assert any("a row for each of them" in question for question in found["questions"])
    acts.write_text(acts.read_text().replace("Alder; Birk,Case study,2026-07-02", "Birk,Case study,2026-07-02"))
    (row,) = run_here("advocacy", acts, "--partners", partners, "--format", "json").json["rows"]
    assert (row["active"], row["partners"]) == (2, 3)
