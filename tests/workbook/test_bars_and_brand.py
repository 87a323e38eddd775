"""What the last pass changes in a part, said of the markup alone: bars become solid, our colours those of a brand."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from partnerkpi.workbook.model.brand import Palette
from partnerkpi.workbook.model.theme import ACCENT, BAND, DETRACTOR, FONT, INK, MUTED
from partnerkpi.workbook.writer.bars import bar_rule, solid_bars
from partnerkpi.workbook.writer.brand import recolour

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [(-100, 100, [("num", -100), ("num", 100)]), (0, None, [("num", 0), ("max", None)])],
)
def test_a_bar_runs_between_fixed_ends(low: float, high: float | None, ends: list[tuple[str, Any]]) -> None:
    """It fills the cell from end to end, hides the number, and ends at the largest one if no end is given."""
    bar = bar_rule("2B5C8A", low, high).dataBar
    assert [(end.type, end.val) for end in bar.cfvo] == ends
    assert (bar.minLength, bar.maxLength, bar.color.rgb) == (0, 100, "FF2B5C8A")
    assert bar.showValue is False


def test_a_solid_bar_repeats_its_rule() -> None:
    """An extension of the sheet holds one block for each rule, which names it; a sheet without bars gets none."""
    rule = (
        '<cfRule type="dataBar" priority="3"><dataBar showValue="0"><cfvo type="num" val="-100"/><cfvo type="max"/>'
        '<color rgb="FF2B5C8A"/></dataBar></cfRule>'
    )
    sheet = etree.fromstring(
        f'<worksheet xmlns="{MAIN}"><conditionalFormatting sqref="B2:B9">{rule}</conditionalFormatting>'
        f'<conditionalFormatting sqref="C2"><cfRule type="expression"/></conditionalFormatting></worksheet>'
    )
    solid_bars(sheet, "Partners")
    link = sheet.find(f".//{{{MAIN}}}cfRule/{{{MAIN}}}extLst/{{{MAIN}}}ext")
    assert link.get("uri") == "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}"
    name = link.findtext(f"{{{X14}}}id")
    assert name == name.upper()
    assert sheet[-1].tag == f"{{{MAIN}}}extLst"
    (extension,) = sheet[-1]
    assert extension.get("uri") == "{78C0D931-6437-407d-A8EE-F0AAD7539E65}"
    (block,) = extension[0]
    own = block.find(f"{{{X14}}}cfRule")
    assert (own.get("type"), own.get("id")) == ("dataBar", name)
    bar = own.find(f"{{{X14}}}dataBar")
    assert dict(bar.attrib) == {"minLength": "0", "maxLength": "100", "showValue": "0", "gradient": "0"}
    ends = [(end.get("type"), end.findtext(f"{{{XM}}}f")) for end in bar.iter(f"{{{X14}}}cfvo")]
    assert ends == [("num", "-100"), ("max", None)]
    colours = [(etree.QName(one).localname, one.get("rgb")) for one in bar if one.get("rgb")]
    assert colours == [
        ("fillColor", "FF2B5C8A"),
        ("negativeFillColor", f"FF{DETRACTOR}"),
        ("axisColor", f"FF{MUTED}"),
    ]
    assert block.findtext(f"{{{XM}}}sqref") == "B2:B9"
    bare = etree.fromstring(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>')
    solid_bars(bare, "Partners")
    assert [etree.QName(one).localname for one in bare] == ["sheetData"]


def test_bars_of_other_cells_and_sheets_have_other_names() -> None:
    """The same bars get the same name in every file, and no two in one file share it."""
    found = []
    for title, cells in (("A", "B2"), ("A", "B3"), ("B", "B2"), ("A", "B2")):
        sheet = etree.fromstring(
            f'<worksheet xmlns="{MAIN}"><conditionalFormatting sqref="{cells}"><cfRule type="dataBar"><dataBar>'
            '<color rgb="FF000000"/></dataBar></cfRule></conditionalFormatting></worksheet>'
        )
        solid_bars(sheet, title)
        found.append(sheet.findtext(f".//{{{X14}}}id"))
    assert len(set(found)) == 3
    assert found[0] == found[3]


def test_only_our_colours_and_fonts_change() -> None:
    """Ours become the brand's, letters in the accent its readable form; others, and numbers that look alike, stay."""
    palette = Palette(accent="F2B705", text="806000", band="FFF0C0", ink="3A2A10", font="Georgia")
    root = etree.fromstring(
        f'<styles xmlns="{MAIN}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f'<font><name val="{FONT}"/><color rgb="FF{ACCENT}"/></font>'
        f'<font><name val="Other"/><color rgb="FF{INK}"/></font>'
        f'<fill><fgColor rgb="FF{ACCENT}"/><bgColor rgb="FF{BAND}"/></fill><fill><fgColor rgb="FF123456"/></fill>'
        f'<sz val="{INK}"/><name val="{FONT}"/>'
        f'<a:srgbClr val="{ACCENT}"/><a:srgbClr val="ABCDEF"/><a:rPr><a:srgbClr val="{ACCENT}"/></a:rPr>'
        f'<a:latin typeface="{FONT}"/><a:latin typeface="Wingdings"/>'
        '<a:majorFont><a:latin typeface="X"/></a:majorFont><a:minorFont><a:latin typeface="Y"/></a:minorFont></styles>'
    )
    recolour(root, palette)
    values = [value for element in root.iter() for value in element.attrib.values()]
    assert values == [
        *("Georgia", "FF806000", "Georgia", "FF3A2A10"),
        *("FFF2B705", "FFFFF0C0", "FF123456"),
        *(INK, FONT),
        *("F2B705", "ABCDEF", "806000"),
        *("Georgia", "Wingdings", "Georgia", "Georgia"),
    ]
