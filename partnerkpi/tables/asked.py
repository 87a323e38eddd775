"""On which scale a question was asked, as its own words say: "(1-10)", "von 1 bis 5", "1 = not at all, 10 = very"."""

from __future__ import annotations

import re
import unicodedata

from partnerkpi.lazily import pattern
from partnerkpi.tables.profile import ColumnProfile, labelled_number

_LEAST, _MOST = r"([01])", r"(5|7|10|100)(?![0-9])"
_TO = r"(?:-|\.\.+|…|to|bis|a|al|ate|tot|til|till|thru|through|och|do)"
_IS = r"\s*(?:=|\(|:|-|is\b|being\b|means?\b|meaning\b|ist\b|bedeutet\b|signifi\w*|es\b|sendo\b|siendo\b|etant\b)"
#: Q1_10 is the tenth part of a question, and no scale.
_ALONE = r"(?<![0-9.,q])(?<![0-9]_)"
_FROM_TO = pattern(rf"{_ALONE}{_LEAST}(?:[\s_]*{_TO}[\s_]*|_){_MOST}")
_ENDS = pattern(rf"{_ALONE}\b{_LEAST}{_IS}[^0-9]{{1,80}}\b{_MOST}")
_ENDS_TURNED = pattern(rf"{_ALONE}\b(5|7|10|100){_IS}[^0-9]{{1,80}}\b{_LEAST}(?![0-9])")
#: An end of a scale with its words: 0 = not at all likely.
_END = pattern(rf"{_ALONE}\b(0|1|5|7|10|100)\s*(?:=|:|means?\b|bedeutet\b)\s*([^0-9=:;,)]{{3,60}})", re.IGNORECASE)
#: The same in words: from one to ten.
_WORDS = {
    "0": "zero|null|cero|nul|nulla",
    "1": "one|eins|un|uno|um|een|jeden",
    "5": "five|funf|cinq|cinco|cinque|vijf|piec",
    "7": "seven|sieben|sept|siete|sete|sette|zeven|siedem",
    "10": "ten|zehn|dix|diez|dez|dieci|tien|dziesiec",
}
_IN_WORDS = pattern(rf"\b(?:{_WORDS['0']}|{_WORDS['1']})\s*{_TO}\s*(?:{_WORDS['5']}|{_WORDS['7']}|{_WORDS['10']})\b")
_OF_FIVE = pattern(r"\b5[ -]*(?:stars?|sterne[n]?|etoiles|estrellas|estrelas|stelle)\b|\b(?:out of|von|sur) 5\b")
#: "3. How likely ...": the number of a question.
_NUMBERED = pattern(r"^\s*(?:q|frage|question|pregunta|pergunta|domanda|vraag)?\s*[0-9]{1,3}\s*[.):]\s+")
_NEGATIVE = pattern(r"not|un|never|nicht|keine|pas|nunca|nada|niet|inte|very poor|worst|schlecht", re.IGNORECASE)


def asked_scale(column: ColumnProfile) -> str | None:
    """Return the scale that a column's name or question tells, such as "1-10"; None where it tells none, or several."""
    found = {scale for text in (column.name, column.title) if text for scale in _scales_in(text)}
    return found.pop() if len(found) == 1 else None


def _scales_in(text: str) -> set[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    bare = _NUMBERED.sub("", re.sub(r"[\u2010-\u2015\u2212]", "-", bare))
    bare = _IN_WORDS.sub(_in_figures, bare)
    found = {f"{low}-{high}" for low, high in (*_FROM_TO.findall(bare), *_ENDS.findall(bare))}
    found |= {f"{low}-{high}" for high, low in _ENDS_TURNED.findall(bare)}
    return found or ({"1-5"} if _OF_FIVE.search(bare) else set())


def _in_figures(match: re.Match[str]) -> str:
    """Return a scale in words in figures: `one to ten` is `1 to 10`."""
    text = match[0]
    for number, words in _WORDS.items():
        text = re.sub(rf"\b(?:{words})\b", number, text)
    return text


def labels_of(column: ColumnProfile) -> dict[float, str]:
    """Return the words that stand beside the numbers of a column, by number; or those of its heading: 0 = never.

    What stands beside all numbers alike, such as "/10" or "points", are no words of one of them.
    """
    found = {
        number: re.sub(r"[0-9]+", "", text) for text in column.distinct if (number := labelled_number(text)) is not None
    }
    return found if len(set(found.values())) > 1 or len(found) == 1 else {}


def ends_of(column: ColumnProfile) -> dict[float, str]:
    """Return the words of both ends of a scale as a column's heading tells them: 0 = never, 10 = surely."""
    for text in (column.name, column.title):
        told = {float(number): words for number, words in _END.findall(text)} if text else {}
        if len(told) == 2:
            return told
    return {}


def is_negative(label: str) -> bool:
    """Tell whether the words beside a number are those of the bad end."""
    return _NEGATIVE.search(label) is not None
