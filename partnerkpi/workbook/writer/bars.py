"""Bars in cells: solid, from a fixed end or from zero. openpyxl writes those of Excel 2007, which fade to white.

The solid ones are an extension of the rule, which the last pass adds. A program that does not know it draws the fading
ones; one that draws none shows an empty column, for the number beside the bar is the figure.
"""

from __future__ import annotations

import uuid

from lxml import etree
from openpyxl.formatting.rule import DataBarRule, Rule

from partnerkpi.workbook.model.theme import DETRACTOR, MUTED

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_FORMULA = "http://schemas.microsoft.com/office/excel/2006/main"
_LINK, _RULES = "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}", "{78C0D931-6437-407d-A8EE-F0AAD7539E65}"
_NAMES = uuid.UUID("6d8f1b3e-93f4-4a43-9a3c-51f1bb2fd3c4")  # any fixed one: the same bars get the same names


def bar_rule(colour: str, low: float, high: float | None = None) -> Rule:
    """Return the rule that draws a bar for each number, without the number; `high` None ends at the largest one."""
    rule: Rule = DataBarRule(  # type: ignore[no-untyped-call]  # openpyxl leaves it untyped
        start_type="num",
        start_value=low,
        end_type="max" if high is None else "num",
        end_value=high,
        color=f"FF{colour}",
        showValue=False,
        minLength=0,
        maxLength=100,
    )
    return rule


def solid_bars(root: etree._Element, title: str) -> None:
    """Make each bar of a sheet, still without rows, solid, and red where it is below zero."""
    blocks = []
    for formatting in root.iter(f"{{{_MAIN}}}conditionalFormatting"):
        cells = formatting.get("sqref", "")
        for rule in formatting.iterfind(f"{{{_MAIN}}}cfRule[@type='dataBar']"):
            name = f"{{{uuid.uuid5(_NAMES, f'{title} {cells}')}}}".upper()
            link = _extension(rule, _LINK)
            etree.SubElement(link, f"{{{_X14}}}id").text = name
            blocks.append(_block(rule, cells, name))
    if blocks:
        extension = _extension(root, _RULES)
        etree.SubElement(extension, f"{{{_X14}}}conditionalFormattings").extend(blocks)


def _extension(parent: etree._Element, uri: str) -> etree._Element:
    """Add an extension at the end of an element and return it."""
    holder = etree.SubElement(parent, f"{{{_MAIN}}}extLst")
    return etree.SubElement(holder, f"{{{_MAIN}}}ext", nsmap={"x14": _X14}, attrib={"uri": uri})


def _block(rule: etree._Element, cells: str, name: str) -> etree._Element:
    """Return the solid bar of a rule, with the same ends and colour."""

    def add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
        return etree.SubElement(parent, f"{{{_X14}}}{tag}", attributes)

    block = etree.Element(f"{{{_X14}}}conditionalFormatting", nsmap={"x14": _X14, "xm": _FORMULA})
    own = add(block, "cfRule", type="dataBar", id=name)
    bar = add(own, "dataBar", minLength="0", maxLength="100", showValue="0", gradient="0")
    for end in rule.iter(f"{{{_MAIN}}}cfvo"):
        value = add(bar, "cfvo", type=end.get("type", ""))
        if end.get("val") is not None:
            etree.SubElement(value, f"{{{_FORMULA}}}f").text = end.get("val")
    colour = next(one.get("rgb", "") for one in rule.iter(f"{{{_MAIN}}}color"))
    add(bar, "fillColor", rgb=colour)
    add(bar, "negativeFillColor", rgb=f"FF{DETRACTOR}")
    add(bar, "axisColor", rgb=f"FF{MUTED}")
    etree.SubElement(block, f"{{{_FORMULA}}}sqref").text = cells
    return block
