"""partnerkpi.xlam: the macros of scorecard.xlsm as an add-in, which Excel starts by itself from its folder XLSTART.

The add-in is made of the workbook's own package: the same VBA project, byte for byte, and the same sheets, all emptied
but the one of settings, since nothing of an add-in is shown and nothing of it should be calculated when Excel starts.
"""

from __future__ import annotations

import re

from partnerkpi.excel.package import MACRO_MAIN, pack, read_parts
from partnerkpi.tables.analyst import SETTINGS_SHEET
from partnerkpi.workbook.model.values import parse, serialize
from partnerkpi.workbook.writer.package import STRINGS, TYPES, WORKBOOK, WORKBOOK_RELATIONS, sheet_titles

NAME = "partnerkpi.xlam"
_ADD_IN_MAIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: What a workbook has and an add-in needs none of: what is drawn, tables, and what spills.
_LEFT_OUT = re.compile(r"xl/(?:tables|charts|drawings|worksheets/_rels)/|xl/metadata\.xml$|xl/calcChain\.xml$")


def add_in(workbook: bytes) -> bytes:
    """Return the add-in made of the bytes of scorecard.xlsm; the same bytes give the same add-in."""
    parts = {name: part for name, part in read_parts(workbook).items() if not _LEFT_OUT.match(name)}
    for part, title in sheet_titles(parts).items():
        if title == SETTINGS_SHEET:
            parts[part], parts[STRINGS] = _with_own_texts(parts[part], parts[STRINGS])
        else:
            parts[part] = _emptied(parts[part])
    parts[WORKBOOK] = _as_add_in(parts[WORKBOOK])
    parts[TYPES] = _without_absent(parts[TYPES].replace(MACRO_MAIN.encode(), _ADD_IN_MAIN.encode()), "PartName", parts)
    parts[WORKBOOK_RELATIONS] = _without_absent(parts[WORKBOOK_RELATIONS], "Target", parts)
    return pack(parts)


def _as_add_in(workbook: bytes) -> bytes:
    """Return the workbook's own part without names, hidden, and with nothing to calculate."""
    root = parse(workbook)
    for name in ("definedNames", "calcPr"):
        for element in root.findall(f"{{{_MAIN}}}{name}"):
            root.remove(element)
    for view in root.iter(f"{{{_MAIN}}}workbookView"):
        view.set("visibility", "hidden")
    return serialize(root)


def _emptied(sheet: bytes) -> bytes:
    """Return a sheet with nothing on it that keeps its VBA module."""
    (properties,) = parse(sheet).iter(f"{{{_MAIN}}}sheetPr")
    root = parse(f'<worksheet xmlns="{_MAIN}"><sheetPr/><sheetData/></worksheet>'.encode())
    root[0].set("codeName", properties.get("codeName", ""))
    return serialize(root)


def _with_own_texts(sheet: bytes, strings: bytes) -> tuple[bytes, bytes]:
    """Return a sheet and the table of the texts that stand on it, which alone are left."""
    root, table = parse(sheet), parse(strings)
    texts, used = list(table), dict[str, int]()
    for cell in root.iter(f"{{{_MAIN}}}c"):
        if cell.get("t") == "s" and (value := cell.find(f"{{{_MAIN}}}v")) is not None:
            value.text = str(used.setdefault(value.text or "", len(used)))
    table[:] = [texts[int(number)] for number in used]
    for count in ("count", "uniqueCount"):
        table.set(count, str(len(used)))
    return serialize(root), serialize(table)


def _without_absent(listing: bytes, key: str, parts: dict[str, bytes]) -> bytes:
    """Return a listing of parts without those that are not there."""
    root = parse(listing)
    for element in list(root):
        if (named := element.get(key)) is not None:
            part = named.lstrip("/") if key == "PartName" or named.startswith("/") else f"xl/{named}"
            if part not in parts:
                root.remove(element)
    return serialize(root)
