"""scorecard.xlsm and partnerkpi.xlam from the installed xlwings: the whole files, the same bytes every time."""

from __future__ import annotations

import functools
from pathlib import Path

from partnerkpi.excel import vba
from partnerkpi.excel.add_in import NAME as ADD_IN
from partnerkpi.excel.add_in import add_in
from partnerkpi.excel.book import new_model
from partnerkpi.excel.chart_data import write_chart_data
from partnerkpi.excel.checks import write_checks
from partnerkpi.excel.functions import Catalogue, catalogue
from partnerkpi.excel.functions_sheet import write_functions
from partnerkpi.excel.inputs import write_benchmarks, write_tables
from partnerkpi.excel.package import KEYWORD, add_project, as_macro_workbook, require_builder, vba_project
from partnerkpi.excel.scorecard import write_scorecard
from partnerkpi.excel.self_test import write_self_test
from partnerkpi.excel.set_up import write_set_up, write_settings
from partnerkpi.excel.tiles import write_targets_reached
from partnerkpi.excel.workings import results, write_workings
from partnerkpi.files import atomic_write
from partnerkpi.workbook.writer.writer import Writer


def build(target: Path) -> None:
    """Write scorecard.xlsm, or the add-in where the name ends in .xlam.

    Raises PartnerKpiError without pyOpenVBA, FileProblem where it cannot be written.
    """
    made = workbook_bytes()
    atomic_write(target, add_in(made) if target.suffix.lower() == Path(ADD_IN).suffix else made)


@functools.cache
def workbook_bytes() -> bytes:
    """Return the bytes of scorecard.xlsm for the installed xlwings. Raises PartnerKpiError without pyOpenVBA."""
    require_builder()
    described = catalogue()
    plain = sheets_bytes(described)
    return add_project(plain, vba_project(plain, vba.modules(described)))


def sheets_bytes(described: Catalogue) -> bytes:
    """Return the workbook without its VBA project: all sheets, every formula with its value."""
    model, found = new_model(), results()
    model.keywords = f"{KEYWORD} {described.xlwings_version}"
    below_weights = write_benchmarks(model)
    write_tables(model)
    write_workings(model, found)
    write_chart_data(model, found)
    write_checks(model, found)
    write_scorecard(model, found)
    write_targets_reached(model, below_weights, found)
    button = write_set_up(model, described.xlwings_version)
    write_self_test(model)
    write_functions(model, described.functions)
    write_settings(model)
    return as_macro_workbook(Writer(several=False).write(model), button)
