"""Rewards of a scorecard: the table, the levels from the settings, and what is refused."""

from pathlib import Path

import pytest
from cards import card
from command import run_here
from office import shared_file
from scipy.stats import fisher_exact

from partnerkpi.config import load
from partnerkpi.errors import ConfigError, DataProblem
from partnerkpi.kpi.intervals import holm
from partnerkpi.kpi.rewards import Kept, Level, above_others
from partnerkpi.scorecard.parts import Counts
from partnerkpi.scorecard.review.rewards import levels_of, rewards
from partnerkpi.settings import Settings

LEVELS = (Level("Bronze", 80), Level("Gold", 90, 10), Level("Platinum", 90, 10, True))
Q3 = "2026-Q3"
COUNTS = {
    ("Many", Q3): Counts(customers=200, retained=198),
    ("Some", Q3): Counts(customers=12, retained=10),
    ("Few", Q3): Counts(customers=3, retained=3),
    ("None", Q3): Counts(),
    (None, Q3): Counts(customers=100, retained=70),
}
TOML = '[[rewards]]\nname = "Bronze"\nretention_from = 80\n[[rewards]]\nname = "Gold"\nretention_from = {gold}\n'


def test_the_table() -> None:
    """Rates and levels by hand, the whole first, then the highest level, within it the surest rate."""
    whole, *partners = rewards(card(COUNTS), LEVELS).rows
    assert (whole["group"], whole["customers"], whole["retained"]) == ({}, 315, 281)
    assert whole["level"] is None
    names = [row["group"]["partner"] for row in partners]
    assert names == ["Many", "Some", "Few", "None"]
    rows = dict(zip(names, partners, strict=True))
    assert (rows["Many"]["retention_rate"], rows["Many"]["others_rate"]) == (99, pytest.approx(100 * 83 / 115))
    assert (rows["Many"]["level"], rows["Many"]["next_level"], rows["Many"]["more_retained"]) == (
        "Platinum",
        None,
        None,
    )
    assert (rows["Some"]["level"], rows["Some"]["next_level"], rows["Some"]["more_retained"]) == ("Bronze", "Gold", 1)
    assert (rows["Few"]["level"], rows["Few"]["reason"]) == ("Bronze", "needs 10 customers")
    assert (rows["None"]["retention_rate"], rows["None"]["level"], rows["None"]["reason"]) == (None, None, "no data")


def test_the_partners_are_looked_at_together() -> None:
    """Each is tested against all customers that are not its own, direct ones included; Holm's correction follows."""
    rows = {row["group"].get("partner"): row for row in rewards(card(COUNTS)).rows}
    own = {"Many": (200, 198), "Some": (12, 10)}
    raw = [above_others(Kept(*kept), Kept(315 - kept[0], 281 - kept[1])) for kept in own.values()]
    assert [rows[name]["above_others_p"] for name in own] == pytest.approx(holm(raw))
    assert [rows[name]["above_others"] for name in (*own, "Few")] == ["yes", "cannot tell", "cannot tell"]
    assert rows["Few"]["above_others_p"] is rows["None"]["above_others_p"] is None


def test_the_fewest_customers_are_a_setting() -> None:
    """A partner with fewer customers than the settings ask for is not compared, and the row says how many it takes."""
    level = (Level("Platinum", 50, 0, True),)
    few = dict(COUNTS) | {("Few", Q3): Counts(customers=3, retained=2)}
    rows = {row["group"].get("partner"): row for row in rewards(card(few), level).rows}
    assert (rows["Few"]["above_others_p"], rows["Few"]["reason"]) == (None, "needs 5 customers")
    less = card(few, settings=Settings.model_validate({"retention": {"min_customers": 3}}))
    rows = {row["group"].get("partner"): row for row in rewards(less, level).rows}
    assert rows["Few"]["above_others_p"] is not None
    assert rows["Few"]["reason"] == "not shown above others even if all 3 had stayed"


def test_what_no_number_of_customers_reaches() -> None:
    """Where even all customers are not enough for the evidence, the row says so."""
    row = next(
        row
        for row in rewards(card({**COUNTS, ("Ten", Q3): Counts(customers=10, retained=9)}), LEVELS).rows
        if row["group"].get("partner") == "Ten"
    )
    assert (row["level"], row["next_level"], row["more_retained"]) == ("Gold", "Platinum", None)
    assert row["reason"] == "not shown above others even if all 10 had stayed"


def test_without_levels() -> None:
    """Without configured levels the table stands without them, and a note says how to configure some."""
    review = rewards(card(COUNTS))
    assert {row["level"] for row in review.rows} == {None}
    assert any("[[rewards]]" in note for note in review.notes)
    assert not any("[[rewards]]" in note for note in rewards(card(COUNTS), LEVELS).notes)


def test_levels_from_the_settings(tmp_path: Path) -> None:
    """Levels come from partnerkpi.toml; one that begins below the one before it, or shares its name, is an error."""
    path = tmp_path / "partnerkpi.toml"
    path.write_text(TOML.format(gold=90))
    assert [level.name for level in levels_of(load(path))] == ["Bronze", "Gold"]
    path.write_text(TOML.format(gold=70))
    with pytest.raises(ConfigError, match=r"partnerkpi.toml: \[\[rewards\]\] level 'Gold' begins at 70 %"):
        levels_of(load(path))
    path.write_text(TOML.format(gold=90).replace("Bronze", "Gold"))
    with pytest.raises(ConfigError, match="two levels are called 'Gold'"):
        levels_of(load(path))


def test_what_is_needed() -> None:
    """Without customers, or without knowing whose they are, there is one clear error."""
    with pytest.raises(DataProblem, match="rewards need customers"):
        rewards(card(COUNTS, has_customers=False))
    with pytest.raises(DataProblem, match="--attributed"):
        rewards(card(COUNTS, customers_have_partners=False))


def test_real_accounts() -> None:
    """500 public accounts: the rates of the reference answers, and p worked by hand."""
    path = shared_file("retention/ravenstack_accounts.csv")
    result = run_here(
        "rewards", path, "--attributed", "referral_source=partner", "--period", "all", "--format", "json"
    ).json
    row = result["rows"][1]
    assert (row["customers"], row["retained"]) == (89, 76)
    assert row["retention_rate"] == pytest.approx(85.393258)
    assert row["others_rate"] == pytest.approx(76.399027)
    exact = fisher_exact([[76, 13], [314, 97]], "greater").pvalue
    assert row["above_others_p"] == pytest.approx(exact)
