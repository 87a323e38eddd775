"""A brand's colours, font, footer and logo: everywhere in the workbook, and nowhere a rating."""

from __future__ import annotations

import io
import re
import struct
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
from lxml import etree
from openpyxl.drawing.spreadsheet_drawing import TwoCellAnchor
from pictures import png

from partnerkpi.errors import ConfigError
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_partner
from partnerkpi.settings import Brand, Settings
from partnerkpi.verify import verify
from partnerkpi.workbook.build import build, write_workbook
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.brand import MOST_BYTES, Palette, contrast, read_logo, readable
from partnerkpi.workbook.model.theme import ACCENT, FONT, INK, RATINGS
from partnerkpi.workbook.page import set_page, set_paper, set_widths

BRANDED = {"name": "Example & Söhne", "accent": "#f2b705", "ink": "3A2A10", "font": "Georgia", "footer": "Internal"}


def jpeg(width: int = 320, height: int = 80) -> bytes:
    """Return the frame of a JPEG: its segments without a picture in them."""
    application = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8" + application + b"\xff" + frame + b"\xff\xda\0\2\0\xff\xd9"


def branded(card: Scorecard | None = None, **brand: Any) -> Scorecard:
    """Return a scorecard whose settings have a brand."""
    settings = Settings.model_validate({"brand": BRANDED | brand})
    return replace(card or cards.odd_cards()["usual"], settings=settings)


def parts(card: Scorecard) -> dict[str, bytes]:
    """Return the parts of a scorecard's workbook."""
    return books.parts(books.written(build(card)))


def colours(found: dict[str, bytes]) -> set[str]:
    """Return every colour of the looks, the rules and the charts."""
    markup = b"".join(xml for name, xml in found.items() if "theme" not in name).decode()
    return {value[-6:] for value in re.findall(r'(?:rgb|srgbClr val)="([0-9A-F]{6,8})"', markup)}


def test_no_colour_and_no_font_of_ours_is_left() -> None:
    """Looks, rules, bars and charts have those of the brand; ratings keep theirs."""
    ours, theirs = parts(cards.odd_cards()["usual"]), parts(branded())
    assert {ACCENT, INK} <= colours(ours)
    assert not {ACCENT, INK, "C9D8E8"} & colours(theirs)
    assert {"F2B705", "3A2A10", readable("F2B705", "F4F6F9", "FFF9E5")} <= colours(theirs)
    assert {colour for rating in RATINGS.values() for colour in (rating.text, rating.fill)} <= colours(theirs)
    looks = [xml for name, xml in theirs.items() if name.endswith("styles.xml") or "/charts/" in name]
    assert not any(FONT.encode() in xml for xml in looks)
    theme = theirs["xl/theme/theme1.xml"].decode()
    assert re.findall(r"<a:m(?:ajor|inor)Font>\s*<a:latin typeface=\"(\w+)\"", theme) == ["Georgia", "Georgia"]


@pytest.mark.parametrize(
    ("accent", "drawn"),
    [("#f2b705", readable("F2B705", "F4F6F9", "FFF9E5")), ("#d00000", "3A2A10"), (f"#{ACCENT}", ACCENT)],
)
def test_letters_that_are_bars_have_the_accent_or_the_ink_of_a_red_brand(accent: str, drawn: str) -> None:
    """The line of eight periods on the page: red there would be what detractors are."""
    sheet = books.opened(build(branded(accent=accent)), values=True)[names.SCORECARD]
    bars = [
        cell
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and set(cell.value) & set("▁▂▃▅▆▇")
    ]
    assert bars
    assert {cell.font.color.rgb for cell in bars} == {f"FF{drawn}"}


def test_only_looks_differ() -> None:
    """The cells of a branded workbook are those of any other; our own brand changes nothing."""
    usual = cards.odd_cards()["usual"]
    assert build(branded()).values() == build(usual).values()
    assert Palette.of(Brand()) is None
    assert Palette.of(Brand(accent=f"#{ACCENT.lower()}")) is None
    ours, given = parts(usual), parts(replace(usual, settings=Settings()))
    looks = [name for name in ours if name.startswith("xl/")]
    assert [given[name] for name in looks] == [ours[name] for name in looks]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("000000", "FFFFFF", 21.0), ("FFFFFF", "FFFFFF", 1.0), ("777777", "FFFFFF", 4.48), ("FF0000", "FFFFFF", 4.0)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    """Ratios that WCAG's own examples and checkers give."""
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("colour", ["F2B705", "FFFFFF", "00FF00", "7FB3D5", "2B5C8A", "000000"])
def test_a_light_accent_is_darkened_as_text_and_no_further(colour: str) -> None:
    """Text has 4.5 on white and on the grounds of tiles and inputs; what can be read stays as it is."""
    grounds = "FFFFFF", "F4F6F9", "FFF9E5"
    text = readable(colour, *grounds)
    assert min(contrast(text, ground) for ground in grounds) >= 4.5
    if text != colour:
        assert min(contrast(text, ground) for ground in grounds) < 4.6
    else:
        assert min(contrast(colour, ground) for ground in grounds) >= 4.5


def test_name_and_footer_stand_at_the_foot_of_every_page() -> None:
    """An ampersand is doubled, since one begins a code; without a name the footer stands alone."""
    workbook = books.opened(build(branded()))
    assert {sheet.oddFooter.center.text for sheet in workbook} == {"Example && Söhne · Internal"}
    plain = books.opened(build(cards.odd_cards()["usual"]))
    assert {sheet.oddFooter.center.text for sheet in plain} == {"Confidential"}
    long = books.opened(build(branded(name="N" * 300)))
    assert all(len(str(sheet.oddFooter.center.text)) <= 80 for sheet in long)


# --- the logo -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "data"), [("png", png()), ("jpeg", jpeg())])
def test_the_size_of_a_picture_is_read_from_its_file(kind: str, data: bytes, tmp_path: Path) -> None:
    """PNG and JPEG, without Pillow."""
    path = tmp_path / "logo"
    path.write_bytes(data)
    logo = read_logo(path)
    assert (logo.kind, logo.width, logo.height) == ((kind, 300, 60) if kind == "png" else (kind, 320, 80))
    assert logo.data == data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<svg/>", "neither PNG nor JPEG"),
        (b"", "neither PNG nor JPEG"),
        (png()[:-8], "damaged"),
        (png(0), "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (jpeg()[:20], "damaged"),
        (jpeg()[:-2], "damaged"),
        (b"\xff\xd8\xff\xe0\0\0\xff\xd9", "damaged"),
        (png(noise=b"x" * MOST_BYTES), "larger than 1 MB"),
        (None, "cannot be read"),
    ],
)
def test_a_bad_logo_is_one_clear_error(data: bytes | None, says: str, tmp_path: Path) -> None:
    """What is wrong and what to do, with the file's name and without its folder."""
    path = tmp_path / "logo.png"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ConfigError, match=says) as caught:
        read_logo(path)
    assert str(caught.value).startswith('[brand] logo = "logo.png"')
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("size", [(300, 60), (60, 300), (2000, 10), (5, 5), (100, 100)])
def test_the_logo_keeps_its_proportions_within_the_title_row(size: tuple[int, int], tmp_path: Path) -> None:
    """It ends at the right edge of the page, is no higher than the row, and lies beside the title, not on it."""
    path = tmp_path / "logo.png"
    path.write_bytes(png(*size))
    data = books.written(build(branded(logo=str(path))))
    sheet = openpyxl.load_workbook(io.BytesIO(data))[names.SCORECARD]
    drawing = etree.fromstring(books.parts(data)["xl/drawings/drawing1.xml"])
    (anchor,) = (anchor for anchor in drawing if anchor.find("{*}pic") is not None)
    first, last = (TwoCellAnchor.from_tree(anchor)._from, TwoCellAnchor.from_tree(anchor).to)
    assert anchor.get("editAs") == "oneCell"  # it keeps its size where somebody widens a column
    about = anchor.find(".//{*}cNvPr")
    assert (about.get("id"), about.get("name"), about.get("descr")) == ("99", "Logo", "Logo of Example & Söhne")
    assert anchor.find(".//{*}prstGeom").get("prst") == "rect"
    assert anchor.find(".//{*}pic/{*}spPr/{*}ln") is None
    column = int(7 * 11.7) * 9525
    width = (last.col - first.col) * column + last.colOff - first.colOff
    height = last.rowOff - first.rowOff
    assert (last.col, last.colOff, first.row, last.row) == (11, column, 0, 0)
    assert 0 < height <= 40 * 9525
    assert "A1:J1" in [str(cells) for cells in sheet.merged_cells.ranges]
    assert first.col >= 10
    # As large as it is, unless it would be higher than the row less a little, or wider than two columns.
    row = round(sheet.row_dimensions[1].height / 0.75)
    scale = min(1, (row - 4) / size[1], 2 * column / 9525 / size[0])
    assert (width, height) == tuple(max(1, round(scale * pixels)) * 9525 for pixels in size)
    assert first.rowOff == (row * 9525 - height) // 2 // 9525 * 9525


def test_a_branded_workbook_with_its_logo_is_sound(tmp_path: Path) -> None:
    """Two engines agree, the SDK and the schemas find nothing, verify says that all is right; the pack has it too."""
    path = tmp_path / "logo.png"
    path.write_bytes(png())
    card = branded(logo=str(path))
    for name, one in (("all", card), ("pack", for_partner(card, card.partners[0].name))):
        target = tmp_path / f"{name}.xlsx"
        write_workbook(one, target)
        with zipfile.ZipFile(target) as archive:
            assert archive.read("xl/media/image1.png") == path.read_bytes()
            drawing = b"".join(
                archive.read(part) for part in archive.namelist() if part.startswith("xl/drawings/drawing")
            )
            everything = b"".join(archive.read(part) for part in archive.namelist())
        assert 'descr="Logo of Example &amp; Söhne"'.encode() in drawing
        assert str(tmp_path).encode() not in everything
        assert office.open_xml_sdk(target) == []
        assert office.validate(target) == []
        assert verify(target).findings == []


def test_the_same_brand_gives_the_same_bytes(tmp_path: Path) -> None:
    """Also in one process after another brand: nothing outlives a workbook."""
    path = tmp_path / "logo.png"
    path.write_bytes(png())
    made = []
    for number, card in enumerate((branded(logo=str(path)), branded(accent="AA0000"), branded(logo=str(path)))):
        write_workbook(card, tmp_path / f"{number}.xlsx")
        made.append((tmp_path / f"{number}.xlsx").read_bytes())
    assert made[0] == made[2] != made[1]


def test_pillow_is_not_needed() -> None:
    """The modules load, and openpyxl's picture class with them, where there is none."""
    program = (
        "import sys; sys.modules['PIL'] = None; import partnerkpi.workbook.build, partnerkpi.workbook.writer.writer"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_everything_is_printed_on_the_paper_of_the_settings(paper: str, tmp_path: Path) -> None:
    """Every sheet of a scorecard and of a pack is of one paper, and `verify` makes the same again."""
    card = branded(paper=paper)
    for one in (card, for_partner(card, card.partners[0].name)):
        path = tmp_path / "book.xlsx"
        write_workbook(one, path)
        sheets = openpyxl.load_workbook(path).worksheets
        assert {sheet.page_setup.paperSize for sheet in sheets} == {{"a4": 9, "letter": 1}[paper]}
        assert verify(path).sound


def test_a_few_rows_are_not_left_alone_on_a_last_page() -> None:
    """What is 1.1 pages high becomes one, with smaller letters; 1.3 stays two, and 0.9 is not made smaller."""
    pages = {}
    for rows in (48, 58, 70):  # 50.6 of 15 points fill an upright page of A4 that is 100 characters wide
        sheet = WorkbookModel().sheet("One")
        set_widths(sheet, {"A": 100})
        set_page(sheet, "", [f"A1:A{rows}"], landscape=False)
        set_paper([sheet], "a4")
        assert sheet.page is not None
        pages[rows] = sheet.page.pages
    assert pages == {48: 0, 58: 1, 70: 0}
