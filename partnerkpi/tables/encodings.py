"""Which encoding a text that is not UTF-8 is written in: told by its words, or asked.

The bytes of an old encoding mean other letters in each of them, and nothing in the file says which. What does say it
are words: £ódŸ is none in any language, Łódź is. The readings with the fewest such words are kept; between those that
differ charset-normalizer, which knows how often the letters of each language occur, is asked. What neither tells is a
question for the user.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError

#: What programs write texts in that are not Unicode, the most usual first, and what people call it.
CANDIDATES = {
    "cp1252": "Windows-1252 (Western Europe)",
    "cp1250": "Windows-1250 (Central Europe)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "cp1257": "Windows-1257 (Baltic)",
    "mac_roman": "Mac OS Roman",
    "cp850": "DOS 850 (Western Europe)",
    "cp852": "DOS 852 (Central Europe)",
    "koi8_r": "KOI8-R (Russian)",
    "cp866": "DOS 866 (Cyrillic)",
    "cp874": "Windows-874 (Thai)",
    "cp932": "Shift JIS (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "cp949": "Windows-949 (Korean)",
    "euc_jp": "EUC-JP (Japanese)",
}
#: What the systems of decades ago wrote: thought of only where the others give no words.
_OLD = ("mac_roman", "cp850", "cp852", "koi8_r", "cp866")
#: Where the everyday characters of East Asian encodings stand, by the first of their two bytes; others are rare.
_USUAL = {
    "cp932": (*range(0x81, 0x85), *range(0x88, 0x98)),
    "gb18030": (*range(0xA1, 0xA4), *range(0xB0, 0xD8)),
    "big5": tuple(range(0xA1, 0xC7)),
    "cp949": (*range(0xA1, 0xA4), *range(0xB0, 0xC9)),
    "euc_jp": (*range(0xA1, 0xA6), *range(0xB0, 0xD0)),
}
#: The letters beyond ASCII of the languages that are written in each encoding of Latin letters.
_LANGUAGES = {
    "cp1252": (
        *(
            "àâæçéèêëîïôœùûüÿ",
            "äöüß",
            "áéíñóúü",
            "áâãàçéêíóôõú",
            "àèéìíîòóùú",
            "æøåéó",
            "åäöé",
            "éëïóöüè",
            "àçèéíïòóúü",
            "äöåšž",
        ),
        "áðéíóúýþæö",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţșț", "äöüß"),
    "cp1254": ("çğıöşüâîİ", "äöüß"),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž", "åäö"),
}
_LANGUAGES |= {"cp852": _LANGUAGES["cp1250"], "cp850": _LANGUAGES["cp1252"], "mac_roman": _LANGUAGES["cp1252"]}
#: Texts on whose odd words and languages an encoding is judged need not be longer.
_ENOUGH = 64 << 10
_WORD = re.compile(
    r"[^\s\x00-\x26\x28-\x2c\x2e\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]*[^\x00-\x7f][^\s\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]*"
)
_PUNCTUATION = "‘’‚“”„«»‹›–—…•·\xa0\xad、。，：；（）・「」『』！？％～"
_OPENING = "‚„«‹¿¡"
_INSIDE = "’‘´·-'\xad・"
_AFTER = "®™©ªº°€%‰¹²³½¼¾"
_VOWELS_OF_GREEK = "άέήίόύώΐΰ"
_VOWELS_OF_THAI = "ะัาำิีึืุูเแโใไ"
_AT_THE_END = "ςךםןףץ"
# Where letters of Western languages do not stand: a Spanish ñ without a vowel behind it is a Polish ń.
_OUT_OF_PLACE = re.compile("ñ(?![aeiouáéíóúü])|[èìùê](?=[aeiouyáéíóúàèìòù])|õ(?![es])|ã(?![eois]|$)")
#: So many characters that all are Hangul, of which Chinese texts have few, are Korean.
_HANGUL = 6
#: Shares of odd words that make no difference, and that no encoding which fits would give.
_FEW, _MANY = 0.02, 0.2
#: How much better the letters of a language must fit, as charset-normalizer measures it, to decide.
_CLEARLY = 0.1


@dataclass(frozen=True, slots=True)
class FoundEncodings:
    """What a text is written in: the first of `readings`; more than one where nothing tells them apart."""

    readings: tuple[str, ...]
    example: tuple[str, ...] = ()


def check_encoding(name: str | None, where: str = "--encoding") -> str | None:
    """Return the name that Python has for an encoding; UsageError if it has none."""
    if name is None:
        return None
    try:
        known = codecs.lookup(name.strip())
        "a".encode(known.name)
    except (LookupError, ValueError, TypeError):
        raise UsageError(
            f"{where} {name!r} is no encoding that is known: name it as cp1250, cp1251, shift_jis, gb18030 ..."
        ) from None
    return known.name


def in_words(encoding: str) -> str:
    """Return what people call an encoding."""
    return CANDIDATES.get(encoding, encoding.upper().replace("_", "-"))


def tell(lines: bytes) -> FoundEncodings:
    """Return what some lines that are not UTF-8 are written in, those with letters beyond ASCII."""
    sample = lines[:_ENOUGH].rpartition(b"\n")[0] if len(lines) > _ENOUGH else lines
    readings = {encoding: text for encoding in CANDIDATES if (text := _read(sample, encoding)) is not None}
    odd = {encoding: _oddity(text, encoding) for encoding, text in readings.items()}
    if min((odd[one] for one in readings if one not in _OLD), default=1.0) < _MANY:
        readings = {one: text for one, text in readings.items() if one not in _OLD}
    least = min((odd[one] for one in readings), default=1.0)
    kept = _first_of_each_text([one for one in readings if odd[one] <= least + _FEW], readings)
    strange = {one: _strangeness(readings[one], one) for one in kept}
    kept = [one for one in kept if strange[one] <= min(strange.values()) + _FEW]
    if not kept or _is_sure(kept, readings):
        return FoundEncodings(tuple(kept[:1]) or ("cp1252",))
    kept = _by_language(kept, sample)
    return FoundEncodings(tuple(kept[:3]), tuple(next(_words(readings[one]), "") for one in kept[:3]))


def _is_sure(kept: Sequence[str], readings: dict[str, str]) -> bool:
    """Tell whether the first of several readings is by far the most usual, and the others would be seen."""
    first, text = kept[0], readings[kept[0]]
    if len(kept) == 1:
        return True
    if first == "cp1252":  # Icelandic and Turkish have each other's letters
        return "cp1254" not in kept
    if first == "cp1251":  # small letters alone may be Hebrew, capitals alone Greek
        letters = [letter for letter in text if letter > "\x7f" and letter.isalpha()]
        return any(map(str.islower, letters)) and any(map(str.isupper, letters))
    return False


def _read(sample: bytes, encoding: str) -> str | None:
    """Return a text as an encoding has it, with a mark for each byte that it leaves open; None where it has none."""
    errors = "strict" if encoding in _USUAL else "replace"
    try:
        return sample.decode(encoding, errors)
    except UnicodeDecodeError:
        return None


def _words(text: str) -> Iterator[str]:
    """Yield the words with letters beyond ASCII."""
    for match in _WORD.finditer(text):
        word = match[0].lstrip(_PUNCTUATION + "'-")
        word = word.rstrip("".join(set(_PUNCTUATION) - set(_OPENING)) + "'-")
        if any(letter > "\x7f" for letter in word):
            yield word


def _oddity(text: str, encoding: str) -> float:
    """Return the share of words that no language has, or of characters that hardly anybody writes."""
    words = list(dict.fromkeys(_words(text)))
    odd = sum(_is_odd(word) for word in words) / len(words) if words else 0.0
    if encoding not in _USUAL:
        return odd
    pairs = [pair[0] for one in text if one > "\x7f" and len(pair := one.encode(encoding, "replace")) > 1]
    if encoding == "cp949" and len(pairs) >= _HANGUL and all(0xB0 <= first <= 0xC8 for first in pairs):
        return odd - _MANY
    return max(odd, 1 - sum(first in _USUAL[encoding] for first in pairs) / max(len(pairs), 1))


def _is_odd(word: str) -> bool:
    """Tell whether a word is written as no language writes."""
    kinds = [unicodedata.category(letter) for letter in word]
    if kinds[0][0] == "M" or "\ufffd" in word or any(kind in ("Cc", "Cn", "Co") for kind in kinds):
        return True
    if any(_is_misplaced(*three) for three in zip(" " + word, word, word[1:] + " ", strict=False)):
        return True
    letters = [
        letter for letter, kind in zip(word, kinds, strict=True) if kind[0] in "LM" or (kind == "Nd" and letter > "9")
    ]
    if not letters:
        return len(word) > 2 and not any(letter.isdigit() for letter in word)
    scripts = {_script(letter) for letter in letters}
    if len(scripts) > 1:
        return scripts != {"CJK", "KANA"}
    script, accented = scripts.pop(), sum(letter > "\x7f" for letter in letters)
    if script == "GREEK":
        return word.islower() and len(word) > 3 and sum(letter in _VOWELS_OF_GREEK for letter in word) != 1
    if script == "THAI":
        return len(word) > 3 and not any(letter in _VOWELS_OF_THAI for letter in word)
    return script == "LATIN" and len(letters) > 3 and accented == len(letters)


def _is_misplaced(before: str, letter: str, after: str) -> bool:
    """Tell whether a letter cannot stand between two others: a sign within a word, a capital behind a small letter."""
    if letter <= "\x7f":
        return False
    if letter in _AT_THE_END:
        return after.isalpha()
    if letter in _AFTER:
        return after.isalpha()
    if letter.isupper():
        return before.islower() or (before.isalpha() and after.islower())
    is_sign = not letter.isalnum() and unicodedata.category(letter)[0] != "M" and letter not in _INSIDE
    return is_sign and (before.isalpha() or (after.isalpha() and letter not in _OPENING))


def _script(letter: str) -> str:
    """Return the first word of a letter's name: LATIN, CYRILLIC, CJK; all of Japan's own letters are KANA."""
    name = unicodedata.name(letter, "").split(" ")[0].split("-")[0]
    return "KANA" if name in ("HIRAGANA", "KATAKANA") else name


def _strangeness(text: str, encoding: str) -> float:
    """Return the share of words of Latin letters that are in no language which is written in an encoding."""
    languages = _LANGUAGES.get(encoding)
    words = list(dict.fromkeys(word.lower() for word in _words(text)))
    if languages is None or not words:
        return 0.0
    sets = [frozenset(letter for letter in word if letter > "\x7f" and letter.isalpha()) for word in words]
    known = {one: any(one <= set(language) for language in languages) for one in set(sets)}
    out_of_place = _OUT_OF_PLACE.search if encoding == "cp1252" else re.compile(r"(?!)").search
    return sum(not known[one] or bool(out_of_place(word)) for one, word in zip(sets, words, strict=True)) / len(words)


def _first_of_each_text(kept: Sequence[str], readings: dict[str, str]) -> list[str]:
    """Return the encodings that give different texts, the most usual of each."""
    first: dict[str, str] = {}
    for encoding in kept:
        first.setdefault(readings[encoding], encoding)
    return list(first.values())


def _by_language(kept: list[str], sample: bytes) -> list[str]:
    """Return the encodings in which the letters occur as often as in a language, all if none stands out."""
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=kept, enable_fallback=False, preemptive_behaviour=False)
    fit = sorted(((match.coherence - match.chaos, match.encoding) for match in found), reverse=True)
    if fit and fit[0][1] in kept and (len(fit) == 1 or fit[0][0] - fit[1][0] >= _CLEARLY):
        return [fit[0][1]]
    return kept
