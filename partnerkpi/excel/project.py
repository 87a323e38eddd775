"""The VBA project of scorecard.xlsm, put together without Excel by pyOpenVBA."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from partnerkpi.errors import PartnerKpiError

PART = "xl/vbaProject.bin"
STANDALONE = "quickstart_standalone.xlsm"  # the workbook that xlwings ships with its VBA inside
FROM_XLWINGS = ("xlwings", "Dictionary")


def vba_project(workbook: bytes, made: Mapping[str, str]) -> bytes:
    """Return the VBA project for a workbook without one: its documents' modules, xlwings' own, and those made here.

    `made` is name -> source of standard modules. The same workbook, modules and xlwings give the same bytes.
    Raises PartnerKpiError where pyOpenVBA is missing or the installed xlwings has lost its VBA.
    """
    openvba = _openvba()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scorecard.xlsm"
        path.write_bytes(workbook)
        with _closing(openvba.ExcelFile(path)) as book:
            project = book.add_vba_project()
            for module in _of_xlwings(openvba):
                project.add_module(module.name, module.source, kind=module.kind)
            for name, source in made.items():
                project.add_module(name, source)
            book.save()
        with zipfile.ZipFile(path) as package:
            return package.read(PART)


def modules_in(workbook: Path) -> dict[str, str]:
    """Return name -> source of the VBA modules in a workbook. Raises PartnerKpiError where pyOpenVBA is missing."""
    with _closing(_openvba().ExcelFile(workbook)) as book:
        return dict(book.vba_modules())


def require_builder() -> None:
    """Raise PartnerKpiError, saying what to install, where pyOpenVBA is missing."""
    _openvba()


def can_build() -> bool:
    """Tell whether pyOpenVBA is installed."""
    return find_spec("pyopenvba") is not None


def _of_xlwings(openvba: Any) -> list[Any]:
    """Return the modules of the installed xlwings that its functions need."""
    import xlwings

    path = Path(xlwings.__file__).with_name(STANDALONE)
    if not path.exists():
        raise PartnerKpiError(
            f"the installed xlwings lacks {STANDALONE}: install it again, pip install --force-reinstall "
            f"xlwings=={xlwings.__version__}"
        )
    with _closing(openvba.ExcelFile(path)) as book:
        modules = {module.name: module for module in book.vba_project().modules}
        missing = [name for name in FROM_XLWINGS if name not in modules]
        if missing:
            raise PartnerKpiError(f"xlwings {xlwings.__version__} has no VBA module {missing[0]}: use xlwings 0.37")
        for name in FROM_XLWINGS:
            _ = modules[name].source  # read while the file is open
        return [modules[name] for name in FROM_XLWINGS]


def _openvba() -> Any:
    try:
        import pyopenvba
    except ImportError as error:
        raise PartnerKpiError(
            'to build scorecard.xlsm this needs pyOpenVBA: pip install "partnerkpi[excel]"'
        ) from error
    return pyopenvba


@contextmanager
def _closing(book: Any) -> Iterator[Any]:
    try:
        yield book
    finally:
        book.close()
