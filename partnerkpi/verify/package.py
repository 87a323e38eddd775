"""The package of a workbook as spreadsheet programs find their way through it: by relationships and content types.

A part may have any name. What counts is what refers to it, as what, and of which type it says it is; a part to which
nothing refers, or which is of a kind that our writer never writes, is a finding.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem
from partnerkpi.files import of_damage
from partnerkpi.verify.finding import Report

_TYPES = "[Content_Types].xml"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PACKAGE = "application/vnd.openxmlformats-package."
_SHEET = f"{_OFFICE}spreadsheetml."
_MARKED = "holds a comment, an instruction or an alternative of XML, which programs read in different ways"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")
_DESCRIPTOR = 24  # bytes that may follow a part's data: its sizes, which some programs know only then

#: Parts that can run, fetch or hide something, and what they are.
_UNWANTED = (
    (re.compile(r"vbaProject|vbaData|macrosheet", re.IGNORECASE), "holds macros"),
    (
        re.compile(r"activeX|embeddings/|oleObject|ctrlProp|dialogsheet|/control\b|/package\b", re.IGNORECASE),
        "holds an embedded object or a control",
    ),
    (re.compile(r"externalLink", re.IGNORECASE), "refers to another workbook"),
    (re.compile(r"connections|queryTable|^xl/model/|powerPivot", re.IGNORECASE), "fetches data from elsewhere"),
    (re.compile(r"webextension|^xl/customData/|customUI|ui/extensibility", re.IGNORECASE), "holds an add-in"),
)
#: Parts that say something beside the cells.
_BESIDE = (
    (re.compile(r"comments|threadedComment|vmlDrawing|/persons?\b", re.IGNORECASE), "holds comments"),
    (re.compile(r"pivot|slicer|timeline", re.IGNORECASE), "holds a pivot table"),
    (re.compile(r"chartsheet", re.IGNORECASE), "holds a sheet that is a chart"),
)

#: What our writer refers to, and Excel and LibreOffice when they save: the end of a relationship's type, the content
#: types that the part may have, and whether it may stand in the tree of a person's own sheet alone.
_ANY_PICTURE = ("image/png", "image/jpeg")
_KNOWN: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "relationships/officeDocument": ((f"{_SHEET}sheet.main+xml",), False),
    "metadata/core-properties": ((f"{_PACKAGE}core-properties+xml",), False),
    "relationships/extended-properties": ((f"{_OFFICE}extended-properties+xml",), False),
    "relationships/custom-properties": ((f"{_OFFICE}custom-properties+xml",), False),
    "relationships/customXml": (("application/xml",), False),
    "relationships/customXmlProps": ((f"{_OFFICE}customXmlProperties+xml",), False),
    "relationships/worksheet": ((f"{_SHEET}worksheet+xml",), False),
    "relationships/styles": ((f"{_SHEET}styles+xml",), False),
    "relationships/theme": ((f"{_OFFICE}theme+xml",), False),
    "relationships/sharedStrings": ((f"{_SHEET}sharedStrings+xml",), False),
    "relationships/sheetMetadata": ((f"{_SHEET}sheetMetadata+xml",), False),
    "relationships/calcChain": ((f"{_SHEET}calcChain+xml",), False),  # Excel: the order in which it calculated
    "relationships/printerSettings": ((f"{_SHEET}printerSettings",), False),  # Excel
    "relationships/drawing": ((f"{_OFFICE}drawing+xml",), False),
    "relationships/table": ((f"{_SHEET}table+xml",), False),
    "relationships/chart": ((f"{_OFFICE}drawingml.chart+xml",), False),
    "relationships/chartStyle": (("application/vnd.ms-office.chartstyle+xml",), False),  # Excel
    "relationships/chartColorStyle": (("application/vnd.ms-office.chartcolorstyle+xml",), False),  # Excel
    "relationships/image": (_ANY_PICTURE, False),
    "relationships/comments": ((f"{_SHEET}comments+xml",), True),
    "relationships/vmlDrawing": ((f"{_OFFICE}vmlDrawing",), True),
    "relationships/threadedComment": (("application/vnd.ms-excel.threadedcomments+xml",), True),
    "relationships/person": (("application/vnd.ms-excel.person+xml",), True),
}
_SOURCES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/",
    "http://schemas.openxmlformats.org/package/2006/relationships/",
    "http://schemas.microsoft.com/office/2011/",
    "http://schemas.microsoft.com/office/2017/10/",
)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: as what, which part (as the package calls it), or an address outside."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of a file by name, and what is odd about how they are packed."""

    def __init__(self, parts: Mapping[str, bytes], oddities: list[tuple[str, str]] | None = None) -> None:
        self.parts = dict(parts)
        self.oddities = oddities or []
        self._names = {_plain(name): name for name in reversed(self.parts)}
        self._relations: dict[str, list[Relation]] = {}

    def find(self, name: str) -> str:
        """Return what the package calls a part: programs look for names whatever their capitals."""
        return name if name in self.parts else self._names.get(_plain(name), name)

    def relations(self, part: str) -> list[Relation]:
        """Return the relationships of a part; "" is the package itself."""
        if part not in self._relations:
            self._relations[part] = list(self._read_relations(part))
        return self._relations[part]

    def related(self, part: str, kind: str) -> Iterator[str]:
        """Yield the parts of a kind that a part refers to and that are there."""
        for one in self.relations(part):
            if one.kind.endswith(f"/{kind}") and not one.external and one.target in self.parts:
                yield one.target

    def types(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the content types of single parts and of endings."""
        own, endings = dict[str, str](), dict[str, str]()
        if _TYPES in self.parts:
            for one in parsed(self.parts[_TYPES], _TYPES):
                tag, kind = etree.QName(one).localname, one.get("ContentType", "")
                if tag == "Override":
                    if _plain(one.get("PartName", "")) in own:
                        self.oddities.append((one.get("PartName", ""), "is said to be of two types"))
                    own.setdefault(_plain(one.get("PartName", "")), kind)
                elif tag == "Default":
                    endings.setdefault(one.get("Extension", "").lower(), kind)
        return own, endings

    def _read_relations(self, part: str) -> Iterator[Relation]:
        folder, name = posixpath.split(part)
        where = self.find(posixpath.join(folder, "_rels", f"{name}.rels"))
        if where not in self.parts:
            return
        for one in parsed(self.parts[where], where):
            target, external = one.get("Target", ""), one.get("TargetMode") == "External"
            if not external:
                joined = posixpath.join("/", folder, unquote(target).replace("\\", "/"))
                target = self.find(posixpath.normpath(joined).lstrip("/"))
            yield Relation(one.get("Id", ""), one.get("Type", ""), target, external)


def plain_number(text: str) -> float | None:
    """Return the number that a text of a part says, None for all else: Python reads `1_0`, `６２` and `nan` as well."""
    return float(text) if _NUMBER.fullmatch(text) else None


def parsed(xml: bytes, part: str) -> etree._Element:
    """Return the root of a part without its comments; FileProblem where it is damaged."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise FileProblem(f"the workbook is damaged: {part} is not XML ({reason})") from None


def canonical(element: etree._Element, *, exclusive: bool = False) -> bytes:
    """Return an element in the one form that XML has for what means the same; FileProblem where it has none.

    A namespace that is no address, such as xmlns:x="y", has none; no program writes one.
    """
    try:
        return etree.tostring(element, method="c14n", exclusive=exclusive)
    except etree.C14NError:
        name = etree.QName(element).localname
        raise FileProblem(f"the workbook is damaged: names in a part ({name}) are no workbook's") from None


def read_package(path: Path) -> Package:
    """Return the parts of a file; the first of each name, and findings where programs may take another one."""
    return unpacked(path.read_bytes(), path)


def unpacked(data: bytes, path: Path | str = "the workbook") -> Package:
    """Return the parts in the bytes of a package; FileProblem where it is damaged."""
    parts, oddities, met = dict[str, bytes](), list[tuple[str, str]](), set[str]()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members, remark = archive.infolist(), archive.comment
            for member in members:
                if member.is_dir():
                    continue
                name = member.filename
                if _plain(name) in met:
                    oddities.append((name, "stands twice in the package: which one is shown depends on the program"))
                elif _plain(name) != name.lower():
                    oddities.append((name, "is the name of no part"))
                met.add(_plain(name))
                parts.setdefault(name, archive.read(member))
    except of_damage(OSError) as error:
        raise FileProblem(f"{path} is damaged or was not sent completely ({error}): ask for it again") from None
    oddities += [(name, _MARKED) for name, part in parts.items() if _is_marked(name, part)]
    if remark:
        oddities.append(("the end", "the package has a comment, which no spreadsheet program writes"))
    if hidden := _between(data, members):
        oddities.append((hidden, "bytes that the package's directory does not list stand here"))
    return Package(parts, oddities)


def _is_marked(name: str, part: bytes) -> bool:
    """Tell whether a part of the workbook holds what no spreadsheet program writes, and some read otherwise."""
    if not name.lower().startswith("xl/") or not name.lower().endswith((".xml", ".rels")):
        return False
    if b"AlternateContent" in part and not name.startswith(("xl/workbook", "xl/charts/", "xl/drawings/")):
        return True
    return any(sign in part for sign in (b"<!--", b"<![CDATA[", b"ProcessContent")) or part.count(
        b"<?"
    ) > part.startswith(b"<?xml")


def _between(data: bytes, members: list[zipfile.ZipInfo]) -> str | None:
    """Return the part before which bytes stand that belong to none: a program that reads on would see them."""
    at, last = 0, "the beginning"
    for member in sorted(members, key=lambda one: one.header_offset):
        head = data[member.header_offset : member.header_offset + 30]
        if not 0 <= member.header_offset - at <= (_DESCRIPTOR if at else 0) or len(head) < 30:
            return last
        name, extra = struct.unpack("<2H", head[26:30])
        if struct.unpack("<H", head[8:10])[0] != member.compress_type:
            return member.filename
        if data[member.header_offset + 30 : member.header_offset + 30 + name] != _written(member):
            return member.filename
        at, last = member.header_offset + 30 + name + extra + member.compress_size, member.filename
    rest, end = data[at : at + _DESCRIPTOR + 4], data.rfind(b"PK\x05\x06")
    if not any(sign in rest for sign in (b"PK\x01\x02", b"PK\x06\x08")):
        return last
    (comment,) = struct.unpack("<H", data[end + 20 : end + 22].ljust(2, b"\0"))
    return None if end + 22 + comment == len(data) else "the end"


def _written(member: zipfile.ZipInfo) -> bytes:
    return member.orig_filename.encode("utf-8" if member.flag_bits & 0x800 else "cp437", "replace")


def _plain(name: str) -> str:
    """Return the name of a part as programs compare it."""
    return posixpath.normpath(f"/{unquote(name)}".replace("\\", "/")).lstrip("/").lower()


def unwanted(part: str) -> str | None:
    """Return what a workbook with this part does that a scorecard never does: "holds macros"; None for any other."""
    return next((what for pattern, what in _UNWANTED if pattern.search(part)), None)


def _described(name: str) -> str | None:
    """Return what a part is that a scorecard does not have, as far as its name or its type tells."""
    return unwanted(name) or next((what for pattern, what in _BESIDE if pattern.search(name)), None)


def same_xml(one: bytes, other: bytes) -> bool:
    """Tell whether two parts differ in nothing but what XML lets everybody write as they like."""
    first, second = (canonical(parsed(part, "a part")) for part in (one, other))
    return first == second


def check_package(package: Package, own: set[str], report: Report) -> None:
    """Add a finding for each part that a scorecard does not have; `own` are the parts of a person's own sheets."""
    types, endings = package.types()
    for place, what in package.oddities:
        report.add("structure", place, what)
    met = {_TYPES}
    found: list[tuple[str, bool]] = [("", False)]
    while found:
        source, is_own = found.pop()
        folder, name = posixpath.split(source)
        where = package.find(posixpath.join(folder, "_rels", f"{name}.rels"))
        met.add(where)
        once = set[str]()
        numbers = [one.id for one in package.relations(source)]
        if len(set(numbers)) < len(numbers):
            report.add("structure", where, "gives two of its relationships the same name")
        for one in package.relations(source):
            if one.external:
                report.add("structure", where, f"a link leads out of the workbook: {one.target}")
                continue
            known = _known(one.kind)
            if known is None or (known[1] and not (is_own or one.kind.endswith("/person"))):
                named = _described(one.kind) or _described(one.target)
                says = f"the workbook {named}" if named else f"a part that a scorecard does not have: {one.kind}"
                report.add("structure", one.target or where, says)
            elif one.target not in package.parts:
                report.add("structure", where, f"refers to {one.target}, which is not there")
            else:
                ending = one.target.rpartition(".")[2].lower()
                given = types.get(_plain(one.target), endings.get(ending, ""))
                if given.lower() not in {kind.lower() for kind in known[0]}:
                    macros = "macroenabled" in given.lower()
                    other = _described(given) or "is not of the type that it is used as"
                    says = "of a kind that may hold macros" if macros else other
                    report.add("structure", one.target, f"{says}: {given or 'no type'}")
            if one.kind.endswith(("/officeDocument", "/styles", "/sharedStrings", "/theme", "/drawing")):
                if one.kind in once:
                    report.add("structure", where, f"names two parts as its {one.kind.rpartition('/')[2]}")
                once.add(one.kind)
            if one.target in package.parts and one.target not in met:
                met.add(one.target)
                found.append((one.target, is_own or one.target in own))
    for part in sorted(package.parts.keys() - met):
        named = _described(part)
        says = f"the workbook {named}" if named else "nothing in the workbook refers to this part"
        report.add("structure", part, says)


def _known(kind: str) -> tuple[tuple[str, ...], bool] | None:
    if not kind.startswith(_SOURCES):
        return None
    return next((known for end, known in _KNOWN.items() if kind.endswith(f"/{end}")), None)
