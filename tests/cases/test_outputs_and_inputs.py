"""No harm done: what is written never takes the place of what is read, nor of what somebody else wrote."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path
from threading import Event, Thread

import openpyxl
import pytest
from command import run, run_here

import partnerkpi
from partnerkpi.errors import FileProblem
from partnerkpi.tables.read import read_table
from partnerkpi.tables.workspace import Workspace

ANSWERS = "partner,score\nAlder,9\nAlder,10\nAlder,3\nAlder,8\nAlder,x\nAlder,\n"
SETTINGS = '[options]\npartner_names = "names.csv"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with answers as text and as a workbook."""
    (tmp_path / "r.csv").write_text(ANSWERS)
    book = openpyxl.Workbook()
    book.active.title = "Responses"
    for line in ANSWERS.splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "data.xlsx")
    return tmp_path


def refused(folder: Path, *arguments: str) -> None:
    """Check that a command is refused in one line and that the folder is as it was."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with contextlib.chdir(folder):
        stopped = run_here(*arguments)
    assert stopped.code == 1, stopped
    assert "is one of the files that are read" in stopped.err
    assert stopped.err.count("\n") == 1
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_every_option_that_writes(folder: Path) -> None:
    """What an option names to be written is none of the sources."""
    refused(folder, "nps", "r.csv", "--set-aside", "r.csv")
    refused(folder, "check", "r.csv", "--names", "r.csv")
    refused(folder, "check", "r.csv", "--set-aside", "r.csv")
    refused(folder, "scorecard", "data.xlsx", "-o", "data.xlsx")
    refused(folder, "scorecard", "data.xlsx", "r.csv", "-o", "o.xlsx", "--set-aside", "r.csv")
    shutil.copy(folder / "r.csv", folder / "Alder.xlsx")
    (folder / "packs").mkdir()
    shutil.copy(folder / "data.xlsx", folder / "packs" / "Alder.xlsx")
    with contextlib.chdir(folder):
        stopped = run_here("scorecard", "packs/Alder.xlsx", "-o", "o.xlsx", "--per-partner", "packs")
    assert stopped.code == 1
    assert "--per-partner" in stopped.err
    assert (folder / "packs" / "Alder.xlsx").read_bytes() == (folder / "data.xlsx").read_bytes()


def test_other_ways_to_the_same_file(folder: Path) -> None:
    """Links, other spellings of the path and patterns lead to the same file."""
    (folder / "in").mkdir()
    (folder / "link.csv").symlink_to(folder / "r.csv")
    os.link(folder / "r.csv", folder / "hard.csv")
    for target in ("./r.csv", "in/../r.csv", str(folder / "r.csv"), "link.csv", "hard.csv"):
        refused(folder, "nps", "r.csv", "--set-aside", target)
    refused(folder, "nps", "link.csv", "--set-aside", "r.csv")
    refused(folder, "nps", "*.csv", "--score", "score", "--set-aside", "r.csv")
    refused(folder, "scorecard", "data.xlsx#Responses", "-o", "./data.xlsx")


@pytest.mark.skipif(sys.platform not in ("win32", "darwin"), reason="names differ by case here")
def test_another_case(folder: Path) -> None:
    """Where the system ignores case, so does the comparison."""
    refused(folder, "nps", "r.csv", "--set-aside", "R.CSV")


def test_what_the_settings_name(folder: Path) -> None:
    """The settings and the file of partners' names are read, too."""
    (folder / "names.csv").write_text("as written,partner\nAldr,Alder\n")
    (folder / "partnerkpi.toml").write_text(SETTINGS)
    refused(folder, "check", "r.csv", "--names", "names.csv")
    (folder / "settings.txt").write_text(SETTINGS)
    refused(folder, "nps", "r.csv", "--config", "settings.txt", "--set-aside", "settings.txt")


def test_from_python(folder: Path) -> None:
    """A program is refused as a person is; once the file is not read any more it may be written."""
    before = (folder / "data.xlsx").read_bytes()
    with pytest.raises(FileProblem, match="is one of the files that are read"):
        partnerkpi.build_scorecard(folder / "data.xlsx", folder / "data.xlsx")
    assert (folder / "data.xlsx").read_bytes() == before
    card = partnerkpi.build_scorecard(folder / "data.xlsx")
    assert card.view().total.scores.responses == 4
    partnerkpi.build_scorecard(folder / "r.csv", folder / "data.xlsx")
    assert (folder / "data.xlsx").read_bytes() != before


@pytest.mark.thorough
def test_the_demo_overwrites_nothing(tmp_path: Path) -> None:
    """In a folder with files of its names the demo writes nothing; it may be run again over its own."""
    (tmp_path / "responses.csv").write_text(ANSWERS)
    stopped = run_here("demo", tmp_path)
    assert stopped.code == 1
    assert "responses.csv, which is not of the demo" in stopped.err
    assert [path.name for path in tmp_path.iterdir()] == ["responses.csv"]
    assert (tmp_path / "responses.csv").read_text() == ANSWERS
    (tmp_path / "responses.csv").rename(tmp_path / "scorecard.xlsx")
    assert run_here("demo", tmp_path).code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["scorecard.xlsx"]
    for _ in range(2):
        assert run_here("demo", tmp_path / "own").code == 0
    (tmp_path / "own" / "scorecard.xlsx").write_bytes(b"mine")
    assert run_here("demo", tmp_path / "own").code == 1
    assert (tmp_path / "own" / "scorecard.xlsx").read_bytes() == b"mine"


def test_a_file_that_changes_is_refused(tmp_path: Path) -> None:
    """A file that is written to while it is read has figures of no state of it."""
    path = tmp_path / "r.csv"
    path.write_text(ANSWERS)
    with Workspace() as workspace:
        table = read_table(workspace, [str(path)])
        path.write_text(ANSWERS + "Birk,9\n")
        with pytest.raises(FileProblem, match="changed while it was read"):
            table.rows.all()


def test_a_file_that_grows(tmp_path: Path) -> None:
    """It is refused also where something appends to it while a command is at work."""
    path = tmp_path / "r.csv"
    path.write_text(ANSWERS * 20_000)

    done = Event()

    def append() -> None:
        while not done.wait(0.05):
            with path.open("a") as stream:
                stream.write("Birk,9\n")

    writer = Thread(target=append)
    writer.start()
    stopped = run("nps", path, "--score", "score")
    done.set()
    writer.join()
    assert stopped.code == 1
    assert "changed while it was read" in stopped.err


@pytest.mark.skipif(sys.platform != "linux", reason="names are text on other systems")
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_name_that_is_no_text(folder: Path, suffix: str) -> None:
    """A file whose name is in an old encoding is read, and shown with a mark for what is no letter."""
    source = folder / ("r.csv" if suffix == ".csv" else "data.xlsx")
    named = os.fsencode(folder) + b"/caf\xe9" + suffix.encode()
    shutil.copy(os.fsencode(source), named)
    result = run_here("nps", os.fsdecode(named), "--score", "score", "--format", "json").json
    assert result["rows"][0]["responses"] == 4
    assert f"caf_{suffix}" in result["provenance"]["sources"][0]
    stopped = run_here("nps", os.fsdecode(named), "--score", "nothing")
    assert f"caf_{suffix}" in stopped.err
    assert "partnerkpi-" not in stopped.err
