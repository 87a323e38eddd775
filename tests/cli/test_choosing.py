"""`--where`, `--sort`, `--top`: rows are chosen as a table of those rows alone would give, in every engine."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from command import run_here
from sampled import one_in

ROWS = [
    {
        "partner": ("Acme", "ACME ", "Bolt", "", "Straße")[n % 5],
        "region": ("EMEA", "emea", "APAC", " EMEA", "")[n % 5],
        "date": f"2026-0{n % 6 + 1}-{n % 28 + 1:02}",
        "amount": f"{(n * 37) % 50},5",
        "score": str((n * 7) % 11),
    }
    for n in range(120)
]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(ROWS[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


CHOICES: list[tuple[list[str], Callable[[dict[str, str]], bool]]] = [
    (["region=EMEA"], lambda row: row["region"].strip().upper() == "EMEA"),
    (["region != apac"], lambda row: row["region"] != "APAC"),
    (["region="], lambda row: not row["region"]),
    (["partner!="], lambda row: bool(row["partner"])),
    (["partner in acme, STRASSE"], lambda row: row["partner"].strip().upper() in ("ACME", "STRASSE", "STRAßE")),
    (["score<7"], lambda row: int(row["score"]) < 7),
    (["score >= 9", "region=APAC"], lambda row: int(row["score"]) >= 9 and row["region"] == "APAC"),
    (["score=7.0"], lambda row: row["score"] == "7"),
    (["score in 9, 10"], lambda row: int(row["score"]) in (9, 10)),
    (["amount>20"], lambda row: float(row["amount"].replace(",", ".")) > 20),
    (["amount=0.5"], lambda row: row["amount"] == "0,5"),
    (["date=2026-03"], lambda row: row["date"].startswith("2026-03")),
    (["date != Q1 2026"], lambda row: row["date"] >= "2026-04"),
    (["date>2026-02-05", "date<=2026-05"], lambda row: "2026-02-05" < row["date"] < "2026-06"),
    (["DATE > Q1 2026"], lambda row: row["date"] >= "2026-04"),
]


@pytest.mark.parametrize(("conditions", "holds"), one_in(2, CHOICES), ids=[" ".join(words) for words, _ in CHOICES])
def test_the_figures_are_those_of_the_rows_that_are_chosen(
    conditions: list[str], holds: Callable[[dict[str, str]], bool], tmp_path: Path
) -> None:
    """A table with those rows alone gives the same figures; the choice is stated, and how many rows it leaves."""
    kept = [row for row in ROWS if holds(row)]
    assert 0 < len(kept) < len(ROWS)
    whole, some = write(tmp_path / "whole.csv", ROWS), write(tmp_path / "some.csv", kept)
    asked = ["--score", "score", "--format", "json", "--respondent", "date", "--duplicates", "all"]
    told = run_here("nps", whole, *asked, *(word for one in conditions for word in ("--where", one)))
    assert told.json["rows"] == run_here("nps", some, *asked).json["rows"]
    assert len(told.json["provenance"]["where"]) == len(conditions)
    assert f"{len(kept):,} of {len(ROWS):,} of " in told.err
    assert told.json["provenance"]["rows_read"] == len(kept)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("regon=EMEA", ["no column 'regon'", "Did you mean 'region'"]),
        ("region=EMAE", ["never holds 'EMAE'", "'EMEA'"]),
        ("region=Mars", ["never holds 'Mars'", "it holds", "'APAC'"]),
        ("score=12", ["never holds 12", "from 0 to 10"]),
        ("date=1999", ["no day in 1999", "from 2026-01-01 to 2026-06-28"]),
        ("region<EMEA", ["holds texts", "= or in"]),
        ("score<many", ["holds numbers", "'many' is none"]),
        ("region", ["is no condition", "COLUMN=VALUE"]),
        ("=EMEA", ["is no condition"]),
        ("score>", ["names no value"]),
    ],
)
def test_a_condition_that_cannot_be_meant(condition: str, words: list[str], tmp_path: Path) -> None:
    """It is wrong usage in one line, with what the column holds or the nearest name."""
    done = run_here("nps", write(tmp_path / "whole.csv", ROWS), "--score", "score", "--where", condition)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    for word in words:
        assert word in done.err
    none = ["--where", "region=APAC", "--where", "partner=Acme"]
    empty = run_here("nps", tmp_path / "whole.csv", "--score", "score", *none)
    assert (empty.code, "none of the 120 rows" in empty.err) == (2, True)


def test_a_condition_on_the_list_chooses_partners(tmp_path: Path) -> None:
    """Partners that are not chosen are no part of the denominator, nor are their activities unknown partners."""
    (tmp_path / "acts.csv").write_text(
        "partner,type,date\nAcme,reference,2026-07-01\nBolt,case study,2026-07-02\nCato,reference,2026-07-03\n"
        "Nobody,reference,2026-07-03\nAcme,case study,2026-07-03\n"
    )
    (tmp_path / "list.csv").write_text("partner,tier\nAcme,Gold\nBolt,Silver\nCato,Gold\nDune,Gold\n")
    asked = ["advocacy", tmp_path / "acts.csv", "--partners", tmp_path / "list.csv", "--format", "json"]
    told = run_here(*asked, "--where", "tier=gold", "--where", "type=reference").json
    whole = told["rows"][0]
    assert (whole["partners"], whole["active"], whole["activities"]) == (3, 2, 2)
    assert told["provenance"]["set_aside"] == {"unknown partner": 1}
    assert told["provenance"]["where"] == ["type = reference", "tier = gold"]


def test_from_and_to_of_customers(tmp_path: Path) -> None:
    """Customers are those of the days between; with start and end dates `--from` is refused rather than guessed."""
    rows = "".join(f"c{n},2026-0{n % 6 + 1}-10,{'yes' if n % 3 else 'no'}\n" for n in range(60))
    (tmp_path / "c.csv").write_text(f"customer,renewal date,retained\n{rows}")
    told = run_here("retention", tmp_path / "c.csv", "--from", "2026-02", "--to", "2026-03", "--format", "json").json
    kept = [n for n in range(60) if n % 6 in (1, 2)]
    assert (told["rows"][0]["customers"], told["rows"][0]["retained"]) == (20, sum(n % 3 > 0 for n in kept))
    spans = "".join(f"c{n},2025-0{n % 6 + 1}-10,{'' if n % 3 else '2026-03-01'}\n" for n in range(60))
    (tmp_path / "s.csv").write_text(f"customer,start date,end date\n{spans}")
    refused = run_here("retention", tmp_path / "s.csv", "--from", "2026-02-01")
    assert (refused.code, "--from needs a period" in refused.err) == (2, True)
    both = run_here("nps", tmp_path / "c.csv", "--to", "2026-03-01", "--as-of", "2026-03-01")
    assert (both.code, "use one of them" in both.err) == (2, True)


def test_groups_in_order_and_the_first_of_them(tmp_path: Path) -> None:
    """Groups stand in the order of their figure with their periods behind them; the whole counts all."""
    path = write(tmp_path / "whole.csv", ROWS)
    asked = ["nps", path, "--score", "score", "--by", "date", "--period", "quarter", "--format", "json"]
    every = run_here(*asked).json["rows"]
    told = run_here(*asked, "--sort", "nps:up", "--top", "3")
    rows = told.json["rows"]
    assert rows[0] == every[0]
    figures = [row["nps"] for row in rows if row["level"] == "group"]
    assert figures == sorted(row["nps"] for row in every if row["level"] == "group")[:3]
    assert re.search(r"the first 3 of \d+ groups by nps are shown", told.err)
    assert [row["group"] for row in rows if row["level"] == "group and period"][::2] == [
        row["group"] for row in rows if row["level"] == "group"
    ]
    largest = run_here(*asked, "--top", "1").json["rows"]
    sizes = [row["responses"] for row in every if row["level"] == "group"]
    assert next(row["responses"] for row in largest if row["level"] == "group") == max(sizes)
    for wrong in (["--sort", "npss"], ["--sort", "group"], ["--sort", "nps:sideways"], ["--top", "0"]):
        assert run_here(*asked, *wrong).code == 2
    assert run_here("nps", path, "--score", "score", "--sort", "nps").code == 2
