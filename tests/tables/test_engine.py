"""Counting in this process: in the limits of memory and time that a file from outside has, and nothing left behind."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import duckdb
import pytest
from command import run_here

from partnerkpi.errors import UnsafeFile
from partnerkpi.results import nps
from partnerkpi.tables import engine
from partnerkpi.tables import workspace as workspaces
from partnerkpi.tables.allowance import Allowance
from partnerkpi.tables.engine import Engine
from partnerkpi.tables.guard import Limits
from partnerkpi.tables.read import read_table
from partnerkpi.tables.workspace import Workspace

pytestmark = pytest.mark.own_helper

#: A question that never ends by itself.
ENDLESS = "SELECT count(*) FROM range(1000000000000000) AS numbers(one) WHERE hash(one) % 7 = 3"
ANSWERS = "partner,score,respondent\nAcme,9,a\nAcme,3,b\nBolt,8,c\n"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which temporary files are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text(ANSWERS)
    return path


def give(monkeypatch: pytest.MonkeyPatch, **limits: float) -> None:
    """Give the engine other limits than the helper process."""
    monkeypatch.setattr(workspaces, "Engine", lambda _, folder: Engine(Limits(**limits), folder))  # type: ignore[arg-type]


def test_too_long(answers: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that takes too long is given up: one line says which file, which limit, and what to do."""

    def endless(table: object, *_: object) -> bool:
        return bool(table.rows.fetch(ENDLESS))  # type: ignore[attr-defined]  # a table

    monkeypatch.setattr(nps, "_answered_twice", endless)
    give(monkeypatch, seconds=1)
    done = run_here("nps", answers)
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines() == [
        f"partnerkpi: {answers} takes longer than 1 seconds to count: keep only the rows and columns that matter, or "
        "raise limits.seconds in partnerkpi.toml"
    ]
    assert list(temporary.iterdir()) == []


def test_working_memory(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups that do not fit in the working memory are put on disk; what cannot be gets all that is allowed."""
    monkeypatch.setattr(engine, "_WORKING_MEGABYTES", 40)
    monkeypatch.setattr(engine.os, "cpu_count", lambda: 1)
    counting = Engine(Limits(), lambda: temporary)
    try:
        groups = "SELECT count(*) FROM (SELECT i % 1500000 AS one, count(*) FROM range(3000000) AS t(i) GROUP BY one)"
        assert counting.query(groups) == [(1_500_000,)]
        assert counting.query("SELECT current_setting('memory_limit')") == [("38.1 MiB",)]
        assert counting.query("SELECT len(list(i)) FROM range(12000000) AS t(i)") == [(12_000_000,)]
        assert counting.query("SELECT current_setting('memory_limit')") == [("1.9 GiB",)]
    finally:
        counting.close()


@pytest.mark.parametrize(
    ("free", "room"), [(32_000, "3.7 GiB"), (6_000, "2.7 GiB"), (50, "38.1 MiB"), (None, "38.1 MiB")]
)
def test_room(temporary: Path, monkeypatch: pytest.MonkeyPatch, free: int | None, room: str) -> None:
    """Who counts one table may take half of what is free, up to 4 GB; at least, and where nobody knows, as others."""
    monkeypatch.setattr(engine, "_WORKING_MEGABYTES", 40)
    monkeypatch.setattr(engine.os, "cpu_count", lambda: 1)
    monkeypatch.setattr(engine, "free_megabytes", lambda: free)
    asked = "SELECT current_setting('memory_limit')"
    for is_open in (False, True):
        counting = Engine(Limits(), lambda: temporary)
        try:
            assert not is_open or counting.query(asked) == [("38.1 MiB",)]
            counting.give_room()
            assert counting.query(asked) == [(room,)]
        finally:
            counting.close()


def test_a_limit_leaves_no_room(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another limit than the usual one was meant."""
    monkeypatch.setattr(engine, "free_megabytes", lambda: 8_000)
    counting = Engine(Limits(megabytes=60), lambda: temporary)
    try:
        counting.give_room()
        assert counting.query("SELECT current_setting('memory_limit')") == [("57.2 MiB",)]
    finally:
        counting.close()


@pytest.mark.parametrize(("settings", "has_room"), [("", True), ("seconds = 99", True), ("megabytes = 2048", False)])
def test_who_gets_room(
    answers: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, settings: str, has_room: bool
) -> None:
    """A command that counts one table gets room unless the settings name a limit, be it the usual; a scorecard none."""
    monkeypatch.setattr(engine, "_WORKING_MEGABYTES", 40)
    monkeypatch.setattr(engine.os, "cpu_count", lambda: 1)
    monkeypatch.setattr(engine, "free_megabytes", lambda: 8_000)
    seen = []
    close = Engine.close

    def closed(counting: Engine) -> None:
        seen.append(counting.query("SELECT current_setting('memory_limit')")[0][0])
        close(counting)

    monkeypatch.setattr(Engine, "close", closed)
    monkeypatch.chdir(temporary)
    Path("partnerkpi.toml").write_text(f"[limits]\n{settings}\n")
    assert run_here("nps", answers).code == 0
    assert run_here("scorecard", answers, "-o", "card.xlsx").code == 0
    assert seen == ["3.7 GiB" if has_room else "38.1 MiB", "38.1 MiB"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_too_much(ending: str, answers: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that takes too much memory to count is given up, also where the engine could only begin to read it."""
    source = answers
    if ending == "parquet":
        source = answers.with_suffix(".parquet")
        duckdb.sql(f"SELECT * FROM read_csv('{answers}')").write_parquet(str(source))
    give(monkeypatch, megabytes=0)
    done = run_here("nps", source)
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines() == [
        f"partnerkpi: {source} takes more than 0 MB of memory to count: keep only the rows and columns that matter, or "
        "raise limits.megabytes in partnerkpi.toml"
    ]
    assert list(temporary.iterdir()) == []


def _out_of_memory(workspace: Workspace, *sources: Path) -> None:
    read_table(workspace, [str(source) for source in sources])
    raise duckdb.OutOfMemoryException


def test_several_files_are_counted(answers: Path) -> None:
    """Of several files the first is named, and how many more there are."""
    other = answers.with_name("other.csv")
    other.write_text(ANSWERS)
    workspace = Workspace()
    with pytest.raises(UnsafeFile, match=r"answers\.csv and 1 more takes more than 2,048 MB"), workspace:
        _out_of_memory(workspace, answers, other)


def test_the_settings_are_the_limits(answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`[limits]` holds for the counting as for the reading; what does not fit goes to the folder that is removed."""
    seen: dict[str, object] = {}
    clock = engine._Clock

    def looked_at(ring: object, seconds: float) -> object:
        seen["seconds"] = seconds
        return clock(ring, seconds)  # type: ignore[arg-type]

    def settings(table: object, *_: object) -> bool:
        keys = ("memory_limit", "temp_directory")
        seen.update({key: table.backend.query(f"SELECT current_setting('{key}')")[0][0] for key in keys})  # type: ignore[attr-defined]  # a table
        return False

    monkeypatch.setattr(engine, "_Clock", looked_at)
    monkeypatch.setattr(nps, "_answered_twice", settings)
    monkeypatch.chdir(tmp_path)
    Path("partnerkpi.toml").write_text("[limits]\nmegabytes = 4096\nseconds = 77\n")
    assert run_here("nps", answers).code == 0
    assert seen["seconds"] == 77
    assert seen["memory_limit"] == "3.8 GiB"  # 4,096 million bytes
    spilled = Path(str(seen["temp_directory"]))
    assert spilled.parent.name.startswith("partnerkpi-")
    assert not spilled.parent.exists()


def test_what_does_not_fit_in_memory_goes_to_disk(temporary: Path) -> None:
    """More groups than memory has room for are counted all the same, and what was put aside is removed."""
    with Workspace(Limits(megabytes=60)) as workspace:
        workspace.connection.execute("CREATE TEMP TABLE numbers AS SELECT hash(range) AS one FROM range(10000000)")
        assert workspace.connection.sql("SELECT count(*) FROM numbers").fetchall() == [(10_000_000,)]
        assert workspace.connection.sql("SELECT sum(size) > 0 FROM duckdb_temporary_files()").fetchall() == [(True,)]
        held = {place.name for folder in temporary.iterdir() for place in folder.iterdir()}
        assert held == {"owner.lock", "spilled"}  # the lock says whose it is, to whom finds it later
    assert list(temporary.iterdir()) == []


def test_each_question_has_the_whole_time(tmp_path: Path) -> None:
    """Asking for the connection starts the clock anew; ringing while nothing is asked harms nobody."""
    counting = Engine(Limits(seconds=3600), lambda: tmp_path)
    try:
        counting.connection.interrupt()
        assert counting.connection.sql("SELECT count(*) FROM range(100000)").fetchall() == [(100_000,)]
        clock = counting._clock
        assert clock is not None
        clock._allowance = Allowance(0, time.process_time)
        clock._allowance._seconds = 3600
        assert counting.connection.sql("SELECT 1").fetchall() == [(1,)]
        assert clock._allowance.left() > 3000
    finally:
        counting.close()


def test_other_errors_are_not_explained(tmp_path: Path) -> None:
    """An error that is not about a limit, or a stop that the clock did not ask for, stays what it is."""
    counting = Engine(Limits(), lambda: tmp_path)
    assert counting.explained(duckdb.OutOfMemoryException(), "a.csv") is None  # never used
    try:
        assert counting.connection is not None
        assert counting.explained(None, "a.csv") is None
        assert counting.explained(ValueError(), "a.csv") is None
        assert counting.explained(duckdb.InterruptException(), "a.csv") is None
    finally:
        counting.close()
