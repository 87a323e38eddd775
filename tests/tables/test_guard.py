"""What a file is, judged by its content before any reader opens it."""

import os
import zipfile
from pathlib import Path

import pytest

from partnerkpi.errors import FileProblem, UnsafeFile
from partnerkpi.tables.guard import Limits, preflight


def workbook(path: Path, sheet: str = "<worksheet/>", **parts: str) -> Path:
    """Write a package that looks like a workbook."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def test_a_harmless_package_passes(tmp_path: Path) -> None:
    """An ordinary package is called a workbook."""
    assert preflight(workbook(tmp_path / "a.xlsx", '<worksheet><c r="B7"><v>1</v></c></worksheet>')) == "xlsx"


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ('<worksheet><c r="XFD1048576"/></worksheet>', "far away"),
        ('<worksheet><x:c s="1" r="A2000000"/></worksheet>', "far away"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>', "entities"),
        ("<worksheet>" + " " * (6 << 20) + "</worksheet>", "zip bomb"),
    ],
)
def test_packages_that_mean_harm(tmp_path: Path, sheet: str, words: str) -> None:
    """A far cell, an entity or a bomb is refused before a reader sees it."""
    with pytest.raises(UnsafeFile, match=words):
        preflight(workbook(tmp_path / "a.xlsx", sheet))


def test_limits(tmp_path: Path) -> None:
    """Too many parts, or too much in all, is refused; the limits are the caller's."""
    path = workbook(tmp_path / "a.xlsx", "<worksheet>" + "abcdefghij" * 500 + "</worksheet>")
    with pytest.raises(UnsafeFile, match="parts"):
        preflight(path, Limits(parts=2))
    with pytest.raises(UnsafeFile, match="unpacks"):
        preflight(path, Limits(unpacked=1000))


def test_a_part_that_leads_out(tmp_path: Path) -> None:
    """A part whose name leads out of the package is refused."""
    with pytest.raises(UnsafeFile, match="leads out"):
        preflight(workbook(tmp_path / "a.xlsx", **{"../../evil.xml": "x"}))


def test_truncated(tmp_path: Path) -> None:
    """A workbook cut short at any length is refused as damaged, or as what is left of it."""
    whole = workbook(tmp_path / "a.xlsx").read_bytes()
    for length in range(1, len(whole), max(1, len(whole) // 25)):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(whole[:length])
        with pytest.raises(FileProblem):
            preflight(path)


def test_devices_and_pipes(tmp_path: Path) -> None:
    """A device or a pipe is no file: it is refused without being opened, which could wait for ever."""
    with pytest.raises(UnsafeFile, match="device or a pipe"):
        preflight(Path(os.devnull))
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with pytest.raises(UnsafeFile, match="device or a pipe"):
        preflight(pipe)


def test_folder_that_nobody_may_enter(tmp_path: Path) -> None:
    """A file in a folder without rights may not be read, whoever asks."""
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.joinpath("a.csv").write_text("score\n9\n")
    folder.chmod(0)
    try:
        with pytest.raises(FileProblem, match="may not be read"):
            preflight(folder / "a.csv")
    finally:
        folder.chmod(0o755)
