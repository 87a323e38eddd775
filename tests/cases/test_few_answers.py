"""Whoever has fewer answers than the minimum has a figure, and nothing is said of it: no rank, rating or verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command import run_here

from partnerkpi.udfs.nps import PARTNER_NPS_BY

CASES = Path(__file__).parents[3] / "shared" / "cases"


def programme(path: Path, partners: dict[str, str]) -> Path:
    """Write the answers of partners, one letter each: d, a or p for a detractor, a passive or a promoter."""
    scores = {"d": 3, "a": 8, "p": 10}
    rows = ["date,partner,respondent,score"]
    for name, answers in partners.items():
        rows += [f"2026-08-01,{name},{name}-{place},{scores[one]}" for place, one in enumerate(answers)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


MANY = {f"Big{number}": "d" * 2 + "a" * 10 + "p" * (25 + number) for number in range(6)}


def check(rows: list[dict[str, Any]], few: set[str]) -> None:
    """Ask of each row of compare that it says nothing of too few answers, and nothing that contradicts itself."""
    assert {row["group"]["partner"] for row in rows[-len(few) :]} == few
    ranked = len(rows) - len(few)
    assert [row["rank"] for row in rows[:ranked]] == list(range(1, ranked + 1))
    for row in rows[ranked:]:
        keys = ("rank", "first_rank", "last_rank", "quartile", "rating", "p", "p_together", "difference")
        assert {key: row[key] for key in keys} == dict.fromkeys(keys)
        assert (row["standing"], row["flags"]) == ("cannot tell", ["few responses"])
        assert row["nps"] is not None
    for row in rows[:ranked]:
        assert row["rating"] is not None
        if row["standing"] == "below":
            assert row["first_rank"] > 1
        if row["standing"] == "above":
            assert row["last_rank"] < ranked


def test_three_alike_among_many_have_no_verdict(tmp_path: Path) -> None:
    """Three passives, four detractors and two promoters beside partners with many answers."""
    few = {"Small": "aaa", "Angry": "dddd", "Two": "pp"}
    source = programme(tmp_path / "answers.csv", MANY | few)
    check(run_here("compare", source, "--format", "json").json["rows"], set(few))
    rows = run_here("nps", source, "--by", "partner", "--format", "json").json["rows"]
    rated = {row["group"].get("partner"): row["rating"] for row in rows}
    assert [rated[name] for name in few] == [None, None, None]
    assert None not in [rated[name] for name in MANY]
    lower = run_here("compare", source, "--format", "json", "--config", _settings(tmp_path, 3)).json["rows"]
    check(lower, {"Two"})


def test_few_answers_in_all_are_not_rated(tmp_path: Path) -> None:
    """The whole of four answers has a figure and no rating, in both commands and in words."""
    source = programme(tmp_path / "answers.csv", {"One": "pp", "Other": "pd"})
    whole = run_here("nps", source, "--format", "json").json["rows"][0]
    assert (whole["nps"], whole["rating"], whole["flags"]) == (50, None, ["few responses"])
    assert run_here("whatif", source, "--format", "json").json["rows"][0]["rating"] is None


def _settings(folder: Path, fewest: int) -> Path:
    path = folder / "fewest.toml"
    path.write_text(f"[options]\nmin_responses = {fewest}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "few"),
    [
        ("42-three-answers-and-a-verdict/resp.csv", {f"Small{number:02}" for number in range(28)}),
        ("53-rank-of-two-answers/shr.csv", {"Two", "Tiny"}),
    ],
)
def test_the_cases(name: str, few: set[str]) -> None:
    """The shared cases: 28 partners of three answers, one of them all passives; two answers and one beside fifty."""
    path = CASES / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    check(run_here("compare", path, "--format", "json").json["rows"], few)
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    table: Any = PARTNER_NPS_BY(tuple(row[1] for row in rows), tuple(float(row[3]) for row in rows))
    assert {row[0] for row in table[-len(few) :]} == few
    assert {row[6] for row in table[-len(few) :]} == {"few responses"}
