"""Run the command line: as a process of its own, or here, where a test needs many runs."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Run:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return standard output as JSON; a failed command shows what it complained of."""
        assert self.code == 0, self.err
        return json.loads(self.out)


def run(*arguments: str | Path, folder: Path | None = None, **environment: str) -> Run:
    """Run `partnerkpi` as a process, in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "partnerkpi", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        check=False,
        env={**os.environ, **environment},
    )
    return Run(done.returncode, done.stdout, done.stderr)


def run_here(*arguments: str | Path) -> Run:
    """Run `partnerkpi` in this process: the same code without the start of an interpreter."""
    from partnerkpi import cli

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli._run([str(argument) for argument in arguments])
    return Run(code, out.getvalue(), err.getvalue())


def rows_of(command: str, *words: Any) -> list[dict[str, Any]]:
    """Return the rows that a command prints as JSON."""
    return run_here(command, *words, "--format", "json").json["rows"]


def asked(*words: Any) -> str:
    """Return the one line with which a command stopped."""
    done = run_here(*words)
    assert done.code in (1, 2), done.err
    said = [line for line in done.err.splitlines() if line.startswith("partnerkpi:")]
    assert len(said) == 1
    return said[0]


def run_silently(arguments: list[str]) -> None:
    """Run `partnerkpi` in a process that a test started and may cut short: it must not go on printing."""
    from partnerkpi.cli import main

    with Path(os.devnull).open("w") as nowhere:
        sys.stdout = sys.stderr = nowhere
        main(arguments)


def rows_by(result: dict[str, Any]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return the rows of a JSON result by the values of their group and their period."""
    return {(*row["group"].values(), row["period"]): row for row in result["rows"]}
