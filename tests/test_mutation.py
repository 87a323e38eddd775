"""The rooms of `python -m mutation`."""

import json
import tomllib
from pathlib import Path

import pytest

from mutation.__main__ import UNTRIED, is_same_sql, refuse_untried

ROOT = Path(__file__).parent.parent


def test_every_room_has_files_to_change_and_tests_to_notice() -> None:
    """A file or test that was renamed is not silently left out."""
    rooms = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutation"]
    assert {"kpi", "cells", "tally", "customers", "counts"} <= set(rooms)
    for name, room in rooms.items():
        assert all(list(ROOT.glob(pattern)) for pattern in room["change"]), name
        paths = [
            test.removeprefix("--deselect=").removeprefix("--ignore=").partition("::")[0] for test in room["tests"]
        ]
        assert all((ROOT / path).exists() for path in paths), name


def test_a_change_that_was_not_tried_is_not_called_noticed(tmp_path: Path) -> None:
    """Where pytest ends with an error, mutmut counts the change as one that ran into the time limit."""
    (tmp_path / "mutants").mkdir()
    verdicts = tmp_path / "mutants" / "scores.py.meta"
    verdicts.write_text(json.dumps({"exit_code_by_key": {"x_nps__mutmut_1": 1, "x_nps__mutmut_2": -24}}))
    refuse_untried(tmp_path)
    verdicts.write_text(json.dumps({"exit_code_by_key": {"x_nps__mutmut_1": 1, "x_nps__mutmut_2": UNTRIED}}))
    with pytest.raises(SystemExit, match=r"1 changes were not tried.* x_nps__mutmut_2"):
        refuse_untried(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ('order = "day NULLS LAST, score"', 'order = "day nulls last, score"', True),
        ('(rows, "count(*)", "0")', '(rows, "COUNT(*)", "0")', True),
        ('keys = {WITH: "__one_with"}', 'keys = {WITH: "__ONE_WITH"}', True),
        ('" AND ".join(all_of_them)', '" and ".join(all_of_them)', True),
        ('f"{x} " "FROM __rows"', 'f"{x} " "FROM __ROWS"', True),
        ("sql = \"CASE WHEN t = 'Ann' THEN 1 END\"", "sql = \"case when t = 'ann' then 1 end\"", False),
        ("sql = \"CAST(day - INTERVAL '1 day' AS DATE)\"", "sql = \"cast(day - interval '1 day' as date)\"", True),
        ('sql = "SELECT day"', 'sql = "XXSELECT dayXX"', False),
        ('layout == "bands"', 'layout == "BANDS"', False),
        ("", "total=1", False),
    ],
)
def test_sql_in_other_letters_is_the_same(before: str, after: str, *, same: bool) -> None:
    """No test can notice it, and none is missing; a text in quotes and a word of Python are others."""
    assert is_same_sql([f"-{before}", f"+{after}"]) == same
