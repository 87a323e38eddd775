"""scorecard.xlsm as a workbook: finished before Excel calculates, and the same whoever builds it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import office
import pytest
from excel_path import ExcelPath
from lxml import etree
from macro_book import MAIN, Asker, Formula, MacroBook, as_rows, without_functions
from openpyxl.utils import column_index_from_string, get_column_letter

from partnerkpi._version import __version__
from partnerkpi.carriers.lambdas.source import pack as as_names
from partnerkpi.excel.functions_sheet import examples
from partnerkpi.excel.pack import workbook_bytes
from partnerkpi.excel.package import pack
from partnerkpi.excel.self_test import FIRST_ROW, Case, cases
from partnerkpi.udfs import FUNCTIONS

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "scorecard.xlsm"
# What the shipped workbook was built with. Another version may write the same content in other bytes.
BUILT_WITH = {"pyOpenVBA": "6.5.0", "openpyxl": "3.1.5", "lxml": "6.1.3"}


@pytest.fixture(scope="module")
def excel() -> Iterator[ExcelPath]:
    """Open an Excel without Excel."""
    with ExcelPath() as path:
        yield path


def parts_of(package: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def canonical(name: str, part: bytes) -> bytes:
    """Return what a part says, whatever program serialized it."""
    return etree.tostring(etree.fromstring(part), method="c14n") if name.endswith((".xml", ".rels")) else part


# --- the same bytes -------------------------------------------------------------------------------------------------


def test_shipped_workbook_is_what_the_command_builds(workbook: Path) -> None:
    """The workbook at the top of the project says, part by part, what `partnerkpi excel build` writes today."""
    shipped, fresh = parts_of(SHIPPED.read_bytes()), parts_of(workbook.read_bytes())
    assert list(shipped) == list(fresh)
    for name, part in fresh.items():
        if name != "xl/vbaProject.bin":  # its modules are compared in test_vba
            assert canonical(name, shipped[name]) == canonical(name, part), f"{name}: build it again"


def test_shipped_workbook_is_the_same_to_the_byte(workbook: Path) -> None:
    """With the programs that it was built with, the shipped workbook comes out byte for byte."""
    installed = {name: version(name) for name in BUILT_WITH}
    if installed != BUILT_WITH:
        pytest.skip(f"it was built with {BUILT_WITH}, here are {installed}: only what the parts say can be compared")
    shipped = SHIPPED.read_bytes()
    if pack(parts_of(shipped)) != shipped:
        pytest.skip("the zlib of this machine packs the same parts in other bytes: only the parts can be compared")
    assert shipped == workbook.read_bytes()


@pytest.mark.thorough
def test_build_does_not_depend_on_the_process(workbook: Path, tmp_path: Path) -> None:
    """Another process, hash seed, time zone and language give the same bytes."""
    target = tmp_path / "again.xlsm"
    command = [sys.executable, "-m", "partnerkpi", "excel", "build", "-o", str(target)]
    strange = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "HOME": str(tmp_path)}
    subprocess.run(command, check=True, cwd=tmp_path, env={**os.environ, **strange}, capture_output=True)
    assert target.read_bytes() == workbook.read_bytes()


# --- no repair prompt -----------------------------------------------------------------------------------------------


def test_open_xml_sdk_finds_nothing(workbook: Path) -> None:
    """Microsoft's Open XML SDK has no findings."""
    assert office.open_xml_sdk(workbook) == []


def test_schema_checker_finds_nothing(workbook: Path) -> None:
    """The schemas, and the rules that keep Excel from offering a repair, are kept."""
    assert office.validate(workbook) == []


def test_nothing_reaches_outside(book: MacroBook) -> None:
    """The workbook has no links to other files and no code that runs by itself."""
    assert not [name for name in book.parts if "externalLink" in name or "connections" in name]
    for name, part in book.parts.items():
        assert b'TargetMode="External"' not in part, name


# --- every formula carries its value --------------------------------------------------------------------------------


def test_cached_values_are_what_the_functions_return(book: MacroBook, excel: ExcelPath) -> None:
    """Each call of a function, asked by the way that xlwings calls it, gives what stands in its cells."""
    asker = Asker(book, excel)
    calls = book.calling()
    assert len(calls) > 80
    for formula in calls:
        assert same(asker.ask(formula), formula.stored), f"{formula.sheet}!{formula.ref}: {formula.text}"


def test_native_formulas_agree_with_other_programs(book: MacroBook, tmp_path: Path) -> None:
    """Three engines give the stored value of each formula that calls none of our functions."""
    native = without_functions(book, tmp_path / "native.xlsx")
    assert len(office.formulas(native)) > 200
    # Gnumeric reads no column of a table, and what these sheets show rests on such columns.
    over_tables = tuple(f"('{sheet}'" for sheet in ("Scorecard", "Workings", "Checks", "Benchmarks"))
    found = [line for line in office.disagreements(native) if not ("Gnumeric" in line and line.startswith(over_tables))]
    assert found == []


def test_plain_excel_beside_the_functions_agrees(book: MacroBook, tmp_path: Path) -> None:
    """Where the self-test has a plain formula beside a function, LibreOffice calculates the function's figure."""
    calculated = office.recalculate(without_functions(book, tmp_path / "native.xlsx"))
    compared = 0
    for row, case in self_test_rows():
        if case.plain:
            assert calculated["Self-test", f"G{row}"] == pytest.approx(calculated["Self-test", f"E{row}"]), case.rule
            compared += 1
    assert compared >= 12


def same(given: tuple[tuple[object, ...], ...], stored: tuple[tuple[object, ...], ...]) -> bool:
    """Tell whether a function gave what is stored; an empty text and an empty cell look alike."""
    plain = [[None if cell == "" else cell for cell in row] for row in given]
    return plain == [[None if cell == "" else cell for cell in row] for row in stored]


# --- dynamic arrays -------------------------------------------------------------------------------------------------


def spilling(book: MacroBook) -> list[Formula]:
    """Return the formulas that fill more than their own cell."""
    return [formula for formula in book.formulas if formula.area is not None]


def test_tables_are_dynamic_arrays(book: MacroBook) -> None:
    """A formula that gives a table is written so that Excel spills it, and its cells hold values and nothing else."""
    found = [formula for formula in spilling(book) if len(formula.stored) * len(formula.stored[0]) > 1]
    assert {formula.text.split("(")[0] for formula in found} == {
        *("PARTNER_NPS_BY", "PARTNER_NPS_TREND", "PARTNER_NPS_SUMMARY", "PARTNER_NPS_SHIFT", "PARTNER_NPS_GROUP")
    } | {formula.text.split("(")[0] for formula in found if formula.sheet == "Functions"}
    assert all(formula.is_dynamic for formula in spilling(book))
    metadata = etree.fromstring(book.parts["xl/metadata.xml"])
    assert next(metadata.iter("{*}dynamicArrayProperties")).get("fDynamic") == "1"


def test_single_values_are_ordinary_formulas(book: MacroBook) -> None:
    """A formula that gives one value is no array: previews then show its stored value.

    But for those that choose cells of a range by IF, which Excel would take for a single cell else.
    """
    single = [formula for formula in book.calling() if formula.area is None]
    assert len(single) > 70
    assert not any(formula.is_dynamic or "IF(" in formula.text for formula in single)
    choosing = [formula for formula in spilling(book) if len(formula.stored) * len(formula.stored[0]) == 1]
    assert all("IF(" in formula.text and formula.area == formula.ref for formula in choosing)
    assert len(choosing) > 8


def test_previews_find_the_figures(book: MacroBook) -> None:
    """A preview that reads and does not calculate finds a figure in every tile."""
    shown = office.stored_values(book.path)
    tiles = [shown["Scorecard", f"{column}6"] for column in "ACEGIK"]
    assert all(isinstance(figure, (int, float)) for figure in tiles)
    assert tiles[0] == pytest.approx(22.535211)


# --- the sheets -----------------------------------------------------------------------------------------------------


def self_test_rows() -> list[tuple[int, Case]]:
    """Return row and case of each line of the self-test."""
    return list(enumerate(cases(), FIRST_ROW))


def test_self_test_expects_what_the_definitions_say() -> None:
    """Every line of the self-test passes with a figure that was typed in, not computed, errors among them."""
    lines = cases()
    assert 40 <= len(lines) <= 60
    assert sum(case.is_error for case in lines) >= 8
    for case in lines:
        if isinstance(case.expected, (int, float)):
            assert case.call.value == pytest.approx(case.expected, abs=1e-4), case.rule
        else:
            assert case.call.value == case.expected, case.rule


def test_self_test_notices_a_wrong_figure(book: MacroBook, tmp_path: Path) -> None:
    """With a figure, a word and an error replaced, the count of passing lines falls by three, in LibreOffice."""
    rows = {case.rule: row for row, case in self_test_rows()}
    wrong = {
        rows["A single number"]: ("n", "99"),
        rows["Change: the word"]: ("str", "down"),
        rows["11 is no answer on 0 to 10"]: ("e", "#NAME?"),
    }
    name = part_of(book, "Self-test")
    root = etree.fromstring(book.parts[name])
    for cell in root.iter(f"{MAIN}c"):
        for row, (kind, text) in wrong.items():
            if cell.get("r") == f"E{row}":
                cell.set("t", kind)
                cell.find(f"{MAIN}v").text = text
    book = answered(book, "Python answers: partnerkpi 1, 1 functions, 2026-07-14 09:00:00")
    book.parts[name] = etree.tostring(root)
    calculated = office.recalculate(without_functions(book, tmp_path / "wrong.xlsx"))
    assert calculated["Self-test", "A2"] == len(cases()) - 3
    assert "Set-up" in calculated["Self-test", "B2"]
    assert calculated["Self-test", f"F{rows['A single number']}"] == "■ not ok"


def test_self_test_is_live(book: MacroBook, tmp_path: Path) -> None:
    """How many lines pass is said once Python has answered, and never from what was stored, in LibreOffice."""
    answers = {
        "Not ready: Object required": ("–", False),
        "Python answers: partnerkpi 9.9.9, 3 functions, Python 3.11.7, 2026-07-14 09:00:00": (len(cases()), True),
        "Another version: the file lacks PARTNER_NPS": ("–", False),
    }
    assert book.cells("Self-test", "A2:B2")[0][0] == "–"
    for answer, (count, is_live) in answers.items():
        calculated = office.recalculate(without_functions(answered(book, answer), tmp_path / "live.xlsx"))
        assert calculated["Self-test", "A2"] == count
        assert (calculated["Self-test", "B2"] == f"of {len(cases())} pass.") == is_live
        assert calculated["Self-test", "A3"] == answer


def answered(book: MacroBook, answer: str) -> MacroBook:
    """Return the workbook as Excel has it where the Set-up cell holds an answer."""
    book = MacroBook(book.path)
    name = part_of(book, "Set-up")
    root = etree.fromstring(book.parts[name])
    (cell,) = (one for one in root.iter(f"{MAIN}c") if "PartnerSetUp" in (one.findtext(f"{MAIN}f") or ""))
    cell.set("t", "str")
    cell.find(f"{MAIN}v").text = answer
    book.parts[name] = etree.tostring(root)
    return book


def part_of(book: MacroBook, title: str) -> str:
    """Return the name of a sheet's part."""
    part = book.sheet_parts()[title]
    return next(name for name, data in book.parts.items() if data == part)


def test_every_function_has_an_example(book: MacroBook) -> None:
    """The sheet Functions has each function with a live example and what it must give, and no other."""
    assert set(examples()) == set(FUNCTIONS)
    column = [row[0] for row in book.cells("Functions", f"A1:A{book.values['Functions'].max_row}")]
    shown = [str(cell).partition("\n(")[0] for cell in column if str(cell).startswith("PARTNER_")]
    assert sorted(shown) == sorted(FUNCTIONS)
    live = {formula.text.split("(")[0]: formula for formula in book.calling() if formula.sheet == "Functions"}
    assert set(live) == set(FUNCTIONS)
    for name, formula in live.items():
        below, width = len(formula.stored), len(formula.stored[0])
        row = int("".join(filter(str.isdigit, formula.ref.partition(":")[0])))
        assert str(column[row - 1]).startswith(f"{name}\n("), name
        assert formula.ref.startswith("D"), name
        fixed = book.cells("Functions", f"L{row}:{'LMNOPQR'[width - 1]}{row + below - 1}")
        assert same(as_rows(formula.stored), fixed), name


def test_scorecard_follows_pasted_rows(book: MacroBook) -> None:
    """Every figure of the Scorecard comes from tables, which grow with what is pasted, never from a fixed range."""
    texts = [formula.text for formula in book.calling() if formula.sheet in ("Scorecard", "Workings")]
    followed = ("[", "PARTNER_HEALTH", "PARTNER_RESPONSE_RATE($")
    assert all(any(sign in text for sign in followed) for text in texts)
    tables = {table for sheet in book.values.worksheets for table in sheet.tables}
    assert tables == {"responses", "activities", "customers", "partners"}


def test_colours_follow_the_benchmarks(book: MacroBook) -> None:
    """Each colour rule of the Scorecard names thresholds of the sheet Benchmarks, or the least number of answers."""
    part = book.sheet_parts()["Scorecard"]
    rules = [rule.text or "" for rule in etree.fromstring(part).iter(f"{MAIN}formula")]
    named = ("NPS_", "Advocacy_", "Influence_", "Rating_labels", "Min_answers")
    assert len(rules) >= 12
    assert all(any(name in rule for name in named) for rule in rules)
    for name in ("NPS_watch", "Advocacy_strong", "Influence_target", "Min_answers"):
        ((sheet, _),) = book.values.defined_names[name].destinations
        assert sheet == "Benchmarks"


def test_xlwings_settings(book: MacroBook) -> None:
    """The settings begin in A1 without a gap and name no interpreter, which is the user's own setting.

    They carry the version and the list of functions; the sheet is hidden.
    """
    rows = book.cells("xlwings.conf", "A1:B6")
    settings = dict(row for row in rows[: [row[0] for row in rows].index(None)])
    carried = {"PARTNERKPI_VERSION": __version__, "PARTNERKPI_FUNCTIONS": ";".join(sorted(FUNCTIONS))}
    assert settings == {"UDF MODULES": "partnerkpi.udfs", "ADD_WORKBOOK_TO_PYTHONPATH": "False"} | carried
    assert {sheet.title for sheet in book.values.worksheets if sheet.sheet_state != "visible"} == {"xlwings.conf"}


def test_button_runs_the_macro(book: MacroBook) -> None:
    """The sheet Set-up has one button, and its macro is the one that registers the help."""
    drawing = etree.fromstring(book.parts["xl/drawings/drawingButton.xml"])
    (shape,) = drawing.iter("{*}sp")
    assert shape.get("macro") == "[0]!RegisterPartnerHelp"


# --- on paper -------------------------------------------------------------------------------------------------------

#: Sheets that are for the screen: their rows print where somebody clears the print area, an empty cell.
ON_REQUEST = {"Self-test", "responses", "activities", "customers", "partners", "Workings"}


def pages_by_title(path: Path, folder: Path) -> dict[str, int]:
    """Return how many pages LibreOffice prints under each title at their feet."""
    office.need_font("Carlito")  # as wide as Calibri
    printed = subprocess.run(
        [office.need("pdftotext"), "-layout", str(office.to_pdf(path, folder)), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    feet = [line.strip() for page in printed.split("\f")[:-1] for line in page.strip().splitlines()[-1:]]
    titles = [foot.partition("  ")[0] for foot in feet]
    return {title: titles.count(title) for title in titles}


def test_it_prints_on_six_pages(book: MacroBook, tmp_path: Path) -> None:
    """LibreOffice prints what is read on paper, Functions on two pages; data, self-test and workings on none."""
    alone = ("Partner scorecard", "Set-up", "Checks", "Benchmarks")
    assert pages_by_title(book.path, tmp_path) == dict.fromkeys(alone, 1) | {"Functions": 2}


def test_the_functions_as_names_print_on_two_pages(tmp_path: Path) -> None:
    """Of partnerkpi-functions.xlsx LibreOffice prints what each function gives, on two pages."""
    path = tmp_path / "functions.xlsx"
    path.write_bytes(workbook_bytes(as_names()))
    assert pages_by_title(path, tmp_path) == {"Functions": 2}


def test_what_is_printed_can_be_read(book: MacroBook) -> None:
    """Each sheet is one page wide, and its letters of 11 points are at least 7 on the paper, as Excel shrinks them."""
    shown = [sheet for sheet in book.values if sheet.sheet_state == "visible"]
    for sheet in shown:
        assert sheet.page_setup.fitToWidth == 1, sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        if sheet.title in ON_REQUEST:
            (cell,) = re.findall(r"\$[A-Z]+\$1\b", sheet.print_area)
            assert sheet[cell.replace("$", "")].value is None, sheet.title
            assert sheet.print_title_rows is None, sheet.title
            continue
        (area,) = re.findall(r"\$([A-Z]+)\$\d+:\$([A-Z]+)\$\d+", sheet.print_area)
        first, last = map(column_index_from_string, area)
        letters = map(get_column_letter, range(first, last + 1))
        width = sum(0.75 * (7 * sheet.column_dimensions[letter].width + 5) for letter in letters)
        paper = 842 if sheet.page_setup.orientation == "landscape" else 595
        assert 11 * (paper - 2 * 0.4 * 72) / width >= 7, sheet.title
