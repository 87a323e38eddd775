"""What must lead to a question: each change takes away what tells the answer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from metamorphic.changes import Change
from metamorphic.tables import Grid, Trial


def neutral_names(trial: Trial, draw: random.Random) -> Trial | None:
    """Call every column by its number: small numbers alone are no answers."""
    grid = _answers(trial)
    if grid is None:
        return None
    for number, name in enumerate(grid.header, 1):
        grid = grid.renamed(name, f"field {number}")
    return replace(trial.with_grid(grid), options={}, command=("nps", f"{{{grid.stem}}}"))


def two_of_one_name(trial: Trial, draw: random.Random) -> Trial | None:
    """Give a second column of other numbers the name of the score."""
    grid = _answers(trial)
    if grid is None or grid.score is None:
        return None
    numbers = [str(draw.randrange(11)) for _ in grid.rows]
    return replace(
        trial.with_grid(grid.with_column(grid.score, numbers, draw.randrange(len(grid.header) + 1))), options={}
    )


def days_that_may_be_months(trial: Trial, draw: random.Random) -> Trial | None:
    """Write days as 03/04/2026, with no day after the twelfth, and ask for periods."""
    grid = _answers(trial)
    if grid is None or not grid.dates or "--period" not in trial.command:
        return None
    (column,) = grid.dates
    place = grid.place(column)
    kept = replace(grid, rows=tuple(row for row in grid.rows if "01" <= row[place][8:10] <= "12"))
    texts = [f"{text[8:10]}/{text[5:7]}/{text[:4]}" for text in kept.values(column)]
    return trial.with_grid(kept.with_values(column, texts))


def thousands_that_may_be_decimals(trial: Trial, draw: random.Random) -> Trial | None:
    """Write amounts as 1.200: a thousand or one and a bit, nothing decides."""
    grids = [grid for grid in trial.grids.values() if len(grid.money) == 2]
    if not grids:
        return None
    (grid,) = grids
    for column in grid.money:
        grid = grid.with_values(column, [f"{draw.randrange(1, 999)}.{draw.randrange(1000):03}" for _ in grid.rows])
    return trial.with_grid(grid)


QUESTIONS: Sequence[Change] = (
    neutral_names,
    two_of_one_name,
    days_that_may_be_months,
    thousands_that_may_be_decimals,
)


def _answers(trial: Trial) -> Grid | None:
    return next((grid for grid in trial.grids.values() if grid.score), None)
