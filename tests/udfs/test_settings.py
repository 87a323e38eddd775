"""Ratings in cells follow the benchmarks that are in force."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from partnerkpi import config
from partnerkpi.udfs import PARTNER_NPS, PARTNER_NPS_BY, PARTNER_NPS_SUMMARY, PARTNER_RATING, log, ratings


def write(folder: Path, watch: float, *, when: int = 1_000) -> None:
    """Write a settings file with a threshold, and say when it was written."""
    path = folder / config.DEFAULT_NAME
    path.write_text(f"[benchmarks.nps]\nwatch = {watch}\n[benchmarks.advocacy]\nwatch = 57\n", encoding="utf-8")
    os.utime(path, (when, when))


def test_without_a_file_the_defaults_hold() -> None:
    """No settings: the bands of the definitions."""
    assert PARTNER_RATING("nps", 30.0) == "watch"


def test_a_file_in_the_current_folder_counts(home: Path) -> None:
    """As on the command line; in the summary and by partner as well."""
    write(home, 45)
    assert PARTNER_RATING("nps", 44.0) == "investigate"
    scores = [9.0] * 7 + [0.0] * 3
    summary: Any = PARTNER_NPS_SUMMARY(scores)
    by: Any = PARTNER_NPS_BY(["Acme"] * 10, scores)
    assert summary[7][1] == by[0][6] == "investigate"


def test_a_file_in_the_home_folder_counts_where_the_current_one_has_none(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel's Python starts in a folder that nobody chose; the nearer file wins."""
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    write(home, 45)
    assert PARTNER_RATING("nps", 44.0) == "investigate"
    write(elsewhere, 40)
    assert PARTNER_RATING("nps", 44.0) == "watch"


def test_a_changed_file_is_read_again_and_an_unchanged_one_is_not(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of cells read the file once; the next calculation after a change follows it."""
    reads: list[Path] = []

    def load(path: Path) -> config.Config:
        reads.append(path)
        return config.load(path)

    monkeypatch.setattr(ratings, "load", load)
    write(home, 45)
    assert [PARTNER_RATING("nps", 44.0) for _ in range(5)] == ["investigate"] * 5
    write(home, 40, when=2_000)
    assert [PARTNER_RATING("nps", 44.0) for _ in range(5)] == ["watch"] * 5
    assert len(reads) == 2


def test_shares_are_compared_as_fractions(home: Path) -> None:
    """A threshold of 57 is 0.57 in a cell, although 100 * 0.57 is a hair below 57."""
    write(home, 45)
    assert 100 * 0.57 < 57
    assert PARTNER_RATING("advocacy", 0.57) == "watch"


def test_a_faulty_file_is_value_and_is_explained_once(home: Path) -> None:
    """Ratings are #VALUE! until it is mended, figures are not; the log says what is wrong, once."""
    (home / config.DEFAULT_NAME).write_text("[benchmarks.nps]\nwach = 45\n", encoding="utf-8")
    assert [PARTNER_RATING("nps", 44.0) for _ in range(3)] == ["#VALUE!"] * 3
    scores = [9.0] * 6
    assert PARTNER_NPS(scores) == 100
    summary: Any = PARTNER_NPS_SUMMARY(scores)
    assert [summary[4][1], summary[7][1]] == [100, "#VALUE!"]
    by: Any = PARTNER_NPS_BY(["Acme"] * 6, scores, 1)
    assert [by[0][2], by[0][6]] == [100, "#VALUE!"]
    (line,) = (log.folder() / log.FILE_NAME).read_text(encoding="utf-8").splitlines()
    assert "unknown key 'benchmarks.nps.wach'; did you mean 'watch'?" in line
