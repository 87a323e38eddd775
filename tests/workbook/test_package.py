"""What the last pass makes of a workbook: it shows the right figures without calculating, in every program."""

from __future__ import annotations

import datetime as dt
import io
import math
import os
import posixpath
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import books
import cards
import office
import openpyxl
import pytest
import sample_book
from books import parts, written
from lxml import etree
from openpyxl.chart import LineChart
from openpyxl.chart.data_source import AxDataSource, MultiLevelStrRef
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.styles import Font

from partnerkpi.errors import FileProblem
from partnerkpi.workbook.build import write_workbook
from partnerkpi.workbook.model.book import Provenance, WorkbookModel
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.sheet import drawn
from partnerkpi.workbook.model.theme import BODY as PLAIN
from partnerkpi.workbook.model.theme import DATE
from partnerkpi.workbook.sheets.charts import area
from partnerkpi.workbook.writer import writer as writing
from partnerkpi.workbook.writer.custom_part import find_part
from partnerkpi.workbook.writer.frame import Frame
from partnerkpi.workbook.writer.package import add_relation
from partnerkpi.workbook.writer.writer import Writer

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the sample workbook: one of everything that a scorecard holds."""
    path = tmp_path_factory.mktemp("sample") / "sample.xlsx"
    path.write_bytes(books.written(sample_book.build()))
    return path


@drawn
def line(title: str, bottom: int = 4, instead: str = "") -> LineChart:
    """Return a chart of the first cells of column B, or of whatever is named instead; A says what they are called."""
    chart = LineChart()
    chart.series.append(SeriesFactory(area(title, 2, 1, bottom=bottom)))
    if instead:
        chart.series[0].val.numRef.f = instead
    chart.set_categories(area(title, 1, 1, bottom=4))
    return chart


def tiny(*given: Any) -> WorkbookModel:
    """Return a workbook of a few cells and a chart, small enough to compare with a reference as a whole."""
    model = WorkbookModel()
    sheet = model.sheet("It's")
    live = (("Q1", "=1+1", 2), ("Q2", "=NA()", None), (" Q1", '="a"', "a"), ("Q1", "=1>2", False))
    for row, (name, formula, value) in enumerate(live, 1):
        model.put(sheet, (row, 1), name, PLAIN)
        model.put_formula(sheet, (row, 2), formula, value, PLAIN)
    model.put(sheet, "A5", True, PLAIN)
    model.put(sheet, "B5", 0.1 + 0.2, PLAIN)
    sheet.place_chart(line(sheet, *given), (3, 9, 0, 10))
    return model


def markup(part: bytes, tag: str) -> str:
    """Return the first element of that name as text, without the declaration of its namespace and without styles."""
    element = next(etree.fromstring(part).iter(f"{{*}}{tag}"))
    text = re.sub(r' xmlns="[^"]*"', "", etree.tostring(element, encoding="unicode", with_tail=False))
    return re.sub(r' s="[0-9]+"', "", text)


def one_cell(formula: Any, value: Any) -> str:
    """Return the markup of a cell with that formula and that value."""
    model = WorkbookModel()
    model.put_formula(model.sheet("Sheet"), "A1", formula, value)
    return markup(parts(written(model))["xl/worksheets/sheet1.xml"], "c")


# --- part by part, against a reference ------------------------------------------------------------------------------


def test_cells_carry_values_shared_strings_and_all_digits() -> None:
    """Each cell is written as Excel would write it."""
    assert markup(parts(written(tiny()))["xl/worksheets/sheet1.xml"], "sheetData") == (
        "<sheetData>"
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="e"><f>NA()</f><v>#N/A</v></c></row>'
        '<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3" t="str"><f>"a"</f><v>a</v></c></row>'
        '<row r="4"><c r="A4" t="s"><v>0</v></c><c r="B4" t="b"><f>1&gt;2</f><v>0</v></c></row>'
        '<row r="5"><c r="A5" t="b"><v>1</v></c><c r="B5"><v>0.30000000000000004</v></c></row>'
        "</sheetData>"
    )


def test_texts_stand_once_in_the_table_of_strings() -> None:
    """The table counts its uses and its texts, and marks blanks that must not get lost."""
    assert markup(parts(written(tiny()))["xl/sharedStrings.xml"], "sst") == (
        '<sst count="4" uniqueCount="3"><si><t>Q1</t></si><si><t>Q2</t></si>'
        '<si><t xml:space="preserve"> Q1</t></si></sst>'
    )


def test_the_table_of_strings_belongs_to_the_workbook() -> None:
    """It has a content type and one relationship with a number of its own."""
    found = parts(written(tiny()))
    override = '<Override PartName="/xl/sharedStrings.xml" ContentType="'
    assert override in etree.tostring(etree.fromstring(found["[Content_Types].xml"]), encoding="unicode")
    relations = etree.fromstring(found["xl/_rels/workbook.xml.rels"])
    kinds = [posixpath.basename(relation.get("Type", "")) for relation in relations]
    assert kinds == ["worksheet", "styles", "theme", "sharedStrings"]
    assert len({relation.get("Id") for relation in relations}) == len(kinds)


def test_charts_store_what_they_draw() -> None:
    """Categories are text, values are numbers; text, truth and no data leave a gap, not a zero."""
    chart = parts(written(tiny()))["xl/charts/chart1.xml"]
    assert markup(chart, "cat") == (
        "<cat><strRef><f>'It''s'!$A$1:$A$4</f><strCache><ptCount val=\"4\"/>"
        '<pt idx="0"><v>Q1</v></pt><pt idx="1"><v>Q2</v></pt>'
        '<pt idx="2"><v xml:space="preserve"> Q1</v></pt><pt idx="3"><v>Q1</v></pt></strCache></strRef></cat>'
    )
    assert markup(chart, "val") == (
        "<val><numRef><f>'It''s'!$B$1:$B$4</f><numCache><formatCode>General</formatCode>"
        '<ptCount val="4"/><pt idx="0"><v>2</v></pt></numCache></numRef></val>'
    )


def test_properties_carry_a_fixed_time_or_the_given_one() -> None:
    """The hour at which the file was made is nobody's business, unless the caller says so."""
    for when, text in (
        (None, "2000-01-01T00:00:00Z"),
        (dt.datetime(2026, 9, 30, 8), "2026-09-30T08:00:00Z"),
        (dt.datetime(2026, 9, 30, 8, tzinfo=dt.timezone(dt.timedelta(hours=2))), "2026-09-30T06:00:00Z"),
    ):
        core = etree.fromstring(parts(written(tiny(), when=when))["docProps/core.xml"])
        assert [element.text for element in core.iter("{http://purl.org/dc/terms/}*")] == [text, text]


def test_excel_is_asked_to_calculate_when_it_opens_the_file() -> None:
    """Stored values are for programs that cannot calculate."""
    assert 'fullCalcOnLoad="1"' in markup(parts(written(tiny()))["xl/workbook.xml"], "calcPr")


def test_fonts_are_in_the_order_of_the_schema(sample: Path) -> None:
    """Size, colour and name stand where the schema wants them, in cells and in conditional formats."""
    order = ["b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset", "scheme"]
    fonts = list(etree.fromstring(parts(sample.read_bytes())["xl/styles.xml"]).iter(f"{MAIN}font"))
    assert any(len(font) > 3 for font in fonts)
    for font in fonts:
        places = [order.index(etree.QName(child).localname) for child in font]
        assert places == sorted(places)


def test_relationships_are_relative_and_lead_to_a_part(sample: Path) -> None:
    """Some programs cannot follow absolute targets."""
    found = parts(sample.read_bytes())
    targets = [
        (name, relation.get("Target", ""))
        for name, part in found.items()
        if name.endswith(".rels")
        for relation in etree.fromstring(part)
    ]
    assert len(targets) > 10
    for name, target in targets:
        assert not target.startswith("/")
        assert posixpath.normpath(posixpath.join(posixpath.dirname(name), "..", target)) in found


# --- values of formulas ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, '<c r="A1"><f>B1</f><v>7</v></c>'),
        (1 / 3, '<c r="A1"><f>B1</f><v>0.3333333333333333</v></c>'),
        (True, '<c r="A1" t="b"><f>B1</f><v>1</v></c>'),
        ("text", '<c r="A1" t="str"><f>B1</f><v>text</v></c>'),
        ("", '<c r="A1" t="str"><f>B1</f><v/></c>'),
        (" a\nb", '<c r="A1" t="str"><f>B1</f><v xml:space="preserve"> a\nb</v></c>'),
        ("_x0041_", '<c r="A1" t="str"><f>B1</f><v>_x005F_x0041_</v></c>'),
        ("_x000d_ _xAbCd_", '<c r="A1" t="str"><f>B1</f><v>_x005F_x000d_ _x005F_xAbCd_</v></c>'),
        ("_x00g0_ _x041_", '<c r="A1" t="str"><f>B1</f><v>_x00g0_ _x041_</v></c>'),
        (None, '<c r="A1" t="e"><f>B1</f><v>#N/A</v></c>'),
        (math.nan, '<c r="A1" t="e"><f>B1</f><v>#N/A</v></c>'),
        (-math.inf, '<c r="A1" t="e"><f>B1</f><v>#NUM!</v></c>'),
        ("#DIV/0!", '<c r="A1" t="e"><f>B1</f><v>#DIV/0!</v></c>'),
    ],
)
def test_each_kind_of_value_has_its_type(value: Any, expected: str) -> None:
    """Numbers carry no type, text is str, truth b, errors and no data e."""
    assert one_cell("=B1", value) == expected


@pytest.mark.parametrize("value", [object(), [1]])
def test_a_value_that_a_cell_cannot_hold_is_named(value: Any) -> None:
    """The message says which cell."""
    with pytest.raises(ValueError, match="Sheet 'Sheet', cell A1"):
        one_cell("=B1", value)


# --- charts ---------------------------------------------------------------------------------------------------------


def test_every_range_of_every_chart_is_stored(sample: Path) -> None:
    """Names, categories and values of each series carry as many points as the range has cells."""
    charts = [part for name, part in parts(sample.read_bytes()).items() if name.startswith("xl/charts/chart")]
    assert len(charts) == 3
    for chart in charts:
        for reference in etree.fromstring(chart).iter(f"{CHART}numRef", f"{CHART}strRef"):
            formula, cache = reference
            columns = openpyxl.utils.cell.range_to_tuple(formula.text)[1]
            cells = (columns[2] - columns[0] + 1) * (columns[3] - columns[1] + 1)
            assert cache.find(f"{CHART}ptCount").get("val") == str(cells)
            assert cache.find(f"{CHART}pt") is not None


def test_dates_on_an_axis_are_numbers_with_their_format(sample: Path) -> None:
    """A preview shows a date, not 46,267."""
    categories = next(etree.fromstring(parts(sample.read_bytes())["xl/charts/chart2.xml"]).iter(f"{CHART}cat"))
    assert categories.findtext(f".//{CHART}formatCode") == "d mmm yyyy"
    assert categories.findtext(f".//{CHART}pt/{CHART}v") == "46267.0"


def test_what_a_chart_draws_beyond_the_cells_is_empty() -> None:
    """Looking up what a chart draws adds no cell, and a second workbook of the same writer is the same."""
    model, writer = tiny(9), Writer()
    first = writer.write(model)
    assert writer.write(model) == first
    assert openpyxl.load_workbook(io.BytesIO(first)).worksheets[0].max_row == 5
    assert '<ptCount val="9"/>' in markup(parts(first)["xl/charts/chart1.xml"], "val")


@pytest.mark.parametrize("where", ["Gone!$A$1:$A$2", "Total", "(Sheet!$A$1,Sheet!$A$3)"])
def test_a_chart_of_something_else_than_a_range_is_named(where: str) -> None:
    """It would be empty in every preview."""
    with pytest.raises(ValueError, match=re.escape(where)):
        written(tiny(4, where))


def test_categories_of_several_levels_are_refused() -> None:
    """They cannot be stored, so they are not silently left out."""
    model = WorkbookModel()
    sheet = model.sheet("It's")
    sheet.place_chart(several_levels(sheet), (3, 9, 0, 10))
    with pytest.raises(ValueError, match="several levels"):
        written(model)


@drawn
def several_levels(title: str) -> LineChart:
    """Return a chart whose categories have two columns."""
    chart = LineChart()
    chart.series.append(SeriesFactory(area(title, 2, 1, bottom=4)))
    chart.series[0].cat = AxDataSource(multiLvlStrRef=MultiLevelStrRef(f="'It''s'!$A$1:$B$4"))
    return chart


# --- the same bytes, or none ----------------------------------------------------------------------------------------


def test_the_same_workbook_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    """Neither the hour nor the order of a set shows in the file."""
    files = []
    for seed in ("1", "2"):
        files.append(tmp_path / f"{seed}.xlsx")
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, sample_book.__file__, str(files[-1])], env=environment, check=True)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_the_archive_knows_no_hour_and_no_machine() -> None:
    """Entries carry a fixed time and no system; the content types come first."""
    with zipfile.ZipFile(io.BytesIO(written(tiny()))) as archive:
        entries = archive.infolist()
    assert entries[0].filename == "[Content_Types].xml"
    assert {(entry.date_time, entry.create_system) for entry in entries} == {((1980, 1, 1, 0, 0, 0), 0)}


def test_a_workbook_that_is_open_in_excel_is_kept(tmp_path: Path) -> None:
    """The user is told to close it; the old file stays."""
    target = tmp_path / "scorecard.xlsx"
    target.write_bytes(b"old")
    (tmp_path / "~$scorecard.xlsx").touch()
    with pytest.raises(FileProblem, match="close it in Excel"):
        write_workbook(cards.odd_cards()["usual"], target)
    assert target.read_bytes() == b"old"


# --- in programs that are not ours ----------------------------------------------------------------------------------


def test_every_formula_shows_its_value_to_a_reader_that_cannot_calculate(sample: Path) -> None:
    """Formula cells read back filled, with the values that were given; an empty text reads as nothing."""
    values = sample_book.build().values()
    stored = office.stored_values(sample)
    assert set(office.formulas(sample)) == set(values)
    empty = {place for place, value in values.items() if value == ""}
    assert set(values) - set(stored) == empty
    assert stored["Kinds", "B11"] == dt.datetime(2026, 9, 5)
    assert stored["Kinds", "B8"] == stored["Kinds", "B9"] == "#N/A"


def test_texts_come_back_as_they_were(sample: Path) -> None:
    """Blanks, line breaks, emoji, Arabic and what looks like markup survive, in LibreOffice too."""
    for values in (office.stored_values(sample), office.recalculate(sample)):
        for row, text in enumerate(sample_book.TEXTS, 2):
            assert values["Texts", f"A{row}"] == text


def test_libreoffice_and_ironcalc_calculate_the_stored_values(sample: Path) -> None:
    """Two engines that are not ours come to the figure that the file shows, in every formula cell."""
    assert office.disagreements(sample) == []


def test_the_schema_checker_finds_nothing(sample: Path) -> None:
    """No error, and no warning either."""
    assert office.validate(sample) == []


def test_the_open_xml_sdk_finds_nothing(sample: Path) -> None:
    """Microsoft's own library takes the file without a complaint."""
    assert office.open_xml_sdk(sample) == []


def test_a_workbook_can_be_printed(tmp_path: Path) -> None:
    """LibreOffice draws the pages, for people and tests to look at."""
    (tmp_path / "tiny.xlsx").write_bytes(written(tiny()))
    pages = office.to_png(tmp_path / "tiny.xlsx", tmp_path, dpi=40)
    assert pages
    assert all(page.read_bytes().startswith(b"\x89PNG") for page in pages)


# --- the harness itself ---------------------------------------------------------------------------------------------


def wrong(tmp_path: Path) -> Path:
    """Make a workbook whose stored value is wrong on purpose."""
    model = WorkbookModel()
    model.put(model.sheet("Sheet"), "A1", Live("=1+2", 999))
    path = tmp_path / "wrong.xlsx"
    path.write_bytes(written(model))
    return path


def raw(tmp_path: Path) -> Path:
    """Save a workbook with a formula in bold as openpyxl does."""
    workbook = openpyxl.Workbook()
    cell = workbook.worksheets[0]["A1"]
    cell.value, cell.font = "=1+2", Font(bold=True, size=12, name="Calibri")
    workbook.save(tmp_path / "raw.xlsx")
    return tmp_path / "raw.xlsx"


def test_libreoffice_really_calculates(tmp_path: Path) -> None:
    """A wrong stored value comes back right; a harness that read our values back would prove nothing."""
    path = wrong(tmp_path)
    assert office.stored_values(path) == {("Sheet", "A1"): 999}
    assert office.recalculate(path) == {("Sheet", "A1"): 3}


def test_ironcalc_really_calculates(tmp_path: Path) -> None:
    """A wrong stored value comes back right."""
    assert office.ironcalc_values(wrong(tmp_path)) == {("Sheet", "A1"): 3}


def test_a_disagreement_is_reported(tmp_path: Path) -> None:
    """A wrong stored value makes a line for each engine."""
    assert office.disagreements(wrong(tmp_path)) == [
        "('Sheet', 'A1'): stored 999, LibreOffice says 3",
        "('Sheet', 'A1'): stored 999, IronCalc says 3.0",
        "('Sheet', 'A1'): stored 999, Gnumeric says 3",
    ]


def test_the_open_xml_sdk_finds_what_openpyxl_leaves(tmp_path: Path) -> None:
    """A checker that never complains would prove nothing: fonts as openpyxl writes them are out of order."""
    assert any("/xl/styles.xml" in line for line in office.open_xml_sdk(raw(tmp_path)))


def test_the_schema_checker_finds_what_openpyxl_leaves(tmp_path: Path) -> None:
    """A checker that never complains would prove nothing: openpyxl's formulas have no values."""
    assert any("without cached value" in line for line in office.validate(raw(tmp_path)))


def test_a_missing_program_skips_a_test_and_fails_it_under_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """CI installs every program, so there a skip would hide a broken installation."""
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        office.need("no-such-program")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        office.need("no-such-program")


def test_missing_shared_data_skips_a_test_even_under_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """The project must test green on a machine that has only the project."""
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.skip.Exception, match=r"no-such-file\.csv"):
        office.shared_file("no-such-file.csv")


def test_what_a_file_is_stands_first_and_its_texts_last() -> None:
    """A reader of the stream knows what comes before it comes; sheets point into the table of texts as it grows."""
    with zipfile.ZipFile(io.BytesIO(written(tiny()))) as archive:
        names = archive.namelist()
    assert (names[0], names[-1]) == ("[Content_Types].xml", "xl/sharedStrings.xml")


def test_who_made_a_workbook_is_the_program() -> None:
    """Not openpyxl, and no person."""
    core = etree.fromstring(parts(written(tiny()))["docProps/core.xml"])
    assert [element.text for element in core.iter("{http://purl.org/dc/elements/1.1/}creator")] == ["partnerkpi"]


def test_relationships_have_numbers_of_their_own() -> None:
    """Also where those that are there have gaps; a part of them that is not there is made."""
    found = {"a.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'}
    made = [add_relation(found, "a.rels", "kind", f"{number}.xml") for number in range(3)]
    assert made == ["rId1", "rId2", "rId3"]
    root = etree.fromstring(found["a.rels"])
    root.remove(root[0])
    found["a.rels"] = etree.tostring(root)
    assert add_relation(found, "a.rels", "kind", "3.xml") == "rId30"
    assert add_relation(found, "b.rels", "kind", "4.xml") == "rId1"
    targets = [(one.get("Id"), one.get("Target")) for one in etree.fromstring(found["a.rels"])]
    assert targets == [("rId2", "1.xml"), ("rId3", "2.xml"), ("rId30", "3.xml")]


def test_a_formula_that_fills_cells_is_an_array_that_says_so() -> None:
    """By the mark of its cell, the metadata that the mark points to, and their relationship."""
    model = WorkbookModel()
    sheet = model.sheet("One")
    model.put_spill(sheet, (2, 1), "=SORT(C1:C4)", [[1, 2], [3, 4]], lambda _row, _column: PLAIN)
    found = parts(written(model))
    assert markup(found["xl/worksheets/sheet1.xml"], "sheetData") == (
        '<sheetData><row r="2"><c r="A2" cm="1"><f t="array" ref="A2:B3">SORT(C1:C4)</f><v>1</v></c>'
        '<c r="B2"><v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c><c r="B3"><v>4</v></c></row></sheetData>'
    )
    assert b"XLDAPR" in found["xl/metadata.xml"]
    relations = etree.fromstring(found["xl/_rels/workbook.xml.rels"])
    kinds = {posixpath.basename(relation.get("Type", "")): relation.get("Target") for relation in relations}
    assert kinds["sheetMetadata"] == "metadata.xml"
    assert "xl/metadata.xml" not in parts(written(tiny()))


def test_what_is_signed_is_asked_for_when_all_has_been_written() -> None:
    """The part holds what the signer gave back of what the workbook says of itself."""
    said = Provenance('{"a": 1}', "{}", "f" * 64)
    model = tiny()
    model.provenance, model.sign = said, lambda given: replace(given, signed=given.record, signature="signature")
    assert find_part(parts(written(model))) == replace(said, signed='{"a": 1}', signature="signature")


def test_a_writer_tells_layouts_apart_and_forgets_those_met_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each workbook has the bytes that a writer of its own gives it."""
    monkeypatch.setattr(writing, "_MOST_FRAMES", 1)
    writer = Writer()
    for title in ("One", "Two", "One"):
        made = []
        for own in (writer, Writer()):
            model = own.model()
            model.put(model.sheet(title), "A1", title, PLAIN)
            made.append(own.write(model))
        assert made[0] == made[1]


def test_a_layout_that_is_met_again_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two that are kept, the one that was met last stays when a third comes."""
    monkeypatch.setattr(writing, "_MOST_FRAMES", 2)
    laid_out = list[str]()
    lay_out = writing.frame_of

    def noted(model: WorkbookModel, when: dt.datetime | None) -> Frame:
        laid_out.extend(model.sheets)
        return lay_out(model, when)

    monkeypatch.setattr(writing, "frame_of", noted)
    writer = Writer()
    for title in ("One", "Two", "One", "Three", "One", "Two"):
        model = writer.model()
        model.put(model.sheet(title), "A1", title, PLAIN)
        writer.write(model)
    assert laid_out == ["One", "Two", "Three", "Two"]


def test_a_look_of_no_known_name_is_as_it_says() -> None:
    """It becomes a style of that name."""
    model = WorkbookModel()
    model.put(model.sheet("One"), "A1", "x", replace(PLAIN, name="mine", bold=True, colour="123456", wrap=True))
    cell = books.opened(model)["One"]["A1"]
    assert (cell.style, cell.font.b, cell.font.color.rgb, cell.alignment.wrap_text) == (
        "KPI mine",
        True,
        "FF123456",
        True,
    )


@pytest.mark.parametrize(("language", "number"), [("en", "d mmm yyyy"), ("de", r"d\. mmm yyyy"), ("fr", "d mmm yyyy")])
def test_days_have_the_form_of_the_language(language: str, number: str) -> None:
    """A point after a German day."""
    model = WorkbookModel()
    model.language = language
    model.put(model.sheet("One"), "A1", dt.date(2026, 9, 30), replace(PLAIN, number=DATE))
    assert books.opened(model)["One"]["A1"].number_format == number
