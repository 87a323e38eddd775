"""Runs that are killed at a moment drawn by chance, and what they leave: `python tests/support/killing.py 100`.

Each moment: one run is killed (SIGKILL) somewhere between its start and its end; then the processes that it started
must end, a file must be the old or the new one, whole, and the next run must do all that was to be done and leave
nothing but it.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from io import BytesIO
from pathlib import Path
from zipfile import is_zipfile

from mailserver import post_office

_ANSWERS = "\n".join(
    ["date,partner,respondent,score,comment"]
    + [f"2026-0{7 - n % 6}-11,Partner {n % 8},p{n},{n % 11},what p{n} said of it" for n in range(400)]
)
_PEOPLE = 12
#: A run ends within this many seconds, and so does what it started once it is killed.
_PATIENCE = 120
_MARK = "PARTNERKPI_KILLED"


@dataclass
class Tally:
    """What came of a number of moments."""

    moments: int = 0
    killed: int = 0
    half: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    alive: int = 0

    def __str__(self) -> str:
        return (
            f"{self.moments} moments, {self.killed} killed before their end: {len(self.half)} half written, "
            f"{len(self.wrong)} lost or doubled, {len(self.left)} left after the next run, "
            f"{self.alive} processes that went on"
        )


@dataclass
class Place:
    """A folder with data, a folder for temporary files, and how partnerkpi is run there."""

    folder: Path
    temporary: Path

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a run."""
        where = {**os.environ, "TMPDIR": str(self.temporary), _MARK: str(self.folder)}
        command = [sys.executable, "-m", "partnerkpi", *arguments]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=where,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> float:
        """Run to the end and return how long it took."""
        began = time.monotonic()
        with self.start(*arguments) as process:
            _, said = process.communicate(timeout=_PATIENCE)
        assert process.returncode in codes, said.decode()
        return time.monotonic() - began

    def killed(self, seconds: float, *arguments: str) -> bool:
        """Start a run and kill it after so many seconds; tell whether it was still at work."""
        with self.start(*arguments) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=seconds)
                return False
            process.send_signal(signal.SIGKILL)
        return True

    def alive(self) -> list[int]:
        """Return the processes that a killed run had started and that have not ended in good time."""
        found = _of(self.folder)
        until = time.monotonic() + 20
        while found and time.monotonic() < until:
            found = [one for one in found if one in _of(self.folder)]
        for one in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        return found

    def files(self) -> list[str]:
        """Return all that stands in both folders."""
        return sorted(str(path.relative_to(self.folder.parent)) for path in self.folder.parent.rglob("*"))


def _of(folder: Path) -> list[int]:
    mark = f"{_MARK}={folder}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


@contextlib.contextmanager
def place() -> Iterator[Place]:
    """Yield a folder with answers, its scorecard, a table of people and settings, and an empty temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        made = Place(Path(name, "data"), Path(name, "tmp"))
        made.folder.mkdir()
        made.temporary.mkdir()
        (made.folder / "answers.csv").write_text(_ANSWERS)
        rows = "\n".join(f"p{n}@x.example" for n in range(_PEOPLE))
        (made.folder / "people.csv").write_text(f"email\n{rows}\n")
        yield made


def _over_older(place: Place, files: str, arguments: list[str]) -> Callable[[float, Tally], None]:
    """Return what kills a run once that replaces files which are there: each is then the older or the newer one."""
    old = {path: path.read_bytes() for path in place.folder.glob(files)}
    seconds = place.run(*arguments)
    new = {path: path.read_bytes() for path in place.folder.glob(files)}
    known = place.files()

    def once(share: float, tally: Tally) -> None:
        for path, content in old.items():
            path.write_bytes(content)
        tally.killed += place.killed(share * seconds, *arguments)
        tally.alive += len(place.alive())
        tally.half += [str(one) for one in old if one.read_bytes() not in (old[one], new[one])]
        place.run(*arguments)
        tally.wrong += [str(path) for path, content in new.items() if path.read_bytes() != content]
        tally.left += sorted(set(place.files()) - set(known))

    return once


def workbook(place: Place, packs: bool) -> Iterator[Callable[[float, Tally], None]]:
    """Yield what kills a run of `scorecard` once, with packs or without, in the way described above."""
    arguments = ["scorecard", "answers.csv", "-o", "card.xlsx", "--quiet"]
    arguments += ["--per-partner", "packs"] if packs else []
    place.run(*arguments, "--title", "Before")
    yield _over_older(place, "**/*.xlsx", arguments)


def job(place: Place) -> Iterator[Callable[[float, Tally], None]]:
    """Yield what kills the monthly job once, before which nothing was made."""
    settings = '[sources]\nresponses = "answers.csv"\n[run]\nworkbook = "card.xlsx"\npacks = "packs"\n'
    (place.folder / "partnerkpi.toml").write_text(settings)
    seconds = place.run("run", "--quiet")
    known = place.files()
    new = {path: path.read_bytes() for path in place.folder.rglob("*.xlsx")}

    def once(share: float, tally: Tally) -> None:
        for path in [*new, *place.folder.glob("runs/*")]:
            path.unlink()
        tally.killed += place.killed(share * seconds, "run", "--quiet")
        tally.alive += len(place.alive())
        done = [path for path in place.folder.rglob("*") if path.is_file() and not path.name.startswith(".partnerkpi-")]
        books = [path for path in done if path.suffix == ".xlsx"]
        tally.half += [str(path) for path in books if path.read_bytes() != new.get(path)]
        records = [path for path in done if path.parent.name == "runs" and path.suffix == ".json"]
        tally.half += [str(path) for path in records if not path.read_bytes().endswith(b"}")]
        if records:  # all was done before the run was killed; the next one is that of another month
            tally.wrong += [str(path) for path in new if path not in books]
            for path in place.folder.glob("runs/*"):
                path.unlink()
        place.run("run", "--quiet")
        tally.wrong += [str(path) for path, content in new.items() if path.read_bytes() != content]
        tally.left += sorted(set(place.files()) - set(known))

    yield once


def mail(place: Place, dry: bool) -> Iterator[Callable[[float, Tally], None]]:
    """Yield what kills a run of `mail` once, one that shows or one that sends to a server on this machine."""
    place.run("scorecard", "answers.csv", "-o", "card.xlsx", "--quiet")
    arguments = ["mail", "card.xlsx", "--recipients", "people.csv", "--quiet"]
    with post_office(security="none") as office:
        settings = f'[mail]\nserver = "127.0.0.1"\nport = {office.port}\nsecurity = "none"\nsender = "a@x.example"\n'
        (place.folder / "partnerkpi.toml").write_text(settings)
        if not dry:
            arguments.append("--send")
        seconds = place.run(*arguments)
        log = place.folder / "partnerkpi-mail.sqlite"
        known = place.files()

        def once(share: float, tally: Tally) -> None:
            log.unlink(missing_ok=True)
            office.received.clear()
            tally.killed += place.killed(share * seconds, *arguments)
            tally.alive += len(place.alive())
            place.run(*arguments, codes=(0, 3))  # 3: nobody knows what became of one, and it is said of whom
            counts = Counter(office.recipients)
            tally.wrong += [f"{whom} twice" for whom, count in counts.items() if count > 1]
            said = _unknown(log)
            everybody = [] if dry else [f"p{n}@x.example" for n in range(_PEOPLE)]
            tally.wrong += [f"{whom} lost" for whom in everybody if whom not in counts and whom not in said]
            tally.left += sorted(set(place.files()) - set(known))

        yield once


def drafts(place: Place) -> Iterator[Callable[[float, Tally], None]]:
    """Yield what kills a run that writes drafts once, over those of another day."""
    place.run("scorecard", "answers.csv", "-o", "card.xlsx", "--quiet")
    (place.folder / "partnerkpi.toml").write_text('[mail]\nsender = "a@x.example"\n')
    arguments = ["mail", "card.xlsx", "--recipients", "people.csv", "--draft", "drafts", "--quiet"]
    seconds = place.run(*arguments)
    known = place.files()
    old = dict.fromkeys(place.folder.glob("drafts/*.eml"), b"old")

    def once(share: float, tally: Tally) -> None:
        for path, content in old.items():
            path.write_bytes(content)
        tally.killed += place.killed(share * seconds, *arguments)
        tally.alive += len(place.alive())
        tally.half += [str(path) for path in old if path.read_bytes() != b"old" and not _whole(path)]
        place.run(*arguments)
        tally.wrong += [str(path) for path in old if not _whole(path)]
        tally.left += sorted(set(place.files()) - set(known))

    yield once


def export(place: Place) -> Iterator[Callable[[float, Tally], None]]:
    """Yield what kills a run of `export` once, over the tables of another day: a set is of one day or the other."""
    arguments = ["export", "tables", "answers.csv", "--quiet"]
    place.run(*arguments, "--where", "partner != Partner 7")
    yield _over_older(place, "tables/*", arguments)


def _whole(path: Path) -> bool:
    """Tell whether a draft has its workbook, whole."""
    parts = [*message_from_bytes(path.read_bytes()).walk()]
    books = [part.get_payload(decode=True) for part in parts if (part.get_filename() or "").endswith(".xlsx")]
    return [book for book in books if isinstance(book, bytes) and is_zipfile(BytesIO(book))] == books != []


def _unknown(log: Path) -> set[str]:
    """Return of whom the log says that nobody knows whether they got it."""
    if not log.exists():
        return set()
    with contextlib.closing(sqlite3.connect(log)) as read:
        return {whom for (whom,) in read.execute("SELECT recipient FROM deliveries WHERE state = 'unknown'")}


KINDS: dict[str, Callable[[Place], Iterator[Callable[[float, Tally], None]]]] = {
    "scorecard": lambda at: workbook(at, packs=False),
    "packs": lambda at: workbook(at, packs=True),
    "run": job,
    "export": export,
    "mail, shown": lambda at: mail(at, dry=True),
    "mail, drafts": drafts,
    "mail, sent": lambda at: mail(at, dry=False),
}


def kill(kind: str, moments: int, seed: int = 17) -> Tally:
    """Return what came of runs of one kind that were killed at so many moments."""
    tally, draw = Tally(moments), random.Random(seed)
    with place() as at:
        for once in KINDS[kind](at):
            for _ in range(moments):
                once(draw.random(), tally)
    return tally


if __name__ == "__main__":
    for name in KINDS:
        sys.stdout.write(f"{name:<13} {kill(name, int(sys.argv[1]))}\n")
        sys.stdout.flush()
