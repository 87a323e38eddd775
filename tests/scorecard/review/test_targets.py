"""Targets: what is reached, missed, on track or out of reach, where they come from, and where they are shown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from command import run_here
from openpyxl import load_workbook
from review_cards import answers, build

from partnerkpi.errors import ConfigError
from partnerkpi.kpi.outlook import nps_outlook
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.targets import aims_of
from partnerkpi.scorecard.packs import for_partner, for_review
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.scorecard.record import from_record, to_record
from partnerkpi.settings import Settings, Target


def aimed(counts: list[Counts], target: float | None, by: dt.date | None = None, **more: Any) -> Scorecard:
    """Return a card of one partner with a target."""
    return build({"A": counts}, {"A": Partner("A", tier="Gold", owner="Ina", target=target, target_date=by)}, **more)


def status(card: Scorecard) -> list[str]:
    """Return how the targets of a card stand."""
    return [one.status for one in card.targets]


STEADY = [answers(15, 20, 65)] * 3  # NPS 50, from about 36 to 61


@pytest.mark.parametrize(
    ("target", "by", "said"),
    [
        *((50, "2026-09-30", "reached"), (51, "2026-09-30", "missed"), (50, "2026-03-15", "reached")),
        *((51, "2026-01-01", "missed"), (50, "2026-10-01", "on track"), (49.5, "2027-06-30", "on track")),
        *((55, "2026-12-31", "within reach"), (90, "2026-12-31", "not on track"), (90, None, "not on track")),
        (50, None, "on track"),
    ],
)
def test_with_a_short_past_the_figure_of_now_counts(target: float, by: str | None, said: str) -> None:
    """A day in a period that is over settles it; before, the figure and its interval say how it stands."""
    card = aimed(STEADY, target, dt.date.fromisoformat(by) if by else None)
    (one,) = card.targets
    assert (one.status, one.aim.partner, one.owner, one.value) == (said, "A", "Ina", 50)


def test_few_answers_and_none_cannot_tell() -> None:
    """Below the minimum of answers nothing is said, without answers neither; a period with none has not missed it."""
    assert status(aimed([answers(0, 0, 3)], 50)) == ["cannot tell"]
    assert status(aimed([Counts()], 50)) == ["cannot tell"]
    assert status(aimed([answers(0, 0, 20), Counts()], 50, dt.date(2026, 5, 1))) == ["cannot tell"]
    assert status(aimed(STEADY, None)) == []


def test_a_period_to_date_has_not_missed_it_yet() -> None:
    """The day lies in the period that is going on: it is foretold, and settled when the period is over."""
    half = aimed(STEADY, 60, dt.date(2026, 9, 30), as_of=dt.date(2026, 8, 20))
    assert status(half) == ["within reach"]
    assert status(aimed(STEADY, 60, dt.date(2026, 9, 30))) == ["missed"]


def _long(**more: Any) -> Scorecard:
    rows = [answers(20 - n, 20, 60 + n) for n in range(8)]
    periods = tuple(f"{2025 + n // 4}-Q{n % 4 + 1}" for n in range(8))
    given = {"periods": periods, "current": periods[-1], "as_of": dt.date(2026, 12, 31)}
    card = build({"A": [Counts()] * 3}, {"A": Partner("A", tier="Gold", **more)})
    counts = {("A", label): one for label, one in zip(periods, rows, strict=True)}
    return Scorecard(**{**{f: getattr(card, f) for f in card.__dataclass_fields__}, **given, "counts": counts})


def test_the_outlook_of_the_day_decides() -> None:
    """With eight periods the outlook is taken, of so many periods on: its value stays, its interval widens."""
    tallies = [_long().count("A", period).scores for period in _long().periods]
    near, far = (nps_outlook(tallies, ahead=ahead) for ahead in (1, 4))
    assert near.value == far.value
    assert near.interval is not None
    assert far.interval is not None
    assert far.interval.half_width > near.interval.half_width
    target = (near.interval.high + far.interval.high) / 2
    (soon,) = _long(target=target, target_date=dt.date(2027, 2, 1)).targets
    (late,) = _long(target=target, target_date=dt.date(2027, 11, 1)).targets
    assert (soon.status, late.status) == ("not on track", "within reach")
    assert (soon.foretold, late.foretold) == (near, far)
    assert (soon.period, late.period) == ("2027-Q1", "2027-Q4")


def test_tiers_and_everybody() -> None:
    """A tier's target is about its partners' answers together, everybody's about all; a pack knows neither."""
    settings = Settings(
        targets=[
            Target(tier="gold", target=40, by="2026-09-30"),
            Target(tier="Tin", target=40),
            Target(target=20, by="2026-09-30"),
            Target(kpi="advocacy", target=75, by="2026-09-30"),
            Target(kpi="advocacy", tier="Gold", target=50, by="2026-09-30"),
        ]
    )
    counts = {
        "A": [answers(10, 10, 80, activities=1)],
        "B": [answers(80, 10, 10)],
        "C": [answers(0, 10, 10, activities=2)],
    }
    partners = {
        name: Partner(name, tier=tier, target=70) for name, tier in (("A", "Gold"), ("B", "Gold"), ("C", "Ore"))
    }
    card = build(counts, partners, settings=settings, as_of=dt.date(2026, 3, 31))
    found = {(one.aim.tier, one.aim.partner, one.aim.kpi): (one.status, one.value) for one in card.targets}
    assert {key: value for key, value in found.items() if key[1] is None} == {
        (None, None, "nps"): ("not on track", pytest.approx(100 * 10 / 220)),
        (None, None, "advocacy"): ("not on track", pytest.approx(200 / 3)),
        ("gold", None, "nps"): ("not on track", 0),
        ("Gold", None, "advocacy"): ("on track", 50),
    }
    for pack in (for_partner(card, "A"), for_review(card, "A")):
        assert [one.aim.partner for one in pack.targets] == ["A"]
        assert to_record(pack)["settings"]["targets"] == []
    assert from_record(to_record(card)).targets == card.targets


def test_what_a_partner_is_told() -> None:
    """Its plan names the target where it is not reached, never of a period whose answers are withheld."""
    card = aimed(STEADY, 60, dt.date(2026, 12, 31))
    for pack in (for_partner(card, "A"), for_review(card, "A")):
        (line,) = [one for one in pack.agreed if "target" in one.reason]
        assert (str(line.reason), line.due, line.owner) == ("NPS 50, target 60", dt.date(2026, 12, 31), "Ina")
    for other in (aimed(STEADY, 40), aimed([answers(1, 1, 2)], 60)):
        assert [one for one in for_partner(other, "A").agreed if "target" in one.reason] == []


def test_alerts() -> None:
    """What was missed or is out of reach raises its hand, each with its sentence; switched off it does not."""
    card = aimed(STEADY, 60, dt.date(2026, 9, 30))
    (alert,) = [one for one in card.alerts if one.rule == "target_not_on_track"]
    assert str(alert.sentence) == "NPS 50 in Q3 2026: the target of 60 by 30 Sep 2026 was missed"
    assert (alert.partner, alert.certainty, alert.value, alert.threshold) == ("A", "counted", 50, 60)
    off = Settings(alerts=Settings().alerts.model_copy(update={"target_not_on_track": False}))
    assert [one.rule for one in aimed(STEADY, 60, dt.date(2026, 9, 30), settings=off).alerts] == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Target(partner="A", tier="Gold", target=1), "a partner and a tier"),
        (Target(partner="A", kpi="advocacy", target=1), "active or it is not"),
        (Target(kpi="advocacy", target=-1), "0 to 100"),
        (Target(target=1, by="soon"), "'soon' is no day"),
    ],
)
def test_no_such_target(given: Target, said: str) -> None:
    """An entry that says two things, or no day, is named by its place."""
    with pytest.raises(ConfigError, match=said):
        aims_of([Target(target=1), given])


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Return answers of two partners, and their list with targets."""
    rows = ["partner,date,score"]
    rows += [f"Acme,2026-0{4 if n % 2 else 7}-10,{(9, 10, 3, 8)[n % 4]}" for n in range(40)]
    rows += [f"Bolt,2026-09-2{n % 9},{9 - n % 2}" for n in range(40)]
    tmp_path.joinpath("responses.csv").write_text("\n".join(rows) + "\n")
    tmp_path.joinpath("partners.csv").write_text(
        "partner,tier,NPS target,Target date\nAcme,Gold,60,30.09.2026\nBolt,Gold,,\n", encoding="utf-8"
    )
    tmp_path.joinpath("partnerkpi.toml").write_text(
        '[[targets]]\npartner = "acme"\ntarget = 10\n[[targets]]\npartner = "BOLT"\ntarget = 40\nby = "2026-12-31"\n'
        '[[targets]]\npartner = "Zed"\ntarget = 40\n'
    )
    return {path.stem: path for path in tmp_path.iterdir()}


def test_from_files_to_the_workbook(files: dict[str, Path], tmp_path: Path) -> None:
    """The list wins over the settings; sheet, JSON, outlook and export say the same, and the workbook verifies."""
    given = (files["responses"], files["partners"], "--config", files["partnerkpi"])
    target = tmp_path / "card.xlsx"
    made = run_here("scorecard", *given, "-o", target, "--format", "json")
    found = {one["group"]["partner"]: one for one in made.json["targets"]}
    assert (found["Acme"]["target"], found["Acme"]["by"], found["Acme"]["status"]) == (60, "2026-09-30", "missed")
    assert (found["Bolt"]["target"], found["Bolt"]["by"], found["Bolt"]["status"]) == (40, "2026-12-31", "on track")
    assert "names 'Zed'" in made.err
    assert "'NPS target' of the list of partners is taken" in made.err
    sheet = load_workbook(target, data_only=True)["Partners"]
    head, *rows = sheet.iter_rows(min_row=5, max_row=7, max_col=9, values_only=True)
    by_name = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert by_name["Acme"]["NPS to reach"] == 60
    assert by_name["Acme"]["By"] == dt.datetime(2026, 9, 30)
    assert by_name["Acme"]["From target"] == pytest.approx(found["Acme"]["value"] - 60)
    assert run_here("verify", target).code == 0
    outlook = run_here("outlook", *given, "--format", "json", "--quiet").json["rows"]
    assert (outlook[0]["target"], outlook[0]["on_track"]) == (50, "cannot tell")
    assert run_here("export", tmp_path / "out", *given, "--quiet").code == 0
    assert '"Acme","true","Gold",,,,60.0,"2026-09-30","missed"' in (tmp_path / "out" / "partners.csv").read_text()


def test_a_target_of_something_else_is_none(files: dict[str, Path], tmp_path: Path) -> None:
    """A column that is just called Target holds an NPS where all of it can be one; of revenue it holds none."""
    listed = tmp_path / "partners.csv"
    for column, value, count in (("Target", "250000", 0), ("Target", "45", 1), ("Target NPS", "45", 1)):
        listed.write_text(f"partner,{column}\nAcme,{value}\nBolt,\n")
        page = run_here("scorecard", files["responses"], listed, "-o", tmp_path / "c.xlsx", "--format", "json").json
        assert len(page["targets"]) == count, column
    listed.write_text("partner,Target NPS\nAcme,450\nBolt,\n")
    refused = run_here("scorecard", files["responses"], listed, "-o", tmp_path / "c.xlsx")
    assert refused.code == 1
    assert "'Acme' has 450" in refused.err


def test_without_targets_no_column(files: dict[str, Path], tmp_path: Path) -> None:
    """A workbook of partners without targets has not a cell more."""
    target = tmp_path / "card.xlsx"
    assert run_here("scorecard", files["responses"], "-o", target, "--quiet").code == 0
    heads = [cell.value for cell in load_workbook(target)["Partners"][5]]
    assert "NPS to reach" not in heads
    assert "Answers" in heads
