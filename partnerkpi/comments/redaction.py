"""What people wrote without who they are: names, addresses and numbers give way to [name] and the like.

No redaction is complete: a name that is in no column, no greeting, no signature and no list of first names stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from partnerkpi.comments.addresses import PLACEHOLDER, without_addresses
from partnerkpi.comments.names import WORD, Names
from partnerkpi.comments.ordinary import plain_forms
from partnerkpi.comments.people import without_people

_NOBODY = Names()

#: What fullwidth letters, digits and signs are elsewhere.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

#: Each round takes something away, so that rounds end; the bound is for safety alone.
_ROUNDS = 20


def redact(text: str, names: Names = _NOBODY) -> str:
    """Replace names, e-mail addresses, links, phone numbers, accounts and identifying numbers in a text.

    A known name goes in whatever case and accents it is written, a part of one (a first name alone) where it is written
    with a capital. The same text gives the same result, and a redacted text stays as it is. "Hi Maria, mail me:
    joe@acme.example" becomes "Hi [name], mail me: [e-mail]".
    """
    seen = "".join(letter for letter in text.translate(_NARROW) if unicodedata.category(letter) != "Cf")
    bare = unicodedata.normalize("NFC", seen)
    for _ in range(_ROUNDS):
        before = bare
        bare = without_addresses(bare)
        bare = without_people(bare)
        bare = _between_placeholders(bare, lambda piece: _without_known(piece, names))
        bare = re.sub(r"\[name\](?:[ \t]*[-.,&+/]?[ \t]*\[name\])+", "[name]", bare)
        if bare == before:
            break
    return bare


def _between_placeholders(text: str, change: Callable[[str], str]) -> str:
    """Change what lies between the placeholders, which are never looked into."""
    pieces = PLACEHOLDER.split(text)
    return "".join(piece if number % 2 else change(piece) for number, piece in enumerate(pieces))


def _without_known(text: str, names: Names) -> str:
    words = list(WORD.finditer(text))
    forms = [plain_forms(word.group()) for word in words]
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        length = _length_of_name(forms, at, names)
        if length == 0 and words[at].group()[0].isupper() and names.is_part(forms[at]):
            length = 1
        if length:
            spans.append((words[at].start(), words[at + length - 1].end()))
        at += length or 1
    for start, end in reversed(spans):
        text = f"{text[:start]}[name]{text[end:]}"
    return text


def _length_of_name(forms: list[frozenset[str]], at: int, names: Names) -> int:
    """Return how many words from here on are a known name: the most that are, 0 if none."""
    for form in sorted(forms[at]):
        for name in names.whole.get(form, ()):
            here = forms[at : at + len(name)]
            if len(here) == len(name) and all(a & b for a, b in zip(here, name, strict=True)):
                return len(name)
    return 0
