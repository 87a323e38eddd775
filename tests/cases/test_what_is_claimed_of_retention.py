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
    """Return the rows that a command prints as JSON, by partner; None is the whole."""
    told = run_here(*arguments, "--format", "json", "--quiet").json["rows"]
    return {row["group"].get("partner"): row for row in told}


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
