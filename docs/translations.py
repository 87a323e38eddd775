"""Hand the messages of a language to translators as a .po file, and take them back.

    python docs/translations.py export de de.po     what there is, for Poedit, Weblate or any other program
    python docs/translations.py import de de.po     changes the two files of the language, line by line

The message files are TOML because the program reads them with the standard library, and because their messages are the
keys: a .po file would need a step that compiles it, or a package that reads it. Here each message is an entry, those of
the mail with their place as context; `{places}` are marked, so that a translator's program tells when one is lost.
Needs Babel: pip install babel.
"""

from __future__ import annotations

import re
import string
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = ROOT / "partnerkpi" / "language"
#: How a text of another language is written into a line of TOML: what cannot be seen, by its number.
_ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\N{NO-BREAK SPACE}": "\\u00a0",
    "\N{NARROW NO-BREAK SPACE}": "\\u202f",
}
_LINE = re.compile(r'(?P<key>"(?:[^"\\]|\\.)*"|[a-z_0-9]+)\s*=\s*(?P<value>.*)')
_SECTION = re.compile(r"\[(?P<name>[a-z_.]+)\]")

#: An entry: its context, the English message, and its plural; none of the first in the workbook.
Entry = tuple[str | None, str, str | None]


def exported(code: str, folder: Path = LANGUAGE) -> Catalog:
    """Return the catalogue of a language; what is not translated yet is empty."""
    catalog = Catalog(locale=code, project="partnerkpi", charset="utf-8")
    known = _known(code, folder)
    for entry in _wanted(folder):
        context, english, plural = entry
        told = known.get(entry, ("", "") if plural else "")
        message = (english, plural) if plural else english
        flags = ("python-brace-format",) if _places(english) else ()
        catalog.add(message, told, context=context, flags=flags)
    return catalog


def imported(code: str, catalog: Catalog, folder: Path = LANGUAGE) -> list[str]:
    """Write what a catalogue says into the files of a language; return what it must not say, and then write nothing."""
    told: dict[Entry, Any] = {}
    wrong = list[str]()
    wanted = set(_wanted(folder))
    for one in catalog:
        if not one.id:
            continue
        english, plural = one.id if isinstance(one.id, (tuple, list)) else (one.id, None)
        entry = (one.context, english, plural)
        texts = one.string if plural else (one.string,)
        if entry not in wanted:
            wrong.append(f"{english!r} is no message of the program: leave the messages as they are")
        elif all(texts):
            told[entry] = tuple(texts) if plural else one.string
            wrong += [why for text in texts if (why := _wrong(entry, text))]
    if wrong:
        return wrong
    _rewrite(folder / f"{code}.toml", lambda section, key: (f"{section}.{key}",), told)
    _rewrite(folder / "workbook" / f"{code}.toml", lambda _, key: (None, key), told)
    return []


def _wrong(entry: Entry, text: str) -> str | None:
    """Return why a text cannot be taken: it lost a place, or it would break a formula."""
    context, english, plural = entry
    may_lack = {"n"} if plural else set()  # "one partner"
    lost = (_places(plural or english) ^ _places(text)) - may_lack
    if lost:
        return f"{text!r} has other places than {english!r}: {', '.join(sorted(lost))}"
    if context is None and '"' in text:
        return f"{text!r} has a straight quotation mark, which ends a text in a formula: write “ ”, „ “ or « »"
    return None


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _wanted(folder: Path) -> Iterator[Entry]:
    """Yield what there is to translate: the mail's messages by their English file, the workbook's by German's keys."""
    for key, value in _flat(_read(folder / "en.toml")):
        if isinstance(value, Mapping):
            yield key, value["one"], value["other"]
        elif isinstance(value, list):
            yield from ((f"{key}.{number}", text, None) for number, text in enumerate(value, 1))
        elif isinstance(value, str):
            yield key, value, None
    for english in _read(folder / "workbook" / "de.toml"):
        yield None, english, None


def _known(code: str, folder: Path) -> dict[Entry, Any]:
    """Return what is translated, by entry."""
    path, book = folder / f"{code}.toml", folder / "workbook" / f"{code}.toml"
    own = dict(_flat(_read(path))) if path.exists() else {}
    translations = _read(book) if book.exists() else {}
    found: dict[Entry, Any] = {}
    for entry in _wanted(folder):
        context, english, plural = entry
        if context is None:
            text = translations.get(english)
        elif plural:
            text = tuple(own[context].values()) if context in own else None
        elif context in own:
            text = own[context]
        else:
            listed, _, number = context.rpartition(".")
            text = own[listed][int(number) - 1] if listed in own else None
        if text is not None:
            found[entry] = text
    return found


def _rewrite(path: Path, place: Callable[[str, str], tuple[Any, ...]], told: Mapping[Entry, Any]) -> None:
    """Write the lines of a file anew whose message was changed, and leave all others as they are."""
    by_place: dict[Any, list[tuple[Entry, Any]]] = {}
    for entry, text in told.items():
        by_place.setdefault(entry[0] if entry[0] is not None else (None, entry[1]), []).append((entry, text))
    section, lines = "", list[str]()
    for line in path.read_text(encoding="utf-8").split("\n"):
        if found := _SECTION.fullmatch(line):
            section = found["name"]
        if (found := _LINE.fullmatch(line)) is not None:
            name = tomllib.loads(f"x = {found['key']}")["x"] if found["key"].startswith('"') else found["key"]
            line = _anew(line, found, place(section, name), by_place)
        lines.append(line)
    path.write_text("\n".join(lines), encoding="utf-8")


def _anew(line: str, found: re.Match[str], place: tuple[Any, ...], told: Mapping[Any, list[tuple[Entry, Any]]]) -> str:
    value = tomllib.loads(f"x = {found['value']}")["x"]
    key = place[0] if len(place) == 1 else place
    if isinstance(value, list):
        new = [told[f"{key}.{n}"][0][1] if f"{key}.{n}" in told else old for n, old in enumerate(value, 1)]
        written = f"[{', '.join(map(_quoted, new))}]"
    elif key not in told:
        return line
    elif isinstance(value, dict):
        new = dict(zip(("one", "other"), told[key][0][1], strict=True))
        written = f"{{ {', '.join(f'{form} = {_quoted(text)}' for form, text in new.items())} }}"
    else:
        new = told[key][0][1]
        written = _quoted(new)
    return line if new == value else f"{found['key']} = {written}"


def _quoted(text: str) -> str:
    return f'"{"".join(_ESCAPES.get(letter, letter) for letter in text)}"'


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _flat(table: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping) and set(value) != {"one", "other"}:
            yield from _flat(value, f"{place}{name}.")
        else:
            yield f"{place}{name}", value


def main() -> None:
    """Export or import."""
    try:
        way, code, name = sys.argv[1:]
        path = Path(name)
    except ValueError:
        sys.exit(__doc__)
    if way == "export":
        with path.open("wb") as file:
            write_po(file, exported(code), width=120)
        return
    with path.open("rb") as file:
        wrong = imported(code, read_po(file, locale=code))
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main()
