"""Texts made comparable, without case, accents and punctuation: in SQL for comments, word by word for names.

A theme's words become one pattern for folded comments; and it is known which words are everybody's: a partner called
Support Systems does not make "support" a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from partnerkpi.errors import ConfigError
from partnerkpi.guide.themes import Theme, default_themes, name_words, stop_words
from partnerkpi.tables.backend import Backend
from partnerkpi.tables.sql import literal

#: How umlauts and ligatures are written where the keyboard has none.
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "œ": "oe", "æ": "ae"})

#: Letters that stay what they are when accents are taken away.
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def folded(expression: str) -> str:
    """Return SQL for a text with nothing but words: lower-case, no accents, a blank for every other character.

    The text begins and ends with a blank, so that a word in it is a word between blanks: `Rückruf, bitte!` gives
    ` ruckruf  bitte  `.
    """
    # One blank for each character, not for each run of them: blanks stay as they are, which is most of the work saved.
    return f"' ' || regexp_replace(strip_accents(lower({expression})), '[^\\pL\\pN ]', ' ', 'g') || ' '"


def theme_words(themes: Sequence[Theme], engine: Backend) -> tuple[tuple[str, ...], ...]:
    """Return for each theme its words and phrases as they stand in a folded text, with their stars.

    `engine` folds the words as it folds the comments: `Help  desk*` gives `help desk*`. ConfigError names the theme of
    which a word is blank, or that has no word.
    """
    spelled: list[list[list[str]]] = []
    for theme in themes:
        if not theme.words:
            raise ConfigError(f"themes: {theme.name!r} has no words: give at least one, or leave the theme out")
        spelled.append([spelling.split("*") for word in theme.words for spelling in _spellings(word)])
    pieces = sorted({piece for words in spelled for word in words for piece in word})
    bare = dict(zip(pieces, _folded_by(engine, pieces), strict=True))
    found = []
    for theme, words in zip(themes, spelled, strict=True):
        found.append(
            tuple(dict.fromkeys(_word(theme, [bare[piece] for piece in word], "*".join(word)) for word in words))
        )
    return tuple(found)


def pattern_of(words: Sequence[str]) -> str:
    """Return the one pattern that finds any of a theme's words in a folded text."""
    gaps = {"*": "[^ ]*", " ": " +"}
    spelled = (
        "".join(gaps.get(part) or re.escape(part) for part in re.findall(r"[* ]|[^* ]+", word)) for word in words
    )
    return f" (?:{'|'.join(spelled)}) "


def _spellings(word: str) -> list[str]:
    """Return a word as it stands and, where it has umlauts or ligatures, written out."""
    plain = unicodedata.normalize("NFC", word).lower()
    return list(dict.fromkeys([plain, plain.translate(_WRITTEN_OUT)]))


def _folded_by(engine: Backend, pieces: Sequence[str]) -> list[str]:
    values = ", ".join(f"({number}, {literal(piece)})" for number, piece in enumerate(pieces))
    sql = f"SELECT {folded('piece')} FROM (VALUES {values}) AS pieces(number, piece) ORDER BY number"
    return [row[0] for row in engine.query(sql)]


def _word(theme: Theme, pieces: Sequence[str], word: str) -> str:
    """Return one word or phrase, of which the stars stand between the pieces."""
    if not any(piece.strip() for piece in pieces):
        raise ConfigError(
            f"themes: {theme.name!r} has a word without a letter, {word!r}: write what partners write, 'portal*'"
        )
    # The blanks that folding puts around a piece are none of the user's: one at either end of each goes.
    text = "*".join(piece[1:-1] for piece in pieces).strip()
    return re.sub(r"([* ])\1+", r"\1", text)


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
        or form in stop_words("it")
        or form in name_words("company")
        or _of_themes().fullmatch(form) is not None
    )


#: A stem of so few letters is a word of a theme with the endings of its word alone: "call*" is calls, and no Callum.
_SHORT = 5
_ENDINGS = "(?:e?s|e|ed|er|ers|en|ing|ings|n|t|te|ten|ung|ungen|a|o|as|os|ar|ir|ee|ees|ment|back)?"


@cache
def _of_themes() -> re.Pattern[str]:
    """Return the pattern of the single words of the default themes, those of phrases too."""
    parts = {part for theme in default_themes() for word in theme.words for part in re.split(r"[^\w*]+", word)}
    patterns = set()
    for part in parts:
        for pieces in zip(*(_two_forms(piece) for piece in part.split("*")), strict=True):
            if any(len(piece) > 1 for piece in pieces):
                patterns.add((r"\w*" if len(pieces[0]) > _SHORT else _ENDINGS).join(pieces))
    return re.compile("|".join(sorted(patterns)))
