"""The printed tables: whole in a pipe, fitted to the window in which a person looks at them."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import run_here
from rich.cells import cell_len
from sampled import one_in

from partnerkpi.cli import table, terminal
from partnerkpi.demo import write_demo_data

FILES = ("responses.csv", "activities.csv", "customers.csv", "partners.csv")
ALL = " ".join(FILES)
COMMANDS = [
    *("nps responses.csv", "nps responses.csv --by partner", "nps responses.csv --by region --compare previous"),
    *("nps responses.csv --compare rolling", "nps responses.csv --themes --period quarter"),
    "advocacy activities.csv --partners partners.csv --by tier --compare year",
    *("retention customers.csv --by partner", "retention customers.csv --period quarter --compare previous"),
    *(f"{command} {ALL}" for command in ("actions", "alerts", "compare", "outlook", "rewards", "whatif")),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo_data(folder)
    return folder


def asked(demo: Path, command: str) -> list[str | Path]:
    return [demo / word if word in FILES else word for word in command.split()]


@pytest.mark.parametrize("command", one_in(8, COMMANDS))
def test_a_window_of_80_columns_holds_every_table(command: str, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is wider than the window; every figure is one that the whole table has, and what is left out is named."""
    whole = run_here(*asked(demo, command)).out
    monkeypatch.setattr(table, "_room", lambda: 80)
    monkeypatch.setattr(terminal, "window", lambda *_: 80)
    fitted = run_here(*asked(demo, command))
    assert max(map(cell_len, fitted.out.splitlines())) <= 80
    assert set(fitted.out.replace("\u00a0", " ").split()) <= set(whole.split()) | {"─" * 80} | rules(fitted.out)
    said = " ".join(fitted.err.split())
    assert "Not shown" not in said or "--format csv has all" in said
    assert "NPS" in fitted.out or "nps" not in command


def rules(text: str) -> set[str]:
    """Return the lines below the heads."""
    return {word for word in text.split() if set(word) == {"─"}}


def test_a_pipe_has_the_whole_table(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However narrow the window is said to be, a program that reads gets every column, each row in one line."""
    monkeypatch.setenv("COLUMNS", "40")
    out = run_here("nps", demo / "responses.csv", "--by", "partner").out
    head, _, *rows = out.splitlines()
    assert all(name in head for name in ("Promoters", "Clustered", "Design effect", "Contribution"))
    assert len(rows) == 40


def test_one_order_decides_what_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The least needed column goes first; names and figures are never cut, and a name with an escape is one line."""
    monkeypatch.setattr(table, "_room", lambda: 30)
    row = {"group": {"partner": "Acme\x1b[2J\nInternational Business"}, "period": None}
    columns = [
        ("NPS", lambda _: "+12.345"), ("Design effect", lambda _: "1.5"), ("Passives", lambda _: "1,234"),
        ("Rating", lambda _: "exceptional"), ("Nothing", lambda _: ""),
    ]  # fmt: skip
    table.print_table([row], columns)
    told = capsys.readouterr()
    assert "\x1b" not in told.out
    assert max(map(cell_len, told.out.splitlines())) <= 30
    assert "+12.345" in told.out
    assert told.err.startswith("Not shown Design effect, Passives, Rating: the window is too narrow")
    assert "Nothing" not in told.out
