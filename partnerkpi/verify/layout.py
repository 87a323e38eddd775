"""What is laid out around the cells of a workbook, as facts: place and aspect, and what is the case there.

Two files of the same scorecard give the same facts, whichever program saved them; an element that is none of those that
our writer, Excel and LibreOffice write is a fact of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any

from lxml import etree
from openpyxl.utils.cell import get_column_letter

from partnerkpi.verify.contents import MAIN, OFFICE, Contents, Sheet
from partnerkpi.verify.drawings import drawn_facts
from partnerkpi.verify.formulas import plain_formula, plain_ranges
from partnerkpi.verify.looks import Looks, is_true, number_of, theme_colours
from partnerkpi.verify.package import parsed
from partnerkpi.vocabulary import whole_number

Facts = dict[tuple[str, str], Any]

_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_FORMULA = "{http://schemas.microsoft.com/office/excel/2006/main}"
#: Elements of a workbook and of a sheet of which either nothing follows for a reader, or a fact says what.
_OF_WORKBOOK = {
    *("fileVersion", "fileRecoveryPr", "workbookPr", "workbookProtection", "bookViews", "sheets", "definedNames"),
    *("calcPr", "extLst", "revisionPtr", "AlternateContent"),
}
_OF_SHEET = {
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection"),
    *("protectedRanges", "autoFilter", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations"),
    *("hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks"),
    *("ignoredErrors", "drawing", "tableParts", "extLst"),
}
_MANY = {"conditionalFormatting"}
#: Extensions of Excel and LibreOffice that change nothing of what is seen, by their names.
_EXTENSIONS = {
    "{7626C862-2A13-11E5-B345-FEFF819CDC9F}",  # LibreOffice: how it reads references in texts
    "{140A7094-0E35-4892-8432-C4D2E57EDEB5}",  # Excel: charts follow moved cells
    "{79F54976-1DA5-4618-B147-4CDE4B953A38}",  # Excel: how fine pictures are kept
    "{B58B0392-4F1F-4190-BB64-5DF3571DCE5F}",  # Excel: what it can calculate
    "{D0CA8CA8-9F24-4464-BF8E-62219DCF47F9}",  # Excel: the workbook's own version
    "{78C0D931-6437-407D-A8EE-F0AAD7539E65}",  # rules of Excel 2010, which are facts
}
#: Properties that a reader sees beside the file's name.
_TOLD = ("creator", "title", "subject", "description", "keywords", "category", "contentStatus")
_HIDDEN_PART = 0.2  # of its size: a row or a column that is smaller shows nothing any more
_FOOTER_CODES = re.compile(r'&K[0-9A-Fa-f]{6}|&"[^"]*"|&\d+ ?|&[BIUES]')


def facts_of(contents: Contents, titles: Collection[str]) -> Facts:
    """Return what is laid out in a workbook and on some of its sheets."""
    facts: Facts = {}
    looks = Looks(contents)
    ours = [
        (sheet, sheet.root) for title, sheet in contents.sheets.items() if title in titles and sheet.root is not None
    ]
    for place, what in chain(
        _of_workbook(contents, titles),
        *(_of_sheet(contents, sheet, root, looks) for sheet, root in ours),
        *(drawn_facts(contents, sheet) for sheet, _ in ours),
    ):
        # a place that is told twice may not hide what was told first
        facts[place] = (facts[place], what) if place in facts and facts[place] != what else what
    return facts


def _of_workbook(contents: Contents, titles: Collection[str]) -> Iterator[tuple[tuple[str, str], Any]]:
    book, order = contents.book, list(contents.sheets)
    ours = [title for title in order if title in titles]
    yield ("workbook", "order of the sheets"), tuple(ours)
    yield ("workbook", "sheet before the first"), order[0] if order and order[0] not in titles else None
    for tag, count in _children(book, _OF_WORKBOOK):
        yield ("workbook", f"element {tag}"), count
    for element in book:
        name = etree.QName(element).localname
        if name == "workbookPr":
            yield ("workbook", "dates count from 1904"), is_true(element.get("date1904"))
            yield ("workbook", "objects shown"), element.get("showObjects", "all")
        elif name == "calcPr":
            yield ("workbook", "calculation"), element.get("calcMode", "auto")
            yield ("workbook", "calculates with shown digits"), not is_true(element.get("fullPrecision"), usual=True)
            yield ("workbook", "calculates in circles"), is_true(element.get("iterate"))
        elif name == "bookViews":
            for view in list(element)[:1]:
                yield ("workbook", "tabs shown"), is_true(view.get("showSheetTabs"), usual=True)
                yield ("workbook", "window"), view.get("visibility", "visible")
        elif name == "AlternateContent":
            inside = {etree.QName(one).localname for choice in element for one in choice}
            yield ("workbook", "alternatives"), tuple(sorted(inside - {"absPath"})) or None
    yield from _extensions(book, "workbook")
    yield from _names(contents, titles)
    yield from _properties(contents)
    yield ("theme", "colours of the theme"), tuple(theme_colours(contents)) or None


def _properties(contents: Contents) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield what the file says of itself, and from where its links begin."""
    for kind, told in (("core-properties", _TOLD), ("extended-properties", ("HyperlinkBase",))):
        for part in contents.package.related("", kind):
            for one in parsed(contents.parts[part], part):
                name = etree.QName(one).localname
                if name in told:
                    yield ("properties", name), " ".join((one.text or "").split())


def _names(contents: Contents, titles: Collection[str]) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield the defined names; those of a person's own sheets are no facts of ours."""
    order = [one.get("name", "") for one in contents.book.iter(f"{MAIN}sheet")]
    met = dict[str, str]()
    for one in contents.book.iter(f"{MAIN}definedName"):
        name, scope = one.get("name", ""), one.get("localSheetId")
        place = whole_number(scope)
        sheet = order[place] if place is not None and place < len(order) else ""
        if scope is not None and (sheet and sheet not in titles):
            continue
        if name.lower().endswith("_filterdatabase"):  # how programs note where a filter stands
            continue
        key = f"name {name}" if scope is None else f"name {name} of {sheet or scope}", "what it stands for"
        text = plain_formula(one.text or "")
        if name in ("_xlnm.Print_Area", "_xlnm.Print_Titles"):
            text = ",".join(sorted(text.split(",")))
        flags = [flag for flag in ("function", "vbProcedure", "xlm") if is_true(one.get(flag))]
        hidden = ["hidden"] if is_true(one.get("hidden")) else []
        shown = " ".join((text, *flags, *hidden))
        # LibreOffice writes some twice; twice with another meaning is nobody's way
        yield key, shown if met.setdefault(key[0].lower(), shown) == shown else f"{met[key[0].lower()]}, and {shown}"


def _of_sheet(
    contents: Contents, sheet: Sheet, root: etree._Element, looks: Looks
) -> Iterator[tuple[tuple[str, str], Any]]:
    title = sheet.title
    for tag, count in _children(root, _OF_SHEET):
        yield (title, f"element {tag}"), count
    yield from _extensions(root, title)
    for properties in root.iterfind(f"{MAIN}sheetPr"):
        yield (title, "calculates as Lotus 1-2-3"), is_true(properties.get("transitionEvaluation"))
    for view in list(root.iter(f"{MAIN}sheetView"))[:1]:
        yield (title, "formulas shown"), is_true(view.get("showFormulas"))
        yield (title, "zeros shown"), is_true(view.get("showZeros"), usual=True)
        yield (title, "right to left"), is_true(view.get("rightToLeft"))
        pane = view.find(f"{MAIN}pane")
        if pane is not None:
            ends = pane.get("xSplit", "0"), pane.get("ySplit", "0")
            yield (title, "frozen"), (pane.get("state", "split"), *ends)
            yield (title, "scrolled away"), view.get("topLeftCell", "A1")
    for size in root.iterfind(f"{MAIN}sheetFormatPr"):
        yield (title, "rows hidden unless they are said to be shown"), is_true(size.get("zeroHeight"))
    yield from _sizes(sheet, root)
    # a text goes on over the empty cells beside it, and is read on their colour
    lines = [(row, row.get("s")) for row in root.iterfind(f"{MAIN}sheetData/{MAIN}row")]
    lines = [(row, style) for row, style in lines if is_true(row.get("customFormat"))]
    lines += [(column, column.get("style")) for column in root.iterfind(f"{MAIN}cols/{MAIN}col")]
    fills = {looks.of(whole_number(style) or 0)["fill"] for _, style in lines if style is not None}
    yield (title, "colours of whole rows and columns"), tuple(sorted(fills - {"", "none"})) or None
    merged = (one.get("ref", "") for one in root.iterfind(f"{MAIN}mergeCells/{MAIN}mergeCell"))
    for ref in merged:
        yield (f"{title}!{ref}", "merged"), True
    yield from _rules(title, root, looks)
    for check in root.iterfind(f"{MAIN}dataValidations/{MAIN}dataValidation"):
        yield from _check(title, check)
    for link in root.iterfind(f"{MAIN}hyperlinks/{MAIN}hyperlink"):
        where = f"{title}!{link.get('ref', '')}"
        target = plain_formula(link.get("location", "").lstrip("#"))
        yield (where, "link"), target if link.get(f"{OFFICE}id") is None else "outside"
        yield (where, "words of the link"), link.get("tooltip", "")
    for page in root.iterfind(f"{MAIN}pageSetup"):
        yield (title, "errors as they are printed"), page.get("errors", "displayed")
        yield (title, "comments as they are printed"), page.get("cellComments", "none")
    for texts in root.iterfind(f"{MAIN}headerFooter"):
        for one in texts:
            name = etree.QName(one).localname
            used = not name.startswith(("even", "first")) or is_true(
                texts.get("differentOddEven" if name.startswith("even") else "differentFirst")
            )
            if used and (text := plain_footer(one.text or "")):
                yield (title, f"printed {name}"), text
    for table in contents.tables.values():
        if table.sheet == title:
            yield from _table(title, table.root, looks)


def _children(root: etree._Element, known: Collection[str]) -> Iterator[tuple[str, int]]:
    """Yield the elements of a root that are none of those known, and those that stand there twice."""
    counted = dict[str, int]()
    for element in root:
        name = etree.QName(element).localname
        counted[name] = counted.get(name, 0) + 1
    for name, count in counted.items():
        if name not in known or (count > 1 and name not in _MANY):
            yield name, count


def _extensions(root: etree._Element, place: str) -> Iterator[tuple[tuple[str, str], Any]]:
    for holder in root:
        if etree.QName(holder).localname == "extLst":
            for one in holder:
                uri = one.get("uri", "").upper()
                if uri not in _EXTENSIONS:
                    inside = ", ".join(etree.QName(part).localname for part in one)
                    yield (place, f"extension {uri}"), inside or "empty"


def plain_footer(text: str) -> str:
    """Return what is printed at the head or foot of a page, without sizes, fonts and colours."""
    text = _FOOTER_CODES.sub("", text.replace("&&", "\0")).replace("\0", "&&")
    parts = re.split(r"(?<!&)&(?=[LCR])", text)
    return "|".join(sorted(kept for part in parts if len(kept := " ".join(part.split())) > 1))


def _sizes(sheet: Sheet, root: etree._Element) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield rows and columns with cells that hold something: whether they are hidden, and their size."""
    used = {get_column_letter_of(ref) for ref, found in sheet.cells.items() if found.value is not None or found.formula}
    usual = next(root.iterfind(f"{MAIN}sheetFormatPr"), etree.Element("none"))
    wide, high = number_of(usual.get("defaultColWidth"), 8.43), number_of(usual.get("defaultRowHeight"), 15)
    columns = dict[str, tuple[bool, float]]()
    for column in root.iterfind(f"{MAIN}cols/{MAIN}col"):
        first, last = (max(1, int(number_of(column.get(end), 1))) for end in ("min", "max"))
        about = is_true(column.get("hidden")), number_of(column.get("width"), wide)
        for number in range(first, min(last, first + 16_384, 16_384) + 1):
            columns[get_column_letter(number)] = about
    for letter in used:
        hidden, width = columns.get(letter, (False, wide))
        yield (f"{sheet.title}, column {letter}", "width"), 0.0 if hidden else width
    for row in root.iterfind(f"{MAIN}sheetData/{MAIN}row"):
        if any(child.find(f"{MAIN}v") is not None or child.find(f"{MAIN}is") is not None for child in row):
            height = number_of(row.get("ht"), high)
            yield (f"{sheet.title}, row {row.get('r')}", "height"), 0.0 if is_true(row.get("hidden")) else height


def get_column_letter_of(ref: str) -> str:
    """Return the letters of the column of a cell."""
    return ref.rstrip("0123456789")


def vanished(found: float, should: float) -> bool:
    """Tell whether a row or a column of one size shows nothing any more that it showed in another."""
    return found < _HIDDEN_PART * should


def _rules(title: str, root: etree._Element, looks: Looks) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield the rules that colour cells, in their order."""
    rules = list[tuple[int, tuple[Any, ...]]]()
    for block in root.iterfind(f"{MAIN}conditionalFormatting"):
        cells = plain_ranges(block.get("sqref", ""))
        for rule in block.iterfind(f"{MAIN}cfRule"):
            priority = int(number_of(rule.get("priority")))
            rules.append((priority, (cells, *_rule(rule, looks))))
    ordered = [rule for _, rule in sorted(rules, key=lambda one: one[0])]
    yield (title, "rules that colour cells"), tuple(ordered)
    bars, colours = list[tuple[Any, ...]](), _colours_of_bars(root, looks)
    for block in root.iter(f"{_X14}conditionalFormatting"):
        cells = plain_ranges(block.findtext(f"{_FORMULA}sqref") or "")
        bars += [(cells, *_bar(rule, colours, looks)) for rule in block.iterfind(f"{_X14}cfRule")]
    yield (title, "bars in cells"), tuple(sorted(bars, key=str))


def _rule(rule: etree._Element, looks: Looks) -> tuple[Any, ...]:
    kind = rule.get("type", "")
    if kind == "dataBar":  # the bar of Excel 2007, which stands beside that of 2010
        return (kind, *(_drawn_by(shown, looks, 90) for shown in rule.iterfind(f"{MAIN}dataBar")))
    formulas = tuple(plain_formula(one.text or "") for one in rule.iterfind(f"{MAIN}formula"))
    more = tuple((name, rule.get(name)) for name in ("timePeriod",) if rule.get(name) is not None)
    others = tuple(
        etree.QName(one).localname for one in rule if etree.QName(one).localname not in ("formula", "extLst")
    )
    operator = rule.get("operator") if kind == "cellIs" else None
    look = tuple(sorted(looks.difference(rule.get("dxfId")).items()))
    return kind, operator, formulas, look, more, others, is_true(rule.get("stopIfTrue"))


def _drawn_by(bar: etree._Element, looks: Looks, longest: float) -> tuple[Any, ...]:
    """Return what says how long bars of Excel 2007 are, from where to where, of which colour, beside which value."""
    ends = [
        (kind := end.get("type", ""), plain_formula(end.get("val") or "") if kind not in ("min", "max") else "")
        for end in bar.iterfind(f"{MAIN}cfvo")
    ]
    colour = looks.colour(bar.find(f"{MAIN}color"))
    return is_true(bar.get("showValue"), usual=True), tuple(ends), colour, *_lengths(bar, longest)


def _lengths(bar: etree._Element, longest: float) -> tuple[float, float]:
    """Return how long the shortest and the longest bar is, in per cent of its cell."""
    return number_of(bar.get("minLength"), 10), number_of(bar.get("maxLength"), longest)


def _colours_of_bars(root: etree._Element, looks: Looks) -> dict[str, str]:
    """Return the colours of the bars of Excel 2007 by the ids by which those of 2010 refer to them."""
    return {
        (name.text or "").upper(): looks.colour(rule.find(f"{MAIN}dataBar/{MAIN}color"))
        for rule in root.iter(f"{MAIN}cfRule")
        for name in rule.iter(f"{_X14}id")
    }


def _bar(rule: etree._Element, colours: dict[str, str], looks: Looks) -> tuple[Any, ...]:
    """Return how a bar of Excel 2010 is drawn; LibreOffice leaves its colour to that of 2007."""
    ends = [
        (end.get("type", ""), plain_formula(end.findtext(f"{_FORMULA}f") or "")) for end in rule.iter(f"{_X14}cfvo")
    ]
    drawn = list[Any]()
    for bar in rule.iterfind(f"{_X14}dataBar"):
        fill = bar.find(f"{_X14}fillColor")
        own = colours.get(rule.get("id", "").upper(), "")
        below = "" if is_true(bar.get("negativeBarColorSameAsPositive")) else bar.find(f"{_X14}negativeFillColor")
        drawn += [
            *_lengths(bar, 100),
            bar.get("direction", "context") == "rightToLeft",
            bar.get("axisPosition", "automatic"),
            own if fill is None else looks.colour(fill),
            below if isinstance(below, str) else looks.colour(below),
        ]
    return rule.get("type", ""), tuple(ends), *drawn


def _check(title: str, check: etree._Element) -> Iterator[tuple[tuple[str, str], Any]]:
    where = f"{title}!{plain_ranges(check.get('sqref', ''))}"
    kind = check.get("type", "none")
    operator = check.get("operator", "between") if kind not in ("list", "none", "custom") else ""
    second = plain_formula(check.findtext(f"{MAIN}formula2") or "") if operator in ("between", "notBetween") else ""
    first = plain_formula(check.findtext(f"{MAIN}formula1") or "") if kind != "none" else ""
    yield (where, "values that may be entered"), (kind, operator, first, second)
    words = {
        "prompt": ("promptTitle", "prompt", is_true(check.get("showInputMessage"))),
        "message for what may not be entered": ("errorTitle", "error", is_true(check.get("showErrorMessage"))),
    }
    for aspect, (head, text, is_shown) in words.items():
        yield (where, aspect), (check.get(head, ""), check.get(text, "")) if is_shown else ("", "")


def _table(title: str, root: etree._Element, looks: Looks) -> Iterator[tuple[tuple[str, str], Any]]:
    where = f"{title}, table {root.get('displayName', '')}"
    yield (where, "cells"), root.get("ref", "")
    for style in root.iterfind(f"{MAIN}tableStyleInfo"):
        yield (where, "look by a style of the file"), looks.of_table(style.get("name", ""))
    yield (where, "rows of totals"), int(number_of(root.get("totalsRowCount")))
    yield (where, "rows of heads"), int(number_of(root.get("headerRowCount"), 1))
    yield (where, "kind"), root.get("tableType", "worksheet")
    columns = list(root.iter(f"{MAIN}tableColumn"))
    yield (where, "heads"), tuple(" ".join(one.get("name", "").replace("_x000a_", " ").split()) for one in columns)
    formulas = [plain_formula(part.text or "") for one in columns for part in one if part.tag.endswith("Formula")]
    yield (where, "formulas of columns"), tuple(formulas)
