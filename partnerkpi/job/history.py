"""The folder that remembers each run: its record, fingerprint, quality and files, so that the next run compares."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from partnerkpi._version import __version__
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import ConfigError, DataProblem, FileProblem
from partnerkpi.files import atomic_write, make_folder, sha256_of
from partnerkpi.job.differences import Made
from partnerkpi.job.rules import Judgement
from partnerkpi.scorecard.record import fingerprint, from_record

_FORMAT = 1
_NAME = re.compile(r"(\d{4,})-.+\.json")


@dataclass(frozen=True, slots=True)
class Entry:
    """One run, as it is remembered: `workbook` is where it was written, `record` what it was made of."""

    path: Path
    number: int
    workbook: Path
    fingerprint: str
    record: str
    facts: dict[str, Any]

    def made(self) -> Made:
        """Return the scorecard of the run; DataProblem where the entry was changed."""
        if fingerprint(self.record) != self.fingerprint:
            raise DataProblem(f"{self.path}: its record was changed after the run; delete it to begin anew")
        return Made(self.workbook, from_record(json.loads(self.record)).newest, self.fingerprint)


class History:
    """The runs of one settings file, oldest first. Paths of files are those seen from the folder `home`."""

    def __init__(self, folder: Path, home: Path) -> None:
        """Read the folder; one that is not there has no runs. DataProblem for an entry that is none."""
        self.folder, self.home = folder, home
        names = sorted(one for one in folder.iterdir() if _NAME.fullmatch(one.name)) if folder.is_dir() else []
        self.paths = sorted(names, key=lambda one: int(one.name.partition("-")[0]))

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def last(self) -> Entry | None:
        """Return the last run, None before the first."""
        return self.entry(-1) if self.paths else None

    def entry(self, place: int) -> Entry:
        """Return a run by its place."""
        path = self.paths[place]
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            if facts["format"] != _FORMAT:
                raise DataProblem(f"{path} is of format {facts['format']!r}, and this version reads {_FORMAT}")
            record = facts.pop("record")
            return Entry(
                path, int(facts["run"]), self.home / str(facts["workbook"]), str(facts["fingerprint"]), record, facts
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = f"{type(error).__name__}: {error}" if not isinstance(error, OSError) else str(error.strerror)
            raise DataProblem(f"{path} remembers no run ({reason}): delete it to begin anew") from None

    def remember(
        self, made: Made, record: str, quality: Sequence[Judgement], files: dict[str, Any], now: dt.datetime
    ) -> Path:
        """Write what there is to remember of a run, last of all: a run that was killed before is none."""
        make_folder(self.folder)
        number = int(self.paths[-1].name.partition("-")[0]) + 1 if self.paths else 1
        label = made.card.current.replace(" ", "-")
        while (path := self.folder / f"{number:04d}-{label}.json").exists():
            number += 1
        facts = {
            "format": _FORMAT,
            "run": number,
            "made_at": now.isoformat(timespec="seconds"),
            "version": __version__,
            "period": made.card.current,
            "as_of": made.card.as_of.isoformat() if made.card.as_of is not None else None,
            "workbook": self._seen(made.path),
            "sha256": sha256_of(made.path),
            "fingerprint": made.fingerprint,
            **files,
            "quality": [one.as_dict() for one in quality],
            "record": record,
        }
        atomic_write(path, json.dumps(facts, ensure_ascii=False, indent=1).encode("utf-8"), option="[run] keep")
        return path

    def _seen(self, path: Path) -> str:
        """Return a path as seen from the folder of the settings, where it lies in it."""
        try:
            return path.absolute().relative_to(self.home.absolute()).as_posix()
        except ValueError:
            return str(path.absolute())


def filled(name: str, key: str, period: str, as_of: dt.date | None) -> str:
    """Return the name of a file with {period} and {as_of} filled in; ConfigError for another place."""
    day = as_of.isoformat() if as_of is not None else "all"
    try:
        return name.format(period=period.replace(" ", "-"), as_of=day)
    except (KeyError, IndexError, ValueError):
        raise ConfigError(f"run.{key} is {name!r}, but the places to fill in are {{period}} and {{as_of}}") from None


def free(path: Path, data: bytes | None = None) -> Path:
    """Return a path at which nothing is: somebody may have typed into what is there; or that of a file of these bytes.

    So a run that was killed before it was remembered is done again in its place.
    """
    if not path.parent.is_dir() and path.parent.exists():
        raise FileProblem(f"{path.parent} is a file, not a folder: name another folder under [run]")
    found, number = path, 1
    while found.exists() and (data is None or found.read_bytes() != data):
        number += 1
        found = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return found
