"""Addresses that nobody has: programs read them as another address, a command or a file, or they only look like one."""

from __future__ import annotations

import re
import unicodedata

#: Signs by which old relays send a mail on to another address, run a program or read a file.
_ROUTES = ("%", "!", "|", "@", ":", ",")
#: Signs that a shell, a pattern or a link reads.
_COMMANDS = ("`", "$", "{", "}", "*", "?", "^", "\\", '"')
#: What a mail server may take for an option of a program, a file, or a folder of somebody.
_FIRST = ("-", "/", "~")

#: Scripts that are written together in one word. Latin letters stand beside the first three, as in Tokyoタワー (the
#: "highly restrictive" rule of Unicode, UTS 39).
_TOGETHER = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"},
    {"LATIN", "CJK", "HANGUL"},
    {"LATIN", "CJK", "BOPOMOFO"},
)
#: Latin letters of dictionaries that look like others, which no language writes.
_PHONETIC = frozenset("ɡɑɩɪʟʀɴʏʙʜ")
#: Letters of other scripts that look like small Latin ones: a name of a server made of them alone is read as Latin.
_ALIKE = frozenset("асԁеһіјӏԛорѕԝхугвкмнтьԍпᴦοανρυιγκωτη")


def why_odd(address: str) -> str | None:
    """Return why an address, as people write it, is not written to; None for one that somebody may have.

    `-oX@example.com` begins like an option; `jörg@büro.example` is an address like any other.
    """
    local, _, domain = address.rpartition("@")
    # as servers may that know SMTPUTF8: ！ becomes !
    plain = unicodedata.normalize("NFKC", local)
    if sign := next((sign for sign in _ROUTES if sign in plain), None):
        return f"{sign!r} before the @ makes some servers send it on to another address"
    if sign := next((sign for sign in _COMMANDS if sign in plain), None):
        return f"{sign!r} before the @ is read by some programs as a part of a command or of a link"
    if plain.startswith(_FIRST):
        return f"one that begins with {plain[0]!r} is read by some servers as an option or as a file"
    if re.search(r"/.*=|=.*/", plain):
        return "'/' and '=' together before the @ are read by some servers as the address of another network"
    if letter := next((one for one in address if one in _PHONETIC or _is_dressed(one)), None):
        return f"{letter!r} is no letter that people write, and looks like another one"
    if address.rpartition(".")[2].isdecimal():
        return "its domain is a number"
    for piece in re.split(r"[^\w\u0300-\u036f]|_", plain) + domain.split("."):
        if scripts := _mixed(piece):
            return f"{piece!r} has letters of several alphabets ({scripts}), which look alike: write it anew by hand"
    return _posing(domain)


def _is_dressed(letter: str) -> bool:
    """Tell whether a letter is a plain one in another dress: ⓐ, 𝐚, ａ."""
    return not letter.isascii() and unicodedata.normalize("NFKC", letter).isascii()


def _mixed(word: str) -> str:
    """Return the scripts of a word, if they are not written together: аpple begins with a Cyrillic letter; else ""."""
    scripts = _scripts(word)
    if len(scripts) < 2 or any(scripts <= one for one in _TOGETHER):
        return ""
    return ", ".join(sorted(one.capitalize() for one in scripts))


def _scripts(word: str) -> set[str]:
    letters = [letter for letter in word if unicodedata.category(letter) in ("Lu", "Ll", "Lt", "Lo")]
    return {unicodedata.name(letter, "?").split(" ")[0].split("-")[0] for letter in letters}


def _posing(domain: str) -> str | None:
    """Tell why a domain is not what it looks like: a name all in letters that look Latin, under a Latin ending."""
    *names, ending = domain.split(".")
    if _scripts(ending) != {"LATIN"}:
        return None
    for name in names:
        scripts = _scripts(name)
        if scripts and "LATIN" not in scripts and all(letter in _ALIKE for letter in name if letter.isalpha()):
            return f"{name!r} is written in letters that look like Latin ones and are none ({', '.join(scripts)})"
    return None
