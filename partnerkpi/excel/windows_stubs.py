"""Stand-ins for pywin32, so that xlwings' Windows modules can be imported on every system, only to be asked.

They live in a process of their own (`wrappers`): nothing else must meet them.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any


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


def load_xlwings() -> tuple[ModuleType, ModuleType]:
    """Return xlwings as it is on Windows, where its decorators record what they are told, and its module `udfs`."""
    for name in ("numpy", "pandas"):  # xlwings imports them where they are; they are to meet the real ctypes
        with suppress(ImportError):
            import_module(name)
    _install()
    import xlwings
    from xlwings import udfs

    # What xlwings itself does where pywin32 is there; elsewhere its decorators do nothing.
    for name, decorator in {"func": udfs.xlfunc, "arg": udfs.xlarg, "ret": udfs.xlret, "sub": udfs.xlsub}.items():
        setattr(xlwings, name, decorator)
    return xlwings, udfs


def _install() -> None:
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


def workbook_called(name: str) -> SimpleNamespace:
    """Return what xlwings' generator needs to know of a workbook."""
    return SimpleNamespace(Name=name)
