"""The reader's own colours, font and logo in the place of ours. Colours of ratings never change.

openpyxl asks Pillow for the size of a picture and for nothing else; the size stands at the beginning of a PNG and of a
JPEG file, so it is read here, and no picture is ever decoded.
"""

from __future__ import annotations

from colorsys import rgb_to_hls
from pathlib import Path

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import ConfigError
from partnerkpi.settings import Brand
from partnerkpi.workbook.model.theme import ACCENT, BAND, FONT, INK, INPUT, PASSIVE, TILE, WHITE

LEAST_CONTRAST = 4.5  # of text on its ground: WCAG 2, level AA
_REDS = 25  # degrees of hue to either side of red
_TINT = 0.25  # how much of the accent is in the band of an interval


@dataclass(frozen=True)
class Palette:
    """The colours and the font of one workbook, as RRGGBB; `text` is the accent as it can be read.

    Lines and bars are drawn in `accent`. A red brand's are drawn in its ink: red in a chart is what detractors are.
    """

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
        dark = readable(ink, PASSIVE)
        drawn = dark if is_red(accent) else accent
        band = _mixed(drawn, WHITE, _TINT) if drawn != ACCENT else BAND
        return cls(drawn, readable(accent, TILE, INPUT), dark, band, brand.font)


def is_red(colour: str) -> bool:
    """Tell whether a colour may be taken for that of detractors: a red as far as 25 degrees from pure red, no grey."""
    hue, lightness, saturation = rgb_to_hls(*(int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)))
    return min(hue, 1 - hue) * 360 <= _REDS and saturation > 0.25 and 0.1 < lightness < 0.85


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


MOST_BYTES = 1_000_000
_LARGEST = 10_000  # pixels of a side
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x00IEND\xaeB`\x82"
_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # markers that say how large the picture is


@dataclass(frozen=True)
class Logo:
    """A picture as it stands in its file: "png" or "jpeg", with its size in pixels."""

    kind: str
    data: bytes
    width: int
    height: int


def read_logo(path: Path) -> Logo:
    """Return the logo in a file; ConfigError for one that is missing, too large, or no whole PNG or JPEG."""
    where = f'[brand] logo = "{path.name}"'
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"{where} cannot be read ({reason}): give a PNG or JPEG file beside the settings") from None
    return logo_of(data, where)


def logo_of(data: bytes, where: str) -> Logo:
    """Return the logo in some bytes, which stood at `where`; errors as `read_logo`."""
    if len(data) > MOST_BYTES:
        raise ConfigError(f"{where} is larger than {MOST_BYTES // 1_000_000} MB: a logo of 600 x 150 pixels is enough")
    kind = "png" if data.startswith(_PNG) else "jpeg" if data.startswith(_JPEG) else None
    if kind is None:
        raise ConfigError(f"{where} is neither PNG nor JPEG: save it as one of these")
    size = _png_size(data) if kind == "png" else _jpeg_size(data)
    if size is None or not all(0 < side <= _LARGEST for side in size):
        raise ConfigError(
            f"{where} is damaged or no picture of at most {_LARGEST:,} x {_LARGEST:,} pixels: save it anew"
        )
    return Logo(kind, data, *size)


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a whole PNG."""
    if data[12:16] != b"IHDR" or _PNG_END not in data[24:]:
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a whole JPEG: segment by segment to the one that says so."""
    place = 2
    while _JPEG_END in data[place:] and place + 9 <= len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if marker == 0xFF:  # filling between segments
            place += 1
        elif marker in _FRAMES:
            return int.from_bytes(data[place + 7 : place + 9]), int.from_bytes(data[place + 5 : place + 7])
        else:
            place += 2 + length
    return None
