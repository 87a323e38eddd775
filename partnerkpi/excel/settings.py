"""The user's xlwings settings: which Python Excel starts. The file is xlwings' own, line by line "KEY","VALUE"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from partnerkpi.errors import FileProblem
from partnerkpi.excel.machine import Machine
from partnerkpi.files import atomic_write

INTERPRETER, CONDA_PATH, CONDA_ENV = "INTERPRETER_WIN", "CONDA PATH", "CONDA ENV"

_LINE = re.compile(r'\s*"([^"]*)"\s*,\s*"([^"]*)"')


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
    """Return what the settings say; nothing where there is no file. Raises FileProblem where it cannot be read."""
    values = {key.upper(): value for key, value in _lines(_text(machine))}
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
    kept = [line for line in _text(machine).splitlines() if not any(key.upper() in keys for key, _ in _lines(line))]
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


def _text(machine: Machine) -> str:
    try:
        return machine.config_file.read_text(encoding=machine.encoding, errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise FileProblem(f"Cannot read xlwings' settings {machine.config_file}: {error.strerror}.") from error


def _lines(text: str) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for line in text.splitlines() if (found := _LINE.match(line))]
