"""How cells look, resolved: what a style of a file comes to, whatever number it has and whichever program wrote it."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS

from partnerkpi.verify.contents import MAIN, Contents
from partnerkpi.verify.package import parsed, plain_number
from partnerkpi.vocabulary import whole_number

Look = dict[str, Any]

#: In the place of a colour that a program chooses: black text, no ground.
_NONE = ""
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
#: How a theme's colours are counted: the first two pairs the other way round than they stand in the file.
_THEME_ORDER = (1, 0, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11)
_FACE = ("bold", "italic", "strike", "underline", "raised", "font", "font size", "font colour")
_APPLIED = {"applyNumberFormat": ("number format",), "applyFont": _FACE, "applyFill": ("fill",)}
_USUAL_ALIGNMENT = {
    "horizontal": "general",
    "vertical": "bottom",
    "textRotation": 0,
    "wrapText": False,
    "shrinkToFit": False,
    "indent": 0,
    "readingOrder": 0,
}


def is_true(text: str | None, usual: bool = False) -> bool:
    """Return what a yes or no of the file means."""
    return usual if text is None else text.strip().lower() in ("1", "true", "on")


def number_of(text: str | None, usual: float = 0.0) -> float:
    """Return the number that an attribute holds, the usual one where it holds none."""
    found = plain_number(text) if text else usual
    return found if found is not None and math.isfinite(found) else usual


class Looks:
    """The styles of a workbook, each resolved when it is asked for."""

    def __init__(self, contents: Contents) -> None:
        self._colours, self._faces = theme_colours(contents), theme_fonts(contents)
        part = next(contents.package.related(contents.workbook, "styles"), None)
        root = parsed(contents.parts[part], part) if part is not None else etree.Element("none")
        self._formats = {
            one.get("numFmtId", ""): one.get("formatCode", "") for one in root.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")
        }
        self._fonts, self._fills, self._borders, self._xfs, self._behind, self._differences = (
            list(found) if (found := root.find(f"{MAIN}{name}")) is not None else []
            for name in ("fonts", "fills", "borders", "cellXfs", "cellStyleXfs", "dxfs")
        )
        self._of_tables = {one.get("name", ""): one for one in root.iterfind(f"{MAIN}tableStyles/{MAIN}tableStyle")}
        self._indexed = [
            one.get("rgb", "") for one in root.iterfind(f"{MAIN}colors/{MAIN}indexedColors/{MAIN}rgbColor")
        ]
        self._known: dict[int, Look] = {}

    def of(self, number: int) -> Look:
        """Return how cells of a style look."""
        if number not in self._known:
            self._known[number] = self._resolved(number)
        return self._known[number]

    def difference(self, number: str | None) -> Look:
        """Return what a rule changes of how a cell looks."""
        place = whole_number(number)
        if place is None or place >= len(self._differences):
            return {}
        found = self._differences[place]
        look: Look = {}
        if (font := found.find(f"{MAIN}font")) is not None:
            # a program may repeat the usual face: what a rule is for are colour, weight and lines
            own = self.font(font)
            look |= {name: own[name] for name in ("bold", "italic", "strike", "font colour") if own[name]}
        if (fill := found.find(f"{MAIN}fill")) is not None:
            look["fill"] = self._fill(fill, ground="bgColor")
        if (number_format := found.find(f"{MAIN}numFmt")) is not None:
            code = plain_format(number_format.get("formatCode", ""))
            if code != "General":
                look["number format"] = code
        return look

    def of_table(self, name: str) -> tuple[Any, ...] | None:
        """Return how a table looks by a style that the file itself defines; None for Excel's own, which can be read."""
        style = self._of_tables.get(name)
        if style is None:
            return None
        parts = [(one.get("type", ""), self.difference(one.get("dxfId"))) for one in style]
        return tuple((kind, *sorted(look.items())) for kind, look in parts if look) or None

    def font(self, font: etree._Element) -> Look:
        """Return a font: of a style, of a rule, or of a part of a text."""
        given = {etree.QName(one).localname: one for one in font}

        def yes(name: str) -> bool:
            return name in given and is_true(given[name].get("val"), usual=True)

        face = next((given[name].get("val") for name in ("name", "rFont") if name in given), None)
        if "scheme" in given:  # then it is the theme's, whatever its name says
            face = self._faces.get(given["scheme"].get("val", ""), face)
        lines = given["u"].get("val", "single") if "u" in given else "none"
        raised = given["vertAlign"].get("val", "baseline") if "vertAlign" in given else "baseline"
        colour = self.colour(given.get("color"))
        return {
            "bold": yes("b"),
            "italic": yes("i"),
            "strike": yes("strike"),
            "underline": "" if lines == "none" else lines,
            "raised": "" if raised == "baseline" else raised,
            "font": face or "",
            "font size": number_of(given["sz"].get("val")) if "sz" in given else 0.0,
            "font colour": "" if colour == "000000" else colour,
        }

    def colour(self, colour: etree._Element | None) -> str:
        """Return a colour as RRGGBB, "" for the one that a program chooses."""
        if colour is None or is_true(colour.get("auto")):
            return _NONE
        tint = number_of(colour.get("tint"))
        shade = f" {tint:+.2f}" if abs(tint) > 0.004 else ""
        if (rgb := colour.get("rgb")) is not None:
            return rgb[-6:].upper() + shade
        if (theme := colour.get("theme")) is not None:
            place = whole_number(theme)
            found = self._colours[place] if place is not None and place < len(self._colours) else f"theme {theme}"
            return found + shade
        if (index := colour.get("indexed")) is not None:
            return self._by_index(int(number_of(index, -1))) + shade
        return _NONE

    def _by_index(self, index: int) -> str:
        from openpyxl.styles.colors import COLOR_INDEX

        if index in (64, 65):  # the system's own
            return _NONE if index == 64 else "FFFFFF"
        table = self._indexed or COLOR_INDEX
        return table[index][-6:].upper() if 0 <= index < len(table) else f"colour {index}"

    def _fill(self, fill: etree._Element, ground: str = "fgColor") -> str:
        pattern = fill.find(f"{MAIN}patternFill")
        if pattern is None:
            return "none" if len(fill) == 0 else "gradient"
        kind = pattern.get("patternType", "solid" if ground == "bgColor" else "none")
        if kind == "none":
            return "none"
        shade = pattern.find(f"{MAIN}{ground}")
        if shade is None:
            shade = pattern.find(f"{MAIN}{'bgColor' if ground == 'fgColor' else 'fgColor'}")
        colour = self.colour(shade)
        return colour if kind == "solid" else f"{kind} {colour}"

    def _resolved(self, number: int) -> Look:
        if not 0 <= number < len(self._xfs):
            return {"style": f"number {number}, which is not there"}
        style = self._xfs[number]
        look = self._given(style)
        behind = self._given(self._one(self._behind, style.get("xfId")))
        # LibreOffice takes a part from the named style behind a cell's where it says that it is not applied
        for flag, names in _APPLIED.items():
            if not is_true(style.get(flag), usual=True) and (other := [n for n in names if look[n] != behind[n]]):
                look["style behind"] = ", ".join(f"{name} {behind[name]}" for name in other)
        return look

    def _given(self, style: etree._Element) -> Look:
        """Return what a style itself says."""
        look = self.font(self._one(self._fonts, style.get("fontId")))
        look["fill"] = self._fill(self._one(self._fills, style.get("fillId")))
        look["number format"] = self._format(style.get("numFmtId", "0"))
        look["crossed out"] = _has_diagonal(self._one(self._borders, style.get("borderId")))
        protection = style.find(f"{MAIN}protection")
        look["locked"] = protection is None or is_true(protection.get("locked"), usual=True)
        alignment = style.find(f"{MAIN}alignment")
        for name, usual in _USUAL_ALIGNMENT.items():
            given = alignment.get(name) if alignment is not None else None
            look[name] = (
                usual
                if given is None
                else is_true(given)
                if isinstance(usual, bool)
                else number
                if isinstance(usual, int) and (number := whole_number(given)) is not None
                else given
            )
        return look

    @staticmethod
    def _one(some: list[etree._Element], number: str | None) -> etree._Element:
        place = whole_number(number) or 0
        return some[place] if place < len(some) else etree.Element("none")

    def _format(self, number: str) -> str:
        code = self._formats.get(number)
        if code is None:
            code = BUILTIN_FORMATS.get(-1 if (place := whole_number(number)) is None else place, f"format {number}")
        return plain_format(code)


def _has_diagonal(border: etree._Element) -> bool:
    """Tell whether lines run through a cell from corner to corner, as through what does not hold any more."""
    line = border.find(f"{MAIN}diagonal")
    drawn = any(is_true(border.get(way)) for way in ("diagonalUp", "diagonalDown"))
    return drawn and line is not None and line.get("style", "none") != "none"


@lru_cache(maxsize=4096)
def plain_format(code: str) -> str:
    """Return a number format with each character that is shown as it stands written in one way."""
    made, literal, place = list[str](), list[str](), 0

    def end() -> None:
        if literal:
            made.append('"' + "".join(literal) + '"')
            literal.clear()

    while place < len(code):
        sign = code[place]
        if sign == '"':
            close = code.find('"', place + 1)
            close = len(code) if close < 0 else close
            literal.append(code[place + 1 : close])
            place = close + 1
            continue
        if sign == "\\" and place + 1 < len(code):
            literal.append(code[place + 1])
            place += 2
            continue
        if (sign in "-+ ()$!&~{}=<>:^'" or ord(sign) > 127) and not (
            sign in "-+" and code[place - 1 : place] in ("E", "e")
        ):
            literal.append(sign)
        elif sign == "[":
            close = code.find("]", place)
            close = len(code) - 1 if close < 0 else close
            end()
            made.append(code[place : close + 1].upper())
            place = close
        else:
            end()
            made.append(sign.lower() if sign in "YMDHS" else sign)
        place += 1
    end()
    if made.count(";") == 3 and made[-2:] == [";", ";"] and len(made) > 3:
        made.pop()  # LibreOffice says that there is nothing for texts either; a number looks the same
    return re.sub(r"^general$", "General", "".join(made), flags=re.IGNORECASE)


def _theme(contents: Contents) -> etree._Element:
    part = next(contents.package.related(contents.workbook, "theme"), None)
    return parsed(contents.parts[part], part) if part is not None else etree.Element("none")


def theme_fonts(contents: Contents) -> dict[str, str]:
    """Return the fonts of a workbook's theme: "major" for headings, "minor" for all else."""
    found = {kind: _theme(contents).find(f".//{_DRAWING}{kind}Font/{_DRAWING}latin") for kind in ("major", "minor")}
    return {kind: font.get("typeface", "") for kind, font in found.items() if font is not None}


def theme_colours(contents: Contents) -> list[str]:
    """Return the colours of a workbook's theme in the order in which they are counted."""
    scheme = _theme(contents).find(f".//{_DRAWING}clrScheme")
    if scheme is None:
        return []
    found = []
    for one in scheme:
        colour = one[0] if len(one) else one
        found.append((colour.get("lastClr") or colour.get("val") or "").upper())
    return [found[place] for place in _THEME_ORDER if place < len(found)]
