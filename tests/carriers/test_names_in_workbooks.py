"""The functions in somebody's own workbook: one part of it is changed, and can be as it was."""

from __future__ import annotations

import importlib
import importlib.resources
import io
import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ironcalc
import office
import openpyxl
import pytest
import xlsxwriter
from command import run_here
from openpyxl.chart import BarChart, Reference
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table
from sampled import one_in

from partnerkpi.carriers.lambdas.source import pack
from partnerkpi.carriers.lambdas.splice import add_names, remove_names
from partnerkpi.carriers.lambdas.syntax import Formula, formulas
from partnerkpi.errors import FileProblem
from partnerkpi.excel.pack import workbook_bytes
from partnerkpi.udfs import FUNCTIONS
from partnerkpi.vocabulary import SPACES

ROOT = Path(__file__).resolve().parents[2]
MAIN = "xl/workbook.xml"
PACK = pack()
CODES = f"{{{','.join(str(ord(space)) for space in SPACES)}}}"


def parts(package: bytes | Path) -> dict[str, bytes]:
    """Return the parts of a package with what they hold, in their order."""
    with zipfile.ZipFile(io.BytesIO(package) if isinstance(package, bytes) else package) as opened:
        return {info.filename: opened.read(info) for info in opened.infolist() if not info.is_dir()}


def with_part(package: bytes, name: str, data: bytes) -> bytes:
    """Return a package with one part changed or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for part, held in {**parts(package), name: data}.items():
            written.writestr(part, held)
    return made.getvalue()


# ---- workbooks of others


def charts_and_names() -> bytes:
    """Return what openpyxl writes: a chart, and names for the workbook and for one sheet."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.active
    for row in ("Region", "Score"), ("North", 9), ("South", 3):
        sheet.append(row)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "E2")
    book.defined_names["Scores"] = DefinedName("Scores", attr_text="Sheet!$B$2:$B$3")
    sheet.defined_names["Local"] = DefinedName("Local", attr_text="Sheet!$A$1")
    sheet.print_area = "A1:C9"
    book.save(made)
    return made.getvalue()


def tables() -> bytes:
    """Return what openpyxl writes without any name: a table, and an empty list of names."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.active
    for row in ("Partner", "Score"), ("Acme", 9), ("Bolt", 3):
        sheet.append(row)
    sheet.add_table(Table(displayName="Answers", ref="A1:B3"))
    book.save(made)
    return made.getvalue()


def by_xlsxwriter() -> bytes:
    """Return what XlsxWriter writes: formats, a chart and no list of names, stored without packing here and there."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("Ärger & Co")
        sheet.write_column("A1", [9, 10, 3], book.add_format({"bold": True}))
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='Ärger & Co'!$A$1:$A$3"})
        sheet.insert_chart("C2", chart)
    return made.getvalue()


def with_macros() -> bytes:
    """Return a workbook with macros that are not ours, beside parts that nobody here reads."""
    macros = with_part(tables(), "xl/vbaProject.bin", b"Module=Theirs\r\n" + bytes(range(256)) * 40)
    return with_part(macros, "customXml/item1.xml", '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"))


def like_google_sheets() -> bytes:
    """Return a list of sheets as Google Sheets writes it: a prefix for every element, relations to the root."""
    package = by_xlsxwriter()
    main = parts(package)[MAIN].decode()
    main = re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", main).replace(" xmlns=", " xmlns:x=")
    relations = parts(package)["_rels/.rels"].decode().replace('Target="xl/', 'Target="/xl/')
    return with_part(with_part(package, MAIN, main.encode()), "_rels/.rels", relations.encode())


def saved_by_excel() -> bytes:
    """Return a workbook with macros and a button as Excel saved it: the quick start of xlwings."""
    return importlib.resources.files("xlwings").joinpath("quickstart_standalone.xlsm").read_bytes()


FOREIGN = (charts_and_names, tables, by_xlsxwriter, with_macros, like_google_sheets, saved_by_excel)
#: Those that others can open: macros that are made up are none to them.
READABLE = [made for made in FOREIGN if made is not with_macros]


@pytest.fixture(params=FOREIGN, ids=lambda made: made.__name__)
def foreign(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a workbook of somebody else as a file."""
    made: bytes = request.param()
    path = tmp_path / ("theirs.xlsm" if "xl/vbaProject.bin" in parts(made) else "theirs.xlsx")
    path.write_bytes(made)
    return path


def test_one_part_changes(foreign: Path) -> None:
    """Every other part is the same, byte for byte and in its place; the names of others stand as they stood."""
    before, after = parts(foreign), parts(add_names(foreign, PACK))
    assert list(after) == list(before)
    assert [name for name in before if before[name] != after[name]] == [MAIN]
    old, new = before[MAIN].decode(), after[MAIN].decode()
    for name in re.findall(r"<(?:x:)?definedName .*?</(?:x:)?definedName>", old):
        assert name in new
    found = re.findall(r'<(?:x:)?definedName name="(PARTNER_\w+)" comment="([^"]+)"', new)
    assert sorted(name for name, _ in found) == sorted(FUNCTIONS)


def test_twice_is_once_and_nothing_is_left(foreign: Path, tmp_path: Path) -> None:
    """Added again the file is the same, byte for byte; taken out, every part is as it was."""
    added = tmp_path / f"added{foreign.suffix}"
    added.write_bytes(add_names(foreign, PACK))
    assert add_names(added, PACK) == added.read_bytes() == add_names(foreign, PACK)
    removed, count = remove_names(added)
    assert count == len(FUNCTIONS)
    assert parts(removed) == parts(foreign)
    assert remove_names(foreign)[1] == 0


@pytest.mark.parametrize("foreign", READABLE, indirect=True, ids=lambda made: made.__name__)
def test_others_can_read_it(foreign: Path) -> None:
    """Openpyxl reads names and cells of the workbook as before, and the functions beside them."""
    book, theirs = openpyxl.load_workbook(io.BytesIO(add_names(foreign, PACK))), openpyxl.load_workbook(foreign)
    assert set(book.defined_names) - set(theirs.defined_names) == set(FUNCTIONS)
    assert book.defined_names["PARTNER_NPS"].value == PACK["PARTNER_NPS"].stored
    assert [sheet.title for sheet in book] == [sheet.title for sheet in theirs]


@pytest.mark.parametrize("foreign", one_in(3, READABLE), indirect=True, ids=lambda made: made.__name__)
def test_checkers_find_nothing_new(foreign: Path, tmp_path: Path) -> None:
    """Microsoft's Open XML SDK and the schemas say of the changed workbook what they said before."""
    changed = tmp_path / f"changed{foreign.suffix}"
    changed.write_bytes(add_names(foreign, PACK))
    assert office.open_xml_sdk(changed) == office.open_xml_sdk(foreign)
    assert office.validate(changed) == office.validate(foreign)


def test_checkers_find_nothing_in_the_pack(tmp_path: Path) -> None:
    """The pack has no finding at all."""
    made = tmp_path / "pack.xlsx"
    made.write_bytes(workbook_bytes(PACK))
    assert (office.open_xml_sdk(made), office.validate(made)) == ([], [])


def test_a_newer_version_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    """Names with our mark are replaced, whatever they held and wherever they stood."""
    path = tmp_path / "older.xlsx"
    path.write_bytes(charts_and_names())
    older = parts(add_names(path, PACK))[MAIN].decode()
    older = re.sub(r"\[partnerkpi [\d.]+\]", "[partnerkpi 0.0.1]", older).replace("_xlpm.scores", "_xlpm.score_s")
    path.write_bytes(with_part(charts_and_names(), MAIN, older.encode()))
    fresh = tmp_path / "fresh.xlsx"
    fresh.write_bytes(charts_and_names())
    assert parts(add_names(path, PACK)) == parts(add_names(fresh, PACK))


# ---- what is refused


def named(name: str, scope: str = "") -> Callable[[bytes], bytes]:
    """Return what puts a name into a workbook."""

    def change(package: bytes) -> bytes:
        main = parts(package)[MAIN].decode()
        theirs = f'<definedNames><definedName name="{name}"{scope}>1</definedName></definedNames>'
        return with_part(package, MAIN, main.replace("<definedNames/>", theirs).encode())

    return change


def called(attribute: str, moved: bool = False) -> Callable[[bytes], bytes]:
    """Return what makes a workbook whose table is called like a function, its part where Excel has it or elsewhere."""

    def change(package: bytes) -> bytes:
        part, elsewhere = "xl/tables/table1.xml", "xl/other/t.XML"
        held = parts(package)
        named = held[part].replace(b'displayName="Answers"', attribute.encode())
        if not moved:
            return with_part(package, part, named)
        links = "xl/worksheets/_rels/sheet1.xml.rels"
        package = with_part(package, links, held[links].replace(b"tables/table1.xml", b"other/t.XML"))
        return with_part(package, elsewhere, named)

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (named("partner_nps"), "has a name PARTNER_NPS of its own: rename that one"),
        (named("PARTNER_NPS", ' localSheetId="0"'), "has a name PARTNER_NPS of its own"),
        (called('displayName="Partner_NRR"'), "has a table called Partner_NRR"),
        (called("displayName='Partner_NRR'"), "has a table called Partner_NRR"),
        (called('displayName = "&#80;artner_NRR"', moved=True), "has a table called Partner_NRR"),
        (lambda package: with_part(package, "_xmlsignatures/sig1.xml", b"<a/>"), "it is signed"),
        (lambda _: b"\xd0\xcf\x11\xe0" + bytes(600), "encrypted, or of the format before Excel 2007"),
        (lambda _: b"Partner,Score\nAcme,9\n", "no workbook of Excel 2007 or later"),
        (lambda package: with_part(package, MAIN, b"<workbook>"), "no sound XML"),
        (lambda package: with_part(package, MAIN, b"<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>"), "document type"),
        (lambda _: (ROOT / "scorecard.xlsm").read_bytes(), "has the functions already, as macros"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(
    change: Callable[[bytes], bytes], says: str, tmp_path: Path
) -> None:
    """One line says what is wrong and what to do; nothing is written."""
    path, out = tmp_path / "theirs.xlsx", tmp_path / "out.xlsx"
    path.write_bytes(change(tables()))
    with pytest.raises(FileProblem, match=re.escape(says)):
        add_names(path, PACK)
    done = run_here("excel", "add", path, "-o", out)
    assert (done.code, done.out, out.exists()) == (1, "", False)
    assert says in " ".join(done.err.split())


@pytest.mark.parametrize("mark", ["~$theirs.xlsx", ".~lock.theirs.xlsx#"])
def test_an_open_workbook_is_left_alone(mark: str, tmp_path: Path) -> None:
    """What Excel or LibreOffice holds open would be overwritten by them: it is refused."""
    path = tmp_path / "theirs.xlsx"
    path.write_bytes(tables())
    (tmp_path / mark).touch()
    with pytest.raises(FileProblem, match="is open in another program"):
        add_names(path, PACK)


# ---- the commands


def test_add_and_remove(tmp_path: Path) -> None:
    """A file of another name is written; in place, the file of before is kept, and never lost."""
    path, theirs = tmp_path / "Report.xlsx", tables()
    path.write_bytes(theirs)
    done = run_here("excel", "add", path)
    added = tmp_path / "Report-with-functions.xlsx"
    assert (done.code, done.out.strip()) == (0, str(added))
    assert path.read_bytes() == theirs
    assert run_here("excel", "remove", added, "-o", tmp_path / "plain.xlsx").code == 0
    assert parts(tmp_path / "plain.xlsx") == parts(path)
    assert "would be lost" in run_here("excel", "add", path, "-o", path).err
    assert run_here("excel", "add", path, "--in-place").code == 0
    assert path.read_bytes() == added.read_bytes()
    assert (tmp_path / "Report.xlsx.bak").read_bytes() == theirs
    assert run_here("excel", "add", path, "--in-place").code == 2
    assert (tmp_path / "Report.xlsx.bak").read_bytes() == theirs


def test_the_pack_is_a_workbook_or_a_text(tmp_path: Path) -> None:
    """The same bytes each time; another ending is asked about."""
    book, text = tmp_path / "pack.xlsx", tmp_path / "pack.txt"
    assert run_here("excel", "functions", "-o", book).code == run_here("excel", "functions", "-o", text).code == 0
    assert book.read_bytes() == workbook_bytes(PACK)
    assert "PARTNER_NPS = LAMBDA(scores," in text.read_text(encoding="utf-8")
    assert run_here("excel", "functions", "-o", tmp_path / "pack.docx").code == 2


def test_a_scorecard_with_functions_is_the_scorecard(tmp_path: Path) -> None:
    """`verify` knows our functions and finds all right; one that was changed is found."""
    answers = tmp_path / "answers.csv"
    rows = [
        f"{partner},2026-0{month}-11,{9 - month % 3}" for partner in ("Acme", "Bolt", "Cord") for month in range(1, 10)
    ]
    answers.write_text("\n".join(["partner,date,score", *rows]), encoding="utf-8")
    card = tmp_path / "card.xlsx"
    assert run_here("scorecard", answers, "-o", card, "--with-functions").code == 0
    assert b'name="PARTNER_NPS"' in parts(card)[MAIN]
    told = run_here("verify", card)
    assert (told.code, "25 functions are in it as names" in told.out + told.err) == (0, True)
    as_libreoffice = parts(card)[MAIN].decode().replace("_xlfn.LET(", "_xlfn.let(").replace("(TRUE,", "(TRUE(),")
    as_libreoffice = re.sub(r"(\d\.\d{14})\d+", r"\1", as_libreoffice)  # it keeps 15 digits of a number
    as_libreoffice = as_libreoffice.replace(' name="PARTNER_', ' function="false" hidden="false" name="PARTNER_')
    saved = tmp_path / "saved.xlsx"
    saved.write_bytes(with_part(card.read_bytes(), MAIN, as_libreoffice.encode()))
    told = run_here("verify", saved)
    assert (told.code, "25 functions are in it as names" in told.out + told.err) == (0, True)
    main = parts(card)[MAIN].replace(b"100*(_xlpm.pro-_xlpm.det)", b"101*(_xlpm.pro-_xlpm.det)")
    card.write_bytes(with_part(card.read_bytes(), MAIN, main))
    told = run_here("verify", card)
    assert (told.code, "PARTNER_NPS" in told.out + told.err) == (1, True)


@dataclass(frozen=True)
class Defect:
    """What IronCalc 0.9 does not do with an array.

    The smallest formula that shows it, what Excel's documentation makes that, and a step of the pack beside the same
    step cell by cell.
    """

    shown_by: str
    right: object
    step: str
    cell_by_cell: str


IRONCALC = (
    Defect(
        'SUM(XMATCH({"a","b"},{"a","b"}))',
        3,
        'INDEX(alone, XMATCH("|" & names, "|" & alone))',
        'MAP(names, LAMBDA(one, INDEX(alone, XMATCH("|" & one, "|" & alone))))',
    ),
    Defect(
        "SUM(GAMMALN({2,4}))",
        math.log(6),
        "GAMMALN(many + 1) - GAMMALN(some + 1) - GAMMALN(many - some + 1)",
        "MAP(some, LAMBDA(one, GAMMALN(many + 1) - GAMMALN(one + 1) - GAMMALN(many - one + 1)))",
    ),
    Defect("SUM(ROUND({1.26,2.24},1))", 3.5, "ROUND(shrunk, 9)", "MAP(shrunk, LAMBDA(one, ROUND(one, 9)))"),
    Defect(
        'SUM(ISERROR(FIND({"a","z"},"ab"))*1)',
        1,
        'ISERROR(FIND(MID(words & "?", SEQUENCE(LEN(words) + 1), 1), set))',
        'MAP(SEQUENCE(LEN(words) + 1), LAMBDA(at, ISERROR(FIND(MID(words & "?", at, 1), set))))',
    ),
    Defect(
        'CONCAT(LEFT({"ab","cd"}))',
        "ac",
        'CONCAT(IF(ISERROR(FIND(letter, spaces)), letter, ""))',
        'REDUCE("", letter, LAMBDA(done, one, done & IF(ISERROR(FIND(one, spaces)), one, "")))',
    ),
    Defect(
        "LEN(CONCAT(UNICHAR({65,66})))",
        2,
        f"CONCAT(UNICHAR({CODES}))",
        f'REDUCE("", {CODES}, LAMBDA(done, one, done & UNICHAR(one)))',
    ),
)


def checked(formulas: dict[str, Formula], path: Path) -> dict[int, tuple[str, str]]:
    """Return the lines of the self-test that IronCalc finds wrong, by number: formula and what it gives."""
    path.write_bytes(workbook_bytes(formulas))
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    lines = [[model.get_formatted_cell_value(1, row, column) for column in (3, 5, 6)] for row in range(7, 66)]
    return {number: (line[0], line[1]) for number, line in enumerate(lines, 1) if line[2] != "● ok"}


def test_another_engine_reads_the_stored_file(tmp_path: Path) -> None:
    """IronCalc opens the pack and finds 49 of 59 lines right; the ten others give errors, never another figure."""
    wrong = checked(PACK, tmp_path / "pack.xlsx")
    assert sorted(wrong) == [5, 22, 23, 24, 25, 29, 30, 31, 33, 34]
    assert {given for _, given in wrong.values()} <= {"#N/A", "#VALUE!", "#N/IMPL!"}


@pytest.mark.thorough
def test_what_that_engine_finds_wrong_is_its_own_defect(tmp_path: Path) -> None:
    """Six formulas without ours are wrong in it and right in formulon; written around them, all 59 lines are right."""
    office.need_package("formulon")
    model = ironcalc.create("defects", "en", "UTC", "en")
    book = importlib.import_module("formulon").Workbook.create_default()
    for row, one in enumerate(IRONCALC):
        model.set_user_input(0, row + 1, 1, f"={one.shown_by}")
        book.set_formula(0, row, 0, f"={one.shown_by}")
    model.evaluate()
    book.recalc()
    for row, one in enumerate(IRONCALC):
        said = book.get_value(0, row, 0)
        given = said.text if isinstance(one.right, str) else pytest.approx(said.number)
        assert one.right == given, one.shown_by
        assert model.get_formatted_cell_value(0, row + 1, 1) in ("#N/A", "#N/IMPL!", "0"), one.shown_by
    around = dict[str, Formula]()
    for name, formula in PACK.items():
        typed = formula.typed
        for one in IRONCALC:
            typed = typed.replace(one.step, one.cell_by_cell)
        around |= formulas([f"{name} = {typed};"], {})
    assert sum(around[name].stored != PACK[name].stored for name in PACK) > 10
    assert checked(around, tmp_path / "around.xlsx") == {}
