"""The add-in as LibreOffice starts it: it is copied into the .oxt as it is, and runs nowhere else."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - LibreOffice brings its own Python, which may be older
    raise RuntimeError(
        "The PARTNER_ functions need Python 3.11. LibreOffice brings it along on Windows and Mac from version 25.8 on; "
        "on Linux it uses the system's."
    )

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import unohelper
from com.sun.star.lang import Locale, XServiceInfo, XServiceName
from com.sun.star.sheet import XAddIn
from org.partnerkpi.addin import XPartnerKpi

IMPLEMENTATION = "org.partnerkpi.addin.PartnerKpi"
SERVICES = ("com.sun.star.sheet.AddIn", IMPLEMENTATION)
HERE = Path(__file__).parent


def _own_functions() -> Any:
    """Import the functions that lie beside this file, whatever else is called so on this machine.

    They are decorated for xlwings; here a stand-in leaves them as they are.
    """
    names = [name for name in sys.modules if name.split(".")[0] in ("partnerkpi", "xlwings")]
    others = {name: sys.modules.pop(name) for name in names}
    stand_in: Any = ModuleType("xlwings")
    stand_in.func = stand_in.arg = lambda *_, **__: lambda function: function
    sys.modules["xlwings"] = stand_in
    sys.path.insert(0, str(HERE / "functions"))
    try:
        from partnerkpi.carriers import libreoffice_calls
        from partnerkpi.kpi.benchmark import Benchmark
        from partnerkpi.udfs import ratings

        given = json.loads((HERE / "benchmarks.json").read_text(encoding="utf-8"))
        ratings.settle({kpi: Benchmark.from_thresholds(kpi, **one) for kpi, one in given.items()})
        return libreoffice_calls
    finally:
        sys.path.remove(str(HERE / "functions"))
        del sys.modules["xlwings"]
        sys.modules.update(others)


calls = _own_functions()
FUNCTIONS = calls.FUNCTIONS
BY_METHOD = {calls.method_of(name): function for name, function in FUNCTIONS.items()}


class PartnerKpi(unohelper.Base, XPartnerKpi, XAddIn, XServiceName, XServiceInfo):  # type: ignore[misc]
    """The add-in: a method for each function, and what the function wizard asks about them."""

    def __init__(self, _context: object, *_: object) -> None:
        self.locale = Locale("en", "US", "")

    def getProgrammaticFuntionName(self, name: str) -> str:  # noqa: D102, N802 - UNO's name, and its spelling
        return calls.method_of(name) if name in FUNCTIONS else ""

    def getDisplayFunctionName(self, method: str) -> str:  # noqa: D102, N802
        return BY_METHOD[method].name if method in BY_METHOD else ""

    def getFunctionDescription(self, method: str) -> str:  # noqa: D102, N802
        return BY_METHOD[method].description if method in BY_METHOD else ""

    def getDisplayArgumentName(self, method: str, number: int) -> str:  # noqa: D102, N802
        return self._argument(method, number)[0]

    def getArgumentDescription(self, method: str, number: int) -> str:  # noqa: D102, N802
        return self._argument(method, number)[1]

    def _argument(self, method: str, number: int) -> tuple[str, str]:
        arguments = list(BY_METHOD[method].arguments.items()) if method in BY_METHOD else []
        return arguments[number] if number < len(arguments) else ("", "")

    def getProgrammaticCategoryName(self, _method: str) -> str:  # noqa: D102, N802
        return "Add-In"

    def getDisplayCategoryName(self, _method: str) -> str:  # noqa: D102, N802
        return "Add-In"

    def setLocale(self, locale: object) -> None:  # noqa: D102, N802
        self.locale = locale

    def getLocale(self) -> object:  # noqa: D102, N802
        return self.locale

    def getServiceName(self) -> str:  # noqa: D102, N802
        return IMPLEMENTATION

    def getImplementationName(self) -> str:  # noqa: D102, N802
        return IMPLEMENTATION

    def supportsService(self, name: str) -> bool:  # noqa: D102, N802
        return name in SERVICES

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: D102, N802
        return SERVICES


def _method(name: str) -> Any:
    def method(_: object, *arguments: object) -> object:
        own = arguments[: len(FUNCTIONS[name].arguments)]
        document = arguments[len(own) :]  # handed over to functions with days
        return calls.answer(name, own, *map(calls.first_day, document))

    return method


for _name, _function in BY_METHOD.items():
    setattr(PartnerKpi, _name, _method(_function.name))

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice looks for this name
g_ImplementationHelper.addImplementation(PartnerKpi, IMPLEMENTATION, SERVICES)
