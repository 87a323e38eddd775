"""scorecard.xlsm as a file: the one that ships with the package, and which xlwings a workbook was made for."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from partnerkpi.errors import FileProblem
from partnerkpi.excel.project import can_build, modules_in
from partnerkpi.files import shipped

NAME = "scorecard.xlsm"
KEYWORD = "xlwings"  # in the file's properties, before the version: readable without taking the VBA apart

_DLL = re.compile(r"xlwings(?:32|64)-([\w.]+)\.dll")
_VERSION = re.compile(rf"<cp:keywords>[^<]*{KEYWORD} ([\w.]+)")


def shipped_workbook() -> bytes:
    """Return the workbook that came with the package. Raises FileProblem where the installation has lost it."""
    return shipped(NAME).read_bytes()


def versions_of(path: Path) -> set[str]:
    """Return the versions of xlwings whose DLLs a workbook calls; none where it calls no such DLL.

    Without pyOpenVBA the file's properties are asked instead of the VBA itself. Raises FileProblem for what is no
    macro workbook.
    """
    try:
        with zipfile.ZipFile(path) as package:
            properties = package.read("docProps/core.xml").decode("utf-8", "replace")
            has_macros = "xl/vbaProject.bin" in package.namelist()
    except FileNotFoundError:
        raise FileProblem(f"There is no file {path}.") from None
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise FileProblem(f"{path} cannot be read as an Excel workbook ({error}).") from error
    if not has_macros:
        return set()
    if can_build():
        return set(_DLL.findall("\n".join(modules_in(path).values())))
    return set(_VERSION.findall(properties))
