"""What a workbook shows beside the values of its cells, against the workbook that its record gives.

The other workbook is made by our writer and read by the same reader, so that nothing has to be known of any sheet. What
a person may change, and what LibreOffice and Excel change when they save a file, stands in `_MAY` and the functions
that it names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from typing import Any

from lxml import etree
from openpyxl.utils.cell import range_boundaries

from partnerkpi.verify.contents import MAIN, Contents, Found, Place, Sheet, cells_of
from partnerkpi.verify.finding import Report
from partnerkpi.verify.layout import Facts, facts_of, vanished
from partnerkpi.verify.looks import Look, Looks
from partnerkpi.verify.package import canonical, parsed

_NEAR = 1  # rows and columns by which a drawing may lie elsewhere: programs round its place to their own units
_OF_WHOLE = ("0", '0;"−"0;0')  # number formats that show a whole number as it is
_WHOLE = re.compile(r"-?\d+\.0")
_DRAWN = ("xl/charts/", "xl/drawings/", "xl/theme/", "xl/media/")
_FONT = ("bold", "italic", "strike", "underline", "raised", "font colour", "font size")


def compare_layout(
    contents: Contents, expected: Contents, should: Facts, report: Report, passed: Collection[Place] = ()
) -> None:
    """Add a finding for each thing that a workbook shows otherwise than the one that its record gives.

    `should` are the facts of that one; cells that `passed` are a person's, and may look as that person likes.
    """
    titles = expected.sheets.keys()
    says = facts_of(contents, titles)
    filtered = {title: set(_filtered_rows(contents, expected, sheet)) for title, sheet in contents.sheets.items()}
    for place, aspect in sorted(says.keys() | should.keys()):
        one, other = says.get((place, aspect)), should.get((place, aspect))
        if (one or None) == (other or None) or _may_be(aspect, one, other, says, place):
            continue
        if aspect == "height" and other is None and one:  # a row that is open for anybody's words
            continue
        if aspect == "height" and place.rpartition(" ")[2] in filtered.get(place.rpartition(", row ")[0], ()):
            continue
        _tell(place, aspect, one, other, report)
    for title, rows in filtered.items():
        if rows and title in titles:
            report.changed.append(f"a filter of {title} hides rows")
    _compare_looks(contents, expected, report, passed)


def compare_drawn_parts(contents: Contents, expected: Contents, report: Report) -> None:
    """Add a finding for each chart, drawing and theme that is not to the letter the one that was written.

    No person can change one and leave the rest as it was written; a program that saves a file writes all of it anew.
    """
    for name, part in expected.parts.items():
        found = contents.parts.get(name)
        if name.startswith(_DRAWN) and found is not None and found != part and _canonical(found) != _canonical(part):
            report.add("layout", name, "it is not as it was written")


def _canonical(part: bytes) -> bytes:
    """Return a part in the one form that XML has for what means the same; 9000 and 9000.0 are one number."""
    if part.lstrip()[:1] != b"<":
        return part
    root = parsed(part, "a part")
    for value in root.iter("{*}v"):
        if value.text and _WHOLE.fullmatch(value.text):
            value.text = value.text.removesuffix(".0")
    return canonical(root)


def _tell(place: str, aspect: str, one: Any, other: Any, report: Report) -> None:
    if aspect in ("width", "height") and one is not None:
        report.add("layout", place, "is hidden or too small to be read")
    elif isinstance(one, tuple) and isinstance(other, tuple) and aspect in ("rules that colour cells", "bars in cells"):
        here = next((rule for rule in one if rule not in other), None)
        there = next((rule for rule in other if rule not in one), None)
        report.add("layout", place, f"the {aspect} were changed", _brief(here), _brief(there))
    elif aspect.startswith(("element", "extension", "alternatives")):
        report.add("layout", place, f"an {aspect} has no place in a scorecard" if one else f"an {aspect} is missing")
    else:
        what = "was added" if other is None else "is missing" if one is None else "was changed"
        report.add("layout", place, f"{aspect}: {what}", _brief(one), _brief(other))


def _brief(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, float)):
        return value
    return " ".join(str(one) for one in value if one not in (None, "", ()))


def _close(one: Any, other: Any) -> bool:
    """Tell whether a drawing lies where it was put, as far as programs keep that."""
    return (
        isinstance(one, tuple)
        and isinstance(other, tuple)
        and len(one) == len(other)
        and all(
            here == there or (here is not None and there is not None and abs(here - there) <= _NEAR)
            for here, there in zip(one, other, strict=True)
        )
    )


def _large_enough(one: Any, other: Any) -> bool:
    """Tell whether a row or a column may have its size: any but one that hides what stands in it."""
    return one is not None and other is not None and not vanished(one, other)


def _no_longer(one: Any, _: Any) -> bool:
    """Tell whether something is gone that may be missing."""
    return one is None


def _nothing(one: Any, _: Any) -> bool:
    """Tell whether nothing is said where something was."""
    return not one


#: What may differ, by aspect: what is found, what should be -> whether that is somebody's to change, or a program's.
_MAY: Mapping[str, Callable[[Any, Any], bool]] = {
    # a person: columns and rows of any size in which something can be read
    "width": _large_enough,
    "height": _large_enough,
    # LibreOffice without a window keeps no frozen rows, and rounds the ends of drawings to its own units
    "frozen": _no_longer,
    "where it lies": _close,
    # LibreOffice keeps no theme, no words for charts and links, and no formats of the numbers that charts have stored
    "colours of the theme": _no_longer,
    "what it shows in words": _nothing,
    "number format (cat)": _nothing,
    "number format (val)": _nothing,
    "number format (xVal)": _nothing,
    "number format (yVal)": _nothing,
    "words of the link": _nothing,
}


def _may_be(aspect: str, one: Any, other: Any, says: Facts, place: str) -> bool:
    if aspect == "scrolled away":  # rows above the frozen ones cannot be reached; without them anybody can scroll
        return one in (None, "A1") or says.get((place, "frozen")) is None
    may = _MAY.get(aspect)
    return may is not None and may(one, other)


def _filtered_rows(contents: Contents, expected: Contents, sheet: Sheet) -> Iterator[str]:
    """Yield the numbers of the rows that a filter may hide: of one of our tables, where a column of it is filtered."""
    made = expected.sheets.get(sheet.title)
    if sheet.root is None or made is None or made.root is None:
        return
    ours = {table.ref for table in expected.tables.values() if table.sheet == sheet.title}
    ours |= {one.get("ref", "") for one in made.root.iterfind(f"{MAIN}autoFilter")}
    filters = list(sheet.root.iterfind(f"{MAIN}autoFilter"))
    tables = [table.root for table in contents.tables.values() if table.sheet == sheet.title]
    filters += [one for table in tables for one in table.iterfind(f"{MAIN}autoFilter")]
    for one in filters:
        if one.get("ref", "").replace("$", "") in ours and one.find(f"{MAIN}filterColumn") is not None:
            _, top, _, bottom = range_boundaries(one.get("ref", ""))
            yield from map(str, range(int(top or 0) + 1, int(bottom or 0) + 1))


def _compare_looks(contents: Contents, expected: Contents, report: Report, passed: Collection[Place]) -> None:
    """Compare how each cell looks that holds something."""
    ours, theirs = Looks(expected), Looks(contents)

    @cache
    def different(style: int, right: int) -> tuple[tuple[str, Any, Any], ...]:
        one, other = theirs.of(style), ours.of(right)
        return tuple(
            (name, one.get(name), other.get(name))
            for name in one | other
            if one.get(name) != other.get(name) and name != "locked"
        )

    for title, sheet in contents.sheets.items():
        made = expected.sheets.get(title)
        if made is None:
            continue
        covered = {place for one in _merged(made) for place in cells_of(f"'{title}'!{one}")}
        for ref, found in sheet.cells.items():
            if (title, ref) in passed:
                continue
            right = made.cells.get(ref)
            style = right.style if right is not None else 0
            place = f"{title}!{ref}"
            empty = found.formula is None and found.value in (None, "")
            if empty and (title, ref) in covered:
                continue
            for name, one, other in different(found.style, style):
                # of an empty cell the colour is seen: on it the text of the cell beside it goes on
                if not _may_look(name, one, other, found) and (name == "fill" or not empty):
                    report.add("layout", place, f"its {name} was changed", _shown(one), _shown(other))
            if found.runs:
                _compare_runs(place, found, theirs, report)
            should = right.spills if right is not None else ""
            if found.spills != should and {found.spills, should} - {"", ref}:
                report.add("formula", place, "the formula fills other cells than it should", found.spills)


def _merged(sheet: Sheet) -> list[str]:
    root = sheet.root if sheet.root is not None else etree.Element("none")
    return [one.get("ref", "") for one in root.iterfind(f"{MAIN}mergeCells/{MAIN}mergeCell")]


def _shown(value: Any) -> Any:
    return "yes" if value is True else "no" if value is False else value if value != "" else "none"


def _may_look(name: str, one: Any, other: Any, found: Found) -> bool:
    """Tell whether a program changes a look so when it saves a file, and a reader sees the same."""
    if name == "wrapText":  # LibreOffice, where a text has a line end
        return bool(one)
    if name == "number format":  # LibreOffice, where a formula gives a whole number
        whole = isinstance(found.value, float) and found.value.is_integer()
        return other == "General" and one in _OF_WHOLE and whole
    if name == "font":  # LibreOffice, where its font has no such letters
        return isinstance(found.value, str) and any(_exotic(char) for char in found.value)
    return False


def _exotic(char: str) -> bool:
    """Tell whether a usual font may lack a character."""
    return ord(char) > 0x24F and unicodedata.category(char) not in ("Pd", "Po", "Pi", "Pf", "Sm")


def _compare_runs(place: str, found: Found, looks: Looks, report: Report) -> None:
    """Compare the parts of a text that have a look of their own with the look of their cell."""
    cell: Look = looks.of(found.style)
    for run in found.runs:
        look = looks.font(run)
        changed = [name for name in _FONT if look[name] != cell[name] and not (name == "font size" and not look[name])]
        if changed:
            report.add("layout", place, f"a part of the text has another {changed[0]}", _shown(look[changed[0]]))
            return


def looks_like(title: str, titles: list[str]) -> str | None:
    """Return the sheet for which somebody could take one of this name; None for none."""
    plain = _skeleton(title).rstrip("s")
    return next((one for one in titles if _skeleton(one).rstrip("s") == plain), None)


def _skeleton(title: str) -> str:
    """Return a name as it is read: letters alone, those of other scripts as the Latin ones that look like them."""
    letters = unicodedata.normalize("NFKD", title).casefold().translate(_ALIKE)
    return re.sub(r"[^a-z]", "", letters) or letters


_ALIKE = str.maketrans("аеорсухіјѕԁоαοερικν01|ıłi", "aeopcyxljsdoaoeplkvollll" + "l")
