"""Where names go in the part of a workbook that lists its sheets and names, and how they are put there and taken away.

The part is changed where it must be and nowhere else: places are told by a parser, the bytes around them stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from partnerkpi._version import __version__
from partnerkpi.carriers.lambdas.syntax import Formula
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem

_MARK = "[partnerkpi "
LONGEST_COMMENT = 255
_BEFORE = ("sheets", "functionGroups", "externalReferences")  # what the schema has before the names, last one wins


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the part: what it is called, its attributes, and the bytes from its first to behind its last."""

    name: str
    attributes: Mapping[str, str]
    start: int
    end: int
    inner: int  # behind its start tag

    @property
    def defined(self) -> str:
        """Return the name that it defines, in the case in which Excel compares names."""
        return self.attributes.get("name", "").casefold()

    @property
    def is_ours(self) -> bool:
        """Tell whether this is a name that was put there by this program."""
        return _MARK in self.attributes.get("comment", "")


class Outline:
    """The children of the root, and the names, of one part; FileProblem for what is no such part."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.root, self.children, self.names = "", list[Element](), list[Element]()
        self._open: list[list[Any]] = []
        self._closed: list[Any] | None = None
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._starts
        self._parser.EndElementHandler = self._ends
        self._parser.DefaultHandler = lambda _: self._moves()
        self._parser.CharacterDataHandler = lambda _: self._moves()
        self._parser.StartDoctypeDeclHandler = _refuse
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise FileProblem(f"the list of its sheets is no sound XML ({error}): save it again in Excel") from None
        self._moves(len(data))

    def child(self, name: str) -> Element | None:
        """Return the last child of the root that is called so."""
        return next((one for one in reversed(self.children) if one.name == name), None)

    def _moves(self, at: int | None = None) -> None:
        """Note that something else begins here: what was opened or closed last has ended."""
        here = self._parser.CurrentByteIndex if at is None else at
        if self._open and self._open[-1][3] is None:
            self._open[-1][3] = here
        if self._closed is not None:
            (name, attributes, start, inner), depth = self._closed
            element = Element(name, attributes, start, here, here if inner is None else inner)
            (self.children if depth == 1 else self.names).append(element)
            self._closed = None

    def _starts(self, tag: str, attributes: dict[str, str]) -> None:
        self._moves()
        if not self._open:
            self.root = tag
        self._open.append([tag.rpartition(":")[2], attributes, self._parser.CurrentByteIndex, None])

    def _ends(self, _: str) -> None:
        self._moves()
        closed, depth = self._open.pop(), len(self._open)
        if depth == 1 or (depth == 2 and self._open[-1][0] == "definedNames"):
            self._closed = [closed, depth]


def _refuse(*_: object) -> None:
    raise FileProblem("the list of its sheets declares a document type, which no workbook of Excel does")


def with_names(data: bytes, pack: Mapping[str, Formula], described: Mapping[str, str]) -> bytes:
    """Return the part with these names, those of an earlier version replaced. FileProblem for a name that is theirs."""
    data = without_names(data)
    outline = Outline(data)
    taken = {one.defined for one in outline.names} & {name.casefold() for name in pack}
    if taken:
        found = next(name for name in pack if name.casefold() in taken)
        raise FileProblem(f"it has a name {found} of its own: rename that one (Formulas, Name Manager), or remove it")
    prefix, _, root = outline.root.rpartition(":")
    if root != "workbook":
        raise FileProblem("its main part is no list of sheets")
    tag = f"{prefix}:" if prefix else ""
    made = "".join(_element(tag, one, described[one.name]) for one in sorted(pack.values(), key=lambda one: one.name))
    held = outline.child("definedNames")
    if held is not None and outline.names:
        start = end = outline.names[-1].end
    elif held is not None:
        start, end = held.start, held.end
        empty = data[start:end].decode("latin-1").replace("\0", "")
        forms = _empty_forms(tag)
        made = f"<{tag}definedNames{' ' * (1 + forms.index(empty) if empty in forms else 0)}>{made}</{tag}definedNames>"
    else:
        made = f"<{tag}definedNames>{made}</{tag}definedNames>"
        before = [one for one in map(outline.child, _BEFORE) if one is not None]
        if not before:
            raise FileProblem("it lists no sheets")
        start = end = max(one.end for one in before)
    return data[:start] + _encoded(made, data) + data[end:]


def _empty_forms(tag: str) -> tuple[str, ...]:
    """Return how an empty list of names may be written; as many blanks in the tag of a filled one say which it was."""
    return f"<{tag}definedNames/>", f"<{tag}definedNames />", f"<{tag}definedNames></{tag}definedNames>"


def without_names(data: bytes) -> bytes:
    """Return the part without the names that this program put there; the same bytes where there are none."""
    outline = Outline(data)
    ours = [one for one in outline.names if one.is_ours]
    held = outline.child("definedNames")
    if not ours or held is None:
        return data
    if len(ours) == len(outline.names):
        opened = data[held.start : held.inner].decode("latin-1").replace("\0", "")
        tag = opened[1:].partition("definedNames")[0]
        blanks = opened.count(" ")
        left = _empty_forms(tag)[blanks - 1] if 0 < blanks <= len(_empty_forms(tag)) else ""
        return data[: held.start] + _encoded(left, data) + data[held.end :]
    for one in reversed(ours):
        data = data[: one.start] + data[one.end :]
    return data


def names_of_ours(data: bytes) -> Sequence[str]:
    """Return the names that this program put there."""
    return [one.attributes["name"] for one in Outline(data).names if one.is_ours]


def comment(description: str) -> str:
    """Return what a list of names says of a function: what it gives, cut at the end of a sentence, and our mark."""
    mark = f" {_MARK}{__version__}]"
    room = LONGEST_COMMENT - len(mark)
    if len(description) > room:
        sentences = re.findall(r".*?[.:;](?= |$)", description[:room])
        description = "".join(sentences).strip().rstrip(":;") or description[:room]
    return description + mark


def _element(tag: str, formula: Formula, description: str) -> str:
    remark = quoteattr(comment(description), {'"': "&quot;"})
    return f'<{tag}definedName name="{formula.name}" comment={remark}>{escape(formula.stored)}</{tag}definedName>'


def _encoded(text: str, data: bytes) -> bytes:
    """Return text in the encoding of the part."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return text.encode("utf-16-le" if data[0] == 0xFF else "utf-16-be")
    declared = re.match(rb"\s*<\?xml[^>]*encoding=[\"']([\w.-]+)", data)
    return text.encode(declared[1].decode() if declared else "utf-8", "xmlcharrefreplace")
