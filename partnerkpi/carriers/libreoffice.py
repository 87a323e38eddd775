"""The functions as an add-in for LibreOffice Calc: one .oxt file, everything in it made from `FUNCTIONS`.

In it: the modules that the functions need (standard library only), the add-in itself, its type library, so that nobody
needs LibreOffice's SDK, the names and help texts of the function wizard, and the benchmarks of ratings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from xml.sax.saxutils import escape, quoteattr

from partnerkpi._version import __version__
from partnerkpi.carriers.libreoffice_calls import method_of
from partnerkpi.carriers.libreoffice_types import ROWS, THE_DOCUMENT, VALUE, type_library
from partnerkpi.carriers.needed import needed
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.udfs import FUNCTIONS, ExcelFunction
from partnerkpi.udfs.arguments import DAYS
from partnerkpi.workbook.writer.archive import archive, packed

IDENTIFIER = "org.partnerkpi.addin"
IMPLEMENTATION = f"{IDENTIFIER}.PartnerKpi"
INTERFACE = f"{IDENTIFIER}.XPartnerKpi"
_TYPES, _NAMES, _ADD_IN, _ABOUT = "XPartnerKpi.rdb", "CalcAddIns.xcu", "partnerkpi_addin.py", "about.txt"
#: What the extension manager asks for; which Python there is, the add-in asks itself.
_LIBREOFFICE = "7.0"
_KINDS = {
    _TYPES: "application/vnd.sun.star.uno-typelibrary;type=RDB",
    _NAMES: "application/vnd.sun.star.configuration-data",
    _ADD_IN: "application/vnd.sun.star.uno-component;type=Python",
}
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def add_in(benchmarks: Mapping[str, Benchmark]) -> bytes:
    """Return the .oxt file, the same bytes for the same functions and benchmarks; ratings follow these benchmarks."""
    return archive((path, packed(data)) for path, data in _parts(benchmarks))


def _parts(benchmarks: Mapping[str, Benchmark]) -> Iterator[tuple[str, bytes]]:
    yield "META-INF/manifest.xml", _manifest().encode()
    yield "description.xml", _description().encode()
    yield _ABOUT, _about(benchmarks).encode()
    yield _TYPES, _types()
    yield _NAMES, _names().encode()
    yield _ADD_IN, files("partnerkpi.carriers").joinpath("libreoffice_addin.py").read_bytes()
    yield "benchmarks.json", json.dumps({kpi: _as_data(one) for kpi, one in benchmarks.items()}, indent=1).encode()
    for path, source in needed("partnerkpi.carriers.libreoffice_calls").items():
        yield f"functions/{path}", source


def _as_data(benchmark: Benchmark) -> dict[str, object]:
    """Return a benchmark as what `Benchmark.from_thresholds` takes."""
    return {
        "thresholds": benchmark.thresholds,
        "worst": benchmark.bands[0].name,
        "target": benchmark.target,
        "label": benchmark.label,
        "unit": benchmark.unit,
    }


def _types() -> bytes:
    methods = {
        method_of(name): (ROWS if one.table else VALUE, [*map(method_of, one.arguments), *_document(one)])
        for name, one in FUNCTIONS.items()
    }
    return type_library(INTERFACE, methods, f"** Written by partnerkpi {__version__} **".encode())


def _document(function: ExcelFunction) -> list[str]:
    """Return the parameter behind all others of a function with days: the document knows from when it counts them."""
    return [THE_DOCUMENT] if function.arguments.keys() & DAYS else []


def _manifest() -> str:
    entries = "".join(f' <m:file-entry m:full-path="{path}" m:media-type="{kind}"/>\n' for path, kind in _KINDS.items())
    return f'{_XML}<m:manifest xmlns:m="http://openoffice.org/2001/manifest">\n{entries}</m:manifest>\n'


def _about(benchmarks: Mapping[str, Benchmark]) -> str:
    """Return what the extension manager says of the add-in: which functions, and by which benchmarks they rate."""
    bands = "".join(f"{one.label or kpi}: {_bands(one)}\n" for kpi, one in benchmarks.items())
    return f"{len(FUNCTIONS)} functions: {', '.join(FUNCTIONS)}.\n\nRatings, by the value that each begins at:\n{bands}"


def _bands(benchmark: Benchmark) -> str:
    starts = (f"{name} {start:g}" for name, start in benchmark.thresholds.items())
    return ", ".join((benchmark.bands[0].name, *starts))


def _description() -> str:
    """Return what the extension manager shows: name, version, and what it asks of LibreOffice."""
    return f"""{_XML}<description xmlns="http://openoffice.org/extensions/description/2006"
 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:lo="http://libreoffice.org/extensions/description/2011">
 <identifier value="{IDENTIFIER}"/>
 <version value="{__version__}"/>
 <dependencies><lo:LibreOffice-minimal-version value="{_LIBREOFFICE}" name="LibreOffice {_LIBREOFFICE}"/></dependencies>
 <display-name><name lang="en">Partner KPI functions</name></display-name>
 <extension-description><src lang="en" xlink:href="{_ABOUT}"/></extension-description>
</description>
"""


def _names() -> str:
    """Return the names and help texts of the function wizard, and the names that formulas have in other programs."""
    functions = "".join(map(_named, FUNCTIONS.values()))
    return f"""{_XML}<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="CalcAddIns" oor:package="org.openoffice.Office">
<node oor:name="AddInInfo"><node oor:name="{IMPLEMENTATION}" oor:op="replace"><node oor:name="AddInFunctions">
{functions}</node></node></node>
</oor:component-data>
"""


def _named(function: ExcelFunction) -> str:
    arguments = "".join(
        _node(method_of(name), _text("DisplayName", name) + _text("Description", line))
        for name, line in function.arguments.items()
    )
    return _node(
        method_of(function.name),
        _text("DisplayName", function.name)
        + _text("Description", function.description)
        + '<prop oor:name="Category"><value>Add-In</value></prop>'
        + _text("CompatibilityName", function.name)
        + f'<node oor:name="Parameters">{arguments}</node>',
    )


def _node(name: str, content: str) -> str:
    return f'<node oor:name={quoteattr(name)} oor:op="replace">{content}</node>\n'


def _text(name: str, text: str) -> str:
    return f'<prop oor:name="{name}"><value xml:lang="en">{escape(text)}</value></prop>'
