"""The wheel for xlwings Lite: the functions alone, answering in a browser's Python as they do everywhere."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlwings
from calls import calls, same
from javascript import answers_in_pyodide, as_answered

from partnerkpi import __version__
from partnerkpi.carriers.lite import DISTRIBUTION, wheel_bytes, wheel_name, write_main, write_wheel
from partnerkpi.udfs import FUNCTIONS

#: In a Python that finds the standard library, the wheel and xlwings, and nothing that xlwings would use if it could.
ALONE = """
import sys, importlib, zipfile
class Nothing:
    def find_spec(self, name, path=None, target=None):
        first = name.partition(".")[0]
        if first not in sys.stdlib_module_names and first not in ("partnerkpi", "xlwings"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nothing())
wheel, others = sys.argv[1:]
sys.path[:0] = [wheel]
sys.path.append(others)
for name in zipfile.ZipFile(wheel).namelist():
    if name.endswith(".py") and name != "partnerkpi/settings.py":
        importlib.import_module(name[:-3].replace("/", ".").removesuffix(".__init__"))
import partnerkpi, partnerkpi.udfs as u
assert partnerkpi.__file__.startswith(wheel)
print(u.PARTNER_NPS([[9.0], [10.0], [3.0]]), len(u.FUNCTIONS), u.PARTNER_RATING("nps", 70.0))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel in a folder of its own."""
    return write_wheel(tmp_path_factory.mktemp("lite"))


def alone(wheel: Path, folder: Path, code: str = ALONE) -> subprocess.CompletedProcess[str]:
    others = str(Path(xlwings.__file__).parents[1])
    command = [sys.executable, "-I", "-S", "-c", code, str(wheel), others]
    environment = {**os.environ, "TMPDIR": str(folder), "XDG_STATE_HOME": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_nothing_but_xlwings_is_needed(wheel: Path, tmp_path: Path) -> None:
    """Each module of the wheel is imported where no other library can be, and the functions answer."""
    done = alone(wheel, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["33.333333333333336", str(len(FUNCTIONS)), "exceptional"]


def test_settings_without_pydantic_are_no_silent_defaults(wheel: Path, tmp_path: Path) -> None:
    """A partnerkpi.toml that cannot be read makes ratings #VALUE!; the other figures stand."""
    (tmp_path / "partnerkpi.toml").write_text("[benchmarks.nps]\nstrong = 40\n", encoding="utf-8")
    done = alone(wheel, tmp_path, ALONE + "print(u.PARTNER_NPS_SUMMARY([[9.0]] * 6)[-1][1])")
    assert done.stdout.split() == ["33.333333333333336", str(len(FUNCTIONS)), "#VALUE!", "#VALUE!"]


def test_the_wheel_is_one_that_installers_take(wheel: Path, tmp_path: Path) -> None:
    """Its name and its metadata agree, each file is listed with its checksum, and pip installs it."""
    assert wheel.name == wheel_name() == f"partnerkpi_functions-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as found:
        assert found.testzip() is None
        names = found.namelist()
        about = f"partnerkpi_functions-{__version__}.dist-info"
        listed = {row[0]: row[1:] for row in csv.reader(io.StringIO(found.read(f"{about}/RECORD").decode()))}
        assert list(listed) == names
        for name in names[:-1]:
            data = found.read(name)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            assert listed[name] == [f"sha256={digest}", str(len(data))]
        metadata = found.read(f"{about}/METADATA").decode()
    assert re.findall(r"(?m)^Requires-Dist: (.*)$", metadata) == ["xlwings"]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(tmp_path)]
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("pip is not installed")
    done = subprocess.run([*command, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "partnerkpi" / "udfs" / "__init__.py").is_file()
    assert DISTRIBUTION in metadata


def test_the_same_bytes_every_time(wheel: Path) -> None:
    """Whoever builds the wheel from the same source can compare it."""
    assert wheel.read_bytes() == wheel_bytes()


def test_the_file_to_paste_has_the_wheel_in_it(wheel: Path, tmp_path: Path) -> None:
    """Run where nothing else is, it takes the functions from the very wheel that is written beside it."""
    text = write_main(tmp_path).read_text(encoding="utf-8")
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() in text
    code = f"{ALONE.split('for name in')[0]}sys.path.remove(wheel)\nexec(open('partnerkpi_main.py').read())\n"
    code += "import partnerkpi; print(PARTNER_NPS([[9.0], [10.0], [3.0]]), partnerkpi.__file__)"
    done = alone(wheel, tmp_path, code)
    assert done.returncode == 0, done.stderr
    figure, place = done.stdout.split()
    assert (figure, Path(place).parents[1].name) == ("33.333333333333336", wheel.name)
    assert Path(place).parents[1] != wheel


def test_it_answers_in_pyodide(tmp_path: Path) -> None:
    """All of the odd calls get the same answers in a browser's Python, without any heavy library."""
    found = answers_in_pyodide(write_main(tmp_path), tmp_path, calls())
    assert found["heavy"] == []
    given = [as_answered(one) for one in found["answers"]]
    wrong = [(str(one), one.answer, got) for one, got in zip(calls(), given, strict=True) if not same(one.answer, got)]
    assert wrong == []
