"""What can go wrong, in words that a person can act on.

One root, `PartnerKpiError`. A message says what was wrong (with the value), where (file, sheet, row, column)
and what to do. The command line prints it as one line; a cell turns it into an Excel error.
"""

from __future__ import annotations

import re

_SETTINGS = re.compile(r"(?<![\w./\\-])partnerkpi\.toml\b")


def in_settings(text: str, path: object) -> str:
    """Return a message that names the settings file which was given; without one it is called partnerkpi.toml."""
    return _SETTINGS.sub(lambda _: str(path), text) if path is not None else text


class PartnerKpiError(Exception):
    """Root of every error that this package raises on purpose."""

    exit_code = 1

    def put_as(self, message: str) -> None:
        """Say it in other words: as whoever asked takes it, naming the settings file that was given."""
        self.args = (message,)


class UsageError(PartnerKpiError):
    """The question cannot be answered as asked: a choice is missing, unknown or contradictory."""

    exit_code = 2


class OpenQuestion(UsageError):
    """The data do not show it and nobody said it: what was seen, where, and which option answers it.

    `check` lists all of a file, one after the other; every other command stops with the first.
    """


class ConfigError(UsageError):
    """`partnerkpi.toml` holds an unknown key or a value that does not fit."""


class FileProblem(PartnerKpiError):
    """A file cannot be read or written: missing, empty, locked, or not what its name says."""


class UnsafeFile(FileProblem):
    """A file was refused before it was opened, because reading it could harm this machine."""


class TableTooLarge(UnsafeFile):
    """A table has more rows or columns than the limits allow: its workbook may hold others that are asked for."""


class EngineProblem(PartnerKpiError):
    """A server or a cluster cannot be asked: no right to read, too slow, gone, or without the library for it."""


class DataProblem(PartnerKpiError):
    """The file was read, but what it holds cannot carry the figure that was asked for."""


class KpiValueError(PartnerKpiError, ValueError):
    """A number handed to the arithmetic lies outside what the KPI is defined for."""
