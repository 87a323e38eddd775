"""What a command makes of a trial: its figures, or what it asks or refuses."""

from __future__ import annotations

import contextlib
import io
import json
import random
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from metamorphic.changes import CHANGES
from metamorphic.files import as_text, written
from metamorphic.questions import QUESTIONS
from metamorphic.tables import Trial, demo, shared
from partnerkpi.cli import _run
from partnerkpi.tables import workspace
from partnerkpi.tables.guard import DEFAULT_LIMITS
from partnerkpi.tables.helper import Helper

#: The counts of each command that are compared, in every row of its answer.
_COUNTS = (
    "responses",
    "promoters",
    "passives",
    "detractors",
    "partners",
    "active",
    "activities",
    "customers",
    "retained",
    "partner_customers",
    "partner_retained",
    "net_revenue_retention",
)
Figures = Mapping[tuple[str, ...], tuple[float | None, ...]]


class _Kept(Helper):
    """A helper that goes on when a run ends: starting one for each of thousands would take most of the time."""

    def __init__(self, helper: Helper) -> None:
        self._helper = helper

    def start(self) -> None:
        self._helper.start()

    def parts(self, *arguments: Any, **named: Any) -> Iterator[Any]:
        return self._helper.parts(*arguments, **named)

    def stop(self) -> None:
        pass


@contextlib.contextmanager
def one_helper() -> Iterator[None]:
    """Let all runs within share one process that reads their files."""
    with Helper(DEFAULT_LIMITS) as helper, patch.object(workspace, "Helper", lambda _: _Kept(helper)):
        yield


def figures(trial: Trial, files: Mapping[str, list[Path]]) -> tuple[int, Figures, str]:
    """Return the exit code of the command, the counts of its rows by group and period, and what it said."""
    words: list[str] = []
    for word in trial.command:
        stem = word.strip("{}")
        if word.startswith("{="):
            option, _, rest = word[1:].partition("}")
            words.append(trial.options[option][1] + rest)
        elif stem in files and word.startswith("{"):
            paths = list(map(str, files[stem]))
            before = words[-1] if words and words[-1].startswith("--") else None
            words += paths if before is None else [paths[0], *(more for path in paths[1:] for more in (before, path))]
        else:
            words.append(word)
    for option, (_, column) in trial.options.items():
        if option.startswith("--"):
            words += [option, column]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = _run([*words, "--format", "json"])
    if code:
        return code, {}, err.getvalue().strip()
    return 0, _counts(json.loads(out.getvalue())), err.getvalue().strip()


def _counts(answer: Mapping[str, Any]) -> Figures:
    found = {}
    for row in answer["rows"]:
        key = (*(str(value).casefold() for value in row["group"].values()), str(row["period"]))
        counts = tuple(row.get(name) for name in _COUNTS)
        found[key] = tuple(round(one, 6) if isinstance(one, float) else one for one in counts)
    return found


def unchanged(trial: Trial) -> Figures:
    """Return the figures of a trial as it is, from plain files."""
    with TemporaryDirectory() as folder:
        plain = random.Random(0)
        files = {stem: [as_text(grid, Path(folder), plain)] for stem, grid in trial.grids.items()}
        code, found, said = figures(trial, files)
    if code:
        raise AssertionError(f"{trial.name} as it is: {said}")
    return found


def tried(trial: Trial, known: Figures, seed: int, keep: Path | None = None) -> tuple[str, str]:
    """Change a trial by what the seed draws; return "same", "asked" or "different", and what was done and said."""
    draw = random.Random(f"{trial.name} {seed}")
    chosen = sorted(draw.sample(range(len(CHANGES)), draw.choice((0, 1, 1, 2, 3))))
    changed, names = trial, []
    for number in chosen:
        after = CHANGES[number](changed, draw)
        if after is not None:
            changed = after
            names.append(CHANGES[number].__name__.replace("_", " "))
    with TemporaryDirectory() as folder:
        files, done = written(changed, Path(folder), draw)
        code, found, said = figures(changed, files)
        verdict = "asked" if code else "same" if found == known else "different"
        if verdict != "same" and keep is not None:
            place = keep / f"{trial.name.replace(' ', '-')}-{seed}"
            place.mkdir(parents=True, exist_ok=True)
            for path in (path for paths in files.values() for path in paths):
                (place / path.name).write_bytes(path.read_bytes())
    what = "; ".join([*names, *done])
    if verdict == "different":
        keys = [key for key in {**known, **found} if known.get(key) != found.get(key)]
        first = keys[0]
        said = f"{len(keys)} rows differ, first {first}: {known.get(first)} is {found.get(first)}; {said}"
    return verdict, f"{what}: {said}"


@cache
def _known(number: int) -> tuple[Trial, Figures]:
    trial = (*demo(), *shared())[number]
    return trial, unchanged(trial)


def asked(trial: Trial, seed: int) -> list[tuple[str, bool, str]]:
    """Take away what tells the answer; return for each way its name, whether the command asked, and what it said."""
    found = []
    for change in QUESTIONS:
        draw = random.Random(f"{trial.name} {seed}")
        changed = change(trial, draw)
        if changed is None:
            continue
        with TemporaryDirectory() as folder:
            files = {grid.stem: [as_text(grid, Path(folder), draw)] for grid in changed.grids.values()}
            code, _, said = figures(changed, files)
        found.append((change.__name__.replace("_", " "), code != 0, said))
    return found


def several(task: tuple[list[tuple[int, int]], Path | None]) -> list[tuple[str, str, int, str]]:
    """Try trials by their number with a seed each; return name, verdict, seed, and what was done and said."""
    tasks, keep = task
    found = []
    with one_helper():
        for number, seed in tasks:
            trial, known = _known(number)
            verdict, what = tried(trial, known, seed, keep)
            found.append((trial.name, verdict, seed, what))
    return found
