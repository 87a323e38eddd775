"""What a file is, judged by its content before any reader opens it."""

import os
import zipfile
from pathlib import Path

import pytest

from partnerkpi.errors import FileProblem, UnsafeFile
from partnerkpi.tables.guard import Limits, explain, preflight


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
        ("<!-- " + "x" * 2000 + ' --><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>', "entities"),
        (" " * (1 << 20) + "<worksheet/>", "nothing"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>', "entities"),
        ("<worksheet>" + " " * (6 << 20) + "</worksheet>", "zip bomb"),
    ],
)
def test_packages_that_mean_harm(tmp_path: Path, sheet: str, words: str) -> None:
    """An entity, also behind a comment, or a bomb is refused before a reader sees it."""
    with pytest.raises(UnsafeFile, match=words):
        preflight(workbook(tmp_path / "a.xlsx", sheet))


@pytest.mark.parametrize("cell", ['<c r="XFD1048576"/>', '<x:c s="1" r="A2000000"/>', "<c t='n' r='ZZZZ9'/>"])
def test_why_a_package_takes_too_much(tmp_path: Path, cell: str) -> None:
    """A cell far away is found when reading took too much: the user is told which."""
    path = workbook(tmp_path / "a.xlsx", f"<worksheet>{cell}</worksheet>")
    assert preflight(path) == "xlsx"
    with pytest.raises(UnsafeFile, match="far away at"):
        explain(path)


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
