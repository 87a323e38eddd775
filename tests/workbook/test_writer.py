"""A model is in its file as it was noted, and what a writer keeps for the next workbook does not show in it."""

from __future__ import annotations

import datetime as dt
import io
import multiprocessing
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import books
import cards
import openpyxl
import pytest
from as_noted import missing
from cases import book
from lxml import etree
from openpyxl.styles import Alignment
from pictures import png
from programme import NAMES, everything_in, programme
from sampled import one_in, quick_where

from partnerkpi.errors import FileProblem
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import file_names, for_partner, for_review
from partnerkpi.settings import Brand, Options, Settings
from partnerkpi.workbook import packs as packing
from partnerkpi.workbook.build import build, written
from partnerkpi.workbook.model.book import Rows, WorkbookModel
from partnerkpi.workbook.model.cache import Cache
from partnerkpi.workbook.model.grid import TableColumn
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import BODY, DATE, NOTE, TITLE, colours
from partnerkpi.workbook.packs import write_packs
from partnerkpi.workbook.sheets.responses import HEAD_ROW
from partnerkpi.workbook.writer import frame, rows
from partnerkpi.workbook.writer import writer as writing
from partnerkpi.workbook.writer.archive import archive, packed
from partnerkpi.workbook.writer.writer import Writer


@pytest.fixture(scope="module")
def writer() -> Writer:
    """Return one writer for all: whatever it keeps must not show in the next workbook."""
    return Writer()


#: Cards of which a pack and a review are read back too; those of the others where all tests are run.
WITH_VIEWS = ("usual", "segments", "hostile names", "no partner list")
VIEWS = quick_where(
    lambda name, view: name in WITH_VIEWS and (view != "all" or name == "usual"),
    [
        (name, view)
        for name in sorted(cards.odd_cards())
        for view in ("all", "pack", "review")
        if view == "all" or cards.odd_cards()[name].partners
    ],
)


def viewed(name: str, view: str) -> Scorecard:
    """Return a scorecard, the workbook of its first partner, or the review of its last."""
    card = cards.odd_cards()[name]
    if view == "all":
        return card
    return for_partner(card, card.partners[0].name) if view == "pack" else for_review(card, card.partners[-1].name)


def first_of_its_writer(card: Scorecard, **options: Any) -> bytes:
    """Return the bytes that a writer gives which has written nothing before."""
    return written(card, Writer(), **options)[0]


@pytest.mark.parametrize(("name", "view"), one_in(2, VIEWS))
def test_everything_that_was_noted_is_in_the_file(name: str, view: str, writer: Writer) -> None:
    """By openpyxl's reading: each value, formula, look, rule, check, table, name, size, page and chart, and no more.

    Whatever is missing or strange, nothing shows of what the writer wrote before: the bytes are those of a new one.
    """
    card = viewed(name, view)
    data, _ = written(card, writer)
    assert missing(build(card), data) == []
    assert books.differing(data, book(name).read_bytes() if view == "all" else first_of_its_writer(card)) == []


@pytest.mark.thorough
def test_everything_of_the_demo_is_in_the_file() -> None:
    """The usual scorecard of a programme, with all its sheets and charts."""
    card = cards.demo_card()
    model = build(card)
    assert len(model.log) > 2_000
    assert missing(model, first_of_its_writer(card)) == []


def test_the_proof_finds_what_is_missing() -> None:
    """A value, a look, a rule, a check, a width and a chart that are only in the model are told."""
    card = cards.odd_cards()["usual"]
    data, model = first_of_its_writer(card), build(card)
    sheet = model["Scorecard"]
    model.put(sheet, "A2", "another title", BODY)
    sheet.colour_where("A2", "TRUE", colours("FF0000"))
    sheet.widths["A"] = 99.0
    sheet.charts[0] = sheet.charts[0][0], "other words"
    found = missing(model, data)
    told = ("A2 value", "A2 style", "A2 font", "rules", "widths", "charts")
    assert all(any(f" {what}" in line or line.startswith(what) for line in found) for what in told), found


@pytest.mark.thorough
def test_packs_of_the_demo_are_those_of_a_new_writer(tmp_path: Path) -> None:
    """Every fifth partner's workbook has the same bytes, after those of the partners before it."""
    card = cards.demo_card()
    files = {name: tmp_path / file for name, file in file_names([one.name for one in card.partners]).items()}
    assert list(write_packs(card, files.items())) == list(files)
    for name, path in list(files.items())[::5]:
        assert books.differing(path.read_bytes(), first_of_its_writer(for_partner(card, name))) == [], name


@pytest.mark.thorough
def test_brands_logos_and_languages_stay_with_their_workbook(writer: Writer, tmp_path: Path) -> None:
    """Colours, font, footer, picture and language of one workbook are not those of the next one of the same writer."""
    usual = cards.odd_cards()["usual"]
    (tmp_path / "logo.png").write_bytes(png(60, 20))
    brands = (
        Brand(accent="F2B705", font="Verdana", name="X & Co", footer="For <you>"),
        Brand(logo=str(tmp_path / "logo.png")),
    )
    settings = [Settings(brand=brand) for brand in brands]
    settings += [Settings(options=Options.model_validate({"language": code})) for code in ("fr", "de")]
    made = [replace(usual, settings=one) for one in settings]
    made += [for_partner(one, one.partners[0].name) for one in made]
    for one in (*made, *made[:2]):
        data, _ = written(one, writer)
        assert books.differing(data, first_of_its_writer(one)) == []
        assert [line for line in missing(build(one), data) if " font" not in line] == []
    assert "xl/media/image1.png" in books.parts(written(made[1], writer)[0])


@pytest.mark.parametrize("sheets", ["all", "with-data"])
def test_rows_that_follow_the_cells_have_their_looks(sheets: Any, writer: Writer) -> None:
    """Answers that are streamed wear the looks of the others, and their texts stand in the same table."""
    card = cards.odd_cards()["usual"]
    answers = [(one.name, "2026-Q3", None, 7.5) for one in card.partners] + [(None, None, card.as_of, 10.0)]
    data, _ = written(card, writer, sheets=sheets, responses=iter(answers))
    assert books.differing(data, first_of_its_writer(card, sheets=sheets, responses=iter(answers))) == []
    assert missing(build(card, sheets=sheets, responses=iter(answers)), data) == []
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Responses"]
    rows = list(sheet.iter_rows(min_row=HEAD_ROW + 1))
    assert [row[3].value for row in rows] == [answer[3] for answer in answers]
    assert {row[2].number_format for row in rows} == {DATE}
    strings = etree.fromstring(books.parts(data)["xl/sharedStrings.xml"])
    used = sum(part.count(b't="s"') for name, part in books.parts(data).items() if name.startswith("xl/worksheets/"))
    assert (strings.get("count"), strings.get("uniqueCount")) == (str(used), str(len(strings)))


def test_a_column_of_rows_holds_one_kind_of_value() -> None:
    """A text among numbers would be counted wrong, so it is refused."""
    model = WorkbookModel()
    sheet = model.sheet("One")
    model.add_rows(sheet, Rows(1, [BODY], [(1.0,), ("a",)]))
    with pytest.raises(TypeError, match="'a' stands in a column of other values"):
        books.written(model)


# Equal values that stand in a file in another form: 1 and True, 10**15 and 1e15, 10**16 and 1e16.
_NAMES_OF_ROWS = ["Acme", "=2+3", "12", None, "Müller", "Acme", "", "Acme", "", "=2+3", "12"]
_COUNTS_OF_ROWS = [3, None, 0, 10**16, 2.5, 3.0, 0, 2.5, 1e16, -0.0, 1]
_RESULTS_OF_ROWS = [1.5, None, "up", True, 0, 1, True, 10**15, 1e15, 10**15, "up"]


def _in_a_table(model: WorkbookModel, sheet: SheetModel) -> None:
    columns = [TableColumn(_NAMES_OF_ROWS, BODY), TableColumn(_COUNTS_OF_ROWS, NOTE)]
    model.put_table(sheet, 3, [*columns, TableColumn(_RESULTS_OF_ROWS, BODY, ("=$B", "+1"))])


def _cell_by_cell(model: WorkbookModel, sheet: SheetModel) -> None:
    rows = zip(_NAMES_OF_ROWS, _COUNTS_OF_ROWS, _RESULTS_OF_ROWS, strict=True)
    for row, (name, count, result) in enumerate(rows, 3):
        model.put_if_known(sheet, (row, 1), name, BODY)
        if count is not None:  # in a table nothing has no cell, but at the beginning of a row
            model.put(sheet, (row, 2), count, NOTE)
        model.put_formula(sheet, (row, 3), f"=$B{row}+1", result, BODY)


def test_a_table_is_written_as_its_cells_would_be() -> None:
    """Rows kept by columns give the same bytes: texts quoted where need be, gaps, no data, results of formulas."""
    made = []
    for write in (_in_a_table, _cell_by_cell):
        model = WorkbookModel()
        sheet = model.sheet("One")
        model.put(sheet, "A1", "Before", TITLE)
        model.put(sheet, "D4", "Beside", BODY)
        write(model, sheet)
        data = books.written(model)
        assert [one for one in missing(model, data) if "page" not in one] == []
        assert sheet.content((4, 1))[1] == "=2+3"
        assert sheet.content((4, 3))[0] == "=$B4+1"
        assert sheet.content((15, 1))[2] == -1
        assert {"Acme", "Before"} <= model.texts()
        assert model.values()["One", "C5"] == "up"
        strings = etree.fromstring(books.parts(data)["xl/sharedStrings.xml"])
        assert strings.get("count") == str(sum(part.count(b't="s"') for part in books.parts(data).values()))
        made.append(data)
    assert made[0] == made[1]


def test_what_a_column_keeps_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column of more values than are kept gives the same bytes."""
    made = []
    for most in (4096, 2):
        monkeypatch.setattr(rows, "_MOST_OF_COLUMN", most)
        model = WorkbookModel()
        _in_a_table(model, model.sheet("One"))
        made.append(books.written(model))
    assert made[0] == made[1]


def test_what_a_table_refuses() -> None:
    """A day in a table, and a table cell with a style of its own, are errors that name the place."""
    model = WorkbookModel()
    sheet = model.sheet("One")
    with pytest.raises(ValueError, match="'One', cell A4"):
        model.put_table(sheet, 3, [TableColumn(["a", dt.date(2026, 1, 1)], BODY)])  # type: ignore[list-item]  # the point
    _in_a_table(model, sheet)
    sheet.restyle(4, 2, alignment=Alignment(wrap_text=True))
    with pytest.raises(ValueError, match="'One', row 4, column 2: a cell in a table has a style of its own"):
        books.written(model)


def test_nothing_of_one_partner_is_in_the_workbook_of_the_next(tmp_path: Path) -> None:
    """In no part of any pack, copied or packed anew, is the name of a partner that was written before or after it."""
    files = [(name, tmp_path / f"{number}.xlsx") for number, name in enumerate(NAMES)]
    list(write_packs(programme(), files))
    for own, path in files:
        everything = everything_in(path)
        assert own in everything
        for other in NAMES:
            assert (other[8:] in everything) == (other == own), (own, other)


def test_a_text_that_looks_like_a_gap_is_kept() -> None:
    """The marks in a frame are made anew by each process, of 128 random bits: nobody can have typed one."""
    assert re.fullmatch(r"gap [0-9a-f]{32}", frame._GAP)
    card = replace(cards.odd_cards()["usual"], title="gap <gap/> GapOfTitleEnd")
    assert missing(build(card), first_of_its_writer(card)) == []


@pytest.mark.parametrize("made", [WorkbookModel(), WorkbookModel().sheet("One")], ids=["workbook", "sheet"])
def test_what_a_model_does_not_know_is_refused_at_once(made: Any) -> None:
    """A setting that nothing writes is an error where it is made, not a surprise in the file."""
    with pytest.raises(AttributeError):
        made.protection = True
    with pytest.raises(AttributeError):
        _ = made.sheet_view


def test_a_different_layout_gets_a_frame_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that is higher, or a title that is longer, is never written into the frame of another layout."""
    frames = list[Any]()
    monkeypatch.setattr(writing, "frame_of", lambda *given: frames.append(frame.frame_of(*given)) or frames[-1])
    writer = Writer()
    one = for_review(programme(), NAMES[0])
    other = replace(one, title="Another one")
    written(one, writer)
    written(other, writer)
    assert len(frames) == 1
    written(replace(other, periods=other.periods[1:]), writer)
    assert len(frames) == 2


def test_models_tell_layouts_apart_by_everything_but_what_cells_hold() -> None:
    """Looks, places, heights and rules make another layout; values and formulas do not."""

    def layout(value: Any = 1, look: Any = BODY, row: int = 1, height: float = 15) -> Any:
        model = WorkbookModel(cache)
        sheet = model.sheet("One")
        model.put(sheet, (row, 1), value, look)
        sheet.heights[1] = height
        return model.layout()

    cache = Cache()
    assert layout(1) == layout(2.5) == layout("a") == layout(None)
    assert len({layout(), layout(look=BODY.but(bold=True)), layout(row=2), layout(height=16), layout("=1")}) == 5


def test_models_of_different_caches_never_share_a_frame() -> None:
    """The numbers of looks are those of a cache: a writer that is given models of several tells them apart."""
    writer = Writer()
    for look in (BODY, BODY.but(bold=True), BODY):
        model = WorkbookModel()
        model.put(model.sheet("One"), "A1", 1, look)
        cell = openpyxl.load_workbook(io.BytesIO(writer.write(model)))["One"]["A1"]
        assert bool(cell.font.bold) == look.bold


def test_a_file_that_cannot_be_written_is_named_and_ends_the_work(tmp_path: Path) -> None:
    """The partners before it are on the disk; the work does not go on to the last."""
    blocked = tmp_path / "2.xlsx"
    blocked.mkdir()
    files = [(name, tmp_path / f"{number}.xlsx") for number, name in enumerate(NAMES)]
    done = list[str]()
    with pytest.raises(FileProblem, match=r"2\.xlsx"):
        done.extend(write_packs(programme(), files))
    assert done == list(NAMES[:2])
    assert (tmp_path / "1.xlsx").is_file()
    assert not (tmp_path / "7.xlsx").exists()


def test_several_processes_write_what_one_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes give the same bytes in the same order; the first file that cannot be written ends their work."""
    monkeypatch.setattr(packing, "_SHARE", 2)
    one, two = ([(name, tmp_path / f"{number} {way}.xlsx") for number, name in enumerate(NAMES)] for way in "12")
    assert list(write_packs(programme(), one, processes=1)) == list(NAMES)
    assert list(write_packs(programme(), two, processes=2)) == list(NAMES)
    for (name, path), (_, other) in zip(one, two, strict=True):
        assert books.differing(path.read_bytes(), other.read_bytes()) == [], name
    two[3][1].unlink()
    two[3][1].mkdir()
    done = list[str]()
    with pytest.raises(FileProblem, match=r"3 2\.xlsx"):
        done.extend(write_packs(programme(), two, processes=2))
    assert done == list(NAMES[:3])


def test_what_a_process_leaves_undone_is_done_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system ends the processes, or allows none, every workbook is written all the same, and named once."""
    monkeypatch.setattr(packing, "_SHARE", 1)
    files = [(name, tmp_path / f"{number}.xlsx") for number, name in enumerate(NAMES)]
    written = write_packs(programme(), files, processes=2)
    done = [next(written)]
    killed = multiprocessing.active_children()
    for child in killed:
        child.kill()
    done.extend(written)
    assert killed
    assert done == list(NAMES)
    assert {path.name for path in tmp_path.glob("*.xlsx")} >= {path.name for _, path in files}

    def refused(*_: Any, **__: Any) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(packing, "ProcessPoolExecutor", refused)
    for _, path in files:
        path.unlink()
    assert list(write_packs(programme(), files, processes=2)) == list(NAMES)
    assert all(path.is_file() for _, path in files)


def test_a_package_is_one_for_zipfile() -> None:
    """Zipfile finds every part whole under its name, plain or not, and the day that the format begins with."""
    parts = {"[Content_Types].xml": b"<a/>", "xl/empty.xml": b"", "xl/größe.xml": b"x" * 100_000}
    with zipfile.ZipFile(io.BytesIO(archive((name, packed(data)) for name, data in parts.items()))) as found:
        assert found.testzip() is None
        assert {name: found.read(name) for name in found.namelist()} == parts
        assert {info.date_time for info in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}
