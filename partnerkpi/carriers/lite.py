"""The functions without the rest of the package, as a wheel for xlwings Lite, where Python runs in a browser.

The wheel `partnerkpi-functions` holds the very modules that `partnerkpi.udfs` needs and nothing else, so that of other
libraries it needs xlwings alone. Both bring the package `partnerkpi`: one environment has the one or the other. A file
to paste into `main.py` has the wheel in itself, for whoever has no server that Excel's window can take it from.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import textwrap
from pathlib import Path

from partnerkpi._version import __version__
from partnerkpi.carriers.needed import needed
from partnerkpi.files import atomic_write, make_folder, shipped
from partnerkpi.udfs import FUNCTIONS
from partnerkpi.workbook.writer.archive import archive, packed

DISTRIBUTION = "partnerkpi-functions"
PYTHON = ">=3.11"
#: What it holds with all that these need: the functions, and the settings, which are read where pydantic is there.
MODULES = ("partnerkpi.udfs", "partnerkpi.settings")
_ABOUT = f"""# {DISTRIBUTION}

The {len(FUNCTIONS)} functions of partnerkpi for cells, `=PARTNER_NPS(A2:A200)` and its family, for xlwings Lite. In
`main.py`:

    from partnerkpi.udfs import *

partnerkpi itself has them too: install the one or the other.
"""
#: The file to paste into main.py, and what stands in it.
MAIN = "partnerkpi_main.py"
_MAIN_TEXT = '''"""The functions of partnerkpi for xlwings Lite: paste all of this into main.py, and restart Lite.

Below is the wheel {name} as text, SHA-256
{checksum};
'partnerkpi excel lite' writes the same one beside this file. It is put where Python finds it; nothing else is done.
"""

import base64
import sys
import tempfile
from pathlib import Path

_WHEEL = """
{wheel}
"""

_path = Path(tempfile.gettempdir(), "{name}")
_path.write_bytes(base64.b64decode(_WHEEL))
if str(_path) not in sys.path:
    sys.path.insert(0, str(_path))

from partnerkpi.udfs import *  # noqa: E402, F403
'''


def wheel_name() -> str:
    """Return the name of the wheel, as installers want it: partnerkpi_functions-1.2.3-py3-none-any.whl."""
    return f"{_stem()}-py3-none-any.whl"


def write_wheel(folder: Path) -> Path:
    """Write the wheel into a folder, which is made if need be; return its path. A wheel of that name is replaced."""
    target = make_folder(folder) / wheel_name()
    atomic_write(target, wheel_bytes())
    return target


def write_main(folder: Path) -> Path:
    """Write the file to paste, under the name MAIN; return its path. A file of that name is replaced."""
    target = make_folder(folder) / MAIN
    atomic_write(target, main_text().encode())
    return target


def main_text() -> str:
    """Return a `main.py` for xlwings Lite that needs no requirements: it unpacks the wheel and takes the functions."""
    wheel = wheel_bytes()
    lines = "\n".join(textwrap.wrap(base64.b64encode(wheel).decode(), 116))
    return _MAIN_TEXT.format(name=wheel_name(), checksum=hashlib.sha256(wheel).hexdigest(), wheel=lines)


def wheel_bytes() -> bytes:
    """Return the wheel: modules, metadata, licence and the list of them all, the same bytes for the same version."""
    about = f"{_stem()}.dist-info"
    parts = _modules()
    parts[f"{about}/METADATA"] = _metadata().encode()
    parts[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: partnerkpi\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    parts[f"{about}/licenses/LICENSE"] = shipped("LICENSE").read_bytes()
    parts[f"{about}/RECORD"] = _record(parts, f"{about}/RECORD")
    return archive((name, packed(data)) for name, data in parts.items())


def _stem() -> str:
    return f"{DISTRIBUTION.replace('-', '_')}-{__version__}"


def _modules() -> dict[str, bytes]:
    """Return the path in the wheel and the text of each module."""
    found = {path: text for module in MODULES for path, text in needed(module).items()}
    return {"partnerkpi/py.typed": b"", **dict(sorted(found.items()))}


def _metadata() -> str:
    """Return what installers read: name, version, what else is needed, and the text for people."""
    fields = (
        ("Metadata-Version", "2.4"),
        ("Name", DISTRIBUTION),
        ("Version", __version__),
        ("Summary", "The Excel functions of partnerkpi alone, for Python in the browser"),
        ("License-Expression", "MIT"),
        ("License-File", "LICENSE"),
        ("Requires-Python", PYTHON),
        ("Requires-Dist", "xlwings"),
        ("Description-Content-Type", "text/markdown"),
    )
    return "".join(f"{name}: {value}\n" for name, value in fields) + f"\n{_ABOUT}"


def _record(parts: dict[str, bytes], own: str) -> bytes:
    """Return the list of all parts with their checksums, as installers compare them."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for name, data in parts.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.writerow((name, f"sha256={digest}", len(data)))
    rows.writerow((own, "", ""))
    return text.getvalue().encode()
