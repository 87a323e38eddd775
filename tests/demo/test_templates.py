"""The templates: they ship, they change nothing until filled in, and nobody's file is overwritten."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import tomllib
import zipfile
from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
from command import run_here
from office import open_xml_sdk, validate

from partnerkpi import files as installation
from partnerkpi.config import Config
from partnerkpi.config import load as load_config
from partnerkpi.demo.templates import copy_templates, template_files
from partnerkpi.errors import FileProblem
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS
from partnerkpi.settings import known_keys

BUILDER = Path(__file__).parents[2] / "docs" / "build_templates.py"
NAMES = ["mail.html.j2", "mail.txt.j2", "partner-data.xlsx", "partnerkpi.toml"]
COLUMNS = {
    "responses": ["date", "partner", "respondent", "score", "comment", "invited", "region", "product"],
    "activities": ["date", "partner", "type", "value", "customer"],
    "customers": ["customer", "period", "retained", "partner", "region", "revenue_start", "revenue_end"],
    "partners": [
        *("partner", "tier", "region", "owner", "invited_contacts", "annual_value", "joined_date"),
        *("nps_target", "target_date"),
    ],
}
SWITCHED_OFF = r"(?m)^#(?=[a-z\[])"  # a setting; a sentence has a blank behind its #


@pytest.fixture
def book(tmp_path: Path) -> Any:  # what a cell holds has too many types to be told apart here
    copy_templates(tmp_path)
    return openpyxl.load_workbook(tmp_path / "partner-data.xlsx")


@pytest.fixture
def settings() -> str:
    return next(f for f in template_files() if f.name == "partnerkpi.toml").read_text(encoding="utf-8")


def switched_on(settings: str) -> dict[str, dict[str, object]]:
    """Return the settings as they are once every `#key = value` and `#[heading]` has lost its #."""
    return tomllib.loads(re.sub(SWITCHED_OFF, "", settings))


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def test_what_ships() -> None:
    """What a user gets: the input workbook, the settings and the mail, whatever else an editor leaves there."""
    assert [file.name for file in template_files()] == NAMES


def test_copies_are_the_templates(tmp_path: Path) -> None:
    """Copies are byte for byte the templates, in a folder that is made if need be."""
    copies = copy_templates(tmp_path / "new" / "folder")
    assert [copy.name for copy in copies.written] == NAMES
    assert copies.left == ()
    for copy, source in zip(copies.written, template_files(), strict=True):
        assert copy.read_bytes() == source.read_bytes()


def test_a_filled_in_file_stays(tmp_path: Path) -> None:
    """What is there under the name of a template stays, what is missing is written, and both are said."""
    mine = tmp_path / "partnerkpi.toml"
    mine.write_text("[options]\n", encoding="utf-8")
    done = run_here("template", tmp_path)
    assert done.code == 0
    assert [Path(line).name for line in done.out.splitlines()] == [name for name in NAMES if name != mine.name]
    assert f"left as it is: {mine}" in done.err
    assert mine.read_text(encoding="utf-8") == "[options]\n"
    (tmp_path / "mail.txt.j2").unlink()
    again = run_here("template", tmp_path)
    assert [Path(line).name for line in again.out.splitlines()] == ["mail.txt.j2"]
    assert again.err.count("left as it is") == 3


def test_check_passes_over_the_read_me(tmp_path: Path) -> None:
    """`check` says of the Read me that it is a page to read, asks nothing of it, and looks at the four sheets."""
    copy_templates(tmp_path)
    done = run_here("check", tmp_path / "partner-data.xlsx", "--format", "json")
    found = {one["source"].rpartition("#")[2]: one for one in json.loads(done.out)["tables"]}
    assert [name for name, one in found.items() if one["passed_over"]] == ["Read me"]
    assert (found["Read me"]["questions"], found["Read me"]["rows_read"]) == ([], 0)
    assert set(found) == {"Read me", *COLUMNS}
    page = run_here("check", tmp_path / "partner-data.xlsx").out
    assert page.split("\n\n")[0].endswith("a page to read, no table: passed over")


@pytest.mark.parametrize(("sheet", "passed"), [("LIESMICH", True), ("Anleitung ", True), ("Notes 2026", False)])
def test_other_pages_to_read(tmp_path: Path, sheet: str, passed: bool) -> None:
    """A sheet of that kind is known by its name, in other languages too, where it holds nothing that is recognised."""
    book = openpyxl.Workbook()
    book.active.title = sheet.strip()
    for row in (("Feld", "Wozu"), ("Datum", "Tag der Antwort"), ("Kunde", "Wer geantwortet hat")):
        book.active.append(row)
    other = book.create_sheet("responses")
    for row in (("partner", "score"), ("Acme", 9), ("Acme", 3)):
        other.append(row)
    book.save(tmp_path / "data.xlsx")
    done = run_here("check", tmp_path / "data.xlsx", "--format", "json")
    found = {one["source"].rpartition("#")[2]: one["passed_over"] for one in json.loads(done.out)["tables"]}
    assert found == {sheet.strip(): passed, "responses": False}


def test_a_read_me_that_is_data_is_data(tmp_path: Path) -> None:
    """A sheet called Read me that holds answers is read like any other."""
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    for row in (("partner", "score"), ("Acme", 9), ("Acme", 3), ("Borealis", 10)):
        book.active.append(row)
    book.save(tmp_path / "data.xlsx")
    (one,) = json.loads(run_here("check", tmp_path / "data.xlsx", "--format", "json").out)["tables"]
    assert (one["passed_over"], one["rows_used"]) == (False, 3)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    """A folder that is a file gives one clear message."""
    target = tmp_path / "file"
    target.touch()
    with pytest.raises(FileProblem, match="name another folder"):
        copy_templates(target / "inside")


def test_lost_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without its templates says so and what to do."""
    monkeypatch.setattr(resources, "files", lambda _: tmp_path)
    monkeypatch.setattr(installation, "__file__", str(tmp_path / "a" / "files.py"))
    with pytest.raises(FileProblem, match="install it again"):
        template_files()


def test_templates_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an installed wheel the templates are inside the package; what Excel or an editor left there is not copied."""
    folder = tmp_path / "templates"
    folder.mkdir()
    for name in ("b.toml", "a.xlsx", "~$a.xlsx", ".hidden"):
        (folder / name).touch()
    monkeypatch.setattr(resources, "files", lambda _: tmp_path)
    assert [file.name for file in template_files()] == ["a.xlsx", "b.toml"]


def test_settings_change_nothing_as_shipped(settings: str) -> None:
    """Every setting is switched off: the file parses to nothing."""
    assert tomllib.loads(settings) == {}


def test_settings_are_those_of_the_program(settings: str, tmp_path: Path) -> None:
    """The file lists every key that the program knows, no other, and every value as it stands is accepted."""
    on = switched_on(settings)
    assert list(on) == known_keys([])
    for place in (
        ["columns"],
        ["benchmarks"],
        *(["benchmarks", kpi] for kpi in DEFAULT_BENCHMARKS),
        *([section] for section in ("options", "alerts", "actions", "comments", "brand", "mail", "limits")),
    ):
        found: Any = on
        for step in place:
            found = found[step]
        assert found.keys() == set(known_keys(place)), place
    shipped, all_on = tmp_path / "shipped.toml", tmp_path / "on.toml"
    shipped.write_text(settings, encoding="utf-8")
    all_on.write_text(re.sub(SWITCHED_OFF, "", settings), encoding="utf-8")
    assert load_config(shipped) == replace(Config(), path=shipped)
    assert load_config(all_on).benchmarks == Config().benchmarks
    assert load_config(all_on).weights == Config().weights
    own, default = load_config(all_on).settings, Config().settings
    for section in ("alerts", "limits", "actions", "comments"):
        changed = getattr(own, section).model_dump() | {"holidays": []}
        assert changed == getattr(default, section).model_dump() | {"holidays": []}, section


def test_settings_show_the_defaults(settings: str) -> None:
    """What a switched-on setting says is the default that definitions.md fixes."""
    on = switched_on(settings)
    assert {kpi: on["benchmarks"][kpi] for kpi in DEFAULT_BENCHMARKS} == {
        "nps": {"target": 50, "watch": 30, "strong": 50, "exceptional": 70},
        "advocacy": {"target": 75, "watch": 50, "strong": 75},
        "retention": {"target": 75, "watch": 60, "strong": 75},
    }
    assert on["health"] == {"weights": {"nps": 0.4, "advocacy": 0.3, "retention": 0.3}}
    examples = {"day_first", "dimensions", "encoding", "partner_names"}  # these have no default
    assert {key: value for key, value in on["options"].items() if key not in examples} == {
        "period": "quarter",
        "duplicates": "latest",
        "wave": "quarter",
        "confidence": 0.95,
        "min_responses": 5,
        "fiscal_year_start": 1,
        "rolling": 4,
        "shield_csv": True,
        "language": "en",
    }


def test_every_setting_is_explained(settings: str) -> None:
    """A setting has a comment: behind it, above it, or above the heading of its benchmark."""
    lines = settings.splitlines()
    for number, line in enumerate(lines):
        if not re.match(r"#[a-z_]+ = ", line):
            continue
        above = number - 1
        while re.match(r"#[a-z\[]", lines[above]):
            above -= 1
        explained = "  # " in line or lines[above].startswith("# ") or lines[above - 1].startswith("# ")
        assert explained, line


def test_workbook_sheets_and_headers(book: Any) -> None:
    """The workbook has a Read me and the four sheets of the contract, one frozen row of names, and no row below it."""
    assert book.sheetnames == ["Read me", *COLUMNS]
    for name, columns in COLUMNS.items():
        sheet = book[name]
        assert [cell.value for cell in sheet[1]] == columns
        assert sheet.max_row == 1, "an example row would count as an answer"
        assert sheet.freeze_panes == "A2"


def test_workbook_tables(book: Any) -> None:
    """Each sheet is an Excel table of its own name, so that rows typed or pasted below become part of it."""
    for name, columns in COLUMNS.items():
        (table,) = book[name].tables.values()
        assert (table.displayName, table.column_names) == (name, columns)
        assert table.ref.startswith("A1:")


def test_workbook_checks_what_is_typed(book: Any) -> None:
    """A score is a number from 0 to 10, retained is yes or no, a date is a date; each refusal says what to do."""

    def check(sheet: str, column: str) -> Any:
        letter = chr(ord("A") + COLUMNS[sheet].index(column))
        (found,) = [v for v in book[sheet].data_validations.dataValidation if f"{letter}2:" in str(v.sqref)]
        return found

    score = check("responses", "score")
    assert (score.type, score.operator, score.formula1, score.formula2) == ("decimal", "between", "0", "10")
    assert score.prompt.startswith("0 to 10")
    assert "0 to 10" in score.error
    assert score.showErrorMessage
    assert score.allow_blank, "a blank is no answer"
    assert check("customers", "retained").formula1 == '"yes,no"'
    types = check("activities", "type")
    assert "case study" in types.formula1
    assert types.errorStyle == "warning", "other types count as well"
    for sheet, column in (("responses", "date"), ("activities", "date"), ("partners", "joined_date")):
        assert check(sheet, column).type == "date"
    assert not check("responses", "partner").showErrorMessage, "partners are offered, not enforced"


def test_nothing_is_worked_out_anew_with_every_change(tmp_path: Path) -> None:
    """No check uses a volatile function, and the list of partners grows with the sheet."""
    copy_templates(tmp_path)
    found = parts(tmp_path / "partner-data.xlsx")
    for name, part in found.items():
        assert not re.search(rb"OFFSET|INDIRECT|TODAY|NOW\(", part), name
    assert sum(part.count(b"INDEX(partners!$A$2:$A$100000") for part in found.values()) == 3


def test_formulas_can_be_typed(book: Any) -> None:
    """Only columns of codes and comments are formatted as text: in those a typed formula would stay text."""
    for name, columns in COLUMNS.items():
        for number, column in enumerate(columns, 1):
            letter = chr(ord("A") + number - 1)
            is_text = book[name].column_dimensions[letter].number_format == "@"
            assert is_text == (column in ("respondent", "customer", "comment", "period")), (name, column)


def test_read_me_explains_every_column(book: Any) -> None:
    """The Read me sheet has a line with a meaning and an example for every column of every sheet."""
    explained: dict[str, list[str]] = {}
    for _, name, needed, meaning, example in book["Read me"].iter_rows(values_only=True):
        if name in COLUMNS:
            explained[current := name] = []
        elif name != "Column" and needed in ("yes", "if known"):
            assert meaning
            assert example
            explained[current].append(name)
    assert explained == COLUMNS


def test_read_me_names_real_commands(book: Any) -> None:
    """The Read me sheet prints the two commands with the workbook's own file name."""
    texts = [cell.value for row in book["Read me"].iter_rows() for cell in row if cell.value]
    assert [text for text in texts if text.startswith("partnerkpi ")] == [
        "partnerkpi check partner-data.xlsx",
        "partnerkpi scorecard partner-data.xlsx -o scorecard.xlsx",
    ]


def test_workbook_opens_without_a_repair(tmp_path: Path) -> None:
    """The workbook follows the schema and the rules that Excel enforces on top."""
    copy_templates(tmp_path)
    assert [line for line in validate(tmp_path / "partner-data.xlsx") if line.startswith("ERROR")] == []


def test_workbook_satisfies_the_open_xml_sdk(tmp_path: Path) -> None:
    """Microsoft's own checker finds nothing in the workbook."""
    copy_templates(tmp_path)
    assert open_xml_sdk(tmp_path / "partner-data.xlsx") == []


def test_workbook_is_what_the_script_builds(tmp_path: Path) -> None:
    """The workbook in templates/ is the one that docs/build_templates.py builds, part by part."""
    if not BUILDER.exists():
        pytest.skip("docs/build_templates.py is in the source checkout only")
    copy_templates(tmp_path)
    load(BUILDER).build(tmp_path / "built.xlsx")
    shipped, built = parts(tmp_path / "partner-data.xlsx"), parts(tmp_path / "built.xlsx")
    assert shipped.keys() == built.keys()
    for name, data in built.items():
        assert data == shipped[name], f"{name} differs: run python docs/build_templates.py"


def load(script: Path) -> ModuleType:
    """Import a script that is not on the path."""
    spec = importlib.util.spec_from_file_location(script.stem, script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[script.stem] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[script.stem]
    return module
