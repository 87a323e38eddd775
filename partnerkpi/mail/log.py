"""Who got what: a small database beside the settings, written before and after each message is handed over.

A delivery is known by its recipient, the hash of its workbook, and the period. Before the server gets a message's
content its state becomes "unknown", and only the server's answer changes that: so whenever a run ends, however it
ends, what the log says is true.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem

_TABLE = """
CREATE TABLE IF NOT EXISTS deliveries (
    recipient TEXT NOT NULL, sha256 TEXT NOT NULL, period TEXT NOT NULL, again INTEGER NOT NULL,
    state TEXT NOT NULL, message_id TEXT NOT NULL, answer TEXT NOT NULL, file TEXT NOT NULL, changed_at TEXT NOT NULL,
    PRIMARY KEY (recipient, sha256, period, again)
)
"""


class State(StrEnum):
    """What is known of a delivery. "Unknown": handed over, or nearly so, and never answered."""

    waiting = "waiting"
    unknown = "unknown"
    delivered = "delivered"
    refused = "refused"


@dataclass(frozen=True, slots=True)
class Key:
    """What one delivery is known by; `again` counts how often the user asked to send it anew."""

    recipient: str
    sha256: str
    period: str
    again: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """The last thing that the log knows of a delivery."""

    key: Key
    state: State
    message_id: str
    answer: str
    changed_at: str


class SendLog:
    """The log of one run. Use `open_log`, which holds off a second run; `read_log` reads only."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    def last(self, recipient: str, sha256: str, period: str) -> Entry | None:
        """Return what is known of a delivery, None if it was never planned."""
        with _explained(self._path):
            row = self._connection.execute(
                "SELECT again, state, message_id, answer, changed_at FROM deliveries "
                "WHERE recipient = ? AND sha256 = ? AND period = ? ORDER BY again DESC LIMIT 1",
                (recipient, sha256, period),
            ).fetchone()
        if row is None:
            return None
        again, state, message_id, answer, changed_at = row
        return Entry(Key(recipient, sha256, period, again), State(state), message_id, answer, changed_at)

    def plan(self, entries: Iterable[tuple[Key, str, str]]) -> None:
        """Write down what a run is about to send (key, Message-ID, file); what is known already stays."""
        rows = [(*astuple(key), State.waiting, message_id, "", file, _now()) for key, message_id, file in entries]
        with _explained(self._path), self._connection:
            self._connection.executemany("INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def mark(self, key: Key, state: State, answer: str = "") -> None:
        """Write down the state of a delivery; it is on the disk when this returns."""
        with _explained(self._path), self._connection:
            self._connection.execute(
                "UPDATE deliveries SET state = ?, answer = ?, changed_at = ? "
                "WHERE recipient = ? AND sha256 = ? AND period = ? AND again = ?",
                (state, answer, _now(), *astuple(key)),
            )


@contextlib.contextmanager
def open_log(path: Path) -> Iterator[SendLog]:
    """Yield the log for writing, and hold off every other run that uses it until the block ends.

    Raises FileProblem where another run is sending, or the file cannot be used. The system drops the lock of a run
    that was killed.
    """
    lock = path.with_name(f"{path.name}.lock")
    with contextlib.closing(_connect(lock)) as holding:
        try:
            holding.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise FileProblem(f"{lock} cannot be used ({error}): is its folder writable?") from None
            raise FileProblem(
                f"another run is sending with {path}: nothing was sent. Wait for it, and run this again"
            ) from None
        _remove_empty_journal(path)
        with contextlib.closing(_connect(path)) as connection, _explained(path):
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(_TABLE)
            yield SendLog(path, connection)


def _remove_empty_journal(path: Path) -> None:
    """Remove the journal of a run that was killed before it wrote anything into it; whoever calls holds the lock.

    SQLite takes back what others say, and removes them; an empty one stays until something else is written.
    """
    journal = path.with_name(f"{path.name}-journal")
    with contextlib.suppress(OSError):
        if journal.stat().st_size == 0:
            journal.unlink()


@contextlib.contextmanager
def read_log(path: Path) -> Iterator[SendLog]:
    """Yield the log for reading; without a file an empty one. Nothing is written."""
    where = f"{path.absolute().as_uri()}?mode=ro" if path.is_file() and path.stat().st_size else ":memory:"
    with contextlib.closing(sqlite3.connect(where, uri=True)) as connection, _explained(path):
        if where == ":memory:":
            connection.execute(_TABLE)
        yield SendLog(path, connection)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        # No timeout for the lock: a second run is told at once. The log itself is written by one run only.
        return sqlite3.connect(path, timeout=0)
    except sqlite3.Error as error:
        raise FileProblem(f"{path} cannot be used ({error}): is its folder there, and writable?") from None


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise FileProblem(
            f"the send log {path} cannot be used ({error}). Without it nobody knows who has got what, so nothing more "
            "is sent: put a copy back, or name another with [mail] log"
        ) from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
