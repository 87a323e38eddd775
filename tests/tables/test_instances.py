"""One database after another in a process: what one workspace did, the next does not find."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import partnerkpi
from partnerkpi.tables import instances
from partnerkpi.tables.instances import Instance

ANSWERS = [{"partner": "A", "score": 9}, {"partner": "A", "score": 3}, {"partner": "B", "score": 10}]


@pytest.fixture(autouse=True)
def none_idle() -> Iterator[None]:
    instances._close_idle()
    yield
    instances._close_idle()


def of(folder: Path, megabytes: int = 100) -> Instance:
    return Instance(megabytes, folder / "spilled")


def value(instance: Instance, sql: str) -> object:
    found = instance.connection.execute(sql).fetchone()
    assert found is not None
    return found[0]


def test_the_next_workspace_gets_the_same_database(tmp_path: Path) -> None:
    first = of(tmp_path / "a")
    first.close()
    second = of(tmp_path / "b")
    assert second._root is first._root
    assert value(second, "SELECT current_setting('temp_directory')") == str(tmp_path / "b" / "spilled")


def test_two_at_a_time_have_two(tmp_path: Path) -> None:
    first, second = of(tmp_path), of(tmp_path)
    assert first._root is not second._root
    first.close()
    second.close()
    assert len(instances._idle) == 1


def test_tables_and_frames_go_with_their_workspace(tmp_path: Path) -> None:
    first = of(tmp_path)
    first.connection.execute("CREATE TEMP TABLE held AS SELECT 42 AS n")
    first.connection.register("frame", duckdb.connect().sql("SELECT 42 AS n").arrow())
    first.close()
    second = of(tmp_path)
    for name in ("held", "frame"):
        with pytest.raises(duckdb.CatalogException):
            second.connection.execute(f"SELECT * FROM {name}")


def test_limits_and_zone_are_those_of_each(tmp_path: Path) -> None:
    first = of(tmp_path, 200)
    first.connection.execute("SET TimeZone = 'Asia/Tokyo'")
    first.close()
    second = of(tmp_path, 50)
    assert second._root is first._root
    assert value(second, "SELECT current_setting('TimeZone')") == "UTC"
    assert value(second, "SELECT current_setting('memory_limit')") == "47.6 MiB"


def test_an_attached_file_is_let_go(tmp_path: Path) -> None:
    file = tmp_path / "theirs.duckdb"
    first = of(tmp_path)
    first.attach(file, "theirs")
    first.connection.execute("CREATE TABLE theirs.t AS SELECT 42 AS n")
    first.close()
    second = of(tmp_path)
    assert second._root is first._root
    with pytest.raises(duckdb.CatalogException):
        second.connection.execute("SELECT * FROM theirs.t")
    with duckdb.connect(str(file)) as other:
        assert other.execute("SELECT n FROM t").fetchone() == (42,)


def test_what_was_set_goes_with_its_database(tmp_path: Path) -> None:
    first = of(tmp_path)
    first.keep_from_others()
    first.close()
    assert instances._idle == []
    with pytest.raises(duckdb.ConnectionException):
        first._root.execute("SELECT 1")


def test_a_database_that_used_its_folder_is_closed(tmp_path: Path) -> None:
    """It could not be told to use another one."""
    first = of(tmp_path, 20)
    rows = first.connection.execute("CREATE TEMP TABLE t AS SELECT i, hash(i) AS h FROM range(4_000_000) AS r(i)")
    assert rows is not None
    assert (tmp_path / "spilled").exists()
    first.close()
    assert instances._idle == []


def test_a_file_that_was_written_again_is_read_again(tmp_path: Path) -> None:
    """Also where it is as long and as old as before."""
    file = tmp_path / "answers.parquet"
    figures = []
    for score in (9, 3):
        duckdb.sql(
            f"COPY (SELECT 'A' AS partner, if(i % 2 = 0, 10, {score}) AS score FROM range(20) AS r(i)) TO '{file}'"
        )
        os.utime(file, ns=(10**18, 10**18))
        figures.append((file.stat().st_size, partnerkpi.nps(file, score="score").whole["nps"]))
    assert figures[0][0] == figures[1][0]
    assert [nps for _, nps in figures] == [100, 0]


def test_questions_of_several_threads_at_once() -> None:
    found: list[float] = []

    def ask() -> None:
        found.extend(partnerkpi.nps(ANSWERS).whole["nps"] for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [pytest.approx(100 / 3)] * 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_opens_one_of_its_own(tmp_path: Path) -> None:
    of(tmp_path).close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if instances._idle == [] and value(of(tmp_path), "SELECT 42") == 42 else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
