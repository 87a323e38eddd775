"""What Excel is told about each function: asked of xlwings, never written down a second time.

xlwings records names, arguments and help texts on Windows only, where pywin32 is. So it is asked in a process of its
own that has stand-ins for pywin32: run as a program, this module prints what it learns as JSON.
"""

from __future__ import annotations

import functools
import importlib
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from partnerkpi.errors import PartnerKpiError

MODULE = "partnerkpi.udfs"
CATEGORY = "Partner KPI"
MAX_HELP = 255  # characters of a help text that Excel shows


@dataclass(frozen=True)
class Argument:
    """One argument as the function wizard shows it."""

    name: str
    help: str
    optional: bool


@dataclass(frozen=True)
class ExcelFunction:
    """One function as the function wizard shows it."""

    name: str
    help: str
    category: str
    arguments: tuple[Argument, ...]

    @property
    def signature(self) -> str:
        """How the function is called, with optional arguments in brackets: PARTNER_NPS_MARGIN(scores, [confidence])."""
        shown = [f"[{argument.name}]" if argument.optional else argument.name for argument in self.arguments]
        return f"{self.name}({', '.join(shown)})"


@dataclass(frozen=True)
class Catalogue:
    """The functions, the VBA that xlwings' own generator writes for them, and the version of that xlwings."""

    functions: tuple[ExcelFunction, ...]
    wrappers: str
    xlwings_version: str


@functools.cache
def catalogue(module: str = MODULE, workbook: str = "scorecard.xlsm") -> Catalogue:
    """Return what the installed xlwings makes of a module of functions. Raises PartnerKpiError where it cannot."""
    command = [sys.executable, "-X", "utf8", "-m", __name__, module, workbook]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - this very Python
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise PartnerKpiError(
            f"xlwings could not describe the functions of {module} ({last}); "
            "install it again: pip install --force-reinstall partnerkpi"
        )
    found = json.loads(done.stdout)
    functions = tuple(_function(record) for record in found["functions"])
    return Catalogue(functions, found["wrappers"], found["xlwings"])


def _function(record: dict[str, Any]) -> ExcelFunction:
    arguments = tuple(Argument(*argument) for argument in record["arguments"])
    return ExcelFunction(record["name"], record["help"], record["category"], arguments)


def _describe(module_name: str, workbook: str) -> dict[str, Any]:
    """Return what xlwings on Windows would record of a module; changes this process, so it runs in one of its own."""
    from partnerkpi.excel.windows_stubs import load_xlwings, workbook_called

    xlwings, udfs = load_xlwings()
    module = importlib.import_module(module_name)
    text = io.StringIO()
    udfs.generate_vba_wrapper(module_name, module, text, workbook_called(workbook))
    records = [
        recorded.__xlfunc__
        for recorded in (getattr(module, name) for name in dir(module))
        if hasattr(recorded, "__xlfunc__")
    ]
    functions = [
        {
            "name": record["name"],
            "help": one_line(record["ret"]["doc"]),
            "category": record["category"],
            "arguments": [
                (argument["name"], one_line(argument["doc"]), "optional" in argument)
                for argument in record["args"]
                if not argument["vba"]
            ],
        }
        for record in records
    ]
    return {"functions": functions, "wrappers": text.getvalue(), "xlwings": xlwings.__version__}


def one_line(text: str) -> str:
    """Return a help text as Excel takes it: one line."""
    return " ".join(text.split())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_describe(sys.argv[1], sys.argv[2]), ensure_ascii=False))
