"""What Excel is told about each function: asked of xlwings, never written down a second time.

xlwings records names, arguments and help texts on Windows only, where pywin32 is. So it is asked in a process of its
own that has stand-ins for pywin32: run as a program, this module prints what it learns as JSON.
"""

from __future__ import annotations

import ctypes
import functools
import importlib
import io
import json
import subprocess
import sys
from contextlib import suppress
from types import ModuleType, SimpleNamespace
from typing import Any

from partnerkpi.dataclass import dataclass
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
            f"xlwings could not describe the functions of {module} ({last}); install it again from where you got it"
        )
    found = json.loads(done.stdout)
    functions = tuple(_function(record) for record in found["functions"])
    return Catalogue(functions, found["wrappers"], found["xlwings"])


def _function(record: dict[str, Any]) -> ExcelFunction:
    arguments = tuple(Argument(*argument) for argument in record["arguments"])
    return ExcelFunction(record["name"], record["help"], record["category"], arguments)


def _describe(module_name: str, workbook: str) -> dict[str, Any]:
    """Return what xlwings on Windows would record of a module; changes this process, so it runs in one of its own."""
    xlwings, udfs = _load_xlwings()
    module = importlib.import_module(module_name)
    text = io.StringIO()
    udfs.generate_vba_wrapper(module_name, module, text, SimpleNamespace(Name=workbook))
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


class _Anything(ModuleType):
    """A module in which every public name is an empty class."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class _Library:
    """A library of Windows: every function can be looked up, called and described, and does nothing."""

    def __getattr__(self, name: str) -> _Library:
        return _Library()

    def __call__(self, *_: object, **__: object) -> int:
        return 0

    def __setattr__(self, name: str, value: object) -> None:
        pass


def _load_xlwings() -> tuple[ModuleType, ModuleType]:
    """Return xlwings as it is on Windows, where its decorators record what they are told, and its module `udfs`."""
    for name in ("numpy", "pandas"):  # xlwings imports them where they are; they are to meet the real ctypes
        with suppress(ImportError):
            importlib.import_module(name)
    _install_stand_ins()
    import xlwings
    from xlwings import udfs

    # What xlwings itself does where pywin32 is there; elsewhere its decorators do nothing.
    for name, decorator in {"func": udfs.xlfunc, "arg": udfs.xlarg, "ret": udfs.xlret, "sub": udfs.xlsub}.items():
        setattr(xlwings, name, decorator)
    return xlwings, udfs


def _install_stand_ins() -> None:
    """Put stand-ins for pywin32 and for Windows' part of ctypes where imports find them."""
    failure = type("com_error", (Exception,), {})
    _module("pywintypes", com_error=failure, error=failure, TimeType=type("TimeType", (), {}), IID=str)
    _module("pythoncom", __file__="", CoInitialize=lambda *_: None, com_error=failure, ole_error=failure)
    for name in ("win32api", "win32con", "win32gui", "win32process", "win32event", "win32timezone"):
        _module(name)
    dispatcher, util = _module("win32com.server.dispatcher"), _module("win32com.server.util")
    policy = _module("win32com.server.policy", DefaultPolicy=object)
    server = _module("win32com.server", dispatcher=dispatcher, policy=policy, util=util)
    _module("win32com", client=_module("win32com.client"), server=server)
    for name in ("windll", "oledll"):
        if not hasattr(ctypes, name):
            setattr(ctypes, name, _Library())
    ctypes.PyDLL = lambda *_, **__: _Library()  # type: ignore[assignment,misc]  # a stand-in for the class
    if not hasattr(ctypes, "WINFUNCTYPE"):
        ctypes.WINFUNCTYPE = ctypes.CFUNCTYPE  # type: ignore[attr-defined]  # only Windows has it


def _module(name: str, **names: object) -> ModuleType:
    module = _Anything(name)
    vars(module).update(names)
    sys.modules[name] = module
    return module


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_describe(sys.argv[1], sys.argv[2]), ensure_ascii=False))
