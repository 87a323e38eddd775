"""What workbook and add-in carry of themselves: the version of partnerkpi and the list of functions.

They stand on the sheet of xlwings' settings, which xlwings, the macros and this program all read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from lxml import etree

import partnerkpi.udfs
from partnerkpi._version import __version__
from partnerkpi.dataclass import dataclass
from partnerkpi.files import of_damage
from partnerkpi.tables.analyst import SETTINGS_SHEET, VERSION
from partnerkpi.workbook.model.values import parse
from partnerkpi.workbook.writer.package import STRINGS, sheet_titles

FUNCTIONS = "PARTNERKPI_FUNCTIONS"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_BETWEEN = ";"
_UNTOUCHED = "Openpyxl"  # in the properties of a file as it was made here; Excel writes its own name
_NAMED = 3  # functions that a sentence names


@dataclass(frozen=True)
class Stamp:
    """A version of partnerkpi, and the functions that it has; both empty for a file that was made before they were."""

    version: str
    functions: frozenset[str]

    @classmethod
    def of(cls, version: str, functions: str) -> Stamp:
        """Return the stamp that a file carries as two texts."""
        return cls(version.strip(), frozenset(filter(None, map(str.strip, functions.split(_BETWEEN)))))

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        """Return what a file carries: keys with their texts."""
        return (VERSION, self.version), (FUNCTIONS, _BETWEEN.join(sorted(self.functions)))

    @property
    def shown(self) -> str:
        """Return the version as it is said."""
        return f"partnerkpi {self.version}" if self.version else "an earlier partnerkpi"

    def is_newer_than(self, other: Stamp) -> bool:
        """Tell whether this is of a later version."""
        return _numbers(self.version) > _numbers(other.version)

    def differs_from(self, installed: Stamp) -> str | None:
        """Say how a file with this stamp differs from what is installed, None where it does not."""
        if self.version != installed.version:
            return f"the file is of {self.shown}, installed is {installed.version}"
        missing, extra = installed.functions - self.functions, self.functions - installed.functions
        if missing:
            return f"the file lacks {_named(missing)}"
        if extra:
            return f"the file has {_named(extra)}, which {'is' if len(extra) == 1 else 'are'} not installed"
        return None


def installed() -> Stamp:
    """Return the stamp of the partnerkpi that runs this."""
    return Stamp(__version__, frozenset(partnerkpi.udfs.FUNCTIONS))


def stamp_of(path: Path) -> Stamp:
    """Return the stamp that a workbook or an add-in carries, an empty one where it carries none or cannot be read."""
    carried = dict(settings_of(path))
    return Stamp.of(carried.get(VERSION, ""), carried.get(FUNCTIONS, ""))


def settings_of(path: Path) -> Sequence[tuple[str, str]]:
    """Return the settings that a workbook carries; none where it cannot be read, which another check says."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist() if name.endswith((".xml", ".rels"))}
        part = next((part for part, title in sheet_titles(parts).items() if title == SETTINGS_SHEET), None)
        if part is None:
            return []
        texts = [_text(one) for one in parse(parts[STRINGS])] if STRINGS in parts else []
        rows = [_cells(row, texts) for row in parse(parts[part]).iter(f"{_MAIN}row")]
    except of_damage(OSError, LookupError, etree.XMLSyntaxError):
        return []
    expected = takewhile(lambda row: "A" in row[1] and row[0] == row[1]["number"], enumerate(rows, 1))
    return [(row["A"], row.get("B", "")) for _, row in expected]


def _cells(row: etree._Element, texts: Sequence[str]) -> dict[str, Any]:
    """Return the texts of a row's cells by their columns, and the row's number."""
    found: dict[str, Any] = {"number": int(row.get("r") or 0)}
    for cell in row:
        kind, value = cell.get("t"), cell.findtext(f"{_MAIN}v") or ""
        text = _text(cell) if kind == "inlineStr" else value
        if text:
            found[(cell.get("r") or "").rstrip("0123456789")] = texts[int(value)] if kind == "s" else text
    return found


def _text(element: etree._Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{_MAIN}t"))


def was_saved(path: Path) -> bool:
    """Tell whether somebody has saved the workbook since it was made: it may then hold rows that are somebody's."""
    try:
        with zipfile.ZipFile(path) as package:
            made_by = package.read("docProps/app.xml").decode("utf-8", "replace")
    except of_damage(OSError, KeyError):
        return True
    return _UNTOUCHED not in made_by


def _named(functions: frozenset[str]) -> str:
    names = sorted(functions)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
