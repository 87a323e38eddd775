"""What people wrote without who they are: names, addresses and numbers give way to [name] and the like.

Known are the names that a table holds. Others are found after a title, in a greeting or a signature, behind an initial
and in a list of first names; e-mail addresses, links, handles, phones, accounts, ids, postal addresses and licence
plates by their shape. No redaction is complete: a name that is in none of these stays. What may leave the company is
asked more (`suspicion.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from partnerkpi.comments.folding import plain_forms
from partnerkpi.comments.names import WORD, Names
from partnerkpi.comments.people import PLACEHOLDER, replaced, without_people
from partnerkpi.comments.whereabouts import without_whereabouts

NOBODY = Names()

#: What fullwidth letters, digits and signs are elsewhere.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

#: Each round takes something away, so that rounds end; the bound is for safety alone.
_ROUNDS = 20


_AT = (
    r"(?:@|\s?[(\[{]\s?(?:at|@|arroba|arobase|ät)\s?[)\]}]\s?|\s(?:at|arroba|arobase)\s(?=[\w-]+\s(?:dot|punto"
    r"|point|punkt)\s))"
)
_DOT = r"(?:\.|\s?[(\[{]\s?(?:dot|\.|punto|point|punkt)\s?[)\]}]\s?|\s(?:dot|punto|point|punkt)\s)"
_EMAIL = re.compile(rf"(?:\w+\s(?:dot|punto|point|punkt)\s)?[\w.+'%-]*\w{_AT}[\w-]+(?:{_DOT}[\w-]+)+", re.IGNORECASE)

_LINK = re.compile(r"(?:\b(?:https?|ftp|file|mailto|tel)://?|\bwww\.|\\\\\w)\S+|\b(?:mailto|tel):\S+", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|biz|info|eu|de|fr|es|uk|us|ch|at|nl|pt|ai|app|dev"
    r"|cloud|example)\b(?:/\S*)?"
)
_HANDLE = re.compile(r"(?<![\w/])@[\w][\w.]+")

_IBAN = re.compile(
    r"\b[A-Za-z]{2}[0-9]{2}(?:[ .-]?[A-Z0-9]{4}){2,7}(?:[ .-]?[A-Z0-9]{1,4})?\b|\b[a-z]{2}[0-9]{2}[a-z0-9]{11,30}\b"
)
_CARD = re.compile(r"(?<![\w+])(?:\d[ .-]?){12,18}\d(?!\w)")
_PHONE = re.compile(r"(?<!\w)\(?\+?\(?\d(?:[ \t\u00a0\u202f./()–-]{0,3}\d){6,14}(?!\w)")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d([-./ ])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d"
    r"|3[01])([-./ ])(?:0?[1-9]|[12]\d|3[01])\2"
    r"(?:19|20)\d\d|(?:19|20)\d\d ?[-–/ ] ?(?:19|20)\d\d)"
)
_ROUND_SUM = re.compile(r"[1-9]\d{0,2}(?:[ .\u00a0\u202f]\d{3})*[ .\u00a0\u202f]000")

_COUNTED = (
    r"ticket|tickets|case|order|invoice|contract|customer|account|reference|ref|id|no|nr|kundennummer|kunde"
    r"|rechnung|auftrag|vertrag|fall"
)
_COUNTED += (
    r"|vorgang|commande|facture|contrat|dossier|client|pedido|factura|contrato|caso|cliente|expediente|inc|sr"
    r"|nif|siret|vat|ust|po"
)
_ID = re.compile(
    r"(?P<kept>\b(?:" + _COUNTED + r")\b[\s.:#°º-]*(?:(?:no|nr|number|nummer|num|numéro|número|n)\b[\s.:#°º-]*)?)"
    r"(?P<id>[A-Za-z]{0,6}[-/]?\d[\d/-]{3,})\b"
    r"|(?P<hash>#)\d{3,}\b"
    r"|\b(?!iso\d)(?=[\w-]*[A-Za-z])(?=(?:[\w-]*?\d){5})[\w]+(?:-\w+)*\b"
    r"|(?<![\w.,])\d{6,}(?![\w]|[.,]\d)(?!\s?(?:€|\$|£|eur|usd|euro|dollar))",
    re.IGNORECASE,
)


def redact(text: str, names: Names = NOBODY) -> str:
    """Replace names, e-mail addresses, links, phone numbers, accounts and identifying numbers in a text.

    A known name goes in whatever case and accents it is written, a part of one (a first name alone) where it is written
    with a capital. The same text gives the same result, and a redacted text stays as it is. "Hi Maria, mail me:
    joe@acme.example" becomes "Hi [name], mail me: [e-mail]".
    """
    seen = "".join(letter for letter in text.translate(_NARROW) if unicodedata.category(letter) != "Cf")
    bare = unicodedata.normalize("NFC", seen)
    for _ in range(_ROUNDS):
        before = bare
        bare = _between_placeholders(bare, _without_addresses)
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
    return replaced(text, spans)


def _length_of_name(forms: list[frozenset[str]], at: int, names: Names) -> int:
    """Return how many words from here on are a known name: the most that are, 0 if none."""
    for form in sorted(forms[at]):
        for name in names.whole.get(form, ()):
            here = forms[at : at + len(name)]
            if len(here) == len(name) and all(a & b for a, b in zip(here, name, strict=True)):
                return len(name)
    return 0


def _without_addresses(text: str) -> str:
    """Return a text in which placeholders stand for addresses and numbers: "call 030 1234567" is "call [phone]"."""
    for pattern, put in ((_EMAIL, "[e-mail]"), (_LINK, "[link]"), (_DOMAIN, "[link]"), (_HANDLE, "[name]")):
        text = pattern.sub(put, text)
    for pattern, put in ((_IBAN, "[account]"), (_CARD, "[account]")):
        text = pattern.sub(put, text)
    text = _between_placeholders(text, without_whereabouts)
    return _ID.sub(_number, _PHONE.sub(_phone, text))


def _phone(match: re.Match[str]) -> str:
    """Keep dates, spans of years and round sums, which look like phone numbers and lead to nobody."""
    text = match.group()
    if _DATE.fullmatch(text.strip("()")) or _ROUND_SUM.fullmatch(text):
        return text
    return "[number]" if text.isdigit() and text[0] != "0" else "[phone]"


def _number(match: re.Match[str]) -> str:
    if match["id"] is not None:
        return f"{match['kept']}[number]" if not re.fullmatch(r"(?:19|20)\d\d", match["id"]) else match.group()
    return "[number]"
