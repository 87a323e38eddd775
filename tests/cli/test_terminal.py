"""Texts of the data are shown on the terminal and never obeyed by it."""

from __future__ import annotations

import errno
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from command import run_here

from partnerkpi.cli import main, terminal
from partnerkpi.cli.terminal import in_one_line, visible

ROOT = Path(__file__).resolve().parents[2]
#: Clears the screen, sets its title, colours, rings, turns the line around, hides, and the same as one byte (C1).
HARMFUL = (
    *("\x1b[2J", "\x1b]0;title\x07", "\x1b[31mred", "\x07", "\x08\x08", "\x9b31m", "\x85", "\x7f", "\x00", "\x0e"),
    *(
        "\u202egpj.exe",
        "\u2066a\u2069",
        "\u200b",
        "\ufeff",
        "\u2060",
        "\xad",
        "\u200e",
        "\u061c",
        "\u2028",
        "\U000e0041",
    ),
    *("a\u200db", "\u200c", "\u115f", "\u034f"),
)
_SENT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0041]"
)


@pytest.mark.parametrize("text", HARMFUL)
def test_what_a_terminal_would_obey_is_shown(text: str) -> None:
    """Each character that does something, or hides, is written as programs escape it, and can be told from others."""
    shown = visible(f"Acme{text}Bolt")
    assert "\\" in shown
    assert _SENT.search(shown) is None
    assert shown.encode().decode("unicode_escape") == f"Acme{text}Bolt"


@pytest.mark.parametrize(
    "text", ["Straße Ünïcode 日本 Ελλάδα", "می\u200cخواهم", "क्\u200dष", "👩\u200d💻", "a\nb", "− – ’ …"]
)
def test_names_in_every_script_stay(text: str) -> None:
    """Letters of every script, a joiner that their spelling needs, and line ends stay as they are."""
    assert visible(text) == text
    assert in_one_line("a\nb") == "a\\nb"


def test_tables_messages_notes_and_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No command sends a control character of the data: in tables, notes, errors, questions and JSON."""
    monkeypatch.chdir(tmp_path)
    name = "Ac\x1b[2Jme\u202e\x9b31m"
    rows = "".join(f"{name} {n},2026-0{n}-03,p{n},{n + 4},so\x1b[2J slow\u202e\n" for n in range(1, 6))
    head = "partner,date,respondent,score,com\x1b[2Jment\n"
    Path("a.csv").write_text(head + rows * 3, encoding="utf-8")
    Path("l.csv").write_text(f"partner,tier\n{name} 1,\x1b[2JGold\nAcme,x\n", encoding="utf-8")
    Path("v.csv").write_text(f"partner,when,type\n{name} 1,2026-05-01,refer\x1b[2Jence\n", encoding="utf-8")
    Path("b\x1b[2J.csv").write_text("a,b\n1,2\n")
    for command in (
        ("nps", "a.csv", "--by", "partner"),
        ("nps", "a.csv", "--by", "partner", "--format", "json"),
        ("nps", "a.csv", "--by", "parner\x1b[2J"),
        ("nps", "a.csv", "--sc\x1b[2Jore", "x"),
        ("nps", "b\x1b[2J.csv"),
        ("nps", "b\x1b[2J.csv", "--format", "json"),
        ("nps", "gone\x1b[2J.csv"),
        ("check", "a.csv", "l.csv", "v.csv"),
        ("check", "a.csv", "--format", "json"),
        ("advocacy", "v.csv", "--partners", "l.csv", "--by", "tier"),
        ("scorecard", "a.csv", "l.csv", "-o", "o.xlsx", "--title", "x\x1b[2J"),
        ("scorecard", "a.csv", "l.csv", "-o", "o.xlsx", "--review", "y\x1b[2J"),
        ("verify", "o\x1b[2J.xlsx"),
        ("actions", "a.csv", "l.csv"),
        ("mail", "o.xlsx", "--to", "a\x1b[2J@b.example"),
    ):
        done = run_here(*command)
        assert done.out + done.err
        assert _SENT.search(done.out + done.err) is None, command


def test_json_means_the_same(tmp_path: Path) -> None:
    """JSON has such a character in its escaped form, which a program reads as the character."""
    path = tmp_path / "a.csv"
    path.write_text("partner,score\n" + "Ac\x9bme\u202e,9\n" * 3, encoding="utf-8")
    done = run_here("nps", path, "--by", "partner", "--format", "json")
    assert "\\u009b" in done.out
    assert json.loads(done.out)["rows"][1]["group"]["partner"] == "Ac\x9bme\u202e"


def test_csv_is_shown_to_a_person_and_handed_to_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """CSV goes into a pipe as it is; on a terminal its control characters are shown."""
    import io

    class Person(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, shown in ((io.StringIO(), "a\x1b[2J"), (Person(), "a\\x1b[2J")):
        monkeypatch.setattr("sys.stdout", stream)
        terminal.table_output().write("a\x1b[2J")
        assert stream.getvalue() == shown


def test_one_place_prints() -> None:
    """No other module of the command line prints: what it prints would not be looked at."""
    for path in (ROOT / "partnerkpi" / "cli").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert path.name == "terminal.py" or not re.search(r"\bprint\(\"|std(?:out|err)\.write", text), path


class _Full(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("options", [(), ("--format", "csv"), ("--format", "json")])
def test_a_full_disk_behind_the_output_is_called_that(
    options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is neither the folder for what is temporary nor a fault of ours."""
    (tmp_path / "a.csv").write_text("score\n9\n3\n", encoding="utf-8")
    monkeypatch.setattr("sys.stdout", _Full())
    with pytest.raises(SystemExit) as ended:
        main(["nps", str(tmp_path / "a.csv"), *options])
    assert ended.value.code == 1
    assert "what is printed cannot be written (no space left on device): send it elsewhere" in capsys.readouterr().err


def test_where_answers_name_nobody_their_partners_are_called(tmp_path: Path) -> None:
    """In the order of Actions in the scorecard: who comes first, then who is worth most; with how many are low."""
    answers, listed, target = tmp_path / "answers.csv", tmp_path / "partners.csv", tmp_path / "scorecard.xlsx"
    scores = {"Acme": (2, 3, 9), "Bolt": (1, 5, 6, 9), "Crux": (0, 4), "Dune": (10, 9)}
    answers.write_text("partner,score\n" + "".join(f"{name},{one}\n" for name, some in scores.items() for one in some))
    listed.write_text("partner,annual_value\nAcme,5\nBolt,100\nCrux,900\nDune,50\n")
    done = run_here("actions", answers, listed, "--quiet")
    assert done.out == (
        "7 detractors to call, but the answers name nobody. Call their partners: Crux (2), Bolt (3), Acme (2).\n"
    )
    run_here("scorecard", answers, listed, "-o", target, "--quiet")
    sheet = openpyxl.load_workbook(target)["Actions"]
    called = [row[:2] for row in sheet.iter_rows(values_only=True) if row[1] and "people" in str(row[1])]
    assert called == [("Crux", "2 people"), ("Bolt", "3 people"), ("Acme", "2 people")]
