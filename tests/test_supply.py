"""What the project takes from others: licences that ship, code that is not used, versions that are bounded."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from partnerkpi.excel.package import FROM_XLWINGS, can_build, modules_in

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_every_dependency_is_bounded_by_a_major_version() -> None:
    """What comes next and may break is not installed by itself."""
    wanted = [*PROJECT["dependencies"], *(one for some in PROJECT["optional-dependencies"].values() for one in some)]
    assert [one for one in wanted if not re.search(r"<[0-9]|==", one)] == []


def test_no_module_uses_the_part_of_xlwings_that_has_its_own_terms() -> None:
    """`xlwings.pro`, and what leads to it (reports, server, html), is neither imported nor reached by a name."""
    closed = {"pro", "reports", "server", "rest"}
    for path in (ROOT / "partnerkpi").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named: list[str] = []
            if isinstance(node, ast.Import):
                named = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                named = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                named = [f"{node.value.id}.{node.attr}".replace("xw.", "xlwings.")]
            for name in named:
                first, *others = name.split(".")
                assert first != "xlwings" or not closed & set(others), f"{path}: {name}"


def test_the_notice_names_what_ships_in_the_workbook() -> None:
    """Each VBA module of others in scorecard.xlsm stands in NOTICE with its licence; there is no other one."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert all(f'"{name}"' in notice for name in FROM_XLWINGS)
    assert "Copyright (C) 2014 - present, Zoomer Analytics GmbH" in notice
    assert "(c) Tim Hall" in notice
    if not can_build():
        pytest.skip("pyOpenVBA, which reads the modules, is not installed")
    modules = modules_in(ROOT / "scorecard.xlsm")
    foreign = {
        name for name, source in modules.items() if re.search(r"Copyright|\(c\)|licen[sc]e", source, re.IGNORECASE)
    }
    assert foreign == set(FROM_XLWINGS)


def test_nothing_is_installed_by_our_name() -> None:
    """On the index the name may be somebody else's: we come from a wheel or a copy; what we need, by its own name."""
    known = {requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra}
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "partnerkpi").rglob("*.py"), ROOT / ".ci/run"]
    for path in pages:
        text = path.read_text(encoding="utf-8").replace("\\", "")
        for name in re.findall(r"pip install (?:-\S+ )*[\"']?(partnerkpi\S*)", text):
            assert ".whl" in name, (path, name)
        for requirement in re.findall(r"pip install [\"']([^\"']*[<>][^\"']*)[\"']", text):
            assert requirement in known, (path, requirement)


def test_no_job_with_a_secret_installs_a_name_from_an_index() -> None:
    """Where a document shows a job with secrets, partnerkpi is installed from a wheel or a copy of the repository."""
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for block in re.findall(r"```.*?```", path.read_text(encoding="utf-8"), re.DOTALL):
            assert "secrets." not in block or not re.search(r"pip install (?:-\S+ )*[\"']?partnerkpi", block), path
    for path in (ROOT / "partnerkpi").rglob("*.py"):
        assert "--force-reinstall partnerkpi" not in path.read_text(encoding="utf-8"), path
