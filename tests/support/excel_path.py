"""The way from a cell to a function and back, as xlwings goes it on Windows, on every system.

pywin32 is replaced by stand-ins that hand over what Excel would, and everything between is xlwings' own code:
`com_server.XLPython.CallUDF`, `udfs.call_udf`, the converters. Within `with ExcelPath() as excel` the stand-ins are
in place; after it, modules and ctypes are what they were before.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import importlib
import sys
from types import ModuleType, TracebackType
from typing import Any, Self

LEFT_OUT = -2147352572  # how COM says that an optional argument was left out
MODULE = "partnerkpi.udfs"

_RANGE = "{00020846-0000-0000-C000-000000000046}"
_SHADOWED = ("xlwings", "pywintypes", "pythoncom", MODULE)
_CTYPES = ("windll", "oledll", "PyDLL", "WINFUNCTYPE")
_ABSENT = object()


class CellTime(dt.datetime):
    """A date as pywin32 hands it over: a datetime with a time zone."""

    @classmethod
    def of(cls, *parts: int) -> CellTime:
        """Make one from year, month, day ..."""
        return cls(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type,misc]  # parts are the numbers of a date


class CellRange:
    """A range of cells; `Value` is what pywin32 gives: the value of one cell, or a tuple of rows."""

    def __init__(self, value: object) -> None:
        self.Value = self.Value2 = value
        self.Row = self.Column = 1

    @property
    def _oleobj_(self) -> Any:
        return self

    def GetTypeInfo(self) -> Any:  # noqa: N802 - COM's name
        return self

    def GetTypeAttr(self) -> Any:  # noqa: N802 - COM's name
        return type("Attributes", (), {"iid": _RANGE})

    @property
    def Worksheet(self) -> Any:  # noqa: N802 - COM's name
        return self

    Parent = Application = Worksheet

    @property
    def Rows(self) -> Any:  # noqa: N802 - COM's name
        return _count(len(self.Value) if isinstance(self.Value, tuple) else 1)

    @property
    def Columns(self) -> Any:  # noqa: N802 - COM's name
        return _count(len(self.Value[0]) if isinstance(self.Value, tuple) else 1)


class ExcelPath:
    """Excel on Windows, as far as a function can tell."""

    def __init__(self) -> None:
        self._modules: dict[str, ModuleType] = {}
        self._ctypes: dict[str, object] = {}
        self.xlwings: Any = None
        self.functions: Any = None  # partnerkpi.udfs as imported within this Excel
        self._server: Any = None

    def __enter__(self) -> Self:
        self._modules = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_shadowed(name)}
        self._ctypes = {name: getattr(ctypes, name, _ABSENT) for name in _CTYPES}
        try:
            _install()
            self._load()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        server = sys.modules.get("xlwings.com_server")
        if server is not None and hasattr(server, "loop"):
            server.loop.close()
        for name in [name for name in sys.modules if _is_shadowed(name)]:
            del sys.modules[name]
        sys.modules.update(self._modules)
        package = sys.modules["partnerkpi"]
        if MODULE in self._modules:
            package.udfs = self._modules[MODULE]  # type: ignore[attr-defined]
        else:
            vars(package).pop("udfs", None)
        for name, value in self._ctypes.items():
            if value is _ABSENT:
                vars(ctypes).pop(name, None)
            else:
                setattr(ctypes, name, value)

    def _load(self) -> None:
        """Import xlwings as it is on Windows, then the functions, whose decorators are now the real ones."""
        xlwings = importlib.import_module("xlwings")
        windows = importlib.import_module("xlwings._xlwindows")
        main = importlib.import_module("xlwings.main")
        xlwings._xlwindows = windows  # type: ignore[attr-defined]
        engine = main.Engine(impl=windows.engine)
        xlwings.engines.add(engine)
        app = type("App", (), {"engine": engine})
        main.Range.sheet = property(lambda _: type("Sheet", (), {"book": type("Book", (), {"app": app})}))
        udfs = importlib.import_module("xlwings.udfs")
        for name, decorator in {"func": udfs.xlfunc, "arg": udfs.xlarg, "ret": udfs.xlret, "sub": udfs.xlsub}.items():
            setattr(xlwings, name, decorator)
        self.xlwings, self.udfs = xlwings, udfs
        self._server = importlib.import_module("xlwings.com_server").XLPython()
        self.functions = importlib.import_module(MODULE)

    def call(self, function: str, *arguments: object, module: str = MODULE) -> Any:
        """Return what a cell gets; an exception here is what would stand in the cell as a traceback."""
        return self._server.CallUDF(module, function, arguments, None, None)

    def add_module(self, name: str, **functions: Any) -> None:
        """Add a module with functions of its own, as a user of xlwings might have written them."""
        module = ModuleType(name)
        module.__file__ = __file__
        vars(module).update(functions)
        self.udfs.udf_modules[name] = {"module": module, "filename": __file__, "filetime": None}


def _is_shadowed(name: str) -> bool:
    return name.startswith("win32") or any(name == one or name.startswith(f"{one}.") for one in _SHADOWED)


def _count(size: int) -> Any:
    return type("Count", (), {"Count": size})


class _Anything(ModuleType):
    """A module in which every public name is an empty class."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class _Library:
    """A library of Windows: every function is there and does nothing."""

    def __getattr__(self, name: str) -> _Library:
        return _Library()

    def __call__(self, *_: object, **__: object) -> int:
        return 0

    def __setattr__(self, name: str, value: object) -> None:
        pass


def _module(name: str, **names: object) -> ModuleType:
    module = _Anything(name)
    vars(module).update(names)
    sys.modules[name] = module
    return module


def _install() -> None:
    """Put the stand-ins for pywin32 in place."""
    failure = type("com_error", (Exception,), {})
    _module("pywintypes", com_error=failure, error=failure, TimeType=CellTime, IID=str)
    _module(
        "pythoncom",
        **{"__file__": "pythoncom", "com_error": failure, "ole_error": failure, "CoInitialize": lambda *_: None},
        **{"IID_IDispatch": "IDispatch", "TypeIIDs": {"IDispatch": type("PyIDispatch", (), {})}},
    )
    for name in ("win32api", "win32con", "win32gui", "win32process", "win32event"):
        _module(name)
    _module("win32timezone", TimeZoneInfo=type("TimeZoneInfo", (), {"utc": staticmethod(lambda: dt.UTC)}))
    client = _module("win32com.client", Dispatch=lambda value, *_, **__: value)
    dispatcher, policy = _module("win32com.server.dispatcher"), _module("win32com.server.policy", DefaultPolicy=object)
    util = _module("win32com.server.util", unwrap=_not_wrapped, wrap=lambda value, *_, **__: value)
    server = _module("win32com.server", dispatcher=dispatcher, policy=policy, util=util)
    _module("win32com", client=client, server=server)
    ctypes.windll = ctypes.oledll = _Library()  # type: ignore[attr-defined]  # only Windows has them
    ctypes.PyDLL = lambda *_, **__: _Library()  # type: ignore[assignment,misc]  # a stand-in for the class
    ctypes.WINFUNCTYPE = ctypes.CFUNCTYPE  # type: ignore[attr-defined]  # only Windows has it


def _not_wrapped(value: object) -> object:
    raise TypeError(f"{type(value).__name__} is not a wrapped object")
