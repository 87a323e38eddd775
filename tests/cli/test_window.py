"""Every command in a real window of 80 columns: no line is longer, no figure is cut, nothing but text is sent."""

from __future__ import annotations

import csv
import os
import re
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command import run_here
from rich.cells import cell_len
from sampled import one_in

from partnerkpi import cli
from partnerkpi.cli.commands import LINES
from partnerkpi.demo import write_demo_data

WIDTH = 80
CARD = ["responses.csv", "activities.csv", "customers.csv", "partners.csv"]
#: What each command is given; the commands that are not named here are looked at by their help alone.
ASKED = {
    "nps": ["responses.csv", "--by", "region", "--compare", "previous"],
    "advocacy": ["activities.csv", "--partners", "partners.csv", "--by", "tier"],
    "retention": ["customers.csv", "--period", "year"],
    **dict.fromkeys(("alerts", "actions", "compare", "outlook", "whatif", "rewards", "plan"), CARD),
    "check": CARD,
    "guide": [],
    "completion": ["bash"],
    "template": ["templates"],
}
_ESCAPE = re.compile(r"\x1b")
_FIGURE = re.compile(r"[+−]?[0-9][0-9,]*\.[0-9]+")

pty = pytest.importorskip("pty", reason="there are no terminals of this kind here")
termios = pytest.importorskip("termios")
fcntl = pytest.importorskip("fcntl")


@contextmanager
def window(columns: int) -> Iterator[list[bytes]]:
    """Make standard output and error a terminal of so many columns, and collect what is sent to it."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    received: list[bytes] = []

    def listen() -> None:
        while True:
            try:
                block = os.read(ours, 65_536)
            except OSError:
                return
            if not block:
                return
            received.append(block)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    before = sys.stdout, sys.stderr
    terminal = open(theirs, "w", encoding="utf-8", newline="\n")  # noqa: PTH123, SIM115 - closed below
    sys.stdout = sys.stderr = terminal
    try:
        yield received
    finally:
        sys.stdout, sys.stderr = before
        terminal.close()
        listener.join(10)
        os.close(ours)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo_data(folder)
    with (folder / "responses.csv").open(encoding="utf-8", newline="") as whole:
        head, *rows = csv.reader(whole)
    with (folder / "responses.csv").open("w", encoding="utf-8", newline="") as some:
        csv.writer(some).writerows([head, *rows[::8]])  # as many as the tables need
    return folder


def shown(words: list[str], columns: int = WIDTH) -> tuple[int, list[str]]:
    """Return the exit code of a command and the lines that a terminal received."""
    with window(columns) as received:
        code = cli._run(words)
    text = b"".join(received).decode("utf-8").replace("\r\n", "\n")
    return code, text.rstrip("\n").split("\n")


@pytest.mark.parametrize("name", LINES)
def test_every_page_of_help_fits(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command there is has a page that fits into 80 columns, and into 60; only what has no blank may be longer."""
    monkeypatch.delenv("COLUMNS", raising=False)
    for columns in (WIDTH, 60):
        code, lines = shown([*name.split(), "--help"], columns)
        assert code == 0
        example = [line for line in lines if line.startswith("    ")]
        assert [line for line in lines if cell_len(line) > columns and line not in example] == []
        assert not any(_ESCAPE.search(line) for line in lines)


@pytest.mark.parametrize("terminal", ["dumb", "xterm-256color"])
def test_the_first_page_fits(terminal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page that a newcomer sees is as wide as the window."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("TERM", terminal)
    code, lines = shown([])
    assert code == 0
    assert max(map(cell_len, lines)) <= WIDTH


@pytest.mark.parametrize("terminal", ["dumb", "xterm-256color"])
@pytest.mark.parametrize("name", one_in(2, ["nps", "compare"]))
def test_a_terminal_without_abilities_has_the_same_table(
    name: str, terminal: str, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window of 140 columns is that wide whatever it calls itself: the figures are the same."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("TERM", terminal)
    monkeypatch.chdir(demo)
    words = [name, *ASKED[name], "--quiet"]
    lines = shown(words, 140)[1]
    assert 80 < max(map(cell_len, lines)) <= 140
    assert set(_FIGURE.findall("\n".join(lines))) <= set(_FIGURE.findall(run_here(*words).out))


@pytest.mark.parametrize("name", one_in(4, ASKED))
def test_no_line_is_longer_than_the_window(name: str, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables and notes fit; each figure is one that a pipe has; without colours nothing but text is sent."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(demo)
    assert name in LINES
    words = [name, *ASKED[name]]
    piped = run_here(*words)
    code, lines = shown(words)
    assert (code, piped.code) == (0, 0), piped.err
    text = "\n".join(lines)
    assert not _ESCAPE.search(text)
    assert [line for line in lines if cell_len(line) > WIDTH and " " in line.strip() and name != "completion"] == []
    whole = {*_FIGURE.findall(piped.out), *_FIGURE.findall(piped.err)}
    assert set(_FIGURE.findall(text)) <= whole
    assert "…" not in text or "…" in piped.out


#: What writes or reads a workbook; `made.xlsx` and `earlier.xlsx` are there. Who writes, does so in a place of its own.
OF_WORKBOOKS = {
    "scorecard": [*CARD, "-o", "{place}/card.xlsx", "--where", "tier in Strategic, Growth"],
    "verify": ["made.xlsx", "earlier.xlsx"],
    "diff": ["earlier.xlsx", "made.xlsx"],
    "export": ["{place}/tables", *CARD],
    "mail": ["made.xlsx", "--recipients", "people.csv"],
    "run": ["--config", "job.toml", "--today", "2026-10-01", "--dry-run"],
    "survey": ["{place}/kit"],
    "prospect": ["prospect.xlsx"],
    "excel doctor": [],
    "excel build": ["-o", "{place}/tool.xlsm"],
}


@pytest.fixture(scope="module")
def books(demo: Path) -> Path:
    """Return the folder with two workbooks, people to write to, and a job."""
    for name, day in (("made.xlsx", "2026-09-28"), ("earlier.xlsx", "2026-06-30")):
        files = [demo / "responses.csv", demo / "partners.csv"]
        assert run_here("scorecard", *files, "-o", demo / name, "--as-of", day).code == 0
    people = "address,name,partner\nana@example.com,Ana of a name that is rather long,\nbo@example.com,Bo,Quaymark\n"
    (demo / "people.csv").write_text(people, encoding="utf-8")
    (demo / "job.toml").write_text(f"[sources]\nfiles = {CARD}\n[run]\npacks = 'packs'\n", encoding="utf-8")
    assert run_here("prospect", "--template", demo / "prospect.xlsx").code == 0
    return demo


@pytest.mark.parametrize("name", one_in(3, OF_WORKBOOKS, first=1))
def test_what_is_about_workbooks_fits_too(
    name: str, books: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is longer than the window and no figure cut; what a pipe gets has the same figures."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.chdir(books)
    words = [*name.split(), *(word.format(place=tmp_path) for word in OF_WORKBOOKS[name])]
    if name not in ("export", "excel build", "survey"):  # written once
        piped = run_here(*words)
        wanted = {*_FIGURE.findall(piped.out), *_FIGURE.findall(piped.err)}
    code, lines = shown(words)
    text = "\n".join(lines)
    assert code == (1 if name == "excel doctor" else 0), text
    assert [line for line in lines if cell_len(line) > WIDTH and " " in line.strip()] == []
    assert not _ESCAPE.search(text)
    assert "…" not in text
    if name not in ("export", "excel build", "survey"):
        assert set(_FIGURE.findall(text)) == wanted


@pytest.mark.thorough
def test_the_first_five_minutes_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`demo` and a whole `run` with packs fit as well."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "job.toml").write_text(f"[sources]\nfiles = {CARD}\n", encoding="utf-8")
    for words in (["demo", "."], ["run", "--config", "job.toml", "--today", "2026-10-01"]):
        code, lines = shown(words)
        assert (code, [line for line in lines if cell_len(line) > WIDTH and " " in line.strip()]) == (0, [])


def test_the_whole_table_where_it_is_asked_for(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--wide` prints every column, one line a row; `--columns` those that are named, behind the names."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.chdir(demo)
    asked = ["nps", "responses.csv", "--by", "partner", "--quiet"]
    assert shown([*asked, "--wide"])[1] == run_here(*asked).out.rstrip("\n").split("\n")
    head, _, *rows = shown([*asked, "--columns", "rating, nps"])[1]
    assert head.split() == ["partner", "Rating", "NPS"]
    assert len(rows) >= len(shown([*asked, "--wide"])[1]) - 2  # long names fold
    for columns in (40, WIDTH, 120):  # with colours or without, whatever the window: text alone is sent
        assert not any(_ESCAPE.search(line) or "\\x1b" in line for line in shown(asked, columns)[1])
    wrong = run_here(*asked, "--columns", "ratng")
    assert (wrong.code, "has no column 'ratng'; it has Responses" in wrong.err) == (2, True)


def test_figures_of_a_column_have_equal_decimals(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each column of figures has one number of decimals, no more than its interval."""
    monkeypatch.chdir(demo)
    for words in (["nps", "responses.csv"], ["retention", "customers.csv"]):
        lines = run_here(*words, "--by", "region", "--period", "quarter", "--format", "markdown").out.splitlines()
        for cells in list(zip(*(line[2:-2].split(" | ") for line in lines), strict=True)):
            places = {len(figure.partition(".")[2]) for cell in cells[2:] for figure in _FIGURE.findall(cell)}
            assert len(places) <= 1, cells
            assert places <= {1}
