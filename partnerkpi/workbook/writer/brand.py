"""The colours and the font of a brand, put in the place of ours wherever they stand in the file.

Looks and charts are made with the colours of `theme`. So no module but this one knows what a brand changes, and nothing
outlives the workbook.
"""

from __future__ import annotations

from lxml import etree

from partnerkpi.workbook.model.brand import Palette
from partnerkpi.workbook.model.theme import ACCENT, BAND, BLOCKS, FONT, INK

_FONTS = ("font", "rPr")  # what holds the colour of letters


def recolour(root: etree._Element, palette: Palette) -> None:
    """Put the colours and the font into a part: a sheet without rows, a chart, the styles or the theme."""
    for element in root.iter(etree.Element):
        tag = etree.QName(element).localname
        parent = element.getparent()
        above = etree.QName(parent).localname if parent is not None else ""
        if tag == "name" and above == "font":
            element.set("val", palette.font)
        elif tag == "latin" and (element.get("typeface") == FONT or above in ("majorFont", "minorFont")):
            element.set("typeface", palette.font)
        for attribute in ("rgb", "val") if tag == "srgbClr" else ("rgb",):
            value = element.get(attribute, "")
            own = _own(palette, value[-6:], is_text=above in _FONTS)
            if own is not None:
                element.set(attribute, value[:-6] + own)


def _own(palette: Palette, colour: str, *, is_text: bool) -> str | None:
    """Return what stands in the place of one of our colours, None for every other."""
    if colour == ACCENT:
        return palette.text if is_text else palette.accent
    if colour == BLOCKS:
        return palette.ink if palette.accent == palette.ink else palette.text
    if colour == BAND:
        return palette.band
    return palette.ink if colour == INK else None
