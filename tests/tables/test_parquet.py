"""Parquet files: the file itself knows the places of its rows, also where several threads read them."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from command import run_here

#: More rows than are read at a time.
ROWS, SIZE_OF_A_GROUP = 60_000, 5_000


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Return answers of which each person gave four to a partner at one time, and every 1,000th cannot be used."""
    numbers = range(ROWS)
    return pd.DataFrame(
        {
            "partner": [f"Partner {number % 7}" for number in numbers],
            "respondent": [f"p{number % (ROWS // 4)}@a.example" for number in numbers],
            "score": [40 if number % 1000 == 999 else number * number % 11 for number in numbers],
            "date": pd.to_datetime(["2026-03-02"] * ROWS),
        }
    )


@pytest.mark.parametrize("own", [None, "file_row_number", "FILE_ROW_NUMBER"])
def test_rows_have_the_places_that_they_have_in_the_file(frame: pd.DataFrame, tmp_path: Path, own: str | None) -> None:
    """Of four answers at one time the last in the file counts, and rows that are not used are told by their numbers."""
    held = frame if own is None else frame.assign(**{own: range(ROWS, 0, -1)})
    held.to_parquet(tmp_path / "a.parquet", row_group_size=SIZE_OF_A_GROUP)
    done = run_here("nps", tmp_path / "a.parquet", "--set-aside", tmp_path / "aside.csv", "--format", "json")
    usable = frame[frame["score"] <= 10].reset_index()
    last = usable.drop_duplicates(["respondent", "partner"], keep="last")
    (whole,) = done.json["rows"]
    assert whole["promoters"] == (last["score"] >= 9).sum()
    assert whole["detractors"] == (last["score"] <= 6).sum()
    with (tmp_path / "aside.csv").open(encoding="utf-8", newline="") as stream:
        aside = {int(row["row"]): row["reason"] for row in csv.DictReader(stream)}
    repeated = set(usable["index"]) - set(last["index"])
    outside = set(frame.index[frame["score"] > 10])
    assert set(aside) == {number + 1 for number in repeated | outside}
    assert len({aside[number + 1] for number in outside}) == 1


def test_beside_a_text_file(frame: pd.DataFrame, tmp_path: Path) -> None:
    """Columns that one file holds as texts are read as texts in both, and rows keep their numbers."""
    frame.to_parquet(tmp_path / "a.parquet", row_group_size=SIZE_OF_A_GROUP)
    (tmp_path / "b.csv").write_text("partner,respondent,score,date\nPartner 0,q@a.example,9,2026-03-02\n")
    files = tmp_path / "a.parquet", tmp_path / "b.csv"
    done = run_here("nps", *files, "--set-aside", tmp_path / "aside.csv", "--format", "json")
    alone = run_here("nps", files[0], "--format", "json").json["rows"][0]
    (both,) = done.json["rows"]
    assert (both["responses"], both["promoters"]) == (alone["responses"] + 1, alone["promoters"] + 1)
    aside = pd.read_csv(tmp_path / "aside.csv")
    outside = aside[aside["reason"] == aside.loc[aside["row"] == 1000, "reason"].item()]
    assert sorted(outside["row"]) == list(range(1000, ROWS + 1, 1000))
