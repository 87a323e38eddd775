"""What Python answers when the workbook asks whether it is there: Excel's own proof, with the versions."""

from __future__ import annotations

import platform

from partnerkpi.excel.stamp import Stamp, installed

ANSWERS, NOT_OK = "Python answers", "Another version"  # how the answer begins


def answer(version: str, functions: str) -> str:
    """Say that this Python answers, and whether it fits a workbook of that version with those functions.

    Called by the macro `PartnerSetUp` of the workbook and the add-in. Both texts are those that the file carries:
    0.1.0, and the functions' names with a semicolon between.
    """
    asking, here = Stamp.of(version, functions), installed()
    if (difference := asking.differs_from(here)) is not None:
        return f"{NOT_OK}: {difference}; run partnerkpi excel install"
    return f"{ANSWERS}: partnerkpi {here.version}, {len(here.functions)} functions, Python {platform.python_version()}"
