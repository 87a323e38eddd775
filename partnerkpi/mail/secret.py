"""A password or token that is shown to nobody, in whatever form a server's words have it."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import quote, quote_plus

from partnerkpi.mail.decoded import LONGEST, decoded

HIDDEN = "(hidden)"
LEFT_OUT = "(not shown: it repeats the login)"
#: So many letters of a long secret in a row are a part of it that is not shown either; no fewer are looked for.
_LEAST, _MOST = 6, 12
_LEET = bytes.maketrans(b"4301578@$!", b"aeoistbasi")
_APART = b"\xff\xff"
_NEITHER = re.compile(rb"[^a-z0-9\xff]")
_ROT47 = bytes((byte - 33 + 47) % 94 + 33 if 33 <= byte <= 126 else byte for byte in range(256))
_ATBASH = bytes.maketrans(bytes(range(97, 123)), bytes(range(122, 96, -1)))


class Secret:
    """A text that shows itself to nobody who does not ask for it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def hide_in(self, text: str) -> str:
        """Return a text, such as a server's answer, without this secret: plain, or in any usual encoding.

        Servers repeat what they were sent: the login in base64 (AUTH PLAIN has the user before the password), or
        escaped for a web address, a mail or a page, or changed twice over. Of a long text the beginning is returned.
        """
        text = text[:LONGEST]
        if not self._text:
            return text
        for form in self._forms():
            text = re.sub(re.escape(form), lambda _: HIDDEN, text, flags=re.IGNORECASE)
        if not self._is_in(text):
            return text
        words = re.split(r"(\s+)", text)
        text = "".join(HIDDEN if word.strip() and self._is_in(word) else word for word in words)
        return LEFT_OUT if self._is_in(text) else text

    def _forms(self) -> list[str]:
        secret = self._text
        forms = {secret, " ".join(secret.split()), quote(secret, safe=""), quote_plus(secret), html.escape(secret)}
        return sorted(forms - {""}, key=len, reverse=True)

    def _is_in(self, text: str) -> bool:
        """Tell whether a text, or one that a server folded, holds the secret once it is decoded."""
        together = "".join(text.split())
        every = {plain for one in dict.fromkeys((text, together)) for plain in decoded(one)}
        plain = _APART.join(every).lower()
        bare = plain.replace(b"\0", b"")  # two bytes a letter
        return (
            any(one in place for place in {plain, bare} for one in self._whole)
            or any(one in place for place in _squeezed(bare) for one in self._squeezed)
            or any(one in bare for one in self._pieces)
        )

    @cached_property
    def _spelled(self) -> frozenset[str]:
        spelled = (self._text, self._text.upper(), self._text.lower(), self._text.swapcase())
        return frozenset({*spelled, *(unicodedata.normalize(form, one) for one in spelled for form in ("NFC", "NFD"))})

    @cached_property
    def _whole(self) -> frozenset[bytes]:
        """Every spelling in the bytes of programs new and old, each letter moved on as well, or the last one first."""
        forms = {
            one.encode(code, "ignore") for one in self._spelled for code in ("utf-8", "latin-1", "cp037", "utf-16-le")
        }
        plain = {one.encode("utf-8", "ignore") for one in self._spelled}
        moved = {bytes((byte + 42) & 255 for byte in one) for one in plain} | {one.translate(_ROT47) for one in plain}
        for one in {one.lower() for one in plain}:
            moved.update(_turned(one, all_of_them=len(one) >= _LEAST))
        known = {one.lower() for one in forms | moved}
        known |= {one[::-1] for one in known}
        return frozenset(known - {b""})

    @cached_property
    def _squeezed(self) -> frozenset[bytes]:
        """Letters and digits alone, as where something stands between each and the next."""
        squeezed = {place for one in self._spelled for place in _squeezed(one.lower().encode("utf-8", "ignore"))}
        return frozenset(one for long in squeezed if len(long) >= _LEAST for one in (long, long[::-1]))

    @cached_property
    def _pieces(self) -> frozenset[bytes]:
        secret = self._text.lower().encode("utf-8", "ignore")
        size = min(max(_LEAST, (len(secret) + 1) // 2), _MOST)
        return frozenset(secret[start : start + size] for start in range(len(secret) - size + 1))


def _squeezed(text: bytes) -> tuple[bytes, bytes]:
    """Return the letters and digits of a text, and the same where digits and signs that look like letters are those."""
    return _NEITHER.sub(b"", text), _NEITHER.sub(b"", text.translate(_LEET))


def _turned(secret: bytes, *, all_of_them: bool) -> Iterator[bytes]:
    """Yield small letters moved on in the alphabet, by 13 or any number, digits by 5, or with the alphabet backward."""
    for step in range(1, 26) if all_of_them else (13,):
        letters = bytes((byte - 97 + step) % 26 + 97 if 97 <= byte <= 122 else byte for byte in range(256))
        yield secret.translate(letters)
    yield codecs.encode(secret.decode(), "rot13").encode().translate(bytes.maketrans(b"0123456789", b"5678901234"))
    yield secret.translate(_ATBASH)
