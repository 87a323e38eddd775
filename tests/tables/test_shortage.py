"""Where the machine runs out of something, the message names that, not the file or a fault of ours."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from command import run_here

from partnerkpi.tables.shortage import shortage

ANSWERS = "partner,score\n" + "Acme,9\nBolt,3\n" * 20


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "is full: make room there"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "is full: make room there"),
        (RuntimeError('IO Error: Could not write "kept-1.parquet": No space left on device'), "is full"),
        (OSError(errno.EFBIG, "File too large"), "ulimit -f"),
        (OSError(errno.EMFILE, "Too many open files"), "ulimit -n"),
        (MemoryError(), "memory"),
        (RuntimeError("can't start new thread"), "memory"),
    ],
)
def test_what_has_run_out_is_named(error: Exception, words: str, tmp_path: Path) -> None:
    """A full disk, a limit of the size or number of files, and too little memory each have their own words."""
    said = str(shortage(error, tmp_path))
    assert words in said
    assert "full" not in words or str(tmp_path) in said


@pytest.mark.skipif(sys.platform != "linux", reason="the limits of other systems differ")
@pytest.mark.parametrize(("allowed", "enough"), [(292, 1_000), (500, 1_000), (1_171, 3_000), (3_000, 6_000)])
def test_more_memory_is_asked_for_than_was_too_little(
    allowed: int, enough: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever allowed 1,171 MB is not told to allow 1,000."""
    monkeypatch.setattr("partnerkpi.tables.shortage.allowed_megabytes", lambda: allowed)
    assert f"raise that to {enough:,} MB or more" in str(shortage(MemoryError()))


def test_other_errors_are_none_of_these() -> None:
    """What has another cause is not blamed on the machine."""
    assert shortage(ValueError("no number")) is None
    assert shortage(OSError(errno.EACCES, "Permission denied")) is None
    assert shortage(None) is None


_LIMITED = """
import resource, sys
resource.setrlimit(getattr(resource, sys.argv[1]), (int(sys.argv[2]),) * 2)
from partnerkpi.cli import main
main(["nps", sys.argv[3], "--quiet"])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limits of other systems differ")
@pytest.mark.parametrize(
    ("limit", "value", "words"), [("RLIMIT_AS", 300 << 20, "(ulimit -v)"), ("RLIMIT_AS", 440 << 20, "(ulimit -v)")]
)
def test_a_limit_of_the_system_is_named(limit: str, value: int, words: str, tmp_path: Path) -> None:
    """Under a limit that is too low the message names the limit and how to raise it."""
    path = tmp_path / "answers.csv"
    path.write_text(ANSWERS)
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, limit, str(value), str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert words in done.stderr
    assert "fault of ours" not in done.stderr


def test_a_workbook_without_a_table_is_said_to_have_none(tmp_path: Path) -> None:
    """A sheet of which no row names columns is no fault inside the program."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["x", 1])  # type: ignore[union-attr]
    book.save(tmp_path / "a.xlsx")
    done = run_here("nps", tmp_path / "a.xlsx", "--score", "column 2")
    assert done.code in (1, 2)
    assert "fault of ours" not in done.err


def test_many_sheets_are_asked_about(tmp_path: Path) -> None:
    """A workbook with hundreds of sheets is not read through: the message says which limit and how to raise it."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    for number in range(300):
        book.create_sheet(f"S{number}").append(["partner", "score"])
    book.save(tmp_path / "a.xlsx")
    done = run_here("nps", tmp_path / "a.xlsx")
    assert done.code == 1
    assert "300 sheets, more than the limit of 256" in done.err
    assert "limits.sheets" in done.err
