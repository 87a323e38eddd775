"""A password or token that is shown to nobody, in whatever form a server's words have it."""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote, unquote_plus

HIDDEN = "(hidden)"
#: What could be something encoded: long enough to hold any secret.
_RUN = re.compile(r"[A-Za-z0-9+/=_%&;#\\.-]+")


class Secret:
    """A text that shows itself to nobody who does not ask for it."""

    __slots__ = ("_text",)

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
        escaped for a web address, a mail or a page.
        """
        if not self._text:
            return text
        for form in self._forms():
            text = text.replace(form, HIDDEN)
        text = _RUN.sub(lambda run: HIDDEN if self._is_in(run[0]) else run[0], text)
        together = "".join(text.split())  # a line that a server folded
        return "(not shown: it repeats the login)" if self._is_in(text) or self._is_in(together) else text

    def _forms(self) -> list[str]:
        secret = self._text
        forms = {secret, " ".join(secret.split()), quote(secret, safe=""), quote_plus(secret), html.escape(secret)}
        return sorted(forms - {""}, key=len, reverse=True)

    def _is_in(self, text: str) -> bool:
        """Tell whether a text holds the secret, in small or capital letters, once decoded in some way."""
        spelled = (self._text, self._text.upper(), self._text.lower())
        composed = {*spelled, *(unicodedata.normalize(form, one) for one in spelled for form in ("NFC", "NFD"))}
        # a program on Windows may write texts in two bytes a letter, an old one in one
        known = {one.encode(code, "ignore").lower() for one in composed for code in ("utf-8", "utf-16-le", "latin-1")}
        known -= {b""}
        return any(one in plain.lower() for plain in _decoded(text) for one in known)


def _decoded(text: str) -> Iterator[bytes]:
    """Yield what a text is in each usual encoding."""
    yield text.encode()
    yield unquote(text).encode()
    yield unquote_plus(text).encode()
    yield html.unescape(text).encode()
    yield quopri.decodestring(text.encode())
    yield re.sub(r"\+([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), text).encode()  # xtext of RFC 3461
    yield unquote(unquote(text)).encode()  # an address in an address
    escaped = re.sub(r"\\(?:x|u00)([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), text)
    escaped = re.sub(r"\\([0-3][0-7]{2})", lambda code: chr(int(code[1], 8)), escaped)
    yield escaped.encode()
    yield escaped.encode("latin-1", "ignore")  # bytes as Python or C shows them
    yield binascii.unhexlify("".join(re.findall(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{2}(?![0-9A-Fa-f])", text)))
    for run in re.findall(r"[0-9A-Fa-f]{8,}", text):
        for start in (0, 1):
            with_pairs = run[start:]
            yield binascii.unhexlify(with_pairs[: len(with_pairs) // 2 * 2])
    for run in re.findall(r"[A-Za-z0-9+/_-]{4,}", text):
        plain = run.replace("-", "+").replace("_", "/")
        for start in range(4):  # of a longer text that was cut anywhere
            piece = plain[start:]
            piece = piece[: len(piece) - (len(piece) % 4 == 1)]
            yield base64.b64decode(piece + "=" * (-len(piece) % 4))
