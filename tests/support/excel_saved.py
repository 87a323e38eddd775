"""A workbook in the form in which Excel saves it, put together from files that Excel saved: no Excel was asked.

Seen in the quick start of xlwings and in exports saved by Excel 2016 to 365: strings in the order of cells, styles with
numbers of their own, revision ids, the height of letters in each row, which columns a row spans, the order of
calculation, where the file lay, and who saved it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lxml import etree
from tamperings import Forgery

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SPACES = (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr xr2 xr3 x15"'
    ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
    ' xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"'
    ' xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
    ' xmlns:xr2="http://schemas.microsoft.com/office/spreadsheetml/2015/revision2"'
    ' xmlns:xr3="http://schemas.microsoft.com/office/spreadsheetml/2016/revision3"'
)
_ABOUT = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_CALCULATED = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
_PATH = (
    '<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="C:\\Users\\ann\\Documents\\" '
    'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent>'
    '<xr:revisionPtr revIDLastSave="0" documentId="13_ncr:1_{122D0787-ABDB-40A5-8C4D-FC2A5483458A}"/>'
)


def as_excel_saves(path: Path) -> Forgery:
    """Return a workbook of ours as Excel would save it."""
    forged = Forgery(path)
    sheets = sorted((name for name in forged.parts if re.match(r"xl/worksheets/sheet\d+\.xml$", name)), key=_number)
    for part in ("xl/workbook.xml", *sheets, *(name for name in forged.parts if name.startswith("xl/tables/"))):
        forged.parts[part] = re.sub(
            rb"(<(?:workbook|worksheet|table)\b)", lambda tag: tag[1] + _SPACES.encode(), forged.parts[part], count=1
        )
    styles = _renumber_styles(forged)
    strings = _Strings(forged)
    chain = etree.Element(f"{{{_MAIN}}}calcChain", nsmap={None: _MAIN})
    for number, part in enumerate(sheets, 1):
        _save_sheet(forged.root(part), styles, strings, chain, number)
    strings.write()
    forged.add("xl/calcChain.xml", etree.tostring(chain), _CALCULATED)
    forged.relate("xl/workbook.xml", "calcChain", "calcChain.xml")
    _save_book(forged)
    return forged


def _number(part: str) -> int:
    return int(re.findall(r"\d+", part)[-1])


def _renumber_styles(forged: Forgery) -> dict[str, str]:
    """Turn the order of the looks of cells round but for the first; return the new number of each."""
    looks = forged.root("xl/styles.xml").find(f"{{{_MAIN}}}cellXfs")
    assert looks is not None
    first, *others = looks
    looks[:] = [first, *reversed(others)]
    return {"0": "0"} | {str(old): str(len(others) + 1 - old) for old in range(1, len(others) + 1)}


class _Strings:
    """The shared strings in the order in which cells ask for them, last sheet's first."""

    def __init__(self, forged: Forgery) -> None:
        self._root = forged.root("xl/sharedStrings.xml")
        self._given = list(self._root)
        self._numbers: dict[int, int] = {}

    def number(self, old: int) -> int:
        return self._numbers.setdefault(old, len(self._given) - 1 - len(self._numbers))

    def write(self) -> None:
        left = [old for old in range(len(self._given)) if old not in self._numbers]
        for old in left:
            self.number(old)
        self._root[:] = [self._given[old] for old in sorted(self._numbers, key=self._numbers.__getitem__)]


def _save_sheet(root: Any, styles: dict[str, str], strings: _Strings, chain: Any, number: int) -> None:
    ac, revision = root.nsmap["x14ac"], root.nsmap["xr"]
    root.set(f"{{{revision}}}uid", f"{{00000000-0001-0000-{number:04}-000000000000}}")
    for one in root.iter(f"{{{_MAIN}}}sheetFormatPr"):
        one.set(f"{{{ac}}}dyDescent", "0.25")
    for one in root.iter(f"{{{_MAIN}}}col"):
        if "style" in one.attrib:
            one.set("style", styles[one.get("style")])
    for row in root.iter(f"{{{_MAIN}}}row"):
        row.set(f"{{{ac}}}dyDescent", "0.25")
        if len(row):
            row.set("spans", f"1:{len(row)}")
        if "s" in row.attrib:
            row.set("s", styles[row.get("s")])
    for cell in root.iter(f"{{{_MAIN}}}c"):
        if "s" in cell.attrib:
            cell.set("s", styles[cell.get("s")])
        value = cell.find(f"{{{_MAIN}}}v")
        if cell.get("t") == "s" and value is not None:
            value.text = str(strings.number(int(value.text)))
        if cell.find(f"{{{_MAIN}}}f") is not None:
            etree.SubElement(chain, f"{{{_MAIN}}}c", r=cell.get("r"), i=str(number))


def _save_book(forged: Forgery) -> None:
    book = forged.book
    version = etree.Element(f"{{{_MAIN}}}fileVersion", appName="xl", lastEdited="7", lowestEdited="7", rupBuild="28112")
    book.insert(0, version)
    where = list(book).index(book.find(f"{{{_MAIN}}}workbookPr")) + 1
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in book.nsmap.items() if name)
    for place, one in enumerate(etree.fromstring(f"<a {spaces}>{_PATH}</a>")):
        book.insert(where + place, one)
    for view in book.iter(f"{{{_MAIN}}}workbookView"):
        view.attrib.update({"xWindow": "-120", "yWindow": "-120", "windowWidth": "29040", "windowHeight": "15720"})
        view.set(f"{{{book.nsmap['xr2']}}}uid", "{00000000-000D-0000-FFFF-FFFF00000000}")
    for one in book.iter(f"{{{_MAIN}}}calcPr"):
        one.set("calcId", "191029")
    about = forged.root("docProps/core.xml")
    etree.SubElement(about, f"{{{_ABOUT}}}lastModifiedBy").text = "Ann Example"
