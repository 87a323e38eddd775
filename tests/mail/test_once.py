"""Once: whatever happens to a run, nobody gets a message twice unasked, and nobody is forgotten."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections import Counter
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from command import Run, run, run_here, run_silently
from mailserver import PostOffice, post_office

from partnerkpi.errors import FileProblem
from partnerkpi.mail.log import Key, SendLog, State, open_log, read_log

PEOPLE = [f"person{number:02d}@example.com" for number in range(50)]
STEPS = ("EHLO", "MAIL", "RCPT", "DATA", "CONTENT")
#: 20 points of a run: each step of a message, early and late, with the message then taken or not.
POINTS = [(step, 1 if step == "EHLO" else early, early % 2 == 0) for early in (1, 2, 3, 4) for step in STEPS]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("address\n" + "\n".join(PEOPLE) + "\n")
    return path


def unknown(log: Path) -> set[str]:
    """Return whose mail is of unknown fate."""
    with sqlite3.connect(log) as connection:
        found = {row[0] for row in connection.execute("SELECT recipient FROM deliveries WHERE state = 'unknown'")}
    connection.close()
    return found


class Killer:
    """Ends the run with SIGKILL when it reaches a point, from within the server that it talks to."""

    def __init__(self, step: str, number: int, taken: bool) -> None:
        self.step, self.number, self.taken = step, number, taken
        self.run: BaseProcess | None = None
        self.seen = 0

    def __call__(self, _office: PostOffice, step: str, _whom: str) -> str | None:
        self.seen += step == self.step
        if step != self.step or self.seen != self.number or self.run is None:
            return None
        assert self.run.pid is not None
        os.kill(self.run.pid, signal.SIGKILL)
        wait([self.run.sentinel])  # until it is dead; who started it asks how it ended
        return None if self.taken else "451 not taken"


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_killed_at_twenty_points(book, table, configure) -> None:  # type: ignore[no-untyped-def]
    """A run of 50, killed at 20 points and resumed: nobody gets two, nobody is skipped, one at most is in doubt."""
    in_doubt: set[str] = set()
    children = get_context("forkserver")  # 20 processes of their own, which need not load every library anew
    children.set_forkserver_preload(
        ["partnerkpi.mail.send", "partnerkpi.mail.workbook", "openpyxl", "jinja2", "duckdb"]
    )
    with post_office(security="none") as office:
        config = configure(office, security="none")
        log = config.with_name("partnerkpi-mail.sqlite")
        command = ["mail", str(book), "--recipients", str(table), "--config", str(config), "--send"]
        for step, number, taken in POINTS:
            office.fault = killer = Killer(step, number, taken)
            killer.run = children.Process(target=run_silently, args=(command,))
            killer.run.start()
            killer.run.join()
            assert killer.run.exitcode == -signal.SIGKILL
            now = unknown(log)
            assert now >= in_doubt
            assert len(now) <= len(in_doubt) + 1
            assert len(now) > len(in_doubt) if step == "CONTENT" else now == in_doubt
            in_doubt = now
        office.fault = lambda _office, _step, _whom: None
        last = run_here(*command, "--format", "json")
        got = Counter(office.recipients)
        assert set(got.values()) == {1}, "nobody gets two"
        assert {one for one in PEOPLE if one not in got} <= in_doubt, "nobody is skipped but those in doubt"
        assert last.code == 3
        rows = json.loads(last.out)["messages"]
        assert {row["recipient"] for row in rows if row["state"] == "unknown"} == in_doubt
        assert len(in_doubt) == sum(step == "CONTENT" for step, _, _ in POINTS)
        assert run_here(*command, "--resend-unknown").code == 0
    assert set(office.recipients) == set(PEOPLE)
    for person in PEOPLE:  # a receiving side can drop a repeat, because both have one Message-ID
        assert len({one.message["Message-ID"] for one in office.received if one.recipient == person}) == 1


def test_a_second_run_sends_nothing(book, configure) -> None:  # type: ignore[no-untyped-def]
    """Who has it is skipped; --again sends it anew, under a new Message-ID."""
    with post_office(security="none") as office:
        config = configure(office, security="none")
        command = ("mail", book, "--to", "ana@example.com", "--config", config, "--send")
        runs = [run_here(*command), run_here(*command), run_here(*command, "--again"), run_here(*command)]
    assert [one.code for one in runs] == [0, 0, 0, 0]
    assert "delivered before" in runs[1].out
    assert "delivered before" in runs[3].out
    assert len(office.received) == 2
    assert len({one.message["Message-ID"] for one in office.received}) == 2


def test_sending_anew_is_resumed_as_well(book, configure) -> None:  # type: ignore[no-untyped-def]
    """A run with --again that did not reach everybody is finished by one without it, which sends nobody a third one."""
    people = ("ana@example.com", "bob@example.com")
    with post_office(security="none") as office:
        config = configure(office, security="none")
        options = [part for one in people for part in ("--to", one)]
        command = ("mail", book, *options, "--config", config, "--send", "--format", "json")
        assert run_here(*command).code == 0
        office.fault = lambda _office, step, whom: "550 no" if (step, whom) == ("RCPT", "bob@example.com") else None
        assert run_here(*command, "--again").code == 3
        office.fault = lambda _office, _step, _whom: None
        last = run_here(*command)
    assert [row["state"] for row in json.loads(last.out)["messages"]] == ["delivered before", "delivered"]
    assert sorted(office.recipients) == sorted(people * 2)
    assert len({one.message["Message-ID"] for one in office.received}) == 4


def test_two_spellings_are_one_mailbox(book, configure) -> None:  # type: ignore[no-untyped-def]
    """Ana@Example.com and ana@example.com get one message."""
    with post_office(security="none") as office:
        config = configure(office, security="none")
        for people in (("Ana@Example.com", "ana@example.com"), ("ANA@example.com",)):
            options = [part for one in people for part in ("--to", one)]
            assert run_here("mail", book, *options, "--config", config, "--send").code == 0
    assert len(office.received) == 1


def test_another_file_is_another_message(book, pack, configure) -> None:  # type: ignore[no-untyped-def]
    """The log knows a message by recipient, content and period, whatever the file is called."""
    with post_office(security="none") as office:
        config = configure(office, security="none")
        copy = config.with_name("other name.xlsx")
        copy.write_bytes(book.read_bytes())
        options = ("--to", "ana@example.com", "--config", config, "--send")
        assert run_here("mail", book, *options).code == 0
        assert "delivered before" in run_here("mail", copy, *options).out
        assert run_here("mail", pack, *options, "--partner", "Acme").code == 0
    assert len(office.received) == 2


def test_two_runs_at_the_same_time(book, configure) -> None:  # type: ignore[no-untyped-def]
    """While one run sends, another one of the same log ends at once and sends nothing."""
    seconds: list[Run] = []

    def start_another(_office: PostOffice, step: str, _whom: str) -> str | None:
        if step == "CONTENT" and not seconds:
            seconds.append(run(*command))
        return None

    with post_office(PostOffice(fault=start_another), security="none") as office:
        config = configure(office, security="none")
        command = ("mail", book, "--to", "ana@example.com", "--to", "bob@example.com", "--config", config, "--send")
        first = run_here(*command)
    assert first.code == 0, first.err
    assert seconds[0].code == 1
    assert "another run is sending" in seconds[0].err
    assert office.recipients == ["ana@example.com", "bob@example.com"]


def test_a_dry_run_leaves_nothing_behind(book, configure) -> None:  # type: ignore[no-untyped-def]
    """Without --send no server is asked, no file is made, and the exit code is 0."""
    with post_office(security="none") as office:
        config = configure(office, security="none")
        before = sorted(config.parent.iterdir())
        result = run_here("mail", book, "--to", "ana@example.com", "--config", config, "--format", "json")
    assert result.code == 0
    assert json.loads(result.out)["messages"][0]["state"] == "to send"
    assert office.steps == []
    assert sorted(config.parent.iterdir()) == before


def test_a_broken_log_stops_everything(book, configure) -> None:  # type: ignore[no-untyped-def]
    """A log that cannot be read is said, and nothing is sent: nobody would know who has got what."""
    with post_office(security="none") as office:
        config = configure(office, security="none")
        config.with_name("partnerkpi-mail.sqlite").write_bytes(b"no database at all" * 100)
        for options in ((), ("--send",)):
            result = run_here("mail", book, "--to", "ana@example.com", "--config", config, *options)
            assert result.code == 1
            assert "send log" in result.err
    assert office.steps == []


def test_the_log_tells_the_truth_before_the_content_goes(tmp_path: Path) -> None:
    """A delivery is unknown from before its content goes until the answer is written down."""
    path = tmp_path / "log.sqlite"
    key = Key("ana@example.com", "00", "2026-Q3")
    with open_log(path) as log:
        log.plan([(key, "<1@example.com>", "a.xlsx")])
        log.plan([(key, "<2@example.com>", "a.xlsx")])  # what is known stays
        assert known(log).state is State.waiting
        log.mark(key, State.unknown)
        with read_log(path) as other:
            assert known(other).state is State.unknown
            assert known(other).message_id == "<1@example.com>"
        log.mark(key, State.delivered, "250 taken")
    with read_log(path) as log:
        assert (known(log).state, known(log).answer) == (State.delivered, "250 taken")


def known(log: SendLog):  # type: ignore[no-untyped-def]
    entry = log.last("ana@example.com", "00", "2026-Q3")
    assert entry is not None
    return entry


def test_one_writer(tmp_path: Path) -> None:
    """The log is one run's at a time, and free again after it."""
    path = tmp_path / "log.sqlite"
    with open_log(path):
        with pytest.raises(FileProblem, match="another run is sending"), open_log(path):
            pass
        with read_log(path):
            pass
    with open_log(path):
        pass


def test_the_empty_journal_of_a_killed_run_goes(tmp_path: Path) -> None:
    """A run that has nothing to write removes it, while it alone may; one that says something SQLite takes back."""
    path = tmp_path / "log.sqlite"
    with open_log(path) as log:
        log.plan([(Key("ana@example.com", "00", "2026-Q3"), "<1@example.com>", "a.xlsx")])
    journal = tmp_path / "log.sqlite-journal"
    journal.touch()
    with open_log(path) as log:
        assert known(log).state is State.waiting
    assert not journal.exists()


def test_no_folder_for_the_log(tmp_path: Path) -> None:
    """A log in a folder that is not there is one clear sentence."""
    with pytest.raises(FileProblem, match="cannot be used"), open_log(tmp_path / "missing" / "log.sqlite"):
        pass
