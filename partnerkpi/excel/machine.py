"""The machine that Excel runs on, asked once, so that tests can make one up; and xlwings' settings: its Python there.

The files of the settings are xlwings' own, line by line "KEY","VALUE".
"""

from __future__ import annotations

import locale
import os
import platform
import re
import site
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem
from partnerkpi.excel.stamp import settings_of
from partnerkpi.files import atomic_write
from partnerkpi.tables.analyst import SETTINGS_SHEET

WINDOWS = "win32"
Registry = Callable[[str, str], "int | str | None"]
Runner = Callable[[str], tuple[int, str]]
_LONGEST = 120  # seconds in which Python must have started
INTERPRETER, CONDA_PATH, CONDA_ENV = "INTERPRETER_WIN", "CONDA PATH", "CONDA ENV"
_MORE_PATHS = "PYTHONPATH"
_LINE = re.compile(r'\s*"([^"]*)"\s*,\s*"([^"]*)"')


@dataclass(frozen=True)
class Machine:
    """What `install` and `doctor` need to know. `conda` is folder and environment where Python belongs to one.

    `startup` is the folder whose add-ins Excel starts, `gen_py` that in which pywin32 keeps what it learned of Excel.
    `registry` returns a value by its key and name, None where there is none; a name of "" is the key's own value.
    `run` runs a command line and returns its exit code and everything that it printed.
    """

    platform: str
    executable: Path
    base_prefix: Path
    user_base: Path
    documents: Path
    config_file: Path
    encoding: str
    python_version: str
    xlwings_version: str
    has_pywin32: bool
    startup: Path
    gen_py: Path
    one_drives: tuple[Path, ...]
    registry: Registry
    run: Runner
    conda: tuple[str, str] | None = None

    @property
    def is_windows(self) -> bool:
        """Tell whether this is Windows, the only system on which Excel calls Python."""
        return self.platform == WINDOWS

    @property
    def from_store(self) -> bool:
        """Tell whether Python is the Microsoft Store's, which Excel cannot start."""
        return is_of_the_store(f"{self.executable} {self.base_prefix}")

    def in_one_drive(self, path: Path) -> Path | None:
        """Return the folder of OneDrive that a path lies in, None where it lies in none."""
        return next((folder for folder in self.one_drives if path.is_relative_to(folder)), None)

    @classmethod
    def this(cls) -> Machine:
        """Return the machine that this runs on."""
        import xlwings
        from xlwings.cli import get_conda_settings

        folder, environment = get_conda_settings()  # type: ignore[no-untyped-call]  # xlwings leaves it untyped
        return cls(
            platform=sys.platform,
            executable=Path(sys.executable),
            base_prefix=Path(sys.base_prefix),
            user_base=Path(site.getuserbase()),
            documents=_documents(),
            config_file=Path(xlwings.USER_CONFIG_FILE),
            encoding=locale.getencoding(),  # of the texts that VBA reads
            python_version=platform.python_version(),
            xlwings_version=xlwings.__version__,
            has_pywin32=_can_import("pythoncom") and _can_import("win32com.client"),
            startup=_roaming() / "Microsoft" / "Excel" / "XLSTART",
            gen_py=Path(tempfile.gettempdir()) / "gen_py" / f"{sys.version_info.major}.{sys.version_info.minor}",
            one_drives=tuple(dict.fromkeys(Path(os.environ[name]) for name in _ONE_DRIVES if os.environ.get(name))),
            registry=_registry,
            run=_run,
            conda=(folder, environment) if folder and environment else None,
        )


def is_of_the_store(places: str) -> bool:
    """Tell whether a program's path is one of the Microsoft Store, whose programs are locked into themselves."""
    return any(word in places.lower() for word in ("windowsapps", "pythonsoftwarefoundation"))


_ONE_DRIVES = ("OneDriveCommercial", "OneDriveConsumer", "OneDrive")


def _roaming() -> Path:
    return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")


def _registry(key: str, name: str) -> int | str | None:
    """Return a value of Windows' registry; None where there is none, or no registry."""
    if sys.platform == "win32":
        import winreg

        hive, _, path = key.partition("\\")
        root = winreg.HKEY_CURRENT_USER if hive == "HKCU" else winreg.HKEY_LOCAL_MACHINE
        try:
            with winreg.OpenKey(root, path) as opened:
                found, _ = winreg.QueryValueEx(opened, name)
        except OSError:
            return None
        return found if isinstance(found, (int, str)) else None
    return None


def _run(command: str) -> tuple[int, str]:
    """Run a command line, as Windows splits it, in a folder of no importance, and wait for its end."""
    done = subprocess.run(  # noqa: S603 - the line that Excel runs as well
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=tempfile.gettempdir(),
        timeout=_LONGEST,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _can_import(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:  # also where its DLLs cannot be loaded
        return False
    return True


def _documents() -> Path:
    """Return the user's folder for documents, which OneDrive may have moved."""
    if sys.platform == "win32":
        import winreg

        shell_folders = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, shell_folders) as key:
                found, _ = winreg.QueryValueEx(key, "Personal")
            return Path(os.path.expandvars(str(found)))
        except OSError:
            pass
    return Path.home() / "Documents"


@dataclass(frozen=True)
class Interpreter:
    """What the settings say about Python: its path, or a conda folder and environment; empty for nothing."""

    path: str = ""
    conda: tuple[str, str] | None = None

    def __bool__(self) -> bool:
        return bool(self.path or self.conda)

    def __str__(self) -> str:
        return self.path if self.conda is None else f"conda environment {self.conda[1]} of {self.conda[0]}"


def wanted(machine: Machine) -> Interpreter:
    """Return what the settings should say for the Python that runs this."""
    return Interpreter(conda=machine.conda) if machine.conda else Interpreter(str(machine.executable))


def read_interpreter(machine: Machine) -> Interpreter:
    """Return what the user's settings say, nothing where there is no file. Raises FileProblem for an unreadable one."""
    return _interpreter(_lines(_text(machine, machine.config_file)))


def interpreter_for(machine: Machine, workbook: Path) -> tuple[Interpreter, str]:
    """Return which Python a workbook starts, and where that is said.

    As xlwings looks for it: on the workbook's own sheet of settings, in a file beside the workbook, in the user's file.
    """
    beside = workbook.with_name(machine.config_file.name)
    for pairs, where in (
        (settings_of(workbook), f"the sheet {SETTINGS_SHEET} of {workbook.name}"),
        (_lines(_text(machine, beside)), str(beside)),
    ):
        if found := _interpreter(pairs):
            return found, where
    return read_interpreter(machine), str(machine.config_file)


def more_paths(machine: Machine, workbook: Path) -> str:
    """Return the folders beside which a workbook's Python looks for modules, as the nearest settings name them."""
    beside = workbook.with_name(machine.config_file.name)
    nearest = (settings_of(workbook), *(_lines(_text(machine, path)) for path in (beside, machine.config_file)))
    return next((value for pairs in nearest for key, value in pairs if key.upper() == _MORE_PATHS), "")


def _interpreter(pairs: Sequence[tuple[str, str]]) -> Interpreter:
    values = {key.upper(): value for key, value in pairs}
    if values.get(INTERPRETER):
        return Interpreter(values[INTERPRETER])
    if values.get(CONDA_PATH) and values.get(CONDA_ENV):
        return Interpreter(conda=(values[CONDA_PATH], values[CONDA_ENV]))
    return Interpreter()


def write_interpreter(machine: Machine) -> None:
    """Add the Python that runs this to the settings, whose other lines stay. Raises FileProblem where that fails."""
    meant = wanted(machine)
    pairs = [(INTERPRETER, meant.path)]
    if meant.conda is not None:
        pairs = [(CONDA_PATH, meant.conda[0]), (CONDA_ENV, meant.conda[1])]
    keys = {key for key, _ in pairs}
    kept = [
        line
        for line in _text(machine, machine.config_file).splitlines()
        if not any(key.upper() in keys for key, _ in _lines(line))
    ]
    text = "\r\n".join([*kept, *(f'"{key}","{value}"' for key, value in pairs), ""])
    path = machine.config_file
    try:
        data = text.encode(machine.encoding)
    except UnicodeEncodeError as error:
        raise FileProblem(
            f"Excel cannot read the path {meant}: its letter {error.object[error.start]!r} is not in the code page "
            f"{machine.encoding} of Windows; install Python in a folder with plain letters, such as C:\\Python."
        ) from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(f"Cannot make the folder {path.parent} for xlwings' settings: {error.strerror}.") from error
    atomic_write(path, data, option="xlwings config create")


def _text(machine: Machine, path: Path) -> str:
    try:
        return path.read_text(encoding=machine.encoding, errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise FileProblem(f"Cannot read xlwings' settings {path}: {error.strerror}.") from error


def _lines(text: str) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for line in text.splitlines() if (found := _LINE.match(line))]
