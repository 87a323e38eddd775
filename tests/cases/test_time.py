"""Time: survey waves, months as programs write them, days that count, periods that are not over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import office
import pytest
from command import run_here


def case(name: str) -> Path:
    """Return the folder of a case beside the project; skip the test where there is none."""
    path = office.ROOT.parent / "shared" / "cases" / name
    if not path.exists():
        pytest.skip(f"{name} is in the shared cases, which this machine does not have")
    return path


def rows(*arguments: str | Path) -> dict[str | None, tuple[int, int, int]]:
    """Return promoters, passives and detractors of the whole and each period that has any, as `nps` says them."""
    told = run_here("nps", *arguments, "--format", "json", "--quiet").json["rows"]
    return {
        row["period"]: (row["promoters"], row["passives"], row["detractors"])
        for row in told
        if not row["group"] and row["responses"]
    }


def written(folder: Path, lines: str, name: str = "given.csv") -> Path:
    """Write a table as a CSV file."""
    path = folder / name
    path.write_text(lines, encoding="utf-8")
    return path


def scorecard(folder: Path, *arguments: str | Path) -> Any:
    """Return what `scorecard` prints as JSON."""
    return run_here("scorecard", *arguments, "-o", folder / "card.xlsx", "--format", "json", "--quiet").json


@pytest.mark.parametrize("period", ["all", "quarter", "month", "year"])
def test_one_figure_for_one_file(period: str) -> None:
    """A person has one answer in each quarter, whatever period is shown; all answers count where that is asked for."""
    answers = case("34-one-figure-for-one-file") / "r.csv"
    assert rows(answers, "--period", period)[None] == (3, 1, 0)
    assert rows(answers, "--period", period, "--duplicates", "all")[None] == (3, 1, 1)
    assert rows(answers, "--period", period, "--duplicates", "first")[None] == (2, 1, 1)


WAVES = """date,partner,respondent,score
2025-12-30,Alder,P1,9
2026-01-02,Alder,p1 ,3
2026-02-11,Alder,p1,10
2026-06-30,Alder,p1,7
2026-07-01,Alder,p1,8
"""


@pytest.mark.parametrize(
    ("wave", "whole"), [("quarter", (2, 2, 0)), ("month", (2, 2, 1)), ("year", (1, 1, 0)), ("none", (0, 1, 0))]
)
def test_the_wave_is_a_setting(tmp_path: Path, wave: str, whole: tuple[int, int, int]) -> None:
    """So long is a wave as the settings say; the scorecard adds up to the same."""
    settings = written(tmp_path, f'[options]\nwave = "{wave}"\n', "settings.toml")
    answers = written(tmp_path, WAVES.replace("P1", "p1").replace("p1 ", "p1"))
    for period in ("all", "year", "quarter", "month"):
        counted = rows(answers, "--period", period, "--config", settings)
        assert counted.pop(None) == whole
        if period != "all":
            assert tuple(map(sum, zip(*counted.values(), strict=True))) == whole
    card = scorecard(tmp_path, answers, "--config", settings, "--period", "all")
    assert (card["total"]["promoters"], card["total"]["passives"], card["total"]["detractors"]) == whole


def test_without_dates_the_file_is_one_wave(tmp_path: Path) -> None:
    """Of two answers of a person the lower row counts."""
    answers = written(tmp_path, "partner,respondent,score\nAlder,p1,3\nAlder,p1,9\nBirk,p1,7\n")
    assert rows(answers) == {None: (1, 1, 0)}


def test_months_as_numbers() -> None:
    """202607 is July 2026."""
    counted = rows(case("31-months-as-202607") / "m.csv", "--period", "month")
    assert counted == {None: (2, 1, 1), "2026-07": (1, 0, 1), "2026-08": (1, 1, 0)}


@pytest.mark.parametrize(
    ("first", "second", "period", "labels"),
    [
        ("2026M07", "2026M08", "month", ("2026-07", "2026-08")),
        ("2026-M07", "2026-M08", "month", ("2026-07", "2026-08")),
        ("M07/2026", "M08/2026", "month", ("2026-07", "2026-08")),
        ("Jul-26", "Aug-26", "month", ("2026-07", "2026-08")),
        ("Jul/26", "Aug/26", "month", ("2026-07", "2026-08")),
        ("2026-Jul", "2026-Aug", "month", ("2026-07", "2026-08")),
        ("juil. 2026", "août 2026", "month", ("2026-07", "2026-08")),
        ("1Q26", "2Q26", "quarter", ("2026-Q1", "2026-Q2")),
        ("26Q1", "26Q2", "quarter", ("2026-Q1", "2026-Q2")),
        ("2026-Q3", "2026-Q4", "quarter", ("2026-Q3", "2026-Q4")),
        ("Q3 2026", "Q4 2026", "quarter", ("2026-Q3", "2026-Q4")),
        ("T3 2026", "T4 2026", "quarter", ("2026-Q3", "2026-Q4")),
        ("Q3'26", "Q4'26", "quarter", ("2026-Q3", "2026-Q4")),
    ],
)
def test_periods_as_programs_write_them(
    tmp_path: Path, first: str, second: str, period: str, labels: tuple[str, str]
) -> None:
    """Months and quarters are read in every usual form, in a column that is called after them."""
    name = {"month": "month", "quarter": "survey quarter"}[period]
    told = written(
        tmp_path, f"{name},partner,score\n{first},Alder,9\n{first},Birk,3\n{second},Alder,10\n{second},Birk,8\n"
    )
    assert rows(told, "--period", period) == {None: (2, 1, 1), labels[0]: (1, 0, 1), labels[1]: (1, 1, 0)}


@pytest.mark.parametrize("form", ["FY26 Q1", "FY2026-Q1", "Q1 FY26", "FY26Q1"])
def test_quarters_of_a_financial_year(tmp_path: Path, form: str) -> None:
    """FY26 Q1 is April to June 2025 where the year begins in April, and a question where nobody has said when."""
    told = written(tmp_path, f"quarter,partner,score\n{form},Alder,9\n{form.replace('Q1', 'Q4')},Birk,3\n")
    asked = run_here("nps", told, "--period", "quarter", "--config", written(tmp_path, "", "none.toml"))
    assert asked.code == 2
    assert "fiscal_year_start" in asked.err
    settings = written(tmp_path, "[options]\nfiscal_year_start = 4\n", "settings.toml")
    counted = rows(told, "--period", "quarter", "--config", settings)
    assert counted == {None: (1, 0, 1), "FY2026-Q1": (1, 0, 0), "FY2026-Q4": (0, 0, 1)}
    settings = written(tmp_path, "[options]\nfiscal_year_start = 1\n", "calendar.toml")
    counted = rows(told, "--period", "quarter", "--config", settings)
    assert counted == {None: (1, 0, 1), "2026-Q1": (1, 0, 0), "2026-Q4": (0, 0, 1)}
