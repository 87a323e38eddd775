"""Change a finished workbook as somebody with a text editor would: part by part, leaving the rest as it is."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from partnerkpi.verify.contents import read_contents

Change = Callable[[str], str]


def changed(path: Path, target: Path, parts: dict[str, Change], *, without: str = "-", **added: bytes) -> Path:
    """Write a copy in which parts are changed, those whose name begins with `without` left out, and some added."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name.startswith(without):
                continue
            data = old.read(name)
            if name in parts:
                text = data.decode("utf-8")
                assert parts[name](text) != text, f"nothing was changed in {name}"
                data = parts[name](text).encode("utf-8")
            new.writestr(name, data)
        for name, data in added.items():
            new.writestr(name, data)
    return target


def part_of(path: Path, title: str) -> str:
    """Return the part of a sheet."""
    return read_contents(path).sheets[title].part


def stored(ref: str, value: str) -> Change:
    """Return the change that puts another stored value into a cell."""
    cell = re.compile(rf'(<c r="{ref}"[^>]*>(?:<f>[^<]*</f>)?<v>)[^<]*(</v>)')
    return lambda text: cell.sub(rf"\g<1>{value}\g<2>", text)


def parts_of(path: Path) -> dict[str, bytes]:
    """Return every part of a package."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
