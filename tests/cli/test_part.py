"""`scorecard --where` and all that is made of it: the figures of those rows alone, and what says that it is a part."""

from __future__ import annotations

import csv
import html
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import tampering
from command import run_here

import partnerkpi
from partnerkpi.errors import UsageError
from partnerkpi.mail.compose import Renderer
from partnerkpi.mail.recipients import Mailbox
from partnerkpi.mail.workbook import read_book
from partnerkpi.results.arranged import in_order

TIERS = {"Acme": "Gold", "Bolt": "Silver", "Cato": "Gold", "Dune": "Silver", "Elm": "Gold", "Fir": "Silver"}
HEADS = {
    "responses": "partner,date,score,respondent,product,region",
    "activities": "partner,type,date",
    "customers": "customer,period,retained,partner,region",
    "partners": "partner,tier,invited_contacts,region",
}


def rows() -> dict[str, list[dict[str, str]]]:
    """Return tables whose partners, tiers, products and regions tell different rows apart; the last day is in Fir's."""
    names = list(TIERS)
    answers = [
        (
            names[n % 6],
            f"{n % 28 + 1:02}/{3 * (n % 2) + 5:02}/2026",
            n * 7 % 11,
            f"r{n}",
            "AB"[n % 3 > 0],
            "NS"[n % 4 > 0],
        )
        for n in range(240)
    ]
    answers += [("", "15/08/2026", 3, "nobody", "A", "N"), ("Fir", "30/09/2026", 9, "last", "B", "S")]
    done = [(names[n % 5], "reference", f"2026-0{n % 2 * 3 + 5}-10") for n in range(40) if n % 5 != 2]
    bought = [
        (f"c{n}", f"2026-Q{n % 2 + 2}", "no" if n % 5 == 0 else "yes", names[n % 6] if n % 4 else "", "NS"[n % 3 > 0])
        for n in range(120)
    ]
    members = [(name, tier, 60, "N" if name in ("Acme", "Bolt") else "S") for name, tier in TIERS.items()]
    tables = {"responses": answers, "activities": done, "customers": bought, "partners": members}
    return {
        kind: [dict(zip(HEADS[kind].split(","), map(str, row), strict=True)) for row in table]
        for kind, table in tables.items()
    }


def write(folder: Path, tables: dict[str, list[dict[str, str]]]) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for kind, table in tables.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, HEADS[kind].split(","))
            writer.writeheader()
            writer.writerows(table)
    return [folder / f"{kind}.csv" for kind in tables]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return write(tmp_path / "whole", rows())


def of_gold(_: str, row: dict[str, str]) -> bool:
    return TIERS.get(row["partner"]) == "Gold"


def of_north(kind: str, row: dict[str, str]) -> bool:
    if row["partner"] or kind == "partners":
        return row["partner"] in ("Acme", "Bolt")
    return row["region"] == "N"


#: What a part by its list has in the place of a share that would be 100 by construction.
OF_INFLUENCE = {"influence_share", "influence_index", "base_share", "lift_points", "retention_rating"}


@pytest.mark.parametrize(("condition", "holds"), [("tier=gold", of_gold), ("region = N", of_north)])
def test_a_part_is_what_its_rows_alone_give(condition: str, holds: Any, files: list[Path], tmp_path: Path) -> None:
    """Files with the rows of these partners, and of none where the rows say it themselves, give the same figures."""
    kept = {kind: [row for row in table if holds(kind, row)] for kind, table in rows().items()}
    some = write(tmp_path / "some", kept)
    part = run_here("scorecard", *files, "--where", condition, "--format", "json", "-o", tmp_path / "part.xlsx")
    alone = ["--format", "json", "-o", tmp_path / "alone.xlsx", "--as-of", "2026-09-30", "--day-first"]
    told, wanted = part.json, run_here("scorecard", *some, *alone).json
    assert [one["rows_read"] for one in told["provenance"]] == [
        len(kept[kind]) for kind in ("partners", "responses", "activities", "customers")
    ]
    by_list = condition.startswith("tier")
    for one in (told["total"], wanted["total"]):
        for key in OF_INFLUENCE if by_list else ():
            one[key] = None
        for key in [key for key in one if by_list and key.startswith(("retention_change", "targets_reached", "worst"))]:
            del one[key]
    assert told["total"] == wanted["total"]
    assert {row["partner"]: row["nps"] for row in told["partners"]} == {
        row["partner"]: row["nps"] for row in wanted["partners"]
    }
    assert (told["total"]["influence_share"] is None) is by_list
    assert run_here("verify", tmp_path / "part.xlsx").out.startswith("All is right")


def sheets_of(path: Path) -> dict[str, list[str]]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        sheet.title: [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
        for sheet in book
    }


def test_a_part_says_so_wherever_it_is_read(files: list[Path], tmp_path: Path) -> None:
    """Page, About, JSON, mail, comparison: each names the conditions; a partner's own workbook tells none of others."""
    made, packs = tmp_path / "part.xlsx", tmp_path / "packs"
    asked = ["scorecard", *files, "--where", "tier=gold", "-o", made, "--per-partner", packs, "--format", "json"]
    done = run_here(*asked)
    assert done.json["where"] == ["tier = gold"]
    assert "this is a part of the data: only tier = gold counts" in done.err
    sheets = sheets_of(made)
    assert "This is a part of the data: only tier = gold." in sheets["Scorecard"]
    about = sheets["About"]
    assert about[about.index("Part of the data") + 1] == "tier = gold"
    page = read_book(made).page
    for language in ("en", "de", "fr", "es"):
        mail = Renderer(partnerkpi.config.load(None)).email(
            page, language, "part.xlsx", [Mailbox("a@example.com", None)]
        )
        assert "(tier = gold)" in mail.subject
        assert "tier = gold" in re.sub(r"\s+", " ", mail.body.text)
        assert "tier = gold" in html.unescape(mail.body.html)
    for pack in packs.glob("*.xlsx"):
        assert not any(b"gold" in data.lower() and b"tier = " in data for data in tampering.parts_of(pack).values())
    whole = tmp_path / "whole.xlsx"
    assert run_here("scorecard", *files, "-o", whole).code == 0
    found = run_here("diff", whole, made, "--format", "json").json
    assert found["moves"] == []
    assert "figures are not compared" in found["notes"][0]
    assert [one["now"] for one in found["definitions"]] == ["tier = gold"]
    refused = run_here("scorecard", *files, "-o", tmp_path / "next.xlsx", "--carry-on", made)
    assert (refused.code, "is of a part (tier = gold), and this scorecard of all data" in refused.err) == (1, True)


def test_rows_of_a_part_have_no_response_rate(files: list[Path], tmp_path: Path) -> None:
    """Who of those invited answered is not known of a product; a partner's own workbook says which rows are in it."""
    answers, members = files[0], files[3]
    packs = tmp_path / "packs"
    asked = ["scorecard", answers, members, "-o", tmp_path / "part.xlsx", "--per-partner", packs, "--format", "json"]
    told = run_here(*asked, "--where", "product=A").json
    assert (told["total"]["response_rate"], told["total"]["population"]) == (None, None)
    assert told["total"]["responses"] == sum(
        row["product"] == "A" and row["date"][3:5] == "08" for row in rows()["responses"]
    )
    assert any(note.endswith(": no response rate") for note in told["notes"])
    assert "This is a part of the data: only product = A." in sheets_of(packs / "Acme.xlsx")["Together"]
    both = [run_here("verify", tmp_path / "part.xlsx").code, run_here("verify", packs / "Acme.xlsx").code]
    assert both == [0, 0]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (
            "product=A",
            "'product' is a column of responses.csv, and not of activities.csv, which would be counted whole",
        ),
        ("teir=Gold", "no column 'teir'. Did you mean 'tier'"),
        ("tier=Bronze", "column 'tier' never holds 'Bronze'; it holds 'Gold', 'Silver'"),
        ("tier<Gold", "column 'tier' holds texts: compare it with = or in"),
        ("score<7", "chooses answers by what they say"),
        ("tier", "is no condition"),
    ],
)
def test_a_part_that_cannot_be_meant(condition: str, words: str, files: list[Path], tmp_path: Path) -> None:
    """It is wrong usage in one line, and nothing is written."""
    done = run_here("export", tmp_path / "tables", *files, "--where", condition)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert words in done.err.replace(f"{files[0].parent}/", "")
    assert not (tmp_path / "tables").exists()


def test_a_table_that_names_no_partners_cannot_be_parted_by_the_list(files: list[Path], tmp_path: Path) -> None:
    """Customers of nobody in particular would be counted whole: the command asks for their partners."""
    bare = tmp_path / "bare.csv"
    bare.write_text("customer,period,retained\nc1,2026-Q3,yes\nc2,2026-Q3,no\n", encoding="utf-8")
    done = run_here("alerts", files[0], files[3], "--customers", bare, "--where", "tier=Gold")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert done.err.rstrip().endswith("leave " + str(bare) + " out, or name the column with its partners")


def test_nothing_is_left_of_the_part(files: list[Path]) -> None:
    """Conditions that never hold together say so, and of what."""
    done = run_here("alerts", *files, "--where", "tier=Gold", "--where", "partner=Bolt")
    assert (done.code, "no partner of" in done.err, "tier = Gold and partner = Bolt" in done.err) == (2, True, True)


def test_how_a_column_is_read_does_not_hang_on_the_part(tmp_path: Path) -> None:
    """Days and decimals are told by all rows: 3/4 is 3 April, 1.200 twelve hundred, also where only others show it."""
    table = tmp_path / "c.csv"
    table.write_text(
        "partner,customer,date,score,retained,revenue_start,revenue_end\nx,a,03/04/2026,9,yes,1.200,1.200\n"
        'y,b,30/09/2026,3,no,"1.200,50",900\nx,c,04/05/2026,10,yes,900,1.000\n'
    )
    of_x = ["--where", "partner=x", "--format", "json", "--period", "month"]
    answers = run_here("nps", table, "--respondent", "customer", *of_x).json["rows"]
    assert [row["period"] for row in answers] == [None, "2026-04", "2026-05"]
    kept = run_here("retention", table, *of_x[:4]).json["rows"][0]
    assert kept["net_revenue_retention"] == pytest.approx(100 * (1200 + 1000) / (1200 + 900))


def test_the_days_of_a_part_are_those_of_all(files: list[Path], tmp_path: Path) -> None:
    """Its last day is that of the data: a partner that was silent at the end has no period of its own."""
    told = run_here("scorecard", *files, "-o", tmp_path / "x.xlsx", "--where", "partner=Acme", "--format", "json").json
    assert (told["as_of"], told["period"], told["to_date"]) == ("2026-09-30", "2026-Q3", False)
    until = ["--from", "2026-07", "--to", "2026-08-10", "--where", "tier=Gold", "--format", "json"]
    some = run_here("whatif", *files, *until).json
    kept = [row for row in rows()["responses"] if TIERS.get(row["partner"]) == "Gold" and row["date"][3:5] == "08"]
    assert some["rows"][0]["responses"] == sum(int(row["date"][:2]) <= 10 for row in kept)


def test_lists_in_another_order(files: list[Path]) -> None:
    """Numbers stand largest first, texts and days forward; the note says how many rows are left out."""
    calls = run_here("actions", *files[:1], files[3], "--format", "json", "--sort", "score", "--top", "30")
    assert re.search(r"the first 30 of [0-9]+ rows by score are shown \(--top\)", calls.err)
    scores = [row["score"] for row in calls.json["rows"]]
    assert scores == sorted(scores, reverse=True)
    every = [{"group": {"partner": name}, "nps": nps} for name, nps in (("b", 1.0), ("A", None), ("c", -2.0))]
    whole = {"group": {}, "nps": 5.0}

    def names(*asked: str | int | None) -> list[str | None]:
        return [row["group"].get("partner") for row in in_order([whole, *every], *asked)[0]]

    assert names("nps") == [None, "b", "c", "A"]
    assert names("nps:up") == [None, "c", "b", "A"]
    assert names("partner") == [None, "A", "b", "c"]
    assert names("partner:down", 2) == [None, "c", "b"]
    assert names(None, 1) == [None, "b"]
    for asked, words in ((("npss",), "did you mean nps"), (("nps:side",), "up or down"), ((None, 0), "below 1")):
        with pytest.raises(UsageError, match=words):
            names(*asked)


def test_the_monthly_job_of_a_part(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`[run] where` and `first_day` make it one of a part; its page says which."""
    names = ", ".join(json.dumps(str(file)) for file in files)
    settings = f'[sources]\nfiles = [{names}]\n[run]\nwhere = "tier=Gold"\nfirst_day = "2026-07"\n'
    (tmp_path / "partnerkpi.toml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    page = run_here("run", "--dry-run", "--today", "2026-10-01").out
    assert "part        only tier = Gold" in page
    kept = [row for row in rows()["responses"] if TIERS.get(row["partner"]) == "Gold"]
    late = sum(row["date"][3:5] in ("08", "09") for row in kept)
    assert f"responses: {late:,} of {len(kept):,} rows used" in page
