"""What partners write about, as data: the themes of the program, words that say nothing, words that name somebody.

The words are in themes.toml, stop_words.toml, names.toml and people.toml beside this module.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from partnerkpi.dataclass import dataclass

_NAMES = ("first", "words", "last")
#: The languages of the lists, in their order.
LANGUAGES = ("en", "de", "fr", "es")


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme and the words by which a comment is known to be about it.

    A star stands for any ending or beginning of a word; several words are a phrase.
    """

    name: str
    words: tuple[str, ...]


@cache
def default_themes() -> tuple[Theme, ...]:
    """Return the themes that come with the program, with their words in every language."""
    return tuple(
        Theme(theme["name"], tuple(dict.fromkeys(word for language in LANGUAGES for word in theme[language])))
        for theme in _read("themes.toml")["theme"]
    )


def all_themes(own: Mapping[str, Iterable[str]], *, defaults: bool = True) -> tuple[Theme, ...]:
    """Return the default themes and a user's own; one of the same name, in whatever case, takes the default's place.

    `all_themes({"Portal and tools": ["login"]})` has ten themes, and one of them has one word.
    """
    themes = {theme.name.casefold(): theme for theme in default_themes()} if defaults else {}
    for name, words in own.items():
        themes[name.casefold()] = Theme(name, tuple(words))
    return tuple(themes.values())


@cache
def stop_words(language: str | None = None) -> frozenset[str]:
    """Return the words of grammar in the languages of the themes, or in one, lower-case and without accents."""
    lists = _read("stop_words.toml")
    return frozenset(word for one in ([language] if language else LANGUAGES) for word in lists[one].split())


@cache
def name_words(kind: str) -> frozenset[str]:
    """Return words that tell names, lower-case and without accents.

    first, words (first names that are words as well), last; particles, nobody, company, known.
    """
    return frozenset(_read("people.toml" if kind in _NAMES else "names.toml")[kind].split())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("partnerkpi.guide").joinpath(name).read_text(encoding="utf-8"))
