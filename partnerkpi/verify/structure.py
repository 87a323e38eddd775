"""Whether a workbook is safe and whole: nothing that runs, reaches outside, changes by itself or shows an error.

And which program saved it last, as far as its properties tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from partnerkpi.verify.contents import MAIN, Contents, ErrorValue, Sheet, cells_of, parsed
from partnerkpi.verify.finding import Report
from partnerkpi.workbook.model.formula import check_formula
from partnerkpi.workbook.model.values import NO_DATA, Value

#: Parts that can run, fetch or hide something, and what they are.
_UNWANTED = (
    (re.compile(r"vbaProject|vbaData|macrosheets/|intlMacrosheets/", re.IGNORECASE), "holds macros"),
    (
        re.compile(r"^xl/(activeX|embeddings|ctrlProps|dialogsheets)/", re.IGNORECASE),
        "holds an embedded object or a control",
    ),
    (re.compile(r"^xl/externalLinks/", re.IGNORECASE), "refers to another workbook"),
    (re.compile(r"^xl/(connections\.xml|queryTables/|model/)", re.IGNORECASE), "fetches data from elsewhere"),
    (re.compile(r"^xl/(webextensions|customData)/|^customUI/", re.IGNORECASE), "holds an add-in"),
)
#: What a rule of a sheet may not do: change by itself, or reach outside the workbook.
_RESTLESS = re.compile(
    r"\b(OFFSET|INDIRECT|NOW|TODAY|RAND|RANDBETWEEN|RANDARRAY|CELL|INFO|WEBSERVICE|FILTERXML|HYPERLINK|RTD|CALL|"
    r"REGISTER(\.ID)?|EXEC|EVALUATE)\s*\(|[\[|]",
    re.IGNORECASE,
)
#: Rules and choices outside the cells hold formulas too.
_RULES = (f"{MAIN}formula", f"{MAIN}formula1", f"{MAIN}formula2")
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

_EXTENDED = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_OURS = "Openpyxl"  # how the library that lays out our workbooks signs them
_TERMS = "{http://purl.org/dc/terms/}"


def check_structure(contents: Contents, report: Report) -> None:
    """Add a finding for each part, link, formula, stored value and chart that is not as a scorecard's are."""
    _parts(contents, report)
    for sheet in contents.sheets.values():
        if sheet.state != "visible":
            report.add("structure", sheet.title, f"the sheet is hidden ({sheet.state})")
        _formulas(sheet, report)
        _rules(contents, sheet, report)
    for name, formula in contents.names.items():
        if problem := _restless(formula):
            report.add("structure", f"name {name}", problem)
    for part in sorted(contents.parts):
        if re.fullmatch(r"xl/charts/chart[^/]*\.xml", part):
            _chart(contents, part, report)


def unwanted(part: str) -> str | None:
    """Return what a workbook with this part does that a scorecard never does: "holds macros"; None for any other."""
    return next((what for pattern, what in _UNWANTED if pattern.search(part)), None)


def _parts(contents: Contents, report: Report) -> None:
    for part in sorted(contents.parts):
        if what := unwanted(part):
            report.add("structure", part, f"the workbook {what}")
        if part.endswith(".rels"):
            for relation in parsed(contents.parts[part], part):
                if relation.get("TargetMode") == "External":
                    report.add("structure", part, f"a link leads out of the workbook: {relation.get('Target')}")
    if b"macroEnabled" in contents.parts.get("[Content_Types].xml", b""):
        report.add("structure", "[Content_Types].xml", "the workbook is of a kind that may hold macros")


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


def _rules(contents: Contents, sheet: Sheet, report: Report) -> None:
    if sheet.part not in contents.parts:
        report.add("structure", sheet.title, "the sheet's part is missing")
        return
    for element in parsed(contents.parts[sheet.part], sheet.part).iter(*_RULES):
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
    for reference in parsed(contents.parts[part], part).iter(f"{_CHART}numRef", f"{_CHART}strRef"):
        where = reference.findtext(f"{_CHART}f") or ""
        if where.startswith('"'):  # a name that stands in the chart itself
            continue
        stored = {int(point.get("idx", "-1")): point.findtext(f"{_CHART}v") for point in reference.iter(f"{_CHART}pt")}
        cells = list(cells_of(where))
        if not cells or cells[0][0] not in contents.sheets:
            report.add("chart", part, f"draws {where!r}, which is not in this workbook")
            continue
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
        if isinstance(value, (bool, ErrorValue)) or value is None or text is None or text == NO_DATA:
            continue
        if isinstance(value, str):
            if text != value:
                yield place, text, value
        elif not _same_number(text, float(value)):
            yield place, text, value


def _same_number(text: str, value: float) -> bool:
    try:
        return abs(float(text) - value) <= 1e-9 * max(1.0, abs(value))
    except ValueError:
        return False


def saved_by(contents: Contents) -> str | None:
    """Return the program that saved a workbook after it was made, None where none did.

    Three signs: another program's name, times of making and saving that differ, and a chain of calculation, which we
    never write.
    """
    program = _text(contents, "docProps/app.xml", f"{_EXTENDED}Application") or ""
    made, saved = (_text(contents, "docProps/core.xml", f"{_TERMS}{name}") for name in ("created", "modified"))
    if _OURS in program and made == saved and "xl/calcChain.xml" not in contents.parts:
        return None
    return program if program and _OURS not in program else "another program"


def _text(contents: Contents, part: str, tag: str) -> str | None:
    xml = contents.parts.get(part)
    return parsed(xml, part).findtext(tag) if xml is not None else None
