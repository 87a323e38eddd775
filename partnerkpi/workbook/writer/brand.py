"""The reader's own colours, font and footer in the place of ours. Colours of ratings never change.

Looks and charts are made with the colours of `theme`; the last pass puts those of the brand in their place, wherever
they stand in the file. So no module but this one knows of a brand, and nothing outlives the workbook.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from lxml import etree
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.settings import Brand
from partnerkpi.workbook.model.markup import parse, serialize
from partnerkpi.workbook.model.theme import ACCENT, BAND, FONT, INK, INPUT, MUTED, PASSIVE, TILE, WHITE
from partnerkpi.workbook.model.values import clean_text

LEAST_CONTRAST = 4.5  # of text on its ground: WCAG 2, level AA
_TINT = 0.25  # how much of the accent is in the band of an interval
_LONGEST = 80  # characters of name and footer together
_STYLES, _THEME = "xl/styles.xml", "xl/theme/theme1.xml"
_NO_ROWS, _CLOSED = b"<sheetData></sheetData>", b"<sheetData/>"
_FONTS = ("font", "rPr")  # what holds the colour of letters


@dataclass(frozen=True)
class Palette:
    """The colours and the font of one workbook, as RRGGBB; `text` is the accent as it can be read."""

    accent: str
    text: str
    ink: str
    font: str

    @classmethod
    def of(cls, brand: Brand) -> Palette | None:
        """Return the palette of a brand, None for our own. Colours too light to be read are darkened as text."""
        accent, ink = (colour.removeprefix("#").upper() for colour in (brand.accent, brand.ink))
        if (accent, ink, brand.font) == (ACCENT, INK, FONT):
            return None
        return cls(accent, readable(accent, TILE, INPUT), readable(ink, PASSIVE), brand.font)

    def dress(self, parts: dict[str, bytes]) -> None:
        """Put the colours and the font into the parts of a package whose sheets have no rows yet."""
        for name in parts:
            if name.startswith(("xl/worksheets/sheet", "xl/charts/chart")) or name in (_STYLES, _THEME):
                root = parse(parts[name])
                for element in root.iter(etree.Element):
                    self._change(element)
                parts[name] = serialize(root).replace(_CLOSED, _NO_ROWS)

    def _change(self, element: etree._Element) -> None:
        tag = etree.QName(element).localname
        parent = element.getparent()
        above = etree.QName(parent).localname if parent is not None else ""
        if tag == "name" and above == "font":
            element.set("val", self.font)
        elif tag == "latin" and (element.get("typeface") == FONT or above in ("majorFont", "minorFont")):
            element.set("typeface", self.font)
        for attribute in ("rgb", "val") if tag == "srgbClr" else ("rgb",):
            value = element.get(attribute, "")
            own = self._own(value[-6:], is_text=above in _FONTS)
            if own is not None:
                element.set(attribute, value[:-6] + own)

    def _own(self, colour: str, *, is_text: bool) -> str | None:
        """Return what stands in the place of one of our colours, None for every other."""
        if colour == ACCENT:
            return self.text if is_text else self.accent
        if colour == BAND:
            return _mixed(self.accent, WHITE, _TINT) if self.accent != ACCENT else BAND
        return self.ink if colour == INK else None


def set_footers(sheets: Iterable[Worksheet], brand: Brand) -> None:
    """Write name and footer of the brand in the middle of each printed page's foot."""
    words = [" ".join(clean_text(text).split()) for text in (brand.name or "", brand.footer)]
    text = " · ".join(word for word in words if word)
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    for sheet in sheets:
        footer = cast("HeaderFooterItem", sheet.oddFooter).center
        footer.text, footer.size, footer.color = text.replace("&", "&&"), 8, MUTED


def readable(colour: str, *grounds: str) -> str:
    """Return the colour, darkened only as far as text in it needs on white and on these grounds.

    F2B705, a yellow, has 1.8 on white and becomes 957103 with 4.5.
    """
    for part in range(256, -1, -1):
        darker = _mixed(colour, "000000", part / 256)
        if all(contrast(darker, ground) >= LEAST_CONTRAST for ground in (WHITE, *grounds)):
            return darker
    return "000000"  # cannot be: black can be read on every ground that we have


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2, 1 to 21: black on white is 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in bytes.fromhex(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, other: str, part: float) -> str:
    """Return so much of a colour in another one."""
    pairs = zip(bytes.fromhex(colour), bytes.fromhex(other), strict=True)
    return bytes(round(part * one + (1 - part) * two) for one, two in pairs).hex().upper()
