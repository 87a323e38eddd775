"""What killed runs leave is removed by the next, what others use is not, and only the user may read it meanwhile."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from partnerkpi import leftovers
from partnerkpi.errors import FileProblem
from partnerkpi.files import replacing
from partnerkpi.leftovers import PrivateFolder, private_folder, sweep_files, sweep_folders

posix_only = pytest.mark.skipif(os.name != "posix", reason="permissions and signals of other systems differ")
_HALF = """
import sys, time
from pathlib import Path
from partnerkpi.errors import FileProblem
from partnerkpi.files import replacing
from partnerkpi.leftovers import PrivateFolder
folder = PrivateFolder()
(folder.path / "1.csv").write_text("what somebody said")
with replacing(Path(sys.argv[1])) as half:
    half.write_text("half of it")
    print(folder.path, half, sep="\\n", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _as_at_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(leftovers, "_swept", set())
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@posix_only
def test_what_a_killed_process_left_goes_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it lives its folder and its half file stay; once it is killed both go, and the target is as it was."""
    out = tmp_path / "out"
    out.mkdir()
    target = out / "card.xlsx"
    target.write_text("before")
    with subprocess.Popen([sys.executable, "-c", _HALF, str(target)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        folder, half = (Path(other.stdout.readline().rstrip("\n")) for _ in range(2))
        sweep_folders(tmp_path)
        sweep_files(out)
        assert (folder / "1.csv").exists()
        assert half.exists()
        other.send_signal(signal.SIGKILL)
    assert half.exists()
    monkeypatch.setattr(leftovers, "_swept", set())
    with private_folder(), replacing(target) as temporary:
        assert not folder.exists()
        assert [path for path in out.iterdir() if path != temporary] == [target]
        assert target.read_text() == "before"
        temporary.write_text("after")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    assert [path.name for path in out.iterdir()] == ["card.xlsx"]


@posix_only
def test_only_the_user_may_read_what_is_temporary(tmp_path: Path) -> None:
    """A temporary folder is 0700 and a half file 0600, whatever the target is and the user gives new files."""
    target = tmp_path / "card.xlsx"
    target.touch(0o664)
    with private_folder() as folder, replacing(target) as half:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(half.stat().st_mode) == 0o600
    before = stat.S_IMODE(target.stat().st_mode)
    with replacing(target) as half:
        half.write_text("x")
    assert stat.S_IMODE(target.stat().st_mode) == before


@posix_only
def test_what_is_not_left_over_stays(tmp_path: Path) -> None:
    """Another program's folder, a link, a folder of a run that goes on, and files of other names are not touched."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "owner.lock").touch()
    (tmp_path / "partnerkpi-run-0123456789ab").symlink_to(elsewhere)
    (tmp_path / "partnerkpi-run-0123456789ac").mkdir()
    (tmp_path / "partnerkpi-run-0123456789ac" / "notes.txt").write_text("no lock: not of ours")
    (tmp_path / "partnerkpi-notes").mkdir()
    (tmp_path / ".partnerkpi-notes.csv").write_text("mine")
    mine = PrivateFolder()
    kept = sorted(tmp_path.rglob("*"))
    leftovers._swept.clear()
    sweep_folders(tmp_path)
    sweep_files(tmp_path)
    assert sorted(tmp_path.rglob("*")) == kept
    mine.remove()


def test_a_folder_that_was_swept_before_it_was_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever starts at the same moment may remove a folder that is not locked yet: then another one is made."""
    real, seen = leftovers.LockedFile, []

    def swept_once(path: Path) -> leftovers.LockedFile:
        seen.append(path)
        if len(seen) == 1:
            path.parent.rmdir()
        return real(path)

    monkeypatch.setattr(leftovers, "LockedFile", swept_once)
    folder = PrivateFolder()
    assert folder.path.is_dir()
    assert len(seen) == 2
    folder.remove()
    assert list(tmp_path.iterdir()) == []


@posix_only
def test_a_folder_that_was_being_removed_is_still_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is killed while it removes its folder leaves the lock until nothing else is in it."""
    folder = PrivateFolder()
    for number in range(9):
        (folder.path / f"{number}.csv").write_text("what somebody said")

    class Killed(BaseException):
        pass

    seen = []

    remove = Path.unlink

    def unlink(path: Path, **options: bool) -> None:
        seen.append(path.name)
        if len(seen) > 5:
            raise Killed
        remove(path, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", unlink)
        with pytest.raises(Killed):
            folder.remove()
    assert "owner.lock" not in seen
    folder._held.release()
    leftovers._swept.clear()
    sweep_folders(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "is full: make room there"),
        (OSError(errno.EFBIG, "File too large"), "ulimit -f"),
    ],
)
def test_a_full_temporary_folder_is_called_that(error: OSError, words: str, tmp_path: Path) -> None:
    """What cannot be written into the folder is said of it, and it goes; other files speak for themselves."""
    with pytest.raises(FileProblem, match=words) as caught, private_folder():
        raise error
    assert str(tmp_path) in str(caught.value)
    elsewhere = OSError(error.errno, error.strerror, str(tmp_path / "another.xlsx"))
    with pytest.raises(OSError, match=r"another\.xlsx"), private_folder():
        raise elsewhere
    assert list(tmp_path.iterdir()) == []


def test_no_room_for_the_folder_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which nothing more can be made is named, and no empty folder is left."""

    def refused(_self: object, path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(leftovers.LockedFile, "__init__", refused)
    with pytest.raises(FileProblem, match="temporary folder"):
        PrivateFolder()
    assert list(tmp_path.iterdir()) == []
