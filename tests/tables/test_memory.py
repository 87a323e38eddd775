"""How much memory is free, as the system tells it of the machine and of the container."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnerkpi.tables import memory

MACHINE = "MemTotal:       24683520 kB\nMemFree:          100000 kB\nMemAvailable:    8388608 kB\n"


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a system that has 8 GB free, and no control group."""
    (tmp_path / "meminfo").write_text(MACHINE)
    (tmp_path / "groups").mkdir()
    monkeypatch.setattr(memory, "_MACHINE", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_GROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(memory, "_MOUNTED", tmp_path / "groups")
    return tmp_path


def grouped(folder: Path, names: tuple[str, str], limit: str, taken: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / names[0]).write_text(f"{limit}\n")
    (folder / names[1]).write_text(f"{taken}\n")


SECOND = ("memory.max", "memory.current")
FIRST = ("memory.limit_in_bytes", "memory.usage_in_bytes")


def test_of_the_machine(system: Path) -> None:
    """What may be taken is what is free and what the system would give back, not what was never used."""
    assert not list((system / "groups").iterdir())
    assert memory.free_megabytes() == 8192


def test_nobody_says(system: Path) -> None:
    """A system without these files does not say how much is free."""
    (system / "meminfo").unlink()
    assert memory.free_megabytes() is None


@pytest.mark.parametrize(
    ("line", "folder", "names"),
    [
        ("0::/jobs/one\n", "jobs/one", SECOND),
        ("0::/jobs/one\n", "jobs", SECOND),  # the limit is that of the group around it
        ("0::/not/seen/from/inside\n", "", SECOND),
        ("9:name=systemd:/\n4:memory:/jobs/one\n", "memory/jobs/one", FIRST),
        ("4:memory:/not/seen/from/inside\n", "memory", FIRST),
    ],
)
def test_of_a_container(system: Path, line: str, folder: str, names: tuple[str, str]) -> None:
    """A container has what its control group, or one around it, leaves: 1 GB, of which 300 MB are taken."""
    (system / "cgroup").write_text(line)
    grouped(system / "groups" / folder, names, str(1 << 30), 300 << 20)
    assert memory.free_megabytes() == 724


@pytest.mark.parametrize(("names", "limit"), [(SECOND, "max"), (FIRST, "9223372036854771712")])
def test_no_limit(system: Path, names: tuple[str, str], limit: str) -> None:
    """A group without a limit leaves what the machine has."""
    (system / "cgroup").write_text("0::/one\n4:memory:/one\n")
    for folder in ("one", "memory/one"):
        grouped(system / "groups" / folder, names, limit, 300 << 20)
    assert memory.free_megabytes() == 8192


def test_more_taken_than_allowed(system: Path) -> None:
    """A group that has been given a lower limit than it has taken leaves nothing."""
    (system / "cgroup").write_text("0::/one\n")
    grouped(system / "groups" / "one", SECOND, "1000", 300 << 20)
    assert memory.free_megabytes() == 0
