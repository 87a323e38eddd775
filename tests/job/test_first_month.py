"""The page for newcomers, followed word by word in an empty folder."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import run

PAGE = Path(__file__).parents[2] / "docs" / "first-month.md"
SHOWS = {
    "partnerkpi run --dry-run --as-of 2026-06-30": (
        "Dry run 1: Q2 2026, to 2026-06-30",
        "would be scorecard-2026-06-30.xlsx",
    ),
    "partnerkpi run --as-of 2026-06-30": ("Run 1: Q2 2026", "all is right", "runs/0001-2026-Q2.json"),
    "partnerkpi verify scorecard-2026-06-30.xlsx": ("All is right",),
    "partnerkpi run --as-of 2026-08-31": (
        "Run 2: Q3 2026",
        "statuses of calls carried on",
        "since scorecard-2026-06-30",
    ),
    "partnerkpi diff": ("Q2 2026 (to 30 Jun 2026) → Q3 2026 (to 31 Aug 2026)",),
    "partnerkpi run --as-of 2026-09-30": ("Run 3: Q3 2026",),
    "partnerkpi diff --format markdown": ("## Figures", "Both are of one period"),
}


def steps() -> Iterator[tuple[str, str]]:
    """Yield the blocks of the page in their order: their language and what stands in them."""
    for block in re.finditer(r"```(\w+)\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        yield block[1], block[2]


@pytest.mark.thorough
def test_every_command_does_what_the_page_says(tmp_path: Path) -> None:
    """Each command ends well and prints what the page promises; the settings are those of the page."""
    met = set()
    for kind, text in steps():
        if kind == "toml":
            (tmp_path / "partnerkpi.toml").write_text(text, encoding="utf-8")
            continue
        assert kind == "sh"
        for line in text.splitlines():
            program, *arguments = shlex.split(line)
            assert program == "partnerkpi"
            done = run(*arguments, folder=tmp_path)
            assert done.code == 0, f"{line}: {done.err}"
            for words in SHOWS.get(line, ()):
                assert words in done.out, (line, done.out)
            met.add(line)
            if "--dry-run" in arguments:
                assert {path.name for path in tmp_path.iterdir()} == {"data", "partnerkpi.toml"}
    assert met >= set(SHOWS)
    assert len(list((tmp_path / "runs").iterdir())) == 3
