"""A figure stays what it is when its table is only written in another way; what can mean two things is asked.

`python -m metamorphic` tries thousands; here are 200.
"""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))  # last: the package that is tested is the installed one

from metamorphic.judge import asked, one_helper, tried, unchanged
from metamorphic.tables import Trial, demo, shared

_TRIALS = (*demo(), *shared())
#: In how many ways each table is written, and in how many of them where not all tests are run.
_EACH = 200 // len(_TRIALS)
_FEW = 2


@pytest.mark.parametrize("seeds", [range(_FEW), pytest.param(range(_FEW, _EACH), marks=pytest.mark.thorough)], ids=str)
@pytest.mark.parametrize("trial", _TRIALS, ids=lambda trial: trial.name)
def test_the_figure_stays(trial: Trial, seeds: range) -> None:
    """Order, files, encodings, separators, programs, styles, blanks, more columns and totals change no figure."""
    with one_helper():
        known = unchanged(trial)
        found = [tried(trial, known, seed) for seed in seeds]
    assert [what for verdict, what in found if verdict == "different"] == []
    assert any(verdict == "same" for verdict, _ in found)


@pytest.mark.parametrize("trial", _TRIALS, ids=lambda trial: trial.name)
def test_what_can_mean_two_things_is_asked(trial: Trial) -> None:
    """Columns without a name, two of one name, 03/04/2026 and 1.200 lead to a question, never to a figure."""
    with one_helper():
        found = asked(trial, seed=1)
    assert [f"{how}: {said}" for how, was_asked, said in found if not was_asked] == []
