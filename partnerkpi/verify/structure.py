"""Whether a workbook is safe and whole: nothing that runs, reaches outside, changes by itself or shows an error.

And which program saved it last, as far as its properties tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from partnerkpi.verify.contents import MAIN, Contents, ErrorValue, Sheet, as_shown, cells_of
from partnerkpi.verify.drawings import drawings_of
from partnerkpi.verify.finding import Report
from partnerkpi.verify.looks import number_of
from partnerkpi.verify.package import check_package, parsed, plain_number
from partnerkpi.workbook.model.formula import check_formula
from partnerkpi.workbook.model.values import NO_DATA, Value

#: What a rule of a sheet may not do: change by itself, or reach outside the workbook.
_RESTLESS = re.compile(
    r"\b(OFFSET|INDIRECT|NOW|TODAY|RAND|RANDBETWEEN|RANDARRAY|CELL|INFO|WEBSERVICE|FILTERXML|HYPERLINK|RTD|CALL|"
    r"REGISTER(\.ID)?|EXEC|EVALUATE)\s*\(|[\[|]",
    re.IGNORECASE,
)
#: What a formula of a person's own sheet may not do; the name of a table's column may stand in square brackets.
_OUTSIDE = re.compile(
    r"\b(WEBSERVICE|FILTERXML|HYPERLINK|RTD|CALL|REGISTER(\.ID)?|EXEC|EVALUATE|IMAGE|STOCKHISTORY)\s*\("
    r"|\||\][\w. ]*!|'[^']*\[[^']*'!",
    re.IGNORECASE,
)
#: Rules and choices outside the cells hold formulas too.
_RULES = (f"{MAIN}formula", f"{MAIN}formula1", f"{MAIN}formula2")
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

_EXTENDED = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_OURS = "Openpyxl"  # how the library that lays out our workbooks signs them
_TERMS = "{http://purl.org/dc/terms/}"


def check_structure(contents: Contents, report: Report, ours: Collection[str]) -> None:
    """Add a finding for each part, link, formula, stored value and chart that is not as a scorecard's are.

    `ours` are the sheets of the scorecard; of a person's own, only what could do harm is a finding.
    """
    own = {sheet.part for title, sheet in contents.sheets.items() if title not in ours}
    check_package(contents.package, own, report)
    for place, what in contents.oddities:
        report.add("structure", place, what)
    _twice_in_styles(contents, report)
    for title, sheet in contents.sheets.items():
        if sheet.state != "visible":
            report.add("structure", title, f"the sheet is hidden ({sheet.state})")
        if title in ours:
            _formulas(sheet, report)
        else:
            _own_formulas(sheet, report)
        _rules(sheet, report)
        for part in _charts(contents, sheet):
            _chart(contents, part, report)
    for name, formula in contents.names.items():
        if problem := _restless(formula):
            report.add("structure", f"name {name}", problem)


def _twice_in_styles(contents: Contents, report: Report) -> None:
    """Look for lists of fonts, formats or looks that stand twice: one program takes the first, another the last."""
    for part in contents.package.related(contents.workbook, "styles"):
        tags = Counter(one.tag for one in parsed(contents.parts[part], part) if isinstance(one.tag, str))
        for tag in (tag for tag, times in tags.items() if times > 1):
            report.add("structure", part, f"holds {tag.rpartition('}')[2]} twice: programs take one or the other")


def _charts(contents: Contents, sheet: Sheet) -> Iterator[str]:
    """Yield the parts of the charts of a sheet."""
    for drawing in drawings_of(contents, sheet):
        yield from contents.package.related(drawing, "chart")


def _own_formulas(sheet: Sheet, report: Report) -> None:
    """Look at the formulas of a person's own sheet: they may calculate what they like, and reach nowhere."""
    for ref, found in sheet.cells.items():
        if found.formula and _OUTSIDE.search(re.sub(r'"(?:[^"]|"")*"', '""', found.formula)):
            report.add("structure", f"{sheet.title}!{ref}", f"reaches outside the workbook: {found.formula!r}")


def _formulas(sheet: Sheet, report: Report) -> None:
    """Look at each formula and its stored value."""
    without = 0
    for ref, found in sheet.cells.items():
        if found.formula is None:
            continue
        report.formulas += 1
        place = f"{sheet.title}!{ref}"
        if found.formula and (problem := _problem(found.formula)):
            report.add("structure", place, problem)
        if found.value is None:
            without += 1
        elif isinstance(found.value, ErrorValue) and (found.value.code != NO_DATA or "NA()" not in found.formula):
            report.add("structure", place, f"shows the error {found.value.code}")
    if without:
        what = "formula has" if without == 1 else "formulas have"
        report.add("structure", sheet.title, f"{without:,} {what} no stored value: a preview shows nothing or 0")


def _rules(sheet: Sheet, report: Report) -> None:
    if sheet.root is None:
        report.add("structure", sheet.title, "the sheet's part is missing")
        return
    for element in sheet.root.iter(*_RULES):
        if element.text and (problem := _restless(element.text)):
            report.add("structure", sheet.title, f"a rule of the sheet: {problem}")


def _problem(formula: str) -> str | None:
    """Return what is wrong with a formula that is given without its equals sign."""
    try:
        check_formula(f"={formula}")
    except ValueError as error:
        return str(error).rstrip(".")
    return None


def _restless(formula: str) -> str | None:
    """Return what is wrong with the formula of a rule or of a name."""
    found = _RESTLESS.search(re.sub(r'"(?:[^"]|"")*"', '""', formula))
    return f"changes by itself or reaches outside the workbook: {formula!r}" if found else None


def _chart(contents: Contents, part: str, report: Report) -> None:
    """Compare what a chart has stored with the cells that it draws."""
    root = parsed(contents.parts[part], part)
    for reference in root.iter(*(f"{_CHART}{kind}Ref" for kind in ("num", "str", "multiLvlStr"))):
        where = reference.findtext(f"{_CHART}f") or ""
        if where.startswith('"'):  # a name that stands in the chart itself
            words = [point.findtext(f"{_CHART}v") for point in reference.iter(f"{_CHART}pt")]
            if words not in ([], [where.strip('"')]):
                report.add("chart", part, f"has something else stored than {where}", *words[:1])
            continue
        points = list(reference.iter(f"{_CHART}pt"))
        stored = {int(number_of(point.get("idx"), -1)): point.findtext(f"{_CHART}v") for point in points}
        cells = list(cells_of(where))
        if not cells or cells[0][0] not in contents.sheets:
            report.add("chart", part, f"draws {where!r}, which are no cells of this workbook")
            continue
        if reference.tag.endswith("multiLvlStrRef"):  # LibreOffice: a level for each name, the last one first
            stored = dict(enumerate(reversed([point.findtext(f"{_CHART}v") for point in points])))
        elif len(stored) < len(points) or any(not 0 <= place < len(cells) for place in stored):
            report.add("chart", part, f"has more stored than {where} holds")
        numbers = reference.tag == f"{_CHART}numRef"  # a dash among numbers leaves a gap, and nothing is stored for it
        if not stored and any(_has_value(contents, *cell, number=numbers) for cell in cells):
            report.add("chart", part, f"has nothing stored for {where}: a preview draws nothing")
            continue
        for (title, ref), says, should in _differences(contents, cells, stored):
            report.add("chart", part, f"what the chart draws of {title}!{ref}", says, should)


def _has_value(contents: Contents, title: str, ref: str, *, number: bool) -> bool:
    found = contents.cell(title, ref)
    value = found.value if found is not None else None
    return isinstance(value, (int, float)) if number else value is not None and not isinstance(value, ErrorValue)


def _differences(
    contents: Contents, cells: list[tuple[str, str]], stored: dict[int, str | None]
) -> Iterator[tuple[tuple[str, str], str | None, Value]]:
    """Yield the cells of which a chart has stored something else. No data and text leave a gap in a line."""
    for index, place in enumerate(cells):
        found, text = contents.cell(*place), stored.get(index)
        value = found.value if found is not None else None
        if text is None or text in (NO_DATA, "") or (value is None and found is not None and found.formula is not None):
            continue  # a formula without a value has been told
        if isinstance(value, (bool, ErrorValue)) or value is None:
            if _same_number(text, 0.0):  # which some programs store where there is nothing
                continue
            yield place, text, as_shown(value)
        elif isinstance(value, str):
            if text != value:
                yield place, text, value
        elif not _same_number(text, float(value)):
            yield place, text, value


def _same_number(text: str, value: float) -> bool:
    number = plain_number(text)
    return number is not None and abs(number - value) <= 1e-9 * max(1.0, abs(value))


def saved_by(contents: Contents) -> str | None:
    """Return the program that saved a workbook after it was made, None where none did.

    Three signs: another program's name, times of making and saving that differ, and a chain of calculation, which we
    never write.
    """
    program = _text(contents, "extended-properties", f"{_EXTENDED}Application") or ""
    made, saved = (_text(contents, "core-properties", f"{_TERMS}{name}") for name in ("created", "modified"))
    chain = any(True for _ in contents.package.related(contents.workbook, "calcChain"))
    if _OURS in program and made == saved and not chain:
        return None
    return program if program and _OURS not in program else "another program"


def _text(contents: Contents, kind: str, tag: str) -> str | None:
    part = next(contents.package.related("", kind), None)
    return parsed(contents.parts[part], part).findtext(tag) if part is not None else None
