"""Tiers with benchmarks of their own, as a user asks for them: each row is rated by those of its tier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command import rows_by, run_here

import partnerkpi

FILES = {
    "partners.csv": [
        "partner,tier,region",
        "Acme,Gold,EMEA",
        "Bolt,Gold,APAC",
        "Cog,Silver,EMEA",
        "Dot,Silver,EMEA",
        "Eve,,APAC",
    ],
    "activities.csv": ["partner,type,date", "Acme,reference,2026-07-01", "Cog,reference,2026-07-02"],
    "answers.csv": [
        "partner,tier,score",
        *("Acme,Gold,9", "Acme,Gold,8", "Bolt,Gold,10", "Bolt,Gold,7", "Cog,Silver,9", "Cog,Silver,8"),
        *("Fox,Gold,9", "Fox,Silver,8", "Eve,,9", "Eve,,8"),
    ],
    "customers.csv": [
        "customer,retained,partner,tier",
        *("1,yes,Acme,Gold", "2,no,Acme,Gold", "3,yes,,Gold"),
        *("4,yes,Cog,Silver", "5,no,Cog,Silver", "6,yes,,Silver"),
    ],
    "partnerkpi.toml": [
        *("[options]", "min_responses = 2"),
        *("[benchmarks.tiers.Gold.nps]", "strong = 65"),
        *("[benchmarks.tiers.Gold.advocacy]", "strong = 50", "watch = 0"),
        *("[benchmarks.tiers.Silver.advocacy]", "watch = 60"),
        *("[benchmarks.tiers.Silver.retention]", "watch = 40", "strong = 50"),
    ],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, lines in FILES.items():
        tmp_path.joinpath(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ratings(*command: Any) -> dict[tuple[str | None, ...], str | None]:
    """Return the rating of each group's row for all time; () is the whole."""
    rows = run_here(*command, "--format", "json").json["rows"]
    return {tuple(row["group"].values()): row["rating"] for row in rows if row["period"] is None}


@pytest.mark.usefixtures("folder")
def test_advocacy_by_tier() -> None:
    """Half of the partners is strong for Gold and too little for Silver; the whole has everybody's benchmarks.

    One partner is active or not, which is no share to rate.
    """
    asked = ("advocacy", "activities.csv", "--partners", "partners.csv")
    by_tier = {(): "investigate", ("Gold",): "strong", ("Silver",): "investigate", (None,): None}
    assert ratings(*asked, "--by", "tier") == by_tier
    assert ratings(*asked, "--by", "tier", "--period", "quarter") == by_tier
    both = ratings(*asked, "--by", "region", "--by", "tier")
    assert both["EMEA", "Gold"] is None
    assert both["EMEA", "Silver"] == "investigate"


@pytest.mark.usefixtures("folder")
def test_advocacy_by_partner() -> None:
    """A partner by itself has no share to rate, a region that mixes tiers is rated by everybody's benchmarks."""
    asked = ("advocacy", "activities.csv", "--partners", "partners.csv")
    found = ratings(*asked, "--by", "partner")
    names = ("Acme", "Bolt", "Cog", "Dot", "Eve")
    assert [found[name,] for name in names] == [None] * 5
    assert ratings(*asked, "--by", "region") == {(): "investigate", ("APAC",): "investigate", ("EMEA",): "watch"}


@pytest.mark.usefixtures("folder")
def test_advocacy_without_a_list() -> None:
    """Where only the number of partners is known, the activities themselves may say who is of which tier."""
    text = "partner,tier,type,date\nAcme,Gold,reference,2026-01-05\nCog,Silver,reference,2026-04-05\n"
    Path("activities.csv").write_text(text)
    asked = ("advocacy", "activities.csv", "--partners", "5", "--by", "partner", "--period", "quarter")
    rows = rows_by(run_here(*asked, "--format", "json").json)
    assert (rows["Acme", "2026-Q2"]["active"], rows["Acme", "2026-Q2"]["rating"]) == (0, None)
    assert (rows["Cog", "2026-Q1"]["active"], rows["Cog", "2026-Q1"]["rating"]) == (0, None)


@pytest.mark.usefixtures("folder")
def test_retention_by_tier() -> None:
    """Half of what is retained is a partner's in either tier: too little for all and for Gold, strong for Silver."""
    expected = {(): "investigate", ("Gold",): "investigate", ("Silver",): "strong"}
    assert ratings("retention", "customers.csv", "--by", "tier") == expected


@pytest.mark.usefixtures("folder")
def test_nps_by_tier_and_partner() -> None:
    """An NPS of 50 or 60 is strong, but for Gold; a partner whose answers name two tiers, or none, is as all are."""
    found = ratings("nps", "answers.csv", "--by", "partner")
    names = ("Acme", "Bolt", "Cog", "Fox", "Eve")
    assert [found[name,] for name in names] == ["watch", "watch", "strong", "strong", "strong"]
    found = ratings("nps", "answers.csv", "--by", "tier")
    assert (found["Gold",], found[None,], found[()]) == ("watch", "strong", "strong")  # 60, 50 and 50


@pytest.mark.usefixtures("folder")
def test_python_rates_as_the_commands_do() -> None:
    """The functions of the same names give the same ratings."""
    config = "partnerkpi.toml"
    results = {
        "nps": partnerkpi.nps("answers.csv", by=["tier"], config=config),
        "advocacy": partnerkpi.advocacy("activities.csv", "partners.csv", by=["tier"], config=config),
        "retention": partnerkpi.retention("customers.csv", by=["tier"], config=config),
    }
    asked: dict[str, tuple[str, ...]] = {
        "nps": ("answers.csv",),
        "advocacy": ("activities.csv", "--partners", "partners.csv"),
        "retention": ("customers.csv",),
    }
    for kpi, result in results.items():
        own = {tuple(row["group"].values()): row["rating"] for row in result.rows}
        assert own == ratings(kpi, *asked[kpi], "--by", "tier")
