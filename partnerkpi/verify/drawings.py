"""What lies over the cells of a sheet, as facts: charts, with all that they draw and say, pictures, and whatever else.

LibreOffice writes charts anew. What it keeps is what is compared: where they lie, of which kind they are, the cells
that they draw, titles, axes, labels and the colours of their series. What they have stored is compared with the cells
(`structure`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from partnerkpi.verify.contents import MAIN, OFFICE, Contents, Sheet
from partnerkpi.verify.formulas import plain_formula
from partnerkpi.verify.looks import is_true, plain_format
from partnerkpi.verify.package import canonical, parsed, plain_number
from partnerkpi.vocabulary import whole_number

Fact = tuple[tuple[str, str], Any]

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PLACE = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_ANCHORS = {f"{_PLACE}{kind}Anchor" for kind in ("twoCell", "oneCell", "absolute")}
_ENTRY = f"{_CHART}legendEntry"
_FILLED = f"{_MAIN}solidFill/{_MAIN}srgbClr"
#: Parts of a chart that say something of their own, which our charts never have.
_FOREIGN = (
    "trendline",
    "userShapes",
    "pivotSource",
    "externalData",
    "dTable",
    "dispUnits",
    "upDownBars",
    "clrMapOvr",
)
#: What Excel and LibreOffice put into extensions and alternatives of a chart without a change to what it says.
_HARMLESS = {
    *("uniqueId", "showLeaderLines", "leaderLines", "layout", "invertSolidFillFmt", "style", "roundedCorners"),
    *("spPr", "numFmt", "dataDisplayOptions16", "autoCat", "xForSave", "tx", "showDataLabelsRange", "crossesAt"),
}


def drawn_facts(contents: Contents, sheet: Sheet) -> Iterator[Fact]:
    """Yield what lies over the cells of a sheet."""
    for part in drawings_of(contents, sheet):
        root = parsed(contents.parts[part], part)
        relations = {one.id: one for one in contents.package.relations(part)}
        for number, anchor in enumerate(root, 1):
            place = f"{sheet.title}, drawing {number}"
            if anchor.tag not in _ANCHORS:
                yield (place, "what it is"), etree.QName(anchor).localname
                continue
            ends = (anchor.findtext(f"{_PLACE}{end}/{_PLACE}{way}") for end in ("from", "to") for way in ("col", "row"))
            yield (place, "where it lies"), tuple(whole_number(end) for end in ends)
            yield from _drawn(contents, place, anchor, relations)


def drawings_of(contents: Contents, sheet: Sheet) -> list[str]:
    """Return the drawing that a sheet names as its own."""
    named = (
        {one.get(f"{OFFICE}id") for one in sheet.root.iterfind(f"{MAIN}drawing")} if sheet.root is not None else set()
    )
    targets = (one.target for one in contents.package.relations(sheet.part) if one.id in named)
    return [target for target in targets if target in contents.parts]


def _drawn(contents: Contents, place: str, anchor: etree._Element, relations: dict[str, Any]) -> Iterator[Fact]:
    shapes = [one for one in anchor if etree.QName(one).localname not in ("from", "to", "clientData", "pos", "ext")]
    kinds = [etree.QName(one).localname for one in shapes]
    yield (place, "what it is"), tuple(kinds)
    for about in anchor.iter(f"{_PLACE}cNvPr"):
        yield (place, "hidden"), is_true(about.get("hidden"))
        yield (place, "what it shows in words"), about.get("descr", "")
        yield (
            (place, "leads to"),
            next((link.get("tooltip", "a link") for link in about.iter(f"{_MAIN}hlinkClick")), None),
        )
    if kinds == ["graphicFrame"]:
        chart = next(anchor.iter(f"{_CHART}chart"), None)
        relation = relations.get(chart.get(f"{OFFICE}id", "")) if chart is not None else None
        if relation is None or relation.target not in contents.parts:
            yield (place, "what it is"), "a chart that is not there"
        else:
            yield from chart_facts(place, parsed(contents.parts[relation.target], relation.target))
    elif kinds == ["pic"]:
        yield (place, "picture"), _picture(contents, anchor, relations)


def _picture(contents: Contents, anchor: etree._Element, relations: dict[str, Any]) -> str:
    """Return the SHA-256 of a picture, and what is done to it when it is shown."""
    blip = next(anchor.iter(f"{_MAIN}blip"), None)
    relation = relations.get(blip.get(f"{OFFICE}embed", "")) if blip is not None else None
    if blip is None or relation is None or relation.target not in contents.parts:
        return "none"
    done = sorted(etree.QName(one).localname for one in blip if etree.QName(one).localname != "extLst")
    cut = next(anchor.iter(f"{_MAIN}srcRect"), None)
    if cut is not None and any(value not in ("0", "") for value in cut.attrib.values()):
        done.append("cut")
    return " ".join((hashlib.sha256(contents.parts[relation.target]).hexdigest(), *done))


def chart_facts(place: str, root: etree._Element) -> Iterator[Fact]:
    """Yield what a chart draws and says."""
    for number, title in enumerate(root.iter(f"{_CHART}title"), 1):
        parent = title.getparent()
        of = etree.QName(parent).localname if parent is not None else ""
        yield (place, f"title {number} ({of})"), _words(title)
    for tag in _FOREIGN:
        if any(True for _ in root.iter(f"{_CHART}{tag}")):
            yield (place, f"element {tag}"), True
    inside = {etree.QName(one).localname for holder in root.iter() if _is_extension(holder) for one in holder}
    if foreign := sorted(inside - _HARMLESS):
        yield (place, "extensions"), tuple(foreign)
    plots = [plot for plot in root.iter() if etree.QName(plot).localname.endswith("Chart") and len(plot)]
    for number, plot in enumerate(plots, 1):
        kind = etree.QName(plot).localname
        about = tuple(_value(plot, tag) for tag in ("barDir", "grouping"))
        yield (place, f"kind of plot {number}"), (kind, *about)
        for place_in_plot, series in enumerate(plot.iterfind(f"{_CHART}ser"), 1):
            yield from _series(f"{place}, plot {number}, series {place_in_plot}", series)
    axes = [axis for axis in root.iter() if axis.tag in (f"{_CHART}valAx", f"{_CHART}catAx", f"{_CHART}dateAx")]
    for number, axis in enumerate(axes, 1):
        scale = axis.find(f"{_CHART}scaling")
        if scale is not None:
            ends = (_value(scale, tag) for tag in ("min", "max", "logBase"))
            yield (f"{place}, axis {number}", "scale"), tuple(_number(end) for end in ends)
            yield (f"{place}, axis {number}", "direction"), _value(scale, "orientation") or "minMax"
        yield (f"{place}, axis {number}", "hidden"), is_true(_value(axis, "delete"))
        form = axis.find(f"{_CHART}numFmt")
        if (
            form is not None
            and not is_true(form.get("sourceLinked"))
            and axis.tag == f"{_CHART}valAx"
            and not is_true(_value(axis, "delete"))
        ):
            yield (f"{place}, axis {number}", "number format"), plain_format(form.get("formatCode", "General"))
    for holder in root.iter(f"{_CHART}plotVisOnly"):
        yield (place, "draws hidden cells"), not is_true(holder.get("val"), usual=True)
    for holder in root.iter(f"{_CHART}dispBlanksAs"):
        yield (place, "what it draws where there is nothing"), holder.get("val")
    legends = list(root.iter(f"{_CHART}legend"))
    yield (place, "legend"), len(legends)
    yield (place, "names left out of the legend"), len([one for legend in legends for one in legend.iter(_ENTRY)])


def _is_extension(element: etree._Element) -> bool:
    return etree.QName(element).localname in ("ext", "Choice", "Fallback") and not element.tag.startswith(_MAIN)


def _series(place: str, series: etree._Element) -> Iterator[Fact]:
    for tag in ("tx", "cat", "val", "xVal", "yVal", "bubbleSize"):
        element = series.find(f"{_CHART}{tag}")
        if element is not None:
            refs = [plain_formula(one.text or "") for one in element.iter(f"{_CHART}f")]
            literals = [one.text or "" for one in element.iter(f"{_CHART}v")] if not refs else []
            drawn = " ".join((*refs, *literals))
            yield (place, "name" if tag == "tx" else f"cells ({tag})"), drawn.strip('"')
            forms = {plain_format(one.text or "") for one in element.iter(f"{_CHART}formatCode")}
            yield (place, f"number format ({tag})"), tuple(sorted(forms - {"General"}))
    for bars in series.iterfind(f"{_CHART}errBars"):
        refs = [plain_formula(one.text or "") for one in bars.iter(f"{_CHART}f")]
        if bars.find(f"{_CHART}spPr/{_MAIN}ln/{_MAIN}noFill") is not None:
            yield (place, "bars that are not drawn"), True
        yield (place, "length of the bars"), (_value(bars, "errValType"), _number(_value(bars, "val")), *refs)
    colours = [one.get("val", "").upper() for one in series.iterfind(f"{_CHART}spPr/{_MAIN}solidFill/{_MAIN}srgbClr")]
    lines = [
        one.get("val", "").upper() for one in series.iterfind(f"{_CHART}spPr/{_MAIN}ln/{_MAIN}solidFill/{_MAIN}srgbClr")
    ]
    plot = series.getparent()
    kind = etree.QName(plot).localname if plot is not None else ""
    marks = [
        one.get("val", "").upper()
        for mark in series.iterfind(f"{_CHART}marker")
        if _value(mark, "symbol") != "none"
        for one in mark.iterfind(f"{_CHART}spPr/{_FILLED}")
    ]
    yield (place, "colour"), tuple({"lineChart": lines, "scatterChart": [*marks, *lines]}.get(kind, colours))
    points = [one for one in series.iterfind(f"{_CHART}dPt") if _stands_out(one, series)]
    if points:
        seen = [
            (
                _value(one, "idx"),
                *(c.get("val", "").upper() for c in one.iterfind(f"{_CHART}spPr/{_MAIN}solidFill/{_MAIN}srgbClr")),
            )
            for one in points
        ]
        yield (place, "colours of points"), tuple(seen)
    for number, labels in enumerate(series.iterfind(f"{_CHART}dLbls")):
        if number:
            yield (place, "labels stand twice"), True
        shown = tuple(is_true(_value(labels, f"show{what}")) for what in ("Val", "CatName", "SerName", "Percent"))
        yield (place, "labels"), shown if any(shown) else None
        form = labels.find(f"{_CHART}numFmt")
        if form is not None and not is_true(form.get("sourceLinked")) and any(shown):
            yield (place, "number format of labels"), plain_format(form.get("formatCode", ""))
        words = [_words(one) for one in labels.iterfind(f"{_CHART}dLbl") if one.find(f"{_CHART}tx") is not None]
        yield (place, "labels with words of their own"), tuple(words) or None


def _stands_out(point: etree._Element, series: etree._Element) -> bool:
    """Tell whether a point looks otherwise than its series: LibreOffice writes down each point that has a label."""
    looks = {one.tag: canonical(one, exclusive=True) for one in series}
    parts = (one for one in point if one.tag != f"{_CHART}idx")
    return any(looks.get(one.tag) != canonical(one, exclusive=True) for one in parts)


def _words(element: etree._Element) -> str:
    """Return the words of a title: those that stand in it, or the cell that it shows."""
    refs = [plain_formula(one.text or "") for one in element.iter(f"{_CHART}f")]
    return " ".join(refs) if refs else "".join(one.text or "" for one in element.iter(f"{_MAIN}t"))


def _value(element: etree._Element, tag: str) -> str | None:
    found = element.find(f"{_CHART}{tag}")
    return found.get("val") if found is not None else None


def _number(text: str | None) -> float | str | None:
    number = plain_number(text) if text is not None else None
    return round(number, 9) if number is not None else text
