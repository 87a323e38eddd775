"""Which interval of an NPS is said, of how many people it is, and what those who did not answer can change."""

from __future__ import annotations

import math
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import statsmodels.api as sm
from command import run_here
from scipy import stats

from partnerkpi.kpi import ScoreTally
from partnerkpi.scorecard.certainty import heard, population_of, reading_of, silent
from partnerkpi.scorecard.parts import Counts


def answers() -> pd.DataFrame:
    """Return answers of five partners in two quarters, of which one names no partner in four of them."""
    scores = {
        "Alder": [9, 10, 9, 7],
        "Birk": [3, 6, 8],
        "Corvane": [9, 10, 2, 9, 8],
        "Dorn": [7, 8],
        None: [0, 10, 9, 9],
    }
    rows = [
        (
            partner,
            score if quarter == 2 else max(0, score - 2 * (place % 2)),
            f"2026-0{3 * quarter}-1{place}",
            f"{partner}{place}",
        )
        for quarter in (1, 2)
        for partner, given in scores.items()
        for place, score in enumerate(given)
    ]
    return pd.DataFrame(rows, columns=["partner", "score", "date", "respondent"])


def points(frame: pd.DataFrame) -> pd.Series:
    """Return each answer as 100, 0 or -100."""
    return 100.0 * ((frame["score"] >= 9).astype(int) - (frame["score"] < 7).astype(int))


def test_the_command_has_the_clustered_error_of_statsmodels(tmp_path: Path) -> None:
    """`nps` gives the whole, each period and each change the interval that a regression clustered by partner has.

    Answers that name no partner are one cluster. In CSV and JSON alike, and the terminal says what it is.
    """
    frame = answers()
    frame["region"] = frame["partner"].map({"Alder": "North", "Birk": "North", "Corvane": "South"}).fillna("West")
    path = tmp_path / "answers.csv"
    frame.to_csv(path, index=False)
    asked = ("nps", path, "--period", "quarter", "--compare", "previous", "--by", "region", "--duplicates", "all")
    rows = {
        (row["group"].get("region"), row["period"]): row for row in run_here(*asked, "--format", "json").json["rows"]
    }
    frame["points"], frame["cluster"] = points(frame), frame["partner"].fillna("nobody")
    frame["later"] = (frame["date"] > "2026-04").astype(float)
    parts = {
        (None, None): frame,
        (None, "2026-Q2"): frame[frame["later"] == 1],
        ("North", None): frame[frame["region"] == "North"],
    }
    for key, part in parts.items():
        error, clusters = clustered_error(part, pd.DataFrame({"one": [1.0] * len(part)}))
        low, high = stats.t.interval(0.95, clusters - 1, part["points"].mean(), error)
        row = rows[key]
        assert row["clusters"] == clusters
        assert (row["clustered_low"], row["clustered_high"]) == pytest.approx((max(-100, low), min(100, high)))
        assert row["design_effect"] == pytest.approx(error**2 / (part["points"].var(ddof=0) / len(part)))
    error, clusters = clustered_error(frame, sm.add_constant(frame["later"]))
    moved = rows[None, "2026-Q2"]
    low, high = stats.t.interval(0.95, clusters - 1, moved["change"], error)
    assert (moved["change_clustered_low"], moved["change_clustered_high"]) == pytest.approx((low, high))
    assert rows["South", None]["clustered_low"] is None  # one partner says nothing of others
    said = run_here("nps", path, "--duplicates", "all")
    assert "Clustered" in said.out
    assert "if these partners stand for others (clustered by 5 partners" in said.err


def clustered_error(frame: pd.DataFrame, design: pd.DataFrame) -> tuple[float, int]:
    """Return the error of the last coefficient, clustered by partner with K / (K - 1), and the number of clusters."""
    groups = pd.factorize(frame["cluster"])[0]
    fitted = sm.OLS(frame["points"].to_numpy(), design.to_numpy()).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    clusters = len(set(groups))
    return math.sqrt(fitted.cov_params()[-1, -1] * clusters / (clusters - 1)), clusters


def test_segments_of_a_scorecard_are_clustered_by_partner(tmp_path: Path) -> None:
    """A region's clustered interval is that of a regression on its answers; it stands on the NPS sheet as well."""
    frame = answers()
    frame["region"] = frame["partner"].map({"Alder": "North", "Birk": "North"}).fillna("South")
    frame.to_csv(tmp_path / "answers.csv", index=False)
    book = tmp_path / "card.xlsx"
    page = run_here("scorecard", tmp_path / "answers.csv", "-o", book, "--format", "json").json
    found = {row["segment"]: row for row in page["segments"]["region"]}
    frame["points"], frame["cluster"] = points(frame), frame["partner"].fillna("nobody")
    sheet = openpyxl.load_workbook(book, data_only=True)["NPS"]
    for region in ("North", "South"):
        part = frame[(frame["region"] == region) & (frame["date"] > "2026-04")]
        error, clusters = clustered_error(part, pd.DataFrame({"one": [1.0] * len(part)}))
        low, high = stats.t.interval(0.95, clusters - 1, part["points"].mean(), error)
        ends = (max(-100, low), min(100, high))
        assert found[region]["clusters"] == clusters
        assert (found[region]["clustered_low"], found[region]["clustered_high"]) == pytest.approx(ends)
        (row,) = (row for row in sheet.iter_rows(values_only=True) if row[0] == region)
        assert row[21:23] == pytest.approx(ends)


def test_answers_without_partners_have_no_clustered_interval(tmp_path: Path) -> None:
    """Where no column names partners the keys are there without data, and the table has no such column."""
    path = tmp_path / "answers.csv"
    path.write_text("score\n" + "9\n3\n10\n8\n" * 5)
    row = run_here("nps", path, "--format", "json").json["rows"][0]
    assert (row["clustered_low"], row["clustered_high"], row["design_effect"], row["clusters"]) == (None,) * 4
    assert "Clustered" not in run_here("nps", path).out


def scorecard(folder: Path, invited: dict[str, int], *options: str) -> dict[str, object]:
    """Return the total of a scorecard of the answers, and its sentence, with a list of partners and their contacts."""
    frame = answers().dropna()
    frame.to_csv(folder / "answers.csv", index=False)
    listed = pd.DataFrame({"partner": list(invited), "invited_contacts": list(invited.values())})
    listed.to_csv(folder / "partners.csv", index=False)
    files = [folder / "answers.csv", folder / "partners.csv"]
    run = run_here("scorecard", *files, "-o", folder / "card.xlsx", "--format", "json", *options)
    return run.json["total"] | {"said": run.err, "quality": run.json["quality"]}


def test_the_people_invited_are_the_population(tmp_path: Path) -> None:
    """Each quarter's interval is that of the people invited; of a year, in which they answer twice, it is not."""
    invited = {"Alder": 6, "Birk": 5, "Corvane": 8, "Dorn": 3}
    total = scorecard(tmp_path, invited)
    scores = ScoreTally.from_scores(answers().dropna().query("date > '2026-04'")["score"])
    interval = scores.interval(population=22)
    assert interval is not None
    assert (total["population"], total["nps_low"], total["nps_high"]) == (22, interval.low, interval.high)
    assert total["nps_interval_reading"] == "these partners"
    assert "of these partners) from 14 answers" in str(total["said"])
    assert "36 % of those invited did not answer" in str(total["said"])
    year = scorecard(tmp_path, invited, "--period", "year")
    assert year["population"] is None
    assert "did not answer" not in str(year["said"])


def test_a_full_count_has_no_interval_in_words(tmp_path: Path) -> None:
    """Where everybody answered, no sampling interval stands beside the figure; with too many it is unknown."""
    everybody = {"Alder": 4, "Birk": 3, "Corvane": 5, "Dorn": 2}
    total = scorecard(tmp_path, everybody)
    assert total["nps_interval_reading"] == "full count"
    assert total["nps_low"] == total["nps_high"] == total["nps"]
    assert "(a full count: no interval) from 14 answers" in str(total["said"])
    assert "did not answer" not in str(total["said"])
    assert scorecard(tmp_path, everybody | {"Dorn": 1})["population"] is None


def test_few_partners_of_the_list_stand_for_others(tmp_path: Path) -> None:
    """Where partners worth less than 80 % of the list answered, the sentence has the clustered interval and says so."""
    total = scorecard(tmp_path, {"Alder": 6, "Birk": 5, "Corvane": 8, "Dorn": 3, "Silent": 40})
    assert total["nps_interval_reading"] == "other partners"
    assert "if these partners stand for others) from 14 answers" in str(total["said"])


def counts(responses: int, invited: int | None) -> Counts:
    return Counts(ScoreTally(0, responses, 0), invited)


def test_the_rules() -> None:
    """Partners worth 80 % of the list are the list: by people invited where that is known of all, else by number."""
    three = [counts(30, 50), counts(5, 30), counts(0, 20)]
    assert heard(three) == 80
    assert heard([*three, counts(0, None)]) == 50
    assert heard([]) is None
    assert population_of(three) == 100
    assert population_of([*three, counts(1, None)]) is None
    assert population_of([*three, counts(4, 3)]) is None
    assert population_of([counts(0, None)]) is None
    assert reading_of(10, 10, 100, None) == "full count"
    assert reading_of(10, 20, 100, None) is None
    assert reading_of(0, 0, None, None) is None


def test_bounds_of_those_who_did_not_answer() -> None:
    """All of them counted as passive, or as detractors, is what a tally with them in it gives."""
    found = silent(ScoreTally(2, 5, 23), 75, 30)
    assert found is not None
    assert (found.people, found.share) == (45, 60)
    assert found.if_passive == ScoreTally(2, 50, 23).nps == 28
    assert found.if_detractors == ScoreTally(47, 5, 23).nps == -32
    assert silent(ScoreTally(2, 5, 23), 30, 30) is None
    assert silent(ScoreTally(), 30, 0) is None
