"""What is claimed of customers who stay: rewards and alerts that chance alone would give, the share of one partner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command import run_here
from office import ROOT
from scipy.stats import fisher_exact


def case(name: str) -> Path:
    """Return the folder of a case beside the project; skip the test where there is none."""
    path = ROOT.parent / "shared" / "cases" / name
    if not path.exists():
        pytest.skip(f"{name} is in the shared cases, which this machine does not have")
    return path


def by_partner(*arguments: str | Path) -> dict[str | None, Any]:
    """Return the rows that a command prints as JSON, by partner; None is the whole, and no partner is ""."""
    told = run_here(*arguments, "--format", "json", "--quiet").json["rows"]
    return {(row["group"]["partner"] or "") if row["group"] else None: row for row in told}


def test_no_reward_for_what_chance_gives() -> None:
    """20 of 20 customers among 40 partners are no proof: Fisher's p, times 40, is far above 5 %: no Gold."""
    folder = case("40-reward-that-chance-gives")
    row = by_partner("rewards", folder / "cust.csv", "--config", folder / "partnerkpi.toml")["P00"]
    assert (row["customers"], row["retained"], row["above_others"], row["level"]) == (20, 20, "cannot tell", None)
    exact = fisher_exact([[20, 0], [1024, 256]], "greater").pvalue
    assert row["above_others_p"] == pytest.approx(40 * exact)
    assert row["above_others_p"] > 0.4


def test_no_alert_for_what_chance_gives() -> None:
    """A partner that lost three of its three customers raises no alert: among 40 partners somebody has such luck."""
    folder = case("41-alert-that-chance-gives")
    assert "P00" not in by_partner("alerts", folder / "cust.csv", folder / "partners.csv")


def test_a_partner_has_no_influence_share_of_its_own() -> None:
    """What is shown of one partner is its part of all retained customers, 3 of 8 and 1 of 8, and its rate."""
    rows = by_partner("retention", case("43-influence-share-of-one-partner") / "cust.csv", "--by", "partner")
    alder, birk = rows["Alder"], rows["Birk"]
    assert (alder["part_of_retained"], birk["part_of_retained"]) == (37.5, 12.5)
    assert (alder["retention_rate"], birk["retention_rate"]) == (75, 25)
    assert (alder["others_rate"], birk["others_rate"]) == (pytest.approx(500 / 8), pytest.approx(700 / 8))
    nothing = ("influence_share", "influence_low", "influence_index", "base_share", "lift_points", "rating")
    assert {row[key] for row in (alder, birk) for key in nothing} == {None}
    assert rows[None]["influence_share"] == 50
    assert (rows[None]["part_of_retained"], rows[None]["others_rate"]) == (None, None)


def test_a_region_has_a_share_within_and_a_part_of_the_whole() -> None:
    """By region the share is that within each region; its part of all retained customers has a name of its own."""
    table = case("43-influence-share-of-one-partner") / "cust.csv"
    told = run_here("retention", table, "--by", "region", "--format", "json", "--quiet").json["rows"]
    regions = {row["group"]["region"]: row for row in told if row["group"]}
    for row in regions.values():
        assert row["influence_share"] == pytest.approx(100 * row["partner_retained"] / row["retained"])
        assert row["part_of_retained"] == pytest.approx(100 * row["retained"] / 8)
        assert row["rating"] is not None
    assert sum(row["part_of_retained"] for row in regions.values()) == pytest.approx(100)


def test_of_one_partner_there_is_no_share_of_active_ones(tmp_path: Path) -> None:
    """One partner is active or it is not: neither by partner nor as a tier of one has it a share or rating."""
    partners, activities = tmp_path / "partners.csv", tmp_path / "activities.csv"
    partners.write_text("partner,tier\nAlder,Gold\nBirk,Silver\nCedar,Silver\n")
    activities.write_text("partner,type,date\nAlder,reference,2026-07-01\nBirk,reference,2026-07-02\n")
    shares = {}
    for name in ("partner", "tier"):
        told = run_here(
            "advocacy", activities, "--partners", partners, "--by", name, "--format", "json", "--quiet"
        ).json
        for row in told["rows"]:
            shares[row["group"].get(name)] = row["active"], row["active_share"], row["low"], row["rating"]
    assert shares["Alder"] == shares["Birk"] == shares["Gold"] == (1, None, None, None)
    assert shares["Cedar"] == (0, None, None, None)
    assert shares["Silver"][:2] == (1, 50)
    assert shares[None][1] == pytest.approx(200 / 3)
