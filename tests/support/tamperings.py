"""What somebody could do to a workbook so that a reader sees another figure than the one that was verified.

A tampering is a function that changes a `Forgery`; `all_tamperings` lists them by name. They work on the parts as a
spreadsheet program resolves them, so that they can be done to a file of our writer and to one that LibreOffice saved.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
PLACE = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
TYPES = "[Content_Types].xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."

Element = etree._Element
Tampering = Callable[["Forgery"], None]


class Forgery:
    """A workbook in the hands of somebody who can change every byte of it."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.more: list[tuple[str, bytes]] = []  # members beside the parts
        self.behind = b""  # bytes after the package
        self.comment = b""  # of the package
        self.roots: dict[str, Element] = {}

    def root(self, part: str) -> Element:
        """Return the root of a part, to be changed in place."""
        if part not in self.roots:
            self.roots[part] = etree.fromstring(self.parts[part])
        return self.roots[part]

    def write(self, path: Path) -> Path:
        """Write what became of it."""
        for part, root in self.roots.items():
            self.parts[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in [*self.parts.items(), *self.more]:
                archive.writestr(zipfile.ZipInfo(name), data)
            archive.comment = self.comment
        path.write_bytes(made.getvalue() + self.behind)
        return path

    @property
    def book(self) -> Element:
        """Return the workbook's root."""
        return self.root("xl/workbook.xml")

    def relations(self, part: str) -> Element:
        """Return the relationships of a part, made if there are none."""
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        if where not in self.parts:
            self.parts[where] = f'<Relationships xmlns="{PACKAGE}"/>'.encode()
        return self.root(where)

    def relate(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """Let a part refer to another one or outside, and return the id."""
        root = self.relations(part)
        number = f"rIdX{len(root) + 1}"
        full = kind if "://" in kind else f"{OFFICE}/{kind}"
        one = etree.SubElement(root, f"{{{PACKAGE}}}Relationship", Id=number, Type=full, Target=target)
        if external:
            one.set("TargetMode", "External")
        return number

    def add(self, name: str, data: bytes, kind: str) -> None:
        """Add a part of a content type."""
        self.parts[name] = data
        types = self.root(TYPES)
        tag = types.tag.replace("Types", "Override")
        etree.SubElement(types, tag, PartName=f"/{name}", ContentType=kind)

    def part(self, title: str) -> str:
        """Return the part of a sheet."""
        targets = {one.get("Id"): one.get("Target") for one in self.relations("xl/workbook.xml")}
        sheet = next(one for one in self.book.iter(f"{{{MAIN}}}sheet") if one.get("name") == title)
        return f"xl/{targets[sheet.get(f'{{{OFFICE}}}id')]}"

    def sheet(self, title: str) -> Element:
        """Return the root of a sheet."""
        return self.root(self.part(title))

    def cells(self, title: str) -> Iterator[Element]:
        """Yield the cells of a sheet."""
        return self.sheet(title).iter(f"{{{MAIN}}}c")

    def number(self, title: str) -> Element:
        """Return a formula cell that shows a number other than 0; where there is none, a cell with a text."""
        held = [cell for cell in self.cells(title) if cell.find(f"{{{MAIN}}}v") is not None]
        numbers = [cell for cell in held if cell.get("t", "n") == "n"]
        shown = [cell for cell in numbers if cell.findtext(f"{{{MAIN}}}v") not in ("0", "0.0")]
        return next((cell for cell in shown if cell.find(f"{{{MAIN}}}f") is not None), (shown or held)[0])

    def styles(self) -> Element:
        """Return the root of the styles."""
        return self.root("xl/styles.xml")

    def restyle(self, cell: Element, change: Callable[[Element, Element], None]) -> None:
        """Give a cell a style of its own, changed by a function of the style and the root of all."""
        styles = self.styles()
        formats = styles.find(f"{{{MAIN}}}cellXfs")
        assert formats is not None
        copy = etree.fromstring(etree.tostring(formats[int(cell.get("s", "0"))]))
        change(copy, styles)
        formats.append(copy)
        cell.set("s", str(len(formats) - 1))

    def drawings(self) -> list[str]:
        """Return the parts of the drawings."""
        return sorted(name for name in self.parts if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name))

    def chart(self) -> Element:
        """Return the root of the first chart."""
        return self.root("xl/charts/chart1.xml")


def main(tag: str, **attributes: str) -> Element:
    """Return an element of a workbook."""
    return etree.Element(f"{{{MAIN}}}{tag}", attributes)


def after(root: Element, tags: str, element: Element) -> None:
    """Put an element after the last of some others that stand in a sheet."""
    places = [place for place, one in enumerate(root) if etree.QName(one).localname in tags.split()]
    root.insert(max(places) + 1, element)


# Cells


def another_stored_value(book: Forgery, title: str) -> None:
    value = book.number(title).find(f"{{{MAIN}}}v")
    assert value is not None
    value.text = "62"


def a_formula_of_another_figure(book: Forgery, title: str) -> None:
    cell = book.number(title)
    formula = cell.find(f"{{{MAIN}}}f")
    if formula is None:
        formula = main("f")
        cell.insert(0, formula)
    formula.text = "31*2"


def a_formula_written_otherwise(book: Forgery, title: str, *, old: str, new: str) -> None:
    cell = next((cell for cell in book.cells(title) if re.search(old, cell.findtext(f"{{{MAIN}}}f") or "")), None)
    if cell is None:
        return another_stored_value(book, title)
    formula = next(cell.iter(f"{{{MAIN}}}f"))
    formula.text = re.sub(old, new, formula.text or "", count=1)
    return None


def a_value_written_otherwise(book: Forgery, title: str, *, digits: str) -> None:
    """Write the digits of a number so that a reader of parts takes none, or another program the same."""
    value = book.number(title).find(f"{{{MAIN}}}v")
    assert value is not None
    text = value.text or ""
    value.text = text.translate({ord("0") + n: ord(digits) + n for n in range(10)}) if digits != "_" else f"{text}_0"


def a_constant_for_a_formula(book: Forgery, title: str) -> None:
    cell = book.number(title)
    formula = cell.find(f"{{{MAIN}}}f")
    if formula is None:
        return another_stored_value(book, title)
    cell.remove(formula)
    return None


def a_number_format_that_says_62(book: Forgery, title: str, code: str = '"62"') -> None:
    def change(style: Element, styles: Element) -> None:
        formats = styles.find(f"{{{MAIN}}}numFmts")
        assert formats is not None
        formats.append(main("numFmt", numFmtId="499", formatCode=code))
        style.set("numFmtId", "499")

    book.restyle(book.number(title), change)


def white_on_white(book: Forgery, title: str) -> None:
    def change(style: Element, styles: Element) -> None:
        fonts = styles.find(f"{{{MAIN}}}fonts")
        assert fonts is not None
        font = etree.fromstring(etree.tostring(fonts[int(style.get("fontId", "0"))]))
        for colour in font.findall(f"{{{MAIN}}}color"):
            font.remove(colour)
        font.append(main("color", rgb="FFFFFFFF"))
        fonts.append(font)
        style.set("fontId", str(len(fonts) - 1))

    book.restyle(book.number(title), change)


def a_symbol_font(book: Forgery, title: str) -> None:
    def change(style: Element, styles: Element) -> None:
        fonts = styles.find(f"{{{MAIN}}}fonts")
        assert fonts is not None
        font = main("font")
        font.extend([main("sz", val="11"), main("name", val="Wingdings")])
        fonts.append(font)
        style.set("fontId", str(len(fonts) - 1))

    book.restyle(book.number(title), change)


def filled_in_the_colour_of_the_text(book: Forgery, title: str) -> None:
    def change(style: Element, styles: Element) -> None:
        fonts, fills = styles.find(f"{{{MAIN}}}fonts"), styles.find(f"{{{MAIN}}}fills")
        assert fonts is not None
        assert fills is not None
        colour = fonts[int(style.get("fontId", "0"))].find(f"{{{MAIN}}}color")
        fill = main("fill")
        pattern = etree.SubElement(fill, f"{{{MAIN}}}patternFill", patternType="solid")
        etree.SubElement(pattern, f"{{{MAIN}}}fgColor", rgb=colour.get("rgb", "FF000000") if colour is not None else "")
        fills.append(fill)
        style.set("fillId", str(len(fills) - 1))

    book.restyle(book.number(title), change)


def aligned_to_fill(book: Forgery, title: str) -> None:
    def change(style: Element, _: Element) -> None:
        for one in style.findall(f"{{{MAIN}}}alignment"):
            style.remove(one)
        style.insert(0, main("alignment", horizontal="fill"))

    book.restyle(book.number(title), change)


def turned_upside_down(book: Forgery, title: str) -> None:
    def change(style: Element, _: Element) -> None:
        for one in style.findall(f"{{{MAIN}}}alignment"):
            style.remove(one)
        style.insert(0, main("alignment", textRotation="180"))

    book.restyle(book.number(title), change)


def a_cell_twice(book: Forgery, title: str) -> None:
    cell = book.number(title)
    copy = etree.fromstring(etree.tostring(cell))
    value = copy.find(f"{{{MAIN}}}v")
    assert value is not None
    value.text = "62"
    cell.addnext(copy)


def a_row_twice(book: Forgery, title: str) -> None:
    row = book.number(title).getparent()
    assert row is not None
    copy = etree.fromstring(etree.tostring(row))
    for value in copy.iter(f"{{{MAIN}}}v"):
        value.text = "62"
    row.addnext(copy)


def rows_in_a_second_table_of_cells(book: Forgery, title: str) -> None:
    data = book.sheet(title).find(f"{{{MAIN}}}sheetData")
    assert data is not None
    data.addnext(etree.fromstring(etree.tostring(data)))


def a_cell_in_another_row(book: Forgery, title: str) -> None:
    cell = book.number(title)
    row = cell.getparent()
    assert row is not None
    cell.set("r", re.sub(r"\d+", lambda match: str(int(match[0]) + 1), cell.get("r", "")))


def a_value_cut_by_a_comment(book: Forgery, title: str) -> None:
    value = book.number(title).find(f"{{{MAIN}}}v")
    assert value is not None
    comment = etree.Comment("x")
    comment.tail = "62"
    value.append(comment)


def an_element_in_a_value(book: Forgery, title: str) -> None:
    value = book.number(title).find(f"{{{MAIN}}}v")
    assert value is not None
    value.append(main("x"))


def a_text_in_the_place_of_a_number(book: Forgery, title: str) -> None:
    cell = book.number(title)
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    etree.SubElement(etree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t").text = "62"


def a_text_of_two_colours(book: Forgery, title: str) -> None:
    cell = next(cell for cell in book.cells(title) if cell.get("t") == "s")
    items = book.root("xl/sharedStrings.xml").findall(f"{{{MAIN}}}si")
    words = "".join(one.text or "" for one in items[int(cell.findtext(f"{{{MAIN}}}v") or 0)].iter(f"{{{MAIN}}}t"))
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    inline = etree.SubElement(cell, f"{{{MAIN}}}is")
    for text, colour in ((words[:1], None), (words[1:], "FFFFFFFF")):
        run = etree.SubElement(inline, f"{{{MAIN}}}r")
        if colour:
            look = etree.SubElement(run, f"{{{MAIN}}}rPr")
            etree.SubElement(look, f"{{{MAIN}}}color", rgb=colour)
        etree.SubElement(run, f"{{{MAIN}}}t").text = text


def a_text_read_aloud(book: Forgery, title: str) -> None:
    cell = next(cell for cell in book.cells(title) if cell.get("t") == "s")
    item = book.root("xl/sharedStrings.xml").findall(f"{{{MAIN}}}si")[int(cell.findtext(f"{{{MAIN}}}v") or 0)]
    above = etree.SubElement(item, f"{{{MAIN}}}rPh", sb="0", eb="1")
    etree.SubElement(above, f"{{{MAIN}}}t").text = "62"


def a_picture_for_a_value(book: Forgery, title: str) -> None:
    book.number(title).set("vm", "1")


def more_cells(book: Forgery, title: str) -> None:
    row = book.number(title).getparent()
    assert row is not None
    cell = etree.SubElement(row, f"{{{MAIN}}}c", r=f"XFA{row.get('r')}")
    etree.SubElement(cell, f"{{{MAIN}}}v").text = "62"


def a_shared_formula(book: Forgery, title: str) -> None:
    cell = book.number(title)
    formula = cell.find(f"{{{MAIN}}}f")
    if formula is None:
        return a_formula_of_another_figure(book, title)
    others = [one for one in book.cells(title) if one.find(f"{{{MAIN}}}f") is not None and one is not cell]
    ref = cell.get("r", "")
    if not others:
        formula.text = "62"
        return None
    formula.attrib.update({"t": "shared", "si": "77", "ref": f"{ref}:{others[-1].get('r')}"})
    other = others[-1].find(f"{{{MAIN}}}f")
    assert other is not None
    other.text = None
    other.attrib.update({"t": "shared", "si": "77"})
    return None


def an_array_formula(book: Forgery, title: str) -> None:
    cell = book.number(title)
    formula = cell.find(f"{{{MAIN}}}f")
    if formula is None:
        return a_formula_of_another_figure(book, title)
    ref = cell.get("r", "")
    below = re.sub(r"\d+", lambda match: str(int(match[0]) + 3), ref)
    formula.attrib.update({"t": "array", "ref": f"{ref}:{below}"})
    return None


def a_what_if_table(book: Forgery, title: str) -> None:
    cell = book.number(title)
    formula = cell.find(f"{{{MAIN}}}f")
    if formula is None:
        return a_formula_of_another_figure(book, title)
    formula.text = None
    formula.attrib.update({"t": "dataTable", "ref": cell.get("r", ""), "r1": "A1", "dt2D": "0"})
    return None


def dde(book: Forgery, title: str) -> None:
    cell = book.number(title)
    formula = cell.find(f"{{{MAIN}}}f")
    if formula is None:
        formula = main("f")
        cell.insert(0, formula)
    formula.text = "cmd|'/C calc'!A0"


# Sheets


def a_hidden_row(book: Forgery, title: str) -> None:
    row = book.number(title).getparent()
    assert row is not None
    row.set("hidden", "1")


def a_row_without_height(book: Forgery, title: str) -> None:
    row = book.number(title).getparent()
    assert row is not None
    row.attrib.update({"ht": "0.75", "customHeight": "1"})


def a_hidden_column(book: Forgery, title: str, *, width: str | None = None) -> None:
    columns = book.sheet(title).find(f"{{{MAIN}}}cols")
    letters = (book.number(title).get("r") or "A1").rstrip("0123456789")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    assert columns is not None
    for column in list(columns):
        first, last = int(column.get("min", "1")), int(column.get("max", "1"))
        if first <= number <= last:
            place = columns.index(column)
            columns.remove(column)
            for start, end in ((first, number - 1), (number, number), (number + 1, last)):
                if start <= end:
                    piece = main("col", **{**column.attrib, "min": str(start), "max": str(end)})
                    if start == number == end and width is None:
                        piece.set("hidden", "1")
                    elif start == number == end:
                        piece.set("width", str(width))
                    columns.insert(place, piece)
                    place += 1
            return
    made = main("col", min=str(number), max=str(number), width=width or "9", customWidth="1")
    if width is None:
        made.set("hidden", "1")
    columns.append(made)


def the_sheet_hidden(book: Forgery, title: str, state: str = "hidden") -> None:
    next(one for one in book.book.iter(f"{{{MAIN}}}sheet") if one.get("name") == title).set("state", state)


def the_sheet_renamed(book: Forgery, title: str) -> None:
    next(one for one in book.book.iter(f"{{{MAIN}}}sheet") if one.get("name") == title).set("name", f"{title} old")


def cells_merged(book: Forgery, title: str) -> None:
    sheet = book.sheet(title)
    ref = book.number(title).get("r", "")
    above = re.sub(r"\d+", lambda match: str(max(int(match[0]) - 1, 1)), ref)
    merged = sheet.find(f"{{{MAIN}}}mergeCells")
    if merged is None:
        merged = main("mergeCells")
        after(sheet, "sheetData sheetCalcPr sheetProtection protectedRanges autoFilter", merged)
    merged.append(main("mergeCell", ref=f"{above}:{ref}"))


def a_rule_that_writes_62(book: Forgery, title: str, *, white: bool = False) -> None:
    differences = book.styles().find(f"{{{MAIN}}}dxfs")
    if differences is None:
        differences = main("dxfs")
        after(book.styles(), "cellStyles", differences)
    look = etree.SubElement(differences, f"{{{MAIN}}}dxf")
    if white:
        font = etree.SubElement(look, f"{{{MAIN}}}font")
        etree.SubElement(font, f"{{{MAIN}}}color", rgb="FFFFFFFF")
    else:
        etree.SubElement(look, f"{{{MAIN}}}numFmt", numFmtId="498", formatCode='"62"')
    block = main("conditionalFormatting", sqref=book.number(title).get("r", ""))
    rule = etree.SubElement(
        block, f"{{{MAIN}}}cfRule", type="expression", priority="0", dxfId=str(len(differences) - 1)
    )
    etree.SubElement(rule, f"{{{MAIN}}}formula").text = "1=1"
    after(book.sheet(title), "sheetData sheetCalcPr sheetProtection protectedRanges autoFilter mergeCells cols", block)


def a_prompt(book: Forgery, title: str) -> None:
    sheet = book.sheet(title)
    checks = sheet.find(f"{{{MAIN}}}dataValidations")
    if checks is None:
        checks = main("dataValidations")
        after(sheet, "sheetData mergeCells conditionalFormatting autoFilter", checks)
    checks.append(
        main("dataValidation", sqref=book.number(title).get("r", ""), showInputMessage="1", prompt="The NPS is 62")
    )


def a_link_outside(book: Forgery, title: str) -> None:
    number = book.relate(book.part(title), "hyperlink", "https://evil.example/", external=True)
    _link(book, title, {f"{{{OFFICE}}}id": number})


def a_link_inside(book: Forgery, title: str) -> None:
    _link(book, title, {"location": "About!A1", "tooltip": "62"})


def _link(book: Forgery, title: str, about: dict[str, str]) -> None:
    sheet = book.sheet(title)
    links = sheet.find(f"{{{MAIN}}}hyperlinks")
    if links is None:
        links = main("hyperlinks")
        after(sheet, "sheetData mergeCells conditionalFormatting dataValidations autoFilter", links)
    etree.SubElement(links, f"{{{MAIN}}}hyperlink", {"ref": book.number(title).get("r", ""), **about})


def the_view(book: Forgery, title: str, **changes: str) -> None:
    for view in book.sheet(title).iter(f"{{{MAIN}}}sheetView"):
        view.attrib.update(changes)


def rows_scrolled_away(book: Forgery, title: str) -> None:
    for view in book.sheet(title).iter(f"{{{MAIN}}}sheetView"):
        view.set("topLeftCell", "A9")
        for pane in view.findall(f"{{{MAIN}}}pane"):
            view.remove(pane)
        view.insert(0, main("pane", ySplit="9", topLeftCell="A18", state="frozen", activePane="bottomLeft"))


def printed_above(book: Forgery, title: str) -> None:
    for page in book.sheet(title).findall(f"{{{MAIN}}}headerFooter"):
        for one in page.findall(f"{{{MAIN}}}oddHeader"):
            page.remove(one)
        head = main("oddHeader")
        head.text = "&CNPS 62"
        page.insert(0, head)


def printed_on_the_first_page(book: Forgery, title: str) -> None:
    for page in book.sheet(title).findall(f"{{{MAIN}}}headerFooter"):
        page.set("differentFirst", "1")
        head = etree.SubElement(page, f"{{{MAIN}}}firstHeader")
        head.text = "&CNPS 62"


def errors_printed_as_blanks(book: Forgery, title: str) -> None:
    for page in book.sheet(title).findall(f"{{{MAIN}}}pageSetup"):
        page.set("errors", "blank")


def rows_hidden_unless_said(book: Forgery, title: str) -> None:
    for size in book.sheet(title).findall(f"{{{MAIN}}}sheetFormatPr"):
        size.set("zeroHeight", "1")


def as_lotus(book: Forgery, title: str) -> None:
    for properties in book.sheet(title).findall(f"{{{MAIN}}}sheetPr"):
        properties.set("transitionEvaluation", "1")


def a_comment(book: Forgery, title: str) -> None:
    book.add("xl/notes7.xml", f'<comments xmlns="{MAIN}"/>'.encode(), f"{SHEET_TYPE}comments+xml")
    book.relate(book.part(title), "comments", "/xl/notes7.xml")


def a_background(book: Forgery, title: str) -> None:
    book.add("xl/media/back.png", b"\x89PNG\r\n\x1a\n", "image/png")
    number = book.relate(book.part(title), "image", "/xl/media/back.png")
    book.sheet(title).append(etree.Element(f"{{{MAIN}}}picture", {f"{{{OFFICE}}}id": number}))


def an_ole_object(book: Forgery, title: str) -> None:
    book.add("xl/thing.dat", b"x", "application/vnd.openxmlformats-officedocument.oleObject")
    book.relate(book.part(title), "oleObject", "/xl/thing.dat")
    book.sheet(title).append(main("oleObjects"))


def a_control(book: Forgery, title: str) -> None:
    book.sheet(title).append(main("controls"))


def an_extension(book: Forgery, title: str) -> None:
    extension = etree.SubElement(book.sheet(title), f"{{{MAIN}}}extLst")
    etree.SubElement(extension, f"{{{MAIN}}}ext", uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}")


def a_text_box(book: Forgery, title: str) -> None:
    _shape(book, title, "<xdr:sp><xdr:txBody><a:p><a:r><a:t>62</a:t></a:r></a:p></xdr:txBody></xdr:sp>")


def a_picture(book: Forgery, title: str) -> None:
    _shape(book, title, '<xdr:pic><xdr:blipFill><a:blip r:embed="rIdPicture"/></xdr:blipFill></xdr:pic>', picture=True)


def shapes_under_an_alternative(book: Forgery, title: str) -> None:
    inside = "<xdr:sp><xdr:txBody><a:p><a:r><a:t>62</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    _shape(
        book,
        title,
        f'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="a14">{inside}</mc:Choice></mc:AlternateContent>',
    )


def _shape(book: Forgery, title: str, shape: str, *, picture: bool = False) -> None:
    sheet, part = book.sheet(title), book.part(title)
    anchor = (
        f'<xdr:twoCellAnchor xmlns:xdr="{PLACE}" xmlns:a="{DRAWING}" xmlns:r="{OFFICE}"><xdr:from><xdr:col>0</xdr:col>'
        "<xdr:colOff>0</xdr:colOff><xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>2</xdr:col>"
        f"<xdr:colOff>0</xdr:colOff><xdr:row>4</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>{shape}<xdr:clientData/>"
        "</xdr:twoCellAnchor>"
    )
    reference = sheet.find(f"{{{MAIN}}}drawing")
    if reference is None:
        where = "xl/drawings/drawing99.xml"
        kind = "application/vnd.openxmlformats-officedocument.drawing+xml"
        book.add(where, f'<xdr:wsDr xmlns:xdr="{PLACE}"/>'.encode(), kind)
        number = book.relate(part, "drawing", "/xl/drawings/drawing99.xml")
        tables = sheet.find(f"{{{MAIN}}}tableParts")
        made = etree.Element(f"{{{MAIN}}}drawing", {f"{{{OFFICE}}}id": number})
        sheet.append(made) if tables is None else tables.addprevious(made)
    else:
        targets = {one.get("Id"): one.get("Target", "") for one in book.relations(part)}
        target = targets[reference.get(f"{{{OFFICE}}}id")]
        where = posixpath.normpath(posixpath.join("/xl/worksheets", target)).lstrip("/")
    book.root(where).append(etree.fromstring(anchor))
    if picture:
        book.add("xl/media/figure.png", b"\x89PNG\r\n\x1a\n62", "image/png")
        relation = book.relations(where)
        etree.SubElement(
            relation,
            f"{{{PACKAGE}}}Relationship",
            Id="rIdPicture",
            Type=f"{OFFICE}/image",
            Target="/xl/media/figure.png",
        )


def a_name_of_the_sheet_in_front(book: Forgery, title: str) -> None:
    order = [one.get("name") for one in book.book.iter(f"{{{MAIN}}}sheet")]
    _name(book, "NPS_target", "Benchmarks!$C$7", localSheetId=str(order.index(title)))


# The workbook


def _name(book: Forgery, name: str, text: str, **about: str) -> None:
    names = book.book.find(f"{{{MAIN}}}definedNames")
    assert names is not None
    one = etree.SubElement(names, f"{{{MAIN}}}definedName", {"name": name, **about})
    one.text = text


def _defined(book: Forgery, name: str) -> Element:
    return next(one for one in book.book.iter(f"{{{MAIN}}}definedName") if one.get("name") == name)


def a_name_for_another_cell(book: Forgery, name: str) -> None:
    _defined(book, name).text = "Data!$C$9"


def a_name_for_a_number(book: Forgery, name: str) -> None:
    _defined(book, name).text = "62"


def a_name_missing(book: Forgery, name: str) -> None:
    one = _defined(book, name)
    parent = one.getparent()
    assert parent is not None
    parent.remove(one)


def a_name_twice(book: Forgery, name: str) -> None:
    _name(book, name.upper(), "Data!$C$9")


def a_print_area(book: Forgery) -> None:
    _defined(book, "_xlnm.Print_Area").text = "Scorecard!$A$1:$B$2"


def the_calculation(book: Forgery, **changes: str) -> None:
    for one in book.book.iter(f"{{{MAIN}}}calcPr"):
        one.attrib.update(changes)


def dates_from_1904(book: Forgery) -> None:
    for one in book.book.iter(f"{{{MAIN}}}workbookPr"):
        one.set("date1904", "1")


def no_tabs(book: Forgery) -> None:
    for one in book.book.iter(f"{{{MAIN}}}workbookView"):
        one.set("showSheetTabs", "0")


def sheets_in_another_order(book: Forgery) -> None:
    sheets = book.book.find(f"{{{MAIN}}}sheets")
    assert sheets is not None
    sheets.append(sheets[0])


def a_sheet(book: Forgery, title: str, *, first: bool = False, cell: str = "<v>62</v>") -> None:
    """Add a sheet, as a person may, or where and as nobody should."""
    data = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1">{cell}</c></row></sheetData></worksheet>'
    book.add("xl/worksheets/own.xml", data.encode(), f"{SHEET_TYPE}worksheet+xml")
    number = book.relate("xl/workbook.xml", "worksheet", "worksheets/own.xml")
    sheets = book.book.find(f"{{{MAIN}}}sheets")
    assert sheets is not None
    made = etree.Element(f"{{{MAIN}}}sheet", {"name": title, "sheetId": "99", f"{{{OFFICE}}}id": number})
    if not first:
        sheets.append(made)
        return
    sheets.insert(0, made)
    for one in book.book.iter(f"{{{MAIN}}}definedName"):
        if (scope := one.get("localSheetId")) is not None:
            one.set("localSheetId", str(int(scope) + 1))


def a_sheet_of_macros(book: Forgery) -> None:
    book.add("xl/sheets/m.xml", b"<x/>", "application/vnd.ms-excel.macrosheet+xml")
    book.relate(
        "xl/workbook.xml", "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", "sheets/m.xml"
    )


def a_part_of(book: Forgery, kind: str, name: str, content: str) -> None:
    book.add(name, b"<x/>", content)
    book.relate("xl/workbook.xml", kind, f"/{name}")


def a_part_that_nothing_names(book: Forgery, name: str) -> None:
    book.parts[name] = b"<x/>"


def a_namespace_that_is_no_address(book: Forgery) -> None:
    part = book.drawings()[0]
    book.parts[part] = book.parts[part].replace(b"wsDr ", b'wsDr xmlns:no="address" ', 1)


def sheets_of_one_part(book: Forgery) -> None:
    first, second = book.book.findall(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet")[:2]
    second.set(f"{{{OFFICE}}}id", first.get(f"{{{OFFICE}}}id", ""))


def a_second_workbook(book: Forgery) -> None:
    book.add("xl/other.xml", book.parts["xl/workbook.xml"], f"{SHEET_TYPE}sheet.main+xml")
    book.relate("", "officeDocument", "xl/other.xml")


def another_workbook_than_the_usual(book: Forgery) -> None:
    book.add("xl/other.xml", book.parts["xl/workbook.xml"], f"{SHEET_TYPE}sheet.main+xml")
    book.parts["xl/_rels/other.xml.rels"] = book.parts["xl/_rels/workbook.xml.rels"]
    root = etree.fromstring(book.parts["xl/other.xml"])
    for one in root.iter(f"{{{MAIN}}}definedName"):
        if one.get("name") == "NPS_target":
            one.text = "Data!$C$9"
    book.parts["xl/other.xml"] = etree.tostring(root)
    for one in book.relations(""):
        if one.get("Type", "").endswith("/officeDocument"):
            one.set("Target", "xl/other.xml")


def macros_by_type(book: Forgery) -> None:
    for one in book.root(TYPES):
        if one.get("PartName") == "/xl/workbook.xml":
            one.set("ContentType", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")


def a_sheet_of_another_type(book: Forgery) -> None:
    for one in book.root(TYPES):
        if one.get("PartName", "").startswith("/xl/worksheets/"):
            one.set("ContentType", "application/vnd.ms-excel.macrosheet+xml")
            return


def a_member_twice(book: Forgery, title: str) -> None:
    another_stored_value(book, title)
    part = book.part(title)
    changed = etree.tostring(book.roots.pop(part))
    book.more.append((part, changed))


def a_member_in_other_capitals(book: Forgery, title: str) -> None:
    another_stored_value(book, title)
    part = book.part(title)
    changed = etree.tostring(book.roots.pop(part))
    book.more.append((part.replace("sheet", "SHEET"), changed))


def a_member_with_backslashes(book: Forgery, title: str) -> None:
    another_stored_value(book, title)
    part = book.part(title)
    changed = etree.tostring(book.roots.pop(part))
    book.more.append((part.replace("/", "\\"), changed))


def another_record(book: Forgery) -> None:
    item = book.parts["customXml/item1.xml"]
    book.add("customXml/item2.xml", item.replace(b"&quot;", b'"'), "application/xml")
    book.relate("xl/workbook.xml", "customXml", "/customXml/item2.xml")


def the_page_for_programs(book: Forgery) -> None:
    item = book.root("customXml/item1.xml")
    page = item.find("{urn:partnerkpi:scorecard}page")
    assert page is not None
    page.text = (page.text or "").replace('"partner":null', '"partner":"Nobody"')


def the_fingerprint_in_the_properties(book: Forgery) -> None:
    for value in book.root("docProps/custom.xml").iter():
        if value.text and len(value.text) == 64:
            value.text = "0" * 64


def another_title(book: Forgery) -> None:
    for one in book.root("docProps/core.xml"):
        if etree.QName(one).localname == "title":
            one.text = "NPS 62"


def links_that_begin_elsewhere(book: Forgery) -> None:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    etree.SubElement(book.root("docProps/app.xml"), f"{{{space}}}HyperlinkBase").text = "https://evil.example/"


def colours_by_number(book: Forgery) -> None:
    def change(style: Element, styles: Element) -> None:
        fonts = styles.find(f"{{{MAIN}}}fonts")
        assert fonts is not None
        font = etree.fromstring(etree.tostring(fonts[int(style.get("fontId", "0"))]))
        for colour in font.findall(f"{{{MAIN}}}color"):
            font.remove(colour)
        font.append(main("color", indexed="8"))
        fonts.append(font)
        style.set("fontId", str(len(fonts) - 1))

    book.restyle(book.number("Scorecard"), change)
    colours = main("colors")
    table = etree.SubElement(colours, f"{{{MAIN}}}indexedColors")
    for _ in range(64):
        etree.SubElement(table, f"{{{MAIN}}}rgbColor", rgb="00FFFFFF")
    book.styles().append(colours)


def the_look_of_a_rule(book: Forgery) -> None:
    for look in book.styles().iter(f"{{{MAIN}}}dxf"):
        for child in list(look):
            look.remove(child)
        font = etree.SubElement(look, f"{{{MAIN}}}font")
        etree.SubElement(font, f"{{{MAIN}}}color", rgb="FFFFFFFF")


def rules_in_another_order(book: Forgery, title: str) -> None:
    rules = list(book.sheet(title).iter(f"{{{MAIN}}}cfRule"))
    numbers = [rule.get("priority", "") for rule in rules]
    for rule, number in zip(rules, reversed(numbers), strict=True):
        rule.set("priority", number)


def no_rules(book: Forgery, title: str) -> None:
    sheet = book.sheet(title)
    for block in sheet.findall(f"{{{MAIN}}}conditionalFormatting"):
        sheet.remove(block)


def a_rule_for_another_limit(book: Forgery, title: str) -> None:
    formula = next(book.sheet(title).iter(f"{{{MAIN}}}cfRule")).find(f"{{{MAIN}}}formula")
    assert formula is not None
    formula.text = "1=1"


# Charts


def a_chart_of_other_cells(book: Forgery) -> None:
    next(book.chart().iter(f"{{{CHART}}}f")).text = "Data!$S$30:$Z$30"


def a_chart_of_whole_rows(book: Forgery) -> None:
    next(book.chart().iter(f"{{{CHART}}}f")).text = "Data!$5:$6"


def a_chart_of_a_whole_sheet(book: Forgery) -> None:
    next(book.chart().iter(f"{{{CHART}}}f")).text = "Data!$A$1:$XFD$1048576"


def a_chart_of_no_sheet(book: Forgery) -> None:
    next(book.chart().iter(f"{{{CHART}}}f")).text = "'Data'!!!$A$5"


def a_chart_that_ends_nowhere(book: Forgery) -> None:
    end = next(book.root("xl/drawings/drawing1.xml").iter(f"{{{PLACE}}}to"))
    next(end.iter(f"{{{PLACE}}}row")).text = "nowhere"


def a_value_in_a_chart(book: Forgery) -> None:
    reference = next(book.chart().iter(f"{{{CHART}}}numCache"))
    value = next(reference.iter(f"{{{CHART}}}v"))
    value.text = "62"


def more_values_in_a_chart(book: Forgery) -> None:
    cache = next(book.chart().iter(f"{{{CHART}}}numCache"))
    point = etree.SubElement(cache, f"{{{CHART}}}pt", idx="99")
    etree.SubElement(point, f"{{{CHART}}}v").text = "62"


def a_title_of_a_chart(book: Forgery) -> None:
    chart = next(book.chart().iter(f"{{{CHART}}}chart"))
    title = etree.fromstring(
        f'<c:title xmlns:c="{CHART}" xmlns:a="{DRAWING}"><c:tx><c:rich><a:p><a:r><a:t>NPS 62</a:t></a:r></a:p></c:rich>'
        "</c:tx></c:title>"
    )
    for one in chart.findall(f"{{{CHART}}}title"):
        chart.remove(one)
    chart.insert(0, title)


def an_axis(book: Forgery, tag: str, value: str) -> None:
    scale = next(book.chart().iter(f"{{{CHART}}}valAx")).find(f"{{{CHART}}}scaling")
    assert scale is not None
    for one in scale.findall(f"{{{CHART}}}{tag}"):
        scale.remove(one)
    scale.append(etree.Element(f"{{{CHART}}}{tag}", val=value))


def an_axis_without_numbers(book: Forgery) -> None:
    for one in book.chart().iter(f"{{{CHART}}}valAx"):
        form = one.find(f"{{{CHART}}}numFmt")
        if form is None:
            form = etree.SubElement(one, f"{{{CHART}}}numFmt")
        form.attrib.update({"formatCode": '"62"', "sourceLinked": "0"})
        delete = one.find(f"{{{CHART}}}delete")
        if delete is not None:
            delete.set("val", "0")


def a_series_less(book: Forgery) -> None:
    series = next(book.chart().iter(f"{{{CHART}}}ser"))
    parent = series.getparent()
    assert parent is not None
    parent.remove(series)


def a_series_of_another_name(book: Forgery) -> None:
    name = next(book.chart().iter(f"{{{CHART}}}tx"))
    for one in list(name):
        name.remove(one)
    etree.SubElement(name, f"{{{CHART}}}v").text = "Promoters"


def colours_changed(book: Forgery) -> None:
    for series in book.chart().iter(f"{{{CHART}}}ser"):
        for colour in series.iterfind(f"{{{CHART}}}spPr//{{{DRAWING}}}srgbClr"):
            colour.set("val", "00FF00")


def bars_of_other_cells(book: Forgery) -> None:
    bars = next(book.chart().iter(f"{{{CHART}}}errBars"), None)
    if bars is None:
        a_chart_of_other_cells(book)
        return
    next(bars.iter(f"{{{CHART}}}f")).text = "Data!$Y$144:$AA$144"


def labels_with_words(book: Forgery) -> None:
    series = next(book.chart().iter(f"{{{CHART}}}ser"))
    for one in series.findall(f"{{{CHART}}}dLbls"):
        series.remove(one)
    labels = etree.fromstring(
        f'<c:dLbls xmlns:c="{CHART}" xmlns:a="{DRAWING}"><c:dLbl><c:idx val="0"/><c:tx><c:rich><a:p><a:r><a:t>62</a:t>'
        '</a:r></a:p></c:rich></c:tx></c:dLbl><c:showVal val="1"/></c:dLbls>'
    )
    after(series, "idx order tx spPr invertIfNegative marker dPt", labels)


def a_line_through_a_chart(book: Forgery) -> None:
    series = next(book.chart().iter(f"{{{CHART}}}ser"))
    after(series, "idx order tx spPr invertIfNegative marker dPt dLbls", etree.Element(f"{{{CHART}}}trendline"))


def another_kind_of_chart(book: Forgery) -> None:
    plot = next(
        one for one in book.chart().iter() if etree.QName(one).localname in ("barChart", "lineChart", "scatterChart")
    )
    plot.tag = f"{{{CHART}}}areaChart"


def words_over_a_chart(book: Forgery) -> None:
    kind = "application/vnd.openxmlformats-officedocument.drawingml.chartshapes+xml"
    book.add("xl/drawings/over.xml", b"<x/>", kind)
    number = book.relate("xl/charts/chart1.xml", "chartUserShapes", "../drawings/over.xml")
    book.chart().append(etree.Element(f"{{{CHART}}}userShapes", {f"{{{OFFICE}}}id": number}))


def data_of_a_chart_from_outside(book: Forgery) -> None:
    number = book.relate("xl/charts/chart1.xml", "oleObject", "file:///c:/x.xlsx", external=True)
    book.chart().append(etree.Element(f"{{{CHART}}}externalData", {f"{{{OFFICE}}}id": number}))


def a_chart_over_figures(book: Forgery) -> None:
    anchor = book.root(book.drawings()[0])[0]
    for end, (column, row) in {"from": ("0", "0"), "to": ("9", "12")}.items():
        place = anchor.find(f"{{{PLACE}}}{end}")
        assert place is not None
        for way, value in (("col", column), ("row", row)):
            element = place.find(f"{{{PLACE}}}{way}")
            assert element is not None
            element.text = value


def a_hidden_chart(book: Forgery) -> None:
    next(book.root(book.drawings()[0]).iter(f"{{{PLACE}}}cNvPr")).set("hidden", "1")


def charts_exchanged(book: Forgery) -> None:
    first = book.root(book.drawings()[0])
    charts = list(first.iter(f"{{{CHART}}}chart"))
    if len(charts) < 2:
        a_hidden_chart(book)
        return
    key = f"{{{OFFICE}}}id"
    one, other = charts[0].get(key, ""), charts[1].get(key, "")
    charts[0].set(key, other)
    charts[1].set(key, one)


def the_legend(book: Forgery) -> None:
    for one in list(book.root("xl/charts/chart1.xml").iter(f"{{{CHART}}}legend")):
        parent = one.getparent()
        assert parent is not None
        parent.remove(one)
        return
    next(book.chart().iter(f"{{{CHART}}}chart")).append(etree.Element(f"{{{CHART}}}legend"))


def gaps_drawn_as_zero(book: Forgery) -> None:
    for one in book.chart().iter(f"{{{CHART}}}dispBlanksAs"):
        one.set("val", "zero")


def a_format_stored_in_a_chart(book: Forgery) -> None:
    cache = next(next(book.chart().iter(f"{{{CHART}}}val", f"{{{CHART}}}yVal")).iter(f"{{{CHART}}}numCache"))
    for one in cache.findall(f"{{{CHART}}}formatCode"):
        cache.remove(one)
    form = etree.Element(f"{{{CHART}}}formatCode")
    form.text = '"62"'
    cache.insert(0, form)


def other_words_for_a_chart(book: Forgery) -> None:
    next(book.root(book.drawings()[0]).iter(f"{{{PLACE}}}cNvPr")).set("descr", "The NPS is 62")


def a_second_drawing_in_front(book: Forgery, title: str = "Scorecard") -> None:
    """Let the sheet name another drawing, and keep the old one as a relationship that nothing uses."""
    a_text_box(book, title)
    sheet, part = book.sheet(title), book.part(title)
    reference = sheet.find(f"{{{MAIN}}}drawing")
    assert reference is not None
    targets = {one.get("Id"): one.get("Target", "") for one in book.relations(part)}
    where = posixpath.normpath(posixpath.join("/xl/worksheets", targets[reference.get(f"{{{OFFICE}}}id")])).lstrip("/")
    evil = etree.tostring(book.root(where))
    del book.roots[where]
    kind = "application/vnd.openxmlformats-officedocument.drawing+xml"
    book.add("xl/drawings/aaa.xml", evil, kind)
    old = book.relations(where)
    book.parts["xl/drawings/_rels/aaa.xml.rels"] = etree.tostring(old)
    root = book.relations(part)
    one = etree.Element(f"{{{PACKAGE}}}Relationship", Id="rIdE", Type=f"{OFFICE}/drawing", Target="../drawings/aaa.xml")
    root.insert(0, one)
    reference.set(f"{{{OFFICE}}}id", "rIdE")


def two_relationships_of_one_name(book: Forgery) -> None:
    root = book.relations("xl/workbook.xml")
    first = next(one for one in root if one.get("Type", "").endswith("/worksheet"))
    copy = etree.fromstring(etree.tostring(first))
    copy.set("Target", "worksheets/sheet3.xml")
    root.insert(0, copy)


def a_part_of_two_types(book: Forgery) -> None:
    types = book.root(TYPES)
    tag = types.tag.replace("Types", "Override")
    types.append(etree.Element(tag, PartName="/xl/workbook.xml", ContentType="application/vnd.ms-excel.macroEnabled"))


def a_list_of_styles_twice(book: Forgery, tag: str) -> None:
    given = book.styles().find(f"{{{MAIN}}}{tag}")
    assert given is not None
    again = etree.fromstring(etree.tostring(given))
    for one in again:
        one.set("numFmtId", "14")
        one.append(main("color", rgb="FFFFFFFF"))
    given.addnext(again)


def a_white_theme(book: Forgery) -> None:
    part = next((name for name in book.parts if name.startswith("xl/theme/")), None)
    if part is None:
        part = "xl/theme/theme1.xml"
        scheme = "".join(f"<a:c{n}><a:srgbClr val='FFFFFF'/></a:c{n}>" for n in range(12))
        inside = f"<a:themeElements><a:clrScheme>{scheme}</a:clrScheme></a:themeElements>"
        data = f'<a:theme xmlns:a="{DRAWING}">{inside}</a:theme>'
        book.add(part, data.encode(), "application/vnd.openxmlformats-officedocument.theme+xml")
        book.relate("xl/workbook.xml", "theme", "theme/theme1.xml")
        return
    for colour in book.root(part).iter(f"{{{DRAWING}}}sysClr", f"{{{DRAWING}}}srgbClr"):
        colour.set("lastClr" if "lastClr" in colour.attrib else "val", "FFFFFF")


def a_format_of_the_style_behind(book: Forgery, title: str) -> None:
    def change(style: Element, styles: Element) -> None:
        formats, behind = styles.find(f"{{{MAIN}}}numFmts"), styles.find(f"{{{MAIN}}}cellStyleXfs")
        assert formats is not None
        assert behind is not None
        formats.append(main("numFmt", numFmtId="497", formatCode='"62"'))
        behind.append(main("xf", numFmtId="497", fontId="0", fillId="0", borderId="0", applyNumberFormat="1"))
        style.attrib.update({"xfId": str(len(behind) - 1), "applyNumberFormat": "0"})

    book.restyle(book.number(title), change)


def columns_as_an_alternative(book: Forgery, title: str) -> None:
    columns = book.sheet(title).find(f"{{{MAIN}}}cols")
    assert columns is not None
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    holder = etree.SubElement(columns, f"{{{space}}}AlternateContent")
    choice = etree.SubElement(holder, f"{{{space}}}Choice", Requires="x14")
    choice.append(main("col", min="1", max="9", hidden="1", width="9"))


def _dark(style: Element, styles: Element) -> None:
    fills = styles.find(f"{{{MAIN}}}fills")
    assert fills is not None
    fill = etree.SubElement(fills, f"{{{MAIN}}}fill")
    etree.SubElement(etree.SubElement(fill, f"{{{MAIN}}}patternFill", patternType="solid"), f"{{{MAIN}}}fgColor").set(
        "rgb", "FF1B2A41"
    )
    style.attrib.update({"fillId": str(len(fills) - 1), "applyFill": "1"})


def dark_where_nothing_stands(book: Forgery, title: str) -> None:
    row = next(book.sheet(title).iter(f"{{{MAIN}}}row"))
    cell = etree.SubElement(row, f"{{{MAIN}}}c", r=f"XFA{row.get('r')}")
    book.restyle(cell, _dark)


def rows_dark(book: Forgery, title: str) -> None:
    cell = etree.Element("cell")
    book.restyle(cell, _dark)
    for row in book.sheet(title).iter(f"{{{MAIN}}}row"):
        row.attrib.update({"s": cell.get("s", ""), "customFormat": "1"})


def rows_of_no_height_unless_said(book: Forgery, title: str) -> None:
    size = book.sheet(title).find(f"{{{MAIN}}}sheetFormatPr")
    assert size is not None
    size.attrib.update({"defaultRowHeight": "0.1", "customHeight": "1"})
    for row in book.sheet(title).iter(f"{{{MAIN}}}row"):
        for name in ("ht", "customHeight"):
            row.attrib.pop(name, None)


def a_filter_of_its_own(book: Forgery, title: str) -> None:
    sheet = book.sheet(title)
    made = main("autoFilter", ref="A2:B999")
    column = etree.SubElement(made, f"{{{MAIN}}}filterColumn", colId="0")
    etree.SubElement(etree.SubElement(column, f"{{{MAIN}}}filters"), f"{{{MAIN}}}filter", val="Acme")
    after(sheet, "sheetData sheetCalcPr sheetProtection protectedRanges scenarios", made)
    for row in list(sheet.iter(f"{{{MAIN}}}row"))[3:6]:
        row.set("hidden", "1")


def something_beside_the_record(book: Forgery) -> None:
    root = book.root("customXml/item1.xml")
    etree.SubElement(root, root.tag.replace("scorecard", "page")).text = "{}"


def crossed_out(book: Forgery, title: str) -> None:
    def change(style: Element, styles: Element) -> None:
        borders = styles.find(f"{{{MAIN}}}borders")
        assert borders is not None
        border = main("border", diagonalUp="1", diagonalDown="1")
        etree.SubElement(border, f"{{{MAIN}}}diagonal", style="thick")
        borders.append(border)
        style.attrib.update({"borderId": str(len(borders) - 1), "applyBorder": "1"})

    book.restyle(book.number(title), change)


def bars_in_cells(book: Forgery, *, colour: str = "", **changes: str) -> None:
    """Draw the bars of Partners otherwise, by changes of what Excel 2010 and later say of them."""
    space = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
    for bar in book.sheet("Partners").iter(f"{space}dataBar"):
        bar.attrib.update(changes)
        if colour:
            for one in bar.findall(f"{space}fillColor"):
                bar.remove(one)
            bar.insert(len(bar.findall(f"{space}cfvo")), etree.Element(f"{space}fillColor", rgb=colour))


def bars_of_excel_2007(book: Forgery) -> None:
    for bar in book.sheet("Partners").iter(f"{{{MAIN}}}dataBar"):
        bar.set("minLength", "100")


def letters_of_the_theme(book: Forgery) -> None:
    """Let all fonts be the theme's, which has symbols in the place of letters."""
    for font in book.styles().iterfind(f"{{{MAIN}}}fonts/{{{MAIN}}}font"):
        for one in font.findall(f"{{{MAIN}}}scheme"):
            font.remove(one)
        font.append(main("scheme", val="minor"))
    part = next((name for name in book.parts if name.startswith("xl/theme/")), None)
    if part is None:
        part = "xl/theme/theme1.xml"
        fonts = "".join(f"<a:{kind}Font><a:latin typeface=''/></a:{kind}Font>" for kind in ("major", "minor"))
        theme = f'<a:theme xmlns:a="{DRAWING}"><a:themeElements><a:fontScheme>{fonts}</a:fontScheme></a:themeElements>'
        book.add(part, f"{theme}</a:theme>".encode(), "application/vnd.openxmlformats-officedocument.theme+xml")
        book.relate("xl/workbook.xml", "theme", f"/{part}")
    for face in book.root(part).iter(f"{{{DRAWING}}}latin"):
        face.set("typeface", "Wingdings")


def marks_not_drawn(book: Forgery) -> None:
    for mark in book.chart().iter(f"{{{CHART}}}marker"):
        for one in mark.findall(f"{{{CHART}}}symbol"):
            one.set("val", "none")


def bars_not_drawn(book: Forgery) -> None:
    charts = [name for name in book.parts if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    found = [bars for name in charts for bars in book.root(name).iter(f"{{{CHART}}}errBars")]
    assert found
    for bars in found:
        for one in bars.findall(f"{{{CHART}}}spPr"):
            bars.remove(one)
        look = etree.SubElement(bars, f"{{{CHART}}}spPr")
        etree.SubElement(etree.SubElement(look, f"{{{DRAWING}}}ln"), f"{{{DRAWING}}}noFill")


def tables_in_white(book: Forgery) -> None:
    styles = book.styles()
    differences = styles.find(f"{{{MAIN}}}dxfs")
    assert differences is not None
    font = etree.SubElement(etree.SubElement(differences, f"{{{MAIN}}}dxf"), f"{{{MAIN}}}font")
    etree.SubElement(font, f"{{{MAIN}}}color", rgb="FFFFFFFF")
    all_of_them = styles.find(f"{{{MAIN}}}tableStyles")
    if all_of_them is None:
        all_of_them = main("tableStyles")
        differences.addnext(all_of_them)
    style = etree.SubElement(all_of_them, f"{{{MAIN}}}tableStyle", name="White", pivot="0", count="1")
    etree.SubElement(style, f"{{{MAIN}}}tableStyleElement", type="wholeTable", dxfId=str(len(differences) - 1))
    for part in book.parts:
        if part.startswith("xl/tables/"):
            table = book.root(part)
            look = table.find(f"{{{MAIN}}}tableStyleInfo")
            if look is None:
                look = etree.SubElement(table, f"{{{MAIN}}}tableStyleInfo")
            look.set("name", "White")


def labels_that_stand_twice(book: Forgery) -> None:
    series = next(book.chart().iter(f"{{{CHART}}}ser"))
    place = next(one for one in series if etree.QName(one).localname in ("cat", "val", "xVal", "yVal"))
    for words in ("", "62"):
        labels = etree.Element(f"{{{CHART}}}dLbls")
        if words:
            label = etree.SubElement(labels, f"{{{CHART}}}dLbl")
            etree.SubElement(label, f"{{{CHART}}}idx", val="0")
            rich = etree.SubElement(etree.SubElement(label, f"{{{CHART}}}tx"), f"{{{CHART}}}rich")
            etree.SubElement(etree.SubElement(rich, f"{{{DRAWING}}}p"), f"{{{DRAWING}}}t").text = words
        place.addprevious(labels)


def another_author(book: Forgery, tag: str) -> None:
    root = book.root("docProps/core.xml")
    found = next((one for one in root if etree.QName(one).localname == tag), None)
    if found is None:
        space = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
        found = etree.SubElement(root, f"{{{space}}}{tag}")
    found.text = "audited"


def _cells_of_a_sheet() -> dict[str, Callable[[Forgery, str], None]]:
    return {
        "another stored value": another_stored_value,
        "a formula of another figure": a_formula_of_another_figure,
        "a line separator in a formula": partial(a_formula_written_otherwise, old=r"\$(?=[0-9])", new="$\u2028"),
        "a blank in a reference": partial(a_formula_written_otherwise, old=r"\$(?=[0-9])", new="$ "),
        "wide digits in a formula": partial(a_formula_written_otherwise, old=r"(?<=,)1(?=,)", new="\uff11"),
        "a long s in a formula": partial(a_formula_written_otherwise, old="S(?=[A-Z])", new="\u017f"),
        "wide digits in a value": partial(a_value_written_otherwise, digits="\uff10"),
        "a constant for a formula": a_constant_for_a_formula,
        "a number format that says 62": a_number_format_that_says_62,
        "a number format of conditions": partial(a_number_format_that_says_62, code='[<62]"62";0'),
        "a number format that hides": partial(a_number_format_that_says_62, code=";;;"),
        "a number format that scales": partial(a_number_format_that_says_62, code="0,"),
        "white on white": white_on_white,
        "a symbol font": a_symbol_font,
        "filled in the colour of the text": filled_in_the_colour_of_the_text,
        "aligned to fill": aligned_to_fill,
        "turned upside down": turned_upside_down,
        "a cell twice": a_cell_twice,
        "a row twice": a_row_twice,
        "a second table of cells": rows_in_a_second_table_of_cells,
        "a cell in another row": a_cell_in_another_row,
        "a value cut by a comment": a_value_cut_by_a_comment,
        "an element in a value": an_element_in_a_value,
        "a text for a number": a_text_in_the_place_of_a_number,
        "a text of two colours": a_text_of_two_colours,
        "a text read aloud": a_text_read_aloud,
        "a picture for a value": a_picture_for_a_value,
        "more cells": more_cells,
        "a shared formula": a_shared_formula,
        "an array formula": an_array_formula,
        "a what-if table": a_what_if_table,
        "DDE": dde,
        "a format of the style behind": a_format_of_the_style_behind,
        "crossed out": crossed_out,
    }


def _of_a_sheet() -> dict[str, Callable[[Forgery, str], None]]:
    return {
        "a hidden row": a_hidden_row,
        "a row without height": a_row_without_height,
        "a hidden column": a_hidden_column,
        "a column without width": partial(a_hidden_column, width="0.1"),
        "the sheet hidden": the_sheet_hidden,
        "the sheet very hidden": partial(the_sheet_hidden, state="veryHidden"),
        "the sheet renamed": the_sheet_renamed,
        "cells merged": cells_merged,
        "a rule that writes 62": a_rule_that_writes_62,
        "a rule that hides": partial(a_rule_that_writes_62, white=True),
        "a prompt": a_prompt,
        "a link outside": a_link_outside,
        "a link inside": a_link_inside,
        "formulas shown": partial(the_view, showFormulas="1"),
        "zeros hidden": partial(the_view, showZeros="0"),
        "right to left": partial(the_view, rightToLeft="1"),
        "rows scrolled away": rows_scrolled_away,
        "printed above": printed_above,
        "printed on the first page": printed_on_the_first_page,
        "errors printed as blanks": errors_printed_as_blanks,
        "rows hidden unless said": rows_hidden_unless_said,
        "as Lotus 1-2-3": as_lotus,
        "a comment": a_comment,
        "a background": a_background,
        "an OLE object": an_ole_object,
        "a control": a_control,
        "an extension": an_extension,
        "columns as an alternative": columns_as_an_alternative,
        "a text box": a_text_box,
        "a picture": a_picture,
        "shapes under an alternative": shapes_under_an_alternative,
        "a name of the sheet in front": a_name_of_the_sheet_in_front,
        "dark where nothing stands": dark_where_nothing_stands,
        "rows dark": rows_dark,
        "rows of no height unless said": rows_of_no_height_unless_said,
        "a filter of its own": a_filter_of_its_own,
    }


def _of_the_workbook() -> dict[str, Tampering]:
    made: dict[str, Tampering] = {}
    for name in ("NPS_target", "Period", "Periods", "PeriodNumber", "Confidence"):
        made |= {
            f"the name {name} for another cell": partial(a_name_for_another_cell, name=name),
            f"the name {name} for a number": partial(a_name_for_a_number, name=name),
            f"the name {name} missing": partial(a_name_missing, name=name),
            f"the name {name} twice": partial(a_name_twice, name=name),
        }
    for name in ("SUM", "INDEX", "IFERROR", "nps_Target2", "Rating"):
        made[f"a name called {name}"] = partial(_name, name=name, text="62")
    made |= {
        "a hidden name": partial(_name, name="Kept", text="62", hidden="1"),
        "a name that is a macro": partial(_name, name="Auto_Open", text="Data!$A$1", xlm="1", function="1"),
        "a print area": a_print_area,
        "calculated by hand": partial(the_calculation, calcMode="manual"),
        "calculated as shown": partial(the_calculation, fullPrecision="0"),
        "calculated in circles": partial(the_calculation, iterate="1"),
        "dates from 1904": dates_from_1904,
        "no tabs": no_tabs,
        "sheets in another order": sheets_in_another_order,
        "a sheet before the first": partial(a_sheet, title="Summary", first=True),
        "a sheet like the first": partial(a_sheet, title="Scorecard "),
        "a sheet that looks like the first": partial(a_sheet, title="Scоrecard"),
        "a copy of a sheet": partial(a_sheet, title="Scorecard (2)"),
        "a sheet called as one of ours without its s": partial(a_sheet, title="Partner"),
        "something beside the record": something_beside_the_record,
        "another author": partial(another_author, tag="creator"),
        "another state": partial(another_author, tag="contentStatus"),
        "a comment of the package": lambda book: setattr(book, "comment", b"NPS 62"),
        "a sheet that reaches outside": partial(a_sheet, title="Notes", cell="<f>[1]x!A1</f><v>62</v>"),
        "a sheet that asks the web": partial(a_sheet, title="Notes", cell="<f>WEBSERVICE(A2)</f><v>62</v>"),
        "a sheet of macros": a_sheet_of_macros,
        "a second workbook": a_second_workbook,
        "sheets of one part": sheets_of_one_part,
        "a namespace that is no address": a_namespace_that_is_no_address,
        "another workbook than the usual": another_workbook_than_the_usual,
        "macros by type": macros_by_type,
        "a sheet of another type": a_sheet_of_another_type,
        "another record": another_record,
        "the page for programs": the_page_for_programs,
        "the fingerprint in the properties": the_fingerprint_in_the_properties,
        "another title": another_title,
        "links that begin elsewhere": links_that_begin_elsewhere,
        "colours by number": colours_by_number,
        "the look of a rule": the_look_of_a_rule,
        "rules in another order": partial(rules_in_another_order, title="Scorecard"),
        "no rules": partial(no_rules, title="Partners"),
        "a rule for another limit": partial(a_rule_for_another_limit, title="Scorecard"),
        "a second drawing in front": a_second_drawing_in_front,
        "two relationships of one name": two_relationships_of_one_name,
        "a part of two types": a_part_of_two_types,
        "a white theme": a_white_theme,
        "looks that stand twice": partial(a_list_of_styles_twice, tag="cellXfs"),
        "fonts that stand twice": partial(a_list_of_styles_twice, tag="fonts"),
        "bars of full length": partial(bars_in_cells, minLength="100"),
        "bars of no length": partial(bars_in_cells, maxLength="1"),
        "bars the other way": partial(bars_in_cells, direction="rightToLeft"),
        "bars from the middle": partial(bars_in_cells, axisPosition="middle"),
        "bars in white": partial(bars_in_cells, colour="FFFFFFFF"),
        "bars of Excel 2007": bars_of_excel_2007,
        "tables in white": tables_in_white,
        "letters of the theme": letters_of_the_theme,
        "bytes behind": lambda book: setattr(book, "behind", b"PK\x03\x04 something else"),
    }
    microsoft = "http://schemas.microsoft.com/office"
    for what, kind, name in (
        ("macros", f"{microsoft}/2006/relationships/vbaProject", "xl/a.bin"),
        ("an external link", "externalLink", "xl/x/a.xml"),
        ("connections", "connections", "xl/a.xml"),
        ("a pivot cache", "pivotCacheDefinition", "xl/a.xml"),
        ("an add-in", f"{microsoft}/2011/relationships/webextension", "xl/a.xml"),
        ("a dialog", "dialogsheet", "xl/a.xml"),
        ("a chart as a sheet", "chartsheet", "xl/a.xml"),
        ("slicers", f"{microsoft}/2007/relationships/slicerCache", "xl/a.xml"),
        ("XML maps", "xmlMaps", "xl/a.xml"),
        ("a model", f"{microsoft}/2011/relationships/powerPivotData", "xl/a.data"),
        ("rich values", f"{microsoft}/2017/06/relationships/rdRichValue", "xl/a.xml"),
        ("an unknown kind", "https://evil.example/kind", "xl/a.xml"),
    ):
        made[f"{what} by relationship"] = partial(a_part_of, kind=kind, name=name, content="application/xml")
    for name in ("xl/vbaProject.bin", "xl/hidden.xml", "customUI/a.xml", "xl/worksheets/sheet77.xml", "readme.txt"):
        made[f"{name} named by nothing"] = partial(a_part_that_nothing_names, name=name)
    for title in ("Scorecard", "Data"):
        made |= {
            f"{title}: a member twice": partial(a_member_twice, title=title),
            f"{title}: a member in other capitals": partial(a_member_in_other_capitals, title=title),
            f"{title}: a member with backslashes": partial(a_member_with_backslashes, title=title),
        }
    return made


def _of_charts() -> dict[str, Tampering]:
    return {
        "a chart of other cells": a_chart_of_other_cells,
        "a chart of whole rows": a_chart_of_whole_rows,
        "a chart of a whole sheet": a_chart_of_a_whole_sheet,
        "a chart of no sheet": a_chart_of_no_sheet,
        "a chart that ends nowhere": a_chart_that_ends_nowhere,
        "a value in a chart": a_value_in_a_chart,
        "more values in a chart": more_values_in_a_chart,
        "a title of a chart": a_title_of_a_chart,
        "an axis from below": partial(an_axis, tag="min", value="-500"),
        "an axis to above": partial(an_axis, tag="max", value="5000"),
        "an axis the other way round": partial(an_axis, tag="orientation", value="maxMin"),
        "an axis of powers": partial(an_axis, tag="logBase", value="10"),
        "an axis without numbers": an_axis_without_numbers,
        "a series less": a_series_less,
        "a series of another name": a_series_of_another_name,
        "colours of a chart": colours_changed,
        "labels with words": labels_with_words,
        "bars of other cells": bars_of_other_cells,
        "a line through a chart": a_line_through_a_chart,
        "another kind of chart": another_kind_of_chart,
        "words over a chart": words_over_a_chart,
        "data from outside": data_of_a_chart_from_outside,
        "a chart over figures": a_chart_over_figures,
        "a hidden chart": a_hidden_chart,
        "the legend": the_legend,
        "gaps drawn as zero": gaps_drawn_as_zero,
        "a format stored in a chart": a_format_stored_in_a_chart,
        "other words for a chart": other_words_for_a_chart,
        "charts exchanged": charts_exchanged,
        "labels that stand twice": labels_that_stand_twice,
        "marks not drawn": marks_not_drawn,
        "bars not drawn": bars_not_drawn,
    }


#: Each kind is done to all of these sheets, to the others some.
FIRST = ("Scorecard", "Partners", "Data")


def all_tamperings() -> dict[str, Tampering]:
    """Return every tampering, by name."""
    made: dict[str, Tampering] = {}
    for title in FIRST:
        for name, change in (_cells_of_a_sheet() | _of_a_sheet()).items():
            made[f"{title}: {name}"] = partial(change, title=title)
    others = ("NPS", "Retention", "Trend", "Benchmarks", "About")
    for place, (name, change) in enumerate((_cells_of_a_sheet() | _of_a_sheet()).items()):
        made[f"{others[place % len(others)]}: {name}"] = partial(change, title=others[place % len(others)])
    return made | _of_the_workbook() | _of_charts()
