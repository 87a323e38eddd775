"""The machine that Excel runs on, as far as the functions care: asked once, so that tests can make one up."""

from __future__ import annotations

import locale
import os
import platform
import site
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

WINDOWS = "win32"


@dataclass(frozen=True)
class Machine:
    """What `install` and `doctor` need to know. `conda` is folder and environment where Python belongs to one."""

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
    conda: tuple[str, str] | None = None

    @property
    def is_windows(self) -> bool:
        """Tell whether this is Windows, the only system on which Excel calls Python."""
        return self.platform == WINDOWS

    @property
    def from_store(self) -> bool:
        """Tell whether Python is the Microsoft Store's, which Excel cannot start."""
        places = f"{self.executable} {self.base_prefix}".lower()
        return "windowsapps" in places or "pythonsoftwarefoundation" in places

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
            conda=(folder, environment) if folder and environment else None,
        )


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
