"""`partnerkpi excel`: help, building, and what is said when something is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import office
import pytest
from command import run, run_here

from partnerkpi.errors import PartnerKpiError
from partnerkpi.excel import package


def test_build_writes_the_workbook(workbook: Path, tmp_path: Path) -> None:
    """`excel build` writes the same workbook as the function behind it, and prints where it is."""
    office.need_package("pyopenvba")
    done = run("excel", "build", "-o", "mine.xlsm", folder=tmp_path, HOME=str(tmp_path), USERPROFILE=str(tmp_path))
    assert (done.code, done.out, done.err) == (0, "mine.xlsm\n", "")
    assert tmp_path.joinpath("mine.xlsm").read_bytes() == workbook.read_bytes()


def test_build_without_pyopenvba(tmp_path: Path) -> None:
    """Without pyOpenVBA one line names what to install, and nothing is written."""
    tmp_path.joinpath("pyopenvba.py").write_text("raise ImportError('gone')\n", encoding="utf-8")
    done = run("excel", "build", folder=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert 'pip install "pyOpenVBA>=6.5,<7"' in done.err
    assert not tmp_path.joinpath("scorecard.xlsm").exists()


def test_build_wants_a_macro_workbook(tmp_path: Path) -> None:
    """A name that does not end in .xlsm is wrong usage: Excel would refuse the file."""
    done = run_here("excel", "build", "-o", tmp_path / "scorecard.xlsx")
    assert done.code == 2
    assert ".xlsm" in done.err


def test_build_where_nothing_can_be_written(tmp_path: Path) -> None:
    """A folder that is not there is one clear line."""
    office.need_package("pyopenvba")
    done = run_here("excel", "build", "-o", tmp_path / "none" / "scorecard.xlsm")
    assert done.code == 1
    assert "there is no folder" in done.err


def test_help() -> None:
    """The group and each command explain themselves, with an example."""
    done = run_here("excel")
    assert done.code == 2
    assert all(name in done.out for name in ("install", "doctor", "build", "libreoffice"))
    for name in ("install", "doctor", "build", "libreoffice"):
        done = run_here("excel", name, "--help")
        assert done.code == 0
        assert "Example: partnerkpi excel" in " ".join(done.out.split())


def test_unknown_command() -> None:
    """A command that does not exist is wrong usage, in one line."""
    done = run_here("excel", "conquer")
    assert done.code == 2
    assert "conquer" in done.err
    assert done.err.count("\n") == 1


def test_xlwings_without_its_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    """An xlwings that has lost its VBA is named, with what to do."""
    office.need_package("pyopenvba")
    monkeypatch.setattr(package, "STANDALONE", "not-there.xlsm")
    with pytest.raises(PartnerKpiError, match=r"not-there\.xlsm.*pip install"):
        package._of_xlwings(package._openvba())


def test_importing_the_command_is_light() -> None:
    """Showing help loads neither openpyxl nor xlwings."""
    code = (
        "import sys; from partnerkpi.cli import _run; _run(['excel', '--help']); "
        "print(sorted({'openpyxl', 'xlwings'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
