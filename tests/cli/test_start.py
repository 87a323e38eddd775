"""What is loaded before a command does its work: a page of help and the guide wait for no library."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROBE = """
import contextlib, io, sys
from partnerkpi.cli import _run
with contextlib.redirect_stdout(io.StringIO()):
    assert _run({words!r}) == {code}
print(*sorted(sys.modules))
"""


def loaded(*words: str, code: int = 0) -> set[str]:
    """Return the modules that a process has loaded once it has run a command."""
    command = [sys.executable, "-S", "-c", PROBE.format(words=[*words], code=code)]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize(
    "words", ["", "--help", "--version", "nps --help", "excel --help", "scorecard --help", "guide"]
)
def test_help_and_guide_load_the_standard_library_only(words: str) -> None:
    """Without any installed package they run; rooms that count nothing for them are not loaded."""
    modules = loaded(*words.split())
    tops = {name.partition(".")[0] for name in modules}
    assert tops - sys.stdlib_module_names <= {"partnerkpi", "__main__", "org"}
    rooms = {".".join(name.split(".")[:2]) for name in modules if name.startswith("partnerkpi.")}
    assert rooms <= {f"partnerkpi.{room}" for room in ("_version", "cli", "dataclass", "errors", "guide", "periods")}


def test_the_first_page_loads_no_command() -> None:
    """Its lines are data: neither a command nor what declares one is loaded, nor what takes long in Python itself."""
    modules = loaded("--help")
    assert {name for name in modules if name.startswith("partnerkpi.cli.")} == {
        f"partnerkpi.cli.{name}" for name in ("commands", "help", "terminal")
    }
    assert not modules & {"dataclasses", "inspect", "pathlib", "json", "difflib", "shutil"}


def test_a_command_loads_no_other() -> None:
    """The page of a command is made from its own module."""
    modules = loaded("nps", "--help")
    assert {"partnerkpi.cli.nps"} == {
        name
        for name in modules
        if name.startswith("partnerkpi.cli.")
        and name.rpartition(".")[2] not in ("commands", "declared", "help", "options", "parsing", "terminal")
    }
