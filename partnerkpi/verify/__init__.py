"""Whether a workbook that somebody received is the one that was made: what can be told without a spreadsheet program.

Three questions: is the file safe and whole (`structure`); does every figure follow from the tallies, by our own
arithmetic (`figures`); and are tallies, thresholds, texts and sources those of the record that it carries.
"""

from __future__ import annotations

import json
from pathlib import Path

from partnerkpi.errors import PartnerKpiError
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.record import from_record
from partnerkpi.verify.contents import Contents, read_contents
from partnerkpi.verify.figures import check_answers, compare, compare_figures
from partnerkpi.verify.finding import Finding, Report
from partnerkpi.verify.recovered import as_the_sheets_say, from_the_sheets_alone, language_of_sheets
from partnerkpi.verify.structure import check_structure, saved_by
from partnerkpi.workbook.build import Sheets, build, without_data
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import Provenance
from partnerkpi.workbook.model.translation import in_language, language_of
from partnerkpi.workbook.provenance import page_of
from partnerkpi.workbook.writer.custom_part import PROPERTY, find_part

__all__ = ["Finding", "Report", "recovered", "verify"]

_NOT_RECOMPUTED = "figures were not recomputed"


def verify(path: Path, expected: str | None = None) -> Report:
    """Return what is wrong with a scorecard workbook; `expected` is the fingerprint that somebody was told.

    FileProblem for a file that must not be opened, DataProblem for a workbook that is no scorecard.
    """
    contents = read_contents(path)
    report = Report(str(path))
    if program := saved_by(contents):
        report.notes.append(f"saved again by {program}")
    check_structure(contents, report)
    found = find_part(contents.parts)
    if found is None:
        _without_record(contents, report)
        if expected is not None:
            report.add("provenance", "record", "the fingerprint cannot be compared: the file carries none")
        return report
    _fingerprint(contents, found, report, expected)
    _with_record(contents, found, report)
    return report


def recovered(path: Path) -> Scorecard | None:
    """Return the scorecard that a workbook carries, with the period that is chosen in it; None where it has no record.

    Say `verify` first: nothing is checked here.
    """
    contents = read_contents(path)
    found = find_part(contents.parts)
    if found is None:
        return None
    card = from_record(json.loads(found.record))
    with in_language(language_of(card)):
        return as_the_sheets_say(card, contents, Report(str(path)))[0]


def _fingerprint(contents: Contents, found: Provenance, report: Report, expected: str | None) -> None:
    """Compare the fingerprint with the record, with the property of the file, and with what somebody was told."""
    report.fingerprint = found.actual
    if not found.holds:
        report.add("provenance", "record", "it was changed after the fingerprint was taken", found.stated, found.actual)
    properties = contents.parts.get("docProps/custom.xml", b"")
    if PROPERTY.encode() in properties and found.actual.encode() not in properties:
        report.add("provenance", "properties", f"the property {PROPERTY!r} is that of another record")
    if expected is not None and expected.strip().lower() != found.actual:
        what = "this is not the workbook that the fingerprint was given for"
        report.add("provenance", "record", what, found.actual, expected)


def _with_record(contents: Contents, found: Provenance, report: Report) -> None:
    """Work the workbook out again from its record and compare every cell."""
    try:
        card = from_record(json.loads(found.record))
    except (PartnerKpiError, ValueError) as error:
        report.add("provenance", "record", f"it cannot be read ({error}): {_NOT_RECOMPUTED}")
        return
    report.version = card.version or None
    if json.loads(found.page or "null") != json.loads(page_of(card)):
        report.add("provenance", "page", "the page for other programs is not that of the record")
    trial = Report(report.file)
    with in_language(language_of(card)):
        sheets, judged = as_the_sheets_say(card, contents, trial)
        compare(contents, build(sheets, sheets=_choice(contents, sheets)), trial, judged)
        check_answers(sheets, contents, trial)
    if _another_layout(trial, report):
        return
    report.findings += trial.findings
    report.notes += trial.notes
    report.recomputed = trial.recomputed


def _choice(contents: Contents, card: Scorecard) -> Sheets:
    """Return whether the sheets without data were left out when the workbook was made: then none of them is there."""
    return "all" if without_data(card) & contents.sheets.keys() else "with-data"


def _another_layout(trial: Report, report: Report) -> bool:
    """Tell a workbook of another version, whose cells stand elsewhere, from one that was tampered with."""
    from partnerkpi._version import __version__

    if report.version == __version__ or trial.recomputed > report.formulas // 2:
        return False
    what = f"made with partnerkpi {report.version}, which lays it out otherwise than {__version__}"
    report.add("provenance", "version", f"{what}: {_NOT_RECOMPUTED}; verify it with that version")
    return True


def _without_record(contents: Contents, report: Report) -> None:
    """Recompute the figures from the sheets alone: they may be right, and nobody can say where they came from."""
    with in_language(language_of_sheets(contents)):
        from_sheets = from_the_sheets_alone(contents)
        card, _ = as_the_sheets_say(from_sheets, contents, Report(report.file))
    report.add("provenance", "record", "missing: another program saved the file, or it was not made by partnerkpi")
    unknown = {names.ABOUT, names.ROWS_READ, names.ROWS_SET_ASIDE, names.SENTENCES_HOLD}
    made = build(card, sheets=_choice(contents, card))
    # what rests on more than the tallies of partners cannot be worked out from the sheets alone
    compare_figures(contents, made, report, unknown, {names.NPS, names.COMMENTS, names.ACTIONS})
    report.notes.append(f"{report.recomputed} of {report.formulas} figures were recomputed from the Data sheet alone")
    if report.recomputed == 0:
        report.add("figure", names.DATA, _NOT_RECOMPUTED)
