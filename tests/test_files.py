"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from partnerkpi.errors import FileProblem
from partnerkpi.files import atomic_write, replacing

OLD, NEW = b"the old report", b"the new report"
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Make a file that is there already."""
    path = tmp_path / "scorecard.xlsx"
    path.write_bytes(OLD)
    return path


def refusal(target: Path, *, option: str = "-o") -> str:
    """Try to write and return the one sentence that refuses it."""
    before = sorted(target.parent.iterdir()) if target.parent.is_dir() else None
    with pytest.raises(FileProblem) as caught:
        atomic_write(target, NEW, option=option)
    assert before is None or sorted(target.parent.iterdir()) == before
    message = str(caught.value)
    assert message.startswith(f"Cannot write {target}: ")
    assert f"choose another file with {option}" in message
    assert "\n" not in message
    assert message.endswith(".")
    return message


def write_and_raise(target: Path, error: BaseException) -> None:
    """Write the new bytes, then fail."""
    with replacing(target) as temporary:
        temporary.write_bytes(NEW)
        raise error


def test_a_new_file_holds_the_bytes_and_nothing_else_is_left(tmp_path: Path) -> None:
    """Writing makes one file, with all of the bytes."""
    atomic_write(tmp_path / "report.csv", NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]
    assert (tmp_path / "report.csv").read_bytes() == NEW


def test_an_existing_file_is_replaced(target: Path) -> None:
    """The new bytes take the place of the old ones, not of a part of them."""
    atomic_write(target, b"short")
    assert target.read_bytes() == b"short"


def test_the_old_file_stays_until_the_block_ends(target: Path) -> None:
    """Whoever opens the target while it is being written still gets the old file."""
    with replacing(target) as temporary:
        temporary.write_bytes(NEW)
        assert target.read_bytes() == OLD
    assert target.read_bytes() == NEW


def test_the_temporary_file_is_beside_the_target_and_has_its_suffix(target: Path) -> None:
    """Only a file in the same folder can be put in place in one step; writers may choose a format by the suffix."""
    with replacing(target) as temporary:
        assert (temporary.parent, temporary.suffix) == (target.parent, ".xlsx")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failing_block_leaves_the_old_file_and_no_other(target: Path, error: type[BaseException]) -> None:
    """What goes wrong while writing, or is interrupted, changes nothing in the folder."""
    with pytest.raises(error):
        write_and_raise(target, error())
    assert target.read_bytes() == OLD
    assert list(target.parent.iterdir()) == [target]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that is not there is not made silently; the message says which one."""
    assert f"no folder {tmp_path / 'reports'}" in refusal(tmp_path / "reports" / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_named(target: Path) -> None:
    """A path that goes on below a file is refused."""
    assert "is a file, not a folder" in refusal(target / "a.xlsx")


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    """A folder is no file to write to."""
    (tmp_path / "reports").mkdir()
    assert "is a folder" in refusal(tmp_path / "reports")


def test_a_read_only_file_is_kept_even_from_root(target: Path) -> None:
    """Somebody who made a file read-only wants it kept, whoever runs the command."""
    target.chmod(0o444)
    assert "read-only" in refusal(target)
    assert target.read_bytes() == OLD


def test_a_workbook_that_excel_has_open_is_kept(target: Path) -> None:
    """Excel's owner file beside the workbook says that it is open; the message names it in case it is stale."""
    target.with_name("~$scorecard.xlsx").write_bytes(b"owner")
    message = refusal(target)
    assert "close it in Excel" in message
    assert "~$scorecard.xlsx" in message
    assert target.read_bytes() == OLD


@posix_only
def test_a_pipe_or_device_is_not_replaced(tmp_path: Path) -> None:
    """Putting a file in the place of /dev/null would break the machine."""
    os.mkfifo(tmp_path / "pipe")
    assert "device" in refusal(tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@posix_only
def test_a_link_stays_a_link(target: Path, tmp_path: Path) -> None:
    """Writing to a link changes the file that it points to."""
    link = tmp_path / "latest.xlsx"
    link.symlink_to(target)
    atomic_write(link, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW


@posix_only
def test_a_link_to_a_workbook_that_excel_has_open_is_refused(target: Path, tmp_path: Path) -> None:
    """Excel locks the file by the name under which it was opened, which may be the link's or the file's."""
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "latest.xlsx"
    link.symlink_to(target)
    target.with_name("~$scorecard.xlsx").write_bytes(b"owner")
    assert "close it in Excel" in refusal(link)


@posix_only
def test_permissions_of_an_existing_file_are_kept(target: Path) -> None:
    """A report that only its owner may read does not become readable by replacing it."""
    target.chmod(0o640)
    atomic_write(target, NEW)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@posix_only
def test_a_new_file_has_the_permissions_that_the_user_gives_to_new_files(tmp_path: Path) -> None:
    """Colleagues can read a new report as they can read any other new file."""
    (tmp_path / "usual").touch()
    atomic_write(tmp_path / "report", NEW)
    assert (tmp_path / "report").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_file_locked_by_another_program_is_kept(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace an open file; the user is told to close it, and the old file stays."""

    def locked(self: Path, to: Path) -> Path:
        raise PermissionError(errno.EACCES, "Access is denied", str(self), None, str(to))

    monkeypatch.setattr(Path, "replace", locked)
    assert "another program has it open" in refusal(target)
    assert target.read_bytes() == OLD


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full; make room"),
        (OSError('IO Error: {"message":"could not write file","errno":"28"}: No space left on device'), "disk is full"),
        (OSError(errno.EFBIG, "File too large"), "limits the size of files"),
    ],
)
def test_a_full_disk_is_named(target: Path, error: OSError, words: str) -> None:
    """A disk that fills up while writing leaves the old file and says so, whoever writes; a limit is no full disk."""
    with pytest.raises(FileProblem, match=words):
        write_and_raise(target, error)
    assert target.read_bytes() == OLD
    assert list(target.parent.iterdir()) == [target]


def test_an_error_about_another_file_is_not_blamed_on_the_target(target: Path, tmp_path: Path) -> None:
    """A source that cannot be read inside the block keeps its own error."""
    with pytest.raises(FileNotFoundError, match=r"survey\.csv"), replacing(target):
        (tmp_path / "survey.csv").read_bytes()


@posix_only
def test_a_name_that_the_disk_cannot_hold_is_refused_in_words(tmp_path: Path) -> None:
    """Any other refusal of the system comes as one sentence too."""
    assert "too long" in refusal(tmp_path / ("x" * 300))


def test_messages_point_to_the_option_that_names_the_file(tmp_path: Path) -> None:
    """The file of set-aside rows is chosen with another option than the report."""
    refusal(tmp_path / "reports" / "rows.csv", option="--set-aside")
