"""Workbooks that are printed into a frame are those that are written cell by cell, byte for byte."""

from __future__ import annotations

import io
import multiprocessing
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import cards
import pytest
from pictures import png
from programme import NAMES, everything_in, programme

from partnerkpi.errors import FileProblem
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import file_names, for_partner, for_review
from partnerkpi.settings import Brand, Options, Settings
from partnerkpi.workbook import build as building
from partnerkpi.workbook import packs as packing
from partnerkpi.workbook.build import build, printed
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.cache import NotModelled
from partnerkpi.workbook.model.theme import BODY
from partnerkpi.workbook.packs import write_packs
from partnerkpi.workbook.writer.archive import archive, packed
from partnerkpi.workbook.writer.press import Press


@pytest.fixture(scope="module")
def press() -> Press:
    """Return one press for all: whatever it keeps must not show in the next workbook."""
    return Press()


def usual_way(card: Scorecard, **options: Any) -> bytes:
    """Return the workbook as openpyxl lays it out, cell by cell."""
    return build(card, **options).packed()


def differing(one: bytes, other: bytes) -> list[str]:
    """Return the parts in which two workbooks differ; a diff of their bytes would take hours."""
    if one == other:
        return []
    first, second = (
        {name: book.read(name) for name in book.namelist()}
        for book in map(zipfile.ZipFile, map(io.BytesIO, (one, other)))
    )
    names = sorted(first.keys() | second.keys())
    return [name for name in names if first.get(name) != second.get(name)] or ["the archive"]


def without_falling_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be written in the usual way."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("written in the usual way")

    monkeypatch.setattr(building, "build", refuse)


def test_packs_of_the_demo_are_those_of_the_usual_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fifth partner's workbook has the same bytes either way, after those of the partners before it."""
    card = cards.demo_card()
    files = {name: tmp_path / file for name, file in file_names([one.name for one in card.partners]).items()}
    expected = {name: usual_way(for_partner(card, name)) for name in list(files)[::5]}
    without_falling_back(monkeypatch)
    assert list(write_packs(card, files.items())) == list(files)
    for name, data in expected.items():
        assert differing(files[name].read_bytes(), data) == [], name


@pytest.mark.parametrize("name", sorted(cards.odd_cards()))
def test_odd_scorecards_are_those_of_the_usual_way(name: str, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is missing or strange, a scorecard and its packs have the same bytes either way."""
    card = cards.odd_cards()[name]
    made = [card, *(for_partner(card, one.name) for one in card.partners[:1])]
    made += [for_review(card, one.name) for one in card.partners[-1:]]
    expected = [usual_way(one) for one in made]
    without_falling_back(monkeypatch)
    for one, data in zip(made, expected, strict=True):
        assert differing(printed(one, press)[0], data) == [], one.title


def test_brands_and_languages_are_those_of_the_usual_way(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours, font, footer and language of one workbook are not those of the next one from the same press."""
    usual = cards.odd_cards()["usual"]
    brand = Settings(brand=Brand(accent="F2B705", font="Verdana", name="X & Co", footer="For <you>"))
    others = [Settings(options=Options.model_validate({"language": code})) for code in ("fr", "de")]
    made = [replace(usual, settings=settings) for settings in (brand, *others)]
    made += [for_partner(one, one.partners[0].name) for one in made]
    expected = [usual_way(one) for one in made]
    without_falling_back(monkeypatch)
    for one, data in zip(made, expected, strict=True):
        assert differing(printed(one, press)[0], data) == []


def test_a_logo_is_that_of_the_usual_way(press: Press, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A workbook with a picture has the same bytes either way."""
    (tmp_path / "logo.png").write_bytes(png(60, 20))
    settings = Settings(brand=Brand(logo=str(tmp_path / "logo.png")))
    card = replace(cards.odd_cards()["usual"], settings=settings)
    expected = usual_way(card)
    assert "xl/media/image1.png" in zipfile.ZipFile(io.BytesIO(expected)).namelist()
    without_falling_back(monkeypatch)
    assert differing(printed(card, press)[0], expected) == []


@pytest.mark.parametrize("sheets", ["all", "with-data"])
def test_rows_that_follow_the_cells_are_those_of_the_usual_way(sheets: Any, press: Press) -> None:
    """Answers that are streamed get the same looks, and their texts the same places in the table."""
    card = cards.odd_cards()["usual"]
    answers = [(one.name, "2026-Q3", None, 7.5) for one in card.partners] + [(None, None, card.as_of, 10.0)]
    found, _ = printed(card, press, sheets=sheets, responses=iter(answers))
    assert differing(found, usual_way(card, sheets=sheets, responses=iter(answers))) == []


def test_nothing_of_one_partner_is_in_the_workbook_of_the_next(tmp_path: Path) -> None:
    """In no part of any pack, copied or packed anew, is the name of a partner that was written before or after it."""
    files = [(name, tmp_path / f"{number}.xlsx") for number, name in enumerate(NAMES)]
    list(write_packs(programme(), files))
    for own, path in files:
        everything = everything_in(path)
        assert own in everything
        for other in NAMES:
            assert (other[8:] in everything) == (other == own), (own, other)


def test_a_text_that_looks_like_a_gap_is_kept(press: Press) -> None:
    """Partners may be called like the marks in a frame: their workbooks are right all the same."""
    for name in ("GapOfTitleEnd", "GapOfFooter0End", "GapOfWords1End", "GapOfFingerprintEnd", "GapOfFiguresEnd"):
        card = cards.card({(name, "2026-Q3"): next(iter(programme().counts.values()))})
        one = for_partner(card, name)
        assert differing(printed(one, press)[0], usual_way(one)) == [], name


def test_what_a_sketch_does_not_know_is_written_in_the_usual_way(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that is laid out with more than a sketch can note down loses nothing."""
    write = building.write_about

    def protected(writer: Any, sheet: Any, card: Scorecard) -> None:
        write(writer, sheet, card)
        sheet.protection.sheet = True

    monkeypatch.setattr(building, "write_about", protected)
    card = for_partner(programme(), NAMES[0])
    with pytest.raises(NotModelled):
        _ = press.sketch().sheet("About").protection
    data, _ = printed(card, press)
    assert differing(data, usual_way(card)) == []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert any(b"<sheetProtection" in package.read(name) for name in package.namelist())


def test_a_different_layout_gets_a_frame_of_its_own() -> None:
    """A row that is higher, or a title that is longer, is never printed into the frame of another layout."""
    press = Press()
    one, other = for_partner(programme(), NAMES[0]), for_partner(programme(), NAMES[1])
    printed(one, press)
    printed(other, press)
    assert len(press.frames) == 1
    printed(replace(other, periods=other.periods[1:]), press)
    assert len(press.frames) == 2


def test_a_sketch_tells_layouts_apart_by_everything_but_what_cells_hold() -> None:
    """Looks, places, heights and rules make another layout; values and formulas do not."""

    def key(value: Any = 1, look: Any = BODY, row: int = 1, height: float = 15) -> Any:
        sketch = WorkbookModel(cache)
        sheet = sketch.sheet("One")
        sketch.put(sheet, (row, 1), value, look)
        sheet.row_dimensions[1].height = height
        return sketch.key()

    cache = Press().cache
    assert key(1) == key(2.5) == key("a") == key(None)
    assert len({key(), key(look=BODY.but(bold=True)), key(row=2), key(height=16), key("=1")}) == 5


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
        assert differing(path.read_bytes(), other.read_bytes()) == [], name
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
