"""The reader's own colours and font in the place of ours. Colours of ratings never change."""

from __future__ import annotations

from dataclasses import dataclass

from partnerkpi.settings import Brand
from partnerkpi.workbook.model.theme import ACCENT, BAND, FONT, INK, INPUT, PASSIVE, TILE, WHITE

LEAST_CONTRAST = 4.5  # of text on its ground: WCAG 2, level AA
_TINT = 0.25  # how much of the accent is in the band of an interval


@dataclass(frozen=True)
class Palette:
    """The colours and the font of one workbook, as RRGGBB; `text` is the accent as it can be read."""

    accent: str
    text: str
    ink: str
    band: str  # behind the line of a chart: how far a figure could be from what was measured
    font: str

    @classmethod
    def of(cls, brand: Brand) -> Palette | None:
        """Return the palette of a brand, None for our own. Colours too light to be read are darkened as text."""
        accent, ink = (colour.removeprefix("#").upper() for colour in (brand.accent, brand.ink))
        if (accent, ink, brand.font) == (ACCENT, INK, FONT):
            return None
        band = _mixed(accent, WHITE, _TINT) if accent != ACCENT else BAND
        return cls(accent, readable(accent, TILE, INPUT), readable(ink, PASSIVE), band, brand.font)


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
