"""The first page, wrong words, and what the Tab key completes."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from command import run_here

from partnerkpi.cli import named
from partnerkpi.cli.commands import BEGIN, LINES
from partnerkpi.cli.completion import Shell, candidates
from partnerkpi.cli.parsing import read_words


def test_the_first_page_shows_where_to_begin() -> None:
    """`partnerkpi` alone is the first page: three commands to begin with, each of them real, and all commands once."""
    page = run_here()
    assert (page.code, page.err) == (0, "")
    assert page.out == run_here("--help").out == run_here("-h").out
    for line, _ in BEGIN:
        assert f"  {line}" in page.out
        assert line.split()[1] in LINES
    for name, what in LINES.items():
        assert len(re.findall(rf"^  {name}  ", page.out, re.MULTILINE)) == 1
        assert what[-1] == "."
    assert run_here("excel").code == 2
    assert "excel install" in run_here("excel", "--help").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("npss x.csv", "there is no command 'npss'; did you mean 'nps'? See 'partnerkpi --help'"),
        ("xyzzy", "there is no command 'xyzzy'. See 'partnerkpi --help'"),
        ("excel biuld", "there is no command 'excel biuld'; did you mean 'excel build'? See 'partnerkpi excel --help'"),
        ("nps", "nps needs SOURCE. See 'partnerkpi nps --help'"),
        ("advocacy x.csv", "advocacy needs --partners PARTNERS. See 'partnerkpi advocacy --help'"),
        ("nps x.csv --scroe y", "nps has no option --scroe; did you mean --score? See 'partnerkpi nps --help'"),
        ("nps x.csv --zzz", "nps has no option --zzz. See 'partnerkpi nps --help'"),
        ("nps x.csv --score", "--score needs a value: --score COLUMN. See 'partnerkpi nps --help'"),
        ("nps x.csv --quiet=no", "--quiet takes no value: leave out '=no'. See 'partnerkpi nps --help'"),
        (
            "nps x.csv --confidence high",
            "--confidence 'high' is not a number, such as 0.9. See 'partnerkpi nps --help'",
        ),
        ("nps x.csv --rolling 2.5", "--rolling '2.5' is not a whole number. See 'partnerkpi nps --help'"),
        (
            "nps x.csv --period quater",
            "--period 'quater' is not one of all, year, quarter, month, week; did you mean quarter? "
            "See 'partnerkpi nps --help'",
        ),
        ("guide nps advocacy", "guide takes one argument: what is 'advocacy'? See 'partnerkpi guide --help'"),
    ],
)
def test_wrong_words(words: str, said: str) -> None:
    """One line says which word does not fit, what would, and where to read on; a suggestion only where one is near."""
    done = run_here(*words.split())
    assert (done.code, done.out, done.err) == (2, "", f"partnerkpi: {said}\n")


def test_a_file_in_the_place_of_a_command(tmp_path: Path) -> None:
    """Whoever names a file alone is told which command looks at it."""
    (tmp_path / "a.csv").write_text("score\n9\n")
    done = run_here(tmp_path / "a.csv")
    assert (done.code, f"'partnerkpi check {tmp_path / 'a.csv'}' says what it holds" in done.err) == (2, True)


def test_words_are_read_as_everywhere() -> None:
    """--option=value, an option before an argument, -oFILE, the opposite of a flag, and -- before a file named --x."""
    read = partial(read_words, named("nps"))
    given = read(["--score=Q5", "a.csv", "--by", "x", "-oout.csv", "--month-first", "b.csv", "--by=y", "--", "--c.csv"])
    assert given["sources"] == ["a.csv", "b.csv", "--c.csv"]
    assert (given["score"], given["by"], given["into"], given["day_first"]) == (
        "Q5",
        ["x", "y"],
        Path("out.csv"),
        False,
    )
    assert read(["-"])["sources"] == ["-"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("np", {"nps"}),
        ("excel ins", {"install"}),
        ("nps --per", {"--period"}),
        ("nps x.csv --period ", {"all", "year", "quarter", "month", "week"}),
        ("nps --period=q", {"--period=quarter"}),
        ("completion b", {"bash"}),
        ("guide ", {"nps", "advocacy", "retention"}),
        ("nps ", set()),
        ("nosuch x", set()),
    ],
)
def test_what_is_completed(typed: str, expected: set[str]) -> None:
    """The last word becomes a command, an option, or a word of an option; nothing where files are wanted."""
    assert set(candidates(typed.split(" "))) == expected


def test_bash_completes() -> None:
    """The script makes bash ask the program; each shell has one."""
    assert all(run_here("completion", shell.value).out.count("partnerkpi") > 1 for shell in Shell)
    script = run_here("completion", "bash").out
    asked = f"""
partnerkpi() {{ {sys.executable} -m partnerkpi "$@"; }}
{script}
COMP_WORDS=(partnerkpi nps --per); COMP_CWORD=2; _partnerkpi; echo "${{COMPREPLY[*]}}"
COMP_WORDS=(partnerkpi nps --period ''); COMP_CWORD=3; _partnerkpi; echo "${{COMPREPLY[*]}}"
"""
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["--period", "all", "year", "quarter", "month", "week"]
