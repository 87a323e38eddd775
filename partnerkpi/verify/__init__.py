"""Whether a workbook that somebody received is the one that was made: what can be told without a spreadsheet program.

The workbook is made again from the record that it carries. Where every part is the same, all is right. Where somebody
changed something or another program saved the file, three questions are asked: is the file safe and whole
(`structure`); does every figure follow from the tallies, by our own arithmetic (`figures`); and does everything else
look and calculate as it did (`differences`).
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from partnerkpi._version import __version__
from partnerkpi.errors import DataProblem, PartnerKpiError
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.record import from_record
from partnerkpi.signing import read_allowed
from partnerkpi.verify.alone import from_the_sheets_alone, language_of_sheets
from partnerkpi.verify.contents import Contents, contents_of, package_of, read_contents, titles_of
from partnerkpi.verify.differences import compare_drawn_parts, compare_layout, looks_like
from partnerkpi.verify.figures import check_answers, compare, compare_figures
from partnerkpi.verify.finding import Finding, Report
from partnerkpi.verify.functions import set_aside_functions
from partnerkpi.verify.package import Package, parsed, same_xml
from partnerkpi.verify.rebuilt import Rebuilt, answers_of, as_chosen, judge_open_cells, logo_in, own_looks, record_of
from partnerkpi.verify.recovered import as_the_sheets_say
from partnerkpi.verify.signed import check_signature
from partnerkpi.verify.structure import check_structure, saved_by
from partnerkpi.verify.worth import worth_on_data
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import Provenance
from partnerkpi.workbook.model.translation import in_language, language_of
from partnerkpi.workbook.provenance import page_of
from partnerkpi.workbook.writer.custom_part import PROPERTY, find_part, is_record, item_of

__all__ = ["Finding", "Report", "recovered", "verify"]

_NOT_RECOMPUTED = "figures were not recomputed"


def verify(path: Path, expected: str | None = None, signers: Path | None = None) -> Report:
    """Return what is wrong with a scorecard workbook; `expected` is the fingerprint that somebody was told.

    `signers` is a list of those whose signature is wanted, as ssh-keygen(1) describes it. FileProblem for a file that
    must not be opened, DataProblem for a workbook that is no scorecard.
    """
    allowed = read_allowed(signers) if signers is not None else None
    package = package_of(path)
    report = Report(str(path))
    found = find_part(package.parts)
    card = None
    if found is not None:
        _fingerprint(package, found, report, expected)
        card, rebuilt = _read_record(package, found, report)
        if rebuilt is not None and _is_the_same(package, rebuilt):
            report.formulas = report.recomputed = rebuilt.formulas
            check_signature(found, None, allowed, report)
            return report
    contents = contents_of(package, path)
    check_signature(found, answers_of(contents) if names.RESPONSES in contents.sheets else None, allowed, report)
    if program := saved_by(contents):
        report.notes.append(f"saved again by {program}")
    if card is not None and found is not None:
        _with_record(contents, found, card, report)
        return report
    check_structure(contents, report, contents.sheets)
    if found is None:
        _without_record(contents, report)
        if expected is not None:
            report.add("provenance", "record", "the fingerprint cannot be compared: the file carries none")
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


def _fingerprint(package: Package, found: Provenance, report: Report, expected: str | None) -> None:
    """Compare the fingerprint with the record, with the property of the file, and with what somebody was told."""
    report.fingerprint = found.actual
    if not found.holds:
        report.add("provenance", "record", "it was changed after the fingerprint was taken", found.stated, found.actual)
    if sum(map(is_record, package.parts.values())) > 1:
        report.add("provenance", "record", "the file carries two of them")
    if any(is_record(part) and not same_xml(part, item_of(found)) for part in package.parts.values()):
        report.add("provenance", "record", "something else stands beside it in its part")
    for part in package.related("", "custom-properties"):
        properties = package.parts[part]
        if PROPERTY.encode() in properties and found.actual.encode() not in properties:
            report.add("provenance", "properties", f"the property {PROPERTY!r} is that of another record")
    if expected is not None and expected.strip().lower() != found.actual:
        what = "this is not the workbook that the fingerprint was given for"
        report.add("provenance", "record", what, found.actual, expected)


def _read_record(package: Package, found: Provenance, report: Report) -> tuple[Scorecard | None, Rebuilt | None]:
    """Return the scorecard of a record, and the workbook that it gives unless answers of the file belong to that."""
    try:
        record = record_of(found.record)
        card = from_record(record)
    except (PartnerKpiError, ValueError, RecursionError) as error:
        report.add("provenance", "record", f"it cannot be read ({error}): {_NOT_RECOMPUTED}")
        return None, None
    report.version = card.version or None
    titles = titles_of(package)
    if names.RESPONSES in titles:
        return card, None
    return card, Rebuilt(card, titles, logo_in(package.parts, record), [], (found.signed, found.signature))


def _with_record(contents: Contents, found: Provenance, card: Scorecard, report: Report) -> None:
    """Work the workbook out again from its record and compare everything."""
    logo = logo_in(contents.parts, record_of(found.record))
    rebuilt = Rebuilt(card, contents.sheets.keys(), logo, answers_of(contents), (found.signed, found.signature))
    with in_language(language_of(card)):
        if names.RESPONSES in contents.sheets:
            report.not_judged.append("single answers: what they add up to was")
            if _is_the_same(contents.package, rebuilt):
                report.formulas = report.recomputed = rebuilt.formulas
                check_answers(card, contents, report)
                return
        if _says(found.page) != json.loads(page_of(card)):
            report.add("provenance", "page", "the page for other programs is not that of the record")
        if added := set_aside_functions(contents, card):
            report.notes.append(f"{added} functions are in it as names, as this version makes them")
        check_structure(contents, report, rebuilt.model.sheets)
        _compare(contents, rebuilt, report)


def _says(page: str) -> object:
    try:
        return json.loads(page or "null")
    except (ValueError, RecursionError):
        return None


def _is_the_same(package: Package, rebuilt: Rebuilt) -> bool:
    """Tell whether every part of a file is the one that the record gives, and nothing is odd about its package."""
    return not package.oddities and package.parts == rebuilt.package.parts


def _compare(contents: Contents, rebuilt: Rebuilt, report: Report) -> None:
    """Compare cells, then everything else; what a person's own sheets say is not judged."""
    trial, layout = Report(report.file), Report(report.file)
    try:
        now, judged = as_the_sheets_say(rebuilt.card, contents, trial)
    except DataProblem as error:
        if not _another_layout(trial, report):
            report.add("structure", names.DATA, f"{error}: {_NOT_RECOMPUTED}")
        return
    passed = judged | judge_open_cells(rebuilt.card, contents, rebuilt.contents, judged, trial)
    compare(contents, rebuilt.model, as_chosen(rebuilt, now, contents), trial, passed)
    check_answers(now, contents, trial)
    if _another_layout(trial, report):
        return
    compare_layout(contents, rebuilt.contents, rebuilt.facts, layout, own_looks(passed))
    if saved_by(contents) is None:
        compare_drawn_parts(contents, rebuilt.contents, layout)
    if layout.findings and report.version != __version__:
        what = f"made with partnerkpi {report.version}, this is {__version__}: compared by cells only"
        report.add("provenance", "version", f"{what}; verify it with that version")
        layout = Report(report.file)
    for part in (trial, layout):
        report.findings += part.findings
        report.notes += part.notes
        report.changed += part.changed
        report.not_judged += part.not_judged
    report.recomputed = trial.recomputed
    _own_sheets(contents, list(rebuilt.model.sheets), report)
    _own_notes(contents.package, report)
    if saved_by(contents) is not None:
        report.not_judged.append(
            "of charts that another program wrote again, more than what they draw, say and measure"
        )


def _own_sheets(contents: Contents, ours: list[str], report: Report) -> None:
    """Say of each sheet that somebody added that it was not judged; one that could be taken for ours is a finding."""
    for title in contents.sheets:
        if title in ours:
            continue
        if other := looks_like(title, ours):
            report.add("structure", title, f"the sheet was added, and could be taken for {other}")
        else:
            report.not_judged.append(f"the sheet {title}, which somebody added")


def _own_notes(package: Package, report: Report) -> None:
    """Say of properties and custom XML of others that they were not judged: no sheet shows them."""
    properties = [
        one.get("name", "")
        for part in package.related("", "custom-properties")
        for one in parsed(package.parts[part], part)
    ]
    if others := [name for name in properties if name != PROPERTY]:
        report.not_judged.append(f"the file's own properties {', '.join(others)}, which others added")
    items = {
        part for source in ("", *package.related("", "officeDocument")) for part in package.related(source, "customXml")
    }
    if others := sorted(part for part in items if not is_record(package.parts[part])):
        report.not_judged.append(f"custom XML of other programs in {', '.join(others)}")


def _another_layout(trial: Report, report: Report) -> bool:
    """Tell a workbook of another version, whose cells stand elsewhere, from one that was tampered with."""
    if report.version == __version__ or trial.recomputed > report.formulas // 2 or not trial.findings:
        return False
    what = f"made with partnerkpi {report.version}, which lays it out otherwise than {__version__}"
    report.add("provenance", "version", f"{what}: {_NOT_RECOMPUTED}; verify it with that version")
    return True


def _without_record(contents: Contents, report: Report) -> None:
    """Recompute the figures from the sheets alone: they may be right, and nobody can say where they came from."""
    with in_language(language_of_sheets(contents)):
        from_sheets = from_the_sheets_alone(contents)
        card, _ = as_the_sheets_say(from_sheets, contents, Report(report.file))
        card = replace(card, worth=worth_on_data(card, contents))
    report.add("provenance", "record", "missing: another program saved the file, or it was not made by partnerkpi")
    unknown = {names.ABOUT, names.ROWS_READ, names.ROWS_SET_ASIDE, names.SENTENCES_HOLD}
    made = Rebuilt(card, contents.sheets.keys(), None, []).of(card)
    # what rests on more than the tallies of partners cannot be worked out from the sheets alone
    compare_figures(contents, made, report, unknown, {names.NPS, names.COMMENTS, names.ACTIONS})
    report.notes.append(f"{report.recomputed} of {report.formulas} figures were recomputed from the Data sheet alone")
    if report.recomputed == 0:
        report.add("figure", names.DATA, _NOT_RECOMPUTED)
