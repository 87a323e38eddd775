"""What a message suggests can be done: an option that the command has, or a key of the settings file that was given."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from command import run_here

import partnerkpi
from partnerkpi.cli import named
from partnerkpi.cli.commands import LINES
from partnerkpi.config import load
from partnerkpi.spelling import KEYS, spelled

#: The rooms whose messages every command may print.
ROOMS = ("tables", "results", "tally", "scorecard", "comments", "kpi")
OPTIONS = {name: named(name).flags for name in LINES}
READING = {name for name, options in OPTIONS.items() if "--decimal" in options}
CARDS = {name for name in READING if "--responses" in OPTIONS[name]}
ANSWERS = {name for name in READING if "--score" in OPTIONS[name]}

#: Options without a key in the settings, and the commands that say them as an answer.
NEEDED_BY = {
    **dict.fromkeys(("--scale", "--question"), ANSWERS),
    **dict.fromkeys(("--responses", "--customers", "--partners"), CARDS),
    "--activities": {*CARDS, "advocacy"},
    "--from": {*(CARDS - {"export"}), "nps", "advocacy", "retention"},
    "--as-of": READING,
    "--to-date": CARDS - {"check", "plan"},
    "--set-aside": READING,
    "--population": {"nps"},
}
#: Options that are named only where they were given, or together with the command that has them.
GIVEN = {
    *("--as", "--attributed", "--by", "--compare", "--config", "--rolling", "--names", "--template", "--where"),
    *("--sort", "--top", "--contacts", "--on", "--carry-on"),
}
NOT_OURS = {"--force-reinstall", "--format"}


def suggested() -> set[str]:
    """Return the options in all texts of the rooms."""
    found: set[str] = set()
    for room in ROOMS:
        for file in (Path(partnerkpi.__file__).parent / room).rglob("*.py"):
            texts = [
                node.value for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Constant)
            ]
            found |= {
                one for text in texts if isinstance(text, str) for one in re.findall(r"(?<![\w-])--[a-z-]+[a-z]", text)
            }
    return found


def test_every_option_that_is_suggested() -> None:
    """Each command has the options that messages suggest, or says the key of the settings; a new one must be told."""
    assert suggested() <= KEYS.keys() | NEEDED_BY.keys() | GIVEN | NOT_OURS
    for option, commands in NEEDED_BY.items():
        assert [name for name in sorted(commands) if option not in OPTIONS[name]] == []
    for option in KEYS:
        for name in sorted(READING):
            said = spelled(f"say it with {option} COLUMN, or not", OPTIONS[name], "own.toml")
            assert (option in said) == (option in OPTIONS[name])
            assert option in said or ("own.toml" in said and "--" not in said)


@pytest.mark.parametrize("option", sorted(KEYS))
def test_the_key_is_one_of_the_settings(option: str, tmp_path: Path) -> None:
    """What is written for an option can stand in the settings file as it is said."""
    value = {
        "--grace": "3",
        "--confidence": "0.9",
        "--min-responses": "7",
        "--duplicates": "first",
        "--period": "month",
    }
    value |= {"--decimal": "comma", "--encoding": "cp1252"}
    said = spelled(f"{option} {value.get(option, 'COLUMN')}", (), None)
    found = re.fullmatch(r"(\[\w+\]) (\w+ = .+?) in partnerkpi\.toml(?: COLUMN)?", said)
    assert found is not None
    tmp_path.joinpath("own.toml").write_text(f"{found[1]}\n{found[2]}\n")
    assert load(tmp_path / "own.toml").given is not None


def test_a_scale_is_said_to_each_command(tmp_path: Path) -> None:
    """Where a question names --scale, the command that asks takes it."""
    rows = "\n".join(f"Acme,2026-0{1 + number % 6}-10,{1 + number % 7}" for number in range(70))
    tmp_path.joinpath("answers.csv").write_text(f"partner,date,How likely are you to recommend us (1-7)\n{rows}\n")
    asked = run_here("alerts", tmp_path / "answers.csv")
    assert (asked.code, "--scale 1-7" in asked.err) == (1, True)
    assert run_here("alerts", tmp_path / "answers.csv", "--scale", "1-7").code == 0


def test_customers_of_which_nothing_is_known(tmp_path: Path) -> None:
    """A scorecard has no --retained: it names the key, in the settings file that was given."""
    rows = "\n".join(f"C{number},Acme,{'here' if number % 3 else 'not here'}" for number in range(30))
    tmp_path.joinpath("c.csv").write_text(f"customer,partner,how\n{rows}\n")
    own = tmp_path / "own.toml"
    own.write_text("")
    card = ("scorecard", "--customers", tmp_path / "c.csv", "-o", tmp_path / "card.xlsx", "--config", own)
    asked = run_here(*card)
    assert asked.code == 2
    assert f'[columns] retained = "COLUMN" in {own} (yes = stayed)' in asked.err
    assert "--" not in asked.err
    assert "partnerkpi.toml" not in asked.err
    own.write_text('[columns]\nretained = "how"\n')
    assert f"in {own} under [retention]" in run_here(*card).err
    with pytest.raises(partnerkpi.PartnerKpiError, match=re.escape(str(own))):
        partnerkpi.build_scorecard(customers=tmp_path / "c.csv", config=own)
    assert "--retained COLUMN" in run_here("retention", tmp_path / "c.csv").err


def test_a_note_names_the_settings_that_were_given(tmp_path: Path) -> None:
    """Levels of rewards are written into the file that was given."""
    rows = "\n".join(f"C{number},Acme,{'yes' if number % 3 else 'no'}" for number in range(9))
    tmp_path.joinpath("c.csv").write_text(f"customer,partner,retained\n{rows}\n")
    own = tmp_path / "own.toml"
    own.write_text("")
    told = run_here("rewards", tmp_path / "c.csv", "--period", "all", "--config", own)
    assert (told.code, f"write [[rewards]] into {own}, with name" in told.err) == (0, True)
