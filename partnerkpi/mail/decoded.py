"""What a text may say in another writing: a closed list of codecs, each applied to all of it and to what it gave.

A server that repeats a login writes it as its programs do: in base64, escaped, as numbers of letters, turned round.
Nothing here must be exact: what is no such writing gives noise, in which nobody's password is found.
"""

from __future__ import annotations

import binascii
import codecs
import html
import quopri
import re
import string
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any
from urllib.parse import unquote_to_bytes

#: The longest text that is looked through; no more of one is shown.
LONGEST = 600
_LOWER, _UPPER, _DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
_ASCII85 = "".join(map(chr, range(33, 118)))
_B85 = _DIGITS + _UPPER + _LOWER + "!#$%&()*+-;<=>?@^_`{|}~"
_Z85 = _DIGITS + _LOWER + _UPPER + ".-:+=^!/*?&<>()[]{}@%$#"
_B91 = _UPPER + _LOWER + _DIGITS + '!#$%&()*+,./:;<=>?@[]^_`{|}~"'
_UU = "`" + "".join(map(chr, range(33, 96)))
_XX = "+-" + _DIGITS + _UPPER + _LOWER

#: Writings in blocks: the alphabet, and how many letters stand for how many bytes.
_BLOCKS = (
    *((_UPPER + _LOWER + _DIGITS + ends, 4, 3) for ends in ("+/", "-_", "+,")),
    *((alphabet, 8, 5) for alphabet in ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHIJKLMNOPQRSTUV")),
    *((alphabet, 8, 5) for alphabet in ("0123456789ABCDEFGHJKMNPQRSTVWXYZ", "YBNDRFG8EJKMCPQXOT1UWISZA345H769")),
    *((alphabet, 5, 4) for alphabet in (_ASCII85, _B85, _Z85)),
    *((alphabet, 4, 3) for alphabet in (_UU, _XX)),
)
#: Writings as one great number.
_NUMBERS = (
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ",
    _DIGITS + _UPPER + _LOWER,
    _DIGITS + _LOWER + _UPPER,
    _UPPER + _LOWER + _DIGITS,
    _DIGITS + _LOWER,
    _DIGITS + _UPPER,
    _DIGITS,
)
_SIGNS = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
)
_MORSE = dict(zip(_SIGNS.split(), _LOWER + _DIGITS, strict=True))
_NOISE = re.compile(rb"[^\t\n\r -~]+")
_PLAIN = bytes(chain(range(32, 127), (9, 10, 13)))


def decoded(text: str) -> Iterator[bytes]:
    """Yield a text as bytes, and what it is in each writing, and in each writing of that.

    `czNjcmV0` gives s3cret, and `637a4e6a636d5630` as well.
    """
    text = text[:LONGEST]
    bare = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    first = {one.encode() for one in (text, bare, unicodedata.normalize("NFKC", bare))}
    seen = set(first)
    yield from first
    for _ in range(2):
        found = {one for content in first for one in _once(content) if len(one) > 2} - seen
        yield from found
        seen |= found
        # what is to be read once more is a text
        first = {_NOISE.sub(b" ", one) for one in found if len(one.translate(None, _PLAIN)) * 3 <= len(one)}


def _once(content: bytes) -> Iterator[bytes]:
    text = content.decode("latin-1")[:LONGEST]
    for read in _READERS:
        with suppress(ValueError, OverflowError):
            for one in read(text):
                yield one
                if one[:1] in (b"\x1f", b"x"):
                    yield from _unpacked(one)


def _escaped(text: str) -> Iterator[bytes]:
    yield unquote_to_bytes(text.replace("+", " "))
    yield unquote_to_bytes(text)
    yield quopri.decodestring(text.encode("latin-1"), header=True)
    yield html.unescape(text).encode()
    coded = r"(?:%u|\\u|\\U0000|\\x|U\+|\\u\{)([0-9A-Fa-f]{2,4})\}?"
    yield re.sub(coded, lambda code: chr(int(code[1], 16)), text).encode()
    yield re.sub(r"\\x([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), text).encode("latin-1", "ignore")
    yield re.sub(r"\\([0-3]?[0-7]{2})", lambda code: chr(int(code[1], 8)), text).encode("latin-1", "ignore")
    yield re.sub(r"\+([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), text).encode("latin-1")  # RFC 3461


def _of_codecs(text: str) -> Iterator[bytes]:
    if re.search(r"\+[A-Za-z0-9+/]", text):
        yield text.encode("latin-1").decode("utf-7", "replace").encode()
    for word in re.findall(r"[!-~]*-[a-z0-9]+", text):
        yield word.removeprefix("xn--").encode().decode("punycode", "replace").encode()


def _turned(text: str) -> Iterator[bytes]:
    yield text[::-1].encode("latin-1")
    yield codecs.encode(text, "rot13").encode("latin-1")
    yield text.swapcase().encode("latin-1", "ignore")


def _hexadecimal(text: str) -> Iterator[bytes]:
    together = re.sub(r"0x|[^0-9A-Fa-f]", "", text)
    runs = {together, *re.findall(r"[0-9A-Fa-f]{6,}", text), "".join(_pairs(text))}
    for run in runs:
        for start in (0, 1):
            yield binascii.unhexlify(run[start : start + (len(run) - start) // 2 * 2])


def _pairs(text: str) -> list[str]:
    return re.findall(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{2}(?![0-9A-Fa-f])", text)


def _codes(text: str) -> Iterator[bytes]:
    """Yield what numbers of letters say, by tens, eights and twos, apart or together."""
    numbers = re.findall(r"\d+", text)
    for base in (10, 8):
        codes = [int(one, base) for one in numbers if base == 10 or not set(one) & set("89")]
        yield "".join(chr(code) for code in codes if 9 <= code < 0x3000).encode("utf-8", "ignore")
        for run in (one for one in numbers if len(one) > 8):
            for start in range(3):
                threes = ("".join(three) for three in _chunks(run[start:], 3))
                yield bytes(int(one, base) & 255 for one in threes if base == 10 or not set(one) & set("89"))
    bits = "".join(one for one in numbers if set(one) <= {"0", "1"})
    for size in (8, 7) if len(bits) > 20 else ():
        for start in range(size):
            yield bytes(int("".join(letter), 2) for letter in _chunks(bits[start:], size))


def _blocks(text: str) -> Iterator[bytes]:
    for written, values, letters, size in _BLOCK_READERS:
        base, most = len(values), 256**size
        for run in written.findall(text.upper() if size == 5 else text):
            numbers = [values[letter] for letter in run]
            for start in range(letters):  # of a longer text that was cut anywhere
                found = bytearray()
                for block in _chunks(numbers[start:], letters):
                    number = 0
                    for one in (*block, *(base - 1,) * (letters - len(block))):
                        number = number * base + one
                    found += (number % most).to_bytes(size)
                yield bytes(found[: len(numbers[start:]) * size // letters])


_BLOCK_READERS = [
    (
        re.compile(f"[{re.escape(alphabet)}]{{{5 if size < 5 else 8},}}"),
        {letter: value for value, letter in enumerate(alphabet)},
        letters,
        size,
    )
    for alphabet, letters, size in _BLOCKS
]


def _numbers(text: str) -> Iterator[bytes]:
    for run in re.findall(r"[0-9A-Za-z]{8,}", text):
        for alphabet in _NUMBERS:
            if set(run) <= set(alphabet):
                number = 0
                for letter in run:
                    number = number * len(alphabet) + alphabet.index(letter)
                yield number.to_bytes((number.bit_length() + 7) // 8)


def _rest(text: str) -> Iterator[bytes]:
    """Yield base45, base91, Morse, and what is packed."""
    for run in re.findall(r"[0-9A-Z $%*+./:-]{6,}", text):
        values = ["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".index(letter) for letter in run]
        for start in range(3):
            threes = [one[0] + 45 * one[1] + 2025 * (one[2] if len(one) > 2 else 0) for one in _threes(values[start:])]
            yield b"".join((one & 0xFFFF).to_bytes(2) if one > 255 else bytes([one]) for one in threes)
    for run in re.findall(f"[{re.escape(_B91)}]{{6,}}", text):
        yield _base91(run)
        yield _base91(run[1:])
    words = [_MORSE.get(word.replace("·", ".").replace("_", "-"), "") for word in re.split(r"[ /|]+", text)]
    yield "".join(words).encode()
    yield from _unpacked(text.encode("latin-1"))


def _unpacked(content: bytes) -> Iterator[bytes]:
    for kind in (47, -15):
        with suppress(zlib.error):
            yield zlib.decompressobj(kind).decompress(content, LONGEST)


def _threes(values: list[int]) -> Iterator[Sequence[int]]:
    return (one for one in _chunks(values, 3) if len(one) > 1)


def _chunks(values: Sequence[Any], size: int) -> Iterator[Any]:
    """Yield pieces of a sequence; the last may be shorter."""
    return (values[start : start + size] for start in range(0, len(values), size))


def _base91(run: str) -> bytes:
    found, value, bits, kept = bytearray(), -1, 0, 0
    for letter in run:
        if value < 0:
            value = _B91.index(letter)
            continue
        value += _B91.index(letter) * 91
        kept |= value << bits
        bits += 13 if value & 8191 > 88 else 14
        while bits > 7:
            found.append(kept & 255)
            kept, bits = kept >> 8, bits - 8
        value = -1
    if value >= 0:
        found.append((kept | value << bits) & 255)
    return bytes(found)


_READERS: tuple[Callable[[str], Iterator[bytes]], ...] = (
    *(_escaped, _of_codecs, _turned, _hexadecimal, _codes),
    *(_blocks, _numbers, _rest),
)
