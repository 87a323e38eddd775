"""Which words are everybody's: a partner called Support Systems does not make "support" a name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from partnerkpi.guide.themes import default_themes, name_words, stop_words

#: Letters that stay what they are when accents are taken away.
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def plain_forms(word: str) -> frozenset[str]:
    """Return how a word may be written without accents, in lower case: Müller gives muller and mueller."""
    return frozenset(_two_forms(word))


def _two_forms(word: str) -> tuple[str, str]:
    composed = unicodedata.normalize("NFC", word)
    return _bare(composed), _bare(composed.lower().translate(_WRITTEN_OUT))


def _bare(text: str) -> str:
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN))
    return "".join(letter for letter in spread if letter.isalnum())


@cache
def is_ordinary(form: str) -> bool:
    """Tell whether a plain form is a word of grammar, of a default theme or of company names, and no person's."""
    return (
        len(form) < 2
        or form in stop_words()
        or form in name_words("company")
        or _of_themes().fullmatch(form) is not None
    )


@cache
def _of_themes() -> re.Pattern[str]:
    """Return the pattern of the single words of the default themes, those of phrases too."""
    parts = {part for theme in default_themes() for word in theme.words for part in re.split(r"[^\w*]+", word)}
    patterns = set()
    for part in parts:
        for pieces in zip(*(_two_forms(piece) for piece in part.split("*")), strict=True):
            if any(len(piece) > 1 for piece in pieces):
                patterns.add(r"\w*".join(pieces))
    return re.compile("|".join(sorted(patterns)))
