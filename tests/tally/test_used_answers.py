"""Segments, people and calls: counted by the engine, compared with pandas and with a table small enough to read."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from partnerkpi.config import load
from partnerkpi.demo import write_demo_data
from partnerkpi.kpi import ScoreTally
from partnerkpi.results.kinds import sort_out
from partnerkpi.scorecard.build import build_scorecard
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.actions import DETRACTOR
from partnerkpi.tables.workspace import Workspace
from partnerkpi.tally.used_answers import People, PersonAnswer

SMALL = """partner,respondent,date,score,region,Language
Acme,a,2026-04-01,10,North,en
Acme,b,2026-04-02,9,North,de
Acme,c,2026-05-01,3,South,en
Acme,a,2026-07-01,8,North,en
Acme,b,2026-07-02,6,,de
Acme,b,2026-07-03,7,,de
Acme,c,2026-07-02,5,South,en
Bolt,a,2026-07-02,7,South,en
Bolt,,2026-09-30,0,North,fr
Bolt,x,2026-09-30,oops,North,fr
"""
#: A promoter's answer, whom nobody calls: with it the third quarter is over, so that the card is about it.
WHOLE_QUARTER = "Bolt,z,2026-09-30,10"


def card_of(path: Path, config: Path | None = None, period: str | None = None, **options: object) -> Scorecard:
    """Return the scorecard of files in a folder, or of one file."""
    with Workspace() as workspace:
        settings = load(config).override(period=period)
        files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        return build_scorecard(sort_out(workspace, [str(file) for file in files], {}, {}), settings, **options)  # type: ignore[arg-type]  # options of build_scorecard


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_segments(small: Path) -> None:
    """Each dimension divides the answers that count; an answer without a value stands under None."""
    card = card_of(small)
    assert set(card.segments) == {"region", "Language"}
    assert card.segments["region"] == {
        ("North", "2026-Q2"): ScoreTally(0, 0, 2),
        ("South", "2026-Q2"): ScoreTally(1, 0, 0),
        ("North", "2026-Q3"): ScoreTally(1, 1, 0),
        ("South", "2026-Q3"): ScoreTally(1, 1, 0),
        (None, "2026-Q3"): ScoreTally(0, 1, 0),
    }


def test_people(small: Path) -> None:
    """A person is somebody at one partner; who answered in an earlier period comes back."""
    assert card_of(small).people == {"2026-Q2": People(3, 0), "2026-Q3": People(4, 3)}


def test_to_call(small: Path) -> None:
    """Detractors of the current period are called first, then passives who were promoters when they answered last."""
    assert card_of(small).to_call == (
        PersonAnswer("Bolt", None, dt.date(2026, 9, 30), 0.0, None),
        PersonAnswer("Acme", "c", dt.date(2026, 7, 2), 5.0, 3.0),
        PersonAnswer("Acme", "b", dt.date(2026, 7, 3), 7.0, 9.0),
        PersonAnswer("Acme", "a", dt.date(2026, 7, 1), 8.0, 10.0),
    )


@pytest.mark.parametrize("repeated", [False, True])
def test_answers_without_a_person_are_calls_to_partners(tmp_path: Path, repeated: bool) -> None:
    """One answer of each partner is the partner's own; where a partner has several, no one knows whose they are."""
    path = tmp_path / "answers.csv"
    lines = ["Acme,2026-07-01,3", "Bolt,2026-07-02,6", "Acme,2026-07-03,9", *["Bolt,2026-07-04,5"] * repeated]
    path.write_text("\n".join(["partner,date,score", *lines, "Cedar,2026-09-30,10"]), encoding="utf-8")
    card = card_of(path)
    acme, bolt = (
        PersonAnswer("Acme", None, dt.date(2026, 7, 1), 3.0),
        PersonAnswer("Bolt", None, dt.date(2026, 7, 2), 6.0),
    )
    assert card.to_call == (() if repeated else (acme, bolt))
    assert card.more_to_call == ({("Acme", DETRACTOR): 1, ("Bolt", DETRACTOR): 2} if repeated else {})
    assert card.calls == 2 + repeated


@pytest.mark.parametrize("first", ["2026-04-01,10", "2026-05-01,3"])
def test_the_day_decides_which_answer_was_the_last_before(tmp_path: Path, first: str) -> None:
    """Where all answers of a person count, the last day of the period before decides: no row, no best score."""
    rows = ["2026-04-01,10", "2026-05-01,3", "2026-04-15,9"]
    rows = sorted(rows, key=lambda row: row != first)
    path = tmp_path / "answers.csv"
    lines = [*(f"Acme,a,{row}" for row in [*rows, "2026-07-01,5"]), WHOLE_QUARTER]
    path.write_text("\n".join(["partner,respondent,date,score", *lines]), encoding="utf-8")
    config = tmp_path / "partnerkpi.toml"
    config.write_text('[options]\nduplicates = "all"\n', encoding="utf-8")
    assert card_of(path, config).to_call == (PersonAnswer("Acme", "a", dt.date(2026, 7, 1), 5.0, 3.0),)


@pytest.mark.parametrize("scores", [(3, 10, 9), (9, 3, 10), (10, 9, 3)])
def test_of_two_answers_on_the_last_day_the_highest_was_the_last_before(
    tmp_path: Path, scores: tuple[int, ...]
) -> None:
    """The order of the rows decides nothing: who was a promoter on that day is called as one."""
    path = tmp_path / "answers.csv"
    lines = [*(f"Acme,a,2026-05-01,{score}" for score in scores), "Acme,a,2026-07-01,8", WHOLE_QUARTER]
    path.write_text("\n".join(["partner,respondent,date,score", *lines]), encoding="utf-8")
    config = tmp_path / "partnerkpi.toml"
    config.write_text('[options]\nduplicates = "all"\n', encoding="utf-8")
    assert card_of(path, config).to_call == (PersonAnswer("Acme", "a", dt.date(2026, 7, 1), 8.0, 10.0),)


def test_as_of(small: Path) -> None:
    """What lies after the period of the as-of day is not seen."""
    card = card_of(small, as_of=dt.date(2026, 6, 30))
    assert card.people == {"2026-Q2": People(3, 0)}
    assert [one.respondent for one in card.to_call] == ["c"]
    assert {period for _, period in card.segments["region"]} == {"2026-Q2"}


def test_all_time(small: Path) -> None:
    """Without periods everything is one period, nobody comes back, and the latest answer of each person counts."""
    card = card_of(small, period="all")
    assert card.people == {"all time": People(4, 0)}
    assert [(one.partner, one.respondent) for one in card.to_call] == [("Bolt", None), ("Acme", "c")]


def test_dimensions_of_the_settings(small: Path, tmp_path: Path) -> None:
    """A column that the settings name is a dimension, whatever it is called; without case."""
    config = tmp_path / "partnerkpi.toml"
    config.write_text('[options]\ndimensions = ["RESPONDENT"]\n', encoding="utf-8")
    card = card_of(small, config)
    assert card.segments["respondent"]["c", "2026-Q2"] == ScoreTally(1, 0, 0)


def test_demo_against_pandas(tmp_path: Path) -> None:
    """On the demo's answers, segments of a column and of the partner list are what pandas counts."""
    write_demo_data(tmp_path)
    card = card_of(tmp_path)
    frame = pd.read_csv(tmp_path / "responses.csv", parse_dates=["date"])
    frame = frame[frame["score"].notna()].assign(quarter=frame["date"].dt.to_period("Q"))
    frame = frame.sort_values("date", kind="stable")
    frame = frame.drop_duplicates(["partner", "respondent", "quarter"], keep="last")
    listed = pd.read_csv(tmp_path / "partners.csv").set_index("partner")
    frame["tier"] = frame["partner"].map(listed["tier"])
    for dimension in ("region", "tier"):
        counted = frame.groupby([dimension, "quarter"])["score"].agg(
            [lambda s: (s < 7).sum(), lambda s: s.between(7, 8.999).sum(), lambda s: (s >= 9).sum()]
        )
        expected = {
            (value, f"{quarter.year}-Q{quarter.quarter}"): ScoreTally(*map(int, row))
            for (value, quarter), row in zip(counted.index, counted.to_numpy(), strict=True)
        }
        assert card.segments[dimension] == expected
    people = frame.groupby("quarter")["respondent"].nunique()
    assert [card.people[label].people for label in card.periods] == people.tolist()
