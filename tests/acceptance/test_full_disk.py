"""Where the disk is full on which a command writes: it is called that, what was there stays, nothing half is left."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from command import run_here

from partnerkpi import files

ANSWERS = "partner,date,score\nAcme,2026-07-01,9\nAcme,2026-07-02,3\nBolt,2026-08-01,10\nBolt,2026-08-02,8\n"
#: What is asked, and the file that was there before.
COMMANDS = {
    "nps": (["nps", "answers.csv", "--by", "partner", "-o", "out/nps.csv"], "out/nps.csv"),
    "set aside": (["nps", "answers.csv", "--set-aside", "out/rows.csv"], "out/rows.csv"),
    "export": (["export", "out/tables", "answers.csv"], "out/tables/own.txt"),
    "export, Parquet": (["export", "out/tables", "answers.csv", "--format", "parquet"], "out/tables/own.txt"),
    "scorecard": (["scorecard", "answers.csv", "-o", "out/card.xlsx"], "out/card.xlsx"),
    "packs": (["scorecard", "answers.csv", "-o", "card.xlsx", "--per-partner", "out/packs"], "out/packs/Acme.xlsx"),
    "survey": (["survey", "out/kit"], "out/kit/own.txt"),
    "template": (["template", "out/files"], "out/files/mail.txt.j2"),
    "functions as names": (["excel", "functions", "-o", "out/names.txt"], "out/names.txt"),
    "functions for Sheets": (["excel", "sheets", "-o", "out/functions.gs"], "out/functions.gs"),
    "functions for LibreOffice": (["excel", "libreoffice", "-o", "out/functions.oxt"], "out/functions.oxt"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says that the disk is full; the file of before is whole, and no other file is there."""
    arguments, there = COMMANDS[command]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    before = tmp_path / there
    before.parent.mkdir(parents=True)
    before.write_bytes(b"before")

    def full(path: Path) -> None:
        if (tmp_path / "out") in path.parents:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_flush", full)
    result = run_here(*arguments)
    assert result.code == 1, result.err
    said = result.err.strip().splitlines()[-1]
    assert "is full" in said, result.err
    assert "inside partnerkpi" not in said
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == [before]
    assert before.read_bytes() == b"before"
